"""Who stands above whom: who reviews a unit, and who is told at each level."""

from models.assignment import Assignment, TaskState
from models.deadline import Rung, RungKind
from models.identifiers import HEAD


def reviewer(state: TaskState, assignment: Assignment) -> str:
    """Who reviews a unit's report: its hub; of hubs, divisions and directly managed units the
    coordinator; of the coordinator the leadership."""
    facts = state.facts
    return reviewer_of(
        assignment.unit,
        assignment.hub,
        coordinator=facts.coordinator,
        leadership=facts.leadership,
    )


def reviewer_of(unit: str, hub: str | None, *, coordinator: str, leadership: str) -> str:
    """Who reviews a unit with this hub, where only the plan's own units are known."""
    if hub is not None:
        return hub
    return leadership if unit in (coordinator, leadership) else coordinator


def superior(state: TaskState, unit: str) -> str:
    """Who coordinates a unit, and grants its extensions; above the coordinator the leadership."""
    facts = state.facts
    return facts.leadership if unit in (facts.coordinator, facts.leadership) else facts.coordinator


def recipients(state: TaskState, assignment: Assignment, rung: Rung) -> list[str]:
    """Who stands at the level of a rung, whichever clock it is on."""
    match rung.kind:
        case RungKind.ACKNOWLEDGEMENT if rung.level > 0:
            return [assignment.hub or superior(state, assignment.unit)]
        case RungKind.REVIEW:
            answering = _answering(state, assignment)
            return [answering if rung.level == 0 else superior(state, answering)]
        case RungKind.ESCALATION:
            return _escalated(state, assignment, rung.level)
        case _:
            return [assignment.unit]


def _escalated(state: TaskState, assignment: Assignment, level: int) -> list[str]:
    """The head of a unit is `CODE:head`. Where the coordinator is itself overdue, the leadership
    is told in its place."""
    match level:
        case 1:
            head = f"{assignment.unit}{HEAD}"
            return [head] if assignment.hub is None else [head, assignment.hub]
        case 3:
            return [state.facts.leadership]
        case _:  # level 2, and the weekly follow-up
            return [superior(state, assignment.unit)]


def _answering(state: TaskState, assignment: Assignment) -> str:
    """Who owes an answer: an extension is the coordinator's to grant, a report the reviewer's."""
    if assignment.extension is not None:
        return superior(state, assignment.unit)
    return reviewer(state, assignment)
