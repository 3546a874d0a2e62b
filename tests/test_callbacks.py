"""The package's own callbacks, read back from what they keep and write."""

from itertools import pairwise
import sys
import time
from types import SimpleNamespace

from gan_helpers import callbacks, evaluation, plotting, sampling, training
import keras
import numpy as np
import pytest
from small_gans import (
    IMAGES,
    LABELS,
    LATENTS,
    SHAPE,
    batches,
    conditional_gan,
    networks,
    small_gan,
)
import tensorflow as tf

NAMES = {"generator_loss", "discriminator_loss", "real_score", "fake_score"}


def fit(gan, given, epochs=2, **arguments):
    return gan.fit(batches(), epochs, verbose=0, callbacks=given, **arguments).history


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C in the midst of the second epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if (self.epoch, batch) == (1, 2):
            raise KeyboardInterrupt


def interrupted(gan, given, folder):
    """Two epochs, of which the second is begun twice."""
    backup = keras.callbacks.BackupAndRestore(folder)
    with pytest.raises(KeyboardInterrupt):
        fit(gan, [*given, backup, Interrupt()])
    fit(gan, [*given, backup])


# --- StepLog ---


def test_step_log_keeps_every_step():
    log = callbacks.StepLog()
    assert log.history == {}
    history = fit(small_gan(), [log])
    assert set(history) == set(log.history) == NAMES
    for name in NAMES:
        assert len(log.history[name]) == 10
        assert all(isinstance(value, float) for value in log.history[name])
        by_epoch = np.reshape(log.history[name], (2, 5)).mean(axis=1)
        np.testing.assert_allclose(history[name], by_epoch, rtol=1e-4)


def test_step_log_of_a_training_that_goes_on(tmp_path):
    whole, parts, broken = callbacks.StepLog(), callbacks.StepLog(), callbacks.StepLog()
    fit(small_gan(), [whole])
    gan = small_gan()
    fit(gan, [parts], 1)
    fit(gan, [parts], 2, initial_epoch=1)
    assert parts.history == whole.history
    fit(gan, [parts], 1)  # a new training
    assert len(parts.history["real_score"]) == 5
    interrupted(small_gan(), [broken], tmp_path)
    assert broken.history == whole.history


# --- EpochSamples and StepSamples ---


def both(labels=None):
    """A callback of each kind, for the same training run."""
    return [kind(LATENTS, labels) for kind in (callbacks.EpochSamples, callbacks.StepSamples)]


def frames_of(gan, labels=None):
    return sampling.images_from_latents(gan.ema_generator, LATENTS, labels)


def test_samples_keep_frames_of_the_averaged_generator():
    gan, given = small_gan(), both()
    untrained = frames_of(gan)
    fit(gan, given)
    for samples in given:
        np.testing.assert_array_equal(samples.frames[0], untrained)
        np.testing.assert_array_equal(samples.frames[-1], frames_of(gan))
        assert np.abs(samples.frames[0] - samples.frames[-1]).max() > 0
        assert samples.frames[0].dtype == np.float32


def test_samples_in_colour():
    shape = (8, 12, 3)
    gan, given = small_gan(build=lambda: networks(shape)), both()
    images = np.random.default_rng(0).uniform(-1, 1, (8, *shape)).astype(np.float32)
    gan.fit(images, epochs=1, verbose=0, callbacks=given)
    assert [samples.frames[-1].shape for samples in given] == [(4, 8, 12, 3)] * 2


def test_samples_of_a_conditional_gan():
    labels = [0, 1, 2, 0]
    given, gan = both(labels), conditional_gan()
    gan.fit(batches(labels=LABELS), verbose=0, callbacks=given)
    for samples in given:
        np.testing.assert_array_equal(samples.frames[-1], frames_of(gan, labels))


def test_epoch_samples_of_a_training_that_goes_on():
    gan, samples = small_gan(), callbacks.EpochSamples(LATENTS)
    fit(gan, [samples])
    fit(gan, [samples], 4, initial_epoch=2)
    whole = callbacks.EpochSamples(LATENTS)
    fit(small_gan(), [whole], 4)
    np.testing.assert_array_equal(samples.frames, whole.frames)


def test_epoch_samples_of_another_process():
    fit(small_gan(), [callbacks.EpochSamples(LATENTS)])
    again = callbacks.EpochSamples(LATENTS)
    fit(small_gan(seed=1), [again], 3, initial_epoch=2)
    assert len(again.frames) == 2


