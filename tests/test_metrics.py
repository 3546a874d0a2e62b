"""Metrics: numbers against closed forms, other libraries, and all distances at once."""

import warnings

from gan_helpers import data, evaluation, metrics
import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings("ignore:A Fréchet distance from")
RNG = np.random.default_rng(0)


def rows_with(mean, covariance, count=300, seed=0):
    """Rows whose mean and covariance (unbiased) are exactly these."""
    rows = np.random.default_rng(seed).standard_normal((count, len(mean)))
    rows -= rows.mean(axis=0)
    whitener = np.linalg.inv(
        np.linalg.cholesky(np.cov(rows, rowvar=False).reshape(2 * [len(mean)]))
    )
    return rows @ whitener.T @ np.linalg.cholesky(covariance).T + mean


def random_covariance(size, seed):
    root = np.random.default_rng(seed).standard_normal((size, size))
    return root @ root.T + 0.1 * np.eye(size)


# --- frechet_distance ---


@pytest.mark.parametrize("deviations", [(1.0, 1.0), (1.0, 3.0), (0.5, 0.2)])
@pytest.mark.parametrize("means", [(0.0, 0.0), (-1.0, 4.0)])
def test_distance_of_two_gaussians_on_a_line(means, deviations):
    first, second = (
        rows_with(np.array([m]), np.array([[s**2]]), seed=i)
        for i, (m, s) in enumerate(zip(means, deviations, strict=True))
    )
    expected = (means[0] - means[1]) ** 2 + (deviations[0] - deviations[1]) ** 2
    assert metrics.frechet_distance(first, second) == pytest.approx(expected, abs=1e-9)


def test_distance_of_gaussians_with_common_axes():
    rotation = np.linalg.qr(RNG.standard_normal((4, 4)))[0]
    variances = np.array([[1.0, 4.0, 9.0, 0.25], [4.0, 1.0, 0.01, 0.25]])
    means = np.array([[0.0, 1.0, 2.0, 3.0], [1.0, 1.0, 0.0, 3.5]])
    first, second = (
        rows_with(m, rotation @ np.diag(v) @ rotation.T, seed=i)
        for i, (m, v) in enumerate(zip(means, variances, strict=True))
    )
    expected = np.sum((means[0] - means[1]) ** 2)
    expected += np.sum((np.sqrt(variances[0]) - np.sqrt(variances[1])) ** 2)
    assert metrics.frechet_distance(first, second) == pytest.approx(expected)


@pytest.mark.parametrize("size", [2, 10, 40])
def test_distance_against_scipy(size):
    linalg = pytest.importorskip("scipy.linalg")
    covariances = random_covariance(size, 1), random_covariance(size, 2)
    means = RNG.standard_normal((2, size))
    first, second = rows_with(means[0], covariances[0]), rows_with(means[1], covariances[1], 500, 1)
    root = linalg.sqrtm(covariances[0] @ covariances[1]).real
    expected = np.sum((means[0] - means[1]) ** 2)
    expected += np.trace(covariances[0] + covariances[1] - 2 * root)
    assert metrics.frechet_distance(first, second) == pytest.approx(expected)
    assert metrics.frechet_distance(second, first) == pytest.approx(expected)


def test_distance_of_equal_sets_is_zero_in_any_order():
    features = RNG.standard_normal((200, 8)).astype(np.float32)
    distance = metrics.frechet_distance(features, features)
    assert isinstance(distance, float)
    assert distance == pytest.approx(0, abs=1e-9)
    shuffled = features[RNG.permutation(200)]
    assert metrics.frechet_distance(features, shuffled) == pytest.approx(0, abs=1e-9)
    other = RNG.standard_normal((200, 8)) + 1
    assert metrics.frechet_distance(features, other) == pytest.approx(
        metrics.frechet_distance(shuffled, other)
    )


def test_distance_with_features_that_are_constant_or_fewer_rows_than_columns():
    features = RNG.standard_normal((5, 8))
    features[:, 0] = 0
    assert metrics.frechet_distance(features, features) == pytest.approx(0, abs=1e-6)
    assert metrics.frechet_distance(features, features + 2) == pytest.approx(8 * 4)


def test_distance_grows_with_the_shift():
    features = RNG.standard_normal((300, 4))
    distances = [metrics.frechet_distance(features, features + shift) for shift in (0.1, 1, 3)]
    assert distances == pytest.approx([4 * 0.01, 4, 36])


