"""Units by tasks, a group of units at a time."""

from collections import Counter
from datetime import date
from functools import lru_cache
from typing import Annotated, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from activities.views import Oversight, Which
from activities.views.heat import BY_NAME, WORST, Cell, HeatRow
from models.consolidated import FourWay
from models.directory import UnitKind
from models.mark import Mark
from rules.counting import Count, grouped, last_days
from rules.four_way import together
from web.access import OfficeOnly
from web.language import gettext as _
from web.oversight.addresses import history_address
from web.oversight.seen import Seen, cycle_page
from web.oversight.words import GROUPS, MARKS
from web.paging import PagingOf
from web.tools import ToolsOf

router = APIRouter(prefix="/chu-ky/{plan}/{cycle}")

ROWS = 130  # the 124 communes of a province stand on one page


class Square(NamedTuple):
    """A cell as it is drawn."""

    mark: str
    address: str
    text: str


class HeatColumn(NamedTuple):
    """One period of a task, or a task that has no others. `day` tells periods apart: the latest
    deadline of this one."""

    code: str
    occurrence: str
    title: str
    day: date | None

    @property
    def key(self) -> tuple[str, str]:
        return self.code, self.occurrence

    @property
    def name(self) -> str:
        """As an address asks to sort by it."""
        return f"{self.code}/{self.occurrence}"

    @property
    def period(self) -> str:
        """`24/06`; nothing where the code says enough."""
        return f"{self.day:%d/%m}" if self.day else ""


class ShownRow(NamedTuple):
    """A unit with a square for each column, None where it has no part in the task."""

    unit: str
    name: str
    overdue: int
    squares: list[Square | None]


KindAsked = Annotated[UnitKind, Query(alias="nhom")]
HubAsked = Annotated[str, Query(alias="dau-moi")]
SortAsked = Annotated[str, Query(alias="sap-xep")]


@router.get("/ban-do")
def heat_map(
    request: Request,
    _visitor: OfficeOnly,
    seen: Seen,
    tools: ToolsOf,
    paging: PagingOf,
    group: KindAsked = UnitKind.COMMUNE,
    hub: HubAsked = "",
    sort: SortAsked = WORST,
) -> Response:
    paging = paging._replace(size=ROWS)
    which = which_of(group, hub)
    sort = sort_of(seen, sort)
    found = tools.views.heat_map(
        seen.cycle.id, at=seen.at, which=which, sort=sort, limit=ROWS, offset=paging.offset
    )
    counts = counts_of(seen, which)
    totals = _by_column(seen, counts)
    columns = [column for column in columns_of(seen, counts) if column.key in totals]
    return cycle_page(
        request,
        "oversight/heat.html",
        seen,
        "/ban-do",
        rows=paging.of([_shown(seen, row, columns) for row in found.rows], found.units),
        columns=columns,
        everything=sum(each.open_overdue for each in totals.values()),
        held=any(each.held for each in totals.values()),
        totals=totals,
        which=which,
        sort=sort,
        sorts=[
            (WORST, _("nhiều quá hạn nhất")),
            (BY_NAME, _("theo tên")),
            *((each.name, f"{each.code} {each.period}".strip()) for each in columns),
        ],
        communes=[("", _("tất cả")), *seen.communes.items()],
        groups=groups_of(seen),
        marks=list(Mark),
    )


def counts_of(seen: Oversight, which: Which) -> list[Count]:
    """Ten thousand counts know their hub, some hundred the group."""
    counts = seen.counts if which.hub else seen.totals
    return [count for count in counts if _belongs(count, which)]


def columns_of(seen: Oversight, counts: list[Count]) -> list[HeatColumn]:
    """Every period of every task, in the plan's order, with the days of those counted."""
    days = last_days(counts)
    found: dict[tuple[str, str], HeatColumn] = {}
    for task in seen.tasks:
        column = HeatColumn(task.code, task.occurrence, task.title, days.get(task.id))
        found.setdefault(column.key, column)
    several = Counter(code for code, _occurrence in found)
    return [
        column if several[column.code] > 1 else column._replace(day=None)
        for column in found.values()
    ]


def _by_column(seen: Oversight, counts: list[Count]) -> dict[tuple[str, str], FourWay]:
    by_task = grouped(counts, _task_of)
    found: dict[tuple[str, str], list[FourWay]] = {}
    for task in seen.tasks:
        if task.id in by_task:
            found.setdefault((task.code, task.occurrence), []).append(by_task[task.id])
    return {key: together(parts) for key, parts in found.items()}


def _shown(seen: Oversight, row: HeatRow, columns: list[HeatColumn]) -> ShownRow:
    """What a template would work out for ten thousand pieces is made ready here, and so that the
    template need not escape it."""
    cycle, unit = seen.cycle.id.removeprefix("cycle/"), quote(row.unit)

    def square(column: HeatColumn, cell: Cell) -> Square:
        level = cell.level if cell.mark is Mark.OVERDUE else 0
        address = f"{_above(cycle, column.code, column.occurrence)}/{unit}"
        return Square(cell.mark.value, address, f"{MARKS[cell.mark].letter}{level or ''}")

    squares = [
        square(column, cell) if (cell := row.cells.get(column.key)) else None for column in columns
    ]
    return ShownRow(row.unit, row.name, row.overdue, squares)


@lru_cache
def _above(cycle: str, code: str, occurrence: str) -> str:
    """The address of a history without its last part, the unit: the same in a whole column."""
    return history_address(f"{cycle}/{code}/{occurrence}")


def which_of(group: UnitKind, hub: str) -> Which:
    """A hub with its schools goes before a group."""
    return Which(hub=hub) if hub else Which(kind=group)


def sort_of(seen: Oversight, sort: str) -> str:
    """A code alone, as an older address has it, stands for its first column."""
    if sort == BY_NAME:
        return sort
    columns = [f"{task.code}/{task.occurrence}" for task in seen.tasks]
    return next((name for name in columns if sort in (name, name.rpartition("/")[0])), WORST)


def groups_of(seen: Oversight) -> list[UnitKind]:
    kinds = {count.kind for count in seen.totals}
    return [kind for kind in GROUPS if kind in kinds]


def _task_of(count: Count) -> str:
    return count.task


def _belongs(count: Count, which: Which) -> bool:
    return count.hub == which.hub if which.hub else count.kind == which.kind
