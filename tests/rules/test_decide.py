"""What follows from each command, and what is refused with which sentence."""

from datetime import date
from typing import Any

import pytest

from models.assignment import Role, Stage, TaskStage, Waiting
from models.commands import (
    SYSTEM,
    Accept,
    Acknowledge,
    Adopt,
    Allocate,
    AskExtension,
    Cancel,
    Close,
    DocumentIssued,
    GrantExtension,
    Note,
    NoteKind,
    Reassign,
    RefuseExtension,
    Reopen,
    Reschedule,
    Return,
    SetDate,
    Void,
    Withdraw,
)
from models.events import (
    Adopted,
    Assigned,
    DeadlineSet,
    EscalationWithdrawn,
    Noted,
    Progressed,
    Submitted,
)
from models.policy import Policy
from rules.decide import decide
from rules.due import overdue
from rules.evolve import compact, deadline_moves, fold
from tests.rules.builders import (
    BREACH,
    LAST_DAY,
    LAUNCH,
    OFFICER,
    SOON,
    SUPERVISOR,
    a_command,
    a_report,
    a_task,
    after,
    an_opening,
    deadline_of,
    decided,
    last_day_of,
    lived,
    member,
    on,
    refusal,
    the_unit,
)

SPRING_WAS_BREACHED = on("15/06")


def only(events, kind):
    (event,) = [event for event in events if isinstance(event, kind)]
    return event


def an_extension(received, last_day=date(2026, 3, 31), **fields):
    return a_command(AskExtension, received, unit="X1", last_day=last_day, **fields)


# On time or late


@pytest.mark.parametrize(
    ("received", "late"),
    [
        pytest.param(BREACH - SOON, False, id="a microsecond before the breach"),
        pytest.param(BREACH, True, id="exactly at the breach"),
        pytest.param(BREACH + SOON, True, id="a microsecond after"),
        pytest.param(on("28/02", "23:58"), False, id="two minutes to midnight"),
        pytest.param(on("27/02", "18:00"), False, id="after the target, before the breach"),
    ],
)
def test_a_report_is_late_from_the_breach_on(received, late):
    events = decided(a_task(), a_report(received))

    assert only(events, Submitted).late is late


def test_a_report_received_before_the_breach_and_processed_after_it_is_on_time():
    events = decided(a_task(), a_report(on("28/02", "23:58")), at=on("01/03", "00:10"))

    submitted = only(events, Submitted)
    assert not submitted.late
    assert submitted.received_at == on("28/02", "23:58")
    assert submitted.at == on("01/03", "00:10")


def test_an_escalation_that_went_out_after_the_receipt_is_withdrawn():
    state = lived(a_task(), until=on("10/03"))

    events = decided(state, a_report(on("03/03"), by=OFFICER, on_behalf=True, reference="7/BC"))

    assert only(events, EscalationWithdrawn).rungs == ("E+3", "E+7")
    assert only(events, Submitted).late


def test_a_late_report_withdraws_no_escalation_that_was_right():
    state = lived(a_task(), until=on("10/03"))

    events = decided(state, a_report(on("11/03")))

    assert not any(isinstance(event, EscalationWithdrawn) for event in events)


def test_late_once_is_late_for_ever():
    state = after(a_task(), a_report(on("05/03")))
    state = after(state, a_command(Return, on("06/03"), unit="X1"))
    state = after(state, a_report(on("07/03")), a_command(Accept, on("09/03"), unit="X1"))

    assert state.assignments["X1"].late
    assert state.assignments["X1"].revision == 2


@pytest.mark.parametrize(
    ("received", "late"),
    [
        pytest.param(on("06/03", "23:59"), False, id="before its sub-deadline ends"),
        pytest.param(on("07/03", "00:00"), True, id="when its sub-deadline has ended"),
    ],
)
def test_a_resubmission_is_measured_by_its_sub_deadline(received, late):
    state = after(a_task(), a_report(on("26/02")))
    state = after(state, a_command(Return, on("27/02", "10:00"), unit="X1"))

    assert only(decided(state, a_report(received)), Submitted).late is late


def test_waiting_for_review_is_never_the_units_lateness():
    state = after(a_task(), a_report(on("28/02")))
    state = after(lived(state, until=on("30/06")), a_command(Accept, on("30/06"), unit="X1"))

    assert not state.assignments["X1"].late


def test_a_report_on_an_ongoing_task_is_progress():
    state = a_task(ongoing=True)

    events = decided(state, a_report(on("10/04")))

    assert only(events, Progressed).received_at == on("10/04")
    assert after(state, a_report(on("10/04"))).assignments["X1"].stage is Stage.ASSIGNED


