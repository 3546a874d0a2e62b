"""The page that a student gets back: nbgrader's template, filled with the notebook as it ran."""

import functools
import html
from pathlib import Path
import re
import secrets
import textwrap
from urllib.parse import quote

import jinja2
from nbconvert.exporters import HTMLExporter
import nbformat
import nbgrader
from nbgrader.preprocessors import LimitOutput
from nbgrader.utils import is_grade, is_locked, is_solution
import nh3

from grading.assignments import grade_id, max_points, task_of
from grading.text import plain

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
    """nbgrader's page, with a student's Markdown made harmless."""

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
    formgrader = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
    return Feedback(
        template_name="feedback",
        exclude_anchor_links=True,
        extra_template_basedirs=[str(formgrader / "templates")],
        extra_template_paths=[str(formgrader / "static/node_modules/bootstrap/dist/css")],
    )


def harmless(output, graded):
    """An output with nothing in it that a browser would run, or None."""
    kind = output.output_type
    if kind == "error":
        brief = textwrap.fill(f"{output.ename}: {output.evalue}"[:3_000], 100)
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


def message_page(name, text):
    """A page that consists of one sentence."""
    message = html.escape(f"{name}: {text}.")
    return f'<!DOCTYPE html><meta charset="utf-8"><title>{message}</title><p>{message}</p>\n'


def feedback(submission, name, released):
    """A page for the student: their notebook as it ran, points, messages; no hidden tests."""
    if submission.problem:
        return message_page(name, f"not graded. {plain(submission.problem)}")
    originals = {grade_id(cell): cell for cell in released.cells}
    notebook = nbformat.from_dict(submission.result["notebook"])
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("probe")]
    for cell in notebook.cells:
        graded = is_grade(cell) and not is_solution(cell)
        outputs = [harmless(output, graded) for output in cell.get("outputs", [])]
        if cell.cell_type == "code":
            cell.outputs = [output for output in outputs if output]
        if is_grade(cell):
            metadata, points = cell.metadata.nbgrader, submission.points[grade_id(cell)]
            if points is None or is_solution(cell):
                points = submission.task_points[task_of(grade_id(cell))]
                metadata["comment"] = BY_HAND if points is None else ""
            metadata["score"] = points or 0
        if is_locked(cell):
            cell.source = originals[grade_id(cell)].source
    notebook, _ = LimitOutput().preprocess(notebook, {})
    notes = "\n".join(f"- {plain(note)}" for note in dict.fromkeys(submission.notes))
    if notes:
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(notes))
    score = submission.total
    if score is None:
        score = sum(points for points in submission.task_points.values() if points is not None)
    head = {"notebook": name, "score": score, "max_score": sum(max_points(released).values())}
    return exporter().from_notebook_node(notebook, {"nbgrader": head | {"late_penalty": 0}})[0]
