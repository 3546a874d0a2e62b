"""How good the images are: arrays in, numbers out, through a small Fashion-MNIST classifier.

The classifier plays the part that Inception plays for photographs: its last hidden layer turns an
image into 128 features, in which distances mean something. So no number made here can be compared
with a published FID, only with numbers made by the same classifier file.

Features of the 10,000 real test images come with the package, so nobody needs the full dataset to
measure. A number moves with the number of images it is computed from: say both together.
"""

import functools
import hashlib
from pathlib import Path
import warnings

from gan_helpers.data import check_labels
from gan_helpers.models import draw_images
import keras
from keras import layers
import numpy as np

CLASSIFIER_FILE = Path(__file__).parent / "classifier.weights.h5"
CLASSIFIER_MD5 = "5d2eaae547e9c5654b9d47ffc77f8c8f"
REAL_FEATURES_FILE = Path(__file__).parent / "real_features.npz"
REAL_FEATURES_MD5 = "8d595dcc3948312d4d17d7bdbc7d39c6"
RELIABLE_COUNT = 2_000
DISTANCES_AT_A_TIME = 5_000_000  # in a piece of a matrix of distances: 40 MB
IMAGES_AT_A_TIME = 10_000  # scaled to floats: 31 MB, and as much again in Keras


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
        x = layers.BatchNormalization(momentum=0.9)(x)  # its averages are right after 50 steps
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
    check_md5(path, md5)
    classifier = build_classifier()
    classifier.load_weights(path)
    return classifier


def check_md5(path, md5):
    """Raise ``ValueError`` unless the file at ``path`` has the checksum ``md5``."""
    if hashlib.md5(Path(path).read_bytes()).hexdigest() != md5:
        raise ValueError(
            f"{Path(path).name} is damaged: its MD5 is not {md5}. Take the file from the "
            "repository again ('git checkout' of the file does), or make it anew with the script "
            "in tools/ that wrote it, and put its new MD5 beside its name."
        )


@functools.cache
def real_features():
    """Features of Fashion-MNIST's 10,000 test images: read-only ``float32`` ``(10000, 128)``.

    Raises:
        ValueError: the file is damaged, or another one.
    """
    check_md5(REAL_FEATURES_FILE, REAL_FEATURES_MD5)
    features = np.load(REAL_FEATURES_FILE)["features"].astype(np.float32)
    features.flags.writeable = False
    return features


def _check_images(images):
    """Return images ``(n, 28, 28)`` as an array, or raise ``ValueError``."""
    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (28, 28) or len(images) == 0:
        raise ValueError(f"images: expected shape (n, 28, 28), got {images.shape}.")
    if not (images.min() >= 0 and images.max() <= _white(images)):
        raise ValueError(
            f"images: expected values in [0, 1], or uint8; got {images.dtype} from "
            f"{images.min():.3g} to {images.max():.3g}."
        )
    return images


def _white(images):
    """The value of a white pixel."""
    return 255 if images.dtype == np.uint8 else 1


def _unit_images(images):
    """Checked images as ``float32`` ``(n, 28, 28, 1)`` in [0, 1]."""
    return images[..., None].astype(np.float32) / _white(images)


def classify(images, batch_size=200):
    """Show images to the classifier.

    Args:
        images: ``float32`` ``(n, 28, 28)`` in [0, 1], or ``uint8`` ``(n, 28, 28)``.
        batch_size: images at a time, which bounds the memory.

    Returns:
        Features ``(n, 128)`` and class probabilities ``(n, 10)``, both ``float32``.

    Raises:
        ValueError: another shape, no images, NaN, or values outside the range.
    """
    images = _check_images(images)
    pieces = [
        load_classifier().predict(_unit_images(piece), batch_size=batch_size, verbose=0)
        for piece in np.split(images, range(IMAGES_AT_A_TIME, len(images), IMAGES_AT_A_TIME))
    ]
    features, logits = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return features, np.asarray(keras.ops.softmax(logits))


def _check_features(*sets, at_least=2):
    """Return the sets as ``float64``, or raise ``ValueError`` for what cannot be measured."""
    checked = [np.asarray(features, np.float64) for features in sets]
    for features in checked:
        if features.ndim != 2 or len(features) < at_least or not np.isfinite(features).all():
            raise ValueError(
                f"features: expected at least {at_least} rows (n, d) of finite numbers, "
                f"got {features.shape}."
            )
        if features.shape[1] != checked[0].shape[1]:
            raise ValueError(
                f"features: {checked[0].shape[1]} columns against {features.shape[1]}."
            )
    return checked


