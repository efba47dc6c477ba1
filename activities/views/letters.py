"""The letters of a unit."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import col

from activities.database import database_errors
from activities.views.screens import Screens
from models.identifiers import HEAD
from models.tables import MessageTable


class LetterView(NamedTuple):
    """A message; `number` counts a recipient's letters from the first."""

    number: int
    id: str
    cycle: str
    recipient: str
    kind: str
    day: date
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None
    to_address: str
    fallback: str | None
    answer: str


class Inbox(NamedTuple):
    total: int
    letters: list[LetterView]


class LetterScreens(Screens):
    def inbox(self, unit: str, *, limit: int | None = 50, offset: int = 0) -> Inbox:
        """The letters of a unit and of its head, the newest first."""
        mine = _addressed_to(unit)
        count = select(func.count()).select_from(MessageTable).where(mine)
        rows = (
            select(MessageTable.__table__)  # type: ignore[attr-defined]
            .where(mine)
            .order_by(col(MessageTable.created_at).desc(), col(MessageTable.id).desc())
            .offset(offset)
            .limit(limit)
        )
        with database_errors(), self._reading.begin() as connection:
            total = connection.execute(count).scalar_one()
            letters = [
                _letter(row, total - offset - place)
                for place, row in enumerate(connection.execute(rows))
            ]
            return Inbox(total, letters)

    def letter(self, unit: str, number: int) -> LetterView | None:
        """The letter a number of the inbox means."""
        if number < 1:
            return None
        query = (
            select(MessageTable.__table__)  # type: ignore[attr-defined]
            .where(_addressed_to(unit))
            .order_by(col(MessageTable.created_at), col(MessageTable.id))
            .offset(number - 1)
            .limit(1)
        )
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(query).one_or_none()
            return None if row is None else _letter(row, number)


def _addressed_to(unit: str) -> ColumnElement[bool]:
    return or_(col(MessageTable.recipient) == unit, col(MessageTable.recipient) == f"{unit}{HEAD}")


def _letter(row: Any, number: int) -> LetterView:
    same = {name: getattr(row, name) for name in LetterView._fields if name != "number"}
    return LetterView(number=number, **same)
