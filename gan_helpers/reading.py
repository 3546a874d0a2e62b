"""Data as it lies around: finds out what a file or a folder holds, and reads it into arrays."""

from collections import Counter
from functools import partial
import gzip
import math

from gan_helpers import _pictures, _tables
from gan_helpers._files import (
    DamagedFileError,
    Found,
    choose,
    files,
    folders,
    kind_of,
    opening,
    part_of,
    parts,
    set_of,
)
from gan_helpers._validation import check_image_shape, check_path
import numpy as np

FILES = {
    "train_images": "train-images-idx3-ubyte.gz",
    "train_labels": "train-labels-idx1-ubyte.gz",
    "test_images": "t10k-images-idx3-ubyte.gz",
    "test_labels": "t10k-labels-idx1-ubyte.gz",
}
A_CLASS = 12_000  # drawings taken of each .npy file: those of Quick, Draw! hold 100,000 and more
LOOKED_FOR = (
    f"four IDX files such as {FILES['train_images']}; .npz files with x_train, y_train, x_test and "
    "y_test, or names like these; .npy files, one for each class; .csv files with a label and the "
    "pixels of an image in each row; pictures (.png, .jpg) in a folder for each class, also within "
    "train and test. They may lie one or two folders deeper"
)


class NothingThereError(FileNotFoundError):
    """There is no file and no folder of that name."""


def read(path, image_shape=None):
    """Read the dataset that a file belongs to, or that lies in a folder or up to two levels below.

    Args:
        path: ``str`` or ``Path``.
        image_shape: ``(height, width, channels)``, the size that pictures are given.

    Returns:
        A ``Found``.

    Raises:
        FileNotFoundError: nothing that can be read is there, or a file of the set is missing.
        DamagedFileError: a file is cut off, altered or not what its name says.
        OSError: the system does not let it be read.
        ValueError: several datasets lie there, or pictures of several sizes.
    """
    path = check_path("path", path)
    if image_shape is not None:
        image_shape = check_image_shape(image_shape)
    try:
        path = path.expanduser().resolve()
        is_file, is_there = path.is_file(), path.exists()
    except PermissionError as error:
        raise PermissionError(f"{path} cannot be looked at: {error.strerror}.") from error
    except (OSError, ValueError, RuntimeError):  # too long, with a NUL, of an unknown user ...
        is_file = is_there = False
    if not is_there:
        raise NothingThereError(
            f"There is no file or folder {str(path)!r}. Give, for example, a folder with four IDX "
            f"files such as {FILES['train_images']}, or with a folder of pictures for each class."
        )
    if is_file:
        return _read_file(path, image_shape)
    level = [path]
    for depth in range(3):
        readers = {}
        for folder in level:
            try:
                readers[folder] = _reader(folder)
            except OSError:
                if depth == 0:
                    raise
        readers = {folder: reader for folder, reader in readers.items() if reader}
        if len(readers) > 1:
            names = ", ".join(repr(folder.relative_to(path).as_posix()) for folder in readers)
            raise ValueError(f"The folder {path.name!r} holds several datasets: {names}. Give one.")
        for reader in readers.values():
            return reader(image_shape)
        level = [inner for folder in level for inner in _folders(folder)]
    raise FileNotFoundError(
        f"The folder {path.name!r} holds no dataset. Found there: {_contents(path)}. "
        f"Looked for: {LOOKED_FOR}."
    )


def _folders(folder):
    try:
        return folders(folder)
    except OSError:  # a place that cannot be looked at does not end the search
        return []


def _contents(folder):
    """What lies in ``folder``, in a few words."""
    kinds = Counter(path.suffix.lower() or "without a suffix" for path in files(folder))
    said = [f"{count} file{'s'[: count > 1]} {kind}" for kind, count in sorted(kinds.items())]
    names = [path.name for path in folders(folder)]
    if names:
        said.append(f"folders {', '.join(names[:5])}{' ...' if len(names) > 5 else ''}")
    loose = _pictures.pictures(folder)
    return (", ".join(said) or "nothing") + (
        " (pictures belong into a folder for each class; one folder is one class)" if loose else ""
    )


def _reader(folder):
    """A function of ``image_shape`` that reads what lies directly in ``folder``, or ``None``."""
    paths = files(folder)
    for suffixes, is_plausible, reader in _FORMATS:
        found = [path for path in paths if _ends_in(path, suffixes) and is_plausible(path)]
        if found:
            return lambda image_shape, reader=reader, found=found: reader(found, image_shape)
    if _pictures.is_there(folder):
        return lambda image_shape: _pictures.read(folder, image_shape)
    return None


def _ends_in(path, suffixes):
    return path.name.lower().removesuffix(".gz").endswith(suffixes)


def _read_file(path, image_shape):
    """Read ``path``, and the files beside it that its name says belong to it."""
    for suffixes, _, reader in _FORMATS:
        if _ends_in(path, suffixes):
            paths = [path]
            if part_of(path.name):
                beside = [other for other in files(path.parent) if _ends_in(other, suffixes)]
                paths = [other for other in beside if set_of(other.name) == set_of(path.name)]
            return reader(paths, image_shape)
    hint = ""
    if path.suffix.lower() in _pictures.SUFFIXES:
        hint = " It is one picture: give the folder that holds a folder for each class."
    elif path.suffix.lower() in (".zip", ".gz", ".tgz", ".tar", ".7z", ".rar"):
        hint = " Unpack it first, and give the folder."
    elif path.suffix.lower() in (".pkl", ".pickle", ".pt", ".pth"):
        hint = " Pickled files are not loaded, because they can run any program."
    raise ValueError(f"{path.name} has no format that is known here.{hint} Known: {LOOKED_FOR}.")


