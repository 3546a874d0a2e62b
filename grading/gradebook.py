"""Points, and the table that an instructor fills in: grades.csv."""

import csv
import io
import shutil

from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution

from grading import InputError
from grading.assignments import grade_id, max_points, task_of

FIRST, LAST = ["student", "number", "file", "status"], ["adjustment", "total", "max", "notes", "id"]


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
            else:
                points = grade_code(cell)
            if points == 0 and {name, task_of(name)} & submission.missing:
                points = None
            submission.points[name] = points
    if submission.problem:
        submission.points = {}


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
    """The rows of an earlier grades.csv, by student and number."""
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8: save it as 'CSV UTF-8'.") from None
    header = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, ""), delimiter=max(",;\t", key=header.count))
    missing = [name for name in (*FIRST, *LAST) if name not in (rows.fieldnames or [])]
    if missing:
        raise InputError(f"{path}: the columns {', '.join(missing)} are gone. Move it away.")
    return {(row["student"], row["number"]): row for row in rows}


def no_formula(text):
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


def number_text(value):
    return "" if value is None else f"{value:g}"


def sum_points(submission, released, columns, earlier):
    """Points of each task: the checks', or where they are open, what was filled in ``earlier``."""
    cells = {task: [] for task in columns}
    for cell in filter(is_grade, released.cells):
        cells[task_of(grade_id(cell))].append(grade_id(cell))
    for task, limit in max_points(released).items():
        column, where = columns[task], f"grades.csv, {submission.student}, {columns[task]}"
        parts = [submission.points.get(name) for name in cells[task]]
        points = None if None in parts else sum(parts)
        filled_in = parse_number(earlier.get(column), where)
        if filled_in is not None and not 0 <= filled_in <= limit:
            raise InputError(f"{where}: {filled_in:g} is not within it.")
        if points is None:
            points = filled_in
        elif filled_in not in (None, points):
            print(
                f"{submission.path}: {column} was {filled_in:g}, is {points:g}. To change points "
                "of a task that the checks grade, use the column adjustment."
            )
        submission.task_points[task] = points


def add_up(submissions, released, earlier):
    """Columns and rows of grades.csv, with what an instructor filled in before.

    ``earlier`` is what ``read_grades`` returns. Fills in ``task_points`` and ``total``, too.
    """
    limits = max_points(released)
    columns = {task: f"{task} /{points:g}" for task, points in limits.items()}
    rows = []
    for submission in submissions:
        row = {
            "student": no_formula(submission.student),
            "number": submission.number,
            "file": no_formula(submission.path),
        }
        before = earlier.get((row["student"], row["number"]), {})
        if before and before["id"] != submission.id:
            submission.remarks.append("another file than last time: what was filled in is gone")
            before = {}
        sum_points(submission, released, columns, before)
        for task, column in columns.items():
            row[column] = number_text(submission.task_points[task])
        where = f"grades.csv, {submission.student}, adjustment"
        adjustment = parse_number(before.get("adjustment"), where)
        complete = None not in submission.task_points.values()
        if complete:
            submission.total = sum(submission.task_points.values()) + (adjustment or 0)
        messages = [submission.problem] if submission.problem else []
        messages += submission.notes + submission.remarks
        row |= {
            "status": "graded" if complete else "not graded" if submission.problem else "fill in",
            "adjustment": number_text(adjustment),
            "total": number_text(submission.total),
            "max": number_text(sum(limits.values())),
            "notes": no_formula("; ".join(dict.fromkeys(messages))),
            "id": submission.id,
        }
        rows.append(row)
    for name, _ in earlier.keys() - {(row["student"], row["number"]) for row in rows}:
        print(f"{name} was in grades.csv, but is not among the files: see grades.previous.csv.")
    return [*FIRST, *columns.values(), *LAST], rows


def write_grades(path, columns, rows):
    """Write grades.csv; the one before becomes grades.previous.csv."""
    if path.exists():
        shutil.copy(path, path.with_name("grades.previous.csv"))
    part = path.with_name("grades.part")
    with part.open("w", encoding="utf-8-sig", newline="") as file:  # with the mark that Excel wants
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    part.replace(path)
