"""Grading a small assignment: good, bad, broken and hostile submissions in one folder."""

import csv
import json
import os
from pathlib import Path
import re
import shutil
import socket
import subprocess
import sys
import zipfile

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import RIGHT, SECRET, WRONG, Course, cell_of, pretend, without_kernels

from grading import assignments, grade, reading, results, runner, sandbox
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
    totals = {name: again[name]["total"] for name in ("Doe Jane", "ann", "missing", "roerichard")}
    assert totals == {"Doe Jane": "4,5", "ann": "3,5", "missing": "3,5", "roerichard": "3,5"}
    assert "Score: 4.5 / 5.0" in monday.page("Doe Jane_11_assignsubmission_file_/my work.html")
    assert again["ann"]["why /2"] == "1,5"  # the same spreadsheet can open it again
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

    def counted(job):
        ran.append(json.dumps(job["notebook"]))
        return pretend(job)

    def interrupted(futures, **_):
        yield next(futures)
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run_job", counted)
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
        "outside": "not a notebook",
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


# --- everything around the runs, without kernels ------------------------------------------------


@pytest.fixture
def quick(course, monkeypatch):
    without_kernels(monkeypatch)
    return course


MOODLE = "{} Lovelace_{}_assignsubmission_file_/"


def test_thirty_hand_ins_of_all_kinds_have_a_row_each(quick, capsys):
    """Right, wrong and odd ones, as several platforms export them, in one folder around all."""
    put, text, hand_in = quick.put, quick.text, quick.hand_in
    inner = quick.zipped(**{"work/demo.ipynb": text(RIGHT + "#7"), "work/photo.jpg": "x"})
    hand_in("w/" + MOODLE.format("Ada", 1) + "demo.ipynb", code=None)
    hand_in("w/" + MOODLE.format("Ada", 1) + "demo (1).ipynb", RIGHT + "#1")
    hand_in("w/" + MOODLE.format("Bob", 2) + "draft_old.ipynb", WRONG + "#2")
    hand_in("w/" + MOODLE.format("Bob", 2) + "a_final.ipynb", RIGHT + "#2")
    hand_in("w/" + MOODLE.format("Cem", 3) + "demo.ipynb.txt", RIGHT + "#3")
    put("w/" + MOODLE.format("Dee", 4) + "demo.ipynb", text(RIGHT + "#4").encode("utf-16"))
    put("w/" + MOODLE.format("Eve", 5) + "essay.pdf", "%PDF")
    put("w/" + MOODLE.format("Fay", 6) + "demo.ipynb", b"")
    put("w/" + MOODLE.format("Gus", 7) + "homework.zip", inner)
    put("w/" + MOODLE.format("Hal", 8) + "homework.zip", inner[:-20])
    put(b"w/M\xfcller_9_assignsubmission_file_demo.ipynb", text(RIGHT + "#9"))
    hand_in("w/ivy_10_100_demo.ipynb", WRONG + "#10")
    hand_in("w/ivy_LATE_10_101_demo-1.ipynb", RIGHT + "#10")
    hand_in("w/jim_11_102_demo.ipynb", RIGHT + "#11")
    put("w/jim_11_103_demo-1.ipynb", "a damaged later one")
    hand_in("w/HW 1_kim_attempt_2026-01-31-12-00-00_x.ipynb", RIGHT + "#12")
    put("w/HW 1_kim_attempt_2026-01-31-12-00-00.txt", "Name: Kim")
    hand_in("w/13-1 - Lea Lu - Oct 1, 2026 803 PM/demo.ipynb", RIGHT + "#13")
    hand_in("w/Mo, Max(max1)/Submission attachment(s)/demo.ipynb", RIGHT + "#14")
    hand_in("w/nan+demo+2026-01-31 12:00:00.0 UTC/demo.ipynb", RIGHT + "#15")
    hand_in("w/0012345.ipynb", RIGHT + "#16")
    hand_in("w/1e5.ipynb", RIGHT + "#17")
    hand_in("w/oda/demo/demo.ipynb", RIGHT + "#18")
    hand_in("w/pia.ipynb", name="later", code=None)
    hand_in("w/esc\x1b[31m.ipynb", RIGHT + "#19")
    put("w/=1+1.ipynb", "{}")
    hand_in("w/half.ipynb", RIGHT + "#20", "because")
    put(
        "w/half.ipynb",
        (quick.submissions / "w/half.ipynb").read_text().replace("because", "because \\ud800"),
    )
    os.symlink("/etc/passwd", quick.submissions / "w" / "link.ipynb")
    put("w/.DS_Store", "x")
    rows = quick.grade()
    printed = capsys.readouterr().out
    assert {name: (row["double /3"], row["status"]) for name, row in rows.items()} == {
        **dict.fromkeys(
            [
                "Ada Lovelace",
                "Cem Lovelace",
                "Dee Lovelace",
                "Gus Lovelace",
                "M\\xfcller",
                "ivy",
                "jim",
                "kim",
                "Lea Lu",
                "Mo, Max",
                "nan",
                "0012345",
                "1e5",
                "oda",
                "esc\\x1b[31m",
                "half",
            ],
            ("3", "fill in"),
        ),
        **dict.fromkeys(
            ["Eve Lovelace", "Fay Lovelace", "Hal Lovelace", "pia", "'=1+1", "link"],
            ("", "not graded"),
        ),
        "Bob Lovelace": ("1", "fill in"),
    }
    assert len(quick.table()) == 24  # two of Bob
    everything = " ".join(row["notes"] for row in quick.table())
    for file in (
        "Ada Lovelace_1_assignsubmission_file_/demo.ipynb (untouched)",
        "jim_11_103_demo-1.ipynb (not a notebook)",
        "ivy_10_100_demo.ipynb (not counted)",
        "photo.jpg (not a notebook)",
        "2026-01-31-12-00-00.txt (not a notebook)",
        "a damaged archive",
        "wrong assignment: it is later",
        "a link to another file",
    ):
        assert file in everything
    assert "fill in: 18" in printed and "not graded: 6" in printed and ".DS_Store" in printed
    assert "\x1b" not in printed and "\x1b" not in (quick.results / "grades.csv").read_text()
    pages = sorted(path.name for path in (quick.results / "feedback").rglob("*.html"))
    assert len(pages) == 24