def test_samples_of_a_new_training():
    gan, given = small_gan(), both()
    fit(gan, given)
    now = frames_of(gan)
    fit(gan, given, 1)  # begins at epoch 0 again
    for samples in given:
        assert len(samples.frames) == 2
        np.testing.assert_array_equal(samples.frames[0], now)
    fit(small_gan(seed=1), given, 2, initial_epoch=1)  # another GAN at the same epoch
    assert [len(samples.frames) for samples in given] == [2, 2]


def test_samples_of_an_interrupted_training(tmp_path):
    steps = [2, 6, 7, 9]
    whole, broken = (
        [callbacks.EpochSamples(LATENTS), callbacks.StepSamples(LATENTS, steps=steps)]
        for _ in range(2)
    )
    fit(small_gan(), whole)
    interrupted(small_gan(), broken, tmp_path)
    for one, other in zip(broken, whole, strict=True):
        np.testing.assert_array_equal(one.frames, other.frames)
    assert broken[1].steps == whole[1].steps


# --- StepSamples ---


def test_the_usual_steps_double():
    assert callbacks.STEPS[:6] == (25, 50, 100, 200, 400, 800)
    assert all(2 * one == other for one, other in pairwise(callbacks.STEPS))


def test_step_samples_keep_the_given_steps():
    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            looks.append(frames_of(self.model))

    gan, samples = small_gan(), callbacks.StepSamples(LATENTS, steps=[7, 1, 7, 100])
    looks = [frames_of(gan)]
    fit(gan, [samples, Look()])
    assert samples.steps == [0, 1, 7, 10]
    assert samples.captions == ["step 0", "step 1", "step 7", "step 10"]
    np.testing.assert_array_equal(samples.frames, [looks[step] for step in samples.steps])


def test_the_last_step_is_kept_once():
    samples = callbacks.StepSamples(LATENTS, steps=(5, 10))
    fit(small_gan(), [samples])
    assert samples.steps == [0, 5, 10]


def test_step_samples_cost_nothing_between_the_steps(monkeypatch):
    made, make = [], sampling.images_from_latents
    monkeypatch.setattr(
        callbacks, "images_from_latents", lambda *args: made.append(1) or make(*args)
    )
    samples = callbacks.StepSamples(LATENTS, steps=[7])
    fit(small_gan(), [samples])
    assert len(made) == 1 + len(samples.frames) == 4  # one to check that the latents fit


def test_step_samples_of_a_training_that_goes_on():
    parts, whole = (callbacks.StepSamples(LATENTS, steps=[3, 8, 12]) for _ in range(2))
    gan = small_gan()
    fit(gan, [parts])
    assert parts.steps == [0, 3, 8, 10]
    fit(gan, [parts], 4, initial_epoch=2)
    assert parts.steps == [0, 3, 8, 10, 12, 20]  # where the first part ended is kept as well
    fit(small_gan(), [whole], 4)
    assert whole.steps == [0, 3, 8, 12, 20]
    np.testing.assert_array_equal(parts.frames[:3] + parts.frames[4:], whole.frames)


def test_step_samples_of_another_process(tmp_path):
    gan = small_gan()
    fit(gan, [])
    gan.save(tmp_path / "gan.keras")
    samples = callbacks.StepSamples(LATENTS, steps=[3, 12])
    fit(keras.saving.load_model(tmp_path / "gan.keras"), [samples], 3, initial_epoch=2)
    assert samples.steps == [10, 12, 15]


def test_step_samples_of_steps_that_are_executed_together():
    gan, samples = small_gan(), callbacks.StepSamples(LATENTS, steps=[1, 3, 6])
    gan.compile(steps_per_execution=2)
    fit(gan, [samples])
    assert samples.steps == [0, 2, 4, 7, 10]  # looked at after 2, 4, 5, 7, 9 and 10 steps


def test_step_samples_of_a_training_that_stops_in_the_midst_of_an_epoch():
    samples = callbacks.StepSamples(LATENTS)
    stop = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: setattr(samples.model, "stop_training", batch == 2)
    )
    fit(small_gan(), [samples, stop])
    assert samples.steps == [0, 3]


