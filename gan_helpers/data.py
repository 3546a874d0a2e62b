"""Where images come from: IDX files to ``uint8`` arrays, and ``uint8`` arrays to batches."""

from dataclasses import dataclass
import gzip
import math
import os
from pathlib import Path
import threading
import warnings
import zlib

import numpy as np
import pooch
import requests
import tensorflow as tf

IMAGE_SIZE = 28
CONNECTION_SECONDS = 8

FASHION_CLASSES = (
    "T-shirt",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
DIGIT_CLASSES = tuple("0123456789")

SAMPLE_FOLDER = Path(__file__).parent / "fashion_mnist_sample"
FILES = {
    "train_images": "train-images-idx3-ubyte.gz",
    "train_labels": "train-labels-idx1-ubyte.gz",
    "test_images": "t10k-images-idx3-ubyte.gz",
    "test_labels": "t10k-labels-idx1-ubyte.gz",
}


@dataclass(frozen=True)
class _Published:
    """A dataset that is known by name: its classes, its address and its MD5 checksums."""

    cache_name: str
    class_names: tuple
    address: str
    md5: dict
    system_folder: Path | None = None


_PUBLISHED = {
    "fashion_mnist": _Published(
        cache_name="fashion-mnist",
        class_names=FASHION_CLASSES,
        address="https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        md5={
            "train_images": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "train_labels": "25c81989df183df01b3e8a0aad5dffbe",
            "test_images": "bef4ecab320f06d8554ea6380940ec79",
            "test_labels": "bb300cfdad3c16e7a12a480ee83cd310",
        },
        system_folder=Path("/usr/share/datasets/fashion-mnist"),
    ),
    "mnist": _Published(
        cache_name="mnist",
        class_names=DIGIT_CLASSES,
        address="https://storage.googleapis.com/cvdf-datasets/mnist/",
        md5={
            "train_images": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "train_labels": "d53e105ee54ea40749a09fcbcd1e9432",
            "test_images": "9fb629c4189551a2d022fa330f9573f3",
            "test_labels": "ec29112dd5afa0611ce80d1b7f02629c",
        },
    ),
}


