"""The words that the package puts into figures and printed sentences, in another language.

English stands in the code, where it is used; ``speak("ru")`` makes all of it come out in Russian.
Exceptions and warnings stay English: that is what one searches the web for.
"""

from collections import UserDict

# What figures and sentences say. In braces stands what is filled in.
RUSSIAN = {
    # plotting
    "real": "настоящие",
    "generated": "сгенерированные",
    "generator": "генератор",
    "discriminator": "дискриминатор",
    "D(x), real images": "D(x), настоящие",
    "D(G(z)), generated images": "D(G(z)), сгенерированные",
    "generator loss": "потери генератора",
    "discriminator loss": "потери дискриминатора",
    "real score": "оценка настоящих",
    "fake score": "оценка сгенерированных",
    "Losses": "Потери",
    "Mean scores": "Средние оценки",
    "loss": "потери",
    "loss (nats)": "потери (наты)",
    "mean score": "средняя оценка",
    "probability of “real”": "вероятность «настоящее»",
    "discriminator, if D = 0.5": "дискриминатор при D = 0.5",
    "cannot tell": "не могу отличить",
    "epoch": "эпоха",
    "step {step:,}": "шаг {step}",
    "{label}: NaN at epoch {epoch:.3g}": "{label}: NaN, эпоха {epoch:.3g}",
    "{label}: NaN from epoch {epoch:.3g} (diverged)": (
        "{label}: NaN с эпохи {epoch:.3g} (расходится)"
    ),
    # diagrams
    "latents": "латентный\nвектор",
    "labels": "метки",
    "generated\nimages": "сгенери-\nрованные",
    "real\nimages": "настоящие",
    "generator’s\nloss": "потери\nгенератора",
    "discriminator’s\nloss": "потери дис-\nкриминатора",
    "low if": "малы, если",
    "changes {network}": "меняет {network}",
    "D unchanged": "D не меняется",
    "forward": "прямой ход",
    "gradient of the generator’s loss": "градиент потерь генератора",
    "gradient of the discriminator’s loss": "градиент потерь дискриминатора",
    "batch normalisation\nReLU": "пакетная\nнормализация\nReLU",
    "3×3 convolution": "свёртка 3×3",
    "starts at 0": "вначале 0",
    "the path around: x as it is": "обходной путь: x как есть",
    # playing
    "surely generated": "точно сгенерировано",
    "rather generated": "скорее сгенерировано",
    "rather real": "скорее настоящее",
    "surely real": "точно настоящее",
    "Run this cell to play: the buttons need a running kernel.": (
        "Чтобы сыграть, запустите ячейку: кнопкам нужно работающее ядро."
    ),
    "Run this cell to play: the sliders need a running kernel.": (
        "Чтобы поиграть, запустите ячейку: ползункам нужно работающее ядро."
    ),
    "Image {number} of {count}: real or generated?": (
        "Изображение {number} из {count}: настоящее или сгенерированное?"
    ),
    "D(x), mean answer to real images": "D(x), средний ответ на настоящие",
    "D(G(z)), mean answer to generated ones": "D(G(z)), средний ответ на сгенерированные",
    "loss in nats (cannot tell: 1.39)": "потери в натах (не могу отличить: 1.39)",
    "share of right answers": "доля верных ответов",
    "you": "вы",
    "the network": "сеть",
    # evidence
    "Not tested at these parameters: {sentence}": "При этих параметрах не проверяется: {sentence}",
    "Tested, and it holds: {sentence}": "Проверено, и это так: {sentence}",
    "This run does not show what the text says: {sentence}": (
        "Этот запуск не показывает того, о чём говорит текст: {sentence}"
    ),
    "This run measured {value:.3g}, within the range of {seeds}.": (
        "В этом запуске получено {value:.3g}: в пределах {seeds}."
    ),
    "This run measured {value:.3g}, outside the range of {seeds}. That happens: a new seed falls "
    "outside the range of three in every other case. If it is far outside, or if you changed a "
    "parameter, that is what you are looking at.": (
        "В этом запуске получено {value:.3g}: за пределами {seeds}. Так бывает: новое зерно "
        "выходит за пределы трёх прежних в каждом втором случае. Если оно ушло далеко или вы "
        "изменили какой-нибудь параметр, то именно это вы и видите."
    ),
    "the {count} recorded seeds, {low:.3g} to {high:.3g}": (
        "разброса записанных запусков (всего {count}), от {low:.3g} до {high:.3g}"
    ),
    # data and evaluation
    "Decrease speed": "Медленнее",
    "Increase speed": "Быстрее",
    "First frame": "Первый кадр",
    "Last frame": "Последний кадр",
    "Previous frame": "Предыдущий кадр",
    "Next frame": "Следующий кадр",
    "Play": "Смотреть",
    "Play backwards": "Смотреть назад",
    "Pause": "Пауза",
    "Repetition mode": "Повторение",
    "Once": "Один раз",
    "Loop": "По кругу",
    "Reflect": "Туда и обратно",
    "{train:,} training and {test:,} test {kind}images of {count} {classes}, from {source}": (
        "изображений {kind}для обучения {train}, для проверки {test}; классов {count}; "
        "источник: {source}"
    ),
    "colour ": "в цвете ",
    "Keras' cache": "кэш Keras",
    "the system's package {package}": "системный пакет {package}",
    "a download, now in Keras' cache": "загружено из сети, теперь в кэше Keras",
    "a download, now in a temporary folder: {why}": (
        "загружено из сети, теперь во временной папке: {why}"
    ),
    "the sample in this package: the full set (60,000 + 10,000 images) could not be downloaded "
    "({reason}). To get it, {ways}": (
        "выборка из этого пакета: полный набор (60000 + 10000 изображений) загрузить не удалось "
        "({reason}). Чтобы получить его: {ways}"
    ),
    "the folder {name!r}": "папка {name!r}",
    "the file {name!r}": "файл {name!r}",
    "Pillow, which drew them just now": "Pillow, только что нарисованы",
    "the judge of {name!r} names {accuracy:.1%} of real test images right and compares with "
    "{count:,} of them{few}": (
        "судья {name!r} верно называет {accuracy:.1%} настоящих тестовых изображений и сравнивает "
        "с {count} из них{few}"
    ),
    " (few: distances are biased upwards)": " (их мало: расстояния завышены)",
    "Trained in {seconds:.0f} s: {judge}.": "Обучен за {seconds:.0f} с: {judge}.",
    "Shipped: {judge}.": "Из пакета: {judge}.",
    "Trained before: {judge}.": "Обучен раньше: {judge}.",
    "Nothing can be written beside this notebook, so its pictures go to {folder}.": (
        "Рядом с этим блокнотом ничего нельзя записать, поэтому его картинки попадут в {folder}."
    ),
}

