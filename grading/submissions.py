"""What was submitted: read, checked, chosen, and made into notebooks that can be run.

Nothing of a submission is trusted, and nothing is run here.
"""

import ast
from dataclasses import dataclass, field
import hashlib
import json
import re
import warnings

import nbformat
from nbgrader.utils import is_locked, is_solution

from grading.assignments import grade_id
from grading.owners import Owner
from grading.plans import fixed_names
from grading.suspicion import suspicious
from grading.text import shortened

PROBE = "assert not 'a text that the runner makes'"
PICTURES = "image/png", "image/jpeg", "image/gif"  # that an answer may hold
UNTOUCHED, OWN_CELLS, ANSWERS = range(3)  # how much work there is in a notebook


@dataclass
class Submission:
    """A file that was submitted, and what became of it."""

    path: str  # in plain text
    id: str = ""  # from its bytes, and no number for a spreadsheet
    owner: Owner = None
    problem: str = ""  # why it cannot be graded
    notes: list = field(default_factory=list)  # for the student as well
    remarks: list = field(default_factory=list)  # for the instructor only
    notebook: object = None  # as it was submitted
    language: str = "en"  # of the edition that was handed in
    work: int = UNTOUCHED
    answers: tuple = ()  # all that differs from what was handed out
    choice: str = ""  # "?": one of several between which the instructor has to choose; "yes": this
    result: object = None  # what its run gave: notebook, ended, cell
    missing: set = field(default_factory=set)  # tasks whose solution cell is not there
    own_text: bool = False  # whether there is text outside the cells for answers
    points: dict = field(default_factory=dict)  # by the grade_id of the cell; None: by hand
    messages: dict = field(default_factory=dict)  # what the checks said, by their grade_id
    task_points: dict = field(default_factory=dict)  # by task; None: not known yet
    checked: dict = field(default_factory=dict)  # by task: what the checks gave
    corrected: dict = field(default_factory=dict)  # by task: the checks' points, if not these count
    comments: dict = field(default_factory=dict)  # the instructor's, by written task
    comment: str = ""  # the instructor's, on everything
    adjustment: float = 0.0
    reason: str = ""  # of the adjustment
    late: str = ""  # how late, in words
    late_seconds: float = 0.0
    deduction: float = 0.0  # for lateness
    total: float | None = None  # with the adjustment and the deduction

    @property
    def student(self):
        return self.owner.student


def file_id(content):
    """What a hand-in is known by from one pass to the next."""
    return "f" + hashlib.sha256(content).hexdigest()[:15]


# --- read and checked ---------------------------------------------------------------------------


def solution_names(notebook):
    return {grade_id(cell) for cell in notebook.cells if is_solution(cell)}


def read_notebook(content):
    """The notebook in a file, or None if there is none: anything can be in there."""
    try:
        text = content.decode(json.detect_encoding(content))  # UTF-8, UTF-16 or UTF-32
        with warnings.catch_warnings(action="ignore"):  # they quote from the notebook
            notebook = nbformat.reads(text, as_version=4)
        for cell in notebook.cells:
            if not (isinstance(cell.source, str) and isinstance(cell.metadata, dict)):
                return None
            pairs = cell.source.encode("utf-16", "surrogatepass")
            cell.source = pairs.decode("utf-16", "replace")  # of which a half may be missing
    except Exception:
        return None
    return notebook


def examine(submission, content, assignment, sources):
    """Read a notebook, and find out whether it is one of this assignment.

    ``sources`` are the sources of all assignments, by name.
    """
    if submission.problem:
        return
    notebook = read_notebook(content)
    if notebook is None:
        submission.problem = "not a notebook"
        return
    known = {cell.id: cell for cell in sources[assignment].cells}
    present, recovered = set(), False
    for cell in notebook.cells:
        metadata = cell.metadata.get("nbgrader")
        name = metadata.get("grade_id") if isinstance(metadata, dict) else None
        ids = str(cell.metadata.get("id")), str(cell.get("id"))  # the first is Colab's
        given = next((known[text] for text in ids if text in known), None)
        if given and not isinstance(name, str):
            name = grade_id(given)
            recovered = recovered or bool(name)
        cell.metadata = nbformat.NotebookNode()
        cell.pop("outputs", None)  # which can be most of a file, and are made anew
        if isinstance(name, str):
            cell.metadata["name"] = name
            present.add(name)
        elif given:
            cell.metadata["given"] = given.id
    if present & {grade_id(cell) for cell in sources[assignment].cells}:
        found = find_by_definition(notebook.cells, sources[assignment], present)
        if found:
            submission.notes.append(f"lost cell metadata: {', '.join(found)} found by its code")
            present.update(found)
    wanted = {name: solution_names(source) for name, source in sources.items()}
    best = max(wanted, key=lambda name: (len(wanted[name] & present), name == assignment))
    if best != assignment:
        submission.problem = f"wrong assignment: it is {best}"
    elif not wanted[assignment] & present:
        text = "\n".join(cell.source for cell in notebook.cells)
        title = re.search(r"(?m)^# (.{1,60})", text)
        submission.problem = "lost cell metadata: none of the tasks' cells can be told apart"
        submission.problem += f" (its title: {title[1]})" if title else " (it has no title)"
        submission.problem += "; write the answers into the file that was handed out, keeping its "
        submission.problem += "cells, and hand that in"
    elif recovered:
        submission.notes.append("lost cell metadata: the cells were found by their ids")
    submission.notebook = notebook


