"""The checks cannot be bent from inside: attacks on them, made in the process of the checks."""

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import RIGHT, SECRET, WRONG, Course, cell_of

from grading import assignments, runner, sandbox
from grading.plans import make_plan, secret_pieces
from grading.submissions import Submission, examine, rebuild
from grading.verification import enter_verdicts, error_output, verify, without_secrets

LIMITS = {"threads": 1, "cell_seconds": 3, "seconds": 30, "memory": 600 << 20, "output": 1 << 20}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def isolation():
    user = sandbox.submission_user()
    return {"isolation": sandbox.find_isolation(user)[0], "user": user}


def made(course, code, change=None):
    """A hand-in's notebook and plan, and what the instructor is told of its text."""
    sources = {name: assignments.load_source(name, course.folder) for name in ("demo", "later")}
    submission = Submission("a.ipynb")
    examine(submission, course.text(code, change=change).encode(), "demo", sources)
    notebook = rebuild(submission, course.release())
    graded = assignments.apply(assignments.GRADED, sources["demo"])
    plan, taken = make_plan(notebook.cells, graded, course.release())
    return notebook, plan, submission.remarks, taken


@pytest.fixture
def check(course, isolation):
    """Make the checks of a hand-in: points, all remarks, and the verdicts."""

    def check(code, change=None, **limits):
        notebook, plan, remarks, _ = made(course, code, change)
        job = LIMITS | isolation | limits | {"plan": with_tool(plan), "grader": runner.os.getpid()}
        with sandbox.workplace(job["user"]) as base:
            verdicts = verify(job, runner.Place(job, base, None))
        enter_verdicts(notebook, verdicts)
        passed = [name for name, error in verdicts.cells.items() if error is None]
        points = {"double_checks": 1, "double_hidden": 2}
        return sum(map(points.get, passed)), "; ".join(remarks + verdicts.remarks), verdicts

    return check


def own(*sources, below=False):
    """Put own cells before everything else, or below the solution."""

    def change(notebook):
        place = notebook.cells.index(cell_of(notebook, "double")) + 1 if below else 0
        notebook.cells[place:place] = [nbformat.v4.new_code_cell(source) for source in sources]

    return change


@pytest.mark.parametrize(("code", "points"), [(RIGHT, 3), (WRONG, 1), ("pass", 0), ("x = (", 0)])
def test_points(check, code, points):
    earned, remarks, verdicts = check(code)
    assert (earned, remarks, verdicts.bent, verdicts.ended) == (points, "", False, "")


def test_the_message_of_a_hidden_check_is_kept(check):
    output = check(WRONG)[2].cells["double_hidden"]
    assert (output.ename, output.evalue) == ("AssertionError", SECRET)


