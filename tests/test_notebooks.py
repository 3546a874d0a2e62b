"""The notebooks: what is committed, what they teach against what the package does, and a re-run."""

import math
import os
from pathlib import Path
import re
import subprocess
import sys

from conftest import write_idx_folder, write_image_folder
from gan_helpers import data, losses, metrics, models, ring, spectral, training
from gan_helpers.layers import ModulatedConv2D
from gan_helpers.penalties import gradient_penalty as penalised
import keras
import nbformat
import numpy as np
import papermill
import pytest
from scipy import stats
from sklearn.metrics import pairwise_distances
import tensorflow as tf

import evidence as evidence_tool
import notebooks

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
TRANSLATED = sorted((Path(__file__).parent.parent / "notebooks" / "ru").glob("*.ipynb"))
COMMITTED = [*NOTEBOOKS, *TRANSLATED]
IDS = [*NAMES, *(f"ru/{path.stem}" for path in TRANSLATED)]
# Every notebook runs once: these on drawn images, the others on their own. All other pairs are
# marked slow, and run once a week: pytest -m slow tests/test_notebooks.py
DRAWN = {
    "three_shapes": "03_improved_dcgan",
    "letters": "04_conditional_gan",
    "colour_shapes": "02_dcgan",
}


def slow_unless(usual, *values, **more):
    return pytest.param(*values, marks=[] if usual else pytest.mark.slow, **more)


ON_THEIR_OWN = [
    slow_unless(path.stem not in DRAWN.values(), path, id=path.stem) for path in NOTEBOOKS
]
ON_OTHER_IMAGES = [
    slow_unless(path.stem == usual, path, dataset, id=f"{path.stem}-{dataset}")
    for dataset, usual in DRAWN.items()
    for path in NOTEBOOKS
]


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def parameters_cell(path):
    return next(c for c in code_cells(path) if "parameters" in c.metadata.get("tags", []))


def run_taught_cells(name, image_shape=(28, 28, 1), **namespace):
    """Execute the cells tagged ``taught`` of a notebook, as the notebook's reader would."""
    path = next(path for path in NOTEBOOKS if path.stem == name)
    namespace |= {"keras": keras, "layers": keras.layers, "np": np, "tf": tf, "models": models}
    namespace |= {"math": math, "image_shape": image_shape, "classes": 10}
    namespace |= {"training": training, "ops": keras.ops}
    cells = [c for c in code_cells(path) if "taught" in c.metadata.get("tags", [])]
    assert cells
    for cell in cells:
        exec(cell.source, namespace)
    return namespace


def architecture(network):
    """Every layer's kind and settings, less names and seeds."""

    def clean(value):
        if isinstance(value, dict):
            return {k: clean(v) for k, v in value.items() if k not in ("name", "seed")}
        return value

    layers = [layer for layer in network.layers if not isinstance(layer, keras.layers.InputLayer)]
    return [(type(layer).__name__, clean(layer.get_config())) for layer in layers]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_the_budgets_name_real_parameters(path):
    budgets = notebooks.budgets(path)
    assert set(budgets) == {"minutes", "make_run", "short", "reduced", "tiny"}
    for kind in ("short", "reduced", "tiny"):
        notebooks.check_parameters(path, budgets[kind] | {"dataset": "", "save_dir": ""})
    with pytest.raises(ValueError, match="has no parameter epoch; it has dataset, seed, "):
        notebooks.check_parameters(path, {"epoch": 1})
    assert f"about {budgets['minutes']} minutes to run" in read(path).cells[1].source


def test_make_run_trains_the_series_models():
    assert [path.stem[:2] for path in NOTEBOOKS if notebooks.budgets(path)["make_run"]] == [
        "01", "02", "03", "04", "08", "10",
    ]  # fmt: skip


def test_every_notebook_is_there_in_russian():
    assert [path.stem for path in TRANSLATED] == NAMES


