"""``GAN`` and ``ConditionalGAN``: our train step, run by Keras' own ``fit``."""

import functools

from gan_helpers import _checks, _moved, losses
from gan_helpers.data import Batches, check_count
from gan_helpers.sampling import images_from_latents
import keras
from keras import ops
import numpy as np

if keras.backend.backend() != "tensorflow":
    raise ImportError(_checks.wrong_backend())

from gan_helpers import _distributed, _feeding, _fitting, _precision, _states, penalties
from gan_helpers._fitting import DivergedError, Watch
from gan_helpers._schedules import FallAtTheEnd
import tensorflow as tf

__all__ = ["ConditionalGAN", "DivergedError", "FallAtTheEnd", "GAN"]
PENALTY_EVERY = 8  # steps of the discriminator from one payment of a penalty to the next
METHOD = {  # what a file names only if it is otherwise: version 0.2 could not read it
    "r2": 0.0,
    "gradient_penalty": 0.0,
    "objective": "non_saturating",
    "penalty_every": PENALTY_EVERY,
}


class GAN(keras.Model):
    """A generator and a discriminator that are trained against each other by ``fit``.

    It logs ``generator_loss``, ``discriminator_loss`` (in the units of its objective: nats, unless
    ``losses`` says otherwise) and the mean scores ``real_score`` D(x) and ``fake_score`` D(G(z)),
    sigmoids of the logits, which are probabilities with the non-saturating objective only. Called
    on latents, and by ``predict`` and ``export``, it is its averaged generator. ``save`` and
    ``keras.models.load_model`` keep all of it, with the optimizers and the states of the random
    numbers, so that the next epoch of the loaded one is that of the saved one.

    An objective that is not among ``losses.OBJECTIVES`` is a subclass with other
    ``generator_loss``, ``discriminator_loss``, ``penalty`` or ``discriminator_steps``.

    Attributes:
        generator, discriminator: the two networks that were given.
        ema_generator: a copy of the generator whose weights are an exponential moving average of
            the generator's over the steps (Yazıcı et al. 2019, section 3.1).
        latent_dim: ``int``, length of the latents.
        image_shape: tuple, height, width and channels of the images.
        discriminator_steps: updates of the discriminator for one of the generator.

    Args:
        generator: model from latents ``(b, latent_dim)`` to images ``(b, h, w, c)`` in [-1, 1],
            c = 1 or 3.
        discriminator: model from images to logits ``(b, 1)``, without an activation at its end.
        ema_momentum: weight of the old average in each step, in [0, 1). The first steps use the
            smaller ``(1 + step) / (10 + step)``, so that the start is soon forgotten.
        seed: ``int`` of the latents; ``None`` takes one from Python's generator, which
            ``keras.utils.set_random_seed`` sets.
        r1, r2, gradient_penalty: strengths of the penalties of the same names in ``penalties``, at
            least 0; see ``penalty``. ``gradient_penalty=10`` is that of Gulrajani et al. (2017).
        objective: name of the losses of both networks, a key of ``losses.OBJECTIVES``:
            ``"non_saturating"``, ``"hinge"``, ``"wasserstein"`` or ``"relativistic"``.
        penalty_every: steps of the discriminator from one payment of the penalties to the next.
        discriminator_steps: as above; ``None`` leaves it at 1, or at what a subclass says.

    Raises:
        ValueError: the networks do not belong together, do not say what they take, or the
            discriminator does not return logits; the other arguments are not as described; a
            gradient penalty together with R1 or R2, or with batch normalisation.
    """

    conditional = False
    discriminator_steps = 1

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        keras.saving.register_keras_serializable("gan_helpers")(cls)

    def __init__(
        self,
        generator,
        discriminator,
        ema_momentum=0.999,
        seed=None,
        r1=0.0,
        r2=0.0,
        gradient_penalty=0.0,
        objective="non_saturating",
        penalty_every=PENALTY_EVERY,
        discriminator_steps=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.ema_momentum = _checks.check_number("ema_momentum", ema_momentum)
        if not 0 <= self.ema_momentum < 1:
            raise ValueError(f"ema_momentum: expected a number in [0, 1), got {ema_momentum}.")
        self.objective = losses.check_objective(objective)
        self.penalty_every = check_count("penalty_every", penalty_every)
        if discriminator_steps is not None:
            self.discriminator_steps = check_count("discriminator_steps", discriminator_steps)
        seed = None if seed is None else check_count("seed", seed, 0, 2**32 - 1)
        self.latent_dim, self.image_shape, self.classes = _checks.check_networks(
            generator, discriminator, self.conditional
        )
        self.r1, self.r2, self.gradient_penalty = penalties.check_strengths(
            discriminator, r1, r2, gradient_penalty
        )
        self.generator, self.discriminator = generator, discriminator
        self.ema_generator = keras.models.clone_model(generator)
        self.ema_generator.set_weights(generator.get_weights())
        self.ema_generator.trainable = False
        self.latent_seed = keras.random.SeedGenerator(seed)
        self.seed = int(self.latent_seed.state[0])
        self.test_seed = keras.random.SeedGenerator(self.seed)
        self.trackers = [
            keras.metrics.Mean(name=name)
            for name in ("generator_loss", "discriminator_loss", "real_score", "fake_score")
        ]
        self.built = True

    @property
    def averaged_generator(self):
        """``ema_generator`` under its name in version 0.1."""
        return self.ema_generator

    @property
    def metrics(self):
        return self.trackers

    def generator_loss(self, fake_logits, *real_logits):
        """What the generator lowers: a scalar from logits ``(b, 1)`` of generated images.

        With the relativistic objective, and only then, those of the real images come behind them.
        """
        return losses.OBJECTIVES[self.objective].generator(fake_logits, *real_logits)

    def discriminator_loss(self, real_logits, fake_logits):
        """What the discriminator lowers: a scalar from logits ``(b, 1)`` of both kinds."""
        return losses.OBJECTIVES[self.objective].discriminator(real_logits, fake_logits)

    def penalty(self, real_images, fake_images, labels):
        """What is added to the discriminator's loss: a scalar from two batches of images.

        Images ``(b, h, w, c)`` in [-1, 1], labels ``(b,)`` or ``None``. Here it is the sum of those
        of ``penalties`` whose strengths ``r1``, ``r2`` and ``gradient_penalty`` are above 0. It is
        paid eightfold in every eighth step, or as ``penalty_every`` says, which costs less and
        does the same (Karras et al. 2020, section 3.1).
        """
        between = functools.partial(penalties.gradient_penalty, seed=self.latent_seed)
        kinds = (self.r1, penalties.r1), (self.r2, penalties.r2), (self.gradient_penalty, between)
        kinds = [(strength, kind) for strength, kind in kinds if strength]
        if not kinds:
            return 0.0

        def discriminate(images):
            return self._discriminate(images, labels, training=True)

        def paid():
            return sum(
                strength * kind(discriminate, real_images, fake_images) for strength, kind in kinds
            )

        def nothing():
            return ops.zeros((), keras.config.floatx())

        due = self.discriminator_optimizer.iterations % self.penalty_every == 0
        if _distributed.synchronised(self.discriminator):  # replicas cannot talk in a branch
            return self.penalty_every * ops.cast(due, keras.config.floatx()) * paid()
        return self.penalty_every * tf.cond(due, paid, nothing)

    def compile(
        self,
        generator_optimizer=None,
        discriminator_optimizer=None,
        *,
        learning_rate=None,
        beta_1=None,
        beta_2=None,
        jit_compile=False,
        dtype_policy=None,
        synchronized=None,
        **kwargs,
    ):
        """Set one optimizer for each network; the default of both is Adam 2e-4 with beta_1 0.5.

        Args:
            generator_optimizer, discriminator_optimizer: ``keras.optimizers.Optimizer`` or name.
            learning_rate: of two new Adam optimizers, 2e-4 by default: a number above 0 or a
                ``keras.optimizers.schedules.LearningRateSchedule``.
            beta_1, beta_2: of these two: numbers in [0, 1), 0.5 and 0.999 by default.
            jit_compile: whether XLA compiles the step, for a GPU: on a CPU it slows convolutional
                GANs down.
            dtype_policy: what both networks compute in: ``"float32"``, ``"mixed_bfloat16"`` or
                ``"mixed_float16"``, with which the optimizers scale the losses. Weights, losses,
                logs and the averaged generator stay float32, and so does every judge. ``None``
                leaves each layer as it was made.
            synchronized: whether batch normalisation looks at the whole batch where replicas have
                parts of it; see ``fit``. ``None`` leaves each layer as it was made.
            **kwargs: for ``keras.Model.compile``: ``run_eagerly``, ``steps_per_execution``.

        Raises:
            ValueError: arguments that are not as described, one optimizer for both networks, one
                that belongs to other networks, or losses and metrics.
        """
        _checks.check_compile(kwargs)
        _precision.check(jit_compile, dtype_policy, synchronized)
        optimizers = _checks.two_optimizers(
            self,
            {"generator": generator_optimizer, "discriminator": discriminator_optimizer},
            {"learning_rate": learning_rate, "beta_1": beta_1, "beta_2": beta_2},
        )
        networks = self.generator, self.discriminator
        _precision.set_up(networks, dtype_policy, synchronized)
        if dtype_policy == "mixed_float16":
            optimizers = [
                _precision.scaled(optimizer, network.trainable_variables)
                for optimizer, network in zip(optimizers, networks, strict=True)
            ]
        self._compile_arguments = {"jit_compile": jit_compile, **kwargs}
        super().compile(optimizer=None, **self._compile_arguments)
        self.generator_optimizer, self.discriminator_optimizer = optimizers

    def fit(self, x=None, y=None, *args, **kwargs):
        """Keras' own ``fit``, with a look at everything before it begins.

        The order of batches follows from ``seed`` and the number of the epoch, so a run that
        goes on, by ``initial_epoch`` or ``keras.callbacks.BackupAndRestore``, ends where the
        uninterrupted one does. ``data.Batches`` and arrays can always go on; a shuffled
        ``tf.data.Dataset`` and a generator must be made anew after an interruption.

        Made and compiled in the scope of a ``tf.distribute`` strategy (``MirroredStrategy`` for
        the GPUs of one machine, ``MultiWorkerMirroredStrategy`` for several), a GAN is trained by
        all replicas together. Call ``fit`` behind the scope, not in it:

        - ``batch_size`` is that of all. Every worker is given the same batches, and each replica
          takes its part of each: one in N, in order. The batch must be divisible by N.
        - Every replica draws the latents of the whole batch from the same seed and takes the rows
          of its part. Together they are those of one device, and no two replicas share any.
          Dropout has a seed of its own on each replica.
        - Gradients are averaged over the replicas in each update, and so is what is logged.
          Hence all have the same weights all the time, and losses and weights are those of one
          device but for rounding, unless the discriminator has dropout, or a network has
          batch normalisation.
        - Batch normalisation looks at each replica's own part, with
          ``compile(synchronized=True)`` at the whole batch, at the price of three more messages a
          layer and pass, and of penalties that are computed in every step. Its running averages
          are the first replica's, which the others take over after each epoch.
        - Callbacks run on every worker, with the same logs, but those that write (backups,
          checkpoints, CSV, TensorBoard, and any with an attribute ``writes_files = True``) on the
          first alone, which also shows the progress. All begin where its backup ends.
        - If a worker dies, ``fit`` raises ``ConnectionError`` on the others.

        Args:
            x: ``data.Batches``, another ``keras.utils.PyDataset``, a ``tf.data.Dataset``, a
                generator of batches, or an array of images ``(n, h, w, c)``: images in [-1, 1], for
                ``ConditionalGAN`` in pairs with ``int`` labels ``(b,)``.
            y: labels ``(n,)``, behind an array of images. A number in its place is ``epochs``:
                ``gan.fit(batches, 4)``.
            *args, **kwargs: as in Keras. ``epochs`` is the number of the last epoch. Arrays and
                the batches of a ``PyDataset`` are shuffled in each epoch unless ``shuffle=False``;
                ``data.Batches`` always are. With ``steps_per_epoch``, an epoch goes on where the
                last one stopped. Callbacks that cannot work with two optimizers, or look for what
                a GAN does not log, are refused; backups are written last in an epoch.

        Raises:
            ValueError: before the first step, if the images are not in [-1, 1] or have another
                shape, the networks do not know the labels, or an argument cannot work.
            DivergedError: a loss or weight is not finite. ``gan.history`` has the epochs before.
            ConnectionError: another worker of a ``MultiWorkerMirroredStrategy`` has gone.
        """
        feed, arguments = _fitting.prepare(self, x, y, args, kwargs)
        arguments["callbacks"].insert(0, Watch(feed))
        self._initial_epoch = None  # where an earlier backup went on, which Keras never forgets
        try:
            if _distributed.in_use(self):
                return _distributed.fit(self, feed, arguments)
            return super().fit(**arguments)
        except tf.errors.OpError:
            if feed.error:
                raise feed.error from None
            raise

    def evaluate(self, x=None, y=None, *args, **kwargs):
        """Keras' own ``evaluate``: losses and scores of the raw generator, without any update.

        Its latents are the same in each call, and training's random numbers stay untouched. ``x``
        and ``y`` are as in ``fit``.
        """
        _feeding.look(self, x, y)
        if isinstance(x, Batches):
            x.epoch = 0  # the images that fill no batch are the same each time
        self.test_seed.state.assign([self.seed, 0])
        if _distributed.in_use(self):
            return _distributed.evaluate(self, x, y, *args, **kwargs)
        return super().evaluate(x, y, *args, **kwargs)

    def train_on_batch(self, x, y=None, *args, **kwargs):
        """Keras' own ``train_on_batch``: one step, on images and labels as in ``fit``."""
        _distributed.refuse(self, "train_on_batch")
        _checks.check_batch((x, y), self)
        return super().train_on_batch(x, y, *args, **kwargs)

    def test_on_batch(self, x, y=None, *args, **kwargs):
        """Keras' own ``test_on_batch``: losses and scores of one batch, without any update."""
        _distributed.refuse(self, "test_on_batch")
        _checks.check_batch((x, y), self)
        return super().test_on_batch(x, y, *args, **kwargs)

    def call(self, inputs, training=False):
        """Images ``(b, h, w, c)`` in [-1, 1] of the averaged generator."""
        return self.ema_generator(inputs, training=training)

    def export(self, *args, **kwargs):
        """Keras' own ``export``, of the averaged generator."""
        return self.ema_generator.export(*args, **kwargs)

    def train_step(self, data):
        """One step of both networks on one batch; returns the batch's own losses and scores.

        With ``discriminator_steps`` above 1, the discriminator is updated so often on the same
        real images, each time against new generated ones, and then the generator against the
        discriminator that came out: as in Keras' example of WGAN-GP.
        """
        real_images, labels = self._tensors(data)
        steps = check_count("discriminator_steps", self.discriminator_steps)
        if steps == 1:
            with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
                values = self._play(real_images, labels, self.latent_seed, training=True)
                generator_cost = self._cost("generator", values[0])
                discriminator_cost = self._cost("discriminator", values[1])
            self._descend("discriminator", discriminator_tape, discriminator_cost)
            self._descend("generator", generator_tape, generator_cost)
        else:
            for _ in range(steps):
                with tf.GradientTape() as tape:
                    values = self._play(real_images, labels, self.latent_seed, training=True)
                    cost = self._cost("discriminator", values[1])
                self._descend("discriminator", tape, cost)
            latents = self.draw_latents(ops.shape(real_images)[0])
            paired = losses.OBJECTIVES[self.objective].paired
            real = [self._discriminate(real_images, labels, training=True)] if paired else []
            with tf.GradientTape() as tape:
                fake_images = self.generator(_checks.with_labels(latents, labels), training=True)
                fake_logits = self._discriminate(fake_images, labels, training=True)
                generator_loss = self.generator_loss(fake_logits, *real)
                cost = self._cost("generator", generator_loss)
            self._descend("generator", tape, cost)
            values = generator_loss, *values[1:3], fake_logits
        self.update_average()
        return self._log(*values)

    def test_step(self, data):
        """Losses and scores of one batch, in inference mode; nothing is updated.

        The discriminator's loss is that without the penalty, which may train on its way.
        """
        real_images, labels = self._tensors(data)
        return self._log(*self._play(real_images, labels, self.test_seed, training=False))

    def _play(self, real_images, labels, seed, training):
        """The losses of generator and discriminator, and logits of real and generated images."""
        latents = self._latents(ops.shape(real_images)[0], seed)
        fake_images = self.generator(_checks.with_labels(latents, labels), training=training)
        real_logits = self._discriminate(real_images, labels, training=training)
        fake_logits = self._discriminate(fake_images, labels, training=training)
        paired = losses.OBJECTIVES[self.objective].paired
        generator_loss = self.generator_loss(fake_logits, *([real_logits] if paired else []))
        discriminator_loss = self.discriminator_loss(real_logits, fake_logits)
        if training:
            discriminator_loss += self.penalty(real_images, fake_images, labels)
        return generator_loss, discriminator_loss, real_logits, fake_logits

    def _tensors(self, data):
        """Images, and labels or ``None``: Keras takes no pair of an array and a tensor."""
        images, labels = _checks.images_and_labels(data, self.conditional)
        labels = None if labels is None else ops.convert_to_tensor(labels)
        return ops.convert_to_tensor(images), labels

    def _discriminate(self, images, labels, training):
        logits = self.discriminator(_checks.with_labels(images, labels), training=training)
        return ops.cast(logits, keras.config.floatx())  # half precision is too coarse for a loss

    def _cost(self, name, loss):
        """What the gradient is taken of: optimizers add up the gradients of all replicas."""
        cost = getattr(self, f"{name}_optimizer").scale_loss(loss)
        replicas = _distributed.replicas()
        return cost if replicas == 1 else cost / replicas

    def _descend(self, name, tape, cost):
        variables = getattr(self, name).trainable_variables
        gradients = tape.gradient(cost, variables)
        getattr(self, f"{name}_optimizer").apply(gradients, variables)

    def update_average(self):
        """Move the averaged generator a step towards the generator; ``train_step`` ends with it."""
        step = ops.cast(self.generator_optimizer.iterations, "float32")
        keep = ops.minimum(self.ema_momentum, (1.0 + step) / (10.0 + step))
        pairs = zip(self.ema_generator.weights, self.generator.weights, strict=True)
        for average, weight in pairs:
            average.assign(keep * average + (1.0 - keep) * weight)

    def _log(self, generator_loss, discriminator_loss, real_logits, fake_logits):
        scores = [ops.mean(ops.sigmoid(logits)) for logits in (real_logits, fake_logits)]
        values = (generator_loss, discriminator_loss, *scores)
        for tracker, value in zip(self.trackers, values, strict=True):
            tracker.update_state(value)
        return {tracker.name: value for tracker, value in zip(self.trackers, values, strict=True)}

    def draw_latents(self, count):
        """Draw ``count`` latents from a standard normal: ``float32`` ``(count, latent_dim)``."""
        return self._latents(count, self.latent_seed)

    def _latents(self, count, seed):
        def draw(rows):
            return keras.random.normal((rows, self.latent_dim), seed=seed)

        return _distributed.own_rows(draw, count)

    def generate_images(self, count, labels=None, seed=None):
        """Make images with the averaged generator.

        Args:
            count: how many, at least 1.
            labels: for a ``ConditionalGAN``, what to make: one ``int`` for all, or ``(count,)``.
            seed: ``int`` for the same images every time, or ``None``.

        Returns:
            ``float32`` array ``(count, h, w)`` or ``(count, h, w, 3)`` in [0, 1].

        Raises:
            ValueError: ``count`` below 1; labels missing, out of range, or given to a ``GAN``;
                images that are NaN.
        """
        count = check_count("count", count)
        seed = None if seed is None else check_count("seed", seed, 0)
        latents = np.random.default_rng(seed).standard_normal((count, self.latent_dim))
        if labels is not None and (isinstance(labels, str) or not np.iterable(labels)):
            labels = np.full(count, labels)
        return images_from_latents(self.ema_generator, latents, labels)

    def get_config(self):
        method = {
            name: getattr(self, name) for name in METHOD if getattr(self, name) != METHOD[name]
        }
        if self.discriminator_steps != type(self).discriminator_steps:
            method["discriminator_steps"] = self.discriminator_steps
        return {
            "name": self.name,
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "ema_momentum": self.ema_momentum,
            "seed": self.seed,
            "r1": self.r1,
            **method,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        networks = {
            name: keras.saving.deserialize_keras_object(config[name], custom_objects=custom_objects)
            for name in ("generator", "discriminator")
        }
        return cls(**{**config, **networks})

    def get_compile_config(self):
        if not self.compiled:
            return None
        return {
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
            **self._compile_arguments,
        }

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))

    def save_own_variables(self, store):
        """Put the states of the random numbers into the weights file, too."""
        super().save_own_variables(store)
        _states.save(self, store)

    def load_own_variables(self, store):
        """Take back what ``save_own_variables`` put into the file.

        Raises:
            ValueError: the file is of a GAN with other random layers.
        """
        super().load_own_variables(_states.load(self, store))


keras.saving.register_keras_serializable("gan_helpers")(GAN)


class ConditionalGAN(GAN):
    """A ``GAN`` whose networks take the label as a second input.

    ``fit`` takes pairs of images and ``int`` labels ``(b,)``, as ``data.Batches`` makes them with
    ``labels=``. Generated images carry the labels of the real images in the same batch.
    """

    conditional = True


def __getattr__(name):
    return _moved.find("training", name)
