"""The platforms' own tables: points go back, and times and names come from them."""

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("nbgrader", reason="needs requirements-instructor.txt")
from course import RIGHT, Course, without_kernels

from grading import InputError
from grading.lateness import deduction, parse_due, parse_policy, read_time
from grading.roster import compare, read_roster
from grading.spreadsheet import read_sheet
from grading.worksheet import Entry, fill, read_worksheet

BERLIN = ZoneInfo("Europe/Berlin")
MOODLE = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\r\n'
    '"Participant 11","Ada ""A"" Lovelace",a@x,Submitted,,10.00,Yes,'
    '"Saturday, 21 November 2026, 2:14 PM",-,"<p>one,\r\ntwo</p>"\r\n'
    'Participant 12,"Bob, Roe",b@x,Submitted,3.00,10.00,No,-,-,\r\n'
    'Participant 13,"Cem Özdemir",c@x,"No submission",,10.00,Yes,-,-,\r\n'
)
GERMAN = (
    'ID,"Vollständiger Name",Status,Bewertung,Bestwertung,"Bewertung kann geändert werden",'
    '"Zuletzt geändert (Abgabe)"\n'
    'Teilnehmer/in11,"Ada L",Abgegeben,,"10,00",Ja,"Dienstag, 2. Dezember 2025, 10:37"\n'
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Week 1 demo (41),Demo two (42),Final Score\n"
    ",,,,,Manual Posting,,\n"
    "    Points Possible,,,,,10.0,5,(read only)\n"
    '"Lovelace, Ada",11,0007,ada,A,,1,\n'
    '"Roe, Bob",12,0008,bob,A,"2",1,\n'
    '"Student, Test",99,,x,A,,,\n'
)
ENTRIES = [Entry("Ada", "11", 8.25), Entry("Bob", "12", 4.0), Entry("Zoe", "77", 9.0)]


def saved(tmp_path, text, encoding="utf-8-sig", name="Grades.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


# --- back to the platform -----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_moodles_worksheet_is_filled_in_and_nothing_else_changes(tmp_path, encoding):
    path = saved(tmp_path, MOODLE, encoding)
    out = tmp_path / "out"
    out.mkdir()
    before = path.read_bytes()
    said = "\n".join(fill(read_worksheet(path, "demo"), ENTRIES, 10, out))
    after = (out / "filled-Grades.csv").read_bytes()
    assert after.decode(encoding) == MOODLE.replace("Submitted,,10", "Submitted,8.25,10")
    assert after.startswith(before[:2]) and path.read_bytes() == before
    for words in (
        "1 of 3 filled in",
        "without a file: Cem Özdemir",
        "not in it: Zoe",
        "cannot be changed: Bob, Roe",
    ):
        assert words in said


def test_a_german_worksheet_gets_a_comma(tmp_path):
    worksheet = read_worksheet(saved(tmp_path, GERMAN), "demo")
    fill(worksheet, ENTRIES, 10, tmp_path)
    text = (tmp_path / "filled-Grades.csv").read_text("utf-8-sig")
    assert text == GERMAN.replace("Abgegeben,,", 'Abgegeben,"8,25",')
    assert worksheet.times(BERLIN) == {"11": datetime(2025, 12, 2, 10, 37, tzinfo=BERLIN)}


def test_canvas_gradebook_is_filled_in_by_id(tmp_path):
    path = saved(tmp_path, CANVAS, "utf-8")
    said = "\n".join(fill(read_worksheet(path, "demo", "week 1 demo"), ENTRIES, 5, tmp_path))
    text = (tmp_path / "filled-Grades.csv").read_text("utf-8")
    assert text == CANVAS.replace("ada,A,,", "ada,A,8.25,").replace('bob,A,"2",', 'bob,A,"4",')
    assert "Canvas: 2 of 3" in said and "without a file: Student, Test" in said
    assert "expects points up to 10, here 5" in said
    for column in ("41", "Week 1 demo (41)"):
        assert read_worksheet(path, "demo", column).column == 5
    for column in (None, "Final Score", "none"):
        with pytest.raises(InputError, match=r"--column: Week 1 demo \(41\), Demo two"):
            read_worksheet(path, "demo", column)
    assert read_worksheet(path, "01_week_demo").column == 5


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "ID,Grade\n1,2\n", "Student,Name\nx,y\n", "x"])
def test_a_table_that_is_neither_is_refused(tmp_path, text):
    with pytest.raises(InputError, match="neither Moodle's grading worksheet"):
        read_worksheet(saved(tmp_path, text), "demo")


def test_an_excel_file_is_refused(tmp_path):
    path = tmp_path / "grades.xlsx"
    path.write_bytes(b"PK\x03\x04\x00\x00")
    with pytest.raises(InputError, match="save it as CSV"):
        read_worksheet(path, "demo")