class DamagedFileError(ValueError):
    """An IDX file that is cut off, altered or not what its name says."""


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==; a Dataset equals itself
class Dataset:
    """Images and labels, and where they came from.

    Attributes:
        train_images, test_images: ``uint8`` arrays ``(n, 28, 28)``, 0 (black) to 255 (white).
        train_labels, test_labels: ``uint8`` arrays ``(n,)``, indices into ``class_names``.
        class_names: tuple of ``str``.
        source: ``str``, where the files were found.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple
    source: str

    def __str__(self):
        return (
            f"{len(self.train_images):,} training and {len(self.test_images):,} test images "
            f"of {len(self.class_names)} classes, from {self.source}"
        )


def load_dataset(name_or_folder="fashion_mnist", class_names=None):
    """Load a dataset of 28x28 grey images, and print a sentence that says where it came from.

    A name is looked for in this order: Keras' cache on this machine, the files of Debian's and
    Ubuntu's package ``dataset-fashion-mnist``, a download (checked against the published MD5 and
    kept in Keras' cache) and, for Fashion-MNIST, the balanced sample of 10,000 + 2,000 images
    that comes with this package. Without a network the decision takes at most 8 seconds.

    Args:
        name_or_folder: ``"fashion_mnist"``, ``"mnist"``, or a folder with four IDX files, gzipped
            or not (``train-images-idx3-ubyte[.gz]``, ``train-labels-idx1-ubyte[.gz]``,
            ``t10k-images-idx3-ubyte[.gz]``, ``t10k-labels-idx1-ubyte[.gz]``).
        class_names: names of the classes, in the order of the labels; for a folder the default
            is ``"0"``, ``"1"``, ...

    Returns:
        A ``Dataset``.

    Raises:
        FileNotFoundError: no such folder, or one of the four files is missing in it.
        DamagedFileError: a file in the folder is cut off or altered.
        ValueError: an unknown name, images that are not 28x28, images and labels that do not
            belong together, or more classes than names.
        ConnectionError: a name without a sample, and no network.
    """
    published = _PUBLISHED.get(str(name_or_folder))
    if published is None:
        folder = Path(name_or_folder).expanduser().resolve()
        if not folder.is_dir():
            raise FileNotFoundError(
                f"{str(name_or_folder)!r} is neither a folder nor a known dataset "
                f"({', '.join(map(repr, _PUBLISHED))}). Give one of these names, or a folder with "
                f"four IDX files such as {FILES['train_images']}."
            )
        arrays, source = _read_folder(folder), f"the folder {folder.name!r}"
    else:
        arrays, source = _find(str(name_or_folder), published)
        class_names = class_names or published.class_names

    count = max(int(arrays[key].max()) for key in ("train_labels", "test_labels")) + 1
    class_names = tuple(class_names or map(str, range(count)))
    if count > len(class_names):
        raise ValueError(
            f"The labels go up to {count - 1}, but there are only {len(class_names)} class names."
        )
    dataset = Dataset(**arrays, class_names=class_names, source=source)
    print(dataset)
    return dataset


def _find(name, published):
    """Return the four arrays of a named dataset, and a phrase that says where they came from."""
    cache = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "datasets"
    cache = cache / published.cache_name
    places = {"Keras' cache": cache}
    if published.system_folder:
        places["the system's package dataset-fashion-mnist"] = published.system_folder
    for source, folder in places.items():
        try:
            return _read_folder(folder), source
        except FileNotFoundError:
            continue
        except DamagedFileError as error:
            warnings.warn(f"{error} Looking for a good copy elsewhere.", stacklevel=3)
    try:
        _download(published, cache)
        return _read_folder(cache), "a download, now in Keras' cache"
    except (OSError, ValueError) as error:  # requests' exceptions are OSErrors, pooch's ValueErrors
        reason = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0][:120]}"
        if isinstance(error, ValueError):  # there is a network, but what it gave was refused
            warnings.warn(f"The download was refused. {reason}", stacklevel=3)
    if name == "fashion_mnist":
        return _read_folder(SAMPLE_FOLDER), (
            "the sample in this package: the full set (60,000 + 10,000 images) could not be "
            "downloaded. To get it, connect to the network, or run "
            "'apt-get install dataset-fashion-mnist', or give load_dataset a folder with its four "
            "IDX files"
        )
    raise ConnectionError(
        f"{name!r} is not on this machine and could not be downloaded ({reason}). Connect to the "
        f"network, or give load_dataset a folder with its four IDX files."
    )


def _download(published, folder):
    """Download the four files into ``folder``; pooch checks each before it gets its name."""
    _check_connection(published.address + FILES["train_labels"])
    downloader = pooch.HTTPDownloader(progressbar=True, timeout=CONNECTION_SECONDS)
    for key, file_name in FILES.items():
        pooch.retrieve(
            published.address + file_name,
            known_hash=f"md5:{published.md5[key]}",
            fname=file_name,
            path=folder,
            downloader=downloader,
        )


def _check_connection(address):
    """Raise ``ConnectionError`` unless ``address`` answers within ``CONNECTION_SECONDS``.

    A thread, because looking up a name has no time limit of its own.
    """
    outcome = []

    def ask():
        try:
            requests.head(address, timeout=CONNECTION_SECONDS).raise_for_status()
            outcome.append(None)
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(CONNECTION_SECONDS)
    if not outcome:
        raise ConnectionError(f"no answer within {CONNECTION_SECONDS} s")
    if outcome[0] is not None:
        raise ConnectionError(str(outcome[0])) from outcome[0]


def _read_folder(folder):
    """Read the four IDX files of ``folder`` and check that they belong together."""
    arrays = {key: read_idx(_find_file(folder, key)) for key in FILES}
    for part in ("train", "test"):
        images, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
        check_images(images, f"{part} images of {folder.name!r}")
        check_labels(labels, len(images), f"{part} labels of {folder.name!r}")
    return arrays


def _find_file(folder, key):
    """Return the path of the one file in ``folder`` that holds ``key``."""
    stem = FILES[key].removesuffix(".gz")
    patterns = [stem, stem.replace("-idx", ".idx")]
    patterns += [pattern.replace("t10k", "test") for pattern in patterns]
    found = {
        path.name.removesuffix(".gz"): path
        for pattern in patterns
        for path in sorted(folder.glob(f"*{pattern}")) + sorted(folder.glob(f"*{pattern}.gz"))
        if path.is_file()
    }
    if not found:
        raise FileNotFoundError(f"The folder {folder.name!r} holds no file {stem}[.gz].")
    if len(found) > 1:
        raise ValueError(
            f"The folder {folder.name!r} holds more than one candidate for {stem}: "
            f"{', '.join(sorted(found))}. Keep one dataset in a folder."
        )
    return found.popitem()[1]


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
    path = Path(path)
    try:
        with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
            content = file.read()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DamagedFileError(f"{path.name} is damaged: {error}.") from error
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


def check_images(images, what="images"):
    """Raise ``ValueError`` unless ``images`` is a non-empty ``uint8`` array ``(n, 28, 28)``."""
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8:
        kind = getattr(images, "dtype", type(images).__name__)
        raise ValueError(f"{what}: expected a NumPy array of uint8 (0 to 255), got {kind}.")
    if images.ndim != 3 or images.shape[1:] != (IMAGE_SIZE, IMAGE_SIZE):
        raise ValueError(
            f"{what}: expected shape (n, {IMAGE_SIZE}, {IMAGE_SIZE}), got {images.shape}. "
            f"Resize the images first, for example with PIL.Image.resize."
        )
    if len(images) == 0:
        raise ValueError(f"{what}: there are none.")


def check_labels(labels, count, what="labels", classes=None):
    """Raise ``ValueError`` unless ``labels`` are ``count`` integers from 0 to ``classes - 1``."""
    labels = np.asarray(labels)
    if labels.shape != (count,):
        raise ValueError(f"{what}: expected shape ({count},), one for each image, "
                         f"got {labels.shape}.")  # fmt: skip
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(f"{what}: expected integers, got {labels.dtype}.")
    if count and (labels.min() < 0 or (classes and labels.max() >= classes)):
        upper = f" to {classes - 1}" if classes else " upwards"
        raise ValueError(
            f"{what}: expected values from 0{upper}, got {labels.min()} to {labels.max()}."
        )


def batches(images, batch_size, seed, labels=None):
    """Shuffled batches for ``fit``, scaled to the range of a tanh generator on the way.

    The ``uint8`` array stays the only full copy in memory: the pipeline shuffles indices, and
    turns one batch at a time into floats. Every pass over the result has a new order; the same
    seed gives the same orders, as long as ``keras.utils.set_random_seed`` was given the same
    number before (TensorFlow mixes the two). The last batch may be smaller.

    Args:
        images: ``uint8`` array ``(n, 28, 28)``.
        batch_size: images in a batch, 1 to n.
        seed: ``int``, of the shuffling.
        labels: integers ``(n,)``, or ``None``.

    Returns:
        A ``tf.data.Dataset`` of ``float32`` images ``(b, 28, 28, 1)`` in [-1, 1] or, with labels,
        of pairs ``(images, labels)``, labels ``int32`` ``(b,)``.

    Raises:
        ValueError: images, labels or batch size are not as described.
    """
    check_images(images)
    if batch_size not in range(1, len(images) + 1):
        raise ValueError(
            f"batch_size: expected 1 to {len(images)}, the number of images, got {batch_size}."
        )
    if labels is not None:
        check_labels(labels, len(images))
        labels = np.asarray(labels, np.int32)

    def pick(indices):
        picked = tf.numpy_function(images.__getitem__, [indices], tf.uint8)
        picked.set_shape((None, IMAGE_SIZE, IMAGE_SIZE))
        scaled = tf.cast(picked[..., None], tf.float32) / 127.5 - 1.0
        return scaled if labels is None else (scaled, tf.gather(labels, indices))

    # The autotuner has nothing to tune here, and the end of an epoch waits until its thread wakes,
    # which it does after 10 ms, 20 ms, 40 ms ... : an epoch of 3.2 seconds took 5.1.
    options = tf.data.Options()
    options.autotune.enabled = False
    order = tf.data.Dataset.range(len(images)).shuffle(len(images), seed=seed)
    return order.batch(int(batch_size)).map(pick).prefetch(2).with_options(options)


def to_unit_range(images):
    """Generator output in [-1, 1], ``(n, 28, 28, 1)``, to ``float32`` ``(n, 28, 28)`` in [0, 1].

    Raises:
        ValueError: the shape is another, or values lie outside [-1, 1] (or are NaN).
    """
    images = np.asarray(images, np.float32)
    if images.ndim != 4 or images.shape[-1] != 1:
        raise ValueError(f"images: expected shape (n, height, width, 1), got {images.shape}.")
    if images.size and not (images.min() >= -1 and images.max() <= 1):
        raise ValueError(
            f"images: expected values in [-1, 1], got {images.min():.3g} to {images.max():.3g}. "
            "Does the generator end in tanh?"
        )
    return (images[..., 0] + 1) / 2
