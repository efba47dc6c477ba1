"""The periods a plan reports on: what they are called and which days their data covers."""

from datetime import date
from typing import NamedTuple

from models.plan import Recurring, Timing, Undated, Yearly
from models.report import DataWindow
from rules.wording import QUARTERS

LAW = "Nghị định 09/2019/NĐ-CP, Điều 12"
MONTHS = 12
CLOSES = 14  # the data of a period closes on the 14th, and the next begins on the 15th


class Period(NamedTuple):
    """`window` is None for a period no law speaks of."""

    name: str
    window: DataWindow | None


class Place(NamedTuple):
    """Where an occurrence stands among others: `K2` before `K10`."""

    letter: str
    number: int
    name: str


def in_order(occurrence: str) -> Place:
    number = int(occurrence[1:]) if occurrence[1:].isdigit() else 0
    return Place(occurrence[:1], number, occurrence)


def period_of(timing: Timing, occurrence: str, year: int) -> Period:
    """The period of one occurrence of a duty: `H1`, `K3`, `nam` as `rules.occurrences` names it."""
    months = _months_each(timing)
    number = in_order(occurrence).number or 1
    if months is None or number * months > MONTHS:
        return Period(f"kỳ {occurrence} năm {year}", None)
    return Period(_name(months, number, year), _window(months, number, year))


def _months_each(timing: Timing) -> int | None:
    """How many months each period covers; None when they do not divide the year."""
    match timing:
        case Recurring(days=days):
            several = len(days)
        case Undated(periods=periods):
            several = len(periods)
        case Yearly():
            several = 1
        case _:
            return None
    return MONTHS // several if several in (1, 2, 4, MONTHS) else None


def _name(months: int, number: int, year: int) -> str:
    match months:
        case 6:
            return f"6 tháng {'đầu' if number == 1 else 'cuối'} năm {year}"
        case 3:
            return f"quý {QUARTERS[number]} năm {year}"
        case 1:
            return f"tháng {number} năm {year}"
        case _:
            return f"năm {year}"


def _window(months: int, number: int, year: int) -> DataWindow:
    last_month = number * months
    before = last_month - months
    first = date(year, before, CLOSES + 1) if before else date(year - 1, MONTHS, CLOSES + 1)
    last = date(year, last_month, CLOSES)
    return DataWindow(first=first, last=last, rule=f"theo {LAW}")