def test_an_archive_with_one_folder_around_all(quick):
    for name in ("ada", "bob", "cem"):
        quick.hand_in(f"{name}.ipynb", RIGHT + f"# {name}")
    export = quick.folder / "week1.zip"
    with zipfile.ZipFile(export, "w") as archive:
        for path in sorted(quick.submissions.glob("*")):
            archive.write(path, f"week1/{path.name}")
            archive.writestr(f"__MACOSX/week1/._{path.name}", b"\0")
    assert set(quick.grade(export=export)) == {"ada", "bob", "cem"}


def test_the_instructor_chooses_between_files(quick):
    quick.hand_in("ada/first.ipynb", WRONG)
    quick.hand_in("ada/second.ipynb", RIGHT)
    quick.grade()
    rows = quick.table()
    assert [(row["counts"], row["status"], row["total"]) for row in rows] == [
        ("?", "fill in", "")
    ] * 2
    assert "first.ipynb" in rows[1]["notes"] and "second.ipynb" in rows[0]["notes"]
    rows[0]["why /2"], rows[1]["why /2"] = "1", "2"
    quick.save(rows)
    assert [row["total"] for row in quick.grade() and quick.table()] == ["", ""]
    rows = quick.table()
    rows[1]["counts"] = "Yes"
    quick.save(rows)
    for _ in range(2):
        (row,) = quick.grade() and quick.table()
        assert row["file"] == "ada/second.ipynb" and (row["total"], row["status"]) == (
            "5",
            "graded",
        )


