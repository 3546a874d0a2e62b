"""The trained generators that come with the package: whole, and as good as their cards say."""

import hashlib
import inspect
import json
import re

from gan_helpers import data, evaluation, pretrained, sampling
import numpy as np
import pandas as pd
import pytest

NAMES = sorted(pretrained.BUILDERS)


def test_there_is_a_card_for_every_model_and_both_networks():
    assert sorted(pretrained.cards()) == NAMES
    files = {file.name: file.stat().st_size for file in pretrained.FOLDER.glob("*.weights.h5")}
    assert set(files) == {
        pretrained.weights_file(name, network) for name in NAMES for network in pretrained.NETWORKS
    }
    assert sum(files.values()) < 22e6


@pytest.mark.parametrize("name", NAMES)
def test_the_weights_are_those_of_the_card(name):
    card = pretrained.cards()[name]
    generator = pretrained.load_pretrained(name)
    judge = evaluation.load_judge(card["dataset"])
    images, labels = sampling.sample(generator, 2_000, seed=7)
    distance = judge.frechet_distance(images)
    # Another seed and fewer images than the card's: near it, and above the real images' floor.
    assert 0.8 * card["metrics"]["frechet_distance"] < distance
    assert distance < 1.3 * card["metrics"]["frechet_distance"] + 2
    if labels is not None:
        accuracy = judge.label_accuracy(images, labels)
        assert accuracy == pytest.approx(card["metrics"]["label_accuracy"], abs=0.04)


# How often a discriminator gives a real image a higher score than one of its own generator. That of
# the dense GAN cannot tell them apart.
TOLD_APART = {
    "conditional_gan": 0.84,
    "dcgan": 0.85,
    "dense_gan": 0.50,
    "improved_dcgan": 0.68,
    "relativistic_gan": 0.86,
    "residual_gan": 0.78,
    "style_gan": 0.92,
}


@pytest.mark.parametrize("name", NAMES)
def test_the_discriminator_belongs_to_the_generator(name):
    generator, discriminator = pretrained.load_pretrained(name, "both")
    assert discriminator.outputs[0].shape == (None, 1)
    assert len(generator.inputs) == len(discriminator.inputs)
    dataset = data.load_dataset(data._PUBLISHED[pretrained.cards()[name]["dataset"]].sample)
    real, labels = dataset.test_images[:500], None
    if len(discriminator.inputs) == 2:
        labels = dataset.test_labels[:500]
    made = sampling.sample(generator, 500)
    real_scores = evaluation.discriminator_scores(discriminator, real, labels)
    fake_scores = evaluation.discriminator_scores(discriminator, *made)
    share = np.mean(real_scores[:, None] > fake_scores)
    assert share == pytest.approx(TOLD_APART[name], abs=0.04)
    if labels is not None:  # and the right label from a wrong one
        wrong = evaluation.discriminator_scores(discriminator, real, (labels + 1) % 10)
        assert np.mean(real_scores > wrong) > 0.5


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("network", pretrained.NETWORKS)
def test_a_card_tells_how_each_network_was_built(name, network):
    part = pretrained.cards()[name][network]
    build = pretrained.BUILDERS[name][pretrained.NETWORKS.index(network)]
    assert set(part["arguments"]) <= set(inspect.signature(build).parameters)
    assert "width" in part["arguments"]
    file = pretrained.FOLDER / pretrained.weights_file(name, network)
    assert file.stat().st_size == part["bytes"]
    assert hashlib.md5(file.read_bytes()).hexdigest() == part["md5"]
    model = pretrained.load_pretrained(name, network)
    built = build(**part["arguments"])
    assert [w.shape for w in model.weights] == [w.shape for w in built.weights]


def test_the_cards_of_one_dataset():
    digits, garments = pretrained.cards("mnist"), pretrained.cards("fashion_mnist")
    assert list(digits) == ["residual_gan"]
    assert digits | garments == pretrained.cards() and not set(digits) & set(garments)
    for bad in ("kmnist", "", 3, ["mnist"]):
        with pytest.raises(ValueError, match="dataset: expected one of fashion_mnist, mnist, got"):
            pretrained.cards(bad)


@pytest.mark.parametrize("networks", ["critic", "", None, 3, ["generator"], b"both", "Generator"])
def test_an_unknown_network_is_refused(networks):
    with pytest.raises(ValueError, match='networks: expected "generator", "discriminator" or "bot'):
        pretrained.load_pretrained("dcgan", networks)


@pytest.mark.parametrize("name", NAMES)
def test_the_log_of_the_training_is_there(name):
    card = pretrained.cards()[name]
    log = pd.read_csv(pretrained.FOLDER / f"{name}.csv")
    assert log["epoch"].tolist() == list(range(len(log)))
    assert log["seconds"].sum() == pytest.approx(card["seconds"], abs=1)
    *_, last = card["command"].split("; ")
    command = rf"python tools/train_pretrained\.py {name} (\S+ )*--epochs {len(log)} "
    assert re.search(command, f"{last} ")
    assert log["frechet_distance_averaged"].iloc[-1] < log["frechet_distance_averaged"].iloc[0]


def test_a_card_in_words():
    text = pretrained.describe("conditional_gan")
    card = pretrained.cards()["conditional_gan"]
    for part in (
        f"width {card['generator']['arguments']['width']}",
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
@pytest.mark.parametrize("network", pretrained.NETWORKS)
def test_a_damaged_file_is_refused(tmp_path, monkeypatch, damage, network):
    (tmp_path / "cards.json").write_bytes((pretrained.FOLDER / "cards.json").read_bytes())
    file = pretrained.weights_file("dcgan", network)
    content = bytearray((pretrained.FOLDER / file).read_bytes())
    middle = len(content) // 2
    content[middle] ^= 1
    other = pretrained.FOLDER / pretrained.weights_file("dense_gan", network)
    changed = {"flipped": content, "cut": content[:middle], "another's": other.read_bytes()}
    if damage in changed:
        (tmp_path / file).write_bytes(changed[damage])
    monkeypatch.setattr(pretrained, "FOLDER", tmp_path)
    error = FileNotFoundError if damage == "missing" else data.DamagedFileError
    with pytest.raises(error, match=file):
        pretrained.load_pretrained("dcgan", network)


def test_cards_are_plain_json_and_everybodys_own():
    text = (pretrained.FOLDER / "cards.json").read_text(encoding="utf-8")
    mine = pretrained.cards()
    assert json.loads(text) == mine
    assert all(np.isfinite(card["metrics"]["frechet_distance"]) for card in mine.values())
    mine["dcgan"]["generator"]["arguments"]["width"] = mine["vae"] = 0
    assert json.loads(text) == pretrained.cards()
    pretrained.load_pretrained("dcgan")
