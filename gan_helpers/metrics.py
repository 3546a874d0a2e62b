"""How good the images are, once a classifier has seen them: arrays in, numbers out.

``features`` are what a classifier's last hidden layer makes of images, ``(n, d)``, in which
distances mean something; ``evaluation.Judge`` computes them. Numbers from the features of one
classifier can be compared with each other, and with no others: not with a published FID, whose
features are Inception's. A number moves with the number of images, too: say both together.
"""

import functools
import reprlib

from gan_helpers import _moved
from gan_helpers._validation import check_numbers
from gan_helpers._warnings import warn_if_few
from gan_helpers.data import check_count, check_labels
import numpy as np
from sklearn.metrics import pairwise_distances_chunked
from sklearn.neighbors import NearestNeighbors

MEGABYTES = 64  # of distances at a time
ALMOST_ONE = 1e-3  # how far a sum of probabilities may be from 1


def frechet_distance(features, other_features):
    """Distance of two sets of features, each seen as one Gaussian.

    ``|m1 - m2|^2 + trace(C1 + C2 - 2 (C1 C2)^(1/2))`` of means and covariances (Heusel et al.
    2017, with other features than Inception's). 0 for equal sets, lower is better; it is biased
    upwards for few images, so compare numbers from equally many (Bińkowski et al. 2018). A set of
    fewer than 2,000 warns.

    Args:
        features, other_features: ``(n, d)`` and ``(m, d)``.

    Returns:
        A ``float``, in squared units of the features.

    Raises:
        ValueError: shapes that do not fit, fewer than two rows, NaN or infinite values.
    """
    features, other_features = _check_features(features, other_features)
    warn_if_few(len(features))
    warn_if_few(len(other_features))
    return _gaussian_distance(features, other_features)


def kernel_distance(features, other_features, subsets=100, subset_size=1_000, seed=0):
    """Distance of two sets of features by a kernel, and how far it scatters (KID).

    The squared maximum mean discrepancy with ``k(x, y) = (x·y / d + 1)^3`` (Bińkowski et al. 2018,
    section 4, with other features than Inception's): how much more alike two rows of one set are
    than two of different sets. The kernel compares the first three moments. It is unbiased: fewer
    rows scatter more, around the same mean, and of equal distributions they are also below 0.

    Args:
        features, other_features: ``(n, d)`` and ``(m, d)``.
        subsets: how many pairs of subsets are drawn, at least 2.
        subset_size: rows of each, without repeats: 2 up to the smaller of n and m, better far less.
        seed: ``int`` of the draw.

    Returns:
        Two ``float``: the mean over the subsets, and the standard deviation of one of them. It is
        that of a set of ``subset_size``, not the error of the mean: subsets share rows.

    Raises:
        ValueError: as for ``frechet_distance``; counts that are not as described.
    """
    features, other_features = _check_features(features, other_features)
    subsets, seed = check_count("subsets", subsets, 2), check_count("seed", seed, 0)
    least = min(len(features), len(other_features))
    size = check_count("subset_size", subset_size, 2, least)
    rng = np.random.default_rng(seed)
    distances = [
        _squared_discrepancy(
            *(rows[rng.choice(len(rows), size, False)] for rows in (features, other_features))
        )
        for _ in range(subsets)
    ]
    return float(np.mean(distances)), float(np.std(distances, ddof=1))


def classifier_score(probabilities):
    """How sure the classifier is of each image, and how varied it finds them all: 1 to ``classes``.

    ``exp(E[KL(p(y|x) || p(y))])``, the formula of the Inception score (Salimans et al. 2016,
    section 4), over all images at once; higher is better. It never looks at a real image.

    Args:
        probabilities: ``(n, classes)``, as from ``Judge.features_and_probabilities``.

    Returns:
        A ``float``.

    Raises:
        ValueError: not two-dimensional, empty, negative, or rows that do not sum to 1.
    """
    p = check_numbers("probabilities", probabilities)
    if p.ndim != 2 or p.size == 0 or p.min() < 0 or np.abs(p.sum(axis=1) - 1).max() > ALMOST_ONE:
        raise ValueError(
            f"probabilities: expected rows (n, classes) that sum to 1, got shape {p.shape}. "
            "Did you pass logits?"
        )
    tiny = np.finfo(float).tiny  # so that 0 log 0 is 0
    divergences = np.sum(p * (np.log(p + tiny) - np.log(p.mean(axis=0) + tiny)), axis=1)
    return float(np.exp(divergences.mean()))


