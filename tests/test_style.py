"""The style generator: its layers against the textbook, its parts, its switches, its styles."""

from gan_helpers import layers, models, sampling, style, training
import keras
import numpy as np
import pytest
from small_gans import weights_of
import tensorflow as tf

RNG = np.random.default_rng(0)
SHAPE = (8, 8, 1)
SMALL = {"latent_dim": 5, "style_dim": 6, "width": 4, "image_shape": SHAPE}
LATENTS = RNG.standard_normal((4, 5)).astype(np.float32)
LAYERS = 5


def small_generator(seed=0, strength=0.0, **kwargs):
    """A style generator of 8x8 images, whose noise has the given strength."""
    keras.utils.set_random_seed(seed)
    generator = style.style_generator(**(SMALL | kwargs))
    for layer in generator.get_layer("synthesis").layers:
        if isinstance(layer, layers.AddNoise):
            layer.strength.assign(strength)
    return generator


@pytest.fixture(scope="module")
def noisy():
    return small_generator(strength=0.5)


def names_of(network):
    return [type(layer).__name__ for layer in network.layers]


# --- the layers ---


def textbook(x, styles, layer):
    """Karras et al. 2020, equations 1 to 3, with a kernel for each image."""
    scales = np.asarray(layer.to_scales(styles))
    kernel = np.asarray(layer.kernel)
    images = []
    for image, scale in zip(x, scales, strict=True):
        shape = (1, 1, 1, -1) if layer.upsample else (1, 1, -1, 1)
        modulated = kernel * scale.reshape(shape)
        if layer.demodulate:
            axes = (0, 1, 3) if layer.upsample else (0, 1, 2)
            sums = np.square(modulated).sum(axes, keepdims=True)
            modulated = modulated / np.sqrt(sums / (4 if layer.upsample else 1) + layers.TINY)
        if layer.upsample:
            height, width = 2 * image.shape[0], 2 * image.shape[1]
            shape = (1, height, width, layer.filters)
            images.append(tf.nn.conv2d_transpose(image[None], modulated, shape, 2, "SAME")[0])
        else:
            images.append(tf.nn.conv2d(image[None], modulated, 1, "SAME")[0])
    return np.stack(images) + np.asarray(layer.bias)


@pytest.mark.parametrize("demodulate", [True, False])
@pytest.mark.parametrize("upsample", [True, False])
def test_modulated_convolution_is_that_of_the_textbook(upsample, demodulate):
    keras.utils.set_random_seed(0)
    layer = layers.ModulatedConv2D(3, 4 if upsample else 3, upsample, demodulate)
    x = RNG.standard_normal((4, 6, 5, 2)).astype(np.float32)
    styles = RNG.standard_normal((4, 7)).astype(np.float32)
    layer.build([x.shape, styles.shape])
    layer.bias.assign([0.5, -1.0, 2.0])
    made = np.asarray(layer([x, styles]))
    assert made.shape == ((4, 12, 10, 3) if upsample else (4, 6, 5, 3))
    assert made.shape == layer.compute_output_shape([x.shape, styles.shape])
    np.testing.assert_allclose(made, textbook(x, styles, layer), rtol=1e-4, atol=1e-5)
    other = np.asarray(layer([x, styles[::-1].copy()]))
    assert not np.allclose(made, other)


@pytest.mark.parametrize("upsample", [True, False])
def test_demodulation_keeps_the_variance_whatever_the_style(upsample):
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(1).standard_normal((3, 24, 24, 16)).astype(np.float32)
    styles = np.array([[0.1], [1.0], [30.0]], np.float32)
    spreads = {}
    for demodulate in (True, False):
        layer = layers.ModulatedConv2D(8, 4 if upsample else 3, upsample, demodulate)
        layer.build([x.shape, styles.shape])
        spreads[demodulate] = np.asarray(layer([x, styles]))[:, 2:-2, 2:-2].std(axis=(1, 2, 3))
    np.testing.assert_allclose(spreads[True], 1, atol=0.1)
    assert spreads[False].max() > 5 * spreads[False].min()