def test_a_report_received_on_time_counts_even_when_the_unit_is_chased_already():
    state = a_task(launched=SPRING_WAS_BREACHED)
    state = after(state, a_command(Adopt, on("16/06"), settled=False))

    paper = a_report(on("20/02"), by=OFFICER, on_behalf=True, reference="7/BC")

    assert not after(state, paper, at=on("17/06")).assignments["X1"].late


# Refusals, in the words a person reads

ON_BEHALF: dict[str, Any] = {"on_behalf": True, "reference": "7/BC"}


@pytest.mark.parametrize(
    ("before", "command", "reason"),
    [
        pytest.param([], a_report(on("01/02"), "X9"), "không được giao", id="no part in it"),
        pytest.param(
            [a_report(on("01/02"))], a_report(on("02/02")), "đang chờ duyệt", id="submitted twice"
        ),
        pytest.param(
            [a_report(on("01/02")), a_command(Accept, on("02/02"), unit="X1")],
            a_report(on("03/02")),
            "mở lại",
            id="submitted after acceptance",
        ),
        pytest.param(
            [],
            a_report(on("01/02"), by=OFFICER, on_behalf=True, reference=" "),
            "số văn bản",
            id="paper without a number",
        ),
        pytest.param(
            [], a_command(Withdraw, on("01/02"), unit="X1"), "chưa nộp", id="nothing to withdraw"
        ),
        pytest.param(
            [], a_command(Accept, on("01/02"), unit="X1"), "chưa nộp", id="nothing to accept"
        ),
        pytest.param(
            [a_report(on("01/02"))],
            a_command(Return, on("02/02"), unit="X1", text=None),
            "lý do trả lại",
            id="returned without a reason",
        ),
        pytest.param(
            [a_report(on("01/02"))],
            a_command(Return, on("02/02"), unit="X1", last_day=date(2026, 2, 1)),
            "01/02/2026 đã qua",
            id="returned until yesterday",
        ),
        pytest.param(
            [a_report(on("01/02")), a_command(Accept, on("02/02"), unit="X1")],
            a_command(Reopen, on("03/02"), unit="X1", text=None),
            "lý do mở lại",
            id="reopened without a reason",
        ),
        pytest.param(
            [], a_command(Reopen, on("03/02"), unit="X1"), "chưa nộp", id="nothing to reopen"
        ),
        pytest.param([], an_extension(BREACH), "trước khi hết hạn", id="extension at the breach"),
        pytest.param(
            [],
            an_extension(on("01/02"), last_day=LAST_DAY),
            "phải sau hạn hiện tại 28/02/2026",
            id="extension to the same day",
        ),
        pytest.param([], an_extension(on("01/02"), text=None), "lý do gia hạn", id="no reason"),
        pytest.param(
            [an_extension(on("01/02"))],
            an_extension(on("02/02")),
            "đang chờ trả lời",
            id="asked twice",
        ),
        pytest.param(
            [],
            a_command(GrantExtension, on("01/02"), unit="X1"),
            "không có đề nghị gia hạn",
            id="granted unasked",
        ),
        pytest.param(
            [an_extension(on("01/02"))],
            a_command(GrantExtension, on("02/02"), unit="X1", last_day=date(2026, 2, 27)),
            "phải sau hạn hiện tại",
            id="granted backwards",
        ),
        pytest.param(
            [an_extension(on("27/02"))],
            a_command(GrantExtension, on("01/04"), unit="X1"),
            "31/03/2026 đã qua",
            id="granted too late",
        ),
        pytest.param(
            [an_extension(on("01/02"))],
            a_command(RefuseExtension, on("02/02"), unit="X1", text=None),
            "lý do không đồng ý",
            id="refused without a reason",
        ),
        pytest.param(
            [a_command(Acknowledge, on("06/01"), unit="X1")],
            a_command(Acknowledge, on("07/01"), unit="X1"),
            "đã xác nhận tiếp nhận ngày 06/01/2026",
            id="acknowledged twice",
        ),
        pytest.param(
            [],
            a_command(Acknowledge, on("07/01"), unit="X1", undo=True),
            "không có gì để hoàn tác",
            id="nothing to undo",
        ),
        pytest.param(
            [a_report(on("08/01"))],
            a_command(Acknowledge, on("09/01"), unit="X1", undo=True),
            "đã nộp báo cáo",
            id="undone after reporting",
        ),
        pytest.param(
            [], a_command(SetDate, on("01/02"), last_day=date(2026, 6, 30)), "dời hạn", id="dated"
        ),
        pytest.param(
            [],
            a_command(Reschedule, on("02/03"), last_day=date(2026, 3, 1)),
            "01/03/2026 đã qua",
            id="moved into the past",
        ),
        pytest.param(
            [],
            a_command(Reschedule, on("02/02"), last_day=date(2026, 4, 1), text=None),
            "lý do dời hạn",
            id="moved without a reason",
        ),
        pytest.param(
            [a_report(on("01/02"))],
            a_command(Reschedule, on("02/02"), last_day=date(2026, 4, 1)),
            "Không còn đơn vị nào",
            id="nobody to move it for",
        ),
        pytest.param(
            [],
            a_command(Cancel, on("02/02"), reference=" "),
            "số văn bản quyết định",
            id="cancelled without a decision",
        ),
        pytest.param(
            [a_command(Cancel, on("02/02"), reference="12/QĐ")],
            a_command(Cancel, on("03/02"), reference="12/QĐ"),
            "Không còn đơn vị nào",
            id="cancelled twice",
        ),
        pytest.param(
            [],
            a_command(Reassign, on("02/02"), unit="X1", to=member("X1")),
            "đã được giao",
            id="reassigned to itself",
        ),
        pytest.param(
            [a_report(on("01/02"))],
            a_command(Reassign, on("02/02"), unit="X1", to=member("X2")),
            "đã nộp, chờ duyệt",
            id="reassigned while it waits for review",
        ),
        pytest.param(
            [],
            a_command(Allocate, on("02/02"), units=(member("X1"),)),
            "đã được giao",
            id="allocated twice",
        ),
        pytest.param(
            [a_report(on("01/02")), a_command(Accept, on("02/02"), unit="X1")],
            a_command(Allocate, on("03/02"), units=(member("X1"),)),
            "mở lại",
            id="allocated again after acceptance",
        ),
        pytest.param(
            [],
            a_command(DocumentIssued, on("02/02"), number="1/QĐ", issued_on=date(2026, 2, 1)),
            "không chờ văn bản",
            id="no document awaited",
        ),
        pytest.param(
            [], a_command(Adopt, on("02/02"), settled=True), "Không có đơn vị nào", id="none held"
        ),
        pytest.param(
            [],
            a_command(Note, on("02/02"), unit="X9", kind=NoteKind.CALL),
            "không được giao",
            id="a note about nobody",
        ),
        pytest.param(
            [a_command(Close, on("02/02"))], a_report(on("03/02")), "đã khép lại", id="closed"
        ),
        pytest.param(
            [a_command(Void, on("02/02"))], a_report(on("03/02")), "đã bị hủy", id="voided"
        ),
    ],
)
def test_a_refusal_says_why_and_changes_nothing(before, command, reason):
    state = after(a_task(), *before)

    assert reason in refusal(state, command)


