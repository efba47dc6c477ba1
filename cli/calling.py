"""From a verb typed at the terminal to its commands' outcomes: what all verbs share."""

import asyncio
import inspect
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Annotated, Any, NamedTuple

import typer
from temporalio.client import Client

from activities.delivery import Undeliverable, deliver
from activities.lookup import Part, Task
from cli import addressing
from cli.context import Context, run
from cli.output import Json, Problem, console, errors, moment, print_json, problems, progress_bar
from models.commands import Actor, ActorKind, Command, Outcome, Verdict
from models.identifiers import assignment_id
from temporal_client import TemporalProblem

DELIVERY_SECONDS = 20
AT_ONCE = 50

Id = Annotated[
    str,
    typer.Argument(
        metavar="PHẦN_VIỆC",
        help="Phần việc của một đơn vị: MÃ/ĐƠN_VỊ hoặc MÃ/KỲ/ĐƠN_VỊ, ví dụ V.1/H1/VP.",
    ),
]
TaskId = Annotated[
    str, typer.Argument(metavar="NHIỆM_VỤ", help="Mã nhiệm vụ, ví dụ III.2.a, hoặc V.2/H1.")
]
PlanOption = Annotated[str | None, typer.Option("--plan", help="Chỉ trong kế hoạch này.")]
YearOption = Annotated[int | None, typer.Option("--year", help="Chỉ trong năm này.")]
TaskOption = Annotated[
    str | None,
    typer.Option("--task", help="Chỉ nhiệm vụ này, ví dụ III.1.d, hoặc một kỳ: III.1.c/05-18."),
]
UnitOption = Annotated[
    str | None, typer.Option("--unit", help="Chỉ đơn vị này: mã, tên hoặc tên gọi khác.")
]
By = Annotated[str, typer.Option("--by", help="Họ tên người thực hiện, ghi vào lịch sử.")]
As = Annotated[
    str,
    typer.Option(
        "--as", help="Thực hiện với vai trò: officer (cán bộ), supervisor (lãnh đạo) hoặc unit:MÃ."
    ),
]
ReceivedAt = Annotated[
    str | None,
    typer.Option(
        "--received-at", help="Thời điểm nhận, ví dụ 2026-02-27T16:30; mặc định là bây giờ."
    ),
]
CommandId = Annotated[
    str | None,
    typer.Option("--id", help="Mã yêu cầu: gửi lại cùng mã thì không thực hiện hai lần."),
]


class Call(NamedTuple):
    """One use of a verb: where it is looked for, who acts, when it was received."""

    context: Context
    plan: str | None
    year: int | None
    actor: Actor
    received_at: datetime
    id: str

    def words(self, text: str | None) -> str | None:
        """A reference to what a person wrote; None for nothing."""
        return self.context.commands.store_statement(text) if text and text.strip() else None

    def on(self, task: str, number: int = 0) -> dict[str, Any]:
        """The fields every command has; `number` tells the commands of one call apart."""
        return {
            "id": self.id if number == 0 else f"{self.id}.{number}",
            "task": task,
            "actor": self.actor,
            "received_at": self.received_at,
        }

    def on_assignment(self, text: str) -> dict[str, Any]:
        row = self.assignment(text)
        return self.on(row.task) | {"unit": row.unit}

    def assignment(self, text: str) -> Part:
        return addressing.assignment(self.context, text, self.plan, self.year)

    def tasks(self, text: str) -> list[Task]:
        return addressing.tasks(self.context, text, self.plan, self.year)

    def targets(self, text: str) -> list[tuple[str, str | None]]:
        """A whole task, part by part, or one assignment: its task and its unit."""
        try:
            return [(part.id, None) for part in self.tasks(text)]
        except addressing.Unknown:
            row = self.assignment(text)
            return [(row.task, row.unit)]


