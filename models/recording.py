"""What a task workflow asks its ledger to record, and what the ledger answers."""

from enum import StrEnum

from pydantic import AwareDatetime

from models.assignment import Head, Role, Stage, TaskState
from models.clock import Clock
from models.commands import Command, Outcome
from models.deadline import RungKind
from models.events import Event
from models.message import Message


class AssignmentRow(Message):
    """One assignment as screens show it."""

    unit: str
    role: Role
    stage: Stage
    version: int
    last_day: str | None = None  # ISO
    breach: AwareDatetime | None = None
    target: str | None = None  # ISO
    acknowledged_at: AwareDatetime | None = None
    received_at: AwareDatetime | None = None
    report: str | None = None
    revision: int = 0
    late: bool = False
    level: int = 0
    extension_asked: bool = False
    next_rung_at: AwareDatetime | None = None
    next_rung: str | None = None
    updated_at: AwareDatetime | None = None


class TaskRow(Message):
    """One task as screens show it. `next_instant` is when the workflow will look again."""

    stage: str
    waiting: tuple[str, ...] = ()
    next_instant: AwareDatetime | None = None
    next_deadline: AwareDatetime | None = None
    open_units: int = 0
    total_units: int = 0
    level: int = 0


class NoticeLine(Message):
    """One thing to tell one recipient about one assignment (or one task, when `unit` is None).

    `recipient` is a unit's code, with `:head` for the head of the unit. `urgent` lines go out at
    once, the others with the day's digest. `text` refers to words a person wrote. `phrase` and
    `rule` say why `last_day`; if nothing comes, `next_to` (recipients) are told on `next_day`.
    """

    unit: str | None = None
    version: int = 1
    rung: str
    recipient: str
    kind: RungKind | str
    level: int = 0
    scheduled: AwareDatetime
    urgent: bool = False
    last_day: str | None = None
    why: str = ""
    text: str | None = None
    phrase: str = ""
    rule: str = ""
    next_day: str | None = None
    next_to: tuple[str, ...] = ()


class Recording(Message):
    """All that is waiting to be recorded for one task, in one transaction.

    `head` is the entry the events build on. `rungs_from` is the scheduled instant of the latest
    rung about to fire: stored commands received before it must be decided first.
    `deciding` are the commands whose outcomes are in `outcomes`.
    """

    task: str
    cycle: str
    head: Head
    at: AwareDatetime
    events: tuple[Event, ...]
    outcomes: tuple[Outcome, ...] = ()
    rungs_from: AwareDatetime | None = None
    assignments: tuple[AssignmentRow, ...] = ()
    summary: TaskRow
    notices: tuple[NoticeLine, ...] = ()


class Answer(StrEnum):
    RECORDED = "recorded"  # đã ghi
    OVERTAKEN = "overtaken"  # sổ đã đi xa hơn: `events` là phần đã có
    EARLIER = "earlier"  # có lệnh nhận trước chưa được xét: `commands`
    DECIDED = "decided"  # có lệnh đã được quyết định từ trước: `outcomes`
    BEHIND = "behind"  # sổ cũ hơn quy trình: dừng, chờ sửa chữa


class Recorded(Message):
    """`head` is the ledger's head after the recording (or as found when nothing was written)."""

    answer: Answer
    head: Head
    events: tuple[Event, ...] = ()
    commands: tuple[Command, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


class Loaded(Message):
    """A task as its ledger tells it."""

    state: TaskState
    head: Head


class TaskStart(Message):
    """The input of a PlanTaskWorkflow. Without `loaded` the task is read from its ledger."""

    task: str
    clock: Clock
    loaded: Loaded | None = None
