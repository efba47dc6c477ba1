"""Who is told what, by which event."""

from datetime import date
from typing import Any

import pytest

from models.assignment import Waiting
from models.commands import (
    Accept,
    Adopt,
    Allocate,
    AskExtension,
    Cancel,
    GrantExtension,
    Note,
    NoteKind,
    Reassign,
    RefuseExtension,
    Reopen,
    Reschedule,
    Return,
    SetDate,
    Withdraw,
)
from models.deadline import RungKind
from models.events import CommandFailed
from models.policy import Escalation, Policy
from rules.due import due
from rules.evolve import fold
from rules.follow_up import step
from rules.notices import notices_of
from tests.rules.builders import (
    LAUNCH,
    OFFICER,
    SOON,
    SUPERVISOR,
    a_command,
    a_report,
    a_task,
    after,
    an_opening,
    decided,
    lived,
    member,
    on,
)


def told(state, command, at=None):
    """`recipient: kind` of every line a command leads to."""
    events = decided(state, command, at)
    lines = notices_of(fold(state, events), events)
    return [(line.recipient, line.kind) for line in lines]


def rung_lines(state, at):
    events = due(state, at=at)
    return notices_of(fold(state, events), events)


def recipients(state, at, *kinds):
    lines = rung_lines(state, at)
    return {line.recipient for line in lines if not kinds or line.kind in kinds}


@pytest.mark.parametrize(
    ("unit", "hub", "day", "expected"),
    [
        pytest.param("X1", None, "26/02", {"X1"}, id="a commune is reminded itself"),
        pytest.param("X1", None, "02/03", {"X1:head"}, id="a commune's head first"),
        pytest.param("X1", None, "04/03", {"GDTRH"}, id="then the coordinator"),
        pytest.param("X1", None, "10/03", {"LDS"}, id="then the leadership"),
        pytest.param("X1", None, "17/03", {"GDTRH"}, id="then weekly the coordinator"),
        pytest.param("T1", "X1", "02/03", {"T1:head", "X1"}, id="a school's head and its hub"),
        pytest.param("T1", "X1", "04/03", {"GDTRH"}, id="a school: the coordinator"),
        pytest.param("T1", "X1", "10/03", {"LDS"}, id="a school: the leadership"),
        pytest.param("PCM1", None, "02/03", {"PCM1:head"}, id="a division's head"),
        pytest.param("PCM1", None, "04/03", {"GDTRH"}, id="a division: the coordinator"),
        pytest.param("GDTRH", None, "02/03", {"GDTRH:head"}, id="the coordinator's own head"),
        pytest.param("GDTRH", None, "04/03", {"LDS"}, id="the coordinator: the leadership"),
        pytest.param("GDTRH", None, "10/03", set(), id="the leadership is not told twice"),
        pytest.param("GDTRH", None, "17/03", {"LDS"}, id="weekly somebody above is"),
        pytest.param("T1", "GDTRH", "02/03", {"T1:head", "GDTRH"}, id="hub and coordinator in one"),
        pytest.param("T1", "GDTRH", "04/03", set(), id="is not told at the second level again"),
        pytest.param("T1", "GDTRH", "10/03", {"LDS"}, id="and the third is told all the same"),
    ],
)
def test_each_level_of_an_escalation_tells_those_who_stand_there(unit, hub, day, expected):
    state = after(a_task("X0"), a_command(Allocate, LAUNCH, units=(member(unit, hub),)))
    state = after(state, a_command(Cancel, LAUNCH, unit="X0", reference="1/QĐ"))
    state = lived(state, until=on(day) - SOON)

    assert recipients(state, on(day)) == expected


def test_a_level_that_the_policy_leaves_out_has_told_nobody():
    policy = Policy(escalations=(Escalation(after=7, level=3),))
    state = lived(a_task("GDTRH", policy=policy), until=on("10/03") - SOON)

    assert recipients(state, on("10/03")) == {"LDS"}


