"""A year of III.1.d on the real dates of 2026: undisturbed, and with its workers killed."""

from datetime import UTC, timedelta

from models.commands import Accept, Acknowledge, Return, Submit
from tests.workflows.builders import (
    Script,
    Until,
    a_plan,
    moment,
    on_paper,
    says,
    some_units,
)
from tests.workflows.world import World, told, until

CODE = "III.1.d"
LAUNCHED = moment("05/01", "09:00")


def the_year(reason: str = "vì sao") -> Script:
    """GDTRH submits in time, T1 late and is returned once; T2 and THPT1 stay silent."""
    return [
        says(Acknowledge, "GDTRH"),
        says(Acknowledge, "T1"),
        *(Until(moment(day)) for day in ("28/01", "13/02", "24/02", "26/02", "27/02")),
        Until(moment("27/02", "16:00")),
        says(Submit, "GDTRH"),
        Until(moment("02/03")),
        Until(moment("04/03")),
        Until(moment("05/03", "10:00")),
        says(Submit, "T1"),
        says(Return, "T1", by="XA1", text=reason),
        Until(moment("09/03", "14:00")),
        says(Submit, "T1"),
        says(Accept, "T1", by="XA1"),
        *(Until(moment(day)) for day in ("10/03", "17/03", "24/03")),
    ]


async def test_a_year_of_one_task_is_followed_up_day_by_day(world: World) -> None:
    async with world.worker():
        await world.launch(a_plan(world.plan, CODE), some_units(), at=LAUNCHED)
        task = world.task(CODE)
        reason = world.commands.store_statement("Thiếu minh chứng")
        script = the_year(reason)
        half = script.index(Until(moment("28/01"))) + 1
        await world.live(task, script[:half])
        in_january = await world.details(task)
        await world.live(task, script[half:])
        in_march = await world.details(task)

        await world.shows(task, "Stage", "open")
        await world.shows(task, "Open", 3)
        await world.shows(task, "Overdue", 2)
        await world.shows(task, "Task", CODE)

    # The ledger: each step once, on its day, and nothing else.
    assert world.rungs(task, "T2") == [
        ("28/01", "T-30"),
        ("13/02", "T-14 T-7"),
        ("24/02", "T-3"),
        ("26/02", "T-1"),
        ("27/02", "T0"),
        ("02/03", "E+1"),
        ("04/03", "E+3"),
        ("10/03", "E+7"),
        ("17/03", "W1"),
        ("24/03", "W2"),
    ]
    assert world.rungs(task, "GDTRH")[-1] == ("27/02", "T0")
    assert world.kinds(task, "T1")[-5:] == [
        "submitted",
        "returned",
        "rung_fired",
        "submitted",
        "accepted",
    ]
    assert world.story(task) == told(on_paper(world.opening(task), script))
    assert world.assignment(task, "T1").late
    assert not world.assignment(task, "GDTRH").late
    assert world.ledger.verify() == []

    # The letters: one a day and recipient, the levels one after another, none after the report.
    assert [letter.day for letter in world.letters(to="T2")] == [
        "28/01",
        "13/02",
        "24/02",
        "26/02",
        "27/02",
    ]
    (reminder,) = world.letters(to="T2", day="13/02")
    assert "Căn cứ: kế hoạch ghi “Hoàn thành trước tháng 03 năm 2026”" in reminder.body
    assert "ngày 02/03/2026 sẽ báo cáo lãnh đạo đơn vị và UBND Xã Một" in reminder.body
    (due,) = world.letters(to="T2", day="27/02")
    assert "Hạn cuối: hết ngày 28/02/2026, thứ Bảy" in due.body
    (hub,) = world.letters(to="XA1", day="02/03")
    assert "Trường Hai, Trường Một" in hub.body
    (coordinator,) = world.letters(to="GDTRH", day="04/03")
    assert "Trường Hai, Trường Một, Trường THPT Một" in coordinator.body
    (leadership,) = world.letters(to="LDS", day="10/03")
    assert "Trường Hai, Trường THPT Một" in leadership.body
    # Nobody stepped to Monday: the first digest of the week has its list.
    (week,) = world.letters(to="GDTRH", day="17/03")
    assert "2 đơn vị đang quá hạn đầu tuần" in week.subject
    (returned,) = world.letters(to="T1", day="05/03")
    assert "“Thiếu minh chứng”" in returned.body
    assert [letter.day for letter in world.letters(to="T1")][-3:] == ["05/03", "09/03", "10/03"]

    # Temporal's own screens.
    assert "4 đơn vị đã giao, chưa nộp" in in_january
    assert "Việc tiếp theo: 07:30 13/02/2026" in in_january
    assert "2 đơn vị quá hạn" in in_march
    assert "1 đơn vị đã được chấp nhận" in in_march


async def test_workers_that_come_and_go_leave_the_same_ledger(world: World) -> None:
    plan, units = a_plan(world.plan, CODE), some_units()
    script = the_year()
    async with world.worker():
        await world.launch(plan, units, at=LAUNCHED)
    task = world.task(CODE)
    for line in range(0, len(script), 4):
        async with world.worker():
            await world.live(task, script[line : line + 4])

    assert world.story(task) == told(on_paper(world.opening(task), script))
    assert len(world.letters()) == len({(each.to, each.day, each.body) for each in world.letters()})


async def test_timers_of_a_running_clock_fire_at_the_plans_instants(world: World) -> None:
    """A day of the plan passes in three seconds: each wait is a timer of the server, which ends
    when the plan's clock shows the instant that the timer's summary names."""
    async with world.worker():
        await world.launch(a_plan(world.plan, CODE), some_units(), at=moment("27/01", "20:00"))
        task = world.task(CODE)
        clock = await world.set_clock(moment("27/01", "20:00"), speed=24 * 3600 / 3)
        await until(lambda: bool(world.rungs(task, "T2")), "the first reminder is recorded")
        history = await world.history(task)

    (fired,) = [e for e in world.events(task) if e.kind == "rung_fired" and e.unit == "T2"]
    assert fired.scheduled == moment("28/01", "07:30") <= fired.at

    begun = {event.event_id: event.event_time.ToDatetime(UTC) for event in history}
    completed = {
        event.event_id: event.workflow_task_completed_event_attributes for event in history
    }
    ends = {}
    for event in history:
        if event.HasField("timer_started_event_attributes"):
            timer = event.timer_started_event_attributes
            activated = begun[completed[timer.workflow_task_completed_event_id].started_event_id]
            ends[event.user_metadata.summary.data.decode()] = clock.plan_time(
                activated + timer.start_to_fire_timeout.ToTimedelta()
            )
    (reminder,) = (
        at for why, at in ends.items() if "nhắc trước 30 ngày: 28/01/2026 (4 đơn vị)" in why
    )
    assert abs(reminder - fired.scheduled) < timedelta(minutes=2), "four milliseconds of wall time"
