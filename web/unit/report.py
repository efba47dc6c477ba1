"""The report form: filled in bit by bit, kept as it is typed, handed in once."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse, Response, StreamingResponse

from activities.report_store import DraftConflict
from activities.reports import Unfit
from models.report import Draft, ReportForm, ReportProblem
from rules.report_checks import STATUS_NAMES
from web.access import OwnAssignment, OwnAssignmentToTouch, OwnDraft, Owned
from web.done import handed_in
from web.forms import COMMAND, command_id, fields_of
from web.language import gettext as _
from web.pages import page, see
from web.tools import Now, Tools, ToolsOf
from web.unit.typed_report import VERSION, draft_from, version_from

router = APIRouter(prefix="/bao-cao")

FILES = "tep"
REMOVE = "bo"
MEGABYTE = 1024 * 1024
# The browser must never show or run what somebody uploaded.
AS_DOWNLOAD = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/{assignment:path}/lan/{number}")
def submitted(
    request: Request, owned: OwnAssignment, tools: ToolsOf, now: Now, number: int
) -> Response:
    """A report as it was handed in."""
    found = [each for each in tools.reports.revisions(owned.part.id) if each.number == number]
    work = tools.views.assignment(owned.part.id, at=now)
    if not found or work is None:
        raise HTTPException(404)
    form = tools.reports.form(owned.part.id)
    return page(
        request,
        "unit/submitted.html",
        report=found[0],
        work=work,
        titles={line.code: line.text for line in form.lines},
        targets={target.code: target for target in form.targets},
        statuses=STATUS_NAMES,
    )


@router.get("/{assignment:path}/tep/{sha256}")
def evidence(owned: OwnAssignment, tools: ToolsOf, sha256: str) -> Response:
    try:
        attachment, opened = tools.reports.open_attachment(owned.part.id, sha256)
    except KeyError as missing:
        raise HTTPException(404) from missing
    name = quote(attachment.name)
    return StreamingResponse(
        pieces(opened),
        media_type="application/octet-stream",
        headers=AS_DOWNLOAD
        | {
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Length": str(attachment.size),
        },
    )


def pieces(opened: BinaryIO) -> Iterator[bytes]:
    with opened:
        while piece := opened.read(MEGABYTE):
            yield piece


@router.get("/{assignment:path}")
def blank(
    request: Request, owned: OwnAssignmentToTouch, tools: ToolsOf, moi: bool = False
) -> Response:
    """The form as it was left; `moi` starts again from what the schools have reported."""
    form = tools.reports.form(owned.part.id, fresh=moi)
    return _form(request, tools, form, form.draft, form.version)


@router.post("/{assignment:path}/nhap")
async def autosave(request: Request, owned: OwnDraft, tools: ToolsOf, now: Now) -> Response:
    """Keeps what is typed while it is being typed; the page's script asks for it."""
    typed = await request.form()
    try:
        version = await asyncio.to_thread(_save, tools, owned, typed, now)
    except DraftConflict:
        sentence = _("Bản nháp này vừa được lưu ở máy khác. Tải lại trang để xem.")
        return JSONResponse({"problem": sentence}, 409)
    except ReportProblem as problem:
        return JSONResponse({"problem": str(problem)}, 409)
    return JSONResponse({"version": version, "saved": _("Đã lưu nháp.")})


@router.post("/{assignment:path}")
async def fill_in(
    request: Request, owned: OwnAssignmentToTouch, tools: ToolsOf, now: Now
) -> Response:
    """Every button of the form keeps what was typed first."""
    typed = await request.form()
    if "nop" in typed:
        return await _submit(request, tools, owned, typed, now)
    return await asyncio.to_thread(_keep, request, tools, owned, typed, now)


async def _submit(
    request: Request, tools: Tools, owned: Owned, typed: FormData, now: datetime
) -> Response:
    problems = await asyncio.to_thread(_attach, tools, owned, typed, now)
    if problems:
        problems |= await asyncio.to_thread(_wrong, tools, owned, typed)
        return await asyncio.to_thread(_again, request, tools, owned, typed, problems)
    try:
        command = await asyncio.to_thread(_submission, tools, owned, typed, now)
    except Unfit as unfit:
        errors = {finding.place: _(finding.message) for finding in unfit.findings}
        return await asyncio.to_thread(_again, request, tools, owned, typed, errors)
    except DraftConflict:
        return await asyncio.to_thread(_conflict, request, tools, owned, typed)
    except ReportProblem as problem:
        return await asyncio.to_thread(_refused, request, tools, owned, typed, str(problem))
    (answer,) = await tools.acts.deliver([command])
    if answer.done:
        reviewer = await asyncio.to_thread(tools.reports.reviewer, owned.part.id)
        answer = answer._replace(sentence=handed_in(command.received_at, reviewer))
    return see(request, f"/viec/{owned.part.id}", answer.sentence, tone=answer.tone)


