"""Bad input for every public function: it works, or the package itself says what was wrong.

Hypothesis takes a call that is right, and puts one or two values from a pool of what people pass
by mistake in place of its arguments. An exception that was raised anywhere but in gan_helpers, or
of a kind that the package does not promise, fails.
"""

import functools
import inspect
from pathlib import Path
import traceback
import warnings

from gan_helpers import (
    callbacks,
    data,
    diagrams,
    evaluation,
    evidence,
    layers,
    losses,
    metrics,
    models,
    penalties,
    plotting,
    pretrained,
    reading,
    ring,
    sampling,
    shapes,
    spectral,
    style,
    training,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
import keras
import numpy as np
import pandas as pd
import pytest

PACKAGE = Path(data.__file__).parent
MODULES = (
    *(callbacks, data, diagrams, evaluation, evidence, layers, losses, metrics, models),
    *(penalties, plotting, pretrained, reading, ring, sampling, shapes, spectral, style),
    training,
)
PROMISED = ValueError, FileNotFoundError, OSError, ImportError, training.DivergedError
EXAMPLES = 500

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 28, 28), dtype=np.uint8)
UNIT = (IMAGES / 255).astype(np.float32)
LABELS = np.arange(12) % 3
FEATURES = np.random.default_rng(1).standard_normal((12, 5))
PROBABILITIES = np.full((12, 3), 1 / 3)
HISTORY = {name: [0.5, 0.6] for name in plotting.SERIES}
RUNS = pd.DataFrame({"experiment": ["A"] * 3, "seed": [0, 1, 2], "step": 5, "distance": 1.5})
DATASET = data.Dataset(IMAGES, LABELS, IMAGES, LABELS, ("a", "b", "c"), "a test", "test")


@functools.cache
def networks():
    return models.dense_generator(4, 2), models.dense_discriminator(2)


@functools.cache
def gan():
    gan = training.GAN(*networks(), seed=0)
    gan.compile()
    return gan


@functools.cache
def scored():
    return models.residual_discriminator(classes=3, width=2, hidden=2)


@functools.cache
def styled():
    return style.style_generator(4, 5, 2, (8, 8, 1))


@functools.cache
def garments():
    return data.load_dataset(data.SAMPLE_FOLDER)


@functools.cache
def judge():
    return evaluation.load_judge("fashion_mnist")


def written(path, content):
    path.write_bytes(content)
    return path


