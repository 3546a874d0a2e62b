"""Data: where named datasets come from, what is converted, the checks, and the batches."""

from dataclasses import replace
import errno
import functools
import gzip
import hashlib
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
import importlib.util
import os
from pathlib import Path
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import warnings

from conftest import idx_bytes, write_idx_folder
from gan_helpers import _download, data, shapes
import keras
import numpy as np
import pytest
import requests
import tensorflow as tf
import urllib3

SYSTEM_FOLDER = data._PUBLISHED["fashion_mnist"].system_folder
REAL_HEAD = requests.head
TOOL = Path(__file__).parents[1] / "tools" / "make_sample.py"


def refuse_connection(*args, **kwargs):
    raise requests.ConnectionError("no network in this test")


@pytest.fixture(autouse=True)
def empty_machine(monkeypatch, tmp_path):
    """A machine with empty caches, without the system's package and without a network."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    monkeypatch.setattr(_download.requests, "head", refuse_connection)
    monkeypatch.setattr(_download.shutil, "which", lambda name: f"/usr/bin/{name}")
    for name in data._PUBLISHED:
        publish(monkeypatch, name, address="http://127.0.0.1:1/", system_folder=None)


def publish(monkeypatch, name, **changes):
    monkeypatch.setitem(data._PUBLISHED, name, replace(data._PUBLISHED[name], **changes))


def small_arrays(seed=0, train=6, test=4, size=28):
    rng = np.random.default_rng(seed)
    return {
        "train_images": rng.integers(0, 256, (train, size, size), dtype=np.uint8),
        "train_labels": np.arange(train, dtype=np.uint8) % 3,
        "test_images": rng.integers(0, 256, (test, size, size), dtype=np.uint8),
        "test_labels": np.arange(test, dtype=np.uint8) % 3,
    }


def write_folder(folder, arrays):
    folder.mkdir(parents=True, exist_ok=True)
    for key, file_name in data.FILES.items():
        (folder / file_name).write_bytes(gzip.compress(idx_bytes(arrays[key])))
    return folder


def write_npz(folder, **changes):
    """An .npz file of 12 + 6 images of three classes, with some arrays changed or, None, gone."""
    arrays = small_arrays(train=12, test=6) | changes
    np.savez(folder / "a.npz", **{key: arrays[key] for key in arrays if arrays[key] is not None})
    return folder / "a.npz"


def assert_holds(dataset, arrays):
    for key, array in arrays.items():
        loaded = getattr(dataset, key)
        assert loaded.dtype == np.uint8
        np.testing.assert_array_equal(loaded, array)


def damage(path):
    path.write_bytes(path.read_bytes()[:-30])


# --- load_dataset: what it is given ---


@pytest.mark.parametrize(
    "name", ["fashon", "no/such/place", "~nobody-of-this-name/a", "a\0b", "a" * 999]
)
def test_unknown_names(name):
    with pytest.raises(
        FileNotFoundError,
        match="no file or folder.*Known by name: 'fashion_mnist', 'mnist', 'shapes'",
    ):
        data.load_dataset(name)


@pytest.mark.parametrize(
    "name", [None, 3, "", b"mnist", ["mnist"], np.zeros((3, 28, 28), np.uint8)]
)
def test_what_is_no_name(name):
    with pytest.raises(ValueError, match="name_or_path: expected a path, got"):
        data.load_dataset(name)


def test_a_dataset_is_returned_as_it_is(three_shapes, capsys):
    assert data.load_dataset(three_shapes) is three_shapes
    assert capsys.readouterr().out == ""


def test_shapes_by_name(monkeypatch, capsys):
    dataset = data.load_dataset("shapes", image_shape=(8, 8, 1))
    assert (dataset.name, dataset.image_shape) == ("shapes", (8, 8, 1))
    assert capsys.readouterr().out.startswith("6,000 training and 1,000 test 8x8 images of 10 cl")
    small = shapes.draw_shapes(train=20, test=10)
    monkeypatch.setattr(shapes, "draw_shapes", lambda image_shape: small)
    names = list("abcdefghij")
    assert data.load_dataset("shapes", names).class_names == tuple(names)
    with pytest.raises(ValueError, match="class_names: the shapes are circle, square"):
        data.load_dataset("shapes", names[:9])


def test_class_names(tmp_path):
    path = write_npz(tmp_path)
    assert data.load_dataset(path, class_names=["a", "b", "c"]).class_names == ("a", "b", "c")
    with pytest.raises(ValueError, match="labels go up to 2, .* only 2 class names"):
        data.load_dataset(path, class_names=["a", "b"])
    for bad in ("abc", [], [1, 2, 3], 3, [None]):
        with pytest.raises(ValueError, match="class_names: expected a list of names, got"):
            data.load_dataset(path, class_names=bad)


@pytest.mark.parametrize(
    "shape", ["28", 28, (28, 28), (30, 30, 1), (28, 28, 2), (4, 4, 1), (8.0, 8, 1)]
)
def test_bad_image_shapes(tmp_path, shape):
    with pytest.raises(ValueError, match="image_shape: expected .height, width, channels.*got"):
        data.load_dataset(write_npz(tmp_path), image_shape=shape)
    with pytest.raises(ValueError, match="image_shape: expected"):
        data.check_image_shape(shape)


# --- load_dataset: what is converted, and said ---


def images_as(kind, images):
    return {
        "floats": images.astype(np.float32),
        "int64": images.astype(np.int64),
        "with an axis": images[..., None],
        "axis in front": images[:, None],
        "flat": images.reshape(len(images), -1),
        "flat floats": images.reshape(len(images), -1).astype(float),
        "in [0, 1]": (images / 255).astype(np.float32),
        "Fortran": np.asfortranarray(images),
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "floats",
        "int64",
        "with an axis",
        "axis in front",
        "flat",
        "flat floats",
        "in [0, 1]",
        "Fortran",
    ],
)
def test_images_that_are_safe_to_convert(tmp_path, kind):
    arrays = small_arrays(train=12, test=6)
    changed = {key: images_as(kind, arrays[key]) for key in ("train_images", "test_images")}
    dataset = data.load_dataset(write_npz(tmp_path, **changed))
    assert_holds(dataset, arrays)
    assert ("values from 0 to 1 are made 0 to 255" in dataset.source) == (kind == "in [0, 1]")


@pytest.mark.parametrize("dtype", [bool, np.uint8, float])
def test_bitmaps_of_0_and_1(tmp_path, dtype):
    bitmaps = small_arrays(train=12)["train_images"] > 127
    dataset = data.load_dataset(write_npz(tmp_path, train_images=bitmaps.astype(dtype)))
    np.testing.assert_array_equal(dataset.train_images, bitmaps * np.uint8(255))
    assert "values from 0 to 1 are made 0 to 255" in dataset.source


def test_channels_in_front(tmp_path):
    colour = np.random.default_rng(0).integers(0, 256, (12, 28, 28, 3), dtype=np.uint8)
    path = write_npz(tmp_path, train_images=colour.transpose(0, 3, 1, 2), test_images=colour[:6])
    dataset = data.load_dataset(path)
    np.testing.assert_array_equal(dataset.train_images, colour)
    assert "channels moved behind height and width" in dataset.source


RGBA = np.zeros((12, 28, 28, 4), np.uint8)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (RGBA, r"got \(12, 28, 28, 4\).*images\[..., :3\]"),
        (RGBA.astype(np.float32)[..., 0] - 0.5, r"got float32.*images \+ 1\) \* 127.5"),
        (np.full((12, 28, 28), np.nan), "got float64. Some values are NaN"),
        (np.full((12, 28, 28), 1.5), "got float64. Convert them: images.round"),
        (np.full((12, 28, 28), 9999, np.uint16), "got uint16. Scale them: .images // 257"),
        (np.full((12, 28, 28), 256), "Scale them to 0 to 255 first, they go from 256 to 256"),
        (np.zeros((12, 3072), np.uint8), r"reshape\(-1, 3, 32, 32\).transpose\(0, 2, 3, 1\)"),
        (np.zeros((12, 100, 2), np.uint8), "multiples of 4"),
        (np.zeros((0, 28, 28), np.uint8), "there are none"),
        (np.zeros((5, 28, 28), np.uint8), r"train labels.*expected shape \(5,\).*got \(12,\)"),
        (np.array(["a"] * 12), "expected a NumPy array of uint8"),
    ],
)
def test_images_that_are_not(tmp_path, images, message):
    with pytest.raises(ValueError, match=message):
        data.load_dataset(write_npz(tmp_path, train_images=images))


@pytest.mark.parametrize("size", [27, 30, 101, 6])
def test_sizes_that_the_networks_do_not_take(tmp_path, size):
    path = write_npz(
        tmp_path, **{k: v for k, v in small_arrays(train=12, test=6, size=size).items()}
    )
    with pytest.raises(
        ValueError, match=r"multiples of 4 .*image_shape=\((\d+), \1, 1\)"
    ) as caught:
        data.load_dataset(path)
    shape = eval(str(caught.value).rpartition("image_shape=")[2].removesuffix(")."))
    dataset = data.load_dataset(path, image_shape=shape)
    assert dataset.image_shape == shape
    assert f"resized to {shape[0]}x{shape[1]} from {size}x{size} (height x width)" in dataset.source


def test_parts_of_two_sizes(tmp_path):
    path = write_npz(tmp_path, test_images=np.zeros((6, 32, 32), np.uint8))
    with pytest.raises(ValueError, match=r"\(28, 28, 1\) for training and \(32, 32, 1\) for test"):
        data.load_dataset(path)
    assert data.load_dataset(path, image_shape=(28, 28, 1)).test_images.shape == (6, 28, 28)


def test_grey_and_colour_by_an_argument(tmp_path, colour_shapes):
    folder = write_idx_folder(tmp_path / "mine", colour_shapes)
    grey = data.load_dataset(folder, image_shape=(32, 32, 1))
    assert grey.train_images.shape == (400, 32, 32)
    assert "colours are made grey" in grey.source
    dataset = data.load_dataset(write_npz(tmp_path), image_shape=(28, 28, 3))
    np.testing.assert_array_equal(
        dataset.train_images[..., 1], small_arrays(train=12)["train_images"]
    )
    assert "grey is repeated in three channels" in dataset.source
    same = data.load_dataset(folder, image_shape=(32, 32, 3))
    np.testing.assert_array_equal(same.train_images, colour_shapes.train_images)
    assert same.source == "the folder 'mine'"


NUMBERS = np.arange(12) % 3


@pytest.mark.parametrize(
    ("labels", "names", "note"),
    [
        (NUMBERS[:, None], "012", None),
        (np.eye(3)[NUMBERS], "012", "one-hot labels are made numbers"),
        (np.eye(3, dtype=bool)[NUMBERS], "012", "one-hot labels are made numbers"),
        (NUMBERS.astype(float), "012", None),
        (NUMBERS.astype(str), "012", None),
        (np.array(["cat", "dog", "emu"])[NUMBERS], ("cat", "dog", "emu"), None),
        (np.array([b"cat", b"dog", b"emu"])[NUMBERS], ("cat", "dog", "emu"), None),
        (NUMBERS + 1, "123", "labels counted from 1 are counted from 0"),
        (NUMBERS[:, None].astype(np.int64) + 1, "123", "labels counted from 1"),
        (NUMBERS.astype(np.uint64), "012", None),
    ],
)
def test_labels_that_are_safe_to_convert(tmp_path, labels, names, note):
    path = write_npz(tmp_path, train_labels=labels, test_labels=labels[:6])
    dataset = data.load_dataset(path)
    assert_holds(dataset, {"train_labels": NUMBERS, "test_labels": NUMBERS[:6]})
    assert dataset.class_names == tuple(names)
    assert dataset.source == "the file 'a.npz'" if note is None else note in dataset.source


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (NUMBERS[:5], r"expected shape \(12,\).*got \(5,\)"),
        (np.ones((12, 3)), r"expected shape \(12,\).*got \(12, 3\)"),
        (NUMBERS - 1, "expected values from 0 upwards, got -1 to 1"),
        (NUMBERS / 2, "expected integers, got float64"),
        (np.full(12, np.nan), "expected integers, got float64"),
        (NUMBERS * 70_000, "go up to 140,000, but there are only 5 different .*return_inverse"),
    ],
)
def test_labels_that_are_not(tmp_path, labels, message):
    with pytest.raises(ValueError, match=message):
        data.load_dataset(write_npz(tmp_path, train_labels=labels, test_labels=NUMBERS[:6]))


@pytest.mark.parametrize("names", [None, list("abcdefghijklmnopqrstuvwxyz")])
def test_letters_counted_from_1(tmp_path, letters, names):
    arrays = {key: getattr(letters, key) for key in data.FILES}
    path = write_npz(tmp_path, **{k: v + ("labels" in k) for k, v in arrays.items()})
    dataset = data.load_dataset(path, class_names=names)
    assert_holds(dataset, arrays)
    assert dataset.class_names == tuple(names or map(str, range(1, 27)))
    with pytest.raises(ValueError, match="labels go up to 26, .* only 25 class names"):
        data.load_dataset(path, class_names=list("abcdefghijklmnopqrstuvwxy"))


def test_classes_without_images_are_pointed_out(tmp_path, capsys):
    path = write_npz(tmp_path, train_labels=NUMBERS + 1, test_labels=NUMBERS[:6] + 1)
    dataset = data.load_dataset(path, class_names=list("abcd"))
    assert dataset.train_labels.min() == 1
    assert "no image is of the class 'a'" in capsys.readouterr().out
    path = write_npz(tmp_path, train_labels=NUMBERS, test_labels=np.full(6, 8))
    data.load_dataset(path)
    printed = capsys.readouterr().out
    assert "no image is of the class '3', '4', '5', '6', '7'" in printed
    assert "no training image is of the class '8'" in printed
    assert "no test image is of the class '0', '1', '2'" in printed
    path = write_npz(tmp_path, train_labels=NUMBERS * 4, test_labels=np.full(6, 9))
    data.load_dataset(path, class_names=list("abcdefghijkl"))
    assert "no image is of the class 'b', 'c', 'd', 'f', 'g' and 3 more" in capsys.readouterr().out


def test_labels_of_both_parts_count_for_the_classes(tmp_path):
    path = write_npz(tmp_path, test_labels=np.array([0, 1, 2, 5, 0, 1]))
    assert len(data.load_dataset(path).class_names) == 6


def test_a_sixth_is_set_aside_balanced_and_always_the_same(tmp_path, letters):
    arrays = {"train_images": letters.train_images, "train_labels": letters.train_labels}
    path = write_npz(tmp_path, **arrays, test_images=None, test_labels=None)
    dataset = data.load_dataset(path)
    assert np.bincount(dataset.test_labels).tolist() == [3] * 26
    assert np.bincount(dataset.train_labels).tolist() == [17] * 26
    both = np.concatenate([dataset.train_images, dataset.test_images])
    assert sorted(map(bytes, both)) == sorted(map(bytes, letters.train_images))
    assert_holds(data.load_dataset(path), {key: getattr(dataset, key) for key in data.FILES})
    assert "no images for testing, so a sixth of each class is set aside" in dataset.source


def test_so_few_images_that_none_can_be_set_aside(tmp_path):
    few = {"train_images": np.zeros((2, 28, 28), np.uint8), "train_labels": np.arange(2)}
    dataset = data.load_dataset(write_npz(tmp_path, **few, test_images=None, test_labels=None))
    assert len(dataset.test_images) == len(dataset.train_images) == 2
    assert "the images for training are those for testing, too" in dataset.source


def test_images_that_look_inverted_are_pointed_out(tmp_path, ten_shapes, letters, capsys):
    for dataset in (ten_shapes, letters):
        arrays = {key: getattr(dataset, key) for key in data.FILES}
        assert "255 - images" not in data.load_dataset(write_npz(tmp_path, **arrays)).source
        dark = {key: 255 - array for key, array in arrays.items() if "images" in key}
        loaded = data.load_dataset(write_npz(tmp_path, **(arrays | dark)))
        assert "dark on white: white on black is 255 - images" in loaded.source
        assert_holds(loaded, dark)  # and left as they are


def test_garments_and_colours_do_not_look_inverted(colour_shapes, tmp_path):
    dataset = data.load_dataset(data.SAMPLE_FOLDER)
    assert "dark on white" not in dataset.source
    arrays = {key: getattr(colour_shapes, key) for key in data.FILES}
    arrays |= {key: 255 - array for key, array in arrays.items() if "images" in key}
    assert "dark on white" not in data.load_dataset(write_npz(tmp_path, **arrays)).source


# --- load_dataset by name: the order of sources ---


def cache_folder(tmp_path, name="fashion-mnist"):
    return tmp_path / "keras" / "datasets" / name


def test_the_cache_comes_first_then_the_system(tmp_path, monkeypatch):
    system = write_folder(tmp_path / "system", small_arrays(2))
    publish(monkeypatch, "fashion_mnist", system_folder=system)
    dataset = data.load_dataset()
    assert_holds(dataset, small_arrays(2))
    assert "dataset-fashion-mnist" in dataset.source
    assert dataset.class_names == data.FASHION_CLASSES
    assert dataset.name == "fashion_mnist"

    write_folder(cache_folder(tmp_path), small_arrays(1))
    dataset = data.load_dataset()
    assert_holds(dataset, small_arrays(1))
    assert dataset.source.startswith("Keras' cache; no image is of the class 'Dress'")


def test_damaged_cache_is_named_and_the_system_used(tmp_path, monkeypatch):
    cache = write_folder(cache_folder(tmp_path), small_arrays(1))
    damage(cache / data.FILES["train_labels"])
    system = write_folder(tmp_path / "system", small_arrays(2))
    publish(monkeypatch, "fashion_mnist", system_folder=system)
    with pytest.warns(UserWarning, match="train-labels-idx1-ubyte.gz is damaged") as caught:
        dataset = data.load_dataset()
    assert_holds(dataset, small_arrays(2))
    assert caught[0].filename == __file__


@pytest.mark.parametrize(("name", "file"), [("mnist", "mnist"), ("fashion_mnist", "fashion-mnist")])
@pytest.mark.parametrize("form", ["idx", "npz"])
def test_what_keras_has_loaded_is_used(tmp_path, name, file, form):
    cache = cache_folder(tmp_path, file)
    if form == "idx":
        write_folder(cache, small_arrays(1))
    else:
        keys = ("x_train", "y_train", "x_test", "y_test")
        cache.parent.mkdir(parents=True)
        np.savez(f"{cache}.npz", **dict(zip(keys, small_arrays(1).values(), strict=True)))
    dataset = data.load_dataset(name)
    assert_holds(dataset, small_arrays(1))
    assert dataset.class_names == data._PUBLISHED[name].class_names
    assert dataset.source.startswith("Keras' cache")


def test_a_damaged_npz_in_the_cache_is_named(tmp_path):
    (tmp_path / "keras/datasets").mkdir(parents=True)
    (tmp_path / "keras/datasets/mnist.npz").write_bytes(b"PK half of it")
    with pytest.warns(UserWarning, match="mnist.npz is damaged.*Looking for a good copy elsewhere"):
        dataset = data.load_dataset("mnist")
    assert dataset.source.startswith("the sample in this package")


@functools.cache
def sample_arrays(name):
    folder = data._PUBLISHED[name].sample
    return {key: data.read_idx(folder / file) for key, file in data.FILES.items()}


def assert_is_the_sample(dataset, printed, name="fashion_mnist"):
    assert dataset.class_names == data._PUBLISHED[name].class_names
    assert_holds(dataset, sample_arrays(name))
    assert printed.startswith(
        "10,000 training and 2,000 test images of 10 classes, from the sample"
    )
    assert "could not be downloaded" in printed


@pytest.mark.parametrize(
    "error", [requests.ConnectionError("no"), requests.Timeout(), UnicodeError("bad"), OSError()]
)
@pytest.mark.parametrize("name", ["fashion_mnist", "mnist"])
def test_without_a_network_the_sample_is_used_and_a_sentence_says_so(
    monkeypatch, capsys, error, name
):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(_download.requests, "head", fail)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dataset = data.load_dataset(name)
    assert_is_the_sample(dataset, capsys.readouterr().out, name)


@pytest.mark.parametrize("there", [True, False])
def test_apt_get_is_named_where_it_exists(monkeypatch, capsys, there):
    monkeypatch.setattr(
        _download.shutil, "which", lambda name: "/usr/bin/apt-get" if there else None
    )
    data.load_dataset()
    assert ("apt-get install dataset-fashion-mnist" in capsys.readouterr().out) == there
    data.load_dataset("mnist")  # of which there is no such package
    assert "apt-get" not in capsys.readouterr().out


def test_a_hanging_network_is_given_up(monkeypatch, capsys):
    end = threading.Event()
    monkeypatch.setattr(_download, "CONNECTION_SECONDS", 0.2)
    monkeypatch.setattr(_download.requests, "head", lambda *args, **kwargs: end.wait(30))
    start = time.perf_counter()
    try:
        dataset = data.load_dataset()
    finally:
        end.set()
    assert time.perf_counter() - start < 10
    assert_is_the_sample(dataset, capsys.readouterr().out)


def test_the_promised_time_without_a_network():
    assert _download.CONNECTION_SECONDS <= 10


def test_a_damaged_cache_without_a_network_is_not_used(tmp_path, capsys):
    cache = write_folder(cache_folder(tmp_path), small_arrays(1))
    damage(cache / data.FILES["train_images"])
    with pytest.warns(UserWarning, match="train-images-idx3-ubyte.gz is damaged"):
        dataset = data.load_dataset()
    assert_is_the_sample(dataset, capsys.readouterr().out)


# --- why a download failed: the innermost reason, and advice that fits ---


def wrapped(inner, kind=requests.ConnectionError, layer=urllib3.exceptions.NewConnectionError):
    """``inner`` as requests hands it on: in an error of urllib3, in another, in its own."""
    pool = urllib3.HTTPSConnectionPool("example.org")
    try:
        raise (
            layer(pool, "Failed") if layer is not urllib3.exceptions.SSLError else layer(inner)
        ) from inner
    except Exception as error:
        return kind(urllib3.exceptions.MaxRetryError(pool, "/train-labels-idx1-ubyte.gz", error))


def http_error(status, reason):
    response = requests.Response()
    response.status_code, response.reason, response.url = status, reason, "https://example.org/a"
    return requests.HTTPError(f"{status} Client Error", response=response)


CERTIFICATE = ssl.SSLCertVerificationError(
    1,
    "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c)",
)


@pytest.mark.parametrize(
    ("error", "reason", "advice"),
    [
        (
            wrapped(CERTIFICATE, requests.exceptions.SSLError, urllib3.exceptions.SSLError),
            "certificate verify failed: self-signed certificate",
            "set REQUESTS_CA_BUNDLE",
        ),
        (wrapped(socket.gaierror(-2, "Name or service not known")), "Name or service not known",
         "connect to the network"),
        (wrapped(ConnectionRefusedError(111, "Connection refused")), "Connection refused",
         "connect to the network"),
        (wrapped(OSError(101, "Network is unreachable")), "Network is unreachable",
         "connect to the network"),
        (wrapped(TimeoutError("timed out"), requests.ConnectTimeout), "no answer within 8 s",
         "connect to the network"),
        (requests.ReadTimeout(), "no answer within 8 s", "connect to the network"),
        (wrapped(OSError("Tunnel connection failed: 407 Proxy Authentication Required"),
                 requests.exceptions.ProxyError),
         "proxy: Tunnel connection failed: 407 Proxy Authentication Required",
         "correct the settings HTTPS_PROXY"),
        (http_error(403, "Forbidden"), "HTTP 403 Forbidden", "try again later"),
        (http_error(404, "Not Found"), "HTTP 404 Not Found", "try again later"),
        (http_error(503, None), "HTTP 503", "try again later"),
        (OSError("Could not find a suitable TLS CA certificate bundle, invalid path: /x"),
         "Could not find a suitable TLS CA certificate bundle, invalid path: /x",
         "correct REQUESTS_CA_BUNDLE"),
        (OSError(errno.ENOSPC, "No space left on device", "/home/me/a"), "No space left on device",
         "make room"),
        (PermissionError(13, "Permission denied", "/home/me"), "Permission denied: /home/me",
         "set KERAS_HOME"),
        (NotADirectoryError(20, "Not a directory", "/k"), "Not a directory: /k", "set KERAS_HOME"),
        (OSError(errno.EROFS, "Read-only file system", "/k"), "Read-only file system: /k",
         "set KERAS_HOME"),
        (ValueError("MD5 hash of downloaded file (a.gz) does not match"), "MD5 hash of downloaded",
         "log in to the network"),
        (requests.ConnectionError(), "ConnectionError", "connect to the network"),
    ],
)  # fmt: skip
def test_the_innermost_reason_is_told_with_advice_that_fits(
    monkeypatch, capsys, error, reason, advice
):
    assert _download.explain(error)[0].startswith(reason)
    assert _download.explain(error)[1].startswith(advice)
    if isinstance(error, ValueError):
        return  # not of this part of the download

    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(_download.requests, "head", fail)
    data.load_dataset()
    printed = capsys.readouterr().out
    assert f"could not be downloaded ({reason})" in printed
    assert f"To get it, {advice}" in printed


def test_the_reason_of_a_real_refused_connection_and_a_real_proxy(monkeypatch):
    monkeypatch.setattr(_download.requests, "head", REAL_HEAD)
    assert "downloaded (Connection refused)" in data.load_dataset("mnist").source
    publish(monkeypatch, "mnist", address="http://somewhere.example/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    source = data.load_dataset("mnist").source
    assert "downloaded (proxy: Connection refused)" in source and "HTTPS_PROXY" in source


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_the_reason_of_a_real_certificate(monkeypatch, tmp_path):
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    subprocess.run([*command.split(), "-keyout", tmp_path / "k", "-out", tmp_path / "c"],
                   check=True, capture_output=True)  # fmt: skip
    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c", tmp_path / "k")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setattr(_download.requests, "head", REAL_HEAD)
    publish(monkeypatch, "mnist", address=f"https://127.0.0.1:{server.server_port}/")
    try:
        source = data.load_dataset("mnist").source
        assert "certificate verify failed: self" in source
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
        assert "correct REQUESTS_CA_BUNDLE" in data.load_dataset("mnist").source
    finally:
        server.shutdown()
        server.server_close()


# --- load_dataset by name: downloads, from a server on this machine ---


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server with a small dataset that both names are downloaded from; gives its folder."""
    folder = write_folder(tmp_path / "served", small_arrays(7))
    handler = functools.partial(QuietHandler, directory=str(folder))
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setattr(_download.requests, "head", REAL_HEAD)
    md5 = {
        key: hashlib.md5((folder / name).read_bytes()).hexdigest()
        for key, name in data.FILES.items()
    }
    for name in data._PUBLISHED:
        publish(monkeypatch, name, address=f"http://127.0.0.1:{running.server_port}/", md5=md5)
    yield folder
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist"])
def test_a_good_download_is_used_and_kept(tmp_path, monkeypatch, server, name):
    dataset = data.load_dataset(name)
    assert_holds(dataset, small_arrays(7))
    assert dataset.source.startswith("a download, now in Keras' cache;")
    cache = cache_folder(tmp_path, name.replace("_", "-"))
    assert {path.name for path in cache.iterdir()} == set(data.FILES.values())

    monkeypatch.setattr(_download.requests, "head", refuse_connection)
    again = data.load_dataset(name)
    assert_holds(again, small_arrays(7))
    assert again.source.startswith("Keras' cache;")


