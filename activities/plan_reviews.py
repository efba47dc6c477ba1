"""Documents in review: what was read, what officers corrected, and the plan it becomes."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, bindparam, select, update
from sqlmodel import Session, col

from activities.asked import Key, claim_with
from activities.database import database_errors, insert, reading
from activities.directory import keep_plan
from models.imported import ImportedPlan
from models.plan import Plan
from models.plan_review import Corrections, ReviewState, SourceLine
from models.tables import PlanReviewTable, PlanTable, PlanTextTable

LINES_IN_A_ROW = 100
ROWS_AT_ONCE = 500
UNFINISHED = (ReviewState.READING, ReviewState.REFUSED, ReviewState.OPEN)


class Sent(NamedTuple):
    """A file as somebody sent it. `replaces` is the plan it is a newer document of, `conventions`
    the one whose groups and policy hold for a new plan."""

    name: str
    sha256: str
    size: int
    year: int | None
    replaces: str | None
    conventions: str | None


class Review(NamedTuple):
    """`notes` say why a file was refused, or what of earlier corrections was not carried over."""

    id: str
    state: ReviewState
    sent: Sent
    notes: list[str]
    last_line: int
    progress: int
    pages: int
    read_at: datetime
    version: int
    created_at: datetime
    created_by: str
    saved_at: datetime
    saved_by: str


class Overtaken(Exception):
    """Somebody else has changed this since it was read; nothing was written."""


class PlanReviews:
    """Every method raises DatabaseUnavailable. Each change is one transaction: whoever is killed
    has changed all of it or nothing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)

    def begin(self, review: str, sent: Sent, *, at: datetime, by: str) -> bool:
        """Whether it has begun just now: one that has begun before stays as it is."""
        row = {
            "id": review,
            "state": ReviewState.READING,
            "file_name": sent.name,
            "sha256": sent.sha256,
            "size": sent.size,
            "year": sent.year,
            "replaces": sent.replaces,
            "conventions": sent.conventions,
            "imported": "",
            "corrections": "{}",
            "notes": [],
            "last_line": 0,
            "progress": 0,
            "pages": 0,
            "read_at": datetime.now(UTC),
            "version": 0,
            "created_at": at,
            "created_by": by,
            "saved_at": at,
            "saved_by": by,
        }
        with database_errors(), self._engine.begin() as connection:
            # PostgreSQL's driver does not count inserted rows.
            begun = insert(connection, PlanReviewTable).on_conflict_do_nothing()
            kept = connection.execute(begun.returning(col(PlanReviewTable.id)), row)
            return kept.first() is not None

    def note_progress(self, review: str, done: int, pages: int) -> None:
        self._update(review, progress=done, pages=pages, read_at=datetime.now(UTC))

    def note_alive(self, review: str) -> None:
        self._update(review, read_at=datetime.now(UTC))

    def refuse(self, review: str, sentences: Sequence[str]) -> None:
        self._update(review, state=ReviewState.REFUSED, notes=list(sentences))

    def keep(
        self,
        review: str,
        imported: str,
        lines: Sequence[tuple[int, str]],
        *,
        corrections: Corrections,
        notes: Sequence[str],
    ) -> None:
        """What was read, once: a reading that was thought dead and ends later changes nothing."""
        rows = _text_rows(review, lines)
        with database_errors(), self._engine.begin() as connection:
            opened = connection.execute(
                update(PlanReviewTable)
                .where(
                    col(PlanReviewTable.id) == review,
                    col(PlanReviewTable.state) == ReviewState.READING,
                )
                .values(
                    state=ReviewState.OPEN,
                    imported=imported,
                    corrections=corrections.model_dump_json(exclude_defaults=True),
                    notes=list(notes),
                    last_line=max((row["last"] for row in rows), default=0),
                )
            )
            if opened.rowcount != 1:
                return
            for start in range(0, len(rows), ROWS_AT_ONCE):
                connection.execute(
                    insert(connection, PlanTextTable), rows[start : start + ROWS_AT_ONCE]
                )

    def get(self, review: str) -> Review | None:
        query = select(*_SHOWN).where(col(PlanReviewTable.id) == review)
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _review(row)

    def unfinished(self) -> list[Review]:
        """The newest first."""
        query = (
            select(*_SHOWN)
            .where(col(PlanReviewTable.state).in_(UNFINISHED))
            .order_by(col(PlanReviewTable.created_at).desc(), col(PlanReviewTable.id))
        )
        with database_errors(), self._reading.begin() as connection:
            return [_review(row) for row in connection.execute(query)]

    def content(self, review: str) -> tuple[ImportedPlan, Corrections]:
        """What was read and what was corrected, of a review that is open or confirmed."""
        query = select(*_CONTENT).where(col(PlanReviewTable.id) == review)
        with database_errors(), self._reading.begin() as connection:
            return _content(connection.execute(query).one())

    def last_of(self, plan: str) -> tuple[ImportedPlan, Corrections] | None:
        """The document and the corrections that a plan was last made of in the browser."""
        query = (
            select(*_CONTENT)
            .where(
                col(PlanReviewTable.replaces) == plan,
                col(PlanReviewTable.state) == ReviewState.CONFIRMED,
            )
            .order_by(col(PlanReviewTable.saved_at).desc(), col(PlanReviewTable.id))
            .limit(1)
        )
        with database_errors(), self._reading.begin() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _content(row)

    def lines(self, review: str, first: int, last: int) -> list[SourceLine]:
        """The document's lines from `first` to `last`, both included."""
        return self.passages(review, [(first, last)])

    def passages(self, review: str, spans: Sequence[tuple[int, int]]) -> list[SourceLine]:
        """The lines of all spans, in the order of the document. One query."""
        if not spans:
            return []
        low, high = min(first for first, _ in spans), max(last for _, last in spans)
        query = (
            select(col(PlanTextTable.lines))
            .where(
                col(PlanTextTable.review) == review,
                col(PlanTextTable.first) <= high,
                col(PlanTextTable.last) >= low,
            )
            .order_by(col(PlanTextTable.part))
        )
        with database_errors(), self._reading.begin() as connection:
            rows = connection.execute(query).scalars().all()
        return [
            SourceLine(number=number, text=text)
            for lines in rows
            for number, text in lines
            if any(first <= number <= last for first, last in spans)
        ]

    def change(
        self,
        review: str,
        edit: Callable[[ImportedPlan, Corrections], Corrections],
        *,
        at: datetime,
        by: str,
    ) -> None:
        """Keeps what `edit` makes of the corrections as they are now; officers take turns. What
        changes nothing is no save, so that it overtakes nobody. Raises Overtaken, which `edit` may
        too, when the review is no longer open."""
        query = select(*_CONTENT).where(
            col(PlanReviewTable.id) == review, col(PlanReviewTable.state) == ReviewState.OPEN
        )
        with database_errors(), self._engine.begin() as connection:
            row = connection.execute(query.with_for_update()).one_or_none()
            if row is None:
                raise Overtaken
            imported, corrections = _content(row)
            edited = edit(imported, corrections)
            if edited == corrections:
                return
            connection.execute(
                update(PlanReviewTable)
                .where(col(PlanReviewTable.id) == review)
                .values(
                    corrections=edited.model_dump_json(exclude_defaults=True),
                    version=col(PlanReviewTable.version) + 1,
                    saved_at=at,
                    saved_by=by,
                )
            )

    def confirm(
        self,
        review: str,
        plan: Plan,
        *,
        version: int,
        over: str | None,
        at: datetime,
        by: str,
        key: Key | None = None,
    ) -> None:
        """Makes it a plan that can be launched, for the `key` it was asked for under. Running
        cycles keep their own snapshot.

        Raises KeyReused, and Overtaken when the review is no longer at `version`, or the plan that
        is loaded is not the snapshot `over` which the officer saw (None: there was none).
        """
        with database_errors(), Session(self._engine) as session:
            if key is not None:
                claim_with(session.connection(), key, [])
            confirmed = session.connection().execute(
                update(PlanReviewTable)
                .where(
                    col(PlanReviewTable.id) == review,
                    col(PlanReviewTable.state) == ReviewState.OPEN,
                    col(PlanReviewTable.version) == version,
                )
                .values(state=ReviewState.CONFIRMED, replaces=plan.id, saved_at=at, saved_by=by)
            )
            loaded = session.get(PlanTable, plan.id, with_for_update=True)
            if confirmed.rowcount != 1 or (loaded.snapshot if loaded else None) != over:
                raise Overtaken
            keep_plan(session, plan, at)
            session.commit()

    def drop(
        self, review: str, *, version: int, at: datetime, by: str, key: Key | None = None
    ) -> None:
        """What was typed stays in the database, but nobody is shown it any more. Raises KeyReused,
        and Overtaken when the review is no longer at `version`, or has come to its end."""
        with database_errors(), self._engine.begin() as connection:
            if key is not None:
                claim_with(connection, key, [])
            dropped = connection.execute(
                update(PlanReviewTable)
                .where(
                    col(PlanReviewTable.id) == review,
                    col(PlanReviewTable.state).in_(UNFINISHED),
                    col(PlanReviewTable.version) == version,
                )
                .values(state=ReviewState.DROPPED, saved_at=at, saved_by=by)
            )
            if dropped.rowcount != 1:
                raise Overtaken

    def _update(self, review: str, **values: Any) -> None:
        """Of a document that is still being read."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                update(PlanReviewTable)
                .where(
                    col(PlanReviewTable.id) == bindparam("which"),
                    col(PlanReviewTable.state) == ReviewState.READING,
                )
                .values(**values),
                {"which": review},
            )


_SENT = ("file_name", "sha256", "size", "year", "replaces", "conventions")
_OWN = tuple(name for name in Review._fields if name != "sent")
_SHOWN = tuple(col(getattr(PlanReviewTable, name)) for name in (*_OWN, *_SENT))
_CONTENT = (col(PlanReviewTable.imported), col(PlanReviewTable.corrections))


def _review(row: Row[Any]) -> Review:
    own = {name: getattr(row, name) for name in _OWN}
    own["state"] = ReviewState(row.state)
    return Review(sent=Sent(*(getattr(row, name) for name in _SENT)), **own)


def _content(row: Any) -> tuple[ImportedPlan, Corrections]:
    return (
        ImportedPlan.model_validate_json(row.imported),
        Corrections.model_validate_json(row.corrections),
    )


def _text_rows(review: str, lines: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    found = []
    for part, start in enumerate(range(0, len(lines), LINES_IN_A_ROW)):
        some = lines[start : start + LINES_IN_A_ROW]
        numbers = [number for number, _ in some]
        found.append(
            {
                "review": review,
                "part": part,
                "first": min(numbers),
                "last": max(numbers),
                "lines": [list(line) for line in some],
            }
        )
    return found
