"""Data as it lies around: every format, damaged files of each, and what the messages say."""

import gzip
import io
import os
import zipfile

from conftest import idx_bytes, write_idx_folder, write_image_folder
from gan_helpers import data, reading
import numpy as np
from PIL import Image
import pytest

RNG = np.random.default_rng(0)


def grey(count, size=28):
    return RNG.integers(0, 256, (count, size, size), dtype=np.uint8)


def labels(count, classes=3):
    return (np.arange(count) % classes).astype(np.uint8)


def small_arrays(train=12, test=6):
    return {
        "train_images": grey(train),
        "train_labels": labels(train),
        "test_images": grey(test),
        "test_labels": labels(test),
    }


def write_folder(folder, arrays, rename=lambda name: name):
    folder.mkdir(parents=True, exist_ok=True)
    for key, file_name in data.FILES.items():
        if key in arrays:
            path = folder / rename(file_name)
            content = idx_bytes(arrays[key])
            path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return folder


def assert_holds(dataset, arrays):
    for key, array in arrays.items():
        loaded = getattr(dataset, key)
        assert loaded.dtype == np.uint8
        np.testing.assert_array_equal(loaded, array)


def assert_same_images(dataset, images, numbers):
    """All these images, with their labels, in any order and any part."""
    loaded = np.concatenate([dataset.train_images, dataset.test_images])
    loaded_labels = np.concatenate([dataset.train_labels, dataset.test_labels])
    assert sorted(zip(map(bytes, loaded), loaded_labels.tolist(), strict=True)) == sorted(
        zip(map(bytes, images), np.asarray(numbers).tolist(), strict=True)
    )


# --- IDX ---


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
def test_damaged_idx_files_are_named_and_refused(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(data.DamagedFileError, match=message) as caught:
        data.read_idx(tmp_path / name)
    assert str(caught.value).startswith(name)


def test_read_idx_without_a_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="none cannot be read: No such file"):
        data.read_idx(tmp_path / "none")


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: name,
        lambda name: name.removesuffix(".gz"),
        lambda name: name.replace("-idx", ".idx").removesuffix(".gz"),
        lambda name: name.replace("t10k", "test"),
        lambda name: name.replace("t10k", "test").replace("-idx", ".idx"),
        lambda name: f"letters-{name}",
    ],
)
def test_idx_files_with_names_of_all_kinds(tmp_path, capsys, rename):
    arrays = small_arrays()
    dataset = data.load_dataset(write_folder(tmp_path / "mine", arrays, rename))
    assert_holds(dataset, arrays)
    assert dataset.class_names == ("0", "1", "2")
    assert (dataset.image_shape, dataset.name) == ((28, 28, 1), "mine")
    sentence = "12 training and 6 test images of 3 classes, from the folder 'mine'"
    assert capsys.readouterr().out == sentence + "\n"
    assert str(dataset) == sentence


def test_unpacked_files_beside_their_archives_are_one_dataset(tmp_path):
    arrays = small_arrays()
    write_folder(tmp_path / "raw", arrays)
    write_folder(tmp_path / "raw", arrays, lambda name: name.removesuffix(".gz"))
    assert_holds(data.load_dataset(tmp_path / "raw"), arrays)


@pytest.mark.parametrize("where", ["", "raw", "FashionMNIST/raw"])
def test_files_one_or_two_folders_deeper(tmp_path, where):
    arrays = small_arrays()
    write_folder(tmp_path / "root" / where, arrays)
    (tmp_path / "root" / "notes.txt").write_text("mine")
    dataset = data.load_dataset(tmp_path / "root")
    assert_holds(dataset, arrays)
    assert dataset.source == "the folder 'root'"


def test_three_folders_deeper_is_too_deep(tmp_path):
    write_folder(tmp_path / "a/b/c/d", small_arrays())
    with pytest.raises(FileNotFoundError, match="'a' holds no dataset. Found there: folders b. "):
        data.load_dataset(tmp_path / "a")


def test_several_datasets_below_a_folder_are_named(tmp_path):
    for name in ("MNIST", "KMNIST"):
        write_folder(tmp_path / name / "raw", small_arrays())
    with pytest.raises(ValueError, match="several datasets: 'KMNIST/raw', 'MNIST/raw'. Give one"):
        data.load_dataset(tmp_path)


