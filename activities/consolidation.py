"""The consolidated report of a period: everything its document says, of one moment."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, or_, select
from sqlmodel import Session, col

from activities.cycle_facts import CycleFacts, FactsReader
from activities.database import database_errors, reading
from activities.directory import loaded_plan
from activities.report_rows import LEFT, ROW, Row, reporter
from activities.report_store import contents_of
from activities.statistics import Of, Still, coverage, four_way, still, total
from activities.views.marks import has_one_of
from activities.views.screens import instants
from models.assignment import Role, Stage
from models.clock import VN
from models.consolidated import (
    ConsolidatedReport,
    Coverage,
    FourWay,
    FourWayRow,
    LateUnit,
    Source,
    StillRow,
)
from models.identifiers import own_occurrence
from models.mark import Mark
from models.plan import Plan, ReportDuty
from models.report import ReportContent, Reporter, ReportProblem, Standing, Sums
from models.tables import (
    AssignmentTable,
    CycleTable,
    LedgerTable,
    ReportFigureTable,
    TaskTable,
)
from rules.consolidating import said_by_task, target_row, task_section
from rules.four_way import together
from rules.report_periods import Period, Place, in_order
from rules.roll_up import Part, sourced

Progress = Callable[[int, int], None]


class NoPeriod(ReportProblem):
    """The plan has no such reporting period, as a Vietnamese sentence."""


class Consolidation:
    """Raises NoPeriod, and DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)
        self._facts = FactsReader(engine)

    def report(
        self,
        cycle: str,
        occurrence: str,
        *,
        at: datetime,
        code: str | None = None,
        progress: Progress = lambda _read, _of: None,
    ) -> ConsolidatedReport:
        """What the accepted reports of a period come to at plan instant `at`. `code` names the
        report that is consolidated; the one hubs gather for when not given. `progress` is told of
        how many units the report has been read, of how many."""
        facts = self._facts.of(cycle)
        code = code or _gathering(facts)
        period = facts.period(code, occurrence)
        if period is None:
            raise NoPeriod(f"Kế hoạch không có chế độ báo cáo {code}.")
        with database_errors(), self._reading.begin() as connection:
            read = _read(connection, facts, code, occurrence, at, progress)
        if not read.rows:
            raise NoPeriod(f"Báo cáo {code} không có kỳ {occurrence} trong năm {facts.year}.")
        return _compose(facts, code, occurrence, at, read, period)


def _issued(facts: CycleFacts, loaded: Plan | None) -> tuple[str | None, date | None]:
    """Number and day of the document the cycle follows, which may have become known since the
    launch; never those of another that was loaded in its place."""
    if loaded is None or not facts.plan.says_the_same(loaded):
        return facts.plan.number, facts.plan.date
    if loaded.date is not None and loaded.date.year > facts.year:
        return facts.plan.number, facts.plan.date
    return loaded.number, loaded.date


def _compose(
    facts: CycleFacts, code: str, occurrence: str, at: datetime, read: "_Read", period: Period
) -> ConsolidatedReport:
    plan, officer, document = facts.plan, facts.plan.officer, facts.plan.document
    number, day = _issued(facts, read.loaded)
    sent = _upward(facts, code) or facts.reports[code]
    parts = [
        Part(row.unit, facts.unit(row.unit).name, read.contents[row.report])
        for row in read.top
        if row.stage == Stage.ACCEPTED and row.report in read.contents
    ]
    counts = {
        task: together(row.counts for row in read.by_task if row.key.partition("/")[0] == task)
        for task in facts.tasks
    }
    said = said_by_task(parts)
    reporters = [reporter(facts, row) for row in read.rows]
    return ConsolidatedReport(
        plan=plan.id,
        plan_title=officer.short_title,
        plan_full_title=document.title,
        plan_number=number,
        plan_date=day,
        issuer=document.issuer,
        drafted_by=facts.unit(officer.coordinator).name,
        to=sent.to,
        via=sent.via,
        recipients=document.recipients,
        year=facts.year,
        period=occurrence,
        period_name=period.name,
        report_code=code,
        window=period.window,
        last_day=max((day for each in reporters if (day := each.last_day)), default=None),
        source=Source(data_at=at, reports=len(parts), ledger_entries=read.ledger_entries),
        coverage=tuple(read.coverage),
        period_counts=read.period_counts,
        cycle_counts=together(row.counts for row in read.by_task),
        by_task=tuple(read.by_task),
        by_group=tuple(read.by_group),
        targets=tuple(
            target_row(target, read.trend, parts, expected=_expected(read, facts, target.code))
            for target in document.targets
        ),
        tasks=tuple(
            task_section(task, counts[task.code], said.get(task.code, ()))
            for task in document.tasks
        ),
        summaries=sourced((part, part.content.summary) for part in parts),
        late=tuple(read.late),
        missing=tuple(
            each for each in reporters if each.standing in (Standing.SILENT, Standing.RETURNED)
        ),
        waiting=tuple(each for each in reporters if each.standing is Standing.WAITING),
        changed=tuple(_changed(reporters, read)),
        not_updated=tuple(_not_updated(facts, read.still)),
    )


