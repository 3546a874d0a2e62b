"""The train step against one that is written out, hooks, saving, and Keras' own verbs."""

import importlib
import math
import os
from pathlib import Path
import subprocess
import sys
import zipfile

from gan_helpers import losses, models, penalties, sampling, training
import keras
import numpy as np
import pytest
from small_gans import (
    IMAGES,
    LABELS,
    LATENT_DIM,
    LATENTS,
    SHAPE,
    batches,
    conditional_gan,
    conditional_networks,
    largest_difference,
    networks,
    small_gan,
    weights_of,
)
import tensorflow as tf

NAMES = ["generator_loss", "discriminator_loss", "real_score", "fake_score"]


def one_batch(size=10, labels=None):
    return batches(size, labels=labels)[0] if labels is not None else IMAGES[:size]


def optimizers(generator=1e-3, discriminator=1e-3):
    return [keras.optimizers.Adam(rate, beta_1=0.5) for rate in (generator, discriminator)]


# --- the step ---


def test_the_step_is_the_one_that_notebook_01_writes_out():
    keras.utils.set_random_seed(3)
    generator, discriminator = networks()
    ours = optimizers()
    latent_seed = keras.random.SeedGenerator(3)

    @tf.function
    def written_out(real_images):
        latents = keras.random.normal((tf.shape(real_images)[0], LATENT_DIM), seed=latent_seed)
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = losses.non_saturating_generator(fake_logits)
            loss_of_discriminator = losses.non_saturating_discriminator(real_logits, fake_logits)
        weights = discriminator.trainable_variables
        ours[1].apply(discriminator_tape.gradient(loss_of_discriminator, weights), weights)
        weights = generator.trainable_variables
        ours[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)

    for _ in range(3):
        written_out(one_batch())
    gan = small_gan(seed=3)
    gan.compile(*optimizers())
    step = tf.function(gan.train_step)
    for _ in range(3):
        step(one_batch())
    for mine, network in ((gan.generator, generator), (gan.discriminator, discriminator)):
        for one, other in zip(mine.get_weights(), network.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)


class TwoSteps(training.GAN):
    discriminator_steps = 2


