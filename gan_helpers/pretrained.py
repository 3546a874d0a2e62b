"""Models of the series that were trained for longer than a notebook can wait.

``cards.json`` beside the weights says of each model how it was built and trained, and what was
measured; ``tools/train_pretrained.py`` writes both, and a log of the epochs, ``NAME.csv``. The
generator's weights are the averaged ones, the discriminator's those of the last step; where its
part of the card has a ``command`` of its own, it was trained afterwards, against the finished
generator. Seconds were measured on two cores that had other work, too.
"""

import functools
import json
from pathlib import Path
import reprlib

from gan_helpers import models, style
from gan_helpers._settings import float32, own_random_numbers
from gan_helpers.data import check_md5

FOLDER = Path(__file__).parent / "assets" / "pretrained"
BUILDERS = {
    "dense_gan": (models.dense_generator, models.dense_discriminator),
    "dcgan": (models.dcgan_generator, models.dcgan_discriminator),
    "improved_dcgan": (models.improved_dcgan_generator, models.improved_dcgan_discriminator),
    "conditional_gan": (models.conditional_generator, models.conditional_discriminator),
    "residual_gan": (models.residual_generator, models.residual_discriminator),
    "relativistic_gan": (models.improved_dcgan_generator, models.critic),
    "style_gan": (
        functools.partial(style.style_generator, classes=10),
        models.residual_discriminator,
    ),
}
NETWORKS = ("generator", "discriminator")


def cards(dataset=None):
    """What is known of each model: a dict from its name to its card, a dict.

    A card holds ``dataset`` (the name of the data, and of the judge that measured), ``generator``
    and ``discriminator`` (of each: ``arguments`` of its builder in ``BUILDERS``, ``md5`` and
    ``bytes`` of its weights), ``data`` (in words), ``steps``, ``batch_size``, ``learning_rate``,
    ``seconds`` (of training), ``command``, ``metrics`` (a row of ``Judge.evaluate``),
    ``metrics_seed`` and ``cannot`` (what the model cannot do).

    Args:
        dataset: for the models of one dataset only, such as ``"mnist"``.

    Raises:
        ValueError: no model was trained on that dataset.
    """
    known = json.loads((FOLDER / "cards.json").read_text(encoding="utf-8"))
    datasets = sorted({card["dataset"] for card in known.values()})
    if dataset is None:
        return known
    if not isinstance(dataset, str) or dataset not in datasets:
        raise ValueError(
            f"dataset: expected one of {', '.join(datasets)}, got {reprlib.repr(dataset)}."
        )
    return {name: card for name, card in known.items() if card["dataset"] == dataset}


def load_pretrained(name, networks="generator"):
    """Load a trained model: ``load_pretrained("improved_dcgan")``.

    It computes in float32 whatever the global dtype policy is, and loading it does not change the
    random numbers that are drawn afterwards.

    Args:
        name: one of ``cards()``.
        networks: ``"generator"``, ``"discriminator"``, or ``"both"`` for the pair.

    Returns:
        A ``keras.Model``, as from its builder in ``BUILDERS``, to be called with
        ``training=False``; the generator can be given to ``sampling.sample``, the discriminator to
        ``evaluation.discriminator_scores``. For ``"both"``, a tuple: generator, discriminator.

    Raises:
        ValueError: an unknown name.
        DamagedFileError: the file of the weights is damaged, or another one.
        FileNotFoundError: the file is missing.
    """
    card = _card(name)
    if networks == "both":
        return tuple(_load(name, network, card) for network in NETWORKS)
    if not isinstance(networks, str) or networks not in NETWORKS:
        raise ValueError(
            'networks: expected "generator", "discriminator" or "both", '
            f"got {reprlib.repr(networks)}."
        )
    return _load(name, networks, card)


def weights_file(name, network):
    """Name of the file that holds the weights of a model's ``network``, one of ``NETWORKS``."""
    return f"{name}_{network}.weights.h5"


def _load(name, network, card):
    path = FOLDER / weights_file(name, network)
    check_md5(path, card[network]["md5"])
    with float32(), own_random_numbers(0):
        model = BUILDERS[name][NETWORKS.index(network)](**card[network]["arguments"])
        model.load_weights(path)
    return model


def describe(name):
    """The card of a model as a few lines of Markdown.

    Raises:
        ValueError: an unknown name.
    """
    card = _card(name)
    built = ", ".join(f"{key} {value}" for key, value in card["generator"]["arguments"].items())
    size = sum(card[network]["bytes"] for network in NETWORKS) / 1e6
    measured = ", ".join(
        f"{key.replace('_', ' ')} {value:,.3g}" if isinstance(value, float) else f"{value:,} {key}"
        for key, value in card["metrics"].items()
        if key in ("images", "frechet_distance", "precision", "recall", "label_accuracy")
    )
    return (
        f"**{name}** ({built}; both networks: {size:.1f} MB)\n\n"
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
