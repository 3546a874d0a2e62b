"""What is sent to the process of the checks, and which results are kept."""

import ast
import json

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import RIGHT, WRONG, Course, pretend, without_kernels
from nbgrader.utils import is_solution

from grading import assignments, grade, limits, plans, runner, sandbox, versions
from grading.names import bound, changed, loaded, parse, python
from grading.plans import make_plan, needed, text, with_own
from grading.verification import verify


def statement(source):
    return ast.parse(source).body[0]


@pytest.mark.parametrize(
    ("source", "takes", "gives", "changes"),
    [
        ("x = y + len(z)", {"y", "len", "z"}, {"x"}, set()),
        ("def f(a):\n    return a + b", {"b"}, {"f"}, set()),
        ("def f(a):\n    def g():\n        return a + b\n    return g", {"b"}, {"f"}, set()),
        ("f = lambda a: a + b", {"b"}, {"f"}, set()),
        ("x = [a * b for a in c]", {"b", "c"}, {"x"}, set()),
        ("import os.path as path, sys", set(), {"path", "sys"}, set()),
        ("from a import *", set(), {"*"}, set()),
        ("x.y[0] = 1", {"x"}, set(), {"x"}),
        ("x.fit(y)", {"x", "y"}, set(), {"x"}),
        ("for a in b:\n    c[a] = a", {"a", "b", "c"}, {"a"}, {"c"}),
        ("print(x)", {"print", "x"}, set(), set()),
    ],
)
def test_names(source, takes, gives, changes):
    one = statement(source)
    assert (loaded(one), bound(one), changed(one)) == (takes, gives, changes)


def test_only_what_a_check_needs_of_given_cells():
    cells = [
        ("import numpy as np\nprint('hello')", False),
        ("seed = 0\nnp.random.seed(seed)\nsize = 3", False),
        ("data = load(seed)\nmodels = {}\nfor k in range(9):\n    models[k] = fit(data)", False),
        ("net = make()\nlast = net.layers[0]\nlast.set_weights(seed)\nshow(net)", False),
        ("def tool():\n    return data, net", True),
        ("later = models", False),
    ]
    kept = [text(one) for one in needed(cells, {"unknown"})]
    assert (
        kept
        == [
            "import numpy as np",
            "seed = 0",
            "data = load(seed)",
            "net = make()",
            "def tool():\n    return (data, net)",
            "",
        ]
        or kept[3] == "net = make()\nlast = net.layers[0]\nlast.set_weights(seed)"
    )
    assert "models" in text(needed(cells, {"later"})[2])
    branches = "x = 1\nif y:\n    x = 2\nfor n in x:\n    z = n\nn = z = 0"
    assert text(needed([(branches, False)], {"x"})[0]) == "x = 1\nif y:\n    x = 2"
    assert text(needed([("n = 0\nfor n in range(n):\n    x = n", False)], {"x"})[0])[:5] == "n = 0"


@pytest.mark.parametrize(
    ("source", "own", "expected", "taken"),
    [
        ("def f(x):\n    return x", "y = 1", "def f(x):\n    return x\n", []),
        (
            "def f(x):\n    return g(x)",
            "def g(x):\n    return h(x)\ndef h(x):\n    return x",
            "g",
            "gh",
        ),
        ("def f(x):\n    return g", "g = open('x')\n1 / 0", "g = open('x')", "g"),
        ("def f(x):\n    return cos(x)", "from math import *", "from math import *", "*"),
        ("def f(x):\n    return np", "np = 1", "def f(x):\n    return np\n", []),
        ("", "def f(x):\n    return 1", "def f(x):\n    return 1", "f"),
    ],
)
def test_definitions_of_own_cells(source, own, expected, taken):
    cell = nbformat.v4.new_code_cell(own)
    found, names = with_own(source, 5, [(2, cell)], {"np"}, {"f"})
    assert expected in found and names == list(taken)
    compile(found, "x", "exec")


def test_magics_do_nothing():
    assert python("%%time\nx = 1") == "x = 1\n"
    assert python("%%bash\nrm -rf x").strip() == ""
    assert parse("x = (") == [] and parse("!ls\nx = 1")


