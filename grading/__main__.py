"""The command line: ``python -m grading release``, ``grade`` or ``gradescope``."""

import argparse
from pathlib import Path
import sys

from grading import InputError, assignments, grade, gradescope


def make_parser():
    parser = argparse.ArgumentParser(prog="python -m grading", description="Exercises and grades.")
    commands = parser.add_subparsers(dest="command", required=True)
    release = commands.add_parser(
        "release", help="make the students' exercises and the solutions from exercises/source"
    )
    release.add_argument("--check", action="store_true", help="only say what differs; exit with 1")
    release.add_argument(
        "names", nargs="*", metavar="name", help=f"{', '.join(assignments.names())}; all if none"
    )
    release.add_argument(
        "--folder", type=Path, default=assignments.EXERCISES, help="a private copy of exercises/"
    )
    grade_folder = commands.add_parser(
        "grade",
        help="grade what was handed in",
        description=grade.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    grade.add_arguments(grade_folder)
    upload = commands.add_parser("gradescope", help="make an autograder to upload to Gradescope")
    upload.add_argument("names", nargs=1, metavar="name", help="such as 01_vanilla_gan")
    upload.add_argument("--folder", type=Path, default=assignments.EXERCISES, metavar="FOLDER")
    upload.add_argument("--out", type=Path, help="the .zip (build/gradescope-NAME.zip)")
    for command in commands.choices.values():
        command.set_defaults(parser=command)
    return parser


def main(arguments=None):
    """Run a command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):  # a console that cannot show a letter shows its number
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = make_parser().parse_args(arguments)
    try:
        if options.command == "grade":
            grade.grade(options)
            return 0
        names = assignments.selected(options.names, options.folder)
        if options.command == "gradescope":
            gradescope.write_zip(names[0], options.folder, options.out)
            return 0
        return int(assignments.release(names, options.folder, options.check) > 0)
    except InputError as error:
        options.parser.error(str(error))


if __name__ == "__main__":
    sys.exit(main())
