"""What screens read, on both databases, from a cycle of the shipped plan."""

import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from activities.commands import Commands
from activities.cycle_store import CycleStore, Snapshots
from activities.database import open_database
from activities.directory import Registry
from activities.ledger import Ledger
from activities.views import History, Views
from activities.views.assignments import place_of
from models.assignment import Stage
from models.clock import VN
from models.commands import Actor, ActorKind, Command, Note, NoteKind, Submit
from models.cycle import DigestDay, LaunchOrder
from models.identifiers import cycle_id, parse_task_id, task_id
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from rules.unfolding import Unfolded, unfold
from tests.databases import Rows, copied_to, filled, rows_of
from tests.shipped import PLAN, shipped_snapshots

CYCLE = cycle_id(PLAN, "2026")
CHANNELS = task_id(PLAN, "2026", "III.1.d", "han")
LAUNCH = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
BEFORE_MARCH = datetime(2026, 2, 28, 23, 59, 59, tzinfo=VN)
MARCH = datetime(2026, 3, 1, tzinfo=VN)
OFFICER = Actor(kind=ActorKind.OFFICER)
UNIT = "TM0001"
MINE = f"{PLAN}/2026/III.1.d/han/{UNIT}"


def snapshots() -> Snapshots:
    return shipped_snapshots(6)


@cache
def unfolded() -> Unfolded:
    plan, directory, calendar = snapshots()
    return unfold(
        plan, directory, calendar, year=2026, cycle="2026", at=LAUNCH, dates={}, allocation={}
    )


