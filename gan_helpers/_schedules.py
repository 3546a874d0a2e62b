"""Learning rates that Keras has no schedule for."""

from gan_helpers import _checks
from gan_helpers.data import check_count
import keras
from keras import ops


@keras.saving.register_keras_serializable("gan_helpers")
class FallAtTheEnd(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that is constant, and falls to zero in a straight line over the last steps.

    Known as a trapezoidal schedule (Hägele et al. 2024, section 3).

    Args:
        learning_rate: the constant rate, above 0.
        steps: of the whole training, at least 1.
        share: of the steps in which the rate falls, above 0, at most 1.

    Raises:
        ValueError: an argument is not as described.
    """

    def __init__(self, learning_rate, steps, share=0.3):
        self.learning_rate = _checks.check_number("learning_rate", learning_rate)
        self.steps = check_count("steps", steps)
        self.share = _checks.check_number("share", share)
        if self.learning_rate <= 0:
            raise ValueError(f"learning_rate: expected a number above 0, got {learning_rate}.")
        if not 0 < self.share <= 1:
            raise ValueError(f"share: expected a number above 0, at most 1, got {share}.")

    def __call__(self, step):
        left = 1.0 - ops.cast(step, "float32") / self.steps
        return self.learning_rate * ops.clip(left / self.share, 0.0, 1.0)

    def get_config(self):
        return {"learning_rate": self.learning_rate, "steps": self.steps, "share": self.share}
