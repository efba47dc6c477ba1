"""Who is overdue and what was said on the telephone; what takes a letter back that never left."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col

from activities.commands import Commands
from activities.old_news import old_news
from activities.views import Views
from models.assignment import Head
from models.commands import NoteKind
from models.events import Noted
from models.tables import (
    AssignmentTable,
    CycleTable,
    LedgerTable,
    MessageTable,
    NoticeTable,
    SnapshotTable,
    TaskTable,
    UnitTable,
)
from rules.hash_chain import chain

TASK = "task/p/2026/III.1.d/han/1"
PART = "p/2026/III.1.d/han/T1"
AT = datetime(2026, 3, 9, 1, tzinfo=UTC)


def _rows() -> list[object]:
    same: dict[str, Any] = {"plan": "p", "launched_at": AT, "launched_by": "{}"}
    snapshots: dict[str, Any] = dict.fromkeys(
        ("plan_snapshot", "directory_snapshot", "calendar_snapshot"), "s"
    )
    return [
        SnapshotTable(id="s", kind="plan", content="{}"),
        CycleTable(
            id="cycle/p/2026",
            cycle="2026",
            year=2026,
            stage="open",
            expected_tasks=1,
            expected_assignments=1,
            **same,
            **snapshots,
        ),
        UnitTable(code="T1", name="Trường Một", kind="school", focal_person="Cô A", phone="0263"),
        TaskTable(
            id=TASK,
            cycle="cycle/p/2026",
            plan="p",
            code="III.1.d",
            occurrence="han",
            part="1",
            title="III.1.d. Xây dựng kênh",
            stage="open",
            head_seq=0,
            head_hash="",
            opened_at=AT,
        ),
        AssignmentTable(
            id=PART,
            task=TASK,
            cycle="cycle/p/2026",
            code="III.1.d",
            occurrence="han",
            unit="T1",
            role="performer",
            stage="assigned",
            version=1,
            last_day="2026-02-28",
            breach=datetime(2026, 2, 28, 17, tzinfo=UTC),
            level=2,
        ),
    ]


def _add(engine: Engine, *rows: object) -> None:
    with Session(engine) as session:
        session.add_all(rows)
        session.commit()


def test_the_last_call_and_the_last_promise_stand_beside_who_is_overdue(
    engine: Engine, commands: Commands
) -> None:
    words = [commands.store_statement(text) for text in ("hẹn tuần này", "chưa gặp được")]
    common: dict[str, Any] = {"unit": "T1", "note": NoteKind.CALL}
    calls = [
        Noted(at=AT.replace(day=3), text=words[0], promised=date(2026, 3, 6), **common),
        Noted(at=AT.replace(day=5), text=words[1], **common),
        Noted(at=AT.replace(day=6), note=NoteKind.OTHER, unit="T1"),
    ]
    entries = [LedgerTable(**e._asdict(), hash=h) for e, h in chain(TASK, Head(), calls)]
    _add(engine, *_rows(), *entries)

    (part,) = Views(engine).overdue(at=AT).parts

    assert (part.assignment, part.days_late, part.level) == (PART, 9, 2)
    assert (part.focal_person, part.phone) == ("Cô A", "0263")
    assert (part.called_on, part.call) == (date(2026, 3, 5), "chưa gặp được")
    assert part.promised == date(2026, 3, 6)
    assert Views(engine).overdue(at=AT, year=2025) == (0, 0, 0, [])


def test_a_page_begins_after_the_last_part_that_was_seen(engine: Engine) -> None:
    *others, part = _rows()
    assert isinstance(part, AssignmentTable)
    another = {"id": f"{PART}2", "unit": "T2", "last_day": "2026-03-01"}
    _add(engine, *others, AssignmentTable(**part.model_dump() | another), part)
    views = Views(engine)

    first = views.overdue(at=AT, limit=1)
    (seen,) = first.parts
    (next_one,) = views.overdue(at=AT, after=(str(seen.last_day), seen.assignment)).parts

    assert (first.total, first.units, seen.assignment) == (2, 2, PART)
    assert next_one.assignment == f"{PART}2"


@pytest.mark.parametrize(
    ("message", "dropped", "expected"),
    [
        pytest.param("m1", False, set(), id="it is in a letter: taken back"),
        pytest.param(None, True, {"back"}, id="it was dropped: nothing to take back"),
        pytest.param("m1", True, {"back"}, id="dropped from its letter before it left"),
    ],
)
def test_what_never_left_is_not_taken_back(
    engine: Engine, message: str | None, dropped: bool, expected: set[str]
) -> None:
    same: dict[str, Any] = {
        "cycle": "cycle/p/2026",
        "task": TASK,
        "assignment": PART,
        "unit": "T1",
        "recipient": "GDTRH",
        "version": 1,
        "scheduled": AT,
    }
    told = NoticeTable(
        key="told",
        kind="escalation",
        rung="due:E+3@2026-03-04",
        message=message,
        dropped=dropped,
        **same,
    )
    back = NoticeTable(
        key="back",
        kind="escalation_withdrawn",
        rung="escalation_withdrawn-c1-due:E+3@2026-03-04",
        **same,
    )
    letter = MessageTable(
        id="m1",
        cycle="cycle/p/2026",
        recipient="GDTRH",
        kind="urgent",
        day=date(2026, 3, 4),
        subject="",
        body="",
        created_at=AT,
    )
    _add(engine, *_rows(), letter, told, back)

    with Session(engine) as session:
        assert old_news(session, col(NoticeTable.key) == "back") == expected
