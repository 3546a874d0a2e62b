"""The benchmark: what it counts, that what it runs really trains, and that only steps are timed."""

import functools
import itertools
import sys

from gan_helpers import data, evaluation, models, pretrained, sampling
import keras
import numpy as np
import pandas as pd
import pytest

import benchmark

RNG = np.random.default_rng(0)
DATASET = data.Dataset(
    train_images=RNG.integers(0, 256, (128, 28, 28), dtype=np.uint8),
    train_labels=np.arange(128, dtype=np.uint8) % 10,
    test_images=RNG.integers(0, 256, (20, 28, 28), dtype=np.uint8),
    test_labels=np.arange(20, dtype=np.uint8) % 10,
    class_names=data.FASHION_CLASSES,
    source="noise",
    name="noise",
)


def test_multiplications_by_hand():
    generator, discriminator = models.dcgan_generator(width=3), models.dcgan_discriminator(width=3)
    counted = [benchmark.multiplications(layer) for layer in generator.layers]
    kernels = [100 * 7 * 7 * 6, 7 * 7 * 5 * 5 * 6 * 3, 14 * 14 * 5 * 5 * 3]
    assert [count for count in counted if count] == kernels
    counted = [benchmark.multiplications(layer) for layer in discriminator.layers]
    kernels = [14 * 14 * 5 * 5 * 3, 7 * 7 * 5 * 5 * 3 * 6, 7 * 7 * 6]
    assert [count for count in counted if count] == kernels


def test_profile_names_every_layer_that_computes():
    table, peak = benchmark.profile([models.dcgan_discriminator(width=2)], batch_size=2)
    assert peak > 0 and (table["ms"] > 0).all()
    assert table["layer"].tolist() == ["Conv2D", "LeakyReLU", "Dropout"] * 2 + ["Dense"]
    expected = 6 * 2 * (14 * 14 * 25 * 2 + 7 * 7 * 25 * 2 * 4 + 7 * 7 * 4) / 1e9
    assert table["GFLOP"].sum() == pytest.approx(expected)
    share = table["GFLOP"] / (table["ms"] / 1000) / peak
    np.testing.assert_allclose(table["share of peak"], share)


def small_idiom():
    generator = models.dense_generator(width=2)
    discriminator = benchmark.sigmoid_at_the_end(models.dense_discriminator(width=2))
    return benchmark.Idiom(generator, discriminator, 4)


def test_the_idiom_runs_and_its_discriminator_stands_still():
    keras.utils.set_random_seed(0)
    idiom = small_idiom()
    networks = idiom.generator, idiom.discriminator
    before = [network.get_weights() for network in networks]
    idiom.train(RNG.uniform(-1, 1, (8, 28, 28, 1)).astype(np.float32))
    moved = [
        max(np.abs(new - old).max() for new, old in zip(network.get_weights(), start, strict=True))
        for network, start in zip(networks, before, strict=True)
    ]
    assert moved[0] > 0 and moved[1] == 0


@pytest.fixture
def clock(monkeypatch):
    """What happens while the clock of the benchmark runs, and how many images each way is for.

    A graph is built by running a layer's Python code; a step of a graph that is there runs none.
    """
    seen = {"running": False, "built": [], "compiled": [], "rounds": []}

    def note(owner, name, what):
        original = getattr(owner, name)

        @functools.wraps(original)
        def noted(self, *args, **kwargs):
            if seen["running"]:
                seen[what].append(f"{type(self).__name__}.{name}")
            return original(self, *args, **kwargs)

        monkeypatch.setattr(owner, name, noted)

    note(keras.layers.Dense, "call", "built")
    note(keras.Model, "compile", "compiled")
    note(keras.Model, "__init__", "compiled")
    timed = benchmark.images_a_second

    def images_a_second(train, count):
        seen["running"] = True
        try:
            seen["rounds"].append(count)
            return timed(train, count)
        finally:
            seen["running"] = False

    monkeypatch.setattr(benchmark, "images_a_second", images_a_second)
    return seen