def test_the_extensions_of_a_unit_are_counted():
    state = a_task(policy=Policy(max_extensions=1))
    state = after(
        state, an_extension(on("01/02")), a_command(GrantExtension, on("02/02"), unit="X1")
    )

    assert "1 lần" in refusal(state, an_extension(on("03/02"), last_day=date(2026, 4, 30)))


def test_a_report_on_paper_cannot_be_received_tomorrow():
    tomorrow = a_report(on("02/02"), by=OFFICER, **ON_BEHALF)

    assert "02/02/2026 chưa đến" in refusal(a_task(), tomorrow, at=on("01/02"))


def test_a_clock_that_runs_a_little_ahead_does_not_cost_a_unit_its_report():
    events = decided(a_task(), a_report(on("01/02", "10:05")), at=on("01/02", "10:00"))

    assert only(events, Submitted).received_at == on("01/02", "10:05")


# Who may do what


@pytest.mark.parametrize(
    ("actor", "command", "allowed"),
    [
        pytest.param("T1", {"kind": "submit"}, True, id="a unit submits its own"),
        pytest.param("T2", {"kind": "submit"}, False, id="not another's"),
        pytest.param("X1", {"kind": "submit"}, False, id="a hub does not submit as its school"),
        pytest.param("X1", {"kind": "paper"}, True, id="but records its paper"),
        pytest.param("T1", {"kind": "paper"}, False, id="nobody records its own paper"),
        pytest.param("X2", {"kind": "paper"}, False, id="nor does a foreign hub"),
        pytest.param("T1", {"kind": "acknowledge"}, True, id="a unit acknowledges"),
        pytest.param("X1", {"kind": "acknowledge"}, False, id="nobody in its place"),
        pytest.param("T1", {"kind": "extension"}, True, id="a unit asks for time"),
        pytest.param("X1", {"kind": "grant"}, False, id="a hub does not grant it"),
        pytest.param("GDTRH", {"kind": "grant"}, True, id="the coordinator does"),
        pytest.param("T1", {"kind": "accept"}, False, id="nobody accepts its own"),
        pytest.param("X1", {"kind": "accept"}, True, id="a hub accepts its school's"),
        pytest.param("X2", {"kind": "accept"}, False, id="not another hub's school's"),
        pytest.param("X1", {"kind": "return"}, True, id="a hub returns it"),
        pytest.param("X1", {"kind": "call"}, True, id="a hub notes its call"),
        pytest.param("T1", {"kind": "call"}, True, id="a unit notes about itself"),
        pytest.param("T2", {"kind": "call"}, False, id="not about another"),
        pytest.param("X1", {"kind": "instruct"}, False, id="instructions come from above"),
        pytest.param("X1", {"kind": "cancel"}, False, id="a hub cancels nothing"),
        pytest.param("X1", {"kind": "reschedule"}, False, id="nor moves a date"),
        pytest.param("GDTRH", {"kind": "close"}, False, id="a unit closes no task"),
    ],
)
def test_a_unit_acts_on_its_own_part_and_on_those_it_reviews(actor, command, allowed):
    state = a_task("X1", "X2", schools={"T1": "X1", "T2": "X2"})
    by, received = the_unit(actor), on("02/02")
    extension = a_command(AskExtension, received, unit="T1", last_day=date(2026, 3, 31))
    submitted = a_report(received, "T1")
    cases: dict[str, tuple[list[Any], Any]] = {
        "submit": ([], a_report(received, "T1", by=by)),
        "paper": ([], a_report(received, "T1", by=by, **ON_BEHALF)),
        "acknowledge": ([], a_command(Acknowledge, received, unit="T1", by=by)),
        "extension": ([], extension.model_copy(update={"actor": by})),
        "grant": ([extension], a_command(GrantExtension, received, unit="T1", by=by)),
        "accept": ([submitted], a_command(Accept, received, unit="T1", by=by)),
        "return": ([submitted], a_command(Return, received, unit="T1", by=by)),
        "call": ([], a_command(Note, received, unit="T1", kind=NoteKind.CALL, by=by)),
        "instruct": ([], a_command(Note, received, unit="T1", kind=NoteKind.INSTRUCTION, by=by)),
        "cancel": ([], a_command(Cancel, received, unit="T1", reference="1/QĐ", by=by)),
        "reschedule": ([], a_command(Reschedule, received, last_day=date(2026, 4, 1), by=by)),
        "close": ([], a_command(Close, received, by=by)),
    }
    before, asked = cases[command["kind"]]
    state = after(state, *before)

    if allowed:
        after(state, asked)
    else:
        assert f"Đơn vị {actor} không có thẩm quyền" in refusal(state, asked)


