"""Right and wrong solutions of the exercises, tried against the checks.

A file of tests/variants holds those of one assignment, in percent cells:

    # %% task | right | name
    # %% task | wrong | name | piece of the message that the student must get

Under the header stands either a whole solution, or only what is replaced in the solution of
exercises/source, a tuple a line. What is replaced stands there once, or as often as a third says:

    ("sum(values)", "mean(values)")
    ("strides=2", "strides=1", 3)
"""

import ast
from collections import namedtuple
import linecache
from pathlib import Path
import re

from IPython.core.inputtransformer2 import TransformerManager
from nbgrader import utils

from grading import InputError, assignments
from grading.assignments import checks_of, grade_id

VARIANTS = Path(__file__).resolve().parent.parent / "tests" / "variants"

Variant = namedtuple("Variant", "task kind name message source")
Outcome = namedtuple("Outcome", "variant messages")


# --- reading ------------------------------------------------------------------------------------


def load_variants(name, folder=VARIANTS):
    """The right and wrong solutions of an assignment, from a file of percent cells."""
    text = (folder / f"{name}.py").read_text(encoding="utf-8")
    variants = []
    for part in re.split(r"(?m)^# %% ", text)[1:]:
        header, _, source = part.partition("\n")
        fields = [field.strip() for field in header.split("|", 3)]
        if fields[1:2] not in (["right"], ["wrong"]) or len(fields) != 3 + (fields[1] == "wrong"):
            raise InputError(
                f"{name}.py: '# %% {header}' is not 'task | right | name' or "
                "'task | wrong | name | piece of the message'."
            )
        variants.append(Variant(*fields[:3], (*fields, "")[3], source.strip() + "\n"))
    return variants


def replacements(source):
    """The tuples (old, new, times) that a variant consists of; None for a whole solution."""
    if not source.startswith("("):
        return None
    tuples = []
    for statement in ast.parse(source).body:
        match ast.literal_eval(statement.value):
            case (str(old), str(new)):
                tuples.append((old, new, 1))
            case (str(old), str(new), int(times)):
                tuples.append((old, new, times))
            case other:
                raise InputError(f"{other!r} is not (old, new) or (old, new, times)")
    return tuples


def replaced(solution, tuples):
    """A solution with the first of each tuple replaced by the second, in all places at once.

    Raises ``InputError`` where it does not stand in the solution as often as the third says.
    """
    for old, _, times in tuples:
        count = solution.count(old)
        if count != times or not count:
            raise InputError(f"the solution has {old!r} {count} times, expected {times}")
    new = {old: text for old, text, _ in tuples}
    pattern = "|".join(re.escape(old) for old in sorted(new, key=len, reverse=True))
    text, count = re.subn(pattern, lambda match: new[match[0]], solution)
    if count != sum(times for *_, times in tuples):
        raise InputError("two of the replaced pieces overlap")
    return text


def complete(variant, reference):
    """The whole solution that a variant stands for.

    ``reference`` is the source of the solution cell. Raises ``InputError`` where the replacements
    do not fit it.
    """
    try:
        tuples = replacements(variant.source)
        if tuples is None:
            return variant.source
        return replaced(assignments.without_marks(reference), tuples) + "\n"
    except (AttributeError, SyntaxError, ValueError) as error:  # no literals, or they do not fit
        raise InputError(f"{variant.task}, {variant.name}: {error}.") from None


# --- trying -------------------------------------------------------------------------------------


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


def error_message(error):
    return " ".join(f"{type(error).__name__}: {error}".split())


def says(messages, piece):
    """Whether one of the messages has this piece, in capitals or not."""
    return any(piece.lower() in message.lower() for message in messages)


def try_variants(notebook, variants):
    """Run a source notebook with its own solutions, and try each variant in its place.

    Returns an ``Outcome`` for each variant, with the messages of the cells that failed. Once one
    has been told its mistake, no further cell is run. An error in the notebook itself is raised.
    """
    namespace, outcomes = {"__name__": "__main__"}, []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if utils.is_solution(cell):
            task, before = grade_id(cell), dict(namespace)
            checks = [check.source for check in checks_of(notebook, task)]
            for variant in variants:
                if variant.task != task:
                    continue
                messages = []
                for source in (complete(variant, cell.source), *checks):
                    error = run_cell(source, namespace)
                    messages += [error_message(error)] if error else []
                    if variant.kind == "wrong" and says(messages, variant.message):
                        break
                outcomes.append(Outcome(variant, messages))
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
    if not says(messages, variant.message):
        return f"is told {messages[0]!r}, which does not say {variant.message!r}"
    return ""


def misled(outcome, others):
    """Whether a wrong solution was first told what belongs to another mistake in the same task.

    ``others`` are variants, among them those of its task: the pieces of their messages are the
    mistakes that are known.
    """
    variant, messages = outcome
    if variant.kind == "right" or not messages or says(messages[:1], variant.message):
        return False
    return any(
        other.task == variant.task and other.kind == "wrong" and says(messages[:1], other.message)
        for other in others
    )
