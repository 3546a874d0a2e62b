"""What to give to ``fit``: logs by step, samples and distances by epoch, a clock, TensorBoard.

A training run that goes on, by ``initial_epoch`` or after an interruption, is still one run: with
the same callback, what was kept of its first part stays. To resume, give ``fit`` Keras' own
``keras.callbacks.BackupAndRestore(folder)``.

A callback that adds to ``logs``, as ``DistanceLog`` does, stands before those that read them, such
as ``keras.callbacks.CSVLogger``: callbacks run in the order of their list.

**Weights & Biases** needs no code of ours::

    run = wandb.init(project="gan")  # mode="offline" needs neither an account nor a network
    log = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: run.log({"epoch": epoch + 1, **logs})
    )
    gan.fit(batches, epochs, callbacks=[log])
    run.finish()

``wandb``'s own ``WandbMetricsLogger`` asks the model for its one optimizer. A GAN has two, so in
wandb 0.31 it ends with "'NoneType' object has no attribute 'learning_rate'".
"""

from bisect import bisect_right
import time

from gan_helpers import plotting
from gan_helpers._checks import check_number
from gan_helpers._validation import check_path
from gan_helpers.data import check_count
from gan_helpers.sampling import images_from_latents, sample
import keras
import numpy as np
from tqdm.auto import tqdm

STEPS = tuple(25 * 2**n for n in range(20))  # 25, 50, 100, ...: a logarithmic scale


class _Record(keras.callbacks.Callback):
    """Keeps something of a training run, and begins anew with a new one.

    A ``fit`` that begins at the epoch at which the last one with the same model stopped goes on.
    """

    _reached = None

    def begin(self, epoch):
        """Forget what was kept: a run begins, of which ``epoch`` epochs are unknown."""

    def on_epoch_begin(self, epoch, logs=None):
        if self._reached != (self.model, epoch):
            self.begin(epoch)

    def on_epoch_end(self, epoch, logs=None):
        self._reached = (self.model, epoch + 1)


class StepLog(_Record):
    """Keeps the losses and scores of every single step, where ``History`` keeps epochs' means.

    Attributes:
        history: dict from the name of a loss or score to a list with one ``float`` a step.
    """

    def __init__(self):
        super().__init__()
        self.begin(0)

    def begin(self, epoch):
        self.history, self._whole = {}, {}

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        for name, values in self.history.items():  # an epoch that was broken off is repeated
            del values[self._whole.get(name, 0) :]

    def on_train_batch_end(self, batch, logs=None):
        for name, value in logs.items():
            self.history.setdefault(name, []).append(float(value))

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self._whole = {name: len(values) for name, values in self.history.items()}


class DistanceLog(_Record):
    """After each epoch, measures how far the generator's images are from a judge's real ones.

    The clock of the training stands still while it measures. The epoch's ``logs`` also get the
    entries ``frechet_distance`` (raw weights), ``frechet_distance_averaged`` and ``seconds`` (of
    training, in this epoch), and of a conditional GAN ``label_accuracy`` (averaged weights), so
    that ``History`` and what stands behind this callback record them.

    Attributes:
        seconds: list of training time, summed up to the end of each epoch.
        raw, averaged: lists of Fréchet distances, by ``judge.frechet_distance``.
        label_accuracy: list of the shares of images that the judge takes for what was ordered.

    Args:
        judge: ``evaluation.Judge`` of the dataset that the GAN is trained on.
        count: images to measure with, always from the same latents; below 2,000 warns.
        seed: ``int`` of the latents. A conditional GAN makes equally many of each class.

    Raises:
        ValueError: arguments that are not as described; before the training, if judge and
            generator know other images or classes.
    """

    logged_names = ("seconds", "frechet_distance", "frechet_distance_averaged")
    logged_with_labels = ("label_accuracy",)

    def __init__(self, judge, count=3_000, seed=0):
        super().__init__()
        if not all(hasattr(judge, name) for name in ("frechet_distance", "image_shape")):
            raise ValueError(
                f"judge: expected one as evaluation.judge_for(dataset) gives it, got {judge!r}."
            )
        self.judge = judge
        self.count, self.seed = check_count("count", count, 2), check_count("seed", seed, 0)
        self.begin(0)

    def set_model(self, model):
        super().set_model(model)
        _check_gan(self, model)
        if tuple(self.judge.image_shape) != model.image_shape:
            raise ValueError(
                f"DistanceLog: the judge knows images {tuple(self.judge.image_shape)}, the "
                f"generator makes {model.image_shape}. Take the judge of its dataset: "
                "evaluation.judge_for(dataset)."
            )
        if model.classes not in (None, len(self.judge.class_names)):
            raise ValueError(
                f"DistanceLog: the judge knows {len(self.judge.class_names)} classes, the "
                f"generator {model.classes}. Take the judge of its dataset: "
                "evaluation.judge_for(dataset)."
            )

    def begin(self, epoch):
        self.seconds, self.raw, self.averaged, self.label_accuracy = [], [], [], []

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        elapsed = time.perf_counter() - self.start
        raw, _ = self.measure(self.model.generator)
        averaged, accuracy = self.measure(self.model.ema_generator)
        self.seconds.append(elapsed + (self.seconds[-1] if self.seconds else 0.0))
        self.raw.append(raw)
        self.averaged.append(averaged)
        logs = {} if logs is None else logs
        logs.update(zip(self.logged_names, (elapsed, raw, averaged), strict=True))
        if accuracy is not None:
            self.label_accuracy.append(accuracy)
            logs["label_accuracy"] = accuracy
        super().on_epoch_end(epoch, logs)

    def measure(self, generator):
        """Distance of ``count`` images to the judge's real ones, and label accuracy or ``None``."""
        images, labels = sample(generator, self.count, self.seed, classes=self.model.classes)
        distance = self.judge.frechet_distance(images)
        return distance, None if labels is None else self.judge.label_accuracy(images, labels)


