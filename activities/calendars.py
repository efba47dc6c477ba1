"""What calendar feeds show: a unit's deadlines, or a whole plan's for the officer."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from activities.database import database_errors, reading
from models.assignment import OWING, Stage
from models.calendar_feed import EntryState, Feed, FeedEntry
from models.plan import Plan
from models.tables import (
    AssignmentTable,
    CycleTable,
    PlanTable,
    SnapshotTable,
    TaskTable,
    UnitTable,
)
from rules.wording import STAGE_NAMES

STATES = {
    Stage.SUBMITTED: EntryState.WAITING,
    Stage.ACCEPTED: EntryState.DONE,
    Stage.SETTLED: EntryState.DONE,
    Stage.CANCELLED: EntryState.CANCELLED,
    Stage.REASSIGNED: EntryState.CANCELLED,
}


class Calendars:
    """Every method raises DatabaseUnavailable. Cycles that were voided show nothing."""

    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)

    def of_unit(self, unit: str) -> Feed:
        """The unit's own deadlines; for the unit that coordinates a plan also those it follows
        up."""
        with database_errors(), self._reading.begin() as connection:
            name = connection.execute(
                select(col(UnitTable.name)).where(col(UnitTable.code) == unit)
            ).scalar()
            own = _rows(connection, col(AssignmentTable.unit) == unit)
            entries = list(map(_own_entry, own))
            for cycle in _coordinated(connection, unit):
                rows = _rows(connection, col(AssignmentTable.cycle) == cycle)
                entries += _followed(rows)
        return Feed(name=f"Đôn Đốc: {name or unit}", entries=tuple(entries))

    def of_cycle(self, cycle: str) -> Feed:
        """The deadlines of all units, one entry for each task and day."""
        with database_errors(), self._reading.begin() as connection:
            rows = list(_rows(connection, col(AssignmentTable.cycle) == cycle))
        name = rows[0].plan_title if rows else cycle
        return Feed(name=f"Đôn Đốc, theo dõi: {name}", entries=tuple(_followed(rows)))


def _rows(connection: Connection, wanted: Any) -> Iterable[Any]:
    """Assignments with a deadline, by task and last day."""
    query: Any = (
        select(
            AssignmentTable.__table__,  # type: ignore[attr-defined]
            col(TaskTable.title),
            col(TaskTable.opened_at),
            col(PlanTable.short_title).label("plan_title"),
        )
        .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
        .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
        .join(PlanTable, col(PlanTable.id) == col(CycleTable.plan))
        .where(
            wanted, col(CycleTable.stage) != "voided", col(AssignmentTable.last_day).is_not(None)
        )
        .order_by(
            col(AssignmentTable.cycle),
            col(AssignmentTable.code),
            col(AssignmentTable.occurrence),
            col(AssignmentTable.last_day),
            col(AssignmentTable.unit),
        )
    )
    return connection.execute(query)


def _coordinated(connection: Connection, unit: str) -> list[str]:
    """The cycles whose plan names the unit as its coordinator."""
    query = (
        select(col(CycleTable.id), col(SnapshotTable.content))
        .join(SnapshotTable, col(SnapshotTable.id) == col(CycleTable.plan_snapshot))
        .where(col(CycleTable.stage) != "voided")
        .order_by(col(CycleTable.id))
    )
    return [
        row.id
        for row in connection.execute(query)
        if Plan.model_validate_json(row.content).officer.coordinator == unit
    ]


def _own_entry(row: Any) -> FeedEntry:
    stage = Stage(row.stage)
    return FeedEntry(
        key=row.id,
        title=row.title,
        plan=row.plan_title,
        last_day=date.fromisoformat(row.last_day),
        target=date.fromisoformat(row.target),
        version=row.version,
        state=STATES.get(stage, EntryState.OPEN),
        standing=STAGE_NAMES[stage],
        page=row.id,
        changed_at=row.updated_at or row.opened_at,
    )


def _followed(rows: Iterable[Any]) -> Iterator[FeedEntry]:
    """One entry for each occurrence of a task and each last day its units have."""
    for (cycle, code, occurrence, last_day), group in groupby(
        rows, lambda row: (row.cycle, row.code, row.occurrence, row.last_day)
    ):
        parts = list(group)
        first = parts[0]
        stages = [Stage(part.stage) for part in parts]
        owing = sum(stage in OWING for stage in stages)
        yield FeedEntry(
            key=f"{cycle}/{code}/{occurrence}/{last_day}",
            title=first.title,
            plan=first.plan_title,
            last_day=date.fromisoformat(last_day),
            target=date.fromisoformat(first.target),
            version=max(part.version for part in parts),
            state=_together(stages),
            standing=f"{owing}/{len(parts)} đơn vị chưa nộp",
            changed_at=max(part.updated_at or part.opened_at for part in parts),
        )


def _together(stages: list[Stage]) -> EntryState:
    """The state that leaves most to do."""
    states = {STATES.get(stage, EntryState.OPEN) for stage in stages}
    return next(state for state in EntryState if state in states)
