"""Drawings that explain: a matplotlib ``Figure`` out, and no data in."""

from itertools import pairwise

from gan_helpers import words
from gan_helpers.plotting import DISCRIMINATOR_COLOR, GENERATOR_COLOR
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath
import numpy as np

WIDTH, HEIGHT = 10, 3.8  # inches, in which all places below are given
DARK, RED = "#404040", "#d0021b"
SMALL, MEDIUM, LARGE = 10, 11.5, 20  # points of type,
THIN, BOLD = 1.6, 2.6  # and of lines

# Every word of the drawings, in English: ``words.speak`` chooses the language.
WORDS = words.Table(
    {
        "latents": "latents",
        "labels": "labels",
        "generator": "generator",
        "fake_images": "generated\nimages",
        "real_images": "real\nimages",
        "discriminator": "discriminator",
        "generator_loss": "generator’s\nloss",
        "discriminator_loss": "discriminator’s\nloss",
        "low_if": "low if",
        "changes": "changes {network}",
        "unchanged": "D unchanged",
        "forward": "forward",
        "generator_gradient": "gradient of the generator’s loss",
        "discriminator_gradient": "gradient of the discriminator’s loss",
        "normalise": "batch normalisation\nReLU",
        "convolve": "3×3 convolution",
        "starts_at_zero": "starts at 0",
        "way_around": "the path around: x as it is",
    }
)

# The boxes of the game: left, bottom, right and top.
_BOXES = {
    "latents": (0.3, 2.1, 1.3, 2.9),
    "generator": (1.75, 1.9, 3.05, 3.6),
    "fake_images": (3.5, 2.0, 4.6, 3.0),
    "real_images": (3.5, 0.45, 4.6, 1.45),
    "discriminator": (5.05, 0.2, 6.45, 3.6),
    "fake_score": (6.85, 2.25, 7.95, 2.75),
    "real_score": (6.85, 0.7, 7.95, 1.2),
    "generator_loss": (8.35, 2.1, 9.8, 3.6),
    "discriminator_loss": (8.35, 0.2, 9.8, 1.85),
    "labels": (1.75, 1.0, 3.05, 1.5),
}
_FAKE, _REAL = 2.5, 0.95  # heights of the two forward ways,
_GENERATOR_GRADIENT, _DISCRIMINATOR_GRADIENT = 3.3, 0.4  # and of the two ways back

# Where a red cross can mark a bug: on a corner of a box, or on the arrow of a gradient.
_CROSSES = {
    "latents": (1.3, 2.9),
    "generator": (1.75, 3.6),
    "fake_images": (4.6, 3.0),
    "real_images": (4.6, 1.45),
    "discriminator": (5.05, 0.2),
    "generator_loss": (9.8, 3.6),
    "discriminator_loss": (9.8, 1.85),
    "generator_gradient": (7.4, _GENERATOR_GRADIENT),
    "discriminator_gradient": (8.05, _DISCRIMINATOR_GRADIENT),
}
PLACES = tuple(_CROSSES)  # for ``game(crosses=...)``


def game(labels=False, crosses=()):
    """The game of a GAN: two networks, two losses, and which network each loss changes.

    Args:
        labels: draw the conditional game, where the labels y enter both networks.
        crosses: list of the places at which a red cross marks a bug, from ``PLACES``: latents,
            generator, fake_images, real_images, discriminator, generator_loss,
            discriminator_loss, generator_gradient and discriminator_gradient.

    Returns:
        ``Figure``, 10 inches wide and 3.8 high.

    Raises:
        ValueError: ``crosses`` is no list of names from ``PLACES``.
    """
    crosses = _check_crosses(crosses)
    figure = Figure(figsize=(WIDTH, HEIGHT))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, HEIGHT))
    axes.set_axis_off()
    if labels:
        _draw_boxes(axes, "G(z, y)", "D(G(z, y), y)", "D(x, y)")
        _draw_labels(axes)
    else:
        _draw_boxes(axes, "G(z)", "D(G(z))", "D(x)")
    _draw_forward(axes)
    _draw_gradients(axes)
    _draw_legend(axes)
    for place in crosses:
        x, y = _CROSSES[place]
        for color, width in (("white", 9), (RED, 4.5)):
            axes.plot(x, y, "x", color=color, markersize=17, markeredgewidth=width, zorder=9)
    return figure


