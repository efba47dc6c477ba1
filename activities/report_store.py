"""Drafts, and what was submitted: rows in, rows out."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, bindparam, func, select
from sqlmodel import col

from activities.asked import Key, KeyReused, claim_with
from activities.commands import command_row
from activities.database import database_errors, insert, reading, take_turns
from activities.group_commit import GroupCommit
from models.commands import Submit
from models.finding import Finding, Severity
from models.report import Draft, Report, ReportContent, ReportProblem
from models.tables import (
    AssignmentTable,
    CommandTable,
    DraftTable,
    ReportFigureTable,
    ReportLineTable,
    ReportTable,
)
from rules.hash_chain import canonical

AT_ONCE = 1000  # rows in one statement: SQLite takes 32,766 values
ID_LENGTH = 32  # hexadecimal digits of a report's id: 1,750 of them ride in a task's state


class DraftConflict(ReportProblem):
    """Somebody else has saved the same form since it was read."""


class SavedDraft(NamedTuple):
    draft: Draft
    version: int
    saved_at: datetime
    saved_by: str


class Submission(NamedTuple):
    """A report, the command that hands it in, and the key it was asked for under: kept together
    or not at all."""

    assignment: str
    command: Submit
    content: ReportContent
    by: str
    key: Key | None = None


class ReportStore:
    """Every method raises DatabaseUnavailable when nothing could be stored or read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._submitting = GroupCommit(engine, _insert_submissions)

    def draft(self, assignment: str) -> SavedDraft | None:
        query = select(*DRAFT).where(col(DraftTable.assignment) == assignment)
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else saved_draft(*row)

    def save_draft(
        self, assignment: str, draft: Draft, *, version: int, at: datetime, by: str
    ) -> int:
        """Keeps what was typed and returns the new version. `version` is the one it was read with,
        0 for none: raises DraftConflict when another is kept by now. The same saved again, as after
        an answer that was lost, is saved."""
        row = {
            "assignment": assignment,
            "content": draft.model_dump(mode="json"),
            "version": version + 1,
            "saved_at": at,
            "saved_by": by,
        }
        with database_errors(), self._engine.begin() as connection:
            statement = insert(connection, DraftTable)
            changed = connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["assignment"],
                    set_={name: statement.excluded[name] for name in row},
                    where=col(DraftTable.version) == version,
                ).returning(col(DraftTable.version)),
                row,
            ).one_or_none()
            if changed is None and not _stored(connection, row):
                raise DraftConflict(
                    "Biểu này đã được người khác lưu sau khi bạn mở; hãy xem bản đã lưu rồi ghi "
                    "lại phần của mình."
                )
        return version + 1

    def submit(self, submission: Submission) -> str:
        """Keeps a report and its command in one transaction; a command that was kept before keeps
        its first report. Returns the report's id. Raises KeyReused."""
        report = self._submitting.run(submission)
        if report is None:
            raise KeyReused
        return report

    def command(self, identifier: str) -> Submit | None:
        """The command a report was handed in with."""
        query = (
            select(col(CommandTable.payload))
            .join(ReportTable, col(ReportTable.command) == col(CommandTable.id))
            .where(col(CommandTable.id) == identifier)
        )
        with database_errors(), self._reading.begin() as connection:
            payload = connection.execute(query).scalar()
        return None if payload is None else Submit.model_validate(payload)

    def reports(self, assignment: str) -> list[Report]:
        """All that was ever submitted for an assignment, in order, with what became of it."""
        with database_errors(), self._reading.begin() as connection:
            rows = connection.execute(_REPORTS, {"assignment": assignment})
            return [_report(row) for row in rows]

    def contents(self, ids: Iterable[str]) -> dict[str, ReportContent]:
        """What those reports say, those that are known."""
        with database_errors(), self._reading.begin() as connection:
            return contents_of(connection, ids)

    def altered(self, cycle: str | None = None) -> list[Finding]:
        """The reports of one cycle, or of all, whose content is not what was submitted."""
        query = select(
            col(ReportTable.id),
            col(ReportTable.salt),
            col(ReportTable.content),
            col(ReportTable.assignment),
            col(ReportTable.number),
        ).order_by(col(ReportTable.assignment), col(ReportTable.number))
        if cycle is not None:
            query = query.join(
                AssignmentTable, col(AssignmentTable.id) == col(ReportTable.assignment)
            ).where(col(AssignmentTable.cycle) == cycle)
        with database_errors(), self._reading.begin() as connection:
            rows = connection.execution_options(yield_per=AT_ONCE).execute(query)
            return [_altered(row) for row in rows if row.id != _id(row.salt, row.content)]


def _altered(row: Any) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        place=row.assignment,
        message=f"Nội dung báo cáo nộp lần {row.number} khác với báo cáo đã nộp: đã bị sửa.",
    )


def contents_of(
    connection: Connection, ids: Iterable[str], *, progress: Callable[[int], None] = lambda _: None
) -> dict[str, ReportContent]:
    """What those reports say; `progress` is told of each how many have been read."""
    wanted = sorted(set(ids))
    found: dict[str, ReportContent] = {}
    for start in range(0, len(wanted), AT_ONCE):
        query = select(col(ReportTable.id), col(ReportTable.content)).where(
            col(ReportTable.id).in_(wanted[start : start + AT_ONCE])
        )
        for row in connection.execute(query):
            found[row.id] = ReportContent.model_validate_json(row.content)
            progress(len(found))
    return found


