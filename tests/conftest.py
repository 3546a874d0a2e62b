"""Fixtures for all tests."""

import gzip
import os
import shutil
import string

# Two processes run the tests, one thread each: the networks are too small to gain from more.
os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "OMP_NUM_THREADS": "1"}

from gan_helpers import data, shapes
import keras
import numpy as np
from PIL import Image, ImageDraw, ImageFont
import pytest

LONG = "reduced_budget", "every_right_one_passes"  # in the names of tests of half a minute


def pytest_collection_modifyitems(config, items):
    """Skip what is marked slow, unless -m asks for it, and put the longest tests first.

    Each of two processes begins with a half of the list, and once it is through takes from the end
    of the other's. So long tests stand at the beginning of both, and neither waits at the end.
    """
    skipped = set()
    if "slow" not in config.option.markexpr:
        skipped = {item for item in items if item.get_closest_marker("slow")}
        for item in skipped:
            item.add_marker(pytest.mark.skip(reason="slow, run with -m slow"))
    long = [item for item in items if any(name in item.name for name in LONG)]
    long = [item for item in long if item not in skipped]
    together = [item for item in items if item.path.name == "test_distributed.py"]  # one fixture
    first, second = [*long[::2], *together], long[1::2]
    chosen = {*first, *second}
    rest = [item for item in items if item not in chosen]
    middle = max(len(items) // 2 - len(first), 0)
    items[:] = [*first, *rest[:middle], *second, *rest[middle:]]


def idx_bytes(array):
    """The bytes of an IDX file."""
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


@pytest.fixture
def small_set():
    """Four arrays of a small dataset of three classes, by the keys of ``data.FILES``."""
    rng = np.random.default_rng(0)
    return {
        "train_images": rng.integers(0, 256, (9, 28, 28), dtype=np.uint8),
        "train_labels": np.arange(9, dtype=np.uint8) % 3,
        "test_images": rng.integers(0, 256, (6, 28, 28), dtype=np.uint8),
        "test_labels": np.arange(6, dtype=np.uint8) % 3,
    }


@pytest.fixture
def write_set():
    """A function that writes four arrays into a folder as IDX files."""

    def write(folder, arrays, names, compressed=True):
        folder.mkdir(parents=True, exist_ok=True)
        for key, array in arrays.items():
            content = idx_bytes(array)
            name = names[key] if compressed else names[key].removesuffix(".gz")
            (folder / name).write_bytes(gzip.compress(content, mtime=0) if compressed else content)
        return folder

    return write


# --- small drawn datasets: 3 and 10 shapes, 26 letters, 10 shapes of 32x32 in colour ---


def draw_letters(train=520, test=104, seed=0):
    """A ``Dataset`` of 26 classes, 28x28 grey: capital letters in Pillow's own font."""
    rng = np.random.default_rng(seed)

    def draw(count):
        labels = rng.permutation(np.arange(count) % 26).astype(np.uint8)
        images = np.zeros((count, 28, 28), np.uint8)
        for place, label in enumerate(labels):
            image = Image.new("L", (28, 28))
            font = ImageFont.load_default(size=int(rng.integers(18, 24)))
            middle = tuple(rng.uniform(12, 16, 2))
            letter = string.ascii_uppercase[label]
            ImageDraw.Draw(image).text(middle, letter, font=font, fill=255, anchor="mm")
            images[place] = np.asarray(image)
        return images, labels

    return data.Dataset(
        *draw(train), *draw(test), tuple(string.ascii_uppercase), "tests", "letters"
    )


@pytest.fixture(scope="session")
def three_shapes():
    """A ``Dataset``: 300 + 60 grey images, 28x28, of 3 classes."""
    return shapes.draw_shapes(3, (28, 28, 1), train=300, test=60)


@pytest.fixture(scope="session")
def ten_shapes():
    """A ``Dataset``: 400 + 100 grey images, 28x28, of 10 classes that are no garments."""
    return shapes.draw_shapes(10, (28, 28, 1), train=400, test=100)


@pytest.fixture(scope="session")
def letters():
    """A ``Dataset``: 520 + 104 grey images, 28x28, of 26 classes."""
    return draw_letters()


@pytest.fixture(scope="session")
def colour_shapes():
    """A ``Dataset``: 400 + 100 colour images, 32x32, of 10 classes."""
    return shapes.draw_shapes(10, (32, 32, 3), train=400, test=100)


@pytest.fixture(params=["three_shapes", "ten_shapes", "letters", "colour_shapes"])
def drawn_dataset(request):
    """Each of the four drawn datasets in turn."""
    return request.getfixturevalue(request.param)


def write_idx_folder(folder, dataset):
    """Write a ``Dataset`` into ``folder`` as four gzipped IDX files; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for key, name in data.FILES.items():
        (folder / name).write_bytes(gzip.compress(idx_bytes(getattr(dataset, key)), mtime=0))
    return folder


def write_image_folder(folder, dataset, suffix=".png"):
    """Write a ``Dataset`` as pictures into ``folder``/train|test/CLASS; return the folder."""
    for part in ("train", "test"):
        images, labels = getattr(dataset, f"{part}_images"), getattr(dataset, f"{part}_labels")
        for number, (image, label) in enumerate(zip(images, labels, strict=True)):
            place = folder / part / dataset.class_names[label]
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(place / f"{number:05}{suffix}")
    return folder


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium, the system's or playwright's own; skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
        except playwright.Error as error:
            pytest.skip(f"no browser: {error}")
        yield browser
        browser.close()


def small_conditional_gan():
    from gan_helpers import models, training  # here, so that the data's tests do without them

    keras.utils.set_random_seed(0)
    networks = (
        models.conditional_generator(classes=3, width=2),
        models.conditional_discriminator(classes=3, width=2),
    )
    gan = training.ConditionalGAN(*networks, seed=0)
    gan.compile()
    return gan
