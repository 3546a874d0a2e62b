"""One function for each network of the series. Discriminators end in logits, generators in tanh.

Every generator maps latents ``(b, latent_dim)``, drawn from a standard normal, to images
``(b, height, width, channels)`` in [-1, 1]; every discriminator maps such images to logits
``(b, 1)``, large where the image looks real. The conditional ones take the labels ``(b,)`` as a
second input. ``image_shape`` is ``(height, width, channels)``: multiples of 4, at least 8, with 1
channel (grey) or 3 (colour). The docstrings give the grids of 28x28 images: 7x7 is a quarter of the
image's height and width, 14x14 half of them.
All raise ``ValueError`` for a size that is not a whole number from 1 to 16,384, and for an image
shape that is not as described.
"""

import math

from gan_helpers import _moved
from gan_helpers._checks import check_number
from gan_helpers.data import check_count, check_image_shape
import keras
from keras import layers, ops

IMAGE_SHAPE = (28, 28, 1)
LARGEST_SIZE = 16_384  # beyond it lies a typing error, and more memory than a laptop has


def _sizes(**sizes):
    return [check_count(name, size, most=LARGEST_SIZE) for name, size in sizes.items()]


def _first_grid(image_shape, width):
    """Where a convolutional generator starts: a quarter of the image, ``2 width`` channels."""
    return image_shape[0] // 4, image_shape[1] // 4, 2 * width


def dense_generator(latent_dim=100, width=256, image_shape=IMAGE_SHAPE):
    """Three hidden dense layers of ``width``, ``2 width`` and ``4 width`` units.

    The fully connected generator of Goodfellow et al. (2014), with LeakyReLU in place of ReLU.
    """
    latent_dim, width = _sizes(latent_dim=latent_dim, width=width)
    image_shape = check_image_shape(image_shape)
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(width),
            layers.LeakyReLU(0.2),
            layers.Dense(2 * width),
            layers.LeakyReLU(0.2),
            layers.Dense(4 * width),
            layers.LeakyReLU(0.2),
            layers.Dense(math.prod(image_shape), activation="tanh"),
            layers.Reshape(image_shape),
        ],
        name="dense_generator",
    )


def _check_dropout(dropout):
    dropout = check_number("dropout", dropout)
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout: expected a number in [0, 1), got {dropout}.")
    return dropout


def dense_discriminator(width=256, image_shape=IMAGE_SHAPE, dropout=0.3):
    """Two hidden dense layers of ``2 width`` and ``width`` units, each with dropout.

    ``dropout`` is the share of units that are left out in training, in [0, 1). With the R1 penalty,
    which keeps a discriminator in check by other means, 0 gave the better images.
    """
    [width] = _sizes(width=width)
    image_shape, dropout = check_image_shape(image_shape), _check_dropout(dropout)
    return keras.Sequential(
        [
            layers.Input(image_shape),
            layers.Flatten(),
            layers.Dense(2 * width),
            layers.LeakyReLU(0.2),
            layers.Dropout(dropout),
            layers.Dense(width),
            layers.LeakyReLU(0.2),
            layers.Dropout(dropout),
            layers.Dense(1),
        ],
        name="dense_discriminator",
    )


def dcgan_generator(latent_dim=100, width=64, image_shape=IMAGE_SHAPE):
    """The tutorials' DCGAN generator: 7x7 to 14x14 to 28x28 by two transposed convolutions.

    After Radford, Metz and Chintala (2016), section 3, cut down to small images: ``2 width``
    channels at 7x7, ``width`` at 14x14, kernels 5x5, batch normalisation and ReLU between.
    """
    latent_dim, width = _sizes(latent_dim=latent_dim, width=width)
    image_shape = check_image_shape(image_shape)
    grid, channels = _first_grid(image_shape, width), image_shape[-1]
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(math.prod(grid)),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape(grid),
            layers.Conv2DTranspose(width, 5, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(channels, 5, strides=2, padding="same", activation="tanh"),
        ],
        name="dcgan_generator",
    )


