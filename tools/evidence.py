"""Record the trainings that the notebooks' claims rest on: each experiment with several seeds.

python tools/evidence.py 03             what notebook 03 still lacks; says first how long it takes
python tools/evidence.py 03 --seeds 5   two seeds more than the three that a comparison needs
python tools/evidence.py 03 --workers 2           two runs at a time
python tools/evidence.py 03 --cluster ADDRESS     on other machines: see "Many machines" in
                                                  exercises/INSTRUCTORS.md

Each training run that ends adds its rows to notebooks/evidence/03.csv, so an interrupted recording
goes on where it was. A run that was interrupted begins again. Distances are those of the shipped
judge and, as a second opinion, of a dense classifier that is trained here and used for nothing
else: a recipe that pleases only one pair of eyes is no good recipe.
"""

import argparse
from dataclasses import dataclass, field
import functools
import os
from pathlib import Path
import platform
import sys

from gan_helpers import callbacks, data, evaluation, losses, metrics, sampling, style, training
from gan_helpers.spectral import SpectralNorm
import keras
from keras import ops
import numpy as np
import pandas as pd
import tensorflow as tf

from train_pretrained import FULL, is_conditional, make_networks, positive

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))
from grading import InputError, jobs, versions

FOLDER = Path(__file__).resolve().parent.parent / "notebooks" / "evidence"
BUILD = Path(__file__).resolve().parent.parent / "build"
DATASETS = {"08": "mnist"}  # the others are recorded on Fashion-MNIST
COUNT = 3_000  # images behind each distance
SCORED = 1_000  # images that the discriminator is asked about
PAIRS = 1_000  # ways behind each path length
TUTORIALS = {"learning_rate": 2e-4, "beta_1": 0.5, "beta_2": 0.999}
FOUND = {"learning_rate": 2e-3, "beta_1": 0.0, "beta_2": 0.99}
SLOWER = FOUND | {"learning_rate": 5e-4}


@dataclass(frozen=True)
class Recipe:
    """How one model is trained: its networks, and what ``compile``, ``GAN`` and ``fit`` take."""

    networks: str  # their name in train_pretrained.TRAINABLE
    milliseconds: int  # a step takes on one slow core
    adam: dict
    width: int = 16
    batch_size: int = 64
    images: int = 64_000  # seen in the whole training
    parts: int = 2  # after each of which is measured
    r1: float = 0.0
    r2: float = 0.0
    gradient_penalty: float = 0.0
    penalty_every: int = training.PENALTY_EVERY
    objective: str = "non_saturating"
    generator_rate: float = 0.0  # if it is another one than the discriminator's
    fall: float = 0.0  # share of the steps in which the rate falls to zero
    change: str = ""  # what is changed in the networks, a key of CHANGES
    generator: dict = field(default_factory=dict)  # further arguments of the network
    discriminator: dict = field(default_factory=dict)
    discriminator_steps: int = 1  # for one of the generator
    two_parts: bool = False  # whether the discriminator is updated as older code does it
    train_size: int = 0  # training images that are used, 0 for all


def again(layer, **changes):
    """A new layer with the settings of this one, and the changes."""
    return type(layer).from_config(layer.get_config() | changes)


def glorot(layer):
    """Keras' own initialisation."""
    weighted = hasattr(layer, "kernel_initializer")
    return again(layer, **({"kernel_initializer": "glorot_uniform"} if weighted else {}))


def shallow(layer):
    """In the generator, no hidden dense layer, and no convolutions at 7x7 pixels."""
    hidden = isinstance(layer, keras.layers.Dense) and layer.units == 256
    early = isinstance(layer, keras.layers.Conv2D) and layer.output.shape[1] == 7
    return keras.layers.Identity() if hidden or early else again(layer)


def uneven(layer):
    """5x5 kernels in the transposed convolutions, which write some pixels more often."""
    transposed = isinstance(layer, keras.layers.Conv2DTranspose)
    return again(layer, **({"kernel_size": 5} if transposed else {}))


