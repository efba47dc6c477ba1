"""Which rungs fire when, for whom, and that the loop never spins."""

from datetime import timedelta

import pytest

from models.assignment import Waiting
from models.commands import (
    Accept,
    Acknowledge,
    Adopt,
    Allocate,
    AskExtension,
    Cancel,
    Close,
    GrantExtension,
    Reassign,
    RefuseExtension,
    Reopen,
    Reschedule,
    Return,
    Withdraw,
)
from models.events import OfficerReminded, RungFired
from models.policy import Policy
from rules.due import NextRungs, due, next_instant, next_reason, overdue
from rules.evolve import fold
from tests.rules.builders import (
    BREACH,
    LAUNCH,
    SOON,
    a_command,
    a_report,
    a_task,
    after,
    followed,
    last_day_of,
    lived,
    member,
    on,
    the_unit,
)

LATE_LAUNCH = on("16/02", "09:00")  # ngày mùng một Tết: T-30, T-14 và T-7 đã qua


def fired(state, at, clock="due", tolerance=timedelta(0)):
    """The rungs of one clock as `unit: rungs` per message."""
    events = due(state, at=at, tolerance=tolerance)
    return [
        (event.unit, event.rungs)
        for event in events
        if isinstance(event, RungFired) and event.clock == clock
    ]


def rungs(events, unit="X1", clock="due"):
    return [
        event.rungs
        for event in events
        if isinstance(event, RungFired) and event.unit == unit and event.clock == clock
    ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(on("28/01") - SOON, [], id="a microsecond before T-30"),
        pytest.param(on("28/01"), ["T-30"], id="T-30 on its instant"),
        pytest.param(on("24/02"), ["T-3"], id="T-3"),
        pytest.param(on("26/02"), ["T-1"], id="T-1"),
        pytest.param(on("27/02"), ["T0"], id="the due day is the Friday before"),
        pytest.param(on("28/02", "23:59"), [], id="nothing on the legal last day itself"),
        pytest.param(BREACH, [], id="nothing at the breach, which is a Sunday"),
        pytest.param(on("02/03"), ["E+1"], id="the first working day after the breach"),
        pytest.param(on("04/03"), ["E+3"], id="the third working day"),
        pytest.param(on("10/03"), ["E+7"], id="the seventh working day"),
        pytest.param(on("17/03"), ["W1"], id="then weekly"),
    ],
)
def test_each_rung_of_the_channels_task_fires_on_its_day(at, expected):
    state = lived(after(a_task(), a_command(Acknowledge, LAUNCH, unit="X1")), until=at - SOON)

    assert [rung for _, message in fired(state, at) for rung in message] == expected


def test_two_weeks_and_one_week_before_fall_together_before_tet_and_make_one_message():
    state = lived(a_task(), until=on("13/02") - SOON)

    assert fired(state, on("13/02")) == [("X1", ("T-14", "T-7"))]


def test_rungs_missed_by_a_late_launch_are_all_recorded_in_one_message():
    state = a_task(launched=LATE_LAUNCH)

    assert fired(state, LATE_LAUNCH) == [("X1", ("T-30", "T-14", "T-7"))]


def test_rungs_missed_in_an_outage_fold_into_one_message_with_the_highest_level():
    state = lived(a_task(), until=on("26/02"))

    events = due(state, at=on("12/03"))

    (event,) = [e for e in events if isinstance(e, RungFired) and e.clock == "due"]
    assert event.rungs == ("T0", "E+1", "E+3", "E+7")
    assert event.level == 3
    assert event.scheduled == on("10/03")


def test_rungs_within_the_tolerance_keep_their_own_messages():
    state = lived(a_task(), until=on("26/02"))

    messages = fired(state, on("04/03"), tolerance=timedelta(days=30))

    assert messages == [("X1", ("T0",)), ("X1", ("E+1",)), ("X1", ("E+3",))]


