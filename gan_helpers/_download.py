"""The datasets that are known by name: where they lie on a machine, and where they come from."""

from dataclasses import dataclass
import errno
import os
from pathlib import Path
import re
import shutil
import ssl
import tempfile
import threading
import warnings

from gan_helpers import reading, words
import pooch
import requests

CONNECTION_SECONDS = 8

FASHION_CLASSES = (
    "T-shirt",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
DIGIT_CLASSES = tuple("0123456789")
ASSETS = Path(__file__).parent / "assets"
SAMPLE_FOLDER = ASSETS / "fashion_mnist_sample"


@dataclass(frozen=True)
class _Published:
    """A dataset that is known by name: its classes, the package's sample, its address, its MD5."""

    cache_name: str
    class_names: tuple
    sample: Path
    address: str
    md5: dict
    system_package: str | None = None  # of Debian and Ubuntu
    system_folder: Path | None = None


_PUBLISHED = {
    "fashion_mnist": _Published(
        cache_name="fashion-mnist",
        class_names=FASHION_CLASSES,
        sample=SAMPLE_FOLDER,
        address="https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        md5={
            "train_images": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "train_labels": "25c81989df183df01b3e8a0aad5dffbe",
            "test_images": "bef4ecab320f06d8554ea6380940ec79",
            "test_labels": "bb300cfdad3c16e7a12a480ee83cd310",
        },
        system_package="dataset-fashion-mnist",
        system_folder=Path("/usr/share/datasets/fashion-mnist"),
    ),
    "mnist": _Published(
        cache_name="mnist",
        class_names=DIGIT_CLASSES,
        sample=ASSETS / "mnist_sample",
        address="https://storage.googleapis.com/cvdf-datasets/mnist/",
        md5={
            "train_images": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "train_labels": "d53e105ee54ea40749a09fcbcd1e9432",
            "test_images": "9fb629c4189551a2d022fa330f9573f3",
            "test_labels": "ec29112dd5afa0611ce80d1b7f02629c",
        },
    ),
}


class _UnreachableError(Exception):
    """There is no way to the server; the cause says why."""


def find(name):
    """Look for a named dataset on this machine, then download it, then take the sample.

    Returns:
        What was found, and a phrase that says where.
    """
    published = _PUBLISHED[name]
    places = []
    if cache := _keras_cache():
        files = f"{published.cache_name}.npz"  # as keras.datasets keeps them
        source = words.say("Keras' cache")
        places = [(cache / published.cache_name, source), (cache / files, source)]
    if published.system_folder:
        source = words.say("the system's package {package}", package=published.system_package)
        places.append((published.system_folder, source))
    for path, source in places:
        try:
            if path.exists():
                return reading.read(path), source
        except OSError:  # incomplete, or it cannot be looked at: that does not end the search
            continue
        except ValueError as error:
            warnings.warn(f"{error} Looking for a good copy elsewhere.", stacklevel=3)
    try:
        return _from_network(published, cache)
    except (OSError, ValueError, _UnreachableError) as error:
        reason, advice = explain(error)
        if isinstance(error, ValueError):  # there is a network, but what it gave was refused
            warnings.warn(f"The download was refused: {reason}.", stacklevel=3)
    ways = [advice, "give load_dataset a folder with its four IDX files"]
    if published.system_package and shutil.which("apt-get"):
        ways.insert(1, f"run 'apt-get install {published.system_package}'")
    return reading.read(published.sample), words.say(
        "the sample in this package: the full set (60,000 + 10,000 images) could not be "
        "downloaded ({reason}). To get it, {ways}",
        reason=reason,
        ways=", or ".join(ways),
    )


def _keras_cache():
    """Keras' folder for datasets, or ``None`` for a user without a home."""
    try:
        home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    except RuntimeError:
        return None
    return home / "datasets"


