"""Latents in, images out: of the series' own generators, and of anybody's."""

from gan_helpers import models, sampling
import keras
from keras import layers, ops
import numpy as np
import pytest

RNG = np.random.default_rng(0)


def to_images(x, activation="tanh", channels=1):
    return layers.Reshape((8, 8, channels))(layers.Dense(64 * channels, activation)(x))


def plain(activation="tanh", channels=1):
    latents = keras.Input((5,))
    return keras.Model(latents, to_images(latents, activation, channels), name="plain")


def conditional(look, labels_shape=(), latent_dim=5):
    latents, labels = keras.Input((latent_dim,)), keras.Input(labels_shape, dtype="int32")
    return keras.Model([latents, labels], to_images(layers.Concatenate()([latents, look(labels)])))


def two_embeddings(sizes):
    return lambda labels: layers.Concatenate()([layers.Embedding(n, 2)(labels) for n in sizes])


class Subclassed(keras.Model):
    def __init__(self, activation="tanh"):
        super().__init__(name="subclassed")
        self.dense = layers.Dense(64, activation)

    def call(self, inputs):
        if isinstance(inputs, list):
            inputs = ops.concatenate([inputs[0], ops.one_hot(inputs[1], 3)], axis=1)
        return ops.reshape(self.dense(inputs), (-1, 8, 8, 1))


# --- what a generator takes ---


@pytest.mark.parametrize("classes", [3, 10, 26])
@pytest.mark.parametrize(
    "look",
    [
        lambda n: layers.Embedding(n, 2),
        lambda n: two_embeddings([n, n]),
        lambda n: layers.CategoryEncoding(n, "one_hot"),
        lambda n: keras.Sequential([layers.Embedding(n, 4), layers.Dense(2)]),
        lambda n: lambda labels: layers.Flatten()(layers.Embedding(n, 2)(labels)),
    ],
    ids=["embedding", "two", "one-hot", "nested", "flattened"],
)
def test_the_number_of_classes_is_found(look, classes):
    generator = conditional(look(classes))
    assert sampling.number_of_classes(generator) == classes
    assert sampling.latent_size(generator) == 5
    images, labels = sampling.sample(generator, 2 * classes)
    assert images.shape == (2 * classes, 8, 8)
    np.testing.assert_array_equal(labels, [*range(classes), *range(classes)])


def test_labels_as_columns_and_one_hot():
    column = conditional(lambda x: layers.Flatten()(layers.Embedding(4, 2)(x)), (1,))
    assert sampling.number_of_classes(column) == 4
    assert sampling.sample(column, 4)[0].shape == (4, 8, 8)
    one_hot = conditional(lambda x: layers.Rescaling(1.0)(x), (4,))
    assert sampling.number_of_classes(one_hot) == 4
    images, labels = sampling.sample(one_hot, 6)
    assert labels.tolist() == [0, 1, 2, 3, 0, 1]
    latents = np.random.default_rng(0).standard_normal((6, 5)).astype(np.float32)
    expected = one_hot([latents, np.eye(4, dtype=np.float32)[labels]])
    np.testing.assert_allclose(images, (np.asarray(expected)[..., 0] + 1) / 2, atol=1e-6)


@pytest.mark.parametrize(
    "look",
    [lambda x: ops.one_hot(x, 3), two_embeddings([3, 4])],
    ids=["no embedding", "two sizes"],
)
def test_a_number_of_classes_that_cannot_be_found_is_asked_for(look):
    generator = conditional(look)
    for call in (sampling.number_of_classes, lambda g: sampling.sample(g, 6)):
        with pytest.raises(ValueError, match=r"cannot be found. Give classes=\.\.\."):
            call(generator)
    images, labels = sampling.sample(generator, 6, classes=3)
    assert images.shape == (6, 8, 8) and labels.tolist() == [0, 1, 2, 0, 1, 2]


def test_a_generator_without_labels():
    assert sampling.number_of_classes(plain()) is None
    assert sampling.sample(plain(), 3)[1] is None
    with pytest.raises(ValueError, match="labels: this generator takes none"):
        sampling.sample(plain(), 3, classes=10)


def test_a_subclassed_generator_names_its_sizes_or_is_told_them():
    generator = Subclassed()
    with pytest.raises(ValueError, match=r"'subclassed' does not say .* Give latent_dim=\.\.\."):
        sampling.sample(generator, 4)
    with pytest.raises(ValueError, match="latent_dim: "):
        sampling.latent_size(generator)
    told = sampling.sample(generator, 4, latent_dim=5, classes=3)
    assert told[0].shape == (4, 8, 8) and told[1].tolist() == [0, 1, 2, 0]
    generator.latent_dim, generator.classes = 5, 3
    found = sampling.sample(generator, 4)
    np.testing.assert_array_equal(found[0], told[0])
    np.testing.assert_array_equal(found[1], told[1])
    unconditional = Subclassed()
    assert sampling.sample(unconditional, 4, latent_dim=7)[0].shape == (4, 8, 8)
    latents = RNG.standard_normal((3, 7))
    assert sampling.images_from_latents(unconditional, latents).shape == (3, 8, 8)