def dropout(layer):
    """In the discriminator, dropout in place of batch normalisation."""
    normalising = isinstance(layer, keras.layers.BatchNormalization)
    return keras.layers.Dropout(0.3) if normalising else again(layer)


@keras.saving.register_keras_serializable("evidence")
class WithoutShortcut(keras.layers.Layer):
    """Stands in place of a sum of two, and passes only the second on."""

    def call(self, inputs):
        return inputs[1]


def plain(layer):
    """In the generator, no path around the blocks, whose last convolutions start at he_normal."""
    if isinstance(layer, keras.layers.Add):
        return WithoutShortcut()
    zero = isinstance(getattr(layer, "kernel_initializer", None), keras.initializers.Zeros)
    return again(layer, **({"kernel_initializer": "he_normal"} if zero else {}))


def embedded(layer):
    """In the generator, notebook 04's embedding in place of the one-hot label."""
    encoding = isinstance(layer, keras.layers.CategoryEncoding)
    return keras.layers.Embedding(layer.num_tokens, 50) if encoding else again(layer)


@keras.saving.register_keras_serializable("evidence")
class AlwaysDropout(keras.layers.Dropout):
    """Dropout that does not stop after training."""

    def call(self, inputs, training=False):
        return super().call(inputs, training=True)


def never_off(layer):
    """Dropout that stays on."""
    dropping = isinstance(layer, keras.layers.Dropout)
    return AlwaysDropout(layer.rate) if dropping else again(layer)


def changed(network, change):
    """A new network with each layer changed by a function; the network itself if it is None."""
    if change is None:
        return network
    return keras.models.clone_model(
        network,
        clone_function=change,
        call_function=lambda layer, *inputs, **_: layer(*inputs),  # not all of them take a mask
    )


def plain_critic(layer):
    """In the discriminator, no normalisation, and therefore biases in all layers."""
    if isinstance(layer, keras.layers.BatchNormalization):
        return keras.layers.Identity()
    return again(layer, **({"use_bias": True} if hasattr(layer, "kernel") else {}))


@keras.saving.register_keras_serializable("evidence")
class Clip(keras.constraints.Constraint):
    """After each of the optimizer's steps, weights are clipped to [-limit, limit]."""

    def __init__(self, limit):
        self.limit = limit

    def __call__(self, weights):
        return ops.clip(weights, -self.limit, self.limit)

    def get_config(self):
        return {"limit": self.limit}


def clipped(layer):
    """In the discriminator, no normalisation, and clipped weights."""
    layer = plain_critic(layer)
    limits = {"kernel_constraint": Clip(CLIP), "bias_constraint": Clip(CLIP)}
    return again(layer, **limits) if hasattr(layer, "kernel_constraint") else layer


def spectral(layer, wrap=SpectralNorm):
    """In the discriminator, spectral normalisation in place of batch normalisation."""
    layer = plain_critic(layer)
    return wrap(layer) if hasattr(layer, "kernel_initializer") else layer


def keras_spectral(layer):
    """The same with Keras' layer."""
    return spectral(layer, keras.layers.SpectralNormalization)


# Functions of a layer that make or undo one of the changes that a notebook speaks of: in the
# generator, and in the discriminator.
CHANGES = {
    "he_normal": (glorot, glorot),
    "depth": (shallow, None),
    "4x4 kernels": (uneven, None),
    "batch normalisation in D": (None, dropout),
    "shortcuts": (plain, None),
    "one-hot label": (embedded, None),
    "normalisation in D": (None, plain_critic),
    "clipped weights": (None, clipped),
    "spectral normalisation": (None, spectral),
    "Keras' spectral normalisation": (None, keras_spectral),
}