# Each gets no points for a wrong function, and is named. They are kinds: see the module's text.
BENT = {
    "an object that equals everything": (
        "class S:\n    def __eq__(self, other):\n        return True\n"
        "def double(x):\n    return S()"
    ),
    "... by being unequal to nothing": (
        "class S:\n    __ne__ = lambda self, other: False\n    __eq__ = lambda self, other: True\n"
        "def double(x):\n    return S()"
    ),
    "a number that equals everything": (
        "class S(int):\n    def __eq__(self, other):\n        return True\n"
        "def double(x):\n    return S()"
    ),
    "a text without a comparison of its own": (
        "class S(str):\n    pass\ndef double(x):\n    return S()"
    ),
    "differences that are always 0": (
        "class S:\n    def __sub__(self, other):\n        return 0\ndef double(x):\n    return S()"
    ),
    "an array by protocol": (
        "class S:\n    def __array__(self, *_):\n        return 6\ndef double(x):\n    return S()"
    ),
    "the caller's constants": (
        "import sys\ndef double(x):\n    return sys._getframe(1).f_code.co_consts[1]"
    ),
    "the caller's names, by an exception": (
        "def double(x):\n    try:\n        1 / 0\n    except ZeroDivisionError as error:\n"
        "        return error.__traceback__.tb_frame.f_back.f_locals"
    ),
    "... by a generator": (
        "def double(x):\n    def make():\n        yield\n    return make().gi_frame.f_back"
    ),
    "... by a coroutine": (
        "def double(x):\n    async def make():\n        pass\n    made = make()\n"
        "    frame = made.cr_frame\n    made.close()\n    return frame"
    ),
    "... by inspect": (
        "import inspect\ndef double(x):\n    return inspect.stack()[1].frame.f_locals['x']"
    ),
    "... by traceback": (
        "import traceback\ndef double(x):\n    return list(traceback.walk_stack(None))[1]"
    ),
    "... by another thread": (
        "import sys, threading\ndef double(x):\n    found = []\n"
        "    look = lambda: found.append(sys._current_frames())\n"
        "    thread = threading.Thread(target=look)\n    thread.start()\n    thread.join()\n"
        "    return found[0]"
    ),
    "... under names that are put together": (
        "import warnings\ndef double(x):\n"
        "    look = getattr(getattr(warnings, 's' + 'ys'), '_get' + 'frame')\n"
        "    return getattr(look(1), 'f_lo' + 'cals')"
    ),
    "... by a signal": (
        "import os, signal\nfound = []\n"
        "signal.signal(signal.SIGUSR1, lambda _, frame: found.append(frame))\n"
        "def double(x):\n    os.kill(os.getpid(), signal.SIGUSR1)\n    return found[-1].f_back"
    ),
    "... by a profile": (
        "import cProfile\nprofile = cProfile.Profile()\n"
        "def double(x):\n    profile.__enter__()\n    return profile.getstats()[0].code"
    ),
    "... by a library's function": (
        "import IPython.utils.frame as look\n"
        "def double(x):\n    return look.extract_module_locals(3)[1]"
    ),
    "all objects": (
        "import gc\ndef double(x):\n    return [one for one in gc.get_objects() if one == 6][0]"
    ),
    "who refers to what": "import gc\ndef double(x):\n    return gc.get_referrers(double)[0]",
    "a patched builtin": (
        "import builtins\nbuiltins.print = lambda *_, **__: None\n"
        "builtins.AssertionError = ZeroDivisionError\ndef double(x):\n    return 0"
    ),
    "a patched module": "import sys\nsys.modules['sys'] = None\ndef double(x):\n    return 0",
    "a patched function, when it is called": (
        "import warnings\ndef double(x):\n    setattr(warnings, 'warn', print)\n"
        "    return 2 * abs(x)"
    ),
    "the names of the checks": (
        "look = getattr(get_ipython, '__glo' + 'bals__')\nlook['double'] = lambda x: 2 * x\n"
        "def double(x):\n    return 0"
    ),
    "the loop of the checks": (
        "import signal\nplain = lambda *_: (b'ok', '', 0, '')\n"
        "reached = [get_ipython, get_ipython().system, display, signal.getsignal(14)]\n"
        "for one in [*reached, signal.signal, __builtins__['__build_class__']]:\n"
        "    one.__globals__.update(run=plain, alarm=plain, put_back=plain, is_own=plain)\n"
        "def double(x):\n    return 0"
    ),
    "the names of the checks, by a tool": (
        "tool.__globals__['near'] = lambda *_: True\ndef double(x):\n    return 0"
    ),
    "the names of the checks, by a tool, when it is called": (
        "def double(x):\n    tool.__globals__['near'] = lambda *_: True\n    return 0"
    ),
    "code of another function": (
        "import warnings\nwarnings.warn.__code__ = (lambda *_: None).__code__\n"
        "def double(x):\n    return 0"
    ),
    "asserts jumped over": (
        "import sys\ndef trace(frame, event, argument):\n    return trace\nsys.settrace(trace)\n"
        "def double(x):\n    return 0"
    ),
    "an audit hook of its own": (
        "import sys\nsys.addaudithook(lambda *_: None)\ndef double(x):\n    return 0"
    ),
    "memory by ctypes": (
        "import ctypes\ndef double(x):\n    return ctypes.string_at(id(x), 8)"
    ),
    "memory by a file": (
        "def double(x):\n    return open('/pr' + 'oc/self/mem', 'rb').read(9)"
    ),
    "code that is put together": "exec('def ' + 'double(x): return 0')",
    "a forged answer": (
        "import os\ndef double(x):\n    for number in range(3, 40):\n        try:\n"
        "            os.write(number, b'0 ok  0 \\n')\n        except OSError:\n            pass\n"
        "    return 0"
    ),
    "the lines that come in, read by a thread": (
        "import os, threading\ndef read():\n    for number in range(3, 9):\n        try:\n"
        "            os.read(number, 100_000)\n            os.write(number + 1, b'x ok  0 \\n')\n"
        "        except OSError:\n            pass\n"
        "threading.Thread(target=read, daemon=True).start()\ndef double(x):\n    return 0"
    ),
    "a file of what is open": "def double(x):\n    return open(3, 'rb').readline()",
    "the tools of Jupyter": (
        "get_ipython().ast_transformers.append(None)\ndef double(x):\n    return 0"
    ),
    "an early end": "import os\ndef double(x):\n    os._exit(0)",
}  # fmt: skip


