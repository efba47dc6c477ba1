"""How a plan's year stands: cycles, their tasks, and what was told lately."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlmodel import col

from activities.database import database_errors
from activities.views.screens import AT, HELD, OVERDUE, Screens, in_cycles, instants, of_cycle
from models.assignment import OWING, Stage
from models.tables import (
    AssignmentTable,
    CycleTable,
    MessageTable,
    NoticeTable,
    PlanTable,
    TaskTable,
)
from rules.code_order import code_order


class TaskView(NamedTuple):
    """One task; `overdue` counts the units that owe and whose deadline has passed, `held` those
    whose deadline had passed before the launch and who wait for the officer's word. `last_day` is
    a deadline the task has or had, where only the list of cycles asks for it."""

    id: str
    cycle: str
    code: str
    occurrence: str
    part: str
    title: str
    ongoing: bool
    stage: str
    waiting: tuple[str, ...]
    halted: str | None
    next_deadline: datetime | None
    next_instant: datetime | None
    open: int
    overdue: int
    held: int
    total: int
    level: int
    last_day: date | None


class CycleView(NamedTuple):
    id: str
    plan: str
    title: str
    year: int
    stage: str
    launched_at: datetime
    expected_tasks: int
    expected_assignments: int
    tasks: tuple[TaskView, ...]
    paused_at: datetime | None
    paused_why: str


class CycleTitle(NamedTuple):
    """A cycle and its plan's short title."""

    id: str
    plan: str
    title: str


class Fired(NamedTuple):
    """A rung that fired for some units at once."""

    scheduled: datetime
    code: str
    occurrence: str
    kind: str
    why: str
    units: int


class CycleScreens(Screens):
    def cycles(
        self, *, at: datetime, plan: str | None = None, year: int | None = None
    ) -> list[CycleView]:
        """The cycles that were not voided with their tasks, as of plan instant `at`."""
        wanted = of_cycle(plan, year)
        cycles, tasks = _CYCLES.where(*wanted), _TASKS.where(*wanted)
        overdue = _OVERDUE.where(in_cycles(*wanted))
        with database_errors(), self._reading.begin() as connection:
            late = {
                row.task: (row.overdue, row.held)
                for row in connection.execute(overdue, instants(at))
            }
            by_cycle: dict[str, list[TaskView]] = {}
            for row in connection.execute(tasks):
                view = task_view(row, *late.get(row.id, (0, 0)), last_day=row.last_day)
                by_cycle.setdefault(row.cycle, []).append(view)
            return [
                CycleView(
                    id=row.id,
                    plan=row.plan,
                    title=row.short_title or row.plan,
                    year=row.year,
                    stage=row.stage,
                    launched_at=row.launched_at,
                    expected_tasks=row.expected_tasks,
                    expected_assignments=row.expected_assignments,
                    tasks=tuple(sorted(by_cycle.get(row.id, ()), key=_place)),
                    paused_at=row.paused_at,
                    paused_why=row.paused_why,
                )
                for row in connection.execute(cycles)
            ]

    def cycle_titles(self) -> list[CycleTitle]:
        """Of the cycles that were not voided."""
        with database_errors(), self._reading.begin() as connection:
            return [
                CycleTitle(row.id, row.plan, row.short_title or row.plan)
                for row in connection.execute(_CYCLES.where(*of_cycle(None, None)))
            ]

    def fired(self, cycle: str, *, since: datetime, until: datetime) -> list[Fired]:
        """What was told to whom, rung by rung, scheduled after `since` and by `until`."""
        what = (
            col(NoticeTable.scheduled),
            col(TaskTable.code),
            col(TaskTable.occurrence),
            col(NoticeTable.kind),
            col(NoticeTable.why),
        )
        query = (
            select(*what, func.count(func.distinct(col(NoticeTable.unit))))
            .join(TaskTable, col(TaskTable.id) == col(NoticeTable.task))
            .where(
                col(NoticeTable.cycle) == cycle,
                col(NoticeTable.scheduled) > since,
                col(NoticeTable.scheduled) <= until,
                col(NoticeTable.dropped).is_(False),
            )
            .group_by(*what)
            .order_by(col(NoticeTable.scheduled), col(TaskTable.code))
        )
        with database_errors(), self._reading.begin() as connection:
            return [Fired(*row) for row in connection.execute(query)]

    def letters_sent(self, cycle: str) -> int:
        query = (
            select(func.count())
            .select_from(MessageTable)
            .where(col(MessageTable.cycle) == cycle, col(MessageTable.sent_at).is_not(None))
        )
        with database_errors(), self._reading.begin() as connection:
            return connection.execute(query).scalar_one()


_CYCLES = (
    select(CycleTable.__table__, col(PlanTable.short_title))  # type: ignore[attr-defined]
    .outerjoin(PlanTable, col(PlanTable.id) == col(CycleTable.plan))
    .order_by(col(CycleTable.year), col(CycleTable.plan), col(CycleTable.id))
)
# One unit's stands for all: the first that the index finds, not the greatest of two thousand.
_A_LAST_DAY = (
    select(col(AssignmentTable.last_day))
    .where(col(AssignmentTable.task) == col(TaskTable.id))
    .order_by(col(AssignmentTable.unit))
    .limit(1)
    .correlate(TaskTable)
    .scalar_subquery()
)
_TASKS = (
    select(TaskTable.__table__, _A_LAST_DAY.label("last_day"))  # type: ignore[attr-defined]
    .join(CycleTable, col(CycleTable.id) == col(TaskTable.cycle))
    .order_by(col(TaskTable.id))
)


def _place(task: TaskView) -> Any:
    return code_order(task.code), task.occurrence, task.part


# What is held had passed when the cycle was launched.
_BREACH = col(AssignmentTable.breach)
_OVERDUE = (
    select(
        col(AssignmentTable.task),
        func.count().filter(OVERDUE).label("overdue"),
        func.count().filter(HELD).label("held"),
    )
    .where(col(AssignmentTable.stage).in_(sorted({*OWING, Stage.HELD})), _BREACH <= AT)
    .group_by(col(AssignmentTable.task))
)


def task_view(row: Any, overdue: int, held: int = 0, *, last_day: str | None = None) -> TaskView:
    return TaskView(
        id=row.id,
        cycle=row.cycle,
        code=row.code,
        occurrence=row.occurrence,
        part=row.part,
        title=row.title,
        ongoing=row.ongoing,
        stage=row.stage,
        waiting=tuple(row.waiting),
        halted=row.halted,
        next_deadline=row.next_deadline,
        next_instant=row.next_instant,
        open=row.open_units,
        overdue=overdue,
        held=held,
        total=row.total_units,
        level=row.level,
        last_day=None if last_day is None else date.fromisoformat(last_day),
    )
