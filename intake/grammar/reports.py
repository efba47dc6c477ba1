"""Reporting duties: who reports to whom, through whom, when."""

import re
from typing import NamedTuple

from intake.documents.blocks import fold
from intake.grammar.acts import begins_act
from intake.grammar.letters import UPPER
from intake.grammar.shapes import names_then_act
from intake.grammar.units import split_units, starts_unit, subject
from intake.grammar.words import ACRONYMS, GIVEN_INSIDE, LOWER_BODY

REPORTS = re.compile(r"(?<![\w-])(?:báo cáo|Báo cáo)(?! viên)\b")
PERIODIC = re.compile(
    r"định kỳ|hằng|hàng (?:tháng|quý|năm|tuần)|theo quy định|trước (?:ngày|\d)|chậm nhất|"
    r"ngày \d|giao ban|6 tháng|quý|đột xuất|khi có yêu cầu|trước tháng",
    re.IGNORECASE,
)
DUTY = re.compile(
    r"(?:chế độ|gửi|thực hiện|phối hợp|tổng hợp,?|định kỳ[^.;]{0,40}|và|có trách nhiệm|tiến độ|nộp|"
    r"hợp|^)\s*(?:các |việc )?báo cáo\b|báo cáo (?:kết quả|tình hình|tiến độ|định kỳ|sơ kết|"
    rf"6 tháng|9 tháng|quý|năm|tháng|tổng kết|về|bằng|[{UPPER}])",
    re.IGNORECASE,
)
TO = re.compile(rf"\b(?:về|gửi về|gửi|lên|cho|tới|đến|trình)\s+(?=[{UPPER}])")
VIA = re.compile(
    rf"\((?:thông qua|qua)\s+(?P<inside>[{UPPER}][^()]*)\)|"
    rf"\b(?:thông qua|qua)\s+(?P<via>[{UPPER}][^();.]*?)"
    r"(?=\s+(?:để|trước|theo|chậm|định|vào|hằng|hàng|tổng hợp)\b|[();.]|,\s(?=[a-zđ])|$)"
)
TO_ENDS = re.compile(
    r"\s*(?:[(.;]|,\s|\s(?:qua|trước|theo|để|định kỳ|chậm nhất|vào|hằng|hàng|trong|khi|và các|"
    r"bằng|kết quả|tình hình|(?<!Kế hoạch )tổng hợp|xem xét|xin|chỉ đạo)\b)"
)
GATHERED = re.compile(r"tổng hợp\s+(?:báo cáo\s+)?(?:từ|của)\s+các")


# "Định kỳ hằng quý, các đơn vị báo cáo …", "Trước ngày 15 hằng tháng, …".
WHEN_FIRST = re.compile(
    r"^\W*(?:định kỳ|trước|chậm nhất|hằng|hàng|vào|mỗi|cuối|kết thúc|sau khi)\b[^;.]{2,80}?,\s+"
    rf"(?=(?:[Cc]ác|[{UPPER}]|đề nghị|yêu cầu|giao|báo cáo|tổng hợp|gửi)\b|[A-ZĐỦ])",
    re.IGNORECASE,
)
RECURS = re.compile(
    r"định kỳ|(?:hằng|hàng|mỗi) (?:tháng|quý|năm|tuần|ngày)|6 tháng|"
    r"cuối (?:quý|tháng|kỳ)",
    re.IGNORECASE,
)
# Who carries a plan out or watches over it reports on that.
CARRIES_OUT = re.compile(
    r"^\W*(?:có trách nhiệm\s+)?(?:căn cứ|chủ động|nghiêm túc|tổ chức (?:triển khai|thực hiện)|"
    r"triển khai|thực hiện|theo dõi|đôn đốc|kiểm tra|tổng hợp|phối hợp|tham mưu|đánh giá)\b",
    re.IGNORECASE,
)
COMPANY = re.compile(r"^\W*(?:chủ trì,?\s+)?phối hợp(?:\s+chặt chẽ)?(?:\s+(?:với|cùng))?\s+")
ONLY_REPORTS = re.compile(
    r"^\W*(?:(?:có trách nhiệm|chịu trách nhiệm|gửi|nộp|thực hiện|chế độ|lập|xây dựng|"
    r"tổng hợp(?: kết quả(?: thực hiện)?)?|"
    rf"(?:tham mưu|giúp)(?:,? (?:cho )?[{UPPER}][^,;.]{{0,40}}?)?|"
    r"và|kịp thời|nghiêm túc|việc|thường xuyên|định kỳ[^.;]{0,40}?),?\s+){0,5}báo cáo\b",
    re.IGNORECASE,
)


