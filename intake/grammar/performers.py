"""Who leads and who cooperates: performer lines, cells, headings and sentences."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from intake.documents.blocks import fold
from intake.grammar.acts import begins_act
from intake.grammar.letters import LOWER, UPPER
from intake.grammar.shapes import before_act, names_then_act
from intake.grammar.units import (
    AGENT,
    CHARGED,
    HELPS,
    NOBODY,
    TRIM,
    Subject,
    heading_units,
    is_unit,
    split_units,
    starts_unit,
    subject,
)
from intake.grammar.words import GIVEN, GIVEN_INSIDE, LEADS, LOWER_BODY, PLURAL


class Performers(NamedTuple):
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    text: str = ""
    doubted: tuple[str, ...] = ()  # of whom nothing says outright that they act


WITH = r"phối (?:kết )?hợp(?:\s+(?:chặt chẽ|thường xuyên|cùng))?"
_GROUPS = "cơ quan|đơn vị|sở|ban|ngành|phòng|xã|phường|địa phương|tổ chức|bộ"
_BODIES = rf"(?=(?-i:[{UPPER}])|các\s+(?:{_GROUPS})\b)"
COOPERATE = re.compile(
    r"^(?:tham gia|phối hợp)\s+của\s+|"  # "Sở A, với sự tham gia của các sở, …"
    r"\b(?:có|với) sự (?:tham gia|phối hợp|hỗ trợ|giám sát)\s+của\s+|"
    rf"(?<![\w-]){WITH}\s+(?:(?:với|cùng)\s*:?\s*|(?=(?-i:[{UPPER}])|các\b))|"
    r"(?:^|(?<=[,;]\s)|(?<=đầu mối\s)|(?<=chủ trì\s))"
    rf"(?:cùng(?:\s+với)?|(?:cùng\s+)?tham gia\s+(?:có|gồm))\s*:?\s+{_BODIES}",
    re.IGNORECASE,
)
# "A chủ trì, B phối hợp …", "…; A, B hỗ trợ kỹ thuật": who helps stands before.
HELPING_CLAUSE = re.compile(
    r"(?:(?:chủ trì|trách nhiệm(?: chính)?|phụ trách|đảm nhiệm),|;|\.)\s+"
    r"(?P<units>[^;.]{2,200}?)\s+(?:cùng\s+)?"
    rf"(?:phối hợp(?!\s+(?:với|cùng|chặt chẽ|(?-i:[{UPPER}])|các\b))|tham gia|hỗ trợ)\b",
    re.IGNORECASE,
)
COOPERATE_LAST = re.compile(r"^(?P<units>.+?)\s+(?:cùng\s+)?phối hợp(?:\s+thực hiện)?$", re.DOTALL)
ROLE_LABEL = re.compile(
    r"(?:^|(?<=[\s;,.(•*+-]))(?:(?:cơ quan|đơn vị|bộ phận)\s*)?"
    r"(?P<role>chủ trì|phối hợp|CT|PH|thực hiện)(?:\s+(?:thực hiện|chính|tham mưu))?\s*:\s*",
    re.IGNORECASE,
)
LEAD_NOTE = re.compile(
    r"\s*\((?:đơn vị |cơ quan )?(?:chủ trì|chính|đầu mối|phụ trách)\b[^)]*\)", re.IGNORECASE
)
COOPERATING_NOTE = re.compile(r"\s*\((?:đơn vị |cơ quan )?phối hợp[^)]*\)", re.IGNORECASE)
SQUARE = str.maketrans("[]", "()")
BRACKETS = re.compile(r"\((?P<inside>[^()]{4,200})(?:\)|$)")
CLOSING_BRACKETS = re.compile(rf"\s\((?P<inside>[{UPPER}][^()]{{2,120}})\)[\s.;/]*$")
NAMED_LAST = re.compile(rf":\s+(?P<who>[{UPPER}][^:.;()]{{2,120}})[\s.;/]*$")
# "gửi về Sở A (Phòng B)": the brackets say where in that body, not who acts.
ADDRESSED = re.compile(rf"\b(?:về|gửi|cho|qua|của|tại|đến|tới|với)\s+[{UPPER}][^.;,()]*$")
UNTIL = re.compile(r"[,;]\s*(?:hoàn thành|xong|trước|trong|chậm nhất)\b.*$")
# "Cùng với Sở A, Sở B …": who acts stands after whom it acts with.
OPENED_WITH = re.compile(
    rf"(?:Cùng với|Phối hợp (?:với|cùng))\s+(?P<units>[{UPPER}][^,;.]{{2,80}}),\s"
)
WHEN = re.compile(
    r"(?:hoàn thành|xong|trước|trong|chậm nhất|từ|đến|quý|tháng|năm|tuần|hằng|hàng|thường xuyên|"
    r"định kỳ|ngày|cuối|đầu|giữa|theo|khi|sau|\d)\b",
    re.IGNORECASE,
)
# "đề nghị Đảng ủy A chỉ đạo Sở B chủ trì": it is B that leads.
TOLD_THROUGH = re.compile(
    r"^(?:đề nghị|giao|yêu cầu)?\s*.*?\b(?:chỉ đạo|giao|đề nghị|yêu cầu)\s+"
    rf"(?=[{UPPER}][^;]*chủ trì)"
)
ROLE_WORDS = re.compile(r"chủ trì|phối hợp|thực hiện|phụ trách")
LONGEST_HEADING = 40
TAKES_CHARGE = re.compile(
    r"(?:chịu trách nhiệm|phụ trách|đảm nhiệm|"
    r"(?:là|làm) (?:cơ quan |đơn vị |bộ phận )?(?:đầu mối|thường trực)|"
    r"thực hiện\s*[.;]?$)"
)
IN_CHARGE = re.compile(rf"{LEADS.pattern}|{TAKES_CHARGE.pattern}")
LONGEST_SAID = 500  # of who, up to what they are charged with
TAKES_PART = re.compile(r"(?:tham gia|tham dự|dự|phối hợp|cử)\b", re.IGNORECASE)
# "các hộ nghèo sẽ được hỗ trợ": something comes to them. "chuẩn bị", "thiết bị" are other words.
SUFFERS = rf"\b(?:được(?! {CHARGED})|(?<!chuẩn )(?<!thiết )(?<!trang )(?<!dự )bị)\b"
UNDERGOES = re.compile(rf"(?:\w+ )?{SUFFERS}")
WHICH_UNDERGO = re.compile(rf"(?:\w+ ){{0,3}}?{SUFFERS}")  # "các hộ" ven sông được cấp dây
# "các hộ bị ngập", "Công ty A gây ra" and "các hộ thuộc" diện nghèo are more or less than names.
NOT_OF_NAMES = re.compile(rf"{SUFFERS}|\b(?:tự|gây ra|gây nên|thuộc)$", re.IGNORECASE)
# "Ban đêm" is no board.
ONE_WORD = re.compile(rf"[{UPPER}][{LOWER}]+")
# "theo yêu cầu của Sở A": said of somebody, nothing is asked of them.
ASKED_ELSEWHERE = re.compile(
    r"(?:theo|được|đã|sự|của|các|những|do|khi|có|và|với)\s+$", re.IGNORECASE
)
HEADED = re.compile(
    r"^(?P<who>[^:]+?)(?:,?\s*(?:tổ chức |triển khai )?thực hiện(?: (?:các |những )?"
    r"(?:nội dung|nhiệm vụ|công việc|việc))?(?: sau(?: đây)?)?)?\s*:$"
)


def heading_performers(text: str) -> Performers:
    """Who a heading names: "Sở A", or "Sở A chủ trì, phối hợp với Sở B:"."""
    told = told_by_heading(text)
    if told.lead:
        return told
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


def told_by_heading(text: str) -> Performers:
    """ "Sở A chủ trì; các phòng phối hợp thực hiện các nội dung sau:": nothing but who."""
    bare = fold(text)
    found = HEADED.match(bare)
    if found is None or not LEADS.search(found["who"]) or len(bare.split()) > LONGEST_HEADING:
        return Performers()
    given = GIVEN.match(found["who"])
    who = found["who"][given.end() :] if given else found["who"]
    after = LEADS.split(who, maxsplit=1)[1].strip(" ,;")
    plain = not after or COOPERATE.match(after) or COOPERATE_LAST.match(after.rpartition(";")[2])
    return performers(who) if plain and starts_unit(who) else Performers()


def bracketed_performers(text: str) -> Performers:
    """ "… (Sở A chủ trì, phối hợp với Sở B; quý III)", or "… . Sở A chủ trì." at the end."""
    text = text.translate(SQUARE)
    for inside in BRACKETS.finditer(text):
        said = _told_in_brackets(inside["inside"])
        if said.lead:
            return said
    closing = CLOSING_BRACKETS.search(text[-LONGEST_SAID:])
    if closing and is_unit(closing["inside"]):
        addressed = text[-LONGEST_SAID:][: closing.start()]
        if not ADDRESSED.search(addressed):
            return performers(UNTIL.sub("", closing["inside"]))
    for sentence in re.split(r"(?<=[.;])\s+", text)[1:]:
        named = subject(sentence)
        if named is not None and (LEADS.search(sentence) or TAKES_CHARGE.match(named.rest)):
            return sentence_performers(sentence)
    return Performers()


def named_last(text: str) -> Performers:
    """ "Trồng 200 cây bóng mát: Chi đoàn thôn 3.": who does it stands after a colon."""
    last = NAMED_LAST.search(text)
    return performers(last["who"]) if last and is_unit(last["who"]) else Performers()


def led_in_brackets(text: str) -> Performers:
    """ "Lãnh đạo công tác … (Đảng ủy A chủ trì)": said outright, whatever the text begins with."""
    inside = (each["inside"] for each in BRACKETS.finditer(text.translate(SQUARE)))
    said = (_told_in_brackets(each) for each in inside if LEADS.search(each))
    return next((each for each in said if each.lead), Performers())


def charged_inside(text: str) -> Performers:
    """ "Việc … do Sở A chủ trì, phối hợp với Sở B thực hiện", "Về …, giao Sở A …": who is charged
    with what the sentence speaks of first."""
    if TAKES_PART.match(text):
        return Performers()
    for agent in AGENT.finditer(text):
        if not IN_CHARGE.search(text, agent.end(), agent.end() + LONGEST_SAID):
            continue
        after = text[agent.end() :]
        named = subject(after) if starts_unit(after) else None
        if named is not None and (LEADS.match(named.rest) or TAKES_CHARGE.match(named.rest)):
            return sentence_performers(after)
    if begins_act(text):
        return Performers()
    for given in GIVEN_INSIDE.finditer(text):
        order = text[given.end() :]
        before = text[max(0, given.start() - LONGEST_SAID) : given.start()]
        if starts_unit(order) and not ASKED_ELSEWHERE.search(before):
            return sentence_performers(order)
    return Performers()


def agent_performers(text: str) -> Performers:
    """ "Bản đồ ngập do Chi cục Thủy lợi vẽ": by whom the thing is done that is spoken of. What
    groups do ("do các hộ tự kê khai") is mostly told of them, and asked of nobody."""
    agent = AGENT.search(text)
    if agent is None or begins_act(text) or not text[agent.end()].isupper():
        return Performers()
    after = text[agent.end() :]
    named = subject(after) if starts_unit(after) else None
    return _doubted(after) if named is not None and _is_to_act(named) else Performers()


def told_later(text: str) -> Performers:
    """ "Thống nhất như đề xuất. Phòng A sửa lại; …": the first clause that tells somebody."""
    for clause in re.split(r"(?<=[.;])\s+", text)[1:]:
        named = subject(clause)
        if named is not None and _is_to_act(named) and not HELPS.match(named.rest):
            return _doubted(clause)
    return Performers()


def _doubted(clause: str) -> Performers:
    said = sentence_performers(clause)
    return said._replace(doubted=said.lead)


def others_told(text: str) -> tuple[str, ...]:
    """Who is told to do a part of it after a semicolon: "…; Sở B bố trí kinh phí"."""
    named = (subject(clause) for clause in re.split(r";\s+", text)[1:])
    told = (each for each in named if each is not None and _is_to_act(each))
    return tuple(dict.fromkeys(unit for each in told for unit in each.units))


def spoken_of(text: str) -> tuple[str, ...]:
    """Whom a clause in the middle of a text is about, without telling them to act."""
    named = (subject(clause) for clause in re.split(r"(?<=[.;])\s+", text)[1:])
    about = (each for each in named if each is not None and _is_about(each))
    return tuple(dict.fromkeys(unit for each in about for unit in each.units))


def _is_to_act(named: Subject) -> bool:
    """Whether a clause in the middle of a text tells its units to do something."""
    bodies = all(is_unit(unit) and not ONE_WORD.fullmatch(unit) for unit in named.units)
    return bodies and not _is_about(named)


def _is_about(named: Subject) -> bool:
    """Whether a clause is of what comes to its units or came about through them."""
    several = any(map(PLURAL.match, named.units)) and not begins_act(named.rest)
    comes = WHICH_UNDERGO if several else UNDERGOES
    return bool(comes.match(named.rest)) or any(map(NOT_OF_NAMES.search, named.units))


def _told_in_brackets(inside: str) -> Performers:
    """Clauses that say who, without those that say when."""
    clauses = [UNTIL.sub("", clause) for clause in re.split(r";\s*", inside)]
    timed = any(WHEN.match(clause) for clause in clauses)
    who = "; ".join(clause for clause in clauses if clause and not WHEN.match(clause))
    if timed and is_unit(raised := who[:1].upper() + who[1:]) and starts_unit(raised):
        return performers(who)  # "(thôn 2, thôn 4; xong trong tháng 8)"
    told = TOLD_THROUGH.sub("", who) if LEADS.search(who) else who
    if not (starts_unit(told) or (LEADS.search(told) and told[:1].isupper())):
        return Performers()
    if ROLE_WORDS.search(told):
        return performers(before_role(told))
    # "Phòng A theo dõi, đôn đốc"
    return sentence_performers(told) if len(clauses) > 1 else Performers()


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
    clauses = re.split(r"\s*[;\n]\s*", text)
    helping = [clause for clause in clauses if COOPERATE_LAST.match(clause.strip(TRIM))]
    named = text
    for clause in helping:
        named = named.replace(clause, "")
    return Performers(split_units(named), tuple(_cooperating("; ".join(helping))), verbatim)


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
        if last and _names(last["units"]):
            yield from split_units(last["units"])


def _names(text: str) -> bool:
    """Before "phối hợp" whatever is raised and does nothing is a name."""
    raised = text[:1].isupper() and not before_act(text)[1]
    return bool(starts_unit(text) or LOWER_BODY.match(text) or raised)


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
    """Whom a sentence says to act with: "phối hợp với …" wherever it stands, and clauses such as
    "…; Sở A, Sở B phối hợp"."""
    found: dict[str, None] = {}
    for together in COOPERATE.finditer(sentence):
        inside, closed, _ = sentence[together.end() :].partition(")")
        # Up to its bracket a name may go on in small letters.
        enclosed = closed and "(" not in inside
        named = before_act(inside)[0] if enclosed else names_then_act(sentence[together.end() :])[0]
        named = re.split(r"[.:]\s", named)[0]
        for unit in split_units(named):
            if starts_unit(unit) or LOWER_BODY.match(unit) or unit[:1].isupper():
                found.setdefault(unit)
    for unit in _who_helps(sentence):
        found.setdefault(unit)
    return tuple(found)


def _who_helps(sentence: str) -> Iterator[str]:
    for clause in HELPING_CLAUSE.finditer(sentence):
        named = clause["units"]
        if _names(named) and not before_act(named)[1] and not LEADS.search(named):
            yield from split_units(named)


def sentence_performers(text: str) -> Performers:
    """Who acts by a sentence: "Giao A chủ trì, phối hợp với B xây dựng …"."""
    named = subject(text)
    if named is None:
        return Performers()
    if any(map(LEAD_NOTE.search, named.units)):
        lead, helping = _noted("; ".join(named.units))
        return Performers(lead, helping, "; ".join(named.units))
    beside = OPENED_WITH.match(text)
    together = (*(split_units(beside["units"]) if beside else ()), *cooperating_in(named.rest))
    leads = LEADS.match(named.rest)
    if leads and not together:
        # "A chủ trì; B phối hợp; hoàn thành …"
        together = tuple(_cooperating(named.rest[leads.end() :]))
    return Performers(named.units, together, "; ".join(named.units))
