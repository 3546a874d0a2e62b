"""The students' exercises and the folded solutions, made from the instructor's notebooks.

Only exercises/source is written by hand. nbgrader's own steps make the student's version, with the
settings of exercises/nbgrader_config.py, and the same source gives the same bytes every time.
"""

from pathlib import Path
import re

import nbformat
from nbgrader import preprocessors, utils
from traitlets.config.loader import PyFileConfigLoader

from grading import InputError

EXERCISES = Path(__file__).resolve().parent.parent / "exercises"
CONFIG = EXERCISES / "nbgrader_config.py"
MARK_SCHEME = r"(?s)\n*[^\n]*BEGIN MARK SCHEME[^\n]*\n(.*?)\n?[^\n]*END MARK SCHEME.*"

# The steps of `nbgrader generate_assignment`, without those that need its database.
GRADED = [
    preprocessors.CheckCellMetadata,
    preprocessors.LockCells,
    preprocessors.ClearSolutions,
    preprocessors.ClearOutput,
    preprocessors.ComputeChecksums,
]
RELEASED = [
    *GRADED,
    preprocessors.ClearHiddenTests,
    preprocessors.ClearMarkScheme,
    preprocessors.ComputeChecksums,
    preprocessors.CheckCellMetadata,
]


def names(folder=EXERCISES):
    """The assignments in a folder like exercises/, sorted, by the names of their folders."""
    sources = folder.glob("source/*/*.ipynb")
    return sorted(path.stem for path in sources if path.stem == path.parent.name)


def selected(wanted, folder=EXERCISES):
    """The assignments that a command is for: those wanted, or all if none is named."""
    available = names(folder)
    unknown = sorted(set(wanted) - set(available))
    if unknown or not available:
        listed = ", ".join(available) or "none"
        raise InputError(f"no exercises {', '.join(unknown)}; there are {listed}")
    return wanted or available


def source_path(name, folder=EXERCISES):
    return folder / "source" / name / f"{name}.ipynb"


def load_source(name, folder=EXERCISES):
    return nbformat.read(source_path(name, folder), as_version=4)


def apply(steps, notebook):
    """Put a copy of a notebook through steps of nbgrader."""
    config = PyFileConfigLoader(CONFIG.name, str(CONFIG.parent)).load_config()
    notebook, resources = nbformat.from_dict(notebook), {}
    for step in steps:
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook


# --- cells and tasks ----------------------------------------------------------------------------


def grade_id(cell):
    """A cell's name for nbgrader, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def task_of(name):
    """The task that a cell belongs to: loss_checks and loss_hidden belong to loss."""
    return re.sub(r"_(checks|hidden)$", "", name)


def checks_of(notebook, task):
    """The cells that check a task's solution."""
    return [
        cell
        for cell in notebook.cells
        if utils.is_grade(cell) and not utils.is_solution(cell) and task_of(grade_id(cell)) == task
    ]


def max_points(notebook):
    """The points of each task: a dict from task to number, in the order of the notebook."""
    points = {}
    for cell in filter(utils.is_grade, notebook.cells):
        task = task_of(grade_id(cell))
        points[task] = points.get(task, 0) + float(cell.metadata.nbgrader["points"])
    return points


def without_marks(source):
    """A solution without the lines that mark it for nbgrader."""
    lines = source.split("\n")
    return "\n".join(line for line in lines if not re.search("(BEGIN|END) SOLUTION", line)).strip()


# --- generated files ----------------------------------------------------------------------------


def release_text(notebook):
    """The student's notebook, as the text of its file."""
    return nbformat.writes(apply(RELEASED, notebook)) + "\n"


def folded(summary, text):
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>\n"


def solutions_text(name, notebook):
    """The solutions as Markdown: each task's heading, and under it, folded, how to solve it."""
    title = re.search(r"(?m)^# Exercises (.+)$", notebook.cells[0].source)
    if not title:
        raise InputError(f"{name}: the first cell begins with '# Exercises NN — Title'.")
    parts = [
        f"# Solutions {title[1]}\n",
        f"Of [the exercises](../release/{name}/{name}.ipynb). An answer that you have read is soon "
        "forgotten, one that you found is not: open a solution only after an honest try, and then "
        "compare.\n",
    ]
    heading = None
    for cell in notebook.cells:
        headings = re.findall(r"(?m)^## (.+)$", cell.source) if cell.cell_type == "markdown" else []
        if utils.is_solution(cell):
            if heading:
                parts.append(f"## {heading}\n")
                heading = None
            if cell.cell_type == "code":
                code = without_marks(cell.source)
                parts.append(folded("Solution", f"```python\n{code}\n```"))
            else:
                rubric = re.search(MARK_SCHEME, cell.source)
                answer = without_marks(re.sub(MARK_SCHEME, "", cell.source))
                parts.append(folded("Sample answer", answer))
                if rubric:
                    parts.append(folded("How it is graded", rubric[1].strip()))
        elif headings:
            heading = headings[-1]
    return "\n".join(parts)


def generated(name, folder=EXERCISES):
    """What an assignment generates: a dict from path to text."""
    notebook = load_source(name, folder)
    return {
        folder / "release" / name / f"{name}.ipynb": release_text(notebook),
        folder / "solutions" / f"{name}.md": solutions_text(name, notebook),
    }


def differing(name, folder=EXERCISES):
    """The generated files of an assignment that are not what its source makes: path and text."""
    return [
        (path, text)
        for path, text in generated(name, folder).items()
        if not path.exists() or path.read_bytes() != text.encode("utf-8")
    ]


def release(selected, folder=EXERCISES, check=False):
    """Write the generated files that differ, or only say which do.

    Returns the number of files that differ, if nothing was to be written, and otherwise 0.
    """
    outdated = 0
    for name in selected:
        for path, text in differing(name, folder):
            print(f"{path.name} {'differs' if check else 'written'}")
            if check:
                outdated += 1
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
    if outdated:
        print("Run 'make exercises', and commit what it writes.")
    return outdated
