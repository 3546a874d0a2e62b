"""Pictures: what is drawn, not only that something is."""

import base64
import io
from pathlib import Path
import re
import sys
import tempfile

from gan_helpers import plotting, words
import keras
from matplotlib.animation import FuncAnimation
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
import matplotlib.pyplot as plt
from matplotlib.text import Text
import numpy as np
import pandas as pd
from PIL import Image
import pytest

RNG = np.random.default_rng(0)
IMAGES = RNG.random((10, 28, 28)).astype(np.float32)
COLOUR = RNG.random((10, 32, 32, 3)).astype(np.float32)
BOTH = pytest.mark.parametrize("images", [IMAGES, COLOUR], ids=["grey", "colour"])
HISTORY = {name: list(RNG.random(300)) for name in plotting.SERIES}
NO_NUMBERS = ["8", 2.5, 0, -1, True, None, np.nan]


def drawn(figure):
    """The pictures of a figure, once it was really drawn."""
    FigureCanvasAgg(figure).draw()
    return [axes.images[0].get_array() for axes in figure.axes if axes.images]


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


def test_colour_images_keep_their_colours_and_the_gaps_are_white():
    tiled = plotting.tile_images(COLOUR[:5], columns=3)
    assert tiled.shape == (2 * 34 - 2, 3 * 34 - 2, 3)
    np.testing.assert_array_equal(tiled[:32, 34:66], COLOUR[1])
    np.testing.assert_array_equal(tiled[34:, :32], COLOUR[3])
    assert (tiled[32:34] == 1).all() and (tiled[:, 32:34] == 1).all()
    assert (tiled[34:, 68:] == 1).all()  # the place of the sixth image


BAD_IMAGES = [
    (IMAGES[0], r"got \(28, 28\).*images\[None\]"),
    (COLOUR[0], r"got \(32, 32, 3\).*images\[None\]"),
    (IMAGES[..., None], r"images\[..., 0\]"),
    (np.ones((2, 8, 8, 4)), r"images\[..., :3\]"),
    (np.ones((2, 3, 8, 8)), r"images\.transpose\(0, 2, 3, 1\)"),
    (IMAGES.reshape(10, -1), r"images\.reshape\(-1, 28, 28\)"),
    (IMAGES.reshape(10, -1)[0], "expected shape"),
    (np.ones((1, 1, 8, 8, 3)), "expected shape"),
    (IMAGES[:0], r"at least one image; got \(0, 28, 28\)\.$"),
    (0.5, "expected shape"),
    (None, "array of numbers"),
    ("images", "array of numbers"),
    ([IMAGES[:2], IMAGES[0]], "all images of one size"),
    (np.full((2, 8, 8), "a"), "array of numbers"),
    (1j * IMAGES, "array of numbers"),
    (2 * IMAGES - 1, r"Try \(images \+ 1\) / 2"),
    (255 * IMAGES, "Try images / 255"),
    (np.full((1, 8, 8), 255), "Try images / 255"),
    (IMAGES - 2, r"to -1\.?\d*\.$"),
    (np.full((1, 8, 8), np.nan), "training has diverged"),
    (np.where(COLOUR > 0.999, np.inf, COLOUR), "training has diverged"),
]


@pytest.mark.parametrize("images, message", BAD_IMAGES)
def test_bad_images_are_refused_with_the_hint_of_their_cause(images, message, tmp_path):
    for draw in (
        plotting.tile_images,
        plotting.image_grid,
        lambda images: plotting.real_and_generated(IMAGES, images),
        lambda images: plotting.compare_samples({"a": images}),
        lambda images: plotting.class_grid(images, ["a"]),
        lambda images: plotting.latent_interpolation([images]),
        lambda images: plotting.save_gif([images], tmp_path / "a.gif"),
    ):
        with pytest.raises(ValueError, match=message):
            draw(images)


