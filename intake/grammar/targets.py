"""Targets of a year: the numbers a plan wants to reach."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from intake.documents.blocks import fold
from intake.grammar.acts import acts
from intake.grammar.letters import LOWER, UPPER
from intake.grammar.outline import Item
from intake.grammar.words import is_capitals
from models.plan import Target, TargetNumber

YEAR = re.compile(
    r"(?:^|\b)(?:(?:đến|tới|trong|hết|giai đoạn|cuối)\s+)?(?:hết\s+)?năm\s+(?P<year>20\d\d)\b",
    re.IGNORECASE,
)
SPAN = re.compile(r"giai đoạn\s+20\d\d\s*[-–]\s*(?P<year>20\d\d)", re.IGNORECASE)
GENERAL = re.compile(r"^mục tiêu (?:chung|tổng quát)|^tổng quát|^chung$", re.IGNORECASE)
_OPS = {
    "ít nhất": ">=",
    "tối thiểu": ">=",
    "từ": ">=",
    "≥": ">=",
    ">=": ">=",
    "không dưới": ">=",
    "không thấp hơn": ">=",
    "trên": ">",
    "hơn": ">",
    ">": ">",
    "không quá": "<=",
    "tối đa": "<=",
    "không vượt quá": "<=",
    "≤": "<=",
    "dưới": "<",
    "<": "<",
}
_OP = "|".join(sorted(map(re.escape, _OPS), key=len, reverse=True))
PERCENT = re.compile(
    rf"(?:(?P<op>{_OP})\s*)?(?P<value>\d{{1,3}}(?:[.,]\d+)?)\s*%(?P<more>\s*trở lên)?",
    re.IGNORECASE,
)
COUNT = re.compile(
    rf"(?P<op>{_OP})\s+(?P<value>\d[\d.]*|một|hai|ba|bốn|năm)\s+(?=[{LOWER}{UPPER}])|"
    rf"\b(?P<zero>0[1-9])\s+(?=[{LOWER}])",
    re.IGNORECASE,
)
WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5}
OF_ENDS = re.compile(
    r"\s(?:đều|được|sẽ|phải|biết|đạt|trở lên|có (?!sử dụng|liên quan|trách nhiệm)|hài lòng|hoàn)"
    r"|[.;:]|,\s*(?=đạt|trong đó|phấn đấu)"
)
UNIT_ENDS = re.compile(
    r"\s(?:phù hợp|cho|về|tại|trong|được|có|theo|để|nhằm|đạt|ở|trên|mỗi|với|của|hằng|hàng)\b|"
    r"[.;:(]|,\s*(?=[A-ZĐ]|đạt|góp)"
)
NOT_COUNTED = re.compile(r"(?:ngày|tháng|năm|quý|giờ|phút|lúc|số|thứ|lần thứ|%)\s*$", re.IGNORECASE)


class Aim(NamedTuple):
    """A target as it stands; `year` is None where neither it nor a heading names one."""

    code: str
    year: int | None
    text: str
    lines: tuple[int, int]

    def target(self, year: int) -> Target:
        year = self.year or year
        return Target(code=self.code, year=year, text=self.text, numbers=tuple(numbers(self.text)))


def aims(section: Item) -> Iterator[Aim]:
    """Each target below a heading that announces targets."""
    yield from _below(section, None)


def _below(item: Item, year: int | None) -> Iterator[Aim]:
    if GENERAL.match(item.text):
        return
    year = _year_of(item.text) or year
    leaves = [*item.dashes, *item.paragraphs]
    for child in item.marked:
        yield from _below(child, year)
    if item.marked:
        leaves = list(item.dashes)
    elif not leaves or _says_something(item):
        text = fold(" ".join([item.text, *(_all(leaf) for leaf in leaves)]))
        # The heading itself is no target, nor is one letter of it.
        if len(text.split()) > 2 and item.mark is not None and not is_capitals(text):
            yield Aim(item.code, year, text, (item.lines[0], item.last_line))
        return
    leaves = [leaf for leaf in leaves if not leaf.text.endswith(":")]
    for n, leaf in enumerate(leaves, start=1):
        code = f"{item.code}.{n}" if len(leaves) > 1 or item.marked else item.code
        own = year or _year_of(leaf.text)
        yield Aim(code.lstrip("."), own, _all(leaf), (leaf.lines[0], leaf.last_line))


def _all(leaf: Item) -> str:
    return fold(" ".join([leaf.text, *(_all(child) for child in leaf.children)]))


def _says_something(item: Item) -> bool:
    """A target in its own line, not a heading such as "Năm 2025"."""
    return len(item.text.split()) > 12 or bool(PERCENT.search(item.text))


def _year_of(text: str) -> int | None:
    found = SPAN.search(text[:120]) or YEAR.search(text[:120])
    if found is None or re.search(r"\bsố\b[^.;]*$", text[: found.start()]):
        return None
    return int(found["year"])


def numbers(text: str) -> list[TargetNumber]:
    found = [_percent(text, each) for each in PERCENT.finditer(text)]
    if found:
        return found
    return [
        number
        for each in COUNT.finditer(text)
        if not NOT_COUNTED.search(text[: each.start()])
        and (number := _count(text, each)) is not None
    ]


def _op(word: str | None, more: str | None) -> str:
    if more:
        return ">="
    return _OPS[word.casefold()] if word else "="


def _percent(text: str, found: re.Match[str]) -> TargetNumber:
    rest = text[found.end() :]
    value = float(found["value"].replace(",", "."))
    op = _op(found["op"], found["more"])
    of = _until_act(rest)
    return TargetNumber.model_validate({"op": op, "value": value, "unit": "%", "of": of or None})


def _until_act(rest: str) -> str:
    bare = re.sub(r"\([^()]*\)", lambda inside: "_" * len(inside.group()), rest)
    end = OF_ENDS.search(bare)
    act = next(
        (
            found
            for found in acts(bare)
            if not re.search(r"(?:\bcó|\blàm|chuyên trách|công tác)\s*$", bare[:found])
            and not re.match(r"(?:làm|truyền thông|quản lý|đào tạo)\b", bare[found:])
        ),
        None,
    )
    ends = [place for place in (end and end.start(), act) if place is not None]
    cut = rest[: min(ends)] if ends else rest
    return cut.strip(" ,;.:")


def _count(text: str, found: re.Match[str]) -> TargetNumber | None:
    written = (found["value"] or found["zero"]).casefold()
    digits = written.replace(".", "")
    value = WORDS.get(written, int(digits) if digits.isdigit() else 0)
    rest = text[found.end() :]
    end = UNIT_ENDS.search(rest)
    unit = (rest[: end.start()] if end else rest).strip(" ,;.:")
    if not unit or not value or len(unit.split()) > 12:
        return None
    op = _op(found["op"], None)
    return TargetNumber.model_validate({"op": op, "value": float(value), "unit": unit})