def with_tool(plan):
    """The plan with a tool of the instructor's, and checks that use it."""
    tool = "def near(x, y):\n    return x == y\ndef tool(x, y):\n    return near(x, y)"
    step = {"kind": "given", "name": "", "source": tool, "names": [], "secrets": []}
    for other in plan["steps"]:
        other["source"] = other["source"].replace("double(-2) == -4", "tool(double(-2), -4)")
        other["source"] = other["source"].replace("double(3) == 6", "tool(double(3), 6)")
    return {"steps": [step, *plan["steps"]], "protected": [*plan["protected"], "near", "tool"]}


@pytest.mark.parametrize("kind", BENT)
def test_no_points_by_bending_the_checks_and_it_is_named(check, kind):
    points, remarks, verdicts = check(BENT[kind])
    assert (points < 3) and "look at its code" in remarks
    if kind != "a patched function, when it is called":
        assert points == 0 and (verdicts.cells or verdicts.ended)


# Members that would still get points are named at least.
NAMED = {
    "a class made by a call": "S = type('S', (), {'__e' + 'q__': lambda *_: True})",
    "a method added later": "class S:\n    pass\nS.__eq__ = lambda *_: True",
    "... by setattr": "class S:\n    pass\nsetattr(S, '__e' + 'q__', lambda *_: True)",
    "something that equals all": "from unittest.mock import ANY",
    "entries that are not compared": "x = np.ma.masked_all(3)",
    "a module under another name": "n = np\nn.allclose = print",
    "a module in a list": "for n in [np]:\n    n.allclose = print",
    "its dict": "np.__dict__['allclose'] = print",
    "names by patterns": "match f:\n    case object(__globals__=names):\n        pass",
    "names by a format": "'{0.' + '_'\nx = ('{0.__globals__}').format(f)",
    "a format that is put together": "x = ('{0.' + chr(95)).format(f)",
    "an import by name": "__import__('g' + 'c')",
    "another import by name": "import importlib",
    "objects of the notebook": "def f():\n    dataset.images[0] = 1",
    "its attribute": "judge.distance = print",
    "through a module's own imports": "np.lib.sys.modules",
    "attrgetter": "from operator import attrgetter as get",
    "pickle": "import pickle",
    "a metaclass": "class S(metaclass=M):\n    pass",
    "the package's function": "from gan_helpers.metrics import density_coverage as cover",
    "the package's function, by its module": "def f(x):\n    return metrics.density_coverage(x)",
    "a shell": "import os\nos.system('ls')",
}


@pytest.mark.parametrize("kind", NAMED)
def test_it_is_named(kind):
    from grading.suspicion import suspicious

    assert suspicious(NAMED[kind], "a text", {"dataset", "judge"})


@pytest.mark.parametrize(
    "code",
    [
        "import os\npath = os.path.join('a', 'b.npz')\nos.makedirs('a', exist_ok=True)",
        "from matplotlib.pyplot import *\ndef close(x):\n    return x",
        "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
        "        self.x = 1",
        "model.trainable = False\nrows[0] = 1\noptimizer.learning_rate = 1e-3",
        "import math, random, time, functools, itertools\nx: int = math.floor(2.0)",
        "def f(data, losses):\n    losses = list(losses)\n    losses[0] = np.mean(data)\n"
        "    return losses",
        "x = '{:.3f} of {}'.format(1, 2)\nprint(f'{x!r}')",
        "@tf.function\ndef step(x):\n    return tf.numpy_function(np.mean, [x], tf.float32)",
        "%matplotlib inline\nx = 1",
    ],
)
def test_usual_code_is_not_named(code):
    from grading.suspicion import suspicious

    assert suspicious(code, "a text") == []


# --- what is right passes, wherever it stands ---------------------------------------------------


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("from math import *\ndef print(*_):\n    1 / 0\ndef sum(*_):\n    1 / 0\n" + RIGHT, None),
        ("sys = np = close = None\nassert_ = 1\n" + RIGHT, None),
        ("%%time\n%matplotlib inline\n!ls\nimport math\n" + RIGHT, None),
        (
            "def double(x):\n    return twice(x)",
            own("import math\ndef twice(x):\n    return x + x"),
        ),
        ("def double(x):\n    return floor(2 * x)", own("from math import *")),
        ("def double(x):\n    return FACTOR * x", own("FACTOR = 3")),
        ("", own(RIGHT, below=True)),
        ("def double(x):\n    return 0", own(RIGHT, below=True)),
        ("@staticmethod\ndef double(x):\n    return x + x\ndouble(1)\n1 / 0", None),
        ("double = lambda x: 2 * x", None),
        ("class Twice:\n    def __call__(self, x):\n        return 2 * x\ndouble = Twice()", None),
        ("from collections import namedtuple\nP = namedtuple('P', 'x')\n" + RIGHT, None),
        ("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n" + RIGHT, None),
        (RIGHT, own("def double(x):\n    return 0")),
        (RIGHT, own("1 / 0\nimport os; os._exit(0)", "while True: pass")),
    ],
)
def test_right_solutions_pass(check, code, change):
    points, remarks, verdicts = check(code, change)
    assert points == 3 and not verdicts.remarks, remarks