@pytest.mark.parametrize("columns", ["4", 2.5, 0, -1, True, np.nan, 10**9])
def test_bad_columns_are_refused(columns, tmp_path):
    for draw in (
        plotting.tile_images,
        plotting.image_grid,
        lambda images, columns: plotting.compare_samples({"a": images}, columns),
        lambda images, columns: plotting.real_and_generated(images, images, columns),
        lambda images, columns: plotting.save_gif([images], tmp_path / "a.gif", columns),
    ):
        if (draw, columns) != (plotting.image_grid, 10**9):  # no more columns than images there
            with pytest.raises(ValueError, match="^columns: expected a whole number"):
                draw(IMAGES, columns=columns)


@pytest.mark.parametrize("names", ["abcdefghij", 3, [], ["one"], ["a"] * 11, np.array(3)])
def test_bad_names_are_refused(names):
    with pytest.raises(ValueError, match="^names: expected"):
        plotting.image_grid(IMAGES, names)


def test_a_whole_dataset_is_too_much_for_a_grid():
    with pytest.raises(ValueError, match=r"^images: at most 400, got 60,000\. Try images\[:64\]"):
        plotting.image_grid(np.zeros((60_000, 8, 8), np.uint8))


@BOTH
def test_image_grid_shows_each_image_under_its_name(images):
    names = [f"name {n}" for n in range(10)]
    figure = plotting.image_grid(images, names, columns=4, title="title")
    shown = [axes for axes in figure.axes if axes.images]
    assert [axes.get_title() for axes in shown] == names
    for picture, image in zip(drawn(figure), images, strict=True):
        np.testing.assert_array_equal(picture, image)
    assert figure.get_suptitle() == "title"


@BOTH
def test_real_and_generated_stand_side_by_side(images):
    figure = plotting.real_and_generated(images[:4], 1 - images[:4], columns=2)
    left, right = figure.axes
    assert (left.get_title(), right.get_title()) == ("real", "generated")
    np.testing.assert_array_equal(drawn(figure)[0], plotting.tile_images(images[:4], columns=2))
    assert left.get_position().x1 <= right.get_position().x0


@BOTH
def test_compare_samples_has_a_panel_a_model(images):
    figure = plotting.compare_samples({str(n): images for n in range(6)})
    assert [axes.get_title() for axes in figure.axes if axes.images] == list("012345")
    assert len(drawn(figure)) == 6


@pytest.mark.parametrize(
    "models, columns, expected",
    [(2, 8, (1, 2)), (3, 8, (1, 3)), (4, 8, (2, 2)), (5, 8, (2, 3)), (5, 4, (1, 5)), (6, 4, (2, 3)),
     (2, 40, (2, 1))],
)  # fmt: skip
def test_compare_samples_wraps_before_the_images_get_too_small(models, columns, expected):
    images = RNG.random((40, 28, 28))
    figure = plotting.compare_samples({str(n): images for n in range(models)}, columns)
    assert figure.axes[0].get_gridspec().get_geometry() == expected
    if columns < 40:  # at the size shown, about a pixel for each of an image's, or more
        picture = drawn(figure)[0]
        shown = figure.axes[0].get_window_extent().width / figure.dpi * plotting.DPI
        assert shown > 0.9 * picture.shape[1]


@pytest.mark.parametrize(
    "samples, message",
    [
        ({}, "at least one model"),
        ([IMAGES], "expected a dict"),
        (IMAGES, "expected a dict"),
        (None, "expected a dict"),
        ({"a": IMAGES, "b": COLOUR}, "one size and colour"),
        ({"a": IMAGES, "b": IMAGES[:, :24]}, "one size and colour"),
        ({"a": IMAGES, "b": np.nan * IMAGES}, r"\['b'\]: some values are NaN"),
        ({"a": IMAGES, "b": []}, r"\['b'\]: expected"),
    ],
)
def test_samples_that_cannot_be_compared_are_refused(samples, message):
    with pytest.raises(ValueError, match=f"^samples.*{message}"):
        plotting.compare_samples(samples)


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


