"""The ring of eight clouds."""

from gan_helpers import ring
import keras
import numpy as np
import pytest
import tensorflow as tf


def test_real_points_lie_in_eight_equal_clouds_on_a_circle():
    keras.utils.set_random_seed(0)
    points = ring.draw_ring(8_000).numpy()
    assert points.shape == (8_000, 2) and points.dtype == np.float32
    angles = np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi / 8)
    counts = np.bincount(np.round(angles).astype(int) % 8, minlength=8)
    assert counts.min() > 850 and counts.max() < 1_150
    assert np.abs(angles - np.round(angles)).max() < 0.2
    first = points[np.linalg.norm(points - [2, 0], axis=1) < 0.5]
    np.testing.assert_allclose(first.mean(axis=0), [2, 0], atol=0.01)
    np.testing.assert_allclose(first.std(axis=0), [0.05, 0.05], atol=0.005)


def test_a_graph_draws_new_points_at_each_call():
    draw = tf.function(lambda: ring.draw_ring(4))
    assert not np.allclose(draw(), draw())


def test_modes_are_counted_where_one_point_in_a_hundred_is_good():
    far = np.zeros((1_000, 2))
    assert ring.count_modes(far) == (0, 0.0)
    far[:10] = ring.CENTRES[0]
    far[10:19] = ring.CENTRES[1]
    assert ring.count_modes(far) == (1, 0.019)
    edge = np.tile(ring.CENTRES[2].astype(float), (100, 1))
    edge[:50, 1] += 0.149
    edge[50:, 1] += 0.151
    assert ring.count_modes(edge) == (1, 0.5)
    modes, good = ring.count_modes(ring.draw_ring(2_000).numpy())
    assert modes == 8 and good > 0.97


@pytest.mark.parametrize("points", [[], [[1.0]], np.zeros((0, 2)), [["a", "b"]], np.zeros(4), None])
def test_what_is_no_points_is_refused(points):
    with pytest.raises(ValueError, match=r"points: expected numbers of shape \(n, 2\), got"):
        ring.count_modes(points)


def test_no_points_cannot_be_drawn():
    with pytest.raises(ValueError, match="count"):
        ring.draw_ring(0)