def test_several_steps_of_the_discriminator_are_those_of_keras_example():
    gan = small_gan(TwoSteps, seed=3)
    gan.compile(*optimizers())
    keras.utils.set_random_seed(3)
    generator, discriminator = networks()
    ours, latent_seed = optimizers(), keras.random.SeedGenerator(3)
    real = one_batch()
    for _ in range(2):  # of train_step
        for _ in range(2):
            latents = keras.random.normal((10, LATENT_DIM), seed=latent_seed)
            with tf.GradientTape() as tape:
                fake = generator(latents, training=True)
                real_logits = discriminator(real, training=True)
                fake_logits = discriminator(fake, training=True)
                loss = losses.non_saturating_discriminator(real_logits, fake_logits)
            weights = discriminator.trainable_variables
            ours[1].apply(tape.gradient(loss, weights), weights)
        latents = keras.random.normal((10, LATENT_DIM), seed=latent_seed)
        with tf.GradientTape() as tape:
            fake_logits = discriminator(generator(latents, training=True), training=True)
            loss = losses.non_saturating_generator(fake_logits)
        weights = generator.trainable_variables
        ours[0].apply(tape.gradient(loss, weights), weights)
        logs = gan.train_step(real)
        assert float(logs["generator_loss"]) == float(loss)
    assert int(gan.discriminator_optimizer.iterations) == 4
    assert int(gan.generator_optimizer.iterations) == 2
    for mine, network in ((gan.generator, generator), (gan.discriminator, discriminator)):
        for one, other in zip(mine.get_weights(), network.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("steps", [0, -1, 1.5, "2", None, True])
def test_discriminator_steps_are_checked(steps):
    gan = small_gan()
    gan.discriminator_steps = steps
    with pytest.raises(ValueError, match="discriminator_steps"):
        gan.train_step(one_batch())


@pytest.mark.parametrize("still", ["generator", "discriminator"])
def test_each_loss_moves_only_its_own_network(still):
    gan = small_gan()
    gan.compile(*optimizers(**{still: 0.0}))
    old = {name: weights_of(getattr(gan, name)) for name in ("generator", "discriminator")}
    gan.train_step(one_batch())
    for name, weights in old.items():
        assert (largest_difference(getattr(gan, name), weights) == 0) == (name == still)


@pytest.mark.parametrize(
    "still, log", [("generator", "discriminator_loss"), ("discriminator", "generator_loss")]
)
def test_each_network_gets_better_when_the_other_stands_still(still, log):
    gan = small_gan()
    rates = {"generator": 1e-2, "discriminator": 1e-2, still: 0.0}
    gan.compile(*optimizers(**rates))
    step = tf.function(gan.train_step)
    values = [float(step(one_batch())[log]) for _ in range(60)]
    assert np.mean(values[-10:]) < np.mean(values[:10]) - 0.05


def test_both_networks_are_told_that_they_train():
    seen = []

    class Spy(keras.layers.Layer):
        def call(self, inputs, training=None):
            seen.append((self.name, training))
            return inputs

    def build():
        generator, discriminator = networks()
        return (
            keras.Sequential([keras.Input((LATENT_DIM,)), *generator.layers, Spy(name="g")]),
            keras.Sequential([keras.Input(SHAPE), Spy(name="d"), *discriminator.layers]),
        )

    gan = small_gan(build=build)
    seen.clear()
    gan.train_step(one_batch())
    assert sorted(seen) == [("d", True), ("d", True), ("g", True)]
    for call in (
        lambda: gan.generate_images(2),
        lambda: gan(LATENTS),
        lambda: gan.test_step(one_batch()),
    ):
        seen.clear()
        call()
        assert seen and {told for _, told in seen} == {False}


def test_batch_statistics_move():
    def build():
        return (
            models.improved_dcgan_generator(LATENT_DIM, 2, image_shape=SHAPE),
            models.improved_dcgan_discriminator(2, image_shape=SHAPE),
        )

    gan = small_gan(build=build)

    def means(network):
        return [w.numpy() for w in network.non_trainable_weights if "moving_mean" in w.path]

    assert not np.any(np.concatenate(means(gan.generator) + means(gan.discriminator)))
    gan.train_step(one_batch())
    for network in (gan.generator, gan.discriminator):
        assert means(network) and all(np.any(mean) for mean in means(network))


def test_averaged_weights_are_the_average():
    gan = small_gan(ema_momentum=0.25)
    expected = weights_of(gan.generator)
    for step in range(1, 5):
        gan.train_step(one_batch())
        keep = min(0.25, (1 + step) / (10 + step))
        for average, weight in zip(expected, gan.generator.get_weights(), strict=True):
            average *= keep
            average += (1 - keep) * weight
    for average, weight in zip(expected, gan.ema_generator.get_weights(), strict=True):
        np.testing.assert_allclose(average, weight, rtol=1e-5, atol=1e-7)
    assert largest_difference(gan.ema_generator, weights_of(gan.generator)) > 0
    assert gan.averaged_generator is gan.ema_generator


def test_latents_are_new_in_every_step_and_standard_normal():
    gan = small_gan()
    draw = tf.function(lambda: gan.draw_latents(20_000))
    first, second = draw().numpy(), draw().numpy()
    assert first.shape == (20_000, LATENT_DIM)
    assert np.abs(first - second).max() > 1
    assert abs(first.mean()) < 0.02 and abs(first.std() - 1) < 0.02


def test_scores_are_the_mean_probabilities_of_the_batch():
    gan = small_gan()
    gan.discriminator.layers[-1].set_weights([np.zeros((4, 1)), np.array([1.0])])
    logs = gan.train_step(one_batch())
    assert list(logs) == NAMES
    for name in ("real_score", "fake_score"):
        assert float(logs[name]) == pytest.approx(1 / (1 + math.exp(-1)), rel=1e-5)


def test_same_seed_same_numbers():
    runs = []
    for seed in (0, 0, 1):
        gan = small_gan(seed=seed)
        gan.fit(batches(seed=seed), 2, verbose=0)
        runs.append(np.concatenate([weight.ravel() for weight in weights_of(gan.ema_generator)]))
    np.testing.assert_array_equal(runs[0], runs[1])
    assert np.abs(runs[0] - runs[2]).max() > 0


def test_without_a_seed_python_decides():
    latents = []
    for seed in (0, 0, 1):
        keras.utils.set_random_seed(seed)
        latents.append(training.GAN(*networks()).draw_latents(2).numpy())
    np.testing.assert_array_equal(latents[0], latents[1])
    assert np.abs(latents[0] - latents[2]).max() > 0


def test_conditional_gan_trains_both_networks_with_labels():
    gan = conditional_gan()
    old = weights_of(gan.generator), weights_of(gan.discriminator)
    gan.fit(batches(labels=LABELS), verbose=0)
    for network, before in zip((gan.generator, gan.discriminator), old, strict=True):
        moved = [
            np.abs(new.numpy() - weight).max()
            for new, weight in zip(network.weights, before, strict=True)
            if "embedding" in new.path
        ]
        assert len(moved) == 1 and moved[0] > 0


PENALTIES = {
    "none": {},
    "R1 and R2": {"r1": 1.0, "r2": 1.0, "penalty_every": 2},
    "gradient penalty": {"gradient_penalty": 1.0},
}
# Each precision and each penalty once; all pairs once a week.
USUAL = {
    "mixed_float16": "R1 and R2",
    "mixed_bfloat16": "gradient penalty",
    "float64": "none",
}


@pytest.mark.parametrize(
    "policy, penalty",
    [
        pytest.param(policy, penalty, marks=[] if penalty == usual else pytest.mark.slow)
        for policy, usual in USUAL.items()
        for penalty in PENALTIES
    ],
)
def test_other_precisions_train(policy, penalty):
    before = keras.config.dtype_policy(), keras.config.floatx()
    try:
        if policy == "float64":
            keras.config.set_floatx("float64")
        keras.config.set_dtype_policy(policy)
        gan = small_gan(**PENALTIES[penalty])
        wrapped = [keras.optimizers.LossScaleOptimizer(one) for one in optimizers()]
        gan.compile(*(wrapped if policy == "mixed_float16" else optimizers()))
        old = weights_of(gan.generator), weights_of(gan.discriminator)
        history = gan.fit(batches(), 2, verbose=0).history
        assert np.isfinite(list(history.values())).all()
        assert largest_difference(gan.generator, old[0]) > 0
        assert largest_difference(gan.discriminator, old[1]) > 0
        assert gan.generate_images(2).dtype == np.float32
    finally:
        keras.config.set_dtype_policy(before[0])
        keras.config.set_floatx(before[1])


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_networks_compute_in_what_compile_says(policy, tmp_path):
    gan, half = small_gan(compiled=False, r1=0.1), policy.removeprefix("mixed_")
    gan.compile(learning_rate=1e-2, dtype_policy=policy)
    assert gan.generator(LATENTS).dtype == half and gan.ema_generator(LATENTS).dtype == "float32"
    assert gan.discriminator(IMAGES).dtype == half
    history = gan.fit(batches(), 2, verbose=0).history
    assert np.isfinite(list(history.values())).all()
    assert {weight.dtype for weight in gan.weights} == {"float32"}
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert loaded.generator(LATENTS).dtype == half
    assert type(loaded.generator_optimizer) is type(gan.generator_optimizer)
    scaled = isinstance(gan.generator_optimizer, keras.optimizers.LossScaleOptimizer)
    assert scaled == (policy == "mixed_float16")
    gan.compile(dtype_policy="float32")
    assert gan.generator(LATENTS).dtype == "float32"
    assert keras.config.dtype_policy().name == "float32"


# --- hooks ---


class Wasserstein(training.GAN):
    """The critic of Arjovsky et al. (2017) with the penalty of Gulrajani et al. (2017)."""

    discriminator_steps = 3

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mixing_seed = keras.random.SeedGenerator(7)

    def generator_loss(self, fake_logits):
        return -keras.ops.mean(fake_logits)

    def discriminator_loss(self, real_logits, fake_logits):
        return keras.ops.mean(fake_logits) - keras.ops.mean(real_logits)

    def penalty(self, real_images, fake_images, labels):
        share = keras.random.uniform((tf.shape(real_images)[0], 1, 1, 1), seed=self.mixing_seed)
        mixed = share * real_images + (1 - share) * fake_images
        with tf.GradientTape() as tape:
            tape.watch(mixed)
            logits = self.discriminator(mixed, training=True)
        squares = tf.reduce_sum(tape.gradient(logits, mixed) ** 2, axis=(1, 2, 3))
        slopes = tf.sqrt(squares + 1e-12)  # sqrt has no slope at 0
        return 10 * tf.reduce_mean((slopes - 1) ** 2)


def test_a_critic_is_a_few_hooks(tmp_path):
    gan = small_gan(Wasserstein)
    steep = weights_of(gan.discriminator)
    for weight in steep:
        weight *= 10
    gan.discriminator.set_weights(steep)
    gan.compile(*optimizers(generator=1e-3, discriminator=2e-2))
    values = gan.fit(batches(), 10, verbose=0).history["discriminator_loss"]
    assert values[-1] < values[0] / 4  # the penalty of slopes far above 1 rules
    states = [np.asarray(variable) for variable in gan.discriminator.variables]
    gan.evaluate(batches(), verbose=0)
    for variable, state in zip(gan.discriminator.variables, states, strict=True):
        np.testing.assert_array_equal(variable, state)
    gan.save(tmp_path / "critic.keras")
    loaded = keras.models.load_model(tmp_path / "critic.keras")
    assert type(loaded) is Wasserstein and loaded.discriminator_steps == 3
    for one in (gan, loaded):
        one.fit(batches(), 11, initial_epoch=10, verbose=0)
    assert largest_difference(loaded, weights_of(gan)) == 0


def test_hooks_get_what_they_are_promised():
    seen = {}

    class Spy(training.ConditionalGAN):
        def generator_loss(self, fake_logits):
            seen["fake_logits"] = fake_logits
            return super().generator_loss(fake_logits)

        def penalty(self, real_images, fake_images, labels):
            seen.update(real=real_images, fake=fake_images, labels=labels)
            return 100.0

    gan = small_gan(Spy, build=conditional_networks)
    pair = one_batch(4, LABELS)
    logs = gan.train_step(pair)
    assert float(logs["discriminator_loss"]) > 100
    np.testing.assert_array_equal(seen["real"], pair[0])
    np.testing.assert_array_equal(seen["labels"], pair[1])
    assert seen["fake"].shape == (4, *SHAPE) and seen["fake_logits"].shape == (4, 1)


# --- images ---


def test_generate_images():
    gan = small_gan()
    images = gan.generate_images(10, seed=1)
    assert images.shape == (10, 8, 8) and images.dtype == np.float32
    assert images.min() >= 0 and images.max() <= 1
    np.testing.assert_array_equal(images, gan.generate_images(10, seed=1))
    assert np.abs(images - gan.generate_images(10)).max() > 0
    gan.ema_generator.set_weights([0 * weight for weight in weights_of(gan.ema_generator)])
    np.testing.assert_allclose(gan.generate_images(2), 0.5)


def test_conditional_images_follow_the_labels():
    gan = conditional_gan()
    one = gan.generate_images(3, labels=2, seed=0)
    np.testing.assert_array_equal(one, gan.generate_images(3, labels=[2, 2, 2], seed=0))
    assert np.abs(one - gan.generate_images(3, labels=1, seed=0)).max() > 0


@pytest.mark.parametrize("shape", [(12, 8, 1), (32, 32, 3)])
def test_other_images(shape):
    gan = small_gan(build=lambda: networks(shape))
    images = np.random.default_rng(0).uniform(-1, 1, (6, *shape)).astype(np.float32)
    gan.fit(images, epochs=1, batch_size=3, verbose=0)
    assert gan.image_shape == shape
    expected = shape if shape[2] == 3 else shape[:2]
    assert gan.generate_images(2).shape == (2, *expected)
    assert gan(LATENTS).shape == (4, *shape)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"count": 0}, "count"),
        ({"count": "4"}, "count"),
        ({"count": 2.0}, "count"),
        ({"count": None}, "count"),
        ({"count": 2, "seed": -1}, "seed"),
        ({"count": 2, "seed": "0"}, "seed"),
        ({"count": 2, "seed": float("nan")}, "seed"),
        ({"count": 2, "labels": 1}, "takes none"),
    ],
)
def test_generate_images_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        small_gan(compiled=False).generate_images(**arguments)


