"""What a written form says: each builder makes atoms of one match of its pattern."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from rules.timing.atoms import Count, Every, Hour, Mark, Moment, Unit, Value
from rules.timing.words import (
    NUMBERS,
    ORDINALS,
    PARTS,
    ROMANS,
    UNITS,
    WEEK_ORDINALS,
    WEEKDAYS,
)

Found = list[tuple[Mark, Value]]
Builder = Callable[[re.Match[str]], Found]


def number_of(written: str) -> int:
    if written.isdigit():
        return int(written)
    return ROMANS.get(written) or NUMBERS[written]


def year_of(match: re.Match[str]) -> int | None:
    written = match.groupdict().get("y") or match.groupdict().get("yy")
    if not written:
        return None
    return 2000 + int(written) if len(written) == 2 else int(written)


def one(mark: Mark, value: Value = None) -> Builder:
    return lambda _: [(mark, value)]


def hour(match: re.Match[str]) -> Found:
    hour = int(match["h"])
    if hour < 12 and match["half"] in {"chieu", "toi"}:
        hour += 12
    return [(Mark.HOUR, Hour(hour, int(match["min"] or 0)))]


def clock(match: re.Match[str]) -> Found:
    return [(Mark.HOUR, Hour(int(match["h"]), int(match["min"])))]


def day(match: re.Match[str]) -> Found:
    written = match.groupdict()
    year = year_of(match)
    return [
        (
            Mark.MOMENT,
            Moment(
                Unit.DAY,
                number=int(match["d"]),
                month=number_of(match["m"]),
                year=year,
                short_year=len(written.get("y") or "") == 2,
                explicit=year is not None or bool(written.get("word")),
            ),
        )
    ]


def days(match: re.Match[str]) -> Found:
    last = Moment(Unit.DAY, number=int(match["b"]), month=int(match["m"]), year=year_of(match))
    return [
        (Mark.MOMENT, Moment(Unit.DAY, number=int(match["a"]))),
        (Mark.DASH, None),
        (Mark.MOMENT, last),
    ]


def first_days(match: re.Match[str]) -> Found:
    """ "10 ngày đầu tháng 8": the days are the month's, not counted from an event."""
    number, month = number_of(match["n"]), number_of(match["m"])
    last = Moment(Unit.DAY, number=number, month=month, year=year_of(match))
    first = Moment(Unit.DAY, number=1)
    return [(Mark.MOMENT, first), (Mark.DASH, None), (Mark.MOMENT, last)]


def dotted_days(match: re.Match[str]) -> Found:
    """ "ngày 28.8 và 15.9", "20.11 và 22.12 năm 2026": the year stands after the last."""
    written = [map(int, each.split(".")) for each in re.findall(r"\d+\.\d+", match["days"])]
    return _listed_days([(number, month) for number, month in written], year_of(match))


def day_of_months(match: re.Match[str]) -> Found:
    """ "ngày 10 tháng 6, 7 và tháng 9"."""
    months = map(int, re.findall(r"\d+", match["months"]))
    return _listed_days([(int(match["d"]), month) for month in months], year_of(match))


def _listed_days(written: Sequence[tuple[int, int]], year: int | None) -> Found:
    found: Found = []
    for place, (number, month) in enumerate(written, start=1):
        stated = year if place == len(written) else None
        found += [(Mark.AND, None), (Mark.MOMENT, Moment(Unit.DAY, number, month, year=stated))]
    return found[1:]


def related_days(match: re.Match[str]) -> Found:
    relation = Mark.BEFORE if match["relation"] == "truoc" else Mark.BY
    return [(relation, None), *dotted_days(match)]


def first_of_days(match: re.Match[str]) -> Found:
    return [(Mark.FROM, None), (Mark.MOMENT, Moment(Unit.DAY, number=int(match["d"])))]


def only_day(match: re.Match[str]) -> Found:
    return [(Mark.MOMENT, Moment(Unit.DAY, number=int(match["d"])))]


def day_of_next_month(match: re.Match[str]) -> Found:
    day = Moment(Unit.DAY, number=int(match["d"]))
    return [(Mark.MOMENT, day), (Mark.EVERY, Every(Unit.MONTH))]


