"""Phrases with dates of one time: a deadline, a period, or several of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from models.plan import ByDate, Ongoing, Relation, Undated
from models.policy import Before, Policy
from models.timing import Alternative, Occasion, TimingKind
from rules.deadlines import resolve
from rules.timing.atoms import Hour, Moment, Part, Unit
from rules.timing.dated import Dated, range_of
from rules.timing.draft import Case, Draft, alternative, capitalized, due_on
from rules.timing.outline import Mention, Role
from rules.timing.periods import Span, last_of_month
from rules.timing.repeated import recurring_on
from rules.wording import WEEKDAYS, dmy
from rules.working_calendar import DAY

MIDNIGHT = Hour(0, 0)


def dated_once(case: Case) -> Draft | None:
    """One date, a period, or several of them."""
    found = case.found
    if not found.mentions or _of_an_event(case):
        return None
    dates = [range_of(mention, case) for mention in found.mentions]
    known = [each for each in dates if each is not None]
    if len(known) < len(dates) and not known:
        return _undecided(case, found.mentions[0])
    drafts = [_single(each, case) for each in known]
    draft = drafts[0] if len(drafts) == 1 else _several(known, drafts, case)
    return _beside(draft, case)


def _of_an_event(case: Case) -> bool:
    """ "Trước mùa mưa năm 2026": the year says which, not until when."""
    found = case.found
    return found.before_event and all(mention.is_year_alone for mention in found.mentions)


def _single(dated: Dated, case: Case) -> Draft:
    mention = dated.mention
    open_ended = mention.until is None and mention.role is not Role.DUE
    if open_ended or (case.found.onward and dated.is_period):
        return _open(dated, case)
    if dated.is_period:
        return _period(dated, case)
    return _deadline(dated, case)


def _open(dated: Dated, case: Case) -> Draft:
    after = dated.mention.role is Role.AFTER
    start = dated.last + DAY if after else dated.first
    rule = f"Thực hiện từ ngày {dmy(start)}, không nêu ngày kết thúc: không có hạn."
    return Draft(
        TimingKind.ONGOING,
        rule,
        start=start,
        timing=Ongoing(text=case.text),
        confidence=0.85,
        assumed_year=dated.assumed_year,
    )


def _period(dated: Dated, case: Case) -> Draft:
    mention = dated.mention
    hour = mention.hour if dated.end.is_day else None
    ends_at_midnight = hour == MIDNIGHT and dated.first < dated.last
    if hour == MIDNIGHT:
        hour = None
    if ends_at_midnight:
        anchor = (dated.last - DAY).isoformat()
        timing = ByDate(text=case.text, relation=Relation.BY, anchor=anchor)
    elif mention.until is not None and mention.until_relation is Relation.BEFORE:
        timing = ByDate(text=case.text, relation=Relation.BEFORE, anchor=dated.end.first_anchor)
    elif mention.until is not None or dated.start.first_anchor != dated.start.last_anchor:
        timing = ByDate(text=case.text, relation=Relation.BY, anchor=dated.end.last_anchor)
    else:
        timing = ByDate(text=case.text, relation=Relation.WITHIN, anchor=dated.end.last_anchor)
    resolved = resolve(timing, case.policy)
    reason = f"Từ ngày {dmy(dated.first)}: {resolved.rule}"
    if timing.relation is Relation.WITHIN:
        reason = capitalized(resolved.rule)
    alternatives: list[Alternative] = []
    if mention.moment.unit is Unit.WEEK:
        rule = f"Tuần lịch có ngày {dmy(dated.first)}, từ thứ Hai đến Chủ nhật."
        monday = dated.first - timedelta(days=dated.first.weekday())
        week = alternative(TimingKind.PERIOD, rule, due=monday + timedelta(days=6), start=monday)
        alternatives.append(week)
    if dated.assumed_year:
        alternatives.append(_each_year(dated, case))
    return due_on(
        Draft(
            TimingKind.PERIOD,
            reason,
            start=dated.first,
            alternatives=tuple(alternatives),
            timing=timing,
            assumed_year=dated.assumed_year,
        ),
        resolved.last_day,
        hour,
    )


def _deadline(dated: Dated, case: Case) -> Draft:
    mention, policy = dated.mention, case.policy
    # With an hour "trước" excludes what follows the hour, not the day.
    timed = mention.hour is not None and dated.end.is_day
    before = mention.relation is Relation.BEFORE and not timed
    relation = Relation.BEFORE if before else Relation.BY
    anchor = dated.end.first_anchor if before else dated.end.last_anchor
    if timed and mention.hour == MIDNIGHT:
        # "trước 0h ngày 01/7": the day before is the last on time.
        anchor = (dated.last - DAY).isoformat()
    timing = ByDate(text=case.text, relation=relation, anchor=anchor)
    resolved = resolve(timing, policy)
    alternatives: list[Alternative] = []
    if before and dated.end.is_day:
        alternatives.append(_other_before(dated.end, policy))
    if dated.part in {Part.START, Part.MIDDLE}:
        alternatives.append(_loose_part(dated, mention.moment))
    if dated.assumed_year:
        alternatives.append(_each_year(dated, case))
    reason = capitalized(resolved.rule)
    if dated.part and not before:
        unit = mention.moment.unit
        reason = f"“{dated.part.value.capitalize()} {unit.value}” là {dated.end.name}"
        if unit is not Unit.QUARTER:
            reason += " (Bộ luật Dân sự 2015, Điều 146)"
    draft = Draft(
        TimingKind.DEADLINE,
        reason,
        start=dated.first if mention.until else None,
        alternatives=tuple(alternatives),
        timing=timing,
        assumed_year=dated.assumed_year,
    )
    if not timed:
        return due_on(draft, resolved.last_day, None)
    return due_on(draft, dated.last, mention.hour)


def _other_before(day: Span, policy: Policy) -> Alternative:
    if policy.before is Before.STRICT:
        rule = f"Tính cả chính {day.name}, như nhiều nơi vẫn dùng."
        return alternative(TimingKind.DEADLINE, rule, due=day.last)
    rule = f"Hiểu chặt: “trước” không kể {day.name}."
    return alternative(TimingKind.DEADLINE, rule, due=day.first - DAY)


def _loose_part(dated: Dated, moment: Moment) -> Alternative:
    part = moment.part or Part.START
    first = dated.first
    if moment.unit is Unit.MONTH:
        last = first + timedelta(days=9 if part is Part.START else 5)
        rule = f"Khoảng {part.value} tháng: khoảng mười ngày, đến hết ngày {dmy(last)}."
    else:
        last = last_of_month(first.year, 3 if part is Part.START else 8)
        rule = f"Khoảng {part.value} năm: vài tháng, đến hết ngày {dmy(last)}."
    return alternative(TimingKind.DEADLINE, rule, due=last)


def _each_year(dated: Dated, case: Case) -> Alternative:
    last = dated.end.last
    rule = (
        f"Cụm từ không nêu năm, ở đây lấy năm {case.year} của kế hoạch; "
        f"cũng có thể là việc của mọi năm, mốc {last.day:02}/{last.month:02}."
    )
    days = (f"{last.month:02}-{last.day:02}",)
    return Alternative(kind=TimingKind.YEARLY, rule=rule, days=days)


def _several(dates: Sequence[Dated], drafts: Sequence[Draft], case: Case) -> Draft:
    kept = _without_labels(dates, drafts)
    dates, drafts = [each for each, _ in kept], [draft for _, draft in kept]
    if len(drafts) == 1:
        return drafts[0]
    bounds = [draft for draft in drafts if draft.due is None]
    deadlines = [draft for draft in drafts if draft.due is not None]
    if not deadlines:
        return drafts[0]
    if len(deadlines) == 1:
        return _bounded(deadlines[0], bounds)
    periods = [draft for draft in deadlines if draft.kind is TimingKind.PERIOD]
    if len(periods) == len(deadlines) and (whole := _whole(dates, deadlines, case)):
        return whole
    own = [draft for draft in deadlines if draft.kind is TimingKind.DEADLINE]
    apart = any(each.mention.apart for each in dates)
    if len(own) == 1 and not apart and all(_holds(period, own[0]) for period in periods):
        # "Quý I/2026 (hoàn thành trước ngày 15/3/2026)": the date within the period wins.
        return replace(own[0], start=periods[0].start)
    listed = all(each.mention.listed for each in dates[1:])
    if not periods and listed and all(each.assumed_year for each in dates):
        return _recurring_or_once(dates, case)
    return _milestones(deadlines)


def _without_labels(dates: Sequence[Dated], drafts: Sequence[Draft]) -> list[tuple[Dated, Draft]]:
    """ "Quý I trước ngày 15/3; quý II trước ngày 15/6": a period says what its day is for."""
    kept: list[tuple[Dated, Draft]] = []
    start = None
    for place, (dated, draft) in enumerate(zip(dates, drafts, strict=True)):
        following = drafts[place + 1] if place + 1 < len(drafts) else None
        if following and _labels(draft, following, dates[place + 1]):
            start = draft.start if _holds(draft, following) else None
            continue
        kept.append((dated, replace(draft, start=draft.start or start)))
        start = None
    return kept


def _labels(period: Draft, day: Draft, on: Dated) -> bool:
    if period.kind is not TimingKind.PERIOD or day.kind is not TimingKind.DEADLINE:
        return False
    return on.end.is_day and not on.mention.apart and (_holds(period, day) or on.mention.beside)


def _bounded(deadline: Draft, bounds: Sequence[Draft]) -> Draft:
    """ "Từ ngày 01/3, chậm nhất 30/6": a beginning that lies before the deadline belongs to it."""
    bound = bounds[0]
    if bound.start and deadline.due and bound.start <= deadline.due:
        return replace(deadline, start=bound.start)
    other = alternative(bound.kind, bound.rule, start=bound.start)
    return replace(deadline, alternatives=(*deadline.alternatives, other))


def _holds(period: Draft, deadline: Draft) -> bool:
    if not (period.start and period.due and deadline.due):
        return False
    return period.start <= deadline.due <= period.due


def _whole(dates: Sequence[Dated], periods: Sequence[Draft], case: Case) -> Draft | None:
    """Periods without a gap are one: "năm 2026, 2027", "quý I và quý II"."""
    ordered = sorted(dates, key=lambda each: each.first)
    if any(later.first > one.last + DAY for one, later in pairwise(ordered)):
        return None
    last = max(ordered, key=lambda each: each.last)
    timing = ByDate(text=case.text, relation=Relation.BY, anchor=last.end.last_anchor)
    rule = f"Các kỳ liền nhau, từ ngày {dmy(ordered[0].first)}"
    assumed = any(period.assumed_year for period in periods)
    alternatives = (_each_year(last, case),) if assumed else ()
    draft = Draft(
        TimingKind.PERIOD,
        rule,
        start=ordered[0].first,
        alternatives=alternatives,
        timing=timing,
        assumed_year=assumed,
    )
    return due_on(draft, last.last, None)


def _recurring_or_once(dates: Sequence[Dated], case: Case) -> Draft:
    """ "Trước ngày 25/6 và 15/12", without a year and without "hằng năm"."""
    draft = recurring_on(case, [each.mention for each in dates])
    last = max(each.last for each in dates)
    rule = f"Chỉ trong năm {case.year}, không lặp lại các năm sau."
    once = alternative(TimingKind.DEADLINE, rule, due=last)
    return replace(draft, alternatives=(*draft.alternatives, once), assumed_year=True)


def _milestones(deadlines: Sequence[Draft]) -> Draft:
    """Several dates once: the last is the deadline of the whole, each a milestone."""
    overall = max(deadlines, key=lambda draft: draft.due or date.min)
    alternatives = tuple(
        Alternative(
            kind=draft.kind,
            rule=f"Mốc {number}: {draft.rule}",
            start=draft.start,
            due=draft.due,
            due_exclusive=draft.due_exclusive,
        )
        for number, draft in enumerate(deadlines, start=1)
    )
    occasions = tuple(
        Occasion(due=draft.due, due_exclusive=draft.due_exclusive)
        for draft in deadlines
        if draft.due and draft.due_exclusive
    )
    return replace(
        overall,
        kind=TimingKind.DEADLINE,
        start=min((draft.start for draft in deadlines if draft.start), default=None),
        rule=f"Nêu {len(deadlines)} mốc, hạn chung là mốc cuối. {overall.rule}",
        alternatives=alternatives,
        occasions=occasions,
        note="Mỗi mốc có thể là một việc riêng: cán bộ quyết định tách hay không.",
        assumed_year=any(draft.assumed_year for draft in deadlines),
    )


def _beside(draft: Draft, case: Case) -> Draft:
    """What the phrase says besides its dates."""
    found = case.found
    bare = all(mention.relation is None for mention in found.mentions)
    bounded = any(m.until is not None and m.until.unit is Unit.DAY for m in found.mentions)
    if found.ongoing and draft.kind is TimingKind.PERIOD and not bounded:
        rule = (
            f"Thường xuyên, trong kỳ từ ngày {dmy(draft.start)}: không có hạn, không quá hạn."
            if (draft.start)
            else "Thường xuyên: không có hạn, không bao giờ quá hạn."
        )
        return Draft(TimingKind.ONGOING, rule, start=draft.start, timing=Ongoing(text=case.text))
    beside: list[Alternative] = []
    if found.ongoing and draft.due:
        rule = "Việc thường xuyên, không có hạn; ngày nêu trong cụm từ chỉ là một mốc."
        beside.append(alternative(TimingKind.ONGOING, rule))
    if found.demand and draft.due:
        rule = "Khi có yêu cầu thì làm theo yêu cầu, không theo ngày nêu trong cụm từ."
        beside.append(alternative(TimingKind.CONDITIONAL, rule))
    if found.before_event and draft.due and bare:
        rule = "Trước một sự kiện chưa biết ngày; ngày nêu trong cụm từ chỉ nói về sự kiện ấy."
        beside.append(alternative(TimingKind.RELATIVE, rule))
    if found.weekday is not None and draft.due and len(found.mentions) == 1:
        named = found.mentions[0]
        each = range_of(named, case)
        if each and each.start.is_day and each.first.weekday() != found.weekday:
            rule = (
                f"Văn bản ghi {WEEKDAYS[found.weekday]} nhưng {dmy(each.first)} là "
                f"{WEEKDAYS[each.first.weekday()]}: cần hỏi lại ngày nào đúng."
            )
            beside.append(alternative(TimingKind.UNKNOWN, rule))
    return replace(draft, alternatives=(*draft.alternatives, *beside))


def _undecided(case: Case, mention: Mention) -> Draft:
    """A date or period that neither the phrase nor the law decides: asked, never guessed."""
    moment, year = mention.moment, case.year
    kind = TimingKind.DEADLINE
    if moment.unit is Unit.SCHOOL_YEAR:
        whole = mention.relation is None and not case.found.before_event
        kind = TimingKind.PERIOD if whole else TimingKind.DEADLINE
        rule, alternatives = _school_year(moment, year)
    elif moment.unit is Unit.QUARTER and moment.number is not None:
        first = date(moment.year or year, moment.number * 3 - 2, 1)
        rule, alternatives = _part_of_quarter(moment.part or Part.START, first)
    else:
        missing = {Unit.DAY: "tháng", Unit.MONTH: "tháng nào", Unit.QUARTER: "quý nào"}
        what = missing.get(moment.unit, "thời gian cụ thể")
        rule = f"Cụm từ thiếu {what}: chưa đủ để đặt hạn, cần hỏi."
        sorts = {Unit.QUARTER: TimingKind.QUARTERLY}
        own = sorts.get(moment.unit, TimingKind.MONTHLY)
        again = "quý" if own is TimingKind.QUARTERLY else "tháng"
        alternatives = (alternative(own, f"Lặp lại mỗi {again} một lần."),)
    return Draft(
        kind,
        rule,
        alternatives=alternatives,
        timing=Undated(text=case.text),
        confidence=0.6,
        assumed_year=moment.year is None,
    )


def _school_year(moment: Moment, year: int) -> tuple[str, tuple[Alternative, ...]]:
    first = moment.year or year
    opening = date(first, 9, 5)
    if moment.number == 1:
        rule = "Học kỳ I theo khung kế hoạch thời gian năm học của tỉnh: chưa đủ để đặt hạn."
        term = f"Từ khai giảng {dmy(opening)} đến ngày kết thúc học kỳ I của tỉnh."
        return rule, (alternative(TimingKind.PERIOD, term, start=opening),)
    if moment.number == 2:
        rule = "Học kỳ II theo khung kế hoạch thời gian năm học của tỉnh: chưa đủ để đặt hạn."
        term = f"Đến chậm nhất ngày {dmy(date(first + 1, 5, 31))}, kết thúc năm học."
        return rule, (alternative(TimingKind.PERIOD, term, due=date(first + 1, 5, 31)),)
    rule = (
        f"Năm học {first}-{first + 1} không phải năm dương lịch: ngày bắt đầu, kết thúc theo khung "
        "kế hoạch thời gian năm học của tỉnh, cần hỏi."
    )
    taught = f"Từ khai giảng {dmy(opening)} đến chậm nhất ngày {dmy(date(first + 1, 5, 31))}."
    whole = f"Trọn năm học, từ ngày 01/09/{first} đến hết ngày 31/08/{first + 1}."
    return rule, (
        alternative(TimingKind.PERIOD, taught, start=opening, due=date(first + 1, 5, 31)),
        alternative(TimingKind.PERIOD, whole, start=date(first, 9, 1), due=date(first + 1, 8, 31)),
    )


def _part_of_quarter(part: Part, first: date) -> tuple[str, tuple[Alternative, ...]]:
    rule = f"“{part.value.capitalize()} quý” không có ngày nào trong luật: chưa đủ để đặt hạn."
    if part is Part.START:
        month = first
        tens = first
    else:
        month = date(first.year, first.month + 1, 1)
        tens = month + timedelta(days=10)
    last = last_of_month(month.year, month.month)
    whole = f"Trong tháng {month.month:02}/{month.year}."
    ten = f"Mười ngày, từ {dmy(tens)} đến hết ngày {dmy(tens + timedelta(days=9))}."
    return rule, (
        alternative(TimingKind.PERIOD, whole, start=month, due=last),
        alternative(TimingKind.PERIOD, ten, start=tens, due=tens + timedelta(days=9)),
    )