@pytest.mark.parametrize(
    "labels, message",
    [(None, "say what to make"), (3, "from 0 to 2"), (-1, "from 0 to 2"), ([1], r"shape \(2,\)"),
     ("coat", "integers"), (1.0, "integers")],
)  # fmt: skip
def test_conditional_images_refuse(labels, message):
    with pytest.raises(ValueError, match=message):
        conditional_gan().generate_images(2, labels=labels)


# --- the R1 penalty ---


def slopes_at(gan, images, labels=None):
    """Squared norms of the logit's slope, by a difference of each pixel: nothing of a tape."""
    inputs = images if labels is None else [images, labels]
    logits = np.asarray(gan.discriminator(inputs, training=False))
    norms = np.zeros(len(images))
    for pixel in np.ndindex(images.shape[1:]):
        moved = images.copy()
        moved[:, *pixel] += 1e-2
        inputs = moved if labels is None else [moved, labels]
        norms += (np.asarray(gan.discriminator(inputs, training=False) - logits)[:, 0] / 1e-2) ** 2
    return norms


def without_dropout():
    generator, discriminator = networks()
    for layer in discriminator.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0
    return generator, discriminator


def test_r1_is_half_the_squared_slope_and_paid_eightfold_in_each_eighth_step():
    gan = small_gan(build=without_dropout, r1=0.5)
    images = tf.constant(one_batch(6))
    expected = 8 * 0.5 / 2 * slopes_at(gan, images.numpy()).mean()
    for step in range(17):
        gan.discriminator_optimizer.iterations.assign(step)
        paid = float(gan.penalty(images, None, None))
        assert paid == (0.0 if step % 8 else pytest.approx(expected, rel=2e-2)), step


