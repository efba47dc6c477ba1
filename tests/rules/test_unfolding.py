"""The shipped plan, launched: who is given what, until when, and what waits for the officer."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import pytest

from intake.vietnam_calendar import vietnam_calendar
from models.assignment import Role, Waiting
from models.calendar import WorkingCalendar
from models.clock import VN
from models.directory import Directory, UnitKind
from models.events import Asked, Assigned, DeadlineSet, LadderSet, TaskOpened
from models.finding import BadInput, Severity
from models.identifiers import parse_task_id
from models.plan import (
    ByDate,
    Dormant,
    Group,
    Plan,
    PlanTask,
    Recurring,
    Relation,
    Relative,
    Timing,
    Yearly,
    YearlyDay,
)
from models.policy import Policy
from rules.checks import check_ordered
from rules.evolve import fold
from rules.unfolding import Opening, Unfolded, left_open, unfold
from tests.shipped import shipped_directory, shipped_plan

START_OF_YEAR = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
DIVISIONS_AND_OFFICE = 9
COMMUNES = 124

Kind = TypeVar("Kind")


@cache
def calendar() -> WorkingCalendar:
    return vietnam_calendar((2025, 2026, 2027, 2028))


def launched(
    plan: Plan | None = None,
    *,
    schools: int = 60,
    directory: Directory | None = None,
    at: datetime = START_OF_YEAR,
    year: int = 2026,
    dates: dict[str, date] | None = None,
    allocation: dict[str, list[str]] | None = None,
) -> Unfolded:
    return unfold(
        plan or shipped_plan(),
        directory or shipped_directory(schools),
        calendar(),
        year=year,
        cycle=str(year),
        at=at,
        dates=dates or {},
        allocation=allocation or {},
    )


def a_plan(*tasks: PlanTask, **officer: Any) -> Plan:
    shipped = shipped_plan()
    document = shipped.document.model_copy(update={"tasks": tasks, "reports": (), "days": ()})
    return Plan(document=document, officer=shipped.officer.model_copy(update=officer))


def a_task(
    timing: Timing, lead: tuple[str, ...] = ("Văn phòng Sở",), cooperating: tuple[str, ...] = ()
) -> PlanTask:
    return PlanTask(
        code="I.1", text="Làm một việc.", lead=lead, cooperating=cooperating, timing=timing
    )


def opening(unfolded: Unfolded, code: str, occurrence: str, part: str = "1") -> Opening:
    wanted = (code, occurrence, part)
    return next(each for each in unfolded.openings if parse_task_id(each.task)[2:] == wanted)


def of_kind(opened: Opening, kind: type[Kind]) -> list[Kind]:
    return [event for event in opened.events if isinstance(event, kind)]


def assigned(opened: Opening) -> dict[str, Assigned]:
    return {event.unit: event for event in of_kind(opened, Assigned)}


def deadlines(opened: Opening) -> dict[str | None, DeadlineSet]:
    return {event.unit_class: event for event in of_kind(opened, DeadlineSet)}


def midnight(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=VN)


# Tasks and their occurrences


def test_nineteen_tasks_three_days_and_four_reports_are_opened() -> None:
    unfolded = launched()

    keys = [parse_task_id(each.task) for each in unfolded.openings]
    by_occurrence = Counter(key.occurrence for key in keys)
    assert by_occurrence == {"nam": 18, "han": 1, "05-18": 1, "10-01": 1, "10-10": 1} | {
        "H1": 2,
        "H2": 2,
    }
    assert len({key.code for key in keys}) == 19 + 2
    assert len(set(keys)) == 26
    assert {(key.plan, key.cycle, key.part) for key in keys} == {("lam-dong-nq57", "2026", "1")}


def test_every_opening_is_a_state_the_task_can_start_from() -> None:
    unfolded = launched(at=datetime(2026, 11, 23, 9, 0, tzinfo=VN))

    for each in unfolded.openings:
        state = fold(None, each.events)
        assert state.facts.id == each.task
        assert state.facts.title == each.title
        assert state.facts.cycle == "cycle/lam-dong-nq57/2026"
        for assignment in state.assignments.values():
            assert assignment.ack in state.ladders
            assert assignment.due is None or assignment.due in state.deadlines
        for ask in state.waiting.values():
            assert ask.ladder in state.ladders


def test_facts_carry_the_words_of_the_document() -> None:
    facts = of_kind(opening(launched(), "III.1.d", "han"), TaskOpened)[0].facts

    assert facts.title.startswith("III.1.d. Thiết lập và phát triển các trang")
    assert len(facts.title) <= 90
    assert facts.text == shipped_plan().document.tasks[3].text
    assert facts.timing_text == "Hoàn thành trước tháng 03 năm 2026"
    assert (facts.coordinator, facts.leadership) == ("GDTRH", "LDS")
    assert not facts.ongoing


def test_ongoing_task_has_no_deadline() -> None:
    opened = opening(launched(), "III.1.a", "nam")

    assert of_kind(opened, TaskOpened)[0].facts.ongoing
    assert not deadlines(opened)
    assert all(event.due is None for event in assigned(opened).values())


# Dates


def test_before_march_breaches_when_march_begins_and_reminds_around_tet() -> None:
    own = deadlines(opening(launched(), "III.1.d", "han"))["performer"]

    assert own.key == "performer@2026-02-28"
    assert own.deadline.last_day == date(2026, 2, 28)
    assert own.deadline.breach == midnight(2026, 3, 1)
    assert own.deadline.target == date(2026, 2, 27)
    rungs = {rung.id: rung.at.date() for rung in own.deadline.ladder.rungs}
    assert {name: rungs[name] for name in ("T-30", "T-14", "T-7", "T-3", "T-1", "T0")} == {
        "T-30": date(2026, 1, 28),
        "T-14": date(2026, 2, 13),
        "T-7": date(2026, 2, 13),
        "T-3": date(2026, 2, 24),
        "T-1": date(2026, 2, 26),
        "T0": date(2026, 2, 27),
    }


@pytest.mark.parametrize(
    ("period", "breach", "schools_last_day"),
    [
        pytest.param("H1", midnight(2026, 6, 25), date(2026, 6, 17), id="before 25/6"),
        pytest.param("H2", midnight(2026, 12, 15), date(2026, 12, 7), id="before 15/12"),
    ],
)
def test_report_breaches_on_the_named_day_and_schools_report_five_working_days_earlier(
    period: str, breach: datetime, schools_last_day: date
) -> None:
    found = deadlines(opening(launched(), "V.1", period))

    assert found["performer"].deadline.breach == breach
    assert found["subordinate"].deadline.last_day == schools_last_day
    assert found["subordinate"].deadline.breach < found["performer"].deadline.breach


def test_yearly_day_is_owed_within_five_working_days_after_it() -> None:
    unfolded = launched()

    last_days = {
        day: deadlines(opening(unfolded, "III.1.c", day))["performer"].deadline.last_day
        for day in ("05-18", "10-01", "10-10")
    }
    assert last_days == {
        "05-18": date(2026, 5, 25),
        "10-01": date(2026, 10, 8),
        "10-10": date(2026, 10, 16),
    }
    assert opening(unfolded, "III.1.c", "nam")


def test_report_without_a_date_waits_and_the_officer_is_asked_monthly() -> None:
    opened = opening(launched(), "V.2", "H1")

    (asked,) = of_kind(opened, Asked)
    assert asked.waiting is Waiting.DATE
    assert asked.phrase == "theo quy định"
    ladders = {event.key: event.ladder for event in of_kind(opened, LadderSet)}
    assert [rung.nominal for rung in ladders[asked.ladder].rungs[:2]] == [
        date(2026, 2, 5),
        date(2026, 3, 5),
    ]
    assert not deadlines(opened)
    assert assigned(opened)["GDTRH"].due is None


def test_date_set_at_launch_makes_a_real_deadline_of_its_period_only() -> None:
    unfolded = launched(dates={"V.2.H1": date(2026, 6, 30)})

    opened = opening(unfolded, "V.2", "H1")
    assert deadlines(opened)["performer"].deadline.breach == midnight(2026, 7, 1)
    assert not of_kind(opened, Asked)
    assert assigned(opened)["GDTRH"].due == "performer@2026-06-30"
    assert of_kind(opening(unfolded, "V.2", "H2"), Asked)


def test_date_given_at_launch_goes_before_the_date_in_the_officers_file() -> None:
    officer = shipped_plan().officer.model_copy(update={"dates": {"V.2.H1": date(2026, 7, 10)}})
    plan = Plan(document=shipped_plan().document, officer=officer)

    kept = opening(launched(plan), "V.2", "H1")
    changed = opening(launched(plan, dates={"V.2.H1": date(2026, 6, 30)}), "V.2", "H1")

    assert deadlines(kept)["performer"].deadline.last_day == date(2026, 7, 10)
    assert deadlines(changed)["performer"].deadline.last_day == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        pytest.param(Yearly(text="hằng năm"), {"nam": date(2026, 12, 31)}, id="yearly"),
        pytest.param(Dormant(text="sau khi có văn bản"), {"han": Waiting.DOCUMENT}, id="dormant"),
        pytest.param(Relative(text="trong 10 ngày", days=10), {"han": Waiting.DATE}, id="event"),
        pytest.param(
            Relative(text="trong 10 ngày", days=10, from_date=date(2026, 3, 2)),
            {"han": date(2026, 3, 12)},
            id="event known",
        ),
        pytest.param(
            Recurring(
                text="15/3, 15/6, 15/9",
                relation=Relation.BY,
                days=("03-15", "06-15", "09-15"),
            ),
            {"K1": date(2026, 3, 15), "K2": date(2026, 6, 15), "K3": date(2026, 9, 15)},
            id="three days",
        ),
        pytest.param(
            ByDate(text="quý I/2027", relation=Relation.WITHIN, anchor="2027-Q1"),
            {},
            id="another year",
        ),
    ],
)
def test_timing_gives_occurrences_with_a_date_or_a_question(
    timing: Timing, expected: dict[str, date | Waiting]
) -> None:
    unfolded = launched(a_plan(a_task(timing)))

    found: dict[str, date | Waiting] = {}
    for each in unfolded.openings:
        asked = [event.waiting for event in of_kind(each, Asked)]
        dated = [event.deadline.last_day for event in of_kind(each, DeadlineSet)]
        (found[parse_task_id(each.task).occurrence],) = asked + dated
    assert found == expected


def test_deadline_of_another_year_is_left_out_and_told() -> None:
    unfolded = launched(year=2027, at=datetime(2027, 1, 4, 8, 0, tzinfo=VN))

    assert not any("/III.1.d/" in each.task for each in unfolded.openings)
    (told,) = [finding for finding in unfolded.findings if finding.place == "III.1.d"]
    assert told.severity is Severity.INFO
    assert "28/02/2026" in told.message


# Units


def test_first_division_named_leads_and_every_school_owes_its_own_part() -> None:
    found = assigned(opening(launched(), "III.1.d", "han"))

    assert found["GDTRH"].role is Role.LEAD
    assert len(found) == 1 + 60
    schools = [event for event in found.values() if event.unit != "GDTRH"]
    assert {event.role for event in schools} == {Role.PERFORMER}
    assert {event.due for event in found.values()} == {"performer@2026-02-28"}


def test_schools_keep_their_commune_as_hub_and_direct_units_have_none() -> None:
    found = assigned(opening(launched(), "III.1.d", "han"))
    units = shipped_directory().units

    for code, event in found.items():
        assert event.hub == units[code].hub
    assert found["TM0001"].hub == "22918"
    assert found["TM0012"].hub is None


def test_office_leads_where_it_is_named_first() -> None:
    found = assigned(opening(launched(), "III.1.a", "nam"))

    assert found["VP"].role is Role.LEAD
    assert "GDTRH" not in found


def test_v1_is_reported_by_office_divisions_communes_and_direct_units_and_gathered() -> None:
    found = assigned(opening(launched(), "V.1", "H1"))
    units = shipped_directory().units

    reporters = [code for code, event in found.items() if event.role is Role.PERFORMER]
    kinds = Counter(units[code].kind for code in reporters)
    assert kinds[UnitKind.OFFICE] + kinds[UnitKind.DIVISION] == DIVISIONS_AND_OFFICE
    assert kinds[UnitKind.COMMUNE] == COMMUNES
    assert kinds[UnitKind.DIRECT] == 5
    schools = [event for event in found.values() if event.role is Role.SUBORDINATE]
    assert len(schools) == 55
    for event in schools:
        assert units[event.unit].kind is UnitKind.SCHOOL
        assert event.hub in reporters
        assert event.due == "subordinate@2026-06-17"


def test_outside_bodies_are_never_assigned() -> None:
    found = assigned(opening(launched(allocation={"III.2.b": ["PCM1"]}), "III.2.b", "nam"))

    assert list(found) == ["PCM1"]


def test_unit_named_twice_has_one_assignment_in_its_strongest_role() -> None:
    task = a_task(
        Yearly(text="hằng năm"),
        lead=("GDTrH", "các phòng chuyên môn, nghiệp vụ thuộc Sở"),
        cooperating=("Văn phòng Sở", "Phòng Giáo dục Trung học"),
    )

    events = of_kind(launched(a_plan(task)).openings[0], Assigned)

    roles = {event.unit: event.role for event in events}
    assert len(roles) == len(events) == DIVISIONS_AND_OFFICE
    assert roles["GDTRH"] is Role.LEAD
    assert roles["VP"] is Role.COOPERATING
    assert roles["PCM1"] is Role.PERFORMER


@pytest.mark.parametrize("phrase", ["ubnd  phường MŨI NÉ", "Phường Mũi Né", "UBND phường Mũi Né"])
def test_unit_is_found_by_its_name_or_alias_when_no_group_explains_the_phrase(phrase: str) -> None:
    unfolded = launched(a_plan(a_task(Yearly(text="hằng năm"), lead=(phrase,))))

    assert assigned(unfolded.openings[0])["22918"].role is Role.LEAD


def test_name_that_two_units_share_waits_for_allocation() -> None:
    units = dict(shipped_directory().units)
    for code in ("22918", "22924"):
        units[code] = units[code].model_copy(update={"aliases": ("Phường trùng tên",)})

    plan = a_plan(a_task(Yearly(text="hằng năm"), lead=("Phường trùng tên",)))
    opened = launched(plan, directory=Directory(units=units)).openings[0]

    assert not assigned(opened)
    assert of_kind(opened, Asked)[0].waiting is Waiting.ALLOCATION


def test_task_of_outside_bodies_only_is_not_left_without_an_owner() -> None:
    plan = a_plan(a_task(Yearly(text="hằng năm"), lead=("Sở Khoa học và Công nghệ",)))

    (asked,) = of_kind(launched(plan).openings[0], Asked)

    assert asked.waiting is Waiting.ALLOCATION


# Allocation


def test_task_that_names_nobody_waits_for_allocation() -> None:
    opened = opening(launched(), "III.2.a", "nam")

    (asked,) = of_kind(opened, Asked)
    assert asked.waiting is Waiting.ALLOCATION
    assert asked.phrase == (
        "Các phòng chuyên môn, nghiệp vụ thuộc Sở theo phân công nhiệm vụ được giao"
    )
    assert asked.ladder == "ask-allocation@2026-01-05"
    assert not assigned(opened)


def test_schools_start_at_once_while_the_divisions_part_waits() -> None:
    opened = opening(launched(), "III.2.đ", "nam")

    assert len(assigned(opened)) == 60
    assert of_kind(opened, Asked)[0].waiting is Waiting.ALLOCATION


def test_allocated_divisions_lead_and_nothing_waits() -> None:
    unfolded = launched(allocation={"III.2.c": ["PCM1", "PCM2"]})

    opened = opening(unfolded, "III.2.c", "nam")
    found = assigned(opened)
    assert found["PCM1"].role is found["PCM2"].role is Role.LEAD
    assert found["TM0001"].role is Role.PERFORMER
    assert not of_kind(opened, Asked)
    assert not [f for f in unfolded.findings if f.place.startswith("III.2.c")]


def test_fifteen_tasks_wait_for_allocation_and_are_told() -> None:
    told = [f for f in launched().findings if "chờ phân công" in f.message]

    assert len(told) == 15
    assert {finding.severity for finding in told} == {Severity.INFO}


def test_unknown_names_are_refused_together_and_nothing_is_returned() -> None:
    with pytest.raises(BadInput) as error:
        launched(
            allocation={"III.9.a": ["PCM1"], "III.2.a": ["PCM1", "KHONGCO"]},
            dates={"V.9.H1": date(2026, 6, 30), "V.2.Q1": date(2026, 6, 30)},
        )

    assert str(error.value).splitlines() == [
        "phân công III.9.a: kế hoạch không có nhiệm vụ “III.9.a”",
        "phân công III.2.a: danh bạ không có đơn vị mã “KHONGCO”",
        "hạn V.9.H1: kế hoạch không có kỳ “V.9.H1”",
        "hạn V.2.Q1: kế hoạch không có kỳ “V.2.Q1”",
    ]


@pytest.mark.parametrize("key", ["V.1.H1", "III.1.d", "III.1.d.han", "III.1.a", "III.1.c.05-18"])
def test_date_the_document_already_gives_is_not_overruled_at_launch(key: str) -> None:
    with pytest.raises(BadInput, match="đã có thời gian trong văn bản"):
        launched(dates={key: date(2026, 7, 1)})


@pytest.mark.parametrize(
    ("day", "taken"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2027, 3, 31), True),
        (date(2027, 4, 1), False),
    ],
)
def test_date_of_another_year_is_not_taken_for_a_launch(day: date, taken: bool) -> None:
    """The last report of a year may be due in the first quarter after it. A launch that was taken
    unfolds."""
    dates = {"V.2.H2": day}
    if taken:
        check_ordered(dates, year=2026)
    else:
        with pytest.raises(BadInput, match=r"hạn V\.2\.H2: .* không thuộc chu kỳ năm 2026"):
            check_ordered(dates, year=2026)
    opened = opening(launched(dates=dates), "V.2", "H2")
    assert deadlines(opened)["performer"].deadline.last_day == day


def test_day_that_the_year_does_not_have_is_refused() -> None:
    timing = Recurring(text="ngày 29/2", relation=Relation.BY, days=("02-29",))

    with pytest.raises(BadInput, match="không có ngày 29/02 trong năm 2026"):
        launched(a_plan(a_task(timing)))


# Launches late in the year


def test_breach_before_the_launch_is_held_for_the_officers_word() -> None:
    unfolded = launched(at=datetime(2026, 11, 23, 9, 0, tzinfo=VN))

    opened = opening(unfolded, "III.1.d", "han")
    assert all(event.held for event in assigned(opened).values())
    (asked,) = of_kind(opened, Asked)
    assert asked.waiting is Waiting.ADOPTION
    assert "28/02/2026" in asked.phrase
    warned = {f.place for f in unfolded.findings if f.severity is Severity.WARNING}
    assert warned == {
        "III.1.d.han",
        "III.1.c.05-18",
        "III.1.c.10-01",
        "III.1.c.10-10",
        "V.1.H1",
    }


def test_what_is_still_ahead_at_a_late_launch_is_not_held() -> None:
    unfolded = launched(at=datetime(2026, 11, 23, 9, 0, tzinfo=VN))

    for code, occurrence in (("V.1", "H2"), ("III.1.a", "nam"), ("V.2", "H1")):
        assert not any(e.held for e in assigned(opening(unfolded, code, occurrence)).values())


def test_only_the_class_whose_deadline_has_passed_is_held() -> None:
    unfolded = launched(at=datetime(2026, 6, 22, 9, 0, tzinfo=VN))

    opened = opening(unfolded, "V.1", "H1")
    found = assigned(opened).values()
    assert "17/06/2026" in of_kind(opened, Asked)[0].phrase
    assert {event.role for event in found if event.held} == {Role.SUBORDINATE}
    assert {event.role for event in found if not event.held} == {Role.PERFORMER}


@pytest.mark.parametrize(
    ("before_breach", "held"),
    [
        pytest.param(timedelta(seconds=1), False, id="one second before"),
        pytest.param(timedelta(0), True, id="at the breach"),
    ],
)
def test_launch_at_the_breach_itself_holds(before_breach: timedelta, held: bool) -> None:
    unfolded = launched(at=midnight(2026, 3, 1) - before_breach)

    found = assigned(opening(unfolded, "III.1.d", "han")).values()
    assert {event.held for event in found} == {held}


# Size


def test_parts_keep_a_hub_and_its_schools_together() -> None:
    officer = shipped_plan().officer.model_copy(update={"policy": Policy(units_per_workflow=200)})
    plan = Plan(document=shipped_plan().document, officer=officer)
    units = shipped_directory(1605).units

    openings = [each for each in launched(plan, schools=1605).openings if "/V.1/H1/" in each.task]

    parts = [assigned(each) for each in openings]
    assert [parse_task_id(each.task).part for each in openings] == [
        str(n) for n in range(1, len(parts) + 1)
    ]
    assert sum(map(len, parts)) == DIVISIONS_AND_OFFICE + COMMUNES + 1605
    assert max(map(len, parts)) <= 200
    for part in parts:
        assert all(event.hub is None or event.hub in part for event in part.values())
        assert all(units[code].hub is None or units[code].hub in part for code in part)


def test_only_the_first_part_asks_for_an_allocation() -> None:
    policy = Policy(units_per_workflow=20)
    officer = shipped_plan().officer.model_copy(update={"policy": policy})
    unfolded = launched(Plan(document=shipped_plan().document, officer=officer))

    asking = [
        parse_task_id(each.task).part
        for each in unfolded.openings
        if "/III.2.c/" in each.task and of_kind(each, Asked)
    ]
    assert asking == ["1"]


def test_whole_department_is_unfolded_in_one_workflow_per_task() -> None:
    unfolded = launched(schools=1605)

    assert len(unfolded.openings) == 26
    assert sum(len(of_kind(each, Assigned)) for each in unfolded.openings) == 21_140


def test_equal_input_gives_equal_openings() -> None:
    assert launched() == launched()


def test_group_may_name_units_besides_kinds() -> None:
    group = Group(
        name="Khối văn phòng",
        phrases=("khối văn phòng",),
        kinds=(UnitKind.OFFICE,),
        units=("GDTRH",),
    )
    task = a_task(Yearly(text="hằng năm"), lead=("Khối văn phòng",))

    unfolded = launched(a_plan(task, groups=(group,)))

    assert set(assigned(unfolded.openings[0])) == {"VP", "GDTRH"}


def test_yearly_days_of_other_tasks_are_not_mixed_in() -> None:
    task = a_task(Yearly(text="hằng năm"))
    plan = a_plan(task)
    day = YearlyDay(task="I.2", name="Ngày khác", date="03-26")
    document = plan.document.model_copy(update={"days": (day,)})

    unfolded = launched(Plan(document=document, officer=plan.officer))

    assert [parse_task_id(each.task).occurrence for each in unfolded.openings] == ["nam"]


def test_what_a_plan_leaves_open_is_what_its_tasks_ask() -> None:
    asked: dict[Waiting, set[str]] = {Waiting.ALLOCATION: set(), Waiting.DATE: set()}
    for opening in launched().openings:
        key = parse_task_id(opening.task)
        for event in opening.events:
            if isinstance(event, Asked) and event.waiting is Waiting.ALLOCATION:
                asked[event.waiting].add(key.code)
            if isinstance(event, Asked) and event.waiting is Waiting.DATE:
                asked[event.waiting].add(f"{key.code}.{key.occurrence}")

    left = left_open(shipped_plan(), shipped_directory(60), calendar(), year=2026, at=START_OF_YEAR)

    assert any(asked.values())
    assert set(left.allocations) == asked[Waiting.ALLOCATION]
    assert set(left.dates) == asked[Waiting.DATE]