def critic(low, high):
    """A history with losses from ``low`` to ``high``, and scores that are probabilities."""
    losses = dict.fromkeys(("generator_loss", "discriminator_loss"), np.linspace(low, high, 300))
    return HISTORY | losses


@pytest.mark.parametrize("low, high", [(-5, 0), (-5, -1), (-2, 3), (0, 4), (1, 2), (-900, -800)])
@pytest.mark.parametrize("compare", [False, True])
def test_losses_are_in_view_wherever_they_lie(low, high, compare):
    history = critic(low, high)
    if compare:
        axes = plotting.compare_curves({"a": history}, ["discriminator_loss"]).axes[0]
    else:
        axes = plotting.losses_and_scores(history).axes[0]
    bottom, top = axes.get_ylim()
    assert bottom <= low and top >= high and bottom <= 0 <= top
    assert (top - bottom) < 1.5 * (max(high, 0) - min(low, 0))
    assert axes.get_ylabel() == ("loss" if low < 0 else "loss (nats)")
    if low >= 0:
        assert bottom == 0


def test_a_few_extreme_steps_do_not_flatten_the_rest():
    for sign in (1, -1):
        history = {name: sign * np.ones(1_000) for name in plotting.SERIES}
        history["generator_loss"][5] = sign * 1e6
        axes = plotting.compare_curves({"a": history}, ["generator_loss"]).axes[0]
        assert 1 < max(map(abs, axes.get_ylim())) < 2


def reference_lines(history):
    return [
        [line.get_label() for line in axes.lines if line.get_linestyle() == ":"]
        for axes in plotting.losses_and_scores(history).axes
    ]


def test_reference_lines_are_drawn_where_they_belong():
    of_losses, of_scores = ["discriminator, if D = 0.5"], ["cannot tell"]
    assert reference_lines(HISTORY) == [of_losses, of_scores]
    assert reference_lines(critic(-5, 5)) == [[], of_scores]
    assert reference_lines(critic(-5, -1)) == [[], of_scores]
    outputs = HISTORY | {"real_score": np.linspace(-3, 8, 300)}  # a critic's mean outputs
    assert reference_lines(outputs) == [[], []]
    scores = plotting.losses_and_scores(outputs).axes[1]
    assert scores.get_ylim()[1] > 7 and scores.get_ylabel() == "mean score"
    assert reference_lines(critic(0, 3)) == [of_losses, of_scores]


def test_nan_is_a_gap_of_which_the_title_tells():
    diverged = HISTORY | {"generator_loss": [1.0] * 100 + [np.nan] * 200}
    figure = plotting.losses_and_scores(diverged, steps_per_epoch=100)
    drawn(figure)
    title = figure.axes[0].get_title()
    assert title.startswith("Losses") and "generator: NaN from epoch 1.01" in title
    assert "diverged" in title and figure.axes[1].get_title() == "Mean scores"
    line = next(x for x in figure.axes[0].lines if x.get_label() == "generator")
    assert np.isfinite(line.get_ydata()[:98]).all() and np.isnan(line.get_ydata()[100:]).all()
    infinite = HISTORY | {"real_score": [0.5] * 10 + [np.inf, 1e38] + [0.5] * 10}
    figure = plotting.compare_curves({"a": HISTORY, "b": infinite}, ["real_score"])
    assert figure.axes[0].get_title() == "real score\nb: NaN at epoch 11"
    nothing = dict.fromkeys(plotting.SERIES, [np.nan] * 3)
    assert plotting.losses_and_scores(nothing).axes[1].get_title().count("from epoch 1 (") == 2
    drawn(plotting.compare_curves({"a": nothing, "b": HISTORY}))


def test_one_epoch_can_be_seen():
    line = plotting.losses_and_scores({name: [0.5] for name in plotting.SERIES}).axes[0].lines[0]
    assert line.get_marker() == "o"