def test_scales_of_zero_give_no_nan():
    layer = layers.ModulatedConv2D(2)
    x, styles = np.ones((1, 4, 4, 3), np.float32), np.ones((1, 2), np.float32)
    layer.build([x.shape, styles.shape])
    layer.to_scales.kernel.assign(np.zeros((2, 3)))
    layer.to_scales.bias.assign(np.zeros(3))
    with tf.GradientTape() as tape:
        made = layer([x, styles])
    assert np.all(np.asarray(made) == 0)
    for gradient in tape.gradient(made, layer.trainable_weights):
        assert np.isfinite(np.asarray(gradient)).all()


def test_noise_is_new_in_training_and_the_same_for_all_in_inference():
    maps = layers.NoiseMaps([(2, 3), (4, 6)], seed=7)
    again = layers.NoiseMaps.from_config(maps.get_config())
    first, other = maps(LATENTS, training=True), maps(LATENTS, training=True)
    assert [one.shape for one in first] == [(4, 2, 3, 1), (4, 4, 6, 1)]
    assert maps.compute_output_shape((4, 5)) == [(4, 2, 3, 1), (4, 4, 6, 1)]
    for one, another, repeated in zip(first, other, again(LATENTS, training=True), strict=True):
        assert not np.allclose(one, another) and not np.allclose(one[0], one[1])
        np.testing.assert_array_equal(one, repeated)
    still, alone = maps(LATENTS, training=False), maps(LATENTS[:1], training=False)
    for one, another in zip(still, alone, strict=True):
        np.testing.assert_array_equal(one, np.repeat(another, 4, axis=0))
    drawn = np.ravel(layers.NoiseMaps([(50, 50)])(LATENTS, training=True)[0])
    assert abs(drawn.mean()) < 0.05 and abs(drawn.std() - 1) < 0.05


def test_noise_is_added_as_strong_as_learned():
    layer, (x, noise) = layers.AddNoise(), RNG.standard_normal((2, 1, 3, 3, 1)).astype(np.float32)
    np.testing.assert_array_equal(layer([x, noise]), x)
    layer.strength.assign(2.0)
    np.testing.assert_allclose(layer([x, noise]), x + 2 * noise, rtol=1e-6)
    with tf.GradientTape() as tape:
        made = tf.reduce_sum(layer([x, noise]))
    np.testing.assert_allclose(
        tape.gradient(made, layer.strength), noise.sum(), rtol=1e-4, atol=1e-5
    )


def test_the_running_mean_moves_in_training_only():
    layer = layers.RunningMean(momentum=0.75)
    np.testing.assert_array_equal(layer(LATENTS, training=False), LATENTS)
    np.testing.assert_array_equal(layer.mean, np.zeros(5))
    np.testing.assert_array_equal(layer(LATENTS, training=True), LATENTS)
    np.testing.assert_allclose(layer.mean, LATENTS.mean(0) / 4, rtol=1e-5)
    layer(LATENTS + 1, training=True)
    expected = 0.75 * LATENTS.mean(0) / 4 + (LATENTS.mean(0) + 1) / 4
    np.testing.assert_allclose(layer.mean, expected, rtol=1e-5)


# --- the generator ---


def test_the_generator_has_the_parts_it_promises():
    generator = style.style_generator(latent_dim=7, style_dim=6, width=4, mapping=2)
    mapping, noise, synthesis = style.parts(generator)
    assert generator.inputs[0].shape == (None, 7) and generator.outputs[0].shape[1:] == (28, 28, 1)
    dense = [layer.units for layer in mapping.layers if isinstance(layer, keras.layers.Dense)]
    assert dense == [6, 6]
    assert noise.grids == [[7, 7], [14, 14], [14, 14], [28, 28], [28, 28]]
    made = [layer for layer in synthesis.layers if isinstance(layer, layers.ModulatedConv2D)]
    inner = [layer for layer in made if layer.demodulate]
    assert [layer.filters for layer in inner] == [8, 4, 4, 2, 2]
    assert [layer.upsample for layer in inner] == [False, True, False, True, False]
    to_images = [layer for layer in made if not layer.demodulate]
    assert [layer.kernel.shape for layer in to_images] == [(1, 1, 8, 1), (1, 1, 4, 1), (1, 1, 2, 1)]
    assert synthesis.layers[-1].activation is keras.activations.tanh
    assert names_of(synthesis).count("AddNoise") == LAYERS
    assert names_of(synthesis).count("LearnedConstant") == 1


