"""A whole year of the shipped plan in a few minutes: the same engine under a faster clock."""

import asyncio
import shutil
import socket
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine
from temporalio.client import Client

from activities.clock import ClockStore
from activities.cycle_store import Cycle
from activities.delivery import Undeliverable, deliver
from activities.lookup import Part, Task
from cli.addressing import parse_day
from cli.calling import actor
from cli.context import Context, run
from cli.demo_pace import Pace
from cli.demo_reports import filled
from cli.launching import load_folder
from cli.output import Problem, console, print_table, problems
from cli.running import SHIPPED_PLAN, everything, launch_now, tell_clock
from models.assignment import OWING, Stage, Waiting
from models.clock import VN, Clock
from models.commands import (
    Accept,
    Acknowledge,
    Actor,
    ActorKind,
    Allocate,
    AskExtension,
    Command,
    GrantExtension,
    Member,
    SetDate,
)
from models.cycle import CycleEnd
from models.deadline import RungKind
from models.identifiers import parse_task_id
from models.report import ReportProblem
from rules.closing import left_open, tasks_of
from rules.wording import dmy
from settings import Settings

TICK_SECONDS = 0.4
LOOKED_BACK = timedelta(days=6)
AT_ONCE = 40
SCHOOLS = 60
YEAR_SECONDS = 365 * 86_400
TOLD: dict[str, str] = {
    RungKind.REMINDER: "nhắc",
    RungKind.DUE: "đến hạn",
    RungKind.ESCALATION: "báo quá hạn",
}


def demo(
    minutes: Annotated[
        float, typer.Option("--minutes", help="Một năm trôi qua trong chừng này phút.", min=0.5)
    ] = 2.5,
    year: Annotated[int, typer.Option("--year", help="Năm được sống qua.")] = 2026,
    fresh: Annotated[bool, typer.Option("--fresh", help="Làm lại từ đầu năm.")] = False,
    until: Annotated[
        str | None, typer.Option("--until", help="Dừng ở ngày này, ví dụ 2026-07-01.")
    ] = None,
) -> None:
    """Sống qua một năm của kế hoạch mẫu trong vài phút: giao việc, nhắc, báo quá hạn, nộp, duyệt.

    Dữ liệu riêng trong thư mục demo; dừng giữa chừng thì lần sau tiếp tục từ ngày đã dừng.
    """
    with problems():
        context = Context()
        state_dir = context.settings.state_dir / "demo"
        if fresh or _finished(state_dir, year):
            shutil.rmtree(state_dir, ignore_errors=True)
        context.settings = _own_settings(context, state_dir)
        end = parse_day(until) if until else date(year, 12, 31)
        if end.year != year:
            raise Problem(f"Ngày {dmy(end)} không thuộc năm {year}.")
        run(_Year(context, year, YEAR_SECONDS / (minutes * 60), end).live())


def _own_settings(context: Context, state_dir: Path) -> Settings:
    """Settings of its own, on free ports: a demo never meets what runs beside it."""
    host = context.settings.temporal_host
    return context.settings.model_copy(
        update={
            "state_dir": state_dir,
            "database_url": f"sqlite:///{state_dir / 'dondoc.db'}",
            "attachments_url": str(state_dir / "attachments"),
            "temporal_address": f"{host}:{_free_port(host)}",
            "temporal_ui_port": _free_port(host),
            "embedded": True,
        }
    )


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _finished(state_dir: Path, year: int) -> bool:
    """Whether the year that was lived here is over, or is another."""
    marker = state_dir / "finished"
    started = state_dir / "year"
    return marker.exists() or (started.exists() and started.read_text() != str(year))