@pytest.mark.parametrize(
    "history, message",
    [
        ({k: v for k, v in HISTORY.items() if k != "fake_score"}, "nothing recorded of fake_score"),
        (HISTORY | {"real_score": []}, "nothing recorded of real_score"),
        (HISTORY | {"real_score": 0.5}, "real_score is not a list"),
        (HISTORY | {"real_score": np.ones((3, 2))}, "real_score is not a list"),
        (HISTORY | {"real_score": ["a"]}, "no number"),
        (HISTORY | {"real_score": [[1], [1, 2]]}, "no number"),
        (HISTORY | {"real_score": [1j]}, "no number"),
        ({}, "nothing recorded"),
        (None, "expected a dict"),
        ([1, 2], "expected a dict"),
        (keras.callbacks.History(), "nothing recorded|expected a dict"),
    ],
)
def test_a_bad_history_is_refused(history, message):
    with pytest.raises(ValueError, match=f"^history: .*({message})"):
        plotting.losses_and_scores(history)
    with pytest.raises(ValueError, match=f"^history of 'b': .*({message})"):
        plotting.compare_curves({"a": HISTORY, "b": history})


def test_a_history_object_gets_a_hint_and_a_data_frame_is_a_history():
    record = keras.callbacks.History()
    record.history = HISTORY
    with pytest.raises(ValueError, match=r"got History. Give its \.history"):
        plotting.losses_and_scores(record)
    assert len(plotting.losses_and_scores(pd.DataFrame(HISTORY)).axes) == 2


@pytest.mark.parametrize("steps", ["100", 0, -1, True, np.nan, np.inf, [100]])
def test_bad_steps_per_epoch_are_refused(steps):
    for draw in (
        lambda: plotting.losses_and_scores(HISTORY, steps),
        lambda: plotting.compare_curves({"a": HISTORY}, steps_per_epoch=steps),
    ):
        with pytest.raises(ValueError, match="^steps_per_epoch: expected"):
            draw()


def test_compare_curves_has_a_line_a_model_in_each_panel():
    figure = plotting.compare_curves({"a": HISTORY, "b": HISTORY}, ("real_score",))
    assert [text.get_text() for text in figure.legends[0].texts] == ["a", "b"]
    assert [line.get_color() for line in figure.legends[0].get_lines()] == [
        line.get_color() for line in figure.axes[0].lines if line.get_label() in "ab"
    ]
    assert len(plotting.compare_curves({"a": HISTORY}).axes) == 4


def test_compare_curves_draws_every_model_in_a_look_of_its_own():
    short = {name: [0.2, 0.4] for name in plotting.SERIES}
    figure = plotting.compare_curves({str(n): short for n in range(40)}, ["fake_score"])
    lines = [x for x in figure.axes[0].lines if not x.get_label().startswith("_")]
    assert len({(x.get_color(), x.get_linestyle()) for x in lines}) == 40
    with pytest.raises(ValueError, match="histories: expected at most 40, got 41"):
        plotting.compare_curves({str(n): short for n in range(41)})


def test_compare_curves_draws_measures_that_are_no_probabilities():
    figure = plotting.compare_curves(
        {"a": {"frechet_distance": [300, 50], "classifier_score": [1.5, 8.0]}},
        ["frechet_distance", "classifier_score"],
    )
    assert [axes.get_title() for axes in figure.axes] == ["frechet distance", "classifier score"]
    assert figure.axes[1].get_ylim()[1] > 8


@pytest.mark.parametrize(
    "histories, names, message",
    [
        ({}, ["real_score"], "^histories: expected a dict"),
        ([HISTORY], ["real_score"], "^histories: expected a dict"),
        ({"a": HISTORY}, [], "^names: expected at least one"),
        ({"a": HISTORY}, "real_score", "^names: expected a list"),
        ({"a": HISTORY}, 3, "^names: expected a list"),
        ({"a": HISTORY}, None, "^names: expected a list"),
        ({"a": HISTORY}, ["real_score", 3], "nothing recorded of 3"),
    ],
)
def test_bad_curves_are_refused(histories, names, message):
    with pytest.raises(ValueError, match=message):
        plotting.compare_curves(histories, names)