def test_no_cell_of_a_students_own_is_in_it_but_what_a_solution_needs(course):
    change = own(
        "import os\nx = 1\nnp.allclose = print\ndef twice(x):\n    return helper(x)\n1 / 0"
    )
    _, plan, _, taken = made(course, "def double(x):\n    return twice(x)", change)
    (solution,) = [step for step in plan["steps"] if step["kind"] == "own"]
    assert solution["source"].startswith("def twice(x):\n    return helper(x)\ndef double")
    assert taken == {"double": ["twice"]}
    assert not made(course, RIGHT, change)[3]


# --- hidden checks reach no page ----------------------------------------------------------------

HIDDEN = f"""rng = make(3)
assert double(-2) == -4, "{SECRET}: f(made, 1.5)"
value = double(rng.random(9))
f(made, 1.5)
known_to_all(1)
"""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (SECRET, SECRET),
        ("It is assert double(-2) == -4 here", "It is  […]"),
        ("It is assert  double( -2 )==-4", "It is  […]"),
        ("value = double(rng.random(9))", " […]"),
        ("x" * 5_000, "x" * 1_000 + " […]"),
        ("all of ### BEGIN HIDDEN TESTS", "all of ###  […]"),
        ("f(made, 1.5), known_to_all(1)", "f(made, 1.5), known_to_all(1)"),
    ],
)
def test_a_text_that_quotes_a_hidden_check_is_cut(text, shown):
    secrets = secret_pieces(HIDDEN, "known_to_all(1)")
    assert without_secrets(text, secrets) == shown


def test_the_students_kernel_and_page_know_no_hidden_check(course):
    notebook, plan, *_ = made(course, RIGHT)
    assert "(-2)" not in nbformat.writes(notebook) and SECRET not in nbformat.writes(notebook)
    assert [step["kind"] for step in plan["steps"]] == ["own", "visible", "hidden"]
    assert plan["steps"][-1]["secrets"] == ["assertdouble(-2)==-4"]


@pytest.mark.parametrize(
    "code",
    [
        "def double(x):\n    if x == 3:\n        return 6\n    raise ValueError(f'it is {x}')",
        "def double(x):\n    if x == 3:\n        return 6\n    raise AssertionError(f'it is {x}')",
        "class E(Exception):\n    def __str__(self):\n        return 'it is -2'\n"
        "def double(x):\n    if x == 3:\n        return 6\n    raise E",
        "def double(x):\n    return {3: 6}[x]",
    ],
)
def test_no_example_of_a_hidden_check_in_an_error_of_the_students(check, code):
    output = check(code)[2].cells["double_hidden"]
    assert "-2" not in output.evalue and "in line" in output.evalue


def test_errors_become_plain_texts():
    output = error_output("check", "AssertionError", 0, "a\n\x1b[31m<b>\u202e" + "c" * 9)
    assert output.evalue == "a [31m<b> " + "c" * 9
    assert error_output("own", "<script>", 3, "x").ename == "Error"
    assert error_output("late", "", 0, "").ename == "CellTimeoutError"
    assert error_output("ok", "", 0, "") is None


def test_a_cell_that_stops_is_said_where_its_function_is_missing(check):
    output = check("import nothing_like_that\n" + RIGHT)[2].cells["double_hidden"]
    assert "The cell with your solution stopped: ModuleNotFoundError, in line 1" in output.evalue


# --- limits -------------------------------------------------------------------------------------


def test_a_check_that_takes_too_long_is_interrupted_and_the_next_one_made(check):
    code = (
        "import time\ndef double(x):\n    while x == 3:\n        time.sleep(0.1)\n    return 2 * x"
    )
    points, _, verdicts = check(code, cell_seconds=1)
    assert points == 2 and verdicts.cells["double_checks"].ename == "CellTimeoutError"


def test_what_takes_too_long_in_all_is_ended(check):
    code = "def double(x):\n    while True:\n        try:\n            while True:\n"
    code += "                pass\n        except BaseException:\n            pass"
    points, remarks, verdicts = check(code, seconds=3, cell_seconds=1)
    assert points == 0 and "it took more than 3 s in all" in remarks


def test_memory_is_limited(check):
    points, remarks, _ = check(
        "kept = []\ndef double(x):\n    while True:\n        kept.append('x' * 10_000_000)",
        memory=200 << 20,
    )
    assert points == 0
