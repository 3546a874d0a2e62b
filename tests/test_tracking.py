"""Tables, TensorBoard and Weights & Biases, read back from what they wrote."""

import json
import sys

from conftest import small_conditional_gan
from gan_helpers import data, models, plotting, tracking, training
import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

IMAGES = np.random.default_rng(0).integers(0, 256, (32, 28, 28), dtype=np.uint8)
LATENTS = np.random.default_rng(1).standard_normal((5, 100)).astype(np.float32)
LABELS = np.arange(32, dtype=np.uint8) % 3
NAMES = {"generator_loss", "discriminator_loss", "real_score", "fake_score"}


def small_gan():
    keras.utils.set_random_seed(0)
    networks = models.dense_generator(width=4), models.dense_discriminator(width=4)
    gan = training.GAN(*networks, seed=0)
    gan.compile()
    return gan


def fit(gan, callbacks, epochs=2):
    return gan.fit(data.batches(IMAGES, 8, seed=0), epochs, verbose=0, callbacks=callbacks).history


class Distance(keras.callbacks.Callback):
    """Adds to ``logs`` what a metric would."""

    def on_epoch_end(self, epoch, logs=None):
        logs["frechet_distance"] = 50.0 - epoch
        logs["frechet_distance_averaged"] = 20.0 - epoch


def test_frame_by_epoch():
    frame = tracking.history_frame({"generator_loss": [0.5, 0.25], "real_score": [0.5, 0.75]})
    assert frame.index.name == "epoch" and list(frame.index) == [1, 2]
    assert list(frame.columns) == ["generator_loss", "real_score"]
    assert frame.loc[2, "real_score"] == 0.75


def test_frame_by_step():
    frame = tracking.history_frame({"generator_loss": [3.0, 2.0, 1.0]}, steps_per_epoch=2)
    assert frame.index.name == "step" and list(frame.index) == [1, 2, 3]
    assert list(frame.columns) == ["epoch", "generator_loss"]
    assert list(frame["epoch"]) == [0.5, 1.0, 1.5]


def test_frames_of_a_training():
    steps = training.StepLog()
    by_epoch = tracking.history_frame(fit(small_gan(), [Distance(), steps]))
    assert set(by_epoch.columns) == NAMES | {"frechet_distance", "frechet_distance_averaged"}
    by_step = tracking.history_frame(steps.history, steps_per_epoch=4)
    assert len(by_step) == 8 and by_step["epoch"].iloc[-1] == 2
    means = by_step.groupby(np.ceil(by_step["epoch"]))["generator_loss"].mean()
    np.testing.assert_allclose(means, by_epoch["generator_loss"], rtol=1e-5)


@pytest.mark.parametrize("steps_per_epoch", [None, 2])
def test_csv_round_trip(tmp_path, steps_per_epoch):
    history = {"generator_loss": [1 / 3, float("nan"), 0.1], "real_score": [1e-9, 0.2, 1.0]}
    frame = tracking.history_frame(history, steps_per_epoch)
    frame.to_csv(tmp_path / "run.csv")
    read = pd.read_csv(tmp_path / "run.csv", index_col=frame.index.name)
    pd.testing.assert_frame_equal(read, frame)


@pytest.mark.parametrize(
    ("history", "steps_per_epoch", "message"),
    [
        ({}, None, "nothing recorded"),
        ({"generator_loss": []}, None, "nothing recorded"),
        ({"a": [1.0, 2.0], "b": [1.0]}, None, r"one length, got \{'a': 2, 'b': 1\}"),
        ({"a": [1.0], "b": []}, None, "one length"),
        ({"a": [1.0]}, 0, "steps_per_epoch: expected at least 1, got 0"),
        (keras.callbacks.History(), None, r"got History\. .* as their \.history"),
    ],
)
def test_frame_refuses(history, steps_per_epoch, message):
    with pytest.raises(ValueError, match=message):
        tracking.history_frame(history, steps_per_epoch)


def read_events(folder):
    """The scalars ``{name: [(step, value)]}`` and images ``[(step, pixels)]`` of a run."""
    from tensorboard.backend.event_processing import event_accumulator

    everything = {"tensors": 0}  # of a longer run it would otherwise keep a sample
    events = event_accumulator.EventAccumulator(str(folder / "train"), everything).Reload()
    tensors = {
        name: [(event.step, tf.make_ndarray(event.tensor_proto)) for event in events.Tensors(name)]
        for name in events.Tags()["tensors"]
    }
    # An image is stored as its width, its height and then the PNG.
    images = [(step, tf.io.decode_png(image[2])) for step, image in tensors.pop("samples")]
    return tensors, images