@pytest.mark.parametrize("stage", ["examine", "rebuild", "run", "assess", "feedback"])
def test_a_failure_with_one_file_is_its_own(quick, monkeypatch, capsys, stage):
    for name in ("ada", "bob", "cem"):
        quick.hand_in(f"{name}.ipynb", RIGHT + f"# {name}")
    module = {"examine": reading, "run": runner, "feedback": results}.get(stage, grade)
    name = "run_job" if stage == "run" else stage
    usual = getattr(module, name)

    def failing(first, *others):
        if "# bob" in str(getattr(first, "notebook", "")) + str(others) + str(first):
            raise KeyError("\x1b[31m=1")
        return usual(first, *others)

    monkeypatch.setattr(module, name, failing)
    rows = quick.grade()
    printed = capsys.readouterr().out
    assert [rows[name]["double /3"] for name in ("ada", "cem")] == ["3", "3"]
    assert "failed: KeyError" in rows["bob"]["notes"] or "could not be made" in rows["bob"]["notes"]
    assert "fill in: " in printed and "\x1b" not in printed and "bob.ipynb: " in printed
    assert all((quick.results / "feedback" / f"{name}.html").exists() for name in rows)


def test_a_damaged_result_is_named_and_then_run_again(quick):
    quick.hand_in("ada.ipynb")
    quick.grade()
    (result,) = (quick.results / "runs").glob("*.json")
    result.write_text("{")
    assert "reading its result failed" in quick.grade()["ada"]["notes"]
    assert quick.grade()["ada"]["double /3"] == "3"


def test_a_spreadsheets_round_trip_costs_nothing(quick, capsys):
    for name in ("0012345", "1e5", "1-2", "Zoë"):
        quick.hand_in(f"{name}.ipynb", RIGHT + f"# {name}")
    quick.hand_in("copy.ipynb", RIGHT + "# Zoë")
    quick.grade()
    changed = {"0012345": "12345", "1e5": "100000", "1-2": "2026-01-02", "Zoë": "Zo"}
    rows = quick.table()
    for points, row in enumerate(rows):
        row["student"] = row["file"] = changed.get(row["student"], row["student"])
        row["why /2"], row["adjustment"] = f"{points / 4:g}".replace(".", ","), "-0,5"
    quick.save(rows, delimiter=";")
    content = (quick.results / "grades.csv").read_bytes()
    for saved in (content, content.decode().encode("utf-16"), content.decode().encode("cp1252")):
        (quick.results / "grades.csv").write_bytes(saved)
        quick.grade()
        assert [row["why /2"] for row in quick.table()] == ["0", "0,25", "0,5", "0,75", "1"]
        assert [row["total"] for row in quick.table()] == ["2,5", "2,75", "3", "3,25", "3,5"]
        assert "is not among" not in capsys.readouterr().out
    assert [row["student"] for row in quick.table()] == ["0012345", "1-2", "1e5", "Zoë", "copy"]


def test_another_file_of_a_student_is_graded_afresh(quick, capsys):
    quick.hand_in("ada.ipynb")
    quick.hand_in("bob.ipynb", WRONG)
    quick.grade()
    quick.fill_in("ada", **{"why /2": "2"})
    quick.hand_in("ada.ipynb", "# better\n" + RIGHT)
    (quick.submissions / "bob.ipynb").unlink()
    row = quick.grade()["ada"]
    assert row["why /2"] == "" and "another file than last time" in row["notes"]
    assert "bob was in grades.csv, but is not among the files" in capsys.readouterr().out