@pytest.fixture(scope="module")
def launched(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cycle with the tasks III.1.a (ongoing), III.1.d, III.2.a (waits) and V.1, to be copied."""
    file = tmp_path_factory.mktemp("launched") / "dondoc.db"
    engine = open_database(f"sqlite:///{shutil.copy(migrated_file, file)}")
    launch(engine, ("III.1.a", "III.1.d", "III.2.a", "V.1"))
    engine.dispose()
    return file


@pytest.fixture(scope="module")
def rows(launched: Path) -> Rows:
    return rows_of(f"sqlite:///{launched}")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, launched: Path, sqlite_file: Path) -> str:
    if request.param == "sqlite":
        return copied_to(sqlite_file, launched)
    return filled(request.getfixturevalue("postgresql_url"), request.getfixturevalue("rows"))


@pytest.fixture
def views(engine: Engine) -> Views:
    return Views(engine)


def launch(engine: Engine, codes: Collection[str]) -> None:
    plan, directory, _ = snapshots()
    Registry(engine).load_plan(plan, directory.units.values(), at=LAUNCH)
    order = LaunchOrder(plan=PLAN, year=2026, schools=6, actor=OFFICER)
    CycleStore(engine).keep(order, snapshots(), at=LAUNCH, expected=(5, 300))
    ledger = Ledger(engine)
    for opening in unfolded().openings:
        if parse_task_id(opening.task).code in codes:
            ledger.open_task(opening.task, CYCLE, opening.events)


def follow_up(engine: Engine, at: datetime, *commands: Command, task: str = CHANNELS) -> None:
    """Records what the task's workflow would record at plan instant `at`."""
    ledger = Ledger(engine)
    for command in commands:
        Commands(engine).store(command)
    loaded = ledger.load(task)
    after = step(loaded.state, commands, at=at)
    summary = task_row(after.state, at=at)
    ledger.record(
        recording_of(
            after.state,
            after.events,
            head=loaded.head,
            at=at,
            summary=summary,
            outcomes=after.outcomes,
        )
    )


def a_report(received_at: datetime, **details: Any) -> Submit:
    return Submit(
        id=f"submit-{received_at.isoformat()}",
        task=CHANNELS,
        unit=UNIT,
        actor=Actor(kind=ActorKind.UNIT, ref=UNIT),
        received_at=received_at,
        **details,
    )


def history(views: Views, assignment: str = MINE, at: datetime = MARCH) -> History:
    found = views.history(assignment, at=at)
    assert found is not None
    return found


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The SELECTs that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


# Cycles


def test_cycle_lists_its_tasks_with_their_counts(views: Views) -> None:
    (cycle,) = views.cycles(at=LAUNCH)

    tasks = {(task.code, task.occurrence): task for task in cycle.tasks}
    assert (cycle.id, cycle.stage, cycle.year) == (CYCLE, "opening", 2026)
    assert cycle.title.startswith("Kế hoạch truyền thông")
    assert set(tasks) == {
        ("III.1.a", "nam"),
        ("III.1.d", "han"),
        ("III.2.a", "nam"),
        ("V.1", "H1"),
        ("V.1", "H2"),
    }
    channels = tasks["III.1.d", "han"]
    assert (channels.open, channels.total, channels.overdue) == (7, 7, 0)
    assert channels.next_deadline == MARCH
    assert tasks["III.2.a", "nam"].waiting == ("allocation",)
    assert tasks["III.1.a", "nam"].next_deadline is None


@pytest.mark.parametrize(
    ("at", "overdue"),
    [
        pytest.param(BEFORE_MARCH, 0, id="last second of the last day"),
        pytest.param(MARCH, 7, id="24:00 of it"),
    ],
)
def test_units_are_overdue_from_the_breach_on(views: Views, at: datetime, overdue: int) -> None:
    (cycle,) = views.cycles(at=at)

    assert {task.code: task.overdue for task in cycle.tasks}["III.1.d"] == overdue
    assert views.assignments(at=at, overdue=True).total == overdue


def test_whoever_has_submitted_is_not_overdue(views: Views, engine: Engine) -> None:
    follow_up(engine, BEFORE_MARCH, a_report(BEFORE_MARCH))

    assert views.assignments(at=MARCH, overdue=True).total == 6


def test_voided_launches_are_not_shown(views: Views, engine: Engine) -> None:
    CycleStore(engine).set_stage(CYCLE, "voided")

    assert views.cycles(at=LAUNCH) == []
    assert views.assignments(at=LAUNCH).total == 0


@pytest.mark.parametrize(
    ("plan", "year", "found"),
    [(PLAN, 2026, 1), (PLAN, None, 1), (None, 2027, 0), ("another", 2026, 0)],
)
def test_cycles_are_found_by_plan_and_year(
    views: Views, plan: str | None, year: int | None, found: int
) -> None:
    assert len(views.cycles(at=LAUNCH, plan=plan, year=year)) == found


def test_halted_task_says_so(views: Views, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE task SET halted = 'Sổ thiếu.' WHERE code = 'III.1.d'"))

    (cycle,) = views.cycles(at=LAUNCH)

    assert [task.halted for task in cycle.tasks if task.halted] == ["Sổ thiếu."]


# Assignments


@pytest.mark.parametrize(
    ("wanted", "total"),
    [
        pytest.param({"code": "III.1.d"}, 7, id="task"),
        pytest.param({"code": "V.1", "occurrence": "H1"}, 139, id="one occurrence"),
        pytest.param({"unit": UNIT}, 4, id="unit"),
        pytest.param({"unit": UNIT, "code": "V.1"}, 2, id="unit and task"),
        pytest.param({"stage": Stage.SUBMITTED}, 0, id="stage"),
        pytest.param({"plan": PLAN, "year": 2026, "code": "III.1.a"}, 7, id="plan and year"),
        pytest.param({"year": 2025}, 0, id="another year"),
    ],
)
def test_assignments_are_filtered(views: Views, wanted: dict[str, Any], total: int) -> None:
    page = views.assignments(at=LAUNCH, limit=None, **wanted)

    assert (page.total, len(page.assignments)) == (total, total)


def test_assignment_shows_who_owes_what_until_when(views: Views) -> None:
    page = views.assignments(at=LAUNCH, unit=UNIT, code="III.1.d")

    (mine,) = page.assignments
    assert mine.id == MINE
    assert mine.unit_name == "Trường mẫu 001 (Phường Mũi Né)"
    assert mine.title.startswith("III.1.d. Thiết lập")
    assert (mine.last_day, mine.breach, mine.target) == (
        date(2026, 2, 28),
        MARCH,
        date(2026, 2, 27),
    )
    assert (mine.stage, mine.overdue, mine.late) == ("assigned", False, False)
    assert mine.next_rung_at == datetime(2026, 1, 7, 7, 30, tzinfo=VN)


def test_pages_follow_one_another(views: Views) -> None:
    whole = views.assignments(at=LAUNCH, code="V.1", limit=None)

    first = views.assignments(at=LAUNCH, code="V.1", limit=100)
    second = views.assignments(at=LAUNCH, code="V.1", limit=None, offset=100)

    assert first.total == second.total == len(whole.assignments)
    assert first.assignments + second.assignments == whole.assignments


def test_what_follows_a_place_in_a_list_is_the_rest_of_it(views: Views) -> None:
    whole = views.assignments(at=LAUNCH, limit=None).assignments

    rest = views.assignments(at=LAUNCH, limit=50, after=place_of(whole[70]))

    assert rest.assignments == whole[71:121]
    assert rest.total == len(whole)


# History


def test_history_has_the_entries_of_the_unit_and_of_the_whole_task(
    views: Views, engine: Engine
) -> None:
    follow_up(engine, datetime(2026, 1, 28, 7, 30, tzinfo=VN))
    follow_up(engine, BEFORE_MARCH, a_report(BEFORE_MARCH))

    found = history(views)

    assert [entry.kind for entry in found.events] == [
        "task_opened",
        "deadline_set",
        "ladder_set",
        "assigned",
        "rung_fired",
        "rung_fired",
        "ladder_set",
        "submitted",
    ]
    assert list(found.state.assignments) == [UNIT]
    assert found.state.assignments[UNIT].stage is Stage.SUBMITTED
    assert found.assignment.stage == "submitted"
    assert found.fault is None


def test_history_knows_the_names_and_words_behind_references(
    views: Views, engine: Engine, commands: Commands
) -> None:
    person = commands.person("Nguyễn Thị Hoa", "chuyên viên", "GDTRH")
    call = Note(
        id="n1",
        task=CHANNELS,
        unit=UNIT,
        actor=Actor(kind=ActorKind.OFFICER, ref=person),
        received_at=LAUNCH,
        kind=NoteKind.CALL,
        text=commands.store_statement("hứa nộp ngày 20/02"),
    )
    follow_up(engine, LAUNCH, call)

    found = history(views)

    assert list(found.words.values()) == ["hứa nộp ngày 20/02"]
    assert found.people == {person: "Nguyễn Thị Hoa, chuyên viên"}
    assert found.units["GDTRH"] == "Phòng Giáo dục Trung học"
    assert found.units[UNIT] == "Trường mẫu 001 (Phường Mũi Né)"


def test_notices_say_whether_their_letter_was_sent(views: Views, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO message (id, cycle, recipient, kind, day, subject, body, created_at,"
                " sent_at, to_address, answer) VALUES ('m1', :cycle, :unit,"
                " 'digest', '2026-01-06', 'Việc mới', 'Kính gửi', :at, :at, 'a@x.vn',"
                " 'đã nhận')"
            ),
            {"cycle": CYCLE, "unit": UNIT, "at": "2026-01-06 00:30:00+00:00"},
        )
        connection.execute(
            text("UPDATE notice SET message = 'm1' WHERE assignment = :mine"), {"mine": MINE}
        )
    follow_up(engine, datetime(2026, 1, 28, 7, 30, tzinfo=VN))

    notices = {notice.kind: notice for notice in history(views).notices}

    assert notices["assigned"].answer == "đã nhận"
    assert notices["assigned"].sent_at is not None
    assert notices["reminder"].message is None
    assert notices["reminder"].recipient == UNIT


def test_nothing_has_no_history(views: Views) -> None:
    assert views.history(f"{PLAN}/2026/III.1.d/han/NOBODY", at=LAUNCH) is None


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        pytest.param(
            "UPDATE ledger SET at = '2026-01-01 00:00:00+00:00' WHERE seq = 5",
            "mục 5: Nội dung không khớp",
            id="another unit's entry changed",
        ),
        pytest.param("DELETE FROM ledger WHERE seq = 6", "mục 7: Thiếu mục 6", id="entry gone"),
        pytest.param("DELETE FROM ledger WHERE seq > 9", "Sổ kết thúc ở mục 9", id="end cut off"),
    ],
)
def test_chain_that_does_not_verify_is_told(
    views: Views, engine: Engine, statement: str, fault: str
) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"{statement} AND task = :task"), {"task": CHANNELS})

    assert (views.chain_fault(CHANNELS) or "").startswith(fault)


