"""One command per verb: what an officer, or a script on somebody's behalf, does to a task."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from cli import addressing
from cli.addressing import parse_day
from cli.calling import Call, Id, TaskId, verb
from cli.output import Problem
from models.assignment import Role
from models.commands import (
    Accept,
    Acknowledge,
    Adopt,
    Allocate,
    AskExtension,
    Cancel,
    Command,
    DocumentIssued,
    GrantExtension,
    Member,
    Note,
    NoteKind,
    Reassign,
    RefuseExtension,
    Reopen,
    Reschedule,
    Resume,
    Return,
    SetDate,
    Submit,
    Suspend,
    Withdraw,
)

Target = Annotated[
    str,
    typer.Argument(
        metavar="NHIỆM_VỤ|PHẦN_VIỆC", help="Cả nhiệm vụ (V.1/H1) hoặc phần việc (V.1/H1/VP)."
    ),
]
Text = Annotated[str | None, typer.Option("--text", help="Nội dung ghi kèm.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Lý do.")]
Day = Annotated[str, typer.Argument(metavar="NGÀY", help="Ngày cuối còn đúng hạn: 2026-06-30.")]
DayOption = Annotated[str | None, typer.Option("--until", help="Ngày cuối còn đúng hạn.")]


@verb
def allocate(
    call: Call,
    task: TaskId,
    units: Annotated[list[str], typer.Argument(metavar="ĐƠN_VỊ…", help="Mã hoặc tên đơn vị.")],
    cooperating: Annotated[bool, typer.Option("--cooperating", help="Phối hợp.")] = False,
) -> Sequence[Command]:
    """Phân công đơn vị thực hiện một nhiệm vụ."""
    members = tuple(_member(call, text) for text in units)
    role = Role.COOPERATING if cooperating else Role.LEAD
    return [Allocate(**call.on(call.tasks(task)[0].id), units=members, role=role)]


@verb
def set_date(call: Call, task: TaskId, day: Day) -> Sequence[Command]:
    """Ấn định hạn cho nhiệm vụ mà văn bản không cho ngày."""
    return [
        SetDate(**call.on(part.id, number), last_day=parse_day(day))
        for number, part in enumerate(call.tasks(task))
    ]


@verb
def document_issued(
    call: Call,
    task: TaskId,
    number: Annotated[str, typer.Option("--number", help="Số, ký hiệu văn bản.")],
    issued: Annotated[str, typer.Option("--date", help="Ngày văn bản.")],
    until: DayOption = None,
) -> Sequence[Command]:
    """Ghi văn bản mà nhiệm vụ đang chờ: thời hạn bắt đầu tính."""
    return [
        DocumentIssued(
            **call.on(part.id, index),
            number=number,
            issued_on=parse_day(issued),
            last_day=parse_day(until) if until else None,
        )
        for index, part in enumerate(call.tasks(task))
    ]


@verb
def ack(
    call: Call,
    assignment: Annotated[
        str | None, typer.Argument(metavar="PHẦN_VIỆC", help="Một phần việc, ví dụ III.1.d/VP.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="Mọi việc của một đơn vị, xác nhận một lần.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Hoàn tác.")] = False,
) -> Sequence[Command]:
    """Xác nhận đã tiếp nhận: một phần việc, hoặc mọi việc của một đơn vị."""
    if (assignment is None) == (unit is None):
        raise Problem("Hãy ghi một phần việc, hoặc --unit ĐƠN_VỊ để xác nhận mọi việc của đơn vị.")
    if assignment is not None:
        return [Acknowledge(**call.on_assignment(assignment), undo=undo)]
    code = addressing.unit(call.context, unit or "").code
    rows = [
        row
        for row in addressing.open_parts_of(call.context, code, call.plan, call.year)
        if row.acknowledged == undo
    ]
    if not rows:
        raise Problem(f"Đơn vị {code} không còn việc nào chờ xác nhận.")
    return [
        Acknowledge(**call.on(row.task, number), unit=code, undo=undo)
        for number, row in enumerate(rows)
    ]


@verb
def submit(
    call: Call,
    assignment: Id,
    text: Text = None,
    on_behalf: Annotated[
        bool, typer.Option("--on-behalf", help="Nhập thay báo cáo gửi bằng giấy.")
    ] = False,
    reference: Annotated[
        str | None, typer.Option("--reference", help="Số văn bản của báo cáo giấy.")
    ] = None,
) -> Sequence[Command]:
    """Nộp báo cáo kết quả."""
    return [
        Submit(
            **call.on_assignment(assignment),
            on_behalf=on_behalf,
            reference=reference,
            text=call.words(text),
        )
    ]


@verb
def withdraw(call: Call, assignment: Id, reason: Reason = None) -> Sequence[Command]:
    """Rút báo cáo chưa được duyệt."""
    return [Withdraw(**call.on_assignment(assignment), text=call.words(reason))]


@verb
def accept(
    call: Call,
    assignments: Annotated[list[str], typer.Argument(metavar="PHẦN_VIỆC…")],
    text: Text = None,
) -> Sequence[Command]:
    """Chấp nhận báo cáo, một hoặc nhiều phần việc cùng lúc."""
    words = call.words(text)
    rows = [call.assignment(assignment) for assignment in assignments]
    return [
        Accept(**call.on(row.task, number), unit=row.unit, text=words)
        for number, row in enumerate(rows)
    ]


@verb
def return_report(
    call: Call, assignment: Id, reason: Reason = None, until: DayOption = None
) -> Sequence[Command]:
    """Trả lại báo cáo với lý do và hạn nộp lại."""
    return [
        Return(
            **call.on_assignment(assignment),
            last_day=parse_day(until) if until else None,
            text=call.words(reason),
        )
    ]


@verb
def reopen(call: Call, assignment: Id, reason: Reason = None) -> Sequence[Command]:
    """Mở lại phần việc đã chấp nhận, đã hoàn tất hoặc đã thôi thực hiện do nhầm."""
    return [Reopen(**call.on_assignment(assignment), text=call.words(reason))]


@verb
def extend_ask(call: Call, assignment: Id, day: Day, reason: Reason = None) -> Sequence[Command]:
    """Đề nghị gia hạn, trước khi hết hạn."""
    return [
        AskExtension(
            **call.on_assignment(assignment), last_day=parse_day(day), text=call.words(reason)
        )
    ]


@verb
def extend_grant(
    call: Call, assignment: Id, until: DayOption = None, text: Text = None
) -> Sequence[Command]:
    """Đồng ý gia hạn, đến ngày đề nghị hoặc ngày khác."""
    return [
        GrantExtension(
            **call.on_assignment(assignment),
            last_day=parse_day(until) if until else None,
            text=call.words(text),
        )
    ]


@verb
def extend_refuse(call: Call, assignment: Id, reason: Reason = None) -> Sequence[Command]:
    """Không đồng ý gia hạn; việc đôn đốc tiếp tục."""
    return [RefuseExtension(**call.on_assignment(assignment), text=call.words(reason))]


@verb
def reassign(
    call: Call,
    assignment: Id,
    to: Annotated[str, typer.Argument(metavar="ĐƠN_VỊ_MỚI")],
    reason: Reason = None,
) -> Sequence[Command]:
    """Chuyển phần việc cho đơn vị khác, giữ nguyên hạn."""
    member = _member(call, to)
    return [Reassign(**call.on_assignment(assignment), to=member, text=call.words(reason))]


@verb
def reschedule(call: Call, target: Target, day: Day, reason: Reason = None) -> Sequence[Command]:
    """Dời hạn của cả nhiệm vụ, hoặc của một phần việc."""
    words, last_day = call.words(reason), parse_day(day)
    return [
        Reschedule(**call.on(task, number), unit=unit, last_day=last_day, text=words)
        for number, (task, unit) in enumerate(call.targets(target))
    ]


@verb
def cancel(
    call: Call,
    target: Target,
    reference: Annotated[str, typer.Option("--reference", help="Số quyết định, văn bản.")],
    reason: Reason = None,
) -> Sequence[Command]:
    """Không tiếp tục thực hiện cả nhiệm vụ, hoặc một phần việc."""
    words = call.words(reason)
    return [
        Cancel(**call.on(task, number), unit=unit, reference=reference, text=words)
        for number, (task, unit) in enumerate(call.targets(target))
    ]


@verb
def suspend(call: Call, target: Target, reason: Reason = None) -> Sequence[Command]:
    """Tạm dừng cả nhiệm vụ, hoặc một phần việc; thời gian còn lại được giữ nguyên."""
    words = call.words(reason)
    return [
        Suspend(**call.on(task, number), unit=unit, text=words)
        for number, (task, unit) in enumerate(call.targets(target))
    ]


@verb
def resume(call: Call, target: Target, text: Text = None) -> Sequence[Command]:
    """Cho tiếp tục phần việc đang tạm dừng: hạn mới tính từ thời gian còn lại."""
    words = call.words(text)
    return [
        Resume(**call.on(task, number), unit=unit, text=words)
        for number, (task, unit) in enumerate(call.targets(target))
    ]


@verb
def adopt(
    call: Call,
    task: TaskId,
    settled: Annotated[
        bool,
        typer.Option("--settled/--chase", help="Đã xong trước khi phát động / đôn đốc từ nay."),
    ],
    late: Annotated[
        bool,
        typer.Option("--late", help="Đã xong nhưng quá hạn; không ghi thì tính là đúng hạn."),
    ] = False,
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Chỉ đơn vị này.")] = None,
) -> Sequence[Command]:
    """Quyết định với hạn đã qua trước khi phát động."""
    if late and not settled:
        raise Problem("--late chỉ đi cùng --settled: việc đôn đốc từ nay luôn tính là quá hạn.")
    wanted = {addressing.unit(call.context, text).code for text in unit or []}
    commands: list[Command] = []
    parts = call.tasks(task)
    held = call.context.lookup.held([part.id for part in parts])
    for part in parts:
        waiting = held.get(part.id, set())
        units = tuple(sorted(wanted & waiting)) if wanted else ()
        if units or (not wanted and waiting):
            origin = call.on(part.id, len(commands))
            commands.append(Adopt(**origin, settled=settled, late=late, units=units))
    if not commands:
        raise Problem(f"Nhiệm vụ {task} không có đơn vị nào chờ quyết định về hạn đã qua.")
    return commands


@verb
def note(
    call: Call,
    target: Target,
    text: Annotated[str, typer.Argument(metavar="NỘI_DUNG")],
    kind: Annotated[NoteKind, typer.Option("--kind", help="Loại ghi chú.")] = NoteKind.CALL,
    promised: Annotated[
        str | None, typer.Option("--promised", help="Ngày đơn vị hứa nộp, khi gọi: 2026-03-05.")
    ] = None,
) -> Sequence[Command]:
    """Ghi một cuộc gọi (call), ý kiến chỉ đạo (instruction), tiến độ (progress) hoặc ghi chú."""
    if not text.strip():
        raise Problem("Nội dung ghi chú đang để trống.")
    day = parse_day(promised) if promised else None
    task, unit = call.targets(target)[0]
    words = call.words(text)
    return [Note(**call.on(task), unit=unit, kind=kind, text=words, promised=day)]


def _member(call: Call, text: str) -> Member:
    unit = addressing.unit(call.context, text)
    if unit.code not in call.context.registry.directory().units:
        raise Problem(
            f"Đơn vị {unit.code} đã được đưa ra khỏi danh bạ; đưa lại bằng dondoc unit add."
        )
    return Member(code=unit.code, hub=unit.hub)


COMMANDS: dict[str, Callable[..., None]] = {
    "allocate": allocate,
    "set-date": set_date,
    "document-issued": document_issued,
    "ack": ack,
    "submit": submit,
    "withdraw": withdraw,
    "accept": accept,
    "return": return_report,
    "reopen": reopen,
    "reassign": reassign,
    "reschedule": reschedule,
    "cancel": cancel,
    "suspend": suspend,
    "resume": resume,
    "adopt": adopt,
    "note": note,
}
EXTEND: dict[str, Callable[..., None]] = {
    "ask": extend_ask,
    "grant": extend_grant,
    "refuse": extend_refuse,
}