def test_signed_letter_is_noted_by_its_number_and_only_by_the_officer():
    state = a_task("X1")
    urged = a_command(Note, on("05/03"), unit="X1", kind=NoteKind.URGED)
    numbered = urged.model_copy(update={"reference": "số 12/SGDĐT-GDTrH ngày 05/03/2026"})

    assert "Cần số và ngày" in refusal(state, urged)
    (noted,) = decide(state, numbered, at=on("05/03"))
    assert isinstance(noted, Noted)
    assert noted.reference == numbered.reference
    own = numbered.model_copy(update={"actor": the_unit("X1")})
    assert "không có thẩm quyền" in refusal(state, own)


@pytest.mark.parametrize(
    ("unit", "reviewing"),
    [
        pytest.param("X1", "GDTRH", id="a commune by the coordinator"),
        pytest.param("PCM1", "GDTRH", id="a division by the coordinator"),
        pytest.param("GDTRH", "LDS", id="the coordinator by the leadership"),
    ],
)
def test_reports_are_reviewed_by_the_level_above(unit, reviewing):
    state = after(a_task("X1", "PCM1", "GDTRH"), a_report(on("01/02"), unit))

    for code in ("X1", "PCM1", "GDTRH", "LDS"):
        accept = a_command(Accept, on("02/02"), unit=unit, by=the_unit(code))
        if code == reviewing:
            assert after(state, accept).assignments[unit].stage is Stage.ACCEPTED
        else:
            assert "thẩm quyền" in refusal(state, accept)


