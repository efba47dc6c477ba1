"""The parts of a document that Decree 30/2020/NĐ-CP, appendix I, gives a place: head, kind,
addressees, recipients, signature."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from documents.paper import CENTRE, TEXT_WIDTH, Paper, rule_below, write, xml_of
from models.letterhead import Letterhead

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
LEFT_BLOCK = Mm(66)
RIGHT_BLOCK = Length(TEXT_WIDTH - LEFT_BLOCK)
MOTTO_LENGTH = Mm(64)
SHORT_RULE = Mm(24)
ROOM_TO_SIGN = 4
ENDINGS = (".", ";", "/.")


def head(
    paper: Paper,
    letterhead: Letterhead,
    *,
    number: str | None,
    symbol: str,
    day: date | None,
    subject: str | None = None,
) -> None:
    """The two blocks at the top. `number` and `day` are blank until the document has them;
    `subject` is what a letter has instead of a kind."""
    left, right = _two_blocks(paper)
    if letterhead.superior:
        _line(left, letterhead.superior.upper(), size=12)
    _line(left, letterhead.agency.upper(), bold=True)
    rule_below(_line(left, ""), available=LEFT_BLOCK, length=SHORT_RULE)
    _line(left, f"Số: {number}" if number else f"Số:           /{symbol}")
    if subject:
        _line(left, f"V/v {subject}", size=12).paragraph_format.space_before = Pt(6)
    _line(right, NATION, bold=True)
    _line(right, MOTTO, bold=True, size=14)
    rule_below(_line(right, ""), available=RIGHT_BLOCK, length=MOTTO_LENGTH)
    place = _line(right, place_and_day(letterhead.place, day), italic=True, size=14)
    place.paragraph_format.space_before = Pt(2)


def place_and_day(place: str, day: date | None) -> str:
    """Days below 10 and the first two months get a zero before them (appendix I, part II, 4)."""
    where = f"{place}, " if place else ""
    if day is None:
        return f"{where}ngày      tháng      năm          "
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{where}ngày {day.day:02} tháng {month} năm {day.year}"


def kind(paper: Paper, name: str, abstract: str) -> None:
    """What the document is and what it is about, centred, with a short rule below."""
    paper.line(name.upper(), "Tên văn bản", bold=True).paragraph_format.space_before = Pt(14)
    paper.line(abstract, "Tên văn bản", bold=True)
    rule_below(paper.line("", "Tên văn bản"), available=TEXT_WIDTH, length=Mm(50))
    paper.word.paragraphs[-1].paragraph_format.space_after = Pt(10)


def addressees(paper: Paper, names: Sequence[str]) -> None:
    """ "Kính gửi:" on one line for one addressee, as a list for several."""
    if len(names) == 1:
        one = paper.line(f"Kính gửi: {names[0]}", "Tên văn bản")
        one.paragraph_format.space_before = one.paragraph_format.space_after = Pt(12)
        return
    first = paper.line("Kính gửi:", "Tên văn bản")
    first.alignment = WD_ALIGN_PARAGRAPH.LEFT
    first.paragraph_format.left_indent = Mm(35)
    first.paragraph_format.space_before = Pt(12)
    for name in listed(names):
        one = paper.line(name, "Tên văn bản")
        one.alignment = WD_ALIGN_PARAGRAPH.LEFT
        one.paragraph_format.left_indent = Mm(48)
        one.paragraph_format.first_line_indent = Mm(-3)
    paper.word.paragraphs[-1].paragraph_format.space_after = Pt(12)


def foot(paper: Paper, letterhead: Letterhead, recipients: Sequence[str]) -> None:
    """Recipients on the left, signature on the right; the block is not torn apart."""
    paper.gap()
    left, right = _two_blocks(paper)
    write(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12)
    left.paragraphs[0].style = "Nơi nhận"
    kept = f"Lưu: VT, {letterhead.drafting}" if letterhead.drafting else "Lưu: VT"
    for name in listed([*recipients, kept]):
        write(left.add_paragraph(style="Nơi nhận"), name)
    for line in filter(None, (letterhead.authority, letterhead.position)):
        _line(right, line.upper(), bold=True, size=14)
    for _ in range(ROOM_TO_SIGN):
        _line(right, "", size=14)
    _line(right, letterhead.signer, bold=True, size=14)
    for block in (left, right):
        for paragraph in block.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def listed(names: Sequence[str]) -> list[str]:
    """`- Một;` … `- Cuối.`"""
    bare = [name.rstrip(" .;,/") for name in names]
    return [f"- {name};" for name in bare[:-1]] + [f"- {name}." for name in bare[-1:]]


def _two_blocks(paper: Paper) -> tuple[_Cell, _Cell]:
    table: Any = paper.word.add_table(1, 2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _without_inner_margins(table)
    cells = table.rows[0].cells
    for cell, column, width in zip(cells, table.columns, (LEFT_BLOCK, RIGHT_BLOCK), strict=True):
        column.width = cell.width = width
    return cells[0], cells[1]


def _without_inner_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # Before w:tblLook: the order inside w:tblPr is fixed.
    xml_of(table).tblPr.find(qn("w:tblLook")).addprevious(margins)


def _line(
    cell: _Cell, text: str, *, bold: bool = False, italic: bool = False, size: float | None = None
) -> Paragraph:
    """The first line uses the paragraph every cell begins with."""
    first: Paragraph = cell.paragraphs[0]
    unused = len(cell.paragraphs) == 1 and first.alignment is None
    paragraph = first if unused else cell.add_paragraph()
    paragraph.style = "Đầu văn bản"
    paragraph.alignment = CENTRE
    write(paragraph, text, bold=bold, italic=italic, size=size)
    return paragraph