def test_a_folder_as_text_and_from_inside(tmp_path, monkeypatch):
    arrays = small_arrays()
    folder = write_folder(tmp_path / "Übung 1 [a] #2", arrays)
    assert_holds(data.load_dataset(str(folder) + "/"), arrays)
    monkeypatch.chdir(folder)
    assert data.load_dataset(".").source == "the folder 'Übung 1 [a] #2'"


@pytest.mark.parametrize("key", data.FILES)
def test_a_missing_idx_file(tmp_path, key):
    folder = write_folder(tmp_path / "mine", small_arrays())
    (folder / data.FILES[key]).unlink()
    with pytest.raises(FileNotFoundError, match=f"'mine' holds no file {data.FILES[key][:-3]}"):
        data.load_dataset(folder)


def test_two_datasets_in_one_folder_and_the_path_of_a_file_chooses(tmp_path):
    arrays = small_arrays()
    folder = write_folder(tmp_path / "mine", arrays, lambda name: "letters-" + name)
    others = small_arrays()
    write_folder(folder, others, lambda name: "digits-" + name)
    with pytest.raises(ValueError, match="more than one dataset: digits-.*letters-.*Give the path"):
        data.load_dataset(folder)
    assert_holds(data.load_dataset(folder / "letters-train-images-idx3-ubyte.gz"), arrays)
    assert_holds(data.load_dataset(folder / "digits-t10k-labels-idx1-ubyte.gz"), others)


def test_a_folder_with_the_name_of_a_file_is_no_file(tmp_path):
    arrays = small_arrays()
    folder = write_folder(tmp_path / "mine", arrays, lambda name: name.replace("-idx", ".idx"))
    for file_name in data.FILES.values():
        (folder / file_name.removesuffix(".gz")).mkdir()
    assert_holds(data.load_dataset(folder), arrays)


def test_a_damaged_file_in_a_folder(tmp_path):
    folder = write_folder(tmp_path / "mine", small_arrays())
    path = folder / data.FILES["test_images"]
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(data.DamagedFileError, match="t10k-images-idx3-ubyte.gz is damaged"):
        data.load_dataset(folder)


@pytest.mark.parametrize("prefix", ["emnist-digits-", "EMNIST-letters-"])
def test_emnists_files_are_turned_and_a_sentence_says_so(tmp_path, capsys, prefix):
    arrays = small_arrays()
    stored = {
        key: array.swapaxes(1, 2) if "images" in key else array for key, array in arrays.items()
    }
    dataset = data.load_dataset(write_folder(tmp_path / "e", stored, lambda name: prefix + name))
    assert_holds(dataset, arrays)
    assert "turned upright, as EMNIST's files are stored transposed" in capsys.readouterr().out


def test_other_files_are_not_turned(tmp_path):
    arrays = small_arrays()
    folder = write_folder(tmp_path / "emnist", arrays, lambda name: "kmnist-" + name)
    dataset = data.load_dataset(folder)
    assert_holds(dataset, arrays)
    assert "turned" not in dataset.source


# --- .npz ---


def npz_names(kind):
    return {
        "keras": dict(zip(data.FILES, ("x_train", "y_train", "x_test", "y_test"), strict=True)),
        "medmnist": {key: key for key in data.FILES},
        "camel": dict(zip(data.FILES, ("trainX", "trainY", "testX", "testY"), strict=True)),
        "words": dict(zip(data.FILES, ("X_train", "train_targets", "imgs_test", "test_labels"),
                          strict=True)),
    }[kind]  # fmt: skip


@pytest.mark.parametrize("kind", ["keras", "medmnist", "camel", "words"])
@pytest.mark.parametrize("by_file", [True, False])
def test_npz_files(tmp_path, kind, by_file):
    arrays = small_arrays()
    np.savez(tmp_path / "some.npz", **{npz_names(kind)[key]: arrays[key] for key in arrays})
    dataset = data.load_dataset(tmp_path / "some.npz" if by_file else tmp_path)
    assert_holds(dataset, arrays)
    if by_file:
        assert (dataset.source, dataset.name) == ("the file 'some.npz'", "some")


