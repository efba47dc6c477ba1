"""Phrases that count from an event: "trong 10 ngày kể từ ngày ký"."""

from dataclasses import replace
from datetime import date, timedelta

from models.plan import ByDate, Dormant, Relation, Relative, Timing, Undated
from models.timing import Alternative, TimingKind
from rules.deadlines import resolve_relative
from rules.timing.atoms import Count, Unit
from rules.timing.dated import range_of
from rules.timing.draft import NOT_OURS, Case, Draft, alternative, capitalized, due_on
from rules.timing.outline import Mention, Role
from rules.wording import dmy
from rules.working_calendar import add_working_days

MOST_OTHER_WORDS = 6  # of the event it is counted from


def counted(case: Case) -> Draft | None:
    found = case.found
    count = found.count
    if count is None and found.hour and not found.mentions and not found.every:
        count = Count(found.hour.hour, Unit.HOUR, working=False)
    if count is None or count.number == 0:
        return None
    base = next((m for m in found.mentions if m.role is not Role.DUE and not m.until), None)
    if found.backward and base is None and found.mentions:
        base = found.mentions[0]
    # "Dự toán năm 2026 chậm nhất 15 ngày sau khi được giao": the year is that of the thing.
    years = found.after_event and all(mention.is_year_alone for mention in found.mentions)
    if base is None and found.mentions and not years:
        return None
    anchored = found.after_event or found.before_event or found.signing or found.backward
    if not (base or anchored or case.found.document or _bounded(case)):
        return None
    from_date = _base_day(base, case)
    if found.backward or found.before_event:
        return _back(count, from_date, case)
    return _onward(count, from_date, case)


def _bounded(case: Case) -> bool:
    """ "Trong 10 ngày", "chậm nhất 5 ngày làm việc": counted, from an event not named."""
    return not case.found.every and case.found.others <= MOST_OTHER_WORDS


def _base_day(base: Mention | None, case: Case) -> date | None:
    if base is not None:
        dated = range_of(base, case)
        return dated.last if dated and dated.start.is_day else None
    return case.document_date if case.found.signing else None


def _amount(count: Count) -> str:
    working = " làm việc" if count.working else ""
    return f"{count.number} {count.unit.value}{working}"


def _back(count: Count, base: date | None, case: Case) -> Draft:
    amount = _amount(count)
    timing = Undated(text=case.text)
    draft = Draft(
        TimingKind.RELATIVE,
        f"{amount} trước một sự kiện chưa biết ngày: cần ngày của sự kiện.",
        timing=timing,
        note=NOT_OURS,
        confidence=0.85,
    )
    days = _in_days(count)
    if base is not None and count.working and case.calendar is None:
        rule = f"{amount} trước ngày {dmy(base)}: chưa tính ngày nghỉ, chưa có hạn."
        return replace(draft, rule=rule, note="", confidence=0.4)
    if base is None or days is None:
        return draft
    try:
        if count.working and case.calendar:
            last_day = add_working_days(case.calendar, base, -days)
        else:
            last_day = base - timedelta(days=days)
        rule = f"{amount} trước ngày {dmy(base)}"
        by = ByDate(text=case.text, relation=Relation.BY, anchor=last_day.isoformat())
        return due_on(replace(draft, rule=rule, timing=by, note=""), last_day, None)
    except (OverflowError, ValueError):
        return draft


def _in_days(count: Count) -> int | None:
    match count.unit:
        case Unit.DAY:
            return count.number
        case Unit.WEEK:
            return count.number * 7
    return None


def _onward(count: Count, base: date | None, case: Case) -> Draft:
    amount = _amount(count)
    law = " (Bộ luật Dân sự 2015, Điều 147 và 148)"
    rule = f"{amount} kể từ ngày gốc, không kể ngày ấy{law}: cần biết ngày gốc."
    if base is not None:
        rule = f"{amount} kể từ ngày {dmy(base)}, không kể ngày này{law}."
    days = _in_days(count)
    alternatives: tuple[Alternative, ...] = ()
    if case.found.later:
        start = f"Bắt đầu sau {amount}, không phải xong trong {amount}."
        alternatives = (alternative(TimingKind.CONDITIONAL, start),)
    timing: Timing | None = None
    note = ""
    if days is None:
        note = NOT_OURS
    elif case.found.document and not count.working and base is None:
        timing = Dormant(text=case.text, within_days=days)
    else:
        timing = Relative(text=case.text, days=days, working_days=count.working, from_date=base)
    draft = Draft(
        TimingKind.RELATIVE,
        rule,
        start=base,
        timing=timing,
        note=note,
        confidence=0.9,
        alternatives=alternatives,
    )
    if not isinstance(timing, Relative):
        return draft
    try:
        if case.calendar is None:
            return _without_calendar(draft, timing)
        resolved = resolve_relative(timing, calendar=case.calendar)
        if resolved is None:
            return draft
        return due_on(replace(draft, rule=capitalized(resolved.rule)), resolved.last_day, None)
    except (OverflowError, ValueError):
        return draft


def _without_calendar(draft: Draft, timing: Relative) -> Draft:
    if timing.from_date is None or timing.working_days:
        return draft
    last_day = timing.from_date + timedelta(days=timing.days)
    note = "Trùng ngày nghỉ thì hạn lùi đến ngày làm việc kế tiếp."
    counted_out = replace(draft, rule=draft.rule.rstrip("."))
    return replace(due_on(counted_out, last_day, None), note=note)
