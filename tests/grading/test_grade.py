"""Grading a small assignment: good, bad, broken and hostile submissions in one folder."""

import csv
import json
from pathlib import Path
import re
import shutil
import socket
import sys
import zipfile

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
import feedback  # noqa: E402
import grade  # noqa: E402
import hand_ins  # noqa: E402
import run_submission  # noqa: E402

import exercises  # noqa: E402

RIGHT = "def double(x):\n    return x + x\n"
WRONG = "def double(x):\n    return 2 * abs(x)\n"  # passes the visible check only
SECRET = "a negative number is doubled, too"


def graded(cell, grade_id, **about):
    flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False}
    cell.metadata["nbgrader"] = flags | {"task": False, "grade_id": grade_id} | about
    return cell


def make_source(folder, name, task):
    solution = f"def {task}(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    hidden = f'### BEGIN HIDDEN TESTS\nassert {task}(-2) == -4, "{SECRET}"\n### END HIDDEN TESTS'
    visible = f'import sys\nprint("a warning", file=sys.stderr)\nassert {task}(3) == 6, "not 6"'
    check = {"grade": True, "locked": True}
    cells = [
        new_markdown_cell(f"# Exercises 00 — {name}"),
        new_code_cell("import math"),
        graded(new_code_cell(solution), task, solution=True),
        graded(new_code_cell(visible), f"{task}_checks", points=1, **check),
        graded(new_code_cell(hidden), f"{task}_hidden", points=2, **check),
        graded(new_markdown_cell("Since."), "why", grade=True, solution=True, points=2),
    ]
    for index, cell in enumerate(cells):
        cell.id = f"{name}-{index}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "source" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if exercises.grade_id(cell) == grade_id)


class Course:
    """A course in a temporary folder: two assignments, and what students handed in."""

    def __init__(self, folder):
        self.folder, self.place = folder, folder / "monday"
        self.results = folder / "monday-graded"
        make_source(folder, "demo", "double")
        make_source(folder, "later", "treble")

    def release(self, name="demo"):
        return exercises.apply(exercises.RELEASED, exercises.load_source(name, self.folder))

    def hand_in(self, path, code=RIGHT, answer="Because.", change=None, name="demo"):
        notebook = self.release(name)
        if code:
            cell_of(notebook, "double").source = code
            cell_of(notebook, "why").source = answer
        notebook = (change and change(notebook)) or notebook
        path = self.place / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(nbformat.writes(notebook), encoding="utf-8")

    def grade(self, monkeypatch, *options, place=None):
        isolation = run_submission.find_isolation(0)[0]
        trust = [] if isolation == "full" else ["--without-isolation"]
        arguments = [str(place or self.place), "demo", f"--folder={self.folder}", *trust, *options]
        monkeypatch.setattr(sys, "argv", ["grade.py", *arguments])
        grade.main()
        return self.rows()

    def rows(self):
        text = (self.results / "grades.csv").read_text(encoding="utf-8-sig")
        return {row["student"]: row for row in csv.DictReader(text.splitlines())}

    def page(self, path):
        return (self.results / "feedback" / path).read_text(encoding="utf-8")


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


def without_metadata(notebook, ids=False):
    for index, cell in enumerate(notebook.cells):
        cell.metadata = nbformat.NotebookNode()
        cell.id = cell.id if ids else f"new-{index}"


def tampered(notebook):
    cell_of(notebook, "double_checks").source = "pass"
    cell_of(notebook, "double_hidden").metadata.nbgrader["points"] = 100


def without_solution(notebook):
    notebook.cells = [cell for cell in notebook.cells if exercises.grade_id(cell) != "double"]


def boastful(notebook):
    cell = cell_of(notebook, "double_hidden")
    cell.outputs = [nbformat.v4.new_output("stream", text="All checks passed: 10 of 10")]
    cell.execution_count = 7


HOSTILE = """
import os, shutil, socket
def double(x):
    return 2 * x
def attempt(name, function):
    try:
        function()
        print(name, "DONE")
    except OSError as error:
        print(name, type(error).__name__)
attempt("delete", lambda: shutil.rmtree(CANARY))
attempt("write", lambda: open(CANARY + "/new", "w"))
attempt("read", lambda: open(SOURCE).read())
attempt("connect", lambda: socket.create_connection(("127.0.0.1", PORT), 1))
os.system("(sleep 3600 &)")
"""
SWITCH = """
import ast
class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(NoAsserts())
def double(x):
    return 0
"""


