"""A cycle of the shipped plan whose units report, recorded as their workflows would record it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from activities.attachments import Attachments
from activities.carrying import Carrying
from activities.commands import Commands
from activities.consolidation import Consolidation
from activities.cycle_store import CycleStore, Snapshots
from activities.directory import Registry
from activities.ledger import Ledger
from activities.reports import Reports
from activities.reviews import Reviews
from activities.statistics import Statistics
from intake.vietnam_calendar import vietnam_calendar
from models.clock import VN
from models.commands import Actor, ActorKind, Close, Command, Outcome, Submit
from models.cycle import LaunchOrder
from models.directory import Directory, UnitKind
from models.events import LadderSet
from models.identifiers import cycle_id, task_id
from models.plan import ReportDuty
from models.report import Draft, FigureDraft, LineDraft, ReportForm
from rules.carrying import Target, carried_opening
from rules.deadlines import acknowledgement_ladder
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from rules.unfolding import Unfolded, unfold
from tests.shipped import PLAN, shipped_directory, shipped_plan

CYCLE = cycle_id(PLAN, "2026")
LAUNCH = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
OFFICER = Actor(kind=ActorKind.OFFICER)
YEAR_END = datetime(2026, 12, 31, 16, 0, tzinfo=VN)
NEXT_YEAR = datetime(2027, 1, 5, 8, 0, tzinfo=VN)
JUNE = datetime(2026, 6, 10, 9, 0, tzinfo=VN)
SHARE = "II.2.a.1"  # 100% các cơ sở giáo dục
WORDS = "II.2.a.3"  # không có số


HUBS = ("22918", "22924", "22933")


@cache
def snapshots(duties: tuple[ReportDuty, ...] = ()) -> Snapshots:
    """The department, three communes with four schools each, two that have none."""
    directory = shipped_directory(20)
    communes = [unit.code for unit in directory.of_kinds([UnitKind.COMMUNE])]
    kept = {unit.code: unit for unit in directory.units.values() if unit.hub is None}
    for code in communes[5:]:
        del kept[code]
    schools = directory.of_kinds([UnitKind.SCHOOL])[:12]
    for number, school in enumerate(schools):
        kept[school.code] = school.model_copy(update={"hub": HUBS[number // 4]})
    calendar = vietnam_calendar(range(2025, 2029))
    plan = shipped_plan()
    officer = plan.officer.model_copy(update={"duties": duties})
    return Snapshots(plan.model_copy(update={"officer": officer}), Directory(units=kept), calendar)


def unfolded(launched: Snapshots) -> Unfolded:
    plan, directory, calendar = launched
    return unfold(
        plan, directory, calendar, year=2026, cycle="2026", at=LAUNCH, dates={}, allocation={}
    )


def the_unit(code: str) -> Actor:
    return Actor(kind=ActorKind.UNIT, ref=code)


class Office:
    """`launch` opens the cycle; without it the database is one where it is open. `duties` are what
    the officer adds to the plan."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        *,
        launch: bool = True,
        duties: tuple[ReportDuty, ...] = (),
    ) -> None:
        self.engine = engine
        self._snapshots = snapshots(duties)
        self.directory = self._snapshots.directory
        self.attachments = Attachments(
            engine, str(folder / "attachments"), most_megabytes=1, kinds=("pdf", "docx", "txt")
        )
        self.reports = Reports(engine, self.attachments)
        self.reviews = Reviews(engine)
        self.statistics = Statistics(engine)
        self.consolidation = Consolidation(engine)
        self._ledger = Ledger(engine)
        self._commands = Commands(engine)
        self._number = 0
        if launch:
            self._launch()

    def _launch(self) -> None:
        units = self.directory.units.values()
        Registry(self.engine).load_plan(self._snapshots.plan, units, at=LAUNCH)
        order = LaunchOrder(plan=PLAN, year=2026, actor=OFFICER)
        CycleStore(self.engine).keep(order, self._snapshots, at=LAUNCH, expected=(0, 0))
        for opening in unfolded(self._snapshots).openings:
            self._ledger.open_task(opening.task, CYCLE, opening.events)

    def carry_on(self, period: str = "V.1/H1") -> None:
        """Closes the task of this period and goes on with it in the cycle of 2027."""
        code, _, occurrence = period.partition("/")
        task = task_id(PLAN, "2026", code, occurrence)
        self.decide(Close(id=self.next_id(), task=task, actor=OFFICER, received_at=YEAR_END))
        carrying = Carrying(self.engine)
        carrying.keep(CYCLE, (task,))
        [carryover] = carrying.waiting(PLAN, 2027)
        order = LaunchOrder(plan=PLAN, year=2027, actor=OFFICER)
        CycleStore(self.engine).keep(order, self._snapshots, at=NEXT_YEAR, expected=(0, 1))
        officer, calendar = self._snapshots.plan.officer, self._snapshots.calendar
        ladder = acknowledgement_ladder(NEXT_YEAR, calendar=calendar, policy=officer.policy)
        ack = LadderSet(at=NEXT_YEAR, key="ack", ladder=ladder)
        facts, events = carried_opening(
            carryover, Target("2027", officer, calendar, ack, NEXT_YEAR)
        )
        self._ledger.open_task(facts.id, facts.cycle, tuple(events))

    def schools_of(self, hub: str) -> list[str]:
        return [unit.code for unit in self.directory.schools_of(hub)]

    def decide(self, command: Command, *, at: datetime | None = None) -> Outcome:
        """Records what the task's workflow would record."""
        at = at or command.received_at
        self._commands.store(command)
        loaded = self._ledger.load(command.task)
        after = step(loaded.state, [command], at=at, fire=False)
        self._ledger.record(
            recording_of(
                after.state,
                after.events,
                head=loaded.head,
                at=at,
                summary=task_row(after.state, at=at),
                outcomes=after.outcomes,
            )
        )
        return after.outcomes[0]

    def submit(
        self, unit: str, draft: Draft, *, at: datetime = JUNE, period: str = "V.1/H1"
    ) -> Outcome:
        assignment = assigned(unit, period)
        form = self.reports.form(assignment)
        command = self.reports.submit(
            assignment,
            draft,
            version=form.version,
            actor=the_unit(unit),
            received_at=at,
            command=self.next_id(),
        )
        return self.decide(command)

    def report(
        self, unit: str, *, at: datetime = JUNE, period: str = "V.1/H1", **figures: tuple[int, int]
    ) -> Outcome:
        """A whole report, with these numbers for `II_2_a_1=(3, 4)`."""
        form = self.reports.form(assigned(unit, period))
        counted = {code.replace("_", "."): pair for code, pair in figures.items()}
        return self.submit(unit, filled(form, counted), at=at, period=period)

    def accept(self, unit: str, *, at: datetime = JUNE, period: str = "V.1/H1") -> Outcome:
        [command] = self.reviews.accepting(
            [assigned(unit, period)], actor=OFFICER, received_at=at, command=self.next_id()
        )
        return self.decide(command)

    def give_back(
        self,
        unit: str,
        reasons: Mapping[str, str],
        *,
        at: datetime = JUNE,
        period: str = "V.1/H1",
        **more: Any,
    ) -> Outcome:
        command = self.reviews.returning(
            assigned(unit, period),
            reasons,
            actor=OFFICER,
            received_at=at,
            command=self.next_id(),
            **more,
        )
        return self.decide(command)

    def plain_submit(self, unit: str, period: str, *, at: datetime, **fields: Any) -> Outcome:
        """A submission without a form."""
        code, _, occurrence = period.partition("/")
        return self.decide(
            Submit(
                id=self.next_id(),
                task=task_id(PLAN, "2026", code, occurrence),
                unit=unit,
                actor=the_unit(unit),
                received_at=at,
                **fields,
            )
        )

    def next_id(self) -> str:
        self._number += 1
        return f"c{self._number}"


