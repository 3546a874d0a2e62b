"""Which networks ``GAN`` takes: by themselves, as a pair, and what their outputs may be."""

import random

from gan_helpers import _checks, models, training
import keras
from keras import layers, ops
import numpy as np
import pytest
from small_gans import LATENT_DIM, SHAPE, conditional_networks, networks, weights_of


def good_generator():
    return networks()[0]


def good_discriminator():
    return networks()[1]


def from_images(*more):
    """A discriminator: a convolution, then what is given."""
    return keras.Sequential(
        [layers.Input(SHAPE), layers.Conv2D(4, 4, 4), layers.LeakyReLU(), layers.Flatten(), *more]
    )


def functional(activation):
    images = layers.Input(SHAPE)
    return keras.Model(images, activation(layers.Dense(1)(layers.Flatten()(images))))


def nested(*more):
    return keras.Sequential([layers.Input(SHAPE), keras.Sequential([from_images(*more)])])


def softmax_of_two():
    images = layers.Input(SHAPE)
    both = layers.Dense(2, activation="softmax")(layers.Flatten()(images))
    return keras.Model(images, both[:, :1])


def half_precise():
    return keras.Sequential(
        [layers.Input(SHAPE), layers.Flatten(), layers.Dense(1, "sigmoid", dtype="mixed_float16")]
    )


def already_trained():
    """Weights that make a sigmoid of nearly 1 everywhere."""
    network = from_images(layers.Dense(1, activation="sigmoid"))
    network.set_weights([weight + 2 for weight in network.get_weights()])
    return network


SQUEEZED = {
    "Dense with sigmoid": lambda: from_images(layers.Dense(1, activation="sigmoid")),
    "sigmoid, then Reshape": lambda: from_images(
        layers.Dense(1), layers.Activation("sigmoid"), layers.Reshape((1,))
    ),
    "Conv2D with sigmoid, then Flatten": lambda: keras.Sequential(
        [
            layers.Input(SHAPE),
            layers.Conv2D(4, 2, 2),
            layers.Conv2D(1, 4, activation="sigmoid"),
            layers.Flatten(),
        ]
    ),
    "sigmoid of a network in a network": lambda: nested(layers.Dense(1, activation="sigmoid")),
    "ops.sigmoid": lambda: functional(ops.sigmoid),
    "ops.sigmoid, then Flatten": lambda: functional(lambda x: layers.Flatten()(ops.sigmoid(x))),
    "Lambda with sigmoid": lambda: from_images(layers.Dense(1), layers.Lambda(ops.sigmoid)),
    "half-precise sigmoid": half_precise,
    "sigmoid already trained": already_trained,
    "hard_sigmoid": lambda: functional(ops.hard_sigmoid),
    "softmax of one": lambda: from_images(layers.Dense(1, activation="softmax")),
    "softmax of two": softmax_of_two,
    "mean of sigmoids": lambda: from_images(
        layers.Dense(8, activation="sigmoid"),
        layers.Lambda(lambda x: ops.mean(x, 1, keepdims=True)),
    ),
    "tanh": lambda: functional(ops.tanh),
    "softsign": lambda: functional(ops.softsign),
    "clip": lambda: functional(lambda x: ops.clip(x, -1, 1)),
    "ReLU": lambda: from_images(layers.Dense(1), layers.ReLU()),
    "softplus": lambda: functional(ops.softplus),
    "exp": lambda: functional(ops.exp),
    "square": lambda: functional(ops.square),
    "log of a sigmoid": lambda: functional(ops.log_sigmoid),
    "elu": lambda: functional(ops.elu),
    "gelu": lambda: functional(ops.gelu),
}


@pytest.mark.parametrize("name", SQUEEZED)
def test_outputs_that_are_no_logits_are_refused(name):
    network = SQUEEZED[name]()
    before = weights_of(network)
    with pytest.raises(ValueError, match="^discriminator: .* but the losses take logits"):
        training.GAN(good_generator(), network)
    for weight, old in zip(network.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)


def test_the_reason_is_told():
    for activation, reason in (("sigmoid", "ends in sigmoid"), ("tanh", "ends in tanh"),
                               ("relu", "such as ReLU")):  # fmt: skip
        with pytest.raises(ValueError, match=reason):
            training.GAN(good_generator(), from_images(layers.Dense(1, activation=activation)))


def frozen_features():
    network = from_images(layers.Dense(1))
    network.layers[0].trainable = False
    return network


