"""Reviewing: what waits for whom, and the commands that answer it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Engine, and_, false, func, or_, select, tuple_
from sqlmodel import col

from activities.commands import Commands
from activities.cycle_facts import CycleFacts, FactsReader
from activities.database import database_errors, reading
from activities.report_forms import Forms
from activities.report_rows import ROW, Row
from models.assignment import Stage
from models.commands import Accept, Actor, Return
from models.report import ReviewItem
from models.tables import AssignmentTable, CycleTable, TaskTable


class ReviewQueue(NamedTuple):
    """Some of `total` reports."""

    total: int
    items: list[ReviewItem]


class Reviews:
    """Besides what is named here, raises UnknownAssignment and DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)
        self._forms = Forms(engine)
        self._facts: FactsReader = self._forms.facts
        self._commands = Commands(engine)

    def queue(
        self,
        *,
        reviewer: str | None = None,
        cycles: Sequence[str] | None = None,
        among: Sequence[str] | None = None,
        limit: int | None = None,
        offset: int = 0,
        after: tuple[datetime, str] | None = None,
    ) -> ReviewQueue:
        """The reports that wait for an answer, oldest first: of one reviewer (a unit's code), in
        some cycles or all that run, `among` some assignments; `after` is when the last one that
        was seen was received, and its assignment."""
        with database_errors(), self._reading.begin() as connection:
            running = connection.execute(_running(cycles)).scalars().all()
        facts = {cycle: self._facts.of(cycle) for cycle in running}
        wanted = [
            col(AssignmentTable.stage) == Stage.SUBMITTED,
            or_(false(), *(_reviewed(each, reviewer) for each in facts.values())),
        ]
        if among is not None:
            wanted.append(col(AssignmentTable.id).in_(among))
        count = select(func.count()).select_from(AssignmentTable).where(*wanted)
        # Sorted by what is sorted by alone; what else is shown is looked up for one page.
        chosen = (
            select(col(AssignmentTable.id))
            .where(*wanted)
            .order_by(*_PLACE)
            .limit(limit)
            .offset(offset)
        )
        if after is not None:
            chosen = chosen.where(tuple_(*_PLACE) > tuple_(*after))
        query = (
            select(*ROW, col(TaskTable.title).label("title"))
            .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
            .where(col(AssignmentTable.id).in_(chosen.correlate(None)))
            .order_by(*_PLACE)
        )
        with database_errors(), self._reading.begin() as connection:
            total = connection.execute(count).scalar_one()
            found = [(Row(*row[:-1]), str(row[-1])) for row in connection.execute(query)]
        return ReviewQueue(total, [_item(facts[row.cycle], row, title) for row, title in found])

    def accepting(
        self, assignments: Sequence[str], *, actor: Actor, received_at: datetime, command: str
    ) -> list[Accept]:
        """One command for each report, for storing and delivering."""
        return [
            Accept(
                id=f"{command}.{row.id}",
                task=row.task,
                unit=row.unit,
                actor=actor,
                received_at=received_at,
            )
            for row in map(self._forms.row, assignments)
        ]

    def returning(
        self,
        assignment: str,
        reasons: Mapping[str, str],
        *,
        text: str = "",
        last_day: date | None = None,
        actor: Actor,
        received_at: datetime,
        command: str,
    ) -> Return:
        """The command that returns a report, with what is to be done about each task. Its words are
        kept here; raises ValueError with a Vietnamese sentence for a task the report has not, and
        where no reason is given."""
        row = self._forms.row(assignment)
        given = {code: words.strip() for code, words in reasons.items() if words.strip()}
        unknown = given.keys() - {line.code for line in self._forms.form(assignment).lines}
        if unknown:
            raise ValueError(f"Báo cáo này không có nhiệm vụ {', '.join(sorted(unknown))}.")
        whole = "\n".join(
            [*([text.strip()] if text.strip() else []), *(f"{c}: {w}" for c, w in given.items())]
        )
        if not whole:
            raise ValueError("Trả lại báo cáo phải nêu lý do.")
        return Return(
            id=command,
            task=row.task,
            unit=row.unit,
            actor=actor,
            received_at=received_at,
            last_day=last_day,
            # The whole goes into letters; the parts stand beside their tasks on the form.
            text=self._commands.store_statement(whole),
            reasons={code: self._commands.store_statement(words) for code, words in given.items()},
        )


_PLACE = (col(AssignmentTable.received_at), col(AssignmentTable.id))


def _running(cycles: Sequence[str] | None) -> Any:
    query = select(col(CycleTable.id)).where(col(CycleTable.stage).not_in(("closed", "voided")))
    return query if cycles is None else query.where(col(CycleTable.id).in_(cycles))


def _reviewed(facts: CycleFacts, reviewer: str | None) -> ColumnElement[bool]:
    """What one reviews in a cycle: all of it where nobody is named."""
    of_cycle = col(AssignmentTable.cycle) == facts.cycle
    if reviewer is None:
        return of_cycle
    unit = col(AssignmentTable.unit)
    theirs: ColumnElement[bool] = unit.in_(facts.reviewed.get(reviewer, ()))
    if reviewer == facts.plan.officer.coordinator:
        # Also units that joined after the launch: the cycle knows no hub of theirs.
        theirs = or_(theirs, unit.not_in(list(facts.directory.units)))
    return and_(of_cycle, theirs)


def _item(facts: CycleFacts, row: Row, title: str) -> ReviewItem:
    reviewer = facts.reviewer(row.unit)
    return ReviewItem(
        assignment=row.id,
        title=title,
        unit=row.unit,
        unit_name=facts.unit(row.unit).name,
        reviewer=reviewer,
        reviewer_name=facts.unit(reviewer).name,
        report=row.report,
        revision=row.revision,
        received_at=row.received_at or facts.launched_at,
        late=row.late,
    )
