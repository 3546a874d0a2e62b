"""The networks: shapes, ends, initialisation, and the architecture that the docstrings promise."""

import json

from gan_helpers import models
import keras
from keras import layers
import numpy as np
import pytest
import tensorflow as tf

GENERATORS = [models.dense_generator, models.dcgan_generator, models.improved_dcgan_generator]
DISCRIMINATORS = [
    models.dense_discriminator,
    models.dcgan_discriminator,
    models.improved_dcgan_discriminator,
]
BUILDERS = [
    *GENERATORS,
    *DISCRIMINATORS,
    models.conditional_generator,
    models.conditional_discriminator,
    models.residual_generator,
    models.residual_discriminator,
    models.critic,
    models.modern_generator,
    models.modern_discriminator,
]


def kernels_of(network, kind):
    return [
        (layer.filters, layer.kernel_size[0], layer.strides[0])
        for layer in network.layers
        if type(layer) is kind
    ]


@pytest.mark.parametrize("build", GENERATORS)
@pytest.mark.parametrize("width", [1, 4])
def test_generators_make_images_in_range(build, width):
    generator = build(latent_dim=7, width=width)
    images = np.asarray(generator(50 * np.random.default_rng(0).normal(size=(3, 7)), training=True))
    assert images.shape == (3, 28, 28, 1)
    assert images.dtype == np.float32
    assert np.abs(images).max() <= 1
    assert generator.layers[-1].name.startswith("reshape") or (
        generator.layers[-1].activation is keras.activations.tanh
    )


def test_latents_are_100_by_default():
    for build in [*GENERATORS, models.conditional_generator]:
        assert build().inputs[0].shape == (None, 100)


@pytest.mark.parametrize("build", DISCRIMINATORS)
def test_discriminators_end_in_one_logit(build):
    discriminator = build(width=4)
    assert discriminator.outputs[0].shape == (None, 1)
    assert discriminator.layers[-1].activation is keras.activations.linear
    assert discriminator.inputs[0].shape == (None, 28, 28, 1)


def test_dense_networks_have_the_units_they_promise():
    units = [x.units for x in models.dense_generator(width=8).layers if hasattr(x, "units")]
    assert units == [8, 16, 32, 784]
    units = [x.units for x in models.dense_discriminator(width=8).layers if hasattr(x, "units")]
    assert units == [16, 8, 1]


def test_classic_dcgan_is_the_classic_one():
    generator, discriminator = models.dcgan_generator(), models.dcgan_discriminator()
    assert generator.layers[0].units == 7 * 7 * 128
    assert kernels_of(generator, keras.layers.Conv2DTranspose) == [(64, 5, 2), (1, 5, 2)]
    assert kernels_of(discriminator, keras.layers.Conv2D) == [(64, 5, 2), (128, 5, 2)]
    rates = [x.rate for x in discriminator.layers if isinstance(x, keras.layers.Dropout)]
    assert rates == [0.3, 0.3]
    slopes = [
        x.negative_slope for x in discriminator.layers if isinstance(x, keras.layers.LeakyReLU)
    ]
    assert slopes == [0.2, 0.2]


def test_improved_dcgan_has_the_layers_it_promises():
    generator = models.improved_dcgan_generator()
    units = [x.units for x in generator.layers if isinstance(x, keras.layers.Dense)]
    assert units == [256, 7 * 7 * 128]
    shallow = models.improved_dcgan_generator(width=3, hidden=0)
    assert [x.units for x in shallow.layers if isinstance(x, keras.layers.Dense)] == [7 * 7 * 6]
    assert kernels_of(generator, keras.layers.Conv2D) == [(128, 3, 1), (64, 3, 1), (1, 3, 1)]
    assert kernels_of(generator, keras.layers.Conv2DTranspose) == [(64, 4, 2), (32, 4, 2)]
    discriminator = models.improved_dcgan_discriminator()
    assert kernels_of(discriminator, keras.layers.Conv2D) == [(64, 4, 2), (128, 4, 2), (256, 4, 2)]


@pytest.mark.parametrize(
    "network",
    [
        models.improved_dcgan_generator(width=4),
        models.improved_dcgan_discriminator(width=4),
        models.conditional_generator(width=4),
        models.conditional_discriminator(width=4),
    ],
    ids=lambda network: network.name,
)
def test_no_bias_before_batch_normalisation_and_he_normal(network):
    normalised = 0
    for layer in network.layers:
        followers = [node.operation for node in layer._outbound_nodes]
        while followers and isinstance(followers[0], keras.layers.Reshape):
            followers = [node.operation for node in followers[0]._outbound_nodes]
        if followers and isinstance(followers[0], keras.layers.BatchNormalization):
            if isinstance(layer, keras.layers.Reshape):
                continue
            normalised += 1
            assert not layer.use_bias
            assert isinstance(layer.kernel_initializer, keras.initializers.HeNormal)
    assert normalised >= 2