LOGITS = {
    "Dense": lambda: from_images(layers.Dense(1)),
    "linear by name": lambda: from_images(layers.Dense(1, activation="linear")),
    "no bias": lambda: from_images(layers.Dense(1, use_bias=False)),
    "weights that begin at 0": lambda: from_images(layers.Dense(1, kernel_initializer="zeros")),
    "all weights 0": lambda: keras.Sequential(
        [layers.Input(SHAPE), layers.Flatten(), layers.Dense(1, kernel_initializer="zeros")]
    ),
    "tiny weights": lambda: from_images(
        layers.Dense(1, kernel_initializer=keras.initializers.RandomNormal(stddev=1e-6))
    ),  # fmt: skip
    "bounded features": lambda: from_images(layers.Dense(4, activation="sigmoid"), layers.Dense(1)),
    "tanh features": lambda: from_images(layers.Dense(16, activation="tanh"), layers.Dense(1)),
    "layer normalisation": lambda: from_images(layers.LayerNormalization(), layers.Dense(1)),
    "batch normalisation": lambda: from_images(layers.BatchNormalization(), layers.Dense(1)),
    "unit length": lambda: from_images(layers.UnitNormalization(), layers.Dense(1)),
    "spectral normalisation": lambda: from_images(layers.SpectralNormalization(layers.Dense(1))),
    "dropout": lambda: from_images(layers.Dropout(0.9), layers.Dense(1)),
    "Conv2D, then Flatten": lambda: keras.Sequential(
        [layers.Input(SHAPE), layers.Conv2D(1, 8), layers.Flatten()]
    ),
    "average of patches": lambda: keras.Sequential(
        [layers.Input(SHAPE), layers.Conv2D(1, 3), layers.GlobalAveragePooling2D()]
    ),
    "softly clipped": lambda: functional(lambda x: 20 * ops.tanh(x / 20)),
    "scaled down": lambda: functional(lambda x: x / 10),
    "leaky": lambda: from_images(layers.Dense(1), layers.LeakyReLU(0.5)),
    "float64": lambda: from_images(layers.Dense(1, dtype="float64")),
    "half precision": lambda: from_images(layers.Dense(1, dtype="mixed_float16")),
    "frozen features": frozen_features,
    "any size": lambda: keras.Sequential(
        [layers.Input((None, None, 1)), layers.Conv2D(1, 3), layers.GlobalAveragePooling2D()]
    ),
    "network in a network": lambda: nested(layers.Dense(1)),
    "deep": lambda: from_images(
        *(layer for _ in range(12) for layer in (layers.Dense(8), layers.LeakyReLU())),
        layers.Dense(1),
    ),
}


@pytest.mark.parametrize("name", LOGITS)
def test_logits_are_taken(name):
    network = LOGITS[name]()
    before = weights_of(network)
    gan = training.GAN(good_generator(), network)
    for weight, old in zip(gan.discriminator.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)


@pytest.mark.parametrize(
    "build", [models.dense_discriminator, models.dcgan_discriminator,
              models.improved_dcgan_discriminator]
)  # fmt: skip
@pytest.mark.parametrize("shape", [(28, 28, 1), (8, 12, 3)])
def test_the_series_own_networks_are_taken(build, shape):
    generator = models.dense_generator(3, width=2, image_shape=shape)
    assert training.GAN(generator, build(width=2, image_shape=shape)).image_shape == shape


def test_the_check_draws_no_random_numbers():
    generator, discriminator = networks()

    def states():
        seeds = [v.numpy() for v in discriminator.variables if "seed_generator" in v.path]
        return random.getstate(), str(np.random.get_state()), str(seeds)

    before = states()
    _checks.check_networks(generator, discriminator, conditional=False)
    assert states() == before


# --- generators ---


def to_images(*more, latent_dim=LATENT_DIM):
    return keras.Sequential([layers.Input((latent_dim,)), *more])


@pytest.mark.parametrize("activation", ["sigmoid", "relu", "softplus", "hard_sigmoid"])
def test_generators_that_cannot_be_dark_are_refused(activation):
    network = to_images(layers.Dense(64, activation=activation), layers.Reshape(SHAPE))
    with pytest.raises(ValueError, match=r"generator: .* in \[-1, 1\]: end it in tanh"):
        training.GAN(network, good_discriminator())


@pytest.mark.parametrize("activation", ["tanh", "softsign", None])
def test_generators_that_can_be_dark_are_taken(activation):
    network = to_images(layers.Dense(64, activation=activation), layers.Reshape(SHAPE))
    assert training.GAN(network, good_discriminator()).latent_dim == LATENT_DIM


