"""The autograder for Gradescope, in the layout that Gradescope publishes."""

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile

import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import RIGHT, SECRET, WRONG, Course, pretend, without_kernels

from grading import gradescope, runner
from grading.__main__ import main


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The archive of the small course's assignment, as Gradescope unpacks it."""
    course = Course(tmp_path_factory.mktemp("gradescope"))
    archive = course.folder / "autograder.zip"
    options = ["gradescope", "demo", f"--folder={course.folder}", f"--out={archive}"]
    assert main(options) == 0
    source = course.folder / "autograder" / "source"
    with zipfile.ZipFile(archive) as files:
        files.extractall(source)
        for info in files.infolist():
            os.chmod(source / info.filename, info.external_attr >> 16)
    return source


@pytest.fixture
def autograder(unpacked, tmp_path):
    """Gradescope's folder after the image was built, but for what setup.sh installs."""
    base = tmp_path / "autograder"
    (base / "submission").mkdir(parents=True)
    (base / "results").mkdir()
    os.symlink(unpacked, base / "source")
    return base


def results(base):
    return json.loads((base / "results" / "results.json").read_text(encoding="utf-8"))


def test_the_archive_has_what_is_needed_at_its_root(autograder):
    source = autograder / "source"
    for name in ("setup.sh", "run_autograder"):
        assert (source / name).read_text().startswith("#!/bin/bash\n")
        assert stat.S_IMODE((source / name).stat().st_mode) == 0o755
    for name in (
        "package/requirements.txt",
        "package/gan_helpers/data.py",
        "grading/grade.py",
        "exercises/source/demo/demo.ipynb",
    ):
        assert (source / name).is_file()
    assert not (source / "exercises/source/later").exists() and not list(source.rglob("*.pyc"))


def test_each_check_is_a_test(course, autograder, monkeypatch):
    without_kernels(monkeypatch)
    (autograder / "submission" / "mine.ipynb").write_text(course.text(WRONG))
    gradescope.run(autograder)
    found = results(autograder)
    visible, hidden = found["tests"]
    assert (visible["score"], visible["max_score"], visible["visibility"]) == (1, 1, "visible")
    assert (hidden["score"], hidden["max_score"], hidden["status"]) == (0, 2, "failed")
    assert hidden["output"] == SECRET and hidden["visibility"] == "after_due_date"
    assert found["stdout_visibility"] == "hidden" and "double(-2)" not in json.dumps(found)
    assert "by a person" in found["output"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.ipynb": "no notebook"}, "Not graded: not a notebook."),
        ({}, "The grading failed. Tell your instructor."),
        ({"a.ipynb": WRONG, "b.ipynb": RIGHT}, "several files with work in them: a.ipynb, b.ipynb"),
    ],
)
def test_whatever_is_handed_in_gets_an_answer(course, autograder, monkeypatch, files, said):
    without_kernels(monkeypatch)
    for name, text in files.items():
        text = course.text(text) if text.startswith("def") else text
        (autograder / "submission" / name).write_text(text)
    gradescope.run(autograder)
    assert said in results(autograder)["output"] and results(autograder)["score"] == 0


def test_a_failure_of_the_grading_is_not_the_students_silence(course, autograder, monkeypatch):
    without_kernels(monkeypatch)
    monkeypatch.setattr(runner, "run_job", lambda job: pretend(job) and sys.exit("no"))
    (autograder / "submission" / "mine.ipynb").write_text(course.text(RIGHT))
    gradescope.run(autograder)
    assert results(autograder)["score"] == 0 and results(autograder)["output"]


def test_the_script_runs_in_gradescopes_layout(course, autograder):
    """With a real kernel, as on Gradescope, but with this Python in the place of its own."""
    source = (autograder / "source").resolve()
    (autograder / "source").unlink()
    shutil.copytree(source, autograder / "source")
    (autograder / "run_autograder").write_bytes(gradescope.RUN.encode())
    os.chmod(autograder / "run_autograder", 0o755)
    os.symlink(sys.prefix, autograder / "venv")
    (autograder / "submission" / "mine.ipynb").write_text(course.text(RIGHT))
    subprocess.run([autograder / "run_autograder"], cwd=autograder, check=True, timeout=240)
    assert [test["score"] for test in results(autograder)["tests"]] == [1, 2]
