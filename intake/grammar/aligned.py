"""Tables whose cells stand side by side with only spaces between, as a printer laid them out."""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from intake.documents.blocks import Block, Line, Row, Table, fold
from intake.grammar.columns import Column, column_of
from intake.grammar.numbering import Kind, cell_label, mark

FEWEST_COLUMNS, MOST_COLUMNS = 3, 9
JITTER = 5  # a column's edge is not printed to the letter
SPACES = re.compile(r"\s{2,}")
CHUNK = re.compile(r"\S+(?: \S+)*")
Lines = Sequence[Block]
Span = tuple[int, int]


def aligned(blocks: Lines, start: int) -> tuple[Table, int] | None:
    """The table whose header stands at `start`, and where it ends; None where there is none."""
    header = blocks[start]
    if not isinstance(header, Line):
        return None
    columns = _spans(header.text)
    if not FEWEST_COLUMNS <= len(columns) <= MOST_COLUMNS:
        return None
    lines, end = _region(blocks, start, columns)
    edges = _edges([line.text for line in lines if not _is_across(line)], columns)
    rows = _rows(lines, edges, columns)
    kinds = {column_of(cell) for cell in rows[0].cells}
    says = kinds - {Column.LABEL, Column.TASK, Column.OTHER}
    return (Table(tuple(rows)), end) if len(rows) > 2 and Column.TASK in kinds and says else None


def _spans(text: str) -> list[Span]:
    return [found.span() for found in CHUNK.finditer(text)]


def _middle(span: Span) -> int:
    return (span[0] + span[1]) // 2


# which lines are the table's


def _region(blocks: Lines, start: int, columns: Sequence[Span]) -> tuple[list[Line], int]:
    header = blocks[start]
    lines = [header] if isinstance(header, Line) else []
    place = start + 1
    texts = columns[1]  # where the cells of the second column stand, as far as is known
    while place < len(blocks):
        line = blocks[place]
        if not isinstance(line, Line) or _begins_below(line, lines[-1], columns):
            break
        if not _is_repeated(line, lines[0], columns):
            if not (_is_row(line, columns, texts, lines[-1]) or _heads_rows(line, blocks, place)):
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


def _is_repeated(line: Line, header: Line, columns: Sequence[Span]) -> bool:
    """The header again on the next page, or that page's number."""
    indent = len(line.text) - len(line.text.lstrip())
    number = line.text.strip().isdigit() and indent > columns[1][0]
    return number or fold(line.text) == fold(header.text)


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
    if len(spans) > 1 and not _crosses(line, columns):
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


def _rows(lines: Sequence[Line], edges: Sequence[int], columns: Sequence[Span]) -> list[Row]:
    """Lines with a number begin a row, the others go on with it."""
    rows: list[Row] = []
    for line in lines:
        if rows and _is_across(line) and not _has_only_label(line):
            text = fold(line.text)
            across = frozenset(range(1, len(columns)))
            rows.append(Row((text,) * len(columns), (line.number, line.number), across))
            continue
        cuts = _cut(line.text, edges)
        bounds = [0, *cuts, max(len(line.text), *cuts)]
        cells = tuple(fold(line.text[a:b]) for a, b in pairwise(bounds))
        above = rows[-1] if rows else None
        if above is None or above.merged or (cells[0] and cell_label(cells[0])):
            rows.append(Row(cells, (line.number, line.number)))
            continue
        both = tuple(fold(f"{a} {b}") for a, b in zip(above.cells, cells, strict=True))
        rows[-1] = Row(both, (above.lines[0], line.number))
    return rows


def _has_only_label(line: Line) -> bool:
    return cell_label(line.text.strip()) is not None
