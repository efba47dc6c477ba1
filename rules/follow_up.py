"""One step of following up a task: the commands that are waiting, then the rungs that are due."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from models.assignment import TaskState
from models.commands import Command, Outcome, Verdict
from models.events import CommandFailed, Event, Refused
from rules.decide import decide
from rules.decide_shared import unit_of
from rules.due import Fired, due
from rules.evolve import fold


class Step(NamedTuple):
    """What a step comes to: nothing of it is true before the ledger has recorded it.

    `rungs_from` is the scheduled instant of the latest rung among the events: a command that was
    received before it, and is not decided yet, may still keep a rung from firing.
    """

    events: list[Event]
    outcomes: list[Outcome]
    state: TaskState
    rungs_from: datetime | None


def step(
    state: TaskState,
    commands: Iterable[Command],
    *,
    at: datetime,
    tolerance: timedelta = timedelta(0),
    fire: bool = True,
) -> Step:
    """Decides `commands` in the order of their receipt, then fires what is due on the result.

    Commands come first, because whoever has reported is not reminded; without `fire` the rungs
    wait for the next step. A command that cannot be decided fails alone.
    """
    events: list[Event] = []
    outcomes: list[Outcome] = []
    for command in sorted(commands, key=lambda command: (command.received_at, command.id)):
        decided, after, outcome = _decide_one(state, command, at)
        events += decided
        outcomes.append(outcome)
        state = after
    fired: list[Fired] = []
    # The last rung of an approver's clock lets go of the escalations that it held.
    while fire and (rungs := due(state, at=at, tolerance=tolerance)):
        fired += rungs
        state = fold(state, rungs)
    rungs_from = max((event.scheduled for event in fired), default=None)
    return Step([*events, *fired], outcomes, state, rungs_from)


def _decide_one(
    state: TaskState, command: Command, at: datetime
) -> tuple[list[Event], TaskState, Outcome]:
    try:
        events = decide(state, command, at=at)
        after = fold(state, events)
    except Exception as error:  # one unit's command must never stop the other 1,750
        return failed(state, command, error, at)
    outcome = Outcome(command=command.id, verdict=Verdict.APPLIED)
    match events:
        case [Refused(reason=reason)]:
            outcome = Outcome(command=command.id, verdict=Verdict.REFUSED, reason=reason)
    return events, after, outcome


def failed(
    state: TaskState, command: Command, error: BaseException, at: datetime
) -> tuple[list[Event], TaskState, Outcome]:
    """A command that an error of ours keeps from being decided or recorded."""
    event = CommandFailed(
        at=at,
        actor=command.actor,
        command=command.id,
        verb=command.verb,
        error=f"{type(error).__name__}: {error}",
        unit=unit_of(command),
    )
    outcome = Outcome(
        command=command.id,
        verdict=Verdict.FAILED,
        reason="Hệ thống gặp lỗi khi xử lý yêu cầu này; cán bộ điều phối đã được báo.",
    )
    return [event], fold(state, [event]), outcome
