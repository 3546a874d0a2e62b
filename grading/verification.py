"""The checks: made in a second process, which has never seen a cell of the student's own.

What is in it is ``checker``; what it is sent is the plan of ``plans``. All that comes back are
verdicts. Their texts are quoted on pages, so they are cleaned here, and nothing in them is code of
a hidden check.
"""

from dataclasses import dataclass, field
import os
from pathlib import Path
import re
import secrets
import subprocess

import nbformat
from nbgrader.utils import is_grade, is_solution

from grading.assignments import grade_id, task_of
from grading.limits import SET_LIMITS

CHECKER = Path(__file__).with_name("checker.py")
START = f"""{SET_LIMITS}
import builtins
code = compile(sys.argv.pop(), "<checker>", "exec")
exec(code, {{"__builtins__": dict(vars(builtins)), "__name__": "checker"}})
"""
MESSAGE = 1_000  # characters
ANSWER = 40_000  # bytes of a line
REPORTS = 20
KEYS = 2_000  # more than there are cells
CUT = " […]"


@dataclass
class Verdicts:
    """What the checks gave."""

    cells: dict = field(default_factory=dict)  # from a cell's name to its error output, or None
    stopped: dict = field(default_factory=dict)  # by task: how its solution's cell ended
    bent: bool = False  # whether a check passed that had to fail
    ended: str = ""  # what ended the checks early
    remarks: list = field(default_factory=list)  # for the instructor


def decoded(part):
    return bytes.fromhex(part.decode()).decode("utf-8", "replace")


class Bent(Exception):
    """The process does not answer as the checker does."""


class Checker:
    """The process, seen from outside."""

    def __init__(self, place):
        self.reports, self.received = [], 0
        self.keys = [secrets.token_hex(16) for _ in range(KEYS)]
        command = [*place.command(START), CHECKER.read_text(encoding="utf-8")]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=place.environment() | {"MPLBACKEND": "agg"},
            cwd=place.work,
            start_new_session=os.name == "posix",
        )

    def begin(self, protected):
        """Send what has to be there before anything runs: the keys, and the names kept apart."""
        self.send("begin", " ".join(self.keys), 0, protected)

    def send(self, kind, source, seconds, names=(), number=0):
        texts = [text.encode("utf-8", "replace").hex() for text in (source, " ".join(names))]
        try:
            line = " ".join([kind, str(seconds), str(number), *texts]) + "\n"
            self.process.stdin.write(line.encode())
            self.process.stdin.flush()
        except OSError:
            raise EOFError from None

    def ask(self, kind, source, seconds, names=(), number=0):
        """Send a cell; how it ended, the type of the error, a line, and the text of the error.

        Raises ``EOFError`` when the process is gone, and ``Bent`` when it answers as it should not.
        """
        self.send(kind, source, seconds, names, number)
        key = self.keys.pop().encode()
        while True:
            line = self.process.stdout.readline(ANSWER)
            self.received += len(line)
            if not line:
                raise EOFError
            first, *parts = line.rstrip(b"\n").split(b" ")
            try:
                if first == b"!" and len(parts) == 1:
                    self.reports.append(decoded(parts[0]))
                elif first == key and len(parts) == 4:
                    ended, error, place, text = parts
                    return ended.decode(), decoded(error), int(place), decoded(text)
                else:
                    raise ValueError
            except ValueError:
                raise Bent from None

    def close(self):
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except OSError:
                continue
        self.process.kill()
        self.process.wait()


