"""The arguments of ``GAN.fit``, looked at before anything is trained or written."""

import inspect
import os
import string

from gan_helpers import _feeding
from gan_helpers.data import check_count
import keras
import numpy as np


def prepare(gan, x, y, args, kwargs):
    """Check what ``gan.fit`` was called with: raises ``ValueError``.

    Returns:
        The feed, and the arguments of Keras' ``fit`` with its batches in them.
    """
    if not gan.compiled:
        raise ValueError("Call gan.compile() before gan.fit().")
    given = inspect.signature(keras.Model.fit).bind(gan, x, y, *args, **kwargs).arguments
    given.pop("self")
    x, y = given.pop("x"), given.pop("y")
    if y is not None and np.ndim(y) == 0:
        if "epochs" in given:
            raise ValueError(f"epochs: expected once, got {y!r} in the place of y, too.")
        y, given["epochs"] = None, y
    epochs, done = given.get("epochs", 1), given.get("initial_epoch", 0)
    given["epochs"] = epochs = check_count("epochs", epochs)
    given["initial_epoch"] = done = check_count("initial_epoch", done, 0)
    if done >= epochs:
        raise ValueError(
            f"epochs: {epochs}, but initial_epoch says that {done} are trained already. epochs is "
            "the number of the last one, not how many more."
        )
    for name in ("class_weight", "sample_weight"):
        if given.pop(name, None) is not None:
            raise ValueError(f"{name}: a GAN weighs all images alike. Leave it out.")
    steps, size = given.pop("steps_per_epoch", None), given.pop("batch_size", None)
    if steps is not None:
        steps = check_count("steps_per_epoch", steps)
    part = given.pop("validation_split", 0.0)
    if part:
        x, y, given["validation_data"] = _feeding.split(x, y, part)
    validation = given.get("validation_data")
    if validation is not None:
        pair = keras.utils.unpack_x_y_sample_weight(validation)
        _feeding.look(gan, *pair[:2])
        given.setdefault("validation_batch_size", size)
    given["callbacks"] = _callbacks(gan, given.get("callbacks"), validation is not None, done)
    shuffle = bool(given.pop("shuffle", True))
    feed = _feeding.feed(gan, x, y, size, shuffle, steps, epochs, done)
    return feed, {**given, "x": feed.batches, "steps_per_epoch": feed.steps, "shuffle": False}


SCHEDULE = "Take one of keras.optimizers.schedules: gan.compile(learning_rate=schedule)."
ONE_OPTIMIZER = {
    "LearningRateScheduler": f"Give each a schedule. {SCHEDULE}",
    "ReduceLROnPlateau": f"The losses of a GAN show no plateau, either. {SCHEDULE}",
    "SwapEMAWeights": "A GAN averages its generator's weights by itself: gan.ema_generator.",
    "OrbaxCheckpoint": "Use keras.callbacks.ModelCheckpoint('{epoch}.keras') or BackupAndRestore.",
}


def _callbacks(gan, callbacks, validated, initial_epoch):
    """Raise ``ValueError`` for what Keras' callbacks would only find out, or miss, in training.

    Returns:
        The callbacks as a list, with backups last: an epoch counts as done when all others have
        written what they write of it.
    """
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    elif callbacks is None or isinstance(callbacks, keras.callbacks.Callback):
        callbacks = [callbacks] if callbacks else []
    elif not isinstance(callbacks, (list, tuple)):
        raise ValueError(f"callbacks: expected a list of callbacks, got {callbacks!r}.")
    own = {step.__module__ for step in (type(gan).train_step, type(gan).test_step)}
    names = [metric.name for metric in gan.metrics] if own == {"gan_helpers.training"} else None
    if names and validated:
        names += [f"val_{name}" for name in names]
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise ValueError(
                f"callbacks: expected callbacks, got {callback!r}"
                + (". Call it, to make one." if isinstance(callback, type) else ".")
            )
        _check_callback(callback)
        _check_names(callback, names)
        if _adds_names(callback):
            names = None
        elif names:
            names += getattr(callback, "logged_names", ())
            names += getattr(callback, "logged_with_labels", ()) if gan.conditional else ()
    backups = [x for x in callbacks if isinstance(x, keras.callbacks.BackupAndRestore)]
    if initial_epoch or any(os.path.exists(backup.backup_dir) for backup in backups):
        _check_written(callbacks)
    return [callback for callback in callbacks if callback not in backups] + backups


