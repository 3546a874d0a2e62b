"""Objectives of generator and discriminator. They take logits, never probabilities.

Both are written with ``softplus(a) = log(1 + exp(a))``, which cannot overflow.
"""

import reprlib

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


def _logits(name, values):
    """Return ``values`` as a float tensor, or raise ``ValueError``."""
    try:
        tensor = ops.convert_to_tensor(values)
        if keras.backend.is_float_dtype(keras.backend.standardize_dtype(tensor.dtype)):
            return tensor
    except (TypeError, ValueError):
        pass
    raise ValueError(f"{name}: expected logits, a float tensor, got {reprlib.repr(values)}.")