GOOD = np.zeros((3, 4))


@pytest.mark.parametrize(
    "bad",
    [
        np.where(np.eye(3, 4) > 0, np.nan, 0),
        np.where(np.eye(3, 4) > 0, np.inf, 0),
        np.zeros((1, 4)),
        np.zeros((0, 4)),
        np.zeros(4),
        np.zeros((3, 4, 1)),
    ],
)
def test_bad_features(bad):
    for pair in ((bad, GOOD), (GOOD, bad)):
        with pytest.raises(ValueError, match="features: expected (at least 2 rows|finite numbers)"):
            metrics.frechet_distance(*pair)


def test_features_of_different_widths():
    with pytest.raises(ValueError, match="4 columns against 5"):
        metrics.frechet_distance(GOOD, np.zeros((3, 5)))


@pytest.mark.parametrize(
    ("counts", "named"),
    [((1999, 2000), ["1,999"]), ((2000, 2), ["2"]), ((2, 3), ["2", "3"]), ((2000, 2000), [])],
)
def test_few_rows_warn(counts, named):
    first, second = (RNG.standard_normal((count, 2)) for count in counts)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        metrics.frechet_distance(first, second)
    assert len(caught) == len(named)
    for warning, count in zip(caught, named, strict=True):
        assert f"from {count} images is biased upwards; use at least 2,000" in str(warning.message)
        assert warning.filename == __file__


# --- kernel_distance ---


def discrepancy_by_hand(first, second):
    """All pairs, one by one, without a row and itself."""

    def kernel(x, y):
        return (sum(a * b for a, b in zip(x, y, strict=True)) / len(x) + 1) ** 3

    def mean(rows, others):
        pairs = [
            kernel(x, y)
            for i, x in enumerate(rows)
            for j, y in enumerate(others)
            if rows is not others or i != j
        ]
        return sum(pairs) / len(pairs)

    return mean(first, first) + mean(second, second) - 2 * mean(first, second)


def test_kernel_distance_by_hand():
    # Pairs within: (0·2 + 1)^3 = 1 and (1·3 + 1)^3 = 64; between: 1, 1, (2 + 1)^3 and (6 + 1)^3.
    line = np.array([[0.0], [2.0]]), np.array([[1.0], [3.0]])
    expected = 1 + 64 - 2 * (1 + 1 + 27 + 343) / 4
    mean, spread = metrics.kernel_distance(*line, subsets=3, subset_size=2)
    assert (mean, spread) == pytest.approx((expected, 0))
    first, second = RNG.standard_normal((9, 4)), RNG.standard_normal((9, 4)) + 0.5
    mean, spread = metrics.kernel_distance(first, second, subsets=2, subset_size=9)
    assert (mean, spread) == pytest.approx((discrepancy_by_hand(first, second), 0))


def test_kernel_distance_is_unbiased_and_its_spread_is_that_of_a_subset():
    rng = np.random.default_rng(0)
    # By moments of N(0, 1) and N(0.3, 1), d = 1: 3 (m1 - n1)² + 3 (m2 - n2)² + (m3 - n3)².
    truth = 3 * 0.3**2 + 3 * (0.3**2) ** 2 + (3 * 0.3 + 0.3**3) ** 2
    first, second = rng.standard_normal((20_000, 1)), rng.standard_normal((20_000, 1)) + 0.3
    for size in (20, 200):
        mean, spread = metrics.kernel_distance(first, second, 400, size)
        assert abs(mean - truth) < 4 * spread / np.sqrt(400)
    small, large = (metrics.kernel_distance(first, second, 100, size)[1] for size in (20, 200))
    assert small > 2 * large
    equal = [
        metrics.kernel_distance(*rng.standard_normal((2, 50, 3)), 2, 49)[0] for _ in range(200)
    ]
    assert 0.3 < np.mean(np.array(equal) < 0) < 0.8
    assert abs(np.mean(equal)) < 4 * np.std(equal) / np.sqrt(200)


