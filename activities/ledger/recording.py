"""One recording: everything or nothing, on the head it was decided on."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, update
from sqlmodel import col

from activities.commands import readable
from activities.database import insert_into
from activities.ledger import rows
from activities.ledger.entries import Link, entries_of, head_of
from models.assignment import Head, TaskFacts
from models.commands import Command, Outcome, Verdict
from models.events import Event, TaskOpened
from models.identifiers import parse_task_id
from models.recording import Answer, Recorded, Recording
from models.tables import CommandTable, LedgerTable, TaskTable
from rules.hash_chain import chain, event_of
from rules.recording import opening_recording

logger = logging.getLogger(__name__)

_HASH_AT = select(col(LedgerTable.hash)).where(
    col(LedgerTable.task) == bindparam("task"), col(LedgerTable.seq) == bindparam("seq")
)
_HALT = (
    update(TaskTable)
    .where(col(TaskTable.id) == bindparam("of_task"))
    .values(halted=bindparam("sentence"))
)
_OUTCOMES = (
    select(col(CommandTable.id), col(CommandTable.verdict), col(CommandTable.reason))
    .where(col(CommandTable.verdict).is_not(None))
    .order_by(col(CommandTable.seq), col(CommandTable.id))
)
_OUTCOMES_AFTER = _OUTCOMES.where(
    col(CommandTable.task) == bindparam("task"), col(CommandTable.seq) > bindparam("after")
)
_OUTCOMES_OF = _OUTCOMES.where(col(CommandTable.id).in_(bindparam("ids", expanding=True)))
_UNDECIDED = (
    select(col(CommandTable.id), col(CommandTable.unit), col(CommandTable.received_at))
    .where(col(CommandTable.task) == bindparam("task"), col(CommandTable.verdict).is_(None))
    .order_by(col(CommandTable.received_at), col(CommandTable.id))
)
_PAYLOADS = select(col(CommandTable.id), col(CommandTable.payload)).where(
    col(CommandTable.id).in_(bindparam("ids", expanding=True))
)
_DECIDE = update(CommandTable).where(col(CommandTable.id) == bindparam("command"))


@cache
def _new_task(dialect: str) -> Any:
    return insert_into(dialect, TaskTable).on_conflict_do_nothing().returning(col(TaskTable.id))


@cache
def _new_entries(dialect: str) -> Any:
    return insert_into(dialect, LedgerTable)


def opening(task: str, cycle: str, events: Sequence[Event]) -> tuple[TaskFacts, Recording]:
    first = events[0] if events else None
    if not isinstance(first, TaskOpened):
        raise ValueError(f"{task}: mục đầu tiên của sổ phải mở nhiệm vụ")
    return first.facts, opening_recording(events).model_copy(update={"task": task, "cycle": cycle})


def open_task(connection: Connection, facts: TaskFacts, first: Recording) -> bool:
    row = {
        "id": first.task,
        "cycle": first.cycle,
        "plan": facts.plan,
        "code": facts.code,
        "occurrence": facts.occurrence,
        "part": parse_task_id(first.task).part,
        "title": facts.title,
        "ongoing": facts.ongoing,
        "head_seq": 0,
        "head_hash": "",
        "opened_at": first.at,
        **rows.task_columns(first.summary),
    }
    if connection.execute(_new_task(connection.dialect.name), row).one_or_none() is None:
        return False
    _write(connection, first)
    return True


def record(connection: Connection, recording: Recording) -> Recorded:
    found = head_of(connection, recording.task, lock=True)
    if found is None:
        return Recorded(answer=Answer.BEHIND, head=Head())
    if behind := _behind(connection, recording, found):
        halt(connection, recording.task, behind)
        return Recorded(answer=Answer.BEHIND, head=found)
    if found.seq > recording.head.seq:
        return _overtaken(connection, recording, found)
    if decided := _decided(connection, recording):
        return Recorded(answer=Answer.DECIDED, head=found, outcomes=decided)
    if earlier := _earlier(connection, recording):
        return Recorded(answer=Answer.EARLIER, head=found, commands=earlier)
    return Recorded(answer=Answer.RECORDED, head=_write(connection, recording))


def halt(connection: Connection, task: str, sentence: str) -> None:
    """Says on every screen why nothing more is recorded."""
    logger.error("%s: %s", task, sentence)
    connection.execute(_HALT, {"of_task": task, "sentence": sentence})


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
    here = connection.execute(_HASH_AT, {"task": recording.task, "seq": head.seq}).scalar()
    if here == head.hash:
        return None
    return f"Sổ theo dõi và quy trình khác nhau ở mục {head.seq}: ngừng ghi cho đến khi sửa xong."


def _overtaken(connection: Connection, recording: Recording, found: Head) -> Recorded:
    place = {"task": recording.task, "after": recording.head.seq}
    outcomes = {each.command: each for each in _outcomes(connection, _OUTCOMES_AFTER, place)}
    for outcome in _decided(connection, recording):
        outcomes.setdefault(outcome.command, outcome)
    links = entries_of(connection, recording.task, after=recording.head.seq)
    return Recorded(
        answer=Answer.OVERTAKEN,
        head=found,
        events=tuple(event_of(each.entry) for each in links),
        outcomes=tuple(outcomes.values()),
    )


def _decided(connection: Connection, recording: Recording) -> tuple[Outcome, ...]:
    ids = [outcome.command for outcome in recording.outcomes]
    return _outcomes(connection, _OUTCOMES_OF, {"ids": ids}) if ids else ()


def _outcomes(
    connection: Connection, query: Select[str, str | None, str], values: dict[str, Any]
) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(command=row.id, verdict=Verdict(row.verdict), reason=row.reason)
        for row in connection.execute(query, values)
    )


def _earlier(connection: Connection, recording: Recording) -> tuple[Command, ...]:
    """Stored commands that must be decided before this recording: those received before the rungs
    it fires, and those of the same unit received before a command it decides."""
    waiting = connection.execute(_UNDECIDED, {"task": recording.task}).all()
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
    payloads = {row.id: row.payload for row in connection.execute(_PAYLOADS, {"ids": ids})}
    yield from readable((id_, payloads[id_]) for id_ in ids)


def _write(connection: Connection, recording: Recording) -> Head:
    task, head = recording.task, recording.head
    links = [Link(*each) for each in chain(task, head, recording.events)]
    if links:
        head = Head(seq=links[-1].entry.seq, hash=links[-1].hash)
        connection.execute(
            _new_entries(connection.dialect.name),
            [{**each.entry._asdict(), "hash": each.hash} for each in links],
        )
    _write_outcomes(connection, recording.outcomes, links, head)
    rows.write_assignments(connection, task, recording.cycle, recording.assignments)
    rows.write_notices(connection, task, recording.cycle, recording.notices)
    rows.write_task_row(
        connection, task, recording.summary, head_seq=head.seq, head_hash=head.hash, halted=None
    )
    return head


def _write_outcomes(
    connection: Connection, outcomes: Sequence[Outcome], links: Iterable[Link], head: Head
) -> None:
    if not outcomes:
        return
    decided_by = {each.entry.command: each.entry.seq for each in links}
    connection.execute(
        _DECIDE,
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
