"""Measure the series against the code that people copy, as ratios in one run.

python tools/benchmark.py                          everything: about an hour
python tools/benchmark.py --only throughput        one section: throughput, profile, race, epochs
python tools/benchmark.py --seconds 20 --seeds 1   a quick look, in about five minutes
python tools/benchmark.py --cluster ADDRESS        the race of each seed on another machine: see
                                                   "Many machines" in exercises/INSTRUCTORS.md

1. Images a second of the dense GAN, against the ``train_on_batch`` idiom. All graphs are built
   before the clock starts, those of the idiom, too.
2. Where the time of a train step goes, layer by layer, against this machine's peak.
3. Frechet distance after the same seconds of training: the published improved architecture with its
   bugs fixed, and the models of the series. They take turns of a few seconds, so that a noisy
   machine is equally noisy for all. Dense GAN and DCGAN run with the first seed only.
   And where they stand by a network that has its place on a published scale.
4. Seconds of an epoch of every model, on this machine's GPU if it has one.
"""

import argparse
import functools
from pathlib import Path
import sys
import time
import warnings

from gan_helpers import data, evaluation, evidence, models, sampling, training
import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from tqdm import tqdm

from train_pretrained import TRAINABLE, is_conditional, make_networks

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))
from grading import InputError, jobs, versions

TURN = 10  # seconds of training before the next model has its turn
IMAGES = 10_000
LATENTS = 100
PUBLISHED = "published improved DCGAN, raw weights"
ONCE = "dense", "DCGAN"  # with one seed: these only show the order of the series
TUTORIALS = {"learning_rate": 2e-4, "beta_1": 0.5}
FOUND = {"learning_rate": 2e-3, "beta_1": 0.0, "beta_2": 0.99}  # notebook 03, section 5
WIDTHS = {"dense_gan": 128, "dcgan": 32}  # in their notebooks; all others have 16
SECTIONS = "throughput", "profile", "race", "epochs"


# --- 1. images a second -------------------------------------------------------------------------


class Idiom:
    """The idiom: three calls of ``train_on_batch`` and one of ``predict`` a step.

    The constructor builds every graph, so that ``train`` is steps and nothing else. It is only
    timed. What it trains is another matter: under Keras 3 its discriminator stands still (notebook
    01, section 10). Keras warns of that in each step; once is enough.
    """

    def __init__(self, generator, discriminator, batch_size):
        warnings.filterwarnings("once", "The model does not have any trainable weights")
        settings = {"loss": "binary_crossentropy", "jit_compile": False}
        discriminator.compile(optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5), **settings)
        discriminator.trainable = False
        latents = keras.Input((LATENTS,))
        self.combined = keras.Model(latents, discriminator(generator(latents)))
        self.combined.compile(optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5), **settings)
        self.generator, self.discriminator, self.batch_size = generator, discriminator, batch_size
        self.train(np.zeros((batch_size, *models.IMAGE_SHAPE), np.float32))

    def train(self, images):
        """One pass over ``float32`` images ``(n, 28, 28, 1)`` in [-1, 1]."""
        size = self.batch_size
        ones, zeros = np.ones((size, 1)), np.zeros((size, 1))
        for start in range(0, len(images) - size + 1, size):
            noise = np.random.normal(0, 1, (size, LATENTS))
            fakes = self.generator.predict(noise, verbose=0)
            self.discriminator.train_on_batch(images[start : start + size], ones)
            self.discriminator.train_on_batch(fakes, zeros)
            self.combined.train_on_batch(noise, ones)


def published_dense():
    """The networks that the idiom usually comes with: 256-512-1024 with batch normalisation."""
    generator = keras.Sequential([keras.layers.Input((LATENTS,))], name="generator")
    for units in (256, 512, 1024):
        generator.add(keras.layers.Dense(units))
        generator.add(keras.layers.LeakyReLU(0.2))
        generator.add(keras.layers.BatchNormalization(momentum=0.8))
    generator.add(keras.layers.Dense(784, activation="tanh"))
    generator.add(keras.layers.Reshape(models.IMAGE_SHAPE))
    discriminator = keras.Sequential([keras.layers.Input(models.IMAGE_SHAPE)])
    discriminator.add(keras.layers.Flatten())
    for units in (512, 256):
        discriminator.add(keras.layers.Dense(units))
        discriminator.add(keras.layers.LeakyReLU(0.2))
    discriminator.add(keras.layers.Dense(1, activation="sigmoid"))
    return generator, discriminator


