"""Database rows. Written by activities and web only: rows never cross Temporal.

Times are stored in UTC; the word after a time says which clock it shows: plan time unless it is
marked as wall time. Words a person wrote live in `StatementTable`, names in `PersonTable`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel


def _reference(column: str, target: str) -> ForeignKeyConstraint:
    # Checked at commit, so that the order of inserts in a transaction does not matter.
    return ForeignKeyConstraint([column], [target], deferrable=True, initially="DEFERRED")


class Table(SQLModel):
    """`TaskTable` is stored as `task`."""

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805
        return cls.__name__.removesuffix("Table").lower()


class SnapshotTable(Table, table=True):
    """A plan, a directory or a calendar as a cycle uses it. `id` is the SHA-256 of `content`."""

    id: str = Field(primary_key=True)
    kind: str  # plan, directory, calendar
    content: str = Field(sa_type=Text)


class PlanTable(Table, table=True):
    """A loaded plan: what the next launch uses. Running cycles keep their own snapshot."""

    __table_args__ = (_reference("snapshot", "snapshot.id"),)

    id: str = Field(primary_key=True)
    short_title: str
    snapshot: str
    loaded_at: datetime


class PlanReviewTable(Table, table=True):
    """A document somebody sent, from its reading until it is a plan: `models.plan_review`.

    `imported` is what was read, `corrections` what the officer changed, both as JSON; whoever saves
    names the `version` they saw. `replaces` is the plan a newer document is for, `conventions`
    the one whose groups and policy hold. `read_at`, wall time, is when its reader last gave a sign
    of life.
    """

    __table_args__ = (
        Index("ix_planreview_state", "state", "created_at"),
        Index("ix_planreview_replaces", "replaces", "state"),
    )

    id: str = Field(primary_key=True)
    state: str
    file_name: str
    sha256: str
    size: int = Field(sa_type=BigInteger)
    year: int | None = None
    replaces: str | None = None
    conventions: str | None = None
    imported: str = Field(default="", sa_type=Text)
    corrections: str = Field(default="{}", sa_type=Text)
    notes: list[str] = Field(default_factory=list, sa_type=JSON)
    last_line: int = 0
    progress: int = 0
    pages: int = 0
    read_at: datetime
    version: int = 0
    created_at: datetime
    created_by: str
    saved_at: datetime
    saved_by: str


class PlanTextTable(Table, table=True):
    """Some lines of a document in review, `[number, text]` each; `part` counts them in order."""

    __table_args__ = (
        _reference("review", "planreview.id"),
        Index("ix_plantext_lines", "review", "first", "last"),
    )

    review: str = Field(primary_key=True)
    part: int = Field(primary_key=True)
    first: int
    last: int
    lines: list[Any] = Field(sa_type=JSON)


class CycleTable(Table, table=True):
    """One plan in one year. `cycle` is `2026`, or `2026-2` for the launch after a void."""

    __table_args__ = (
        _reference("plan_snapshot", "snapshot.id"),
        _reference("directory_snapshot", "snapshot.id"),
        _reference("calendar_snapshot", "snapshot.id"),
        Index("ix_cycle_plan", "plan", "cycle", unique=True),
    )

    id: str = Field(primary_key=True)
    plan: str
    cycle: str
    year: int
    stage: str  # opening, open, closing, closed, voiding, voided
    plan_snapshot: str
    directory_snapshot: str
    calendar_snapshot: str
    dates: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    allocation: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)
    launched_at: datetime
    launched_by: str
    expected_tasks: int
    expected_assignments: int
    # The order to close or void it, as JSON: whoever lost it half-way goes on with it.
    ending: str | None = None
    # Nothing is sent while this is set, and nothing is lost.
    paused_at: datetime | None = None
    paused_why: str = ""

    def parsed_dates(self) -> dict[str, date]:
        return {key: date.fromisoformat(day) for key, day in self.dates.items()}


class CarriedTable(Table, table=True):
    """An assignment that was open when its cycle closed and goes on in the next; `into` is the
    cycle that took it, None until one is launched."""

    __table_args__ = (
        _reference("cycle", "cycle.id"),
        _reference("into", "cycle.id"),
        Index("ix_carried_cycle", "cycle"),
        Index("ix_carried_into", "into"),
    )

    assignment: str = Field(primary_key=True)
    cycle: str
    task: str
    code: str
    occurrence: str
    unit: str
    into: str | None = None


class UnitTable(Table, table=True):
    """The live directory: who is reached today. Cycles keep their own snapshot.

    A unit that is `removed` gets nothing new; its name and contacts stay for its history.
    """

    __table_args__ = (Index("ix_unit_hub", "hub"),)

    code: str = Field(primary_key=True)
    name: str
    kind: str
    hub: str | None = None
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    groups: list[str] = Field(default_factory=list, sa_type=JSON)
    focal_person: str = ""
    email: str = ""
    head_email: str = ""
    phone: str = ""
    deputy: str = ""
    deputy_email: str = ""
    sample: bool = False
    removed: bool = False


class PersonTable(Table, table=True):
    """Who acted, known to the ledger by `id` only."""

    __table_args__ = (Index("ix_person_name", "name", "position", "unit"),)

    id: str = Field(primary_key=True)
    name: str
    position: str = ""
    unit: str = ""


class StatementTable(Table, table=True):
    """Words a person wrote. `id` is the SHA-256 of salt and text, so that erasing them leaves
    nothing to guess from."""

    id: str = Field(primary_key=True)
    salt: str
    text: str = Field(sa_type=Text)


class TaskTable(Table, table=True):
    """One task workflow as screens show it, and the head of its ledger.

    `ongoing`: owed all year; a task that only has no date yet is not. `halted` says, in a
    Vietnamese sentence, why nothing more is recorded.
    """

    __table_args__ = (
        Index("ix_task_cycle", "cycle", "code"),
        Index("ix_task_next_instant", "cycle", "next_instant"),
    )

    id: str = Field(primary_key=True)
    cycle: str
    plan: str
    code: str
    occurrence: str
    part: str
    title: str
    ongoing: bool = False
    stage: str
    waiting: list[str] = Field(default_factory=list, sa_type=JSON)
    head_seq: int
    head_hash: str
    next_instant: datetime | None = None
    next_deadline: datetime | None = None
    open_units: int = 0
    total_units: int = 0
    level: int = 0
    halted: str | None = None
    opened_at: datetime


class LedgerTable(Table, table=True):
    """Entries of the hash chains; docs/ledger.md says what enters a hash. Never updated."""

    __table_args__ = (
        _reference("task", "task.id"),
        Index("ix_ledger_unit", "task", "unit", "seq"),
    )

    task: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    prev: str
    hash: str
    at: datetime
    kind: str
    unit: str | None = None
    command: str | None = None
    actor: str
    payload: str = Field(sa_type=Text)


class SealTable(Table, table=True):
    """The heads of a cycle's chains at the end of a day. `sealed_at` is wall time."""

    cycle: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    root: str
    heads: dict[str, Any] = Field(sa_type=JSON)
    sealed_at: datetime


