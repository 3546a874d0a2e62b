"""The limits hold, whatever a submission does, and nothing of it stays on the machine."""

from pathlib import Path
import re
import shutil
import subprocess
import tempfile
from types import SimpleNamespace

import nbformat
import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from grading import limits, runner, sandbox

LIMITS = {"threads": 1, "cell_seconds": 10, "seconds": 60, "memory": 700 << 20, "output": 1 << 20}
USER = sandbox.submission_user()
ISOLATION = sandbox.find_isolation(USER)[0]
only_full = pytest.mark.skipif(ISOLATION != "full", reason="there is no bubblewrap here")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run cells as a submission; what each printed or raised, and the result."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def run(*cells, isolation=ISOLATION, **more):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
        job = LIMITS | {"notebook": notebook, "plan": {"steps": [], "protected": []}} | more
        job |= {"isolation": isolation, "user": USER, "grader": runner.os.getpid()}
        result = runner.execute(job)
        assert list(tmp_path.iterdir()) == []  # nothing is left
        texts = []
        for cell in result["notebook"].cells:
            parts = [output.get("text", output.get("evalue", "")) for output in cell.outputs]
            texts.append("".join(parts))
        return texts, result

    return run


ATTEMPT = """
import os, subprocess
def attempt(name, function):
    try:
        print(name, "DONE", function())
    except Exception as error:
        print(name, type(error).__name__, getattr(error, "errno", ""))
"""
FILL = """
def fill(folder, unlinked):
    kept = []
    try:
        for number in range(400):
            kept.append(open(f"{folder}/{number}", "wb"))
            if unlinked:
                os.unlink(f"{folder}/{number}")
            kept[-1].write(bytes(1 << 20))
            kept[-1].flush()
    finally:
        for file in kept:
            os.close(file.fileno())
attempt("unlinked", lambda: fill(".", True))
attempt("named", lambda: fill(".", False))
os.system("rm -rf ./*")
attempt("shm", lambda: fill("/dev/shm", True))
"""
PLACES = """
for place in ("/", "/dev", "/usr", "/proc", "/etc", "/var", "/run"):
    attempt(place, lambda: open(place + "/new", "w"))
import glob
attempt("link", lambda: open(glob.glob("/tmp/**/link", recursive=True)[0] + "/new", "w"))
names = subprocess.run(["unshare", "-Ur", "true"], capture_output=True, text=True)
print("namespace", names.returncode, names.stderr)
print("processes", len([name for name in os.listdir("/proc") if name.isdigit()]))
print(open("/proc/self/status").read())
"""
DEEP = """
for number in range(1_200):
    os.mkdir("x" * 200)
    os.chdir("x" * 200)
open("\\udcff\\n \\t$(touch y)", "w")
print("deep")
"""


def test_the_user_of_submissions_is_nobody_else(monkeypatch):
    taken = [number for number in range(20_000, 60_100, 100) if number != 34_500]
    processes = [SimpleNamespace(info={"uids": SimpleNamespace(real=number)}) for number in taken]
    monkeypatch.setattr(sandbox.psutil, "process_iter", lambda _: processes)
    for user, expected in ((0, 34_500), (1000, 0)):
        monkeypatch.setattr(sandbox.os, "getuid", lambda user=user: user, raising=False)
        assert sandbox.submission_user() == expected
    monkeypatch.undo()
    if USER:  # two gradings at the same time
        assert len({sandbox.submission_user() for _ in range(20)}) > 1


@only_full
def test_disk_places_and_namespaces(run):
    (_, fill, places, deep), result = run(ATTEMPT, FILL, PLACES, DEEP)
    for name in ("unlinked", "named", "shm"):
        assert f"{name} OSError 28" in fill  # no space left
    assert "DONE" not in places and re.search(r"link \w+Error", places)
    assert not re.search(r"namespace 0", places) and re.search(r"processes \d\n", places)
    assert re.search(r"CapBnd:\t0+\n", places) and "NoNewPrivs:\t1" in places
    assert "deep" in deep and result["ended"] == ""


@pytest.mark.parametrize("isolation", ["user", "none"])
def test_deep_folders_and_large_files_without_a_file_tree_of_its_own(run, monkeypatch, isolation):
    if isolation == "user":
        monkeypatch.setattr(sandbox, "command_prefix", lambda *_: ["bwrap"])
        if sandbox.find_isolation(USER)[0] != "user":
            pytest.skip("needs root, and a Python that others may run")
        monkeypatch.undo()
    grow = "for name in 'ab':\n    open(name, 'wb').write(bytes(200 << 20))"
    texts, result = run(ATTEMPT, DEEP, grow, "import time; time.sleep(9)", isolation=isolation)
    assert "deep" in texts[1] and result["ended"] == "it wrote more than 256 MB of files"


