"""The web pages under many people: how long the server takes, and how much of it the load is."""

import asyncio
import os
import sqlite3
import statistics
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from secrets import token_hex
from time import perf_counter
from typing import Any, NamedTuple

import httpx
from sqlalchemy import Engine, event

from activities.accounts import Accounts
from activities.database import migrate, open_database
from activities.sessions import Device, Sessions
from activities.tokens import Tokens
from benchmarks.browsers import Browsers
from benchmarks.installation import ROOT, cpu_seconds, free_port, installation
from benchmarks.lived import Lived, live, lived, lived_plan
from benchmarks.plans import YEAR
from cli.serving import web_pages
from models.visitor import Scope, VisitorRole
from settings import Settings
from web.app import create_app

TASKS = 19
PEOPLE = 200
OFFICES = 10
REPEATED = 20
WARM_ROUNDS = 5


class Page(NamedTuple):
    """A page that is measured: `weight` of a hundred requests ask for it. `who` is a role, or HUB;
    the API is asked with a token."""

    name: str
    who: str
    path: str
    weight: int


UNIT, OFFICER, SUPERVISOR = VisitorRole.UNIT, VisitorRole.OFFICER, VisitorRole.SUPERVISOR
HUB = "hub"
API = "/api/v1"
CYCLE = "/chu-ky/do-dac/2026"
# A new page of the program is measured from the day it is added here. `{own}` is an assignment of
# the unit, `{late}` an overdue one, `{task}` a task, `{hub}` a commune.
PAGES = (
    Page("first page of a unit", UNIT, "/", 50),
    Page("sessions of a unit", UNIT, "/phien", 2),
    Page("work of a unit", UNIT, "/viec/{own}", 9),
    Page("report form of a unit", UNIT, "/bao-cao/{own}", 5),
    Page("first page of a hub", HUB, "/", 4),
    Page("reviews of a hub", HUB, "/duyet", 3),
    Page("first page of an officer", OFFICER, "/", 3),
    Page("desk", OFFICER, "/can-xu-ly", 2),
    Page("overdue list", OFFICER, "/qua-han", 2),
    Page("reviews of an officer", OFFICER, "/duyet", 1),
    Page("following up", OFFICER, "/xu-ly/{late}", 2),
    Page("plans", OFFICER, "/ke-hoach", 1),
    Page("launch wizard", OFFICER, "/phat-dong/do-dac", 1),
    Page("first page of a supervisor", SUPERVISOR, "/", 2),
    Page("overview", SUPERVISOR, CYCLE, 1),
    Page("heat map", SUPERVISOR, f"{CYCLE}/ban-do", 1),
    Page("heat map of schools by a task", SUPERVISOR, f"{CYCLE}/ban-do?nhom=school&sap-xep=N3", 1),
    Page("timeline", SUPERVISOR, f"{CYCLE}/dong-thoi-gian", 1),
    Page("lateness", SUPERVISOR, f"{CYCLE}/tre-han", 1),
    Page("overdue assignments", SUPERVISOR, f"{CYCLE}/phan-viec?tinh-trang=open_overdue", 1),
    Page("a task", SUPERVISOR, "/nhiem-vu/{task}", 1),
    Page("a history", SUPERVISOR, "/lich-su/{late}", 1),
    Page("a commune", SUPERVISOR, "/don-vi/{hub}", 1),
    Page("API: units", OFFICER, f"{API}/units", 1),
    Page("API: assignments", OFFICER, f"{API}/assignments", 1),
    Page("API: overdue", OFFICER, f"{API}/overdue", 1),
    Page("API: reviews", OFFICER, f"{API}/reviews", 1),
)


class Alone(NamedTuple):
    """A page asked for again and again by one person: the server's CPU of one request in seconds,
    what the database is asked, and the size of the page, as it is and as it is sent."""

    cpu: float
    queries: int
    size: int
    sent: int


class Measured(NamedTuple):
    """Server times by page and `waited`, how long whoever asked had to wait, in seconds; `shares`
    of the CPU that each program used meanwhile, in cores."""

    assignments: int
    units: int
    alone: dict[str, Alone]
    seconds: dict[str, list[float]]
    waited: list[float]
    failed: int
    rate: float
    shares: dict[str, float]

    def median(self, page: str) -> float:
        return statistics.median(self.seconds[page])

    def p95(self, page: str) -> float:
        return p95(self.seconds[page])


