"""Catalogues are complete, translations are what they give, and their code does the same."""

import ast
import os
import re
import shutil

import nbformat
import pytest

if not os.environ.get("GAN_NOTEBOOKS_SITE"):  # set where nothing may be skipped
    pytest.importorskip("polib", reason="polib reads the catalogues, and is not installed")

import polib

from grading.lockstep import blanked
import messages
import translate

CATALOGUES = [source for source in translate.sources() if source.catalogue.exists()]
TRANSLATED = [source for source in CATALOGUES if source.translated.exists()]
NOTEBOOKS = [source for source in TRANSLATED if source.kind == "notebook"]
WITH_CODE = [source for source in TRANSLATED if source.kind != "README"]


def named(sources):
    return {"argvalues": sources, "ids": [source.name for source in sources]}


def readable(cell):
    """A cell's source, of code without its layout, on which versions of ruff may differ."""
    if cell.cell_type == "markdown":
        return cell.source
    return ast.dump(ast.parse(messages.masked(cell.source))), messages.comments(cell.source)


@pytest.mark.parametrize("source", **named(CATALOGUES))
def test_every_message_is_translated_and_up_to_date(source):
    wrong = translate.complaints(source)
    assert not wrong, "\n".join(["make translations, then translate:", *wrong])


@pytest.mark.parametrize("source", **named(TRANSLATED))
def test_the_translation_is_what_its_catalogue_gives(source):
    expected = translate.translate(source)
    if source.kind == "README":
        assert source.translated.read_text(encoding="utf-8") == expected
        return
    committed = nbformat.read(source.translated, as_version=4)
    assert [cell.id for cell in committed.cells] == [cell.id for cell in expected.cells]
    assert committed.metadata == expected.metadata
    for ours, theirs in zip(committed.cells, expected.cells, strict=True):
        assert readable(ours) == readable(theirs), f"cell {ours.id}: make translations"
        assert ours.metadata == theirs.metadata


@pytest.mark.parametrize("source", **named(WITH_CODE))
def test_the_translated_code_does_the_same(source):
    english = nbformat.read(source.english, as_version=4)
    translated = nbformat.read(source.translated, as_version=4)
    for ours, theirs in zip(english.cells, translated.cells, strict=True):
        assert ours.cell_type == theirs.cell_type
        if ours.cell_type == "code":
            expected = translate.speaking(ours.source, source.kind)
            assert blanked(expected) == blanked(theirs.source), f"cell {ours.id}"


def strings(source):
    """All strings of a cell, also those in placeholders, in an order that has no language."""
    tree = ast.parse(messages.masked(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
            node.values = sorted(parts, key=lambda part: re.sub("'[^']*'", "", ast.unparse(part)))
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str)]


@pytest.mark.parametrize("source", **named(WITH_CODE))
def test_a_string_is_the_same_wherever_it_stands(source):
    """What is looked up under another name than it was kept fails in a run of many minutes."""
    english = nbformat.read(source.english, as_version=4)
    translated = nbformat.read(source.translated, as_version=4)
    said = {}
    for ours, theirs in zip(english.cells, translated.cells, strict=True):
        if ours.cell_type == "code":
            pair = strings(translate.speaking(ours.source, source.kind)), strings(theirs.source)
            for one, other in zip(*pair, strict=True):
                said.setdefault(one, set()).add(other)
    entries = translate.read(source)
    labels = {entry.msgid for entry in entries if entry.tcomment == translate.ONLY_LABELS}
    kept = messages.COLUMNS | labels
    assert {text: n for text, n in said.items() if len(n) > 1 and text not in kept} == {}


@pytest.mark.parametrize("folder, kind", [("notebooks/ru", ""), ("exercises/ru", "exercises/")])
def test_every_translation_has_a_catalogue(folder, kind):
    names = {path.stem for path in (translate.ROOT / folder).rglob("*.ipynb")}
    assert names <= {source.name.removeprefix(kind) for source in CATALOGUES}


