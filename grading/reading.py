"""What was handed in: each file of an export, examined, with its owner."""

from collections import Counter
import contextlib
from pathlib import PurePosixPath
import re

from grading.export import collect, is_aside
from grading.lateness import is_timestamp
from grading.owners import METADATA, find_owners
from grading.submissions import Submission, examine, file_id, language_of, measure_work
from grading.text import failure


@contextlib.contextmanager
def at_its_own_expense(submission, stage):
    """Any failure with one file is that file's problem, and the others are graded."""
    try:
        yield
    except Exception as error:
        submission.problem = submission.problem or f"{stage} failed: {failure(error)}"


def read_submissions(export, max_bytes, name, sources, released):
    """A ``Submission`` for each file of an export, examined, with its owner; files set aside.

    ``released`` are the students' notebooks by language. The third is the texts of the files that
    say when something was handed in, by path.
    """
    files, metadata, timestamps, seen = [], {}, {}, Counter()
    for path, content, problem in collect(export, max_bytes):
        if PurePosixPath(path).name == METADATA:
            metadata[path] = content
        if is_timestamp(path, name):
            timestamps[path] = content[:100].decode("utf-8", "replace").strip()
        seen[path] += 1
        path = path if seen[path] == 1 else f"{path}#{seen[path]}"  # a .zip can have a name twice
        file = Submission(path, file_id(content), problem=problem)
        if not PurePosixPath(path).name.startswith("._"):
            with at_its_own_expense(file, "reading it"):
                examine(file, content, name, sources)
                if file.notebook:
                    file.language = language_of(file.notebook, released)
                measure_work(file, released[file.language])
        files.append(file)
    files, aside = divide(files, timestamps)
    titles = [name, *sources, re.sub(r"(?i)\.zip$", "", export.name)]
    notebooks = [file.path for file in files if ".ipynb" in file.path.lower() or not file.problem]
    owners = find_owners([file.path for file in files], notebooks, titles, metadata)
    for file in files:
        file.owner = owners[file.path]
        file.notes += ["late"] if file.owner.late else []
    return files, aside, timestamps


def divide(files, timestamps):
    """The files of people, and what systems, editors and platforms leave beside them.

    An editor's automatic copy is set aside, too, unless it is all that there is of somebody's work.
    ``timestamps`` are the paths of files that say when others were handed in.
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
        if file.path in timestamps:
            left = any(path.startswith(f"{folder}/") for path in paths - {file.path})
        (aside if left else kept).append(file)
    return kept, aside


def has_original(path, paths):
    """Whether beside an editor's automatic copy there is the file itself, or another one."""
    folder = re.sub(r"\.ipynb_checkpoints/.*", "", path)
    original = folder + PurePosixPath(path).name.replace("-checkpoint", "")
    return original in paths or bool(folder and any(other.startswith(folder) for other in paths))
