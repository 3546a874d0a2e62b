"""tools/exercises.py: how many of the wrong solutions are caught and told which mistake it is."""

import pytest

pytest.importorskip("nbgrader.utils", reason="needs requirements-instructor.txt")
from course import make_source

import exercises
from grading import variants

SOLUTIONS = """
# %% double | right | twice
def double(x):
    return 2 * x

# %% double | right | added
def double(x):
    return x + x

# %% double | wrong | a constant | not 6
def double(x):
    return 7

# %% double | wrong | no sign | a negative number
def double(x):
    return 2 * abs(x)

# %% double | wrong | halved | divided by two
def double(x):
    return x / 2
"""


def solution(header, result):
    return f"# %% double | {header}\ndef double(x):\n    return {result}\n"


@pytest.fixture
def table(tmp_path, monkeypatch, capsys):
    """Run the command on a tiny set of exercises; returns the exit code and what it printed."""
    make_source(tmp_path / "course", "demo", "double")
    usual, more = tmp_path / "usual", tmp_path / "more"
    usual.mkdir()
    more.mkdir()
    (usual / "demo.py").write_text(SOLUTIONS, encoding="utf-8")
    monkeypatch.setattr(variants, "VARIANTS", usual)
    monkeypatch.setenv("MPLBACKEND", "agg")

    def run(*arguments, solutions=None):
        given = ["--folder", str(tmp_path / "course"), *arguments]
        if solutions is not None:
            (more / "demo.py").write_text(solutions, encoding="utf-8")
            given += ["--solutions", str(more)]
        return exercises.main(given), capsys.readouterr()

    return run


def test_the_table_counts_by_task(table):
    code, printed = table("--table")
    # "halved" is told "not 6", which is what belongs to "a constant".
    assert printed.out.splitlines() == [
        "| exercises | task | wrong | caught | named | misled | right | passed |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        "| demo | double | 3 | 3 | 2 | 1 | 2 | 2 |",
        "| all |  | 3 | 3 | 2 | 1 | 2 | 2 |",
        "100.0% of the wrong solutions are caught, and 66.7% of those are told which mistake it "
        "is; 2 of 2 right ones pass.",
    ]
    assert "demo: double, halved: is told 'AssertionError: not 6'" in printed.err
    assert "constant" not in printed.err and code == 1


@pytest.mark.parametrize(
    ("solutions", "counts", "expected"),
    [
        (solution("right | a constant as well", 6), "3 | 3 | 2 | 1 | 3 | 2", 1),
        (solution("wrong | the example's answer | negative", 6), "4 | 4 | 3 | 1 | 2 | 2", 1),
        (  # four of five are told their mistake
            solution("wrong | eight | not 6", 8) + solution("wrong | nine | not 6", 9),
            "5 | 5 | 4 | 1 | 2 | 2",
            0,
        ),
        (solution("wrong | nothing is wrong | not 6", "x * 2"), "4 | 3 | 2 | 1 | 2 | 2", 1),
    ],
)
def test_a_folder_of_more_solutions_and_the_bars(table, solutions, counts, expected):
    code, printed = table("--table", solutions=solutions)
    assert f"| all |  | {counts} |" in printed.out
    assert code == expected


def test_without_the_table_only_what_fares_wrong_is_listed(table):
    code, printed = table("demo")
    assert printed.out.count("\n") == 1 and printed.out.startswith("100.0% of the wrong")
    assert printed.err.count("demo: double, ") == 1 and code == 1


@pytest.mark.parametrize(
    ("arguments", "solutions", "message"),
    [
        (["07_nothing"], None, "no exercises 07_nothing; there are demo"),
        ([], "# %% triple | right | x\n1\n", "demo has no code task triple"),
        ([], "# %% double | bad | x\n1\n", "demo.py: '# %% double | bad | x' is not"),
    ],
)
def test_what_is_asked_for_and_not_there_is_named(table, capsys, arguments, solutions, message):
    with pytest.raises(SystemExit):
        table(*arguments, solutions=solutions)
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("caught", "named", "passed", "expected"),
    [(95, 76, 9, True), (94, 94, 9, False), (100, 79, 9, False), (100, 100, 8, False)],
)
def test_the_bars(caught, named, passed, expected):
    total = {"wrong": 100, "caught": caught, "named": named, "right": 9, "passed": passed}
    assert exercises.holds(total) is expected
