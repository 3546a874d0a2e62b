"""Whatever ``GAN.fit`` is given, as batches whose order follows from the number of the epoch.

Keras takes new iterators as it likes, and not as many in every version. So that a training run that
goes on sees what the uninterrupted one sees, a feed has an attribute ``epoch``, which ``fit`` sets
at the beginning of each epoch.
"""

import copy
import inspect
import itertools
import weakref

from gan_helpers import _checks
from gan_helpers.data import Batches, Dataset, check_count, epoch_order
import keras
import numpy as np
import tensorflow as tf

_PASSES = weakref.WeakKeyDictionary()  # how many passes were made over a tf.data.Dataset


def look(gan, x, y=None):
    """Raise ``ValueError`` if ``x`` and ``y`` are not what ``gan`` takes, without using them up.

    Of a ``tf.data.Dataset`` only shapes and types can be looked at, of a generator nothing.
    """
    if isinstance(x, Dataset):
        raise ValueError(
            "x: a Dataset has training and test images. Give "
            "data.Batches(dataset.train_images, batch_size, seed=seed)."
        )
    if _is_array(x):
        _checks.check_batch((x, y), gan)
        return
    if not (isinstance(x, (keras.utils.PyDataset, tf.data.Dataset)) or inspect.isgenerator(x)):
        raise ValueError(
            "x: expected data.Batches, a keras.utils.PyDataset, a tf.data.Dataset, a generator of "
            f"batches or an array of images, got {type(x).__name__}."
            + (" Labels come behind the images: x, y." if isinstance(x, (list, tuple)) else "")
        )
    if y is not None:
        raise ValueError(f"y: {type(x).__name__} brings its labels itself, so leave y out.")
    if isinstance(x, Batches):
        _look_at_batches(gan, x)
    elif isinstance(x, keras.utils.PyDataset):
        _checks.check_batch(x[0], gan)
    elif isinstance(x, tf.data.Dataset):
        _look_at_spec(gan, x.element_spec)


def _is_array(x):
    return hasattr(x, "__array__") and not isinstance(x, type)


def _look_at_batches(gan, x):
    pair = (x.images,) if x.labels is None else (x.images, x.labels)
    _checks.images_and_labels(pair, gan.conditional)
    _checks.check_shape((*x.images.shape, 1)[:4], gan.image_shape)
    low, high = x.images.min(), x.images.max()
    if low == high:
        _checks.check_range(low, high)
    if x.labels is not None:
        _checks.check_classes(x.labels, len(x.images), gan)


def _look_at_spec(gan, spec):
    images, _ = _checks.images_and_labels(spec, gan.conditional)
    if not isinstance(images, tf.TensorSpec):
        raise ValueError(f"images: expected one tensor, got {images}.")
    if images.shape.rank is not None:
        known = zip(images.shape[1:], gan.image_shape, strict=False)
        known = [expected if size is None else size for size, expected in known]
        shape = (images.shape[0], *known, *images.shape[1 + len(known) :])[: images.shape.rank]
        _checks.check_shape(shape, gan.image_shape)
    if not images.dtype.is_floating:
        raise ValueError(
            f"images: expected float32 in [-1, 1], got {images.dtype.name}. Scale them, as with "
            ".map(lambda images: tf.cast(images, tf.float32) / 127.5 - 1)."
        )


def split(x, y, part):
    """Take the last ``part`` of arrays off, as Keras does, and return it last, as a pair."""
    if not _is_array(x):
        raise ValueError(
            f"validation_split: only arrays can be split. Give {type(x).__name__} a companion as "
            "validation_data."
        )
    part = _checks.check_number("validation_split", part)
    first = int(len(x) * (1 - part))
    if not 0 < first < len(x):
        raise ValueError(f"validation_split: expected a part of {len(x)} images, got {part}.")
    if y is None:
        return x[:first], None, (x[first:],)
    return x[:first], y[:first], (x[first:], y[first:])


