"""A letter as it would be written now, sent to nobody."""

from datetime import datetime

from sqlalchemy import Engine, and_, or_, select, true
from sqlmodel import Session, col

from activities.database import database_errors, reading
from activities.mailroom import Doors, Mailroom, lines_of
from letters.letter import Written
from models.clock import VN
from models.identifiers import HEAD
from models.plan import Plan
from models.tables import CycleTable, MessageTable, NoticeTable


class Previews:
    def __init__(self, engine: Engine, doors: Doors) -> None:
        self._reading = reading(engine)
        self._doors = doors

    def letter(
        self, cycle: CycleTable, plan: Plan, unit: str, kind: str | None, *, at: datetime
    ) -> Written | None:
        """What waits for a unit, else what its last letter told; only what is of `kind` where one
        is given. None when there is nothing. Raises DatabaseUnavailable."""
        day = at.astimezone(VN).date()
        room = Mailroom(cycle, plan, self._doors)
        mine = and_(
            col(NoticeTable.cycle) == cycle.id,
            or_(col(NoticeTable.recipient) == unit, col(NoticeTable.recipient) == f"{unit}{HEAD}"),
            col(NoticeTable.dropped).is_(False),
            col(NoticeTable.kind) == kind if kind else true(),
        )
        with database_errors(), Session(self._reading) as session:
            waiting = and_(mine, col(NoticeTable.message).is_(None))
            rows = session.execute(lines_of(waiting)).all()
            if not rows:
                last = (
                    select(col(MessageTable.id))
                    .join(NoticeTable, col(NoticeTable.message) == col(MessageTable.id))
                    .where(mine)
                    .order_by(col(MessageTable.created_at).desc(), col(MessageTable.id).desc())
                    .limit(1)
                    .scalar_subquery()
                )
                rows = session.execute(lines_of(and_(mine, col(NoticeTable.message) == last))).all()
            listed = kind is None and unit == plan.officer.coordinator
            overdue = room.overdue(session, day) if listed else []
            if not rows and not overdue:
                return None
            lines = room.lines(session, rows, lambda row: row.recipient)
            book = room.address_book(session, {unit}, day)
            address, link = book.of(unit), self._doors.plain(unit)
            return room.letter(address, lines, overdue, book=book, day=day, link=link)
