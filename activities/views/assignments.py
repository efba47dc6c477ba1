"""Who owes what until when."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, tuple_
from sqlmodel import col

from activities.database import database_errors
from activities.views.marks import has_one_of
from activities.views.screens import (
    OVERDUE,
    Screens,
    Which,
    in_cycles,
    instants,
    of_cycle,
    of_units,
)
from models.assignment import OWING, Stage
from models.mark import Mark
from models.tables import AssignmentTable, TaskTable, UnitTable

PLACE = tuple(
    col(getattr(AssignmentTable, name)) for name in ("cycle", "code", "occurrence", "unit")
)


class AssignmentView(NamedTuple):
    id: str
    task: str
    cycle: str
    code: str
    occurrence: str
    title: str
    unit: str
    unit_name: str
    role: str
    stage: str
    version: int
    last_day: date | None
    breach: datetime | None
    target: date | None
    acknowledged_at: datetime | None
    received_at: datetime | None
    revision: int
    late: bool
    overdue: bool
    level: int
    extension_asked: bool
    next_rung_at: datetime | None
    next_rung: str | None
    updated_at: datetime | None


_OF_ITS_ROW = [
    name for name in AssignmentView._fields if name not in ("title", "unit_name", "overdue")
]


def place_of(view: AssignmentView) -> tuple[str, ...]:
    """Where an assignment stands in lists: no two at one place."""
    return view.cycle, view.code, view.occurrence, view.unit


class Page(NamedTuple):
    """Some of `total` assignments."""

    total: int
    assignments: list[AssignmentView]


class AssignmentScreens(Screens):
    def assignments(
        self,
        *,
        at: datetime,
        plan: str | None = None,
        year: int | None = None,
        unit: str | None = None,
        code: str | None = None,
        occurrence: str | None = None,
        stage: Stage | None = None,
        overdue: bool = False,
        cycle: str | None = None,
        which: Which = Which(),
        marks: Collection[Mark] = (),
        level: int | None = None,
        limit: int | None = 50,
        offset: int = 0,
        after: tuple[str, ...] | None = None,
    ) -> Page:
        """The assignments of cycles that were not voided that fit all that is given; `after` is
        the place (`place_of`) of the last one that was seen."""
        wanted = [in_cycles(*of_cycle(plan, year))]
        for column, value in (
            (AssignmentTable.unit, unit),
            (AssignmentTable.code, code),
            (AssignmentTable.occurrence, occurrence),
            (AssignmentTable.stage, stage),
            (AssignmentTable.cycle, cycle),
            (AssignmentTable.level, level),
        ):
            if value is not None:
                wanted.append(col(column) == value)
        if overdue:
            wanted.append(OVERDUE)
        if marks:
            wanted.append(has_one_of(marks))
        wanted += of_units(which)
        count = select(func.count()).select_from(AssignmentTable).where(*wanted)
        if which != Which():
            count = count.join(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
        chosen = (
            select(col(AssignmentTable.id))
            .where(*wanted)
            .order_by(*PLACE)
            .offset(offset)
            .limit(limit)
        )
        if which != Which():
            chosen = chosen.join(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
        if after is not None:
            chosen = chosen.where(tuple_(*PLACE) > tuple_(*after))
        # Sorted by what is sorted by alone; what else is shown is looked up for one page.
        rows = ASSIGNMENTS.where(col(AssignmentTable.id).in_(chosen.correlate(None)))
        rows = rows.order_by(*PLACE)
        with database_errors(), self._reading.begin() as connection:
            total = connection.execute(count, instants(at)).scalar_one()
            found = connection.execute(rows, instants(at)).all()
            return Page(total, [assignment_view(row, at) for row in found])

    def held_by(self, unit: str, *, at: datetime) -> list[AssignmentView]:
        """All that a unit has been given, in cycles that were not voided."""
        with database_errors(), self._reading.begin() as connection:
            rows = connection.execute(_HELD_BY, {"unit": unit}).all()
            return [assignment_view(row, at) for row in rows]

    def assignment(self, id_: str, *, at: datetime) -> AssignmentView | None:
        """One assignment by its id; None when there is none."""
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(ASSIGNMENT, {"assignment": id_}).one_or_none()
        return None if row is None else assignment_view(row, at)


ASSIGNMENTS: Any = (
    select(
        *(col(getattr(AssignmentTable, name)) for name in _OF_ITS_ROW),
        col(TaskTable.title),
        col(UnitTable.name).label("unit_name"),
    )
    .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
    .outerjoin(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
)


def assignment_view(row: Any, at: datetime) -> AssignmentView:
    return AssignmentView(
        id=row.id,
        task=row.task,
        cycle=row.cycle,
        code=row.code,
        occurrence=row.occurrence,
        title=row.title,
        unit=row.unit,
        unit_name=row.unit_name or row.unit,
        role=row.role,
        stage=row.stage,
        version=row.version,
        last_day=row.last_day and date.fromisoformat(row.last_day),
        breach=row.breach,
        target=row.target and date.fromisoformat(row.target),
        acknowledged_at=row.acknowledged_at,
        received_at=row.received_at,
        revision=row.revision,
        late=row.late,
        overdue=row.stage in OWING and row.breach is not None and row.breach <= at,
        level=row.level,
        extension_asked=row.extension_asked,
        next_rung_at=row.next_rung_at,
        next_rung=_next_rung(row),
        updated_at=row.updated_at,
    )


def _next_rung(row: Any) -> str | None:
    """Extensions that were asked before they had a ladder of their own are on the reviewer's."""
    if row.extension_asked and row.next_rung:
        return str(row.next_rung).replace("chờ duyệt ", "chờ trả lời đề nghị gia hạn ", 1)
    return row.next_rung and str(row.next_rung)


# Built once: what is asked most.
ASSIGNMENT = ASSIGNMENTS.where(col(AssignmentTable.id) == bindparam("assignment"))
_HELD_BY = ASSIGNMENTS.where(
    in_cycles(*of_cycle(None, None)), col(AssignmentTable.unit) == bindparam("unit")
).order_by(*PLACE)
