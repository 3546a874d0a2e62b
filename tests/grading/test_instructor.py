"""What an instructor gives and gets: answers by question, comments, corrections, a report."""

import argparse
import csv
import html
from html.parser import HTMLParser
import re

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import RIGHT, WRONG, Course, cell_of, pretend, without_kernels

from grading import assignments, grade, gradebook, runner
from grading.__main__ import main

PNG = "iVBORw0KGgo="
HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"


@pytest.fixture
def course(tmp_path, monkeypatch):
    without_kernels(monkeypatch)
    return Course(tmp_path)


def text_of(page):
    page = re.sub("<[^>]+>", " ", re.sub("(?s)<style>.*?</style>", "", page))
    return re.sub(r"\s+", " ", html.unescape(page))


def result(course, name):
    return (course.results / name).read_text(encoding="utf-8")


def moved(course, text, kind="markdown", before=False):
    """A change of a notebook: the answer stands beside its cell, which is as it was handed out."""

    def change(notebook):
        index = notebook.cells.index(cell_of(notebook, "why"))
        notebook.cells[index] = cell_of(course.release(), "why")
        make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        notebook.cells.insert(index + (not before), make(text))

    return change


# --- answers by question ------------------------------------------------------------------------


def test_all_answers_to_a_question_are_on_one_page_without_names(course):
    course.hand_in("Ada.ipynb", RIGHT + "#1", "Because *two*.")
    course.hand_in("Bob.ipynb", WRONG + "#2", "Since three.")
    course.hand_in("Cem.ipynb", RIGHT + "#3", cell_of(course.release(), "why").source)
    rows = course.grade()
    page = result(course, "answers/why.html")
    text = text_of(page)
    assert "<em>two</em>" in page and "Since three." in text and "Ada" not in text
    codes = [row["id"][:6] for row in rows.values()]
    assert all(code in text for code in codes)
    answered = sorted(rows[name]["id"][:6] for name in ("Ada", "Bob"))
    assert text.index(answered[0]) < text.index(answered[1])  # as the table sorted by id
    assert rows["Cem"]["id"][:6] in text.partition("No answer")[2]
    course.grade("--names")
    assert "Ada" in text_of(result(course, "answers/why.html"))


def test_the_rubric_and_the_sample_answer_stand_above(course, monkeypatch):
    path = course.folder / "source/demo/demo.ipynb"
    source = nbformat.read(path, 4)
    scheme = "\n\n### BEGIN MARK SCHEME\n1 point: *the reason*\n### END MARK SCHEME"
    cell_of(source, "why").source += scheme
    nbformat.write(source, path)
    course.hand_in("Ada.ipynb", RIGHT, "Because.")
    course.grade()
    page = result(course, "answers/why.html")
    assert "1 point: <em>the reason</em>" in page and "Since." in page and "MARK SCHEME" not in page
    assert page.index("the reason") < page.index("Because.")
    assert "the reason" not in course.page("Ada.html")


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("kind", ["markdown", "code"])
def test_an_answer_beside_its_cell_is_on_the_page(course, kind, before):
    text = "Because it is so." if kind == "markdown" else "# Because it is so."
    course.hand_in("Ada.ipynb", change=moved(course, text, kind, before))
    course.hand_in("Bob.ipynb", answer="Mine.")
    course.grade()
    text = text_of(result(course, "answers/why.html"))
    assert "In a cell beside it" in text and "Because it is so." in text and "No answer" not in text
    assert text.count("In a cell beside it") == 1


def test_pasted_pictures_are_kept_and_nothing_runs(course):
    def pasted(notebook):
        cell = cell_of(notebook, "why")
        cell.source = "![image.png](attachment:image.png) " + HOSTILE
        cell.attachments = {"image.png": {"image/png": PNG}}

    course.hand_in("Ada.ipynb", change=pasted)
    course.hand_in("<b>Bob.ipynb", change=moved(course, HOSTILE))
    course.grade("--names")
    for path in ("answers/why.html", "report.html", "feedback/Ada.html", "feedback/_b_Bob.html"):
        page = result(course, path)
        tags = Tags(page)
        assert not {"script", "link", "iframe", "object"} & tags.names, path
        assert not tags.handlers and "javascript:" not in tags.addresses, path
        assert all(re.match(r"data:image/png|#", address) for address in tags.loaded), path
    assert f"data:image/png;base64,{PNG}" in result(course, "answers/why.html")
    assert f"data:image/png;base64,{PNG}" in course.page("Ada.html")