class _Year:
    """The people of the demonstration: an officer, and units that each keep to their habit."""

    def __init__(self, context: Context, year: int, speed: float, end: date) -> None:
        self._context = context
        self._year = year
        self._speed = speed
        self._end = datetime(end.year, end.month, end.day, 17, tzinfo=VN)
        self._whole_year = (end.month, end.day) == (12, 31)
        self._sent: set[str] = set()
        self._told: set[tuple[object, ...]] = set()

    async def live(self) -> None:
        settings = self._context.settings
        settings.state_dir.mkdir(parents=True, exist_ok=True)
        (settings.state_dir / "year").write_text(str(self._year))
        clock = ClockStore(self._context.engine)
        if not self._context.registry.plans():
            clock.set(self._clock_at(datetime(self._year, 1, 5, 7, tzinfo=VN), speed=0))
        async with everything(settings) as (client, engine, _):
            if not self._context.registry.plans():
                await self._launch(client, engine)
            cycle = self._context.cycles.all(running=True)[0]
            self._say_start()

            async def run_at(speed: float) -> None:
                await self._set_clock(client, engine, clock, speed)

            async with Pace(self._context, client, cycle.id, self._speed, run_at) as pace:
                await self._live_until(client, cycle, self._end, pace)
            if self._whole_year:
                await self._close(client, cycle)
            self._summary(cycle)
            if self._whole_year:
                (settings.state_dir / "finished").touch()

    def _say_start(self) -> None:
        settings = self._context.settings
        console.print(
            f"Giao diện Temporal: http://{settings.temporal_host}:{settings.temporal_ui_port}"
            f"/namespaces/{settings.temporal_namespace}/workflows",
            highlight=False,
        )
        console.print(f"Một ngày trôi qua trong {86_400 / self._speed:.2f} giây.", highlight=False)

    def _clock_at(self, plan: datetime, *, speed: float) -> Clock:
        return Clock(wall_anchor=datetime.now(UTC), plan_anchor=plan, speed=speed)

    async def _set_clock(
        self, client: Client, engine: Engine, clock: ClockStore, speed: float
    ) -> None:
        running = self._clock_at(clock.plan_now(), speed=speed)
        clock.set(running)
        await tell_clock(client, engine, running)

    async def _launch(self, client: Client, engine: Engine) -> None:
        plan, _ = await asyncio.to_thread(load_folder, self._context, SHIPPED_PLAN, SCHOOLS)
        await launch_now(self._context, client, engine, plan.id, self._year)

    async def _live_until(self, client: Client, cycle: Cycle, end: datetime, pace: Pace) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def send(command: Command) -> None:
            async with gate:
                try:
                    await deliver(client, command)
                except Undeliverable as problem:
                    console.print(str(problem), style="yellow", highlight=False)

        while (now := self._context.now) < end:
            with pace.looking(now):
                commands = await asyncio.to_thread(self._next_commands, cycle, now)
                for command in commands:
                    await asyncio.to_thread(self._context.commands.store, command)
                await asyncio.gather(*(send(command) for command in commands))
            await asyncio.to_thread(self._tell, cycle, now)
            await asyncio.sleep(TICK_SECONDS)

    def _next_commands(self, cycle: Cycle, now: datetime) -> list[Command]:
        lookup = self._context.lookup
        commands = [*self._officer(lookup.open_tasks(cycle.id), now)]
        for part in lookup.open_parts([cycle.id]):
            commands += self._unit(part, now)
        fresh = [command for command in commands if command.id not in self._sent]
        self._sent |= {command.id for command in fresh}
        return fresh

    # The officer allocates, sets the dates the document leaves open, and reviews

    def _officer(self, tasks: Sequence[Task], now: datetime) -> Iterator[Command]:
        officer = Actor(kind=ActorKind.OFFICER)
        divisions = [f"PCM{number}" for number in range(1, 8)]
        for number, task in enumerate(tasks):
            origin: dict[str, Any] = {"task": task.id, "actor": officer, "received_at": now}
            if Waiting.ALLOCATION in task.waiting and now.date() >= date(self._year, 1, 8):
                member = Member(code=divisions[number % len(divisions)])
                yield Allocate(id=f"demo:allocate:{task.id}", units=(member,), **origin)
            if Waiting.DATE in task.waiting:
                asked_on, last_day = (
                    (date(self._year, 6, 1), date(self._year, 6, 30))
                    if task.occurrence == "H1"
                    else (date(self._year, 12, 1), date(self._year, 12, 25))
                )
                if now.date() >= asked_on:
                    yield SetDate(id=f"demo:date:{task.id}", last_day=last_day, **origin)

    # A unit's habit is a number between 0 and 99 that never changes for a task

    def _unit(self, row: Part, now: datetime) -> Iterator[Command]:
        habit = zlib.crc32(row.id.encode()) % 100
        own = Actor(kind=ActorKind.UNIT, ref=row.unit)
        origin: dict[str, Any] = {"task": row.task, "unit": row.unit, "received_at": now}
        if not row.acknowledged and row.stage in OWING:
            unit_habit = zlib.crc32(row.unit.encode()) % 10
            if unit_habit < 8 or now.date() >= date(self._year, 1, 9):
                yield Acknowledge(id=f"demo:ack:{row.id}", actor=own, **origin)
        if row.last_day is None:
            return
        last_day = row.last_day
        if row.stage in OWING and not row.extension_asked:
            asks = 90 <= habit < 94 and row.version == 1
            if asks and last_day - timedelta(days=5) <= now.date() <= last_day:
                words = self._words("Đơn vị đang chờ bổ sung minh chứng.")
                day = last_day + timedelta(days=10)
                yield AskExtension(
                    id=f"demo:ask:{row.id}", actor=own, last_day=day, text=words, **origin
                )
            elif now.date() >= last_day + timedelta(days=_habit_days(habit, row.version)):
                yield from self._report(row, habit, now)
        officer = Actor(kind=ActorKind.OFFICER)
        waited = row.updated_at is not None and now - row.updated_at > timedelta(days=1 + habit % 3)
        if row.extension_asked and waited:
            yield GrantExtension(id=f"demo:grant:{row.id}", actor=officer, **origin)
        elif row.stage == Stage.SUBMITTED and waited and habit % 10 == 7 and row.revision == 1:
            yield from self._return(row, now)
        elif row.stage == Stage.SUBMITTED and waited:
            yield Accept(id=f"demo:accept:{row.id}:{row.revision}", actor=officer, **origin)

    def _report(self, row: Part, habit: int, now: datetime) -> Iterator[Command]:
        identifier = f"demo:submit:{row.id}:{row.revision}"
        if identifier in self._sent:
            return
        reports = self._context.reports
        # What has moved on since it was looked at is met again at the next look.
        with suppress(ReportProblem):
            form = reports.form(row.id)
            yield reports.submit(
                row.id,
                filled(form, habit),
                version=form.version,
                actor=Actor(kind=ActorKind.UNIT, ref=row.unit),
                received_at=now,
                command=identifier,
            )

    def _return(self, row: Part, now: datetime) -> Iterator[Command]:
        identifier = f"demo:return:{row.id}"
        if identifier in self._sent:
            return
        form = self._context.reports.form(row.id)
        yield self._context.reviews.returning(
            row.id,
            {form.lines[0].code: "Đề nghị nêu rõ địa chỉ kênh và số liệu."} if form.lines else {},
            text="Đề nghị bổ sung minh chứng.",
            actor=Actor(kind=ActorKind.OFFICER),
            received_at=now,
            command=identifier,
        )

    def _words(self, text: str) -> str:
        return self._context.commands.store_statement(text)

    # What is told, and what it came to

    def _tell(self, cycle: Cycle, now: datetime) -> None:
        """One line for each rung that fired since the last look."""
        fired = self._context.views.fired(cycle.id, since=now - LOOKED_BACK, until=now)
        for rung in fired:
            if rung.kind in TOLD and rung[:5] not in self._told:
                self._told.add(rung[:5])
                day = dmy(rung.scheduled.astimezone(VN).date())
                console.print(
                    f"{day}  {rung.code + '/' + rung.occurrence:<16} {TOLD[rung.kind]:<12} "
                    f"{rung.units:>4} đơn vị  {rung.why}",
                    highlight=False,
                    soft_wrap=True,
                )

    async def _close(self, client: Client, cycle: Cycle) -> None:
        still_open = left_open(self._context.lookup.open_by_task(cycle.id))
        end = CycleEnd(
            cycle=cycle.id,
            verb="close",
            actor=actor(self._context, "officer", ""),
            received_at=self._context.now,
            carry=tasks_of(still_open),
        )
        await client.get_workflow_handle(cycle.id).execute_update("end", end)

    def _summary(self, cycle: Cycle) -> None:
        letters = self._context.views.letters_sent(cycle.id)
        counts: dict[str, Counter[str]] = {}
        for part in self._context.lookup.dated_parts(cycle.id):
            done = part.stage in (Stage.ACCEPTED, Stage.SUBMITTED)
            column = "open" if not done else "late" if part.late else "on time"
            key = parse_task_id(part.task)
            counts.setdefault(f"{key.code}/{key.occurrence}", Counter())[column] += 1
        print_table(
            f"Một năm đã qua: {letters} thư đã gửi",
            ["Nhiệm vụ", "Đúng hạn", "Muộn", "Chưa xong"],
            [
                (name, counted["on time"], counted["late"], counted["open"])
                for name, counted in counts.items()
            ],
        )
        findings = self._context.ledger.verify(cycle.id)
        sound = "toàn vẹn" if not findings else f"có {len(findings)} chỗ không khớp"
        console.print(f"Sổ theo dõi: {sound}.", highlight=False)
        half = "H2" if self._whole_year else "H1"
        console.print(
            f"Báo cáo tổng hợp: DONDOC_STATE_DIR={self._context.settings.state_dir} "
            f"dondoc report --plan {cycle.plan} --year {cycle.year} --period {half}",
            highlight=False,
        )
        console.print(
            f"Xem lại: DONDOC_STATE_DIR={self._context.settings.state_dir} dondoc history "
            f"{cycle.plan}/{cycle.cycle}/III.1.d/han/GDTRH",
            highlight=False,
        )


def _habit_days(habit: int, version: int) -> int:
    """How many days after the last day on time a unit submits; negative is before it."""
    if version > 1:
        return -1
    if habit < 75:
        return -(habit % 15) - 1
    if habit < 88:
        return -1
    if habit < 97:
        return habit - 86
    return 30
