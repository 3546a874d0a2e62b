"""Helpers for the GAN notebooks: data, networks, training, metrics and figures.

Importing the package imports Keras on TensorFlow, and keeps quiet while it does: TensorFlow's C++
part writes log lines to standard error that mean nothing to a reader of the notebooks. If the
import fails, or ends the process, all of them are shown.
"""

from contextlib import contextmanager
import os
import subprocess
import sys

__version__ = "0.2.0"

if not os.environ.get("KERAS_BACKEND"):
    os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # 3 leaves the fatal lines
# A GPU's memory as it is needed; else the first notebook that is open takes all of it.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")

# Keeps what it reads, and prints it unless the last line says that all went well.
KEEPER = """
import sys
lines = sys.stdin.buffer.readlines()
if not lines or lines[-1] != b"imported\\n":
    sys.stderr.buffer.writelines(lines)
"""


@contextmanager
def _standard_error_only_if_it_fails():
    """Hold back what is written to file descriptor 2, from C++ as well, unless the block fails.

    A process of its own holds it: the CPU without AVX, on which TensorFlow aborts, would take a
    buffer in this one along. In Jupyter it prints into the server's log, since a dead kernel has
    no cell to print in.
    """
    log = getattr(sys.stderr, "_original_stdstream_copy", None) or 2  # ipykernel's own copy
    try:
        standard_error = os.dup(2)
        keeper = subprocess.Popen(
            [sys.executable, "-I", "-c", KEEPER], stdin=subprocess.PIPE, stderr=log
        )
    except OSError:  # no standard error, or no room for a process: then nothing is held back
        yield
        return
    os.dup2(keeper.stdin.fileno(), 2)
    try:
        yield
        os.write(2, b"\nimported\n")
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)
        keeper.stdin.close()
        keeper.wait()


def _import_keras():
    try:
        with _standard_error_only_if_it_fails():
            import keras  # noqa: F401
    except (ModuleNotFoundError, ValueError) as error:  # ValueError: a backend that Keras lacks
        backend = os.environ["KERAS_BACKEND"]
        if backend != "tensorflow":
            raise ImportError(
                f"This series needs Keras on TensorFlow, and KERAS_BACKEND is {backend!r} "
                f"({error}). Unset KERAS_BACKEND and restart the kernel."
            ) from error
        if getattr(error, "name", None) == "tensorflow":
            raise ImportError(
                "gan_helpers needs TensorFlow, which is not installed: pip install tensorflow-cpu "
                "(on macOS, or for a GPU: pip install tensorflow)."
            ) from error
        raise


_import_keras()


def __getattr__(name):
    if name != "tracking":
        raise AttributeError(f"module 'gan_helpers' has no attribute {name!r}")
    from gan_helpers._moved import tracking

    return tracking()
