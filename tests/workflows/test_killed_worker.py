"""A worker process that is killed, again and again, in the middle of its work."""

import asyncio
import random
import threading
from collections import Counter

from models.commands import Submit
from tests.receivers import Mailbox, mail_server
from tests.workflows.builders import Script, Until, a_plan, moment, on_paper, says, some_units
from tests.workflows.worker_process import kill, start
from tests.workflows.world import World, told, until

CODE = "III.1.d"
LAUNCHED = moment("05/01", "09:00")


async def test_a_worker_killed_at_its_work_leaves_the_same_ledger_and_repeats_one_mail_at_most(
    world: World,
) -> None:
    """The process is killed the moment it has something to do, and the next one begins again; at
    last when the mail server has a mail and has not yet answered."""
    chance = random.Random(57)
    script: Script = [
        *(Until(moment(day)) for day in ("28/01", "13/02", "02/03", "04/03")),
        says(Submit, "T1"),
        Until(moment("10/03")),
    ]
    box = Mailbox()
    with mail_server(box) as server:
        world.settings = world.settings.model_copy(update={"smtp_url": server.url})
        await _live_killed(world, script, box, chance)
    task = world.task(CODE)

    assert world.story(task) == told(on_paper(world.opening(task), script))
    repeated = len(box.mails) - len(set(box.ids()))
    assert 1 <= repeated <= len([line for line in script if isinstance(line, Until)])
    # What was answered while it waited for the next worker is dropped; nothing is left waiting.
    states = Counter(dispatch.state for dispatch in world.dispatches())
    assert states.keys() <= {"accepted", "dropped"}
    assert len(set(box.ids())) == states["accepted"]


async def _live_killed(world: World, script: Script, box: Mailbox, chance: random.Random) -> None:
    process = start(world.settings)
    killed = threading.Event()

    def kill_before_the_answer() -> None:
        if not killed.is_set():
            process.kill()
            killed.set()

    try:
        await world.launch(a_plan(world.plan, CODE), some_units(), at=LAUNCHED)
        task = world.task(CODE)
        for line in script:
            if line is script[-1]:
                box.taken = kill_before_the_answer
                await world.set_clock(moment("10/03"))
                await until(killed.is_set, "a mail was on its way")
                process = start(world.settings)
            elif isinstance(line, Until):
                await world.set_clock(line.at)
                await asyncio.sleep(chance.random() * 0.15)
                await kill(process)
                process = start(world.settings)
                await world.recorded()
            else:
                await world.send(line.kind, task, **line.fields)
        await world.settled()
    finally:
        await kill(process)


async def test_a_worker_killed_while_it_opens_a_launch_that_is_repeated_opens_everything_once(
    world: World,
) -> None:
    codes = ("III.1.a", "III.1.b", "III.1.c", "III.1.d", "III.3.a", "III.3.b", "III.3.c", "V.1")
    plan, units = a_plan(world.plan, *codes), some_units()
    cycle = world.keep_launch(plan, units, at=LAUNCHED)
    expected = len(world.cycles()._openings(cycle, cycle.launched_at))
    await world.cycles().start_cycle(cycle)
    process = start(world.settings)
    try:
        await until(lambda: world.store.opened(cycle.id)[0] > 1, "two tasks are open", pause=0.01)
        await kill(process)
        assert world.store.opened(cycle.id)[0] < expected
        assert world.keep_launch(plan, units, at=LAUNCHED).id == cycle.id
        await world.cycles().start_cycle(cycle)
        process = start(world.settings)
        await until(lambda: world.store.get(cycle.id).stage == "open", "the cycle is open")
        await world.settled()
    finally:
        await kill(process)

    tasks = world.store.open_tasks(cycle.id)
    assert len(tasks) == expected
    for task in tasks:
        events = world.events(task.id)
        assigned = [event.unit for event in events if event.kind == "assigned"]
        assert [event.kind for event in events].count("task_opened") == 1
        assert len(assigned) == len(set(assigned))
    assert world.ledger.verify() == []
