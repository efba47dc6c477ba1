"""Lines that say one thing of the task above them: "Thực hiện: …", "Thời gian: …"."""

import re
from enum import StrEnum
from typing import NamedTuple

from intake.grammar.letters import LOWER
from intake.grammar.units import is_unit, starts_unit


class Label(StrEnum):
    PERFORMERS = "performers"
    LEAD = "lead"
    COOPERATING = "cooperating"
    TIMING = "timing"
    OTHER = "other"  # sản phẩm, kinh phí, địa điểm: không phải ai, không phải bao giờ


_NOUN = (
    r"(?:cơ quan|đơn vị|bộ phận|người|cá nhân|tổ chức|phòng|ban|cán bộ|sở|ngành|lãnh đạo|đồng chí|"
    r"địa phương|nhóm)"
)
_BODY = r"(?:[^\W\d]+(?:[,/]| và)? ){0,4}?"
_MORE = r"(?: (?!trước)[\w/]+){0,5}"
_WORDS = {
    Label.COOPERATING: (
        rf"{_BODY}(?:phối hợp|tham gia|cùng (?:thực hiện|làm)|hỗ trợ)(?: thực hiện| chính)?"
    ),
    Label.LEAD: (
        rf"giao(?: cho)?|(?:{_NOUN} )?tham mưu|"
        rf"{_BODY}(?:chủ trì|đầu mối|phụ trách|chịu trách nhiệm(?: chính)?)"
        r"(?:,? (?:thực hiện|tham mưu|tổ chức thực hiện|triển khai|chính))?"
    ),
    Label.TIMING: (
        rf"(?:thời gian|thời hạn|thời điểm|tiến độ|hạn|mốc thời gian|lộ trình|kỳ hạn){_MORE}|"
        r"(?:ngày )?(?:hoàn thành|xong)(?: (?:dự kiến|trước|trong))?|(?:bao giờ|khi nào)(?: [\w]+)?"
    ),
    Label.PERFORMERS: (
        rf"(?:phân công |trách nhiệm |{_BODY})(?:tổ chức )?(?:thực hiện|triển khai)(?: chính)?|"
        r"phân công|trách nhiệm|người thực hiện|ai (?:làm|lo|thực hiện|phụ trách)|"
        rf"{_BODY}(?:chủ trì,? phối hợp|được giao)"
    ),
    Label.OTHER: (
        r"(?:kết quả|sản phẩm|đầu ra|kinh phí|địa điểm|hình thức|thành phần|nội dung|ghi chú|"
        r"mốc (?:kiểm tra|giám sát|xem xét|thanh tra|số liệu)|phạm vi|thời kỳ|niên độ|biện pháp|"
        r"đối tượng|số lượng|quy mô|phương thức|yêu cầu|nguồn kinh phí|chỉ tiêu|mục tiêu|cấp trình)"
        r"[\w/, ]{0,30}"
    ),
}
# Whatever such a body is said to do ("Đơn vị chuẩn bị:", "Cơ quan soạn thảo:"), who follows.
_ACTING = rf"(?P<acting>{_NOUN}(?: (?:và )?[{LOWER}]+){{1,5}})"
# So does who stands before "; phối hợp: …", whatever the word for it.
_BESIDE = rf"(?P<beside>[^\W\d]+(?: [{LOWER}]+){{0,3}})(?=\s*:[^:;]+[;.,]\s*{_BODY}phối hợp\s*:)"
_ANY = "|".join([*(f"(?P<{label}>{words})" for label, words in _WORDS.items()), _ACTING, _BESIDE])
_LABEL = re.compile(
    rf"(?:^\s*(?:[-–•*+]\s*)?|(?<=[.;,(–-])\s*|(?<=[.;]\))\s*)\(?(?:{_ANY})\s*:\s*", re.IGNORECASE
)
_TIMED = re.compile(
    r"^(?:hoàn thành|xong)\s+(?:trước|trong|vào|chậm nhất|trong quý|ngày)\b.{0,60}$", re.IGNORECASE
)


_THEN_TIMED = re.compile(
    r"[.;]\s+(?P<timed>(?:hoàn thành|xong)\s+(?:trước|trong|vào|chậm nhất|ngày)\b[^.;]{0,60})$",
    re.IGNORECASE,
)
_DONE_BY = re.compile(
    r"\s+(?:tổ chức )?(?:thực hiện|triển khai|đảm nhiệm|phụ trách)$|(?=\s+chủ trì\b)"
)
_WHO = {Label.PERFORMERS, Label.LEAD, Label.COOPERATING}


class Labelled(NamedTuple):
    label: Label
    value: str


class Parsed(NamedTuple):
    """A line's labelled parts, and what stands before the first of them."""

    head: str
    parts: tuple[Labelled, ...]


def labelled(text: str) -> Parsed:
    found = [label for label in _LABEL.finditer(text) if _answers(label, text)]
    # An answer is not a question: "Nội dung: …" alone begins many a plain sentence.
    if not found:
        bare = text.strip(" -–•*+.;()")
        if _TIMED.match(bare):
            return Parsed("", (Labelled(Label.TIMING, bare),))
        return Parsed(text, ())
    parts = []
    for label, following in zip(found, [*found[1:], None], strict=True):
        end = following.start() if following is not None else len(text)
        name = _name(label)
        value = _value(text[label.end() : end])
        parts += _split(name, value)
    return Parsed(text[: found[0].start()].rstrip(" (-–;,"), tuple(parts))


def _split(name: Label, value: str) -> list[Labelled]:
    """An answer that goes on with the other one: who and then when, when and then who."""
    timed = _THEN_TIMED.search(value) if name in _WHO else None
    if timed:
        return [Labelled(name, value[: timed.start()]), Labelled(Label.TIMING, timed["timed"])]
    when, stop, who = value.partition("; ")
    if name is Label.TIMING and stop and starts_unit(who) and _DONE_BY.search(who):
        return [Labelled(name, when), Labelled(Label.PERFORMERS, _DONE_BY.sub("", who))]
    return [Labelled(name, value)]


def begins_label(text: str) -> bool:
    first = _LABEL.match(text)
    return first is not None and _answers(first, text)


def _name(label: re.Match[str]) -> Label:
    if label["acting"] or label["beside"]:
        return Label.PERFORMERS
    return next(name for name in Label if label[name])


def _answers(label: re.Match[str], text: str) -> bool:
    """A body that is said to act is a label only where nothing but names follows."""
    name = _name(label)
    acting = label["acting"] or label["beside"]
    said = acting or label[name]
    if name in _WHO and not said[1:].islower():
        return False
    if not acting:
        return True
    value = re.split(r"[;.]", text[label.end() :], maxsplit=1)[0]
    return is_unit(value)


def _value(text: str) -> str:
    value = text.strip(" ;,\t")
    if value.count(")") > value.count("("):
        value = value.rstrip(" .").removesuffix(")")
    return value.rstrip(".; ")
