"""The page that a student gets back, by nbgrader's template, from what tools/grade.py graded."""

import functools
import html
from pathlib import Path
import re
import textwrap

import bleach
import jinja2
from nbconvert.exporters import HTMLExporter
import nbformat
import nbgrader
from nbgrader.preprocessors import LimitOutput
from nbgrader.utils import is_grade, is_solution

import exercises

TAGS = "p br hr h1 h2 h3 h4 h5 h6 details summary div span pre table thead tbody tr th td del"
BY_HAND = "Graded by hand: its points are not in the sum yet."


class Feedback(HTMLExporter):
    """nbgrader's page, with no HTML but plain text marks out of a student's Markdown."""

    @jinja2.pass_context
    def markdown2html(self, context, source):
        made = super().markdown2html(context, source)
        return bleach.clean(made, tags={*bleach.ALLOWED_TAGS, *TAGS.split()})


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


def feedback(submission, name, released):
    """A page for the student: their notebook as it ran, points, messages; no hidden tests."""
    if submission.problem:
        said = html.escape(f"{name}: not graded. {submission.problem}.")
        return f'<!DOCTYPE html><meta charset="utf-8"><title>{said}</title><p>{said}</p>\n'
    shown = {exercises.grade_id(cell): cell for cell in released.cells}
    notebook = nbformat.from_dict(submission.notebook["notebook"])
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("probe")]
    for cell in notebook.cells:
        graded = is_grade(cell) and not is_solution(cell)
        found = [harmless(output, graded) for output in cell.get("outputs", [])]
        if cell.cell_type == "code":
            cell.outputs = [output for output in found if output]
        if is_grade(cell):
            task, about = exercises.task_of(exercises.grade_id(cell)), cell.metadata.nbgrader
            points = submission.points[exercises.grade_id(cell)]
            if points is None:
                points = submission.tasks[task]
                about["comment"] = BY_HAND if points is None else ""
            about["score"] = points or 0
        if graded:
            cell.source = shown[exercises.grade_id(cell)].source
    notebook, _ = LimitOutput().preprocess(notebook, {})
    notes = "\n".join(f"- {note}" for note in dict.fromkeys(submission.notes))
    if notes:
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell(notes))
    known = [points for points in submission.tasks.values() if points is not None]
    total = sum(known) if submission.total is None else submission.total
    about = {"notebook": name, "score": total, "max_score": sum(submission.most.values())}
    return exporter().from_notebook_node(notebook, {"nbgrader": about | {"late_penalty": 0}})[0]
