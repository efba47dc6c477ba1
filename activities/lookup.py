"""Finding what a command is about: tasks and assignments by what people call them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, Select, bindparam, func, or_, select
from sqlmodel import Session, col

from activities.database import reading
from models.assignment import OPEN, Stage
from models.tables import AssignmentTable, TaskTable, UnitTable
from rules.closing import OpenParts


class Task(NamedTuple):
    """One part of one task; `units` still owe something in it."""

    id: str
    cycle: str
    code: str
    occurrence: str
    title: str
    waiting: tuple[str, ...]
    units: int


class Part(NamedTuple):
    """One unit's part in one task."""

    id: str
    task: str
    unit: str
    stage: Stage
    last_day: date | None
    version: int
    revision: int
    acknowledged: bool
    extension_asked: bool
    late: bool
    updated_at: datetime | None


class Lookup:
    def __init__(self, engine: Engine) -> None:
        self._engine = reading(engine)

    def task(self, identifier: str) -> list[Task]:
        return self._tasks(select(TaskTable).where(col(TaskTable.id) == identifier))

    def tasks(self, cycles: Collection[str], code: str, occurrence: str | None) -> list[Task]:
        """All parts of the tasks with this code, of one occurrence where given."""
        query = select(TaskTable).where(
            col(TaskTable.cycle).in_(cycles), col(TaskTable.code) == code
        )
        if occurrence:
            query = query.where(col(TaskTable.occurrence) == occurrence)
        return self._tasks(query)

    def open_tasks(self, cycle: str) -> list[Task]:
        return self._tasks(
            select(TaskTable).where(col(TaskTable.cycle) == cycle, col(TaskTable.stage) == "open")
        )

    def part(self, identifier: str) -> list[Part]:
        return self._parts(_PART, {"identifier": identifier})

    def parts(
        self, cycles: Collection[str], code: str, unit: str, occurrence: str | None
    ) -> list[Part]:
        query = _PARTS.where(
            col(AssignmentTable.cycle).in_(cycles),
            col(AssignmentTable.code) == code,
            col(AssignmentTable.unit) == unit,
        )
        if occurrence:
            query = query.where(col(AssignmentTable.occurrence) == occurrence)
        return self._parts(query.order_by(col(AssignmentTable.id)))

    def open_parts(self, cycles: Collection[str], unit: str | None = None) -> list[Part]:
        """The open assignments of the cycles, of one unit where given."""
        query = _PARTS.where(
            col(AssignmentTable.cycle).in_(cycles), col(AssignmentTable.stage).in_(OPEN)
        )
        if unit is not None:
            query = query.where(col(AssignmentTable.unit) == unit)
        return self._parts(query.order_by(col(AssignmentTable.id)))

    def open_by_task(self, cycle: str) -> list[OpenParts]:
        """How many open assignments with a deadline each task has, by stage."""
        task, stage = col(AssignmentTable.task), col(AssignmentTable.stage)
        query = (
            select(task, stage, func.count().label("units"))
            .where(
                col(AssignmentTable.cycle) == cycle,
                stage.in_(sorted(OPEN)),
                col(AssignmentTable.last_day).is_not(None),
            )
            .group_by(task, stage)
            .order_by(task, stage)
        )
        with Session(self._engine) as session:
            return [
                OpenParts(row.task, Stage(row.stage), row.units) for row in session.execute(query)
            ]

    def takes_part(self, unit: str, task: str) -> bool:
        """Whether a unit, or a school of it, has a part in a task."""
        query = (
            select(col(AssignmentTable.id))
            .outerjoin(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
            .where(
                col(AssignmentTable.task) == task,
                or_(col(AssignmentTable.unit) == unit, col(UnitTable.hub) == unit),
            )
            .limit(1)
        )
        with Session(self._engine) as session:
            return session.execute(query).first() is not None

    def held(self, tasks: Collection[str]) -> dict[str, set[str]]:
        """The units that wait for the officer's word on a deadline passed before the launch, by
        task; a task without any is not there."""
        query = _PARTS.where(
            col(AssignmentTable.task).in_(tasks), col(AssignmentTable.stage) == Stage.HELD
        )
        found: dict[str, set[str]] = {}
        for part in self._parts(query):
            found.setdefault(part.task, set()).add(part.unit)
        return found

    def dated_parts(self, cycle: str) -> list[Part]:
        """Every assignment with a deadline, earliest first."""
        return self._parts(
            _PARTS.where(
                col(AssignmentTable.cycle) == cycle, col(AssignmentTable.breach).is_not(None)
            ).order_by(col(AssignmentTable.breach), col(AssignmentTable.id))
        )

    def _tasks(self, query: Select[TaskTable]) -> list[Task]:
        with Session(self._engine) as session:
            rows: Sequence[TaskTable] = session.scalars(query.order_by(col(TaskTable.id))).all()
            return [
                Task(
                    id=row.id,
                    cycle=row.cycle,
                    code=row.code,
                    occurrence=row.occurrence,
                    title=row.title,
                    waiting=tuple(row.waiting),
                    units=row.open_units,
                )
                for row in rows
            ]

    def _parts(self, query: Any, asked: dict[str, str] | None = None) -> list[Part]:
        with self._engine.begin() as connection:
            return [
                Part(
                    id=row.id,
                    task=row.task,
                    unit=row.unit,
                    stage=Stage(row.stage),
                    last_day=date.fromisoformat(row.last_day) if row.last_day else None,
                    version=row.version,
                    revision=row.revision,
                    acknowledged=row.acknowledged_at is not None,
                    extension_asked=row.extension_asked,
                    late=row.late,
                    updated_at=row.updated_at,
                )
                for row in connection.execute(query, asked)
            ]


_COLUMNS = [*(name for name in Part._fields if name != "acknowledged"), "acknowledged_at"]
_PARTS = select(*(col(getattr(AssignmentTable, name)) for name in _COLUMNS))
_PART = _PARTS.where(col(AssignmentTable.id) == bindparam("identifier"))