@BOTH
def test_class_grid_names_its_rows(images):
    figure = plotting.class_grid(images, ["shoe", "bag"])
    (picture,), size = drawn(figure), images.shape[1]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["shoe", "bag"]
    np.testing.assert_array_equal(picture[size + 2 : 2 * size + 2, :size], images[5])
    with pytest.raises(ValueError, match="multiple of 3"):
        plotting.class_grid(images, ["a", "b", "c"])


@pytest.mark.parametrize("class_names", [[], "ab", 2, None])
def test_bad_class_names_are_refused(class_names):
    with pytest.raises(ValueError, match="^class_names: expected"):
        plotting.class_grid(IMAGES, class_names)


def test_all_words_can_be_translated(monkeypatch):
    translated = {key: f"«{key}» {{label}}" for key in plotting.WORDS}
    monkeypatch.setattr(plotting, "WORDS", translated)
    diverged = HISTORY | {"real_score": [np.nan, 0.5], "fake_score": [0.5, np.nan]}
    figures = [
        plotting.losses_and_scores(HISTORY),
        plotting.losses_and_scores(critic(-1, 1) | {"real_score": [9.0]}),
        plotting.losses_and_scores(diverged),
        plotting.compare_curves({"«a»": HISTORY}),
        plotting.real_and_generated(IMAGES, IMAGES),
    ]
    words = set()
    for figure in figures:
        drawn(figure)
        for axes in figure.axes:
            words |= set(axes.get_title().splitlines())
            words |= {axes.get_ylabel(), axes.get_xlabel()}
        for legend in [axes.get_legend() for axes in figure.axes] + figure.legends:
            words |= {text.get_text() for text in legend.texts} if legend else set()
    assert words - {""} and all("«" in word for word in words - {""})
    in_figures = set(translated) - {"step"}  # of the captions of callbacks.StepSamples
    assert all(any(f"«{key}»" in word for word in words) for key in in_figures)
    assert plotting.SERIES["real_score"] == ("«real_score» {label}", plotting.REAL_COLOR)


@BOTH
def test_latent_interpolation_has_a_row_a_path(images):
    figure = plotting.latent_interpolation([images[:5], images[5:]], title="from a to b")
    np.testing.assert_array_equal(drawn(figure)[0], plotting.tile_images(images, 5))


@pytest.mark.parametrize(
    "rows, message",
    [
        ([], "at least one"),
        (3, "a list"),
        ([IMAGES[:5], IMAGES[:4]], r"as many images in each, got \[5, 4\]"),
        ([IMAGES, COLOUR], "one size and colour"),
        ([IMAGES, None], "array of numbers"),
        (IMAGES, "expected shape"),
    ],
)
def test_rows_that_do_not_fit_are_refused(rows, message, tmp_path):
    with pytest.raises(ValueError, match=f"^rows.*{message}"):
        plotting.latent_interpolation(rows)
    with pytest.raises(ValueError, match=f"^frames.*{message}"):
        plotting.save_gif(rows, tmp_path / "a.gif")


def test_gif_can_be_read_back(tmp_path):
    frames = [np.full((4, 28, 28), value, np.float32) for value in (0.0, 0.5, 1.0)]
    path = plotting.save_gif(frames, tmp_path / "new" / "a.gif", scale=2, milliseconds=100)
    with Image.open(path) as gif:
        assert gif.n_frames == 3 and gif.size == (116, 116)
        durations = []
        for index in range(3):
            gif.seek(index)
            durations.append(gif.info["duration"])
            grey = np.asarray(gif.convert("L")).astype(int)
            assert abs(grey[0, 0] - 127.5 * index) <= 255 / 15 / 2  # half a level of grey
            assert (grey[56:60] == 255).all()
    assert durations == [100, 100, 2000]


