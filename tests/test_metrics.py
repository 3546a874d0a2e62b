"""Metrics: the distance against closed forms, and the classifier on images it has not seen."""

import warnings

from gan_helpers import data, metrics, models
import keras
import numpy as np
from PIL import Image, ImageFilter
import pytest

pytestmark = pytest.mark.filterwarnings("ignore:A Fréchet distance from")
RNG = np.random.default_rng(0)
IMAGES = data.read_idx(data.SAMPLE_FOLDER / data.FILES["test_images"])
LABELS = data.read_idx(data.SAMPLE_FOLDER / data.FILES["test_labels"])


def rows_with(mean, covariance, count=300, seed=0):
    """Rows whose mean and covariance (unbiased) are exactly these."""
    rows = np.random.default_rng(seed).standard_normal((count, len(mean)))
    rows -= rows.mean(axis=0)
    whitener = np.linalg.inv(
        np.linalg.cholesky(np.cov(rows, rowvar=False).reshape(2 * [len(mean)]))
    )
    return rows @ whitener.T @ np.linalg.cholesky(covariance).T + mean


def random_covariance(size, seed):
    root = np.random.default_rng(seed).standard_normal((size, size))
    return root @ root.T + 0.1 * np.eye(size)


# --- frechet_distance ---


@pytest.mark.parametrize("deviations", [(1.0, 1.0), (1.0, 3.0), (0.5, 0.2)])
@pytest.mark.parametrize("means", [(0.0, 0.0), (-1.0, 4.0)])
def test_distance_of_two_gaussians_on_a_line(means, deviations):
    first, second = (
        rows_with(np.array([m]), np.array([[s**2]]), seed=i)
        for i, (m, s) in enumerate(zip(means, deviations, strict=True))
    )
    expected = (means[0] - means[1]) ** 2 + (deviations[0] - deviations[1]) ** 2
    assert metrics.frechet_distance(first, second) == pytest.approx(expected, abs=1e-9)


def test_distance_of_gaussians_with_common_axes():
    rotation = np.linalg.qr(RNG.standard_normal((4, 4)))[0]
    variances = np.array([[1.0, 4.0, 9.0, 0.25], [4.0, 1.0, 0.01, 0.25]])
    means = np.array([[0.0, 1.0, 2.0, 3.0], [1.0, 1.0, 0.0, 3.5]])
    first, second = (
        rows_with(m, rotation @ np.diag(v) @ rotation.T, seed=i)
        for i, (m, v) in enumerate(zip(means, variances, strict=True))
    )
    expected = np.sum((means[0] - means[1]) ** 2)
    expected += np.sum((np.sqrt(variances[0]) - np.sqrt(variances[1])) ** 2)
    assert metrics.frechet_distance(first, second) == pytest.approx(expected)


@pytest.mark.parametrize("size", [2, 10, 40])
def test_distance_against_scipy(size):
    linalg = pytest.importorskip("scipy.linalg")
    covariances = random_covariance(size, 1), random_covariance(size, 2)
    means = RNG.standard_normal((2, size))
    first, second = rows_with(means[0], covariances[0]), rows_with(means[1], covariances[1], 500, 1)
    root = linalg.sqrtm(covariances[0] @ covariances[1]).real
    expected = np.sum((means[0] - means[1]) ** 2)
    expected += np.trace(covariances[0] + covariances[1] - 2 * root)
    assert metrics.frechet_distance(first, second) == pytest.approx(expected)
    assert metrics.frechet_distance(second, first) == pytest.approx(expected)


def test_distance_of_equal_sets_is_zero_in_any_order():
    features = RNG.standard_normal((200, 8)).astype(np.float32)
    distance = metrics.frechet_distance(features, features)
    assert isinstance(distance, float)
    assert distance == pytest.approx(0, abs=1e-9)
    shuffled = features[RNG.permutation(200)]
    assert metrics.frechet_distance(features, shuffled) == pytest.approx(0, abs=1e-9)
    other = RNG.standard_normal((200, 8)) + 1
    assert metrics.frechet_distance(features, other) == pytest.approx(
        metrics.frechet_distance(shuffled, other)
    )


