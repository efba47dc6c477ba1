"""The rows of tables of tasks: which are headings, which are tasks, which go on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from intake.documents.blocks import Row, Table, fold
from intake.grammar.columns import Column, Layout, is_column_numbers, layout
from intake.grammar.numbering import Kind, Mark, cell_label, mark
from intake.grammar.outline import own_labels
from intake.grammar.periods import heading_phrase, stated_period
from intake.grammar.units import heading_units, is_unit
from intake.grammar.words import is_capitals

_HOURS = re.compile(r"^\s*(?:từ\s*)?\d{1,2}\s*(?:h|g|giờ|:)\s*\d{0,2}", re.IGNORECASE)
FEWEST_DASHES = 2
AS_ABOVE = re.compile(
    r"(?:-\s*)?(?:nt|như trên|như nhiệm vụ trên)(?:\s*-)?\.?|[\"″〃]", re.IGNORECASE
)
CARRIED = {Column.TIMING, Column.LEAD, Column.PERFORMERS}


@dataclass(frozen=True)
class TaskRow:
    """One row of a table as the plan's task; `labels` are those of its groups and its own."""

    labels: tuple[str, ...]
    section: str
    text: str
    lead: str
    cooperating: str
    performers: str
    timing: str
    lines: tuple[int, int]
    notes: tuple[str, ...] = ()


@dataclass
class _Group:
    sign: Mark | None
    text: str
    units: str = ""
    period: str = ""


def is_agenda(table: Table, columns: Layout) -> bool:
    """A programme by the hour names speakers, not performers."""
    times = [columns.cell(row, Column.TIMING) for row in table.rows[columns.first :]]
    written = [time for time in times if time]
    return bool(written) and sum(bool(_HOURS.match(t)) for t in written) > len(written) / 2


def continued(tables: Sequence[Table]) -> list[Table]:
    """Tables cut by a page are one again: the rest has no header of its own, or the same one."""
    found: list[Table] = []
    for table in tables:
        previous = found[-1] if found else None
        same_width = (
            previous is not None
            and len(previous.rows[0].cells) == len(table.rows[0].cells)
            and layout(previous) is not None
        )
        if previous is None or not same_width:
            found.append(table)
            continue
        rows = list(table.rows)
        own = layout(table)
        if own is not None:
            if [fold(c) for c in rows[0].cells] != [fold(c) for c in previous.rows[0].cells]:
                found.append(table)
                continue
            rows = rows[own.first :]
        found[-1] = Table(tuple(_mended([*previous.rows], rows, layout(previous))))
    return found


def _mended(above: list[Row], below: list[Row], columns: Layout | None) -> list[Row]:
    """A row cut by the end of a page goes on in the first row of the next."""
    if not below or columns is None or Column.LABEL not in columns.columns:
        return above + below
    label = columns.columns.index(Column.LABEL)
    head = below[0]
    written = [n for n, cell in enumerate(head.cells) if cell.strip()]
    last = above[-1]
    # A row that names no task goes on with who or when.
    tasks = [n for n, column in enumerate(columns.columns) if column is Column.TASK]
    goes_on = tasks and not any(head.cells[n].strip() for n in tasks)
    cut = (
        not head.cells[label].strip()
        and not head.merged
        and written
        and last.cells[label].strip()
        and all(last.cells[n].strip() for n in written)
        and not last.merged
        and (
            goes_on
            or any(head.cells[n][:1].islower() or head.cells[n][:1].isdigit() for n in written)
        )
    )
    if not cut:
        return above + below
    cells = tuple(fold(f"{a} {b}") for a, b in zip(last.cells, head.cells, strict=True))
    mended = Row(cells, (last.lines[0], head.lines[1]), last.merged)
    return [*above[:-1], mended, *below[1:]]


