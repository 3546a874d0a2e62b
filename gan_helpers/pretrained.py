"""Generators of the series that were trained for longer than a notebook can wait.

``cards.json`` beside the weights says of each model how it was built and trained, and what was
measured; ``tools/train_long.py`` writes both, and a log of the epochs, ``NAME.csv``. The weights
are those of the averaged generator. Seconds were measured on two cores that had other work, too.
"""

import functools
import json
from pathlib import Path

from gan_helpers import models
from gan_helpers.metrics import check_md5

FOLDER = Path(__file__).parent / "pretrained"
BUILDERS = {
    "dense_gan": (models.dense_generator, models.dense_discriminator),
    "dcgan": (models.dcgan_generator, models.dcgan_discriminator),
    "improved_dcgan": (models.improved_dcgan_generator, models.improved_dcgan_discriminator),
    "conditional_gan": (models.conditional_generator, models.conditional_discriminator),
}


@functools.cache
def cards():
    """What is known of each model: a dict from its name to its card, a dict.

    A card holds ``width``, ``md5``, ``bytes``, ``data``, ``steps``, ``batch_size``,
    ``learning_rate``, ``seconds`` (of training), ``command``, ``metrics`` (a row of
    ``metrics.evaluate``), ``metrics_seed`` and ``cannot`` (what the model cannot do).
    """
    return json.loads((FOLDER / "cards.json").read_text(encoding="utf-8"))


def _card(name):
    if name not in cards():
        raise ValueError(f"name: expected one of {', '.join(cards())}, got {name!r}.")
    return cards()[name]


def load_pretrained(name):
    """Load a trained generator: ``load_pretrained("improved_dcgan")``.

    Args:
        name: one of ``cards()``.

    Returns:
        A ``keras.Model``, as from the builder in ``models``, to be called with ``training=False``
        or given to ``models.images_from_latents``.

    Raises:
        ValueError: an unknown name, or a damaged file.
    """
    path, card = FOLDER / f"{name}.weights.h5", _card(name)
    check_md5(path, card["md5"])
    generator = BUILDERS[name][0](width=card["width"])
    generator.load_weights(path)
    return generator


def describe(name):
    """The card of a model as a few lines of Markdown.

    Raises:
        ValueError: an unknown name.
    """
    card = _card(name)
    measured = ", ".join(
        f"{key.replace('_', ' ')} {value:,.3g}" if isinstance(value, float) else f"{value:,} {key}"
        for key, value in card["metrics"].items()
        if key in ("images", "frechet_distance", "precision", "recall", "label_accuracy")
    )
    return (
        f"**{name}** (width {card['width']}, {card['bytes'] / 1e6:.1f} MB)\n\n"
        f"- Trained on {card['data']} for {card['steps']:,} steps of {card['batch_size']} images, "
        f"{card['seconds'] / 60:.0f} minutes, learning rate {card['learning_rate']:g}; "
        f"`{card['command']}`\n"
        f"- Measured with seed {card['metrics_seed']}: {measured}\n"
        f"- Cannot: {card['cannot']}"
    )
