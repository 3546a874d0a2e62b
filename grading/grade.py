"""Grade a folder (or .zip) of notebooks as a learning platform exports it.

make grade SUBMISSIONS=folder ASSIGNMENT=01_vanilla_gan

It knows the names of Moodle, Canvas, Blackboard, Brightspace, Gradescope, Sakai, GitHub Classroom
and nbgrader, and plain files and folders named after the students. Beside the folder it makes
folder-graded/ with

grades.csv    points by task and student. Written tasks, and what is unclear, stay empty: fill them
              in, correct what a check got wrong, add or take off points for anything else in
              "adjustment", save, and give the same command again: it adds up. What is filled in is
              kept as long as the student's file stays the same. Several files of a student between
              which nothing decides have a "?" in "counts": write yes in the row of one.
feedback/     a page for each student, under the name of the file that was handed in
answers/      a page for each written task, with all answers and the rubric
report.html   the class: points by task, what the checks said, similar solutions
filled-…      the learning platform's own table with the points in it, if you give one
runs/         what has been run already. An interrupted run goes on where it stopped, and a file
              that has changed is run again. --again NAME runs one student's file again.

--cluster ADDRESS runs them on other machines: see "Many machines" in exercises/INSTRUCTORS.md.

Submissions are programs of strangers. On Linux each runs without network, in a file tree of its own
that ends with it; elsewhere the command says what is missing and stops, unless you add
OPTIONS=--without-isolation. Read "What the isolation does" in exercises/INSTRUCTORS.md.
"""

from collections import Counter
import hashlib
import json
import os
from pathlib import Path, PurePosixPath
import re
import sys

import nbformat
from tqdm import tqdm

from grading import InputError, assignments, jobs, runner, sandbox
from grading.gradebook import chosen_ids, read_grades
from grading.lateness import find_time, note_lateness
from grading.plans import make_plan
from grading.points import assess
from grading.reading import at_its_own_expense, read_submissions
from grading.results import Assignment, Tables, write_results
from grading.submissions import UNTOUCHED, choose, rebuild
from grading.text import plain, shortened
from grading.versions import versions


def add_arguments(parser):
    """The command's arguments, for an ``argparse`` parser."""
    parser.add_argument("submissions", type=Path, help="folder or .zip of what was handed in")
    parser.add_argument("assignment", help="such as 01_vanilla_gan")
    parser.add_argument(
        "--folder",
        type=Path,
        default=assignments.EXERCISES,
        metavar="FOLDER",
        help="where source/ is (a private copy of exercises/)",
    )
    parser.add_argument("--out", type=Path, help="for the results (SUBMISSIONS-graded)")
    parser.add_argument(
        "--worksheet",
        type=Path,
        metavar="FILE",
        help="Moodle's grading worksheet or Canvas' gradebook: a copy is filled in",
    )
    parser.add_argument("--column", help="this assignment's column in Canvas' gradebook")
    parser.add_argument("--roster", type=Path, metavar="FILE", help="CSV of all in the class")
    parser.add_argument("--due", metavar="TIME", help="'2026-11-20 23:59': says who was late")
    parser.add_argument("--late-penalty", metavar="RULE", help="'10%% per day, at most 50%%'")
    parser.add_argument("--names", action="store_true", help="names in answers/ and report.html")
    parser.add_argument(
        "--again",
        action="append",
        default=[],
        metavar="NAME",
        help="run the file of this student again (also a number, file or id)",
    )
    parser.add_argument("--workers", type=int, default=2, help="files at a time (2)")
    parser.add_argument("--cluster", metavar="ADDRESS", help=jobs.HELP)
    parser.add_argument("--cell-seconds", type=int, default=60, help="for a cell (60)")
    parser.add_argument("--seconds", type=int, default=240, help="for a file (240)")
    parser.add_argument("--memory", type=int, default=4_000, help="MB for a file (4000)")
    parser.add_argument("--output", type=int, default=10, help="MB that a file may print (10)")
    parser.add_argument("--size", type=int, default=20, help="MB of a file itself (20)")
    parser.add_argument(
        "--without-isolation",
        action="store_true",
        help="run submissions even where they can harm this machine",
    )