def test_captions_can_be_translated_and_long_numbers_read(monkeypatch):
    monkeypatch.setitem(plotting.WORDS, "step", "Schritt {step:,}")
    samples = callbacks.StepSamples(LATENTS)
    samples.steps = [12_800]
    assert samples.captions == ["Schritt 12,800"]


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"latents": LATENTS[:, :3]}, r"latents: expected shape \(n, 5\)"),
        ({"latents": LATENTS[0]}, "latents"),
        ({"latents": LATENTS[:0]}, "latents"),
        ({"latents": "noise"}, "latents"),
        ({"latents": None}, "latents"),
        ({"latents": LATENTS * np.nan}, "latents"),
        ({"latents": LATENTS, "labels": [0, 1, 2, 0]}, "labels: this generator takes none"),
    ],
)
@pytest.mark.parametrize("kind", ["EpochSamples", "StepSamples", "TensorBoardSamples"])
def test_wrong_latents_are_refused_before_anything_is_written(kind, arguments, message, tmp_path):
    if kind == "TensorBoardSamples":
        pytest.importorskip("tensorboard")
        samples = callbacks.TensorBoardSamples(tmp_path / "board", **arguments)
    else:
        samples = getattr(callbacks, kind)(**arguments)
    log = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    with pytest.raises(ValueError, match=message):
        fit(small_gan(), [log, samples])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("labels, message", [(None, "say what to make"), ([0, 1], "labels"),
                                             ([0, 1, 2, 3], "from 0 to 2")])  # fmt: skip
def test_wrong_labels_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        conditional_gan().fit(
            batches(labels=LABELS), callbacks=[callbacks.EpochSamples(LATENTS, labels)]
        )


def test_callbacks_of_a_gan_say_so():
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    for given in (callbacks.EpochSamples(LATENTS), callbacks.DistanceLog(judge())):
        with pytest.raises(ValueError, match="is for a GAN, .* not for a Sequential"):
            model.fit(np.zeros((2, 2)), np.zeros((2, 1)), verbose=0, callbacks=[given])


# --- DistanceLog ---


def judge(shape=SHAPE, classes=3, seconds=0.0):
    """Stands in for a ``Judge``: the distance is 100 times the mean of the images."""

    def frechet_distance(images):
        time.sleep(seconds)
        return 100.0 * float(np.mean(images))

    return SimpleNamespace(
        frechet_distance=frechet_distance,
        label_accuracy=lambda images, labels: float(np.mean(images[:, 0, 0] * labels)),
        image_shape=shape,
        class_names=tuple(map(str, range(classes))),
    )


@pytest.mark.parametrize("conditional", [False, True])
def test_distance_log_measures_both_generators_and_stops_the_clock(conditional):
    gan = conditional_gan() if conditional else small_gan()
    log = callbacks.DistanceLog(judge(seconds=0.2), count=30, seed=2)
    given = batches(labels=LABELS if conditional else None)
    start = time.perf_counter()
    history = gan.fit(given, 2, verbose=0, callbacks=[log]).history
    whole = time.perf_counter() - start
    with_labels = set(log.logged_with_labels) if conditional else set()
    assert set(history) == NAMES | set(log.logged_names) | with_labels
    assert history["frechet_distance"] == log.raw and len(log.raw) == 2
    assert history["frechet_distance_averaged"] == log.averaged
    assert history["seconds"] == pytest.approx(np.diff([0, *log.seconds]))
    assert 0 < log.seconds[-1] < whole - 4 * 0.2
    for generator, distances in ((gan.generator, log.raw), (gan.ema_generator, log.averaged)):
        images, labels = sampling.sample(generator, 30, seed=2)
        assert distances[-1] == judge().frechet_distance(images)
        assert (labels is not None) == conditional
    if conditional:  # that of the averaged generator
        assert log.label_accuracy[-1] == judge().label_accuracy(images, labels)
        assert history["label_accuracy"] == log.label_accuracy
    else:
        assert log.label_accuracy == []


@pytest.mark.filterwarnings("ignore:A Fréchet distance from")
def test_distance_log_with_the_shipped_judge():
    garments = evaluation.load_judge("fashion_mnist")
    gan = small_gan(build=lambda: networks((28, 28, 1)))
    images = np.random.default_rng(0).integers(0, 256, (8, 28, 28, 1)) / 127.5 - 1
    log = callbacks.DistanceLog(garments, count=20)
    gan.fit(images, epochs=1, verbose=0, callbacks=[log])
    made, _ = sampling.sample(gan.ema_generator, 20, seed=0)
    assert log.averaged[0] == pytest.approx(garments.frechet_distance(made), rel=1e-6)


