"""Each loss by hand, far out, and on what is no logit."""

import math

from gan_helpers import losses
import numpy as np
import pytest
import tensorflow as tf


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


def test_by_hand():
    real, fake = np.array([[2.0], [-1.0]], np.float32), np.array([[0.5], [3.0]], np.float32)
    by_hand = -(math.log(sigmoid(2)) + math.log(sigmoid(-1))) / 2
    by_hand -= (math.log(1 - sigmoid(0.5)) + math.log(1 - sigmoid(3))) / 2
    assert float(losses.non_saturating_discriminator(real, fake)) == pytest.approx(by_hand, 1e-5)
    by_hand = -(math.log(sigmoid(0.5)) + math.log(sigmoid(3))) / 2
    assert float(losses.non_saturating_generator(fake)) == pytest.approx(by_hand, 1e-5)


def test_of_a_discriminator_that_says_one_half():
    zeros = np.zeros((3, 1), np.float32)
    assert float(losses.non_saturating_discriminator(zeros, zeros)) == pytest.approx(math.log(4))
    assert float(losses.non_saturating_generator(zeros)) == pytest.approx(math.log(2))


def test_finite_for_sure_discriminators():
    sure = np.full((2, 1), 1e4, np.float32)
    assert float(losses.non_saturating_discriminator(-sure, sure)) == pytest.approx(2e4)
    assert float(losses.non_saturating_generator(-sure)) == pytest.approx(1e4)


def test_the_generator_learns_where_it_is_found_out():
    logits = tf.Variable([[-8.0]])
    with tf.GradientTape() as tape:
        loss = losses.non_saturating_generator(logits)
    assert float(tape.gradient(loss, logits)[0, 0]) == pytest.approx(-1, abs=1e-3)


REAL = np.array([[2.0], [-1.0], [0.5]], np.float32)
FAKE = np.array([[0.5], [3.0], [-4.0]], np.float32)


def softplus(a):
    return math.log(1 + math.exp(a))


def test_wasserstein_by_hand():
    assert float(losses.wasserstein_generator(FAKE)) == pytest.approx(0.5 / 3)
    assert float(losses.wasserstein_discriminator(REAL, FAKE)) == pytest.approx((-0.5 - 1.5) / 3)
    assert float(losses.wasserstein_discriminator(REAL, REAL)) == 0


def test_hinge_by_hand():
    # real: max(0, 1 - 2), 1 + 1, 1 - 0.5; generated: 1 + 0.5, 1 + 3, max(0, 1 - 4)
    by_hand = (0 + 2 + 0.5) / 3 + (1.5 + 4 + 0) / 3
    assert float(losses.hinge_discriminator(REAL, FAKE)) == pytest.approx(by_hand)
    zeros = np.zeros((3, 1), np.float32)
    assert float(losses.hinge_discriminator(zeros, zeros)) == 2
    assert float(losses.hinge_generator(FAKE)) == pytest.approx(0.5 / 3)


def test_relativistic_by_hand():
    by_hand = (softplus(2 - 0.5) + softplus(-1 - 3) + softplus(0.5 + 4)) / 3
    assert float(losses.relativistic_generator(FAKE, REAL)) == pytest.approx(by_hand, 1e-5)
    by_hand = (softplus(0.5 - 2) + softplus(3 + 1) + softplus(-4 - 0.5)) / 3
    assert float(losses.relativistic_discriminator(REAL, FAKE)) == pytest.approx(by_hand, 1e-5)
    far = np.full((3, 1), 1e4, np.float32)
    for loss in (
        losses.relativistic_generator(far, far),
        losses.relativistic_discriminator(far, far),
    ):
        assert float(loss) == pytest.approx(math.log(2))
    assert float(losses.relativistic_generator(-far, far)) == pytest.approx(2e4)


def test_a_pair_is_one_real_and_one_generated_image():
    for call in (
        lambda: losses.relativistic_generator(FAKE, REAL[:, 0]),
        lambda: losses.relativistic_discriminator(REAL[:2], FAKE),
    ):
        with pytest.raises(ValueError, match="each generated image is compared with one real"):
            call()


@pytest.mark.parametrize("name", losses.OBJECTIVES)
def test_each_objective_pulls_the_logits_apart_and_its_generator_together(name):
    objective = losses.OBJECTIVES[name]
    real, fake = tf.Variable([[0.3]]), tf.Variable([[-0.2]])
    with tf.GradientTape(persistent=True) as tape:
        lowered = objective.generator(fake, *([real] if objective.paired else []))
        others = objective.discriminator(real, fake)
    assert float(tape.gradient(lowered, fake)[0, 0]) < 0  # so that a step raises it
    for logit, sign in ((real, -1), (fake, 1)):
        assert np.sign(tape.gradient(others, logit)) == sign


@pytest.mark.parametrize("name", ["gan", "Hinge", None, 3, ["hinge"], True])
def test_an_unknown_objective_names_the_known_ones(name):
    with pytest.raises(ValueError, match="objective: .*non_saturating, hinge, wasserstein, relat"):
        losses.check_objective(name)
    assert losses.check_objective("hinge") == "hinge"


@pytest.mark.parametrize(
    "logits", [None, "logits", [[1, 2]], np.array([[True]]), [[1.0], [2.0, 3.0]], {}, object()]
)
@pytest.mark.parametrize("name", losses.OBJECTIVES)
def test_refuses(name, logits):
    right, objective = np.zeros((2, 1), np.float32), losses.OBJECTIVES[name]
    others = [right] if objective.paired else []
    with pytest.raises(ValueError, match="^fake_logits: expected logits, a float tensor, got"):
        objective.generator(logits, *others)
    with pytest.raises(ValueError, match="^fake_logits: expected logits"):
        objective.discriminator(right, logits)
    with pytest.raises(ValueError, match="^real_logits: expected logits"):
        objective.discriminator(logits, right)