def test_a_hub_reopens_what_it_accepted_but_not_what_the_officer_cancelled():
    state = a_task(schools={"T1": "X1", "T2": "X1"})
    state = after(
        state,
        a_report(on("01/02"), "T1"),
        a_command(Accept, on("02/02"), unit="T1", by=the_unit("X1")),
        a_command(Cancel, on("02/02"), unit="T2", reference="1/QĐ"),
    )

    after(state, a_command(Reopen, on("03/02"), unit="T1", by=the_unit("X1")))

    assert "thẩm quyền" in refusal(
        state, a_command(Reopen, on("03/02"), unit="T2", by=the_unit("X1"))
    )


def test_a_supervisor_instructs_and_changes_nothing():
    instruction = a_command(Note, on("02/02"), unit="X1", kind=NoteKind.INSTRUCTION, by=SUPERVISOR)

    after(a_task(), instruction)

    assert "ý kiến chỉ đạo" in refusal(a_task(), a_command(Close, on("02/02"), by=SUPERVISOR))


def test_the_system_may_do_what_the_officer_may():
    assert after(a_task(), a_command(Close, on("02/02"), by=SYSTEM)).stage is TaskStage.CLOSED


# Extensions


def test_an_extension_keeps_the_original_date_and_begins_a_new_version():
    state = after(a_task(), an_extension(on("28/02", "23:59")), at=on("01/03", "00:05"))
    state = after(state, a_command(GrantExtension, on("02/03"), unit="X1"))

    assignment = state.assignments["X1"]
    assert last_day_of(state) == date(2026, 3, 31)
    assert deadline_of(state).rule == "được gia hạn đến hết ngày 31/03/2026"
    assert assignment.version == 2
    assert any(deadline.last_day == LAST_DAY for deadline in state.deadlines.values())
    assert not after(state, a_report(on("31/03"))).assignments["X1"].late


def test_the_coordinator_may_grant_another_day_than_was_asked_for():
    state = after(a_task(), an_extension(on("01/02")))

    state = after(
        state, a_command(GrantExtension, on("02/02"), unit="X1", last_day=date(2026, 3, 10))
    )

    assert last_day_of(state, "X1") == date(2026, 3, 10)


def test_a_refused_extension_leaves_the_date_as_it_was():
    state = after(a_task(), an_extension(on("01/02")))

    after_it = after(state, a_command(RefuseExtension, on("02/02"), unit="X1"))

    assert after_it.assignments["X1"].due == state.assignments["X1"].due
    assert after_it.assignments["X1"].extension is None
    assert overdue(after_it, after_it.assignments["X1"], at=BREACH)


def test_a_report_makes_the_question_for_more_time_pointless():
    state = after(a_task(), an_extension(on("01/02")), a_report(on("02/02")))

    assert state.assignments["X1"].extension is None


# Allocation, dates, documents


def test_an_allocated_unit_has_the_date_of_its_class_and_the_question_is_answered():
    state = a_task("X1", waiting=(Waiting.ALLOCATION,))

    state = after(state, a_command(Allocate, on("02/02"), units=(member("PCM1"), member("PCM1"))))

    assignment = state.assignments["PCM1"]
    assert assignment.role is Role.LEAD
    assert last_day_of(state, "PCM1") == LAST_DAY
    assert Waiting.ALLOCATION not in state.waiting


def test_a_unit_allocated_after_the_deadline_waits_for_the_officers_word():
    state = a_task("X1", waiting=(Waiting.ALLOCATION,))

    state = after(state, a_command(Allocate, on("02/03"), units=(member("PCM1"),)))

    assert state.assignments["PCM1"].stage is Stage.HELD
    assert state.waiting[Waiting.ADOPTION].phrase.endswith("(hạn 28/02/2026)")


def test_a_school_allocated_later_has_an_earlier_date_than_its_hub():
    state = a_task("X1")

    allocate = a_command(Allocate, on("12/01"), units=(member("T1", "X1"),), role=Role.SUBORDINATE)
    state = after(state, allocate)

    assert last_day_of(state, "T1") == date(2026, 2, 13)


def test_a_unit_that_comes_back_begins_a_new_version_and_keeps_its_record():
    state = after(a_task(), a_report(on("05/03")))
    state = after(
        state,
        a_command(Cancel, on("06/03"), unit="X1", reference="1/QĐ"),
        a_command(Allocate, on("07/03"), units=(member("X1"),)),
    )

    assignment = state.assignments["X1"]
    assert (assignment.version, assignment.revision, assignment.late) == (2, 1, True)


def test_a_date_set_later_is_that_of_every_unit_and_of_the_schools_before():
    state = a_task("X1", schools={"T1": "X1"}, last_day=None, waiting=(Waiting.DATE,))

    state = after(state, a_command(SetDate, on("02/02"), last_day=date(2026, 6, 30)))

    days = {unit: last_day_of(state, unit) for unit in state.assignments}
    assert days == {"X1": date(2026, 6, 30), "T1": date(2026, 6, 23)}
    assert not state.waiting


