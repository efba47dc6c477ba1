"""All that happened to one assignment, and whether its ledger can be trusted."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select, union_all
from sqlmodel import col

from activities.database import database_errors
from activities.views.assignments import ASSIGNMENT, AssignmentView, assignment_view
from activities.views.cycles import TaskView, task_view
from activities.views.screens import Screens
from models.assignment import Head, TaskState
from models.commands import Actor, ActorKind
from models.events import Event, Submitted
from models.identifiers import HEAD
from models.tables import (
    DispatchTable,
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
from rules.hash_chain import Entry, entry_hash, event_of, fault

CHECK_HOLDS = timedelta(minutes=5)
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


class DispatchView(NamedTuple):
    """One letter on its way through one channel; `answer` is what the other side said last."""

    message: str
    channel: str  # email, webhook, apprise
    state: str  # queued, accepted, dead, dropped
    sent_at: datetime | None
    attempts: int
    address: str
    on_behalf: str | None
    answer: str


class History(NamedTuple):
    """One assignment with the entries of its task's ledger that concern it, in their order.

    `numbers` are the entries' in the ledger. `fault` says which of them is not what its hash says;
    whether the chain of the whole task holds is `chain_fault`'s to say. `words`, `people` and
    `units` are what the references in the events mean today.
    """

    assignment: AssignmentView
    events: list[Event]
    numbers: list[int]
    state: TaskState
    fault: str | None
    notices: list[NoticeView]
    dispatches: list[DispatchView]
    words: dict[str, str]
    people: dict[str, str]
    units: dict[str, str]


class HandedIn(NamedTuple):
    """What a unit handed in last. Without a `report` it came on paper: `reference` is its number,
    `words` what whoever entered it wrote of it, `by` who that was."""

    received_at: datetime
    report: str | None
    reference: str
    words: str
    by: str


class TaskStory(NamedTuple):
    """One task with the entries of its ledger that are about no single unit; the rest as of a
    `History`."""

    task: TaskView
    events: list[Event]
    state: TaskState
    words: dict[str, str]
    people: dict[str, str]
    units: dict[str, str]


class Checked(NamedTuple):
    """A ledger that was read as a whole at wall instant `at`, up to entry `entries`."""

    at: datetime
    entries: int
    head: str
    fault: str | None


class HistoryScreens(Screens):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._checked: dict[str, Checked] = {}
        self._checking = Lock()

    def history(self, assignment: str, *, at: datetime) -> History | None:
        """One assignment with all that happened to it; None when there is none of that id."""
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(ASSIGNMENT, {"assignment": assignment}).one_or_none()
            if row is None:
                return None
            entries = _entries_of(connection, row.task, row.unit)
            events = [event_of(entry) for entry, _ in entries]
            state = fold(None, events)
            notices = _notices(connection, row)
            return History(
                assignment=assignment_view(row, at),
                events=events,
                numbers=[entry.seq for entry, _ in entries],
                state=state,
                fault=_changed(entries),
                notices=notices,
                dispatches=_dispatches(connection, notices),
                words=_words(connection, events),
                people=_people(connection, events),
                units=_unit_names(connection, _units_named(state, events, notices)),
            )

    def handed_in(self, task: str, unit: str) -> HandedIn | None:
        """None where nothing was ever handed in."""
        wanted = (
            col(LedgerTable.task) == task,
            col(LedgerTable.unit) == unit,
            col(LedgerTable.kind) == "submitted",
        )
        last = select(func.max(col(LedgerTable.seq))).where(*wanted).scalar_subquery()
        with database_errors(), self._reading.begin() as connection:
            entries = _hashed(connection, _ENTRIES.where(*wanted, col(LedgerTable.seq) == last))
            event = event_of(entries[0][0]) if entries else None
            if not isinstance(event, Submitted):
                return None
            if event.report is not None:
                return HandedIn(event.received_at, event.report, "", "", "")
            return HandedIn(
                received_at=event.received_at,
                report=None,
                reference=event.reference or "",
                words=_words(connection, [event]).get(event.text or "", ""),
                by=_people(connection, [event]).get(_person(event.actor), ""),
            )

    def task_story(self, task: str) -> TaskStory | None:
        """What happened to a task as a whole; None when there is none of that id."""
        row_of = select(TaskTable.__table__).where(col(TaskTable.id) == task)  # type: ignore[attr-defined]
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(row_of).one_or_none()
            if row is None:
                return None
            entries = _hashed(connection, _ENTRIES.where(*_about_all(task)))
            events = [event_of(entry) for entry, _ in entries]
            state = fold(None, events)
            return TaskStory(
                task=task_view(row, 0),
                events=events,
                state=state,
                words=_words(connection, events),
                people=_people(connection, events),
                units=_unit_names(connection, _units_named(state, events, ())),
            )

    def chain_fault(self, task: str) -> str | None:
        """What is wrong with the whole chain of a task, of several faults the first; None when
        every entry follows from the one before and agrees with the seals.

        Reads every entry: a second or two for a year of 2,000 units.
        """
        with database_errors(), self._reading.begin() as connection:
            return _chain_fault(connection, task)

    def checked(self, task: str) -> Checked:
        """`chain_fault`, kept for some minutes while the ledger ends where it ended: one reading
        at a time, however many ask. `at` tells how old the answer is."""
        head_of = select(col(TaskTable.head_seq), col(TaskTable.head_hash)).where(
            col(TaskTable.id) == task
        )
        with self._checking:
            with database_errors(), self._reading.begin() as connection:
                entries, head = connection.execute(head_of).one()
            now, known = datetime.now(UTC), self._checked.get(task)
            if known is None or known.head != head or now - known.at > CHECK_HOLDS:
                known = Checked(now, entries, head, self.chain_fault(task))
                self._checked[task] = known
            return known


_ENTRY = tuple(col(getattr(LedgerTable, name)) for name in Entry._fields)
_ENTRIES = select(*_ENTRY, col(LedgerTable.hash))
_Hashed = tuple[Entry, str]


def _entries_of(connection: Connection, task: str, unit: str) -> list[_Hashed]:
    """The entries of the unit and those about the whole task."""
    own = _ENTRIES.where(col(LedgerTable.task) == task, col(LedgerTable.unit) == unit)
    wide = _ENTRIES.where(*_about_all(task), col(LedgerTable.kind).in_((*TASK_WIDE, "noted")))
    # Two searches by the index: one with OR reads the whole ledger of the task.
    return _hashed(connection, union_all(own, wide))


def _about_all(task: str) -> tuple[ColumnElement[bool], ...]:
    return col(LedgerTable.task) == task, col(LedgerTable.unit).is_(None)


def _hashed(connection: Connection, query: Any) -> list[_Hashed]:
    rows = connection.execute(query.order_by("seq"))
    return [(Entry(*fields), hash_) for *fields, hash_ in rows]


def _changed(entries: Iterable[_Hashed]) -> str | None:
    for entry, hash_ in entries:
        if entry_hash(entry) != hash_:
            return f"mục {entry.seq}: Nội dung không khớp với mã băm: mục này đã bị sửa."
    return None


def _chain_fault(connection: Connection, task: str) -> str | None:
    cycle, *expected = connection.execute(
        select(col(TaskTable.cycle), col(TaskTable.head_seq), col(TaskTable.head_hash)).where(
            col(TaskTable.id) == task
        )
    ).one()
    entries = _ENTRIES.where(col(LedgerTable.task) == task).order_by(col(LedgerTable.seq))
    sealed = _sealed(connection, task, cycle)
    head = Head()
    with connection.execution_options(yield_per=2000).execute(entries) as rows:
        for *fields, hash_ in rows:
            entry = Entry(*fields)
            if wrong := fault(entry, hash_, head):
                return f"mục {entry.seq}: {wrong}"
            if sealed.pop(entry.seq, hash_) != hash_:
                return f"mục {entry.seq}: Mục này khác với mục đã được niêm phong."
            head = Head(seq=entry.seq, hash=hash_)
    if [head.seq, head.hash] != expected:
        return f"Sổ kết thúc ở mục {head.seq}, khác với mục cuối đã ghi nhận."
    if sealed:
        return f"Mục {min(sealed)} đã được niêm phong không còn trong sổ."
    return None


def _sealed(connection: Connection, task: str, cycle: str) -> dict[int, str]:
    """The hashes of this task's entries that seals have kept, by their number."""
    query = select(col(SealTable.heads)).where(col(SealTable.cycle) == cycle)
    heads = (heads.get(task) for heads in connection.execute(query).scalars())
    # An empty chain was sealed as one: there is no entry to compare.
    return {seq: hash_ for seq, hash_ in filter(None, heads) if seq}


