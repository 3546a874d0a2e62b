"""Helpers for the GAN notebooks: data, models, training, plotting and metrics.

Importing the package loads TensorFlow, and keeps quiet while it does: TensorFlow's C++ part
writes log lines to standard error that have no meaning for a reader of the notebooks.
"""

import os

__version__ = "0.1.0"

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def _import_tensorflow_quietly():
    """Import TensorFlow while file descriptor 2 points to nowhere.

    The lines are written before TensorFlow reads its log level, and not through Python's
    ``sys.stderr``. A failing import still raises its Python exception.
    """
    standard_error = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        finally:
            os.dup2(standard_error, 2)
            os.close(standard_error)


_import_tensorflow_quietly()