# --- networks by themselves and as a pair ---


class Subclassed(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(64, activation="tanh")
        self.shaped = layers.Reshape(SHAPE)

    def call(self, latents):
        return self.shaped(self.dense(latents))


def called(network):
    network(np.zeros((1, LATENT_DIM), np.float32))
    return network


def without_input():
    return keras.Sequential([layers.Dense(64, activation="tanh"), layers.Reshape(SHAPE)])


def two_outputs(rank):
    if rank == 2:
        latents = layers.Input((LATENT_DIM,))
        images = layers.Reshape(SHAPE)(layers.Dense(64, activation="tanh")(latents))
        return keras.Model(latents, [images, images])
    images = layers.Input(SHAPE)
    features = layers.Flatten()(images)
    return keras.Model(images, [layers.Dense(1)(features), layers.Dense(10)(features)])


def frozen(network):
    network.trainable = False
    return network


class Broken(layers.Layer):
    def call(self, inputs):
        raise RuntimeError("does not run") if not isinstance(inputs, keras.KerasTensor) else None

    def compute_output_spec(self, inputs):
        return keras.KerasTensor(inputs.shape, inputs.dtype)


def sharing():
    shared = layers.Dense(8, name="shared")
    latents, images = layers.Input((8,)), layers.Input(SHAPE)
    made = layers.Dense(64, activation="tanh")(shared(latents))
    features = layers.Dense(8)(layers.Flatten()(images))
    return (
        keras.Model(latents, layers.Reshape(SHAPE)(made)),
        keras.Model(images, layers.Dense(1)(shared(features))),
    )


def with_input_dtype(dtype):
    images = layers.Input(SHAPE, dtype=dtype)
    return keras.Model(images, layers.Dense(1)(layers.Flatten()(images)))


REFUSED = {
    "no network": (lambda: (None, good_discriminator()), "generator: expected a keras.Model"),
    "a name": (lambda: ("dcgan", good_discriminator()), "generator: expected a keras.Model"),
    "the builder": (
        lambda: (models.dense_generator, good_discriminator()),
        "generator: expected a keras.Model, got function. Call it first",
    ),
    "a layer": (lambda: (layers.Dense(3), good_discriminator()), "generator: expected a keras.Mod"),
    "no Input": (lambda: (without_input(), good_discriminator()), "Begin it with an Input layer"),
    "subclassed": (lambda: (Subclassed(), good_discriminator()), "Begin it with an Input layer"),
    "subclassed, called": (
        lambda: (called(Subclassed()), good_discriminator()),
        "does not say what it takes. Begin it with an Input layer, or wrap it",
    ),
    "discriminator without Input": (
        lambda: (good_generator(), keras.Sequential([layers.Flatten(), layers.Dense(1)])),
        "discriminator: .* Begin it with an Input layer",
    ),
    "swapped": (lambda: (good_discriminator(), good_generator()), "generator: expected latents"),
    "twice": (lambda: (good_generator(),) * 2, "discriminator: expected images"),
    "other images": (
        lambda: (good_generator(), models.dense_discriminator(2, image_shape=(8, 12, 1))),
        r"makes images \(8, 8, 1\), the discriminator takes \(8, 12, 1\).*same image_shape",
    ),
    "colour and grey": (
        lambda: (good_generator(), models.dense_discriminator(2, image_shape=(8, 8, 3))),
        "makes images",
    ),
    "images of two channels": (
        lambda: (
            to_images(layers.Dense(128, activation="tanh"), layers.Reshape((8, 8, 2))),
            good_discriminator(),
        ),
        "1 or 3 channels",
    ),
    "points instead of images": (
        lambda: (to_images(layers.Dense(2)), good_discriminator()),
        "generator: expected images",
    ),
    "images without channels": (
        lambda: (
            to_images(layers.Dense(64, activation="tanh"), layers.Reshape((8, 8))),
            good_discriminator(),
        ),
        "generator: expected images",
    ),
    "two outputs of the generator": (
        lambda: (two_outputs(2), good_discriminator()),
        "generator: expected one output, .* has 2",
    ),
    "two outputs of the discriminator": (
        lambda: (good_generator(), two_outputs(4)),
        "discriminator: expected one output, .* has 2",
    ),
    "two logits": (
        lambda: (good_generator(), from_images(layers.Dense(2))),
        r"one logit an image .* got \(None, 2\)",
    ),
    "a map of logits": (
        lambda: (
            good_generator(),
            keras.Sequential([layers.Input(SHAPE), layers.Conv2D(1, 3)]),
        ),
        "one logit an image",
    ),
    "nothing to train": (
        lambda: (good_generator(), frozen(good_discriminator())),
        "discriminator: .* no weights to train",
    ),
    "images as integers": (
        lambda: (good_generator(), with_input_dtype("uint8")),
        "discriminator: expected an input of floats, got uint8",
    ),
    "a shared layer": (sharing, "share a layer"),
    "does not run": (
        lambda: (
            to_images(layers.Dense(64, "tanh"), Broken(), layers.Reshape(SHAPE)),
            good_discriminator(),
        ),
        "(?s)generator: .* cannot be called: .*does not run",
    ),
    "conditional networks in a GAN": (conditional_networks, "For labels use ConditionalGAN"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_networks_that_cannot_play_are_refused(name):
    build, message = REFUSED[name]
    with pytest.raises(ValueError, match=message):
        training.GAN(*build())


def test_a_subclassed_network_can_be_wrapped():
    latents = keras.Input((LATENT_DIM,))
    network = keras.Model(latents, Subclassed()(latents))
    gan = training.GAN(network, good_discriminator())
    assert gan.generate_images(2).shape == (2, 8, 8)


def one_hot_generator():
    latents, labels = layers.Input((LATENT_DIM,)), layers.Input((3,))
    both = layers.Concatenate()([latents, labels])
    made = layers.Dense(64, activation="tanh")(both)
    return keras.Model([latents, labels], layers.Reshape(SHAPE)(made))


def encoding_generator(classes, shape=()):
    latents, labels = layers.Input((LATENT_DIM,)), layers.Input(shape, dtype="int32")
    encoded = layers.CategoryEncoding(classes, output_mode="one_hot")(labels)
    both = layers.Concatenate()([latents, layers.Flatten()(encoded)])
    made = layers.Dense(64, activation="tanh")(both)
    return keras.Model([latents, labels], layers.Reshape(SHAPE)(made))


REFUSED_WITH_LABELS = {
    "10 and 3 classes": (
        lambda: (conditional_networks(10)[0], conditional_networks(3)[1]),
        "knows 10 classes, the discriminator 3",
    ),
    "10 encoded and 3 embedded classes": (
        lambda: (encoding_generator(10), conditional_networks(3)[1]),
        "knows 10 classes, the discriminator 3",
    ),
    "plain networks": (networks, "Without labels use GAN"),
    "plain discriminator": (
        lambda: (conditional_networks()[0], good_discriminator()),
        "discriminator: .* has 1 input",
    ),
    "labels as one-hot rows": (
        lambda: (one_hot_generator(), conditional_networks(3)[1]),
        r"expected labels \(b,\) as its second input",
    ),
    "other images": (
        lambda: (conditional_networks()[0], conditional_networks(shape=(12, 8, 1))[1]),
        "makes images",
    ),
}


@pytest.mark.parametrize("name", REFUSED_WITH_LABELS)
def test_conditional_networks_that_cannot_play_are_refused(name):
    build, message = REFUSED_WITH_LABELS[name]
    with pytest.raises(ValueError, match=message):
        training.ConditionalGAN(*build())


@pytest.mark.parametrize("shape", [(), (1,)])
def test_labels_may_be_encoded(shape):
    gan = training.ConditionalGAN(encoding_generator(3, shape), conditional_networks(3)[1])
    assert gan.classes == 3
    gan.compile(run_eagerly=True)
    gan.train_step((np.zeros((2, *SHAPE), np.float32), np.array([0, 2])))


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"ema_momentum": 1.0}, r"ema_momentum: expected a number in \[0, 1\)"),
        ({"ema_momentum": -0.1}, "ema_momentum"),
        ({"ema_momentum": "0.9"}, "ema_momentum"),
        ({"ema_momentum": None}, "ema_momentum"),
        ({"ema_momentum": float("nan")}, "ema_momentum"),
        ({"ema_momentum": True}, "ema_momentum"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"seed": "0"}, "seed"),
        ({"seed": 2**40}, "seed"),
        ({"seed": True}, "seed"),
    ],
)
def test_other_arguments_are_checked(arguments, message):
    with pytest.raises(ValueError, match=message):
        training.GAN(*networks(), **arguments)


@pytest.mark.parametrize("seed", [0, np.int64(7), 2**32 - 1])
def test_seeds_of_any_size(seed):
    gan = training.GAN(*networks(), seed=seed)
    assert gan.seed == seed
    gan.draw_latents(2)
