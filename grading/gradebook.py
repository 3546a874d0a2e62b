"""Points, and the table that an instructor fills in: grades.csv."""

from collections import namedtuple
import csv
import io
import re
import shutil

from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution

from grading import InputError
from grading.assignments import grade_id, max_points, task_of
from grading.text import no_formula, plain

FIRST = ["student", "number", "file", "status", "counts"]
LAST = ["adjustment", "total", "max", "notes", "id"]
DECIMAL = r"\s*[+-]?\d+[.,]\d+\s*"
NOTES = 3_000  # characters
NO = "", "?", "no", "n", "0", "false"  # in the column counts

# A table as a spreadsheet left it: its rows, and how that program writes columns and decimals.
Table = namedtuple("Table", "rows delimiter decimal", defaults=((), ",", "."))


# --- points -------------------------------------------------------------------------------------


def assess(submission, released):
    """Fill in the points of each graded cell, notes and a problem, from what was run."""
    notebook, last = submission.result["notebook"], submission.result["cell"]
    originals = {grade_id(cell): cell for cell in released.cells}
    if submission.result["ended"]:
        reached = [grade_id(cell) for cell in notebook.cells[: last + 1] if grade_id(cell)]
        where = reached[-1] if reached else "the first cells"
        reason = submission.result["ended"]
        submission.notes.append(f"stopped at {where}: {reason}; the rest was not run")
    for cell in notebook.cells:
        name = grade_id(cell)
        outputs = cell.get("outputs", [])
        if any(output.get("ename") == "CellTimeoutError" for output in outputs):
            submission.notes.append(f"{name or 'a cell'} took too long and was interrupted")
        if cell.metadata.get("probe") and cell.metadata.get("status") == "ok":
            submission.problem = "its code switched the checks off"
        if is_grade(cell):
            if is_solution(cell):
                points = grade_written(cell, originals[name])
                if points == 0 and name not in submission.missing:
                    submission.notes.append(f"{name}: no answer in its cell")
                    if submission.own_text:  # perhaps the answer, in another cell
                        submission.notes[-1] += "; there is text beside it"
                        points = None
            else:
                points = grade_code(cell)
            if points == 0 and {name, task_of(name)} & submission.missing:
                points = None
            submission.points[name] = points


def grade_written(cell, original):
    """0 for an answer that is not there, else None: the checksum tells whether there is one."""
    cell.metadata.nbgrader["checksum"] = compute_checksum(original)
    return determine_grade(cell)[0]


def grade_code(cell):
    """Points of a cell of checks; a warning on stderr is no failure, a missing answer is one."""
    cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    if cell.metadata.get("status") != "ok":
        return 0
    try:
        return determine_grade(cell)[0]
    except (KeyError, TypeError, ValueError):
        return 0


# --- grades.csv ---------------------------------------------------------------------------------


def parse_number(text, where):
    """A number as a person writes it, with a point or a comma; None for an empty field."""
    try:
        return float(text.replace(",", ".")) if text and text.strip() else None
    except ValueError:
        raise InputError(f"{where}: {text!r} is not a number.") from None


def read_grades(path):
    """An earlier grades.csv as a ``Table``, however a spreadsheet has saved it."""
    if not path.exists():
        return Table()
    content = path.read_bytes()
    for encoding in (
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig",
        "latin-1",
    ):
        try:
            text = content.decode(
                encoding
            )  # letters do not matter, since rows are known by their ids
            break
        except UnicodeDecodeError:
            continue
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.DictReader(io.StringIO(text, ""), delimiter=delimiter)
    missing = {*FIRST, *LAST} - {"counts", *(rows.fieldnames or [])}
    if missing:
        raise InputError(
            f"{path}: the columns {', '.join(sorted(missing))} are gone. Move it away."
        )
    rows = [{name: text or "" for name, text in row.items() if name} for row in rows]
    numbers = [text for row in rows for text in row.values() if re.fullmatch(DECIMAL, text)]
    marks = {mark for mark in ".," for text in numbers if mark in text}
    decimal = marks.pop() if len(marks) == 1 else "," if delimiter == ";" else "."
    return Table([row for row in rows if row["id"]], delimiter, decimal)


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


def number_text(value, decimal="."):
    return "" if value is None else f"{value:g}".replace(".", decimal)


def sum_points(submission, released, columns, earlier):
    """Points of each task: the checks', or where they are open, what was filled in ``earlier``.

    What is filled in for a written task counts, also where the checks found no answer.
    """
    cells = {task: [] for task in columns}
    for cell in filter(is_grade, released.cells):
        cells[task_of(grade_id(cell))].append(cell)
    for task, limit in max_points(released).items():
        column, where = columns[task], f"grades.csv, {submission.student}, {columns[task]}"
        known = {} if submission.problem else submission.points
        parts = [known.get(grade_id(cell)) for cell in cells[task]]
        points = None if None in parts else sum(parts)
        filled_in = parse_number(earlier.get(column), where)
        if filled_in is not None and not 0 <= filled_in <= limit:
            raise InputError(f"{where}: {filled_in:g} is not within it.")
        written = all(map(is_solution, cells[task])) and not submission.problem
        if points is None or (written and filled_in is not None):
            points = filled_in
        elif filled_in not in (None, points):
            print(
                f"{submission.path}: {plain(column)} was {filled_in:g}, is {points:g}. To change "
                "points of a task that the checks grade, use the column adjustment."
            )
        submission.task_points[task] = points


def add_up(submissions, released, earlier):
    """Columns and rows of grades.csv, with what an instructor filled in before.

    ``earlier`` is what ``read_grades`` returns. Fills in ``task_points`` and ``total``, too.
    """
    limits = max_points(released)
    columns = {task: f"{task} /{points:g}" for task, points in limits.items()}
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
        if replaced:
            submission.remarks.append("another file than last time: what was filled in is gone")
            left = [old for old in left if old not in replaced]
        sum_points(submission, released, columns, before)
        where = f"grades.csv, {submission.student}, adjustment"
        adjustment = parse_number(before.get("adjustment"), where)
        complete = None not in submission.task_points.values() and submission.choice != "?"
        if complete:
            submission.total = sum(submission.task_points.values()) + (adjustment or 0)
        points = submission.task_points.items()
        row |= {columns[task]: number_text(value, earlier.decimal) for task, value in points}
        row |= {
            "status": "graded" if complete else "not graded" if submission.problem else "fill in",
            "adjustment": number_text(adjustment, earlier.decimal),
            "total": number_text(submission.total, earlier.decimal),
            "max": number_text(sum(limits.values()), earlier.decimal),
            "id": submission.id,
        }
        rows.append(row)
    for old in left:
        name = plain(old["student"])
        if any(is_same_student(old, row) for row in rows):
            continue  # one of several files, and another one was chosen
        print(f"{name} was in grades.csv, but is not among the files: see grades.previous.csv.")
    return [*FIRST, *columns.values(), *LAST], rows


def is_same_student(old, row):
    """Whether an earlier row is about the same student, of whom there is another file now."""
    return (old["student"], old["number"]) == (row["student"], row["number"])


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
        writer = csv.DictWriter(file, columns, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    part.replace(path)