class Tags(HTMLParser):
    """What a browser would run or load of a page."""

    def __init__(self, page):
        super().__init__()
        self.names, self.handlers, self.addresses, self.loaded = set(), set(), "", []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.names.add(tag)
        values = {name: value or "" for name, value in attributes}
        self.handlers |= {name for name in values if name.startswith("on")}
        self.addresses += " ".join(values.get(name, "") for name in ("href", "src", "xlink:href"))
        self.loaded += [values[name] for name in ("src", "xlink:href", "data") if name in values]


# --- what an instructor says --------------------------------------------------------------------


def test_comments_adjustment_and_reason_land_on_the_page(course):
    course.hand_in("Ada.ipynb", RIGHT, "Because.")
    course.grade()
    said = {"why /2": "1.5", "why comment": "Nice & <b>short</b>,\nbut why?", "comment": "Go on!"}
    course.fill_in("Ada", adjustment="-0.5", reason="A wrong name.", **said)
    row = course.grade()["Ada"]
    assert row["total"] == "4" and {name: row[name] for name in said} == said
    assert (row["reason"], row["adjustment"]) == ("A wrong name.", "-0.5")
    page = course.page("Ada.html")
    head = text_of(page.partition("<h2>")[0])
    for piece in ("double 3 of 3", "why 1.5 of 2", "Adjustment −0.5 A wrong name.", "Sum 4 of 5"):
        assert piece in head
    assert "Score: 4.0 / 5.0" in page and "Go on!" in head and "<b>short" not in page
    assert page.count("Nice &amp; &lt;b&gt;short&lt;/b&gt;,\nbut why?") == 2  # above, and below it
    assert "Nice &amp; &lt;b&gt;short" in result(course, "answers/why.html")
    assert course.grade()["Ada"] == row


def test_the_head_says_what_the_checks_said(course):
    course.hand_in("Ada.ipynb", WRONG, "Because.")
    course.hand_in("Bob.ipynb", "def double(x):\n    return missing\n", "Because.")
    course.grade()
    head = text_of(course.page("Ada.html").partition("<h2>")[0])
    assert "double 1 of 3 Hidden checks: a negative number is doubled, too" in head
    assert "Checks: NameError: name 'missing' is not defined" in text_of(course.page("Bob.html"))


def test_points_of_a_code_task_can_be_corrected_and_are_shown_as_corrected(course, capsys):
    course.hand_in("Ada.ipynb", WRONG)
    row = course.grade()["Ada"]
    assert (row["double /3"], row["checks"]) == ("1", "double 1")
    course.fill_in("Ada", **{"double /3": "2,5", "why /2": "1"})
    for _ in range(2):
        row = course.grade()["Ada"]
        assert (row["double /3"], row["checks"], row["total"]) == ("2,5", "double 1", "3,5")
        text = text_of(course.page("Ada.html"))
        assert "2.5 of 3" in text and "Corrected by your instructor; the checks gave 1." in text
    course.fill_in("Ada", **{"double /3": ""})
    assert course.grade()["Ada"]["double /3"] == "1"
    assert "Corrected" not in course.page("Ada.html")


def test_points_that_nobody_corrected_follow_the_checks(course, capsys, monkeypatch):
    course.hand_in("Ada.ipynb", WRONG)
    course.grade()
    path = course.folder / "source/demo/demo.ipynb"
    source = nbformat.read(path, 4)
    cell_of(source, "double_hidden").source = "### BEGIN HIDDEN TESTS\npass\n### END HIDDEN TESTS"
    nbformat.write(source, path)
    row = course.grade()["Ada"]
    assert (row["double /3"], row["checks"]) == ("3", "double 3")
    assert "the checks gave 1 for double, and now 3" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"adjustment": "-0.5 late"}, "adjustment: '-0.5 late' is not a number"),
        ({"adjustment": "nan"}, "is not a number"),
        ({"double /3": "4"}, "double /3: 4 is not within it"),
        ({"why /2": "-1"}, "why /2: -1 is not within it"),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_is_lost(course, capsys, fields, message):
    course.hand_in("Ada.ipynb")
    course.grade()
    course.fill_in("Ada", **fields)
    before = (course.results / "grades.csv").read_bytes()
    with pytest.raises(SystemExit):
        course.grade()
    assert message in capsys.readouterr().err
    assert (course.results / "grades.csv").read_bytes() == before


# --- again, and the report ----------------------------------------------------------------------