@pytest.mark.parametrize("key", data.FILES)
def test_a_download_with_another_checksum_is_refused(tmp_path, capsys, server, key):
    write_folder(server, small_arrays(7) | {key: small_arrays(8)[key][::-1]})
    with pytest.warns(UserWarning, match=f"refused.*{data.FILES[key]}"):
        dataset = data.load_dataset()
    assert_is_the_sample(dataset, capsys.readouterr().out)
    assert not (cache_folder(tmp_path) / data.FILES[key]).exists()
    with pytest.warns(UserWarning, match="refused"):
        source = data.load_dataset("mnist").source
    assert data.FILES[key] in source and "log in to the network" in source


def test_a_missing_file_on_the_server(capsys, server):
    (server / data.FILES["test_images"]).unlink()
    assert_is_the_sample(data.load_dataset(), capsys.readouterr().out)
    assert "HTTP 404 File not found" in data.load_dataset("mnist").source


def test_a_half_written_cache_is_completed(tmp_path, server):
    cache = cache_folder(tmp_path)
    cache.mkdir(parents=True)
    shutil.copy(server / data.FILES["train_images"], cache)
    assert_holds(data.load_dataset(), small_arrays(7))


@pytest.mark.parametrize("suffix", [".gz", ""])
def test_a_damaged_cached_file_is_named_and_replaced(tmp_path, server, suffix):
    cache = write_folder(cache_folder(tmp_path), small_arrays(7))
    broken = cache / data.FILES["train_images"]
    if not suffix:
        broken.write_bytes(gzip.decompress(broken.read_bytes()))
        broken = broken.rename(broken.with_suffix(""))
    damage(broken)
    with pytest.warns(UserWarning, match=f"{broken.name} is damaged"):
        dataset = data.load_dataset()
    assert_holds(dataset, small_arrays(7))
    assert dataset.source.startswith("a download, now in Keras' cache")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert data.load_dataset().source.startswith("Keras' cache")


