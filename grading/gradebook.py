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

import argparse
from concurrent.futures import ThreadPoolExecutor, as_completed
import csv
import hashlib
import io
import json
import os
from pathlib import Path
import shutil
import sys
import zipfile

from feedback import feedback
from hand_ins import choose, collect, examine, rebuild
import nbformat
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution
import psutil
import run_submission
from tqdm import tqdm

import exercises

FIRST, LAST = ["student", "number", "file", "status"], ["adjustment", "total", "max", "notes", "id"]


# --- points -------------------------------------------------------------------------------------


def assess(submission, result, released):
    """Points of each graded cell, from what was run."""
    notebook = result["notebook"]
    shown = {exercises.grade_id(cell): cell for cell in released.cells}
    named = [exercises.grade_id(cell) for cell in notebook.cells[: result["cell"] + 1]]
    where = next((name for name in reversed(named) if name), "the first cells")
    if result["ended"]:
        submission.notes.append(f"stopped at {where}: {result['ended']}; the rest was not run")
    for cell in notebook.cells:
        name, task = exercises.grade_id(cell), exercises.task_of(exercises.grade_id(cell) or "")
        outputs = cell.get("outputs", [])
        if any(output.get("ename") == "CellTimeoutError" for output in outputs):
            submission.notes.append(f"{name or 'a cell'} took too long and was interrupted")
        if cell.metadata.get("probe") and cell.metadata.get("status") == "ok":
            submission.problem = "its code switched the checks off"
        if not is_grade(cell):
            continue
        if is_solution(cell):  # written: the checksum tells whether there is an answer
            cell.metadata.nbgrader["checksum"] = compute_checksum(shown[name])
            submission.points[name] = determine_grade(cell)[0]
            if submission.points[name] == 0 and name not in submission.missing:
                submission.notes.append(f"{name}: no answer in its cell")
        else:  # a warning on stderr is no failure, an answer that did not come is one
            cell.outputs = [output for output in outputs if output.get("name") != "stderr"]
            passed = cell.metadata.get("status") == "ok"
            try:
                submission.points[name] = determine_grade(cell)[0] if passed else 0
            except (KeyError, TypeError, ValueError):
                submission.points[name] = 0
        if submission.points[name] == 0 and {name, task} & submission.missing:
            submission.points[name] = None
    if submission.problem:
        submission.points = {}


def run_all(submissions, graded, released, jobs, out, workers):
    """Run what has not been run yet, some at a time."""
    runs = out / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    waiting = {}
    for one in submissions:
        if one.problem:
            continue
        notebook = rebuild(one, graded, released)
        limits = {key: value for key, value in jobs.items() if key not in ("isolation", "user")}
        key = hashlib.sha256(json.dumps([notebook, limits], sort_keys=True).encode()).hexdigest()
        file = runs / f"{key[:32]}.json"
        waiting.setdefault(file, (notebook, []))[1].append(one)
    for _, same in waiting.values():
        for one in same if len(same) > 1 else []:
            others = sorted({other.path for other in same} - {one.path})
            one.remarks.append(f"the same code as {', '.join(others)}")

    slots = list(range(workers))

    def run(file, notebook):
        slot = slots.pop()
        try:
            job = jobs | {"notebook": notebook, "user": jobs["user"] and jobs["user"] - slot}
            result = run_submission.run_job(job)
        finally:
            slots.append(slot)
        part = file.with_suffix(".part")
        part.write_text(json.dumps(result), encoding="utf-8")
        part.replace(file)

    with ThreadPoolExecutor(workers) as pool:
        new = {
            pool.submit(run, file, notebook): same
            for file, (notebook, same) in waiting.items()
            if not file.exists()
        }
        try:
            for done in tqdm(as_completed(new), total=len(new), unit="file", disable=not new):
                for one in new[done] if done.exception() else []:
                    one.problem = f"grading failed: {done.exception()}"
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for file, (_, same) in waiting.items():
        for one in same if file.exists() else []:
            one.notebook = nbformat.from_dict(json.loads(file.read_text(encoding="utf-8")))
            assess(one, one.notebook, released)


# --- grades.csv ---------------------------------------------------------------------------------


def number(text, where):
    """A number as a person writes it, with a point or a comma; None for an empty field."""
    try:
        return float(text.replace(",", ".")) if text and text.strip() else None
    except ValueError:
        raise ValueError(f"{where}: {text!r} is not a number.") from None


def read_grades(path):
    """The rows of an earlier grades.csv, by student and number."""
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8: save it as 'CSV UTF-8'.") from None
    header = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, ""), delimiter=max(",;\t", key=header.count))
    missing = [name for name in (*FIRST, *LAST) if name not in (rows.fieldnames or [])]
    if missing:
        raise ValueError(f"{path}: the columns {', '.join(missing)} are gone. Move it away.")
    return {(row["student"], row["number"]): row for row in rows}


def plain(text):
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


def short(value):
    return "" if value is None else f"{value:g}"


