"""Which rungs are to fire now, and when to look again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from models.assignment import OWING, Assignment, Stage, TaskStage, TaskState
from models.deadline import Rung, RungKind
from models.events import Event, OfficerReminded, RungFired

Clock = Literal["due", "ack", "review"]
Track = tuple[Clock, str, datetime | None, bool]


def due(state: TaskState, *, at: datetime, tolerance: timedelta = timedelta(0)) -> list[Event]:
    """The rungs to record at plan instant `at`, one event per unit and message.

    Rungs of one instant share one message, which the last of them carries. Rungs that were missed
    (scheduled more than `tolerance` of plan time ago) are all recorded in one event, together with
    what is due now: one message with the most severe, never five.
    """
    if state.stage is not TaskStage.OPEN:
        return []
    slices: dict[Track, list[list[Rung]]] = {}
    events: list[Event] = []
    for assignment in state.assignments.values():
        for track in _tracks(assignment):
            if track not in slices:
                slices[track] = _groups(_pending(state, track, at), at=at, tolerance=tolerance)
            for rungs in slices[track]:
                events.append(
                    RungFired(
                        at=at,
                        unit=assignment.unit,
                        clock=track[0],
                        version=assignment.version,
                        rungs=tuple(rung.id for rung in rungs),
                        level=max(rung.level for rung in rungs),
                        scheduled=rungs[-1].at,
                    )
                )
    for waiting, ask in state.waiting.items():
        rungs = [rung for rung in _after(state, ask.ladder, ask.mark) if rung.at <= at]
        if rungs:
            ids = tuple(rung.id for rung in rungs)
            events.append(
                OfficerReminded(at=at, waiting=waiting, rungs=ids, scheduled=rungs[-1].at)
            )
    # Stable: events of one instant keep the order of the units.
    return sorted(events, key=_scheduled)


def next_instant(state: TaskState, *, at: datetime) -> datetime | None:
    """The next plan instant after `at` at which something changes: a rung, or a breach.

    A rung that is due and not yet recorded counts as well, with its own past instant.
    """
    return min((instant for instant, _ in upcoming(state, at=at)), default=None)


def next_reason(state: TaskState, *, at: datetime) -> str:
    """Why the task looks again at its next instant, as one Vietnamese sentence."""
    reasons: dict[str, int] = {}
    nearest = next_instant(state, at=at)
    for instant, why in upcoming(state, at=at):
        if instant == nearest:
            reasons[why] = reasons.get(why, 0) + 1
    return "; ".join(
        why if count == 1 else f"{why} ({count} đơn vị)" for why, count in reasons.items()
    )


def upcoming(state: TaskState, *, at: datetime) -> Iterator[tuple[datetime, str]]:
    """The next instant of every unit's every clock, with its reason."""
    if state.stage is not TaskStage.OPEN:
        return
    firsts: dict[Track, Rung | None] = {}
    for assignment in state.assignments.values():
        for track in _tracks(assignment):
            if track not in firsts:
                firsts[track] = next(iter(_pending(state, track, None)), None)
            rung = firsts[track]
            if rung is not None:
                yield rung.at, rung.why
        breach = _breach(state, assignment)
        if breach is not None and breach > at:
            yield breach, "hết hạn"
    for ask in state.waiting.values():
        for rung in _after(state, ask.ladder, ask.mark)[:1]:
            yield rung.at, rung.why


def next_rung(state: TaskState, assignment: Assignment) -> Rung | None:
    """The next rung of one assignment, on whichever of its clocks comes first."""
    rungs = [
        rung for track in _tracks(assignment) for rung in _pending(state, track, None)[:1]
    ]
    return min(rungs, key=lambda rung: rung.at, default=None)


def overdue(state: TaskState, assignment: Assignment, *, at: datetime) -> bool:
    """Whether the unit owes and its deadline has passed; HELD units wait for the officer's word."""
    breach = _breach(state, assignment)
    return breach is not None and breach <= at


def _breach(state: TaskState, assignment: Assignment) -> datetime | None:
    if assignment.due is None or assignment.stage not in OWING:
        return None
    return state.deadlines[assignment.due].breach


def _tracks(assignment: Assignment) -> Iterator[Track]:
    """The clocks that run for an assignment: which, along which ladder, from where, and whether
    escalations are held because an extension was asked for in time."""
    if assignment.stage in OWING:
        if assignment.due is not None:
            asked = assignment.extension is not None
            yield "due", assignment.due, assignment.due_mark, asked
        if assignment.ack is not None and assignment.acknowledged_at is None:
            yield "ack", assignment.ack, assignment.ack_mark, False
    if assignment.review is not None and (
        assignment.stage is Stage.SUBMITTED or assignment.extension is not None
    ):
        yield "review", assignment.review, assignment.review_mark, False


def _pending(state: TaskState, track: Track, at: datetime | None) -> list[Rung]:
    clock, key, mark, escalations_held = track
    rungs = _after(state, key, mark, deadline=clock == "due")
    return [
        rung
        for rung in rungs
        if (at is None or rung.at <= at)
        and not (escalations_held and rung.kind is RungKind.ESCALATION)
    ]


def _after(
    state: TaskState, key: str, mark: datetime | None, *, deadline: bool = False
) -> tuple[Rung, ...]:
    rungs = (state.deadlines[key].ladder if deadline else state.ladders[key]).rungs
    if mark is None:
        return rungs
    return tuple(rung for rung in rungs if rung.at > mark)


def _groups(rungs: list[Rung], *, at: datetime, tolerance: timedelta) -> list[list[Rung]]:
    if not rungs:
        return []
    if rungs[0].at < at - tolerance:
        return [rungs]
    return [list(group) for _, group in groupby(rungs, key=lambda rung: rung.at)]


def _scheduled(event: Event) -> datetime:
    return event.scheduled if isinstance(event, RungFired | OfficerReminded) else event.at