def test_a_broken_solution_still_has_a_plan(tmp_path):
    course = Course(tmp_path)
    graded = assignments.apply(assignments.GRADED, assignments.load_source("demo", course.folder))
    cells = course.release().cells
    for source in ("x = (", "\0", "(" * 500, "def double(x): return `x`"):
        next(filter(is_solution, cells)).source = source
        plan, _ = make_plan(cells, graded, course.release())
        assert [step["kind"] for step in plan["steps"]][-2:] == ["visible", "hidden"]


ONE = "05_evaluating_gans"
REST = [name for name in assignments.names() if name != ONE]


@pytest.mark.parametrize(
    "name", [ONE, *(pytest.param(name, marks=pytest.mark.slow) for name in REST)]
)
def test_the_instructors_solutions_pass_in_the_process_of_the_checks(name):
    source = assignments.load_source(name)
    graded, released = (
        assignments.apply(steps, source) for steps in (assignments.GRADED, assignments.RELEASED)
    )
    notebook = nbformat.from_dict(released)
    solutions = {cell.id: cell.source for cell in source.cells if is_solution(cell)}
    for cell in notebook.cells:
        cell.source = assignments.without_marks(solutions.get(cell.id, cell.source))
    plan, taken = make_plan(notebook.cells, graded, released)
    user = sandbox.submission_user()
    job = {"isolation": sandbox.find_isolation(user)[0], "user": user, "plan": plan, "threads": 1}
    job |= {"cell_seconds": 60, "seconds": 240, "memory": 4_000 << 20, "output": 10 << 20}
    job["grader"] = runner.os.getpid()
    with sandbox.workplace(user) as base:
        verdicts = verify(job, runner.Place(job, base, None))
    assert (verdicts.ended, verdicts.remarks, verdicts.bent, taken) == ("", [], False, {})
    assert {name: error for name, error in verdicts.cells.items() if error} == {}
    assert len(verdicts.cells) == sum(map(plans.is_check, source.cells))


# --- which results are kept ---------------------------------------------------------------------


@pytest.fixture
def course(tmp_path, monkeypatch):
    without_kernels(monkeypatch)
    return Course(tmp_path)


def test_what_may_end_otherwise_is_not_kept(course, monkeypatch):
    ran = []

    def run(job):
        ran.append(job)
        return pretend(job) | {"again": "slow" in json.dumps(job["plan"])}

    monkeypatch.setattr(runner, "run_job", run)
    course.hand_in("ada.ipynb", RIGHT)
    course.hand_in("bob.ipynb", WRONG + "# slow\nslow = 1")
    for times in (2, 3, 4):
        rows = course.grade()
        assert len(ran) == times
        assert (rows["ada"]["double /3"], rows["bob"]["double /3"]) == ("3", "1")


def test_other_versions_run_everything_again(course, monkeypatch):
    ran = []
    monkeypatch.setattr(runner, "run_job", lambda job: ran.append(job) or pretend(job))
    course.hand_in("ada.ipynb", RIGHT)
    for number, times in ((1, 1), (1, 1), (2, 2)):
        monkeypatch.setattr(grade, "versions", lambda number=number: {"keras": number})
        course.grade()
        assert len(ran) == times


def test_versions_are_those_of_packages_and_files(tmp_path):
    found = versions.versions()
    assert found["python"] and found["keras"] and found["numpy"] and found["gan_helpers"]
    file = tmp_path / "a.py"
    file.write_text("1")
    before = versions.fingerprint([file])
    file.write_text("2")
    assert versions.fingerprint([file]) != before


def test_the_summary_says_what_isolation_there_is(course, monkeypatch, capsys):
    monkeypatch.setattr(sandbox, "make_group", lambda memory: None)
    course.hand_in("ada.ipynb", RIGHT)
    course.grade()
    assert "isolation: full; a disk in memory; memory is watched" in capsys.readouterr().out
    assert limits.FILE_SIZE == 256 << 20
