"""Which names a cell of Python takes from the notebook, gives to it, and changes."""

import ast
import re
import symtable
import warnings

from IPython.core.inputtransformer2 import TransformerManager

KEPT_MAGICS = "time", "timeit", "capture", "prun"  # of cells: what is below them is run


def python(source):
    """A cell as Python: magics become calls, which do nothing in the process of the checks."""
    magic = re.match(r"\s*%%(\w+)[^\n]*\n", source)
    if magic:
        source = source[magic.end() :] if magic[1] in KEPT_MAGICS else ""
    return TransformerManager().transform_cell(source)


def parse(source):
    """The statements of a cell; none where it is no Python."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(python(source)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def loaded(statement):
    """The names that a statement takes from the notebook, also from inside of its functions."""
    module = ast.Module([statement], [])
    table = symtable.symtable(ast.unparse(module), "", "exec")
    found = {item.get_name() for item in table.get_symbols() if item.is_referenced()}
    pending = list(table.get_children())
    while pending:
        inner = pending.pop()
        pending += inner.get_children()
        for item in inner.get_symbols():
            if item.is_global() and item.is_referenced():
                found.add(item.get_name())
    return found


def bound(statement):
    """The names that a statement gives a meaning to: "*" if that may be any."""
    table = symtable.symtable(ast.unparse(ast.Module([statement], [])), "", "exec")
    names = {item.get_name() for item in table.get_symbols()}
    names = {name for name in names if is_bound(table.lookup(name))}
    star = isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"
    return names | ({"*"} if star else set())


def is_bound(symbol):
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def changed(statement):
    """The names whose objects a statement may change: x in x[0] = 1, x.y = 1, x.append(1)."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return set()
    places = []
    for node in ast.walk(statement):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            places.append(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            places.append(node.value.func)
    return {root(place) for place in places if not isinstance(place, ast.Name)}


def counters(statement):
    """The names that a loop gives a meaning to before it uses them."""
    if not isinstance(statement, ast.For):
        return set()
    names = {node.id for node in ast.walk(statement.target) if isinstance(node, ast.Name)}
    return names - loaded(ast.Expr(statement.iter))


def root(node):
    """The name that an attribute or an entry belongs to: x of x.y[0].z."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def all_names(source):
    """Each name in a cell."""
    found = set()
    for statement in parse(source):
        found |= loaded(statement) | bound(statement)
    return found


def bound_in(source):
    return set().union(*map(bound, parse(source)))