def task_rows(table: Table, columns: Layout) -> list[TaskRow]:
    rows = [row for row in table.rows[columns.first :] if any(c.strip() for c in row.cells)]
    rows = _carried(rows, columns)
    header = [fold(cell) for cell in table.rows[max(columns.first - 1, 0)].cells]
    rows = [row for row in rows if [fold(cell) for cell in row.cells] != header]
    rows = [row for row in rows if not is_column_numbers(row)]
    labels = [_label(row, columns) for row in rows]
    arabic = any(sign is not None and sign.kind is Kind.NUMBER for sign in labels)
    groups: list[_Group] = []
    found: list[TaskRow] = []
    count = 0
    for n, row in enumerate(rows):
        sign = labels[n]
        following = labels[n + 1] if n + 1 < len(rows) else None
        text = _text(row, columns)
        if _is_group(row, columns, sign, following, arabic=arabic):
            _open_group(groups, sign, text or _only_text(row))
            continue
        if not text:
            continue
        if sign is not None and sign.kind is not Kind.DASH:
            _close_groups(groups, sign)
        labels_above = _labels_of(groups)
        if sign is None or sign.kind is Kind.DASH:
            own: tuple[str, ...] = (f"row{count + 1}",)
        else:
            own = own_labels(sign, labels_above)
        again = found[-1] if found else None
        if again and again.text == _unmarked(text) and again.labels == (*labels_above, *own):
            # One task over several rows, each with its own performers.
            found[-1] = _together(again, row, columns)
            continue
        task = TaskRow(
            labels=(*labels_above, *own),
            section=next((g.text for g in reversed(groups) if not g.units), ""),
            text=_unmarked(text),
            lead=columns.cell(row, Column.LEAD),
            cooperating=columns.cell(row, Column.COOPERATING),
            performers=columns.cell(row, Column.PERFORMERS)
            or ("" if columns.cell(row, Column.LEAD) else _inherited(groups, "units")),
            timing=_timing(row, columns) or _inherited(groups, "period"),
            lines=row.lines,
            notes=tuple(map(fold, columns.cell(row, Column.OTHER).split("\n"))),
        )
        found += _dashed(task, row, columns)
        count += 1
    return found


def _dashed(task: TaskRow, row: Row, columns: Layout) -> list[TaskRow]:
    """A cell that lists several tasks by dashes; cells with as many dashes answer one by one."""
    texts = _dashes(columns.cell(row, Column.TASK))
    if len(texts) < FEWEST_DASHES:
        return [task]

    def answers(written: str) -> list[str]:
        each = _dashes(written)
        return each if len(each) == len(texts) else [written] * len(texts)

    timings = answers(columns.cell(row, Column.TIMING) or task.timing)
    leads, performers = answers(task.lead), answers(task.performers)
    cooperating = answers(task.cooperating)
    return [
        replace(
            task,
            labels=(*task.labels, str(n + 1)),
            text=text,
            lead=leads[n],
            cooperating=cooperating[n],
            performers=performers[n],
            timing=fold(timings[n]),
        )
        for n, text in enumerate(texts)
    ]


def _dashes(cell: str) -> list[str]:
    """The parts of a cell whose lines begin with dashes; none where it begins without one."""
    parts: list[str] = []
    for line in filter(None, map(fold, cell.split("\n"))):
        sign = mark(line)
        if sign is not None and sign.kind >= Kind.DASH:
            parts.append(sign.rest)
        elif parts:
            parts[-1] = f"{parts[-1]} {line}"
        else:
            return []
    return parts


def _carried(rows: list[Row], columns: Layout) -> list[Row]:
    """A month or a unit to the left of the tasks stands for the rows below it, until the next."""
    kinds = columns.columns
    task = kinds.index(Column.TASK)
    leading = [n for n, kind in enumerate(kinds[:task]) if kind in CARRIED]
    found: list[Row] = []
    for row in rows:
        cells = list(row.cells)
        dated = any(cells[n].strip() for n in leading if kinds[n] is Column.TIMING)
        for n in leading:
            if dated and kinds[n] is Column.TIMING:
                continue  # a month without its week is not the week above
            if not cells[n].strip() and found and cells[task].strip():
                cells[n] = found[-1].cells[n]
        above = next((each for each in reversed(found) if not each.merged), None)
        for n, cell in enumerate(cells):
            if above is not None and AS_ABOVE.fullmatch(fold(cell)):
                cells[n] = above.cells[n]
        found.append(replace(row, cells=tuple(cells)))
    return found


def _labels_of(groups: list[_Group]) -> tuple[str, ...]:
    labels: tuple[str, ...] = ()
    for group in groups:
        if group.sign is not None:
            labels = (*labels, *own_labels(group.sign, labels))
    return labels


