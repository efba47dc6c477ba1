"""What several commands share: refusals, the origin of events, deadlines and ladders kept once."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypedDict

from models.assignment import Assignment, Stage, TaskState, Waiting
from models.calendar import WorkingCalendar
from models.clock import VN
from models.commands import (
    Actor,
    Cancel,
    Command,
    Note,
    Reschedule,
    Resume,
    Suspend,
    TaskCommand,
    UnitCommand,
)
from models.deadline import Ladder
from models.events import Answered, Asked, DeadlineSet, Event, LadderSet
from models.policy import Policy
from rules.deadlines import (
    acknowledgement_ladder,
    ask_ladder,
    build_deadline,
    extension_ladder,
    moved_deadline,
    review_ladder,
)
from rules.evolve import unit_class
from rules.wording import STAGE_NAMES, dmy


class Refusal(Exception):
    """A command that must not be followed; the message is a sentence for the person who asked."""


class Origin(TypedDict):
    """What every event of a command carries."""

    at: datetime
    actor: Actor
    command: str


class UnitOrigin(Origin):
    unit: str


class Kept(NamedTuple):
    """The key of a deadline or ladder, and the event that keeps it when it is new."""

    key: str
    events: list[Event]


class LadderFrom(Protocol):
    def __call__(
        self, since: datetime, /, *, calendar: WorkingCalendar, policy: Policy
    ) -> Ladder: ...


def origin(command: TaskCommand, at: datetime) -> Origin:
    return {"at": at, "actor": command.actor, "command": command.id}


def unit_origin(command: UnitCommand, at: datetime) -> UnitOrigin:
    return {"at": at, "actor": command.actor, "command": command.id, "unit": command.unit}


def unit_of(command: Command) -> str | None:
    """The unit a command concerns, None when it concerns the task."""
    if isinstance(command, UnitCommand | Reschedule | Cancel | Suspend | Resume | Note):
        return command.unit
    return None


def today(at: datetime) -> date:
    """The Vietnamese day of a plan instant."""
    return at.astimezone(VN).date()


def assignment_of(state: TaskState, unit: str) -> Assignment:
    if unit not in state.assignments:
        raise Refusal(f"Đơn vị {unit} không được giao nhiệm vụ {state.facts.code}.")
    return state.assignments[unit]


def expect(state: TaskState, unit: str, stages: Collection[Stage]) -> Assignment:
    """The assignment of `unit`, which must be in one of `stages`."""
    assignment = assignment_of(state, unit)
    if assignment.stage not in stages:
        raise Refusal(f"Không thực hiện được: {standing(assignment)}.")
    return assignment


def standing(assignment: Assignment) -> str:
    """`nhiệm vụ của đơn vị X đang ở trạng thái “đã nộp, chờ duyệt”`."""
    stage = STAGE_NAMES[assignment.stage]
    return f"nhiệm vụ của đơn vị {assignment.unit} đang ở trạng thái “{stage}”"


def need_text(command: TaskCommand, what: str) -> None:
    if command.text is None:
        raise Refusal(f"Đề nghị ghi rõ {what}.")


def check_not_past(last_day: date, at: datetime) -> None:
    if last_day < today(at):
        raise Refusal(f"Ngày {dmy(last_day)} đã qua, đề nghị chọn một ngày khác.")


def check_promise(promised: date, called_at: datetime) -> None:
    if promised < today(called_at):
        raise Refusal(f"Ngày hứa nộp phải từ ngày gọi {dmy(today(called_at))} trở đi.")


def check_issued(issued_on: date, at: datetime) -> None:
    if issued_on > today(at):
        raise Refusal(f"Ngày văn bản {dmy(issued_on)} chưa đến.")


def check_proposed(last_day: date, current: date | None) -> None:
    """What a unit asks for is later than the deadline as it stands."""
    if current is not None and last_day <= current:
        raise Refusal(f"Ngày đề nghị phải sau hạn hiện tại {dmy(current)}.")


def check_extension(last_day: date, current: date | None, at: datetime) -> None:
    """What is granted is later than the deadline as it stands."""
    check_not_past(last_day, at)
    if current is not None and last_day <= current:
        raise Refusal(f"Ngày gia hạn phải sau hạn hiện tại {dmy(current)}.")


def acknowledgement(state: TaskState, command: TaskCommand, at: datetime) -> Kept:
    return _ladder(state, command, "ack", acknowledgement_ladder, at)


def review(state: TaskState, command: TaskCommand, at: datetime) -> Kept:
    return _ladder(state, command, "review", review_ladder, at)


def answering(state: TaskState, command: TaskCommand, at: datetime) -> Kept:
    return _ladder(state, command, "extension", extension_ladder, at)


def _ladder(
    state: TaskState, command: TaskCommand, name: str, build: LadderFrom, at: datetime
) -> Kept:
    """A ladder that begins today, shared by all units for which it does."""
    key = f"{name}@{today(at)}"
    if key in state.ladders:
        return Kept(key, [])
    ladder = build(at, calendar=state.facts.calendar, policy=state.facts.policy)
    return Kept(key, [LadderSet(**origin(command, at), key=key, ladder=ladder)])


def moved(
    state: TaskState,
    assignment: Assignment,
    cause: str,
    last_day: date,
    rule: str,
    command: TaskCommand,
    at: datetime,
) -> Kept:
    """A deadline moved for one unit, shared by all units for which it is moved alike."""
    facts = state.facts
    key = f"{unit_class(assignment.role)}-{cause}@{last_day}"
    if key in state.deadlines:
        return Kept(key, [])
    if assignment.due is None:
        deadline = build_deadline(
            facts.timing_text, rule, last_day, calendar=facts.calendar, policy=facts.policy
        )
    else:
        deadline = moved_deadline(
            state.deadlines[assignment.due],
            last_day,
            rule,
            calendar=facts.calendar,
            policy=facts.policy,
        )
    return Kept(key, [DeadlineSet(**origin(command, at), key=key, deadline=deadline)])


def ask(
    state: TaskState, command: TaskCommand, waiting: Waiting, phrase: str, at: datetime
) -> list[Event]:
    """The officer is asked from now on; a question that is already open is not asked again."""
    if waiting in state.waiting:
        return []
    facts = state.facts
    key = f"ask-{waiting}@{today(at)}"
    ladder = ask_ladder(waiting, at, calendar=facts.calendar, policy=facts.policy)
    return [
        LadderSet(**origin(command, at), key=key, ladder=ladder),
        Asked(**origin(command, at), waiting=waiting, ladder=key, phrase=phrase),
    ]


def ask_adoption(
    state: TaskState, command: TaskCommand, last_day: date, at: datetime
) -> list[Event]:
    phrase = f"{state.facts.timing_text} (hạn {dmy(last_day)})"
    return ask(state, command, Waiting.ADOPTION, phrase, at)


def answered(state: TaskState, command: TaskCommand, waiting: Waiting, at: datetime) -> list[Event]:
    if waiting not in state.waiting:
        return []
    return [Answered(**origin(command, at), waiting=waiting)]


_ASKED_ABOUT = {Waiting.ADOPTION: Stage.HELD, Waiting.RESUMPTION: Stage.SUSPENDED}


def questions_answered(
    state: TaskState, command: TaskCommand, units: Collection[str], at: datetime
) -> list[Event]:
    """The question about breached deadlines is answered when, but for `units`, none is held; the
    one about resting parts when none rests."""
    events: list[Event] = []
    for waiting, stage in _ASKED_ABOUT.items():
        others = (a for a in state.assignments.values() if a.unit not in units)
        if waiting in state.waiting and not any(a.stage is stage for a in others):
            events += answered(state, command, waiting, at)
    return events
