"""Who is told what: the notices that follow from events."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from models.assignment import Assignment, Stage, TaskState
from models.clock import VN
from models.commands import NoteKind
from models.deadline import Deadline, Rung, RungKind
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
    Resumed,
    Returned,
    RungFired,
    Submitted,
    Suspended,
    Withdrawn,
)
from models.recording import NoticeLine
from rules.deadlines import COORDINATOR_LEVEL
from rules.evolve import unit_class
from rules.levels import recipients, reviewer, superior

# The weekly follow-up tells nothing new: it waits for the list of a week's beginning.
URGENT_LEVELS = range(2, COORDINATOR_LEVEL)
BEFORE_BREACH = (RungKind.REMINDER, RungKind.DUE)
RISING = (RungKind.ESCALATION, RungKind.REVIEW)
OWED = (
    "assigned",
    "dated",
    "adopted",
    "returned",
    "reopened",
    "rescheduled",
    "extension_granted",
    "extension_refused",
)
TO_ANSWER = ("submitted", "extension_asked")


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
        case Accepted() | Cancelled() | Rescheduled() | Reassigned() | Suspended() | Resumed():
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

    def rising_after(self, event: RungFired, assignment: Assignment) -> Rung | None:
        """The rung of the same ladder that tells somebody above, if nothing comes."""
        rungs, _ = self.of(event, assignment)
        if not rungs:
            return None
        ladders = {"due": assignment.due, "ack": assignment.ack, "review": assignment.review}
        return _rising(self._ladder(event.clock, ladders[event.clock] or ""), rungs[-1].at)

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
    following = found.rising_after(event, assignment)
    for recipient, rung in carried.items():
        # A unit whose reminders were all missed is not told that the day is yet to come.
        told = overdue if overdue and rung.kind in BEFORE_BREACH else rung
        yield NoticeLine(
            unit=event.unit,
            version=event.version,
            rung=_rung_name(event.clock, told),
            recipient=recipient,
            kind=told.kind,
            level=told.level,
            scheduled=event.scheduled,
            urgent=told.kind is RungKind.ESCALATION and told.level in URGENT_LEVELS,
            why=told.why,
            **_date(deadline),
            **_what_follows(state, assignment, following, recipient),
        )


def _rising(rungs: Sequence[Rung], after: datetime) -> Rung | None:
    """The next rung after an instant that tells somebody above."""
    return next((rung for rung in rungs if rung.at > after and rung.level > 0), None)


def _what_follows(
    state: TaskState, assignment: Assignment, rung: Rung | None, recipient: str
) -> dict[str, Any]:
    # Above the leadership nobody is told; the weekly follow-up goes below it.
    if rung is None or recipient == state.facts.leadership:
        return {}
    told = tuple(to for to in recipients(state, assignment, rung) if to != recipient)
    day = rung.at.astimezone(VN).date().isoformat()
    return {"next_day": day, "next_to": told} if told else {}


def _date(deadline: Deadline | None) -> dict[str, Any]:
    if deadline is None:
        return {}
    return {
        "last_day": deadline.last_day.isoformat(),
        "phrase": deadline.phrase,
        "rule": deadline.rule,
    }


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
    """To those who were told in error, and to nobody else: a line for each notice that is taken
    back, so that what never left needs no letter."""
    assignment = state.assignments[event.unit]
    deadline = state.deadlines.get(assignment.due or "")
    rungs = () if deadline is None else deadline.ladder.rungs
    for rung in rungs:
        for to in recipients(state, assignment, rung) if rung.id in event.rungs else ():
            line = _line(state, event.unit, "escalation_withdrawn", event, to)
            yield line.model_copy(update={"rung": f"{line.rung}-{_rung_name('due', rung)}"})


def _rung_name(clock: str, rung: Rung) -> str:
    return f"{clock}:{rung.id}@{rung.at.astimezone(VN).date()}"


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
    follows = {} if assignment is None else _follows(state, assignment, kind, event.at, recipient)
    return NoticeLine(
        unit=unit,
        version=1 if assignment is None else assignment.version,
        rung=f"{kind}-{event.command or event.at.isoformat()}",
        recipient=recipient,
        kind=kind,
        scheduled=event.at,
        urgent=urgent,
        why="" if deadline is None else deadline.rule,
        text=text,
        **_date(deadline),
        **follows,
    )


def _follows(
    state: TaskState, assignment: Assignment, kind: str, at: datetime, recipient: str
) -> dict[str, Any]:
    """What happens if what is asked does not come."""
    rungs: Sequence[Rung] = ()
    if kind in OWED:
        deadline = state.deadlines.get(assignment.due or "")
        rungs = () if deadline is None else deadline.ladder.rungs
    elif kind in TO_ANSWER and assignment.review in state.ladders:
        rungs = state.ladders[assignment.review].rungs
    return _what_follows(state, assignment, _rising(rungs, at), recipient)
