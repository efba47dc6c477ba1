"""What keeps running: `up` with everything in one terminal, `worker` beside a server of its own."""

import asyncio
import errno
import fcntl
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError

from activities.channels.smtp import SmtpServer
from activities.clock import ClockStore
from activities.cycle_store import CycleStore
from activities.cycles import Cycles
from activities.database import migrate, open_database
from cli.calling import actor
from cli.context import Context, run
from cli.doctor import examine, findings_of
from cli.launching import keep_launch, load_folder, wait_until_open
from cli.output import Problem, console, errors, moment, print_findings, problems
from cli.serving import first_links, web_pages
from models.clock import Clock
from models.cycle import LaunchOrder
from settings import Settings
from temporal_client import connect, ensure_namespace, ensure_search_attributes
from temporal_server import DiskFull, StateDirUnusable, TemporalServer
from worker import configure_logging, running_worker

SHIPPED_PLAN = Path(__file__).resolve().parent.parent / "plans" / "lam-dong-nq57"
FIRST_SCHOOLS = 60
SEEN_EVERY_SECONDS = 1.0
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def up() -> None:
    """Chạy toàn bộ hệ thống; lần đầu nạp kế hoạch Lâm Đồng và phát động chu kỳ của năm nay."""
    with problems():
        context = Context()
        configure_logging(context.settings)
        run(_up(context))


def worker() -> None:
    """Chạy riêng tiến trình xử lý, với máy chủ Temporal và cơ sở dữ liệu đã có."""
    with problems():
        context = Context()
        configure_logging(context.settings)
        run(_work(context))


async def _up(context: Context) -> None:
    async with everything(context.settings) as (client, engine, _):
        if not context.registry.plans():
            await _first_use(context, client, engine)
        async with web_pages(context.settings):
            _say_where(context)
            await _until_stopped()
        console.print("Đang dừng; lần chạy sau tiếp tục từ đúng chỗ này.")


async def _work(context: Context) -> None:
    settings = context.settings
    engine = open_database(settings.database_url)
    migrate(engine)
    await ensure_namespace(settings)
    client = await connect(settings)
    await ensure_search_attributes(client)
    async with running_worker(settings, client, engine):
        console.print(f"Đang xử lý hàng đợi {settings.task_queue} tại {settings.temporal_address}.")
        await _until_stopped()


