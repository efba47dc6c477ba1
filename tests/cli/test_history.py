"""What the terminal shows of a running cycle: its state, its histories, its letters."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from cli.context import Context
from cli.output import console
from models.clock import VN, Clock
from models.commands import Accept, Actor, ActorKind, Command, Return, Submit
from models.cycle import LaunchOrder
from models.identifiers import parse_task_id, task_id
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from rules.unfolding import unfold
from starter import app
from tests.cli.conftest import installed
from tests.shipped import PLAN, shipped_snapshots

CHANNELS = task_id(PLAN, "2026", "III.1.d", "han")
LAUNCH = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=VN)
SCHOOL = Actor(kind=ActorKind.UNIT, ref="TM0001")
HUB = Actor(kind=ActorKind.UNIT, ref="22918")


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


def answered(*words: str, exit_code: int = 0) -> Any:
    result = typed(*words, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def launched(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a running cycle with III.1.a, III.1.c, III.1.d and V.1, and 6 schools."""
    folder = tmp_path_factory.mktemp("launched")
    with installed(folder, migrated_file):
        context = standing()
        launch(context)
        context.engine.dispose()
    return folder / "dondoc.db"


def launch(context: Context) -> None:
    snapshots = shipped_snapshots(6)
    context.registry.load_plan(snapshots.plan, snapshots.directory.units.values(), at=LAUNCH)
    order = LaunchOrder(plan=PLAN, year=2026, actor=Actor(kind=ActorKind.OFFICER))
    kept = context.cycles.keep(order, snapshots, at=LAUNCH, expected=(7, 300)).cycle
    unfolded = unfold(*snapshots, year=2026, cycle="2026", at=LAUNCH, dates={}, allocation={})
    for opening in unfolded.openings:
        if parse_task_id(opening.task).code in ("III.1.a", "III.1.c", "III.1.d", "V.1"):
            context.ledger.open_task(opening.task, kept.id, opening.events)
    context.cycles.set_stage(kept.id, "open")


def standing() -> Context:
    """The installation, its clock standing still on 02/03/2026."""
    context = Context()
    context.clock.set(Clock(wall_anchor=NOW, plan_anchor=NOW, speed=0.0))
    return context


@pytest.fixture(autouse=True)
def _screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_width", 200)
    monkeypatch.setattr(console, "_height", 50)


@pytest.fixture
def empty(state_dir: Path) -> Iterator[Context]:
    """An installation in which nothing was launched."""
    context = standing()
    yield context
    context.engine.dispose()


@pytest.fixture
def cycle(launched: Path, tmp_path: Path) -> Iterator[Context]:
    with installed(tmp_path / "var", launched):
        context = Context()
        yield context
        context.engine.dispose()


def follow_up(context: Context, at: datetime, *commands: Command) -> None:
    """Records what the workflow of III.1.d would record at plan instant `at`."""
    for command in commands:
        context.commands.store(command)
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


def day(month: int, number: int, hour: int = 7, minute: int = 30) -> datetime:
    return datetime(2026, month, number, hour, minute, tzinfo=VN)


def live_through(context: Context) -> None:
    """The school is reminded, reports on the last day, is returned, reports again, is accepted."""
    origin: dict[str, Any] = {"task": CHANNELS, "unit": "TM0001"}
    follow_up(context, day(1, 7))
    follow_up(context, day(1, 28))
    follow_up(context, day(2, 13))
    first = Submit(id="c1", actor=SCHOOL, received_at=day(2, 27, 23, 58), **origin)
    follow_up(context, day(2, 28, 0, 10), first)
    why = context.commands.store_statement("thiếu đường dẫn")
    returned = Return(id="c2", actor=HUB, received_at=day(3, 2, 8), text=why, **origin)
    follow_up(context, day(3, 2, 8), returned)
    again = Submit(id="c3", actor=SCHOOL, received_at=day(3, 2, 8, 30), **origin)
    accepted = Accept(id="c4", actor=HUB, received_at=day(3, 2, 8, 45), **origin)
    follow_up(context, day(3, 2, 8, 50), again, accepted)


# history


