"""Where images come from, and every way in which they can be wrong."""

import dataclasses
import functools
import gzip
import hashlib
import http.server
from pathlib import Path
import sys
import threading
import time

from conftest import idx_bytes
from gan_helpers import data
import numpy as np
import pytest
import requests

IMAGES = np.random.default_rng(1).integers(0, 256, (10, 28, 28), dtype=np.uint8)
IMAGES[0, 0, :2] = 0, 255


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """An empty machine without a network."""

    def refuse(*args, **kwargs):
        raise requests.ConnectionError("no network")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(requests, "head", refuse)
    for name, published in data._PUBLISHED.items():
        without = dataclasses.replace(published, system_folder=None)
        monkeypatch.setitem(data._PUBLISHED, name, without)
    return tmp_path / "keras" / "datasets"


@pytest.fixture
def server(offline, monkeypatch, tmp_path, small_set, write_set):
    """A web server on this machine that plays the part of the address of Fashion-MNIST."""
    folder = write_set(tmp_path / "served", small_set, data.FILES)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    serve = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    threading.Thread(target=serve.serve_forever, daemon=True).start()
    monkeypatch.setattr(requests, "head", functools.partial(requests.request, "HEAD"))
    published = dataclasses.replace(
        data._PUBLISHED["fashion_mnist"],
        address=f"http://127.0.0.1:{serve.server_port}/",
        md5={
            key: hashlib.md5((folder / name).read_bytes()).hexdigest()
            for key, name in data.FILES.items()
        },
    )
    monkeypatch.setitem(data._PUBLISHED, "fashion_mnist", published)
    yield folder
    serve.shutdown()


def same(dataset, arrays):
    for key, array in arrays.items():
        np.testing.assert_array_equal(getattr(dataset, key), array)
        assert getattr(dataset, key).dtype == np.uint8


@pytest.mark.parametrize("compressed", [True, False])
def test_a_folder_of_idx_files(tmp_path, small_set, write_set, compressed, capsys):
    folder = write_set(tmp_path / "drawings", small_set, data.FILES, compressed)
    dataset = data.load_dataset(folder)
    same(dataset, small_set)
    assert dataset.class_names == ("0", "1", "2")
    assert capsys.readouterr().out == (
        "9 training and 6 test images of 3 classes, from the folder 'drawings'\n"
    )
    assert data.load_dataset(str(folder), ["a", "b", "c"]).class_names == ("a", "b", "c")


def test_other_spellings_of_the_file_names(tmp_path, small_set, write_set):
    names = {
        key: "emnist-" + name.replace("-idx", ".idx").replace("t10k", "test")
        for key, name in data.FILES.items()
    }
    same(data.load_dataset(write_set(tmp_path, small_set, names)), small_set)


