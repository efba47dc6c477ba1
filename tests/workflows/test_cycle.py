"""A plan's year as a whole: launching, digests, urgent letters, closing and voiding."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import update
from sqlmodel import col

from activities.delivery import Undeliverable, deliver
from models.commands import Accept, Adopt, Return, Submit, Verdict
from models.directory import UnitKind
from models.events import Assigned
from models.identifiers import cycle_id
from models.tables import CycleTable
from tests.workflows.builders import (
    a_plan,
    a_unit,
    moment,
    some_units,
    unit_actor,
)
from tests.workflows.world import World, until, until_async

LAUNCHED = moment("05/01", "09:00")


async def test_a_unit_gets_one_letter_a_working_day_and_none_that_is_empty(world: World) -> None:
    async with world.worker():
        await world.launch(
            a_plan(world.plan, "III.1.a", "III.1.b", "III.1.d", "V.1"), some_units(), at=LAUNCHED
        )
        for day in range(6, 14):
            await world.step_to(moment(f"{day:02}/01"))

    letters = world.letters()
    assert len({(letter.to, letter.day) for letter in letters}) == len(letters)
    assert all("\n1. " in letter.body for letter in letters)
    assert {letter.day for letter in letters} == {"06/01", "07/01", "09/01"}
    (first,) = world.letters(to="THPT1", day="06/01")
    assert "Mới được giao (5)" in first.body


async def test_nothing_is_sent_about_what_was_answered_while_it_waited(world: World) -> None:
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=LAUNCHED)
        task = world.task("III.1.d")
        await world.step_to(moment("27/02"))
        await world.step_to(moment("04/03", "07:00"))
        await world.set_clock(moment("04/03", "19:00"))
        await world.recorded()
        await world.send(Submit, task, unit="T1", actor=unit_actor("T1"))
        await world.step_to(moment("05/03"))

    bodies = [letter.body for letter in world.letters(to="GDTRH", day="05/03")]
    # The first digest of the week lists the overdue.
    (late,) = [body for body in bodies if "Các đơn vị đang quá hạn" in body]
    late = late.partition("Các đơn vị đang quá hạn")[2]
    assert "Trường Hai" in late
    assert "Trường Một" not in late


async def test_urgent_letters_go_out_at_once_but_only_inside_the_send_window(world: World) -> None:
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=LAUNCHED)
        task = world.task("III.1.d")
        reason = world.commands.store_statement("Thiếu minh chứng")
        for unit, at in (("T1", moment("03/02", "10:00")), ("T2", moment("03/02", "20:00"))):
            await world.step_to(at)
            await world.send(Submit, task, unit=unit, actor=unit_actor(unit))
            await world.send(Return, task, unit=unit, text=reason)
            await world.settled()
        at_once, later = world.letters(to="T1", day="03/02"), world.letters(to="T2", day="03/02")
        await world.step_to(moment("04/02"))

    assert any("bị trả lại" in letter.subject for letter in at_once)
    assert not any("bị trả lại" in letter.subject for letter in later)
    (letter,) = world.letters(to="T2", day="04/02")
    assert "“Thiếu minh chứng”" in letter.body


async def test_the_hub_gets_the_letter_of_a_unit_without_contact(world: World) -> None:
    silent = a_unit("T3", UnitKind.SCHOOL, "Trường Ba", hub="XA1", email="", head_email="")
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.1.d"), [*some_units(), silent], at=LAUNCHED)
        await world.step_to(moment("28/01"))

    letters = [letter for letter in world.letters(to="XA1") if "Trường Ba" in letter.body]
    assert any(
        "Thư này dành cho Trường Ba, đơn vị chưa có địa chỉ liên hệ" in letter.body
        for letter in letters
    )


async def test_letters_wait_for_a_channel_that_is_down_and_the_year_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox = world.settings.state_dir / "outbox"
    outbox.write_text("một tệp đứng chỗ của thư mục")
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=LAUNCHED)
        await world.set_clock(moment("06/01"))
        await until_async(
            lambda: _sent_until(world, moment("06/01", "07:30")), "the digest is over", 30
        )
        assert world.waiting_letters()
        outbox.unlink()
        await world.set_clock(moment("06/01", "08:30"))
        await world.settled()

    assert world.letters(to="T1", day="06/01")


async def _sent_until(world: World, at: object) -> bool:
    return (await world.progress()).sent_until == at


async def test_opening_that_is_begun_again_opens_everything_once(world: World) -> None:
    """The first worker is gone in the middle: some ledgers are open, no workflow runs yet, and
    nobody starts one but a worker that looks for what was kept. Of two that come before it one
    cannot be started, and somebody has terminated the other."""
    plan, units = a_plan(world.plan, "III.1.a", "III.1.b", "III.1.d", "V.1"), some_units()
    broken, terminated = (
        world.keep_launch(plan, units, at=LAUNCHED, year=year) for year in (2024, 2025)
    )
    with world.engine.begin() as connection:
        connection.execute(
            update(CycleTable)
            .where(col(CycleTable.id) == broken.id)
            .values(calendar_snapshot=broken.plan_snapshot)
        )
    await world.cycles().start_cycle(terminated)
    handle = world.client.get_workflow_handle(terminated.id)
    await handle.terminate()
    before = (await handle.describe()).run_id
    cycle = world.keep_launch(plan, units, at=LAUNCHED)
    for opening in world.cycles()._openings(cycle, LAUNCHED)[:2]:
        world.ledger.open_task(opening.task, cycle.id, opening.events)
    async with world.worker():
        starting = asyncio.create_task(world.cycles().start_kept(every=0.01))
        await until(lambda: world.store.get(cycle.id).stage == "open", "the cycle is open")
        starting.cancel()
        for other in (broken, terminated):
            assert world.store.get(other.id).stage == "opening"
            world.store.set_stage(other.id, "voided")
        assert (await handle.describe()).run_id == before
        await world.cycles().ensure_running()
        await world.settled()
        found = [w async for w in world.client.list_workflows(f'DondocPlan = "{world.plan}"')]

    started = [workflow.id for workflow in found if workflow.id != terminated.id]
    assert world.store.opened(cycle.id)[0] == 5
    assert len(set(started)) == len(started) == 6
    for task in world.store.open_tasks(cycle.id):
        assert [event.kind for event in world.events(task.id)].count("task_opened") == 1


async def test_what_had_passed_before_a_late_launch_waits_for_the_officer(world: World) -> None:
    async with world.worker():
        await world.launch(
            a_plan(world.plan, "III.1.d", "V.1"), some_units(), at=moment("23/11", "10:00")
        )
        task, report = world.task("III.1.d"), world.task("V.1", "H1")
        await world.shows(task, "Stage", "waiting-adoption")
        await world.step_to(moment("25/11"))
        assert not any("quá hạn" in letter.subject for letter in world.letters())
        await world.send(Adopt, task, settled=True)
        await world.send(Adopt, report, settled=False)
        await world.settled()
        await world.shows(task, "Open", 0)
        await world.step_to(moment("26/11"))

    assert world.assignment(task, "T1").stage == "settled"
    assert ("26/11", "E+1") in world.rungs(report, "PCM1")


async def test_a_voided_launch_tells_nobody_more_and_may_be_launched_again(world: World) -> None:
    plan, units = a_plan(world.plan, "III.1.d"), some_units()
    async with world.worker():
        await world.launch(plan, units, at=LAUNCHED)
        first, task = world.cycle, world.task("III.1.d")
        await world.end("void")
        result = await world.client.get_workflow_handle(first).result()
        await world.launch(plan, units, at=moment("05/01", "15:00"))
        await world.step_to(moment("06/01"))

    assert result == "void"
    assert world.store.get(first).stage == "voided"
    assert world.cycle == cycle_id(world.plan, "2026-2")
    assert [event.kind for event in world.events(task)][-1] == "task_voided"
    assert len(world.letters(to="T1")) == 1
    assert world.ledger.verify() == []


async def test_closing_settles_what_is_ongoing_and_seals_the_day(world: World) -> None:
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.1.a", "III.1.d"), some_units(), at=LAUNCHED)
        await world.step_to(moment("31/12", "08:00"))
        await world.end("close")
        await world.end("close")
        command = world.a_command(Submit, world.task("III.1.d"), unit="T1")
        with pytest.raises(Undeliverable):
            await deliver(world.client, command)

    assert world.store.get(world.cycle).stage == "closed"
    assert world.assignment(world.task("III.1.a", "nam"), "T1").stage == "settled"
    assert world.assignment(world.task("III.1.d"), "T1").stage == "assigned"
    days = [seal.day for seal in world.seals()]
    assert days == [moment("30/12").date(), moment("31/12").date()]
    assert world.ledger.verify() == []


async def test_a_missing_cycle_never_stops_a_task(world: World) -> None:
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=LAUNCHED)
        task = world.task("III.1.d")
        await world.client.get_workflow_handle(world.cycle).terminate("mất")
        reason = world.commands.store_statement("Thiếu minh chứng")
        await world.send(Submit, task, unit="T1", actor=unit_actor("T1"))
        await world.send(Return, task, unit="T1", text=reason)
        again = await world.send(Submit, task, unit="T1", actor=unit_actor("T1"))
        assert again.verdict is Verdict.APPLIED

        await world.cycles().ensure_running()
        await world.settled()


@pytest.mark.parametrize("launched_before", [False, True], ids=["next launch", "running cycle"])
async def test_what_is_carried_goes_on_in_the_next_cycle(
    world: World, launched_before: bool
) -> None:
    """Also in a cycle that was kept, by an older version, with a date of another year."""
    plan, units = a_plan(world.plan, "III.1.a", "III.1.d", "V.2"), some_units()
    january, dates = moment("05/01", year=2027), {"V.2.H2": date(2028, 6, 30)}
    async with world.worker():
        await world.launch(plan, units, at=LAUNCHED)
        first, task = world.cycle, world.task("III.1.d")
        await world.send(Submit, task, unit="T1", actor=unit_actor("T1"))
        await world.send(Accept, task, unit="T1")
        if launched_before:
            world.keep_launch(plan, units, at=january, year=2027, dates=dates)
            await world.cycles().start_cycle(world.store.get(world.cycle))
            await until(lambda: world.store.get(world.cycle).stage == "open", "2027 is open")
            world.cycle, second = first, world.cycle
            await world.end("close", carry=(task,))
            world.cycle = second
        else:
            await world.end("close", carry=(task,))
            await world.launch(plan, units, at=january, year=2027, dates=dates)
        carried = world.task("III.1.d", "han-2026")

    part = world.assignment(carried, "T2")
    assert (part.stage, part.last_day) == ("assigned", world.assignment(task, "T2").last_day)
    assert "T1" not in {e.unit for e in world.events(carried) if isinstance(e, Assigned)}
    assert world.assignment(task, "T2").stage == "assigned"
    assert world.ledger.verify() == []


async def test_what_is_ended_with_the_cycle_names_the_decision(world: World) -> None:
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=LAUNCHED)
        task = world.task("III.1.d")
        await world.end("close", ended=(task,), reference="12/QĐ-SGDĐT")

    assert world.assignment(task, "T1").stage == "cancelled"
    [cancelled] = [e for e in world.events(task) if e.kind == "cancelled" and e.unit == "T1"]
    assert cancelled.reference == "12/QĐ-SGDĐT"
    assert [event.kind for event in world.events(task)][-1] == "task_closed"