def pictures_of(path):
    with Image.open(path) as gif:
        for index in range(gif.n_frames):
            gif.seek(index)
            yield np.asarray(gif.convert("L")).astype(int)


def test_a_gif_is_four_times_as_large_as_its_images(tmp_path):
    path = plotting.save_gif([IMAGES, 1 - IMAGES], tmp_path / "a.gif", columns=5)
    for picture, images in zip(pictures_of(path), (IMAGES, 1 - IMAGES), strict=True):
        tile = 255 * plotting.tile_images(images, 5)
        assert picture.shape == (4 * 58, 4 * 148)
        assert np.abs(picture - tile.repeat(4, 0).repeat(4, 1)).max() <= 255 / 15 / 2
        assert len(np.unique(picture)) <= 16  # few greys, a small file
    with Image.open(path) as gif:
        assert [gif.info["duration"], gif.seek(1) or gif.info["duration"]] == [400, 2000]


@pytest.mark.parametrize("scale", [1, 4])
def test_captions_are_written_in_a_strip_beneath_the_images(scale, tmp_path):
    frames, given = [IMAGES, IMAGES, IMAGES], ["step 0", "step 25", ""]
    path = plotting.save_gif(frames, tmp_path / "a.gif", 5, scale, captions=given)
    plain = plotting.save_gif([IMAGES], tmp_path / "plain.gif", 5, scale)
    (images,), pictures = pictures_of(plain), list(pictures_of(path))
    strips = [picture[len(images) :] for picture in pictures]
    for picture, strip, caption in zip(pictures, strips, given, strict=True):
        np.testing.assert_array_equal(picture[: len(images)], images)
        rows, columns = np.nonzero(strip < 128)
        assert (len(rows) > 0) == bool(caption)
        if caption:  # in the middle, and legible: letters of two fifths of the strip at least
            assert np.ptp(rows) > 0.35 * len(strip) > 8
            assert abs(columns.min() + columns.max() - strip.shape[1]) < 0.05 * strip.shape[1]
            assert min(rows.min(), len(strip) - 1 - rows.max()) > 0.1 * len(strip)
    assert (strips[0] != strips[1]).any()


def test_captions_have_cyrillic_letters(tmp_path):
    given = ["шшш", "ггг"]  # two rows of boxes, if the font lacks them
    path = plotting.save_gif([IMAGES, IMAGES], tmp_path / "a.gif", 5, captions=given)
    one, other = pictures_of(path)
    assert (one != other).any()


def test_a_long_caption_makes_the_picture_wider(tmp_path):
    path = plotting.save_gif([COLOUR[:1]], tmp_path / "a.gif", 1, 1, captions=["a" * 80])
    (picture,) = pictures_of(path)
    columns = np.nonzero((picture[32:] < 128).any(0))[0]
    assert picture.shape[1] > 400 and 0 < columns.min() < columns.max() < picture.shape[1] - 1
    assert (picture[:32, :100] == 255).all() and (picture[:32] < 255).any()  # in the middle


@pytest.mark.parametrize(
    "captions, message",
    [
        (["one"], "expected 2, one for each frame, got 1"),
        ("ab", "expected a list"),
        (3, "expected a list"),
        ([1, 2], "expected strings of one line, at most 80 characters, got 1"),
        (["a", "b\nc"], "of one line"),
        (["a", "b" * 81], "at most 80"),
    ],
)
def test_bad_captions_are_refused(captions, message, tmp_path):
    with pytest.raises(ValueError, match=f"^captions: .*{message}"):
        plotting.save_gif([IMAGES, IMAGES], tmp_path / "a.gif", captions=captions)
    assert not list(tmp_path.iterdir())