def test_a_folded_escalation_tells_everybody_once_of_the_most_severe_that_concerns_them():
    state = lived(a_task(schools={"T1": "X1"}), until=on("12/02"))

    lines = rung_lines(state, on("20/03"))

    assert [(line.recipient, line.kind, line.level) for line in lines] == [
        ("T1", RungKind.ESCALATION, 1),
        ("T1:head", RungKind.ESCALATION, 1),
        ("X1", RungKind.ESCALATION, 1),
        ("GDTRH", RungKind.ESCALATION, 4),
        ("LDS", RungKind.ESCALATION, 3),
    ]


def test_somebody_at_two_levels_of_a_folded_escalation_is_told_of_the_higher():
    state = lived(a_task("GDTRH"), until=on("27/02"))

    lines = rung_lines(state, on("10/03"))

    assert [(line.recipient, line.level) for line in lines] == [("GDTRH:head", 1), ("LDS", 3)]


def test_a_unit_whose_reminders_were_all_missed_is_not_told_that_the_day_is_to_come():
    state = lived(a_task(), until=on("24/02"))

    lines = {line.recipient: line for line in rung_lines(state, on("02/03"))}

    assert lines["X1"].kind is RungKind.ESCALATION
    assert "quá hạn 1 ngày làm việc" in lines["X1"].why


def test_two_rungs_of_one_instant_make_one_line_of_the_nearer():
    state = lived(a_task(), until=on("12/02"))

    (line,) = rung_lines(state, on("13/02"))

    assert (line.rung, line.kind, line.last_day) == ("due:T-7@2026-02-13", "reminder", "2026-02-28")
    assert line.why == "nhắc trước 7 ngày: 13/02/2026, lùi từ 20/02 vì nghỉ Tết Nguyên đán"


@pytest.mark.parametrize(
    ("unit", "hub", "first", "second"),
    [
        pytest.param("T1", "X1", {"X1"}, {"GDTRH"}, id="of a school: its hub"),
        pytest.param("X1", None, {"GDTRH"}, {"LDS"}, id="of a commune: the coordinator"),
        pytest.param("GDTRH", None, {"LDS"}, set(), id="of the coordinator: the leadership"),
    ],
)
def test_the_reviewer_is_reminded_then_the_level_above_is_told(unit, hub, first, second):
    state = after(a_task("X0"), a_command(Allocate, LAUNCH, units=(member(unit, hub),)))
    state = after(state, a_report(on("02/02"), unit))

    state = lived(state, until=on("05/02") - SOON)
    assert recipients(state, on("05/02"), RungKind.REVIEW) == first
    state = lived(state, until=on("09/02") - SOON)
    assert recipients(state, on("09/02"), RungKind.REVIEW) == second


def test_an_extension_is_the_coordinators_to_answer_even_for_a_school():
    state = after(
        a_task(schools={"T1": "X1"}),
        a_command(AskExtension, on("02/02"), unit="T1", last_day=date(2026, 3, 31)),
    )

    state = lived(state, until=on("05/02") - SOON)

    assert recipients(state, on("05/02"), RungKind.REVIEW) == {"GDTRH"}


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        pytest.param("T1", "X1", id="a school's hub"),
        pytest.param("X1", "GDTRH", id="a commune's coordinator"),
        pytest.param("GDTRH", "LDS", id="the coordinator's leadership"),
    ],
)
def test_a_missing_acknowledgement_is_reported_to_the_level_above(unit, expected):
    state = a_task("X1", "GDTRH", schools={"T1": "X1"})
    state = lived(state, until=on("09/01") - SOON)

    lines = [line for line in rung_lines(state, on("09/01")) if line.unit == unit]

    assert [line.recipient for line in lines] == [expected]