@pytest.mark.parametrize(
    "shape, classes", [((32, 32, 3), None), ((8, 12, 1), 3), ((20, 36, 3), 3)], ids=str
)
def test_images_of_any_size_and_colour(shape, classes):
    generator = small_generator(image_shape=shape, classes=classes, width=1)
    inputs = LATENTS if classes is None else [LATENTS, np.array([0, 1, 2, 0])]
    images = np.asarray(generator(inputs, training=True))
    assert images.shape == (4, *shape) and images.dtype == np.float32
    assert 0 < np.abs(images).max() <= 1
    made, labels = sampling.sample(generator, 5)
    assert made.shape[:3] == (5, *shape[:2]) and (labels is None) == (classes is None)


def test_every_image_follows_from_its_latents_alone(noisy):
    images = sampling.images_from_latents(noisy, LATENTS)
    np.testing.assert_allclose(sampling.images_from_latents(noisy, LATENTS), images, atol=1e-6)
    alone = sampling.images_from_latents(noisy, LATENTS[2:3])
    np.testing.assert_allclose(alone[0], images[2], atol=1e-5)
    longer = sampling.images_from_latents(noisy, 7 * LATENTS)  # their length does not count
    np.testing.assert_allclose(longer, images, atol=1e-5)
    assert np.abs(images[0] - images[1]).max() > 1e-3
    fresh = [np.asarray(noisy(LATENTS, training=True)) for _ in range(2)]
    assert np.abs(fresh[0] - fresh[1]).max() > 1e-3


def test_without_strength_noise_changes_nothing():
    quiet = small_generator()
    np.testing.assert_allclose(
        quiet(LATENTS, training=True), quiet(LATENTS, training=False), atol=1e-6
    )


def test_a_conditional_generator_listens_to_the_label():
    generator = small_generator(classes=3)
    assert sampling.number_of_classes(generator) == 3
    same = np.repeat(LATENTS[:1], 3, axis=0)
    images = sampling.images_from_latents(generator, same, [0, 1, 1])
    assert np.abs(images[0] - images[1]).max() > 1e-3
    np.testing.assert_allclose(images[1], images[2], atol=1e-6)
    styles = style.styles_from_latents(generator, same, [0, 1, 1])
    np.testing.assert_allclose(style.images_from_styles(generator, styles), images, atol=1e-5)


PARTS = {"constant", "modulation", "demodulation", "noise", "skips"}


OFF = [{name} for name in ("mapping", "noise", "skips", "constant", "demodulation")]
OFF += [{"modulation", "constant"}, PARTS | {"mapping"}]


@pytest.mark.parametrize("off", OFF, ids=lambda off: "-".join(sorted(off)))
def test_each_part_can_be_switched_off(off):
    switches = {name: name not in off for name in PARTS}
    generator = small_generator(strength=1.0, mapping=0 if "mapping" in off else 3, **switches)
    mapping, noise, synthesis = style.parts(generator)
    kinds = names_of(synthesis)
    assert ("Dense" in names_of(mapping)) == ("mapping" not in off)
    assert (noise is None) == ("noise" in off) == ("AddNoise" not in kinds)
    assert len(synthesis.inputs) == (1 if "noise" in off else 1 + LAYERS)
    assert ("Add" in kinds) == ("skips" not in off) == ("UpSampling2D" in kinds)
    assert ("LearnedConstant" in kinds) == ("constant" not in off)
    assert ("ModulatedConv2D" in kinds) == ("modulation" not in off)
    if "modulation" not in off:
        demodulated = [x.demodulate for x in synthesis.layers if hasattr(x, "demodulate")]
        assert any(demodulated) == ("demodulation" not in off)
    images = sampling.images_from_latents(generator, LATENTS)
    assert images.shape == (4, 8, 8) and np.abs(images[0] - images[1]).max() > 1e-4
    styles = style.styles_from_latents(generator, LATENTS)
    assert styles.shape == (4, 5 if "mapping" in off else 6)
    if "mapping" in off:
        np.testing.assert_allclose(np.square(styles).mean(1), 1, rtol=1e-4)
    np.testing.assert_allclose(style.images_from_styles(generator, styles), images, atol=1e-5)