# --- IDX ---


def read_idx(path):
    """Read an IDX file of ``uint8`` values, gzipped if its name ends in ``.gz``.

    Args:
        path: ``str`` or ``Path``.

    Returns:
        A read-only ``uint8`` array, shaped as the file says.

    Raises:
        FileNotFoundError: there is no such file.
        DamagedFileError: the gzip stream is cut off or fails its checksum, the first four bytes
            are not those of a ``uint8`` IDX file, or the length is not what the header says.
    """
    path = check_path("path", path)
    with opening(path), gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
        content = file.read()
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise DamagedFileError(
            f"{path.name} is not an IDX file of uint8 values: it starts with {content[:4]!r}."
        )
    dimensions = content[3]
    header = 4 + 4 * dimensions
    if len(content) < header:
        raise DamagedFileError(f"{path.name} is damaged: it ends within its header.")
    shape = tuple(int(n) for n in np.frombuffer(content, ">u4", dimensions, offset=4))
    expected = header + math.prod(shape)
    if len(content) != expected:
        raise DamagedFileError(
            f"{path.name} is damaged: its header announces {expected:,} bytes, "
            f"it has {len(content):,}."
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _read_idx_files(paths, image_shape):
    del image_shape  # these files say it themselves
    members = {path.name.removesuffix(".gz"): partial(read_idx, path) for path in choose(paths)}
    expected = {key: f"file {name.removesuffix('.gz')}[.gz]" for key, name in FILES.items()}
    arrays, notes = parts(members, f"The folder {paths[0].parent.name!r}", expected)
    return Found(arrays, notes=notes, transposed=_is_transposed(paths))


def _is_transposed(paths):
    return any(path.name.lower().startswith("emnist") for path in paths)


# --- NumPy's files ---


def _load(path, key=None, **kwargs):
    with opening(path):
        loaded = np.load(path, allow_pickle=False, **kwargs)
        if isinstance(loaded, np.ndarray) != (key is None):
            if key is None:
                loaded.close()
            raise ValueError("its content is not what its suffix says")
        if key is None:
            return loaded
        with loaded:
            return loaded[key]


def _keys(path):
    """The keys of an .npz file, and a name for each that tells its part and kind, if one does."""
    with opening(path), np.load(path, allow_pickle=False) as file:
        keys = list(file.files)
    names = [path.stem] if keys == ["arr_0"] else keys
    part = part_of(path.stem)
    names = [f"{part}_{name}" if part and not part_of(name) else name for name in names]
    return dict(zip(keys, names, strict=True))


def _has_images(path):
    try:
        return any(map(kind_of, _keys(path).values()))
    except DamagedFileError:
        return True


def _read_npz_files(paths, image_shape):
    del image_shape  # these files say it themselves
    members = {}
    for path in choose(paths):
        for key, name in _keys(path).items():
            if name in members:
                raise ValueError(f"{name} is in more than one of the files, as in {path.name}.")
            members[name] = partial(_load, path, key)
    return _pairs(members, paths)


def _pairs(members, paths):
    expected = {
        "train_images": "array x_train or train_images",
        "train_labels": "array y_train or train_labels",
        "test_images": "array x_test or test_images",
        "test_labels": "array y_test or test_labels",
    }
    where = paths[0].name if len(paths) == 1 else f"The folder {paths[0].parent.name!r}"
    arrays, notes = parts(members, where, expected)
    return Found(arrays, notes=notes, transposed=_is_transposed(paths))


def _read_npy_files(paths, image_shape):
    """Pairs of images and labels if the names say so, else one class in each file."""
    del image_shape  # these files say it themselves
    if any(kind_of(path.stem) == "labels" for path in paths):
        return _pairs({path.stem: partial(_load, path) for path in choose(paths)}, paths)
    names = [path.stem.removeprefix("full_numpy_bitmap_") for path in paths]
    drawings = [_load(path, mmap_mode="r") for path in paths]
    sizes = {drawing.shape[1:] for drawing in drawings}
    if len(sizes) > 1 or () in sizes:
        pairs = zip(paths, drawings, strict=True)
        shapes = ", ".join(f"{path.name} {drawing.shape}" for path, drawing in pairs)
        raise ValueError(f"Each file: expected images (n, h, w) of one size, got {shapes}.")
    notes = []
    if any(len(drawing) > A_CLASS for drawing in drawings):
        notes.append(f"of each class the first {A_CLASS:,} images at most")
    labels = np.concatenate([[n] * min(len(d), A_CLASS) for n, d in enumerate(drawings)])
    order = np.random.default_rng(0).permutation(len(labels))
    images = np.concatenate([drawing[:A_CLASS] for drawing in drawings])[order]
    return Found({"train_images": images, "train_labels": labels[order]}, tuple(names), notes)


# --- CSV ---


def _read_tables(paths, image_shape):
    found = _tables.read(choose(paths), image_shape)
    found.transposed = _is_transposed(paths)
    return found


_FORMATS = (
    (("idx1-ubyte", "idx3-ubyte"), lambda path: True, _read_idx_files),
    (".npz", _has_images, _read_npz_files),
    (".npy", lambda path: True, _read_npy_files),
    (".csv", _tables.is_table, _read_tables),
)
