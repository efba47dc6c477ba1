"""What was told in a cycle and what came late, by day."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import String, cast, func, select
from sqlmodel import col

from activities.database import database_errors
from activities.views.marks import COMPLETED
from activities.views.screens import Screens
from models.assignment import Waiting
from models.clock import VN
from models.deadline import RungKind
from models.tables import AssignmentTable, NoticeTable, TaskTable
from rules.timeline import Late, Telling

# What fires by a ladder; what a person's act leads to has no place in a plan of the year.
LADDER_KINDS = (
    *(kind.value for kind in RungKind if kind is not RungKind.ASK),
    *(f"ask-{waiting}" for waiting in Waiting),
)


class ToldOnDay(NamedTuple):
    """What one task told on one day, and why: `notices` in all."""

    task: str
    code: str
    kind: str
    level: int
    why: str
    notices: int


class TimelineScreens(Screens):
    def told_by_day(self, cycle: str, *, kinds: Sequence[str] = LADDER_KINDS) -> Counter[Telling]:
        """How many notices were recorded for each day, by kind and level."""
        what = (col(NoticeTable.kind), col(NoticeTable.scheduled), col(NoticeTable.level))
        query = (
            select(*what, func.count())
            .where(
                col(NoticeTable.cycle) == cycle,
                col(NoticeTable.kind).in_(kinds),
                col(NoticeTable.dropped).is_(False),
            )
            .group_by(*what)
        )
        told: Counter[Telling] = Counter()
        with database_errors(), self._reading.begin() as connection:
            for kind, scheduled, level, notices in connection.execute(query):
                told[Telling(_day(scheduled), kind, level)] += notices
        return told

    def told_on(self, cycle: str, day: date) -> list[ToldOnDay]:
        """What was told on one day, task by task."""
        begin = datetime.combine(day, datetime.min.time(), tzinfo=VN)
        end = datetime.combine(day, datetime.max.time(), tzinfo=VN)
        what = (
            col(NoticeTable.task),
            col(TaskTable.code),
            col(NoticeTable.kind),
            col(NoticeTable.level),
            col(NoticeTable.why),
        )
        query = (
            select(*what, func.count())
            .join(TaskTable, col(TaskTable.id) == col(NoticeTable.task))
            .where(
                col(NoticeTable.cycle) == cycle,
                col(NoticeTable.kind).in_(LADDER_KINDS),
                col(NoticeTable.scheduled).between(begin, end),
                col(NoticeTable.dropped).is_(False),
            )
            .group_by(*what)
            .order_by(*what)
        )
        with database_errors(), self._reading.begin() as connection:
            return [ToldOnDay(*row) for row in connection.execute(query)]

    def completed_late(self, cycle: str) -> list[Late]:
        """What was completed after its deadline, by the deadline it has now."""
        last_day = col(AssignmentTable.last_day)
        # `2026-07-06 02`, in UTC: both databases write an instant this way, and days in Vietnam
        # begin with one of these hours.
        hour = func.substr(cast(col(AssignmentTable.received_at), String), 1, 13).label("hour")
        query = (
            select(last_day, hour, func.count())
            .where(
                col(AssignmentTable.cycle) == cycle,
                col(AssignmentTable.stage).in_(COMPLETED),
                col(AssignmentTable.late).is_(True),
                col(AssignmentTable.received_at) >= col(AssignmentTable.breach),
                last_day.is_not(None),
            )
            .group_by(last_day, hour)
        )
        found: Counter[tuple[date, date]] = Counter()
        with database_errors(), self._reading.begin() as connection:
            for last, hour_, number in connection.execute(query):
                received = datetime.fromisoformat(hour_).replace(tzinfo=UTC)
                found[date.fromisoformat(last or ""), _day(received)] += number
        return [Late(*days, number) for days, number in found.items()]


def _day(instant: datetime) -> date:
    return instant.astimezone(VN).date()
