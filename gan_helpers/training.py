"""``GAN`` and ``ConditionalGAN``: our train step, run by Keras' own ``fit``."""

from pathlib import Path
import time

from gan_helpers import metrics
from gan_helpers.models import draw_images, images_from_latents, join_labels
from gan_helpers.plotting import tile_images
import keras
from keras import ops
import numpy as np
from PIL import Image
import tensorflow as tf

# Keras 3.15 asks the dataset for two iterators in each epoch, and each takes a new shuffling.
ITERATORS_AN_EPOCH = 2


def discriminator_loss(real_logits, fake_logits):
    """Cross-entropy of "real" for real images plus that of "fake" for generated ones.

    ``-log D(x) - log(1 - D(G(z)))`` with ``D = sigmoid(logit)`` (Goodfellow et al. 2014, equation
    1), written with ``softplus(a) = log(1 + exp(a))``, which cannot overflow.

    Args:
        real_logits, fake_logits: ``float32`` tensors ``(b, 1)``.

    Returns:
        A scalar in nats; 2 log 2 = 1.386 for a discriminator that says 0.5 to everything.
    """
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))


def generator_loss(fake_logits):
    """The non-saturating loss, ``-log D(G(z))`` (Goodfellow et al. 2014, section 3).

    Args:
        fake_logits: ``float32`` tensor ``(b, 1)``.

    Returns:
        A scalar in nats; log 2 = 0.693 where the discriminator says 0.5.
    """
    return ops.mean(ops.softplus(-fake_logits))


def _default_optimizer():
    return keras.optimizers.Adam(2e-4, beta_1=0.5)