# What a notebook's code compares with, or looks up: ``tools/translate.py`` puts these into the
# code of a translated notebook by itself.
RUSSIAN_NAMES = {
    # of verdicts
    "ahead": "впереди",
    "behind": "позади",
    "level": "вровень",
    # of classes
    "T-shirt": "футболка",
    "Trouser": "брюки",
    "Pullover": "свитер",
    "Dress": "платье",
    "Coat": "пальто",
    "Sandal": "сандалии",
    "Shirt": "рубашка",
    "Sneaker": "кроссовки",
    "Bag": "сумка",
    "Ankle boot": "ботинки",
    "circle": "круг",
    "square": "квадрат",
    "triangle": "треугольник",
    "cross": "крест",
    "ring": "кольцо",
    "star": "звезда",
    "heart": "сердце",
    "crescent": "полумесяц",
    "arrow": "стрелка",
    "hourglass": "песочные часы",
    # of recorded experiments
    "dense, tutorials' setting": "полносвязная, настройки из руководств",
    "DCGAN, tutorials' setting": "DCGAN, настройки из руководств",
    "dense, found setting": "полносвязная, найденные настройки",
    "DCGAN, found setting": "DCGAN, найденные настройки",
    "tutorials' setting": "настройки из руководств",
    "rate 5e-4": "скорость 5e-4",
    "batch 64, rate 2e-3": "батч 64, скорость 2e-3",
    "beta_1 = 0": "beta_1 = 0",
    "beta_2 = 0.99": "beta_2 = 0.99",
    "without he_normal": "без he_normal",
    "without depth": "без глубины",
    "without 4x4 kernels": "без ядер 4×4",
    "without batch normalisation in D": "без пакетной нормализации в D",
    "without half the width": "без половинной ширины",
    "long": "долго",
    "long, R1": "долго, R1",
    "long, R1, falling rate": "долго, R1, убывающая скорость",
    "unconditional": "безусловная",
    "conditional": "условная",
    "conditional, R1": "условная, R1",
    "fast generator": "быстрый генератор",
    "equal rates": "равные скорости",
    "minibatch deviation": "отклонение по мини-батчу",
    "R1": "R1",
    "equal rates and R1": "равные скорости и R1",
    "joint": "совместный шаг",
    "two parts": "два приёма",
    "k = 2": "k = 2",
    "k = 5": "k = 5",
    "residual": "остаточная",
    "embedding": "эмбеддинг",
    "dropout in G": "дропаут в G",
    "deep, residual": "глубокая, остаточная",
    "deep, plain": "глубокая, обычная",
    "few digits": "мало цифр",
    "few digits, dropout in D": "мало цифр, дропаут в D",
    "few digits, R1": "мало цифр, R1",
    "not held": "без ограничений",
    "clipped weights": "обрезанные веса",
    "gradient penalty": "штраф на градиент",
    "spectral norm": "спектральная норма",
    "spectral norm, Keras": "спектральная норма, Keras",
    "relativistic": "relativistic",  # in code, the name of an objective as well
    "modern": "современная",
    "Lucic et al. 2018": "Lucic et al. 2018",
    "whole": "целая",
    "without mapping": "без отображения",
    "without constant": "без константы",
    "without modulation": "без модуляции",
    "without demodulation": "без демодуляции",
    "without noise": "без шума",
    "without skips": "без обходных путей",
}

LANGUAGES = {"en": {}, "ru": RUSSIAN | RUSSIAN_NAMES}
_spoken = ["en"]


def speak(language):
    """Choose the language of figures and printed sentences, for this session.

    Args:
        language: ``"en"``, which is spoken from the start, or ``"ru"``.

    Raises:
        ValueError: a language that the package does not speak.
    """
    if not isinstance(language, str) or language not in LANGUAGES:
        known = ", ".join(map(repr, LANGUAGES))
        raise ValueError(f"language: the package speaks {known}, got {language!r}.")
    _spoken[:] = [language]


def spoken():
    """The language that is spoken: ``"en"`` or ``"ru"``."""
    return _spoken[0]


def say(text, **values):
    """English text in the language that is spoken, with the values filled in.

    Args:
        text: as it stands in English; what has no translation, such as a name that the user gave,
            stays as it is.
        values: for the braces of ``text``, as in ``str.format``.

    Returns:
        ``str``.
    """
    text = LANGUAGES[spoken()].get(text, text)
    return text.format(**values) if values else text


class Table(UserDict):
    """A dictionary of English words that gives each in the language that is spoken."""

    def __getitem__(self, key):
        return say(self.data[key])
