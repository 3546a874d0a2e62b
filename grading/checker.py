"""What runs in the sandbox where the checks are made: a small loop without Jupyter.

``verification`` gives this file to Python as text, sends a line for each cell, and gets a line
back. Nothing else leads out of the process, and what a cell prints goes nowhere.

The checks and what is given to students have one set of names, with builtins of its own; a
student's cells have another. Only the functions that a task asks for, and names that no check
knows, pass from the second into the first. So no name of a student's stands for one that a check
uses. What both share are objects: modules, and what the given cells have made. Therefore

- modules and classes that checks rely on are compared with what they were before, and put back;
- an audit hook, which cannot be taken away again, refuses what reaches for frames, for code or for
  all objects, and reports it before it happens;
- classes of a student's that decide themselves what they are equal to are refused;
- functions of this file that a student's code can reach have no way back into it;
- an answer quotes a key from a list that came before any code of a student's ran, so that nobody
  who reads or writes these lines can stand for the loop; and the loop calls only what is written in
  C and what it held before.
"""

import builtins
import linecache
from os import O_RDWR, devnull, dup, dup2, write
from os import open as open_file
import signal
from sys import _getframe, addaudithook, audit, exc_info, modules, stdlib_module_names
from threading import get_ident
from types import BuiltinFunctionType, FunctionType, ModuleType, SimpleNamespace

REFUSED = "grading.refused"  # the event of what functions of this file refuse
BUILD_CLASS = builtins.__build_class__
OWN, TRUSTED = "<cell ", "<check "  # how the names of files begin that cells are said to be from
LIBRARIES = {"gan_helpers", "keras", "numpy", "scipy", "sklearn", "tensorflow"}
RELIED_ON = LIBRARIES | stdlib_module_names
RENEWED = {"random", "signal", "threading", "asyncio", "logging", "site"}  # change by themselves
PEEPHOLES = ("/inspect.py", "/traceback.py", "/linecache.py", "/bdb.py", "/pdb.py", "/trace.py")
PEEPHOLES += (
    "/ctypes/__init__.py",
    "/ctypes/util.py",
    "/code.py",
    "/runpy.py",
    "/timeit.py",
    "/os.py",
)
EVENT_NAMES = """
code.__new__ compile exec function.__new__ marshal.loads object.__delattr__ object.__getattr__
object.__setattr__ sys._current_exceptions sys._current_frames sys._getframe sys.addaudithook
sys.monitoring.register_callback sys.setprofile sys.settrace sys.unraisablehook
"""
EVENTS = set(EVENT_NAMES.split())
# These are refused from whichever function of a library a student's code calls.
THROUGH_ALL = "sys.settrace", "sys.setprofile", "sys._current", "gc.get_", "sys.monitoring"
PATHS = {"open", "os.chdir", "os.link", "os.listdir", "os.scandir", "os.symlink"}
METHODS = """
init call repr str len getitem setitem iter next enter exit contains post_init slots new hash
"""
BY_PYTHON = """
module qualname doc dict weakref annotations annotate annotate_func firstlineno static_attributes
classcell match_args type_params parameters orig_bases abstractmethods
"""
USUAL = {f"__{name}__" for name in (METHODS + BY_PYTHON).split()}
VALUES = {"int", "float", "complex", "str", "bytes", "list", "tuple", "dict", "set", "frozenset"}
VALUES |= {"ndarray", "generic", "float32", "float64", "int64", "EagerTensor", "Tensor"}


class Late(BaseException):
    """A cell took too long."""


def is_own(file):
    """Whether code from a file of this name is a student's (TensorFlow rewrites some of it)."""
    return file.startswith(OWN) or "__autograph_generated" in file


# --- what a student's code may not do -----------------------------------------------------------


