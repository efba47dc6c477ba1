"""A whole year of the Lâm Đồng plan, walked by pure functions alone."""

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

import pytest

from models.assignment import OPEN, OWING, Assignment, Role, Stage, TaskState
from models.commands import Accept, Acknowledge, Actor, ActorKind, Close, Submit
from models.recording import NoticeLine
from rules.digest import next_digest
from rules.due import next_instant
from rules.evolve import fold
from rules.follow_up import step
from rules.levels import reviewer
from rules.notices import notices_of
from rules.unfolding import unfold
from rules.working_calendar import is_working_day
from tests.rules.builders import CALENDAR, OFFICER, on
from tests.shipped import shipped_directory, shipped_plan

YEAR_END = on("31/12", "17:00")
SCHOOLS = 60


class Told(NamedTuple):
    at: datetime
    task: str
    line: NoticeLine


class Year(NamedTuple):
    """What became of the year: the tasks at its end, every notice, every digest with its lines."""

    tasks: dict[str, TaskState]
    told: list[Told]
    digests: dict[tuple[datetime, str], list[Told]]


def answers(task: str, state: TaskState, at: datetime) -> list[Any]:
    """Diligent units acknowledge the next morning, report a week before the end and are accepted
    the day after; the units whose number ends in 7 never answer."""
    commands: list[Any] = []
    for unit, assignment in state.assignments.items():
        if unit.endswith("7") or assignment.stage not in OPEN:
            continue
        by = Actor(kind=ActorKind.UNIT, ref=unit)
        about: dict[str, Any] = {"task": task, "unit": unit, "received_at": at, "text": "t"}
        day = at.date().isoformat()
        if assignment.acknowledged_at is None:
            commands.append(Acknowledge(id=f"a:{task}:{unit}", actor=by, **about))
        if assignment.stage is Stage.SUBMITTED:
            by = Actor(kind=ActorKind.UNIT, ref=reviewer(state, assignment))
            commands.append(Accept(id=f"c:{task}:{unit}:{day}", actor=by, **about))
        elif assignment.stage in OWING and _soon_due(state, assignment, at):
            commands.append(Submit(id=f"s:{task}:{unit}:{day}", actor=by, **about))
    return commands


def _soon_due(state: TaskState, assignment: Assignment, at: datetime) -> bool:
    if assignment.due is None:
        return False
    return state.deadlines[assignment.due].breach - at < timedelta(days=7)


def live(*, schools: int = SCHOOLS) -> Year:
    """Each morning the units answer at eight; in between everything fires at its own instant."""
    opened = unfold(
        shipped_plan(),
        shipped_directory(schools),
        CALENDAR,
        year=2026,
        cycle="2026",
        at=on("05/01", "08:00"),
        dates={},
        allocation={},
    )
    tasks: dict[str, TaskState] = {}
    told: list[Told] = []
    for opening in opened.openings:
        state = fold(None, opening.events)
        tasks[opening.task] = state
        at = on("05/01", "08:00")
        told += [Told(at, opening.task, line) for line in notices_of(state, opening.events)]
    for task, state in tasks.items():
        tasks[task] = _live_one(task, state, told)
    return Year(tasks, told, _digests(told))


def _live_one(task: str, state: TaskState, told: list[Told]) -> TaskState:
    at = on("05/01", "08:00")
    morning = on("06/01", "08:00")
    while at < YEAR_END:
        rung = next_instant(state, at=at)
        at = min(each for each in (rung, morning, YEAR_END) if each is not None)
        commands = []
        if at == morning:
            morning += timedelta(days=1)
            if is_working_day(CALENDAR, at.date()):
                commands = answers(task, state, at)
        if at == YEAR_END:
            commands = [Close(id=f"z:{task}", task=task, actor=OFFICER, received_at=at)]
        taken = step(state, commands, at=at)
        state = taken.state
        told += [Told(at, task, line) for line in notices_of(state, taken.events)]
    return state


def _digests(told: list[Told]) -> dict[tuple[datetime, str], list[Told]]:
    """What is not urgent waits for the next digest."""
    digests: dict[tuple[datetime, str], list[Told]] = defaultdict(list)
    mornings: dict[datetime, datetime] = {}
    for each in told:
        if each.line.urgent:
            continue
        if each.at not in mornings:
            mornings[each.at] = next_digest(
                each.at - timedelta(microseconds=1),
                now=each.at,
                tolerance=timedelta(0),
                calendar=CALENDAR,
                send_from=time(7, 30),
            )
        digests[mornings[each.at], each.line.recipient].append(each)
    return digests


@pytest.fixture(scope="module")
def year() -> Year:
    return live()


def test_nothing_is_told_twice_in_a_whole_year(year):
    keys = Counter(
        (told.task, told.line.unit, told.line.version, told.line.rung, told.line.recipient)
        for told in year.told
    )

    assert [key for key, count in keys.items() if count > 1] == []


def test_a_recipient_gets_at_most_one_digest_a_day_and_only_on_working_days(year):
    days = Counter((at.date(), recipient) for at, recipient in year.digests)

    assert set(days.values()) == {1}
    assert all(is_working_day(CALENDAR, day) for day, _ in days)


def test_a_unit_that_answers_gets_four_letters_per_deadline_at_most(year):
    letters = Counter(recipient for _, recipient in year.digests)
    diligent = {
        unit
        for state in year.tasks.values()
        for unit, assignment in state.assignments.items()
        if not unit.endswith("7") and assignment.role is Role.SUBORDINATE
    }

    deadlines = Counter(
        unit
        for state in year.tasks.values()
        for unit, assignment in state.assignments.items()
        if assignment.due is not None
    )

    assert diligent
    for unit in diligent:
        assert letters[unit] <= 4 * deadlines[unit]


def test_whoever_answers_in_time_is_never_reported_to_anybody(year):
    escalated = {told.line.unit for told in year.told if told.line.kind == "escalation"}

    assert escalated
    assert all(unit.endswith("7") for unit in escalated)
    assert all(
        not assignment.late
        for state in year.tasks.values()
        for assignment in state.assignments.values()
    )


def test_whoever_never_answers_climbs_every_level(year):
    levels = defaultdict(set)
    for told in year.told:
        if told.line.kind == "escalation":
            levels[told.task, told.line.unit].add(told.line.level)

    channels = {unit: seen for (task, unit), seen in levels.items() if "III.1.d" in task}

    assert channels
    assert set(map(frozenset, channels.values())) == {frozenset({1, 2, 3, 4})}


def test_an_ongoing_task_is_never_overdue_and_settles_with_its_cycle(year):
    for state in year.tasks.values():
        if state.facts.ongoing:
            assert {a.stage for a in state.assignments.values()} <= {Stage.SETTLED}
            assert {a.due for a in state.assignments.values()} <= {None}


def test_every_day_of_the_year_ends_with_nothing_left_to_look_at(year):
    assert all(next_instant(state, at=YEAR_END) is None for state in year.tasks.values())


def test_the_hub_hears_of_its_silent_schools_in_one_line_each(year):
    about_schools = [
        told
        for told in year.told
        if told.line.kind == "escalation" and told.line.level == 1 and "V.1" in told.task
    ]
    heads = [told for told in about_schools if told.line.recipient.endswith(":head")]
    hubs = [told for told in about_schools if not told.line.recipient.endswith(":head")]

    assert heads
    assert len(hubs) <= len(heads)
