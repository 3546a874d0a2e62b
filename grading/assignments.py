"""Make the students' exercises and the folded solutions from the instructor's notebooks.

python tools/exercises.py                    exercises/source -> exercises/release, /solutions
python tools/exercises.py 01_vanilla_gan     one of them
python tools/exercises.py --check            change nothing; say what differs, and exit with 1
python tools/exercises.py --table            try all solutions of tests/variants, print a table
python tools/exercises.py --folder PATH      of a private copy of exercises/

Only exercises/source is written by hand. nbgrader's own steps make the student's version, with the
settings of exercises/nbgrader_config.py, and the same source gives the same bytes every time.
"""

import argparse
from collections import namedtuple
import linecache
from pathlib import Path
import re
import sys

from IPython.core.inputtransformer2 import TransformerManager
import nbformat
from nbgrader import preprocessors, utils
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).resolve().parent.parent
EXERCISES = ROOT / "exercises"
VARIANTS = ROOT / "tests" / "variants"
CONFIG = EXERCISES / "nbgrader_config.py"

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

Variant = namedtuple("Variant", "task kind name message source")
Outcome = namedtuple("Outcome", "variant messages")


def names(folder=EXERCISES):
    """The exercises that there are, by the names of their folders."""
    sources = folder.glob("source/*/*.ipynb")
    return sorted(path.stem for path in sources if path.stem == path.parent.name)


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


def grade_id(cell):
    """A cell's name for nbgrader, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def task_of(name):
    """The task that a cell belongs to: loss_checks and loss_hidden belong to loss."""
    return re.sub(r"_(checks|hidden)$", "", name)


def release_text(notebook):
    """The student's notebook, as the text of its file."""
    return nbformat.writes(apply(RELEASED, notebook)) + "\n"


def without_marks(source):
    """A solution without the lines that mark it for nbgrader."""
    lines = source.split("\n")
    return "\n".join(line for line in lines if not re.search("(BEGIN|END) SOLUTION", line)).strip()


def folded(summary, text):
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>\n"


def solutions_text(name, notebook):
    """The solutions as Markdown: each task's heading, and under it, folded, how to solve it."""
    title = re.search(r"(?m)^# Exercises (.+)$", notebook.cells[0].source)
    if not title:
        raise ValueError(f"{name}: the first cell begins with '# Exercises NN — Title'.")
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
                rubric = r"(?s)\n*[^\n]*BEGIN MARK SCHEME[^\n]*\n(.*?)\n?[^\n]*END MARK SCHEME.*"
                found = re.search(rubric, cell.source)
                answer = without_marks(re.sub(rubric, "", cell.source))
                parts.append(folded("Sample answer", answer))
                if found:
                    parts.append(folded("How it is graded", found[1].strip()))
        elif headings:
            heading = headings[-1]
    return "\n".join(parts)


def generated(name, folder=EXERCISES):
    """What an exercise generates: a dict from path to text."""
    notebook = load_source(name, folder)
    return {
        folder / "release" / name / f"{name}.ipynb": release_text(notebook),
        folder / "solutions" / f"{name}.md": solutions_text(name, notebook),
    }


def differing(name, folder=EXERCISES):
    """The generated files of an exercise that are not what its source makes: path and text."""
    return [
        (path, text)
        for path, text in generated(name, folder).items()
        if not path.exists() or path.read_bytes() != text.encode("utf-8")
    ]


# --- trying solutions ---------------------------------------------------------------------------


def load_variants(name, folder=VARIANTS):
    """The right and wrong solutions of an exercise, from a file of percent cells."""
    text = (folder / f"{name}.py").read_text(encoding="utf-8")
    variants = []
    for part in re.split(r"(?m)^# %% ", text)[1:]:
        header, _, source = part.partition("\n")
        fields = [field.strip() for field in header.split("|", 3)]
        if fields[1:2] not in (["right"], ["wrong"]) or len(fields) != 3 + (fields[1] == "wrong"):
            raise ValueError(
                f"{name}.py: '# %% {header}' is not 'task | right | name' or "
                "'task | wrong | name | piece of the message'."
            )
        variants.append(Variant(*fields[:3], (*fields, "")[3], source.strip() + "\n"))
    return variants


