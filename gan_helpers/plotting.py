"""Pictures of images, losses and scores: arrays and histories in, a matplotlib ``Figure`` out.

Images are grey ``(n, height, width)`` or colour ``(n, height, width, 3)``, with values in [0, 1] or
``uint8``. No function calls ``plt.show``: in a notebook the returned figure is shown when it is a
cell's last value. Every function raises ``ValueError``, which names the argument, for what is not
as its docstring describes.
"""

from collections import UserDict
from itertools import product
import math
import sys

from gan_helpers import _figure_input as checked
from gan_helpers import _gif, _moved, words
from gan_helpers._folders import picture_folder  # noqa: F401
from gan_helpers.data import check_count
from matplotlib.animation import Animation
from matplotlib.figure import Figure
import numpy as np
import seaborn as sns

PALETTE = sns.color_palette("colorblind")
GENERATOR_COLOR, DISCRIMINATOR_COLOR = PALETTE[1], PALETTE[0]
REAL_COLOR, FAKE_COLOR = PALETTE[2], PALETTE[3]
LINE_STYLES = ("-", "--", ":", "-.")
GAP = 2  # white pixels between the images of a tile
MOST_IMAGES = 400  # in a grid, where each image has axes of its own
WIDTH = 10  # inches, of the widest figures
DPI = 90  # pixels an inch at the size shown
SMALL, LARGE = 10, 12  # points of type: of names and legends, and of titles

# Every word that the figures bring with them, in English: ``words.speak`` chooses the language.
WORDS = words.Table(
    {
        "real": "real",
        "generated": "generated",
        "generator_loss": "generator",
        "discriminator_loss": "discriminator",
        "real_score": "D(x), real images",
        "fake_score": "D(G(z)), generated images",
        "generator_loss_title": "generator loss",
        "discriminator_loss_title": "discriminator loss",
        "real_score_title": "real score",
        "fake_score_title": "fake score",
        "loss_panel": "Losses",
        "score_panel": "Mean scores",
        "loss": "loss",
        "cross_entropy": "loss (nats)",
        "score": "mean score",
        "probability": "probability of “real”",
        "undecided_loss": "discriminator, if D = 0.5",
        "undecided_score": "cannot tell",
        "epoch": "epoch",
        "step": "step {step:,}",
        "gap": "{label}: NaN at epoch {epoch:.3g}",
        "diverged": "{label}: NaN from epoch {epoch:.3g} (diverged)",
    }
)


class _Series(UserDict):
    """From each loss and score to its label, in the language that is spoken, and its colour."""

    def __getitem__(self, name):
        return WORDS[name], self.data[name]


SERIES = _Series(
    generator_loss=GENERATOR_COLOR,
    discriminator_loss=DISCRIMINATOR_COLOR,
    real_score=REAL_COLOR,
    fake_score=FAKE_COLOR,
)


def set_theme():
    """One look for all figures of the series: seaborn's whitegrid, colour-blind-safe colours.

    In a notebook, figures are stored with twice the pixels of the size at which they are shown.
    """
    sns.set_theme(style="whitegrid", palette="colorblind", rc={"figure.dpi": DPI})
    ipython = sys.modules.get("IPython")
    if ipython and ipython.get_ipython():
        from matplotlib_inline.backend_inline import set_matplotlib_formats

        set_matplotlib_formats("retina")


