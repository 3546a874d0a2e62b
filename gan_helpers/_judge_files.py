"""The folder of a judge: its card, the weights of its classifier, and its real features."""

import hashlib
import json
import os
from pathlib import Path
import reprlib
import tempfile

from gan_helpers import words
from gan_helpers._folders import writable
from gan_helpers.data import DamagedFileError, check_count, check_image_shape, check_md5

CARD, WEIGHTS, FEATURES = "judge.json", "classifier.weights.h5", "real_features.npz"


def to_path(name, value):
    """Return ``value`` as a ``Path``, or raise ``ValueError`` for what is none."""
    try:
        return Path(value).expanduser()
    except (TypeError, ValueError, RuntimeError):  # RuntimeError: no home
        raise ValueError(f"{name}: expected a path, got {reprlib.repr(value)}.") from None


def write(folder, card, write_weights, write_features):
    """Write the three files into a new folder first, then put each in its place, the card last.

    Args:
        card: a dict; the checksums of the other two files are added.
        write_weights, write_features: functions of a path.
    """
    with tempfile.TemporaryDirectory(dir=writable(folder), prefix=".new") as new:
        new = Path(new)
        write_weights(new / WEIGHTS)
        write_features(new / FEATURES)
        card = card | {"md5": {name: _md5(new / name) for name in (WEIGHTS, FEATURES)}}
        text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
        (new / CARD).write_text(text, encoding="utf-8", newline="\n")
        for name in (WEIGHTS, FEATURES, CARD):
            os.replace(new / name, Path(folder).expanduser() / name)


def _md5(path):
    return hashlib.md5(path.read_bytes()).hexdigest()


def read_card(folder):
    """The card in a judge's folder; the files have passed its checksums.

    Raises:
        FileNotFoundError: one of the three files is missing.
        DamagedFileError: one of them is altered, or the card is not one of a judge.
    """
    for name in (CARD, WEIGHTS, FEATURES):
        if not os.path.isfile(folder / name):
            raise FileNotFoundError(f"{name} is missing in the folder {str(folder)!r}.")
    try:
        card = json.loads((folder / CARD).read_bytes())
        checked = {
            "name": str(card["name"]),
            "class_names": tuple(words.say(str(name)) for name in card["class_names"]),
            "image_shape": check_image_shape(card["image_shape"]),
            "accuracy": float(card["accuracy"]),
            "width": check_count("width", card["width"]),
            "fingerprint": str(card["fingerprint"]),
            "md5": tuple(str(card["md5"][name]) for name in (WEIGHTS, FEATURES)),
        }
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedFileError(
            f"{CARD} in the folder {str(folder)!r} is damaged, or not of a judge: "
            f"{type(error).__name__}, {error}."
        ) from error
    for name, checksum in zip((WEIGHTS, FEATURES), checked["md5"], strict=True):
        check_md5(folder / name, checksum)
    return checked


def kept_folders():
    """Where trained judges are kept: in Keras' cache and, if need be, in a temporary folder."""
    for find in (
        lambda: Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser(),
        lambda: Path(tempfile.gettempdir()) / ".keras",
    ):
        try:
            yield find() / "judges"
        except (RuntimeError, OSError):  # there is no home, no temporary folder
            continue
