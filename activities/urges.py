"""Written reminders: what they would name, their drafts, their numbers once signed."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, and_, select, update
from sqlmodel import col

from activities.database import database_errors, insert, reading
from activities.views.screens import OVERDUE, instants
from models.clock import VN
from models.commands import Actor
from models.tables import AssignmentTable, TaskTable, UnitTable, UrgeTable
from models.urge import OverdueLine, Signed, Urge


class Overdue(NamedTuple):
    """What is overdue; `extensions_asked` counts what is left out because the unit asked for an
    extension and has no answer yet."""

    lines: list[OverdueLine]
    extensions_asked: int


class Urges:
    """Every method raises DatabaseUnavailable when the database cannot be used."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def overdue(
        self,
        cycle: str,
        *,
        at: datetime,
        units: Collection[str] | None = None,
        code: str | None = None,
        occurrence: str | None = None,
    ) -> Overdue:
        """What `units` (all, when None) owe and is overdue at plan instant `at`."""
        wanted = [
            col(AssignmentTable.cycle) == cycle,
            OVERDUE,
        ]
        if code is not None:
            wanted.append(col(AssignmentTable.code) == code)
        if occurrence is not None:
            wanted.append(col(AssignmentTable.occurrence) == occurrence)
        query: Any = (
            select(
                AssignmentTable.__table__,  # type: ignore[attr-defined]
                col(TaskTable.title),
                col(UnitTable.name).label("unit_name"),
            )
            .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
            .outerjoin(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
            .where(and_(*wanted))
            .order_by(col(AssignmentTable.id))
        )
        today = at.astimezone(VN).date()
        with database_errors(), self._reading.begin() as connection:
            found = connection.execute(query, instants(at))
            rows = [row for row in found if units is None or row.unit in units]
        owed = [row for row in rows if not row.extension_asked]
        return Overdue([_line(row, today) for row in owed], len(rows) - len(owed))

    def keep(self, urge: Urge, by: Actor) -> Urge:
        """The draft with its number among the drafts."""
        row = {
            "cycle": urge.cycle,
            "drafted_at": urge.drafted_at,
            "drafted_by": by.model_dump_json(),
            "content": urge.model_dump_json(exclude={"id", "signed"}),
        }
        with database_errors(), self._engine.begin() as connection:
            statement = insert(connection, UrgeTable).values(row).returning(col(UrgeTable.id))
            number = connection.execute(statement).scalar_one()
        return urge.model_copy(update={"id": number})

    def get(self, number: int) -> Urge | None:
        found = list(self._read(col(UrgeTable.id) == number))
        return found[0] if found else None

    def of(self, cycles: Collection[str]) -> list[Urge]:
        """The drafts of some cycles, the newest first."""
        return list(self._read(col(UrgeTable.cycle).in_(cycles)))

    def sign(self, number: int, signed: Signed, by: Actor) -> None:
        values = {"number": signed.number, "day": signed.day, "signed_by": by.model_dump_json()}
        statement = update(UrgeTable).where(col(UrgeTable.id) == number).values(**values)
        with database_errors(), self._engine.begin() as connection:
            connection.execute(statement)

    def _read(self, wanted: Any) -> Iterable[Urge]:
        query = select(UrgeTable.__table__).where(wanted)  # type: ignore[attr-defined]
        with database_errors(), self._reading.begin() as connection:
            rows = connection.execute(query.order_by(col(UrgeTable.id).desc())).all()
        return map(_urge, rows)


def _line(row: Any, today: date) -> OverdueLine:
    last_day = date.fromisoformat(row.last_day)
    return OverdueLine(
        assignment=row.id,
        task=row.task,
        code=row.code,
        occurrence=row.occurrence,
        title=row.title,
        unit=row.unit,
        unit_name=row.unit_name or row.unit,
        stage=row.stage,
        last_day=last_day,
        days_late=(today - last_day).days,
        level=row.level,
    )


def _urge(row: Any) -> Urge:
    signed = None if row.number is None else Signed(number=row.number, day=row.day)
    return Urge.model_validate_json(row.content).model_copy(update={"id": row.id, "signed": signed})