MARKDOWN = """# Title

> **You need** a quote.

A paragraph with $x$.

- one item
- another, <b>bold</b>

1. first

<!-- badges -->
[![Open in Colab](b.svg)](https://colab.research.google.com/github/a/b/blob/main/notebooks/01_x.ipynb)
<!-- /badges -->

$$
a = b
$$

| name | value |
| --- | --- |
| [one](01_x.ipynb) | 1,5 |

```
make run  # a comment
no message
```
"""


def test_markdown_has_a_message_for_each_paragraph():
    found = []
    assert messages.markdown(MARKDOWN, lambda text, note: found.append(text) or text) == MARKDOWN
    assert found == [
        "Title",
        "**You need** a quote.",
        "A paragraph with $x$.",
        "one item",
        "another, <b>bold</b>",
        "first",
        "| name | value |",
        "| [one](01_x.ipynb) | 1,5 |",
        "```\nmake run  # a comment\nno message\n```",
    ]
    shouted = messages.markdown(MARKDOWN, lambda text, note: text.upper())
    assert "> **YOU NEED** A QUOTE.\n\nA PARAGRAPH" in shouted and "a = b" in shouted


def test_paragraphs_are_filled_where_the_source_is():
    text = "- some words that go on\n  in a second line\n- [a link that is kept](x.md) whole\n"
    assert messages.markdown(text, lambda text, note: text, 26) == (
        "- some words that go on in\n  a second line\n- [a link that is kept](x.md)\n  whole\n"
    )


CODE = """%matplotlib inline
# A comment
# in two lines.
rate = 5  # of learning
table = {"mean": 1, "Highest value": 2}
axes.legend(loc="upper left", label=f"step {step:,} of {table['mean']}")
print(
    "generator", "tanh", "a_name.png",
    f"{rate}: a sentence "
    "in pieces",
)
"""


def test_code_has_a_message_for_each_comment_and_each_string_that_is_seen():
    found = []
    assert messages.code(CODE, lambda text, note: found.append((note, text)) or text) == CODE
    assert [text for note, text in found if note == "comment"] == [
        "A comment in two lines.",
        "of learning",
    ]
    assert [text for note, text in found if note == "string"] == [
        "Highest value",
        "step {step:,} of {table['mean']}",
        "{rate}: a sentence in pieces",
    ]
    seen_twice = [text for note, text in found if note == "word"]
    assert seen_twice == ["mean", "mean", "generator", "tanh"]  # as a key, and looked up


def test_code_is_put_together_again():
    words = {
        "Highest value": 'Наибольшее "значение"\nи \\',
        "step {step:,} of {table['mean']}": "из {table['mean']}: шаг {step}",
        "{rate}: a sentence in pieces": "очень длинное предложение, " * 5 + "{rate:.1f} {{}}",
        "of learning": "обучения",
        "A comment in two lines.": "примечание " * 12,
    }
    source = messages.code(CODE, lambda text, note: words.get(text, text))
    assert max(map(len, source.split("\n"))) <= 100
    assert source.startswith("%matplotlib inline\n# примечание ")
    assert "rate = 5  # обучения\n" in source
    shown = []
    names = {"step": 3, "print": lambda *given: shown.extend(given)}
    names["axes"] = type("Axes", (), {"legend": staticmethod(lambda **given: shown.append(given))})
    exec(messages.masked(source), names)
    assert names["table"] == {"mean": 1, 'Наибольшее "значение"\nи \\': 2}
    assert shown[0] == {"loc": "upper left", "label": "из 1: шаг 3"}
    assert shown[-1] == "очень длинное предложение, " * 5 + "5.0 {}"
    assert blanked(source) == blanked(CODE)


def test_what_nbgrader_looks_for_is_no_message():
    text = "A: so.\n\n### BEGIN MARK SCHEME\n- a point.\n### END MARK SCHEME"
    code = (
        "# First.\n### BEGIN HIDDEN TESTS\n# A remark\n# of two lines.\nx = 1\n### END HIDDEN TESTS"
    )
    found = []
    assert messages.markdown(text, lambda text, note: found.append(text) or text) == text
    assert found == ["A: so.", "a point."]
    found.clear()
    messages.code(code, lambda text, note: found.append(text))
    assert found == ["First.", "A remark of two lines."]
    shouted = messages.code(code, lambda text, note: text.upper())
    assert shouted.split("\n")[:3] == [
        "# FIRST.",
        "### BEGIN HIDDEN TESTS",
        "# A REMARK OF TWO LINES.",
    ]