class TwoParts(training.GAN):
    """A GAN that is trained as older code does it; notebook 08 teaches this step.

    The discriminator is updated on real images with target 1, then on generated ones with target
    0, each with an optimizer step of its own, and all losses are computed from probabilities.
    """

    def train_step(self, real_images):
        [real_images] = keras.tree.flatten(real_images)
        latents = self.draw_latents(ops.shape(real_images)[0])

        def fake_images():
            return self.generator(latents, training=True)

        real_loss, real_score = self.update("discriminator", lambda: real_images, 1.0)
        fake_loss, fake_score = self.update("discriminator", fake_images, 0.0)
        generator_loss, _ = self.update("generator", fake_images, 1.0)
        self.update_average()
        values = generator_loss, real_loss + fake_loss, real_score, fake_score
        for tracker, value in zip(self.trackers, values, strict=True):
            tracker.update_state(value)
        return {tracker.name: tracker.result() for tracker in self.trackers}

    def update(self, player, images, target):
        """One optimizer step of a player, towards a score of ``target``; its loss, the scores."""
        variables = getattr(self, player).trainable_variables
        with tf.GradientTape() as tape:
            scores = ops.sigmoid(self.discriminator(images(), training=True))
            targets = target * ops.ones_like(scores)
            loss = ops.mean(keras.losses.binary_crossentropy(targets, scores))
        gradients = tape.gradient(loss, variables)
        getattr(self, f"{player}_optimizer").apply(gradients, variables)
        return loss, ops.mean(scores)


