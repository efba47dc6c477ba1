"""What screens show: read-only, of one consistent picture, in a fixed number of queries each."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, and_, false, func, or_, select
from sqlmodel import col

from activities.database import database_errors, reading
from models.assignment import OWING, Head, Stage, TaskState
from models.commands import Actor, ActorKind
from models.events import Event
from models.tables import (
    AssignmentTable,
    CycleTable,
    LedgerTable,
    MessageTable,
    NoticeTable,
    PersonTable,
    PlanTable,
    SealTable,
    StatementTable,
    TaskTable,
    UnitTable,
)
from rules.evolve import fold
from rules.hash_chain import Entry, event_of, fault

TASK_WIDE = ("task_opened", "deadline_set", "ladder_set", "task_closed", "task_voided")
HEAD = ":head"


class TaskView(NamedTuple):
    """One task; `overdue` counts the units that owe and whose deadline has passed."""

    id: str
    cycle: str
    code: str
    occurrence: str
    part: str
    title: str
    stage: str
    waiting: tuple[str, ...]
    halted: str | None
    next_deadline: datetime | None
    next_instant: datetime | None
    open: int
    overdue: int
    total: int
    level: int


class CycleView(NamedTuple):
    id: str
    plan: str
    title: str
    year: int
    stage: str
    launched_at: datetime
    expected_tasks: int
    expected_assignments: int
    tasks: tuple[TaskView, ...]


class AssignmentView(NamedTuple):
    id: str
    task: str
    cycle: str
    code: str
    occurrence: str
    title: str
    unit: str
    unit_name: str
    role: str
    stage: str
    version: int
    last_day: date | None
    breach: datetime | None
    target: date | None
    acknowledged_at: datetime | None
    received_at: datetime | None
    revision: int
    late: bool
    overdue: bool
    level: int
    extension_asked: bool
    next_rung_at: datetime | None
    next_rung: str | None
    updated_at: datetime | None


class Page(NamedTuple):
    """Some of `total` assignments."""

    total: int
    assignments: list[AssignmentView]


class NoticeView(NamedTuple):
    """One notice and how it was delivered. `message` is the number of the letter it went out with,
    None while it waits; `dropped` says it needed no letter any more."""

    kind: str
    level: int
    rung: str
    version: int
    recipient: str
    scheduled: datetime
    urgent: bool
    why: str
    dropped: bool
    message: str | None
    sent_at: datetime | None
    answer: str | None


class History(NamedTuple):
    """One assignment with the entries of its task's ledger that concern it, in their order.

    `fault` says what is wrong with the chain of the whole task. `words`, `people` and `units` are
    what the references in the events mean today.
    """

    assignment: AssignmentView
    events: list[Event]
    state: TaskState
    fault: str | None
    notices: list[NoticeView]
    words: dict[str, str]
    people: dict[str, str]
    units: dict[str, str]


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


class Fired(NamedTuple):
    """A rung that fired for some units at once."""

    scheduled: datetime
    code: str
    occurrence: str
    kind: str
    why: str
    units: int


class Views:
    """Every method raises DatabaseUnavailable when the database cannot be read."""

    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)

    def cycles(
        self, *, at: datetime, plan: str | None = None, year: int | None = None
    ) -> list[CycleView]:
        """The cycles that were not voided with their tasks, as of plan instant `at`."""
        cycles = (
            select(CycleTable.__table__, col(PlanTable.short_title))  # type: ignore[attr-defined]
            .outerjoin(PlanTable, col(PlanTable.id) == col(CycleTable.plan))
            .where(*_of_cycle(plan, year))
            .order_by(col(CycleTable.year), col(CycleTable.plan), col(CycleTable.id))
        )
        tasks = (
            select(TaskTable.__table__)  # type: ignore[attr-defined]
            .join(CycleTable, col(CycleTable.id) == col(TaskTable.cycle))
            .where(*_of_cycle(plan, year))
            .order_by(col(TaskTable.id))
        )
        overdue = (
            select(col(AssignmentTable.task), func.count().label("overdue"))
            .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
            .where(*_of_cycle(plan, year), _is_overdue(at))
            .group_by(col(AssignmentTable.task))
        )
        with database_errors(), self._reading.begin() as connection:
            late = {row.task: row.overdue for row in connection.execute(overdue)}
            by_cycle: dict[str, list[TaskView]] = {}
            for row in connection.execute(tasks):
                by_cycle.setdefault(row.cycle, []).append(_task(row, late.get(row.id, 0)))
            return [
                CycleView(
                    id=row.id,
                    plan=row.plan,
                    title=row.short_title or row.plan,
                    year=row.year,
                    stage=row.stage,
                    launched_at=row.launched_at,
                    expected_tasks=row.expected_tasks,
                    expected_assignments=row.expected_assignments,
                    tasks=tuple(by_cycle.get(row.id, ())),
                )
                for row in connection.execute(cycles)
            ]

    def assignments(
        self,
        *,
        at: datetime,
        plan: str | None = None,
        year: int | None = None,
        unit: str | None = None,
        code: str | None = None,
        occurrence: str | None = None,
        stage: Stage | None = None,
        overdue: bool = False,
        limit: int | None = 50,
        offset: int = 0,
    ) -> Page:
        """The assignments of cycles that were not voided that fit all that is given."""
        wanted = [*_of_cycle(plan, year)]
        for column, value in (
            (AssignmentTable.unit, unit),
            (AssignmentTable.code, code),
            (AssignmentTable.occurrence, occurrence),
            (AssignmentTable.stage, stage),
        ):
            if value is not None:
                wanted.append(col(column) == value)
        if overdue:
            wanted.append(_is_overdue(at))
        count = (
            select(func.count())
            .select_from(AssignmentTable)
            .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
            .where(*wanted)
        )
        rows = (
            _assignments()
            .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
            .where(*wanted)
            .order_by(
                col(AssignmentTable.cycle),
                col(AssignmentTable.code),
                col(AssignmentTable.occurrence),
                col(AssignmentTable.unit),
            )
            .offset(offset)
            .limit(limit)
        )
        with database_errors(), self._reading.begin() as connection:
            total = connection.execute(count).scalar_one()
            return Page(total, [_assignment(row, at) for row in connection.execute(rows)])

    def history(self, assignment: str, *, at: datetime) -> History | None:
        """One assignment with all that happened to it; None when there is none of that id."""
        row_of = _assignments().where(col(AssignmentTable.id) == assignment)
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(row_of).one_or_none()
            if row is None:
                return None
            chain = _read_chain(connection, row.task, row.cycle, row.unit)
            state = fold(None, chain.events)
            notices = _notices(connection, assignment)
            return History(
                assignment=_assignment(row, at),
                events=chain.events,
                state=state,
                fault=chain.fault,
                notices=notices,
                words=_words(connection, chain.events),
                people=_people(connection, chain.events),
                units=_unit_names(connection, _units_named(state, chain.events, notices)),
            )

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

    def fired(self, cycle: str, *, since: datetime, until: datetime) -> list[Fired]:
        """What was told to whom, rung by rung, scheduled after `since` and by `until`."""
        what = (
            col(NoticeTable.scheduled),
            col(TaskTable.code),
            col(TaskTable.occurrence),
            col(NoticeTable.kind),
            col(NoticeTable.why),
        )
        query = (
            select(*what, func.count(func.distinct(col(NoticeTable.unit))))
            .join(TaskTable, col(TaskTable.id) == col(NoticeTable.task))
            .where(
                col(NoticeTable.cycle) == cycle,
                col(NoticeTable.scheduled) > since,
                col(NoticeTable.scheduled) <= until,
                col(NoticeTable.dropped).is_(False),
            )
            .group_by(*what)
            .order_by(col(NoticeTable.scheduled), col(TaskTable.code))
        )
        with database_errors(), self._reading.begin() as connection:
            return [Fired(*row) for row in connection.execute(query)]

    def letters_sent(self, cycle: str) -> int:
        query = (
            select(func.count())
            .select_from(MessageTable)
            .where(col(MessageTable.cycle) == cycle, col(MessageTable.sent_at).is_not(None))
        )
        with database_errors(), self._reading.begin() as connection:
            return connection.execute(query).scalar_one()

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


def _of_cycle(plan: str | None, year: int | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [col(CycleTable.stage) != "voided"]
    if plan is not None:
        wanted.append(col(CycleTable.plan) == plan)
    if year is not None:
        wanted.append(col(CycleTable.year) == year)
    return wanted


def _is_overdue(at: datetime) -> ColumnElement[bool]:
    return and_(
        col(AssignmentTable.stage).in_(sorted(OWING)),
        col(AssignmentTable.breach) <= at,
    )


def _assignments() -> Any:
    return (
        select(
            AssignmentTable.__table__,  # type: ignore[attr-defined]
            col(TaskTable.title),
            col(UnitTable.name).label("unit_name"),
        )
        .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
        .outerjoin(UnitTable, col(UnitTable.code) == col(AssignmentTable.unit))
    )


def _task(row: Any, overdue: int) -> TaskView:
    return TaskView(
        id=row.id,
        cycle=row.cycle,
        code=row.code,
        occurrence=row.occurrence,
        part=row.part,
        title=row.title,
        stage=row.stage,
        waiting=tuple(row.waiting),
        halted=row.halted,
        next_deadline=row.next_deadline,
        next_instant=row.next_instant,
        open=row.open_units,
        overdue=overdue,
        total=row.total_units,
        level=row.level,
    )


def _assignment(row: Any, at: datetime) -> AssignmentView:
    same = {name: getattr(row, name) for name in AssignmentView._fields if hasattr(row, name)}
    return AssignmentView(
        **same
        | {
            "unit_name": row.unit_name or row.unit,
            "last_day": None if row.last_day is None else date.fromisoformat(row.last_day),
            "target": None if row.target is None else date.fromisoformat(row.target),
            "overdue": row.stage in OWING and row.breach is not None and row.breach <= at,
        }
    )


class _Chain(NamedTuple):
    events: list[Event]
    fault: str | None


def _read_chain(connection: Connection, task: str, cycle: str, unit: str) -> _Chain:
    """The whole chain is verified, because an entry is only as good as those before it; only what
    concerns the unit is kept. Of several faults the first is told."""
    entries = (
        select(*(col(getattr(LedgerTable, name)) for name in Entry._fields), col(LedgerTable.hash))
        .where(col(LedgerTable.task) == task)
        .order_by(col(LedgerTable.seq))
    )
    sealed = _sealed(connection, task, cycle)
    head, wrong = Head(), None
    events: list[Event] = []
    for row in connection.execution_options(yield_per=2000).execute(entries):
        *fields, hash_ = row
        entry = Entry(*fields)
        found = fault(entry, hash_, head)
        if found is None and sealed.pop(entry.seq, hash_) != hash_:
            found = "Mục này khác với mục đã được niêm phong."
        if found is not None and wrong is None:
            wrong = f"mục {entry.seq}: {found}"
        head = Head(seq=entry.seq, hash=hash_)
        if _concerns(entry, unit):
            events.append(event_of(entry))
    expected = connection.execute(
        select(col(TaskTable.head_seq), col(TaskTable.head_hash)).where(col(TaskTable.id) == task)
    ).one()
    if wrong is None and (head.seq, head.hash) != tuple(expected):
        wrong = f"Sổ kết thúc ở mục {head.seq}, khác với mục cuối đã ghi nhận."
    if wrong is None and sealed:
        wrong = f"Mục {min(sealed)} đã được niêm phong không còn trong sổ."
    return _Chain(events, wrong)


def _sealed(connection: Connection, task: str, cycle: str) -> dict[int, str]:
    """The hashes of this task's entries that seals have kept, by their number."""
    query = select(col(SealTable.heads)).where(col(SealTable.cycle) == cycle)
    heads = (heads.get(task) for heads in connection.execute(query).scalars())
    # An empty chain was sealed as one: there is no entry to compare.
    return {seq: hash_ for seq, hash_ in filter(None, heads) if seq}


