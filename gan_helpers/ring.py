"""Eight small clouds on a circle: data in two dimensions, on which a whole game can be seen.

The experiment is that of Metz et al. (2017), section 3.1. Notebook 06 builds it, and 09 goes on.
"""

from gan_helpers.data import check_count
import numpy as np

MODES, RADIUS, DEVIATION = 8, 2.0, 0.05
LEAST, GOOD = 0.01, 3.0  # share of all points that makes a mode; distance, in deviations
ANGLES = 2 * np.pi * np.arange(MODES) / MODES
CENTRES = RADIUS * np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1).astype(np.float32)


def draw_ring(count):
    """Draw real points, by TensorFlow's random numbers, so that a ``tf.function`` draws anew.

    Args:
        count: how many, at least 1.

    Returns:
        ``float32`` tensor ``(count, 2)``; each cloud has a standard deviation of 0.05.
    """
    import tensorflow as tf

    count = check_count("count", count)
    which = tf.random.uniform((count,), 0, MODES, tf.int32)
    return tf.gather(CENTRES, which) + DEVIATION * tf.random.normal((count, 2))


def count_modes(points):
    """How many of the eight modes a generator makes, and how well.

    A point is good within three standard deviations of a centre. A mode counts if at least one
    point in a hundred is good and nearest to it; an even share would be twelve.

    Args:
        points: floats ``(n, 2)``.

    Returns:
        The number of modes, ``int``, and the share of good points, ``float`` in [0, 1].

    Raises:
        ValueError: not points in the plane.
    """
    points = np.asarray(points)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points) or points.dtype.kind not in "fi":
        raise ValueError(
            f"points: expected numbers of shape (n, 2), got {points.dtype} {points.shape}."
        )
    distances = np.linalg.norm(points[:, None] - CENTRES, axis=2)
    nearest, good = distances.argmin(axis=1), distances.min(axis=1) < GOOD * DEVIATION
    counts = np.bincount(nearest[good], minlength=MODES)
    return int(np.sum(counts >= LEAST * len(points))), float(good.mean())