def test_history_tells_an_entry_of_its_own_that_was_changed(views: Views, engine: Engine) -> None:
    before = history(views)
    number = before.numbers[[event.kind for event in before.events].index("assigned")]
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE ledger SET actor = 'officer:X' WHERE seq = :seq AND task = :task"),
            {"seq": number, "task": CHANNELS},
        )

    assert (history(views).fault or "").startswith(f"mục {number}: Nội dung không khớp")


def test_chain_is_compared_with_the_seals(views: Views, engine: Engine) -> None:
    Ledger(engine).seal(DigestDay(cycle=CYCLE, at=LAUNCH))
    assert views.chain_fault(CHANNELS) is None
    head = Ledger(engine).load(CHANNELS).head

    with engine.begin() as connection:
        connection.execute(
            text("UPDATE seal SET heads = :heads"),
            {"heads": f'{{"{CHANNELS}": [{head.seq}, "another"]}}'},
        )

    fault = views.chain_fault(CHANNELS)
    assert fault == f"mục {head.seq}: Mục này khác với mục đã được niêm phong."


# Letters


def test_inbox_has_the_letters_of_the_unit_and_its_head(views: Views, engine: Engine) -> None:
    with engine.begin() as connection:
        for number, recipient in enumerate([UNIT, "TM0002", f"{UNIT}:head", UNIT], start=1):
            connection.execute(
                text(
                    "INSERT INTO message (id, cycle, recipient, kind, day, subject, body,"
                    " created_at, to_address, answer) VALUES (:id, :cycle,"
                    " :to, 'digest', '2026-01-06', :id, 'Kính gửi', :at, '', '')"
                ),
                {
                    "id": f"m{number}",
                    "cycle": CYCLE,
                    "to": recipient,
                    "at": f"2026-01-0{number} 00:30:00+00:00",
                },
            )

    inbox = views.inbox(UNIT, limit=2)

    assert inbox.total == 3
    assert [(each.number, each.subject) for each in inbox.letters] == [(3, "m4"), (2, "m3")]
    first = views.letter(UNIT, 1)
    assert first is not None
    assert first.subject == "m1"
    assert views.letter(UNIT, 4) is None
    assert views.letter(UNIT, 0) is None


# Cost


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(lambda views: views.cycles(at=MARCH), id="cycles"),
        pytest.param(lambda views: views.assignments(at=MARCH, limit=None), id="assignments"),
        pytest.param(lambda views: views.history(MINE, at=MARCH), id="history"),
        pytest.param(lambda views: views.inbox(UNIT), id="inbox"),
    ],
)
def test_number_of_queries_does_not_grow(
    views: Views, engine: Engine, view: Callable[[Views], object]
) -> None:
    with counted(engine) as before:
        view(views)
    for opening in unfolded().openings:
        Ledger(engine).open_task(opening.task, CYCLE, opening.events)
    follow_up(engine, BEFORE_MARCH, a_report(BEFORE_MARCH))

    with counted(engine) as after:
        view(views)

    assert 0 < len(after) == len(before) <= 9