def test_throughput_times_steps_and_nothing_else(clock):
    table = benchmark.throughput(DATASET.train_images, repeats=2)
    assert clock["built"] == [] and clock["compiled"] == []
    assert clock["rounds"] == [128] * 8
    assert len(table) == 4 and (table["images/s"] > 0).all()
    assert table["ratio to the idiom"].iloc[0] == 1
    assert table["ratio to the idiom"].iloc[3] > 1


def test_the_clock_sees_an_idiom_that_is_built_while_it_runs(clock):
    benchmark.images_a_second(small_idiom, 4)
    assert {"Dense.call"} <= set(clock["built"]) and clock["compiled"]


def test_throughput_is_the_median_of_its_rounds(monkeypatch):
    # four ways a round; the first three rounds are slow, fast and usual for all of them
    times = [2.0, 4.0, 1.0, 0.5] + [0.1, 0.2, 0.05, 0.025] + [1.0, 1.0, 0.2, 0.1]
    clock = itertools.chain.from_iterable((0.0, seconds) for seconds in times)
    monkeypatch.setattr(benchmark.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(benchmark, "Idiom", Untrained)
    monkeypatch.setattr(benchmark, "Fit", Untrained)
    table = benchmark.throughput(DATASET.train_images, repeats=3)
    np.testing.assert_allclose(table["images/s"], [128, 128, 640, 1280])
    np.testing.assert_allclose(table["ratio to the idiom"], [1, 0.5, 2, 4])


class Untrained:
    """Stands for a way that takes the time that the test says."""

    def __init__(self, *_):
        pass

    def train(self, *_):
        pass


def test_fit_trains_all_images_once():
    fit = benchmark.Fit(DATASET.train_images, 32)
    steps = int(fit.gan.generator_optimizer.iterations)
    fit.train()
    assert int(fit.gan.generator_optimizer.iterations) - steps == 4


def test_batches_without_end_have_a_new_order_each_epoch():
    images, labels = DATASET.train_images[:6], np.arange(6)
    batches = benchmark.endless(data.Batches(images, 3, seed=0, labels=labels))
    orders = [np.concatenate([next(batches)[1], next(batches)[1]]) for _ in range(3)]
    assert all(sorted(order) == list(range(6)) for order in orders)
    assert len({tuple(order) for order in orders}) > 1
    pixels = next(benchmark.endless(data.Batches(images, 3, seed=0)))
    assert np.shape(pixels) == (3, 28, 28, 1)


@pytest.fixture
def narrow_networks(monkeypatch):
    def narrow(build):
        return lambda **settings: build(**settings | {"width": 2})

    builders = {name: tuple(map(narrow, pair)) for name, pair in pretrained.BUILDERS.items()}
    monkeypatch.setattr(pretrained, "BUILDERS", builders)
    for network in ("improved_dcgan_generator", "improved_dcgan_discriminator"):
        monkeypatch.setattr(models, network, narrow(getattr(models, network)))


def test_the_contestants_differ_as_their_names_say(narrow_networks, monkeypatch):
    monkeypatch.setattr(benchmark, "Contestant", lambda *given: given)
    made = {name: enter() for name, enter in benchmark.contestants(DATASET, 0).items()}
    settings = {
        name: (gan.r1, batches.batch_size, adam is benchmark.FOUND, batches.labels is not None)
        for name, (gan, batches, adam) in made.items()
    }
    assert settings == {
        benchmark.PUBLISHED: (0.0, 32, False, False),
        "dense GAN, R1 in place of dropout": (0.1, 64, True, False),
        "DCGAN, R1 in place of dropout": (0.1, 64, True, False),
        "improved DCGAN (03)": (0.1, 64, True, False),
        "conditional GAN (04)": (1.0, 64, True, True),
    }
    for name, (gan, *_) in made.items():
        if "in place of dropout" in name:
            assert not any(getattr(layer, "rate", 0) for layer in gan.discriminator.layers)


@pytest.mark.slow  # half a minute for a tool that runs for an hour, a few times a year
@pytest.mark.filterwarnings("ignore:A Fréchet distance from")
def test_a_race_trains_every_model_for_the_same_seconds(narrow_networks, monkeypatch):
    monkeypatch.setattr(benchmark, "IMAGES", 30)
    monkeypatch.setattr(benchmark, "TURN", 0.25)
    entered, train = [], benchmark.Contestant.train

    def watched(contestant, until):
        entered.append(contestant)
        train(contestant, until)

    monkeypatch.setattr(benchmark.Contestant, "train", watched)
    table = benchmark.race(DATASET, seed=0, seconds=0.5)
    assert list(table["model"]) == list(benchmark.contestants(DATASET, 0))
    assert len(entered) == 2 * len(table)  # two turns each, one after the other
    assert entered[: len(table)] == entered[len(table) :]
    for contestant, steps in zip(entered, table["steps"], strict=False):
        assert contestant.seconds >= 0.5
        assert contestant.step.experimental_get_tracing_count() == 1  # before its clock started
        assert int(contestant.gan.generator_optimizer.iterations) == steps + 1 > 10
    np.testing.assert_allclose(
        table["ratio to published"], table["distance"] / table["distance"][0]
    )
    gan = entered[0].gan
    judge = evaluation.load_judge("fashion_mnist")
    expected = judge.frechet_distance(sampling.sample(gan.generator, 30, 0)[0])
    assert table["distance"][0] == pytest.approx(expected)


@pytest.mark.parametrize("arguments", [["--seconds=0"], ["--seeds=0"], ["--only=all"], ["x"]])
def test_bad_arguments_are_refused(arguments, capsys):
    with pytest.raises(SystemExit):
        benchmark.parse(arguments)
    assert "usage: " in capsys.readouterr().err


@pytest.mark.slow  # it builds every model of the series
def test_an_epoch_of_every_model_is_timed(narrow_networks, monkeypatch):
    monkeypatch.setattr(benchmark, "WIDTHS", dict.fromkeys(benchmark.TRAINABLE, 2))
    table = benchmark.epochs(DATASET, seconds=1e-3)
    assert list(table["model"]) == list(benchmark.TRAINABLE)
    assert (table["ms a step"] > 0).all()
    np.testing.assert_allclose(table["seconds an epoch"], 2 * table["ms a step"] / 1000)


@pytest.mark.parametrize("only", [None, *benchmark.SECTIONS])
def test_only_one_section_is_run(only, monkeypatch, capsys):
    run = []
    table = benchmark.pd.DataFrame(
        {"model": ["a"], "images/s": [1.0], "distance": [2.0], "ratio to published": [1.0]}
    )
    monkeypatch.setattr(sys, "argv", ["benchmark.py"] + ([f"--only={only}"] if only else []))
    monkeypatch.setattr(data, "load_dataset", lambda name: run.append(name) or DATASET)
    monkeypatch.setattr(benchmark, "throughput", lambda _: run.append("throughput") or table)
    monkeypatch.setattr(benchmark, "profile", lambda *_, **__: (run.append("profile") or table, 1))
    monkeypatch.setattr(benchmark, "race", lambda _, seed, __: run.append("race") or table)
    monkeypatch.setattr(benchmark, "epochs", lambda _: run.append("epochs") or table)
    benchmark.main()
    sections = ["throughput", "profile", "race", "race", "race", "epochs"]
    assert [x for x in run if x != "fashion_mnist"] == [x for x in sections if only in (None, x)]
    assert ("fashion_mnist" in run) == (only != "profile")
    assert ("on the CPU" in capsys.readouterr().out) == (only in (None, "epochs"))


def test_the_rung_is_read_from_what_was_recorded(monkeypatch):
    runs = {"experiment": "long, R1", "seed": [0, 0], "step": [800, 1600], "seconds": [60.0, 120]}
    tables = {
        "03": pd.DataFrame(runs | {"frechet_distance_averaged": [50.0, 30.0]}),
        "05": pd.DataFrame(
            {"experiment": "They", "seed": 0, "step": [1, 2], "frechet_distance": [9.0, 40.0]}
        ),
    }
    monkeypatch.setattr(benchmark.evidence, "load", tables.get)
    said = benchmark.rung()
    assert "of They: 26.5 at best on the scale of Inception, 40.0 on ours" in said
    assert "was there after 1,600 steps, or 2.0 minutes" in said
    tables["05"]["frechet_distance"] = 20.0
    assert "R1 had 30.0 to 30.0 when its recording ended" in benchmark.rung()
