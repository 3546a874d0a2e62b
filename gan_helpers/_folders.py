"""Folders that are written to: made, and tried before there is anything to lose."""

import os
from pathlib import Path
import tempfile

from gan_helpers import words
from gan_helpers._validation import check_path


def writable(folder, name="folder"):
    """Return ``folder`` as a ``Path``, made if it was missing; ``name`` is that of the argument.

    Raises:
        ValueError: it is no path, or cannot be written.
    """
    folder = check_path(name, folder)
    try:
        folder = folder.expanduser()
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()  # permissions alone do not tell
    except (OSError, RuntimeError, ValueError) as error:  # no such home, a NUL in the name ...
        is_file = isinstance(error, FileExistsError)
        reason = "it is a file" if is_file else getattr(error, "strerror", None) or error
        raise ValueError(
            f"{name}: {str(folder)!r} cannot be written: {reason}. Give another folder."
        ) from error
    return folder


def picture_folder(save_dir=""):
    """The folder where a notebook keeps its pictures, made if it is not there.

    Args:
        save_dir: a path, taken as it is; or ``""`` for the repository's ``images`` if the notebook
            runs inside a checkout (``images/ru`` if Russian is spoken), else ``images`` beside the
            notebook, else a temporary folder, of which a sentence tells.

    Returns:
        The folder, as ``Path``.

    Raises:
        ValueError: ``save_dir`` is no path, is a file, or cannot be written.
    """
    if not isinstance(save_dir, str) or save_dir:
        return writable(save_dir, "save_dir")
    own = "" if words.spoken() == "en" else words.spoken()
    folders = [
        checkout / "images" / own
        for checkout in (Path(".."), Path("..", ".."))  # of notebooks/, and of notebooks/ru/
        if os.path.isdir(checkout / "gan_helpers") and os.path.isdir(checkout / "images")
    ]
    for folder in [*folders, Path("images")]:
        try:
            return writable(folder)
        except ValueError:
            continue
    folder = Path(tempfile.mkdtemp(prefix="pictures_"))
    text = "Nothing can be written beside this notebook, so its pictures go to {folder}."
    print(words.say(text, folder=folder))
    return folder
