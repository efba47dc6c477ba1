"""One task, and what an officer decides about it as a whole."""

from collections.abc import Callable, Container, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Body as BodyOf
from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from activities.lookup import Task
from models.assignment import Role
from models.commands import Adopt, Allocate, Command, DocumentIssued, Note, NoteKind, SetDate
from models.identifiers import task_id
from models.visitor import Visitor
from rules.counting import figures
from web.access import HolderOfTask, OfficerOnly, SupervisorOnly
from web.api.asking import ACT, Keyed, Keying, perform
from web.api.cycles import Figures, figures_shape
from web.api.directory import member
from web.api.problems import ApiProblem
from web.api.routing import part
from web.api.shapes import Body, Line, NoWords, Shape, Words, example
from web.officer.desk import parts_of
from web.oversight.history import OFFICE
from web.oversight.task import deadlines_of, happened
from web.tools import Now, Tools, ToolsOf

router = part("Nhiệm vụ", "/tasks/{plan}/{cycle}/{code}/{occurrence}")

Make = Callable[[dict[str, Any]], Command]


def the_task(plan: str, cycle: str, code: str, occurrence: str) -> str:
    """The first part of the task in the path: an officer decides for all of them."""
    return task_id(plan, cycle, code, occurrence)


TheTask = Annotated[str, Depends(the_task)]


class ClassDeadline(Shape):
    whose: str
    last_day: date
    why: str


class TaskEntry(Shape):
    at: datetime
    actor: str
    text: str


class TaskStory(Shape):
    id: str
    code: str
    occurrence: str
    title: str
    stage: str = Field(description="open, closed, voided")
    waiting: tuple[str, ...] = Field(description="Đang chờ chuyên viên điều gì.")
    halted: str | None
    text: str = Field(description="Nguyên văn trong kế hoạch.")
    timing: str = Field(description="Thời hạn trong văn bản.")
    figures: Figures | None = Field(description="Chỉ cho chuyên viên và lãnh đạo.")
    deadlines: list[ClassDeadline]
    happened: list[TaskEntry]


class Allocation(Body):
    units: list[Line] = Field(min_length=1, max_length=3000, description="Mã các đơn vị.")
    cooperating: bool = Field(default=False, description="Phối hợp; bình thường là chủ trì.")
    text: NoWords = ""


class LastDay(Body):
    last_day: date = Field(description="Ngày cuối còn đúng hạn.")
    text: NoWords = ""


class Issued(Body):
    number: Line = Field(description="Số, ký hiệu của văn bản.")
    issued_on: date
    last_day: date | None = Field(
        default=None, description="Khi văn bản đặt hạn khác với kế hoạch."
    )
    text: NoWords = ""


class Adoption(Body):
    settled: bool = Field(description="true: coi như đã xong; false: đôn đốc từ nay.")
    late: bool = Field(
        default=False, description="Khi đã xong: xong quá hạn; bình thường tính là đúng hạn."
    )
    text: NoWords = ""


class TaskInstruction(Body):
    text: Words = Field(description="Ý kiến chỉ đạo.")


@router.get("/parts/{part}", summary="Một nhiệm vụ: hạn, lý do, những gì đã xảy ra")
def story(
    visitor: HolderOfTask,
    tools: ToolsOf,
    now: Now,
    plan: str,
    cycle: str,
    code: str,
    occurrence: str,
    part: str,
) -> TaskStory:
    found = tools.views.task_story(task_id(plan, cycle, code, occurrence, part))
    if found is None:
        raise ApiProblem("not_found")
    task, facts = found.task, found.state.facts
    counts = tools.views.task_counts(task, at=now) if visitor.role in OFFICE else None
    return TaskStory(
        id=task.id,
        code=task.code,
        occurrence=task.occurrence,
        title=task.title,
        stage=task.stage,
        waiting=task.waiting,
        halted=task.halted,
        text=facts.text,
        timing=facts.timing_text,
        figures=None
        if counts is None
        else figures_shape(task.id, task.title, figures(counts.items())),
        deadlines=[
            ClassDeadline(whose=each.whose, last_day=each.deadline.last_day, why=each.why)
            for each in deadlines_of(found)
        ],
        happened=[TaskEntry.model_validate(each) for each in happened(found)],
    )


