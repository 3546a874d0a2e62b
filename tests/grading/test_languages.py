"""Exercises in two languages: the same but for their words, and graded alike by one command."""

import ast
import json
from pathlib import Path
import re

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import RUSSIAN, SECRET, WRONG, Course, add_russian, cell_of, pretend, without_kernels
from nbgrader.utils import is_solution

from grading import assignments, gradescope, lateness, runner, words
from grading.__main__ import main
from grading.lockstep import check_lockstep
import messages

TRANSLATED = assignments.names(assignments.EXERCISES / "ru")


@pytest.mark.parametrize("name", TRANSLATED)
def test_the_russian_edition_has_the_same_marks_and_gives_no_secret_away(name):
    english, place = assignments.load_source(name), assignments.editions(name)["ru"]
    source = assignments.load_source(name, place)
    released = assignments.release_text(source, place)
    for mark in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME"):
        for end in ("BEGIN", "END"):
            counts = [str(notebook).count(f"### {end} {mark}") for notebook in (english, source)]
            assert counts[0] == counts[1] > 0
            assert f"{end} {mark}" not in released
    secrets = [
        line
        for cell in source.cells
        if is_solution(cell) and cell.cell_type == "markdown"
        for line in cell.source.split("\n")
        if len(line) > 40
    ]
    assert secrets and not [line for line in secrets if line in released]
    assert "# ВАШ КОД" in released and "# YOUR CODE HERE" not in released
    assert "*Напишите ответ здесь.*" in released
    assert not re.search("[а-яё]", str([cell.metadata for cell in source.cells]))


@pytest.fixture
def course(tmp_path):
    course = Course(tmp_path)
    add_russian(tmp_path, "demo")
    return course


def broken(notebook, place, old, new):
    assert old in notebook.cells[place].source
    notebook.cells[place].source = notebook.cells[place].source.replace(old, new)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda book: broken(book, 4, "-2", "-3"), "cell demo-4 has other code"),
        (lambda book: broken(book, 3, "== 6", ">= 6"), "cell demo-3 has other code"),
        (lambda book: broken(book, 4, "### END HIDDEN", "# HIDDEN"), "cell demo-4 has other marks"),
        (lambda book: book.cells.pop(), "has 5 cells, and not 6"),
        (lambda book: book.cells[4].metadata.nbgrader.update(points=3), "has another metadata"),
        (lambda book: book.cells[1].update(id="other"), "cell other has another id"),
        (lambda book: broken(book, 3, "import sys", "import os"), "cell demo-3 has other code"),
    ],
)
def test_an_edition_of_another_source_is_refused(course, capsys, change, reason):
    path = assignments.source_path("demo", course.folder / "ru")
    notebook = nbformat.read(path, as_version=4)
    check_lockstep("demo", assignments.load_source("demo", course.folder), notebook)
    change(notebook)
    nbformat.write(notebook, path)
    for command in (["release"], ["grade", str(course.folder), "demo"]):
        with pytest.raises(SystemExit):
            main([*command, f"--folder={course.folder}"])
        assert reason in capsys.readouterr().err
    assert not (course.folder / "release").exists()


def test_both_languages_are_released(course):
    assert main(["release", f"--folder={course.folder}"]) == 0
    release = (course.folder / "ru/release/demo/demo.ipynb").read_text(encoding="utf-8")
    assert "# ВАШ КОД" in release and "Упражнения 00" in release and "double(-2)" not in release
    solutions = (course.folder / "ru/solutions/demo.md").read_text(encoding="utf-8")
    assert solutions.startswith(
        "# Решения упражнений 00 — demo\n\nК [этим упражнениям](../release/"
    )
    assert "YOUR CODE HERE" in (course.folder / "release/demo/demo.ipynb").read_text("utf-8")
    assert not (course.folder / "ru/release/later").exists()
    assert main(["release", "--check", f"--folder={course.folder}"]) == 0


def without_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()


def tampered(notebook):
    cell_of(notebook, "double_checks").source = "pass"


def with_own_cell(notebook):
    notebook.cells.insert(2, nbformat.v4.new_markdown_cell("Моя заметка."))