def test_an_answer_beside_its_cell_stays_open_and_what_is_filled_in_counts(quick):
    def below(notebook):
        index = notebook.cells.index(cell_of(notebook, "why"))
        notebook.cells[index] = cell_of(quick.release(), "why")
        notebook.cells.insert(index + 1, nbformat.v4.new_markdown_cell("Because it is so."))

    quick.hand_in("ada.ipynb", change=below)
    quick.hand_in("bob.ipynb", answer=cell_of(quick.release(), "why").source)
    rows = quick.grade()
    assert (rows["ada"]["why /2"], rows["ada"]["status"]) == ("", "fill in")
    assert rows["ada"]["notes"] == "why: no answer in its cell; there is text beside it"
    assert (rows["bob"]["why /2"], rows["bob"]["status"]) == ("0", "graded")
    quick.fill_in("ada", **{"why /2": "2"})
    quick.fill_in("bob", **{"why /2": "1"})
    rows = quick.grade()
    assert (rows["ada"]["total"], rows["bob"]["total"]) == ("5", "4")
    assert "Score: 4.0 / 5.0" in quick.page("bob.html")


def test_a_picture_in_an_answer_is_on_the_page(quick):
    def pasted(notebook):
        cell = cell_of(notebook, "why")
        cell.source = "![image.png](attachment:image.png) ![x](attachment:x.svg)"
        svg = {"image/svg+xml": "<svg onload=alert(1)>"}
        cell.attachments = {"image.png": {"image/png": "iVBORw0KGgo="}, "x.svg": svg}

    quick.hand_in("ada.ipynb", change=pasted)
    quick.hand_in("bob.ipynb")
    quick.grade()
    page = quick.page("ada.html")
    assert "a picture that is missing: x.svg" in page and "onload" not in page
    quick.hand_in(
        "ada.ipynb",
        change=lambda notebook: (
            pasted(notebook)
            or cell_of(notebook, "why").attachments.pop("x.svg")
            and cell_of(notebook, "why").update(source="![image.png](attachment:image.png)")
        ),
    )
    quick.grade()
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in quick.page("ada.html").replace("/>", ">")


@pytest.mark.parametrize("name", ["double_checks", "double_hidden"])
def test_a_copied_check_shows_nothing_hidden_on_the_page(quick, name):
    def copied(notebook):
        cell = cell_of(notebook, name)
        notebook.cells.append(type(cell)({**cell, "id": "copy"}))

    quick.hand_in("ada.ipynb", WRONG, change=copied)
    row = quick.grade()["ada"]
    page = re.sub("<[^>]+>", "", quick.page("ada.html"))
    assert "HIDDEN TESTS" not in page and "double(-2)" not in page
    assert row["double /3"] == "1" and f"{name} stands there more than once" in row["notes"]


def test_two_files_with_one_name_have_two_pages(quick):
    quick.hand_in("ada.ipynb", RIGHT)
    quick.hand_in("ADA.ipynb", WRONG)
    quick.hand_in("x" * 249 + ".ipynb", RIGHT + "#")
    quick.hand_in("bob/bob.ipynb", RIGHT + "#2")
    quick.grade()
    pages = (quick.results / "feedback").rglob("*.html")
    assert len({path.name.lower() for path in pages}) == 4


def test_only_an_automatic_copy_is_left(quick):
    quick.hand_in("ada/.ipynb_checkpoints/demo-checkpoint.ipynb", RIGHT + "#1")
    quick.hand_in("bob/.ipynb_checkpoints/demo-checkpoint.ipynb", WRONG + "#2")
    quick.hand_in("bob/demo.ipynb", RIGHT + "#2")
    rows = quick.grade()
    assert (rows["ada"]["double /3"], rows["bob"]["double /3"]) == ("3", "3")
    assert "an automatic copy" in rows["ada"]["notes"] and rows["bob"]["notes"] == ""


def test_untouched_notebooks_are_not_called_copies(quick):
    for name in ("ada", "bob"):
        quick.hand_in(f"{name}.ipynb", code=None)
    assert all("same code" not in row["notes"] for row in quick.grade().values())


def test_a_console_without_unicode_gets_numbers(quick):
    quick.put("Zoë →.ipynb", "no notebook")
    command = [sys.executable, "-m", "grading", "grade", str(quick.submissions), "demo"]
    command += [f"--folder={quick.folder}", "--without-isolation"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    root = Path(grade.__file__).parent.parent
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0 and "Zo\\xeb \\u2192.ipynb: not a notebook" in done.stdout
