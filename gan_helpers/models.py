"""One function for each network of the series. Discriminators end in logits, generators in tanh.

Every generator maps latents ``(b, latent_dim)``, drawn from a standard normal, to images
``(b, 28, 28, 1)`` in [-1, 1]; every discriminator maps such images to logits ``(b, 1)``, large
where the image looks real. The conditional ones take the labels ``(b,)`` as a second input.
All raise ``ValueError`` for a size below 1.
"""

from gan_helpers.data import check_labels, to_unit_range
import keras
from keras import layers
import numpy as np

IMAGE_SHAPE = (28, 28, 1)


def _check_sizes(**sizes):
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name}: expected at least 1, got {size}.")


def dense_generator(latent_dim=100, width=256):
    """Three hidden dense layers of ``width``, ``2 width`` and ``4 width`` units.

    The fully connected generator of Goodfellow et al. (2014), with LeakyReLU in place of ReLU.
    """
    _check_sizes(latent_dim=latent_dim, width=width)
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(width),
            layers.LeakyReLU(0.2),
            layers.Dense(2 * width),
            layers.LeakyReLU(0.2),
            layers.Dense(4 * width),
            layers.LeakyReLU(0.2),
            layers.Dense(28 * 28, activation="tanh"),
            layers.Reshape(IMAGE_SHAPE),
        ],
        name="dense_generator",
    )


def dense_discriminator(width=256):
    """Two hidden dense layers of ``2 width`` and ``width`` units, with dropout 0.3."""
    _check_sizes(width=width)
    return keras.Sequential(
        [
            layers.Input(IMAGE_SHAPE),
            layers.Flatten(),
            layers.Dense(2 * width),
            layers.LeakyReLU(0.2),
            layers.Dropout(0.3),
            layers.Dense(width),
            layers.LeakyReLU(0.2),
            layers.Dropout(0.3),
            layers.Dense(1),
        ],
        name="dense_discriminator",
    )


def dcgan_generator(latent_dim=100, width=64):
    """The classic DCGAN generator: 7x7 to 14x14 to 28x28 by two transposed convolutions.

    After Radford, Metz and Chintala (2016), section 3, cut down to 28x28: ``2 width`` channels at
    7x7, ``width`` at 14x14, kernels 5x5, batch normalisation and ReLU between.
    """
    _check_sizes(latent_dim=latent_dim, width=width)
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(7 * 7 * 2 * width),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape((7, 7, 2 * width)),
            layers.Conv2DTranspose(width, 5, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, 5, strides=2, padding="same", activation="tanh"),
        ],
        name="dcgan_generator",
    )


