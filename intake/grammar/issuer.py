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
# After the kind of a body the name of its own begins: "Tổng công ty Cà phê".
KIND = re.compile(
    r"(?:tổng công ty|công ty(?: cổ phần| tnhh(?: mtv)?)?|tập đoàn|trung tâm|văn phòng|tổng cục|"
    r"chi cục|bệnh viện|liên đoàn|ngân hàng|bảo hiểm|thanh tra|kho bạc|đảng ủy|đảng bộ|ủy ban|"
    r"uỷ ban|hội đồng|học viện|đại học|công an|công đoàn|thủ tướng|trường (?:đại học|cao đẳng))\b",
    re.IGNORECASE,
)
NAMES = {
    name.casefold(): name
    for name in re.split(
        r"\|",
        "Việt Nam|Nhà nước|Tổ quốc|Tây Nguyên|Tây Bắc|Đông Bắc|Đông Nam Bộ|Tây Nam Bộ|Bắc Bộ|"
        "Trung Bộ|Nam Bộ|miền Bắc|miền Trung|miền Nam|Cửu Long|Sông Hồng|Hồ Chí Minh|Hà Nội|"
        "Sài Gòn|Đà Nẵng|Hải Phòng|Cần Thơ|Huế|Lai Châu|Điện Biên|Sơn La|Lạng Sơn|Quảng Ninh|"
        "Thanh Hóa|Nghệ An|Hà Tĩnh|Cao Bằng|Tuyên Quang|Lào Cai|Thái Nguyên|Phú Thọ|Bắc Ninh|"
        "Hưng Yên|Ninh Bình|Quảng Trị|Quảng Ngãi|Gia Lai|Khánh Hòa|Lâm Đồng|Đắk Lắk|Đồng Nai|"
        "Tây Ninh|Vĩnh Long|Đồng Tháp|Cà Mau|An Giang",
    )
}
NAMED = re.compile(rf"\b(?:{'|'.join(NAMES)})\b", re.IGNORECASE)
ACRONYMS = {"UBND", "HĐND", "TP", "TP.", "THCS", "THPT", "GDTX", "GDĐT", "BHXH", "KCN", "CNTT"}
ACRONYMS |= {"TNHH", "MTV", "PTNT", "VNPT", "PCCC"}
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


PART_OF_A_BODY = re.compile(r"BAN (?:THƯỜNG VỤ|CHẤP HÀNH)|VĂN PHÒNG|THƯỜNG TRỰC")
# "Sở Giáo dục và Đào tạo": each half of the name begins with a capital.
JOINT_NAMES = {"SỞ", "BỘ", "TRƯỜNG", "PHÒNG", "VỤ"}
NATION_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


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
            if NATION_NAME.endswith(f" {bare}"):
                continue  # the nation's name went on in a second line
            goes_on = agencies and len(bare.split()) == 1 and bare not in ACRONYMS
            if AGENCY.match(bare) and not goes_on:
                agencies.append(bare)
            elif agencies:
                agencies[-1] += f" {bare}"
    body = "\n".join(_text(block) for block in blocks)
    if agencies:
        lower = agencies[-1]
        # "Ban Thường vụ" alone names nobody.
        part = len(agencies) > 1 and PART_OF_A_BODY.fullmatch(lower)
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
    kind = KIND.match(capitals)
    name = len(kind.group().split()) if kind else 1
    raised = {0, name} | ({1} if words[0] == "TRƯỜNG" else set())
    written: list[str] = []
    proper = False
    for n, word in enumerate(words):
        lower = word.casefold()
        starts = proper or n in raised or words[n - 1] in {"–", "-"} or words[n - 1].endswith(",")
        starts = starts or (words[n - 1] == "VÀ" and words[0] in JOINT_NAMES)
        if word in ACRONYMS or "&" in word or re.fullmatch(r"[IVX]+|\w", word):
            written.append(word)
        elif n == 0 or (starts and lower not in SMALL_WORDS | PLACES):
            written.append(lower.capitalize())
        else:
            written.append(lower)
        # What follows the kind of a place is its name.
        proper = proper or lower in PLACES or (lower == "phố" and words[n - 1] == "THÀNH")
    return _with_names(" ".join(written), body)


def _with_names(written: str, body: str) -> str:
    """Proper names raised: those of the country, and what the document itself writes so."""
    written = NAMED.sub(lambda name: NAMES[name.group().casefold()], written)
    words = written.split()
    for length in (4, 3, 2):
        for at in range(1, len(words) - length + 1):
            part = words[at : at + length]
            name = " ".join(word.capitalize() for word in part)
            if any(map(str.islower, part)) and re.search(rf"\b{re.escape(name)}\b", body):
                words[at : at + length] = name.split()
    return " ".join(words)