def refuse_peeping(report):
    """From now on, refuse what only code that looks for the checks has a use for."""
    inside = set()

    def hook(event, arguments):
        if event == REFUSED:
            report(*arguments)
        wide, through_all = event.startswith(("ctypes.", "gc.")), event.startswith(THROUGH_ALL)
        if not wide and event not in EVENTS and event not in PATHS:
            return
        thread = get_ident()
        if thread in inside:
            return
        inside.add(thread)
        own = False
        try:
            frame = _getframe(1)
            while frame is not None:
                file, own = frame.f_code.co_filename, is_own(frame.f_code.co_filename)
                if own or file.startswith("<check"):
                    break
                if not through_all and not file.endswith(PEEPHOLES):
                    break
                frame = frame.f_back
        finally:
            inside.discard(thread)
        harmless = (
            event in PATHS and type(arguments[0]) is not int and "/proc" not in str(arguments)
        )
        if not own or harmless:
            return
        detail = f" {arguments[-1]}" if event.startswith("object.") else ""
        report(f"reached for {event}{detail}")
        raise RuntimeError(f"{event} is refused here")

    addaudithook(hook)


def build_class(function, name, *bases, **options):
    """The class statement, for a student's cells."""
    made = BUILD_CLASS(function, name, *bases, **options)
    special = sorted({part for part in vars(made) if part.startswith("__")} - USUAL)
    imitated = sorted(VALUES & {base.__name__ for base in made.__mro__[1:]})
    if special:
        audit(REFUSED, f"made a class with {', '.join(special)}")
        raise TypeError(f"the class {name} has {', '.join(special)}: return plain values")
    if imitated and not hasattr(made, "_fields"):  # a named tuple
        audit(REFUSED, f"made a class from {', '.join(imitated)}")
        raise TypeError(f"the class {name} imitates plain values: return these themselves")
    return made


def set_handler(*_):
    """What stands for ``signal.signal``, which hands out frames."""
    audit(REFUSED, "reached for signal.signal")
    raise RuntimeError("signal.signal is refused here")


def stop(*_):
    raise Late


def show(*_, **__):
    """What stands for ``display``."""


def jupyter():
    """What a cell with magics is translated to asks for; they do nothing here."""
    nothing = dict.fromkeys(("run_line_magic", "run_cell_magic", "system"), lambda *_: None)
    return SimpleNamespace(**nothing, getoutput=lambda *_: [])


def apart(function, **names):
    """A function that a student's code can reach, and from it nothing of this file but names."""
    return FunctionType(function.__code__, {"__builtins__": dict(vars(builtins)), **names})


def relied_on():
    """All functions and classes that checks may rely on: name, where it is, key, what it is."""
    found = []
    for name, module in list(modules.items()):
        root = name.partition(".")[0]
        if root not in RELIED_ON or root in RENEWED or not issubclass(type(module), ModuleType):
            continue
        found.append((name, modules, name, module))
        for key, value in list(vars(module).items()):
            kind = type(value)
            if issubclass(kind, type):
                parts = [] if root in stdlib_module_names else list(vars(value).items())
                found += [
                    (f"{name}.{key}.{part}", value, part, thing)
                    for part, thing in parts
                    if type(thing) is FunctionType
                ]
            elif kind not in (FunctionType, BuiltinFunctionType) and kind.__name__ != "ufunc":
                continue
            found.append((f"{name}.{key}", vars(module), key, value))
    return found


def put_back(things):
    """Undo what is no longer as it was; the names."""
    changed = []
    for name, place, key, value in things:
        now = place if type(place) is dict else vars(place)
        if now.get(key) is value:
            continue
        changed.append(name)
        if type(place) is dict:
            place[key] = value
        else:
            setattr(place, key, value)
    return changed


# --- cells --------------------------------------------------------------------------------------


def make_alarm():
    """A function that lets ``Late`` be raised after some seconds, where the system can do that."""
    if not hasattr(signal, "setitimer"):
        return lambda seconds: None
    set_timer, timer = signal.setitimer, signal.ITIMER_REAL
    signal.signal(signal.SIGALRM, apart(stop, Late=Late))
    return lambda seconds: set_timer(timer, seconds, 1)


alarm = make_alarm()


