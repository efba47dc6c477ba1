"""The engine through its real paths: a cycle, its tasks, commands stored and then delivered."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from uuid import uuid4

from sqlalchemy import Engine
from temporalio.service import RPCError, RPCStatusCode

from activities.clock import ClockStore
from activities.commands import Commands
from activities.cycle_store import CycleStore, Snapshots
from activities.cycles import Cycles
from activities.database import open_database
from activities.delivery import deliver
from activities.ledger import Ledger
from benchmarks.crowd import Crowd, at_once, dealt
from benchmarks.installation import (
    POLL_SECONDS,
    Counter,
    History,
    Installation,
    Usage,
    installation,
)
from benchmarks.plans import (
    LAUNCHED_AT,
    YEAR,
    made_up_plan,
    openings_of,
    reminders_of,
    rungs_of,
    shipped_plan,
    units_of,
)
from models.clock import Clock
from models.commands import Accept, Acknowledge, Actor, ActorKind, Command, Submit, Verdict
from models.cycle import LaunchOrder
from models.search_attributes import STAGE
from rules.unfolding import Opening

OFFICER = Actor(kind=ActorKind.OFFICER, ref="benchmark")
BURSTS = 3
REMINDERS = 3


@dataclass(frozen=True)
class Launched:
    assignments: int
    tasks: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.assignments / self.seconds


@dataclass(frozen=True)
class Life:
    assignments: int
    usage: Usage
    history: History


class Running:
    """A launched cycle on an installation of its own, its clock standing still."""

    def __init__(self, installed: Installation, engine: Engine, snapshots: Snapshots) -> None:
        self.installed = installed
        self.engine = engine
        self.snapshots = snapshots
        self.openings: list[Opening] = openings_of(snapshots)
        self.count = Counter(engine)
        self.at = LAUNCHED_AT
        self._commands = Commands(engine)
        self._clock = ClockStore(engine)

    @property
    def assignments(self) -> list[tuple[str, str]]:
        return [(opening.task, unit) for opening in self.openings for unit in units_of(opening)]

    async def launch(self) -> Launched:
        """From the officer's order until every task's workflow has read and shown its state."""
        self._clock.set(self._standing())
        order = LaunchOrder(plan=self.snapshots.plan.id, year=YEAR, actor=OFFICER)
        store = CycleStore(self.engine)
        cycles = Cycles(self.engine, self.installed.client, self.installed.settings.task_queue)
        expected = (len(self.openings), len(self.assignments))

        begun = perf_counter()
        kept = store.keep(order, self.snapshots, at=LAUNCHED_AT, expected=expected)
        await cycles.start_cycle(kept.cycle)
        for opening in self.openings:
            await self._until_loaded(opening.task)
        seconds = perf_counter() - begun

        assert store.opened(kept.cycle.id) == expected
        return Launched(expected[1], expected[0], seconds)

    async def set_clock(self, at: datetime) -> None:
        """Plan time stands at `at` from now on, and every task is told."""
        self.at = at
        clock = self._standing()
        await asyncio.to_thread(self._clock.set, clock)
        client = self.installed.client
        await asyncio.gather(
            *(
                client.get_workflow_handle(opening.task).signal("clock_changed", clock)
                for opening in self.openings
            )
        )

    async def rungs(self, at: datetime) -> float:
        """Rungs a second: one for every assignment, recorded and its notice queued."""
        sample = len(self.assignments)
        before = self.count("notice")
        begun = perf_counter()
        await self.set_clock(at)
        await self.count.until("notice", before + sample)
        return sample / (perf_counter() - begun)

    async def send(self, command: Command) -> None:
        """As a person's press of a button: stored, then delivered, then answered."""
        await asyncio.to_thread(self._commands.store, command)
        outcome = await deliver(self.installed.client, command)
        assert outcome.verdict is Verdict.APPLIED, outcome.reason

    def acknowledge(self, task: str, unit: str) -> Acknowledge:
        return Acknowledge(
            id=uuid4().hex, task=task, unit=unit, actor=_unit(unit), received_at=self.at
        )

    def submit(self, task: str, unit: str) -> Submit:
        return Submit(id=uuid4().hex, task=task, unit=unit, actor=_unit(unit), received_at=self.at)

    def accept(self, task: str, unit: str) -> Accept:
        return Accept(id=uuid4().hex, task=task, unit=unit, actor=OFFICER, received_at=self.at)

    def check(self) -> None:
        """A fast ledger that does not add up would be no result."""
        findings = Ledger(self.engine).verify()
        assert not findings, findings

    def _standing(self) -> Clock:
        return Clock(wall_anchor=datetime.now(UTC), plan_anchor=self.at, speed=0)

    async def _until_loaded(self, task: str) -> None:
        handle = self.installed.client.get_workflow_handle(task)
        while True:
            try:
                description = await handle.describe()
                if description.typed_search_attributes.get(STAGE) is not None:
                    return
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
            await asyncio.sleep(POLL_SECONDS)


@asynccontextmanager
async def running(snapshots: Snapshots) -> AsyncIterator[Running]:
    async with installation("engine") as installed:
        engine = open_database(installed.settings.database_url)
        try:
            yield Running(installed, engine, snapshots)
        finally:
            engine.dispose()


async def launch(schools: int) -> Launched:
    async with running(shipped_plan(schools)) as cycle:
        launched = await cycle.launch()
        cycle.check()
        return launched


async def burst(tasks: int, units: int) -> float:
    """Rungs a second when all units of all tasks have one at the same instant."""
    async with running(made_up_plan(tasks, units)) as cycle:
        await cycle.launch()
        instants = rungs_of(cycle.openings[0])[:BURSTS]
        rates = [await cycle.rungs(instant) for instant in instants]
        cycle.check()
        return median(rates)


async def submissions(tasks: int, units: int, *, people: int, each: int) -> Crowd:
    """`people` at once, spread evenly over the tasks; each reports `each` times, for one unit
    after another."""
    async with running(made_up_plan(tasks, units)) as cycle:
        await cycle.launch()
        on_a_task = people // tasks
        commands = [
            [cycle.submit(opening.task, unit) for unit in units]
            for opening in cycle.openings
            for units in dealt(units_of(opening)[: on_a_task * each], on_a_task)
        ]
        crowd = await at_once(commands, cycle.send)
        cycle.check()
        return crowd


async def life(units: int, *, people: int) -> Life:
    """Assigned, acknowledged, reminded three times, submitted, accepted: all units of one task."""
    async with running(made_up_plan(1, units)) as cycle:
        usage = cycle.installed.usage
        async with cycle.installed.counting():
            await cycle.launch()
        await _everybody(cycle, cycle.acknowledge, people)
        for instant in reminders_of(cycle.openings[0])[:REMINDERS]:
            async with cycle.installed.counting():
                await cycle.rungs(instant)
        await _everybody(cycle, cycle.submit, people)
        await _everybody(cycle, cycle.accept, people)
        cycle.check()
        return Life(len(cycle.assignments), usage, await cycle.installed.histories())


async def _everybody(cycle: Running, command: Callable[[str, str], Command], people: int) -> None:
    commands = [command(task, unit) for task, unit in cycle.assignments]
    async with cycle.installed.counting():
        await at_once(dealt(commands, people), cycle.send)


def _unit(code: str) -> Actor:
    return Actor(kind=ActorKind.UNIT, ref=code)
