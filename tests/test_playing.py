"""The game in which the reader is the discriminator."""

import io

from gan_helpers import playing
import numpy as np
import PIL.Image
import pytest

REAL = np.array([True, False, True, False])


def test_scores_by_hand():
    said = playing.score([0.9, 0.2, 0.5, 0.6], REAL)
    assert said["real_score"] == pytest.approx(0.7) and said["fake_score"] == pytest.approx(0.4)
    expected = -(np.log(0.9) + np.log(0.5)) / 2 - (np.log(0.8) + np.log(0.4)) / 2
    assert said["loss"] == pytest.approx(expected)
    assert said["right"] == pytest.approx((1 + 1 + 0.5 + 0) / 4)
    assert playing.score([0.5] * 4, REAL)["loss"] == pytest.approx(2 * np.log(2))
    assert np.isfinite(playing.score([0, 1, 0, 1], REAL)["loss"])


@pytest.mark.parametrize(
    "answers, real, message",
    [
        ([0.5] * 3, REAL, "real: expected True or False for each of 3 answers"),
        ([0.5] * 4, [1, 0, 1, 0], "real: expected True or False"),
        ([0.5] * 4, [True] * 4, "at least one image of each kind"),
        ([0.5, 2, 0.5, 0.5], REAL, "answers: expected probabilities, got 0.5 to 2. Logits"),
        ([0.5, np.nan, 0.5, 0.5], REAL, "answers"),
    ],
)
def test_scores_refuse(answers, real, message):
    with pytest.raises(ValueError, match=message):
        playing.score(answers, np.array(real))


@pytest.mark.parametrize("shape", [(4, 28, 28), (4, 8, 12, 3)])
def test_a_game_from_the_first_image_to_the_table(shape):
    images = np.random.default_rng(0).random(shape).astype(np.float32)
    game = playing.you_are_the_discriminator(images, REAL, [0.5] * 4)
    buttons = {button.description: button for button in game.children[2].children}
    assert list(buttons) == list(playing.ANSWERS)
    assert repr(game).startswith("Run this cell to play")
    seen = []
    for number, real in enumerate(REAL):
        assert f"Image {number + 1} of 4" in game.children[0].value
        seen.append(game.children[1].value)
        buttons["surely real" if real else "rather generated"].click()
    assert len(set(seen)) == 4
    shown = PIL.Image.open(io.BytesIO(seen[0]))
    assert shown.size == (playing.ZOOM * shape[2], playing.ZOOM * shape[1])
    assert game.answers == [0.95, 0.3, 0.95, 0.3]
    assert "<td>0.95</td><td>0.50</td>" in game.children[0].value and len(game.children) == 1
    assert "<td>0.41</td><td>1.39</td>" in game.children[0].value


def test_a_game_refuses_other_numbers_of_images():
    with pytest.raises(ValueError, match="images: expected one for each of 4"):
        playing.you_are_the_discriminator(np.zeros((3, 28, 28)), REAL, [0.5] * 4)