# --- running ------------------------------------------------------------------------------------


def group_by_code(submissions, graded, released, limits, folder):
    """What is to be run: a dict from the file of a result to its task and its submissions.

    A task is a dict of the notebook to show, and the plan of the checks. ``graded`` and
    ``released`` are notebooks by language: the language does not show in what is checked.

    Two submissions with the same code share a run, and are told so if there is work in them.
    """
    groups = {}
    for submission in submissions:
        with at_its_own_expense(submission, "preparing it"):
            if submission.problem:
                continue
            language = submission.language
            notebook = rebuild(submission, released[language])
            plan, taken = make_plan(notebook.cells, graded[language], released[language])
            for name, names in taken.items():
                said = f"{name} was checked with what own cells define: {shortened(names)}"
                submission.remarks.append(said)
            task = {"notebook": notebook, "plan": plan}
            text = json.dumps([task, limits, versions()], sort_keys=True)
            file = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
            groups.setdefault(file, (task, []))[1].append(submission)
    for _, group in groups.values():
        for submission in group:
            others = sorted(
                other.path
                for other in group
                if other.owner.key != submission.owner.key and other.work != UNTOUCHED
            )
            if others and submission.work != UNTOUCHED:
                submission.remarks.append(f"the same code as {shortened(others)}")
    return groups


def run_all(groups, job, workers, client=None):
    """Run what has not been run yet, some at a time, here or where ``client`` leads to.

    ``job`` is all of a runner's job but the task; ``groups`` comes from ``group_by_code``. What
    ended by a time-out, or by a failure of this machine, is not kept for the next time.
    """
    passing = {}
    waiting = {file: job | task for file, (task, _) in groups.items() if not file.exists()}
    outcomes = jobs.run(runner.run_safely, waiting, workers, client, threads=True)
    try:
        for file, result in tqdm(outcomes, total=len(waiting), unit="file", disable=not waiting):
            if "failed" in result:
                for submission in groups[file][1]:
                    submission.problem = f"running it failed: {result['failed']}"
            elif result["again"]:
                passing[file] = nbformat.from_dict(result)
            else:
                part = file.with_suffix(".part")
                part.write_text(json.dumps(result), encoding="utf-8")
                part.replace(file)
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. The same command goes on from here.")
    for file, (_, group) in groups.items():
        for submission in group:
            with at_its_own_expense(submission, "reading its result"):
                if not submission.problem:
                    submission.result = passing.get(file) or load_result(file)
                    submission.remarks += submission.result["remarks"]


def load_result(file):
    """What a run gave; a damaged file is deleted, and the next time it runs again."""
    try:
        return nbformat.from_dict(json.loads(file.read_text(encoding="utf-8")))
    except ValueError:
        file.unlink()
        raise


# --- the command --------------------------------------------------------------------------------


def check_workers(client):
    """The least isolation that a worker of a cluster has, and what keeps it from "full".

    ``InputError`` if one of them would give other results than this machine.
    """
    found = jobs.ask(client, runner.look_around)
    jobs.compare_versions({one: there["versions"] for one, there in found.items()}, versions())
    for address, there in found.items():
        if there["childless"]:
            raise InputError(f"--cluster: {plain(address)} may start no processes. {jobs.START}")
    isolations = (there["isolation"] for there in found.values())
    return max(isolations, key=lambda found: sandbox.KINDS.index(found[0]))


def check_isolation(found, without_isolation):
    """The isolation of what was found; without a full one, stop unless it is said to go on."""
    isolation, reason = found
    if isolation != "full":
        risk = "They could use the network"
        risk += "." if isolation == "user" else ", and read, change and delete your files."
        print(
            f"Submissions would run without full isolation. {risk} What to do: {reason}; or "
            "grade in a virtual machine with Linux; or add OPTIONS=--without-isolation if you "
            "trust them.",
            file=sys.stderr,
        )
        if not without_isolation:
            sys.exit(2)
    return isolation


