"""Plans and units as they are loaded, and how units are reached today."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from activities.database import reading
from models.calendar import WorkingCalendar
from models.directory import Directory, Unit
from models.plan import Plan
from models.tables import PlanTable, SnapshotTable, UnitTable


class Registry:
    """The loaded plans and the live directory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def load_plan(self, plan: Plan, units: Iterable[Unit], *, at: datetime) -> None:
        """Keeps a plan and the units beside it, replacing what was loaded before. Running cycles
        keep their own snapshot."""
        with Session(self._engine) as session:
            snapshot = keep_snapshot(session, "plan", plan.model_dump_json())
            session.flush()
            session.merge(
                PlanTable(
                    id=plan.id,
                    short_title=plan.officer.short_title,
                    snapshot=snapshot,
                    loaded_at=at,
                )
            )
            for unit in units:
                session.merge(_row(unit))
            session.commit()

    def plan(self, plan_id: str) -> Plan | None:
        with Session(self._reading) as session:
            row = session.get(PlanTable, plan_id)
            if row is None:
                return None
            snapshot = session.get_one(SnapshotTable, row.snapshot)
            return Plan.model_validate_json(snapshot.content)

    def plans(self) -> list[PlanTable]:
        with Session(self._reading) as session:
            return list(session.scalars(select(PlanTable).order_by(col(PlanTable.id))))

    def directory(self) -> Directory:
        with Session(self._reading) as session:
            rows = session.scalars(
                select(UnitTable).order_by(col(UnitTable.sample), col(UnitTable.code))
            )
            return Directory(units={row.code: _unit(row) for row in rows})

    def keep_units(self, units: Iterable[Unit]) -> None:
        with Session(self._engine) as session:
            for unit in units:
                session.merge(_row(unit))
            session.commit()

    def unit(self, code: str) -> Unit | None:
        with Session(self._reading) as session:
            row = session.get(UnitTable, code)
            return None if row is None else _unit(row)


def keep_snapshot(session: Session, kind: str, content: str) -> str:
    """The id of a snapshot: the same content is kept once."""
    identifier = hashlib.sha256(content.encode()).hexdigest()
    if session.get(SnapshotTable, identifier) is None:
        session.add(SnapshotTable(id=identifier, kind=kind, content=content))
    return identifier


def read_plan(session: Session, snapshot: str) -> Plan:
    return Plan.model_validate_json(session.get_one(SnapshotTable, snapshot).content)


def read_directory(session: Session, snapshot: str) -> Directory:
    return Directory.model_validate_json(session.get_one(SnapshotTable, snapshot).content)


def read_calendar(session: Session, snapshot: str) -> WorkingCalendar:
    return WorkingCalendar.model_validate_json(session.get_one(SnapshotTable, snapshot).content)


def _row(unit: Unit) -> UnitTable:
    values = unit.model_dump(mode="json")
    return UnitTable(**values)


def _unit(row: UnitTable) -> Unit:
    return Unit.model_validate(row.model_dump())
