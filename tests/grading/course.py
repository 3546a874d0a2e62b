"""A small course for the tests of grading: two assignments, and what students handed in."""

import csv

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading import assignments, sandbox
from grading.__main__ import main

RIGHT = "def double(x):\n    return x + x\n"
WRONG = "def double(x):\n    return 2 * abs(x)\n"  # passes the visible check only
SECRET = "a negative number is doubled, too"


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
        new_code_cell("import math"),
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


class Course:
    """A course in a temporary folder: two assignments, and what students handed in on Monday."""

    def __init__(self, folder):
        self.folder, self.submissions = folder, folder / "monday"
        self.results = folder / "monday-graded"
        make_source(folder, "demo", "double")
        make_source(folder, "later", "treble")

    def release(self, name="demo"):
        return assignments.apply(assignments.RELEASED, assignments.load_source(name, self.folder))

    def hand_in(self, path, code=RIGHT, answer="Because.", change=None, name="demo"):
        notebook = self.release(name)
        if code:
            cell_of(notebook, "double").source = code
            cell_of(notebook, "why").source = answer
        notebook = (change and change(notebook)) or notebook
        path = self.submissions / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(nbformat.writes(notebook), encoding="utf-8")

    def grade(self, *options, export=None):
        isolation = sandbox.find_isolation(0)[0]
        trust = [] if isolation == "full" else ["--without-isolation"]
        export = export or self.submissions
        assert (
            main(["grade", str(export), "demo", f"--folder={self.folder}", *trust, *options]) == 0
        )
        return self.rows()

    def rows(self):
        text = (self.results / "grades.csv").read_text(encoding="utf-8-sig")
        return {row["student"]: row for row in csv.DictReader(text.splitlines())}

    def page(self, path):
        return (self.results / "feedback" / path).read_text(encoding="utf-8")