# Of each public name, what makes a call that is right: a function of the test's folder.
RIGHT = {
    data.load_dataset: lambda folder: {
        "name_or_path": "shapes",
        "class_names": None,
        "image_shape": (8, 8, 1),
    },
    data.check_images: lambda _: {"images": IMAGES, "what": "images", "image_shape": None},
    data.check_labels: lambda _: {"labels": LABELS, "count": 12, "what": "labels", "classes": 3},
    data.check_count: lambda _: {"name": "epochs", "value": 3},
    data.check_image_shape: lambda _: {"image_shape": (28, 28, 1)},
    data.Batches: lambda _: {"images": IMAGES, "batch_size": 4, "seed": 0, "labels": LABELS},
    data.check_md5: lambda folder: {
        "path": written(folder / "file", b"abc"),
        "md5": "900150983cd24fb0d6963f7d28e17f72",
    },
    reading.read_idx: lambda _: {"path": data.SAMPLE_FOLDER / data.FILES["test_labels"]},
    reading.read: lambda _: {"path": data.SAMPLE_FOLDER, "image_shape": None},
    data.to_unit_range: lambda _: {"images": 2 * UNIT[..., None] - 1},
    shapes.draw_shapes: lambda _: {
        "classes": 3,
        "image_shape": (8, 8, 3),
        "train": 6,
        "test": 3,
        "seed": 0,
    },
    models.dense_generator: lambda _: {
        "latent_dim": 3,
        "width": 2,
        "image_shape": (8, 8, 1),
    },
    models.dense_discriminator: lambda _: {
        "width": 2,
        "image_shape": (8, 8, 1),
        "dropout": 0.1,
    },
    models.dcgan_generator: lambda _: {
        "latent_dim": 3,
        "width": 2,
        "image_shape": (8, 8, 1),
    },
    models.dcgan_discriminator: lambda _: {
        "width": 2,
        "image_shape": (8, 8, 1),
        "dropout": 0.1,
    },
    models.improved_dcgan_generator: lambda _: {
        "latent_dim": 3,
        "width": 2,
        "hidden": 2,
        "image_shape": (8, 8, 1),
    },
    models.improved_dcgan_discriminator: lambda _: {"width": 2, "image_shape": (8, 8, 1)},
    models.conditional_generator: lambda _: {
        "latent_dim": 3,
        "classes": 2,
        "width": 2,
        "embedding_dim": 2,
        "image_shape": (8, 8, 1),
    },
    models.conditional_discriminator: lambda _: {
        "classes": 2,
        "width": 2,
        "image_shape": (8, 8, 1),
    },
    training.GAN: lambda _: {
        "generator": networks()[0],
        "discriminator": networks()[1],
        "ema_momentum": 0.9,
        "seed": 0,
        "r1": 0.5,
        "r2": 0.5,
        "gradient_penalty": 0.0,
        "objective": "hinge",
        "penalty_every": 2,
        "discriminator_steps": 2,
    },
    losses.check_objective: lambda _: {"name": "hinge"},
    penalties.check_strengths: lambda _: {
        "discriminator": networks()[1],
        "r1": 0.5,
        "r2": 0.5,
        "gradient_penalty": 0.0,
    },
    training.FallAtTheEnd: lambda _: {"learning_rate": 2e-3, "steps": 10, "share": 0.3},
    training.ConditionalGAN: lambda _: {
        "generator": models.conditional_generator(3, 2, 2, 2, (8, 8, 1)),
        "discriminator": models.conditional_discriminator(2, 2, (8, 8, 1)),
        "ema_momentum": 0.9,
        "seed": 0,
    },
    callbacks.StepLog: lambda _: {},
    callbacks.StopAfter: lambda _: {"seconds": 3},
    callbacks.EpochSamples: lambda _: {"latents": np.zeros((2, 4)), "labels": None},
    callbacks.StepSamples: lambda _: {
        "latents": np.zeros((2, 4)),
        "labels": None,
        "steps": [25, 50],
    },
    callbacks.DistanceLog: lambda _: {"judge": judge(), "count": 10, "seed": 0},
    callbacks.TensorBoardSamples: lambda folder: {
        "folder": folder / "board",
        "latents": np.zeros((2, 4)),
        "labels": None,
    },
    sampling.sample: lambda _: {
        "generator": networks()[0],
        "count": 2,
        "seed": 0,
        "latent_dim": None,
        "classes": None,
        "value_range": (-1, 1),
    },
    sampling.images_from_latents: lambda _: {
        "generator": networks()[0],
        "latents": np.zeros((2, 4)),
        "labels": None,
        "batch_size": 2,
        "value_range": (-1, 1),
    },
    sampling.latent_size: lambda _: {"generator": networks()[0]},
    sampling.number_of_classes: lambda _: {"generator": networks()[0]},
    sampling.interpolate_latents: lambda _: {
        "start": np.ones(4),
        "end": np.arange(4.0),
        "count": 3,
    },
    metrics.frechet_distance: lambda _: {"features": FEATURES, "other_features": FEATURES},
    metrics.kernel_distance: lambda _: {
        "features": FEATURES,
        "other_features": FEATURES,
        "subsets": 3,
        "subset_size": 6,
        "seed": 0,
    },
    metrics.class_distances: lambda _: {
        "features": FEATURES,
        "labels": LABELS,
        "other_features": FEATURES,
        "other_labels": LABELS,
    },
    metrics.classifier_score: lambda _: {"probabilities": PROBABILITIES},
    metrics.unit_length: lambda _: {"features": FEATURES},
    metrics.precision_recall: lambda _: {
        "features": FEATURES,
        "generated_features": FEATURES,
        "k": 3,
    },
    metrics.density_coverage: lambda _: {
        "features": FEATURES,
        "generated_features": FEATURES,
        "k": 3,
    },
    metrics.nearest_neighbours: lambda _: {
        "features": FEATURES,
        "references": FEATURES,
        "count": 2,
    },
    metrics.class_proportions: lambda _: {"labels": LABELS, "classes": 3},
    metrics.missing_classes: lambda _: {"proportions": [0.5, 0.5, 0.0], "least": None},
    metrics.class_variety: lambda _: {
        "features": np.random.default_rng(0).random((6, 3)),
        "labels": np.array([0, 0, 1, 1, 1, 0]),
    },
    metrics.total_variation: lambda _: {"proportions": [0.5, 0.5], "other_proportions": [1, 0]},
    evaluation.build_classifier: lambda _: {"classes": 2, "image_shape": (8, 8, 1)},
    evaluation.load_judge: lambda _: {"name_or_folder": "fashion_mnist"},
    pretrained.load_pretrained: lambda _: {"name": "dense_gan", "networks": "generator"},
    pretrained.cards: lambda _: {"dataset": "mnist"},
    models.residual_generator: lambda _: {
        "latent_dim": 3,
        "classes": 3,
        "width": 2,
        "blocks": 1,
        "dropout": 0.1,
        "image_shape": (8, 8, 1),
    },
    models.residual_discriminator: lambda _: {
        "classes": 3,
        "width": 2,
        "hidden": 2,
        "dropout": 0.1,
        "image_shape": (8, 8, 1),
    },
    models.critic: lambda _: {"width": 2, "image_shape": (28, 28, 1)},
    models.modern_generator: lambda _: {"latent_dim": 3, "width": 2, "image_shape": (8, 8, 1)},
    models.modern_discriminator: lambda _: {"width": 2, "image_shape": (8, 8, 1)},
    style.style_generator: lambda _: {
        "latent_dim": 3,
        "style_dim": 4,
        "width": 2,
        "image_shape": (8, 8, 1),
        "classes": 3,
        "mapping": 1,
    },
    style.parts: lambda _: {"generator": styled()},
    style.mean_style: lambda _: {"generator": styled()},
    style.truncate_styles: lambda _: {"styles": FEATURES, "mean": FEATURES[0], "psi": 0.5},
    style.styles_from_latents: lambda _: {
        "generator": styled(),
        "latents": np.zeros((2, 4)),
        "labels": None,
    },
    style.draw_noise: lambda _: {"generator": styled(), "count": 2, "seed": 0},
    style.images_from_styles: lambda _: {
        "generator": styled(),
        "styles": np.zeros((2, 5)),
        "noise": None,
        "batch_size": 2,
    },
    ring.draw_ring: lambda _: {"count": 5},
    ring.count_modes: lambda _: {"points": FEATURES[:, :2]},
    evaluation.discriminator_logits: lambda _: {
        "discriminator": scored(),
        "images": IMAGES,
        "labels": LABELS,
        "batch_size": 5,
    },
    evaluation.discriminator_scores: lambda _: {
        "discriminator": scored(),
        "images": IMAGES,
        "labels": LABELS,
        "batch_size": 5,
    },
    pretrained.describe: lambda _: {"name": "dense_gan"},
    plotting.picture_folder: lambda folder: {"save_dir": folder / "pictures"},
    plotting.tile_images: lambda _: {"images": UNIT, "columns": 4},
    plotting.image_grid: lambda _: {
        "images": UNIT[:3],
        "names": ["a", "b", "c"],
        "columns": 3,
        "title": "T",
    },
    plotting.real_and_generated: lambda _: {
        "real_images": UNIT,
        "generated_images": UNIT,
        "columns": 4,
        "title": "T",
    },
    plotting.compare_samples: lambda _: {"samples": {"a": UNIT}, "columns": 4, "title": None},
    plotting.losses_and_scores: lambda _: {
        "history": HISTORY,
        "steps_per_epoch": 1,
        "title": None,
    },
    plotting.compare_curves: lambda _: {
        "histories": {"a": HISTORY},
        "names": ["generator_loss"],
        "steps_per_epoch": None,
        "title": None,
    },
    plotting.class_grid: lambda _: {
        "images": UNIT,
        "class_names": ["a", "b", "c"],
        "title": None,
    },
    plotting.latent_interpolation: lambda _: {"rows": [UNIT[:3], UNIT[3:6]], "title": None},
    plotting.save_gif: lambda folder: {
        "frames": [UNIT[:2], UNIT[2:4]],
        "path": folder / "a.gif",
        "columns": 2,
        "scale": 1,
        "milliseconds": 100,
        "captions": ["a", "b"],
    },
    diagrams.game: lambda _: {"labels": False, "crosses": ["latents"]},
    evidence.load: lambda folder: {
        "name": "03",
        "folder": written(folder / "03.csv", b"experiment,seed,step,x\nA,0,1,2\n").parent,
    },
    evidence.last: lambda _: {"table": RUNS, "measure": "distance"},
    evidence.when_below: lambda _: {
        "table": RUNS.assign(seconds=1.0),
        "experiment": RUNS["experiment"].iloc[0],
        "measure": "distance",
        "value": 1.0,
    },
    evidence.compare: lambda _: {"ours": [1, 2, 3], "others": [4, 5, 6], "lower_is_better": True},
    evidence.place: lambda _: {"value": 2.0, "recorded": [1, 2, 3]},
}
METHODS = {
    "GAN.fit": lambda _: (
        functools.partial(gan().fit, verbose=0),
        {
            "x": data.Batches(IMAGES, 4, 0),
            "epochs": 1,
            "initial_epoch": 0,
            "callbacks": None,
        },
    ),
    "GAN.compile": lambda _: (
        training.GAN(*networks(), seed=0).compile,
        {
            "generator_optimizer": keras.optimizers.Adam(1e-3),
            "discriminator_optimizer": None,
            "learning_rate": None,
        },
    ),
    "GAN.generate_images": lambda _: (
        gan().generate_images,
        {"count": 2, "labels": None, "seed": 0},
    ),
    "Judge.features_and_probabilities": lambda _: (
        judge().features_and_probabilities,
        {"images": UNIT, "batch_size": 4},
    ),
    "Judge.classify": lambda _: (judge().classify, {"images": UNIT}),
    "Judge.frechet_distance": lambda _: (judge().frechet_distance, {"images": UNIT}),
    "Judge.kernel_distance": lambda _: (
        judge().kernel_distance,
        {"images": UNIT, "subsets": 3, "subset_size": 6, "seed": 0},
    ),
    "Judge.label_accuracy": lambda _: (
        judge().label_accuracy,
        {"images": UNIT, "labels": LABELS},
    ),
    "Judge.evaluate_images": lambda _: (
        judge().evaluate_images,
        {"images": UNIT, "labels": None, "dataset": None},
    ),
    "Judge.evaluate": lambda _: (
        judge().evaluate,
        {"generator": networks()[0], "count": 8, "seed": 0, "dataset": None},
    ),
    "Judge.check": lambda _: (judge().check, {"dataset": garments()}),
}
# Not called here: what takes minutes, and what takes tensors inside a training step only.
LEFT_OUT = {
    *(evaluation.train_judge, evaluation.judge_for, evaluation.classification_accuracy_score),
    *(evaluation.Judge, data.Dataset, models.norm_relu, models.MinibatchDeviation),
    *(models.residual_block, pretrained.weights_file, diagrams.residual_block),
    *(plotting.set_theme, plotting.player, data.epoch_order, evidence.claim),
    *(loss for objective in losses.OBJECTIVES.values() for loss in objective[:2]),
    *(losses.Objective, penalties.squared_slopes, spectral.SpectralNorm),
    *(
        sampling.great_circle,
        style.path_length,
        layers.ModulatedConv2D,
        layers.AddNoise,
        layers.NoiseMaps,
    ),
    *(layers.LearnedConstant, layers.RunningMean),
    *(penalties.r1, penalties.r2, penalties.gradient_penalty),
}

