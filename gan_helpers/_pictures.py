"""Pictures (.png, .jpg ...) in a folder for each class: to arrays of one size."""

from contextlib import suppress

from gan_helpers._files import PARTS, Found, files, folders, opening
import numpy as np
from PIL import ExifTags, Image, ImageOps
from tqdm import tqdm

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp"}


def pictures(folder):
    """The pictures that lie directly in ``folder``."""
    return [path for path in files(folder) if path.suffix.lower() in SUFFIXES]


def is_there(folder):
    """Does ``folder`` hold pictures in a folder for each class, as far as it may be looked at?"""
    inner = folders(folder)
    classes = [path for path in inner if path.name.lower() not in PARTS]
    for path in inner:
        if path.name.lower() in PARTS:
            with suppress(OSError):
                classes += folders(path)
    for path in classes:
        with suppress(OSError):
            if pictures(path):
                return True
    return False


def _classes(folder):
    """Folders with pictures, or empty: each is a class, with the paths of its pictures."""
    found = {inner: pictures(inner) for inner in folders(folder)}
    return {
        inner.name: paths
        for inner, paths in found.items()
        if inner.name.lower() not in PARTS
        if paths or not (files(inner) or folders(inner))
    }


def _parts(folder):
    """The classes within ``train``, ``test``, ``val``, as far as there, or else in ``folder``."""
    inner = [path for path in folders(folder) if path.name.lower() in PARTS]
    found = {PARTS[path.name.lower()]: _classes(path) for path in inner}
    if any(any(classes.values()) for classes in found.values()):
        return found
    return {"train": _classes(folder)}


def read(folder, image_shape=None):
    """Read the pictures of ``folder``, in shuffled order.

    Returns:
        A ``Found``. Images are grey if all pictures are, or as ``image_shape`` says.

    Raises:
        DamagedFileError: a picture that cannot be decoded.
        FileNotFoundError: there is a part for testing, and none for training.
        ValueError: pictures of several sizes, and no ``image_shape``.
    """
    found = _parts(folder)
    if not any(found.get("train", {}).values()):
        raise FileNotFoundError(f"The folder {folder.name!r} holds no pictures for training.")
    notes = ["its validation part is left out"] if {"test", "val"} <= set(found) else []
    parts = {"train": found["train"], "test": found.get("test", found.get("val"))}
    parts = {part: classes for part, classes in parts.items() if classes}
    names = {name for classes in parts.values() for name in classes}
    names = sorted(names, key=int if all(name.isdecimal() for name in names) else None)
    everything = {
        part: [(path, names.index(name)) for name, paths in classes.items() for path in paths]
        for part, classes in parts.items()
    }
    notes += _check_sizes([path for part in everything.values() for path, _ in part], image_shape)

    arrays, remarks = {}, set()
    for part, members in everything.items():
        order = np.random.default_rng(0).permutation(len(members))
        paths = tqdm([members[n][0] for n in order], f"{part} pictures", leave=False, delay=2)
        arrays[f"{part}_images"] = [_decode(path, image_shape, remarks) for path in paths]
        arrays[f"{part}_labels"] = np.array([members[n][1] for n in order])
    images = [image for part in parts for image in arrays[f"{part}_images"]]
    channels = image_shape[2] if image_shape else 1 if all(map(_is_grey, images)) else 3
    if image_shape is None and channels == 1 and any(image.ndim == 3 for image in images):
        notes.append("stored in colour, but grey: one channel is kept")
    for part in parts:
        grown = [_with_channels(image, channels) for image in arrays[f"{part}_images"]]
        arrays[f"{part}_images"] = np.stack(grown)
    return Found(arrays, tuple(names), notes + sorted(remarks))


def _check_sizes(paths, image_shape):
    """Raise ``ValueError`` if the sizes differ; return a note if they will be changed."""
    sizes = set()
    for path in paths:
        with opening(path), Image.open(path) as image:
            turned = image.getexif().get(ExifTags.Base.Orientation, 1) > 4
            sizes.add(image.size if turned else image.size[::-1])
    ordered = sorted(sizes, key=lambda size: (size[0] * size[1], size))
    extremes = [ordered[0], ordered[-1]][: len(ordered)]
    said = " and ".join(f"{height}x{width}" for height, width in extremes)
    if image_shape is None and len(sizes) > 1:
        raise ValueError(
            f"The pictures have {len(sizes)} sizes, smallest and largest are {said} (height x "
            "width). Say which size to give them: load_dataset(..., image_shape=(32, 32, 3))."
        )
    if image_shape is None or sizes == {image_shape[:2]}:
        return []
    return [f"resized to {image_shape[0]}x{image_shape[1]} from {said} (height x width)"]


def _decode(path, image_shape, remarks):
    """One picture, ``uint8`` ``(h, w)`` or ``(h, w, 3)``, of ``image_shape`` if there is one."""
    with opening(path), Image.open(path) as image:
        image = ImageOps.exif_transpose(image)
        if image.mode.startswith("I"):  # 16 bits a pixel, which Pillow's convert would cut to 8
            image = Image.fromarray((np.asarray(image) // 257).astype(np.uint8))
        if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
            image = image.convert("RGBA")
            if image.getextrema()[3][0] < 255:
                remarks.add("transparent places are white")
            white = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(white, image).convert("RGB")
        image = image.convert("L" if image.mode in ("1", "L") else "RGB")
        if image_shape:
            height, width, channels = image_shape
            if channels == 1 and image.mode == "RGB":
                if not _is_grey(np.asarray(image)):
                    remarks.add("colours are made grey")
                image = image.convert("L")
            if image.size != (width, height):
                image = image.resize((width, height), Image.Resampling.LANCZOS)
        return np.asarray(image)


def _is_grey(image):
    return image.ndim == 2 or bool((image == image[..., :1]).all())


def _with_channels(image, channels):
    if channels == 3 and image.ndim == 2:
        return np.repeat(image[..., None], 3, axis=2)
    return image[..., 0] if channels == 1 and image.ndim == 3 else image