def test_distance_log_of_a_training_that_goes_on(tmp_path):
    gan, log = small_gan(), callbacks.DistanceLog(judge(), count=4)
    fit(gan, [log], 1)
    fit(gan, [log], 3, initial_epoch=1)
    assert len(log.raw) == len(log.averaged) == len(log.seconds) == 3
    assert np.all(np.diff(log.seconds) > 0)
    fit(gan, [log], 1)
    assert len(log.raw) == 1
    interrupted(small_gan(), [log], tmp_path)
    assert len(log.raw) == len(log.seconds) == 2


def test_what_the_distance_log_adds_is_seen_behind_it(tmp_path):
    gan = small_gan()
    given = [
        callbacks.DistanceLog(judge(), count=4),
        keras.callbacks.EarlyStopping("frechet_distance_averaged", mode="min"),
        keras.callbacks.ModelCheckpoint(
            tmp_path / "{epoch}-{frechet_distance:.0f}.weights.h5",
            monitor="frechet_distance",
            mode="min",
            save_best_only=True,
            save_weights_only=True,
        ),
        keras.callbacks.CSVLogger(tmp_path / "log.csv"),
    ]
    history = fit(gan, given, 1)
    distance = history["frechet_distance"][0]
    assert (tmp_path / f"1-{distance:.0f}.weights.h5").exists()
    assert "frechet_distance_averaged" in (tmp_path / "log.csv").read_text()
    with pytest.raises(ValueError, match="frechet_distance_averaged'.*does not log"):
        fit(gan, [given[1], given[0]], 1)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: callbacks.DistanceLog(None), "judge: expected"),
        (lambda: callbacks.DistanceLog(3_000), "judge: expected .* got 3000"),
        (lambda: callbacks.DistanceLog("fashion_mnist"), "judge: expected"),
        (lambda: callbacks.DistanceLog(judge(), count=1), "count"),
        (lambda: callbacks.DistanceLog(judge(), count="10"), "count"),
        (lambda: callbacks.DistanceLog(judge(), count=2.5), "count"),
        (lambda: callbacks.DistanceLog(judge(), seed=-1), "seed"),
        (lambda: callbacks.DistanceLog(judge(), seed=None), "seed"),
        *((lambda value=value: callbacks.StepSamples(LATENTS, steps=value), "^steps: expected")
          for value in (None, 25, "25", b"25", [0], [-1], [2.5], ["25"], [True], [None])),
        *((lambda value=value: callbacks.StopAfter(value), "seconds: expected a number")
          for value in (0, -1, "20", None, True, float("nan"), float("inf"), [1])),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "wrong, message",
    [
        (judge((28, 28, 1)), r"judge knows images \(28, 28, 1\), the generator makes \(8, 8, 1\)"),
        (judge((8, 8, 3)), "judge knows images"),
        (judge(classes=10), "judge knows 10 classes, the generator 3.*judge_for"),
    ],
)
def test_a_judge_of_something_else_is_refused(wrong, message, tmp_path):
    log = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    with pytest.raises(ValueError, match=message):
        conditional_gan().fit(
            batches(labels=LABELS), verbose=0, callbacks=[log, callbacks.DistanceLog(wrong)]
        )
    assert not list(tmp_path.iterdir())


def test_a_judge_of_any_number_of_classes_takes_a_gan_without_labels():
    fit(small_gan(), [callbacks.DistanceLog(judge(classes=26), count=2)], 1)


# --- StopAfter ---


def test_stop_after_stops_in_the_midst_of_an_epoch(capsys):
    gan, clock = small_gan(), callbacks.StopAfter(0.2)
    start = time.perf_counter()
    images = np.tile(IMAGES, (2_000, 1, 1, 1))
    gan.fit(images, epochs=1000, batch_size=20, verbose=0, callbacks=[clock])
    assert time.perf_counter() - start < 60
    assert 0.2 < clock.used < 20
    assert 1 < clock.steps == int(gan.generator_optimizer.iterations)
    assert " of 0.2 s" in capsys.readouterr().err and clock.bar.n == pytest.approx(0.2)
    before = clock.steps
    gan.fit(batches(), 1, verbose=0, callbacks=[callbacks.StopAfter(1e9)])
    gan.fit(batches(), 1, verbose=0, callbacks=[clock])
    assert clock.steps <= 5 != before