COLLAPSING = {"images": 76_800, "generator_rate": 5e-3}  # 1,200 steps
LONG = {"images": 307_200, "parts": 6}  # 4,800 steps
RESIDUAL = {"images": 32_000, "r1": 1.0, "discriminator": {"dropout": 0.0}}
DEEP = {"blocks": 4}
FEW = {"images": 38_400, "parts": 4, "train_size": 1_000}
CLIP = 0.03  # largest weight of a clipped critic
CRITIC = {"parts": 8, "change": "normalisation in D"}
R1_AND_R2 = {"objective": "relativistic", "r1": 0.1, "r2": 0.1}
STYLE = {"images": 96_000, "r1": 1.0, "discriminator": {"dropout": 0.0}}
EACH_STEP = {"gradient_penalty": 10.0, "penalty_every": 1, "objective": "wasserstein"}
EXPERIMENTS = {
    "02": {
        # About the same seconds for each: 150 on one core, 80 to 100 on two.
        "dense, tutorials' setting": Recipe("dense_gan", 12, TUTORIALS, 128, 64, 768_000, 3),
        "dense, found setting": Recipe("dense_gan", 12, FOUND, 128, 64, 768_000, 3),
        "DCGAN, tutorials' setting": Recipe("dcgan", 46, TUTORIALS, 32, 32, 104_448, 3),
        "DCGAN, found setting": Recipe("dcgan", 87, FOUND, 32, 64, 110_592, 3),
    },
    "03": {
        "tutorials' setting": Recipe("improved_dcgan", 32, TUTORIALS, batch_size=32),
        "rate 5e-4": Recipe(
            "improved_dcgan", 32, TUTORIALS | {"learning_rate": 5e-4}, batch_size=32
        ),
        "batch 64, rate 2e-3": Recipe("improved_dcgan", 62, TUTORIALS | {"learning_rate": 2e-3}),
        "beta_1 = 0": Recipe("improved_dcgan", 62, FOUND | {"beta_2": 0.999}),
        "beta_2 = 0.99": Recipe("improved_dcgan", 62, FOUND),
        # Without one of the changes of section 3 each, in about the same seconds.
        "without he_normal": Recipe("improved_dcgan", 62, FOUND, change="he_normal"),
        "without depth": Recipe("improved_dcgan", 50, FOUND, change="depth"),
        "without 4x4 kernels": Recipe("improved_dcgan", 75, FOUND, change="4x4 kernels"),
        "without batch normalisation in D": Recipe(
            "improved_dcgan", 60, FOUND, change="batch normalisation in D"
        ),
        "without half the width": Recipe("improved_dcgan", 190, FOUND, width=32, images=20_992),
        # Five minutes.
        "long": Recipe("improved_dcgan", 62, FOUND, **LONG),
        "long, R1": Recipe("improved_dcgan", 66, FOUND, **LONG, r1=0.1),
        "long, R1, falling rate": Recipe("improved_dcgan", 66, FOUND, **LONG, r1=0.1, fall=0.3),
    },
    "04": {
        "unconditional": Recipe("improved_dcgan", 62, FOUND, images=128_000, parts=8),
        "conditional": Recipe("conditional_gan", 62, FOUND, images=128_000, parts=8),
        "conditional, R1": Recipe("conditional_gan", 66, FOUND, images=128_000, parts=8, r1=1.0),
    },
    "06": {
        "fast generator": Recipe("conditional_gan", 62, FOUND, **COLLAPSING),
        "equal rates": Recipe("conditional_gan", 62, FOUND, images=76_800),
        "minibatch deviation": Recipe(
            "conditional_gan", 62, FOUND, **COLLAPSING, discriminator={"minibatch_deviation": True}
        ),
        "R1": Recipe("conditional_gan", 66, FOUND, **COLLAPSING, r1=1.0),
        "equal rates and R1": Recipe("conditional_gan", 66, FOUND, images=76_800, r1=1.0),
    },
    "08": {
        # About the same seconds for each.
        "joint": Recipe("dense_gan", 12, FOUND, 128, images=192_000),
        "two parts": Recipe("dense_gan", 13, FOUND, 128, images=184_320, two_parts=True),
        "k = 2": Recipe("dense_gan", 18, FOUND, 128, images=131_840, discriminator_steps=2),
        "k = 5": Recipe("dense_gan", 31, FOUND, 128, images=74_240, discriminator_steps=5),
        "residual": Recipe("residual_gan", 90, FOUND, **RESIDUAL),
        "embedding": Recipe("residual_gan", 90, FOUND, **RESIDUAL, change="one-hot label"),
        "dropout in G": Recipe("residual_gan", 95, FOUND, **RESIDUAL, generator={"dropout": 0.3}),
        "deep, residual": Recipe("residual_gan", 180, FOUND, **RESIDUAL, generator=DEEP),
        "deep, plain": Recipe(
            "residual_gan", 180, FOUND, **RESIDUAL, generator=DEEP, change="shortcuts"
        ),
        "few digits": Recipe("residual_gan", 85, FOUND, **FEW, discriminator={"dropout": 0.0}),
        "few digits, dropout in D": Recipe(
            "residual_gan", 95, FOUND, **FEW, discriminator={"dropout": 0.4}
        ),
        "few digits, R1": Recipe(
            "residual_gan", 90, FOUND, **FEW, discriminator={"dropout": 0.0}, r1=1.0
        ),
    },
    "09": {
        # Five minutes of one slow core each.
        "not held": Recipe("improved_dcgan", 61, FOUND, images=314_368, **CRITIC),
        "clipped weights": Recipe(
            "improved_dcgan",
            191,
            FOUND,
            images=100_352,
            discriminator_steps=5,
            objective="wasserstein",
            **CRITIC | {"change": "clipped weights"},
        ),
        "gradient penalty": Recipe(
            "improved_dcgan",
            199,
            FOUND,
            images=96_256,
            discriminator_steps=3,
            **CRITIC | EACH_STEP,
        ),
        "spectral norm": Recipe(
            "improved_dcgan",
            66,
            FOUND,
            images=290_816,
            objective="hinge",
            **CRITIC | {"change": "spectral normalisation"},
        ),
        "spectral norm, Keras": Recipe(
            "improved_dcgan",
            62,
            FOUND,
            images=309_248,
            objective="hinge",
            **CRITIC | {"change": "Keras' spectral normalisation"},
        ),
        "R1": Recipe("improved_dcgan", 65, FOUND, images=294_912, r1=0.1, **CRITIC),
        "relativistic": Recipe("improved_dcgan", 67, FOUND, images=286_208, **CRITIC | R1_AND_R2),
        "modern": Recipe(
            "modern_gan",
            175,
            SLOWER,
            images=109_568,
            parts=8,
            objective="relativistic",
            r1=1.0,
            r2=1.0,
            penalty_every=1,
        ),
    },
    "10": {
        # 1,500 steps of a whole style generator, and without one of its parts each.
        "whole": Recipe("style_gan", 83, FOUND, **STYLE),
        "without mapping": Recipe("style_gan", 81, FOUND, **STYLE, generator={"mapping": 0}),
        "without constant": Recipe("style_gan", 84, FOUND, **STYLE, generator={"constant": False}),
        "without modulation": Recipe(
            "style_gan", 75, FOUND, **STYLE, generator={"constant": False, "modulation": False}
        ),
        "without demodulation": Recipe(
            "style_gan", 82, FOUND, **STYLE, generator={"demodulation": False}
        ),
        "without noise": Recipe("style_gan", 82, FOUND, **STYLE, generator={"noise": False}),
        "without skips": Recipe("style_gan", 96, FOUND, **STYLE, generator={"skips": False}),
    },
}


