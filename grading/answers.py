"""Written answers by question: a page for each written task with all answers to it."""

import re

from markupsafe import Markup
from nbgrader.utils import is_grade, is_locked, is_solution

from grading.assignments import MARK_SCHEME, grade_id, max_points, without_marks
from grading.feedback import markdown
from grading.gradebook import columns_of
from grading.pages import assignment_title, number, page, task_titles
from grading.submissions import counting_cells, is_text, lines, pictures
from grading.text import plain


def written_tasks(notebook):
    """The cells of the written tasks, which a person grades, by their names."""
    cells = {grade_id(cell): cell for cell in notebook.cells if is_grade(cell)}
    return {name: cell for name, cell in cells.items() if is_solution(cell)}


def codes(submissions):
    """A short name for each submission that does not say whose it is: its id, as far as needed.

    Equal files have equal ids, and so equal names.
    """
    ids = {submission.id for submission in submissions}
    length = next(n for n in range(6, 17) if len({text[:n] for text in ids}) == len(ids))
    return {submission.path: submission.id[:length] for submission in submissions}


def write_answers(folder, submissions, source, editions, name, names=False):
    """Write the page of each written task into a folder; with names only if they are asked for.

    ``editions`` are what students get, by language: the page is in English, answers as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    released = editions["en"]
    short = codes(submissions)
    by_code = sorted(submissions, key=lambda submission: (submission.id, submission.path))
    for task in written_tasks(released):
        answers = []
        for submission in by_code:
            if submission.notebook is None or submission.problem.startswith("wrong assignment"):
                continue
            points, limit = submission.task_points.get(task), max_points(released)[task]
            answers.append(
                {
                    "code": short[submission.path],
                    "student": plain(submission.student) if names else "",
                    "points": "" if points is None else f"{number(points)} of {number(limit)}",
                    "open": points is None,
                    "pieces": shown_pieces(submission, editions[submission.language], task),
                    "comment": submission.comments.get(task, ""),
                }
            )
        text = answers_page(task, answers, source, released, name)
        path = folder / f"{task}.html"
        path.write_text(text, encoding="utf-8", errors="backslashreplace")


def answers_page(task, answers, source, released, name):
    columns, comments = columns_of(released)
    limit = max_points(released)[task]
    answered = [answer for answer in answers if answer["pieces"]]
    rubric, sample = rubric_of(source, task)
    return page(
        "answers",
        title=task_titles(released)[task],
        assignment=assignment_title(released, name),
        limit=f"{number(limit)} point{'s' * (limit != 1)}",
        rubric=markdown(rubric),
        sample=markdown(sample),
        question=Markup("\n").join(question(released, task)),
        column=columns[task],
        comment_column=comments[task],
        open=sum(answer["open"] for answer in answered),
        answers=answered,
        empty=[answer for answer in answers if not answer["pieces"]],
    )


def rubric_of(source, task):
    """The rubric and the sample answer that stand in the instructor's notebook."""
    text = written_tasks(source)[task].source
    rubric = re.search(MARK_SCHEME, text)
    sample = without_marks(re.sub(MARK_SCHEME, "", text))
    return rubric[1].strip() if rubric else "No rubric in the source.", sample


def question(released, task):
    """The cells of a task before its answer, from its heading on, as HTML."""
    index = next(i for i, cell in enumerate(released.cells) if grade_id(cell) == task)
    heading = section_of(released, task)
    for cell in released.cells[index if heading is None else heading : index]:
        yield shown(cell)


def is_heading(cell):
    return cell.cell_type == "markdown" and bool(re.search(r"(?m)^## ", cell.source))


# --- an answer ----------------------------------------------------------------------------------


def shown_pieces(submission, released, task):
    """``pieces``, or where they cannot be shown, a line that says so: others can be graded."""
    try:
        return pieces(submission, released, task)
    except Exception as error:
        text = f"It could not be shown ({type(error).__name__}): read the file itself."
        return [{"label": plain(submission.path), "text": text}]


def pieces(submission, released, task):
    """What a student wrote for a task, in their cell, beside it, or if nowhere, elsewhere."""
    cells = submission.notebook.cells
    given = {tuple(lines(cell.source)) for cell in released.cells} | {()}
    originals = {grade_id(cell): cell for cell in released.cells if grade_id(cell)}
    sources = {name: cell.source for name, cell in originals.items()}
    counting = counting_cells(cells, originals, sources)
    place, found = counting.get(task), []
    own = {
        index: section
        for index, section in enumerate(sections(cells, released))
        if tuple(lines(cells[index].source)) not in given
        and is_own_text(cells[index], index, counting, originals)
    }
    if place is not None and tuple(lines(cells[place].source)) not in given:
        found.append((place, ""))
    homes = {name: counting[name] for name in written_tasks(released) if name in counting}
    section = section_of(released, task)
    for index, where in own.items():
        nearest = min(homes, key=lambda name: abs(homes[name] - index), default=task)
        if where == section and nearest == task:
            found.append((index, "In a cell beside it"))
    if not found:
        written = {section_of(released, name) for name in written_tasks(released)}
        found = [(i, "In a cell elsewhere") for i, where in own.items() if where not in written]
    return [{"label": label, "text": shown(cells[index])} for index, label in sorted(found)]


def section_of(released, task):
    """The index of the heading that a task stands under, in the released notebook."""
    index = next(i for i, cell in enumerate(released.cells) if grade_id(cell) == task)
    return max((i for i in range(index + 1) if is_heading(released.cells[i])), default=None)


def sections(cells, released):
    """For each cell of a student's notebook, the index of the heading that it stands under."""
    places = {tuple(lines(cell.source)): i for i, cell in enumerate(released.cells)}
    names = {grade_id(cell): i for i, cell in enumerate(released.cells) if grade_id(cell)}
    heads = {i for i, cell in enumerate(released.cells) if is_heading(cell)}
    section = None
    for cell in cells:
        place = names.get(cell.metadata.get("name"), places.get(tuple(lines(cell.source))))
        if place is not None:
            section = max((i for i in heads if i <= place), default=None)
        yield section


def is_own_text(cell, index, counting, originals):
    """Whether a cell holds text of the student's own, outside the cells for code and answers."""
    original = originals.get(cell.metadata.get("name"))
    if original is None:
        return is_text(cell)
    if is_locked(original):
        return original.cell_type == "markdown"
    copy = counting[cell.metadata["name"]] != index
    return copy and is_grade(original)


def shown(cell):
    """A cell of a student as HTML."""
    if cell.cell_type == "code":
        return Markup("<pre>%s</pre>") % cell.source
    return markdown(cell.source, pictures(cell).get("attachments"))