class Report(NamedTuple):
    text: str
    reporters: tuple[str, ...]
    to: str
    via: tuple[str, ...]
    gathered: bool


def is_report(text: str, *, expected: bool) -> bool:
    """Whether a sentence is a duty to report; `expected` under a heading that announces reports."""
    if not REPORTS.search(text):
        return False
    return expected or bool(DUTY.search(text) and PERIODIC.search(text))


def only_reports(text: str) -> bool:
    """Whether reporting is all that a sentence asks for, whenever and whoever it says."""
    bare = WHEN_FIRST.sub("", _without_brackets(text), count=1)
    named = subject(bare[:1].upper() + bare[1:])
    return ONLY_REPORTS.match(named.rest if named else bare) is not None


def acts_first(text: str) -> bool:
    """Whether somebody is to do a thing of its own, and once, before reporting on it."""
    if RECURS.search(text):
        return False
    after = text.partition(": ")[2]
    named = subject(text) or subject(after[:1].upper() + after[1:])
    rest = _without_company(named.rest if named else text)
    return begins_act(rest) and not ONLY_REPORTS.match(rest) and not CARRIES_OUT.match(rest)


def _without_company(text: str) -> str:
    """What is done, after with whom: "phối hợp với Sở B rà soát …"."""
    company = COMPANY.match(text)
    return names_then_act(text[company.end() :])[1].strip() if company else text


def report(text: str, units: tuple[str, ...] = ()) -> Report:
    return Report(
        text=fold(text),
        reporters=units or _reporters(text),
        to=_to(text),
        via=_via(text),
        gathered=bool(GATHERED.search(text)),
    )


def _reporters(text: str) -> tuple[str, ...]:
    """The units a sentence addresses: at its start, else after "đề nghị", "giao", "yêu cầu"."""
    starts = [0, *(found.end() for found in GIVEN_INSIDE.finditer(text))]
    after_comma = [
        found.end() for found in re.finditer(rf"[,:.]\s+(?=[{UPPER}]|các\s)", text[:200])
    ]
    for start in [*starts, *after_comma]:
        named = subject(text[start:]) if start < len(text) else None
        if named is None and start:
            named = subject(text[start : start + 1].upper() + text[start + 1 :])
        if named is not None and named.units:
            written = text[start:]
            return tuple(_verbatim(_without_brackets(unit), written) for unit in named.units)
    return ()


def _verbatim(unit: str, written: str) -> str:
    """The first letter may have been raised to find the name."""
    lower = unit[:1].lower() + unit[1:]
    return unit if unit in written else lower


def _without_brackets(unit: str) -> str:
    return fold(re.sub(r"\s*\([^()]*\)", "", unit))


def _to(text: str) -> str:
    for reports in REPORTS.finditer(text):
        rest = text[reports.end() :]
        direct = rest.lstrip()
        if starts_unit(direct) and direct[:1].isupper():
            return _unit_before(direct)
        for to in TO.finditer(rest):
            target = rest[to.end() :]
            if starts_unit(target) or ACRONYMS.match(target.split(" ")[0].strip(".,;()")):
                return _unit_before(target)
    sent = re.search(rf"\bgửi(?: báo cáo)? (?:về |cho |lên )?(?=[{UPPER}])", text)
    if sent and starts_unit(text[sent.end() :]):
        return _unit_before(text[sent.end() :])
    return ""


def _unit_before(text: str) -> str:
    end = TO_ENDS.search(text)
    cut = text[: end.start()] if end else text
    # A comma inside a name: "Sở Văn hóa, Thể thao và Du lịch".
    if end and end.group().strip() == ",":
        units = split_units(text)
        if units and units[0].startswith(cut):
            inner = TO_ENDS.search(units[0].replace(",", " "))
            cut = units[0][: inner.start()] if inner else units[0]
    return fold(cut).strip(" ,.;:")


def _via(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for via in VIA.finditer(text):
        units = split_units(re.sub(r"\s+để\s.*$", "", via["inside"] or via["via"]))
        found += (unit for unit in units if starts_unit(unit) or LOWER_BODY.match(unit))
    return tuple(dict.fromkeys(found))
