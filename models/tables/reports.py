"""What units report."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Text
from sqlmodel import Field

from models.tables.base import Table, reference


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

    __table_args__ = (reference("report", "report.id"),)

    report: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    status: str
    result: str = Field(sa_type=Text)
    difficulties: str = Field(sa_type=Text)
    proposals: str = Field(sa_type=Text)


class ReportFigureTable(Table, table=True):
    """One target in a submitted report, for adding up."""

    __table_args__ = (reference("report", "report.id"),)

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
