"""Tables of .docx, written as XML many rows at a time: cell by cell would take minutes."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Length

from documents.tables import ILLEGAL

ROWS_AT_ONCE = 1000
ROWS_TOGETHER = 8  # a table of so few rows is not broken over two pages
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES
)


class GridColumn(NamedTuple):
    """`share` of the table's width; `style` is a paragraph style's identifier."""

    title: str
    share: float
    style: str = "Cell"

    @property
    def head_style(self) -> str:
        return "CellHeadSmall" if self.style.endswith("Small") else "CellHead"


class Band(NamedTuple):
    """A row of one bold cell over all columns: the head of a group."""

    text: str


GridRow = Sequence[object] | Band


def insert_table(
    before: Any,
    columns: Sequence[GridColumn],
    rows: Sequence[GridRow],
    *,
    width: Length,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """A ruled table before an element of the body; its header is repeated on every page."""
    grid = _Grid(columns, _widths(columns, width))
    table = parse_xml(_frame(grid.widths))
    before.addprevious(table)  # while it is empty: moving a large tree into the document is slow
    _append(table, [grid.header()])
    together = len(rows) if len(rows) <= ROWS_TOGETHER else 0
    for start in range(0, len(rows), ROWS_AT_ONCE):
        batch = rows[start : start + ROWS_AT_ONCE]
        _append(
            table,
            [grid.row(row, keep=place < together) for place, row in enumerate(batch, start=1)],
        )
        progress(len(batch))


class _Grid(NamedTuple):
    """Rows of one table as XML. What is kept stands on one page with the row below it."""

    columns: Sequence[GridColumn]
    widths: Sequence[int]

    def header(self) -> str:
        cells = (
            _cell(column.title, width, column.head_style, keep=True)
            for column, width in zip(self.columns, self.widths, strict=True)
        )
        return _tr("".join(cells), repeated=True)

    def row(self, row: GridRow, *, keep: bool) -> str:
        if isinstance(row, Band):
            return _tr(_cell(row.text, sum(self.widths), "Cell", span=len(self.widths), keep=True))
        cells = (
            _cell(value, width, column.style, keep=keep)
            for column, width, value in zip(self.columns, self.widths, row, strict=True)
        )
        return _tr("".join(cells))


def _widths(columns: Sequence[GridColumn], width: Length) -> list[int]:
    """In twentieths of a point."""
    total = sum(column.share for column in columns)
    return [round(width.twips * column.share / total) for column in columns]


def _frame(widths: Sequence[int]) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/>'
        '<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid></w:tbl>"
    )


def _append(table: Any, rows: Sequence[str]) -> None:
    table.extend(list(parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(rows)}</w:tbl>")))


def _tr(cells: str, *, repeated: bool = False) -> str:
    header = "<w:tblHeader/>" if repeated else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>"


def _cell(value: object, width: int, style: str, *, span: int = 1, keep: bool = False) -> str:
    """A cell over several columns is the bold head of a group."""
    over = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    bold = "<w:rPr><w:b/></w:rPr>" if span > 1 else ""
    runs = "".join(_runs("" if value is None else str(value), bold))
    box = f'<w:tcW w:w="{width}" w:type="dxa"/>{over}<w:vAlign w:val="center"/>'
    kept = "<w:keepNext/>" if keep else ""
    return (
        f"<w:tc><w:tcPr>{box}</w:tcPr>"
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}</w:pPr>{runs}</w:p></w:tc>'
    )


def _runs(text: str, look: str) -> Iterator[str]:
    for number, line in enumerate(ILLEGAL.sub("", text).splitlines()):
        br = "<w:br/>" if number else ""
        yield f'<w:r>{look}{br}<w:t xml:space="preserve">{escape(line)}</w:t></w:r>'
