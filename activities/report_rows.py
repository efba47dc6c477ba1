"""What the database knows of a report when its form is opened: rows, and who reports to whom."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select
from sqlmodel import col

from activities.cycle_facts import FACTS_OF, CycleFacts, FactsOf
from activities.report_store import DRAFT, SavedDraft, saved_draft
from models.assignment import Role, Stage
from models.identifiers import own_occurrence
from models.report import Reporter, Standing
from models.tables import (
    AssignmentTable,
    CycleTable,
    DraftTable,
    LedgerTable,
    StatementTable,
    TaskTable,
)

STANDINGS = {
    Stage.ASSIGNED: Standing.SILENT,
    Stage.HELD: Standing.SILENT,
    Stage.RETURNED: Standing.RETURNED,
    Stage.SUBMITTED: Standing.WAITING,
    Stage.ACCEPTED: Standing.ACCEPTED,
}
LEFT = (Stage.CANCELLED, Stage.REASSIGNED)


class Row(NamedTuple):
    """An assignment as its report needs it."""

    id: str
    task: str
    cycle: str
    code: str
    occurrence: str
    unit: str
    role: str
    stage: str
    last_day: str | None
    breach: datetime | None
    received_at: datetime | None
    report: str | None
    revision: int
    late: bool


ROW = tuple(col(getattr(AssignmentTable, name)) for name in Row._fields)


class Opened(NamedTuple):
    """An assignment whose form is opened, how far its task and its cycle are, and what was typed
    so far."""

    row: Row
    task_stage: str
    task_title: str
    ongoing: bool
    cycle_stage: str
    facts: FactsOf
    saved: SavedDraft | None


class Known(NamedTuple):
    """What the database knows besides."""

    held: frozenset[str]
    last_days: dict[str, str]
    own_reports: dict[str, str]
    previous: str | None
    below: list[Row]
    returned: tuple[str, dict[str, str]]


def reporter(facts: CycleFacts, row: Row) -> Reporter:
    unit = facts.unit(row.unit)
    return Reporter(
        unit=row.unit,
        name=unit.name,
        kind=unit.kind,
        hub=unit.hub,
        hub_name=facts.unit(unit.hub).name if unit.hub else "",
        standing=STANDINGS.get(Stage(row.stage), Standing.EXCUSED),
        late=row.late,
        last_day=date.fromisoformat(row.last_day) if row.last_day else None,
        received_at=row.received_at,
        report=row.report,
    )


def rows_below(connection: Connection, row: Row, facts: CycleFacts) -> list[Row]:
    """The assignments whose reports are gathered into this one, each unit as it stood last: of a
    report carried from an earlier year also what was answered there."""
    if row.code not in facts.reports:
        return []
    same = [_same_period(row, facts)]
    source = facts.gathered_report(row.code, row.unit)
    if source is not None:
        same.append(col(AssignmentTable.code) == source)
        same.append(col(AssignmentTable.role) != Role.SUBORDINATE)
    else:
        schools = [unit.code for unit in facts.directory.schools_of(row.unit)]
        if not schools:
            return []
        same.append(col(AssignmentTable.code) == row.code)
        same.append(col(AssignmentTable.unit).in_(schools))
    query = (
        select(*ROW)
        .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
        .where(*same)
        .order_by(col(AssignmentTable.unit), col(CycleTable.year))
    )
    rows = {(each := Row(*found)).unit: each for found in connection.execute(query)}
    return [each for each in rows.values() if each.stage not in LEFT]


def _same_period(row: Row, facts: CycleFacts) -> ColumnElement[bool]:
    """Of the period a report is about, in its cycle and in those it was carried from."""
    occurrence = col(AssignmentTable.occurrence)
    here = and_(col(AssignmentTable.cycle) == row.cycle, occurrence == row.occurrence)
    name, since = own_occurrence(row.occurrence, facts.year)
    if since == facts.year:
        return here
    year, stage = col(CycleTable.year), col(CycleTable.stage)
    own_year = and_(year == since, occurrence == name)
    between = and_(year > since, year < facts.year, occurrence == row.occurrence)
    plan = col(CycleTable.plan) == facts.plan.id
    earlier = and_(plan, stage.not_in(("voiding", "voided")), or_(own_year, between))
    return or_(here, earlier)


def before(connection: Connection, row: Row, facts: CycleFacts) -> Row | None:
    """The assignment this one was carried from."""
    if own_occurrence(row.occurrence, facts.year)[1] == facts.year:
        return None
    query = (
        select(*ROW)
        .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
        .where(
            _same_period(row, facts),
            col(AssignmentTable.code) == row.code,
            col(AssignmentTable.unit) == row.unit,
            col(AssignmentTable.id) != row.id,
        )
        .order_by(col(CycleTable.year).desc())
        .limit(1)
    )
    found = connection.execute(query).one_or_none()
    return None if found is None else Row(*found)


def opened(connection: Connection, assignment: str) -> Opened | None:
    """None when there is no such assignment."""
    found: Any = connection.execute(_OPENED, {"assignment": assignment}).one_or_none()
    if found is None:
        return None
    draft = found[-len(DRAFT) :]
    return Opened(
        row=Row(*found[: len(ROW)]),
        task_stage=found.task_stage,
        task_title=found.task_title,
        ongoing=found.ongoing,
        cycle_stage=found.cycle_stage,
        facts=FactsOf(*found[-len(DRAFT) - len(FACTS_OF) : -len(DRAFT)]),
        saved=None if draft[0] is None else saved_draft(*draft),
    )


def what_is_known(
    connection: Connection, row: Row, facts: CycleFacts, *, earlier: bool = True
) -> Known:
    """Without `earlier` nothing of the report before this one."""
    below = rows_below(connection, row, facts)
    own = _own(connection, row, facts)
    everyone = [row.unit, *(each.unit for each in below)]
    return Known(
        held=_held(connection, row.cycle, everyone) if row.code in facts.reports else frozenset(),
        last_days={each.code: each.last_day for each in own if each.last_day},
        own_reports={each.code: each.report for each in own if each.report},
        previous=_previous(connection, row, facts) if earlier else None,
        below=below,
        returned=_returned(connection, row) if row.stage == Stage.RETURNED else ("", {}),
    )


def _own(connection: Connection, row: Row, facts: CycleFacts) -> list[Row]:
    """The unit's other assignments in the cycle that the report is about too, latest deadline last:
    a periodic report is about all of them."""
    query = _OTHERS if row.code in facts.reports else _OTHERS_OF_TASK
    asked = {"cycle": row.cycle, "unit": row.unit, "id": row.id, "code": row.code}
    return [Row(*found) for found in connection.execute(query, asked).all()]


def _held(connection: Connection, cycle: str, units: Collection[str]) -> frozenset[str]:
    query = (
        select(col(AssignmentTable.code))
        .where(
            col(AssignmentTable.cycle) == cycle,
            col(AssignmentTable.unit).in_(units),
            col(AssignmentTable.stage).not_in(LEFT),
        )
        .distinct()
    )
    return frozenset(connection.execute(query).scalars())


def _previous(connection: Connection, row: Row, facts: CycleFacts) -> str | None:
    """The unit's latest accepted report of the same duty before this one, in any cycle."""
    asked = {"plan": facts.plan.id, "unit": row.unit, "id": row.id, "code": row.code}
    return connection.execute(_PREVIOUS, asked).scalar()