def test_conditional_generator_listens_to_the_label():
    keras.utils.set_random_seed(0)
    generator = models.conditional_generator(latent_dim=5, classes=3, width=2, embedding_dim=4)
    latents = np.ones((3, 5), np.float32)
    images = np.asarray(generator([latents, np.array([0, 1, 1])], training=False))
    assert images.shape == (3, 28, 28, 1)
    assert np.abs(images[0] - images[1]).max() > 1e-6
    np.testing.assert_allclose(images[1], images[2], atol=1e-6)


def test_conditional_discriminator_is_a_projection():
    keras.utils.set_random_seed(0)
    network = models.conditional_discriminator(classes=3, width=2)
    images = np.random.default_rng(0).uniform(-1, 1, (4, 28, 28, 1)).astype(np.float32)
    labels = np.array([0, 1, 2, 1])
    by_kind = {type(layer): layer for layer in network.layers}
    features = keras.Model(network.inputs, by_kind[keras.layers.Flatten].output)
    features = np.asarray(features([images, labels], training=False))
    kernel, bias = by_kind[keras.layers.Dense].get_weights()
    directions = by_kind[keras.layers.Embedding].get_weights()[0]
    expected = features @ kernel + bias + (features * directions[labels]).sum(1, keepdims=True)
    logits = np.asarray(network([images, labels], training=False))
    np.testing.assert_allclose(logits, expected, rtol=1e-4, atol=1e-5)


SHAPES = [(32, 32, 3), (28, 28, 3), (8, 12, 1), (20, 36, 3)]  # an eighth of 20 or 36 is not whole


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", ["dense", "dcgan", "improved_dcgan", "conditional"])
def test_images_of_any_size_and_colour(kind, shape):
    sizes = {"latent_dim": 5, "width": 2, "image_shape": shape}
    generator = getattr(models, f"{kind}_generator")(**sizes)
    del sizes["latent_dim"]
    discriminator = getattr(models, f"{kind}_discriminator")(**sizes)
    latents = np.random.default_rng(0).standard_normal((2, 5)).astype(np.float32)
    labels = [np.array([3, 9])] if kind == "conditional" else []
    images = np.asarray(generator([latents, *labels] if labels else latents, training=True))
    assert images.shape == (2, *shape) and images.dtype == np.float32
    assert 0 < np.abs(images).max() <= 1
    assert discriminator.inputs[0].shape == (None, *shape)
    logits = discriminator([images, *labels] if labels else images, training=True)
    assert logits.shape == (2, 1)


def test_minibatch_deviation_shows_the_variety_of_a_batch(tmp_path):
    layer = models.MinibatchDeviation()
    varied = np.array(layer(np.array([[0.0, 5], [4, 6]], np.float32)))
    assert varied == pytest.approx(np.array([[0, 5, 1.25], [4, 6, 1.25]]))
    assert np.array(layer(np.ones((3, 2), np.float32)))[:, 2] == pytest.approx(0, abs=1e-3)
    same = tf.Variable(np.ones((3, 2), np.float32))
    with tf.GradientTape() as tape:
        deviation = tf.reduce_sum(layer(same)[:, 2])
    assert np.isfinite(tape.gradient(deviation, same)).all()

    discriminator = models.conditional_discriminator(width=2, minibatch_deviation=True)
    plain = models.conditional_discriminator(width=2)
    assert discriminator.count_params() == plain.count_params() + 1 + 10  # a feature more
    discriminator.save(tmp_path / "d.keras")
    images = np.random.default_rng(0).uniform(-1, 1, (4, 28, 28, 1)).astype(np.float32)
    pair = [images, np.arange(4)]
    opened = keras.models.load_model(tmp_path / "d.keras")
    np.testing.assert_allclose(opened(pair), discriminator(pair), rtol=1e-5)
    alone = discriminator([images[:1], np.arange(1)])
    assert not np.allclose(discriminator(pair)[0], alone[0])  # it sees the others


def test_a_residual_block_starts_as_the_identity_and_learns():
    keras.utils.set_random_seed(0)
    inputs = keras.Input((7, 7, 4))
    block = keras.Model(inputs, models.residual_block(inputs, dropout=0.5))
    x = np.random.default_rng(0).standard_normal((6, 7, 7, 4)).astype(np.float32)
    np.testing.assert_array_equal(block(x, training=False), x)
    np.testing.assert_array_equal(block(x, training=True), x)
    kinds = [type(layer).__name__ for layer in block.layers[1:]]
    norm = ["BatchNormalization", "ReLU"]
    assert kinds == [*norm, "Conv2D", *norm, "Dropout", "Conv2D", "Add"]
    block.layers[-2].kernel.assign(np.ones((3, 3, 4, 4)))
    once, again = block(x, training=True), block(x, training=True)
    assert not np.allclose(once, x) and not np.allclose(once, again)  # another mask
    with tf.GradientTape() as tape:
        tape.watch(x := tf.constant(x))
        y = tf.reduce_sum(block(x, training=False))
    assert np.abs(tape.gradient(y, x) - 1).max() > 0.1  # 1 is the path around