def _submission(tools: Tools, owned: Owned, typed: FormData, now: datetime) -> Any:
    return tools.reports.submit(
        owned.part.id,
        _draft(tools, owned, typed),
        version=version_from(typed),
        actor=tools.acts.actor(owned.visitor),
        received_at=now,
        command=command_id(typed.get(COMMAND)),
    )


def _wrong(tools: Tools, owned: Owned, typed: FormData) -> dict[str, str]:
    """What a report says wrong, field by field, where it cannot be handed in for another reason."""
    found = tools.reports.check(owned.part.id, _draft(tools, owned, typed))
    return {finding.field: _(finding.message) for finding in found}


def _keep(request: Request, tools: Tools, owned: Owned, typed: FormData, now: datetime) -> Response:
    """Saves, takes files in or out, and shows the form again."""
    problems = _attach(tools, owned, typed, now)
    try:
        _save(tools, owned, typed, now)
    except DraftConflict:
        return _conflict(request, tools, owned, typed)
    except ReportProblem as problem:
        return _refused(request, tools, owned, typed, str(problem))
    if problems:
        return _again(request, tools, owned, typed, problems)
    return see(request, f"/bao-cao/{owned.part.id}", _("Đã lưu nháp."))


def _save(tools: Tools, owned: Owned, typed: FormData, now: datetime) -> int:
    return tools.reports.save_draft(
        owned.part.id,
        _draft(tools, owned, typed),
        version=version_from(typed),
        actor=tools.acts.actor(owned.visitor),
        at=now,
    )


def _draft(tools: Tools, owned: Owned, typed: FormData) -> Draft:
    kept = tools.reports.attachments(owned.part.id)
    removed = typed.getlist(REMOVE)
    return draft_from(fields_of(typed), [each for each in kept if each.sha256 not in removed])


def place_of(field: str) -> str:
    """The task, target or row a field belongs to, as the form calls it."""
    part, _dot, rest = field.partition(".")
    key, _dot, _name = rest.rpartition(".")
    if part == "estimates" and key:
        return _("Dòng %(number)s", number=key)
    return key if part in ("lines", "figures") else ""


def _attach(tools: Tools, owned: Owned, typed: FormData, now: datetime) -> dict[str, str]:
    """Takes the files in, and says why one was not taken."""
    actor = tools.acts.actor(owned.visitor)
    for file in typed.getlist(FILES):
        if not isinstance(file, UploadFile) or not file.filename:
            continue
        try:
            tools.reports.attach(owned.part.id, file.filename, file.file, actor=actor, at=now)
        except ReportProblem as problem:
            return {FILES: str(problem)}
    return {}


def _again(
    request: Request, tools: Tools, owned: Owned, typed: FormData, errors: Mapping[str, str]
) -> Response:
    """The form with what is wrong; everything typed has been kept."""
    form = tools.reports.form(owned.part.id)
    draft = _draft(tools, owned, typed)
    return _form(request, tools, form, draft, form.version, errors=errors)


def _conflict(request: Request, tools: Tools, owned: Owned, typed: FormData) -> Response:
    sentence = _(
        "Trong lúc anh/chị gõ, bản nháp này đã được lưu ở máy khác. Dưới đây là những gì anh/chị "
        "vừa gõ, chưa lưu: bấm “Lưu nháp” để thay bản kia, hoặc mở lại trang để xem bản kia."
    )
    return _refused(request, tools, owned, typed, sentence)


def _refused(
    request: Request, tools: Tools, owned: Owned, typed: FormData, sentence: str
) -> Response:
    """What cannot be taken, perhaps never again, stays on the page, to be read and copied."""
    form = tools.reports.form(owned.part.id)
    draft = _draft(tools, owned, typed)
    return _form(request, tools, form, draft, form.version, errors={VERSION: sentence}, status=409)


def _form(
    request: Request,
    tools: Tools,
    form: ReportForm,
    draft: Draft,
    version: int,
    *,
    errors: Mapping[str, str] | None = None,
    status: int | None = None,
) -> Response:
    return page(
        request,
        "unit/report.html",
        stands_at=f"/bao-cao/{form.assignment}",
        status=status or (422 if errors else 200),
        form=form,
        draft=draft,
        version=version,
        errors=errors or {},
        place_of=place_of,
        status_options=[
            ("", _("– chọn –")),
            *((status.value, _(name)) for status, name in STATUS_NAMES.items()),
        ],
        most_megabytes=tools.settings.attachment_megabytes,
        kinds=tools.settings.attachment_kinds.split(),
    )
