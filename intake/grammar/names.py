"""Names of bodies, told by where they stand and by what else the document calls them.

Vietnamese raises only the first syllable of each part of a name, so "Phòng Cảnh sát phòng cháy,
chữa cháy" looks like a body that acts. What follows it, or the same name elsewhere, tells.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import NamedTuple

from intake.grammar.letters import LOWER, UPPER
from intake.grammar.words import BODIES, COMMON

# Said of a body right after its name; whatever stands before is the name.
_BEFORE_ROLE = re.compile(
    rf"(?P<name>[{UPPER}][^.;:()]{{3,200}}?(?:\([^()]*\))?)\s+"
    r"(?=(?:(?:cùng |đồng )?chủ trì|(?:có|chịu) trách nhiệm|có nhiệm vụ|"
    r"(?:làm|là) (?:cơ quan |đơn vị )?(?:đầu mối|thường trực))\b)"
)
# The name of one body does not reach over these to the next.
_HANDS_ON = re.compile(
    r"(?:tham mưu|giúp|hướng dẫn|chỉ đạo|đề nghị|yêu cầu|giao|đôn đốc|gửi|trình|báo cáo|do|được)\s",
    re.IGNORECASE,
)
_SHORT_NAME = re.compile(
    rf"\s\((?:sau đây (?:gọi|viết) (?:tắt )?là\s+)?(?P<short>[{UPPER}][\w.&-]{{1,14}})\)"
)
FEWEST_WORDS = 3
LONGEST_NAME = 200
LONGEST_LIST = 2_000


class Known:
    """The names a document uses where nothing but a name can stand."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        long = {name for name in names if len(name.split()) >= FEWEST_WORDS}
        # "Đội Cảnh sát phòng cháy" is of the kind of "Phòng Cảnh sát phòng cháy".
        long |= {tail for name in long if (tail := _without_noun(name))}
        parts = "|".join(re.escape(name) for name in sorted(long, key=len, reverse=True))
        self._pattern = re.compile(rf"(?<!\w)(?:{parts})(?!\w)") if parts else None

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in self._pattern.finditer(text)] if self._pattern else []


def _without_noun(name: str) -> str:
    _, _, tail = name.partition(" ")
    return tail if tail[:1].isupper() and len(tail.split()) >= FEWEST_WORDS else ""


_NONE = Known()
_known: ContextVar[Known] = ContextVar("known names", default=_NONE)


@contextmanager
def known_names(names: Iterable[str]) -> Iterator[None]:
    """While a document is read its own names are known to every rule."""
    token = _known.set(Known(names))
    try:
        yield
    finally:
        _known.reset(token)


def named_spans(text: str) -> list[tuple[int, int]]:
    """Where a text can only go on with a name, whatever its words mean elsewhere."""
    return [*_known.get().spans(text), *_abbreviated(text)]


def spans_before_roles(text: str) -> Iterator[tuple[int, int]]:
    """What stands before "chủ trì" and the like names who leads."""
    for found in _BEFORE_ROLE.finditer(text):
        start, end = found.span("name")
        handed = [each.end() for each in _HANDS_ON.finditer(text, start, end)]
        if not found["name"].endswith((",", " và")):
            yield (handed[-1] if handed else start), end


def _abbreviated(text: str) -> Iterator[tuple[int, int]]:
    """What stands before its own abbreviation: "… chữa cháy và cứu nạn, cứu hộ (PC07)"."""
    for found in _SHORT_NAME.finditer(text):
        start = _last_raised(text[: found.start()])
        if start is not None and _shortens(found["short"], text[start : found.start()]):
            yield start, found.end()


def _shortens(short: str, name: str) -> bool:
    """A code with digits, or letters that begin the words of the name in their order."""
    if any(letter.isdigit() for letter in short):
        return True
    initials = iter(word[0].casefold() for word in re.findall(r"\w+", name))
    return all(letter in initials for letter in short.casefold() if letter.isalpha())


def _last_raised(text: str) -> int | None:
    """Where the last raised word stands, in the clause that ends the text."""
    clause = re.split(r"[.;:]\s", text[-LONGEST_NAME:])[-1]
    raised = [found.start() for found in re.finditer(rf"(?<!\w)[{UPPER}]", clause)]
    return len(text) - len(clause) + raised[-1] if raised else None


# Places end a name; what else it goes on with does not.
_PLACE = (
    r"(?:tỉnh|thành phố|xã(?! hội)|phường|đặc khu|huyện|quận|thị xã|thị trấn|khu phố|khu vực|"
    r"cùng cấp|cấp (?:tỉnh|xã|huyện|cơ sở|trên|dưới|trung ương)|trung ương|quốc gia|"
    r"(?:có )?liên quan)"
)
PLACES = rf"{_PLACE}|nhà nước|nhân dân|trên địa bàn|(?:trực )?thuộc|của|các|nêu trên|khác"
_RAISED = rf"[{UPPER}][{LOWER}]*"
_PROPER = rf"(?:Việt Nam|(?!(?:{BODIES}) )(?:{_RAISED} )+{_RAISED})(?!\w)"
_GOES_ON = re.compile(
    rf"\s*(?:(?P<brackets>\([^()]*\))|[-–]|"
    rf"(?:,|;|và(?=\s))(?=\s+(?:[{UPPER}]|(?:{COMMON})\b|{PLACES}))|"
    rf"(?P<proper>{_PLACE}(?: {_RAISED}(?!\w))+|{_PROPER})|(?P<place>{_PLACE})(?!\w)|"
    rf"(?:{COMMON}|{PLACES})(?!\w)|"
    rf"Tổng phụ trách(?: Đội)?(?!\w)|[A-ZĐ][A-ZĐ0-9.&]+(?!\w)|"
    rf"{_RAISED} (?!phụ trách)[{LOWER}]+(?!\w)|{_RAISED}(?!\w))"
)


class End(Enum):
    """What the last word of a name is: after a place little of the name can follow, after a
    place's own name or brackets nothing."""

    OPEN = "open"
    PLACE = "place"
    CLOSED = "closed"


class Shape(NamedTuple):
    end: int
    kind: End


def end_of_shape(text: str, start: int) -> Shape:
    """Where a name that begins before `start` ends by its letters alone: pairs of syllables of
    which the first is raised, places, brackets, and the names that follow."""
    place, kind = start, End.OPEN
    spans = named_spans(text[: start + LONGEST_LIST])
    while True:
        over = next((end for begin, end in spans if begin <= place + 1 < end), None)
        found = _GOES_ON.match(text, place)
        if over is not None:
            place, kind = over, End.CLOSED
        elif found is not None:
            place = found.end()
            closed = found["proper"] or found["brackets"]
            kind = End.CLOSED if closed else End.PLACE if found["place"] else End.OPEN
        else:
            return Shape(place, kind)


def abbreviated_names(text: str) -> Iterator[str]:
    for start, end in _abbreviated(text):
        yield text[start:end].partition(" (")[0]
