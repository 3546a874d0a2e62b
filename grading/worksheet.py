"""The way back: points into Moodle's grading worksheet, or the CSV of Canvas' gradebook.

Moodle   Identifier ("Participant 123"), …, Grade, Maximum Grade, Grade can be changed, …
Canvas   Student, ID, …, a column for each assignment, named "NAME (NUMBER)", and below the header
         a row of "Points Possible"

Moodle writes its headings in the instructor's language; those of seven are known here.
"""

from collections import Counter, namedtuple
from dataclasses import dataclass
import re

from grading import InputError
from grading.lateness import read_time
from grading.owners import words
from grading.spreadsheet import Sheet, read_sheet
from grading.text import plain, shortened

IDENTIFIER = {"identifier", "id", "identifiant", "identificador", "identificativo", "id-nummer"}
GRADE = {"grade", "bewertung", "note", "calificación", "valutazione", "cijfer", "nota"}
MAXIMUM = {"maximum grade", "bestwertung", "note maximale", "calificación máxima"}
MAXIMUM |= {"valutazione massima", "maximumcijfer", "nota máxima"}
LOCKED = r"(?i)grade can be changed|.*kann geändert werden|.*peut être modifiée|.*puede cambiar.*"
SUBMITTED = r"(?i).*\((submission|abgabe|travail remis|entrega|consegna|inzending|submissão)\)"
NAME = r"name|nom\b|nombre|naam|nome"
PARTICIPANT = r"(?=\D*[^\W\d])\D+(\d+)"
ASSIGNMENT = r"(.+) \((\d+)\)"

Entry = namedtuple("Entry", "student number total")  # what is known of a student; total may be None


@dataclass
class Worksheet:
    """A platform's table: where its students and the points of this assignment are."""

    platform: str
    path: object
    sheet: Sheet
    rows: dict  # from a student's number to the row's number
    names: int  # the column of what a student is called
    column: int
    maximum: float | None = None
    locked: int | None = None  # the column that says "No" if a grade cannot be changed
    submitted: int | None = None  # the column of times

    def times(self, zone):
        """When each student handed in, by number, as far as the table says it."""
        if self.submitted is None:
            return {}
        rows = self.sheet.rows
        times = {
            number: read_time(rows[row][self.submitted], zone)
            for number, row in self.rows.items()
            if self.submitted < len(rows[row])
        }
        return {number: time for number, time in times.items() if time}


def read_worksheet(path, assignment, column=None):
    """A platform's table as a ``Worksheet``; ``InputError`` if it is none.

    ``column`` names Canvas' column, where the assignment's name does not tell which it is.
    """
    sheet = read_sheet(path)
    header = [name.strip() for name in sheet.rows[0]] if sheet.rows else []
    if {"Student", "ID"} <= set(header):
        return canvas_worksheet(path, sheet, header, assignment, column)
    small = [name.casefold() for name in header]
    identifiers = [index for index, name in enumerate(small) if name in IDENTIFIER]
    grades = [index for index, name in enumerate(small) if name in GRADE]
    rows = {}
    for index in identifiers[:1] * bool(grades):
        found = {number: row for row, number in participants(sheet, index)}
        rows = found if len(found) == len(list(participants(sheet, index))) else {}
    if not rows:
        raise InputError(
            f"{path} is neither Moodle's grading worksheet (columns Identifier, with Participant "
            "123 in it, and Grade) nor an export of Canvas' gradebook (columns Student, ID and one "
            f"for each assignment); its first line has {shortened(list(map(plain, header)))}"
        )
    maximum = [index for index, name in enumerate(small) if name in MAXIMUM]
    limits = {sheet.rows[row][index] for row in rows.values() for index in maximum[:1]}
    locked = [index for index, name in enumerate(header) if re.fullmatch(LOCKED, name)]
    submitted = [index for index, name in enumerate(header) if re.fullmatch(SUBMITTED, name)]
    return Worksheet(
        "Moodle",
        path,
        sheet,
        rows,
        next((index for index, name in enumerate(small) if re.search(NAME, name)), identifiers[0]),
        grades[0],
        as_number(limits.pop()) if len(limits) == 1 else None,
        locked[0] if locked else None,
        submitted[0] if submitted else None,
    )