def _together(task: TaskRow, row: Row, columns: Layout) -> TaskRow:
    def both(written: str, *kinds: Column) -> str:
        new = columns.cell(row, *kinds)
        return "\n".join(dict.fromkeys(filter(None, [*written.split("\n"), *new.split("\n")])))

    return replace(
        task,
        lead=both(task.lead, Column.LEAD),
        cooperating=both(task.cooperating, Column.COOPERATING),
        performers=both(task.performers, Column.PERFORMERS),
        lines=(task.lines[0], row.lines[1]),
    )


def _inherited(groups: list[_Group], what: str) -> str:
    return next((str(value) for g in reversed(groups) if (value := getattr(g, what))), "")


def _label(row: Row, columns: Layout) -> Mark | None:
    if Column.LABEL in columns.columns:
        at = columns.columns.index(Column.LABEL)
        written = row.cells[at] if at < len(row.cells) else ""
        sign = cell_label(fold(written))
        if sign is not None or written.strip():
            return sign if sign is not None else mark(fold(written))
    text = columns.cell(row, Column.TASK) or _only_text(row)
    sign = mark(fold(text))
    return sign if sign is not None and sign.kind <= Kind.LETTER else None


def _unmarked(text: str) -> str:
    """A task's number may stand in its own cell's text."""
    folded = fold(text)
    sign = mark(folded)
    if (
        sign is not None
        and sign.rest
        and sign.kind
        in {
            Kind.NUMBER,
            Kind.DECIMAL,
            Kind.ROMAN,
            Kind.LETTER,
            Kind.DASH,
            Kind.PLUS,
            Kind.CAPITAL,
        }
    ):
        return sign.rest
    return folded


def _text(row: Row, columns: Layout) -> str:
    return fold(columns.cell(row, Column.TASK))


def _only_text(row: Row) -> str:
    written = [fold(c) for n, c in enumerate(row.cells) if c.strip() and n not in row.merged]
    return max(written, key=len, default="")


def _timing(row: Row, columns: Layout) -> str:
    start, end = columns.cell(row, Column.START), columns.cell(row, Column.END)
    if end:
        return f"từ {start} đến {end}" if start else f"đến {end}"
    written = fold(columns.cell(row, Column.TIMING))
    if columns.period and re.fullmatch(r"0?\d{1,2}(?:\s*[,;–-]\s*\d{1,2})*|[IVX]{1,3}", written):
        return f"{columns.period} {written}"
    return written


def _is_group(
    row: Row, columns: Layout, sign: Mark | None, following: Mark | None, *, arabic: bool
) -> bool:
    """A row that heads the rows below it: it names nobody and no date of its own."""
    acts = (Column.LEAD, Column.COOPERATING, Column.PERFORMERS)
    dates = (Column.TIMING, Column.START, Column.END)
    distinct = {fold(c) for n, c in enumerate(row.cells) if c.strip() and n not in row.merged}
    distinct -= {fold(row.cells[0])} if sign is not None else set()
    if len(distinct) <= 1 and len(row.merged) >= 2:
        return True  # one cell across the table
    if columns.cell(row, *acts):
        return False
    if sign is not None and sign.kind in {Kind.ROMAN, Kind.CAPITAL} and arabic:
        return True  # what strayed into its other cells is another row's
    if columns.cell(row, *dates):
        return False
    if sign is not None and following is not None and following.kind > sign.kind:
        return True
    text = _only_text(row)
    if sign is None:
        return (
            bool(is_capitals(text) or heading_phrase(text) or is_unit(text)) and len(distinct) == 1
        )
    return sign.kind in {Kind.ROMAN, Kind.CAPITAL} and len(distinct) <= 1


def _open_group(groups: list[_Group], sign: Mark | None, text: str) -> None:
    if sign is None:
        # An unnumbered heading ends the unnumbered one before it, and stands under numbered ones.
        while groups and groups[-1].sign is None:
            groups.pop()
    else:
        _close_groups(groups, sign)
    bare = _unmarked(text)
    units = "; ".join(heading_units(bare)) if is_unit(bare) else ""
    groups.append(_Group(sign, bare, units, stated_period(bare)))


def _close_groups(groups: list[_Group], sign: Mark) -> None:
    while groups:
        last = groups[-1].sign
        if last is None:
            if sign.kind >= Kind.NUMBER:
                return
        elif last.kind < sign.kind and last.style != sign.style:
            return
        groups.pop()
