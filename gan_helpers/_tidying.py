"""Arrays as they are in files to those of a ``Dataset``: what is safe is converted, and said so.

Each function changes a ``reading.Found`` and adds to its ``notes``. What cannot be converted
safely is left as it is, for ``data.check_images`` and ``data.check_labels`` to refuse.
"""

from gan_helpers._validation import one_hot, square, whole
import numpy as np
from PIL import Image

TEST_PART = 6  # one image in six is set aside where there are none for testing
LOOKED_AT = 1_000  # images, to tell whether they are dark on white


def _note(found, note):
    if note not in found.notes:
        found.notes.append(note)


def _keys(found, kind):
    return [key for key in found.arrays if key.endswith(kind)]


# --- images ---


def tidy_images(found, image_shape=None):
    """Make them ``uint8`` ``(n, h, w)`` or ``(n, h, w, 3)``; turn those that lie on their side."""
    for key in _keys(found, "images"):
        images = _in_rows(_as_uint8(np.asarray(found.arrays[key]), found), found, image_shape)
        if found.transposed and images.ndim == 3:
            images = np.ascontiguousarray(images.swapaxes(1, 2))
            _note(found, "turned upright, as EMNIST's files are stored transposed")
        found.arrays[key] = images


def _as_uint8(images, found):
    if images.dtype.kind not in "biuf" or images.size == 0:
        return images
    least, most = images.min(), images.max()
    if not (least >= 0 and most <= 255):
        return images
    if 0 < most <= 1:
        _note(found, "values from 0 to 1 are made 0 to 255")
        return np.rint(images * np.float32(255)).astype(np.uint8)
    if images.dtype.kind == "f" and not np.array_equal(images, np.rint(images)):
        return images
    return images.astype(np.uint8, copy=False)


def _in_rows(images, found, image_shape):
    shape = images.shape
    if len(shape) == 2:
        if image_shape and shape[1] == image_shape[0] * image_shape[1]:
            return images.reshape(-1, *image_shape[:2])
        side = square(shape[1])
        return images.reshape(-1, side, side) if side else images
    if len(shape) == 4 and shape[3] == 1:
        return images[..., 0]
    if len(shape) == 4 and shape[1] == 1 and shape[3] != 3:
        return images[:, 0]
    if len(shape) == 4 and shape[1] == 3 and shape[3] != 3:
        _note(found, "channels moved behind height and width")
        return np.ascontiguousarray(images.transpose(0, 2, 3, 1))
    return images


def resize(found, image_shape):
    """Give images that were checked the ``image_shape`` ``(height, width, channels)``."""
    height, width, channels = image_shape
    for key in _keys(found, "images"):
        images = found.arrays[key]
        if channels == 1 and images.ndim == 4:
            _note(found, "colours are made grey")
            images = np.stack([np.asarray(Image.fromarray(one).convert("L")) for one in images])
        if images.shape[1:3] != (height, width):
            before = f"{images.shape[1]}x{images.shape[2]}"
            _note(found, f"resized to {height}x{width} from {before} (height x width)")
            size, how = (width, height), Image.Resampling.LANCZOS
            images = np.stack(
                [np.asarray(Image.fromarray(one).resize(size, how)) for one in images]
            )
        if channels == 3 and images.ndim == 3:
            _note(found, "grey is repeated in three channels")
            images = np.repeat(images[..., None], 3, axis=3)
        found.arrays[key] = images


# --- labels ---


