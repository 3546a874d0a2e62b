"""Importing the package, with stand-ins for Keras that fail as the real one does."""

import os
from pathlib import Path
import subprocess
import sys

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOISE = "I0000 port.cc] oneDNN custom operations are on."
NEWLINE = "\n"
FATAL = "F cpu_feature_guard.cc] compiled to use AVX instructions, but these aren't available."


def import_with(keras, folder, environment=None, code="import gan_helpers"):
    """Import the package in a process whose ``keras`` has the source ``keras``."""
    (folder / "keras").mkdir()
    (folder / "keras" / "__init__.py").write_text(keras, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    path = os.pathsep.join([str(folder), str(ROOT)])
    environment = inherited | {"PYTHONPATH": path} | (environment or {})
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def say(*lines):
    """Source that writes lines to file descriptor 2."""
    writes = [f"os.write(2, {(line + NEWLINE).encode()!r})" for line in lines]
    return "\n".join(["import os", *writes, ""])


def test_an_import_that_works_is_quiet(tmp_path):
    done = import_with(say(NOISE), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_standard_error_works_again_afterwards(tmp_path):
    code = "import gan_helpers, os; os.write(2, b'later')"
    assert import_with(say(NOISE), tmp_path, code=code).stderr == "later"


@pytest.mark.parametrize(
    "end", ["os.abort()", "os._exit(3)", "import signal; os.kill(os.getpid(), signal.SIGTERM)"]
)
def test_the_last_words_of_an_import_that_dies_are_shown(end, tmp_path):
    done = import_with(say(NOISE, FATAL) + end, tmp_path)
    assert done.returncode != 0
    assert NOISE in done.stderr and FATAL in done.stderr


def test_an_import_that_raises_shows_both_the_log_and_the_exception(tmp_path):
    done = import_with(say(FATAL) + "raise ImportError('DLL load failed')", tmp_path)
    assert FATAL in done.stderr and "ImportError: DLL load failed" in done.stderr


@pytest.mark.parametrize(
    "backend, error",
    [
        ("torch", "raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')"),
        ("jax", "raise ModuleNotFoundError(\"No module named 'jax'\", name='jax')"),
        ("theano", "raise ValueError('Unable to import backend : theano')"),
    ],
)
def test_a_backend_that_is_not_there_is_named_with_the_way_out(backend, error, tmp_path):
    done = import_with(error, tmp_path, {"KERAS_BACKEND": backend})
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: ") and f"KERAS_BACKEND is '{backend}'" in last
    assert "Unset KERAS_BACKEND and restart the kernel" in last


def test_a_missing_tensorflow_is_named_with_the_way_to_get_it(tmp_path):
    error = "raise ModuleNotFoundError(\"No module named 'tensorflow'\", name='tensorflow')"
    done = import_with(error, tmp_path, {"KERAS_BACKEND": "tensorflow"})
    assert "pip install tensorflow-cpu" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("backend", [None, "", "jax"])
def test_the_backend_is_tensorflow_unless_another_is_asked_for(backend, tmp_path):
    environment = {} if backend is None else {"KERAS_BACKEND": backend}
    code = "import gan_helpers, os; print(os.environ['KERAS_BACKEND'])"
    done = import_with("", tmp_path, environment, code)
    assert done.stdout.strip() == (backend or "tensorflow")


def test_without_a_standard_error_the_import_works(tmp_path):
    code = "import os; os.close(2); import gan_helpers; print('imported')"
    assert import_with("", tmp_path, code=code).stdout.strip() == "imported"