def test_two_rows_of_one_number_are_left_to_a_person(tmp_path):
    worksheet = read_worksheet(saved(tmp_path, MOODLE), "demo")
    twice = [Entry("Ada", "11", 8.0), Entry("Ada", "11", 3.0)]
    said = "\n".join(fill(worksheet, twice, 10, tmp_path))
    assert "0 of 3 filled in" in said and "not in it: Ada, Ada" in said


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_as_it_was_written(tmp_path, delimiter):
    lines = ['a,"b ""c"""', '"d,;\t","e\r\nf"', ",", '"g', 'h"i,j']
    text = "\r\n".join(line.replace(",", delimiter) for line in lines[:3])
    sheet = read_sheet(saved(tmp_path, text))
    marks = f"d{delimiter};\t"
    assert sheet.rows == [["a", 'b "c"'], [marks, "e\r\nf"]]
    assert sheet.changed({}) == (tmp_path / "Grades.csv").read_bytes()
    assert sheet.changed({(0, 0): 'x"y'}).endswith(text[1:].encode())


# --- lateness -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wednesday, 10 June 2026, 2:14 PM", "2026-06-10T14:14:00+02:00"),
        ("Wednesday, September 23, 2020, 12:05 AM", "2020-09-23T00:05:00+02:00"),
        ("Dienstag, 3. März 2026, 09:05", "2026-03-03T09:05:00+01:00"),
        ("mardi 3 février 2026, 09:05", "2026-02-03T09:05:00+01:00"),
        ("martes, 5 de mayo de 2026, 12:30", "2026-05-05T12:30:00+02:00"),
        ("maandag, 4 mei 2026, 10:00", "2026-05-04T10:00:00+02:00"),
        ("2026-01-31 12:00:00.0 UTC", "2026-01-31T12:00:00+00:00"),
        ("2018-07-01T14:22:32.365935-07:00", "2018-07-01T14:22:32-07:00"),
        ("2015-02-02 15:58:23.948203 America/Los_Angeles", "2015-02-02T15:58:23-08:00"),
        ("20260131120000", "2026-01-31T12:00:00+01:00"),
        ("-", None),
        ("2026-13-31 12:00:00", None),
    ],
)
def test_a_time_is_read_as_platforms_write_it(text, expected):
    time = read_time(text, BERLIN)
    assert (time and time.isoformat()) == expected


@pytest.mark.parametrize(
    ("policy", "hours", "lost"),
    [
        ("10% per day", 0, 0),
        ("10% per day", 1, 1),
        ("10% per day", 25, 2),
        ("0.5 points per hour", 3, 1.5),
        ("0,5 points an hour, at most 20%", 30, 2),
        ("10 % per week at most 1 point", 24 * 20, 1),
        ("50% per day", 24 * 9, 8),  # not below zero
    ],
)
def test_what_lateness_costs(policy, hours, lost):
    submission = SimpleNamespace(late_seconds=hours * 3_600)
    assert deduction(submission, parse_policy(policy), points=8, limit=10) == lost


def test_a_deadline_has_the_zone_that_it_names():
    assert parse_due("2026-11-20 23:59 Europe/Berlin").isoformat() == "2026-11-20T23:59:00+01:00"
    assert parse_due("2026-11-20 23:59").tzinfo is not None
    for text in ("", "2026-11-20", "20.11.2026 23:59", "2026-11-20 23:59 Moon/Base"):
        with pytest.raises(InputError, match="expected a time such as"):
            parse_due(text)


@pytest.fixture
def course(tmp_path, monkeypatch):
    without_kernels(monkeypatch)
    return Course(tmp_path)


def test_lateness_is_found_on_every_platform_and_shown(course, capsys):
    course.hand_in("HW_ada_attempt_2026-11-21-12-00-00_x.ipynb", RIGHT + "#1")
    course.hand_in("HW_bob_attempt_2026-11-20-23-59-40_x.ipynb", RIGHT + "#2")
    course.hand_in("13-1 - Cem - Nov 22, 2026 803 PM/demo.ipynb", RIGHT + "#3")
    course.hand_in("Ada Moo_11_assignsubmission_file_/demo.ipynb", RIGHT + "#4")
    course.hand_in("Dee Moo_12_assignsubmission_file_/demo.ipynb", RIGHT + "#5")
    course.put("Dee Moo_12_assignsubmission_file_/timestamp.txt", "2020-01-01 00:00:00 UTC")
    course.hand_in("Mo, Max(max1)/Submission attachment(s)/demo.ipynb", RIGHT + "#6")
    course.put("Mo, Max(max1)/timestamp.txt", "20261121000500000")
    worksheet = saved(course.folder, MOODLE)
    options = ["--due", "2026-11-20 23:59 UTC", "--late-penalty", "10% per day"]
    rows = course.grade(*options, "--worksheet", str(worksheet))
    late = {name: row["late"] for name, row in rows.items()}
    assert late == {
        "ada": "-0.5",
        "bob": "",
        "Cem": "-1",
        "Ada Moo": "-0.5",
        "Dee Moo": "",
        "Mo, Max": "-0.5",
    }
    assert "nothing says of 1 files" in capsys.readouterr().out
    assert "handed in 12 hours after the deadline" in rows["ada"]["notes"]
    page = course.page("HW_ada_attempt_2026-11-21-12-00-00_x.html")
    assert "handed in 12 hours after the deadline" in page and "−0.5" in page
    course.fill_in("ada", **{"why /2": "2"})
    row = course.grade(*options)["ada"]
    assert (row["total"], row["late"]) == ("4.5", "-0.5")


