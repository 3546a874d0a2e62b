"""The limits of a process of unknown code: memory, processes, seconds, files, what it prints.

Memory and processes are a control group's where there is one that can be written (cgroup v2); a
thread watches the rest, and everything where there is none.
"""

import contextlib
import os
from pathlib import Path
import shutil
import signal
import subprocess
import tempfile
import threading
import time

import psutil

FILE_SIZE = 256 << 20  # bytes, of each file that the code writes, and of all together
PROCESSES = 512  # and threads
CONTROL = Path("/sys/fs/cgroup")
CONTROLLERS = {"memory", "pids"}

# The first thing that runs inside: limits that cannot be raised again.
SET_LIMITS = """
import contextlib, os, signal, sys
memory, user, processes, file_size = map(int, sys.argv[1:5])
del sys.argv[1:5]
signal.signal(signal.SIGINT, signal.default_int_handler)
os.environ.pop("JPY_PARENT_PID", None)
if user:
    os.setgroups([]); os.setgid(user); os.setuid(user)
try:
    import resource
except ImportError:
    pass
else:
    limits = dict(AS=memory, FSIZE=file_size, NPROC=processes, CORE=0)
    for name, limit in limits.items():
        with contextlib.suppress(AttributeError, OSError, ValueError):
            if limit or name == "CORE":
                resource.setrlimit(getattr(resource, "RLIMIT_" + name), (limit, limit))
"""


# --- control groups -----------------------------------------------------------------------------


def make_group(memory, root=CONTROL, own="/proc/self/cgroup"):
    """A control group for a process to come, or None where none can be made.

    It stands in the nearest group around this process that shares out memory and processes.
    """
    made = None
    try:
        lines = Path(own).read_text().splitlines()
        inner = next(line[3:].lstrip("/") for line in lines if line.startswith("0::"))
        place = root / inner
        for folder in [place, *place.parents]:
            shared_out = folder / "cgroup.subtree_control"
            if shared_out.exists() and set(shared_out.read_text().split()) >= CONTROLLERS:
                made = Path(tempfile.mkdtemp(prefix="grade-", dir=folder))
                limits = {"memory.max": memory, "memory.oom.group": 1, "pids.max": PROCESSES}
                limits |= {"memory.swap.max": 0} if (made / "memory.swap.max").exists() else {}
                for name, limit in limits.items():
                    (made / name).write_text(str(limit))
                return made
            if folder == root:
                break
    except (OSError, StopIteration):
        remove_group(made)
    return None


def remove_group(group):
    """End what is in a control group, and the group."""
    for _ in range(100 if group else 0):
        with contextlib.suppress(OSError):
            (group / "cgroup.kill").write_text("1")
        with contextlib.suppress(OSError):
            group.rmdir()
        if not group.exists():
            return
        time.sleep(0.02)


def into_group(group):
    """The beginning of a command line that leads into a control group."""
    move = 'echo $$ >"$0/cgroup.procs" && exec "$@"'
    return ["sh", "-c", move, str(group)] if group else []


def passed_memory(group):
    """Whether a group was ended because it took too much memory."""
    with contextlib.suppress(OSError, ValueError):
        counts = dict(line.split() for line in (group / "memory.events").read_text().splitlines())
        return int(counts.get("oom_kill", 0)) > 0
    return False


# --- processes ----------------------------------------------------------------------------------


def family(process, user):
    """The processes that a process started, and itself, as far as they can be seen from here."""
    members = []
    with contextlib.suppress(psutil.Error):
        members = [process, *process.children(recursive=True)]
    if user:
        for other in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if other.uids().real == user and other not in members:
                    members.append(other)
    return members


def alive(process):
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def end(process, user):
    """Kill a process and all that it started, which may still be starting more."""
    for _ in range(100):
        members = [member for member in family(process, user) if alive(member)]
        with contextlib.suppress(AttributeError, OSError):  # it leads a process group of its own
            os.killpg(process.pid, signal.SIGKILL)
        if not members:
            return
        for member in members:
            with contextlib.suppress(psutil.Error):
                member.kill()
        time.sleep(0.02)


def memory_used(members):
    """Bytes of memory of some processes."""
    total = 0
    for member in members:
        with contextlib.suppress(psutil.Error):
            total += member.memory_info().rss
    return total


def folder_size(folder):
    """Bytes in a folder, however deep and odd it is."""
    if not shutil.which("du"):  # Windows, whose paths are not that deep
        files = [Path(place, name) for place, _, names in os.walk(folder) for name in names]
        return sum(file.lstat().st_size for file in files if file.exists())
    done = subprocess.run(["du", "-sk", "--", str(folder)], capture_output=True, timeout=30)
    return 1024 * int(done.stdout.split()[0]) if done.stdout else 0


# --- watching -----------------------------------------------------------------------------------


class Watch:
    """Ends a process when it passes a limit of its job; ``reasons`` says which.

    ``printed`` is a function that says how many bytes it has printed, ``folder`` what it may fill
    up on this machine's disk, if there is such a thing, ``group`` its control group or None.
    """

    def __init__(self, job, process, user, printed, folder=None, group=None):
        self.job, self.process, self.user, self.printed = job, process, user, printed
        self.folder, self.group, self.reasons = folder, group, []
        self.started, self.finished = time.monotonic(), threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.finished.set()
        if self.group and passed_memory(self.group):
            self.reasons.insert(0, self.too_much_memory())
        end(self.process, self.user)

    def watch(self):
        while not self.finished.wait(0.25):
            try:
                reason = self.passed()
            except Exception as error:  # nothing may end this watch but what it is there for
                reason = f"its limits could not be watched ({type(error).__name__})"
            if reason:
                self.reasons.append(reason)
                end(self.process, self.user)
                return

    def too_much_memory(self):
        return f"it took more than {self.job['memory'] >> 20} MB of memory"

    def passed(self):
        """Which limit was passed, or None."""
        job = self.job
        if not psutil.pid_exists(job["grader"]):
            return "the grading was stopped"
        if time.monotonic() - self.started > job["seconds"]:
            return f"it took more than {job['seconds']} s in all"
        if self.printed() > job["output"]:
            return f"it printed more than {job['output'] >> 20} MB"
        if memory_used(family(self.process, self.user)) > job["memory"]:
            return self.too_much_memory()
        if self.folder and folder_size(self.folder) > FILE_SIZE:
            return f"it wrote more than {FILE_SIZE >> 20} MB of files"
        return None
