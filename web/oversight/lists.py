"""Assignments that fit what is asked: whatever a figure counted can be listed."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from activities.views import Oversight, Page, Which
from models.directory import UnitKind
from models.mark import Mark
from rules.counting import marks_of
from web.access import OfficeOnly
from web.language import gettext as _
from web.oversight.heat import groups_of
from web.oversight.seen import Seen, cycle_page
from web.oversight.words import FIGURES, GROUPS, LEVELS, MARKS, sentence
from web.paging import PagingOf
from web.tools import Tools, ToolsOf

router = APIRouter(prefix="/chu-ky/{plan}/{cycle}")

FOUR = ("open_overdue", "completed_on_time", "completed_late", "open_within_time")
Choices = list[tuple[str, str]]


class Asked(NamedTuple):
    """What a list is narrowed to. What is empty, or names nothing, narrows nothing."""

    task: str
    unit: str
    kind: str
    hub: str
    mark: str
    level: str


def asked(
    task: Annotated[str, Query(alias="nhiem-vu")] = "",
    unit: Annotated[str, Query(alias="don-vi")] = "",
    kind: Annotated[str, Query(alias="nhom")] = "",
    hub: Annotated[str, Query(alias="dau-moi")] = "",
    mark: Annotated[str, Query(alias="tinh-trang")] = "",
    level: Annotated[str, Query(alias="cap")] = "",
) -> Asked:
    return Asked(task, unit, kind, hub, mark, level)


AskedFor = Annotated[Asked, Depends(asked)]


@router.get("/phan-viec")
def assignments(
    request: Request,
    _visitor: OfficeOnly,
    seen: Seen,
    tools: ToolsOf,
    paging: PagingOf,
    asked: AskedFor,
) -> Response:
    found = listed(tools, seen, asked, limit=paging.size, offset=paging.offset)
    return cycle_page(
        request,
        "oversight/list.html",
        seen,
        "/phan-viec",
        work=paging.of(found.assignments, found.total),
        asked=asked,
        choices=_choices(seen),
    )


def listed(
    tools: Tools, seen: Oversight, asked: Asked, *, limit: int | None, offset: int = 0
) -> Page:
    code, _slash, occurrence = asked.task.partition("/")
    kind = UnitKind(asked.kind) if asked.kind in set(UnitKind) else None
    return tools.views.assignments(
        at=seen.at,
        cycle=seen.cycle.id,
        code=code or None,
        occurrence=occurrence or None,
        unit=asked.unit or None,
        which=Which(kind=kind, hub=asked.hub or None),
        marks=marks_of(asked.mark) or tuple(mark for mark in Mark if mark == asked.mark),
        level=int(asked.level) if asked.level in map(str, LEVELS) else None,
        limit=limit,
        offset=offset,
    )


def _choices(seen: Oversight) -> dict[str, Choices]:
    everything = ("", _("tất cả"))
    tasks = {f"{task.code}/{task.occurrence}": task.title for task in seen.tasks}
    return {
        "mark": [
            everything,
            *((name, _(FIGURES[name])) for name in FOUR),
            *((mark.value, sentence(_(words.name))) for mark, words in MARKS.items()),
        ],
        "task": [everything, *tasks.items()],
        "kind": [everything, *((kind.value, _(GROUPS[kind])) for kind in groups_of(seen))],
        "hub": [everything, *seen.communes.items()],
        "level": [everything, *((str(level), _(name)) for level, name in LEVELS.items())],
    }
