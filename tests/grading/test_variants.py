"""Solutions tried against the checks: the mistakes are told why, and the right ones pass."""

from collections import Counter
import re

import matplotlib.pyplot
import nbformat
import pytest

utils = pytest.importorskip("nbgrader.utils", reason="needs requirements-instructor.txt")
from grading import assignments, variants  # noqa: E402
from grading.assignments import grade_id  # noqa: E402

NAMES = assignments.names()
RUSSIAN = assignments.EXERCISES / "ru"
STUB = "Student exercise: write this, then run the cell again."
SHORTER = {"EPOCHS": 1, "epochs": 1, "NETWORKS": 1, "seconds": 0.2, "steps": 40, "moments": 4}
SHORTER["seeds"] = "0,"  # one in place of three


@pytest.fixture(autouse=True)
def no_windows():
    """Figures are drawn into memory, and closed."""
    before = matplotlib.get_backend()
    matplotlib.use("Agg")
    yield
    matplotlib.pyplot.close("all")
    matplotlib.use(before)


@pytest.mark.parametrize("name", NAMES)
def test_the_release_runs_until_the_first_unsolved_task(name):
    """Up to the cells that come after it, which is where a student stands at the beginning."""
    released = assignments.release_text(assignments.load_source(name))
    notebook = nbformat.reads(released, as_version=4)
    namespace, tasks = {"__name__": "__main__"}, []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if utils.is_solution(cell):
            tasks.append(grade_id(cell))
        error = variants.run_cell(cell.source, namespace)
        if error:
            break
    assert isinstance(error, NotImplementedError) and str(error) == STUB
    assert assignments.task_of(grade_id(cell)) == tasks[0] and len(tasks) == 1


def shortened(notebook):
    """The notebook with less to train in its own cells, on which no check depends."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and not grade_id(cell):
            for name, value in SHORTER.items():
                cell.source = re.sub(
                    rf"(?m)^{name} = \d+(, \d+)*", f"{name} = {value}", cell.source
                )
    return notebook


def every_sixth_wrong_one(solutions):
    """All right solutions, and of each task every sixth wrong one, which takes a third the time."""
    numbers = Counter()
    for variant in solutions:
        numbers[variant.task] += variant.kind == "wrong"
        if variant.kind == "right" or numbers[variant.task] % 6 == 1:
            yield variant


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", ["a sixth", pytest.param("all", marks=pytest.mark.slow)])
def test_every_wrong_solution_is_told_why_and_every_right_one_passes(name, share):
    notebook, solutions = assignments.load_source(name), variants.load_variants(name)
    tasks = [grade_id(cell) for cell in notebook.cells if utils.is_solution(cell)]
    assert {variant.task for variant in solutions} <= set(tasks)
    for cell in notebook.cells:
        if utils.is_solution(cell) and cell.cell_type == "code":
            kinds = [variant.kind for variant in solutions if variant.task == grade_id(cell)]
            assert kinds.count("right") >= 2 and kinds.count("wrong") >= 5, grade_id(cell)
    solutions = solutions if share == "all" else list(every_sixth_wrong_one(solutions))
    outcomes = variants.try_variants(shortened(notebook), solutions)
    failed = {
        f"{outcome.variant.task}, {outcome.variant.name}": variants.verdict(outcome)
        for outcome in outcomes
        if variants.verdict(outcome)
    }
    assert not failed
    assert len(outcomes) == len(solutions)


@pytest.mark.slow
@pytest.mark.parametrize("name", assignments.names(RUSSIAN))
def test_solutions_fare_in_russian_as_in_english(name):
    """A dozen of them: each cell of checks ends in the same kind of error, whatever it says."""
    solutions = variants.load_variants(name)
    solutions = [
        variant._replace(message="no message, so that all cells are run")
        for variant in solutions[:: 1 + len(solutions) // 12]
    ]
    kinds = []
    for folder in (assignments.EXERCISES, RUSSIAN):
        notebook = shortened(assignments.load_source(name, folder))
        outcomes = variants.try_variants(notebook, solutions)
        kinds.append([[text.partition(":")[0] for text in one.messages] for one in outcomes])
    assert kinds[0] == kinds[1]


def test_a_variants_file_with_a_bad_header_is_refused(tmp_path):
    for header in ("task | wrong | no message", "task | perhaps | x", "task"):
        (tmp_path / "x.py").write_text(f"# %% {header}\n1\n")
        with pytest.raises(ValueError, match=r"x\.py: '# %% task"):
            variants.load_variants("x", tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_every_replacement_fits_the_solution_in_the_source(name):
    notebook = assignments.load_source(name)
    solutions = {grade_id(cell): cell.source for cell in notebook.cells if utils.is_solution(cell)}
    for variant in variants.load_variants(name):
        whole = variants.complete(variant, solutions[variant.task])
        compile(whole, variant.name, "exec")
        assert whole.strip() != assignments.without_marks(solutions[variant.task]), variant.name


SOLUTION = """def spread(values):
    ### BEGIN SOLUTION
    low, high = min(values), max(values)
    return high - low
    ### END SOLUTION
"""


def spread_with(lines):
    variant = variants.Variant("spread", "wrong", "a mistake", "a message", lines)
    return variants.complete(variant, SOLUTION)


def test_replacements_make_a_whole_solution():
    assert (
        spread_with("def spread(values):\n    return 3\n") == "def spread(values):\n    return 3\n"
    )
    whole = spread_with('("high - low", "low - high")\n')
    assert whole == (
        "def spread(values):\n    low, high = min(values), max(values)\n    return low - high\n"
    )
    assert "high - high" in spread_with('("- low", "- high")')
    assert "max(values), min(values)" in spread_with('("min", "max")\n("max", "min")')  # at once
    assert "min(v), max(v)" in spread_with('("(values),", "(v),")\n("max(values)", "max(v)")')
    assert "min(v), max(v)" in spread_with('("values", "v", 3)')


@pytest.mark.parametrize(
    "lines, message",
    [
        ('("mean", "sum")', "has 'mean' 0 times, expected 1"),
        ('("values", "v")', "has 'values' 3 times, expected 1"),
        ('("values", "v", 2)', "has 'values' 3 times, expected 2"),
        ('("mean", "sum", 0)', "has 'mean' 0 times"),
        ('("", "v")', "expected 1"),
        ('("### BEGIN", "")', "0 times"),  # the marks are no part of the solution
        ('("min(values)", "1")\n("(values), max", "2")', "overlap"),
        ('("min(values)" "1")', "is not"),
        ('("min", "max", "3")', "is not"),
        ('("min", 3)', "is not"),
        ('("min", "max")\n"max"', "is not"),
        ('("min", max)', "malformed"),
        ('("min", "max"', "was never closed"),
        ('("min", "max")\nmax = min', "malformed"),
        ('("min", "max")\nimport math', "no attribute"),
    ],
)
def test_a_replacement_that_does_not_fit_is_refused(lines, message):
    with pytest.raises(ValueError, match="^spread, a mistake: .*" + re.escape(message)):
        spread_with(lines)
