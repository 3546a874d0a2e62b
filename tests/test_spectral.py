"""Spectral normalisation, against the singular value decomposition."""

from gan_helpers import training
from gan_helpers.models import dense_generator
from gan_helpers.spectral import SpectralNorm
import keras
from keras import layers
import numpy as np
import pytest
import tensorflow as tf

CASES = {
    "dense": (lambda: layers.Dense(5), (4, 7)),
    "convolution": (lambda: layers.Conv2D(6, 4, strides=2, padding="same"), (2, 8, 8, 3)),
}


def wrapped(case, calls=400):
    keras.utils.set_random_seed(0)
    make, shape = CASES[case]
    layer, inputs = SpectralNorm(make()), tf.random.normal(shape)
    layer.build(shape)
    for _ in range(calls):
        layer(inputs, training=True)
    return layer, inputs


def used(layer, inputs):
    """What the layer returns if its kernel is divided by the largest singular value."""
    inner = type(layer.layer).from_config(layer.layer.get_config())
    inner.build(inputs.shape)
    kernel, bias = layer.layer.get_weights()
    stretch = np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]), ord=2)
    inner.set_weights([kernel / stretch, bias])
    return inner(inputs)


@pytest.mark.parametrize("case", CASES)
def test_the_kernel_is_used_divided_by_its_largest_singular_value(case):
    layer, inputs = wrapped(case)
    layer.layer.bias.assign(np.arange(layer.layer.bias.shape[0]))
    before = layer.layer.kernel.numpy()
    for training_mode in (True, False):
        np.testing.assert_allclose(
            layer(inputs, training=training_mode), used(layer, inputs), atol=1e-5
        )
    np.testing.assert_array_equal(layer.layer.kernel, before)  # the kernel itself is left alone


def test_only_training_moves_the_direction():
    layer, inputs = wrapped("dense", calls=0)
    start = layer.direction.numpy()
    layer(inputs, training=False)
    np.testing.assert_array_equal(layer.direction, start)
    layer(inputs, training=True)
    assert np.abs(layer.direction - start).max() > 0.1


def divided_by_svd(kernel):
    """The kernel over its largest singular value, so that TensorFlow differentiates both."""
    matrix = tf.reshape(kernel.value, (-1, kernel.shape[-1]))
    return kernel.value / tf.linalg.svd(matrix, compute_uv=False)[0]


@pytest.mark.parametrize("case", CASES)
def test_the_gradient_goes_through_the_division(case):
    layer, inputs = wrapped(case)
    kernel = layer.layer.kernel
    with tf.GradientTape() as tape:
        cost = tf.reduce_sum(layer(inputs, training=False) ** 3)
    gradient = tape.gradient(cost, kernel.value).numpy()
    start = kernel.numpy()
    with tf.GradientTape() as tape:
        tape.watch(kernel.value)
        divided = divided_by_svd(kernel)
        outputs = inputs @ divided if case == "dense" else tf.nn.conv2d(inputs, divided, 2, "SAME")
        cost = tf.reduce_sum(outputs**3)
    by_svd = tape.gradient(cost, kernel.value).numpy()
    np.testing.assert_allclose(gradient, by_svd, atol=1e-3 * np.abs(by_svd).max())
    # A longer kernel is the same layer, so that the gradient is perpendicular to it.
    assert abs(np.sum(gradient * start)) < 1e-3 * np.linalg.norm(gradient) * np.linalg.norm(start)


def test_a_critic_trains_holds_and_is_saved(tmp_path):
    keras.utils.set_random_seed(0)
    stack = [layers.Input((28, 28, 1)), SpectralNorm(layers.Conv2D(4, 4, strides=4))]
    stack += [layers.LeakyReLU(0.2), layers.Flatten(), SpectralNorm(layers.Dense(1))]
    critic = keras.Sequential(stack)
    gan = training.GAN(dense_generator(4, 4), critic, seed=0, objective="hinge", r1=0.1)
    gan.compile(learning_rate=1e-2)
    images = np.random.default_rng(0).uniform(-1, 1, (64, 28, 28, 1)).astype(np.float32)
    gan.fit(images, batch_size=8, epochs=4, verbose=0)
    for layer in (critic.layers[0], critic.layers[-1]):
        kernel = layer.layer.kernel.numpy()
        stretch = np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]), ord=2)
        inner = layer.layer.get_weights()
        expected = layer(tf.ones((1, *layer.input.shape[1:])), training=False)
        layer.layer.set_weights([kernel / stretch, inner[1]])
        alone = layer.layer(tf.ones((1, *layer.input.shape[1:])))
        np.testing.assert_allclose(expected, alone, rtol=0.05, atol=1e-3)
        layer.layer.set_weights(inner)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(
        critic(images, training=False), loaded.discriminator(images, training=False)
    )


def test_a_layer_without_a_kernel_is_refused():
    with pytest.raises(ValueError, match="layer: ReLU has no kernel that could be normalised"):
        SpectralNorm(layers.ReLU()).build((None, 3))
