"""A whole cycle at a glance, on both databases: figures, heat map, days and weeks."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, text

from activities.database import open_database
from activities.ledger import Ledger
from activities.statistics import Statistics
from activities.views import Oversight, Views, Which
from activities.views.heat import BY_NAME
from models.assignment import OWING
from models.clock import VN
from models.commands import Actor, ActorKind
from models.consolidated import FourWay
from models.directory import UnitKind
from models.identifiers import parse_task_id
from models.mark import Mark
from rules.counting import four_ways, grouped, overdue_by_level
from rules.timeline import Due, Late, Telling, days, planned_tellings, weeks
from tests.activities.test_views import (
    BEFORE_MARCH,
    CHANNELS,
    CYCLE,
    LAUNCH,
    UNIT,
    a_report,
    counted,
    follow_up,
    launch,
)
from tests.databases import cloned, copied_to

LATER = datetime(2026, 3, 3, 7, 30, tzinfo=VN)
AFTER = datetime(2026, 3, 12, 9, tzinfo=VN)
CODES = ("III.1.a", "III.1.c", "III.1.d", "III.2.a", "V.1", "V.2")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A cycle on 12/03/2026: of the seven units of III.1.d one reported in time, one late, and the
    others were escalated."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("oversight") / "dondoc.db"
        url = copied_to(file, request.getfixturevalue("migrated_file"))
    else:
        url = cloned(request.getfixturevalue("postgresql"), "migrated")
    engine = open_database(url)
    launch(engine, CODES)
    in_time = a_report(BEFORE_MARCH)
    follow_up(engine, datetime(2026, 2, 13, 7, 30, tzinfo=VN))
    follow_up(engine, BEFORE_MARCH, in_time)
    follow_up(engine, datetime(2026, 3, 2, 7, 30, tzinfo=VN))
    other = Actor(kind=ActorKind.UNIT, ref="TM0002")
    late = a_report(LATER).model_copy(update={"unit": "TM0002", "actor": other})
    follow_up(engine, LATER, late)
    follow_up(engine, datetime(2026, 3, 10, 7, 30, tzinfo=VN))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def views(engine: Engine) -> Views:
    return Views(engine)


@pytest.fixture(scope="module")
def seen(views: Views) -> Oversight:
    found = views.oversight(CYCLE, at=AFTER)
    assert found is not None
    return found


# Figures


def test_every_assignment_is_counted_once(views: Views, seen: Oversight) -> None:
    figures = four_ways(seen.counts)

    assert figures.total == views.assignments(at=AFTER).total
    assert four_ways(seen.totals) == figures
    assert figures.open_overdue == views.assignments(at=AFTER, overdue=True).total


def test_figures_are_those_of_the_report(engine: Engine, seen: Oversight) -> None:
    statistics = Statistics(engine)

    assert four_ways(seen.counts) == statistics.total(CYCLE, at=AFTER)
    by_task = grouped(seen.totals, lambda count: "/".join(parse_task_id(count.task)[2:4]))
    assert {row.key: row.counts for row in statistics.four_way(CYCLE, at=AFTER)} == by_task


def test_task_has_its_four_figures(seen: Oversight) -> None:
    by_task = grouped(seen.counts, lambda count: count.task)

    assert by_task[CHANNELS] == FourWay(
        completed_on_time=1, completed_late=1, open_within_time=0, open_overdue=5
    )


def test_what_is_ongoing_and_what_waits_for_a_date_stand_apart(seen: Oversight) -> None:
    by_code = grouped(seen.counts, lambda count: count.code)

    assert by_code["III.1.a"].ongoing == by_code["III.1.a"].total
    assert by_code["V.2"].undated == by_code["V.2"].total > 0


def test_overdue_units_stand_at_their_level(seen: Oversight) -> None:
    assert overdue_by_level(seen.counts) == {3: 5}


def test_a_commune_counts_with_its_schools(seen: Oversight) -> None:
    by_hub = grouped(seen.counts, lambda count: count.hub)

    assert set(by_hub) <= set(seen.communes)
    hub = next(count.hub for count in seen.counts if count.kind == UnitKind.SCHOOL)
    assert hub is not None
    kinds = {count.kind for count in seen.counts if count.hub == hub}
    assert kinds == {UnitKind.SCHOOL, UnitKind.COMMUNE}


def test_tasks_are_in_the_order_of_the_document(seen: Oversight) -> None:
    codes = list(dict.fromkeys(task.code for task in seen.tasks))

    assert codes == [code for code in CODES if code in codes]


def test_counts_are_kept_until_the_ledger_goes_on(engine: Engine) -> None:
    views = Views(engine)
    views.oversight(CYCLE, at=AFTER)

    with counted(engine) as again:
        kept = views.oversight(CYCLE, at=AFTER)
    with counted(engine) as next_day:
        views.oversight(CYCLE, at=datetime(2026, 6, 1, tzinfo=VN))

    assert kept is not None
    assert len(next_day) == len(again) + 1


def test_there_is_nothing_to_see_of_no_cycle(views: Views) -> None:
    assert views.oversight("cycle/khac/2026", at=AFTER) is None


# Heat map


def test_each_unit_has_one_mark_for_each_of_its_tasks(views: Views) -> None:
    heat = views.heat_map(CYCLE, at=AFTER, which=Which(kind=UnitKind.SCHOOL))

    assert heat.units == len(heat.rows) == 6
    rows = {row.unit: row for row in heat.rows}
    assert rows[UNIT].cells["III.1.d", "han"].mark is Mark.SUBMITTED
    assert rows["TM0002"].cells["III.1.d", "han"].mark is Mark.LATE
    assert rows["TM0003"].cells["III.1.d", "han"] == (Mark.OVERDUE, 3)
    assert rows["TM0003"].cells["III.1.a", "nam"].mark is Mark.ONGOING
    assert "III.2.a" not in {code for code, _occurrence in rows["TM0003"].cells}


def test_one_period_of_a_task_does_not_hide_another(views: Views) -> None:
    june = datetime(2026, 6, 20, tzinfo=VN)

    heat = views.heat_map(CYCLE, at=june, which=Which(kind=UnitKind.SCHOOL))

    cells = heat.rows[0].cells
    assert (cells["V.1", "H1"].mark, cells["V.1", "H2"].mark) == (Mark.OVERDUE, Mark.OPEN)


def test_mark_says_when_a_deadline_is_near(views: Views) -> None:
    heat = views.heat_map(
        CYCLE, at=datetime(2026, 2, 22, tzinfo=VN), which=Which(kind=UnitKind.SCHOOL)
    )

    marks = {
        row.cells["III.1.d", "han"].mark for row in heat.rows if row.unit not in (UNIT, "TM0002")
    }
    assert marks == {Mark.SOON}


@pytest.mark.parametrize(
    ("sort", "first"), [("qua-han", "TM0003"), (BY_NAME, "TM0001"), ("III.1.d/han", "TM0003")]
)
def test_rows_are_sorted_as_asked(views: Views, sort: str, first: str) -> None:
    heat = views.heat_map(CYCLE, at=AFTER, which=Which(kind=UnitKind.SCHOOL), sort=sort)

    assert heat.rows[0].unit == first


def test_hub_is_shown_with_its_schools(views: Views, engine: Engine) -> None:
    with engine.begin() as connection:
        hub = connection.execute(text("SELECT hub FROM unit WHERE code = 'TM0001'")).scalar_one()

    heat = views.heat_map(CYCLE, at=AFTER, which=Which(hub=hub))

    assert {UNIT, hub} <= {row.unit for row in heat.rows}
    assert heat.units < 6


def test_heat_map_is_read_a_page_at_a_time(views: Views, engine: Engine) -> None:
    with counted(engine) as asked:
        first = views.heat_map(CYCLE, at=AFTER, which=Which(), limit=100)
    second = views.heat_map(CYCLE, at=AFTER, which=Which(), limit=100, offset=100)

    assert first.units == second.units == 100 + len(second.rows)
    assert not {row.unit for row in first.rows} & {row.unit for row in second.rows}
    assert len(asked) <= 3


# Lists


@pytest.mark.parametrize(
    "mark", [Mark.OVERDUE, Mark.LATE, Mark.SUBMITTED, Mark.OPEN, Mark.ONGOING, Mark.UNDATED]
)
def test_a_list_holds_what_its_figure_counted(views: Views, seen: Oversight, mark: Mark) -> None:
    listed = views.assignments(at=AFTER, cycle=CYCLE, marks=(mark,)).total

    assert listed == sum(count.assignments for count in seen.counts if count.mark is mark)


def test_a_list_is_narrowed_to_a_kind_and_a_level(views: Views) -> None:
    schools = Which(kind=UnitKind.SCHOOL)

    page = views.assignments(at=AFTER, cycle=CYCLE, which=schools, level=3)

    assert {row.unit for row in page.assignments} == {f"TM000{n}" for n in (3, 4, 5, 6)}


# Days


def test_days_tell_what_was_told_and_what_is_planned(views: Views, seen: Oversight) -> None:
    told = views.told_by_day(CYCLE)
    planned = planned_tellings(seen.totals, seen.cycle.ladder, after=AFTER)

    assert told[Telling(date(2026, 2, 13), "reminder", 0)] == 7
    assert told[Telling(date(2026, 3, 2), "escalation", 1)] >= 5
    # III.1.d is past its three levels: the five that owe are told weekly to the coordinator.
    assert planned[Telling(date(2026, 3, 17), "escalation", 4)] == 5
    assert planned[Telling(date(2026, 6, 24), "due", 0)] > 100
    assert all(telling.day > AFTER.date() for telling in planned)


def test_a_year_has_its_deadlines_holidays_and_make_up_days(seen: Oversight) -> None:
    year = {
        day.day: day
        for day in days(
            date(2026, 1, 1),
            date(2026, 12, 31),
            calendar=seen.cycle.calendar,
            counts=seen.totals,
            told={},
            planned={},
            today=AFTER.date(),
        )
    }

    assert len(year) == 365
    assert year[date(2026, 2, 28)].due == [Due(CHANNELS, "III.1.d", 5, 7)]
    assert (year[date(2026, 2, 17)].off or "").startswith("Tết Nguyên")
    assert year[date(2026, 8, 22)].made_up
    assert not year[date(2026, 8, 22)].weekend
    assert year[date(2026, 3, 13)].planned
    assert not year[date(2026, 3, 12)].planned


def test_a_day_tells_why_each_task_told_something(views: Views) -> None:
    told = [each for each in views.told_on(CYCLE, date(2026, 2, 13)) if each.code == "III.1.d"]

    assert [(each.kind, each.notices) for each in told] == [("reminder", 7)]
    assert told[0].why.startswith("nhắc trước 7 ngày: 13/02/2026")


# Weeks


def test_weeks_show_how_lateness_grew_and_shrank(views: Views, seen: Oversight) -> None:
    found = weeks(
        seen.totals,
        views.completed_late(CYCLE),
        views.told_by_day(CYCLE),
        first=LAUNCH.date(),
        last=AFTER.date(),
    )

    assert views.completed_late(CYCLE) == [Late(date(2026, 2, 28), date(2026, 3, 3), 1)]
    by_end = {week.ends: week for week in found}
    assert (by_end[date(2026, 3, 1)].due, by_end[date(2026, 3, 1)].overdue) == (7, 6)
    assert by_end[date(2026, 3, 8)].completed_late == 1
    assert by_end[date(2026, 3, 8)].overdue == 5
    assert found[-1].overdue == four_ways(seen.counts).open_overdue


# Tasks


def test_story_of_a_task_leaves_the_units_out(views: Views) -> None:
    story = views.task_story(CHANNELS)

    assert story is not None
    assert story.state.facts.code == parse_task_id(CHANNELS).code
    assert not story.state.assignments
    assert list(story.state.classes) == ["performer"]
    assert views.task_story("task/khac") is None


def test_sum_of_marks_agrees_with_the_ledger(engine: Engine, seen: Oversight) -> None:
    state = Ledger(engine).load(CHANNELS).state
    owing = [a for a in state.assignments.values() if a.stage in OWING]

    assert len(owing) == sum(
        count.assignments
        for count in seen.counts
        if count.task == CHANNELS and count.mark is Mark.OVERDUE
    )
