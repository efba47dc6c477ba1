"""The year day by day: rungs, deadlines, days off; past as it was, the rest as planned."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities.views import Oversight
from models.clock import VN
from models.deadline import Rung
from rules.timeline import OWING, Day, days, planned_tellings
from web.access import OfficeOnly
from web.oversight.seen import Seen, cycle_page
from web.tools import ToolsOf

router = APIRouter(prefix="/chu-ky/{plan}/{cycle}")


class Month(NamedTuple):
    """The days of one month. `blanks` are those of the week before its first."""

    first: date
    blanks: int
    days: list[Day]

    @property
    def weeks(self) -> Iterator[list[Day | None]]:
        cells = [*([None] * self.blanks), *self.days]
        for start in range(0, len(cells), 7):
            week = cells[start : start + 7]
            yield [*week, *([None] * (7 - len(week)))]

    @property
    def notable(self) -> list[Day]:
        return [day for day in self.days if day.due or day.off or day.made_up]


class Planned(NamedTuple):
    """A rung that will fire, for how many that still owe."""

    task: str
    code: str
    rung: Rung
    assignments: int


@router.get("/dong-thoi-gian")
def timeline(
    request: Request,
    _visitor: OfficeOnly,
    seen: Seen,
    tools: ToolsOf,
    ngay: date | None = None,
) -> Response:
    today = seen.at.astimezone(VN).date()
    year = list(
        days(
            date(seen.cycle.year, 1, 1),
            date(seen.cycle.year, 12, 31),
            calendar=seen.cycle.calendar,
            counts=seen.totals,
            told=tools.views.told_by_day(seen.cycle.id),
            planned=planned_tellings(seen.totals, seen.cycle.ladder, after=seen.at),
            today=today,
        )
    )
    return cycle_page(
        request,
        "oversight/timeline.html",
        seen,
        "/dong-thoi-gian",
        months=[_month(list(of_month)) for _, of_month in groupby(year, _first_of_month)],
        busiest=max((day.tellings for day in year), default=0),
        today=today,
        chosen=next((day for day in year if day.day == ngay), None),
        told=tools.views.told_on(seen.cycle.id, ngay) if ngay else [],
        planned=list(_planned(seen, ngay)) if ngay and ngay >= today else [],
        official=seen.cycle.calendar.years.get(seen.cycle.year),
    )


def _first_of_month(day: Day) -> date:
    return day.day.replace(day=1)


def _month(of_month: list[Day]) -> Month:
    first = of_month[0].day
    return Month(first, first.weekday(), of_month)


def _planned(seen: Oversight, day: date) -> Iterator[Planned]:
    owing: dict[tuple[str, str, date], int] = {}
    for count in seen.totals:
        if count.last_day is not None and count.mark in OWING:
            key = (count.task, count.code, count.last_day)
            owing[key] = owing.get(key, 0) + count.assignments
    for (task, code, last_day), assignments in owing.items():
        for rung in seen.cycle.ladder(last_day).rungs:
            if rung.at > seen.at and rung.at.astimezone(VN).date() == day:
                yield Planned(task, code, rung, assignments)