def frechet_distance(features, other_features):
    """Distance of two sets of features, each seen as one Gaussian.

    ``|m1 - m2|^2 + trace(C1 + C2 - 2 (C1 C2)^(1/2))`` of means and covariances (Heusel et al.
    2017, with our own features in place of Inception's). 0 for equal sets; it is biased upwards
    for few images, so compare numbers from equally many (Bińkowski et al. 2018). A set of fewer
    than 2,000 warns.

    Args:
        features, other_features: ``(n, d)`` and ``(m, d)``.

    Returns:
        A ``float``, in squared units of the features.

    Raises:
        ValueError: shapes that do not fit, fewer than two rows, NaN or infinite values.
    """
    moments = []
    for array in _check_features(features, other_features):
        if len(array) < RELIABLE_COUNT:
            warnings.warn(
                f"A Fréchet distance from {len(array):,} images is biased upwards; use at least "
                f"{RELIABLE_COUNT:,}.",
                stacklevel=2,
            )
        moments.append((array.mean(axis=0), np.atleast_2d(np.cov(array, rowvar=False))))
    (mean, covariance), (other_mean, other_covariance) = moments
    # The root of C1 C2 has the trace of the root of the symmetric C1^(1/2) C2 C1^(1/2).
    values, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    cross = np.linalg.eigvalsh(root @ other_covariance @ root).clip(min=0)
    traces = np.trace(covariance) + np.trace(other_covariance) - 2 * np.sqrt(cross).sum()
    return float(np.sum((mean - other_mean) ** 2) + max(traces, 0.0))


def image_distance(images, other_images=None):
    """Fréchet distance of two sets of images in the classifier's features.

    Args:
        images: as for ``classify``.
        other_images: likewise; the default is the 10,000 real test images, by the features that
            come with the package.

    Returns:
        A ``float``; the raised errors are those of ``classify`` and ``frechet_distance``.
    """
    other = real_features() if other_images is None else classify(other_images)[0]
    return frechet_distance(classify(images)[0], other)


def classifier_score(probabilities):
    """How sure the classifier is of each image, and how varied it finds them all: 1 to ``classes``.

    ``exp(E[KL(p(y|x) || p(y))])``, the formula of the Inception score (Salimans et al. 2016,
    section 4), over all images at once. It never looks at a real image.

    Args:
        probabilities: ``(n, classes)``, as from ``classify``.

    Raises:
        ValueError: not two-dimensional, empty, negative, or rows that do not sum to 1.
    """
    p = np.asarray(probabilities, np.float64)
    if p.ndim != 2 or len(p) == 0 or not (p >= 0).all() or np.abs(p.sum(axis=1) - 1).max() > 1e-3:
        raise ValueError(
            f"probabilities: expected rows (n, classes) that sum to 1, got shape {p.shape}. "
            "Did you pass logits?"
        )
    tiny = np.finfo(float).tiny  # so that 0 log 0 is 0
    divergences = np.sum(p * (np.log(p + tiny) - np.log(p.mean(axis=0) + tiny)), axis=1)
    return float(np.exp(divergences.mean()))


def directions(features):
    """Features scaled to length 1: what the classifier sees, without how strongly.

    Neighbourhoods need it. Blurred or noisy images excite the classifier weakly, so their features
    lie near 0, inside the large balls of a few weak real images, and would count as real.

    Args:
        features: ``(n, d)``, as from ``classify``.

    Returns:
        ``(n, d)``; a row of zeros stays as it is.
    """
    features = np.asarray(features, np.float64)
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return features / np.where(lengths > 0, lengths, 1)


