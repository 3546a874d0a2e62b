"""Grading a small assignment: good, bad, broken and hostile submissions in one folder."""

import csv
import json
from pathlib import Path
import re
import shutil
import socket
import zipfile

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import RIGHT, SECRET, WRONG, Course, cell_of

from grading import assignments, grade, runner, sandbox
from grading.__main__ import main
from grading.feedback import BY_HAND


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
    notebook.cells = [cell for cell in notebook.cells if assignments.grade_id(cell) != "double"]


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
        "SOURCE": str(assignments.source_path("demo", course.folder)),
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
    (course.submissions / "text.ipynb").write_text("print('no notebook')")
    (course.submissions / "huge.ipynb").write_bytes(b" " * 1_100_000)
    course.options = "--cell-seconds=3", "--seconds=30", "--output=1", "--size=1"
    course.first = course.grade(*course.options)
    try:
        server.accept()
        course.visitor = True
    except OSError:
        course.visitor = False
    server.close()
    return course


@pytest.mark.parametrize(
    ("student", "double", "status", "notes"),
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
def test_points_and_notes(monday, student, double, status, notes):
    row = monday.first[student]
    assert (row["double /3"], row["status"], row["max"]) == (double, status, "5")
    assert notes in row["notes"] and bool(notes) == bool(row["notes"])
    assert row["total"] == ("0" if student == "empty" else "")


def test_every_student_is_in_the_table_once(monday):
    assert len(monday.first) == 17
    assert monday.first["Doe Jane"]["number"] == "11"


def test_files_of_others_are_safe(monday):
    if sandbox.find_isolation(sandbox.submission_user())[0] == "none":
        pytest.skip("this machine has neither namespaces nor another user to run as")
    assert (monday.folder / "canary" / "file").read_text() == "still here"
    page = monday.page("hostile.html")
    for name in ("delete", "write", "read"):
        assert re.search(rf"{name} \w+Error", page) and f"{name} DONE" not in page


def test_no_network(monday):
    if sandbox.find_isolation(0)[0] != "full":
        pytest.skip("namespaces cannot be made here, so the network is there")
    assert not monday.visitor and "connect ConnectionRefusedError" in monday.page("hostile.html")


def test_feedback_shows_messages_but_no_hidden_test_and_no_script(monday):
    page = monday.page("roerichard_LATE_12_905_demo-1.html")
    assert "Score: 1.0 / 5.0" in page and f"AssertionError: {SECRET}" in page
    assert "double(-2)" not in re.sub("<[^>]+>", "", page)
    assert BY_HAND in page
    assert "<script>alert" not in monday.page("hostile.html")
    assert "not graded. wrong assignment: it is later" in monday.page("other.html")
    assert (monday.results / "feedback/Doe Jane_11_assignsubmission_file_/my work.html").exists()


def test_what_is_filled_in_is_added_up_and_nothing_runs_again(monday, monkeypatch, capsys):
    monkeypatch.setattr(runner, "run_job", None)
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
    again = monday.grade(*monday.options)
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
        monday.grade(*monday.options)
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

    monkeypatch.setattr(runner, "run_job", pretend)
    for name, code in (("a", RIGHT), ("b", WRONG), ("c", RIGHT + "\n")):
        course.hand_in(f"{name}.ipynb", code)
    with monkeypatch.context() as patch:
        patch.setattr(grade, "tqdm", interrupted)
        with pytest.raises(SystemExit, match="The same command goes on from here"):
            course.grade("--workers=1")
    assert ran and not (course.results / "grades.csv").exists()
    course.grade("--workers=1")
    assert len(ran) == len(set(ran)) == 3
    course.hand_in("a.ipynb", "# better\n" + RIGHT)
    course.grade("--workers=1")
    assert len(ran) == 4


def test_a_zip_is_graded_like_a_folder(course, monkeypatch):
    monkeypatch.setattr(runner, "run_job", None)
    (course.submissions / ".ipynb_checkpoints").mkdir(parents=True)
    (course.submissions / ".ipynb_checkpoints" / "x.ipynb").write_text("no")
    (course.submissions / "x.ipynb").write_text("[]")
    (course.submissions / "essay.pdf").write_text("%PDF")
    archive = shutil.make_archive(str(course.submissions), "zip", course.submissions)
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("../outside.ipynb", "{}")
    rows = course.grade(export=Path(archive))
    assert {name: row["notes"] for name, row in rows.items()} == {
        "essay": "not a notebook",
        "x": "not a notebook",
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{folder}/monday", "07_nothing"], "no assignment '07_nothing'; there are: demo, later"),
        (["{folder}/nowhere", "demo"], "is neither a folder nor a .zip file"),
        (["{folder}/nothing", "demo"], "no notebook (.ipynb) in"),
    ],
)
def test_bad_input_is_refused(course, capsys, arguments, message):
    course.hand_in("a.ipynb")
    (course.folder / "nothing").mkdir()
    filled = [argument.format(folder=course.folder) for argument in arguments]
    with pytest.raises(SystemExit) as stopped:
        main(["grade", *filled, f"--folder={course.folder}"])
    assert stopped.value.code == 2 and message in capsys.readouterr().err
    assert not course.results.exists()


def test_without_isolation_nothing_runs_unless_it_is_asked_for(course, monkeypatch, capsys):
    monkeypatch.setattr(sandbox, "find_isolation", lambda user: ("none", "this is a Mac"))
    monkeypatch.setattr(runner, "run_job", None)
    course.hand_in("a.ipynb")
    with pytest.raises(SystemExit) as stopped:
        main(["grade", str(course.submissions), "demo", f"--folder={course.folder}"])
    printed = capsys.readouterr().err
    assert stopped.value.code == 2 and "this is a Mac" in printed and "delete your files" in printed
