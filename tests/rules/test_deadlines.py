"""From a phrase to the last day on time, and from there to every rung."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.vietnam_calendar import vietnam_calendar
from models.assignment import Waiting
from models.clock import VN
from models.deadline import Deadline, Ladder, RungKind
from models.plan import ByDate, Dormant, Recurring, Relation, Relative, Yearly, YearlyDay
from models.policy import Before, Escalation, Policy
from rules.deadlines import (
    acknowledgement_ladder,
    ask_ladder,
    build_deadline,
    earlier_deadline,
    explain,
    moved_deadline,
    resolve,
    resolve_dormant,
    resolve_recurring,
    resolve_relative,
    resolve_yearly,
    resolve_yearly_day,
    review_ladder,
)
from rules.working_calendar import add_working_days, is_working_day

CALENDAR = vietnam_calendar([2025, 2026, 2027])
STRICT = Policy()
LENIENT = Policy(before=Before.LENIENT)
CHANNELS = "Hoàn thành trước tháng 03 năm 2026"

last_days = st.dates(min_value=date(2025, 3, 1), max_value=date(2027, 12, 31))
policies = st.builds(
    Policy,
    reminders=st.lists(st.integers(1, 60), max_size=6).map(tuple),
    escalations=st.lists(
        st.builds(Escalation, after=st.integers(1, 15), level=st.integers(1, 3)), max_size=4
    ).map(tuple),
    weekly_rungs=st.integers(0, 12),
    remind_after_long_holiday=st.booleans(),
)


def a_phrase(relation: Relation, anchor: str) -> ByDate:
    return ByDate(text="theo văn bản", relation=relation, anchor=anchor)


def a_deadline(last_day: date, *, policy: Policy = STRICT, phrase: str = "văn bản") -> Deadline:
    return build_deadline(phrase, "theo kế hoạch", last_day, calendar=CALENDAR, policy=policy)


def the_channels_deadline(policy: Policy = STRICT) -> Deadline:
    timing = ByDate(text=CHANNELS, relation=Relation.BEFORE, anchor="2026-03")
    last_day, rule = resolve(timing, policy)
    return build_deadline(CHANNELS, rule, last_day, calendar=CALENDAR, policy=policy)


def dates(ladder: Ladder, *kinds: RungKind) -> dict[str, date]:
    return {rung.id: rung.at.date() for rung in ladder.rungs if rung.kind in kinds}


def whys(ladder: Ladder) -> dict[str, str]:
    return {rung.id: rung.why for rung in ladder.rungs}


@pytest.mark.parametrize(
    ("relation", "anchor", "policy", "expected"),
    [
        pytest.param("before", "2026-03", STRICT, date(2026, 2, 28), id="before a month"),
        pytest.param("before", "2028-03", STRICT, date(2028, 2, 29), id="before, leap year"),
        pytest.param("before", "2026-Q2", STRICT, date(2026, 3, 31), id="before a quarter"),
        pytest.param("before", "2026", STRICT, date(2025, 12, 31), id="before a year"),
        pytest.param("before", "2026-06-25", STRICT, date(2026, 6, 24), id="before a day"),
        pytest.param("before", "2026-01-01", STRICT, date(2025, 12, 31), id="before New Year"),
        pytest.param("before", "2026-06-25", LENIENT, date(2026, 6, 25), id="lenient day"),
        pytest.param("before", "2026-03", LENIENT, date(2026, 2, 28), id="lenient month is strict"),
        pytest.param("before", "2026-Q2", LENIENT, date(2026, 3, 31), id="lenient quarter"),
        pytest.param("before", "2026", LENIENT, date(2025, 12, 31), id="lenient year is strict"),
        pytest.param("by", "2026-06-25", STRICT, date(2026, 6, 25), id="by a day"),
        pytest.param("by", "2026-06", STRICT, date(2026, 6, 30), id="by a month"),
        pytest.param("by", "2028-02-29", STRICT, date(2028, 2, 29), id="by the leap day"),
        pytest.param("by", "2026-02-28", STRICT, date(2026, 2, 28), id="a day off stays"),
        pytest.param("within", "2026-02", STRICT, date(2026, 2, 28), id="within February"),
        pytest.param("within", "2028-02", STRICT, date(2028, 2, 29), id="within leap February"),
        pytest.param("within", "2026-Q1", STRICT, date(2026, 3, 31), id="within quarter I"),
        pytest.param("within", "2026-Q4", STRICT, date(2026, 12, 31), id="within quarter IV"),
        pytest.param("within", "2026", STRICT, date(2026, 12, 31), id="within a year"),
        pytest.param("within", "2026-03-15", STRICT, date(2026, 3, 15), id="on a day"),
    ],
)
def test_a_phrase_has_a_last_day_on_time(
    relation: str, anchor: str, policy: Policy, expected: date
):
    assert resolve(a_phrase(Relation(relation), anchor), policy).last_day == expected


@pytest.mark.parametrize(
    ("relation", "anchor", "policy", "clause"),
    [
        pytest.param("before", "2026-03", STRICT, "không kể tháng 03/2026", id="month"),
        pytest.param("before", "2026-Q4", STRICT, "không kể quý IV/2026", id="quarter"),
        pytest.param("before", "2026", STRICT, "không kể năm 2026", id="year"),
        pytest.param("before", "2026-06-25", STRICT, "không kể ngày 25/06/2026", id="day"),
        pytest.param("before", "2026-06-25", LENIENT, "kể cả chính ngày 25/06/2026", id="lenient"),
        pytest.param("by", "2026-06-25", STRICT, "tính đến hết ngày 25/06/2026", id="by"),
        pytest.param("within", "2026-06", STRICT, "trong tháng 06/2026", id="within"),
    ],
)
def test_the_rule_names_what_the_phrase_includes_or_excludes(
    relation: str, anchor: str, policy: Policy, clause: str
):
    assert clause in resolve(a_phrase(Relation(relation), anchor), policy).rule


def test_report_days_breach_at_the_first_moment_of_the_day_named():
    timing = Recurring(
        text="trước ngày 25/6 và 15/12 hàng năm", relation=Relation.BEFORE, days=("06-25", "12-15")
    )

    breaches = [
        a_deadline(last_day).breach.isoformat()
        for last_day, _ in resolve_recurring(timing, 2026, STRICT)
    ]

    assert breaches == ["2026-06-25T00:00:00+07:00", "2026-12-15T00:00:00+07:00"]


def test_report_days_under_the_lenient_policy_are_on_time_themselves():
    timing = Recurring(text="trước ngày 25/6", relation=Relation.BEFORE, days=("06-25",))

    ((last_day, _),) = resolve_recurring(timing, 2026, LENIENT)

    assert a_deadline(last_day).breach.isoformat() == "2026-06-26T00:00:00+07:00"


def test_a_recurring_leap_day_exists_in_leap_years_only():
    timing = Recurring(text="ngày 29/02 hằng năm", relation=Relation.BY, days=("02-29",))

    ((last_day, _),) = resolve_recurring(timing, 2028, STRICT)

    assert last_day == date(2028, 2, 29)
    with pytest.raises(ValueError, match="không có ngày 29/02 trong năm 2027"):
        resolve_recurring(timing, 2027, STRICT)


def test_a_yearly_leap_day_is_not_held_on_another_day():
    yearly = YearlyDay(task="III.1.c", name="ngày nhuận", date="02-29")

    with pytest.raises(ValueError, match="không có ngày 29/02 trong năm 2026"):
        resolve_yearly_day(yearly, 2026, calendar=CALENDAR, policy=STRICT)


def test_a_yearly_task_without_a_day_is_due_at_the_end_of_the_year():
    last_day, _ = resolve_yearly(Yearly(text="hằng năm"), 2026)

    assert a_deadline(last_day).breach.isoformat() == "2027-01-01T00:00:00+07:00"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("05-18", date(2026, 5, 25), id="over a weekend"),
        pytest.param("10-10", date(2026, 10, 16), id="on a Saturday"),
        pytest.param("11-20", date(2026, 11, 30), id="over Ngày Văn hóa Việt Nam"),
    ],
)
def test_evidence_of_a_yearly_day_is_owed_five_working_days_later(day: str, expected: date):
    yearly = YearlyDay(task="III.1.c", name="ngày hội", date=day)

    assert resolve_yearly_day(yearly, 2026, calendar=CALENDAR, policy=STRICT).last_day == expected


@pytest.mark.parametrize(
    ("issued_on", "days", "expected"),
    [
        pytest.param(date(2026, 3, 2), 1, date(2026, 3, 3), id="event day excluded"),
        pytest.param(date(2026, 3, 2), 30, date(2026, 4, 1), id="ends on a working day"),
        pytest.param(date(2026, 3, 26), 30, date(2026, 4, 28), id="ends on Giỗ Tổ weekend"),
        pytest.param(date(2026, 2, 4), 10, date(2026, 2, 23), id="ends in Tết"),
        pytest.param(date(2026, 8, 21), 1, date(2026, 8, 22), id="ends on a make-up Saturday"),
        pytest.param(date(2027, 12, 1), 30, date(2027, 12, 31), id="ends with the year"),
    ],
)
def test_a_period_in_days_excludes_its_event_and_ends_on_a_working_day(
    issued_on: date, days: int, expected: date
):
    dormant = Dormant(text="sau khi có văn bản", within_days=days)
    relative = Relative(text="kể từ ngày", days=days, from_date=issued_on)

    after_document = resolve_dormant(dormant, issued_on, calendar=CALENDAR)
    after_event = resolve_relative(relative, calendar=CALENDAR)

    assert after_document is not None
    assert after_document.last_day == expected
    assert after_event is not None
    assert after_event.last_day == expected


def test_a_period_that_moves_says_from_where_and_why():
    dormant = Dormant(text="sau khi có văn bản", within_days=10)

    resolved = resolve_dormant(dormant, date(2026, 2, 4), calendar=CALENDAR)

    assert resolved is not None
    assert resolved.rule == (
        "10 ngày kể từ ngày văn bản 04/02/2026, không kể ngày này, ngày cuối là 23/02/2026, "
        "chuyển từ 14/02 vì là thứ Bảy (Bộ luật Dân sự 2015, Điều 147 và 148)"
    )


def test_a_period_in_working_days_counts_working_days_only():
    relative = Relative(text="x", days=5, working_days=True, from_date=date(2026, 2, 11))

    resolved = resolve_relative(relative, calendar=CALENDAR)

    assert resolved is not None
    assert resolved.last_day == date(2026, 2, 25)


def test_a_period_without_its_beginning_or_length_has_no_date():
    dormant = Dormant(text="sau khi có văn bản")
    relative = Relative(text="kể từ ngày", days=10)

    assert resolve_dormant(dormant, date(2026, 3, 2), calendar=CALENDAR) is None
    assert resolve_relative(relative, calendar=CALENDAR) is None


def test_the_seed_deadline_breaches_on_the_first_of_march_and_is_worked_for_until_friday():
    deadline = the_channels_deadline()

    assert deadline.breach.isoformat() == "2026-03-01T00:00:00+07:00"
    assert deadline.last_day == date(2026, 2, 28)
    assert deadline.target == date(2026, 2, 27)
    assert [shift.reason for shift in deadline.shifts] == ["thứ Bảy"]


def test_the_seed_ladder_reminds_before_tet_and_escalates_in_march():
    ladder = the_channels_deadline().ladder

    assert dates(ladder, RungKind.REMINDER, RungKind.DUE) == {
        "T-30": date(2026, 1, 28),
        "T-14": date(2026, 2, 13),
        "T-7": date(2026, 2, 13),
        "T-3": date(2026, 2, 24),
        "T-1": date(2026, 2, 26),
        "T0": date(2026, 2, 27),
    }
    escalations = dates(ladder, RungKind.ESCALATION)
    assert escalations["E+1"] == date(2026, 3, 2)
    assert escalations["E+3"] == date(2026, 3, 4)
    assert escalations["E+7"] == date(2026, 3, 10)
    assert escalations["W1"] == date(2026, 3, 17)
    assert len(escalations) == 3 + STRICT.weekly_rungs


def test_every_rung_fires_in_the_morning_in_vietnam():
    ladder = the_channels_deadline().ladder

    assert {rung.at.timetz() for rung in ladder.rungs} == {time(7, 30, tzinfo=VN)}
    assert {rung.at.utcoffset() for rung in ladder.rungs} == {timedelta(hours=7)}


def test_a_rung_says_why_its_day():
    why = whys(the_channels_deadline().ladder)

    assert why["T-14"] == "nhắc trước 14 ngày: 13/02/2026"
    assert why["T-7"] == "nhắc trước 7 ngày: 13/02/2026, lùi từ 20/02 vì nghỉ Tết Nguyên đán"
    assert why["T0"] == "đến hạn: 27/02/2026; hạn cuối hết ngày 28/02/2026, thứ Bảy"
    assert why["E+1"] == ("quá hạn 1 ngày làm việc: 02/03/2026, báo lãnh đạo đơn vị và đầu mối")


def test_a_rung_moved_into_another_year_names_both_years():
    # 01/01/2026 lies 7 days before the target.
    why = whys(a_deadline(date(2026, 1, 8)).ladder)

    assert why["T-7"] == "nhắc trước 7 ngày: 31/12/2025, lùi từ 01/01/2026 vì nghỉ Tết Dương lịch"


def test_the_due_day_names_no_other_day_when_it_is_the_last():
    assert whys(a_deadline(date(2026, 6, 24)).ladder)["T0"] == "đến hạn: 24/06/2026"


@pytest.mark.parametrize(
    ("last_day", "target"),
    [
        pytest.param(date(2026, 6, 24), date(2026, 6, 24), id="working day"),
        pytest.param(date(2026, 8, 22), date(2026, 8, 22), id="make-up Saturday"),
        pytest.param(date(2026, 8, 23), date(2026, 8, 22), id="Sunday after a make-up Saturday"),
        pytest.param(date(2026, 2, 18), date(2026, 2, 13), id="Tết"),
        pytest.param(date(2027, 1, 1), date(2026, 12, 31), id="New Year"),
        pytest.param(date(2028, 2, 29), date(2028, 2, 29), id="leap day"),
    ],
)
def test_the_target_moves_back_and_the_breach_does_not_move(last_day: date, target: date):
    deadline = a_deadline(last_day)

    assert deadline.target == target
    assert deadline.breach == datetime.combine(last_day + timedelta(days=1), time(0), tzinfo=VN)


def test_escalations_carry_their_level_and_weekly_rungs_tell_the_coordinator():
    levels = {rung.id: rung.level for rung in a_deadline(date(2026, 6, 24)).ladder.rungs}

    assert (levels["T-1"], levels["T0"]) == (0, 0)
    assert (levels["E+1"], levels["E+3"], levels["E+7"]) == (1, 2, 3)
    assert {levels[f"W{week}"] for week in range(1, 53)} == {4}


def test_a_weekly_rung_in_tet_moves_on():
    policy = Policy(escalations=(Escalation(after=1, level=1),), weekly_rungs=2)

    ladder = a_deadline(date(2026, 2, 9), policy=policy).ladder

    # E+1 is Tuesday 10/02, a week later is the first day of Tết.
    assert dates(ladder, RungKind.ESCALATION)["W1"] == date(2026, 2, 23)
    assert "chuyển từ 17/02 vì nghỉ Tết Nguyên đán" in whys(ladder)["W1"]
    assert dates(ladder, RungKind.ESCALATION)["W2"] == date(2026, 2, 24)


def test_without_escalations_the_weeks_count_from_the_last_day():
    policy = Policy(escalations=(), weekly_rungs=1)

    ladder = a_deadline(date(2026, 6, 24), policy=policy).ladder

    assert dates(ladder, RungKind.ESCALATION) == {"W1": date(2026, 7, 1)}


def test_two_escalations_of_one_day_are_one_rung_of_the_higher_level():
    policy = Policy(
        escalations=(Escalation(after=1, level=3), Escalation(after=1, level=1)), weekly_rungs=0
    )

    rungs = a_deadline(date(2026, 6, 24), policy=policy).ladder.rungs

    assert [(rung.id, rung.level) for rung in rungs if rung.level] == [("E+1", 3)]


def test_a_long_holiday_before_the_target_adds_a_reminder_where_the_policy_asks():
    policy = Policy(remind_after_long_holiday=True)

    reminded = dates(the_channels_deadline(policy).ladder, RungKind.REMINDER)

    assert reminded["H1"] == date(2026, 2, 23)
    assert "H1" not in dates(the_channels_deadline().ladder, RungKind.REMINDER)


def test_no_reminder_is_added_when_no_long_holiday_lies_before_the_target():
    policy = Policy(remind_after_long_holiday=True)

    ladder = a_deadline(date(2026, 6, 24), policy=policy).ladder

    assert set(dates(ladder, RungKind.REMINDER)) == {"T-30", "T-14", "T-7", "T-3", "T-1"}


def test_a_subordinate_is_due_working_days_before_its_hubs_target():
    hub = a_deadline(date(2026, 2, 28), phrase=CHANNELS)

    school = earlier_deadline(hub, 5, "để đầu mối tổng hợp", calendar=CALENDAR, policy=STRICT)

    assert school.last_day == date(2026, 2, 13)
    assert school.phrase == CHANNELS
    assert school.rule == (
        "sớm hơn 5 ngày làm việc so với ngày 27/02/2026 của cấp trên, để đầu mối tổng hợp "
        "(Nghị định 09/2019/NĐ-CP, Điều 8 khoản 5 điểm b)"
    )


def test_a_level_without_a_working_day_is_refused():
    with pytest.raises(ValueError, match="ít nhất 1 ngày làm việc"):
        earlier_deadline(a_deadline(date(2026, 6, 24)), 0, "", calendar=CALENDAR, policy=STRICT)


def test_an_extension_keeps_the_phrase_and_rebuilds_the_dates():
    previous = a_deadline(date(2026, 6, 24), phrase="trước ngày 25/6")
    rule = "gia hạn đến hết ngày 15/07/2026"

    extended = moved_deadline(previous, date(2026, 7, 15), rule, calendar=CALENDAR, policy=STRICT)

    assert (extended.phrase, extended.rule) == ("trước ngày 25/6", rule)
    assert extended.breach.isoformat() == "2026-07-16T00:00:00+07:00"
    assert dates(extended.ladder, RungKind.DUE) == {"T0": date(2026, 7, 15)}


def test_acknowledgement_is_asked_for_after_two_and_four_working_days():
    assigned_at = datetime(2026, 2, 12, 10, 0, tzinfo=VN)

    rungs = acknowledgement_ladder(assigned_at, calendar=CALENDAR, policy=STRICT).rungs

    assert [(rung.id, rung.level, rung.at.isoformat()) for rung in rungs] == [
        ("A+2", 0, "2026-02-23T07:30:00+07:00"),
        ("A+4", 1, "2026-02-25T07:30:00+07:00"),
    ]


def test_the_reviewers_clock_starts_on_the_vietnamese_day_of_the_submission():
    # 17:30 UTC on Monday is already Tuesday in Vietnam.
    submitted_at = datetime.fromisoformat("2026-06-22T17:30:00+00:00")

    rungs = review_ladder(submitted_at, calendar=CALENDAR, policy=STRICT).rungs

    assert [(rung.id, rung.kind, rung.level, rung.at.date()) for rung in rungs] == [
        ("R+3", RungKind.REVIEW, 0, date(2026, 6, 26)),
        ("R+5", RungKind.REVIEW, 1, date(2026, 6, 30)),
    ]


def test_two_steps_of_one_day_are_one_rung_of_the_higher_level():
    policy = Policy(review_reminder_after=5)
    submitted_at = datetime(2026, 6, 23, 9, 0, tzinfo=VN)

    rungs = review_ladder(submitted_at, calendar=CALENDAR, policy=policy).rungs

    assert [(rung.id, rung.level) for rung in rungs] == [("R+5", 1)]


@pytest.mark.parametrize("waiting", [Waiting.ALLOCATION, Waiting.ADOPTION])
def test_an_allocation_is_asked_for_every_week_of_a_year(waiting: Waiting):
    since = datetime(2026, 2, 3, 9, 0, tzinfo=VN)

    ladder = ask_ladder(waiting, since, calendar=CALENDAR, policy=STRICT)

    asked = list(dates(ladder, RungKind.ASK).values())
    # 17/02 lies in Tết.
    assert asked[:3] == [date(2026, 2, 10), date(2026, 2, 23), date(2026, 2, 24)]
    assert [rung.id for rung in ladder.rungs] == [f"Q{n}" for n in range(1, 53)]


@pytest.mark.parametrize("waiting", [Waiting.DATE, Waiting.DOCUMENT])
def test_a_date_is_asked_for_every_month_of_two_years(waiting: Waiting):
    since = datetime(2026, 1, 31, 9, 0, tzinfo=VN)

    rungs = ask_ladder(waiting, since, calendar=CALENDAR, policy=STRICT).rungs

    assert [rung.nominal for rung in rungs[:4]] == [
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
    ]
    assert rungs[0].at.date() == date(2026, 3, 2)
    assert rungs[-1].nominal == date(2028, 1, 31)
    assert len(rungs) == 24


def test_an_explanation_is_one_sentence_with_every_reason():
    assert explain(the_channels_deadline()) == (
        "“Hoàn thành trước tháng 03 năm 2026”: “trước” là không kể tháng 03/2026; "
        "hạn cuối hết ngày 28/02/2026, thứ Bảy; "
        "các mốc nhắc tính từ ngày 27/02/2026, thứ Sáu, lùi từ 28/02 vì là thứ Bảy."
    )


def test_an_explanation_without_a_shift_ends_with_the_last_day():
    assert explain(a_deadline(date(2026, 6, 24), phrase="trước ngày 25/6")) == (
        "“trước ngày 25/6”: theo kế hoạch; hạn cuối hết ngày 24/06/2026, thứ Tư."
    )


def test_a_deadline_at_the_end_of_time_overflows():
    with pytest.raises(OverflowError):
        a_deadline(date(9999, 12, 31))


@given(last_days, policies)
def test_every_rung_falls_on_a_working_day_in_order_and_once(last_day: date, policy: Policy):
    rungs = a_deadline(last_day, policy=policy).ladder.rungs

    assert [rung.id for rung in rungs if not is_working_day(CALENDAR, rung.at.date())] == []
    assert all(one.at <= next_one.at for one, next_one in pairwise(rungs))
    assert len({rung.id for rung in rungs}) == len(rungs)


@given(last_days, policies)
def test_reminders_never_move_on_and_weekly_rungs_never_move_back(last_day: date, policy: Policy):
    for rung in a_deadline(last_day, policy=policy).ladder.rungs:
        if rung.kind is RungKind.ESCALATION:
            assert rung.at.date() >= rung.nominal
        else:
            assert rung.at.date() <= rung.nominal


@given(last_days, policies)
def test_the_breach_parts_the_due_day_from_the_escalations(last_day: date, policy: Policy):
    deadline = a_deadline(last_day, policy=policy)

    assert deadline.target <= deadline.last_day
    assert is_working_day(CALENDAR, deadline.target)
    assert deadline.breach.isoformat() == f"{last_day + timedelta(days=1)}T00:00:00+07:00"
    for rung in deadline.ladder.rungs:
        assert (rung.kind is RungKind.ESCALATION) == (rung.at >= deadline.breach)


@given(last_days, policies)
def test_a_deadline_survives_the_wire(last_day: date, policy: Policy):
    deadline = a_deadline(last_day, policy=policy)

    assert Deadline.model_validate_json(deadline.model_dump_json()) == deadline


@given(last_days, st.integers(1, 20))
def test_a_subordinate_leaves_its_hub_the_working_days_planned(last_day: date, n: int):
    hub = a_deadline(last_day)

    own = earlier_deadline(hub, n, "để tổng hợp", calendar=CALENDAR, policy=STRICT)

    assert add_working_days(CALENDAR, own.last_day, n) == hub.target
