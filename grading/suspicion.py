"""Code that an instructor should read with their own eyes, because it may reach for the checks.

Nothing here keeps anybody from anything: that is what the process of the checks and the sandbox are
for. What is usual in an exercise is not named, and all that an attack on the checks needs is.
"""

import ast
import re

from grading.names import parse

# Not used by any exercise, and of use to who looks for the checks, the machine or the network.
MODULES = """
IPython _ast _ctypes _thread _testcapi asyncio ast atexit bdb builtins code codeop concurrent
cProfile ctypes dill cloudpickle dis faulthandler ftplib gc http imp importlib inspect
ipykernel jupyter_client linecache marshal mmap multiprocessing opcode pdb pickle pickletools
pkgutil posix profile psutil pty pydoc requests resource runpy shelve shutil signal site
smtplib socket socketserver ssl subprocess symtable sys threading token tokenize trace
traceback traitlets tracemalloc types unittest urllib webbrowser weakref zmq
"""
CALLS = """
__import__ __build_class__ breakpoint compile delattr eval exec globals locals setattr vars
attrgetter methodcaller new_class make_dataclass
"""
ATTRIBUTES = """
_current_exceptions _current_frames _getframe ag_frame attrgetter cell_contents cr_code cr_frame
co_code co_consts co_names currentframe displayhook excepthook f_back f_builtins f_code f_globals
f_lasti f_lineno f_locals f_trace func_load get_objects get_referents get_referrers getsource
getsourcelines gi_code gi_frame ma methodcaller mock modules new_class
register_tensor_conversion_function runstring set_floatx tb_frame tb_next func_code
enable_numpy_behavior experimental_enable_numpy_behavior run_functions_eagerly sys inspect gc
builtins ctypes subprocess linecache importlib marshal traceback threading multiprocessing socket
_thread
"""
USUAL = """
__init__ __call__ __name__ __doc__ __len__ __getitem__ __setitem__ __iter__ __next__ __enter__
__exit__ __version__ __repr__ __str__ __contains__ __post_init__ __main__ __annotations__
"""
VALUES = "bytes dict float frozenset int list ndarray set str tuple"
OS = """
system popen exec spawn fork kill _exit abort environ putenv remove unlink rmdir rename replace dup
pipe open read write chmod chown link symlink memfd ptrace
"""
MODULE_NAMES, CALL_NAMES = set(MODULES.split()), set(CALLS.split())
ATTRIBUTE_NAMES, VALUE_NAMES = set(ATTRIBUTES.split()), set(VALUES.split())
USUAL_NAMES, OS_NAMES = set(USUAL.split()), tuple(OS.split())
PACKAGES = "callbacks evaluation losses metrics models sampling training"


def suspicious(source, explained="", given=()):
    """What an instructor should read with their own eyes: code that can reach the checks.

    ``explained`` is all that the assignment says: what it names of ``gan_helpers`` may be used.
    ``given`` are names of objects that the code must not change.
    """
    names = set(re.findall(r"get_ipython|ast_transformers|\bIn\[|/proc\b", source))
    statements = parse(source)
    nodes = [node for statement in statements for node in ast.walk(statement)]
    modules, local = {"np", "tf", "keras", "plt"}, set()
    for node in nodes:
        if isinstance(node, ast.Import):
            modules |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.arg):
            local.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            local.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            local.add(node.name)
    fixed = {*given, *PACKAGES.split()} - local
    for node in nodes:
        names |= {*found_in(node), *rebound(node, modules - local, fixed)}
    names |= {name for name in borrowed(nodes) if explained and name not in explained}
    return [f"look at its code: {', '.join(sorted(names))}"] if names else []


