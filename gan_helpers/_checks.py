"""What ``GAN`` looks at once: its two networks, their optimizers, and the first batch."""

import math
import os
import reprlib

from gan_helpers.data import check_labels
import keras
from keras import ops
import numpy as np

ADAM = {"learning_rate": 2e-4, "beta_1": 0.5, "beta_2": 0.999}  # unless told otherwise
DRAWS = 24  # of random weights, before an output is said never to leave a range
STRETCH = 10.0  # of these weights, in units of 1 / sqrt(fan-in)


def check_networks(generator, discriminator, conditional):
    """Raise ``ValueError`` unless the two networks can be trained against each other.

    Returns:
        The length of the latents, the shape ``(h, w, c)`` of the images, and the number of classes
        (``None`` without labels, or where no layer tells it).
    """
    _check_network("generator", generator, conditional, rank=2)
    _check_network("discriminator", discriminator, conditional, rank=4)
    image_shape = tuple(generator.outputs[0].shape[1:])
    taken = tuple(discriminator.inputs[0].shape[1:])
    if len(image_shape) != 3 or None in image_shape or image_shape[2] not in (1, 3):
        raise ValueError(
            "generator: expected images (b, height, width, channels) as its output, with 1 or 3 "
            f"channels, got {generator.outputs[0].shape}."
        )
    if any(size not in (None, made) for made, size in zip(image_shape, taken, strict=True)):
        raise ValueError(
            f"The generator makes images {image_shape}, the discriminator takes {taken}. Build "
            "both with the same image_shape."
        )
    if tuple(discriminator.outputs[0].shape[1:]) != (1,):
        raise ValueError(
            "discriminator: expected one logit an image as its output, shape (b, 1), got "
            f"{discriminator.outputs[0].shape}. End it in Dense(1)."
        )
    both = {id(weight) for weight in generator.weights}
    if any(id(weight) in both for weight in discriminator.weights):
        raise ValueError(
            "generator and discriminator share a layer, so each would undo what the other learns. "
            "Build them from layers of their own."
        )
    classes = known_classes(generator), known_classes(discriminator)
    if conditional and None not in classes and classes[0] != classes[1]:
        raise ValueError(
            f"The generator knows {classes[0]} classes, the discriminator {classes[1]}. Build both "
            "with the same number of classes."
        )
    classes = (classes[0] or classes[1]) if conditional else None
    latent_dim = generator.inputs[0].shape[1]
    _check_outputs(generator, discriminator, latent_dim, image_shape, classes, conditional)
    return latent_dim, image_shape, classes


def check_discriminator(discriminator, with_labels):
    """Raise ``ValueError`` unless a discriminator can be asked for its logits.

    Returns:
        The shape ``(h, w, c)`` of its images, and the number of classes, ``None`` if unknown.
    """
    inputs = getattr(discriminator, "inputs", None) or []
    shape = tuple(inputs[0].shape[1:]) if inputs else ()
    outputs = [tuple(output.shape[1:]) for output in getattr(discriminator, "outputs", [])]
    if len(shape) != 3 or len(inputs) > 2 or outputs != [(1,)]:
        found = (
            f"{[tuple(x.shape) for x in inputs]} to {outputs}"
            if inputs
            else reprlib.repr(discriminator)
        )
        raise ValueError(
            "discriminator: expected a keras.Model from images (b, height, width, channels) and, "
            f"if it is conditional, labels (b,), to one logit an image, got {found}."
        )
    if (len(inputs) == 2) != with_labels:
        raise ValueError(
            "labels: this discriminator takes none, it looks at the images alone."
            if with_labels
            else "labels: this discriminator is conditional: say what each image is said to show."
        )
    if last_activation(discriminator) is keras.activations.sigmoid:
        raise ValueError(
            "discriminator: it ends in a sigmoid, so its outputs are scores already. End it in "
            "Dense(1) without activation."
        )
    return shape, known_classes(discriminator)