def unit_length(features):
    """Features scaled to length 1: what the classifier sees, without how strongly.

    Neighbourhoods need it. Blurred or noisy images excite the classifier weakly, so their features
    lie near 0, inside the large balls of a few weak real images, and would count as real.

    Args:
        features: ``(n, d)``.

    Returns:
        ``float64`` ``(n, d)``; a row of zeros stays as it is.

    Raises:
        ValueError: another shape, no rows, NaN or infinite values.
    """
    [features] = _check_features(features, at_least=1)
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return features / np.where(lengths > 0, lengths, 1)


def precision_recall(features, generated_features, k=3):
    """Precision and recall of generated images (Kynkäänniemi et al. 2019, equations 1 and 2).

    A set's manifold is the union of balls around its rows, each as large as the distance to the
    row's ``k``-th neighbour. Precision is the share of generated rows in the real manifold (are
    the images good?), recall the share of real rows in the generated one (are all kinds there?).

    Args:
        features, generated_features: ``(n, d)`` and ``(m, d)``, of real and of generated images.
        k: neighbours, 1 to one less than the smaller number of rows.

    Returns:
        Two ``float`` from 0 to 1; higher is better.

    Raises:
        ValueError: as for ``frechet_distance``; ``k`` out of range.
    """
    real, generated = _check_features(features, generated_features)
    real_radii, generated_radii = _radii(real, k), _radii(generated, k)
    inside_real, inside_generated = 0, np.zeros(len(real), bool)
    for rows, distances in _distances(generated, real):
        inside_real += np.sum((distances <= real_radii).any(axis=1))
        inside_generated |= (distances <= generated_radii[rows, None]).any(axis=0)
    return float(inside_real / len(generated)), float(inside_generated.mean())


def density_coverage(features, generated_features, k=5):
    """Density and coverage of generated images (Naeem et al. 2020, equations 3 and 4).

    Both use balls around real rows only, which outliers of a generator cannot blow up. Density
    counts in how many balls a generated row lies, over ``k``: about 1 for real images, more where
    they crowd the middle. Coverage is the share of real balls that hold a generated row.

    Args:
        features, generated_features: ``(n, d)`` and ``(m, d)``, of real and of generated images.
        k: neighbours, 1 to one less than the number of real rows.

    Returns:
        Density, from 0 up, and coverage, from 0 to 1.

    Raises:
        ValueError: as for ``frechet_distance``; ``k`` out of range.
    """
    real, generated = _check_features(features, generated_features)
    radii = _radii(real, k)
    hits, covered = 0, np.zeros(len(real), bool)
    for _, distances in _distances(generated, real):
        inside = distances <= radii
        hits += inside.sum()
        covered |= inside.any(axis=0)
    return float(hits / (k * len(generated))), float(covered.mean())


def nearest_neighbours(features, references, count=1):
    """For each row, the nearest rows of ``references``: was this image memorised?

    Args:
        features, references: ``(n, d)`` and ``(m, d)``; features, or images flattened to pixels.
        count: neighbours of each row, 1 to m.

    Returns:
        Indices into ``references`` and Euclidean distances, both ``(n, count)``, nearest first.

    Raises:
        ValueError: as for ``frechet_distance``; ``count`` out of range.
    """
    features, references = _check_features(features, references, at_least=1)
    count = check_count("count", count, 1, len(references))
    search = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(references)
    distances, indices = search.kneighbors(features)
    return indices, distances


