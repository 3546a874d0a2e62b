"""What happened in a training, in the tools that people track theirs with.

**Tables and CSV.** ``history_frame`` makes a pandas ``DataFrame``, and a file is pandas' own
business: ``history_frame(history).to_csv("run.csv")``.

**TensorBoard.** ``TensorBoardSamples`` among the callbacks of ``fit``, then in a terminal
``tensorboard --logdir FOLDER``. It needs ``pip install -r requirements-tracking.txt``.

**Weights & Biases** comes with the same file, and needs no code of ours::

    run = wandb.init(project="gan")  # mode="offline" needs neither an account nor a network
    log = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: run.log({"epoch": epoch + 1, **logs})
    )
    gan.fit(batches, epochs, callbacks=[log])
    run.finish()

``wandb``'s own ``WandbMetricsLogger`` asks the model for its one optimizer. A GAN has two, so in
wandb 0.31 it ends with "'NoneType' object has no attribute 'learning_rate'".

A callback that adds to ``logs``, such as a distance after each epoch, stands before these two in
the list: callbacks run in its order.
"""

from gan_helpers import models, plotting
import keras
import numpy as np
import pandas as pd
import tensorflow as tf


def history_frame(history, steps_per_epoch=None):
    """The history of a run as a table: one row an epoch or a step, one column a loss or score.

    Args:
        history: dict from names to lists of one length, as in ``History.history`` (by epoch) or
            ``StepLog.history`` (by step).
        steps_per_epoch: for a history by step, how many steps an epoch has; ``None`` for one by
            epoch.

    Returns:
        ``pandas.DataFrame`` whose index is named ``epoch``, from 1. With ``steps_per_epoch`` it
        is named ``step``, from 1, and the first column ``epoch`` is ``step / steps_per_epoch``.

    Raises:
        ValueError: not a dict, nothing in it, lists of unequal length, or ``steps_per_epoch``
            below 1.
    """
    if not isinstance(history, dict):
        raise ValueError(
            f"history: expected a dict, got {type(history).__name__}. Both Keras' History, which "
            "fit returns, and StepLog keep it as their .history."
        )
    lengths = {name: len(values) for name, values in history.items()}
    if not any(lengths.values()):
        raise ValueError("history: nothing recorded. fit fills it, so train first.")
    if len(set(lengths.values())) > 1:
        raise ValueError(
            f"history: expected lists of one length, got {lengths}. What is not measured every "
            "time belongs in a table of its own, or needs NaN in the gaps."
        )
    if steps_per_epoch is not None and steps_per_epoch < 1:
        raise ValueError(f"steps_per_epoch: expected at least 1, got {steps_per_epoch}.")
    frame = pd.DataFrame(history)
    count = np.arange(1, len(frame) + 1)
    if steps_per_epoch is None:
        return frame.set_index(pd.Index(count, name="epoch"))
    frame.insert(0, "epoch", count / steps_per_epoch)
    return frame.set_index(pd.Index(count, name="step"))


class TensorBoardSamples(keras.callbacks.TensorBoard):
    """Keras' ``TensorBoard`` that also shows images of the averaged generator.

    After each epoch it writes into ``folder/train``, under the epoch's number from 1 (Keras alone
    counts from 0): everything in ``logs`` as ``epoch_generator_loss``, ``epoch_real_score`` ...,
    and one image ``samples``, a grid made from the same latents each time. Give each run a folder
    of its own, side by side: TensorBoard draws the runs of the folder above into one chart.

    Args:
        folder: where to write.
        latents: ``(n, latent_dim)``, kept the same through the training.
        labels: integers ``(n,)`` for a conditional GAN.

    Raises:
        ImportError: ``tensorboard`` is not installed.
        ValueError: when the training starts, if latents or labels do not fit the generator.
    """

    def __init__(self, folder, latents, labels=None):
        try:
            import tensorboard  # noqa: F401
        except ImportError as error:
            raise ImportError(
                "TensorBoardSamples needs the package tensorboard, which does not come with "
                "TensorFlow: pip install -r requirements-tracking.txt"
            ) from error
        # The graph of a model with its own train_step cannot be drawn.
        super().__init__(folder, write_graph=False)
        self.latents, self.labels = latents, labels

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self._grid()  # so that wrong latents are refused before an epoch is spent on them

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch + 1, logs)
        with self._train_writer.as_default():
            tf.summary.image("samples", self._grid(), step=epoch + 1)
        # Without it, TensorBoard would show an epoch up to two minutes late, a kill lose it.
        self._train_writer.flush()

    def _grid(self):
        """One picture of all samples, as the batch ``(1, height, width, 1)`` that tf wants."""
        generator = self.model.averaged_generator
        images = models.images_from_latents(generator, self.latents, self.labels)
        return plotting.tile_images(images)[None, :, :, None]
