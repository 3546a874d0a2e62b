"""Generators of the series that were trained for longer than a notebook can wait.

``cards.json`` beside the weights says of each model how it was built and trained, and what was
measured; ``tools/train_pretrained.py`` writes both, and a log of the epochs, ``NAME.csv``. The
weights are those of the averaged generator. Seconds were measured on two cores that had other
work, too.
"""

import json
from pathlib import Path
import reprlib

from gan_helpers import models
from gan_helpers._settings import float32, own_random_numbers
from gan_helpers.data import check_md5

FOLDER = Path(__file__).parent / "assets" / "generators"
BUILDERS = {
    "dense_gan": (models.dense_generator, models.dense_discriminator),
    "dcgan": (models.dcgan_generator, models.dcgan_discriminator),
    "improved_dcgan": (models.improved_dcgan_generator, models.improved_dcgan_discriminator),
    "conditional_gan": (models.conditional_generator, models.conditional_discriminator),
}


def cards():
    """What is known of each model: a dict from its name to its card, a dict.

    A card holds ``dataset`` (the name of the data, and of the judge that measured),
    ``arguments`` (of the builder in ``models``), ``md5``, ``bytes``, ``data`` (in words),
    ``steps``, ``batch_size``, ``learning_rate``, ``seconds`` (of training), ``command``,
    ``metrics`` (a row of ``Judge.evaluate``), ``metrics_seed`` and ``cannot`` (what the model
    cannot do).
    """
    return json.loads((FOLDER / "cards.json").read_text(encoding="utf-8"))


def load_pretrained(name):
    """Load a trained generator: ``load_pretrained("improved_dcgan")``.

    It computes in float32 whatever the global dtype policy is, and loading it does not change the
    random numbers that are drawn afterwards.

    Args:
        name: one of ``cards()``.

    Returns:
        A ``keras.Model``, as from the builder in ``models``, to be called with ``training=False``
        or given to ``sampling.sample``.

    Raises:
        ValueError: an unknown name.
        DamagedFileError: the file of the weights is damaged, or another one.
        FileNotFoundError: the file is missing.
    """
    card = _card(name)
    path = FOLDER / f"{name}.weights.h5"
    check_md5(path, card["md5"])
    with float32(), own_random_numbers(0):
        generator = BUILDERS[name][0](**card["arguments"])
        generator.load_weights(path)
    return generator


def describe(name):
    """The card of a model as a few lines of Markdown.

    Raises:
        ValueError: an unknown name.
    """
    card = _card(name)
    built = ", ".join(f"{key} {value}" for key, value in card["arguments"].items())
    measured = ", ".join(
        f"{key.replace('_', ' ')} {value:,.3g}" if isinstance(value, float) else f"{value:,} {key}"
        for key, value in card["metrics"].items()
        if key in ("images", "frechet_distance", "precision", "recall", "label_accuracy")
    )
    return (
        f"**{name}** ({built}, {card['bytes'] / 1e6:.1f} MB)\n\n"
        f"- Trained on {card['data']} for {card['steps']:,} steps of {card['batch_size']} images, "
        f"{card['seconds'] / 60:.0f} minutes, learning rate {card['learning_rate']:g}; "
        f"`{card['command']}`\n"
        f"- Measured with seed {card['metrics_seed']}: {measured}\n"
        f"- Cannot: {card['cannot']}"
    )


def _card(name):
    known = cards()
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"name: expected one of {', '.join(known)}, got {reprlib.repr(name)}.")
    return known[name]
