"""The ledger: what happened to each task, append-only and hash-chained, and its read model.

Screens' rows and notices are written in the transaction of the entries they follow from.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, bindparam, delete, select, update
from sqlmodel import col
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.commands import readable
from activities.database import database_errors, insert, reading
from activities.group_commit import GroupCommit
from models.assignment import Head, TaskFacts, TaskState
from models.clock import VN
from models.commands import Command, Outcome, Verdict
from models.cycle import DigestDay
from models.events import Event, TaskOpened
from models.finding import Finding, Severity
from models.identifiers import assignment_id, notice_key, parse_task_id
from models.recording import (
    Answer,
    AssignmentRow,
    Loaded,
    NoticeLine,
    Recorded,
    Recording,
    TaskRow,
)
from models.tables import (
    AssignmentTable,
    CommandTable,
    LedgerTable,
    NoticeTable,
    SealTable,
    TaskTable,
)
from rules.evolve import fold
from rules.hash_chain import Entry, chain, event_of, fault, seal_root
from rules.notices import notices_of
from rules.projection import assignment_rows, task_row
from rules.recording import opening_recording

logger = logging.getLogger(__name__)


class BrokenLedger(ApplicationError):
    """A chain that does not verify: nothing may be built on it until it is repaired."""

    def __init__(self, message: str) -> None:
        super().__init__(message, type="BrokenLedger", non_retryable=True)


class Ledger:
    """The only writer of entries, of screens' rows and of notices."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        # A server of its own serves many writers, and there two groups could wait for each other.
        alone = engine.dialect.name == "sqlite"
        self._recording = GroupCommit(engine, _record_all) if alone else None

    def open_task(self, task: str, cycle: str, events: Sequence[Event]) -> bool:
        """Records the first events of a task. False, and nothing written, if it is open already."""
        with database_errors():
            first, opening = _opening(task, cycle, events)
            with self._engine.begin() as connection:
                return _open(connection, first.facts, opening)

    @activity.defn(name="record")
    def record(self, recording: Recording) -> Recorded:
        """Records everything or nothing, on the head it was decided on.

        A repetition after a crash may bring other input, so what the ledger already has is
        answered, never merged.
        """
        if self._recording is not None:
            return self._recording.run(recording)
        with database_errors(), self._engine.begin() as connection:
            return _record(connection, recording)

    @activity.defn(name="load_task")
    def load(self, task: str) -> Loaded:
        """The task as its ledger tells it. A ledger that does not verify halts the task."""
        try:
            with database_errors(), self._reading.begin() as connection:
                head, events = _whole(connection, task)
                return Loaded(state=fold(None, events), head=head)
        except BrokenLedger as broken:
            with database_errors(), self._engine.begin() as connection:
                _halt(connection, task, f"Sổ theo dõi không toàn vẹn: {broken.message}")
            raise

    @activity.defn(name="seal_cycle")
    def seal(self, day: DigestDay) -> str:
        """Seals the chains of a cycle for the day of `day.at`, and returns the root.

        A day that a seal covers already is not sealed again: the heads of then are gone.
        """
        with database_errors(), self._engine.begin() as connection:
            return _seal(connection, day.cycle, day.at.astimezone(VN).date())

    def verify(self, cycle: str | None = None) -> list[Finding]:
        """What does not add up in the chains and seals of one cycle, or of all."""
        with database_errors(), self._reading.begin() as connection:
            seals = _seals(connection, cycle)
            return [*_bad_chains(connection, cycle, seals), *_bad_roots(seals)]

    def rebuild(self, task: str) -> None:
        """Makes the screens' rows of a task anew from its ledger, and the notices that lack."""
        with database_errors(), self._engine.begin() as connection:
            _, events = _whole(connection, task)
            _rebuild(connection, task, events)


def _record_all(connection: Connection, recordings: Sequence[Recording]) -> list[Recorded]:
    return [_record(connection, recording) for recording in recordings]


class Link(NamedTuple):
    entry: Entry
    hash: str


def _opening(task: str, cycle: str, events: Sequence[Event]) -> tuple[TaskOpened, Recording]:
    first = events[0] if events else None
    if not isinstance(first, TaskOpened):
        raise ValueError(f"{task}: mục đầu tiên của sổ phải mở nhiệm vụ")
    return first, opening_recording(events).model_copy(update={"task": task, "cycle": cycle})


def _open(connection: Connection, facts: TaskFacts, opening: Recording) -> bool:
    row = {
        "id": opening.task,
        "cycle": opening.cycle,
        "plan": facts.plan,
        "code": facts.code,
        "occurrence": facts.occurrence,
        "part": parse_task_id(opening.task).part,
        "title": facts.title,
        "head_seq": 0,
        "head_hash": "",
        "opened_at": opening.at,
        **_summary(opening.summary),
    }
    new = insert(connection, TaskTable).on_conflict_do_nothing().returning(col(TaskTable.id))
    if connection.execute(new, row).one_or_none() is None:
        return False
    _write(connection, opening)
    return True