_REPORT = tuple(
    col(getattr(ReportTable, name))
    for name in ("id", "assignment", "unit", "number", "submitted_at", "submitted_by", "content")
)
_REPORTS = (
    select(*_REPORT, col(CommandTable.verdict), col(CommandTable.reason))
    .outerjoin(CommandTable, col(CommandTable.id) == col(ReportTable.command))
    .where(col(ReportTable.assignment) == bindparam("assignment"))
    .order_by(col(ReportTable.number))
)
DRAFT = tuple(
    col(getattr(DraftTable, name)) for name in ("content", "version", "saved_at", "saved_by")
)


def saved_draft(content: Any, version: int, saved_at: datetime, saved_by: str) -> SavedDraft:
    """From the columns of DRAFT."""
    return SavedDraft(Draft.model_validate(content), version, saved_at, saved_by)


def _stored(connection: Connection, row: dict[str, Any]) -> bool:
    """Whether this very draft is what is kept."""
    same = ("content", "version", "saved_by")
    kept = connection.execute(
        select(*(col(getattr(DraftTable, name)) for name in same)).where(
            col(DraftTable.assignment) == row["assignment"]
        )
    ).one_or_none()
    return kept is not None and all(getattr(kept, name) == row[name] for name in same)


def _report(row: Any) -> Report:
    return Report(
        id=row.id,
        assignment=row.assignment,
        unit=row.unit,
        number=row.number,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        content=ReportContent.model_validate_json(row.content),
        verdict=row.verdict,
        reason=row.reason or "",
    )


def _id(salt: str, content: str) -> str:
    return hashlib.sha256((salt + content).encode()).hexdigest()[:ID_LENGTH]


def _insert_submissions(
    connection: Connection, submissions: Sequence[Submission]
) -> list[str | None]:
    """The reports' ids; None for those whose key stands for something else."""
    # What is known is asked only when no other process is about to add to it.
    take_turns(connection, {name for each in submissions for name in _contended(each)})
    asked = [_is_asked_first(connection, each) for each in submissions]
    ids: dict[str, str] = _known(connection, [each.command.id for each in submissions])
    numbers = _last_numbers(connection, {each.assignment for each in submissions})
    rows = _Rows([], [], [], [])
    for each, first in zip(submissions, asked, strict=True):
        if first and each.command.id not in ids:
            numbers[each.assignment] += 1
            ids[each.command.id] = rows.add(each, numbers[each.assignment])
    if rows.reports:
        # The receipt is the command's: a report without its command would never be delivered.
        connection.execute(insert(connection, CommandTable), rows.commands)
        connection.execute(insert(connection, ReportTable), rows.reports)
    if rows.lines:
        connection.execute(insert(connection, ReportLineTable), rows.lines)
    if rows.figures:
        connection.execute(insert(connection, ReportFigureTable), rows.figures)
    return [
        ids[each.command.id] if first else None
        for each, first in zip(submissions, asked, strict=True)
    ]


def _contended(submission: Submission) -> tuple[str, ...]:
    """What two submissions at one moment must not both count or claim."""
    key = submission.key
    return (submission.assignment,) if key is None else (submission.assignment, key.id)


def _is_asked_first(connection: Connection, submission: Submission) -> bool:
    """Whether its key stands for this submission and nothing else."""
    if submission.key is None:
        return True
    try:
        claim_with(connection, submission.key, [submission.command.id])
    except KeyReused:
        return False
    return True


class _Rows(NamedTuple):
    reports: list[dict[str, Any]]
    commands: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    figures: list[dict[str, Any]]

    def add(self, submission: Submission, number: int) -> str:
        """The rows of one submission; returns the report's id."""
        command, content = submission.command, submission.content
        text, salt = canonical(content.model_dump(mode="json")), secrets.token_hex(16)
        id_ = _id(salt, text)
        self.reports.append(
            {
                "id": id_,
                "salt": salt,
                "assignment": submission.assignment,
                "unit": command.unit,
                "number": number,
                "command": command.id,
                "submitted_at": command.received_at,
                "submitted_by": submission.by,
                "content": text,
            }
        )
        self.commands.append(command_row(command.model_copy(update={"report": id_})))
        self.lines.extend(
            {"report": id_, **line.model_dump(mode="json", exclude={"links"})}
            for line in content.lines
        )
        self.figures.extend(
            {
                "report": id_,
                **figure.model_dump(mode="json", exclude={"note", "gathered"}),
                "corrected": figure.corrected,
            }
            for figure in content.figures
        )
        return id_


def _known(connection: Connection, commands: Sequence[str]) -> dict[str, str]:
    """The reports of commands that were kept before."""
    query = select(col(ReportTable.command), col(ReportTable.id)).where(
        col(ReportTable.command).in_(commands)
    )
    return {row.command: row.id for row in connection.execute(query)}


def _last_numbers(connection: Connection, assignments: Iterable[str]) -> Counter[str]:
    query = (
        select(col(ReportTable.assignment), func.max(col(ReportTable.number)).label("last"))
        .where(col(ReportTable.assignment).in_(sorted(assignments)))
        .group_by(col(ReportTable.assignment))
    )
    return Counter({row.assignment: row.last for row in connection.execute(query)})