def test_distance_with_features_that_are_constant_or_fewer_rows_than_columns():
    features = RNG.standard_normal((5, 8))
    features[:, 0] = 0
    assert metrics.frechet_distance(features, features) == pytest.approx(0, abs=1e-6)
    assert metrics.frechet_distance(features, features + 2) == pytest.approx(8 * 4)


def test_distance_grows_with_the_shift():
    features = RNG.standard_normal((300, 4))
    distances = [metrics.frechet_distance(features, features + shift) for shift in (0.1, 1, 3)]
    assert distances == pytest.approx([4 * 0.01, 4, 36])


GOOD = np.zeros((3, 4))


@pytest.mark.parametrize(
    "bad",
    [
        np.where(np.eye(3, 4) > 0, np.nan, 0),
        np.where(np.eye(3, 4) > 0, np.inf, 0),
        np.zeros((1, 4)),
        np.zeros((0, 4)),
        np.zeros(4),
        np.zeros((3, 4, 1)),
    ],
)
def test_bad_features(bad):
    for pair in ((bad, GOOD), (GOOD, bad)):
        with pytest.raises(ValueError, match=r"features: expected at least 2 rows \(n, d\)"):
            metrics.frechet_distance(*pair)


def test_features_of_different_widths():
    with pytest.raises(ValueError, match="4 columns against 5"):
        metrics.frechet_distance(GOOD, np.zeros((3, 5)))


@pytest.mark.parametrize(
    ("counts", "named"),
    [((1999, 2000), ["1,999"]), ((2000, 2), ["2"]), ((2, 3), ["2", "3"]), ((2000, 2000), [])],
)
def test_few_rows_warn(counts, named):
    first, second = (RNG.standard_normal((count, 2)) for count in counts)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        metrics.frechet_distance(first, second)
    assert len(caught) == len(named)
    for warning, count in zip(caught, named, strict=True):
        assert f"from {count} images is biased upwards; use at least 2,000" in str(warning.message)
        assert warning.filename == __file__


# --- the classifier ---


def test_classifier_knows_garments_it_has_not_seen():
    assert metrics.label_accuracy(IMAGES, LABELS) >= 0.9


def test_classifier_has_the_documented_shapes():
    features, logits = metrics.build_classifier(classes=7)(np.zeros((2, 28, 28, 1), np.float32))
    assert features.shape == (2, 128)
    assert logits.shape == (2, 7)


def test_classify_takes_bytes_and_floats():
    features, probabilities = metrics.classify(IMAGES[:30])
    assert features.shape == (30, 128)
    assert probabilities.shape == (30, 10)
    assert features.dtype == probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert probabilities.min() >= 0
    as_floats = metrics.classify(IMAGES[:30].astype(np.float32) / 255)
    np.testing.assert_allclose(as_floats[0], features, atol=1e-5)
    np.testing.assert_allclose(as_floats[1], probabilities, atol=1e-5)


