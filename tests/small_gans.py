"""Tiny GANs on images of 8x8, and every kind of data that ``fit`` takes, for several test files."""

import math

from gan_helpers import data, training
import keras
from keras import layers
import numpy as np
import tensorflow as tf

SHAPE = (8, 8, 1)
LATENT_DIM = 5
RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (20, 8, 8), dtype=np.uint8)
LABELS = np.arange(20) % 3
IMAGES = PIXELS[..., None].astype(np.float32) / 127.5 - 1
LATENTS = RNG.standard_normal((4, LATENT_DIM)).astype(np.float32)


def networks(shape=SHAPE):
    """One hidden layer each, since every test that trains pays for each more; two dropouts."""
    generator = [keras.Input((LATENT_DIM,)), layers.Dense(8), layers.LeakyReLU(0.2)]
    generator += [layers.Dense(math.prod(shape), activation="tanh"), layers.Reshape(shape)]
    generator = keras.Sequential(generator, name="small_generator")
    discriminator = [keras.Input(shape), layers.Flatten(), layers.Dropout(0.1)]
    discriminator += [layers.Dense(4), layers.LeakyReLU(0.2), layers.Dropout(0.3), layers.Dense(1)]
    return generator, keras.Sequential(discriminator, name="small_discriminator")


def conditional_networks(classes=3, shape=SHAPE):
    """The same with labels, without dropout; the discriminator's is a projection, as in 04."""
    latents, labels = keras.Input((LATENT_DIM,)), keras.Input((), dtype="int32")
    x = layers.Concatenate()([latents, layers.Embedding(classes, 4)(labels)])
    x = layers.Dense(math.prod(shape), activation="tanh")(layers.LeakyReLU(0.2)(layers.Dense(8)(x)))
    generator = keras.Model([latents, labels], layers.Reshape(shape)(x))
    images, labels = keras.Input(shape), keras.Input((), dtype="int32")
    features = layers.LeakyReLU(0.2)(layers.Dense(4)(layers.Flatten()(images)))
    agreement = layers.Dot(axes=1)([features, layers.Embedding(classes, 4)(labels)])
    logits = layers.Add()([layers.Dense(1)(features), agreement])
    return generator, keras.Model([images, labels], logits)


def small_gan(kind=training.GAN, seed=0, build=networks, compiled=True, **kwargs):
    """A GAN of small networks, compiled unless it is said not to be."""
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
