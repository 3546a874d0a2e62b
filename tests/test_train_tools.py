"""The commands that train what is shipped, on small data and for an epoch or two."""

import json
import sys

from gan_helpers import callbacks, data, evaluation, pretrained
import keras
import numpy as np
import pandas as pd
import pytest

import make_sample
import train_discriminator
import train_judge
import train_pretrained

pytestmark = pytest.mark.filterwarnings("ignore:A Fréchet distance from")


def run(module, monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", [f"{module.__name__}.py", *arguments])
    module.main()


@pytest.fixture
def short(monkeypatch, tmp_path):
    """Everything that train_pretrained uses and writes, small and in a temporary folder."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (24, 28, 28), dtype=np.uint8)
    labels = np.arange(24) % 10
    dataset = data.Dataset(
        images, labels, images, labels, data.FASHION_CLASSES, "a test", "fashion_mnist"
    )

    class Judge:
        """Measures no images, but may be interrupted while it does."""

        name, image_shape, class_names = "fashion_mnist", (28, 28, 1), data.FASHION_CLASSES
        measured, interrupted_at = 0, None

        def frechet_distance(self, images):
            self.measured += 1
            if self.measured == self.interrupted_at:
                raise KeyboardInterrupt
            return float(np.mean(images))

        def evaluate(self, generator, seed, dataset):
            return {"images": 24, "frechet_distance": 1.5}

    judge = Judge()
    monkeypatch.setattr(data, "load_dataset", lambda name: dataset)
    monkeypatch.setattr(evaluation, "load_judge", lambda name: judge)
    monkeypatch.setattr(
        callbacks.DistanceLog, "measure", lambda self, _: (judge.frechet_distance(1), None)
    )
    monkeypatch.setattr(train_pretrained, "FULL", 24)
    monkeypatch.setattr(train_pretrained, "RUNNING", tmp_path / "running")
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path / "generators")
    return judge


SMALL = "--width=2", "--batch-size=12"


def train(monkeypatch, epochs):
    run(train_pretrained, monkeypatch, "dense_gan", f"--epochs={epochs}", *SMALL)
    return pd.read_csv(pretrained.FOLDER / "dense_gan.csv")


def test_weights_log_and_card_are_written(short, monkeypatch, tmp_path):
    log = train(monkeypatch, 2)
    assert log["epoch"].tolist() == [0, 1]
    assert not log.isna().any().any()
    card = pretrained.cards()["dense_gan"]
    assert card["dataset"] == "fashion_mnist"
    for network in pretrained.NETWORKS:
        assert card[network]["arguments"] == {"width": 2}
    assert card["steps"] == 4 and card["metrics"]["frechet_distance"] == 1.5
    assert card["command"] == " ".join(
        ["python tools/train_pretrained.py dense_gan --epochs=2", *SMALL]
    )
    generator, discriminator = pretrained.load_pretrained("dense_gan", "both")
    assert generator.count_params() > 0 < discriminator.count_params()
    assert not (tmp_path / "running" / "dense_gan" / "log.csv").exists()
    again = train(monkeypatch, 1)  # a new training, not the end of the first
    assert again["epoch"].tolist() == [0]


def test_r1_is_an_argument(monkeypatch):
    for name, r1 in (("conditional_gan", 1.0), ("dcgan", 0.0)):
        monkeypatch.setattr(sys, "argv", ["", name, "--epochs=1", "--width=2", f"--r1={r1}"])
        gan, built_with = train_pretrained.build(train_pretrained.parse(), 10)
        assert gan.r1 == r1 and built_with == ({"width": 2}, {"width": 2})
        assert gan.generator_optimizer.beta_1 == 0.0
        rate = gan.discriminator_optimizer.get_config()["learning_rate"]["config"]
        assert rate == {"learning_rate": 2e-3, "steps": 10, "share": 0.1}
    monkeypatch.setattr(sys, "argv", ["", "dcgan", "--epochs=1", "--width=2", "--fall=0"])
    gan, _ = train_pretrained.build(train_pretrained.parse(), 10)
    assert gan.generator_optimizer.get_config()["learning_rate"] == pytest.approx(2e-3)


def test_dropout_is_an_argument_of_those_that_have_it(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["", "dense_gan", "--epochs=1", "--width=2", "--dropout=0"])
    gan, built_with = train_pretrained.build(train_pretrained.parse(), 10)
    rates = [layer.rate for layer in gan.discriminator.layers if hasattr(layer, "rate")]
    assert rates == [0, 0] and built_with == ({"width": 2}, {"width": 2, "dropout": 0})
    monkeypatch.setattr(sys, "argv", ["", "improved_dcgan", "--epochs=1", "--dropout=0"])
    with pytest.raises(SystemExit):
        train_pretrained.parse()
    assert "the discriminator of improved_dcgan has none" in capsys.readouterr().err


def test_a_discriminator_is_trained_against_a_generator_that_stands_still(short, monkeypatch):
    train(monkeypatch, 1)
    generator, discriminator = pretrained.load_pretrained("dense_gan", "both")
    run(train_discriminator, monkeypatch, "dense_gan", "--epochs=1", "--batch-size=12")
    again, new = pretrained.load_pretrained("dense_gan", "both")
    for old, kept in zip(generator.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(old, kept)
    pairs = zip(discriminator.get_weights(), new.get_weights(), strict=True)
    assert any(not np.array_equal(old, weights) for old, weights in pairs)
    card = pretrained.cards()["dense_gan"]
    command = "python tools/train_discriminator.py dense_gan --epochs=1 --batch-size=12"
    assert card["discriminator"]["command"] == command and "command" not in card["generator"]


def test_no_epoch_is_lost_when_it_is_interrupted_while_it_measures(short, monkeypatch):
    """Two measurements an epoch, three epochs: the fourth is the second of epoch 1."""
    whole = train(monkeypatch, 3)
    weights = pretrained.load_pretrained("dense_gan").get_weights()
    for interrupted_at in (1, 4):
        short.measured, short.interrupted_at = 0, interrupted_at
        with pytest.raises(KeyboardInterrupt):
            train(monkeypatch, 3)
        log = train(monkeypatch, 3)
        assert log["epoch"].tolist() == [0, 1, 2]
        pd.testing.assert_frame_equal(log.drop(columns="seconds"), whole.drop(columns="seconds"))
        for mine, expected in zip(
            pretrained.load_pretrained("dense_gan").get_weights(), weights, strict=True
        ):
            np.testing.assert_array_equal(mine, expected)


def test_a_card_names_every_command_of_its_training(short, monkeypatch):
    short.interrupted_at = 4  # in epoch 1
    for _ in range(2):  # the same command again is no other one
        with pytest.raises(KeyboardInterrupt):
            train(monkeypatch, 3)
        short.measured, short.interrupted_at = 0, 2
    short.interrupted_at = None
    run(train_pretrained, monkeypatch, "dense_gan", "--epochs=3", "--r1=0.1", *SMALL)
    first, second = pretrained.cards()["dense_gan"]["command"].split("; ")
    assert first == " ".join(
        ["from epoch 1: python tools/train_pretrained.py dense_gan --epochs=3", *SMALL]
    )
    assert second.startswith("from epoch 2: ") and "--r1=0.1" in second
    train(monkeypatch, 1)
    assert "from epoch" not in pretrained.cards()["dense_gan"]["command"]


def test_an_epoch_that_was_logged_twice_is_read_once_and_a_nan_keeps_its_column(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("epoch,loss,val_loss\n0,1.0,\n1,nan,\n1,2.0,\n2,nan,\n")
    log = train_pretrained.read_log(path)
    assert log.columns.tolist() == ["epoch", "loss"]
    np.testing.assert_array_equal(log["epoch"], [0, 1, 2])
    np.testing.assert_array_equal(log["loss"], [1.0, 2.0, np.nan])


def test_the_backup_comes_last(tmp_path):
    order = train_pretrained.callbacks_for(evaluation.load_judge("fashion_mnist"), tmp_path)
    assert isinstance(order[-1], keras.callbacks.BackupAndRestore)
    assert isinstance(order[0], callbacks.DistanceLog)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["vae", "--epochs=1"],
        ["dcgan"],
        ["dcgan", "--epochs=0"],
        ["dcgan", "--epochs=1", "--width=-1"],
        ["dcgan", "--epochs=1", "--batch-size=x"],
    ],
)
def test_bad_arguments_are_refused(arguments, monkeypatch, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(train_pretrained, monkeypatch, *arguments)
    assert stopped.value.code == 2 and "error: " in capsys.readouterr().err


def test_the_sample_is_too_small_for_the_package(monkeypatch):
    arrays = data._read_folder(data.SAMPLE_FOLDER)
    sample = data.Dataset(**arrays, class_names=data.FASHION_CLASSES, source="", name="")
    monkeypatch.setattr(data, "load_dataset", lambda name: sample)
    monkeypatch.setattr(make_sample, "load_dataset", lambda name: sample)
    with pytest.raises(SystemExit, match="trained on the full set"):
        run(train_pretrained, monkeypatch, "dcgan", "--epochs=1")
    with pytest.raises(SystemExit, match="drawn from the full set"):
        run(make_sample, monkeypatch, "fashion_mnist")


def test_the_sample_is_drawn_balanced_and_always_the_same(tmp_path):
    labels = np.repeat(np.arange(4), [9, 5, 7, 6])
    first, again = (
        make_sample.draw_balanced(labels, 5, np.random.default_rng(0)) for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)
    assert len(np.unique(first)) == 20
    np.testing.assert_array_equal(np.bincount(labels[first]), [5, 5, 5, 5])
    for name in ("a.gz", "b.gz"):
        make_sample.write_idx(tmp_path / name, labels.astype(np.uint8))
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    np.testing.assert_array_equal(data.read_idx(tmp_path / "a.gz"), labels)


def test_a_judge_is_trained_into_a_folder(monkeypatch, tmp_path, capsys, three_shapes):
    monkeypatch.setattr(data, "load_dataset", lambda name: three_shapes)
    run(train_judge, monkeypatch, "shapes", str(tmp_path / "judge"), "--epochs=1")
    assert "Trained in" in capsys.readouterr().out
    judge = evaluation.load_judge(tmp_path / "judge")
    assert judge.class_names == three_shapes.class_names
    card = json.loads((tmp_path / "judge" / "judge.json").read_text(encoding="utf-8"))
    assert card["image_shape"] == [28, 28, 1]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["no/such/data", "folder"], 1), (["shapes"], 2), (["shapes", "f", "--epochs=x"], 2)],
)
def test_a_judge_of_nothing_is_refused(arguments, code, monkeypatch, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(train_judge, monkeypatch, *arguments)
    assert stopped.value.code == code
    assert "Traceback" not in capsys.readouterr().err
