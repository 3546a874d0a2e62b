"""How good the images are: arrays in, numbers out, through a small Fashion-MNIST classifier."""

import functools
import hashlib
from pathlib import Path
import warnings

import keras
from keras import layers
import numpy as np

CLASSIFIER_FILE = Path(__file__).parent / "classifier.weights.h5"
CLASSIFIER_MD5 = "5d2eaae547e9c5654b9d47ffc77f8c8f"
RELIABLE_COUNT = 2_000


def build_classifier(classes=10):
    """A convolutional classifier of images ``(b, 28, 28, 1)`` in [0, 1], small enough to ship.

    Returns:
        A ``keras.Model`` with two outputs: the features ``(b, 128)`` of the last hidden layer, and
        the logits ``(b, classes)``.
    """
    images = keras.Input((28, 28, 1))
    x = images
    for channels in (32, 64, 96):
        x = layers.Conv2D(channels, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling2D()(x)
        x = layers.Dropout(0.2)(x)
    features = layers.Dense(128, activation="relu", name="features")(layers.Flatten()(x))
    logits = layers.Dense(classes, name="logits")(layers.Dropout(0.4)(features))
    return keras.Model(images, [features, logits], name="classifier")


@functools.cache
def load_classifier(path=CLASSIFIER_FILE, md5=CLASSIFIER_MD5):
    """The trained Fashion-MNIST classifier that comes with the package.

    Raises:
        ValueError: the file's MD5 is not ``md5``: it is damaged, or another one.
    """
    if hashlib.md5(Path(path).read_bytes()).hexdigest() != md5:
        raise ValueError(
            f"{Path(path).name} is damaged: its MD5 is not {md5}. Take the file from the "
            "repository again, or run tools/train_classifier.py."
        )
    classifier = build_classifier()
    classifier.load_weights(path)
    return classifier


def classify(images, batch_size=500):
    """Show images to the classifier, in pieces.

    Args:
        images: ``float32`` ``(n, 28, 28)`` in [0, 1], or ``uint8`` ``(n, 28, 28)``.
        batch_size: images at a time, which bounds the memory.

    Returns:
        Features ``(n, 128)`` and class probabilities ``(n, 10)``, both ``float32``.

    Raises:
        ValueError: another shape, no images, NaN, or values outside the range.
    """
    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (28, 28) or len(images) == 0:
        raise ValueError(f"images: expected shape (n, 28, 28), got {images.shape}.")
    scale = 255 if images.dtype == np.uint8 else 1
    if not (images.min() >= 0 and images.max() <= scale):
        raise ValueError(
            f"images: expected values in [0, 1], or uint8; got {images.dtype} from "
            f"{images.min():.3g} to {images.max():.3g}."
        )
    classifier = load_classifier()
    features, logits = [], []
    for start in range(0, len(images), batch_size):
        piece = images[start : start + batch_size, ..., None].astype(np.float32) / scale
        outputs = classifier(piece, training=False)
        features.append(np.asarray(outputs[0]))
        logits.append(np.asarray(outputs[1]))
    probabilities = keras.ops.softmax(np.concatenate(logits))
    return np.concatenate(features), np.asarray(probabilities)


def frechet_distance(features, other_features):
    """Distance of two sets of features, each seen as one Gaussian.

    ``|m1 - m2|^2 + trace(C1 + C2 - 2 (C1 C2)^(1/2))`` of means and covariances (Heusel et al.
    2017, section 2, with our own features in place of Inception's). 0 for equal sets; it is
    biased upwards where there are few images, so compare only numbers of equal counts.

    Args:
        features, other_features: ``(n, d)`` and ``(m, d)``.

    Returns:
        A ``float``, in squared units of the features.

    Raises:
        ValueError: shapes that do not fit, fewer than two rows, NaN or infinite values.
    """
    moments = []
    for array in (features, other_features):
        array = np.asarray(array, np.float64)
        if array.ndim != 2 or len(array) < 2 or not np.isfinite(array).all():
            raise ValueError(
                f"features: expected at least two rows (n, d) of finite numbers, got {array.shape}."
            )
        if len(array) < RELIABLE_COUNT:
            warnings.warn(
                f"A Fréchet distance from {len(array):,} images is biased upwards; use at least "
                f"{RELIABLE_COUNT:,}.",
                stacklevel=2,
            )
        moments.append((array.mean(axis=0), np.atleast_2d(np.cov(array, rowvar=False))))
    (mean, covariance), (other_mean, other_covariance) = moments
    if mean.shape != other_mean.shape:
        raise ValueError(f"features: {len(mean)} columns against {len(other_mean)}.")
    # The root of C1 C2 has the trace of the root of the symmetric C1^(1/2) C2 C1^(1/2).
    values, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    cross = np.linalg.eigvalsh(root @ other_covariance @ root).clip(min=0)
    traces = np.trace(covariance) + np.trace(other_covariance) - 2 * np.sqrt(cross).sum()
    return float(np.sum((mean - other_mean) ** 2) + max(traces, 0.0))


def image_distance(images, other_images):
    """Fréchet distance of two sets of images in the classifier's features.

    The classifier plays the part that Inception plays for photographs, so the number is not
    comparable with published FIDs. Arguments as for ``classify``.
    """
    return frechet_distance(classify(images)[0], classify(other_images)[0])


def label_accuracy(images, labels):
    """Share of images, 0 to 1, in which the classifier sees the class that was asked for.

    Args:
        images: as for ``classify``.
        labels: integers ``(n,)``.
    """
    predicted = classify(images)[1].argmax(axis=1)
    if np.shape(labels) != predicted.shape:
        raise ValueError(f"labels: expected shape {predicted.shape}, got {np.shape(labels)}.")
    return float(np.mean(predicted == np.asarray(labels)))
