"""The train step, its bookkeeping, and what a user can get wrong."""

import math
import os
from pathlib import Path
import subprocess
import sys
import time

from conftest import small_conditional_gan
from gan_helpers import data, metrics, models, training
import keras
import numpy as np
from PIL import Image
import pytest
import tensorflow as tf

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (10, 28, 28), dtype=np.uint8)
LABELS = np.arange(10, dtype=np.uint8) % 3
LATENTS = RNG.standard_normal((4, 100)).astype(np.float32)


def small_gan(seed=0, improved=False, **kwargs):
    keras.utils.set_random_seed(seed)
    if improved:
        networks = models.improved_dcgan_generator(width=2), models.improved_dcgan_discriminator(2)
    else:
        networks = models.dense_generator(width=4), models.dense_discriminator(width=4)
    gan = training.GAN(*networks, seed=seed, **kwargs)
    gan.compile()
    return gan


def weights_of(network):
    return [weight.copy() for weight in network.get_weights()]


def moved(network, old):
    return max(np.abs(new - before).max() for new, before in zip(network.get_weights(), old))  # noqa: B905


def one_batch(size=10, labels=None):
    return next(iter(data.batches(IMAGES, size, seed=0, labels=labels)))


def test_losses_by_hand():
    def sigmoid(a):
        return 1 / (1 + math.exp(-a))

    real, fake = np.array([[2.0], [-1.0]], np.float32), np.array([[0.5], [3.0]], np.float32)
    by_hand = -(math.log(sigmoid(2)) + math.log(sigmoid(-1))) / 2
    by_hand -= (math.log(1 - sigmoid(0.5)) + math.log(1 - sigmoid(3))) / 2
    assert float(training.discriminator_loss(real, fake)) == pytest.approx(by_hand, rel=1e-5)
    by_hand = -(math.log(sigmoid(0.5)) + math.log(sigmoid(3))) / 2
    assert float(training.generator_loss(fake)) == pytest.approx(by_hand, rel=1e-5)


def test_losses_stay_finite_for_sure_discriminators():
    sure = np.full((2, 1), 1e4, np.float32)
    assert float(training.discriminator_loss(-sure, sure)) == pytest.approx(2e4)
    assert float(training.generator_loss(-sure)) == pytest.approx(1e4)


def test_a_step_moves_both_networks():
    gan = small_gan()
    old = weights_of(gan.generator), weights_of(gan.discriminator)
    gan.train_step(one_batch())
    assert moved(gan.generator, old[0]) > 0
    assert moved(gan.discriminator, old[1]) > 0


@pytest.mark.parametrize("still", ["generator", "discriminator"])
def test_each_loss_moves_only_its_own_network(still):
    gan = small_gan()
    rates = {"generator": 1e-3, "discriminator": 1e-3, still: 0.0}
    gan.compile(*(keras.optimizers.Adam(rates[n]) for n in ("generator", "discriminator")))
    old = {name: weights_of(getattr(gan, name)) for name in rates}
    gan.train_step(one_batch())
    for name in rates:
        assert (moved(getattr(gan, name), old[name]) == 0) == (name == still)


def test_each_network_gets_better_when_the_other_stands_still():
    for still, log in (("generator", "discriminator_loss"), ("discriminator", "generator_loss")):
        gan = small_gan()
        rates = {"generator": 3e-3, "discriminator": 3e-3, still: 0.0}
        gan.compile(*(keras.optimizers.Adam(rates[n]) for n in ("generator", "discriminator")))
        losses = [float(gan.train_step(one_batch())[log]) for _ in range(40)]
        assert np.mean(losses[-5:]) < np.mean(losses[:5])


def test_both_networks_are_told_that_they_train():
    seen = []

    class Spy(keras.layers.Layer):
        def call(self, inputs, training=None):
            seen.append((self.name, training))
            return inputs

    generator = keras.Sequential([*models.dense_generator(width=2).layers, Spy(name="g")])
    discriminator = keras.Sequential([Spy(name="d"), *models.dense_discriminator(width=2).layers])
    generator.build((None, 100))
    discriminator.build((None, 28, 28, 1))
    gan = training.GAN(generator, discriminator)
    gan.compile()
    seen.clear()
    gan.train_step(one_batch())
    assert sorted(seen) == [("d", True), ("d", True), ("g", True)]
    seen.clear()
    gan.generate_images(2)
    assert seen == [("g", False)]


