"""Who is meant to act: performer lines and sentences taken apart into phrases."""

import re
from typing import NamedTuple

from intake.documents.blocks import fold
from intake.grammar.acts import acts, begins_act
from intake.grammar.letters import LOWER, UPPER
from intake.grammar.names import end_of_shape
from intake.grammar.shapes import before_act, names_then_act
from intake.grammar.spans import brackets
from intake.grammar.words import (
    ACRONYMS,
    BARE_LIST,
    BODY,
    GIVEN,
    LOWER_BODY,
    PERSON,
    PLURAL,
    is_capitals,
)

SEPARATOR = re.compile(
    rf"\s*;\s*|\s*\n\s*|,\s+|\s+và\s+|\s+cùng\s+(?=[{UPPER}]|các)|\s+\+\s+|\s*&\s+"
)
TRIM = " .,;:-–•*+"
BULLETS = tuple("-–+•*")
BULLET_LINE = re.compile(r"\n\s*[-–+•*]")
# Only these are called by two fields with a dash between: "Phòng Tài chính - Kế toán".
DASHES = ("-", "–")
PARTED = re.compile(r"(?:Phòng|Ban|Tổ|Sở|Trung tâm|Bộ phận)\b")
OF_A_PLACE = re.compile(
    r"\b(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh|thôn|bản|trường)"
    rf"(?:\s+(?:[{UPPER}]\w*|\d+))*$"
)
# In "Tài chính - Kế toán" it is no person.
JOINED_TO_NAME = re.compile(r"Kế toán(?! trưởng\b)")
LONGEST_UNKNOWN = 8
LONGEST_OPENING = 240
# Who acts stands at the beginning, and what parts two names beside them: lines may be any length.
LONGEST_NAMES = 2_000
REACH = 300
NO_NAME = re.compile(r"(?:Công tác|Về|Việc|Một số|Các nội dung|Nội dung|Thời|Hình thức|Lưu ý)\b")
OFFICES = re.compile(
    r"Văn phòng (?:Đoàn đại biểu Quốc hội|Đoàn ĐBQH|Hội đồng nhân dân|HĐND|UBND|Tỉnh ủy)[^,;]*$"
)
COUNCILS = re.compile(r"(?:Hội đồng nhân dân|HĐND|Ủy ban nhân dân|Uỷ ban nhân dân|UBND)\b")
OFFICE_HELD = re.compile(
    r"(?:Phó|Trưởng|Giám đốc|Chủ tịch|Chánh|Bí thư|Hiệu trưởng|Ủy viên|Cục trưởng|Vụ trưởng)\b"
)
MINISTRIES = re.compile(r"(?:thuộc|ngang|các) Bộ$|cơ quan ngang Bộ$")
OPEN_ENDED = re.compile(r"(?:\b(?:và|của|thuộc|với|các|cùng|cho|tại)|,|-)$")
# "Báo và Đài Phát thanh, Truyền hình tỉnh" is one house; alone "Báo" names none.
PAPER = re.compile(r"(?:^|[,;]\s*)Báo$")
# Said of duties that follow: "có trách nhiệm thực hiện các nhiệm vụ sau".
ANNOUNCED = re.compile(r"\bsau(?: đây)?$")
WITHIN = re.compile(
    r",?\s*\b(?:trong phạm vi|theo)\s+(?:(?:quản lý|chức năng|nhiệm vụ|quyền hạn|trách nhiệm|"
    r"lĩnh vực|được giao|được phân công|của mình|phụ trách|thẩm quyền|và)[, ]*)+"
)
# "Sở A - cơ quan thường trực Ban Chỉ đạo": what the body is besides.
BESIDES = re.compile(r"\s+[-–]\s+(?:là )?(?:cơ quan|đơn vị|bộ phận) .*$")
# "Sở A (hoàn thành: quý II)": what else a heading says.
REMARK = re.compile(r"\s*\((?P<inside>[^()]{4,200})\)(?=[\s:.]*$|\s+(?:có trách|thực hiện))")
ENUMERATES = re.compile(r"^\w+ \w+, [a-zđ]")
# "Sở A - cơ quan thường trực của Ban B, …", "Sở A, với vai trò …,": what it is besides.
APPOSED = re.compile(
    r"(?:\s+[-–]\s+(?:là )?(?:cơ quan|đơn vị|bộ phận)|,\s+(?:là|ngoài|trên cơ sở|căn cứ|"
    r"với (?:vai trò|tư cách|chức năng|trách nhiệm)))\s[^,;.:()]{3,120},(?=\s)"
)
# "Sở A cùng Sở B …": the second helps the first, unless both lead.
TOGETHER = re.compile(rf",?\s+cùng(?: với)?\s+(?=[{UPPER}]|các\s)")
ROLE_OF_BOTH = re.compile(r"\s*(?:đồng )?(?:chủ trì|chịu trách nhiệm)\b")
TELLS = re.compile(rf"(?:giao|yêu cầu|đề nghị)(?: cho)?\s+(?=[{UPPER}]|các\s)")
SPEAKS = re.compile(
    r"(?:[Đđ]ồng chí )?(?:Phó )?(?:Chủ tịch|Giám đốc|Tổng Giám đốc|Bộ trưởng|Thứ trưởng|Thủ tướng|"
    r"Bí thư|Hiệu trưởng|Cục trưởng|Thường trực|Ban Thường vụ|Ban Chỉ đạo|UBND tỉnh|"
    r"(?:Ủy|Uỷ) ban nhân dân tỉnh)\b"
)
HELPS = re.compile(r"\s*(?:cùng )?(?:hỗ trợ|phối hợp(?! với| cùng)|tham gia)\b")
ONLY = re.compile(r"^Riêng(?: đối với)? (?P<next>\w)")
# "Đối với các hộ còn lại, Tổ công tác …" speaks of the first and tells the second.
TOPIC = re.compile(
    rf"^Đối với (?:các |những )?[{LOWER}][^,.;:]{{3,120}}, (?=[{UPPER}]|giao |đề nghị )"
)
# A sentence may open with when, where or on what ground; then comes who.
OPENING = re.compile(
    r"^(?:Trên|Trường hợp|Nếu|Ngay|Cũng|Do|Căn cứ|Đối với|Để|Nhằm|Trong|Khi|Sau|Trước|Từ|Đến|"
    r"Định kỳ|Hằng|Hàng|Vào|Theo(?! dõi)|Tại|Ngoài|Ở|Bên cạnh|Cùng với|Qua|Chậm nhất|Mỗi)"
    r"\s(?:[^.;]|\.(?=\d))*?,\s+"
)
ORDERED = re.compile(rf"(?:Giao|Phân công|Đề nghị|Yêu cầu)\s+(?:cho\s+)?(?=[{UPPER}])")
# Who is "được huy động" is told to act; whatever else comes to somebody asks nothing of them.
CHARGED = r"(?:giao|phân công|huy động|yêu cầu|cử)\b"
GRANTED = re.compile(rf"\s+(?:đã )?được {CHARGED}(?: nhiệm vụ)?\s*$")
# Whatever is raised and stands before these is somebody.
LED = re.compile(
    rf"(?P<name>[{UPPER}][^;.:,()]{{3,80}}?)\s+(?=(?:đồng )?chủ trì\b|(?:có|chịu) trách nhiệm\b|"
    r"(?:làm|là) (?:cơ quan |đơn vị )?đầu mối\b)"
)
# "Việc rà soát do Sở A chủ trì": who acts stands after what is done.
AGENT = re.compile(rf"(?<![\w-])(?<![Tt]ự )do\s+(?=[{UPPER}]|các\s)")
NOBODY = re.compile(r"^(?:không|nt|như trên|[-–—…./]*)$", re.IGNORECASE)


