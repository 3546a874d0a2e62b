"""Train one model of the series for long; write both networks, log and card into the package.

python tools/train_pretrained.py improved_dcgan --epochs 40

The recipe is the one that notebook 03 finds; the R1 penalty of notebook 04 keeps long runs healthy.
The learning rate is constant and falls to zero over the last tenth of the steps: a fall from the
beginning on left the conditional GAN at a distance of 40 where a constant rate reached 15.6. The
dense GAN is better off without any (--fall 0): its raw weights swing so widely (distance 100) that
only their average is good (35), and the fall, in which the average comes to rest where they do,
took it to 46. The last averaged weights are kept, not those of the epoch with the smallest
distance: to choose by the metric would flatter the result. Interrupt it and run it again: it goes
on after the last whole epoch, with other arguments if you like; the card names them all.
"""

import argparse
import hashlib
import inspect
import json
from pathlib import Path
import sys

from gan_helpers import (
    callbacks,
    data,
    evaluation,
    losses,
    models,
    pretrained,
    training,
)
import keras
import pandas as pd

FULL = 60_000
MEASURING_SEED = 1
CANNOT = {
    "dense_gan": "choose what it makes; draw fine texture: its images are grainy",
    "dcgan": "choose what it makes",
    "improved_dcgan": "choose what it makes",
    "conditional_gan": "make anything but the ten classes, or a garment between two of them",
    "residual_gan": "make anything but the ten digits, one at a time",
    "modern_gan": "choose what it makes",
    "relativistic_gan": "choose what it makes",
    "style_gan": "make anything but the ten classes",
}
DATASETS = {"residual_gan": "mnist"}  # the others are trained on Fashion-MNIST
TITLES = {"fashion_mnist": "Fashion-MNIST", "mnist": "MNIST"}
# Those that are shipped, and those that are only compared with them.
TRAINABLE = pretrained.BUILDERS | {
    "modern_gan": (models.modern_generator, models.modern_discriminator),
}
RUNNING = Path(__file__).resolve().parent.parent / "build" / "long"


def positive(text):
    """A whole number of at least 1, for argparse."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=sorted(TRAINABLE))
    parser.add_argument("--epochs", type=positive, required=True)
    parser.add_argument("--width", type=positive, default=32)
    parser.add_argument("--batch-size", type=positive, default=64)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--fall", type=float, default=0.1, help="share of the steps; 0 for none")
    parser.add_argument("--ema-momentum", type=float, default=0.999)
    parser.add_argument("--objective", choices=losses.OBJECTIVES, default="non_saturating")
    parser.add_argument("--r1", type=float, default=0.0, help="strength of the penalty")
    parser.add_argument("--r2", type=float, default=0.0, help="the same on generated images")
    parser.add_argument("--dropout", type=float, help="of the discriminator, if it has any (0.3)")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    _, build_discriminator = TRAINABLE[arguments.name]
    has_dropout = "dropout" in inspect.signature(build_discriminator).parameters
    if arguments.dropout is not None and not has_dropout:
        parser.error(f"--dropout: the discriminator of {arguments.name} has none.")
    return arguments


def make_networks(name, width, discriminator=None, generator=None):
    """The two networks of a model in ``BUILDERS``, each with its own further arguments."""
    build_generator, build_discriminator = TRAINABLE[name]
    return (
        build_generator(width=width, **(generator or {})),
        build_discriminator(width=width, **(discriminator or {})),
    )


def is_conditional(name):
    """Whether the model of this name takes labels."""
    return "classes" in inspect.signature(TRAINABLE[name][0]).parameters


def build(arguments, steps):
    """The GAN, compiled for ``steps`` of training, and the arguments of its two networks."""
    keras.utils.set_random_seed(arguments.seed)
    width = {"width": arguments.width}
    dropout = {} if arguments.dropout is None else {"dropout": arguments.dropout}
    networks = make_networks(arguments.name, arguments.width, dropout)
    kind = training.ConditionalGAN if is_conditional(arguments.name) else training.GAN
    taken = ("seed", "ema_momentum", "objective", "r1", "r2")
    gan = kind(*networks, **{name: getattr(arguments, name) for name in taken})
    rate = arguments.learning_rate
    if arguments.fall:
        rate = training.FallAtTheEnd(rate, steps, arguments.fall)
    gan.compile(learning_rate=rate, beta_1=0.0, beta_2=0.99)
    return gan, (width, width | dropout)


def write_part(name, network, model, built_with):
    """Write the weights of one network into the package; return its part of the card."""
    path = pretrained.FOLDER / pretrained.weights_file(name, network)
    model.save_weights(path)
    content = path.read_bytes()
    md5 = hashlib.md5(content).hexdigest()
    return {"arguments": built_with, "md5": md5, "bytes": len(content)}


def write_card(name, card):
    """Put a model's card among the others, in place of the one that it had."""
    file = pretrained.FOLDER / "cards.json"
    cards = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    cards = dict(sorted((cards | {name: card}).items()))
    file.write_text(json.dumps(cards, indent=2) + "\n", encoding="utf-8", newline="\n")


