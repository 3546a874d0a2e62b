"""Grade a folder (or .zip) of notebooks as a learning platform exports it.

make grade SUBMISSIONS=folder ASSIGNMENT=01_vanilla_gan

It knows the names of Moodle, Canvas, Blackboard, Brightspace, Gradescope, Sakai, GitHub Classroom
and nbgrader, and plain files and folders named after the students. Beside the folder it makes
folder-graded/ with

grades.csv    points by task and student. Written tasks, and what is unclear, stay empty: fill them
              in, add or take off points for anything else in "adjustment", save, and give the same
              command again: it adds up. What is filled in is kept as long as the student's file
              stays the same. Several files of a student between which nothing decides have a "?"
              in "counts": write yes in the row of one.
feedback/     a page for each student, under the name of the file that was handed in
runs/         what has been run already. An interrupted run goes on where it stopped, and a file
              that has changed is run again. Delete runs/ to run everything again.

Submissions are programs of strangers. On Linux each runs without network, in a file tree of its own
that ends with it; elsewhere the command says what is missing and stops, unless you add
OPTIONS=--without-isolation. Read "What the isolation does" in exercises/INSTRUCTORS.md.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
import contextlib
import hashlib
import json
import os
from pathlib import Path, PurePosixPath
import re
import sys

import nbformat
from tqdm import tqdm

from grading import InputError, assignments, runner, sandbox
from grading.export import collect, is_aside
from grading.feedback import feedback, message_page
from grading.gradebook import add_up, assess, chosen_ids, notes, read_grades, write_grades
from grading.owners import METADATA, find_owners
from grading.submissions import (
    UNTOUCHED,
    Submission,
    choose,
    examine,
    file_id,
    measure_work,
    rebuild,
)
from grading.text import plain, shortened


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
    parser.add_argument("--workers", type=int, default=2, help="files at a time (2)")
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


@contextlib.contextmanager
def at_its_own_expense(submission, stage):
    """Any failure with one file is that file's problem, and the others are graded."""
    try:
        yield
    except Exception as error:
        submission.problem = submission.problem or f"{stage} failed: {failure(error)}"


def failure(error):
    return f"{type(error).__name__}: {error}"[:300]


# --- reading ------------------------------------------------------------------------------------


def read_submissions(export, max_bytes, name, sources, released):
    """A ``Submission`` for each file of an export, examined, with its owner; files set aside."""
    files, metadata, seen = [], {}, Counter()
    for path, content, problem in collect(export, max_bytes):
        if PurePosixPath(path).name == METADATA:
            metadata[path] = content
        seen[path] += 1
        path = path if seen[path] == 1 else f"{path}#{seen[path]}"  # a .zip can have a name twice
        file = Submission(path, file_id(content), problem=problem)
        if not PurePosixPath(path).name.startswith("._"):
            with at_its_own_expense(file, "reading it"):
                examine(file, content, name, sources)
                measure_work(file, released)
        files.append(file)
    files, aside = divide(files)
    titles = [name, *sources, re.sub(r"(?i)\.zip$", "", export.name)]
    notebooks = [file.path for file in files if ".ipynb" in file.path.lower() or not file.problem]
    owners = find_owners([file.path for file in files], notebooks, titles, metadata)
    for file in files:
        file.owner = owners[file.path]
        file.notes += ["late"] if file.owner.late else []
    return files, aside


def divide(files):
    """The files of people, and what systems, editors and platforms leave beside them.

    An editor's automatic copy is set aside, too, unless it is all that there is of somebody's work.
    """
    paths = {file.path for file in files if not is_aside(file.path)}
    kept, aside = [], []
    for file in files:
        folder, _, last = file.path.rpartition("/")
        beside = f"{folder}/submission_".lstrip("/")
        left = is_aside(file.path)
        if left and file.work and not has_original(file.path, paths):
            file.remarks.append("an automatic copy of an editor: there is no other file")
            left = False
        if last == METADATA:  # Gradescope's
            left = any(path.startswith(beside) for path in paths - {file.path})
        (aside if left else kept).append(file)
    return kept, aside


def has_original(path, paths):
    """Whether beside an editor's automatic copy there is the file itself, or another one."""
    folder = re.sub(r"\.ipynb_checkpoints/.*", "", path)
    original = folder + PurePosixPath(path).name.replace("-checkpoint", "")
    return original in paths or bool(folder and any(other.startswith(folder) for other in paths))


# --- running ------------------------------------------------------------------------------------


def group_by_code(submissions, graded, released, limits, folder):
    """What is to be run: a dict from the file of a result to its notebook and its submissions.

    Two submissions with the same code share a run, and are told so if there is work in them.
    """
    groups = {}
    for submission in submissions:
        with at_its_own_expense(submission, "preparing it"):
            if submission.problem:
                continue
            notebook = rebuild(submission, graded, released)
            text = json.dumps([notebook, limits], sort_keys=True)
            file = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
            groups.setdefault(file, (notebook, []))[1].append(submission)
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