class CommandTable(Table, table=True):
    """A command as it was received, and how it ended. `stored_at` is wall time.

    `seq` is the entry that decided it.
    """

    __table_args__ = (
        Index("ix_command_verdict", "task", "verdict"),
        Index("ix_command_stored", "verdict", "stored_at"),
    )

    id: str = Field(primary_key=True)
    task: str
    unit: str | None = None
    verb: str
    payload: dict[str, Any] = Field(sa_type=JSON)
    received_at: datetime
    stored_at: datetime
    verdict: str | None = None
    reason: str = ""
    seq: int | None = None


class AssignmentTable(Table, table=True):
    """One unit's part in one task as screens show it."""

    __table_args__ = (
        _reference("task", "task.id"),
        Index("ix_assignment_task", "task", "unit"),
        # Each answers a count of overdue work by itself.
        Index("ix_assignment_unit", "unit", "cycle", "stage", "breach"),
        Index("ix_assignment_overdue", "cycle", "stage", "breach", "unit"),
        Index(
            "ix_assignment_asking",
            "cycle",
            sqlite_where=text("extension_asked IS 1"),
            postgresql_where=text("extension_asked"),
        ),
        Index(
            "ix_assignment_late",
            *("cycle", "last_day", "received_at", "breach", "stage"),
            sqlite_where=text("late IS 1"),
            postgresql_where=text("late"),
        ),
        Index("ix_assignment_code", "cycle", "code", "occurrence"),
    )

    id: str = Field(primary_key=True)
    task: str
    cycle: str
    code: str
    occurrence: str
    unit: str
    role: str
    stage: str
    version: int
    last_day: str | None = None
    breach: datetime | None = None
    target: str | None = None
    acknowledged_at: datetime | None = None
    received_at: datetime | None = None
    report: str | None = None
    revision: int = 0
    late: bool = False
    level: int = 0
    extension_asked: bool = False
    next_rung_at: datetime | None = None
    next_rung: str | None = None
    updated_at: datetime | None = None


