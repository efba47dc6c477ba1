"""An installation with a launched cycle and nobody's Temporal, and browsers of each role."""

import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest
import structlog
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from sqlalchemy import Engine, event
from starlette.datastructures import State

from activities.clock import ClockStore
from activities.cycle_store import CycleStore
from activities.database import open_database
from activities.directory import Registry
from activities.ledger import Ledger
from activities.sessions import Device
from models.clock import VN, Clock
from models.commands import Actor, ActorKind, Command, Outcome, Void
from models.cycle import LaunchOrder
from models.recording import Answer
from models.visitor import Scope, VisitorRole
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from rules.unfolding import unfold
from settings import Settings
from tests.databases import copied_to
from tests.servers import a_free_port
from tests.shipped import PLAN, shipped_snapshots
from web import acts
from web.app import create_app
from web.tools import Tools

LAUNCH = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=VN)
HERE = "http://dondoc.test"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
HUB = "22918"
SCHOOL = "TM0001"


class Installation(NamedTuple):
    """`app` is the web pages; `tools` are what they work with."""

    app: FastAPI
    tools: Tools
    queries: list[str]

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=HERE)

    def unit(self, code: str, *, named: bool = True) -> httpx.AsyncClient:
        """A browser signed in as a unit; `named` says that somebody has said who they are."""
        secret = self.secret_as(code)
        visitor = self.tools.sessions.visitor(secret)
        if named and visitor is not None:
            self.tools.sessions.introduce(visitor.session, name="Người thử", position="Văn thư")
        return self._with(secret)

    def office(self, role: VisitorRole) -> httpx.AsyncClient:
        """A browser signed in as an officer, a supervisor or an administrator."""
        return self._with(self.secret_of(role))

    def api(self, who: VisitorRole | str, *scopes: Scope) -> httpx.AsyncClient:
        """A program with a token of a role, or of a unit by its code; of every scope by default."""
        return self.program(self.token_of(who, *scopes))

    def program(self, token: str) -> httpx.AsyncClient:
        program = self.browser()
        program.headers["Authorization"] = f"Bearer {token}"
        return program

    def token_of(self, who: VisitorRole | str, *scopes: Scope) -> str:
        asked: dict[str, Any] = {"lasts": timedelta(days=1), "scopes": scopes or tuple(Scope)}
        if isinstance(who, VisitorRole):
            asked["account"] = self.account_of(who)
        else:
            asked |= {"unit": who, "name": "Người thử", "position": "Văn thư"}
        return self.tools.tokens.make("thử", **asked).secret

    def secret_as(self, unit: str) -> str:
        tools = self.tools
        secret = tools.sessions.begin_for_unit(unit, Device(), link=uuid4().hex)
        assert secret
        return secret

    def secret_of(self, role: VisitorRole) -> str:
        secret = self.tools.sessions.begin_for_account(self.account_of(role), Device())
        assert secret
        return secret

    def account_of(self, role: VisitorRole) -> str:
        accounts = self.tools.accounts
        account = accounts.named(role) or accounts.add(role, role, name=f"Người {role}")
        assert account
        return account.id

    def _with(self, secret: str) -> httpx.AsyncClient:
        browser = self.browser()
        browser.cookies.set(self.tools.cookies.session, secret)
        return browser

    def decide(self) -> list[Outcome]:
        """Decides everything that is stored, as the tasks' workflows would."""
        ledger, at = Ledger(self.tools.engine), self.tools.clock.plan_now()
        outcomes: list[Outcome] = []
        for command in self.tools.commands.undelivered(datetime.now(UTC) + timedelta(days=1)):
            loaded = ledger.load(command.task)
            after = step(loaded.state, [command], at=at, fire=False)
            recording = recording_of(
                after.state,
                after.events,
                head=loaded.head,
                at=at,
                summary=task_row(after.state, at=at),
                outcomes=after.outcomes,
            )
            assert ledger.record(recording).answer is Answer.RECORDED
            outcomes += after.outcomes
        return outcomes

    def void(self, task: str) -> None:
        """As if it had been launched by mistake: nothing can be asked of it any more."""
        words = self.tools.commands.store_statement("Phát động nhầm.")
        at, officer = self.tools.clock.plan_now(), Actor(kind=ActorKind.OFFICER)
        self.tools.commands.store(
            Void(id=uuid4().hex, task=task, actor=officer, received_at=at, text=words)
        )
        self.decide()

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """The statements a page asks of the database."""
        self.queries.clear()
        yield self.queries


class Asked(NamedTuple):
    """The database of one test after another, and what it was asked."""

    file: Path
    engine: Engine
    queries: list[str]


