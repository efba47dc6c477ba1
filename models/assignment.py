"""The state of one task workflow: shared deadlines, and per unit only what differs."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from pydantic import AwareDatetime

from models.calendar import WorkingCalendar
from models.deadline import Deadline, Ladder
from models.message import Message
from models.policy import Policy


class Role(StrEnum):
    LEAD = "lead"  # chủ trì
    PERFORMER = "performer"  # thực hiện phần của mình
    COOPERATING = "cooperating"  # phối hợp
    SUBORDINATE = "subordinate"  # cơ sở báo cáo về đầu mối


class Stage(StrEnum):
    """Where one unit stands with one task."""

    ASSIGNED = "assigned"  # đã giao, chưa nộp
    HELD = "held"  # hạn đã qua trước khi phát động: chờ cán bộ quyết định
    SUBMITTED = "submitted"  # đã nộp, chờ duyệt
    RETURNED = "returned"  # bị trả lại, chờ nộp lại
    SUSPENDED = "suspended"  # tạm dừng, chờ văn bản của cấp trên: thời gian còn lại giữ nguyên
    ACCEPTED = "accepted"  # đã được chấp nhận
    SETTLED = "settled"  # đã xong trước khi phát động, hoặc khép lại cùng chu kỳ
    CANCELLED = "cancelled"  # không tiếp tục thực hiện
    REASSIGNED = "reassigned"  # đã chuyển cho đơn vị khác


OWING = frozenset({Stage.ASSIGNED, Stage.RETURNED})
OPEN = OWING | {Stage.HELD, Stage.SUBMITTED, Stage.SUSPENDED}


class TaskStage(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    VOIDED = "voided"


class Waiting(StrEnum):
    """What a task waits for from the coordinating officer."""

    ALLOCATION = "allocation"  # phân công đơn vị
    DATE = "date"  # ấn định hạn
    DOCUMENT = "document"  # số, ngày văn bản của cấp trên
    ADOPTION = "adoption"  # quyết định với hạn đã qua trước khi phát động
    RESUMPTION = "resumption"  # cho tiếp tục phần việc đang tạm dừng


class ExtensionRequest(Message):
    """An extension asked for and not yet answered. `proposed` is the last day asked for."""

    asked_at: AwareDatetime
    proposed: date


class Suspension(Message):
    """Since when a part rests, where it stood, and the working days that were left to its deadline;
    None when it had no deadline or that had passed."""

    since: AwareDatetime
    stage: Stage
    left: int | None = None


class Assignment(Message):
    """One unit's part in one task.

    `due`, `ack` and `review` name ladders of the task; a `*_mark` is the instant up to which the
    rungs of that ladder have been recorded, so that no rung is ever recorded twice.
    """

    unit: str
    role: Role
    hub: str | None = None
    stage: Stage = Stage.ASSIGNED
    resumes: Stage = Stage.ASSIGNED
    assigned_at: AwareDatetime
    acknowledged_at: AwareDatetime | None = None
    due: str | None = None
    version: int = 1
    due_mark: AwareDatetime | None = None
    ack: str | None = None
    ack_mark: AwareDatetime | None = None
    review: str | None = None
    review_mark: AwareDatetime | None = None
    received_at: AwareDatetime | None = None
    report: str | None = None
    revision: int = 0
    late: bool = False
    said_late: bool = False  # late by the officer's word alone: goes when that was a mistake
    extension: ExtensionRequest | None = None
    extensions: int = 0
    suspension: Suspension | None = None
    level: int = 0
    updated_at: AwareDatetime | None = None

    @cached_property
    def standing(self) -> tuple[object, ...]:
        """What decides the next rungs and the counts: equal for units that stand alike."""
        return (
            self.stage,
            self.level,
            self.due,
            self.due_mark,
            self.ack if self.acknowledged_at is None else None,
            self.ack_mark,
            self.review,
            self.review_mark,
            self.extension is not None,
        )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("standing", None)  # a copy may stand otherwise
        return copied


class Ask(Message):
    """A question the officer is reminded of until it is answered."""

    ladder: str
    mark: AwareDatetime | None = None
    phrase: str = ""


class TaskFacts(Message):
    """What does not change while the task runs: enough to follow it up without the directory."""

    id: str
    cycle: str
    plan: str
    plan_title: str
    code: str
    occurrence: str
    title: str
    text: str
    timing_text: str
    ongoing: bool = False
    dormant_days: int | None = None  # trong N ngày kể từ ngày văn bản được chờ
    gathered: bool = False  # đầu mối tổng hợp từ các cơ sở của mình
    coordinator: str
    leadership: str
    policy: Policy
    calendar: WorkingCalendar


class TaskState(Message):
    """One task with all its units: the whole memory of a PlanTaskWorkflow.

    `deadlines` and `ladders` are shared by the assignments that name them; `classes` names the
    deadline of each class of unit (`performer`, `subordinate`).
    """

    facts: TaskFacts
    stage: TaskStage = TaskStage.OPEN
    deadlines: dict[str, Deadline] = {}
    ladders: dict[str, Ladder] = {}
    classes: dict[str, str] = {}
    assignments: dict[str, Assignment] = {}
    waiting: dict[Waiting, Ask] = {}

    @cached_property
    def alike(self) -> tuple[tuple[Assignment, ...], ...]:
        """The assignments grouped by what decides their next rungs and how they are counted: most
        units of a task stand alike, and walking 2,000 of them several times a step is slow."""
        groups: dict[tuple[object, ...], list[Assignment]] = {}
        for assignment in self.assignments.values():
            groups.setdefault(assignment.standing, []).append(assignment)
        return tuple(map(tuple, groups.values()))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("alike", None)  # a copy may carry other assignments
        return copied


class Head(Message):
    """Where a chain ends: the number of its last entry and that entry's hash."""

    seq: int = 0
    hash: str = ""
