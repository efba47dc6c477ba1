"""What people ask, whatever happens between the asking and the recording."""

import asyncio
from datetime import timedelta

import pytest

from activities import delivery
from activities.delivery import Undeliverable, deliver, relay
from models.commands import (
    Acknowledge,
    Allocate,
    Member,
    Note,
    NoteKind,
    Reschedule,
    SetDate,
    Submit,
    Verdict,
)
from models.recording import Answer
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from tests.workflows.builders import (
    a_plan,
    moment,
    some_units,
    unit_actor,
)
from tests.workflows.world import World, until

CODE = "III.1.d"
LAUNCHED = moment("05/01", "09:00")


async def launched(world: World, *codes: str) -> str:
    await world.launch(a_plan(world.plan, *(codes or (CODE,))), some_units(), at=LAUNCHED)
    return world.task(codes[0] if codes else CODE)


async def test_a_recording_repeated_after_a_crash_finds_the_ledger_and_goes_on(
    world: World,
) -> None:
    """The crash: the transaction was committed, the workflow task that asked for it was not."""
    async with world.worker():
        task = await launched(world)
    known = world.ledger.load(task)
    first = world.a_command(Acknowledge, task, unit="T1", actor=unit_actor("T1"))
    second = world.a_command(Submit, task, unit="T2", actor=unit_actor("T2"))
    for command in (first, second):
        world.commands.store(command)
    at = world.now
    after = step(known.state, [first], at=at)
    committed = world.ledger.record(
        recording_of(
            after.state,
            after.events,
            head=known.head,
            at=at,
            summary=task_row(after.state, at=at),
            outcomes=after.outcomes,
        )
    )
    assert committed.answer is Answer.RECORDED

    world.clock.set(world.clock.read().anchored(wall=world.now, plan=at + timedelta(minutes=7)))
    async with world.worker():
        await world.set_clock(at + timedelta(minutes=7))
        outcomes = await asyncio.gather(
            *(deliver(world.client, command) for command in (second, first))
        )
        third = await world.send(Submit, task, unit="T1", actor=unit_actor("T1"))

    assert [outcome.verdict for outcome in (*outcomes, third)] == [Verdict.APPLIED] * 3
    assert world.kinds(task, "T1") == ["assigned", "acknowledged", "submitted"]
    assert world.kinds(task, "T2") == ["assigned", "submitted"]
    acknowledged = next(e for e in world.events(task) if e.kind == "acknowledged")
    assert acknowledged.at == at
    assert world.ledger.verify() == []


async def test_a_command_that_cannot_be_decided_fails_alone_and_the_officer_is_told(
    world: World,
) -> None:
    async with world.worker():
        task = await launched(world)
        reason = world.commands.store_statement("Xin dời hạn")
        last = {"last_day": "9999-12-31", "text": reason}
        commands = [
            world.a_command(Acknowledge, task, unit="T1", actor=unit_actor("T1")),
            world.a_command(Reschedule, task, unit="T2", **last),
            world.a_command(Acknowledge, task, unit="THPT1", actor=unit_actor("THPT1")),
        ]
        for command in commands:
            world.commands.store(command)
        outcomes = await asyncio.gather(*(deliver(world.client, each) for each in commands))
        await world.settled()

    assert [outcome.verdict for outcome in outcomes] == ["applied", "failed", "applied"]
    (letter,) = world.letters(to="GDTRH")
    assert "lỗi" in letter.body
    assert world.commands.outcome(commands[1].id) == outcomes[1]
    assert "acknowledged" in world.kinds(task, "THPT1")


async def test_a_crowd_crosses_continue_as_new_with_nothing_lost_or_doubled(world: World) -> None:
    async with world.worker():
        task = await launched(world)
        handle = world.client.get_workflow_handle(task)
        command = world.a_command(Submit, task, unit="T1", actor=unit_actor("T1"))
        world.commands.store(command)
        first = await deliver(world.client, command)
        run = (await handle.describe()).run_id
        ids: set[str] = set()
        while (await handle.describe()).run_id == run:
            ids |= await many_notes(world, task, 400)

        # Temporal has forgotten the first run's updates: the ledger has not.
        assert await deliver(world.client, command) == first

    recorded = [event.command for event in world.events(task) if event.kind == "noted"]
    assert len(recorded) == len(ids)
    assert set(recorded) == ids
    assert world.kinds(task, "T1") == ["assigned", "submitted"]
    assert world.ledger.verify() == []


