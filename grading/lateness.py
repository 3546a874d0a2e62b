"""When a file was handed in, by the platforms' own stamps, and what lateness costs."""

from collections import namedtuple
from datetime import datetime, timedelta
import math
from pathlib import PurePosixPath
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grading import InputError

TIMESTAMP = "timestamp.txt"  # nbgrader's and Sakai's
UNITS = {"hour": 3_600, "day": 86_400, "week": 604_800}
NUMBER = r"(\d+(?:[.,]\d+)?)\s*(%|points?)"
POLICY = rf"{NUMBER} (?:per|an?|each) (hour|day|week)(?:,? at most {NUMBER})?"
# The beginnings of the months' names in English, German, French, Spanish, Italian, Dutch and
# Portuguese, as Moodle writes them.
MONTHS = """
jan|ene|gen feb|fév|fev mar|mär|mrt|maa apr|avr|abr may|mai|mag|mei jun|juin|giu jul|juil|lug
aug|aoû|ago sep|set oct|okt|ott|out nov dec|dez|déc|dic
"""
MONTHS = [tuple(names.split("|")) for names in MONTHS.split()]

# ``amount`` and ``most`` are numbers with a unit, "%" of the full points or "points"; ``most``
# is None if there is none.
Policy = namedtuple("Policy", "amount unit seconds most most_unit")


def parse_due(text):
    """A deadline such as "2026-11-20 23:59", or with a zone, "2026-11-20 23:59 Europe/Berlin"."""
    moment, _, zone = (text or "").partition(" ")[2].partition(" ")
    day = (text or "").partition(" ")[0]
    try:
        found = datetime.strptime(f"{day} {moment}", "%Y-%m-%d %H:%M")
        return found.replace(tzinfo=ZoneInfo(zone.strip())) if zone.strip() else found.astimezone()
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise InputError(
            f"--due {text!r}: expected a time such as '2026-11-20 23:59', or with its zone, "
            "'2026-11-20 23:59 Europe/Berlin'"
        ) from None


def parse_policy(text):
    """What lateness costs: "10% per day", "0.5 points per hour, at most 50%"."""
    match = re.fullmatch(POLICY, " ".join(text.split()).replace(" %", "%"), re.IGNORECASE)
    if not match:
        raise InputError(
            f"--late-penalty {text!r}: expected '10% per day', '1 point per hour' or "
            "'10% per day, at most 50%'"
        )
    amount, unit, period, most, most_unit = match.groups()
    most = most and float(most.replace(",", "."))
    seconds = UNITS[period.lower()]
    return Policy(float(amount.replace(",", ".")), unit, seconds, most, most_unit)


# --- stamps -------------------------------------------------------------------------------------


def read_time(text, zone):
    """A time as platforms write it, in ``zone`` if it names none; None if it cannot be read."""
    text = str(text).strip()
    if match := re.fullmatch(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d*", text):  # Sakai, ILIAS
        numbers = list(map(int, match.groups()))
    elif match := re.match(r"(\d{4})-(\d\d)-(\d\d)[T -](\d\d)[:.-](\d\d)(?:[:.-](\d\d))?", text):
        numbers = [int(number or 0) for number in match.groups()]
        zone = named_zone(text[match.end() :], zone)
    else:
        numbers = worded_time(text)
    try:
        return datetime(*numbers, tzinfo=zone)
    except (TypeError, ValueError):
        return None


def named_zone(rest, zone):
    """The zone that stands behind a time: .123 UTC, +01:00, America/Los_Angeles; else ``zone``."""
    rest = re.sub(r"^\.\d+", "", rest).strip()
    if rest in ("UTC", "Z", "GMT"):
        return ZoneInfo("UTC")
    if match := re.fullmatch(r"([+-]\d\d):?(\d\d)", rest):
        return datetime.strptime(f"{match[1]}{match[2]}", "%z").tzinfo
    try:
        return ZoneInfo(rest) if rest else zone
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return zone


def worded_time(text):
    """Year, month, day, hour, minute of "Wednesday, 10 June 2026, 2:14 PM", in any order."""
    text = text.lower()
    clock = re.search(r"(\d{1,2})[:.](\d\d)(?::\d\d)?\s*([ap]\.?\s?m\b)?", text)
    if not clock:
        return None
    date = text.replace(clock[0], " ")
    year, day = re.search(r"\b(20\d\d)\b", date), re.search(r"\b(\d{1,2})\b", date)
    months = [
        number
        for word in re.findall(r"[^\W\d_]{3,}", date)
        for number, names in enumerate(MONTHS, 1)
        if word.startswith(names)
    ]
    if not (year and day and months):
        return None
    hour = int(clock[1])
    if clock[3]:
        hour = hour % 12 + 12 * (clock[3][0] == "p")
    return [int(year[1]), months[-1], int(day[1]), hour, int(clock[2])]  # martes 5 de mayo: May


def find_time(file, timestamps, worksheet_times, zone):
    """When a file was handed in, or None if nothing says it.

    timestamps       the texts of files called timestamp.txt, by path
    worksheet_times  times in a Moodle worksheet, by number
    """
    kind, value = file.owner.stamp or ("", None)
    if kind in ("Canvas", "Teams"):  # numbers, which are no times
        return None
    if kind:
        return read_time(value, ZoneInfo("UTC") if kind == "exchange" else zone)
    if file.owner.number in worksheet_times:
        return worksheet_times[file.owner.number]
    for place, text in timestamps.items():
        folder = str(PurePosixPath(place).parent)
        if file.path.startswith(f"{folder}/") and folder != ".":
            sakai = re.fullmatch(r"\d{17}\s*", text)  # in Greenwich time
            return read_time(text, ZoneInfo("UTC") if sakai else zone)
    return None


def is_timestamp(path, assignment):
    """Whether a path is a file that nbgrader or Sakai wrote, and not the student."""
    folder, _, last = path.rpartition("/")
    place = folder.rpartition("/")[2]
    by_platform = place == assignment or re.fullmatch(r".+\(.+\)", place)
    return bool(last == TIMESTAMP and by_platform and ".zip/" not in path.lower())


# --- lateness -----------------------------------------------------------------------------------


def span(seconds):
    """A time in words: 2 days 3 hours."""
    days, rest = divmod(int(seconds), 86_400)
    hours, minutes = rest // 3_600, max(1, rest % 3_600 // 60)
    parts = [(days, "day"), (hours, "hour")] if days or hours else [(minutes, "minute")]
    return " ".join(f"{count} {word}{'s' * (count != 1)}" for count, word in parts if count)


def note_lateness(submission, moment, due):
    """Note how late a file is; the minute of the deadline is still in time."""
    seconds = (moment - due) / timedelta(seconds=1)
    if seconds >= 60:
        submission.late_seconds = seconds
        submission.late = f"handed in {span(seconds)} after the deadline"
        submission.notes = [note for note in submission.notes if note != "late"]
        submission.notes.append(submission.late)


def deduction(submission, policy, points, limit):
    """What lateness costs of ``points``, for every period that has begun; never below zero."""
    if not (policy and submission.late_seconds):
        return 0.0

    def of(amount, unit):
        return amount * limit / 100 if unit == "%" else amount

    lost = math.ceil(submission.late_seconds / policy.seconds) * of(policy.amount, policy.unit)
    if policy.most is not None:
        lost = min(lost, of(policy.most, policy.most_unit))
    return min(round(lost, 4), max(points, 0.0))
