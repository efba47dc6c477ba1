"""The frame of a document: letterhead, title and bases above; recipients and signer below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as Date

from intake.documents.blocks import Table, fold
from intake.grammar.joining import Paragraph
from intake.grammar.numbering import Kind, mark
from intake.grammar.outline import period_headings
from intake.grammar.units import is_unit
from intake.grammar.words import heading_role, is_capitals
from models.imported import Signer

Blocks = Sequence[Paragraph | Table]

TYPES = (
    "KẾ HOẠCH|CHƯƠNG TRÌNH|QUYẾT ĐỊNH|CHỈ THỊ|NGHỊ QUYẾT|THÔNG BÁO|HƯỚNG DẪN|CÔNG ĐIỆN|ĐỀ ÁN|"
    "PHƯƠNG ÁN|DANH MỤC|BÁO CÁO|TỜ TRÌNH|QUY CHẾ|QUY ĐỊNH|KẾT LUẬN|THÔNG TRI|LỊCH CÔNG TÁC|"
    "PHÂN CÔNG|BẢNG PHÂN CÔNG|BẢNG TỔNG HỢP|DỰ KIẾN|NHIỆM VỤ"
)
TYPE = re.compile(rf"^(?:{TYPES})\b")
MIXED_TYPE = re.compile(
    r"^(?:Kế hoạch|Chương trình|Chỉ thị|Quyết định|Nghị quyết|Thông báo|Công văn|Đề án)\b(?! số)"
)
NATION = re.compile(r"CỘNG H[ÒO][AÀ]\s+XÃ HỘI|Độc lập\s*[-–]\s*Tự do", re.IGNORECASE)
NUMBER = re.compile(r"(?:^|\s)Số\s*:?\s*(?P<number>\d[\w.]*\s*[-/][\wĐđ./-]*[A-ZĐ][\wĐđ./-]*)")
NUMBERED = re.compile(r"(?:^|\s)Số\s*:", re.IGNORECASE)
DATED = re.compile(
    r"^(?P<place>[A-ZĐÀ-Ỹ][\w .-]{1,40}),\s*ngày\s*(?P<day>\d{0,2})[\s.…]*"
    r"tháng\s*(?P<month>\d{0,2})"
    r"[\s.…]*năm\s*(?P<year>\d{4})"
)
BASIS = re.compile(
    r"^[-–•+]?\s*(?:Căn cứ|Thực hiện|Thi hành|Theo|Xét|Để|Triển khai|Nhằm|Tiếp tục)\b"
)
BASIS_TEXT = re.compile(
    r"(?:Căn cứ|căn cứ|Thực hiện|thực hiện|Thi hành|Theo|Triển khai)\s+(?:các\s+)?"
    r"(?P<text>(?:Kế hoạch|Quyết định|Nghị quyết|Chỉ thị|Luật|Nghị định|Thông tư|Chương trình|"
    r"Công văn|Hướng dẫn|Công điện|Kết luận|Đề án|Thông báo|Bộ luật|Hiến pháp|Văn bản)\b[^;]*)"
)
BASIS_ENDS = re.compile(
    r"\s+(?:về việc|về|quy định|ban hành|phê duyệt|sửa đổi|hướng dẫn|của Quốc hội về)\b|"
    r";|\.\s|,\s+(?=[A-ZĐ]|để|nhằm|trong)|\.$"
)
RECIPIENTS = re.compile(r"^\W*Nơi nhận\W*", re.IGNORECASE)
AUTHORITY = re.compile(r"^(?:KT|TM|TL|TUQ|Q|T/M|K/T)\s*\.\s*[A-ZĐ]|^(?:KT|TM|TL|TUQ)\s+[A-ZĐ]{2}")
POSITION = re.compile(
    r"^(?:PHÓ |TRƯỞNG |CHÁNH |QUYỀN )?(?:GIÁM ĐỐC|CHỦ TỊCH|BỘ TRƯỞNG|THỨ TRƯỞNG|HIỆU TRƯỞNG|"
    r"CỤC TRƯỞNG|TRƯỞNG PHÒNG|TRƯỞNG BAN|PHÒNG|THỦ TƯỚNG|TỔNG GIÁM ĐỐC|VĂN PHÒNG|VIỆN TRƯỞNG|"
    r"BÍ THƯ|TRƯỞNG|PHÓ)\b"
)
NAME = re.compile(
    r"^(?:(?:ThS|TS|PGS|GS|BS|KS)\.?\s*)*(?P<name>(?:[A-ZĐÀ-Ỹ][a-zà-ỹđ]*\s+){1,4}[A-ZĐÀ-Ỹ][a-zà-ỹđ]*)$"
)
AGENCY = re.compile(
    r"^(?:BỘ|SỞ|UBND|ỦY BAN|UỶ BAN|BAN|PHÒNG|TRƯỜNG|TRUNG TÂM|CỤC|VỤ|TỔNG CỤC|CHI CỤC|HĐND|HỘI|"
    r"ĐẢNG|VĂN PHÒNG|VIỆN|BẢO HIỂM|CÔNG AN|ĐOÀN|LIÊN|CHÍNH PHỦ|THỦ TƯỚNG|NGÂN HÀNG|"
    r"CÔNG ĐOÀN|HỘI ĐỒNG|"
    r"TẬP ĐOÀN|TỔNG|CÔNG TY|BỆNH VIỆN|THANH TRA|KHO BẠC|THUẾ|ĐẠI HỌC|HỌC VIỆN|ĐẢNG ỦY|"
    r"MẶT TRẬN|TÒA|KHOA|TỔ|QUỸ|BCH|BCĐ)\b"
)
COLUMNS = re.compile(r"\s{3,}|\t+")
PLACES = {"thcs", "thpt", "tỉnh", "xã", "phường", "huyện", "quận"}
RULE = re.compile(r"[-–—_*=\s]+")
MOST_TITLE_LINES = 12
LONGEST_PLAIN_TITLE = 120
LONGEST_BROKEN_TITLE = 160
SENTENCE = 60
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


@dataclass
class Header:
    title: str = ""
    issuer: str = ""
    number: str | None = None
    date: Date | None = None
    year: int | None = None
    bases: tuple[str, ...] = ()
    kind: str = ""


@dataclass
class Frame:
    header: Header
    bodies: list[tuple[str, Blocks]] = field(default_factory=list)
    recipients: tuple[str, ...] = ()
    signer: Signer | None = None


def frame(blocks: Blocks) -> Frame:
    """The document's parts: the body, and each appendix with the prefix of its codes."""
    start = _body_start(blocks)
    header = _header(blocks[:start], blocks)
    found = Frame(header)
    body: list[Paragraph | Table] = []
    tail: list[str] = []
    prefix = ""
    closing = titled = False
    for position in range(start, len(blocks)):
        block = blocks[position]
        appendix = _appendix(block)
        attached = closing and appendix is None and _attached(block)
        if appendix is not None or attached:
            if body:
                found.bodies.append((prefix, body))
            prefix = "PL" + (appendix or "") if appendix is not None else ""
            body, closing, titled = [], False, True
            continue
        if titled and isinstance(block, Paragraph) and _is_title(block):
            continue
        titled = False
        closing = closing or _closes(block)
        if closing:
            tail += _pieces(block)
        else:
            body.append(block)
    if body:
        found.bodies.append((prefix, body))
    found.recipients = tuple(_recipients(tail))
    found.signer = _signer(tail)
    for piece in tail:
        dated = DATED.match(piece)
        if dated and header.date is None:
            _take_date(header, dated)
    return found