# --- a home that is not there, cannot be written or cannot be looked at ---


def no_home(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")

    def expanduser(path):
        if str(path).startswith("~"):
            raise RuntimeError("Could not determine home directory.")
        return path

    monkeypatch.setattr(Path, "expanduser", expanduser)
    return "there is no home folder"


def home_is_a_file(tmp_path, monkeypatch):
    (tmp_path / "keras").write_text("a file, not a folder")
    return "Keras' cache cannot be written (Not a directory: "


def datasets_is_a_file(tmp_path, monkeypatch):
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "datasets").write_text("a file, not a folder")
    return "Keras' cache cannot be written (Not a directory: "


def home_may_not_be_written(tmp_path, monkeypatch):
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras").chmod(0o555)
    refuse(monkeypatch, "mkdir", tmp_path / "keras")
    return "Keras' cache cannot be written (Permission denied: "


def home_may_not_be_looked_at(tmp_path, monkeypatch):
    write_folder(cache_folder(tmp_path), small_arrays(3))
    for method in ("exists", "iterdir", "mkdir", "is_file"):
        refuse(monkeypatch, method, tmp_path / "keras")
    return "Keras' cache cannot be written (Permission denied: "


def home_is_an_empty_name(tmp_path, monkeypatch):
    no_home(tmp_path, monkeypatch)
    monkeypatch.setenv("KERAS_HOME", "")
    return "there is no home folder"


