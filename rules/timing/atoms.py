"""The smallest pieces of a timing phrase: dates, relations, recurrences, counts and signs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    DAY = "ngày"
    WEEK = "tuần"
    MONTH = "tháng"
    MONTHS = "mấy tháng đầu, cuối năm"
    QUARTER = "quý"
    HALF = "6 tháng"
    YEAR = "năm"
    SCHOOL_YEAR = "năm học"
    HOUR = "giờ"


class Part(StrEnum):
    START = "đầu"
    MIDDLE = "giữa"
    END = "cuối"


@dataclass(frozen=True)
class Moment:
    """A day or a period as it is written; what is not written is None.

    `number` is the day, the month, the quarter, the week of the month, or how many months;
    `month_of_quarter` is the 3 of "ngày 20 của tháng cuối quý".
    """

    unit: Unit
    number: int | None = None
    month: int | None = None
    quarter: int | None = None
    year: int | None = None
    part: Part | None = None
    month_of_quarter: int | None = None
    short_year: bool = False
    explicit: bool = True  # có chữ "ngày", "tháng", "năm" hoặc đủ ngày, tháng, năm


class Hour(NamedTuple):
    hour: int
    minute: int


class Count(NamedTuple):
    number: int
    unit: Unit
    working: bool


class Every(NamedTuple):
    """A recurrence: `times` in each `unit`, or one per `unit`."""

    unit: Unit
    times: int = 1


class Mark(StrEnum):
    MOMENT = "moment"
    HOUR = "hour"
    WEEKDAY = "weekday"
    COUNT = "count"
    EVERY = "every"
    BARE_UNIT = "unit"
    PART = "part"
    BEFORE = "before"
    BY = "by"
    TO = "to"
    WITHIN = "within"
    FROM = "from"
    AFTER = "after"
    NOW = "now"
    SIGNING = "signing"
    ONGOING = "ongoing"
    ONWARD = "onward"
    PERIODIC = "periodic"
    EXTERNAL = "external"
    DEMAND = "demand"
    DOCUMENT = "document"
    BLANK = "blank"
    CITATION = "citation"
    AND = "and"
    DASH = "dash"
    OPEN = "open"
    CLOSE = "close"
    STOP = "stop"
    FILLER = "filler"
    APART = "apart"
    EXCEPT = "except"
    OTHER = "other"


Value = Moment | Hour | Count | Every | Unit | Part | int | None


class Atom(NamedTuple):
    mark: Mark
    start: int
    end: int
    value: Value = None