def _appendix(block: Paragraph | Table) -> str | None:
    if isinstance(block, Table):
        return None
    sign = mark(block.text)
    if sign is None or sign.kind is not Kind.APPENDIX:
        return None
    return sign.label


def _is_title(block: Paragraph) -> bool:
    """The lines below "PHỤ LỤC": its title, and in brackets what it belongs to."""
    if mark(block.text) is not None:
        return False
    text = block.text.strip()
    return is_capitals(text) or text.startswith("(") or not text.endswith((".", ";", ":"))


def _attached(block: Paragraph | Table) -> bool:
    """A plan issued with a decision, after the decision's signature."""
    if isinstance(block, Table):
        return False
    return bool(TYPE.match(block.text.strip())) and is_capitals(block.text)


def _closes(block: Paragraph | Table) -> bool:
    pieces = _pieces(block)
    if isinstance(block, Table):
        return any(RECIPIENTS.match(piece) for piece in pieces) or _is_signature(pieces)
    return any(
        RECIPIENTS.match(piece) or AUTHORITY.match(piece) or DATED.match(piece) for piece in pieces
    ) or bool(POSITION.match(block.text) and is_capitals(block.text.partition("[")[0]))


def _is_signature(pieces: Sequence[str]) -> bool:
    return len(pieces) < 12 and any(AUTHORITY.match(piece) for piece in pieces)