def test_one_student_is_graded_again(course, monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(runner, "run_job", lambda job: ran.append(job) or pretend(job))
    for name in ("Ada", "Bob"):
        course.hand_in(f"{name}.ipynb", RIGHT + f"# {name}")
    rows = course.grade()
    course.fill_in("Ada", **{"why /2": "2"})
    for name in ("Ada", "Ada.ipynb", rows["Ada"]["id"], rows["Ada"]["id"][:6]):
        ran.clear()
        assert course.grade("--again", name)["Ada"]["why /2"] == "2"
        assert len(ran) == 1 and "# Ada" in str(ran)
    ran.clear()
    with pytest.raises(SystemExit):
        course.grade("--again", "Zoe")
    assert "no such student; there are Ada, Bob" in capsys.readouterr().err and not ran


def test_the_report_counts_messages_and_finds_copies(course):
    odd = "def double(x):\n    parts = [x, x]\n    while len(parts) > 1:\n        parts = "
    odd += "[sum(parts[:2]), *parts[2:]]\n    return parts[0] if parts else None\n"
    copy = re.sub(r"\bparts\b", "heap", odd).replace("return", "# my own work\n    return")
    course.hand_in("Ada.ipynb", odd, "Because.")
    course.hand_in("Bob.ipynb", copy, "Since.")
    for number in range(3):
        course.hand_in(f"right{number}.ipynb", RIGHT + f"#{number}")
        course.hand_in(f"wrong{number}.ipynb", WRONG + f"#{number}")
        course.hand_in(f"empty{number}.ipynb", code=None)
    rows = course.grade()
    page = result(course, "report.html")
    text = text_of(page)
    assert "3 × a negative number is doubled, too" in text and "hidden checks, 6 of 11" in text
    assert "double 1.64 3 5 3" in text and "waiting for points" in text
    first, second = sorted(rows[name]["id"][:6] for name in ("Ada", "Bob"))
    pairs = text.partition("Similar solutions")[2]
    assert re.search(rf"100% ({first} and {second}|{second} and {first}) double", pairs)
    assert pairs.count(" and f") == 1 and "Ada" not in text and "empty" not in pairs
    assert page.count("<svg") == 2 and "http://www.w3.org/1999/02" not in page


def test_the_table_has_no_formula_of_a_student_and_stays_a_table(course):
    course.hand_in("=1+1.ipynb", "raise ValueError('=2+2\\n\\x1b[31m')", "=3+3")
    course.grade()
    content = (course.results / "grades.csv").read_bytes()
    fields = [
        field for row in csv.reader(content.decode("utf-8-sig").splitlines()) for field in row
    ]
    assert not [field for field in fields if field.startswith(("=", "+", "@"))]
    assert b"\x1b" not in content


def test_without_arguments_that_fit_nothing_begins(course, capsys):
    course.hand_in("Ada.ipynb")
    for options, message in (
        (["--late-penalty", "10% per day"], "needs the deadline"),
        (["--due", "soon"], "expected a time such as"),
        (["--due", "2026-11-20 23:59", "--late-penalty", "much"], "expected '10% per day'"),
        (["--column", "x"], "give that, too, with --worksheet"),
        (["--roster", str(course.folder / "none.csv")], "No such file"),
        (["--worksheet", str(course.submissions / "Ada.ipynb")], "neither Moodle's"),
    ):
        with pytest.raises(SystemExit):
            main(["grade", str(course.submissions), "demo", f"--folder={course.folder}", *options])
        assert message in capsys.readouterr().err
        assert not course.results.exists()


def test_the_guide_describes_what_there_is(course):
    guide = (assignments.EXERCISES / "INSTRUCTORS.md").read_text(encoding="utf-8")
    parser = argparse.ArgumentParser()
    grade.add_arguments(parser)
    options = {name for action in parser._actions for name in action.option_strings}
    limits = {"-h", "--help", "--out", "--workers", "--cell-seconds", "--seconds", "--memory"}
    limits |= {"--output", "--size"}  # which the guide leaves to --help
    assert {name for name in options - limits if name not in guide} == set()
    course.hand_in("Ada.ipynb")
    course.grade()
    written = {path.name for path in course.results.iterdir()} - {"runs"}
    assert {name for name in written if name not in guide} == set()
    released = assignments.apply(assignments.RELEASED, assignments.load_source("01_vanilla_gan"))
    columns, comments = gradebook.columns_of(released)
    for column in ("slopes_explain /1", "mixed_loss /2"):
        assert column in columns.values() and f"`{column}`" in guide
    assert comments["slopes_explain"] in guide