def class_proportions(labels, classes):
    """Proportion of each class among ``labels``: ``float64`` ``(classes,)`` that sums to 1.

    Args:
        labels: integers ``(n,)`` from 0 to ``classes - 1``, such as what a judge saw,
            ``judge.classify(images)``.
        classes: how many there are.

    Raises:
        ValueError: no labels, or labels out of range.
    """
    classes, count = check_count("classes", classes), check_numbers("labels", labels).size
    if count == 0:
        raise ValueError("labels: there are none.")
    check_labels(labels, count, classes=classes)
    return np.bincount(labels, minlength=classes) / count


def missing_classes(proportions, least=None):
    """Indices of the classes whose proportion is below ``least``, a list of ``int``.

    Args:
        proportions: ``(classes,)``, as from ``class_proportions``.
        least: from 0 to 1; by default a tenth of an even share, 0.01 of ten classes.

    Raises:
        ValueError: proportions that do not sum to 1, ``least`` out of range.
    """
    proportions = _check_proportions(proportions)
    least = check_numbers("least", 0.1 / len(proportions) if least is None else least)
    if least.ndim or not 0 <= least <= 1:
        raise ValueError(f"least: expected a number from 0 to 1, got {least}.")
    return np.flatnonzero(proportions < least).tolist()


def total_variation(proportions, other_proportions):
    """Half the sum of all differences of two lists: 0 if equal, 1 if nothing is shared.

    Args:
        proportions, other_proportions: ``(classes,)``, as from ``class_proportions``.

    Raises:
        ValueError: lists of different lengths, or proportions that do not sum to 1.
    """
    first, second = _check_proportions(proportions), _check_proportions(other_proportions)
    if first.shape != second.shape:
        raise ValueError(f"proportions: {len(first)} classes against {len(second)}.")
    return float(0.5 * np.abs(first - second).sum())


def class_variety(features, labels):
    """Mean distance between two images of the same class, for each class.

    0 if a class is one image over and over. Divided by the same of real images, it says how much
    of a class' variety a conditional generator makes, which label accuracy cannot.

    Args:
        features: ``(n, d)``.
        labels: integers ``(n,)`` from 0 on: what was asked for, or what the images show.

    Returns:
        ``float64`` array ``(classes,)``, in units of the features.

    Raises:
        ValueError: as for ``frechet_distance``; labels that do not fit, or a class with fewer than
            two images.
    """
    [features] = _check_features(features)
    check_labels(labels, len(features))
    labels = np.asarray(labels)
    varieties = []
    for label in range(labels.max() + 1):
        rows = features[labels == label]
        if len(rows) < 2:
            raise ValueError(
                f"labels: class {label} has {len(rows)} of {len(labels)} images. The variety of a "
                "class takes at least 2 of each."
            )
        total = sum(distances.sum() for _, distances in _distances(rows, rows))
        varieties.append(total / (len(rows) * (len(rows) - 1)))
    return np.array(varieties)


def class_distances(features, labels, other_features, other_labels):
    """Fréchet distance of two sets of features, class by class.

    Their mean is the intra-class distance (intra-FID; Miyato and Koyama 2018, section 5), which
    sees classes that were exchanged. Fewer than 2,000 images of a class warn, once for each set.

    Args:
        features, other_features: ``(n, d)`` and ``(m, d)``, such as of real and generated images.
        labels, other_labels: integers ``(n,)`` and ``(m,)`` from 0 on: of generated images, the
            classes that were asked for.

    Returns:
        ``float64`` array ``(classes,)``, in squared units of the features; lower is better.

    Raises:
        ValueError: as for ``frechet_distance``; labels that do not fit, or a class with fewer than
            two images in one of the sets.
    """
    sets = _check_features(features, other_features)
    given = {"labels": labels, "other_labels": other_labels}
    for rows, (name, one) in zip(sets, given.items(), strict=True):
        check_labels(one, len(rows), name)
    given = {name: np.asarray(one) for name, one in given.items()}
    distances, least = [], [len(rows) for rows in sets]
    for label in range(1 + max(int(one.max()) for one in given.values())):
        pair = [rows[one == label] for rows, one in zip(sets, given.values(), strict=True)]
        for rows, (name, one) in zip(pair, given.items(), strict=True):
            if len(rows) < 2:
                raise ValueError(
                    f"{name}: class {label} has {len(rows)} of {len(one)} images. The distance of "
                    "a class takes at least 2 in each set."
                )
        least = [min(count, len(rows)) for count, rows in zip(least, pair, strict=True)]
        distances.append(_gaussian_distance(*pair))
    for count in least:
        warn_if_few(count)
    return np.array(distances)