def _not_updated(facts: CycleFacts, found: list[Still]) -> Iterator[StillRow]:
    days = facts.plan.officer.policy.no_update_days
    by_code = Counter(each.code for each in found)
    for code, task in facts.tasks.items():
        if code in by_code:
            yield StillRow(code=code, text=task.text, units=by_code[code], days=days)


class _Read(NamedTuple):
    """What one look at the database saw. `rows` are all reporters, `top` those who report to the
    coordinator; the periods of `trend` are in order and end with this one.
    `loaded` is the plan as it is kept now."""

    rows: list[Row]
    top: list[Row]
    contents: dict[str, ReportContent]
    trend: dict[str, dict[str, Sums]]
    late: list[LateUnit]
    by_task: list[FourWayRow]
    by_group: list[FourWayRow]
    period_counts: FourWay
    coverage: list[Coverage]
    still: list[Still]
    ledger_entries: int
    loaded: Plan | None


def _read(
    connection: Connection,
    facts: CycleFacts,
    code: str,
    occurrence: str,
    at: datetime,
    progress: Progress,
) -> _Read:
    query = (
        select(*ROW)
        .where(
            col(AssignmentTable.cycle) == facts.cycle,
            col(AssignmentTable.code) == code,
            col(AssignmentTable.occurrence) == occurrence,
            col(AssignmentTable.stage).not_in(LEFT),
        )
        .order_by(col(AssignmentTable.unit))
    )
    rows = [Row(*found) for found in connection.execute(query)]
    top = [row for row in rows if row.role != Role.SUBORDINATE]
    accepted = [row.report for row in top if row.stage == Stage.ACCEPTED and row.report]
    entries = (
        select(func.count())
        .select_from(LedgerTable)
        .join(TaskTable, col(TaskTable.id) == col(LedgerTable.task))
        .where(col(TaskTable.cycle) == facts.cycle)
    )
    with Session(connection) as session:
        loaded = loaded_plan(session, facts.plan.id)
    return _Read(
        rows=rows,
        top=top,
        contents=contents_of(
            connection, accepted, progress=lambda done: progress(done, len(accepted))
        ),
        trend=_trend(connection, facts, code, occurrence),
        late=_late(connection, facts, code, occurrence, at),
        by_task=four_way(connection, facts, "task", at=at),
        by_group=four_way(connection, facts, "group", at=at),
        period_counts=total(connection, facts, at=at, of=Of(code, occurrence)),
        coverage=coverage(connection, facts.cycle, code, occurrence),
        still=still(connection, facts, at=at),
        ledger_entries=connection.execute(entries).scalar() or 0,
        loaded=loaded,
    )


def _trend(
    connection: Connection, facts: CycleFacts, code: str, occurrence: str
) -> dict[str, dict[str, Sums]]:
    """What each target came to in each period up to this one: accepted reports, each once."""
    figure = ReportFigureTable
    query = (
        select(
            col(CycleTable.year),
            col(AssignmentTable.occurrence),
            col(figure.target),
            func.sum(col(figure.numerator)).label("numerator"),
            func.sum(col(figure.denominator)).label("denominator"),
            func.count().label("units"),
        )
        .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
        .join(figure, col(figure.report) == col(AssignmentTable.report))
        .where(
            col(CycleTable.plan) == facts.plan.id,
            col(CycleTable.stage).not_in(("voided", "voiding")),
            col(AssignmentTable.code) == code,
            col(AssignmentTable.role) != Role.SUBORDINATE,
            col(AssignmentTable.stage) == Stage.ACCEPTED,
            or_(col(CycleTable.year) < facts.year, col(CycleTable.id) == facts.cycle),
        )
        .group_by(col(CycleTable.year), col(AssignmentTable.occurrence), col(figure.target))
    )
    # This period stands last, and stands there even when nobody has reported yet.
    this = (facts.year, in_order(occurrence))
    trend: dict[tuple[int, Place], dict[str, Sums]] = {this: {}}
    for row in connection.execute(query):
        # What was reported after its cycle had closed counts in the period it is about.
        name, year = own_occurrence(row.occurrence, row.year)
        place = (year, in_order(name))
        if place <= this:
            sums = trend.setdefault(place, {})
            sums[row.target] = _with_more(
                sums.get(row.target, Sums(units=0)),
                int(row.numerator or 0),
                None if row.denominator is None else int(row.denominator),
                row.units,
            )
    return {period_key(year, place.name): trend[year, place] for year, place in sorted(trend)}


