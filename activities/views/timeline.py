"""What was told in a cycle and what came late, by day."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, bindparam, cast, func, select
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


class _Told(NamedTuple):
    """The notices of a task by day with what they hold for. All that can happen to a notice which
    is counted is that it is recorded, with its ledger's next entry, and dropped, for good."""

    head: str
    dropped: int
    by_day: dict[Telling, int]


class TimelineScreens(Screens):
    """The notices of a task are counted anew when there are others."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._told: dict[str, _Told] = {}
        self._telling = Lock()

    def told_by_day(self, cycle: str, *, kinds: Collection[str] = LADDER_KINDS) -> Counter[Telling]:
        """How many notices of some LADDER_KINDS were recorded for each day, by kind and level."""
        told: Counter[Telling] = Counter()
        for of_task in self._told_of(cycle):
            for telling, notices in of_task.items():
                if telling.kind in kinds:
                    told[telling] += notices
        return told

    def _told_of(self, cycle: str) -> list[dict[Telling, int]]:
        """Of each task."""
        # Whoever holds the lock has a connection already: with none to be had, all wait at once.
        with database_errors(), self._reading.begin() as connection, self._telling:
            heads = {row.id: row.head_hash for row in connection.execute(_HEADS, {"of": cycle})}
            dropped: dict[str, int] = dict(connection.execute(_DROPPED, {"of": cycle}).all())
            now = {task: (head, dropped.get(task, 0)) for task, head in heads.items()}
            stale = [task for task in now if self._told.get(task, _NOTHING)[:2] != now[task]]
            found = _told_by(connection, stale) if stale else {}
            self._told |= {task: _Told(*now[task], found.get(task, {})) for task in stale}
            return [self._told[task].by_day for task in now]

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


def _told_by(connection: Connection, tasks: Collection[str]) -> dict[str, dict[Telling, int]]:
    """What each of some tasks told; answered from an index alone."""
    what = (
        col(NoticeTable.task),
        col(NoticeTable.kind),
        col(NoticeTable.scheduled),
        col(NoticeTable.level),
    )
    query = (
        select(*what, func.count())
        .where(
            col(NoticeTable.task).in_(tasks),
            col(NoticeTable.kind).in_(LADDER_KINDS),
            col(NoticeTable.dropped).is_(False),
        )
        .group_by(*what)
    )
    told: dict[str, dict[Telling, int]] = {}
    for task, kind, scheduled, level, notices in connection.execute(query):
        of_task = told.setdefault(task, {})
        telling = Telling(_day(scheduled), kind, level)
        of_task[telling] = of_task.get(telling, 0) + notices
    return told


_NOTHING = _Told("", -1, {})
_HEADS = select(col(TaskTable.id), col(TaskTable.head_hash)).where(
    col(TaskTable.cycle) == bindparam("of")
)
# As the index of what was dropped says it: few of all notices.
_DROPPED = (
    select(col(NoticeTable.task), func.count())
    .where(col(NoticeTable.cycle) == bindparam("of"), col(NoticeTable.dropped).is_(True))
    .group_by(col(NoticeTable.task))
)


def _day(instant: datetime) -> date:
    return instant.astimezone(VN).date()
