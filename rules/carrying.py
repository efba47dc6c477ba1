"""What is open when a cycle closes goes on in the next one, as the first events of a task there."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from models.assignment import OWING, Assignment, Stage, TaskFacts, TaskState, Waiting
from models.calendar import WorkingCalendar
from models.clock import VN
from models.deadline import Deadline
from models.events import Asked, Assigned, Carried, DeadlineSet, Event, LadderSet, TaskOpened
from models.identifiers import (
    assignment_id,
    carried_occurrence,
    cycle_id,
    own_occurrence,
    parse_task_id,
    task_id,
)
from models.plan import Officer
from rules.deadlines import ask_ladder, chasing_deadline
from rules.wording import dmy

CARRIED = (*OWING, Stage.HELD)


class Carryover(NamedTuple):
    """A task as its closed cycle left it, and which of its units go on with it."""

    state: TaskState
    year: int
    units: tuple[str, ...]


class Target(NamedTuple):
    """The cycle that takes them, at the plan instant of its launch (or of the closing)."""

    cycle: str
    officer: Officer
    calendar: WorkingCalendar
    ack: LadderSet
    at: datetime


def to_carry(state: TaskState) -> tuple[str, ...]:
    """Who still owes with a deadline. What waits for review is the reviewer's, and stays."""
    return tuple(
        each.unit
        for each in state.assignments.values()
        if each.stage in CARRIED and each.due is not None
    )


def carried_opening(carryover: Carryover, target: Target) -> tuple[TaskFacts, list[Event]]:
    """The task in its new cycle. The legal dates stay, so what was late is late here as well; what
    was breached is chased from `target.at` on, because nobody is told anew of last year's rungs."""
    state, facts = carryover.state, _facts(carryover, target)
    going_on = [state.assignments[unit] for unit in carryover.units]
    return facts, [
        TaskOpened(at=target.at, facts=facts),
        *_deadlines(state, going_on, target),
        target.ack,
        *_asked(state, going_on, target),
        *(_assigned(state, each, target) for each in going_on),
    ]


def _facts(carryover: Carryover, target: Target) -> TaskFacts:
    before, officer = carryover.state.facts, target.officer
    key = parse_task_id(before.id)
    occurrence = carried_occurrence(key.occurrence, carryover.year)
    _, since = own_occurrence(key.occurrence, carryover.year)
    note = f" (chuyển từ năm {since})"
    return before.model_copy(
        update={
            "id": task_id(officer.plan, target.cycle, key.code, occurrence, key.part),
            "cycle": cycle_id(officer.plan, target.cycle),
            "occurrence": occurrence,
            "title": before.title.removesuffix(note) + note,
            "plan_title": officer.short_title,
            "coordinator": officer.coordinator,
            "leadership": officer.leadership,
            "policy": officer.policy,
            "calendar": target.calendar,
        }
    )


def _deadlines(
    state: TaskState, going_on: list[Assignment], target: Target
) -> Iterator[DeadlineSet]:
    classes = {key: name for name, key in state.classes.items()}
    used = {each.due for each in going_on}
    for key, deadline in state.deadlines.items():
        if key in used or key in classes:
            yield DeadlineSet(
                at=target.at,
                key=key,
                deadline=_going_on(deadline, target),
                unit_class=classes.get(key),
            )


def _going_on(deadline: Deadline, target: Target) -> Deadline:
    if deadline.breach > target.at:
        return deadline
    since = target.at.astimezone(VN).date()
    policy = target.officer.policy
    return chasing_deadline(deadline, since, calendar=target.calendar, policy=policy)


def _asked(state: TaskState, going_on: list[Assignment], target: Target) -> list[Event]:
    """Who waits for the officer's word on a deadline passed before the launch waits for it here."""
    held = [state.deadlines[a.due].last_day for a in going_on if a.stage is Stage.HELD and a.due]
    if not held:
        return []
    policy = target.officer.policy
    ladder = LadderSet(
        at=target.at,
        key=f"ask-{Waiting.ADOPTION}@{target.at.astimezone(VN).date()}",
        ladder=ask_ladder(Waiting.ADOPTION, target.at, calendar=target.calendar, policy=policy),
    )
    phrase = f"{state.facts.timing_text} (hạn {dmy(max(held))})"
    asked = Asked(at=target.at, waiting=Waiting.ADOPTION, ladder=ladder.key, phrase=phrase)
    return [ladder, asked]


def _assigned(state: TaskState, before: Assignment, target: Target) -> Assigned:
    return Assigned(
        at=target.at,
        unit=before.unit,
        role=before.role,
        hub=before.hub,
        due=before.due,
        ack=target.ack.key,
        held=before.stage is Stage.HELD,
        carried=Carried(
            assignment=assignment_id(state.facts.id, before.unit),
            late=before.late,
            extensions=before.extensions,
        ),
    )