def _concerns(entry: Entry, unit: str) -> bool:
    if entry.unit is not None:
        return entry.unit == unit
    return entry.kind in TASK_WIDE or entry.kind == "noted"


def _notices(connection: Connection, assignment: str) -> list[NoticeView]:
    query = (
        select(
            NoticeTable.__table__,  # type: ignore[attr-defined]
            col(MessageTable.sent_at),
            col(MessageTable.answer),
        )
        .outerjoin(MessageTable, col(MessageTable.id) == col(NoticeTable.message))
        .where(col(NoticeTable.assignment) == assignment)
        .order_by(col(NoticeTable.scheduled), col(NoticeTable.key))
    )
    return [
        NoticeView(**{name: getattr(row, name) for name in NoticeView._fields})
        for row in connection.execute(query)
    ]


def _words(connection: Connection, events: Iterable[Event]) -> dict[str, str]:
    wanted = {text for event in events if (text := getattr(event, "text", None))}
    query = select(col(StatementTable.id), col(StatementTable.text)).where(
        col(StatementTable.id).in_(sorted(wanted)) if wanted else false()
    )
    return {row.id: row.text for row in connection.execute(query)}


def _people(connection: Connection, events: Iterable[Event]) -> dict[str, str]:
    wanted = {event.actor.ref for event in events if _is_person(event.actor)}
    query = select(col(PersonTable.id), col(PersonTable.name)).where(
        col(PersonTable.id).in_(sorted(wanted)) if wanted else false()
    )
    return {row.id: row.name for row in connection.execute(query)}


