"""Build the site from the committed notebooks, which are not run: pages in build/site.

python tools/build_site.py

It has the notebooks, the README, the instructor's guide, the solutions, the package's docstrings,
the exercises to download, and the page on which a generator runs: in English, and under ru/ in
Russian what is translated; what is not has a note there, with the way to the English. Sphinx reads
what this lays out in build/site-source. Formulas are set by MathJax, fetched once from npm.
"""

import argparse
import ast
import os
from pathlib import Path
import re
import shutil
import subprocess
import sys
import tomllib

import nbformat

import npm
from set_repository import badges

ROOT = Path(__file__).resolve().parent.parent
SITE, STAGE = ROOT / "build" / "site", ROOT / "build" / "site-source"
MATHJAX = ROOT / "build" / "mathjax"
MATHJAX_PACKAGE = "mathjax@3.2.2"
MATHJAX_FILE = "tex-svg-full.js"
MATHJAX_SHA256 = "a4354ff94fd868aea0cc6eaaa79a57fda0588646fc46ee3700a349ee0a11cbe6"
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^)\s]+)\)")
BADGES = re.compile(r"(?s)(<!-- badges.*?-->).*?(<!-- /badges -->)")
WORDS = {
    "en": {
        "title": "The GAN notebooks",
        "notebooks": "Notebooks",
        "more": "For teachers and programmers",
        "exercises": "Exercises",
        "about_exercises": "Four to six tasks for each notebook, with checks that tell you what is "
        "wrong. Open the file in Jupyter or on Colab; the solutions are folded.",
        "search": "Search",
        "download": "download",
        "solutions": "solutions",
        "package": "The package",
        "show_code": "Show the code",
        "hide_code": "Hide the code",
        "page": "Draw yourself: {link}a generator that runs in your browser{end}.",
        "other": "ru",
        "other_name": "По-русски",
    },
    "ru": {
        "title": "Блокноты о GAN",
        "notebooks": "Блокноты",
        "more": "Преподавателям и программистам",
        "exercises": "Упражнения",
        "about_exercises": "От четырёх до шести задач к каждому блокноту, с проверками, которые "
        "говорят, что именно неверно. Откройте файл в Jupyter или в Colab; решения свёрнуты. "
        "Сдавать можно на любом из двух языков.",
        "search": "Поиск",
        "download": "скачать",
        "solutions": "решения",
        "package": "Пакет",
        "show_code": "Показать код",
        "hide_code": "Скрыть код",
        "page": "Порисуйте сами: {link}генератор, который работает в вашем браузере{end}.",
        "other": "en",
        "other_name": "In English",
    },
}
# Pages that are in English only: title, note, and the words that lead there.
NOTES = {
    "exercises/INSTRUCTORS": (
        "Преподавателям (на английском)",
        "Как раздать упражнения, собрать и оценить работы, сделать свой вариант для группы и "
        "проверять сразу на многих машинах: это руководство написано по-английски. Сами "
        "упражнения и сообщения, которые получают студенты, есть на обоих языках.",
        "For instructors",
    ),
    "package": (
        "Пакет (на английском)",
        "Всё, чем пользуются блокноты, собрано в небольшом пакете `gan_helpers`; каждый его модуль "
        "можно прочесть за один присест. Описание модулей, функций и классов — на английском.",
        "The package",
    ),
    "CONTRIBUTING": (
        "Разработчикам (на английском)",
        "Как устроены код и тесты, как добавить блокнот, упражнение или перевод и как выпустить "
        "новую версию: эта страница написана по-английски.",
        "Contributing",
    ),
}
# What Sphinx' themes say in English whatever the language.
CHROME = {
    "Back to top": "Наверх",
    "Color mode": "Светлая или тёмная тема",
    "Main": "Главная навигация",
    "Page": "Содержание страницы",
    "System Settings": "Как в системе",
    "Toggle hidden content": "Показать или скрыть код",
    "Toggle primary sidebar": "Показать или скрыть оглавление",
    "Toggle secondary sidebar": "Показать или скрыть содержание страницы",
    "Version warning": "Предупреждение о версии",
    "светлая": "Светлая",
    "темная": "Тёмная",
}
API = """\
# gan_helpers.{name}

```{{eval-rst}}
.. automodule:: gan_helpers.{name}
```
"""


