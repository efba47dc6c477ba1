"""The end of a cycle: closed, with the officer's word on what stays open, or voided."""

import asyncio
from typing import Annotated

import typer

from activities.cycle_store import ENDED, Cycle, CycleStore
from activities.cycles import Cycles
from activities.delivery import Undeliverable
from cli import addressing
from cli.calling import By, actor
from cli.context import Context, run
from cli.launching import PlanArgument, Year
from cli.output import Json, Problem, console, moment, print_json, problems, progress_bar
from ending import NotNow, Ordered, Word
from rules.closing import NoWord, Undecided
from temporal_client import TemporalProblem

ENDING_SECONDS = 600

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
        word = Word("close", reason.strip(), carry or [], end_with.strip())
        kept = _keep(context, cycle, word, by)
        waiting = run(_carry_out(context, cycle.id))
        stage = context.cycles.get(cycle.id).stage
    units = (kept.carried, kept.ended) if kept.new else (None, None)
    if json_:
        print_json(
            {
                "cycle": cycle.id,
                "stage": stage,
                "new": kept.new,
                "carried": units[0],
                "ended": units[1],
            }
        )
        return
    _say(f"[green]Đã khép lại[/green] {cycle.id}.", kept, waiting)
    if units[0]:
        console.print(f"{units[0]} phần việc chưa xong chuyển sang chu kỳ sau.", highlight=False)
    if units[1]:
        console.print(
            f"{units[1]} phần việc không tiếp tục thực hiện, theo văn bản số "
            f"{kept.order.reference}.",
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
        kept = _keep(context, cycle, Word("void", reason.strip()), by)
        waiting = run(_carry_out(context, cycle.id))
        stage = context.cycles.get(cycle.id).stage
    if json_:
        print_json({"cycle": cycle.id, "stage": stage, "new": kept.new})
    else:
        _say(f"[green]Đã hủy[/green] {cycle.id}.", kept, waiting)


def _keep(context: Context, cycle: Cycle, word: Word, by: str) -> Ordered:
    """Keeps the order; raises Problem while anything lacks the officer's word, or another order
    stands."""
    try:
        return context.ending.keep(cycle, word, actor(context, "officer", by))
    except NoWord as lacking:
        raise Problem(
            f"{lacking} Hãy quyết định: --carry all hoặc --carry NHIỆM_VỤ để chuyển sang chu kỳ "
            "sau, --end-with “số quyết định” để không tiếp tục thực hiện."
        ) from lacking
    except (Undecided, NotNow) as refused:
        raise Problem(str(refused)) from refused


async def _carry_out(context: Context, cycle: str) -> str | None:
    """Sends the kept order and waits until the cycle is ended. Otherwise the sentence that says
    what is still to come: the worker sends what is kept."""
    try:
        client = await context.client()
    except TemporalProblem:
        return "Lệnh sẽ được thực hiện khi hệ thống chạy (dondoc up)."
    cycles = Cycles(context.engine, client, context.settings.task_queue)
    try:
        await cycles.send_end(context.cycles.get(cycle))
    except Undeliverable as why:
        return str(why)
    return await _wait_until_ended(context.cycles, cycle)


async def _wait_until_ended(store: CycleStore, cycle: str) -> str | None:
    loop = asyncio.get_running_loop()
    until = loop.time() + ENDING_SECONDS
    with progress_bar() as progress:
        progress.add_task("Đang kết thúc từng nhiệm vụ", total=None)
        while store.get(cycle).stage not in ENDED:
            if loop.time() > until:
                return "Chưa kết thúc xong các nhiệm vụ: hãy kiểm tra tiến trình xử lý (dondoc up)."
            await asyncio.sleep(0.2)
    return None


def _say(done: str, kept: Ordered, waiting: str | None) -> None:
    if not kept.new:
        at = moment(kept.order.received_at)
        console.print(f"Lệnh này đã được ghi lúc {at}; giữ nguyên như đã ghi.", highlight=False)
    if waiting:
        console.print(f"Đã ghi lệnh. {waiting}", style="yellow", highlight=False)
    else:
        console.print(done, highlight=False)
