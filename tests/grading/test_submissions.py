"""What was handed in: who it belongs to, whether it is a notebook, what is looked at."""

import datetime
import io
import os
import subprocess
import zipfile

from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import RIGHT, SECRET, WRONG, Course, cell_of

from grading import InputError, assignments
from grading.assignments import grade_id
from grading.export import collect, is_aside
from grading.owners import Owner, find_owners
from grading.submissions import Submission, choose, examine, measure_work, rebuild, suspicious
from grading.text import no_formula, plain


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


# --- whose a file is ----------------------------------------------------------------------------


def owners(*paths, title="demo", metadata=None):
    notebooks = [path for path in paths if ".ipynb" in path]
    return list(find_owners(paths, notebooks, [title, "later", "week1"], metadata).values())


def students(*paths, **about):
    found = find_owners(
        paths, [path for path in paths if ".ipynb" in path], ["demo", "later", "week1"], **about
    )
    return [found[path].student for path in paths]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Doe Jane_12345_assignsubmission_file_/x.ipynb", ("Doe Jane", "12345", None, False)),
        ("Doe Jane_12345_assignsubmission_file/x.ipynb", ("Doe Jane", "12345", None, False)),
        ("von_Au Zoë_7_assignsubmission_file_x.ipynb", ("von_Au Zoë", "7", None, False)),
        ("A_1_assignsubmission_file_B_2_assignsubmission_file_x.ipynb", ("A", "1", None, False)),
        ("Participant_81_assignsubmission_file_/x.ipynb", ("Participant", "81", None, False)),
        ("doejane_12_678_01_vanilla_gan.ipynb", ("doejane", "12", ("Canvas", 678), False)),
        ("doejane_12_679_demo-2.ipynb", ("doejane", "12", ("Canvas", 679), False)),
        ("doejane_LATE_12_680_my file.ipynb", ("doejane", "12", ("Canvas", 680), True)),
        ("anon_x1y2z_680_my file.ipynb", ("anon", "x1y2z", ("Canvas", 680), False)),
        (
            "HW 1_doe_attempt_2026-01-31-12-00-00_x_attempt_2027-01-31-12-00-00.ipynb",
            ("doe", "", ("Blackboard", "2026-01-31-12-00-00"), False),
        ),
        (
            "123-45 - Jane Doe - Oct 1, 2026 803 PM/demo.ipynb",
            ("Jane Doe", "123", ("Brightspace", datetime.datetime(2026, 10, 1, 20, 3)), False),
        ),
        (
            "123-45 - Jane Doe - Okt 1, 2026 803 PM - demo.ipynb",
            ("Jane Doe", "123", None, False),
        ),
        ("HW/Doe, Jane(doe1)/Submission attachment(s)/x.ipynb", ("Doe, Jane", "doe1", None, False)),
        (
            "jane+demo+2026-01-31 12:00:00.000000 UTC+abc/demo.ipynb",
            ("jane", "", ("exchange", "2026-01-31 12:00:00.000000"), False),
        ),
        ("jane/Version 2/demo.ipynb", ("jane", "", ("Teams", 2), False)),
        ("jane.ipynb", ("jane", "", None, False)),
        ("jane/work.ipynb", ("jane", "", None, False)),
        ("submitted/jane/demo/demo.ipynb", ("jane", "", None, False)),
        ("jane/demo/demo.ipynb", ("jane", "", None, False)),
        ("week1/jane.ipynb", ("jane", "", None, False)),
        ("jane.zip/stuff/demo.ipynb", ("jane", "", None, False)),
        ("Jane Doe - demo.ipynb", ("Jane Doe", "", None, False)),
    ],
)
def test_who_handed_in(path, expected):
    (owner,) = owners(path)
    assert owner[1:] == expected
    if expected[1]:  # a folder around the export changes nothing
        assert owners(f"some folder/{path}", "some folder/y.ipynb")[0][1:] == expected


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("week1/a-b.ipynb", "week1/bob.ipynb"), ["a-b", "bob"]),  # the Finder's archive
        (("x y/ada.ipynb", "x y/bob.ipynb", "x y/cem.ipynb"), ["ada", "bob", "cem"]),
        (("x/y/ada.ipynb", "x/y/bob.ipynb"), ["ada", "bob"]),
        (("x/ada/demo.ipynb", "x/bob/demo/demo.ipynb"), ["ada", "bob"]),
        (("Mo/ada.ipynb", "Mo/bob.ipynb", "Di/cem.ipynb"), ["ada", "bob", "cem"]),
        (
            ("A/ada.ipynb", "A/bob.ipynb", "B/ada.ipynb", "B/cem.ipynb"),
            ["A/ada", "bob", "B/ada", "cem"],
        ),
        (("ada/demo.ipynb", "ada/demo (1).ipynb"), ["ada", "ada"]),
        (("ada/final.ipynb", "ada/old/draft 2.ipynb"), ["ada", "ada"]),
        (
            ("ada/cats.ipynb", "ada/dogs.ipynb", "bob/demo.ipynb", "cem/demo.ipynb"),
            ["ada", "ada", "bob", "cem"],
        ),
        (
            ("student1/demo.ipynb", "student1/demo(1).ipynb", "student2/demo.ipynb"),
            ["student1", "student1", "student2"],
        ),
        (
            ("demo.ipynb", "demo (1).ipynb", "Copy of demo.ipynb"),
            ["demo", "demo (1)", "Copy of demo"],
        ),
        (
            ("demo-submissions/demo-ada/demo.ipynb", "demo-submissions/demo-bo-b/x/demo.ipynb"),
            ["ada", "bo-b"],
        ),
        (("hw-submissions/hw-ada/demo.ipynb", "hw-submissions/hw-bob/demo.ipynb"), ["ada", "bob"]),
        (
            (
                "Abgaben/Ada_a_12345/20260131120000_x.ipynb",
                "Abgaben/Bo_b_12346/20260131120000_x.ipynb",
            ),
            ["Ada_a_12345", "Bo_b_12346"],
        ),
        (
            ("t.zip/ada.ipynb", "t.zip/bob.ipynb", "t.zip/eve.ipynb", "cem.zip/demo.ipynb"),
            ["ada", "bob", "eve", "cem"],
        ),
        (("0012345.ipynb", "1e5.ipynb", "李.ipynb"), ["0012345", "1e5", "李"]),
        (("hw_1_2_ada.ipynb", "hw_1_2_bob.ipynb"), ["hw_1_2_ada", "hw_1_2_bob"]),  # not Canvas
        (("hw_01_1_ada.ipynb", "hw_01_2_bob.ipynb"), ["hw_01_1_ada", "hw_01_2_bob"]),
        (("a@x.de/demo.ipynb", "a@x.com/demo.ipynb"), ["a@x.de", "a@x.com"]),
        (("week1/ada.ipynb", "week1/roster.csv", "week1/bob.ipynb"), ["ada", "roster", "bob"]),
    ],
)
def test_a_folder_is_a_students_or_a_class(paths, expected):
    assert students(*paths) == expected
    keys = [owner.key for owner in owners(*paths)]
    assert len(set(keys)) == len(set(expected))


