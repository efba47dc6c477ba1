"""Who is told what: the notices that follow from events."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from models.assignment import Assignment, Stage, TaskState
from models.clock import VN
from models.commands import NoteKind
from models.deadline import Rung, RungKind
from models.events import (
    Accepted,
    Adopted,
    Asked,
    Assigned,
    Cancelled,
    CommandFailed,
    DeadlineSet,
    EscalationWithdrawn,
    Event,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    Noted,
    OfficerReminded,
    Reassigned,
    Reopened,
    Rescheduled,
    Returned,
    RungFired,
    Submitted,
    Withdrawn,
)
from models.recording import NoticeLine
from rules.deadlines import COORDINATOR_LEVEL
from rules.evolve import unit_class
from rules.levels import recipients, reviewer, superior

URGENT_FROM_LEVEL = 2
BEFORE_BREACH = (RungKind.REMINDER, RungKind.DUE)
RISING = (RungKind.ESCALATION, RungKind.REVIEW)


class Told(NamedTuple):
    """A unit that a command tells of its date in another line."""

    command: str | None
    unit: str


def notices_of(state: TaskState, events: Iterable[Event]) -> tuple[NoticeLine, ...]:
    """The notices `events` lead to; `state` is the one after them. Each line is for one recipient
    and one assignment: the digest groups them."""
    events = list(events)
    told = {
        Told(event.command, event.unit)
        for event in events
        if isinstance(event, Assigned | Rescheduled)
    }
    found = _Rungs(state)
    return tuple(line for event in events for line in _lines(state, event, told, found))


def _lines(
    state: TaskState, event: Event, told: set[Told], found: "_Rungs"
) -> Iterator[NoticeLine]:
    match event:
        case RungFired():
            yield from _rung_lines(state, event, found)
        case OfficerReminded():
            yield _question(state, event, event.rungs[-1], event.scheduled)
        case Asked():
            yield _question(state, event, "Q0", event.at)
        case Assigned(held=False):
            yield _line(state, event.unit, "assigned", event, event.unit)
        case Submitted() | Withdrawn():
            to = reviewer(state, state.assignments[event.unit])
            yield _line(state, event.unit, event.kind, event, to, text=event.text)
        case Accepted() | Cancelled() | Rescheduled() | Reassigned():
            yield _line(state, event.unit, event.kind, event, event.unit, text=event.text)
        case Reopened() if state.assignments[event.unit].stage is not Stage.HELD:
            yield _line(state, event.unit, event.kind, event, event.unit, text=event.text)
        case Adopted(settled=False):
            yield _line(state, event.unit, "adopted", event, event.unit)
        case Returned() | ExtensionGranted() | ExtensionRefused():
            yield _line(
                state, event.unit, event.kind, event, event.unit, urgent=True, text=event.text
            )
        case ExtensionAsked():
            to = superior(state, event.unit)
            yield _line(state, event.unit, event.kind, event, to, text=event.text)
        case EscalationWithdrawn():
            yield from _withdrawn_lines(state, event)
        case Noted(note=NoteKind.INSTRUCTION):
            to = event.unit or state.facts.coordinator
            yield _line(state, event.unit, "instruction", event, to, text=event.text)
        case DeadlineSet(unit_class=str() as name, command=str() as command):
            for assignment in state.assignments.values():
                takes_it = unit_class(assignment.role) == name and assignment.due == event.key
                if takes_it and Told(command, assignment.unit) not in told:
                    yield _line(state, assignment.unit, "dated", event, assignment.unit)
        case CommandFailed():
            yield NoticeLine(
                unit=event.unit,
                rung=f"failed-{event.command}",
                recipient=state.facts.coordinator,
                kind="command_failed",
                scheduled=event.at,
                urgent=True,
                why=event.error,
            )


class _Rungs:
    """The rungs of an event and those before it, found once: most units of a task stand alike."""

    def __init__(self, state: TaskState) -> None:
        self._state = state
        self._found: dict[tuple[str, str, tuple[str, ...]], tuple[list[Rung], list[Rung]]] = {}

    def of(self, event: RungFired, assignment: Assignment) -> tuple[list[Rung], list[Rung]]:
        """Nothing where a later event of the same instant has ended that clock."""
        ladders = {"due": assignment.due, "ack": assignment.ack, "review": assignment.review}
        key = (event.clock, ladders[event.clock] or "", event.rungs)
        if key not in self._found:
            ladder = self._ladder(*key[:2])
            rungs = [rung for rung in ladder if rung.id in event.rungs]
            before = [rung for rung in ladder if rungs and rung.at < rungs[0].at]
            self._found[key] = rungs, before
        return self._found[key]

    def _ladder(self, clock: str, key: str) -> tuple[Rung, ...]:
        if clock == "due":
            return self._state.deadlines[key].ladder.rungs if key in self._state.deadlines else ()
        return self._state.ladders[key].rungs if key in self._state.ladders else ()


def _rung_lines(state: TaskState, event: RungFired, found: _Rungs) -> Iterator[NoticeLine]:
    """One line per recipient: each is told once, of the most severe rung that concerns them."""
    assignment = state.assignments[event.unit]
    rungs, before = found.of(event, assignment)
    carried: dict[str, Rung] = {}
    for rung in rungs:
        for recipient in _newly_told(state, assignment, rung, before):
            carried[recipient] = rung
    overdue = next((rung for rung in rungs if rung.kind is RungKind.ESCALATION), None)
    deadline = None if assignment.due is None else state.deadlines[assignment.due]
    for recipient, rung in carried.items():
        # A unit whose reminders were all missed is not told that the day is yet to come.
        told = overdue if overdue and rung.kind in BEFORE_BREACH else rung
        yield NoticeLine(
            unit=event.unit,
            version=event.version,
            rung=f"{event.clock}:{told.id}@{told.at.astimezone(VN).date()}",
            recipient=recipient,
            kind=told.kind,
            level=told.level,
            scheduled=event.scheduled,
            urgent=told.kind is RungKind.ESCALATION and told.level >= URGENT_FROM_LEVEL,
            last_day=None if deadline is None else deadline.last_day.isoformat(),
            why=told.why,
        )


def _newly_told(
    state: TaskState, assignment: Assignment, rung: Rung, before: Sequence[Rung]
) -> list[str]:
    """The recipients of a rung. Whoever stands at two levels was told at the lower one; only the
    weekly follow-up repeats itself."""
    meant = recipients(state, assignment, rung)
    if rung.kind not in RISING or rung.level == COORDINATOR_LEVEL:
        return meant
    told = {
        recipient
        for earlier in before
        if earlier.kind is rung.kind
        for recipient in recipients(state, assignment, earlier)
    }
    return [recipient for recipient in meant if recipient not in told]


def _withdrawn_lines(state: TaskState, event: EscalationWithdrawn) -> Iterator[NoticeLine]:
    """To those who were told in error, and to nobody else."""
    assignment = state.assignments[event.unit]
    deadline = state.deadlines.get(assignment.due or "")
    rungs = () if deadline is None else deadline.ladder.rungs
    told = [
        to for rung in rungs if rung.id in event.rungs for to in recipients(state, assignment, rung)
    ]
    for to in dict.fromkeys(told):
        yield _line(state, event.unit, "escalation_withdrawn", event, to)


def _question(
    state: TaskState, event: Asked | OfficerReminded, rung: str, scheduled: datetime
) -> NoticeLine:
    ask = state.waiting.get(event.waiting)
    return NoticeLine(
        rung=f"{event.waiting}-{rung}@{event.at.astimezone(VN).date()}",
        recipient=state.facts.coordinator,
        kind=f"ask-{event.waiting}",
        scheduled=scheduled,
        why="" if ask is None else ask.phrase,
    )


def _line(
    state: TaskState,
    unit: str | None,
    kind: str,
    event: Event,
    recipient: str,
    *,
    urgent: bool = False,
    text: str | None = None,
) -> NoticeLine:
    assignment = None if unit is None else state.assignments[unit]
    deadline = None if assignment is None else state.deadlines.get(assignment.due or "")
    return NoticeLine(
        unit=unit,
        version=1 if assignment is None else assignment.version,
        rung=f"{kind}-{event.command or event.at.isoformat()}",
        recipient=recipient,
        kind=kind,
        scheduled=event.at,
        urgent=urgent,
        last_day=None if deadline is None else deadline.last_day.isoformat(),
        why="" if deadline is None else deadline.rule,
        text=text,
    )