def test_a_docstring_keeps_its_quotes():
    code = 'def f(x):\n    """Twice \\\\alpha.\n\n    In "two" lines.\n    """\n    return 2 * x'
    assert messages.code(code, lambda text, note: text) == code
    text = "слово " * 30 + "\\"
    longer = messages.code(code, lambda _, note: text)
    assert max(map(len, longer.split("\n"))) <= 100 and longer.count('"""') == 2
    assert " ".join(ast.get_docstring(ast.parse(longer).body[0]).split()) == " ".join(text.split())


def test_long_keys_and_values_are_laid_out_within_the_line():
    code = 'x = {\n    "A key": first + second,\n    "B": "A value",\n}'
    for length in range(60, 100):
        long = ("слова " * 20)[:length].strip()
        translated = messages.code(code, lambda text, note: {"B": "B"}.get(text, long))  # noqa: B023
        assert max(map(len, translated.split("\n"))) <= 100
        assert blanked(translated) == blanked(code)


def test_strings_that_decide_are_found():
    code = """
assert kind in ("a guide", "no guide"), "Not a kind"
x = table["a key"] if name.startswith("A beginning") else f"An answer"
def f():
    return "a verdict" if x else other("Not this")
def g():
    return "the one" if x else "the other"
"""
    decide = {"a guide", "no guide", "a key", "A beginning", "the one", "the other"}
    assert messages.deciding(code) == decide


def test_what_a_placeholder_looks_up_is_translated_as_everywhere():
    words = {"mean": "среднее", "a word": "слово", "The {x['mean']} {f('a word')}": None}
    words["The {x['mean']} {f('a word')}"] = "Это {x['mean']}, {f('a word')}"
    code = """x, f = {"mean": 1}, {"a word": 2}.get\nshown = f"The {x['mean']} {f('a word')}"\n"""
    names = {}
    exec(messages.code(code, lambda text, note: words.get(text, text)), names)
    assert names["x"] == {"среднее": 1} and names["shown"] == "Это 1, 2"


def test_columns_of_files_stay_where_they_are_looked_up():
    code = """axes.set(xlabel="step")\nx = run["step"], f"{run['step']} of"\n"""
    translated = messages.code(code, lambda text, note: {"step": "шаг"}.get(text, text))
    assert translated == code.replace('xlabel="step"', 'xlabel="шаг"')


def test_strings_with_a_new_line_and_remarks_in_brackets_are_seen():
    found = []
    messages.code('f("100\\nlatents", "(recorded)", "a_name")', lambda text, _: found.append(text))
    assert found == ["100\nlatents", "(recorded)"]


def test_a_long_string_outside_of_brackets_gets_some():
    source = messages.code('x = "A word"\n', lambda text, note: "слово " * 30)
    names = {}
    exec(source, names)
    assert names["x"] == "слово " * 30 and max(map(len, source.split("\n"))) <= 100


def test_blanked_trees_tell_keys_apart():
    assert blanked('{"a": 1, "b": 2}') == blanked('{"в": 1, "а": 2}') != blanked('{"a": 1, "a": 2}')


def test_blanked_trees_tell_what_is_more_than_words():
    assert blanked('f(f"a {x} {y:,}", "b")') == blanked('f(f"{y} б {x}", "в")')
    for other in ('f(f"a {x}", "b")', 'f(f"a {x} {z:,}", "b")', 'g(f"a {x} {y:,}", "b")'):
        assert blanked('f(f"a {x} {y:,}", "b")') != blanked(other)


