"""The report on a class: points, what the checks said, and which solutions are alike."""

from collections import Counter
import io
import re
import statistics

from markupsafe import Markup
from nbgrader.utils import is_grade, is_solution

from grading.answers import codes
from grading.assignments import grade_id, max_points, task_of
from grading.feedback import check_label
from grading.gradebook import NOTHING
from grading.pages import assignment_title, number, page, task_titles
from grading.similar import similar_pairs
from grading.text import plain

NUMBER = r"[-−+]?\d[\d.,]*(?:e[-+]?\d+)?"
BLUE = "#2b5a9e"


def report(submissions, rows, source, released, name, names=False):
    """The report as a page; with names only if they are asked for.

    ``rows`` are those of grades.csv.
    """
    counted = [submission for submission in submissions if submission.choice != "?"]
    ran = [submission for submission in counted if submission.result and not submission.problem]
    titles, limits = task_titles(released), max_points(released)
    tasks = [
        about_task(titles[task], limit, [one.task_points[task] for one in ran])
        for task, limit in limits.items()
    ]
    return page(
        "report",
        title=f"Class report: {assignment_title(released, name)}",
        counts=list(counts(counted, rows, limits)),
        figures=figures(tasks, ran, sum(limits.values())) if ran else [],
        tasks=tasks,
        checks=failing_checks(ran, released, titles),
        pairs=pairs(counted, source, released, titles, names),
    )


def counts(submissions, rows, limits):
    """What there is to count, in words."""
    totals = [one.total for one in submissions if one.total is not None]
    yield f"{len(submissions)} handed in"
    absent = sum(row["status"] == NOTHING for row in rows)
    for count, words in (
        (absent, "handed in nothing"),
        (sum(one.total is None and not one.problem for one in submissions), "waiting for points"),
        (sum(one.total is None and bool(one.problem) for one in submissions), "not graded"),
        (sum(bool(one.late) for one in submissions), "late"),
    ):
        if count:
            yield f"{count} {words}"
    if totals:
        mean, middle = statistics.fmean(totals), statistics.median(totals)
        most = number(sum(limits.values()))
        yield f"mean {mean:.1f}, median {middle:.1f} of {most} over {len(totals)} complete totals"


def about_task(title, limit, points):
    known = [value for value in points if value is not None]
    mean = statistics.fmean(known) if known else None
    return {
        "title": title,
        "mean": "–" if mean is None else f"{mean:.2f}",
        "share": 0 if mean is None else mean / limit,
        "limit": number(limit),
        "full": sum(value >= limit for value in known),
        "none": sum(value == 0 for value in known),
        "open": len(points) - len(known),
    }


# --- checks -------------------------------------------------------------------------------------


def failing_checks(submissions, released, titles):
    """The checks that failed, those that failed most first, each message with its count."""
    found = []
    for cell in filter(is_grade, released.cells):
        name = grade_id(cell)
        if is_solution(cell):
            continue
        messages = [one.messages[name] for one in submissions if one.messages.get(name)]
        if messages:
            found.append(
                {
                    "title": titles[task_of(name)],
                    "label": check_label(name).lower(),
                    "failed": len(messages),
                    "ran": len(submissions),
                    "messages": counted_messages(messages),
                }
            )
    return sorted(found, key=lambda check: -check["failed"])


def counted_messages(messages):
    """Each message with its count; those that differ in numbers only are one."""
    times, shown = Counter(), {}
    for message in messages:
        kind = re.sub(NUMBER, "#", message)
        times[kind] += 1
        shown.setdefault(kind, message)
    return [{"count": count, "text": shown[kind]} for kind, count in times.most_common()]


# --- similar solutions --------------------------------------------------------------------------


def pairs(submissions, source, released, titles, names):
    """Similar solutions as the template wants them."""
    sample, given = code_tasks(source), code_tasks(released)
    short = codes(submissions)

    def called(one):
        if one is None:
            return "the sample solution"
        return f"{plain(one.student)} ({short[one.path]})" if names else short[one.path]

    return [
        {
            "share": f"{share:.0%}",
            "who": [called(first), called(second)],
            "tasks": [titles.get(task, task) for task in tasks],
        }
        for share, first, second, tasks in similar_pairs(submissions, sample, given)
    ]


def code_tasks(notebook):
    """The cells for code, by task."""
    cells = {grade_id(cell): cell for cell in notebook.cells if is_solution(cell)}
    return {name: cell for name, cell in cells.items() if cell.cell_type == "code"}


# --- figures ------------------------------------------------------------------------------------


def figures(tasks, submissions, limit):
    """The class's points, by task and in all, as SVG."""
    import matplotlib as mpl  # here, since most of grading can do without it
    from matplotlib.figure import Figure

    style = {"font.size": 10, "svg.fonttype": "none", "svg.hashsalt": "report"}
    style |= {"axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#667080"}
    with mpl.rc_context(style):
        height = 0.9 + 0.32 * len(tasks)
        by_task = Figure(figsize=(4.6, height), layout="constrained")
        axes = by_task.subplots()
        labels = [task["title"].partition(" — ")[0] for task in tasks]
        places = range(len(tasks))
        axes.barh(places, [1] * len(tasks), color="#eef1f5", height=0.6)
        axes.barh(places, [task["share"] for task in tasks], color=BLUE, height=0.6)
        axes.set(yticks=places, yticklabels=labels, xlim=(0, 1), title="Mean share of the points")
        axes.set(xticks=[0, 0.5, 1], xticklabels=["0", "half", "all"])
        axes.invert_yaxis()
        drawn = [by_task]
        totals = [one.total for one in submissions if one.total is not None]
        if totals:
            in_all = Figure(figsize=(4.6, height), layout="constrained")
            axes = in_all.subplots()
            bins = range(int(min(0, *totals)), int(max(limit, *totals)) + 2)
            axes.hist(totals, bins=bins, color=BLUE, rwidth=0.9)
            axes.set(title="Totals", xlabel="points", ylabel="students")
            axes.yaxis.get_major_locator().set_params(integer=True)
            drawn.append(in_all)
        return [svg(figure) for figure in drawn]


def svg(figure):
    """A figure as SVG to stand in a page, with its letters as text."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    text = re.sub(r"(?s)<metadata>.*?</metadata>", "", text[text.index("<svg") :])
    return Markup(re.sub(r' (?:width|height)="[\d.]+pt"', "", text))