def _check_features(*sets, at_least=2):
    """Return the sets as ``float64``, or raise ``ValueError`` for what cannot be measured."""
    checked = [check_numbers("features", features) for features in sets]
    for features in checked:
        if features.ndim != 2 or len(features) < at_least or features.shape[1] == 0:
            raise ValueError(
                f"features: expected at least {at_least} rows (n, d), got {features.shape}."
            )
        if features.shape[1] != checked[0].shape[1]:
            raise ValueError(
                f"features: {checked[0].shape[1]} columns against {features.shape[1]}."
            )
    return checked


def _check_proportions(proportions):
    """Return proportions as ``float64`` ``(classes,)``, or raise ``ValueError``."""
    array = check_numbers("proportions", proportions)
    if (
        array.ndim != 1
        or array.size == 0
        or array.min() < 0
        or abs(array.sum() - 1) > 10 * ALMOST_ONE
    ):
        raise ValueError(
            "proportions: expected a list of numbers from 0 that sum to 1, as from "
            f"class_proportions, got {reprlib.repr(proportions)}."
        )
    return array


def _gaussian_distance(features, other_features):
    """``frechet_distance`` without a word on how many there are."""
    (mean, covariance), (other_mean, other_covariance) = (
        (array.mean(axis=0), np.atleast_2d(np.cov(array, rowvar=False)))
        for array in _check_features(features, other_features)
    )
    # The root of C1 C2 has the trace of the root of the symmetric C1^(1/2) C2 C1^(1/2).
    values, vectors = np.linalg.eigh(covariance)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    cross = np.linalg.eigvalsh(root @ other_covariance @ root).clip(min=0)
    traces = np.trace(covariance) + np.trace(other_covariance) - 2 * np.sqrt(cross).sum()
    return float(np.sum((mean - other_mean) ** 2) + max(traces, 0.0))


def _squared_discrepancy(features, other_features):
    """The unbiased squared MMD of two sets of equally many rows, with the kernel of KID."""
    size, d = features.shape

    def kernel(x, y):
        return (x @ y.T / d + 1) ** 3

    within = kernel(features, features), kernel(other_features, other_features)
    alike = sum(one.sum() - np.trace(one) for one in within) / (size * (size - 1))
    return alike - 2 * kernel(features, other_features).mean()


def _radii(features, k):
    """Distance of each row to its ``k``-th nearest neighbour among the others.

    By rounding, the distance of equal rows is not quite 0. A ball around rows that repeat, of
    radius 0, has to hold their equals all the same.
    """
    k = check_count("k", k, 1, len(features) - 1)
    return _radii_of(features.tobytes(), features.shape[1], k)


@functools.lru_cache(maxsize=4)  # those of the real images, a second of work, serve all models
def _radii_of(buffer, columns, k):
    features = np.frombuffer(buffer).reshape(-1, columns)
    search = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(features)
    rounding = np.sqrt(64 * np.finfo(float).eps * np.sum(features**2, axis=1).max())
    return np.hypot(search.kneighbors()[0][:, -1], rounding)


def _distances(features, references):
    """Yield slices of rows and their distances to all references, ``(rows, m)``."""
    start = 0
    for distances in pairwise_distances_chunked(features, references, working_memory=MEGABYTES):
        yield slice(start, start + len(distances)), distances
        start += len(distances)


def __getattr__(name):
    return _moved.find("metrics", name)