def run(source, file, names, seconds):
    """Run a cell. What came of it: how it ended, the exception's type, a line, and its text."""
    try:
        alarm(seconds)
        try:
            exec(compile(source, file, "exec"), names)
        finally:
            alarm(0)
    except BaseException:
        alarm(0)
        kind, error, trace = exc_info()
        innermost, line = "", 0
        while trace is not None:
            innermost = trace.tb_frame.f_code.co_filename
            line = trace.tb_lineno if is_own(innermost) else line
            trace = trace.tb_next
        try:
            text = str(error)[:4_000]
        except BaseException:
            text = ""
        if kind is Late:
            return b"late", "", 0, ""
        if kind is AssertionError and not is_own(innermost):
            return b"check", "AssertionError", 0, text
        return b"own" if line else b"error", type.__dict__["__name__"].__get__(kind), line, text
    return b"ok", "", 0, ""


def coded(text):
    return str.encode(text, "utf-8", "replace").hex().encode()


def serve(requests, answers):
    """Run the cells that come in, until no more come."""

    def send(*parts):
        write(answers, b" ".join(parts) + b"\n")

    def report(text):
        send(b"!", coded(text[:300]))

    main = ModuleType("__main__")
    modules["__main__"] = main
    own, checks = vars(main), {"__name__": "__main__", "__builtins__": dict(vars(builtins))}
    made = {"BUILD_CLASS": BUILD_CLASS, "USUAL": USUAL, "VALUES": VALUES}
    classes = apart(build_class, **made, audit=audit, REFUSED=REFUSED)
    own["__builtins__"] = vars(builtins) | {"__build_class__": classes}
    checks["get_ipython"] = apart(jupyter, SimpleNamespace=SimpleNamespace)
    own.update(get_ipython=checks["get_ipython"], display=apart(show))
    refuse = apart(set_handler, audit=audit, REFUSED=REFUSED)
    signal.signal = modules["_signal"].signal = refuse
    sources, protected, things, keys = linecache.cache, set(), None, []
    for request in requests:
        kind, seconds, number, *texts = request.split(b" ")
        source, wanted = (bytes.fromhex(text.decode()).decode() for text in texts)
        wanted = set(wanted.split())
        if kind == b"begin":
            protected, keys = wanted, source.encode().split()
            continue
        if kind == b"own" and things is None:
            things = relied_on()
            refuse_peeping(report)
        names = own if kind == b"own" else checks
        file = (OWN if kind == b"own" else TRUSTED) + number.decode() + ">"
        if kind in (
            b"given",
            b"own",
            b"visible",
        ):  # where TensorFlow looks for the source of a function
            sources[file] = len(source), None, source.splitlines(True), file
        before, kept = dict(names), dict(checks)
        ended, error, line, text = run(source, file, names, float(seconds))
        changed = put_back(things) if things and kind != b"probe" else []
        if changed:
            report(f"changed {', '.join(changed[:5])}")
            ended = ended if kind == b"own" else b"bent"
        new = [name for name in names if before.get(name, names) is not names[name]]
        foreign = [name for name in new if name not in wanted and not name.startswith("__")]
        if foreign and kind in (b"visible", b"hidden"):  # it was not the check that did it
            report(f"changed {', '.join(foreign[:5])} of the checks")
            ended = b"bent"
        if kind == b"own":
            if any(checks.get(name, kept) is not value for name, value in kept.items()):
                report("changed the names of the checks")
            checks.update(kept)
            known = [name for name in new if name in wanted or name not in protected]
            checks.update((name, own[name]) for name in known)
        elif kind in (b"given", b"visible"):
            own.update((name, checks[name]) for name in new if name != "__builtins__")
        error, text = (coded(part) for part in (error, text))
        send(keys.pop(), ended, error, b"%d" % line, text)


def main():
    """Take the two ways to the outside for this loop, and nothing for anything else."""
    requests, answers = open(dup(0), "rb"), dup(1)  # noqa: SIM115
    nowhere = open_file(devnull, O_RDWR)
    for number in range(3):
        dup2(nowhere, number)
    serve(requests, answers)


main()
