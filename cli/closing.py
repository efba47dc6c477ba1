"""The end of a cycle: closed, with the officer's word on what stays open, or voided."""

from collections.abc import Sequence
from typing import Annotated

import typer

from activities.cycle_store import Cycle
from cli import addressing
from cli.calling import By, actor
from cli.context import Context, run
from cli.launching import PlanArgument, Year
from cli.output import Json, Problem, console, print_json, problems, progress_bar
from models.cycle import CycleEnd
from rules.closing import LeftOpen, NoWord, Undecided, decided, left_open, tasks_of

Carry = Annotated[
    list[str] | None,
    typer.Option(
        "--carry",
        metavar="all|NHIỆM_VỤ",
        help="Chuyển phần việc chưa xong sang chu kỳ sau: all, hoặc III.1.d, V.1/H2 (nhiều lần).",
    ),
]
EndWith = Annotated[
    str,
    typer.Option(
        "--end-with",
        metavar="SỐ_QUYẾT_ĐỊNH",
        help="Phần việc chưa xong không chuyển thì không tiếp tục, theo văn bản số này.",
    ),
]


def close(
    plan: PlanArgument,
    year: Year,
    carry: Carry = None,
    end_with: EndWith = "",
    reason: Annotated[str, typer.Option("--reason", help="Căn cứ, ghi chú.")] = "",
    by: By = "",
    json_: Json = False,
) -> None:
    """Khép lại chu kỳ: không nhận thay đổi nữa, lịch sử giữ nguyên.

    Phần việc có hạn còn dở phải được chuyển sang chu kỳ sau (--carry) hoặc kết thúc theo quyết
    định (--end-with).
    """
    with problems(as_json=json_):
        context = Context()
        cycle = addressing.running_cycles(context, plan, year)[0]
        still_open = left_open(context.lookup.open_by_task(cycle.id))
        carried, ended = _decided(still_open, carry or [], end_with.strip())
        end = _end(context, cycle, reason, by).model_copy(
            update={
                "carry": tasks_of(carried),
                "ended": tasks_of(ended),
                "reference": end_with.strip(),
            }
        )
        run(end_cycle(context, end))
        stage = context.cycles.get(cycle.id).stage
    units = sum(each.owing for each in carried), sum(each.owing + each.waiting for each in ended)
    if json_:
        print_json({"cycle": cycle.id, "stage": stage, "carried": units[0], "ended": units[1]})
        return
    console.print(f"[green]Đã khép lại[/green] {cycle.id}.", highlight=False)
    if units[0]:
        console.print(f"{units[0]} phần việc chưa xong chuyển sang chu kỳ sau.", highlight=False)
    if units[1]:
        console.print(
            f"{units[1]} phần việc không tiếp tục thực hiện, theo văn bản số {end.reference}.",
            highlight=False,
            markup=False,
        )


def void(
    plan: PlanArgument,
    year: Year,
    reason: Annotated[str, typer.Option("--reason", help="Lý do hủy.")],
    by: By = "",
    json_: Json = False,
) -> None:
    """Hủy một lần phát động nhầm; sau đó có thể phát động lại."""
    with problems(as_json=json_):
        context = Context()
        cycle = addressing.running_cycles(context, plan, year)[0]
        end = _end(context, cycle, reason, by).model_copy(update={"verb": "void"})
        run(end_cycle(context, end))
        stage = context.cycles.get(cycle.id).stage
    if json_:
        print_json({"cycle": cycle.id, "stage": stage})
    else:
        console.print(f"[green]Đã hủy[/green] {cycle.id}.", highlight=False)


def _decided(
    still_open: Sequence[LeftOpen], carry: Sequence[str], reference: str
) -> tuple[list[LeftOpen], list[LeftOpen]]:
    """What is carried and what is ended; raises Problem while anything lacks the officer's word."""
    try:
        return decided(still_open, carry, reference)
    except NoWord as lacking:
        raise Problem(
            f"{lacking} Hãy quyết định: --carry all hoặc --carry NHIỆM_VỤ để chuyển sang chu kỳ "
            "sau, --end-with “số quyết định” để không tiếp tục thực hiện."
        ) from lacking
    except Undecided as lacking:
        raise Problem(str(lacking)) from lacking


def _end(context: Context, cycle: Cycle, reason: str, by: str) -> CycleEnd:
    return CycleEnd(
        cycle=cycle.id,
        verb="close",
        actor=actor(context, "officer", by),
        received_at=context.now,
        text=context.commands.store_statement(reason) if reason else None,
    )


async def end_cycle(context: Context, end: CycleEnd) -> None:
    client = await context.client()
    with progress_bar() as progress:
        progress.add_task("Đang khép lại từng nhiệm vụ", total=None)
        await client.get_workflow_handle(end.cycle).execute_update("end", end)
