"""Who is overdue, how they are reached, and what they said when they were called."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, select
from sqlmodel import col

from activities.database import database_errors
from activities.views.screens import Screens, is_overdue, of_cycle
from letters.letter import Overdue
from models.clock import VN
from models.commands import NoteKind
from models.tables import (
    AssignmentTable,
    CycleTable,
    LedgerTable,
    StatementTable,
    TaskTable,
    UnitTable,
)


class _Call(NamedTuple):
    on: date
    text: str | None
    promised: date | None


class OverdueScreens(Screens):
    def overdue(
        self,
        *,
        at: datetime,
        plan: str | None = None,
        year: int | None = None,
    ) -> list[Overdue]:
        """The parts overdue at plan instant `at`, the longest first."""
        with database_errors(), self._reading.begin() as connection:
            return overdue_parts(connection, of_cycle(plan, year), at)


def overdue_parts(
    connection: Connection, which: list[ColumnElement[bool]], at: datetime
) -> list[Overdue]:
    """Of the cycles that are `which`."""
    wanted = [*which, is_overdue(at)]
    query = (
        select(
            *(col(getattr(AssignmentTable, name)) for name in _COLUMNS),
            col(TaskTable.title),
            *(col(getattr(UnitTable, name)) for name in ("name", "focal_person", "phone")),
        )
        .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
        .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
        .outerjoin(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
        .where(*wanted)
        .order_by(col(AssignmentTable.breach), col(AssignmentTable.id))
    )
    rows = connection.execute(query).all()
    calls = _calls(connection, wanted)
    words = _words(connection, (call.text for call in calls.values() if call.text))
    today = at.astimezone(VN).date()
    return [_overdue(row, today, calls.get((row.task, row.unit)), words) for row in rows]


_COLUMNS = ("id", "task", "unit", "code", "occurrence", "last_day", "level")


def _overdue(row: Any, today: date, call: _Call | None, words: dict[str, str]) -> Overdue:
    last_day = date.fromisoformat(row.last_day)
    return Overdue(
        assignment=row.id,
        unit=row.unit,
        unit_name=row.name or row.unit,
        code=row.code,
        occurrence=row.occurrence,
        title=row.title,
        last_day=last_day,
        days_late=(today - last_day).days,
        level=row.level,
        focal_person=row.focal_person or "",
        phone=row.phone or "",
        called_on=call and call.on,
        call=words.get(call.text or "", "") if call else "",
        promised=call and call.promised,
    )


def _calls(connection: Connection, wanted: list[Any]) -> dict[tuple[str, str], _Call]:
    """The last call with each unit about each task, and the day that was promised last."""
    query = (
        select(*(col(getattr(LedgerTable, name)) for name in ("task", "unit", "at", "payload")))
        .join(
            AssignmentTable,
            and_(
                col(AssignmentTable.task) == col(LedgerTable.task),
                col(AssignmentTable.unit) == col(LedgerTable.unit),
            ),
        )
        .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
        .where(*wanted, col(LedgerTable.kind) == "noted")
        .order_by(col(LedgerTable.task), col(LedgerTable.seq))
    )
    found: dict[tuple[str, str], _Call] = {}
    for row in connection.execute(query):
        noted = json.loads(row.payload)
        if noted["note"] != NoteKind.CALL:
            continue
        key = (row.task, row.unit)
        promised = noted.get("promised")
        before = found[key].promised if key in found else None
        day = date.fromisoformat(promised) if promised else before
        found[key] = _Call(row.at.astimezone(VN).date(), noted["text"], day)
    return found


def _words(connection: Connection, texts: Iterable[str]) -> dict[str, str]:
    wanted = sorted(set(texts))
    found: dict[str, str] = {}
    # A statement takes some 32,000 parameters at most.
    for start in range(0, len(wanted), 10_000):
        query = select(col(StatementTable.id), col(StatementTable.text)).where(
            col(StatementTable.id).in_(wanted[start : start + 10_000])
        )
        found |= {row.id: row.text for row in connection.execute(query)}
    return found