def test_schools_are_never_late_the_moment_a_near_date_is_set():
    state = a_task("X1", schools={"T1": "X1"}, last_day=None, waiting=(Waiting.DATE,))

    state = after(state, a_command(SetDate, on("02/02"), last_day=date(2026, 2, 4)))

    deadline = deadline_of(state, "T1")
    assert deadline.last_day == date(2026, 2, 2)
    assert "không còn đủ 5 ngày làm việc" in deadline.rule


@pytest.mark.parametrize(
    ("about", "command", "reason"),
    [
        pytest.param({"ongoing": True}, SetDate, "thường xuyên", id="an ongoing task"),
        pytest.param({"ongoing": True}, Reschedule, "thường xuyên", id="nothing to move"),
        pytest.param(
            {"last_day": None, "waiting": (Waiting.DATE,)}, Reschedule, "ấn định", id="no date yet"
        ),
        pytest.param(
            {"last_day": None, "waiting": (Waiting.DOCUMENT,)},
            SetDate,
            "số, ngày văn bản",
            id="a document is awaited",
        ),
    ],
)
def test_a_date_is_set_and_moved_only_where_there_can_be_one(about, command, reason):
    wish = a_command(command, on("02/02"), last_day=date(2026, 6, 30))

    assert reason in refusal(a_task(**about), wish)


@pytest.mark.parametrize(
    ("dormant_days", "last_day", "expected"),
    [
        pytest.param(15, None, date(2026, 5, 15), id="the plan's period after the document"),
        pytest.param(None, date(2026, 6, 1), date(2026, 6, 1), id="the document's own day"),
        pytest.param(15, date(2026, 6, 1), date(2026, 6, 1), id="the day goes before the period"),
    ],
)
def test_a_dormant_task_wakes_with_its_document(dormant_days, last_day, expected):
    state = a_task(last_day=None, waiting=(Waiting.DOCUMENT,), dormant_days=dormant_days)

    arrived = a_command(
        DocumentIssued,
        on("04/05"),
        number="12/UBND",
        issued_on=date(2026, 4, 30),
        last_day=last_day,
    )
    state = after(state, arrived)

    deadline = deadline_of(state, "X1")
    assert deadline.last_day == expected
    assert deadline.rule.startswith("văn bản số 12/UBND ngày 30/04/2026")
    assert not state.waiting


def test_a_document_without_any_period_leaves_the_date_to_the_officer():
    state = a_task(last_day=None, waiting=(Waiting.DOCUMENT,))
    arrived = a_command(DocumentIssued, on("04/05"), number="12/UBND", issued_on=date(2026, 4, 30))

    state = after(state, arrived)

    assert list(state.waiting) == [Waiting.DATE]
    after(state, a_command(SetDate, on("05/05"), last_day=date(2026, 6, 30)))


@pytest.mark.parametrize(
    ("issued_on", "number", "reason"),
    [
        pytest.param(date(2026, 5, 5), "12/UBND", "05/05/2026 chưa đến", id="from tomorrow"),
        pytest.param(date(2026, 1, 5), "12/UBND", "ghi rõ hạn", id="its period is over"),
        pytest.param(date(2026, 5, 1), " ", "số văn bản", id="without a number"),
    ],
)
def test_a_document_must_be_one_that_can_be_followed(issued_on, number, reason):
    state = a_task(last_day=None, waiting=(Waiting.DOCUMENT,), dormant_days=15)
    arrived = a_command(DocumentIssued, on("04/05"), number=number, issued_on=issued_on)

    assert reason in refusal(state, arrived)


# Reassignment, moved dates, cancellation


def test_the_unit_that_takes_over_keeps_the_dates():
    state = after(
        a_task(), an_extension(on("01/02")), a_command(GrantExtension, on("02/02"), unit="X1")
    )

    moved = after(state, a_command(Reassign, on("03/02"), unit="X1", to=member("X2")))

    assert moved.assignments["X1"].stage is Stage.REASSIGNED
    assert moved.assignments["X2"].stage is Stage.ASSIGNED
    assert moved.assignments["X2"].due == state.assignments["X1"].due
    assert moved.assignments["X2"].version == 2


