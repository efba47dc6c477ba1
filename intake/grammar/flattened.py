"""Tables that lost their rules: cells one under another, or side by side with spaces between."""

import re
from collections.abc import Sequence
from itertools import pairwise

from intake.documents.blocks import Block, Line, Row, Table, fold
from intake.grammar.columns import Column, column_of, is_timing
from intake.grammar.numbering import Kind, cell_label, mark
from intake.grammar.units import is_unit, may_be_unit

FEWEST_COLUMNS, MOST_COLUMNS = 3, 9
LONGEST_NAME = 60
LONGEST_CELLS = 40  # lines of one row
NARROWEST = 2  # spaces between two columns
JITTER = 4  # a column's edge is not printed to the letter
SPACES = re.compile(r"\s{2,}")
WHO = {Column.LEAD, Column.COOPERATING, Column.PERFORMERS}
WHEN = {Column.TIMING, Column.START, Column.END}
Lines = Sequence[Block]
Gap = tuple[int, int]


def with_tables(blocks: Lines) -> list[Block]:
    """The same blocks, with what was a table a table again."""
    found: list[Block] = []
    place = 0
    while place < len(blocks):
        block = blocks[place]
        header = isinstance(block, Line) and _begins(block)
        read = (_stacked(blocks, place) or _aligned(blocks, place)) if header else None
        if read is None:
            found.append(block)
            place += 1
        else:
            table, place = read
            found.append(table)
    return found


def _begins(line: Line) -> bool:
    """A header begins with the column of the numbers."""
    return column_of(SPACES.split(line.text.strip())[0]) is Column.LABEL


# one cell under another


def _stacked(blocks: Lines, start: int) -> tuple[Table, int] | None:
    names, place = _names(blocks, start)
    kinds = [column_of(name) for name in names]
    if not FEWEST_COLUMNS <= len(kinds) <= MOST_COLUMNS or not _has_tasks(kinds):
        return None
    header = Row(tuple(names), (_number(blocks, start), _number(blocks, place - 1)))
    rows = [header]
    count = 0
    while place < len(blocks):
        line = blocks[place]
        sign = cell_label(fold(line.text)) if isinstance(line, Line) else None
        if sign is None or not isinstance(line, Line):
            break
        numbered = sign.kind is Kind.NUMBER
        if numbered and sign.ordinal != count + 1:
            break
        end = _end_of_row(blocks, place + 1, count + 1 + numbered)
        cells = [fold(each.text) for each in blocks[place + 1 : end] if isinstance(each, Line)]
        if not cells:
            break
        count += numbered
        last = _number(blocks, end - 1)
        placed = _placed(cells, kinds[1:]) if numbered else [" ".join(cells)]
        placed += [""] * (len(kinds) - 1 - len(placed))
        rows.append(Row((sign.label, *placed), (line.number, last)))
        place = end
    return (Table(tuple(rows)), place) if count > 1 else None


def _names(blocks: Lines, start: int) -> tuple[list[str], int]:
    """The names of the columns; one that goes on below begins with a small letter."""
    names: list[str] = []
    place = start
    while place < len(blocks):
        line = blocks[place]
        text = fold(line.text) if isinstance(line, Line) else ""
        if not text or len(text) > LONGEST_NAME or (names and cell_label(text)):
            break
        if names and text[0].islower():
            names[-1] += f" {text}"
        else:
            names.append(text)
        place += 1
    return names, place


def _has_tasks(kinds: Sequence[Column]) -> bool:
    return Column.TASK in kinds and bool((WHO | WHEN) & set(kinds))


def _end_of_row(blocks: Lines, start: int, following: int) -> int:
    """Where the next number stands alone, or where what is no cell begins."""
    for place in range(start, min(start + LONGEST_CELLS, len(blocks))):
        line = blocks[place]
        if not isinstance(line, Line):
            return place
        text = fold(line.text)
        label = cell_label(text)
        if label is not None and label.kind in {Kind.ROMAN, Kind.CAPITAL}:
            return place
        if label is not None and label.kind is Kind.NUMBER and label.ordinal == following:
            return place
        sign = mark(text)
        if sign is not None and sign.rest and sign.kind <= Kind.NUMBER:
            return place
        if text.startswith(("Nơi nhận", "Trên đây là")):
            return place
    return min(start + LONGEST_CELLS, len(blocks))


def _number(blocks: Lines, place: int) -> int:
    block = blocks[place]
    return block.number if isinstance(block, Line) else block.rows[-1].lines[1]


def _placed(cells: Sequence[str], kinds: Sequence[Column]) -> list[str]:
    """Each line in the column it fits best, columns from left to right.

    `best[n]` is the cheapest placing of the lines so far that ends in column n.
    """
    best: list[tuple[float, list[int]]] = [
        (_misfit(cells[0], kind) + sum(map(_empty, kinds[:n])), [n]) for n, kind in enumerate(kinds)
    ]
    for text in cells[1:]:
        best = [
            min(
                (
                    cost + _misfit(text, kind) + _step(text, kinds, before, n),
                    [*placing, n],
                )
                for before, (cost, placing) in enumerate(best[: n + 1])
            )
            for n, kind in enumerate(kinds)
        ]
    closed = [
        (cost + sum(map(_empty, kinds[n + 1 :])), placing) for n, (cost, placing) in enumerate(best)
    ]
    found = [""] * len(kinds)
    for text, n in zip(cells, min(closed)[1], strict=True):
        found[n] = f"{found[n]} {text}".strip()
    return found


