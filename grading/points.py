"""The points of what was run: those of the checks, and which answers wait for a person."""

from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution

from grading.assignments import grade_id, task_of
from grading.pages import said


def assess(submission, released):
    """Fill in the points of each graded cell, messages, notes and a problem, from what was run."""
    notebook, last = submission.result["notebook"], submission.result["cell"]
    originals = {grade_id(cell): cell for cell in released.cells}
    if submission.result["ended"]:
        reached = [grade_id(cell) for cell in notebook.cells[: last + 1] if grade_id(cell)]
        where = reached[-1] if reached else "the first cells"
        reason = submission.result["ended"]
        submission.notes.append(f"stopped at {where}: {reason}; the page shows nothing after that")
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
                    note = f"{name}: no answer in its cell"
                    if submission.own_text:  # perhaps the answer, in another cell
                        note = f"{name}: no answer in its cell; there is text beside it"
                        points = None
                    submission.notes.append(note)
            else:
                points = grade_code(cell)
                submission.messages[name] = said(cell) or ("" if points else "A check failed.")
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
