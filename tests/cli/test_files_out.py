"""What the terminal writes as files: written reminders, calendars, lists."""

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

import settings
from cli.context import Context
from models.clock import VN, Clock
from models.commands import (
    Actor,
    ActorKind,
    AskExtension,
    Cancel,
    Command,
    Note,
    Reschedule,
    Submit,
)
from models.cycle import LaunchOrder
from models.identifiers import parse_task_id, task_id
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from rules.unfolding import unfold
from starter import app
from tests.shipped import PLAN, shipped_snapshots

CHANNELS = task_id(PLAN, "2026", "III.1.d", "han")
LAUNCH = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=VN)
NUMBER = ("--number", "1234/SGDĐT-GDTrH", "--date", "6/3/2026")
REFERENCE = "số 1234/SGDĐT-GDTrH ngày 06/03/2026"


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answered(*words: str | Path, exit_code: int = 0) -> Any:
    result = typed(*words, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of an installation with III.1.d and 6 schools, whose clock stands on 05/03/2026."""
    folder = tmp_path_factory.mktemp("launched")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_STATE_DIR", str(folder))
        settings.load.cache_clear()
        context = Context()
        context.clock.set(Clock(wall_anchor=NOW, plan_anchor=NOW, speed=0.0))
        launch(context)
        context.engine.dispose()
    settings.load.cache_clear()
    return folder


@pytest.fixture(autouse=True)
def cycle(launched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """The running cycle; no Temporal server is there."""
    shutil.copytree(launched, tmp_path / "var")
    monkeypatch.setenv("DONDOC_STATE_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DONDOC_TEMPORAL_ADDRESS", "127.0.0.1:9")
    settings.load.cache_clear()
    context = Context()
    yield context
    context.engine.dispose()
    settings.load.cache_clear()


def launch(context: Context) -> None:
    snapshots = shipped_snapshots(6)
    context.registry.load_plan(snapshots.plan, snapshots.directory.units.values(), at=LAUNCH)
    order = LaunchOrder(plan=PLAN, year=2026, actor=Actor(kind=ActorKind.OFFICER))
    kept = context.cycles.keep(order, snapshots, at=LAUNCH, expected=(3, 300)).cycle
    unfolded = unfold(*snapshots, year=2026, cycle="2026", at=LAUNCH, dates={}, allocation={})
    for opening in unfolded.openings:
        if parse_task_id(opening.task).code == "III.1.d":
            context.ledger.open_task(opening.task, kept.id, opening.events)
    context.cycles.set_stage(kept.id, "open")


def follow_up(context: Context, at: datetime, *commands: Command) -> None:
    """Records what the workflow of III.1.d would record at plan instant `at`."""
    loaded = context.ledger.load(CHANNELS)
    after = step(loaded.state, commands, at=at)
    context.ledger.record(
        recording_of(
            after.state,
            after.events,
            head=loaded.head,
            at=at,
            summary=task_row(after.state, at=at),
            outcomes=after.outcomes,
        )
    )


def the_school(code: str) -> dict[str, Any]:
    return {"task": CHANNELS, "unit": code, "actor": Actor(kind=ActorKind.UNIT, ref=code)}


# Written reminders


def test_draft_names_what_is_overdue_and_is_kept(tmp_path, cycle):
    file = tmp_path / "cong-van.docx"

    drafted = answered("urge", "--plan", PLAN, "-o", file)

    assert (drafted["id"], drafted["signed"], drafted["file"]) == (1, None, str(file))
    assert {line["code"] for line in drafted["lines"]} == {"III.1.d"}
    assert {line["days_late"] for line in drafted["lines"]} == {5}
    assert drafted["units"] == len(drafted["lines"]) == 7
    assert "quá hạn" in "\n".join(p.text for p in docx.Document(str(file)).paragraphs)
    kept = answered("urge", "list")
    assert [each["lines"] for each in kept] == [drafted["lines"]]


def test_letter_says_the_whole_words_of_a_task_and_leaves_an_unknown_number_open(tmp_path):
    file = tmp_path / "cong-van.docx"

    typed("urge", "-o", file)

    word = docx.Document(str(file))
    assert not any("…" in cell.text for cell in word.tables[1]._cells)
    assert "Kế hoạch số ……… ngày …/…/…… của Sở Giáo dục và Đào tạo" in word.paragraphs[3].text


def test_who_has_reported_or_waits_for_an_extension_is_not_named(tmp_path, cycle):
    submitted = Submit(
        id="c1", received_at=datetime(2026, 2, 27, 9, tzinfo=VN), **the_school("TM0001")
    )
    asked = AskExtension(
        id="c2",
        received_at=datetime(2026, 2, 27, 9, tzinfo=VN),
        last_day=date(2026, 3, 20),
        text=cycle.commands.store_statement("chờ kinh phí; đã xây dựng nội dung"),
        **the_school("TM0002"),
    )
    follow_up(cycle, datetime(2026, 2, 27, 9, tzinfo=VN), submitted, asked)

    drafted = answered("urge", "-o", tmp_path / "cong-van.docx")

    assert {line["unit"] for line in drafted["lines"]}.isdisjoint({"TM0001", "TM0002"})
    assert drafted["extensions_asked"] == 1


@pytest.mark.parametrize(
    ("to", "units"),
    [("TM0001", {"TM0001"}), ("Phòng Giáo dục Trung học", {"GDTRH"}), ("division", {"GDTRH"})],
    ids=["unit", "name", "kind"],
)
def test_letter_to_one_unit_or_group_names_no_other(tmp_path, to, units):
    drafted = answered("urge", "--to", to, "-o", tmp_path / "cong-van.docx", exit_code=0)

    assert {line["unit"] for line in drafted["lines"]} == units


def test_nothing_overdue_writes_nothing(tmp_path):
    error = answered("urge", "--task", "V.1", "-o", tmp_path / "a.docx", exit_code=1)["error"]

    assert "Không có phần việc nào quá hạn" in error
    assert not (tmp_path / "a.docx").exists()


def test_failed_writing_keeps_no_record(tmp_path):
    assert typed("urge", "-o", tmp_path / "khong-co" / "a.docx").exit_code == 1

    assert answered("urge", "list") == []


def test_signing_is_stored_once_as_a_note_on_every_part_it_names(tmp_path, cycle):
    drafted = answered("urge", "-o", tmp_path / "cong-van.docx")

    signed = answered("urge", "signed", "1", *NUMBER)
    assert answered("urge", "signed", "1", *NUMBER) == signed

    assert signed == {
        "id": 1, "number": "1234/SGDĐT-GDTrH", "date": "2026-03-06",
        "noted": 0, "stored": drafted["units"], "refused": 0,
    }  # fmt: skip
    stored = cycle.commands.undelivered(datetime.now(VN))
    assert len(stored) == drafted["units"]
    assert {(note.unit, note.reference) for note in stored if isinstance(note, Note)} == {
        (line["unit"], REFERENCE) for line in drafted["lines"]
    }


def test_other_number_needs_to_be_said_to_be_a_correction(tmp_path):
    answered("urge", "-o", tmp_path / "cong-van.docx")
    answered("urge", "signed", "1", *NUMBER)
    other = ("urge", "signed", "1", "--number", "1235/SGDĐT-GDTrH", "--date", "6/3/2026")

    assert "--correct" in answered(*other, exit_code=1)["error"]
    answered(*other, "--correct")

    assert answered("urge", "show", "1")["signed"]["number"] == "1235/SGDĐT-GDTrH"


def test_history_tells_the_signed_letter(tmp_path, cycle):
    answered("urge", "--to", "TM0001", "-o", tmp_path / "cong-van.docx")
    answered("urge", "signed", "1", *NUMBER)

    follow_up(cycle, NOW, *cycle.commands.undelivered(datetime.now(VN)))

    told = [entry["text"] for entry in answered("history", "III.1.d/TM0001")["events"]]
    assert f"Gửi công văn đôn đốc {REFERENCE}" in told
    others = answered("history", "III.1.d/TM0002")["events"]
    assert not any("công văn" in entry["text"] for entry in others)


def test_signed_letter_is_written_again_with_its_number(tmp_path):
    answered("urge", "-o", tmp_path / "du-thao.docx")
    answered("urge", "signed", "1", *NUMBER)

    answered("urge", "show", "1", "-o", tmp_path / "ban-ky.docx")

    head = docx.Document(str(tmp_path / "ban-ky.docx")).tables[0].rows[0].cells
    assert "Số: 1234/SGDĐT-GDTrH" in head[0].text
    assert "ngày 06 tháng 3 năm 2026" in head[1].text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("urge",), "Hãy ghi tên tệp"),
        (("urge", "-o", "a.pdf"), ".docx"),
        (("urge", "show", "7"), "Không có dự thảo 7"),
        (("urge", "signed", "7", *NUMBER), "Không có dự thảo 7"),
        (("urge", "--cycle", "cycle/x/2026", "-o", "a.docx"), "cycle/x/2026"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(words, sentence):
    assert sentence in answered(*words, exit_code=1)["error"]


# Calendars


def the_event(file: Path, start: str) -> Any:
    (found,) = [
        event
        for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        if str(event["SUMMARY"]).startswith(start)
    ]
    return found


def test_calendar_of_a_unit_follows_what_happens_to_its_deadline(tmp_path, cycle):
    file, origin = tmp_path / "lich.ics", the_school("TM0001")
    answered("calendar", "--unit", "TM0001", "-o", file)
    before = the_event(file, "Hạn cuối: III.1.d.")
    officer = origin | {"actor": Actor(kind=ActorKind.OFFICER)}
    words = cycle.commands.store_statement("Văn bản số 12")
    moved = Reschedule(id="m1", received_at=NOW, last_day=date(2026, 3, 20), text=words, **officer)
    follow_up(cycle, NOW, moved)

    answered("calendar", "--unit", "TM0001", "-o", file, "--yes")
    after = the_event(file, "Hạn cuối: III.1.d.")
    cancelled = Cancel(id="m2", received_at=NOW, reference="12/QĐ-SGDĐT", **officer)
    follow_up(cycle, NOW, cancelled)
    answered("calendar", "--unit", "TM0001", "-o", file, "--yes")
    last = the_event(file, "Không tiếp tục: III.1.d.")

    assert [event["DTSTART"].dt for event in (before, after, last)] == [
        date(2026, 2, 28),
        date(2026, 3, 20),
        date(2026, 3, 20),
    ]
    assert len({event["UID"] for event in (before, after, last)}) == 1
    assert before["SEQUENCE"] < after["SEQUENCE"] < last["SEQUENCE"]
    assert last["STATUS"] == "CANCELLED"


def test_calendar_of_the_officer_has_each_task_and_day_once(tmp_path):
    answered("calendar", "--plan", PLAN, "-o", tmp_path / "lich.ics")

    event = the_event(tmp_path / "lich.ics", "Hạn cuối: III.1.d.")
    assert "7/7 đơn vị chưa nộp" in event["DESCRIPTION"]


def test_division_that_coordinates_sees_its_own_and_what_it_follows_up(tmp_path):
    written = answered("calendar", "--unit", "GDTRH", "-o", tmp_path / "lich.ics")

    assert written["deadlines"] == 2


# Lists


def test_list_as_a_workbook_has_every_row_that_was_asked_for(tmp_path):
    file = tmp_path / "viec.xlsx"

    assert typed("assignments", "--overdue", "--xlsx", file).exit_code == 0

    rows = list(load_workbook(file).worksheets[0].iter_rows(min_row=4, values_only=True))
    assert rows[0][:3] == ("Đơn vị", "Mã đơn vị", "Nhiệm vụ")
    assert {row[1] for row in rows[1:]} == {"GDTRH", *(f"TM{n:04}" for n in range(1, 7))}
    assert {row[7] for row in rows[1:]} == {5}


def test_status_as_a_csv_has_a_row_per_task(tmp_path):
    file = tmp_path / "nhiem-vu.csv"

    assert typed("status", "--csv", file).exit_code == 0

    header, row = file.read_text("utf-8-sig").splitlines()
    assert header.startswith("Kế hoạch;Năm;Nhiệm vụ;Kỳ;Nội dung;Tình trạng")
    assert ";III.1.d;han;" in row


def test_existing_file_is_not_overwritten_unasked(tmp_path):
    file = tmp_path / "viec.csv"
    file.write_text("của tôi")

    assert "--yes" in answered("assignments", "--csv", file, exit_code=1)["error"]
    assert file.read_text() == "của tôi"


def test_file_of_another_kind_is_refused(tmp_path):
    error = answered("assignments", "--xlsx", tmp_path / "viec.csv", exit_code=1)["error"]

    assert ".xlsx" in error
