"""A dataset that is drawn: circles, squares, stars ... of any image size, in grey or in colour."""

from colorsys import hsv_to_rgb

from gan_helpers import words
from gan_helpers.data import Dataset, check_count, check_image_shape
import numpy as np
from PIL import Image, ImageDraw

ENLARGED = 4  # a mask is drawn this many times larger and averaged: smooth edges


def _corners(count, radii=(1.0,), turned=0.0):
    """The corners of a regular polygon, or with two radii of a star; the first points upwards."""
    angles = 2 * np.pi * np.arange(count) / count - np.pi / 2 + turned
    radii = np.resize(radii, count)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)


def _heart():
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return np.stack([np.sin(t) ** 3, -y / 16], axis=1)


_ARM = 0.36
_CROSS = [(-_ARM, -1), (_ARM, -1), (_ARM, -_ARM), (1, -_ARM), (1, _ARM), (_ARM, _ARM), (_ARM, 1),
          (-_ARM, 1), (-_ARM, _ARM), (-1, _ARM), (-1, -_ARM), (-_ARM, -_ARM)]  # fmt: skip
_ARROW = [(0, -1), (0.8, 0), (0.3, 0), (0.3, 1), (-0.3, 1), (-0.3, 0), (-0.8, 0)]
_HOURGLASS = [(-0.75, -1), (0.75, -1), (0.1, 0), (0.75, 1), (-0.75, 1), (-0.1, 0)]

# Each shape: what is filled, and what is then cut out of it; x to the right, y downwards.
_SHAPES = {
    "circle": (_corners(48), None),
    "square": (_corners(4, (1.2,), np.pi / 4), None),
    "triangle": (_corners(3, (1.15,)), None),
    "cross": (np.array(_CROSS), None),
    "ring": (_corners(48), 0.55 * _corners(48)),
    "star": (_corners(10, (1.15, 0.5)), None),
    "heart": (_heart(), None),
    "crescent": (_corners(48), 0.85 * _corners(48) + (0.5, 0)),
    "arrow": (np.array(_ARROW), None),
    "hourglass": (np.array(_HOURGLASS), None),
}


def draw_shapes(classes=10, image_shape=(32, 32, 3), train=6_000, test=1_000, seed=0):
    """Draw a dataset of shapes that vary in position, size, angle and (in colour) in colours.

    The numbers of images of any two classes differ by at most one; their order is random.

    Args:
        classes: how many of the ten shapes, 3 to 10.
        image_shape: ``(height, width, channels)``, multiples of 4 from 8 on; 1 or 3 channels.
            Grey shapes are light on black; colour ones are light on a darker colour.
        train, test: numbers of training and test images, at least one for each class.
        seed: ``int`` from 0 on. The same arguments give the same images.

    Returns:
        A ``Dataset``; 7,000 images of 32x32x3 take a few seconds.

    Raises:
        ValueError: an argument is not as described.
    """
    classes = check_count("classes", classes, 3, len(_SHAPES))
    height, width, channels = check_image_shape(image_shape)
    counts = [check_count(name, n, classes) for name, n in (("train", train), ("test", test))]
    rng = np.random.default_rng(check_count("seed", seed, 0))
    names = tuple(_SHAPES)[:classes]
    parts = []
    for count in counts:
        labels = rng.permutation(np.arange(count) % classes).astype(np.uint8)
        images = np.stack([_draw(names[n], height, width, channels, rng) for n in labels])
        parts += [images[..., 0] if channels == 1 else images, labels]
    source = words.say("Pillow, which drew them just now")
    return Dataset(*parts, tuple(map(words.say, names)), source, "shapes")


def _draw(name, height, width, channels, rng):
    """One image, ``uint8`` ``(height, width, channels)``."""
    side = min(height, width)
    radius = rng.uniform(0.24, 0.36) * side
    # The farthest corner lies 1.2 radii from the middle and stays inside the image.
    middle = [rng.uniform(1.2 * radius, size - 1.2 * radius) for size in (width, height)]
    angle = rng.uniform(-0.25, 0.25)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    mask = Image.new("L", (width * ENLARGED, height * ENLARGED))
    for polygon, fill in zip(_SHAPES[name], (255, 0), strict=True):
        if polygon is not None:
            points = (polygon @ turn * radius + middle) * ENLARGED
            ImageDraw.Draw(mask).polygon([tuple(point) for point in points], fill=fill)
    shape = np.asarray(mask.reduce(ENLARGED), np.float32)[..., None] / 255
    light, dark = rng.uniform(0.75, 1), 0.0
    if channels == 3:
        hue = rng.uniform()
        light = np.array(hsv_to_rgb(hue, rng.uniform(0.3, 0.9), light))
        dark = np.array(hsv_to_rgb((hue + rng.uniform(0.3, 0.7)) % 1, 0.6, rng.uniform(0, 0.35)))
    return np.rint(255 * (dark + shape * (light - dark))).astype(np.uint8)
