"""Whose a file is, from its path and from all the other paths of the export.

Platforms write the student into the name of a file or folder. Elsewhere a folder is a student's,
or it holds a class: which of the two, only a look at the whole export can tell.

Moodle           NAME_NUMBER_assignsubmission_file_/… or …_file_FILE
Canvas           NAME_LATE_NUMBER_UPLOAD_FILE (_LATE or not), anon_CODE_UPLOAD_FILE
Blackboard       ASSIGNMENT_USER_attempt_2026-01-31-12-00-00_FILE
Brightspace      NUMBER-NUMBER - NAME - Jan 31, 2026 1200 PM/… or … - FILE
Gradescope       submission_NUMBER/…, and names in submission_metadata.yml
Sakai            NAME(USER)/Submission attachment(s)/FILE
nbgrader         STUDENT/ASSIGNMENT/FILE, and in its exchange STUDENT+ASSIGNMENT+TIME/FILE
GitHub Classroom ASSIGNMENT-submissions/ASSIGNMENT-USER/…
Google Classroom NAME - ASSIGNMENT.ipynb
Teams            NAME/ASSIGNMENT/Version 2/FILE
ILIAS            NAME_LOGIN_NUMBER/20260131120000_FILE
"""

from collections import Counter, namedtuple
from datetime import datetime
from pathlib import PurePosixPath
import re
import unicodedata

import yaml

from grading.text import plain

# ``key`` is the same for all files of a student. ``stamp`` says when the file was handed in: a
# kind and a value; of two stamps of a kind, the greater one is the later. None: nothing says it.
Owner = namedtuple("Owner", "key student number stamp late", defaults=("", None, False))

MOODLE = r"(?P<student>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+(_.*)?"
BLACKBOARD = r".+?_(?P<student>[^_]+)_attempt_(?P<time>\d{4}(-\d\d){5})([_.].*)?"
BRIGHTSPACE = r"(?P<number>\d+)-\d+ - (?P<student>.+?) - (?P<time>\w+\.? \d+, \d{4} [\d:.]+ ?[AP]M)"
BRIGHTSPACE += r"( - .*)?"
EXCHANGE = r"(?P<student>[^+]+)\+[^+]+\+(?P<time>\d{4}-\d\d-\d\d \d\d.\d\d.\d\d(\.\d+)?)[ +].*"
CANVAS = r"(?P<student>.+?)(?P<late>_LATE)?_(?P<number>\d+|(?<=anon_)\w{5}|(?<=anon_LATE_)\w{5})"
CANVAS += r"_(?P<upload>\d+)_(?P<name>.+)"
SAKAI = r"(?:[^/]+/)*?(?P<student>[^/]+)\((?P<number>[^()/]+)\)/"
SAKAI += r"(Submission attachment|timestamp\.txt|comments\.txt|[^/]*submissionText).*"
GRADESCOPE = r"submission_\d+"
METADATA = "submission_metadata.yml"

# A word, a character that is one, or a number that is no date.
WORD = r"[^\W\d_]{2,}|[^\W\d_\x00-\x7f]|(?<!\d)(?!20\d\d(?:\d{4})?(?!\d))\d{4,12}(?!\d)"
# Words that name no person, in the names of files and folders.
GENERAL = """
a abgabe abgaben again and answer answers archive assignment attempt aufgabe aufgaben backup bak
checkpoint checkpoints class classroom code colab complete completed copia copie copy corrected
corrigé course day de demo devoir devoirs done download downloads draft entrega entwurf exam
exercice exercices exercise exercises export fertig file files final finished first fixed folder
good group gruppe hand handed handin handins handout hausaufgabe home homework hub hw in ipynb is
jupyter jupyterhub kopie kurs lab last late latest letzte loesung loesungen lösung lösungen main
mine my nb neu neue new notebook notebooks of ok old one part pasted problem project ps real redo
release rendu resubmission resubmitted result revised richtig save saved school second section
semaine sheet solution solutions solved src student students submission submissions submit submitted
tarea task tasks temp term test the third this to trabajo tries try tut tutorial two uebung uebungen
uni unit university untitled untouched update updated upload uploads users v version versions von
week woche work working wrong zip zuletzt übung übungen
"""
GENERAL = set(GENERAL.split())


