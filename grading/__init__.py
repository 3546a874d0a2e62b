"""Assignments and their grading: what instructors run as ``python -m grading COMMAND``.

It stands beside the notebooks, and is no part of the package ``gan_helpers`` that students install.
exercises/INSTRUCTORS.md describes the work with it.

assignments  the instructor's notebooks, and what students get of them
variants     right and wrong solutions, tried against the checks
export       the files of an export, whatever archives and names they have
owners       whose a file is, by the names that platforms make, or by all names of an export
submissions  what was submitted: read, checked, chosen, made into a notebook that can be run
sandbox      the isolation that a notebook runs in (sandbox.sh)
runner       runs one notebook of unknown code within limits
gradebook    points, and grades.csv
text         what students wrote, made harmless for terminals and spreadsheets
feedback     the page that a student gets back
grade        the command that grades a folder with all of these
"""


class InputError(ValueError):
    """What an instructor gave is wrong; the message says what, and how it should be."""
