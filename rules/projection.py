"""How a task's state is shown: the rows of the read model, made from the state alone."""

from collections.abc import Iterable
from datetime import datetime

from models.assignment import OPEN, OWING, Assignment, TaskState
from models.events import Assigned, DeadlineSet, Event, TaskClosed, UnitEvent
from models.recording import AssignmentRow, TaskRow
from rules.due import next_instant, next_rung


def touched(state: TaskState, events: Iterable[Event]) -> list[str]:
    """The units whose rows `events` change, in the order of the task's units."""
    units: set[str] = set()
    for event in events:
        if isinstance(event, UnitEvent | Assigned):
            units.add(event.unit)
        elif isinstance(event, TaskClosed) or (isinstance(event, DeadlineSet) and event.unit_class):
            return list(state.assignments)
    return [unit for unit in state.assignments if unit in units]


def assignment_rows(state: TaskState, units: Iterable[str]) -> tuple[AssignmentRow, ...]:
    return tuple(_row(state, state.assignments[unit]) for unit in units)


def _row(state: TaskState, assignment: Assignment) -> AssignmentRow:
    deadline = None if assignment.due is None else state.deadlines[assignment.due]
    rung = next_rung(state, assignment)
    return AssignmentRow(
        unit=assignment.unit,
        role=assignment.role,
        stage=assignment.stage,
        version=assignment.version,
        last_day=None if deadline is None else deadline.last_day.isoformat(),
        breach=None if deadline is None else deadline.breach,
        target=None if deadline is None else deadline.target.isoformat(),
        acknowledged_at=assignment.acknowledged_at,
        received_at=assignment.received_at,
        revision=assignment.revision,
        late=assignment.late,
        level=assignment.level,
        extension_asked=assignment.extension is not None,
        next_rung_at=None if rung is None else rung.at,
        next_rung=None if rung is None else rung.why,
        updated_at=assignment.updated_at,
    )


def task_row(state: TaskState, *, at: datetime) -> TaskRow:
    """The task as a whole; `at` is the plan instant it is seen from."""
    open_assignments = [a for a in state.assignments.values() if a.stage in OPEN]
    deadlines = [
        state.deadlines[a.due].breach
        for a in open_assignments
        if a.due is not None and a.stage in OWING
    ]
    return TaskRow(
        stage=state.stage,
        waiting=tuple(state.waiting),
        next_instant=next_instant(state, at=at),
        next_deadline=min((breach for breach in deadlines if breach > at), default=None),
        open_units=len(open_assignments),
        total_units=len(state.assignments),
        level=max((a.level for a in open_assignments), default=0),
    )