def test_gif_in_colour(tmp_path):
    red, blue = np.zeros((2, 4, 8, 8, 3), np.float32)
    red[..., 0], blue[..., 2] = 1, 1
    path = plotting.save_gif([red, blue], str(tmp_path / "a.gif"), columns=4, scale=1)
    with Image.open(path) as gif:
        assert gif.n_frames == 2 and gif.size == (38, 8)
        for index, color in enumerate([(255, 0, 0), (0, 0, 255)]):
            gif.seek(index)
            pixels = np.asarray(gif.convert("RGB"))
            assert tuple(pixels[3, 3]) == color and tuple(pixels[3, 8]) == (255, 255, 255)


@pytest.mark.parametrize("value", NO_NUMBERS + [10**6])
@pytest.mark.parametrize("name", ["scale", "milliseconds"])
def test_bad_numbers_of_a_gif_are_refused(name, value, tmp_path):
    with pytest.raises(ValueError, match=f"^{name}: expected a whole number"):
        plotting.save_gif([IMAGES], tmp_path / "a.gif", **{name: value})


def test_a_gif_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "a.gif", "", 3, None, "a\0.gif", "a" * 300 + ".gif"):
        with pytest.raises(ValueError, match="^path: .* cannot be written"):
            plotting.save_gif([IMAGES], path)


@pytest.fixture
def notebook_folder(tmp_path, monkeypatch):
    folder = tmp_path / "checkout" / "notebooks"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return folder


def refuse(monkeypatch, *refused):
    """Let nothing be written into some folders: root, who may run the tests, has the right to."""
    make = tempfile.TemporaryFile

    def try_to_make(*args, dir=None, **kwargs):
        if Path(dir).resolve() in refused:
            raise PermissionError(13, "Permission denied", str(dir))
        return make(*args, dir=dir, **kwargs)

    monkeypatch.setattr(tempfile, "TemporaryFile", try_to_make)


def test_pictures_of_a_checkout_go_into_its_images(notebook_folder, monkeypatch, capsys):
    images = notebook_folder.parent / "images"
    images.mkdir()
    (notebook_folder.parent / "gan_helpers").mkdir()
    assert plotting.picture_folder().resolve() == images
    assert plotting.picture_folder() == Path("..", "images")  # no path of a machine
    refuse(monkeypatch, images)
    assert plotting.picture_folder().resolve() == notebook_folder / "images"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("beside", [(), ("images",), ("gan_helpers",)])
def test_pictures_of_a_notebook_alone_go_beside_it(notebook_folder, beside):
    for name in beside:
        (notebook_folder.parent / name).mkdir()
    folder = plotting.picture_folder("")
    assert folder.resolve() == notebook_folder / "images" and folder.is_dir()
    assert list(folder.iterdir()) == []
    assert plotting.picture_folder("") == folder


@pytest.mark.parametrize("trouble", ["no permission", "a file", "folder deleted"])
def test_pictures_go_to_a_temporary_folder_if_nothing_else_is_left(
    trouble, notebook_folder, monkeypatch, capsys, tmp_path
):
    if trouble == "a file":
        (notebook_folder / "images").write_text("")
    elif trouble == "folder deleted":
        notebook_folder.rmdir()
    else:
        refuse(monkeypatch, notebook_folder / "images")
    folder = plotting.picture_folder()
    assert folder.parent == tmp_path and folder.is_dir()
    assert str(folder) in capsys.readouterr().out


@pytest.mark.parametrize("kind", [str, Path])
def test_a_given_folder_is_taken_as_it_is(kind, tmp_path):
    folder = plotting.picture_folder(kind(tmp_path / "new" / "folder"))
    assert folder == tmp_path / "new" / "folder" and folder.is_dir()


def test_a_folder_may_start_at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert plotting.picture_folder("~/pictures") == tmp_path / "pictures"