def test_r1_flattens_the_discriminator_at_real_images():
    norms = []
    for r1 in (0.0, 10.0):
        gan = small_gan(build=without_dropout, r1=r1)
        gan.fit(batches(), 8, verbose=0)
        norms.append(slopes_at(gan, IMAGES).mean())
    assert norms[1] < norms[0] / 2


def test_r1_of_a_conditional_gan_is_that_of_its_labels():
    gan = small_gan(training.ConditionalGAN, build=conditional_networks, r1=1.0)
    penalties = []
    for labels in (LABELS[:6], (LABELS[:6] + 1) % 3):
        pair = tf.constant(one_batch(6)), tf.constant(labels, tf.int32)
        penalties.append(float(gan.penalty(pair[0], None, pair[1])))
        gan.train_step(pair)
        gan.discriminator_optimizer.iterations.assign(0)
    assert penalties[0] > 0 and penalties[0] != penalties[1]


def test_r1_is_kept_in_the_file(tmp_path):
    gan = small_gan(r1=0.25)
    gan.save(tmp_path / "gan.keras")
    assert keras.models.load_model(tmp_path / "gan.keras").r1 == 0.25


@pytest.mark.parametrize("r1", [-1, float("nan"), float("inf"), "1", None, True])
def test_r1_refuses(r1):
    with pytest.raises(ValueError, match="r1: expected a number"):
        small_gan(r1=r1)


# --- objectives and penalties ---


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("name", losses.OBJECTIVES)
def test_each_objective_is_the_step_written_out(name, steps):
    """With R1 and R2 in every third step of the discriminator: for "relativistic", R3GAN."""
    arguments = {"r1": 0.5, "r2": 0.25, "penalty_every": 3}
    gan = small_gan(
        seed=3, build=without_dropout, objective=name, discriminator_steps=steps, **arguments
    )
    gan.compile(*optimizers())
    keras.utils.set_random_seed(3)
    generator, discriminator = without_dropout()
    ours, latent_seed = optimizers(), keras.random.SeedGenerator(3)
    real = tf.constant(one_batch())
    objective = losses.OBJECTIVES[name]

    def judge(images):
        return discriminator(images, training=True)

    def lowered_by_generator(real_logits, fake_logits):
        return objective.generator(*(fake_logits, real_logits)[: 1 + objective.paired])

    def descend(tape, loss, optimizer, network):
        weights = network.trainable_variables
        return lambda: optimizer.apply(tape.gradient(loss, weights), weights)

    done = 0
    for _ in range(4):  # of train_step
        for _ in range(steps):
            latents = keras.random.normal((10, LATENT_DIM), seed=latent_seed)
            with tf.GradientTape() as generator_tape, tf.GradientTape() as tape:
                fake = generator(latents, training=True)
                logits = judge(real), judge(fake)
                generator_loss = lowered_by_generator(*logits)
                loss = objective.discriminator(*logits)
                if done % 3 == 0:
                    loss += 3 * 0.5 * penalties.r1(judge, real, fake)
                    loss += 3 * 0.25 * penalties.r2(judge, real, fake)
            updates = [descend(tape, loss, ours[1], discriminator)]
            if steps == 1:
                updates.append(descend(generator_tape, generator_loss, ours[0], generator))
            for update in updates:
                update()
            done += 1
        if steps > 1:
            latents = keras.random.normal((10, LATENT_DIM), seed=latent_seed)
            with tf.GradientTape() as tape:
                logits = judge(real), judge(generator(latents, training=True))
                generator_loss = lowered_by_generator(*logits)
            descend(tape, generator_loss, ours[0], generator)()
        logs = gan.train_step(real)
        assert float(logs["generator_loss"]) == pytest.approx(float(generator_loss), rel=1e-5)
        assert float(logs["discriminator_loss"]) == pytest.approx(float(loss), rel=1e-5)
    for mine, network in ((gan.generator, generator), (gan.discriminator, discriminator)):
        assert largest_difference(mine, weights_of(network)) < 1e-5


