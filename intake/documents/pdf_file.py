"""A PDF with text: its lines from top to bottom, and the tables drawn with rules.

pypdfium2 rather than pdfplumber: one dependency instead of five, and twenty times faster.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from intake.documents.blocks import Block, Line, Progress, Row, Source, Table, clean, refuse
from intake.documents.pdf_tables import Cell, Grid, Rule, Word, grids, turn
from models.finding import Finding, Severity

MOST_PAGES = 2_000
# Fewer letters than these on a page are a stamp or a page number on a picture.
FEWEST_LETTERS = 20
# A gap this many times the height of the letters separates two columns.
COLUMN_GAP = 2.0
COLUMN_SPACES = "     "
# Letters whose middles are nearer than this part of their height stand on one line.
SAME_LINE = 0.5
# A space is about this part of the height of the letters.
LEAST_SPACE = 0.25
MOST_OBJECTS = 20_000


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line or a table and how high on the page it stands."""

    top: float
    words: tuple[Word, ...] = ()
    grid: Grid | None = None


def read_pdf(path: Path, progress: Progress) -> Source:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            refuse(path, "tệp PDF được đặt mật khẩu: hãy bỏ mật khẩu rồi thử lại")
        refuse(path, "tệp PDF bị hỏng hoặc tải về chưa xong")
    try:
        return _read(path, document, progress)
    finally:
        document.close()


def _read(path: Path, document: Any, progress: Progress) -> Source:
    pages = len(document)
    if pages > MOST_PAGES:
        refuse(path, f"tệp PDF có {pages} trang, nhiều nhất {MOST_PAGES}")
    blocks: list[Block] = []
    empty: list[int] = []
    line = 0
    for number in range(pages):
        try:
            placed = _page(document, number)
        except pypdfium2.PdfiumError:
            placed = []
        letters = 0
        starts = True
        for each in placed:
            block: Block
            if each.grid is not None:
                block, line = _table(each.grid, line)
                letters += sum(len(cell) for row in block.rows for cell in row.cells)
            else:
                line += 1
                block = Line(line, clean(_spaced(each.words)), page_starts=starts)
                letters += len(block.text)
            starts = False
            blocks.append(block)
        if letters < FEWEST_LETTERS:
            empty.append(number + 1)
        progress(number + 1, pages)
    if len(empty) == pages:
        refuse(
            path,
            "tệp PDF là bản quét, không có chữ để đọc: hãy dùng bản có chữ (.docx, .pdf) hoặc "
            "nhận dạng chữ (OCR) trước",
        )
    return Source(tuple(blocks), wrapped=True, findings=tuple(_unread(path, empty)))


def _unread(path: Path, empty: list[int]) -> Iterator[Finding]:
    if empty:
        pages = ", ".join(map(str, empty))
        yield Finding(
            severity=Severity.WARNING,
            place=str(path),
            message=f"trang không có chữ để đọc (bản quét hoặc để trống): {pages}",
        )


def _page(document: Any, number: int) -> list[_Placed]:
    page = document[number]
    try:
        textpage = page.get_textpage()
        try:
            turned = page.get_rotation()
            words = list(_words(textpage.raw, turned))
        finally:
            textpage.close()
        rules = list(_rules(page.raw))
    finally:
        page.close()
    if turned:
        rules = [rule.turned(turned) for rule in rules]
    placed: list[_Placed] = []
    for grid in grids(rules):
        inside = [word for word in words if grid.holds(word)]
        if len(inside) < 2:
            continue
        words = [word for word in words if not grid.holds(word)]
        grid.fill(inside)
        placed.append(_Placed(grid.top, grid=grid))
    lines = (line for line in lines_of(words) if clean(_spaced(line)).strip())
    placed += (_Placed(line[0].middle, words=tuple(line)) for line in lines)
    return sorted(placed, key=lambda each: -each.top)


