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


class Cell(NamedTuple):
    """A day as it is drawn."""

    day: Day
    tellings: int
    classes: str


class Month(NamedTuple):
    """The days of one month. `blanks` are those of the week before its first."""

    first: date
    blanks: int
    cells: list[Cell]

    @property
    def weeks(self) -> Iterator[list[Cell | None]]:
        cells = [*([None] * self.blanks), *self.cells]
        for start in range(0, len(cells), 7):
            week = cells[start : start + 7]
            yield [*week, *([None] * (7 - len(week)))]

    @property
    def notable(self) -> list[Day]:
        days = (cell.day for cell in self.cells)
        return [day for day in days if day.due or day.off or day.made_up]


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
        months=list(_months(year, today)),
        chosen=next((day for day in year if day.day == ngay), None),
        told=tools.views.told_on(seen.cycle.id, ngay) if ngay else [],
        planned=list(_planned(seen, ngay)) if ngay and ngay >= today else [],
        official=seen.cycle.calendar.years.get(seen.cycle.year),
    )


def _months(year: list[Day], today: date) -> Iterator[Month]:
    busiest = max(day.tellings for day in year)
    for first, of_month in groupby(year, lambda day: day.day.replace(day=1)):
        yield Month(first, first.weekday(), [_cell(day, today, busiest) for day in of_month])


def _cell(day: Day, today: date, busiest: int) -> Cell:
    """The darker, the more is told on a day."""
    tellings = day.tellings
    classes = ["off" if day.off else "made-up" if day.made_up else "weekend" if day.weekend else ""]
    classes += ["today"] if day.day == today else []
    classes += ["planned"] if day.planned else []
    if tellings:
        classes.append(
            "t1" if tellings * 20 < busiest else "t2" if tellings * 4 < busiest else "t3"
        )
    return Cell(day, tellings, " ".join(classes))


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