HANDED_IN = {
    "right": {},
    "hidden": {"code": WRONG},
    "visible": {"code": "def double(x):\n    return 3 * x\n"},
    "raises": {"code": "def double(x):\n    return x / 0\n"},
    "untouched": {"code": None},
    "given": {"code": "def double(x):\n    return FACTOR * x\n"},  # of a given cell
    "ids": {"change": without_metadata},
    "tampered": {"change": tampered},
    "own": {"change": with_own_cell},
    "other": {"code": None, "name": "later"},
}


def with_lines(job):
    """What ``pretend`` returns, with the line in which a solution stopped, as verification says."""
    result, checks = pretend(job), ("double_checks", "double_hidden")
    kinds = [step["kind"] for step in job["plan"]["steps"] if step["name"] in checks]
    assert kinds == ["visible", "hidden"]
    for cell in result["notebook"].cells:
        for output in cell.get("outputs", []):
            if output.get("ename") == "ZeroDivisionError":
                output.evalue = f"in line 2 of your cell: {output.evalue}"
    return result


@pytest.fixture
def graded(course, monkeypatch):
    """A mixed class: every file once in each language, and a file with cells of both."""
    without_kernels(monkeypatch)
    monkeypatch.setattr(runner, "run_job", with_lines)
    add_russian(course.folder, "later")
    for language in ("en", "ru"):
        for name, about in HANDED_IN.items():
            course.hand_in(f"{language}{name}.ipynb", language=language, **about)
        course.hand_in(f"{language}twice/a.ipynb", language=language)
        course.hand_in(f"{language}twice/b.ipynb", code=None, language=language)
    russian = course.release(language="ru")

    def mixed(notebook):
        for name in ("double", "double_checks"):
            cell_of(notebook, name).source = cell_of(russian, name).source

    course.hand_in("mixed.ipynb", None, change=mixed)
    course.rows = course.grade()
    return course


def test_points_notes_and_answers_do_not_depend_on_the_language(graded):
    table = graded.rows
    for name in [*HANDED_IN, "twice"]:
        english, russian = table[f"en{name}"], table[f"ru{name}"]
        for column in set(english) - {"student", "file", "id"}:
            texts = english[column], russian[column]
            said = [re.sub(r"\b(en|ru)(?=\w+(\.ipynb|/))", "", text) for text in texts]
            assert said[0] == said[1], (name, column)
    assert [table[f"ru{name}"]["double /3"] for name in HANDED_IN][:5] == ["3", "1", "0", "0", "0"]
    assert table["ruuntouched"]["why /2"] == "0" and table["ruright"]["why /2"] == ""
    assert "no answer in its cell" in table["ruuntouched"]["notes"]
    assert "double_checks was changed" in table["rutampered"]["notes"]
    assert "b.ipynb (untouched)" in table["rutwice"]["notes"]
    assert table["rugiven"]["double /3"] == "3"
    assert "look at its code" not in str(table) and "own cells define" not in str(table)
    answers = (graded.results / "answers" / "why.html").read_text(encoding="utf-8")
    assert "Моя заметка" in answers and "What earns points" in answers
    assert "*Напишите" not in answers and "Напишите ответ здесь" not in answers


def test_a_student_reads_the_language_of_the_file(graded):
    right, hidden = graded.page("ruright.html"), graded.page("ruhidden.html")
    assert '<html lang="ru">' in right and "Упражнения 00" in right
    assert "Баллы: 3,0 / 5,0" in right and "Все проверки пройдены." in right
    assert "пока; одну из задач ещё проверит преподаватель" in right
    assert f"Скрытые проверки: {RUSSIAN[SECRET]}" in hidden and "1 из 3" in hidden
    assert "double(-2)" not in hidden and SECRET not in hidden
    assert "ячейка double_checks была изменена; взята исходная" in graded.page("rutampered.html")
    raises = graded.page("ruraises.html")
    assert raises.count("ZeroDivisionError: в строке 2 вашей ячейки: division by zero") == 4
    assert "не то задание: это later" in graded.page("ruother.html")
    texts = re.sub(r"(?s)<style>.*?</style>|<pre>.*?</pre>|<[^>]*>", " ", right + hidden)
    left = set(re.findall(r"[A-Za-z]{2,}", texts)) - {"demo", "ruright", "ruhidden", "Because"}
    assert left == {"double", "why", "AssertionError"}
    english = graded.page("enhidden.html")
    assert '<html lang="en">' in english and not re.search("[а-яё]", english)
    assert "Проверки" not in graded.page("mixed.html")  # most of its cells are English