def test_modulation_or_another_way_in_for_the_style():
    with pytest.raises(ValueError, match="^modulation: .* constant=False"):
        style.style_generator(modulation=False)


def test_a_saved_generator_makes_the_same_images(tmp_path, noisy):
    style.parts(noisy)[0].layers[-1].mean.assign(np.arange(6.0))
    noisy.save(tmp_path / "style.keras")
    opened = keras.models.load_model(tmp_path / "style.keras")
    images = noisy(LATENTS, training=False)
    np.testing.assert_allclose(opened(LATENTS, training=False), images, atol=1e-6)
    np.testing.assert_array_equal(style.mean_style(opened), np.arange(6.0))
    noisy.save_weights(tmp_path / "style.weights.h5")
    other = small_generator(seed=1)
    other.load_weights(tmp_path / "style.weights.h5")
    np.testing.assert_allclose(other(LATENTS, training=False), images, atol=1e-6)


def test_half_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        generator = small_generator(strength=0.5)
        images = generator(LATENTS, training=True)
    finally:
        keras.config.set_dtype_policy("float32")
    assert images.dtype == "float16" and np.isfinite(np.asarray(images)).all()
    assert np.abs(style.mean_style(generator)).max() > 0


# --- in training ---


def conditional_gan():
    keras.utils.set_random_seed(3)
    networks = (
        style.style_generator(**SMALL, classes=3),
        models.residual_discriminator(classes=3, width=2, hidden=4, image_shape=SHAPE),
    )
    gan = training.ConditionalGAN(*networks, seed=3, r1=1.0, objective="hinge", penalty_every=2)
    gan.compile(learning_rate=1e-2, run_eagerly=True)  # a graph takes longer than a few steps
    return gan


def batch():
    rng = np.random.default_rng(5)
    return rng.uniform(-1, 1, (6, *SHAPE)).astype(np.float32), np.arange(6) % 3


def test_a_gan_trains_every_part_and_averages_the_mean_style(tmp_path):
    gan = conditional_gan()
    assert gan.latent_dim == 5 and gan.classes == 3
    before = weights_of(gan.generator)
    for _ in range(3):
        gan.train_on_batch(*batch())
    still = [
        weight.path
        for weight, old in zip(gan.generator.weights, before, strict=True)
        if np.array_equal(weight, old)
    ]
    assert not still  # not even the strength of one noise stands still
    mean, averaged = style.mean_style(gan.generator), style.mean_style(gan.ema_generator)
    assert np.abs(mean).max() > 0 and np.abs(averaged).max() > 0
    assert not np.allclose(mean, averaged)

    gan.save(tmp_path / "gan.keras")
    opened = keras.models.load_model(tmp_path / "gan.keras")
    for one in (gan, opened):
        one.train_on_batch(*batch())
    for weight, other in zip(weights_of(gan), weights_of(opened), strict=True):
        np.testing.assert_allclose(weight, other, rtol=1e-4, atol=1e-6)  # the same noise, too


def test_the_same_seed_trains_the_same_generator():
    runs = []
    for _ in range(2):
        gan = conditional_gan()
        for _ in range(2):  # the second step is the first with noise of any strength
            gan.train_on_batch(*batch())
        runs.append(weights_of(gan.ema_generator))
    for one, other in zip(*runs, strict=True):
        np.testing.assert_array_equal(one, other)


