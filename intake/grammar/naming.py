"""The names a document itself gives: its recipients, the cells of who performs, abbreviations."""

import re
from collections.abc import Iterator, Sequence

from intake.documents.blocks import Table
from intake.grammar.columns import Column, layout
from intake.grammar.joining import Paragraph
from intake.grammar.names import abbreviated_names
from intake.grammar.units import split_units, starts_unit

WHO = (Column.LEAD, Column.COOPERATING, Column.PERFORMERS)
ROLES = re.compile(
    r"\s*\([^()]*\)|\s+(?:chủ trì|phối hợp|thực hiện)\b.*$|^\W*(?:chủ trì|phối hợp)(?: với)?:?\s+",
    re.IGNORECASE,
)


def names_given(blocks: Sequence[Paragraph | Table], recipients: Sequence[str]) -> Iterator[str]:
    for text in (*recipients, *_cells(blocks)):
        for unit in split_units(ROLES.sub("", text)):
            if starts_unit(unit):
                yield unit
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from abbreviated_names(block.text)


def _cells(blocks: Sequence[Paragraph | Table]) -> Iterator[str]:
    for block in blocks:
        columns = layout(block) if isinstance(block, Table) else None
        if columns is None or isinstance(block, Paragraph):
            continue
        for row in block.rows[columns.first :]:
            yield from re.split(r"[;\n]", columns.cell(row, *WHO))
