"""Judges: the shipped one's numbers, others trained on drawn images, and what they refuse."""

from dataclasses import replace
import json
import random
import shutil
import tempfile
import warnings

from gan_helpers import data, evaluation, metrics, models, pretrained, sampling
import keras
from keras import layers
import numpy as np
from PIL import Image, ImageFilter
import pytest

pytestmark = [
    pytest.mark.filterwarnings("ignore:A Fréchet distance from"),
    pytest.mark.filterwarnings("ignore:This judge names only"),
]
RNG = np.random.default_rng(0)
FILES = ("judge.json", "classifier.weights.h5", "real_features.npz")
SETTINGS = {
    "mixed_float16": lambda: keras.config.set_dtype_policy("mixed_float16"),
    "mixed_bfloat16": lambda: keras.config.set_dtype_policy("mixed_bfloat16"),
    "pure float16": lambda: keras.config.set_dtype_policy("float16"),
    "int8": lambda: keras.config.set_dtype_policy("int8_from_mixed_bfloat16"),
    "floatx float64": lambda: keras.config.set_floatx("float64"),
    "floatx float16": lambda: keras.config.set_floatx("float16"),
    "channels first": lambda: keras.config.set_image_data_format("channels_first"),
    "all": lambda: (
        keras.config.set_floatx("float64"),
        keras.config.set_dtype_policy("mixed_float16"),
        keras.config.set_image_data_format("channels_first"),
    ),
}


def current_settings():
    return (
        keras.config.dtype_policy().name,
        keras.config.floatx(),
        keras.config.image_data_format(),
    )


@pytest.fixture
def setting(request):
    """The global settings of ``request.param`` for one test."""
    policy, floatx, data_format = current_settings()
    SETTINGS[request.param]()
    yield current_settings()
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)
    keras.config.set_image_data_format(data_format)


def patterns(classes, image_shape=(8, 8, 1), train=96, test=48, name="patterns", seed=0):
    """A ``Dataset`` of a random pattern for each class, under noise: learnt in a second."""
    *size, channels = image_shape
    look = np.random.default_rng(seed).integers(0, 2, (classes, *size, channels)) * 150

    def draw(count, seed):
        rng = np.random.default_rng(seed)
        labels = rng.permutation(np.arange(count) % classes).astype(np.uint8)
        images = look[labels] + rng.integers(0, 100, (count, *size, channels))
        return images.astype(np.uint8).squeeze(-1) if channels == 1 else images.astype(
            np.uint8
        ), labels

    names = tuple(f"class {index}" for index in range(classes))
    return data.Dataset(*draw(train, 1), *draw(test, 2), names, "a test", name)


@pytest.fixture(scope="module")
def garments():
    return evaluation.load_judge("fashion_mnist")


