"""A process of the tests of tf.distribute: python distributed_worker.py PART FOLDER [VICTIM].

It stands in a file of its own, since strategies want a TensorFlow that has not begun yet.
"""

import json
import os
from pathlib import Path
import signal
import sys
import time

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "OMP_NUM_THREADS": "1"}

from gan_helpers import callbacks, data, training
import keras
from keras import layers
import numpy as np
from small_gans import IMAGES, LATENT_DIM, SHAPE, OwnBatches
import tensorflow as tf

EPOCHS = 4  # of five batches
PIXELS = np.random.default_rng(0).integers(0, 256, (320, 8, 8), dtype=np.uint8)


def make(dropout=0.0, norm=False, **compiled):
    """A dense GAN with R1, and with batch normalisation in both networks if that is wanted."""
    keras.utils.set_random_seed(0)
    generator = [keras.Input((LATENT_DIM,)), *hidden(norm)]
    generator += [layers.Dense(64, "tanh"), layers.Reshape(SHAPE)]
    discriminator = [keras.Input(SHAPE), layers.Flatten(), *hidden(norm)]
    discriminator += [layers.Dropout(dropout), layers.Dense(1)]
    networks = keras.Sequential(generator), keras.Sequential(discriminator)
    gan = training.GAN(*networks, seed=0, r1=0.1)
    gan.compile(learning_rate=1e-2, **compiled)
    return gan


def hidden(norm):
    normalisation = [layers.BatchNormalization()] if norm else []
    return [layers.Dense(8, use_bias=not norm), *normalisation, layers.LeakyReLU(0.2)]


def batches(size=64):
    return data.Batches(PIXELS, size, 0)


def save(path, gan, **more):
    """What was logged, and weights: all but the discriminator's running averages.

    They move when a penalty is computed: in each step, if replicas synchronise them.
    """
    weights = [*gan.generator.weights, *gan.ema_generator.weights]
    weights += gan.discriminator.trainable_weights
    weights = {f"weight_{i}": weight.numpy() for i, weight in enumerate(weights)}
    np.savez(path, **weights, **more)


class Dies(keras.callbacks.Callback):
    """Ends this process as a power cut does, in the third epoch."""

    def __init__(self, path):
        super().__init__()
        self.path = path

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if (self.epoch, batch) == (2, 1):
            self.path.write_text(str(time.time()))
            os.kill(os.getpid(), signal.SIGKILL)


class Stops(keras.callbacks.Callback):
    """Ends the training after its second step, on the worker that has it."""

    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = batch == 1


def files(folder):
    return [
        keras.callbacks.BackupAndRestore(folder / "backup"),
        keras.callbacks.CSVLogger(folder / "log.csv", append=True),
        keras.callbacks.ModelCheckpoint(folder / "{epoch}.weights.h5", save_weights_only=True),
    ]


def interrupted(folder, victim):
    """Train as one of two workers, of which one dies, or has died before."""
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    number = strategy.cluster_resolver.task_id
    again = (folder / "died").exists()
    if not again:
        with strategy.scope():
            gan = make()
            (folder / f"scope-{number}").write_text(refused(lambda: gan.fit(batches(), epochs=2)))
        before = gan.fit(batches(), epochs=2, verbose=2, callbacks=[Stops()][number:])
        save(folder / f"stopped-{number}.npz", gan, **before.history)
    with strategy.scope():
        gan = make()
    dies = [Dies(folder / "died")] if number == int(victim) and not again else []
    log = gan.fit(batches(), epochs=EPOCHS, verbose=0, callbacks=[*files(folder), *dies])
    scores = gan.evaluate(batches(), verbose=0)
    save(folder / f"worker-{number}.npz", gan, scores=scores, **log.history)


def refused(call):
    try:
        call()
    except ValueError as error:
        return str(error)
    return ""


def mirrored(folder):
    """Two replicas in one process, and the same on one device."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, halves)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    one = make(norm=True)
    one.fit(batches(), epochs=2, verbose=0)
    save(folder / "one.npz", one)
    for name, synchronized in {"synchronised": True, "own": None}.items():
        with strategy.scope():
            two = make(norm=True, synchronized=synchronized)
            log = two.fit(batches(), epochs=2, verbose=0, validation_data=IMAGES[:16])
        save(folder / f"{name}.npz", two, **log.history)
    alone = make()  # what two workers have to come to
    log = alone.fit(batches(), epochs=EPOCHS, verbose=0)
    scores = alone.evaluate(batches(), verbose=0)
    save(folder / "alone.npz", alone, scores=scores, **log.history)
    said = {}
    with strategy.scope():
        gan = make(dropout=0.5)
        seeds = [state for layer in gan.discriminator.layers for state in layer.variables]
        seeds = [state.value for state in seeds if state.dtype.startswith("int")]
        gan.fit(OwnBatches(), epochs=1, verbose=0)
        said["seeds"] = [[int(x[0]) for x in strategy.experimental_local_results(s)] for s in seeds]
        log = callbacks.StepLog()
        gan.fit(IMAGES, epochs=9, batch_size=4, verbose=0, callbacks=[Stops(), log])
        said["steps"] = len(log.history["generator_loss"])
        said["odd"] = refused(lambda: gan.fit(batches(5), epochs=1, verbose=0))
        said["batch"] = refused(lambda: gan.train_on_batch(IMAGES))
        gan.compile(jit_compile=True)
        said["jit"] = refused(lambda: gan.fit(batches(), epochs=1, verbose=0))
        gan.compile(steps_per_execution=2)
        said["execution"] = refused(lambda: gan.fit(batches(), epochs=1, verbose=0))
    gan = make()
    with strategy.scope():
        said["scope"] = refused(lambda: gan.fit(batches(), epochs=1, verbose=0))
    (folder / "said.json").write_text(json.dumps(said))


if __name__ == "__main__":
    part, folder, *more = sys.argv[1:]
    {"interrupted": interrupted, "mirrored": mirrored}[part](Path(folder), *more)