class GAN(keras.Model):
    """A generator and a discriminator that are trained against each other by ``fit``.

    ``fit`` takes batches of real images ``(b, 28, 28, 1)`` in [-1, 1], as ``data.batches`` makes
    them, and logs ``generator_loss``, ``discriminator_loss`` (nats) and the mean scores
    ``real_score`` D(x) and ``fake_score`` D(G(z)) (probabilities).

    Attributes:
        generator, discriminator: the two networks that were given.
        averaged_generator: a copy of the generator whose weights are an exponential moving
            average of the generator's over the steps (Yazıcı et al. 2019, section 3.1).

    Args:
        generator: model from latents ``(b, latent_dim)`` to images in [-1, 1].
        discriminator: model from images to logits ``(b, 1)``, without an activation at its end.
        averaging: weight of the old average in each step, in [0, 1). The first steps use the
            smaller ``(1 + step) / (10 + step)``, so that the start is soon forgotten.
        seed: ``int`` of the latents; ``None`` takes one from Python's generator, which
            ``keras.utils.set_random_seed`` sets.

    Raises:
        ValueError: the discriminator does not take the generator's images, or does not return
            one logit without an activation; ``averaging`` is outside [0, 1).
    """

    def __init__(self, generator, discriminator, averaging=0.999, seed=None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= averaging < 1:
            raise ValueError(f"averaging: expected a number in [0, 1), got {averaging}.")
        _check_networks(generator, discriminator)
        self.generator = generator
        self.discriminator = discriminator
        self.averaged_generator = keras.models.clone_model(generator)
        self.averaged_generator.set_weights(generator.get_weights())
        self.averaged_generator.trainable = False
        self.averaging = averaging
        self.latent_dim = generator.inputs[0].shape[-1]
        self.latent_seed = keras.random.SeedGenerator(seed)
        self.trackers = [
            keras.metrics.Mean(name=name)
            for name in ("generator_loss", "discriminator_loss", "real_score", "fake_score")
        ]
        self.built = True

    def compile(self, generator_optimizer=None, discriminator_optimizer=None, **kwargs):
        """Set one optimizer for each network; the default of both is Adam 2e-4 with beta_1 0.5.

        Further arguments go to ``keras.Model.compile``. ``jit_compile`` is off unless asked for:
        on a CPU it slows convolutional GANs down.
        """
        if generator_optimizer is not None and generator_optimizer is discriminator_optimizer:
            raise ValueError(
                "Each network needs an optimizer of its own: one optimizer cannot keep the moments "
                "of both. Make two."
            )
        super().compile(**{"optimizer": None, "jit_compile": False, **kwargs})
        self.generator_optimizer = generator_optimizer or _default_optimizer()
        self.discriminator_optimizer = discriminator_optimizer or _default_optimizer()
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)

    def fit(self, batches, epochs=1, **kwargs):
        """Keras' own ``fit`` on the result of ``data.batches``, which comes shuffled.

        Raises:
            ValueError: ``epochs`` is below 1.
        """
        if epochs < 1:
            raise ValueError(f"epochs: expected at least 1, got {epochs}.")
        return super().fit(batches, epochs=epochs, shuffle=False, **kwargs)

    @property
    def metrics(self):
        return self.trackers

    def _seed_states(self):
        return [variable for variable in self.variables if "seed_generator" in variable.path]

    def save_own_variables(self, store):
        """Put the states of latents and dropout into the weights file: Keras leaves them out."""
        for index, state in enumerate(self._seed_states()):
            store[f"seed_{index}"] = state.numpy()

    def load_own_variables(self, store):
        """Take back what ``save_own_variables`` put into the file."""
        for index, state in enumerate(self._seed_states()):
            state.assign(store[f"seed_{index}"][()])

    def train_step(self, data):
        """One step of both networks on one batch; returns the batch's own losses and scores."""
        real_images, labels = self._unpack(data)
        latents = self.draw_latents(ops.shape(real_images)[0])

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = self.generator(join_labels(latents, labels), training=True)
            real_logits = self.discriminator(join_labels(real_images, labels), training=True)
            fake_logits = self.discriminator(join_labels(fake_images, labels), training=True)
            loss_of_generator = generator_loss(fake_logits)
            loss_of_discriminator = discriminator_loss(real_logits, fake_logits)

        variables = self.discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, variables)
        self.discriminator_optimizer.apply(gradients, variables)
        variables = self.generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, variables)
        self.generator_optimizer.apply(gradients, variables)
        self._update_average()

        real_score = ops.mean(ops.sigmoid(real_logits))
        fake_score = ops.mean(ops.sigmoid(fake_logits))
        values = (loss_of_generator, loss_of_discriminator, real_score, fake_score)
        for tracker, value in zip(self.trackers, values, strict=True):
            tracker.update_state(value)
        return {tracker.name: value for tracker, value in zip(self.trackers, values, strict=True)}

    def _unpack(self, data):
        if isinstance(data, tuple):
            raise ValueError("GAN.fit takes images alone; for labels use ConditionalGAN.")
        return data, None

    def _update_average(self):
        step = ops.cast(self.generator_optimizer.iterations, "float32")
        keep = ops.minimum(self.averaging, (1.0 + step) / (10.0 + step))
        pairs = zip(self.averaged_generator.weights, self.generator.weights, strict=True)
        for average, weight in pairs:
            average.assign(keep * average + (1.0 - keep) * weight)

    def draw_latents(self, count):
        """Draw ``count`` latents from a standard normal: ``float32`` ``(count, latent_dim)``."""
        return keras.random.normal((count, self.latent_dim), seed=self.latent_seed)

    def generate_images(self, count, labels=None, seed=None):
        """Make images with the averaged generator.

        Args:
            count: how many, at least 1.
            labels: for a ``ConditionalGAN``, what to make: one ``int`` for all, or ``(count,)``.
            seed: ``int`` for the same images every time, or ``None``.

        Returns:
            ``float32`` array ``(count, 28, 28)`` in [0, 1].

        Raises:
            ValueError: ``count`` below 1; labels missing, out of range, or given to a ``GAN``.
        """
        if count < 1:
            raise ValueError(f"count: expected at least 1, got {count}.")
        latents = np.random.default_rng(seed).standard_normal((count, self.latent_dim))
        if labels is not None and np.ndim(labels) == 0:
            labels = np.full(count, labels)
        return images_from_latents(self.averaged_generator, latents, labels)


class ConditionalGAN(GAN):
    """A ``GAN`` whose networks take the label as a second input.

    ``fit`` takes pairs of images and ``int32`` labels ``(b,)``, as ``data.batches`` makes them
    with ``labels=``. Generated images carry the labels of the real images in the same batch.
    """

    def _unpack(self, data):
        if not isinstance(data, tuple):
            raise ValueError(
                "ConditionalGAN.fit takes pairs of images and labels: give data.batches the labels."
            )
        return data


