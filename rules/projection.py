"""How a task's state is shown: the rows of the read model, made from the state alone."""

from collections.abc import Iterable
from datetime import datetime

from models.assignment import OPEN, OWING, Assignment, TaskState
from models.commands import NoteKind
from models.deadline import Rung
from models.events import DeadlineSet, Event, Noted, TaskClosed, TaskVoided, UnitEvent
from models.recording import AssignmentRow, TaskRow
from rules.due import NextRungs, next_instant


def touched(state: TaskState, events: Iterable[Event]) -> list[str]:
    """The units whose rows `events` change, in the order of the task's units."""
    units: set[str] = set()
    for event in events:
        match event:
            case UnitEvent() | Noted(note=NoteKind.PROGRESS, unit=str()):
                units.add(event.unit or "")
            case TaskClosed() | TaskVoided() | DeadlineSet(unit_class=str()):
                return list(state.assignments)
            case _:
                pass
    return [unit for unit in state.assignments if unit in units]


def assignment_rows(state: TaskState, units: Iterable[str]) -> tuple[AssignmentRow, ...]:
    following = NextRungs(state)
    assignments = (state.assignments[unit] for unit in units)
    return tuple(_row(state, each, following.of(each)) for each in assignments)


def _row(state: TaskState, assignment: Assignment, rung: Rung | None) -> AssignmentRow:
    deadline = None if assignment.due is None else state.deadlines[assignment.due]
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
        report=assignment.report,
        revision=assignment.revision,
        late=assignment.late,
        level=_level(assignment),
        extension_asked=assignment.extension is not None,
        next_rung_at=None if rung is None else rung.at,
        next_rung=None if rung is None else rung.why,
        updated_at=assignment.updated_at,
    )


def _level(assignment: Assignment) -> int:
    """How far up a unit that owes has been reported. Who has submitted is not pressed for it, but
    a withdrawn report brings it back."""
    return assignment.level if assignment.stage in OWING else 0


def task_row(state: TaskState, *, at: datetime) -> TaskRow:
    """The task as a whole; `at` is the plan instant it is seen from."""
    open_groups = [alike for alike in state.alike if alike[0].stage in OPEN]
    firsts = [alike[0] for alike in open_groups]
    dues = {a.due for a in firsts if a.due is not None and a.stage in OWING}
    breaches = [state.deadlines[due].breach for due in dues]
    return TaskRow(
        stage=state.stage,
        waiting=tuple(state.waiting),
        next_instant=next_instant(state, at=at),
        next_deadline=min((breach for breach in breaches if breach > at), default=None),
        open_units=sum(map(len, open_groups)),
        total_units=len(state.assignments),
        level=max((_level(a) for a in firsts), default=0),
    )
