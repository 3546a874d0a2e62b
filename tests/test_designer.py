"""The sliders beside a picture: what they hand on, what is drawn, and in a real JupyterLab.

What needs a browser is skipped where there is none: Chromium, with playwright to drive it.
"""

import io
import os
from pathlib import Path
import re
import subprocess
import sys

from gan_helpers import designer
import nbformat
import numpy as np
import PIL.Image
import pytest

NAMES = ["shirt", "shoe", "bag"]
CONTROLS = {"class": NAMES, "brightness": (0.0, 1.0, 0.25)}


def draw(place, brightness):
    """Two images of 4 x 6: in the row of the class, as bright as asked for."""
    images = np.zeros((2, 4, 6), np.float32)
    images[:, place] = brightness
    return images


def pixels(image):
    return np.asarray(PIL.Image.open(io.BytesIO(image.value)))


def test_each_control_changes_the_picture():
    made = designer.Designer(draw, CONTROLS, columns=1)
    assert made.children[0] is made.picture
    assert list(made.children[1].children) == list(made.controls.values())
    menu, slider = made.controls.values()
    zoom = designer.LEAST_PIXELS // (4 + 2 + 4)
    for place, brightness in ((0, 0.25), (2, 0.25), (2, 1.0)):
        menu.value, slider.value = place, brightness
        shown = pixels(made.picture)[zoom // 2 :: zoom, zoom // 2 :: zoom]
        assert shown.shape == (4 + 2 + 4, 6)  # one above the other, with a gap of 2 pixels
        for image in (shown[:4], shown[6:]):
            expected = np.round(255 * draw(place, brightness)[0])
            np.testing.assert_array_equal(image, expected)
    assert menu.description == "class" and [label for label, _ in menu.options] == NAMES
    assert repr(made).startswith("Run this cell to play")


def test_the_sheet_has_a_row_for_each_control_and_starts_where_the_sliders_are():
    asked = []

    def note(*values):
        asked.append(values)
        return draw(*values)

    made = designer.Designer(note, CONTROLS)
    made.controls["class"].value = 1
    asked.clear()
    figure = made.sheet(5, "What they do")
    rows = [(0, 0.25), (0, 0.25), (1, 0.25), (2, 0.25), (2, 0.25)]
    assert asked == rows + [(1, brightness) for brightness in (0, 0.25, 0.5, 0.75, 1)]
    [axes] = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == list(CONTROLS)
    assert axes.get_title() == "What they do"


def test_colour_and_a_single_large_image():
    made = designer.Designer(lambda x: np.full((1, 300, 200, 3), x), {"x": (0, 1, 0.5)})
    assert pixels(made.picture).shape == (300, 200, 3) and (pixels(made.picture) == 128).all()


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"draw": 3}, "draw: expected a function, got 3"),
        ({"draw": lambda *_: np.full((2, 4, 6), 2.0)}, "expected values in"),
        ({"draw": lambda *_: None}, "images: expected an array"),
        ({"columns": 0}, "columns: expected"),
        ({"controls": {}}, "controls: expected a dict with at least one"),
        ({"controls": ["class"]}, "controls: expected a dict"),
        ({"controls": {"class": []}}, r"controls\['class'\]: expected a list of strings"),
        ({"controls": {"class": [1, 2]}}, r"controls\['class'\]: expected a list of strings"),
        ({"controls": {"x": (0, 1)}}, r"a tuple \(lowest, highest, first\)"),
        ({"controls": {"x": (0, 1, 2)}}, "with first between the two, got"),
        ({"controls": {"x": (1, 1, 1)}}, "with first between the two, got"),
        ({"controls": {"x": (0, np.nan, 0)}}, r"controls\['x'\]"),
    ],
)
def test_what_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        designer.Designer(**({"draw": draw, "controls": CONTROLS} | arguments))


# --- in a browser ---

CELL = """
from gan_helpers import designer
import numpy as np

def draw(place, brightness):
    return np.full((1, 8, 8), (place + brightness) / 2)

designer.Designer(draw, {"class": ["shirt", "shoe"], "brightness": (0.0, 1.0, 0.5)})
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a notebook with a designer, in a JupyterLab of its own."""
    pytest.importorskip("jupyterlab")
    pytest.importorskip("jupyterlab_widgets", reason="JupyterLab draws no sliders without it")
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL.strip())])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "sliders.ipynb")
    own = {"PYTHONPATH": str(Path(designer.__file__).parent.parent)}
    own |= {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    settings = ["--no-browser", "--allow-root", "--port=0", "--IdentityProvider.token="]
    settings += ["--ServerApp.password=", f"--ServerApp.root_dir={folder}"]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *settings, "--LabApp.news_url="],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | own,
        cwd=folder,
    )
    try:
        found = None
        for line in server.stderr:
            found = re.search(r"http://(?:localhost|127\.0\.0\.1):\d+/lab", line)
            if found:
                break
        assert found, "JupyterLab did not start"
        yield f"{found[0]}/tree/sliders.ipynb"
    finally:
        server.terminate()
        server.communicate(timeout=30)


def test_a_slider_moves_the_picture_in_jupyterlab(chromium, address):
    from playwright.sync_api import expect

    page = chromium.new_page()
    page.goto(address)
    page.get_by_text("| Idle").wait_for(timeout=60_000)  # the kernel is connected
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")
    picture = page.locator(".jp-OutputArea .widget-image")
    picture.wait_for(timeout=90_000)

    def grey():
        """What the picture shows on the screen."""
        return page.evaluate(
            """async () => {
                const image = document.querySelector(".jp-OutputArea .widget-image");
                await image.decode();
                const canvas = document.createElement("canvas");
                canvas.width = canvas.height = 1;
                const context = canvas.getContext("2d");
                context.drawImage(image, 0, 0, 1, 1);
                return context.getImageData(0, 0, 1, 1).data[0];
            }"""
        )

    assert abs(grey() - 64) <= 1
    first = picture.get_attribute("src")
    handle = page.locator(".jp-OutputArea .noUi-handle")
    handle.focus()
    page.keyboard.press("End")
    expect(picture).not_to_have_attribute("src", first, timeout=30_000)
    assert abs(grey() - 128) <= 1
    second = picture.get_attribute("src")
    page.locator(".jp-OutputArea select").select_option("shoe")
    expect(picture).not_to_have_attribute("src", second, timeout=30_000)
    assert abs(grey() - 255) <= 1
    page.close()