@pytest.mark.parametrize("keys", [("x", "y"), ("images", "labels"), ("imgs", "targets")])
def test_an_npz_file_for_each_part(tmp_path, keys):
    arrays = small_arrays()
    for part in ("train", "test"):
        pair = arrays[f"{part}_images"], arrays[f"{part}_labels"]
        np.savez(tmp_path / f"mine_{part}.npz", **dict(zip(keys, pair, strict=True)))
    assert_holds(data.load_dataset(tmp_path), arrays)
    assert_holds(data.load_dataset(tmp_path / "mine_test.npz"), arrays)
    np.savez(tmp_path / "mine-train.npz", **{keys[0]: arrays["train_images"]})
    with pytest.raises(ValueError, match=f"train_{keys[0]} is in more than one of the files"):
        data.load_dataset(tmp_path)


def test_kmnists_pairs_of_files(tmp_path):
    arrays = small_arrays()
    for key, array in arrays.items():
        part, kind = key.split("_")
        np.savez(tmp_path / f"kmnist-{part}-{kind.replace('images', 'imgs')}.npz", array)
    (tmp_path / "kmnist_classmap.csv").write_text("index,codepoint,char\n0,U+304A,お\n")
    assert_holds(data.load_dataset(tmp_path), arrays)
    assert_holds(data.load_dataset(tmp_path / "kmnist-train-imgs.npz"), arrays)
    np.savez(tmp_path / "k49-train-imgs.npz", arrays["train_images"])
    with pytest.raises(ValueError, match="more than one dataset: k49-train-imgs.npz, kmnist-"):
        data.load_dataset(tmp_path)
    assert_holds(data.load_dataset(tmp_path / "kmnist-test-labels.npz"), arrays)


def medmnist(tmp_path, channels=None, parts=("train", "val", "test"), count=12):
    size = (count, 28, 28) + ((channels,) if channels else ())
    arrays = {}
    for part in parts:
        arrays[f"{part}_images"] = RNG.integers(0, 256, size, dtype=np.uint8)
        arrays[f"{part}_labels"] = labels(count)[:, None]
    np.savez(tmp_path / "bloodmnist.npz", **arrays)
    return arrays


@pytest.mark.parametrize("channels", [None, 3])
def test_medmnist_in_grey_and_in_colour(tmp_path, capsys, channels):
    arrays = medmnist(tmp_path, channels)
    dataset = data.load_dataset(tmp_path / "bloodmnist.npz")
    for part in ("train", "test"):
        np.testing.assert_array_equal(getattr(dataset, f"{part}_images"), arrays[f"{part}_images"])
        np.testing.assert_array_equal(getattr(dataset, f"{part}_labels"), labels(12))
    assert dataset.image_shape == (28, 28, channels or 1)
    assert "its validation part is left out" in capsys.readouterr().out


def test_a_validation_part_stands_in_for_a_test_part(tmp_path):
    arrays = medmnist(tmp_path, parts=("train", "val"))
    dataset = data.load_dataset(tmp_path)
    np.testing.assert_array_equal(dataset.test_images, arrays["val_images"])


