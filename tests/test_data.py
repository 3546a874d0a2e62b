"""Data: files that are damaged, folders of all kinds, the order of sources, and the batches."""

from dataclasses import replace
import functools
import gzip
import hashlib
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
import importlib.util
from pathlib import Path
import shutil
import threading
import time
import warnings

from gan_helpers import data
import numpy as np
import pytest
import requests
import tensorflow as tf

SYSTEM_FOLDER = data._PUBLISHED["fashion_mnist"].system_folder
REAL_HEAD = requests.head
TOOL = Path(__file__).parents[1] / "tools" / "draw_sample.py"


def refuse_connection(*args, **kwargs):
    raise requests.ConnectionError("no network in this test")


@pytest.fixture(autouse=True)
def empty_machine(monkeypatch, tmp_path):
    """A machine with an empty cache, without the system's package and without a network."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(data.requests, "head", refuse_connection)
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


def idx_bytes(array):
    sizes = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def write_folder(folder, arrays, rename=lambda name: name):
    folder.mkdir(parents=True, exist_ok=True)
    for key, file_name in data.FILES.items():
        path = folder / rename(file_name)
        content = idx_bytes(arrays[key])
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return folder


def assert_holds(dataset, arrays):
    for key, array in arrays.items():
        loaded = getattr(dataset, key)
        assert loaded.dtype == np.uint8
        np.testing.assert_array_equal(loaded, array)


def damage(path):
    path.write_bytes(path.read_bytes()[:-30])


# --- read_idx ---


@pytest.mark.parametrize("name", ["a-idx3-ubyte", "a.idx3-ubyte", "a-idx3-ubyte.gz"])
@pytest.mark.parametrize("shape", [(5,), (3, 4, 2), (300, 2, 1), (0, 28, 28)])
def test_read_idx(tmp_path, name, shape):
    array = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    content = idx_bytes(array)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    for path in (tmp_path / name, str(tmp_path / name)):
        loaded = data.read_idx(path)
        assert loaded.dtype == np.uint8
        np.testing.assert_array_equal(loaded, array)
        assert loaded.shape == shape


GOOD = idx_bytes(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))
GOOD_GZ = gzip.compress(idx_bytes(np.random.default_rng(0).integers(0, 256, 5000, dtype=np.uint8)))


def flip(content, place):
    return content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("wrong-magic", b"\1" + GOOD[1:], "not an IDX file", id="magic"),
        pytest.param("wrong-dtype", GOOD[:2] + b"\x0d" + GOOD[3:], "not an IDX file", id="dtype"),
        pytest.param("page.html", b"<html>Log in</html>", "not an IDX file", id="web page"),
        pytest.param("empty", b"", "not an IDX file", id="empty"),
        pytest.param("zipped", GOOD_GZ, "not an IDX file", id="gzip without its suffix"),
        pytest.param("cut", GOOD[:-1], "announces 40 bytes, it has 39", id="cut off"),
        pytest.param("long", GOOD + b"\0", "announces 40 bytes, it has 41", id="trailing byte"),
        pytest.param("head", GOOD[:11], "within its header", id="header cut off"),
        pytest.param("huge", b"\0\0\x08\4" + b"\x80\0\0\0" * 2 + b"\0\0\0\4\0\0\0\1", "announces",
                     id="overflowing header"),
        pytest.param("cut.gz", GOOD_GZ[:-100], "ended", id="gzip cut off"),
        pytest.param("sum.gz", flip(GOOD_GZ, 2500), "damaged", id="gzip flipped inside"),
        pytest.param("crc.gz", flip(GOOD_GZ, -7), "CRC", id="gzip checksum"),
        pytest.param("tail.gz", GOOD_GZ + b"junk", "damaged", id="gzip trailing bytes"),
        pytest.param("more.gz", gzip.compress(GOOD + b"\0"), "it has 41", id="gzip one byte more"),
        pytest.param("plain.gz", GOOD, "damaged", id="not gzip"),
        pytest.param("empty.gz", b"", "not an IDX", id="empty gzip"),
    ],
)  # fmt: skip
def test_damaged_files_are_named_and_refused(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(data.DamagedFileError, match=message) as caught:
        data.read_idx(tmp_path / name)
    assert str(caught.value).startswith(name)


def test_read_idx_without_a_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        data.read_idx(tmp_path / "none")


# --- load_dataset from a folder ---


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name,
        lambda name: name.removesuffix(".gz"),
        lambda name: name.replace("-idx", ".idx").removesuffix(".gz"),
        lambda name: name.replace("t10k", "test"),
        lambda name: name.replace("t10k", "test").replace("-idx", ".idx"),
        lambda name: f"emnist-letters-{name}",
    ],
)
def test_folder_with_names_of_all_kinds(tmp_path, capsys, rename):
    arrays = small_arrays()
    dataset = data.load_dataset(write_folder(tmp_path / "mine", arrays, rename))
    assert_holds(dataset, arrays)
    assert dataset.class_names == ("0", "1", "2")
    sentence = "6 training and 4 test images of 3 classes, from the folder 'mine'"
    assert capsys.readouterr().out == sentence + "\n"
    assert str(dataset) == sentence


def test_folder_as_text_and_from_inside(tmp_path, monkeypatch, capsys):
    folder = write_folder(tmp_path / "mine", small_arrays())
    assert_holds(data.load_dataset(str(folder)), small_arrays())
    monkeypatch.chdir(folder)
    assert data.load_dataset(".").source == "the folder 'mine'"


def test_class_names(tmp_path):
    folder = write_folder(tmp_path / "mine", small_arrays())
    assert data.load_dataset(folder, class_names=["a", "b", "c"]).class_names == ("a", "b", "c")
    assert len(data.load_dataset(folder, class_names=list("abcd")).class_names) == 4
    with pytest.raises(ValueError, match="labels go up to 2, .* only 2 class names"):
        data.load_dataset(folder, class_names=["a", "b"])


def test_labels_of_both_parts_count_for_the_classes(tmp_path):
    arrays = small_arrays()
    arrays["test_labels"] = np.array([0, 1, 2, 5], np.uint8)
    assert len(data.load_dataset(write_folder(tmp_path / "mine", arrays)).class_names) == 6


@pytest.mark.parametrize("key", data.FILES)
def test_missing_file(tmp_path, key):
    folder = write_folder(tmp_path / "mine", small_arrays())
    (folder / data.FILES[key]).unlink()
    with pytest.raises(FileNotFoundError, match=f"'mine' holds no file {data.FILES[key][:-3]}"):
        data.load_dataset(folder)


def test_two_datasets_in_one_folder(tmp_path):
    folder = write_folder(tmp_path / "mine", small_arrays())
    write_folder(folder, small_arrays(1), lambda name: "other-" + name)
    with pytest.raises(ValueError, match="more than one candidate .*other-train-images"):
        data.load_dataset(folder)


def test_a_folder_with_the_name_of_a_file_is_no_file(tmp_path):
    folder = write_folder(
        tmp_path / "mine", small_arrays(), lambda name: name.replace("-idx", ".idx")
    )
    for file_name in data.FILES.values():
        (folder / file_name.removesuffix(".gz")).mkdir()
    assert_holds(data.load_dataset(folder), small_arrays())


def test_damaged_file_in_a_folder(tmp_path):
    folder = write_folder(tmp_path / "mine", small_arrays())
    damage(folder / data.FILES["test_images"])
    with pytest.raises(data.DamagedFileError, match="t10k-images-idx3-ubyte.gz is damaged"):
        data.load_dataset(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (small_arrays(size=32), r"train images of 'mine'.*\(n, 28, 28\), got \(6, 32, 32\)"),
        (
            {"test_labels": np.zeros(5, np.uint8)},
            r"test labels of 'mine'.*\(4,\).*got \(5,\)",
        ),
        (
            {"train_labels": np.zeros(5, np.uint8)},
            r"train labels of 'mine'.*\(6,\).*got \(5,\)",
        ),
        (
            {
                "test_images": np.zeros((0, 28, 28), np.uint8),
                "test_labels": np.zeros(0, np.uint8),
            },
            "test images of 'mine': there are none",
        ),
        (
            {"train_images": np.zeros(6, np.uint8)},
            r"train images of 'mine'.*\(n, 28, 28\), got \(6,\)",
        ),
    ],
)
def test_folder_with_arrays_that_do_not_fit(tmp_path, changes, message):
    folder = write_folder(tmp_path / "mine", small_arrays() | changes)
    with pytest.raises(ValueError, match=message):
        data.load_dataset(folder)


def test_unknown_name():
    with pytest.raises(FileNotFoundError, match="'fashon'.*'fashion_mnist', 'mnist'"):
        data.load_dataset("fashon")


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

    write_folder(cache_folder(tmp_path), small_arrays(1))
    dataset = data.load_dataset()
    assert_holds(dataset, small_arrays(1))
    assert dataset.source == "Keras' cache"


def test_damaged_cache_is_named_and_the_system_used(tmp_path, monkeypatch):
    cache = write_folder(cache_folder(tmp_path), small_arrays(1))
    damage(cache / data.FILES["train_labels"])
    system = write_folder(tmp_path / "system", small_arrays(2))
    publish(monkeypatch, "fashion_mnist", system_folder=system)
    with pytest.warns(UserWarning, match="train-labels-idx1-ubyte.gz is damaged") as caught:
        dataset = data.load_dataset()
    assert_holds(dataset, small_arrays(2))
    assert caught[0].filename == __file__


def test_mnist_from_the_cache(tmp_path):
    write_folder(cache_folder(tmp_path, "mnist"), small_arrays(1))
    dataset = data.load_dataset("mnist")
    assert_holds(dataset, small_arrays(1))
    assert dataset.class_names == data.DIGIT_CLASSES


@functools.cache
def sample_arrays():
    return {key: data.read_idx(data.SAMPLE_FOLDER / name) for key, name in data.FILES.items()}


def assert_is_the_sample(dataset, printed):
    assert_holds(dataset, sample_arrays())
    assert printed.startswith(
        "10,000 training and 2,000 test images of 10 classes, from the sample"
    )
    assert "could not be downloaded" in printed
    assert "apt-get install dataset-fashion-mnist" in printed


@pytest.mark.parametrize(
    "error", [requests.ConnectionError("no"), requests.Timeout(), UnicodeError("bad"), OSError()]
)
def test_without_a_network_the_sample_is_used_and_a_sentence_says_so(monkeypatch, capsys, error):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(data.requests, "head", fail)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dataset = data.load_dataset()
    assert_is_the_sample(dataset, capsys.readouterr().out)


def test_without_a_network_mnist_cannot_be_had():
    with pytest.raises(ConnectionError, match="'mnist' .* could not be downloaded .*no network in"):
        data.load_dataset("mnist")


def test_a_hanging_network_is_given_up(monkeypatch, capsys):
    end = threading.Event()
    monkeypatch.setattr(data, "CONNECTION_SECONDS", 0.2)
    monkeypatch.setattr(data.requests, "head", lambda *args, **kwargs: end.wait(30))
    start = time.perf_counter()
    try:
        dataset = data.load_dataset()
        with pytest.raises(ConnectionError, match="no answer within 0.2 s"):
            data.load_dataset("mnist")
    finally:
        end.set()
    assert time.perf_counter() - start < 10
    assert_is_the_sample(dataset, capsys.readouterr().out)


def test_the_promised_time_without_a_network():
    assert data.CONNECTION_SECONDS <= 10


def test_a_damaged_cache_without_a_network_is_not_used(tmp_path, capsys):
    cache = write_folder(cache_folder(tmp_path), small_arrays(1))
    damage(cache / data.FILES["train_images"])
    with pytest.warns(UserWarning, match="train-images-idx3-ubyte.gz is damaged"):
        dataset = data.load_dataset()
    assert_is_the_sample(dataset, capsys.readouterr().out)


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
    monkeypatch.setattr(data.requests, "head", REAL_HEAD)
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
    assert dataset.source == "a download, now in Keras' cache"
    cache = cache_folder(tmp_path, name.replace("_", "-"))
    assert {path.name for path in cache.iterdir()} == set(data.FILES.values())

    monkeypatch.setattr(data.requests, "head", refuse_connection)
    again = data.load_dataset(name)
    assert_holds(again, small_arrays(7))
    assert again.source == "Keras' cache"


@pytest.mark.parametrize("key", data.FILES)
def test_a_download_with_another_checksum_is_refused(tmp_path, capsys, server, key):
    write_folder(server, small_arrays(7) | {key: small_arrays(8)[key][::-1]})
    with pytest.warns(UserWarning, match=f"refused.*{data.FILES[key]}"):
        dataset = data.load_dataset()
    assert_is_the_sample(dataset, capsys.readouterr().out)
    assert not (cache_folder(tmp_path) / data.FILES[key]).exists()
    with (
        pytest.warns(UserWarning, match="refused"),
        pytest.raises(ConnectionError, match=f"ValueError: MD5 .*{data.FILES[key]}"),
    ):
        data.load_dataset("mnist")


def test_a_missing_file_on_the_server(capsys, server):
    (server / data.FILES["test_images"]).unlink()
    assert_is_the_sample(data.load_dataset(), capsys.readouterr().out)


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
    assert dataset.source == "a download, now in Keras' cache"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert data.load_dataset().source == "Keras' cache"


def test_a_cache_that_cannot_be_written(tmp_path, capsys, server):
    (tmp_path / "keras").write_text("a file, not a folder")
    assert_is_the_sample(data.load_dataset(), capsys.readouterr().out)


# --- the sample ---


@pytest.fixture(scope="module")
def draw_sample():
    specification = importlib.util.spec_from_file_location("draw_sample", TOOL)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_sample_is_balanced_shuffled_small_and_licensed():
    arrays = sample_arrays()
    assert arrays["train_images"].shape == (10_000, 28, 28)
    assert arrays["test_images"].shape == (2_000, 28, 28)
    for part, each in (("train", 1_000), ("test", 200)):
        labels = arrays[f"{part}_labels"]
        assert np.bincount(labels).tolist() == [each] * 10
        assert np.unique(labels[:100]).size == 10
        assert len(np.unique(arrays[f"{part}_images"].reshape(len(labels), -1), axis=0)) > (
            0.99 * len(labels)
        )
    assert sum(path.stat().st_size for path in data.SAMPLE_FOLDER.iterdir()) < 5.5e6
    assert "2017 Zalando SE" in (data.SAMPLE_FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "arXiv:1708.07747" in (data.SAMPLE_FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_sample_can_be_drawn_again(monkeypatch, draw_sample):
    if not SYSTEM_FOLDER.is_dir():
        pytest.skip("the full set is not on this machine")
    publish(monkeypatch, "fashion_mnist", system_folder=SYSTEM_FOLDER)
    drawn = {}
    monkeypatch.setattr(draw_sample, "write_idx", lambda path, array: drawn.setdefault(path, array))
    draw_sample.main()
    assert len(drawn) == 4
    for key, name in data.FILES.items():
        np.testing.assert_array_equal(drawn[data.SAMPLE_FOLDER / name], sample_arrays()[key])


def test_draw_sample_refuses_to_draw_from_the_sample(draw_sample, monkeypatch):
    monkeypatch.setattr(draw_sample, "write_idx", lambda *args: pytest.fail("written"))
    with pytest.raises(SystemExit, match="full set"):
        draw_sample.main()


def test_draw_balanced(draw_sample):
    labels = np.repeat(np.arange(3), 20)
    drawn = draw_sample.draw_balanced(labels, 5, np.random.default_rng(0))
    assert np.bincount(labels[drawn]).tolist() == [5, 5, 5]
    assert len(set(drawn)) == 15
    assert (np.diff(labels[drawn]) < 0).any()
    again = draw_sample.draw_balanced(labels, 5, np.random.default_rng(0))
    np.testing.assert_array_equal(drawn, again)


def test_write_idx_writes_the_same_bytes_later(draw_sample, tmp_path, monkeypatch):
    array = small_arrays()["train_images"]
    draw_sample.write_idx(tmp_path / "a.gz", array)
    monkeypatch.setattr(time, "time", lambda: 1e9)
    draw_sample.write_idx(tmp_path / "b.gz", array)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    np.testing.assert_array_equal(data.read_idx(tmp_path / "a.gz"), array)


# --- batches ---


def numbered_images(count):
    """Images that carry their number in their first pixel, and 0 and 255 in the next two."""
    images = np.full((count, 28, 28), 100, np.uint8)
    images[:, 0, 0] = np.arange(count)
    images[:, 0, 1], images[:, 0, 2] = 0, 255
    return images


def numbers(batch):
    return np.rint((np.asarray(batch)[:, 0, 0, 0] + 1) * 127.5).astype(int).tolist()


def orders(epochs=2, **kwargs):
    dataset = data.batches(numbered_images(50), 8, **kwargs)
    return [[n for batch in dataset for n in numbers(batch)] for _ in range(epochs)]


def test_batches_are_scaled_to_the_range_of_tanh():
    images = np.arange(256, dtype=np.uint8).repeat(28 * 28).reshape(256, 28, 28)
    (batch,) = data.batches(images, 256, seed=0)
    assert batch.shape == (256, 28, 28, 1)
    assert batch.dtype == tf.float32
    values = np.sort(np.asarray(batch)[:, 0, 0, 0])
    assert (values[0], values[-1]) == (-1.0, 1.0)
    np.testing.assert_allclose(values, np.arange(256) / 127.5 - 1, atol=1e-6)


def test_no_autotuner_makes_the_end_of_an_epoch_wait():
    images = np.zeros((4, 28, 28), np.uint8)
    assert data.batches(images, 2, seed=0).options().autotune.enabled is False
    assert data.batches(images, 2, 0, labels=[0] * 4).options().autotune.enabled is False


def test_batches_keep_pixels_in_their_place():
    images = small_arrays()["train_images"][:1]
    (batch,) = data.batches(images, 1, seed=0)
    np.testing.assert_allclose(np.asarray(batch)[0, :, :, 0], images[0] / 127.5 - 1, atol=1e-6)


@pytest.mark.parametrize(
    ("count", "size", "sizes"), [(10, 4, [4, 4, 2]), (8, 4, [4, 4]), (3, 3, [3]), (3, 1, [1] * 3)]
)
def test_batches_end_with_a_smaller_one(count, size, sizes):
    dataset = data.batches(numbered_images(count), size, seed=0)
    assert [len(batch) for batch in dataset] == sizes
    assert len(dataset) == len(sizes)
    assert dataset.element_spec.shape == (None, 28, 28, 1)


def test_each_epoch_shows_every_image_once_in_a_new_order():
    first, second = orders(seed=0)
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second
    assert first != sorted(first)


def test_the_seed_decides_the_orders():
    assert orders(seed=1) == orders(seed=1)
    assert orders(seed=1) != orders(seed=2)


def test_shuffling_reaches_over_the_whole_set():
    (order,) = orders(epochs=1, seed=0)
    assert any(n >= 25 for n in order[:10])
    assert any(n < 25 for n in order[-10:])


@pytest.mark.parametrize("kind", [np.uint8, np.int64, list])
def test_labels_stay_with_their_images(kind):
    labels = np.arange(50) * 3 % 7
    given = labels.tolist() if kind is list else labels.astype(kind)
    for _ in range(2):
        for images, batch_labels in data.batches(numbered_images(50), 8, seed=0, labels=given):
            assert batch_labels.dtype == tf.int32
            np.testing.assert_array_equal(batch_labels, labels[numbers(images)])


def test_labels_do_not_change_the_order():
    with_labels = data.batches(numbered_images(50), 8, seed=0, labels=np.zeros(50, int))
    assert [n for images, _ in with_labels for n in numbers(images)] == orders(1, seed=0)[0]


@pytest.mark.parametrize("batch_size", [0, -1, 11, 2.5, "4", None])
def test_bad_batch_sizes(batch_size):
    with pytest.raises(ValueError, match="batch_size: expected 1 to 10, the number of images"):
        data.batches(numbered_images(10), batch_size, seed=0)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((0, 28, 28), np.uint8), "none"),
        (np.zeros((3, 28, 28), np.float32), "uint8 .*got float32"),
        ([[0]], "got list"),
        (np.zeros((3, 32, 32), np.uint8), r"got \(3, 32, 32\)"),
        (np.zeros((3, 28, 28, 1), np.uint8), r"got \(3, 28, 28, 1\)"),
        (np.zeros((28, 28), np.uint8), r"got \(28, 28\)"),
    ],
)
def test_bad_images(images, message):
    with pytest.raises(ValueError, match=f"images: .*{message}"):
        data.batches(images, 1, seed=0)
    with pytest.raises(ValueError, match=f"these: .*{message}"):
        data.check_images(images, "these")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.zeros(2, int), r"shape \(3,\).*got \(2,\)"),
        (np.zeros((3, 1), int), r"got \(3, 1\)"),
        (np.zeros(3), "integers, got float64"),
        (np.zeros(3, bool), "integers, got bool"),
        ([0, -1, 2], "from 0 upwards, got -1 to 2"),
    ],
)
def test_bad_labels(labels, message):
    with pytest.raises(ValueError, match=message):
        data.batches(numbered_images(3), 1, seed=0, labels=labels)
    with pytest.raises(ValueError, match=f"these: .*{message}"):
        data.check_labels(labels, 3, "these")


def test_check_labels_with_classes():
    data.check_labels([0, 1, 2], 3, classes=3)
    data.check_labels(np.zeros(0, int), 0, classes=3)
    with pytest.raises(ValueError, match="from 0 to 1, got 0 to 2"):
        data.check_labels([0, 1, 2], 3, classes=2)
    with pytest.raises(ValueError, match="from 0 to 2, got -1 to 1"):
        data.check_labels([0, -1, 1], 3, classes=3)


def test_check_images_accepts_good_ones():
    data.check_images(numbered_images(1))


# --- to_unit_range ---


def test_to_unit_range():
    images = np.linspace(-1, 1, 2 * 5 * 5).reshape(2, 5, 5, 1)
    for given in (images, tf.constant(images)):
        scaled = data.to_unit_range(given)
        assert scaled.shape == (2, 5, 5)
        assert scaled.dtype == np.float32
        assert (scaled.min(), scaled.max()) == (0.0, 1.0)
        np.testing.assert_allclose(scaled, (images[..., 0] + 1) / 2, atol=1e-6)
    assert data.to_unit_range(np.zeros((0, 28, 28, 1))).shape == (0, 28, 28)


def test_to_unit_range_undoes_the_scaling_of_batches():
    images = small_arrays()["train_images"][:1]
    (batch,) = data.batches(images, 1, seed=0)
    np.testing.assert_allclose(data.to_unit_range(batch), images / 255, atol=1e-6)


@pytest.mark.parametrize("value", [-1.1, 1.1, np.nan, np.inf])
def test_to_unit_range_refuses_values_outside(value):
    images = np.zeros((2, 28, 28, 1))
    images[1, 3, 4, 0] = value
    with pytest.raises(ValueError, match=r"values in \[-1, 1\]"):
        data.to_unit_range(images)


@pytest.mark.parametrize("shape", [(2, 28, 28), (28, 28, 1), (2, 28, 28, 3)])
def test_to_unit_range_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match="expected shape"):
        data.to_unit_range(np.zeros(shape))