def test_kernel_distance_draws_by_its_seed():
    first, second = RNG.standard_normal((60, 3)), RNG.standard_normal((70, 3))
    runs = [metrics.kernel_distance(first, second, 5, 20, seed) for seed in (0, 0, 1)]
    assert runs[0] == runs[1] != runs[2] and all(type(value) is float for value in runs[0])


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"subset_size": 8}, "subset_size: expected a whole number from 2 to 7"),
        ({}, "subset_size: expected a whole number from 2 to 7, got 1000"),
        ({"subset_size": 1}, "subset_size"),
        ({"subset_size": 5, "subsets": 1}, "subsets: expected a whole number of at least 2"),
        ({"subset_size": 5, "seed": -1}, "seed"),
    ],
)
def test_kernel_distance_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        metrics.kernel_distance(np.zeros((7, 3)), np.zeros((9, 3)), **arguments)
    with pytest.raises(ValueError, match="4 columns against 5"):
        metrics.kernel_distance(GOOD, np.zeros((3, 5)))


# --- classifier_score ---


def test_classifier_score_of_closed_forms():
    assert metrics.classifier_score(np.full((7, 10), 0.1)) == pytest.approx(1)
    assert metrics.classifier_score(np.eye(10)) == pytest.approx(10)
    assert metrics.classifier_score(np.eye(10)[[3] * 50]) == pytest.approx(1)
    assert metrics.classifier_score(np.eye(10)[[1, 2, 2, 1]]) == pytest.approx(2)
    p = np.array([[0.9, 0.1], [0.3, 0.7]])
    mean = p.mean(axis=0)
    by_hand = np.exp(np.mean([sum(q * np.log(q / mean)) for q in p]))
    assert metrics.classifier_score(p) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    "bad",
    [np.ones((3, 10)), np.full(10, 0.1), np.zeros((0, 10)), np.full((2, 10), np.nan), [[2, -1]]],
)
def test_classifier_score_refuses_what_is_no_probability(bad):
    with pytest.raises(ValueError, match="probabilities: expected"):
        metrics.classifier_score(bad)


# --- precision, recall, density, coverage ---


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("shift", [0.0, 0.5, 5.0])
def test_manifold_metrics_against_prdc(k, shift):
    prdc = pytest.importorskip("prdc")
    real, generated = RNG.standard_normal((240, 6)), 0.8 * RNG.standard_normal((150, 6)) + shift
    expected = prdc.compute_prdc(real, generated, nearest_k=k)
    precision, recall = metrics.precision_recall(real, generated, k)
    density, coverage = metrics.density_coverage(real, generated, k)
    found = {"precision": precision, "recall": recall, "density": density, "coverage": coverage}
    assert found == pytest.approx(expected, abs=1e-9)


def test_manifold_metrics_on_a_line_by_hand():
    real = np.array([[0.0], [1.0], [2.0], [10.0]])  # radii with k=1: 1, 1, 1, 8
    generated = np.array([[0.5], [3.5], [30.0]])  # radii with k=1: 3, 3, 26.5
    assert metrics.precision_recall(real, generated, k=1) == (2 / 3, 1.0)
    # 0.5 lies in the balls of 0 and 1; 3.5 in that of 10; 30 in none
    assert metrics.density_coverage(real, generated, k=1) == (3 / 3, 3 / 4)


def test_manifold_metrics_do_not_depend_on_the_order_or_the_pieces(monkeypatch):
    real, generated = RNG.standard_normal((100, 4)), RNG.standard_normal((80, 4)) + 0.3
    measures = metrics.precision_recall, metrics.density_coverage
    expected = [measure(real, generated) for measure in measures]
    shuffled = RNG.permutation(real), RNG.permutation(generated)
    assert [measure(*shuffled) for measure in measures] == expected
    monkeypatch.setattr(metrics, "MEGABYTES", 0.005)  # six rows
    assert [measure(real, generated) for measure in measures] == expected
    twice = np.concatenate([generated, generated])
    assert metrics.density_coverage(real, twice) == pytest.approx(expected[1])
    assert metrics.precision_recall(real, twice)[0] == expected[0][0]


def test_manifold_metrics_notice_an_array_that_changed_in_place():
    real, generated = RNG.standard_normal((100, 4)), RNG.standard_normal((80, 4))
    before = metrics.density_coverage(real, generated)
    real[:50] += 100
    again = metrics.density_coverage(real, generated)
    assert again[1] < before[1] and again == metrics.density_coverage(real.copy(), generated)


def test_manifold_metrics_tell_collapse_from_noise():
    real = RNG.standard_normal((500, 4))
    collapsed, noise = np.tile(real[:1], (500, 1)), 20 + RNG.standard_normal((500, 4))
    precision, recall = metrics.precision_recall(real, collapsed)
    assert precision == 1 and recall < 0.05
    assert metrics.density_coverage(real, collapsed)[1] < 0.05
    assert metrics.precision_recall(real, noise) == (0, 0)
    assert metrics.density_coverage(real, noise) == (0, 0)


