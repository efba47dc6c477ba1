"""A launch from an officer's order to a kept cycle, the same from the terminal and from a page."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Engine

from activities.asked import Key
from activities.carrying import Carrying
from activities.clock import ClockStore
from activities.cycle_store import Cycle, CycleStore, Launch, Snapshots
from activities.directory import Registry
from intake.sample_schools import sample_schools
from intake.vietnam_calendar import calendar_of_cycle
from models.cycle import LaunchOrder
from models.directory import Directory, Unit, UnitKind
from models.events import Assigned
from models.finding import BadInput, Finding
from models.plan import Plan
from rules.checks import check, check_ordered
from rules.digest import digest_day
from rules.directory_changes import renewed
from rules.preview import Preview
from rules.unfolding import LeftOpen, Unfolded, left_open, unfold

SCHOOLS = (UnitKind.SCHOOL, UnitKind.DIRECT)


class UnknownPlan(LookupError):
    """No plan was loaded under this id."""


class Prepared(NamedTuple):
    """A launch before anything is written."""

    snapshots: Snapshots
    unfolded: Unfolded
    findings: list[Finding]


class Launcher:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._registry = Registry(engine)
        self._cycles = CycleStore(engine)
        self._carrying = Carrying(engine)
        self._clock = ClockStore(engine)

    def prepare(self, order: LaunchOrder, *, at: datetime) -> Prepared:
        """Everything a launch at `at` leads to. Raises BadInput when something about it is wrong,
        UnknownPlan."""
        plan = self._registry.plan(order.plan)
        if plan is None:
            raise UnknownPlan(order.plan)
        check_ordered(order.dates, year=order.year)
        snapshots = Snapshots(plan, self.launchable(order.schools), calendar_of_cycle(order.year))
        unfolded = unfold(
            *snapshots,
            year=order.year,
            cycle=str(order.year),
            at=at,
            dates=order.dates,
            allocation=order.allocation,
            carried=self._carrying.waiting(order.plan, order.year),
        )
        return Prepared(
            snapshots, unfolded, _findings(snapshots, unfolded, order.year, order.dates)
        )

    def warnings(self, cycle: Cycle) -> list[Finding]:
        """What there was to say about a launch that is kept, however long ago: what cannot be
        worked out any more is said in its place."""
        snapshots, dates = self._cycles.snapshots(cycle), cycle.parsed_dates()
        try:
            unfolded = unfold(
                *snapshots,
                year=cycle.year,
                cycle=cycle.cycle,
                at=cycle.launched_at,
                dates=dates,
                allocation=cycle.allocation,
                carried=self._carrying.taken(cycle.id),
            )
        except BadInput as bad:
            return bad.findings
        return _findings(snapshots, unfolded, cycle.year, dates)

    def left_open(self, plan: Plan, year: int, *, at: datetime) -> LeftOpen:
        """What the plan's document leaves to the officer. Raises BadInput."""
        calendar = calendar_of_cycle(year)
        return left_open(plan, self.launchable(0), calendar, year=year, at=at)

    def letters_from(self, plan: Plan, year: int, *, at: datetime) -> date:
        """The first day on which a launch at `at` sends letters."""
        send_from = plan.officer.policy.send_from
        return digest_day(at, calendar=calendar_of_cycle(year), send_from=send_from)

    def preview(self, order: LaunchOrder, *, at: datetime) -> Preview:
        """Who would be told what, when and why; raises as `prepare`."""
        (plan, directory, calendar), unfolded, findings = self.prepare(order, at=at)
        openings = unfolded.openings
        return Preview(plan, directory, calendar, order.year, at, openings, findings, None)

    def keep(self, order: LaunchOrder, *, key: Key | None = None) -> tuple[Launch, list[Finding]]:
        """Keeps a launch after everything about it was checked, with the `key` it was asked for
        under; raises KeyReused and as `prepare`, and then no cycle is kept. Made-up schools are
        loaded before: a cycle never has units that the directory lacks."""
        at = self._clock.plan_now()
        prepared = self.prepare(order, at=at)
        self.keep_samples(prepared.snapshots.directory)
        kept = self._cycles.keep(
            order, prepared.snapshots, at=at, expected=_expected(prepared.unfolded), key=key
        )
        return kept, prepared.findings

    def launchable(self, schools: int) -> Directory:
        """The directory as a launch takes it: with `schools` made-up schools, less those that were
        removed; a directory with schools of its own has no made-up ones."""
        known = self._registry.directory().units
        own = [unit for unit in known.values() if not _is_sample_school(unit)]
        if any(unit.kind in SCHOOLS for unit in own):
            return Directory(units={unit.code: unit for unit in own})
        removed = self._registry.removed()
        hubs = [unit for unit in own if unit.kind is UnitKind.COMMUNE]
        samples = [
            renewed(unit, known.get(unit.code))
            for unit in sample_schools(hubs, schools)
            if unit.code not in removed
        ]
        return Directory(units={unit.code: unit for unit in (*own, *samples)})

    def keep_samples(self, directory: Directory) -> None:
        self._registry.load_units(filter(_is_sample_school, directory.units.values()))


def _findings(
    snapshots: Snapshots, unfolded: Unfolded, year: int, dates: Mapping[str, date]
) -> list[Finding]:
    return [*check(*snapshots, year=year, dates=dates), *unfolded.findings]


def _is_sample_school(unit: Unit) -> bool:
    return unit.sample and unit.kind in SCHOOLS


def _expected(unfolded: Unfolded) -> tuple[int, int]:
    """How many tasks and assignments a launch leads to."""
    assigned = sum(
        isinstance(event, Assigned) for opening in unfolded.openings for event in opening.events
    )
    return len(unfolded.openings), assigned
