"""Who signs in, and by what."""

from datetime import datetime

from sqlalchemy import JSON, Index
from sqlmodel import Field

from models.tables.base import Table, reference


class AccountTable(Table, table=True):
    """An officer, a supervisor or an administrator who signs in. All times are wall time.

    `password` is an argon2 hash. `subject` is how an OpenID Connect provider knows the person.
    """

    __table_args__ = (
        Index("ix_account_login", "login", unique=True),
        Index("ix_account_subject", "subject", unique=True),
    )

    id: str = Field(primary_key=True)
    login: str  # in lower case
    name: str
    position: str = ""
    email: str = ""
    role: str  # officer, supervisor, administrator
    password: str | None = None
    subject: str | None = None
    failures: int = 0
    locked_until: datetime | None = None
    created_at: datetime
    disabled_at: datetime | None = None


class SessionTable(Table, table=True):
    """Somebody signed in on one device. `id` is the SHA-256 of the secret the browser holds. All
    times are wall time.

    A unit's session has a `unit` and, from its first act on, the `name` and `position` of who acts.
    """

    __table_args__ = (
        Index("ix_session_account", "account"),
        Index("ix_session_unit", "unit"),
    )

    id: str = Field(primary_key=True)
    role: str  # officer, supervisor, administrator, unit
    account: str | None = None
    unit: str | None = None
    name: str = ""
    position: str = ""
    address: str = ""
    device: str = ""
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


class AccessTable(Table, table=True):
    """What happened at the door: sign-ins, refusals, sign-outs, revocations. `at` is wall time.
    Never updated."""

    __table_args__ = (Index("ix_access_kind", "kind", "at"), Index("ix_access_at", "at"))

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    kind: str
    account: str | None = None
    unit: str | None = None
    login: str = ""  # what was typed or named
    address: str = ""
    device: str = ""
    detail: str = ""


class UsedLinkTable(Table, table=True):
    """A sign-in link that was used up. `used_at` is wall time."""

    id: str = Field(primary_key=True)
    used_at: datetime


class LinkLetterTable(Table, table=True):
    """A new sign-in link that somebody asked for, and what became of its letter. The address and
    the link itself are kept nowhere. `kind` and `ref` are those of `activities.links.Link`;
    `proven`: whoever asked held a link. Times are wall time."""

    __table_args__ = (
        Index("ix_linkletter_ref", "kind", "ref", "asked_at"),
        Index("ix_linkletter_state", "state", "not_before"),
    )

    id: str = Field(primary_key=True)
    kind: str
    ref: str
    proven: bool = True
    state: str  # queued, accepted, dead
    asked_at: datetime
    not_before: datetime
    claimed_at: datetime | None = None
    attempts: int = 0
    answer: str = ""


class TokenTable(Table, table=True):
    """A program's way into the API, for an account or for a unit. `id` is the SHA-256 of its
    secret; all times are wall time.

    A unit's token has the `name` and `position` of who answers for what the program does.
    """

    __table_args__ = (
        reference("account", "account.id"),
        Index("ix_token_account", "account"),
        Index("ix_token_unit", "unit"),
    )

    id: str = Field(primary_key=True)
    label: str
    account: str | None = None
    unit: str | None = None
    name: str = ""
    position: str = ""
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


class FeedTable(Table, table=True):
    """The address of a unit's calendar. `id` is the SHA-256 of its secret; times are wall time."""

    __table_args__ = (Index("ix_feed_unit", "unit"),)

    id: str = Field(primary_key=True)
    unit: str
    label: str = ""
    created_at: datetime
    created_by: str = ""
    read_at: datetime | None = None
    revoked_at: datetime | None = None