def test_a_given_folder_that_cannot_be_used_is_refused(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    (tmp_path / "locked").mkdir()
    refuse(monkeypatch, tmp_path / "locked")
    bad = ["file", "file/below", "locked", "a\0b", "a" * 300]
    for folder in [tmp_path / name for name in bad] + ["~nobody_of_this_name/pictures"]:
        with pytest.raises(ValueError, match="^save_dir: .* cannot be written"):
            plotting.picture_folder(folder)
    with pytest.raises(ValueError, match="it is a file"):
        plotting.picture_folder(tmp_path / "file")
    for folder in (None, 3, True, ["images"], b"images"):
        with pytest.raises(ValueError, match="^save_dir: expected a path"):
            plotting.picture_folder(folder)


def test_theme_is_colour_blind_safe():
    plotting.set_theme()
    cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert [tuple(color) for color in cycle[:3]] == [tuple(c) for c in plotting.PALETTE[:3]]


def test_the_theme_asks_a_notebook_for_twice_the_pixels(monkeypatch):
    shell, asked = object(), []
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr("matplotlib_inline.backend_inline.set_matplotlib_formats", asked.append)
    plotting.set_theme()
    assert asked == ["retina"] and plt.rcParams["figure.dpi"] == 90
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    plotting.set_theme()
    monkeypatch.delitem(sys.modules, "IPython")
    plotting.set_theme()
    assert asked == ["retina"]


@pytest.mark.parametrize("themed", [False, True])
def test_no_type_is_small_and_no_figure_wider_than_a_page(themed):
    diverged = HISTORY | {"real_score": [np.nan] * 3}
    several = {f"model {n}": diverged for n in range(6)}
    with plt.rc_context():
        if themed:
            plotting.set_theme()
        figures = [
            plotting.image_grid(IMAGES, list("abcdefghij"), 10, "title"),
            plotting.real_and_generated(IMAGES, IMAGES, title="title"),
            plotting.compare_samples({str(n): IMAGES for n in range(5)}, title="title"),
            plotting.losses_and_scores(diverged, 100, "title"),
            plotting.compare_curves(several, title="title"),
            plotting.class_grid(IMAGES, ["shoe", "bag"], "title"),
            plotting.latent_interpolation([IMAGES], "title"),
        ]
        for figure in figures:
            drawn(figure)
            texts = [text for text in figure.findobj(Text) if text.get_text()]
            assert len(texts) >= 2 or figure is figures[-1]
            assert min(text.get_fontsize() for text in texts) >= 9
            assert figure.get_figwidth() <= 10


def test_nothing_is_left_open_in_pyplot():
    plt.close("all")
    assert isinstance(plotting.image_grid(IMAGES), Figure)
    plotting.losses_and_scores(HISTORY)
    assert plt.get_fignums() == []


def test_a_player_steps_without_a_network_and_is_smaller():
    figure, axes = plt.subplots(figsize=(2, 2), dpi=100)
    animation = FuncAnimation(figure, lambda step: axes.plot([0, step]), frames=3)
    usual, ours = animation.to_jshtml(default_mode="once"), plotting.player(animation)
    plt.close(figure)
    frames = re.findall(r'base64,([^"]+)"', ours)
    pictures = [Image.open(io.BytesIO(base64.b64decode(frame))) for frame in frames]
    assert [picture.size for picture in pictures] == [(200, 200)] * 3
    assert pictures[0].convert("RGB").tobytes() != pictures[2].convert("RGB").tobytes()
    assert all(picture.mode == "P" for picture in pictures) and len(ours) < len(usual)
    assert "http" in usual and "http" not in ours and "fa fa-" not in ours
    assert all(sign in ours for sign in "−⇤←◀▶→⇥+")
    words.speak("ru")
    russian = plotting.player(animation)
    words.speak("en")
    plt.close(figure)
    assert 'title="Play backwards"' in ours and ">Loop<" in ours
    assert not re.findall(r'title="[A-Z][^"]*"|>(?:Once|Loop|Reflect)<', russian)
    with pytest.raises(ValueError, match="animation: expected"):
        plotting.player(figure)
