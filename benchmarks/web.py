"""The web pages under many people: how long the server takes, and how much of it the load is."""

import asyncio
import os
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from time import perf_counter
from typing import NamedTuple

import httpx
from sqlalchemy import Engine

from activities.accounts import Accounts
from activities.cycle_store import CycleStore
from activities.database import open_database
from activities.directory import Registry
from activities.ledger import Ledger
from activities.sessions import Device, Sessions
from benchmarks.installation import ROOT, Installation, cpu_seconds, free_port, installation
from benchmarks.plans import LAUNCHED_AT, YEAR, assignments_of, made_up_plan, openings_of, units_of
from bound_process import start_bound
from models.commands import Actor, ActorKind
from models.cycle import LaunchOrder
from models.visitor import VisitorRole

TASKS = 19
PEOPLE = 200
OFFICES = 10
STOP_SECONDS = 15


class Page(NamedTuple):
    """A page that is measured: `weight` of a hundred requests ask for it."""

    name: str
    role: VisitorRole
    path: str
    weight: int


# A new page of the program is measured from the day it is added here.
PAGES = (
    Page("first page of a unit", VisitorRole.UNIT, "/", 80),
    Page("sessions of a unit", VisitorRole.UNIT, "/phien", 5),
    Page("first page of an officer", VisitorRole.OFFICER, "/", 10),
    Page("first page of a supervisor", VisitorRole.SUPERVISOR, "/", 5),
)


class Measured(NamedTuple):
    """Server times by page in seconds, and what of the CPU each program used, in cores."""

    assignments: int
    units: int
    seconds: dict[str, list[float]]
    failed: int
    rate: float
    server_share: float
    load_share: float

    def median(self, page: str) -> float:
        return statistics.median(self.seconds[page])

    def p95(self, page: str) -> float:
        return statistics.quantiles(self.seconds[page], n=20)[-1]


async def pages(units: int, *, rate: float, seconds: float) -> Measured:
    """Asks `rate` requests a second, whether or not the ones before have been answered."""
    async with installation("engine") as place:
        engine = open_database(place.settings.database_url)
        assignments, codes = _launch(engine, units)
        people = _sign_in(engine, codes)
        async with _served(place) as (address, pid):
            await _warm(address, people)
            before, begun = (cpu_seconds(pid), cpu_seconds(os.getpid())), perf_counter()
            found, failed = await _ask(address, people, rate=rate, seconds=seconds)
            took = perf_counter() - begun
            return Measured(
                assignments,
                units,
                found,
                failed,
                sum(map(len, found.values())) / took,
                (cpu_seconds(pid) - before[0]) / took,
                (cpu_seconds(os.getpid()) - before[1]) / took,
            )


def _launch(engine: Engine, units: int) -> tuple[int, list[str]]:
    """A cycle as its workflows would have opened it."""
    snapshots = made_up_plan(TASKS, units)
    openings = openings_of(snapshots)
    registry = Registry(engine)
    registry.load_plan(snapshots.plan, snapshots.directory.units.values(), at=LAUNCHED_AT)
    order = LaunchOrder(plan=snapshots.plan.id, year=YEAR, actor=Actor(kind=ActorKind.OFFICER))
    cycles, ledger = CycleStore(engine), Ledger(engine)
    expected = (len(openings), assignments_of(openings))
    kept = cycles.keep(order, snapshots, at=LAUNCHED_AT, expected=expected).cycle
    for opening in openings:
        ledger.open_task(opening.task, kept.id, opening.events)
    cycles.set_stage(kept.id, "open")
    return expected[1], units_of(openings[0])


def _sign_in(engine: Engine, codes: Sequence[str]) -> dict[VisitorRole, list[str]]:
    """The secrets of 200 people's sessions."""
    sessions, accounts = Sessions(engine), Accounts(engine)
    secrets: dict[VisitorRole, list[str]] = {VisitorRole.UNIT: []}
    for number, code in zip(range(PEOPLE - 2 * OFFICES), cycle(codes), strict=False):
        secret = sessions.begin_for_unit(code, Device(), link=f"link {number}")
        secrets[VisitorRole.UNIT].append(secret or "")
    for role in (VisitorRole.OFFICER, VisitorRole.SUPERVISOR):
        for number in range(OFFICES):
            account = accounts.add(f"{role}{number}", role, name=f"Người {number}")
            assert account
            secret = sessions.begin_for_account(account.id, Device())
            secrets.setdefault(role, []).append(secret or "")
    return secrets


@asynccontextmanager
async def _served(place: Installation) -> AsyncIterator[tuple[str, int]]:
    """The pages as `dondoc web` serves them; their address and the process."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DONDOC_STATE_DIR": str(place.settings.state_dir),
        "DONDOC_TEMPORAL_ADDRESS": place.settings.temporal_address,
        "DONDOC_PORT": str(port),
        "DONDOC_LOG_LEVEL": "error",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "starter", "web"]
    log = place.settings.state_dir / "web.log"
    process = start_bound(command, log=log, environment=environment)
    try:
        await _answers(address, process)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


async def _answers(address: str, process: "subprocess.Popen[bytes]") -> None:
    async with asyncio.timeout(120), httpx.AsyncClient(base_url=address) as client:
        while True:
            assert process.poll() is None, "the pages did not start"
            try:
                await client.get("/khoe")
                return
            except httpx.ConnectError:
                await asyncio.sleep(0.1)


async def _warm(address: str, people: dict[VisitorRole, list[str]]) -> None:
    for page in PAGES:
        async with httpx.AsyncClient(base_url=address) as client:
            answer = await client.get(page.path, headers=_cookie(people[page.role][0]))
            assert answer.status_code == 200, f"{page.name}: {answer.status_code}"


async def _ask(
    address: str, people: dict[VisitorRole, list[str]], *, rate: float, seconds: float
) -> tuple[dict[str, list[float]], int]:
    found: dict[str, list[float]] = {page.name: [] for page in PAGES}
    turns = {role: cycle(secrets) for role, secrets in people.items()}
    failed = 0
    limits = httpx.Limits(max_connections=PEOPLE, max_keepalive_connections=PEOPLE)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as client:

        async def one(page: Page, secret: str) -> None:
            nonlocal failed
            answer = await client.get(page.path, headers=_cookie(secret))
            if answer.status_code != 200:
                failed += 1
                return
            found[page.name].append(_server_seconds(answer))

        begun = perf_counter()
        async with asyncio.TaskGroup() as group:
            for number, page in zip(range(int(rate * seconds)), cycle(_mixed()), strict=False):
                await asyncio.sleep(max(0.0, begun + number / rate - perf_counter()))
                group.create_task(one(page, next(turns[page.role])))
    return found, failed


def _mixed() -> list[Page]:
    """A hundred requests in a fixed order in which the rarer pages stand apart."""
    places = [((n + 0.5) / page.weight, page) for page in PAGES for n in range(page.weight)]
    return [page for _, page in sorted(places, key=lambda each: each[0])]


def _cookie(secret: str) -> dict[str, str]:
    return {"cookie": f"dondoc-session={secret}"}


def _server_seconds(answer: httpx.Response) -> float:
    """As the server itself measured it, from the request's arrival to the answer's beginning."""
    return float(answer.headers["server-timing"].partition("dur=")[2]) / 1000