def assigned(unit: str, period: str = "V.1/H1") -> str:
    return f"{PLAN}/2026/{period}/{unit}"


def filled(form: ReportForm, figures: Mapping[str, tuple[int, int]] | None = None) -> Draft:
    """A form as a diligent unit fills it in; what a hub has gathered stays as it is."""
    known = {} if form.evidence_needed else form.draft.lines
    lines = {
        line.code: known.get(line.code)
        or LineDraft(status="ongoing", result=f"Đã làm {line.code}", links="https://vd.example/a")
        for line in form.lines
    }
    if form.evidence_needed:
        lines = {code: line.model_copy(update={"status": "done"}) for code, line in lines.items()}
    numbers = {}
    for target in form.targets:
        gathered = form.draft.figures.get(target.code)
        given = (figures or {}).get(target.code)
        if given is not None:
            numbers[target.code] = FigureDraft(numerator=str(given[0]), denominator=str(given[1]))
        elif gathered is not None and gathered != FigureDraft():
            numbers[target.code] = gathered
        elif target.number is None:
            numbers[target.code] = FigureDraft(statement="Đã thực hiện")
        elif target.counted:
            numbers[target.code] = FigureDraft(numerator="1", denominator="1")
        else:
            numbers[target.code] = FigureDraft(numerator="1")
    return Draft(lines=lines, figures=numbers)