def test_npz_without_what_is_needed_says_what_is_there(tmp_path):
    np.savez(tmp_path / "a.npz", x_train=grey(3), weights=np.ones(3))
    with pytest.raises(FileNotFoundError, match=r"a.npz holds no array y_train.*weights, x_train"):
        data.load_dataset(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", x_train=grey(3), train_images=grey(3), y_train=labels(3))
    with pytest.raises(ValueError, match="x_train and train_images could both be the train images"):
        data.load_dataset(tmp_path / "b.npz")


class Trap:
    """Pickled, it would write a file as soon as it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.mark.parametrize("suffix", ["npz", "npy"])
def test_pickled_objects_are_never_loaded(tmp_path, suffix):
    objects = np.array([Trap(tmp_path / "sprung")] * 3, object)
    if suffix == "npz":
        np.savez(tmp_path / "a.npz", x_train=objects, y_train=labels(3))
    else:
        np.save(tmp_path / "a.npy", objects, allow_pickle=True)
    with pytest.raises(data.DamagedFileError, match=f"a.{suffix} .*pickled.*can run any program"):
        data.load_dataset(tmp_path / f"a.{suffix}")
    assert not (tmp_path / "sprung").exists()


# --- .npy ---


def test_quick_draw_bitmaps_one_class_in_a_file(tmp_path, capsys):
    drawings = {name: grey(12).reshape(12, 784) for name in ("yarn", "apple", "train")}
    for name, array in drawings.items():
        np.save(tmp_path / f"full_numpy_bitmap_{name}.npy", array)
    dataset = data.load_dataset(tmp_path)
    assert dataset.class_names == ("apple", "train", "yarn")
    images = np.concatenate([drawings[name] for name in dataset.class_names]).reshape(-1, 28, 28)
    assert_same_images(dataset, images, np.repeat([0, 1, 2], 12))
    assert np.bincount(dataset.test_labels).tolist() == [2, 2, 2]
    assert len(set(dataset.train_labels[:6].tolist())) > 1  # not one class after the other
    assert "a sixth of each class is set aside" in capsys.readouterr().out


def test_of_each_npy_file_a_part_is_taken_and_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(reading, "A_CLASS", 6)
    np.save(tmp_path / "a.npy", grey(7).reshape(7, 784))
    np.save(tmp_path / "b.npy", grey(5).reshape(5, 784))
    dataset = data.load_dataset(tmp_path)
    assert len(dataset.train_images) + len(dataset.test_images) == 6 + 5
    assert "of each class the first 6 images" in capsys.readouterr().out


def test_npy_pairs(tmp_path):
    arrays = small_arrays()
    for key, name in npz_names("keras").items():
        np.save(tmp_path / f"{name}.npy", arrays[key])
    assert_holds(data.load_dataset(tmp_path), arrays)
    assert_holds(data.load_dataset(tmp_path / "x_train.npy"), arrays)


def test_npy_files_of_two_sizes(tmp_path):
    np.save(tmp_path / "a.npy", grey(3))
    np.save(tmp_path / "b.npy", grey(3, 32))
    with pytest.raises(ValueError, match=r"one size.*a.npy \(3, 28, 28\), b.npy \(3, 32, 32\)"):
        data.load_dataset(tmp_path)
    for other in (np.zeros(()), np.zeros(3)):
        np.save(tmp_path / "b.npy", other)
        with pytest.raises(ValueError, match=r"one size.*a.npy \(3, 28, 28\), b.npy \((3,)?\)"):
            data.load_dataset(tmp_path)
        with pytest.raises(ValueError, match="one size, got b.npy"):
            data.load_dataset(tmp_path / "b.npy")


# --- CSV ---


def csv_text(images, numbers=None, header="pixel", between=",", last=False):
    rows = images.reshape(len(images), -1).astype(str).tolist()
    names = [f"{header}{n}" for n in range(len(rows[0]))]
    if numbers is not None:
        for row, number in zip(rows, numbers, strict=True):
            row.insert(len(row) if last else 0, str(number))
        names.insert(len(names) if last else 0, "class" if last else "label")
    if header is not None:
        rows.insert(0, names)
    return "\n".join(between.join(row) for row in rows) + "\n"


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"header": None},
        {"header": ""},  # as pandas writes it: label, 0, 1, 2 ...
        {"header": "1x"},
        {"last": True},
        {"between": ";"},
        {"between": "\t"},
    ],
    ids=str,
)
@pytest.mark.parametrize("packed", [False, True])
def test_csv_files_for_training_and_testing(tmp_path, options, packed):
    arrays = small_arrays()
    for part in ("train", "test"):
        text = csv_text(arrays[f"{part}_images"], arrays[f"{part}_labels"], **options)
        content = text.encode("utf-8-sig")
        path = tmp_path / f"fashion-mnist_{part}.csv{'.gz' * packed}"
        path.write_bytes(gzip.compress(content) if packed else content)
    (tmp_path / "sample_submission.csv").write_text("ImageId,Label\n1,0\n")
    assert_holds(data.load_dataset(tmp_path), arrays)
    assert_holds(data.load_dataset(path), arrays)


def test_one_csv_file_is_split(tmp_path, capsys):
    images, numbers = grey(36), labels(36)
    (tmp_path / "all.csv").write_text(csv_text(images, numbers))
    dataset = data.load_dataset(tmp_path / "all.csv")
    assert_same_images(dataset, images, numbers)
    assert np.bincount(dataset.test_labels).tolist() == [2, 2, 2]
    assert "there are no images for testing" in capsys.readouterr().out


def test_a_test_file_without_labels_is_left_out(tmp_path, capsys):
    images, numbers = grey(36), labels(36)
    (tmp_path / "train.csv").write_text(csv_text(images, numbers))
    (tmp_path / "test.csv").write_text(csv_text(grey(5)))
    dataset = data.load_dataset(tmp_path)
    assert_same_images(dataset, images, numbers)
    assert "test.csv has no labels and is left out" in capsys.readouterr().out
    (tmp_path / "train.csv").write_text(csv_text(images))
    with pytest.raises(ValueError, match="train.csv has no column of labels"):
        data.load_dataset(tmp_path)


def test_csv_with_numbers_of_rows_and_names_for_labels(tmp_path):
    images, names = grey(12), [["cat", "None", "ant"][n % 3] for n in range(12)]
    text = csv_text(images, names).splitlines()
    text = [("" if n == 0 else str(n - 1)) + "," + line for n, line in enumerate(text)]
    (tmp_path / "a.csv").write_text("\n".join(text))
    dataset = data.load_dataset(tmp_path)
    assert dataset.class_names == ("None", "ant", "cat")
    assert_same_images(dataset, images, [dataset.class_names.index(name) for name in names])


def test_csv_in_colour_and_of_a_shape_that_is_said(tmp_path):
    colour = RNG.integers(0, 256, (12, 8, 8, 3), dtype=np.uint8)
    (tmp_path / "a.csv").write_text(csv_text(colour, labels(12)))
    dataset = data.load_dataset(tmp_path)
    assert_same_images(dataset, colour, labels(12))
    wide = RNG.integers(0, 256, (12, 8, 12), dtype=np.uint8)
    (tmp_path / "a.csv").write_text(csv_text(wide, labels(12)))
    with pytest.raises(ValueError, match=r"97 columns.*image_shape=\(h, w, c\)"):
        data.load_dataset(tmp_path)
    assert_same_images(data.load_dataset(tmp_path, image_shape=(8, 12, 1)), wide, labels(12))


def test_emnists_csv_files_are_turned(tmp_path):
    images = grey(12)
    (tmp_path / "emnist-letters-train.csv").write_text(
        csv_text(images.swapaxes(1, 2), labels(12) + 1, header=None)
    )
    dataset = data.load_dataset(tmp_path / "emnist-letters-train.csv")
    assert_same_images(dataset, images, labels(12))
    assert dataset.class_names == ("1", "2", "3")


# --- pictures ---


@pytest.mark.parametrize("suffix", [".png", ".PNG", ".bmp"])
def test_pictures_in_a_folder_for_each_class(tmp_path, drawn_dataset, suffix):
    folder = write_image_folder(tmp_path / "mine", drawn_dataset, suffix)
    dataset = data.load_dataset(folder)
    assert dataset.class_names == tuple(sorted(drawn_dataset.class_names))
    assert dataset.image_shape == drawn_dataset.image_shape
    order = [dataset.class_names.index(name) for name in drawn_dataset.class_names]
    for part in ("train", "test"):
        loaded = getattr(dataset, f"{part}_images"), getattr(dataset, f"{part}_labels")
        given = getattr(drawn_dataset, f"{part}_images"), getattr(drawn_dataset, f"{part}_labels")
        given = given[0], np.array(order)[given[1]]
        assert sorted(zip(map(bytes, loaded[0]), loaded[1].tolist(), strict=True)) == sorted(
            zip(map(bytes, given[0]), given[1].tolist(), strict=True)
        )
        assert (np.diff(loaded[1].astype(int)) < 0).any()  # shuffled


def test_given_class_names_that_are_the_folders_order_them(tmp_path, three_shapes):
    folder = write_image_folder(tmp_path / "mine", three_shapes)
    names = "triangle", "circle", "square"
    dataset = data.load_dataset(folder, class_names=names)
    assert dataset.class_names == names
    moved = np.array([1, 2, 0])[three_shapes.test_labels]
    loaded = sorted(zip(map(bytes, dataset.test_images), dataset.test_labels, strict=True))
    assert loaded == sorted(zip(map(bytes, three_shapes.test_images), moved, strict=True))


def save(path, array, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(path, **options)


def test_pictures_without_a_test_part_and_with_what_systems_leave(tmp_path, capsys):
    images = grey(24)
    for n, image in enumerate(images):
        save(tmp_path / "mine" / str(8 + n % 3) / f"{n}.png", image)
        (tmp_path / "mine" / str(8 + n % 3) / f"._{n}.png").write_bytes(b"Mac")
        (tmp_path / "mine" / str(8 + n % 3) / "Thumbs.db").write_bytes(b"Windows")
    (tmp_path / "mine" / "__MACOSX").mkdir()
    (tmp_path / "mine" / ".ipynb_checkpoints").mkdir()
    save(tmp_path / "mine" / ".ipynb_checkpoints" / "1.png", images[0])
    dataset = data.load_dataset(tmp_path / "mine")
    assert dataset.class_names == ("8", "9", "10")  # in the order of numbers
    assert_same_images(dataset, images, np.arange(24) % 3)
    assert "a sixth of each class is set aside" in capsys.readouterr().out


def test_pictures_are_resized_by_an_argument_and_never_silently(tmp_path, capsys):
    for n in range(6):
        save(tmp_path / "a" / f"{n}.png", np.full((40, 60), 40 * n, np.uint8))
        save(tmp_path / "b" / f"{n}.png", np.full((50, 30), 40 * n, np.uint8))
    with pytest.raises(ValueError, match=r"2 sizes.*50x30 and 40x60.*image_shape=\(32, 32, 3\)"):
        data.load_dataset(tmp_path)
    for shape in ((28, 28, 1), (32, 16, 3)):
        dataset = data.load_dataset(tmp_path, image_shape=shape)
        assert dataset.image_shape == shape
        printed = capsys.readouterr().out
        assert f"resized to {shape[0]}x{shape[1]} from 50x30 and 40x60 (height x width)" in printed
        assert set(np.unique(dataset.train_images)) <= set(range(0, 201, 40))


def test_pictures_of_one_size_that_is_no_multiple_of_four(tmp_path):
    for n in range(6):
        save(tmp_path / "a" / f"{n}.png", grey(1, 30)[0])
    with pytest.raises(ValueError, match=r"got \(30, 30, 1\).*image_shape=\(32, 32, 1\)"):
        data.load_dataset(tmp_path)


RED = np.zeros((8, 8, 3), np.uint8) + np.array([200, 0, 0], np.uint8)


def picture_of(mode):
    if mode == "grey in colour":
        return Image.fromarray(np.full((8, 8, 3), 90, np.uint8))
    if mode == "16 bits":
        return Image.fromarray(np.full((8, 8), 90 * 257, np.uint16))
    if mode == "transparent":
        return Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    if mode == "palette":
        return Image.fromarray(RED).quantize(4)
    if mode == "two colours":
        return Image.new("1", (8, 8), 1)
    return Image.fromarray(RED)


@pytest.mark.parametrize(
    ("mode", "channels", "value", "note"),
    [
        ("colour", 3, [200, 0, 0], None),
        ("palette", 3, [200, 0, 0], None),
        ("grey in colour", 1, 90, "stored in colour, but grey"),
        ("16 bits", 1, 90, None),
        ("two colours", 1, 255, None),
        ("transparent", 1, 255, "transparent places are white"),
    ],
)
def test_pictures_of_all_modes(tmp_path, mode, channels, value, note):
    (tmp_path / "a").mkdir()
    for n in range(3):
        picture_of(mode).save(tmp_path / "a" / f"{n}.png")
    dataset = data.load_dataset(tmp_path)
    assert dataset.image_shape == (8, 8, channels)
    assert (dataset.train_images == np.array(value)).all()
    assert note is None or note in dataset.source


def test_jpeg_as_cameras_turn_it(tmp_path):
    picture = np.zeros((16, 32, 3), np.uint8)
    picture[:, :16] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn me clockwise"
    for n in range(3):
        save(tmp_path / "a" / f"{n}.jpg", picture, exif=exif, quality=95)
    image = data.load_dataset(tmp_path).train_images[0]
    assert image.shape == (32, 16)  # all grey
    assert image[:12].min() > 240
    assert image[20:].max() < 15


def test_colour_and_grey_as_the_image_shape_says(tmp_path):
    for n in range(3):
        save(tmp_path / "a" / f"{n}.png", RED)
    dataset = data.load_dataset(tmp_path, image_shape=(8, 8, 1))
    assert dataset.train_images.shape[1:] == (8, 8)
    assert "colours are made grey" in dataset.source
    save(tmp_path / "a" / "grey.png", np.full((8, 8), 7, np.uint8))
    dataset = data.load_dataset(tmp_path)
    assert [7, 7, 7] in np.concatenate([dataset.train_images, dataset.test_images])[
        :, 0, 0
    ].tolist()


def test_an_empty_class_folder_is_pointed_out(tmp_path, capsys):
    for n in range(12):
        save(tmp_path / ("a" if n % 2 else "c") / f"{n}.png", grey(1)[0])
    (tmp_path / "b").mkdir()
    dataset = data.load_dataset(tmp_path)
    assert dataset.class_names == ("a", "b", "c")
    assert "no image is of the class 'b'" in capsys.readouterr().out


@pytest.mark.parametrize("where", ["", "train", "test"])
def test_pictures_that_lie_in_no_class(tmp_path, where):
    save(tmp_path / "mine" / where / "1.png", grey(1)[0])
    with pytest.raises(FileNotFoundError, match="holds no dataset|no pictures for training"):
        data.load_dataset(tmp_path / "mine")
    with pytest.raises(FileNotFoundError, match="belong into a folder for each class"):
        data.load_dataset(tmp_path / "mine" / where)


def test_only_pictures_for_testing(tmp_path):
    save(tmp_path / "test" / "a" / "1.png", grey(1)[0])
    with pytest.raises(FileNotFoundError, match="no pictures for training"):
        data.load_dataset(tmp_path)


# --- damaged files of every format, and what cannot be read ---


def png_bytes():
    file = io.BytesIO()
    Image.fromarray(grey(1)[0]).save(file, "png")
    return file.getvalue()


def npz_bytes(compressed=False):
    file = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(
        file, **{npz_names("keras")[key]: array for key, array in small_arrays().items()}
    )
    return file.getvalue()


def npy_bytes():
    file = io.BytesIO()
    np.save(file, grey(5))
    return file.getvalue()


def encrypted_zip():
    content = bytearray(npz_bytes())
    for start in (b"PK\3\4", b"PK\1\2"):  # the flag "encrypted" of each member, in both places
        place = content.find(start)
        while place >= 0:
            content[place + (6 if start == b"PK\3\4" else 8)] |= 1
            place = content.find(start, place + 1)
    return bytes(content)


CSV = csv_text(grey(3, 12), [0, 1, 2])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.npz", b""),
        ("a.npz", b"<html>Log in</html>"),
        ("a.npz", npz_bytes()[:-40]),
        ("a.npz", npz_bytes()[:500]),
        ("a.npz", flip(npz_bytes(compressed=True), 3000)),
        ("a.npz", npy_bytes()),
        ("a.npz", encrypted_zip()),
        ("a.npz", npz_bytes()[-600:]),
        ("a.npy", b""),
        ("a.npy", npy_bytes()[:-1]),
        ("a.npy", npy_bytes()[:60]),
        ("a.npy", npy_bytes().replace(b"(5,", b"(9,")),
        ("a.npy", b"<html>Log in</html>"),
        ("a.npy", npz_bytes()),
        ("a.csv", b""),
        ("a.csv", CSV.splitlines()[0].encode()),
        ("a.csv", CSV[:-30].encode()),
        ("a.csv", (CSV + "1,2,3\n").encode()),
        ("a.csv", (CSV + ",".join(["1"] * 146) + "\n").encode()),
        ("a.csv", (CSV + ",".join(["1"] * 144 + ["x"]) + "\n").encode()),
        ("a.csv", (CSV + ",".join(["1"] * 144 + [""]) + "\n").encode()),
        ("a.csv", CSV.encode("utf-16")),
        ("a.csv", b"\xff\xfe\x00\xd8" * 99),
        ("a.csv.gz", gzip.compress(CSV.encode())[:-20]),
        ("a.csv.gz", CSV.encode()),
        ("a/1.png", b""),
        ("a/1.png", png_bytes()[:-200]),
        ("a/1.png", flip(png_bytes(), 300)),
        ("a/1.png", png_bytes()[:30]),
        ("a/1.jpg", b"<html>Log in</html>"),
    ],
)
@pytest.mark.parametrize("by_file", [False, True])
def test_damaged_files_of_every_format(tmp_path, name, content, by_file):
    path = tmp_path / "mine" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    if by_file and "/" in name:
        pytest.skip("a single picture is no dataset")
    with pytest.raises(data.DamagedFileError, match=f"^{path.name} is damaged"):
        data.load_dataset(path if by_file else tmp_path / "mine")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("archive.zip", "Unpack it first"),
        ("mnist.tar.gz", "Unpack it first"),
        ("batch.pkl", "Pickled files are not loaded"),
        ("model.pt", "Pickled files are not loaded"),
        ("one.png", "It is one picture"),
        ("digits.mat", "has no format that is known here"),
        ("README", "has no format that is known here"),
    ],
)
def test_files_of_other_formats(tmp_path, name, hint):
    with zipfile.ZipFile(tmp_path / name, "w") as file:
        file.writestr("a.txt", "a")
    with pytest.raises(ValueError, match=f"{name}.*{hint}.*Known: four IDX files"):
        data.load_dataset(tmp_path / name)


def test_a_folder_with_nothing_says_what_is_there_and_what_was_looked_for(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="'empty' holds no dataset. Found there: nothing."):
        data.load_dataset(tmp_path / "empty")
    for name in ("a.txt", "b.txt", "c.md", "d"):
        (tmp_path / name).write_text("a,b\n1,2\n")
    found = "1 file .md, 2 files .txt, 1 file without a suffix, folders empty"
    with pytest.raises(FileNotFoundError, match=f"{found}. Looked for: four IDX.*npz.*csv.*png"):
        data.load_dataset(tmp_path)


@pytest.mark.parametrize("format", ["idx", "pictures", "npz"])
def test_the_drawn_datasets_come_back_from_files(tmp_path, colour_shapes, format):
    if format == "idx":
        write_idx_folder(tmp_path, colour_shapes)
    elif format == "pictures":
        write_image_folder(tmp_path, colour_shapes)
    else:
        np.savez(tmp_path / "a.npz", **{key: getattr(colour_shapes, key) for key in data.FILES})
    dataset = data.load_dataset(tmp_path)
    assert dataset.image_shape == (32, 32, 3)
    assert "400 training and 100 test 32x32 colour images of 10 classes" in str(dataset)


@pytest.mark.parametrize("path", [None, 3, "", b"a", ["a"], object()])
def test_what_is_no_path(path):
    for function in (reading.read, reading.read_idx):
        with pytest.raises(ValueError, match="path: expected a path, got"):
            function(path)


def test_read_takes_text_and_checks_the_image_shape(tmp_path):
    arrays = small_arrays()
    found = reading.read(str(write_folder(tmp_path / "mine", arrays)))
    np.testing.assert_array_equal(found.arrays["test_images"], arrays["test_images"])
    with pytest.raises(ValueError, match="image_shape: expected"):
        reading.read(tmp_path / "mine", image_shape=(30, 30, 1))


needs_permissions = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything"
)


@needs_permissions
def test_a_folder_or_file_that_may_not_be_read(tmp_path):
    folder = write_folder(tmp_path / "mine", small_arrays())
    (folder / data.FILES["train_labels"]).chmod(0)
    with pytest.raises(PermissionError, match="train-labels-idx1-ubyte.gz cannot be read: Perm"):
        data.load_dataset(folder)
    folder.chmod(0)
    try:
        with pytest.raises(PermissionError, match="mine cannot be read: Permission denied"):
            data.load_dataset(folder)
        write_folder(tmp_path / "other", small_arrays())
        assert len(data.load_dataset(tmp_path).train_images) == 12  # 'mine' is passed over
    finally:
        folder.chmod(0o755)


def test_a_folder_that_cannot_be_looked_at(tmp_path, monkeypatch):
    arrays = small_arrays()
    write_folder(tmp_path / "good", arrays)
    (tmp_path / "bad").mkdir()
    real = type(tmp_path).iterdir

    def iterdir(self):
        if self.name == "bad":
            raise PermissionError(13, "Permission denied")
        return real(self)

    monkeypatch.setattr(type(tmp_path), "iterdir", iterdir)
    assert_holds(data.load_dataset(tmp_path), arrays)
    with pytest.raises(PermissionError, match="bad cannot be read: Permission denied"):
        data.load_dataset(tmp_path / "bad")
