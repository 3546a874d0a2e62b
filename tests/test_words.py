"""Every word that the package draws or prints is said in Russian on demand, else in English."""

import ast
import csv
from pathlib import Path
import re
import string

from gan_helpers import (
    callbacks,
    data,
    diagrams,
    evaluation,
    evidence,
    playing,
    plotting,
    shapes,
    words,
)
import ipywidgets as widgets
from matplotlib.text import Text
import numpy as np
import pytest

PACKAGE = Path(words.__file__).parent
ROOT = PACKAGE.parent
IMAGES = np.zeros((4, 8, 8), np.float32)
HISTORY = {name: [0.5, 0.6] for name in plotting.SERIES}
# What Russian textbooks leave in Latin letters, too.
LATIN = {"D", "G", "x", "y", "z", "NaN", "ReLU"}


@pytest.fixture(autouse=True)
def english_again():
    yield
    words.speak("en")


def texts_in_the_code():
    """English of all calls ``say("...")``, and of all tables: where it stands, and the text."""
    for path in sorted(PACKAGE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            function = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if function in ("words.say", "words.Table"):
                given = node.args[0]
                parts = given.values if isinstance(given, ast.Dict) else [given]
                for part in parts:
                    for one in ast.walk(part):
                        if isinstance(one, ast.Constant) and isinstance(one.value, str):
                            yield f"{path.name}:{one.lineno}", one.value


def variables(path):
    """The strings that ``say`` gets by way of a variable: those of assignments."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign):
            for one in ast.walk(node.value):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def russian():
    return words.LANGUAGES["ru"]


def test_all_english_in_the_code_has_russian():
    missing = [f"{place}: {text!r}" for place, text in texts_in_the_code() if text not in russian()]
    assert not missing, "\n".join(["gan_helpers/words.py lacks", *missing])


def test_there_is_no_russian_without_english():
    used = {text for _, text in texts_in_the_code()} | set(playing.ANSWERS)
    for path in PACKAGE.glob("*.py"):
        used |= set(variables(path)) if path.name != "words.py" else set()
    assert set(words.RUSSIAN) - used == set()


@pytest.mark.parametrize("text", words.RUSSIAN | words.RUSSIAN_NAMES)
def test_translations_fill_in_the_same(text):
    assert fields(russian()[text]) == fields(text) - {"classes"}  # a plural of English
    assert re.search("[А-Яа-яё]", russian()[text]) or text == russian()[text]


def test_recorded_experiments_have_russian_names():
    for path in sorted((ROOT / "notebooks" / "evidence").glob("*.csv")):
        if list((ROOT / "locale" / "ru").glob(f"{path.stem}_*.po")):
            with open(path, encoding="utf-8", newline="") as file:
                names = {row["experiment"] for row in csv.DictReader(file)}
            assert names - set(words.RUSSIAN_NAMES) == set(), path.name


def test_names_differ_in_russian_as_they_do_in_english():
    assert len(set(words.RUSSIAN_NAMES.values())) == len(words.RUSSIAN_NAMES)


def figures():
    diverged = HISTORY | {"real_score": [np.nan, 0.5], "fake_score": [0.5, np.nan]}
    critics = HISTORY | {"real_score": [9.0, 8.0], "discriminator_loss": [-1.0, -2.0]}
    yield from map(plotting.losses_and_scores, (HISTORY, diverged, critics))
    yield plotting.compare_curves({"А": HISTORY})
    yield plotting.real_and_generated(IMAGES, IMAGES)
    yield diagrams.game(labels=True)
    yield diagrams.game()
    yield diagrams.residual_block()


def drawn(figure):
    figure.draw_without_rendering()
    return {text.get_text() for text in figure.findobj(Text)}


def game(right):
    """What the game says, from its first image to its last."""
    played = playing.you_are_the_discriminator(IMAGES, np.array([True, False] * 2), [0.5] * 4)
    line, _, row = played.children
    assert all(isinstance(button, widgets.Button) for button in row.children)
    said = [repr(played), line.value, *(button.description for button in row.children)]
    for number in range(4):
        row.children[-1 if (number % 2 == 0) == right else 0].click()
    return [*said, re.sub("<[^>]*>", " ", line.value)]


def printed(capsys):
    """The sentences that the package prints, without the names that a user gave."""
    recorded = [1.0, 2.0, 3.0]
    evidence.claim("А", True)
    evidence.claim("А", True, tested=False)
    with pytest.raises(AssertionError) as error:
        evidence.claim("А", False)
    print(error.value, evidence.place(2, recorded), evidence.place(9, recorded))
    below = [-3.0, -2.0, -1.0]
    print(evidence.compare(below, recorded), evidence.compare(recorded, below))
    print(evidence.compare(recorded, recorded))
    print(shapes.draw_shapes(3, (8, 8, 3), train=3, test=3).class_names)
    samples = callbacks.StepSamples(np.zeros((1, 5)))
    samples.steps = [12_800]
    print(samples.captions[0])
    return capsys.readouterr().out


def latin(text):
    return set(re.findall("[A-Za-z]+", text)) - LATIN


def test_everything_drawn_or_said_is_russian(capsys):
    words.speak("ru")
    seen = set().union(*map(drawn, figures()), game(True), game(False), [printed(capsys)])
    assert [text for text in seen if latin(text)] == []
    assert "шаг 12800" in str(seen) and "впереди позади" in str(seen) and "эпоха" in seen


def test_english_is_the_default(capsys):
    assert words.spoken() == "en"
    seen = set().union(*map(drawn, figures()), game(True), [printed(capsys)])
    assert {"epoch", "Losses", "cannot tell", "3×3 convolution", "surely real"} <= seen
    assert "step 12,800" in str(seen) and "Tested, and it holds: А" in str(seen)
    assert not re.search("[Б-Яа-яё]", str(seen))


def test_data_and_judges_introduce_themselves():
    dataset = shapes.draw_shapes(3, (8, 8, 3), train=6, test=3)
    assert str(dataset).startswith("6 training and 3 test 8x8 colour images of 3 classes, from Pil")
    judge = str(evaluation.load_judge("fashion_mnist"))
    assert re.fullmatch(r"the judge of .* names 9\d\.\d% of .* with 10,000 of them", judge)
    words.speak("ru")
    assert latin(str(shapes.draw_shapes(3, (8, 8, 3), train=6, test=3))) == {"x", "Pillow"} - LATIN
    judge = evaluation.load_judge("fashion_mnist")
    assert re.fullmatch(r"судья .* называет 9\d\.\d% .* с 10000 из них", str(judge))
    assert judge.class_names[:2] == ("футболка", "брюки")


def test_classes_and_experiments_have_russian_names(monkeypatch, capsys):
    words.speak("ru")
    monkeypatch.setattr(data, "find", lambda name: (data.reading.read(data.SAMPLE_FOLDER), "А"))
    assert data.load_dataset("fashion_mnist").class_names[-1] == "ботинки"
    assert data.load_dataset("fashion_mnist", class_names=[*"абвгдежзик"]).class_names[0] == "а"
    assert {"безусловная", "условная"} <= set(evidence.load("04")["experiment"])


def test_a_language_that_is_not_spoken_is_refused():
    for language in ("de", "RU", None, ["ru"]):
        with pytest.raises(ValueError, match="^language: the package speaks 'en', 'ru', got"):
            words.speak(language)
    assert words.spoken() == "en"


def test_what_has_no_translation_stays():
    words.speak("ru")
    assert words.say("Ada's {model}") == "Ada's {model}"
    assert words.say("epoch") == "эпоха"
    assert words.Table({"a": "epoch", "b": "Ada"}) == {"a": "эпоха", "b": "Ada"}


@pytest.mark.parametrize("place", ["notebooks", "notebooks/ru"])
def test_pictures_in_russian_leave_the_english_ones(place, tmp_path, monkeypatch):
    for folder in ("gan_helpers", "images", place):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / place)
    assert plotting.picture_folder().resolve() == tmp_path / "images"
    words.speak("ru")
    assert plotting.picture_folder().resolve() == tmp_path / "images" / "ru"
    assert not plotting.picture_folder().is_absolute()
