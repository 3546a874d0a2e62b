"""The exercises: what is generated, what the checks catch, and what a student sees first."""

import ast
from pathlib import Path
import re
import sys

import matplotlib
import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
utils = pytest.importorskip("nbgrader.utils", reason="needs requirements-instructor.txt")
import exercises  # noqa: E402

NAMES = exercises.names()
STUB = "Student exercise: write this, then run the cell again."


@pytest.fixture(autouse=True)
def no_windows():
    """Figures are drawn into memory, and closed."""
    before = matplotlib.get_backend()
    matplotlib.use("Agg")
    yield
    matplotlib.pyplot.close("all")
    matplotlib.use(before)


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


def regions(text, begin, end):
    """The stripped blocks between lines that contain two marks."""
    blocks = [part.partition("\n")[2].split(end)[0] for part in text.split(begin)[1:]]
    return [block.rpartition("\n")[0].strip() for block in blocks]


def test_what_is_committed_is_what_the_source_makes(name):
    assert not exercises.differing(name), "Run 'make exercises', and commit what it writes."


def test_nothing_is_left_of_what_has_no_source():
    made = {path.stem for path in exercises.EXERCISES.glob("release/*/*.ipynb")}
    assert made == {path.stem for path in exercises.EXERCISES.glob("solutions/*.md")} == set(NAMES)


