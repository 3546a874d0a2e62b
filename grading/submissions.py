"""What was handed in: found, read, checked, and made into notebooks that can be run.

tools/grade.py grades with it. Nothing of a submission is trusted, and nothing is run here.
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

import exercises

MOODLE = r"(?P<student>.+)_(?P<number>\d+)_assignsubmission_[a-z]+(_.*)?"
CANVAS = r"(?P<student>[^_]+)(?P<late>_LATE)?_(?P<number>\d+)_(?P<upload>\d+)_.*?"
CANVAS += r"(-(?P<again>\d+))?"
PROBE = "assert not 'an assert that fails'"
LOOK_AT = r"get_ipython|ast_transformers|builtins|sys\.modules|ctypes|\bIn\[|\bos\.\w+|"
LOOK_AT += r"shutil|unlink|subprocess|socket|urllib|requests|multiprocessing"


@dataclass
class Submission:
    """A file that was handed in, and what became of it."""

    path: str
    content: bytes
    student: str
    number: str = ""
    attempt: tuple = ()
    problem: str = ""  # why it cannot be graded
    notes: list = field(default_factory=list)  # for the student as well
    remarks: list = field(default_factory=list)  # for the instructor only
    notebook: object = None  # as it was handed in, then as it was run
    missing: set = field(default_factory=set)  # tasks whose solution cell is not there
    points: dict = field(default_factory=dict)  # by the grade_id of the cell; None: by hand

    @property
    def id(self):
        return "f" + hashlib.sha256(self.content).hexdigest()[:15]  # no number for a spreadsheet


def who(path, assignment):
    """Student, number, attempt and lateness, from a file's path inside the export."""
    parts = PurePosixPath(path).parts
    for part in parts[:2]:
        found = re.fullmatch(MOODLE, part)
        if found:
            return found["student"], found["number"], (), False
    found = re.fullmatch(CANVAS, PurePosixPath(path).stem)
    if found:
        attempt = (int(found["again"] or 0), int(found["upload"]))
        return found["student"], found["number"], attempt, bool(found["late"])
    if assignment in parts[1:-1]:  # submitted/student/assignment/file.ipynb
        return parts[parts.index(assignment, 1) - 1], "", (), False
    return (parts[0] if len(parts) > 1 else PurePosixPath(path).stem), "", (), False


def collect(place, assignment, most):
    """Every file of the export, one ``Submission`` each; larger ones than ``most`` bytes unread."""
    if zipfile.is_zipfile(place):
        archive = zipfile.ZipFile(place)
        files = [(info.filename, info.file_size, info) for info in archive.infolist()]
        read = archive.read
    else:
        paths = [path for path in sorted(place.rglob("*")) if path.is_file()]
        files = [(path.relative_to(place).as_posix(), path.stat().st_size, path) for path in paths]
        read = Path.read_bytes
    for name, size, file in sorted(files, key=lambda one: one[0]):
        hidden = any(part.startswith((".", "/", "__MACOSX")) for part in PurePosixPath(name).parts)
        if hidden or name.endswith("/"):
            continue
        student, number, attempt, late = who(name, assignment)
        found = Submission(name, read(file) if size <= most else b"", student, number, attempt)
        if size > most:
            found.problem = f"too large: {size / 1e6:.0f} MB"
        found.notes += ["late"] if late else []
        yield found


def names_in(notebook):
    return {exercises.grade_id(cell) for cell in notebook.cells if is_solution(cell)}


