"""The command line: ``python -m grading release``, ``try`` or ``grade``."""

import argparse
from pathlib import Path
import sys

from grading import InputError, assignments, grade, variants


def make_parser():
    parser = argparse.ArgumentParser(prog="python -m grading", description="Exercises and grades.")
    commands = parser.add_subparsers(dest="command", required=True)
    release = commands.add_parser(
        "release", help="make the students' exercises and the solutions from exercises/source"
    )
    release.add_argument("--check", action="store_true", help="only say what differs; exit with 1")
    try_solutions = commands.add_parser(
        "try", help="try the solutions of tests/variants against the checks, and print a table"
    )
    for command in (release, try_solutions):
        command.add_argument(
            "names",
            nargs="*",
            metavar="name",
            help=f"{', '.join(assignments.names())}; all if none",
        )
        command.add_argument(
            "--folder",
            type=Path,
            default=assignments.EXERCISES,
            help="a private copy of exercises/",
        )
    grade_folder = commands.add_parser(
        "grade",
        help="grade what was handed in",
        description=grade.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    grade.add_arguments(grade_folder)
    for command in commands.choices.values():
        command.set_defaults(parser=command)
    return parser


def selected_names(options):
    """The assignments that a command is for: those named, or all."""
    available = assignments.names(options.folder)
    unknown = sorted(set(options.names) - set(available))
    if unknown or not available:
        listed = ", ".join(available) or "none"
        raise InputError(f"no exercises {', '.join(unknown)}; there are {listed}")
    return options.names or available


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
        names = selected_names(options)
        if options.command == "release":
            failures = assignments.release(names, options.folder, options.check)
        else:
            failures = variants.try_all(names, options.folder)
        return int(failures > 0)
    except InputError as error:
        options.parser.error(str(error))


if __name__ == "__main__":
    sys.exit(main())