def _check_network(name, network, conditional, rank):
    """Check one network by itself: what it is, and what it takes and returns."""
    if not isinstance(network, keras.Model):
        raise ValueError(
            f"{name}: expected a keras.Model, got {type(network).__name__}"
            + (". Call it first, to build one." if callable(network) else ".")
        )
    if not getattr(network, "inputs", None):
        raise ValueError(
            f"{name}: {network.name!r} does not say what it takes. Begin it with an Input layer, "
            f"or wrap it: keras.Model(inputs, network(inputs)), where inputs = keras.Input(...)."
        )
    if len(network.inputs) != 1 + conditional:
        raise ValueError(
            f"{name}: {network.name!r} has {len(network.inputs)} input(s), but "
            + ("ConditionalGAN" if conditional else "GAN")
            + (" needs networks that take labels, too. " if conditional else " takes one. ")
            + ("Without labels use GAN." if conditional else "For labels use ConditionalGAN.")
        )
    if len(network.outputs) != 1:
        raise ValueError(f"{name}: expected one output, {network.name!r} has "
                         f"{len(network.outputs)}.")  # fmt: skip
    first = network.inputs[0]
    if len(first.shape) != rank or (rank == 2 and first.shape[1] is None):
        expected = "latents (b, latent_dim)" if rank == 2 else "images (b, height, width, channels)"
        raise ValueError(f"{name}: expected {expected} as its input, got {first.shape}.")
    if not keras.backend.is_float_dtype(first.dtype):
        raise ValueError(f"{name}: expected an input of floats, got {first.dtype}.")
    if conditional and tuple(network.inputs[1].shape[1:]) not in ((), (1,)):
        raise ValueError(
            f"{name}: expected labels (b,) as its second input, got {network.inputs[1].shape}. "
            'Begin it with keras.Input((), dtype="int32") and an Embedding or CategoryEncoding.'
        )
    if not network.trainable_weights:
        raise ValueError(
            f"{name}: {network.name!r} has no weights to train. Set its .trainable to True."
        )


def layers_of(network):
    """All layers of a network, those of networks inside it among them, in their order."""
    for layer in getattr(network, "layers", []):
        yield layer
        yield from layers_of(layer)


def last_activation(network):
    """The activation function of the last layer that has one, or ``None``."""
    activations = [x.activation for x in layers_of(network) if hasattr(x, "activation")]
    return activations[-1] if activations else None


def class_sizes(network):
    """The set of how many classes its embeddings and one-hot encodings know."""
    layers = list(layers_of(network))
    sizes = {getattr(layer, "num_tokens", None) for layer in layers} - {None}
    return sizes | {x.input_dim for x in layers if isinstance(x, keras.layers.Embedding)}


def known_classes(network):
    """How many classes the one size of embeddings or one-hot encodings knows, else ``None``."""
    sizes = class_sizes(network)
    return sizes.pop() if len(sizes) == 1 else None


def _check_outputs(generator, discriminator, latent_dim, image_shape, classes, conditional):
    """Find activations that bound an output, wherever in the network they stand.

    With large random weights in all its layers, logits come out far on both sides of 0; what never
    does was squeezed after the last of them.
    """
    rng = np.random.default_rng(0)
    labels = np.arange(8) % (classes or 1) if conditional else None
    latents = rng.standard_normal((8, latent_dim)).astype(np.float32)
    low, _ = _reach("generator", generator, latents, labels, 0, -np.inf)
    if low >= 0:
        raise ValueError(
            "generator: its images never go below 0, as after a sigmoid or ReLU. The networks play "
            "with images in [-1, 1]: end it in tanh."
        )
    images = rng.uniform(-1, 1, (8, *image_shape)).astype(np.float32)
    low, high = _reach("discriminator", discriminator, images, labels, -1, 1)
    if low >= -1 or high <= 1:
        if low >= -1 and high <= 1:
            reason = "ends in sigmoid or softmax" if low >= 0 else "ends in tanh or is clipped"
        else:
            reason = "has an activation at its end, such as ReLU"
        raise ValueError(
            f"discriminator: {discriminator.name!r} {reason}, since with any weights its outputs "
            f"lie from {low:.1f} to {high:.1f}; but the losses take logits. End it in Dense(1) "
            "without activation."
        )