def find_by_definition(cells, source, present):
    """Name the cells that define what a missing solution cell defines; returns their names."""
    found = []
    for original in filter(is_solution, source.cells):
        name = grade_id(original)
        if original.cell_type != "code" or name in present:
            continue
        defined = re.findall(r"(?m)^(?:def|class) \w+", original.source)
        fitting = [
            cell
            for cell in cells
            if cell.cell_type == "code"
            and not cell.metadata.get("name")
            and set(defined) & set(re.findall(r"(?m)^(?:def|class) \w+", cell.source))
        ]
        if fitting:
            fitting[-1].metadata["name"] = name
            found.append(name)
    return found


def language_of(notebook, released):
    """The language of the edition of which most cells stand in a notebook; English, if of none.

    ``released`` are the students' notebooks by language.
    """
    found = {tuple(lines(cell.source)) for cell in notebook.cells}
    counts = {
        language: sum(tuple(lines(cell.source)) in found for cell in edition.cells)
        for language, edition in released.items()
    }
    return max(counts, key=counts.get)


def measure_work(submission, released):
    """Fill in how much work there is in a notebook, and what differs from the released one."""
    if submission.problem:
        return
    sources = {grade_id(cell): lines(cell.source) for cell in released.cells if is_solution(cell)}
    given = {tuple(lines(cell.source)) for cell in released.cells} | {()}
    cells = [cell for cell in submission.notebook.cells if tuple(lines(cell.source)) not in given]
    submission.answers = tuple(cell.source.strip() for cell in cells)
    answered = any(cell.metadata.get("name") in sources for cell in cells)
    submission.work = ANSWERS if answered else OWN_CELLS if cells else UNTOUCHED


# --- chosen -------------------------------------------------------------------------------------


def choose(submissions, chosen=()):
    """The files of each student that get a row: one, or all between which nothing decides.

    Of the files that can be graded, those with most work count: answers before cells of the
    student's own before an untouched download. Of these the latest, where a platform's stamps say
    which it is; else the one whose id is in ``chosen``, by the instructor; else each gets a row
    and the choice "?".
    """
    by_student = {}
    for submission in submissions:
        by_student.setdefault(submission.owner.key, []).append(submission)
    rows = []
    for files in by_student.values():
        picked, reason = pick(files, chosen)
        for submission in picked:
            others = [describe(other, submission) for other in files if other not in picked]
            said = [reason] if reason else []
            said += [f"also handed in: {shortened(others)}"] if others else []
            submission.remarks += ["; ".join(said)] if said else []
        rows += picked
    return sorted(rows, key=lambda submission: submission.path)


def pick(files, chosen):
    """The files of a student that get a row, and why."""
    ready = [file for file in files if not file.problem]
    if not ready:
        notebooks = [file for file in files if ".ipynb" in file.path.lower()]
        return (notebooks or files)[:1], ""
    most = max(file.work for file in ready)
    works = [file for file in ready if file.work == most]
    decided = [file for file in works if file.id in chosen]
    if len(decided) == 1:
        decided[0].choice = "yes"
        return decided, "graded the one that was chosen"
    if most == UNTOUCHED and any(map(may_hold_work, files)):
        works[0].choice = "?"
        return works[:1], (
            "not graded before you choose: it is untouched, and the work may be in another file; "
            "write yes in the column counts if it is not"
        )
    if len({file.answers for file in works}) == 1:
        alone = len(ready) == 1 or most == UNTOUCHED
        return works[:1], "" if alone else "graded the one with the work in it"
    stamps = [file.owner.stamp for file in works]
    comparable = None not in stamps and len({stamp[0] for stamp in stamps}) == 1
    if comparable and stamps.count(max(stamps)) == 1:
        return [max(works, key=lambda file: file.owner.stamp)], "graded the latest"
    for file in works:
        file.choice = "?"
    names = shortened([file.path for file in works])
    return works, (
        f"not graded before you choose: {len(works)} files with work ({names}), and nothing says "
        "which is the latest; write yes in the column counts of one"
    )


def may_hold_work(file):
    """Whether a file that cannot be graded may be what somebody wanted to hand in."""
    return bool(file.problem) and not re.search(r"(?i)\.(txt|html?|md|csv|xml)$", file.path)


