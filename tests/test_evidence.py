"""The rule for comparisons, the recorded tables, and the tool that records them."""

from dataclasses import replace
import sys
from types import SimpleNamespace

from gan_helpers import data, evidence, pretrained, sampling, style
import keras
import numpy as np
import pandas as pd
import pytest

import evidence as tool
from train_pretrained import TRAINABLE

TABLE = pd.DataFrame(
    {
        "experiment": ["A"] * 4 + ["B"] * 4,
        "seed": [0, 0, 1, 1] * 2,
        "step": [10, 20] * 4,
        "distance": [9.0, 1.0, 8.0, 2.0, 7.0, 3.0, 6.0, 4.0],
    }
)


@pytest.mark.parametrize(
    "ours, others, verdict",
    [
        ([1, 2, 3], [4, 5, 6], "ahead"),
        ([4, 5, 6], [1, 2, 3], "behind"),
        ([1, 2, 4], [3, 5, 6], "level"),
        ([1, 2, 3], [3, 5, 6], "level"),  # a tie is no lead
        ([1, 1, 1], [1, 1, 1], "level"),
        ([2, 3, 4], [1, 2.5, 9], "level"),  # inside the other's range
        (np.float32([1, 2, 3, 4]), (5.0, 6.0, 7.0), "ahead"),
    ],
)
def test_ahead_is_the_worst_seed_before_the_best_of_the_others(ours, others, verdict):
    assert evidence.compare(ours, others) == verdict
    turned = {"ahead": "behind", "behind": "ahead", "level": "level"}[verdict]
    assert evidence.compare(ours, others, lower_is_better=False) == turned


@pytest.fixture(scope="module")
def sample():
    return data.load_dataset(data.SAMPLE_FOLDER)


BAD = [[1, 2], [], None, "abc", [1, 2, np.nan], [1, 2, np.inf], [[1, 2, 3]], 5, ["a", "b", "c"], {}]


@pytest.mark.parametrize("values", BAD)
def test_comparisons_refuse(values):
    with pytest.raises(ValueError, match="^ours: expected"):
        evidence.compare(values, [1, 2, 3])
    with pytest.raises(ValueError, match="^others: expected"):
        evidence.compare([1, 2, 3], values)
    with pytest.raises(ValueError, match="^recorded: expected"):
        evidence.place(1, values)


def test_a_run_is_placed_among_the_recorded_ones():
    assert "measured 2, within the range of the 3 recorded seeds, 1 to 3" in evidence.place(
        2, [1, 2, 3]
    )
    assert "within" in evidence.place(3, [1, 2, 3])
    for value in (0.9, 3.1):
        assert f"measured {value}, outside" in evidence.place(value, [1, 2, 3])
    for value in (np.nan, "2", None):
        with pytest.raises(ValueError, match="^value: expected"):
            evidence.place(value, [1, 2, 3])


def test_all_seeds_have_to_be_below_a_value():
    table = TABLE.assign(seconds=[100.0, 250, 120, 200, 1, 2, 3, 4])
    found = [evidence.when_below(table, "A", "distance", value) for value in (9.0, 8.9, 2, 1.9)]
    assert found == [(10, 100.0), (20, 200.0), (20, 200.0), None]
    assert evidence.when_below(table, "B", "distance", 5) == (20, 2.0)
    with pytest.raises(ValueError, match="^experiment: 'C' is none of A, B."):
        evidence.when_below(table, "C", "distance", 1)
    with pytest.raises(ValueError, match="^measure: 'seconds' is no column"):
        evidence.when_below(TABLE, "A", "distance", 1)
    with pytest.raises(ValueError, match="^value: expected"):
        evidence.when_below(table, "A", "distance", np.nan)