class _Samples(_Record):
    """Keeps ``frames``: images of the averaged generator, always from the same latents."""

    def __init__(self, latents, labels=None):
        super().__init__()
        self.latents, self.labels = latents, labels
        self.frames = []

    def set_model(self, model):
        super().set_model(model)
        _samples(self)

    def begin(self, epoch):
        self.frames = [_samples(self)]


class EpochSamples(_Samples):
    """After each epoch, makes images from the same latents with the averaged generator.

    Attributes:
        frames: list of ``float32`` arrays ``(n, h, w)`` or ``(n, h, w, 3)`` in [0, 1]: before the
            first epoch, then one after each. Of a run that goes on from a file, the first is
            that of the epoch where it goes on.

    Args:
        latents: ``(n, latent_dim)``, kept the same through the training.
        labels: integers ``(n,)`` for a conditional GAN.

    Raises:
        ValueError: before the training, if latents or labels do not fit the generator.
    """

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self.frames.append(_samples(self))


class StepSamples(_Samples):
    """After given steps, makes images from the same latents with the averaged generator.

    Most changes early in training, so the default steps double each time: equal distances on a
    logarithmic axis. Between the wanted steps no image is made.

    Steps are those that the generator's optimizer counts, over the whole training, since its
    counter is saved with the GAN. A run that goes on continues the lists, with the frame in
    them at which its first part ended; from a file, with a new callback, it begins them with the
    step that it has reached.

    Attributes:
        frames: list of ``float32`` arrays ``(n, h, w)`` or ``(n, h, w, 3)`` in [0, 1]: before the
            first step, after each of the given ones, and at the end of ``fit``.
        steps: list of ``int``, the step of each frame.
        captions: list of ``str``, such as ``"step 25"``, one for each frame.

    Args:
        latents: ``(n, latent_dim)``, kept the same through the training.
        labels: integers ``(n,)`` for a conditional GAN.
        steps: list of whole numbers above 0. With ``steps_per_execution``, a frame is made at the
            first opportunity after its step.

    Raises:
        ValueError: ``steps`` are not as described; before the training, if latents or labels do
            not fit the generator.
    """

    def __init__(self, latents, labels=None, steps=STEPS):
        super().__init__(latents, labels)
        if isinstance(steps, str | bytes) or not np.iterable(steps):
            raise ValueError(f"steps: expected a list of whole numbers, got {steps!r}.")
        self._wanted = sorted({check_count("steps", step) for step in steps})
        self.steps = []

    @property
    def captions(self):
        return [plotting.WORDS["step"].format(step=step) for step in self.steps]

    def begin(self, epoch):
        super().begin(epoch)
        self.steps = [self._count()]

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        self._step = self._count()
        kept = bisect_right(self.steps, self._step)  # an epoch that was broken off is repeated
        del self.frames[kept:], self.steps[kept:]

    def on_train_batch_end(self, batch, logs=None):
        before, self._step = self._step, self._count()
        if bisect_right(self._wanted, before) < bisect_right(self._wanted, self._step):
            self._keep()

    def on_train_end(self, logs=None):
        if self.steps and self.steps[-1] < self._step:
            self._keep()

    def _count(self):
        return int(self.model.generator_optimizer.iterations)

    def _keep(self):
        self.frames.append(_samples(self))
        self.steps.append(self._step)