def sigmoid_at_the_end(discriminator):
    return keras.Sequential([discriminator, keras.layers.Activation("sigmoid")])


class Fit:
    """Notebook 01's dense GAN, trained by ``GAN.fit``; the constructor builds its graph."""

    def __init__(self, images, batch_size):
        networks = models.dense_generator(width=128), models.dense_discriminator(width=128)
        self.gan = training.GAN(*networks)
        self.gan.compile()
        self.batches = data.Batches(images, batch_size, seed=0)
        self.gan.fit(data.Batches(images[:batch_size], batch_size, seed=0), verbose=0)

    def train(self):
        """One epoch."""
        self.gan.fit(self.batches, verbose=0)


def images_a_second(train, count):
    start = time.perf_counter()
    train()
    return count / (time.perf_counter() - start)


def throughput(images, repeats=5):
    """Images a second of the idiom and of ``GAN.fit``, in turns; medians of ``repeats`` rounds.

    Args:
        images: ``uint8`` ``(n, 28, 28)``, n a multiple of 128; the idiom sees the first 3,200.
        repeats: rounds.

    Returns:
        A data frame with a row for each way.
    """
    few = images[:3_200, ..., None].astype(np.float32) / 127.5 - 1
    ours = models.dense_generator(width=128), sigmoid_at_the_end(models.dense_discriminator(128))
    published, small = Idiom(*published_dense(), 32), Idiom(*ours, 64)
    fit_64, fit_128 = Fit(images, 64), Fit(images, 128)
    ways = {
        "idiom, its usual networks, batch 32": (lambda: published.train(few), len(few)),
        "idiom, notebook 01's networks, batch 64": (lambda: small.train(few), len(few)),
        "notebook 01: GAN.fit, batch 64": (fit_64.train, len(images)),
        "the same, batch 128": (fit_128.train, len(images)),
    }
    speeds = {name: [] for name in ways}
    for _ in tqdm(range(repeats), desc="throughput"):
        for name, (train, count) in ways.items():
            speeds[name].append(images_a_second(train, count))
    speeds = pd.DataFrame(speeds)
    ratios = speeds.div(speeds.iloc[:, 0], axis=0)
    return pd.DataFrame({"images/s": speeds.median(), "ratio to the idiom": ratios.median()})


# --- 2. the profile of a step -------------------------------------------------------------------


def seconds_of(function, repeats=20):
    """Median seconds of a call, after two calls to warm up."""
    for _ in range(2):
        function()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def peak():
    """GFLOP/s of a float32 matrix product of 2048 x 2048: what this machine can do at best."""
    matrix = tf.random.normal((2048, 2048))
    return 2 * 2048**3 / seconds_of(lambda: (matrix @ matrix).numpy(), 5) / 1e9


def multiplications(layer):
    """Multiply-adds of a layer's forward pass on one image; 0 for what only moves or scales."""
    out = int(np.prod(layer.output.shape[1:]))
    if isinstance(layer, keras.layers.Conv2DTranspose):  # each input pixel meets the whole kernel
        return int(np.prod(layer.input.shape[1:3])) * int(np.prod(layer.kernel.shape))
    if isinstance(layer, keras.layers.Conv2D):
        return out * int(np.prod(layer.kernel.shape[:3]))
    return int(np.prod(layer.kernel.shape)) if isinstance(layer, keras.layers.Dense) else 0