SCHOOL_NAME = "Trường mẫu 001 (Phường Mũi Né)"
HUB_NAME = "UBND Phường Mũi Né"
STORY = [
    f"hệ thống: Giao {SCHOOL_NAME} thực hiện, hạn cuối hết ngày 28/02/2026",
    (
        "hệ thống: Chưa xác nhận tiếp nhận sau 2 ngày làm việc: 07/01/2026, nhắc đơn vị "
        f"({SCHOOL_NAME})"
    ),
    (
        "hệ thống: Chưa xác nhận tiếp nhận sau 4 ngày làm việc: 09/01/2026, báo đầu mối hoặc đơn "
        f"vị điều phối ({HUB_NAME}); ghi bù lúc 07:30 28/01/2026"
    ),
    "hệ thống: Nhắc trước 30 ngày: 28/01/2026",
    (
        "hệ thống: Nhắc trước 7 ngày (T-14 và T-7 gộp một lần): 13/02/2026, lùi từ 20/02 vì nghỉ "
        "Tết Nguyên đán"
    ),
    (f"{SCHOOL_NAME}: Nộp báo cáo lần 1 lúc 23:58 27/02/2026, đúng hạn; chờ {HUB_NAME} duyệt"),
    (
        f"{HUB_NAME}: Xác định hạn “Hoàn thành trước tháng 03 năm 2026”: báo cáo bị trả lại, nộp "
        "lại chậm nhất hết ngày 09/03/2026; hạn cuối hết ngày 09/03/2026, thứ Hai"
    ),
    (
        f"{HUB_NAME}: Trả lại báo cáo, nộp lại chậm nhất hết ngày 09/03/2026; báo {SCHOOL_NAME}; "
        "lý do: “thiếu đường dẫn”"
    ),
    f"{SCHOOL_NAME}: Nộp báo cáo lần 2 lúc 08:30 02/03/2026, đúng hạn; chờ {HUB_NAME} duyệt",
    f"{HUB_NAME}: Chấp nhận báo cáo; báo {SCHOOL_NAME}",
]


def test_history_tells_the_whole_story(cycle: Context) -> None:
    live_through(cycle)

    shown = answered("history", "III.1.d/TM0001")

    assert list(shown) == ["assignment", "stage", "deadline", "events", "notices", "verified"]
    assert shown["assignment"] == "lam-dong-nq57/2026/III.1.d/han/TM0001"
    assert (shown["stage"], shown["verified"]) == ("accepted", True)
    assert [f"{entry['actor']}: {entry['text']}" for entry in shown["events"]][2:] == STORY
    assert all(set(entry) == {"at", "kind", "actor", "text"} for entry in shown["events"])
    assert all(entry["at"].endswith("+07:00") for entry in shown["events"])


def test_deadline_of_a_history_answers_why_this_date(cycle: Context) -> None:
    deadline = answered("history", "III.1.d/TM0001")["deadline"]

    assert deadline.pop("why").startswith("“Hoàn thành trước tháng 03 năm 2026”")
    assert deadline == {
        "phrase": "Hoàn thành trước tháng 03 năm 2026",
        "rule": "“trước” là không kể tháng 03/2026",
        "last_day": "2026-02-28",
        "breach": "2026-03-01T00:00:00+07:00",
        "target": "2026-02-27",
        "version": 1,
    }


def test_notices_of_a_history_name_their_recipients(cycle: Context) -> None:
    live_through(cycle)

    notices = answered("history", "III.1.d/TM0001")["notices"]

    assert {"reminder", "assigned", "returned"} <= {notice["kind"] for notice in notices}
    (reviewed,) = [each for each in notices if each["kind"] == "returned"]
    assert reviewed["recipient_name"] == "Trường mẫu 001 (Phường Mũi Né)"
    assert reviewed["sent_at"] is None


@pytest.mark.parametrize(
    "written",
    [
        "lam-dong-nq57/2026/III.1.d/han/TM0001",
        "III.1.d/han/TM0001",
        "III.1.d/TM0001",
        "III.1.d/Trường mẫu 001 (Phường Mũi Né)",
    ],
)
def test_assignment_may_be_named_shortly(cycle: Context, written: str) -> None:
    assert answered("history", written)["assignment"].endswith("III.1.d/han/TM0001")


def test_name_that_may_mean_several_lists_them(cycle: Context) -> None:
    error = answered("history", "V.1/TM0001", exit_code=1)["error"]

    assert "lam-dong-nq57/2026/V.1/H1/TM0001" in error
    assert "lam-dong-nq57/2026/V.1/H2/TM0001" in error


@pytest.mark.parametrize("written", ["III.1.d/NOBODY", "III.9.z/TM0001", "III.1.d", "a/b/c/d"])
def test_name_that_means_nothing_is_one_sentence(cycle: Context, written: str) -> None:
    assert "error" in answered("history", written, exit_code=1)


def test_history_of_an_ongoing_task_has_no_deadline(cycle: Context) -> None:
    assert answered("history", "III.1.a/VP")["deadline"] is None


