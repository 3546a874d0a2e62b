"""The page that a student gets back: points and what was said, then the notebook as it ran."""

import functools
import html
import re
import secrets
import textwrap
from urllib.parse import quote

import jinja2
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import strip_ansi
import nbformat
from nbgrader.preprocessors import LimitOutput
from nbgrader.utils import is_grade, is_locked, is_solution
import nh3

from grading.assignments import grade_id, max_points, task_of
from grading.formulas import with_formulas
from grading.pages import (
    assignment_title,
    code,
    decimal,
    message_page,
    number,
    page,
    task_titles,
)
from grading.submissions import lines
from grading.text import plain
from grading.words import say

TAG_NAMES = """
a abbr acronym b blockquote br code del details div em h1 h2 h3 h4 h5 h6 hr i li ol p pre span
strong summary table tbody td th thead tr ul
"""
TAGS = set(TAG_NAMES.split())
ATTRIBUTES = {"*": set(), "a": {"href", "title"}, "abbr": {"title"}, "acronym": {"title"}}
PICTURE = r"<img\b[^>]*?\ssrc=[\"'](data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]+)[\"'][^>]*>"
BY_HAND = "Graded by hand: its points are not in the sum yet."


def clean(text):
    """HTML with nothing in it but plain text marks and links; any other tag is shown as text.

    The barrier is nh3, whatever comes out of the replacement before it, which is there only
    because nh3 drops a tag that it does not allow, and so a part of what a student wrote.
    """
    text = re.sub(
        r"<(?=/?([a-zA-Z][^\s/>]*))",
        lambda tag: "<" if tag[1].lower() in TAGS else "&lt;",
        text,
    )
    schemes = {"http", "https", "mailto"}
    return nh3.clean(text, tags=TAGS, attributes=ATTRIBUTES, url_schemes=schemes)


def with_pictures(text):
    """HTML like ``clean``'s, in which pictures that are in the text itself have stayed.

    They are taken out before and put back after, so that nothing else of their tags stays.
    """
    kept = {}

    def take_out(tag):
        mark = f"picture-{secrets.token_hex(8)}"
        kept[mark] = f'<img src="{tag[1]}" alt="a picture in the answer">'
        return mark

    text = clean(re.sub(PICTURE, take_out, text))
    return re.sub(r"picture-[0-9a-f]{16}", lambda mark: kept.get(mark[0], mark[0]), text)


class Feedback(HTMLExporter):
    """nbconvert's Markdown, with what a student wrote made harmless."""

    @jinja2.pass_context
    def markdown2html(self, context, source):
        attachments = context.get("cell", {}).get("attachments", {})
        for name in sorted(attachments, key=len, reverse=True):
            for kind, data in attachments[name].items():
                for written in (name, quote(name)):
                    url = f"data:{kind};base64,{data}"
                    source = source.replace(f"attachment:{written}", url)
        for text in (source, source.replace("attachment:", "a picture that is missing: ")):
            try:
                return with_pictures(super().markdown2html(context, text))
            except Exception:  # a picture that is not there, or too much nesting
                continue
        return f"<pre>{html.escape(source)}</pre>"


@functools.cache
def exporter():
    return Feedback(exclude_anchor_links=True)


def markdown(source, attachments=None):
    """A student's Markdown as harmless HTML, with the pictures that were pasted into it."""
    cell = {"attachments": attachments or {}}
    return Markup(with_formulas(exporter().markdown2html({"cell": cell}, source)))


def harmless(output, graded, language="en"):
    """An output with nothing in it that a browser would run, or None."""
    kind = output.output_type
    if kind == "error":
        brief = f"{output.ename}: {say(str(output.evalue), language)}"
        brief = textwrap.fill(brief[:3_000], 100)
        trace = [brief] if graded else [str(line)[:3_000] for line in output.traceback]
        return nbformat.v4.new_output("error", ename="", evalue="", traceback=trace)
    if graded:
        return None
    if kind == "stream":
        return nbformat.v4.new_output("stream", name="stdout", text=str(output.text)[:20_000])
    picture, text = output.data.get("image/png"), output.data.get("text/plain", "")
    if isinstance(picture, str) and re.fullmatch(r"[\w+/=\s]+", picture, re.ASCII):
        return nbformat.v4.new_output("display_data", data={"image/png": picture})
    return nbformat.v4.new_output("display_data", data={"text/plain": str(text)[:20_000]})


# --- its head -----------------------------------------------------------------------------------


def feedback(submission, name, released):
    """A page for the student: points, messages, and the notebook as it ran; no hidden tests."""
    language = submission.language
    problem = say(plain(submission.problem), language)
    if problem and submission.total is None and not submission.comment:
        text = say("not graded. {problem}", language, problem=problem)
        return message_page(name, text, language)
    notes = [say(plain(note), language) for note in dict.fromkeys(submission.notes)]
    if problem:
        notes.insert(0, say("Not graded by the checks: {problem}.", language, problem=problem))
    return page(
        "feedback",
        language,
        title=assignment_title(released, name),
        student=plain(submission.student),
        **head(submission, released),
        comment=submission.comment,
        notes=notes,
        cells=[] if problem else list(shown_cells(submission, released)),
    )


