"""Phrases that come again: every year, half-year, quarter, month or week."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from models.plan import Ongoing, Recurring, Relation, Timing, Undated, Yearly
from models.policy import Before, Policy
from models.timing import Occasion, TimingKind
from rules.deadlines import resolve_recurring
from rules.timing.atoms import Hour, Moment, Part, Unit
from rules.timing.dated import range_of
from rules.timing.draft import DAYS_ONLY, NOT_OURS, Case, Draft, alternative, end_of, instant
from rules.timing.months import (
    days_and_months,
    in_their_months,
    is_day_of_a_month,
    left_out,
    month_of,
    months_named,
    names_a_month,
)
from rules.timing.outline import Mention, Outline, Role
from rules.timing.periods import last_of_month, span
from rules.wording import WEEKDAYS
from rules.working_calendar import DAY

ALL_MONTHS = tuple(range(1, 13))
DATED_ALL_YEAR = {Unit.MONTH: 12, Unit.QUARTER: 4}

KINDS = {
    Unit.YEAR: TimingKind.YEARLY,
    Unit.QUARTER: TimingKind.QUARTERLY,
    Unit.MONTH: TimingKind.MONTHLY,
    Unit.WEEK: TimingKind.WEEKLY,
}

OF_A_PART = "Ngày nêu riêng cho một phần việc chưa được tính."

HALVES = ("H1", "H2")

QUARTER_PERIODS = ("Q1", "Q2", "Q3", "Q4")

MONTH_PERIODS = tuple(f"T{month:02}" for month in range(1, 13))

PERIODS = {Unit.HALF: HALVES, Unit.QUARTER: QUARTER_PERIODS, Unit.MONTH: MONTH_PERIODS}


def repeated(case: Case) -> Draft | None:
    """Days that come again: "trước ngày 25/6 và 15/12 hằng năm", "ngày 20 của tháng cuối quý"."""
    found = case.found
    of_quarter = any(mention.moment.month_of_quarter for mention in found.mentions)
    if not found.every and not of_quarter:
        return None
    if found.units == {Unit.WEEK}:
        return _weekly(case)
    whole = _of_the_whole(case)
    unlabelled = [
        mention
        for mention, day in zip_longest(whole, whole[1:])
        if not (day and _labels(mention, day))
    ]
    dated = in_their_months(unlabelled, case.year)
    mentions = [mention for mention in dated if _days(mention, case)]
    if not mentions:
        return None
    draft = recurring_on(case, mentions)
    parts = [] if len(whole) == len(found.mentions) else [OF_A_PART]
    return replace(draft, note=" ".join(filter(None, (draft.note, *parts))))


def _of_the_whole(case: Case) -> Sequence[Mention]:
    """Without what has a day of its own: "trước ngày 20, riêng tháng 6 trước ngày 10"."""
    mentions = case.found.mentions
    whole = [mention for mention in mentions if not mention.apart] or mentions
    if case.found.units != {Unit.MONTH} or days_and_months(whole):
        return whole
    days = [n for n, mention in enumerate(whole) if is_day_of_a_month(mention)]
    between = range(days[0], days[-1]) if days else range(0)
    part = next((n for n in between if names_a_month(whole[n])), None)
    return whole[:part]


def _labels(period: Mention, day: Mention) -> bool:
    """ "6 tháng đầu năm (trước ngày 15/6)": the period says what its day is for."""
    named = day.moment.unit is Unit.DAY and day.moment.month is not None and not day.listed
    return named and period.moment.unit is not Unit.DAY and not period.until


def _season(case: Case) -> tuple[int, ...]:
    """The months "hằng tháng, từ tháng 4 đến tháng 6" or "(tháng 4, 5, 6)" is about; else all."""
    if case.found.units != {Unit.MONTH}:
        return ALL_MONTHS
    named = [month for mention in _of_the_whole(case) for month in months_named(mention)]
    months = tuple(dict.fromkeys(named))
    return months if len(months) > 1 else ALL_MONTHS


def _bounds_the_months(mention: Mention, case: Case) -> bool:
    if case.found.units != {Unit.MONTH}:
        return False
    if month_of(mention.moment) and month_of(mention.until):
        return True
    return names_a_month(mention) and _season(case) != ALL_MONTHS


def _days(mention: Mention, case: Case) -> tuple[str, ...]:
    """The days of every year a mention names, as MM-DD; none for one that bounds the duty."""
    # Of a range the last day is what is due: "từ ngày 20 đến ngày 25 hằng tháng".
    moment = mention.until or mention.moment
    if mention.role is not Role.DUE and mention.until is None:
        return ()
    if _bounds_the_months(mention, case):
        return ()
    before = mention.relation is Relation.BEFORE
    if moment.month_of_quarter:
        # "trước tháng cuối quý" ends with the month before it.
        earlier = before and moment.number is None
        position = moment.month_of_quarter - earlier
        months = [(quarter * 3 + position - 1) % 12 + 1 for quarter in range(4)]
        return tuple(_month_day(case.year, month, moment.number) for month in months)
    if moment.unit is Unit.DAY and moment.number is not None:
        if moment.month is not None:
            return (f"{moment.month:02}-{moment.number:02}",)
        if Unit.MONTH in case.found.units:
            return tuple(_month_day(case.year, month, moment.number) for month in ALL_MONTHS)
        return ()
    return _days_of_period(moment, case.year, before=before)


def _days_of_period(moment: Moment, year: int, *, before: bool) -> tuple[str, ...]:
    """A period's last day, or with "trước" the day before its first."""
    if moment.unit is Unit.YEAR and moment.part is None:
        return ()
    if moment.number is not None:
        if (dates := span(replace(moment, year=None), year)) is None:
            return ()
        last = dates.first - DAY if before and not dates.is_day else dates.last
        return (f"{last:%m-%d}",)
    numbers = {Unit.MONTH: 12, Unit.QUARTER: 4}.get(moment.unit, 1)
    if moment.unit is Unit.HALF:
        return ("06-30", "12-31") if moment.part is Part.END else ()
    if moment.part is None or moment.unit not in {Unit.MONTH, Unit.QUARTER, Unit.YEAR}:
        return ()
    spans = [span(replace(moment, number=number), year) for number in range(1, numbers + 1)]
    return tuple(f"{dates.last:%m-%d}" for dates in spans if dates)