def test_a_flood_of_any_messages_is_ended(run):
    flood = "from comm import create_comm\nwhile True:\n    create_comm(data='x' * 100_000)"
    assert run(flood)[1]["ended"] == "it printed more than 1 MB"
    update = "from IPython.display import display\nwhile True:\n"
    update += "    display({'text/plain': 'x' * 100_000}, raw=True, display_id='a', update=True)"
    assert run(update)[1]["ended"] == "it printed more than 1 MB"


def test_much_memory_and_many_processes(run):
    texts, result = run(
        "import os, time\nfor _ in range(40):\n    if not os.fork():\n"
        "        kept = bytearray(40 << 20)\n        time.sleep(60)\ntime.sleep(5)"
    )
    assert result["ended"] == "it took more than 700 MB of memory"


def test_a_watch_that_fails_ends_what_it_watches(run, monkeypatch):
    def fail(*_):
        raise RecursionError("as in a folder that is too deep")

    monkeypatch.setattr(limits, "memory_used", fail)
    result = run("import time; time.sleep(30)")[1]
    assert result["ended"] == "its limits could not be watched (RecursionError)"
    assert result["again"]


def test_deep_folders_are_measured_and_removed(tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    code = "import os\nfor i in range(1200):\n    os.mkdir('x' * 200); os.chdir('x' * 200)\n"
    code += "open('f', 'wb').write(bytes(3_000_000))"
    subprocess.run([runner.sys.executable, "-c", code], cwd=base, check=True)
    assert limits.folder_size(base) > 3_000_000
    sandbox.remove(base)
    assert not base.exists()


# --- control groups -----------------------------------------------------------------------------


def control(folder, shared_out):
    """A folder like a control group's: "/" shares out, "/user/session" is where this process is."""
    for name in ("", "user", "user/session"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "cgroup.subtree_control").write_text(shared_out.get(name, ""))
    (folder / "own").write_text("12:memory:/x\n0::/user/session\n")
    return {"root": folder, "own": folder / "own"}


@pytest.mark.parametrize("place", ["", "user"])
def test_a_control_group_is_made_where_memory_and_processes_are_shared_out(tmp_path, place):
    made = limits.make_group(5 << 20, **control(tmp_path, {place: "cpu memory pids\n"}))
    assert made.parent == tmp_path / place
    assert (made / "memory.max").read_text() == str(5 << 20)
    assert (made / "pids.max").read_text() == str(limits.PROCESSES)
    assert limits.into_group(made)[-1] == str(made)
    assert not limits.passed_memory(made)
    (made / "memory.events").write_text("low 0\noom 1\noom_kill 2\n")
    assert limits.passed_memory(made)


def test_no_control_group_where_none_can_be_made(tmp_path):
    assert limits.make_group(1, **control(tmp_path, {"": "cpu memory"})) is None
    assert limits.make_group(1, tmp_path, tmp_path / "nothing") is None
    assert limits.into_group(None) == []
    limits.remove_group(None)


# --- what is said -------------------------------------------------------------------------------


def test_what_there_is_is_said(monkeypatch):
    monkeypatch.setattr(sandbox, "make_group", lambda memory: None)
    text = sandbox.describe("full")
    assert text.startswith("full; a disk in memory") and "systemd-run --user --scope" in text
    monkeypatch.setattr(sandbox, "make_group", lambda memory: Path("/nowhere"))
    monkeypatch.setattr(sandbox, "remove_group", lambda group: None)
    assert sandbox.describe("user").endswith("by control group")


@pytest.mark.parametrize(
    ("has", "detail", "advice"),
    [
        (False, "", "apt install bubblewrap"),
        (True, "bwrap: Unknown option --disable-userns", "0.8 or newer"),
        (True, "bwrap: No permissions to create a new namespace", "--privileged"),
    ],
)
def test_what_is_missing_is_said(monkeypatch, has, detail, advice):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/bwrap" if has else None)
    assert advice in sandbox.advice(detail) and detail in sandbox.advice(detail)


def test_ubuntu_is_told_its_setting(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/bwrap")
    monkeypatch.setattr(Path, "exists", lambda path: "apparmor" in str(path))
    monkeypatch.setattr(Path, "read_text", lambda path: "1\n")
    assert "sysctl kernel.apparmor_restrict_unprivileged_userns=0" in sandbox.advice("x")