def _reach(name, network, inputs, labels, low, high):
    """The least and the largest output with several random weights, which are taken back.

    Ends as soon as one was below ``low`` and one above ``high``. A network that overflows to NaN
    cannot be told: it counts as one that reaches everything.
    """
    variables = network.trainable_variables
    kept = [np.asarray(variable).copy() for variable in variables]
    rng, least, largest = np.random.default_rng(0), np.inf, -np.inf
    try:
        for _ in range(DRAWS):
            for variable, weights in zip(variables, kept, strict=True):
                deviation = STRETCH / np.sqrt(np.prod(weights.shape[:-1]))
                variable.assign(deviation * rng.standard_normal(weights.shape))
            outputs = network(with_labels(inputs, labels), training=False)
            outputs = ops.convert_to_numpy(outputs).astype(np.float64)
            outputs = outputs[~np.isnan(outputs)]
            least = min(least, outputs.min(initial=np.inf))
            largest = max(largest, outputs.max(initial=-np.inf))
            if least < low and largest > high:
                break
    except Exception as error:  # the layers are anybody's code
        raise ValueError(f"{name}: {network.name!r} cannot be called: {error}") from error
    finally:
        for variable, weights in zip(variables, kept, strict=True):
            variable.assign(weights)
    return (least, largest) if least <= largest else (-np.inf, np.inf)


def with_labels(inputs, labels):
    """What a network is called with: the inputs alone or, with labels, the pair."""
    return inputs if labels is None else [inputs, labels]


def images_and_labels(data, conditional):
    """Take a batch as Keras hands it over apart: images, and labels or ``None``."""
    images, labels, weights = keras.utils.unpack_x_y_sample_weight(data)
    if weights is not None:
        raise ValueError("sample_weight: a GAN weighs all images alike. Give images and labels.")
    if conditional and labels is None:
        raise ValueError(
            "labels: ConditionalGAN takes pairs of images and labels. Give them to data.Batches, "
            "labels=..., or to fit behind the images."
        )
    if not conditional and labels is not None:
        raise ValueError("labels: GAN takes images alone; for labels use ConditionalGAN.")
    return images, labels


def check_batch(data, gan):
    """Raise ``ValueError`` unless images and labels are what the networks of ``gan`` take."""
    images, labels = images_and_labels(data, gan.conditional)
    try:
        images = np.asarray(images)
    except (TypeError, ValueError) as error:
        raise ValueError(f"images: expected one array, got {type(images).__name__}.") from error
    check_shape(images.shape, gan.image_shape)
    if images.dtype.kind not in "biuf" and images.dtype.name != "bfloat16":
        raise ValueError(f"images: expected float32 in [-1, 1], got {images.dtype}.")
    check_range(images.min(), images.max())
    if labels is not None:
        check_classes(np.asarray(labels), len(images), gan)


def check_classes(labels, count, gan):
    """Raise ``ValueError`` unless the networks of ``gan`` know all of ``count`` labels."""
    known = f" (the networks know {gan.classes} classes)" if gan.classes else ""
    check_labels(labels, count, f"labels{known}", gan.classes)


def check_shape(shape, image_shape):
    """Raise ``ValueError`` unless ``shape`` is that of a batch; say what would make it one."""
    shape, image_shape = tuple(shape), tuple(image_shape)
    sizes = ", ".join(map(str, image_shape))
    if shape[1:] == image_shape and shape[0] != 0:
        return
    if shape == image_shape:
        hint = "This is one image: put it into a batch (.batch(64) of a tf.data.Dataset)."
    elif (*shape[1:], 1) == image_shape:
        hint = "Add the axis of the channels: images[..., None]."
    elif len(shape) == 4 and (*shape[2:], shape[1]) == image_shape:
        hint = "Put the channels last: np.moveaxis(images, 1, -1)."
    elif len(shape) == 2 and shape[1] == np.prod(image_shape):
        hint = f"Give the rows their shape back: images.reshape(-1, {sizes})."
    elif shape and shape[0] == 0:
        hint = "There are none."
    elif len(shape) == 4 and shape[3] in (1, 3):
        hint = f"For these images build both networks with image_shape={shape[1:]}."
    else:
        hint = f"Bring them into the shape (b, {sizes})."
    raise ValueError(f"images: the networks take batches (b, {sizes}), got {shape}. {hint}")