@pytest.mark.parametrize("measure", [metrics.precision_recall, metrics.density_coverage])
def test_manifold_metrics_refuse_bad_input(measure):
    with pytest.raises(ValueError, match="k: expected a whole number from 1 to 2, got 3"):
        measure(np.zeros((3, 4)), np.zeros((3, 4)), 3)
    with pytest.raises(ValueError, match="k: expected a whole number from 1 to 2, got 0"):
        measure(np.zeros((3, 4)), np.zeros((3, 4)), 0)
    with pytest.raises(ValueError, match="4 columns against 5"):
        measure(np.zeros((9, 4)), np.zeros((9, 5)))
    with pytest.raises(ValueError, match="finite numbers"):
        measure(np.zeros((9, 4)), np.full((9, 4), np.nan))


@pytest.mark.parametrize("k", [True, 1.0, "3", None])
def test_manifold_metrics_take_whole_numbers(k):
    for measure in (metrics.precision_recall, metrics.density_coverage):
        with pytest.raises(ValueError, match="k: expected a whole number"):
            measure(np.zeros((9, 4)), np.zeros((9, 4)), k)
        assert measure(np.eye(9), np.eye(9), np.int64(3)) == measure(np.eye(9), np.eye(9), 3)


@pytest.mark.parametrize("seed", range(4))
def test_manifolds_of_rows_that_repeat(seed):
    """As of drawn images: a ball of radius 0 holds the rows that are exactly there."""
    different = metrics.unit_length(np.random.default_rng(seed).random((40, 128)))
    real, generated = np.repeat(different, 10, axis=0), np.repeat(different[:20], 5, axis=0)
    assert metrics.precision_recall(real, generated) == (1, 0.5)
    assert metrics.density_coverage(real, generated) == (2, 0.5)
    assert metrics.precision_recall(real, generated + 1e-4) == (0, 0)


def test_unit_length_keeps_zero_rows():
    features = np.array([[3.0, 4.0], [0.0, 0.0], [0.0, 0.1]], np.float32)
    np.testing.assert_allclose(metrics.unit_length(features), [[0.6, 0.8], [0, 0], [0, 1]])


def test_manifolds_are_those_of_all_distances_at_once():
    real = metrics.unit_length(RNG.random((300, 16)).astype(np.float32))
    generated = metrics.unit_length(RNG.random((250, 16)).astype(np.float32) + 0.2)
    between = np.linalg.norm(generated[:, None] - real, axis=2)

    def radii(rows, k):
        return np.sort(np.linalg.norm(rows[:, None] - rows, axis=2), axis=1)[:, k]

    precision = (between <= radii(real, 3)).any(axis=1).mean()
    recall = (between <= radii(generated, 3)[:, None]).any(axis=0).mean()
    inside = between <= radii(real, 5)
    assert metrics.precision_recall(real, generated) == pytest.approx((precision, recall), abs=1e-9)
    assert metrics.density_coverage(real, generated) == pytest.approx(
        (inside.sum() / (5 * 250), inside.any(axis=0).mean()), abs=1e-9
    )


# --- nearest_neighbours ---


def test_nearest_neighbours_against_all_distances():
    features, references = RNG.standard_normal((20, 5)), RNG.standard_normal((60, 5))
    expected = np.linalg.norm(features[:, None] - references, axis=2)
    indices, distances = metrics.nearest_neighbours(features, references, count=3)
    np.testing.assert_array_equal(indices, expected.argsort(axis=1)[:, :3])
    np.testing.assert_allclose(distances, np.sort(expected, axis=1)[:, :3])
    itself = metrics.nearest_neighbours(references[:4], references)
    np.testing.assert_array_equal(itself[0].ravel(), range(4))
    np.testing.assert_allclose(itself[1], 0, atol=1e-6)


@pytest.mark.parametrize("count", [0, 4])
def test_nearest_neighbours_refuse_a_count_out_of_range(count):
    with pytest.raises(ValueError, match="count: expected a whole number from 1 to 3"):
        metrics.nearest_neighbours(np.zeros((2, 4)), np.zeros((3, 4)), count)


# --- classes ---


