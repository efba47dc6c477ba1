"""The digests of one deadline that many units share, handed to a real mail server."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine
from temporalio.testing import ActivityEnvironment

from activities.channels.mime import Sender
from activities.channels.smtp import Smtp, SmtpServer
from activities.clock import ClockStore
from activities.cycle_store import CycleStore
from activities.database import migrate, open_database
from activities.directory import Registry
from activities.doors import SignInDoors
from activities.ledger import Ledger
from activities.links import Links
from activities.notices import Notices
from activities.sending import Post
from benchmarks.installation import ROOT
from benchmarks.plans import LAUNCHED_AT, YEAR, made_up_plan, openings_of, reminders_of
from models.clock import Clock
from models.commands import Actor, ActorKind
from models.cycle import DigestDay, LaunchOrder
from rules.channels import EMAIL
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of

CONNECTIONS = 4
BASE_URL = "http://localhost:8000"


@dataclass(frozen=True)
class Digests:
    """`mails` are those the server took, `different` those of them that were no repetition."""

    messages: int
    composing: float
    handing_over: float
    mails: int
    different: int


def digests(units: int) -> Digests:
    """A reminder of all units at once: composed, then handed over through the activities' own code;
    database and mail server are real, the server in another process."""
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'dondoc.db'}")
        migrate(engine)
        cycle, at = _reminded(engine, units)
        with _mail_server() as server:
            links = Links(BASE_URL, "a secret of the benchmark, long enough")
            address = SmtpServer.from_url(f"smtp://127.0.0.1:{server.port}")
            smtp = Smtp(address, Sender("Đôn Đốc", "don-doc@do.example"), at_once=CONNECTIONS)
            notices = Notices(engine, {EMAIL: Post(smtp)}, SignInDoors(BASE_URL, links))
            day = DigestDay(cycle=cycle, at=at)
            begun = perf_counter()
            messages = ActivityEnvironment().run(notices.compose, day)
            composed = perf_counter()
            left = ActivityEnvironment().run(notices.deliver, day).number
            done = perf_counter()
            assert left == 0
        engine.dispose()
    return Digests(
        messages=messages,
        composing=composed - begun,
        handing_over=done - composed,
        mails=server.taken["mails"],
        different=server.taken["different"],
    )


def _reminded(engine: Engine, units: int) -> tuple[str, datetime]:
    """A cycle of one task at the instant of its first reminder, recorded and not yet told."""
    snapshots = made_up_plan(1, units)
    order = LaunchOrder(
        plan=snapshots.plan.id, year=YEAR, actor=Actor(kind=ActorKind.OFFICER, ref="benchmark")
    )
    Registry(engine).load_plan(snapshots.plan, snapshots.directory.units.values(), at=LAUNCHED_AT)
    kept = CycleStore(engine).keep(order, snapshots, at=LAUNCHED_AT, expected=(1, units))
    ledger = Ledger(engine)
    (opening,) = openings_of(snapshots)
    ledger.open_task(opening.task, kept.cycle.id, opening.events)
    at = reminders_of(opening)[0]
    ClockStore(engine).set(Clock(wall_anchor=datetime.now(UTC), plan_anchor=at, speed=0))
    loaded = ledger.load(opening.task)
    after = step(loaded.state, [], at=at)
    ledger.record(
        recording_of(
            after.state,
            after.events,
            head=loaded.head,
            at=at,
            summary=task_row(after.state, at=at),
        )
    )
    return kept.cycle.id, at


class _MailServer:
    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: dict[str, int] = {}


@contextmanager
def _mail_server() -> Iterator[_MailServer]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.mail_process"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        server = _MailServer(int(process.stdout.readline()))
        yield server
        process.stdin.close()
        server.taken = json.loads(process.stdout.readline())
