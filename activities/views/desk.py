"""What waits for the officer's word."""

import json
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, select
from sqlmodel import col

from activities.database import database_errors
from activities.views.screens import OVERDUE, Screens, in_cycles, instants
from models.assignment import OWING, Stage, Waiting
from models.tables import (
    AssignmentTable,
    CommandTable,
    CycleTable,
    LedgerTable,
    PlanTable,
    StatementTable,
    TaskTable,
    UnitTable,
)
from rules.code_order import code_order

COUNTED = sorted({Stage.SUBMITTED, *OWING})


class Held(NamedTuple):
    """The units whose deadline had passed before the launch, and the days it was on."""

    units: int
    first: date
    last: date


class Question(NamedTuple):
    """A task that cannot go on without an answer. `units` are those that wait with it; of those
    that are `held` it is the question."""

    task: str
    cycle: str
    plan_title: str
    year: int
    code: str
    occurrence: str
    title: str
    waiting: Waiting
    units: int
    held: Held | None


class ExtensionView(NamedTuple):
    """An extension asked for and not answered."""

    assignment: str
    task: str
    unit: str
    unit_name: str
    plan_title: str
    year: int
    title: str
    last_day: date | None
    asked_at: datetime
    proposed: date
    words: str


class Desk(NamedTuple):
    """`failed` counts the commands that ended in an error of ours, `halted` the tasks that record
    nothing until they are repaired."""

    questions: list[Question]
    extensions: list[ExtensionView]
    reviews: int
    overdue: int
    failed: int
    halted: int

    @property
    def empty(self) -> bool:
        return not any(self)


class DeskScreens(Screens):
    def desk(self, *, at: datetime) -> Desk:
        """Everything in the cycles that run, year by year in the order of the documents."""
        with database_errors(), self._reading.begin() as connection:
            open_tasks = sorted(connection.execute(_OPEN_TASKS).all(), key=_place)
            held = {
                (row.cycle, row.code, row.occurrence): _held(row)
                for row in connection.execute(_HELD)
            }
            reviews, overdue = connection.execute(_COUNTS, instants(at)).one()
            return Desk(
                questions=[
                    Question(
                        task=row.id,
                        cycle=row.cycle,
                        plan_title=row.short_title or row.plan,
                        year=row.year,
                        code=row.code,
                        occurrence=row.occurrence,
                        title=row.title,
                        waiting=Waiting(waiting),
                        units=row.total_units,
                        held=held.get((row.cycle, row.code, row.occurrence)),
                    )
                    for row in open_tasks
                    for waiting in row.waiting
                ],
                extensions=_extensions(connection),
                reviews=reviews or 0,
                overdue=overdue or 0,
                failed=connection.execute(_FAILED).scalar_one(),
                halted=sum(row.halted is not None for row in open_tasks),
            )

    def extension(self, assignment: str) -> ExtensionView | None:
        """What was asked for an assignment and not answered yet."""
        with database_errors(), self._reading.begin() as connection:
            found = _extensions(connection, assignment)
            return found[0] if found else None


# Built once: the officer's own page.
_RUNNING = col(CycleTable.stage).not_in(("closed", "voided"))
_OF_CYCLE = (col(CycleTable.year), col(CycleTable.plan), col(PlanTable.short_title))
_OPEN_TASKS = (
    select(TaskTable.__table__, *_OF_CYCLE)  # type: ignore[attr-defined]
    .join(CycleTable, col(CycleTable.id) == col(TaskTable.cycle))
    .outerjoin(PlanTable, col(PlanTable.id) == col(CycleTable.plan))
    .where(_RUNNING, col(TaskTable.stage) == "open")
)
_ONE_TASK = tuple(col(getattr(AssignmentTable, name)) for name in ("cycle", "code", "occurrence"))
_HELD = (
    select(
        *_ONE_TASK,
        func.count().label("units"),
        func.min(col(AssignmentTable.last_day)).label("first"),
        func.max(col(AssignmentTable.last_day)).label("last"),
    )
    .where(in_cycles(_RUNNING), col(AssignmentTable.stage) == Stage.HELD)
    .group_by(*_ONE_TASK)
)
_COUNTS = select(
    func.count().filter(col(AssignmentTable.stage) == Stage.SUBMITTED),
    func.count().filter(OVERDUE),
).where(in_cycles(_RUNNING), col(AssignmentTable.stage).in_(COUNTED))
_FAILED = select(func.count()).where(col(CommandTable.verdict) == "failed")


@cache
def _asked() -> Any:
    """Each open request with the entry that asked for it: the last of its kind."""
    last = (
        select(func.max(col(LedgerTable.seq)))
        .where(
            col(LedgerTable.task) == col(AssignmentTable.task),
            col(LedgerTable.unit) == col(AssignmentTable.unit),
            col(LedgerTable.kind) == "extension_asked",
        )
        .correlate(AssignmentTable)
        .scalar_subquery()
    )
    asked_by = and_(
        col(LedgerTable.task) == col(AssignmentTable.task), col(LedgerTable.seq) == last
    )
    return (
        select(
            col(AssignmentTable.id),
            col(AssignmentTable.task),
            col(AssignmentTable.unit),
            col(UnitTable.name).label("unit_name"),
            *_OF_CYCLE,
            col(TaskTable.title),
            col(AssignmentTable.last_day),
            col(LedgerTable.at),
            col(LedgerTable.payload),
        )
        .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
        .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
        .join(LedgerTable, asked_by)
        .outerjoin(PlanTable, col(PlanTable.id) == col(CycleTable.plan))
        .outerjoin(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
        .where(in_cycles(_RUNNING), col(AssignmentTable.extension_asked).is_(True))
        .order_by(col(LedgerTable.at), col(AssignmentTable.id))
    )


def _place(row: Any) -> Any:
    return row.year, row.plan, row.cycle, code_order(row.code), row.occurrence, row.part


def _held(row: Any) -> Held:
    return Held(row.units, date.fromisoformat(row.first), date.fromisoformat(row.last))


def _extensions(connection: Connection, assignment: str | None = None) -> list[ExtensionView]:
    asked = _asked()
    if assignment is not None:
        asked = asked.where(col(AssignmentTable.id) == assignment)
    rows = [(row, json.loads(row.payload)) for row in connection.execute(asked).all()]
    words = _words(connection, [said["text"] for _, said in rows if said.get("text")])
    return [_extension(row, said, words) for row, said in rows]


def _words(connection: Connection, ids: list[str]) -> dict[str, str]:
    query = select(col(StatementTable.id), col(StatementTable.text)).where(
        col(StatementTable.id).in_(ids)
    )
    return {row.id: row.text for row in connection.execute(query)} if ids else {}


def _extension(row: Any, said: dict[str, Any], words: dict[str, str]) -> ExtensionView:
    return ExtensionView(
        assignment=row.id,
        task=row.task,
        unit=row.unit,
        unit_name=row.unit_name or row.unit,
        plan_title=row.short_title or row.plan,
        year=row.year,
        title=row.title,
        last_day=date.fromisoformat(row.last_day) if row.last_day else None,
        asked_at=row.at,
        proposed=date.fromisoformat(said["proposed"]),
        words=words.get(said.get("text") or "", ""),
    )
