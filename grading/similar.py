"""Which solutions are alike, by their syntax trees without names, numbers, texts and comments.

What most of a class writes says nothing, and a short task has few good answers. So a tree is cut
into short runs of nodes, and only those count that few students have, and that nobody was given.
"""

import ast
from collections import Counter
from itertools import combinations
import warnings

from grading.submissions import UNTOUCHED, counting_cells

RUN = 6  # nodes of a tree that are looked at together
FEWEST = 12  # rare runs that two solutions need to be compared at all
ALIKE = 0.7  # share of the rare runs that two have in common


def runs(source):
    """The runs of nodes in a piece of Python, a set; empty if it is none."""
    try:
        with warnings.catch_warnings(action="ignore"):  # they quote from the solution
            nodes = list(walk(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    return frozenset(tuple(nodes[i : i + RUN]) for i in range(len(nodes) - RUN + 1))


def walk(node):
    """The kinds of a tree's nodes in the order of the text, without texts that stand alone."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if not isinstance(node, ast.expr_context):
        yield type(node).__name__
    for child in ast.iter_child_nodes(node):
        yield from walk(child)


def solutions(submission, released, tasks):
    """The code in the cells of some tasks, by task."""
    given = {task: cell.source for task, cell in released.items()}
    cells = submission.notebook.cells
    counting = counting_cells(cells, tasks, given)
    return {task: cells[index].source for task, index in counting.items()}


def similar_pairs(submissions, sample, released):
    """Pairs that are alike: share, the two (None for the sample solution), and the tasks.

    ``sample`` and ``released`` are the cells of the code tasks, as solved and as handed out, by
    task. Files that nobody has worked on are left aside.
    """
    everybody = [(None, {task: cell.source for task, cell in sample.items()})]
    everybody += [
        (submission, solutions(submission, released, sample))
        for submission in submissions
        if submission.notebook is not None and submission.work != UNTOUCHED
    ]
    given = {task: runs(cell.source) for task, cell in released.items()}
    found = [
        {(task, run) for task, source in sources.items() for run in runs(source) - given[task]}
        for _, sources in everybody
    ]
    often = Counter(run for owned in found[1:] for run in owned)
    most = max(2, (len(everybody) - 1) // 3)
    rare = [{run for run in owned if often[run] <= most} for owned in found]
    pairs = []
    for one, other in combinations(range(len(everybody)), 2):
        first, second = everybody[one][0], everybody[other][0]
        if first and first.owner.key == second.owner.key:
            continue
        both = rare[one] & rare[other]
        share = len(both) / max(1, min(len(rare[one]), len(rare[other])))
        if len(both) >= FEWEST and share >= ALIKE:
            tasks = [task for task in sample if any(run[0] == task for run in both)]
            pairs.append((share, first, second, tasks))
    return sorted(pairs, key=lambda pair: (-len(pair[3]), -pair[0]))
