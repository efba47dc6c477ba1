"""The directory's upkeep, and repair after a lost or restored file."""

from typing import Annotated

import typer
from temporalio.client import Client
from temporalio.service import RPCError

from activities.cycles import Cycles
from cli import addressing
from cli.context import Context, run
from cli.output import Json, Problem, console, print_json, problems
from intake.directory_units import is_code
from models.directory import Unit, UnitKind, is_address

Code = Annotated[str, typer.Argument(metavar="MÃ", help="Mã đơn vị.")]
Name = Annotated[str | None, typer.Option("--name", help="Tên đơn vị.")]
Email = Annotated[str | None, typer.Option("--email", help="Địa chỉ thư của đơn vị.")]
HeadEmail = Annotated[str | None, typer.Option("--head-email", help="Thư của lãnh đạo đơn vị.")]
Phone = Annotated[str | None, typer.Option("--phone", help="Điện thoại.")]
FocalPerson = Annotated[str | None, typer.Option("--focal-person", help="Người đầu mối.")]
Hub = Annotated[str | None, typer.Option("--hub", help="Mã xã, phường, đặc khu đầu mối.")]


def unit_set(
    code: Code,
    name: Name = None,
    email: Email = None,
    head_email: HeadEmail = None,
    phone: Phone = None,
    focal_person: FocalPerson = None,
    json_: Json = False,
) -> None:
    """Sửa thông tin liên hệ của một đơn vị; có hiệu lực từ thư gửi tiếp theo."""
    with problems(as_json=json_):
        context = Context()
        unit = addressing.unit(context, code)
        changes = _given(
            name=name,
            email=email,
            head_email=head_email,
            phone=phone,
            focal_person=focal_person,
        )
        if not changes:
            raise Problem("Chưa ghi thông tin nào cần sửa; xem dondoc unit set --help.")
        if unit.code in context.registry.removed():
            raise Problem(
                f"{unit.name} ({unit.code}) đã được đưa ra khỏi danh bạ nên không sửa được. Đưa "
                f"trở lại bằng dondoc unit add {unit.code} --name … --kind {unit.kind}, hoặc nhập "
                "tệp có đơn vị này: dondoc units import TỆP."
            )
        unit = unit.model_copy(update=changes)
        _check_addresses(unit)
        context.registry.keep_units([unit])
    _show(unit, as_json=json_)


def unit_add(
    code: Code,
    name: Annotated[str, typer.Option("--name", help="Tên đơn vị.")],
    kind: Annotated[UnitKind, typer.Option("--kind", help="Loại đơn vị.")],
    hub: Hub = None,
    email: Email = None,
    head_email: HeadEmail = None,
    phone: Phone = None,
    focal_person: FocalPerson = None,
    json_: Json = False,
) -> None:
    """Thêm một đơn vị vào danh bạ; giao việc cho đơn vị bằng dondoc allocate hoặc reassign.

    Đơn vị đã được đưa ra khỏi danh bạ thì trở lại với thông tin vừa nhập.
    """
    with problems(as_json=json_):
        context = Context()
        removed = context.registry.removed()
        if code not in removed and context.registry.unit(code) is not None:
            raise Problem(f"Đã có đơn vị {code}; sửa bằng dondoc unit set {code}.")
        if not is_code(code):
            raise Problem(f"Mã đơn vị “{code}” không được trống hoặc chứa / | @ : và khoảng trắng.")
        hub_code = None
        if hub is not None:
            above = addressing.unit(context, hub)
            if above.code in removed or above.code == code:
                raise Problem(f"{above.name} không có trong danh bạ nên không là đầu mối được.")
            if above.kind is not UnitKind.COMMUNE:
                raise Problem(f"{above.name} không phải xã, phường, đặc khu nên không là đầu mối.")
            hub_code = above.code
        unit = Unit(
            code=code,
            name=name,
            kind=kind,
            hub=hub_code,
            email=(email or "").strip(),
            head_email=(head_email or "").strip(),
            phone=(phone or "").strip(),
            focal_person=(focal_person or "").strip(),
        )
        _check_addresses(unit)
        context.registry.keep_units([unit])
    _show(unit, brought_back=code in removed, as_json=json_)


def repair(json_: Json = False) -> None:
    """Khởi động lại từ sổ theo dõi những nhiệm vụ đã dừng ghi hoặc Temporal không còn biết.

    Dùng sau khi khôi phục bản sao lưu: sổ theo dõi trong cơ sở dữ liệu là căn cứ.
    """
    with problems(as_json=json_):
        context = Context()
        restarted, looked_at = run(_repair(context))
    if json_:
        print_json({"restarted": restarted, "running": looked_at})
        return
    for task in restarted:
        console.print(f"[green]Khởi động lại từ sổ[/green] {task}", highlight=False)
    console.print(f"{looked_at} nhiệm vụ đang chạy.", highlight=False)


async def _repair(context: Context) -> tuple[list[str], int]:
    client = await context.client()
    restarted = []
    for cycle in context.cycles.all(running=True):
        for task in context.cycles.open_tasks(cycle.id):
            if task.halted:
                await _terminate(client, task.id)
                restarted.append(task.id)
    cycles = Cycles(context.engine, client, context.settings.task_queue)
    return restarted, await cycles.ensure_running()


async def _terminate(client: Client, task: str) -> None:
    try:
        await client.get_workflow_handle(task).terminate("khởi động lại từ sổ theo dõi")
    except RPCError as error:
        raise Problem(f"Không dừng được quy trình {task}: {error.message}") from error


def _given(**values: str | None) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if value is not None}


def _check_addresses(unit: Unit) -> None:
    for address in (unit.email, unit.head_email):
        if address and not is_address(address):
            raise Problem(f"Địa chỉ thư “{address}” không hợp lệ.")


def _show(unit: Unit, *, brought_back: bool = False, as_json: bool) -> None:
    if as_json:
        print_json(unit.model_dump(mode="json") | ({"brought_back": True} if brought_back else {}))
    else:
        done = "Đã đưa trở lại danh bạ, với thông tin vừa nhập:" if brought_back else "Đã ghi"
        console.print(
            f"[green]{done}[/green] {unit.code} {unit.name}: {unit.email or 'chưa có thư'}, "
            f"{unit.phone or 'chưa có điện thoại'}.",
            highlight=False,
        )
