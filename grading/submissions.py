"""What was submitted: found, read, checked, and made into notebooks that can be run.

Nothing of a submission is trusted, and nothing is run here.
"""

import ast
from dataclasses import dataclass, field
import hashlib
from pathlib import Path, PurePosixPath
import re
import zipfile

import nbformat
from nbgrader.preprocessors import DeduplicateIds
from nbgrader.utils import is_locked, is_solution

from grading.assignments import grade_id

MOODLE = r"(?P<student>.+)_(?P<number>\d+)_assignsubmission_[a-z]+(_.*)?"
CANVAS = r"(?P<student>[^_]+)(?P<late>_LATE)?_(?P<number>\d+)_(?P<upload>\d+)_.*?"
CANVAS += r"(-(?P<again>\d+))?"
PROBE = "assert not 'an assert that fails'"
SUSPICIOUS = r"get_ipython|ast_transformers|builtins|sys\.modules|ctypes|\bIn\[|\bos\.\w+|"
SUSPICIOUS += r"shutil|unlink|subprocess|socket|urllib|requests|multiprocessing"
MODULES = "np", "tf", "keras", "callbacks", "data", "evaluation", "losses", "metrics", "models"
MODULES += "plotting", "sampling", "training"


@dataclass
class Submission:
    """A file that was submitted, and what became of it."""

    path: str
    content: bytes
    student: str
    number: str = ""
    attempt: tuple = ()
    problem: str = ""  # why it cannot be graded
    notes: list = field(default_factory=list)  # for the student as well
    remarks: list = field(default_factory=list)  # for the instructor only
    notebook: object = None  # as it was submitted
    result: object = None  # what its run gave: notebook, ended, cell
    missing: set = field(default_factory=set)  # tasks whose solution cell is not there
    points: dict = field(default_factory=dict)  # by the grade_id of the cell; None: by hand
    task_points: dict = field(default_factory=dict)  # by task; None: not known yet
    total: float | None = None  # with the adjustment

    @property
    def id(self):
        return "f" + hashlib.sha256(self.content).hexdigest()[:15]  # no number for a spreadsheet


# --- found --------------------------------------------------------------------------------------


def identify(path, assignment):
    """Student, number, attempt and lateness, from a file's path inside the export."""
    parts = PurePosixPath(path).parts
    for part in parts[:2]:
        moodle = re.fullmatch(MOODLE, part)
        if moodle:
            return moodle["student"], moodle["number"], (), False
    canvas = re.fullmatch(CANVAS, PurePosixPath(path).stem)
    if canvas:
        attempt = (int(canvas["again"] or 0), int(canvas["upload"]))
        return canvas["student"], canvas["number"], attempt, bool(canvas["late"])
    if assignment in parts[1:-1]:  # submitted/student/assignment/file.ipynb
        return parts[parts.index(assignment, 1) - 1], "", (), False
    return (parts[0] if len(parts) > 1 else PurePosixPath(path).stem), "", (), False


def collect(export, assignment, max_bytes):
    """Every file of the export, one ``Submission`` each; those above ``max_bytes`` are not read."""
    if zipfile.is_zipfile(export):
        archive = zipfile.ZipFile(export)
        files = [(info.filename, info.file_size, info) for info in archive.infolist()]
        read = archive.read
    else:
        paths = [path for path in sorted(export.rglob("*")) if path.is_file()]
        files = [(path.relative_to(export).as_posix(), path.stat().st_size, path) for path in paths]
        read = Path.read_bytes
    for name, size, file in sorted(files, key=lambda entry: entry[0]):
        hidden = any(part.startswith((".", "/", "__MACOSX")) for part in PurePosixPath(name).parts)
        if hidden or name.endswith("/"):
            continue
        student, number, attempt, late = identify(name, assignment)
        content = read(file) if size <= max_bytes else b""
        submission = Submission(name, content, student, number, attempt)
        if size > max_bytes:
            submission.problem = f"too large: {size / 1e6:.0f} MB"
        if late:
            submission.notes.append("late")
        yield submission


def choose(submissions):
    """One submission of each student: of those that can be graded, the latest attempt."""
    by_student = {}
    for submission in submissions:
        key = submission.student, submission.number
        by_student.setdefault(key, []).append(submission)
    chosen = []
    for attempts in by_student.values():
        attempts.sort(
            key=lambda attempt: (
                not attempt.problem,
                attempt.path.endswith(".ipynb"),
                attempt.attempt,
            )
        )
        *earlier, latest = attempts
        others = [attempt.path for attempt in earlier if attempt.path.endswith(".ipynb")]
        if others:
            latest.remarks.append(f"graded the latest; also handed in: {', '.join(others)}")
        chosen.append(latest)
    return sorted(chosen, key=lambda submission: submission.path)