@pytest.mark.parametrize("bad", [None, "abc", 3, keras.Model, [1, 2], np.zeros(3)])
def test_what_is_no_generator_is_refused(bad):
    for call in (
        lambda: sampling.sample(bad, 3),
        lambda: sampling.images_from_latents(bad, np.zeros((2, 5))),
        lambda: sampling.latent_size(bad),
        lambda: sampling.number_of_classes(bad),
    ):
        with pytest.raises(ValueError, match="generator: expected a keras.Model, got"):
            call()


def test_other_inputs_than_latents_and_labels_are_refused():
    a, b, c = keras.Input((5,)), keras.Input((2,)), keras.Input((3,))
    three = keras.Model([a, b, c], to_images(layers.Concatenate()([a, b, c])))
    pictures = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(1, 3, padding="same")])
    for generator in (three, pictures):
        with pytest.raises(ValueError, match=r"generator: expected inputs \(b, latent_dim\)"):
            sampling.sample(generator, 3)


def test_a_generator_that_fails_is_named_with_what_it_got():
    def broken(inputs, training):
        raise RuntimeError("no such layer")

    with pytest.raises(ValueError, match=r"'function' cannot .* latents \(2, 5\): no such layer"):
        sampling.images_from_latents(broken, np.zeros((2, 5)))
    with pytest.raises(ValueError, match=r"cannot be called with latents \(2, 5\), labels \(2,\)"):
        sampling.images_from_latents(broken, np.zeros((2, 5)), [0, 1])


# --- the range of its images ---


def test_images_are_scaled_from_the_range_they_have():
    latents = RNG.standard_normal((4, 5)).astype(np.float32)
    made = plain()
    expected = (np.asarray(made(latents))[..., 0] + 1) / 2
    np.testing.assert_allclose(sampling.images_from_latents(made, latents), expected, atol=1e-6)
    made = plain("sigmoid", channels=3)
    images = sampling.images_from_latents(made, latents, value_range=(0, 1))
    assert images.shape == (4, 8, 8, 3) and images.dtype == np.float32
    np.testing.assert_allclose(images, made(latents), atol=1e-6)
    bright = keras.Sequential([made, layers.Rescaling(255)])
    images = sampling.images_from_latents(bright, latents, value_range=(0, 255))
    np.testing.assert_allclose(images, made(latents), atol=1e-6)


@pytest.mark.parametrize(
    "generator",
    [
        lambda: plain("sigmoid"),
        lambda: plain("hard_sigmoid"),
        lambda: keras.Sequential([plain("linear"), layers.Activation("sigmoid")]),
        lambda: keras.Sequential([plain("sigmoid"), layers.Cropping2D(0)]),
        lambda: Subclassed("sigmoid"),
    ],
    ids=["sigmoid", "hard", "activation", "before cropping", "subclassed"],
)
def test_a_sigmoid_is_noticed(generator):
    with pytest.raises(ValueError, match=r"none below 0.* give value_range=\(0, 1\)"):
        sampling.sample(generator(), 6, latent_dim=5)
    assert sampling.sample(generator(), 6, latent_dim=5, value_range=(0, 1))[0].min() > 0


def test_bright_images_of_a_tanh_are_no_sigmoid():
    generator = plain()
    generator.layers[1].bias.assign(np.full(64, 20.0))
    np.testing.assert_array_equal(sampling.sample(generator, 3)[0], np.ones((3, 8, 8)))


def test_values_out_of_range_and_nan_have_messages_of_their_own():
    latents = 10 * np.ones((3, 5))
    linear = plain("linear")
    linear.layers[1].bias.assign(np.linspace(-50, 50, 64))
    with pytest.raises(ValueError, match=r"expected values in \[-1, 1\].*tanh"):
        sampling.images_from_latents(linear, latents)
    with pytest.raises(ValueError, match=r"expected values in \[0, 1\], as value_range says"):
        sampling.images_from_latents(linear, latents, value_range=(0, 1))
    linear.layers[1].bias.assign(np.full(64, np.nan))
    for value_range in ((-1, 1), (0, 1)):
        with pytest.raises(ValueError, match="NaN.*learning rate"):
            sampling.images_from_latents(linear, latents, value_range=value_range)


@pytest.mark.parametrize("bad", [None, 1, (1, 0), (0, 0), (0, np.nan), "ab", (0, 1, 2), ["a", 1]])
def test_a_bad_value_range_is_refused(bad):
    with pytest.raises(ValueError, match="value_range: expected"):
        sampling.sample(plain(), 3, value_range=bad)


