"""Vietnam's working calendar: computed holidays, corrected by what the State has published."""

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Self

from pydantic import model_validator
from ruamel.yaml import YAML

from models.calendar import DayOff, WorkingCalendar, YearStatus
from models.message import Document

CORRECTIONS = Path(__file__).with_name("vietnam_calendar.yaml")


class YearCorrection(Document):
    """What the computed holidays of one year lack or get wrong, and where that was read."""

    status: YearStatus = YearStatus.FORECAST
    source: str = ""
    days_off: dict[date, str] = {}
    working_days: tuple[date, ...] = ()
    make_up_days: tuple[date, ...] = ()


class Corrections(Document):
    years: dict[int, YearCorrection] = {}
    names: dict[str, str] = {}

    @model_validator(mode="after")
    def _days_stand_under_their_year(self) -> Self:
        for year, correction in self.years.items():
            days = (*correction.days_off, *correction.working_days, *correction.make_up_days)
            for day in days:
                if day.year != year:
                    raise ValueError(f"{day} không thuộc năm {year}")
        return self


def calendar_of_cycle(year: int) -> WorkingCalendar:
    """The working calendar of a cycle: its year and the ones its ladders reach into."""
    return vietnam_calendar(range(year - 1, year + 3))


def vietnam_calendar(years: Iterable[int], *, corrections: Path = CORRECTIONS) -> WorkingCalendar:
    """The working calendar of `years`; a year that `corrections` does not mention is a forecast.

    `version` is a digest of the content: equal calendars have equal versions. Raises pydantic's
    ValidationError when the corrections are malformed.
    """
    # Here, because most commands find their calendar in the cycle's snapshot.
    import holidays

    wanted = sorted(set(years))
    corrected = Corrections.model_validate(YAML(typ="safe").load(corrections))
    computed = holidays.country_holidays("VN", years=wanted, language="vi")
    days_off = {day: corrected.names.get(name, name) for day, name in computed.items()}
    make_up_days = {day for day in computed.weekend_workdays if day.year in wanted}
    statuses = {}
    for year in wanted:
        correction = corrected.years.get(year, YearCorrection())
        statuses[year] = correction.status
        days_off |= correction.days_off
        make_up_days.update(correction.make_up_days)
        for day in correction.working_days:
            days_off.pop(day, None)
    calendar = WorkingCalendar(
        version="",
        days_off=tuple(DayOff(day=day, name=days_off[day]) for day in sorted(days_off)),
        make_up_days=tuple(sorted(make_up_days)),
        years=statuses,
    )
    digest = hashlib.sha256(calendar.model_dump_json().encode()).hexdigest()
    return calendar.model_copy(update={"version": digest[:12]})
