"""The checks of arguments that all modules use. A message says what was got, and what to do."""

import math
import operator
import os
from pathlib import Path
import reprlib

import numpy as np


def shape_of(images):
    """Height, width and channels of one of the images ``(n, h, w)`` or ``(n, h, w, 3)``."""
    return (*images.shape[1:], 1)[:3]


def check_images(images, what="images", image_shape=None):
    """Raise ``ValueError`` unless ``images`` is ``uint8`` ``(n, h, w)`` or ``(n, h, w, 3)``.

    Args:
        images: NumPy array, not empty.
        what: what the message calls them.
        image_shape: ``(height, width, channels)`` that they must have, or ``None``.
    """
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8:
        kind = getattr(images, "dtype", type(images).__name__)
        raise ValueError(
            f"{what}: expected a NumPy array of uint8 (0 to 255), got {kind}."
            f"{_hint_for_values(images)}"
        )
    hint = _hint_for_shape(images.shape)
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[3] != 3) or hint:
        raise ValueError(
            f"{what}: expected shape (n, height, width) or (n, height, width, 3), "
            f"got {images.shape}.{hint}"
        )
    if len(images) == 0:
        raise ValueError(f"{what}: there are none.")
    if image_shape is not None and shape_of(images) != check_image_shape(image_shape):
        raise ValueError(
            f"{what}: expected images of {tuple(image_shape)}, got {shape_of(images)}. Resize "
            "them, for example with PIL.Image.resize, or load them with load_dataset(..., "
            f"image_shape={tuple(image_shape)})."
        )


def check_labels(labels, count, what="labels", classes=None):
    """Raise ``ValueError`` unless ``labels`` are ``count`` integers from 0 to ``classes - 1``."""
    count = check_count("count", count, 0)
    try:
        labels = np.asarray(labels)
    except Exception as error:  # rows of several lengths, or whatever a tensor raises
        raise ValueError(f"{what}: expected one array of integers.") from error
    if labels.shape != (count,):
        raise ValueError(
            f"{what}: expected shape ({count},), one for each image, got {labels.shape}."
            f"{_hint_for_labels(labels)}"
        )
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"{what}: expected integers, got {labels.dtype}.{_hint_for_labels(labels)}"
        )
    if classes is not None:
        classes = check_count("classes", classes)
    if count and (labels.min() < 0 or (classes and labels.max() >= classes)):
        upper = f" to {classes - 1}" if classes else " upwards"
        raise ValueError(
            f"{what}: expected values from 0{upper}, got {labels.min()} to {labels.max()}."
            f"{_hint_for_labels(labels, classes)}"
        )


def check_count(name, value, least=1, most=None):
    """Return ``value`` as an ``int``, or raise ``ValueError`` with the argument's ``name``.

    Args:
        name: of the argument, for the message.
        value: a whole number, Python's or NumPy's; ``True``, ``"3"`` and ``3.0`` are none.
        least, most: the range that it must lie in; ``most=None`` has no upper end.
    """
    try:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or number < least or (most is not None and number > most):
        numbers = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name}: expected a whole number {numbers}, got {reprlib.repr(value)}.")
    return number


def check_numbers(name, values):
    """Return ``values`` as ``float64``, or raise ``ValueError`` if they are no finite numbers."""
    try:
        values = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: expected numbers, got {reprlib.repr(values)}.") from None
    if not np.isfinite(values).all():
        raise ValueError(f"{name}: expected finite numbers, some are NaN or infinite.")
    return values


def check_path(name, value):
    """Return ``value`` as a ``Path``, or raise ``ValueError`` with the argument's ``name``."""
    if not isinstance(value, (str, os.PathLike)) or not str(value):
        raise ValueError(f"{name}: expected a path, got {reprlib.repr(value)}.")
    return Path(value)


def check_image_shape(image_shape):
    """Return ``image_shape`` as a tuple ``(height, width, channels)`` of ``int``.

    Raises:
        ValueError: it is not three whole numbers, height or width is below 8 or not a multiple of
            4 (the networks halve them twice), or channels is neither 1 (grey) nor 3 (colour).
    """
    try:
        height, width, channels = (check_count("image_shape", size) for size in image_shape)
    except (TypeError, ValueError):
        height = width = channels = 0
    if height < 8 or width < 8 or height % 4 or width % 4 or channels not in (1, 3):
        raise ValueError(
            "image_shape: expected (height, width, channels), height and width multiples of 4 "
            "from 8 on, channels 1 (grey) or 3 (colour), such as (28, 28, 1), got "
            f"{reprlib.repr(image_shape)}."
        )
    return height, width, channels


