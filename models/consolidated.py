"""The consolidated report of a period: what units said, added up, with who is late or silent."""

from datetime import date

from pydantic import AwareDatetime

from models.message import Message
from models.plan import TargetNumber
from models.report import DataWindow, Reporter, TaskStatus


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
    """A unit of the appendix: what it reported late, or owes and has not reported. `settled`: done
    before the launch, late by the officer's word; nobody knows by how many days."""

    unit: str
    name: str
    hub_name: str = ""
    task: str
    title: str
    last_day: date
    received_at: AwareDatetime | None = None
    days_late: int
    settled: bool = False


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
