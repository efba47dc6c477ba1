"""Where the names of those who act end and what they do begins: by acts, letters and numbers."""

import re

from intake.grammar.acts import acts, begins_act
from intake.grammar.letters import LOWER, UPPER
from intake.grammar.names import End, Shape, end_of_shape
from intake.grammar.spans import brackets
from intake.grammar.words import BODY, COMMON, LOWER_BODY, PLURAL

LONGEST_OBJECT = 4
LAST_PAIR = re.compile(rf"[{UPPER}]\w* \w+$")
OBJECT = re.compile(
    rf"(?: [{LOWER}]+){{1,6}}? (?:tỉnh|thành phố|xã|phường|khu vực)(?: [{UPPER}]\w*)*"
)
KIND_OF_BODY = re.compile(rf"(?: [{LOWER}]+){{1,5}}(?= [{UPPER}])")
QUANTITY = re.compile(
    rf"(?<= )(?!(?:số|vực|sở|vùng|ngày|tháng|quý|năm|thôn|xóm|ấp|khối|phường|quận|tổ|đội|cấp|tuyến|"
    rf"mục|điểm|điều|khoản|lục|lớp|khóa|kỳ|và|các)\b)[{LOWER}]+(?= \d[\d.,]*%? [{LOWER}])"
)
MOST_PAIRS = 6
# "Hội A gian hàng nông sản; xong trước …": after a semicolon small letters name nobody.
NEXT_CLAUSE = re.compile(rf";\s+(?!các\b|(?:{COMMON})\b)(?=[a-zđ])")
RELATIVE = re.compile(r"(?:nơi|có|được|trên|ở|tại|trong|ngoài|đóng|đã|đang|theo|khi)\b")


def before_act(text: str) -> tuple[str, str]:
    """A text cut before the first word of acting that is not in brackets."""
    enclosed = brackets(text)
    for act in acts(text):
        if not enclosed.hold(act):
            return text[:act], text[act:]
    return text, ""


def names_then_act(text: str) -> tuple[str, str]:
    """A text that begins with names and goes on with what they do, whatever the words for it. Who
    does several things does the first without a comma before it."""
    named, rest = before_act(text)
    clause = NEXT_CLAUSE.search(named)
    if clause is not None:
        named, rest = text[: clause.start()], ""
    shape = _shape(named)
    cut = _before_quantity(named, shape) or _own_clause(named, shape)
    if cut:
        return text[:cut], text[cut:]
    beyond = named[shape.end :].strip(" ,.;")
    # "UBND các xã ven sông trồng …": which of them, in a word or two.
    which = shape.kind is End.PLACE and rest and len(beyond.split()) <= 2
    if not rest and len(beyond.split()) <= LONGEST_OBJECT and _is_for(named, shape):
        return text, ""  # "Đội Quản lý trật tự giao thông"
    undone = shape.kind is not End.OPEN or not rest or named.endswith(", ")
    if undone and _does(beyond) and not which:
        return text[: shape.end], text[shape.end :]
    return named, rest


def _shape(named: str) -> Shape:
    """Where the name ends by its letters. What kind of body it is may be said in small letters
    before its own name: "Nhà máy nước Suối Dầu"."""
    noun = LOWER_BODY.match(named) or BODY.match(named)
    if noun is None:
        return Shape(len(named), End.OPEN)
    kind = KIND_OF_BODY.match(named, noun.end())
    shape = end_of_shape(named, kind.end() if kind else noun.end())
    return _with_object(named, shape)


def _before_quantity(named: str, shape: Shape) -> int:
    """ "Đội Thanh niên tình nguyện dựng 12 chốt": a number of things is the object of an act, and
    the words of a name come in pairs."""
    found = QUANTITY.search(named, shape.end)
    if found is None or PLURAL.match(named):
        return 0
    words = named[shape.end : found.end()].split()
    verb = " ".join(words[-1:] if len(words) % 2 else words[-2:])
    between = len(words) <= MOST_PAIRS and all(word.islower() for word in words)
    return found.end() - len(verb) - 1 if between else 0


def _own_clause(named: str, shape: Shape) -> int:
    """Where more names follow after a semicolon, but the first has a duty of its own."""
    first, stop, _ = named.partition("; ")
    beyond = first[shape.end :].strip()
    return shape.end if stop and _does(beyond) and not PLURAL.match(named) else 0


def _does(beyond: str) -> bool:
    """Whether small words behind a name say what it does, and not which of its kind it is."""
    return len(beyond.split()) > 1 and beyond[0].islower() and not RELATIVE.match(beyond)


def _with_object(text: str, shape: Shape) -> Shape:
    """ "Trung tâm Kiểm soát bệnh tật tỉnh …": what a body is for has an object, up to its place."""
    found = OBJECT.match(text, shape.end) if _is_for(text, shape) else None
    return Shape(found.end(), End.PLACE) if found and text[found.end() :].strip() else shape


def _is_for(text: str, shape: Shape) -> bool:
    """Whether a name ends with what the body is for: "Trung tâm Kiểm soát", "Đội Quản lý"."""
    last = LAST_PAIR.search(text[: shape.end])
    return last is not None and begins_act(last.group())
