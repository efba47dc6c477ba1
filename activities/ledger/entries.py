"""The entries of a chain as they are stored, and read with their hashes checked."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col
from temporalio.exceptions import ApplicationError

from models.assignment import Head
from models.events import Event
from models.tables import LedgerTable, TaskTable
from rules.hash_chain import Entry, event_of, fault


class BrokenLedger(ApplicationError):
    """A chain that does not verify: nothing may be built on it until it is repaired."""

    def __init__(self, message: str) -> None:
        super().__init__(message, type="BrokenLedger", non_retryable=True)


class Link(NamedTuple):
    entry: Entry
    hash: str


# Statements are made once: making one takes longer than running it.
LINK = (*(col(getattr(LedgerTable, name)) for name in Entry._fields), col(LedgerTable.hash))
_HEAD = select(col(TaskTable.head_seq), col(TaskTable.head_hash)).where(
    col(TaskTable.id) == bindparam("task")
)
_HEAD_LOCKED = _HEAD.with_for_update()
_AFTER = (
    select(*LINK)
    .where(col(LedgerTable.task) == bindparam("task"), col(LedgerTable.seq) > bindparam("after"))
    .order_by(col(LedgerTable.seq))
)


def head_of(connection: Connection, task: str, *, lock: bool = False) -> Head | None:
    row = connection.execute(_HEAD_LOCKED if lock else _HEAD, {"task": task}).one_or_none()
    return None if row is None else Head(seq=row.head_seq, hash=row.head_hash)


def entries_of(connection: Connection, task: str, *, after: int = 0) -> list[Link]:
    return [link(row) for row in connection.execute(_AFTER, {"task": task, "after": after})]


def link(row: Sequence[Any]) -> Link:
    *entry, hash_ = row
    return Link(Entry(*entry), hash_)


def whole(connection: Connection, task: str) -> tuple[Head, list[Event]]:
    """All events of a task, from a chain that verifies."""
    found = head_of(connection, task)
    if found is None:
        raise ValueError(f"không có nhiệm vụ {task}")
    head, events = Head(), []
    for each in entries_of(connection, task):
        if wrong := fault(each.entry, each.hash, head):
            raise BrokenLedger(f"{task}#{each.entry.seq}: {wrong}")
        head = Head(seq=each.entry.seq, hash=each.hash)
        events.append(event_of(each.entry))
    if head != found:
        raise BrokenLedger(f"{task}: {short(head, found)}")
    return head, events


def short(end: Head, expected: Head) -> str:
    """How a chain that ends at `end` differs from what it should be."""
    if end.seq == expected.seq:
        return f"Mục cuối {end.seq} khác với mục cuối đã ghi nhận."
    return f"Sổ kết thúc ở mục {end.seq}, phải là mục {expected.seq}."
