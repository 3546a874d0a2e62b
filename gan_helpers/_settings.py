"""Keras' global settings and random numbers, kept apart from what must not depend on them."""

from contextlib import contextmanager
import random

import keras


@contextmanager
def float32():
    """Layers built inside compute in float32 with channels last; then the user's settings again."""
    policy, floatx = keras.config.dtype_policy(), keras.config.floatx()
    data_format = keras.config.image_data_format()
    try:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")
        keras.config.set_image_data_format("channels_last")
        yield
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)
        keras.config.set_image_data_format(data_format)


@contextmanager
def own_random_numbers(seed):
    """Initial weights and dropout inside follow from ``seed``; nothing outside sees a difference.

    Keras draws the seeds of layers from Python's ``random`` and nowhere else. So it is enough to
    seed that, and to give it its state back.
    """
    state = random.getstate()
    try:
        random.seed(seed)
        yield
    finally:
        random.setstate(state)
