"""Latents in, images out: what shows, measures and explores a generator.

A generator maps latents ``(b, latent_dim)`` to images ``(b, h, w, c)``; a conditional one takes
the labels as a second input. Those of ``models`` say themselves what they take, and so does every
``keras.Sequential`` and functional ``keras.Model``. A subclassed model does not: give it attributes
``latent_dim`` and, if it is conditional, ``classes``, or name the two in each call.
"""

import reprlib

from gan_helpers._checks import class_sizes, last_activation
from gan_helpers._validation import check_numbers
from gan_helpers.data import check_count, check_labels, to_unit_range
import keras
import numpy as np


def sample(generator, count, seed=0, latent_dim=None, classes=None, value_range=(-1, 1)):
    """Make images from latents of one seed; a conditional generator makes as many of each class.

    Args:
        generator: any generator; which one (raw or averaged) is the caller's choice.
        count: images to make, at least 1.
        seed: ``int`` of the latents, at least 0.
        latent_dim, classes: sizes of the two inputs, where the generator does not say them.
        value_range: as for ``images_from_latents``.

    Returns:
        Images ``float32`` ``(count, h, w)`` or ``(count, h, w, 3)`` in [0, 1], and the labels
        ``int`` ``(count,)`` that were asked for, or ``None``.

    Raises:
        ValueError: arguments that are not as described; a size that is neither given nor to be
            found; what ``images_from_latents`` raises.
    """
    count, seed = check_count("count", count), check_count("seed", seed, 0)
    latent_dim = latent_size(generator) if latent_dim is None else latent_dim
    latent_dim = check_count("latent_dim", latent_dim)
    classes = number_of_classes(generator) if classes is None else classes
    classes = None if classes is None else check_count("classes", classes)
    latents = np.random.default_rng(seed).standard_normal((count, latent_dim))
    labels = None if classes is None else np.arange(count) % classes
    images = images_from_latents(generator, latents, labels, value_range=value_range)
    return images, labels


def images_from_latents(generator, latents, labels=None, batch_size=250, value_range=(-1, 1)):
    """Run a generator, in inference mode and in pieces, and scale its images for showing.

    Args:
        generator: any generator; which one (raw or averaged) is the caller's choice.
        latents: ``(n, latent_dim)``.
        labels: integers ``(n,)`` for a conditional generator, else ``None``.
        batch_size: images made at a time, which bounds the memory.
        value_range: the darkest and the brightest value that the generator makes: (-1, 1) if it
            ends in tanh, (0, 1) if in a sigmoid.

    Returns:
        ``float32`` array ``(n, h, w)`` or ``(n, h, w, 3)`` in [0, 1].

    Raises:
        ValueError: latents of another shape; labels missing, out of range, or not asked for;
            a generator that cannot be called with them; images that are NaN or leave
            ``value_range``, or never go below 0 where they should reach -1.
    """
    batch_size, (low, high) = check_count("batch_size", batch_size), _check_range(value_range)
    latents = check_numbers("latents", latents).astype(np.float32)
    if latents.ndim != 2 or latents.size == 0:
        raise ValueError(f"latents: expected shape (n, latent_dim), got {latents.shape}.")
    inputs = _inputs(generator)
    if inputs and latents.shape[1] != inputs[0].shape[-1]:
        raise ValueError(
            f"latents: expected shape (n, {inputs[0].shape[-1]}), got {latents.shape}."
        )
    if inputs and (len(inputs) == 2) != (labels is not None):
        raise ValueError(
            "labels: this generator takes none, it cannot choose what it makes."
            if labels is not None
            else "labels: this generator is conditional, say what to make with labels=..."
        )
    if labels is not None:
        labels = _label_rows(generator, labels, len(latents))
    pieces = []
    for start in range(0, len(latents), batch_size):
        rows = slice(start, start + batch_size)
        made = _call(generator, latents[rows], None if labels is None else labels[rows])
        if (low, high) == (-1, 1):
            _refuse_sigmoid(generator, made)
        else:
            made = _to_tanh_range(made, low, high)
        pieces.append(to_unit_range(made))
    return np.concatenate(pieces)


def latent_size(generator):
    """Length of the latents that a generator takes: an ``int``.

    Raises:
        ValueError: it is no generator, or does not say it.
    """
    inputs = _inputs(generator)
    size = inputs[0].shape[-1] if inputs else getattr(generator, "latent_dim", None)
    if size is None:
        raise ValueError(
            f"latent_dim: {_name(generator)} does not say how long its latents are. "
            "Give latent_dim=..., such as latent_dim=100."
        )
    return size


def number_of_classes(generator):
    """How many classes a conditional generator knows: an ``int``; ``None`` if it takes no labels.

    Raises:
        ValueError: it is no generator; it takes labels, but neither one-hot nor through layers
            (Embedding, CategoryEncoding) of one size, so that their number cannot be found.
    """
    inputs = _inputs(generator)
    if not inputs:
        return getattr(generator, "classes", None)
    if len(inputs) == 1:
        return None
    if len(inputs[1].shape) == 2 and inputs[1].shape[1] > 1:
        return inputs[1].shape[1]
    sizes = class_sizes(generator)
    if len(sizes) != 1:
        found = f"layers for {sorted(sizes)} classes" if sizes else "no Embedding for them"
        raise ValueError(
            f"classes: {_name(generator)} takes labels and has {found}, so their number cannot be "
            "found. Give classes=..., such as classes=10."
        )
    return sizes.pop()


