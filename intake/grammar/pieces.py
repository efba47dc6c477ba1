"""What stands apart on a page: cells, broken lines, columns."""

import re
from collections.abc import Sequence

from intake.documents.blocks import Table, fold
from intake.grammar.joining import Paragraph

Blocks = Sequence[Paragraph | Table]

COLUMNS = re.compile(r"\s{3,}|\t+")


def pieces_of(block: Paragraph | Table) -> list[str]:
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
