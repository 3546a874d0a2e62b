"""Train a judge of a dataset for longer than gan_helpers.evaluation.judge_for does.

The judge that is shipped was trained on the full Fashion-MNIST; new weights would change every
number of the series. Run from the root of the repository:

python tools/train_judge.py PATH_OR_NAME FOLDER --epochs 14
"""

import argparse

from gan_helpers import data, evaluation


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", help='such as "mnist", or a path')
    parser.add_argument("folder", help="for evaluation.load_judge")
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    try:
        dataset = data.load_dataset(arguments.dataset)
        evaluation.train_judge(dataset, arguments.folder, arguments.epochs, arguments.seed)
    except (ValueError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