def residual_block():
    """A residual block: two convolutions, and the path around them.

    Returns:
        ``Figure``, 10 inches wide and 2.3 high.
    """
    height, middle, above = 2.3, 0.75, 1.75
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, height))
    axes.set_axis_off()
    axes.text(0.35, middle, "x", fontsize=LARGE, ha="center", va="center", color=DARK)
    place = 1.2
    for number, color in enumerate((GENERATOR_COLOR, GENERATOR_COLOR)):
        convolution = [(WORDS["convolve"], MEDIUM)]
        convolution += [(WORDS["starts_at_zero"], SMALL)] * number
        boxes = (
            ([(WORDS["normalise"], SMALL)], "#b0b0b0", "#f4f4f4"),
            (
                convolution,
                color,
                _mix(color, "white", 0.78),
            ),
        )
        for lines, edge, face in boxes:
            _box(axes, (place, middle - 0.45, place + 1.55, middle + 0.45), lines, edge, face)
            _arrow(axes, (place - 0.35, middle), (place, middle))
            place += 1.9
    plus = place + 0.05
    _arrow(axes, (place - 0.35, middle), (plus - 0.2, middle))
    axes.plot((0.55, 0.85), (middle, middle), color=DARK, linewidth=THIN)
    color = DISCRIMINATOR_COLOR
    way = (0.7, middle), (0.7, above), (plus, above), (plus, middle + 0.2)
    _arrow(axes, *way, color=color, width=BOLD)
    _note(axes, (0.7 + plus) / 2, above + 0.2, WORDS["way_around"], color)
    axes.plot(plus, middle, "o", color="white", markeredgecolor=DARK, markersize=24)
    axes.text(plus, middle, "+", fontsize=LARGE, ha="center", va="center", color=DARK)
    _arrow(axes, (plus + 0.2, middle), (plus + 0.6, middle))
    axes.text(plus + 0.62, middle, "y", fontsize=LARGE, ha="left", va="center", color=DARK)
    return figure


def _check_crosses(crosses):
    if isinstance(crosses, str) or not np.iterable(crosses):
        raise ValueError(f"crosses: expected a list of places, got {crosses!r}. {_places()}")
    crosses = list(crosses)
    for place in crosses:
        if not isinstance(place, str) or place not in PLACES:
            raise ValueError(f"crosses: there is no place {place!r}. {_places()}")
    return crosses


def _places():
    return f"The places are {', '.join(PLACES)}."


def _mix(color, other, share):
    """The colour, with this share of the other one in it."""
    return tuple((1 - share) * np.array(to_rgb(color)) + share * np.array(to_rgb(other)))


def _draw_boxes(axes, fake, fake_score, real_score):
    for name, symbol in (("latents", "z"), ("fake_images", fake), ("real_images", "x")):
        _box(axes, _BOXES[name], [(WORDS[name], SMALL), (symbol, MEDIUM)])
    _box(axes, _BOXES["fake_score"], [(fake_score, SMALL)])
    _box(axes, _BOXES["real_score"], [(real_score, SMALL)])
    low = WORDS["low_if"]
    goals = f"{low}\n{fake_score} → 1", f"{low}\n{real_score} → 1\n{fake_score} → 0"
    colors = GENERATOR_COLOR, DISCRIMINATOR_COLOR
    for network, goal, color in zip(("generator", "discriminator"), goals, colors, strict=True):
        name = [(WORDS[network], MEDIUM), (network[0].upper(), LARGE)]
        _box(axes, _BOXES[network], name, color, _mix(color, "white", 0.78))
        loss = f"{network}_loss"
        _box(axes, _BOXES[loss], [(WORDS[loss], MEDIUM), (goal, SMALL)], color, "white")