def test_gradescopes_folders_have_their_names_in_a_file():
    metadata = b"""submission_7:
  :submitters:
  - {":name": Ada L, ":sid": '0042', ":email": x}
  - {":name": Bob, ":sid": '43', ":email": y}
  :created_at: 2026-09-14 17:21:42.1 -07:00
"""
    paths = ["e/submission_7/a.ipynb", "e/submission_8/b.ipynb", "e/submission_7/x/c.pdf"]
    found = find_owners(paths, paths[:2], ["demo"], {"e/submission_metadata.yml": metadata})
    assert [found[path].student for path in paths] == ["Ada L & Bob", "submission_8", "Ada L & Bob"]
    assert found[paths[0]].number == "0042 & 43" and found[paths[0]].stamp[0] == "Gradescope"
    for broken in (b"[", b"submission_7: 3", b"- x", b"!!python/object:os.system {}"):
        found = find_owners(paths, paths[:2], ["demo"], {"e/submission_metadata.yml": broken})
        assert found[paths[0]].student == found[paths[2]].student == "submission_7"
    paths = ["eve/submission_7/a.ipynb", "ada/demo.ipynb", "bob/demo.ipynb"]
    found = find_owners(paths, paths, ["demo"], {"eve/submission_metadata.yml": metadata})
    assert found[paths[0]].student == "eve"  # who is not Ada


