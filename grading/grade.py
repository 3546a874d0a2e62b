"""Grade a folder (or .zip) of notebooks as a learning platform exports it.

make grade SUBMISSIONS=folder ASSIGNMENT=01_vanilla_gan

It knows the names of Moodle, Canvas and nbgrader, and plain files named after the student. Beside
the folder it makes folder-graded/ with

grades.csv    points by task and student. Written tasks, and what is unclear, stay empty: fill them
              in, add or take off points for anything else in "adjustment", save, and give the same
              command again: it adds up. What is filled in is kept as long as the student's file
              stays the same.
feedback/     a page for each student, under the name of the file that was handed in
runs/         what has been run already. An interrupted run goes on where it stopped, and a file
              that has changed is run again. Delete runs/ to run everything again.

Submissions are programs of strangers. On Linux each runs without network, in a file tree of its own
that ends with it; elsewhere the command says what is missing and stops, unless you add
OPTIONS=--without-isolation. Read "What the isolation does" in exercises/INSTRUCTORS.md.
"""

from concurrent.futures import ThreadPoolExecutor, as_completed
import hashlib
import json
import os
from pathlib import Path
import sys
import zipfile

import nbformat
from tqdm import tqdm

from grading import InputError, assignments, runner, sandbox
from grading.feedback import feedback
from grading.gradebook import add_up, assess, read_grades, write_grades
from grading.submissions import choose, collect, examine, rebuild


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


# --- running ------------------------------------------------------------------------------------


def group_by_code(submissions, graded, released, limits, folder):
    """What is to be run: a dict from the file of a result to its notebook and its submissions.

    Two submissions with the same code share a run, and are told so.
    """
    groups = {}
    for submission in submissions:
        if submission.problem:
            continue
        notebook = rebuild(submission, graded, released)
        text = json.dumps([notebook, limits], sort_keys=True)
        file = folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
        groups.setdefault(file, (notebook, []))[1].append(submission)
    for _, group in groups.values():
        if len(group) > 1:
            for submission in group:
                others = sorted({other.path for other in group} - {submission.path})
                submission.remarks.append(f"the same code as {', '.join(others)}")
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
                        submission.problem = f"grading failed: {future.exception()}"
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            sys.exit("\nInterrupted. The same command goes on from here.")
    for file, (_, group) in groups.items():
        if file.exists():
            for submission in group:
                result = json.loads(file.read_text(encoding="utf-8"))
                submission.result = nbformat.from_dict(result)


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


def grade(arguments):
    """Grade what was submitted; ``InputError`` if the arguments or an earlier table are wrong.

    ``arguments`` are those of ``add_arguments``, parsed.
    """
    name, export, folder = arguments.assignment, arguments.submissions.resolve(), arguments.folder
    available = assignments.names(folder)
    if name not in available:
        raise InputError(f"no assignment {name!r}; there are: {', '.join(available)}")
    if not (export.is_dir() or zipfile.is_zipfile(export)):
        raise InputError(f"{arguments.submissions} is neither a folder nor a .zip file")
    files = list(collect(export, name, arguments.size * 1_000_000))
    if not any(file.path.endswith(".ipynb") for file in files):
        raise InputError(f"no notebook (.ipynb) in {arguments.submissions}")
    user = sandbox.submission_user()
    isolation = check_isolation(user, arguments.without_isolation)
    out = arguments.out or export.with_name(export.name.removesuffix(".zip") + "-graded")
    earlier = read_grades(out / "grades.csv")

    sources = {source: assignments.load_source(source, folder) for source in available}
    graded = assignments.apply(assignments.GRADED, sources[name])
    released = assignments.apply(assignments.RELEASED, sources[name])
    for file in files:
        examine(file, name, sources)
    submissions = choose(files)
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
        if submission.result:
            assess(submission, released)
    columns, rows = add_up(submissions, released, earlier)
    write_grades(out / "grades.csv", columns, rows)
    for submission in submissions:
        page = out / "feedback" / Path(submission.path).with_suffix(".html")
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(feedback(submission, name, released), encoding="utf-8")
    for row in rows:
        if row["notes"]:
            print(f"{row['file']}: {row['notes']}")
    for status in ("graded", "fill in", "not graded"):
        print(f"{status}: {sum(row['status'] == status for row in rows)}")
    print(f"isolation: {isolation}\n{out / 'grades.csv'}")