class OtherMeasures(keras.callbacks.Callback):
    """Adds to each epoch's logs what ``DistanceLog`` does not measure.

    ``second_distance`` is that of a classifier of another kind; ``train_score`` and ``held_score``
    are the discriminator's for images that it was trained on and for those that it never saw;
    ``objective`` is what it lowers, without penalties, for the same training images and images of
    the raw generator. There are also ``precision`` and ``recall``; of a conditional GAN,
    ``variety``: that within the classes, as a share of the real images'; if its generator has
    dropout, ``with_dropout`` is the distance of images that are made with it switched on; if it
    has styles, ``path_length_z`` and ``path_length_w`` are those of ways within a class, in the
    judge's features.
    """

    def __init__(self, judge, dataset):
        super().__init__()
        self.judge, self.dataset = judge, dataset
        self.second = second_features(dataset)
        self.second_real = self.second(dataset.test_images)
        images, labels = dataset.test_images[:COUNT], dataset.test_labels[:COUNT]
        self.real, _ = judge.features_and_probabilities(images)
        self.real_variety = metrics.class_variety(self.real, labels)

    def on_epoch_end(self, epoch, logs=None):
        gan = self.model
        images, labels = sampling.sample(gan.ema_generator, COUNT, 0, classes=gan.classes)
        logs["second_distance"] = metrics.frechet_distance(self.second_real, self.second(images))
        for name, part in (("train_score", "train"), ("held_score", "test")):
            shown = getattr(self.dataset, f"{part}_images")[:SCORED]
            shown_labels = getattr(self.dataset, f"{part}_labels")[:SCORED]
            scores = evaluation.discriminator_scores(
                gan.discriminator, shown, shown_labels if gan.classes else None
            )
            logs[name] = float(scores.mean())
        logs["objective"] = self.objective()
        features, _ = self.judge.features_and_probabilities(images)
        pair = metrics.unit_length(self.real), metrics.unit_length(features)
        logs["precision"], logs["recall"] = metrics.precision_recall(*pair)
        if gan.classes:
            share = metrics.class_variety(features, labels) / self.real_variety
            logs["variety"] = float(share.mean())
        if any(getattr(layer, "rate", 0) for layer in gan.ema_generator.layers):
            dropping = changed(gan.ema_generator, never_off)
            dropping.set_weights(gan.ema_generator.get_weights())
            images, _ = sampling.sample(dropping, COUNT, 0, classes=gan.classes)
            logs["with_dropout"] = self.judge.frechet_distance(images)
        if any(layer.name == "mapping" for layer in gan.ema_generator.layers):
            logs.update(self.path_lengths(gan.ema_generator, gan.classes))

    def path_lengths(self, generator, classes):
        """Of ways between two images of a class: through latents, and through styles."""
        labels = np.arange(PAIRS) % classes
        shape = (2, PAIRS, sampling.latent_size(generator))
        latents = np.random.default_rng(0).standard_normal(shape)
        styles = [style.styles_from_latents(generator, one, labels) for one in latents]

        def by_latents(points):
            images = sampling.images_from_latents(generator, points, labels)
            return self.judge.features_and_probabilities(images)[0]

        def by_styles(points):
            images = style.images_from_styles(generator, points)
            return self.judge.features_and_probabilities(images)[0]

        return {
            "path_length_z": style.path_length(by_latents, *latents, spherical=True),
            "path_length_w": style.path_length(by_styles, *styles),
        }

    def objective(self):
        """The discriminator's objective on 1,000 training and 1,000 generated images."""
        gan, dataset = self.model, self.dataset
        shown = [(dataset.train_images[:SCORED], dataset.train_labels[:SCORED])]
        shown += [sampling.sample(gan.generator, SCORED, 0, classes=gan.classes)]
        logits = [
            evaluation.discriminator_logits(
                gan.discriminator, images, labels if gan.classes else None
            )
            for images, labels in shown
        ]
        return float(losses.OBJECTIVES[gan.objective].discriminator(*logits))


