"""Try right and wrong solutions against the checks of the exercises.

python tools/exercises.py 01_vanilla_gan    which solutions of tests/variants fare wrong, and how
python tools/exercises.py --table           all of them, counted by task
python tools/exercises.py --table --solutions FOLDER    with those of a folder like tests/variants

A wrong solution should be caught, and told which mistake it is. "Misled" is one that was told what
belongs to another mistake in the same task. The exit code is 1 if fewer than 95 % of the wrong ones
are caught, if fewer than 80 % of those are told their mistake, or if a right one loses points.
"""

import argparse
from collections import Counter
import contextlib
import os
from pathlib import Path
import sys

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from grading import InputError, assignments, variants  # noqa: E402

CAUGHT, NAMED = 0.95, 0.80  # least shares: of the wrong solutions, and of those that were caught
COLUMNS = ("wrong", "caught", "named", "misled", "right", "passed")


def solutions_of(name, folders):
    """The variants of an assignment in several folders; one need not have a file for each."""
    return [
        variant
        for folder in folders
        if (folder / f"{name}.py").exists()
        for variant in variants.load_variants(name, folder)
    ]


def counts_by_task(outcomes):
    """For each task a ``Counter`` of ``COLUMNS``."""
    tried, counts = [outcome.variant for outcome in outcomes], {}
    for outcome in outcomes:
        count = counts.setdefault(outcome.variant.task, Counter())
        if outcome.variant.kind == "right":
            count += Counter(right=1, passed=not outcome.messages)
        else:
            led_astray = variants.misled(outcome, tried)
            told = not variants.verdict(outcome) and not led_astray
            count.update(wrong=1, caught=bool(outcome.messages), named=told, misled=led_astray)
    return counts


def row(*fields):
    return "| " + " | ".join(map(str, fields)) + " |"


def holds(total):
    """Whether enough wrong solutions are caught and told their mistake, and all right ones pass."""
    return (
        total["caught"] >= CAUGHT * total["wrong"]
        and total["named"] >= NAMED * total["caught"]
        and total["passed"] == total["right"]
    )


def shares(total):
    """The shares that ``holds`` decides by, in words."""
    return (
        f"{total['caught'] / max(total['wrong'], 1):.1%} of the wrong solutions are caught, and "
        f"{total['named'] / max(total['caught'], 1):.1%} of those are told which mistake it is; "
        f"{total['passed']} of {total['right']} right ones pass."
    )


def try_all(names, folders, exercises, table):
    """Try the solutions of some assignments, and print; returns a ``Counter`` of ``COLUMNS``."""
    total = Counter()
    if table:
        print(row("exercises", "task", *COLUMNS), row(*["---"] * 8), sep="\n")
    for name in names:
        notebook, solutions = assignments.load_source(name, exercises), solutions_of(name, folders)
        with contextlib.redirect_stdout(None):  # what the notebooks print
            outcomes = variants.try_variants(notebook, solutions)
        if len(outcomes) < len(solutions):
            unknown = {v.task for v in solutions} - {outcome.variant.task for outcome in outcomes}
            raise InputError(f"{name} has no code task {', '.join(sorted(unknown))}.")
        for outcome in filter(variants.verdict, outcomes):
            task, _, solution = outcome.variant[:3]
            print(f"{name}: {task}, {solution}: {variants.verdict(outcome)}", file=sys.stderr)
        for task, count in counts_by_task(outcomes).items():
            total += count
            if table:
                print(row(name, task, *(count[column] for column in COLUMNS)), flush=True)
    if table:
        print(row("all", "", *(total[column] for column in COLUMNS)))
    return total


def main(arguments=None):
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="name", help="such as 01_vanilla_gan, or all")
    parser.add_argument("--table", action="store_true", help="count them by task")
    parser.add_argument("--solutions", type=Path, help="a folder of more, NAME.py for each set")
    parser.add_argument(
        "--folder", type=Path, default=assignments.EXERCISES, help="a private copy of exercises/"
    )
    options = parser.parse_args(arguments)
    os.environ["MPLBACKEND"] = "Agg"  # no windows
    try:
        names = assignments.selected(options.names, options.folder)
        folders = [variants.VARIANTS, *filter(None, [options.solutions])]
        total = try_all(names, folders, options.folder, options.table)
    except InputError as error:
        parser.error(str(error))
    print(shares(total))
    return int(not holds(total))


if __name__ == "__main__":
    sys.exit(main())
