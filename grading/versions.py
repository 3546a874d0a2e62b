"""What the results of a run depend on besides the notebook: versions, and the files themselves."""

import functools
import hashlib
import importlib.metadata
import importlib.util
from pathlib import Path
import platform

PACKAGES = "ipykernel", "keras", "matplotlib", "numpy", "scikit-learn", "scipy", "tensorflow"
PACKAGES += "tensorflow_cpu", "nbclient", "nbgrader"
DECIDING = "checker", "limits", "names", "plans", "runner", "sandbox", "submissions", "verification"


def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def fingerprint(files):
    """A short text that differs as soon as one of some files does."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.name} {file.stat().st_size} ".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@functools.cache
def versions():
    """Python, the packages, and the files of ``gan_helpers`` and of the grader, as a dict."""
    found = {name: version(name) for name in PACKAGES}
    package = importlib.util.find_spec("gan_helpers")
    folders = package.submodule_search_locations if package else []
    files = [file for folder in folders for file in Path(folder).rglob("*")]
    files = [file for file in files if file.is_file() and file.suffix != ".pyc"]
    own = [Path(__file__).with_name(f"{name}.py") for name in DECIDING]
    found |= {"python": platform.python_version(), "machine": platform.machine()}
    return found | {"gan_helpers": fingerprint(files), "grading": fingerprint(own)}


def with_tools():
    """The same, and the files of ``tools/``, whose training runs are recorded on many machines."""
    tools = Path(__file__).resolve().parent.parent / "tools"
    return versions() | {"tools": fingerprint(tools.glob("*.py"))}
