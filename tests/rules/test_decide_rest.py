"""Parts that are suspended while a document is awaited, and resumed with the time left to them."""

from datetime import date

import pytest

from models.assignment import Stage, Waiting
from models.commands import (
    Accept,
    AskExtension,
    Cancel,
    Reassign,
    Reopen,
    Resume,
    Return,
    Suspend,
    Withdraw,
)
from models.events import Submitted, Suspended
from rules.due import next_reason, overdue_units
from rules.notices import notices_of
from tests.rules.builders import (
    a_command,
    a_report,
    a_task,
    after,
    deadline_of,
    decided,
    followed,
    last_day_of,
    lived,
    member,
    on,
    refusal,
    the_unit,
)


def suspended_on(day, state=None, unit="X1"):
    return after(state or a_task(), a_command(Suspend, on(day), unit=unit))


@pytest.mark.parametrize(
    ("suspended", "resumed", "left", "last_day"),
    [
        pytest.param("02/02", "02/03", 14, "20/03", id="fourteen working days, Tết not counted"),
        pytest.param("26/02", "02/03", 1, "03/03", id="one day left is one day left"),
        pytest.param("28/02", "04/03", 0, "04/03", id="on the last day: that of the resumption"),
        pytest.param("28/02", "07/03", 0, "09/03", id="resumed on a Saturday: the Monday"),
        pytest.param("02/02", "02/02", 14, "28/02", id="at once: never earlier than it was"),
    ],
)
def test_the_working_days_that_were_left_are_kept(suspended, resumed, left, last_day):
    state = a_task()

    events = decided(state, a_command(Suspend, on(suspended), unit="X1"))
    state = after(suspended_on(suspended), a_command(Resume, on(resumed), unit="X1"))

    assert [event.left for event in events if isinstance(event, Suspended)] == [left]
    assert last_day_of(state) == on(last_day).date()
    assert state.assignments["X1"].stage is Stage.ASSIGNED


def test_the_new_deadline_is_a_new_version_and_says_why():
    state = after(suspended_on("02/02"), a_command(Resume, on("02/03"), unit="X1"))

    assert state.assignments["X1"].version == 2
    assert deadline_of(state).rule == (
        "tạm dừng từ ngày 02/02/2026, tiếp tục từ ngày 02/03/2026 với 14 ngày làm việc còn lại: "
        "hết ngày 20/03/2026"
    )


def test_nobody_is_reminded_of_a_part_that_rests():
    state, fired = followed(suspended_on("02/02"), until=on("01/06"))

    assert {event.kind for event in fired} == {"officer_reminded"}
    assert overdue_units(state, at=on("01/06")) == 0


def test_the_officer_is_asked_every_month_until_the_part_goes_on():
    state = suspended_on("02/02")

    assert next_reason(state, at=on("02/02")).startswith("hỏi lần 1: 02/03/2026")
    assert Waiting.RESUMPTION not in after(state, a_command(Resume, on("02/03"))).waiting


def test_the_question_stays_while_another_part_rests():
    state = after(a_task("X1", "X2"), a_command(Suspend, on("02/02")))

    state = after(state, a_command(Resume, on("02/03"), unit="X1"))

    assert state.assignments["X2"].stage is Stage.SUSPENDED
    assert Waiting.RESUMPTION in state.waiting


def test_reminders_begin_anew_before_the_new_deadline():
    state = after(suspended_on("02/02"), a_command(Resume, on("02/03"), unit="X1"))

    _, fired = followed(state, until=on("20/03", "23:00"))

    reminded = [(event.scheduled, event.rungs) for event in fired if event.kind == "rung_fired"]
    assert reminded[-1][1] == ("T0",)
    assert all(scheduled > on("02/03") for scheduled, _ in reminded)


def test_an_overdue_part_that_rested_keeps_its_deadline_and_what_it_missed_never_fires():
    state = lived(a_task(), until=on("10/03"))
    state = suspended_on("10/03", state)

    state = after(state, a_command(Resume, on("01/06"), unit="X1"))

    assert last_day_of(state) == date(2026, 2, 28)
    _, fired = followed(state, until=on("01/06", "23:00"))
    assert not fired
    assert overdue_units(state, at=on("01/06")) == 1