def describe(other, submission):
    """A file that is not graded, and why not."""
    why = other.problem
    if not why and other.work < submission.work:
        why = "untouched" if other.work == UNTOUCHED else "no answers in it"
    if not why and other.answers == submission.answers:
        why = "the same answers"
    return f"{other.path} ({why or 'not counted'})"


# --- the notebook to run ------------------------------------------------------------------------


def lines(source):
    return [line.rstrip() for line in source.strip().splitlines()]


def rebuild(submission, released):
    """The student's notebook with every locked cell as the instructor wrote it.

    Only the text of a solution cell, pictures in it, and cells that are the student's own, come
    from the student. The cell that sets the parameters is the released one, too.
    """
    originals = {grade_id(cell): cell for cell in released.cells if grade_id(cell)}
    released_sources = {grade_id(cell): cell.source for cell in released.cells}
    explained = "\n".join(cell.source for cell in released.cells)
    fixed = fixed_names(released)
    parameters = {cell.id: cell.source for cell in released.cells if is_parameters(cell)}
    given = {tuple(lines(cell.source)) for cell in released.cells}
    counting = counting_cells(submission.notebook.cells, originals, released_sources)
    cells = []
    for index, cell in enumerate(submission.notebook.cells):
        name, new, source = cell.metadata.get("name"), None, tuple(lines(cell.source))
        if name in originals and counting[name] != index:
            submission.notes.append(f"{name} stands there more than once; one of them counts")
            if is_locked(originals[name]) or source in given:
                new = nbformat.v4.new_markdown_cell("")
        elif name in originals:
            new = nbformat.from_dict(originals[name])
            if is_locked(new) and list(source) != lines(released_sources[name]):
                submission.notes.append(f"{name} was changed; the original was used")
                submission.own_text |= new.cell_type == "markdown"
            if not is_locked(new):
                new.source = cell.source
        elif cell.metadata.get("given") in parameters and cell.cell_type == "code":
            original = parameters[cell.metadata["given"]]
            new = nbformat.v4.new_code_cell(original)
            if list(source) != lines(original):
                submission.notes.append("the parameters were changed; the original ones were used")
        if new is None:
            make = nbformat.v4.new_code_cell if cell.cell_type == "code" else None
            new = (make or nbformat.v4.new_markdown_cell)(cell.source)
            submission.own_text |= source not in given and is_text(new)
        if new.cell_type == "markdown":
            new.update(pictures(cell))
        own = new.cell_type == "code" and tuple(lines(new.source)) not in given
        if own and not is_locked(new):
            made = fixed if name in originals else ()
            submission.remarks += suspicious(new.source, explained, made)
        cells.append(new)
    notebook = nbformat.v4.new_notebook(cells=cells)
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


def counting_cells(cells, originals, released_sources):
    """Of the cells with one name, the one that counts: the last, or the last that was worked on.

    A dict from name to the cell's index.
    """
    counting, worked_on = {}, set()
    for index, cell in enumerate(cells):
        name = cell.metadata.get("name")
        if name not in originals:
            continue
        untouched = lines(cell.source) in ([], lines(released_sources[name]))
        if is_locked(originals[name]) or not untouched or name not in worked_on:
            counting[name] = index
        if not untouched:
            worked_on.add(name)
    return counting


def is_parameters(cell):
    """Whether a given cell begins with a number or text that gets a name: it sets parameters."""
    if cell.cell_type != "code" or grade_id(cell):
        return False
    try:
        first = ast.parse(cell.source).body[0]
        ast.literal_eval(first.value)
    except (AttributeError, IndexError, SyntaxError, ValueError):
        return False
    return isinstance(first, ast.Assign)


def is_text(cell):
    """Whether a cell is text, and so perhaps an answer: Markdown, a comment, prose."""
    if not cell.source.strip() or cell.cell_type != "code":
        return bool(cell.source.strip())
    try:
        nodes = ast.parse(cell.source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return not re.search(r"(?m)^\s*[%!]", cell.source)  # prose, if no command of Jupyter's
    values = [getattr(node, "value", None) for node in nodes if isinstance(node, ast.Expr)]
    texts = [value for value in values if isinstance(getattr(value, "value", None), str)]
    return len(texts) == len(nodes)


def pictures(cell):
    """The pictures that were pasted into a cell: its attachments, without anything else."""
    kept, attachments = {}, cell.get("attachments")
    for name, kinds in attachments.items() if isinstance(attachments, dict) else []:
        for kind, data in kinds.items() if isinstance(kinds, dict) else []:
            data = "".join(data) if isinstance(data, list) else data
            if kind in PICTURES and re.fullmatch(r"[\w+/=\s]+", str(data), re.ASCII):
                kept[name] = {kind: "".join(data.split())}
    return {"attachments": kept} if kept else {}
