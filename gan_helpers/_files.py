"""What the readers of all formats share: their result, their errors, and what a name tells."""

from contextlib import contextmanager
from dataclasses import dataclass, field
import errno
import os
import re

PARTS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("test", "testing", "t10k"), "test"),
    **dict.fromkeys(("val", "valid", "validation"), "val"),
}
KINDS = {
    **dict.fromkeys(("x", "image", "images", "img", "imgs", "pixels", "data"), "images"),
    **dict.fromkeys(("y", "label", "labels", "target", "targets"), "labels"),
}


class DamagedFileError(ValueError):
    """A file that is cut off, altered or not what its name says."""


@dataclass
class Found:
    """What was read: arrays as they are in the files.

    Attributes:
        arrays: a dict with ``train_images`` and ``train_labels``, mostly also those of ``test``.
        class_names: tuple of ``str``, if the files tell them.
        notes: phrases that say what is not as one would think.
        transposed: do the images lie on their side, as EMNIST's files store them?
    """

    arrays: dict
    class_names: tuple | None = None
    notes: list = field(default_factory=list)
    transposed: bool = False


@contextmanager
def opening(path):
    """Turn whatever a decoder raises about ``path`` into one of two errors that name the file."""
    try:
        yield
    except DamagedFileError:
        raise
    except OSError as error:
        if error.errno in (None, errno.EINVAL):  # a decoder's own, or a place before the start
            raise DamagedFileError(f"{path.name} is damaged: {_reason(error)}.") from error
        raise type(error)(f"{path.name} cannot be read: {error.strerror}.") from error
    except Exception as error:  # decoders raise nearly everything when a file is damaged
        if "allow_pickle" in str(error) or "Python objects" in str(error):
            raise DamagedFileError(
                f"{path.name} is damaged, or holds pickled Python objects. These are not loaded, "
                "because they can run any program: save plain arrays, with np.savez."
            ) from error
        raise DamagedFileError(f"{path.name} is damaged: {_reason(error)}.") from error


def _reason(error):
    return (str(error).splitlines() or [""])[0][:120].rstrip(".") or type(error).__name__


def entries(folder):
    """What lies in ``folder``, sorted, without hidden files and what systems leave behind."""
    with opening(folder):
        return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__")))


def files(folder):
    return [path for path in entries(folder) if os.path.isfile(path)]


def folders(folder):
    return [path for path in entries(folder) if os.path.isdir(path)]


def words(name):
    """The words of a name, in lower case: ``"trainX.npy"`` is train, x and npy."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=^[XYxy])(?=train|test|val)", "_", name)
    return re.split(r"[^a-z0-9]+", name.lower())


def part_of(name):
    """``"train"``, ``"test"``, ``"val"`` or ``None``."""
    return next((PARTS[word] for word in words(name) if word in PARTS), None)


def kind_of(name):
    """``"images"``, ``"labels"`` or ``None``."""
    kinds = {KINDS[word] for word in words(name) if word in KINDS}
    return "labels" if "labels" in kinds else "images" if kinds else None


def set_of(name):
    """What the names of all files of one dataset have in common."""
    return tuple(
        word
        for word in words(name)
        if word not in PARTS and word not in KINDS and word not in ("idx1", "idx3", "ubyte", "gz")
    )


def choose(paths):
    """Return ``paths``, which must be the files of one dataset: else raise ``ValueError``."""
    sets = {}
    for path in paths:
        sets.setdefault(set_of(path.name), []).append(path.name)
    if len(sets) > 1:
        names = ", ".join(sorted(min(names) for names in sets.values()))
        raise ValueError(
            f"The folder {paths[0].parent.name!r} holds more than one dataset: {names}. "
            "Give the path of one of these files."
        )
    return paths


def parts(members, where, expected):
    """Sort what belongs together by part and kind.

    Args:
        members: names, and for each a function that loads the array.
        where, expected: for the message, what was looked at and what should be there.

    Returns:
        The arrays by the keys of ``Found.arrays``, and the notes.

    Raises:
        FileNotFoundError: the training images or labels are missing, or one of a pair is.
        ValueError: two arrays could be the same.
    """
    sorted_ = {}
    for name in members:
        key = part_of(name) or "train", kind_of(name)
        if key[1] and key in sorted_:
            raise ValueError(
                f"{where}: {sorted_[key]} and {name} could both be the {key[0]} {key[1]}."
            )
        sorted_[key] = name
    there = {part for part, kind in sorted_ if kind}
    notes = []
    if {"test", "val"} <= there:
        notes.append("its validation part is left out")
    test = "test" if "test" in there else "val"
    arrays = {}
    for part, key in (("train", "train"), (test, "test")):
        for kind in ("images", "labels"):
            if (part, kind) in sorted_:
                arrays[f"{key}_{kind}"] = members[sorted_[part, kind]]()
            elif part == "train" or part in there:
                raise FileNotFoundError(
                    f"{where} holds no {expected[f'{key}_{kind}']}. Found there: "
                    f"{', '.join(sorted(members)) or 'nothing'}."
                )
    return arrays, notes