def test_the_residual_networks_have_the_layers_they_promise():
    generator = models.residual_generator(width=8, blocks=2, dropout=0.2)
    assert [x.shape[1:] for x in generator.inputs] == [(246,), ()]
    [dense] = [x for x in generator.layers if isinstance(x, keras.layers.Dense)]
    assert dense.kernel.shape == (256, 7 * 7 * 16)
    sums = [x.output.shape[1:] for x in generator.layers if isinstance(x, keras.layers.Add)]
    assert sums == 2 * [(7, 7, 16)] + 2 * [(14, 14, 8)]
    assert kernels_of(generator, keras.layers.Conv2DTranspose) == [(8, 4, 2), (4, 4, 2)]
    assert generator.layers[-1].activation is keras.activations.tanh
    rates = [x.rate for x in generator.layers if isinstance(x, keras.layers.Dropout)]
    assert rates == 4 * [0.2]
    discriminator = models.residual_discriminator(width=8, hidden=20, dropout=0.1)
    assert kernels_of(discriminator, keras.layers.Conv2D) == [(8, 4, 2), (16, 4, 2), (32, 4, 2)]
    head = [x.kernel.shape for x in discriminator.layers if isinstance(x, keras.layers.Dense)]
    assert head == [(4 * 4 * 32, 20), (20, 10), (20, 1)]
    rates = [x.rate for x in discriminator.layers if isinstance(x, keras.layers.Dropout)]
    assert rates == 4 * [0.1]
    assert discriminator.outputs[0].shape == (None, 1)
    for network in (generator, discriminator):
        assert (
            network.count_params() == type(network).from_config(network.get_config()).count_params()
        )


def test_the_residual_networks_listen_to_the_label():
    keras.utils.set_random_seed(0)
    generator = models.residual_generator(latent_dim=5, classes=3, width=2)
    images = np.asarray(generator([np.ones((3, 5)), np.array([0, 1, 1])], training=False))
    assert not np.allclose(images[0], images[1]) and np.allclose(images[1], images[2])
    discriminator = models.residual_discriminator(classes=3, width=2)
    logits = np.asarray(discriminator([images[:1].repeat(3, 0), np.arange(3)], training=False))
    assert len(np.unique(logits)) == 3


def kinds(network):
    return [type(layer).__name__ for layer in network.layers]


def test_the_critic_is_the_improved_discriminator_without_normalisation():
    critic, improved = models.critic(width=4), models.improved_dcgan_discriminator(width=4)
    assert "BatchNormalization" not in kinds(critic)
    shapes = [
        [layer.kernel.shape for layer in network.layers if hasattr(layer, "kernel")]
        for network in (critic, improved)
    ]
    assert shapes[0] == shapes[1]
    assert all(layer.use_bias for layer in critic.layers if hasattr(layer, "kernel"))


