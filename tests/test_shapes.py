"""The drawn dataset: balanced, varied, the same each time, and of any size."""

from gan_helpers import data, shapes
import numpy as np
import pytest


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (8, 8, 3), (16, 40, 1), (40, 16, 3)])
@pytest.mark.parametrize("classes", [3, 10])
def test_shapes_of_every_size(shape, classes):
    dataset = shapes.draw_shapes(classes, shape, train=61, test=31)
    assert dataset.image_shape == shape
    for part, count in (("train", 61), ("test", 31)):
        images, labels = getattr(dataset, f"{part}_images"), getattr(dataset, f"{part}_labels")
        data.check_images(images, image_shape=shape)
        data.check_labels(labels, count, classes=classes)
        assert (images.dtype, labels.dtype) == (np.uint8, np.uint8)
        counts = np.bincount(labels, minlength=classes)
        assert counts.max() - counts.min() <= 1
        assert (np.diff(labels.astype(int)) < 0).any()
    assert dataset.class_names == tuple(shapes._SHAPES)[:classes]
    assert (dataset.name, str(dataset)[:22]) == ("shapes", "61 training and 31 tes")


def test_many_images_are_balanced(ten_shapes):
    assert np.bincount(ten_shapes.train_labels).tolist() == [40] * 10
    assert np.bincount(ten_shapes.test_labels).tolist() == [10] * 10


def test_the_seed_decides():
    first, again, other = (
        shapes.draw_shapes(3, (8, 8, 3), 20, 10, seed=seed).train_images for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_no_two_images_are_alike_and_edges_are_smooth(ten_shapes):
    images = np.concatenate([ten_shapes.train_images, ten_shapes.test_images])
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(images)
    for image in images[:50]:
        between = (image > 0) & (image < image.max())
        assert between.sum() > 3  # antialiased
        assert image.max() > 180
        assert image[:, [0, -1]].sum() + image[[0, -1]].sum() == 0  # nothing is cut off


def test_shapes_vary_in_position_size_and_colour(ten_shapes, colour_shapes):
    circles = ten_shapes.train_images[ten_shapes.train_labels == 0] > 100
    areas = circles.sum(axis=(1, 2))
    assert areas.max() > 1.6 * areas.min()
    rows = [np.flatnonzero(circle.any(axis=1)).mean() for circle in circles]
    assert np.ptp(rows) > 5
    images = colour_shapes.train_images.astype(int)
    corners = images[:, 0, 0]
    assert len(np.unique(corners, axis=0)) > 350
    assert (np.ptp(images.reshape(len(images), -1, 3).max(axis=1), axis=1) > 50).mean() > 0.5


def test_the_classes_can_be_told_apart(ten_shapes):
    """Of images moved to their middle, the nearest neighbour has the same class."""

    def centred(images):
        moved = []
        for image in images:
            rows, columns = np.nonzero(image > 60)
            image = np.roll(image, 14 - int(rows.mean().round()), axis=0)
            moved.append(np.roll(image, 14 - int(columns.mean().round()), axis=1))
        return np.array(moved).reshape(len(images), -1).astype(float)

    train, test = centred(ten_shapes.train_images), centred(ten_shapes.test_images)
    distances = (train**2).sum(1) - 2 * test @ train.T
    guessed = ten_shapes.train_labels[distances.argmin(axis=1)]
    assert (guessed == ten_shapes.test_labels).mean() > 0.9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"classes": 2}, "classes: expected a whole number from 3 to 10, got 2"),
        ({"classes": 11}, "classes: expected a whole number from 3 to 10, got 11"),
        ({"classes": "3"}, "classes: expected .* got '3'"),
        ({"image_shape": (30, 30, 1)}, "image_shape: expected"),
        ({"image_shape": None}, "image_shape: expected"),
        ({"train": 9}, "train: expected a whole number of at least 10, got 9"),
        ({"test": None}, "test: expected a whole number of at least 10, got None"),
        ({"seed": -1}, "seed: expected a whole number of at least 0, got -1"),
        ({"seed": None}, "seed: expected"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        shapes.draw_shapes(**arguments)
