"""The pictures of an animated GIF and their captions; a smaller and self-contained player."""

import base64
import io
from pathlib import Path
import re

from gan_helpers import words
from matplotlib.font_manager import findfont
import numpy as np
from PIL import Image, ImageDraw, ImageFont

LAST = 2000  # milliseconds
LEVELS = 16  # of grey: with 256, the file is twice as large and looks the same


def write(path, tiles, scale, milliseconds, captions):
    """Write tiles ``(height, width)`` or ``(height, width, 3)`` in [0, 1]; return the ``Path``."""
    pictures = [_enlarged(tile, scale) for tile in tiles]
    if captions:
        # Pillow's own font has no Cyrillic letters, that of the figures has.
        font = ImageFont.truetype(findfont("DejaVu Sans"), max(6 * scale, 14))
        width = max(pictures[0].width, *(int(font.getlength(text)) + 8 for text in captions))
        pictures = [
            _with_caption(picture, text, font, width)
            for picture, text in zip(pictures, captions, strict=True)
        ]
    durations = [milliseconds] * (len(pictures) - 1) + [LAST]
    shared = {"save_all": True, "append_images": pictures[1:], "duration": durations, "loop": 0}
    try:
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures[0].save(path, "GIF", **shared)
    except (OSError, TypeError, ValueError) as error:
        raise ValueError(f"path: {str(path)!r} cannot be written ({error}).") from error
    return path


def _enlarged(tile, scale):
    """A picture of mode ``L`` or ``RGB``, in which each pixel became ``scale`` times ``scale``."""
    levels = LEVELS if tile.ndim == 2 else 256
    pixels = np.rint(np.rint(tile * (levels - 1)) * (255 / (levels - 1))).astype(np.uint8)
    return Image.fromarray(pixels.repeat(scale, 0).repeat(scale, 1))


def _with_caption(picture, text, font, width):
    """The picture, ``width`` wide, above a white strip with ``text`` in its middle."""
    strip = round(1.8 * font.size)
    canvas = Image.new(picture.mode, (width, picture.height + strip), "white")
    canvas.paste(picture, ((width - picture.width) // 2, 0))
    place = width / 2, picture.height + strip / 2
    ImageDraw.Draw(canvas).text(place, text, fill="black", font=font, anchor="mm")
    return canvas


# The player's buttons would come from the internet; signs need none.
SIGNS = {"minus": "−", "fast-backward": "⇤", "step-backward": "←", "play fa-flip-horizontal": "◀"}
SIGNS |= {"pause": "❚❚", "play": "▶", "step-forward": "→", "fast-forward": "⇥", "plus": "+"}


LABELS = (
    "Decrease speed",
    "First frame",
    "Previous frame",
    "Play backwards",
    "Pause",
    "Play",
    "Next frame",
    "Last frame",
    "Increase speed",
    "Repetition mode",
    "Once",
    "Loop",
    "Reflect",
)


def lighter(player):
    """The HTML of matplotlib's player with frames of 64 colours, and signs for its buttons.

    Its labels are in the language that is spoken.
    """
    player = re.sub(r'(?<=base64,)[^"]+', _fewer_colors, player)
    player = re.sub(r'<link rel="stylesheet"[^>]*>', "", player)
    label = rf'(?<=[">])({"|".join(LABELS)})(?=["<])'
    player = re.sub(label, lambda match: words.say(match[0]), player)
    return re.sub(r'<i class="fa fa-([\w -]+)"></i>', lambda match: SIGNS[match[1]], player)


def _fewer_colors(match):
    frame = io.BytesIO(base64.b64decode(match[0].replace("\\\n", "")))
    smaller = io.BytesIO()
    Image.open(frame).convert("RGB").quantize(64).save(smaller, "PNG", optimize=True)
    return base64.b64encode(smaller.getvalue()).decode()