def test_the_modern_networks_have_no_normalisation_and_start_shallow():
    networks = models.modern_generator(width=4), models.modern_discriminator(width=4)
    for network in networks:
        assert "BatchNormalization" not in kinds(network) and kinds(network).count("Add") == 2
        still = [
            layer
            for layer in network.layers
            if type(layer).__name__ == "Conv2D" and not np.any(layer.kernel)
        ]
        assert len(still) == 2  # the last convolution of each block
    generator, discriminator = networks
    grids = [layer.output.shape[1:] for layer in generator.layers if isinstance(layer, layers.Add)]
    assert grids == [(7, 7, 8), (14, 14, 4)]
    grids = [
        layer.output.shape[1:] for layer in discriminator.layers if isinstance(layer, layers.Add)
    ]
    assert grids == [(14, 14, 4), (7, 7, 8)]
    images = np.random.default_rng(0).uniform(-1, 1, (3, 28, 28, 1))
    together, alone = discriminator(images), discriminator(images[:1])
    np.testing.assert_allclose(together[:1], alone, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("build", [models.residual_generator, models.residual_discriminator])
@pytest.mark.parametrize("dropout", [-0.1, 1, 1.5, np.nan, "0.3", None, True])
def test_dropout_of_the_residual_networks_is_a_share(build, dropout):
    with pytest.raises(ValueError, match="^dropout: expected"):
        build(width=2, dropout=dropout)


def test_grids_are_a_quarter_and_a_half_of_the_image():
    generator = models.dcgan_generator(width=2, image_shape=(32, 20, 3))
    grids = [layer.output.shape[1:] for layer in generator.layers[3:]]
    assert grids[0] == (8, 5, 4) and grids[1] == (16, 10, 2) and grids[-1] == (32, 20, 3)
    discriminator = models.improved_dcgan_discriminator(width=2, image_shape=(36, 20, 3))
    grids = [x.output.shape[1:] for x in discriminator.layers if type(x) is keras.layers.Conv2D]
    assert grids == [(18, 10, 2), (9, 5, 4), (5, 3, 8)]  # halves are rounded up


def test_the_default_is_28x28_grey():
    for build in BUILDERS:
        keras.utils.set_random_seed(0)
        plain = build(width=2)
        keras.utils.set_random_seed(0)
        named = build(width=2, image_shape=models.IMAGE_SHAPE)
        for weights, others in zip(plain.get_weights(), named.get_weights(), strict=True):
            np.testing.assert_array_equal(weights, others)


# What the networks of version 0.1 had: parameters at the default sizes, and the sum of the absolute
# initial weights at width 2 after keras.utils.set_random_seed(5). Shipped weights rest on the one,
# the numbers that the notebooks print on the other.
FIRST_VERSION = {
    "dense_generator": (1_486_352, 310.215389),
    "dense_discriminator": (533_505, 145.202743),
    "dcgan_generator": (865_281, 1824.986992),
    "dcgan_discriminator": (212_865, 42.859526),
    "improved_dcgan_generator": (1_978_273, 7639.620616),
    "improved_dcgan_discriminator": (662_081, 148.296265),
    "conditional_generator": (1_262_741, 2915.312330),
    "conditional_discriminator": (703_041, 179.481659),
}


@pytest.mark.parametrize("name", FIRST_VERSION)
def test_networks_are_those_of_the_first_version(name):
    parameters, total = FIRST_VERSION[name]
    assert getattr(models, name)().count_params() == parameters
    keras.utils.set_random_seed(5)
    weights = getattr(models, name)(width=2).get_weights()
    assert sum(np.abs(array).sum(dtype=np.float64) for array in weights) == pytest.approx(total)


@pytest.mark.parametrize(
    "build, name",
    [(build, "width") for build in BUILDERS]
    + [(build, "latent_dim") for build in [*GENERATORS, models.conditional_generator]]
    + [(models.residual_generator, name) for name in ("latent_dim", "classes", "blocks")]
    + [(models.residual_discriminator, name) for name in ("classes", "hidden")]
    + [
        (models.improved_dcgan_generator, "hidden"),
        (models.conditional_generator, "classes"),
        (models.conditional_generator, "embedding_dim"),
        (models.conditional_discriminator, "classes"),
    ],
)
@pytest.mark.parametrize("size", [-1, "8", 2.5, 8.0, True, None, [8], np.nan, 10**6, 10**30])
def test_what_is_no_size_is_refused_by_name(build, name, size):
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        build(**{name: size})


@pytest.mark.parametrize("build", BUILDERS)
def test_zero_units_are_refused_and_numpy_integers_are_sizes(build):
    with pytest.raises(ValueError, match="^width: expected"):
        build(width=0)
    network = build(width=np.int64(2))
    assert network.count_params() == build(width=2).count_params()
    json.dumps(network.get_config())  # NumPy's integers would fail here, and in save


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize(
    "shape",
    [(28, 28), (28, 28, 2), (30, 28, 1), (28, 4, 1), (0, 0, 3), (-8, 8, 1), ("28", 28, 1)]
    + [(28.0, 28, 1), (28, 28, True), None, 28, "28x28", (28, 28, 1, 1), (3, 32, 32)],
    ids=str,
)
def test_what_is_no_image_shape_is_refused(build, shape):
    with pytest.raises(ValueError, match="^image_shape: expected"):
        build(width=2, image_shape=shape)


@pytest.mark.parametrize("build", [models.dense_discriminator, models.dcgan_discriminator])
def test_dropout_is_as_large_as_asked_for(build):
    for given, expected in (
        ({}, [0.3, 0.3]),
        ({"dropout": 0}, [0, 0]),
        ({"dropout": 0.5}, [0.5, 0.5]),
    ):
        layers = build(width=2, **given).layers
        assert [layer.rate for layer in layers if hasattr(layer, "rate")] == expected
    for wrong in (-0.1, 1, 2, "0.3", None, np.nan):
        with pytest.raises(ValueError, match="^dropout: expected"):
            build(width=2, dropout=wrong)
