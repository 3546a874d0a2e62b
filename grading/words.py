"""What students read that stands in no notebook: pages of feedback and of solutions, by language.

English stands in the code, where it is used; ``say`` finds it here, also when it has been filled
in: "loss was changed; the original was used". What only the instructor reads is in English.
"""

import functools
import re

RUSSIAN = {
    # solutions
    "Exercises": "Упражнения",
    "Solutions": "Решения упражнений",
    "Of [the exercises]({file}). An answer that you have read is soon forgotten, one that you "
    "found is not: open a solution only after an honest try, and then compare.": (
        "К [этим упражнениям]({file}). Прочитанный ответ скоро забывается, а найденный "
        "самостоятельно остаётся: раскрывайте решение только после честной попытки, чтобы "
        "сравнить его со своим."
    ),
    "Solution": "Решение",
    "Sample answer": "Пример ответа",
    "How it is graded": "Как оценивается",
    # the head of a student's page
    "Score": "Баллы",
    "so far; {count} of the tasks is still to be graded by hand": (
        "пока; одну из задач ещё проверит преподаватель"
    ),
    "so far; {count} of the tasks are still to be graded by hand": (
        "пока; задач, которые ещё проверит преподаватель: {count}"
    ),
    "Task": "Задача",
    "Points": "Баллы",
    "What was said": "Что сказано",
    "of": "из",
    "Sum": "Сумма",
    "Sum so far": "Пока в сумме",
    "Late": "Опоздание",
    "Adjustment": "Поправка",
    "Your instructor says": "Преподаватель пишет",
    "About your file:": "О вашем файле:",
    "Not graded by the checks: {problem}.": "Проверки его не оценили: {problem}.",
    "not graded. {problem}": "не оценено. {problem}",
    "this page could not be made; ask for your points": (
        "эту страницу не удалось создать; о баллах спросите преподавателя"
    ),
    # of a task
    "Checks": "Проверки",
    "Hidden checks": "Скрытые проверки",
    "All checks passed.": "Все проверки пройдены.",
    "A check failed.": "Одна из проверок не пройдена.",
    "It was not run.": "Ячейка не запускалась.",
    "It took too long, and was interrupted.": "Ячейка работала слишком долго и была прервана.",
    "There is no answer in its cell.": "В ячейке нет ответа.",
    "Graded by hand: its points are not in the sum yet.": (
        "Оценивает преподаватель: этих баллов в сумме ещё нет."
    ),
    "Your instructor decides about it.": "Решает преподаватель.",
    "Corrected by your instructor; the checks gave {given}.": (
        "Исправлено преподавателем; проверки дали {given}."
    ),
    # what ended a check
    "your code changed what the checks rely on": "ваш код изменил то, на что опираются проверки",
    "this check was not made, because an earlier cell ended the run": (
        "до этой проверки дело не дошло: запуск остановила одна из ячеек выше"
    ),
    "{text}. The cell with your solution stopped: {stopped}": (
        "{text}. Ячейка с вашим решением остановилась: {stopped}"
    ),
    "in line {line} of your cell: {text}": "в строке {line} вашей ячейки: {text}",
    "in line {line} of your cell, with an example that is not shown here": (
        "в строке {line} вашей ячейки, на примере, который здесь не показан"
    ),
    "{error}: in line {line} of your cell: {text}": "{error}: в строке {line} вашей ячейки: {text}",
    "{error}: in line {line} of your cell, with an example that is not shown here": (
        "{error}: в строке {line} вашей ячейки, на примере, который здесь не показан"
    ),
    "{error}, in line {line} of your cell: {text}": "{error}, в строке {line} вашей ячейки: {text}",
    # notes on a file
    "late": "сдано с опозданием",
    "handed in {time} after the deadline": "сдано позже срока на {time}",
    "{days} day {hours} hour": "{days} день {hours} ч",
    "{days} day {hours} hours": "{days} день {hours} ч",
    "{days} days {hours} hour": "{days} дн. {hours} ч",
    "{days} days {hours} hours": "{days} дн. {hours} ч",
    "{count} day": "{count} день",
    "{count} days": "{count} дн.",
    "{count} hour": "{count} ч",
    "{count} hours": "{count} ч",
    "{count} minute": "{count} мин",
    "{count} minutes": "{count} мин",
    "lost cell metadata: {names} found by its code": (
        "потеряны метаданные ячеек: {names}, ячейка найдена по коду"
    ),
    "lost cell metadata: the cells were found by their ids": (
        "потеряны метаданные ячеек: ячейки найдены по их номерам"
    ),
    "{name} stands there more than once; one of them counts": (
        "ячейка {name} встречается несколько раз; засчитывается одна из них"
    ),
    "{name} was changed; the original was used": ("ячейка {name} была изменена; взята исходная"),
    "the parameters were changed; the original ones were used": (
        "параметры были изменены; взяты исходные"
    ),
    "{name} was missing; an empty one was put in": (
        "ячейки {name} не было; вместо неё вставлена пустая"
    ),
    "{name} took too long and was interrupted": (
        "ячейка {name} работала слишком долго и была прервана"
    ),
    "{name}: no answer in its cell": "{name}: в ячейке нет ответа",
    "{name}: no answer in its cell; there is text beside it": (
        "{name}: в ячейке нет ответа; рядом есть текст"
    ),
    "stopped at {where}: {reason}; the page shows nothing after that": (
        "запуск остановлен, ячейка {where}: {reason}; дальше страница ничего не показывает"
    ),
    "the first cells": "из первых",
    "the kernel died": "ядро остановилось",
    "it could not be interrupted": "прервать её не удалось",
    "it took more than {count} s in all": "всё вместе заняло больше {count} с",
    "it took more than {count} MB of memory": "памяти ушло больше {count} МБ",
    "it printed more than {count} MB": "напечатано больше {count} МБ",
    "it wrote more than {count} MB of files": "записано файлов больше чем на {count} МБ",
    # why a file was not graded
    "wrong assignment: it is {best}": "не то задание: это {best}",
    "its code switched the checks off": "его код отключил проверки",
    # the notebook
    "Your notebook, as it ran": "Ваш блокнот, как он выполнился",
    "Your answer": "Ваш ответ",
    "Your solution": "Ваше решение",
    "Given code": "Готовый код",
    "Your own cell": "Ваша собственная ячейка",
    "open": "ещё не оценено",
    "a picture that the cell made": "картинка, которую создала ячейка",
    # Gradescope
    "Not graded: {problem}.": "Не оценено: {problem}.",
    "Written tasks are graded by a person.": "Письменные задачи оценивает преподаватель.",
    "There are several files with work in them: {names}. Hand in one.": (
        "Файлов с работой несколько: {names}. Сдайте один."
    ),
}
LANGUAGES = {"ru": RUSSIAN}  # besides English
NUMBERS = {"count", "days", "hours", "line"}


def say(text, language, **values):
    """An English sentence in a language, with the values filled in.

    ``text`` may be filled in already; then what was filled in is said in that language, too, where
    it has words. What is not known, such as a message from a notebook, stays as it is.
    """
    words = LANGUAGES.get(language, {})
    if text in words or not words:
        text = words.get(text, text)
        return text.format(**values) if values else text
    for pattern, template in patterns(language):
        if match := pattern.fullmatch(text):
            return template.format(**{k: say(v, language) for k, v in match.groupdict().items()})
    return text


@functools.cache
def patterns(language):
    """For each sentence with places to fill in: what it looks like in English, and its words."""

    def group(match):
        return f"(?P<{match[1]}>{r'[0-9]+' if match[1] in NUMBERS else '.+?'})"

    return [
        (re.compile(re.sub(r"\\{(\w+)\\}", group, re.escape(english)), re.DOTALL), other)
        for english, other in LANGUAGES[language].items()
        if "{" in english
    ]