def test_a_source_is_complete(name):
    notebook = exercises.load_source(name)
    nbformat.validate(notebook)
    teaching = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    first_code = [
        next(c for c in book.cells if c.cell_type == "code") for book in (notebook, teaching)
    ]
    assert first_code[0].source == first_code[1].source
    solutions = [cell for cell in notebook.cells if utils.is_solution(cell)]
    written = [cell for cell in solutions if cell.cell_type == "markdown"]
    code = [cell for cell in solutions if cell.cell_type == "code"]
    assert 4 <= len(solutions) <= 8 and len(written) >= 1 and len(code) >= 3
    graded = [cell for cell in notebook.cells if utils.is_grade(cell)]
    assert sum(cell.metadata.nbgrader["points"] for cell in graded) == 10
    for cell in written:
        assert "BEGIN MARK SCHEME" in cell.source
    for cell in code:
        assert "BEGIN SOLUTION" in cell.source
        checks = exercises.checks_of(notebook, exercises.grade_id(cell))
        assert [exercises.grade_id(check).rpartition("_")[2] for check in checks] == [
            "checks",
            "hidden",
        ]
        assert "HIDDEN" not in checks[0].source
        assert regions(checks[1].source, "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
    for cell in graded:
        if cell.cell_type == "code":  # nbgrader takes the value of a last expression for points
            last = ast.parse(cell.source).body[-1]
            assert not isinstance(last, ast.Expr) or isinstance(last.value, ast.Call)


def test_no_solution_reaches_the_students(name):
    source = exercises.load_source(name)
    released = exercises.release_text(source)
    for mark in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME"):
        assert f"BEGIN {mark}" not in released and f"END {mark}" not in released
    student = nbformat.reads(released, as_version=4)
    everything = "\n".join(cell.source for cell in student.cells)
    secrets = []
    for cell in source.cells:
        secrets += regions(cell.source, "BEGIN SOLUTION", "END SOLUTION")
        secrets += regions(cell.source, "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
        if utils.is_solution(cell) and cell.cell_type == "markdown":
            secrets += [part for part in cell.source.split("\n") if len(part) > 40]
    assert len(secrets) >= 7
    assert not [secret for secret in secrets if secret in everything]
    assert STUB in everything
    assert [cell.id for cell in student.cells] == [cell.id for cell in source.cells]
    for cell in student.cells:
        assert not cell.get("outputs")
        if utils.is_locked(cell):
            assert cell.metadata.editable is cell.metadata.deletable is False


def test_nbgrader_itself_makes_the_same(tmp_path):
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader(exercises.CONFIG.name, str(exercises.EXERCISES)).load_config()
    config.CourseDirectory.root = str(exercises.EXERCISES)
    config.CourseDirectory.release_directory = str(tmp_path)
    config.CourseDirectory.assignment_id = NAMES[0]
    config.SaveCells.enabled = False  # the database
    config.GenerateAssignment.no_database = True
    GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    made = nbformat.read(tmp_path / NAMES[0] / f"{NAMES[0]}.ipynb", as_version=4)
    assert made == nbformat.reads(
        exercises.release_text(exercises.load_source(NAMES[0])), as_version=4
    )


def test_the_release_runs_until_the_first_unsolved_task(name):
    """Up to the cells that come after it, which is where a student stands at the beginning."""
    notebook = nbformat.reads(exercises.release_text(exercises.load_source(name)), as_version=4)
    namespace, tasks = {"__name__": "__main__"}, []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if utils.is_solution(cell):
            tasks.append(exercises.grade_id(cell))
        error = exercises.run_cell(cell.source, namespace)
        if error:
            break
    assert isinstance(error, NotImplementedError) and str(error) == STUB
    assert exercises.task_of(exercises.grade_id(cell)) == tasks[0] and len(tasks) == 1


def test_every_wrong_solution_is_told_why_and_every_right_one_passes(name):
    notebook, variants = exercises.load_source(name), exercises.load_variants(name)
    tasks = [exercises.grade_id(cell) for cell in notebook.cells if utils.is_solution(cell)]
    assert {variant.task for variant in variants} <= set(tasks)
    for cell in notebook.cells:
        if utils.is_solution(cell) and cell.cell_type == "code":
            kinds = [one.kind for one in variants if one.task == exercises.grade_id(cell)]
            assert kinds.count("right") >= 2 and kinds.count("wrong") >= 5, exercises.grade_id(cell)
    outcomes = exercises.try_variants(notebook, variants)
    failed = {f"{one.variant.task}, {one.variant.name}": exercises.verdict(one) for one in outcomes}
    assert not {key: value for key, value in failed.items() if value}
    assert len(outcomes) == len(variants)
    rows = exercises.table(name, notebook, outcomes)
    counts = [pair for row in rows for pair in re.findall(r"(\d+) of (\d+)", row)]
    assert len(rows) == len(tasks) and all(caught == total for caught, total in counts)
    assert sum(int(total) for _, total in counts) == len(variants)


def test_a_variants_file_with_a_bad_header_is_refused(tmp_path):
    for header in ("task | wrong | no message", "task | perhaps | x", "task"):
        (tmp_path / "x.py").write_text(f"# %% {header}\n1\n")
        with pytest.raises(ValueError, match=r"x\.py: '# %% task"):
            exercises.load_variants("x", tmp_path)


def test_the_command_says_what_differs(monkeypatch, capsys, tmp_path):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["exercises.py", *arguments])
        with pytest.raises(SystemExit) as stopped:
            exercises.main()
        return stopped.value.code, capsys.readouterr()

    assert run("--check")[0] == 0
    code, said = run("07_nothing")
    assert code == 2 and f"there are {NAMES[0]}" in said.err
    (tmp_path / "source" / "a").mkdir(parents=True)
    source = exercises.source_path(NAMES[0]).read_bytes()
    (tmp_path / "source" / "a" / "a.ipynb").write_bytes(source)
    folder = f"--folder={tmp_path}"
    code, said = run("--check", folder)
    assert code == 1 and "a.ipynb differs" in said.out and "make exercises" in said.out
    assert run(folder)[0] == 0 and run("--check", folder)[0] == 0
    made = tmp_path / "release" / "a" / "a.ipynb"
    assert b"\r" not in made.read_bytes() and made.read_bytes().endswith(b"\n")
    made.write_bytes(made.read_bytes() + b" ")
    assert run("--check", folder)[0] == 1
