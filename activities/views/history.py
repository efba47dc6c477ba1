"""All that happened to one assignment, with its chain verified."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, false, select
from sqlmodel import col

from activities.database import database_errors
from activities.views.assignments import AssignmentView, assignment_rows, assignment_view
from activities.views.screens import Screens
from models.assignment import Head, TaskState
from models.commands import Actor, ActorKind
from models.events import Event
from models.identifiers import HEAD
from models.tables import (
    AssignmentTable,
    LedgerTable,
    MessageTable,
    NoticeTable,
    PersonTable,
    SealTable,
    StatementTable,
    TaskTable,
    UnitTable,
)
from rules.evolve import fold
from rules.hash_chain import Entry, event_of, fault

TASK_WIDE = ("task_opened", "deadline_set", "ladder_set", "task_closed", "task_voided")


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


class HistoryScreens(Screens):
    def history(self, assignment: str, *, at: datetime) -> History | None:
        """One assignment with all that happened to it; None when there is none of that id."""
        row_of = assignment_rows().where(col(AssignmentTable.id) == assignment)
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(row_of).one_or_none()
            if row is None:
                return None
            chain = _read_chain(connection, row.task, row.cycle, row.unit)
            state = fold(None, chain.events)
            notices = _notices(connection, assignment)
            return History(
                assignment=assignment_view(row, at),
                events=chain.events,
                state=state,
                fault=chain.fault,
                notices=notices,
                words=_words(connection, chain.events),
                people=_people(connection, chain.events),
                units=_unit_names(connection, _units_named(state, chain.events, notices)),
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
    """Each person's name, with the position they named."""
    wanted = {person for event in events if (person := _person(event.actor))}
    query = select(col(PersonTable.id), col(PersonTable.name), col(PersonTable.position)).where(
        col(PersonTable.id).in_(sorted(wanted)) if wanted else false()
    )
    return {
        row.id: f"{row.name}, {row.position}" if row.position else row.name
        for row in connection.execute(query)
    }


def _person(actor: Actor) -> str:
    return actor.person if actor.kind is ActorKind.UNIT else actor.ref


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