def forget(groups, wanted):
    """Delete the results of some students' files, so that they run again."""
    for name in wanted:
        found = [file for file, (_, group) in groups.items() if any(is_called(group, name))]
        if not found:
            students = sorted({one.student for _, group in groups.values() for one in group})
            raise InputError(f"--again {name!r}: no such student; there are {shortened(students)}")
        for file in found:
            file.unlink(missing_ok=True)


def is_called(group, name):
    """For each file of a group, whether a name, number, file or beginning of an id is its."""
    for one in group:
        names = {one.student, one.owner.number, one.path, PurePosixPath(one.path).name} - {""}
        yield name in names or (len(name) > 5 and one.id.startswith(name))


def note_times(submissions, timestamps, worksheet, due):
    """Note who was late, by what the platforms say."""
    times, unknown = worksheet.times(due.tzinfo) if worksheet else {}, 0
    for submission in submissions:
        moment = find_time(submission, timestamps, times, due.tzinfo)
        if moment:
            note_lateness(submission, moment, due)
        elif submission.owner.late:
            submission.remarks.append("the export does not say how late")
        unknown += moment is None
    if unknown:
        print(f"when they were handed in, nothing says of {unknown} files")


def grade(arguments):
    """Grade what was submitted; returns a ``Submission`` for each row of a file.

    ``arguments`` are those of ``add_arguments``, parsed; ``InputError`` if something is wrong with
    them, or with an earlier table.
    """
    name, export, folder = arguments.assignment, arguments.submissions.resolve(), arguments.folder
    available = assignments.names(folder)
    if name not in available:
        raise InputError(f"no assignment {name!r}; there are: {', '.join(available)}")
    tables = Tables(arguments)
    sources = {source: assignments.load_source(source, folder) for source in available}
    graded = assignments.in_all_languages(assignments.GRADED, name, folder)
    released = assignments.in_all_languages(assignments.RELEASED, name, folder)
    max_bytes = arguments.size * 1_000_000
    files, aside, timestamps = read_submissions(export, max_bytes, name, sources, released)
    if not files:
        raise InputError(f"no notebook (.ipynb) in {arguments.submissions}")
    out = arguments.out or export.with_name(re.sub(r"(?i)\.zip$", "", export.name) + "-graded")
    earlier = read_grades(out / "grades.csv")
    submissions = choose(files, chosen_ids(earlier))
    if tables.due:
        note_times(submissions, timestamps, tables.worksheet, tables.due)
    limits = {
        "threads": max(1, (os.cpu_count() or 1) // arguments.workers),
        "cell_seconds": arguments.cell_seconds,
        "seconds": arguments.seconds,
        "memory": arguments.memory << 20,
        "output": arguments.output << 20,
    }
    runs = out / "runs"
    with jobs.cluster(arguments.cluster) as client:
        found = check_workers(client) if client else sandbox.find_isolation(runner.own_user())
        isolation = check_isolation(found, arguments.without_isolation)
        where = f", on {len(client.nthreads())} workers" if client else ""
        runs.mkdir(parents=True, exist_ok=True)
        groups = group_by_code(submissions, graded, released, limits, runs)
        forget(groups, arguments.again)
        run_all(groups, limits | {"isolation": isolation}, arguments.workers, client)
    for submission in submissions:
        with at_its_own_expense(submission, "counting its points"):
            if submission.result and not submission.problem:
                assess(submission, released[submission.language])
    assignment = Assignment(name, sources[name], released)
    rows = write_results(out, submissions, assignment, tables, earlier)
    for row in rows:
        if row.get("notes"):
            print(f"{row['file']}: {row['notes']}")
    if aside:
        print(f"left aside, as made by systems: {shortened([file.path for file in aside], 3)}")
    for status, count in Counter(row["status"] for row in rows).items():
        print(f"{status}: {count}")
    print(f"isolation: {isolation if where else sandbox.describe(isolation)}{where}")
    print(plain(out / "grades.csv"))
    return submissions
