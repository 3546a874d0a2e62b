"""What is sent to the process of the checks: given cells, the student's solutions, and the checks.

Of the given cells only the statements are in it that a check or a solution needs: no training that
ends in a picture. Of a student's own cells, which may hold anything, only definitions are in it
that a solution needs (a helper, an import), or that stand for the solution itself.
"""

import ast
import builtins
import io
import re
import tokenize

from nbgrader.utils import is_grade, is_locked, is_solution

from grading.assignments import checks_of, grade_id
from grading.names import all_names, bound, bound_in, changed, counters, loaded, parse, python

SECRET = 12  # letters from which a piece of code tells something
DEFINITIONS = ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign
MODULES = {"keras", "np", "plt", "tf", ""}
PROVIDED = {"get_ipython", "display", "__name__", "__builtins__"}


# --- given cells --------------------------------------------------------------------------------


def needed(sources, wanted):
    """Given cells, as lists of statements, without what nobody asks for.

    ``sources`` are cells in their order, as (source, whole): of those that are ``whole`` each
    statement is kept. ``wanted`` are names that the student's cells may ask for at any place.
    """
    kept, live, related = [], wanted, set()
    for source, whole in reversed(sources):
        statements, chosen, before = parse(source), [], None
        while before != chosen:  # what is done to an object is known once the object is
            before, chosen, after = chosen, [], live
            for statement in reversed(statements):
                names, touched = bound(statement), changed(statement) - MODULES
                imports = isinstance(statement, ast.Import | ast.ImportFrom)
                if whole or imports or names & after or touched & (after | related):
                    sure = names if isinstance(statement, DEFINITIONS) else counters(statement)
                    after = after - sure | loaded(statement) - counters(statement) | wanted
                    chosen.insert(0, statement)
            related = related.union(*(bound(one) | loaded(one) for one in chosen))
        live = after
        kept.insert(0, chosen)
    return kept


def text(statements):
    return "\n".join(map(ast.unparse, statements))


# --- hidden checks ------------------------------------------------------------------------------


def secret_pieces(source, public):
    """The code of a hidden check, without its texts, in pieces without spaces.

    What stands in the ``public`` text of the notebook, or in a message of the check, is no secret.
    """
    pieces, texts, piece = [], [], ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        if kind in ("STRING", "FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END", "NEWLINE"):
            texts.append(token.string)
            pieces.append(piece)
            piece = ""
        elif kind not in ("COMMENT", "NL", "INDENT", "DEDENT"):
            piece += token.string
    known = re.sub(r"\s", "", public + "".join(texts))
    pieces = {piece.strip(",()[]{}:") for piece in pieces}
    return sorted(piece for piece in pieces if len(piece) >= SECRET and piece not in known)


# --- a student's own cells ----------------------------------------------------------------------


def definitions(cells):
    """The definitions in cells, as (place of the cell, statement, names)."""
    for place, cell in cells:
        for statement in parse(cell.source):
            if isinstance(statement, DEFINITIONS) and not changed(statement):
                yield place, statement, bound(statement)


def with_own(source, place, own, known, tasks):
    """A solution with the definitions of the student's own cells that it needs; their names.

    ``place`` is the place of the solution's cell, ``own`` the own cells before the checks, as
    (place, cell), ``known`` are the names that are there without them, ``tasks`` those that the
    solution has to define. A definition of the task itself below its cell comes after it.
    """
    available, used = list(definitions(own)), []
    missing = set().union(*map(loaded, parse(source))) - bound_in(source) - known
    missing |= {
        name for name in tasks for at, _, names in available if name in names and at > place
    }
    if not bound_in(source) & tasks:
        missing |= tasks
    grows = True
    while grows:
        grows = False
        for entry in available:
            if entry not in used and entry[2] & (missing | {"*"}) and missing:
                used.append(entry)
                missing |= loaded(entry[1]) - known
                grows = True
    before = [statement for at, statement, _ in available if at < place and in_use(statement, used)]
    after = [statement for at, statement, _ in available if at > place and in_use(statement, used)]
    parts = [text(before), python(source), text(after)]
    names = set().union(*(names for _, _, names in used))
    return "\n".join(part for part in parts if part), sorted(names)


def in_use(statement, used):
    return any(statement is entry[1] for entry in used)


# --- the plan -----------------------------------------------------------------------------------


def own_cells(cells, released):
    """The cells of code that are the student's own, with their places."""
    given = {cell.source for cell in released.cells}
    return [
        (place, cell)
        for place, cell in enumerate(cells)
        if cell.cell_type == "code" and not grade_id(cell) and cell.source not in given
    ]


def fixed_names(notebook):
    """The names that cells of the instructor's give a meaning to."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_solution(cell)]
    return names_of(bound_in, [cell.source for cell in cells])


def names_of(function, sources):
    return set().union(*map(function, sources))


def is_check(cell):
    return is_grade(cell) and not is_solution(cell)


def make_plan(cells, graded, released):
    """The steps of the checks for a student's cells, names that stay apart, and what was taken.

    ``cells`` are the student's, rebuilt, with nbgrader's metadata. A step is a dict of ``kind``
    (given, own, visible, hidden), ``name``, ``source``, ``names``: those that an own cell gives to
    the checks, or that a check defines, and ``secrets``: what a message must not quote.
    """
    places = {grade_id(cell): place for place, cell in enumerate(cells) if grade_id(cell)}
    shown = {grade_id(cell): cell.source for cell in released.cells}
    own = own_cells(cells, released)
    code = [cell for cell in graded.cells if cell.cell_type == "code"]
    fixed = [cell.source for cell in code if not is_solution(cell)]
    names = [grade_id(cell) for cell in filter(is_solution, code)]
    sources = {name: cells[places[name]].source for name in names}
    everywhere = set(dir(builtins)) | PROVIDED
    known = everywhere | names_of(bound_in, fixed) | names_of(bound_in, sources.values())
    taken = {}
    for name, source in sources.items():
        checks = [places[grade_id(check)] for check in checks_of(graded, name)]
        end = min(checks, default=len(cells))
        before = [(place, cell) for place, cell in own if place < end]
        tasks = bound_in(shown[name])
        sources[name], taken[name] = with_own(source, places[name], before, known, tasks)
    graded_places = [place for place, cell in enumerate(code) if is_check(cell)]
    code = code[: max(graded_places, default=-1) + 1]
    given = [("" if is_solution(cell) else cell.source, is_locked(cell)) for cell in code]
    statements = needed(given, names_of(all_names, sources.values()))
    public = "".join(cell.source for cell in released.cells)
    steps = []
    for cell, kept in zip(code, statements, strict=True):
        name, kind = grade_id(cell) or "", "given"
        source, names = text(kept), []
        if is_solution(cell):
            kind, source, names = "own", sources[name], sorted(bound_in(shown[name]))
        elif is_check(cell):
            kind = "visible" if cell.source == shown[name] else "hidden"
            source, names = python(cell.source), sorted(bound_in(cell.source))
        if source.strip():
            step = {"kind": kind, "name": name, "source": source, "names": names}
            secrets = secret_pieces(cell.source, public) if kind == "hidden" else []
            steps.append(step | {"secrets": secrets})
    protected = everywhere | names_of(all_names, fixed)
    plan = {"steps": steps, "protected": sorted(protected)}
    return plan, {name: names for name, names in taken.items() if names}