class DraftTable(Table, table=True):
    """A report form as it was last typed, right or wrong: `models.report.Draft`. Whoever saves
    names the `version` it was read with."""

    assignment: str = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_type=JSON)
    version: int
    saved_at: datetime
    saved_by: str


class ReportTable(Table, table=True):
    """What was submitted: never updated. `content` is canonical JSON of `models.report
    .ReportContent`; `id` is a hash of salt and content, so that the ledger, which holds the id,
    also vouches for the content."""

    __table_args__ = (
        Index("ix_report_assignment", "assignment", "number", unique=True),
        Index("ix_report_command", "command", unique=True),
    )

    id: str = Field(primary_key=True)
    salt: str
    assignment: str
    unit: str
    number: int
    command: str
    submitted_at: datetime
    submitted_by: str
    content: str = Field(sa_type=Text)


class ReportLineTable(Table, table=True):
    """One task in a submitted report, for counting and collecting."""

    __table_args__ = (_reference("report", "report.id"),)

    report: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    status: str
    result: str = Field(sa_type=Text)
    difficulties: str = Field(sa_type=Text)
    proposals: str = Field(sa_type=Text)


class ReportFigureTable(Table, table=True):
    """One target in a submitted report, for adding up."""

    __table_args__ = (_reference("report", "report.id"),)

    report: str = Field(primary_key=True)
    target: str = Field(primary_key=True)
    numerator: int | None = Field(default=None, sa_type=BigInteger)
    denominator: int | None = Field(default=None, sa_type=BigInteger)
    statement: str = Field(sa_type=Text)
    corrected: bool = False


class AttachmentTable(Table, table=True):
    """Evidence that was handed in for an assignment. Its bytes are stored by their SHA-256."""

    __table_args__ = (Index("ix_attachment_sha256", "sha256"),)

    assignment: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    name: str
    media_type: str
    size: int = Field(sa_type=BigInteger)
    added_at: datetime
    added_by: str


class ContactTable(Table, table=True):
    """How one role of a unit is reached from day to day; see `Contact`."""

    __table_args__ = (Index("ix_contact_unit", "unit"),)

    id: int | None = Field(default=None, primary_key=True)
    unit: str
    role: str
    name: str = ""
    email: str = ""
    phone: str = ""
    channels: list[str] = Field(default_factory=list, sa_type=JSON)
    valid_from: date | None = None
    valid_until: date | None = None


class AbsenceTable(Table, table=True):
    """Days on which a unit's deputy stands in; see `Absence`."""

    __table_args__ = (Index("ix_absence_unit", "unit"),)

    id: int | None = Field(default=None, primary_key=True)
    unit: str
    role: str
    first_day: date
    last_day: date
    reason: str = ""


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
        _reference("message", "message.id"),
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
        _reference("task", "task.id"),
        _reference("message", "message.id"),
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

    __table_args__ = (_reference("cycle", "cycle.id"), Index("ix_urge_cycle", "cycle", "id"))

    id: int | None = Field(default=None, primary_key=True)
    cycle: str
    drafted_at: datetime
    drafted_by: str
    content: str = Field(sa_type=Text)
    number: str | None = None
    day: date | None = None
    signed_by: str | None = None


class ClockTable(Table, table=True):
    """The installation's one clock. `seen_plan` is the plan instant a stopped one resumes at."""

    id: int = Field(default=1, primary_key=True)
    wall_anchor: datetime
    plan_anchor: datetime
    speed: float = 1.0
    seen_plan: datetime | None = None


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
        _reference("account", "account.id"),
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
        _reference("account", "account.id"),
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
        _reference("subscription", "subscription.id"),
        _reference("task", "task.id"),
    )

    subscription: str = Field(primary_key=True)
    task: str = Field(primary_key=True)
    seq: int


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
