"""Two minutes to play: you are the discriminator."""

import io

from gan_helpers import _figure_input as checked
from gan_helpers import words
from gan_helpers._validation import check_numbers
import ipywidgets as widgets
import numpy as np
import PIL.Image

# What a player may say of an image, and the probability of "real" that it stands for.
ANSWERS = {
    "surely generated": 0.05,
    "rather generated": 0.3,
    "cannot tell": 0.5,
    "rather real": 0.7,
    "surely real": 0.95,
}
ZOOM = 7  # screen pixels for one of the image


def score(answers, real):
    """How good a discriminator's answers are, in the numbers of the game.

    Args:
        answers: its probabilities of "real", ``(n,)`` in [0, 1].
        real: ``bool`` ``(n,)``, the truth, with at least one image of each kind.

    Returns:
        A dict: ``real_score`` and ``fake_score`` are the mean answers to real and to generated
        images, ``loss`` is the discriminator's cross-entropy in nats, ``2 log 2`` for one that
        cannot tell (Goodfellow et al. 2014, equation 1, with the sign turned), ``right`` the share
        of images on whose side of 0.5 the answer lies; an answer of 0.5 counts as half.

    Raises:
        ValueError: arguments that are not as described.
    """
    answers = np.asarray(check_numbers("answers", answers), float)
    real = np.asarray(real)
    if real.dtype != bool or real.shape != answers.shape or real.ndim != 1:
        raise ValueError(
            f"real: expected True or False for each of {answers.size} answers, got {real.dtype} "
            f"{real.shape}."
        )
    if not real.any() or real.all():
        raise ValueError("real: the game needs at least one image of each kind.")
    if answers.min() < 0 or answers.max() > 1:
        raise ValueError(
            f"answers: expected probabilities, got {answers.min():g} to {answers.max():g}. Logits "
            "become probabilities by a sigmoid."
        )
    sides = np.where(real, answers, 1 - answers)
    likely = np.clip(sides, 1e-7, 1)
    return {
        "real_score": float(answers[real].mean()),
        "fake_score": float(answers[~real].mean()),
        "loss": float(-np.log(likely[real]).mean() - np.log(likely[~real]).mean()),
        "right": float(np.mean((sides > 0.5) + 0.5 * (sides == 0.5))),
    }


class _Game(widgets.VBox):
    def __repr__(self):  # what a page without a running kernel shows in its place
        return words.say("Run this cell to play: the buttons need a running kernel.")


def you_are_the_discriminator(images, real, network):
    """A widget that shows one image after the other, and at the end the scores of both players.

    Args:
        images: ``(n, height, width)`` or ``(n, height, width, 3)`` in [0, 1], shuffled.
        real: ``bool`` ``(n,)``, which of them are real.
        network: the network's probabilities of "real", ``(n,)`` in [0, 1].

    Returns:
        An ``ipywidgets.VBox``; its attribute ``answers`` holds what was said so far.

    Raises:
        ValueError: arguments that are not as described.
    """
    images = checked.unit_images(images)
    opponent = score(network, real)
    if len(images) != len(real):
        raise ValueError(
            f"images: expected one for each of {len(real)} answers, got {len(images)}."
        )
    picture, line = widgets.Image(format="png"), widgets.HTML()
    buttons = {widgets.Button(description=words.say(text)): ANSWERS[text] for text in ANSWERS}
    game = _Game([line, picture, widgets.HBox(list(buttons))])
    game.answers = []

    def show():
        number = len(game.answers)
        if number < len(images):
            line.value = words.say(
                "Image {number} of {count}: real or generated?",
                number=number + 1,
                count=len(images),
            )
            picture.value = _png(images[number])
        else:
            line.value = _table(score(game.answers, real), opponent)
            game.children = [line]

    def answer(button):
        game.answers.append(buttons[button])
        show()

    for button in buttons:
        button.on_click(answer)
    show()
    return game


def _png(image):
    pixels = PIL.Image.fromarray(np.round(255 * image).astype(np.uint8))
    size = [ZOOM * length for length in pixels.size]
    file = io.BytesIO()
    pixels.resize(size, PIL.Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


def _table(you, network):
    rows = {
        "D(x), mean answer to real images": "real_score",
        "D(G(z)), mean answer to generated ones": "fake_score",
        "loss in nats (cannot tell: 1.39)": "loss",
        "share of right answers": "right",
    }
    cells = "".join(
        f"<tr><td>{words.say(row)}</td><td>{you[key]:.2f}</td><td>{network[key]:.2f}</td></tr>"
        for row, key in rows.items()
    )
    players = f"<th>{words.say('you')}</th><th>{words.say('the network')}</th>"
    return f"<table><tr><th></th>{players}</tr>{cells}</table>"