def refuse(monkeypatch, method, place):
    """Let a method of paths fail below ``place``, as it does for everybody but root."""
    real = getattr(Path, method)

    def refusing(self, *args, **kwargs):
        if place in (self, *self.parents):
            raise PermissionError(errno.EACCES, "Permission denied", str(place))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, method, refusing)


HOMES = [
    no_home,
    home_is_a_file,
    datasets_is_a_file,
    home_may_not_be_written,
    home_may_not_be_looked_at,
    home_is_an_empty_name,
]


@pytest.mark.parametrize("home", HOMES)
def test_no_usable_home_a_temporary_folder_takes_the_download(
    tmp_path, monkeypatch, capsys, server, home
):
    why = home(tmp_path, monkeypatch)
    for _ in range(2):
        dataset = data.load_dataset()
        assert_holds(dataset, small_arrays(7))
        assert f"a download, now in a temporary folder: {why}" in dataset.source
        # As Keras does, and the second time nothing is downloaded.
        assert (tmp_path / "tmp/.keras/datasets/fashion-mnist").is_dir()
        monkeypatch.setattr(_download.requests, "head", refuse_connection)


@pytest.mark.parametrize("home", HOMES)
def test_no_usable_home_and_no_network_does_not_end_the_search(tmp_path, monkeypatch, capsys, home):
    home(tmp_path, monkeypatch)
    assert_is_the_sample(data.load_dataset(), capsys.readouterr().out)
    assert "no network in this test" in data.load_dataset("mnist").source
    system = write_folder(tmp_path / "system", small_arrays(2))
    publish(monkeypatch, "fashion_mnist", system_folder=system)
    assert_holds(data.load_dataset(), small_arrays(2))