def p95(seconds: list[float]) -> float:
    if len(seconds) < 2:
        return max(seconds, default=0.0)
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


class Asking(NamedTuple):
    """How somebody asks: the header that says who they are, and the assignment that is theirs."""

    header: dict[str, str]
    own: str


class Crowd(NamedTuple):
    """Everybody who is signed in, by who they are; `tokens` are those of programs, `places` stand
    for names in addresses."""

    sessions: dict[str, list[Asking]]
    tokens: dict[str, list[Asking]]
    places: dict[str, str]

    def of(self, page: Page) -> list[Asking]:
        return (self.tokens if page.path.startswith(API) else self.sessions)[page.who]

    def address(self, page: Page, asking: Asking) -> str:
        return page.path.format(own=asking.own, **self.places)


async def pages(units: int, *, rate: float, seconds: float, kept: Path | None = None) -> Measured:
    """Asks `rate` requests a second, whether or not the ones before have been answered, of a server
    beside a worker. `kept` is where the database stays, which takes minutes to make."""
    with _filled(units, kept) as filled:
        return await _measured(filled, units, rate, seconds)


async def _measured(filled: Path, units: int, rate: float, seconds: float) -> Measured:
    async with installation("engine") as place:
        engine = open_database(place.settings.database_url)
        _copy(filled, Path(engine.url.database or ""))
        migrate(engine)
        found = lived(engine, lived_plan(TASKS, units).directory)
        crowd = _sign_in(engine, found)
        queries = await _counted(place.settings, engine, crowd)
        async with _served(place.settings) as (address, pid):
            pids = _with_forked(pid)
            await _warm(address, crowd)
            alone = {page.name: await _alone(address, pids, crowd, page) for page in PAGES}
            programs = {
                "the pages": pids,
                "the worker": [place.worker.pid],
                "Temporal": [place.server.pid or 0],
                "the load generator": [os.getpid()],
            }
            before = {name: _cpu(each) for name, each in programs.items()}
            begun = perf_counter()
            load = await _ask(address, crowd, rate=rate, seconds=seconds)
            took = perf_counter() - begun
            return Measured(
                found.assignments,
                len(found.units),
                {name: each._replace(queries=queries[name]) for name, each in alone.items()},
                load.seconds,
                load.waited,
                load.failed,
                len(load.waited) / took,
                {name: (_cpu(each) - before[name]) / took for name, each in programs.items()},
            )


@contextmanager
def _filled(units: int, kept: Path | None) -> Iterator[Path]:
    """The lived-in database, made before there is a worker: it would open the cycle beside us."""
    if kept is not None and kept.exists():
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        made = Path(folder, "filled.db")
        engine = open_database(f"sqlite:///{made}")
        migrate(engine)
        live(engine, TASKS, units)
        engine.dispose()
        if kept is not None:
            _copy(made, kept)
        yield made


