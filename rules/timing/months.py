"""Which months the days of every month are of, and which of them are left out."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from models.plan import Relation, Undated
from models.timing import TimingKind
from rules.timing.atoms import Moment, Unit
from rules.timing.draft import Case, Draft, alternative
from rules.timing.outline import Mention, Outline, Role
from rules.timing.periods import last_of_month

MONTHS_OF_A_QUARTER = 3


def in_their_months(mentions: Sequence[Mention], year: int) -> list[Mention]:
    """ "Ngày 10 các tháng 6, 7; ngày 25 các tháng 9, 10": each day in the months named with it."""
    pairs = days_and_months(mentions)
    beside = [each for each in mentions if not (pairs and (_is_bare(each) or months_named(each)))]
    # "Trước ngày 10 các tháng 6, 7 và ngày 25 …": said of both.
    listed = pairs[0][0][0].relation if pairs else None
    return beside + [
        replace(
            day,
            moment=_day_of(day.moment, month, year),
            relation=day.relation or (listed if day.listed else None),
        )
        for days, months in pairs
        for month in months
        for day in days
    ]


def _day_of(day: Moment, month: int, year: int) -> Moment:
    longest = last_of_month(year, month).day
    return replace(day, month=month, number=min(day.number or longest, longest))


def days_and_months(mentions: Sequence[Mention]) -> list[tuple[list[Mention], list[int]]]:
    """Days, each with the months it is of; none where they do not go in pairs."""
    told = [each for each in mentions if _is_bare(each) or months_named(each)]
    groups = [(bare, list(each)) for bare, each in groupby(told, key=_is_bare)]
    days = [group for bare, group in groups if bare]
    months = [[n for m in group for n in months_named(m)] for bare, group in groups if not bare]
    named = [month for group in months for month in group]
    if len(days) == 1:
        months = [named]
    apart = len(named) == len(set(named)) > 1
    return list(zip(days, months, strict=True)) if apart and len(days) == len(months) else []


def _is_bare(mention: Mention) -> bool:
    ranges = mention.until is not None or mention.moment.month_of_quarter is not None
    return is_day_of_a_month(mention) and not ranges


def is_day_of_a_month(mention: Mention) -> bool:
    return mention.moment.unit is Unit.DAY and mention.moment.month is None


def months_named(mention: Mention) -> tuple[int, ...]:
    first, last = month_of(mention.moment), month_of(mention.until)
    if first and last:
        return tuple((first + n - 1) % 12 + 1 for n in range((last - first) % 12 + 1))
    number = mention.moment.number
    return (number,) if number and names_a_month(mention) else ()


def names_a_month(mention: Mention) -> bool:
    plain = mention.relation in {None, Relation.WITHIN} and mention.role is Role.DUE
    return mention.moment.unit is Unit.MONTH and mention.moment.part is None and plain


def month_of(moment: Moment | None) -> int | None:
    if moment is None:
        return None
    return moment.number if moment.unit is Unit.MONTH else moment.month


def left_out(found: Outline) -> frozenset[int]:
    """The months "trừ tháng 7, 8" or "trừ quý IV" leaves out; none where anything else is meant."""
    named = [_months_excluded(mention) for mention in found.excluded]
    # "Tháng đầu quý sau, trừ quý IV": whose quarter is meant is not said.
    following = any(mention.moment.month_of_quarter == 1 for mention in found.mentions)
    quarters = any(mention.moment.unit is Unit.QUARTER for mention in found.excluded)
    if not all(named) or (quarters and following):
        return frozenset()
    return frozenset(month for months in named for month in months)


def _months_excluded(mention: Mention) -> tuple[int, ...]:
    moment = mention.moment
    if moment.year is not None or (mention.until and mention.until.year is not None):
        return ()
    if moment.unit is Unit.QUARTER and moment.number is not None and mention.until is None:
        last = moment.number * MONTHS_OF_A_QUARTER
        return tuple(range(last - MONTHS_OF_A_QUARTER + 1, last + 1)) if last <= 12 else ()
    months = months_named(mention) if moment.unit is Unit.MONTH else ()
    return months if all(month <= 12 for month in months) else ()


def asked_what_is_left_out(draft: Draft, case: Case) -> Draft:
    """What a phrase leaves out and its reading does not is asked about."""
    found = case.found
    unread = draft.kind in {TimingKind.UNKNOWN, TimingKind.INVALID}
    # What is left out may have a day of its own, which nobody would be reminded of.
    own_day = any(mention.apart for mention in found.mentions)
    if not found.excepting or unread or (_leaves_out(draft, left_out(found)) and not own_day):
        return draft
    rule = "Cụm từ có trừ ra một khoảng thời gian mà chương trình không tính được: cần xem lại."
    return replace(draft, alternatives=(*draft.alternatives, alternative(draft.kind, rule)))


def _leaves_out(draft: Draft, months: frozenset[int]) -> bool:
    named = draft.days
    if not named and isinstance(draft.timing, Undated):
        named = tuple(period[1:] for period in draft.timing.periods if period[0] == "T")
    return bool(months and named) and not any(int(each[:2]) in months for each in named)
