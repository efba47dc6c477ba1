"""The web pages as a program: `web` beside servers of their own, or started by `up`."""

import asyncio
import gc
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import httpx

from activities.accounts import Accounts
from activities.links import Links, installation_secret
from bound_process import start_bound
from cli.context import Context
from cli.output import Problem, errors, problems
from models.visitor import VisitorRole
from settings import Settings
from worker import OBJECTS_UNTIL_COLLECTION, configure_logging

READY_SECONDS = 60
STOP_SECONDS = 10
AGAIN_AFTER_SECONDS = 3
POLL_SECONDS = 0.1


def web() -> None:
    """Chạy riêng các trang web, với cơ sở dữ liệu và máy chủ Temporal đã có."""
    with problems():
        context = Context()
        configure_logging(context.settings)
        _check_port(context.settings)
        serve(context)


def serve(context: Context) -> None:
    # Here, because no other command should wait for the pages to be imported.
    import uvicorn

    from web.app import create_app

    settings = context.settings
    app = create_app(settings, context.engine)
    # What was made so far stays; looking through it again and again costs every tenth of a page.
    gc.freeze()
    gc.set_threshold(*OBJECTS_UNTIL_COLLECTION)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        # Pages that listen for changes stay open; they ask again by themselves.
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(config).run()


@asynccontextmanager
async def web_pages(settings: Settings) -> AsyncIterator[None]:
    """The pages, as a process of their own: the worker's interpreter lock must not slow them.

    Started again should they end. Raises Problem when they do not come up.
    """
    _check_port(settings)
    pages = _Pages(settings)
    await pages.start()
    watching = asyncio.create_task(pages.keep())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await pages.stop()


class _Pages:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._log = settings.state_dir.resolve() / "web.log"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        command = [sys.executable, "-m", "starter", "web"]
        self._process = start_bound(command, log=self._log)
        try:
            async with asyncio.timeout(READY_SECONDS):
                while not await self._answers():
                    if self._process.poll() is not None:
                        raise Problem(f"Các trang web không khởi động được; xem {self._log}.")
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as error:
            raise Problem(
                f"Các trang web chưa sẵn sàng sau {READY_SECONDS} giây; xem {self._log}."
            ) from error

    async def keep(self) -> None:
        while True:
            await asyncio.sleep(AGAIN_AFTER_SECONDS)
            if self._process is not None and self._process.poll() is not None:
                errors.print(f"Các trang web dừng bất thường, đang chạy lại; xem {self._log}.")
                with suppress(Problem):
                    await self.start()

    async def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    async def _answers(self) -> bool:
        address = f"http://{_reachable(self._settings.host)}:{self._settings.port}/khoe"
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(address, timeout=2)).status_code == 200
        except httpx.HTTPError:
            return False


def first_links(context: Context) -> list[tuple[str, str]]:
    """For whom, and an address that signs in once: an officer, a unit and a supervisor.

    Made only where the pages are not open to others: whoever reads this terminal may enter.
    """
    settings = context.settings
    configured = settings.secret_key
    secret = installation_secret(
        settings.state_dir, configured.get_secret_value() if configured else None
    )
    links, now = Links(settings.base_url, secret), datetime.now(UTC)
    accounts = Accounts(context.engine)
    found = []
    for login, role, name in NEWCOMERS:
        account = accounts.named(login) or accounts.add(login, role, name=name)
        if account is not None and not account.has_password and not account.disabled:
            found.append((name, links.account(account.id, at=now)))
    unit = _a_unit(context)
    if unit is not None:
        found.insert(1, (unit[1], links.unit(unit[0], at=now)))
    return found


NEWCOMERS = (
    ("chuyenvien", VisitorRole.OFFICER, "Chuyên viên"),
    ("lanhdao", VisitorRole.SUPERVISOR, "Lãnh đạo"),
)


def _a_unit(context: Context) -> tuple[str, str] | None:
    """A unit that owes something: a hub where there is one, since it sees the most."""
    units = context.registry.directory().units.values()
    chosen = next((unit for unit in units if unit.kind == "commune"), None)
    return (chosen.code, chosen.name) if chosen else None


def _check_port(settings: Settings) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError as error:
            raise Problem(
                f"Cổng {settings.port} của các trang web không mở được ({error.strerror}). "
                "Hãy dừng chương trình đang dùng cổng đó, hoặc đặt DONDOC_PORT=<cổng>."
            ) from error


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