def _month_day(year: int, month: int, day: int | None) -> str:
    longest = last_of_month(year, month).day
    return f"{month:02}-{longest if day is None else min(day, longest):02}"


def _moves_with_february(mention: Mention) -> bool:
    """Whether a mention's days depend on how long a month is, which days of every year cannot."""
    moment = mention.until or mention.moment
    if moment.unit is Unit.DAY:
        if moment.month is not None:
            return False
        shortest = 30 if moment.month_of_quarter in {1, 3} else 28
        return (moment.number or 0) > shortest
    if mention.relation is Relation.BEFORE and moment.part is None:
        return Unit.MONTH is moment.unit and 3 in {moment.number, moment.month_of_quarter}
    if moment.unit is Unit.MONTH and moment.part in {None, Part.END}:
        return moment.number in {None, 2} and moment.month_of_quarter != 3
    return moment.unit is Unit.MONTHS and moment.number == 2 and moment.part is Part.START


def recurring_on(case: Case, mentions: Sequence[Mention]) -> Draft:
    found = case.found
    days: list[str] = []
    relations: list[Relation] = []
    for mention in mentions:
        for day in _days(mention, case):
            if day not in days:
                days.append(day)
                relations.append(_relation_of_days(mention))
    without = left_out(found)
    kept = [n for n, day in enumerate(days) if int(day[:2]) not in without] or range(len(days))
    days, relations = [days[n] for n in kept], [relations[n] for n in kept]
    per_day = [
        Recurring(text=case.text, relation=relation, days=(day,))
        for day, relation in zip(days, relations, strict=True)
    ]
    hour = next((mention.hour for mention in mentions if mention.hour), found.hour)
    occasions = []
    for each in per_day:
        try:
            ((last_day, _),) = resolve_recurring(each, case.year, case.policy)
        except ValueError:
            continue  # 29/02 in a year without one
        if hour:
            held = date.fromisoformat(f"{case.year:04}-{each.days[0]}")
            occasions.append(Occasion(due=held, due_exclusive=instant(held, hour)))
        else:
            occasions.append(Occasion(due=last_day, due_exclusive=end_of(last_day)))
    moves = 2 not in without and any(map(_moves_with_february, mentions))
    exact = len(set(relations)) == 1 and not moves
    relation = Relation.BY if hour else relations[0]
    timing = Recurring(text=case.text, relation=relation, days=tuple(days)) if exact else None
    notes = [DAYS_ONLY] if hour else []
    if moves:
        notes.append("Ngày cuối tháng khác nhau theo tháng, theo năm.")
    if not exact:
        notes.append(NOT_OURS)
    if found.demand:
        notes.append("Ngoài ra còn làm khi có yêu cầu.")
    if "02-29" in days:
        notes.append("Ngày 29/02 chỉ có trong năm nhuận.")
    return Draft(
        _kind_of_days(days, mentions, found),
        _sentence_of_days(days, relations, hour, case.policy),
        days=tuple(days),
        occasions=tuple(occasions),
        timing=timing,
        note=" ".join(notes),
    )


def _relation_of_days(mention: Mention) -> Relation:
    if mention.until is not None:
        return mention.until_relation
    if mention.moment.unit is not Unit.DAY and mention.moment.part is None:
        # The days of a period are its last ones on time already.
        return Relation.BY
    return Relation.BY if mention.relation in {None, Relation.WITHIN} else mention.relation


def _kind_of_days(days: Sequence[str], mentions: Sequence[Mention], found: Outline) -> TimingKind:
    units = found.units or {Unit.QUARTER}
    if len(units) > 1 or (len(mentions) > 1 and any(m.moment.month_of_quarter for m in mentions)):
        return TimingKind.RECURRING
    (unit,) = units
    if len(days) == {Unit.YEAR: 1, **DATED_ALL_YEAR}.get(unit, 0):
        return KINDS[unit]
    return TimingKind.RECURRING


