"""Record the trainings that the notebooks' claims rest on: each experiment with several seeds.

python tools/evidence.py 03             what notebook 03 still lacks; says first how long it takes
python tools/evidence.py 03 --seeds 5   two seeds more than the three that a comparison needs

Each training run that ends adds its rows to notebooks/evidence/03.csv, so an interrupted recording
goes on where it was. A run that was interrupted begins again. Distances are those of the shipped
judge and, as a second opinion, of a dense classifier that is trained here and used for nothing
else: a recipe that pleases only one pair of eyes is no good recipe.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
import sys

from gan_helpers import callbacks, data, evaluation, metrics, sampling, training
import keras
import numpy as np
import pandas as pd

from train_pretrained import FULL, make_networks, positive

FOLDER = Path(__file__).resolve().parent.parent / "notebooks" / "evidence"
SECOND = Path(__file__).resolve().parent.parent / "build" / "second_opinion.keras"
COUNT = 3_000  # images behind each distance
TUTORIALS = {"learning_rate": 2e-4, "beta_1": 0.5, "beta_2": 0.999}
FOUND = {"learning_rate": 2e-3, "beta_1": 0.0, "beta_2": 0.99}


@dataclass(frozen=True)
class Recipe:
    """How one model is trained: its networks, and what ``compile``, ``GAN`` and ``fit`` take."""

    networks: str  # their name in pretrained.BUILDERS
    milliseconds: int  # a step takes on one slow core
    adam: dict
    width: int = 16
    batch_size: int = 64
    images: int = 64_000  # seen in the whole training
    parts: int = 2  # after each of which is measured
    r1: float = 0.0
    generator_rate: float = 0.0  # if it is another one than the discriminator's
    minibatch_deviation: bool = False
    fall: float = 0.0  # share of the steps in which the rate falls to zero
    without: str = ""  # what is undone in the networks, a key of UNDO


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


def undone(network, change):
    """A chain of the network's layers, each changed by a function; the network itself if None."""
    if change is None:
        return network
    return keras.Sequential(
        [keras.Input(network.input_shape[1:]), *map(change, network.layers[1:])]
    )


# Functions of a layer that undo one of the changes of notebook 03: in the generator, and in the
# discriminator.
UNDO = {
    "he_normal": (glorot, glorot),
    "depth": (shallow, None),
    "4x4 kernels": (uneven, None),
    "batch normalisation in D": (None, dropout),
}
COLLAPSING = {"images": 76_800, "generator_rate": 5e-3}  # 1,200 steps
LONG = {"images": 307_200, "parts": 6}  # 4,800 steps
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
        "without he_normal": Recipe("improved_dcgan", 62, FOUND, without="he_normal"),
        "without depth": Recipe("improved_dcgan", 50, FOUND, without="depth"),
        "without 4x4 kernels": Recipe("improved_dcgan", 75, FOUND, without="4x4 kernels"),
        "without batch normalisation in D": Recipe(
            "improved_dcgan", 60, FOUND, without="batch normalisation in D"
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
            "conditional_gan", 62, FOUND, **COLLAPSING, minibatch_deviation=True
        ),
        "R1": Recipe("conditional_gan", 66, FOUND, **COLLAPSING, r1=1.0),
        "equal rates and R1": Recipe("conditional_gan", 66, FOUND, images=76_800, r1=1.0),
    },
}


class OtherMeasures(keras.callbacks.Callback):
    """Adds to each epoch's logs what ``DistanceLog`` does not measure.

    ``second_distance`` is that of a classifier of another kind. Of a conditional GAN there are also
    ``recall``, and ``variety``: that within the classes, as a share of the real images'.
    """

    def __init__(self, judge, dataset):
        super().__init__()
        self.judge = judge
        self.second = second_features(dataset)
        self.second_real = self.second(dataset.test_images)
        images, labels = dataset.test_images[:COUNT], dataset.test_labels[:COUNT]
        self.real, _ = judge.features_and_probabilities(images)
        self.real_variety = metrics.class_variety(self.real, labels)

    def on_epoch_end(self, epoch, logs=None):
        gan = self.model
        images, labels = sampling.sample(gan.ema_generator, COUNT, 0, classes=gan.classes)
        logs["second_distance"] = metrics.frechet_distance(self.second_real, self.second(images))
        if gan.classes:
            features, _ = self.judge.features_and_probabilities(images)
            pair = metrics.unit_length(self.real), metrics.unit_length(features)
            logs["recall"] = metrics.precision_recall(*pair)[1]
            share = metrics.class_variety(features, labels) / self.real_variety
            logs["variety"] = float(share.mean())


def second_features(dataset):
    """A function from images to 64 features of a dense classifier that is trained once, here."""
    if not SECOND.exists():
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
        SECOND.parent.mkdir(exist_ok=True)
        classifier.save(SECOND)
    classifier = keras.models.load_model(SECOND, compile=False)
    network = keras.Model(classifier.inputs, classifier.layers[-2].output)
    return lambda images: network.predict(flat(images), batch_size=500, verbose=0)


def flat(images):
    """Images as rows ``(n, 784)`` of floats in [0, 1]."""
    images = images / np.float32(255) if images.dtype == np.uint8 else images
    return images.reshape(len(images), -1)


def record(recipe, seed, dataset, judge, others):
    """Train with one seed; return a data frame with a row for each part."""
    keras.utils.set_random_seed(seed)
    extra = {"minibatch_deviation": True} if recipe.minibatch_deviation else {}
    networks = make_networks(recipe.networks, recipe.width, **extra)
    if recipe.without:
        networks = [
            undone(network, change)
            for network, change in zip(networks, UNDO[recipe.without], strict=True)
        ]
    labelled = recipe.networks == "conditional_gan"
    kind = training.ConditionalGAN if labelled else training.GAN
    gan = kind(*networks, seed=seed, r1=recipe.r1)
    adam = dict(recipe.adam)
    if recipe.fall:
        steps = recipe.images // recipe.batch_size
        adam["learning_rate"] = training.FallAtTheEnd(adam["learning_rate"], steps, recipe.fall)
    gan.compile(**adam)
    if recipe.generator_rate:
        gan.generator_optimizer.learning_rate = recipe.generator_rate
    labels = dataset.train_labels if labelled else None
    batches = data.Batches(dataset.train_images, recipe.batch_size, seed, labels)
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


def parse(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", choices=sorted(EXPERIMENTS))
    parser.add_argument("--seeds", type=positive, default=3, help="how many, from 0 on")
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
    dataset = data.load_dataset("fashion_mnist")
    if len(dataset.train_images) < FULL:
        sys.exit("Evidence is recorded on the full set: see the sentence above.")
    judge = evaluation.load_judge("fashion_mnist")
    others = OtherMeasures(judge, dataset)
    FOLDER.mkdir(exist_ok=True)
    for name, seed in pairs:
        rows = record(EXPERIMENTS[arguments.notebook][name], seed, dataset, judge, others)
        rows.insert(0, "experiment", name)
        if path.exists():  # read again, as another process may have written meanwhile
            rows = pd.concat([pd.read_csv(path), rows])
        rows.round(4).to_csv(path, index=False, lineterminator="\n")
        end = rows.iloc[-1]
        print(
            f"{name}, seed {seed}: distance {end['frechet_distance_averaged']:.1f}, by the second "
            f"opinion {end['second_distance']:.2f}, {end['seconds']:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
