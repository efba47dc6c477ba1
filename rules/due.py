"""Which rungs are to fire now, and when to look again."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal, NamedTuple

from models.assignment import OWING, Assignment, Stage, TaskStage, TaskState
from models.deadline import Rung, RungKind
from models.events import OfficerReminded, RungFired

Fired = RungFired | OfficerReminded


class Track(NamedTuple):
    """A clock that runs for an assignment: along which ladder, recorded up to where, and whether
    escalations are held because an extension was asked for in time.

    Most units of a task stand alike, so what follows from a track is found once.
    """

    clock: Literal["due", "ack", "review"]
    ladder: str
    mark: datetime | None
    escalations_held: bool = False


class Message(NamedTuple):
    """Rungs that are recorded together and told once."""

    rungs: tuple[str, ...]
    level: int
    scheduled: datetime


class NextRungs:
    """The next rung of any assignment of one state."""

    def __init__(self, state: TaskState) -> None:
        self._state = state
        self._first: dict[Track, Rung | None] = {}

    def ahead(self, assignment: Assignment) -> Iterator[Rung]:
        """The next rung on each clock that runs for `assignment`."""
        if self._state.stage is not TaskStage.OPEN:
            return
        for track in _tracks(self._state, assignment):
            if track not in self._first:
                self._first[track] = next(iter(_pending(self._state, track)), None)
            rung = self._first[track]
            if rung is not None:
                yield rung

    def of(self, assignment: Assignment) -> Rung | None:
        """The next rung of `assignment`, on whichever of its clocks comes first."""
        return min(self.ahead(assignment), key=lambda rung: rung.at, default=None)


def due(state: TaskState, *, at: datetime, tolerance: timedelta = timedelta(0)) -> list[Fired]:
    """The rungs to record at plan instant `at`, one event per unit and message.

    Rungs of one instant share one message, which the last of them carries. Rungs that were missed
    (scheduled more than `tolerance` of plan time ago) are all recorded in one event, together with
    what is due now: one message with the most severe, never five.
    """
    if state.stage is not TaskStage.OPEN:
        return []
    messages: dict[Track, list[Message]] = {}
    for alike in state.alike:
        for track in _tracks(state, alike[0]):
            if track not in messages:
                messages[track] = _messages(_pending(state, track), at=at, tolerance=tolerance)
    fired: list[Fired] = []
    # In the order of the units; most often nothing is due and nobody is looked at.
    for assignment in state.assignments.values() if any(messages.values()) else ():
        for track in _tracks(state, assignment):
            for message in messages[track]:
                fired.append(
                    RungFired(
                        at=at,
                        unit=assignment.unit,
                        clock=track.clock,
                        version=assignment.version,
                        rungs=message.rungs,
                        level=message.level,
                        scheduled=message.scheduled,
                    )
                )
    for waiting, ask in state.waiting.items():
        rungs = _until(_after(state.ladders[ask.ladder].rungs, ask.mark), at)
        if rungs:
            ids = tuple(rung.id for rung in rungs)
            fired.append(OfficerReminded(at=at, waiting=waiting, rungs=ids, scheduled=rungs[-1].at))
    # Stable: events of one instant keep the order of the units.
    fired.sort(key=lambda event: event.scheduled)
    return fired


def next_instant(state: TaskState, *, at: datetime) -> datetime | None:
    """The next plan instant after `at` at which something changes: a rung, or a breach.

    A rung that is due and not yet recorded counts as well, with its own past instant.
    """
    return min((instant for instant, _, _ in upcoming(state, at=at)), default=None)


def next_reason(state: TaskState, *, at: datetime) -> str:
    """Why the task looks again at its next instant, as one Vietnamese sentence."""
    nearest: datetime | None = None
    reasons: dict[str, int] = {}
    for instant, why, units in upcoming(state, at=at):
        if nearest is None or instant < nearest:
            nearest, reasons = instant, {}
        if instant == nearest:
            reasons[why] = reasons.get(why, 0) + units
    return "; ".join(
        why if count == 1 else f"{why} ({count} đơn vị)" for why, count in reasons.items()
    )


def upcoming(state: TaskState, *, at: datetime) -> Iterator[tuple[datetime, str, int]]:
    """The next instant of every clock, with its reason and the number of units it concerns."""
    if state.stage is not TaskStage.OPEN:
        return
    following = NextRungs(state)
    for alike in state.alike:
        for rung in following.ahead(alike[0]):
            yield rung.at, rung.why, len(alike)
        breach = _breach(state, alike[0])
        if breach is not None and breach > at:
            yield breach, "hết hạn", len(alike)
    for ask in state.waiting.values():
        for rung in _after(state.ladders[ask.ladder].rungs, ask.mark)[:1]:
            yield rung.at, rung.why, 1


def overdue_units(state: TaskState, *, at: datetime) -> int:
    """How many units owe and are past their deadline."""
    return sum(len(alike) for alike in state.alike if overdue(state, alike[0], at=at))


def overdue(state: TaskState, assignment: Assignment, *, at: datetime) -> bool:
    """Whether the unit owes and its deadline has passed; HELD units wait for the officer's word."""
    breach = _breach(state, assignment)
    return breach is not None and breach <= at


def _breach(state: TaskState, assignment: Assignment) -> datetime | None:
    if assignment.due is None or assignment.stage not in OWING:
        return None
    return state.deadlines[assignment.due].breach


def _tracks(state: TaskState, assignment: Assignment) -> Iterator[Track]:
    asked = assignment.extension is not None
    if assignment.stage in OWING:
        if assignment.due is not None:
            held = asked and _approver_has_time(state, assignment)
            yield Track("due", assignment.due, assignment.due_mark, held)
        if assignment.ack is not None and assignment.acknowledged_at is None:
            yield Track("ack", assignment.ack, assignment.ack_mark)
    if assignment.review is not None and (assignment.stage is Stage.SUBMITTED or asked):
        yield Track("review", assignment.review, assignment.review_mark)


def _approver_has_time(state: TaskState, assignment: Assignment) -> bool:
    """Escalation is held while the approver's clock runs, and no longer: silence never grants."""
    if assignment.review is None:
        return False
    mark = assignment.review_mark
    return mark is None or mark < state.ladders[assignment.review].rungs[-1].at


def _pending(state: TaskState, track: Track) -> Sequence[Rung]:
    """The rungs of a track that are not recorded yet."""
    if track.clock != "due":
        return _after(state.ladders[track.ladder].rungs, track.mark)
    rungs = _after(state.deadlines[track.ladder].ladder.rungs, track.mark)
    if not track.escalations_held:
        return rungs
    return [rung for rung in rungs if rung.kind is not RungKind.ESCALATION]


def _after(rungs: tuple[Rung, ...], mark: datetime | None) -> tuple[Rung, ...]:
    if mark is None:
        return rungs
    return rungs[bisect_right(rungs, mark, key=lambda rung: rung.at) :]


def _until(rungs: Sequence[Rung], at: datetime) -> list[Rung]:
    return [rung for rung in rungs if rung.at <= at]


def _messages(pending: Sequence[Rung], *, at: datetime, tolerance: timedelta) -> list[Message]:
    rungs = _until(pending, at)
    if not rungs:
        return []
    if rungs[0].at < at - tolerance:
        return [_message(rungs)]
    return [_message(list(group)) for _, group in groupby(rungs, key=lambda rung: rung.at)]


def _message(rungs: Sequence[Rung]) -> Message:
    level = max(rung.level for rung in rungs)
    return Message(tuple(rung.id for rung in rungs), level, rungs[-1].at)