@pytest.mark.parametrize("classes", [2, 3, 10, 26])
def test_proportions_of_any_number_of_classes(classes):
    labels = np.repeat(np.arange(classes), 20)
    even = np.full(classes, 1 / classes)
    np.testing.assert_allclose(metrics.class_proportions(labels, classes), even)
    assert metrics.missing_classes(even) == []
    for least, missing in ((99, [0]), (101, [])):
        proportions = np.full(classes, (1 - 0.001 * least / classes) / (classes - 1))
        proportions[0] = 0.001 * least / classes
        assert metrics.missing_classes(proportions) == missing
    assert metrics.total_variation(even, np.eye(classes)[1]) == pytest.approx(1 - 1 / classes)


def test_missing_classes_and_variation_by_hand():
    proportions = metrics.class_proportions([0, 0, 1, 3], classes=4)
    np.testing.assert_array_equal(proportions, [0.5, 0.25, 0, 0.25])
    assert metrics.missing_classes(proportions) == [2]
    assert metrics.missing_classes(proportions, least=0.3) == [1, 2, 3]
    assert metrics.total_variation(proportions, np.full(4, 0.25)) == pytest.approx(0.25)
    assert metrics.total_variation([1, 0], [0, 1]) == 1
    assert metrics.total_variation(proportions, proportions) == 0


@pytest.mark.parametrize("bad", [[], [0, 10], [-1], [0.5], [[0], [1]], "ab", None, [[0], [1, 2]]])
def test_proportions_refuse_bad_labels(bad):
    with pytest.raises(ValueError, match="labels: "):
        metrics.class_proportions(bad, 10)


@pytest.mark.parametrize("bad", [None, 0, -1, 2.0, True, "10", np.nan])
def test_proportions_refuse_a_bad_number_of_classes(bad):
    with pytest.raises(ValueError, match="classes: expected a whole number"):
        metrics.class_proportions([0, 1], bad)


@pytest.mark.parametrize(
    "bad", [[3, 1, 2], [0.5, np.nan], [1.5, -0.5], [], None, "ab", [[0.5, 0.5]], [0.5, [0.5]]]
)
def test_what_is_no_list_of_proportions_is_refused(bad):
    for call in (
        lambda: metrics.missing_classes(bad),
        lambda: metrics.total_variation(bad, [0.5, 0.5]),
        lambda: metrics.total_variation([0.5, 0.5], bad),
    ):
        with pytest.raises(ValueError, match="proportions: expected"):
            call()
    with pytest.raises(ValueError, match="proportions: 2 classes against 3"):
        metrics.total_variation([1, 0], [1, 0, 0])


@pytest.mark.parametrize("bad", [-0.1, 1.1, np.nan, "a", [0.1, 0.2], True + 1])
def test_a_bad_threshold_is_refused(bad):
    with pytest.raises(ValueError, match="least: expected"):
        metrics.missing_classes([0.5, 0.5], bad)


@pytest.mark.parametrize("bad", [None, "abc", [["a", "b"]] * 3, [[1, 2], [3]], object(), {1: 2}])
def test_what_is_no_array_of_numbers_is_refused(bad):
    good = np.zeros((9, 2))
    for call in (
        lambda: metrics.frechet_distance(bad, good),
        lambda: metrics.precision_recall(good, bad),
        lambda: metrics.density_coverage(bad, good),
        lambda: metrics.nearest_neighbours(good, bad),
        lambda: metrics.unit_length(bad),
    ):
        with pytest.raises(ValueError, match="features: expected"):
            call()
    with pytest.raises(ValueError, match="probabilities: expected"):
        metrics.classifier_score(bad)


def test_the_variety_of_a_class_is_the_mean_distance_of_its_pairs():
    corners = np.array([[0.0, 0], [0, 3], [4, 0], [4, 3]])  # pairs: 3, 3, 4, 4, 5, 5
    one_image = np.ones((3, 2))
    features, labels = np.concatenate([corners, one_image]), np.array([1, 1, 1, 1, 0, 0, 0])
    assert metrics.class_variety(features, labels) == pytest.approx([0, 4])
    order = np.random.default_rng(0).permutation(7)
    assert metrics.class_variety(features[order], labels[order]) == pytest.approx([0, 4])


@pytest.mark.parametrize(
    "labels, message",
    [
        (np.array([0, 0, 2, 2]), "class 1 has 0 of 4"),
        (np.array([0, 0, 0, 1]), "class 1 has 1 of 4"),
        (np.array([0, 0, 1]), "labels: expected shape"),
        (np.array([0.0, 0, 1, 1]), "labels: expected integers"),
        (np.array([-1, -1, 0, 0]), "labels: expected values from 0"),
    ],
)
def test_the_variety_of_classes_refuses(labels, message):
    with pytest.raises(ValueError, match=message):
        metrics.class_variety(np.ones((4, 2)), labels)


