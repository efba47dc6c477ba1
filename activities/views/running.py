"""What does not change while a cycle runs: the plan and the calendar it was launched on."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from models.calendar import WorkingCalendar
from models.deadline import Ladder
from models.plan import Plan
from models.tables import CycleTable, SnapshotTable
from rules.deadlines import build_deadline
from rules.occurrences import Titles, titles_of

# By the hash of their content, so they are never out of date; a few each year.
_PLANS: dict[str, Plan] = {}
_CALENDARS: dict[str, WorkingCalendar] = {}
_LADDERS: dict[tuple[str, str, date], Ladder] = {}


_CYCLE = select(CycleTable.__table__).where(  # type: ignore[attr-defined]
    col(CycleTable.id) == bindparam("of_cycle")
)


class RunningCycle(NamedTuple):
    """A cycle with its snapshots. `cycle` is the year, or `2026-2` for a repeated launch."""

    id: str
    cycle: str
    year: int
    stage: str
    launched_at: datetime
    expected_tasks: int
    plan: Plan
    calendar: WorkingCalendar
    snapshots: tuple[str, str]

    @property
    def title(self) -> str:
        return self.plan.officer.short_title

    @property
    def codes(self) -> list[str]:
        """The codes of the plan in the document's order, which is not the alphabet's."""
        return [duty.code for duty in self.plan.document.duties]

    @property
    def titles(self) -> dict[str, Titles]:
        return {duty.code: titles_of(duty) for duty in self.plan.document.duties}

    def ladder(self, last_day: date) -> Ladder:
        """The rungs of a deadline of this cycle."""
        key = (*self.snapshots, last_day)
        if key not in _LADDERS:
            policy = self.plan.officer.policy
            deadline = build_deadline("", "", last_day, calendar=self.calendar, policy=policy)
            _LADDERS[key] = deadline.ladder
        return _LADDERS[key]


def running_cycle(connection: Connection, cycle: str) -> RunningCycle | None:
    row = connection.execute(_CYCLE, {"of_cycle": cycle}).one_or_none()
    if row is None:
        return None
    _learn(connection, row)
    return RunningCycle(
        id=cycle,
        cycle=row.cycle,
        year=row.year,
        stage=row.stage,
        launched_at=row.launched_at,
        expected_tasks=row.expected_tasks,
        plan=_PLANS[row.plan_snapshot],
        calendar=_CALENDARS[row.calendar_snapshot],
        snapshots=(row.plan_snapshot, row.calendar_snapshot),
    )


def _learn(connection: Connection, row: Any) -> None:
    if row.plan_snapshot in _PLANS and row.calendar_snapshot in _CALENDARS:
        return
    query = select(col(SnapshotTable.kind), col(SnapshotTable.id), col(SnapshotTable.content))
    snapshots = query.where(col(SnapshotTable.id).in_([row.plan_snapshot, row.calendar_snapshot]))
    for kind, id_, content in connection.execute(snapshots):
        if kind == "plan":
            _PLANS[id_] = Plan.model_validate_json(content)
        else:
            _CALENDARS[id_] = WorkingCalendar.model_validate_json(content)
