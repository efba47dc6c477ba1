"""Who is told of what the ledger records, and how far they have been told.

The ledger is the outbox: for each task a subscription remembers the last entry that was taken, so
nothing is written twice, nothing is lost with a process, and order holds within a task.
"""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    SQLColumnExpression,
    and_,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import col

from activities.database import database_errors, insert, reading
from models.directory import UnitKind
from models.identifiers import assignment_id
from models.tables import (
    AccountTable,
    LedgerTable,
    SubscriptionTable,
    TaskTable,
    ToldTable,
    UnitTable,
)
from rules.retries import next_attempt

READ_AT_ONCE = 200
CLAIMED_FOR = timedelta(seconds=60)


class Subscription(NamedTuple):
    id: str
    url: str
    unit: str | None
    kinds: list[str]
    cycle: str | None
    created_at: datetime
    stopped_at: datetime | None
    failures: int
    failing_since: datetime | None
    not_before: datetime | None
    answer: str
    answered_at: datetime | None


class Recorded(NamedTuple):
    """One entry of the ledger, as a subscriber may know it: people and words by reference only."""

    task: str
    cycle: str
    seq: int
    hash: str
    at: datetime
    kind: str
    unit: str | None
    command: str | None
    payload: dict[str, Any]

    @property
    def subject(self) -> str:
        return self.task if self.unit is None else assignment_id(self.task, self.unit)


class Batch(NamedTuple):
    """What comes next of one task: `entries` concern the subscription, `until` is the last that was
    looked at."""

    task: str
    until: int
    entries: list[Recorded]


_SUBSCRIPTION = tuple(col(getattr(SubscriptionTable, name)) for name in Subscription._fields)


class Subscriptions:
    """Every method raises DatabaseUnavailable. Times are wall time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def make(
        self,
        id_: str,
        url: str,
        *,
        account: str | None,
        unit: str | None,
        token: str | None = None,
        kinds: Sequence[str] = (),
        cycle: str | None = None,
    ) -> None:
        """Tells of everything recorded from now on; an id that is known stays as it is. It ends
        when `token`, which asked for it, is revoked."""
        row = {
            "id": id_,
            "url": url,
            "account": account,
            "unit": unit,
            "token": token,
            "kinds": list(kinds),
            "cycle": cycle,
            "created_at": datetime.now(UTC),
            "failures": 0,
            "answer": "",
        }
        heads = select(literal(id_), col(TaskTable.id), col(TaskTable.head_seq))
        with database_errors(), self._engine.begin() as connection:
            made = insert(connection, SubscriptionTable).on_conflict_do_nothing()
            if connection.execute(made.returning(col(SubscriptionTable.id)), row).first():
                told = insert(connection, ToldTable)
                connection.execute(told.from_select(["subscription", "task", "seq"], heads))

    def of(self, *, account: str | None, unit: str | None) -> list[Subscription]:
        """A holder's own, the oldest first."""
        return self._found(_holder(account, unit), col(SubscriptionTable.ended_at).is_(None))

    def stopped(self) -> list[Subscription]:
        """Everybody's that nothing is sent to any more until somebody resumes them."""
        stopped = col(SubscriptionTable.stopped_at).is_not(None)
        return self._found(stopped, col(SubscriptionTable.ended_at).is_(None))

    def behind(self, at: datetime) -> list[Subscription]:
        """Those that there is something to tell, that may be told at `at`, and that nobody is
        telling."""
        following = (
            select(col(TaskTable.id))
            .outerjoin(ToldTable, _told_of(col(SubscriptionTable.id)))
            .where(_IS_BEHIND)
            .correlate(SubscriptionTable)
        )
        return self._found(*_may_be_told(at), following.exists())

    def end(self, id_: str) -> None:
        self._set(id_, ended_at=datetime.now(UTC))

    def resume(self, id_: str) -> None:
        """Tries again at once, from where it stands, after whatever failed."""
        self._set(id_, stopped_at=None, failures=0, failing_since=None, not_before=None)

    def claim(self, id_: str, claimant: str, at: datetime) -> bool:
        """Whether `claimant` is the one who tells it, for the next minute."""
        mine = and_(
            col(SubscriptionTable.claimed_by) == claimant,
            col(SubscriptionTable.ended_at).is_(None),
        )
        free = and_(*_may_be_told(at)[:-1])
        with database_errors(), self._engine.begin() as connection:
            claimed = connection.execute(
                update(SubscriptionTable)
                .where(col(SubscriptionTable.id) == id_, or_(mine, free))
                .values(claimed_by=claimant, claimed_until=at + CLAIMED_FOR)
            )
            return claimed.rowcount == 1

    def following(self, subscription: Subscription) -> list[Batch]:
        """What is still to be told, task by task, some of each; nothing when all of it was."""
        seq = col(LedgerTable.seq)
        query = (
            select(*_ENTRY, col(TaskTable.id).label("task"), col(TaskTable.cycle).label("cycle"))
            .select_from(TaskTable)
            .outerjoin(ToldTable, _told_of(literal(subscription.id)))
            # Entries are numbered without gaps, so this takes the next of every task alike.
            .join(
                LedgerTable,
                and_(
                    col(LedgerTable.task) == col(TaskTable.id),
                    seq > _TOLD,
                    seq <= _TOLD + READ_AT_ONCE,
                ),
            )
            .where(_IS_BEHIND)
            .order_by(col(TaskTable.id), seq)
        )
        with database_errors(), self._reading.begin() as connection:
            rows = connection.execute(query).all()
            units = _units(connection, subscription) if rows else None
        return [
            _batch(subscription, task, list(of_task), units)
            for task, of_task in groupby(rows, key=lambda row: str(row.task))
        ]

    def told(self, id_: str, task: str, seq: int, answer: str = "") -> None:
        """Remembers that a subscription has been told of a task up to `seq`. `answer` is empty when
        nothing of it was for this subscriber: that says nothing of whether it can be reached."""
        row = {"subscription": id_, "task": task, "seq": seq}
        now = datetime.now(UTC)
        fine = {"failures": 0, "failing_since": None, "not_before": None}
        said = fine | {"answer": answer, "answered_at": now} if answer else {}
        with database_errors(), self._engine.begin() as connection:
            statement = insert(connection, ToldTable)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["subscription", "task"],
                    set_={"seq": statement.excluded.seq},
                    # Whoever lost its claim meanwhile must not take another's progress back.
                    where=col(ToldTable.seq) < statement.excluded.seq,
                ),
                row,
            )
            connection.execute(
                update(SubscriptionTable)
                .where(col(SubscriptionTable.id) == id_)
                .values(claimed_until=now + CLAIMED_FOR, **said)
            )

    def failed(self, subscription: Subscription, answer: str) -> None:
        """Tries again later, or, after days, stops until somebody resumes it."""
        now = datetime.now(UTC)
        with database_errors(), self._engine.begin() as connection:
            this = col(SubscriptionTable.id) == subscription.id
            failures, since = connection.execute(
                select(col(SubscriptionTable.failures), col(SubscriptionTable.failing_since)).where(
                    this
                )
            ).one()
            again = next_attempt(failures + 1, first=since or now, now=now)
            connection.execute(
                update(SubscriptionTable)
                .where(this)
                .values(
                    failures=failures + 1,
                    failing_since=since or now,
                    not_before=again,
                    stopped_at=now if again is None else None,
                    answer=answer,
                    answered_at=now,
                    claimed_by=None,
                    claimed_until=None,
                )
            )

    def release(self, claimant: str, only: str | None = None) -> None:
        """Gives back what `claimant` has claimed, or `only` that subscription."""
        named = [col(SubscriptionTable.id) == only] if only else []
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                update(SubscriptionTable)
                .where(col(SubscriptionTable.claimed_by) == claimant, *named)
                .values(claimed_by=None, claimed_until=None)
            )

    def _found(self, *which: ColumnElement[bool]) -> list[Subscription]:
        query = (
            select(*_SUBSCRIPTION)
            .outerjoin(AccountTable, col(AccountTable.id) == col(SubscriptionTable.account))
            .where(*which)
            .order_by(col(SubscriptionTable.created_at), col(SubscriptionTable.id))
        )
        with database_errors(), self._reading.begin() as connection:
            return [Subscription(*row) for row in connection.execute(query)]

    def _set(self, id_: str, **values: Any) -> None:
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                update(SubscriptionTable).where(col(SubscriptionTable.id) == id_).values(**values)
            )