def split_units(text: str) -> tuple[str, ...]:
    """The phrases of a list of units, verbatim. What lists bare nouns ("các bộ, ngành, địa
    phương") or has commas in its name ("Sở Văn hóa, Thể thao và Du lịch") stays whole."""
    found: list[str] = []
    left = ""
    position = 0
    enclosed = brackets(text)
    several = len(BULLET_LINE.findall(text)) > 1
    for separator in SEPARATOR.finditer(text):
        if enclosed.hold(separator.start()) or separator.start() < position:
            continue
        left += text[position : separator.start()]
        right = text[separator.end() : separator.end() + REACH]
        listed = several and right[:1] in BULLETS
        if listed or _splits(left[-REACH:].strip(), separator.group().strip(), right):
            found.append(left)
            left = ""
        else:
            left += separator.group()
        position = separator.end()
    found.append(left + text[position:])
    phrases = (_trimmed(phrase) for phrase in found)
    return tuple(phrase for phrase in phrases if phrase and not NOBODY.match(phrase))


def _trimmed(phrase: str) -> str:
    phrase = fold(phrase).strip(TRIM).rstrip("“ ")
    phrase = BESIDES.sub("", re.sub(r"^(?:và|cùng|với)\s+", "", phrase))
    return phrase + ")" if phrase.count("(") > phrase.count(")") else phrase