def profile(networks, batch_size):
    """Milliseconds of each layer, forward and backward, and its share of the machine's peak."""
    best, rows = peak(), []
    for network in networks:
        for layer in network.layers:
            if isinstance(
                layer, (keras.layers.InputLayer, keras.layers.Reshape, keras.layers.Flatten)
            ):
                continue
            inputs = tf.random.normal((batch_size, *layer.input.shape[1:]))

            @tf.function(autograph=False)
            def step(inputs=inputs, layer=layer):
                with tf.GradientTape() as tape:
                    tape.watch(inputs)
                    outputs = tf.reduce_sum(layer(inputs, training=True) ** 2)
                return tape.gradient(outputs, [inputs, *layer.trainable_variables])

            seconds = seconds_of(step)
            gflop = 3 * 2 * multiplications(layer) * batch_size / 1e9
            shape = " x ".join(map(str, layer.output.shape[1:]))
            rows.append(
                [
                    network.name,
                    type(layer).__name__,
                    shape,
                    1000 * seconds,
                    gflop,
                    gflop / seconds / best,
                ]
            )
    columns = ["network", "layer", "output", "ms", "GFLOP", "share of peak"]
    return pd.DataFrame(rows, columns=columns), best


# --- 3. distance after the same seconds -----------------------------------------------------------


def endless(batches):
    """Epoch after epoch of ``data.Batches``, each in its own order."""
    while True:
        yield from batches


class Contestant:
    """A model, its batches and its clock: it trains when it has its turn."""

    def __init__(self, gan, batches, adam):
        gan.compile(**adam)
        self.gan, self.batches = gan, endless(batches)
        self.step = tf.function(gan.train_step, jit_compile=False)
        self.step(next(self.batches))  # traced before the clock starts
        self.seconds, self.steps, self.images = 0.0, 0, 0

    def train(self, until):
        """Train until ``until`` seconds have passed on its own clock."""
        while self.seconds < until:
            start = time.perf_counter()
            for _ in range(10):
                batch = next(self.batches)
                logs = self.step(batch)
            float(logs["generator_loss"])  # waits for the step to end
            self.seconds += time.perf_counter() - start
            self.steps += 10
            self.images += 10 * len(batch[0] if isinstance(batch, tuple) else batch)


def enter(images, seed, networks, batch_size=64, adam=FOUND, labels=None, r1=0.0):
    """A ``Contestant``: a conditional one if there are labels."""
    kind = training.GAN if labels is None else training.ConditionalGAN
    gan = kind(*networks, seed=seed, r1=r1)
    return Contestant(gan, data.Batches(images, batch_size, seed, labels), adam)


def contestants(dataset, seed):
    """What makes each model: the published one, its bugs fixed, and those of the notebooks."""
    labels = dataset.train_labels
    enter_here = functools.partial(enter, dataset.train_images, seed)
    published = (
        models.improved_dcgan_generator(width=64, hidden=0),
        models.improved_dcgan_discriminator(width=64),
    )
    return {
        PUBLISHED: lambda: enter_here(published, 32, TUTORIALS),
        "dense GAN, R1 in place of dropout": lambda: enter_here(
            make_networks("dense_gan", 128, {"dropout": 0}), r1=0.1
        ),
        "DCGAN, R1 in place of dropout": lambda: enter_here(
            make_networks("dcgan", 32, {"dropout": 0}), r1=0.1
        ),
        "improved DCGAN (03)": lambda: enter_here(make_networks("improved_dcgan", 16), r1=0.1),
        "conditional GAN (04)": lambda: enter_here(
            make_networks("conditional_gan", 16), labels=labels, r1=1.0
        ),
    }


def race(dataset, seed, seconds):
    """Train all in turns; return a row for each: steps, images a second, distance."""
    entered = {}
    for name, enter in contestants(dataset, seed).items():
        if seed == 0 or not name.startswith(ONCE):
            keras.utils.set_random_seed(seed)
            entered[name] = enter()
    for until in tqdm(np.arange(TURN, seconds + TURN, TURN).clip(max=seconds), desc=f"seed {seed}"):
        for contestant in entered.values():
            contestant.train(until)
    judge, rows = evaluation.load_judge("fashion_mnist"), []
    for name, contestant in entered.items():
        gan = contestant.gan
        network = gan.generator if name == PUBLISHED else gan.ema_generator
        distance = judge.frechet_distance(sampling.sample(network, IMAGES, seed)[0])
        speed = contestant.images / contestant.seconds
        rows.append([seed, name, contestant.steps, speed, distance])
    table = pd.DataFrame(rows, columns=["seed", "model", "steps", "images/s", "distance"])
    table["ratio to published"] = table["distance"] / table["distance"].iloc[0]
    return table