# --- words --------------------------------------------------------------------------------------


def words(text):
    """The words and long numbers of a name, small: what could tell who somebody is. No dates."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return frozenset(re.findall(WORD, text))


def label(part):
    """A file's name without its ending."""
    return re.sub(r"(?i)(\.ipynb.*|\.zip.*|\.\w{1,5}(#\d+)?)$", "", part) or part


def without_title(text, title):
    """A label without the assignment's name before or after it, if something is left."""
    name = "[-_. ]*".join(map(re.escape, re.split(r"[-_. ]+", title)))
    left = re.sub(rf"(?i)^{name}[-_. ]+|[-_. ]+{name}$", "", text).strip(" -_")
    return left if words(left) - GENERAL else text


# --- platforms ----------------------------------------------------------------------------------


def brightspace_time(text):
    """A time such as Jan 31, 2026 1200 PM, so that it sorts; None if it is another language's."""
    month, day, year, *clock, half = re.findall(
        r"\w+", text.replace("PM", " PM").replace("AM", " AM")
    )
    try:
        return datetime.strptime(
            f"{month[:3]} {day} {year} {''.join(clock):0>4}{half}", "%b %d %Y %I%M%p"
        )
    except ValueError:
        return None


def platform_owner(path):
    """The owner whose name a platform has written into the path, or None."""
    for part in path.split("/"):  # the outermost counts: what is inside are the student's own names
        for kind, pattern in (
            ("Moodle", MOODLE),
            ("Blackboard", BLACKBOARD),
            ("exchange", EXCHANGE),
        ):
            match = re.fullmatch(pattern, part)
            if match:
                groups = match.groupdict()
                stamp = (kind, groups["time"]) if "time" in groups else None
                return made(groups["student"], groups.get("number"), stamp)
        match = re.fullmatch(BRIGHTSPACE, part)
        if match:
            time = brightspace_time(match["time"])
            return made(match["student"], match["number"], time and ("Brightspace", time))
    match = re.fullmatch(SAKAI, path)
    return made(match["student"], match["number"]) if match else None


def made(student, number="", stamp=None, late=False):
    student, number = plain(student), number or ""
    return Owner((student, number), student, number, stamp, late)


def canvas_owners(paths):
    """The owners of those paths that look like Canvas', if all of them can be: a dict.

    An upload has one file, a number one student, and one student is not a whole class.
    """
    found = {}
    for path in paths:
        matches = (re.fullmatch(CANVAS, part) for part in path.split("/"))
        match = next(filter(None, matches), None)
        if match:
            found[path] = match
    files = {match[0]: match for match in found.values()}.values()
    students = {(match["student"], match["number"]) for match in files}
    others = {words(label(match["name"])) - GENERAL for match in files} - {frozenset()}
    unlike = len({match["upload"] for match in files}) < len(files)
    unlike |= len({number for _, number in students}) < len(students)
    if unlike or (len(students) == 1 and len(others) > 1):
        return {}
    return {
        path: made(
            match["student"],
            match["number"],
            ("Canvas", int(match["upload"])),
            bool(match["late"]),
        )
        for path, match in found.items()
    }


def gradescope_owners(paths, metadata):
    """The owners of the folders submission_NUMBER, whose names stand in a file beside them.

    ``metadata`` is a dict from the paths to the bytes of files called submission_metadata.yml.
    """
    owners = {}
    for place, content in metadata.items():
        folder = place[: -len(METADATA)]
        folders = {
            path: path.removeprefix(folder).split("/")[0] for path in paths if folder in path
        }
        folders = {path: name for path, name in folders.items() if re.fullmatch(GRADESCOPE, name)}
        if 2 * len(folders) < len(paths) or len(content) > 1_000_000:
            continue  # a student's, who would like to be called something else
        try:
            people = dict(yaml.safe_load(content))
        except Exception:
            people = {}
        for path, name in folders.items():
            owners[path] = made(name)
            try:
                about = people[name]
                students = about[":submitters"]
                names = " & ".join(str(student[":name"]) for student in students)
                number = " & ".join(str(student.get(":sid") or "") for student in students)
                time = about.get(":created_at")
                owners[path] = made(names, plain(number), time and ("Gradescope", str(time)))
            except (KeyError, TypeError, AttributeError):
                continue  # the folder's name is all there is
    return owners


