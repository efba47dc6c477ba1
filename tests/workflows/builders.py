"""A few units and some duties of the shipped plan: what a test needs of a year."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from intake.vietnam_calendar import vietnam_calendar
from models.calendar import WorkingCalendar
from models.clock import VN
from models.commands import Actor, ActorKind, Command
from models.directory import Directory, Unit, UnitKind
from models.events import Event
from models.plan import Plan
from rules.evolve import fold
from rules.follow_up import step
from tests.shipped import shipped_plan

OFFICER = Actor(kind=ActorKind.OFFICER, ref="p1")


def moment(day_month: str, clock: str = "08:00", year: int = 2026) -> datetime:
    """`moment("28/01")` is that morning, when the day's digest has just become due."""
    day, month = map(int, day_month.split("/"))
    hour, minute = map(int, clock.split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=VN)


def unit_actor(unit: str) -> Actor:
    return Actor(kind=ActorKind.UNIT, ref=unit)


def a_plan(plan_id: str, *codes: str) -> Plan:
    """The shipped plan with the duties of these codes only."""
    plan = _shipped()
    document = plan.document.model_copy(
        update={
            "tasks": tuple(task for task in plan.document.tasks if task.code in codes),
            "reports": tuple(report for report in plan.document.reports if report.code in codes),
            "days": tuple(day for day in plan.document.days if day.task in codes),
            "targets": (),
        }
    )
    return Plan(document=document, officer=plan.officer.model_copy(update={"plan": plan_id}))


def a_unit(code: str, kind: UnitKind, name: str, *, hub: str | None = None, **contact) -> Unit:
    reached = {"email": f"{code.lower()}@vd.example", "head_email": f"dd.{code.lower()}@vd.example"}
    return Unit(code=code, name=name, kind=kind, hub=hub, **(reached | contact))


def some_units() -> list[Unit]:
    """The leadership, the coordinator, two divisions, a commune with two schools, a direct one."""
    return [
        a_unit("LDS", UnitKind.LEADERSHIP, "Lãnh đạo Sở"),
        a_unit("GDTRH", UnitKind.DIVISION, "Phòng Giáo dục Trung học"),
        a_unit("PCM1", UnitKind.DIVISION, "Phòng mẫu 1"),
        a_unit("PCM2", UnitKind.DIVISION, "Phòng mẫu 2"),
        a_unit("XA1", UnitKind.COMMUNE, "UBND Xã Một"),
        a_unit("T1", UnitKind.SCHOOL, "Trường Một", hub="XA1"),
        a_unit("T2", UnitKind.SCHOOL, "Trường Hai", hub="XA1"),
        a_unit("THPT1", UnitKind.DIRECT, "Trường THPT Một"),
    ]


def many_units(schools: int) -> list[Unit]:
    """The few units, and so many schools more under the one commune."""
    more = (
        a_unit(f"S{n:04}", UnitKind.SCHOOL, f"Trường số {n}", hub="XA1")
        for n in range(1, schools + 1)
    )
    return [*some_units(), *more]


def a_directory(units: list[Unit]) -> Directory:
    return Directory(units={unit.code: unit for unit in units})


@cache
def a_calendar() -> WorkingCalendar:
    return vietnam_calendar(range(2025, 2028))


@cache
def _shipped() -> Plan:
    return shipped_plan()


class Until(NamedTuple):
    """The clock goes on to this instant."""

    at: datetime


class Says(NamedTuple):
    """Somebody asks for something, at the instant the clock stands at."""

    kind: Callable[..., Command]
    fields: dict[str, Any]


Script = Sequence[Until | Says]


def says(kind: Callable[..., Command], unit: str, by: str | None = None, **fields: Any) -> Says:
    """A unit speaks for itself unless somebody else does."""
    return Says(kind, {"unit": unit, "actor": unit_actor(by or unit), **fields})


def on_paper(opening: Sequence[Event], script: Script) -> list[Event]:
    """What the rules alone make of a script: the ledger of a year in which nothing went wrong."""
    events = list(opening)
    state, at = fold(None, events), events[0].at
    number = 0
    for line in script:
        said: list[Command] = []
        if isinstance(line, Until):
            at = line.at
        else:
            number += 1
            origin: dict[str, Any] = {"id": f"c{number}", "task": state.facts.id, "received_at": at}
            said = [line.kind(**(origin | {"actor": OFFICER} | line.fields))]
        while True:
            after = step(state, said, at=at)
            if not after.events:
                break
            events += after.events
            state, said = after.state, []
    return events