@router.post("/allocate", summary="Phân công đơn vị", **ACT)
async def allocate(
    visitor: OfficerOnly,
    tools: ToolsOf,
    keyed: Keyed,
    task: TheTask,
    body: Annotated[Allocation, BodyOf(**example({"units": ["GDTRH", "VP"]}))],
) -> Response:
    """Khi văn bản không nêu tên đơn vị nào."""
    role = Role.COOPERATING if body.cooperating else Role.LEAD

    def build(id_: str) -> list[Command]:
        first = _parts(tools, task)[0]
        units = tuple(member(tools, unit) for unit in dict.fromkeys(body.units))
        heading = tools.acts.heading(visitor, first.id, id_=id_, words=body.text)
        return [Allocate(**heading, units=units, role=role)]

    return await perform(tools, visitor, keyed, build)


@router.post("/set-date", summary="Ấn định hạn", **ACT)
async def set_date(
    visitor: OfficerOnly,
    tools: ToolsOf,
    keyed: Keyed,
    task: TheTask,
    body: LastDay,
) -> Response:
    """Khi văn bản không ghi ngày."""
    return await _decide(
        tools,
        visitor,
        keyed,
        task,
        body.text,
        lambda heading: SetDate(**heading, last_day=body.last_day),
    )


@router.post("/document-issued", summary="Văn bản được chờ đã ban hành", **ACT)
async def document_issued(
    visitor: OfficerOnly,
    tools: ToolsOf,
    keyed: Keyed,
    task: TheTask,
    body: Annotated[Issued, BodyOf(**example({"number": "12/QĐ-UBND", "issued_on": "2026-03-02"}))],
) -> Response:
    return await _decide(
        tools,
        visitor,
        keyed,
        task,
        body.text,
        lambda heading: issued(heading, body.number, body.issued_on, body.last_day),
    )


@router.post("/adopt", summary="Quyết định về hạn đã qua trước khi phát động", **ACT)
async def adopt(
    visitor: OfficerOnly,
    tools: ToolsOf,
    keyed: Keyed,
    task: TheTask,
    body: Adoption,
) -> Response:
    if body.late and not body.settled:
        raise ApiProblem("refused", "late chỉ đi cùng settled: việc đôn đốc từ nay là quá hạn.")

    def adopted(heading: dict[str, Any]) -> Command:
        return Adopt(**heading, settled=body.settled, late=body.late)

    def build(id_: str) -> list[Command]:
        parts = _parts(tools, task)
        held = tools.lookup.held([each.id for each in parts])
        return for_each_part(tools, visitor, parts, id_, body.text, adopted, only=held)

    return await perform(tools, visitor, keyed, build)


@router.post("/instructions", summary="Ý kiến chỉ đạo về cả nhiệm vụ", **ACT)
async def instruct(
    visitor: SupervisorOnly,
    tools: ToolsOf,
    keyed: Keyed,
    task: TheTask,
    body: TaskInstruction,
) -> Response:
    def build(id_: str) -> list[Command]:
        first = _parts(tools, task)[0]
        heading = tools.acts.heading(visitor, first.id, id_=id_, words=body.text)
        return [Note(**heading, kind=NoteKind.INSTRUCTION)]

    return await perform(tools, visitor, keyed, build)


def issued(
    heading: dict[str, Any], number: str, issued_on: date, last_day: date | None
) -> DocumentIssued:
    return DocumentIssued(**heading, number=number, issued_on=issued_on, last_day=last_day)


async def _decide(
    tools: Tools, visitor: Visitor, keyed: Keying, task: str, words: str, make: Make
) -> Response:
    def build(id_: str) -> list[Command]:
        return for_each_part(tools, visitor, _parts(tools, task), id_, words, make)

    return await perform(tools, visitor, keyed, build)


def for_each_part(
    tools: Tools,
    visitor: Visitor,
    parts: Sequence[Task],
    id_: str,
    words: str,
    make: Make,
    *,
    only: Container[str] | None = None,
) -> list[Command]:
    """The commands for the parts of a task, or `only` for some: their ids stay what they are as
    others are decided. Raises ApiProblem when there is none: nobody must believe that something was
    decided. Blocking."""
    made = []
    for number, each in enumerate(parts):
        if only is None or each.id in only:
            own = f"{id_}.{number}" if number else id_
            made.append(make(tools.acts.heading(visitor, each.id, id_=own, words=words)))
    if not made:
        raise ApiProblem("refused", "Nhiệm vụ này không còn chờ quyết định ấy.")
    return made


def _parts(tools: Tools, task: str) -> list[Task]:
    if "\0" in task or task.count("/") != 5:
        raise ApiProblem("not_found")
    return parts_of(tools, task)
