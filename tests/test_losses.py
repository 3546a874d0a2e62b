"""Both losses by hand, far out, and on what is no logit."""

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


@pytest.mark.parametrize(
    "logits", [None, "logits", [[1, 2]], np.array([[True]]), [[1.0], [2.0, 3.0]], {}, object()]
)
def test_refuses(logits):
    right = np.zeros((2, 1), np.float32)
    with pytest.raises(ValueError, match="^fake_logits: expected logits, a float tensor, got"):
        losses.non_saturating_generator(logits)
    with pytest.raises(ValueError, match="^fake_logits: expected logits"):
        losses.non_saturating_discriminator(right, logits)
    with pytest.raises(ValueError, match="^real_logits: expected logits"):
        losses.non_saturating_discriminator(logits, right)
