"""What other systems tell us, as CloudEvents 1.0: a document that a task waits for was issued."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
)
from starlette.responses import Response

from activities.asked import Key
from activities.lookup import Task
from models.assignment import Waiting
from models.commands import Command
from models.identifiers import cycle_id
from models.visitor import Visitor
from web.access import OfficerOnly
from web.api.asking import ACT, ask, identity, told
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Body, Line
from web.api.tasks import for_each_part, issued
from web.officer.desk import parts_of
from web.tools import Tools, ToolsOf

router = part("Sự kiện")

STRUCTURED = "application/cloudevents+json"
DOCUMENT_ISSUED = "vn.dondoc.document.issued.v1"
EXAMPLE: dict[str, JsonValue] = {
    "specversion": "1.0",
    "id": "vb-2026-000123",
    "source": "https://vanban.lamdong.example",
    "type": DOCUMENT_ISSUED,
    "subject": "lam-dong-nq57/2026/V.2/H1",
    "time": "2026-03-02T09:00:00+07:00",
    "data": {"number": "12/QĐ-UBND", "issued_on": "2026-03-02"},
}


class IssuedDocument(Body):
    """`last_day` where the document sets another deadline than the plan."""

    number: Line = Field(description="Số, ký hiệu của văn bản.")
    issued_on: date
    last_day: date | None = None


class CloudEvent(BaseModel):
    """CloudEvents 1.0. Source and id name the event: told again, it is the same one. Attributes
    that we do not know are left alone, as the standard wants it."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [EXAMPLE]})

    specversion: Literal["1.0"]
    id: Line
    source: Line
    type: Line = Field(description=f"Hiện nhận: `{DOCUMENT_ISSUED}`.")
    subject: Annotated[
        str, StringConstraints(max_length=500, pattern=r"^[^/\x00]+(/[^/\x00]+){2,3}$")
    ] = Field(description="Nhiệm vụ: `{kế hoạch}/{chu kỳ}/{mã}` hoặc kèm `/{lần}`.")
    time: AwareDatetime | None = None
    datacontenttype: Literal["application/json"] | None = None
    data: IssuedDocument


@router.post(
    "/events",
    summary="Báo một sự kiện",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {STRUCTURED: {"schema": {"$ref": "#/components/schemas/CloudEvent"}}},
        }
    },
    **ACT,
)
async def receive(request: Request, visitor: OfficerOnly, tools: ToolsOf) -> Response:
    """CloudEvents 1.0, dạng structured (`application/cloudevents+json`) hoặc binary (tiêu đề
    `ce-*`, thân là `data`). Cùng `source` và `id` gửi lại thì chỉ được thực hiện một lần."""
    said = await _said(request)
    known = said.get("type")
    if isinstance(known, str) and known and known != DOCUMENT_ISSUED:
        raise ApiProblem(
            "event_unknown", f"Không nhận loại sự kiện này; hiện nhận {DOCUMENT_ISSUED}."
        )
    event = _event(said)
    id_ = identity("event", event.source, event.id)
    # Of what is said, not of how: a sender may add a trace, or another form, when it sends again.
    fingerprint = identity(event.type, event.subject, event.data.model_dump_json())
    key = Key(id_, fingerprint)
    return told(await ask(tools, key, lambda id_: _commands(tools, visitor, event, id_)))


async def _said(request: Request) -> dict[str, Any]:
    """The event's attributes and data, from either form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    attributes = {
        name.removeprefix("ce-"): value
        for name, value in request.headers.items()
        if name.startswith("ce-")
    }
    if kind not in (STRUCTURED, "application/json") or (kind != STRUCTURED and not attributes):
        raise ApiProblem(
            "unsupported_media_type",
            f"Cần Content-Type: {STRUCTURED}, hoặc application/json cùng các tiêu đề ce-*.",
        )
    try:
        body = await request.json()
    except (ValueError, RecursionError) as error:
        raise ApiProblem("malformed") from error
    if kind != STRUCTURED:
        return attributes | {"data": body}
    if not isinstance(body, dict):
        raise ApiProblem("malformed", "Một CloudEvent là một đối tượng JSON.")
    return body


def _event(said: dict[str, Any]) -> CloudEvent:
    try:
        return CloudEvent.model_validate(said)
    except ValidationError as error:
        places = [each | {"loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(places) from error


def _commands(tools: Tools, visitor: Visitor, event: CloudEvent, id_: str) -> list[Command]:
    document = event.data
    return for_each_part(
        tools,
        visitor,
        parts_of(tools, _awaiting(tools, event.subject).id),
        id_,
        "",
        lambda heading: issued(heading, document.number, document.issued_on, document.last_day),
    )


def _awaiting(tools: Tools, subject: str) -> Task:
    """The task an event is about; where no occurrence is named, the one that waits."""
    plan, cycle, code, *occurrence = subject.split("/")
    found = tools.lookup.tasks([cycle_id(plan, cycle)], code, occurrence[0] if occurrence else None)
    if not found:
        raise ApiProblem("event_unknown", f"Không có nhiệm vụ {subject} trong chu kỳ nào.")
    waiting = [task for task in found if Waiting.DOCUMENT in task.waiting] or found
    names = sorted({task.occurrence for task in waiting})
    if len(names) > 1:
        raise ApiProblem(
            "event_unknown", f"{subject} có nhiều lần: hãy nêu rõ một trong {', '.join(names)}."
        )
    return waiting[0]
