"""Plans and their cycles: what is launched."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Text
from sqlmodel import Field

from models.tables.base import Table, reference


class SnapshotTable(Table, table=True):
    """A plan, a directory or a calendar as a cycle uses it. `id` is the SHA-256 of `content`."""

    id: str = Field(primary_key=True)
    kind: str  # plan, directory, calendar
    content: str = Field(sa_type=Text)


class PlanTable(Table, table=True):
    """A loaded plan: what the next launch uses. Running cycles keep their own snapshot."""

    __table_args__ = (reference("snapshot", "snapshot.id"),)

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
        reference("review", "planreview.id"),
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
        reference("plan_snapshot", "snapshot.id"),
        reference("directory_snapshot", "snapshot.id"),
        reference("calendar_snapshot", "snapshot.id"),
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
        reference("cycle", "cycle.id"),
        reference("into", "cycle.id"),
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