@pytest.mark.parametrize(
    ("before", "command", "expected"),
    [
        pytest.param([], a_report(on("02/02")), [("GDTRH", "submitted")], id="submitted"),
        pytest.param(
            [a_report(on("02/02"))],
            a_command(Withdraw, on("03/02"), unit="X1"),
            [("GDTRH", "withdrawn")],
            id="withdrawn",
        ),
        pytest.param(
            [a_report(on("02/02"))],
            a_command(Accept, on("03/02"), unit="X1"),
            [("X1", "accepted")],
            id="accepted",
        ),
        pytest.param(
            [a_report(on("02/02"))],
            a_command(Return, on("03/02"), unit="X1"),
            [("X1", "returned")],
            id="returned",
        ),
        pytest.param(
            [a_report(on("02/02")), a_command(Accept, on("03/02"), unit="X1")],
            a_command(Reopen, on("04/02"), unit="X1"),
            [("X1", "reopened")],
            id="reopened",
        ),
        pytest.param(
            [],
            a_command(AskExtension, on("02/02"), unit="X1", last_day=date(2026, 3, 31)),
            [("GDTRH", "extension_asked")],
            id="extension asked",
        ),
        pytest.param(
            [],
            a_command(Reassign, on("02/02"), unit="X1", to=member("X2")),
            [("X1", "reassigned"), ("X2", "assigned")],
            id="reassigned",
        ),
        pytest.param(
            [],
            a_command(Cancel, on("02/02"), unit="X1", reference="1/QĐ"),
            [("X1", "cancelled")],
            id="cancelled",
        ),
        pytest.param(
            [],
            a_command(Reschedule, on("02/02"), last_day=date(2026, 4, 15)),
            [("X1", "rescheduled")],
            id="the date moved for all, told once",
        ),
        pytest.param(
            [],
            a_command(Note, on("02/02"), unit="X1", kind=NoteKind.INSTRUCTION, by=SUPERVISOR),
            [("X1", "instruction")],
            id="an instruction to a unit",
        ),
        pytest.param(
            [],
            a_command(Note, on("02/02"), kind=NoteKind.INSTRUCTION, by=SUPERVISOR),
            [("GDTRH", "instruction")],
            id="an instruction on the task goes to the coordinator",
        ),
        pytest.param(
            [], a_command(Note, on("02/02"), unit="X1", kind=NoteKind.CALL), [], id="a call noted"
        ),
        pytest.param([], a_command(Accept, on("02/02"), unit="X1"), [], id="a refusal"),
    ],
)
def test_a_command_tells_those_it_concerns(before, command, expected):
    assert told(after(a_task(), *before), command) == expected


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(GrantExtension, "extension_granted"), (RefuseExtension, "extension_refused")],
)
def test_answers_to_requests_go_out_at_once(answer, kind):
    asked = a_command(AskExtension, on("02/02"), unit="X1", last_day=date(2026, 3, 31))
    state = after(a_task(), asked)

    events = decided(state, a_command(answer, on("03/02"), unit="X1"))

    (line,) = notices_of(fold(state, events), events)
    assert (line.recipient, line.kind, line.urgent) == ("X1", kind, True)


@pytest.mark.parametrize(
    ("day", "urgent"),
    [
        pytest.param("26/02", {False}, id="reminders wait for the digest"),
        pytest.param("02/03", {False}, id="so does the first level"),
        pytest.param("04/03", {True}, id="the second goes at once"),
        pytest.param("10/03", {True}, id="and the third"),
    ],
)
def test_only_escalation_from_the_second_level_is_urgent(day, urgent):
    state = lived(a_task(), until=on(day) - SOON)

    assert {line.urgent for line in rung_lines(state, on(day))} == urgent


def test_a_withdrawn_escalation_is_told_to_those_who_were_told_and_to_nobody_else():
    # Hạn của trường là 13/02; E+1 và E+3 đã báo vào 23 và 25/02.
    state = lived(a_task(schools={"T1": "X1"}), until=on("25/02"))

    paper = a_report(on("13/02"), "T1", by=OFFICER, on_behalf=True, reference="7/BC")
    lines = told(state, paper, at=on("25/02", "09:00"))

    withdrawn = {to for to, kind in lines if kind == "escalation_withdrawn"}
    assert withdrawn == {"T1:head", "X1", "GDTRH"}


def test_what_takes_an_escalation_back_names_the_notice_it_takes_back():
    state = lived(a_task(schools={"T1": "X1"}), until=on("25/02"))
    sent = {line.rung for line in rung_lines(lived(a_task(), until=on("01/03")), on("02/03"))}
    events = decided(state, a_report(on("13/02"), "T1", by=OFFICER, on_behalf=True, reference="7"))

    lines = notices_of(fold(state, events), events)

    withdrawn = {line.rung.rpartition("-due:")[2] for line in lines if "withdrawn" in line.kind}
    assert withdrawn == {"E+1@2026-02-23", "E+3@2026-02-25"}
    assert sent == {"due:E+1@2026-03-02"}


