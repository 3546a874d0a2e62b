"""The loop of ``GAN.fit`` under a strategy of ``tf.distribute``: several devices, or machines.

Keras 3.15 keeps its own ``fit`` from it in two places: it builds a model by calling it on images,
where a GAN takes latents, and between machines it averages what a step returns along an axis that
the losses of a GAN do not have. The step stays the one that ``GAN`` describes.
"""

import functools
import itertools
import re

from gan_helpers import _feeding, _states
import keras
import tensorflow as tf

KINDS = (
    tf.distribute.MirroredStrategy,
    tf.distribute.MultiWorkerMirroredStrategy,
    tf.distribute.OneDeviceStrategy,
)
WRITERS = (
    keras.callbacks.BackupAndRestore,
    keras.callbacks.CSVLogger,
    keras.callbacks.ModelCheckpoint,
    keras.callbacks.TensorBoard,
)
STOP = "stop"
APART = 1_000_003  # from one replica's seed of dropout to the next one's
LOST = (
    tf.errors.AbortedError,
    tf.errors.CancelledError,
    tf.errors.DeadlineExceededError,
    tf.errors.FailedPreconditionError,
    tf.errors.InternalError,
    tf.errors.UnavailableError,
)


def in_use(gan):
    """Whether ``gan`` was made in the scope of a strategy, or is used in one."""
    return isinstance(gan.distribute_strategy, KINDS)


# --- in the step --------------------------------------------------------------------------------


def replicas():
    """How many take part in the step: 1 in the ordinary case."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def own_rows(draw, count):
    """Of the random rows that ``draw(n)`` makes for the whole batch, the ``count`` of this replica.

    All replicas draw the same numbers, so together they have those of one device with the whole
    batch, and no two have the same.
    """
    context = tf.distribute.get_replica_context()
    if replicas() == 1 or context is None:
        return draw(count)
    rows = draw(replicas() * count)
    return tf.reshape(rows, (replicas(), count, *rows.shape[1:]))[context.replica_id_in_sync_group]


def synchronised(network):
    """Whether replicas tell each other the statistics of a network's batch normalisation."""
    layers = network._flatten_layers()
    return replicas() > 1 and any(getattr(layer, "synchronized", False) for layer in layers)


# --- around it ----------------------------------------------------------------------------------


def check(gan):
    """Raise ``ValueError`` for what cannot work under a strategy."""
    strategy = gan.distribute_strategy
    variables = [*gan.variables, *gan.generator_optimizer.variables]
    variables += gan.discriminator_optimizer.variables
    if not all(strategy.extended.variable_created_in_scope(one.value) for one in variables):
        raise ValueError(
            "tf.distribute: these networks were made outside the strategy's scope. Make both "
            "networks and the GAN, and compile it, in `with strategy.scope():`."
        )
    if _workers(strategy) and tf.distribute.has_strategy():
        raise ValueError(
            "tf.distribute: call this outside `with strategy.scope():`. In it, all workers would "
            "have to make each variable together, and callbacks of the first one make some alone."
        )
    if gan.steps_per_execution != 1:
        raise ValueError("steps_per_execution: under a strategy of tf.distribute, leave it at 1.")
    if gan.jit_compile and strategy.num_replicas_in_sync > 1:
        raise ValueError(
            "jit_compile: XLA cannot compile what replicas send each other. Leave it out."
        )


def refuse(gan, what):
    """Raise ``ValueError`` for what only works on one device."""
    if in_use(gan):
        raise ValueError(f"{what}: under a strategy of tf.distribute, call fit or evaluate.")


def fit(gan, feed, given):
    """What Keras' ``fit`` does with the arguments that ``_fitting.prepare`` returned."""
    check(gan)
    strategy, epochs = gan.distribute_strategy, given["epochs"]
    first = _is_first(strategy)
    chosen = [one for one in given["callbacks"] if first or not _writes(one)]
    verbose = given.get("verbose", "auto") if first else 0
    calls = keras.callbacks.CallbackList(
        chosen,
        add_history=True,
        add_progbar=verbose != 0,
        verbose=verbose,
        epochs=epochs,
        steps=_count(feed),
        model=gan,
    )
    gan.stop_training = False
    if gan.train_function is None:
        gan.train_function = _on_all(gan, gan.train_step)
    try:
        calls.on_train_begin()
        begin = _take_over(gan, gan._initial_epoch or given["initial_epoch"])
        logs = None
        for epoch, batches in zip(range(begin, epochs), _epochs(feed), strict=False):
            logs = _train(gan, batches, calls, epoch)
            logs |= _validate(gan, given, calls, epoch)
            _share_statistics(gan)
            calls.on_epoch_end(epoch, logs)
            if _total(strategy, [tf.constant(int(gan.stop_training))])[0]:
                break
        calls.on_train_end(logs)
    except LOST as error:
        if not _workers(strategy):
            raise
        raise ConnectionError(
            f"A worker does not answer any more ({_sentence(error)}). End what is left of them, "
            "and start all again with the same command: with "
            "keras.callbacks.BackupAndRestore(folder), the run goes on from its last whole epoch."
        ) from None
    return gan.history


