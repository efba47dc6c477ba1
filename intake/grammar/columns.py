"""What the columns of a table say: by their headers, else by what stands in them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intake.documents.blocks import Row, Table, fold
from intake.grammar.numbering import cell_label
from intake.grammar.units import is_unit
from intake.grammar.words import BARE_LIST
from models.timing import TimingKind
from rules.timing.reading import read_timing


class Column(StrEnum):
    LABEL = "label"
    TASK = "task"
    LEAD = "lead"
    COOPERATING = "cooperating"
    PERFORMERS = "performers"
    TIMING = "timing"
    START = "start"
    END = "end"
    OTHER = "other"


# In this order: "Thời gian thực hiện" is timing, "Kết quả thực hiện" neither performers nor task.
_HEADERS = (
    (Column.LABEL, (r"^(?:tt|stt|số tt|số thứ tự|s ?tt\.?|no\.?)$",)),
    (Column.TIMING, (r"bắt đầu.*(?:kết thúc|hoàn thành)|từ ngày.*đến ngày",)),
    (Column.START, (r"bắt đầu|\btừ(?: ngày)?$",)),
    (Column.END, (r"kết thúc|\bđến(?: ngày)?$",)),
    (
        Column.TIMING,
        (
            r"thời gian|thời hạn|tiến độ|thời điểm|\bhạn\b|ngày hoàn thành|lộ trình",
            r"^(?:dự kiến )?(?:hoàn thành|xong)\b|bao giờ|khi nào",
            r"^ngày(?:,? ?tháng)?|^thứ,? ngày|^tuần$|^(?:tháng|quý)\b",
        ),
    ),
    (
        Column.OTHER,
        (
            r"kết quả|sản phẩm|đầu ra|ghi chú|kinh phí|địa điểm|căn cứ|cấp trình|hình thức|nguồn",
            r"chỉ tiêu|đơn vị tính|đvt|mục tiêu|thành phần|lãnh đạo (?:phụ trách|chỉ đạo)|người ký",
            r"thẩm quyền|(?:cơ quan|cấp) ban hành|lĩnh vực|số lượng|điểm",
        ),
    ),
    (Column.PERFORMERS, (r"chủ trì.*phối hợp|phối hợp.*chủ trì",)),
    (Column.COOPERATING, (r"phối hợp|tham gia|hỗ trợ|\bgiúp\b|^cùng\b",)),
    (Column.LEAD, (r"chủ trì|đầu mối|phụ trách|chịu trách nhiệm|^(?:đơn vị |cơ quan )?chính$",)),
    (
        Column.TASK,
        (
            r"nhiệm vụ|nội dung|công việc|hoạt động|tên (?:đề án|văn bản|nhiệm|công|chương|đề)",
            r"\bviệc|đề án|giải pháp|tên gọi|danh mục|công tác",
        ),
    ),
    (
        Column.PERFORMERS,
        (r"^ai\b|thực hiện|phân công|trách nhiệm|đơn vị|cơ quan|bộ phận|người|cá nhân|cán bộ",),
    ),
)
_COLUMN_NUMBERS = re.compile(r"^\(?(?:\d{1,2}|[A-Z])\)?(?:\s*=.*)?$")
MOST_HEADER_ROWS = 4
# So many of a column's cells say what the column is for; the first rows show it.
MOST = 0.6
NEARLY_ALL = 0.8
SHOWN_ROWS = 40
PLAIN_YEAR = 2026  # any: only whether it is a timing is asked
LONGEST_HEADER = 60


@dataclass(frozen=True)
class Layout:
    """What each column says, and where the rows of data begin."""

    columns: tuple[Column, ...]
    first: int
    # "tháng" where the header says so and the cells only hold its number.
    period: str = ""

    def cell(self, row: Row, *kinds: Column) -> str:
        found: dict[str, None] = {}
        for n, kind in enumerate(self.columns[: len(row.cells)]):
            if kind in kinds and row.cells[n].strip() and n not in row.merged:
                found.setdefault(row.cells[n].strip())
        return "\n".join(found)

    @property
    def begins_with_who(self) -> bool:
        """Units to the left of their tasks are headings in the shape of a column."""
        who = {Column.LEAD, Column.PERFORMERS}
        left = self.columns[: self.columns.index(Column.TASK)]
        return bool(who & set(left)) and Column.COOPERATING not in self.columns

    @property
    def has_tasks(self) -> bool:
        kinds = set(self.columns)
        acts = {Column.LEAD, Column.PERFORMERS, Column.COOPERATING, Column.TIMING, Column.END}
        return Column.TASK in kinds and bool(kinds & acts)


def layout(table: Table) -> Layout | None:
    """None where neither a header nor the cells say what the columns are."""
    best: tuple[int, list[str], int] | None = None
    combined: list[str] = []
    for n, row in enumerate(table.rows[:MOST_HEADER_ROWS]):
        if _is_caption(row):
            continue
        if not _may_head(row):
            break
        # A second header row names the parts of what the first names together.
        names = [fold(cell) for cell in row.cells]
        combined = (
            names
            if not combined
            else [_under(upper, lower) for upper, lower in zip(combined, names, strict=False)]
        )
        known = sum(column_of(name) is not Column.OTHER for name in combined)
        if best is None or known > best[0] or (known == best[0] and _is_second(row, table, n)):
            best = (known, combined, n + 1)
    if best is None or not best[0]:
        return _without_header(table)
    names, first = best[1], best[2]
    columns = _one_task_column(tuple(map(column_of, names)), table, first)
    while first < len(table.rows) and is_column_numbers(table.rows[first]):
        first += 1
    columns = _by_content(columns, table.rows[first : first + SHOWN_ROWS], MOST)
    if best[0] == 1 and not Layout(columns, first).has_tasks:
        return _without_header(table)
    return Layout(columns, first, _period(columns, names))


def _under(upper: str, lower: str) -> str:
    """What a column is called by two header rows; "Từ" says it only below "Thời gian"."""
    if not lower or lower == upper:
        return upper
    return lower if column_of(lower) is not Column.OTHER else f"{upper} {lower}"


def _is_caption(row: Row) -> bool:
    """One cell across the table, above its header."""
    own = [fold(cell) for n, cell in enumerate(row.cells) if n not in row.merged and cell.strip()]
    return len(own) == 1 and len(row.merged) == len(row.cells) - 1 >= 2


def _without_header(table: Table) -> Layout | None:
    """Columns known by their cells alone: nearly all of them dates, nearly all of them units."""
    rows = table.rows[:SHOWN_ROWS]
    if len(rows) < MOST_HEADER_ROWS or len(rows[0].cells) <= 2:
        return None
    columns = _by_content((Column.OTHER,) * len(rows[0].cells), rows, NEARLY_ALL)
    labels = sum(cell_label(fold(row.cells[0])) is not None for row in rows)
    others = [n for n, kind in enumerate(columns) if kind is Column.OTHER]
    if labels < NEARLY_ALL * len(rows) or set(columns) == {Column.OTHER} or len(others) <= 1:
        return None
    task = max(others, key=lambda n: sum(len(row.cells[n]) for row in rows))
    found = list(columns)
    found[0], found[task] = Column.LABEL, Column.TASK
    return Layout(tuple(found), 0)


def _by_content(
    columns: tuple[Column, ...], rows: Sequence[Row], share: float
) -> tuple[Column, ...]:
    """A column whose header says nothing is known by its cells, where nothing else says that."""
    found = list(columns)
    # Beside those who cooperate stands who leads.
    alone = Column.LEAD if Column.COOPERATING in found else Column.PERFORMERS
    if not {Column.LEAD, Column.PERFORMERS} & set(found):
        _claim(found, alone, rows, share, is_unit)
    if not {Column.TIMING, Column.END} & set(found):
        _claim(found, Column.TIMING, rows, share, is_timing)
    return tuple(found)


def _claim(
    columns: list[Column],
    kind: Column,
    rows: Sequence[Row],
    share: float,
    says: Callable[[str], bool],
) -> None:
    for n, column in enumerate(columns):
        if column is not Column.OTHER:
            continue
        cells = [row.cells[n] for row in rows if row.cells[n].strip() and n not in row.merged]
        if len(cells) > 1 and sum(map(says, cells)) >= share * len(cells):
            columns[n] = kind
            return


def is_timing(cell: str) -> bool:
    if fold(cell).isdigit() or len(cell) > LONGEST_HEADER:
        return False
    kind = read_timing(fold(cell), year=PLAIN_YEAR).kind
    return kind not in {TimingKind.UNKNOWN, TimingKind.INVALID, TimingKind.EXTERNAL}


def _period(columns: Sequence[Column], names: Sequence[str]) -> str:
    for kind, name in zip(columns, names, strict=False):
        named = re.search(r"\b(tháng|quý|tuần)\b", name, re.IGNORECASE)
        if kind is Column.TIMING and named and not re.search(r"\bngày\b", name, re.IGNORECASE):
            return named[0].casefold()
    return ""


def _may_head(row: Row) -> bool:
    cells = [fold(cell) for cell in row.cells]
    if any(len(cell) > LONGEST_HEADER or _dates(cell) for cell in cells):
        return False
    return not any(cell_label(cell) for cell in cells[:1] if cell)


def _dates(cell: str) -> bool:
    """Whether a cell says when; the name of a column may be a month, as in a chart of them."""
    return re.search(r"\d{1,2}[/-]\d", cell) is not None and is_timing(cell)


def _is_second(row: Row, table: Table, n: int) -> bool:
    """Whether a row repeats cells of the one above: a header of two rows."""
    return n > 0 and any(
        cell and cell == above
        for cell, above in zip(row.cells, table.rows[n - 1].cells, strict=False)
    )


def column_of(name: str) -> Column:
    bare = fold(name).casefold().strip(" .:*()/")
    if not bare:
        return Column.OTHER
    if BARE_LIST.fullmatch(bare.replace("/", ", ").replace(",  ", ", ")):
        return Column.PERFORMERS  # "Khoa/phòng"
    for kind, patterns in _HEADERS:
        if any(re.search(pattern, bare) for pattern in patterns):
            return kind
    return Column.OTHER


def _one_task_column(columns: tuple[Column, ...], table: Table, first: int) -> tuple[Column, ...]:
    """Of several that could name the task the one with the longest texts; the label is narrow."""
    rows = table.rows[first:]

    def length(column: int) -> int:
        return sum(len(row.cells[column]) for row in rows if column not in row.merged)

    tasks = [n for n, kind in enumerate(columns) if kind is Column.TASK]
    found = list(columns)
    if len(tasks) > 1:
        longest = max(tasks, key=length)
        for n in tasks:
            if n != longest:
                found[n] = Column.OTHER
    elif not tasks:
        others = [n for n, kind in enumerate(columns) if kind is Column.OTHER and length(n)]
        unnamed = [n for n in others if not fold(table.rows[first - 1].cells[n])]
        if unnamed:
            found[max(unnamed, key=length)] = Column.TASK
    if Column.LABEL not in found and found and rows:
        labels = sum(cell_label(row.cells[0]) is not None for row in rows)
        if labels > len(rows) / 2 and found[0] is not Column.TASK:
            found[0] = Column.LABEL
    return tuple(found)


def is_column_numbers(row: Row) -> bool:
    cells = [fold(cell) for cell in row.cells if fold(cell)]
    return len(cells) > 1 and all(_COLUMN_NUMBERS.match(cell) for cell in cells)
