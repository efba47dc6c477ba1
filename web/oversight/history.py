"""The history of one assignment: what happened and why, who was told, what proves it."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from activities.views import DispatchView, History, NoticeView
from models.commands import Note, NoteKind
from models.deadline import Deadline
from models.events import Event, RungFired
from models.identifiers import cycle_id, parse_task_id
from models.visitor import VisitorRole
from rules.deadlines import explain
from rules.evolve import deadline_moves
from rules.narration import narrate, recipient_name
from web.access import OwnAssignment, Owned, SupervisedAssignment
from web.forms import COMMAND, Fields, command_id
from web.language import gettext as _
from web.oversight.addresses import history_address
from web.oversight.seen import shown
from web.pages import see
from web.tools import Now, Tools, ToolsOf

router = APIRouter()

OFFICE = (VisitorRole.OFFICER, VisitorRole.SUPERVISOR)


class Proof(NamedTuple):
    """A notice as its reader sees it, and the letter it went out with through each channel."""

    notice: NoticeView
    recipient: str
    dispatches: list[DispatchView]


class Entry(NamedTuple):
    """One entry of the ledger in words, with the notices that followed from it."""

    number: int
    event: Event
    actor: str
    text: str
    proofs: list[Proof]


@router.get("/lich-su/{assignment:path}")
def history(request: Request, owned: OwnAssignment, tools: ToolsOf, now: Now) -> Response:
    return _page(request, owned, tools, now)


@router.post("/lich-su/{assignment:path}/chi-dao")
async def instruct(
    request: Request, owned: SupervisedAssignment, tools: ToolsOf, now: Now, fields: Fields
) -> Response:
    """A supervisor's instruction to one unit."""
    words, address = fields.get("y_kien", "").strip(), history_address(owned.part.id)
    if not words:
        return see(request, address, _("Chưa ghi: hãy viết ý kiến chỉ đạo."), tone="bad")
    heading = await asyncio.to_thread(
        tools.acts.heading,
        owned.visitor,
        owned.part.task,
        id_=command_id(fields.get(COMMAND, "")),
        words=words,
    )
    note = Note(**heading, unit=owned.part.unit, kind=NoteKind.INSTRUCTION)
    (answer,) = await tools.acts.perform(note)
    if answer.refused:
        errors = {"y_kien": answer.sentence}
        return await asyncio.to_thread(_page, request, owned, tools, now, fields, errors)
    return see(request, address, answer.sentence, tone=answer.tone)


def _page(
    request: Request,
    owned: Owned,
    tools: Tools,
    now: datetime,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    found = tools.views.history(owned.part.id, at=now)
    if found is None:
        raise HTTPException(404)
    deadline = deadline_of(found)
    entries = list(entries_of(found))
    key = parse_task_id(found.assignment.task)
    return shown(
        request,
        "oversight/history.html",
        status=422 if errors else 200,
        stands_at=history_address(owned.part.id),
        found=found,
        row=found.assignment,
        facts=found.state.facts,
        plan_cycle=cycle_id(key.plan, key.cycle),
        entries=entries,
        deadline=deadline,
        why=explain(deadline) if deadline else "",
        moves=deadline_moves(found.events, found.assignment.unit),
        owner=owned.visitor,
        in_office=owned.visitor.role in OFFICE,
        temporal=temporal_address(tools, found.assignment.task),
        typed=typed or {},
        errors=errors or {},
    )


@router.get("/kiem-so/{assignment:path}")
def check(request: Request, owned: OwnAssignment, tools: ToolsOf, now: Now) -> Response:
    """Every entry of the task's ledger, hashed again: some seconds for a year of 2,000 units, so
    it is asked for by itself."""
    found = tools.views.history(owned.part.id, at=now)
    if found is None:
        raise HTTPException(404)
    checked = tools.views.checked(found.assignment.task)
    return shown(request, "oversight/checked.html", row=found.assignment, checked=checked)


def temporal_address(tools: Tools, task: str) -> str | None:
    """The same execution in Temporal's own UI, where there is one to be reached."""
    settings = tools.settings
    if settings.temporal_ui_url is None:
        return None
    return (
        f"{settings.temporal_ui_url}/namespaces/{quote(settings.temporal_namespace)}"
        f"/workflows/{quote(task, safe='')}"
    )


def deadline_of(found: History) -> Deadline | None:
    due = found.state.assignments[found.assignment.unit].due
    return None if due is None else found.state.deadlines[due]


def entries_of(found: History) -> Iterator[Entry]:
    def name(code: str) -> str:
        return found.units.get(code, code)

    numbers = dict(zip(map(id, found.events), found.numbers, strict=True))
    waiting = list(found.notices)
    for told in narrate(
        found.events, found.assignment.unit, unit_name=name, words=found.words, people=found.people
    ):
        mine = [notice for notice in waiting if _follows(notice, told.event)]
        waiting = [notice for notice in waiting if notice not in mine]
        proofs = [
            Proof(
                each,
                recipient_name(each.recipient, unit_name=name),
                [sent for sent in found.dispatches if sent.message == each.message],
            )
            for each in mine
        ]
        yield Entry(numbers[id(told.event)], told.event, told.actor, told.text, proofs)


def _follows(notice: NoticeView, event: Event) -> bool:
    """Whether `event` led to `notice`: both were recorded for one instant, a rung's notice by its
    ladder, another by the kind of its event."""
    if isinstance(event, RungFired):
        clock = notice.rung.partition(":")[0]
        return clock == event.clock and notice.scheduled == event.scheduled
    name = {"noted": "instruction", "deadline_set": "dated"}.get(event.kind, event.kind)
    source = event.command or event.at.isoformat()
    return notice.kind == name and notice.rung == f"{name}-{source}"
