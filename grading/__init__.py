"""Assignments and their grading: what instructors run as ``python -m grading COMMAND``.

It stands beside the notebooks, and is no part of the package ``gan_helpers`` that students install.
exercises/INSTRUCTORS.md describes the work with it.

assignments   the instructor's notebooks, and what students get of them
lockstep      whether a translated notebook differs from the English one in its words only
variants      right and wrong solutions, tried against the checks

export        the files of an export, whatever archives and names they have
owners        whose a file is, by the names that platforms make, or by all names of an export
reading       both: what was handed in
submissions   a file: read, checked, chosen, made into a notebook that can be run
suspicion     what an instructor should read with their own eyes

plans         what of a notebook goes into the process of the checks; names: of which names
versions      of what a result depends on
jobs          many of them, on this machine or on others
runner        runs one notebook of unknown code, and the checks
verification  the process of the checks, seen from outside; checker is what runs in it
sandbox       the isolation of both
limits        what they may use

points        what the checks gave
lateness      when something was handed in, and what that costs
gradebook     grades.csv, which the instructor fills in
roster        who is in the class
worksheet     the platforms' tables, for the way back
spreadsheet   CSV of any kind

text          what students wrote, made harmless for terminals and spreadsheets
words         what students read besides notebooks, in other languages
pages         the frame of all pages (templates/); formulas makes MathML
feedback      the page that a student gets back
answers       a page for each question
report        a page on the class; similar compares solutions
results       writes all of these

grade         the command that grades a folder
gradescope    the same for Gradescope
"""


class InputError(ValueError):
    """What an instructor gave is wrong; the message says what, and how it should be."""