def check_range(low, high):
    """Raise ``ValueError`` unless images from ``low`` to ``high`` fill a part of [-1, 1]."""
    low, high = float(low), float(high)
    if not np.isfinite([low, high]).all():
        raise ValueError("images: some values are NaN or infinite. Where are they from?")
    if low == high:
        raise ValueError(f"images: all pixels of all images are {low:g}. Where are they from?")
    if low >= 0 and high <= 1:
        hint = "Scale them to the range of tanh: 2 * images - 1."
    elif low >= 0 and high <= 255:
        hint = "Give uint8 images to data.Batches, or scale them: images / 127.5 - 1."
    elif low < -1.001 or high > 1.001:
        hint = "Scale them."
    else:
        return
    raise ValueError(f"images: expected values in [-1, 1], got {low:.3g} to {high:.3g}. {hint}")


def check_number(name, value):
    """Return a finite number as ``float``, or raise ``ValueError``."""
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if not (number and math.isfinite(value)):
        raise ValueError(f"{name}: expected a number, got {value!r}.")
    return float(value)


def wrong_backend():
    """What to say where Keras does not run on TensorFlow."""
    backend = keras.backend.backend()
    if os.environ.get("KERAS_BACKEND") == backend:
        reason = f"KERAS_BACKEND is {backend!r}: unset it and restart the kernel."
    else:
        reason = (
            f"keras was imported before gan_helpers and runs on {backend!r}, as its keras.json "
            "says: restart the kernel and import gan_helpers first."
        )
    return f"This series trains with Keras on TensorFlow; {reason}"


def check_compile(arguments):
    """Raise ``ValueError`` for what means something to models with one loss only."""
    unknown = arguments.keys() - {"run_eagerly", "steps_per_execution"}
    if unknown:
        raise ValueError(
            f"compile: a GAN takes no {', '.join(sorted(unknown))}. Its optimizers are "
            "generator_optimizer and discriminator_optimizer; another objective is an argument of "
            "GAN, or a subclass with other generator_loss and discriminator_loss."
        )


def two_optimizers(gan, given, adam):
    """Return an optimizer for each network, built for its weights, or raise ``ValueError``.

    Args:
        gan: whose networks they are.
        given: dict from ``"generator"`` and ``"discriminator"`` to an optimizer or ``None``.
        adam: dict of the arguments of those that are not given; ``None`` is the default.
    """
    both = [optimizer for optimizer in given.values() if optimizer is not None]
    adam = {name: value for name, value in adam.items() if value is not None}
    if adam and both:
        raise ValueError(
            f"{', '.join(adam)}: for two new Adam optimizers, but there is one already. Give yours "
            "what it needs."
        )
    adam = ADAM | adam
    if len(both) == 2 and both[0] is both[1] and not isinstance(both[0], str):
        raise ValueError(
            "Each network needs an optimizer of its own: one optimizer cannot keep the moments of "
            "both. Make two."
        )
    learning_rate = adam["learning_rate"]
    if not isinstance(learning_rate, keras.optimizers.schedules.LearningRateSchedule):
        adam["learning_rate"] = check_number("learning_rate", learning_rate)
        if learning_rate <= 0:
            raise ValueError(f"learning_rate: expected a number above 0, got {learning_rate}.")
    for name in ("beta_1", "beta_2"):
        adam[name] = check_number(name, adam[name])
        if not 0 <= adam[name] < 1:
            raise ValueError(f"{name}: expected a number in [0, 1), got {adam[name]}.")
    return [
        _optimizer(name, optimizer, adam, getattr(gan, name).trainable_variables)
        for name, optimizer in given.items()
    ]


def _optimizer(name, given, adam, variables):
    if given is None:
        optimizer = keras.optimizers.Adam(**adam)
    else:
        try:
            optimizer = keras.optimizers.get(given)
        except (KeyError, TypeError, ValueError):  # KeyError: a dict that is no configuration
            optimizer = None
    if not isinstance(optimizer, keras.optimizers.Optimizer):
        raise ValueError(
            f"{name}_optimizer: expected a keras.optimizers.Optimizer such as "
            f"keras.optimizers.Adam(2e-4, beta_1=0.5), or its name, got {given!r}."
        )
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    known = getattr(inner, "_trainable_variables", variables)
    if inner.built and [id(variable) for variable in known] != [id(one) for one in variables]:
        raise ValueError(
            f"{name}_optimizer: {optimizer.name!r} keeps the moments of another network. Make a "
            "new one."
        )
    optimizer.build(variables)
    return optimizer
