"""What units report: the content of a form, what it is checked against, what it adds up to.

Figures are whole numbers of things counted (people, schools, đồng): parts are added and shares are
worked out from the sums, never averaged.
"""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from models.assignment import Stage
from models.directory import UnitKind
from models.message import Message
from models.plan import TargetNumber


class ReportProblem(Exception):
    """What cannot be done with a report, and why, as a Vietnamese sentence."""


class TaskStatus(StrEnum):
    """What a unit says of one task in one period."""

    NOT_STARTED = "not_started"  # chưa thực hiện
    ONGOING = "ongoing"  # đang thực hiện
    DONE = "done"  # đã hoàn thành
    NOTHING = "nothing"  # không phát sinh trong kỳ


class DataWindow(Message):
    """The first and the last day a period's data covers (Decree 09/2019/NĐ-CP, art. 12)."""

    first: date
    last: date
    rule: str


# What is reported


class TaskLine(Message):
    """One task in one report. `links` are addresses of evidence, such as channels."""

    code: str
    status: TaskStatus
    result: str = ""
    difficulties: str = ""
    proposals: str = ""
    links: tuple[str, ...] = ()


class Sums(Message):
    """A share by its parts. `units` says how many reports were added up."""

    numerator: int = 0
    denominator: int | None = None
    units: int = 1


class Figure(Message):
    """One target in one report: a number by its parts, or words where the target has no number.

    `gathered` is what the accepted reports of subordinates added up to when the report was
    submitted; where the reporter states something else, that is its correction, and `note` says
    why.
    """

    target: str
    numerator: int | None = None
    denominator: int | None = None
    statement: str = ""
    note: str = ""
    gathered: Sums | None = None

    @property
    def corrected(self) -> bool:
        if self.gathered is None:
            return False
        return (self.numerator, self.denominator) != (
            self.gathered.numerator,
            self.gathered.denominator,
        )


class EstimateLine(Message):
    """One row of a budget estimate, in đồng; `amount` is quantity times price."""

    content: str
    unit: str = ""
    quantity: int
    price: int
    amount: int
    source: str = ""
    note: str = ""


class Attachment(Message):
    """Evidence, kept by the SHA-256 of its bytes. `size` in bytes."""

    sha256: str
    name: str
    media_type: str
    size: int


class Gathered(Message):
    """A subordinate's accepted report that went into this one."""

    unit: str
    report: str


class ReportContent(Message):
    """What a unit has submitted. `missing` are subordinates that had not reported by then."""

    lines: tuple[TaskLine, ...] = ()
    figures: tuple[Figure, ...] = ()
    estimates: tuple[EstimateLine, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    summary: str = ""
    gathered: tuple[Gathered, ...] = ()
    missing: tuple[str, ...] = ()


class Report(Message):
    """A submitted report, kept for ever. `number` counts what was submitted for the assignment."""

    id: str
    assignment: str
    unit: str
    number: int
    submitted_at: AwareDatetime
    submitted_by: str
    content: ReportContent
    verdict: str | None = None  # applied, refused, failed; None while undecided
    reason: str = ""


# What is typed: kept as it was typed, right or wrong


class LineDraft(Message):
    status: str = ""
    result: str = ""
    difficulties: str = ""
    proposals: str = ""
    links: str = ""  # một địa chỉ mỗi dòng


class FigureDraft(Message):
    numerator: str = ""
    denominator: str = ""
    statement: str = ""
    note: str = ""


class EstimateDraft(Message):
    content: str = ""
    unit: str = ""
    quantity: str = ""
    price: str = ""
    amount: str = ""
    source: str = ""
    note: str = ""


class Draft(Message):
    """A form as far as it is filled in: task code and target code to what was typed."""

    lines: dict[str, LineDraft] = {}
    figures: dict[str, FigureDraft] = {}
    estimates: tuple[EstimateDraft, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    summary: str = ""


class FieldFinding(Message):
    """What is wrong with one field: `lines.III.1.a.status`, `figures.II.2.a.1.numerator`."""

    field: str
    message: str


# The form


class FormLine(Message):
    """A task the unit holds, and what it said of it last time."""

    code: str
    text: str
    timing: str
    ongoing: bool
    last_day: date | None = None
    previous: TaskLine | None = None
    returned_because: str = ""


class FormTarget(Message):
    """A target that concerns the unit. Without `number` it is followed by words. `required` says
    that the target's year has come."""

    code: str
    year: int
    text: str
    number: TargetNumber | None = None
    required: bool = True
    previous: Figure | None = None
    gathered: Sums | None = None

    @property
    def counted(self) -> bool:
        """Whether a denominator is asked for as well."""
        return self.number is not None and self.number.unit == "%"


class Standing(StrEnum):
    """Where a unit's report of a period stands, as its reviewer sees it."""

    SILENT = "silent"  # chưa báo cáo
    WAITING = "waiting"  # đã nộp, chờ duyệt
    RETURNED = "returned"  # bị trả lại
    ACCEPTED = "accepted"  # đã được chấp nhận
    EXCUSED = "excused"  # không phải báo cáo: không tiếp tục, đã chuyển, đã xong trước phát động


class Reporter(Message):
    """A unit that owes a report in a period, and where it stands. `changed` says that it was
    accepted after it had been gathered, or anew."""

    unit: str
    name: str
    kind: UnitKind
    hub: str | None = None
    hub_name: str = ""
    standing: Standing
    late: bool = False
    last_day: date | None = None
    received_at: AwareDatetime | None = None
    report: str | None = None
    changed: bool = False


class ReportForm(Message):
    """A form to fill in: what is asked, what was typed, what it starts from.

    `version` is the draft's, 0 without one: whoever saves names the version it was read with.
    `locked` says in a Vietnamese sentence why nothing can be changed now; `asked` is what the plan
    says of the report itself.
    """

    assignment: str
    unit: str
    unit_name: str
    title: str
    plan_title: str
    period: str
    asked: str = ""
    window: DataWindow | None = None
    last_day: date | None = None
    breach: AwareDatetime | None = None
    stage: Stage
    locked: str = ""
    version: int = 0
    saved_at: AwareDatetime | None = None
    draft: Draft = Draft()
    lines: tuple[FormLine, ...] = ()
    targets: tuple[FormTarget, ...] = ()
    estimating: bool = False
    evidence_needed: bool = False
    reporters: tuple[Reporter, ...] = ()
    returned_because: str = ""


class ReviewItem(Message):
    """A report that waits for an answer. `reviewer` is who owes it."""

    assignment: str
    title: str
    unit: str
    unit_name: str
    reviewer: str
    reviewer_name: str
    report: str | None
    revision: int
    received_at: AwareDatetime
    late: bool


# What it adds up to


class FourWay(Message):
    """Assignments by how they stand. `completed_*` count what was submitted or accepted; `undated`
    has no deadline ("chưa có hạn", thường xuyên included in `ongoing`). `held` had passed before
    the launch: until the officer decides nobody knows whether it is done, so it is none of the
    four."""

    completed_on_time: int = 0
    completed_late: int = 0
    open_within_time: int = 0
    open_overdue: int = 0
    held: int = 0
    undated: int = 0
    ongoing: int = 0
    discontinued: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, name) for name in FourWay.model_fields)