def test_history_says_when_its_chain_does_not_verify(cycle: Context) -> None:
    with cycle.engine.begin() as connection:
        connection.execute(
            text("UPDATE ledger SET actor = 'unit:X' WHERE seq = 4 AND task = :task"),
            {"task": CHANNELS},
        )

    result = typed("history", "III.1.d/TM0001", "--json")

    assert json.loads(result.stdout)["verified"] is False
    assert "không toàn vẹn" in result.stderr


def test_history_is_a_table_for_people(cycle: Context) -> None:
    live_through(cycle)

    result = typed("history", "III.1.d/TM0001")

    assert result.exit_code == 0
    assert "Nộp báo cáo lần 1 lúc 23:58 27/02/2026, đúng hạn" in result.stdout
    assert "Sổ theo dõi của nhiệm vụ này toàn vẹn." in result.stdout


# status and assignments


def test_status_counts_what_is_owed(cycle: Context) -> None:
    live_through(cycle)

    (shown,) = answered("status")["cycles"]

    channels = next(task for task in shown["tasks"] if task["task"] == "III.1.d")
    assert (channels["open"], channels["overdue"], channels["total"]) == (6, 6, 7)
    assert shown["cycle"] == "cycle/lam-dong-nq57/2026"
    assert answered("status")["at"] == NOW.isoformat()


def test_status_without_anything_says_what_to_do() -> None:
    result = typed("status")

    assert result.exit_code == 0
    assert "dondoc load" in result.stdout
    assert "dondoc launch" in result.stdout
    assert answered("status")["cycles"] == []


@pytest.mark.parametrize(
    ("options", "total"),
    [
        (["--task", "III.1.d"], 7),
        (["--task", "V.1/H1", "--unit", "TM0001"], 1),
        (["--overdue"], 7),
        (["--stage", "submitted"], 0),
        (["--unit", "Văn phòng Sở"], 3),
    ],
    ids=["task", "occurrence and unit", "overdue", "stage", "unit by name"],
)
def test_assignments_are_listed_and_filtered(
    cycle: Context, options: list[str], total: int
) -> None:
    shown = answered("assignments", *options)

    assert shown["total"] == len(shown["assignments"]) == total


def test_long_list_says_how_many_are_left_out(cycle: Context) -> None:
    result = typed("assignments", "--task", "V.1/H1", "--limit", "9")

    assert "… và 130 dòng khác" in result.stdout


def test_assignment_has_its_dates(cycle: Context) -> None:
    (shown,) = answered("assignments", "--task", "III.1.d", "--unit", "TM0001")["assignments"]

    assert (shown["assignment"], shown["task"]) == (
        "lam-dong-nq57/2026/III.1.d/han/TM0001",
        "III.1.d",
    )
    assert (shown["last_day"], shown["breach"]) == ("2026-02-28", "2026-03-01T00:00:00+07:00")
    assert shown["overdue"] is True


# inbox, verify-ledger


def test_inbox_lists_and_shows_letters(cycle: Context) -> None:
    with cycle.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO message (id, cycle, recipient, kind, day, subject, body, created_at,"
                " to_address, answer) VALUES ('m1', 'c', 'TM0001', 'digest',"
                " '2026-01-06', 'Việc mới', 'Kính gửi: [Trường mẫu]', :at, 'a@x.vn', '')"
            ),
            {"at": "2026-01-06 00:30:00+00:00"},
        )

    listed = answered("inbox", "TM0001")
    shown = typed("inbox", "TM0001", "--show", "1")

    assert (listed["total"], listed["messages"][0]["number"]) == (1, 1)
    assert "Kính gửi: [Trường mẫu]" in shown.stdout
    assert "không có thư số 2" in answered("inbox", "TM0001", "--show", "2", exit_code=1)["error"]
    assert "chưa có thư nào" in typed("inbox", "VP").stdout


def test_ledger_that_adds_up_is_said_to(cycle: Context) -> None:
    live_through(cycle)

    assert answered("verify-ledger") == {"verified": True, "findings": []}
    assert answered("verify-ledger", "--plan", PLAN, "--year", "2026")["verified"] is True


def test_ledger_that_was_changed_is_found(cycle: Context) -> None:
    with cycle.engine.begin() as connection:
        connection.execute(text("UPDATE ledger SET kind = 'noted' WHERE seq = 4"))

    shown = answered("verify-ledger", exit_code=1)

    assert shown["verified"] is False
    assert shown["findings"][0]["severity"] == "error"
    assert "#4" in shown["findings"][0]["place"]


def test_ledger_of_an_unknown_cycle_is_a_problem(cycle: Context) -> None:
    assert "error" in answered("verify-ledger", "--year", "2031", exit_code=1)
