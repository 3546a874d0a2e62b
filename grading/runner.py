"""Run one notebook of unknown code.

Only the kernel is inside the sandbox. This process stays outside, sends it cell after cell over
Unix sockets, and takes down what it answers; so nothing that the code writes can stand for a
result, and no test is inside before its turn. It holds the limits: seconds for a cell and in all,
memory, output, files. It is a process of its own so that what the kernel sends costs this process,
not the grading, its memory.

A job is a dict: notebook, isolation ("full", "user" or "none"), user, threads, and the limits
cell_seconds, seconds, memory (bytes), output (bytes).
"""

import contextlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
import nbformat
from nbgrader.preprocessors import Execute
import psutil

from grading.sandbox import command_prefix, workplace

FILE_SIZE = 256 << 20  # bytes, of each file that the code writes
PROCESSES = 512  # and threads
PASSED_ON = "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PATH", "SYSTEMROOT"

# The first thing that runs inside: limits that cannot be raised again, then the kernel.
KERNEL = """
import contextlib, os, sys
memory, user, processes, file_size = map(int, sys.argv[1:5])
del sys.argv[1:5]
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
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()
"""


# --- the kernel ---------------------------------------------------------------------------------


class Kernel(AsyncKernelManager):
    """A kernel in the sandbox, spoken to over Unix sockets in the folder that it shares."""

    command = ()

    def format_kernel_cmd(self, extra_arguments=None):
        return [*self.command, "-f", self.connection_file, "--HistoryManager.hist_file=:memory:"]


class Run(Execute):
    """nbgrader's execution, which also notes each cell's answer and counts what is printed."""

    max_output = 0  # bytes to print
    printed = 0
    current = 0

    def process_message(self, message, cell, cell_index):
        if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
            self.printed += len(json.dumps(message["content"], default=str))
            if self.printed > self.max_output:
                return None
        return super().process_message(message, cell, cell_index)

    def preprocess_cell(self, cell, resources, index):
        self.current = index
        return super().preprocess_cell(cell, resources, index)

    def on_cell_executed(self, **kwargs):
        super().on_cell_executed(**kwargs)
        kwargs["cell"].metadata["status"] = kwargs["execute_reply"]["content"]["status"]


def environment(job, home):
    """What the kernel is told of this machine: next to nothing."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    threads = str(job["threads"])
    homes = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "USERPROFILE", "IPYTHONDIR"), home)
    fixed = {"LANG": "C.UTF-8", "USER": "student", "LOGNAME": "student"}
    fixed |= {"OMP_NUM_THREADS": threads, "TF_NUM_INTRAOP_THREADS": threads}
    return passed_on | homes | fixed | {"PYTHONDONTWRITEBYTECODE": "1"}


# --- its limits ---------------------------------------------------------------------------------


def family(process, user):
    """The kernel's processes, as far as they can be seen from here."""
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
    """Kill the kernel and all that it started, which may still be starting more."""
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


def size(folder):
    return sum(file.lstat().st_size for file in folder.rglob("*"))


def watch(job, run, process, user, folder, reasons, finished):
    """End the kernel when it passes a limit, and say which one."""
    started = time.monotonic()
    while not finished.wait(0.25):
        reason = None
        if not psutil.pid_exists(job["grader"]):
            reason = "the grading was stopped"
        elif time.monotonic() - started > job["seconds"]:
            reason = f"it took more than {job['seconds']} s in all"
        elif run.printed > job["output"]:
            reason = f"it printed more than {job['output'] >> 20} MB"
        elif memory_used(family(process, user)) > job["memory"]:
            reason = f"it took more than {job['memory'] >> 20} MB of memory"
        else:
            with contextlib.suppress(OSError):
                if size(folder) > FILE_SIZE:
                    reason = f"it wrote more than {FILE_SIZE >> 20} MB of files"
        if reason:
            reasons.append(reason)
            end(process, user)
            return


# --- a job --------------------------------------------------------------------------------------


def execute(job, base):
    """Run the job's notebook; the notebook with outputs, what ended it early, and in which cell."""
    full, user = job["isolation"] == "full", job["user"] if job["isolation"] != "none" else 0
    folder = base / "work"
    kernel = Kernel(
        transport="tcp" if sys.platform == "win32" else "ipc",
        connection_file=str(folder / "kernel.json"),
    )
    limits = [2 * job["memory"], 0 if full else user, PROCESSES if full or user else 0, FILE_SIZE]
    command = [*command_prefix(job["isolation"], base, job["user"]), sys.executable, "-c", KERNEL]
    kernel.command = command + [str(limit) for limit in limits]
    kernel.write_connection_file()
    if user:
        os.chown(kernel.connection_file, user, user)
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    home = "/tmp" if full else str(folder)
    run_sync(kernel.start_kernel)(env=environment(job, home), cwd=str(folder), **streams)
    process = psutil.Process(kernel.provisioner.pid)
    notebook = nbformat.from_dict(job["notebook"])
    run = Run(timeout=job["cell_seconds"], iopub_timeout=10, startup_timeout=120)
    run.max_output = job["output"]
    reasons, finished, user = [], threading.Event(), 0 if full else user
    watcher = threading.Thread(
        target=watch, args=(job, run, process, user, folder, reasons, finished), daemon=True
    )
    watcher.start()
    try:
        run.preprocess(notebook, {}, km=kernel)
    except DeadKernelError:
        reasons.append("the kernel died")
    except CellTimeoutError:
        reasons.append("it could not be interrupted")
    except Exception as error:  # what a hostile kernel sends can fail anywhere
        reasons.append(f"the kernel stopped answering ({type(error).__name__})")
    finally:
        finished.set()
        end(process, user)
    return {"notebook": notebook, "ended": (reasons or [""])[0], "cell": run.current}


def work(job, connection):
    """Run a job in this process, which is there for it alone, and send the result."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    with open(os.devnull, "wb") as nowhere:  # what goes wrong in here may quote the submission
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    with workplace(job["user"] if job["isolation"] != "none" else 0) as base:
        connection.send(execute(job, base))
    connection.close()
    os._exit(0)  # the sockets of a killed kernel are not waited for


def run_job(job):
    """Run a job in a process of its own, and return the result; ``RuntimeError`` if there is none.

    The process is a copy of one that has imported all there is to import, where that exists.
    """
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["nbgrader.preprocessors", "psutil", "zmq.asyncio"])
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(job | {"grader": os.getpid()}, sender))
    process.start()
    sender.close()
    try:
        if receiver.poll(job["seconds"] + 120):
            return receiver.recv()
    except EOFError:
        pass
    finally:
        process.join(10)
        process.kill()
    raise RuntimeError("the process that ran it gave no answer")
