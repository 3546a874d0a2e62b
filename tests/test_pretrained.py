"""The trained generators that come with the package: whole, and as good as their cards say."""

import inspect
import json

from gan_helpers import data, evaluation, pretrained, sampling
import numpy as np
import pandas as pd
import pytest

NAMES = sorted(pretrained.BUILDERS)


def test_there_is_a_card_for_every_model():
    assert sorted(pretrained.cards()) == NAMES
    files = list(pretrained.FOLDER.glob("*.weights.h5"))
    assert sorted(file.name for file in files) == [f"{name}.weights.h5" for name in NAMES]
    assert sum(file.stat().st_size for file in files) < 15e6


@pytest.mark.parametrize("name", NAMES)
def test_the_weights_are_those_of_the_card(name):
    card = pretrained.cards()[name]
    generator = pretrained.load_pretrained(name)
    built = pretrained.BUILDERS[name][0](**card["arguments"])
    assert [w.shape for w in generator.weights] == [w.shape for w in built.weights]
    assert (pretrained.FOLDER / f"{name}.weights.h5").stat().st_size == card["bytes"]
    judge = evaluation.load_judge(card["dataset"])
    images, labels = sampling.sample(generator, 2_000, seed=7)
    distance = judge.frechet_distance(images)
    # Another seed and fewer images than the card's: near it, and above the real images' floor.
    assert 0.8 * card["metrics"]["frechet_distance"] < distance
    assert distance < 1.3 * card["metrics"]["frechet_distance"] + 2
    if name == "conditional_gan":
        accuracy = judge.label_accuracy(images, labels)
        assert accuracy == pytest.approx(card["metrics"]["label_accuracy"], abs=0.04)


@pytest.mark.parametrize("name", NAMES)
def test_a_card_holds_arguments_of_the_builder(name):
    card = pretrained.cards()[name]
    known = inspect.signature(pretrained.BUILDERS[name][0]).parameters
    assert set(card["arguments"]) <= set(known) and "width" in card["arguments"]


@pytest.mark.parametrize("name", NAMES)
def test_the_log_of_the_training_is_there(name):
    card = pretrained.cards()[name]
    log = pd.read_csv(pretrained.FOLDER / f"{name}.csv")
    assert log["epoch"].tolist() == list(range(len(log)))
    assert log["seconds"].sum() == pytest.approx(card["seconds"], abs=1)
    *_, last = card["command"].split("; ")
    assert f"python tools/train_pretrained.py {name} --epochs {len(log)} " in f"{last} "
    assert log["frechet_distance_averaged"].iloc[-1] < log["frechet_distance_averaged"].iloc[0]


def test_a_card_in_words():
    text = pretrained.describe("conditional_gan")
    card = pretrained.cards()["conditional_gan"]
    for part in (
        f"width {card['arguments']['width']}",
        f"{card['steps']:,} steps",
        card["command"],
        "10,000 images",
    ):
        assert part in text
    assert card["cannot"] in text


@pytest.mark.parametrize("call", [pretrained.load_pretrained, pretrained.describe])
@pytest.mark.parametrize("name", ["vae", "", None, 3, ["dcgan"], {}, b"dcgan"])
def test_an_unknown_name_is_refused(call, name):
    with pytest.raises(ValueError, match="name: expected one of conditional_gan, dcgan.*got "):
        call(name)


@pytest.mark.parametrize("damage", ["flipped", "cut", "another's", "missing"])
def test_a_damaged_file_is_refused(tmp_path, monkeypatch, damage):
    (tmp_path / "cards.json").write_bytes((pretrained.FOLDER / "cards.json").read_bytes())
    content = bytearray((pretrained.FOLDER / "dcgan.weights.h5").read_bytes())
    middle = len(content) // 2
    content[middle] ^= 1
    other = (pretrained.FOLDER / "dense_gan.weights.h5").read_bytes()
    changed = {"flipped": content, "cut": content[:middle], "another's": other}
    if damage in changed:
        (tmp_path / "dcgan.weights.h5").write_bytes(changed[damage])
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    error = FileNotFoundError if damage == "missing" else data.DamagedFileError
    with pytest.raises(error, match="dcgan.weights.h5"):
        pretrained.load_pretrained("dcgan")


def test_cards_are_plain_json_and_everybodys_own():
    text = (pretrained.FOLDER / "cards.json").read_text(encoding="utf-8")
    mine = pretrained.cards()
    assert json.loads(text) == mine
    assert all(np.isfinite(card["metrics"]["frechet_distance"]) for card in mine.values())
    mine["dcgan"]["arguments"]["width"] = mine["vae"] = 0
    assert json.loads(text) == pretrained.cards()
    pretrained.load_pretrained("dcgan")