def test_classify_in_pieces_gives_the_same(monkeypatch):
    whole = metrics.classify(IMAGES[:30])
    monkeypatch.setattr(metrics, "IMAGES_AT_A_TIME", 12)
    pieces = metrics.classify(IMAGES[:30], batch_size=7)
    np.testing.assert_allclose(pieces[0], whole[0], atol=1e-4)
    np.testing.assert_allclose(pieces[1], whole[1], atol=1e-4)
    features, probabilities = metrics.classify(IMAGES[4:5])
    np.testing.assert_allclose(features[0], whole[0][4], atol=1e-4)
    np.testing.assert_allclose(probabilities[0], whole[1][4], atol=1e-4)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.full((2, 28, 28), 1.01), r"values in \[0, 1\]"),
        (np.full((2, 28, 28), -0.01), r"values in \[0, 1\]"),
        (np.full((2, 28, 28), np.nan), r"values in \[0, 1\]"),
        (IMAGES[:2].astype(np.float32), r"values in \[0, 1\], or uint8; got float32 from 0 to 2"),
        (np.zeros((2, 28, 28, 1)), r"shape \(n, 28, 28\), got \(2, 28, 28, 1\)"),
        (np.zeros((2, 32, 32)), r"got \(2, 32, 32\)"),
        (np.zeros((28, 28)), r"got \(28, 28\)"),
        (np.zeros((0, 28, 28)), r"got \(0, 28, 28\)"),
    ],
)
def test_bad_images(images, message):
    for measure in (
        metrics.classify,
        lambda given: metrics.label_accuracy(given, np.zeros(len(given), int)),
        lambda given: metrics.image_distance(IMAGES[:10], given),
    ):
        with pytest.raises(ValueError, match=f"images: expected .*{message}"):
            measure(images)


def test_one_nan_is_found():
    images = np.zeros((2, 28, 28), np.float32)
    images[1, 5, 6] = np.nan
    with pytest.raises(ValueError, match="images: expected values"):
        metrics.classify(images)


