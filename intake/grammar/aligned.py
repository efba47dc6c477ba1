"""Tables whose cells stand side by side with only spaces between, as a printer laid them out."""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from intake.documents.blocks import Block, Line, Row, Table, fold
from intake.grammar.columns import Column, column_of
from intake.grammar.numbering import Kind, cell_label, mark

FEWEST_COLUMNS, MOST_COLUMNS = 3, 9
LONGEST_NAME = 30  # of a column, in one line
LONGEST_LINE = 400  # no page is wider
MOST_HEADER_LINES = 4
JITTER = 5  # a column's edge is not printed to the letter
SPACES = re.compile(r"\s{2,}")
CHUNK = re.compile(r"\S+(?: \S+)*")
Lines = Sequence[Block]
Span = tuple[int, int]


class Found(NamedTuple):
    """A table, the first of its blocks, and the first below it."""

    table: Table
    first: int
    end: int


def aligned(blocks: Lines, start: int) -> Found | None:
    """The table in whose header stands the block at `start`; None where there is none."""
    header, first = _header(blocks, start)
    columns = _merged([span for line in header for span in _spans(line.text)])
    if not header or not FEWEST_COLUMNS <= len(columns) <= MOST_COLUMNS:
        return None
    lines, end = _region(blocks, first, header, columns)
    edges = _edges([line.text for line in (*header, *lines) if not _is_across(line)], columns)
    rows = [_header_row(header, edges), *_rows(lines, edges, len(columns))]
    kinds = {column_of(cell) for cell in rows[0].cells}
    says = kinds - {Column.LABEL, Column.TASK, Column.OTHER}
    known = len(rows) > 2 and Column.TASK in kinds and bool(says)
    return Found(Table(tuple(rows)), first, end) if known else None


def _spans(text: str) -> list[Span]:
    return [found.span() for found in CHUNK.finditer(text)]


def _middle(span: Span) -> int:
    return (span[0] + span[1]) // 2


# its header


def _header(blocks: Lines, start: int) -> tuple[list[Line], int]:
    """The line of the names with those above and below that go on with them."""
    named = blocks[start]
    if not isinstance(named, Line) or len(named.text) > LONGEST_LINE:
        return [], start
    first, lines = start, [named]
    while first > 0 and _is_above(blocks[first - 1], lines[0], named):
        first -= 1
        above = blocks[first]
        lines = [above, *lines] if isinstance(above, Line) else lines
    for below in blocks[start + 1 : start + MOST_HEADER_LINES]:
        if not isinstance(below, Line) or not _goes_on(below):
            break
        lines.append(below)
    return lines, first


def _is_above(block: Block, below: Line, named: Line) -> bool:
    """Names printed higher than "STT", because they take more lines."""
    if not isinstance(block, Line) or block.number + 1 != below.number:
        return False
    spans = _spans(block.text)
    begins = bool(spans) and spans[0][0] > _spans(named.text)[0][1]
    short = all(end - begin <= LONGEST_NAME for begin, end in spans)
    return begins and short and mark(block.text) is None and len(spans) > 1


def _goes_on(line: Line) -> bool:
    spans = _spans(line.text)
    words = [line.text[begin:end] for begin, end in spans]
    return bool(words) and all(word[0].islower() and len(word) <= LONGEST_NAME for word in words)