@pytest.mark.parametrize(
    ("day", "next_day", "next_to"),
    [
        pytest.param("26/02", "2026-03-02", ("X1:head",), id="a reminder: the head"),
        pytest.param("02/03", "2026-03-04", ("GDTRH",), id="the head: the coordinator"),
        pytest.param("04/03", "2026-03-10", ("LDS",), id="the coordinator: the leadership"),
        pytest.param("10/03", None, (), id="the leadership: nobody above it"),
    ],
)
def test_a_notice_says_who_is_told_next_and_why_its_date(day, next_day, next_to):
    state = lived(a_task(), until=on(day) - SOON)

    (line,) = rung_lines(state, on(day))

    assert (line.next_day, line.next_to) == (next_day, next_to)
    assert line.phrase == "Hoàn thành trước tháng 03 năm 2026"
    assert line.rule


def test_a_date_set_later_is_told_to_every_unit_of_the_class():
    state = a_task("X1", "X2", last_day=None, waiting=(Waiting.DATE,))

    lines = told(state, a_command(SetDate, on("02/02"), last_day=date(2026, 6, 30)))

    assert lines == [("X1", "dated"), ("X2", "dated")]


def test_held_units_are_told_nothing_before_the_officers_word():
    events = an_opening("X1", launched=on("15/06"))
    state = fold(None, events)

    lines = notices_of(state, events)

    assert [(line.recipient, line.kind) for line in lines] == [("GDTRH", "ask-adoption")]
    assert told(state, a_command(Adopt, on("16/06"), settled=True)) == []
    assert told(state, a_command(Adopt, on("16/06"), settled=False)) == [("X1", "adopted")]


def test_the_launch_tells_each_unit_once():
    events = an_opening("X1", "X2", schools={"T1": "X1"})

    lines = notices_of(fold(None, events), events)

    assert [(line.recipient, line.kind) for line in lines] == [
        ("X1", "assigned"),
        ("X2", "assigned"),
        ("T1", "assigned"),
    ]


def test_the_officer_is_told_of_a_failure_at_once():
    event = CommandFailed(at=LAUNCH, command="c1", verb="submit", error="OSError: …", unit="X9")

    (line,) = notices_of(a_task(), [event])

    assert (line.recipient, line.kind, line.urgent) == ("GDTRH", "command_failed", True)


def test_the_officer_is_asked_with_the_words_of_the_document():
    state = a_task(waiting=(Waiting.ALLOCATION,))

    lines = [line for line in rung_lines(state, on("12/01")) if line.unit is None]

    assert [(line.recipient, line.kind, line.why) for line in lines] == [
        ("GDTRH", "ask-allocation", "Hoàn thành trước tháng 03 năm 2026")
    ]


def test_what_happened_at_one_instant_can_be_told_from_the_state_after_it():
    # A ledger whose plan time stands still has many recordings of one instant.
    state = lived(after(a_task(), a_report(on("02/02"))), until=on("05/02") - SOON)
    events = due(state, at=on("05/02"))
    accepted = decided(fold(state, events), a_command(Accept, on("05/02"), unit="X1"))

    lines = notices_of(fold(state, [*events, *accepted]), [*events, *accepted])

    assert [line.kind for line in lines] == ["accepted"]


def test_no_two_lines_of_a_step_have_the_same_key():
    state = lived(a_task("X1", "GDTRH", schools={"T1": "X1"}), until=on("12/02"))
    commands: list[Any] = [
        a_report(on("13/02"), "X1"),
        a_command(Return, on("14/02"), unit="X1"),
        a_command(Reschedule, on("15/02"), last_day=date(2026, 4, 15)),
    ]

    taken = step(state, commands, at=on("20/03"))

    keys = [
        (line.unit, line.version, line.rung, line.recipient)
        for line in notices_of(taken.state, taken.events)
    ]
    assert len(keys) == len(set(keys))