def _check_callback(callback):
    kind, named = keras.callbacks, type(callback).__name__
    for name, advice in ONE_OPTIMIZER.items():
        if hasattr(kind, name) and isinstance(callback, getattr(kind, name)):
            raise ValueError(f"{named} needs a model with one optimizer, a GAN has two. {advice}")
    if isinstance(callback, kind.TensorBoard) and callback.write_steps_per_second:
        raise ValueError(
            f"{named}(write_steps_per_second=True) needs a model with one optimizer, a GAN has "
            "two. Leave it out."
        )
    if isinstance(callback, kind.BackupAndRestore) and callback.save_freq != "epoch":
        raise ValueError(
            f"{named}(save_freq={callback.save_freq!r}): a run that goes on begins with a "
            "whole epoch, and would see the batches before the backup twice. Leave it 'epoch'."
        )
    whole = isinstance(callback, kind.ModelCheckpoint) and not callback.save_weights_only
    if whole and callback.filepath.endswith(".h5"):
        raise ValueError(
            f"{named}: a GAN cannot be saved as {callback.filepath!r}. Let it end in .keras, or in "
            ".weights.h5 with save_weights_only=True."
        )


def _check_names(callback, names):
    """Check that what ``callback`` looks up in the logs is there: all of ``names``, if known."""
    kind, named = keras.callbacks, type(callback).__name__
    monitor = getattr(callback, "monitor", None)
    idle = isinstance(callback, kind.ModelCheckpoint) and not callback.save_best_only
    if isinstance(callback, kind.ModelCheckpoint):
        fields = {field.partition("[")[0] for _, field, _, _ in string.Formatter().parse(
            callback.filepath) if field}  # fmt: skip
        known = {"epoch"} if callback.save_freq == "epoch" else {"epoch", "batch"}
        unknown = sorted(fields - known - set(names or fields))
        if unknown:
            raise ValueError(
                f"{named}: {callback.filepath!r} asks for {', '.join(unknown)}, which a GAN does "
                f"not log. {_logged(names)}"
            )
    if not isinstance(monitor, str) or (idle and monitor == "val_loss"):
        return
    if names is not None and monitor not in names and not idle:
        raise ValueError(f"{named}(monitor={monitor!r}): a GAN does not log that. {_logged(names)}")
    if getattr(callback, "mode", None) == "auto" and monitor not in ("loss", "val_loss"):
        raise ValueError(
            f"{named}(monitor={monitor!r}): Keras cannot know whether more or less of it is "
            "better. Say mode='min' or mode='max'."
        )


def _logged(names):
    return (
        f"Logged before it are {', '.join(names)}; with validation_data the same as val_..., and "
        "behind callbacks.DistanceLog(judge) frechet_distance, which tells best how good the "
        "images are."
    )


def _adds_names(callback):
    """Whether the end of an epoch is somebody's own code, which can log what it likes."""
    own = type(callback).on_epoch_end is not keras.callbacks.Callback.on_epoch_end
    own &= type(callback).__module__.partition(".")[0] not in ("keras", "gan_helpers")
    return own or "on_epoch_end" in vars(callback)


def _check_written(callbacks):
    """Refuse to write over what the first part of a run that goes on has written."""
    for callback in callbacks:
        fresh = isinstance(callback, keras.callbacks.CSVLogger) and not callback.append
        if fresh and os.path.exists(callback.filename):
            raise ValueError(
                f"CSVLogger would write over the epochs so far in {callback.filename!r}. Give it "
                "append=True."
            )


class DivergedError(ArithmeticError):
    """A training run whose losses or weights are no longer finite numbers."""


class Watch(keras.callbacks.Callback):
    """Tells the feed which epoch begins, and ends a run that has diverged.

    It stands first, so that no other callback keeps NaN for a model.
    """

    def __init__(self, feed):
        super().__init__()
        self.feed = feed

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        self.feed.begin(epoch)

    def on_train_batch_end(self, batch, logs=None):
        for name, value in logs.items():
            if not np.isfinite(value).all():
                self._stop(f"{name} is {value} in step {batch + 1} of epoch {self.epoch + 1}")

    def on_epoch_end(self, epoch, logs=None):
        self.feed.begin(epoch + 1)  # where a loop by hand, or the next fit, goes on
        for name in ("generator", "discriminator"):
            for weight in getattr(self.model, name).weights:
                if not np.isfinite(keras.ops.convert_to_numpy(weight)).all():
                    self._stop(f"weights of the {name} are not finite after epoch {epoch + 1}")

    def _stop(self, what):
        raise DivergedError(
            f"The training has diverged: {what}. Begin anew with a lower learning rate, such as "
            "gan.compile(learning_rate=1e-4). What was logged in the epochs before is in "
            "gan.history."
        )
