"""Tasks with their ledgers, the parts units hold, and what people said and ordered."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, text
from sqlmodel import Field

from models.tables.base import Table, reference


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
        reference("task", "task.id"),
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
        reference("task", "task.id"),
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


class ClockTable(Table, table=True):
    """The installation's one clock. `seen_plan` is the plan instant a stopped one resumes at."""

    id: int = Field(default=1, primary_key=True)
    wall_anchor: datetime
    plan_anchor: datetime
    speed: float = 1.0
    seen_plan: datetime | None = None