@asynccontextmanager
async def everything(
    settings: Settings,
) -> AsyncIterator[tuple[Client, Engine, TemporalServer | None]]:
    """Server (where it is ours), database, worker, relay and clock, for as long as the block runs.

    Raises TemporalProblem, DatabaseUnavailable or Problem, each with a sentence.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(_only_one(settings.state_dir))
        server = TemporalServer(settings) if settings.embedded else None
        if server is not None:
            await stack.enter_async_context(server)
        else:
            await ensure_namespace(settings)
        engine = open_database(settings.database_url)
        stack.callback(engine.dispose)
        await asyncio.to_thread(migrate, engine)
        client = await connect(settings)
        await ensure_search_attributes(client)
        clock = ClockStore(engine)
        resumed = await asyncio.to_thread(clock.resume)
        await stack.enter_async_context(running_worker(settings, client, engine))
        if resumed is not None:
            await tell_clock(client, engine, resumed)
        watching = asyncio.create_task(_keep_watch(clock, server))
        stack.push_async_callback(_cancel, watching)
        yield client, engine, server


async def tell_clock(client: Client, engine: Engine, clock: Clock) -> None:
    """Every running workflow learns that the clock was set."""
    store = CycleStore(engine)
    for cycle in await asyncio.to_thread(lambda: store.all(running=True)):
        tasks = await asyncio.to_thread(store.open_tasks, cycle.id)
        # At once: until it hears of it, a workflow goes on by the old clock.
        await asyncio.gather(
            *(_tell_one(client, each, clock) for each in (cycle.id, *(task.id for task in tasks)))
        )


async def _tell_one(client: Client, workflow: str, clock: Clock) -> None:
    with suppress(RPCError):
        await client.get_workflow_handle(workflow).signal("clock_changed", clock)


@contextmanager
def _only_one(state_dir: Path) -> Iterator[None]:
    """Holds the folder's lock, which the kernel takes back however we end."""
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        lock = (state_dir / "up.lock").open("a")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"Ổ đĩa chứa {state_dir.resolve()} đã đầy.") from error
        raise StateDirUnusable(
            f"Không ghi được vào thư mục dữ liệu {state_dir.resolve()} ({error.strerror}). "
            "Hãy cấp quyền ghi, hoặc chọn thư mục khác bằng DONDOC_STATE_DIR."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Problem(
                f"Đôn Đốc đang chạy với thư mục dữ liệu {state_dir.resolve()}. Hãy dùng bản đang "
                "chạy, hoặc chọn thư mục khác bằng DONDOC_STATE_DIR."
            ) from error
        yield


async def _keep_watch(clock: ClockStore, server: TemporalServer | None) -> None:
    """Remembers how far a rehearsal's clock came, and ends everything when the server is gone:
    workflows without a server would only seem to run."""
    rehearsal = (await asyncio.to_thread(clock.read)).speed != 1.0
    while True:
        await asyncio.sleep(SEEN_EVERY_SECONDS)
        if rehearsal:
            await asyncio.to_thread(clock.note_seen)
        if server is not None and not server.alive:
            errors.print(f"Máy chủ Temporal đã dừng bất thường; xem {server.log}.", style="red")
            os.kill(os.getpid(), signal.SIGTERM)
            return


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _first_use(context: Context, client: Client, engine: Engine) -> None:
    """The shipped plan, loaded and launched for the clock's current year."""
    plan, _ = await asyncio.to_thread(load_folder, context, SHIPPED_PLAN, FIRST_SCHOOLS)
    await launch_now(context, client, engine, plan.id, context.now.year)


async def launch_now(
    context: Context, client: Client, engine: Engine, plan: str, year: int
) -> None:
    order = LaunchOrder(
        plan=plan, year=year, schools=FIRST_SCHOOLS, actor=actor(context, "officer", "")
    )
    kept, findings = await asyncio.to_thread(keep_launch, context, plan, order)
    print_findings(findings)
    await Cycles(engine, client, context.settings.task_queue).start_cycle(kept.cycle)
    sentence = await wait_until_open(context.cycles, kept.cycle)
    if sentence:
        raise Problem(sentence)
    print_findings(findings_of(await examine(context)))


def _say_where(context: Context) -> None:
    settings = context.settings
    console.print()
    console.print(f"[bold]Đôn Đốc đang chạy[/bold], thời gian của kế hoạch: {moment(context.now)}")
    console.print(f"  Trang web: {settings.base_url}", highlight=False, soft_wrap=True)
    for cycle in context.cycles.all(running=True):
        tasks, assignments = context.cycles.opened(cycle.id)
        console.print(
            f"  Chu kỳ {cycle.id}: {tasks} nhiệm vụ, {assignments} phần việc.", highlight=False
        )
    if settings.embedded:
        console.print(
            f"  Giao diện Temporal: http://{settings.temporal_host}:{settings.temporal_ui_port}"
            f"/namespaces/{settings.temporal_namespace}/workflows",
            highlight=False,
        )
    console.print(f"  Thư gửi đi: {_where_mail_goes(settings)}", highlight=False)
    _say_links(context)
    console.print("Thử ở một cửa sổ khác (lệnh nằm trong .venv/bin):")
    console.print("  dondoc status", highlight=False)
    console.print("  dondoc assignments --unit GDTRH", highlight=False)
    console.print("  dondoc history III.1.d/GDTRH", highlight=False)
    console.print("Dừng bằng Ctrl-C.")


def _where_mail_goes(settings: Settings) -> str:
    if settings.smtp_url is None:
        return str(settings.state_dir / "outbox")
    return f"qua máy chủ thư {SmtpServer.from_url(settings.smtp_url).place}"


def _say_links(context: Context) -> None:
    """Only where the pages are open to this machine alone: whoever reads them may enter."""
    if context.settings.host not in LOOPBACK:
        return
    console.print("Vào thử, mỗi liên kết dùng một lần:")
    for name, url in first_links(context):
        console.print(f"  {name}: {url}", highlight=False, soft_wrap=True)


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, stopped.set)
    try:
        await stopped.wait()
    finally:
        for signum in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(signum)