MISTAKES = [
    *(None, True, False, 0, -1, 1, 2.5, float("nan"), float("inf"), -0.5),
    *("", "8", "abc", b"abc", "ключ", "no/such/place", 1j, object(), len, int),
    *([], {}, (), set(), [1, 2, 3], [[1], [1, 2]], ["a", "b"], {"a": 1}, (28, 28), (28, 28, 2)),
    *((30, 30, 1), (28, 28, 1.0), ("28", "28", "1"), (4, 4, 1), (28, 28, 1, 1), [None], [np.nan]),
    *(np.int64(3), np.float32(0.5), np.array(3), np.zeros(0), np.zeros((0, 28, 28)), np.ones(12)),
    *(IMAGES, IMAGES[..., None], IMAGES[0], IMAGES.reshape(12, 784), IMAGES[:, None], UNIT, -UNIT),
    *(np.repeat(IMAGES[..., None], 3, 3), np.repeat(IMAGES[..., None], 4, 3), IMAGES[:, :20, :20]),
    *(np.full((12, 28, 28), np.nan), np.full((12, 28, 28), 300), IMAGES.astype(str), IMAGES > 9),
    *(IMAGES.astype(object), IMAGES.astype(complex), np.full((12, 5), np.inf), np.zeros((12, 0))),
    *(LABELS, LABELS + 1, LABELS - 1, LABELS[:3], LABELS[:, None], np.eye(3)[LABELS], LABELS / 2),
    *(LABELS.astype(str), FEATURES, FEATURES[:1], FEATURES[:, 0], PROBABILITIES, -PROBABILITIES),
    *(HISTORY, {"generator_loss": ["a"]}, {"generator_loss": None}, [HISTORY], DATASET, PACKAGE),
]