def test_a_reassignment_can_be_turned_back():
    there = a_command(Reassign, on("03/02"), unit="X1", to=member("X2"))
    back = a_command(Reassign, on("04/02"), unit="X2", to=member("X1"))

    state = after(a_task(), there, back)

    assert state.assignments["X1"].stage is Stage.ASSIGNED
    assert state.assignments["X2"].stage is Stage.REASSIGNED
    assert state.assignments["X1"].version == 2


def test_moving_the_date_of_all_moves_those_who_owe_and_those_who_come_later():
    state = a_task("X1", "X2", schools={"T1": "X1"}, waiting=(Waiting.ALLOCATION,))
    state = after(state, a_report(on("01/02"), "X2"))

    state = after(
        state,
        a_command(Reschedule, on("02/02"), last_day=date(2026, 4, 15)),
        a_command(Allocate, on("03/02"), units=(member("PCM1"),)),
    )

    days = {unit: last_day_of(state, unit) for unit in state.assignments}
    assert days == {
        "X1": date(2026, 4, 15),
        "X2": LAST_DAY,
        "T1": date(2026, 4, 8),
        "PCM1": date(2026, 4, 15),
    }
    assert deadline_of(state, "T1").rule.startswith("sớm hơn 5 ngày làm việc")


def test_moving_the_date_of_one_leaves_the_others():
    state = a_task("X1", "X2")

    state = after(state, a_command(Reschedule, on("02/02"), unit="X1", last_day=date(2026, 4, 15)))

    days = {unit: last_day_of(state, unit) for unit in state.assignments}
    assert days == {"X1": date(2026, 4, 15), "X2": LAST_DAY}


def test_units_moved_alike_share_one_deadline():
    state = a_task("X1", "X2")

    events = decided(state, a_command(Reschedule, on("02/02"), last_day=date(2026, 4, 15)))

    assert len([event for event in events if isinstance(event, DeadlineSet)]) == 1


def test_cancelling_the_task_leaves_nothing_to_ask():
    state = a_task("X1", waiting=(Waiting.ALLOCATION,))

    state = after(state, a_command(Cancel, on("02/02"), reference="12/QĐ-UBND"))

    assert state.assignments["X1"].stage is Stage.CANCELLED
    assert not state.waiting


def test_a_task_that_nobody_holds_yet_can_be_cancelled():
    state = a_task("X1", waiting=(Waiting.ALLOCATION,))
    state = after(state, a_command(Cancel, on("02/02"), unit="X1", reference="12/QĐ-UBND"))

    assert not after(state, a_command(Cancel, on("03/02"), reference="13/QĐ")).waiting


def test_a_cancelled_unit_stands_where_it_stood_when_it_is_reopened():
    state = after(a_task(), a_report(on("26/02")), a_command(Return, on("27/02"), unit="X1"))
    state = after(state, a_command(Cancel, on("28/02"), unit="X1", reference="1/QĐ"))

    state = after(state, a_command(Reopen, on("02/03"), unit="X1"))

    assert state.assignments["X1"].stage is Stage.RETURNED


def test_a_wrong_acceptance_waits_for_review_again():
    state = after(a_task(), a_report(on("01/02")), a_command(Accept, on("02/02"), unit="X1"))

    state = after(state, a_command(Reopen, on("09/02"), unit="X1"))

    assert state.assignments["X1"].stage is Stage.SUBMITTED
    assert state.assignments["X1"].review == "review@2026-02-09"


# Late adoption


def test_what_was_breached_before_the_launch_is_settled_or_chased_by_the_officers_word():
    state = a_task("X1", "X2", launched=SPRING_WAS_BREACHED)

    state = after(state, a_command(Adopt, on("16/06"), settled=True, units=("X1",)))
    assert Waiting.ADOPTION in state.waiting
    state = after(state, a_command(Adopt, on("17/06"), settled=False))

    assert state.assignments["X1"].stage is Stage.SETTLED
    assert state.assignments["X2"].stage is Stage.ASSIGNED
    assert overdue(state, state.assignments["X2"], at=on("17/06"))
    assert Waiting.ADOPTION not in state.waiting


def test_units_chased_together_share_one_deadline():
    state = a_task("X1", "X2", launched=SPRING_WAS_BREACHED)

    events = decided(state, a_command(Adopt, on("16/06"), settled=False, units=("X1", "X2", "X1")))

    assert [event.kind for event in events] == ["deadline_set", "adopted", "adopted", "answered"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(a_report(on("16/06")), id="reported"),
        pytest.param(a_command(Cancel, on("16/06"), unit="X1", reference="1/QĐ"), id="cancelled"),
        pytest.param(
            a_command(Reschedule, on("16/06"), unit="X1", last_day=date(2026, 7, 15)), id="moved"
        ),
    ],
)
def test_the_question_about_a_breached_date_is_answered_when_nobody_is_held(answer):
    state = after(a_task(launched=SPRING_WAS_BREACHED), answer)

    assert Waiting.ADOPTION not in state.waiting


