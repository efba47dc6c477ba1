"""Who is meant to act: performer lines and sentences taken apart into phrases."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from intake.documents.blocks import fold
from intake.grammar.acts import acts, begins_act
from intake.grammar.words import (
    ACRONYMS,
    BARE_LIST,
    BODY,
    GIVEN,
    LEADS,
    LOWER_BODY,
    PERSON,
    PLURAL,
    is_capitals,
)


class Performers(NamedTuple):
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    text: str = ""


SEPARATOR = re.compile(r"\s*;\s*|\s*\n\s*|,\s+|\s+và\s+|\s+cùng\s+(?=[A-ZĐ]|các)|\s+\+\s+|\s*&\s+")
TRIM = " .,;:-–•*+"
WITH = r"phối hợp(?:\s+(?:chặt chẽ|thường xuyên|cùng))?"
COOPERATE = re.compile(
    rf"(?<![\w-]){WITH}\s+(?:(?:với|cùng)\s*:?\s*|(?=(?-i:[A-ZĐ])|các\b))", re.IGNORECASE
)
COOPERATE_LAST = re.compile(r"^(?P<units>.+?)\s+(?:cùng\s+)?phối hợp(?:\s+thực hiện)?$", re.DOTALL)
ROLE_LABEL = re.compile(
    r"(?:^|(?<=[\s;,.(•*+-]))(?:(?:cơ quan|đơn vị|bộ phận)\s*)?"
    r"(?P<role>chủ trì|phối hợp|CT|PH|thực hiện)(?:\s+(?:thực hiện|chính|tham mưu))?\s*:\s*",
    re.IGNORECASE,
)
LEAD_NOTE = re.compile(r"\s*\((?:đơn vị |cơ quan )?chủ trì[^)]*\)", re.IGNORECASE)
COOPERATING_NOTE = re.compile(r"\s*\((?:đơn vị |cơ quan )?phối hợp[^)]*\)", re.IGNORECASE)
BRACKETS = re.compile(r"\((?P<inside>[^()]{4,200})(?:\)|$)")
CLOSING_BRACKETS = re.compile(r"\s\((?P<inside>[A-ZĐ][^()]{2,120})\)[\s.;/]*$")
# "gửi về Sở A (Phòng B)": the brackets say where in that body, not who acts.
ADDRESSED = re.compile(r"\b(?:về|gửi|cho|qua|của|tại|đến|tới|với)\s+[A-ZĐ][^.;,()]*$")
UNTIL = re.compile(r"[,;]\s*(?:hoàn thành|xong|trước|trong|chậm nhất)\b.*$")
ROLE_WORDS = re.compile(r"chủ trì|phối hợp|thực hiện|phụ trách")
LONGEST_HEADING = 40
LONGEST_UNKNOWN = 8
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
NOBODY = re.compile(r"^(?:không|nt|như trên|[-–—…./]*)$", re.IGNORECASE)


def split_units(text: str) -> tuple[str, ...]:
    """The phrases of a list of units, verbatim. What lists bare nouns ("các bộ, ngành, địa
    phương") or has commas in its name ("Sở Văn hóa, Thể thao và Du lịch") stays whole."""
    found: list[str] = []
    left = ""
    position = 0
    depth_ends = _parentheses(text)
    for separator in SEPARATOR.finditer(text):
        if any(start < separator.start() < end for start, end in depth_ends):
            continue
        if separator.start() < position:
            continue
        left += text[position : separator.start()]
        right = text[separator.end() :]
        if _splits(left.strip(), separator.group().strip(), right):
            found.append(left)
            left = ""
        else:
            left += separator.group()
        position = separator.end()
    found.append(left + text[position:])
    phrases = (_trimmed(phrase) for phrase in found)
    return tuple(phrase for phrase in phrases if phrase and not NOBODY.match(phrase))


def _trimmed(phrase: str) -> str:
    phrase = fold(phrase).strip(TRIM)
    phrase = BESIDES.sub("", re.sub(r"^(?:và|cùng|với)\s+", "", phrase))
    return phrase + ")" if phrase.count("(") > phrase.count(")") else phrase


def _parentheses(text: str) -> list[tuple[int, int]]:
    found = []
    stack: list[int] = []
    for index, letter in enumerate(text):
        if letter == "(":
            stack.append(index)
        elif letter == ")" and stack:
            found.append((stack.pop(), index))
    return found


def _splits(left: str, separator: str, right: str) -> bool:
    if separator == ";":
        return True
    # A separator that was folded away is a line break.
    if not separator:
        bulleted = right[:1] in "-–+•*"
        return bulleted or (starts_unit(right.lstrip(TRIM)) and not OPEN_ENDED.search(left))
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
    if BODY.match(right):
        return not right.startswith("Bộ, ")
    segment = SEPARATOR.split(right, maxsplit=1)[0].strip(TRIM)
    if ACRONYMS.match(segment):
        return bool(ACRONYMS.match(left.rpartition(",")[2].strip()) or starts_unit(left))
    if LOWER_BODY.match(right):
        if MINISTRIES.search(left) and right.startswith("cơ quan"):
            return False
        return not BARE_LIST.search(left)
    return False


def starts_unit(text: str) -> bool:
    """Whether a text begins with the name of a body or of a group of bodies."""
    if is_capitals(text):
        text = text[:1] + text[1:].lower()
    return bool(BODY.match(text) or PERSON.match(text))


def before_act(text: str) -> tuple[str, str]:
    """A text cut before the first word of acting that is not in brackets."""
    brackets = _parentheses(text)
    for act in acts(text):
        if not any(start < act < end for start, end in brackets):
            return text[:act], text[act:]
    return text, ""


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
    """The units a sentence begins with, and what they are to do."""
    given = GIVEN.match(text)
    sentence = text[given.end() :] if given else text
    if not (starts_unit(sentence) or (given and LOWER_BODY.match(sentence))):
        return None
    head, colon, tail = sentence.partition(":")
    if colon and is_unit(head) and tail.strip():
        return Subject(split_units(head), tail.strip())
    named, rest = before_act(sentence)
    named = re.sub(r",?\s*(?:trong phạm vi|theo chức năng|căn cứ|theo nhiệm vụ)\b.*$", "", named)
    named = re.sub(r"\s+được (?:phân công|giao)(?: nhiệm vụ)?\s*$", "", named)
    if not rest or not named.strip() or len(named.split()) > 60:
        return None
    # A full stop inside is a sentence of its own, whose act is somebody else's.
    if re.search(r"[.:]\s+[A-ZĐ]", named):
        return None
    return Subject(split_units(named), rest.strip())


def heading_units(text: str) -> tuple[str, ...]:
    """The units of a heading such as "Sở A, Sở B trong phạm vi … có trách nhiệm sau đây:"."""
    bare = fold(text).rstrip(" :")
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


def heading_performers(text: str) -> Performers:
    """Who a heading names: "Sở A", or "Sở A chủ trì, phối hợp với Sở B:"."""
    units = heading_units(text)
    if units:
        return Performers(units, (), "; ".join(units))
    bare = fold(text).rstrip(" :")
    leads = LEADS.search(bare)
    if leads is None or not (starts_unit(bare) or GIVEN.match(bare)):
        return Performers()
    if bare.endswith((".", ";")):
        return Performers()  # a sentence of its own
    named = subject(bare)
    if named is None or len(bare.split()) > LONGEST_HEADING:
        return Performers()
    return Performers(named.units, cooperating_in(named.rest), bare)


def bracketed_performers(text: str) -> Performers:
    """ "… (Sở A chủ trì, phối hợp với Sở B)" or "… . Sở A chủ trì." at the end of a task."""
    for inside in BRACKETS.finditer(text):
        said = UNTIL.sub("", inside["inside"]).strip()
        if starts_unit(said) and ROLE_WORDS.search(said):
            return performers(before_role(said))
    closing = CLOSING_BRACKETS.search(text)
    if closing and is_unit(closing["inside"]) and not ADDRESSED.search(text[: closing.start()]):
        return performers(closing["inside"])
    for sentence in re.split(r"(?<=[.;])\s+", text)[1:]:
        if starts_unit(sentence) and LEADS.search(sentence) and subject(sentence):
            return sentence_performers(sentence)
    return Performers()


def before_role(said: str) -> str:
    """Without a closing "thực hiện", which adds nothing to who."""
    return re.sub(r"\s+(?:tổ chức\s+)?(?:thực hiện|triển khai)\s*$", "", said)


def performers(text: str) -> Performers:
    """A performer line or cell. Where it only lists units, all of them are `lead`."""
    verbatim = fold(text).strip(" .;,")
    if NOBODY.match(verbatim):
        return Performers()
    labelled = _labelled(text)
    if labelled is not None:
        return Performers(*labelled, verbatim)
    if LEAD_NOTE.search(text):
        return Performers(*_noted(text), verbatim)
    leads = LEADS.search(text)
    if leads:
        before, after = text[: leads.start()], text[leads.end() :]
        return Performers(_lead(before, after), tuple(_cooperating(after)), verbatim)
    cooperate = COOPERATE.search(text)
    if cooperate:
        before = text[: cooperate.start()]
        together = split_units(before_act(text[cooperate.end() :])[0])
        return Performers(split_units(before), together, verbatim)
    return Performers(split_units(text), (), verbatim)


def _lead(before: str, after: str) -> tuple[str, ...]:
    """ "Chủ trì Sở A" is as good as "Sở A chủ trì"."""
    named = re.sub(r"(?:\s+là)?(?:\s+(?:đơn vị|cơ quan)(?:\s+đầu mối)?)?[\s,]*$", "", before)
    given = GIVEN.match(named)
    units = split_units(named[given.end() :] if given else named)
    if units or COOPERATE.match(after.lstrip(" ,;")):
        return units
    return split_units(COOPERATE.split(before_act(after)[0])[0])


def _cooperating(after: str) -> Iterator[str]:
    after = after.strip(TRIM)
    together = COOPERATE.search(after)
    if together:
        yield from split_units(before_act(after[together.end() :])[0])
        return
    for part in re.split(r"\s*[;\n]\s*", after):
        last = COOPERATE_LAST.match(part.strip(TRIM))
        if (last and starts_unit(last["units"])) or (last and LOWER_BODY.match(last["units"])):
            yield from split_units(last["units"])


def _labelled(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """ "Chủ trì: A; Phối hợp: B" in one line or cell."""
    found = list(ROLE_LABEL.finditer(text))
    if not found:
        return None
    before = text[: found[0].start()]
    leads = LEADS.search(before)
    lead = _lead(before[: leads.start()], "") if leads else split_units(before)
    cooperating: tuple[str, ...] = ()
    ends = [*(label.start() for label in found[1:]), len(text)]
    for label, end in zip(found, ends, strict=True):
        units = split_units(text[label.end() : end])
        if label["role"].casefold() in {"phối hợp", "ph"}:
            cooperating += units
        else:
            lead += units
    return lead, cooperating


def _noted(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """ "A (chủ trì), B, C": the others cooperate."""
    units = split_units(text)
    lead = tuple(LEAD_NOTE.sub("", unit) for unit in units if LEAD_NOTE.search(unit))
    others = (COOPERATING_NOTE.sub("", unit) for unit in units if not LEAD_NOTE.search(unit))
    return lead, tuple(re.sub(rf"^{WITH}(?:\s+với)?:?\s*", "", other) for other in others)


def cooperating_in(sentence: str) -> tuple[str, ...]:
    """Whom a sentence says to act with: "phối hợp với …" wherever it stands."""
    found: dict[str, None] = {}
    for together in COOPERATE.finditer(sentence):
        named = before_act(sentence[together.end() :])[0]
        named = re.split(r"[.:]\s", named)[0]
        units = split_units(named)
        for unit in units:
            if starts_unit(unit) or LOWER_BODY.match(unit) or may_be_unit(unit.capitalize()):
                found.setdefault(unit)
    return tuple(found)


def sentence_performers(text: str) -> Performers:
    """Who acts by a sentence: "Giao A chủ trì, phối hợp với B xây dựng …"."""
    named = subject(text)
    if named is None:
        return Performers()
    together = cooperating_in(named.rest)
    leads = LEADS.match(named.rest)
    if leads and not together:
        # "A chủ trì; B phối hợp; hoàn thành …"
        together = tuple(_cooperating(named.rest[leads.end() :]))
    return Performers(named.units, together, "; ".join(named.units))
