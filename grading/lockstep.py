"""Whether two editions of a notebook, in two languages, are the same but for their words."""

import ast
import re

from grading import InputError
from grading.names import python

MARKS = r"(?m)^[^\n]*(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)"


def blanked(code):
    """The syntax tree of a cell as text, without what its strings say.

    Keys of a dictionary stay as different from each other as they are.
    """
    tree = ast.parse(python(code))
    keys = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):  # another language has another order of words
            parts = [part for part in node.values if isinstance(part, ast.FormattedValue)]
            node.values = sorted(parts, key=lambda part: ast.dump(part.value))
        elif isinstance(node, ast.Dict):
            texts = [ast.dump(key) for key in node.keys if is_text(key)]
            for key in filter(is_text, node.keys):
                key.value = str(texts.index(ast.dump(key)))
                keys.add(key)
        elif is_text(node) and node not in keys:
            node.value = ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue):
            node.format_spec = None
    return ast.dump(tree)


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def check_lockstep(name, english, other):
    """``InputError`` if a notebook is not the English one with other words.

    Both are the instructor's. Equal are the cells' number, kinds, ids and metadata, the marks for
    nbgrader, and the code, but for comments and what strings say.
    """
    reason = ""
    if len(english.cells) != len(other.cells):
        reason = f"it has {len(other.cells)} cells, and not {len(english.cells)}"
    for ours, theirs in zip(english.cells, other.cells, strict=False):
        reason = reason or difference(ours, theirs)
    if reason:
        raise InputError(
            f"{name}: the translation is of another source than the English one: {reason}. Run "
            "'make translations'; in a private copy, change both, or delete the translation."
        )


def difference(ours, theirs):
    """What is not the same in two cells, in words; empty if nothing is."""
    for part in ("id", "cell_type", "metadata"):
        if ours.get(part) != theirs.get(part):
            return f"cell {theirs.get('id')} has another {part}"
    marks, others = (re.findall(MARKS, cell.source) for cell in (ours, theirs))
    if [mark.strip() for mark in marks] != [mark.strip() for mark in others]:
        return f"cell {ours.id} has other marks for nbgrader"
    if ours.cell_type == "code" and blanked(ours.source) != blanked(theirs.source):
        return f"cell {ours.id} has other code"
    return ""
