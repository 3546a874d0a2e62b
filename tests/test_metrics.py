"""Metrics: the distance against closed forms, and the classifier on images it has not seen."""

import warnings

from gan_helpers import data, metrics
import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings("ignore:A Fréchet distance from")
RNG = np.random.default_rng(0)
IMAGES = data.read_idx(data.SAMPLE_FOLDER / data.FILES["test_images"])
LABELS = data.read_idx(data.SAMPLE_FOLDER / data.FILES["test_labels"])


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
        with pytest.raises(ValueError, match=r"features: expected at least two rows \(n, d\)"):
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


# --- the classifier ---


def test_classifier_knows_garments_it_has_not_seen():
    assert metrics.label_accuracy(IMAGES, LABELS) >= 0.9


def test_classifier_has_the_documented_shapes():
    features, logits = metrics.build_classifier(classes=7)(np.zeros((2, 28, 28, 1), np.float32))
    assert features.shape == (2, 128)
    assert logits.shape == (2, 7)


def test_classify_takes_bytes_and_floats():
    features, probabilities = metrics.classify(IMAGES[:30])
    assert features.shape == (30, 128)
    assert probabilities.shape == (30, 10)
    assert features.dtype == probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert probabilities.min() >= 0
    as_floats = metrics.classify(IMAGES[:30].astype(np.float32) / 255)
    np.testing.assert_allclose(as_floats[0], features, atol=1e-5)
    np.testing.assert_allclose(as_floats[1], probabilities, atol=1e-5)


def test_classify_in_pieces_gives_the_same():
    whole, pieces = metrics.classify(IMAGES[:30]), metrics.classify(IMAGES[:30], batch_size=7)
    np.testing.assert_allclose(pieces[0], whole[0], atol=1e-4)
    np.testing.assert_allclose(pieces[1], whole[1], atol=1e-4)
    features, probabilities = metrics.classify(IMAGES[4:5])
    np.testing.assert_allclose(features[0], whole[0][4], atol=1e-4)
    np.testing.assert_allclose(probabilities[0], whole[1][4], atol=1e-4)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.full((2, 28, 28), 1.01), r"values in \[0, 1\]"),
        (np.full((2, 28, 28), -0.01), r"values in \[0, 1\]"),
        (np.full((2, 28, 28), np.nan), r"values in \[0, 1\]"),
        (IMAGES[:2].astype(np.float32), r"values in \[0, 1\], or uint8; got float32 from 0 to 2"),
        (np.zeros((2, 28, 28, 1)), r"shape \(n, 28, 28\), got \(2, 28, 28, 1\)"),
        (np.zeros((2, 32, 32)), r"got \(2, 32, 32\)"),
        (np.zeros((28, 28)), r"got \(28, 28\)"),
        (np.zeros((0, 28, 28)), r"got \(0, 28, 28\)"),
    ],
)
def test_bad_images(images, message):
    for measure in (
        metrics.classify,
        lambda given: metrics.label_accuracy(given, np.zeros(len(given), int)),
        lambda given: metrics.image_distance(IMAGES[:10], given),
    ):
        with pytest.raises(ValueError, match=f"images: expected .*{message}"):
            measure(images)


def test_one_nan_is_found():
    images = np.zeros((2, 28, 28), np.float32)
    images[1, 5, 6] = np.nan
    with pytest.raises(ValueError, match="images: expected values"):
        metrics.classify(images)


def test_damaged_weights_are_refused(tmp_path):
    content = bytearray(metrics.CLASSIFIER_FILE.read_bytes())
    content[len(content) // 2] ^= 1
    for name, damaged in (("flipped.h5", content), ("cut.h5", content[:-10]), ("empty.h5", b"")):
        (tmp_path / name).write_bytes(damaged)
        with pytest.raises(ValueError, match=f"{name} is damaged: its MD5 is not"):
            metrics.load_classifier(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        metrics.load_classifier(tmp_path / "none.h5")


def test_classifier_is_loaded_once():
    assert metrics.load_classifier() is metrics.load_classifier()


def test_label_accuracy_counts():
    predicted = metrics.classify(IMAGES[:20])[1].argmax(axis=1)
    assert metrics.label_accuracy(IMAGES[:20], predicted) == 1.0
    assert metrics.label_accuracy(IMAGES[:20], (predicted + 1) % 10) == 0.0
    predicted[:5] = (predicted[:5] + 1) % 10
    assert metrics.label_accuracy(IMAGES[:20], predicted.tolist()) == pytest.approx(0.75)


@pytest.mark.parametrize("labels", [[0], np.zeros(4, int), np.zeros((3, 1), int), 0])
def test_label_accuracy_refuses_labels_that_do_not_fit(labels):
    with pytest.raises(ValueError, match=r"labels: expected shape \(3,\)"):
        metrics.label_accuracy(IMAGES[:3], labels)


# --- image_distance ---


def test_image_distance_is_that_of_the_features():
    first, second = IMAGES[:200], IMAGES[200:500]
    expected = metrics.frechet_distance(metrics.classify(first)[0], metrics.classify(second)[0])
    assert metrics.image_distance(first, second) == pytest.approx(expected)


def test_image_distance_orders_worse_images():
    real, others = IMAGES[:1000], IMAGES[1000:].astype(np.float32) / 255
    noise = RNG.standard_normal(others.shape).astype(np.float32)
    close = metrics.image_distance(real, others)
    noisy = metrics.image_distance(real, (others + 0.2 * noise).clip(0, 1))
    random = metrics.image_distance(real, np.abs(noise).clip(0, 1))
    one_class = metrics.image_distance(real, others[LABELS[1000:] == 1])
    assert 0 < close < noisy < random
    assert close < one_class