def interpolate_latents(start, end, count):
    """Latents on the great circle between two: spherical interpolation.

    Gaussian latents lie near a sphere; a straight line would cut through its empty inside (White
    2016, section 2).

    Args:
        start, end: ``(latent_dim,)``, not zero.
        count: how many, at least 2, both ends included.

    Returns:
        ``float32`` array ``(count, latent_dim)``.

    Raises:
        ValueError: ``count`` below 2, shapes that differ, zero or opposite vectors.
    """
    count = check_count("count", count, 2)
    start, end = check_numbers("start", start), check_numbers("end", end)
    if start.shape != end.shape or start.ndim != 1:
        raise ValueError(
            f"start, end: expected two vectors of one length, got {start.shape} and {end.shape}."
        )
    lengths = np.linalg.norm(start) * np.linalg.norm(end)
    if lengths == 0:
        raise ValueError("start, end: a zero vector has no direction to interpolate.")
    angle = np.arccos(np.clip(start @ end / lengths, -1, 1))
    if np.pi - angle < 1e-6:
        raise ValueError("start, end: opposite vectors have no shortest way between them.")
    t = np.linspace(0, 1, count)[:, None]
    if angle < 1e-6:
        return ((1 - t) * start + t * end).astype(np.float32)
    return great_circle(start, end, angle, t).astype(np.float32)


def great_circle(start, end, angle, t):
    """The point at t, from 0 to 1, of the way from ``start`` to ``end``, ``angle`` radians apart.

    Shoemake (1985), section 3.3; the arrays need only fit each other, as NumPy broadcasts them.
    """
    weights = np.sin((1 - t) * angle), np.sin(t * angle)
    return (weights[0] * start + weights[1] * end) / np.sin(angle)


def _check_range(value_range):
    """Return the two ends of ``value_range``, or raise ``ValueError``."""
    ends = check_numbers("value_range", value_range)
    if ends.shape != (2,) or not ends[0] < ends[1]:
        raise ValueError(
            "value_range: expected the darkest and the brightest value, such as (-1, 1) or (0, 1), "
            f"got {reprlib.repr(value_range)}."
        )
    return ends


def _name(generator):
    return f"generator {getattr(generator, 'name', type(generator).__name__)!r}"


def _inputs(generator):
    """The symbolic inputs of a generator, ``[]`` where a subclassed model has none.

    Raises:
        ValueError: it cannot be called, or has other inputs than latents and labels.
    """
    if not callable(generator) or isinstance(generator, type):
        raise ValueError(f"generator: expected a keras.Model, got {reprlib.repr(generator)}.")
    inputs = getattr(generator, "inputs", None) or []
    shapes = [tuple(one.shape) for one in inputs]
    if inputs and (len(inputs) > 2 or len(shapes[0]) != 2 or len(shapes[-1]) > 2):
        raise ValueError(
            "generator: expected inputs (b, latent_dim) and, if it is conditional, labels (b,); "
            f"{_name(generator)} has {', '.join(map(str, shapes))}."
        )
    return inputs


def _label_rows(generator, labels, count):
    """Labels as a generator takes them: ``int32`` ``(n,)``, or one-hot ``float32``."""
    inputs = _inputs(generator)
    one_hot = inputs and len(inputs[1].shape) == 2 and inputs[1].shape[1] > 1
    try:
        classes = number_of_classes(generator)
    except ValueError:  # the generator itself will say what it cannot take
        classes = None
    check_labels(labels, count, classes=classes)
    labels = np.asarray(labels, np.int32)
    return np.eye(classes, dtype=np.float32)[labels] if one_hot else labels


def _call(generator, latents, labels):
    """Images that a generator makes, as an array of what numbers they are."""
    inputs = latents if labels is None else [latents, labels]
    try:
        return keras.ops.convert_to_numpy(generator(inputs, training=False))
    except Exception as error:  # a generator is anybody's code
        given = f"latents {latents.shape}" + ("" if labels is None else f", labels {labels.shape}")
        raise ValueError(
            f"generator: {_name(generator)} cannot be called with {given}: {error}"
        ) from error


def _refuse_sigmoid(generator, images):
    if last_activation(generator) is keras.activations.tanh:
        return  # it may well have made bright images only
    if images.size and images.min() >= 0 and images.max() <= 1:
        raise ValueError(
            f"images: all values lie from {images.min():.3g} to {images.max():.3g}, none below 0. "
            "If the generator ends in a sigmoid, give value_range=(0, 1)."
        )


def _to_tanh_range(images, low, high):
    """Images from ``low`` to ``high`` as ``float32`` in [-1, 1]."""
    images = np.asarray(images, np.float64)
    if images.size and (images.min() < low or images.max() > high):
        raise ValueError(
            f"images: expected values in [{low:g}, {high:g}], as value_range says, "
            f"got {images.min():.3g} to {images.max():.3g}."
        )
    return np.clip(2 * (images - low) / (high - low) - 1, -1, 1)