def found_in(node):
    """What is unusual in a node of a syntax tree."""
    match node:
        case ast.Import(names=aliases):
            roots = [alias.name for alias in aliases]
            yield from (name for name in roots if set(name.split(".")) & MODULE_NAMES)
        case ast.ImportFrom(module=module, names=aliases):
            names = [module or "", *(alias.name for alias in aliases)]
            unusual = {*MODULE_NAMES, *ATTRIBUTE_NAMES, *CALL_NAMES}
            yield from (name for name in names if set(name.split(".")) & unusual)
            if module == "os":
                yield from (f"os.{name}" for name in names[1:] if name.startswith(OS_NAMES))
        case ast.Name(id=name) if name in CALL_NAMES or is_odd(name):
            yield name
        case ast.Call(func=ast.Name(id="getattr"), args=[_, name, *_]):
            if not isinstance(name, ast.Constant) or is_odd(str(name.value)):
                yield "getattr"
        case ast.Call(func=ast.Name(id="type"), args=[_, _, _]):
            yield "type with three arguments"
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "format_map")):
            if not isinstance(value, ast.Constant):
                yield "format of a text that is put together"
        case ast.Attribute(value=value, attr=name) if is_odd(name):
            plain = isinstance(value, ast.Name) and value.id in ("self", "cls")
            if not plain or name in ATTRIBUTE_NAMES or name.startswith("__"):
                yield name
        case ast.Attribute(value=ast.Name(id="os"), attr=name) if name.startswith(OS_NAMES):
            yield f"os.{name}"
        case ast.MatchClass(kwd_attrs=names):
            yield from filter(is_odd, names)
        case ast.Constant(value=str(text)) if re.search(r"__\w|/proc|/self", text):
            yield from re.findall(r"__\w+|/proc|/self", text)
        case ast.ClassDef(bases=bases, keywords=keywords):
            yield from class_oddities(node, bases, keywords)


def is_odd(name):
    """Whether a name is one of those that look inside, or private to what it belongs to."""
    if name in USUAL_NAMES or name == "_" or name.startswith("_np"):
        return False
    return name in ATTRIBUTE_NAMES or name.startswith("__")


def class_oddities(node, bases, keywords):
    for base in bases:
        name = getattr(base, "attr", getattr(base, "id", ""))
        if name in VALUE_NAMES:
            yield f"class {node.name}({name})"
    if keywords:
        yield f"class {node.name} with {keywords[0].arg}"
    for part in node.body:
        names = [getattr(part, "name", "")]
        names += [getattr(target, "id", "") for target in getattr(part, "targets", [])]
        yield from filter(is_odd, names)


def rebound(node, modules, given):
    """What a node changes of objects that are not its own, and modules that it passes on."""
    unchanged = modules | given
    targets = getattr(node, "targets", getattr(node, "target", []))
    for target in targets if isinstance(targets, list) else [targets]:
        for place in ast.walk(target):
            owner = place
            while isinstance(owner, ast.Attribute | ast.Subscript):
                owner = owner.value
            package = isinstance(owner, ast.Name) and owner.id in unchanged
            if package and isinstance(place, ast.Attribute | ast.Subscript):
                yield ast.unparse(place) + " ="
                break
    if isinstance(node, ast.Assign | ast.NamedExpr | ast.keyword | ast.Starred | ast.Return):
        values = [node.value]
    else:
        values = getattr(node, "args", getattr(node, "elts", []))
    for value in values if isinstance(values, list) else []:
        if isinstance(value, ast.Name) and value.id in modules:
            yield f"{value.id} itself"


def borrowed(nodes):
    """What code takes from ``gan_helpers``: the names of its functions."""
    aliases = set(PACKAGES.split())
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gan_helpers"):
            for alias in node.names:
                if alias.name in PACKAGES.split():
                    aliases.add(alias.asname or alias.name)
                else:
                    yield alias.name
        elif isinstance(node, ast.ImportFrom):
            aliases -= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            aliases |= {alias.asname for alias in node.names if "gan_helpers" in alias.name}
    for node in nodes:
        owner = getattr(node, "value", None)
        if isinstance(node, ast.Attribute) and getattr(owner, "id", None) in aliases:
            yield node.attr
