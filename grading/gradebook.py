"""The table that an instructor fills in: grades.csv."""

from collections import namedtuple
import csv
import re
import shutil

from nbgrader.utils import is_grade, is_solution

from grading import InputError
from grading.assignments import grade_id, max_points, task_of
from grading.lateness import deduction
from grading.spreadsheet import read_sheet
from grading.text import no_formula, plain

FIRST = ["student", "number", "file", "status", "counts"]
LAST = ["late", "adjustment", "reason", "comment", "total", "max", "notes", "checks", "id"]
NEEDED = {"student", "number", "file", "adjustment", "id"}  # of an earlier table
NOTES = 3_000  # characters
NO = "", "?", "no", "n", "0", "false"  # in the column counts
NOTHING = "nothing handed in"

# A table as a spreadsheet left it: its rows, and how that program writes columns and decimals.
Table = namedtuple("Table", "rows delimiter decimal", defaults=((), ",", "."))


# --- read ---------------------------------------------------------------------------------------


def parse_number(text, where):
    """A number as a person writes it, with a point or a comma; None for an empty field."""
    try:
        text = (text or "").strip().replace(",", ".").replace("−", "-")
        value = float(text) if text else None
    except ValueError:
        value = float("nan")
    if value is not None and not abs(value) < 1e6:
        raise InputError(f"{where}: {plain(text)!r} is not a number.")
    return value


def read_grades(path):
    """An earlier grades.csv as a ``Table``, however a spreadsheet has saved it."""
    if not path.exists():
        return Table()
    sheet = read_sheet(path)
    header = [name.strip() for name in sheet.rows[0]] if sheet.rows else []
    missing = NEEDED - set(header)
    if missing:
        raise InputError(
            f"{path}: the columns {', '.join(sorted(missing))} are gone. Move it away."
        )
    empty = dict.fromkeys(header, "")
    rows = [empty | dict(zip(header, row, strict=False)) for row in sheet.rows[1:]]
    return Table([row for row in rows if row["id"]], sheet.delimiter, sheet.decimal())


def chosen_ids(table):
    """The ids of the files that an instructor has chosen between several of one student."""
    return {row["id"] for row in table.rows if row.get("counts", "").strip().lower() not in NO}


def earlier_rows(submissions, table):
    """The rows of an earlier table by submission, as a dict from its path, and the rows left.

    What is known by its id keeps what was filled in, whatever a spreadsheet has made of the names.
    """
    found, left = {}, list(table.rows)
    for by_name in (True, False):  # equal files have equal ids, and are told apart by their names
        for submission in submissions:
            file = no_formula(submission.path)
            fitting = [row for row in left if row["id"] == submission.id]
            fitting = [row for row in fitting if row["file"] == file or not by_name]
            if fitting and submission.path not in found:
                found[submission.path] = fitting[0]
                left = [row for row in left if row is not fitting[0]]
    return found, left


def is_same_student(old, row):
    """Whether an earlier row is about the same student, of whom there is another file now."""
    return (old["student"], old["number"]) == (row["student"], row["number"])


# --- added up -----------------------------------------------------------------------------------


def number_text(value, decimal="."):
    return "" if value is None else f"{value:.10g}".replace(".", decimal)


def columns_of(released):
    """The columns of points, by task, and of comments, by written task."""
    limits = max_points(released)
    cells = [cell for cell in released.cells if is_grade(cell) and is_solution(cell)]
    comments = {grade_id(cell): f"{grade_id(cell)} comment" for cell in cells}
    return {task: f"{task} /{limit:g}" for task, limit in limits.items()}, comments


def sum_points(submission, released, columns, earlier):
    """Points of each task: the checks', or what an instructor has filled in ``earlier``.

    A number that is not the one that the checks gave the last time, in the column ``checks``, is
    the instructor's. It counts, for a code task as a correction of the checks.
    """
    cells = {task: [] for task in columns}
    for cell in filter(is_grade, released.cells):
        cells[task_of(grade_id(cell))].append(cell)
    recorded = dict(re.findall(r"(\S+) (\d+(?:\.\d+)?)(?:;|$)", earlier.get("checks", "")))
    for task, limit in max_points(released).items():
        column, where = columns[task], f"grades.csv, {plain(submission.student)}, {columns[task]}"
        known = {} if submission.problem else submission.points
        parts = [known.get(grade_id(cell)) for cell in cells[task]]
        points = None if None in parts else sum(parts)
        filled_in = parse_number(earlier.get(column), where)
        if filled_in is not None and not 0 <= filled_in <= limit:
            raise InputError(f"{where}: {filled_in:g} is not within it.")
        before = parse_number(recorded.get(task), where)
        if points is not None and filled_in is not None and before == filled_in != points:
            print(f"{submission.path}: the checks gave {before:g} for {task}, and now {points:g}.")
            filled_in = None
        if points is not None and not all(map(is_solution, cells[task])):
            submission.checked[task] = points
            if filled_in not in (None, points):
                submission.corrected[task] = points
        submission.task_points[task] = points if filled_in is None else filled_in