def dcgan_discriminator(width=64, image_shape=IMAGE_SHAPE, dropout=0.3):
    """The tutorials' DCGAN discriminator: two 5x5 convolutions of stride 2, each with dropout.

    ``width`` channels at 14x14, ``2 width`` at 7x7, LeakyReLU 0.2 (Radford, Metz and Chintala
    2016, section 3). As in TensorFlow's tutorial, dropout stands where the paper has batch
    normalisation, and the initial weights are Keras' own. ``dropout`` as in
    ``dense_discriminator``.
    """
    [width] = _sizes(width=width)
    image_shape, dropout = check_image_shape(image_shape), _check_dropout(dropout)
    return keras.Sequential(
        [
            layers.Input(image_shape),
            layers.Conv2D(width, 5, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Dropout(dropout),
            layers.Conv2D(2 * width, 5, strides=2, padding="same"),
            layers.LeakyReLU(0.2),
            layers.Dropout(dropout),
            layers.Flatten(),
            layers.Dense(1),
        ],
        name="dcgan_discriminator",
    )


# he_normal keeps the variance of the signal through ReLU layers (He et al. 2015, section 2.2). A
# bias before a batch normalisation would be subtracted again (Ioffe and Szegedy 2015, section 3.2).
CONV_BEFORE_NORM = {"use_bias": False, "kernel_initializer": "he_normal"}


def norm_relu(x):
    """Batch normalisation, then ReLU."""
    return layers.ReLU()(layers.BatchNormalization()(x))


def _upsample(x, width, channels):
    """From a grid of ``2 width`` channels to an image four times as high and wide.

    The layers of the improved and the conditional generator. A 4x4 kernel is a multiple of the
    stride 2, so that every output pixel is written equally often (Odena, Dumoulin and Olah 2016).
    """
    shared = CONV_BEFORE_NORM | {"padding": "same"}
    x = norm_relu(layers.Conv2D(2 * width, 3, **shared)(x))
    x = norm_relu(layers.Conv2D(width, 3, **shared)(x))
    x = norm_relu(layers.Conv2DTranspose(width, 4, strides=2, **shared)(x))
    x = norm_relu(layers.Conv2DTranspose(max(width // 2, 1), 4, strides=2, **shared)(x))
    return layers.Conv2D(channels, 3, padding="same", activation="tanh")(x)


def _downsample(x, width):
    """From an image to features: three 4x4 convolutions of stride 2, then flat.

    28x28 ends as 4x4 with ``4 width`` channels: half of 7 is rounded up. Batch normalisation stands
    after the second and the third (Radford, Metz and Chintala 2016, section 3: none at the
    discriminator's input).
    """
    x = layers.Conv2D(width, 4, strides=2, padding="same", kernel_initializer="he_normal")(x)
    x = layers.LeakyReLU(0.2)(x)
    for channels in (2 * width, 4 * width):
        x = layers.Conv2D(channels, 4, strides=2, padding="same", **CONV_BEFORE_NORM)(x)
        x = layers.BatchNormalization()(x)
        x = layers.LeakyReLU(0.2)(x)
    return layers.Flatten()(x)


def improved_dcgan_generator(latent_dim=100, width=64, hidden=256, image_shape=IMAGE_SHAPE):
    """A deeper DCGAN generator: ``he_normal``, no biases before batch normalisation.

    A hidden dense layer of ``hidden`` units (none if 0), ``2 width`` channels at 7x7, two 3x3
    convolutions (``2 width``, ``width``), two 4x4 transposed convolutions of stride 2 (``width``,
    ``width / 2``), and a 3x3 convolution to the channels of an image.
    """
    latent_dim, width = _sizes(latent_dim=latent_dim, width=width)
    hidden = check_count("hidden", hidden, least=0, most=LARGEST_SIZE)
    image_shape = check_image_shape(image_shape)
    grid = _first_grid(image_shape, width)
    latents = keras.Input((latent_dim,))
    x = norm_relu(layers.Dense(hidden, **CONV_BEFORE_NORM)(latents)) if hidden else latents
    x = norm_relu(layers.Dense(math.prod(grid), **CONV_BEFORE_NORM)(x))
    images = _upsample(layers.Reshape(grid)(x), width, image_shape[-1])
    return keras.Model(latents, images, name="improved_dcgan_generator")


def improved_dcgan_discriminator(width=64, image_shape=IMAGE_SHAPE):
    """Three 4x4 convolutions of stride 2: ``width``, ``2 width`` and ``4 width`` channels."""
    [width] = _sizes(width=width)
    image_shape = check_image_shape(image_shape)
    images = keras.Input(image_shape)
    logits = layers.Dense(1)(_downsample(images, width))
    return keras.Model(images, logits, name="improved_dcgan_discriminator")


def conditional_generator(
    latent_dim=100, classes=10, width=64, embedding_dim=50, image_shape=IMAGE_SHAPE
):
    """The improved generator, fed with the latents and an embedding of the label.

    Mirza and Osindero (2014), section 3; the embedding stands in place of their one-hot vector.
    There is no hidden dense layer, and the first batch normalisation is over whole channels: mixed
    earlier, or normalised unit by unit, the label drowned the latents in our trials.
    Inputs: ``[latents (b, latent_dim) float32, labels (b,) int32]``.
    """
    latent_dim, classes, width, embedding_dim = _sizes(
        latent_dim=latent_dim, classes=classes, width=width, embedding_dim=embedding_dim
    )
    image_shape = check_image_shape(image_shape)
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    embedded = layers.Embedding(classes, embedding_dim)(labels)
    x = layers.Concatenate()([latents, embedded])
    grid = _first_grid(image_shape, width)
    x = layers.Reshape(grid)(layers.Dense(math.prod(grid), **CONV_BEFORE_NORM)(x))
    images = _upsample(norm_relu(x), width, image_shape[-1])
    return keras.Model([latents, labels], images, name="conditional_generator")


@keras.saving.register_keras_serializable("gan_helpers")
class MinibatchDeviation(layers.Layer):
    """Appends to features ``(b, d)`` one column: how much they vary over the batch.

    The standard deviation of each feature over the batch, averaged to one number that is the same
    for every sample (Karras et al. 2018, section 3). The layer has no weights.
    """

    def call(self, features):
        variances = ops.var(features, axis=0)
        deviation = ops.mean(ops.sqrt(variances + 1e-8))  # at 0 the root has an infinite slope
        return ops.concatenate([features, ops.zeros_like(features[:, :1]) + deviation], axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[1] + 1)


def conditional_discriminator(
    classes=10, width=64, image_shape=IMAGE_SHAPE, minibatch_deviation=False
):
    """The improved discriminator; the label enters at the end, as a projection.

    The logit is ``v . f(x) + e(y) . f(x) + c``: a judgement of the image alone, plus how well its
    features agree with a learned vector of the class (Miyato and Koyama 2018, equation 4).
    Inputs: ``[images (b, height, width, channels) float32, labels (b,) int32]``. With
    ``minibatch_deviation``, a ``MinibatchDeviation`` stands behind the features.
    """
    classes, width = _sizes(classes=classes, width=width)
    image_shape = check_image_shape(image_shape)
    images = keras.Input(image_shape)
    labels = keras.Input((), dtype="int32")
    features = _downsample(images, width)
    if minibatch_deviation:
        features = MinibatchDeviation()(features)
    directions = layers.Embedding(classes, features.shape[-1])(labels)
    agreement = layers.Dot(axes=1)([features, directions])
    logits = layers.Add()([layers.Dense(1)(features), agreement])
    return keras.Model([images, labels], logits, name="conditional_discriminator")


def residual_block(x, dropout=0.0):
    """``x``, plus what two 3x3 convolutions add to it: same shape, a path around for gradients.

    Batch normalisation and ReLU stand before each convolution (He et al. 2016, "Identity Mappings
    in Deep Residual Networks", figure 4e), dropout between the two (Zagoruyko and Komodakis 2016,
    section 2.4). The second convolution starts at zero, and so the block as the identity (Zhang,
    Dauphin and Ma 2019, section 3).
    """
    width = x.shape[-1]
    y = layers.Conv2D(width, 3, padding="same", **CONV_BEFORE_NORM)(norm_relu(x))
    y = layers.Dropout(dropout)(norm_relu(y))
    y = layers.Conv2D(width, 3, padding="same", kernel_initializer="zeros")(y)
    return layers.Add()([x, y])


def residual_generator(
    latent_dim=246, classes=10, width=32, blocks=1, dropout=0.0, image_shape=IMAGE_SHAPE
):
    """Latents and a one-hot label side by side, then residual blocks between two upsamplings.

    A linear layer to 7x7 with ``2 width`` channels and ``blocks`` residual blocks; a 4x4 transposed
    convolution of stride 2 to 14x14 with ``width``, and as many blocks; another to 28x28 with
    ``width / 2``, and a 3x3 convolution to the image. ``dropout`` is the share of activations in
    the blocks that are left out in training, in [0, 1). The label is one-hot, as in Mirza and
    Osindero (2014), section 4.1.
    Inputs: ``[latents (b, latent_dim) float32, labels (b,) int32]``.
    """
    latent_dim, classes, width, blocks = _sizes(
        latent_dim=latent_dim, classes=classes, width=width, blocks=blocks
    )
    image_shape, dropout = check_image_shape(image_shape), _check_dropout(dropout)
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    one_hot = layers.CategoryEncoding(classes, output_mode="one_hot")(labels)
    grid = _first_grid(image_shape, width)
    x = layers.Dense(math.prod(grid))(layers.Concatenate()([latents, one_hot]))
    x = layers.Reshape(grid)(x)
    for channels in (width, max(width // 2, 1)):
        for _ in range(blocks):
            x = residual_block(x, dropout)
        x = layers.Conv2DTranspose(channels, 4, strides=2, padding="same")(x)
    x = norm_relu(x)
    images = layers.Conv2D(image_shape[-1], 3, padding="same", activation="tanh")(x)
    return keras.Model([latents, labels], images, name="residual_generator")


def residual_discriminator(classes=10, width=32, hidden=256, dropout=0.3, image_shape=IMAGE_SHAPE):
    """Three strided 4x4 convolutions, a dense head, and one opinion for each class.

    ``width``, ``2 width`` and ``4 width`` channels and a hidden layer of ``hidden`` units, all with
    LeakyReLU and dropout, none normalised. The head has a judgement of the image alone and one for
    each class, of which the one-hot label picks its own: the sum is the logit. That is the
    projection of Miyato and Koyama (2018), equation 4. With the label beside the features, before
    the hidden layer, labels were obeyed three times later in our trials. ``dropout`` as in
    ``dense_discriminator``.
    Inputs: ``[images (b, height, width, channels) float32, labels (b,) int32]``.
    """
    classes, width, hidden = _sizes(classes=classes, width=width, hidden=hidden)
    image_shape, dropout = check_image_shape(image_shape), _check_dropout(dropout)
    x = images = keras.Input(image_shape)
    labels = keras.Input((), dtype="int32")
    for channels in (width, 2 * width, 4 * width):
        x = layers.Conv2D(channels, 4, strides=2, padding="same", kernel_initializer="he_normal")(x)
        x = layers.Dropout(dropout)(layers.LeakyReLU(0.2)(x))
    x = layers.Dense(hidden, kernel_initializer="he_normal")(layers.Flatten()(x))
    x = layers.Dropout(dropout)(layers.LeakyReLU(0.2)(x))
    one_hot = layers.CategoryEncoding(classes, output_mode="one_hot")(labels)
    opinions = layers.Dense(classes, use_bias=False)(x)
    picked = layers.Dot(axes=1)([opinions, one_hot])
    logits = layers.Add()([layers.Dense(1)(x), picked])
    return keras.Model([images, labels], logits, name="residual_discriminator")


def critic(width=64, image_shape=IMAGE_SHAPE):
    """The improved discriminator without normalisation, so that every penalty may be used.

    Three 4x4 convolutions of stride 2 with ``width``, ``2 width`` and ``4 width`` channels, biases
    and LeakyReLU 0.2, and one dense layer. Notebook 09 compares what keeps it in check.
    """
    [width] = _sizes(width=width)
    x = images = keras.Input(check_image_shape(image_shape))
    for channels in (width, 2 * width, 4 * width):
        x = layers.Conv2D(channels, 4, strides=2, padding="same", kernel_initializer="he_normal")(x)
        x = layers.LeakyReLU(0.2)(x)
    return keras.Model(images, layers.Dense(1)(layers.Flatten()(x)), name="critic")


def _gentle_block(x):
    """``x``, plus what two 3x3 convolutions add to it, with LeakyReLU and without normalisation.

    The second convolution starts at zero, so that a deep network starts as a shallow one and needs
    no normalisation (Zhang, Dauphin and Ma 2019, section 3; Huang et al. 2024, section 3.2).
    """
    convolution = {"filters": x.shape[-1], "kernel_size": 3, "padding": "same"}
    y = layers.Conv2D(**convolution, kernel_initializer="he_normal")(layers.LeakyReLU(0.2)(x))
    y = layers.Conv2D(**convolution, kernel_initializer="zeros")(layers.LeakyReLU(0.2)(y))
    return layers.Add()([x, y])


def modern_generator(latent_dim=100, width=32, image_shape=IMAGE_SHAPE):
    """Residual blocks without any normalisation: 7x7 to 14x14 to 28x28.

    After R3GAN (Huang et al. 2024, section 3.2), cut down to small images: ``2 width`` channels and
    a block at 7x7, ``width`` and a block at 14x14; between them a 1x1 convolution changes the
    channels, and each pixel is repeated two by two. A 4x4 transposed convolution of stride 2 makes
    the image: blocks at 28x28 would take most of the time. Theirs have three
    convolutions in a block, the middle one in groups, and smooth interpolation.
    """
    latent_dim, width = _sizes(latent_dim=latent_dim, width=width)
    image_shape = check_image_shape(image_shape)
    grid = _first_grid(image_shape, width)
    latents = keras.Input((latent_dim,))
    x = layers.Reshape(grid)(layers.Dense(math.prod(grid))(latents))
    x = layers.Conv2D(width, 1)(_gentle_block(x))
    x = _gentle_block(layers.UpSampling2D(2)(x))
    images = layers.Conv2DTranspose(
        image_shape[-1], 4, strides=2, padding="same", activation="tanh"
    )(layers.LeakyReLU(0.2)(x))
    return keras.Model(latents, images, name="modern_generator")


def modern_discriminator(width=32, image_shape=IMAGE_SHAPE):
    """The modern generator's blocks in reverse order; pixels are averaged two by two.

    After R3GAN (Huang et al. 2024, section 3.2): a 4x4 convolution of stride 2, ``width`` channels
    and a block at 14x14, ``2 width`` and a block at 7x7. There is no normalisation anywhere, so
    every penalty may be used.
    """
    [width] = _sizes(width=width)
    images = keras.Input(check_image_shape(image_shape))
    x = layers.Conv2D(width, 4, strides=2, padding="same", kernel_initializer="he_normal")(images)
    x = layers.Conv2D(2 * width, 1)(_gentle_block(x))
    x = _gentle_block(layers.AveragePooling2D(2)(x))
    logits = layers.Dense(1)(layers.Flatten()(layers.LeakyReLU(0.2)(x)))
    return keras.Model(images, logits, name="modern_discriminator")


def __getattr__(name):
    return _moved.find("models", name)
