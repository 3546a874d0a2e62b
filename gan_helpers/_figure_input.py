"""What figures accept. Each function returns it as arrays and lists, or raises ``ValueError``."""

from collections.abc import Mapping
from numbers import Real
import reprlib

from gan_helpers._validation import _hint_for_shape
import numpy as np


def unit_images(images, name="images"):
    """Images as ``float32`` ``(n, height, width)`` or ``(n, height, width, 3)`` in [0, 1].

    A last axis of 3, or of 1, is one of channels: an array ``(height, width, 3)`` is refused as a
    single image in colour, not taken for images 3 pixels wide.
    """
    try:
        images = np.asarray(images)
    except Exception as error:  # a tensor's own errors among them
        raise ValueError(f"{name}: expected an array, all images of one size.") from error
    shape, dtype = images.shape, images.dtype
    if dtype.kind not in "biuf":
        raise ValueError(f"{name}: expected an array of numbers, got {dtype}, shape {shape}.")
    grey, colour = images.ndim == 3 and shape[2] not in (1, 3), images.ndim == 4 and shape[3] == 3
    if not (grey or colour) or images.size == 0:
        raise ValueError(
            f"{name}: expected shape (n, height, width), or (n, height, width, 3) in colour, "
            f"with at least one image; got {shape}.{_hint_for_shape(shape) if images.size else ''}"
        )
    if not np.isfinite(images).all():
        raise ValueError(
            f"{name}: some values are NaN or infinite: training has diverged. "
            "Lower the learning rate."
        )
    low, high = images.min(), images.max()
    limit = 255 if dtype == np.uint8 else 1
    if low < 0 or high > limit:
        hint = " Try (images + 1) / 2." if low >= -1 and high <= 1 else ""
        hint = " Try images / 255." if low >= 0 and 2 <= high <= 255 else hint
        raise ValueError(
            f"{name}: expected values in [0, 1], or uint8; got {dtype} from "
            f"{low:.3g} to {high:.3g}.{hint}"
        )
    return images.astype(np.float32) / limit


def images_alike(name, several):
    """A dict of images, each in [0, 1], of one size and colour in all."""
    several = {key: unit_images(images, f"{name}[{key!r}]") for key, images in several.items()}
    shapes = [images.shape[1:] for images in several.values()]
    if len(set(shapes)) > 1:
        raise ValueError(f"{name}: expected images of one size and colour in all, got {shapes}.")
    return several


def stack(name, several):
    """A list of images, each in [0, 1], of one shape, as one array with an axis in front."""
    several = images_alike(name, dict(enumerate(listed(name, several))))
    counts = [len(images) for images in several.values()]
    if len(set(counts)) > 1:
        raise ValueError(f"{name}: expected as many images in each, got {counts}.")
    return np.stack(list(several.values()))


def named(name, models):
    """A dict with at least one model."""
    if not isinstance(models, Mapping) or not models:
        raise ValueError(
            f"{name}: expected a dict of at least one model, got {reprlib.repr(models)}."
        )
    return models


def listed(name, values, count=None, what="image"):
    """A list that is not empty, of ``count``, one for each ``what``, where that is given."""
    if isinstance(values, str | bytes) or not np.iterable(values):
        raise ValueError(f"{name}: expected a list, got {reprlib.repr(values)}.")
    values = list(values)
    if not values or count not in (None, len(values)):
        expected = "at least one" if count is None else f"{count}, one for each {what}"
        raise ValueError(f"{name}: expected {expected}, got {len(values)}.")
    return values


def captions(texts, count):
    """A list of ``count`` strings, each of one line and at most 80 characters."""
    texts = listed("captions", texts, count, "frame")
    for text in texts:
        if not isinstance(text, str) or not text.isprintable() or len(text) > 80:
            raise ValueError(
                "captions: expected strings of one line, at most 80 characters, got "
                f"{reprlib.repr(text)}."
            )
    return texts


def curve(history, series, name="history"):
    """What a history has of a series: ``float64`` ``(n,)``, NaN where it is not finite."""
    if not hasattr(history, "get"):
        hint = " Give its .history." if hasattr(history, "history") else ""
        raise ValueError(f"{name}: expected a dict, got {type(history).__name__}.{hint}")
    try:
        values = np.asarray(history.get(series, []), np.float64)
    except Exception as error:
        raise ValueError(f"{name}: {series} holds something that is no number.") from error
    if values.ndim != 1 or not len(values):
        fault = f"{series} is not a list" if values.size else f"nothing recorded of {series}"
        raise ValueError(f"{name}: {fault}.")
    return np.where(np.abs(values) < 1e30, values, np.nan)  # float32 overflows soon after


def steps_an_epoch(steps_per_epoch):
    """A ``float`` above 0: 1 for a history by epoch, ``None``."""
    steps = 1 if steps_per_epoch is None else steps_per_epoch
    if isinstance(steps, bool) or not isinstance(steps, Real) or not 0 < steps < np.inf:
        raise ValueError(f"steps_per_epoch: expected a number above 0, got {steps!r}.")
    return float(steps)
