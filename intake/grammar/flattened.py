"""Tables that lost their rules: cells one under another, or side by side with spaces between."""

from collections.abc import Sequence

from intake.documents.blocks import Block, Line, Row, Table, fold
from intake.grammar.aligned import SPACES, aligned
from intake.grammar.columns import Column, column_of, is_timing
from intake.grammar.numbering import Kind, cell_label, mark
from intake.grammar.units import is_unit, may_be_unit

FEWEST_COLUMNS, MOST_COLUMNS = 3, 9
LONGEST_NAME = 60
LONGEST_CELLS = 40  # lines of one row
WHO = {Column.LEAD, Column.COOPERATING, Column.PERFORMERS}
WHEN = {Column.TIMING, Column.START, Column.END}
Lines = Sequence[Block]


def with_tables(blocks: Lines) -> list[Block]:
    """The same blocks, with what was a table a table again."""
    found: list[Block] = []
    place = 0
    while place < len(blocks):
        block = blocks[place]
        header = isinstance(block, Line) and _begins(block)
        stacked = _stacked(blocks, place) if header else None
        beside = aligned(blocks, place) if header and stacked is None else None
        if stacked is not None:
            table, place = stacked
            found.append(table)
        elif beside is not None:
            del found[len(found) - (place - beside.first) :]
            found.append(beside.table)
            place = beside.end
        else:
            found.append(block)
            place += 1
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