def _check_networks(generator, discriminator):
    made, taken = generator.outputs[0].shape[1:], discriminator.inputs[0].shape[1:]
    if made != taken:
        raise ValueError(f"The generator makes images {made}, the discriminator takes {taken}.")
    if discriminator.outputs[0].shape[1:] != (1,):
        raise ValueError(
            f"The discriminator must return one logit an image, shape (b, 1), "
            f"not {discriminator.outputs[0].shape}."
        )
    activation = getattr(discriminator.layers[-1], "activation", keras.activations.linear)
    if activation is not keras.activations.linear:
        raise ValueError(
            f"The discriminator ends in {activation.__name__}, but the losses take logits: end it "
            "in Dense(1) without activation."
        )


class StepLog(keras.callbacks.Callback):
    """Keeps the losses and scores of every single step, where ``History`` keeps epochs' means.

    Attributes:
        history: dict from the name of a loss or score to a list with one ``float`` a step.
    """

    def on_train_begin(self, logs=None):
        self.history = {}

    def on_train_batch_end(self, batch, logs=None):
        for name, value in logs.items():
            self.history.setdefault(name, []).append(float(value))


class DistanceLog(keras.callbacks.Callback):
    """After each epoch, measures how far the generator's images are from real test images.

    The clock of the training stands still while it measures. The epoch's ``logs`` also get the
    entries ``frechet_distance`` (raw weights), ``frechet_distance_averaged`` and ``seconds`` (of
    training, in this epoch), so that ``History`` and what stands behind this callback record them.

    Attributes:
        seconds: list of training time, summed up to the end of each epoch.
        raw, averaged: lists of Fréchet distances by ``metrics.frechet_distance``.

    Args:
        count: images to measure with, always from the same latents; below 2,000 warns.
        seed: ``int`` of the latents. A conditional GAN makes equally many of each class.
    """

    def __init__(self, count=3_000, seed=0):
        super().__init__()
        if count < 2:
            raise ValueError(f"count: expected at least 2, got {count}.")
        self.count, self.seed = count, seed

    def on_train_begin(self, logs=None):
        self.seconds, self.raw, self.averaged = [], [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        elapsed = time.perf_counter() - self.start
        self.seconds.append(elapsed + (self.seconds[-1] if self.seconds else 0.0))
        self.raw.append(self.measure(self.model.generator))
        self.averaged.append(self.measure(self.model.averaged_generator))
        if logs is not None:
            logs["seconds"] = elapsed
            logs["frechet_distance"] = self.raw[-1]
            logs["frechet_distance_averaged"] = self.averaged[-1]

    def measure(self, generator):
        """Distance of ``count`` images of ``generator`` to the real test images."""
        images, _ = draw_images(generator, self.count, self.seed)
        return metrics.image_distance(images)


class EpochSamples(keras.callbacks.Callback):
    """After each epoch, makes images from the same latents with the averaged generator.

    Attributes:
        frames: list of ``float32`` arrays ``(n, 28, 28)`` in [0, 1]: before the first epoch, then
            one after each.

    Args:
        latents: ``(n, latent_dim)``, kept the same through the training.
        labels: integers ``(n,)`` for a conditional GAN.
        folder: where to also write each frame, as ``epoch_001.png`` ...; ``None`` writes none.
    """

    def __init__(self, latents, labels=None, folder=None):
        super().__init__()
        self.latents, self.labels = latents, labels
        self.folder = folder and Path(folder)
        self.frames = []

    def on_train_begin(self, logs=None):
        self._keep(0)

    def on_epoch_end(self, epoch, logs=None):
        self._keep(epoch + 1)

    def _keep(self, epoch):
        images = images_from_latents(self.model.averaged_generator, self.latents, self.labels)
        self.frames.append(images)
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            pixels = (255 * tile_images(images)).astype(np.uint8)
            Image.fromarray(pixels).save(self.folder / f"epoch_{epoch:03d}.png")


class BackupAndResume(keras.callbacks.BackupAndRestore):
    """Keras' ``BackupAndRestore`` that also winds the shuffling of ``data.batches`` forward.

    Keras restores the weights and optimizers of the last whole epoch, and ``GAN`` the seeds; the
    batches would start again with the order of the first epoch. With this callback the
    interrupted run, started again with the same code, ends at the same weights as one that was
    never interrupted.

    Args:
        backup_dir: folder of the backup, removed when the training is complete.
        batches: the very ``tf.data.Dataset`` that ``fit`` gets.
    """

    def __init__(self, backup_dir, batches):
        super().__init__(backup_dir)
        self.batches = batches

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        for _ in range(ITERATORS_AN_EPOCH * (self.model._initial_epoch or 0)):
            iter(self.batches)
