"""What closed cycles leave open: kept when a cycle closes, taken by the next one of its plan."""

from itertools import groupby

from sqlalchemy import ColumnElement, Connection, Engine, Select, or_, select, update
from sqlmodel import col

from activities.database import database_errors, insert, reading
from activities.ledger import BrokenLedger, Ledger
from models.finding import BadInput, Finding, Severity
from models.identifiers import assignment_id, parse_task_id
from models.tables import CarriedTable, CycleTable
from rules.carrying import Carryover, to_carry


class Carrying:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._ledger = Ledger(engine)

    def keep(self, cycle: str, tasks: tuple[str, ...]) -> None:
        """Keeps what is open in these closed tasks; a repetition keeps the same."""
        for task in tasks:
            rows = [_row(cycle, task, unit) for unit in to_carry(self._ledger.load(task).state)]
            if rows:
                with database_errors(), self._engine.begin() as connection:
                    new = insert(connection, CarriedTable).on_conflict_do_nothing()
                    connection.execute(new, rows)

    def take_into_running(self, cycle: str) -> str | None:
        """Gives what a closed cycle carries to the cycle of a later year that runs already; its
        id, None when there is none, and then the next launch takes it."""
        with database_errors(), self._engine.begin() as connection:
            closed = connection.execute(
                select(col(CycleTable.plan), col(CycleTable.year)).where(
                    col(CycleTable.id) == cycle
                )
            ).one()
            later = (
                select(col(CycleTable.id))
                .where(
                    col(CycleTable.plan) == closed.plan,
                    col(CycleTable.year) > closed.year,
                    col(CycleTable.stage).in_(("opening", "open")),
                )
                .order_by(col(CycleTable.year))
            )
            into = connection.execute(later).scalars().first()
            if into is not None:
                take(connection, closed.plan, closed.year + 1, into)
            # A repetition takes nothing more, and still says where to open what was taken.
            taken = select(col(CarriedTable.into)).where(
                col(CarriedTable.cycle) == cycle, col(CarriedTable.into) == into
            )
            return connection.execute(taken).scalars().first()

    def waiting(self, plan: str, year: int) -> list[Carryover]:
        """What a launch of `plan` for `year` would take; raises BadInput when a ledger it is read
        from does not verify."""
        return self._read(_rows().where(*_free(plan, year)))

    def taken(self, cycle: str) -> list[Carryover]:
        """What `cycle` has taken; raises as `waiting`."""
        return self._read(_rows().where(col(CarriedTable.into) == cycle))

    def _read(self, query: Select[str, int, str]) -> list[Carryover]:
        with database_errors(), self._reading.begin() as connection:
            rows = connection.execute(query).all()
        return [
            self._carryover(task, year, tuple(row.unit for row in of_task))
            for (task, year), of_task in groupby(rows, key=lambda row: (row.task, row.year))
        ]

    def _carryover(self, task: str, year: int, units: tuple[str, ...]) -> Carryover:
        try:
            return Carryover(self._ledger.load(task).state, year, units)
        except BrokenLedger as broken:
            message = f"không chuyển được sang chu kỳ mới: {broken.message}"
            finding = Finding(severity=Severity.ERROR, place=task, message=message)
            raise BadInput([finding]) from broken


def take(connection: Connection, plan: str, year: int, into: str) -> None:
    """Gives all that waits of earlier years to a cycle of `year`."""
    connection.execute(update(CarriedTable).where(*_free(plan, year)).values(into=into))


def _free(plan: str, year: int) -> tuple[ColumnElement[bool], ...]:
    """Carried, and taken by none or by a launch that was voided."""
    earlier = select(col(CycleTable.id)).where(
        col(CycleTable.plan) == plan, col(CycleTable.year) < year
    )
    voided = select(col(CycleTable.id)).where(col(CycleTable.stage).in_(("voiding", "voided")))
    into = col(CarriedTable.into)
    return (col(CarriedTable.cycle).in_(earlier), or_(into.is_(None), into.in_(voided)))


def _rows() -> Select[str, int, str]:
    return (
        select(col(CarriedTable.task), col(CycleTable.year), col(CarriedTable.unit))
        .join(CycleTable, col(CycleTable.id) == col(CarriedTable.cycle))
        .order_by(col(CycleTable.year), col(CarriedTable.task), col(CarriedTable.assignment))
    )


def _row(cycle: str, task: str, unit: str) -> dict[str, str]:
    key = parse_task_id(task)
    return {
        "assignment": assignment_id(task, unit),
        "cycle": cycle,
        "task": task,
        "code": key.code,
        "occurrence": key.occurrence,
        "unit": unit,
    }
