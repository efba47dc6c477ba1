"""Records the histories that later versions of the workflows must still replay.

`python -m tests.histories.record` renews all of them, with names (`a-year`) some: only when their
shapes change before a release. What a released version has written is never renewed.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from activities.database import migrate, open_database
from models.commands import (
    Accept,
    Acknowledge,
    Allocate,
    Member,
    Note,
    NoteKind,
    Return,
    SetDate,
    Submit,
)
from settings import Settings
from temporal_client import connect, ensure_search_attributes
from temporal_server import TemporalServer
from tests.servers import some_settings
from tests.workflows.builders import Script, Until, a_plan, moment, says, some_units, unit_actor
from tests.workflows.test_outages import back_up, restore
from tests.workflows.world import World

HERE = Path(__file__).parent
Lived = dict[str, str]


async def a_year(world: World) -> Lived:
    """Reminded, escalated, submitted, returned, accepted, closed; with it the cycle's digests."""
    await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=moment("05/01", "09:00"))
    task = world.task("III.1.d")
    reason = world.commands.store_statement("Thiếu minh chứng")
    script: Script = [
        *(Until(moment(day)) for day in ("28/01", "13/02", "27/02")),
        says(Submit, "T1"),
        says(Return, "T1", by="XA1", text=reason),
        *(Until(moment(day)) for day in ("02/03", "04/03")),
        says(Submit, "T1"),
        says(Accept, "T1", by="XA1"),
        Until(moment("10/03")),
    ]
    await world.live(task, script)
    await world.end("close")
    await world.set_clock(moment("11/03"))
    await world.client.get_workflow_handle(world.cycle).result()
    return {"task-year": task, "cycle-year": world.cycle}


async def a_wait(world: World) -> Lived:
    """Allocated, dated, voided."""
    plan = a_plan(world.plan, "III.2.a", "V.2")
    await world.launch(plan, some_units(), at=moment("05/01", "09:00"))
    await world.send(Allocate, world.task("III.2.a", "nam"), units=(Member(code="PCM1"),))
    await world.step_to(moment("05/02"))
    await world.send(SetDate, world.task("V.2", "H1"), last_day="2026-06-30")
    await world.step_to(moment("01/06"))
    await world.end("void")
    allocated, dated = world.task("III.2.a", "nam"), world.task("V.2", "H1")
    return {"task-allocated": allocated, "task-dated": dated, "cycle-void": world.cycle}


async def an_outage(world: World) -> Lived:
    """The database is gone for a while, and a rung is missed."""
    await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=moment("05/01", "09:00"))
    task = world.task("III.1.d")
    clock = world.clock.read()
    file = Path(world.settings.database_url.removeprefix("sqlite:///"))
    away = file.with_suffix(".away")
    take_away(file, away)
    world.engine.dispose()
    handle = world.client.get_workflow_handle(task)
    for day in ("28/01", "13/02"):
        moved = clock.model_copy(update={"plan_anchor": moment(day)})
        await handle.signal("clock_changed", moved)
        await asyncio.sleep(1.5)
    put_back(file, away)
    await world.step_to(moment("13/02"))
    await world.send(Submit, task, unit="T1", actor=unit_actor("T1"))
    return {"task-outage": task}


async def a_full_run(world: World) -> Lived:
    """So many notes that the task continues as new; then a report in the new run."""
    await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=moment("05/01", "09:00"))
    task = world.task("III.1.d")
    first = (await world.client.get_workflow_handle(task).describe()).run_id
    while (run := (await world.client.get_workflow_handle(task).describe()).run_id) == first:
        await world.send(Note, task, unit="T2", kind=NoteKind.CALL)
    await world.step_to(moment("28/01"))
    await world.send(Submit, task, unit="T1", actor=unit_actor("T1"))
    return {"task-full": f"{task}#{first}", "task-continued": f"{task}#{run}"}


async def a_halt(world: World) -> Lived:
    """The database is a day older than Temporal; it is repaired, and the task goes on."""
    await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=moment("05/01", "09:00"))
    task, handle = world.task("III.1.d"), world.client.get_workflow_handle(world.task("III.1.d"))
    older, newer = (world.settings.state_dir / name for name in ("older.db", "newer.db"))
    back_up(world, older)
    await world.send(Acknowledge, task, unit="T1", actor=unit_actor("T1"))
    await world.step_to(moment("28/01"))
    back_up(world, newer)
    restore(world, older)
    await world.set_clock(moment("13/02"))
    await world.shows(task, "Stage", "halted")
    restore(world, newer)
    await handle.signal("wake")
    await world.set_clock(moment("13/02"))
    await world.recorded()
    await world.shows(task, "Stage", "open")
    return {"task-halted": task}


def take_away(file: Path, away: Path) -> None:
    file.rename(away)
    file.mkdir()


def put_back(file: Path, away: Path) -> None:
    file.rmdir()
    away.rename(file)


async def record(settings: Settings, live: Callable[[World], Awaitable[Lived]]) -> None:
    name = live.__name__.replace("_", "-")
    folder = settings.state_dir / name
    folder.mkdir()
    url = f"sqlite:///{folder / 'dondoc.db'}"
    own = settings.model_copy(update={"state_dir": folder, "database_url": url, "task_queue": name})
    engine = open_database(url)
    migrate(engine)
    world = World(own, await connect(own), engine, name)
    async with world.worker():
        for shape, workflow in (await live(world)).items():
            id_, _, run = workflow.partition("#")
            handle = world.client.get_workflow_handle(id_, run_id=run or None)
            history = await handle.fetch_history()
            told = json.loads(history.to_json())
            content = {"workflow": id_, "history": _without_machine(told)}
            text = json.dumps(content, ensure_ascii=False, indent=1)
            (HERE / f"{shape}.json").write_text(text + "\n", "utf-8")
    engine.dispose()


def _without_machine(value: Any) -> Any:
    """A history without what names the machine it was recorded on."""
    if isinstance(value, dict):
        return {
            key: "" if key in ("identity", "stackTrace") else _without_machine(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_without_machine(each) for each in value]
    return value


class ShortRuns(TemporalServer):
    """Suggests to continue as new long before it would: what is recorded stays small."""

    def _arguments(self) -> list[str]:
        few = "limit.historyCount.suggestContinueAsNew=60"
        return [*super()._arguments(), "--dynamic-config-value", few]


LIVES = (a_year, a_wait, an_outage, a_full_run, a_halt)


async def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = some_settings(Path(folder))
        for live in LIVES:
            if not names or live.__name__.replace("_", "-") in names:
                server = ShortRuns if live is a_full_run else TemporalServer
                async with server(settings, headless=True):
                    await ensure_search_attributes(await connect(settings))
                    await record(settings, live)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