@pytest.mark.parametrize("path", COMMITTED, ids=IDS)
def test_committed_notebook_is_complete(path):
    assert path.stat().st_size < 2_000_000
    cells = code_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    ids = [cell.id for cell in read(path).cells]
    assert len(set(ids)) == len(ids)
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output.text
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(root|home|Users|work|tmp)/|site-packages|[A-Z]:\\\\", text)
    english, russian = "60,000 training and 10,000 test", "для обучения 60000, для проверки 10000"
    assert english in text or russian in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_notebook_has_the_shape_of_the_series(path):
    cells = read(path).cells
    assert re.match(rf"# {path.stem[:2]} — ", cells[0].source)
    pictures = re.findall(r"!\[.+?\]\(\.\./images/(.+?)\)", cells[0].source)
    assert pictures and all((path.parent.parent / "images" / name).exists() for name in pictures)
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for part in ("**You will learn**", "**You need**", "**It takes**", "<!-- badges -->"):
        assert part in text
    assert f"[По-русски](ru/{path.name})" in cells[1].source
    # Markdown is not read on a line that begins with a comment: badges would be shown as text.
    assert not re.search(r"(?m)^<!--.*-->.", text)
    for heading in (
        "What went wrong for others",
        "## Summary",
        "## Exercises",
        "## Further reading",
    ):
        assert heading in text
    assert 3 <= len(re.findall(r"(?m)^\d\. ★", text)) <= 5
    assert code_cells(path)[0].source.count("REPOSITORY = ") == 1
    known = papermill.inspect_notebook(str(path))
    assert {"dataset", "seed", "batch_size", "train_size", "save_dir"} <= set(known)
    assert {"epochs", "steps"} & set(known)
    for line in parameters_cell(path).source.splitlines():
        assert re.fullmatch(r'\w+ = ("[^"]*"|[\d_.e-]+)  # .+', line), line


@pytest.mark.parametrize("path", COMMITTED, ids=IDS)
def test_every_claim_was_tested_in_the_committed_run(path):
    claims = [cell for cell in code_cells(path) if "claim" in cell.metadata.get("tags", [])]
    assert len(claims) >= 4
    for cell in claims:
        text = "".join(output.get("text", "") for output in cell.outputs)
        tested = len(re.findall("Tested, and it holds: |Проверено, и это так: ", text))
        assert tested == cell.source.count("evidence.claim(") > 0


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_quiz_closes_the_notebook(path):
    quiz = read(path).cells[-1].source
    assert quiz.startswith("## Quiz")
    questions = re.split(r"(?m)^\*\*\d\. .+\*\*$", quiz)[1:]
    assert len(questions) == 5
    option = r"<details><summary>([A-D])\. .+</summary>(Right|Wrong): .+</details>"
    for question in questions:
        letters, verdicts = zip(*re.findall(option, question), strict=True)
        assert "".join(letters) in ("ABC", "ABCD") and question.count("<details>") == len(letters)
        assert verdicts.count("Right") == 1


def test_the_taught_losses_are_the_packages():
    taught = run_taught_cells("01_vanilla_gan", width=4, learning_rate=1e-3, seed=0)
    real, fake = np.random.default_rng(0).normal(0, 3, (2, 8, 1)).astype(np.float32)
    for player, logits in (("discriminator", (real, fake)), ("generator", (fake,))):
        expected = float(getattr(losses, f"non_saturating_{player}")(*logits))
        assert float(taught[f"{player}_loss"](*logits)) == pytest.approx(expected, rel=1e-5)


def test_the_taught_metrics_are_the_packages():
    taught = run_taught_cells("05_evaluating_gans")
    rng = np.random.default_rng(0)
    real, fake = rng.standard_normal((2_000, 5)), 0.7 * rng.standard_normal((2_000, 5)) + 0.2
    distance = taught["frechet_distance"](real, fake)
    assert distance == pytest.approx(metrics.frechet_distance(real, fake))
    probabilities = rng.dirichlet(np.ones(10), size=50)
    score = taught["classifier_score"](probabilities)
    assert score == pytest.approx(metrics.classifier_score(probabilities))
    real, fake = real[:150], fake[:120]
    both = taught["share_inside"](fake, real), taught["share_inside"](real, fake)
    assert both == pytest.approx(metrics.precision_recall(real, fake))


def test_the_taught_modulation_is_the_packages():
    taught = run_taught_cells("10_style_and_editing")
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).standard_normal((3, 6, 5, 4)).astype(np.float32)
    styles = np.random.default_rng(1).standard_normal((3, 7)).astype(np.float32)
    for demodulate in (True, False):
        layer = ModulatedConv2D(2, demodulate=demodulate)
        layer.build([x.shape, styles.shape])
        scales, kernel = np.asarray(layer.to_scales(styles)), np.asarray(layer.kernel)
        by_hand = taught["modulated_conv"](x, scales, kernel, demodulate)
        np.testing.assert_allclose(by_hand, layer([x, styles]), rtol=1e-4, atol=1e-5)