def test_last_takes_the_end_of_each_seed():
    ends = evidence.last(TABLE, "distance")
    assert list(ends) == ["A", "B"]
    np.testing.assert_array_equal(ends["A"], [1, 2])
    np.testing.assert_array_equal(ends["B"], [3, 4])
    longer = pd.concat([TABLE, TABLE.iloc[[1]].assign(step=30, distance=0.5)])
    np.testing.assert_array_equal(sorted(evidence.last(longer, "distance")["A"]), [0.5, 2])
    with pytest.raises(ValueError, match="no column. There are experiment"):
        evidence.last(TABLE, "accuracy")


def test_tables_are_found_by_the_number_of_the_notebook(tmp_path, monkeypatch):
    TABLE.to_csv(tmp_path / "03.csv", index=False)
    pd.testing.assert_frame_equal(evidence.load("03_improved_dcgan", tmp_path), TABLE)
    pd.testing.assert_frame_equal(evidence.load("03", str(tmp_path)), TABLE)
    (tmp_path / "evidence").mkdir()
    TABLE.assign(seed=7).to_csv(tmp_path / "evidence" / "03.csv", index=False)
    monkeypatch.chdir(tmp_path)  # beside the notebook comes before the checkout
    assert set(evidence.load("03")["seed"]) == {7}


def test_a_table_that_is_not_there_or_no_table(tmp_path):
    with pytest.raises(FileNotFoundError, match="04.csv is in none.*tools/evidence.py 04"):
        evidence.load("04", tmp_path)
    for text in (b"", b"experiment,seed,step\n", b"a,b\n1,2\n", b'"\n1,2', b"\xff\xfe\x00"):
        (tmp_path / "04.csv").write_bytes(text)
        with pytest.raises(data.DamagedFileError, match="not a table of recorded runs"):
            evidence.load("04", tmp_path)


def test_a_claim_stops_the_notebook_only_where_it_was_tested(capsys):
    evidence.claim("Water is wet.", True)
    evidence.claim("Water is dry.", np.False_, tested=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "Tested, and it holds: Water is wet.",
        "Not tested at these parameters: Water is dry.",
    ]
    with pytest.raises(AssertionError, match="does not show what the text says: Water is dry"):
        evidence.claim("Water is dry.", np.False_)


# --- the tool ---


def test_every_experiment_names_networks_that_are_there():
    built = set()
    for notebook, experiments in tool.EXPERIMENTS.items():
        assert len(notebook) == 2 and len(experiments) > 1
        for recipe in experiments.values():
            assert recipe.images % (recipe.batch_size * recipe.parts) == 0
            built.add((recipe.networks, recipe.width))
    for networks, width in built:
        generator, discriminator = (build(width=width) for build in TRAINABLE[networks])
        assert generator.outputs[0].shape[1:] == discriminator.inputs[0].shape[1:]


def test_what_is_recorded_is_not_recorded_again():
    names = list(tool.EXPERIMENTS["03"])
    assert len(tool.missing("03", 3, None)) == 3 * len(names)
    table = pd.DataFrame({"experiment": [names[0], names[1]], "seed": [0, 2]})
    left = tool.missing("03", 3, table)
    assert len(left) == 3 * len(names) - 2
    assert (names[0], 0) not in left and (names[1], 2) not in left and (names[0], 1) in left
    assert tool.minutes("03", left) < tool.minutes("03", tool.missing("03", 3, None))


def test_recipes_say_how_the_players_differ(monkeypatch):
    built = {}

    def fit(gan, *args, **kwargs):
        built["rates"] = [
            float(optimizer.learning_rate)
            for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer)
        ]
        built["layers"] = {type(layer).__name__ for layer in gan.discriminator.layers}
        raise InterruptedError

    monkeypatch.setattr(tool.training.GAN, "fit", fit)
    monkeypatch.setattr(tool.callbacks, "DistanceLog", lambda judge, count: None)
    dataset = SimpleNamespace(train_images=np.zeros((64, 28, 28), np.uint8), train_labels=None)
    dataset.train_labels = np.arange(64) % 10
    for name, rate in (("minibatch deviation", 5e-3), ("equal rates", 2e-3)):
        with pytest.raises(InterruptedError):
            tool.record(tool.EXPERIMENTS["06"][name], 0, dataset, None, None)
        assert built["rates"] == pytest.approx([rate, 2e-3])
        assert ("MinibatchDeviation" in built["layers"]) == (name == "minibatch deviation")