def test_a_temporary_folder_of_somebody_else(tmp_path, monkeypatch, server):
    home_is_a_file(tmp_path, monkeypatch)
    (tmp_path / "tmp/.keras").mkdir()
    refuse(monkeypatch, "mkdir", tmp_path / "tmp/.keras")
    assert_holds(data.load_dataset(), small_arrays(7))


def test_a_planted_file_in_the_temporary_folder_is_not_used(tmp_path, monkeypatch, server):
    home_is_a_file(tmp_path, monkeypatch)
    planted = write_folder(tmp_path / "tmp/.keras/datasets/fashion-mnist", small_arrays(8))
    assert_holds(data.load_dataset(), small_arrays(7))
    assert (planted / data.FILES["train_images"]).read_bytes() == (
        server / data.FILES["train_images"]
    ).read_bytes()


def test_no_space_left(tmp_path, monkeypatch, capsys, server):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_download.pooch, "retrieve", full)
    assert_is_the_sample(data.load_dataset(), capsys.readouterr().out)
    source = data.load_dataset("mnist").source
    assert "No space left on device" in source and "make room" in source


def test_a_system_folder_that_cannot_be_looked_at(tmp_path, monkeypatch, capsys):
    system = write_folder(tmp_path / "system", small_arrays(2))
    publish(monkeypatch, "fashion_mnist", system_folder=system)
    refuse(monkeypatch, "exists", system)
    assert_is_the_sample(data.load_dataset(), capsys.readouterr().out)


# --- the sample ---


