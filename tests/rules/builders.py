"""Tasks, commands and days for tests: each builder takes only what a test is about."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from intake.vietnam_calendar import vietnam_calendar
from models.assignment import Role, TaskFacts, TaskState, Waiting
from models.clock import VN
from models.commands import Actor, ActorKind, Member, Submit, TaskCommand
from models.deadline import Deadline
from models.events import Asked, Assigned, DeadlineSet, Event, LadderSet, Refused, TaskOpened
from models.policy import Policy
from rules.deadlines import acknowledgement_ladder, ask_ladder, build_deadline, earlier_deadline
from rules.decide import decide
from rules.due import due, next_instant
from rules.evolve import PERFORMERS, SUBORDINATES, fold

Asking = TypeVar("Asking", bound=TaskCommand)

CALENDAR = vietnam_calendar([2025, 2026, 2027])
CYCLE = "cycle/nq57/2026"
TASK = "task/nq57/2026/III.1.d/han/1"
CHANNELS = "Hoàn thành trước tháng 03 năm 2026"
LAST_DAY = date(2026, 2, 28)
BREACH = datetime(2026, 3, 1, tzinfo=VN)
LAUNCH = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
SOON = timedelta(microseconds=1)

OFFICER = Actor(kind=ActorKind.OFFICER, ref="can-bo")
SUPERVISOR = Actor(kind=ActorKind.SUPERVISOR, ref="lanh-dao")


def on(day: str, clock: str = "07:30") -> datetime:
    """An instant of 2026 in Vietnam: `on("13/02")`, `on("28/02", "23:58")`; `on("5/1/2027")`."""
    day_month, year = (day, 2026) if day.count("/") == 1 else (day.rsplit("/", 1)[0], day[-4:])
    d, m = day_month.split("/")
    return datetime.combine(date(int(year), int(m), int(d)), time.fromisoformat(clock), VN)


def the_unit(code: str) -> Actor:
    return Actor(kind=ActorKind.UNIT, ref=code)


def a_deadline(last_day: date = LAST_DAY, *, policy: Policy | None = None) -> Deadline:
    policy = policy or Policy()
    return build_deadline(CHANNELS, "theo kế hoạch", last_day, calendar=CALENDAR, policy=policy)


def an_opening(
    *units: str,
    schools: Mapping[str, str] | None = None,
    last_day: date | None = LAST_DAY,
    launched: datetime = LAUNCH,
    ongoing: bool = False,
    waiting: tuple[Waiting, ...] = (),
    dormant_days: int | None = None,
    policy: Policy | None = None,
) -> list[Event]:
    """The first events of a task of `units` (communes, divisions) and `schools` with their hubs."""
    policy = policy or Policy()
    schools = schools or {}
    facts = TaskFacts(
        id=TASK,
        cycle=CYCLE,
        plan="nq57",
        plan_title="Kế hoạch truyền thông",
        code="III.1.d",
        occurrence="han",
        title="III.1.d. Xây dựng kênh truyền thông",
        text="Xây dựng kênh truyền thông trên nền tảng số",
        timing_text=CHANNELS,
        ongoing=ongoing,
        dormant_days=dormant_days,
        coordinator="GDTRH",
        leadership="LDS",
        policy=policy,
        calendar=CALENDAR,
    )
    deadlines: dict[str, Deadline] = {}
    if last_day is not None and not ongoing:
        deadlines[PERFORMERS] = a_deadline(last_day, policy=policy)
        if schools:
            deadlines[SUBORDINATES] = earlier_deadline(
                deadlines[PERFORMERS], 5, "để đầu mối tổng hợp", calendar=CALENDAR, policy=policy
            )
    keys = {name: f"{name}@{each.last_day}" for name, each in deadlines.items()}
    ack = acknowledgement_ladder(launched, calendar=CALENDAR, policy=policy)
    assigned = [(unit, Role.PERFORMER, PERFORMERS, None) for unit in units] + [
        (school, Role.SUBORDINATE, SUBORDINATES, hub) for school, hub in schools.items()
    ]
    held = {name for name, each in deadlines.items() if each.breach <= launched}
    asked = [*waiting, *([Waiting.ADOPTION] if held else [])]
    return [
        TaskOpened(at=launched, facts=facts),
        *(
            DeadlineSet(at=launched, key=keys[name], deadline=each, unit_class=name)
            for name, each in deadlines.items()
        ),
        LadderSet(at=launched, key="ack", ladder=ack),
        *(
            event
            for each in asked
            for event in (
                LadderSet(
                    at=launched,
                    key=f"ask-{each}",
                    ladder=ask_ladder(each, launched, calendar=CALENDAR, policy=policy),
                ),
                Asked(at=launched, waiting=each, ladder=f"ask-{each}", phrase=CHANNELS),
            )
        ),
        *(
            Assigned(
                at=launched,
                unit=unit,
                role=role,
                hub=hub,
                due=keys.get(name),
                ack="ack",
                held=name in held,
            )
            for unit, role, name, hub in assigned
        ),
    ]


def a_task(*units: str, **about: Any) -> TaskState:
    """A task as it stands at its launch on 05/01/2026, due "trước tháng 03 năm 2026".

    `X1` is its commune unless `units` name others; `about` is that of `an_opening`.
    """
    named = units or (() if about.get("schools") else ("X1",))
    return fold(None, an_opening(*named, **about))


def a_command(
    verb: Callable[..., Asking], received: datetime, /, *, by: Actor = OFFICER, **fields: Any
) -> Asking:
    """A command of class `verb`, received at that instant; `text` is given unless it is None."""
    unit = fields.get("unit", "")
    given = {"text": "lý do", **fields}
    identifier = f"{verb!r}:{unit}:{received.isoformat()}:{fields}"
    return verb(id=identifier, task=TASK, actor=by, received_at=received, **given)


def a_report(received: datetime, unit: str = "X1", **fields: Any) -> Submit:
    fields.setdefault("by", the_unit(unit))
    return a_command(Submit, received, unit=unit, **fields)


def member(code: str, hub: str | None = None) -> Member:
    return Member(code=code, hub=hub)


def decided(state: TaskState, command: Any, at: datetime | None = None) -> list[Event]:
    """What follows from a command that is decided when it is received, or at `at`."""
    return decide(state, command, at=at or command.received_at)


def after(state: TaskState, *commands: Any, at: datetime | None = None) -> TaskState:
    """The state after commands that must be followed, without any rung firing in between."""
    for command in commands:
        events = decided(state, command, at)
        assert not isinstance(events[0], Refused), events[0]
        state = fold(state, events)
    return state


def refusal(state: TaskState, command: Any, at: datetime | None = None) -> str:
    """The reason a command is refused with; refusals leave the state as it was."""
    events = decided(state, command, at)
    assert len(events) == 1
    assert isinstance(events[0], Refused), events
    assert fold(state, events) == state
    return events[0].reason


def followed(state: TaskState, *, until: datetime) -> tuple[TaskState, list[Any]]:
    """The state at `until`, and every rung that fired on the way, each at its own instant."""
    at, fired = min(a.assigned_at for a in state.assignments.values()), list[Any]()
    while (instant := next_instant(state, at=at)) is not None and instant <= until:
        at = max(instant, at)
        events = due(state, at=at)
        fired += events
        state = fold(state, events)
    return state, fired


def lived(state: TaskState, *, until: datetime) -> TaskState:
    return followed(state, until=until)[0]


def last_day_of(state: TaskState, unit: str = "X1") -> date:
    """The last day on time that a unit has now."""
    return deadline_of(state, unit).last_day


def deadline_of(state: TaskState, unit: str = "X1") -> Deadline:
    due = state.assignments[unit].due
    assert due is not None
    return state.deadlines[due]
