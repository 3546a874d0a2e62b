"""A style-based generator, and what can be done with its styles.

The *mapping* turns latents into a style w. The *synthesis* starts from a learned constant, and w
says at each convolution how strongly each channel counts (Karras et al. 2019, "A Style-Based
Generator Architecture for Generative Adversarial Networks", and 2020, "Analyzing and Improving the
Image Quality of StyleGAN"). The whole is a generator like those of ``models``; apart, its parts are

    mapping, noise, synthesis = parts(generator)
    styles = mapping(latents, training=False)                     # (b, style_dim)
    every_layer = ops.repeat(styles[:, None], layers, axis=1)     # (b, layers, style_dim)
    images = synthesis([every_layer, *noise(styles, training=False)], training=False)

``styles_from_latents`` and ``images_from_styles`` do this for NumPy arrays.
"""

import math
import reprlib

from gan_helpers._checks import check_number
from gan_helpers._validation import check_numbers
from gan_helpers.data import check_count, check_image_shape, check_labels, to_unit_range
from gan_helpers.layers import AddNoise, LearnedConstant, ModulatedConv2D, NoiseMaps, RunningMean
from gan_helpers.models import IMAGE_SHAPE, LARGEST_SIZE, _sizes
from gan_helpers.sampling import great_circle, number_of_classes
import keras
from keras import layers
import numpy as np


def style_generator(
    latent_dim=100,
    style_dim=64,
    width=32,
    image_shape=IMAGE_SHAPE,
    classes=None,
    mapping=3,
    constant=True,
    modulation=True,
    demodulation=True,
    noise=True,
    skips=True,
):
    """Mapping, learned constant, modulated convolutions, noise, and a sum of images of three sizes.

    One convolution at 7x7 with ``2 width`` channels, two at 14x14 with ``width``, two at 28x28 with
    ``width / 2``: five *layers*, each with its own style, noise and LeakyReLU; the first of two
    upsamples, as a transposed 4x4 convolution. A 1x1 convolution makes an image of each grid, and
    the smaller ones are enlarged and added to the next, before the tanh (Karras et al. 2020, figure
    7b). The latents are scaled to a mean square of 1 before the mapping; a label stands one-hot
    beside them.

    In training, each image gets new noise. In inference all get the same maps in each call: an
    image follows from its latents, as with the other generators. ``images_from_styles`` takes other
    noise.

    Args:
        latent_dim: length of the latents.
        style_dim: length of a style.
        width: channels at half of the image's size.
        image_shape: as for the generators of ``models``.
        classes: for a conditional generator; it takes ``[latents (b, latent_dim) float32, labels
            (b,) int32]``.
        mapping: dense layers of the mapping, with LeakyReLU. With 0, the scaled latents (and the
            one-hot label) are the style, whatever ``style_dim`` says.
        constant: without it, a dense layer from the first style makes the first grid.
        modulation: without it, convolutions are plain, and ``demodulation`` plays no part. The
            style has to enter another way: ``constant=False``.
        demodulation, noise, skips: without them, channels are scaled and nothing is divided; no
            noise is added; the last grid alone makes the image.

    Raises:
        ValueError: arguments that are not as described.
    """
    latent_dim, style_dim, width = _sizes(latent_dim=latent_dim, style_dim=style_dim, width=width)
    classes = None if classes is None else check_count("classes", classes, most=LARGEST_SIZE)
    depth = check_count("mapping", mapping, least=0, most=100)
    image_shape = check_image_shape(image_shape)
    switches = {"constant": constant, "modulation": modulation, "demodulation": demodulation}
    switches |= {"noise": noise, "skips": skips}
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise ValueError(f"{name}: expected True or False, got {reprlib.repr(value)}.")
    if constant and not modulation:
        raise ValueError(
            "modulation: without it, and with a constant to start from, the images would not "
            "depend on the latents. Give constant=False, too."
        )
    inputs = keras.Input((latent_dim,), name="latents")
    if classes is not None:
        inputs = [inputs, keras.Input((), dtype="int32", name="labels")]
    styles = _mapping(latent_dim, style_dim, classes, depth)(inputs)
    grids = _grids(image_shape)
    synthesis = _synthesis(styles.shape[-1], width, image_shape[-1], grids, **switches)
    maps = NoiseMaps(grids, name="noise")(styles) if noise else []
    images = synthesis([layers.RepeatVector(len(grids))(styles), *maps])
    return keras.Model(inputs, images, name="style_generator")