def feed(gan, x, y, batch_size, shuffle, steps, epochs, epoch):
    """Check ``x`` and ``y`` and make a feed of them: ``.batches`` is for Keras, ``.steps`` too."""
    look(gan, x, y)
    if batch_size is not None and not _is_array(x):
        raise ValueError(f"batch_size: {type(x).__name__} comes in batches already. Leave it out.")
    if isinstance(x, Batches):
        return _Steady(copy.copy(x) if steps else x, steps)
    if _is_array(x):
        size = check_count("batch_size", 32 if batch_size is None else batch_size)
        return _Steady(_Arrays(x, y, size, gan.seed if shuffle else None), steps)
    if isinstance(x, keras.utils.PyDataset):
        if x.num_batches is None:
            return _Feed(x, steps)
        return _Feed(_Ordered(x, steps, gan.seed if shuffle else None))
    if isinstance(x, tf.data.Dataset):
        if steps is None and x.cardinality() == tf.data.INFINITE_CARDINALITY:
            raise ValueError("steps_per_epoch: this tf.data.Dataset is endless, say how many.")
        return _Passes(gan, x, steps, epoch)
    if steps is None and epochs > epoch + 1:
        raise ValueError(
            "steps_per_epoch: a generator gives its batches once, so say how many are an epoch, or "
            "give data.Batches."
        )
    return _Generated(gan, x, steps, epoch)


class _Feed:
    """Batches that find their place by themselves, once they are told the epoch."""

    error = None

    def __init__(self, batches, steps=None):
        self.batches, self.steps = batches, steps

    def begin(self, epoch):
        if isinstance(self.batches, _Ordered):
            self.batches.epoch = epoch


class _Steady:
    """``data.Batches`` or arrays as a ``tf.data.Dataset`` that costs nothing beside the training.

    With ``steps``, an epoch has so many and goes on behind the last one.

    What Keras makes of them is slower in two ways (TensorFlow 2.21): the end of an epoch waits for
    tf.data's autotuner, and ``from_generator`` has memory given back to the system after each
    step, which took a DCGAN from 1,070 images a second to 640.
    """

    error = None

    def __init__(self, source, steps=None):
        self.source, self.steps, self.epoch = source, steps, 0
        options = tf.data.Options()
        options.autotune.enabled = False
        indices = tf.data.Dataset.range(steps or len(source))
        self.batches = indices.map(self._tensors).prefetch(2).with_options(options)

    def _tensors(self, index):
        types = [tf.float32] if self.source.labels is None else [tf.float32, tf.int32]
        tensors = tf.numpy_function(self._batch, [index], types)
        size = None if isinstance(self.source, _Arrays) else self.source.batch_size
        tensors[0].set_shape((size, *self.source.image_shape))
        if self.source.labels is None:
            return tensors[0]
        tensors[1].set_shape((size,))
        return tuple(tensors)

    def _batch(self, index):
        index = int(index)
        if self.steps:
            self.source.epoch, index = divmod(self.epoch * self.steps + index, len(self.source))
        return self.source.batch(index)

    def begin(self, epoch):
        self.epoch = epoch
        if not self.steps:
            self.source.epoch = epoch