def test_damaged_weights_are_refused(tmp_path):
    content = bytearray(metrics.CLASSIFIER_FILE.read_bytes())
    content[len(content) // 2] ^= 1
    for name, damaged in (("flipped.h5", content), ("cut.h5", content[:-10]), ("empty.h5", b"")):
        (tmp_path / name).write_bytes(damaged)
        with pytest.raises(ValueError, match=f"{name} is damaged: its MD5 is not"):
            metrics.load_classifier(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        metrics.load_classifier(tmp_path / "none.h5")


def test_classifier_is_loaded_once():
    assert metrics.load_classifier() is metrics.load_classifier()


def test_label_accuracy_counts():
    predicted = metrics.classify(IMAGES[:20])[1].argmax(axis=1)
    assert metrics.label_accuracy(IMAGES[:20], predicted) == 1.0
    assert metrics.label_accuracy(IMAGES[:20], (predicted + 1) % 10) == 0.0
    predicted[:5] = (predicted[:5] + 1) % 10
    assert metrics.label_accuracy(IMAGES[:20], predicted.tolist()) == pytest.approx(0.75)


@pytest.mark.parametrize("labels", [[0], np.zeros(4, int), np.zeros((3, 1), int), 0])
def test_label_accuracy_refuses_labels_that_do_not_fit(labels):
    with pytest.raises(ValueError, match=r"labels: expected shape \(3,\)"):
        metrics.label_accuracy(IMAGES[:3], labels)


# --- image_distance ---


def test_image_distance_is_that_of_the_features():
    first, second = IMAGES[:200], IMAGES[200:500]
    expected = metrics.frechet_distance(metrics.classify(first)[0], metrics.classify(second)[0])
    assert metrics.image_distance(first, second) == pytest.approx(expected)


def test_image_distance_orders_worse_images():
    real, others = IMAGES[:1000], IMAGES[1000:].astype(np.float32) / 255
    noise = RNG.standard_normal(others.shape).astype(np.float32)
    close = metrics.image_distance(real, others)
    noisy = metrics.image_distance(real, (others + 0.2 * noise).clip(0, 1))
    random = metrics.image_distance(real, np.abs(noise).clip(0, 1))
    one_class = metrics.image_distance(real, others[LABELS[1000:] == 1])
    assert 0 < close < noisy < random
    assert close < one_class


# --- what comes with the package ---


def test_shipped_features_are_those_of_the_test_images():
    features = metrics.real_features()
    assert features.shape == (10_000, 128) and features.dtype == np.float32
    assert not features.flags.writeable
    sample = metrics.classify(IMAGES)[0]  # 2,000 of the same 10,000 images
    indices, distances = metrics.nearest_neighbours(sample, features)
    assert distances.max() < 0.02 * np.linalg.norm(sample, axis=1).max()
    assert len(np.unique(indices)) > 1_990


def test_a_damaged_file_is_refused(tmp_path):
    path = tmp_path / "weights.h5"
    path.write_bytes(b"abc")
    metrics.check_md5(path, "900150983cd24fb0d6963f7d28e17f72")
    path.write_bytes(b"abd")
    with pytest.raises(ValueError, match="weights.h5 is damaged: its MD5 is not 9001"):
        metrics.check_md5(path, "900150983cd24fb0d6963f7d28e17f72")


def test_the_default_of_image_distance_is_the_real_test_set():
    assert metrics.image_distance(IMAGES) == pytest.approx(
        metrics.frechet_distance(metrics.classify(IMAGES)[0], metrics.real_features())
    )
    assert metrics.image_distance(IMAGES) < 2 < metrics.image_distance(IMAGES[LABELS < 8])


# --- classifier_score ---


def test_classifier_score_of_closed_forms():
    assert metrics.classifier_score(np.full((7, 10), 0.1)) == pytest.approx(1)
    assert metrics.classifier_score(np.eye(10)) == pytest.approx(10)
    assert metrics.classifier_score(np.eye(10)[[3] * 50]) == pytest.approx(1)
    assert metrics.classifier_score(np.eye(10)[[1, 2, 2, 1]]) == pytest.approx(2)
    p = np.array([[0.9, 0.1], [0.3, 0.7]])
    mean = p.mean(axis=0)
    by_hand = np.exp(np.mean([sum(q * np.log(q / mean)) for q in p]))
    assert metrics.classifier_score(p) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    "bad",
    [np.ones((3, 10)), np.full(10, 0.1), np.zeros((0, 10)), np.full((2, 10), np.nan), [[2, -1]]],
)
def test_classifier_score_refuses_what_is_no_probability(bad):
    with pytest.raises(ValueError, match="probabilities: expected rows"):
        metrics.classifier_score(bad)


# --- precision, recall, density, coverage ---


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("shift", [0.0, 0.5, 5.0])
def test_manifold_metrics_against_prdc(k, shift):
    prdc = pytest.importorskip("prdc")
    real, generated = RNG.standard_normal((240, 6)), 0.8 * RNG.standard_normal((150, 6)) + shift
    expected = prdc.compute_prdc(real, generated, nearest_k=k)
    precision, recall = metrics.precision_recall(real, generated, k)
    density, coverage = metrics.density_coverage(real, generated, k)
    found = {"precision": precision, "recall": recall, "density": density, "coverage": coverage}
    assert found == pytest.approx(expected)


def test_manifold_metrics_on_a_line_by_hand():
    real = np.array([[0.0], [1.0], [2.0], [10.0]])  # radii with k=1: 1, 1, 1, 8
    generated = np.array([[0.5], [3.5], [30.0]])  # radii with k=1: 3, 3, 26.5
    assert metrics.precision_recall(real, generated, k=1) == (2 / 3, 1.0)
    # 0.5 lies in the balls of 0 and 1; 3.5 in that of 10; 30 in none
    assert metrics.density_coverage(real, generated, k=1) == (3 / 3, 3 / 4)


def test_manifold_metrics_do_not_depend_on_the_order_or_the_pieces(monkeypatch):
    real, generated = RNG.standard_normal((100, 4)), RNG.standard_normal((80, 4)) + 0.3
    measures = metrics.precision_recall, metrics.density_coverage
    expected = [measure(real, generated) for measure in measures]
    shuffled = RNG.permutation(real), RNG.permutation(generated)
    assert [measure(*shuffled) for measure in measures] == expected
    monkeypatch.setattr(metrics, "DISTANCES_AT_A_TIME", 700)
    metrics._radii_of.cache_clear()
    assert [measure(real, generated) for measure in measures] == expected
    twice = np.concatenate([generated, generated])
    assert metrics.density_coverage(real, twice) == pytest.approx(expected[1])
    assert metrics.precision_recall(real, twice)[0] == expected[0][0]


def test_manifold_metrics_notice_an_array_that_changed_in_place():
    real, generated = RNG.standard_normal((100, 4)), RNG.standard_normal((80, 4))
    before = metrics.density_coverage(real, generated)
    real[:50] += 100
    again = metrics.density_coverage(real, generated)
    assert again[1] < before[1] and again == metrics.density_coverage(real.copy(), generated)


def test_manifold_metrics_tell_collapse_from_noise():
    real = RNG.standard_normal((500, 4))
    collapsed, noise = np.tile(real[:1], (500, 1)), 20 + RNG.standard_normal((500, 4))
    precision, recall = metrics.precision_recall(real, collapsed)
    assert precision == 1 and recall < 0.05
    assert metrics.density_coverage(real, collapsed)[1] < 0.05
    assert metrics.precision_recall(real, noise) == (0, 0)
    assert metrics.density_coverage(real, noise) == (0, 0)


@pytest.mark.parametrize("measure", [metrics.precision_recall, metrics.density_coverage])
def test_manifold_metrics_refuse_bad_input(measure):
    with pytest.raises(ValueError, match="k: expected 1 to 2, got 3"):
        measure(np.zeros((3, 4)), np.zeros((3, 4)), 3)
    with pytest.raises(ValueError, match="k: expected 1 to 2, got 0"):
        measure(np.zeros((3, 4)), np.zeros((3, 4)), 0)
    with pytest.raises(ValueError, match="4 columns against 5"):
        measure(np.zeros((9, 4)), np.zeros((9, 5)))
    with pytest.raises(ValueError, match="finite numbers"):
        measure(np.zeros((9, 4)), np.full((9, 4), np.nan))


def test_directions_have_length_one_and_keep_zero_rows():
    features = np.array([[3.0, 4.0], [0.0, 0.0], [0.0, 0.1]], np.float32)
    np.testing.assert_allclose(metrics.directions(features), [[0.6, 0.8], [0, 0], [0, 1]])


def test_blurred_images_are_less_precise_by_direction():
    blurred = np.stack(
        [np.asarray(Image.fromarray(x).filter(ImageFilter.GaussianBlur(1.5))) for x in IMAGES[:500]]
    )
    real, made = metrics.real_features(), metrics.classify(blurred)[0]
    raw = metrics.precision_recall(real, made)[0]
    assert metrics.evaluate_images(blurred)["precision"] < raw - 0.1


# --- nearest_neighbours ---


@pytest.mark.parametrize("pieces", [5_000_000, 50])
def test_nearest_neighbours_against_all_distances(pieces, monkeypatch):
    monkeypatch.setattr(metrics, "DISTANCES_AT_A_TIME", pieces)
    features, references = RNG.standard_normal((20, 5)), RNG.standard_normal((60, 5))
    expected = np.linalg.norm(features[:, None] - references, axis=2)
    indices, distances = metrics.nearest_neighbours(features, references, count=3)
    np.testing.assert_array_equal(indices, expected.argsort(axis=1)[:, :3])
    np.testing.assert_allclose(distances, np.sort(expected, axis=1)[:, :3])
    itself = metrics.nearest_neighbours(references[:4], references)
    np.testing.assert_array_equal(itself[0].ravel(), range(4))
    np.testing.assert_allclose(itself[1], 0, atol=1e-6)


@pytest.mark.parametrize("count", [0, 4])
def test_nearest_neighbours_refuse_a_count_out_of_range(count):
    with pytest.raises(ValueError, match="count: expected 1 to 3"):
        metrics.nearest_neighbours(np.zeros((2, 4)), np.zeros((3, 4)), count)


# --- classes ---


def test_shares_missing_classes_and_variation():
    shares = metrics.class_shares([0, 0, 1, 3], classes=4)
    np.testing.assert_array_equal(shares, [0.5, 0.25, 0, 0.25])
    assert metrics.missing_classes(shares) == [2]
    assert metrics.missing_classes(shares, least=0.3) == [1, 2, 3]
    assert metrics.total_variation(shares, np.full(4, 0.25)) == pytest.approx(0.25)
    assert metrics.total_variation([1, 0], [0, 1]) == 1
    assert metrics.total_variation(shares, shares) == 0


def test_classes_refuse_bad_input():
    for bad in ([], [0, 10], [-1], [0.5]):
        with pytest.raises(ValueError, match="labels: "):
            metrics.class_shares(bad)
    with pytest.raises(ValueError, match="shares: expected two lists of one length"):
        metrics.total_variation([1, 0], [1, 0, 0])


def test_a_classifier_trained_on_real_images_knows_real_images_and_wrong_labels_ruin_it():
    score = metrics.classification_accuracy_score
    images, labels, exam = IMAGES[:1000], LABELS[:1000], (IMAGES[1000:1300], LABELS[1000:1300])
    assert score(images, labels, *exam, epochs=4) > 0.6
    assert score(images, (labels + 1) % 10, *exam, epochs=2) < 0.2
    few = images[:100], labels[:100], *exam
    assert score(*few, epochs=1) == score(*few, epochs=1)
    with pytest.raises(ValueError, match="epochs: expected at least 1"):
        score(IMAGES, LABELS, IMAGES, LABELS, epochs=0)
    with pytest.raises(ValueError, match="labels: expected values from 0 to 9"):
        score(IMAGES, LABELS + 1, IMAGES, LABELS)


# --- evaluate ---


def test_evaluate_images_gives_every_number_of_its_own_function():
    images, labels = IMAGES[:400], LABELS[:400]
    row = metrics.evaluate_images(images, labels)
    features, probabilities = metrics.classify(images)
    real, seen = metrics.directions(metrics.real_features()), probabilities.argmax(axis=1)
    assert row["images"] == 400
    assert row["frechet_distance"] == pytest.approx(metrics.image_distance(images))
    assert row["classifier_score"] == metrics.classifier_score(probabilities)
    assert (row["precision"], row["recall"]) == metrics.precision_recall(
        real, metrics.directions(features)
    )
    assert (row["density"], row["coverage"]) == metrics.density_coverage(
        real, metrics.directions(features)
    )
    assert row["missing_classes"] == 0
    assert row["total_variation"] == metrics.total_variation(
        metrics.class_shares(seen), np.full(10, 0.1)
    )
    assert row["label_accuracy"] == metrics.label_accuracy(images, labels)
    assert metrics.evaluate_images(images[labels < 7])["missing_classes"] >= 2


def test_evaluate_with_a_dataset_finds_images_learned_by_heart():
    training_images, training_labels = (
        data.read_idx(data.SAMPLE_FOLDER / data.FILES[key])[:2000]
        for key in ("train_images", "train_labels")
    )
    dataset = data.Dataset(
        training_images, training_labels, IMAGES, LABELS, data.FASHION_CLASSES, "the sample"
    )
    row = metrics.evaluate_images(training_images[:200], training_labels[:200], dataset)
    assert row["nearest_ratio"] < 1e-3
    assert 0 < row["classification_accuracy_score"] <= 1
    unlabelled = metrics.evaluate_images(IMAGES[:200], dataset=dataset)
    assert 0.7 < unlabelled["nearest_ratio"] < 1.4
    assert "classification_accuracy_score" not in unlabelled


def test_evaluate_makes_its_images_from_the_seed_and_asks_for_all_classes():
    keras.utils.set_random_seed(0)
    generator = models.dense_generator(width=4)
    row = metrics.evaluate(generator, count=60, seed=3)
    assert row == metrics.evaluate_images(models.draw_images(generator, 60, seed=3)[0])
    assert row != metrics.evaluate(generator, count=60, seed=4)
    conditional = models.conditional_generator(width=2)
    assert "label_accuracy" in metrics.evaluate(conditional, count=60)
    with pytest.raises(ValueError, match="count: expected at least 6"):
        metrics.evaluate(generator, count=5)