@pytest.fixture(scope="module")
def make_sample():
    specification = importlib.util.spec_from_file_location("make_sample", TOOL)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "size", "holder", "credit"),
    [
        ("fashion_mnist", 5.5e6, "2017 Zalando SE", "arXiv:1708.07747"),
        ("mnist", 3e6, "Yann LeCun and Corinna Cortes", "Bengio and Haffner"),
    ],
)
def test_the_sample_is_balanced_shuffled_small_and_licensed(name, size, holder, credit):
    arrays, folder = sample_arrays(name), data._PUBLISHED[name].sample
    assert arrays["train_images"].shape == (10_000, 28, 28)
    assert arrays["test_images"].shape == (2_000, 28, 28)
    for part, each in (("train", 1_000), ("test", 200)):
        labels = arrays[f"{part}_labels"]
        assert np.bincount(labels).tolist() == [each] * 10
        assert np.unique(labels[:100]).size == 10
        assert len(np.unique(arrays[f"{part}_images"].reshape(len(labels), -1), axis=0)) > (
            0.99 * len(labels)
        )
    assert sum(path.stat().st_size for path in folder.iterdir()) < size
    assert holder in (folder / "LICENSE").read_text(encoding="utf-8")
    assert credit in (folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist"])
def test_the_sample_can_be_drawn_again(monkeypatch, make_sample, name):
    folders = {
        "fashion_mnist": SYSTEM_FOLDER,
        "mnist": Path(os.environ.get("FULL_MNIST", "no/such/folder")),
    }
    if not folders[name].is_dir():
        pytest.skip("the full set is not on this machine")
    drawn = {}
    monkeypatch.setattr(make_sample, "write_idx", lambda path, array: drawn.setdefault(path, array))
    monkeypatch.setattr(sys, "argv", ["make_sample.py", name, str(folders[name])])
    make_sample.main()
    assert len(drawn) == 4
    for key, file in data.FILES.items():
        path = data._PUBLISHED[name].sample / file
        np.testing.assert_array_equal(drawn[path], sample_arrays(name)[key])


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist"])
def test_make_sample_refuses_to_draw_from_the_sample(make_sample, monkeypatch, name):
    monkeypatch.setattr(make_sample, "write_idx", lambda *args: pytest.fail("written"))
    monkeypatch.setattr(sys, "argv", ["make_sample.py", name])
    with pytest.raises(SystemExit, match="full set"):
        make_sample.main()


def test_draw_balanced(make_sample):
    labels = np.repeat(np.arange(3), 20)
    drawn = make_sample.draw_balanced(labels, 5, np.random.default_rng(0))
    assert np.bincount(labels[drawn]).tolist() == [5, 5, 5]
    assert len(set(drawn)) == 15
    assert (np.diff(labels[drawn]) < 0).any()
    again = make_sample.draw_balanced(labels, 5, np.random.default_rng(0))
    np.testing.assert_array_equal(drawn, again)


def test_write_idx_writes_the_same_bytes_later(make_sample, tmp_path, monkeypatch):
    array = small_arrays()["train_images"]
    make_sample.write_idx(tmp_path / "a.gz", array)
    monkeypatch.setattr(time, "time", lambda: 1e9)
    make_sample.write_idx(tmp_path / "b.gz", array)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    np.testing.assert_array_equal(data.read_idx(tmp_path / "a.gz"), array)


# --- batches ---


def numbered_images(count, channels=None):
    """Images that carry their number in their first pixel, and 0 and 255 in the next two."""
    images = np.full((count, 28, 28), 100, np.uint8)
    images[:, 0, 0] = np.arange(count)
    images[:, 0, 1], images[:, 0, 2] = 0, 255
    return np.repeat(images[..., None], channels, 3) if channels else images


def numbers(batch):
    return np.rint((np.asarray(batch)[:, 0, 0, 0] + 1) * 127.5).astype(int).tolist()


def orders(epochs=2, **kwargs):
    batches = data.Batches(numbered_images(50), 8, **kwargs)
    return [[n for batch in batches for n in numbers(batch)] for _ in range(epochs)]


def test_batches_are_scaled_to_the_range_of_tanh():
    images = np.arange(256, dtype=np.uint8).repeat(28 * 28).reshape(256, 28, 28)
    (batch,) = data.Batches(images, 256, seed=0)
    assert batch.shape == (256, 28, 28, 1)
    assert batch.dtype == np.float32
    values = np.sort(batch[:, 0, 0, 0])
    assert (values[0], values[-1]) == (-1.0, 1.0)
    np.testing.assert_allclose(values, np.arange(256) / 127.5 - 1, atol=1e-6)


def test_batches_of_colour_images(colour_shapes):
    batches = data.Batches(colour_shapes.train_images, 400, seed=0)
    assert batches.image_shape == (32, 32, 3)
    (batch,) = batches
    assert (batch.shape, batch.dtype) == ((400, 32, 32, 3), np.float32)
    order = np.random.default_rng([0, 0]).permutation(400)
    np.testing.assert_allclose(batch, colour_shapes.train_images[order] / 127.5 - 1, atol=1e-6)


@pytest.mark.parametrize(
    ("count", "size", "length"),
    [(10, 4, 2), (8, 4, 2), (3, 3, 1), (3, 1, 3), (41, 8, 5), (5, 4, 1)],
)
def test_batches_drop_the_remainder(count, size, length):
    batches = data.Batches(numbered_images(count), size, seed=0)
    assert [len(batch) for batch in batches] == [size] * length
    assert len(batches) == length


def test_each_epoch_shows_every_image_once_in_a_new_order():
    first, second = orders(seed=0)
    assert len(set(first)) == len(set(second)) == 48
    assert first != second
    assert first != sorted(first)
    left = [set(range(50)) - set(order) for order in orders(20, seed=0)]
    assert len(set(map(frozenset, left))) > 10  # not always the same two


def test_the_order_is_a_function_of_seed_and_epoch():
    np.random.seed(1)
    keras.utils.set_random_seed(1)
    first = orders(3, seed=1)
    keras.utils.set_random_seed(2)
    assert orders(3, seed=1) == first
    assert orders(3, seed=2) != first
    batches = data.Batches(numbered_images(50), 8, seed=1)
    batches.epoch = 2
    assert [n for batch in batches for n in numbers(batch)] == first[2]
    assert batches.epoch == 3
    batches.epoch = 0
    assert [n for index in range(6) for n in numbers(batches.batch(index))] == first[0]
    assert batches.epoch == 0


def test_an_epoch_left_in_the_middle_is_not_counted():
    batches = data.Batches(numbered_images(50), 8, seed=0)
    first = numbers(next(iter(batches)))
    assert batches.epoch == 0
    assert numbers(next(iter(batches))) == first


def test_shuffling_reaches_over_the_whole_set():
    (order,) = orders(epochs=1, seed=0)
    assert any(n >= 25 for n in order[:10])
    assert any(n < 25 for n in order[-10:])


@pytest.mark.parametrize("kind", [np.uint8, np.int64, list])
def test_labels_stay_with_their_images(kind):
    labels = np.arange(50) * 3 % 7
    given = labels.tolist() if kind is list else labels.astype(kind)
    batches = data.Batches(numbered_images(50), 8, seed=0, labels=given)
    for _ in range(2):
        for images, batch_labels in batches:
            assert batch_labels.dtype == np.int32
            np.testing.assert_array_equal(batch_labels, labels[numbers(images)])


def test_labels_do_not_change_the_order():
    with_labels = data.Batches(numbered_images(50), 8, seed=0, labels=np.zeros(50, int))
    assert [n for images, _ in with_labels for n in numbers(images)] == orders(1, seed=0)[0]


class Recorder(keras.Model):
    """Writes down which images its steps see."""

    def __init__(self):
        super().__init__()
        self.layer = keras.layers.Dense(1)
        self.layer.build((None, 3))
        self.seen = []

    def train_step(self, batch):
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(batch)
        if labels is not None:
            assert labels.dtype == tf.int32
        assert images.shape[1:] == (28, 28, 1)
        self.seen.append(numbers(images))
        return {"mean": tf.reduce_mean(images)}


class TellEpoch(keras.callbacks.Callback):
    def __init__(self, batches):
        super().__init__()
        self.batches = batches

    def on_epoch_begin(self, epoch, logs=None):
        self.batches.epoch = epoch


@pytest.mark.parametrize("size", [8, 25, 50])
@pytest.mark.parametrize("labels", [None, np.arange(50)])
@pytest.mark.parametrize("told", [False, True])
def test_fit_sees_the_epochs_in_order_whatever_keras_takes_in_advance(size, labels, told):
    images = numbered_images(50)
    expected = data.Batches(images, size, seed=3)
    expected = [[numbers(batch) for batch in expected] for _ in range(5)]
    batches, model = data.Batches(images, size, seed=3, labels=labels), Recorder()
    model.compile(run_eagerly=True)
    callbacks = [TellEpoch(batches)] if told else []
    model.fit(batches, epochs=3, shuffle=False, verbose=0, callbacks=callbacks)
    assert model.seen == sum(expected[:3], [])
    assert batches.epoch == 3
    model.seen.clear()
    if told:  # a new program that goes on at epoch 3
        batches = data.Batches(images, size, seed=3, labels=labels)
        callbacks = [TellEpoch(batches)]
    model.fit(batches, epochs=5, initial_epoch=3, shuffle=False, verbose=0, callbacks=callbacks)
    assert model.seen == sum(expected[3:], [])


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, None, True, np.nan, [4], "4"])
def test_bad_batch_sizes(batch_size):
    message = "batch_size: expected a whole number from 1 to 10, got "
    with pytest.raises(ValueError, match=message) as caught:
        data.Batches(numbered_images(10), batch_size, seed=0)
    assert str(caught.value) == f"{message}{batch_size!r}."