def test_what_was_fired_is_not_fired_again():
    state = a_task(launched=LATE_LAUNCH)

    state = fold(state, due(state, at=LATE_LAUNCH))

    assert due(state, at=LATE_LAUNCH) == []


def test_a_schools_rungs_come_before_those_of_its_hub():
    state = a_task("X1", schools={"T1": "X1"})

    _, events = followed(state, until=on("27/02"))

    due_days = {
        event.unit: event.scheduled.date()
        for event in events
        if isinstance(event, RungFired) and "T0" in event.rungs
    }
    # 5 ngày làm việc trước 27/02: 26, 25, 24, 23/02 rồi 13/02, vì nghỉ Tết 14-22/02.
    assert due_days == {"T1": on("13/02").date(), "X1": on("27/02").date()}


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param([a_report(on("20/01"))], id="submitted"),
        pytest.param(
            [a_report(on("20/01")), a_command(Accept, on("21/01"), unit="X1")], id="accepted"
        ),
        pytest.param(
            [a_command(Cancel, on("20/01"), reference="12/QĐ", unit="X1")], id="cancelled"
        ),
        pytest.param(
            [a_command(Reassign, on("20/01"), unit="X1", to=member("X2"))], id="reassigned"
        ),
        pytest.param([a_command(Close, on("20/01"))], id="closed"),
    ],
)
def test_a_unit_that_owes_nothing_is_never_reminded(ending):
    state = after(a_task(), *ending)

    _, events = followed(state, until=on("31/12"))

    assert rungs(events) == []


def test_submitting_starts_the_reviewers_clock():
    state = after(lived(a_task(), until=on("10/02")), a_report(on("10/02", "09:00")))

    _, events = followed(state, until=on("31/12"))

    # Thứ Ba 10/02: R+3 là thứ Sáu 13/02, R+5 là thứ Ba 24/02 vì nghỉ Tết 14-22/02.
    assert [(e.rungs, e.scheduled) for e in events if e.clock == "review"] == [
        (("R+3",), on("13/02")),
        (("R+5",), on("24/02")),
    ]


def test_withdrawing_restores_the_old_clock_with_what_was_missed_folded():
    state = lived(a_task(), until=on("28/01"))
    state = after(state, a_report(on("29/01")))
    state = lived(state, until=on("20/02"))

    state = after(state, a_command(Withdraw, on("23/02", "09:00"), unit="X1"))

    assert fired(state, on("23/02", "09:00")) == [("X1", ("T-14", "T-7"))]


def test_a_returned_report_is_chased_by_its_own_sub_deadline():
    state = after(a_task(), a_report(on("26/02", "16:00")))
    state = after(state, a_command(Return, on("27/02", "10:00"), unit="X1"))

    _, events = followed(state, until=on("09/03"))

    # 5 ngày làm việc sau 27/02 là 06/03; T-3 là 03/03.
    assert rungs(events) == [("T-3",), ("T-1",), ("T0",), ("E+1",)]


def test_escalation_is_held_while_the_approver_of_an_extension_has_time():
    state = lived(a_task(), until=on("27/02"))
    asked = a_command(AskExtension, on("28/02", "23:00"), unit="X1", last_day=on("31/03").date())

    state, events = followed(after(state, asked), until=on("05/03"))

    assert rungs(events) == []
    assert rungs(events, clock="review") == [("R+3",)]
    (ladder,) = [each for name, each in state.ladders.items() if name.startswith("extension")]
    assert all(rung.why.startswith("chờ trả lời đề nghị gia hạn") for rung in ladder.rungs)


def test_silence_about_an_extension_does_not_hold_escalation_for_ever():
    state = lived(a_task(), until=on("27/02"))
    asked = a_command(AskExtension, on("28/02", "23:00"), unit="X1", last_day=on("31/03").date())

    _, events = followed(after(state, asked), until=on("10/03"))

    assert rungs(events, clock="review") == [("R+3",), ("R+5",)]
    assert rungs(events) == [("E+1", "E+3"), ("E+7",)]