def from_the_package(error):
    """Was it raised by a line of gan_helpers, and is it of a kind that its docstrings name?"""
    place = Path(traceback.extract_tb(error.__traceback__)[-1].filename)
    return isinstance(error, PROMISED) and PACKAGE in place.parents and str(error)


@st.composite
def mistakes(draw, calls):
    name = draw(st.sampled_from(sorted(calls)))
    which = draw(st.lists(st.integers(0, 5), min_size=1, max_size=2, unique=True))
    return name, {index: draw(st.integers(0, len(MISTAKES) - 1)) for index in which}


def calls():
    named = {f"{one.__module__}.{one.__name__}": make for one, make in RIGHT.items()}
    functions = {f"{one.__module__}.{one.__name__}": one for one in RIGHT}
    wrapped = {
        name: lambda folder, name=name: (functions[name], named[name](folder)) for name in named
    }
    return wrapped | METHODS


CALLS = calls()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_calls_that_mistakes_are_put_into_are_right(name, tmp_path):
    function, arguments = CALLS[name](tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        function(**arguments)


def test_every_public_name_is_called_here():
    public = {
        value
        for module in MODULES
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value) or hasattr(value, "cache_info"))
        and value.__module__ == module.__name__
        and not (inspect.isclass(value) and issubclass(value, Exception))
    }
    missing = {value.__name__ for value in public - set(RIGHT) - LEFT_OUT}
    assert not missing


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(mistakes(CALLS))
def test_a_mistake_ends_in_the_packages_own_error(tmp_path_factory, monkeypatch, mistake):
    name, replaced = mistake
    folder = tmp_path_factory.mktemp("mistake")
    monkeypatch.chdir(folder)  # a relative path among the mistakes may be written to
    function, arguments = CALLS[name](folder)
    keys = list(arguments)
    for index, which in replaced.items():
        if keys:
            arguments[keys[index % len(keys)]] = MISTAKES[which]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            function(**arguments)
        except Exception as error:
            assert from_the_package(error), (name, arguments, repr(error))
