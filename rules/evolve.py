"""How a task's state follows from its events: nothing is decided here, it was decided before."""

from collections.abc import Iterable
from datetime import date, datetime

from models.assignment import (
    OPEN,
    Ask,
    Assignment,
    ExtensionRequest,
    Role,
    Stage,
    Suspension,
    TaskStage,
    TaskState,
    Waiting,
)
from models.commands import NoteKind
from models.deadline import Deadline, Ladder
from models.events import (
    Accepted,
    Acknowledged,
    AcknowledgementUndone,
    Adopted,
    Answered,
    Asked,
    Assigned,
    Cancelled,
    Carried,
    DeadlineSet,
    Event,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    LadderSet,
    Noted,
    OfficerReminded,
    Progressed,
    Reassigned,
    Reopened,
    Rescheduled,
    Resumed,
    Returned,
    RungFired,
    Submitted,
    Suspended,
    TaskClosed,
    TaskOpened,
    TaskVoided,
    UnitEvent,
    Withdrawn,
)

PERFORMERS = "performer"
SUBORDINATES = "subordinate"


def evolve(state: TaskState | None, event: Event) -> TaskState:
    """The state after one event. `state` is None before the task is opened."""
    return fold(state, (event,))


def fold(state: TaskState | None, events: Iterable[Event]) -> TaskState:
    """The state after all `events`, in their order.

    Raises ValueError when the first event of a new task does not open it, KeyError when an event
    names a unit the task does not carry.
    """
    draft: _Draft | None = None if state is None else _Draft(state)
    for event in events:
        if isinstance(event, TaskOpened):
            draft = _Draft(TaskState(facts=event.facts))
        elif draft is None:
            raise ValueError(f"a task begins with task_opened, not {event.kind}")
        else:
            draft.apply(event)
    if draft is None:
        raise ValueError("a task without events has no state")
    return draft.state()


def deadline_moves(events: Iterable[Event], unit: str) -> int:
    """How often `unit`'s part got another last day: what is chased from now on keeps its own, and a
    first one moves nothing."""
    state: TaskState | None = None
    known: date | None = None
    moves = 0
    for event in events:
        state = evolve(state, event)
        assignment = state.assignments.get(unit)
        if assignment is None or assignment.due is None:
            continue
        last_day = state.deadlines[assignment.due].last_day
        moves += known is not None and last_day != known
        known = last_day
    return moves


def compact(state: TaskState) -> TaskState:
    """The state without the deadlines and ladders that nothing refers to any more: what a task
    carries into a new run stays small however often reports were returned."""
    assignments = state.assignments.values()
    dues = {a.due for a in assignments} | set(state.classes.values())
    ladders = {key for a in assignments for key in (a.ack, a.review)}
    ladders |= {ask.ladder for ask in state.waiting.values()}
    return state.model_copy(
        update={
            "deadlines": {key: each for key, each in state.deadlines.items() if key in dues},
            "ladders": {key: each for key, each in state.ladders.items() if key in ladders},
        }
    )


class _Draft:
    """A task's state while events are applied: the dictionaries are copied once per fold, because
    a copy per event is quadratic in the number of units."""

    def __init__(self, state: TaskState) -> None:
        self._state = state
        self.stage = state.stage
        self.deadlines: dict[str, Deadline] = dict(state.deadlines)
        self.ladders: dict[str, Ladder] = dict(state.ladders)
        self.classes: dict[str, str] = dict(state.classes)
        self.assignments: dict[str, Assignment] = dict(state.assignments)
        self.waiting: dict[Waiting, Ask] = dict(state.waiting)

    def state(self) -> TaskState:
        return TaskState.model_construct(
            facts=self._state.facts,
            stage=self.stage,
            deadlines=self.deadlines,
            ladders=self.ladders,
            classes=self.classes,
            assignments=self.assignments,
            waiting=self.waiting,
        )

    def apply(self, event: Event) -> None:
        match event:
            case DeadlineSet():
                self._set_deadline(event)
            case LadderSet():
                self.ladders[event.key] = event.ladder
            case Asked():
                self.waiting[event.waiting] = Ask(ladder=event.ladder, phrase=event.phrase)
            case Answered():
                self.waiting.pop(event.waiting, None)
            case OfficerReminded():
                ask = self.waiting[event.waiting]
                self.waiting[event.waiting] = ask.model_copy(update={"mark": event.scheduled})
            case Assigned():
                self.assignments[event.unit] = _assigned(event, self.assignments.get(event.unit))
            case TaskClosed():
                self.stage = TaskStage.CLOSED
                self._settle_ongoing()
            case TaskVoided():
                self.stage = TaskStage.VOIDED
            case UnitEvent():
                changed = _changes(self.assignments[event.unit], event)
                if changed:
                    assignment = self.assignments[event.unit].model_copy(update=changed)
                    self.assignments[event.unit] = assignment
            case Noted(unit=str() as unit, note=NoteKind.PROGRESS):
                noted = self.assignments[unit].model_copy(update={"updated_at": event.at})
                self.assignments[unit] = noted
            case _:
                pass  # other notes, a refusal or a failure are history only

    def _set_deadline(self, event: DeadlineSet) -> None:
        self.deadlines[event.key] = event.deadline
        if event.unit_class is None:
            return
        self.classes[event.unit_class] = event.key
        for unit, assignment in self.assignments.items():
            if (
                assignment.due is None
                and assignment.stage in OPEN
                and unit_class(assignment.role) == event.unit_class
            ):
                self.assignments[unit] = assignment.model_copy(update={"due": event.key})

    def _settle_ongoing(self) -> None:
        if not self._state.facts.ongoing:
            return
        for unit, assignment in self.assignments.items():
            if assignment.stage in OPEN:
                self.assignments[unit] = assignment.model_copy(update={"stage": Stage.SETTLED})