def test_distances_of_classes_are_those_of_their_rows():
    first, second = RNG.standard_normal((40, 3)), RNG.standard_normal((60, 3))
    labels, others = np.arange(40) % 2, np.arange(60) % 2
    second[others == 1] += 5
    expected = [
        metrics.frechet_distance(first[labels == label], second[others == label])
        for label in (0, 1)
    ]
    found = metrics.class_distances(first, labels, second, others)
    assert found == pytest.approx(expected) and found[1] > 50 > found[0]


def test_only_the_distances_of_classes_see_that_two_were_exchanged():
    features, labels = RNG.standard_normal((100, 2)), np.arange(100) % 2
    features[labels == 1] += 10
    assert metrics.frechet_distance(features, features) == pytest.approx(0, abs=1e-9)
    assert metrics.class_distances(features, labels, features, labels) == pytest.approx(0, abs=1e-9)
    exchanged = metrics.class_distances(features, labels, features, 1 - labels)
    assert exchanged.min() > 150


@pytest.mark.parametrize(
    "labels, other_labels, message",
    [
        ([0, 0, 1, 1], [0, 0, 0, 0], "other_labels: class 1 has 0 of 4"),
        ([0, 0, 0, 1], [0, 0, 1, 1], "^labels: class 1 has 1 of 4"),
        ([0, 0, 1], [0, 0, 1, 1], "^labels: expected shape"),
        ([0, 0, 1, 1], [0.0, 0, 1, 1], "other_labels: expected integers"),
        ([0, 0, 10**12, 10**12], [0, 0, 1, 1], "^labels: class 1 has 0 of 4"),
    ],
)
def test_the_distances_of_classes_refuse(labels, other_labels, message):
    with pytest.raises(ValueError, match=message):
        metrics.class_distances(np.ones((4, 2)), labels, np.ones((4, 2)), other_labels)


def test_classes_of_few_images_warn_once_for_each_set():
    first, second = RNG.standard_normal((4_000, 2)), RNG.standard_normal((30, 2))
    labels = np.arange(4_000) % 2, np.array([0] * 20 + [1] * 10)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        metrics.class_distances(first, labels[0], second, labels[1])
        metrics.class_distances(second, labels[1], second, labels[1])
    assert ["from 10 images" in str(warning.message) for warning in caught] == [True] * 3
    assert {warning.filename for warning in caught} == {__file__}


# --- as methods of a judge ---


@pytest.fixture(scope="module")
def judge():
    return evaluation.load_judge("fashion_mnist")


@pytest.fixture(scope="module")
def few():
    """Of the bundled sample, few enough for a test and enough for the judge to know them."""
    known = data.load_dataset(data.SAMPLE_FOLDER)
    parts = known.train_images[:300], known.train_labels[:300], known.test_images[:100]
    return data.Dataset(*parts, known.test_labels[:100], known.class_names, "a few", "few")


def test_the_kernel_distance_of_a_judge_is_that_to_its_real_images(judge, few):
    images = few.train_images
    features = judge.features_and_probabilities(images)[0]
    expected = metrics.kernel_distance(features, judge.real_features, 5, 100, 1)
    assert judge.kernel_distance(images, 5, 100, 1) == pytest.approx(expected, rel=1e-4)
    grey = np.full_like(images, 128)
    assert judge.kernel_distance(grey, 5, 100)[0] > 10 * expected[0]
    with pytest.raises(ValueError, match="subset_size: expected a whole number from 2 to 300"):
        judge.kernel_distance(images)


def test_the_distances_of_classes_of_a_judge_are_those_to_the_training_images(judge, few):
    own = judge.class_distances(few.train_images, few.train_labels, few)
    np.testing.assert_allclose(own, 0, atol=1e-2)
    shifted = judge.class_distances(few.train_images, (few.train_labels + 1) % 10, few)
    assert own.shape == (10,) and shifted.min() > 50
    with pytest.raises(ValueError, match="^labels: class 1 has 0 of 2"):
        judge.class_distances(few.train_images[:2], [0, 0], few)
    with pytest.raises(ValueError, match="do not belong together"):
        judge.class_distances(few.train_images, few.train_labels, data.load_dataset("shapes"))