def test_more_than_all_images_in_a_batch():
    with pytest.raises(
        ValueError, match="batch_size: expected a whole number from 1 to 10, got 11"
    ):
        data.Batches(numbered_images(10), 11, seed=0)
    assert len(data.Batches(numbered_images(10), np.int64(10), seed=np.uint8(0))) == 1


@pytest.mark.parametrize("value", [-1, None, "0", 0.0])
def test_bad_seeds_and_epochs(value):
    with pytest.raises(ValueError, match="seed: expected a whole number of at least 0, got"):
        data.Batches(numbered_images(10), 5, seed=value)
    with pytest.raises(ValueError, match="epoch: expected a whole number of at least 0, got"):
        data.Batches(numbered_images(10), 5, seed=0).epoch = value


# --- the checks ---


IMAGES = numbered_images(3)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (IMAGES[:0], "there are none"),
        (IMAGES.astype(np.float32), r"uint8 .*got float32.*images.round\(\).astype"),
        (IMAGES / 255, r"got float64. Scale them: \(images \* 255\)"),
        (IMAGES / 127.5 - 1, r"got float64. Scale them: \(\(images \+ 1\) \* 127.5\)"),
        (IMAGES * np.nan, "got float64. Some values are NaN"),
        (IMAGES.astype(int) - 9, "they go from -9 to 246"),
        (IMAGES > 100, r"got bool. Convert them: images.astype\(\"uint8\"\) \* 255"),
        (IMAGES.astype(np.uint16) * 257, r"got uint16. Scale them: \(images // 257\)"),
        (IMAGES.astype(object), "got object. Do they all have one size"),
        (IMAGES.astype(str), "got <U3"),
        (IMAGES.astype(complex), "got complex128"),
        ([[0]], r"got list. Make one array of them: np.stack\(images\)"),
        (tuple(IMAGES), "got tuple. Make one array"),
        (tf.constant(IMAGES), "Convert them: np.asarray"),
        (None, "got NoneType"),
        ("images.npy", "got str"),
        (shapes.draw_shapes(3, (8, 8, 1), 3, 3), "got Dataset. Give dataset.train_images"),
        (IMAGES[..., None], r"got \(3, 28, 28, 1\). Drop the last axis: images\[..., 0\]"),
        (IMAGES[:, None], r"got \(3, 1, 28, 28\). Drop the second axis: images\[:, 0\]"),
        (IMAGES.reshape(3, 784), r"got \(3, 784\). .*images.reshape\(-1, 28, 28\)"),
        (np.zeros((3, 3072), np.uint8), r"reshape\(-1, 32, 32, 3\) or, .*transpose\(0, 2, 3, 1\)"),
        (IMAGES[0], r"got \(28, 28\). One image alone is an array of one: images\[None\]"),
        (np.zeros((28, 28, 3), np.uint8), r"got \(28, 28, 3\). One image alone"),
        (np.zeros((28, 28, 1), np.uint8), r"got \(28, 28, 1\). One image alone"),
        (np.zeros((9, 3, 28, 28), np.uint8), r"images.transpose\(0, 2, 3, 1\)"),
        (np.zeros((28, 28, 3, 9), np.uint8), r"images.transpose\(3, 0, 1, 2\)"),
        (np.zeros((9, 28, 28, 4), np.uint8), r"transparency out: images\[..., :3\]"),
        (np.zeros((9, 28, 28, 2), np.uint8), r"transparency out: images\[..., 0\]"),
        (np.zeros((9, 28, 28, 5), np.uint8), r"got \(9, 28, 28, 5\)"),
        (np.zeros((2, 2, 28, 28, 3), np.uint8), r"got \(2, 2, 28, 28, 3\)"),
        (np.zeros(784, np.uint8), r"got \(784,\)"),
        (np.uint8(3) + np.zeros((), np.uint8), "got"),
    ],
)
def test_bad_images(images, message):
    with pytest.raises(ValueError, match=f"^images: .*{message}"):
        data.Batches(images, 1, seed=0)
    with pytest.raises(ValueError, match=f"^these: .*{message}"):
        data.check_images(images, "these")


@pytest.mark.parametrize(
    ("call", "wrong"),
    [
        ("images[..., 0]", IMAGES[..., None]),
        ("images[:, 0]", IMAGES[:, None]),
        ("images.reshape(-1, 28, 28)", IMAGES.reshape(3, 784)),
        ("images.transpose(0, 2, 3, 1)", np.zeros((9, 3, 28, 28), np.uint8)),
        ("images.transpose(3, 0, 1, 2)", np.zeros((28, 28, 3, 9), np.uint8)),
        ("images[..., :3]", np.zeros((9, 28, 28, 4), np.uint8)),
        ("images[None]", IMAGES[0]),
        ('(images * 255).round().astype("uint8")', IMAGES / 255),
        ('((images + 1) * 127.5).round().astype("uint8")', IMAGES / 127.5 - 1),
        ('images.round().astype("uint8")', IMAGES.astype(float)),
        ('(images // 257).astype("uint8")', IMAGES.astype(np.uint16) * 257),
        ('images.astype("uint8") * 255', IMAGES > 100),
        ("np.stack(images)", list(IMAGES)),
        ("np.asarray(images)", tf.constant(IMAGES)),
    ],
)
def test_the_call_that_is_advised_helps(call, wrong):
    with pytest.raises(ValueError) as caught:
        data.check_images(wrong)
    assert f" {call}." in str(caught.value)
    data.check_images(eval(call, {"np": np}, {"images": wrong}))


@pytest.mark.parametrize("shape", [(28, 28, 1), (28, 28, 3), (32, 16, 1), (32, 16, 3)])
def test_check_images_with_an_image_shape(shape):
    images = np.zeros((2, *shape) if shape[2] == 3 else (2, *shape[:2]), np.uint8)
    data.check_images(images, image_shape=shape)
    data.check_images(images, image_shape=list(shape))
    with pytest.raises(ValueError, match=r"expected images of \(8, 8, 1\), got .*image_shape=\(8"):
        data.check_images(images, image_shape=(8, 8, 1))


