"""Tables of .docx, written as XML many rows at a time: cell by cell would take minutes."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Length

from documents.tables import ILLEGAL

ROWS_AT_ONCE = 1000
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES
)


class GridColumn(NamedTuple):
    """`share` of the table's width; `style` is a paragraph style's identifier."""

    title: str
    share: float
    style: str = "Cell"


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
    numbered: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """A ruled table before an element of the body; its header is repeated on every page. `numbered`
    adds a line that numbers the columns, as tables of statistics have."""
    widths = _widths(columns, width)
    table = parse_xml(_frame(widths))
    before.addprevious(table)  # while it is empty: moving a large tree into the document is slow
    head = [_row(columns, widths, [c.title for c in columns], header=True)]
    if numbered:
        head.append(_row(columns, widths, [f"({n + 1})" for n in range(len(columns))], header=True))
    _append(table, head)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        batch = rows[start : start + ROWS_AT_ONCE]
        _append(table, [_row_or_band(columns, widths, row) for row in batch])
        progress(len(batch))


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


def _row_or_band(columns: Sequence[GridColumn], widths: Sequence[int], row: GridRow) -> str:
    return _band(row, widths) if isinstance(row, Band) else _row(columns, widths, row)


def _row(
    columns: Sequence[GridColumn],
    widths: Sequence[int],
    values: Sequence[object],
    *,
    header: bool = False,
) -> str:
    cells = "".join(
        _cell(value, width, "CellHead" if header else column.style)
        for column, width, value in zip(columns, widths, values, strict=True)
    )
    repeated = "<w:tblHeader/>" if header else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def _band(band: Band, widths: Sequence[int]) -> str:
    span = f'<w:gridSpan w:val="{len(widths)}"/>'
    # Kept with the row below, so that no page ends with the head of a group.
    keep, bold = "<w:keepNext/>", "<w:rPr><w:b/></w:rPr>"
    cell = _cell(band.text, sum(widths), "Cell", span=span, keep=keep, look=bold)
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"


def _cell(
    value: object, width: int, style: str, *, span: str = "", keep: str = "", look: str = ""
) -> str:
    runs = "".join(_runs("" if value is None else str(value), look))
    box = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}<w:vAlign w:val="center"/>'
    return (
        f"<w:tc><w:tcPr>{box}</w:tcPr>"
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}</w:pPr>{runs}</w:p></w:tc>'
    )


def _runs(text: str, look: str) -> Iterator[str]:
    for number, line in enumerate(ILLEGAL.sub("", text).splitlines()):
        br = "<w:br/>" if number else ""
        yield f'<w:r>{look}{br}<w:t xml:space="preserve">{escape(line)}</w:t></w:r>'
