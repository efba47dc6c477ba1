"""What other programs ask for and are told."""

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlmodel import Field

from models.tables.base import Table, reference


class AskedTable(Table, table=True):
    """What a key of idempotency was first used for. `id` is made from holder and key, and is the id
    of the command it led to, `commands` are all of them; `fingerprint` tells the request from
    another. `at` is wall time."""

    id: str = Field(primary_key=True)
    fingerprint: str
    commands: list[str] = Field(default_factory=list, sa_type=JSON)
    at: datetime


class SubscriptionTable(Table, table=True):
    """Where entries of the ledger are posted to, for an account or a unit; which kinds (all when
    empty), of which cycle (all when None). All times are wall time.

    `token` asked for it, and takes it along when it is revoked: whoever had a stolen one must not
    go on being told. `stopped_at`: given up after days of failing, until somebody resumes it.
    `answer` is the last thing the receiver, or the way to it, said.
    """

    __table_args__ = (
        reference("account", "account.id"),
        Index("ix_subscription_account", "account"),
        Index("ix_subscription_unit", "unit"),
    )

    id: str = Field(primary_key=True)
    url: str
    account: str | None = None
    unit: str | None = None
    token: str | None = None
    kinds: list[str] = Field(default_factory=list, sa_type=JSON)
    cycle: str | None = None
    created_at: datetime
    ended_at: datetime | None = None
    stopped_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    not_before: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = None


class ToldTable(Table, table=True):
    """How far a subscription has been told of a task's ledger: the ledger itself is its outbox."""

    __table_args__ = (
        reference("subscription", "subscription.id"),
        reference("task", "task.id"),
    )

    subscription: str = Field(primary_key=True)
    task: str = Field(primary_key=True)
    seq: int