def _words(textpage: Any, turned: int) -> Iterator[Word]:
    """Letters that touch, in the order the page gives them."""
    rect = pdfium.FS_RECTF()
    letters: list[str] = []
    x0 = y0 = x1 = y1 = 0.0
    for index in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        # These two are how pdfium marks a hyphen at the end of a line.
        letter = "-" if code in {0xFFFE, 0x2} else chr(code) if 0 < code < 0x110000 else " "
        if letter.isspace():
            if letters:
                yield Word("".join(letters), x0, y0, x1, y1)
            letters = []
            continue
        if not pdfium.FPDFText_GetLooseCharBox(textpage, index, rect):
            continue
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        if turned:
            left, bottom, right, top = turn(left, bottom, right, top, turned)
        if letters and _apart(left, bottom, top, x1, y0, y1):
            yield Word("".join(letters), x0, y0, x1, y1)
            letters = []
        if letters:
            x1, y0, y1 = max(x1, right), min(y0, bottom), max(y1, top)
        else:
            x0, y0, x1, y1 = left, bottom, right, top
        letters.append(letter)
    if letters:
        yield Word("".join(letters), x0, y0, x1, y1)


def _apart(left: float, bottom: float, top: float, x1: float, y0: float, y1: float) -> bool:
    height = max(top - bottom, 1.0)
    other_line = abs((bottom + top) / 2 - (y0 + y1) / 2) > height
    return other_line or left - x1 > height or left < x1 - 2 * height


def lines_of(words: Sequence[Word]) -> list[list[Word]]:
    """Words in lines from top to bottom, each from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda each: (-each.middle, each.x0)):
        line = lines[-1] if lines else None
        if line is not None and abs(line[0].middle - word.middle) < SAME_LINE * line[0].height:
            line.append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda each: each.x0) for line in lines]


def _spaced(words: Sequence[Word]) -> str:
    text = ""
    for previous, word in zip([None, *words], words, strict=False):
        if previous is not None:
            wide = word.x0 - previous.x1 > COLUMN_GAP * word.height
            text += COLUMN_SPACES if wide else " "
        text += word.text
    return text


def _table(grid: Grid, line: int) -> tuple[Table, int]:
    rows: list[Row] = []
    for cells, merged in grid.rows():
        texts = tuple(clean(_written(cell)) for cell in cells)
        if any(texts):
            line += 1
            rows.append(Row(texts, (line, line), merged))
    return Table(tuple(rows)), line


def _written(cell: Cell) -> str:
    """A cell's text; a line was broken by hand where the next word had room in it."""
    text = ""
    above: list[Word] | None = None
    for line in lines_of(cell.words):
        if above is not None:
            left = min(word.x0 for word in cell.words)
            margin = max(left - cell.left, 0.0)
            used = max(word.x1 for word in above) - min(word.x0 for word in above)
            room = cell.right - cell.left - 2 * margin - used
            wide = line[0].x1 - line[0].x0 + LEAST_SPACE * line[0].height
            text += "\n" if room > wide else " "
        text += " ".join(word.text for word in line)
        above = line
    return text


def _rules(page: Any) -> Iterator[Rule]:
    """The straight rules of a page: thin boxes, and the sides of drawn paths."""
    bounds = [pdfium.c_float() for _ in range(4)]
    for index in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(item, *bounds):
            continue
        x0, y0, x1, y1 = (bound.value for bound in bounds)
        rule = Rule.of(x0, y0, x1, y1)
        if rule is not None:
            yield rule
        else:
            yield from _sides(item)


def _sides(item: Any) -> Iterator[Rule]:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    x, y = pdfium.c_float(), pdfium.c_float()
    first: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    for index in range(min(pdfium.FPDFPath_CountSegments(item), MOST_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            yield from _side(last, point)
        elif kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = point
        last = point
        if first is not None and pdfium.FPDFPathSegment_GetClose(segment):
            yield from _side(point, first)


def _side(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Rule]:
    (ax, ay), (bx, by) = start, end
    rule = Rule.of(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    if rule is not None:
        yield rule
