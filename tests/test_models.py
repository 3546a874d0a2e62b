"""The networks: shapes, ends, initialisation, and the architecture that the docstrings promise."""

from gan_helpers import models
import keras
import numpy as np
import pytest

GENERATORS = [models.dense_generator, models.dcgan_generator, models.improved_dcgan_generator]
DISCRIMINATORS = [
    models.dense_discriminator,
    models.dcgan_discriminator,
    models.improved_dcgan_discriminator,
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


@pytest.mark.parametrize(
    "build, sizes",
    [(build, {"width": 0}) for build in GENERATORS + DISCRIMINATORS]
    + [
        (models.dense_generator, {"latent_dim": 0}),
        (models.conditional_generator, {"classes": 0}),
        (models.conditional_generator, {"embedding_dim": -1}),
        (models.conditional_discriminator, {"classes": 0}),
    ],
)
def test_sizes_below_one_are_refused_by_name(build, sizes):
    with pytest.raises(ValueError, match=f"{next(iter(sizes))}: expected at least 1"):
        build(**sizes)


@pytest.mark.parametrize("conditional", [False, True])
def test_draw_images_is_repeatable_and_asks_for_all_classes(conditional):
    keras.utils.set_random_seed(0)
    if conditional:
        generator = models.conditional_generator(latent_dim=5, classes=3, width=2)
    else:
        generator = models.dense_generator(latent_dim=5, width=2)
    images, labels = models.draw_images(generator, 7, seed=1)
    assert images.shape == (7, 28, 28) and images.dtype == np.float32
    assert labels is None if not conditional else labels.tolist() == [0, 1, 2, 0, 1, 2, 0]
    latents = np.random.default_rng(1).standard_normal((7, 5))
    np.testing.assert_array_equal(images, models.images_from_latents(generator, latents, labels))
    assert np.abs(images - models.draw_images(generator, 7, seed=2)[0]).max() > 0
    with pytest.raises(ValueError, match="latents: expected shape"):
        models.draw_images(generator, 0)


def test_join_labels():
    assert models.join_labels("images", None) == "images"
    assert models.join_labels("images", "labels") == ["images", "labels"]