def callbacks_for(judge, folder):
    """Callbacks that measure, log and back up each epoch, in this order.

    The backup comes last: an epoch that is interrupted while it is measured or logged is trained
    and logged anew, and none is lost.
    """
    return [
        callbacks.DistanceLog(judge),
        keras.callbacks.CSVLogger(folder / "log.csv", append=True),
        keras.callbacks.BackupAndRestore(folder / "backup"),
    ]


def note_command(folder):
    """Keep the command that trains from the next epoch on; return all of them as one line."""
    log, notes = folder / "log.csv", folder / "commands.csv"
    logged = log.exists() and log.stat().st_size  # empty if the first epoch was interrupted
    epoch = 1 + (len(read_log(log)) if logged else 0)
    commands = pd.read_csv(notes).to_dict("records") if notes.exists() else []
    command = " ".join(["python tools/train_pretrained.py", *sys.argv[1:]])
    if not commands or commands[-1]["command"] != command:
        commands.append({"epoch": epoch, "command": command})
        pd.DataFrame(commands).to_csv(notes, index=False)
    if len(commands) == 1:
        return command
    return "; ".join(f"from epoch {each['epoch']}: {each['command']}" for each in commands)


def read_log(path):
    """The epochs of a log as a data frame: of one that was logged twice, the second row."""
    frame = pd.read_csv(path).drop_duplicates("epoch", keep="last")
    return frame.round(4).dropna(axis=1, how="all")  # CSVLogger adds columns of validation


def main():
    arguments = parse()
    name = DATASETS.get(arguments.name, "fashion_mnist")
    dataset = data.load_dataset(name)
    if len(dataset.train_images) < FULL:
        sys.exit("Weights for the package are trained on the full set: see the sentence above.")
    judge = evaluation.load_judge(name)
    labels = dataset.train_labels if is_conditional(arguments.name) else None
    batches = data.Batches(dataset.train_images, arguments.batch_size, arguments.seed, labels)
    gan, built_with = build(arguments, arguments.epochs * len(batches))
    folder = RUNNING / arguments.name
    folder.mkdir(parents=True, exist_ok=True)
    command = note_command(folder)
    gan.fit(batches, arguments.epochs, verbose=2, callbacks=callbacks_for(judge, folder))

    pretrained.FOLDER.mkdir(exist_ok=True)
    parts = zip(
        pretrained.NETWORKS, (gan.ema_generator, gan.discriminator), built_with, strict=True
    )
    frame = read_log(folder / "log.csv")
    frame.to_csv(pretrained.FOLDER / f"{arguments.name}.csv", index=False, lineterminator="\n")
    card = {
        "dataset": judge.name,
        **{part[0]: write_part(arguments.name, *part) for part in parts},
        "data": f"{len(dataset.train_images):,} training images of {TITLES[name]}",
        "steps": int(gan.generator_optimizer.iterations),
        "batch_size": arguments.batch_size,
        "learning_rate": arguments.learning_rate,
        "seconds": round(frame["seconds"].sum()),
        "command": command,
        "metrics": judge.evaluate(gan.ema_generator, seed=MEASURING_SEED, dataset=dataset),
        "metrics_seed": MEASURING_SEED,
        "cannot": CANNOT[arguments.name],
    }
    write_card(arguments.name, card)
    for file in ("log.csv", "commands.csv"):
        (folder / file).unlink()
    print(json.dumps(card, indent=2))


if __name__ == "__main__":
    main()