def repository():
    """The address on GitHub, as ``make address`` sets it; empty where there is none."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    address = settings["tool"]["gan_notebooks"]["repository"]
    return address if address.startswith("https://") else ""


def pages():
    """Dict from each file of the repository that becomes a page to its language and its place.

    A translation has the place of its original, so that the two languages are laid out alike.
    """
    english = ["CONTRIBUTING.md", "exercises/INSTRUCTORS.md"]
    for pattern in ("exercises/solutions/*.md", "notebooks/*.ipynb"):
        english += [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob(pattern))]
    found = {"README.md": ("en", "index.md")} | {path: ("en", path) for path in english}
    for path in sorted(ROOT.glob("notebooks/ru/*.ipynb")):
        found[f"notebooks/ru/{path.name}"] = "ru", f"notebooks/{path.name}"
    for path in sorted(ROOT.glob("exercises/ru/solutions/*.md")):
        found[f"exercises/ru/solutions/{path.name}"] = "ru", f"exercises/solutions/{path.name}"
    if (ROOT / "README.ru.md").exists():
        found["README.ru.md"] = "ru", "index.md"
    return found


def relative(target, place):
    """The way from the page at ``place`` to ``target``, both relative to the same folder."""
    return Path(os.path.relpath(target, Path(place).parent)).as_posix()


def relink(text, path, known):
    """Markdown of the repository's file ``path`` with links as they have to be in its page.

    Links to pages of the other language become HTML, since Sphinx knows one language at a time; a
    file that is no page is copied beside the pages.
    """
    language, place = known[path]

    def change(match):
        mark, words, link = match.groups()
        if re.match(r"\w+:|#|mailto", link):
            return match[0]
        target = os.path.normpath(Path(path).parent / link).replace(os.sep, "/")
        if target in ("exercises/release", "exercises/ru/release"):
            return f"[{words}]({relative('exercises.md', place)})"
        if target not in known:
            copy = STAGE / language / target
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / target, copy)
            scheme = "" if mark else "path:"  # else Sphinx looks for a page
            return f"{mark}[{words}]({scheme}{relative(target, place)})"
        other, page = known[target]
        if other == language:
            return f"[{words}]({relative(page, place)})"
        page = re.sub(r"\.(md|ipynb)$", ".html", page)
        return f'<a href="{_across(page, place, language)}">{words}</a>'

    return LINK.sub(change, BADGES.sub(r"\1\2", text))


def _across(page, place, language):
    """The way from the page at ``place`` to one of the other language: Russian lies in ru/."""
    return "../" * place.count("/") + ("ru/" if language == "en" else "../") + page


def lay_out(known):
    """Write the sources of all pages into build/site-source, a folder for each language."""
    shutil.rmtree(STAGE, ignore_errors=True)
    for path, (language, place) in known.items():
        target = STAGE / language / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith(".md"):
            text = relink((ROOT / path).read_text(encoding="utf-8"), path, known)
            target.write_text(text, encoding="utf-8")
            continue
        notebook = nbformat.read(ROOT / path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = relink(cell.source, path, known)
            elif cell.metadata.get("jupyter", {}).get("source_hidden"):
                cell.metadata.setdefault("tags", []).append("hide-input")
            for output in cell.get("outputs", []):
                styled = output.get("data", {}).get("text/html", "")
                if styled:  # by pandas' Styler: let the theme see a table of pandas
                    styled = styled.replace('<table id="T_', '<table class="dataframe" id="T_')
                    output.data["text/html"] = styled
        nbformat.write(notebook, target)
    _lay_out_api()
    for language in languages(known):
        index = STAGE / language / "index.md"
        if not index.exists():
            index.write_text(f"# {WORDS[language]['title']}\n", encoding="utf-8")
        text = invite(language, index.read_text(encoding="utf-8"))
        index.write_text(text + _contents(language, known), encoding="utf-8")
        _lay_out_exercises(language, known)
    if "ru" in languages(known):
        _lay_out_notes()


def invite(language, text):
    """The start page with a link to the page that tools/export_page.py writes, above its parts."""
    way = f"{'' if language == 'en' else '../'}page/index.html#{language}"
    words = WORDS[language]["page"].format(link=f'<a href="{way}">', end="</a>")
    start, mark, parts = text.partition("\n## ")
    return f"{start.rstrip()}\n\n{words}\n{mark}{parts}"


def languages(known):
    """English, and Russian if a notebook is translated."""
    return ["en"] + ["ru"] * any(path.startswith("notebooks/ru/") for path in known)


def _contents(language, known):
    words = WORDS[language]
    notebooks = [
        place.removesuffix(".ipynb")
        for own, place in known.values()
        if own == language and place.endswith(".ipynb")
    ]
    parts = []
    for caption, entries in (
        (words["notebooks"], [*notebooks, "exercises"]),
        (words["more"], list(NOTES)),
    ):
        listed = "\n".join(entries)
        parts.append(f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{listed}\n```\n")
    return "".join(parts)


def _lay_out_api():
    """A page for each public module, and one that lists them."""
    folder = STAGE / "en" / "api"
    folder.mkdir(parents=True)
    lines = [f"# {WORDS['en']['package']}", "", "Each module can be read in one sitting.", ""]
    names = []
    for path in sorted((ROOT / "gan_helpers").glob("[a-z]*.py")):
        names.append(path.stem)
        about = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).splitlines()[0]
        lines.append(f"- [{path.stem}](api/{path.stem}.md): {about}")
        (folder / f"{path.stem}.md").write_text(API.format(name=path.stem), encoding="utf-8")
    lines += ["", "```{toctree}", ":hidden:", "", *(f"api/{name}" for name in names), "```", ""]
    (STAGE / "en" / "package.md").write_text("\n".join(lines), encoding="utf-8")


def _lay_out_notes():
    """For each page that is in English only, one that says so in Russian and leads to it."""
    for place, (title, note, name) in NOTES.items():
        way = _across(f"{place}.html", place, "ru")
        link = f'<a href="{way}" hreflang="en" lang="en">{name}</a>'
        target = STAGE / "ru" / f"{place}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"# {title}\n\n{note}\n\n→ {link}\n", encoding="utf-8")


def _lay_out_exercises(language, known):
    """The page with the students' files to download, and with the solutions."""
    words = WORDS[language]
    lines = [f"# {words['exercises']}", "", words["about_exercises"], ""]
    solutions = []
    for path in sorted(ROOT.glob("exercises/release/*/*.ipynb")):
        translated = ROOT / "exercises" / language / path.relative_to(ROOT / "exercises")
        path = translated if translated.exists() else path
        file = path.relative_to(ROOT).as_posix()
        copy = STAGE / language / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
        solution = f"exercises/solutions/{path.stem}.md"
        way = f'<a href="../exercises/solutions/{path.stem}.html">{words["solutions"]}</a>'
        if (language, solution) in known.values():
            solutions.append(solution.removesuffix(".md"))
            way = f"[{words['solutions']}]({solution})"
        lines.append(f"- {_title(path.stem, language)}\\")
        lines.append(f"  [{words['download']}](path:{file}), {way}")
    if solutions:
        lines += ["", "```{toctree}", ":hidden:", "", *solutions, "```"]
    (STAGE / language / "exercises.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _title(name, language):
    """The title of a notebook, translated if it is."""
    path = ROOT / "notebooks" / ("" if language == "en" else language) / f"{name}.ipynb"
    if not path.exists():
        return _title(name, "en")
    first = nbformat.read(path, as_version=4).cells[0].source
    return first.splitlines()[0].removeprefix("# ")


def other_page(page, language):
    """From a page to the same one in the other language, else to its start page; or ``None``."""
    other = "ru" if language == "en" else "en"
    if not (STAGE / other).exists():
        return None
    known = page in ("search", "genindex")
    known = known or any((STAGE / other / f"{page}{end}").exists() for end in (".md", ".ipynb"))
    return _across(f"{page}.html" if known else "index.html", page, language)


def launches(page, language):
    """Dict from a service's name to the address that opens the notebook of a page there."""
    if not page.startswith("notebooks/"):
        return {}
    folder = "" if language == "en" else f"{language}/"
    marks = badges(repository(), folder + page.removeprefix("notebooks/"))
    return dict(re.findall(r"Open in (\w+)\]\([^)]*\)\]\(([^)]*)\)", marks))


def fetch_mathjax():
    """Put MathJax into build/mathjax by npm; ``SystemExit`` if that cannot be done."""
    npm.fetch(MATHJAX_PACKAGE, [f"es5/{MATHJAX_FILE}"], MATHJAX_SHA256, MATHJAX)


def build(language):
    """Run Sphinx on what is laid out; ``CalledProcessError`` after any warning."""
    output = SITE if language == "en" else SITE / language
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    command += ["-c", str(ROOT / "docs"), "-d", str(ROOT / "build" / "site-cache" / language)]
    command += [str(STAGE / language), str(output)]
    settings = {"SITE_LANGUAGE": language, "TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": ""}
    settings["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tools")])
    subprocess.run(command, check=True, env=os.environ | settings)
    if language == "ru":
        speak_russian(output)


def speak_russian(folder):
    """Put Russian for ``CHROME`` into the labels and buttons of a folder of HTML files."""
    english = "|".join(CHROME)
    pattern = re.compile(rf'((?:aria-label|title)="|</i>\s*)({english})(?="|\s*</button>)')
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        text = pattern.sub(lambda match: match[1] + CHROME[match[2]], text)
        path.write_text(text, encoding="utf-8")


def main():
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    import export_page  # and TensorFlow, which takes seconds

    export_page.check_converters()
    fetch_mathjax()
    known = pages()
    lay_out(known)
    shutil.rmtree(SITE, ignore_errors=True)
    for language in languages(known):
        build(language)
    shutil.rmtree(SITE / "jupyter_execute", ignore_errors=True)  # myst-nb's own copies
    export_page.write(SITE / "page", export_page.shipped())
    (SITE / ".nojekyll").touch()  # GitHub Pages would leave out folders that begin with _
    print(f"Look here: {(SITE / 'index.html').relative_to(ROOT)}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]} failed; what is wrong stands above.")
