"""The dates of a mention, in the year it states, shares with its list, or takes from the plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.plan import Relation
from rules.timing.atoms import Moment, Part, Unit
from rules.timing.draft import Case
from rules.timing.outline import Mention
from rules.timing.periods import Span, span


def list_year(mentions: Sequence[Mention], mention: Mention, year: int) -> int | None:
    """ "25/6 và 15/12/2026": the year stands once, after the last date of a list or after one.

    In a plan of 2026 "05/7 và 05/01/2027" goes over the New Year.
    """
    at = next(index for index, other in enumerate(mentions) if other is mention)
    for other in mentions[at + 1 :]:
        if not other.listed:
            break
        if other.moment.year is not None:
            over = other.moment.year > year and _later(mention.moment, other.moment)
            return other.moment.year - 1 if over else other.moment.year
    for other in reversed(mentions[:at]):
        if other.moment.year is not None and other.until is None:
            return other.moment.year
    return None


def _later(one: Moment, two: Moment) -> bool:
    if one.unit is not Unit.DAY or two.unit is not Unit.DAY:
        return False
    return (one.month or 0, one.number or 0) > (two.month or 0, two.number or 0)


@dataclass(frozen=True)
class Dated:
    """A mention with its dates, and whether its year is the plan's and not the phrase's."""

    mention: Mention
    first: date
    last: date
    start: Span
    end: Span
    assumed_year: bool

    @property
    def is_period(self) -> bool:
        """A period without a word such as "trước" or "đến hết"."""
        if self.mention.relation not in {None, Relation.WITHIN}:
            return False
        return self.mention.until is not None or not (self.start.is_day or self.part)

    @property
    def part(self) -> Part | None:
        """The beginning, middle or end of a period; "6 tháng đầu năm" is a period itself."""
        moment = self.mention.moment
        return None if moment.unit is Unit.MONTHS else moment.part


def range_of(mention: Mention, case: Case) -> Dated | None:
    """Both ends of a mention. The end's year also dates the beginning, and the other way round."""
    first, until = mention.moment, mention.until or mention.moment
    first_year = first.year
    until_year = (
        until.year if until.year is not None else list_year(case.found.mentions, mention, case.year)
    )
    assumed = first_year is None and until_year is None
    if first.unit is Unit.DAY and first.month is None and until.month is not None:
        first = replace(first, month=until.month)
    start_year = next(year for year in (first_year, until_year, case.year) if year is not None)
    end_year = next(year for year in (until_year, first_year, case.year) if year is not None)
    try:
        start, end = span(first, start_year), span(until, end_year)
        if start and end and start.first > end.last and mention.until:
            # "từ tháng 9 đến tháng 5/2027", "từ 07/9/2026 đến 10/01": over the New Year.
            if first_year is None and until_year is not None:
                start = span(first, start_year - 1)
            elif until_year is None:
                end = span(until, end_year + 1)
    except ValueError:
        # 29/02 in the year that was guessed over the New Year.
        return None
    if start is None or end is None:
        return None
    return Dated(mention, start.first, end.last, start, end, assumed)