def test_gan_without_labels_fits_and_shows_what_its_seed_says():
    keras.utils.set_random_seed(0)
    discriminator = models.dense_discriminator(2, image_shape=SHAPE)
    gan = training.GAN(style.style_generator(**SMALL), discriminator, seed=0)
    gan.compile(learning_rate=1e-2)
    gan.fit(batch()[0], batch_size=3, epochs=1, verbose=0)
    images = gan.generate_images(4, seed=1)
    np.testing.assert_allclose(gan.generate_images(4, seed=1), images, atol=1e-6)


# --- styles ---


def test_one_style_for_each_layer(noisy):
    styles = style.styles_from_latents(noisy, LATENTS)
    images = sampling.images_from_latents(noisy, LATENTS)
    np.testing.assert_allclose(style.images_from_styles(noisy, styles), images, atol=1e-5)
    pieces = style.images_from_styles(noisy, styles, batch_size=3)
    np.testing.assert_allclose(pieces, images, atol=1e-5)
    every = np.repeat(styles[:, None], LAYERS, axis=1)
    np.testing.assert_allclose(style.images_from_styles(noisy, every), images, atol=1e-5)
    for layer in range(LAYERS):
        mixed = every.copy()
        mixed[:, layer] = styles[::-1]
        assert np.abs(style.images_from_styles(noisy, mixed) - images).max() > 1e-4


def test_the_same_style_and_the_same_noise_are_the_same_image(noisy):
    styles = np.repeat(style.styles_from_latents(noisy, LATENTS)[:1], 3, axis=0)
    noise = style.draw_noise(noisy, 3, seed=1)
    assert [one.shape for one in noise] == [(3, 2, 2, 1)] + 2 * [(3, 4, 4, 1)] + 2 * [(3, 8, 8, 1)]
    images = style.images_from_styles(noisy, styles, noise)
    np.testing.assert_array_equal(
        images, style.images_from_styles(noisy, styles, style.draw_noise(noisy, 3, seed=1))
    )
    assert np.abs(images[0] - images[1]).max() > 1e-3
    shared = style.images_from_styles(noisy, styles, [one[:1] for one in noise])
    np.testing.assert_allclose(shared, np.repeat(images[:1], 3, axis=0), atol=1e-5)
    other = style.images_from_styles(noisy, styles, style.draw_noise(noisy, 3, seed=2))
    assert np.abs(images - other).max() > 1e-3
    silent = [0 * one for one in noise]
    strong = small_generator(strength=5.0)
    np.testing.assert_allclose(
        style.images_from_styles(strong, styles, silent),
        style.images_from_styles(small_generator(), styles, noise),
        atol=1e-5,
    )


def test_truncation_shrinks_towards_the_mean():
    styles, mean = RNG.standard_normal((4, 6)), RNG.standard_normal(6)
    np.testing.assert_allclose(style.truncate_styles(styles, mean, 1), styles, rtol=1e-5)
    np.testing.assert_allclose(style.truncate_styles(styles, mean, 0), 0 * styles + mean, rtol=1e-5)
    half = style.truncate_styles(styles, mean, 0.5)
    np.testing.assert_allclose(half, (styles + mean) / 2, rtol=1e-5, atol=1e-6)
    assert half.dtype == np.float32
    every = style.truncate_styles(np.repeat(styles[:, None], LAYERS, axis=1), mean, 0.5)
    np.testing.assert_array_equal(every, np.repeat(half[:, None], LAYERS, axis=1))
    own = RNG.standard_normal((4, 6))
    np.testing.assert_allclose(style.truncate_styles(styles, own, 0), own, rtol=1e-5)
    every = style.truncate_styles(np.repeat(styles[:, None], LAYERS, axis=1), own, 0)
    np.testing.assert_allclose(every, np.repeat(own[:, None], LAYERS, axis=1), rtol=1e-5)