def second_features(dataset):
    """A function from images to 64 features of a dense classifier that is trained once, here."""
    path = BUILD / f"second_opinion_{dataset.name}.keras"
    if not path.exists():
        keras.utils.set_random_seed(1234)
        classifier = keras.Sequential(
            [
                keras.layers.Input((784,)),
                keras.layers.Dense(512, activation="relu"),
                keras.layers.Dropout(0.3),
                keras.layers.Dense(64, activation="relu"),
                keras.layers.Dense(10),
            ]
        )
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        classifier.compile("adam", loss, metrics=["accuracy"], jit_compile=False)
        pairs = [(flat(dataset.train_images), dataset.train_labels)]
        pairs += [(flat(dataset.test_images), dataset.test_labels)]
        classifier.fit(*pairs[0], batch_size=128, epochs=6, verbose=0)
        print(f"second opinion: accuracy {classifier.evaluate(*pairs[1], verbose=0)[1]:.3f}")
        BUILD.mkdir(exist_ok=True)
        classifier.save(path)
    classifier = keras.models.load_model(path, compile=False)
    network = keras.Model(classifier.inputs, classifier.layers[-2].output)
    return lambda images: network.predict(flat(images), batch_size=500, verbose=0)


def flat(images):
    """Images as rows ``(n, 784)`` of floats in [0, 1]."""
    images = images / np.float32(255) if images.dtype == np.uint8 else images
    return images.reshape(len(images), -1)


def record(recipe, seed, dataset, judge, others):
    """Train with one seed; return a data frame with a row for each part."""
    keras.utils.set_random_seed(seed)
    networks = make_networks(recipe.networks, recipe.width, recipe.discriminator, recipe.generator)
    if recipe.change:
        networks = [
            changed(network, change)
            for network, change in zip(networks, CHANGES[recipe.change], strict=True)
        ]
    labelled = is_conditional(recipe.networks)
    kind = training.ConditionalGAN if labelled else TwoParts if recipe.two_parts else training.GAN
    method = ("r1", "r2", "gradient_penalty", "penalty_every", "objective", "discriminator_steps")
    gan = kind(*networks, seed=seed, **{name: getattr(recipe, name) for name in method})
    adam = dict(recipe.adam)
    if recipe.fall:
        steps = recipe.images // recipe.batch_size
        adam["learning_rate"] = training.FallAtTheEnd(adam["learning_rate"], steps, recipe.fall)
    gan.compile(**adam)
    if recipe.generator_rate:
        gan.generator_optimizer.learning_rate = recipe.generator_rate
    used = slice(recipe.train_size or None)
    labels = dataset.train_labels[used] if labelled else None
    batches = data.Batches(dataset.train_images[used], recipe.batch_size, seed, labels)
    steps = recipe.images // recipe.batch_size // recipe.parts
    log = gan.fit(
        batches,
        epochs=recipe.parts,
        steps_per_epoch=steps,
        verbose=0,
        callbacks=[callbacks.DistanceLog(judge, COUNT), others],
    )
    rows = pd.DataFrame(log.history)
    rows["seconds"] = rows["seconds"].cumsum()
    rows.insert(0, "seed", seed)
    rows.insert(1, "step", steps * np.arange(1, recipe.parts + 1))
    return rows


