"""Sliders beside the picture that they change, for a generator's latents, labels and styles."""

import io

from gan_helpers import plotting, words
from gan_helpers._figure_input import unit_images
from gan_helpers._validation import check_numbers
from gan_helpers.data import check_count
import ipywidgets as widgets
import numpy as np
import PIL.Image

STEPS = 40  # of a slider, from one end to the other
LEAST_PIXELS = 224  # on the screen, for the longer side of the picture


class Designer(widgets.HBox):
    """Controls, and the images that a function draws for them; new ones with each move.

        def draw(label, truncation):
            return sampling.images_from_latents(generator, truncation * latents, [label])

        designer.Designer(draw, {"class": class_names, "truncation": (0.0, 1.0, 0.7)})

    Nothing of it is left on a page without a running kernel; ``sheet`` draws what it can show.

    Args:
        draw: function of one value for each control, in their order, that returns images ``(n,
            height, width)`` or ``(n, height, width, 3)`` in [0, 1], always as many.
        controls: dict from what stands beside a control to what it can be: a list of strings, of
            which ``draw`` gets the place (``int``), or a tuple ``(lowest, highest, first)`` of
            numbers for a slider, of which it gets a ``float``.
        columns: images in a row of the picture; by default about as many as rows.

    Attributes:
        controls: dict from the same words to the widgets.

    Raises:
        ValueError: arguments that are not as described.
    """

    def __init__(self, draw, controls, columns=None):
        if not callable(draw):
            raise ValueError(f"draw: expected a function, got {draw!r}.")
        if not isinstance(controls, dict) or not controls:
            raise ValueError(f"controls: expected a dict with at least one, got {controls!r}.")
        self.draw, self.columns = draw, columns
        self.controls = {name: _control(name, spec) for name, spec in controls.items()}
        self.picture = widgets.Image(format="png")
        self._show()
        for control in self.controls.values():
            control.observe(self._show, names="value")
        super().__init__([self.picture, widgets.VBox(list(self.controls.values()))])

    def sheet(self, count=9, title=None):
        """What each control does, the others as they are now: a row each, from end to end.

        Args:
            count: pictures in a row.
            title: of the figure.

        Returns:
            A ``matplotlib`` figure, which is still there without a kernel, and in print.
        """
        count, names = check_count("count", count), list(self.controls)
        rows = []
        for name, control in self.controls.items():
            now = {other: one.value for other, one in self.controls.items()}
            rows += [self._tiles(now | {name: value}) for value in _values(control, count)]
        return plotting.class_grid(np.stack(rows), names, title)

    def _tiles(self, settings):
        return plotting.tile_images(unit_images(self.draw(*settings.values())), self.columns)

    def _show(self, change=None):
        tiles = self._tiles({name: control.value for name, control in self.controls.items()})
        zoom = max(LEAST_PIXELS // max(tiles.shape[:2]), 1)
        pixels = PIL.Image.fromarray(np.round(255 * tiles).astype(np.uint8))
        file = io.BytesIO()
        size = [zoom * length for length in pixels.size]
        pixels.resize(size, PIL.Image.Resampling.NEAREST).save(file, "PNG")
        self.picture.value = file.getvalue()

    def __repr__(self):  # what a page without a running kernel shows in its place
        return words.say("Run this cell to play: the sliders need a running kernel.")


def _control(name, spec):
    """A menu for a list of strings, a slider for (lowest, highest, first)."""
    wide = {"description": str(name), "style": {"description_width": "initial"}}
    if isinstance(spec, list) and spec and all(isinstance(option, str) for option in spec):
        places = [(option, place) for place, option in enumerate(spec)]
        return widgets.Dropdown(options=places, value=0, **wide)
    numbers = check_numbers(f"controls[{name!r}]", spec) if isinstance(spec, tuple) else np.empty(0)
    if numbers.shape != (3,) or not numbers[0] <= numbers[2] <= numbers[1] > numbers[0]:
        raise ValueError(
            f"controls[{name!r}]: expected a list of strings, or a tuple (lowest, highest, first) "
            f"of numbers with first between the two, got {spec!r}."
        )
    low, high, first = map(float, numbers)
    return widgets.FloatSlider(first, min=low, max=high, step=(high - low) / STEPS, **wide)


def _values(control, count):
    """``count`` values of a control, from its first to its last."""
    if isinstance(control, widgets.Dropdown):
        last = len(control.options) - 1
        return [round(place) for place in np.linspace(0, last, count)]
    return np.linspace(control.min, control.max, count).tolist()