def run_all(groups, job, workers):
    """Run what has not been run yet, some at a time.

    ``job`` is all of a runner's job but the notebook; ``groups`` comes from ``group_by_code``.
    """
    slots = list(range(workers))

    def run(file, notebook):
        slot = slots.pop()
        try:
            user = job["user"] and job["user"] - slot
            result = runner.run_job(job | {"notebook": notebook, "user": user})
        finally:
            slots.append(slot)
        part = file.with_suffix(".part")
        part.write_text(json.dumps(result), encoding="utf-8")
        part.replace(file)

    with ThreadPoolExecutor(workers) as pool:
        futures = {
            pool.submit(run, file, notebook): group
            for file, (notebook, group) in groups.items()
            if not file.exists()
        }
        try:
            finished = as_completed(futures)
            for future in tqdm(finished, total=len(futures), unit="file", disable=not futures):
                if future.exception():
                    for submission in futures[future]:
                        submission.problem = f"running it failed: {failure(future.exception())}"
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            sys.exit("\nInterrupted. The same command goes on from here.")
    for file, (_, group) in groups.items():
        for submission in group:
            with at_its_own_expense(submission, "reading its result"):
                if not submission.problem:
                    submission.result = load_result(file)


def load_result(file):
    """What a run gave; a damaged file is deleted, and the next time it runs again."""
    try:
        return nbformat.from_dict(json.loads(file.read_text(encoding="utf-8")))
    except ValueError:
        file.unlink()
        raise


# --- the command --------------------------------------------------------------------------------


def check_isolation(user, without_isolation):
    """The isolation that this machine has; without a full one, stop unless it is said to go on."""
    isolation, reason = sandbox.find_isolation(user)
    if isolation != "full":
        risk = "They could use the network"
        risk += "." if isolation == "user" else ", and read, change and delete your files."
        print(
            f"Submissions would run without full isolation: {reason}. {risk} "
            "Grade as root, on Linux or in a virtual machine without network, or add "
            "OPTIONS=--without-isolation if you trust them.",
            file=sys.stderr,
        )
        if not without_isolation:
            sys.exit(2)
    return isolation


def write_page(folder, submission, name, released, taken):
    """Write a student's page; a remark instead of an exception where it cannot be made.

    ``taken`` are the pages that have been written, a set.
    """
    try:
        text = feedback(submission, name, released)
    except Exception as error:
        submission.remarks.append(f"its page could not be made: {failure(error)}")
        text = message_page(name, "this page could not be made; ask for your points")
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


def grade(arguments):
    """Grade what was submitted; ``InputError`` if the arguments or an earlier table are wrong.

    ``arguments`` are those of ``add_arguments``, parsed.
    """
    name, export, folder = arguments.assignment, arguments.submissions.resolve(), arguments.folder
    available = assignments.names(folder)
    if name not in available:
        raise InputError(f"no assignment {name!r}; there are: {', '.join(available)}")
    sources = {source: assignments.load_source(source, folder) for source in available}
    graded = assignments.apply(assignments.GRADED, sources[name])
    released = assignments.apply(assignments.RELEASED, sources[name])
    max_bytes = arguments.size * 1_000_000
    files, aside = read_submissions(export, max_bytes, name, sources, released)
    if not files:
        raise InputError(f"no notebook (.ipynb) in {arguments.submissions}")
    user = sandbox.submission_user()
    isolation = check_isolation(user, arguments.without_isolation)
    out = arguments.out or export.with_name(re.sub(r"(?i)\.zip$", "", export.name) + "-graded")
    earlier = read_grades(out / "grades.csv")
    submissions = choose(files, chosen_ids(earlier))
    limits = {
        "threads": max(1, (os.cpu_count() or 1) // arguments.workers),
        "cell_seconds": arguments.cell_seconds,
        "seconds": arguments.seconds,
        "memory": arguments.memory << 20,
        "output": arguments.output << 20,
    }
    runs = out / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    groups = group_by_code(submissions, graded, released, limits, runs)
    run_all(groups, limits | {"isolation": isolation, "user": user}, arguments.workers)
    for submission in submissions:
        with at_its_own_expense(submission, "counting its points"):
            if submission.result and not submission.problem:
                assess(submission, released)
    columns, rows = add_up(submissions, released, earlier)
    taken = set()
    for submission, row in zip(submissions, rows, strict=True):
        write_page(out / "feedback", submission, name, released, taken)
        row["notes"] = notes(submission)
    write_grades(out / "grades.csv", columns, rows, earlier.delimiter)
    for row in rows:
        if row["notes"]:
            print(f"{row['file']}: {row['notes']}")
    if aside:
        print(f"left aside, as made by systems: {shortened([file.path for file in aside], 3)}")
    for status in ("graded", "fill in", "not graded"):
        print(f"{status}: {sum(row['status'] == status for row in rows)}")
    print(f"isolation: {isolation}\n{plain(out / 'grades.csv')}")
