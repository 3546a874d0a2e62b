"""The exercises: what is generated, and that no solution reaches the students."""

import ast
from pathlib import Path

import nbformat
import pytest

utils = pytest.importorskip("nbgrader.utils", reason="needs requirements-instructor.txt")
from grading import assignments  # noqa: E402
from grading.__main__ import main  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = assignments.names()
STUB = "Student exercise: write this, then run the cell again."


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


def regions(text, begin, end):
    """The stripped blocks between lines that contain two marks."""
    blocks = [part.partition("\n")[2].split(end)[0] for part in text.split(begin)[1:]]
    return [block.rpartition("\n")[0].strip() for block in blocks]


def test_what_is_committed_is_what_the_source_makes(name):
    assert not assignments.differing(name), "Run 'make exercises', and commit what it writes."


def test_nothing_is_left_of_what_has_no_source():
    for folder in (assignments.EXERCISES, assignments.EXERCISES / "ru"):
        made = {path.stem for path in folder.glob("release/*/*.ipynb")}
        solutions = {path.stem for path in folder.glob("solutions/*.md")}
        assert made == solutions == set(assignments.names(folder)) <= set(NAMES)


def test_a_source_is_complete(name):
    notebook = assignments.load_source(name)
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
        checks = assignments.checks_of(notebook, assignments.grade_id(cell))
        assert [assignments.grade_id(check).rpartition("_")[2] for check in checks] == [
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
    source = assignments.load_source(name)
    released = assignments.release_text(source)
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

    config = PyFileConfigLoader(assignments.CONFIG.name, str(assignments.EXERCISES)).load_config()
    config.CourseDirectory.root = str(assignments.EXERCISES)
    config.CourseDirectory.release_directory = str(tmp_path)
    config.CourseDirectory.assignment_id = NAMES[0]
    config.SaveCells.enabled = False  # the database
    config.GenerateAssignment.no_database = True
    GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    made = nbformat.read(tmp_path / NAMES[0] / f"{NAMES[0]}.ipynb", as_version=4)
    assert made == nbformat.reads(
        assignments.release_text(assignments.load_source(NAMES[0])), as_version=4
    )


def test_the_command_says_what_differs(capsys, tmp_path):
    def run(*arguments):
        code = main(["release", *arguments])
        return code, capsys.readouterr().out

    assert run("--check")[0] == 0
    with pytest.raises(SystemExit) as stopped:
        main(["release", "07_nothing"])
    assert stopped.value.code == 2 and f"there are {NAMES[0]}" in capsys.readouterr().err
    (tmp_path / "source" / "a").mkdir(parents=True)
    source = assignments.source_path(NAMES[0]).read_bytes()
    (tmp_path / "source" / "a" / "a.ipynb").write_bytes(source)
    folder = f"--folder={tmp_path}"
    code, printed = run("--check", folder)
    assert code == 1 and "a.ipynb differs" in printed and "make exercises" in printed
    assert run(folder)[0] == 0 and run("--check", folder)[0] == 0
    made = tmp_path / "release" / "a" / "a.ipynb"
    assert b"\r" not in made.read_bytes() and made.read_bytes().endswith(b"\n")
    made.write_bytes(made.read_bytes() + b" ")
    assert run("--check", folder)[0] == 1
