"""The trained generators that come with the package: whole, and as good as their cards say."""

import json

from gan_helpers import metrics, models, pretrained
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
    built = pretrained.BUILDERS[name][0](width=card["width"])
    assert [w.shape for w in generator.weights] == [w.shape for w in built.weights]
    assert (pretrained.FOLDER / f"{name}.weights.h5").stat().st_size == card["bytes"]
    images, labels = models.draw_images(generator, 2_000, seed=7)
    distance = metrics.image_distance(images)
    # Another seed and fewer images than the card's: near it, and above the real images' floor.
    assert 0.8 * card["metrics"]["frechet_distance"] < distance
    assert distance < 1.3 * card["metrics"]["frechet_distance"] + 2
    if name == "conditional_gan":
        accuracy = metrics.label_accuracy(images, labels)
        assert accuracy == pytest.approx(card["metrics"]["label_accuracy"], abs=0.04)


@pytest.mark.parametrize("name", NAMES)
def test_the_log_of_the_training_is_there(name):
    card = pretrained.cards()[name]
    log = pd.read_csv(pretrained.FOLDER / f"{name}.csv")
    assert log["epoch"].tolist() == list(range(len(log)))
    assert log["seconds"].sum() == pytest.approx(card["seconds"], abs=1)
    assert f"--epochs {len(log)}" in card["command"] and name in card["command"]
    assert log["frechet_distance_averaged"].iloc[-1] < log["frechet_distance_averaged"].iloc[0]


def test_a_card_in_words():
    text = pretrained.describe("conditional_gan")
    card = pretrained.cards()["conditional_gan"]
    for part in (f"{card['steps']:,} steps", card["command"], card["cannot"], "10,000 images"):
        assert part in text


@pytest.mark.parametrize("call", [pretrained.load_pretrained, pretrained.describe])
def test_an_unknown_name_is_refused(call):
    with pytest.raises(ValueError, match="expected one of conditional_gan, dcgan.*got 'vae'"):
        call("vae")


def test_a_damaged_file_is_refused(tmp_path, monkeypatch):
    for file in pretrained.FOLDER.glob("dcgan.*"):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        (tmp_path / file.name).write_bytes(content)
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="dcgan.weights.h5 is damaged"):
        pretrained.load_pretrained("dcgan")


def test_cards_are_plain_json():
    text = (pretrained.FOLDER / "cards.json").read_text(encoding="utf-8")
    assert json.loads(text) == pretrained.cards()
    assert all(
        np.isfinite(card["metrics"]["frechet_distance"]) for card in json.loads(text).values()
    )
