"""Objectives of generator and discriminator. They take logits, never probabilities.

Logits are float tensors ``(b, 1)``, large where an image looks real, and each function returns a
scalar: the mean over a batch of what its network lowers. With the non-saturating and the
relativistic objective it is in nats, and written with ``softplus(a) = log(1 + exp(a))``, which
cannot overflow; with hinge and Wasserstein it is in units of the logits, and a critic is the more
usual name of the discriminator.

All raise ``ValueError`` for what is not a float tensor.
"""

import reprlib
from typing import NamedTuple

import keras
from keras import ops


def non_saturating_generator(fake_logits):
    """``-log D(G(z))``, the non-saturating loss (Goodfellow et al. 2014, section 3).

    Args:
        fake_logits: float tensor ``(b, 1)``, of generated images.

    Returns:
        A scalar in nats; log 2 = 0.693 where the discriminator says 0.5.

    Raises:
        ValueError: not a float tensor.
    """
    return ops.mean(ops.softplus(-_logits("fake_logits", fake_logits)))


def non_saturating_discriminator(real_logits, fake_logits):
    """Cross-entropy of "real" for real images plus that of "fake" for generated ones.

    ``-log D(x) - log(1 - D(G(z)))`` with ``D = sigmoid(logit)`` (Goodfellow et al. 2014, equation
    1).

    Args:
        real_logits, fake_logits: float tensors ``(b, 1)``.

    Returns:
        A scalar in nats; 2 log 2 = 1.386 for a discriminator that says 0.5 to everything.

    Raises:
        ValueError: not float tensors.
    """
    real_logits = _logits("real_logits", real_logits)
    fake_logits = _logits("fake_logits", fake_logits)
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))


def wasserstein_generator(fake_logits):
    """``-f(G(z))``: the generator raises the critic's value f (Arjovsky et al. 2017, section 3).

    Returns:
        A scalar in units of the logits, of either sign; 0 means nothing in particular.
    """
    return -ops.mean(_logits("fake_logits", fake_logits))


def wasserstein_discriminator(real_logits, fake_logits):
    """``f(G(z)) - f(x)``, minus the estimate of a distance (Arjovsky et al. 2017, equation 2).

    If the critic f has slopes of at most 1 everywhere, minus this is at most the Wasserstein
    distance of the two distributions, and equal to it for the best such f. Nothing here holds the
    slopes: without a penalty, spectral normalisation or clipped weights, it falls without end.

    Returns:
        A scalar in units of the logits; 0 for a critic that cannot tell the images apart.
    """
    real_logits = _logits("real_logits", real_logits)
    fake_logits = _logits("fake_logits", fake_logits)
    return ops.mean(fake_logits) - ops.mean(real_logits)


def hinge_generator(fake_logits):
    """``-f(G(z))``, the same as ``wasserstein_generator`` (Miyato et al. 2018, equation 17)."""
    return wasserstein_generator(fake_logits)


def hinge_discriminator(real_logits, fake_logits):
    """``max(0, 1 - f(x)) + max(0, 1 + f(G(z)))`` (Lim and Ye 2017; Miyato et al. 2018, eq. 16).

    An image that lies on its side by a margin of 1 has no gradient any more: the critic learns
    from the others.

    Returns:
        A scalar in units of the logits, at least 0; 2 for logits of 0.
    """
    real_logits = _logits("real_logits", real_logits)
    fake_logits = _logits("fake_logits", fake_logits)
    return ops.mean(ops.relu(1.0 - real_logits)) + ops.mean(ops.relu(1.0 + fake_logits))


def relativistic_generator(fake_logits, real_logits):
    """``-log sigmoid(f(G(z)) - f(x))``: each generated image against the real one of its row.

    ``softplus(f(x) - f(G(z)))``, the relativistic pairing GAN (Jolicoeur-Martineau 2019, section
    4.1; Huang et al. 2024, "R3GAN", equation 2). Only differences of logits count: it is not
    enough that most generated images lie on the right side of one line. Huang et al. give that as
    the reason why fewer modes are left out.

    Args:
        fake_logits, real_logits: float tensors ``(b, 1)``, of equally many images.

    Returns:
        A scalar in nats; log 2 = 0.693 where both logits are equal.
    """
    real_logits, fake_logits = _pairs(real_logits, fake_logits)
    return ops.mean(ops.softplus(real_logits - fake_logits))


def relativistic_discriminator(real_logits, fake_logits):
    """``-log sigmoid(f(x) - f(G(z)))``: is the real image of a row more real than the other?

    The same as ``relativistic_generator`` with real and generated images exchanged.

    Returns:
        A scalar in nats; log 2 = 0.693 where both logits are equal.
    """
    real_logits, fake_logits = _pairs(real_logits, fake_logits)
    return ops.mean(ops.softplus(fake_logits - real_logits))


class Objective(NamedTuple):
    """What both networks lower: a loss for each, as functions of logits.

    ``generator(fake_logits)``, and ``discriminator(real_logits, fake_logits)``. With ``paired``,
    the generator's takes the logits of the real images, too: ``(fake_logits, real_logits)``.
    """

    generator: object
    discriminator: object
    paired: bool = False


OBJECTIVES = {
    "non_saturating": Objective(non_saturating_generator, non_saturating_discriminator),
    "hinge": Objective(hinge_generator, hinge_discriminator),
    "wasserstein": Objective(wasserstein_generator, wasserstein_discriminator),
    "relativistic": Objective(relativistic_generator, relativistic_discriminator, paired=True),
}


def check_objective(name):
    """Return the name of an objective, or raise ``ValueError`` with those that are known."""
    if not isinstance(name, str) or name not in OBJECTIVES:
        raise ValueError(
            f"objective: expected one of {', '.join(OBJECTIVES)}, got {reprlib.repr(name)}. "
            "Another one is a subclass of GAN with other generator_loss and discriminator_loss."
        )
    return name


def _logits(name, values):
    """Return ``values`` as a float tensor, or raise ``ValueError``."""
    try:
        tensor = ops.convert_to_tensor(values)
        if keras.backend.is_float_dtype(keras.backend.standardize_dtype(tensor.dtype)):
            return tensor
    except (TypeError, ValueError):
        pass
    raise ValueError(f"{name}: expected logits, a float tensor, got {reprlib.repr(values)}.")


def _pairs(real_logits, fake_logits):
    """Both as float tensors of one shape: otherwise ``(b, 1)`` and ``(b,)`` would make b² pairs."""
    real_logits = _logits("real_logits", real_logits)
    fake_logits = _logits("fake_logits", fake_logits)
    if tuple(real_logits.shape) != tuple(fake_logits.shape):
        raise ValueError(
            "real_logits, fake_logits: each generated image is compared with one real image, but "
            f"the shapes are {tuple(real_logits.shape)} and {tuple(fake_logits.shape)}."
        )
    return real_logits, fake_logits