def test_the_number_of_steps_is_an_argument_or_what_a_subclass_says():
    kinds = {
        "subclass": small_gan(TwoSteps),
        "argument": small_gan(discriminator_steps=2),
        "both": small_gan(TwoSteps, discriminator_steps=1),
        "neither": small_gan(),
    }
    for gan in kinds.values():
        gan.train_step(one_batch())
    assert {name: gan.discriminator_steps for name, gan in kinds.items()} == {
        "subclass": 2, "argument": 2, "both": 1, "neither": 1
    }  # fmt: skip
    for one, other in (("subclass", "argument"), ("both", "neither")):
        assert largest_difference(kinds[one], weights_of(kinds[other])) == 0
    assert largest_difference(kinds["argument"], weights_of(kinds["neither"])) > 0


SETTINGS = {
    "objective": "relativistic",
    "r1": 0.5,
    "r2": 0.25,
    "penalty_every": 3,
    "discriminator_steps": 2,
}


def test_a_file_keeps_objective_and_penalties(tmp_path):
    for number, settings in enumerate(
        (SETTINGS, {"objective": "wasserstein", "gradient_penalty": 10.0, "penalty_every": 1})
    ):
        gan = small_gan(**settings)
        gan.fit(batches(), 2, verbose=0)
        gan.save(tmp_path / f"{number}.keras")
        loaded = keras.models.load_model(tmp_path / f"{number}.keras")
        assert {name: getattr(loaded, name) for name in settings} == settings
        history, weights = continued(gan)
        assert continued(loaded)[0] == history and largest_difference(loaded, weights) == 0


def test_a_file_names_only_what_is_not_the_default():
    before = ["name", "generator", "discriminator", "ema_momentum", "seed", "r1"]
    assert list(small_gan(r1=0.5).get_config()) == before
    assert list(small_gan(TwoSteps).get_config()) == before
    config = small_gan(**SETTINGS).get_config()
    assert SETTINGS.items() <= config.items() and "gradient_penalty" not in config


def test_a_gradient_penalty_tames_a_steep_critic():
    slopes = {}
    for strength in (0.0, 10.0):
        arguments = {"objective": "wasserstein", "gradient_penalty": strength, "penalty_every": 2}
        gan = small_gan(build=without_dropout, **arguments)
        gan.discriminator.set_weights([4 * weight for weight in weights_of(gan.discriminator)])
        before = np.sqrt(slopes_at(gan, IMAGES)).mean()
        gan.compile(*optimizers(generator=0.0, discriminator=2e-2))
        gan.fit(batches(), 45, verbose=0)
        slopes[strength] = np.sqrt(slopes_at(gan, IMAGES)).mean()
    assert slopes[0.0] > 2 * before > 10 and slopes[10.0] < 4


def test_a_gradient_penalty_of_a_conditional_gan_knows_the_labels():
    arguments = {"gradient_penalty": 1.0, "objective": "hinge"}
    gan = small_gan(training.ConditionalGAN, build=conditional_networks, **arguments)
    real, fake = tf.constant(IMAGES[:6]), tf.constant(IMAGES[6:12])
    values = []
    for labels in (LABELS[:6], (LABELS[:6] + 1) % 3):
        gan.latent_seed.state.assign([0, 0])
        values.append(float(gan.penalty(real, fake, tf.constant(labels, tf.int32))))
    assert np.isfinite(values).all() and values[0] != values[1]
    gan.fit(batches(labels=LABELS), 2, verbose=0)