# --- what to do: one sentence for each cause, or none ---


def _hint_for_values(images):
    """The call that makes ``uint8`` of ``images``, which may be anything."""
    if hasattr(images, "train_images"):
        return " Give dataset.train_images or dataset.test_images."
    if isinstance(images, (list, tuple)):
        return " Make one array of them: np.stack(images)."
    if not isinstance(images, np.ndarray):
        return " Convert them: np.asarray(images)." if hasattr(images, "__array__") else ""
    if images.dtype == object:
        return " Do they all have one size? Resize them first, for example with PIL.Image.resize."
    if images.dtype == bool:
        return ' Convert them: images.astype("uint8") * 255.'
    if images.dtype.kind not in "iuf" or images.size == 0:
        return ""
    least, most = images.min(), images.max()
    if np.isnan(least):
        return " Some values are NaN."
    if least >= 0 and most <= 1:
        return ' Scale them: (images * 255).round().astype("uint8").'
    if least >= -1 and most <= 1:
        return ' Scale them: ((images + 1) * 127.5).round().astype("uint8").'
    if least >= 0 and most <= 255:
        return ' Convert them: images.round().astype("uint8").'
    if images.dtype == np.uint16:
        return ' Scale them: (images // 257).astype("uint8").'
    return f" Scale them to 0 to 255 first, they go from {least:.4g} to {most:.4g}."


def square(size):
    """The side of a square of ``size`` pixels, or ``None``."""
    side = math.isqrt(size)
    return side if side > 1 and side * side == size else None


def _hint_for_shape(shape):
    """The call that makes ``(n, h, w)`` or ``(n, h, w, 3)`` of another shape."""
    if len(shape) == 2:
        side = square(shape[1])
        if side and shape[0] != shape[1]:
            return f" Put the pixels in rows: images.reshape(-1, {side}, {side})."
        side = square(shape[1] // 3) if shape[1] % 3 == 0 else None
        if side:
            return (
                f" Put the pixels in rows: images.reshape(-1, {side}, {side}, 3) or, if all red "
                f"ones come first, images.reshape(-1, 3, {side}, {side}).transpose(0, 2, 3, 1)."
            )
        return " One image alone is an array of one: images[None]."
    if len(shape) == 3 and shape[2] in (1, 3, 4):
        return " One image alone is an array of one: images[None]."
    if len(shape) == 4 and shape[3] == 1:
        return " Drop the last axis: images[..., 0]."
    if len(shape) == 4 and shape[1] == 1:
        return " Drop the second axis: images[:, 0]."
    if len(shape) == 4 and shape[1] == 3:
        return " The channels come last: images.transpose(0, 2, 3, 1)."
    if len(shape) == 4 and shape[2] in (1, 3) and shape[0] > 4:
        return " The number of the image comes first: images.transpose(3, 0, 1, 2)."
    if len(shape) == 4 and shape[3] in (2, 4):
        kept = "[..., :3]" if shape[3] == 4 else "[..., 0]"
        return f" Leave the transparency out: images{kept}."
    return ""


def one_hot(labels):
    """Are these rows with a single 1, and 0 elsewhere?"""
    return (
        labels.ndim == 2
        and labels.shape[1] > 1
        and labels.dtype.kind in "biuf"
        and bool(np.isin(labels, (0, 1)).all() and (labels.sum(axis=1) == 1).all())
    )


def whole(values):
    """Are these booleans, or floats without a fraction, that ``astype(int)`` keeps?"""
    return values.dtype.kind == "b" or (
        values.dtype.kind == "f"
        and bool(np.isfinite(values).all() and (values == np.rint(values)).all())
    )


def _hint_for_labels(labels, classes=None):
    """The call that makes integers ``(n,)`` from 0 on of ``labels``, an array."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        return " Drop the second axis: labels.ravel()."
    if one_hot(labels):
        return " Rows with a single 1 hold the class as its place: labels.argmax(axis=1)."
    if labels.ndim != 1 or labels.size == 0:
        return ""
    if whole(labels):
        return " Convert them: labels.astype(int)."
    if labels.dtype.kind in "USO":
        return " Number them: names, labels = np.unique(labels, return_inverse=True)."
    if labels.dtype.kind in "iu" and labels.min() == 1 and labels.max() == classes:
        return " They are counted from 1: labels - 1."
    return ""