def test_whoever_reported_early_keeps_the_plans_time_to_report_again():
    state = after(a_task(), a_report(on("12/01")))
    state = after(state, a_command(Return, on("13/01"), unit="X1"))

    assert last_day_of(state) == on("28/02").date()


def test_a_refused_extension_resumes_with_what_was_missed_in_one_message():
    state = lived(a_task(), until=on("27/02"))
    asked = a_command(AskExtension, on("28/02", "23:00"), unit="X1", last_day=on("31/03").date())
    state = after(state, asked, a_command(RefuseExtension, on("05/03"), unit="X1"))

    assert fired(state, on("05/03")) == [("X1", ("E+1", "E+3"))]


def test_a_granted_extension_is_followed_by_its_own_rungs_only():
    state = lived(a_task(), until=on("27/02"))
    asked = a_command(AskExtension, on("28/02", "23:00"), unit="X1", last_day=on("31/03").date())
    state = after(state, asked, a_command(GrantExtension, on("05/03"), unit="X1"))

    _, events = followed(state, until=on("02/04"))

    assert rungs(events) == [("T-14",), ("T-7",), ("T-3",), ("T-1",), ("T0",), ("E+1",)]
    assert {event.version for event in events if event.clock == "due"} == {2}


def test_nobody_is_chased_about_what_was_breached_before_the_launch():
    state = a_task(launched=on("15/06"))

    _, events = followed(state, until=on("30/06"))

    assert [type(event) for event in events] == [OfficerReminded] * 2
    assert not overdue(state, state.assignments["X1"], at=on("30/06"))


def test_a_unit_adopted_to_be_chased_is_escalated_from_that_day_on():
    state = a_task(launched=on("15/06"))
    state = after(state, a_command(Adopt, on("22/06"), settled=False))

    _, events = followed(state, until=on("01/07"))

    assert rungs(events) == [("E+1",), ("E+3",), ("E+7",)]
    assert rungs(events, clock="ack") == []


def test_a_report_withdrawn_by_a_held_unit_does_not_set_off_last_springs_escalations():
    state = a_task(launched=on("15/06"))
    state = after(state, a_report(on("16/06")), a_command(Withdraw, on("17/06"), unit="X1"))

    assert due(state, at=on("17/06")) == []
    assert Waiting.ADOPTION in state.waiting


def test_what_passed_while_a_unit_was_cancelled_does_not_fire_when_it_is_reopened():
    state = after(a_task(), a_command(Cancel, on("10/01"), reference="12/QĐ", unit="X1"))
    state = after(state, a_command(Reopen, on("03/03"), unit="X1"))

    _, events = followed(state, until=on("04/03"))

    assert rungs(events) == [("E+3",)]
    assert rungs(events, clock="ack") == []


def test_a_moved_deadline_fires_only_what_lies_ahead():
    state = lived(a_task("X1", "X2"), until=on("13/02"))
    state = after(state, a_command(Reschedule, on("13/02", "09:00"), last_day=on("16/03").date()))

    _, events = followed(state, until=on("16/03"))

    # T-30 của hạn mới là 14/02, lùi về 13/02 lúc 7:30: đã qua khi dời hạn. T-1 là Chủ nhật.
    assert rungs(events, unit="X2") == [("T-14",), ("T-7",), ("T-3", "T-1"), ("T0",)]


def test_a_unit_that_takes_over_gets_only_the_rungs_ahead():
    state = lived(a_task(), until=on("24/02"))
    state = after(state, a_command(Reassign, on("25/02"), unit="X1", to=member("X2")))

    _, events = followed(state, until=on("27/02"))

    assert rungs(events, unit="X2") == [("T-1",), ("T0",)]


