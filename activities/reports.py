"""Reporting: a form is opened, filled in, submitted. What was typed is kept before it is judged."""

from datetime import date, datetime
from typing import BinaryIO

from sqlalchemy import Engine

from activities.asked import Key
from activities.attachments import Attachments
from activities.report_forms import Forms
from activities.report_store import ReportStore, Submission
from models.commands import Actor, ActorKind, Submit
from models.finding import BadInput, Finding, Severity
from models.report import Attachment, Draft, FieldFinding, Report, ReportForm, ReportProblem
from rules.report_checks import check_report
from rules.working_calendar import reason_off


class NotYours(ReportProblem):
    """Somebody acts for a unit that is not theirs."""


class Locked(ReportProblem):
    """The report cannot be changed at this time."""


class Unfit(BadInput):
    """A report that is not fit to be handed in, field by field; the draft is kept."""

    def __init__(self, fields: list[FieldFinding]) -> None:
        super().__init__(
            [
                Finding(severity=Severity.ERROR, place=each.field, message=each.message)
                for each in fields
            ]
        )
        self.fields = fields


class Reports:
    """Besides what is named here, every method raises UnknownAssignment for an id nothing has, and
    DatabaseUnavailable."""

    def __init__(self, engine: Engine, attachments: Attachments) -> None:
        self._forms = Forms(engine)
        self._store = ReportStore(engine)
        self._attachments = attachments

    def form(self, assignment: str, *, fresh: bool = False) -> ReportForm:
        """`fresh` starts again from what subordinates have reported; nothing is saved by it."""
        return self._forms.form(assignment, fresh=fresh)

    def outline(self, assignment: str) -> ReportForm:
        """The form without what was ever reported."""
        return self._forms.outline(assignment)

    def reviewer(self, assignment: str) -> str:
        """The name of who reviews a report, as the cycle knows it."""
        row = self._forms.row(assignment)
        facts = self._forms.facts.of(row.cycle)
        return facts.unit(facts.reviewer(row.unit)).name

    def off(self, cycle: str, day: date) -> str | None:
        """Why offices do not work on a day, by the cycle's calendar; None where they do."""
        return reason_off(self._forms.facts.of(cycle).calendar, day)

    def save_draft(
        self, assignment: str, draft: Draft, *, version: int, actor: Actor, at: datetime
    ) -> int:
        """Keeps what was typed, right or wrong, and returns its version. `version` is the one the
        form was read with. Raises DraftConflict, NotYours or Locked."""
        form = self._forms.form(assignment)
        self._check_may_report(form.unit, actor)
        _check_unlocked(form)
        return self._store.save_draft(assignment, draft, version=version, at=at, by=_ref(actor))

    def check(self, assignment: str, draft: Draft) -> list[FieldFinding]:
        """What is not fit yet, field by field."""
        form = self._forms.form(assignment)
        return [*self._foreign(assignment, draft), *check_report(form, draft).findings]

    def submit(
        self,
        assignment: str,
        draft: Draft,
        *,
        version: int,
        actor: Actor,
        received_at: datetime,
        command: str,
        on_behalf: bool = False,
        reference: str | None = None,
        text: str | None = None,
        key: Key | None = None,
    ) -> Submit:
        """Saves the draft, then keeps the report, its command and the `key` it was asked for under
        in one transaction. The command returned is still to be delivered; a command id used before
        brings its first command.

        Raises KeyReused, Unfit, DraftConflict, NotYours or Locked; unless it is DraftConflict or
        NotYours what was typed has been saved.
        """
        if (known := self._store.command(command)) is not None:
            return known
        row = self._forms.row(assignment)
        version = self.save_draft(assignment, draft, version=version, actor=actor, at=received_at)
        form = self._forms.form(assignment)
        content, fields = check_report(form, draft)
        fields += self._foreign(assignment, draft)
        if content is None or fields:
            raise Unfit(fields)
        submit = Submit(
            id=command,
            task=row.task,
            unit=row.unit,
            actor=actor,
            received_at=received_at,
            on_behalf=on_behalf,
            reference=reference,
            text=text,
        )
        submission = Submission(assignment, submit, content, _ref(actor), key)
        return submit.model_copy(update={"report": self._store.submit(submission)})

    def attach(
        self, assignment: str, name: str, stream: BinaryIO, *, actor: Actor, at: datetime
    ) -> Attachment:
        """Keeps a file as evidence; a draft then names it. Raises Unacceptable,
        StorageUnavailable, NotYours or Locked."""
        form = self._forms.form(assignment)
        self._check_may_report(form.unit, actor)
        _check_unlocked(form)
        return self._attachments.keep(assignment, name, stream, at=at, by=_ref(actor))

    def attachments(self, assignment: str) -> list[Attachment]:
        return self._attachments.of(assignment)

    def open_attachment(self, assignment: str, sha256: str) -> tuple[Attachment, BinaryIO]:
        """Raises KeyError for a file the assignment does not have."""
        return self._attachments.open(assignment, sha256)

    def revisions(self, assignment: str) -> list[Report]:
        """All that was ever submitted, in order, with what became of it."""
        return self._store.reports(assignment)

    def _check_may_report(self, unit: str, actor: Actor) -> None:
        if not self.may_report(unit, actor):
            raise NotYours(f"Không báo cáo thay đơn vị {unit} được.")

    def may_report(self, unit: str, actor: Actor) -> bool:
        """A unit reports for itself; the officer, and whoever reviews it, enter what it sent on
        paper. The engine decides again when the command arrives."""
        match actor.kind:
            case ActorKind.OFFICER | ActorKind.SYSTEM:
                return True
            case ActorKind.UNIT:
                return actor.ref == unit
            case _:
                return False

    def _foreign(self, assignment: str, draft: Draft) -> list[FieldFinding]:
        """A file may be named only where it was handed in."""
        known = {each.sha256 for each in self._attachments.of(assignment)}
        return [
            FieldFinding(field="attachments", message=f"Tệp “{each.name}” chưa được tải lên.")
            for each in draft.attachments
            if each.sha256 not in known
        ]


def _check_unlocked(form: ReportForm) -> None:
    if form.locked:
        raise Locked(form.locked)


def _ref(actor: Actor) -> str:
    return f"{actor.kind}:{actor.ref}"