def _box(axes, place, lines, edge="#b0b0b0", face="#f4f4f4"):
    """A box with lines ``(text, points)`` in its middle, one beneath the other."""
    left, bottom, right, top = place
    pad = 0.08
    axes.add_patch(
        FancyBboxPatch(
            (left + pad, bottom + pad),
            right - left - 2 * pad,
            top - bottom - 2 * pad,
            boxstyle=f"round,pad={pad}",
            facecolor=face,
            edgecolor=edge,
            linewidth=THIN,
        )
    )
    lines = [(text, _fitting(text, points, right - left - 2 * pad)) for text, points in lines]
    heights = [points * 1.25 / 72 * (text.count("\n") + 1) for text, points in lines]
    gap = 0.05
    y = (bottom + top + sum(heights) + gap * (len(lines) - 1)) / 2
    for (text, points), height in zip(lines, heights, strict=True):
        axes.text(
            *((left + right) / 2, y - height / 2, text),
            **{"fontsize": points, "color": DARK, "linespacing": 1.15},
            **{"ha": "center", "va": "center", "weight": "bold" if points == LARGE else "normal"},
        )
        y -= height + gap


def _fitting(text, points, width):
    """The size of type in points, smaller where a line would be wider than so many inches."""
    widest = max(TextPath((0, 0), line, points).get_extents().width for line in text.split("\n"))
    return points * min(1, 72 * width / widest)


def _arrow(axes, *points, color=DARK, width=THIN):
    """An arrow along straight lines, from the first point to the last."""
    axes.add_patch(
        FancyArrowPatch(
            path=Path(points),
            arrowstyle="-|>,head_length=0.45,head_width=0.22",
            mutation_scale=16,
            color=color,
            linewidth=width,
            joinstyle="miter",
            capstyle="butt",
        )
    )


def _draw_forward(axes):
    for y, way in (
        (_FAKE, ("latents", "generator", "fake_images", "discriminator", "fake_score")),
        (_FAKE, ("fake_score", "generator_loss")),
        (_REAL, ("real_images", "discriminator", "real_score", "discriminator_loss")),
    ):
        for start, end in pairwise(way):
            _arrow(axes, (_BOXES[start][2], y), (_BOXES[end][0], y))
    left, _, right, _ = _BOXES["fake_score"]
    x, y = (left + right) / 2, 1.55
    _arrow(axes, (x, _BOXES["fake_score"][1]), (x, y), (_BOXES["discriminator_loss"][0], y))


def _draw_labels(axes):
    """The labels, and their ways into both networks."""
    _box(axes, _BOXES["labels"], [(f"{WORDS['labels']}  y", SMALL)])
    left, _, right, top = _BOXES["labels"]
    x, y = (left + right) / 2, 1.7
    _arrow(axes, (x, top), (x, _BOXES["generator"][1]))
    axes.plot(x, y, "o", color=DARK, markersize=5)
    _arrow(axes, (x, y), (_BOXES["discriminator"][0], y))


def _draw_gradients(axes):
    left, _, right, _ = _BOXES["discriminator"]
    color, y = GENERATOR_COLOR, _GENERATOR_GRADIENT
    start, end = _BOXES["generator_loss"][0], _BOXES["generator"][2]
    axes.plot((start, right), (y, y), color=color, linewidth=BOLD, solid_capstyle="butt")
    axes.plot((right, left), (y, y), "--", color=color, linewidth=BOLD)
    _arrow(axes, (left, y), (end, y), color=color, width=BOLD)
    _note(axes, (left + end) / 2, y + 0.17, WORDS["changes"].format(network="G"), color)
    _note(axes, (left + right) / 2, y - 0.2, WORDS["unchanged"], color)

    color, y = DISCRIMINATOR_COLOR, _DISCRIMINATOR_GRADIENT
    start = _BOXES["discriminator_loss"][0]
    _arrow(axes, (start, y), (right, y), color=color, width=BOLD)
    _note(axes, (start + right) / 2, y - 0.18, WORDS["changes"].format(network="D"), color)


def _note(axes, x, y, words, color, ha="center"):
    axes.text(x, y, words, fontsize=SMALL, color=_mix(color, "black", 0.3), ha=ha, va="center")


def _draw_legend(axes):
    right = (0.3, 0.65)
    for y, name, color, width, (start, end) in (
        (0.75, "forward", DARK, THIN, right),
        (0.5, "generator_gradient", GENERATOR_COLOR, BOLD, right[::-1]),
        (0.25, "discriminator_gradient", DISCRIMINATOR_COLOR, BOLD, right[::-1]),
    ):
        _arrow(axes, (start, y), (end, y), color=color, width=width)
        _note(axes, 0.75, y, WORDS[name], color, ha="left")
