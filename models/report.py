"""What units report: the content of a form and what it is checked against.

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
