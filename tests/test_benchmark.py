"""The benchmark and the long training: what they count, and that what they run really trains."""

from pathlib import Path
import sys

from gan_helpers import data, metrics, models, pretrained
import keras
import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
import benchmark
import train_long

RNG = np.random.default_rng(0)
DATASET = data.Dataset(
    RNG.integers(0, 256, (128, 28, 28), dtype=np.uint8),
    np.arange(128, dtype=np.uint8) % 10,
    RNG.integers(0, 256, (20, 28, 28), dtype=np.uint8),
    np.arange(20, dtype=np.uint8) % 10,
    data.FASHION_CLASSES,
    "noise",
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


def test_the_idiom_runs_and_its_discriminator_stands_still():
    keras.utils.set_random_seed(0)
    generator = models.dense_generator(width=2)
    discriminator = benchmark.sigmoid_at_the_end(models.dense_discriminator(width=2))
    before = [network.get_weights() for network in (generator, discriminator)]
    images = RNG.uniform(-1, 1, (8, 28, 28, 1)).astype(np.float32)
    benchmark.idiom(images, 4, generator, discriminator)
    moved = [
        max(np.abs(new - old).max() for new, old in zip(network.get_weights(), start, strict=True))
        for network, start in zip((generator, discriminator), before, strict=True)
    ]
    assert moved[0] > 0 and moved[1] == 0


@pytest.mark.filterwarnings("ignore:A Fréchet distance from")
def test_a_race_trains_every_model_for_the_same_seconds(monkeypatch):
    monkeypatch.setattr(benchmark, "IMAGES", 30)
    monkeypatch.setattr(benchmark, "TURN", 0.5)
    entered, train = [], benchmark.Contestant.train

    def watched(contestant, until):
        entered.append(contestant)
        train(contestant, until)

    monkeypatch.setattr(benchmark.Contestant, "train", watched)
    table = benchmark.race(DATASET, seed=0, seconds=1)
    assert list(table["model"]) == list(benchmark.contestants(DATASET, 0))
    assert len(entered) == 2 * len(table)  # two turns each, one after the other
    assert entered[: len(table)] == entered[len(table) :]
    for contestant, steps in zip(entered, table["steps"], strict=False):
        assert contestant.seconds >= 1
        assert int(contestant.gan.generator_optimizer.iterations) == steps + 1 > 10
    np.testing.assert_allclose(
        table["ratio to published"], table["distance"] / table["distance"][0]
    )
    gan = entered[0].gan
    expected = metrics.image_distance(models.draw_images(gan.generator, 30, 0)[0])
    assert table["distance"][0] == pytest.approx(expected)


def test_long_training_writes_weights_log_and_card(tmp_path, monkeypatch):
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path / "pretrained")
    monkeypatch.setattr(train_long, "RUNNING", tmp_path / "long")
    monkeypatch.setattr(train_long, "FULL", len(DATASET.train_images))
    monkeypatch.setattr(data, "load_dataset", lambda name: DATASET)
    monkeypatch.setattr(metrics, "evaluate", lambda generator, **_: {"images": 7})
    monkeypatch.setattr(
        sys,
        "argv",
        ["train_long.py", "conditional_gan", "--epochs", "2", "--width", "2", "--seed", "3"],
    )
    train_long.main()
    pretrained.cards.cache_clear()
    try:
        card = pretrained.cards()["conditional_gan"]
        generator = pretrained.load_pretrained("conditional_gan")
    finally:
        pretrained.cards.cache_clear()
    assert card["command"].endswith("conditional_gan --epochs 2 --width 2 --seed 3")
    assert card["steps"] == 2 * 4 and card["metrics"] == {"images": 7}
    assert generator.inputs[1].shape == (None,)
    log = pd.read_csv(tmp_path / "pretrained" / "conditional_gan.csv")
    assert len(log) == 2 and log["frechet_distance_averaged"].notna().all()


def test_long_training_refuses_the_sample(monkeypatch):
    monkeypatch.setattr(data, "load_dataset", lambda name: DATASET)
    monkeypatch.setattr(sys, "argv", ["train_long.py", "dcgan", "--epochs", "1"])
    with pytest.raises(SystemExit, match="trained on the full set"):
        train_long.main()


@pytest.mark.parametrize(
    "arguments", [["vae", "--epochs", "1"], ["dcgan"], ["dcgan", "--epochs=0"]]
)
def test_long_training_refuses_bad_arguments(arguments, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["train_long.py", *arguments])
    with pytest.raises(SystemExit):
        train_long.main()
    assert "usage: " in capsys.readouterr().err


def test_both_networks_get_an_optimizer_with_the_rate_asked_for(monkeypatch):
    arguments = ["dense_gan", "--epochs", "1", "--width", "2", "--learning-rate", "0.003"]
    monkeypatch.setattr(sys, "argv", ["train_long.py", *arguments])
    gan = train_long.build(train_long.parse())
    for optimizer in (gan.generator_optimizer, gan.discriminator_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(0.003)
    assert [layer.units for layer in gan.discriminator.layers if hasattr(layer, "units")] == [
        4,
        2,
        1,
    ]
