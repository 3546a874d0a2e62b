"""Pictures of images, losses and scores: arrays and histories in, a matplotlib ``Figure`` out.

Images are ``(n, 28, 28)`` with values in [0, 1], or ``uint8``. No function calls ``plt.show``: in
a notebook the returned figure is shown when it is a cell's last value.
"""

from pathlib import Path

from matplotlib.figure import Figure
import numpy as np
from PIL import Image
import seaborn as sns

PALETTE = sns.color_palette("colorblind")
GENERATOR_COLOR, DISCRIMINATOR_COLOR = PALETTE[1], PALETTE[0]
REAL_COLOR, FAKE_COLOR = PALETTE[2], PALETTE[3]

SERIES = {
    "generator_loss": ("generator", GENERATOR_COLOR),
    "discriminator_loss": ("discriminator", DISCRIMINATOR_COLOR),
    "real_score": ("D(x), real images", REAL_COLOR),
    "fake_score": ("D(G(z)), generated images", FAKE_COLOR),
}


def set_theme():
    """One look for all figures of the series: seaborn's whitegrid, colour-blind-safe colours."""
    sns.set_theme(style="whitegrid", palette="colorblind", rc={"figure.dpi": 90})


def _check(images):
    images = np.asarray(images)
    if images.ndim != 3 or len(images) == 0:
        raise ValueError(f"images: expected shape (n, height, width), got {images.shape}.")
    limit = 255 if images.dtype == np.uint8 else 1
    if not (images.min() >= 0 and images.max() <= limit):
        raise ValueError(
            f"images: expected values in [0, 1], or uint8; got {images.dtype} from "
            f"{images.min():.3g} to {images.max():.3g}."
        )
    return images.astype(np.float32) / limit