def _sentence_of_days(
    days: Sequence[str], relations: Sequence[Relation], hour: Hour | None, policy: Policy
) -> str:
    each = "hằng tháng" if len(days) == 12 else "hằng năm"
    numbers = {day[3:] for day in days}
    if len(days) == 12 and len(numbers) == 1:
        named = f"ngày {numbers.pop()}"
    else:
        listed = [f"{day[3:]}/{day[:2]}" for day in days]
        named = "ngày " + " và ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))
    if hour:
        return f"{each.capitalize()}: hạn đúng {hour.hour:02} giờ {hour.minute:02} {named}."
    if all(relation is Relation.BEFORE for relation in relations):
        if policy.before is Before.LENIENT:
            return f"{each.capitalize()}: kế hoạch cho phép “trước ngày” kể cả chính {named}."
        return f"{each.capitalize()}: “trước” là không kể {named}."
    return f"{each.capitalize()}: tính đến hết {named}."


def _weekly(case: Case) -> Draft:
    found = case.found
    parts = ["Mỗi tuần một lần"]
    hour = found.hour or next((m.hour for m in found.mentions if m.hour), None)
    if hour:
        parts.append(f"{hour.hour:02} giờ {hour.minute:02}")
    if found.weekday is not None:
        parts.append(WEEKDAYS[found.weekday])
    return Draft(TimingKind.WEEKLY, f"{', '.join(parts)}.", note=NOT_OURS)


def every_time(case: Case) -> Draft | None:
    """ "Hằng năm", "hằng quý", "định kỳ 6 tháng": no day is given, and none is invented."""
    found = case.found
    if not found.every:
        return None
    start = _first_year(case)
    periods = [_periods(unit, case) for unit in PERIODS if unit in found.units]
    several = next((every for every in found.every if every.times > 1), None)
    if found.external:
        rule = "Định kỳ theo quy định: ngày nằm ở văn bản khác, không suy ra ngày."
        timing: Timing = Undated(text=case.text, periods=periods[0] if periods else ("han",))
        return Draft(TimingKind.EXTERNAL, rule, start=start, timing=timing)
    if several:
        return _some_times(several.times, several.unit, case)
    units = found.units
    kind = KINDS[next(iter(units))] if len(units) == 1 and units <= set(KINDS) else None
    note = "Ngoài ra còn làm khi có yêu cầu." if found.demand else ""
    if found.ongoing:
        rule = "Thường xuyên: không có hạn, không bao giờ quá hạn."
        own = kind or TimingKind.RECURRING
        each = {TimingKind.YEARLY: "năm", TimingKind.QUARTERLY: "quý", TimingKind.MONTHLY: "tháng"}
        other = alternative(own, f"Mỗi {each.get(own, 'kỳ')} phải có một kết quả.")
        return Draft(
            TimingKind.ONGOING,
            rule,
            start=start,
            alternatives=(other,),
            timing=Ongoing(text=case.text),
        )
    if kind is TimingKind.YEARLY:
        rule = "Mỗi năm một lần, không nêu ngày: chương trình tính đến hết ngày 31/12 của năm."
        return Draft(kind, rule, start=start, timing=Yearly(text=case.text), note=note)
    if kind is TimingKind.WEEKLY:
        return _weekly(case)
    named = " và ".join(f"mỗi {every.unit.value}" for every in found.every)
    rule = f"{named.capitalize()} một lần, không nêu ngày: không suy ra ngày."
    names = tuple(name for group in periods for name in group)
    if Unit.YEAR in units:
        names = (*names, "nam")
    timed: Timing | None = Undated(text=case.text, periods=names) if names else None
    return Draft(kind or TimingKind.RECURRING, rule, start=start, timing=timed, note=note)


def _periods(unit: Unit, case: Case) -> tuple[str, ...]:
    if unit is Unit.MONTH:
        without = left_out(case.found)
        return tuple(MONTH_PERIODS[month - 1] for month in _season(case) if month not in without)
    return PERIODS[unit]


def _some_times(times: int, unit: Unit, case: Case) -> Draft:
    rule = f"{times} lần mỗi {unit.value}, không nêu ngày: không suy ra ngày."
    timing = None
    note = NOT_OURS
    if unit is Unit.YEAR and times <= 12:
        names = {2: HALVES, 4: QUARTER_PERIODS, 12: MONTH_PERIODS}.get(times)
        timing = Undated(
            text=case.text, periods=names or tuple(f"L{n}" for n in range(1, times + 1))
        )
        note = ""
    return Draft(TimingKind.RECURRING, rule, timing=timing, note=note)


def _first_year(case: Case) -> date | None:
    """ "Hằng năm, từ năm 2026": where the recurrence begins."""
    starts = [range_of(mention, case) for mention in case.found.mentions]
    return next((dated.first for dated in starts if dated and not dated.assumed_year), None)