def test_the_clock_leaves_out_the_first_step():
    class Slow(training.GAN):
        def train_step(self, data):
            if not int(self.generator_optimizer.iterations):
                time.sleep(2.0)
            return super().train_step(data)

    gan, clock = small_gan(Slow), callbacks.StopAfter(1.9)
    gan.compile(run_eagerly=True)
    gan.fit(batches(10), 1, verbose=0, callbacks=[clock])
    assert clock.steps == 2 and clock.used < 1.9


# --- TensorBoard and Weights & Biases ---


def read_events(folder):
    """The scalars ``{name: [(step, value)]}`` and images ``[(step, pixels)]`` of a run."""
    from tensorboard.backend.event_processing import event_accumulator

    everything = {"tensors": 0}  # of a longer run it would otherwise keep a sample
    events = event_accumulator.EventAccumulator(str(folder), everything).Reload()
    tensors = {
        name: [(event.step, tf.make_ndarray(event.tensor_proto)) for event in events.Tensors(name)]
        for name in events.Tags()["tensors"]
    }
    # An image is stored as its width, its height and then the PNG.
    images = [
        (step, tf.io.decode_png(image[2]).numpy()) for step, image in tensors.pop("samples", [])
    ]
    return tensors, images


@pytest.mark.parametrize("shape", [SHAPE, (8, 8, 3)])
def test_tensorboard_reads_back(shape, tmp_path, capfd):
    pytest.importorskip("tensorboard")
    gan = small_gan(build=lambda: networks(shape))
    gan.compile(learning_rate=0.1)  # so that averaged images can be told from the raw ones
    images = np.random.default_rng(0).uniform(-1, 1, (20, *shape)).astype(np.float32)
    board = callbacks.TensorBoardSamples(tmp_path, LATENTS)
    distances = callbacks.DistanceLog(judge(shape), count=4)
    history = gan.fit(
        images, epochs=2, verbose=0, validation_split=0.2, callbacks=[distances, board]
    ).history
    assert capfd.readouterr() == ("", "")

    scalars, pictures = read_events(tmp_path / "train")
    validated, _ = read_events(tmp_path / "validation")
    assert set(scalars) == {f"epoch_{name}" for name in NAMES | set(distances.logged_names)}
    assert set(validated) == {f"epoch_{name}" for name in NAMES}
    for name, values in history.items():
        read = (validated if name.startswith("val_") else scalars)[
            f"epoch_{name.removeprefix('val_')}"
        ]
        assert [step for step, _ in read] == [1, 2]
        np.testing.assert_allclose([value for _, value in read], values, rtol=1e-6)

    assert [step for step, _ in pictures] == [1, 2]
    last = sampling.images_from_latents(gan.ema_generator, LATENTS)
    raw = sampling.images_from_latents(gan.generator, LATENTS)
    assert 255 * np.abs(raw - last).max() > 10
    expected = 255 * plotting.tile_images(last)
    np.testing.assert_allclose(np.squeeze(pictures[1][1]), expected, atol=1)
    assert np.any(pictures[0][1] != pictures[1][1])


def test_tensorboard_of_a_conditional_gan_that_goes_on(tmp_path):
    pytest.importorskip("tensorboard")
    gan = conditional_gan()
    board = callbacks.TensorBoardSamples(tmp_path, LATENTS, [0, 1, 2, 0])
    gan.fit(batches(labels=LABELS), 1, verbose=0, callbacks=[board])
    gan.fit(batches(labels=LABELS), 2, initial_epoch=1, verbose=0, callbacks=[board])
    scalars, pictures = read_events(tmp_path / "train")
    assert set(scalars) == {f"epoch_{name}" for name in NAMES}
    assert [step for step, _ in pictures] == [1, 2]


def test_tensorboard_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ImportError, match="pip install -r requirements-tracking.txt"):
        callbacks.TensorBoardSamples(tmp_path, LATENTS)


def test_the_recipe_for_weights_and_biases():
    rows = []
    run = SimpleNamespace(log=rows.append)
    # As in the docstring of gan_helpers.callbacks.
    log = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: run.log({"epoch": epoch + 1, **logs})
    )
    history = fit(small_gan(), [callbacks.DistanceLog(judge(), count=2), log])
    assert [row.pop("epoch") for row in rows] == [1, 2]
    for name, values in history.items():
        assert [row[name] for row in rows] == values
