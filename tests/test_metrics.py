"""Numbers against closed forms, against SciPy, and against bad input."""

from gan_helpers import data, metrics
import numpy as np
import pytest
from scipy import linalg

RNG = np.random.default_rng(0)
SAMPLE = data._read_folder(data.SAMPLE_FOLDER)


def test_distance_of_two_gaussians_is_the_closed_form():
    x = RNG.normal(size=(4000, 3))
    x = (x - x.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(x, rowvar=False))).T
    y = x * [1, 2, 3] + [0, 0, 5]
    assert metrics.frechet_distance(x, y) == pytest.approx(25 + 0 + 1 + 4, rel=1e-6)


def test_distance_agrees_with_the_matrix_root():
    x, y = RNG.normal(size=(2500, 8)) @ RNG.normal(size=(8, 8)), RNG.exponential(size=(3000, 8))
    c, d = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    expected = np.sum((x.mean(0) - y.mean(0)) ** 2) + np.trace(c + d - 2 * linalg.sqrtm(c @ d).real)
    assert metrics.frechet_distance(x, y) == pytest.approx(expected, rel=1e-6)
    assert metrics.frechet_distance(y, x) == pytest.approx(expected, rel=1e-6)
    assert metrics.frechet_distance(RNG.permutation(x), y) == pytest.approx(expected, rel=1e-6)
    assert metrics.frechet_distance(x, x) == pytest.approx(0, abs=1e-6)


def test_constant_features_have_a_distance():
    assert metrics.frechet_distance(np.ones((2000, 4)), np.zeros((2000, 4))) == pytest.approx(4)


@pytest.mark.parametrize(
    "features", [np.ones((1, 3)), np.ones(5), np.full((3000, 3), np.nan), np.ones((3000, 2))]
)
def test_bad_features_are_refused(features):
    with pytest.raises(ValueError, match="features:"):
        metrics.frechet_distance(np.ones((3000, 3)), features)


def test_few_images_are_warned_of():
    with pytest.warns(UserWarning, match="from 500 images is biased"):
        metrics.frechet_distance(np.zeros((500, 2)), np.zeros((2000, 2)))


def test_the_classifier_knows_its_clothes():
    images, labels = SAMPLE["test_images"], SAMPLE["test_labels"]
    features, probabilities = metrics.classify(images)
    assert features.shape == (2000, 128) and probabilities.shape == (2000, 10)
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-4)
    accuracy = metrics.label_accuracy(images, labels)
    assert accuracy == np.mean(probabilities.argmax(1) == labels)
    assert accuracy > 0.9
    assert metrics.CLASSIFIER_FILE.stat().st_size < 1_000_000


def test_bytes_and_floats_are_judged_alike():
    images = SAMPLE["test_images"][:20]
    as_floats = metrics.classify(images.astype(np.float32) / 255, batch_size=7)
    for one, other in zip(metrics.classify(images), as_floats, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_image_distance_is_small_for_real_and_large_for_noise():
    real, test = SAMPLE["train_images"][:2000], SAMPLE["test_images"]
    noise = RNG.random((2000, 28, 28))
    expected = metrics.frechet_distance(metrics.classify(real)[0], metrics.classify(test)[0])
    assert metrics.image_distance(real, test) == pytest.approx(expected)
    assert expected < 3 < 100 < metrics.image_distance(noise, test)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 32, 32)),
        np.zeros((0, 28, 28)),
        np.full((2, 28, 28), 200.0),
        np.full((2, 28, 28), -0.5),
        np.full((2, 28, 28), np.nan),
    ],
)
def test_bad_images_are_refused(images):
    with pytest.raises(ValueError, match="images: expected"):
        metrics.classify(images)


def test_label_accuracy_wants_a_label_for_each_image():
    with pytest.raises(ValueError, match=r"labels: expected shape \(3,\)"):
        metrics.label_accuracy(SAMPLE["test_images"][:3], [1, 2])


def test_damaged_weights_are_refused(tmp_path):
    file = tmp_path / "classifier.weights.h5"
    file.write_bytes(metrics.CLASSIFIER_FILE.read_bytes()[:-1])
    with pytest.raises(ValueError, match="classifier.weights.h5 is damaged"):
        metrics.load_classifier(file)
