"""Fixtures for all tests."""

import gzip
import os

# Two processes run the tests, one thread each: the networks are too small to gain from more.
os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "OMP_NUM_THREADS": "1"}

from gan_helpers import models, training
import keras
import numpy as np
import pytest


def pytest_collection_modifyitems(items):
    """The longest tests first, so that at the end neither process waits for the other."""
    items.sort(key=lambda item: "reduced_budget" not in item.name)


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


def small_conditional_gan():
    keras.utils.set_random_seed(0)
    networks = (
        models.conditional_generator(classes=3, width=2),
        models.conditional_discriminator(classes=3, width=2),
    )
    gan = training.ConditionalGAN(*networks, seed=0)
    gan.compile()
    return gan