# Built once: every unit's page asks them.
_STAGES: tuple[Any, ...] = (
    col(TaskTable.stage).label("task_stage"),
    col(TaskTable.title).label("task_title"),
    col(TaskTable.ongoing),
    col(CycleTable.stage).label("cycle_stage"),
)
_OPENED = (
    select(*ROW, *_STAGES, *FACTS_OF, *DRAFT)
    .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
    .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
    .outerjoin(DraftTable, col(DraftTable.assignment) == col(AssignmentTable.id))
    .where(col(AssignmentTable.id) == bindparam("assignment"))
)
_OTHERS = (
    select(*ROW)
    .where(
        col(AssignmentTable.cycle) == bindparam("cycle"),
        col(AssignmentTable.unit) == bindparam("unit"),
        col(AssignmentTable.id) != bindparam("id"),
    )
    .order_by(col(AssignmentTable.breach))
)
_OTHERS_OF_TASK = _OTHERS.where(col(AssignmentTable.code) == bindparam("code"))
_PREVIOUS = (
    select(col(AssignmentTable.report))
    .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
    .where(
        col(CycleTable.plan) == bindparam("plan"),
        col(CycleTable.stage) != "voided",
        col(AssignmentTable.unit) == bindparam("unit"),
        col(AssignmentTable.code) == bindparam("code"),
        col(AssignmentTable.id) != bindparam("id"),
        col(AssignmentTable.stage) == Stage.ACCEPTED,
        col(AssignmentTable.report).is_not(None),
    )
    .order_by(col(AssignmentTable.received_at).desc())
    .limit(1)
)


def _returned(connection: Connection, row: Row) -> tuple[str, dict[str, str]]:
    """Why the report was returned: in general, and by task."""
    query = (
        select(col(LedgerTable.payload))
        .where(
            col(LedgerTable.task) == row.task,
            col(LedgerTable.unit) == row.unit,
            col(LedgerTable.kind) == "returned",
        )
        .order_by(col(LedgerTable.seq).desc())
        .limit(1)
    )
    payload = json.loads(connection.execute(query).scalar() or "{}")
    reasons: dict[str, str] = payload.get("reasons", {})
    ids = {payload.get("text"), *reasons.values()} - {None}
    words = dict[str, str](
        (found.id, found.text)
        for found in connection.execute(
            select(col(StatementTable.id), col(StatementTable.text)).where(
                col(StatementTable.id).in_(sorted(map(str, ids)))
            )
        )
    )
    general = words.get(payload.get("text") or "", "")
    return general, {code: words.get(id_, "") for code, id_ in reasons.items()}