def _holder(account: str | None, unit: str | None) -> ColumnElement[bool]:
    if account is not None:
        return col(SubscriptionTable.account) == account
    return col(SubscriptionTable.unit) == unit


def _may_be_told(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """The last of these needs the account's row."""
    until, before = col(SubscriptionTable.claimed_until), col(SubscriptionTable.not_before)
    return (
        col(SubscriptionTable.ended_at).is_(None),
        col(SubscriptionTable.stopped_at).is_(None),
        or_(until.is_(None), until < at),
        or_(before.is_(None), before <= at),
        col(AccountTable.disabled_at).is_(None),
    )


_TOLD = func.coalesce(col(ToldTable.seq), 0)
_IS_BEHIND = col(TaskTable.head_seq) > _TOLD


def _told_of(subscription: SQLColumnExpression[str]) -> ColumnElement[bool]:
    return and_(
        col(ToldTable.task) == col(TaskTable.id), col(ToldTable.subscription) == subscription
    )


def _units(connection: Connection, subscription: Subscription) -> Collection[str] | None:
    """Whose entries a unit may know: its own, a commune's also those of its schools; None for the
    office, which may know all."""
    unit = subscription.unit
    if unit is None:
        return None
    query = select(col(UnitTable.code), col(UnitTable.kind)).where(
        or_(col(UnitTable.code) == unit, col(UnitTable.hub) == unit)
    )
    found = connection.execute(query).all()
    is_hub = any(row.code == unit and row.kind == UnitKind.COMMUNE for row in found)
    return {row.code for row in found} if is_hub else {unit}


_ENTRY = tuple(
    col(getattr(LedgerTable, name))
    for name in ("seq", "hash", "at", "kind", "unit", "command", "payload")
)


def _batch(
    subscription: Subscription, task: str, rows: Sequence[Any], units: Collection[str] | None
) -> Batch:
    entries = [
        Recorded(
            task=task,
            cycle=row.cycle,
            seq=row.seq,
            hash=row.hash,
            at=row.at,
            kind=row.kind,
            unit=row.unit,
            command=row.command,
            payload=json.loads(row.payload),
        )
        for row in rows
        if subscription.cycle in (None, row.cycle)
        and (not subscription.kinds or row.kind in subscription.kinds)
        and (units is None or row.unit in units)
    ]
    return Batch(task, rows[-1].seq, entries)
