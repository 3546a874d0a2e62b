"""A small course for the tests of grading: two assignments, and what students handed in."""

import contextlib
import csv
import io
import os
from pathlib import Path
import zipfile

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from grading import assignments, runner, sandbox
from grading.__main__ import main
from grading.verification import Verdicts, enter_verdicts

RIGHT = "def double(x):\n    return x + x\n"
WRONG = "def double(x):\n    return 2 * abs(x)\n"  # passes the visible check only
SECRET = "a negative number is doubled, too"
RUSSIAN = {  # what the texts of the sources are in the other edition
    "Exercises 00": "Упражнения 00",
    "of task 1": "для задачи 1",
    "a warning": "предупреждение",
    "not 6": "не 6",
    SECRET: "отрицательное число тоже удваивается",
    "Since.": "Потому что.",
}
STUB = "# ВАШ КОД\nraise NotImplementedError"


def named(cell, grade_id, **metadata):
    """A cell with nbgrader's metadata."""
    flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False}
    cell.metadata["nbgrader"] = flags | {"task": False, "grade_id": grade_id} | metadata
    return cell


def make_source(folder, name, task):
    solution = f"def {task}(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    hidden = f'### BEGIN HIDDEN TESTS\nassert {task}(-2) == -4, "{SECRET}"\n### END HIDDEN TESTS'
    visible = f'import sys\nprint("a warning", file=sys.stderr)\nassert {task}(3) == 6, "not 6"'
    check = {"grade": True, "locked": True}
    cells = [
        new_markdown_cell(f"# Exercises 00 — {name}"),
        new_code_cell("FACTOR = 2  # of task 1"),
        named(new_code_cell(solution), task, solution=True),
        named(new_code_cell(visible), f"{task}_checks", points=1, **check),
        named(new_code_cell(hidden), f"{task}_hidden", points=2, **check),
        named(new_markdown_cell("Since."), "why", grade=True, solution=True, points=2),
    ]
    for index, cell in enumerate(cells):
        cell.id = f"{name}-{index}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / "source" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if assignments.grade_id(cell) == grade_id)


def pretend(job):
    """What runner.run_job returns, from a plan that this process runs, without a kernel."""
    notebook, names, verdicts = nbformat.from_dict(job["notebook"]), {}, Verdicts()
    for step in job["plan"]["steps"]:
        error = None
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                exec(step["source"], names)
        except Exception as raised:
            error = new_output("error", ename=type(raised).__name__, evalue=str(raised))
        if step["kind"] in ("visible", "hidden"):
            verdicts.cells[step["name"]] = error
    enter_verdicts(notebook, verdicts)
    return {"notebook": notebook, "ended": "", "cell": 0, "remarks": [], "again": False}


def without_kernels(monkeypatch):
    """Let the tests of everything around the runs be quick."""
    monkeypatch.setattr(sandbox, "find_isolation", lambda user: ("full", ""))
    monkeypatch.setattr(runner, "run_job", pretend)


def add_russian(folder, name):
    """Write the Russian edition of a source, and its settings."""
    path = assignments.source_path(name, folder / "ru")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = assignments.source_path(name, folder).read_text(encoding="utf-8")
    for english, russian in RUSSIAN.items():
        text = text.replace(english, russian)
    path.write_text(text, encoding="utf-8")
    stubs = f'c.ClearSolutions.code_stub = {{"python": {STUB!r}}}\n'
    stubs += 'c.ClearSolutions.text_stub = "*Напишите ответ здесь.*"\n'
    config = folder / "ru" / assignments.CONFIG.name
    config.write_text(f"c = get_config()\n{stubs}", encoding="utf-8")


class Course:
    """A course in a temporary folder: two assignments, and what students handed in on Monday."""

    def __init__(self, folder):
        self.folder, self.submissions = folder, folder / "monday"
        self.results = folder / "monday-graded"
        make_source(folder, "demo", "double")
        make_source(folder, "later", "treble")

    def release(self, name="demo", language="en"):
        place = assignments.editions(name, self.folder)[language]
        return assignments.apply(assignments.RELEASED, assignments.load_source(name, place), place)

    def text(self, code=RIGHT, answer="Because.", change=None, name="demo", language="en"):
        """A notebook as a student saves it; without code, as it was handed out."""
        notebook = self.release(name, language)
        if code:
            cell_of(notebook, "double").source = code
            cell_of(notebook, "why").source = answer
        notebook = (change and change(notebook)) or notebook
        return nbformat.writes(notebook)

    def put(self, path, content):
        """Hand in any bytes, or text."""
        path = Path(os.fsdecode(os.fsencode(self.submissions) + b"/" + os.fsencode(path)))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def zipped(self, **files):
        """The bytes of a .zip."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return buffer.getvalue()

    def fill_in(self, student, **fields):
        """Change a student's rows in grades.csv as a spreadsheet would."""
        rows = self.table()
        for row in rows:
            if row["student"] == student:
                row.update(fields)
        self.save(rows)

    def save(self, rows, **dialect):
        with (self.results / "grades.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), **dialect)
            writer.writeheader()
            writer.writerows(rows)

    def hand_in(self, path, *about, **more):
        path = self.submissions / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text(*about, **more), encoding="utf-8")

    def grade(self, *options, export=None):
        isolation = sandbox.find_isolation(0)[0]
        trust = [] if isolation == "full" else ["--without-isolation"]
        export = export or self.submissions
        self.results = export.with_name(export.name.removesuffix(".zip") + "-graded")
        assert (
            main(["grade", str(export), "demo", f"--folder={self.folder}", *trust, *options]) == 0
        )
        return self.rows()

    def table(self):
        """The rows of grades.csv, whichever mark stands between its columns."""
        text = (self.results / "grades.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, ""), delimiter=max(",;", key=text.count)))

    def rows(self):
        return {row["student"]: row for row in self.table()}

    def page(self, path):
        return (self.results / "feedback" / path).read_text(encoding="utf-8")