def _record(connection: Connection, recording: Recording) -> Recorded:
    found = _head(connection, recording.task, lock=True)
    if found is None:
        return Recorded(answer=Answer.BEHIND, head=Head())
    if behind := _behind(connection, recording, found):
        _halt(connection, recording.task, behind)
        return Recorded(answer=Answer.BEHIND, head=found)
    if found.seq > recording.head.seq:
        return _overtaken(connection, recording, found)
    if decided := _decided(connection, recording):
        return Recorded(answer=Answer.DECIDED, head=found, outcomes=decided)
    if earlier := _earlier(connection, recording):
        return Recorded(answer=Answer.EARLIER, head=found, commands=earlier)
    return Recorded(answer=Answer.RECORDED, head=_write(connection, recording))


def _head(connection: Connection, task: str, *, lock: bool = False) -> Head | None:
    query = select(col(TaskTable.head_seq), col(TaskTable.head_hash)).where(
        col(TaskTable.id) == task
    )
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Head(seq=row.head_seq, hash=row.head_hash)


def _behind(connection: Connection, recording: Recording, found: Head) -> str | None:
    """Why the ledger does not contain the head a recording builds on."""
    head = recording.head
    if found.seq < head.seq:
        return (
            f"Sổ theo dõi mới có đến mục {found.seq}, quy trình đã ở mục {head.seq} "
            "(có thể do khôi phục bản sao lưu cũ): ngừng ghi cho đến khi sửa xong."
        )
    if head == found or head == Head():
        return None
    query = select(col(LedgerTable.hash)).where(
        col(LedgerTable.task) == recording.task, col(LedgerTable.seq) == head.seq
    )
    if connection.execute(query).scalar() == head.hash:
        return None
    return f"Sổ theo dõi và quy trình khác nhau ở mục {head.seq}: ngừng ghi cho đến khi sửa xong."


def _halt(connection: Connection, task: str, sentence: str) -> None:
    logger.error("%s: %s", task, sentence)
    connection.execute(update(TaskTable).where(col(TaskTable.id) == task).values(halted=sentence))


def _overtaken(connection: Connection, recording: Recording, found: Head) -> Recorded:
    later = select(*_OUTCOME).where(
        col(CommandTable.task) == recording.task,
        col(CommandTable.verdict).is_not(None),
        col(CommandTable.seq) > recording.head.seq,
    )
    outcomes = {outcome.command: outcome for outcome in _outcomes(connection, later)}
    for outcome in _decided(connection, recording):
        outcomes.setdefault(outcome.command, outcome)
    entries = _entries(connection, recording.task, after=recording.head.seq)
    return Recorded(
        answer=Answer.OVERTAKEN,
        head=found,
        events=tuple(event_of(link.entry) for link in entries),
        outcomes=tuple(outcomes.values()),
    )


_OUTCOME = (col(CommandTable.id), col(CommandTable.verdict), col(CommandTable.reason))


def _decided(connection: Connection, recording: Recording) -> tuple[Outcome, ...]:
    ids = [outcome.command for outcome in recording.outcomes]
    return _outcomes(
        connection,
        select(*_OUTCOME).where(
            col(CommandTable.id).in_(ids), col(CommandTable.verdict).is_not(None)
        ),
    )


def _outcomes(connection: Connection, query: Select[str, str | None, str]) -> tuple[Outcome, ...]:
    rows = connection.execute(query.order_by(col(CommandTable.seq), col(CommandTable.id)))
    return tuple(
        Outcome(command=row.id, verdict=Verdict(row.verdict), reason=row.reason) for row in rows
    )


def _earlier(connection: Connection, recording: Recording) -> tuple[Command, ...]:
    """Stored commands that must be decided before this recording: those received before the rungs
    it fires, and those of the same unit received before a command it decides."""
    waiting = connection.execute(
        select(col(CommandTable.id), col(CommandTable.unit), col(CommandTable.received_at))
        .where(col(CommandTable.task) == recording.task, col(CommandTable.verdict).is_(None))
        .order_by(col(CommandTable.received_at), col(CommandTable.id))
    ).all()
    deciding = {outcome.command for outcome in recording.outcomes}
    last = {row.unit: (row.received_at, row.id) for row in waiting if row.id in deciding}
    rungs_from = recording.rungs_from
    ids = [
        row.id
        for row in waiting
        if row.id not in deciding
        and (
            (rungs_from is not None and row.received_at < rungs_from)
            or (row.unit in last and (row.received_at, row.id) < last[row.unit])
        )
    ]
    return tuple(_commands(connection, ids))