def test_spectral_normalisation_holds_the_norm_and_is_saved(tmp_path):
    """Keras' own layer, called with the real batch, the generated one, and under the penalty."""

    def build():
        normal = keras.layers.SpectralNormalization
        generator, discriminator = networks()
        layers = [
            normal(layer) if isinstance(layer, keras.layers.Dense) else layer
            for layer in discriminator.layers
        ]
        return generator, keras.Sequential([keras.Input(SHAPE), *layers])

    gan = small_gan(build=build, objective="hinge", r1=0.1)
    gan.compile(learning_rate=1e-3)
    gan.fit(batches(), 10, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert largest_difference(loaded, weights_of(gan)) == 0
    for one in (gan, loaded):
        one.fit(batches(), 11, initial_epoch=10, verbose=0)
    assert largest_difference(loaded, weights_of(gan)) == 0
    gan.discriminator(IMAGES, training=True)  # the optimizer's last step is not normalised yet
    kernels = [weight for weight in gan.discriminator.weights if "kernel" in weight.path]
    norms = [np.linalg.norm(np.asarray(kernel), ord=2) for kernel in kernels]
    assert len(norms) == 2 and norms == pytest.approx([1] * 2, abs=0.02)


def test_weights_are_clipped_by_a_constraint():
    class Clip(keras.constraints.Constraint):
        def __call__(self, weights):
            return keras.ops.clip(weights, -0.05, 0.05)

    def build():
        generator, discriminator = networks()
        for layer in discriminator.layers:
            for weight in layer.trainable_weights:
                weight.constraint = Clip()
        return generator, discriminator

    gan = small_gan(build=build, objective="wasserstein", discriminator_steps=2)
    for _ in range(3):
        gan.train_step(one_batch())
        limits = [np.abs(weight).max() for weight in gan.discriminator.get_weights()]
        assert max(limits) == pytest.approx(0.05)
    assert max(np.abs(weight).max() for weight in gan.generator.get_weights()) > 0.1


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"objective": "wgan"}, "objective: expected one of non_saturating, hinge, wasserstein"),
        ({"objective": None}, "objective: expected one of"),
        ({"r2": -1}, "r2: expected a number of at least 0"),
        ({"gradient_penalty": float("nan")}, "gradient_penalty: expected a number"),
        ({"gradient_penalty": 10, "r1": 1}, "Take one or the other"),
        ({"penalty_every": 0}, "penalty_every: expected a whole number of at least 1"),
        ({"discriminator_steps": 1.5}, "discriminator_steps: expected a whole number"),
    ],
)
def test_objectives_and_penalties_are_checked(arguments, message):
    with pytest.raises(ValueError, match=message):
        small_gan(**arguments)


def test_latents_of_a_subclass_are_its_own_business():
    """Notebook 04 overrides ``draw_latents(count)``; Keras' ``fit`` goes on all the same."""

    class Frozen(training.GAN):
        def draw_latents(self, count):
            return tf.ones((count, self.latent_dim))

    gan = small_gan(Frozen)
    gan.fit(batches(), 1, verbose=0)
    assert float(tf.reduce_sum(gan.draw_latents(2))) == 2 * LATENT_DIM


# --- compile ---


def test_default_optimizers():
    gan = small_gan(compiled=False)
    gan.compile()
    assert gan.generator_optimizer is not gan.discriminator_optimizer
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert optimizer.beta_1 == 0.5
    gan.compile(learning_rate=5e-4)
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(5e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.5, 0.999)
    gan.compile(learning_rate=2e-3, beta_1=0.0, beta_2=0.99)
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(2e-3)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.0, 0.99)


def test_learning_rates_that_fall():
    gan = small_gan(compiled=False)
    gan.compile(learning_rate=keras.optimizers.schedules.ExponentialDecay(1e-2, 5, 0.5))
    gan.fit(batches(), 2, verbose=0)
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(1e-2 / 4)


def test_optimizers_by_name_and_anew():
    gan = small_gan()
    gan.compile("sgd", "adam")
    assert isinstance(gan.generator_optimizer, keras.optimizers.SGD)
    gan.train_step(one_batch())
    gan.compile(gan.generator_optimizer, gan.discriminator_optimizer)  # its own
    gan.train_step(one_batch())
    assert int(gan.generator_optimizer.iterations) == 2


def used_optimizer():
    optimizer = keras.optimizers.Adam()
    optimizer.build(networks()[0].trainable_variables)
    return optimizer


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"generator_optimizer": "no such"}, "generator_optimizer: expected"),
        ({"generator_optimizer": 5e-4}, "generator_optimizer: expected"),
        ({"discriminator_optimizer": keras.optimizers.Adam}, "discriminator_optimizer: expected"),
        ({"learning_rate": 0}, "learning_rate: expected a number above 0"),
        ({"learning_rate": -1e-3}, "learning_rate"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"learning_rate": float("inf")}, "learning_rate"),
        ({"learning_rate": "5e-4"}, "learning_rate"),
        ({"learning_rate": True}, "learning_rate"),
        ({"learning_rate": [1e-3, 1e-3]}, "learning_rate"),
        ({"generator_optimizer": "adam", "learning_rate": 1e-3}, "Give yours what it needs"),
        ({"discriminator_optimizer": "adam", "beta_1": 0.0}, "^beta_1: .*Give yours"),
        ({"beta_1": 1}, r"beta_1: expected a number in \[0, 1\)"),
        ({"beta_2": -0.1}, "beta_2"),
        ({"beta_2": "0.99"}, "beta_2"),
        ({"beta_1": float("nan")}, "beta_1"),
        ({"generator_optimizer": used_optimizer}, "moments of another network"),
        ({"optimizer": "adam"}, "takes no optimizer"),
        ({"loss": "binary_crossentropy"}, "takes no loss.*generator_loss"),
        ({"metrics": ["accuracy"]}, "takes no metrics"),
        ({"dtype_policy": "float16"}, "dtype_policy: expected one of float32, mixed_bfloat16"),
        ({"dtype_policy": np.float16}, "dtype_policy: expected one of"),
        ({"jit_compile": "yes"}, "jit_compile: expected True or False"),
        ({"synchronized": 1}, "synchronized: expected True, False or None"),
    ],
)
def test_compile_refuses(arguments, message):
    arguments = {name: v() if v is used_optimizer else v for name, v in arguments.items()}
    with pytest.raises(ValueError, match=message):
        small_gan(compiled=False).compile(**arguments)