def tile_images(images, columns=None):
    """Join images into one, row by row, with a white gap of 2 pixels.

    Args:
        images: ``(n, height, width)`` or ``(n, height, width, 3)``.
        columns: images in a row, 1 to 1,000; the default makes the result about square.

    Returns:
        ``float32`` array ``(rows (height + 2) - 2, columns (width + 2) - 2)`` in [0, 1], with a
        last axis of 3 for images in colour.
    """
    images = checked.unit_images(images)
    columns = math.ceil(len(images) ** 0.5) if columns is None else columns
    columns = check_count("columns", columns, most=1_000)
    rows = -(-len(images) // columns)
    count, height, width, *channels = images.shape
    padded = np.ones((rows * columns, height + GAP, width + GAP, *channels), np.float32)
    padded[:count, :height, :width] = images
    tiled = padded.reshape(rows, columns, height + GAP, width + GAP, *channels).swapaxes(1, 2)
    tiled = tiled.reshape(rows * (height + GAP), columns * (width + GAP), *channels)
    return tiled[:-GAP, :-GAP]


def _show(axes, image, title=None, size=SMALL):
    grey = {"cmap": "gray", "vmin": 0, "vmax": 1} if image.ndim == 2 else {}
    axes.imshow(image, interpolation="nearest", **grey)
    axes.set_axis_off()
    if title is not None:
        axes.set_title(title, fontsize=size, color="black")


def image_grid(images, names=None, columns=8, title=None):
    """A grid of images, each with its name above it where names are given.

    Args:
        images: ``(n, height, width)`` or ``(n, height, width, 3)``, at most 400.
        names: ``n`` strings, or ``None``.
        columns: images in a row.
        title: of the figure.
    """
    images = checked.unit_images(images)
    if len(images) > MOST_IMAGES:
        raise ValueError(f"images: at most {MOST_IMAGES}, got {len(images):,}. Try images[:64].")
    names = [None] * len(images) if names is None else checked.listed("names", names, len(images))
    columns = min(check_count("columns", columns), len(images))
    rows = -(-len(images) // columns)
    height = rows * (0.95 if names[0] is None else 1.15) + (0.4 if title else 0)
    figure = Figure(figsize=(columns, height), layout="constrained")
    for index, axes in enumerate(np.ravel(figure.subplots(rows, columns, squeeze=False))):
        axes.set_axis_off()
        if index < len(images):
            _show(axes, images[index], names[index])
    figure.suptitle(title, fontsize=LARGE)
    return figure


def real_and_generated(real_images, generated_images, columns=8, title=None):
    """Real images on the left, generated ones on the right, as ``compare_samples`` shows them."""
    samples = {WORDS["real"]: real_images, WORDS["generated"]: generated_images}
    return compare_samples(samples, columns, title)


def compare_samples(samples, columns=8, title=None):
    """Samples of several models side by side, one panel a model.

    Args:
        samples: dict from a model's name to its images ``(n, height, width)`` or
            ``(n, height, width, 3)``, all of one size and colour.
        columns: images in a row of each panel.
        title: of the figure.
    """
    samples = checked.images_alike("samples", checked.named("samples", samples))
    panels = {name: tile_images(images, columns) for name, images in samples.items()}
    height, width = next(iter(panels.values())).shape[:2]
    most = max(int(WIDTH * DPI / width), 1)  # else a pixel of an image gets less than one shown
    down = -(-len(panels) // min(most, 5))
    across = -(-len(panels) // down)
    panel_width = min(WIDTH / across, 4)
    figure = Figure(
        figsize=(across * panel_width, down * (panel_width * height / width + 0.35) + 0.35),
        layout="constrained",
    )
    for axes in np.ravel(figure.subplots(down, across, squeeze=False)):
        axes.set_axis_off()
    for axes, (name, panel) in zip(figure.axes, panels.items(), strict=False):
        _show(axes, panel, name, size=LARGE)
    figure.suptitle(title, fontsize=LARGE)
    return figure


def _within(curves, low, high):
    return not any(((values < low) | (values > high)).any() for values in curves)


def _draw_curve(axes, values, steps_per_epoch, label, color, style="-"):
    """Draw the values and their running mean; return a remark if there is a gap."""
    steps = np.arange(1, len(values) + 1) / steps_per_epoch
    window = max(len(values) // 100, 1)
    if window > 1:
        axes.plot(steps, values, color=color, alpha=0.15, linewidth=0.5)
    smooth = np.convolve(values, np.ones(window) / window, mode="valid")
    marker = "o" if len(smooth) == 1 else None  # a line through one point cannot be seen
    axes.plot(steps[window - 1 :], smooth, style, color=color, label=label, marker=marker)
    gaps = np.flatnonzero(np.isnan(values))
    if not len(gaps):
        return []
    to_the_end = np.isnan(values[gaps[0] :]).all()
    return [WORDS["diverged" if to_the_end else "gap"].format(label=label, epoch=steps[gaps[0]])]


def _draw_panel(axes, kind, curves, looks, steps_per_epoch, title, reference=None):
    """Draw curves of one kind, each in its look ``(label, color[, style])``, and label the axes."""
    remarks = []
    for values, look in zip(curves, looks, strict=True):
        remarks += _draw_curve(axes, values, steps_per_epoch, *look)
    if reference is not None:
        axes.axhline(reference, color="gray", linestyle=":", label=WORDS[f"undecided_{kind}"])
    if kind == "loss":
        _limit_losses(axes, curves)
        axes.set_ylabel(WORDS["cross_entropy" if _within(curves, 0, np.inf) else "loss"])
    elif kind == "score" and _within(curves, 0, 1):
        axes.set(ylabel=WORDS["probability"], ylim=(0, 1))
    elif kind == "score":
        axes.set_ylabel(WORDS["score"])
    axes.set_title("\n".join([title, *remarks]), fontsize=SMALL if remarks else LARGE)
    axes.set_xlabel(WORDS["epoch"])


def _limit_losses(axes, curves):
    """Keep a few extreme steps from flattening the rest of the curves; zero stays in view."""
    ends = [0.0]
    for values in curves:
        if not np.isnan(values).all():
            ends.extend(np.nanpercentile(values, (0.5, 99.5)))
    low, high = min(ends), max(ends)
    margin = 0.1 * (high - low)
    if margin:
        axes.set_ylim(low - margin if low else 0, high + margin)


def losses_and_scores(history, steps_per_epoch=None, title=None):
    """Losses on the left, scores on the right; a thin line for each step, a thick running mean.

    The dotted lines of a discriminator that cannot tell belong to the log-loss game: they are drawn
    where all scores are probabilities, that of the losses only if none is below zero, as a critic's
    are sooner or later. NaN and infinite values are gaps, of which the title tells.

    Args:
        history: dict with ``generator_loss``, ``discriminator_loss``, ``real_score`` and
            ``fake_score``, as in ``History.history`` (by epoch) or ``StepLog.history`` (by step).
        steps_per_epoch: for a history by step, to label the axis in epochs; else ``None``.
        title: of the figure.
    """
    steps_per_epoch = checked.steps_an_epoch(steps_per_epoch)
    curves, looks = [checked.curve(history, name) for name in SERIES], list(SERIES.values())
    losses, scores = curves[:2], curves[2:]
    half = 0.5 if _within(scores, 0, 1) else None
    log_4 = np.log(4) if half and _within(losses, 0, np.inf) else None
    figure = Figure(figsize=(WIDTH, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_panel(left, "loss", losses, looks[:2], steps_per_epoch, WORDS["loss_panel"], log_4)
    _draw_panel(right, "score", scores, looks[2:], steps_per_epoch, WORDS["score_panel"], half)
    for axes in (left, right):
        axes.legend(fontsize=SMALL)
    figure.suptitle(title, fontsize=LARGE)
    return figure


def compare_curves(histories, names=tuple(SERIES), steps_per_epoch=None, title=None):
    """The same curves of several models in one panel for each name, with gaps where NaN is.

    Args:
        histories: dict from a model's name to its history, at most 40: after ten models the
            colours come again, in another line style.
        names: list of what to draw, from the keys of the histories.
        steps_per_epoch: for histories by step, to label the axis in epochs; else ``None``.
        title: of the figure.
    """
    steps_per_epoch, names = checked.steps_an_epoch(steps_per_epoch), checked.listed("names", names)
    checked.named("histories", histories)
    styles = list(product(LINE_STYLES, PALETTE))
    if len(histories) > len(styles):
        raise ValueError(f"histories: expected at most {len(styles)}, got {len(histories)}.")
    looks = [(name, color, style) for name, (style, color) in zip(histories, styles, strict=False)]
    across = min(len(names), 2)
    down = -(-len(names) // across)
    columns = min(2 * across, len(looks))
    height = 2.7 * down + 0.3 * -(-len(looks) // columns)
    figure = Figure(figsize=(5 * across, height), layout="constrained")
    panels = np.ravel(figure.subplots(down, across, squeeze=False))
    for axes, name in zip(panels, map(str, names), strict=False):
        curves = [checked.curve(x, name, f"history of {model!r}") for model, x in histories.items()]
        heading = WORDS.get(f"{name}_title", name.replace("_", " "))
        _draw_panel(axes, name.split("_")[-1], curves, looks, steps_per_epoch, heading)
    for axes in panels[len(names) :]:
        axes.set_axis_off()
    lines, labels = panels[0].get_legend_handles_labels()
    figure.legend(lines, labels, loc="outside lower center", ncols=columns, fontsize=SMALL)
    figure.suptitle(title, fontsize=LARGE)
    return figure


def class_grid(images, class_names, title=None):
    """One row a class, the same latents in a column.

    Args:
        images: ``(len(class_names) * columns, height, width)`` or ``(..., height, width, 3)``,
            class by class.
        class_names: list of strings, one for each row.
        title: of the figure.
    """
    images, class_names = checked.unit_images(images), checked.listed("class_names", class_names)
    rows = len(class_names)
    if len(images) % rows:
        raise ValueError(
            f"images: expected a multiple of {rows}, the number of classes, got {len(images)}."
        )
    columns = len(images) // rows
    figure = Figure(figsize=(0.75 * columns + 1, 0.75 * rows + 0.4), layout="constrained")
    axes = figure.subplots()
    _show(axes, tile_images(images, columns))
    axes.set_axis_on()
    step = images.shape[1] + GAP
    axes.set_yticks(np.arange(rows) * step + step / 2 - GAP / 2, class_names)
    axes.set_xticks([])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(title, fontsize=LARGE)
    return figure


def latent_interpolation(rows, title=None):
    """Rows of images, each the way from one latent to another.

    Args:
        rows: list of arrays ``(steps, height, width)`` or ``(steps, height, width, 3)``, as
            generated from ``sampling.interpolate_latents``, all of one shape.
        title: of the figure.
    """
    rows = checked.stack("rows", rows)
    tiled = tile_images(np.concatenate(rows), len(rows[0]))
    height, width = tiled.shape[:2]
    figure = Figure(figsize=(WIDTH, WIDTH * height / width + 0.4), layout="constrained")
    _show(figure.subplots(), tiled, title, size=LARGE)
    return figure


def save_gif(frames, path, columns=None, scale=4, milliseconds=400, captions=None):
    """Write frames as an animated GIF that stays on its last frame for two seconds.

    Args:
        frames: list of arrays ``(n, height, width)`` or ``(n, height, width, 3)``, all of one
            shape, such as ``StepSamples.frames``.
        path: of the file to write; its folder is made if it is not there.
        columns: images in a row.
        scale: whole number from 1 to 20 by which pixels are enlarged.
        milliseconds: how long each frame stays, 1 to 60,000.
        captions: list of one short string for each frame, written beneath it, such as
            ``StepSamples.captions``; or ``None``.

    Returns:
        The path, as ``Path``.
    """
    frames = checked.stack("frames", frames)
    scale = check_count("scale", scale, most=20)
    milliseconds = check_count("milliseconds", milliseconds, most=60_000)
    tiles = [tile_images(frame, columns) for frame in frames]
    captions = [] if captions is None else checked.captions(captions, len(frames))
    return _gif.write(path, tiles, scale, milliseconds, captions)


def player(animation):
    """An animation as HTML that can be stopped and stepped through, without a network.

    Its frames have 64 colours, which is enough for a drawing and takes a fourth of the bytes.

    Args:
        animation: a ``matplotlib.animation.FuncAnimation``.

    Returns:
        HTML, ``str``: show it with ``IPython.display.HTML``.
    """
    if not isinstance(animation, Animation):
        raise ValueError(f"animation: expected one of matplotlib's, got {animation!r}.")
    return _gif.lighter(animation.to_jshtml(default_mode="once"))


def __getattr__(name):
    return _moved.find("plotting", name)
