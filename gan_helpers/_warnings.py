"""Warnings that point at the line that a reader wrote."""

import sys
import warnings

RELIABLE_COUNT = 2_000  # images, for a Fréchet distance


def callers_level():
    """The ``stacklevel`` that lets a warning point at the line outside the package.

    Keras' frames are passed over as well: in a callback, the line is that of ``fit``.
    """
    frame, level = sys._getframe(1), 1
    while frame.f_back and frame.f_globals.get("__name__", "").split(".")[0] in (
        "gan_helpers",
        "keras",
    ):
        frame, level = frame.f_back, level + 1
    return level


def warn_if_few(count):
    """Warn if ``count`` images are too few for a Fréchet distance."""
    if count < RELIABLE_COUNT:
        warnings.warn(
            f"A Fréchet distance from {count:,} images is biased upwards; use at least "
            f"{RELIABLE_COUNT:,}.",
            stacklevel=callers_level(),
        )