def test_gradescope_gets_both_editions(course, monkeypatch, tmp_path):
    without_kernels(monkeypatch)
    archive = tmp_path / "autograder.zip"
    gradescope.write_zip("demo", course.folder, archive)
    base = tmp_path / "autograder"
    gradescope.zipfile.ZipFile(archive).extractall(base / "source")
    assert (base / "source/exercises/ru/source/demo/demo.ipynb").exists()
    assert (base / "source/exercises/ru/nbgrader_config.py").exists()
    add_russian(base / "source/exercises", "demo")  # with the small course's settings
    (base / "submission").mkdir()
    text = course.text(WRONG, language="ru")
    (base / "submission" / "mine.ipynb").write_text(text, encoding="utf-8")
    gradescope.run(base)
    found = json.loads((base / "results/results.json").read_text(encoding="utf-8"))
    assert [test["score"] for test in found["tests"]] == [1, 0]
    assert found["tests"][1]["output"] == RUSSIAN[SECRET]
    assert found["output"] == "Письменные задачи оценивает преподаватель."


# --- words --------------------------------------------------------------------------------------


def normal(text):
    return re.sub(r"\{[^{}]*(\{[^{}]*\}[^{}]*)*\}", "{}", text)


def test_every_sentence_that_has_a_translation_is_said_somewhere():
    said = set()
    for path in Path(words.__file__).parent.glob("*.py"):
        if path.name != "words.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            said |= {normal(messages.template(node)) for node, _ in messages._strings(tree)}
    for path in Path(words.__file__).parent.glob("templates/*.html"):
        said |= {normal(text) for text in re.findall('"([^"]+)"', path.read_text("utf-8"))}
        said |= {normal(text) for text in re.findall(r'say\("([^"]+)"', path.read_text("utf-8"))}
    spans = {lateness.span(seconds) for seconds in (60, 600, 3_600, 9_000, 86_400, 900_000)}
    spans |= {lateness.span(86_400 * days + 3_600 * n) for days in (1, 3) for n in (0, 1, 2)}
    said |= {re.sub(r"\d+", "{}", span) for span in spans}
    pieces = tuple(text for text in said if len(text) > 12)
    unsaid = [key for key in words.RUSSIAN if normal(key) not in said]
    assert [key for key in unsaid if not normal(key).endswith(pieces)] == []


@pytest.mark.parametrize("text", words.RUSSIAN)
def test_a_translation_fills_in_the_same(text):
    names = re.findall(r"\{(\w+)\}", text)
    other = re.findall(r"\{(\w+)\}", words.RUSSIAN[text])
    assert set(other) <= set(names) and (set(other) == set(names) or "task" in text)


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("why: no answer in its cell", "why: в ячейке нет ответа"),
        (
            "ValueError: in line 12 of your cell: a: b",
            "ValueError: в строке 12 вашей ячейки: a: b",
        ),
        (
            "ValueError: in line 2 of your cell, with an example that is not shown here",
            "ValueError: в строке 2 вашей ячейки, на примере, который здесь не показан",
        ),
        (
            "name 'f' is not defined. The cell with your solution stopped: ValueError, in line 3 "
            "of your cell: two\nlines",
            "name 'f' is not defined. Ячейка с вашим решением остановилась: ValueError, в строке 3 "
            "вашей ячейки: two\nlines",
        ),
        (
            "stopped at the first cells: it took more than 240 s in all; the page shows nothing "
            "after that",
            "запуск остановлен, ячейка из первых: всё вместе заняло больше 240 с; дальше страница "
            "ничего не показывает",
        ),
        ("handed in 2 days 1 hour after the deadline", "сдано позже срока на 2 дн. 1 ч"),
        ("What the student wrote of {x}", "What the student wrote of {x}"),
    ],
)
def test_what_is_filled_in_already_is_said_in_russian(english, russian):
    assert words.say(english, "ru") == russian
    assert words.say(english, "en") == english
