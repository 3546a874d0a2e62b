"""What was measured over several seeds, and what may be concluded from it.

Two training runs that differ in nothing but their random numbers end at different distances, so
one run proves little. ``tools/evidence.py`` records each experiment with several seeds in a table;
a notebook compares its own run with them. The rule for a comparison is strict and simple: A is
*ahead* of B if the worst of A's seeds is better than the best of B's; otherwise they are level.
"""

from pathlib import Path
import reprlib

from gan_helpers import words
from gan_helpers._validation import check_path
from gan_helpers.data import DamagedFileError
import numpy as np
import pandas as pd

PACKAGE = Path(__file__).resolve().parent
FOLDERS = Path("evidence"), PACKAGE.parent / "notebooks" / "evidence", PACKAGE / "recorded"
LEAST_SEEDS = 3


def load(name, folder=None):
    """The recorded runs of a notebook.

    Args:
        name: of the notebook or its number, such as ``"03"``.
        folder: where ``03.csv`` lies; by default ``evidence`` beside the notebook, else
            ``notebooks/evidence`` of the checkout or what was installed with the package.

    Returns:
        A ``pandas.DataFrame`` with a row for each measurement: ``experiment`` (its name in the
        language that ``words.speak`` chose), ``seed``, ``step`` and what was measured.

    Raises:
        FileNotFoundError: there is no such table.
        DamagedFileError: the file is no such table.
    """
    number = str(name)[:2]
    folders = FOLDERS if folder is None else [check_path("folder", folder)]
    path = next((path for path in (x / f"{number}.csv" for x in folders) if path.is_file()), None)
    if path is None:
        raise FileNotFoundError(
            f"No recorded runs for {name!r}: {number}.csv is in none of "
            f"{', '.join(repr(str(folder)) for folder in folders)}. Record them in the series' "
            f"repository: python tools/evidence.py {number}"
        )
    try:
        table = pd.read_csv(path)
        if not {"experiment", "seed", "step"} <= set(table) or not len(table):
            raise ValueError("the columns experiment, seed and step are missing, or it is empty")
    except ValueError as error:  # pandas' own are ValueErrors, too
        raise DamagedFileError(f"{path}: not a table of recorded runs ({error}).") from error
    return table.assign(experiment=table["experiment"].map(words.say))


def last(table, measure):
    """Dict from each experiment to what its seeds measured at their last step.

    Args:
        table: from ``load``, or rows of it.
        measure: name of a column.

    Returns:
        A dict from a name to a ``float`` array ``(seeds,)``, in the order of the table.

    Raises:
        ValueError: no such table, or no such column.
    """
    _check_table(table, measure)
    ends = table.groupby(["experiment", "seed"], sort=False)["step"].transform("max")
    ends = table[table["step"] == ends]
    groups = ends.groupby("experiment", sort=False)[measure]
    return {name: values.to_numpy(float) for name, values in groups}


def when_below(table, experiment, measure, value):
    """The first step at which all seeds of an experiment measured at most ``value``.

    Args:
        table: from ``load``, or rows of it, with a column ``seconds``.
        experiment: its name in the table.
        measure: name of a column in which less is better, such as ``"frechet_distance"``.
        value: a number.

    Returns:
        A tuple: the step, an ``int``, and the seconds that the fastest seed had taken by then, a
        ``float`` (the others waited for other work of the machine); ``None`` if the seeds were
        never all there.

    Raises:
        ValueError: no such table, experiment or column, or ``value`` is no finite number.
    """
    _check_table(table, measure, "seconds")
    [value] = _numbers("value", [value])
    rows = table[table["experiment"] == experiment]
    if rows.empty:
        raise ValueError(
            f"experiment: {experiment!r} is none of {', '.join(table['experiment'].unique())}."
        )
    worst = rows.groupby("step").agg({measure: "max", "seconds": "min"})
    there = worst[worst[measure] <= value]
    return None if there.empty else (int(there.index[0]), float(there["seconds"].iloc[0]))


def compare(ours, others, lower_is_better=True):
    """Whether one experiment is ahead of another: ``"ahead"``, ``"behind"`` or ``"level"``.

    Args:
        ours, others: measurements, one per seed, at least three each.
        lower_is_better: as of a distance; ``False`` for an accuracy.

    Returns:
        ``"ahead"`` if the worst of ``ours`` is better than the best of ``others``, ``"behind"`` for
        the reverse, ``"level"`` where the two overlap; in the language that ``words.speak`` chose.

    Raises:
        ValueError: fewer than three seeds, or values that are no finite numbers.
    """
    ours, others = _seeds("ours", ours), _seeds("others", others)
    if not lower_is_better:
        ours, others = -ours, -others
    if ours.max() < others.min():
        return words.say("ahead")
    return words.say("behind" if others.max() < ours.min() else "level")


def place(value, recorded):
    """Where a single run stands among the recorded ones, as a sentence for its reader.

    Args:
        value: what this run measured.
        recorded: what the recorded seeds measured, at least three.

    Raises:
        ValueError: as ``compare``.
    """
    recorded = _seeds("recorded", recorded)
    [value] = _numbers("value", [value])
    low, high = recorded.min(), recorded.max()
    seeds = "the {count} recorded seeds, {low:.3g} to {high:.3g}"
    seeds = words.say(seeds, count=len(recorded), low=low, high=high)
    if low <= value <= high:
        text = "This run measured {value:.3g}, within the range of {seeds}."
    else:
        text = (
            "This run measured {value:.3g}, outside the range of {seeds}. That happens: a new seed "
            "falls outside the range of three in every other case. If it is far outside, or if you "
            "changed a parameter, that is what you are looking at."
        )
    return words.say(text, value=value, seeds=seeds)


def claim(sentence, holds, tested=True):
    """Print a lesson with its verdict, or stop the notebook where it does not hold.

    Args:
        sentence: what is claimed.
        holds: whether the run, or the recorded runs, show it.
        tested: ``False`` on a reduced budget or other data, where it may fail for good reasons.

    Raises:
        AssertionError: the claim was tested and does not hold.
    """
    if not tested:
        print(words.say("Not tested at these parameters: {sentence}", sentence=sentence))
    elif holds:
        print(words.say("Tested, and it holds: {sentence}", sentence=sentence))
    else:
        text = "This run does not show what the text says: {sentence}"
        raise AssertionError(words.say(text, sentence=sentence))


def _check_table(table, *measures):
    if not isinstance(table, pd.DataFrame) or not {"experiment", "seed", "step"} <= set(table):
        raise ValueError(
            f"table: expected one as evidence.load gives it, got {reprlib.repr(table)}."
        )
    for measure in measures:
        if not isinstance(measure, str) or measure not in table:
            raise ValueError(f"measure: {measure!r} is no column. There are {', '.join(table)}.")


def _seeds(name, values):
    values = _numbers(name, values)
    if len(values) < LEAST_SEEDS:
        raise ValueError(
            f"{name}: expected the measurements of at least {LEAST_SEEDS} seeds, got {len(values)}."
        )
    return values


def _numbers(name, values):
    try:
        numbers = np.asarray(values)
    except ValueError:  # rows of unequal length
        numbers = np.array(None)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iuf" or not np.isfinite(numbers).all():
        raise ValueError(
            f"{name}: expected finite numbers, one per seed, got {reprlib.repr(values)}."
        )
    return numbers.astype(float)
