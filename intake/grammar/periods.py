"""The period that a heading or a row names for all that stands below it."""

import re

from intake.documents.blocks import fold
from intake.grammar.units import starts_unit
from models.timing import TimingKind
from rules.timing.finding import find_timing
from rules.timing.reading import read_timing

# A phrase a heading may be made of: "Tháng 3/2026", "Quý I năm 2026", "Quý I: những việc đầu năm".
_PERIOD_HEADING = re.compile(
    r"^(?:\W*(?:trong|công tác|nhiệm vụ|các nhiệm vụ|công việc|kế hoạch|chương trình)\s+)*"
    r"(?P<phrase>(?:tháng|quý|quí|tuần|học kỳ|6 tháng|đầu|cuối|giữa|năm)\s[^.;:]{0,40}|"
    r"T\d{1,2}(?:/\d{4})?|hằng năm|hàng năm|hằng tháng|hàng tháng|thường xuyên|"
    r"trước ngày[^.;:]{0,30})(?:[\s.:]*|:\s+[^.;]{3,120})$",
    re.IGNORECASE,
)
# "Những việc phải xong trong quý IV", "Việc thường xuyên".
_DONE_BY_HEADING = re.compile(
    r"^[^.;:]{0,60}?\b(?:(?:hoàn thành|thực hiện|triển khai|xong)\s+"
    r"(?P<phrase>(?:trước|trong|chậm nhất|đến hết|vào|từ|thường xuyên|hằng|hàng)\b[^.;:]{0,50})|"
    r"(?:nhiệm vụ|công việc|việc)\s+(?P<always>thường xuyên))[\s.:]*$",
    re.IGNORECASE,
)
_WIDTHS = (r"\b(?:quý|quí|học kỳ|6 tháng)\b", r"\btháng\b|\bT\d", r"\btuần\b")
# "… (xong cả trước ngày 08/4)": what a heading says of all below it.
_TIMED_REMARK = re.compile(
    r"\((?:[^()]*\s)?(?P<phrase>(?:hoàn thành|xong|trước|trong|chậm nhất|từ|đến hết|thường xuyên)"
    r"\s[^()]{4,120})\)[\s:.]*$",
    re.IGNORECASE,
)
# "Bước 2: Sơ loại (tháng 10/2026)": behind a single act it may be said of that act alone, so it
# tells nothing of what stands below but when.
_NAMED_PERIOD = re.compile(
    r"\((?P<phrase>(?:tháng|quý|quí|tuần|đầu|giữa|cuối)\s[^()]{1,120})\)[\s:.]*$", re.IGNORECASE
)
_BRACKET = re.compile(r"\(([^()]*\d[^()]*)\)")
LONGEST_HEADING = 18
ANY_YEAR = 2026  # only whether it is a timing is asked


def heading_phrase(text: str) -> str | None:
    """The period that a heading or a row names for all that stands below it."""
    folded = fold(text)
    remark = _TIMED_REMARK.search(folded)
    if remark is not None and (period := _only_period(remark["phrase"])):
        return period
    done = _DONE_BY_HEADING.match(folded)
    if done is not None and len(folded.split()) <= LONGEST_HEADING:
        phrase = done["phrase"] or done["always"]
        reading = read_timing(phrase, year=ANY_YEAR)
        if reading.due or reading.kind is TimingKind.ONGOING:
            return phrase
    found = _PERIOD_HEADING.match(folded)
    named = found is not None and re.search(
        r"\d|[IVX]{1,4}\b|(?i:hằng|hàng|thường)", found["phrase"]
    )
    if found is None or not named:
        return None
    return found["phrase"].strip(" :.")


def stated_period(text: str) -> str:
    """The period of all below a text that is known to head something; "" where it names none."""
    named = _NAMED_PERIOD.search(fold(text))
    return heading_phrase(text) or (_only_period(named["phrase"]) if named else "")


def _only_period(remark: str) -> str:
    """The period a remark names; "" where what follows it directly is no unit: "(tháng 10/2026
    chấm lại)" may be when that is done again, "(quý III/2026, 02 lớp)" says more of the same."""
    found = find_timing(remark)
    if len(found) != 1 or found[0].start:
        return ""
    beside = remark[found[0].end :].strip()
    dated = read_timing(found[0].phrase, year=ANY_YEAR).due
    apart = not beside or beside[0] in ",;" or starts_unit(beside)
    return found[0].phrase if dated and apart else ""


def passed_remark(text: str) -> str:
    """What a heading says in brackets with a time that is not taken for all below it, or ""."""
    told = [] if stated_period(text) else _BRACKET.findall(fold(text))
    return next((remark for remark in told if find_timing(remark)), "")


def heading_width(text: str) -> int | None:
    """How long a period is that is a line of its own: a quarter holds months, a month weeks."""
    bare = text.strip()
    if bare[:1].islower() or bare.endswith((".", ";", ",")) or heading_phrase(bare) is None:
        return None
    return next((n for n, word in enumerate(_WIDTHS) if re.search(word, bare, re.IGNORECASE)), None)
