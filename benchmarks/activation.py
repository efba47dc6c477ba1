"""What happens at one instant inside one workflow of many units, without Temporal around it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from time import perf_counter

from temporalio.api.common.v1 import Payload

from benchmarks.plans import LAUNCHED_AT, made_up_plan, openings_of, reminders_of
from models.assignment import Head, TaskState
from models.clock import Clock
from models.events import Acknowledged
from models.message import Message
from models.recording import Loaded, Recording, TaskStart
from rules.due import next_instant, next_reason
from rules.evolve import fold
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from temporal_client import DATA_CONVERTER
from workflows.visibility import details, task_attributes

REPETITIONS = 5
HEAD = Head(seq=1, hash="0" * 64)


@dataclass(frozen=True)
class Activation:
    """Seconds, medians. `asking`: from waking up until the recording is handed over as a payload.
    `resting`: from the ledger's answer until the workflow waits again."""

    units: int
    asking: float
    resting: float


@dataclass(frozen=True)
class CarriedState:
    """Bytes of what a task carries into a new run."""

    units: int
    raw: int
    encoded: int


def activation(units: int) -> Activation:
    """A reminder that all of `units` units have at one instant."""
    state, at = _about_to_remind(units)
    asking = _seconds(lambda: _serialised(_recording(state, at)))
    after = step(state, [], at=at).state
    return Activation(units, asking, _seconds(lambda: _rest(fold(after, []), at)))


def carried_state(units: int) -> CarriedState:
    """After the first reminder, everybody having acknowledged: the fullest of the usual states."""
    state, at = _about_to_remind(units)
    loaded = Loaded(state=step(state, [], at=at).state, head=HEAD)
    payload = _serialised(TaskStart(task=state.facts.id, clock=Clock(), loaded=loaded))
    assert DATA_CONVERTER.payload_codec is not None
    [encoded] = asyncio.run(DATA_CONVERTER.payload_codec.encode([payload]))
    return CarriedState(units, payload.ByteSize(), encoded.ByteSize())


def _about_to_remind(units: int) -> tuple[TaskState, datetime]:
    [opening] = openings_of(made_up_plan(1, units))
    state = fold(None, opening.events)
    acknowledged = [
        Acknowledged(at=LAUNCHED_AT, unit=unit, received_at=LAUNCHED_AT)
        for unit in state.assignments
    ]
    return fold(state, acknowledged), reminders_of(opening)[0]


def _recording(state: TaskState, at: datetime) -> Recording:
    after = step(state, [], at=at)
    assert len(after.events) == len(state.assignments)
    return recording_of(
        after.state,
        after.events,
        head=HEAD,
        at=at,
        summary=task_row(after.state, at=at),
        rungs_from=after.rungs_from,
    )


def _rest(state: TaskState, at: datetime) -> None:
    """As the workflow's loop does it: nothing more to record, shown, and until when it waits."""
    again = step(state, [], at=at)
    row = task_row(again.state, at=at)
    task_attributes(state, row, at=at, halted=False)
    details(state, row, at=at, halted=False)
    next_instant(state, at=at)
    next_reason(state, at=at)


def _serialised(message: Message) -> Payload:
    [payload] = DATA_CONVERTER.payload_converter.to_payloads([message])
    return payload


def _seconds(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(REPETITIONS):
        begun = perf_counter()
        run()
        taken.append(perf_counter() - begun)
    return median(taken)
