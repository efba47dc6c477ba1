"""A worker process that is killed, again and again, in the middle of its work."""

import asyncio
import random

from models.commands import Submit
from tests.workflows.builders import Script, Until, a_plan, moment, on_paper, says, some_units
from tests.workflows.world import World, kill, told, until

CODE = "III.1.d"
LAUNCHED = moment("05/01", "09:00")


async def test_a_worker_killed_at_its_work_leaves_the_same_ledger(world: World) -> None:
    """The process is killed the moment it has something to do, and the next one begins again."""
    chance = random.Random(57)
    script: Script = [
        *(Until(moment(day)) for day in ("28/01", "13/02", "02/03", "04/03")),
        says(Submit, "T1"),
        Until(moment("10/03")),
    ]
    process = await world.worker_process()
    try:
        await world.launch(a_plan(world.plan, CODE), some_units(), at=LAUNCHED)
        task = world.task(CODE)
        for line in script:
            if isinstance(line, Until):
                await world.set_clock(line.at)
                await asyncio.sleep(chance.random() * 0.15)
                await kill(process)
                process = await world.worker_process()
                await world.recorded()
            else:
                await world.send(line.kind, task, **line.fields)
        await world.settled()
    finally:
        await kill(process)

    assert world.story(task) == told(on_paper(world.opening(task), script))
    assert len({notice.message for notice in world.notices(task) if not notice.dropped}) == len(
        world.letters()
    )


async def test_a_worker_killed_while_it_opens_a_launch_that_is_repeated_opens_everything_once(
    world: World,
) -> None:
    codes = ("III.1.a", "III.1.b", "III.1.c", "III.1.d", "III.3.a", "III.3.b", "III.3.c", "V.1")
    plan, units = a_plan(world.plan, *codes), some_units()
    cycle = world.keep_launch(plan, units, at=LAUNCHED)
    expected = len(world.cycles()._openings(cycle, cycle.launched_at))
    await world.cycles().start_cycle(cycle)
    process = await world.worker_process()
    try:
        await until(lambda: world.store.opened(cycle.id)[0] > 1, "two tasks are open")
        await kill(process)
        assert world.store.opened(cycle.id)[0] < expected
        assert world.keep_launch(plan, units, at=LAUNCHED).id == cycle.id
        await world.cycles().start_cycle(cycle)
        process = await world.worker_process()
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
