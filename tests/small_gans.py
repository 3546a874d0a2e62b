"""Tiny GANs on images of 8x8, and every kind of data that ``fit`` takes, for several test files."""

from gan_helpers import data, models, training
import keras
import numpy as np
import tensorflow as tf

SHAPE = (8, 8, 1)
LATENT_DIM = 5
RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (20, 8, 8), dtype=np.uint8)
LABELS = np.arange(20) % 3
IMAGES = PIXELS[..., None].astype(np.float32) / 127.5 - 1
LATENTS = RNG.standard_normal((4, LATENT_DIM)).astype(np.float32)


def networks(shape=SHAPE, width=4):
    return (
        models.dense_generator(LATENT_DIM, width, image_shape=shape),
        models.dense_discriminator(width, image_shape=shape),
    )


def conditional_networks(classes=3, shape=SHAPE):
    return (
        models.conditional_generator(LATENT_DIM, classes, width=2, image_shape=shape),
        models.conditional_discriminator(classes, width=2, image_shape=shape),
    )


def small_gan(kind=training.GAN, seed=0, build=networks, compiled=True, **kwargs):
    """A GAN of dense networks, with dropout in the discriminator."""
    keras.utils.set_random_seed(seed)
    gan = kind(*build(), seed=seed, **kwargs)
    if compiled:
        gan.compile(learning_rate=1e-2)
    return gan


def conditional_gan(classes=3, seed=0):
    return small_gan(training.ConditionalGAN, seed, lambda: conditional_networks(classes))


def batches(batch_size=4, seed=0, labels=None):
    return data.Batches(PIXELS, batch_size, seed, labels)


class OwnBatches(keras.utils.PyDataset):
    """A user's own ``PyDataset``: five batches, always the same."""

    def __init__(self, images=IMAGES, size=4, **kwargs):
        super().__init__(**kwargs)
        self.images, self.size = images, size

    def __len__(self):
        return len(self.images) // self.size

    def __getitem__(self, index):
        return (self.images[index * self.size : (index + 1) * self.size],)


def tf_batches(images=IMAGES, size=4, shuffled=True):
    made = tf.data.Dataset.from_tensor_slices(images)
    if shuffled:
        made = made.shuffle(len(images), seed=3)
    return made.batch(size, drop_remainder=True)


def generator_of_batches(images=IMAGES, size=4):
    """Batches without end, each other than the one before."""
    rng = np.random.default_rng(1)
    while True:
        yield images[rng.integers(0, len(images), size)]


def weights_of(model):
    return [weight.copy() for weight in model.get_weights()]


def largest_difference(model, weights):
    pairs = zip(model.get_weights(), weights, strict=True)
    return max(np.abs(one - other).max() for one, other in pairs)
