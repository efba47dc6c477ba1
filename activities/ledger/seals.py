"""The seal of a day over a cycle's chains, and what does not add up in chains and seals."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import col

from activities.database import insert
from activities.ledger.entries import LINK, link, short
from models.assignment import Head
from models.finding import Finding, Severity
from models.tables import LedgerTable, SealTable, TaskTable
from rules.hash_chain import fault, seal_root


class Seal(NamedTuple):
    cycle: str
    day: date
    root: str
    heads: dict[str, Head]


def seal(connection: Connection, cycle: str, day: date) -> str:
    seals = _seals(connection, cycle)
    for each in seals:
        if each.day >= day:
            return each.root
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
    return sealed or seal(connection, cycle, day)


def verify(connection: Connection, cycle: str | None) -> list[Finding]:
    seals = _seals(connection, cycle)
    return [*_bad_chains(connection, cycle, seals), *_bad_roots(seals)]


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
    entries = select(*LINK).order_by(col(LedgerTable.task), col(LedgerTable.seq))
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
        entry, hash_ = link(row)
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
            yield _problem(task, short(end, heads[task]))
    for task, seq in sorted(sealed):
        yield _problem(f"{task}#{seq}", "Mục đã được niêm phong không còn trong sổ.")


def _problem(place: str, message: str) -> Finding:
    return Finding(severity=Severity.ERROR, place=place, message=message)