def add_up(submissions, released, earlier):
    """Rows of grades.csv, with what an instructor filled in before."""
    most, of_task = {}, {}
    for cell in filter(is_grade, released.cells):
        name = exercises.grade_id(cell)
        of_task.setdefault(exercises.task_of(name), []).append(name)
        most[exercises.task_of(name)] = most.get(exercises.task_of(name), 0) + float(
            cell.metadata.nbgrader["points"]
        )
    columns = {task: f"{task} /{points:g}" for task, points in most.items()}
    rows = []
    for one in submissions:
        row = {"student": plain(one.student), "number": one.number, "file": plain(one.path)}
        old = earlier.get((row["student"], row["number"]), {})
        if old and old["id"] != one.id:
            one.remarks.append("another file than last time: what was filled in is gone")
            old = {}
        one.tasks = {}
        for task, column in columns.items():
            parts = [one.points.get(name) for name in of_task[task]]
            points = None if None in parts else sum(parts)
            filled = number(old.get(column), f"grades.csv, {one.student}, {column}")
            if filled is not None and not 0 <= filled <= most[task]:
                raise ValueError(
                    f"grades.csv, {one.student}, {column}: {filled:g} is not within it."
                )
            if points is None:
                points = filled
            elif filled not in (None, points):
                print(
                    f"{one.path}: {column} was {filled:g}, is {points:g}. To change points of a "
                    "task that the checks grade, use the column adjustment."
                )
            one.tasks[task] = points
            row[column] = short(points)
        adjustment = number(old.get("adjustment"), f"grades.csv, {one.student}, adjustment")
        known = None not in one.tasks.values()
        one.total = sum(one.tasks.values()) + (adjustment or 0) if known else None
        one.most = most
        row["status"] = "graded" if known else "not graded" if one.problem else "fill in"
        row |= {"adjustment": short(adjustment), "total": short(one.total), "id": one.id}
        row |= {"max": short(sum(most.values()))}
        said = ([one.problem] if one.problem else []) + one.notes + one.remarks
        row["notes"] = plain("; ".join(dict.fromkeys(said)))
        rows.append(row)
    for name, _ in earlier.keys() - {(row["student"], row["number"]) for row in rows}:
        print(f"{name} was in grades.csv, but is not among the files: see grades.previous.csv.")
    return [*FIRST, *columns.values(), *LAST], rows


def write_grades(path, columns, rows):
    if path.exists():
        shutil.copy(path, path.with_name("grades.previous.csv"))
    part = path.with_name("grades.part")
    with part.open("w", encoding="utf-8-sig", newline="") as file:  # with the mark that Excel wants
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    part.replace(path)


# --- the command --------------------------------------------------------------------------------


def parse():
    shown = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shown)
    parser.add_argument("submissions", type=Path, help="folder or .zip of what was handed in")
    parser.add_argument("assignment", help="such as 01_vanilla_gan")
    parser.add_argument(
        "--folder",
        type=Path,
        default=exercises.EXERCISES,
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
    arguments = parser.parse_args()
    there = exercises.names(arguments.folder)
    if arguments.assignment not in there:
        parser.error(f"no assignment {arguments.assignment!r}; there are: {', '.join(there)}")
    if not (arguments.submissions.is_dir() or zipfile.is_zipfile(arguments.submissions)):
        parser.error(f"{arguments.submissions} is neither a folder nor a .zip file")
    return parser, arguments


def user():
    """The user that submissions run as: if this is root, a number that nobody has, else 0."""
    if not hasattr(os, "getuid") or os.getuid() != 0:
        return 0
    taken = {process.info["uids"].real for process in psutil.process_iter(["uids"])}
    return next(number for number in range(65_000, 60_000, -100) if number not in taken)


def main():
    parser, arguments = parse()
    sources = {
        name: exercises.load_source(name, arguments.folder)
        for name in exercises.names(arguments.folder)
    }
    name, place = arguments.assignment, arguments.submissions.resolve()
    graded, released = (
        exercises.apply(steps, sources[name]) for steps in (exercises.GRADED, exercises.RELEASED)
    )
    out = arguments.out or place.with_name(place.name.removesuffix(".zip") + "-graded")
    handed_in = list(collect(place, name, arguments.size * 1_000_000))
    if not any(one.path.endswith(".ipynb") for one in handed_in):
        parser.error(f"no notebook (.ipynb) in {arguments.submissions}")
    isolation, reason = run_submission.find_isolation(user())
    if isolation != "full":
        lost = "They could use the network"
        lost += "." if isolation == "user" else ", and read, change and delete your files."
        print(
            f"Submissions would run without full isolation: {reason}. {lost} "
            "Grade as root, on Linux or in a virtual machine without network, or add "
            "OPTIONS=--without-isolation if you trust them.",
            file=sys.stderr,
        )
        if not arguments.without_isolation:
            sys.exit(2)
    try:
        earlier = read_grades(out / "grades.csv")
        for one in handed_in:
            examine(one, name, sources)
        submissions = choose(handed_in)
        jobs = {
            "isolation": isolation,
            "user": user(),
            "threads": max(1, (os.cpu_count() or 1) // arguments.workers),
            "cell_seconds": arguments.cell_seconds,
            "seconds": arguments.seconds,
            "memory": arguments.memory << 20,
            "output": arguments.output << 20,
        }
        run_all(submissions, graded, released, jobs, out, arguments.workers)
        columns, rows = add_up(submissions, released, earlier)
    except ValueError as error:
        parser.error(str(error))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. The same command goes on from here.")
    write_grades(out / "grades.csv", columns, rows)
    for one in submissions:
        page = out / "feedback" / Path(one.path).with_suffix(".html")
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(feedback(one, name, released), encoding="utf-8")
    for row in rows:
        if row["notes"]:
            print(f"{row['file']}: {row['notes']}")
    for status in ("graded", "fill in", "not graded"):
        print(f"{status}: {sum(row['status'] == status for row in rows)}")
    print(f"isolation: {isolation}\n{out / 'grades.csv'}")


if __name__ == "__main__":
    main()
