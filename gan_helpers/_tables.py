"""CSV files with the pixels of an image, and mostly its label, in each row: to arrays."""

import gzip
import math
import warnings

from gan_helpers._files import DamagedFileError, Found, opening, part_of
from gan_helpers._validation import square
import numpy as np
import pandas as pd

LABELS = {"label", "labels", "class", "target", "y", "digit", "character", "category"}
NUMBERS_OF_ROWS = {"", "id", "index", "unnamed: 0"}
ROWS = 5_000  # are turned from text into integers at a time, so that memory suffices


def is_table(path):
    """Could this CSV file hold images? It has many columns, or cannot be read."""
    try:
        return len(_first_row(path)[0]) > 64
    except DamagedFileError:
        return True


def _first_row(path):
    """The cells of the first row, and what stands between them."""
    with opening(path):
        unpack = gzip.open if path.suffix.lower() == ".gz" else open
        with unpack(path, "rt", encoding="utf-8-sig") as file:
            row = file.readline().rstrip("\r\n")
        if not row:
            raise ValueError("its first row is empty")
    between = max(",;\t", key=row.count)
    return [cell.strip(" \"'") for cell in row.split(between)], between


def _is_header(cells):
    """Names have no value; those that pandas gives are 0, 1, 2 ... up to the number of pixels."""
    values = [float(cell) for cell in cells if _is_number(cell)]
    counted = np.diff(values) if len(values) > 64 else np.zeros(1)
    return len(values) < len(cells) / 2 or bool((counted == 1).all())


def _is_number(cell):
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _shape(pixels, image_shape):
    """Height and width, and channels if 3, of images with so many pixels, or ``None``."""
    if image_shape and pixels == math.prod(image_shape):
        return image_shape if image_shape[2] == 3 else image_shape[:2]
    if square(pixels):
        return square(pixels), square(pixels)
    if pixels % 3 == 0 and square(pixels // 3):
        return square(pixels // 3), square(pixels // 3), 3
    return None


def _columns(path, cells, header, image_shape):
    """The column of the labels (or ``None``), those of the pixels, and the images' shape."""
    names = [cell.lower() for cell in cells] if header else []
    left = [n for n in range(len(cells)) if not (header and names[n] in NUMBERS_OF_ROWS)]
    label = next((n for n in left if header and names[n] in LABELS), None)
    if label is None and not _shape(len(left), image_shape) and left:
        label = left[0]
        if header and cells[left[0]][-1:].isdigit() and not cells[left[-1]][-1:].isdigit():
            label = left[-1]
    pixels = [n for n in left if n != label]
    shape = _shape(len(pixels), image_shape)
    if shape is None:
        raise ValueError(
            f"{path.name} has {len(cells)} columns. Expected a label and the pixels of a square "
            "image, such as 1 + 784; for another, say load_dataset(..., image_shape=(h, w, c))."
        )
    return label, pixels, shape


def read_table(path, image_shape=None):
    """Read one CSV file, also gzipped.

    Returns:
        Images ``(n, h, w)`` or ``(n, h, w, 3)``, ``uint8`` if all values allow it, and labels
        ``(n,)`` as they are, or ``None`` if there is no column for them.

    Raises:
        DamagedFileError: a row is cut off, or a pixel is no number.
        ValueError: the number of columns is not that of an image.
    """
    cells, between = _first_row(path)
    header = _is_header(cells)
    label, pixels, shape = _columns(path, cells, header, image_shape)
    images, labels = [np.zeros((0, *shape), np.uint8)], []
    with opening(path), warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # cells that have no column
        options = {"encoding": "utf-8-sig", "index_col": False, "skipinitialspace": True}
        options |= {"keep_default_na": False, "na_values": [""]}  # a class may be called "None"
        first = 0 if header else None
        with pd.read_csv(path, sep=between, header=first, chunksize=ROWS, **options) as chunks:
            for chunk in chunks:
                if chunk.shape[1] != len(cells) or chunk.isna().to_numpy().any():
                    row = int(chunk.isna().any(axis=1).to_numpy().argmax())
                    row += 1 + header + sum(map(len, labels))
                    raise ValueError(f"row {row} has empty cells, or is cut off")
                values = chunk.iloc[:, pixels].to_numpy()
                if values.dtype.kind not in "iuf":
                    raise ValueError("some pixels are no numbers")
                if values.min() >= 0 and values.max() <= 255 and (values == np.rint(values)).all():
                    values = values.astype(np.uint8)
                images.append(values.reshape(-1, *shape))
                labels.append(chunk.iloc[:, label or 0].to_numpy())
    if not labels:
        raise DamagedFileError(f"{path.name} is damaged: it has no rows of pixels.")
    return np.concatenate(images), None if label is None else np.concatenate(labels)


def read(paths, image_shape=None):
    """Read the CSV files of one dataset: one for training and one for testing, or one for both.

    Returns:
        A ``Found``. A file for testing that has no labels is left out, and a note says so.

    Raises:
        FileNotFoundError: there is a file for testing, and none for training.
        DamagedFileError, ValueError: as ``read_table``, or there are no labels to train with.
    """
    by_part = {part_of(path.name) or "train": path for path in paths}
    if "train" not in by_part:
        raise FileNotFoundError(f"{paths[0].name} is for testing. There is none for training.")
    notes = ["its validation part is left out"] if {"test", "val"} <= set(by_part) else []
    arrays = {}
    for part, path in {
        "train": by_part["train"],
        "test": by_part.get("test", by_part.get("val")),
    }.items():
        if path is None:
            continue
        images, labels = read_table(path, image_shape)
        if labels is not None:
            arrays |= {f"{part}_images": images, f"{part}_labels": labels}
        elif part == "test":
            notes.append(f"{path.name} has no labels and is left out")
        else:
            raise ValueError(f"{path.name} has no column of labels, only those of the pixels.")
    return Found(arrays, notes=notes)
