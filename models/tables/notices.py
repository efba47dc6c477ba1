"""What is told to whom, through which channel."""

from datetime import date, datetime

from sqlalchemy import JSON, Index, Text, text
from sqlmodel import Field

from models.tables.base import Table, reference


class MessageTable(Table, table=True):
    """What one recipient is told at once: a day's digest or something urgent. Its text is renewed
    until it is sent.

    `sent_at`, `to_address` and `answer` are those of the first channel that was taken;
    `fallback` says why the message went to somebody else. `dropped`: all of it was answered before
    it was sent. `weekly`: it has the list of who is overdue when a week begins.
    """

    __table_args__ = (Index("ix_message_cycle", "cycle", "recipient", "day"),)

    id: str = Field(primary_key=True)
    cycle: str
    recipient: str
    kind: str  # digest, urgent
    day: date
    subject: str
    body: str = Field(sa_type=Text)
    html: str = Field(default="", sa_type=Text)
    created_at: datetime
    sent_at: datetime | None = None
    dropped: bool = False
    weekly: bool = False
    to_address: str = ""
    fallback: str | None = None
    answer: str = ""


class DispatchTable(Table, table=True):
    """One message on its way through one channel: the outbox, and afterwards the proof.

    `target` is the address of a webhook or of Apprise, empty for mail, whose address is looked up
    when it is sent. `claimed_at` and `tried_at` are wall time, the others plan time. `resent`
    counts how often a person asked for it again; `link` is the id of the sign-in link it carried;
    `thread` the task whose conversation with the recipient it belongs to.
    """

    __table_args__ = (
        reference("message", "message.id"),
        Index("ix_dispatch_outbox", "cycle", "channel", "state", "not_before"),
        Index("ix_dispatch_message", "message"),
        Index("ix_dispatch_rate", "channel", "tried_at"),
    )

    id: str = Field(primary_key=True)
    message: str
    cycle: str
    recipient: str
    channel: str  # email, webhook, apprise
    target: str = ""
    state: str  # queued, accepted, dead, dropped
    queued_at: datetime
    not_before: datetime
    attempts: int = 0
    first_tried: datetime | None = None
    sent_at: datetime | None = None
    accepted_at: datetime | None = None
    tried_at: datetime | None = None
    claimed_at: datetime | None = None
    claimed_by: str | None = None
    address: str = ""
    addressee: str = ""
    on_behalf: str | None = None
    answer: str = ""
    resent: int = 0
    link: str | None = None
    thread: str = ""


class NoticeTable(Table, table=True):
    """One thing to tell one recipient, once. `message` is the mail it went out with; `dropped` says
    that it was answered, or its date moved, before any mail did."""

    __table_args__ = (
        reference("task", "task.id"),
        reference("message", "message.id"),
        Index("ix_notice_message", "message"),
        Index("ix_notice_outbox", "cycle", "message", "scheduled"),
        Index("ix_notice_unit", "cycle", "unit"),
        Index("ix_notice_task", "task", "kind", "scheduled", "level", "dropped"),
        Index("ix_notice_day", "cycle", "kind", "scheduled"),
        Index(
            "ix_notice_dropped",
            "cycle",
            "task",
            "dropped",
            sqlite_where=text("dropped IS 1"),
            postgresql_where=text("dropped IS true"),
        ),
    )

    key: str = Field(primary_key=True)
    cycle: str
    task: str
    assignment: str | None = None
    unit: str | None = None
    recipient: str
    kind: str
    level: int = 0
    rung: str
    version: int
    scheduled: datetime
    urgent: bool = False
    last_day: str | None = None
    why: str = ""
    text: str | None = None
    phrase: str = ""
    rule: str = ""
    next_day: str | None = None
    next_to: list[str] = Field(default_factory=list, sa_type=JSON)
    message: str | None = None
    dropped: bool = False


class UrgeTable(Table, table=True):
    """A written reminder as it was drafted; the number and day come when it is signed.

    `content` is an `Urge` without them, `drafted_by` and `signed_by` are actors.
    """

    __table_args__ = (reference("cycle", "cycle.id"), Index("ix_urge_cycle", "cycle", "id"))

    id: int | None = Field(default=None, primary_key=True)
    cycle: str
    drafted_at: datetime
    drafted_by: str
    content: str = Field(sa_type=Text)
    number: str | None = None
    day: date | None = None
    signed_by: str | None = None