# --- plain files and folders --------------------------------------------------------------------


def plain_owners(paths, notebooks, titles):
    """The owners of files whose names no platform has made: a dict from path to ``Owner``.

    Only ``notebooks`` tell how folders are used. ``titles`` are the names of the assignments, that
    of the graded one first, and of the export.
    """
    general = GENERAL.union(*map(words, titles))
    notebooks = {tuple(path.split("/")) for path in notebooks}
    split = {path: tuple(path.split("/")) for path in paths}
    keys = {}

    def people(folder, inside):
        """How many names of persons there are directly in a folder, besides its own."""
        known = general | words(folder[-1])
        names = {words(path[len(folder)]) - known for path in inside if path in notebooks}
        return len(names - {frozenset()})

    def share_out(prefix, inside):
        """Find the owners of the files in a folder that holds a class."""
        level, folders = len(prefix), {}
        for path in inside:
            if len(path) == level + 1:
                keys[path] = (*prefix, label(path[-1]))
            else:
                folders.setdefault(path[level], []).append(path)
        counts = {name: people((*prefix, name), files) for name, files in folders.items()}
        votes = sum({0: -1, 1: -0.5}.get(count, count - 1) for count in counts.values())
        for name, files in folders.items():
            no_person = not words(name) - general and (counts[name] > 1 or len(folders) == 1)
            if no_person or (votes > 0 and counts[name]):
                share_out((*prefix, name), files)
            else:
                key = (*prefix, re.sub(r"(?i)\.zip.*$", "", name) or name)
                keys.update(dict.fromkeys(files, key))

    share_out((), list(split.values()))
    shown = {key: without_title(key[-1], titles[0]) for key in keys.values()}
    for folder in {part for key in keys.values() for part in key[:-1]}:
        title = re.sub(r"(?i)-submissions(\.zip.*)?$", "", folder)  # of GitHub Classroom
        shown = {key: without_title(text, title) for key, text in shown.items()}
    times = Counter(shown.values())
    owners = {}
    for path, parts in split.items():
        key = keys[parts]
        student = shown[key] if times[shown[key]] == 1 else "/".join(key)
        owners[path] = Owner("/".join(key), student, stamp=plain_stamp(path))
    return owners


def plain_stamp(path):
    """What a path says of when it was handed in: ILIAS' time, or the version in Teams."""
    time = re.match(r"(20\d{12})_", PurePosixPath(path).name)
    version = re.search(r"/Version (\d+)/", path)
    if time:
        return "ILIAS", time[1]
    return ("Teams", int(version[1])) if version else None


def find_owners(paths, notebooks, titles, metadata=None):
    """The owner of each file of an export: a dict from path to ``Owner``.

    paths      the paths of all files, with "/"
    notebooks  those of them that are notebooks, whatever is in them
    titles     the name of the assignment that is graded, then those of others, and of the export
    metadata   the bytes of files called submission_metadata.yml, by path
    """
    views = {path: "/".join(part[:200] for part in path.split("/")[:12]) for path in paths}
    short = dict.fromkeys(views.values())  # of which nothing can be too deep or too long to look at
    owners = {path: owner for path in short if (owner := platform_owner(path))}
    for find in (lambda rest: gradescope_owners(rest, metadata or {}), canvas_owners):
        owners |= find([path for path in short if path not in owners])
    rest = [path for path in short if path not in owners]
    notebooks = {views[path] for path in notebooks}.intersection(rest)
    owners |= plain_owners(rest, notebooks, titles)
    return {path: owners[view] for path, view in views.items()}