@pytest.fixture(scope="session")
def launched(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a running cycle of the shipped plan with 6 schools, on 02/03/2026."""
    file = tmp_path_factory.mktemp("launched") / "dondoc.db"
    engine = open_database(f"sqlite:///{shutil.copy(migrated_file, file)}")
    ClockStore(engine).set(Clock(wall_anchor=NOW, plan_anchor=NOW, speed=0.0))
    _launch(engine)
    engine.dispose()
    return file


def some_settings(folder: Path) -> Settings:
    return Settings(state_dir=folder, base_url=HERE, temporal_address="127.0.0.1:1")


@pytest.fixture(scope="session")
def app(launched: Path, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The pages and the API, made once: that takes a third of a second."""
    # As the program itself writes them; with the variables of every frame one takes half a minute.
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.stdlib.add_log_level, renderer])
    engine = open_database(f"sqlite:///{launched}")
    return create_app(some_settings(tmp_path_factory.mktemp("app")), engine)


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    file = tmp_path_factory.mktemp("installation") / "dondoc.db"
    queries: list[str] = []
    engine = open_database(f"sqlite:///{file}")
    event.listen(engine, "before_cursor_execute", lambda *asked: _note(queries, asked[2]))
    return Asked(file, engine, queries)


@pytest.fixture
def installation(
    app: FastAPI, launched: Path, asked: Asked, tmp_path: Path
) -> Iterator[Installation]:
    copied_to(asked.file, launched)
    # All that the program remembers, made anew for each test.
    app.state = State({"tools": Tools(some_settings(tmp_path), asked.engine)})
    yield Installation(app, app.state.tools, asked.queries)
    asked.engine.dispose()


@pytest.fixture
def deciding(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """The same where everything is decided as it comes."""

    async def deliver(commands: Sequence[Command]) -> list[acts.Answer]:
        found = {outcome.command: outcome for outcome in installation.decide()}
        return [acts.answer_of(found[command.id]) for command in commands]

    monkeypatch.setattr(installation.tools.acts, "deliver", deliver)
    return installation


def _note(queries: list[str], statement: str) -> None:
    if statement != "BEGIN":
        queries.append(statement)


class Site(NamedTuple):
    """The same installation behind a real server, seen through a real browser."""

    installation: Installation
    address: str
    chromium: Browser

    def page(self, who: VisitorRole | str, *, size: str = "phone", scripts: bool = True) -> Page:
        """A page at the start of a role, or of a unit by its code; on a phone, or on a desktop."""
        width, height = SIZES[size]
        context = self.chromium.new_context(
            viewport={"width": width, "height": height},
            base_url=self.address,
            locale="vi-VN",
            java_script_enabled=scripts,
        )
        context.add_cookies([self._signed_in(who)])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto("/")
        return page

    def _signed_in(self, who: VisitorRole | str) -> Any:
        if isinstance(who, VisitorRole):
            secret = self.installation.secret_of(who)
        else:
            secret = self.installation.secret_as(who)
        name = self.installation.tools.cookies.session
        return {"name": name, "value": secret, "url": self.address}


# For one module at a time: as long as it runs, no other test of the process can have a loop.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed here (Debian: apt-get install chromium)")
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def site(
    launched: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser
) -> Iterator[Site]:
    """One for all tests of a module, which therefore touch different units."""
    with served(launched, tmp_path_factory.mktemp("site")) as (installation, address):
        yield Site(installation, address, chromium)
        # Pages that listen for changes would otherwise keep the server.
        for context in chromium.contexts:
            context.close()


@contextmanager
def served(launched: Path, folder: Path) -> Iterator[tuple[Installation, str]]:
    """An installation of its own behind a real server, and its address."""
    engine = open_database(f"sqlite:///{shutil.copy(launched, folder / 'dondoc.db')}")
    port = a_free_port()
    address = f"http://127.0.0.1:{port}"
    settings = Settings(
        state_dir=folder, base_url=address, temporal_address="127.0.0.1:1", api_per_minute=0
    )
    app = create_app(settings, engine)
    config = uvicorn.Config(
        app,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield Installation(app, app.state.tools, []), address
    finally:
        server.should_exit = True
        thread.join()
        engine.dispose()


def _launch(engine: Engine) -> None:
    snapshots = shipped_snapshots(6)
    units = snapshots.directory.units.values()
    Registry(engine).load_plan(snapshots.plan, units, at=LAUNCH)
    order = LaunchOrder(plan=PLAN, year=2026, actor=Actor(kind=ActorKind.OFFICER))
    unfolded = unfold(*snapshots, year=2026, cycle="2026", at=LAUNCH, dates={}, allocation={})
    cycles, ledger = CycleStore(engine), Ledger(engine)
    kept = cycles.keep(order, snapshots, at=LAUNCH, expected=(len(unfolded.openings), 0)).cycle
    for opening in unfolded.openings:
        ledger.open_task(opening.task, kept.id, opening.events)
    cycles.set_stage(kept.id, "open")