def evaluate(
    gan, x, y=None, batch_size=None, verbose="auto", steps=None, callbacks=None, return_dict=False
):
    """What Keras' ``evaluate`` does."""
    check(gan)
    feed = _feeding.feed(gan, x, y, batch_size, False, steps, 1, 0)
    feed.begin(0)
    if not isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = keras.callbacks.CallbackList(
            callbacks,
            add_progbar=verbose != 0,
            verbose=verbose,
            epochs=1,
            steps=_count(feed),
            model=gan,
        )
    if gan.test_function is None:
        gan.test_function = _on_all(gan, gan.test_step)
    callbacks.on_test_begin()
    gan.reset_metrics()
    for number, batch in enumerate(next(_epochs(feed))):
        callbacks.on_test_batch_begin(number)
        logs = gan.test_function(_divide(gan.distribute_strategy, batch), False)
        logs.pop(STOP)
        callbacks.on_test_batch_end(number, logs)
    logs = _of_epoch(gan, logs)
    callbacks.on_test_end(logs)
    return logs if return_dict else list(logs.values())


def _train(gan, batches, calls, epoch):
    """One epoch; returns what is logged of it.

    A callback that ends the training is heard by all workers together, one step later: clocks
    differ, and a worker that waits for one that has stopped waits for ever.
    """
    gan.reset_metrics()
    calls.on_epoch_begin(epoch)
    logs = {}
    for number, batch in enumerate(batches):
        calls.on_train_batch_begin(number)
        logs = gan.train_function(_divide(gan.distribute_strategy, batch), bool(gan.stop_training))
        stop = float(logs.pop(STOP)) > 0
        calls.on_train_batch_end(number, logs)
        if stop:
            gan.stop_training = True
            break
    return _of_epoch(gan, logs)


def _validate(gan, given, calls, epoch):
    data, every = given.get("validation_data"), given.get("validation_freq", 1)
    due = (epoch + 1) % every == 0 if isinstance(every, int) else epoch + 1 in every
    if data is None or not due:
        return {}
    x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
    logs = gan.evaluate(
        x,
        y,
        batch_size=given.get("validation_batch_size"),
        steps=given.get("validation_steps"),
        callbacks=calls,
        return_dict=True,
    )
    return {f"val_{name}": value for name, value in logs.items()}


def _of_epoch(gan, logs):
    """The means over the steps, of a step of one's own that has other names its last logs."""
    means = gan.get_metrics_result()
    logs = means if set(means) == set(logs) else logs
    return {name: float(value) for name, value in logs.items()}


# --- batches ------------------------------------------------------------------------------------


def _count(feed):
    """How many batches an epoch has, ``None`` if nobody knows."""
    if feed.steps or isinstance(feed.batches, keras.utils.PyDataset):
        return feed.steps or feed.batches.num_batches
    count = int(feed.batches.cardinality())
    return count if count > 0 else None


def _epochs(feed):
    """The batches of each epoch, as Keras takes them: a stream without a known end goes on."""
    batches = feed.batches
    if isinstance(batches, keras.utils.PyDataset) and batches.num_batches is None:
        batches = map(batches.__getitem__, itertools.count())
    elif isinstance(batches, tf.data.Dataset) and feed.steps and batches.cardinality() < 0:
        batches = iter(batches)
    while True:
        yield itertools.islice(_pass(batches), feed.steps)


def _pass(batches):
    """All of some batches, asked for only when the first is wanted: by then, the epoch is known."""
    if isinstance(batches, keras.utils.PyDataset):
        batches.on_epoch_begin()
        yield from map(batches.__getitem__, range(len(batches)))
        batches.on_epoch_end()
    else:
        yield from batches


