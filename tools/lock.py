"""Write uv.lock and the requirement files from what pyproject.toml says.

python tools/lock.py             after a change of pyproject.toml: keeps the versions that still fit
python tools/lock.py --upgrade   takes the newest versions
python tools/lock.py --check     changes nothing, needs no network: names the files that are stale
"""

import argparse
from pathlib import Path
import subprocess
import sys
import tomllib

import uv

ROOT = Path(__file__).resolve().parent.parent
STUDENT = ["notebooks"]
# File: what its first lines say, and the dependency groups it adds to the student's.
FILES = {
    "requirements.txt": (
        """\
# What a student needs, pinned, for Python 3.11-3.13 on Linux, macOS and Windows: for an environment
# of its own. Where there is a TensorFlow already (a GPU's, a hub's), this file would unpack
# tensorflow-cpu over it: use requirements-without-tensorflow.txt there.
""",
        [],
    ),
    "requirements-test.txt": (
        "# On top of requirements.txt: what the tests need.\n",
        ["test", "lint"],
    ),
    "requirements-tracking.txt": (
        "# On top of requirements.txt: TensorBoard and Weights & Biases.\n",
        ["tracking"],
    ),
    "requirements-instructor.txt": (
        "# On top of requirements.txt: what making and grading exercises needs.\n",
        ["instructor"],
    ),
    "requirements-cluster.txt": (
        "# On top of requirements.txt: what --cluster needs, here and on its workers.\n",
        ["cluster"],
    ),
    "requirements-site.txt": (
        "# On top of requirements.txt: what building the site needs.\n",
        ["site"],
    ),
}
CUDA = (
    "requirements-cuda.txt",
    """\
# In place of requirements.txt on Linux with an NVIDIA GPU (driver 525 or newer), for an environment
# of its own: TensorFlow with NVIDIA's libraries. Where there is a TensorFlow already, it would be
# replaced: use requirements-without-tensorflow.txt there.
""",
)
WITHOUT_TENSORFLOW = (
    "requirements-without-tensorflow.txt",
    """\
# What a student needs where there is a TensorFlow already (2.18 or newer: a GPU's, a hub's).
# Lower bounds only: what is installed and new enough stays as it is.
""",
)
MADE = "# Made by: make lock\n"


def run_uv(*arguments):
    """Run uv in the repository and return what it prints; ``SystemExit`` where it fails."""
    command = [uv.find_uv_bin(), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        sys.exit(done.stderr.strip())
    return done.stdout


def export(groups, extra="cpu"):
    """The pinned requirements of the package and of some dependency groups, as lines."""
    options = "--locked --offline --quiet --no-emit-project --no-hashes --no-annotate --no-header"
    chosen = [word for group in groups for word in ("--group", group)]
    chosen += ["--no-default-groups", "--extra", extra]
    return run_uv("export", "--format", "requirements.txt", *options.split(), *chosen).splitlines()


def requirement_files():
    """The text of each requirement file, by its name."""
    student = export(STUDENT)
    texts = {}
    for name, (comment, groups) in FILES.items():
        lines = [line for line in export(STUDENT + groups) if not groups or line not in student]
        texts[name] = comment + MADE + "\n".join(lines) + "\n"
    name, comment = CUDA
    texts[name] = comment + MADE + "\n".join(export(STUDENT, "cuda")) + "\n"
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    floors = settings["project"]["dependencies"] + settings["dependency-groups"]["notebooks"]
    name, comment = WITHOUT_TENSORFLOW
    texts[name] = comment + MADE + "\n".join(sorted(floors)) + "\n"
    return texts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--upgrade", action="store_true", help="take the newest versions")
    choice.add_argument("--check", action="store_true", help="change nothing, name stale files")
    arguments = parser.parse_args()
    if not arguments.check:
        run_uv("lock", *(["--upgrade"] if arguments.upgrade else []))
    stale = []
    for name, text in requirement_files().items():
        path = ROOT / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not arguments.check:
                path.write_text(text, encoding="utf-8", newline="\n")
    if arguments.check and stale:
        sys.exit(f"Not what uv.lock and pyproject.toml say: {', '.join(stale)}. Run make lock.")
    print("Up to date." if not stale else f"Written: {', '.join(stale)}")


if __name__ == "__main__":
    main()