def test_settled_by_mistake_is_held_and_asked_about_again():
    state = a_task(launched=SPRING_WAS_BREACHED)
    state = after(state, a_command(Adopt, on("16/06"), settled=True))

    state = after(state, a_command(Reopen, on("17/06"), unit="X1"))

    assert state.assignments["X1"].stage is Stage.HELD
    assert Waiting.ADOPTION in state.waiting


def test_what_was_settled_late_is_late_until_that_is_taken_back():
    state = a_task("X1", "X2", launched=SPRING_WAS_BREACHED)
    settled = a_command(Adopt, on("16/06"), settled=True, late=True, units=("X1",))
    in_time = a_command(Adopt, on("16/06"), settled=True, units=("X2",))

    state = after(after(state, settled), in_time)
    mended = after(state, a_command(Reopen, on("17/06"), unit="X1"))
    again = after(mended, a_command(Adopt, on("18/06"), settled=True))

    stands = [(each.stage, each.late) for each in state.assignments.values()]
    assert stands == [(Stage.SETTLED, True), (Stage.SETTLED, False)]
    assert not mended.assignments["X1"].late
    assert (again.assignments["X1"].stage, again.assignments["X1"].late) == (Stage.SETTLED, False)


def test_report_that_came_late_and_was_taken_back_is_not_settled_in_time():
    state = a_task("X1", launched=SPRING_WAS_BREACHED)
    state = after(state, a_report(on("16/06"), unit="X1"))
    state = after(state, a_command(Withdraw, on("16/06"), unit="X1"))

    (event, *_rest) = decided(state, a_command(Adopt, on("17/06"), settled=True))

    assert isinstance(event, Adopted)
    assert event.late


def test_entry_of_what_was_settled_in_time_is_as_it_always_was():
    """A ledger that an older version began goes on with the same hashes."""
    state = a_task(launched=SPRING_WAS_BREACHED)

    (event, *_rest) = decided(state, a_command(Adopt, on("16/06"), settled=True))

    assert "late" not in event.model_dump()


def test_only_another_last_day_counts_as_a_change_of_the_deadline():
    """What is chased from now on gets another ladder, not another day."""
    opened = an_opening("X1", "X2", launched=SPRING_WAS_BREACHED)
    state = fold(None, opened)
    chased = decided(state, a_command(Adopt, on("16/06"), settled=False))
    state = fold(state, chased)
    moved = decided(
        state, a_command(Reschedule, on("17/06"), unit="X1", last_day=date(2026, 7, 15))
    )
    events = [*opened, *chased, *moved]

    assert [deadline_moves(events, unit) for unit in ("X1", "X2")] == [1, 0]


def test_a_unit_that_is_not_held_is_not_adopted():
    state = a_task("X1", "X2", launched=SPRING_WAS_BREACHED)
    state = after(state, a_command(Adopt, on("16/06"), settled=True, units=("X1",)))

    wish = a_command(Adopt, on("17/06"), settled=False, units=("X1",))

    assert "đã hoàn tất" in refusal(state, wish)


# What cannot be decided


def test_a_date_at_the_end_of_time_raises_and_is_the_callers_to_contain():
    with pytest.raises(OverflowError):
        decide(
            a_task(),
            a_command(Reschedule, on("02/02"), last_day=date(9999, 12, 31)),
            at=on("02/02"),
        )


def test_closing_settles_what_is_ongoing_and_leaves_the_rest_as_it_stands():
    ongoing = after(a_task(ongoing=True), a_command(Close, on("31/12")))
    dated = after(a_task(), a_command(Close, on("31/12")))

    assert ongoing.assignments["X1"].stage is Stage.SETTLED
    assert dated.assignments["X1"].stage is Stage.ASSIGNED


def test_what_is_decided_does_not_depend_on_what_was_tidied_away():
    state = after(a_task(), a_report(on("01/02")), a_command(Return, on("02/02"), unit="X1"))
    state = after(state, a_report(on("03/02")), a_command(Return, on("04/02"), unit="X1"))

    whole = after(state, a_report(on("05/02")))
    tidied = after(compact(state), a_report(on("05/02")))

    assert whole.assignments == tidied.assignments


def test_assigned_units_come_from_the_command_that_named_them():
    events = decided(a_task(), a_command(Allocate, LAUNCH, units=(member("PCM1"),)))

    assert only(events, Assigned).actor == OFFICER
