"""Where images come from: files and drawings to ``uint8`` arrays, and these to batches."""

from dataclasses import dataclass, replace
import functools
from pathlib import Path
import reprlib

from gan_helpers import _moved, _tidying, reading, words
from gan_helpers._download import (
    _PUBLISHED,
    DIGIT_CLASSES,
    FASHION_CLASSES,
    SAMPLE_FOLDER,
    find,
)
from gan_helpers._validation import (
    check_count,
    check_image_shape,
    check_images,
    check_labels,
    check_path,
    shape_of,
)
from gan_helpers.reading import FILES, DamagedFileError, read_idx
import keras
import numpy as np
import pooch

__all__ = [
    "DIGIT_CLASSES",
    "FASHION_CLASSES",
    "FILES",
    "SAMPLE_FOLDER",
    "Batches",
    "DamagedFileError",
    "Dataset",
    "check_count",
    "check_image_shape",
    "check_images",
    "check_labels",
    "check_md5",
    "load_dataset",
    "read_idx",
    "to_unit_range",
]


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==; a Dataset equals itself
class Dataset:
    """Images and labels, and where they came from.

    Attributes:
        train_images, test_images: ``uint8`` arrays ``(n, h, w)``, grey, or ``(n, h, w, 3)``, from
            0 (black) to 255.
        train_labels, test_labels: arrays ``(n,)`` of integers, indices into ``class_names``.
        class_names: tuple of ``str``.
        source: ``str``, where the files were found, and what was changed in them.
        name: ``str``, a short name: ``"fashion_mnist"``, or that of the folder or file.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple
    source: str
    name: str

    @property
    def image_shape(self):
        """Height, width and channels of an image: 1 (grey) or 3 (colour)."""
        return shape_of(self.train_images)

    def __str__(self):
        height, width, channels = self.image_shape
        size = "" if (height, width, channels) == (28, 28, 1) else f"{height}x{width} "
        count = len(self.class_names)
        return words.say(
            "{train:,} training and {test:,} test {kind}images of {count} {classes}, from {source}",
            train=len(self.train_images),
            test=len(self.test_images),
            count=count,
            kind=size + (words.say("colour ") if channels == 3 else ""),
            classes="class" if count == 1 else "classes",
            source=self.source,
        )


def load_dataset(name_or_path="fashion_mnist", class_names=None, image_shape=None):
    """Load a dataset, and print a sentence that says where it came from and what was changed.

    A name is looked for in this order: Keras' cache on this machine, the files of Debian's and
    Ubuntu's package ``dataset-fashion-mnist``, a download (checked against the published MD5 and
    kept in Keras' cache, or in a temporary folder if that cannot be written) and the balanced
    sample of 10,000 + 2,000 images that comes with this package. Without a network the decision
    takes at most 8 seconds.

    A folder, also one or two levels above the files, or one of the files, is read if it holds

    - the four IDX files of MNIST and its kin, gzipped or not; EMNIST's, whose names start with
      ``emnist``, are stored transposed and are turned;
    - ``.npz`` files: Keras' ``mnist.npz``, KMNIST's pairs, MedMNIST's;
    - ``.npy`` files: one for each class, as of *Quick, Draw!* (12,000 drawings of each are taken),
      or pairs of images and labels;
    - ``.csv`` files with a label and the pixels of an image in each row, as on Kaggle;
    - pictures (``.png``, ``.jpg`` ...) in a folder for each class, also within ``train`` and
      ``test``.

    Without images for testing a sixth of each class is set aside, always the same. Pictures, and
    ``.npy`` files with a class in each, come in shuffled order, always the same.

    Args:
        name_or_path: ``"fashion_mnist"``, ``"mnist"``, ``"shapes"`` (drawn by this package,
            32x32 in colour unless ``image_shape`` says otherwise), a folder, or a file. A
            ``Dataset`` is returned as it is.
        class_names: names of the classes, in the order of the labels. The default are those of
            the folders or of the labels, else ``"0"``, ``"1"``, ...
        image_shape: ``(height, width, channels)`` to resize all images to. The default is their
            own size.

    Returns:
        A ``Dataset``.

    Raises:
        FileNotFoundError: no such file or folder, nothing that can be read in it, or a file that
            belongs to the others is missing.
        DamagedFileError: a file is cut off or altered.
        OSError: a file or folder that the system does not let be read.
        ValueError: several datasets in one folder, images of several sizes or of one that is not
            a multiple of 4, images and labels that do not belong together, or more classes than
            names.
    """
    if isinstance(name_or_path, Dataset):
        return name_or_path
    name = str(check_path("name_or_path", name_or_path))
    class_names = _check_class_names(class_names)
    if image_shape is not None:
        image_shape = check_image_shape(image_shape)
    if name == "shapes":
        dataset = _draw_shapes(class_names, image_shape)
    else:
        if name in _PUBLISHED:
            found, source = find(name)
            class_names = class_names or tuple(map(words.say, _PUBLISHED[name].class_names))
        else:
            try:
                found = reading.read(name, image_shape)
            except reading.NothingThereError as error:
                names = ", ".join(map(repr, (*_PUBLISHED, "shapes")))
                raise FileNotFoundError(f"{error} Known by name: {names}.") from None
            path = Path(name).expanduser().resolve()
            source = "the folder {name!r}" if path.is_dir() else "the file {name!r}"
            source = words.say(source, name=path.name)
            name = path.name if path.is_dir() else path.name.split(".")[0]
        dataset = _as_dataset(found, class_names, image_shape, source, name)
    print(dataset)
    return dataset


def _check_class_names(class_names):
    if class_names is None:
        return None
    try:
        names = () if isinstance(class_names, (str, bytes)) else tuple(class_names)
    except TypeError:
        names = ()
    if not names or not all(isinstance(name, str) for name in names):
        raise ValueError(f"class_names: expected a list of names, got {reprlib.repr(class_names)}.")
    return names


def _draw_shapes(class_names, image_shape):
    from gan_helpers.shapes import draw_shapes  # which draws a Dataset, so it imports this module

    dataset = draw_shapes(image_shape=image_shape or (32, 32, 3))
    if class_names is None:
        return dataset
    if len(class_names) != len(dataset.class_names):
        raise ValueError(f"class_names: the shapes are {', '.join(dataset.class_names)}.")
    return replace(dataset, class_names=class_names)


def _as_dataset(found, class_names, image_shape, source, name):
    """Make a ``Dataset`` of what was read: converted, checked, and with two parts."""
    _tidying.tidy_images(found, image_shape)
    class_names = _tidying.tidy_labels(found, class_names)
    arrays = found.arrays
    for part in ("train", "test"):
        if f"{part}_images" in arrays:
            images, labels = arrays[f"{part}_images"], arrays[f"{part}_labels"]
            check_images(images, f"{part} images of {name!r}")
            check_labels(labels, len(images), f"{part} labels of {name!r}")
    _tidying.split(found)
    if image_shape is not None:
        _tidying.resize(found, image_shape)
    shapes = [shape_of(arrays[f"{part}_images"]) for part in ("train", "test")]
    try:
        check_image_shape(shapes[0])
        fits = shapes[0] == shapes[1]
    except ValueError:
        fits = False
    if not fits:
        *sizes, channels = shapes[0]
        height, width = (max(8, 4 * round(size / 4)) for size in sizes)
        raise ValueError(
            f"images of {name!r}: expected images of one size, multiples of 4 from 8 on, got "
            f"{shapes[0]} for training and {shapes[1]} for testing. Resize them: "
            f"load_dataset(..., image_shape=({height}, {width}, {channels}))."
        )
    _tidying.remark(found, class_names)
    source = "; ".join([source, *found.notes])
    return Dataset(**arrays, class_names=class_names, source=source, name=name)


def _read_folder(folder):
    """The arrays of a folder, as they are in its files."""
    return reading.read(Path(folder)).arrays


def check_md5(path, md5):
    """Raise ``DamagedFileError`` unless the file has this MD5 checksum (32 hexadecimal digits).

    Raises:
        FileNotFoundError: there is no such file.
    """
    path = check_path("path", path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path.name} in the folder {path.parent.name!r}.")
    found = pooch.file_hash(str(path), alg="md5")
    if found != md5:
        raise DamagedFileError(
            f"{path.name} is damaged or was changed: its MD5 checksum is {found}, not {md5}."
        )


# Keras 3.6 and 3.7 take batches that are tuples only.
_ARRAYS_ALONE = tuple(map(int, keras.__version__.split(".")[:2])) >= (3, 8)


@functools.lru_cache(maxsize=4)  # all batches of an epoch ask for it
def epoch_order(seed, epoch, count):
    """The order of ``count`` images in an epoch, an array ``(count,)``: the same each time."""
    return np.random.default_rng([seed, epoch]).permutation(count)


class Batches(keras.utils.PyDataset):
    """Shuffled batches for ``fit``, scaled to the range of a tanh generator on the way.

    The ``uint8`` array stays the only full copy in memory: one batch at a time is turned into
    floats. The order is a function of ``seed`` and ``epoch`` and of nothing else, so a run
    that goes on at epoch 5 sees what the uninterrupted one sees there. Images that do not fill
    a batch are left out of the epoch; they are others in each.

    ``for batch in batches`` goes through one epoch and moves ``epoch`` on by one, and so does
    ``fit``. ``GAN.fit`` counts the epochs itself. For another ``keras.Model`` say
    ``fit(batches, shuffle=False)``: Keras would take the batches of an epoch in any order.

    Args:
        images: ``uint8`` array ``(n, h, w)`` or ``(n, h, w, 3)``.
        batch_size: images in a batch, 1 to n.
        seed: ``int`` from 0 on, of the shuffling.
        labels: integers ``(n,)``, or ``None``.

    Batches are ``float32`` arrays ``(batch_size, h, w, c)`` in [-1, 1] or, with labels, pairs
    ``(images, labels)``, labels ``int32`` ``(batch_size,)``.

    Raises:
        ValueError: images, labels, batch size or seed are not as described.
    """

    def __init__(self, images, batch_size, seed, labels=None):
        super().__init__()
        check_images(images)
        if labels is not None:
            check_labels(labels, len(images))
            labels = np.asarray(labels, np.int32)
        self.batch_size = check_count("batch_size", batch_size, 1, len(images))
        self.seed = check_count("seed", seed, 0)
        self.images, self.labels = images, labels
        self.epoch = 0
        self._begun = False

    @property
    def epoch(self):
        """The number of the epoch that comes next or is under way, from 0."""
        return self._epoch

    @epoch.setter
    def epoch(self, epoch):
        self._epoch = check_count("epoch", epoch, 0)

    def __len__(self):
        return len(self.images) // self.batch_size

    @property
    def image_shape(self):
        """Height, width and channels of an image."""
        return shape_of(self.images)

    def batch(self, index):
        """Batch ``index`` of the epoch ``epoch``: an array or, with labels, a pair of arrays."""
        return self._batch(check_count("index", index, 0, len(self) - 1), self.epoch)

    def _batch(self, index, epoch):
        order = epoch_order(self.seed, epoch, len(self.images))
        chosen = order[index * self.batch_size : (index + 1) * self.batch_size]
        images = self.images[chosen].astype(np.float32) / np.float32(127.5) - np.float32(1)
        images = images.reshape(self.batch_size, *self.image_shape)
        return images if self.labels is None else (images, self.labels[chosen])

    def __getitem__(self, index):
        batch = self.batch(index)
        return batch if _ARRAYS_ALONE or self.labels is not None else (batch,)

    def __iter__(self):
        epoch = self.epoch
        for index in range(len(self)):
            yield self._batch(index, epoch)
        self.epoch = epoch + 1

    def on_epoch_begin(self):
        self._begun = True

    def on_epoch_end(self):  # Keras calls it once before the first epoch, too
        self.epoch += self._begun
        self._begun = False


def to_unit_range(images):
    """Generator output in [-1, 1] to images for showing and measuring, in [0, 1].

    Args:
        images: array or tensor ``(n, h, w, c)``, c = 1 or 3.

    Returns:
        ``float32`` array ``(n, h, w)`` or ``(n, h, w, 3)``.

    Raises:
        ValueError: the shape is another, values are NaN or lie outside [-1, 1].
    """
    try:
        images = np.asarray(images)
        if images.dtype.kind in "bcOSUmM":
            raise TypeError
        images = images.astype(np.float32, copy=False)
    except (TypeError, ValueError):
        raise ValueError("images: expected one array of floats in [-1, 1].") from None
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        raise ValueError(
            f"images: expected shape (n, height, width, 1) or (n, height, width, 3), "
            f"got {images.shape}."
        )
    if np.isnan(images).any():
        raise ValueError(
            "images: some values are NaN: training has diverged. Lower the learning rate."
        )
    if images.size and (images.min() < -1 or images.max() > 1):
        raise ValueError(
            f"images: expected values in [-1, 1], got {images.min():.3g} to {images.max():.3g}. "
            "Does the generator end in tanh?"
        )
    images = (images + 1) / 2
    return images[..., 0] if images.shape[-1] == 1 else images


def __getattr__(name):
    return _moved.find("data", name)