class StopAfter(keras.callbacks.Callback):
    """Ends the training, in the midst of an epoch, when it has taken so many seconds.

    A bar shows how many have passed. The first step also builds the graph, so the clock starts
    after it.

    Attributes:
        steps: ``int``, steps made.
        used: ``float``, seconds by the clock, up to the last step.

    Args:
        seconds: number above 0.

    Raises:
        ValueError: ``seconds`` is not as described.
    """

    def __init__(self, seconds):
        super().__init__()
        self.seconds = check_number("seconds", seconds)
        if self.seconds <= 0:
            raise ValueError(f"seconds: expected a number above 0, got {seconds}.")
        self.steps, self.used = 0, 0.0

    def on_train_begin(self, logs=None):
        self.steps, self.used = 0, 0.0
        layout = "{percentage:3.0f}%|{bar}| {n:.0f} of {total:g} s"
        self.bar = tqdm(total=self.seconds, bar_format=layout, mininterval=1, leave=False)

    def on_train_batch_end(self, batch, logs=None):
        if self.steps == 0:
            self.start = time.perf_counter()
        self.steps += 1
        self.used = time.perf_counter() - self.start
        self.bar.update(min(self.used, self.seconds) - self.bar.n)
        if self.used > self.seconds:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.bar.close()


class TensorBoardSamples(keras.callbacks.Callback):
    """Writes for TensorBoard what is logged, and images of the averaged generator.

    After each epoch it writes into ``folder/train``, under the epoch's number from 1: everything
    in ``logs`` as ``epoch_generator_loss``, ``epoch_real_score`` ..., and one image ``samples``, a
    grid made from the same latents each time. What is logged with ``val_`` comes into
    ``folder/validation`` under the name of its companion. Give each run a folder of its own, side
    by side, and look at them with ``tensorboard --logdir FOLDER`` of the one above.

    Args:
        folder: where to write.
        latents: ``(n, latent_dim)``, kept the same through the training.
        labels: integers ``(n,)`` for a conditional GAN.

    Raises:
        ImportError: ``tensorboard`` is not installed.
        ValueError: before the training, if latents or labels do not fit the generator.
    """

    writes_files = True  # so of several workers only the first has it

    def __init__(self, folder, latents, labels=None):
        try:
            import tensorboard  # noqa: F401
        except ImportError as error:
            raise ImportError(
                "TensorBoardSamples needs the package tensorboard, which does not come with "
                "TensorFlow: pip install -r requirements-tracking.txt"
            ) from error
        super().__init__()
        self.folder = check_path("folder", folder)
        self.latents, self.labels = latents, labels

    def set_model(self, model):
        super().set_model(model)
        _samples(self)

    def on_train_begin(self, logs=None):
        self.writers = {}

    def on_epoch_end(self, epoch, logs=None):
        from tensorflow import summary

        grid = plotting.tile_images(_samples(self))
        with self._writer("train").as_default(epoch + 1):
            summary.image("samples", grid.reshape(1, *grid.shape[:2], -1))
        for name, value in (logs or {}).items():
            part = "validation" if name.startswith("val_") else "train"
            with self._writer(part).as_default(epoch + 1):
                summary.scalar(f"epoch_{name.removeprefix('val_')}", value)
        for writer in self.writers.values():  # else an epoch is shown minutes late, a kill loses it
            writer.flush()

    def on_train_end(self, logs=None):
        for writer in self.writers.values():
            writer.close()

    def _writer(self, part):
        from tensorflow import summary

        if part not in self.writers:
            self.writers[part] = summary.create_file_writer(str(self.folder / part))
        return self.writers[part]


def _check_gan(callback, model):
    if not hasattr(model, "ema_generator"):
        raise ValueError(
            f"{type(callback).__name__} is for a GAN, which has an averaged generator, not for a "
            f"{type(model).__name__}."
        )


def _samples(callback):
    """Images of the averaged generator for a callback's latents and labels."""
    _check_gan(callback, callback.model)
    return images_from_latents(callback.model.ema_generator, callback.latents, callback.labels)