def _merged(spans: Sequence[Span]) -> list[Span]:
    """The columns that names on several lines stand in."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _header_row(header: Sequence[Line], edges: Sequence[int]) -> Row:
    cells = [_cells(line, edges) for line in header]
    names = tuple(fold(" ".join(column)) for column in zip(*cells, strict=True))
    return Row(names, (header[0].number, header[-1].number))


# which lines are the table's


def _region(
    blocks: Lines, first: int, header: Sequence[Line], columns: Sequence[Span]
) -> tuple[list[Line], int]:
    lines: list[Line] = []
    place = first + len(header)
    texts = columns[1]  # where the cells of the second column stand, as far as is known
    printed = {fold(line.text) for line in header}
    while place < len(blocks):
        line = blocks[place]
        above = lines[-1] if lines else header[-1]
        if not isinstance(line, Line) or len(line.text) > LONGEST_LINE:
            break
        if _begins_below(line, above, columns):
            break
        if fold(line.text) not in printed and not _is_page_number(line, columns):
            if not (_is_row(line, columns, texts, above) or _heads_rows(line, blocks, place)):
                break
            lines.append(line)
            spans = _spans(line.text)
            if _has_label(line) and len(spans) > 1:
                texts = (spans[1][0], max(texts[1], spans[1][1]))
        place += 1
    return lines, place


def _has_label(line: Line) -> bool:
    return cell_label(_first(line)) is not None


def _first(line: Line) -> str:
    """A label is a word of its own, whatever follows it."""
    return line.text.split(maxsplit=1)[0] if line.text.strip() else ""


def _is_page_number(line: Line, columns: Sequence[Span]) -> bool:
    indent = len(line.text) - len(line.text.lstrip())
    return line.text.strip().isdigit() and indent > columns[1][0]


def _begins_below(line: Line, above: Line, columns: Sequence[Span]) -> bool:
    """After an empty line, a number that stands in no column of numbers begins another part."""
    indent = len(line.text) - len(line.text.lstrip())
    sign = mark(line.text)
    apart = line.number > above.number + 1
    return apart and sign is not None and bool(sign.rest) and indent > columns[0][1]


def _is_row(line: Line, columns: Sequence[Span], texts: Span, above: Line) -> bool:
    spans = _spans(line.text)
    if not spans:
        return False
    if _is_part(line):
        return False
    alone = _has_only_label(line) and spans[0][0] < columns[0][1]
    if alone or (len(spans) > 1 and not _crosses(line, columns)):
        return True
    if _has_label(line) and len(spans) > 1:
        return True
    begin, end = spans[0]
    if begin <= columns[0][1] or len(spans) > 1:
        return False
    if end <= texts[1] + JITTER or begin >= texts[1]:
        return True
    # A full cell may leave one space before the next column.
    return abs(begin - texts[0]) <= 1 and line.number == above.number + 1


def _is_part(line: Line) -> bool:
    sign = mark(line.text)
    wide = sign is not None and sign.kind in {Kind.ROMAN, Kind.CAPITAL, Kind.ARTICLE}
    return wide and len(_spans(line.text)) == 1


def _crosses(line: Line, columns: Sequence[Span]) -> bool:
    """Whether words are written through under more than one name of a column."""
    middles = [_middle(span) for span in columns[1:]]
    return any(sum(begin <= m < end for m in middles) > 1 for begin, end in _spans(line.text))


def _heads_rows(line: Line, blocks: Lines, place: int) -> bool:
    """A heading across the columns, with rows below it."""
    below = blocks[place + 1] if place + 1 < len(blocks) else None
    return (
        len(_spans(line.text)) == 1
        and isinstance(below, Line)
        and _has_label(below)
        and len(_spans(below.text)) > 1
    )


def _is_across(line: Line) -> bool:
    return len(_spans(line.text)) == 1 and not _spans(line.text)[0][0] > JITTER


# where its columns are


def _edges(texts: Sequence[str], columns: Sequence[Span]) -> list[int]:
    """Between the middles of two names the widest place where fewest lines have letters; its right
    end, because cells begin at their left."""
    width = max(map(len, texts)) + 1
    written = [sum(text[n : n + 1].strip() != "" for text in texts) for n in range(width)]
    edges = []
    for one, other in pairwise(columns):
        between = range(_middle(one) + 1, max(_middle(other), _middle(one) + 2))
        levels = groupby(between, key=written.__getitem__)
        fewest = min(written[n] for n in between)
        runs = [list(run) for level, run in levels if level == fewest]
        edges.append(max(runs, key=lambda run: (len(run), run))[-1])
    return edges


def _cut(text: str, edges: Sequence[int]) -> list[int]:
    """Where one line is parted: at the space nearest to each edge, a wide one if it can be, or one
    before a raised letter."""
    cuts: list[int] = []
    end = len(text.rstrip())
    for edge in edges:
        low = cuts[-1] + 1 if cuts else 0
        gaps = [gap.span() for gap in re.finditer(r"\s+", text[:end]) if gap.end() > low]
        near = [span for span in gaps if _away(edge, span) <= 2 * JITTER]
        if edge >= end or not near:
            cuts.append(max(edge, low))
        else:
            best = min(near, key=lambda span: (_away(edge, span) + _doubt(text, span), span))
            cuts.append(max(best[0], low))
    return cuts


def _away(edge: int, span: Span) -> int:
    return max(span[0] - edge, edge - span[1] + 1, 0)


def _doubt(text: str, span: Span) -> int:
    if span[1] - span[0] > 1:
        return 0
    return 3 if text[span[1] : span[1] + 1].islower() else 1


def _cells(line: Line, edges: Sequence[int]) -> tuple[str, ...]:
    cuts = _cut(line.text, edges)
    bounds = [0, *cuts, max(len(line.text), *cuts)]
    return tuple(fold(line.text[a:b]) for a, b in pairwise(bounds))


def _rows(lines: Sequence[Line], edges: Sequence[int], width: int) -> list[Row]:
    """Lines with a number begin a row and the others go on with it; but where the numbers stand at
    half the height of their rows, a row begins with a raised letter after the number before."""
    cells = [_cells(line, edges) for line in lines]
    across = [_is_across(line) and not _has_only_label(line) for line in lines]
    labelled = [bool(c[0] and cell_label(c[0])) for c in cells]
    plain = [n for n in range(len(lines)) if not across[n]]
    halfway = bool(plain) and not labelled[plain[0]]
    rows: list[Row] = []
    numbered = True  # whether the open row has its number
    for n, line in enumerate(lines):
        place = (line.number, line.number)
        if across[n]:
            rows.append(Row((fold(line.text),) * width, place, frozenset(range(1, width))))
            continue
        raised = cells[n][1][:1].isupper()
        begins = (numbered and (raised or labelled[n])) if halfway else labelled[n]
        if not rows or rows[-1].merged or begins:
            rows.append(Row(cells[n], place))
            numbered = labelled[n]
            continue
        above = rows[-1]
        both = tuple(fold(f"{a} {b}") for a, b in zip(above.cells, cells[n], strict=True))
        rows[-1] = Row(both, (above.lines[0], line.number))
        numbered = numbered or labelled[n]
    return rows


def _has_only_label(line: Line) -> bool:
    return cell_label(line.text.strip()) is not None