def _divide(strategy, batch):
    """Equal parts of a batch, one for each replica."""
    arrays = batch if isinstance(batch, tuple) else (batch,)
    count, size = strategy.num_replicas_in_sync, len(arrays[0])
    if size % count:
        raise ValueError(
            f"batch_size: {size} images cannot be divided among {count} replicas. Take a multiple "
            f"of {count}, and no smaller batch at the end, as data.Batches does."
        )

    def part(context):
        begin = context.replica_id_in_sync_group * size // count
        return tuple(tf.convert_to_tensor(one[begin : begin + size // count]) for one in arrays)

    return strategy.experimental_distribute_values_from_function(part)


# --- replicas -----------------------------------------------------------------------------------


def _on_all(gan, step):
    """``step`` as a function that all replicas run together, and whose logs are averaged."""
    strategy = gan.distribute_strategy

    def on_one(batch, stop):
        logs = {**step(batch), STOP: stop}
        values = [tf.cast(value, tf.float32) for value in logs.values()]
        means = tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, values)
        return dict(zip(logs, means, strict=True))

    def on_all(batch, stop):
        logs = strategy.run(on_one, args=(batch, stop))
        return {name: _local(strategy, value) for name, value in logs.items()}

    if gan.run_eagerly:
        return on_all
    compiled = tf.function(on_all, autograph=False, reduce_retracing=True)
    return lambda batch, stop: compiled(batch, tf.constant(stop))


def _local(strategy, value):
    return strategy.experimental_local_results(value)[0]


def _numbers(strategy):
    """The number of each replica that is here, among those of all workers."""
    return strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant(context.replica_id_in_sync_group)
    )


def _is_first(strategy):
    """Whether the first replica is here: its worker shows the progress and writes the files."""
    return int(_local(strategy, _numbers(strategy))) == 0


def _writes(callback):
    return isinstance(callback, WRITERS) or getattr(callback, "writes_files", False)


def _workers(strategy):
    """The addresses of the workers, ``[]`` where all replicas are in this process."""
    resolver = strategy.cluster_resolver
    cluster = resolver.cluster_spec().as_dict() if resolver else {}
    return [address for addresses in cluster.values() for address in addresses]


def _total(strategy, tensors, of_first=False):
    """The sums of tensors over all replicas; with ``of_first``, what the first replica has."""
    kinds = tuple((one.dtype, tuple(one.shape)) for one in tensors)
    sums = _adder(strategy, of_first, kinds)(tensors)
    return [_local(strategy, one) for one in sums]


@functools.cache
def _adder(strategy, of_first, kinds):
    """A function that is traced once: TensorFlow warns of one that is traced for each ``kinds``."""

    def on_one(tensors):
        context = tf.distribute.get_replica_context()
        counts = tf.equal(context.replica_id_in_sync_group, 0) if of_first else True
        own = [tf.where(counts, one, tf.zeros_like(one)) for one in tensors]
        return context.all_reduce(tf.distribute.ReduceOp.SUM, own)

    return tf.function(functools.partial(_run, strategy, on_one), autograph=False)


def _run(strategy, function, tensors):
    return strategy.run(function, args=(tensors,))


def _assign_of_first(strategy, variables):
    for dtype in sorted({variable.dtype for variable in variables}):  # which cannot travel together
        chosen = [variable for variable in variables if variable.dtype == dtype]
        tensors = [tf.convert_to_tensor(variable.value) for variable in chosen]
        for variable, value in zip(chosen, _total(strategy, tensors, True), strict=True):
            variable.assign(value)


def _take_over(gan, epoch):
    """Begin on all replicas where the first one is, which alone may have read a backup.

    Then each gets random numbers of its own for layers such as dropout.

    Returns:
        The first epoch to train.
    """
    strategy = gan.distribute_strategy
    variables = [*gan.variables, *gan.generator_optimizer.variables]
    variables += gan.discriminator_optimizer.variables
    _assign_of_first(strategy, list({id(one): one for one in variables}.values()))
    numbers = strategy.experimental_local_results(_numbers(strategy))
    for name, state in _states.find(gan).items():
        if not name.startswith("gan_"):
            own = strategy.experimental_local_results(state.value)
            for number, variable in zip(numbers, own, strict=True):
                variable.assign_add([APART * int(number), 0])
    return int(_total(strategy, [tf.constant(epoch)], of_first=True)[0])


def _share_statistics(gan):
    """Give the averages of batch normalisation of the first replica to all: they are saved."""
    networks = gan.generator, gan.discriminator, gan.ema_generator
    layers = [layer for network in networks for layer in network._flatten_layers()]
    kind = keras.layers.BatchNormalization
    pairs = [(one.moving_mean, one.moving_variance) for one in layers if isinstance(one, kind)]
    if pairs:
        _assign_of_first(gan.distribute_strategy, [one for pair in pairs for one in pair])


def _sentence(error):
    """What TensorFlow says of the reason, without the names of its nodes."""
    text = re.sub(r"\{\{.*?\}\}", "", str(error.message)).strip()
    reason = re.search(r"aborted by: ([^\n]*)", text)
    return (reason[1] if reason else text.splitlines()[0]).split(". ")[0][:160].strip()