def test_the_taught_measures_of_collapse_are_the_packages():
    taught = run_taught_cells("06_mode_collapse", pairwise_distances=pairwise_distances)
    features = np.random.default_rng(0).standard_normal((40, 3)).astype(np.float32)
    labels = np.arange(40) % 3
    expected = metrics.class_variety(features, labels)
    assert taught["class_variety"](features, labels) == pytest.approx(expected)
    for batch in (features, features[:1].repeat(4, axis=0)):
        by_hand, packaged = taught["MinibatchDeviation"](), models.MinibatchDeviation()
        np.testing.assert_allclose(by_hand(batch), packaged(batch), rtol=1e-5)


def test_the_taught_step_is_the_packages_step():
    images = np.random.default_rng(0).integers(0, 256, (12, 28, 28), dtype=np.uint8)
    keras.utils.set_random_seed(0)
    taught = run_taught_cells("01_vanilla_gan", width=8, learning_rate=1e-3, seed=5)
    keras.utils.set_random_seed(0)
    gan = training.GAN(models.dense_generator(width=8), models.dense_discriminator(width=8), seed=5)
    gan.compile(learning_rate=1e-3, beta_1=0.0, beta_2=0.99)
    start = gan.generator.get_weights()
    for real_images in data.Batches(images, 4, seed=0):
        values = taught["train_step"](real_images)
        logs = gan.train_step(real_images)
        np.testing.assert_allclose(values, list(logs.values()), rtol=1e-4)
    for name, packaged in (
        ("generator", gan.generator),
        ("discriminator", gan.discriminator),
        ("averaged_generator", gan.ema_generator),
    ):
        pairs = zip(taught[name].get_weights(), packaged.get_weights(), strict=True)
        for by_hand, by_package in pairs:
            np.testing.assert_allclose(by_hand, by_package, rtol=1e-4, atol=1e-5)
    assert np.abs(start[0] - gan.generator.get_weights()[0]).max() > 1e-4


def test_the_taught_update_in_two_parts_is_that_of_the_recorded_runs():
    """And it is what it says: two steps of the discriminator, on one kind of images each."""
    images = np.random.default_rng(0).integers(0, 256, (12, 28, 28), dtype=np.uint8)
    taught = run_taught_cells("08_digits_and_residuals", width=4)
    ends = []
    for kind in (taught["TwoParts"], evidence_tool.TwoParts):
        keras.utils.set_random_seed(0)
        networks = models.dense_generator(width=4), models.dense_discriminator(width=4, dropout=0)
        gan = kind(*networks, seed=5)
        gan.compile(learning_rate=1e-2)
        gan.fit(data.Batches(images, 4, seed=0), epochs=1, verbose=0)
        counts = gan.discriminator_optimizer.iterations, gan.generator_optimizer.iterations
        assert [int(count) for count in counts] == [6, 3]
        ends.append(gan.get_weights())
    for one, other in zip(*ends, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_the_taught_residual_block_is_the_packages():
    taught = run_taught_cells("08_digits_and_residuals", width=4)
    inputs = keras.Input((4, 4, 3))
    blocks = [f(inputs, dropout=0.2) for f in (taught["residual_block"], models.residual_block)]
    one, other = (architecture(keras.Model(inputs, block)) for block in blocks)
    assert one == other


def test_the_taught_ring_is_the_packages():
    taught = run_taught_cells("06_mode_collapse", pairwise_distances=pairwise_distances)
    np.testing.assert_array_equal(taught["centres"], ring.CENTRES)
    points = []
    for draw in (taught["draw_ring"], ring.draw_ring):
        keras.utils.set_random_seed(0)
        points.append(draw(2_000).numpy())
    np.testing.assert_array_equal(*points)
    for some in (points[0], 1.1 * points[0], points[0][:1].repeat(2_000, axis=0)):
        assert taught["count_modes"](some) == ring.count_modes(some)


def test_the_taught_critics_are_the_packages():
    taught = run_taught_cells("09_critics", width=4)
    one, other = np.random.default_rng(0).standard_normal((2, 40))
    assert taught["wasserstein_on_a_line"](one, other) == pytest.approx(
        stats.wasserstein_distance(one, other)
    )
    keras.utils.set_random_seed(0)
    images = tf.random.normal((6, 5, 4, 1))
    network = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(4, "tanh")])
    network.add(keras.layers.Dense(1))
    same = [penalty(network, images, images) for penalty in (taught["gradient_penalty"], penalised)]
    np.testing.assert_allclose(*same, rtol=1e-5)  # wherever between an image and itself
    seen = []
    taught["gradient_penalty"](
        lambda x: seen.append(x) or network(x), tf.zeros((50, 5, 4, 1)), tf.ones((50, 5, 4, 1))
    )
    places = seen[0].numpy().reshape(50, -1)
    assert np.ptp(places, axis=1).max() == 0 and places.min() >= 0 and places.max() <= 1
    assert np.ptp(places) > 0.8
    ends = []
    for kind in (taught["SpectralNorm"], spectral.SpectralNorm):
        keras.utils.set_random_seed(0)
        layer = kind(keras.layers.Conv2D(3, 3))
        ends += [layer(images, training=True) for _ in range(4)][-1:]
    np.testing.assert_allclose(*ends, rtol=1e-5)
    build = models.improved_dcgan_discriminator
    recorded = evidence_tool.changed(build(4), evidence_tool.plain_critic)
    kinds = [
        [layer for layer in architecture(network) if layer[0] != "Identity"]
        for network in (taught["critic"](), recorded)
    ]
    assert kinds[0] == kinds[1]