def _from_network(published, cache):
    """Download into Keras' cache or, if that cannot be written, into a temporary folder."""
    why = "there is no home folder"
    if cache:
        try:
            _complete(published, cache / published.cache_name)
            source = words.say("a download, now in Keras' cache")
            return reading.read(cache / published.cache_name), source
        except requests.RequestException:
            raise
        except OSError as error:
            why = f"Keras' cache cannot be written ({explain(error)[0]})"
    # Keras' own choice; where it belongs to somebody else, a new one for this session.
    for folder in (Path(tempfile.gettempdir()) / ".keras" / "datasets", None):
        folder = (folder or Path(tempfile.mkdtemp())) / published.cache_name
        try:
            _complete(published, folder)
            source = words.say("a download, now in a temporary folder: {why}", why=why)
            return reading.read(folder), source
        except PermissionError as error:
            refused = error
    raise refused


def _complete(published, folder):
    """Download those of the four files that are not in ``folder``; pooch checks each of them."""
    paths = {key: folder / name for key, name in reading.FILES.items()}
    missing = [key for key, path in paths.items() if not _is_good(path, published.md5[key])]
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):  # before anything is downloaded: may it be kept?
        pass
    _check_connection(published.address + reading.FILES["train_labels"])
    downloader = pooch.HTTPDownloader(progressbar=True, timeout=CONNECTION_SECONDS)
    for key in missing:
        pooch.retrieve(
            published.address + reading.FILES[key],
            known_hash=f"md5:{published.md5[key]}",
            fname=reading.FILES[key],
            path=folder,
            downloader=downloader,
        )


def _is_good(path, md5):
    return path.is_file() and pooch.file_hash(path, "md5") == md5


def _check_connection(address):
    """Raise ``_UnreachableError`` unless ``address`` answers within ``CONNECTION_SECONDS``.

    A thread, because looking up a name has no time limit of its own.
    """
    outcome = []

    def ask():
        try:
            requests.head(address, timeout=CONNECTION_SECONDS).raise_for_status()
            outcome.append(None)
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(CONNECTION_SECONDS)
    error = outcome[0] if outcome else TimeoutError()
    if error is not None:
        raise _UnreachableError from error


def explain(error):
    """Why a download failed, in the words of who knew it first, and what to do about it.

    requests wraps urllib3's errors, urllib3 those of Python, and Python those of the system; the
    reason is the innermost one.
    """
    chain = [error]
    while inner := _inside(chain[-1], chain):
        chain.append(inner)
    last = chain[-1]
    text = getattr(last, "strerror", None) or str(last) or type(last).__name__
    text = text.splitlines()[0][:160]
    for one in chain:
        if isinstance(one, requests.HTTPError) and one.response is not None:
            text = f"HTTP {one.response.status_code} {one.response.reason or ''}".strip()
            return text, "try again later: the server, or something on the way to it, refuses it"
    if isinstance(last, ssl.SSLCertVerificationError):
        text = re.sub(r"^\[.*?\] | \(_ssl\.c.*?\)", "", str(last.args[-1]))
        return text, (
            "set REQUESTS_CA_BUNDLE to the certificate file of your network (a proxy or a virus "
            "scanner may show one of its own; check the computer's date, too)"
        )
    if any(isinstance(one, requests.exceptions.ProxyError) for one in chain):
        return f"proxy: {text}", "correct the settings HTTPS_PROXY and HTTP_PROXY"
    if "CA certificate" in text:
        return text, "correct REQUESTS_CA_BUNDLE, which names no certificate file"
    if isinstance(error, ValueError):
        return text, "log in to the network: its login page may have come in place of the file"
    if any(isinstance(one, (TimeoutError, requests.Timeout)) for one in chain):
        return f"no answer within {CONNECTION_SECONDS} s", "connect to the network"
    if getattr(last, "errno", None) in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return text, "make room, or set KERAS_HOME to a folder on another disk"
    if getattr(last, "filename", None):
        return f"{text}: {last.filename}", "set KERAS_HOME to a folder that you may write to"
    return text, "connect to the network"


def _inside(error, seen):
    """The exception that ``error`` wraps, or ``None``."""
    wrapped = getattr(error, "reason", None), *error.args, error.__cause__
    return next(
        (one for one in wrapped if isinstance(one, BaseException) and one not in seen), None
    )
