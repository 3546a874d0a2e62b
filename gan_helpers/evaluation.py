"""Judges: what measures the images of one dataset, and every number that they give.

A judge is a small classifier of one dataset's images, with the features of its real test images.
The classifier plays the part that Inception plays for photographs: its last hidden layer turns an
image into 128 features, in which distances mean something. So no number of a judge can be compared
with a published FID, nor with the numbers of another judge.

The judge of Fashion-MNIST is shipped; ``judge_for(dataset)`` finds or trains the one that fits.
Whatever Keras' global settings are, judges compute in float32, and nothing here changes the random
numbers that are drawn afterwards.
"""

from dataclasses import replace
import functools
import math
from pathlib import Path
import time
import warnings

from gan_helpers import _checks, _judge_files, words
from gan_helpers._classifier import (
    build_classifier,
    classification_accuracy_score,
    measurable_images,
    run_classifier,
    train_classifier,
    unit_images,
)
from gan_helpers._judge import LEAST_COUNT, Judge, check_dataset, fingerprint_of
from gan_helpers._settings import float32, own_random_numbers
from gan_helpers._warnings import callers_level
from gan_helpers.data import Batches, DamagedFileError, check_count, check_labels
import keras
import numpy as np

__all__ = [
    "Judge",
    "build_classifier",
    "classification_accuracy_score",
    "discriminator_scores",
    "judge_for",
    "load_judge",
    "train_judge",
]

JUDGES_FOLDER = Path(__file__).parent / "assets" / "judges"
REAL_COUNT = 10_000  # real images that a judge keeps, at most
LEAST_STEPS = 600  # of training
WIDTH = 16  # of the classifier
POOR = 0.7  # accuracy of a judge, below which a warning is due


def load_judge(name_or_folder):
    """Load a judge: a shipped one by its name, else the one that a folder holds.

    Args:
        name_or_folder: ``"fashion_mnist"``, or a folder that ``Judge.save`` or ``train_judge``
            wrote.

    Returns:
        A ``Judge``; the same one as long as the files are the same.

    Raises:
        FileNotFoundError: no such judge, or one of its files is missing.
        DamagedFileError: a file is altered, or not what its name says.
        ValueError: neither a name nor a path.
    """
    shipped = sorted(path.name for path in JUDGES_FOLDER.iterdir())
    folder = _judge_files.to_path("name_or_folder", name_or_folder)
    if name_or_folder in shipped:
        folder = JUDGES_FOLDER / name_or_folder
    try:
        card = _judge_files.read_card(folder)
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"No judge {str(name_or_folder)!r}: {error} Give the name of a shipped one "
            f"({', '.join(map(repr, shipped))}) or a folder that "
            "evaluation.train_judge(dataset, folder) wrote."
        ) from error
    return _load(folder.resolve(), *card.items())


@functools.lru_cache(maxsize=8)
def _load(folder, *card):
    card = dict(card)
    card.pop("md5")
    with float32(), own_random_numbers(0):
        classifier = build_classifier(len(card["class_names"]), card["image_shape"], card["width"])
        try:
            classifier.load_weights(folder / _judge_files.WEIGHTS)
            with np.load(folder / _judge_files.FEATURES, allow_pickle=False) as file:
                features = file["features"].astype(np.float32)
        except Exception as error:  # of HDF5, of zip, or of Keras: the files are not a judge's
            raise DamagedFileError(
                f"The files in the folder {str(folder)!r} do not belong to its card: {error}"
            ) from error
    if features.ndim != 2 or features.shape[1] != 128 or not np.isfinite(features).all():
        raise DamagedFileError(
            f"{_judge_files.FEATURES} in the folder {str(folder)!r} holds no features (n, 128)."
        )
    features.flags.writeable = False
    return Judge(classifier=classifier, real_features=features, **card)