def tidy_labels(found, class_names=None):
    """Make them integers ``(n,)`` from 0 on.

    Args:
        found: the ``reading.Found``.
        class_names: tuple of ``str`` that the user gave, or ``None``.

    Returns:
        The class names.

    Raises:
        ValueError: there are more classes than names, or far fewer than the labels' numbers.
    """
    keys = _keys(found, "labels")
    parts = [_one_number_each(np.asarray(found.arrays[key]), found) for key in keys]
    names = found.class_names
    if any(labels.dtype.kind in "USO" for labels in parts):
        names, parts = _number(parts)
    if not all(labels.dtype.kind in "iu" and labels.ndim == 1 and labels.size for labels in parts):
        return class_names or ()
    values = np.unique(np.concatenate(parts))
    count = int(values[-1]) + 1
    if names is None and values[0] == 1 and (class_names is None or len(class_names) == count - 1):
        count -= 1
        parts = [labels - 1 for labels in parts]
        names = tuple(map(str, range(1, count + 1))) if class_names is None else None
        _note(found, "labels counted from 1 are counted from 0")
    if not (names or class_names) and count > 10 * len(values) + 10:
        raise ValueError(
            f"The labels go up to {count - 1:,}, but there are only {len(values)} different ones. "
            "Number them: names, labels = np.unique(labels, return_inverse=True)."
        )
    if names and class_names and sorted(names) == sorted(class_names):
        places = np.array([class_names.index(name) for name in names])
        parts = [places[labels] for labels in parts]
    names = class_names or names or tuple(map(str, range(count)))
    if count > len(names):
        raise ValueError(
            f"The labels go up to {count - 1}, but there are only {len(names)} class names."
        )
    if values[0] >= 0:
        dtype = np.uint8 if len(names) <= 256 else np.int32
        parts = [labels.astype(dtype, copy=False) for labels in parts]
    found.arrays |= dict(zip(keys, parts, strict=True))
    return names


def _one_number_each(labels, found):
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    elif one_hot(labels):
        _note(found, "one-hot labels are made numbers")
        labels = labels.argmax(axis=1)
    return labels.astype(np.int64) if whole(labels) else labels


def _number(parts):
    """Names and, for each part, their numbers; names that are numbers already keep them."""
    parts = [labels.astype(str) for labels in parts]
    names = np.unique(np.concatenate([labels.ravel() for labels in parts]))
    if all(name.isdecimal() for name in names):
        return None, [labels.astype(np.int64) for labels in parts]
    return tuple(map(str, names)), [np.searchsorted(names, labels) for labels in parts]


# --- both ---


def split(found):
    """Set a part of each class aside for testing, if there is nothing for testing yet."""
    if "test_images" in found.arrays:
        return
    images, labels = found.arrays["train_images"], found.arrays["train_labels"]
    order = np.random.default_rng(0).permutation(len(labels))
    aside = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        members = np.flatnonzero(labels[order] == label)
        aside[members[: max(1, len(members) // TEST_PART) if len(members) > 1 else 0]] = True
    if not aside.any():
        found.arrays |= {"test_images": images, "test_labels": labels}
        _note(found, "there are so few that the images for training are those for testing, too")
        return
    for part, chosen in (("train", order[~aside]), ("test", order[aside])):
        found.arrays |= {f"{part}_images": images[chosen], f"{part}_labels": labels[chosen]}
    _note(found, "there are no images for testing, so a sixth of each class is set aside for it")


def remark(found, class_names):
    """Note classes without images, and grey images that look inverted."""
    labels = {part: found.arrays[f"{part}_labels"] for part in ("train", "test")}
    missing = {part: set(range(len(class_names))) - set(labels[part].tolist()) for part in labels}
    everywhere = missing["train"] & missing["test"]
    for what, empty in (
        ("", everywhere),
        ("training ", missing["train"] - everywhere),
        ("test ", missing["test"] - everywhere),
    ):
        if empty:
            names = ", ".join(repr(class_names[n]) for n in sorted(empty)[:5])
            more = f" and {len(empty) - 5} more" if len(empty) > 5 else ""
            _note(found, f"no {what}image is of the class {names}{more}")
    images = found.arrays["train_images"][:LOOKED_AT]
    if images.ndim == 3:
        height, width = images.shape[1] // 4, images.shape[2] // 4
        edge = np.concatenate([images[:, [0, -1]].ravel(), images[:, :, [0, -1]].ravel()]).mean()
        if edge > 170 and edge > 20 + images[:, height:-height, width:-width].mean():
            _note(found, "they look dark on white: white on black is 255 - images")