@pytest.mark.parametrize("image_shape", [(28, 28, 1), (32, 40, 3)])
@pytest.mark.parametrize(
    "name, built",
    [
        ("01_vanilla_gan", (models.dense_generator, models.dense_discriminator)),
        ("02_dcgan", (models.dcgan_generator, models.dcgan_discriminator)),
        (
            "03_improved_dcgan",
            (models.improved_dcgan_generator, models.improved_dcgan_discriminator),
        ),
        ("04_conditional_gan", (models.conditional_generator,)),
        ("08_digits_and_residuals", (models.residual_generator,)),
    ],
)
def test_the_taught_networks_are_the_packages(name, built, image_shape):
    taught = run_taught_cells(name, image_shape, width=6, learning_rate=1e-3, seed=0)
    for network, build in zip(("generator", "discriminator"), built, strict=False):
        packaged = build(width=6, image_shape=image_shape)
        assert architecture(taught[network]) == architecture(packaged)


def run_cell_by_cell(path, parameters, folder):
    """Run a notebook in ``folder``, and compare the outputs tagged ``nbval-check-output``."""
    parameters |= {"save_dir": str(folder / "pictures")}
    prepared = folder / path.name
    papermill.execute_notebook(str(path), str(prepared), parameters, prepare_only=True)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-q", "-x"]
        + ["--nbval-cell-timeout=300", "-p", "no:cacheprovider", "-p", "no:xdist", str(prepared)],
        capture_output=True,
        text=True,
        cwd=folder,
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
    assert ".png" in [file.suffix for file in (folder / "pictures").iterdir()]


@pytest.mark.parametrize("path", ON_THEIR_OWN)
def test_notebook_runs_on_a_reduced_budget(path, tmp_path):
    run_cell_by_cell(path, notebooks.budgets(path)["reduced"], tmp_path)


@pytest.fixture(scope="session")
def keras_home(tmp_path_factory):
    """One for all processes of a run, so that the judge of a dataset is trained once."""
    folder = tmp_path_factory.getbasetemp()
    return (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "keras"


@pytest.mark.parametrize("path, dataset", ON_OTHER_IMAGES)
def test_notebook_runs_on_a_reduced_budget_of_other_images(
    path, dataset, request, keras_home, tmp_path, monkeypatch
):
    write = write_idx_folder if dataset == "three_shapes" else write_image_folder
    source = write(tmp_path / dataset, request.getfixturevalue(dataset))
    monkeypatch.setenv("KERAS_HOME", str(keras_home))
    run_cell_by_cell(path, notebooks.budgets(path)["tiny"] | {"dataset": str(source)}, tmp_path)
    assert keras_home.exists()
