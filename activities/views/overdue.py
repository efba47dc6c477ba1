"""Who is overdue, how they are reached, and what they said when they were called."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select, tuple_
from sqlmodel import col

from activities.database import database_errors
from activities.views.screens import HELD, OVERDUE, Screens, in_cycles, instants, of_cycle
from letters.letter import Overdue
from models.clock import VN
from models.commands import NoteKind
from models.tables import (
    AssignmentTable,
    LedgerTable,
    StatementTable,
    TaskTable,
    UnitTable,
)


class _Call(NamedTuple):
    on: date
    text: str | None
    promised: date | None


class OverduePage(NamedTuple):
    """Some of `total` overdue parts of `units` units; `held` had passed before the launch and wait
    for the officer's word."""

    total: int
    units: int
    held: int
    parts: list[Overdue]


class OverdueScreens(Screens):
    def overdue(
        self,
        *,
        at: datetime,
        plan: str | None = None,
        year: int | None = None,
        held_by: Collection[str] | None = None,
        limit: int | None = None,
        offset: int = 0,
        after: tuple[str, ...] | None = None,
    ) -> OverduePage:
        """The parts overdue at plan instant `at`, the longest first: all, or those `held_by` some
        units; `after` is the last day and the id of the last one that was seen."""
        wanted = [in_cycles(*of_cycle(plan, year)), OVERDUE]
        if held_by is not None:
            wanted.append(col(AssignmentTable.unit).in_(held_by))
        chosen = _chosen(wanted).limit(limit).offset(offset)
        if after is not None:
            chosen = chosen.where(tuple_(*_PLACE) > tuple_(*after))
        # Sorted by what is sorted by alone; what else is shown is looked up for one page.
        waiting = select(func.count()).select_from(AssignmentTable)
        waiting = waiting.where(in_cycles(*of_cycle(plan, year)), HELD)
        query = _parts([col(AssignmentTable.id).in_(chosen.correlate(None))])
        with database_errors(), self._reading.begin() as connection:
            total, units = connection.execute(_counted(wanted), instants(at)).one()
            rows = connection.execute(query, instants(at)).all()
            held = connection.execute(waiting).scalar_one()
            return OverduePage(total, units, held, _read(connection, rows, at))


def overdue_parts(connection: Connection, cycle: str, at: datetime) -> list[Overdue]:
    """All of one cycle."""
    wanted = [col(AssignmentTable.cycle) == cycle, OVERDUE]
    return _read(connection, connection.execute(_parts(wanted), instants(at)).all(), at)


def _parts(wanted: list[ColumnElement[bool]]) -> Any:
    return _PARTS.where(*wanted)


def _chosen(wanted: list[ColumnElement[bool]]) -> Any:
    return select(col(AssignmentTable.id)).where(*wanted).order_by(*_PLACE)


def _counted(wanted: list[ColumnElement[bool]]) -> Any:
    units = func.count(func.distinct(col(AssignmentTable.unit)))
    return select(func.count(), units).select_from(AssignmentTable).where(*wanted)


def _read(connection: Connection, rows: Sequence[Any], at: datetime) -> list[Overdue]:
    calls = _calls(connection, [row.id for row in rows])
    words = _words(connection, (call.text for call in calls.values() if call.text))
    today = at.astimezone(VN).date()
    return [_overdue(row, today, calls.get((row.task, row.unit)), words) for row in rows]


_PLACE = (col(AssignmentTable.last_day), col(AssignmentTable.id))
_AT_ONCE = 10_000  # a statement takes some 32,000 parameters at most
_COLUMNS = ("id", "task", "unit", "code", "occurrence", "last_day", "level")


_PARTS = (
    select(
        *(col(getattr(AssignmentTable, name)) for name in _COLUMNS),
        col(TaskTable.title),
        *(col(getattr(UnitTable, name)) for name in ("name", "focal_person", "phone")),
    )
    .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
    .outerjoin(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
    .order_by(*_PLACE)
)


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


def _calls(connection: Connection, parts: list[str]) -> dict[tuple[str, str], _Call]:
    """The last call with each unit about each task, and the day that was promised last."""
    found: dict[tuple[str, str], _Call] = {}
    for start in range(0, len(parts), _AT_ONCE):
        query = (
            select(*(col(getattr(LedgerTable, name)) for name in ("task", "unit", "at", "payload")))
            .join(
                AssignmentTable,
                and_(
                    col(AssignmentTable.task) == col(LedgerTable.task),
                    col(AssignmentTable.unit) == col(LedgerTable.unit),
                ),
            )
            .where(
                col(AssignmentTable.id).in_(parts[start : start + _AT_ONCE]),
                col(LedgerTable.kind) == "noted",
            )
            .order_by(col(LedgerTable.task), col(LedgerTable.seq))
        )
        for row in connection.execute(query):
            _remember(found, row)
    return found


def _remember(found: dict[tuple[str, str], _Call], row: Any) -> None:
    noted = json.loads(row.payload)
    if noted["note"] != NoteKind.CALL:
        return
    key = (row.task, row.unit)
    promised = noted.get("promised")
    before = found[key].promised if key in found else None
    day = date.fromisoformat(promised) if promised else before
    found[key] = _Call(row.at.astimezone(VN).date(), noted["text"], day)


def _words(connection: Connection, texts: Iterable[str]) -> dict[str, str]:
    wanted = sorted(set(texts))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(col(StatementTable.id), col(StatementTable.text)).where(
            col(StatementTable.id).in_(wanted[start : start + _AT_ONCE])
        )
        found |= {row.id: row.text for row in connection.execute(query)}
    return found
