"""What ``fit`` looks at before a training, training that goes on, and Keras' own callbacks."""

import itertools
import os
from pathlib import Path
import subprocess
import sys

from gan_helpers import callbacks, data, training
import keras
import numpy as np
import pytest
from small_gans import (
    IMAGES,
    LABELS,
    PIXELS,
    SHAPE,
    OwnBatches,
    batches,
    conditional_gan,
    generator_of_batches,
    largest_difference,
    small_gan,
    tf_batches,
    weights_of,
)
import tensorflow as tf

NAMES = ["generator_loss", "discriminator_loss", "real_score", "fake_score"]


@pytest.fixture(scope="module")
def untouched():
    """A GAN that is only tried to train, and never does."""
    return small_gan()


def assert_refused(gan, call, message):
    weights, steps = weights_of(gan), int(gan.generator_optimizer.iterations)
    with pytest.raises(ValueError, match=message):
        call(gan)
    assert int(gan.generator_optimizer.iterations) == steps
    assert largest_difference(gan, weights) == 0


# --- the images ---


def with_one(value):
    images = IMAGES.copy()
    images[1, 3, 3] = value
    return images


BAD_VALUES = {
    "0 to 255": (np.float32(PIXELS[..., None]), "got 0 to 255. Give uint8 images to data.Batches"),
    "0 to 255 of a batch without white": (np.float32(PIXELS[..., None] // 2), "data.Batches"),
    "0 to 1": (PIXELS[..., None] / np.float32(255), "got 0 to 1. Scale .*2 \\* images - 1"),
    "standardised": (IMAGES * 3, r"expected values in \[-1, 1\]"),
    "-128 to 127": (IMAGES * 128, r"expected values in \[-1, 1\]"),
    "one pixel too bright": (with_one(1.5), r"expected values in \[-1, 1\]"),
    "NaN": (with_one(np.nan), "NaN or infinite"),
    "infinite": (with_one(-np.inf), "NaN or infinite"),
    "all black": (np.full_like(IMAGES, -1), "all pixels of all images are -1"),
    "zeros": (np.zeros_like(IMAGES), "all pixels of all images are 0"),
}
BAD_SHAPES = {
    "no channels": (IMAGES[..., 0], r"Add the axis of the channels"),
    "colour": (np.repeat(IMAGES, 3, axis=3), r"image_shape=\(8, 8, 3\)"),
    "another size": (np.repeat(IMAGES, 2, axis=1), r"image_shape=\(16, 8, 1\)"),
    "channels first": (np.moveaxis(IMAGES, -1, 1), "Put the channels last"),
    "rows of pixels": (IMAGES.reshape(20, -1), r"reshape\(-1, 8, 8, 1\)"),
    "too many axes": (IMAGES[..., None], r"Bring them into the shape \(b, 8, 8, 1\)"),
}
BAD_IMAGES = BAD_VALUES | BAD_SHAPES


def by_generator(images):
    return ((images[start : start + 4],) for start in range(0, 20, 4))


WAYS = {
    "array": lambda gan, images: gan.fit(images, epochs=1, verbose=0),
    "PyDataset": lambda gan, images: gan.fit(OwnBatches(images), verbose=0),
    "tf.data": lambda gan, images: gan.fit(tf_batches(images), verbose=0),
    "generator": lambda gan, images: gan.fit(by_generator(images), verbose=0),
    "validation": lambda gan, images: gan.fit(batches(), validation_data=images, verbose=0),
    "evaluate": lambda gan, images: gan.evaluate(OwnBatches(images), verbose=0),
    "train_on_batch": lambda gan, images: gan.train_on_batch(images),
    "test_on_batch": lambda gan, images: gan.test_on_batch(images),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", BAD_IMAGES)
def test_bad_images_are_refused_before_the_first_step(name, way, untouched):
    images, message = BAD_IMAGES[name]
    assert_refused(untouched, lambda gan: WAYS[way](gan, images), f"^images: .*{message}")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dtype", ["uint8", "int32", "bool"])
def test_whole_numbers_are_refused(way, dtype, untouched):
    images = PIXELS[..., None] > 127 if dtype == "bool" else PIXELS[..., None].astype(dtype)
    assert_refused(untouched, lambda gan: WAYS[way](gan, images), r"^images: expected .*\[-1, 1\]")


@pytest.mark.parametrize("images", [np.full((9, 8, 8), 7, np.uint8), np.zeros((9, 8, 8), np.uint8)])
def test_batches_of_nothing_are_refused(images, untouched):
    given = data.Batches(images, 3, 0)
    assert_refused(untouched, lambda gan: gan.fit(given, verbose=0), "all pixels of all images")


def test_batches_of_other_images_are_refused(untouched):
    given = data.Batches(np.repeat(PIXELS, 2, axis=1), 4, 0)
    assert_refused(untouched, lambda gan: gan.fit(given, verbose=0), r"image_shape=\(16, 8, 1\)")


@pytest.mark.parametrize("images", [IMAGES, IMAGES.astype(np.float64), IMAGES.astype(np.float16)])
def test_good_images_are_taken(images):
    gan = small_gan()
    history = gan.fit(images, epochs=1, batch_size=10, verbose=0).history
    assert np.isfinite(list(history.values())).all()


def test_bright_images_are_taken(untouched):
    white = data.Batches(np.maximum(PIXELS, 200), 4, 0)
    assert len(untouched.evaluate(white, verbose=0)) == 4


@pytest.mark.parametrize(
    "x, message",
    [
        (None, "x: expected data.Batches, .* got NoneType"),
        ("fashion_mnist", "got str"),
        (7, "got int"),
        ([IMAGES, LABELS], "got list. Labels come behind the images"),
        ((IMAGES, LABELS), "got tuple. Labels come behind the images"),
        ({"images": IMAGES}, "got dict"),
        (OwnBatches, "got type"),
        (np.array(["a", "b"]), "images: the networks take batches"),
        (np.full((4, *SHAPE), "a"), r"images: expected float32 in \[-1, 1\], got <U1"),
        (np.full((4, *SHAPE), None), "images: expected float32"),
        (IMAGES[:0], "images: .* There are none"),
        (IMAGES[0], "This is one image"),
        (np.float32(1), "images: the networks take batches"),
        (iter(()), "got tuple_iterator"),
        ((x for x in ()), "this generator holds no batches"),
        (tf_batches(IMAGES[:2]), "Dataset holds no batches"),
        (tf.data.Dataset.from_tensor_slices(IMAGES), "This is one image: .*batch"),
        (tf.data.Dataset.from_tensor_slices(PIXELS[..., None]).batch(4), "got uint8"),
        (tf.data.Dataset.from_tensors({"images": IMAGES}), "expected one tensor"),
        (tf_batches().repeat(), "steps_per_epoch: this tf.data.Dataset is endless"),
    ],
)
def test_what_holds_no_batches_is_refused(x, message, untouched):
    assert_refused(untouched, lambda gan: gan.fit(x, verbose=0), message)


def test_a_dataset_is_told_how_to_become_batches(three_shapes, untouched):
    assert_refused(untouched, lambda gan: gan.fit(three_shapes, 4), "data.Batches.dataset.train_im")


# --- labels ---


@pytest.fixture(scope="module")
def untouched_conditional():
    return conditional_gan()


def late_labels(value):
    """Labels of which only the very last is wrong."""
    return np.append(LABELS[:-1], value)


BAD_LABELS = {
    "one too large": (late_labels(3), "from 0 to 2, got 0 to 3"),
    "from 1": (LABELS + 1, "the networks know 3 classes.*got 1 to 3"),
    "negative": (late_labels(-1), "got -1 to 2"),
    "floats": (LABELS.astype(np.float32), "expected integers"),
    "one-hot": (np.eye(3)[LABELS], "labels"),
    "names": (np.array(["coat"] * 20), "integers"),
    "too few": (LABELS[:19], "labels"),
}


@pytest.mark.parametrize("name", BAD_LABELS)
def test_labels_that_the_networks_do_not_know_are_refused(name, untouched_conditional):
    labels, message = BAD_LABELS[name]
    calls = [lambda gan: gan.fit(IMAGES, labels, epochs=1, verbose=0)]
    calls.append(lambda gan: gan.fit(batches(labels=LABELS), validation_data=(IMAGES, labels)))
    calls.append(lambda gan: gan.train_on_batch(IMAGES, labels))
    calls.append(lambda gan: gan.evaluate(IMAGES, labels))
    if name in ("one too large", "from 1"):
        calls.append(lambda gan: gan.fit(batches(labels=labels), verbose=0))
        calls.append(lambda gan: gan.evaluate(batches(labels=labels), verbose=0))
    if name != "too few":
        calls.append(lambda gan: gan.fit((x for x in [(IMAGES, labels)]), verbose=0))
    for call in calls:
        assert_refused(untouched_conditional, call, message)
    if name in ("one too large", "from 1", "negative"):
        pairs = tf.data.Dataset.from_tensor_slices((IMAGES, labels)).batch(20)
        assert_refused(untouched_conditional, lambda gan: gan.fit(pairs, verbose=0), message)


def pairs_of(labels):
    return tf.data.Dataset.from_tensor_slices((IMAGES, labels)).batch(4)


@pytest.mark.parametrize(
    "call",
    [
        lambda gan: gan.fit(batches(), verbose=0),
        lambda gan: gan.fit(IMAGES, epochs=1, verbose=0),
        lambda gan: gan.fit(OwnBatches(), verbose=0),
        lambda gan: gan.fit(tf_batches(), verbose=0),
        lambda gan: gan.fit(generator_of_batches(), verbose=0),
        lambda gan: gan.fit(batches(labels=LABELS), validation_data=batches(), verbose=0),
        lambda gan: gan.evaluate(batches(), verbose=0),
        lambda gan: gan.train_on_batch(IMAGES),
        lambda gan: gan.train_step(IMAGES),
    ],
)
def test_missing_labels_are_told(call, untouched_conditional):
    message = "^labels: ConditionalGAN takes pairs of images and labels. Give them to data.Batches"
    assert_refused(untouched_conditional, call, message)


@pytest.mark.parametrize(
    "call",
    [
        lambda gan: gan.fit(batches(labels=LABELS), verbose=0),
        lambda gan: gan.fit(IMAGES, LABELS, epochs=1, verbose=0),
        lambda gan: gan.fit(pairs_of(LABELS), verbose=0),
        lambda gan: gan.fit((x for x in [(IMAGES, LABELS)]), verbose=0),
        lambda gan: gan.fit(batches(), validation_data=(IMAGES, LABELS), verbose=0),
        lambda gan: gan.evaluate(batches(labels=LABELS), verbose=0),
        lambda gan: gan.train_on_batch(IMAGES, LABELS),
        lambda gan: gan.train_step((IMAGES, LABELS)),
    ],
)
def test_unexpected_labels_are_told(call, untouched):
    assert_refused(untouched, call, "^labels: GAN takes images alone; for labels use Conditional")


def test_images_alone_are_no_labels(untouched):
    """A tuple of one array is what Keras makes of a ``PyDataset`` of images."""
    assert len(untouched.test_on_batch(IMAGES)) == 4
    untouched.test_step((IMAGES,))
    untouched.test_step(IMAGES)


# --- other arguments ---


@pytest.mark.parametrize(
    "arguments, message",
    [
        *(({"epochs": value}, "^epochs: expected") for value in
          (0, -1, 2.0, "4", None, True, float("nan"), [4])),
        *(({"y": value}, "^epochs: expected") for value in (0, -1, 2.0, "4", True, float("nan"))),
        ({"y": 4, "epochs": 4}, "epochs: expected once"),
        *(({"initial_epoch": value, "epochs": 9}, "^initial_epoch: expected")
          for value in (-1, 1.5, "2", None)),
        ({"epochs": 2, "initial_epoch": 2}, "number of the last one, not how many more"),
        ({"epochs": 2, "initial_epoch": 5}, "number of the last one, not how many more"),
        *(({"steps_per_epoch": value}, "^steps_per_epoch: expected")
          for value in (0, -1, "3", 1.5)),
        ({"batch_size": 8}, "batch_size: Batches comes in batches already"),
        ({"sample_weight": np.ones(20)}, "sample_weight: a GAN weighs"),
        ({"class_weight": {0: 1.0}}, "class_weight: a GAN weighs"),
        ({"validation_split": 0.2}, "validation_split: only arrays"),
        ({"y": LABELS}, "y: Batches brings its labels itself"),
        ({"callbacks": "EarlyStopping"}, "callbacks: expected a list"),
        ({"callbacks": ["EarlyStopping"]}, "callbacks: expected callbacks, got 'EarlyStopping'"),
        ({"callbacks": [keras.callbacks.History]}, "Call it, to make one"),
        ({"callbacks": [None]}, "callbacks: expected callbacks, got None"),
        ({"validation_data": "test"}, "got str"),
    ],
)  # fmt: skip
def test_bad_arguments_are_refused(arguments, message, untouched):
    assert_refused(untouched, lambda gan: gan.fit(batches(), verbose=0, **arguments), message)


@pytest.mark.parametrize(
    "arguments, message",
    [
        *(({"batch_size": value}, "^batch_size: expected") for value in (0, -4, "8", 2.5)),
        *(({"validation_split": value}, "^validation_split: expected")
          for value in (1, 2.0, -0.5, "0.2", float("nan"))),
    ],
)  # fmt: skip
def test_bad_arguments_beside_arrays_are_refused(arguments, message, untouched):
    call = lambda gan: gan.fit(IMAGES, epochs=1, verbose=0, **arguments)  # noqa: E731
    assert_refused(untouched, call, message)


def test_a_generator_needs_an_end_of_its_epochs(untouched):
    call = lambda gan: gan.fit(generator_of_batches(), epochs=2, verbose=0)  # noqa: E731
    assert_refused(untouched, call, "steps_per_epoch: a generator gives its batches once")


def test_fit_before_compile():
    with pytest.raises(ValueError, match=r"Call gan.compile\(\) before gan.fit\(\)"):
        small_gan(compiled=False).fit(batches())


@pytest.mark.parametrize("epochs", [2, np.int64(2)])
def test_epochs_in_the_place_of_y(epochs):
    gan = small_gan()
    assert len(gan.fit(batches(), epochs, verbose=0).epoch) == 2
    assert int(gan.generator_optimizer.iterations) == 10


# --- which batches a training sees ---


class Spy(training.GAN):
    """Keeps the first pixels of all batches."""

    def train_step(self, data):
        self.seen.append(np.asarray(keras.utils.unpack_x_y_sample_weight(data)[0])[:, 0, 0, 0])
        return {"generator_loss": 0.0}


def seen_by_fit(x, epochs=2, **arguments):
    gan = small_gan(Spy, compiled=False)
    gan.seen = []
    gan.compile(run_eagerly=True)
    gan.fit(x, epochs=epochs, verbose=0, **arguments)
    return gan.seen


def by_hand(several):
    if isinstance(several, OwnBatches):  # which the lowest Keras would go through without end
        several = map(several.__getitem__, range(len(several)))
    return [np.asarray(batch[0] if isinstance(batch, tuple) else batch)[:, 0, 0, 0] for batch in
            several]  # fmt: skip


def assert_same_batches(seen, expected):
    assert len(seen) == len(expected)
    for one, other in zip(seen, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_batches_come_in_their_own_order():
    given = batches()
    expected = by_hand(given) + by_hand(given)
    assert_same_batches(seen_by_fit(batches()), expected)
    assert_same_batches(seen_by_fit(batches(), shuffle=True), expected)
    assert_same_batches(seen_by_fit(batches(), shuffle=False), expected)
    used = batches()
    used.epoch = 7
    assert_same_batches(seen_by_fit(used), expected)
    assert used.epoch == 2


def test_no_pass_of_a_dataset_is_lost():
    keras.utils.set_random_seed(0)
    made = tf_batches()
    expected = by_hand(made) + by_hand(made)
    keras.utils.set_random_seed(0)
    assert_same_batches(seen_by_fit(tf_batches()), expected)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # since nobody knows how many
def test_a_dataset_that_can_be_read_once_is_read_once():
    source = iter([IMAGES[:4], IMAGES[4:8], IMAGES[8:12]])
    once = tf.data.Dataset.from_generator(
        lambda: source, output_signature=tf.TensorSpec((None, *SHAPE))
    )
    assert_same_batches(seen_by_fit(once, 1), by_hand([IMAGES[:4], IMAGES[4:8], IMAGES[8:12]]))


@pytest.mark.parametrize("wrap", [lambda batch: batch, lambda batch: (batch,)])
def test_no_batch_of_a_generator_is_lost(wrap):
    source = (wrap(batch) for batch in generator_of_batches())
    seen = seen_by_fit(source, 2, steps_per_epoch=3)
    seen += by_hand(itertools.islice(source, 2))
    assert_same_batches(seen, by_hand(itertools.islice(generator_of_batches(), 8)))


def test_arrays_are_shuffled_in_each_epoch():
    seen = np.concatenate(seen_by_fit(IMAGES, 3, batch_size=6)).reshape(3, 20)
    pixels = np.sort(IMAGES[:, 0, 0, 0])
    for epoch in seen:
        np.testing.assert_array_equal(np.sort(epoch), pixels)
    assert np.any(seen[0] != seen[1]) and np.any(seen[1] != seen[2])
    in_order = np.concatenate(seen_by_fit(IMAGES, 1, shuffle=False))
    np.testing.assert_array_equal(in_order, IMAGES[:, 0, 0, 0])


def test_own_batches_are_shuffled_and_told_of_epochs():
    class Counting(OwnBatches):
        ends = 0

        def on_epoch_end(self):
            self.ends += 1

    given = Counting()
    seen, whole = seen_by_fit(given, 3), by_hand(OwnBatches())
    assert given.ends >= 3
    orders = [
        [next(i for i, one in enumerate(whole) if np.array_equal(one, batch)) for batch in epoch]
        for epoch in (seen[:5], seen[5:10], seen[10:])
    ]
    assert all(sorted(order) == list(range(5)) for order in orders)
    assert orders[0] != orders[1] or orders[1] != orders[2]
    assert_same_batches(seen_by_fit(OwnBatches(), 1, shuffle=False), whole)
    assert len(seen_by_fit(OwnBatches(workers=2), 2)) == 10


@pytest.mark.parametrize("make", [batches, lambda: IMAGES, OwnBatches, tf_batches])
def test_steps_of_an_epoch_go_on_where_the_last_one_stopped(make):
    keras.utils.set_random_seed(0)
    size = {"batch_size": 4} if isinstance(make(), np.ndarray) else {}
    keras.utils.set_random_seed(0)
    seen = seen_by_fit(make(), 5, steps_per_epoch=3, **size)
    keras.utils.set_random_seed(0)
    assert_same_batches(seen, seen_by_fit(make(), 3, **size))


# --- training that goes on ---


FEEDS = {
    "Batches": (batches, {}),
    "Batches, 3 steps": (batches, {"steps_per_epoch": 3}),
    "array": (lambda: IMAGES, {"batch_size": 4}),
    "array, 3 steps": (lambda: IMAGES, {"batch_size": 4, "steps_per_epoch": 3}),
    "own PyDataset": (OwnBatches, {}),
    "own PyDataset, 7 steps": (OwnBatches, {"steps_per_epoch": 7}),
    "tf.data": (tf_batches, {}),
    "tf.data, 3 steps": (tf_batches, {"steps_per_epoch": 3}),
    "endless tf.data": (lambda: tf_batches().repeat(), {"steps_per_epoch": 3}),
    "generator": (generator_of_batches, {"steps_per_epoch": 3}),
}


@pytest.mark.parametrize("name", FEEDS)
def test_a_new_process_sees_what_the_uninterrupted_training_sees(name):
    make, arguments = FEEDS[name]
    keras.utils.set_random_seed(0)
    whole = seen_by_fit(make(), 4, **arguments)
    keras.utils.set_random_seed(0)
    rest = seen_by_fit(make(), 4, initial_epoch=2, **arguments)
    assert_same_batches(rest, whole[len(whole) // 2 :])


@pytest.mark.parametrize("name", FEEDS)
def test_two_calls_of_fit_see_what_one_sees(name):
    if name == "tf.data, 3 steps" or name == "endless tf.data":
        pytest.skip("how far a shuffled dataset is, only its iterator knows")
    make, arguments = FEEDS[name]
    keras.utils.set_random_seed(0)
    whole = seen_by_fit(make(), 4, **arguments)
    keras.utils.set_random_seed(0)
    given = make()
    seen = seen_by_fit(given, 2, **arguments)
    seen += seen_by_fit(given, 4, initial_epoch=2, **arguments)
    assert_same_batches(seen, whole)


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C in the midst of the third epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if (self.epoch, batch) == (2, 1):
            raise KeyboardInterrupt


@pytest.mark.parametrize("anew", [False, True])
def test_an_interrupted_cell_run_again(anew, tmp_path):
    whole = small_gan()
    whole.fit(batches(), 4, verbose=0)
    gan, given = small_gan(), batches()
    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
    with pytest.raises(KeyboardInterrupt):
        gan.fit(given, 4, verbose=0, callbacks=[backup, Interrupt()])
    if anew:
        gan, given = small_gan(), batches()
    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
    assert gan.fit(given, 4, verbose=0, callbacks=[backup]).epoch == [2, 3]
    assert largest_difference(gan, weights_of(whole)) == 0
    # Keras itself would go on at the epoch of the backup for ever.
    assert gan.fit(given, 1, verbose=0).epoch == [0]


def test_a_backup_comes_last_in_an_epoch(tmp_path):
    order = []

    class Backup(keras.callbacks.BackupAndRestore):
        def on_epoch_end(self, epoch, logs=None):
            order.append("backup")

    others = [keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: order.append("other"))] * 2
    gan = small_gan()
    gan.fit(batches(), verbose=0, callbacks=[Backup(tmp_path / "backup"), *others])
    assert order == ["other", "other", "backup"]


TRAINING = """
import sys, time
from gan_helpers import data, training
import keras
from keras import layers
import numpy as np

folder, out, stop = sys.argv[1:]
images = np.random.default_rng(0).integers(0, 256, (20, 8, 8), dtype=np.uint8)
keras.utils.set_random_seed(3)
generator = [keras.Input((5,)), layers.Dense(64), layers.BatchNormalization()]
generator += [layers.Activation("tanh"), layers.Reshape((8, 8, 1))]
discriminator = [keras.Input((8, 8, 1)), layers.Flatten(), layers.Dropout(0.3), layers.Dense(1)]
gan = training.GAN(keras.Sequential(generator), keras.Sequential(discriminator), seed=3)
gan.compile()

class Wait(keras.callbacks.Callback):
    epoch = 0
    def on_epoch_begin(self, epoch, logs=None):
        print("epoch", epoch, flush=True)
        self.epoch = epoch
    def on_train_batch_end(self, batch, logs=None):
        if stop == "stop" and (self.epoch, batch) == (2, 1):
            print("half-way", flush=True)
            time.sleep(300)

backup = keras.callbacks.BackupAndRestore(folder)
gan.fit(data.Batches(images, 8, seed=3), 4, verbose=0, callbacks=[backup, Wait()])
np.savez(out, *gan.get_weights())
"""


def test_a_killed_training_goes_on_where_it_stopped(tmp_path, monkeypatch):
    def start(stop):
        return subprocess.Popen(
            [sys.executable, "-c", TRAINING, tmp_path / "killed", tmp_path / "killed.npz", stop],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        )

    killed = start("stop")
    monkeypatch.setattr(sys, "argv", ["", tmp_path / "whole", tmp_path / "whole.npz", ""])
    exec(TRAINING, {})
    for line in killed.stdout:
        if line.startswith("half-way"):
            break
    killed.kill()
    killed.communicate()
    assert not (tmp_path / "killed.npz").exists()
    resumed = start("")
    printed = resumed.communicate()[0]
    assert resumed.returncode == 0
    assert [line for line in printed.splitlines() if line.startswith("epoch")] == [
        "epoch 2",
        "epoch 3",
    ]
    expected, got = np.load(tmp_path / "whole.npz"), np.load(tmp_path / "killed.npz")
    assert expected.files == got.files and len(got.files) > 10
    for name in expected.files:
        np.testing.assert_array_equal(got[name], expected[name])


def test_no_log_of_the_epochs_so_far_is_overwritten(tmp_path):
    gan, path = small_gan(), tmp_path / "log.csv"
    gan.fit(batches(), 2, verbose=0, callbacks=[keras.callbacks.CSVLogger(path)])
    kept = path.read_text()
    with pytest.raises(ValueError, match="CSVLogger would write over .* append=True"):
        gan.fit(batches(), 4, initial_epoch=2, callbacks=[keras.callbacks.CSVLogger(path)])
    assert path.read_text() == kept
    more = keras.callbacks.CSVLogger(path, append=True)
    gan.fit(batches(), 4, initial_epoch=2, verbose=0, callbacks=[more])
    rows = path.read_text().splitlines()
    assert [row.partition(",")[0] for row in rows] == ["epoch", "0", "1", "2", "3"]
    (tmp_path / "backup").mkdir()
    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
    with pytest.raises(ValueError, match="append=True"):
        gan.fit(batches(), 4, callbacks=[keras.callbacks.CSVLogger(path), backup])


# --- divergence ---


class Poison(keras.callbacks.Callback):
    """From a step on, the weights of a network are NaN or infinite, as after too long a step."""

    def __init__(self, epoch, batch, network="generator", value=np.nan):
        super().__init__()
        self.at, self.network, self.value = (epoch, batch), network, value

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if (self.epoch, batch) == self.at:
            network = getattr(self.model, self.network)
            network.set_weights([np.full_like(w, self.value) for w in network.get_weights()])


@pytest.mark.parametrize("network", ["generator", "discriminator"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_ends_the_training_with_a_sentence(network, value):
    gan = small_gan()
    poison = Poison(1, 2, network, value)
    extra = [keras.callbacks.TerminateOnNaN()] if network == "generator" else []
    with pytest.raises(
        training.DivergedError, match=r"_loss is (nan|inf) in step 4 of epoch 2\. .* lower learning"
    ):
        gan.fit(batches(), 4, verbose=0, callbacks=[poison, *extra])
    assert len(gan.history.history["generator_loss"]) == 1
    assert int(gan.generator_optimizer.iterations) == 9
    assert not issubclass(training.DivergedError, ValueError)


def test_nan_in_the_last_step_reaches_no_file(tmp_path):
    gan = small_gan()
    samples = callbacks.EpochSamples(np.zeros((2, 5)))
    kept = [
        keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras"),
        keras.callbacks.BackupAndRestore(tmp_path / "backup"),
        samples,
    ]
    with pytest.raises(training.DivergedError, match="weights of the generator .* after epoch 2"):
        gan.fit(batches(), 4, verbose=0, callbacks=[Poison(1, 4), *kept])
    assert [path.name for path in tmp_path.glob("*.keras")] == ["1.keras"]
    assert len(samples.frames) == 2
    gan.load_weights(tmp_path / "backup" / "latest.weights.h5")
    assert all(np.isfinite(weight).all() for weight in gan.get_weights())


def test_a_learning_rate_that_is_too_high():
    gan = small_gan()
    gan.compile(*[keras.optimizers.SGD(1e30) for _ in range(2)])
    with pytest.raises(training.DivergedError, match="epoch 1"):
        gan.fit(batches(), 2, verbose=0)


# --- Keras' own callbacks, each of them ---


def lambda_callback(tmp_path):
    return keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen_logs.append(logs))


seen_logs = []
WORK = {
    "BackupAndRestore": lambda path: keras.callbacks.BackupAndRestore(
        path / "backup", delete_checkpoint=False
    ),
    "CSVLogger": lambda path: keras.callbacks.CSVLogger(path / "log.csv"),
    "Callback": lambda path: keras.callbacks.Callback(),
    "EarlyStopping": lambda path: keras.callbacks.EarlyStopping(
        monitor="real_score", mode="max", baseline=2.0, restore_best_weights=True
    ),
    "History": lambda path: keras.callbacks.History(),
    "LambdaCallback": lambda_callback,
    "ModelCheckpoint": lambda path: keras.callbacks.ModelCheckpoint(
        path / "{epoch}-{generator_loss:.2f}.keras"
    ),
    "ProgbarLogger": lambda path: keras.callbacks.ProgbarLogger(),
    "RemoteMonitor": lambda path: keras.callbacks.RemoteMonitor("http://127.0.0.1:9"),  # nobody
    "TensorBoard": lambda path: keras.callbacks.TensorBoard(path / "board", histogram_freq=1),
    "TerminateOnNaN": lambda path: keras.callbacks.TerminateOnNaN(),
}
NEEDS = {"TensorBoard": "tensorboard", "RemoteMonitor": "requests"}
REFUSED = {
    "LearningRateScheduler": lambda: keras.callbacks.LearningRateScheduler(lambda epoch: 1e-4),
    "ReduceLROnPlateau": lambda: keras.callbacks.ReduceLROnPlateau(monitor="generator_loss"),
    "SwapEMAWeights": lambda: keras.callbacks.SwapEMAWeights(),
    "OrbaxCheckpoint": lambda: object.__new__(keras.callbacks.OrbaxCheckpoint),  # needs orbax
}
ADVICE = {
    "LearningRateScheduler": "keras.optimizers.schedules",
    "ReduceLROnPlateau": "keras.optimizers.schedules",
    "SwapEMAWeights": "gan.ema_generator",
    "OrbaxCheckpoint": "ModelCheckpoint",
}
# They do nothing that a GAN could stand in the way of. Once a week, with the newest Keras:
UNEVENTFUL = {"Callback", "History", "LambdaCallback", "ProgbarLogger", "RemoteMonitor"}
SHIPPED = sorted(
    name
    for name, kind in vars(keras.callbacks).items()
    if isinstance(kind, type) and issubclass(kind, keras.callbacks.Callback)
)


@pytest.mark.filterwarnings("ignore:Could not reach RemoteMonitor")
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name in UNEVENTFUL else []) for name in SHIPPED],
)
def test_every_callback_of_keras_works_or_is_refused_at_once(name, tmp_path, untouched):
    if name in REFUSED:
        given = REFUSED[name]()
        message = f"{name} needs a model with one optimizer, a GAN has two.*{ADVICE[name]}"
        assert_refused(untouched, lambda gan: gan.fit(batches(), 2, callbacks=[given]), message)
        return
    if name == "CallbackList":
        log = callbacks.StepLog()
        small_gan().fit(batches(), 1, verbose=0, callbacks=keras.callbacks.CallbackList([log]))
        assert len(log.history["real_score"]) == 5
        return
    assert name in WORK, f"{name} is new in Keras {keras.__version__}: does it work with a GAN?"
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    gan = small_gan()
    history = gan.fit(batches(), 2, verbose=0, callbacks=[WORK[name](tmp_path)])
    assert set(history.history) == set(NAMES)
    assert len(history.epoch) == 2 or name == "EarlyStopping"
    files = sorted(
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()
    )
    if name == "CSVLogger":
        assert len((tmp_path / "log.csv").read_text().splitlines()) == 3
    if name == "ModelCheckpoint":
        loss = history.history["generator_loss"]
        assert files == [f"{epoch}-{loss[epoch - 1]:.2f}.keras" for epoch in (1, 2)]
        last = keras.models.load_model(tmp_path / files[1])
        assert largest_difference(last, weights_of(gan)) == 0
    if name == "BackupAndRestore":
        assert "backup/latest.weights.h5" in files
    if name == "TensorBoard":
        assert any("events.out" in file for file in files)
    if name == "LambdaCallback":
        assert set(seen_logs[-1]) == set(NAMES)


def test_early_stopping_stops_and_restores():
    gan = small_gan()
    stop = keras.callbacks.EarlyStopping(
        monitor="val_real_score", mode="max", patience=1, baseline=5.0, restore_best_weights=True
    )
    history = gan.fit(batches(), 9, verbose=0, validation_data=batches(), callbacks=[stop])
    best = int(np.argmax(history.history["val_real_score"]))
    assert len(history.epoch) < 9
    value = gan.evaluate(batches(), verbose=0, return_dict=True)["real_score"]
    assert value == pytest.approx(history.history["val_real_score"][best], rel=1e-5)


class LogsMore(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        logs["my_distance"] = 9.0 - epoch


def checkpoint(path="best.keras", **kwargs):
    return keras.callbacks.ModelCheckpoint(path, save_best_only=True, **kwargs)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: [keras.callbacks.EarlyStopping()], r"monitor='val_loss'\): a GAN does not log"),
        (lambda: [keras.callbacks.EarlyStopping("loss")], "a GAN does not log that. Logged .* "
         "generator_loss, discriminator_loss, real_score, fake_score; .*DistanceLog"),
        (lambda: [keras.callbacks.EarlyStopping("generatorloss", mode="min")], "does not log"),
        (lambda: [keras.callbacks.EarlyStopping("val_generator_loss", mode="min")], "not log"),
        (lambda: [keras.callbacks.EarlyStopping("generator_loss")], "mode='min' or mode='max'"),
        (lambda: [keras.callbacks.EarlyStopping("my_distance", mode="min"), LogsMore()], "not log"),
        (lambda: [keras.callbacks.EarlyStopping("frechet_distance", mode="min")], "not log"),
        (lambda: [LogsMore(), keras.callbacks.EarlyStopping("my_distance")], "mode='min' or"),
        (lambda: [checkpoint()], r"ModelCheckpoint\(monitor='val_loss'\): a GAN does not log"),
        (lambda: [checkpoint(monitor="val_accuracy", mode="max")], "does not log"),
        (lambda: [keras.callbacks.ModelCheckpoint("{epoch}-{val_loss:.2f}.keras")],
         "asks for val_loss, which a GAN does not log"),
        (lambda: [keras.callbacks.ModelCheckpoint("{epoch}-{loss}.weights.h5",
                                                  save_weights_only=True)], "asks for loss"),
        (lambda: [keras.callbacks.ModelCheckpoint("{batch}.keras")], "asks for batch"),
        (lambda: [keras.callbacks.BackupAndRestore("backup", save_freq=2)], "Leave it 'epoch'"),
        (lambda: [keras.callbacks.TensorBoard("b", write_steps_per_second=True)], "Leave it out"),
    ],
)  # fmt: skip
def test_what_keras_would_find_out_too_late(make, message, untouched, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert_refused(untouched, lambda gan: gan.fit(batches(), 2, callbacks=make()), message)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(keras.__version__ < "3.9", reason="Keras 3.6 takes .keras only")
def test_the_old_format_is_refused(untouched):
    given = keras.callbacks.ModelCheckpoint("gan.h5")
    assert_refused(untouched, lambda gan: gan.fit(batches(), callbacks=[given]), "end in .keras")


@pytest.mark.skipif(keras.__version__ < "3.9", reason="Keras 3.6 guesses")
def test_a_checkpoint_that_cannot_know_the_direction(untouched):
    for given in (checkpoint(monitor="real_score"),
                  keras.callbacks.ModelCheckpoint("x.keras", monitor="real_score")):  # fmt: skip
        assert_refused(
            untouched, lambda gan, given=given: gan.fit(batches(), callbacks=[given]), "mode='min'"
        )


def test_what_is_logged_can_be_watched(tmp_path):
    gan = small_gan()
    given = [
        LogsMore(),
        keras.callbacks.EarlyStopping("my_distance", mode="min"),
        checkpoint(tmp_path / "{my_distance}.keras", monitor="my_distance", mode="min"),
        checkpoint(tmp_path / "val.keras", monitor="val_generator_loss", mode="min"),
        keras.callbacks.ModelCheckpoint(
            tmp_path / "{epoch}-{batch}.weights.h5", save_weights_only=True, save_freq=4
        ),
    ]
    gan.fit(batches(), 2, verbose=0, validation_data=batches(), callbacks=given)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["8.0.keras", "9.0.keras", "val.keras", "1-4.weights.h5", "2-3.weights.h5"]
    )


def test_a_gan_that_logs_something_else_is_not_asked():
    class Other(training.GAN):
        def train_step(self, data):
            return {"my_loss": super().train_step(data)["generator_loss"]}

    gan = small_gan(Other)
    stop = keras.callbacks.EarlyStopping("my_loss", mode="min")
    assert set(gan.fit(batches(), 1, verbose=0, callbacks=[stop]).history) == {"my_loss"}
