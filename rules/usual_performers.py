"""The phrases by which plans usually name their performers, for a plan without groups of its own.

The phrases here are `plain`: composed, in small letters, abbreviations written out.
"""

import re
from typing import NamedTuple

from models.directory import UnitKind

# "oà" and "òa", "oè" and "òe", "uỷ" and "ủy" are two spellings of one syllable; "oàn" has only one.
_OLDER = {
    new: older
    for pairs in ("oà òa oá óa oả ỏa oã õa oạ ọa", "oè òe oé óe oẻ ỏe oẽ õe oẹ ọe")
    for new, older in zip(pairs.split()[::2], pairs.split()[1::2], strict=True)
} | {"uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy"}
_TONED = re.compile(rf"(?:{'|'.join(_OLDER)})(?!\w)")

_ABBREVIATIONS = (
    (re.compile(r"\bubnd\b"), "ủy ban nhân dân"),
    (re.compile(r"\bgd\s*(?:&|và|-)?\s*đt\b"), "giáo dục và đào tạo"),
    (re.compile(r"\bcm\s*(?:,|và|-|&)?\s*nv\b"), "chuyên môn, nghiệp vụ"),
    (re.compile(r"\bthpt\b"), "trung học phổ thông"),
    (re.compile(r"\bthcs\b"), "trung học cơ sở"),
    (re.compile(r"\bgdtx\b"), "giáo dục thường xuyên"),
)
_REMARK = re.compile(r"\s*\([^()]*\)$")
_PERSON = re.compile(r"^(?:thủ trưởng|người đứng đầu|hiệu trưởng|chủ tịch|trưởng|chánh)\s+(?=\w)")
_SCOPE = re.compile(
    r"\s+(?:trên địa bàn|trong (?:toàn )?(?:tỉnh|thành phố|ngành)|toàn (?:tỉnh|thành phố|ngành))\b"
    r".*$"
)
# "đơn vị trực thuộc Sở" keeps its last words: without them it would mean any unit.
_BELONGING = re.compile(r"(?<!trực)\s+(?:thuộc|của)\s+(?:sở|bộ|cục|cơ quan)\b.*$")
_PLURAL = re.compile(r"^(?:(?:tất cả|toàn thể|toàn bộ|những|các)\s+)+")

_BY_ALLOCATION = re.compile(
    r",?\s+(?:theo (?:sự )?phân công|theo chức năng|theo nhiệm vụ|được (?:giao|phân công))\b.*$"
)
_CONCERNED = re.compile(r"^(?P<who>.*?),?\s+(?:có )?liên quan(?:\s+.*)?$")
_DIVISIONS = r"phòng(?:,? ban)?(?: chuyên môn)?(?:(?:,| và)? nghiệp vụ)?"
_COMMUNE = r"(?:xã|phường|đặc khu|thị trấn)"
_COMMUNES = re.compile(
    rf"(?:ủy ban nhân dân )?(?:các )?{_COMMUNE}(?:(?:,| và|,? hoặc|/) ?{_COMMUNE})*"
)
_ALL_COMMUNES = re.compile(
    r"(?:ủy ban nhân dân |chính quyền )?(?:các )?(?:cấp xã|địa phương cấp xã)"
    r"|ủy ban nhân dân các địa phương|địa phương"
)
_LEVELS = {
    "mầm non": r"mầm non|mẫu giáo|\bmn\b",
    "mẫu giáo": r"mầm non|mẫu giáo|\bmn\b",
    "mn": r"mầm non|mẫu giáo|\bmn\b",
    "tiểu học": r"tiểu học|\bth\b",
    "th": r"tiểu học|\bth\b",
    "trung học cơ sở": r"trung học cơ sở",
    "trung học phổ thông": r"trung học phổ thông",
    "giáo dục thường xuyên": r"giáo dục thường xuyên",
}
_LEVEL = "|".join(sorted(_LEVELS, key=len, reverse=True))
_SCHOOLS_OF_LEVELS = re.compile(
    rf"(?:cơ sở giáo dục|trường|trung tâm)(?: học)?:? "
    rf"(?:cấp )?(?:{_LEVEL})(?:(?:,|;| và|/| -|-) ?(?:các )?(?:trường )?(?:{_LEVEL}))*"
)