async def many_notes(world: World, task: str, number: int, at_once: int = 100) -> set[str]:
    """Notes by so many people at once; what a full run turns away is sent again, as the relay
    does."""
    gate = asyncio.Semaphore(at_once)

    async def one() -> str:
        async with gate:
            command = world.a_command(Note, task, unit="T2", kind=NoteKind.CALL)
            world.commands.store(command)
            while True:
                try:
                    assert (await deliver(world.client, command)).verdict is Verdict.APPLIED
                    return command.id
                except Undeliverable:
                    await asyncio.sleep(0.05)

    return set(await asyncio.gather(*(one() for _ in range(number))))


async def test_the_relay_delivers_what_was_stored_while_nothing_ran(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "RELAY_AFTER", timedelta(0))
    monkeypatch.setattr(delivery, "RELAY_EVERY_SECONDS", 0.05)
    async with world.worker():
        task = await launched(world)
    world.clock.set(world.clock.read().anchored(wall=world.now, plan=moment("28/02", "23:58")))
    command = world.a_command(Submit, task, unit="T1", actor=unit_actor("T1"))
    world.commands.store(command)
    relaying = asyncio.create_task(relay(world.engine, world.client))
    try:
        async with world.worker():
            await world.set_clock(moment("02/03"))
            await until(lambda: world.commands.outcome(command.id) is not None, "it is decided")
            await world.settled()
    finally:
        relaying.cancel()

    assert world.assignment(task, "T1").received_at == moment("28/02", "23:58")
    assert not world.assignment(task, "T1").late
    assert ("02/03", "E+1") not in world.rungs(task, "T1")
    assert not world.letters(to="T1")
    assert world.letters(to="T2", day="02/03")


async def test_what_is_asked_of_a_closed_task_is_refused_though_its_workflow_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "RELAY_AFTER", timedelta(0))
    monkeypatch.setattr(delivery, "RELAY_EVERY_SECONDS", 0.05)
    async with world.worker():
        task = await launched(world)
        await world.end("close")
        command = world.a_command(Submit, task, unit="T1", actor=unit_actor("T1"))
        world.commands.store(command)
        relaying = asyncio.create_task(relay(world.engine, world.client))
        try:
            await until(lambda: world.commands.outcome(command.id) is not None, "it is decided")
        finally:
            relaying.cancel()

    outcome = world.commands.outcome(command.id)
    assert outcome is not None
    assert outcome.verdict is Verdict.REFUSED
    assert "khép lại" in outcome.reason


async def test_a_task_waits_for_its_allocation_and_then_follows_the_allocated(world: World) -> None:
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.2.a"), some_units(), at=LAUNCHED)
        task = world.task("III.2.a", "nam")
        await world.shows(task, "Stage", "waiting-allocation")
        await world.step_to(moment("12/01"))
        (asked,) = world.letters(to="GDTRH", day="12/01")
        assert "phân công" in asked.body
        await world.send(Allocate, task, units=(Member(code="PCM1"), Member(code="PCM2")))
        await world.step_to(moment("13/01"))
        await world.step_to(moment("19/01"))
        await world.shows(task, "Stage", "open")
        await world.shows(task, "Open", 2)

    assert world.letters(to="PCM1", day="13/01")
    (later,) = world.letters(to="GDTRH", day="19/01")
    assert "phân công" not in later.body


async def test_a_date_set_later_starts_the_ladder(world: World) -> None:
    async with world.worker():
        await world.launch(a_plan(world.plan, "V.2"), some_units(), at=LAUNCHED)
        task = world.task("V.2", "H1")
        await world.shows(task, "Stage", "waiting-date")
        await world.shows(task, "NextDeadline", None)
        await world.step_to(moment("05/02"))
        outcome = await world.send(SetDate, task, last_day="2026-06-30")
        assert outcome.verdict is Verdict.APPLIED
        await world.settled()
        await world.shows(task, "Stage", "open")
        await world.shows(task, "NextDeadline", moment("01/07", "00:00"))
        await world.step_to(moment("01/06"))

    assert ("01/06", "T-30") in world.rungs(task, "GDTRH")
    assert world.letters(to="GDTRH", day="01/06")
    assert world.task_row(world.task("V.2", "H2")).waiting == ["date"]
