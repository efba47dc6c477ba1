"""What all screens of the read model share."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Engine, and_, bindparam, or_, select
from sqlmodel import col

from activities.database import reading
from models.assignment import OWING, Stage
from models.directory import UnitKind
from models.tables import AssignmentTable, CycleTable, UnitTable


class Screens:
    """Every method raises DatabaseUnavailable when the database cannot be read."""

    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)


def of_cycle(plan: str | None, year: int | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [col(CycleTable.stage) != "voided"]
    if plan is not None:
        wanted.append(col(CycleTable.plan) == plan)
    if year is not None:
        wanted.append(col(CycleTable.year) == year)
    return wanted


def in_cycles(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The assignments of the cycles that are so. Not by a join: an index that begins with the cycle
    is of use only where the cycles are known first."""
    return col(AssignmentTable.cycle).in_(select(col(CycleTable.id)).where(*which))


SOON = timedelta(days=7)
# Plan instants that `instants` gives when a statement is executed: what names them is built once.
_INSTANT = AssignmentTable.__table__.c.breach.type  # type: ignore[attr-defined]
AT = bindparam("at", type_=_INSTANT)
SOON_AT = bindparam("soon", type_=_INSTANT)
OVERDUE = and_(
    col(AssignmentTable.stage).in_(sorted(OWING)),
    col(AssignmentTable.breach) <= AT,
)
# Had passed before the launch, and waits for the officer's word: not overdue yet.
HELD = col(AssignmentTable.stage) == Stage.HELD


def instants(at: datetime) -> dict[str, Any]:
    return {"at": at, "soon": at + SOON}


class Which(NamedTuple):
    """Whose: units of a kind, or a hub with its schools; everybody when empty."""

    kind: UnitKind | None = None
    hub: str | None = None


def of_units(which: Which) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if which.kind is not None:
        wanted.append(col(UnitTable.kind) == which.kind)
    if which.hub is not None:
        wanted.append(or_(col(UnitTable.hub) == which.hub, col(UnitTable.code) == which.hub))
    return wanted
