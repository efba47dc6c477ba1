"""How the units below a hub stand, as the hub sees them."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlmodel import col

from activities.database import database_errors
from activities.views.screens import Screens, is_overdue
from models.assignment import OWING, Stage
from models.tables import AssignmentTable, CycleTable, UnitTable


class SchoolView(NamedTuple):
    """One school: what it owes with a deadline, and what waits for the hub's review."""

    code: str
    name: str
    focal_person: str
    phone: str
    owing: int
    overdue: int
    waiting: int
    accepted: int


class HubScreens(Screens):
    def below(self, hub: str, *, at: datetime) -> list[SchoolView]:
        """The schools of a hub in the cycles that run, those with overdue work first."""
        dated = col(AssignmentTable.breach).is_not(None)
        owing = and_(dated, col(AssignmentTable.stage).in_(sorted(OWING)))
        counts = (
            _count(owing),
            _count(is_overdue(at)),
            _count(col(AssignmentTable.stage) == Stage.SUBMITTED),
            _count(and_(dated, col(AssignmentTable.stage) == Stage.ACCEPTED)),
        )
        query = (
            select(
                col(UnitTable.code),
                col(UnitTable.name),
                col(UnitTable.focal_person),
                col(UnitTable.phone),
                *counts,
            )
            .join(AssignmentTable, col(AssignmentTable.unit) == col(UnitTable.code))
            .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
            .where(col(UnitTable.hub) == hub, col(CycleTable.stage).not_in(("closed", "voided")))
            .group_by(
                col(UnitTable.code),
                col(UnitTable.name),
                col(UnitTable.focal_person),
                col(UnitTable.phone),
            )
            .order_by(counts[1].desc(), counts[2].desc(), col(UnitTable.name))
        )
        with database_errors(), self._reading.begin() as connection:
            return [SchoolView(*row) for row in connection.execute(query)]


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))