@pytest.mark.parametrize(
    ("suspended", "late"),
    [
        pytest.param("02/02", False, id="it rested when the deadline passed"),
        pytest.param("10/03", True, id="it was late before it rested"),
    ],
)
def test_a_report_on_a_part_that_rests_is_late_only_if_it_was(suspended, late):
    events = decided(suspended_on(suspended), a_report(on("01/06")))

    assert [event.late for event in events if isinstance(event, Submitted)] == [late]


def test_who_withdraws_a_report_rests_again_and_the_officer_is_asked_again():
    state = after(suspended_on("02/02"), a_report(on("01/03")))
    assert Waiting.RESUMPTION not in state.waiting

    state = after(state, a_command(Withdraw, on("02/03"), unit="X1", by=the_unit("X1")))

    assert state.assignments["X1"].stage is Stage.SUSPENDED
    assert Waiting.RESUMPTION in state.waiting
    state = after(state, a_command(Resume, on("03/03"), unit="X1"))
    assert state.assignments["X1"].stage is Stage.ASSIGNED


def test_a_returned_report_is_owed_again():
    state = after(
        suspended_on("02/02"),
        a_report(on("01/03")),
        a_command(Return, on("02/03"), unit="X1"),
    )

    assert state.assignments["X1"].stage is Stage.RETURNED
    assert state.assignments["X1"].suspension is None


def test_what_was_cancelled_while_it_rested_rests_again_when_reopened():
    state = after(
        suspended_on("02/02"),
        a_command(Cancel, on("03/02"), unit="X1", reference="1/QĐ"),
        a_command(Reopen, on("04/02"), unit="X1"),
        a_command(Resume, on("05/02"), unit="X1"),
    )

    assert state.assignments["X1"].stage is Stage.ASSIGNED


def test_the_unit_is_told_that_its_part_rests_and_that_it_goes_on():
    state = a_task()
    rested = decided(state, a_command(Suspend, on("02/02"), unit="X1"))
    state = suspended_on("02/02")
    resumed = decided(state, a_command(Resume, on("02/03"), unit="X1"))

    assert [(line.recipient, line.kind) for line in notices_of(state, rested)] == [
        ("X1", "suspended"),
        ("GDTRH", "ask-resumption"),
    ]
    state = after(state, a_command(Resume, on("02/03"), unit="X1"))
    assert [(line.recipient, line.kind) for line in notices_of(state, resumed)] == [
        ("X1", "resumed")
    ]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        pytest.param(
            a_command(Suspend, on("03/02"), unit="X1"), "đang ở trạng thái “tạm dừng”", id="twice"
        ),
        pytest.param(
            a_command(Suspend, on("03/02")), "để tạm dừng", id="when nothing is owed any more"
        ),
        pytest.param(
            a_command(AskExtension, on("03/02"), unit="X1", last_day=date(2026, 4, 1)),
            "tạm dừng",
            id="an extension of what rests",
        ),
        pytest.param(
            a_command(Reassign, on("03/02"), unit="X1", to=member("X9")),
            "tạm dừng",
            id="a reassignment of what rests",
        ),
        pytest.param(a_command(Accept, on("03/02"), unit="X1"), "tạm dừng", id="nothing to accept"),
        pytest.param(
            a_command(Resume, on("03/02"), unit="X1", by=the_unit("X1")),
            "không có thẩm quyền",
            id="a unit does not resume by itself",
        ),
    ],
)
def test_what_cannot_be_done_with_a_part_that_rests(command, words):
    assert words in refusal(suspended_on("02/02"), command)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (a_command(Suspend, on("03/02"), unit="X1", text=None), "Đề nghị ghi rõ lý do tạm dừng"),
        (a_command(Resume, on("03/02")), "không có phần việc nào đang tạm dừng"),
        (a_command(Resume, on("03/02"), unit="X1"), "đang ở trạng thái “đã giao, chưa nộp”"),
    ],
    ids=["without a reason", "nothing rests", "this part does not rest"],
)
def test_what_cannot_be_done_with_a_part_that_does_not_rest(command, words):
    assert words in refusal(a_task(), command)


def test_one_command_resumes_parts_that_were_suspended_on_different_days():
    state = a_task("X1", "X2")
    state = suspended_on("02/02", state, "X1")
    state = suspended_on("25/02", state, "X2")

    state = after(state, a_command(Resume, on("02/03")))

    assert (last_day_of(state, "X1"), last_day_of(state, "X2")) == (
        date(2026, 3, 20),
        date(2026, 3, 4),
    )