def examine(submission, assignment, sources):
    """Read a notebook, and find out whether it is one of this assignment."""
    if submission.problem:
        return
    try:
        text = submission.content.decode("utf-8-sig")
        notebook = nbformat.reads(text, as_version=4)
        cells = [(cell.cell_type, cell.source, dict(cell.metadata)) for cell in notebook.cells]
        kinds = all(isinstance(source, str) for _, source, _ in cells)
    except Exception:  # anything can be in there
        kinds = False
    if not kinds:
        submission.problem = "not a notebook"
        return
    wanted = {name: names_in(source) for name, source in sources.items()}
    by_cell_id = {cell.id: exercises.grade_id(cell) for cell in sources[assignment].cells}
    found, recovered = set(), []
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader")
        name = about.get("grade_id") if isinstance(about, dict) else None
        cell.metadata = nbformat.NotebookNode()
        if not isinstance(name, str):
            name = by_cell_id.get(cell.get("id"))
            recovered += [name] if name else []
        if name:
            cell.metadata["name"] = name
            found.add(name)
    best = max(wanted, key=lambda name: (len(wanted[name] & found), name == assignment))
    if best != assignment:
        submission.problem = f"wrong assignment: it is {best}"
    elif not wanted[assignment] & found:
        title = re.search(r"(?m)^# (.{1,60})", "\n".join(source for _, source, _ in cells))
        submission.problem = "lost cell metadata: none of the tasks' cells can be told apart"
        submission.problem += f" (its title: {title[1]})" if title else " (it has no title)"
    elif recovered:
        submission.notes.append("lost cell metadata: the cells were found by their ids")
    submission.notebook = notebook


def choose(submissions):
    """One submission of each student: of those that can be graded, the latest attempt."""
    chosen = {}
    for one in submissions:
        chosen.setdefault((one.student, one.number), []).append(one)
    for several in chosen.values():
        several.sort(key=lambda one: (not one.problem, one.path.endswith(".ipynb"), one.attempt))
        others = [other.path for other in several[:-1] if other.path.endswith(".ipynb")]
        if others:
            several[-1].remarks.append(f"graded the latest; also handed in: {', '.join(others)}")
    return sorted((several[-1] for several in chosen.values()), key=lambda one: one.path)


# --- the notebook to run ------------------------------------------------------------------------


def lines(source):
    return [line.rstrip() for line in source.strip().splitlines()]


def rebuild(submission, graded, released):
    """The student's notebook with every locked cell as the instructor wrote it, hidden tests in.

    Only the text of a solution cell, and cells that are the student's own, come from the student.
    """
    ours = {exercises.grade_id(cell): cell for cell in graded.cells if exercises.grade_id(cell)}
    shown = {exercises.grade_id(cell): cell.source for cell in released.cells}
    given = {tuple(lines(cell.source)) for cell in released.cells}
    built = []
    for cell in submission.notebook.cells:
        name, new = cell.metadata.get("name"), nbformat.v4.new_markdown_cell(cell.source)
        if name in ours:
            new = nbformat.from_dict(ours[name])
            if is_locked(new) and lines(cell.source) != lines(shown[name]):
                submission.notes.append(f"{name} was changed; the original was used")
            if not is_locked(new):
                new.source = cell.source
        elif cell.cell_type == "code":
            new = nbformat.v4.new_code_cell(cell.source)
        if new.cell_type == "code" and tuple(lines(new.source)) not in given:
            submission.remarks += suspicious(new.source) if not is_locked(new) else []
        built.append(new)
    notebook = nbformat.v4.new_notebook(cells=built)
    notebook, _ = DeduplicateIds().preprocess(notebook, {})
    place = 0
    for name, cell in ours.items():
        there = [i for i, new in enumerate(notebook.cells) if exercises.grade_id(new) == name]
        if not there:
            notebook.cells.insert(place, nbformat.from_dict(cell))
            submission.notes.append(f"{name} was missing; an empty one was put in")
            submission.missing |= {name} if is_solution(cell) else set()
        place = (there or [place])[0] + 1
    notebook.cells.append(nbformat.v4.new_code_cell(PROBE, metadata={"probe": True}))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return notebook


def suspicious(source):
    """What an instructor should read with their own eyes: code that can reach the checks."""
    found = set(re.findall(LOOK_AT, source))
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        nodes = []
    modules = ("np", "tf", "keras", "data", "metrics", "models", "training", "plotting")
    for node in nodes:
        for target in getattr(node, "targets", []):
            owner = target.value if isinstance(target, ast.Attribute) else None
            while isinstance(owner, ast.Attribute):
                owner = owner.value
            if isinstance(owner, ast.Name) and owner.id in modules:
                found.add(ast.unparse(target) + " =")
    return [f"look at its code: {', '.join(sorted(found))}"] if found else []