_DIRECT = "đơn vị|đơn vị sự nghiệp|cơ sở giáo dục|trường|trường học|trung tâm"
_ALL_SCHOOLS = (UnitKind.SCHOOL, UnitKind.DIRECT)
_USUAL = tuple(
    (re.compile(pattern), kinds)
    for pattern, kinds in (
        (r"(?:ban )?(?:lãnh đạo|giám đốc)(?: sở)?|lãnh đạo cơ quan", (UnitKind.LEADERSHIP,)),
        (r"văn phòng(?: sở| cơ quan)?", (UnitKind.OFFICE,)),
        (_DIVISIONS, (UnitKind.DIVISION,)),
        (
            rf"(?:{_DIRECT})(?: công lập)? trực thuộc(?: sở\b.*)?",
            (UnitKind.DIRECT,),
        ),
        (r"cơ sở giáo dục(?: và đào tạo)?|trường(?: học)?|nhà trường", _ALL_SCHOOLS),
    )
)


class Usual(NamedTuple):
    """Units of `kinds`; with `named`, only those whose plain name it is found in."""

    kinds: tuple[UnitKind, ...] = ()
    named: re.Pattern[str] | None = None
    allocated: bool = False
    outside: bool = False


def retoned(text: str) -> str:
    """Composed text in which the tone mark stands where the older spelling puts it: "ủy" for both
    "uỷ" and "ủy"."""
    return _TONED.sub(lambda found: _OLDER[found[0]], text)


def plain(folded: str) -> str:
    """A folded phrase or name with its abbreviations written out and without remarks."""
    for pattern, words in _ABBREVIATIONS:
        folded = pattern.sub(words, folded)
    return _REMARK.sub("", folded).strip(" .,;:")


def bare(phrase: str) -> str:
    """A plain phrase without what only decorates it: "thủ trưởng các … trên địa bàn tỉnh"."""
    phrase = _SCOPE.sub("", phrase)
    phrase = _BELONGING.sub("", phrase)
    phrase = _PERSON.sub("", _PLURAL.sub("", phrase))
    return _PLURAL.sub("", phrase).strip(" .,;:")


def usual_meaning(phrase: str) -> Usual | None:
    """What a plain phrase usually means; None for one that is not among the usual."""
    if allocated := _BY_ALLOCATION.search(phrase):
        named = usual_meaning(phrase[: allocated.start()])
        return None if named is None else Usual(allocated=True)
    if concerned := _CONCERNED.fullmatch(phrase):
        inside = usual_meaning(concerned["who"])
        return Usual(allocated=True) if inside and inside.kinds else Usual(outside=True)
    words = bare(phrase)
    for pattern, kinds in _USUAL:
        if pattern.fullmatch(words):
            return Usual(kinds=kinds)
    if _ALL_COMMUNES.fullmatch(words):
        return Usual(kinds=(UnitKind.COMMUNE,))
    if _COMMUNES.fullmatch(words):
        return _communes(words)
    if _SCHOOLS_OF_LEVELS.fullmatch(words):
        levels = [_LEVELS[level] for level in re.findall(rf"\b(?:{_LEVEL})\b", words)]
        return Usual(kinds=_ALL_SCHOOLS, named=re.compile("|".join(levels)))
    return None


def _communes(words: str) -> Usual:
    """Two kinds together are how the whole level is spoken of; one alone is meant literally."""
    kinds = set(re.findall(_COMMUNE, words))
    if len(kinds) > 1:
        return Usual(kinds=(UnitKind.COMMUNE,))
    return Usual(kinds=(UnitKind.COMMUNE,), named=re.compile(rf"^{kinds.pop()}\b"))
