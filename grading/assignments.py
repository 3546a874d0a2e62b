"""The students' exercises and the folded solutions, made from the instructor's notebooks.

Only exercises/source is written by hand. nbgrader's own steps make the student's version, with the
settings of exercises/nbgrader_config.py, and the same source gives the same bytes every time.

exercises/ru is a folder of the same kind, in another language: tools/translate.py writes its
sources. An assignment has an edition in each language whose source there is.
"""

from pathlib import Path
import re

import nbformat
from nbgrader import preprocessors, utils
from traitlets.config.loader import PyFileConfigLoader

from grading import InputError
from grading.lockstep import check_lockstep
from grading.words import LANGUAGES, say

EXERCISES = Path(__file__).resolve().parent.parent / "exercises"
CONFIG = EXERCISES / "nbgrader_config.py"
INTRODUCTION = (
    "Of [the exercises]({file}). An answer that you have read is soon forgotten, one that you "
    "found is not: open a solution only after an honest try, and then compare."
)
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


def editions(name, folder=EXERCISES):
    """The folders in which an assignment's source is, by language, English first.

    ``InputError`` if one of them is of another source than the English one.
    """
    places = {"en": folder} | {language: folder / language for language in LANGUAGES}
    found = {key: place for key, place in places.items() if source_path(name, place).exists()}
    for place in list(found.values())[1:]:
        check_lockstep(name, load_source(name, folder), load_source(name, place))
    return found


def apply(steps, notebook, folder=EXERCISES):
    """Put a copy of a notebook through steps of nbgrader, with the settings of a folder.

    A folder without any has those of exercises/.
    """
    place = folder if (folder / CONFIG.name).exists() else EXERCISES
    config = PyFileConfigLoader(CONFIG.name, str(place)).load_config()
    notebook, resources = nbformat.from_dict(notebook), {}
    for step in steps:
        notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook


def in_all_languages(steps, name, folder=EXERCISES):
    """An assignment's notebooks, put through steps of nbgrader: a dict by language."""
    return {
        language: apply(steps, load_source(name, place), place)
        for language, place in editions(name, folder).items()
    }


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


def release_text(notebook, folder=EXERCISES):
    """The student's notebook, as the text of its file."""
    return nbformat.writes(apply(RELEASED, notebook, folder)) + "\n"


def folded(summary, text):
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>\n"


def solutions_text(name, notebook, language="en"):
    """The solutions as Markdown: each task's heading, and under it, folded, how to solve it."""
    begin, head = say("Exercises", language), say("Solutions", language)
    title = re.search(rf"(?m)^# {begin} (.+)$", notebook.cells[0].source)
    if not title:
        raise InputError(f"{name}: the first cell begins with '# {begin} NN — Title'.")
    parts = [
        f"# {head} {title[1]}\n",
        say(INTRODUCTION, language, file=f"../release/{name}/{name}.ipynb") + "\n",
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
                parts.append(folded(say("Solution", language), f"```python\n{code}\n```"))
            else:
                rubric = re.search(MARK_SCHEME, cell.source)
                answer = without_marks(re.sub(MARK_SCHEME, "", cell.source))
                parts.append(folded(say("Sample answer", language), answer))
                if rubric:
                    parts.append(folded(say("How it is graded", language), rubric[1].strip()))
        elif headings:
            heading = headings[-1]
    return "\n".join(parts)


def generated(name, folder=EXERCISES):
    """What an assignment generates, in all languages that it is in: a dict from path to text."""
    texts = {}
    for language, place in editions(name, folder).items():
        notebook = load_source(name, place)
        texts[place / "release" / name / f"{name}.ipynb"] = release_text(notebook, place)
        texts[place / "solutions" / f"{name}.md"] = solutions_text(name, notebook, language)
    return texts


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
            print(f"{path.relative_to(folder)} {'differs' if check else 'written'}")
            if check:
                outdated += 1
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
    if outdated:
        print("Run 'make exercises', and commit what it writes.")
    return outdated
