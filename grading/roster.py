"""Who is in the class: a list of names and numbers, against which the hand-ins are held."""

from collections import namedtuple
import hashlib
from itertools import permutations
import re

from grading import InputError
from grading.gradebook import NOTHING, is_same_student, number_text, parse_number
from grading.owners import words
from grading.spreadsheet import read_sheet
from grading.text import no_formula, plain

FULL = r"(?i)(student|name|full ?name|display ?name|vollständiger name|nom complet)s?"
FULL += r"|(?i:nombre completo)"
FIRST = r"(?i)(first|given|vor|pré|fore)[ -_]?n(ame|om)|nombre|prénom|vorname"
LAST = r"(?i)(last|family|sur|nach)[ -_]?name|apellidos?|nom|nachname"
NUMBER = r"(?i).*\b(id|number|nummer|identifi\w+|matri[ck]\w*|numéro)\b.*"
LOGIN = r"(?i).*(login|user|e-?mail|account|kennung|github|netid|sid).*"
Person = namedtuple("Person", "name number keys")


def read_roster(path):
    """The people of a CSV file, such as one of a platform: a list of ``Person``.

    Columns are known by their headings; a file without any is a list of names.
    """
    sheet = read_sheet(path)
    header = [name.strip() for name in sheet.rows[0]] if sheet.rows else []
    kinds = [kind_of(name) for name in header]
    rows = sheet.rows[1:]
    if not {"full", "first", "last", "number", "login"} & set(kinds):
        kinds, rows = ["full"], sheet.rows
    people = [person for row in rows if (person := read_person(row, kinds))]
    if not people:
        raise InputError(f"{path}: nobody is in it; expected columns such as name and id")
    return people


def kind_of(heading):
    patterns = {"full": FULL, "first": FIRST, "last": LAST, "number": NUMBER, "login": LOGIN}
    return next((kind for kind, text in patterns.items() if re.fullmatch(text, heading)), "")


def read_person(row, kinds):
    """A row as a ``Person``, or None if there is nobody in it."""
    cells = [(kind, value.strip()) for kind, value in zip(kinds, row, strict=False)]
    cells = [(kind, value) for kind, value in cells if kind and value]
    values = {}
    for kind, value in cells:
        values.setdefault(kind, value)
    name = values.get("full") or " ".join(filter(None, map(values.get, ("first", "last"))))
    if not cells or name.casefold().startswith("points possible"):
        return None
    number = re.sub(r"^\D+(?=\d+$)", "", values.get("number", ""))  # Participant 12
    keys = set(name_keys(name))
    for kind, value in cells:
        if kind in ("number", "login"):
            keys |= {value.casefold(), value.partition("@")[0].casefold()}
    keys |= number_keys(number)
    return Person(plain(name or values.get("login") or number), plain(number), keys)


def name_keys(name):
    """What a name can look like elsewhere: its words in any order, and all in one, as on Canvas."""
    parts = sorted(words(name))
    if not parts:
        return {name.casefold()} - {""}
    glued = {"".join(order) for order in permutations(parts)} if len(parts) < 5 else set()
    return {frozenset(parts), name.casefold()} | glued


def earlier_people(table):
    """Those who had handed in nothing when the table was written."""
    rows = [row for row in table.rows if row.get("status") == NOTHING]
    people = [Person(row["student"], row["number"], name_keys(row["student"])) for row in rows]
    return [person._replace(keys=person.keys | number_keys(person.number)) for person in people]


def number_keys(number):
    """What a number, or those of a group, can look like elsewhere."""
    return {part.strip().casefold() for part in number.split("&")} - {""}


def compare(people, submissions, complete=True):
    """The people of whom there is no file; if the list is ``complete``, note who is not on it."""
    present = set()
    for submission in submissions:
        keys = set()
        for student in submission.student.split(" & "):  # a group on Gradescope
            keys |= name_keys(student)
        keys |= number_keys(submission.owner.number)
        fitting = [index for index, person in enumerate(people) if person.keys & keys]
        present.update(fitting)
        if not fitting and complete:
            submission.remarks.append("not on the roster")
        elif len(fitting) > 1 and " & " not in submission.student:
            names = ", ".join(people[index].name for index in fitting[:3])
            submission.remarks.append(f"fits several people on the roster: {names}")
    return [person for index, person in enumerate(people) if index not in present]


def absent_rows(people, earlier, limit):
    """The rows of those who handed in nothing; an adjustment gives them points all the same."""
    rows = []
    for person in people:
        text = f"{person.name}\n{person.number}"
        row = {"student": no_formula(person.name), "number": no_formula(person.number)}
        row["id"] = "n" + hashlib.sha256(text.encode()).hexdigest()[:15]
        before = [old for old in earlier.rows if old["id"] == row["id"]]
        before = before or [old for old in earlier.rows if is_same_student(old, row)]
        before = before[0] if before and before[0].get("status") == NOTHING else {}
        where = f"grades.csv, {person.name}, adjustment"
        total = parse_number(before.get("adjustment"), where)
        row |= {name: before.get(name, "") for name in ("adjustment", "reason", "comment")}
        row |= {"total": number_text(total, earlier.decimal), "status": NOTHING}
        rows.append(row | {"max": number_text(limit, earlier.decimal)})
    return rows