def _pieces(block: Paragraph | Table) -> list[str]:
    """What stands apart on the page: cells, broken lines, columns; left before right."""
    if isinstance(block, Table):
        cells: list[str] = []
        for row in block.rows:
            for column, cell in enumerate(row.cells):
                if column not in row.merged:
                    cells += re.split(r"\n|\s/\s(?=\S)", cell)
        return [fold(cell) for cell in cells if cell.strip()]
    left: list[str] = []
    right: list[str] = []
    for piece in block.pieces:
        columns = [fold(part) for part in COLUMNS.split(piece.text.strip()) if part.strip()]
        left += columns[:1]
        right += columns[1:]
    return [*left, *right]


def _body_start(blocks: Blocks) -> int:
    """Where the numbered parts or the tables of tasks begin."""
    typed = False
    periods = period_headings(blocks)
    for position, block in enumerate(blocks):
        if typed and position in periods and not isinstance(blocks[position - 1], Table):
            above = blocks[position - 1]
            if not (isinstance(above, Paragraph) and TYPE.match(above.text)):
                return position
        if isinstance(block, Table):
            if len(block.rows) > 2 and len(block.rows[0].cells) > 2:
                return position
            continue
        sign = mark(block.text)
        if sign is not None and sign.kind is Kind.APPENDIX:
            if position > 3 and typed:
                return position
            continue
        if sign is not None and sign.kind <= Kind.DECIMAL and not NUMBERED.match(block.text):
            return position
        text = block.text.strip()
        if typed and is_capitals(text) and heading_role(text) and not TYPE.match(text):
            return position
        typed = typed or bool(TYPE.match(text)) or bool(MIXED_TYPE.match(text))
        if typed and heading_role(text) and block.bold and not is_capitals(text):
            return position
        if RECIPIENTS.match(text):
            break
    return _first_dash(blocks)


def _first_dash(blocks: Blocks) -> int:
    """Where nothing is numbered the body begins with its first dash below the title."""
    typed = False
    for position, block in enumerate(blocks):
        if isinstance(block, Table):
            continue
        if RECIPIENTS.match(block.text.strip()):
            return position
        sign = mark(block.text)
        if typed and sign is not None and sign.kind >= Kind.DASH and not BASIS.match(block.text):
            above = blocks[position - 1]
            return position - (isinstance(above, Paragraph) and is_unit(above.text))
        typed = typed or bool(TYPE.match(block.text.strip()))
    return len(blocks)


def _header(blocks: Blocks, everything: Blocks) -> Header:
    header = Header()
    pieces = [piece for block in blocks for piece in _pieces(block)]
    for piece in pieces:
        number = NUMBER.search(piece)
        if number and header.number is None:
            header.number = re.sub(r"\s", "", number["number"])
        # In a PDF the date may stand in one line with the number.
        dated = DATED.match(piece[number.end() :].strip() if number else piece)
        if dated and header.date is None:
            _take_date(header, dated)
    at = _title(header, blocks)
    above = blocks if at is None else blocks[:at]
    letterhead = [piece for block in above for piece in _pieces(block)]
    header.issuer = _issuer(letterhead, everything)
    header.bases = tuple(_bases(blocks))
    return header


def _take_date(header: Header, dated: re.Match[str]) -> None:
    header.year = int(dated["year"])
    if dated["day"] and dated["month"]:
        try:
            header.date = Date(header.year, int(dated["month"]), int(dated["day"]))
        except ValueError:
            header.date = None


def _title(header: Header, blocks: Blocks) -> int | None:
    """Sets the title; answers at which block it begins.

    After the line that names the kind of document, the title goes on until the bases, the body, or
    a remark in brackets.
    """
    for position, block in enumerate(blocks):
        if isinstance(block, Table):
            continue
        lines = [fold(line.text) for line in block.pieces]
        for n, line in enumerate(lines):
            if line.startswith("V/v"):
                # A letter has its subject below its number.
                header.title = fold(" ".join(lines[n:])).removeprefix("V/v").strip(" :")
                return position
            typed = TYPE.match(line) and is_capitals(line.partition("(")[0])
            plain = not typed and MIXED_TYPE.match(line) and not BASIS.match(line)
            if not typed and not plain:
                continue
            header.kind = (TYPE.match(line) or MIXED_TYPE.match(line) or [line])[0].upper()
            title = _title_lines(line, lines[n + 1 :], blocks[position + 1 :])
            bare = TYPE.match(title[0])
            alone = bare is not None and bare.end() == len(title[0].rstrip(" :*"))
            if len(title) > 1 and (alone or _names_only_kind(title)):
                title = title[1:]
            header.title = fold(" ".join(title)).rstrip(" *")
            return position
    return None