def kinds(network):
    return [type(layer).__name__ for layer in network.layers]


def test_each_undoing_changes_what_it_says_and_nothing_else():
    build_generator, build_discriminator = pretrained.BUILDERS["improved_dcgan"]
    networks = build_generator(width=4), build_discriminator(width=4)
    of_03 = ("he_normal", "depth", "4x4 kernels", "batch normalisation in D")
    undone = {
        name: [tool.changed(*pair) for pair in zip(networks, tool.CHANGES[name], strict=True)]
        for name in of_03
    }
    for network in undone["he_normal"]:
        weighted = [layer for layer in network.layers if hasattr(layer, "kernel_initializer")]
        initial = {type(layer.kernel_initializer).__name__ for layer in weighted}
        assert initial == {"GlorotUniform"}
    flat, deep = kinds(undone["depth"][0]), kinds(networks[0])
    assert [(old, new) for old, new in zip(deep, flat, strict=True) if old != new] == [
        ("Dense", "Identity"),
        ("Conv2D", "Identity"),
        ("Conv2D", "Identity"),
    ]
    sizes = {
        layer.kernel_size
        for layer in undone["4x4 kernels"][0].layers
        if type(layer).__name__ == "Conv2DTranspose"
    }
    assert sizes == {(5, 5)}
    dropped = kinds(undone["batch normalisation in D"][1])
    assert "BatchNormalization" not in dropped and dropped.count("Dropout") == 2
    for name, pair in undone.items():
        for network, new, change in zip(networks, pair, tool.CHANGES[name], strict=True):
            assert (new is network) == (change is None)
            assert new.output_shape == network.output_shape


def test_a_generator_without_shortcuts_has_the_same_weights_and_no_sum():
    keras.utils.set_random_seed(0)
    generator, _ = tool.make_networks("residual_gan", 4, generator={"blocks": 2})
    plain = tool.changed(generator, tool.CHANGES["shortcuts"][0])
    assert kinds(generator).count("Add") == 4 and kinds(plain).count("WithoutShortcut") == 4
    assert "Add" not in kinds(plain) and len(kinds(plain)) == len(kinds(generator))
    assert plain.count_params() == generator.count_params()
    initial = {
        type(layer.kernel_initializer).__name__
        for layer in plain.layers
        if type(layer).__name__ == "Conv2D"
    }
    assert "Zeros" not in initial and "HeNormal" in initial
    inputs = [np.random.default_rng(0).normal(size=(3, 246)), np.arange(3)]
    assert np.std(plain(inputs, training=True)) > 1e-3  # it makes something
    assert np.array_equal(tool.WithoutShortcut()([np.zeros(2), np.ones(2)]), np.ones(2))


def test_the_embedding_stands_in_place_of_the_one_hot_label():
    generator, _ = tool.make_networks("residual_gan", 4)
    other = tool.changed(generator, tool.CHANGES["one-hot label"][0])
    changed = [
        pair for pair in zip(kinds(generator), kinds(other), strict=True) if pair[0] != pair[1]
    ]
    assert changed == [("CategoryEncoding", "Embedding")]
    [embedding] = [x for x in other.layers if type(x).__name__ == "Embedding"]
    assert (embedding.input_dim, embedding.output_dim) == (10, 50)


def test_dropout_that_never_stops():
    generator, _ = tool.make_networks("residual_gan", 4, generator={"dropout": 0.5})
    for layer in generator.layers:  # the last convolutions of the blocks start at zero
        if type(layer).__name__ == "Conv2D":
            layer.kernel.assign(0.1 * np.ones(layer.kernel.shape))
    masks_on = tool.changed(generator, tool.never_off)
    masks_on.set_weights(generator.get_weights())
    inputs = [np.random.default_rng(0).normal(size=(2, 246)), np.arange(2)]
    off = [np.asarray(generator(inputs, training=False)) for _ in range(2)]
    on = [np.asarray(masks_on(inputs, training=False)) for _ in range(2)]
    np.testing.assert_array_equal(*off)
    assert not np.allclose(*on)


