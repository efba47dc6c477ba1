"""Messages on their way: dead letters, sending again, pausing, the proof, a test."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from temporalio.service import RPCError

from activities.channels.port import ChannelDown, Never, NotNow, Parcel
from activities.cycle_store import Cycle
from activities.dispatches import Dispatch, Dispatches
from cli import addressing
from cli.calling import Id, PlanOption, YearOption
from cli.context import Context, run
from cli.output import Json, Problem, console, moment, print_json, print_table, problems
from cli.proof import proof_html, proof_json, proof_text
from models.clock import VN
from models.identifiers import cycle_id
from rules.channels import CHANNEL_NAMES, EMAIL, channel_of
from temporal_client import TemporalProblem
from worker import posts_of

CycleOption = Annotated[
    str | None, typer.Option("--cycle", help="Chu kỳ, ví dụ lam-dong-nq57/2026.")
]


def dead(json_: Json = False) -> None:
    """Những thư không gửi được và không tự gửi lại nữa."""
    with problems(as_json=json_):
        context = Context()
        cycles = [cycle.id for cycle in context.cycles.all(running=True)]
        found = Dispatches(context.engine).dead(cycles)
    if json_:
        print_json({"total": len(found), "dispatches": [each._asdict() for each in found]})
    elif not found:
        console.print("Không có thư nào bị dừng gửi.")
    else:
        _print_dead(found)


def resend(
    messages: Annotated[
        list[str] | None,
        typer.Argument(metavar="[THƯ]…", help="Mã thư, hoặc mã một lần gửi trong danh sách dead."),
    ] = None,
    all_dead: Annotated[
        bool, typer.Option("--dead", help="Mọi thư đã dừng gửi của các chu kỳ đang chạy.")
    ] = False,
    json_: Json = False,
) -> None:
    """Gửi lại. Việc đã được giải quyết thì không nhắc lại trong thư gửi lại."""
    with problems(as_json=json_):
        context = Context()
        dispatches = Dispatches(context.engine)
        running = context.cycles.all(running=True)
        ids = {each.id for each in dispatches.dead([c.id for c in running])} if all_dead else set()
        for typed in messages or []:
            name = unicodedata.normalize("NFC", typed)
            of_message = {each.id for each in dispatches.of_message(name.partition("|")[0])}
            meant = {name} & of_message if "|" in name else of_message
            if not meant:
                raise Problem(f"Không có thư {name}; xem dondoc history PHẦN_VIỆC --json.")
            ids |= meant
        if not (messages or all_dead):
            raise Problem("Cần mã thư, hoặc --dead để gửi lại mọi thư đã dừng gửi.")
        put_back = dispatches.resend(ids)
        why = run(_wake(context, running))
    _done({"resent": put_back}, f"Đã đưa {put_back} thư vào hàng chờ gửi.", why, json_)


def pause(
    cycle: CycleOption = None,
    reason: Annotated[str, typer.Option("--reason", help="Lý do.")] = "",
    json_: Json = False,
) -> None:
    """Tạm dừng gửi mọi tin của một chu kỳ; không mất tin nào."""
    with problems(as_json=json_):
        context = Context()
        found = _one_cycle(context, cycle)
        context.cycles.pause(found.id, reason, at=context.now)
    _done({"cycle": found.id, "paused": True}, f"Đã tạm dừng gửi tin của {found.id}.", "", json_)


def resume(cycle: CycleOption = None, json_: Json = False) -> None:
    """Gửi tiếp; việc đã giải quyết trong lúc tạm dừng thì không nhắc nữa."""
    with problems(as_json=json_):
        context = Context()
        found = _one_cycle(context, cycle)
        context.cycles.resume(found.id)
        why = run(_wake(context, [found]))
    _done({"cycle": found.id, "paused": False}, f"Gửi tiếp tin của {found.id}.", why, json_)


def proof(
    identifier: Id,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Tệp .json, .txt hoặc .html sẽ ghi.")
    ] = None,
    plan: PlanOption = None,
    year: YearOption = None,
    json_: Json = False,
) -> None:
    """Bằng chứng gửi tin của một phần việc: chờ gửi, gửi, máy chủ nhận, mở, tiếp nhận."""
    with problems(as_json=json_):
        context = Context()
        part = addressing.assignment(context, identifier, plan, year)
        found = Dispatches(context.engine).proof(part.id)
        if found is None:
            raise Problem(f"Không có phần việc {identifier}.")
        if output is not None:
            forms = {".json": proof_json, ".txt": proof_text, ".html": proof_html}
            form = forms.get(output.suffix.lower())
            if form is None:
                raise Problem("Tệp bằng chứng phải có đuôi .json, .txt hoặc .html.")
            try:
                output.write_text(form(found), encoding="utf-8")
            except OSError as error:
                raise Problem(f"Không ghi được {output}: {error.strerror}.") from error
    if output is not None:
        _done({"file": str(output)}, f"Đã ghi bằng chứng vào {output}.", "", json_)
    elif json_:
        console.print_json(proof_json(found))
    else:
        console.print(proof_text(found), highlight=False, markup=False, end="")


def send_test(
    to: Annotated[str, typer.Option("--to", help="Địa chỉ thư, https://… hoặc địa chỉ Apprise.")],
    json_: Json = False,
) -> None:
    """Gửi thử một tin ngay bây giờ và cho biết nơi nhận trả lời gì."""
    with problems(as_json=json_):
        context = Context()
        name = channel_of(to) if "://" in to else EMAIL
        try:
            answer = run(_send_one(context, name, to))
        except (ChannelDown, Never, NotNow) as problem:
            raise Problem(f"Không gửi được qua {CHANNEL_NAMES[name]}: {problem}") from problem
    done = f"Đã gửi thử qua {CHANNEL_NAMES[name]}: {answer}"
    _done({"channel": name, "answer": answer}, done, "", json_)


async def _send_one(context: Context, name: str, to: str) -> str:
    now = context.now
    text = (
        "Kính gửi quý đơn vị,\n\nĐây là thư thử của hệ thống Đôn Đốc, không cần trả lời.\n\n"
        "Trân trọng.\n"
    )
    parcel = Parcel(
        key=f"test/{datetime.now(UTC).isoformat()}",
        recipient="test",
        name="Nơi nhận thử",
        day=now.astimezone(VN).date(),
        made_at=now,
        subject="Thư thử của hệ thống Đôn Đốc",
        text=text,
        html="",
        link=context.settings.base_url,
    )
    async with posts_of(context.settings)[name].channel.session() as session:
        return await session.send(parcel, to)


async def _wake(context: Context, cycles: Sequence[Cycle]) -> str:
    """Tells the cycles that something waits; the sentence says why they could not be told."""
    try:
        client = await context.client()
        for cycle in cycles:
            await client.get_workflow_handle(cycle.id).signal("urgent_waiting")
    except (TemporalProblem, RPCError):
        return "Tin sẽ gửi khi hệ thống chạy (dondoc up)."
    return "Tin gửi ngay nếu đang trong giờ gửi, nếu không vào đầu giờ gửi tiếp theo."


def _one_cycle(context: Context, name: str | None) -> Cycle:
    cycles = addressing.running_cycles(context, None, None)
    if name is not None:
        wanted = name if name.startswith("cycle/") else cycle_id(*_plan_and_year(name))
        cycles = [cycle for cycle in cycles if cycle.id == wanted]
        if not cycles:
            raise Problem(f"Không có chu kỳ {name} đang chạy.")
    if len(cycles) > 1:
        listed = ", ".join(cycle.id.removeprefix("cycle/") for cycle in cycles)
        raise Problem(f"Có nhiều chu kỳ đang chạy, hãy chọn bằng --cycle: {listed}.")
    return cycles[0]


def _plan_and_year(name: str) -> tuple[str, str]:
    plan, _, year = name.rpartition("/")
    return plan, year


def _print_dead(found: Sequence[Dispatch]) -> None:
    print_table(
        f"{len(found)} thư đã dừng gửi",
        ("Nơi nhận", "Kênh", "Địa chỉ", "Lần cuối", "Trả lời của nơi nhận"),
        [
            (
                each.recipient_name,
                CHANNEL_NAMES[each.channel],
                each.address,
                moment(each.sent_at),
                each.answer,
            )
            for each in found
        ],
    )
    console.print(
        "Sửa liên hệ (dondoc unit set MÃ --email …) rồi gửi lại: dondoc notices resend --dead",
        highlight=False,
    )


def _done(value: object, sentence: str, why: str, as_json: bool) -> None:
    if as_json:
        print_json(value)
        return
    console.print(sentence, highlight=False)
    if why:
        console.print(why, highlight=False)


COMMANDS: dict[str, Callable[..., None]] = {
    "dead": dead,
    "resend": resend,
    "pause": pause,
    "resume": resume,
    "proof": proof,
    "test": send_test,
}