def run_cell(source, namespace):
    """Run a cell as Jupyter would; return the exception that it raised, or None."""
    try:
        code = TransformerManager().transform_cell(source)
        name = f"<cell {len(linecache.cache)}>"  # where tf.function finds the source of a function
        linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name
        exec(compile(code, name, "exec"), namespace)
    except Exception as error:
        return error
    return None


def message(error):
    return " ".join(f"{type(error).__name__}: {error}".split())


def checks_of(notebook, task):
    """The cells that check a task's solution."""
    return [
        cell
        for cell in notebook.cells
        if utils.is_grade(cell) and not utils.is_solution(cell) and task_of(grade_id(cell)) == task
    ]


def try_variants(notebook, variants):
    """Run a source notebook with its own solutions, and try each variant in its place.

    Returns an ``Outcome`` for each variant, with the messages of the cells that failed; an error in
    the notebook itself is raised.
    """
    namespace, outcomes = {"__name__": "__main__"}, []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if utils.is_solution(cell):
            task, before = grade_id(cell), dict(namespace)
            for variant in (one for one in variants if one.task == task):
                cells = [variant.source, *(check.source for check in checks_of(notebook, task))]
                errors = [run_cell(source, namespace) for source in cells]
                outcomes.append(Outcome(variant, [message(error) for error in errors if error]))
                namespace.clear()
                namespace.update(before)
        error = run_cell(cell.source, namespace)
        if error:
            raise AssertionError(f"The source fails in this cell:\n{cell.source}") from error
    return outcomes


def verdict(outcome):
    """What is wrong with the outcome of a variant, or an empty text."""
    variant, messages = outcome
    if variant.kind == "right":
        return f"loses points: {messages[0]}" if messages else ""
    if not messages:
        return "loses no points"
    if not any(variant.message.lower() in text.lower() for text in messages):
        return f"is told {messages[0]!r}, which does not say {variant.message!r}"
    return ""


def table(name, notebook, outcomes):
    """Rows of a Markdown table: task, points, right solutions, wrong ones caught."""
    rows = []
    for cell in filter(utils.is_solution, notebook.cells):
        task, graded = grade_id(cell), cell.metadata.nbgrader
        if cell.cell_type == "markdown":
            rows.append(f"| {name} | {task} (written) | {graded['points']} | | |")
            continue
        points = sum(check.metadata.nbgrader["points"] for check in checks_of(notebook, task))
        tried = [outcome for outcome in outcomes if outcome.variant.task == task]
        counts = []
        for kind in ("right", "wrong"):
            some = [outcome for outcome in tried if outcome.variant.kind == kind]
            counts.append(f"{sum(not verdict(one) for one in some)} of {len(some)}")
        rows.append(f"| {name} | {task} | {points} | {counts[0]} | {counts[1]} |")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(names()))
    parser.add_argument("--check", action="store_true", help="only compare")
    parser.add_argument("--table", action="store_true", help="try the solutions of tests/variants")
    parser.add_argument("--folder", type=Path, default=EXERCISES, help="a copy of exercises/")
    arguments = parser.parse_args()
    there, wrong = names(arguments.folder), 0
    unknown = sorted(set(arguments.names) - set(there))
    if unknown or not there:
        parser.error(f"no exercises {', '.join(unknown)}; there are {', '.join(there) or 'none'}")
    if arguments.table:
        print("| exercises | task | points | right, full points | wrong, caught and told why |")
        print("| --- | --- | --- | --- | --- |")
    for name in arguments.names or there:
        if arguments.table:
            notebook = load_source(name, arguments.folder)
            outcomes = try_variants(notebook, load_variants(name))
            print(*table(name, notebook, outcomes), sep="\n", flush=True)
            for outcome in filter(verdict, outcomes):
                about = f"{name}: {outcome.variant.task}, {outcome.variant.name}"
                print(f"{about}: {verdict(outcome)}", file=sys.stderr)
                wrong += 1
            continue
        for path, text in differing(name, arguments.folder):
            wrong += arguments.check
            print(f"{path.name} {'differs' if arguments.check else 'written'}")
            if not arguments.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
    if wrong and arguments.check:
        print("Run 'make exercises', and commit what it writes.")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