@functools.cache
def equipment(name):
    """A dataset, its judge and what else measures on it, read once in each process.

    ``InputError`` where only the sample of the dataset is at hand.
    """
    dataset = data.load_dataset(name)
    count = len(dataset.train_images)
    if count < FULL:
        raise InputError(
            f"Evidence is recorded on the full set: {platform.node()} has {count:,} images of "
            f"{FULL:,}, and could not download the rest."
        )
    judge = evaluation.load_judge(name)
    return dataset, judge, OtherMeasures(judge, dataset)


def record_one(task):
    """``record`` on whatever machine this is; a task is a notebook, an experiment and a seed."""
    notebook, name, seed = task
    dataset = DATASETS.get(notebook, "fashion_mnist")
    return record(EXPERIMENTS[notebook][name], seed, *equipment(dataset))


def parse(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", choices=sorted(EXPERIMENTS))
    parser.add_argument("--seeds", type=positive, default=3, help="how many, from 0 on")
    parser.add_argument("--workers", type=positive, default=1, help="runs at a time (1)")
    parser.add_argument("--cluster", metavar="ADDRESS", help=jobs.HELP)
    return parser.parse_args(arguments)


def missing(notebook, seeds, table):
    """The pairs of experiment and seed that are not in the table yet, seed by seed."""
    known = set() if table is None else set(zip(table["experiment"], table["seed"], strict=True))
    pairs = [(name, seed) for seed in range(seeds) for name in EXPERIMENTS[notebook]]
    return [pair for pair in pairs if pair not in known]


def minutes(notebook, pairs):
    """How long the pairs take on one slow core, in minutes, without the measuring."""
    recipes = (EXPERIMENTS[notebook][name] for name, _ in pairs)
    return sum(r.milliseconds * r.images / r.batch_size for r in recipes) / 60_000


def add(path, name, rows):
    """Put the rows of one training run at the end of a table, as those of an experiment."""
    rows = rows.assign(experiment=name)
    rows = rows[["experiment", *rows.columns.drop("experiment")]]
    if path.exists():  # read again, as another process may have written meanwhile
        rows = pd.concat([pd.read_csv(path), rows])
    rows.round(4).to_csv(path, index=False, lineterminator="\n")


def main(arguments=None):
    arguments = parse(arguments)
    path = FOLDER / f"{arguments.notebook}.csv"
    table = pd.read_csv(path) if path.exists() else None
    pairs = missing(arguments.notebook, arguments.seeds, table)
    if not pairs:
        sys.exit(f"{path.name} holds all of it: {arguments.seeds} seeds of each experiment.")
    print(
        f"{len(pairs)} trainings, about {minutes(arguments.notebook, pairs):.0f} minutes on one "
        "slow core, and a quarter more for measuring.",
        flush=True,
    )
    FOLDER.mkdir(exist_ok=True)
    try:
        with jobs.cluster(arguments.cluster) as client:
            record_all(arguments, path, pairs, client)
    except InputError as error:
        sys.exit(str(error))


def record_all(arguments, path, pairs, client):
    """Record pairs of experiment and seed; each adds its rows to the table as it ends."""
    if client:
        jobs.check_versions(client, versions.with_tools)
    threads = max(1, os.cpu_count() // arguments.workers)
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(threads))
    tasks = {pair: (arguments.notebook, *pair) for pair in pairs}
    for (name, seed), rows in jobs.run(record_one, tasks, arguments.workers, client):
        add(path, name, rows)
        end = rows.iloc[-1]
        print(
            f"{name}, seed {seed}: distance {end['frechet_distance_averaged']:.1f}, by the second "
            f"opinion {end['second_distance']:.2f}, {end['seconds']:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    import evidence  # the name by which other processes know these functions

    evidence.main()
