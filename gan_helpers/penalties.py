"""Penalties on the slopes of a discriminator, for ``GAN`` or a train step of your own.

The slope at an image is the length of the gradient of its logit by its pixels, in logits for each
unit of a pixel's value; images in [-1, 1] make it half of what images in [0, 1] do. A penalty is a
scalar, without the strength that it is multiplied by, from

- ``discriminate``: a function from images ``(b, h, w, c)`` to logits ``(b, 1)``, such as
  ``lambda images: discriminator(images, training=True)``;
- ``real_images`` and ``fake_images``: float tensors ``(b, h, w, c)``; points ``(b, d)`` do as well.

Call it inside the tape that the discriminator learns from. The penalty differentiates by the images
on a tape of its own, and the outer tape has to see that, to differentiate the result by the
weights: without it, or behind ``stop_gradient``, a penalty is only a number in the log.
"""

from gan_helpers import _checks
import keras
from keras import ops

if keras.backend.backend() != "tensorflow":
    raise ImportError(_checks.wrong_backend())

from gan_helpers import _distributed
import tensorflow as tf

TINY = 1e-12  # a square of a slope: sqrt has no derivative at 0, 0 / 0 would be NaN


def squared_slopes(discriminate, images):
    """The squared slope at each image: a float tensor ``(b,)``.

    Logits must not look at other images of the batch: with batch normalisation in the
    discriminator, the gradient by one image holds what it does to the logits of all.

    Raises:
        ValueError: the logits do not depend on the images.
    """
    images = ops.cast(images, keras.config.floatx())  # half precision is too coarse for squares
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = discriminate(images)
    gradients = tape.gradient(logits, images)
    if gradients is None:
        raise ValueError(
            "discriminate: its logits do not depend on the images that it is given. Does it look "
            "at other ones?"
        )
    return ops.sum(ops.square(gradients), axis=tuple(range(1, len(images.shape))))


def r1(discriminate, real_images, fake_images):
    """Half of the mean squared slope at real images (Mescheder et al. 2018, equation 9).

    For data that the generator meets exactly, the slope is 0 in the optimum: R1 lets the game come
    to rest there. A linear critic ``w·x`` has w²/2.
    """
    return ops.mean(squared_slopes(discriminate, real_images)) / 2


def r2(discriminate, real_images, fake_images):
    """Half of the mean squared slope at generated images (Mescheder et al. 2018, equation 10)."""
    return ops.mean(squared_slopes(discriminate, fake_images)) / 2


def gradient_penalty(discriminate, real_images, fake_images, seed=None):
    """Mean of ``(slope - 1)²`` between real and generated images (Gulrajani et al. 2017, eq. 3).

    Of each pair, one place on the straight line from the real image to the generated one is drawn,
    uniform in [0, 1) and anew for each pair. The best critic of the Wasserstein objective has
    slope 1 there (proposition 1). A linear critic ``w·x`` has (|w| - 1)².

    Args:
        discriminate, real_images, fake_images: as above.
        seed: ``int`` or ``keras.random.SeedGenerator`` of the places.
    """
    real_images, fake_images = (
        ops.cast(images, keras.config.floatx()) for images in (real_images, fake_images)
    )
    axes = (1,) * (len(real_images.shape) - 1)

    def draw(rows):
        return keras.random.uniform((rows, *axes), seed=seed)

    share = _distributed.own_rows(draw, ops.shape(real_images)[0])  # (b, 1, 1, 1)
    between = share * fake_images + (1 - share) * real_images
    slopes = ops.sqrt(squared_slopes(discriminate, between) + TINY)
    return ops.mean(ops.square(slopes - 1))


def check_strengths(discriminator, r1, r2, gradient_penalty):
    """Return the strengths of the three penalties as ``float``.

    Raises:
        ValueError: not a number of at least 0; a gradient penalty that works against another one,
            or that batch normalisation makes meaningless.
    """
    given = {"r1": r1, "r2": r2, "gradient_penalty": gradient_penalty}
    strengths = {name: _checks.check_number(name, value) for name, value in given.items()}
    for name, strength in strengths.items():
        if strength < 0:
            raise ValueError(f"{name}: expected a number of at least 0, got {given[name]}.")
    if strengths["gradient_penalty"] and (strengths["r1"] or strengths["r2"]):
        raise ValueError(
            "gradient_penalty: it pulls slopes to 1, r1 and r2 pull them to 0. Take one or the "
            "other."
        )
    layers = _checks.layers_of(discriminator) if strengths["gradient_penalty"] else ()
    if any(isinstance(layer, keras.layers.BatchNormalization) for layer in layers):
        raise ValueError(
            f"gradient_penalty: {discriminator.name!r} has batch normalisation, which makes the "
            "slope of one image a matter of the whole batch. Build it without, or with "
            "keras.layers.LayerNormalization (Gulrajani et al. 2017, section 4)."
        )
    return list(strengths.values())