def _mapping(latent_dim, style_dim, classes, depth):
    """From latents, and labels if there are classes, to styles."""
    inputs = keras.Input((latent_dim,))
    x = layers.Rescaling(math.sqrt(latent_dim))(layers.UnitNormalization()(inputs))
    if classes is not None:
        labels = keras.Input((), dtype="int32")
        one_hot = layers.CategoryEncoding(classes, output_mode="one_hot")(labels)
        inputs, x = [inputs, labels], layers.Concatenate()([x, one_hot])
    for _ in range(depth):
        x = layers.Dense(style_dim, kernel_initializer="he_normal")(x)
        x = layers.LeakyReLU(0.2)(x)
    return keras.Model(inputs, RunningMean()(x), name="mapping")


UPSAMPLING = (1, 3)  # layers that double height and width
ENDS = (0, 2, 4)  # layers after which an image is made


def _grids(image_shape):
    """Height and width at each of the five layers."""
    height, width, _ = image_shape
    return [(height // part, width // part) for part in (4, 2, 2, 1, 1)]


def _synthesis(style_dim, width, channels, grids, constant, modulation, demodulation, noise, skips):
    """From a style for each layer, and noise for each layer, to images."""
    styles = keras.Input((len(grids), style_dim), name="styles")
    maps = [keras.Input((*grid, 1)) for grid in grids] if noise else []
    filters = [2 * width, width, width, max(width // 2, 1), max(width // 2, 1)]
    start = (*grids[0], filters[0])
    if constant:
        x = LearnedConstant(start)(styles)
    else:
        x = layers.Reshape(start)(layers.Dense(math.prod(start))(styles[:, 0]))
    made = []
    for layer in range(len(grids)):
        style = styles[:, layer] if modulation else None
        x = _convolution(x, style, filters[layer], layer in UPSAMPLING, demodulation)
        if noise:
            x = AddNoise()([x, maps[layer]])
        x = layers.LeakyReLU(0.2)(x)
        if layer == len(grids) - 1 or (skips and layer in ENDS):
            made.append(_to_images(x, style, channels))
    images = made[0]
    for larger in made[1:]:
        images = layers.UpSampling2D(interpolation="bilinear")(images)
        images = layers.Add()([images, larger])
    images = layers.Activation("tanh")(images)
    return keras.Model([styles, *maps], images, name="synthesis")


def _convolution(x, style, filters, upsample, demodulation):
    """A 3x3 convolution or, if it upsamples, a transposed 4x4 one; plain if ``style`` is None."""
    size = 4 if upsample else 3
    if style is not None:
        return ModulatedConv2D(filters, size, upsample, demodulation)([x, style])
    if upsample:
        return layers.Conv2DTranspose(filters, size, strides=2, padding="same")(x)
    return layers.Conv2D(filters, size, padding="same")(x)


def _to_images(x, style, channels):
    """A 1x1 convolution to the channels of an image."""
    if style is None:
        return layers.Conv2D(channels, 1)(x)
    return ModulatedConv2D(channels, 1, demodulate=False)([x, style])


def parts(generator):
    """The three parts of a style generator, which share its weights.

    Returns:
        Mapping, a ``keras.Model`` from latents (and labels) to styles ``(b, style_dim)``; noise, a
        ``layers.NoiseMaps`` or ``None``; synthesis, a ``keras.Model`` from ``[styles (b, layers,
        style_dim), *maps (b, h, w, 1)]`` to images in [-1, 1].

    Raises:
        ValueError: another generator.
    """
    known = {layer.name: layer for layer in getattr(generator, "layers", [])}
    if not {"mapping", "synthesis"} <= set(known):
        raise ValueError(
            "generator: expected one that style.style_generator built, with the layers 'mapping' "
            f"and 'synthesis', got {getattr(generator, 'name', reprlib.repr(generator))!r}."
        )
    return known["mapping"], known.get("noise"), known["synthesis"]


def mean_style(generator):
    """The mean of the styles that the mapping made in training: ``float32`` ``(style_dim,)``.

    A running mean, ``layers.RunningMean``; zeros before the first step. A conditional generator's
    is that of all classes. The mean of one class is that of ``styles_from_latents(...)``.

    Raises:
        ValueError: another generator.
    """
    mapping, _, _ = parts(generator)
    return keras.ops.convert_to_numpy(mapping.layers[-1].mean)


def truncate_styles(styles, mean, psi):
    """``mean + psi (styles - mean)``: nearer to the mean, better and less varied.

    Karras et al. (2019), appendix B.

    Args:
        styles: ``(n, style_dim)`` or ``(n, layers, style_dim)``.
        mean: ``(style_dim,)``, or one for each style, such as that of its class.
        psi: a number from 0, where all are the mean, to 1, where nothing changes.

    Returns:
        ``float32`` array of the shape of ``styles``.

    Raises:
        ValueError: arguments that are not as described.
    """
    styles, mean = check_numbers("styles", styles), check_numbers("mean", mean)
    psi = check_number("psi", psi)
    if not 0 <= psi <= 1:
        raise ValueError(f"psi: expected a number from 0 to 1, got {psi}.")
    one, each = styles.shape[-1:], styles.shape[:1] + styles.shape[-1:]
    if styles.ndim not in (2, 3) or mean.shape not in (one, each):
        raise ValueError(
            "styles, mean: expected (n, style_dim) or (n, layers, style_dim), and (style_dim,) or "
            f"(n, style_dim), got {styles.shape} and {mean.shape}."
        )
    if styles.ndim == 3 and mean.ndim == 2:
        mean = mean[:, None]
    return (mean + psi * (styles - mean)).astype(np.float32)


def styles_from_latents(generator, latents, labels=None):
    """Run the mapping of a style generator, in inference mode.

    Args:
        generator: as from ``style_generator``.
        latents: ``(n, latent_dim)``.
        labels: integers ``(n,)`` for a conditional generator, else ``None``.

    Returns:
        ``float32`` array ``(n, style_dim)``.

    Raises:
        ValueError: another generator; latents that are not as described; labels missing, out of
            range, or not asked for.
    """
    mapping, _, _ = parts(generator)
    latents = _rows("latents", latents, (mapping.inputs[0].shape[1:],))
    if (len(mapping.inputs) == 2) != (labels is not None):
        raise ValueError(
            "labels: this generator takes none."
            if labels is not None
            else "labels: this generator is conditional, say of which classes the styles are."
        )
    if labels is not None:
        check_labels(labels, len(latents), classes=number_of_classes(generator))
        latents = [latents, np.asarray(labels, np.int32)]
    return keras.ops.convert_to_numpy(mapping(latents, training=False))


def draw_noise(generator, count, seed=0):
    """Noise for ``count`` images: a list of ``float32`` arrays ``(count, h, w, 1)``, one a layer.

    From a standard normal. ``[0 * maps for maps in draw_noise(generator, count)]`` is no noise.

    Raises:
        ValueError: another generator, or one without noise; ``count`` below 1; no seed.
    """
    _, noise, _ = parts(generator)
    if noise is None:
        raise ValueError("generator: it was built with noise=False.")
    count, rng = check_count("count", count), np.random.default_rng(check_count("seed", seed, 0))
    return [rng.standard_normal((count, *grid, 1), np.float32) for grid in noise.grids]


def images_from_styles(generator, styles, noise=None, batch_size=250):
    """Run the synthesis of a style generator, and scale its images for showing.

    Args:
        generator: as from ``style_generator``.
        styles: ``(n, style_dim)``, or one for each layer: ``(n, layers, style_dim)``, the coarse
            ones first.
        noise: as from ``draw_noise`` for n images, or for one, which all share. ``None`` is what
            the generator takes itself in inference: the same maps for each image.
        batch_size: images made at a time, which bounds the memory.

    Returns:
        ``float32`` array ``(n, h, w)`` or ``(n, h, w, 3)`` in [0, 1].

    Raises:
        ValueError: another generator; arguments that are not as described.
    """
    _, maps, synthesis = parts(generator)
    depth, style_dim = synthesis.inputs[0].shape[1:]
    styles = _rows("styles", styles, ((style_dim,), (depth, style_dim)))
    if styles.ndim == 2:
        styles = np.repeat(styles[:, None], depth, axis=1)
    batch_size = check_count("batch_size", batch_size)
    if noise is None and maps is not None:
        noise = maps(styles[:1], training=False)
    shapes = [one.shape[1:] for one in synthesis.inputs[1:]]
    noise = _check_noise(noise, len(styles), shapes)
    pieces = []
    for start in range(0, len(styles), batch_size):
        rows = slice(start, start + batch_size)
        made = synthesis([styles[rows], *(one[rows] for one in noise)], training=False)
        pieces.append(to_unit_range(keras.ops.convert_to_numpy(made)))
    return np.concatenate(pieces)


def _check_noise(noise, count, shapes):
    """Return ``noise`` as ``float32`` arrays of ``count`` rows, one for each of ``shapes``."""
    if noise is None and not shapes:
        return []
    if not isinstance(noise, (list, tuple)) or len(noise) != len(shapes):
        raise ValueError(
            f"noise: expected a list of {len(shapes)} arrays, one for each layer, as from "
            f"draw_noise, got {reprlib.repr(noise)}."
        )
    noise = [_rows("noise", one, (shape,)) for one, shape in zip(noise, shapes, strict=True)]
    if any(len(one) not in (1, count) for one in noise):
        raise ValueError(
            f"noise: expected maps for {count} images, or for one, got {[len(x) for x in noise]}."
        )
    return [np.broadcast_to(one, (count, *one.shape[1:])) for one in noise]


def path_length(features_of, starts, ends, spherical=False, step=1e-3, seed=0):
    """How fast images change along paths: the mean of ``|f(t + step) - f(t)|² / step²``.

    The path of each pair goes from ``starts`` at t = 0 to ``ends`` at t = 1, and t is drawn uniform
    in [0, 1) for each. Karras et al. (2019), section 4.1, where f are features of another network.
    Compare numbers of the same features only. In Z paths are spherical, in W straight.

    Args:
        features_of: function from points ``(n, d)``, ``float32``, to features ``(n, k)``, such as
            ``lambda latents: judge.features_and_probabilities(images_from_latents(generator,
            latents))[0]``.
        starts, ends: ``(n, d)``: latents or styles.
        spherical: whether paths are great circles as from ``sampling.interpolate_latents``, or
            straight lines.
        step: a number above 0. Below 1e-3, our judge's features gave the same length within 1 %.
        seed: ``int`` of the places t.

    Returns:
        ``float``, in units of squared features.

    Raises:
        ValueError: arguments that are not as described.
    """
    starts, ends = check_numbers("starts", starts), check_numbers("ends", ends)
    if not callable(features_of):
        raise ValueError(f"features_of: expected a function, got {reprlib.repr(features_of)}.")
    if starts.ndim != 2 or starts.shape != ends.shape or starts.size == 0:
        raise ValueError(
            "starts, ends: expected two arrays of the same shape (n, d), got "
            f"{starts.shape} and {ends.shape}."
        )
    step, seed = check_number("step", step), check_count("seed", seed, 0)
    if step <= 0:
        raise ValueError(f"step: expected a number above 0, got {step}.")
    places = np.random.default_rng(seed).uniform(size=(len(starts), 1))
    path = _on_the_circle if spherical else _on_the_line
    features = []
    for t in (places, places + step):
        points = path(starts, ends, t).astype(np.float32)
        features.append(check_numbers("features", features_of(points)))
        if features[-1].ndim != 2 or len(features[-1]) != len(starts):
            raise ValueError(
                f"features_of: expected features ({len(starts)}, k), got {features[-1].shape}."
            )
    squares = np.sum(np.square(features[1] - features[0]), axis=1)
    return float(np.mean(squares) / step**2)


def _on_the_line(starts, ends, t):
    return (1 - t) * starts + t * ends


def _on_the_circle(starts, ends, t):
    lengths = np.linalg.norm(starts, axis=1) * np.linalg.norm(ends, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        angles = np.arccos(np.clip(np.sum(starts * ends, axis=1) / lengths, -1, 1))[:, None]
    if not (np.sin(angles) > 1e-6).all():  # NaN of a zero vector is not, either
        raise ValueError(
            "starts, ends: some are zero, or lie on one line: there is no one great circle through "
            "them."
        )
    return great_circle(starts, ends, angles, t)


def _rows(name, values, shapes):
    """Return ``values`` as ``float32`` with rows of one of ``shapes``, or raise ``ValueError``."""
    values = check_numbers(name, values).astype(np.float32)
    if values.size == 0 or values.shape[1:] not in shapes:
        expected = " or ".join(str(("n", *shape)).replace("'", "") for shape in shapes)
        raise ValueError(f"{name}: expected shape {expected}, got {values.shape}.")
    return values
