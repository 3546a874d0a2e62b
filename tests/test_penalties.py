"""Each penalty of critics whose slopes are known, and where its gradient goes."""

from gan_helpers import models, penalties
import keras
import numpy as np
import pytest
import tensorflow as tf

SHAPE = (6, 4, 4, 1)
RNG = np.random.default_rng(0)
REAL, FAKE = (tf.constant(RNG.standard_normal(SHAPE), tf.float32) for _ in range(2))
WEIGHTS = RNG.standard_normal(SHAPE[1:]).astype(np.float32)
LENGTH = float(np.linalg.norm(WEIGHTS))


def linear(images):
    return tf.reduce_sum(images * WEIGHTS, axis=(1, 2, 3))[:, None] + 3.0


def bowl(images):
    """Half of the squared length: the gradient is the image itself."""
    return tf.reduce_sum(images**2, axis=(1, 2, 3))[:, None] / 2


def squares(images):
    return np.sum(np.square(images), axis=(1, 2, 3))


def test_a_linear_critic_has_one_slope_everywhere():
    np.testing.assert_allclose(penalties.squared_slopes(linear, REAL), [LENGTH**2] * 6, rtol=1e-5)
    for penalty in (penalties.r1, penalties.r2):
        assert float(penalty(linear, REAL, FAKE)) == pytest.approx(LENGTH**2 / 2, rel=1e-5)
    found = penalties.gradient_penalty(linear, REAL, FAKE, seed=0)
    assert float(found) == pytest.approx((LENGTH - 1) ** 2, rel=1e-5)


def test_a_slope_belongs_to_its_image_and_not_to_the_batch():
    np.testing.assert_allclose(penalties.squared_slopes(bowl, REAL), squares(REAL), rtol=1e-5)
    assert float(penalties.r1(bowl, REAL, None)) == pytest.approx(squares(REAL).mean() / 2)
    assert float(penalties.r2(bowl, None, FAKE)) == pytest.approx(squares(FAKE).mean() / 2)


def test_the_gradient_penalty_looks_between_each_pair_at_a_place_of_its_own():
    """At real images of 0 and generated ones of 1, the bowl's slope is the place times a length."""
    shape = (4_000, 2, 2, 1)
    seen = []

    def noting(images):
        seen.append(images.numpy())
        return bowl(images)

    found = float(penalties.gradient_penalty(noting, tf.zeros(shape), tf.ones(shape), seed=1))
    [places] = seen
    assert np.ptp(places, axis=(1, 2, 3)).max() == 0  # one for each image, not for each pixel
    share = places[:, 0, 0, 0]
    assert share.min() >= 0 and share.max() < 1 and len(np.unique(share)) > 3_900
    assert np.abs(np.quantile(share, [0.1, 0.5, 0.9]) - [0.1, 0.5, 0.9]).max() < 0.03
    assert found == pytest.approx(np.mean((2 * share - 1) ** 2), rel=1e-4)
    assert found == pytest.approx(1 / 3, abs=0.02)  # the integral of (2t - 1)² from 0 to 1


def test_the_places_follow_the_seed():
    values = [float(penalties.gradient_penalty(bowl, REAL, FAKE, seed=seed)) for seed in (0, 0, 1)]
    assert values[0] == values[1] != values[2]
    generator = keras.random.SeedGenerator(0)
    values = [float(penalties.gradient_penalty(bowl, REAL, FAKE, generator)) for _ in range(2)]
    assert values[0] != values[1]


def test_a_slope_of_zero_is_no_nan():
    kernel = tf.Variable(tf.zeros(SHAPE[1:]))

    def flat(images):
        return tf.reduce_sum(images * kernel, axis=(1, 2, 3))[:, None]

    for penalty, expected in (
        (penalties.r1, 0),
        (penalties.r2, 0),
        (penalties.gradient_penalty, 1),
    ):
        with tf.GradientTape() as tape:
            value = penalty(flat, REAL, FAKE)
        assert float(value) == pytest.approx(expected, abs=1e-5)
        assert np.isfinite(tape.gradient(value, kernel)).all()


@pytest.mark.parametrize("compiled", [False, True])
def test_the_gradient_by_the_weights_is_that_of_the_formula(compiled):
    kernel = tf.Variable(WEIGHTS)

    def gradients():
        def critic(images):
            return tf.reduce_sum(images * kernel, axis=(1, 2, 3))[:, None]

        found = []
        for penalty in (penalties.r1, penalties.r2, penalties.gradient_penalty):
            with tf.GradientTape() as tape:
                value = penalty(critic, REAL, FAKE)
            found.append(tape.gradient(value, kernel))
        return found

    found = (tf.function(gradients) if compiled else gradients)()
    expected = WEIGHTS, WEIGHTS, 2 * (LENGTH - 1) * WEIGHTS / LENGTH
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_points_of_a_plane_have_slopes_as_well():
    points = tf.constant(RNG.standard_normal((5, 2)), tf.float32)
    found = penalties.squared_slopes(lambda x: tf.reduce_sum(x * [3.0, 4.0], axis=1), points)
    np.testing.assert_allclose(found, [25] * 5, rtol=1e-5)
    value = penalties.gradient_penalty(lambda x: x @ [[3.0], [4.0]], points, points)
    assert float(value) == pytest.approx(16, rel=1e-5)


def test_half_precision_is_not_squared():
    steep = tf.cast(REAL, tf.float16)
    found = penalties.squared_slopes(lambda images: 1e3 * linear(images), steep)
    np.testing.assert_allclose(found, [1e6 * LENGTH**2] * 6, rtol=1e-3)  # float16 ends at 65,504
    assert np.isfinite(float(penalties.gradient_penalty(linear, REAL, tf.cast(FAKE, tf.float16))))


def test_logits_of_other_images_are_noticed():
    with pytest.raises(ValueError, match="do not depend on the images"):
        penalties.r1(lambda images: linear(FAKE), REAL, FAKE)


@pytest.mark.parametrize("name", ["r1", "r2", "gradient_penalty"])
@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "1", None, True, [1]])
def test_strengths_are_checked(name, value):
    critic = models.dcgan_discriminator(2, (8, 8, 1))
    given = {"r1": 0, "r2": 0, "gradient_penalty": 0, name: value}
    with pytest.raises(ValueError, match=f"^{name}: expected a number"):
        penalties.check_strengths(critic, **given)


def test_penalties_that_work_against_each_other_are_refused():
    critic = models.dcgan_discriminator(2, (8, 8, 1))
    for r1, r2 in ((1, 0), (0, 1), (1, 1)):
        with pytest.raises(ValueError, match="pulls slopes to 1, r1 and r2 pull them to 0"):
            penalties.check_strengths(critic, r1, r2, 10)
        assert penalties.check_strengths(critic, r1, r2, 0) == [r1, r2, 0]
    assert penalties.check_strengths(critic, 0, 0, 10) == [0, 0, 10]


def test_a_gradient_penalty_with_batch_normalisation_is_refused():
    inner = keras.Sequential([keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization()])
    critic = keras.Sequential(
        [keras.Input((8, 8, 1)), inner, keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    with pytest.raises(ValueError, match="batch normalisation.*LayerNormalization"):
        penalties.check_strengths(critic, 0, 0, 10)
    assert penalties.check_strengths(critic, 1, 1, 0) == [1, 1, 0]
