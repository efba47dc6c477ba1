"""Plans to measure with: the shipped one with enough schools, and made-up ones of exact size."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

from activities.cycle_store import Snapshots
from intake.plan_folder import read_directory, read_plan
from intake.sample_schools import sample_schools
from intake.vietnam_calendar import vietnam_calendar
from models.calendar import WorkingCalendar
from models.clock import VN
from models.directory import Directory, Unit, UnitKind
from models.events import Assigned, DeadlineSet, LadderSet
from models.plan import ByDate, Group, Officer, Plan, PlanDocument, PlanTask, Relation
from rules.unfolding import Opening, unfold

SHIPPED = Path(__file__).parent.parent / "plans" / "lam-dong-nq57"
YEAR = 2026
LAUNCHED_AT = datetime(2026, 3, 2, 8, tzinfo=VN)
LAST_DAY = date(2026, 6, 30)
COORDINATOR, LEADERSHIP = "DP", "LD"


def shipped_plan(schools: int) -> Snapshots:
    return Snapshots(read_plan(SHIPPED), read_directory(SHIPPED, schools), _calendar())


def made_up_plan(tasks: int, units: int) -> Snapshots:
    """`tasks` tasks with one deadline, each owed by all of `units` schools."""
    everybody = "các trường"
    timing = ByDate(text="đến hết ngày 30/6/2026", relation=Relation.BY, anchor=str(LAST_DAY))
    plan = Plan(
        document=PlanDocument(
            title="Kế hoạch đo",
            issuer="Sở",
            tasks=tuple(
                PlanTask(code=f"N{number}", text="Báo cáo", lead=(everybody,), timing=timing)
                for number in range(1, tasks + 1)
            ),
        ),
        officer=Officer(
            plan="do-dac",
            short_title="Kế hoạch đo",
            coordinator=COORDINATOR,
            leadership=LEADERSHIP,
            groups=(Group(name=everybody, phrases=(everybody,), kinds=(UnitKind.DIRECT,)),),
        ),
    )
    staff = [
        Unit(
            code=COORDINATOR,
            name="Phòng điều phối",
            kind=UnitKind.DIVISION,
            email="dieu-phoi@do.example",
        ),
        Unit(
            code=LEADERSHIP,
            name="Lãnh đạo",
            kind=UnitKind.LEADERSHIP,
            email="lanh-dao@do.example",
        ),
    ]
    directory = Directory(units={u.code: u for u in (*staff, *sample_schools([], units))})
    return Snapshots(plan, directory, _calendar())


def openings_of(snapshots: Snapshots) -> list[Opening]:
    return unfold(
        *snapshots, year=YEAR, cycle=str(YEAR), at=LAUNCHED_AT, dates={}, allocation={}
    ).openings


def units_of(opening: Opening) -> list[str]:
    return [event.unit for event in opening.events if isinstance(event, Assigned)]


def assignments_of(openings: Iterable[Opening]) -> int:
    return sum(len(units_of(opening)) for opening in openings)


def rungs_of(opening: Opening) -> list[datetime]:
    """The instants at which a task has something to say, in their order."""
    instants: set[datetime] = set()
    for event in opening.events:
        if isinstance(event, DeadlineSet):
            instants |= {rung.at for rung in event.deadline.ladder.rungs}
        if isinstance(event, LadderSet):
            instants |= {rung.at for rung in event.ladder.rungs}
    return sorted(instant for instant in instants if instant > LAUNCHED_AT)


def reminders_of(opening: Opening) -> list[datetime]:
    """The reminders before the deadline alone, as they come for a unit that has acknowledged."""
    long_before = LAUNCHED_AT + timedelta(days=30)
    return [instant for instant in rungs_of(opening) if instant > long_before]


def _calendar() -> WorkingCalendar:
    """Its ladders reach into the years around it."""
    return vietnam_calendar(range(YEAR - 1, YEAR + 3))
