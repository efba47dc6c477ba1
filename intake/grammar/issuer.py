"""Who issued a document, in the letters the document uses for the name."""

import re
from collections.abc import Sequence

from intake.documents.blocks import Table, fold
from intake.grammar.joining import Paragraph
from intake.grammar.letterhead import DATED, NATION, NUMBERED, TYPE
from intake.grammar.numbering import mark
from intake.grammar.pieces import Blocks
from intake.grammar.words import is_capitals

AGENCY = re.compile(
    r"^(?:BỘ|SỞ|UBND|ỦY BAN|UỶ BAN|BAN|PHÒNG|TRƯỜNG|TRUNG TÂM|CỤC|VỤ|TỔNG CỤC|CHI CỤC|HĐND|HỘI|"
    r"ĐẢNG|VĂN PHÒNG|VIỆN|BẢO HIỂM|CÔNG AN|ĐOÀN|LIÊN|CHÍNH PHỦ|THỦ TƯỚNG|NGÂN HÀNG|"
    r"CÔNG ĐOÀN|HỘI ĐỒNG|(?:TỈNH|THÀNH|HUYỆN|QUẬN) (?:ĐOÀN|ỦY|UỶ)|"
    r"TẬP ĐOÀN|TỔNG|CÔNG TY|BỆNH VIỆN|THANH TRA|KHO BẠC|THUẾ|ĐẠI HỌC|HỌC VIỆN|ĐẢNG ỦY|"
    r"MẶT TRẬN|TÒA|KHOA|TỔ|QUỸ|BCH|BCĐ)\b"
)
PLACES = {"thcs", "thpt", "tỉnh", "xã", "phường", "huyện", "quận"}
TWO_WORDS = {
    "ủy ban",
    "uỷ ban",
    "hội đồng",
    "công ty",
    "trung tâm",
    "văn phòng",
    "tổng cục",
    "chi cục",
    "học viện",
    "đại học",
    "bệnh viện",
    "liên đoàn",
    "ngân hàng",
    "bảo hiểm",
    "thanh tra",
    "kho bạc",
    "đảng ủy",
    "tập đoàn",
    "tổng công",
}
ACRONYMS = {"UBND", "HĐND", "TP", "TP.", "THCS", "THPT", "GDTX", "GDĐT", "BHXH", "KCN", "CNTT"}
SMALL_WORDS = {
    "nhân",
    "dân",
    "xã",
    "hội",
    "cổ",
    "và",
    "của",
    "thuộc",
    "các",
    "về",
    "trực",
    "cho",
    "tại",
}


def issuer_of(letterhead: Sequence[str], blocks: Blocks) -> str:
    """The lower of the agencies in capitals above the number, in the letters the text uses."""
    agencies: list[str] = []
    for piece in letterhead:
        for line in re.split(r"\s/\s", piece):
            if NATION.search(line) or NUMBERED.search(line) or DATED.match(line):
                continue
            if "/" in line:
                continue  # what is printed beside "Số:"
            bare = re.sub(r"^\W+|\W+$", "", line)
            if not is_capitals(bare) or TYPE.match(bare):
                continue
            if AGENCY.match(bare):
                agencies.append(bare)
            elif agencies:
                agencies[-1] += f" {bare}"
    body = "\n".join(_text(block) for block in blocks)
    if agencies:
        lower = agencies[-1]
        # "Ban Thường vụ" alone names nobody.
        part = len(agencies) > 1 and re.fullmatch(r"BAN (?:THƯỜNG VỤ|CHẤP HÀNH)", lower)
        names = [lower, agencies[-2]] if part else [lower]
        return " ".join(_lettered(name, body) for name in names)
    said = re.search(
        r"(?:^|[,;.]\s+)(?P<who>[A-ZĐ][^,;.:\n]{3,80}?)\s+(?:chỉ thị|quyết định|yêu cầu|"
        r"ban hành (?:Kế hoạch|kế hoạch|Chương trình|chương trình|Chỉ thị))\b[^.;\n]{0,120}:",
        body,
    )
    if said and mark(said["who"]) is None and not is_capitals(said["who"]):
        return fold(said["who"])
    of = re.search(r"\(Kèm theo [^)]*?\bcủa (?P<who>[A-ZĐ][^)]*?)\)", body, re.IGNORECASE)
    return fold(of["who"]) if of else ""


def _text(block: Paragraph | Table) -> str:
    if isinstance(block, Table):
        return "\n".join(cell for row in block.rows for cell in row.cells)
    return block.text


def _lettered(capitals: str, body: str) -> str:
    """Capitals in the mixed letters that the document itself uses for the same name."""
    for found in re.finditer(re.escape(capitals), body, re.IGNORECASE):
        if not is_capitals(found.group()) and found.group()[:1].isupper():
            return found.group()
    words = capitals.split()
    written: list[str] = []
    proper = False
    for n, word in enumerate(words):
        lower = word.casefold()
        second = n == 1 and " ".join(words[:2]).casefold() not in TWO_WORDS
        starts = (
            proper or n == 0 or second or words[n - 1] in {"–", "-"} or words[n - 1].endswith(",")
        )
        if word in ACRONYMS or "&" in word or len(word) == 1:
            written.append(word)
        elif n == 0 or (starts and lower not in SMALL_WORDS | PLACES):
            written.append(lower.capitalize())
        else:
            written.append(lower)
        # What follows the kind of a place is its name.
        proper = proper or lower in PLACES or (lower == "phố" and words[n - 1] == "THÀNH")
    return " ".join(written)