def test_two_parts_follow_the_targets_of_real_and_generated_images():
    """A score rises towards target 1, falls towards 0, and only the player's weights move."""
    keras.utils.set_random_seed(0)
    gan = tool.TwoParts(*tool.make_networks("dense_gan", 4, {"dropout": 0}), seed=0)
    gan.compile(learning_rate=1e-2)
    images = np.random.default_rng(0).uniform(-1, 1, (8, 28, 28, 1)).astype("float32")

    def scores():
        return 1 / (1 + np.exp(-np.asarray(gan.discriminator(images), np.float64)))

    for target, sign in ((1.0, 1), (0.0, -1)):
        before, untouched = scores(), gan.generator.get_weights()
        loss, mean = gan.update("discriminator", lambda: images, target)
        assert float(mean) == pytest.approx(before.mean(), rel=1e-4)
        entropy = -np.log(before if target else 1 - before).mean()
        assert float(loss) == pytest.approx(entropy, rel=1e-3)
        assert sign * (scores() - before).mean() > 0
        for one, other in zip(untouched, gan.generator.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)


def test_path_lengths_are_those_of_ways_within_a_class():
    keras.utils.set_random_seed(0)
    generator, _ = tool.make_networks("style_gan", 4)
    others = object.__new__(tool.OtherMeasures)
    asked = []

    def features(images):
        asked.append(images)
        return images.reshape(len(images), -1), None

    others.judge = SimpleNamespace(features_and_probabilities=features)
    lengths = others.path_lengths(generator, 10)
    labels = np.arange(tool.PAIRS) % 10
    latents = np.random.default_rng(0).standard_normal((2, tool.PAIRS, 100))
    ends = [sampling.images_from_latents(generator, one, labels) for one in latents]
    chord = np.square(ends[1] - ends[0]).sum(axis=(1, 2)).mean()
    assert set(lengths) == {"path_length_z", "path_length_w"} and len(asked) == 4
    for length in lengths.values():  # no way is shorter than the straight line between its ends
        assert 0.9 * chord < length < 20 * chord
    assert lengths["path_length_z"] != pytest.approx(lengths["path_length_w"], rel=1e-3)


@pytest.fixture
def built(monkeypatch):
    """What a recipe builds, ``gan`` and ``batches``; ``fit`` then ends with an error."""
    parts = {}
    monkeypatch.setattr(
        tool.training.GAN, "fit", lambda gan, x, **__: parts.update(gan=gan, batches=x) or 1 / 0
    )
    monkeypatch.setattr(tool.callbacks, "DistanceLog", lambda judge, count: None)
    return parts


def test_recipes_of_08_differ_in_what_they_say(built):
    images = np.zeros((2_000, 28, 28), np.uint8)
    dataset = SimpleNamespace(train_images=images, train_labels=np.arange(2_000) % 10)
    for name, steps in (("joint", 1), ("two parts", 1), ("k = 5", 5)):
        with pytest.raises(ZeroDivisionError):
            tool.record(tool.EXPERIMENTS["08"][name], 0, dataset, None, None)
        assert built["gan"].discriminator_steps == steps
        assert isinstance(built["gan"], tool.TwoParts) == (name == "two parts")
        assert built["batches"].labels is None and len(built["batches"].images) == 2_000
    for name, rate in (("few digits", 0), ("few digits, dropout in D", 0.4)):
        with pytest.raises(ZeroDivisionError):
            tool.record(tool.EXPERIMENTS["08"][name], 0, dataset, None, None)
        assert len(built["batches"].images) == len(built["batches"].labels) == 1_000
        rates = {getattr(layer, "rate", rate) for layer in built["gan"].discriminator.layers}
        assert rates == {rate} and built["gan"].r1 == 0


