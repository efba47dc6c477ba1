"""The web pages as a program: `web` beside servers of their own, or started by `up`."""

import asyncio
import gc
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import httpx

from activities.accounts import Accounts
from activities.links import Links, installation_secret
from bound_process import start_bound
from cli.context import Context
from cli.output import Problem, errors, problems
from cli.page_processes import keep_serving
from models.visitor import VisitorRole
from settings import Settings
from worker import OBJECTS_UNTIL_COLLECTION, configure_logging

READY_SECONDS = 60
STOP_SECONDS = 10
AGAIN_AFTER_SECONDS = 3
POLL_SECONDS = 0.1
# One interpreter makes one page at a time.
PROCESSES = min(2, os.cpu_count() or 1)
WAITING = 2048  # who may wait at the door
# Tells a process of `up` which of its open files is the door.
HANDED = "DONDOC_WEB_DOOR"


def web() -> None:
    """Chạy riêng các trang web, với cơ sở dữ liệu và máy chủ Temporal đã có."""
    with problems():
        context = Context()
        configure_logging(context.settings)
        handed = os.environ.get(HANDED)
        if handed is None:
            serve(context, _listening(context.settings))
        else:
            door = _taken(int(handed))
            gc.disable()  # as while the commands are imported
            import web.app  # noqa: F401  once, for all that are forked

            # Each with a database connection of its own: one cannot be shared.
            keep_serving(lambda: serve(Context(), door), door, processes=PROCESSES)


def serve(context: Context, listening: socket.socket) -> None:
    # Here, because no other command should wait for the pages to be imported.
    import uvicorn

    from web.app import create_app

    app = create_app(context.settings, context.engine)
    # What was made so far stays; looking through it again and again costs every tenth of a page.
    gc.freeze()
    gc.set_threshold(*OBJECTS_UNTIL_COLLECTION)
    gc.enable()
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        # Pages that listen for changes stay open; they ask again by themselves.
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(config).run([listening])


@asynccontextmanager
async def web_pages(
    settings: Settings, environment: Mapping[str, str] = os.environ
) -> AsyncIterator[int]:
    """The pages, as a program of their own whose processes take turns at one door: neither the
    worker's interpreter lock nor one long page must slow the others.

    Started again should it end; gives its process id. Raises Problem when it does not come up.
    """
    with _listening(settings) as listening:
        pages = _Pages(settings, listening, environment)
        try:
            await pages.until_ready()
            watching = asyncio.create_task(pages.keep())
            try:
                yield pages.process.pid
            finally:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching
        finally:
            await pages.stop()


class _Pages:
    def __init__(
        self, settings: Settings, listening: socket.socket, environment: Mapping[str, str]
    ) -> None:
        self._settings = settings
        self._listening = listening
        self._environment = environment
        self._log = settings.state_dir.resolve() / "web.log"
        self.process = self._begin()

    async def until_ready(self) -> None:
        try:
            async with asyncio.timeout(READY_SECONDS):
                while not await self._answers():
                    if self.process.poll() is not None:
                        raise Problem(f"Các trang web không khởi động được; xem {self._log}.")
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as error:
            raise Problem(
                f"Các trang web chưa sẵn sàng sau {READY_SECONDS} giây; xem {self._log}."
            ) from error

    async def keep(self) -> None:
        while True:
            await asyncio.sleep(AGAIN_AFTER_SECONDS)
            if self.process.poll() is not None:
                errors.print(f"Các trang web dừng bất thường, đang chạy lại; xem {self._log}.")
                with suppress(OSError):  # a full disk: tried again in a moment
                    self.process = self._begin()

    async def stop(self) -> None:
        self.process.terminate()
        try:
            await asyncio.to_thread(self.process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            await asyncio.to_thread(self.process.wait)

    def _begin(self) -> "subprocess.Popen[bytes]":
        handed = self._listening.fileno()
        command = [sys.executable, "-m", "starter", "web"]
        environment = dict(self._environment) | {HANDED: str(handed)}
        return start_bound(command, log=self._log, environment=environment, handed=(handed,))

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


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    door = socket.socket(family)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.host, settings.port))
        door.listen(WAITING)
    except OSError as error:
        door.close()
        raise Problem(
            f"Cổng {settings.port} của các trang web không mở được ({error.strerror}). "
            "Hãy dừng chương trình đang dùng cổng đó, hoặc đặt DONDOC_PORT=<cổng>."
        ) from error
    return door


def _taken(handed: int) -> socket.socket:
    """The door that `up` holds open, so that nobody is turned away while a process starts again."""
    door = socket.socket(fileno=handed)
    door.set_inheritable(False)
    return door


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