# --- read and checked ---------------------------------------------------------------------------


def solution_names(notebook):
    return {grade_id(cell) for cell in notebook.cells if is_solution(cell)}


def read_notebook(content):
    """The notebook in a file, or None if there is none: anything can be in there."""
    try:
        notebook = nbformat.reads(content.decode("utf-8-sig"), as_version=4)
        for cell in notebook.cells:
            if not (isinstance(cell.source, str) and isinstance(cell.metadata, dict)):
                return None
    except Exception:
        return None
    return notebook


def examine(submission, assignment, sources):
    """Read a notebook, and find out whether it is one of this assignment.

    ``sources`` are the sources of all assignments, by name.
    """
    if submission.problem:
        return
    notebook = read_notebook(submission.content)
    if notebook is None:
        submission.problem = "not a notebook"
        return
    by_cell_id = {cell.id: grade_id(cell) for cell in sources[assignment].cells}
    present, recovered = set(), False
    for cell in notebook.cells:
        metadata = cell.metadata.get("nbgrader")
        name = metadata.get("grade_id") if isinstance(metadata, dict) else None
        if not isinstance(name, str):
            name = by_cell_id.get(str(cell.get("id")))
            recovered = recovered or bool(name)
        cell.metadata = nbformat.NotebookNode()
        if name:
            cell.metadata["name"] = name
            present.add(name)
    wanted = {name: solution_names(source) for name, source in sources.items()}
    best = max(wanted, key=lambda name: (len(wanted[name] & present), name == assignment))
    if best != assignment:
        submission.problem = f"wrong assignment: it is {best}"
    elif not wanted[assignment] & present:
        text = "\n".join(cell.source for cell in notebook.cells)
        title = re.search(r"(?m)^# (.{1,60})", text)
        submission.problem = "lost cell metadata: none of the tasks' cells can be told apart"
        submission.problem += f" (its title: {title[1]})" if title else " (it has no title)"
    elif recovered:
        submission.notes.append("lost cell metadata: the cells were found by their ids")
    submission.notebook = notebook


# --- the notebook to run ------------------------------------------------------------------------


def lines(source):
    return [line.rstrip() for line in source.strip().splitlines()]


def rebuild(submission, graded, released):
    """The student's notebook with every locked cell as the instructor wrote it, hidden tests in.

    Only the text of a solution cell, and cells that are the student's own, come from the student.
    """
    originals = {grade_id(cell): cell for cell in graded.cells if grade_id(cell)}
    released_sources = {grade_id(cell): cell.source for cell in released.cells}
    given = {tuple(lines(cell.source)) for cell in released.cells}
    cells = []
    for cell in submission.notebook.cells:
        name, new = cell.metadata.get("name"), nbformat.v4.new_markdown_cell(cell.source)
        if name in originals:
            new = nbformat.from_dict(originals[name])
            if is_locked(new) and lines(cell.source) != lines(released_sources[name]):
                submission.notes.append(f"{name} was changed; the original was used")
            if not is_locked(new):
                new.source = cell.source
        elif cell.cell_type == "code":
            new = nbformat.v4.new_code_cell(cell.source)
        own = new.cell_type == "code" and tuple(lines(new.source)) not in given
        if own and not is_locked(new):
            submission.remarks += suspicious(new.source)
        cells.append(new)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook, _ = DeduplicateIds().preprocess(notebook, {})
    position = 0
    for name, original in originals.items():
        positions = [i for i, cell in enumerate(notebook.cells) if grade_id(cell) == name]
        if positions:
            position = positions[0] + 1
            continue
        notebook.cells.insert(position, nbformat.from_dict(original))
        submission.notes.append(f"{name} was missing; an empty one was put in")
        submission.missing |= {name} if is_solution(original) else set()
        position += 1
    notebook.cells.append(nbformat.v4.new_code_cell(PROBE, metadata={"probe": True}))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return notebook


def suspicious(source):
    """What an instructor should read with their own eyes: code that can reach the checks."""
    names = set(re.findall(SUSPICIOUS, source))
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        nodes = []
    for node in nodes:
        for target in getattr(node, "targets", []):
            owner = target.value if isinstance(target, ast.Attribute) else None
            while isinstance(owner, ast.Attribute):
                owner = owner.value
            if isinstance(owner, ast.Name) and owner.id in MODULES:
                names.add(ast.unparse(target) + " =")
    return [f"look at its code: {', '.join(sorted(names))}"] if names else []