def test_the_critics_of_09_are_held_as_their_names_say(built):
    dataset = SimpleNamespace(train_images=np.zeros((64, 28, 28), np.uint8))
    names = "objective", "r1", "r2", "gradient_penalty", "penalty_every", "discriminator_steps"
    expected = {
        "not held": ("non_saturating", 0, 0, 0, 8, 1),
        "clipped weights": ("wasserstein", 0, 0, 0, 8, 5),
        "gradient penalty": ("wasserstein", 0, 0, 10, 1, 3),
        "spectral norm": ("hinge", 0, 0, 0, 8, 1),
        "spectral norm, Keras": ("hinge", 0, 0, 0, 8, 1),
        "R1": ("non_saturating", 0.1, 0, 0, 8, 1),
        "relativistic": ("relativistic", 0.1, 0.1, 0, 8, 1),
        "modern": ("relativistic", 1, 1, 0, 1, 1),
    }
    recipes = tool.EXPERIMENTS["09"]
    assert list(recipes) == list(expected)
    for name, recipe in recipes.items():
        with pytest.raises(ZeroDivisionError):
            tool.record(recipe, 0, dataset, None, None)
        gan = built["gan"]
        assert tuple(getattr(gan, setting) for setting in names) == expected[name]
        found = kinds(gan.discriminator)
        assert "BatchNormalization" not in found
        assert found.count("SpectralNorm") == (4 if name == "spectral norm" else 0)
        assert found.count("SpectralNormalization") == (4 if name.endswith("Keras") else 0)
        limits = {getattr(layer, "kernel_constraint", None) for layer in gan.discriminator.layers}
        assert any(limits) == (name == "clipped weights")
        # Five minutes of one slow core for each, as it was measured on a quiet machine.
        steps = recipe.images / recipe.batch_size
        assert steps * recipe.milliseconds == pytest.approx(300_000, rel=0.01)


def test_the_generators_of_10_lack_what_their_names_say(built):
    images = np.zeros((64, 28, 28), np.uint8)
    dataset = SimpleNamespace(train_images=images, train_labels=np.arange(64) % 10)
    lacking = {}
    for name, recipe in tool.EXPERIMENTS["10"].items():
        with pytest.raises(ZeroDivisionError):
            tool.record(recipe, 0, dataset, None, None)
        gan = built["gan"]
        mapping, noise, synthesis = style.parts(gan.generator)
        found = kinds(synthesis)
        convolutions = [x for x in synthesis.layers if type(x).__name__ == "ModulatedConv2D"]
        lacking[name] = (
            *("Dense" not in kinds(mapping), "LearnedConstant" not in found, not convolutions),
            *(not any(x.demodulate for x in convolutions), noise is None, "Add" not in found),
        )
        assert (gan.r1, gan.r2, gan.objective) == (1, 0, "non_saturating")
        assert {getattr(layer, "rate", 0) for layer in gan.discriminator.layers} == {0}
        assert recipe.images == 1_500 * recipe.batch_size
    parts = "mapping", "constant", "modulation", "demodulation", "noise", "skips"
    expected = {f"without {part}": tuple(part == one for one in parts) for part in parts}
    expected["without modulation"] = False, True, True, True, False, False
    assert lacking == {"whole": (False,) * 6} | expected


def test_clipped_weights_stay_within_the_limit():
    clip = tool.Clip(0.03)
    np.testing.assert_allclose(clip(np.array([-1.0, 0.01, 2.0])), [-0.03, 0.01, 0.03])
    assert tool.Clip.from_config(clip.get_config()).limit == 0.03