@pytest.fixture(scope="module")
def sample():
    arrays = data._read_folder(data.SAMPLE_FOLDER)
    return data.Dataset(**arrays, class_names=data.FASHION_CLASSES, source="", name="sample")


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A dataset of three patterns, the judge trained on it, and its folder."""
    dataset = patterns(3)
    folder = tmp_path_factory.mktemp("judge")
    return dataset, evaluation.train_judge(dataset, folder, epochs=40), folder


# --- the judge that is shipped ---


def test_the_numbers_of_the_series_are_what_they_were(garments):
    """As measured when the weights were made, to more digits than are ever shown."""
    row = garments.evaluate(pretrained.load_pretrained("improved_dcgan"), 2_000, seed=1)
    assert list(row) == [
        *("images", "frechet_distance", "classifier_score", "precision", "recall", "density"),
        *("coverage", "missing_classes", "total_variation"),
    ]
    assert row["frechet_distance"] == pytest.approx(3.365461, rel=1e-4)
    assert row["classifier_score"] == pytest.approx(7.768035, rel=1e-4)
    few = {"precision": 0.8490, "recall": 0.8215, "density": 1.0667, "coverage": 0.5329}
    assert {key: row[key] for key in few} == pytest.approx(few, abs=0.002)
    assert row["total_variation"] == pytest.approx(0.046, abs=0.002)
    assert (row["images"], row["missing_classes"]) == (2_000, 0)


def test_the_judge_of_garments_is_as_good_as_its_card_says(garments, sample):
    assert garments.label_accuracy(sample.test_images, sample.test_labels) == pytest.approx(
        garments.accuracy, abs=0.01
    )
    assert garments.class_names == data.FASHION_CLASSES
    assert garments.image_shape == (28, 28, 1)
    assert garments.name in str(garments) and "92.2%" in str(garments)


def test_shipped_features_are_those_of_the_test_images(garments, sample):
    real = garments.real_features
    assert real.shape == (10_000, 128) and real.dtype == np.float32
    assert not real.flags.writeable
    seen = garments.features_and_probabilities(sample.test_images)[0]  # 2,000 of these images
    indices, distances = metrics.nearest_neighbours(seen, real)
    assert distances.max() < 0.02 * np.linalg.norm(seen, axis=1).max()
    assert len(np.unique(indices)) > 1_990
    assert garments.frechet_distance(sample.test_images) == pytest.approx(0.274895, rel=1e-4)
    assert garments.frechet_distance(sample.test_images[sample.test_labels < 8]) > 2


def test_the_judge_of_digits_is_as_good_as_its_card_says():
    digits = data.load_dataset(data._PUBLISHED["mnist"].sample)
    judge = evaluation.judge_for(digits)
    assert judge is evaluation.load_judge("mnist") and judge.class_names == data.DIGIT_CLASSES
    assert judge.accuracy > 0.985 and judge.real_features.shape == (10_000, 128)
    accuracy = judge.label_accuracy(digits.test_images, digits.test_labels)
    assert accuracy == pytest.approx(judge.accuracy, abs=0.005)
    assert judge.frechet_distance(digits.test_images) == pytest.approx(0.46675, rel=1e-3)
    shuffled = np.roll(digits.test_images, 6, axis=2)
    assert judge.frechet_distance(shuffled) > 20
    folder = evaluation.JUDGES_FOLDER / "mnist"
    assert sum(file.stat().st_size for file in folder.iterdir()) < 1.5e6


# --- the discriminator is asked ---


def brightness_discriminator(classes=None):
    """Its logit is the mean pixel of an image in [-1, 1] and, if it is conditional, the label."""
    images = keras.Input((8, 8, 1))
    logit = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    flat = keras.layers.Flatten()(images)
    x = logit(keras.layers.Rescaling(1 / 64)(flat))
    if classes is None:
        return keras.Model(images, x)
    labels = keras.Input((), dtype="int32")
    encoded = keras.layers.CategoryEncoding(classes, output_mode="one_hot")(labels)
    weights = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
    x = keras.layers.Add()([x, weights(encoded)])
    model = keras.Model([images, labels], x)
    weights.kernel.assign(np.arange(classes)[:, None])
    return model


def test_scores_are_the_sigmoid_of_the_logits_of_scaled_images():
    images = np.stack([np.full((8, 8), value, np.uint8) for value in (0, 255, 51)])
    scores = evaluation.discriminator_scores(brightness_discriminator(), images, batch_size=2)
    logits = evaluation.discriminator_logits(brightness_discriminator(), images)
    np.testing.assert_allclose(1 / (1 + np.exp(-logits)), scores, rtol=1e-5)
    logits = np.array([-1, 1, 51 / 127.5 - 1])
    assert scores.shape == (3,) and scores.dtype == np.float32
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-logits)), rtol=1e-5)
    floats = images.astype(np.float32) / 255
    again = evaluation.discriminator_scores(brightness_discriminator(), floats)
    np.testing.assert_allclose(again, scores, rtol=1e-5)
    labelled = evaluation.discriminator_scores(brightness_discriminator(4), images, [3, 0, 1])
    np.testing.assert_allclose(labelled, 1 / (1 + np.exp(-(logits + [3, 0, 1]))), rtol=1e-5)


def test_scores_are_taken_in_inference_mode():
    keras.utils.set_random_seed(0)
    network = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Dropout(0.5), keras.layers.Flatten(),
         keras.layers.BatchNormalization(), keras.layers.Dense(1)]
    )  # fmt: skip
    images = np.random.default_rng(0).random((5, 8, 8), np.float32)
    before = network.get_weights()
    scores = evaluation.discriminator_scores(network, images)
    np.testing.assert_array_equal(scores, evaluation.discriminator_scores(network, images))
    alone = evaluation.discriminator_scores(network, images[:1])
    np.testing.assert_allclose(alone, scores[:1], rtol=1e-5)
    for weight, old in zip(network.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)


SOME = np.zeros((2, 8, 8), np.uint8)


@pytest.mark.parametrize(
    ("classes", "images", "labels", "message"),
    [
        (None, SOME, [0, 1], "labels: this discriminator takes none"),
        (4, SOME, None, "labels: this discriminator is conditional"),
        (4, SOME, [0, 4], "labels: expected values from 0 to 3, got 0 to 4"),
        (4, SOME, [0, -1], "labels: expected values from 0 to 3"),
        (4, SOME, [0], r"labels: expected shape \(2,\)"),
        (None, SOME[0], None, r"images: expected shape \(n, 8, 8\), got \(8, 8\)"),
        (None, SOME[..., None], None, "Drop the last axis"),
        (None, SOME - 1.0, None, r"images: expected values in \[0, 1\]"),
        (None, SOME * np.nan, None, r"images: expected values in \[0, 1\]"),
        (None, SOME[:0], None, "images: expected at least 1, got 0"),
    ],
)
def test_bad_questions_to_a_discriminator(classes, images, labels, message):
    with pytest.raises(ValueError, match=message):
        evaluation.discriminator_scores(brightness_discriminator(classes), images, labels)


def test_what_is_no_discriminator_is_refused():
    generator = models.dense_generator(width=2)
    sigmoid = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(1, "sigmoid")]
    )
    for bad in (generator, "dcgan", None, build_a_classifier(), keras.layers.Dense(1)):
        with pytest.raises(ValueError, match="discriminator: expected a keras.Model from images"):
            evaluation.discriminator_scores(bad, SOME)
    with pytest.raises(ValueError, match="ends in a sigmoid"):
        evaluation.discriminator_scores(sigmoid, SOME)
    for size in (0, -1, 2.5):
        with pytest.raises(ValueError, match="batch_size"):
            evaluation.discriminator_scores(brightness_discriminator(), SOME, batch_size=size)


def build_a_classifier():
    return evaluation.build_classifier(3, (8, 8, 1), 2)


def test_blurred_images_are_less_precise_by_direction(garments, sample):
    blurred = np.stack(
        [
            np.asarray(Image.fromarray(x).filter(ImageFilter.GaussianBlur(1.5)))
            for x in sample.test_images[:500]
        ]
    )
    made, real = garments.features_and_probabilities(blurred)[0], garments.real_features[:4_000]
    raw = metrics.precision_recall(real, made)[0]
    by_direction = metrics.precision_recall(metrics.unit_length(real), metrics.unit_length(made))[0]
    assert by_direction < raw - 0.1


def test_a_judge_is_loaded_once(garments):
    assert evaluation.load_judge("fashion_mnist") is garments


# --- images in, features and classes out ---


def test_bytes_and_floats_are_seen_alike(garments, sample):
    images = sample.test_images[:30]
    features, probabilities = garments.features_and_probabilities(images)
    assert features.shape == (30, 128) and probabilities.shape == (30, 10)
    assert features.dtype == probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert probabilities.min() >= 0
    floats = garments.features_and_probabilities((images / 255).tolist())
    np.testing.assert_allclose(floats[0], features, atol=1e-4)
    np.testing.assert_allclose(floats[1], probabilities, atol=1e-5)
    np.testing.assert_array_equal(garments.classify(images), probabilities.argmax(axis=1))


def test_pieces_are_seen_as_the_whole(garments, sample):
    images = sample.test_images[:30]
    whole = garments.features_and_probabilities(images)
    pieces = garments.features_and_probabilities(images, batch_size=7)
    np.testing.assert_allclose(pieces[0], whole[0], atol=1e-4)
    np.testing.assert_allclose(pieces[1], whole[1], atol=1e-4)
    one = garments.features_and_probabilities(images[4:5])
    np.testing.assert_allclose(one[0][0], whole[0][4], atol=1e-4)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.full((9, 28, 28), 1.01), r"values in \[0, 1\]"),
        (np.full((9, 28, 28), -0.01), r"values in \[0, 1\]"),
        (np.full((9, 28, 28), np.nan), r"values in \[0, 1\]"),
        (np.eye(28)[None] * np.where(np.arange(9) == 5, np.nan, 1)[:, None, None], r"\[0, 1\]"),
        (np.full((9, 28, 28), 200), r"values in \[0, 1\], or uint8; got int64 from 200 to 200"),
        (np.zeros((9, 28, 28, 1)), r"shape \(n, 28, 28\), got \(9, 28, 28, 1\). Drop the last"),
        (np.zeros((9, 28, 28, 3)), r"shape \(n, 28, 28\), got \(9, 28, 28, 3\)"),
        (np.zeros((9, 32, 32)), r"shape \(n, 28, 28\), got \(9, 32, 32\)"),
        (np.zeros((9, 784)), r"got \(9, 784\)"),
        (np.zeros((28, 28)), r"got \(28, 28\). Give several, or add an axis"),
        (np.zeros((0, 28, 28)), "at least [126], got 0"),
        (np.zeros((9, 28, 28), complex), "numbers, got complex128"),
        (np.full((9, 28, 28), "a"), "numbers, got <U1"),
        ([[1, 2], [3]], "an array, all images of one size"),
        (None, r"shape \(n, 28, 28\), got \(\)"),
        ("abc", "shape"),
    ],
)
def test_bad_images_are_refused(garments, images, message):
    for measure in (
        garments.features_and_probabilities,
        garments.classify,
        garments.frechet_distance,
        garments.evaluate_images,
        lambda given: garments.label_accuracy(given, np.zeros(9, int)),
    ):
        with pytest.raises(ValueError, match=f"images: expected .*{message}"):
            measure(images)


def test_label_accuracy_counts(garments, sample):
    images = sample.test_images[:20]
    predicted = garments.classify(images)
    assert garments.label_accuracy(images, predicted) == 1.0
    assert garments.label_accuracy(images, (predicted + 1) % 10) == 0.0
    predicted[:5] = (predicted[:5] + 1) % 10
    assert garments.label_accuracy(images, predicted.tolist()) == pytest.approx(0.75)


@pytest.mark.parametrize("labels", [[0], np.zeros(7, int), [0] * 5 + [10], [-1] * 6, [0.5] * 6, 0])
def test_labels_that_do_not_fit_are_refused_before_the_images_are_seen(garments, labels):
    blind = replace(garments, classifier=None)
    for measure in (blind.label_accuracy, blind.evaluate_images):
        with pytest.raises(ValueError, match="labels: expected"):
            measure(np.zeros((6, 28, 28)), labels)


# --- evaluate ---


def test_evaluate_images_gives_every_number_of_its_own_function(own):
    dataset, judge, _ = own
    images, labels = dataset.train_images, dataset.train_labels
    row = judge.evaluate_images(images, labels)
    features, probabilities = judge.features_and_probabilities(images)
    pair = metrics.unit_length(judge.real_features), metrics.unit_length(features)
    proportions = metrics.class_proportions(judge.classify(images), 3)
    assert row["images"] == 96
    assert row["frechet_distance"] == pytest.approx(judge.frechet_distance(images))
    assert row["frechet_distance"] == pytest.approx(
        metrics.frechet_distance(features, judge.real_features)
    )
    assert row["classifier_score"] == pytest.approx(metrics.classifier_score(probabilities))
    assert (row["precision"], row["recall"]) == metrics.precision_recall(*pair)
    assert (row["density"], row["coverage"]) == metrics.density_coverage(*pair)
    assert row["missing_classes"] == 0
    assert row["total_variation"] == metrics.total_variation(proportions, np.full(3, 1 / 3))
    assert row["label_accuracy"] == judge.label_accuracy(images, labels)
    assert judge.evaluate_images(images[labels < 1])["missing_classes"] == 2


def test_images_that_were_memorised_are_found(own):
    dataset, judge, _ = own
    row = judge.evaluate_images(dataset.train_images, dataset.train_labels, dataset)
    assert row["nearest_ratio"] < 1e-3
    assert 0 <= row["classification_accuracy_score"] <= 1
    unseen = judge.evaluate_images(dataset.test_images, dataset=dataset)
    assert 0.7 < unseen["nearest_ratio"] < 1.4
    assert "classification_accuracy_score" not in unseen


def generator_of(image_shape, classes=None):
    """A small generator, conditional if it is given ``classes``."""
    keras.utils.set_random_seed(0)
    latents = x = inputs = keras.Input((4,))
    if classes:
        labels = keras.Input((), dtype="int32")
        inputs = [latents, labels]
        x = layers.Concatenate()([latents, layers.Embedding(classes, 2)(labels)])
    x = layers.Dense(int(np.prod(image_shape)), "tanh")(x)
    return keras.Model(inputs, layers.Reshape(image_shape)(x))


def test_evaluate_makes_its_images_from_the_seed_and_asks_for_all_classes(own):
    judge, generator = own[1], generator_of((8, 8, 1))
    row = judge.evaluate(generator, count=60, seed=3)
    assert row == judge.evaluate_images(sampling.sample(generator, 60, seed=3)[0])
    assert row != judge.evaluate(generator, count=60, seed=4)
    conditional = generator_of((8, 8, 1), classes=3)
    images, labels = sampling.sample(conditional, 60, seed=3)
    assert judge.evaluate(conditional, 60, seed=3) == judge.evaluate_images(images, labels)


def test_evaluate_takes_what_a_generator_does_not_say(own):
    judge = own[1]

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(64, "sigmoid")

        def call(self, inputs):
            joined = keras.ops.concatenate([inputs[0], keras.ops.one_hot(inputs[1], 3)], axis=1)
            return keras.ops.reshape(self.dense(joined), (-1, 8, 8, 1))

    generator = Own()
    for given, missing in (({}, "latent_dim: "), ({"latent_dim": 4, "classes": 3}, "range=")):
        with pytest.raises(ValueError, match=missing):
            judge.evaluate(generator, 60, **given)
    row = judge.evaluate(generator, 60, latent_dim=4, classes=3, value_range=(0, 1))
    assert row["images"] == 60 and "label_accuracy" in row


class Untouchable(keras.layers.Layer):
    """Says that an image was made, or would have been."""

    def compute_output_spec(self, x):
        return x

    def call(self, x):
        raise AssertionError("an image was made")


def untouchable(image_shape=(28, 28, 1), classes=None):
    latents = keras.Input((4,))
    inputs, x = latents, Untouchable()(latents)
    if classes:
        labels = keras.Input((), dtype="int32")
        inputs = [latents, labels]
        x = layers.Concatenate()([x, layers.Embedding(classes, 2)(labels)])
    x = layers.Dense(int(np.prod(image_shape)), "tanh")(x)
    return keras.Model(inputs, layers.Reshape(image_shape)(x))


@pytest.mark.parametrize("classes", [2, 3, 26])
def test_a_generator_of_other_classes_is_refused_before_it_runs(garments, classes):
    message = f"makes {classes} classes, the judge of 'fashion_mnist' knows 10.*judge_for"
    with pytest.raises(ValueError, match=message):
        garments.evaluate(untouchable(classes=classes), 60)
    with pytest.raises(ValueError, match=message):
        garments.evaluate(untouchable(), 60, classes=classes)


@pytest.mark.parametrize("image_shape", [(32, 32, 3), (28, 28, 3), (32, 32, 1), (64, 64, 1)])
def test_a_generator_of_other_images_is_refused_before_it_runs(garments, image_shape):
    numbers = str(image_shape).replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(
        ValueError, match=rf"images of {numbers}, .* knows \(28, 28, 1\).*judge_for"
    ):
        garments.evaluate(untouchable(image_shape), 60)


def test_another_dataset_is_refused_before_the_generator_runs(garments, three_shapes, ten_shapes):
    for dataset, message in (
        (three_shapes, "10 classes against 3"),
        (ten_shapes, "names .* of these images right, 92% of its own"),
        (patterns(10, (32, 32, 3)), r"\(28, 28, 1\) against \(32, 32, 3\)"),
        ("mnist", "dataset: expected what data.load_dataset returns, got 'mnist'"),
    ):
        with pytest.raises(ValueError, match=message):
            garments.evaluate(untouchable(), 60, dataset=dataset)
        with pytest.raises(ValueError, match=message):
            garments.evaluate_images(np.zeros((6, 28, 28)), dataset=dataset)


@pytest.mark.parametrize("bad", [5, 0, -1, "60", 60.0, None, True])
def test_a_bad_count_is_refused(garments, bad):
    with pytest.raises(ValueError, match="count: expected a whole number of at least 6"):
        garments.evaluate(untouchable(), bad)


def test_few_images_warn_at_the_line_that_asked(own):
    judge, generator, images = own[1], generator_of((8, 8, 1)), np.zeros((60, 8, 8))
    for call in (
        lambda: judge.frechet_distance(images),
        lambda: judge.evaluate_images(images),
        lambda: judge.evaluate(generator, 60),
        lambda: metrics.frechet_distance(np.eye(60), RNG.standard_normal((2_000, 60))),
    ):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call()
        [warning] = [one for one in caught if "Fréchet" in str(one.message)]
        assert "from 60 images is biased upwards; use at least 2,000" in str(warning.message)
        assert warning.filename == __file__


def test_few_real_images_are_told_once_and_not_at_every_distance(own):
    _, judge, _ = own
    assert "48 of them (few: distances are biased upwards)" in str(judge)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        judge.frechet_distance(np.zeros((2_000, 8, 8)))


# --- global settings and random numbers ---


@pytest.fixture(scope="module")
def seen_by_default(garments, sample):
    """Features and probabilities of 100 images, with the settings of a fresh Python."""
    return garments.features_and_probabilities(sample.test_images[:100] / 255)


@pytest.mark.parametrize("setting", SETTINGS, indirect=True)
def test_a_judge_computes_in_float32_whatever_the_settings_are(
    seen_by_default, setting, garments, sample, own
):
    dataset, judge, folder = own
    evaluation._load.cache_clear()
    fresh = evaluation.load_judge("fashion_mnist")
    assert fresh is not garments
    assert {weight.dtype for weight in fresh.classifier.trainable_weights} == {"float32"}
    for one in (garments, fresh):
        features, probabilities = one.features_and_probabilities(sample.test_images[:100] / 255)
        assert features.dtype == probabilities.dtype == np.float32
        assert metrics.classifier_score(probabilities) > 6
        np.testing.assert_array_equal(features, seen_by_default[0])
        np.testing.assert_array_equal(probabilities, seen_by_default[1])
    features = evaluation.load_judge(folder).features_and_probabilities(dataset.test_images)[0]
    kept = features.astype(np.float16).astype(np.float32)  # as in the folder
    np.testing.assert_array_equal(np.sort(kept, 0), np.sort(judge.real_features, 0))
    assert current_settings() == setting


@pytest.mark.parametrize("setting", ["all"], indirect=True)
def test_judges_are_trained_the_same_whatever_the_settings_are(setting, own):
    dataset, judge, _ = own
    again = evaluation.train_judge(dataset, epochs=40)
    assert current_settings() == setting
    for mine, other in zip(
        again.classifier.get_weights(), judge.classifier.get_weights(), strict=True
    ):
        np.testing.assert_allclose(mine, other, atol=1e-5)


@pytest.mark.parametrize("setting", ["mixed_bfloat16", "floatx float16", "all"], indirect=True)
def test_pretrained_generators_are_measured_the_same_whatever_the_settings_are(setting, garments):
    images, _ = sampling.sample(pretrained.load_pretrained("dcgan"), 60, seed=2)
    assert garments.frechet_distance(images) == pytest.approx(DISTANCE_OF_60, rel=1e-3)
    assert current_settings() == setting


DISTANCE_OF_60 = 62.820  # of float32 with channels last


def test_numpy_may_raise_where_it_rounds(own, garments, sample):
    dataset, judge, _ = own
    with np.errstate(all="raise"):
        again = evaluation.train_judge(dataset, epochs=1)
        garments.evaluate_images(sample.test_images[:30], sample.test_labels[:30])
        judge.evaluate(generator_of((8, 8, 1), 3), 30, dataset=dataset)
    assert again.real_features.shape == judge.real_features.shape


def next_random_numbers():
    """What Python, NumPy, TensorFlow and Keras draw next, weights of a new layer among it.

    ``set_random_seed`` of Keras 3.8 leaves Keras' own global generator as it was, so a new one.
    """
    import tensorflow as tf

    dense = layers.Dense(2)
    dense.build((None, 2))
    return np.concatenate(
        [
            [random.random(), np.random.random()],
            tf.random.uniform((2,)).numpy(),
            keras.ops.convert_to_numpy(
                keras.random.uniform((2,), seed=keras.random.SeedGenerator())
            ),
            keras.ops.convert_to_numpy(layers.Dropout(0.5)(np.ones((1, 4)), training=True))[0],
            dense.get_weights()[0].ravel(),
        ]
    )


def test_no_call_changes_the_random_numbers_that_follow(own, sample, tmp_path):
    dataset, judge, folder = own
    shutil.copytree(folder, tmp_path / "copy")
    generator, images = generator_of((8, 8, 1)), sample.test_images[:60]
    few = data.Dataset(
        images, sample.test_labels[:60], images, sample.test_labels[:60], sample.class_names, "", ""
    )
    calls = {
        "nothing": lambda: None,
        "load": lambda: evaluation.load_judge(tmp_path / "copy"),
        "pretrained": lambda: pretrained.load_pretrained("dense_gan"),
        "train": lambda: evaluation.train_judge(dataset, epochs=1),
        "sample": lambda: sampling.sample(generator, 5),
        "evaluate": lambda: judge.evaluate(generator, 60),
        "images": lambda: judge.evaluate_images(dataset.train_images, dataset=dataset),
        "check": lambda: judge.check(dataset),
        "score": lambda: evaluation.classification_accuracy_score(
            few.train_images, few.train_labels, few.test_images, few.test_labels, epochs=1
        ),
    }
    found = {}
    for name, call in calls.items():
        keras.utils.set_random_seed(5)
        call()
        found[name] = next_random_numbers()
    for name, numbers in found.items():
        np.testing.assert_array_equal(numbers, found["nothing"], err_msg=name)


# --- training, keeping and loading ---


def test_training_says_how_good_the_judge_is_and_the_seed_decides_on_it(own, tmp_path, capsys):
    dataset, first, _ = own
    judge = evaluation.train_judge(dataset, tmp_path / "a" / "b", epochs=40, seed=1)
    printed = capsys.readouterr()
    assert judge.accuracy > 0.9
    assert f"{judge.accuracy:.1%} of real test images right" in printed.out
    assert "judge of 'patterns'" in printed.out
    assert "judge of 'patterns'" in printed.err and "/120" in printed.err  # the bar
    assert judge.accuracy == judge.label_accuracy(dataset.test_images, dataset.test_labels)
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == sorted(FILES)
    for mine, its in zip(
        judge.classifier.trainable_weights, first.classifier.trainable_weights, strict=True
    ):
        assert not np.array_equal(mine, its)


def test_a_judge_that_is_loaded_gives_the_same_numbers(own):
    dataset, judge, folder = own
    loaded = evaluation.load_judge(str(folder))
    assert loaded is evaluation.load_judge(folder) and loaded is not judge
    for name in ("name", "class_names", "image_shape", "accuracy", "width", "fingerprint"):
        assert getattr(loaded, name) == getattr(judge, name)
    np.testing.assert_array_equal(loaded.real_features, judge.real_features)
    images = dataset.test_images
    assert loaded.evaluate_images(images) == judge.evaluate_images(images)


def test_a_judge_that_replaces_another_in_its_folder_is_the_one_that_is_loaded(own, tmp_path):
    for names in (("a", "b", "c"), ("x", "y", "z")):
        replace(own[1], class_names=names).save(tmp_path)
        assert evaluation.load_judge(tmp_path).class_names == names


def test_the_default_is_at_least_600_steps(monkeypatch):
    asked = {}

    def remember(batches, classes, width, epochs, learning_rate, seed, title):
        asked[len(batches.images)] = epochs * len(batches)
        raise InterruptedError

    monkeypatch.setattr(evaluation, "train_classifier", remember)
    for count in (12, 500, 9_999, 10_000, 60_000):
        images = np.zeros((count, 8, 8), np.uint8)
        labels = np.arange(count) % 3
        dataset = data.Dataset(images, labels, images[:9], labels[:9], ("a", "b", "c"), "", "")
        with pytest.raises(InterruptedError):
            evaluation.train_judge(dataset)
    assert all(600 <= steps <= 2_000 for steps in asked.values()), asked


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", ["missing", "cut", "flipped", "empty", "text"])
def test_a_damaged_judge_is_refused(own, tmp_path, file, damage):
    folder = shutil.copytree(own[2], tmp_path / "judge")
    evaluation.load_judge(folder)  # what was loaded before does not hide it
    path = folder / file
    content = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
        with pytest.raises(FileNotFoundError, match=f"{file} is missing in .*train_judge"):
            evaluation.load_judge(folder)
        return
    middle = len(content) // 2
    content[middle] ^= 128
    changed = {"cut": content[:middle], "flipped": content, "empty": b"", "text": b"hello"}
    path.write_bytes(changed[damage])
    with pytest.raises(data.DamagedFileError, match=f"{file} .*is damaged"):
        evaluation.load_judge(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"width": 8},
        {"class_names": ["a", "b"]},
        {"class_names": 3},
        {"image_shape": [32, 32, 3]},
        {"image_shape": "8"},
        {"accuracy": None},
        {"md5": {}},
        {"width": -1},
    ],
    ids=str,
)
def test_a_card_of_other_files_is_refused(own, tmp_path, change):
    folder = shutil.copytree(own[2], tmp_path / "judge")
    card = json.loads((folder / "judge.json").read_text()) | change
    (folder / "judge.json").write_text(json.dumps(card))
    with pytest.raises(data.DamagedFileError, match=r"judge.json|do not belong to its card"):
        evaluation.load_judge(folder)


@pytest.mark.parametrize("bad", ["no/such/folder", "kmnist", "", "a\0b", "x" * 5000, __file__])
def test_no_judge_is_told_with_what_there_is(bad):
    with pytest.raises(FileNotFoundError, match="No judge .*'fashion_mnist'.*train_judge"):
        evaluation.load_judge(bad)


@pytest.mark.parametrize("bad", [None, 3, [], object(), True])
def test_what_is_no_path_is_refused(bad):
    with pytest.raises(ValueError, match="expected a path"):
        evaluation.load_judge(bad)
    if bad is not None:
        with pytest.raises(ValueError, match="expected a path"):
            evaluation.train_judge(patterns(3), bad)


def test_a_folder_that_cannot_be_written_is_told_before_the_training(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluation, "train_classifier", lambda *_: pytest.fail("was trained"))
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "a\0b"):
        with pytest.raises(ValueError, match="folder: .* cannot be written"):
            evaluation.train_judge(patterns(3), folder)


def test_a_judge_that_is_not_written_to_its_end_leaves_the_old_one(own, tmp_path, monkeypatch):
    dataset, judge, folder = own
    folder = shutil.copytree(folder, tmp_path / "judge")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(OSError, match="No space left"):
        judge.save(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train_labels": np.zeros(96, int)}, "has one class only"),
        (
            {"test_images": np.zeros((5, 8, 8), np.uint8), "test_labels": [0] * 5},
            "needs at least 6",
        ),
        ({"train_labels": None}, "has no labels"),
        ({"test_labels": None}, "has no labels"),
        ({"train_labels": np.arange(96) % 4}, "labels: "),
        ({"test_labels": np.eye(3)[np.arange(48) % 3]}, "labels: "),
        ({"train_images": np.zeros((96, 8, 8))}, "train images of 'patterns': "),
        ({"test_images": np.zeros((48, 12, 12), np.uint8)}, "test images of 'patterns': "),
    ],
    ids=str,
)
def test_a_dataset_that_cannot_be_judged_is_refused(change, message, monkeypatch):
    monkeypatch.setattr(evaluation, "train_classifier", lambda *_: pytest.fail("was trained"))
    dataset = replace(patterns(3), **change)
    for call in (evaluation.train_judge, evaluation.judge_for):
        with pytest.raises(ValueError, match=message):
            call(dataset)


@pytest.mark.parametrize("bad", [None, "fashion_mnist", 3, np.zeros((9, 28, 28)), {}])
def test_what_is_no_dataset_is_refused(garments, bad):
    for call in (evaluation.train_judge, evaluation.judge_for, garments.check):
        with pytest.raises(ValueError, match="dataset: expected what data.load_dataset returns"):
            call(bad)


@pytest.mark.parametrize("bad", [0, -1, 2.0, "3", True, np.nan])
def test_bad_epochs_and_seeds_are_refused(bad):
    with pytest.raises(ValueError, match="epochs: expected a whole number"):
        evaluation.train_judge(patterns(3), epochs=bad)
    if bad != 0:
        with pytest.raises(ValueError, match="seed: expected a whole number"):
            evaluation.train_judge(patterns(3), seed=bad)


def test_a_poor_judge_warns():
    dataset = patterns(3)
    labels = RNG.integers(0, 3, 96)
    with pytest.warns(UserWarning, match="names only .* of real test images right") as caught:
        evaluation.train_judge(replace(dataset, train_labels=labels), epochs=2)
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "image_shape", [(8, 8, 1), (12, 8, 3), (28, 28, 1), (32, 32, 3), (48, 48, 3), (96, 64, 1)]
)
def test_classifiers_of_any_size(image_shape):
    classifier = evaluation.build_classifier(7, image_shape, width=2)
    features, logits = classifier(np.zeros((2, *image_shape), np.float32))
    assert features.shape == (2, 128) and logits.shape == (2, 7)
    assert classifier.count_params() < 500_000


@pytest.mark.parametrize(
    "arguments",
    [
        {"classes": 1},
        {"classes": "3"},
        {"width": 0},
        {"image_shape": (30, 30, 1)},
        {"image_shape": (28, 28)},
        {"image_shape": None},
    ],
    ids=str,
)
def test_classifiers_of_bad_sizes_are_refused(arguments):
    with pytest.raises(ValueError, match=f"{[*arguments][0]}: expected"):
        evaluation.build_classifier(**arguments)


# --- which judge belongs to which dataset ---


def test_a_dataset_belongs_to_its_own_judge_and_to_no_other(garments, own, sample, ten_shapes):
    dataset, judge, _ = own
    judge.check(dataset)
    judge.check(replace(dataset, name="another name", class_names=("x", "y", "z")))
    garments.check(sample)
    inverted = replace(sample, train_images=255 - sample.train_images)
    inverted = replace(inverted, test_images=255 - sample.test_images)
    others = {"inverted": inverted, "shapes": ten_shapes}
    swapped = np.array([1, 0, *range(2, 10)])
    others["two labels swapped"] = replace(
        sample,
        test_labels=swapped[sample.test_labels],
        train_labels=swapped[sample.train_labels],
    )
    for name, other in others.items():
        with pytest.raises(ValueError, match="do not belong together.*judge_for"):
            garments.check(other)
            pytest.fail(name)


def test_few_classes_that_are_guessed_right_are_noticed_as_well(own):
    """Images of other things, in which the judge happens to see the right class."""
    two = patterns(2)
    for dataset, judge in (own[:2], (two, evaluation.train_judge(two, epochs=40))):
        classes = len(dataset.class_names)
        judge.check(replace(patterns(classes, test=30), name="others of the same kind"))
        other = patterns(classes, seed=2)
        seen = {
            part: judge.classify(getattr(other, f"{part}_images")) for part in ("train", "test")
        }
        lucky = replace(other, train_labels=seen["train"], test_labels=seen["test"])
        with pytest.raises(ValueError, match="unlike its own, with a Fréchet distance of"):
            judge.check(lucky)


@pytest.mark.parametrize("count", [8, 20, 60, 200])
def test_few_images_of_its_own_kind_belong_to_a_judge(garments, sample, count):
    few = replace(
        sample,
        **{f"train_{what}": getattr(sample, f"train_{what}")[:count] for what in KINDS},
        **{f"test_{what}": getattr(sample, f"test_{what}")[:count] for what in KINDS},
    )
    garments.check(few)


KINDS = ("images", "labels")


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty Keras cache, and an empty temporary folder."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return tmp_path


@pytest.fixture
def quick(monkeypatch):
    """New judges stay untrained; a list of how many classes they know."""
    trained = []

    def build(batches, classes, width, *_):
        trained.append(classes)
        return evaluation.build_classifier(classes, (8, 8, 1), width)

    monkeypatch.setattr(evaluation, "train_classifier", build)
    return trained


def test_garments_get_the_shipped_judge_whatever_their_folder(garments, sample, cache, quick):
    for dataset in (sample, replace(sample, name="week 3", class_names=tuple("abcdefghij"))):
        judge = evaluation.judge_for(dataset)
        assert (judge.name, judge.class_names) == ("fashion_mnist", data.FASHION_CLASSES)
        np.testing.assert_array_equal(judge.real_features, garments.real_features)
    assert not quick and not (cache / "keras").exists()


def test_a_judge_is_trained_once(cache, quick, capsys):
    dataset = patterns(3, name="mine")
    first = evaluation.judge_for(dataset)
    again = evaluation.judge_for(replace(dataset, name="yours", class_names=("x", "y", "z")))
    assert quick == [3]
    printed = capsys.readouterr().out
    assert "Trained in " in printed and "Trained before: the judge of 'mine'" in printed
    assert (again.name, again.class_names) == ("yours", ("x", "y", "z"))
    np.testing.assert_array_equal(first.real_features, again.real_features)
    changed = dataset.train_images.copy()
    changed[0, 0, 0] ^= 1
    evaluation.judge_for(replace(dataset, train_images=changed))
    evaluation.judge_for(replace(dataset, train_labels=dataset.train_labels[::-1].copy()))
    assert quick == [3, 3, 3]


def test_a_judge_is_kept_where_it_can_be(cache, quick, monkeypatch):
    dataset = patterns(3)
    (cache / "keras").write_text("a file, no folder")
    evaluation.judge_for(dataset)
    assert list((cache / "tmp").rglob("judge.json"))
    evaluation.judge_for(dataset)
    assert len(quick) == 1
    shutil.rmtree(cache / "tmp")
    (cache / "tmp").write_text("a file, too")
    with pytest.raises(OSError):
        tempfile.mkdtemp()
    assert evaluation.judge_for(dataset).class_names == dataset.class_names
    assert len(quick) == 2


def test_no_home_is_no_error(cache, quick, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    evaluation.judge_for(patterns(3))
    assert list((cache / "tmp").rglob("judge.json"))


def test_a_damaged_judge_is_trained_anew(cache, quick):
    dataset = patterns(3)
    evaluation.judge_for(dataset)
    [weights] = (cache / "keras").rglob("classifier.weights.h5")
    weights.write_bytes(b"damaged")
    with pytest.warns(UserWarning, match="is damaged .* The judge is trained anew") as caught:
        evaluation.judge_for(dataset)
    assert caught[0].filename == __file__ and len(quick) == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evaluation.judge_for(dataset)
    assert len(quick) == 2


# --- every function with other data than garments ---


@pytest.mark.parametrize(
    "dataset",
    [patterns(3), patterns(10, (8, 12, 1)), patterns(26, (12, 12, 3), 208, 104)],
    ids=["3 classes", "10 classes", "26 classes, colour"],
)
def test_every_measure_with_any_dataset(dataset, own):
    classes = len(dataset.class_names)
    judge = own[1] if classes == 3 else evaluation.train_judge(dataset, epochs=25)
    assert judge.accuracy > 0.8
    real, labels = dataset.test_images, dataset.test_labels
    assert judge.frechet_distance(real) == pytest.approx(0, abs=0.01)
    noise = RNG.random(real.shape)
    assert judge.frechet_distance(noise) > 5 * judge.frechet_distance(dataset.train_images)
    assert judge.label_accuracy(real, labels) == judge.accuracy
    assert set(judge.classify(real)) <= set(range(classes))
    row = judge.evaluate_images(dataset.train_images, dataset=dataset)
    assert row["missing_classes"] == 0 and row["total_variation"] < 0.2
    assert row["nearest_ratio"] < 1e-3
    assert 1 < row["classifier_score"] <= classes
    one = judge.evaluate_images(real[labels == 0][np.zeros(10, int)])
    assert one["missing_classes"] == classes - 1
    assert one["total_variation"] == pytest.approx(1 - 1 / classes)
    made = judge.evaluate(generator_of(dataset.image_shape, classes), 6 * classes)
    assert made["images"] == 6 * classes and 0 <= made["label_accuracy"] <= 1
    with pytest.raises(ValueError, match=f"knows {classes}"):
        judge.evaluate(untouchable(dataset.image_shape, classes + 1), 60)
    with pytest.raises(ValueError, match=f"labels: .* 0 to {classes - 1}"):
        judge.label_accuracy(real, np.full(len(real), classes))


# --- the classification accuracy score ---


def test_real_images_teach_and_wrong_labels_ruin_it():
    dataset, score = patterns(26, train=260), evaluation.classification_accuracy_score
    images, labels = dataset.train_images, dataset.train_labels
    exam = dataset.test_images, dataset.test_labels
    assert score(images / 255, labels, *exam, epochs=15) > 0.8
    assert score(images, (labels + 1) % 26, *exam, epochs=15) < 0.2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"epochs": 0}, "epochs: expected a whole number"),
        ({"epochs": "2"}, "epochs: expected a whole number"),
        ({"seed": -1}, "seed: expected a whole number"),
        ({"labels": [0]}, "labels: expected"),
        ({"test_labels": [0.5] * 48}, "test_labels: expected"),
        ({"images": np.full((96, 8, 8), 2.0)}, r"images: expected values in \[0, 1\]"),
        ({"images": np.zeros((96, 10, 10))}, "image_shape: expected"),
        ({"test_images": np.zeros((48, 12, 12))}, r"test_images: expected shape \(n, 8, 8\)"),
        ({"test_images": None}, "test_images: expected"),
    ],
    ids=str,
)
def test_the_score_refuses_bad_input(change, message):
    dataset = patterns(3)
    given = {
        "images": dataset.train_images,
        "labels": dataset.train_labels,
        "test_images": dataset.test_images,
        "test_labels": dataset.test_labels,
    }
    with pytest.raises(ValueError, match=message):
        evaluation.classification_accuracy_score(**given | change)