def test_path_length_of_straight_lines_and_circles():
    starts, ends = RNG.standard_normal((2, 50, 3))
    expected = np.square(ends - starts).sum(1).mean()
    for step in (1e-1, 1e-3):
        length = style.path_length(lambda points: 3 * points, starts, ends, step=step)
        assert length == pytest.approx(9 * expected, rel=1e-2)
    starts, ends = (2 * x / np.linalg.norm(x, axis=1, keepdims=True) for x in (starts, ends))
    angles = np.arccos((starts * ends).sum(1) / 4)
    length = style.path_length(lambda points: points, starts, ends, spherical=True)
    assert length == pytest.approx(np.square(2 * angles).mean(), rel=1e-2)
    assert style.path_length(np.sign, starts, ends, seed=0) == style.path_length(
        np.sign, starts, ends, seed=0
    )


# --- what is refused ---


@pytest.mark.parametrize("name", ["latent_dim", "style_dim", "width", "classes", "mapping"])
@pytest.mark.parametrize("size", [-1, "8", 2.5, True, np.nan, 10**6])
def test_what_is_no_size_is_refused_by_name(name, size):
    with pytest.raises(ValueError, match=f"^{name}: expected"):
        style.style_generator(**{name: size})


@pytest.mark.parametrize("name", sorted(PARTS))
@pytest.mark.parametrize("value", [None, 1, "yes", np.ones(2)])
def test_a_switch_is_on_or_off(name, value):
    with pytest.raises(ValueError, match=f"^{name}: expected True or False"):
        style.style_generator(**{name: value})


STYLES = np.zeros((2, 6))
NOISE = [np.zeros((2, side, side, 1)) for side in (2, 4, 4, 8, 8)]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda g: style.parts(models.dense_generator(5, 2)), "generator: expected"),
        (lambda g: style.mean_style("style"), "generator: expected"),
        (lambda g: style.styles_from_latents(g, np.zeros((2, 6))), r"latents: .*\(n, 5\)"),
        (lambda g: style.styles_from_latents(g, np.zeros(5)), "latents: expected"),
        (lambda g: style.styles_from_latents(g, LATENTS, [0] * 4), "labels: this generator"),
        (lambda g: style.images_from_styles(g, np.zeros((2, 5))), r"styles: .*\(n, 6\)"),
        (lambda g: style.images_from_styles(g, np.zeros((2, 4, 6))), r"styles: .*\(n, 5, 6\)"),
        (lambda g: style.images_from_styles(g, STYLES, NOISE[:4]), "noise: expected a list of 5"),
        (lambda g: style.images_from_styles(g, STYLES, NOISE[::-1]), "noise: expected shape"),
        (lambda g: style.images_from_styles(g, np.zeros((3, 6)), NOISE), "noise: .* 3 images"),
        (lambda g: style.images_from_styles(g, STYLES, batch_size=0), "batch_size: expected"),
        (lambda g: style.draw_noise(g, 0), "count: expected"),
        (lambda g: style.draw_noise(small_generator(noise=False), 1), "generator: .* noise=False"),
        (lambda g: style.truncate_styles(STYLES, np.zeros(5), 0.5), "styles, mean: expected"),
        (lambda g: style.truncate_styles(np.zeros(6), np.zeros(6), 0.5), "styles, mean: expected"),
        (lambda g: style.truncate_styles(STYLES, np.zeros(6), 1.5), "psi: expected"),
        (lambda g: style.path_length(np.abs, STYLES, STYLES[:1]), "starts, ends: expected"),
        (lambda g: style.path_length(None, STYLES, STYLES), "features_of: expected a function"),
        (lambda g: style.path_length(len, STYLES, STYLES), "features_of: expected features"),
        (lambda g: style.path_length(np.abs, STYLES, STYLES, step=0), "step: expected"),
        (lambda g: style.path_length(np.abs, STYLES, STYLES, True), "starts, ends: some are zero"),
    ],
)
def test_what_cannot_work_is_refused(noisy, call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call(noisy)


def test_a_conditional_mapping_asks_for_labels():
    generator = small_generator(classes=3)
    for labels, message in (
        (None, "labels: this generator is"),
        ([0, 1, 2, 3], "labels: expected"),
    ):
        with pytest.raises(ValueError, match=f"^{message}"):
            style.styles_from_latents(generator, LATENTS, labels)