def test_names_that_are_too_deep_or_too_long_end_nothing():
    paths = ["a/" * 5_000 + "x.ipynb", "(" * 60_000 + ".ipynb", "_1" * 30_000, "ada.ipynb"]
    assert students(*paths)[3] == "ada"


# --- the files of an export ---------------------------------------------------------------------


def archive(*entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return buffer.getvalue()


def found_in(tmp_path, content, max_bytes=1e6):
    (tmp_path / "x.zip").write_bytes(content)
    return {path: (text, why) for path, text, why in collect(tmp_path / "x.zip", max_bytes)}


def test_every_entry_of_an_archive_is_told(tmp_path):
    link = zipfile.ZipInfo("link.ipynb")
    link.external_attr = 0o120777 << 16
    backslash = zipfile.ZipInfo("x")
    backslash.filename = "Ada\\demo.ipynb"
    entries = [
        ("ada.ipynb", "1"),
        ("../../out.ipynb", "2"),
        ("/root.ipynb", "3"),
        ("C:/Users/c.ipynb", "4"),
        ("big.ipynb", "x" * 2_000),
        (link, "/etc/passwd"),
        (backslash, "5"),
        ("folder/", ""),
        ("M\u0308.ipynb", "6"),
        ("esc\x1b[1m.ipynb", "7"),
    ]
    found = found_in(tmp_path, archive(*entries), 1_000)
    assert found.pop("link.ipynb") == (b"", "a link to another file, which was not followed")
    assert found.pop("big.ipynb") == (b"", "too large: 0 MB")
    assert {path: int(text) for path, (text, _) in found.items()} == {
        "ada.ipynb": 1,
        "out.ipynb": 2,
        "root.ipynb": 3,
        "Users/c.ipynb": 4,
        "Ada/demo.ipynb": 5,
        "M\u0308.ipynb": 6,
        "esc\\x1b[1m.ipynb": 7,
    }


def test_names_of_an_archive_are_utf8_also_where_it_does_not_say_so(tmp_path):
    content = bytearray(archive(("Mü.ipynb", "1")))
    for mark, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):  # the flag for UTF-8
        content[content.index(mark) + offset] &= ~8
    assert list(found_in(tmp_path, bytes(content))) == ["Mü.ipynb"]


