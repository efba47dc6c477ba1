"""Reviewing: what waits for whom, and the commands that answer it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlmodel import col

from activities.commands import Commands
from activities.cycle_facts import FactsReader
from activities.database import database_errors, reading
from activities.report_forms import Forms
from activities.report_rows import ROW, Row
from models.assignment import Stage
from models.commands import Accept, Actor, Return
from models.report import ReviewItem
from models.tables import AssignmentTable, CycleTable, TaskTable


class Reviews:
    """Besides what is named here, raises UnknownAssignment and DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)
        self._forms = Forms(engine)
        self._facts: FactsReader = self._forms.facts
        self._commands = Commands(engine)

    def queue(
        self, *, reviewer: str | None = None, cycles: Sequence[str] | None = None
    ) -> list[ReviewItem]:
        """The reports that wait for an answer, oldest first: of one reviewer (a unit's code), in
        some cycles, or all that run."""
        query = (
            select(*ROW, col(TaskTable.title).label("title"))
            .join(TaskTable, col(TaskTable.id) == col(AssignmentTable.task))
            .join(CycleTable, col(CycleTable.id) == col(AssignmentTable.cycle))
            .where(
                col(AssignmentTable.stage) == Stage.SUBMITTED,
                col(CycleTable.stage).not_in(("closed", "voided")),
            )
            .order_by(col(AssignmentTable.received_at), col(AssignmentTable.id))
        )
        if cycles is not None:
            query = query.where(col(AssignmentTable.cycle).in_(cycles))
        with database_errors(), self._reading.begin() as connection:
            found = [(Row(*row[:-1]), str(row[-1])) for row in connection.execute(query)]
        items = [self._item(row, title) for row, title in found]
        return [item for item in items if reviewer in (None, item.reviewer)]

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

    def _item(self, row: Row, title: str) -> ReviewItem:
        facts = self._facts.of(row.cycle)
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