def test_batch_statistics_move():
    gan = small_gan(improved=True)
    for network in (gan.generator, gan.discriminator):
        means = [w for w in network.non_trainable_weights if "moving_mean" in w.path]
        assert means and all(np.all(mean.numpy() == 0) for mean in means)
    gan.train_step(one_batch())
    for network in (gan.generator, gan.discriminator):
        means = [w for w in network.non_trainable_weights if "moving_mean" in w.path]
        assert all(np.any(mean.numpy() != 0) for mean in means)


def test_averaged_weights_are_the_average():
    gan = small_gan(averaging=0.25)
    expected = weights_of(gan.generator)
    for step in range(1, 5):
        gan.train_step(one_batch())
        keep = min(0.25, (1 + step) / (10 + step))
        for average, weight in zip(expected, gan.generator.get_weights(), strict=True):
            average *= keep
            average += (1 - keep) * weight
    for average, weight in zip(expected, gan.averaged_generator.get_weights(), strict=True):
        np.testing.assert_allclose(average, weight, rtol=1e-5, atol=1e-7)
    assert moved(gan.averaged_generator, weights_of(gan.generator)) > 0


def test_latents_are_new_in_every_step_and_standard_normal():
    gan = small_gan()
    draw = tf.function(lambda: gan.draw_latents(2000))
    first, second = draw().numpy(), draw().numpy()
    assert first.shape == (2000, 100)
    assert np.abs(first - second).max() > 1
    assert abs(first.mean()) < 0.02 and abs(first.std() - 1) < 0.02


@pytest.mark.parametrize("size, steps", [(10, 1), (4, 3), (3, 4)])
def test_fit_takes_any_batch_size_and_logs_means(size, steps):
    log = training.StepLog()
    history = small_gan().fit(data.batches(IMAGES, size, 0), 2, verbose=0, callbacks=[log]).history
    names = {"generator_loss", "discriminator_loss", "real_score", "fake_score"}
    assert set(history) == set(log.history) == names
    for name in names:
        assert len(log.history[name]) == 2 * steps
        by_epoch = np.reshape(log.history[name], (2, steps)).mean(axis=1)
        np.testing.assert_allclose(history[name], by_epoch, rtol=1e-4)
    for name in ("real_score", "fake_score"):
        assert min(history[name]) > 0 and max(history[name]) < 1


def test_scores_are_the_mean_probabilities_of_the_batch():
    gan = small_gan()
    gan.discriminator.layers[-1].set_weights([np.zeros((4, 1)), np.array([1.0])])
    logs = gan.train_step(one_batch())
    for name in ("real_score", "fake_score"):
        assert float(logs[name]) == pytest.approx(1 / (1 + math.exp(-1)), rel=1e-5)


def test_same_seed_same_numbers():
    runs = []
    for seed in (0, 0, 1):
        gan = small_gan(seed, improved=True)
        gan.fit(data.batches(IMAGES, 4, seed=seed), 2, verbose=0)
        runs.append(np.concatenate([w.ravel() for w in gan.averaged_generator.get_weights()]))
    np.testing.assert_array_equal(runs[0], runs[1])
    assert np.abs(runs[0] - runs[2]).max() > 0


def test_conditional_gan_trains_both_networks_with_labels():
    gan = small_conditional_gan()
    old = weights_of(gan.generator), weights_of(gan.discriminator)
    gan.fit(data.batches(IMAGES, 4, 0, labels=LABELS), verbose=0)
    for network, before in zip((gan.generator, gan.discriminator), old, strict=True):
        embedding = [
            np.abs(new.numpy() - weight).max()
            for new, weight in zip(network.weights, before, strict=True)
            if "embedding" in new.path
        ]
        assert len(embedding) == 1 and embedding[0] > 0


def test_generate_images():
    gan = small_gan()
    images = gan.generate_images(10, seed=1)
    assert images.shape == (10, 28, 28) and images.dtype == np.float32
    assert images.min() >= 0 and images.max() <= 1
    np.testing.assert_array_equal(images, gan.generate_images(10, seed=1))
    assert np.abs(images - gan.generate_images(10)).max() > 0
    gan.averaged_generator.set_weights([0 * w for w in gan.averaged_generator.get_weights()])
    np.testing.assert_allclose(gan.generate_images(2), 0.5)


