"""A step as the ledger is asked to record it."""

from collections.abc import Sequence
from datetime import datetime

from models.assignment import Head, TaskState
from models.commands import Outcome
from models.events import Event
from models.recording import Recording, TaskRow
from rules.evolve import fold
from rules.notices import notices_of
from rules.projection import assignment_rows, task_row, touched


def recording_of(
    state: TaskState,
    events: Sequence[Event],
    *,
    head: Head,
    at: datetime,
    summary: TaskRow,
    outcomes: Sequence[Outcome] = (),
    rungs_from: datetime | None = None,
) -> Recording:
    """`events` with the rows and notices that follow from them; `state` is the one after them."""
    return Recording(
        task=state.facts.id,
        cycle=state.facts.cycle,
        head=head,
        at=at,
        events=tuple(events),
        outcomes=tuple(outcomes),
        rungs_from=rungs_from,
        assignments=assignment_rows(state, touched(state, events)),
        summary=summary,
        notices=notices_of(state, events),
    )


def opening_recording(events: Sequence[Event]) -> Recording:
    """The first recording of a task."""
    state = fold(None, events)
    at = events[0].at
    return recording_of(state, events, head=Head(), at=at, summary=task_row(state, at=at))