def head(submission, released):
    """The values of the table at the top of the page, which adds up."""
    titles, limits, language = task_titles(released), max_points(released), submission.language
    known = [points for points in submission.task_points.values() if points is not None]
    changes = []
    if submission.deduction:
        points, reason = number(-submission.deduction, language), say(submission.late, language)
        changes.append({"title": say("Late", language), "points": points, "reason": reason})
    if submission.adjustment:
        sign = "+" if submission.adjustment > 0 else ""
        points = sign + number(submission.adjustment, language)
        title = say("Adjustment", language)
        changes.append({"title": title, "points": points, "reason": submission.reason})
    score = submission.total
    if score is None:
        score = sum(known) - submission.deduction + submission.adjustment
    tasks = [
        {
            "name": task,
            "title": titles[task],
            "limit": number(limit, language),
            "points": "–" if points is None else number(points, language),
            "said": list(remarks(submission, released, task)),
        }
        for task, limit in limits.items()
        for points in [submission.task_points[task]]
    ]
    most = sum(limits.values())
    return {
        "tasks": tasks,
        "changes": changes,
        "score": decimal(str(round(float(score), 2)), language),
        "sum": part(round(score, 2), most, language),
        "most": decimal(str(most), language),
        "open": len(limits) - len(known),
    }


def part(points, limit, language):
    return f"{number(points, language)} {say('of', language)} {number(limit, language)}"


def remarks(submission, released, task):
    """What was said about a task, line by line: its text, and "wrong", "soft" or nothing."""
    cells = [cell for cell in released.cells if is_grade(cell) and task_of(grade_id(cell)) == task]
    points, failed, language = submission.task_points[task], False, submission.language
    written = any(map(is_solution, cells))
    for name in map(grade_id, cells):
        message = submission.messages.get(name)
        if message and not submission.points.get(name):
            failed = True
            yield f"{say(check_label(name), language)}: {say(message, language)}", "wrong"
    if written and points is None:
        yield say(BY_HAND, language), "soft"
    elif written and not points and submission.points.get(task) == 0:
        yield say("There is no answer in its cell.", language), "wrong"
    elif task in submission.corrected:
        given = number(submission.corrected[task], language)
        said = "Corrected by your instructor; the checks gave {given}."
        yield say(said, language, given=given), ""
    elif points is None:
        yield say("Your instructor decides about it.", language), "soft"
    elif not (written or failed or submission.problem):
        yield say("All checks passed.", language), "soft"
    if submission.comments.get(task):
        yield submission.comments[task], ""


def check_label(name):
    return "Hidden checks" if name.endswith("_hidden") else "Checks"


# --- the notebook -------------------------------------------------------------------------------


def shown_cells(submission, released):
    """The cells of the notebook as the page shows them: what was given, and boxes of one's own."""
    originals = {grade_id(cell): cell for cell in released.cells}
    given = {tuple(lines(cell.source)) for cell in released.cells}
    notebook = nbformat.from_dict(submission.result["notebook"])
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("probe")]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            graded = is_grade(cell) and not is_solution(cell)
            outputs = cell.get("outputs", [])
            outputs = [harmless(output, graded, submission.language) for output in outputs]
            cell.outputs = [output for output in outputs if output]
        if is_locked(cell):
            cell.source = originals[grade_id(cell)].source
    notebook, _ = LimitOutput().preprocess(notebook, {})
    for cell in notebook.cells:
        if cell.source.strip() or cell.get("outputs"):
            yield shown_cell(cell, submission, given)


def shown_cell(cell, submission, given):
    """A cell as the template wants it: a dict."""
    name, written, language = grade_id(cell), cell.cell_type != "code", submission.language
    shown = {"outputs": [shown_output(output) for output in cell.get("outputs", [])]}
    shown |= {"name": "", "remark": "", "text": "", "code": ""}
    if written:
        shown["text"] = markdown(cell.source, cell.get("attachments"))
    else:
        shown["code"] = code(cell.source)
    if is_solution(cell):
        shown |= {"kind": "answer", "label": "Your answer", "name": task_of(name)}
        shown["remark"] = submission.comments.get(name, "")
        if not written:
            shown |= {"kind": "solution", "label": "Your solution"}
    elif is_grade(cell):
        points, limit = submission.points.get(name), cell.metadata.nbgrader["points"]
        gained = say("open", language) if points is None else part(points, limit, language)
        shown |= {"kind": "check", "label": check_label(name), "points": gained}
        shown["wrong"] = points is not None and points < limit
    elif name or tuple(lines(cell.source)) in given:
        long = cell.source.count("\n") > 20 and not written
        shown |= {"kind": "tools" if long else "given", "label": "Given code"}
    else:
        shown |= {"kind": "own", "label": "Your own cell"}
    return shown | {"label": say(shown["label"], language)}


def shown_output(output):
    """An output of ``harmless`` as the template wants it."""
    if output.output_type == "error":
        return {"picture": "", "error": True, "text": strip_ansi("\n".join(output.traceback))}
    if output.output_type == "stream":
        return {"picture": "", "error": False, "text": strip_ansi(output.text)}
    picture = "".join(output.data.get("image/png", "").split())
    return {
        "picture": picture,
        "error": False,
        "text": strip_ansi(output.data.get("text/plain", "")),
    }
