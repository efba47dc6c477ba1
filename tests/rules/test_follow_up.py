"""One step: commands first, in the order of their receipt, then the rungs that are due."""

from datetime import date

from models.assignment import Stage
from models.commands import Accept, AskExtension, Close, Reschedule, Verdict
from models.events import CommandFailed, EscalationWithdrawn, Refused, RungFired, Submitted
from rules.due import due
from rules.evolve import fold
from rules.follow_up import failed, step
from tests.rules.builders import BREACH, a_command, a_report, a_task, after, lived, on


def test_whoever_has_reported_is_not_reminded():
    state = lived(a_task("X1", "X2"), until=on("24/02"))

    taken = step(state, [a_report(on("26/02", "07:29"))], at=on("26/02"))

    rungs = [event for event in taken.events if isinstance(event, RungFired)]
    assert [event.unit for event in rungs] == ["X2"]


def test_an_escalation_that_the_approver_held_too_long_fires_together_with_the_last_reminder():
    state = lived(a_task(), until=on("27/02"))
    asked = a_command(AskExtension, on("28/02", "23:00"), unit="X1", last_day=date(2026, 3, 31))
    state = lived(after(state, asked), until=on("05/03"))

    taken = step(state, [], at=on("09/03"))

    rungs = [(event.clock, event.rungs) for event in taken.events if isinstance(event, RungFired)]
    assert rungs == [("review", ("R+5",)), ("due", ("E+1", "E+3"))]
    assert due(taken.state, at=on("09/03")) == []


def test_commands_are_decided_in_the_order_of_their_receipt():
    report = a_report(on("01/02", "08:00"))
    accept = a_command(Accept, on("01/02", "09:00"), unit="X1")

    taken = step(a_task(), [accept, report], at=on("01/02", "10:00"))

    assert [outcome.command for outcome in taken.outcomes] == [report.id, accept.id]
    assert taken.state.assignments["X1"].stage is Stage.ACCEPTED


def test_commands_received_at_one_instant_are_decided_in_the_order_of_their_ids():
    first, second = (a_report(on("01/02")).model_copy(update={"id": each}) for each in "ab")

    taken = step(a_task(), [second, first], at=on("01/02"))

    assert [outcome.verdict for outcome in taken.outcomes] == [Verdict.APPLIED, Verdict.REFUSED]
    assert [outcome.command for outcome in taken.outcomes] == ["a", "b"]


def test_a_refused_command_says_why_in_its_outcome_too():
    taken = step(a_task(), [a_command(Accept, on("01/02"), unit="X1")], at=on("01/02"))

    (outcome,) = taken.outcomes
    assert outcome.verdict is Verdict.REFUSED
    refused, *_ = taken.events
    assert isinstance(refused, Refused)
    assert outcome.reason == refused.reason


def test_a_command_that_cannot_be_decided_fails_alone():
    state = a_task("X1", "X2")
    impossible = a_command(Reschedule, on("01/02"), unit="X1", last_day=date(9999, 12, 31))

    taken = step(state, [impossible, a_report(on("01/02"), "X2")], at=on("01/02"))

    assert [outcome.verdict for outcome in taken.outcomes] == [Verdict.FAILED, Verdict.APPLIED]
    assert taken.state.assignments["X1"] == lived(state, until=on("01/02")).assignments["X1"]
    assert taken.state.assignments["X2"].stage is Stage.SUBMITTED
    (failure,) = [event for event in taken.events if isinstance(event, CommandFailed)]
    assert (failure.unit, failure.verb) == ("X1", "reschedule")
    assert "OverflowError" in failure.error
    assert "cán bộ điều phối đã được báo" in taken.outcomes[0].reason


def test_a_failure_found_while_recording_is_told_the_same_way():
    state, command = a_task(), a_report(on("01/02"))

    events, unchanged, outcome = failed(state, command, RuntimeError("đĩa đầy"), on("01/02"))

    assert unchanged == state
    assert outcome.verdict is Verdict.FAILED
    (failure,) = events
    assert isinstance(failure, CommandFailed)
    assert failure.error == "RuntimeError: đĩa đầy"


def test_nothing_fires_once_the_task_is_closed():
    taken = step(a_task(), [a_command(Close, on("13/02", "07:00"))], at=on("13/02"))

    assert [event.kind for event in taken.events] == ["task_closed"]
    assert taken.rungs_from is None


def test_commands_received_before_the_latest_rung_are_looked_for():
    state = lived(a_task(), until=on("26/02"))

    taken = step(state, [], at=on("12/03"))

    assert taken.rungs_from == on("10/03")


def test_a_step_without_commands_and_rungs_changes_nothing():
    state = lived(a_task(), until=on("13/02"))

    taken = step(state, [], at=on("14/02"))

    assert (taken.events, taken.outcomes, taken.rungs_from) == ([], [], None)
    assert taken.state is state


def test_the_state_of_a_step_is_what_its_events_lead_to():
    state = lived(a_task("X1", "X2"), until=on("24/02"))

    taken = step(state, [a_report(on("26/02"))], at=on("26/02"))

    assert fold(state, taken.events) == taken.state


def test_a_report_of_23_58_processed_after_the_escalation_is_on_time_and_withdraws_it():
    state = lived(a_task(), until=on("02/03"))

    taken = step(state, [a_report(on("28/02", "23:58"))], at=on("02/03", "08:00"))

    kinds = [type(event) for event in taken.events]
    assert kinds[-2:] == [Submitted, EscalationWithdrawn]
    assert not taken.state.assignments["X1"].late


def test_a_late_report_stops_further_escalation():
    state = lived(a_task(), until=on("02/03"))

    taken = step(state, [a_report(on("03/03"))], at=on("04/03"))

    assert not any(isinstance(event, RungFired) for event in taken.events)
    assert taken.state.assignments["X1"].late
    assert after(state, a_report(BREACH)).assignments["X1"].late
