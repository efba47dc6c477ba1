"""Plain text, typed or extracted from a PDF: its lines, and the tables drawn with bars or tabs."""

import re
from collections.abc import Iterator
from pathlib import Path

from intake.documents.blocks import (
    Block,
    Line,
    Progress,
    Row,
    Source,
    Table,
    clean,
    fold,
    refuse,
    without_emphasis,
)

RULE = re.compile(r"^\s*\|?[\s:|+=_-]*-{2,}[\s:|+=_-]*$")
LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
FEWEST_TABS = 2


def read_text(path: Path, progress: Progress) -> Source:
    content = path.read_bytes()
    if b"\0" in content:
        refuse(path, "tệp không phải là văn bản UTF-8: hãy lưu lại với mã hoá UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        refuse(path, "tệp không phải là văn bản UTF-8: hãy lưu lại với mã hoá UTF-8", line)
    blocks = tuple(_blocks(_lines(text)))
    progress(1, 1)
    return Source(blocks=blocks, wrapped=True)


def _lines(text: str) -> Iterator[Line]:
    """A form feed starts a page and, not counting as a line in any editor, no line."""
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        page_starts = "\f" in raw
        line = Line(number, clean(raw.replace("\f", "").replace("\v", " ")).replace("\n", " "))
        yield Line(number, line.text, page_starts=page_starts)


def _blocks(lines: Iterator[Line]) -> Iterator[Block]:
    """Blank lines are dropped, tables gathered."""
    rows: list[Row] = []
    for line in lines:
        cells = _cells(line.text)
        if cells is not None:
            if not RULE.match(line.text):
                rows.append(Row(cells, (line.number, line.number)))
            continue
        if not line.text.strip():
            # A blank line inside a table is the end of a page, not of the table.
            continue
        if rows:
            yield Table(tuple(_even(rows)))
            rows = []
        yield without_emphasis(line)
    if rows:
        yield Table(tuple(_even(rows)))


def _cells(text: str) -> tuple[str, ...] | None:
    bare = text.strip()
    if bare.startswith("|") and bare.count("|") > 1:
        inner = bare[1:-1] if bare.endswith("|") else bare[1:]
        return tuple(_cell(cell) for cell in inner.split("|"))
    if bare.count(" |") > 1:
        return tuple(_cell(cell) for cell in bare.split("|"))
    if RULE.match(text) and ("|" in text or "+" in text):
        return ()
    # One tab is an indent or a gap; a row of a copied sheet has several.
    if text.count("\t") >= FEWEST_TABS and not bare.startswith("-"):
        cells = tuple(_cell(cell) for cell in text.strip("\n").split("\t"))
        return cells if sum(map(bool, cells)) > FEWEST_TABS else None
    return None


def _cell(text: str) -> str:
    parts = LINE_BREAK.split(text.replace("**", "").replace("\\|", "|"))
    return "\n".join(filter(None, map(fold, parts)))


def _even(rows: list[Row]) -> Iterator[Row]:
    """Every row as wide as the widest, so that columns keep their place."""
    width = max(len(row.cells) for row in rows)
    for row in rows:
        yield Row(row.cells + ("",) * (width - len(row.cells)), row.lines)