def unit_class(role: Role) -> str:
    """The class whose deadline a unit of this role has."""
    return SUBORDINATES if role is Role.SUBORDINATE else PERFORMERS


def _assigned(event: Assigned, before: Assignment | None) -> Assignment:
    """A unit that had the task before keeps its record: what was late stays late."""
    carried = event.carried or Carried(assignment="")
    return Assignment(
        unit=event.unit,
        role=event.role,
        hub=event.hub,
        stage=Stage.HELD if event.held else Stage.ASSIGNED,
        assigned_at=event.at,
        due=event.due,
        version=event.version,
        due_mark=event.at if event.replaces or event.carried else None,
        ack=event.ack,
        revision=0 if before is None else before.revision,
        late=carried.late if before is None else before.late,
        extensions=carried.extensions if before is None else before.extensions,
        updated_at=event.at,
    )


def _changes(assignment: Assignment, event: UnitEvent) -> dict[str, object]:
    """What one event changes in the assignment of its unit."""
    at: dict[str, object] = {"updated_at": event.at}
    no_review: dict[str, object] = {"review": None, "review_mark": None, "extension": None}
    # What passed while nothing was owed is nobody's omission: it never fires.
    from_now: dict[str, object] = {"due_mark": event.at, "ack_mark": event.at}
    held = assignment.stage is Stage.HELD
    match event:
        case RungFired(clock="due"):
            level = max(assignment.level, event.level)
            return {"due_mark": event.scheduled, "level": level}
        case RungFired():
            return {f"{event.clock}_mark": event.scheduled}
        case Acknowledged():
            return at | {"acknowledged_at": event.received_at}
        case AcknowledgementUndone():
            return at | {"acknowledged_at": None}
        case Progressed():
            return at | {"acknowledged_at": assignment.acknowledged_at or event.received_at}
        case Submitted():
            return (
                at
                | no_review
                | {
                    "stage": Stage.SUBMITTED,
                    "resumes": assignment.stage,
                    "received_at": event.received_at,
                    "report": event.report,
                    "revision": event.revision,
                    "late": assignment.late or event.late,
                    "review": event.review,
                    "acknowledged_at": assignment.acknowledged_at or event.received_at,
                }
            )
        case Withdrawn():
            return (
                at | no_review | {"stage": assignment.resumes, "received_at": None, "report": None}
            )
        case Accepted():
            return at | no_review | {"stage": Stage.ACCEPTED}
        case Returned():
            due = _new_deadline(event.due, assignment, event.at)
            return at | no_review | due | {"stage": Stage.RETURNED, "suspension": None}
        case Reopened() if assignment.stage is Stage.ACCEPTED:
            return at | no_review | {"stage": Stage.SUBMITTED, "review": event.review}
        case Reopened():
            late = assignment.late and not assignment.said_late
            again = {"stage": assignment.resumes, "late": late, "said_late": False}
            return at | no_review | from_now | again
        case ExtensionAsked():
            request = ExtensionRequest(asked_at=event.at, proposed=event.proposed)
            return at | {"extension": request, "review": event.review, "review_mark": None}
        case ExtensionGranted():
            due = _new_deadline(event.due, assignment, event.at)
            return at | no_review | due | {"extensions": assignment.extensions + 1}
        case ExtensionRefused():
            return at | no_review
        case Rescheduled():
            due = _new_deadline(event.due, assignment, event.at)
            return at | no_review | due | (_unheld(event.at) if held else {})
        case Adopted(settled=True):
            said = event.late and not assignment.late
            return at | {
                "stage": Stage.SETTLED,
                "resumes": assignment.stage,
                "late": assignment.late or said,
                "said_late": said,
            }
        case Adopted():
            new = {} if event.due is None else _new_deadline(event.due, assignment, event.at)
            return at | new | _unheld(event.at)
        case Reassigned():
            return at | no_review | {"stage": Stage.REASSIGNED}
        case Cancelled():
            # A report that waited for review when it was cancelled is owed again when reopened.
            submitted = assignment.stage is Stage.SUBMITTED
            resumes = assignment.resumes if submitted else assignment.stage
            return at | no_review | {"stage": Stage.CANCELLED, "resumes": resumes}
        case Suspended():
            rest = Suspension(since=event.at, stage=assignment.stage, left=event.left)
            return at | no_review | {"stage": Stage.SUSPENDED, "suspension": rest}
        case Resumed():
            new = {} if event.due is None else _new_deadline(event.due, assignment, event.at)
            return at | from_now | new | _resumed(assignment)
        case _:
            return {}


def _new_deadline(key: str, assignment: Assignment, at: datetime) -> dict[str, object]:
    """A deadline that replaces another: its rungs up to now have no meaning and never fire."""
    return {"due": key, "version": assignment.version + 1, "due_mark": at, "level": 0}


def _resumed(assignment: Assignment) -> dict[str, object]:
    rest = assignment.suspension
    return {"stage": assignment.stage if rest is None else rest.stage, "suspension": None}


def _unheld(at: datetime) -> dict[str, object]:
    """Nobody was told while the unit was held, so nobody was to acknowledge either."""
    return {"stage": Stage.ASSIGNED, "ack_mark": at}