def _commands(connection: Connection, ids: Sequence[str]) -> Iterator[Command]:
    if not ids:
        return
    query = select(col(CommandTable.id), col(CommandTable.payload)).where(
        col(CommandTable.id).in_(ids)
    )
    payloads = {row.id: row.payload for row in connection.execute(query)}
    yield from readable((id_, payloads[id_]) for id_ in ids)


def _write(connection: Connection, recording: Recording) -> Head:
    task, head = recording.task, recording.head
    links = [Link(*link) for link in chain(task, head, recording.events)]
    if links:
        head = Head(seq=links[-1].entry.seq, hash=links[-1].hash)
        connection.execute(
            insert(connection, LedgerTable),
            [{**link.entry._asdict(), "hash": link.hash} for link in links],
        )
    _write_outcomes(connection, recording.outcomes, links, head)
    _write_assignments(connection, task, recording.cycle, recording.assignments)
    _write_notices(connection, task, recording.cycle, recording.notices)
    connection.execute(
        update(TaskTable).where(col(TaskTable.id) == task),
        {
            "head_seq": head.seq,
            "head_hash": head.hash,
            "halted": None,
            **_summary(recording.summary),
        },
    )
    return head


def _write_outcomes(
    connection: Connection, outcomes: Sequence[Outcome], links: Iterable[Link], head: Head
) -> None:
    if not outcomes:
        return
    decided_by = {link.entry.command: link.entry.seq for link in links}
    connection.execute(
        update(CommandTable).where(col(CommandTable.id) == bindparam("command")),
        [
            {
                "command": outcome.command,
                "verdict": outcome.verdict,
                "reason": outcome.reason,
                "seq": decided_by.get(outcome.command, head.seq),
            }
            for outcome in outcomes
        ],
    )


def _write_assignments(
    connection: Connection, task: str, cycle: str, rows: Sequence[AssignmentRow]
) -> None:
    if not rows:
        return
    key = parse_task_id(task)
    same = {"task": task, "cycle": cycle, "code": key.code, "occurrence": key.occurrence}
    statement = insert(connection, AssignmentTable)
    changing = {name: statement.excluded[name] for name in ("task", *AssignmentRow.model_fields)}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_=changing),
        [{**row.__dict__, **same, "id": assignment_id(task, row.unit)} for row in rows],
    )


def _write_notices(
    connection: Connection, task: str, cycle: str, lines: Sequence[NoticeLine]
) -> None:
    if not lines:
        return
    connection.execute(
        insert(connection, NoticeTable).on_conflict_do_nothing(),
        [_notice(task, cycle, line) for line in lines],
    )


def _notice(task: str, cycle: str, line: NoticeLine) -> dict[str, Any]:
    assignment = None if line.unit is None else assignment_id(task, line.unit)
    return {
        **line.__dict__,
        "key": notice_key(assignment or task, line.version, line.rung, line.recipient),
        "cycle": cycle,
        "task": task,
        "assignment": assignment,
    }


def _summary(row: TaskRow) -> dict[str, Any]:
    return {**row.__dict__, "waiting": list(row.waiting)}


def _entries(connection: Connection, task: str, *, after: int = 0) -> list[Link]:
    query = (
        select(*_LINK)
        .where(col(LedgerTable.task) == task, col(LedgerTable.seq) > after)
        .order_by(col(LedgerTable.seq))
    )
    return [_link(row) for row in connection.execute(query)]


_LINK = (*(col(getattr(LedgerTable, name)) for name in Entry._fields), col(LedgerTable.hash))


def _link(row: Sequence[Any]) -> Link:
    *entry, hash_ = row
    return Link(Entry(*entry), hash_)


def _whole(connection: Connection, task: str) -> tuple[Head, list[Event]]:
    """All events of a task, from a chain that verifies."""
    found = _head(connection, task)
    if found is None:
        raise ValueError(f"không có nhiệm vụ {task}")
    head, events = Head(), []
    for link in _entries(connection, task):
        if wrong := fault(link.entry, link.hash, head):
            raise BrokenLedger(f"{task}#{link.entry.seq}: {wrong}")
        head = Head(seq=link.entry.seq, hash=link.hash)
        events.append(event_of(link.entry))
    if head != found:
        raise BrokenLedger(f"{task}: {_short(head, found)}")
    return head, events


def _rebuild(connection: Connection, task: str, events: list[Event]) -> None:
    cycle = connection.execute(
        select(col(TaskTable.cycle)).where(col(TaskTable.id) == task)
    ).scalar_one()
    state: TaskState | None = None
    # What was recorded together happened at one instant, and a notice words the state after it.
    for _, together in groupby(events, key=lambda event: event.at):
        recorded = list(together)
        state = fold(state, recorded)
        _write_notices(connection, task, cycle, notices_of(state, recorded))
    if state is None:
        raise ValueError(f"{task}: sổ trống")
    connection.execute(delete(AssignmentTable).where(col(AssignmentTable.task) == task))
    _write_assignments(connection, task, cycle, assignment_rows(state, state.assignments))
    connection.execute(
        update(TaskTable).where(col(TaskTable.id) == task),
        _summary(task_row(state, at=events[-1].at)),
    )