class StillRow(Message):
    """A task and how many of its units have not moved for `days` days or more."""

    code: str
    text: str
    units: int
    days: int


class FourWayRow(Message):
    """One row of a four-way table: a task, a unit, a group of units or a period."""

    key: str
    name: str
    counts: FourWay


class Coverage(Message):
    """`118/124 xã đã báo cáo`: `reported` counts accepted reports, `waiting` those in review."""

    name: str
    reported: int
    waiting: int
    expected: int


class TargetValue(Message):
    """A target in one period: the sums, who was counted, and whether it is reached.

    `share` is in percent where the target has a denominator. `reached` is None while that cannot
    be said.
    """

    period: str
    numerator: int | None = None
    denominator: int | None = None
    share: float | None = None
    reported: int = 0
    expected: int = 0
    reached: bool | None = None


class SourcedText(Message):
    """Words with whose they are."""

    unit: str
    name: str
    text: str


class TargetRow(Message):
    """One target over the periods so far; the last of `values` is the period reported on."""

    code: str
    year: int
    text: str
    number: TargetNumber | None = None
    values: tuple[TargetValue, ...] = ()
    statements: tuple[SourcedText, ...] = ()
    corrections: tuple[SourcedText, ...] = ()

    @property
    def current(self) -> TargetValue:
        return self.values[-1]


class TaskSection(Message):
    """One task in the consolidated report: how many units say what, and their words."""

    code: str
    section: str
    text: str
    timing: str
    statuses: dict[TaskStatus, int] = {}
    counts: FourWay = FourWay()
    results: tuple[SourcedText, ...] = ()
    difficulties: tuple[SourcedText, ...] = ()
    proposals: tuple[SourcedText, ...] = ()


class LateUnit(Message):
    """A unit of the appendix: what it reported late, or owes and has not reported."""

    unit: str
    name: str
    hub_name: str = ""
    task: str
    title: str
    last_day: date
    received_at: AwareDatetime | None = None
    days_late: int


class Source(Message):
    """Where the numbers come from: the moment they were looked at, and how many accepted reports
    and ledger entries there were then."""

    data_at: AwareDatetime
    reports: int
    ledger_entries: int


class ConsolidatedReport(Message):
    """Everything the consolidated report ("báo cáo tổng hợp") of a period says.

    `issuer` publishes it, `drafted_by` wrote it, `to` receives it through `via`. `period` is `H1`,
    `period_name` "6 tháng đầu năm 2026". `missing` are those who have not reported (schools with
    their hub), `waiting` those in review, `changed` those whose report was accepted after their
    hub had gathered; none of the three is in the figures.
    """

    plan: str
    plan_title: str
    plan_full_title: str
    plan_number: str | None = None
    plan_date: date | None = None
    issuer: str
    drafted_by: str
    to: str = ""
    via: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    year: int
    period: str
    period_name: str
    report_code: str
    window: DataWindow | None = None
    last_day: date | None = None
    source: Source
    coverage: tuple[Coverage, ...] = ()
    period_counts: FourWay = FourWay()
    cycle_counts: FourWay = FourWay()
    by_task: tuple[FourWayRow, ...] = ()
    by_group: tuple[FourWayRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    tasks: tuple[TaskSection, ...] = ()
    summaries: tuple[SourcedText, ...] = ()
    late: tuple[LateUnit, ...] = ()
    missing: tuple[Reporter, ...] = ()
    waiting: tuple[Reporter, ...] = ()
    changed: tuple[Reporter, ...] = ()
    not_updated: tuple[StillRow, ...] = ()
