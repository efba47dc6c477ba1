"""A sheet in the layout of Decree 30/2020/NĐ-CP, appendix I: page, type, paragraphs, sections."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from documents.files import replacing
from documents.tables import ILLEGAL
from documents.word_table import GridColumn, GridRow, insert_table

FONT = "Times New Roman"
PAGE = (Mm(210), Mm(297))
TOP, BOTTOM, LEFT, RIGHT = Mm(20), Mm(20), Mm(30), Mm(17)
TEXT_WIDTH = Length(PAGE[0] - LEFT - RIGHT)
LANDSCAPE_WIDTH = Length(PAGE[1] - LEFT - RIGHT)
BODY_SIZE = Pt(14)
INDENT = Mm(12.7)
CENTRE = WD_ALIGN_PARAGRAPH.CENTER

# Name, identifier, size, alignment, first-line indent, space before and after.
_STYLES = (
    ("Nội dung", "Body", 14, WD_ALIGN_PARAGRAPH.JUSTIFY, INDENT, 0, 6),
    ("Đầu văn bản", "Head", 13, CENTRE, 0, 0, 0),
    ("Tên văn bản", "Kind", 14, CENTRE, 0, 0, 0),
    ("Ô bảng", "Cell", 12, WD_ALIGN_PARAGRAPH.LEFT, 0, 1, 1),
    ("Ô bảng giữa", "CellCentre", 12, CENTRE, 0, 1, 1),
    ("Ô bảng phải", "CellRight", 12, WD_ALIGN_PARAGRAPH.RIGHT, 0, 1, 1),
    ("Đầu bảng", "CellHead", 12, CENTRE, 0, 2, 2),
    ("Ô bảng nhỏ", "CellSmall", 10.5, WD_ALIGN_PARAGRAPH.LEFT, 0, 1, 1),
    ("Ô bảng nhỏ giữa", "CellCentreSmall", 10.5, CENTRE, 0, 1, 1),
    ("Đầu bảng nhỏ", "CellHeadSmall", 10, CENTRE, 0, 2, 2),
    ("Nơi nhận", "Recipients", 11, WD_ALIGN_PARAGRAPH.LEFT, 0, 0, 0),
)


class Paper:
    """One document while it is written, from top to bottom. `at` is the moment of its data."""

    def __init__(self, *, title: str, author: str, at: datetime) -> None:
        self.word: Word = docx.Document()
        self.width = TEXT_WIDTH
        _set_type(self.word)
        _set_page(self.word.sections[0])
        _number_pages(self.word.sections[0])
        _set_properties(self.word, title=title, author=author, at=at)

    def line(
        self,
        text: str = "",
        style: str = "Nội dung",
        *,
        bold: bool = False,
        italic: bool = False,
        size: float | None = None,
    ) -> Paragraph:
        paragraph = self.word.add_paragraph(style=style)
        write(paragraph, text, bold=bold, italic=italic, size=size)
        return paragraph

    def body(
        self, text: str, *, bold: bool = False, italic: bool = False, kept: bool = False
    ) -> None:
        """One paragraph of the body per line of `text`; words people wrote may have several. What
        is `kept` stays with what follows it."""
        for part in filter(None, (part.strip() for part in text.splitlines())):
            line = self.line(part, bold=bold, italic=italic)
            line.paragraph_format.keep_with_next = kept or None

    def heading(self, text: str) -> None:
        """A heading stays with what follows it."""
        self.line(text, bold=True).paragraph_format.keep_with_next = True

    def table(self, columns: Sequence[GridColumn], rows: Sequence[GridRow], **options: Any) -> None:
        """A ruled table over the width of the text; its header is repeated on every page."""
        insert_table(self.word.element.body.sectPr, columns, rows, width=self.width, **options)
        self.gap()

    def appendix(self, name: str, title: str, reference: str, *, landscape: bool) -> None:
        """Begins an appendix on a page of its own, numbered by itself."""
        section = self.word.add_section(WD_SECTION.NEW_PAGE)
        _turn(section, landscape=landscape)
        self.width = LANDSCAPE_WIDTH if landscape else TEXT_WIDTH
        _restart_numbers(section)
        self.line(name, "Tên văn bản", bold=True)
        self.line(title, "Tên văn bản", bold=True)
        self.line(reference, "Tên văn bản", italic=True).paragraph_format.space_after = Pt(8)

    def gap(self) -> None:
        gap = self.word.add_paragraph(style="Đầu văn bản")
        set_height(gap, Pt(6))

    def save(self, path: Path) -> None:
        """Raises BadInput when the file cannot be written."""
        with replacing(path) as file:
            self.word.save(str(file))


def write(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float | None = None,
) -> None:
    if not text:
        return
    run = paragraph.add_run(ILLEGAL.sub("", text))
    run.bold = bold or None
    run.italic = italic or None
    run.font.size = None if size is None else Pt(size)


def set_height(paragraph: Paragraph, height: Length) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = height


def rule_below(paragraph: Paragraph, *, available: Length, length: Length) -> None:
    """A paragraph that is a thin rule of `length`, in the middle of `available`."""
    # Before what else is set: the order inside w:pPr is fixed, and python-docx keeps it.
    xml_of(paragraph).get_or_add_pPr().append(
        parse_xml(
            f"<w:pBdr {nsdecls('w')}>"
            '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
        )
    )
    set_height(paragraph, Pt(3))
    paragraph.paragraph_format.left_indent = Length((available - length) // 2)
    paragraph.paragraph_format.right_indent = Length((available - length) // 2)
    paragraph.paragraph_format.space_after = Pt(4)


def xml_of(part: Any) -> Any:
    """The element behind a paragraph, run or table, for what python-docx has no words for."""
    return part._element  # noqa: SLF001 - it has no public name for it


def _set_type(word: Word) -> None:
    normal = word.styles["Normal"]
    _set_font(normal, BODY_SIZE)
    normal.paragraph_format.space_after = Pt(0)
    for name, identifier, size, alignment, indent, before, after in _STYLES:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), identifier)
        style.base_style = normal
        _set_font(style, Pt(size))
        style.font.bold = True if identifier.startswith("CellHead") else None
        form = style.paragraph_format
        form.alignment = alignment
        form.first_line_indent = indent or None
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.line_spacing = 1.1 if identifier == "Body" else 1.0
        form.widow_control = True


def _set_font(style: Any, size: Length) -> None:
    style.font.name, style.font.size = FONT, size
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    properties.append(language)


def _set_page(section: Any) -> None:
    section.page_width, section.page_height = PAGE
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance = section.footer_distance = Mm(10)


def _turn(section: Any, *, landscape: bool) -> None:
    width, height = PAGE
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if landscape else (width, height)


def _number_pages(section: Any) -> None:
    """In the middle of the top margin, from the second page on."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.style = section.part.document.styles["Đầu văn bản"]
    run = paragraph.add_run()
    run.font.size = BODY_SIZE
    for kind, text in (("begin", None), (None, "PAGE"), ("separate", None), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text
        xml_of(run).append(element)


def _restart_numbers(section: Any) -> None:
    section.different_first_page_header_footer = True
    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:start"), "1")
    section.part.element.body.sectPr.find(qn("w:pgMar")).addnext(numbers)


def _set_properties(word: Word, *, title: str, author: str, at: datetime) -> None:
    core = word.core_properties
    core.title, core.author, core.last_modified_by = title, author, author
    core.comments, core.language = "", "vi-VN"
    core.created = core.modified = at