@pytest.fixture
def source(tmp_path):
    """A small notebook with a complete catalogue, in a repository of its own."""
    (tmp_path / "notebooks").mkdir()
    new = nbformat.v4
    cells = [
        new.new_markdown_cell("# Title\n\nA number $x$ in `code`: [next](02_b.ipynb).", id="one"),
        new.new_code_cell('x = 1  # a number\nprint(f"The number is {x}")', id="two"),
        new.new_markdown_cell("![A picture](../images/p.png) [guide](../GUIDE.md)", id="three"),
    ]
    notebook = new.new_notebook(cells=cells, metadata={"gan_notebooks": {"minutes": 1}})
    nbformat.write(notebook, tmp_path / "notebooks" / "01_a.ipynb")
    source = translate.Source("01_a", tmp_path)
    source.catalogue.parent.mkdir(parents=True)
    russian = {
        "Title": "Заглавие",
        "A number $x$ in `code`: [next](02_b.ipynb).": "Число $x$: `code`, [дальше](02_b.ipynb).",
        "a number": "число",
        "The number is {x}": "Число равно {x}",
        "![A picture](../images/p.png) [guide](../GUIDE.md)": (
            "![Картинка](../images/p.png) [руководство](../GUIDE.md)"
        ),
    }
    catalogue = translate.merge(translate.read(source), source.messages())
    assert [entry.msgid for entry in catalogue] == list(russian)
    for entry in catalogue:
        entry.msgstr = russian[entry.msgid]
    catalogue.save(str(source.catalogue))
    return source


@pytest.fixture
def exercise(source):
    """An exercise beside the small notebook, whose catalogue has all that needs one."""
    code = '''RELEASE = 3
def f(x):
    """Whether it is."""
    return "a verdict" if x > 1 else "no verdict"

assert f(1) in ("a verdict", "T-shirt"), f"The number is {x:,}: {f(1)}"
print("A title", "level", "no verdict")'''
    new, exercise = nbformat.v4, translate.Source("exercises/01_a", source.root)
    links = "[one](../../../notebooks/01_a.ipynb) and `# YOUR CODE`"
    cells = [new.new_code_cell(code, id="one"), new.new_markdown_cell(links, id="two")]
    exercise.english.parent.mkdir(parents=True)
    nbformat.write(new.new_notebook(cells=cells), exercise.english)
    russian = {
        "Whether it is.": "Так ли это.",
        "The number is {x:,}: {f(1)}": "Вот {f(1)}: {x}",
        "A title": "Заглавие",
        links: "[один](../../../notebooks/01_a.ipynb) и `# ВАШ КОД`",
    }
    catalogue = translate.merge(translate.read(exercise), exercise.messages())
    assert [entry.msgid for entry in catalogue] == list(russian)
    for entry in catalogue:
        entry.msgstr = russian[entry.msgid]
    exercise.catalogue.parent.mkdir(parents=True)
    catalogue.save(str(exercise.catalogue))
    return exercise


def test_what_decides_about_points_stays_english_in_an_exercise(exercise):
    assert translate.complaints(exercise) == []
    translate.write(exercise)
    assert exercise.translated == exercise.root / "exercises/ru/source/01_a/01_a.ipynb"
    code, text = nbformat.read(exercise.translated, as_version=4).cells
    assert code.source.count('"a verdict"') == 2 and code.source.count('"no verdict"') == 2
    assert '"T-shirt"' in code.source and '"level"' in code.source and "speak" not in code.source
    assert 'f"Вот {f(1)}: {x}"' in code.source and '"""Так ли это."""' in code.source
    assert text.source == "[один](../../../../notebooks/01_a.ipynb) и `# ВАШ КОД`"
    catalogue = translate.read(exercise)
    catalogue.append(polib.POEntry(msgid="level", msgstr="вровень"))
    catalogue.save(str(exercise.catalogue))
    assert translate.complaints(exercise) == ["exercises/01_a: no longer in English: 'level'"]


