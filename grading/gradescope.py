"""An autograder for Gradescope: the .zip that is uploaded there, and what it does with a hand-in.

https://gradescope-autograders.readthedocs.io says what it looks like: setup.sh installs, when the
image is built; run_autograder then grades submission/ and writes results/results.json. Code tasks
are graded there, each check by itself. The marks of written tasks are given on Gradescope.
"""

import argparse
import contextlib
import json
from pathlib import Path
import shutil
import sys
import tempfile
import traceback
import zipfile

from nbgrader.utils import is_grade, is_solution

from grading import assignments, grade
from grading.assignments import grade_id, task_of
from grading.feedback import check_label
from grading.pages import task_titles
from grading.text import plain
from grading.words import say

ROOT = Path(__file__).resolve().parent.parent
GRADER = "grading exercises/nbgrader_config.py exercises/ru/nbgrader_config.py"
PACKAGE = "gan_helpers notebooks/evidence pyproject.toml README.md LICENSE requirements.txt"
PACKAGE += " requirements-instructor.txt"  # to be installed
NAME = "assignment.txt"
TIME = (2020, 1, 1, 0, 0, 0)

SETUP = """#!/bin/bash
# Gradescope runs this once, as root, when it builds the image.
set -e
apt-get update
apt-get install -y --no-install-recommends bubblewrap python3-pip git
python3 -m pip install uv || python3 -m pip install --break-system-packages uv
cd /autograder
uv venv --python 3.12 venv
export VIRTUAL_ENV=/autograder/venv
cd source/package
uv pip install -r requirements.txt -r requirements-instructor.txt
uv pip install --no-deps .
chmod -R a+rX /autograder/venv
"""
RUN = """#!/bin/bash
# Gradescope runs this for each hand-in, in /autograder.
cd "$(dirname "$0")"
chmod -R go-rwx source submission results || true  # what is handed in runs as another user
base="$PWD"
cd source && exec "$base/venv/bin/python" -m grading.gradescope "$base"
"""


# --- the .zip -----------------------------------------------------------------------------------


def write_zip(name, folder, path=None):
    """Write the autograder of an assignment, whose source is in ``folder``; say where it is."""
    path = path or Path("build", f"gradescope-{name}.zip")
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        add(archive, "setup.sh", SETUP.encode(), 0o755)
        add(archive, "run_autograder", RUN.encode(), 0o755)
        add(archive, NAME, name.encode())
        for place in assignments.editions(name, folder).values():
            source = assignments.source_path(name, place)
            there = Path("exercises", source.relative_to(folder)).as_posix()
            add(archive, there, source.read_bytes())
        for prefix, parts in (("", GRADER), ("package/", PACKAGE)):
            for file in files_of(parts):
                name_there = prefix + file.relative_to(ROOT).as_posix()
                add(archive, name_there, file.read_bytes())
    print(f"{path}: hidden checks are in it, so keep it to yourself")


def files_of(parts):
    """The files of this repository that some names, of files or folders, stand for."""
    for place in (ROOT / part for part in parts.split()):
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def add(archive, name, content, mode=0o644):
    info = zipfile.ZipInfo(name, TIME)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, mode << 16
    archive.writestr(info, content)


# --- a hand-in ----------------------------------------------------------------------------------


def run(base):
    """Grade the hand-in in Gradescope's folder ``base``, and write its results."""
    name = (base / "source" / NAME).read_text(encoding="utf-8").strip()
    exercises = base / "source" / "exercises"
    try:
        with tempfile.TemporaryDirectory() as place:
            submissions = graded(base / "submission", Path(place), name, exercises)
        released = assignments.in_all_languages(assignments.RELEASED, name, exercises)
        results = results_of(submissions, released)
    except BaseException:  # also SystemExit: a student has to get an answer in any case
        traceback.print_exc()  # which only instructors see
        results = nothing("The grading failed. Tell your instructor.")
    (base / "results").mkdir(exist_ok=True)
    text = json.dumps(results, indent=1)
    (base / "results" / "results.json").write_text(text, encoding="utf-8")


def graded(submission, place, name, exercises):
    """What ``grade`` makes of one hand-in, in an export that has nothing else in it."""
    export = place / "export"
    shutil.copytree(submission, export / "student_1_assignsubmission_file_", symlinks=True)
    parser = argparse.ArgumentParser()
    grade.add_arguments(parser)
    options = [str(export), name, f"--folder={exercises}", f"--out={place / 'results'}"]
    options += ["--workers=1", "--without-isolation"]  # each hand-in has a container of its own
    with contextlib.redirect_stderr(sys.stdout):
        return grade.grade(parser.parse_args(options))


def results_of(submissions, released):
    """The content of results.json; hidden checks are shown when the time is up.

    ``released`` are the students' notebooks by language.
    """
    language = submissions[0].language if submissions else "en"
    if len(submissions) != 1 or submissions[0].choice == "?":
        names = ", ".join(plain(one.path.partition("/")[2]) for one in submissions)
        text = "There are several files with work in them: {names}. Hand in one."
        return nothing(say(text, language, names=names))
    submission, titles, tests = submissions[0], task_titles(released[language]), []
    if submission.problem:
        problem = say(plain(submission.problem), language)
        return nothing(say("Not graded: {problem}.", language, problem=problem))
    for cell in released[language].cells:
        name = grade_id(cell)
        if not is_grade(cell) or is_solution(cell):
            continue
        points = submission.points.get(name) or 0
        tests.append(
            {
                "name": f"{titles[task_of(name)]}: {say(check_label(name), language).lower()}",
                "score": points,
                "max_score": cell.metadata.nbgrader["points"],
                "status": "passed" if points else "failed",
                "output": plain_lines(say(submission.messages.get(name, ""), language)),
                "visibility": "after_due_date" if name.endswith("_hidden") else "visible",
            }
        )
    said = [*map(plain, dict.fromkeys(submission.notes)), "Written tasks are graded by a person."]
    output = "\n".join(say(text, language) for text in said)
    return {"output": output, "stdout_visibility": "hidden", "tests": tests}


def nothing(text):
    return {"score": 0, "output": text, "stdout_visibility": "hidden", "tests": []}


def plain_lines(text):
    return "\n".join(map(plain, text.splitlines()))


if __name__ == "__main__":
    run(Path(sys.argv[1]).resolve())
