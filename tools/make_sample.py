"""Draw the balanced sample of a dataset that comes with the package, from the full set.

Run from the root of the repository:

python tools/make_sample.py fashion_mnist
python tools/make_sample.py mnist FOLDER    (of its four IDX files, if it is not found by name)
"""

import argparse
import gzip
from pathlib import Path

from gan_helpers.data import FILES, load_dataset
import numpy as np

ASSETS = Path(__file__).resolve().parent.parent / "gan_helpers" / "assets"
FULL = 60_000
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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=("fashion_mnist", "mnist"))
    parser.add_argument("folder", nargs="?", help="where the full set lies")
    arguments = parser.parse_args()
    dataset = load_dataset(arguments.folder or arguments.name)
    if len(dataset.train_images) < FULL:
        raise SystemExit("The sample is drawn from the full set: see the sentence above.")
    generator = np.random.default_rng(SEED)
    train = draw_balanced(dataset.train_labels, TRAIN_A_CLASS, generator)
    test = draw_balanced(dataset.test_labels, TEST_A_CLASS, generator)
    folder = ASSETS / f"{arguments.name}_sample"
    folder.mkdir(exist_ok=True)
    for key, file_name in FILES.items():
        indices = train if key.startswith("train") else test
        write_idx(folder / file_name, getattr(dataset, key)[indices])


if __name__ == "__main__":
    main()