def test_images_from_latents_in_pieces_are_the_same():
    generator = models.dense_generator(width=4)
    whole = models.images_from_latents(generator, LATENTS)
    pieces = models.images_from_latents(generator, LATENTS, batch_size=3)
    np.testing.assert_allclose(whole, pieces, atol=1e-6)


def test_conditional_images_follow_the_labels():
    gan = small_conditional_gan()
    one = gan.generate_images(3, labels=2, seed=0)
    np.testing.assert_array_equal(one, gan.generate_images(3, labels=[2, 2, 2], seed=0))
    assert np.abs(one - gan.generate_images(3, labels=1, seed=0)).max() > 0
    assert models.number_of_classes(gan.generator) == 3


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: small_gan().generate_images(0), "count: expected at least 1"),
        (lambda: small_gan().generate_images(2, labels=1), "takes no labels"),
        (lambda: small_conditional_gan().generate_images(2), "say what to make"),
        (lambda: small_conditional_gan().generate_images(2, labels=3), "from 0 to 2"),
        (lambda: small_conditional_gan().generate_images(2, labels=-1), "from 0 to 2"),
        (lambda: small_conditional_gan().generate_images(2, labels=[1]), r"shape \(2,\)"),
        (
            lambda: small_gan().fit(data.batches(IMAGES, 4, 0), epochs=0),
            "epochs: expected at least",
        ),
        (lambda: small_gan().fit(data.batches(IMAGES, 4, 0, labels=LABELS)), "use ConditionalGAN"),
        (lambda: small_conditional_gan().fit(data.batches(IMAGES, 4, 0)), "the labels"),
        (lambda: small_gan(averaging=1.0), r"averaging: expected a number in \[0, 1\)"),
        (
            lambda: models.images_from_latents(models.dense_generator(), np.zeros((2, 7))),
            r"latents: expected shape \(n, 100\)",
        ),
        (
            lambda: training.GAN(
                models.dense_generator(),
                keras.Sequential([keras.layers.Input((32, 32, 1)), keras.layers.Flatten()]),
            ),
            "the discriminator takes",
        ),
        (
            lambda: training.GAN(
                models.dense_generator(),
                keras.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Flatten()]),
            ),
            "one logit an image",
        ),
        (
            lambda: training.GAN(
                models.dense_generator(),
                keras.Sequential(
                    [models.dense_discriminator(), keras.layers.Activation("sigmoid")]
                ),
            ),
            "ends in sigmoid",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_one_optimizer_for_both_is_refused():
    optimizer = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="optimizer of its own"):
        small_gan().compile(optimizer, optimizer)


def test_default_optimizers():
    gan = small_gan()
    assert gan.generator_optimizer is not gan.discriminator_optimizer
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert optimizer.beta_1 == 0.5


def test_epoch_samples_keep_frames_of_the_averaged_generator(tmp_path):
    gan = small_gan()
    samples = training.EpochSamples(LATENTS, folder=tmp_path / "frames")
    gan.fit(data.batches(IMAGES, 4, 0), 2, verbose=0, callbacks=[samples])
    assert len(samples.frames) == 3
    last = models.images_from_latents(gan.averaged_generator, LATENTS)
    np.testing.assert_array_equal(samples.frames[-1], last)
    assert np.abs(samples.frames[0] - last).max() > 0
    files = sorted((tmp_path / "frames").iterdir())
    assert [file.name for file in files] == [f"epoch_{n:03d}.png" for n in range(3)]
    assert Image.open(files[0]).size == (58, 58)


def test_epoch_samples_of_a_conditional_gan():
    samples = training.EpochSamples(LATENTS, labels=[0, 1, 2, 0])
    gan = small_conditional_gan()
    gan.fit(data.batches(IMAGES, 4, 0, labels=LABELS), verbose=0, callbacks=[samples])
    last = models.images_from_latents(gan.averaged_generator, LATENTS, [0, 1, 2, 0])
    np.testing.assert_array_equal(samples.frames[-1], last)