def test_a_damaged_entry_costs_nobody_else_anything(tmp_path):
    content = bytearray(archive(("ada.ipynb", "a" * 100), ("bob.ipynb", "b" * 100)))
    content[content.index(b"ada.ipynb") + 9] ^= 255
    found = found_in(tmp_path, bytes(content))
    assert found["ada.ipynb"][1].startswith("damaged in the archive (")
    assert found["bob.ipynb"] == (b"b" * 100, "")
    content = bytearray(archive(("ada.ipynb", "a"), ("bob.ipynb", "b")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert found_in(tmp_path, bytes(content))["ada.ipynb"] == (b"", "encrypted in the archive")
    with pytest.raises(InputError, match="is damaged .*download it again"):
        found_in(tmp_path, bytes(content)[:-30])


def test_archives_in_archives_are_opened_but_not_without_end(tmp_path):
    inner = archive(("demo.ipynb", "1"))
    deep = archive(("1.zip", archive(("2.zip", archive(("3.zip", inner))))))
    big = archive(*[(f"{n}.txt", "x" * 290_000) for n in range(9)])
    found = found_in(
        tmp_path,
        archive(
            ("nested.zip", archive(*[(f"{n}.zip", big) for n in range(20)])),
            ("ada.zip", inner),
            ("bob.zip.txt", inner),
            ("cem", inner),
            ("deep.zip", deep),
            ("cut.zip", inner[:-30]),
            ("empty.zip", archive()),
            ("mac.zip", archive(("__MACOSX/._a.ipynb", "x"))),
            ("essay.docx", archive(("word/document.xml", "<x>"))),
            ("old.rar", b"Rar!\x1a"),
            ("many.zip", archive(*[(f"{n}.txt", "") for n in range(2_001)])),
            ("bomb.zip", archive(*[(f"{n}.txt", "x" * 290_000) for n in range(20)])),
        ),
        300_000,
    )
    for path in ("ada.zip/demo.ipynb", "bob.zip.txt/demo.ipynb", "cem/demo.ipynb"):
        assert found[path] == (b"1", "")
    assert found.pop("mac.zip")[1] == "an archive without any file that was made by a person"
    assert sum(path.startswith("nested.zip/") for path in found) < 12  # of 180
    assert "too much in it" in str([why for path, (_, why) in found.items() if "nested" in path])
    problems = {path: why for path, (_, why) in found.items() if why and "nested" not in path}
    assert problems == {
        "deep.zip/1.zip/2.zip/3.zip": "an archive inside 3 others, which was not opened",
        "cut.zip": "a damaged archive (BadZipFile)",
        "empty.zip": "an archive without any file that was made by a person",
        "old.rar": "a .rar archive, which is not opened here: unpack it, or ask for a .zip",
        "many.zip": "an archive with too much in it: the rest was not read",
        "bomb.zip": "an archive with too much in it: the rest was not read",
    }
    assert "essay.docx" in found


def test_every_file_of_a_folder_is_told(tmp_path):
    folder = tmp_path / "x"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a.ipynb").write_text("1")
    (folder / "big").write_text("x" * 200)
    os.symlink(tmp_path, folder / "linked")
    os.symlink(folder / "sub" / "a.ipynb", folder / "link.ipynb")
    os.mkfifo(folder / "pipe.ipynb")
    with open(os.fsencode(folder) + b"/M\xfcller.ipynb", "w") as file:
        file.write("2")
    assert {path: (text, why) for path, text, why in collect(folder, 100)} == {
        "sub/a.ipynb": (b"1", ""),
        "big": (b"", "too large: 0 MB"),
        "linked": (b"", "a link to another file, which was not followed"),
        "link.ipynb": (b"", "a link to another file, which was not followed"),
        "pipe.ipynb": (b"", "not a regular file"),
        "M\\xfcller.ipynb": (b"2", ""),
    }


def test_deep_folders_end_nothing(tmp_path):
    place = os.open(tmp_path, os.O_RDONLY)
    for _ in range(2_500):  # a path longer than the system takes
        os.mkdir("d", dir_fd=place)
        inner = os.open("d", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
    os.close(place)
    (tmp_path / "ada.ipynb").write_text("1")
    found = {path.split("/")[0]: why for path, _, why in collect(tmp_path, 100)}
    subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # which shutil.rmtree cannot
    assert found["ada.ipynb"] == "" and "could not be read: File name too long" in found["d"]


def test_what_systems_leave_is_known():
    for path in ("__MACOSX/._a.ipynb", "x/.DS_Store", "x/.git/a", ".ipynb_checkpoints/a.ipynb"):
        assert is_aside(path)
    for path in ("__MACOSX/a.ipynb", ".a.ipynb", "x/.hidden/a.ipynb", "git/a", "a.ipynb"):
        assert not is_aside(path)


# --- what is chosen -----------------------------------------------------------------------------


def files_of(*abouts):
    """Files of one student: path, work, answers, stamp, problem."""
    return [
        Submission(
            path,
            id=path,
            owner=Owner("k", "ada", stamp=stamp),
            work=work,
            answers=(answers,),
            problem=problem,
        )
        for path, work, answers, stamp, problem in abouts
    ]


A, B = ("a.ipynb", 2, "x", ("Canvas", 9), ""), ("b.ipynb", 2, "y", ("Canvas", 10), "")
NEITHER = ("a.ipynb", 2, "x", None, ""), ("b.ipynb", 2, "y", None, "")


@pytest.mark.parametrize(
    ("files", "chosen", "picked", "said"),
    [
        ([A], "", "a", []),
        ([A, B], "", "b", ["graded the latest; also handed in: a.ipynb (not counted)"]),
        ([B, A], "", "b", ["graded the latest; also handed in: a.ipynb (not counted)"]),
        (
            [("a.ipynb", 2, "x", None, ""), ("z.ipynb", 0, "", None, "")],
            "",
            "a",
            ["graded the one with the work in it; also handed in: z.ipynb (untouched)"],
        ),
        ([A, ("z.ipynb", 0, "", ("Canvas", 99), "")], "", "a", None),
        ([("a.ipynb", 2, "x", None, ""), ("z.ipynb", 1, "1", None, "")], "", "a", None),
        (
            [A, ("z.ipynb", 0, "", ("Canvas", 99), "not a notebook")],
            "",
            "a",
            ["also handed in: z.ipynb (not a notebook)"],
        ),
        (
            [("a.ipynb", 2, "x", None, ""), ("b.ipynb", 2, "x", None, "")],
            "",
            "a",
            ["graded the one with the work in it; also handed in: b.ipynb (the same answers)"],
        ),
        (NEITHER, "", "ab", None),
        ([NEITHER[0], B], "", "ab", None),
        ([A, ("b.ipynb", 2, "y", ("Canvas", 9), "")], "", "ab", None),
        ([A, ("b.ipynb", 2, "y", ("Teams", 2), "")], "", "ab", None),
        (
            NEITHER,
            ("b.ipynb",),
            "b",
            ["graded the one that was chosen; also handed in: a.ipynb (not counted)"],
        ),
        (NEITHER, ("a.ipynb", "b.ipynb"), "ab", None),
        (
            [("a.pdf", 0, "", None, "not a notebook"), ("b.ipynb", 0, "", None, "too large: 9 MB")],
            "",
            "b",
            ["also handed in: a.pdf (not a notebook)"],
        ),
    ],
)
def test_which_file_of_a_student_counts(files, chosen, picked, said):
    rows = choose(files_of(*files), chosen)
    assert "".join(row.path[0] for row in rows) == picked
    for row in rows:
        assert row.choice == ("?" if len(picked) == 2 else "yes" if chosen else "")
        if len(picked) == 2:
            assert "not graded before you choose" in row.remarks[0]
            assert all(path in row.remarks[0] for path in ("a.ipynb", "b.ipynb"))
        if said is not None:
            assert row.remarks == said


# --- what students wrote ------------------------------------------------------------------------


def test_an_untouched_file_is_no_grade_where_the_work_may_be_in_another():
    untouched, damaged = ("a.ipynb", 0, "", None, ""), ("z.zip", 0, "", None, "a damaged archive")
    for chosen, choice in (((), "?"), (("a.ipynb",), "yes")):
        (row,) = choose(files_of(untouched, damaged), chosen)
        assert (row.path, row.choice) == ("a.ipynb", choice)
        assert "z.zip (a damaged archive)" in row.remarks[0]
    (row,) = choose(files_of(untouched, ("time.txt", 0, "", None, "not a notebook")))
    assert row.choice == ""


def test_nothing_that_was_written_moves_a_cursor():
    assert plain("a\x1b[31mb\rc\nd\u202ee\ud800\x9b\u2028") == (
        "a\\x1b[31mb\\rc\\nd\\u202ee\\ud800\\x9b\\u2028"
    )
    assert plain("Zoe\u0308 李 \u0646\u200c\u0627") == "Zoë 李 \u0646\u200c\u0627"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_nothing_that_was_written_is_a_formula(sign):
    assert no_formula(f"{sign}1") == f"'{sign}1"
    assert no_formula(f"x;{sign}1") == f"x;'{sign}1"
    assert no_formula(f"x, {sign}1") == f"x,' {sign}1"
    assert no_formula(f'x;"{sign}1"') == f'x;\'"{sign}1"'
    assert no_formula(f"a{sign}b") == f"a{sign}b"
    assert no_formula(f"\r{sign}1") == f"\\r{sign}1"


# --- read, and made into a notebook -------------------------------------------------------------


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
    submission = Submission("x.ipynb")
    examine(submission, content, "demo", {})
    assert submission.problem == "not a notebook"


def test_strange_metadata_of_cells_does_no_harm(course):
    def strange(notebook):
        for value, cell in zip(
            ("text", {"grade": True}, {"grade_id": 3}), notebook.cells, strict=False
        ):
            cell.metadata["nbgrader"] = value

    course.hand_in("a.ipynb", change=strange)
    sources = {"demo": assignments.load_source("demo", course.folder)}
    ((path, content, _),) = collect(course.submissions, 1e6)
    submission = Submission(path)
    examine(submission, content, "demo", sources)
    notebook = rebuild(submission, course.release())
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


def read(course, change=None, code=RIGHT):
    """A hand-in, examined, and the notebook that would be run."""
    sources = {name: assignments.load_source(name, course.folder) for name in ("demo", "later")}
    submission = Submission("a.ipynb")
    examine(submission, course.text(code, change=change).encode(), "demo", sources)
    if submission.problem:
        return submission, None
    measure_work(submission, course.release())
    return submission, rebuild(submission, course.release())


def copied(name, source=None, below=False):
    """A change: a cell stands there twice, as JupyterLab copies it, with its metadata."""

    def change(notebook):
        cell = cell_of(notebook, name)
        copy = type(cell)({**cell, "id": "copy", "source": source or cell.source})
        notebook.cells.insert(notebook.cells.index(cell) + below, copy)

    return change


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("name", ["double_checks", "double_hidden"])
@pytest.mark.parametrize("source", [None, "print('mine')"])
def test_a_copied_check_is_empty_and_only_the_last_is_the_instructors(course, name, below, source):
    submission, notebook = read(course, copied(name, source, below))
    assert "print('mine')" not in [cell.source for cell in notebook.cells]
    assert [grade_id(cell) for cell in notebook.cells].count(name) == 1
    assert not any(SECRET in cell.source for cell in notebook.cells)  # it is not run in there
    assert f"{name} stands there more than once; one of them counts" in submission.notes
    index = [grade_id(cell) for cell in notebook.cells].index(name)
    assert notebook.cells[index - 1].source == ""


@pytest.mark.parametrize(
    ("upper", "lower", "counts"),
    [(RIGHT, None, RIGHT), (None, RIGHT, RIGHT), (WRONG, RIGHT, RIGHT), (RIGHT, WRONG, WRONG)],
)
def test_of_two_solution_cells_the_last_with_work_counts(course, upper, lower, counts):
    stub = cell_of(course.release(), "double").source
    submission, notebook = read(course, copied("double", upper or stub), lower or stub)
    assert cell_of(notebook, "double").source == counts
    assert "double stands there more than once; one of them counts" in submission.notes
    code = [cell.source for cell in notebook.cells]
    assert (stub not in code) and (upper is None or upper in code)  # definitions may be in both


@pytest.mark.parametrize(
    ("cell", "is_text"),
    [
        (new_markdown_cell("Because."), True),
        (new_raw_cell("Because."), True),
        (new_code_cell("# Because."), True),
        (new_code_cell('"Because."'), True),
        (new_code_cell("Because it is so."), True),
        (new_markdown_cell(" \n"), False),
        (new_code_cell("double(3)"), False),
        (new_code_cell("!pip install x"), False),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 9])
def test_text_beside_an_answers_cell_is_found(course, cell, is_text, place):
    def change(notebook):
        index = notebook.cells.index(cell_of(notebook, "why"))
        notebook.cells.insert(index + place, cell)

    assert read(course, change)[0].own_text is is_text


def test_parameters_are_set_back(course):
    def change(notebook):
        notebook.cells[1].source = "FACTOR = 20_000"

    submission, notebook = read(course, change)
    assert notebook.cells[1].source == "FACTOR = 2  # of task 1"
    assert submission.notes == ["the parameters were changed; the original ones were used"]
    assert read(course)[0].notes == []


def test_cells_are_found_by_colabs_ids_or_by_what_they_define(course):
    def colab(notebook):
        for cell in notebook.cells:
            cell.metadata = {"id": cell.id}
            del cell["id"]
        notebook.nbformat_minor = 0

    def partly(notebook):
        cell = cell_of(notebook, "double")
        cell.metadata, cell.id = {}, "new"

    for change, note in ((colab, "were found by their ids"), (partly, "double found by its code")):
        submission, notebook = read(course, change)
        assert cell_of(notebook, "double").source == RIGHT and note in submission.notes[0]


def test_half_a_character_ends_nothing(course):
    text = course.text().replace("Because.", "\\ud83d\\ude00 \\ud800")
    submission = Submission("a.ipynb")
    sources = {"demo": assignments.load_source("demo", course.folder)}
    examine(submission, text.encode(), "demo", sources)
    assert submission.notebook.cells[-1].source == "\U0001f600 \ufffd"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_every_unicode_is_read(course, encoding):
    submission = Submission("a.ipynb")
    sources = {"demo": assignments.load_source("demo", course.folder)}
    examine(submission, course.text(answer="Öl").encode(encoding), "demo", sources)
    assert submission.notebook.cells[-1].source == "Öl"