def rung():
    """A sentence: where the series stands by a network that has its place on a published scale."""
    [(name, distances)] = evidence.last(evidence.load("05"), "frechet_distance").items()
    runs, measure = evidence.load("03"), "frechet_distance_averaged"
    there = evidence.when_below(runs, "long, R1", measure, distances.mean())
    ours = evidence.last(runs, measure)["long, R1"]
    reached = (
        f"was there after {there[0]:,} steps, or {there[1] / 60:.1f} minutes of one slow core"
        if there
        else f"had {ours.min():.1f} to {ours.max():.1f} when its recording ended"
    )
    return (
        f"The network of {name}: 26.5 at best on the scale of Inception, {distances.mean():.1f} on "
        f"ours (tools/rung.py). The improved DCGAN with R1 {reached}."
    )


def race_one(task):
    """``race`` on whatever machine this is; a task is a seed and seconds."""
    return race(data.load_dataset("fashion_mnist"), *task)


def race_all(seeds, seconds, address):
    """The race of each seed, one after the other here, or on the workers of a Dask scheduler."""
    races, tasks = {}, {seed: (seed, seconds) for seed in range(seeds)}
    with jobs.cluster(address) as client:
        if client:
            jobs.check_versions(client, versions.with_tools)
        for seed, races[seed] in jobs.run(race_one, tasks, 1, client):
            show(f"3. After {seconds} s of training, {IMAGES:,} images", races[seed])
    means = pd.concat([races[seed] for seed in tasks]).groupby("model", sort=False)
    show("   mean over seeds", means[["images/s", "distance", "ratio to published"]].mean())
    print(rung())


# --- 4. seconds of an epoch -----------------------------------------------------------------------


def epochs(dataset, seconds=TURN):
    """Seconds of an epoch of each model, in batches of 64 and without penalties.

    Each trains for ``seconds``, at the width that the notebooks give it.
    """
    rows, images = [], dataset.train_images
    for name in tqdm(TRAINABLE, desc="epochs"):
        labels = dataset.train_labels if is_conditional(name) else None
        networks = make_networks(name, WIDTHS.get(name, 16))
        contestant = enter(images, 0, networks, labels=labels)
        contestant.train(seconds)
        step = contestant.seconds / contestant.steps
        rows.append([name, 1000 * step, step * (len(images) // 64)])
    return pd.DataFrame(rows, columns=["model", "ms a step", "seconds an epoch"])


def show(title, table):
    print(f"\n{title}\n{table.to_string(float_format='{:,.3f}'.format)}", flush=True)


def parse(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=SECTIONS, help="one section")
    parser.add_argument("--seconds", type=int, default=300, help="of training for each model")
    parser.add_argument("--seeds", type=int, default=3, help="how many")
    parser.add_argument("--cluster", metavar="ADDRESS", help=jobs.HELP)
    parsed = parser.parse_args(arguments)
    if parsed.seconds < 1 or parsed.seeds < 1:
        parser.error("--seconds and --seeds: expected at least 1")
    return parsed


def main():
    arguments = parse()
    if arguments.only in (None, "throughput"):
        dataset = data.load_dataset("fashion_mnist")
        table = throughput(dataset.train_images[: 250 * 128])
        show("1. Dense GAN, images a second", table)
    if arguments.only in (None, "profile"):
        networks = (
            models.improved_dcgan_generator(width=16),
            models.improved_dcgan_discriminator(width=16),
        )
        table, best = profile(networks, batch_size=32)
        show(f"2. Improved DCGAN, batch 32, layer by layer; peak here {best:,.0f} GFLOP/s", table)
    if arguments.only in (None, "race"):
        try:
            race_all(arguments.seeds, arguments.seconds, arguments.cluster)
        except InputError as error:
            sys.exit(str(error))
    if arguments.only in (None, "epochs"):
        devices = tf.config.list_physical_devices("GPU")
        names = [tf.config.experimental.get_device_details(one)["device_name"] for one in devices]
        table = epochs(data.load_dataset("fashion_mnist"))
        show(f"4. Seconds of an epoch, on {', '.join(names) or 'the CPU'}", table)


if __name__ == "__main__":
    import benchmark  # the name by which other processes know these functions

    benchmark.main()
