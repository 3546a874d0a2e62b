"""Jobs in processes of this machine and on two Dask workers, and a grading there."""

import contextlib
import json
import os
from pathlib import Path
import subprocess
import sys
import time

import pandas as pd
import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import RIGHT, WRONG, Course, without_kernels
import errands

from grading import InputError, grade, jobs, runner, sandbox, versions
from grading.__main__ import main

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """The address of a Dask scheduler with two workers, all in processes of their own."""
    pytest.importorskip("distributed", reason="needs requirements-test.txt: dask, distributed")
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    paths = [str(ROOT), str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    environment["PYTHONPATH"] = os.pathsep.join(paths)
    common = ["--scheduler-file", str(file), "--no-dashboard", "--host", "127.0.0.1"]
    parts = [["scheduler", "--port", "0"], ["worker", "--nworkers", "2", "--nthreads", "1"]]
    processes = []
    try:
        for part in parts:
            command = [sys.executable, "-m", "dask", *part, *common]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            processes.append(subprocess.Popen(command, cwd=file.parent, env=environment, **quiet))
            wait_until(file.exists)
        address = json.loads(file.read_text())["address"]
        wait_until(lambda: count_workers(address) == 2)
        yield address
    finally:
        for process in processes[::-1]:
            process.terminate()
        for process in processes:
            process.wait(20)


def wait_until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def count_workers(address):
    with contextlib.suppress(InputError), jobs.cluster(address) as client:
        return len(client.nthreads())
    return 0


# --- jobs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["here", "on a cluster"])
def test_a_worker_that_dies_costs_a_repetition(where, request, tmp_path):
    address = request.getfixturevalue("scheduler") if where == "on a cluster" else None
    tasks = {f"job {number}": (number, str(tmp_path)) for number in range(4)}
    with jobs.cluster(address) as client:
        found = list(jobs.run(errands.dies_once, tasks, 2, client))
    assert sorted(found) == [(f"job {number}", number**2) for number in range(4)]
    assert (tmp_path / "1").read_text().count("begun") == 2


def test_a_job_that_kills_every_worker_is_not_begun_for_ever():
    with pytest.raises(jobs.BrokenProcessPool):
        list(jobs.run(errands.dies, {"one": 1}, 2))


def test_no_job_starts_nothing():
    assert list(jobs.run(errands.dies, {}, 2)) == []


@pytest.mark.parametrize("address", ["127.0.0.1:9", "nonsense://"])
def test_an_address_where_nobody_answers(address, monkeypatch):
    pytest.importorskip("distributed", reason="needs requirements-test.txt: dask, distributed")
    monkeypatch.setattr(jobs, "WAITING", 1)
    with pytest.raises(InputError, match="no scheduler answers there"), jobs.cluster(address):
        pass


def test_without_dask_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    with pytest.raises(InputError, match="requirements-cluster.txt"), jobs.cluster("127.0.0.1:9"):
        pass


def test_what_a_worker_cannot_import_is_named(scheduler, monkeypatch):
    monkeypatch.setattr(errands.dies_once, "__module__", "nowhere")
    with jobs.cluster(scheduler) as client, pytest.raises(InputError, match="start each machine"):
        list(jobs.run(errands.dies_once, {"one": 1}, 2, client))


def test_two_processes_never_grade_as_the_same_user():
    assert sandbox.hold(12_345)
    code = "from grading import sandbox; print(sandbox.hold(12_345), sandbox.hold(12_346))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["False" if sys.platform == "linux" else "True", "True"]


# --- training runs ------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["in two processes", "on a cluster"])
def test_recorded_runs_do_not_depend_on_where_they_ran(where, request, tmp_path, monkeypatch):
    evidence = pytest.importorskip("evidence")  # here, as TensorFlow takes seconds
    there = ["--workers=2"]
    if where == "on a cluster":
        there = ["--cluster", request.getfixturevalue("scheduler")]
    monkeypatch.setattr(evidence, "record_one", errands.recorded)
    tables = []
    for options in [], there:
        monkeypatch.setattr(evidence, "FOLDER", tmp_path / str(len(options)))
        evidence.main(["04", *options])
        table = pd.read_csv(evidence.FOLDER / "04.csv").sort_values(["seed", "experiment"])
        tables.append(table.to_csv(index=False))
    assert tables[0] == tables[1] and tables[0].count("\n") == 1 + 3 * 3


def test_a_benchmark_gathers_the_races_of_a_cluster(scheduler, monkeypatch, capsys):
    benchmark = pytest.importorskip("benchmark")
    monkeypatch.setattr(benchmark, "race_one", errands.raced)
    monkeypatch.setattr(benchmark, "rung", lambda: "")
    benchmark.race_all(3, 7, scheduler)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["a", "7.000", "3.000", "1.000"] in lines  # the mean over three seeds


def test_a_worker_with_other_tools_is_refused():
    ours = versions.with_tools()
    jobs.compare_versions({"tcp://1": ours}, ours)
    with pytest.raises(InputError, match="has another tools than this machine"):
        jobs.compare_versions({"tcp://1": ours, "tcp://2": ours | {"tools": "0"}}, ours)


# --- grading ------------------------------------------------------------------------------------


def test_a_cluster_grades_as_this_machine_does(scheduler, tmp_path, capsys):
    """With real kernels in the sandbox: right, wrong, endless, dying and copied hand-ins."""
    tables, printed = {}, {}
    for where, options in {"here": [], "there": ["--cluster", scheduler]}.items():
        course = Course(tmp_path / where)
        course.hand_in("ada.ipynb", RIGHT)
        course.hand_in("bob.ipynb", WRONG)
        course.hand_in("cem.ipynb", RIGHT + "import os\nos._exit(0)\n")
        course.hand_in("dan.ipynb", "print('dan')\n" + RIGHT)
        course.hand_in("eve.ipynb", RIGHT)
        course.grade(*options)
        tables[where] = (course.results / "grades.csv").read_bytes()
        printed[where] = capsys.readouterr().out
        assert course.rows()["dan"]["double /3"] == "3"
    assert tables["here"] == tables["there"]
    assert "on 2 workers" in printed["there"] and "workers" not in printed["here"]


def test_workers_that_would_give_other_points_are_refused(scheduler, tmp_path, monkeypatch, capsys):
    course = Course(tmp_path)
    course.hand_in("ada.ipynb", RIGHT)
    monkeypatch.setattr(grade, "versions", lambda: versions.versions() | {"keras": "0"})
    with pytest.raises(SystemExit) as stopped:
        main(["grade", str(course.submissions), "demo", f"--folder={tmp_path}",
              "--cluster", scheduler])  # fmt: skip
    assert stopped.value.code == 2 and not course.results.exists()
    assert "has another keras than this machine" in capsys.readouterr().err


class Workers:
    """Stands for a client, with workers that answer what it is made with."""

    def __init__(self, *found):
        self.found = found

    def run(self, function):
        ours = {"versions": versions.versions(), "isolation": ("full", ""), "childless": False}
        return {f"tcp://{i}": ours | one for i, one in enumerate(self.found)}


def test_the_least_isolation_of_all_workers_counts():
    none = {"isolation": ("none", "install bubblewrap")}
    assert grade.check_workers(Workers({}, none, {})) == none["isolation"]
    assert grade.check_workers(Workers({}, {})) == ("full", "")
    with pytest.raises(InputError, match="DASK_DISTRIBUTED__WORKER__DAEMON=False"):
        grade.check_workers(Workers({}, {"childless": True}))


def test_what_fails_on_a_worker_is_told(monkeypatch, tmp_path):
    course = Course(tmp_path)
    without_kernels(monkeypatch)
    course.hand_in("ada.ipynb", RIGHT)
    monkeypatch.setattr(runner, "run_job", lambda job: {}["gone"])
    assert "running it failed: KeyError: 'gone'" in course.grade()["ada"]["notes"]
    assert sorted(runner.FREE) == list(range(100))
