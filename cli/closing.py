"""The end of a cycle: closed, with the officer's word on what stays open, or voided."""

from collections.abc import Iterable, Sequence
from typing import Annotated, NamedTuple
from unicodedata import normalize

import typer

from activities.cycle_store import Cycle
from activities.lookup import Part
from cli import addressing
from cli.calling import By, actor
from cli.context import Context, run
from cli.launching import PlanArgument, Year
from cli.output import Json, Problem, console, print_json, problems, progress_bar
from models.assignment import Stage
from models.cycle import CycleEnd
from models.identifiers import parse_task_id

ALL = "all"
WAITING = (Stage.SUBMITTED, Stage.SUSPENDED)

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


class Open(NamedTuple):
    """What one task leaves open with a deadline: who owes, and what waits for somebody else: a
    report for its review, a suspended part to be resumed."""

    name: str
    tasks: tuple[str, ...]
    owing: int
    waiting: int

    def is_called(self, name: str) -> bool:
        return normalize("NFC", name) in (ALL, self.name, self.name.partition("/")[0])

    def counted(self) -> str:
        counts = ((self.owing, "chưa xong"), (self.waiting, "chờ duyệt hoặc đang tạm dừng"))
        return ", ".join(f"{count} {what}" for count, what in counts if count)


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
        still_open = left_open(context.lookup.open_parts([cycle.id]))
        carried, ended = _decided(still_open, carry or [], end_with.strip())
        end = _end(context, cycle, reason, by).model_copy(
            update={
                "carry": _tasks(carried),
                "ended": _tasks(ended),
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


def left_open(parts: Iterable[Part]) -> list[Open]:
    """The open assignments with a deadline, by task; one that runs in parts is one."""
    found: dict[str, Open] = {}
    for part in parts:
        if part.last_day is None:
            continue
        key = parse_task_id(part.task)
        name = f"{key.code}/{key.occurrence}"
        before = found.get(name, Open(name, (), 0, 0))
        waits = part.stage in WAITING
        found[name] = Open(
            name,
            tuple(dict.fromkeys((*before.tasks, part.task))),
            before.owing + (not waits),
            before.waiting + waits,
        )
    return list(found.values())


def _decided(
    still_open: Sequence[Open], carry: Sequence[str], reference: str
) -> tuple[list[Open], list[Open]]:
    """What is carried and what is ended; raises Problem while anything lacks the officer's word."""
    for name in carry:
        if name != ALL and not any(each.is_called(name) for each in still_open):
            listed = _listed(still_open) or "không có"
            raise Problem(f"Không có phần việc nào còn dở của “{name}”. Còn dở: {listed}.")
    carried = [each for each in still_open if any(each.is_called(name) for name in carry)]
    rest = [each for each in still_open if each not in carried]
    if rest and not reference:
        raise Problem(
            f"Phần việc có hạn còn dở: {_listed(rest)}. Hãy quyết định: --carry all hoặc --carry "
            "NHIỆM_VỤ để chuyển sang chu kỳ sau, --end-with “số quyết định” để không tiếp tục "
            "thực hiện."
        )
    unanswered = [each for each in carried if each.waiting]
    if unanswered:
        raise Problem(
            f"Chưa chuyển sang chu kỳ sau được: {_listed(unanswered)}. Đề nghị duyệt hoặc trả lại "
            "báo cáo đã nộp, cho tiếp tục phần việc đang tạm dừng."
        )
    return carried, rest


def _listed(still_open: Iterable[Open]) -> str:
    return "; ".join(f"{each.name} ({each.counted()})" for each in still_open)


def _tasks(tasks: Iterable[Open]) -> tuple[str, ...]:
    return tuple(task for each in tasks for task in each.tasks)


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