class Seal(NamedTuple):
    cycle: str
    day: date
    root: str
    heads: dict[str, Head]


def _seals(connection: Connection, cycle: str | None) -> list[Seal]:
    query = select(
        col(SealTable.cycle), col(SealTable.day), col(SealTable.root), col(SealTable.heads)
    ).order_by(col(SealTable.cycle), col(SealTable.day))
    if cycle is not None:
        query = query.where(col(SealTable.cycle) == cycle)
    return [
        Seal(
            row.cycle,
            row.day,
            row.root,
            {task: Head(seq=seq, hash=hash_) for task, (seq, hash_) in row.heads.items()},
        )
        for row in connection.execute(query)
    ]


def _seal(connection: Connection, cycle: str, day: date) -> str:
    seals = _seals(connection, cycle)
    for seal in seals:
        if seal.day >= day:
            return seal.root
    tasks = connection.execute(
        select(col(TaskTable.id), col(TaskTable.head_seq), col(TaskTable.head_hash)).where(
            col(TaskTable.cycle) == cycle
        )
    )
    heads = {row.id: Head(seq=row.head_seq, hash=row.head_hash) for row in tasks}
    root = seal_root(cycle, day, seals[-1].root if seals else "", heads)
    new = insert(connection, SealTable).on_conflict_do_nothing().returning(col(SealTable.root))
    sealed = connection.execute(
        new,
        {
            "cycle": cycle,
            "day": day,
            "root": root,
            "heads": {task: [head.seq, head.hash] for task, head in heads.items()},
            "sealed_at": datetime.now(UTC),
        },
    ).scalar_one_or_none()
    # Somebody else may have sealed the day a moment ago, with the heads of that moment.
    return sealed or _seal(connection, cycle, day)


def _bad_roots(seals: Iterable[Seal]) -> Iterator[Finding]:
    for cycle, of_cycle in groupby(seals, key=lambda seal: seal.cycle):
        previous = ""
        for seal in of_cycle:
            if seal_root(cycle, seal.day, previous, seal.heads) != seal.root:
                yield _problem(f"{cycle} {seal.day}", "Dấu niêm phong của ngày này đã bị sửa.")
            previous = seal.root


def _bad_chains(
    connection: Connection, cycle: str | None, seals: Iterable[Seal]
) -> Iterator[Finding]:
    tasks = select(col(TaskTable.id), col(TaskTable.head_seq), col(TaskTable.head_hash))
    entries = select(*_LINK).order_by(col(LedgerTable.task), col(LedgerTable.seq))
    if cycle is not None:
        tasks = tasks.where(col(TaskTable.cycle) == cycle)
        entries = entries.join(TaskTable, col(TaskTable.id) == col(LedgerTable.task)).where(
            col(TaskTable.cycle) == cycle
        )
    heads = {
        row.id: Head(seq=row.head_seq, hash=row.head_hash) for row in connection.execute(tasks)
    }
    sealed = {(task, head.seq): head.hash for seal in seals for task, head in seal.heads.items()}
    ends: dict[str, Head] = {}
    for row in connection.execution_options(yield_per=5000).execute(entries):
        entry, hash_ = _link(row)
        place = f"{entry.task}#{entry.seq}"
        if wrong := fault(entry, hash_, ends.get(entry.task, Head())):
            yield _problem(place, wrong)
        if sealed.pop((entry.task, entry.seq), hash_) != hash_:
            yield _problem(place, "Mục này khác với mục đã được niêm phong.")
        ends[entry.task] = Head(seq=entry.seq, hash=hash_)
    for task in sorted(heads.keys() | ends.keys()):
        end = ends.get(task, Head())
        if task not in heads:
            yield _problem(task, "Sổ có mục của một nhiệm vụ không còn.")
        elif heads[task] != end:
            yield _problem(task, _short(end, heads[task]))
    for task, seq in sorted(sealed):
        yield _problem(f"{task}#{seq}", "Mục đã được niêm phong không còn trong sổ.")


def _short(end: Head, expected: Head) -> str:
    if end.seq == expected.seq:
        return f"Mục cuối {end.seq} khác với mục cuối đã ghi nhận."
    return f"Sổ kết thúc ở mục {end.seq}, phải là mục {expected.seq}."


def _problem(place: str, message: str) -> Finding:
    return Finding(severity=Severity.ERROR, place=place, message=message)