@pytest.fixture(scope="module")
def monday(tmp_path_factory):
    """A course after the grading of a folder with everything in it."""
    course = Course(tmp_path_factory.mktemp("course"))
    canary = course.folder / "canary"
    canary.mkdir()
    (canary / "file").write_text("still here")
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0)
    names = {
        "CANARY": str(canary),
        "SOURCE": str(exercises.source_path("demo", course.folder)),
        "PORT": server.getsockname()[1],
    }
    given = "".join(f"{name} = {value!r}\n" for name, value in names.items())
    course.hand_in("Doe Jane_11_assignsubmission_file_/my work.ipynb")
    course.hand_in("roerichard_12_901_demo.ipynb", RIGHT)
    course.hand_in("roerichard_LATE_12_905_demo-1.ipynb", WRONG)
    course.hand_in("ann/demo/demo.ipynb", RIGHT)
    course.hand_in("empty.ipynb", code=None)
    course.hand_in("tampered.ipynb", WRONG, change=tampered)
    course.hand_in("lost.ipynb", change=without_metadata)
    course.hand_in("ids.ipynb", change=lambda notebook: without_metadata(notebook, ids=True))
    course.hand_in("missing.ipynb", change=without_solution)
    course.hand_in("other.ipynb", code=None, name="later")
    course.hand_in("hang.ipynb", "def double(x):\n    while True:\n        pass\n")
    course.hand_in("exit.ipynb", "import os\nos._exit(0)\n")
    course.hand_in("gigabyte.ipynb", "while True:\n    print('x' * 10_000, flush=True)\n")
    course.hand_in("boastful.ipynb", "print('All checks passed')\n" + WRONG, change=boastful)
    course.hand_in("switch.ipynb", SWITCH)
    course.hand_in("hostile.ipynb", given + HOSTILE, "<script>alert(1)</script>")
    (course.place / "text.ipynb").write_text("print('no notebook')")
    (course.place / "huge.ipynb").write_bytes(b" " * 1_100_000)
    with pytest.MonkeyPatch.context() as monkeypatch:
        options = "--cell-seconds=3", "--seconds=30", "--output=1", "--size=1"
        course.grade(monkeypatch, *options)
        course.first = course.rows()
        course.options = options
    try:
        server.accept()
        course.visitor = True
    except OSError:
        course.visitor = False
    server.close()
    return course


@pytest.mark.parametrize(
    ("student", "double", "status", "said"),
    [
        ("Doe Jane", "3", "fill in", "the same code as ann/demo/demo.ipynb"),
        (
            "roerichard",
            "1",
            "fill in",
            "late; graded the latest; also handed in: roerichard_12",
        ),
        ("ann", "3", "fill in", "the same code as Doe Jane"),
        ("empty", "0", "graded", "why: no answer in its cell"),
        ("tampered", "1", "fill in", "double_checks was changed; the original was used"),
        ("lost", "", "not graded", "lost cell metadata: none of the tasks' cells"),
        ("ids", "3", "fill in", "lost cell metadata: the cells were found by their ids"),
        ("missing", "", "fill in", "double was missing"),
        ("other", "", "not graded", "wrong assignment: it is later"),
        ("text", "", "not graded", "not a notebook"),
        ("huge", "", "not graded", "too large"),
        ("hang", "0", "fill in", "double_checks took too long"),
        ("exit", "0", "fill in", "stopped at double: the kernel died"),
        ("gigabyte", "0", "fill in", "stopped at double: it printed more than 1 MB"),
        ("boastful", "1", "fill in", ""),
        ("switch", "", "not graded", "its code switched the checks off"),
        ("hostile", "3", "fill in", "look at its code: os.system, shutil, socket"),
    ],
)
def test_points_and_what_is_said(monday, student, double, status, said):
    row = monday.first[student]
    assert (row["double /3"], row["status"], row["max"]) == (double, status, "5")
    assert said in row["notes"] and bool(said) == bool(row["notes"])
    assert row["total"] == ("0" if student == "empty" else "")


def test_every_student_is_in_the_table_once(monday):
    assert len(monday.first) == 17
    assert monday.first["Doe Jane"]["number"] == "11"


def test_files_of_others_are_safe(monday):
    if run_submission.find_isolation(grade.user())[0] == "none":
        pytest.skip("this machine has neither namespaces nor another user to run as")
    assert (monday.folder / "canary" / "file").read_text() == "still here"
    page = monday.page("hostile.html")
    for name in ("delete", "write", "read"):
        assert re.search(rf"{name} \w+Error", page) and f"{name} DONE" not in page


