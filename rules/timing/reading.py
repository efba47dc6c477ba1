"""Reads a timing phrase: what is due when, by which rule, and how else it can be read."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from models.calendar import WorkingCalendar
from models.plan import Dormant, Ongoing, Undated
from models.policy import Policy
from models.timing import Alternative, Reading, TimingKind
from rules.timing.atoms import Atom, Mark, Moment
from rules.timing.counted import counted
from rules.timing.dated import list_year, range_of
from rules.timing.dates import dated_once
from rules.timing.draft import Case, Draft, alternative
from rules.timing.grammar import atoms, folded
from rules.timing.months import asked_what_is_left_out
from rules.timing.outline import Mention, outline
from rules.timing.periods import NoSuchDate, check, check_hour
from rules.timing.repeated import every_time, repeated
from rules.timing.text import YEARS, Folded
from rules.wording import dmy

LONGEST = 10_000

SOURCES_OF_DOUBT = {"spoiled": 0.7, "assumed year": 0.85, "two-digit year": 0.85, "asked": 0.85}

EACH_OTHER_WORD = 0.03


def read_timing(
    text: str,
    *,
    year: int,
    document_date: date | None = None,
    policy: Policy = Policy(),
    calendar: WorkingCalendar | None = None,
) -> Reading:
    """What `text` says about time, in a plan of `year` issued on `document_date`.

    `calendar` lets a period counted in days end on a working day; without one such a period gets
    no date here. Never raises for what a text says: a date that does not exist is read as invalid.
    """
    if year not in YEARS:
        raise ValueError(f"năm {year} nằm ngoài khoảng {YEARS[0]} đến {YEARS[-1]}")
    words = " ".join(unicodedata.normalize("NFC", text).split())
    if len(text) > LONGEST:
        rule = f"Đoạn dài quá {LONGEST} ký tự: cần đưa riêng cụm từ về thời gian."
        return _reading(words[:LONGEST], Draft(TimingKind.UNKNOWN, rule, confidence=0))
    written = folded(text)
    found = atoms(written)
    case = Case(words, outline(found), year, document_date, policy, calendar)
    said = next(draft for rule in RULES if (draft := rule(case)) is not None)
    draft = asked_what_is_left_out(said, case)
    return _reading(words, replace(draft, confidence=_confidence(draft, case, written, found)))


def _reading(text: str, draft: Draft) -> Reading:
    return Reading(
        text=text,
        kind=draft.kind,
        rule=draft.rule,
        start=draft.start,
        due=draft.due,
        due_exclusive=draft.due_exclusive,
        days=draft.days,
        occasions=draft.occasions,
        confidence=round(draft.confidence, 2),
        alternatives=draft.alternatives,
        timing=draft.timing,
        note=draft.note,
    )


def _confidence(draft: Draft, case: Case, written: Folded, found: Sequence[Atom]) -> float:
    confidence = draft.confidence
    telling = [atom for atom in found if atom.mark not in {Mark.OTHER, Mark.FILLER}]
    if any(written.spoiled(atom.start, atom.end) for atom in telling):
        confidence *= SOURCES_OF_DOUBT["spoiled"]
    if draft.assumed_year:
        confidence *= SOURCES_OF_DOUBT["assumed year"]
    if any(isinstance(atom.value, Moment) and atom.value.short_year for atom in found):
        confidence *= SOURCES_OF_DOUBT["two-digit year"]
    if draft.alternatives:
        confidence *= SOURCES_OF_DOUBT["asked"]
    return confidence * max(0.5, 1 - EACH_OTHER_WORD * case.found.others)


def _blank(case: Case) -> Draft | None:
    if not case.found.blank:
        return None
    rule = "Ngày, tháng còn để trống trong văn bản: chưa có hạn, cần điền rồi đọc lại."
    return Draft(TimingKind.UNKNOWN, rule, confidence=0.2, timing=Undated(text=case.text))


def _invalid(case: Case) -> Draft | None:
    every_year = bool(case.found.every)
    try:
        for mention in case.found.mentions:
            for hour in (mention.hour, case.found.hour):
                if hour:
                    check_hour(hour)
            for moment in (mention.moment, mention.until):
                if moment:
                    check(moment, None if every_year else _stated_year(mention, moment, case))
            _check_order(mention, case)
    except NoSuchDate as problem:
        return Draft(TimingKind.INVALID, str(problem))
    return None


def _stated_year(mention: Mention, moment: Moment, case: Case) -> int:
    if moment.year is not None:
        return moment.year
    if mention.until and mention.until.year is not None:
        return mention.until.year
    return list_year(case.found.mentions, mention, case.year) or case.year


def _check_order(mention: Mention, case: Case) -> None:
    if mention.until is None or case.found.every:
        return
    dated = range_of(mention, case)
    if dated and dated.first > dated.last:
        raise NoSuchDate(
            f"Ngày kết thúc {dmy(dated.last)} đứng trước ngày bắt đầu {dmy(dated.first)}: "
            "cần xem lại văn bản."
        )


def _conditional(case: Case) -> Draft | None:
    found = case.found
    if not (found.demand or found.after_event):
        return None
    rule = "Chỉ làm khi có yêu cầu hoặc sự kiện nêu trong cụm từ: chưa có hạn."
    if found.document:
        rule = "Chờ văn bản nêu trong cụm từ: chưa có hạn cho đến khi có số và ngày của văn bản."
    return Draft(
        TimingKind.CONDITIONAL,
        rule,
        timing=Dormant(text=case.text),
        confidence=0.9,
    )


def _ongoing(case: Case) -> Draft | None:
    found = case.found
    if not found.ongoing:
        return None
    rule = "Thường xuyên: không có hạn, không bao giờ quá hạn."
    alternatives: tuple[Alternative, ...] = ()
    if found.demand or found.after_event:
        demanded = "Chỉ làm khi có yêu cầu hoặc sự kiện nêu trong cụm từ."
        alternatives = (alternative(TimingKind.CONDITIONAL, demanded),)
    timing = Ongoing(text=case.text)
    return Draft(TimingKind.ONGOING, rule, alternatives=alternatives, timing=timing)


def _external(case: Case) -> Draft | None:
    if not case.found.external:
        return None
    rule = "Hạn nằm ở văn bản khác: không suy ra ngày, cán bộ đặt hạn khi biết."
    return Draft(TimingKind.EXTERNAL, rule, timing=Undated(text=case.text))


def _before_event(case: Case) -> Draft | None:
    if not case.found.before_event:
        return None
    rule = "Trước một sự kiện chưa biết ngày: cần ngày của sự kiện."
    timing = Undated(text=case.text)
    return Draft(TimingKind.RELATIVE, rule, timing=timing, confidence=0.6)


def _unknown(case: Case) -> Draft:
    if case.found.periodic:
        rule = "Định kỳ nhưng không nêu kỳ nào: không suy ra ngày, cần hỏi."
        return Draft(TimingKind.UNKNOWN, rule, timing=Undated(text=case.text), confidence=0.3)
    rule = "Không đọc được thời gian trong cụm từ: cần cán bộ đặt hạn."
    return Draft(TimingKind.UNKNOWN, rule, confidence=0)


# The first rule that has an answer gives it.
RULES: tuple[Callable[[Case], Draft | None], ...] = (
    _blank,
    _invalid,
    counted,
    repeated,
    every_time,
    dated_once,
    _ongoing,
    _conditional,
    _external,
    _before_event,
    _unknown,
)