def _splits(left: str, separator: str, right: str) -> bool:
    if separator == ";":
        return True
    # A separator that was folded away is a line break.
    if not separator:
        return not _goes_on(left, right)
    if separator == "và" and (OPEN_ENDED.search(left) or PAPER.search(left)):
        return False
    if OFFICES.search(left) and COUNCILS.match(right):
        return False
    if PERSON.match(right):
        return True
    # "Đồng chí A, Phó Giám đốc" is one person.
    if PERSON.match(left) and separator == "," and OFFICE_HELD.match(right):
        return False
    if PLURAL.match(right):
        return True
    if BODY.match(right) or (is_capitals(right) and starts_unit(right)):
        return not right.startswith("Bộ, ")
    segment = SEPARATOR.split(right, maxsplit=1)[0].strip(TRIM)
    if ACRONYMS.match(segment):
        return bool(ACRONYMS.match(left.rpartition(",")[2].strip()) or starts_unit(left))
    if LOWER_BODY.match(right):
        if MINISTRIES.search(left) and right.startswith("cơ quan"):
            return False
        return not BARE_LIST.search(left)
    return False


def _goes_on(left: str, right: str) -> bool:
    """Whether a name is broken between two lines: "Phòng Tổ chức" and "- Hành chính"."""
    name = right.lstrip(TRIM)
    if right[:1] in BULLETS:
        if not (right.startswith(DASHES) and PARTED.match(left) and not OF_A_PLACE.search(left)):
            return False
        begins = starts_unit(name) or LOWER_BODY.match(name)
        return not begins or JOINED_TO_NAME.match(name) is not None
    return not starts_unit(name) or OPEN_ENDED.search(left) is not None


def starts_unit(text: str) -> bool:
    """Whether a text begins with the name of a body or of a group of bodies."""
    if is_capitals(text) and not BODY.match(text):
        text = text[:1] + text[1:].lower()
    if ENUMERATES.match(text) and begins_act(text):
        return False  # "Thanh tra, kiểm tra …"
    return bool(BODY.match(text) or PERSON.match(text))


def is_unit(text: str) -> bool:
    """Whether a whole text names units and says nothing else."""
    bare = fold(text).strip(TRIM)
    if not bare or len(bare.split()) > 60 or bare.endswith("?"):
        return False
    given = GIVEN.match(bare)
    bare = bare[given.end() :] if given else bare
    if not (starts_unit(bare) or (given and LOWER_BODY.match(bare))):
        return False
    if is_capitals(bare):
        return re.search(r"\b(?:nhiệm vụ|giải pháp|thực hiện)\b", bare.lower()) is None
    return not before_act(bare)[1].strip()


def may_be_unit(text: str) -> bool:
    """Whether a text could name somebody where only names stand: short, and nothing is done."""
    bare = fold(text).strip(TRIM)
    short = 0 < len(bare.split()) <= LONGEST_UNKNOWN
    titled = NO_NAME.match(bare) or bare.endswith("?") or re.search(r"\d", bare)
    return short and bare[:1].isupper() and not titled and not before_act(bare.lower())[1]


class Subject(NamedTuple):
    units: tuple[str, ...]
    rest: str


def subject(text: str) -> Subject | None:
    """The units a sentence begins with, and what they are to do; what opens it is left out."""
    named = _opened(text[:LONGEST_NAMES])
    return named and named._replace(rest=named.rest + text[LONGEST_NAMES:])


def _opened(text: str) -> Subject | None:
    text = ONLY.sub(lambda only: only["next"].upper(), text)
    named = None if TOPIC.match(text) else _subject(text)
    if named is not None or not OPENING.match(text):
        return named and (_told_by(named) or named)
    for comma in re.finditer(r",\s+", text[:LONGEST_OPENING]):
        rest = text[comma.end() :]
        given = GIVEN.match(rest[:1].upper() + rest[1:])
        if given or starts_unit(rest):
            return _subject(rest[:1].upper() + rest[1:] if given else rest)
    return None


def _told_by(teller: Subject) -> Subject | None:
    """ "Chủ tịch UBND tỉnh giao Sở A …": whoever speaks for the issuer tells others to act."""
    order = TELLS.match(teller.rest)
    if order is None or not all(SPEAKS.match(unit) for unit in teller.units):
        return None
    return _subject(f"Giao {teller.rest[order.end() :]}")


