"""What reports and statistics need to know of a cycle's snapshots, read once."""

from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Connection, Engine, bindparam, select
from sqlmodel import Session, col

from activities.database import database_errors, reading
from activities.directory import read_calendar, read_directory, read_plan
from models.calendar import WorkingCalendar
from models.directory import Directory, Unit, UnitKind
from models.identifiers import own_occurrence
from models.plan import Ongoing, Plan, PlanTask, ReportDuty, Target
from models.tables import CycleTable
from rules.levels import reviewer_of
from rules.report_periods import Period, period_of
from rules.targets import concerned

MOST_KEPT = 8


class FactsOf(NamedTuple):
    """Which facts: of a cycle, on the snapshots it has now."""

    id: str
    year: int
    launched_at: datetime
    plan_snapshot: str
    directory_snapshot: str
    calendar_snapshot: str


FACTS_OF = tuple(col(getattr(CycleTable, name)) for name in FactsOf._fields)
_OF_CYCLE = select(*FACTS_OF).where(col(CycleTable.id) == bindparam("cycle"))


class CycleFacts:
    """One cycle on its snapshots. Never changes: an amended cycle has other snapshots."""

    def __init__(
        self, of: "FactsOf", plan: Plan, directory: Directory, calendar: WorkingCalendar
    ) -> None:
        self.cycle = of.id
        self.year = of.year
        self.launched_at = of.launched_at
        self.plan = plan
        self.directory = directory
        self.calendar = calendar

    @cached_property
    def tasks(self) -> dict[str, PlanTask]:
        """The tasks by code, in the plan's order."""
        return {task.code: task for task in self.plan.document.tasks}

    @cached_property
    def reports(self) -> dict[str, ReportDuty]:
        return {duty.code: duty for duty in self.plan.reports}

    @cached_property
    def ongoing(self) -> frozenset[str]:
        """The codes of the tasks that are owed all year."""
        return frozenset(
            code for code, task in self.tasks.items() if isinstance(task.timing, Ongoing)
        )

    @cached_property
    def concerned(self) -> dict[str, frozenset[str]]:
        return concerned(self.plan, self.directory)

    def targets_of(self, unit: str) -> list[Target]:
        return [
            target for target in self.plan.document.targets if unit in self.concerned[target.code]
        ]

    def unit(self, code: str) -> Unit:
        """A unit as the cycle knows it; one it does not know is called by its code."""
        known = self.directory.units.get(code)
        return known or Unit(code=code, name=code, kind=UnitKind.DIRECT)

    def reviewer(self, unit: str) -> str:
        officer = self.plan.officer
        hub = self.unit(unit).hub
        return reviewer_of(
            unit, hub, coordinator=officer.coordinator, leadership=officer.leadership
        )

    @cached_property
    def reviewed(self) -> dict[str, list[str]]:
        """The units of the cycle by who reviews them."""
        found: dict[str, list[str]] = {}
        for code in self.directory.units:
            found.setdefault(self.reviewer(code), []).append(code)
        return found

    def period(self, code: str, occurrence: str) -> Period | None:
        """None for what is not a periodic report."""
        duty = self.reports.get(code)
        return (
            None if duty is None else period_of(duty.timing, *own_occurrence(occurrence, self.year))
        )

    def gathered_report(self, code: str, unit: str) -> str | None:
        """The code of the report whose answers a unit consolidates in this one: the coordinator's
        report upwards is made from the one that everybody sends to it."""
        duty = self.reports.get(code)
        if duty is None or duty.gathered or duty.asks != "tasks":
            return None
        if unit != self.plan.officer.coordinator:
            return None
        others = [each for each in self.reports.values() if each.asks == "tasks" and each != duty]
        others.sort(key=lambda each: not each.gathered)
        return others[0].code if others else None


class FactsReader:
    """The facts of cycles, kept while they are asked for: a directory of 1,750 units is slow to
    read anew for every form."""

    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)
        self._kept: dict[FactsOf, CycleFacts] = {}
        self._lock = Lock()

    def of(self, cycle: str) -> CycleFacts:
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(_OF_CYCLE, {"cycle": cycle}).one()
            return self.known(connection, FactsOf(*row))

    def known(self, connection: Connection, of: FactsOf) -> CycleFacts:
        """The same of a cycle whose row was read already. No query where they are kept."""
        with self._lock:
            if of in self._kept:
                return self._kept[of]
        with Session(connection) as session:
            facts = CycleFacts(
                of,
                read_plan(session, of.plan_snapshot),
                read_directory(session, of.directory_snapshot),
                read_calendar(session, of.calendar_snapshot),
            )
        with self._lock:
            while len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[of] = facts
        return facts