@pytest.mark.parametrize("make", [lambda: small_gan(improved=True), small_conditional_gan])
def test_networks_are_saved_and_loaded(make, tmp_path):
    gan = make()
    for network in (gan.generator, gan.discriminator, gan.averaged_generator):
        network.save(tmp_path / "network.keras")
        loaded = keras.models.load_model(tmp_path / "network.keras")
        assert moved(loaded, weights_of(network)) == 0
        network.save_weights(tmp_path / "network.weights.h5")
        clone = keras.models.clone_model(network)
        clone.load_weights(tmp_path / "network.weights.h5")
        assert moved(clone, weights_of(network)) == 0


TRAINING = """
import sys, time
from gan_helpers import data, models, training
import keras
import numpy as np

folder, out, stop = sys.argv[1:]
images = np.random.default_rng(0).integers(0, 256, (20, 28, 28), dtype=np.uint8)
keras.utils.set_random_seed(3)
gan = training.GAN(models.improved_dcgan_generator(width=2), models.dcgan_discriminator(2), seed=3)
gan.compile()
batches = data.batches(images, 8, seed=3)

class Wait(keras.callbacks.Callback):
    epoch = 0
    def on_epoch_begin(self, epoch, logs=None):
        print("epoch", epoch, flush=True)
        self.epoch = epoch
    def on_train_batch_end(self, batch, logs=None):
        if stop == "stop" and (self.epoch, batch) == (2, 1):
            print("half-way", flush=True)
            time.sleep(120)

gan.fit(batches, 4, verbose=0, callbacks=[training.BackupAndResume(folder, batches), Wait()])
np.savez(out, *gan.get_weights())
"""


def test_a_killed_training_goes_on_where_it_stopped(tmp_path):
    def start(folder, out, stop):
        return subprocess.Popen(
            [sys.executable, "-c", TRAINING, tmp_path / folder, tmp_path / out, stop],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        )

    whole, killed = start("whole", "whole.npz", ""), start("killed", "killed.npz", "stop")
    for line in killed.stdout:
        if line.startswith("half-way"):
            break
    killed.kill()
    killed.communicate()
    assert not (tmp_path / "killed.npz").exists()
    resumed = start("killed", "killed.npz", "")
    printed = resumed.communicate()[0]
    assert resumed.returncode == 0
    assert [line for line in printed.splitlines() if line.startswith("epoch")] == [
        "epoch 2",
        "epoch 3",
    ]
    whole.communicate()
    assert whole.returncode == 0
    expected, got = np.load(tmp_path / "whole.npz"), np.load(tmp_path / "killed.npz")
    assert expected.files == got.files and len(got.files) > 10
    for name in expected.files:
        np.testing.assert_allclose(got[name], expected[name], rtol=1e-5, atol=1e-6)


@pytest.mark.filterwarnings("ignore:A Fréchet distance from")
@pytest.mark.parametrize("conditional", [False, True])
def test_distance_log_measures_both_generators_and_stops_the_clock(conditional, monkeypatch):
    gan = small_conditional_gan() if conditional else small_gan()
    batches = data.batches(IMAGES, 5, 0, labels=LABELS if conditional else None)
    log = training.DistanceLog(count=30, seed=2)
    measured = training.DistanceLog.measure
    monkeypatch.setattr(
        training.DistanceLog, "measure", lambda *a: (time.sleep(0.5), measured(*a))[1]
    )
    start = time.perf_counter()
    history = gan.fit(batches, 3, verbose=0, callbacks=[log]).history
    whole = time.perf_counter() - start
    assert history["frechet_distance"] == log.raw and len(log.raw) == 3
    assert history["frechet_distance_averaged"] == log.averaged
    assert history["seconds"] == pytest.approx(np.diff([0, *log.seconds]))
    assert 0 < log.seconds[-1] < whole - 6 * 0.5
    for generator, distances in ((gan.generator, log.raw), (gan.averaged_generator, log.averaged)):
        images, labels = models.draw_images(generator, 30, seed=2)
        assert distances[-1] == pytest.approx(metrics.image_distance(images))
        assert (labels is not None) == conditional


def test_distance_log_needs_images():
    with pytest.raises(ValueError, match="count: expected at least 2, got 1"):
        training.DistanceLog(count=1)