def _subject(text: str) -> Subject | None:
    given = GIVEN.match(text)
    sentence = text[given.end() :] if given else text
    sentence = APPOSED.sub("", sentence, count=1)
    if not (starts_unit(sentence) or (given and LOWER_BODY.match(sentence))):
        return _by_position(sentence, told=given is not None and ORDERED.match(text) is not None)
    head, colon, tail = sentence.partition(":")
    if colon and is_unit(head) and tail.strip():
        return Subject(split_units(head), tail.strip())
    named, rest = names_then_act(sentence)
    named = re.sub(
        r",?\s*(?:trong phạm vi|theo (?:chức năng|nhiệm vụ|lĩnh vực|phân công|thẩm quyền|địa bàn)|"
        r"căn cứ|với sự|mỗi)\b.*$",
        "",
        named,
    )
    named = re.sub(r"\s+(?:cùng|nhiệm vụ|trách nhiệm)\s*$", "", named)
    together = TOGETHER.search(named)
    if together and not ROLE_OF_BOTH.match(rest):
        named, rest = named[: together.start()], f"cùng {named[together.end() :].strip()} {rest}"
    first, stop, others = named.partition("; ")
    if stop and HELPS.match(rest):
        named, rest = first, f"; {others.strip()} {rest}"
    named = GRANTED.sub("", named)
    if not rest or not named.strip() or len(named.split()) > 60:
        return None
    if AGENT.search(named):
        return None  # "Vụ việc do người dân phản ánh …": no name
    # A full stop inside is a sentence of its own, whose act is somebody else's.
    if re.search(rf"[.:]\s+[{UPPER}]", named):
        return None
    return Subject(split_units(named), rest.strip())


def _by_position(sentence: str, *, told: bool) -> Subject | None:
    """Who is called by no word for a body, but leads or is told to act: "Giao Xưởng in tỉnh …"."""
    led = LED.match(sentence)
    name = GRANTED.sub("", led["name"]) if led else ""
    if name and not (
        NO_NAME.match(name) or begins_act(name) or re.search(r"\d", name) or AGENT.search(name)
    ):
        return Subject(split_units(name), sentence[len(name) :].strip())
    if not told or begins_act(sentence):
        return None
    end = end_of_shape(sentence, 0).end
    if not end or len(sentence[end:].split()) <= 1:
        return None
    return Subject(split_units(sentence[:end]), sentence[end:].strip())


def heading_units(text: str) -> tuple[str, ...]:
    """The units of a heading such as "Sở A, Sở B trong phạm vi … có trách nhiệm sau đây:"."""
    bare, _ = without_remark(fold(text).rstrip(" :"))
    given = GIVEN.match(bare)
    bare = bare[given.end() :] if given else bare
    if not (starts_unit(bare) or (given and LOWER_BODY.match(bare))):
        return ()
    within = WITHIN.search(bare)
    if within and any(acts(bare[within.end() :])) and not text.rstrip().endswith(":"):
        return ()  # a sentence: who, within which powers, and what
    bare = bare[: within.start()] if within else bare
    head, colon, tail = bare.partition(":")
    if colon and is_unit(head) and _acts(head, tail.strip()):
        return ()  # who, and in the same line what
    if ANNOUNCED.search(bare):
        bare = before_act(bare)[0]  # "Giao A tập trung thực hiện các nhiệm vụ sau:"
    duty = re.search(r",?\s+(?:có|chịu) (?:trách nhiệm|nhiệm vụ)\b", bare)
    if duty:
        said = bare[duty.end() :].strip()
        if said and not text.rstrip().endswith(":"):
            return ()
        bare = bare[: duty.start()]
    if before_act(bare)[1].strip():
        return ()
    return split_units(bare)


def without_remark(text: str) -> tuple[str, str]:
    """A heading without the brackets that say more of it than a name: who heads it, until when."""
    remark = REMARK.search(text)
    if remark is None:
        return text, ""
    inside = remark["inside"]
    more = ":" in inside or inside[:1].islower() or before_act(inside)[1]
    return (text[: remark.start()].rstrip(), inside) if more else (text, "")


def _acts(head: str, text: str) -> bool:
    """Whether what stands after a unit and a colon tells it to do something. "Các sở: Xây dựng,
    Tài chính" goes on with names."""
    if not text:
        return False
    listed = re.split(r"[,;]\s*|\s+và\s+", text)
    if len(listed) > 1 and all(part[:1].isupper() for part in listed if part):
        return False
    if begins_act(text):
        return True
    return not (PLURAL.match(head) or starts_unit(text) or LOWER_BODY.match(text))
