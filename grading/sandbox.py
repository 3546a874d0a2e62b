"""The isolation that a notebook of unknown code runs in, as far as this machine can give it.

"full"  a file tree of its own without network, made by bubblewrap (bwrap): needs Linux
"user"  another user's number: needs root
"none"  nothing
"""

import contextlib
import importlib.util
import os
from pathlib import Path
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile

import psutil

from grading.limits import FILE_SIZE, make_group, remove_group

KINDS = "full", "user", "none"
SHARED_MEMORY = 64 << 20  # bytes
ETC = "alternatives fonts group hosts ld.so.cache localtime nsswitch.conf passwd ssl"
SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"]
SYSTEM += [f"/etc/{name}" for name in ETC.split()]
INSTALL = "install bubblewrap 0.8 or newer (Debian, Ubuntu: sudo apt install bubblewrap; Fedora: "
INSTALL += "sudo dnf install bubblewrap)"
UBUNTU = "Ubuntu since 23.10 forbids namespaces to ordinary users: allow them with "
UBUNTU += "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0 while you grade"
CONTAINER = (
    "namespaces are forbidden here, as in many containers: start yours with --privileged, or "
)
CONTAINER += "grade on the machine itself"
HELD = []  # sockets
DELEGATE = "to have one, begin the command with: systemd-run --user --scope -p Delegate=yes"


def submission_user():
    """The user that submissions run as: if this is root, a number that nobody has, else 0.

    What ends a submission ends all processes of its user, so two processes that grade must not have
    the same: it is drawn at random, and held until this process ends. The hundred numbers below it
    are for submissions that run at the same time.
    """
    if not hasattr(os, "getuid") or os.getuid() != 0:
        return 0
    taken = {process.info["uids"].real for process in psutil.process_iter(["uids"])}
    numbers = [number for number in range(20_100, 60_000, 100) if number not in taken]
    while not hold(number := secrets.choice(numbers)):
        numbers.remove(number)
    return number


def hold(number):
    """Take a number for this process; false if another process of this machine has it.

    On Linux, a socket whose name is in no folder is gone with its process.
    """
    if sys.platform == "linux":
        holder = socket.socket(socket.AF_UNIX)
        try:
            holder.bind(f"\0grading-user-{number}")
        except OSError:
            holder.close()
            return False
        HELD.append(holder)
    return True


def readable_paths():
    """What a kernel needs to read: the system, this Python with its packages, and gan_helpers."""
    paths = [*SYSTEM, sys.prefix, sys.base_prefix, os.path.realpath(sys.prefix)]
    paths.append(os.path.realpath(sys.base_prefix))
    package = importlib.util.find_spec("gan_helpers")
    paths += package.submodule_search_locations if package else []
    return sorted(set(paths))


@contextlib.contextmanager
def workplace(user):
    """A temporary folder with two in it, gone at the end, whatever was made of it.

    ``link`` is for sockets, and ``work`` for what runs here without a file tree of its own.
    """
    base = Path(tempfile.mkdtemp(prefix="grade-"))
    try:
        base.chmod(0o711)
        for name in ("link", "work"):
            (base / name).mkdir()
            if user:
                os.chown(base / name, user, user)
        yield base
    finally:
        remove(base)


def remove(folder):
    """Delete a folder, however deep it is: no function of Python's can do that on all versions."""
    if shutil.which("rm"):
        subprocess.run(["rm", "-rf", "--", str(folder)], capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)


def command_prefix(isolation, base, user):
    """The beginning of a command line that leads into the sandbox.

    As root it makes the file tree with root's rights, then becomes another user, and has that user
    enter a namespace of its own in which no further ones can be made.
    """
    if isolation != "full":
        return []
    size = ["--perms", "1777", "--size"]
    command = ["env", "--ignore-signal=INT", "bwrap", "--die-with-parent", "--hostname", "sandbox"]
    command += [f"--unshare-{name}" for name in ("pid", "net", "ipc", "uts")]
    command += [
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        *size,
        str(SHARED_MEMORY),
        "--tmpfs",
        "/dev/shm",
    ]
    command += ["--remount-ro", "/dev", *size, str(FILE_SIZE), "--tmpfs", "/tmp"]
    link, paths = str(base / "link"), readable_paths()
    parents = {str(parent) for path in [*paths, link] for parent in Path(path).parents}
    for parent in sorted(parents - {"/", "/tmp", *paths}):
        command += ["--perms", "0755", "--dir", parent]
    for path in paths:
        if os.path.islink(path):  # /bin, which points to usr/bin
            command += ["--symlink", os.readlink(path), path]
        else:
            command += ["--ro-bind-try", path, path]
    command += ["--bind", link, link, "--remount-ro", "/", "--chdir", "/tmp"]
    no_more = ["--unshare-user", "--disable-userns"]
    if not user:
        return [*command, *no_more, "--"]
    number = str(user)
    become = ["setpriv", "--reuid", number, "--regid", number, "--clear-groups"]
    become += ["--bounding-set=-all", "--inh-caps=-all", "--"]
    return [*command, "--", *become, "bwrap", *no_more, "--dev-bind", "/", "/", "--"]


# --- what there is ------------------------------------------------------------------------------


def find_isolation(user):
    """What this machine can do for the isolation: its name, and what keeps it from "full"."""
    check = "import sys, ipykernel; lines = open('/proc/net/dev').readlines()[2:]; "
    check += "sys.exit(any(not line.strip().startswith('lo:') for line in lines))"
    reason = f"use Linux, as the isolation needs it, and this is {sys.platform}"
    if sys.platform == "linux":
        try:
            with workplace(user) as base:
                command = [*command_prefix("full", base, user), sys.executable, "-c", check]
                done = subprocess.run(command, capture_output=True, text=True, timeout=60)
            if not done.returncode:
                return "full", ""
            detail = (done.stderr.strip().splitlines() or ["the network is still there"])[-1]
        except (OSError, subprocess.SubprocessError) as error:
            detail = str(error)
        reason = advice(detail)
    if user:
        other = {"user": user, "group": user, "extra_groups": [], "cwd": "/"}
        command = [sys.executable, "-c", "import ipykernel"]
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            if not subprocess.run(command, capture_output=True, **other).returncode:
                return "user", reason
    return "none", reason


def advice(detail):
    """What is missing for bubblewrap, and what to do about it."""
    forbidden = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if not shutil.which("bwrap") or "Unknown option" in detail:
        what = INSTALL
    elif forbidden.exists() and forbidden.read_text().strip() != "0":
        what = UBUNTU
    else:
        what = CONTAINER
    return f"{what} ({detail})"


def describe(isolation):
    """The isolation and the limits that hold here, for people."""
    if os.name != "posix":
        return f"{isolation}; memory and files are watched"
    group = make_group(1 << 30)
    remove_group(group)
    disk = "a disk in memory" if isolation == "full" else "files are watched"
    memory = "memory and processes by control group"
    if not group:
        memory = f"memory is watched, as there is no control group for it ({DELEGATE})"
    return f"{isolation}; {disk}; {memory}"
