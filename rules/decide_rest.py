"""Parts that rest while a document of a superior is awaited, and go on with the time left."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from models.assignment import OWING, Assignment, Stage, Suspension, TaskState, Waiting
from models.commands import Resume, Suspend
from models.events import Event, Resumed, Suspended
from rules.decide_shared import (
    Kept,
    Refusal,
    ask,
    expect,
    moved,
    need_text,
    origin,
    questions_answered,
    today,
)
from rules.wording import dmy
from rules.working_calendar import add_working_days, is_working_day, next_working_day

DAY = timedelta(days=1)


def suspend(state: TaskState, command: Suspend, at: datetime) -> list[Event]:
    """Nobody is reminded of a part that rests; the officer is asked until it goes on."""
    need_text(command, "lý do tạm dừng")
    assignments = _concerned(state, command, OWING)
    if not assignments:
        raise Refusal("Không còn đơn vị nào đang thực hiện nhiệm vụ này để tạm dừng.")
    suspended = [
        Suspended(
            **origin(command, at),
            unit=assignment.unit,
            left=_left(state, assignment, at),
            text=command.text,
        )
        for assignment in assignments
    ]
    phrase = command.unit or f"{len(assignments)} đơn vị"
    return [*suspended, *ask(state, command, Waiting.RESUMPTION, phrase, at)]


def resume(state: TaskState, command: Resume, at: datetime) -> list[Event]:
    """Each part gets a new deadline, as many working days from today as were left to it."""
    assignments = _concerned(state, command, {Stage.SUSPENDED})
    if not assignments:
        raise Refusal("Nhiệm vụ này không có phần việc nào đang tạm dừng.")
    kept: dict[str, list[Event]] = {}
    resumed: list[Event] = []
    for assignment in assignments:
        due = _due(state, assignment, command, at)
        if due is not None:
            kept.setdefault(due.key, due.events)
        resumed.append(
            Resumed(
                **origin(command, at),
                unit=assignment.unit,
                due=None if due is None else due.key,
                text=command.text,
            )
        )
    units = {assignment.unit for assignment in assignments}
    new = (event for events in kept.values() for event in events)
    return [*new, *resumed, *questions_answered(state, command, units, at)]


def _concerned(
    state: TaskState, command: Suspend | Resume, stages: frozenset[Stage] | set[Stage]
) -> Sequence[Assignment]:
    if command.unit is not None:
        return [expect(state, command.unit, stages)]
    return [a for a in state.assignments.values() if a.stage in stages]


def _left(state: TaskState, assignment: Assignment, at: datetime) -> int | None:
    """The working days after today up to the deadline; None when there is none to keep."""
    if assignment.due is None:
        return None
    deadline = state.deadlines[assignment.due]
    if deadline.breach <= at:
        return None
    days = _days_after(today(at), deadline.last_day)
    return sum(is_working_day(state.facts.calendar, day) for day in days)


def _days_after(start: date, end: date) -> Sequence[date]:
    return [start + n * DAY for n in range(1, (end - start).days + 1)]


def _due(state: TaskState, assignment: Assignment, command: Resume, at: datetime) -> Kept | None:
    suspension = assignment.suspension
    if assignment.due is None or suspension is None or suspension.left is None:
        return None
    last_day = max(_after(state, suspension, at), state.deadlines[assignment.due].last_day)
    since, now = today(suspension.since), today(at)
    rule = (
        f"tạm dừng từ ngày {dmy(since)}, tiếp tục từ ngày {dmy(now)} với {suspension.left} ngày "
        f"làm việc còn lại: hết ngày {dmy(last_day)}"
    )
    return moved(state, assignment, f"resume-{since}-{now}", last_day, rule, command, at)


def _after(state: TaskState, suspension: Suspension, at: datetime) -> date:
    calendar = state.facts.calendar
    if suspension.left:
        return add_working_days(calendar, today(at), suspension.left)
    return next_working_day(calendar, today(at))
