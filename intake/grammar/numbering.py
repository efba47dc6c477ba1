"""The marks that begin a part of an administrative document: Phần, Điều, I, 1, a, –, +."""

import re
from enum import IntEnum
from typing import NamedTuple

from intake.grammar.letters import UPPER


class Kind(IntEnum):
    """From the widest to the narrowest, as Decree 30/2020/NĐ-CP orders them; documents may not."""

    APPENDIX = 0
    PART = 1
    CHAPTER = 2
    SECTION = 3
    ARTICLE = 4
    CAPITAL = 5
    ROMAN = 6
    NUMBER = 7
    DECIMAL = 8
    LETTER = 9
    SMALL_ROMAN = 10
    DASH = 11
    PLUS = 12


class Mark(NamedTuple):
    """`label` as printed without its point or bracket, `style` what tells two kinds apart."""

    kind: Kind
    label: str
    style: str
    rest: str

    @property
    def ordinal(self) -> int | None:
        """The place in its sequence, from 1; None where there is none."""
        match self.kind:
            case Kind.ROMAN | Kind.SMALL_ROMAN:
                return roman(self.label)
            case Kind.NUMBER:
                return int(self.label)
            case Kind.LETTER:
                return LETTERS.find(self.label) + 1 or None
            case Kind.CAPITAL:
                return ord(self.label) - ord("A") + 1
            case Kind.DECIMAL:
                return int(self.label.rpartition(".")[2])
            case _:
                return None


# Documents skip f, j, w, z; Word's automatic numbering does not, so gaps are no mistake.
LETTERS = "abcdđeghiklmnopqrstuvxy"
_WORDS = {
    Kind.APPENDIX: re.compile(
        r"^\(?(?:PHỤ LỤC|Phụ lục)(?:[ ]+(?:SỐ|số)?[ ]*(?P<label>\d{1,2}|[IVX]{1,5}|[A-H]))?"
        r"[ ]*(?P<tail>[.:–-][ ]*.*|\(.*)?$"
    ),
    Kind.PART: re.compile(
        r"^(?:PHẦN|Phần)[ ]+(?:THỨ[ ]+|thứ[ ]+)?"
        r"(?P<label>\d{1,2}|[IVX]{1,5}|NHẤT|HAI|BA|TƯ|nhất|hai|ba|tư|[A-H])\b[.:]?[ ]*(?P<tail>.*)$"
    ),
    Kind.CHAPTER: re.compile(
        r"^(?:CHƯƠNG|Chương)[ ]+(?P<label>\d{1,2}|[IVX]{1,5})\b[.:]?[ ]*(?P<tail>.*)$"
    ),
    Kind.SECTION: re.compile(
        r"^(?:MỤC|Mục)[ ]+(?P<label>\d{1,2}|[IVX]{1,5})\b[.:][ ]*(?P<tail>.*)$"
    ),
    Kind.ARTICLE: re.compile(
        r"^(?:ĐIỀU|Điều)[ ]+(?P<label>\d{1,3})(?:[.:]|(?=[ ]*$))[ ]*(?P<tail>.*)$"
    ),
}
# "Nhiệm vụ 1: …": what is counted stands before its number.
_NAMED = re.compile(
    r"^(?:Nhiệm vụ|Giải pháp|Hoạt động|Công việc|Nội dung|(?:Đầu |Phần )?việc)"
    r"[ ]+(?:số[ ]+|thứ[ ]+)?"
    r"(?P<label>\d{1,3})[ ]*[.:][ ]+(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"^(?P<label>[A-HĐ])(?:[.)/]|[ ]?[-–])[ ]+(?P<rest>\S.*)$")