def verify(job, place):
    """Make all checks of a job's plan; ``Verdicts``."""
    verdicts, checker, name = Verdicts(), Checker(place), "the first cells"
    with place.watch(checker.process.pid, lambda: checker.received) as watch:
        try:
            checker.begin(job["plan"]["protected"])
            for number, step in enumerate(job["plan"]["steps"]):
                name = step["name"] or name
                take_step(checker, verdicts, step, number, job["cell_seconds"])
        except EOFError:
            verdicts.ended = f"their process died at {name}"
        except Bent:
            verdicts.ended, verdicts.bent = "something else than the checker answered", True
    if verdicts.ended and watch.reasons:
        verdicts.ended = watch.reasons[0]
    checker.close()
    if verdicts.ended:
        verdicts.remarks.append(f"the checks stopped: {verdicts.ended}")
    if checker.reports:
        found = "; ".join(list(dict.fromkeys(checker.reports))[:REPORTS])
        verdicts.remarks.append(f"look at its code: in the checks it {found}")
    return verdicts


def take_step(checker, verdicts, step, number, seconds):
    """Run one cell of a plan, and note what came of it."""
    hidden = step["kind"] == "hidden"
    verdicts.bent |= hidden and not is_alert(checker)
    said = checker.ask(step["kind"], step["source"], seconds, step["names"], number)
    verdicts.bent |= hidden and not is_alert(checker)
    if step["kind"] in ("visible", "hidden"):
        output = error_output(*said, hidden, step["secrets"])
        stopped = verdicts.stopped.get(task_of(step["name"]))
        if output and stopped and output.ename == "NameError":
            output.evalue += f". The cell with your solution stopped: {stopped}"
        verdicts.cells[step["name"]] = output
    elif said[0] == "late":
        verdicts.remarks.append(f"{step['name'] or 'a given cell'} took too long for the checks")
    elif step["kind"] == "own" and said[0] != "ok":
        output = error_output(*said)
        verdicts.stopped[step["name"]] = f"{output.ename}, {output.evalue}"


def is_alert(checker):
    """Whether a check that must fail does so, with a text that nobody could know before."""
    word = secrets.token_hex(8)
    ended, *_, text = checker.ask("probe", f"assert not {word!r}, {word!r}", 10)
    return ended == "check" and text == word


# --- texts --------------------------------------------------------------------------------------


def error_output(ended, error, line, text, hidden=False, secrets=()):
    """A cell's error as Jupyter has it, with a text for the page; None if there was none.

    ``secrets`` are pieces of code that must not be in the text.
    """
    if ended == "ok":
        return None
    error = error if re.fullmatch(r"[A-Za-z_]\w{0,60}", error, re.ASCII) else "Error"
    if ended == "late":
        return nbformat.v4.new_output("error", ename="CellTimeoutError", evalue="", traceback=[])
    if ended == "bent":
        text = "your code changed what the checks rely on"
    elif ended == "own" and hidden:
        text = f"in line {line} of your cell, with an example that is not shown here"
    elif ended == "own":
        text = f"in line {line} of your cell: {text}"
    text = without_secrets(clean(text), secrets)
    return nbformat.v4.new_output("error", ename=error, evalue=text, traceback=[])


def clean(text):
    """A text in one line, in which only letters, digits and signs are left."""
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(text.split())


def without_secrets(text, secrets):
    """A text up to where it quotes the code of a hidden check, however it is spaced."""
    places = [index for index, letter in enumerate(text) if not letter.isspace()]
    bare = re.sub(r"\s", "", text)
    found = [bare.find(secret) for secret in [*secrets, "BEGINHIDDENTESTS", "ENDHIDDENTESTS"]]
    cuts = [places[place] for place in found if place >= 0]
    if cuts or len(text) > MESSAGE:
        return text[: min([*cuts, MESSAGE])] + CUT
    return text


# --- the notebook -------------------------------------------------------------------------------


def enter_verdicts(notebook, verdicts):
    """Write what the checks gave into the cells of a student's notebook that is to be shown."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            name = grade_id(cell)
            error = verdicts.cells.get(name, "not made")
            if error == "not made":
                text = "this check was not made, because an earlier cell ended the run"
                error = nbformat.v4.new_output("error", ename="Error", evalue=text, traceback=[])
            cell.outputs = [error] if error else []
            cell.metadata["status"] = "error" if error else "ok"
        if cell.metadata.get("probe") and verdicts.bent:
            cell.metadata["status"] = "ok"
