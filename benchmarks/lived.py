"""A province's cycle in the middle of its year, as its workflows would have left it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Engine

from activities.clock import ClockStore
from activities.commands import Commands
from activities.cycle_store import CycleStore, Snapshots
from activities.directory import Registry
from activities.ledger import Ledger
from activities.views import Views
from benchmarks.plans import (
    LAUNCHED_AT,
    SHIPPED,
    YEAR,
    assignments_of,
    made_up_plan,
    openings_of,
    rungs_of,
    units_of,
)
from intake.plan_folder import read_directory
from models.clock import VN, Clock
from models.commands import Accept, Actor, ActorKind, AskExtension, Command, Note, NoteKind, Submit
from models.cycle import LaunchOrder
from models.directory import Directory, UnitKind
from models.plan import ByDate, Group, Ongoing, PlanTask, Relation
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from rules.unfolding import Opening

NOW = datetime(2026, 7, 6, 9, tzinfo=VN)  # a Monday
EVERYBODY = (UnitKind.COMMUNE, UnitKind.SCHOOL, UnitKind.DIRECT)
OFFICER = Actor(kind=ActorKind.OFFICER)
# Of a hundred units: so many have not reported, wait for review, were called, ask for more time.
SILENT, WAITING, CALLED, ASKING = 25, 10, 5, 1


class Lived(NamedTuple):
    """`places` are some of its units, tasks and assignments by what they are good for."""

    assignments: int
    units: list[str]
    hubs: list[str]
    places: dict[str, str]


def lived_plan(tasks: int, units: int) -> Snapshots:
    """`tasks` tasks of the whole year, each owed by `units` communes and schools; the last is
    ongoing."""
    made_up = made_up_plan(tasks, 1)
    staff = [unit for unit in made_up.directory.units.values() if unit.kind not in EVERYBODY]
    province = read_directory(SHIPPED, units).units.values()
    people = sorted(
        (unit for unit in province if unit.kind in EVERYBODY),
        key=lambda unit: EVERYBODY.index(unit.kind),
    )
    plan, first = made_up.plan, made_up.plan.document.tasks[0]
    document = plan.document.model_copy(update={"tasks": tuple(_tasks(tasks, first))})
    (group,) = plan.officer.groups
    officer = plan.officer.model_copy(
        update={"groups": (Group(name=group.name, phrases=group.phrases, kinds=EVERYBODY),)}
    )
    directory = Directory(units={u.code: u for u in (*staff, *people[:units])})
    return Snapshots(
        plan.model_copy(update={"document": document, "officer": officer}),
        directory,
        made_up.calendar,
    )


def live(engine: Engine, tasks: int, units: int) -> Lived:
    """The clock stands at NOW."""
    ClockStore(engine).set(Clock(wall_anchor=NOW, plan_anchor=NOW, speed=0.0))
    snapshots = lived_plan(tasks, units)
    openings = openings_of(snapshots)
    Registry(engine).load_plan(snapshots.plan, snapshots.directory.units.values(), at=LAUNCHED_AT)
    order = LaunchOrder(plan=snapshots.plan.id, year=YEAR, actor=OFFICER)
    cycles, ledger = CycleStore(engine), Ledger(engine)
    expected = (len(openings), assignments_of(openings))
    kept = cycles.keep(order, snapshots, at=LAUNCHED_AT, expected=expected).cycle
    words = Commands(engine).store_statement("Đang tổng hợp, thứ Sáu sẽ nộp.")
    for opening in openings:
        ledger.open_task(opening.task, kept.id, opening.events)
        _live_through(ledger, opening, words)
    cycles.set_stage(kept.id, "open")
    return lived(engine, snapshots.directory)


def lived(engine: Engine, directory: Directory) -> Lived:
    """What there is in a database that `live` has filled."""
    views = Views(engine)
    late = views.overdue(at=NOW, limit=1).parts[0]
    communes = [unit.code for unit in directory.of_kinds((UnitKind.COMMUNE,))]
    everybody = [unit.code for unit in directory.of_kinds(EVERYBODY)]
    return Lived(
        views.assignments(at=NOW, limit=1).total,
        everybody,
        communes,
        {
            "late": late.assignment,
            "task": f"do-dac/{YEAR}/{late.code}/{late.occurrence}/1",
            "hub": communes[0],
        },
    )


def _tasks(tasks: int, first: PlanTask) -> Iterator[PlanTask]:
    for number in range(1, tasks + 1):
        last_day = date(YEAR, 3, 20) + timedelta(days=270 * number // tasks)
        text = f"đến hết ngày {last_day:%d/%m/%Y}"
        timing = ByDate(text=text, relation=Relation.BY, anchor=str(last_day))
        yield first.model_copy(
            update={
                "code": f"N{number}",
                "timing": Ongoing(text="thường xuyên") if number == tasks else timing,
            }
        )


def _live_through(ledger: Ledger, opening: Opening, words: str) -> None:
    """Every rung fires at its hour; between them units report, and some only after a call."""
    rungs = [at for at in rungs_of(opening) if at <= NOW]
    if not rungs:
        return
    commands = list(_commands(opening, rungs, words))
    loaded = ledger.load(opening.task)
    state, head = loaded.state, loaded.head
    for at in [*rungs, NOW]:
        now = [command for command in commands if command.received_at <= at]
        commands = commands[len(now) :]
        after = step(state, now, at=at)
        state = after.state
        if after.events:
            summary = task_row(state, at=at)
            recorded = ledger.record(
                recording_of(state, after.events, head=head, at=at, summary=summary)
            )
            head = recorded.head


def _commands(opening: Opening, rungs: list[datetime], words: str) -> Iterator[Command]:
    """In the order of their receipt: reports spread over the year so far, and what follows."""
    begun = rungs[0]
    found: list[Command] = []
    for place, unit in enumerate(units_of(opening)):
        lot = (place * 37 + len(opening.task)) % 100
        at = begun + (NOW - begun) * ((place * 61) % 97) / 100
        heading: dict[str, Any] = {"task": opening.task, "unit": unit, "actor": OFFICER}
        name = f"{opening.task}.{unit}"
        if lot >= SILENT:
            found.append(Submit(id=f"{name}.s", received_at=at, **heading))
        if lot >= SILENT + WAITING:
            hour = at + timedelta(hours=1)
            found.append(Accept(id=f"{name}.a", received_at=hour, **heading))
        if lot < CALLED:
            heading |= {"text": words, "received_at": NOW}
            found.append(Note(id=f"{name}.n", kind=NoteKind.CALL, promised=NOW.date(), **heading))
        if lot < ASKING:
            last_day = date(YEAR, 12, 20)
            found.append(AskExtension(id=f"{name}.x", last_day=last_day, **heading))
    yield from sorted(found, key=lambda command: command.received_at)