def test_links_lead_to_exercises_in_the_same_language_once_all_of_them_are_there(exercise):
    root = exercise.root
    readme, notebook = translate.Source("README", root), translate.Source("01_a", root)
    for name in ("01_a", "02_b"):
        (root / f"exercises/release/{name}").mkdir(parents=True)
    text = "[one](exercises/release/01_a/01_a.ipynb) [all](exercises/release)"
    assert translate.relink(text, readme) == text
    (root / "exercises/release/01_a/01_a.ipynb").touch()
    (root / "exercises/ru/release/01_a").mkdir(parents=True)
    (root / "exercises/ru/release/01_a/01_a.ipynb").touch()
    one = "[one](exercises/ru/release/01_a/01_a.ipynb) "
    assert translate.relink(text, readme) == one + "[all](exercises/release)"
    (root / "exercises/ru/release/02_b").mkdir()
    assert translate.relink(text, readme) == one + "[all](exercises/ru/release)"
    link = "[one](../exercises/release/01_a/01_a.ipynb)"
    there = "[one](../../exercises/ru/release/01_a/01_a.ipynb)"
    assert translate.relink(link, notebook) == there
    notebook.translated.parent.mkdir(parents=True)
    notebook.translated.touch()
    link = "[one](../../../notebooks/01_a.ipynb)"
    assert translate.relink(link, exercise) == "[one](../../../../notebooks/ru/01_a.ipynb)"


def test_the_link_to_the_translation_leads_back_from_it(source):
    notebook, readme = source, translate.Source("README", source.root)
    name = f"{notebook.name}.ipynb"
    assert translate.relink(f"[other](ru/{name})", notebook) == f"[other](../{name})"
    assert translate.relink("[other](README.ru.md)", readme) == "[other](README.md)"


def test_what_another_catalogue_has_is_not_translated_twice(source, exercise):
    edit(source, "# Title", "# Title\n\n" + "Whether it is.")
    memory = translate.remembered([exercise])
    new = translate.merge(translate.read(source), source.messages(), memory)
    known = {entry.msgid: entry for entry in new}
    assert known["Whether it is."].msgstr == "Так ли это." and not known["Whether it is."].fuzzy
    assert known["Title"].msgstr == "Заглавие"


def edit(source, old, new):
    """Change the English notebook."""
    notebook = nbformat.read(source.english, as_version=4)
    assert any(old in cell.source for cell in notebook.cells)
    for cell in notebook.cells:
        cell.source = cell.source.replace(old, new)
    nbformat.write(notebook, source.english)


def update(source):
    """Do what ``make translations`` does; return the entries by their English."""
    catalogue = translate.merge(translate.read(source), source.messages())
    catalogue.save(str(source.catalogue))
    return {entry.msgid: entry for entry in translate.read(source)}