_ROMAN = re.compile(
    rf"^(?P<label>[IVX]{{1,6}})(?:[.)/][ ]*|[ ]*[-–—][ ]*|[ ]+(?=[{UPPER}]{{2}}))(?P<rest>\D.*)?$"
)
_DECIMAL = re.compile(
    r"^(?P<label>\d{1,2}(?:\.\d{1,2}){1,3})(?:[.):/][ ]*|[ ]?[-–][ ]+|[ ]+)(?P<rest>[^\d\s/%–-].*)$"
)
_NUMBER = re.compile(
    r"^(?:(?P<bracketed>\((?P<inner>\d{1,3})\))|(?P<label>\d{1,3})(?P<style>[.)/:]|[ ]?-(?=[ ])))"
    r"(?!20\d\d)[ ]*(?P<rest>[^\d\s].*|(?!\d{1,2}[./-]\d)\d[^./-].*)?$"
)
_LETTER = re.compile(
    rf"^(?P<open>\()?(?P<label>[a-zđ])(?P<style>[.)/])(?:[ ]+|(?=[{UPPER}“\"]))(?P<rest>\S.*)$"
)
_SMALL_ROMAN = re.compile(r"^\(?(?P<label>[ivx]{1,5})[).][ ]+(?P<rest>\S.*)$")
_DASH = re.compile(r"^(?P<style>[-–—−•●▪■◦○*·❖➢✓])[ ]*(?P<rest>[^\s\d|*-].*|\d.*)$")
_PLUS = re.compile(r"^\+[ ]*(?P<rest>\S.*)$")


def mark(text: str) -> Mark | None:
    """The mark a line begins with."""
    text = text.strip()
    for kind, pattern in _WORDS.items():
        if found := pattern.match(text):
            label = found["label"] or ""
            return Mark(kind, label, kind.name, (found["tail"] or "").strip())
    if text.startswith("V/v"):
        return None
    if found := _NAMED.match(text):
        return Mark(Kind.NUMBER, found["label"], "named", found["rest"].strip())
    if found := _ROMAN.match(text):
        return Mark(Kind.ROMAN, found["label"], "I", (found["rest"] or "").strip())
    if found := _CAPITAL.match(text):
        return Mark(Kind.CAPITAL, found["label"], "A", found["rest"].strip())
    if found := _DECIMAL.match(text):
        label = found["label"]
        return Mark(Kind.DECIMAL, label, "." * label.count("."), found["rest"].strip())
    if found := _NUMBER.match(text):
        style = "()" if found["bracketed"] else found["style"].strip().replace("/", ".")
        label = found["inner"] or found["label"]
        style = "." if style in {":", "-"} else style
        return Mark(Kind.NUMBER, label, f"1{style}", (found["rest"] or "").strip())
    found = _SMALL_ROMAN.match(text)
    # A single i, v or x is far more often the letter.
    if found and (len(found["label"]) > 1 or text.startswith("(")):
        return Mark(Kind.SMALL_ROMAN, found["label"], "i", found["rest"].strip())
    if found := _LETTER.match(text):
        return Mark(Kind.LETTER, found["label"], "a", found["rest"].strip())
    if found := _PLUS.match(text):
        return Mark(Kind.PLUS, "+", "+", found["rest"].strip())
    if found := _DASH.match(text):
        # Another sign is another level: "*" above "-".
        style = "-" if found["style"] in "-–—−" else found["style"]
        return Mark(Kind.DASH, "-", style, found["rest"].strip())
    return None


def roman(label: str) -> int:
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    numbers = [values[letter] for letter in label.upper()]
    following = [*numbers[1:], 0]
    return sum(-n if n < after else n for n, after in zip(numbers, following, strict=True))


def cell_label(text: str) -> Mark | None:
    """The label in a table's first column, where the point is often left out."""
    bare = text.strip().strip("()").rstrip(".)/:").strip()
    if re.fullmatch(r"\d{1,3}", bare):
        return Mark(Kind.NUMBER, str(int(bare)), "1.", "")
    if re.fullmatch(r"\d{1,3}(\.\d{1,3})+", bare):
        return Mark(Kind.DECIMAL, bare, "." * bare.count("."), "")
    if re.fullmatch(r"[IVX]{1,6}", bare):
        return Mark(Kind.ROMAN, bare, "I", "")
    if re.fullmatch(r"[A-HĐ]", bare):
        return Mark(Kind.CAPITAL, bare, "A", "")
    if re.fullmatch(r"[a-zđ]", bare):
        return Mark(Kind.LETTER, bare, "a", "")
    if re.fullmatch(r"[-–+•*]", bare):
        return Mark(Kind.DASH, "-", "-", "")
    return None
