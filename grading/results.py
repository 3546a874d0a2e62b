"""What grading writes: pages, answers, the report, grades.csv, and the platform's own table."""

from collections import namedtuple
from pathlib import PurePosixPath
import re

from grading import InputError
from grading.answers import write_answers
from grading.assignments import max_points
from grading.feedback import feedback
from grading.gradebook import add_up, notes, parse_number, write_grades
from grading.lateness import parse_due, parse_policy
from grading.pages import message_page
from grading.report import report
from grading.roster import absent_rows, compare, earlier_people, read_roster
from grading.submissions import file_id
from grading.text import failure
from grading.worksheet import Entry, fill, read_worksheet

# Of an assignment: its name, the instructor's notebook, and what students get, by language.
Assignment = namedtuple("Assignment", "name source released")


class Tables:
    """What an instructor gave besides the hand-ins; ``InputError`` if something is wrong with it.

    ``arguments`` are those of ``grade.add_arguments``, parsed.
    """

    def __init__(self, arguments):
        self.names = arguments.names
        self.due = parse_due(arguments.due) if arguments.due else None
        self.policy = parse_policy(arguments.late_penalty) if arguments.late_penalty else None
        if self.policy and not self.due:
            raise InputError("--late-penalty needs the deadline, too: --due '2026-11-20 23:59'")
        if arguments.column and not arguments.worksheet:
            raise InputError("--column is of Canvas' gradebook: give that, too, with --worksheet")
        self.people = read_roster(arguments.roster) if arguments.roster else []
        self.worksheet = None
        if arguments.worksheet:
            path, name = arguments.worksheet, arguments.assignment
            self.worksheet = read_worksheet(path, name, arguments.column)


def write_results(out, submissions, assignment, tables, earlier):
    """Write everything, the table last but one; returns its rows.

    ``earlier`` is the table as the instructor left it.
    """
    name, source, editions = assignment
    released = editions["en"]  # for the instructor
    limit = sum(max_points(released).values())
    columns, rows = add_up(submissions, released, earlier, tables.policy)
    people = tables.people or earlier_people(earlier)
    absent = compare(people, submissions, complete=bool(tables.people))
    taken = set()
    for submission, row in zip(submissions, rows, strict=True):
        write_page(out / "feedback", submission, name, editions[submission.language], taken)
        row["notes"] = notes(submission)
    rows += absent_rows(absent, earlier, limit)
    write_grades(out / "grades.csv", columns, rows, earlier.delimiter)
    write_answers(out / "answers", submissions, source, editions, name, tables.names)
    text = report(submissions, rows, source, released, name, tables.names)
    (out / "report.html").write_text(text, encoding="utf-8", errors="backslashreplace")
    if tables.worksheet:
        entries = [Entry(one.student, one.owner.number, one.total) for one in submissions]
        for row in rows[len(submissions) :]:
            total = parse_number(row["total"], "grades.csv")
            entries.append(Entry(row["student"], row["number"], total))
        print(*fill(tables.worksheet, entries, limit, out), sep="\n")
    return rows


def write_page(folder, submission, name, released, taken):
    """Write a student's page; a remark instead of an exception where it cannot be made.

    ``taken`` are the pages that have been written, a set.
    """
    try:
        text = feedback(submission, name, released)
    except Exception as error:
        submission.remarks.append(f"its page could not be made: {failure(error)}")
        said = "this page could not be made; ask for your points"
        text = message_page(name, said, submission.language)
    usual = str(PurePosixPath(submission.path).with_suffix(".html"))
    usual = re.sub(r'[\\:*?"<>|]', "_", usual)
    other = file_id(submission.path.encode()) + ".html"
    for path in [usual] * (usual.casefold() not in taken) + [other]:
        try:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError as error:  # a name that is too long, or that is both a file and a folder
            said = f"its page could not be written: {error.strerror}"
            continue
        taken.add(path.casefold())
        said = f"its page is {other}"
        break
    submission.remarks += [said] if path == other else []