def _notices(connection: Connection, assignment: Any) -> list[NoticeView]:
    query = (
        select(
            NoticeTable.__table__,  # type: ignore[attr-defined]
            col(MessageTable.sent_at),
            col(MessageTable.answer),
        )
        .outerjoin(MessageTable, col(MessageTable.id) == col(NoticeTable.message))
        # The index is by unit: a unit has some hundred notices a year, all of them a million.
        .where(
            col(NoticeTable.cycle) == assignment.cycle,
            col(NoticeTable.unit) == assignment.unit,
            col(NoticeTable.assignment) == assignment.id,
        )
        .order_by(col(NoticeTable.scheduled), col(NoticeTable.key))
    )
    return [
        NoticeView(**{name: getattr(row, name) for name in NoticeView._fields})
        for row in connection.execute(query)
    ]


def _dispatches(connection: Connection, notices: Iterable[NoticeView]) -> list[DispatchView]:
    messages = {notice.message for notice in notices if notice.message}
    if not messages:
        return []
    query = (
        select(*(col(getattr(DispatchTable, name)) for name in DispatchView._fields))
        .where(col(DispatchTable.message).in_(sorted(messages)))
        .order_by(col(DispatchTable.queued_at), col(DispatchTable.channel))
    )
    return [DispatchView(*row) for row in connection.execute(query)]


def _words(connection: Connection, events: Iterable[Event]) -> dict[str, str]:
    wanted = {text for event in events if (text := getattr(event, "text", None))}
    if not wanted:
        return {}
    query = select(col(StatementTable.id), col(StatementTable.text)).where(
        col(StatementTable.id).in_(sorted(wanted))
    )
    return {row.id: row.text for row in connection.execute(query)}


def _people(connection: Connection, events: Iterable[Event]) -> dict[str, str]:
    """Each person's name, with the position they named."""
    wanted = {person for event in events if (person := _person(event.actor))}
    if not wanted:
        return {}
    query = select(col(PersonTable.id), col(PersonTable.name), col(PersonTable.position)).where(
        col(PersonTable.id).in_(sorted(wanted))
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