def test_a_complete_catalogue_gives_a_notebook(source):
    assert translate.complaints(source) == []
    translate.write(source)
    notebook = nbformat.read(source.translated, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata["gan_notebooks"] == {"minutes": 1}
    title, code, last = (cell.source for cell in notebook.cells)
    assert title == "# Заглавие\n\nЧисло $x$: `code`, [дальше](../02_b.ipynb)."
    assert code == 'x = 1  # число\nprint(f"Число равно {x}")'
    assert last == "![Картинка](../../images/p.png) [руководство](../../GUIDE.md)"


def test_links_stay_within_the_language_as_soon_as_they_can(source):
    source.translated.parent.mkdir(parents=True, exist_ok=True)
    for name in ("01_a", "02_b"):
        (source.translated.parent / f"{name}.ipynb").touch()
    (source.root / "images" / "ru").mkdir(parents=True)
    (source.root / "images" / "ru" / "p.png").touch()
    notebook = translate.translate(source)
    assert "[дальше](02_b.ipynb)" in notebook.cells[0].source
    assert "](../../images/ru/p.png)" in notebook.cells[2].source
    readme = translate.Source("README", source.root)
    text = "[1](notebooks/01_a.ipynb) [3](notebooks/03_c.ipynb) [guide](GUIDE.md)"
    assert translate.relink(text, readme) == (
        "[1](notebooks/ru/01_a.ipynb) [3](notebooks/03_c.ipynb) [guide](GUIDE.md)"
    )
    colab = "[![Colab](https://a/b.svg)](https://colab.research.google.com/github/a/b/blob/main/"
    binder = "[![Binder](https://a/b.svg)](https://mybinder.org/v2/gh/a/b/main?labpath="
    for start, slash in ((colab, "/"), (binder, "%2F")):
        badge = f"{start}notebooks{slash}01_a.ipynb)"
        assert translate.relink(badge, readme) == f"{start}notebooks{slash}ru{slash}01_a.ipynb)"


def test_changed_english_is_found_at_once_and_makes_its_translation_fuzzy(source):
    edit(source, "The number is {x}", "This number is {x}")
    [new, gone] = translate.complaints(source)
    assert new == "01_a: not in 01_a.po: 'This number is {x}'"
    assert gone == "01_a: no longer in English: 'The number is {x}'"
    entry = update(source)["This number is {x}"]
    assert (entry.fuzzy, entry.msgstr) == (True, "Число равно {x}")
    assert entry.previous_msgid == "The number is {x}"
    [fuzzy] = translate.complaints(source)
    assert fuzzy == "01_a: fuzzy, as its English has changed: 'This number is {x}'"
    edit(source, "This number is {x}", "That number is {x}")  # again, before it was translated
    assert update(source)["That number is {x}"].previous_msgid == "The number is {x}"
    edit(source, "That number is {x}", "The number is {x}")
    assert not update(source)["The number is {x}"].fuzzy
    assert translate.complaints(source) == []


def test_a_new_message_is_named_and_one_that_goes_is_kept_as_obsolete(source):
    edit(source, "# Title", "# Title\n\nWholly unlike anything before, 7.")
    update(source)
    [missing] = translate.complaints(source)
    assert missing == "01_a: not translated: 'Wholly unlike anything before, 7.'"
    edit(source, "# Title\n\nWholly unlike anything before, 7.", "# Else")
    assert update(source)["Title"].obsolete
    [missing] = translate.complaints(source)
    assert missing == "01_a: not translated: 'Else'"
    edit(source, "# Else", "# Title")
    assert not update(source)["Title"].obsolete
    assert translate.complaints(source) == []


@pytest.mark.parametrize(
    "message, translation, flaw",
    [
        ("The number is {x}", "Число", "the placeholder {x} is missing"),
        ("The number is {x}", "Число {x}{y}", "the placeholder {y} is new"),
        ("A number", "Число $y$: `code`, [дальше](02_b.ipynb).", r"the formula \$x\$ is missing"),
        ("A number", "Число $x$: [дальше](02_b.ipynb).", "the code `code` is missing"),
        ("A number", "Число $x$: `code`, [дальше](03.ipynb).", "the link 02_b.ipynb is missing"),
        ("A number", "<b>Число $x$: `code`, [дальше](02_b.ipynb).", "the tag <b> is new"),
    ],
)
def test_what_a_translation_lost_is_named(source, message, translation, flaw):
    catalogue = translate.read(source)
    entry = next(entry for entry in catalogue if entry.msgid.startswith(message))
    entry.msgstr = translation
    catalogue.save(str(source.catalogue))
    with pytest.raises(AssertionError, match=flaw):
        test_every_message_is_translated_and_up_to_date(source)


def test_numbers_may_be_printed_in_another_way(source):
    assert not list(translate._flaws("{a:,} {b:>{w}.2f}", "{b:.2f} {a}", "string"))
    block = "```\nmake run  # a comment\n```"
    assert not list(translate._flaws(block, block.replace("a comment", "пояснение"), "code block"))
    assert list(translate._flaws(block, block.replace("make run", "make"), "code block"))


def test_a_single_word_is_a_message_once_a_translator_wants_it(source):
    edit(source, "print(f", 'y = "mean"\nprint(f')
    assert translate.complaints(source) == []
    catalogue = translate.read(source)
    catalogue.append(polib.POEntry(msgid="mean", msgstr="среднее"))
    catalogue.save(str(source.catalogue))
    assert translate.complaints(source) == []
    assert 'y = "среднее"' in translate.translate(source).cells[1].source


def test_a_word_can_be_translated_where_it_is_a_label_alone(source):
    edit(source, "print(f", 'y = table["mean"].set(xlabel="mean").set_title("mean")\nprint(f')
    catalogue = translate.read(source)
    word = polib.POEntry(msgid="mean", msgstr="среднее", tcomment=translate.ONLY_LABELS)
    catalogue.append(word)
    translate.merge(catalogue, source.messages(["mean"])).save(str(source.catalogue))
    assert translate.complaints(source) == []
    code = translate.translate(source).cells[1].source
    assert 'y = table["mean"].set(xlabel="среднее").set_title("среднее")' in code


def test_names_of_the_package_are_translated_by_the_package(source):
    added = """y = f"{z['ahead']}" if x == "dense, found setting" else {"level": "A level"}\n"""
    edit(source, "print(f", f"{added}print(f")
    assert translate.complaints(source) == ["01_a: not in 01_a.po: 'A level'"]
    code = translate.translate(source).cells[1].source
    assert """y = f"{z['впереди']}" if x == "полносвязная, найденные настройки" else""" in code
    assert """{"вровень": "A level"}""" in code


def test_the_cell_that_sees_to_the_package_chooses_the_language(source):
    edit(source, "x = 1", "RELEASE = 3\nx = 1")
    title, code, last = translate.translate(source).cells
    assert code.source.endswith('\n\nfrom gan_helpers import words\n\nwords.speak("ru")')
    assert "speak" not in title.source + last.source


@pytest.mark.parametrize("spec, expected", [(":,", ":"), (":>9,", ":>9"), (":,.0f", ":.0f")])
def test_numbers_have_no_separators_in_russian(spec, expected):
    code = f'f(f"{{x}} {{x{spec}}}", "{{x{spec}}}", {{1: 2, 3: 4}}, x[1:2, 3])'
    assert translate.speaking(code) == code.replace(spec + "}", expected + "}")


@pytest.mark.parametrize("source", **named(NOTEBOOKS))
def test_every_translated_notebook_speaks_russian(source):
    cells = nbformat.read(source.translated, as_version=4).cells
    assert [cell.source.count('words.speak("ru")') for cell in cells].count(1) == 1


def test_outputs_stay_with_code_that_does_the_same(source):
    translate.write(source)
    notebook = nbformat.read(source.translated, as_version=4)
    output = nbformat.v4.new_output("stream", text="Число равно 1")
    notebook.cells[1].update(outputs=[output], execution_count=1)
    nbformat.write(notebook, source.translated)

    def outputs_after(message, translation):
        catalogue = translate.read(source)
        next(e for e in catalogue if e.msgid.startswith(message)).msgstr = translation
        catalogue.save(str(source.catalogue))
        translate.write(source)
        return nbformat.read(source.translated, as_version=4).cells[1].outputs

    assert outputs_after("a number", "некое число") == [output]
    assert outputs_after("The number", "Это число: {x}") == []


def test_a_paragraph_of_the_real_first_notebook_cannot_change_unseen(tmp_path):
    if not NOTEBOOKS:
        pytest.skip("there is no catalogue yet")
    real = NOTEBOOKS[0]
    copy = translate.Source(real.name, tmp_path)
    for path in (real.english, real.catalogue):
        target = tmp_path / path.relative_to(real.root)
        target.parent.mkdir(parents=True)
        shutil.copy(path, target)
    sentence = next(text for text, (notes, _) in real.messages().items() if not notes)
    edit(copy, sentence[:20], "In short: " + sentence[:20])
    assert any("not in" in wrong and "In short" in wrong for wrong in translate.complaints(copy))


def test_the_command_updates_what_there_is_and_begins_what_is_named(source, monkeypatch, capsys):
    begun = translate.Source("README", source.root)
    begun.english.write_text("# Notebooks\n", encoding="utf-8")
    monkeypatch.setattr(translate, "ROOT", source.root)
    monkeypatch.setattr(translate, "sources", lambda: [source, begun])

    def run(*names):
        monkeypatch.setattr("sys.argv", ["translate.py", *names])
        with pytest.raises(SystemExit) as ended:
            translate.main()
        return ended.value.code, capsys.readouterr()

    code, printed = run()
    assert code == 0 and not begun.catalogue.exists() and source.translated.exists()
    assert "01_a: complete, notebooks/ru/01_a.ipynb" in printed.out.replace("\\", "/")
    source.translated.unlink()
    code, printed = run("README")
    assert not source.translated.exists()
    assert code == 1 and begun.catalogue.exists() and not begun.translated.exists()
    assert "README: 1 to do, first: README: not translated: 'Notebooks'" in printed.out
    code, printed = run("03_c")
    assert code == 2 and "no source 03_c; there are 01_a, README" in printed.err
