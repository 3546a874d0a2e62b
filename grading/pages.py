"""The frame of every page: templates that escape what they are given, one style, no scripts."""

import functools
from pathlib import Path
import re

import jinja2
from markupsafe import Markup
from nbconvert.filters import strip_ansi
from nbgrader.utils import is_grade
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from grading.assignments import grade_id, task_of
from grading.words import say

TEMPLATES = Path(__file__).with_name("templates")


@functools.cache
def environment():
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template, language="en", **values):
    """A page as text. Values are escaped, except those that ``clean`` or this module made."""
    values["style"] = Markup((TEMPLATES / "style.css").read_text(encoding="utf-8"))
    values["say"] = functools.partial(say, language=language)
    return environment().get_template(f"{template}.html").render(language=language, **values)


def message_page(name, text, language="en"):
    """A page that consists of one sentence, in English or as ``say`` has it."""
    return page("base", language, title=name, text=f"{name}: {say(text, language)}.")


def code(source):
    """Python in colours, as HTML."""
    if len(source) > 50_000:
        return source
    return Markup(highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)))


def number(value, language="en"):
    """Points as people write them: 2, 1.5, and a minus that is one."""
    return decimal(f"{value:.10g}", language)


def decimal(text, language):
    """A number's text as people write it: in Russian with a comma."""
    return text.replace("-", "−").replace(".", "," if language == "ru" else ".")


# --- titles -------------------------------------------------------------------------------------


def assignment_title(released, name):
    """The title of a notebook, from its first heading: "Exercises 01 — Vanilla GAN"."""
    title = re.search(r"(?m)^# (.+)$", released.cells[0].source)
    return title[1].strip() if title else name


def task_titles(released):
    """What each task is called, by its name: "Task 1 — One batch, two kinds of images"."""
    titles, heading = {}, ""
    for cell in released.cells:
        found = re.findall(r"(?m)^## (.+)$", cell.source) if cell.cell_type == "markdown" else []
        heading = found[-1] if found else heading
        if is_grade(cell):
            title = re.sub(r"\s*★+|\s*\([^()]*(?:point|балл)[^()]*\)\s*$", "", heading)
            titles.setdefault(task_of(grade_id(cell)), title)
    doubled = {title for title in titles.values() if list(titles.values()).count(title) > 1}
    return {
        task: task if not title else f"{title} ({task})" if title in doubled else title
        for task, title in titles.items()
    }


# --- what a check said --------------------------------------------------------------------------


def said(cell):
    """What a cell of checks said when it failed, in a line or two; empty if it passed."""
    errors = [output for output in cell.get("outputs", []) if output.output_type == "error"]
    if not errors:
        return "" if cell.metadata.get("status", "ok") == "ok" else "It was not run."
    name, text = str(errors[-1].ename), strip_ansi(str(errors[-1].evalue)).strip()
    if name == "CellTimeoutError":
        return "It took too long, and was interrupted."
    if name in ("AssertionError", "Error"):
        return text[:1_000] or "A check failed."
    return f"{name}: {text}"[:1_000].rstrip(": ")