def of_quarter(match: re.Match[str]) -> Found:
    """ "ngày 20 của tháng cuối quý", "tháng đầu quý III/2026"."""
    position = ORDINALS[match["which"]]
    day = match["d"]
    quarter = match["q"]
    if quarter is None:
        unit = Unit.DAY if day else Unit.MONTH
        number = int(day) if day else None
        return [(Mark.MOMENT, Moment(unit, number=number, month_of_quarter=position))]
    month = (number_of(quarter) - 1) * 3 + position
    if day:
        return [(Mark.MOMENT, Moment(Unit.DAY, int(day), month=month, year=year_of(match)))]
    return [(Mark.MOMENT, Moment(Unit.MONTH, number=month, year=year_of(match)))]


def listed(unit: Unit) -> Builder:
    """ "tháng 3, 6 và 9/2026", "quý I-II": the year stands after the last."""

    def build(match: re.Match[str]) -> Found:
        found: Found = []
        written = match["list"]
        pieces = [written] if written in NUMBERS else re.findall(r"\w+|[,&-]", written)
        for piece in pieces:
            if piece in {",", "&", "va"}:
                found.append((Mark.AND, None))
            elif piece in {"-", "den"}:
                found.append((Mark.DASH, None))
            elif piece not in {"thang", "t", "quy", "qui", "q"}:
                found.append((Mark.MOMENT, Moment(unit, number=number_of(piece))))
        if isinstance(last := found[-1][1], Moment):
            short = match.groupdict().get("yy") is not None
            found[-1] = (Mark.MOMENT, replace(last, year=year_of(match), short_year=short))
        return found

    return build


def month_of_year(match: re.Match[str]) -> Found:
    month = Moment(Unit.MONTH, number=int(match["m"]), year=year_of(match), explicit=False)
    return [(Mark.MOMENT, month)]


def months_of_year(match: re.Match[str]) -> Found:
    first = Moment(Unit.MONTH, number=int(match["a"]), explicit=False)
    last = Moment(Unit.MONTH, number=int(match["b"]), year=year_of(match), explicit=False)
    return [(Mark.MOMENT, first), (Mark.DASH, None), (Mark.MOMENT, last)]


def some_months(match: re.Match[str]) -> Found:
    """ "6 tháng đầu năm 2026"; without "đầu" or "cuối" they are the first."""
    number = number_of(match.groupdict().get("n") or "6")
    part = PARTS[match["which"] or "dau"]
    return [(Mark.MOMENT, Moment(Unit.MONTHS, number, part=part, year=year_of(match)))]


def week(match: re.Match[str]) -> Found:
    written = match["n"]
    number = int(written) if written.isdigit() else WEEK_ORDINALS[written]
    week = Moment(Unit.WEEK, number, month=number_of(match["m"]), year=year_of(match))
    return [(Mark.MOMENT, week)]


def school_year(match: re.Match[str]) -> Found:
    term = match.groupdict().get("term")
    number = None if term is None else ROMANS.get(term) or int(term)
    return [(Mark.MOMENT, Moment(Unit.SCHOOL_YEAR, number, year=year_of(match)))]


def calendar_year(match: re.Match[str]) -> Found:
    explicit = match["word"] is not None
    return [(Mark.MOMENT, Moment(Unit.YEAR, year=year_of(match), explicit=explicit))]


def every(match: re.Match[str]) -> Found:
    return [(Mark.EVERY, Every(UNITS[match["unit"]]))]


def every_months(match: re.Match[str]) -> Found:
    units = {1: Unit.MONTH, 3: Unit.QUARTER, 6: Unit.HALF, 12: Unit.YEAR}
    number = number_of(match["n"])
    unit = units.get(number)
    if unit is None:
        return [(Mark.PERIODIC, None)]
    return [(Mark.EVERY, Every(unit))]


def times(match: re.Match[str]) -> Found:
    return [(Mark.EVERY, Every(UNITS[match["unit"]], number_of(match["n"])))]


def count(match: re.Match[str]) -> Found:
    unit = UNITS[match["unit"]]
    return [(Mark.COUNT, Count(number_of(match["n"]), unit, match["working"] is not None))]


def weekday(match: re.Match[str]) -> Found:
    return [(Mark.WEEKDAY, WEEKDAYS.get(match["n"] or "", 6))]


def part(match: re.Match[str]) -> Found:
    return [(Mark.PART, PARTS[match["part"]])]


def bare_unit(match: re.Match[str]) -> Found:
    return [(Mark.BARE_UNIT, UNITS[match["unit"]])]
