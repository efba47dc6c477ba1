"""What is down, lost or restored: the ledger is what counts."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus

from activities.database import migrate, open_database
from activities.delivery import Undeliverable, deliver
from ending import Ending, NotNow, Word
from models.commands import Acknowledge, Close, Submit, Verdict
from settings import Settings
from temporal_client import connect, ensure_search_attributes
from temporal_server import TemporalServer
from tests.databases import cloned
from tests.servers import a_free_port, postgresql_server
from tests.workflows.builders import (
    OFFICER,
    Script,
    Until,
    a_plan,
    moment,
    on_paper,
    says,
    some_units,
    unit_actor,
)
from tests.workflows.world import World, told, until
from workflows.plan_task import OUTAGE_PAUSES

CODE = "III.1.d"
TRIES = 4
LAUNCHED = moment("05/01", "09:00")
CLOSE = Word("close", "Hết năm.", reference="12/QĐ-SGDĐT")


async def launched(world: World) -> str:
    await world.launch(a_plan(world.plan, CODE), some_units(), at=LAUNCHED)
    return world.task(CODE)


async def test_a_lost_temporal_is_begun_again_from_the_ledger_and_follows_what_was_ordered(
    own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"127.0.0.1:{a_free_port()}"
    settings = own_settings.model_copy(update={"temporal_address": address})
    engine = open_database(settings.database_url)
    before: Script = [Until(moment("28/01")), says(Acknowledge, "T1"), Until(moment("02/03"))]
    after: Script = [Until(moment("04/03")), says(Submit, "T1"), Until(moment("10/03"))]
    async with TemporalServer(settings, headless=True) as server:
        await ensure_search_attributes(await connect(settings))
        world = World(settings, await connect(settings), engine, "ke-hoach-mat")
        async with world.worker():
            task = await launched(world)
            await world.live(task, before)
    letters = len(world.letters())
    lose(server)

    async with TemporalServer(settings, headless=True):
        world.client = await connect(settings)
        await ensure_search_attributes(world.client)
        async with world.worker():
            assert await world.cycles().ensure_running() == 1
            await world.settled()
            assert len(world.letters()) == letters
            await world.live(task, after)
            await world.shows(task, "Overdue", 3)
    assert world.story(task) == told(on_paper(world.opening(task), [*before, *after]))

    # Away once more, and lost again: an order that is kept meanwhile is carried out all the same.
    order_the_end(world)
    with monkeypatch.context() as hurried:
        hurried.setattr("activities.cycles.ACCEPTED_WITHIN_SECONDS", 0.2)
        with pytest.raises(Undeliverable):
            await world.cycles().send_end(world.store.get(world.cycle))
    world.client = await connect(own_settings)
    async with world.worker():
        sending = asyncio.create_task(world.cycles().send_kept_ends(every=0.01))
        await until(lambda: world.store.get(world.cycle).stage == "closed", "it is closed")
        sending.cancel()
    closed_once(world, task)
    engine.dispose()


async def test_a_cycle_lost_by_temporal_while_it_closes_is_closed_without_being_asked_again(
    world: World,
) -> None:
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.1.a", CODE), some_units(), at=LAUNCHED)
        end = world.end_order("close")
        first = world.store.open_tasks(world.cycle)[0].id
        world.store.keep_ending(end)
        await world.send(Close, first, id=f"close:{first}", received_at=end.received_at)
        await world.client.get_workflow_handle(world.cycle).terminate("mất")

        await world.cycles().ensure_running()
        await until(lambda: world.store.get(world.cycle).stage == "closed", "the cycle is closed")

    assert world.store.open_tasks(world.cycle) == []
    closed = [world.events(task)[-1] for task in (first, world.task(CODE))]
    assert [(event.kind, event.actor) for event in closed] == [("task_closed", OFFICER)] * 2
    assert [event.kind for event in world.events(first)].count("task_closed") == 1


async def test_an_order_to_end_that_was_kept_and_never_sent_is_carried_out_once(
    world: World,
) -> None:
    """Whoever kept it was killed; two workers send it, each again and again."""
    async with world.worker():
        task = await launched(world)
        order_the_end(world)
        sending = [asyncio.create_task(world.cycles().send_kept_ends(every=0.01)) for _ in range(2)]
        await until(lambda: world.store.get(world.cycle).stage == "closed", "it is closed")
        for each in sending:
            each.cancel()

    closed_once(world, task)


def order_the_end(world: World) -> None:
    """Another order after it is refused."""
    ending, cycle = Ending(world.engine), world.store.get(world.cycle)
    assert ending.keep(cycle, CLOSE, OFFICER).new
    with pytest.raises(NotNow, match=r"đã có lệnh khép lại .*12/QĐ-SGDĐT: III\.1\.d/han"):
        ending.keep(cycle, Word("void", "Nhầm."), OFFICER)


def closed_once(world: World, task: str) -> None:
    again = Ending(world.engine).keep(world.store.get(world.cycle), CLOSE, OFFICER)
    assert not again.new
    assert [event.kind for event in world.events(task)].count("task_closed") == 1
    assert world.assignment(task, "T2").stage == "cancelled"


async def test_a_launch_that_is_voided_before_temporal_knew_it_opens_nothing(world: World) -> None:
    plan, units = a_plan(world.plan, CODE), some_units()
    first = world.keep_launch(plan, units, at=LAUNCHED)
    assert Ending(world.engine).keep(first, Word("void", "Nhầm."), OFFICER).new
    async with world.worker():
        sending = asyncio.create_task(world.cycles().send_kept_ends(every=0.01))
        await until(lambda: world.store.get(first.id).stage == "voided", "the launch is voided")
        sending.cancel()
        again = world.keep_launch(plan, units, at=LAUNCHED)

    assert world.store.opened(first.id) == (0, 0)
    assert again.id == f"{first.id}-2"


async def test_an_order_to_end_a_cycle_that_was_terminated_says_what_helps(world: World) -> None:
    cycle = world.keep_launch(a_plan(world.plan, CODE), some_units(), at=LAUNCHED)
    await world.cycles().start_cycle(cycle)
    await world.client.get_workflow_handle(cycle.id).terminate()
    assert Ending(world.engine).keep(cycle, Word("void", "Nhầm."), OFFICER).new

    with pytest.raises(Undeliverable, match="dondoc repair"):
        await world.cycles().send_end(world.store.get(cycle.id))


def lose(server: TemporalServer) -> None:
    for file in server.database.parent.glob(f"{server.database.name}*"):
        file.unlink()


async def test_a_database_older_than_temporal_stops_the_task_until_it_is_repaired(
    world: World, tmp_path: Path
) -> None:
    older, newer = tmp_path / "older.db", tmp_path / "newer.db"
    async with world.worker():
        task = await launched(world)
        await world.step_to(moment("28/01"))
        back_up(world, older)
        await world.send(Acknowledge, task, unit="T1", actor=unit_actor("T1"))
        await world.step_to(moment("13/02"))
        back_up(world, newer)
        known = world.story(task)

        restore(world, older)
        command = world.a_command(Submit, task, unit="T2", actor=unit_actor("T2"))
        world.commands.store(command)
        delivering = asyncio.create_task(deliver(world.client, command))
        await world.shows(task, "Stage", "halted")
        assert "NGỪNG GHI" in await world.details(task)
        assert "khôi phục bản sao lưu" in (world.task_row(task).halted or "")
        assert len(world.story(task)) < len(known)
        assert not delivering.done()

        restore(world, newer)
        world.commands.store(command)
        await world.client.get_workflow_handle(task).signal("wake")
        assert (await delivering).verdict is Verdict.APPLIED
        await world.shows(task, "Stage", "open")

    assert world.story(task)[: len(known)] == known
    assert world.task_row(task).halted is None
    assert world.ledger.verify() == []


async def test_a_task_goes_on_from_an_older_ledger_when_it_is_started_again(
    world: World, tmp_path: Path
) -> None:
    older = tmp_path / "older.db"
    async with world.worker():
        task = await launched(world)
        back_up(world, older)
        await world.step_to(moment("28/01"))
        restore(world, older)
        await world.set_clock(moment("13/02"))
        await world.shows(task, "Stage", "halted")

        await world.client.get_workflow_handle(task).terminate("sổ khôi phục từ bản sao lưu")
        await world.cycles().ensure_running()
        await world.recorded()
        await world.shows(task, "Stage", "open")

    # What the backup had forgotten is made good in one message.
    assert world.rungs(task, "T2") == [("13/02", "T-30 T-14 T-7")]
    assert world.task_row(task).halted is None


def back_up(world: World, file: Path) -> None:
    with closing(sqlite3.connect(file)) as copy, closing(database_of(world)) as source:
        source.backup(copy)


def restore(world: World, file: Path) -> None:
    """Puts a copy over the database, as an administrator does."""
    with closing(sqlite3.connect(file)) as copy, closing(database_of(world)) as target:
        copy.backup(target)


def database_of(world: World) -> sqlite3.Connection:
    return sqlite3.connect(world.settings.database_url.removeprefix("sqlite:///"), timeout=30)


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server of these tests' own, because one of them stops it."""
    with postgresql_server(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture
async def on_postgresql(own_settings: Settings, postgresql: Any) -> AsyncIterator[World]:
    admin = open_database(postgresql.get_uri())
    url = cloned(admin.execution_options(isolation_level="AUTOCOMMIT"), "template0")
    admin.dispose()
    settings = own_settings.model_copy(update={"database_url": url})
    engine = open_database(settings.database_url)
    migrate(engine)
    yield World(settings, await connect(settings), engine, f"ke-hoach-{settings.task_queue}")
    engine.dispose()


async def test_two_days_without_a_database_are_one_message_and_a_short_history(
    on_postgresql: World, postgresql: Any
) -> None:
    world = on_postgresql
    async with world.worker():
        task = await launched(world)
        await world.step_to(moment("13/02"))
        calm = len(await world.history(task))
        clock = world.clock.read().anchored(wall=datetime.now(UTC), plan=moment("26/02"))
        await asyncio.to_thread(postgresql.stop)
        handle = world.client.get_workflow_handle(task)
        for _ in range(TRIES):
            await handle.signal("clock_changed", clock)
            await asyncio.sleep(1.2)
        during = len(await world.history(task)) - calm
        await asyncio.to_thread(postgresql.start)
        world.engine.dispose()
        world.clock.set(clock)
        await world.client.get_workflow_handle(world.cycle).signal("clock_changed", clock)
        await handle.signal("wake")
        await world.settled()
        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING

    assert world.rungs(task, "T2")[-1] == ("26/02", "T-3 T-1")
    assert len(world.letters(to="T2", day="26/02")) == 1
    tries_of_two_days = timedelta(days=2) / OUTAGE_PAUSES[-1]
    assert during / TRIES * tries_of_two_days < 10_000  # of the 51,200 events a history may have


async def test_a_command_no_database_can_hold_fails_alone(on_postgresql: World) -> None:
    """PostgreSQL takes no NUL character: neither the command nor its failure can be written."""
    world = on_postgresql
    async with world.worker():
        task = await launched(world)
        poison = world.a_command(Acknowledge, task, unit="T\0", actor=unit_actor("T1"))
        good = [
            world.a_command(Acknowledge, task, unit=unit, actor=unit_actor(unit))
            for unit in ("T1", "T2", "THPT1")
        ]
        for command in good:
            world.commands.store(command)
        outcomes = await asyncio.gather(
            *(deliver(world.client, command) for command in (poison, *good))
        )

    assert [outcome.verdict for outcome in outcomes] == ["failed", *["applied"] * 3]
    assert [e.kind for e in world.events(task)].count("acknowledged") == 3


async def test_reports_of_an_outage_count_by_their_receipt_and_silence_is_one_message(
    world: World,
) -> None:
    """No worker from Friday evening on: one report comes before the breach, one after it."""
    async with world.worker():
        task = await launched(world)
        await world.step_to(moment("27/02"))
    for unit, at in (("T1", moment("28/02", "23:58")), ("GDTRH", moment("01/03", "00:10"))):
        world.commands.store(
            world.a_command(Submit, task, unit=unit, actor=unit_actor(unit), received_at=at)
        )
    async with world.worker():
        await world.step_to(moment("04/03"))

    assert not world.assignment(task, "T1").late
    assert world.assignment(task, "GDTRH").late
    # Stored and never delivered, yet decided before the rungs they came before.
    assert [day for day, _ in world.rungs(task, "T1")] == ["27/02"]
    assert [day for day, _ in world.rungs(task, "GDTRH")] == ["27/02"]
    assert world.rungs(task, "T2")[-1] == ("04/03", "E+1 E+3")
    kinds = [event.kind for event in world.events(task)]
    assert kinds.index("submitted") < len(kinds) - kinds[::-1].index("rung_fired") - 1
    (told_once,) = world.letters(to="GDTRH", day="04/03")
    assert told_once.body.count("Trường Hai") == 1
    assert "Trường Một" not in told_once.body.partition("Đơn vị chậm báo cáo")[2]