LABELS = np.array([0, 1, 2])


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (LABELS[:2], r"shape \(3,\).*got \(2,\)"),
        (LABELS[:, None], r"got \(3, 1\). Drop the second axis: labels.ravel\(\)"),
        (np.eye(3), r"got \(3, 3\). .*labels.argmax\(axis=1\)"),
        (np.ones((3, 3)), r"got \(3, 3\).$"),
        (LABELS.astype(float), r"integers, got float64. Convert them: labels.astype\(int\)"),
        (LABELS / 2, "integers, got float64.$"),
        (np.array([0, 1, np.inf]), "integers, got float64.$"),
        (LABELS > 0, "integers, got bool. Convert them"),
        (["a", "b", "c"], "integers, got <U1. Number them: names, labels = np.unique"),
        ([None] * 3, "integers, got object. Number them"),
        ([0, -1, 2], "from 0 upwards, got -1 to 2"),
        ([[1], [1, 2]], "expected one array of integers"),
        (None, r"got \(\)"),
        (3, r"got \(\)"),
        ({"a": 1}, r"got \(\)"),
    ],
)
def test_bad_labels(labels, message):
    if labels is not None:
        with pytest.raises(ValueError, match=f"^labels: .*{message}"):
            data.Batches(numbered_images(3), 1, seed=0, labels=labels)
    with pytest.raises(ValueError, match=f"^these: .*{message}"):
        data.check_labels(labels, 3, "these")


def test_check_labels_with_classes():
    data.check_labels([0, 1, 2], 3, classes=3)
    data.check_labels(np.zeros(0, int), 0, classes=3)
    with pytest.raises(ValueError, match="from 0 to 1, got 0 to 2.$"):
        data.check_labels([0, 1, 2], 3, classes=2)
    with pytest.raises(ValueError, match="from 0 to 2, got -1 to 1"):
        data.check_labels([0, -1, 1], 3, classes=3)
    with pytest.raises(
        ValueError, match="from 0 to 2, got 1 to 3. They are counted from 1: labels"
    ):
        data.check_labels([1, 2, 3], 3, classes=3)
    with pytest.raises(ValueError, match="classes: expected a whole number"):
        data.check_labels([1, 2, 3], 3, classes="abc")


def test_check_images_accepts_good_ones():
    for images in (
        numbered_images(1),
        numbered_images(1, channels=3),
        np.zeros((2, 5, 7), np.uint8),
    ):
        data.check_images(images)


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), np.array(3)])
def test_check_count_takes_whole_numbers(value):
    number = data.check_count("epochs", value, 1, 3)
    assert (number, type(number)) == (3, int)


@pytest.mark.parametrize(
    "value",
    [None, True, np.True_, "3", "abc", 3.0, np.float32(3), np.nan, [3], np.array([3]), 1j, 0, 4],
)
def test_check_count_refuses_all_else(value):
    with pytest.raises(ValueError, match="^epochs: expected a whole number from 1 to 3, got "):
        data.check_count("epochs", value, 1, 3)


def test_check_count_says_what_it_got():
    for value, said in (("32", "'32'"), (-1, "-1"), (None, "None"), (2.5, "2.5")):
        with pytest.raises(ValueError, match=f"of at least 1, got {said}.$"):
            data.check_count("epochs", value)


@pytest.mark.parametrize("shape", [(28, 28, 1), [32, 64, 3], np.array([8, 8, 1])])
def test_check_image_shape(shape):
    checked = data.check_image_shape(shape)
    assert checked == tuple(shape)
    assert all(type(size) is int for size in checked)


@pytest.mark.parametrize(
    "shape",
    [
        *(None, 28, "abc", "28", (28, 28), (28, 28, 1, 1), (30, 28, 1), (28, 4, 1), (28, 28, 2)),
        *(
            (28.0, 28, 1),
            ("28", "28", "1"),
            (True, 28, 1),
            (-28, 28, 1),
            (0, 0, 0),
            {},
            np.zeros(3),
        ),
    ],
)
def test_check_image_shape_refuses(shape):
    with pytest.raises(ValueError, match="image_shape: expected .*such as .28, 28, 1., got"):
        data.check_image_shape(shape)


def test_check_md5(tmp_path):
    (tmp_path / "a").write_bytes(b"a")
    data.check_md5(tmp_path / "a", "0cc175b9c0f1b6a831c399e269772661")
    data.check_md5(str(tmp_path / "a"), "0cc175b9c0f1b6a831c399e269772661")
    with pytest.raises(data.DamagedFileError, match="a is damaged or was changed: its MD5.*0cc175"):
        data.check_md5(tmp_path / "a", "0" * 32)
    with pytest.raises(FileNotFoundError, match="There is no file b"):
        data.check_md5(tmp_path / "b", "0" * 32)
    with pytest.raises(ValueError, match="path: expected a path, got None"):
        data.check_md5(None, "0" * 32)


# --- to_unit_range ---


@pytest.mark.parametrize("channels", [1, 3])
def test_to_unit_range(channels):
    images = np.linspace(-1, 1, 2 * 5 * 5 * channels).reshape(2, 5, 5, channels)
    for given in (images, tf.constant(images)):
        scaled = data.to_unit_range(given)
        assert scaled.shape == ((2, 5, 5) if channels == 1 else (2, 5, 5, 3))
        assert scaled.dtype == np.float32
        assert (scaled.min(), scaled.max()) == (0.0, 1.0)
        np.testing.assert_allclose(scaled, (images.reshape(scaled.shape) + 1) / 2, atol=1e-6)
    assert data.to_unit_range(np.zeros((0, 28, 28, 1))).shape == (0, 28, 28)


def test_to_unit_range_undoes_the_scaling_of_batches():
    for images in (numbered_images(1), numbered_images(1, channels=3)):
        (batch,) = data.Batches(images, 1, seed=0)
        np.testing.assert_allclose(data.to_unit_range(batch), images / 255, atol=1e-6)


@pytest.mark.parametrize("value", [-1.1, 1.1, np.inf])
def test_to_unit_range_refuses_values_outside(value):
    images = np.zeros((2, 28, 28, 1))
    images[1, 3, 4, 0] = value
    with pytest.raises(ValueError, match=r"values in \[-1, 1\].*end in tanh"):
        data.to_unit_range(images)


def test_to_unit_range_has_its_own_words_for_nan():
    images = np.zeros((2, 28, 28, 1))
    images[1, 3, 4, 0] = np.nan
    with pytest.raises(
        ValueError, match="NaN: training has diverged. Lower the learning"
    ) as caught:
        data.to_unit_range(images)
    assert "tanh" not in str(caught.value)


@pytest.mark.parametrize("shape", [(2, 28, 28), (28, 28, 1), (2, 28, 28, 2), ()])
def test_to_unit_range_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match="expected shape"):
        data.to_unit_range(np.zeros(shape))


@pytest.mark.parametrize(
    "images", [None, "abc", [[1], [1, 2]], object(), np.ones((1, 2, 2, 1), bool)]
)
def test_to_unit_range_refuses_what_is_no_array_of_floats(images):
    with pytest.raises(ValueError, match="expected one array of floats"):
        data.to_unit_range(images)
