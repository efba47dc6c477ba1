"""Two thousand units in one task."""

from models.recording import TaskStart
from temporal_client import DATA_CONVERTER
from tests.workflows.builders import a_plan, many_units, moment
from tests.workflows.test_commands import many_notes
from tests.workflows.world import World


async def test_two_thousand_units_are_launched_reminded_and_carried_into_a_new_run(
    world: World,
) -> None:
    """In the evening, when what is to be told waits for the morning."""
    async with world.worker():
        await world.launch(
            a_plan(world.plan, "III.1.d"), many_units(1996), at=moment("05/01", "20:00")
        )
        task = world.task("III.1.d")
        await world.step_to(moment("28/01", "20:00"))
        handle = world.client.get_workflow_handle(task)
        state = await world.state(task)
        first_run = (await handle.describe()).run_id
        while (await handle.describe()).run_id == first_run:
            await many_notes(world, task, 200)
        await world.recorded()
        started = (await world.history(task))[0].workflow_execution_started_event_attributes

    fired = [event for event in world.events(task) if event.kind == "rung_fired"]
    assert len([event for event in fired if event.clock == "due"]) == len(state.assignments) == 2000
    assert len({notice.recipient for notice in world.notices(task)}) >= 2000
    carried = started.input.payloads[0]
    assert len(carried.data) < 500_000
    (start,) = await DATA_CONVERTER.decode([carried], [TaskStart])
    assert start.loaded is not None
    assert len(start.loaded.state.assignments) == 2000
