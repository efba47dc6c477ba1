"""From a day or period as it is written to its dates."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from rules.timing.atoms import Hour, Moment, Part, Unit
from rules.timing.text import YEARS
from rules.wording import QUARTERS, dmy

MONTHS_IN_A_YEAR = 12
LEAP_YEAR = 2024


class NoSuchDate(ValueError):
    """A date that does not exist, as one sentence."""


class Span(NamedTuple):
    """A period: its first and last day, and the anchors that "trước" and "đến hết" name."""

    first: date
    last: date
    name: str
    first_anchor: str
    last_anchor: str

    @property
    def is_day(self) -> bool:
        return self.first == self.last


def check(moment: Moment, year: int | None) -> None:
    """Raises NoSuchDate, with a sentence, for a day, month, quarter or year that does not exist.

    Without a year 29/02 exists: some years have it.
    """
    year = moment.year if moment.year is not None else year
    if year is not None and year not in YEARS:
        raise NoSuchDate(f"Không có năm {year:04} trong lịch của kế hoạch: cần ghi năm đủ bốn số.")
    month = moment.number if moment.unit is Unit.MONTH else moment.month
    if moment.unit is Unit.MONTHS:
        month = moment.number
    if month is not None and not 1 <= month <= MONTHS_IN_A_YEAR:
        raise NoSuchDate(
            f"Không có tháng {month}: một năm chỉ có 12 tháng; cần ghi một tháng có thật."
        )
    if moment.unit is Unit.QUARTER and moment.number not in (None, *QUARTERS):
        raise NoSuchDate(f"Không có quý {moment.number}: một năm chỉ có bốn quý.")
    if moment.unit is Unit.DAY and moment.number is not None:
        _check_day(moment.number, month, year)


def check_hour(hour: Hour) -> None:
    if hour.hour > 24 or hour.minute > 59 or (hour.hour == 24 and hour.minute):
        raise NoSuchDate(
            f"Không có {hour.hour} giờ {hour.minute:02}: một ngày chỉ có 24 giờ; "
            "cần ghi một giờ có thật."
        )


def _check_day(day: int, month: int | None, year: int | None) -> None:
    if month is None:
        if not 1 <= day <= 31:
            raise NoSuchDate(f"Không có ngày {day}: một tháng nhiều nhất có 31 ngày.")
        return
    longest = monthrange(year if year is not None else LEAP_YEAR, month)[1]
    if 1 <= day <= longest:
        return
    of_year = "" if year is None else f"/{year}"
    which = f"tháng {month:02}" + ("" if year is None else f" năm {year}")
    raise NoSuchDate(
        f"Không có ngày {day:02}/{month:02}{of_year}: {which} chỉ có {longest} ngày; "
        "cần ghi một ngày có thật."
    )


def span(moment: Moment, year: int) -> Span | None:
    """The dates of a moment that `check` accepts; `year` is used where it states none.

    None where neither the phrase nor the law decides: a day without its month, a school year, the
    beginning of a quarter.
    """
    year = moment.year if moment.year is not None else year
    number = moment.number
    match moment.unit:
        case Unit.DAY if number is not None and moment.month is not None:
            return day_span(date(year, moment.month, number))
        case Unit.WEEK if number is not None and moment.month is not None:
            return _week(year, moment.month, number)
        case Unit.MONTH if number is not None:
            return _month(year, number, moment.part)
        case Unit.MONTHS if number is not None:
            return _months(year, number, moment.part)
        case Unit.QUARTER if number is not None:
            return _quarter(year, number, moment.part)
        case Unit.YEAR:
            return _year(year, moment.part)
    return None


def day_span(day: date) -> Span:
    return Span(day, day, f"ngày {dmy(day)}", day.isoformat(), day.isoformat())


def last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _month(year: int, month: int, part: Part | None) -> Span:
    # Civil Code 2015, art. 146: the beginning, middle and end of a month.
    match part:
        case Part.START:
            return day_span(date(year, month, 1))
        case Part.MIDDLE:
            return day_span(date(year, month, 15))
        case Part.END:
            return day_span(last_of_month(year, month))
    anchor = f"{year:04}-{month:02}"
    name = f"tháng {month:02}/{year}"
    return Span(date(year, month, 1), last_of_month(year, month), name, anchor, anchor)


def _months(year: int, number: int, part: Part | None) -> Span:
    first, last = (1, number) if part is Part.START else (MONTHS_IN_A_YEAR - number + 1, 12)
    name = f"{number} tháng {part.value if part else Part.START.value} năm {year}"
    return Span(
        date(year, first, 1),
        last_of_month(year, last),
        name,
        f"{year:04}-{first:02}",
        f"{year:04}-{last:02}",
    )


def _quarter(year: int, quarter: int, part: Part | None) -> Span | None:
    last = last_of_month(year, quarter * 3)
    match part:
        case Part.END:
            return day_span(last)
        case Part.START | Part.MIDDLE:
            return None
    anchor = f"{year:04}-Q{quarter}"
    name = f"quý {QUARTERS[quarter]}/{year}"
    return Span(date(year, quarter * 3 - 2, 1), last, name, anchor, anchor)


def _year(year: int, part: Part | None) -> Span:
    # Civil Code 2015, art. 146: the beginning, middle and end of a year.
    match part:
        case Part.START:
            return day_span(date(year, 1, 1))
        case Part.MIDDLE:
            return day_span(date(year, 6, 30))
        case Part.END:
            return day_span(date(year, 12, 31))
    anchor = f"{year:04}"
    return Span(date(year, 1, 1), date(year, 12, 31), f"năm {year}", anchor, anchor)


def _week(year: int, month: int, number: int) -> Span:
    last = last_of_month(year, month)
    if number * 7 > last.day:
        first, name = last - timedelta(days=6), f"tuần cuối tháng {month:02}/{year}"
    else:
        first = date(year, month, number * 7 - 6)
        last, name = date(year, month, number * 7), f"tuần {number} tháng {month:02}/{year}"
    return Span(first, last, name, first.isoformat(), last.isoformat())