def _with_more(sums: Sums, numerator: int, denominator: int | None, units: int) -> Sums:
    whole = [each for each in (sums.denominator, denominator) if each is not None]
    return Sums(
        numerator=sums.numerator + numerator,
        denominator=sum(whole) if whole else None,
        units=sums.units + units,
    )


def period_key(year: int, occurrence: str) -> str:
    return f"{occurrence}/{year}"


def _late(
    connection: Connection, facts: CycleFacts, code: str, occurrence: str, at: datetime
) -> list[LateUnit]:
    """Who reported late or is overdue, of all deadlines since the period's data began."""
    period = facts.period(code, occurrence)
    breach = col(AssignmentTable.breach)
    query = (
        select(*ROW, col(TaskTable.title).label("title"))
        .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
        .where(
            col(AssignmentTable.cycle) == facts.cycle,
            breach.is_not(None),
            has_one_of((Mark.LATE, Mark.OVERDUE)),
        )
        .order_by(breach, col(AssignmentTable.unit))
    )
    if period is not None and period.window is not None:
        first = period.window.first
        query = query.where(breach > datetime(first.year, first.month, first.day, tzinfo=VN))
    return [
        _late_unit(facts, Row(*row[:-1]), str(row[-1]), at)
        for row in connection.execute(query, instants(at))
    ]


def _late_unit(facts: CycleFacts, row: Row, title: str, at: datetime) -> LateUnit:
    unit = facts.unit(row.unit)
    last_day = date.fromisoformat(row.last_day or "")
    received = row.received_at if row.stage in (Stage.SUBMITTED, Stage.ACCEPTED) else None
    settled = row.stage == Stage.SETTLED
    until = last_day if settled else (received or at).astimezone(VN).date()
    return LateUnit(
        unit=row.unit,
        name=unit.name,
        hub_name=facts.unit(unit.hub).name if unit.hub else "",
        task=f"{row.code}/{row.occurrence}",
        title=title,
        last_day=last_day,
        received_at=received,
        days_late=max((until - last_day).days, 0),
        settled=settled,
    )


def _gathering(facts: CycleFacts) -> str:
    """The report that everybody sends to the coordinator."""
    duties = [duty for duty in facts.reports.values() if duty.asks == "tasks"]
    for duty in sorted(duties, key=lambda each: not each.gathered):
        return duty.code
    raise NoPeriod("Kế hoạch không có chế độ báo cáo định kỳ.")


def _upward(facts: CycleFacts, code: str) -> ReportDuty | None:
    """The duty this report is consolidated for."""
    coordinator = facts.plan.officer.coordinator
    return next(
        (
            duty
            for duty in facts.reports.values()
            if facts.gathered_report(duty.code, coordinator) == code
        ),
        None,
    )


def _expected(read: _Read, facts: CycleFacts, target: str) -> dict[str, int]:
    concerned = facts.concerned[target]
    this = next(reversed(read.trend))
    return {this: sum(row.unit in concerned for row in read.top)}


def _changed(reporters: list[Reporter], read: _Read) -> list[Reporter]:
    """Schools whose accepted report is not the one their hub has gathered."""
    gathered = {each.report for content in read.contents.values() for each in content.gathered}
    hubs = {row.unit for row in read.top if row.report in read.contents}
    return [
        each.model_copy(update={"changed": True})
        for each in reporters
        if each.hub in hubs
        and each.standing is Standing.ACCEPTED
        and each.report is not None
        and each.report not in gathered
    ]