def dcgan_discriminator(width=64):
    """The classic DCGAN discriminator: two 5x5 convolutions of stride 2, dropout 0.3.

    ``width`` channels at 14x14, ``2 width`` at 7x7, LeakyReLU 0.2 (Radford, Metz and Chintala
    2016, section 3); dropout stands where the paper has batch normalisation.
    """
    _check_sizes(width=width)
    return keras.Sequential(
        [
            layers.Input(IMAGE_SHAPE),
            layers.Conv2D(width, 5, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Dropout(0.3),
            layers.Conv2D(2 * width, 5, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ],
        name="dcgan_discriminator",
    )


HE_NORMAL = {"use_bias": False, "kernel_initializer": "he_normal"}


def _normalised(x):
    return layers.ReLU()(layers.BatchNormalization()(x))


def _upsample(x, width):
    """From ``(b, 7, 7, 2 width)`` to an image: the improved and the conditional generator's layers.

    ``he_normal`` keeps the variance of the signal through ReLU layers (He et al. 2015, section
    2.2). No bias stands before a batch normalisation, which would subtract it again (Ioffe and
    Szegedy 2015, section 3.2). A 4x4 kernel is a multiple of the stride 2, so that every output
    pixel is written equally often (Odena, Dumoulin and Olah 2016).
    """
    shared = HE_NORMAL | {"padding": "same"}
    x = _normalised(layers.Conv2D(2 * width, 3, **shared)(x))
    x = _normalised(layers.Conv2D(width, 3, **shared)(x))
    x = _normalised(layers.Conv2DTranspose(width, 4, strides=2, **shared)(x))
    x = _normalised(layers.Conv2DTranspose(max(width // 2, 1), 4, strides=2, **shared)(x))
    return layers.Conv2D(1, 3, padding="same", activation="tanh")(x)


def _downsample(x, width):
    """From an image to ``(b, 4*4*4 width)`` features: three 4x4 convolutions of stride 2.

    Batch normalisation stands after the second and the third (Radford, Metz and Chintala 2016,
    section 3: none at the discriminator's input).
    """
    x = layers.Conv2D(width, 4, strides=2, padding="same", kernel_initializer="he_normal")(x)
    x = layers.LeakyReLU(0.2)(x)
    for channels in (2 * width, 4 * width):
        x = layers.Conv2D(
            channels,
            4,
            strides=2,
            padding="same",
            use_bias=False,
            kernel_initializer="he_normal",
        )(x)
        x = layers.BatchNormalization()(x)
        x = layers.LeakyReLU(0.2)(x)
    return layers.Flatten()(x)


def improved_dcgan_generator(latent_dim=100, width=64, hidden=256):
    """A deeper DCGAN generator: ``he_normal``, no biases before batch normalisation.

    A hidden dense layer of ``hidden`` units (none if 0), ``2 width`` channels at 7x7, two 3x3
    convolutions (``2 width``, ``width``), two 4x4 transposed convolutions of stride 2 (``width``,
    ``width / 2``), and a 3x3 convolution to one channel.
    """
    _check_sizes(latent_dim=latent_dim, width=width)
    latents = keras.Input((latent_dim,))
    x = _normalised(layers.Dense(hidden, **HE_NORMAL)(latents)) if hidden else latents
    x = _normalised(layers.Dense(7 * 7 * 2 * width, **HE_NORMAL)(x))
    x = layers.Reshape((7, 7, 2 * width))(x)
    return keras.Model(latents, _upsample(x, width), name="improved_dcgan_generator")


def improved_dcgan_discriminator(width=64):
    """Three 4x4 convolutions of stride 2: ``width``, ``2 width`` and ``4 width`` channels."""
    _check_sizes(width=width)
    images = keras.Input(IMAGE_SHAPE)
    logits = layers.Dense(1)(_downsample(images, width))
    return keras.Model(images, logits, name="improved_dcgan_discriminator")


def conditional_generator(latent_dim=100, classes=10, width=64, embedding_dim=50):
    """The improved generator, fed with the latents and an embedding of the label.

    Mirza and Osindero (2014), section 3; the embedding stands in place of their one-hot vector.
    There is no hidden dense layer, and the first batch normalisation is over whole channels: mixed
    earlier, or normalised unit by unit, the label drowned the latents in our trials.
    Inputs: ``[latents (b, latent_dim) float32, labels (b,) int32]``.
    """
    _check_sizes(latent_dim=latent_dim, classes=classes, width=width, embedding_dim=embedding_dim)
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    embedded = layers.Embedding(classes, embedding_dim)(labels)
    x = layers.Concatenate()([latents, embedded])
    x = layers.Reshape((7, 7, 2 * width))(layers.Dense(7 * 7 * 2 * width, **HE_NORMAL)(x))
    images = _upsample(_normalised(x), width)
    return keras.Model([latents, labels], images, name="conditional_generator")


def conditional_discriminator(classes=10, width=64):
    """The improved discriminator; the label enters at the end, as a projection.

    The logit is ``v . f(x) + e(y) . f(x) + c``: a judgement of the image alone, plus how well its
    features agree with a learned vector of the class (Miyato and Koyama 2018, equation 4).
    Inputs: ``[images (b, 28, 28, 1) float32, labels (b,) int32]``.
    """
    _check_sizes(classes=classes, width=width)
    images = keras.Input(IMAGE_SHAPE)
    labels = keras.Input((), dtype="int32")
    features = _downsample(images, width)
    directions = layers.Embedding(classes, features.shape[-1])(labels)
    agreement = layers.Dot(axes=1)([features, directions])
    logits = layers.Add()([layers.Dense(1)(features), agreement])
    return keras.Model([images, labels], logits, name="conditional_discriminator")


def join_labels(inputs, labels):
    """What a network of the series is called with: the inputs alone or, with labels, the pair."""
    return inputs if labels is None else [inputs, labels]


def images_from_latents(generator, latents, labels=None, batch_size=250):
    """Run a generator, in inference mode and in pieces, and scale its images for showing.

    Args:
        generator: any generator of the series; which one (raw or averaged) is the caller's choice.
        latents: ``(n, latent_dim)``.
        labels: integers ``(n,)`` for a conditional generator, else ``None``.
        batch_size: images made at a time, which bounds the memory.

    Returns:
        ``float32`` array ``(n, 28, 28)`` in [0, 1].

    Raises:
        ValueError: latents of another shape; labels missing, out of range, or not asked for.
    """
    latents = np.asarray(latents, np.float32)
    latent_dim = generator.inputs[0].shape[-1]
    if latents.ndim != 2 or latents.shape[1] != latent_dim or len(latents) == 0:
        raise ValueError(f"latents: expected shape (n, {latent_dim}), got {latents.shape}.")
    conditional = len(generator.inputs) == 2
    if conditional != (labels is not None):
        raise ValueError(
            "This generator is conditional: say what to make with labels=..."
            if conditional
            else "This generator takes no labels: it cannot choose what it makes."
        )
    if conditional:
        check_labels(labels, len(latents), classes=number_of_classes(generator))
        labels = np.asarray(labels, np.int32)
    pieces = []
    for start in range(0, len(latents), batch_size):
        piece = slice(start, start + batch_size)
        inputs = join_labels(latents[piece], labels[piece] if conditional else None)
        pieces.append(to_unit_range(generator(inputs, training=False)))
    return np.concatenate(pieces)


def number_of_classes(conditional_generator):
    """How many classes the label embedding of a conditional generator knows."""
    embeddings = [
        layer for layer in conditional_generator.layers if isinstance(layer, keras.layers.Embedding)
    ]
    return embeddings[0].input_dim


def draw_images(generator, count, seed=0):
    """Make images from latents of one seed; a conditional generator makes as many of each class.

    Args:
        generator: any generator of the series.
        count: how many, at least 1.
        seed: ``int`` of the latents.

    Returns:
        Images ``float32`` ``(count, 28, 28)`` in [0, 1], and the labels ``int`` ``(count,)`` that
        were asked for, or ``None``.
    """
    latents = np.random.default_rng(seed).standard_normal((count, generator.inputs[0].shape[-1]))
    conditional = len(generator.inputs) == 2
    labels = np.arange(count) % number_of_classes(generator) if conditional else None
    return images_from_latents(generator, latents, labels), labels