def test_no_network(monday):
    if run_submission.find_isolation(0)[0] != "full":
        pytest.skip("namespaces cannot be made here, so the network is there")
    assert not monday.visitor and "connect ConnectionRefusedError" in monday.page("hostile.html")


def test_feedback_shows_messages_but_no_hidden_test_and_no_script(monday):
    page = monday.page("roerichard_LATE_12_905_demo-1.html")
    assert "Score: 1.0 / 5.0" in page and f"AssertionError: {SECRET}" in page
    assert "double(-2)" not in re.sub("<[^>]+>", "", page)
    assert feedback.BY_HAND in page
    assert "<script>alert" not in monday.page("hostile.html")
    assert "not graded. wrong assignment: it is later" in monday.page("other.html")
    assert (monday.results / "feedback/Doe Jane_11_assignsubmission_file_/my work.html").exists()


def test_what_is_filled_in_is_added_up_and_nothing_runs_again(monday, monkeypatch, capsys):
    monkeypatch.setattr(run_submission, "run_job", None)
    grades = monday.results / "grades.csv"
    rows = list(monday.rows().values())
    for row in rows:
        row["why /2"] = row["why /2"] or "1,5"  # as a German spreadsheet writes it
        row["adjustment"] = "-1" if row["student"] == "ann" else ""
        row["double /3"] = "2" if row["student"] in ("missing", "roerichard") else row["double /3"]
    with grades.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    again = monday.grade(monkeypatch, *monday.options)
    assert "double /3 was 2, is 1" in capsys.readouterr().out  # the checks' points are not changed
    totals = {name: again[name]["total"] for name in ("Doe Jane", "ann", "missing", "roerichard")}
    assert totals == {"Doe Jane": "4.5", "ann": "3.5", "missing": "3.5", "roerichard": "2.5"}
    assert "Score: 4.5 / 5.0" in monday.page("Doe Jane_11_assignsubmission_file_/my work.html")
    rows[0]["why /2"] = "3"
    with grades.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    before = grades.read_bytes()
    with pytest.raises(SystemExit) as stopped:
        monday.grade(monkeypatch, *monday.options)
    assert stopped.value.code == 2 and "why /2: 3 is not within it" in capsys.readouterr().err
    assert grades.read_bytes() == before


def test_an_interrupted_run_goes_on_and_a_changed_file_is_graded_again(course, monkeypatch):
    ran = []

    def pretend(job):
        ran.append(json.dumps(job["notebook"]))
        notebook = nbformat.from_dict(job["notebook"])
        for cell in notebook.cells:
            cell.metadata["status"] = "error" if cell.metadata.get("probe") else "ok"
        return {"notebook": notebook, "ended": "", "cell": 0}

    def interrupted(futures, **_):
        yield next(futures)
        raise KeyboardInterrupt

    monkeypatch.setattr(run_submission, "run_job", pretend)
    for name, code in (("a", RIGHT), ("b", WRONG), ("c", RIGHT + "\n")):
        course.hand_in(f"{name}.ipynb", code)
    with monkeypatch.context() as patch:
        patch.setattr(grade, "tqdm", interrupted)
        with pytest.raises(SystemExit, match="The same command goes on from here"):
            course.grade(patch, "--workers=1")
    assert ran and not (course.results / "grades.csv").exists()
    course.grade(monkeypatch, "--workers=1")
    assert len(ran) == len(set(ran)) == 3
    course.hand_in("a.ipynb", "# better\n" + RIGHT)
    course.grade(monkeypatch, "--workers=1")
    assert len(ran) == 4