def _copy(source: Path, target: Path) -> None:
    """While others have both open."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def _sign_in(engine: Engine, lived: Lived) -> Crowd:
    """200 people's sessions, and a program's token for each role that has one."""
    sessions, accounts, tokens = Sessions(engine), Accounts(engine), Tokens(engine)
    crowd = Crowd({}, {}, lived.places)
    codes = {UNIT: cycle(lived.units), HUB: cycle(lived.hubs)}
    for who, number in ((UNIT, PEOPLE - 3 * OFFICES), (HUB, OFFICES)):
        for _place, code in zip(range(number), codes[who], strict=False):
            secret = sessions.begin_for_unit(code, Device(), link=token_hex())
            asking = Asking(_cookie(secret), f"do-dac/{YEAR}/N3/han/{code}")
            crowd.sessions.setdefault(who, []).append(asking)
    for role in (OFFICER, SUPERVISOR):
        for number in range(OFFICES):
            login = f"{role}{number}"
            account = accounts.named(login) or accounts.add(login, role, name=f"Người {number}")
            assert account
            secret = sessions.begin_for_account(account.id, Device())
            crowd.sessions.setdefault(role, []).append(Asking(_cookie(secret), ""))
            lasts, scopes = timedelta(days=1), tuple(Scope)
            token = tokens.make("đo", lasts=lasts, scopes=scopes, account=account.id).secret
            bearer = {"authorization": f"Bearer {token}"}
            crowd.tokens.setdefault(role, []).append(Asking(bearer, ""))
    return crowd


async def _counted(settings: Settings, engine: Engine, crowd: Crowd) -> dict[str, int]:
    """What each page asks of the database, the second time it is asked for."""
    asked: list[str] = []

    def note(*statement: Any) -> None:
        asked.append(statement[2])

    transport = httpx.ASGITransport(create_app(settings, engine))
    event.listen(engine, "before_cursor_execute", note)
    found = {}
    async with httpx.AsyncClient(transport=transport, base_url="http://do.example") as client:
        for page in PAGES:
            for _time in range(2):
                asked.clear()
                asking = crowd.of(page)[0]
                await client.get(crowd.address(page, asking), headers=asking.header)
            found[page.name] = sum(statement != "BEGIN" for statement in asked)
    event.remove(engine, "before_cursor_execute", note)
    return found


def _cpu(pids: list[int]) -> float:
    return sum(map(cpu_seconds, pids))


def _with_forked(pid: int) -> list[int]:
    forked = Path(f"/proc/{pid}/task/{pid}/children")
    return [pid, *map(int, forked.read_text().split())] if forked.exists() else [pid]


async def _alone(address: str, pids: list[int], crowd: Crowd, page: Page) -> Alone:
    asking = crowd.of(page)[0]
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        before = _cpu(pids)
        for _time in range(REPEATED):
            answer = await client.get(crowd.address(page, asking), headers=asking.header)
        used = _cpu(pids) - before
    sent = int(answer.headers.get("content-length", 0))
    return Alone(used / REPEATED, 0, len(answer.content), sent)


@asynccontextmanager
async def _served(settings: Settings) -> AsyncIterator[tuple[str, int]]:
    """The pages as `dondoc up` serves them; their address and the process they begin with."""
    settings = settings.model_copy(update={"port": free_port()})
    environment = os.environ | {
        "DONDOC_STATE_DIR": str(settings.state_dir),
        "DONDOC_TEMPORAL_ADDRESS": settings.temporal_address,
        "DONDOC_LOG_LEVEL": "error",
        "DONDOC_API_PER_MINUTE": "0",
        "PYTHONPATH": str(ROOT),
    }
    async with web_pages(settings, environment) as pid:
        yield f"http://127.0.0.1:{settings.port}", pid


async def _warm(address: str, crowd: Crowd) -> None:
    """So often that each process has made every page."""
    for page in WARM_ROUNDS * PAGES:
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            asking = crowd.of(page)[0]
            answer = await client.get(crowd.address(page, asking), headers=asking.header)
            assert answer.status_code == 200, f"{page.name}: {answer.status_code}"


@dataclass
class _Load:
    """What came of the requests: as in Measured."""

    seconds: dict[str, list[float]]
    waited: list[float]
    failed: int = 0


async def _ask(address: str, crowd: Crowd, *, rate: float, seconds: float) -> _Load:
    load = _Load({page.name: [] for page in PAGES}, [])
    turns = {page: cycle(crowd.of(page)) for page in PAGES}
    browsers = Browsers(int(address.rpartition(":")[2]))

    async def one(page: Page, asking: Asking) -> None:
        asked = perf_counter()
        try:
            answer = await browsers.get(crowd.address(page, asking), asking.header)
        except (OSError, EOFError):
            load.failed += 1
            return
        if answer.status != 200:
            load.failed += 1
            return
        load.waited.append(perf_counter() - asked)
        load.seconds[page.name].append(answer.seconds)

    begun = perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, page in zip(range(int(rate * seconds)), cycle(_mixed()), strict=False):
            await asyncio.sleep(max(0.0, begun + number / rate - perf_counter()))
            group.create_task(one(page, next(turns[page])))
    browsers.close()
    return load


def _mixed() -> list[Page]:
    """A hundred requests in a fixed order in which the rarer pages stand apart."""
    # Each begins at a place of its own, or all the rare ones would be asked for at one moment.
    places = [
        ((n + (place + 0.5) / len(PAGES)) / page.weight, page)
        for place, page in enumerate(PAGES)
        for n in range(page.weight)
    ]
    return [page for _, page in sorted(places, key=lambda each: each[0])]


def _cookie(secret: str | None) -> dict[str, str]:
    return {"cookie": f"dondoc-session={secret}"}
