"""Forms as they are opened: what is asked of a unit, and what is known already."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Engine, bindparam, select
from sqlmodel import col

from activities.cycle_facts import CycleFacts, FactsReader
from activities.database import database_errors, reading
from activities.report_rows import (
    ROW,
    Known,
    Opened,
    Row,
    before,
    opened,
    reporter,
    what_is_known,
)
from activities.report_store import ReportStore, SavedDraft, contents_of
from models.assignment import OPEN, Stage
from models.clock import VN
from models.plan import PlanTask, Target
from models.report import (
    Draft,
    Figure,
    FormLine,
    FormTarget,
    LineDraft,
    ReportContent,
    ReportForm,
    ReportProblem,
    TaskLine,
)
from models.tables import AssignmentTable
from rules.report_drafts import draft_of, line_draft
from rules.roll_up import Part, added_by_target, gathered_draft, with_gathered
from rules.targets import number_of
from rules.wording import STAGE_NAMES


class UnknownAssignment(ReportProblem):
    """No assignment has this id."""


class Forms:
    def __init__(self, engine: Engine) -> None:
        self._reading = reading(engine)
        self._store = ReportStore(engine)
        self.facts = FactsReader(engine)

    def form(self, assignment: str, *, fresh: bool = False) -> ReportForm:
        """The form of an assignment. `fresh` starts again from what subordinates have reported,
        leaving the saved draft where it is. Raises UnknownAssignment."""
        return self._form(assignment, fresh=fresh)

    def outline(self, assignment: str) -> ReportForm:
        """What is asked, until when and what was said of it, without what was ever reported.
        Raises UnknownAssignment."""
        return self._form(assignment, filled=False)

    def _form(self, assignment: str, *, fresh: bool = False, filled: bool = True) -> ReportForm:
        with database_errors(), self._reading.begin() as connection:
            found = opened(connection, assignment)
            if found is None:
                raise UnknownAssignment(f"Không có phần việc {assignment}.")
            facts = self.facts.known(connection, found.facts)
            known = what_is_known(connection, found.row, facts, earlier=filled)
            contents = contents_of(connection, _needed(found.row, known)) if filled else {}
            earlier = before(connection, found.row, facts) if found.saved is None else None
        if earlier is not None:
            found = found._replace(saved=self._left_behind(earlier))
        return _Filling(facts, found, known, contents).form(fresh=fresh)

    def _left_behind(self, earlier: Row) -> SavedDraft | None:
        """What was typed and not handed in when its cycle closed. Its evidence stays there: a file
        may be named only where it was handed in."""
        saved = self._store.draft(earlier.id)
        if saved is None:
            return None
        return saved._replace(version=0, draft=saved.draft.model_copy(update={"attachments": ()}))

    def row(self, assignment: str) -> Row:
        with database_errors(), self._reading.begin() as connection:
            found = connection.execute(_ROW, {"assignment": assignment}).one_or_none()
        if found is None:
            raise UnknownAssignment(f"Không có phần việc {assignment}.")
        return Row(*found)


_ROW = select(*ROW).where(col(AssignmentTable.id) == bindparam("assignment"))


def _needed(row: Row, known: Known) -> Iterable[str]:
    yield from known.own_reports.values()
    yield from (each.report for each in known.below if each.report and each.stage == Stage.ACCEPTED)
    yield from (each for each in (known.previous, row.report) if each)


class _Filling:
    """One form being put together."""

    def __init__(
        self,
        facts: CycleFacts,
        opened: Opened,
        known: Known,
        contents: dict[str, ReportContent],
    ) -> None:
        self.facts = facts
        self.opened = opened
        self.row = opened.row
        self.saved = opened.saved
        self.known = known
        self.contents = contents
        self.periodic = self.row.code in facts.reports
        self.previous = contents.get(known.previous or "", ReportContent())
        self.parts = [
            Part(each.unit, facts.unit(each.unit).name, contents[each.report])
            for each in known.below
            if each.report in contents and each.stage == Stage.ACCEPTED
        ]

    def form(self, *, fresh: bool) -> ReportForm:
        row, facts = self.row, self.facts
        period = facts.period(row.code, row.occurrence)
        lines, targets = self._lines(), self._targets()
        duty = facts.reports.get(row.code)
        return ReportForm(
            assignment=row.id,
            unit=row.unit,
            unit_name=facts.unit(row.unit).name,
            title=self.opened.task_title,
            plan_title=facts.plan.officer.short_title,
            period=period.name if period else "",
            asked=duty.text if duty else "",
            window=period.window if period else None,
            last_day=date.fromisoformat(row.last_day) if row.last_day else None,
            breach=row.breach,
            stage=Stage(row.stage),
            locked=self._locked(),
            version=self.saved.version if self.saved else 0,
            saved_at=self.saved.saved_at if self.saved else None,
            draft=self._draft(lines, targets, fresh=fresh),
            lines=lines,
            targets=targets,
            estimating=duty is not None and duty.asks == "estimates",
            evidence_needed=not self.periodic,
            reporters=tuple(reporter(facts, each) for each in self.known.below),
            returned_because=self.known.returned[0],
        )

    def _lines(self) -> tuple[FormLine, ...]:
        return tuple(self._line(task) for task in self._tasks())

    def _tasks(self) -> list[PlanTask]:
        """A periodic report is about all that the unit and those it gathers from hold; the report
        upwards about the whole plan; what has a deadline of its own about itself."""
        row, facts = self.row, self.facts
        if not self.periodic:
            return [facts.tasks[row.code]] if row.code in facts.tasks else []
        duty = facts.reports[row.code]
        if duty.asks == "estimates":
            return []
        whole = facts.gathered_report(row.code, row.unit) is not None
        return [task for code, task in facts.tasks.items() if whole or code in self.known.held]

    def _line(self, task: PlanTask) -> FormLine:
        ongoing = task.code in self.facts.ongoing
        last_day = None if ongoing else self.known.last_days.get(task.code)
        before = {line.code: line for line in self.previous.lines}
        return FormLine(
            code=task.code,
            text=task.text,
            timing=task.timing.text,
            ongoing=ongoing,
            last_day=date.fromisoformat(last_day) if last_day else None,
            previous=before.get(task.code),
            returned_because=self.known.returned[1].get(task.code, ""),
        )

    def _targets(self) -> tuple[FormTarget, ...]:
        row, facts = self.row, self.facts
        duty = facts.reports.get(row.code)
        if duty is None or duty.asks == "estimates":
            return ()
        whole = facts.gathered_report(row.code, row.unit) is not None
        asked = facts.plan.document.targets if whole else facts.targets_of(row.unit)
        before = {figure.target: figure for figure in self.previous.figures}
        targets = [self._target(target, before.get(target.code)) for target in asked]
        return with_gathered(targets, added_by_target(self.parts))

    def _target(self, target: Target, before: Figure | None) -> FormTarget:
        return FormTarget(
            code=target.code,
            year=target.year,
            text=target.text,
            number=number_of(target),
            required=target.year <= self.facts.year,
            previous=before,
        )

    def _draft(
        self, lines: tuple[FormLine, ...], targets: tuple[FormTarget, ...], *, fresh: bool
    ) -> Draft:
        row = self.row
        submitted = self.contents.get(row.report or "")
        if row.stage in (Stage.SUBMITTED, Stage.ACCEPTED) and submitted is not None:
            return draft_of(submitted)
        if self.saved is not None and not fresh:
            return self.saved.draft
        if submitted is not None and not fresh:
            return draft_of(submitted)
        draft = gathered_draft(lines, targets, self.parts)
        return draft.model_copy(update={"lines": {**self._own_lines(lines), **draft.lines}})

    def _own_lines(self, lines: tuple[FormLine, ...]) -> dict[str, LineDraft]:
        """What the unit has reported by itself about a task with a deadline is not asked again."""
        found: dict[str, LineDraft] = {}
        for asked in lines:
            own = self.contents.get(self.known.own_reports.get(asked.code, ""))
            line: TaskLine | None = next(
                (each for each in own.lines if each.code == asked.code) if own else iter(()), None
            )
            if line is not None:
                found[asked.code] = line_draft(line)
        return found

    def _locked(self) -> str:
        row = self.row
        if "voided" in (self.opened.cycle_stage, self.opened.task_stage):
            return "Lần phát động này đã bị hủy nên không nhận báo cáo nữa."
        if self.opened.task_stage == "closed":
            return "Chu kỳ đã khép lại nên không nhận báo cáo nữa."
        if not self.periodic and row.breach is None and self.opened.ongoing:
            return (
                "Nhiệm vụ thường xuyên được báo cáo trong báo cáo định kỳ; tiến độ giữa kỳ xin "
                "ghi bằng ghi chú."
            )
        if row.stage == Stage.SUBMITTED:
            when = (
                f" lúc {row.received_at.astimezone(VN):%H:%M %d/%m/%Y}" if row.received_at else ""
            )
            return f"Báo cáo đã nộp{when} và đang chờ duyệt; muốn sửa, hãy rút về trước."
        if row.stage == Stage.ACCEPTED:
            return "Báo cáo đã được chấp nhận; muốn sửa, đề nghị người duyệt mở lại."
        if Stage(row.stage) not in OPEN:
            return f"Không nhận báo cáo: {STAGE_NAMES[Stage(row.stage)]}."
        return ""
