"""The doctor sees whether workflows wait for their next instant."""

from activities.timers import Timers
from tests.workflows.builders import a_plan, moment, some_units
from tests.workflows.world import World


async def test_a_workflow_that_was_stopped_by_hand_is_found(world: World) -> None:
    timers = Timers(world.engine, world.client)
    async with world.worker():
        await world.launch(a_plan(world.plan, "III.1.d"), some_units(), at=moment("05/01", "09:00"))
        await world.set_clock(moment("05/01", "09:00"), speed=1)
        running = await timers.look()
        await world.client.get_workflow_handle(world.task("III.1.d")).terminate()
        stopped = await timers.look()

    assert [check.severity for check in running] == [None]
    assert "2 quy trình" in running[0].message
    (broken,) = stopped
    assert "không chạy" in broken.message
    assert broken.remedy == "Khởi động lại từ sổ: dondoc repair"
