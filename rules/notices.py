"""Who is told what: the notices that follow from events."""

from collections.abc import Iterable, Iterator

from models.assignment import OPEN, Assignment, TaskState
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
)
from models.recording import NoticeLine
from rules.decide import reviewer, superior
from rules.evolve import unit_class

URGENT_FROM_LEVEL = 2  # DOMAIN: escalations from level 2 go out at once


def notices_of(state: TaskState, events: Iterable[Event]) -> tuple[NoticeLine, ...]:
    """The notices `events` lead to; `state` is the one after them. Each line is for one recipient
    and one assignment: the digest groups them."""
    return tuple(line for event in events for line in _lines(state, event))


def recipients(state: TaskState, assignment: Assignment, level: int) -> list[str]:
    """Who is told at a level of escalation; level 0 is the unit itself, 4 the weekly follow-up.

    The head of a unit is `CODE:head`. Nobody is named twice: where the coordinator is itself
    overdue, the level above is told instead.
    """
    facts = state.facts
    unit = assignment.unit
    match level:
        case 0:
            return [unit]
        case 1:
            return [f"{unit}:head"] + ([assignment.hub] if assignment.hub else [])
        case 3:
            return [facts.leadership]
        case _:
            return [superior(state, unit) if unit == facts.coordinator else facts.coordinator]


def rung_recipients(state: TaskState, assignment: Assignment, rung: Rung) -> list[str]:
    """Who a rung tells, whichever clock it is on."""
    match rung.kind:
        case RungKind.ACKNOWLEDGEMENT:
            if rung.level == 0:
                return [assignment.unit]
            return [assignment.hub or superior(state, assignment.unit)]
        case RungKind.REVIEW:
            by = _answering(state, assignment)
            return [by if rung.level == 0 else superior(state, by)]
        case _:
            return recipients(state, assignment, rung.level)


def _answering(state: TaskState, assignment: Assignment) -> str:
    """Who owes an answer: an extension is the coordinator's to grant, a report the reviewer's."""
    if assignment.extension is not None:
        return superior(state, assignment.unit)
    return reviewer(state, assignment)


def _lines(state: TaskState, event: Event) -> Iterator[NoticeLine]:
    facts = state.facts
    match event:
        case RungFired():
            yield from _rung_lines(state, event)
        case OfficerReminded() | Asked():
            rung = event.rungs[-1] if isinstance(event, OfficerReminded) else "Q0"
            yield NoticeLine(
                rung=f"{event.waiting}-{rung}@{event.at.date()}",
                recipient=facts.coordinator,
                kind=f"ask-{event.waiting}",
                scheduled=event.scheduled if isinstance(event, OfficerReminded) else event.at,
                why=state.waiting[event.waiting].phrase if event.waiting in state.waiting else "",
            )
        case Assigned(held=False):
            yield _line(state, event.unit, "assigned", event, event.unit)
        case Submitted():
            to = reviewer(state, state.assignments[event.unit])
            yield _line(state, event.unit, "submitted", event, to, text=event.text)
        case Accepted() | Cancelled() | Reopened() | Rescheduled() | Reassigned():
            yield _line(state, event.unit, event.kind, event, event.unit, text=event.text)
        case Adopted(settled=False):
            yield _line(state, event.unit, "adopted", event, event.unit)
        case Returned() | ExtensionGranted() | ExtensionRefused():
            yield _line(
                state, event.unit, event.kind, event, event.unit, urgent=True, text=event.text
            )
        case ExtensionAsked():
            to = superior(state, event.unit)
            yield _line(state, event.unit, "extension_asked", event, to, text=event.text)
        case EscalationWithdrawn():
            assignment = state.assignments[event.unit]
            told = [to for level in (1, 2, 3) for to in recipients(state, assignment, level)]
            for to in dict.fromkeys(told):
                yield _line(state, event.unit, "escalation_withdrawn", event, to)
        case Noted(note="instruction", unit=str() as unit):
            yield _line(state, unit, "instruction", event, unit, text=event.text)
        case DeadlineSet(unit_class=str() as name, command=str()):
            for assignment in state.assignments.values():
                if unit_class(assignment.role) == name and assignment.stage in OPEN:
                    yield _line(state, assignment.unit, "dated", event, assignment.unit)
        case CommandFailed():
            yield NoticeLine(
                unit=event.unit,
                rung=f"failed-{event.command}",
                recipient=facts.coordinator,
                kind="command_failed",
                scheduled=event.at,
                urgent=True,
                why=event.error,
            )


def _rung_lines(state: TaskState, event: RungFired) -> Iterator[NoticeLine]:
    """One line per recipient: each is told once, of the most severe rung that concerns them."""
    assignment = state.assignments[event.unit]
    ladder = _ladder(state, event, assignment)
    carried: dict[str, Rung] = {}
    for rung in ladder:
        if rung.id in event.rungs:
            for recipient in rung_recipients(state, assignment, rung):
                carried[recipient] = rung
    deadline = None if assignment.due is None else state.deadlines[assignment.due]
    for recipient, rung in carried.items():
        escalated = rung.kind is RungKind.ESCALATION and rung.level >= URGENT_FROM_LEVEL
        yield NoticeLine(
            unit=event.unit,
            version=event.version,
            rung=f"{event.clock}:{rung.id}@{rung.at.date()}",
            recipient=recipient,
            kind=rung.kind,
            level=rung.level,
            scheduled=event.scheduled,
            urgent=escalated,
            last_day=None if deadline is None else deadline.last_day.isoformat(),
            why=rung.why,
        )


def _ladder(state: TaskState, event: RungFired, assignment: Assignment) -> tuple[Rung, ...]:
    match event.clock:
        case "due":
            return state.deadlines[assignment.due or ""].ladder.rungs
        case "ack":
            return state.ladders[assignment.ack or ""].rungs
        case "review":
            return state.ladders[assignment.review or ""].rungs


def _line(
    state: TaskState,
    unit: str,
    kind: str,
    event: Event,
    recipient: str,
    *,
    urgent: bool = False,
    text: str | None = None,
) -> NoticeLine:
    assignment = state.assignments[unit]
    deadline = None if assignment.due is None else state.deadlines[assignment.due]
    return NoticeLine(
        unit=unit,
        version=assignment.version,
        rung=f"{kind}-{event.command or event.at.isoformat()}",
        recipient=recipient,
        kind=kind,
        scheduled=event.at,
        urgent=urgent,
        last_day=None if deadline is None else deadline.last_day.isoformat(),
        why="" if deadline is None else deadline.rule,
        text=text,
    )