def test_units_allocated_late_are_told_once_of_what_they_missed():
    state = a_task(waiting=(Waiting.ALLOCATION,))
    state = after(state, a_command(Allocate, on("24/02", "10:00"), units=(member("PCM1"),)))

    assert ("PCM1", ("T-30", "T-14", "T-7", "T-3")) in fired(state, on("24/02", "10:00"))


def test_acknowledging_late_is_reminded_then_reported():
    _, events = followed(a_task(), until=on("20/01"))

    # Phát động thứ Hai 05/01.
    assert [(e.rungs, e.scheduled.date()) for e in events] == [
        (("A+2",), on("07/01").date()),
        (("A+4",), on("09/01").date()),
    ]


def test_an_acknowledgement_undone_runs_its_clock_again():
    acknowledged = a_command(Acknowledge, on("06/01"), unit="X1", by=the_unit("X1"))
    undone = a_command(Acknowledge, on("12/01"), unit="X1", undo=True)
    state = after(a_task(), acknowledged, undone)

    assert fired(state, on("12/01"), clock="ack") == [("X1", ("A+2", "A+4"))]


def test_the_officer_is_asked_every_month_for_a_date_that_is_missing():
    state = a_task(last_day=None, waiting=(Waiting.DATE,))
    state = after(state, a_command(Acknowledge, LAUNCH, unit="X1"))

    _, events = followed(state, until=on("10/04"))

    assert [(event.waiting, event.rungs) for event in events] == [
        (Waiting.DATE, ("Q1",)),
        (Waiting.DATE, ("Q2",)),
        (Waiting.DATE, ("Q3",)),
    ]


def test_events_of_one_look_are_in_the_order_of_their_instants_then_of_the_units():
    state = a_task("X2", "X1", launched=LATE_LAUNCH)

    events = due(state, at=on("23/02"), tolerance=timedelta(days=30))

    keys = [(e.scheduled, e.unit) for e in events if isinstance(e, RungFired)]
    assert [unit for _, unit in keys[:2]] == ["X2", "X1"]
    assert [at for at, _ in keys] == sorted(at for at, _ in keys)


@pytest.mark.parametrize("at", [LAUNCH, on("13/02"), on("28/02", "12:00"), BREACH, on("17/03")])
def test_after_what_is_due_is_recorded_the_next_look_lies_ahead(at):
    state = a_task("X1", "X2", schools={"T1": "X1"})

    state = fold(state, due(state, at=at))

    instant = next_instant(state, at=at)
    assert instant is None or instant > at


def test_the_task_looks_again_at_the_breach_because_a_unit_becomes_overdue():
    state = lived(a_task("X1", "X2"), until=on("27/02"))

    assert next_instant(state, at=on("27/02")) == BREACH
    assert next_reason(state, at=on("27/02")) == "hết hạn (2 đơn vị)"
    assert not overdue(state, state.assignments["X1"], at=BREACH - SOON)
    assert overdue(state, state.assignments["X1"], at=BREACH)


def test_the_reason_of_the_next_look_is_the_rungs_own():
    state = after(a_task(), a_command(Acknowledge, LAUNCH, unit="X1"))

    reason = next_reason(state, at=LAUNCH)

    assert next_instant(state, at=LAUNCH) == on("28/01")
    assert reason == "nhắc trước 30 ngày: 28/01/2026"


def test_a_unit_has_no_next_rung_once_its_task_is_closed():
    state = after(a_task(), a_command(Close, LAUNCH))

    assert NextRungs(state).of(state.assignments["X1"]) is None
    assert next_reason(state, at=LAUNCH) == ""


def test_weekly_rungs_end_and_then_nothing_is_looked_for():
    state = a_task(policy=Policy(weekly_rungs=2))

    state, events = followed(state, until=on("31/12"))

    assert rungs(events)[-2:] == [("W1",), ("W2",)]
    assert next_instant(state, at=on("31/12")) is None
