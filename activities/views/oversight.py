"""A whole cycle at a glance: every assignment counted by task, group of units and commune."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, case, func, select
from sqlmodel import col

from activities.database import database_errors
from activities.views.cycles import TaskView, task_view
from activities.views.marks import LETTER, LEVEL, mark_of
from activities.views.running import RunningCycle, running_cycle
from activities.views.screens import Screens, instants
from models.assignment import Stage
from models.clock import VN
from models.directory import UnitKind
from models.mark import Mark
from models.tables import AssignmentTable, TaskTable, UnitTable
from rules.counting import Count, together


class Oversight(NamedTuple):
    """A cycle as of plan instant `at`. `tasks` are in the plan's order, `overdue` of each counted;
    `totals` are the counts with all communes together; `communes` are the names of the hubs."""

    cycle: RunningCycle
    at: datetime
    tasks: list[TaskView]
    counts: list[Count]
    totals: list[Count]
    communes: dict[str, str]


class _Counted(NamedTuple):
    """Counts of a task with what they hold for: its ledger's head, and the day, because a deadline
    passes at midnight only."""

    head: str
    day: date
    counts: list[Count]
    totals: list[Count]


class OversightScreens(Screens):
    """The counts of a task are kept until its ledger goes on or the day ends."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._counted: dict[str, dict[str, _Counted]] = {}
        self._counting = Lock()

    def oversight(self, cycle: str, *, at: datetime) -> Oversight | None:
        """None when there is no such cycle."""
        with database_errors(), self._reading.begin() as connection:
            running = running_cycle(connection, cycle)
            if running is None:
                return None
            rows = _task_rows(connection, cycle)
            counted = self._counts(connection, cycle, at, rows)
            totals = [count for task in counted for count in task.totals]
            late, held = _of(Mark.OVERDUE, totals), _of(Mark.HELD, totals)
            views = [task_view(row, late[row.id], held[row.id]) for row in rows]
            return Oversight(
                cycle=running,
                at=at,
                tasks=sorted(views, key=in_order(running)),
                counts=[count for task in counted for count in task.counts],
                totals=totals,
                communes=_communes(connection),
            )

    def totals(self, cycles: Sequence[str], *, at: datetime) -> dict[str, list[Count]]:
        """The counts of each of these cycles, with all communes together."""
        with database_errors(), self._reading.begin() as connection:
            rows: dict[str, list[Any]] = {cycle: [] for cycle in cycles}
            for row in connection.execute(_TASKS, {"of_cycles": cycles}):
                rows[row.cycle].append(row)
            return {
                cycle: [
                    count
                    for task in self._counts(connection, cycle, at, tasks)
                    for count in task.totals
                ]
                for cycle, tasks in rows.items()
            }

    def task_counts(self, task: TaskView, *, at: datetime) -> dict[Mark, int]:
        """How many assignments of one task stand how; what was passed on is left out."""
        query = (
            select(LETTER.label("letter"), func.count())
            .where(
                col(AssignmentTable.task) == task.id,
                col(AssignmentTable.stage) != Stage.REASSIGNED,
            )
            .group_by("letter")
        )
        with database_errors(), self._reading.begin() as connection:
            return {
                mark_of(letter, ongoing=task.ongoing): number
                for letter, number in connection.execute(query, instants(at))
            }

    def _counts(
        self, connection: Connection, cycle: str, at: datetime, tasks: list[Any]
    ) -> list[_Counted]:
        day = at.astimezone(VN).date()
        with self._counting:  # whoever comes at the same moment waits for the same counts
            known = self._counted.get(cycle, {})
            stale = [
                task
                for task in tasks
                if task.id not in known
                or (known[task.id].head, known[task.id].day) != (task.head_hash, day)
            ]
            found = _count(connection, at, stale) if stale else {}
            known |= {
                task.id: _Counted(task.head_hash, day, counts, together(counts))
                for task in stale
                for counts in [found.get(task.id, [])]
            }
            self._counted[cycle] = known
            return [known[task.id] for task in tasks]


def _count(connection: Connection, at: datetime, tasks: list[Any]) -> dict[str, list[Count]]:
    """The counts of some tasks."""
    hub = case(
        (col(UnitTable.kind) == UnitKind.COMMUNE, col(UnitTable.code)), else_=col(UnitTable.hub)
    )
    query = (
        select(
            col(AssignmentTable.task),
            col(UnitTable.kind),
            hub,
            col(AssignmentTable.last_day),
            (LETTER + LEVEL).label("standing"),
            func.count(),
        )
        .outerjoin(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
        # What was passed on to another unit is counted there.
        .where(
            col(AssignmentTable.task).in_([task.id for task in tasks]),
            col(AssignmentTable.stage) != Stage.REASSIGNED,
        )
        .group_by(
            col(AssignmentTable.task),
            col(UnitTable.kind),
            hub,
            col(AssignmentTable.last_day),
            "standing",
        )
    )
    codes = {task.id: task.code for task in tasks}
    ongoing = {task.id for task in tasks if task.ongoing}
    days = _Days()
    counts: dict[str, list[Count]] = {}
    found = connection.execute(query, instants(at)).all()
    for task, kind, hub, last_day, standing, assignments in found:
        count = Count(
            task=task,
            code=codes[task],
            kind=kind or "",
            hub=hub,
            last_day=days[last_day],
            mark=mark_of(standing[0], ongoing=task in ongoing),
            level=int(standing[1:]),
            assignments=assignments,
        )
        counts.setdefault(task, []).append(count)
    return counts


class _Days(dict[str | None, date | None]):
    """Ten thousand counts have a few days between them."""

    def __missing__(self, text: str | None) -> date | None:
        day = None if text is None else date.fromisoformat(text)
        self[text] = day
        return day


def _of(mark: Mark, counts: list[Count]) -> Counter[str]:
    """How many assignments of each task bear one mark."""
    found: Counter[str] = Counter()
    for count in counts:
        if count.mark is mark:
            found[count.task] += count.assignments
    return found


def in_order(cycle: RunningCycle) -> Callable[[TaskView], tuple[int, str, str]]:
    places = {code: place for place, code in enumerate(cycle.codes)}
    return lambda task: (places.get(task.code, len(places)), task.occurrence, task.part)


def _task_rows(connection: Connection, cycle: str) -> list[Any]:
    return list(connection.execute(_TASKS, {"of_cycles": [cycle]}))


def _communes(connection: Connection) -> dict[str, str]:
    return {row.code: row.name for row in connection.execute(_COMMUNES)}


# Built once: every page about a cycle asks them.
_TASKS = (
    select(TaskTable.__table__)  # type: ignore[attr-defined]
    .where(col(TaskTable.cycle).in_(bindparam("of_cycles", expanding=True)))
    .order_by(col(TaskTable.id))
)
_COMMUNES = (
    select(col(UnitTable.code), col(UnitTable.name))
    .where(col(UnitTable.kind) == UnitKind.COMMUNE)
    .order_by(col(UnitTable.name))
)