def test_tensorboard_reads_back(tmp_path, capfd):
    pytest.importorskip("tensorboard")
    gan = small_gan()
    # Long steps, so that the averaged images can be told from the raw generator's.
    gan.compile(generator_optimizer=keras.optimizers.Adam(0.05))
    history = fit(gan, [Distance(), tracking.TensorBoardSamples(tmp_path, LATENTS)])
    assert capfd.readouterr() == ("", "")

    scalars, images = read_events(tmp_path)
    added = {"frechet_distance", "frechet_distance_averaged"}
    assert set(scalars) == {f"epoch_{name}" for name in NAMES | added}
    for name, values in history.items():
        assert [step for step, _ in scalars[f"epoch_{name}"]] == [1, 2]
        read = [value for _, value in scalars[f"epoch_{name}"]]
        np.testing.assert_allclose(read, values, rtol=1e-6)

    assert [step for step, _ in images] == [1, 2]
    last = models.images_from_latents(gan.averaged_generator, LATENTS)
    raw = models.images_from_latents(gan.generator, LATENTS)
    assert 255 * np.abs(raw - last).max() > 10
    expected = 255 * plotting.tile_images(last)  # 5 images in 2 rows of 3, gaps of 2 pixels
    assert images[1][1].shape == (58, 88, 1)
    np.testing.assert_allclose(images[1][1][..., 0], expected, atol=1)
    assert np.any(images[0][1] != images[1][1])


def test_tensorboard_of_a_conditional_gan(tmp_path):
    pytest.importorskip("tensorboard")
    gan = small_conditional_gan()
    board = tracking.TensorBoardSamples(tmp_path, LATENTS, [0, 1, 2, 0, 1])
    gan.fit(data.batches(IMAGES, 16, seed=0, labels=LABELS), verbose=0, callbacks=[board])
    scalars, images = read_events(tmp_path)
    assert set(scalars) == {f"epoch_{name}" for name in NAMES}
    assert images[0][1].shape == (58, 88, 1)


def test_tensorboard_refuses_wrong_latents_before_the_first_epoch(tmp_path):
    pytest.importorskip("tensorboard")
    steps = training.StepLog()
    with pytest.raises(ValueError, match=r"latents: expected shape \(n, 100\)"):
        fit(small_gan(), [steps, tracking.TensorBoardSamples(tmp_path, LATENTS[:, :7])])
    assert steps.history == {}


def test_tensorboard_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ImportError, match="pip install -r requirements-tracking.txt"):
        tracking.TensorBoardSamples(tmp_path, LATENTS)


def offline_records(path):
    """The records of a ``.wandb`` file, which wandb itself can read only in its Go part.

    The file is a LevelDB log with a header of 7 bytes: blocks of 32 KiB hold pieces, each after
    a checksum (4 bytes), its length (2 bytes) and its kind (1 whole, 2 first, 3 middle, 4 last).
    """
    from wandb.proto.wandb_internal_pb2 import Record

    content, place, record = path.read_bytes(), 7, b""
    while place + 7 <= len(content):
        left = -place % 32768
        if 0 < left < 7:  # too short for another piece
            place += left
            continue
        length = int.from_bytes(content[place + 4 : place + 6], "little")
        kind = content[place + 6]
        record += content[place + 7 : place + 7 + length]
        place += 7 + length
        if kind in (1, 4):
            yield Record.FromString(record)
            record = b""


def test_wandb_offline(tmp_path, monkeypatch):
    for name in ("WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_CONFIG_DIR", "WANDB_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_ERROR_REPORTING", "false")
    monkeypatch.setenv("WANDB_SILENT", "true")
    monkeypatch.setenv("WANDB_CONSOLE", "off")
    wandb = pytest.importorskip("wandb")

    # The recipe in the docstring of gan_helpers.tracking.
    run = wandb.init(project="gan")
    log = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: run.log({"epoch": epoch + 1, **logs})
    )
    history = fit(small_gan(), [Distance(), log])
    run.finish()
    wandb.teardown()

    (path,) = tmp_path.glob("wandb/offline-run-*/run-*.wandb")
    rows = [
        {
            item.key or item.nested_key[0]: json.loads(item.value_json)
            for item in record.history.item
        }
        for record in offline_records(path)
        if record.WhichOneof("record_type") == "history"
    ]
    assert [row["epoch"] for row in rows] == [1, 2]
    for name in NAMES | {"frechet_distance"}:
        assert [row[name] for row in rows] == pytest.approx(history[name])
