"""No paragraph or cell is read further than any plan writes one."""

from collections.abc import Sequence
from dataclasses import replace

from intake.documents.blocks import Line, Row, Table
from intake.grammar.joining import Paragraph
from models.finding import Severity
from models.imported import LineFinding

MOST = 10_000  # characters
Block = Paragraph | Table


def shortened(blocks: Sequence[Block]) -> tuple[list[Block], list[LineFinding]]:
    """The same blocks without what is beyond the limit, and a finding for each that was cut."""
    return [_cut(block) for block in blocks], [
        _finding(line, length) for block in blocks for line, length in _too_long(block)
    ]


def _too_long(block: Block) -> list[tuple[int, int]]:
    """Where something is cut, and how long it was."""
    if isinstance(block, Paragraph):
        lengths = [(block.lines[0], sum(len(piece.text) for piece in block.pieces))]
    else:
        lengths = [(row.lines[0], max(map(len, row.cells), default=0)) for row in block.rows]
    return [(line, length) for line, length in lengths if length > MOST]


def _cut(block: Block) -> Block:
    if not _too_long(block):
        return block
    if isinstance(block, Table):
        return Table(tuple(_cut_row(row) for row in block.rows))
    pieces: list[Line] = []
    left = MOST
    for piece in block.pieces:
        pieces.append(replace(piece, text=piece.text[:left]))
        left -= len(piece.text)
        if left <= 0:
            break
    return Paragraph(tuple(pieces))


def _cut_row(row: Row) -> Row:
    return replace(row, cells=tuple(cell[:MOST] for cell in row.cells))


def _finding(line: int, length: int) -> LineFinding:
    message = f"đoạn dài {length} ký tự: chỉ đọc {MOST} ký tự đầu, cần xem phần còn lại"
    return LineFinding(line=line, severity=Severity.WARNING, message=message)
