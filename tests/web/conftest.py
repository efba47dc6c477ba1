"""An installation with a launched cycle and nobody's Temporal, and browsers of each role."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, event

from activities.clock import ClockStore
from activities.cycle_store import CycleStore, Snapshots
from activities.database import migrate, open_database
from activities.directory import Registry
from activities.ledger import Ledger
from activities.sessions import Device
from intake.plan_folder import read_directory, read_plan
from intake.vietnam_calendar import vietnam_calendar
from models.clock import VN, Clock
from models.commands import Actor, ActorKind, Outcome
from models.cycle import LaunchOrder
from models.recording import Answer
from models.visitor import VisitorRole
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from rules.unfolding import unfold
from settings import Settings
from web.app import create_app
from web.tools import Tools

SHIPPED = Path(__file__).parents[2] / "plans" / "lam-dong-nq57"
PLAN = "lam-dong-nq57"
LAUNCH = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=VN)
HERE = "http://dondoc.test"
HUB = "22918"
SCHOOL = "TM0001"


class Installation(NamedTuple):
    """`app` is the web pages; `tools` are what they work with."""

    app: FastAPI
    tools: Tools
    queries: list[str]

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=HERE)

    def unit(self, code: str) -> httpx.AsyncClient:
        """A browser signed in as a unit."""
        tools = self.tools
        secret = tools.sessions.begin_for_unit(code, Device(), link=uuid4().hex)
        return self._with(secret)

    def office(self, role: VisitorRole) -> httpx.AsyncClient:
        """A browser signed in as an officer, a supervisor or an administrator."""
        accounts = self.tools.accounts
        account = accounts.named(role) or accounts.add(role, role, name=f"Người {role}")
        assert account
        return self._with(self.tools.sessions.begin_for_account(account.id, Device()))

    def _with(self, secret: str | None) -> httpx.AsyncClient:
        assert secret
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

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """The statements a page asks of the database."""
        self.queries.clear()
        yield self.queries


@pytest.fixture(scope="session")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a running cycle of the shipped plan with 6 schools, on 02/03/2026."""
    file = tmp_path_factory.mktemp("launched") / "dondoc.db"
    engine = open_database(f"sqlite:///{file}")
    migrate(engine)
    ClockStore(engine).set(Clock(wall_anchor=NOW, plan_anchor=NOW, speed=0.0))
    _launch(engine)
    engine.dispose()
    return file


@pytest.fixture
def installation(launched: Path, tmp_path: Path) -> Iterator[Installation]:
    file = shutil.copy(launched, tmp_path / "dondoc.db")
    engine = open_database(f"sqlite:///{file}")
    settings = Settings(state_dir=tmp_path, base_url=HERE, temporal_address="127.0.0.1:1")
    app = create_app(settings, engine)
    queries: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *asked: _note(queries, asked[2]))
    yield Installation(app, app.state.tools, queries)
    engine.dispose()


def _note(queries: list[str], statement: str) -> None:
    if statement != "BEGIN":
        queries.append(statement)


def _launch(engine: Engine) -> None:
    calendar = vietnam_calendar(range(2025, 2029))
    snapshots = Snapshots(read_plan(SHIPPED), read_directory(SHIPPED, 6), calendar)
    units = snapshots.directory.units.values()
    Registry(engine).load_plan(snapshots.plan, units, at=LAUNCH)
    order = LaunchOrder(plan=PLAN, year=2026, actor=Actor(kind=ActorKind.OFFICER))
    unfolded = unfold(*snapshots, year=2026, cycle="2026", at=LAUNCH, dates={}, allocation={})
    cycles, ledger = CycleStore(engine), Ledger(engine)
    kept = cycles.keep(order, snapshots, at=LAUNCH, expected=(len(unfolded.openings), 0)).cycle
    for opening in unfolded.openings:
        ledger.open_task(opening.task, kept.id, opening.events)
    cycles.set_stage(kept.id, "open")
