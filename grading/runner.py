"""Run one notebook of unknown code, and make the checks.

Only the kernel is inside the sandbox. This process stays outside, sends it cell after cell over
Unix sockets, and takes down what it answers. It is a process of its own so that what the kernel
sends costs this process, not the grading, its memory.

The student's kernel is there for the page, and gets no check. These are made in a second process
(``verification``), and the points are that one's.

A job is a dict: notebook, plan (of the checks), isolation ("full", "user" or "none"), user,
threads, and the limits cell_seconds, seconds, memory (bytes), output (bytes). ``run_safely``, which
may be called on another machine than the grading's, finds the user there.
"""

import contextlib
import functools
import json
import multiprocessing
import os
import secrets
import shutil
import subprocess
import sys
import time

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
import nbformat
from nbgrader.preprocessors import Execute
import psutil

from grading.limits import (
    FILE_SIZE,
    PROCESSES,
    SET_LIMITS,
    Watch,
    into_group,
    make_group,
    remove_group,
)
from grading.plans import is_check
from grading.sandbox import command_prefix, find_isolation, submission_user, workplace
from grading.text import failure
from grading.verification import enter_verdicts, verify
from grading.versions import versions

PASSED_ON = "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PATH", "SYSTEMROOT"
KERNEL = f"{SET_LIMITS}\nfrom ipykernel.kernelapp import launch_new_instance\nlaunch_new_instance()"
FREE = list(range(100))  # what jobs at the same time take off the number of this process's user
SHOWN = "stream", "display_data", "execute_result", "error", "status", "clear_output"


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
    link = None  # the folder with the sockets

    def on_notebook_start(self, notebook):
        """Once the sockets are connected, their folder goes, and nothing can be written there."""
        if sys.platform != "win32":
            shutil.rmtree(self.link, ignore_errors=True)

    def process_message(self, message, cell, cell_index):
        self.printed += len(json.dumps(message["content"], default=str))
        if self.printed > self.max_output or message["msg_type"] not in SHOWN:
            return None
        return super().process_message(message, cell, cell_index)

    def preprocess_cell(self, cell, resources, index):
        self.current = index
        return super().preprocess_cell(cell, resources, index)

    def on_cell_executed(self, **kwargs):
        super().on_cell_executed(**kwargs)
        kwargs["cell"].metadata["status"] = kwargs["execute_reply"]["content"]["status"]


# --- inside -------------------------------------------------------------------------------------


class Place:
    """Where the processes of a job run: the folders, the user, and how a command line begins."""

    def __init__(self, job, base, group):
        self.job, self.base, self.group = job, base, group
        self.full = job["isolation"] == "full"
        self.user = 0 if self.full or job["isolation"] == "none" else job["user"]
        self.work = base / "work"

    def command(self, program):
        """The command line of a program in Python, which sets its limits first."""
        limits = [2 * self.job["memory"], self.user, 0, FILE_SIZE]
        limits[2] = PROCESSES if self.full or self.user else 0
        prefix = into_group(self.group) + command_prefix(
            self.job["isolation"], self.base, self.job["user"]
        )
        return [*prefix, sys.executable, "-c", program, *map(str, limits)]

    def environment(self):
        """What a process is told of this machine: next to nothing."""
        home = "/tmp" if self.full else str(self.work)
        passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        threads = str(self.job["threads"])
        homes = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "USERPROFILE", "IPYTHONDIR"), home)
        fixed = {"LANG": "C.UTF-8", "USER": "student", "LOGNAME": "student"}
        fixed |= {"OMP_NUM_THREADS": threads, "TF_NUM_INTRAOP_THREADS": threads}
        return passed_on | homes | fixed | {"PYTHONDONTWRITEBYTECODE": "1"}

    def watch(self, process, printed):
        folder = None if self.full else self.work
        process = psutil.Process(process)
        return Watch(self.job, process, self.user, printed, folder, self.group)


def show(job, place):
    """Run the student's notebook: it with its outputs, what ended it early, and in which cell."""
    link = place.base / "link"
    kernel = Kernel(
        transport="tcp" if sys.platform == "win32" else "ipc",
        connection_file=str(link / "kernel.json"),
    )
    kernel.command = place.command(KERNEL)
    kernel.write_connection_file()
    if job["user"] and job["isolation"] != "none":
        os.chown(kernel.connection_file, job["user"], job["user"])
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    run_sync(kernel.start_kernel)(env=place.environment(), cwd=str(place.work), **streams)
    notebook = nbformat.from_dict(job["notebook"])
    for cell in notebook.cells:
        if is_check(cell):  # which is made elsewhere
            cell.source = ""
        elif cell.metadata.get("probe"):  # with a text that nobody can know
            cell.source = f"assert not {secrets.token_hex(8)!r}"
    run = Run(timeout=job["cell_seconds"], iopub_timeout=10, startup_timeout=120)
    run.max_output, run.link = job["output"], link
    ended = ""
    with place.watch(kernel.provisioner.pid, lambda: run.printed) as watch:
        try:
            run.preprocess(notebook, {}, km=kernel)
        except DeadKernelError:
            ended = "the kernel died"
        except CellTimeoutError:
            ended = "it could not be interrupted"
        except Exception as error:  # what a hostile kernel sends can fail anywhere
            ended = f"the kernel stopped answering ({type(error).__name__})"
    return notebook, (watch.reasons or [ended])[0], run.current


def execute(job):
    """Run all of a job; the notebook with outputs and verdicts, and what is to be said of it.

    ``again`` is whether another run may end otherwise, so that this one is not to be kept.
    """
    user = job["user"] if job["isolation"] != "none" else 0
    group = make_group(job["memory"])
    try:
        began = time.monotonic()
        with workplace(user) as base:
            notebook, ended, cell = show(job, Place(job, base, group))
        shown = time.monotonic() - began
        with workplace(user) as base:
            verdicts = verify(job, Place(job, base, group))
    finally:
        remove_group(group)
    enter_verdicts(notebook, verdicts)
    late = any(
        output.get("ename") == "CellTimeoutError"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )
    failed = "could not", "stopped answering", " s in all", "grading was stopped", "first cells"
    again = late or any(text in reason for text in failed for reason in (ended, verdicts.ended))
    return {
        "notebook": notebook,
        "ended": ended,
        "cell": cell,
        "remarks": verdicts.remarks,
        "again": again,
        "seconds": [round(shown, 1), round(time.monotonic() - began - shown, 1)],
    }


# --- a job --------------------------------------------------------------------------------------


def work(job, connection):
    """Run a job in this process, which is there for it alone, and send the result."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    with open(os.devnull, "wb") as nowhere:  # what goes wrong in here may quote the submission
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    connection.send(execute(job))
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
        if receiver.poll(2 * job["seconds"] + 120):
            return receiver.recv()
    except EOFError:
        pass
    finally:
        process.join(10)
        process.kill()
    raise RuntimeError("the process that ran it gave no answer")


@functools.cache
def own_user():
    """The user of the first of the jobs that this process runs at a time."""
    return submission_user()


def run_safely(job):
    """Run a job as a user that no other job here has; what fails is told in ``failed``."""
    slot = FREE.pop()
    try:
        return run_job(job | {"user": own_user() and own_user() - slot})
    except Exception as error:
        return {"failed": failure(error)}
    finally:
        FREE.append(slot)


def look_around():
    """What the results of jobs depend on, where this process runs."""
    return {
        "versions": versions(),
        "isolation": find_isolation(own_user()),
        "childless": multiprocessing.current_process().daemon,
    }