def test_nbgraders_time_counts_and_canvas_says_only_that_it_is_late(course):
    course.hand_in("ada/demo/demo.ipynb", RIGHT + "#1")
    course.put("ada/demo/timestamp.txt", "2026-11-22 00:00:00.0 UTC")
    course.hand_in("bob/demo/demo.ipynb", RIGHT + "#2")
    course.put("bob/demo/timestamp.txt", "2026-11-19 00:00:00.0 UTC")
    rows = course.grade("--due", "2026-11-20 23:59 UTC")
    assert "1 day after the deadline" in rows["ada"]["notes"] and not rows["bob"]["notes"]
    assert rows["ada"]["late"] == ""


def test_gradescopes_metadata_say_when_something_was_handed_in(course):
    for number in (1, 2):
        course.hand_in(f"submission_{number}/demo.ipynb", RIGHT + f"#{number}")
    course.put(
        "submission_metadata.yml",
        "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: '11'\n"
        "  :created_at: 2026-11-20 23:30:00.123456000 -07:00\n"
        "submission_2:\n  :submitters:\n  - :name: Bob\n    :sid: '12'\n"
        "  :created_at: 2026-11-20 16:30:00.000000000 -07:00\n",
    )
    rows = course.grade("--due", "2026-11-20 23:59 UTC", "--late-penalty", "1 point per day")
    assert (rows["Ada"]["late"], rows["Bob"]["late"]) == ("-1", "")


# --- the class ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "First name,Last name,E-mail\nAda,Lovelace,a@x\nBob,Roe,bob@x\nZoe,Zed,z@x\n",
        "Name;ID number\nLovelace, Ada;11\nRoe, Bob;12\nZed, Zoe;13\n",
        "Ada Lovelace\nBob Roe\nZoe Zed\n",
        CANVAS.replace('"Student, Test",99,,x', '"Zed, Zoe",13,,x'),
        'Identifier,"Full name",Status,Grade\nParticipant 11,Ada L,,\nParticipant 12,B,,\n'
        "Participant 13,Zoe Zed,,\n",
    ],
)
def test_who_handed_in_nothing_has_a_row(course, tmp_path, text):
    course.hand_in("Ada Lovelace_11_assignsubmission_file_/demo.ipynb", RIGHT + "#1")
    course.hand_in("Bob Roe_12_assignsubmission_file_/demo.ipynb", RIGHT + "#2")
    course.hand_in("Eve Else_15_assignsubmission_file_/demo.ipynb", RIGHT + "#3")
    roster = saved(tmp_path, text, name="roster.csv")
    rows = course.grade("--roster", str(roster))
    (absent,) = [row for row in rows.values() if row["status"] == "nothing handed in"]
    assert "Zoe" in absent["student"] and absent["total"] == ""
    assert rows["Eve Else"]["notes"] == "not on the roster" and len(rows) == 4
    assert not rows["Ada Lovelace"]["notes"]
    course.fill_in(absent["student"], adjustment="2", reason="ill")
    rows = course.grade()  # without the roster, what is known stays
    assert rows[absent["student"]]["total"] == "2" and rows[absent["student"]]["reason"] == "ill"
    course.hand_in("Zoe Zed_13_assignsubmission_file_/demo.ipynb", RIGHT + "#4")
    rows = course.grade("--roster", str(roster))
    assert len(rows) == 4 and not rows["Zoe Zed"]["notes"]


def test_names_of_canvas_files_and_groups_are_found(tmp_path):
    people = read_roster(saved(tmp_path, "Name,ID\nAda Maria Lovelace,1\nBob Roe,2\nCy Co,3\n"))

    def handed_in(student, number=""):
        owner = SimpleNamespace(number=number)
        return SimpleNamespace(student=student, owner=owner, remarks=[])

    group = handed_in("Roe, Bob & Cy Co")
    assert not compare(people, [handed_in("lovelaceadamaria"), group]) and not group.remarks
    assert [one.name for one in compare(people, [handed_in("x", "2")])] == [
        "Ada Maria Lovelace",
        "Cy Co",
    ]


def test_an_empty_roster_is_refused(tmp_path):
    with pytest.raises(InputError, match="nobody is in it"):
        read_roster(saved(tmp_path, "Name,ID\n"))