# --- latents, labels, counts ---


def test_pieces_give_the_same_images():
    generator, latents = models.dense_generator(latent_dim=6, width=4), RNG.standard_normal((9, 6))
    whole = sampling.images_from_latents(generator, latents)
    assert whole.shape == (9, 28, 28) and whole.dtype == np.float32
    assert whole.min() >= 0 and whole.max() <= 1
    pieces = sampling.images_from_latents(generator, latents, batch_size=np.int32(4))
    np.testing.assert_allclose(pieces, whole, atol=1e-6)


def test_the_seed_says_which_images():
    generator = plain()
    first, again, other = (sampling.sample(generator, 4, seed=seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01
    latents = np.random.default_rng(1).standard_normal((4, 5))
    np.testing.assert_array_equal(first, sampling.images_from_latents(generator, latents))


@pytest.mark.parametrize(
    ("latents", "message"),
    [
        (np.zeros((2, 4)), r"expected shape \(n, 5\), got \(2, 4\)"),
        (np.zeros(5), r"expected shape \(n, latent_dim\), got \(5,\)"),
        (np.zeros((0, 5)), r"expected shape \(n, latent_dim\), got \(0, 5\)"),
        (np.full((2, 5), np.nan), "expected finite numbers"),
        ("abc", "expected numbers, got 'abc'"),
        (None, "expected"),
        ([[1, 2], [3]], "expected numbers"),
    ],
)
def test_bad_latents_are_refused(latents, message):
    with pytest.raises(ValueError, match=f"latents: {message}"):
        sampling.images_from_latents(plain(), latents)


@pytest.mark.parametrize("labels", [[0, 3], [-1, 0], [0], [0.0, 1.0], "ab", 1, [[0], [1]]])
def test_bad_labels_are_refused(labels):
    generator = conditional(layers.Embedding(3, 2))
    with pytest.raises(ValueError, match="labels: "):
        sampling.images_from_latents(generator, np.zeros((2, 5)), labels)


def test_labels_are_for_conditional_generators_and_for_all_of_them():
    with pytest.raises(ValueError, match="labels: this generator takes none"):
        sampling.images_from_latents(plain(), np.zeros((2, 5)), [0, 1])
    with pytest.raises(ValueError, match="labels: this generator is conditional"):
        sampling.images_from_latents(conditional(layers.Embedding(3, 2)), np.zeros((2, 5)))


@pytest.mark.parametrize("bad", [0, -1, 2.5, "3", True, np.nan])
@pytest.mark.parametrize("name", ["count", "latent_dim", "classes"])
def test_bad_counts_are_refused(name, bad):
    with pytest.raises(ValueError, match=f"{name}: expected a whole number"):
        sampling.sample(Subclassed(), **{"count": 3, "latent_dim": 5} | {name: bad})


@pytest.mark.parametrize("bad", [0, -1, 2.5, "3", None, True, np.nan])
def test_a_bad_batch_size_is_refused(bad):
    with pytest.raises(ValueError, match="batch_size: expected a whole number"):
        sampling.images_from_latents(plain(), np.zeros((2, 5)), batch_size=bad)


@pytest.mark.parametrize("bad", [-1, 0.5, "1", None, True])
def test_bad_seeds_are_refused(bad):
    with pytest.raises(ValueError, match="seed: expected a whole number"):
        sampling.sample(plain(), 3, seed=bad)


# --- interpolation ---


def test_interpolation_keeps_ends_lengths_and_steps():
    start, end = np.array([3.0, 0, 0]), np.array([0, 3.0, 0])
    path = sampling.interpolate_latents(start, end, 7)
    assert path.shape == (7, 3) and path.dtype == np.float32
    np.testing.assert_allclose(path[[0, -1]], [start, end], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 3, rtol=1e-6)
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-5)
    same = sampling.interpolate_latents(start, start, 3)
    np.testing.assert_allclose(same, [start] * 3)


@pytest.mark.parametrize(
    ("start", "end", "count", "message"),
    [
        ([1, 0], [0, 1], 1, "count: "),
        ([1, 0], [0, 1], "3", "count: "),
        ([1, 0], [0, 1, 0], 3, "two vectors of one length"),
        ([[1, 0]], [[0, 1]], 3, "two vectors of one length"),
        ([0, 0], [0, 1], 3, "zero vector"),
        ([1, 0], [-1, 0], 3, "opposite"),
        ([1, np.nan], [0, 1], 3, "start: expected finite"),
        ([1, 0], "ab", 3, "end: expected numbers"),
        (None, [1, 0], 3, "start: expected"),
    ],
)
def test_interpolation_refuses_bad_input(start, end, count, message):
    with pytest.raises(ValueError, match=message):
        sampling.interpolate_latents(start, end, count)
