"""Pictures: what is drawn, not only that something is."""

from gan_helpers import plotting
from matplotlib.figure import Figure
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image
import pytest

RNG = np.random.default_rng(0)
IMAGES = RNG.random((10, 28, 28)).astype(np.float32)
HISTORY = {name: list(RNG.random(300)) for name in plotting.SERIES}


def test_tile_images_puts_each_image_in_its_place():
    images = np.arange(5, dtype=np.float32)[:, None, None] / 10 * np.ones((5, 3, 4), np.float32)
    tiled = plotting.tile_images(images, columns=2)
    assert tiled.shape == (3 * 5 - 2, 2 * 6 - 2)
    np.testing.assert_allclose(tiled[0:3, 0:4], 0.0)
    np.testing.assert_allclose(tiled[0:3, 6:10], 0.1)
    np.testing.assert_allclose(tiled[10:13, 0:4], 0.4)
    np.testing.assert_allclose(tiled[10:13, 6:10], 1.0)
    np.testing.assert_allclose(tiled[3:5], 1.0)


def test_tile_images_takes_uint8_and_is_about_square():
    as_bytes = (255 * IMAGES[:4]).astype(np.uint8)
    tiled = plotting.tile_images(as_bytes)
    assert tiled.shape == (58, 58)
    np.testing.assert_allclose(tiled[:28, :28], as_bytes[0] / 255, atol=1e-6)


@pytest.mark.parametrize(
    "images", [IMAGES[0], IMAGES[:0], IMAGES * 2, IMAGES - 1, np.full((1, 28, 28), np.nan)]
)
def test_bad_images_are_refused(images):
    with pytest.raises(ValueError, match="images: expected"):
        plotting.image_grid(images)


def test_image_grid_shows_each_image_under_its_name():
    names = [f"name {n}" for n in range(10)]
    figure = plotting.image_grid(IMAGES, names, columns=4, title="title")
    shown = [axes for axes in figure.axes if axes.images]
    assert [axes.get_title() for axes in shown] == names
    for axes, image in zip(shown, IMAGES, strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), image)
    assert figure.get_suptitle() == "title"
    with pytest.raises(ValueError, match="names: expected 10"):
        plotting.image_grid(IMAGES, names[:3])


def test_real_and_generated_stand_side_by_side():
    figure = plotting.real_and_generated(IMAGES[:4], 1 - IMAGES[:4], columns=2)
    left, right = figure.axes
    assert (left.get_title(), right.get_title()) == ("real", "generated")
    np.testing.assert_array_equal(
        left.images[0].get_array(), plotting.tile_images(IMAGES[:4], columns=2)
    )
    assert left.get_position().x1 <= right.get_position().x0


def test_compare_samples_wraps_after_five():
    figure = plotting.compare_samples({str(n): IMAGES for n in range(6)})
    assert [axes.get_title() for axes in figure.axes if axes.images] == list("012345")
    assert figure.axes[0].get_gridspec().get_geometry() == (2, 5)
    with pytest.raises(ValueError, match="at least one model"):
        plotting.compare_samples({})


def test_losses_and_scores_draws_all_four_and_their_meaning():
    losses, scores = plotting.losses_and_scores(HISTORY, steps_per_epoch=100).axes
    for axes, expected in ((losses, "loss"), (scores, "score")):
        labels = axes.get_legend_handles_labels()[1]
        names = [label for name, (label, _) in plotting.SERIES.items() if name.endswith(expected)]
        assert set(names) < set(labels)
    line = next(x for x in losses.lines if x.get_label() == "generator")
    expected = np.mean(HISTORY["generator_loss"][:3])
    assert line.get_ydata()[0] == pytest.approx(expected)
    assert line.get_xdata()[-1] == pytest.approx(3.0)
    reference = next(x for x in losses.lines if "D = 0.5" in x.get_label())
    assert reference.get_ydata()[0] == pytest.approx(2 * np.log(2))
    assert scores.get_ylim() == (0, 1)


def test_a_history_with_gaps_is_refused():
    with pytest.raises(ValueError, match="fake_score"):
        plotting.losses_and_scores({k: v for k, v in HISTORY.items() if k != "fake_score"})
    with pytest.raises(ValueError, match="'b': nothing recorded"):
        plotting.compare_curves({"a": HISTORY, "b": {}})


def test_compare_curves_has_a_line_a_model_in_each_panel():
    figure = plotting.compare_curves({"a": HISTORY, "b": HISTORY}, ("real_score",))
    assert figure.axes[0].get_legend_handles_labels()[1] == ["a", "b"]
    assert len(plotting.compare_curves({"a": HISTORY}).axes) == 4


def test_class_grid_names_its_rows():
    figure = plotting.class_grid(IMAGES, ["shoe", "bag"])
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["shoe", "bag"]
    np.testing.assert_array_equal(axes.images[0].get_array()[30:58, :28], IMAGES[5])
    with pytest.raises(ValueError, match="multiple of 3"):
        plotting.class_grid(IMAGES, ["a", "b", "c"])


def test_interpolation_is_spherical():
    start, end = np.array([2.0, 0.0, 0.0]), np.array([0.0, 2.0, 0.0])
    path = plotting.interpolate_latents(start, end, 3)
    np.testing.assert_allclose(path, [start, [2**0.5, 2**0.5, 0], end], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 2, atol=1e-6)
    np.testing.assert_allclose(plotting.interpolate_latents(start, start, 2), [start, start])


@pytest.mark.parametrize(
    "start, end, count, message",
    [
        ([1.0], [1.0], 1, "at least 2"),
        ([1.0], [1.0, 2.0], 2, "one length"),
        ([0.0, 0.0], [1.0, 0.0], 2, "no direction"),
        ([1.0, 0.0], [-1.0, 0.0], 2, "Opposite"),
    ],
)
def test_bad_interpolations_are_refused(start, end, count, message):
    with pytest.raises(ValueError, match=message):
        plotting.interpolate_latents(start, end, count)


def test_latent_interpolation_has_a_row_a_path():
    figure = plotting.latent_interpolation([IMAGES[:5], IMAGES[5:]], title="from a to b")
    assert figure.axes[0].images[0].get_array().shape == (58, 148)


def test_gif_can_be_read_back(tmp_path):
    frames = [np.full((4, 28, 28), value, np.float32) for value in (0.0, 0.5, 1.0)]
    path = plotting.save_gif(frames, tmp_path / "new" / "a.gif", scale=2, milliseconds=100)
    with Image.open(path) as gif:
        assert gif.n_frames == 3 and gif.size == (116, 116)
        durations = []
        for index in range(3):
            gif.seek(index)
            durations.append(gif.info["duration"])
            assert abs(np.asarray(gif.convert("L"))[0, 0] - round(127.5 * index)) <= 1
    assert durations == [100, 100, 2000]
    with pytest.raises(ValueError, match="at least one"):
        plotting.save_gif([], tmp_path / "b.gif")


def test_theme_is_colour_blind_safe():
    plotting.set_theme()
    cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert [tuple(color) for color in cycle[:3]] == [tuple(c) for c in plotting.PALETTE[:3]]


def test_nothing_is_left_open_in_pyplot():
    plt.close("all")
    assert isinstance(plotting.image_grid(IMAGES), Figure)
    plotting.losses_and_scores(HISTORY)
    assert plt.get_fignums() == []
