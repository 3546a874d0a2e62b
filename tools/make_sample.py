"""Draw the balanced sample of Fashion-MNIST that comes with the package, from the full set.

Run from the root of the repository: python tools/make_sample.py
"""

import gzip

from gan_helpers.data import FILES, SAMPLE_FOLDER, load_dataset
import numpy as np

SEED = 0
TRAIN_A_CLASS, TEST_A_CLASS = 1_000, 200


def draw_balanced(labels, a_class, generator):
    """Return shuffled indices of ``a_class`` images of each class, drawn without replacement."""
    classes = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    drawn = [generator.choice(indices, a_class, replace=False) for indices in classes]
    return generator.permutation(np.concatenate(drawn))


def write_idx(path, array):
    """Write a ``uint8`` array as a gzipped IDX file, the same bytes every time."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(gzip.compress(header + array.tobytes(), 9, mtime=0))


def main():
    dataset = load_dataset("fashion_mnist")
    if len(dataset.train_images) < 60_000:
        raise SystemExit("The sample is drawn from the full set: see the sentence above.")
    generator = np.random.default_rng(SEED)
    train = draw_balanced(dataset.train_labels, TRAIN_A_CLASS, generator)
    test = draw_balanced(dataset.test_labels, TEST_A_CLASS, generator)
    SAMPLE_FOLDER.mkdir(exist_ok=True)
    for key, file_name in FILES.items():
        indices = train if key.startswith("train") else test
        write_idx(SAMPLE_FOLDER / file_name, getattr(dataset, key)[indices])


if __name__ == "__main__":
    main()
