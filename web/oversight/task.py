"""One task: what is asked, of whom, until when and why, and how it stands."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from activities.views import TaskStory, Which
from models.assignment import TaskState
from models.commands import Note, NoteKind
from models.deadline import Deadline
from models.events import DeadlineSet
from models.identifiers import cycle_id, parse_task_id, task_id
from models.mark import Mark
from models.visitor import Visitor, VisitorRole
from rules.counting import figures
from rules.deadlines import explain
from rules.evolve import SUBORDINATES, evolve
from rules.narration import actor_name, tell
from web.access import HolderOfTask, SupervisorOnly
from web.forms import COMMAND, Fields, command_id
from web.language import gettext as _
from web.oversight.addresses import task_address
from web.oversight.history import OFFICE, temporal_address
from web.oversight.seen import shown
from web.pages import see
from web.paging import Paging, PagingOf
from web.tools import Now, Tools, ToolsOf

router = APIRouter(prefix="/nhiem-vu/{plan}/{cycle}/{code}/{occurrence}/{part}")

QUIET = ("ladder_set", "deadline_set")


class ClassDeadline(NamedTuple):
    """The deadline of one class of units, and its reason as a sentence."""

    whose: str
    deadline: Deadline
    why: str
    set_at: datetime


class Told(NamedTuple):
    """One entry of the task's ledger in words."""

    at: datetime
    actor: str
    text: str


@router.get("")
def task(
    request: Request,
    visitor: HolderOfTask,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    plan: str,
    cycle: str,
    code: str,
    occurrence: str,
    part: str,
) -> Response:
    return _page(request, visitor, tools, now, paging, task_id(plan, cycle, code, occurrence, part))


@router.post("/chi-dao")
async def instruct(
    request: Request,
    visitor: SupervisorOnly,
    tools: ToolsOf,
    now: Now,
    paging: PagingOf,
    fields: Fields,
    plan: str,
    cycle: str,
    code: str,
    occurrence: str,
    part: str,
) -> Response:
    """A supervisor's instruction on the whole task, to its coordinator."""
    id_ = task_id(plan, cycle, code, occurrence, part)
    words = fields.get("y_kien", "").strip()
    if not await asyncio.to_thread(tools.lookup.task, id_):
        raise HTTPException(404)
    if not words:
        sentence = _("Chưa ghi: hãy viết ý kiến chỉ đạo.")
        return see(request, task_address(id_), sentence, tone="bad")
    heading = await asyncio.to_thread(
        tools.acts.heading, visitor, id_, id_=command_id(fields.get(COMMAND, "")), words=words
    )
    (answer,) = await tools.acts.perform(Note(**heading, kind=NoteKind.INSTRUCTION))
    if answer.refused:
        at_task = paging._replace(path=task_address(id_))
        errors = {"y_kien": answer.sentence}
        return await asyncio.to_thread(
            _page, request, visitor, tools, now, at_task, id_, fields, errors
        )
    return see(request, task_address(id_), answer.sentence, tone=answer.tone)


def _page(
    request: Request,
    visitor: Visitor,
    tools: Tools,
    now: datetime,
    paging: Paging,
    id_: str,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    story = tools.views.task_story(id_)
    if story is None:
        raise HTTPException(404)
    key = parse_task_id(id_)
    plan_cycle = cycle_id(key.plan, key.cycle)
    in_office = visitor.role in OFFICE
    counted = tools.views.task_counts(story.task, at=now) if in_office else {}
    found = tools.views.assignments(
        at=now,
        cycle=plan_cycle,
        code=key.code,
        occurrence=key.occurrence,
        unit=visitor.unit if visitor.role is VisitorRole.UNIT and not visitor.is_hub else None,
        which=Which(hub=visitor.unit if visitor.role is VisitorRole.UNIT else None),
        limit=paging.size,
        offset=paging.offset,
    )
    return shown(
        request,
        "oversight/task.html",
        status=422 if errors else 200,
        stands_at=task_address(id_),
        story=story,
        facts=story.state.facts,
        plan_cycle=plan_cycle,
        year=key.cycle,
        deadlines=list(deadlines_of(story)),
        opened=story.events[0].at,
        happened=list(happened(story)),
        figures=figures(counted.items()),
        submitted=counted.get(Mark.SUBMITTED, 0),
        work=paging.of(found.assignments, found.total),
        in_office=in_office,
        may_instruct=visitor.role is VisitorRole.SUPERVISOR,
        temporal=temporal_address(tools, id_) if in_office else None,
        typed=typed or {},
        errors=errors or {},
    )


def deadlines_of(story: TaskStory) -> Iterator[ClassDeadline]:
    set_at = {event.key: event.at for event in story.events if isinstance(event, DeadlineSet)}
    for name, key in story.state.classes.items():
        deadline = story.state.deadlines[key]
        whose = (
            _("các cơ sở báo cáo qua đầu mối") if name == SUBORDINATES else _("đơn vị thực hiện")
        )
        yield ClassDeadline(whose, deadline, explain(deadline), set_at[key])


def happened(story: TaskStory) -> Iterator[Told]:
    def name(code: str) -> str:
        return story.units.get(code, code)

    state: TaskState | None = None
    for event in story.events:
        state = evolve(state, event)
        if event.kind not in QUIET:
            text = tell(event, state, unit_name=name, words=story.words)
            yield Told(event.at, actor_name(event.actor, unit_name=name, people=story.people), text)