def _misfit(text: str, kind: Column) -> float:
    if kind in WHEN:
        return 0.0 if is_timing(text) else 3.0
    if kind in WHO:
        if is_unit(text):
            return 0.0
        return 0.5 if may_be_unit(text) else 0.8 if text[:1].islower() else 1.5
    if kind is Column.TASK:
        return 2.0 if is_timing(text) or is_unit(text) else 0.0
    return 0.7


def _empty(kind: Column) -> float:
    return 5.0 if kind is Column.TASK else 0.6


def _step(text: str, kinds: Sequence[Column], before: int, now: int) -> float:
    """A line that begins with a small letter goes on; another may, more so a long text."""
    if before == now:
        goes_on = text[:1].islower() or not text[:1].isalpha()
        return 0.0 if goes_on else 0.3 if kinds[now] is Column.TASK else 0.9
    begins = 1.2 if text[:1].islower() and kinds[now] not in WHEN else 0.0
    return begins + sum(map(_empty, kinds[before + 1 : now]))


# side by side


def _aligned(blocks: Lines, start: int) -> tuple[Table, int] | None:
    header = blocks[start]
    gaps = _gaps(header.text) if isinstance(header, Line) else []
    if not FEWEST_COLUMNS <= len(gaps) + 1 <= MOST_COLUMNS:
        return None
    place = start
    texts: list[tuple[Line, list[int]]] = []
    while place < len(blocks):
        line = blocks[place]
        if not isinstance(line, Line) or _is_below(line, texts, gaps):
            break
        place += 1
        if _is_page_number(line, gaps) or (texts and fold(line.text) == fold(texts[0][0].text)):
            continue
        found = None if _is_heading(line) else _cut(gaps, line.text)
        if found is None and not _is_group(line, blocks, place - 1):
            place -= 1
            break
        cuts, gaps = found or ([], gaps)
        texts.append((line, cuts))
    rows = _rows(texts, len(gaps) + 1)
    kinds = [column_of(cell) for cell in rows[0].cells]
    return (Table(tuple(rows)), place) if len(rows) > 2 and _has_tasks(kinds) else None


def _is_below(line: Line, above: Sequence[tuple[Line, list[int]]], gaps: Sequence[Gap]) -> bool:
    """After an empty line, a number that stands in no column of numbers begins another part."""
    indent = len(line.text) - len(line.text.lstrip())
    sign = mark(line.text)
    apart = bool(above) and line.number > above[-1][0].number + 1
    return apart and sign is not None and bool(sign.rest) and indent >= gaps[0][1] - 1


def _is_page_number(line: Line, gaps: Sequence[Gap]) -> bool:
    indent = len(line.text) - len(line.text.lstrip())
    return line.text.strip().isdigit() and indent > gaps[0][1]


def _gaps(text: str) -> list[Gap]:
    body = text.rstrip()
    return [gap.span() for gap in SPACES.finditer(body) if gap.start() and gap.end() < len(body)]


def _cut(gaps: Sequence[Gap], text: str) -> tuple[list[int], list[Gap]] | None:
    """Where this line is parted, and the gaps it leaves free; None where it writes across one.

    A full cell may leave one space before the next column: its edge is known from other lines.
    """
    parted = text.startswith(" ") or len(_gaps(text)) > 0
    cuts: list[int] = []
    left: list[Gap] = []
    for start, end in gaps:
        inside = text[start:end].ljust(end - start)
        free = max(re.findall(r" +", inside), key=len, default="")
        at = start + inside.find(free) if free else start
        if len(free) >= NARROWEST:
            cuts.append(at)
            left.append((at, at + len(free)))
            continue
        edge = _edge(text, end)
        if edge is None or not parted:
            return None
        cuts.append(edge)
        left.append((start, end))
    return cuts, left


def _edge(text: str, end: int) -> int | None:
    """The single space before a cell that begins near `end`: best where a raised letter follows."""
    spaces = [n for n in range(max(end - JITTER, 0), end + 2) if text[n : n + 1] == " "]
    raised = [n for n in spaces if not text[n + 1 : n + 2].islower()]
    return next(iter([*raised, *reversed(spaces)]), None)


def _is_heading(line: Line) -> bool:
    sign = mark(line.text)
    return sign is not None and sign.kind in {Kind.ROMAN, Kind.CAPITAL} and not _gaps(line.text)


def _is_group(line: Line, blocks: Lines, place: int) -> bool:
    """A heading across the columns, with rows below it."""
    if not _is_heading(line):
        return False
    below = blocks[place + 1] if place + 1 < len(blocks) else None
    first = SPACES.split(below.text.strip())[0] if isinstance(below, Line) else ""
    return isinstance(below, Line) and len(_gaps(below.text)) > 1 and cell_label(first) is not None


def _rows(lines: Sequence[tuple[Line, list[int]]], width: int) -> list[Row]:
    """Lines with a number begin a row, the others go on with it."""
    rows: list[Row] = []
    for line, cuts in lines:
        sign = mark(line.text) if _is_heading(line) else None
        if sign is not None:
            cells = (sign.label, sign.rest, *[""] * (width - 2))
            rows.append(Row(cells, (line.number, line.number)))
            continue
        bounds = [0, *cuts, max(len(line.text), *cuts)]
        cells = tuple(fold(line.text[a:b]) for a, b in pairwise(bounds))
        if not rows or (cells[0] and cell_label(cells[0])):
            rows.append(Row(cells, (line.number, line.number)))
            continue
        above = rows[-1]
        both = tuple(fold(f"{a} {b}") for a, b in zip(above.cells, cells, strict=True))
        rows[-1] = Row(both, (above.lines[0], line.number))
    return rows