def test_a_zip_is_graded_like_a_folder(course, monkeypatch):
    monkeypatch.setattr(run_submission, "run_job", None)
    (course.place / ".ipynb_checkpoints").mkdir(parents=True)
    (course.place / ".ipynb_checkpoints" / "x.ipynb").write_text("no")
    (course.place / "x.ipynb").write_text("[]")
    (course.place / "essay.pdf").write_text("%PDF")
    archive = shutil.make_archive(str(course.place), "zip", course.place)
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("../outside.ipynb", "{}")
    rows = course.grade(monkeypatch, place=Path(archive))
    assert {name: row["notes"] for name, row in rows.items()} == {
        "essay": "not a notebook",
        "x": "not a notebook",
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Doe Jane_12345_assignsubmission_file_/x.ipynb", ("Doe Jane", "12345", (), False)),
        ("Doe Jane_12345_assignsubmission_file/x.ipynb", ("Doe Jane", "12345", (), False)),
        ("von_Au Zoë_7_assignsubmission_file_x.ipynb", ("von_Au Zoë", "7", (), False)),
        ("doejane_12_678_01_vanilla_gan.ipynb", ("doejane", "12", (0, 678), False)),
        ("doejane_12_679_01_vanilla_gan-2.ipynb", ("doejane", "12", (2, 679), False)),
        ("doejane_LATE_12_680_my file.ipynb", ("doejane", "12", (0, 680), True)),
        ("jane.ipynb", ("jane", "", (), False)),
        ("jane/work.ipynb", ("jane", "", (), False)),
        ("submitted/jane/demo/demo.ipynb", ("jane", "", (), False)),
        ("jane/demo/demo.ipynb", ("jane", "", (), False)),
    ],
)
def test_who_handed_in(path, expected):
    assert hand_ins.who(path, "demo") == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}',
        b'{"nbformat": 99, "cells": []}',
    ],
)
def test_what_is_no_notebook(content):
    submission = hand_ins.Submission("x.ipynb", content, "x")
    hand_ins.examine(submission, "demo", {})
    assert submission.problem == "not a notebook"


def test_strange_metadata_of_cells_does_no_harm(course):
    def strange(notebook):
        for value, cell in zip(
            ("text", {"grade": True}, {"grade_id": 3}), notebook.cells, strict=False
        ):
            cell.metadata["nbgrader"] = value

    course.hand_in("a.ipynb", change=strange)
    sources = {"demo": exercises.load_source("demo", course.folder)}
    (submission,) = hand_ins.collect(course.place, "demo", 1e6)
    hand_ins.examine(submission, "demo", sources)
    graded_source = exercises.apply(exercises.GRADED, sources["demo"])
    notebook = hand_ins.rebuild(submission, graded_source, course.release())
    assert not submission.problem
    names = [exercises.grade_id(cell) for cell in notebook.cells if exercises.grade_id(cell)]
    assert names == ["double", "double_checks", "double_hidden", "why"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("np.allclose = lambda *a: True", ["look at its code: np.allclose ="]),
        (
            "tf.nn.softplus = None; get_ipython()",
            ["look at its code: get_ipython, tf.nn.softplus ="],
        ),
        ("model.trainable = False\nx = np.ones(3)", []),
        ("this is ( no Python", []),
    ],
)
def test_suspicious_code_is_named(code, found):
    assert hand_ins.suspicious(code) == found


def test_no_output_reaches_a_browser_as_html():
    data = {
        "text/html": "<script>1</script>",
        "image/png": '"><script>1</script>',
        "text/plain": "x",
    }
    output = nbformat.v4.new_output("display_data", data=data)
    assert feedback.harmless(output, False)["data"] == {"text/plain": "x"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{folder}/monday", "07_nothing"], "no assignment '07_nothing'; there are: demo, later"),
        (["{folder}/nowhere", "demo"], "is neither a folder nor a .zip file"),
        (["{folder}/nothing", "demo"], "no notebook (.ipynb) in"),
    ],
)
def test_bad_input_is_refused(course, monkeypatch, capsys, arguments, message):
    course.hand_in("a.ipynb")
    (course.folder / "nothing").mkdir()
    filled = [argument.format(folder=course.folder) for argument in arguments]
    monkeypatch.setattr(sys, "argv", ["grade.py", *filled, f"--folder={course.folder}"])
    with pytest.raises(SystemExit) as stopped:
        grade.main()
    assert stopped.value.code == 2 and message in capsys.readouterr().err
    assert not course.results.exists()


def test_without_isolation_nothing_runs_unless_it_is_asked_for(course, monkeypatch, capsys):
    monkeypatch.setattr(run_submission, "find_isolation", lambda user: ("none", "this is a Mac"))
    monkeypatch.setattr(run_submission, "run_job", None)
    course.hand_in("a.ipynb")
    monkeypatch.setattr(
        sys, "argv", ["grade.py", str(course.place), "demo", f"--folder={course.folder}"]
    )
    with pytest.raises(SystemExit) as stopped:
        grade.main()
    said = capsys.readouterr().err
    assert stopped.value.code == 2 and "this is a Mac" in said and "delete your files" in said