def participants(sheet, column):
    """The rows of a Moodle worksheet, and the numbers of their participants."""
    for index, row in enumerate(sheet.rows[1:], 1):
        match = re.fullmatch(PARTICIPANT, row[column].strip()) if column < len(row) else None
        if match:
            yield index, match[1]


def canvas_worksheet(path, sheet, header, assignment, column):
    """Canvas' gradebook, and in it the column of the assignment."""
    offered = {index: match for index, name in enumerate(header) if (match := assigned(name))}
    wanted = words(assignment)
    fitting = [index for index, match in offered.items() if wanted <= words(match[1])]
    if column:
        fitting = [
            index
            for index, match in offered.items()
            if column.strip().casefold() in (match[0].casefold(), match[1].casefold(), match[2])
        ]
    if len(fitting) != 1:
        names = shortened([plain(match[0]) for match in offered.values()], 20) or "none"
        raise InputError(
            f"{path}: which column is this assignment's? Name one with --column: {names}"
        )
    identifier = header.index("ID")
    rows, maximum = {}, None
    for index, row in enumerate(sheet.rows[1:], 1):
        if row[0].strip().casefold().startswith("points possible") and fitting[0] < len(row):
            maximum = as_number(row[fitting[0]])
        elif identifier < len(row) and row[identifier].strip().isdecimal():
            rows[row[identifier].strip()] = index
    return Worksheet("Canvas", path, sheet, rows, header.index("Student"), fitting[0], maximum)


def assigned(name):
    return re.fullmatch(ASSIGNMENT, name)


def as_number(text):
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


# --- filled in ----------------------------------------------------------------------------------


def fill(worksheet, entries, limit, out):
    """Write a copy of a worksheet with the points in it into ``out``; returns what to say.

    Only complete totals are written. ``limit`` are the assignment's points.
    """
    sheet, totals, unknown = worksheet.sheet, {}, []
    decimal = sheet.decimal()
    twice = Counter(entry.number for entry in entries)
    for entry in entries:
        if entry.total is None:
            continue
        if entry.number in worksheet.rows and twice[entry.number] == 1:
            totals[entry.number] = entry.total
        else:
            unknown.append(plain(entry.student))
    locked = [number for number in totals if is_locked_row(worksheet, number)]
    fields = {
        (worksheet.rows[number], worksheet.column): f"{total:.10g}".replace(".", decimal)
        for number, total in totals.items()
        if number not in locked and worksheet.column < len(sheet.rows[worksheet.rows[number]])
    }
    path = out / f"filled-{worksheet.path.name}"
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(sheet.changed(fields))
    part.replace(path)
    return [
        f"{worksheet.platform}: {len(fields)} of {len(worksheet.rows)} filled in: {plain(path)}",
        *told(worksheet, {entry.number for entry in entries}, totals, unknown, locked),
        *doubts(worksheet, totals, limit),
    ]


def is_locked_row(worksheet, number):
    fields = worksheet.sheet.rows[worksheet.rows[number]]
    if worksheet.locked is None or worksheet.locked >= len(fields):
        return False
    return fields[worksheet.locked].strip().casefold() in ("no", "nein", "non", "nee", "não")


def told(worksheet, known, totals, unknown, locked):
    """Who is on one side only; ``known`` are the numbers in the table of grades."""

    def names(numbers):
        rows = [worksheet.sheet.rows[worksheet.rows[number]] for number in numbers]
        return shortened([plain(row[worksheet.names]) for row in rows], 20)

    absent = [number for number in worksheet.rows if number not in known]
    waiting = [number for number in worksheet.rows if number in known and number not in totals]
    if absent:
        yield f"  in it, but without a file: {names(absent)}"
    if waiting:
        yield f"  without a total yet: {names(waiting)}"
    if unknown:
        yield f"  graded, but not in it: {shortened(unknown, 20)}"
    if locked:
        yield f"  left as they were, as their grades cannot be changed: {names(locked)}"


def doubts(worksheet, totals, limit):
    """What the platform may refuse."""
    if worksheet.maximum not in (None, limit):
        yield f"  {worksheet.platform} expects points up to {worksheet.maximum:g}, here {limit:g}"
    most = limit if worksheet.maximum is None else worksheet.maximum
    beyond = sum(not 0 <= total <= most for total in totals.values())
    if beyond:
        yield f"  {beyond} totals are below 0 or above the maximum: it may refuse them"