def tile_images(images, columns=None):
    """Join images into one, row by row, with a white gap of 2 pixels.

    Args:
        images: ``(n, height, width)``.
        columns: images in a row; the default makes the result about square.

    Returns:
        ``float32`` array ``(rows (height + 2) - 2, columns (width + 2) - 2)`` in [0, 1].
    """
    images = _check(images)
    columns = columns or int(np.ceil(np.sqrt(len(images))))
    rows = -(-len(images) // columns)
    count, height, width = images.shape
    padded = np.ones((rows * columns, height + 2, width + 2), np.float32)
    padded[:count, :height, :width] = images
    tiled = padded.reshape(rows, columns, height + 2, width + 2).swapaxes(1, 2)
    return tiled.reshape(rows * (height + 2), columns * (width + 2))[:-2, :-2]


def _show(axes, image, title=None, color="black", size=9):
    axes.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.set_axis_off()
    if title is not None:
        axes.set_title(title, fontsize=size, color=color)


def image_grid(images, names=None, columns=8, title=None):
    """A grid of images, each with its name above it where names are given.

    Args:
        images: ``(n, height, width)``.
        names: ``n`` strings, or ``None``.
        columns: images in a row.
        title: of the figure.
    """
    images = _check(images)
    if names is not None and len(names) != len(images):
        raise ValueError(f"names: expected {len(images)}, one for each image, got {len(names)}.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    height = rows * (1.15 if names is not None else 0.95) + (0.4 if title else 0)
    figure = Figure(figsize=(columns, height), layout="constrained")
    for index, axes in enumerate(np.ravel(figure.subplots(rows, columns, squeeze=False))):
        axes.set_axis_off()
        if index < len(images):
            _show(axes, images[index], names[index] if names is not None else None)
    figure.suptitle(title, fontsize=12)
    return figure


def real_and_generated(real_images, generated_images, columns=8, title=None):
    """Real images on the left, generated ones on the right, as many of each."""
    return compare_samples(
        {"real": real_images, "generated": generated_images}, columns=columns, title=title
    )


def compare_samples(samples, columns=8, title=None):
    """Samples of several models side by side, one panel a model.

    Args:
        samples: dict from a model's name to its images ``(n, height, width)``.
        columns: images in a row of each panel.
        title: of the figure.
    """
    if not samples:
        raise ValueError("samples: expected at least one model.")
    panels = {name: tile_images(images, columns) for name, images in samples.items()}
    height, width = next(iter(panels.values())).shape
    across = min(len(panels), 5)
    down = -(-len(panels) // across)
    panel_width = min(11 / across, 4.5)
    figure = Figure(
        figsize=(across * panel_width, down * (panel_width * height / width + 0.35) + 0.35),
        layout="constrained",
    )
    for axes in np.ravel(figure.subplots(down, across, squeeze=False)):
        axes.set_axis_off()
    for axes, (name, panel) in zip(figure.axes, panels.items(), strict=False):
        _show(axes, panel, name, size=11)
    figure.suptitle(title, fontsize=12)
    return figure


def _smooth(values, window):
    """Running mean over ``window`` values, as long as the input less ``window - 1``."""
    return np.convolve(values, np.ones(window) / window, mode="valid")


def _draw_series(axes, values, label, color, steps_per_epoch):
    values = np.asarray(values, float)
    steps = np.arange(1, len(values) + 1) / steps_per_epoch
    window = max(len(values) // 100, 1)
    if window > 1:
        axes.plot(steps, values, color=color, alpha=0.15, linewidth=0.5)
    axes.plot(steps[window - 1 :], _smooth(values, window), color=color, label=label)


def _limit_losses(axes, series):
    """Keep a few extreme steps from flattening the rest of the curves."""
    top = max(np.percentile(values, 99.5) for values in series)
    if np.isfinite(top) and top > 0:
        axes.set_ylim(0, 1.1 * top)


def losses_and_scores(history, steps_per_epoch=None, title=None):
    """Losses on the left, scores on the right; a thin line for each step, a thick running mean.

    Args:
        history: dict with ``generator_loss``, ``discriminator_loss``, ``real_score`` and
            ``fake_score``, as in ``History.history`` (by epoch) or ``StepLog.history`` (by step).
        steps_per_epoch: for a history by step, to label the axis in epochs; else ``None``.
        title: of the figure.
    """
    missing = [name for name in SERIES if not len(history.get(name, ()))]
    if missing:
        raise ValueError(f"history: nothing recorded of {', '.join(missing)}.")
    figure = Figure(figsize=(10, 3.4), layout="constrained")
    losses, scores = figure.subplots(1, 2)
    for name, (label, color) in SERIES.items():
        axes = losses if name.endswith("loss") else scores
        _draw_series(axes, history[name], label, color, steps_per_epoch or 1)
    _limit_losses(losses, [history["generator_loss"], history["discriminator_loss"]])
    losses.axhline(np.log(4), color="gray", linestyle=":", label="discriminator, if D = 0.5")
    scores.axhline(0.5, color="gray", linestyle=":", label="cannot tell")
    losses.set(title="Losses", ylabel="loss (nats)")
    scores.set(title="Mean scores", ylabel="probability of “real”", ylim=(0, 1))
    for axes in (losses, scores):
        axes.set_xlabel("epoch")
        axes.legend(fontsize=8)
    figure.suptitle(title, fontsize=12)
    return figure


def compare_curves(histories, names=tuple(SERIES), steps_per_epoch=None, title=None):
    """The same curves of several models in one panel for each name.

    Args:
        histories: dict from a model's name to its history.
        names: what to draw, from the keys of the histories.
        steps_per_epoch: for histories by step, to label the axis in epochs; else ``None``.
        title: of the figure.
    """
    across = min(len(names), 2)
    down = -(-len(names) // across)
    figure = Figure(figsize=(5 * across, 2.8 * down), layout="constrained")
    panels = np.ravel(figure.subplots(down, across, squeeze=False))
    for axes, name in zip(panels, names, strict=False):
        for color, (model, history) in zip(PALETTE, histories.items(), strict=False):
            if name not in history:
                raise ValueError(f"history of {model!r}: nothing recorded of {name}.")
            _draw_series(axes, history[name], model, color, steps_per_epoch or 1)
        if name.endswith("loss"):
            _limit_losses(axes, [history[name] for history in histories.values()])
            axes.set_ylabel("loss (nats)")
        elif name.endswith("score"):
            axes.set(ylim=(0, 1), ylabel="probability of “real”")
        axes.set(title=name.replace("_", " "), xlabel="epoch")
        axes.legend(fontsize=8)
    for axes in panels[len(names) :]:
        axes.set_axis_off()
    figure.suptitle(title, fontsize=12)
    return figure


def class_grid(images, class_names, title=None):
    """One row a class, the same latents in a column.

    Args:
        images: ``(len(class_names) * columns, height, width)``, class by class.
        class_names: one for each row.
        title: of the figure.
    """
    images, rows = _check(images), len(class_names)
    if len(images) % rows:
        raise ValueError(
            f"images: expected a multiple of {rows}, the number of classes, got {len(images)}."
        )
    columns = len(images) // rows
    tiled = tile_images(images, columns)
    height, width = tiled.shape
    figure = Figure(figsize=(0.75 * columns + 1, 0.75 * rows + 0.4), layout="constrained")
    axes = figure.subplots()
    axes.imshow(tiled, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    step = images.shape[1] + 2
    axes.set_yticks(np.arange(rows) * step + step / 2 - 1, class_names)
    axes.set_xticks([])
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(title, fontsize=12)
    return figure


def interpolate_latents(start, end, count):
    """Latents on the great circle between two: spherical interpolation.

    Gaussian latents lie near a sphere; a straight line would cut through its empty inside (White
    2016, section 2).

    Args:
        start, end: ``(latent_dim,)``, not zero.
        count: how many, at least 2, both ends included.

    Returns:
        ``float32`` array ``(count, latent_dim)``.

    Raises:
        ValueError: ``count`` below 2, shapes that differ, zero or opposite vectors.
    """
    start, end = np.asarray(start, np.float64), np.asarray(end, np.float64)
    if count < 2 or start.shape != end.shape or start.ndim != 1:
        raise ValueError(
            f"expected count of at least 2 and two vectors of one length, "
            f"got {count}, {start.shape} and {end.shape}."
        )
    lengths = np.linalg.norm(start) * np.linalg.norm(end)
    if lengths == 0:
        raise ValueError("A zero vector has no direction to interpolate.")
    angle = np.arccos(np.clip(start @ end / lengths, -1, 1))
    if np.pi - angle < 1e-6:
        raise ValueError("Opposite vectors have no shortest way between them.")
    t = np.linspace(0, 1, count)[:, None]
    if angle < 1e-6:
        return ((1 - t) * start + t * end).astype(np.float32)
    weights = np.sin((1 - t) * angle), np.sin(t * angle)
    return ((weights[0] * start + weights[1] * end) / np.sin(angle)).astype(np.float32)


def latent_interpolation(rows, title=None):
    """Rows of images, each the way from one latent to another.

    Args:
        rows: list of arrays ``(steps, height, width)``, as generated from ``interpolate_latents``.
        title: of the figure.
    """
    images = np.concatenate(rows)
    tiled = tile_images(images, len(rows[0]))
    height, width = tiled.shape
    figure = Figure(figsize=(10, 10 * height / width + 0.4), layout="constrained")
    _show(figure.subplots(), tiled, title, size=12)
    return figure


def save_gif(frames, path, columns=None, scale=2, milliseconds=250):
    """Write frames as an animated GIF that stays on its last frame for two seconds.

    Args:
        frames: list of arrays ``(n, height, width)``, such as ``EpochSamples.frames``.
        path: of the file to write.
        columns: images in a row.
        scale: whole number by which pixels are enlarged.
        milliseconds: how long each frame stays.

    Returns:
        The path, as ``Path``.
    """
    if not frames:
        raise ValueError("frames: expected at least one.")
    pictures = []
    for frame in frames:
        pixels = (255 * tile_images(frame, columns)).round().astype(np.uint8)
        pictures.append(Image.fromarray(pixels.repeat(scale, 0).repeat(scale, 1)))
    durations = [milliseconds] * (len(pictures) - 1) + [2000]
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=durations, loop=0)
    return path