def test_the_rate_and_the_penalty_of_a_recipe_are_those_of_the_gan(built):
    dataset = SimpleNamespace(train_images=np.zeros((64, 28, 28), np.uint8))
    name = "long, R1, falling rate"
    with pytest.raises(ZeroDivisionError):
        tool.record(tool.EXPERIMENTS["03"][name], 0, dataset, None, None)
    rate = built["gan"].generator_optimizer.get_config()["learning_rate"]["config"]
    assert rate == {"learning_rate": 2e-3, "steps": 4800, "share": 0.3}
    assert built["gan"].r1 == 0.1


def tiny(monkeypatch, tmp_path, sample):
    recipe = tool.Recipe("conditional_gan", 1, tool.FOUND, 2, 20, images=160, parts=2)
    monkeypatch.setattr(tool, "EXPERIMENTS", {"04": {"one": recipe}})
    for name, value in (("FOLDER", tmp_path), ("BUILD", tmp_path / "build"), ("FULL", 10)):
        monkeypatch.setattr(tool, name, value)
    for name in ("COUNT", "SCORED"):
        monkeypatch.setattr(tool, name, 60)
    sizes = {"train_images": 640, "train_labels": 640, "test_images": 200, "test_labels": 200}
    small = replace(sample, **{part: getattr(sample, part)[:n] for part, n in sizes.items()})
    monkeypatch.setattr(tool.data, "load_dataset", lambda name: small)
    tool.equipment.cache_clear()


@pytest.mark.filterwarnings("ignore:.*(few|2,000)")
def test_the_tool_records_goes_on_and_says_when_all_is_there(monkeypatch, tmp_path, sample, capsys):
    tiny(monkeypatch, tmp_path, sample)
    tool.main(["04", "--seeds", "1"])
    table = evidence.load("04", tmp_path)
    assert list(table["step"]) == [4, 8] and set(table["seed"]) == {0}
    measured = {"frechet_distance", "frechet_distance_averaged", "second_distance", "seconds"}
    measured |= {"train_score", "held_score", "objective"}
    assert measured | {"label_accuracy", "precision", "recall", "variety"} <= set(table)
    assert table[["train_score", "held_score"]].gt(0).all(axis=None)
    assert table[["train_score", "held_score"]].lt(1).all(axis=None)
    assert np.isfinite(table.drop(columns="experiment").to_numpy(float)).all()
    assert "1 trainings, about" in capsys.readouterr().out
    tool.main(["04", "--seeds", "2"])
    longer = evidence.load("04", tmp_path)
    pd.testing.assert_frame_equal(longer.iloc[:2], table)
    assert list(longer["seed"]) == [0, 0, 1, 1]
    with pytest.raises(SystemExit, match="holds all of it"):
        tool.main(["04", "--seeds", "2"])


def test_the_tool_wants_the_full_set(monkeypatch, tmp_path, sample):
    tiny(monkeypatch, tmp_path, sample)
    monkeypatch.setattr(tool, "FULL", 60_000)
    with pytest.raises(SystemExit, match="full set"):
        tool.main(["04"])


def test_runs_that_ended_are_kept_when_a_later_one_fails(monkeypatch, tmp_path, sample):
    tiny(monkeypatch, tmp_path, sample)

    def record_one(task):
        notebook, name, seed = task
        row = {"seed": seed, "step": 1, "second_distance": 1 / (2 - seed), "seconds": 1.0}
        return pd.DataFrame([row | {"frechet_distance_averaged": 1.0}])

    monkeypatch.setattr(tool, "record_one", record_one)
    with pytest.raises(ZeroDivisionError):
        tool.main(["04"])
    assert list(evidence.load("04", tmp_path)["seed"]) == [0, 1]
    assert tool.missing("04", 3, evidence.load("04", tmp_path)) == [("one", 2)]


@pytest.mark.parametrize(
    "arguments", [[], ["99"], ["03", "--seeds", "0"], ["03", "--seeds", "x"], ["03", "--workers=0"]]
)
def test_the_tool_refuses(arguments, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["evidence.py", *arguments])
    with pytest.raises(SystemExit) as error:
        tool.parse()
    assert error.value.code == 2