def _names_only_kind(title: Sequence[str]) -> bool:
    """ "CHƯƠNG TRÌNH HÀNH ĐỘNG" above what it is about."""
    first, second = title[:2]
    return (
        is_capitals(first)
        and len(first.split()) <= len(["CHƯƠNG", "TRÌNH", "HÀNH", "ĐỘNG"])
        and (not is_capitals(second))
    )


def _title_lines(line: str, rest: Sequence[str], following: Blocks) -> list[str]:
    title = [line]
    typed = TYPE.match(line) is not None
    lines: list[tuple[str, Paragraph | None]] = [(text, None) for text in rest]
    for block in following:
        if isinstance(block, Table):
            break
        lines += [(fold(piece.text), block) for piece in block.pieces]
    for text, within in lines:
        if _ends_title(text, within, title, typed=typed) or len(title) > MOST_TITLE_LINES:
            break
        title.append(text)
    return title


def _ends_title(text: str, block: Paragraph | None, title: list[str], *, typed: bool) -> bool:
    if not text or text.startswith("(") or RULE.fullmatch(text):
        return True
    if typed and len(title) == 1:
        # Right below "KẾ HOẠCH" even "Thực hiện Nghị quyết …" is the title.
        return text.startswith(("Căn cứ", "Xét"))
    if BASIS.match(text) and _begins_bases(text, block):
        return True
    if is_capitals(text) and (TYPE.match(text) or not is_capitals(title[-1])):
        return True
    if not typed and len(title) == 1:
        return block is not None or len(text) > LONGEST_PLAIN_TITLE
    # A whole sentence is no title.
    sentence = text.endswith((".", ":", ";")) and len(text) > SENTENCE
    return sentence or text.startswith(("Kính gửi", "Trong ", "Luật ", "Năm ", "Ngày ", "Sau khi "))


def _begins_bases(text: str, block: Paragraph | None) -> bool:
    whole = block.text if block is not None and block.text.startswith(text[:20]) else text
    long = len(whole) > LONGEST_BROKEN_TITLE
    return long or whole.endswith((";", ":", ",", ".")) or text.startswith("Căn cứ")


def _issuer(letterhead: Sequence[str], blocks: Blocks) -> str:
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


def _bases(blocks: Blocks) -> Iterator[str]:
    seen: set[str] = set()
    for block in blocks:
        if isinstance(block, Table):
            continue
        lines = [line for line in block.pieces if BASIS.match(fold(line.text))]
        text = block.text
        if not lines:
            continue
        if not BASIS.match(text):
            text = text[text.index(fold(lines[-1].text)) :]
        ends_like_basis = text.rstrip().endswith((";", ".", ":", ",")) or text.startswith("Căn cứ")
        if not ends_like_basis:
            continue
        for basis in BASIS_TEXT.finditer(text):
            cut = BASIS_ENDS.split(basis["text"], maxsplit=1)[0].strip(" ,.;:")
            if len(cut.split()) > 2 and cut not in seen:
                seen.add(cut)
                yield cut


def _recipients(tail: Sequence[str]) -> Iterator[str]:
    """What stands between "Nơi nhận" and the signature."""
    listening = False
    for piece in tail:
        opened = RECIPIENTS.match(piece)
        listening = listening or opened is not None
        said = piece[opened.end() :] if opened else piece
        if not listening or not said.strip() or AUTHORITY.match(said):
            continue
        if is_capitals(said) and POSITION.match(said):
            continue
        # Without dashes only what is closed by a semicolon is one of a list.
        if not re.match(r"^[-–•+*]", said) and not said.rstrip().endswith((";", ".")):
            continue
        text = said.strip(" -–•+*;,.\t")
        if text:
            yield text


def _signer(tail: Sequence[str]) -> Signer | None:
    authority = position = name = ""
    for piece in tail:
        bare = piece.strip()
        if AUTHORITY.match(bare) and not authority:
            authority = bare
        elif POSITION.match(bare) and is_capitals(bare.partition("[")[0]):
            position = bare.partition("[")[0].strip()
        elif (authority or position) and not bare.startswith("-"):
            named = NAME.match(bare)
            if named:
                name = named["name"]
    if not (authority or position):
        return None
    return Signer(authority=authority, position=position, name=name)