def test_one_optimizer_for_both_is_refused():
    optimizer = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="optimizer of its own"):
        small_gan(compiled=False).compile(optimizer, optimizer)
    gan = small_gan()
    gan.train_step(one_batch())
    with pytest.raises(ValueError, match="another network"):
        gan.compile(gan.discriminator_optimizer, gan.generator_optimizer)


# --- saving ---


def continued(gan, labels=None):
    """Losses of two more epochs, and the weights after them."""
    history = gan.fit(batches(labels=labels), 4, initial_epoch=2, verbose=0).history
    return history, weights_of(gan)


@pytest.mark.parametrize("conditional", [False, True])
def test_a_loaded_gan_goes_on_as_the_saved_one(conditional, tmp_path):
    gan = conditional_gan() if conditional else small_gan()
    labels = LABELS if conditional else None
    gan.compile(*optimizers(5e-3, 1e-3), steps_per_execution=2)
    gan.fit(batches(labels=labels), 2, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert type(loaded) is type(gan)
    assert (loaded.seed, loaded.ema_momentum, loaded.classes) == (
        gan.seed,
        gan.ema_momentum,
        gan.classes,
    )
    assert loaded.steps_per_execution == 2 and not loaded.jit_compile
    assert float(loaded.generator_optimizer.learning_rate) == pytest.approx(5e-3)
    assert int(loaded.discriminator_optimizer.iterations) == 10
    assert largest_difference(loaded, weights_of(gan)) == 0
    assert largest_difference(loaded.ema_generator, weights_of(gan.ema_generator)) == 0
    history, weights = continued(gan, labels)
    history_of_loaded, weights_of_loaded = continued(loaded, labels)
    assert history_of_loaded == history
    for one, other in zip(weights_of_loaded, weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_alone_go_on_as_well(tmp_path):
    gan = small_gan()
    gan.fit(batches(), 2, verbose=0)
    gan.save_weights(tmp_path / "gan.weights.h5")
    other = small_gan(seed=8)
    other.load_weights(tmp_path / "gan.weights.h5")
    assert continued(other)[0] == continued(gan)[0]


def test_a_gan_is_loaded_in_another_process_that_imports_training(tmp_path):
    gan = conditional_gan()
    gan.fit(batches(labels=LABELS), 2, verbose=0)
    gan.save(tmp_path / "gan.keras")
    code = (
        "import sys, gan_helpers.training, keras\nimport numpy as np\n"
        "gan = keras.models.load_model(sys.argv[1])\n"
        "print(type(gan).__name__, int(gan.generator_optimizer.iterations))\n"
        "print(gan([np.full((1, 5), 0.5), np.array([1])]).numpy().sum())"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    process = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "gan.keras"],
        capture_output=True,
        text=True,
        env=environment,
    )
    assert process.returncode == 0, process.stderr
    kind, total = process.stdout.splitlines()[-2:]
    assert kind == "ConditionalGAN 10"
    expected = gan([np.full((1, 5), 0.5), np.array([1])]).numpy().sum()
    assert float(total) == pytest.approx(expected, rel=1e-4)


def test_a_gan_that_is_not_compiled_is_saved_and_loaded(tmp_path):
    gan = small_gan(compiled=False)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert not loaded.compiled and largest_difference(loaded, weights_of(gan)) == 0


def more_dropout(where):
    def build():
        generator, discriminator = networks()
        layers = [keras.Input(SHAPE), *discriminator.layers]
        layers.insert(where, keras.layers.Dropout(0.1))
        return generator, keras.Sequential(layers)

    return build


def test_random_states_belong_to_their_layers(tmp_path):
    gan = small_gan()
    gan.fit(batches(), 1, verbose=0)
    gan.save_weights(tmp_path / "gan.weights.h5")
    networks(), networks()  # so that Keras gives the layers other names
    other = small_gan(seed=1)
    other.load_weights(tmp_path / "gan.weights.h5")

    def states(one):
        return [
            np.asarray(variable) for variable in one.variables if "seed_generator" in variable.path
        ]

    assert len(states(gan)) == 4  # of two dropouts, of training and of evaluation
    np.testing.assert_array_equal(states(other), states(gan))
    for where in (1, 4):
        another = small_gan(build=more_dropout(where))
        with pytest.raises(ValueError, match="other layers, such as dropout"):
            another.load_weights(tmp_path / "gan.weights.h5")


def test_a_file_holds_nothing_that_needs_this_machine(tmp_path):
    small_gan().save(tmp_path / "gan.keras")
    with zipfile.ZipFile(tmp_path / "gan.keras") as file:
        config = file.read("config.json").decode()
    assert "/" not in config.replace("gan_helpers>", "")


# --- Keras' other verbs ---


def test_evaluation_changes_nothing_and_repeats_itself():
    gan = small_gan()
    gan.fit(batches(), 1, verbose=0)
    before = [np.asarray(variable) for variable in gan.variables]
    one = gan.evaluate(batches(6), verbose=0, return_dict=True)
    other = gan.evaluate(batches(6), verbose=0, return_dict=True)
    assert one == other and set(one) == set(NAMES)
    test_state = {id(gan.test_seed.state)}
    for variable, old in zip(gan.variables, before, strict=True):
        if id(variable) not in test_state:
            np.testing.assert_array_equal(variable, old)
    arrays = gan.evaluate(IMAGES, batch_size=5, verbose=0, return_dict=True)
    assert arrays["real_score"] == pytest.approx(one["real_score"], abs=0.1)


@pytest.fixture(scope="module")
def without_validation():
    gan = small_gan()
    gan.fit(IMAGES[:16], epochs=2, batch_size=4, verbose=0)
    return weights_of(gan)


@pytest.mark.parametrize(
    "x, given",
    [
        (IMAGES[:16], {"validation_data": batches(5)}),
        (IMAGES[:16], {"validation_data": (IMAGES[:8],)}),
        (IMAGES, {"validation_split": 0.2}),
    ],
)
def test_validation_leaves_the_training_as_it_is(x, given, without_validation):
    gan = small_gan()
    history = gan.fit(x, epochs=2, batch_size=4, verbose=0, **given).history
    assert set(history) == {*NAMES, *(f"val_{name}" for name in NAMES)}
    assert all(len(values) == 2 for values in history.values())
    assert largest_difference(gan, without_validation) == 0


def test_a_gan_called_is_its_averaged_generator(tmp_path):
    gan = small_gan()
    gan.fit(batches(), 2, verbose=0)
    expected = gan.ema_generator(LATENTS, training=False)
    np.testing.assert_array_equal(gan(LATENTS), expected)
    np.testing.assert_allclose(gan.predict(LATENTS, verbose=0), expected, atol=1e-6)
    np.testing.assert_allclose((expected[..., 0] + 1) / 2, sampling.images_from_latents(
        gan.ema_generator, LATENTS), atol=1e-6)  # fmt: skip
    gan.export(tmp_path / "exported", verbose=False)
    exported = tf.saved_model.load(str(tmp_path / "exported"))
    np.testing.assert_allclose(exported.serve(LATENTS), expected, atol=1e-6)


def test_a_conditional_gan_called():
    gan = conditional_gan()
    inputs = [LATENTS, np.array([0, 1, 2, 0])]
    expected = gan.ema_generator(inputs, training=False)
    np.testing.assert_array_equal(gan(inputs), expected)
    np.testing.assert_allclose(gan.predict(inputs, verbose=0), expected, atol=1e-6)


def test_batches_by_hand():
    gan = small_gan()
    first = gan.train_on_batch(IMAGES[:4], return_dict=True)
    assert set(first) == set(NAMES) and int(gan.generator_optimizer.iterations) == 1
    values = gan.test_on_batch(IMAGES[:4])
    assert len(values) == 4 and int(gan.generator_optimizer.iterations) == 1
    gan = conditional_gan()
    assert len(gan.train_on_batch(IMAGES[:4], LABELS[:4])) == 4


def test_clone_and_summary():
    gan = small_gan()
    clone = keras.models.clone_model(gan)
    assert type(clone) is training.GAN and clone.generator is not gan.generator
    lines = []
    gan.summary(print_fn=lambda text, **_: lines.append(text))
    assert "small_generator" in "".join(lines)


# --- the backend ---


@pytest.mark.parametrize(
    "variable, message",
    [
        ("jax", "KERAS_BACKEND is 'jax': unset it and restart the kernel"),
        ("tensorflow", "keras was imported before gan_helpers and runs on 'jax'"),
    ],
)
@pytest.mark.parametrize("module", ["training", "penalties"])
def test_another_backend_is_told_at_import(module, variable, message, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", variable)
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    monkeypatch.delitem(sys.modules, f"gan_helpers.{module}")
    with pytest.raises(ImportError, match="^This series trains with Keras on TensorFlow; ") as got:
        importlib.import_module(f"gan_helpers.{module}")
    assert message in str(got.value)


def test_the_rate_falls_over_the_last_steps_only():
    for share, first in ((0.1, 900), (0.3, 700), (1.0, 0)):
        schedule = training.FallAtTheEnd(2e-3, 1000, share)
        middle = (first + 1000) // 2
        rates = [float(schedule(step)) for step in (0, first, middle, 1000, 1001)]
        np.testing.assert_allclose(rates, [2e-3, 2e-3, 1e-3, 0, 0], atol=1e-8)
    again = training.FallAtTheEnd.from_config(schedule.get_config())
    assert again.get_config() == schedule.get_config()


@pytest.mark.parametrize(
    "arguments", [{"share": 0}, {"share": 1.1}, {"learning_rate": 0}, {"steps": 0}]
)
def test_a_rate_that_cannot_fall_so_is_refused(arguments):
    [name] = arguments
    with pytest.raises(ValueError, match=f"{name}: expected"):
        training.FallAtTheEnd(**({"learning_rate": 2e-3, "steps": 10} | arguments))


def test_a_saved_gan_with_a_falling_rate_goes_on(tmp_path):
    gan = small_gan()
    gan.compile(learning_rate=training.FallAtTheEnd(2e-3, 10))
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    rate = loaded.generator_optimizer.get_config()["learning_rate"]["config"]
    assert rate == {"learning_rate": 2e-3, "steps": 10, "share": 0.3}