def _is_person(actor: Actor) -> bool:
    return bool(actor.ref) and actor.kind is not ActorKind.UNIT


def _units_named(
    state: TaskState, events: Iterable[Event], notices: Iterable[NoticeView]
) -> set[str]:
    """The codes a reader of the history needs the names of."""
    facts = state.facts
    codes = {facts.coordinator, facts.leadership}
    codes |= {notice.recipient.removesuffix(HEAD) for notice in notices}
    for assignment in state.assignments.values():
        codes |= {assignment.unit, assignment.hub or assignment.unit}
    for event in events:
        codes |= {code for name in ("to", "replaces") if (code := getattr(event, name, None))}
        if event.actor.kind is ActorKind.UNIT:
            codes.add(event.actor.ref)
    return codes


def _unit_names(connection: Connection, codes: Iterable[str]) -> dict[str, str]:
    query = select(col(UnitTable.code), col(UnitTable.name)).where(
        col(UnitTable.code).in_(sorted(codes))
    )
    return {row.code: row.name for row in connection.execute(query)}


def _addressed_to(unit: str) -> ColumnElement[bool]:
    return or_(col(MessageTable.recipient) == unit, col(MessageTable.recipient) == f"{unit}{HEAD}")


def _letter(row: Any, number: int) -> LetterView:
    same = {name: getattr(row, name) for name in LetterView._fields if name != "number"}
    return LetterView(number=number, **same)
