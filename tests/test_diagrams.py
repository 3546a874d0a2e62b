"""The drawings: every word in its place, none over another, crosses where they were asked for."""

from itertools import combinations

from gan_helpers import diagrams
from gan_helpers.plotting import DISCRIMINATOR_COLOR, GENERATOR_COLOR
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path
import numpy as np
import pytest

BOTH = pytest.mark.parametrize("labels", [False, True])


def pixels(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(int)


def texts(figure):
    return [text for text in figure.axes[0].texts if text.get_text()]


def words(figure):
    return {text.get_text() for text in texts(figure)}


def test_the_residual_block_has_its_two_convolutions_and_the_path_around():
    figure = diagrams.residual_block()
    assert isinstance(figure, Figure) and tuple(figure.get_size_inches()) == (10, 2.3)
    found = [text.get_text() for text in texts(figure)]
    assert found.count("3×3 convolution") == 2 and found.count("starts at 0") == 1
    assert found.count("batch normalisation\nReLU") == 2
    assert {"x", "y", "+", "the path around: x as it is"} < set(found)
    pixels(figure)
    places = [text.get_window_extent() for text in texts(figure)]
    assert not any(one.overlaps(other) for one, other in combinations(places, 2))
    ways = [x for x in figure.axes[0].patches if isinstance(x, FancyArrowPatch)]
    assert to_hex(DISCRIMINATOR_COLOR) in {to_hex(way.get_edgecolor()) for way in ways}


@BOTH
def test_the_game_has_all_its_parts(labels):
    figure = diagrams.game(labels)
    assert isinstance(figure, Figure) and tuple(figure.get_size_inches()) == (10, 3.8)
    fake, real = ("D(G(z, y), y)", "D(x, y)") if labels else ("D(G(z))", "D(x)")
    assert {"z", "G", "D", "x", "G(z, y)" if labels else "G(z)", fake, real} < words(figure)
    assert {f"low if\n{fake} → 1", f"low if\n{real} → 1\n{fake} → 0"} < words(figure)
    assert {"changes G", "D unchanged", "changes D"} < words(figure)
    assert ("labels  y" in words(figure)) == labels


@BOTH
def test_no_word_is_small_or_lies_over_another_or_over_an_arrow(labels):
    figure = diagrams.game(labels)
    pixels(figure)
    boxes = [text.get_window_extent() for text in texts(figure)]
    assert min(text.get_fontsize() for text in texts(figure)) >= 9
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    for box in boxes:
        assert box.x0 > 0 and box.y0 > 0 and box.x1 < figure.bbox.x1 and box.y1 < figure.bbox.y1
    arrows = [one for one in figure.axes[0].patches if isinstance(one, FancyArrowPatch)]
    for one in [*arrows, *figure.axes[0].lines]:
        path = one.get_transform().transform_path(one.get_path())
        way = Path([corner for corner, code in path.iter_segments() if code != Path.CLOSEPOLY])
        assert not any(way.intersects_bbox(box, filled=False) for box in boxes)


def arrows_of(figure, color):
    """Where the arrows of this colour begin and end, in inches."""
    return {
        tuple(map(tuple, np.round(arrow._path_original.vertices[[0, -1]], 2)))
        for arrow in figure.axes[0].patches
        if isinstance(arrow, FancyArrowPatch) and to_hex(arrow.get_edgecolor()) == to_hex(color)
    }


def inside(point, box):
    left, bottom, right, top = diagrams._BOXES[box]
    return left <= point[0] <= right and bottom <= point[1] <= top


def test_each_gradient_ends_at_its_own_network_only():
    for color, network in ((GENERATOR_COLOR, "generator"), (DISCRIMINATOR_COLOR, "discriminator")):
        ends = [end for start, end in arrows_of(diagrams.game(), color) if start[0] > 1]
        assert len(ends) == 1 and inside(ends[0], network)  # the other arrow is the legend's


def test_both_scores_enter_the_discriminators_loss_and_one_the_generators():
    ends = [end for _, end in arrows_of(diagrams.game(), diagrams.DARK)]
    assert sum(inside(end, "discriminator_loss") for end in ends) == 2
    assert sum(inside(end, "generator_loss") for end in ends) == 1


def test_labels_enter_both_networks():
    ends = [
        [end for _, end in arrows_of(diagrams.game(labels), diagrams.DARK)]
        for labels in (False, True)
    ]
    for network in ("generator", "discriminator"):
        plain, conditional = (sum(inside(end, network) for end in some) for some in ends)
        assert conditional == plain + 1


@BOTH
@pytest.mark.parametrize("place", diagrams.PLACES)
def test_a_cross_is_red_where_it_was_asked_for_and_hides_no_word(place, labels):
    plain, crossed = diagrams.game(labels), diagrams.game(labels, [place])
    before, after = pixels(plain), pixels(crossed)
    rows, columns = np.nonzero((before != after).any(-1))
    height, dpi = len(before), crossed.dpi
    x, y = np.median(columns) / dpi, (height - np.median(rows)) / dpi
    assert (x, y) == pytest.approx(diagrams._CROSSES[place], abs=0.05)
    red, green, blue = after[int(np.median(rows)), int(np.median(columns))]
    assert red > 180 and green < 60 and blue < 80
    for text in texts(crossed):
        box = text.get_window_extent()
        inside = (columns > box.x0) & (columns < box.x1)
        inside &= (height - rows > box.y0) & (height - rows < box.y1)
        assert not inside.any(), text.get_text()
    assert columns.max() < before.shape[1] - 1 and rows.min() > 0  # whole


def test_several_crosses_and_none():
    assert len(diagrams.PLACES) == 9
    red = [
        (np.abs(pixels(diagrams.game(crosses=crosses)) - (208, 2, 27)).max(-1) < 9).sum()
        for crosses in ((), ("latents",), ["latents", "generator_loss"], diagrams.PLACES)
    ]
    assert red[0] == 0 < red[1] and red[2:] == pytest.approx([2 * red[1], 9 * red[1]], rel=0.1)


@pytest.mark.parametrize("crosses", ["latents", None, 3, ["nowhere"], [None], ["latents", "x"]])
def test_an_unknown_place_is_refused_with_the_known_ones(crosses):
    with pytest.raises(ValueError, match="^crosses: .* The places are latents, generator, fake_im"):
        diagrams.game(crosses=crosses)


def test_all_words_can_be_translated(monkeypatch):
    monkeypatch.setattr(diagrams, "WORDS", {key: f"«{key}»" for key in diagrams.WORDS})
    drawn = " ".join(words(diagrams.game(labels=True)) | words(diagrams.residual_block()))
    assert all(f"«{key}»" in drawn for key in diagrams.WORDS)