class _Arrays:
    """Batches of two arrays, shuffled anew in each epoch or, without a seed, in their order."""

    def __init__(self, images, labels, batch_size, seed):
        self.images, self.labels = np.asarray(images), labels
        self.image_shape = self.images.shape[1:]
        if labels is not None:
            self.labels = np.asarray(labels, np.int32)
        self.batch_size, self.seed, self.epoch = batch_size, seed, 0

    def __len__(self):
        return -(-len(self.images) // self.batch_size)

    def batch(self, index):
        chosen = slice(index * self.batch_size, (index + 1) * self.batch_size)
        if self.seed is not None:
            chosen = epoch_order(self.seed, self.epoch, len(self.images))[chosen]
        images = self.images[chosen].astype(np.float32)
        return images if self.labels is None else (images, self.labels[chosen])


class _Ordered(keras.utils.PyDataset):
    """The batches of another ``PyDataset``, ``steps`` an epoch, each going on behind the last.

    Those that have no order of their own for each epoch are shuffled, if there is a seed.
    """

    def __init__(self, batches, steps=None, seed=None):
        super().__init__(batches.workers, batches.use_multiprocessing, batches.max_queue_size)
        self.source, self.seed, self.epoch = batches, seed, 0
        self.steps = steps or batches.num_batches

    def __len__(self):
        return self.steps

    def __getitem__(self, index):
        count = self.source.num_batches
        epoch, index = divmod(self.epoch * self.steps + index, count)
        if self.seed is not None:
            index = int(epoch_order(self.seed, epoch, count)[index])
        return self.source[index]

    def on_epoch_begin(self):
        self.source.on_epoch_begin()

    def on_epoch_end(self):
        self.source.on_epoch_end()


class _Passes:
    """A ``tf.data.Dataset``: one pass an epoch, or ``steps`` batches of pass after pass.

    How a dataset shuffles is its own secret, but its n-th pass is always the same. So the passes
    of the epochs before are taken and thrown away, unless ``fit`` has made them already.
    """

    error = None

    def __init__(self, gan, source, steps, epoch):
        self.gan, self.source, self.steps, self.opened = gan, source, steps, epoch
        stream = self._open(epoch)
        first = next(stream, None)
        if first is None:
            raise ValueError(f"x: this {type(source).__name__} holds no batches, or no more.")
        _checks.check_batch(first, gan)
        self.stream = itertools.chain([first], stream)
        options = tf.data.Options()
        options.autotune.enabled = False  # which takes batches in advance, and loses them
        made = tf.data.Dataset.from_generator(self._run, output_signature=self._signature(first))
        self.batches = made.with_options(options)
        count = source.cardinality() if isinstance(source, tf.data.Dataset) else -1
        if steps is None and count > 0:
            self.batches = self.batches.apply(tf.data.experimental.assert_cardinality(count))

    def _open(self, epoch):
        if self.steps:
            return iter(self.source.repeat().skip(epoch * self.steps))
        made = _PASSES.get(self.source, 0)
        for _ in range(epoch - made):
            iter(self.source)
        _PASSES[self.source] = max(epoch, made) + 1
        return iter(self.source)

    def begin(self, epoch):
        self.epoch = epoch

    def _run(self):
        try:
            yield from self._pass()
        except Exception as error:  # TensorFlow would tell it as a failed operation
            self.error = error
            raise

    def _pass(self):
        """The batches from the epoch on that has begun, which may be later than it seemed."""
        if self.steps:
            return itertools.islice(self.stream, (self.epoch - self.opened) * self.steps, None)
        stream, self.stream = self.stream, None
        return stream if stream and self.epoch == self.opened else self._open(self.epoch)

    def _signature(self, first):
        return self.source.element_spec


class _Generated(_Passes):
    """A generator: if it is new, the batches of the epochs before are taken and thrown away."""

    def _open(self, epoch):
        self.new = inspect.getgeneratorstate(self.source) == inspect.GEN_CREATED
        return itertools.islice(self.source, self._behind(epoch), None)

    def _pass(self):
        stream = itertools.islice(self.stream, self._behind(self.epoch - self.opened), None)
        return map(self._arrays, stream)

    def _behind(self, epochs):
        return epochs * self.steps if self.new and self.steps else 0

    def _arrays(self, batch):
        images, labels = _checks.images_and_labels(batch, self.gan.conditional)
        images = np.asarray(images, np.float32)
        return (images,) if labels is None else (images, np.asarray(labels, np.int32))

    def _signature(self, first):
        arrays = self._arrays(first)
        return tuple(tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in arrays)
