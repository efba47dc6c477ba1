"""Units by tasks, a group of units at a time."""

from functools import lru_cache
from textwrap import shorten
from typing import Annotated, NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from activities.views import Oversight, Which
from activities.views.heat import BY_NAME, WORST, Cell, HeatRow
from models.directory import UnitKind
from models.mark import Mark
from rules.counting import Count, grouped
from web.access import OfficeOnly
from web.language import gettext as _
from web.oversight.addresses import history_address
from web.oversight.seen import Seen, cycle_page
from web.oversight.words import GROUPS, MARKS
from web.paging import PagingOf
from web.tools import ToolsOf

router = APIRouter(prefix="/chu-ky/{plan}/{cycle}")

TITLE = 140  # of a task, in letters
ROWS = 130  # the 124 communes of a province stand on one page


class Square(NamedTuple):
    """A cell as it is drawn."""

    mark: str
    address: str
    text: str


class ShownRow(NamedTuple):
    """A unit with a square for each code, None where it has no part in the task."""

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
    # Ten thousand counts know their hub, some hundred the group.
    counts = seen.counts if which.hub else seen.totals
    totals = grouped((count for count in counts if _belongs(count, which)), _code_of)
    codes = [code for code in seen.cycle.codes if code in totals]
    return cycle_page(
        request,
        "oversight/heat.html",
        seen,
        "/ban-do",
        rows=paging.of([_shown(seen, row, codes) for row in found.rows], found.units),
        codes=codes,
        titles={
            duty.code: shorten(duty.text, TITLE, placeholder=" …")
            for duty in seen.cycle.plan.document.duties
        },
        everything=[totals[code].open_overdue for code in codes],
        held=any(each.held for each in totals.values()),
        totals=totals,
        which=which,
        sort=sort,
        sorts=[
            (WORST, _("nhiều quá hạn nhất")),
            (BY_NAME, _("theo tên")),
            *((code, code) for code in codes),
        ],
        communes=[("", _("tất cả")), *seen.communes.items()],
        groups=groups_of(seen),
        marks=list(Mark),
    )


def _shown(seen: Oversight, row: HeatRow, codes: list[str]) -> ShownRow:
    """What a template would work out for ten thousand pieces is made ready here, and so that the
    template need not escape it."""
    cycle, unit = seen.cycle.id.removeprefix("cycle/"), quote(row.unit)

    def square(code: str, cell: Cell) -> Square:
        level = cell.level if cell.mark is Mark.OVERDUE else 0
        address = f"{_above(cycle, code, cell.occurrence)}/{unit}"
        return Square(cell.mark.value, address, f"{MARKS[cell.mark].letter}{level or ''}")

    squares = [square(code, row.cells[code]) if code in row.cells else None for code in codes]
    return ShownRow(row.unit, row.name, row.overdue, squares)


@lru_cache
def _above(cycle: str, code: str, occurrence: str) -> str:
    """The address of a history without its last part, the unit: the same in a whole column."""
    return history_address(f"{cycle}/{code}/{occurrence}")


def which_of(group: UnitKind, hub: str) -> Which:
    """A hub with its schools goes before a group."""
    return Which(hub=hub) if hub else Which(kind=group)


def sort_of(seen: Oversight, sort: str) -> str:
    return sort if sort in (BY_NAME, *seen.cycle.codes) else WORST


def groups_of(seen: Oversight) -> list[UnitKind]:
    kinds = {count.kind for count in seen.totals}
    return [kind for kind in GROUPS if kind in kinds]


def _code_of(count: Count) -> str:
    return count.code


def _belongs(count: Count, which: Which) -> bool:
    return count.hub == which.hub if which.hub else count.kind == which.kind