def verb(build: Callable[..., Sequence[Command]]) -> Callable[..., None]:
    """A command of the terminal from a function that makes commands of the engine.

    `build` takes a Call first; its other parameters, and the options all verbs share, become the
    terminal's.
    """

    @wraps(build)
    def command(
        *,
        plan: str | None,
        year: int | None,
        by: str,
        as_: str,
        received_at: str | None,
        id_: str | None,
        json_: bool,
        **specific: Any,
    ) -> None:
        with problems(as_json=json_):
            context = Context()
            call = Call(
                context,
                plan,
                year,
                actor(context, as_, by),
                addressing.parse_moment(received_at) if received_at else context.now,
                id_ or uuid.uuid4().hex,
            )
            commands = build(call, **specific)
            for one in commands:
                context.commands.store(one)
            outcomes = run(deliver_all(context, commands))
        _report(commands, outcomes, as_json=json_)

    own = list(inspect.signature(build).parameters.values())[1:]
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *_SHARED)]
    )
    command.__annotations__ = {p.name: p.annotation for p in (*own, *_SHARED)}
    return command


def _option(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
    )


_SHARED = (
    _option("plan", PlanOption, None),
    _option("year", YearOption, None),
    _option("by", By, ""),
    _option("as_", As, "officer"),
    _option("received_at", ReceivedAt, None),
    _option("id_", CommandId, None),
    _option("json_", Json, False),
)


def actor(context: Context, role: str, name: str) -> Actor:
    kind, _, code = role.partition(":")
    match kind:
        case "officer" | "supervisor" if not code:
            ref = context.commands.person(name, "", "") if name else ""
            return Actor(kind=ActorKind(kind), ref=ref)
        case "unit" if code:
            return Actor(kind=ActorKind.UNIT, ref=addressing.unit(context, code).code)
    raise Problem(f"Không hiểu vai trò “{role}”: hãy dùng officer, supervisor hoặc unit:MÃ.")


async def deliver_all(
    context: Context, commands: Sequence[Command]
) -> list[Outcome | Undeliverable]:
    """The outcome of each command; what cannot be delivered now stays stored for the relay."""
    try:
        client = await context.client()
    except TemporalProblem as problem:
        return [Undeliverable(str(problem)) for _ in commands]
    gate = asyncio.Semaphore(AT_ONCE)
    with progress_bar() as progress:
        bar = progress.add_task("Đang xử lý", total=len(commands), visible=len(commands) > 3)

        async def one(command: Command) -> Outcome | Undeliverable:
            async with gate:
                outcome = await _deliver_one(client, command)
                progress.advance(bar)
                return outcome

        return await asyncio.gather(*(one(command) for command in commands))


async def _deliver_one(client: Client, command: Command) -> Outcome | Undeliverable:
    try:
        async with asyncio.timeout(DELIVERY_SECONDS):
            return await deliver(client, command)
    except Undeliverable as problem:
        return problem
    except TimeoutError:
        return Undeliverable(f"Chưa có tiến trình nào xử lý sau {DELIVERY_SECONDS} giây.")


def _report(
    commands: Sequence[Command],
    outcomes: Sequence[Outcome | Undeliverable],
    *,
    as_json: bool,
) -> None:
    """Exit code 1 when any command was refused or failed."""
    results = [
        {
            "command": command.id,
            "task": command.task,
            "unit": getattr(command, "unit", None),
            "received_at": command.received_at,
            "verdict": outcome.verdict if isinstance(outcome, Outcome) else None,
            "reason": outcome.reason if isinstance(outcome, Outcome) else str(outcome),
        }
        for command, outcome in zip(commands, outcomes, strict=True)
    ]
    if as_json:
        print_json(results[0] if len(results) == 1 else results)
    else:
        for command, outcome in zip(commands, outcomes, strict=True):
            _say(command, outcome)
    if any(r["verdict"] in (Verdict.REFUSED, Verdict.FAILED) for r in results):
        raise typer.Exit(1)


def _say(command: Command, outcome: Outcome | Undeliverable) -> None:
    unit = getattr(command, "unit", None)
    what = assignment_id(command.task, unit) if unit else command.task
    match outcome:
        case Outcome(verdict=Verdict.APPLIED):
            console.print(f"[green]Đã ghi[/green] {what}", highlight=False)
        case Outcome():
            errors.print(f"[red]Không thực hiện[/red] {what}: {outcome.reason}", highlight=False)
        case _:
            received = moment(command.received_at)
            console.print(
                f"[yellow]Đã tiếp nhận[/yellow] {what} lúc {received}; sẽ xử lý khi hệ thống chạy "
                f"lại. ({outcome})",
                highlight=False,
            )