def _squared_distances(features, references):
    """Yield ``(slice, squared distances (rows, m))``, piece by piece."""
    squares = np.sum(references**2, axis=1)
    step = max(DISTANCES_AT_A_TIME // len(references), 1)
    for start in range(0, len(features), step):
        rows = slice(start, start + step)
        piece = features[rows]
        distances = np.sum(piece**2, axis=1)[:, None] + squares - 2 * piece @ references.T
        yield rows, distances.clip(min=0)


def _squared_radii(features, k):
    """Squared distance of each row to its ``k``-th nearest neighbour in the same set."""
    if not 1 <= k < len(features):
        raise ValueError(f"k: expected 1 to {len(features) - 1}, got {k}.")
    return _radii_of(features.tobytes(), features.shape, k)


@functools.lru_cache(maxsize=4)  # the same real images are measured against again and again
def _radii_of(content, shape, k):
    features = np.frombuffer(content).reshape(shape)
    radii = np.empty(len(features))
    for rows, distances in _squared_distances(features, features):
        radii[rows] = np.partition(distances, k, axis=1)[:, k]  # the nearest is the row itself
    radii.flags.writeable = False
    return radii


def precision_recall(features, generated_features, k=3):
    """Precision and recall of generated images (Kynkäänniemi et al. 2019, equations 1 and 2).

    A set's manifold is the union of balls around its rows, each as large as the distance to the
    row's ``k``-th neighbour. Precision is the share of generated rows in the real manifold (are
    the images good?), recall the share of real rows in the generated one (are all kinds there?).

    Args:
        features, generated_features: ``(n, d)`` and ``(m, d)``, of real and of generated images.
        k: neighbours, 1 to one less than the smaller number of rows.

    Returns:
        Two ``float`` from 0 to 1.

    Raises:
        ValueError: as for ``frechet_distance``; ``k`` out of range.
    """
    real, generated = _check_features(features, generated_features)
    real_radii, generated_radii = _squared_radii(real, k), _squared_radii(generated, k)
    inside_real, inside_generated = 0, np.zeros(len(real), bool)
    for rows, distances in _squared_distances(generated, real):
        inside_real += np.sum((distances <= real_radii).any(axis=1))
        inside_generated |= (distances <= generated_radii[rows, None]).any(axis=0)
    return float(inside_real / len(generated)), float(inside_generated.mean())


def density_coverage(features, generated_features, k=5):
    """Density and coverage of generated images (Naeem et al. 2020, equations 3 and 4).

    Both use balls around real rows only, which outliers of a generator cannot blow up. Density
    counts in how many balls a generated row lies, over ``k``: about 1 for real images, more where
    they crowd the middle. Coverage is the share of real balls that hold a generated row.

    Args, Raises: as for ``precision_recall``.

    Returns:
        Density, from 0 up, and coverage, from 0 to 1.
    """
    real, generated = _check_features(features, generated_features)
    radii = _squared_radii(real, k)
    hits, covered = 0, np.zeros(len(real), bool)
    for _, distances in _squared_distances(generated, real):
        inside = distances <= radii
        hits += inside.sum()
        covered |= inside.any(axis=0)
    return float(hits / (k * len(generated))), float(covered.mean())


def nearest_neighbours(features, references, count=1):
    """For each row, the nearest rows of ``references``: was this image learned by heart?

    Args:
        features, references: ``(n, d)`` and ``(m, d)``; features, or images flattened to pixels.
        count: neighbours of each row, 1 to m.

    Returns:
        Indices into ``references`` and Euclidean distances, both ``(n, count)``, nearest first.

    Raises:
        ValueError: as for ``frechet_distance``; ``count`` out of range.
    """
    features, references = _check_features(features, references, at_least=1)
    if not 1 <= count <= len(references):
        raise ValueError(f"count: expected 1 to {len(references)}, got {count}.")
    indices = np.empty((len(features), count), int)
    lengths = np.empty((len(features), count))
    for rows, distances in _squared_distances(features, references):
        nearest = np.argpartition(distances, count - 1, axis=1)[:, :count]
        nearest_distances = np.take_along_axis(distances, nearest, axis=1)
        order = nearest_distances.argsort(axis=1, kind="stable")
        indices[rows] = np.take_along_axis(nearest, order, axis=1)
        lengths[rows] = np.sqrt(np.take_along_axis(nearest_distances, order, axis=1))
    return indices, lengths


def class_shares(labels, classes=10):
    """Share of each class among ``labels``: ``float64`` ``(classes,)`` that sums to 1.

    Args:
        labels: integers ``(n,)`` from 0 to ``classes - 1``, such as what the classifier saw,
            ``classify(images)[1].argmax(axis=1)``.

    Raises:
        ValueError: no labels, or labels out of range.
    """
    labels = np.asarray(labels)
    if labels.size == 0:
        raise ValueError("labels: there are none.")
    check_labels(labels, len(labels), classes=classes)
    return np.bincount(labels, minlength=classes) / len(labels)


def missing_classes(shares, least=0.01):
    """Indices of the classes whose share is below ``least``: a tenth of an even share of ten."""
    return np.flatnonzero(np.asarray(shares) < least).tolist()


def total_variation(shares, other_shares):
    """Half the sum of all differences of two lists of shares: 0 if equal, 1 if nothing is shared.

    Raises:
        ValueError: lists of different lengths.
    """
    shares, other_shares = np.asarray(shares, float), np.asarray(other_shares, float)
    if shares.shape != other_shares.shape or shares.ndim != 1:
        raise ValueError(
            f"shares: expected two lists of one length, got {shares.shape} and "
            f"{other_shares.shape}."
        )
    return float(0.5 * np.abs(shares - other_shares).sum())


def label_accuracy(images, labels):
    """Share of images, 0 to 1, in which the classifier sees the class that was asked for.

    Args:
        images: as for ``classify``.
        labels: integers ``(n,)``, from 0.

    Raises:
        ValueError: images or labels are not as described.
    """
    predicted = classify(images)[1].argmax(axis=1)
    check_labels(labels, len(predicted))
    return float(np.mean(predicted == np.asarray(labels)))


def classification_accuracy_score(images, labels, test_images, test_labels, epochs=5, seed=0):
    """Train a new classifier on generated images only; return its accuracy on real ones.

    Ravuri and Vinyals (2019), section 3. High only if the images are good, varied within each
    class, and of the class they are said to be. Sets Keras' random seed.

    Args:
        images, labels: generated images as for ``classify``, integers ``(n,)``.
        test_images, test_labels: real ones, likewise.
        epochs: passes over the generated images, at least 1.
        seed: ``int``.

    Returns:
        Share of right answers, 0 to 1.

    Raises:
        ValueError: images or labels are not as described; ``epochs`` below 1.
    """
    if epochs < 1:
        raise ValueError(f"epochs: expected at least 1, got {epochs}.")
    images, test_images = (_unit_images(_check_images(part)) for part in (images, test_images))
    check_labels(labels, len(images), classes=10)
    check_labels(test_labels, len(test_images), classes=10)
    keras.utils.set_random_seed(seed)
    classifier = build_classifier()
    logits_only = keras.Model(classifier.input, classifier.outputs[1])
    logits_only.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    logits_only.fit(images, np.asarray(labels), batch_size=64, epochs=epochs, verbose=0)
    predicted = logits_only.predict(test_images, batch_size=500, verbose=0).argmax(axis=1)
    return float(np.mean(predicted == np.asarray(test_labels)))


def evaluate(generator, count=10_000, seed=0, dataset=None):
    """All metrics of a generator, as one row of a table.

    Args:
        generator: any generator of the series; which one (raw or averaged) is the caller's choice.
            A conditional one is asked for equally many of each class.
        count: images to make, at least 6; below 2,000 the distance warns.
        seed: ``int`` of the latents.
        dataset: as for ``evaluate_images``.

    Returns:
        A dict, as from ``evaluate_images``.
    """
    if count < 6:
        raise ValueError(f"count: expected at least 6, got {count}.")
    return evaluate_images(*draw_images(generator, count, seed), dataset)


@functools.lru_cache(maxsize=1)
def _training_set(dataset):
    """Features of the training images, and the median distance of real test images to them."""
    features = classify(dataset.train_images)[0]
    return features, float(np.median(nearest_neighbours(real_features(), features)[1]))


def evaluate_images(images, labels=None, dataset=None):
    """All metrics of a set of images against the 10,000 real test images.

    Args:
        images: as for ``classify``, at least 6.
        labels: integers ``(n,)`` that were asked for, or ``None``.
        dataset: Fashion-MNIST, from ``data.load_dataset``, for the measures that need real images:
            how near the training images are and, with labels, the accuracy of a classifier
            trained on ``images`` (which takes most of the time).

    Returns:
        A dict in this order: ``images`` (how many), ``frechet_distance``, ``classifier_score``,
        ``precision``, ``recall``, ``density``, ``coverage`` (these four between ``directions`` of
        the features), ``missing_classes`` (how many),
        ``total_variation`` from ten equal shares; with labels ``label_accuracy``; with a dataset
        ``nearest_ratio``, the median distance to the nearest training image over the same of
        real test images (well below 1: learned by heart); with both
        ``classification_accuracy_score``.
    """
    features, probabilities = classify(images)
    predicted = probabilities.argmax(axis=1)
    shares = class_shares(predicted)
    pair = directions(real_features()), directions(features)
    precision, recall = precision_recall(*pair)
    density, coverage = density_coverage(*pair)
    row = {
        "images": len(features),
        "frechet_distance": frechet_distance(features, real_features()),
        "classifier_score": classifier_score(probabilities),
        "precision": precision,
        "recall": recall,
        "density": density,
        "coverage": coverage,
        "missing_classes": len(missing_classes(shares)),
        "total_variation": total_variation(shares, np.full(10, 0.1)),
    }
    if labels is not None:
        check_labels(labels, len(features), classes=10)
        row["label_accuracy"] = float(np.mean(predicted == np.asarray(labels)))
    if dataset is not None:
        train_features, real_distance = _training_set(dataset)
        distance = np.median(nearest_neighbours(features, train_features)[1])
        row["nearest_ratio"] = float(distance / real_distance)
        if labels is not None:
            row["classification_accuracy_score"] = classification_accuracy_score(
                images, labels, dataset.test_images, dataset.test_labels
            )
    return row
