"""Keep translated notebooks, exercises and README in step with the English ones, by catalogues.

python tools/translate.py                what is new in English goes into each catalogue there is,
                                         and what is complete is written
python tools/translate.py 02_dcgan       only this one, whose catalogue begins if there is none;
                                         also README, exercises/02_dcgan

A catalogue of gettext, locale/ru/NAME.po, has one message for each paragraph, each comment and each
string that a reader sees. Where English has changed, its old translation is kept, flagged
``fuzzy``, with the previous English above it: correct it, and remove the flag. A complete
catalogue gives notebooks/ru/NAME.ipynb (README.ru.md); its cells keep the outputs of cells whose
code is as it was, the others have none until the notebook is executed. That of an exercise gives
exercises/ru/source/NAME/NAME.ipynb, of which ``make exercises`` makes what students get.
"""

import argparse
import ast
from collections import Counter
import copy
import difflib
import functools
import importlib.util
import os
from pathlib import Path
import re
import subprocess
import sys

import nbformat
import polib

import messages

ROOT = Path(__file__).resolve().parent.parent


def _words_of_the_package():
    """gan_helpers/words.py alone: the package around it would import Keras."""
    path = ROOT / "gan_helpers" / "words.py"
    spec = importlib.util.spec_from_file_location("words_of_the_package", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LANGUAGE = "ru"
NAMES = _words_of_the_package().RUSSIAN_NAMES
SPEAK = f'\n\nfrom gan_helpers import words\n\nwords.speak("{LANGUAGE}")'
ONLY_LABELS = "only labels"  # a translator's comment on a word that is a column's name as well
README_WIDTH = 120
ALIKE = 0.6  # of two messages, from which on one is taken for the other, changed; as in msgmerge
THOUSANDS = re.compile(r"(\{[^{}\n]*:[^{}\n:,]*),((?:\.\d+)?[a-z]?\})")  # in a placeholder
LINK = re.compile(r"(?<=\]\()[^)\s]+")


class Source:
    """An English notebook, exercise or README, its catalogue, and where its translation goes."""

    def __init__(self, name, root=ROOT):
        self.name, self.root = name, root
        self.catalogue = root / "locale" / LANGUAGE / f"{name}.po"
        kind, _, last = name.rpartition("/")
        self.kind = kind or ("README" if name == "README" else "notebook")
        places = {
            "notebook": (f"notebooks/{last}.ipynb", f"notebooks/{LANGUAGE}/{last}.ipynb"),
            "README": ("README.md", f"README.{LANGUAGE}.md"),
            "exercises": (
                f"exercises/source/{last}/{last}.ipynb",
                f"exercises/{LANGUAGE}/source/{last}/{last}.ipynb",
            ),
        }
        self.english, self.translated = (root / place for place in places[self.kind])

    def walk(self, say):
        """The English source, as a notebook or text, with what ``say(message, note, place)`` says.

        ``place`` is the id of a cell, or "README.md".
        """
        if self.kind == "README":
            text = self.english.read_text(encoding="utf-8")
            return messages.markdown(text, lambda *told: say(*told, "README.md"), README_WIDTH)
        notebook = nbformat.read(self.english, as_version=4)
        for cell in notebook.cells:
            change = messages.code if cell.cell_type == "code" else messages.markdown
            cell.source = change(cell.source, lambda *told, cell=cell: say(*told, cell.id))
        return notebook

    @functools.cached_property
    def deciding(self):
        """The strings of an exercise on which points may depend: they stay English."""
        cells = nbformat.read(self.english, as_version=4).cells
        code = [messages.deciding(cell.source) for cell in cells if cell.cell_type == "code"]
        return set().union(*code)

    def is_fixed(self, text, note):
        """Whether a string has no entry in the catalogue: a name of the package, or one of code."""
        if not re.match("string|word", note):
            return False
        if self.kind == "exercises":
            return note.startswith("word") or text in self.deciding
        return text in NAMES

    def messages(self, words=()):
        """Dict from each message, in order, to its notes and places; of single words, ``words``."""
        found = {}

        def note_down(text, note, place):
            if not self.is_fixed(text, note) and (not note.startswith("word") or text in words):
                notes, places = found.setdefault(text, ([], []))
                notes.extend([note] if note and note not in notes else [])
                places.extend([place] if place not in places else [])
            return text

        self.walk(note_down)
        return found


def sources(root=ROOT):
    """All sources, whether they have a catalogue or not."""
    notebooks = sorted(path.stem for path in (root / "notebooks").glob("*.ipynb"))
    exercises = sorted(path.stem for path in (root / "exercises" / "source").glob("*/*.ipynb"))
    names = [*notebooks, *(f"exercises/{name}" for name in exercises), "README"]
    return [Source(name, root) for name in names]


def read(source):
    """The catalogue of a source; an empty one if there is none."""
    if source.catalogue.exists():
        return polib.pofile(str(source.catalogue), wrapwidth=100)
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {
        "Language": LANGUAGE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    return catalogue


def merge(catalogue, found, memory=()):
    """A catalogue with exactly the messages of ``found``, and the translations of the old one.

    A new message that resembles one that has gone takes over its translation, as fuzzy. What
    has gone and resembles nothing becomes obsolete, and comes back if its English does. Other new
    messages have the translation that is in ``memory``, a dict, if it is there.
    """
    old = {entry.msgid: entry for entry in catalogue}
    before = {entry.previous_msgid: entry for entry in catalogue if entry.fuzzy}
    gone = {text: entry for text, entry in old.items() if text not in found and entry.msgstr}
    merged = polib.POFile(wrapwidth=100)
    merged.metadata, merged.header = catalogue.metadata, catalogue.header
    used = set()
    for text, (notes, places) in found.items():
        entry = polib.POEntry(msgid=text, comment=", ".join(notes))
        entry.occurrences = [(place, "") for place in places]
        if text in old:
            known = old[text]
            entry.msgstr, entry.tcomment = known.msgstr, known.tcomment
            entry.flags = known.flags
            entry.previous_msgid = known.previous_msgid
        elif text in before:  # English is as it was when this was translated
            entry.msgstr, entry.tcomment = before[text].msgstr, before[text].tcomment
            used.add(before[text].msgid)
        elif near := difflib.get_close_matches(text, set(gone) - used, n=1, cutoff=ALIKE):
            known = gone[near[0]]
            entry.msgstr, entry.tcomment, entry.flags = known.msgstr, known.tcomment, ["fuzzy"]
            entry.previous_msgid = known.previous_msgid or known.msgid
            used.add(known.msgid)
        elif text in memory:
            entry.msgstr = memory[text]
        merged.append(entry)
    for text in sorted(set(gone) - used):
        entry = gone[text]
        entry.obsolete, entry.occurrences, entry.comment = True, [], ""
        merged.append(entry)
    return merged


def remembered(others):
    """All translations of other catalogues, as a dict from English."""
    entries = (entry for source in others for entry in read(source))
    return {one.msgid: one.msgstr for one in entries if not (one.fuzzy or one.obsolete)}


def complaints(source):
    """What is wrong with a catalogue that exists: a list of sentences, each with its message."""
    catalogue = read(source)
    entries = {entry.msgid: entry for entry in catalogue if not entry.obsolete}
    found = source.messages(words=entries)
    wrong = [(f"not in {source.catalogue.name}", text) for text in found if text not in entries]
    wrong += [("no longer in English", text) for text in entries if text not in found]
    for text, entry in entries.items():
        if entry.fuzzy:
            wrong.append(("fuzzy, as its English has changed", text))
        elif not entry.msgstr:
            wrong.append(("not translated", text))
        else:
            wrong += [(reason, text) for reason in _flaws(text, entry.msgstr, entry.comment)]
    return [f"{source.name}: {reason}: {text!r}" for reason, text in wrong]


def _flaws(text, translation, notes):
    """What a translation lost or added of that which has to stay as it is."""
    kept = {"code": r"`[^`]+`", "link": LINK, "tag": r"</?\w+[^>]*>|<!--.*?-->"}
    if re.search("string|word", notes):
        kept = {"placeholder": messages.PLACEHOLDER}
    elif "code block" in notes:
        kept = {"line of code": r"(?m)^(?!\s*#).*?(?=  # |$)"}
    elif "comment" not in notes:
        kept["formula"] = r"\$\$?[^$]+\$\$?"
    for name, pattern in kept.items():
        old, new = (Counter(_parts(name, pattern, side)) for side in (text, translation))
        for part in sorted((old - new) | (new - old)):
            yield f"the {name} {part} is {'missing' if part in old - new else 'new'}"


def _parts(name, pattern, text):
    """What has to stay, less what may differ: how numbers are printed, words, comments in code."""
    for part in re.findall(pattern, text):
        if name == "formula":
            part = re.sub(r"\\text\{[^}]* [^}]*\}", "", part)
        if name == "placeholder":
            part = re.sub(r":[^:{}]*(\{[^}]*\})?[^:{}]*\}$", "}", part)
        if name == "code":
            part = re.sub("(?<=^`# ).*(?=`$)", "", part)  # a comment has words
        yield re.sub(r"README(\.\w\w)?\.md", "README", part).strip()


def relink(text, source):
    """Links as they have to be in the translation's folder; to translations where there are any."""
    root, here, there = source.root, source.english.parent, source.translated.parent

    def change(match):
        link = match[0]
        if re.match(r"\w+:", link):  # a badge, perhaps
            badge = re.search(r"main(?:/|\?labpath=)(notebooks(/|%2F)\w+\.ipynb)$", link)
            target = badge and badge[1].replace("%2F", "/")
            if badge and translated_place(target, root) != target:
                link = link[: badge.end(2)] + LANGUAGE + link[badge.start(2) :]
            return link
        if link.startswith("#"):
            return link
        target = Path(os.path.normpath(here / link))
        if target == source.translated:  # the link to the translation leads back from it
            return Path(os.path.relpath(source.english, there)).as_posix()
        place = translated_place(target.relative_to(root).as_posix(), root)
        return Path(os.path.relpath(root / place, there)).as_posix()

    return LINK.sub(change, text)


def translated_place(target, root):
    """Where a file or folder is in translation, if all of it is; both as paths from the root."""
    place = re.sub(r"^(notebooks|images|exercises)(?=/)", rf"\1/{LANGUAGE}", target)
    names = [".", *(path.name for path in (root / target).glob("*"))]
    return place if all((root / place / name).exists() for name in names) else target


def speaking(code, kind="notebook"):
    """A code cell as Russian wants it, before any string is translated.

    Numbers are printed without separators, as 60,000 would be read as sixty; and the cell that
    sees to the package also chooses the language. In an exercise the package speaks English, as it
    does where the checks are made.
    """
    code = THOUSANDS.sub(r"\1\2", code)
    is_first = kind == "notebook" and re.search(r"(?m)^RELEASE = ", code)
    return code + SPEAK if is_first else code


def same_code(one, other):
    """Whether two code cells do the same, comments and layout aside."""
    trees = (ast.dump(ast.parse(messages.masked(source))) for source in (one, other))
    return next(trees) == next(trees)


def translate(source):
    """The translation that a complete catalogue gives: a notebook without outputs, or a text."""
    found = [entry for entry in read(source) if not entry.obsolete]
    entries = {entry.msgid: entry.msgstr for entry in found}
    labels = {entry.msgid for entry in found if entry.tcomment == ONLY_LABELS}

    def say(text, note, place):
        if source.is_fixed(text, note):
            return NAMES[text] if source.kind == "notebook" else text
        is_name = text in labels and note != "word, a label"
        return text if is_name else entries.get(text, text)

    result = source.walk(say)
    if source.kind == "README":
        return relink(result, source)
    for cell in result.cells:
        if cell.cell_type == "code":
            cell.source = speaking(cell.source, source.kind)
            cell.outputs, cell.execution_count = [], None
        else:
            cell.source = relink(cell.source, source)
    return result


def keep_outputs(notebook, previous):
    """Give code cells that do the same as in the ``previous`` notebook its outputs."""
    known = {cell.id: cell for cell in previous.cells if cell.cell_type == "code"}
    for cell in notebook.cells:
        before = known.get(cell.id)
        if cell.cell_type == "code" and before and same_code(cell.source, before.source):
            cell.outputs = copy.deepcopy(before.outputs)
            cell.execution_count = before.execution_count


def write(source):
    """Write the translation of a complete catalogue, formatted as the English notebook is."""
    result = translate(source)
    source.translated.parent.mkdir(parents=True, exist_ok=True)
    if source.kind == "README":
        source.translated.write_text(result, encoding="utf-8", newline="\n")
        return
    if source.translated.exists():
        keep_outputs(result, nbformat.read(source.translated, as_version=4))
    nbformat.write(result, source.translated)
    fix = "check", "--fix", "--select=UP034"  # ast.unparse writes a generator in two brackets
    for command in (fix, ("format",)):
        ruff = [sys.executable, "-m", "ruff", *command, "--quiet", str(source.translated)]
        subprocess.run(ruff, check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="NN_name, exercises/NN_name, README; or all")
    names = parser.parse_args().names
    known = {source.name: source for source in sources()}
    if unknown := sorted(set(names) - set(known)):
        parser.error(f"no source {', '.join(unknown)}; there are {', '.join(known)}")
    incomplete = 0
    begun = [source for source in known.values() if source.catalogue.exists()]
    for source in map(known.get, names) if names else begun:
        catalogue = read(source)
        memory = remembered(other for other in begun if other is not source)
        words = [entry.msgid for entry in catalogue]
        source.catalogue.parent.mkdir(parents=True, exist_ok=True)
        merge(catalogue, source.messages(words), memory).save(str(source.catalogue))
        if wrong := complaints(source):
            incomplete += 1
            print(f"{source.name}: {len(wrong)} to do, first: {wrong[0]}")
        else:
            write(source)
            print(f"{source.name}: complete, {source.translated.relative_to(ROOT)}")
    sys.exit(bool(incomplete))


if __name__ == "__main__":
    main()
