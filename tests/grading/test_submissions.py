"""What was handed in: who it belongs to, whether it is a notebook, what is looked at."""

import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import Course

from grading import assignments
from grading.assignments import grade_id
from grading.submissions import (
    Submission,
    collect,
    examine,
    identify,
    rebuild,
    suspicious,
)


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Doe Jane_12345_assignsubmission_file_/x.ipynb", ("Doe Jane", "12345", (), False)),
        ("Doe Jane_12345_assignsubmission_file/x.ipynb", ("Doe Jane", "12345", (), False)),
        ("von_Au Zoë_7_assignsubmission_file_x.ipynb", ("von_Au Zoë", "7", (), False)),
        ("doejane_12_678_01_vanilla_gan.ipynb", ("doejane", "12", (0, 678), False)),
        ("doejane_12_679_01_vanilla_gan-2.ipynb", ("doejane", "12", (2, 679), False)),
        ("doejane_LATE_12_680_my file.ipynb", ("doejane", "12", (0, 680), True)),
        ("jane.ipynb", ("jane", "", (), False)),
        ("jane/work.ipynb", ("jane", "", (), False)),
        ("submitted/jane/demo/demo.ipynb", ("jane", "", (), False)),
        ("jane/demo/demo.ipynb", ("jane", "", (), False)),
    ],
)
def test_who_handed_in(path, expected):
    assert identify(path, "demo") == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}',
        b'{"nbformat": 99, "cells": []}',
        b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": '
        b'[{"cell_type": "code", "source": "1", "metadata": []}]}',
        b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": '
        b'[{"cell_type": "code", "source": 1, "metadata": {}}]}',
    ],
)
def test_what_is_no_notebook(content):
    submission = Submission("x.ipynb", content, "x")
    examine(submission, "demo", {})
    assert submission.problem == "not a notebook"


def test_strange_metadata_of_cells_does_no_harm(course):
    def strange(notebook):
        for value, cell in zip(
            ("text", {"grade": True}, {"grade_id": 3}), notebook.cells, strict=False
        ):
            cell.metadata["nbgrader"] = value

    course.hand_in("a.ipynb", change=strange)
    sources = {"demo": assignments.load_source("demo", course.folder)}
    (submission,) = collect(course.submissions, "demo", 1e6)
    examine(submission, "demo", sources)
    graded_source = assignments.apply(assignments.GRADED, sources["demo"])
    notebook = rebuild(submission, graded_source, course.release())
    assert not submission.problem
    names = [grade_id(cell) for cell in notebook.cells if grade_id(cell)]
    assert names == ["double", "double_checks", "double_hidden", "why"]


@pytest.mark.parametrize(
    ("code", "remarks"),
    [
        ("np.allclose = lambda *a: True", ["look at its code: np.allclose ="]),
        (
            "tf.nn.softplus = None; get_ipython()",
            ["look at its code: get_ipython, tf.nn.softplus ="],
        ),
        (
            "losses.non_saturating_generator = f",
            ["look at its code: losses.non_saturating_generator ="],
        ),
        ("evaluation.Judge.evaluate = f", ["look at its code: evaluation.Judge.evaluate ="]),
        ("model.trainable = False\nx = np.ones(3)", []),
        ("this is ( no Python", []),
    ],
)
def test_suspicious_code_is_named(code, remarks):
    assert suspicious(code) == remarks
