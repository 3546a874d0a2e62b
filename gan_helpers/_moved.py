"""Names of version 0.1: a notebook that was saved with it warns, and goes on with today's.

What measured any images against Fashion-MNIST without a word is refused where that can be wrong.
"""

import functools
import importlib
from types import SimpleNamespace
import warnings

MOVED = {
    "data.batches": "data.Batches",
    "metrics.build_classifier": "evaluation.build_classifier",
    "metrics.classification_accuracy_score": "evaluation.classification_accuracy_score",
    "metrics.directions": "metrics.unit_length",
    "models.draw_images": "sampling.sample",
    "models.images_from_latents": "sampling.images_from_latents",
    "models.number_of_classes": "sampling.number_of_classes",
    "plotting.interpolate_latents": "sampling.interpolate_latents",
    "training.EpochSamples": "callbacks.EpochSamples",
    "training.StepLog": "callbacks.StepLog",
    "training.discriminator_loss": "losses.non_saturating_discriminator",
    "training.generator_loss": "losses.non_saturating_generator",
}
GARMENTS = "evaluation.load_judge('fashion_mnist')"
CHANGED = {
    "metrics.class_shares": (
        "metrics.class_proportions(labels, classes)",
        lambda labels, classes=10: _today("metrics.class_proportions")(labels, classes),
    ),
    "metrics.classify": (
        f"{GARMENTS}.features_and_probabilities(images)",
        lambda *args, **kwargs: _garments().features_and_probabilities(*args, **kwargs),
    ),
    "metrics.evaluate": (
        f"{GARMENTS}.evaluate(generator)",
        lambda *args, **kwargs: _garments().evaluate(*args, **kwargs),
    ),
    "metrics.evaluate_images": (
        f"{GARMENTS}.evaluate_images(images)",
        lambda *args, **kwargs: _refuse("evaluate_images(images)"),
    ),
    "metrics.image_distance": (
        f"{GARMENTS}.frechet_distance(images)",
        lambda images, other_images=None: (
            _refuse("frechet_distance(images)") if other_images is None
            else _distance(images, other_images)
        ),
    ),
    "metrics.label_accuracy": (
        f"{GARMENTS}.label_accuracy(images, labels)",
        lambda images, labels: _garments().label_accuracy(images, labels),
    ),
    "metrics.real_features": (f"{GARMENTS}.real_features", lambda: _garments().real_features),
    "training.BackupAndResume": (
        "keras.callbacks.BackupAndRestore(folder)",
        lambda backup_dir, batches: _backup(backup_dir),
    ),
    "training.DistanceLog": (
        f"callbacks.DistanceLog({GARMENTS})",
        lambda *args, **kwargs: _today("callbacks.DistanceLog")(_garments(), *args, **kwargs),
    ),
}  # fmt: skip


def find(module, name):
    """What ``gan_helpers.module.name`` of version 0.1 is today, with a ``FutureWarning``.

    Raises:
        AttributeError: there was no such name either.
    """
    old = f"{module}.{name}"
    if old in MOVED:
        today, value = MOVED[old], _today(MOVED[old])
    elif old in CHANGED:
        today, value = CHANGED[old]
    else:
        raise AttributeError(f"module 'gan_helpers.{module}' has no attribute {name!r}")
    warnings.warn(f"{old} is {today} since version 0.2.", FutureWarning, stacklevel=3)
    return value


def tracking():
    """The module ``tracking`` of version 0.1."""
    return SimpleNamespace(
        history_frame=_history_frame, TensorBoardSamples=_today("callbacks.TensorBoardSamples")
    )


def _history_frame(history, steps_per_epoch=None):
    warnings.warn(
        "tracking.history_frame is pandas.DataFrame(history.history) since version 0.2; "
        "history.epoch has the numbers of the epochs, from 0.",
        FutureWarning,
        stacklevel=2,
    )
    frame = importlib.import_module("pandas").DataFrame(history)
    frame.index += 1
    return frame


def _today(path):
    module, name = path.split(".")
    return getattr(importlib.import_module(f"gan_helpers.{module}"), name)


@functools.cache
def _garments():
    return _today("evaluation.load_judge")("fashion_mnist")


def _distance(images, other_images):
    features = [_garments().features_and_probabilities(one)[0] for one in (images, other_images)]
    return _today("metrics.frechet_distance")(*features)


def _backup(folder):
    return importlib.import_module("keras").callbacks.BackupAndRestore(folder)


def _refuse(call):
    raise ValueError(
        f"Version 0.1 compared any images with garments here. Say whose judge it is: "
        f"evaluation.load_judge('fashion_mnist').{call} for garments, "
        f"evaluation.judge_for(dataset).{call} for your own images."
    )
