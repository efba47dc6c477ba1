"""What follows from a command: events, or a refusal with its reason.

Here a command is checked and handed on: what units and reviewers do is decided in `decide_unit`,
what the officer does for the task in `decide_task`, and what rests in `decide_rest`.
"""

from datetime import datetime
from typing import assert_never

from models.assignment import Stage, TaskStage, TaskState
from models.commands import (
    Accept,
    Acknowledge,
    Actor,
    ActorKind,
    Adopt,
    Allocate,
    AskExtension,
    Cancel,
    Close,
    Command,
    DocumentIssued,
    GrantExtension,
    Note,
    NoteKind,
    Reassign,
    RefuseExtension,
    Reopen,
    Reschedule,
    Resume,
    Return,
    SetDate,
    Submit,
    Suspend,
    Void,
    Withdraw,
)
from models.events import Event, Refused, TaskClosed, TaskVoided
from rules import decide_rest, decide_task, decide_unit
from rules.decide_shared import Refusal, origin, unit_of
from rules.levels import reviewer, superior

OFFICIAL_NOTES = (NoteKind.INSTRUCTION, NoteKind.URGED)  # not a unit's to write


def decide(state: TaskState, command: Command, *, at: datetime) -> list[Event]:
    """The events of a command at plan instant `at`; a refusal is an event too.

    What counts for being on time is `command.received_at`. Any other error means the command could
    not be decided, and is the caller's to contain.
    """
    try:
        _check_open(state)
        _check_actor(state, command)
        return _events(state, command, at)
    except Refusal as refusal:
        return [
            Refused(
                **origin(command, at),
                verb=command.verb,
                reason=str(refusal),
                unit=unit_of(command),
            )
        ]


def _check_open(state: TaskState) -> None:
    if state.stage is TaskStage.CLOSED:
        raise Refusal("Nhiệm vụ đã khép lại cùng chu kỳ nên không nhận thay đổi nữa.")
    if state.stage is TaskStage.VOIDED:
        raise Refusal("Lần phát động này đã bị hủy nên không nhận thay đổi nữa.")


def _check_actor(state: TaskState, command: Command) -> None:
    match command.actor:
        case Actor(kind=ActorKind.OFFICER | ActorKind.SYSTEM):
            return
        case Actor(kind=ActorKind.SUPERVISOR):
            if not isinstance(command, Note):
                raise Refusal(
                    "Lãnh đạo theo dõi ghi ý kiến chỉ đạo; việc thay đổi nhiệm vụ do cán bộ điều "
                    "phối thực hiện."
                )
        case Actor(ref=code):
            if not _unit_may(state, code, command):
                raise Refusal(f"Đơn vị {code} không có thẩm quyền thực hiện việc này.")


def _unit_may(state: TaskState, code: str, command: Command) -> bool:
    """A unit acts on its own part, and on the parts it reviews. What the officer has decided is
    the officer's to undo."""
    unit = unit_of(command)
    if unit is None:
        return False
    own = code == unit
    assignment = state.assignments.get(unit)
    reviewing = assignment is not None and code == reviewer(state, assignment)
    match command:
        case Submit(on_behalf=True) | Accept() | Return():
            return reviewing
        case Reopen():
            return reviewing and state.assignments[unit].stage is Stage.ACCEPTED
        case Acknowledge() | Submit() | Withdraw() | AskExtension():
            return own
        case Note():
            return (own or reviewing) and command.kind not in OFFICIAL_NOTES
        case GrantExtension() | RefuseExtension():
            return code == superior(state, unit)
        case _:
            return False


def _events(state: TaskState, command: Command, at: datetime) -> list[Event]:
    match command:
        case Acknowledge():
            return decide_unit.acknowledge(state, command, at)
        case Submit():
            return decide_unit.submit(state, command, at)
        case Withdraw():
            return decide_unit.withdraw(state, command, at)
        case Accept():
            return decide_unit.accept(state, command, at)
        case Return():
            return decide_unit.return_report(state, command, at)
        case Reopen():
            return decide_unit.reopen(state, command, at)
        case AskExtension():
            return decide_unit.ask_extension(state, command, at)
        case GrantExtension():
            return decide_unit.grant_extension(state, command, at)
        case RefuseExtension():
            return decide_unit.refuse_extension(state, command, at)
        case Allocate():
            return decide_task.allocate(state, command, at)
        case SetDate():
            return decide_task.set_date(state, command, at)
        case DocumentIssued():
            return decide_task.document_issued(state, command, at)
        case Reassign():
            return decide_task.reassign(state, command, at)
        case Reschedule():
            return decide_task.reschedule(state, command, at)
        case Cancel():
            return decide_task.cancel(state, command, at)
        case Suspend():
            return decide_rest.suspend(state, command, at)
        case Resume():
            return decide_rest.resume(state, command, at)
        case Adopt():
            return decide_task.adopt(state, command, at)
        case Note():
            return decide_task.note(state, command, at)
        case Close():
            return [TaskClosed(**origin(command, at), text=command.text)]
        case Void():
            return [TaskVoided(**origin(command, at), text=command.text)]
        case _:
            assert_never(command)