def fill_in(submission, released, columns, comments, earlier, policy=None):
    """What an instructor filled in, and what it adds up to; the row's values beside the points."""
    sum_points(submission, released, columns, earlier)
    where = f"grades.csv, {plain(submission.student)}, adjustment"
    known = [points for points in submission.task_points.values() if points is not None]
    limit = sum(max_points(released).values())
    submission.comments = {task: earlier.get(name, "").strip() for task, name in comments.items()}
    submission.comment, submission.reason = (
        earlier.get(name, "").strip() for name in ("comment", "reason")
    )
    submission.adjustment = parse_number(earlier.get("adjustment"), where) or 0.0
    submission.deduction = deduction(submission, policy, sum(known), limit)
    if None not in submission.task_points.values() and submission.choice != "?":
        submission.total = sum(known) - submission.deduction + submission.adjustment


def add_up(submissions, released, earlier, policy=None):
    """Columns and rows of grades.csv, with what an instructor filled in before.

    ``earlier`` is what ``read_grades`` returns, ``policy`` what lateness costs.
    """
    columns, comments = columns_of(released)
    found, left = earlier_rows(submissions, earlier)
    rows = []
    for submission in submissions:
        before = found.get(submission.path, {})
        row = {
            "student": no_formula(submission.student),
            "number": no_formula(submission.owner.number),
            "file": no_formula(submission.path),
            "counts": submission.choice,
        }
        replaced = [old for old in left if not before and is_same_student(old, row)]
        if any(old.get("status") != NOTHING for old in replaced):
            submission.remarks.append("another file than last time: what was filled in is gone")
        left = [old for old in left if old not in replaced]
        fill_in(submission, released, columns, comments, before, policy)
        rows.append(row | filled_row(submission, released, columns, comments, before, earlier))
    for old in left:
        if old.get("status") == NOTHING or any(is_same_student(old, row) for row in rows):
            continue  # one of several files, and another one was chosen
        name = plain(old["student"])
        print(f"{name} was in grades.csv, but is not among the files: see grades.previous.csv.")
    pairs = [(columns[task], comments.get(task)) for task in columns]
    return [*FIRST, *(name for pair in pairs for name in pair if name), *LAST], rows


def filled_row(submission, released, columns, comments, before, table):
    """The values of a row from its status on."""
    mark = table.decimal
    status = "graded" if submission.total is not None else "fill in"
    if submission.problem and submission.total is None:
        status = "not graded"
    checked = [f"{task} {number_text(points)}" for task, points in submission.checked.items()]
    points = submission.task_points.items()
    row = {columns[task]: number_text(value, mark) for task, value in points}
    row |= {name: before.get(name, "") for name in comments.values()}
    return row | {
        "status": status,
        "late": number_text(-submission.deduction, mark) if submission.deduction else "",
        "adjustment": number_text(submission.adjustment, mark) if before.get("adjustment") else "",
        "reason": before.get("reason", ""),
        "comment": before.get("comment", ""),
        "total": number_text(submission.total, mark),
        "max": number_text(sum(max_points(released).values()), mark),
        "checks": "; ".join(checked),
        "id": submission.id,
    }


def notes(submission):
    """All that there is to say about a submission, in one line without anything dangerous."""
    messages = [submission.problem] if submission.problem else []
    messages += submission.notes + submission.remarks
    text = no_formula("; ".join(dict.fromkeys(messages)))
    return text if len(text) < NOTES else f"{text[:NOTES]} … and more"


def write_grades(path, columns, rows, delimiter=","):
    """Write grades.csv; the one before becomes grades.previous.csv."""
    if path.exists():
        shutil.copy(path, path.with_name("grades.previous.csv"))
    part = path.with_name("grades.part")
    with part.open("w", encoding="utf-8-sig", newline="") as file:  # with the mark that Excel wants
        writer = csv.DictWriter(file, columns, restval="", delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    part.replace(path)