def train_judge(dataset, folder=None, epochs=None, seed=0):
    """Train a judge for any labelled dataset: seconds for a small one, a minute or two for 60,000.

    It prints how good it is, and whether there are few test images to compare with, which biases
    distances upwards. The same dataset and seed give the same judge, and the random numbers that
    are drawn afterwards are the same as without the call.

    Args:
        dataset: from ``data.load_dataset``: at least two classes and six test images.
        folder: where to keep it for ``load_judge``, or ``None``.
        epochs: passes over the training images; by default 600 steps and one pass more.
        seed: ``int``, at least 0.

    Returns:
        A ``Judge``. A ``UserWarning`` says if it is a poor one, which names less than 70 % of the
        test images right.

    Raises:
        ValueError: arguments that are not as described; a folder that cannot be written.
    """
    check_dataset(dataset)
    seed, count = check_count("seed", seed, 0), len(dataset.train_images)
    if len(np.unique(dataset.train_labels)) < 2:
        raise ValueError(
            f"dataset: {dataset.name!r} has one class only. A judge is a classifier and needs two."
        )
    if len(dataset.test_images) < LEAST_COUNT:
        raise ValueError(
            f"dataset: {dataset.name!r} has {len(dataset.test_images)} test images. A judge "
            f"compares with them and needs at least {LEAST_COUNT}."
        )
    batch_size = min(count, 32 if count < 10_000 else 64)
    batches = Batches(dataset.train_images, batch_size, seed, dataset.train_labels)
    default = 1 + math.ceil(LEAST_STEPS / len(batches))
    epochs = default if epochs is None else check_count("epochs", epochs)
    if folder is not None:
        _judge_files.writable(folder)
    start, classes = time.perf_counter(), len(dataset.class_names)
    learning_rate = keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(batches))
    title = f"judge of {dataset.name!r}"
    classifier = train_classifier(batches, classes, WIDTH, epochs, learning_rate, seed, title)
    features, probabilities = run_classifier(classifier, dataset.test_images)
    real = np.random.default_rng(seed).permutation(features)[:REAL_COUNT]
    with np.errstate(under="ignore"):
        real = real.astype(np.float16).astype(np.float32)  # as they are kept
    real.flags.writeable = False
    judge = Judge(
        name=dataset.name,
        class_names=tuple(dataset.class_names),
        image_shape=dataset.image_shape,
        classifier=classifier,
        real_features=real,
        accuracy=float(np.mean(probabilities.argmax(axis=1) == dataset.test_labels)),
        width=WIDTH,
        fingerprint=fingerprint_of(dataset),
    )
    if folder is not None:
        judge.save(folder)
    seconds = time.perf_counter() - start
    print(words.say("Trained in {seconds:.0f} s: {judge}.", seconds=seconds, judge=judge))
    if judge.accuracy < POOR:
        warnings.warn(
            f"This judge names only {judge.accuracy:.0%} of real test images right, so its numbers "
            "say little. More training images or epochs help, if the classes can be told apart.",
            stacklevel=callers_level(),
        )
    return judge


def judge_for(dataset):
    """The judge that belongs to a dataset: shipped, trained before, or trained now.

    A trained judge is kept for the next time in the folder ``judges`` of Keras' cache (of a
    temporary folder, if that cannot be written), by a fingerprint of all images and labels. It
    prints a sentence on the judge.

    Args:
        dataset: from ``data.load_dataset``, labelled.

    Returns:
        A ``Judge``.

    Raises:
        ValueError: as ``train_judge``.
    """
    check_dataset(dataset)
    for path in sorted(JUDGES_FOLDER.iterdir()):
        judge = load_judge(path.name)
        try:
            judge.check(dataset)
        except ValueError:
            continue
        print(words.say("Shipped: {judge}.", judge=judge))
        return judge
    folders = [folder / fingerprint_of(dataset) for folder in _judge_files.kept_folders()]
    for folder in folders:
        try:
            judge = load_judge(folder)
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            warnings.warn(f"{error} The judge is trained anew.", stacklevel=callers_level())
            continue
        print(words.say("Trained before: {judge}.", judge=judge))
        return replace(judge, name=dataset.name, class_names=tuple(dataset.class_names))
    judge = train_judge(dataset)
    for folder in folders:
        try:
            judge.save(folder)
            break
        except (OSError, ValueError):
            continue
    return judge


def discriminator_scores(discriminator, images, labels=None, batch_size=250):
    """D(x): how likely the discriminator of a GAN takes each image to be real.

    The sigmoid of its logits, ``float32`` ``(n,)`` in [0, 1]. It says what this network has learned
    to tell apart, which is the data and the images of its own generator; it is no measure of
    quality. Arguments and errors are those of ``discriminator_logits``.
    """
    logits = discriminator_logits(discriminator, images, labels, batch_size)
    return keras.ops.convert_to_numpy(keras.ops.sigmoid(logits))


def discriminator_logits(discriminator, images, labels=None, batch_size=250):
    """What a discriminator, or a critic, says of each image, in inference mode.

    Args:
        discriminator: model from images ``(b, h, w, c)`` in [-1, 1], and labels ``(b,)`` if it is
            conditional, to logits ``(b, 1)``, such as ``load_pretrained(name, "discriminator")``.
        images: ``(n, h, w)`` or ``(n, h, w, 3)``, ``uint8`` or from 0 to 1.
        labels: integers ``(n,)`` for a conditional discriminator, else ``None``.
        batch_size: images shown at a time, which bounds the memory.

    Returns:
        ``float32`` array ``(n,)``, large where an image looks real to it.

    Raises:
        ValueError: no discriminator, or one that ends in a sigmoid; images that are not as
            described, or of another shape; labels missing, out of range, or not asked for.
    """
    batch_size = check_count("batch_size", batch_size)
    image_shape, classes = _checks.check_discriminator(discriminator, labels is not None)
    images = measurable_images(images, image_shape)
    if labels is not None:
        check_labels(labels, len(images), classes=classes)
        labels = np.asarray(labels, np.int32)
    logits = []
    for start in range(0, len(images), batch_size):
        rows = slice(start, start + batch_size)
        inputs = 2 * unit_images(images[rows]) - 1
        inputs = _checks.with_labels(inputs, None if labels is None else labels[rows])
        logits.append(keras.ops.convert_to_numpy(discriminator(inputs, training=False)))
    return np.concatenate(logits).astype(np.float32)[:, 0]