def damage(tmp_path, content, name="train-images-idx3-ubyte"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


GOOD = idx_bytes(IMAGES)


@pytest.mark.parametrize(
    "content, name, message",
    [
        (b"<html>" + GOOD, "a", "not an IDX file"),
        (b"\0\0\x0d\x03" + GOOD[4:], "a", "not an IDX file of uint8"),
        (b"", "a", "not an IDX file"),
        (GOOD[:9], "a", "ends within its header"),
        (GOOD[:-100], "a", "announces 7,856 bytes, it has 7,756"),
        (GOOD + b"\0", "a", "announces 7,856 bytes, it has 7,857"),
        (gzip.compress(GOOD)[:-500], "a.gz", "is damaged"),
        (gzip.compress(GOOD)[:-8] + bytes(8), "a.gz", "is damaged"),
        (GOOD, "a.gz", "is damaged"),
    ],
)
def test_damaged_files_are_named(tmp_path, content, name, message):
    with pytest.raises(data.DamagedFileError, match=message) as error:
        data.read_idx(damage(tmp_path, content, name))
    assert str(error.value).startswith(f"{name} is")


def test_a_damaged_file_in_a_folder_is_refused(tmp_path, small_set, write_set):
    folder = write_set(tmp_path, small_set, data.FILES)
    file = folder / data.FILES["test_labels"]
    file.write_bytes(file.read_bytes()[:-4])
    with pytest.raises(data.DamagedFileError, match="t10k-labels"):
        data.load_dataset(folder)


@pytest.mark.parametrize(
    "change, error, message",
    [
        ({"train_images": np.zeros((9, 32, 32), np.uint8)}, ValueError, "Resize"),
        ({"train_images": np.zeros((0, 28, 28), np.uint8)}, ValueError, "there are none"),
        ({"train_labels": np.zeros(8, np.uint8)}, ValueError, r"expected shape \(9,\)"),
        ({"test_labels": None}, FileNotFoundError, "t10k-labels"),
    ],
)
def test_sets_that_do_not_fit(tmp_path, small_set, write_set, change, error, message):
    arrays = {k: v for k, v in (small_set | change).items() if v is not None}
    with pytest.raises(error, match=message):
        data.load_dataset(write_set(tmp_path, arrays, data.FILES))


def test_unknown_names_and_too_few_classes(tmp_path, small_set, write_set):
    with pytest.raises(FileNotFoundError, match="'fashon' is neither a folder nor a known dataset"):
        data.load_dataset("fashon")
    folder = write_set(tmp_path, small_set, data.FILES)
    with pytest.raises(ValueError, match="only 2 class names"):
        data.load_dataset(folder, ["a", "b"])
    other = {key: "letters-" + name for key, name in data.FILES.items()}
    write_set(tmp_path, small_set, other)
    with pytest.raises(ValueError, match="more than one candidate"):
        data.load_dataset(folder)


def test_without_a_network_the_sample_is_used_and_said(offline, capsys):
    dataset = data.load_dataset()
    assert dataset.train_images.shape == (10_000, 28, 28)
    assert dataset.test_images.shape == (2_000, 28, 28)
    assert dataset.class_names == data.FASHION_CLASSES
    printed = capsys.readouterr().out
    assert "the sample in this package" in printed and "apt-get install" in printed


def test_without_a_network_there_is_no_mnist(offline):
    with pytest.raises(ConnectionError, match="'mnist' is not on this machine"):
        data.load_dataset("mnist")


def test_a_network_that_never_answers_is_left_soon(offline, monkeypatch):
    monkeypatch.setattr(data, "CONNECTION_SECONDS", 0.2)
    monkeypatch.setattr(requests, "head", lambda *args, **kwargs: time.sleep(5))
    start = time.perf_counter()
    assert "sample" in data.load_dataset().source
    assert time.perf_counter() - start < 4
    assert data.CONNECTION_SECONDS < 10


def test_order_of_the_places(offline, monkeypatch, tmp_path, small_set, write_set):
    system = write_set(tmp_path / "system", small_set, data.FILES)
    with_system = dataclasses.replace(data._PUBLISHED["fashion_mnist"], system_folder=system)
    monkeypatch.setitem(data._PUBLISHED, "fashion_mnist", with_system)
    assert "package dataset-fashion-mnist" in data.load_dataset().source
    write_set(offline / "fashion-mnist", small_set, data.FILES)
    assert data.load_dataset().source == "Keras' cache"


def test_a_damaged_cache_is_named_and_passed_over(offline, small_set, write_set):
    cache = write_set(offline / "fashion-mnist", small_set, data.FILES)
    file = cache / data.FILES["train_images"]
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.warns(UserWarning, match="train-images-idx3-ubyte.gz is damaged"):
        assert len(data.load_dataset().train_images) == 10_000


def test_a_download_is_checked_and_kept(server, offline, small_set):
    dataset = data.load_dataset()
    same(dataset, small_set)
    assert "download" in dataset.source
    assert data.load_dataset().source == "Keras' cache"


def test_a_damaged_cache_is_replaced_by_a_good_download(server, offline, small_set, write_set):
    cache = write_set(offline / "fashion-mnist", small_set, data.FILES)
    (cache / data.FILES["train_images"]).write_bytes(b"half of a fi")
    with pytest.warns(UserWarning, match="damaged"):
        same(data.load_dataset(), small_set)
    assert data.load_dataset().source == "Keras' cache"


def test_a_wrong_download_is_refused(server, offline, small_set):
    file = server / data.FILES["train_labels"]
    file.write_bytes(gzip.compress(idx_bytes(small_set["train_labels"][::-1].copy())))
    assert "sample" in data.load_dataset().source
    assert not (offline / "fashion-mnist" / data.FILES["train_labels"]).exists()


def test_the_sample_is_balanced_and_can_be_drawn_again(tmp_path, monkeypatch):
    arrays = data._read_folder(data.SAMPLE_FOLDER)
    assert np.bincount(arrays["train_labels"]).tolist() == [1_000] * 10
    assert np.bincount(arrays["test_labels"]).tolist() == [200] * 10
    size = sum(path.stat().st_size for path in data.SAMPLE_FOLDER.iterdir())
    assert size < 6_000_000
    assert "Zalando" in (data.SAMPLE_FOLDER / "LICENSE").read_text()
    full = data._PUBLISHED["fashion_mnist"].system_folder
    if not full.is_dir():
        pytest.skip("the full set is not on this machine")
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "tools"))
    monkeypatch.delitem(sys.modules, "draw_sample", raising=False)
    import draw_sample

    monkeypatch.setattr(draw_sample, "SAMPLE_FOLDER", tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    draw_sample.main()
    for key, name in data.FILES.items():
        np.testing.assert_array_equal(data.read_idx(tmp_path / name), arrays[key])


def test_batches_scale_shuffle_and_lose_nothing():
    dataset = data.batches(IMAGES, 4, seed=0)
    passes = [[batch.numpy() for batch in dataset] for _ in range(2)]
    assert [len(batch) for batch in passes[0]] == [4, 4, 2]
    whole = [np.concatenate(one) for one in passes]
    assert whole[0].shape == (10, 28, 28, 1) and whole[0].dtype == np.float32
    assert whole[0].min() == -1 and whole[0].max() == 1
    back = np.round((whole[0][..., 0] + 1) * 127.5).astype(np.uint8)
    order = [next(i for i in range(10) if (IMAGES[i] == image).all()) for image in back]
    assert sorted(order) == list(range(10)) and order != list(range(10))
    assert np.abs(whole[0] - whole[1]).max() > 0
    again = data.batches(IMAGES, 4, seed=0)
    for one in whole:
        np.testing.assert_array_equal(one, np.concatenate([batch.numpy() for batch in again]))
    other = np.concatenate([batch.numpy() for batch in data.batches(IMAGES, 4, seed=1)])
    assert np.abs(other - whole[0]).max() > 0


def test_labels_stay_with_their_images():
    images = np.arange(10, dtype=np.uint8)[:, None, None] * np.ones((10, 28, 28), np.uint8)
    for batch, labels in data.batches(images, 3, seed=0, labels=np.arange(10, dtype=np.uint8)):
        assert labels.dtype == "int32"
        pixels = np.round((batch.numpy()[:, 0, 0, 0] + 1) * 127.5)
        np.testing.assert_array_equal(pixels, labels)


@pytest.mark.parametrize(
    "images, size, labels, message",
    [
        (IMAGES, 0, None, "batch_size: expected 1 to 10"),
        (IMAGES, 11, None, "batch_size: expected 1 to 10"),
        (IMAGES[:0], 1, None, "there are none"),
        (IMAGES / 255, 1, None, "uint8"),
        (IMAGES.tolist(), 1, None, "got list"),
        (IMAGES[..., None], 1, None, r"expected shape \(n, 28, 28\)"),
        (IMAGES, 2, np.zeros(9, int), r"expected shape \(10,\)"),
        (IMAGES, 2, np.zeros(10), "expected integers"),
        (IMAGES, 2, np.full(10, -1), "from 0 upwards"),
    ],
)
def test_bad_batches_are_refused(images, size, labels, message):
    with pytest.raises(ValueError, match=message):
        data.batches(images, size, seed=0, labels=labels)


def test_check_labels_knows_the_upper_end():
    data.check_labels([0, 2], 2, classes=3)
    with pytest.raises(ValueError, match="from 0 to 1, got 0 to 2"):
        data.check_labels([0, 2], 2, classes=2)


def test_to_unit_range():
    images = np.array([-1.0, 0.0, 1.0]).reshape(3, 1, 1, 1)
    scaled = data.to_unit_range(images)
    assert scaled.shape == (3, 1, 1) and scaled.dtype == np.float32
    np.testing.assert_allclose(scaled.ravel(), [0, 0.5, 1])
    for bad, message in (
        (images[..., 0], "expected shape"),
        (images * 2, "end in tanh"),
        (images * np.nan, "expected values"),
    ):
        with pytest.raises(ValueError, match=message):
            data.to_unit_range(bad)
