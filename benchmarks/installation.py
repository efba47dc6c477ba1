"""A server, a database and a worker of a measurement's own, and the CPU they use."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, text
from temporalio.client import Client, WorkflowExecutionDescription

from activities.database import migrate, open_database, reading
from benchmarks.worker_process import READY
from settings import Settings
from temporal_client import connect, ensure_search_attributes
from temporal_server import TemporalServer

ROOT = Path(__file__).parent.parent
STOP_SECONDS = 30
# Temporal's queues go on for a moment after the last answer; that work belongs to the phase too.
SETTLE_SECONDS = 0.5
POLL_SECONDS = 0.02


@dataclass
class Usage:
    """CPU seconds of the phases that were counted; waiting for a timer is not one."""

    server: float = 0.0
    worker: float = 0.0
    sender: float = 0.0

    @property
    def serving(self) -> float:
        return self.server + self.worker


@dataclass
class Installation:
    settings: Settings
    client: Client
    server: TemporalServer
    worker: subprocess.Popen[str]
    usage: Usage = field(default_factory=Usage)

    @property
    def database_size(self) -> int:
        return sum(file.stat().st_size for file in self.settings.state_dir.glob("temporal.db*"))

    @asynccontextmanager
    async def counting(self) -> AsyncIterator[None]:
        """Adds to `usage` what the block costs."""
        assert self.server.pid is not None
        pids = (self.server.pid, self.worker.pid, os.getpid())
        before = [cpu_seconds(pid) for pid in pids]
        yield
        await asyncio.sleep(SETTLE_SECONDS)
        server, worker, sender = (cpu_seconds(pid) - b for pid, b in zip(pids, before, strict=True))
        self.usage.server += server
        self.usage.worker += worker
        self.usage.sender += sender

    async def histories(self, query: str | None = None) -> "History":
        """The histories of the workflows found by `query`, earlier runs included."""
        # Visibility follows a moment later.
        await asyncio.sleep(2 * SETTLE_SECONDS)
        runs = [(run.id, run.run_id) async for run in self.client.list_workflows(query)]
        descriptions = await asyncio.gather(*(self._describe(*run) for run in runs))
        infos = [each.raw_description.workflow_execution_info for each in descriptions]
        return History(
            runs=len(infos),
            events=sum(info.history_length for info in infos),
            size=sum(info.history_size_bytes for info in infos),
        )

    async def _describe(self, workflow: str, run: str) -> WorkflowExecutionDescription:
        return await self.client.get_workflow_handle(workflow, run_id=run).describe()


@dataclass(frozen=True)
class History:
    runs: int
    events: int
    size: int


@asynccontextmanager
async def installation(kind: Literal["engine", "bare"]) -> AsyncIterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="dondoc-bench-") as folder:
        settings = Settings(
            state_dir=Path(folder),
            temporal_address=f"127.0.0.1:{free_port()}",
            temporal_ui_port=free_port(),
        )
        migrate_own(settings)
        async with TemporalServer(settings, headless=True) as server:
            client = await connect(settings)
            await ensure_search_attributes(client)
            with _worker(kind, settings) as worker:
                yield Installation(settings, client, server, worker)


def migrate_own(settings: Settings) -> None:
    engine = open_database(settings.database_url)
    migrate(engine)
    engine.dispose()


@contextmanager
def _worker(kind: str, settings: Settings) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "DONDOC_STATE_DIR": str(settings.state_dir),
        "DONDOC_TEMPORAL_ADDRESS": settings.temporal_address,
        "DONDOC_LOG_LEVEL": "error",
    }
    # Its own standard error: what goes wrong in a worker should be seen.
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.worker_process", kind],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if process.stdout.readline().strip() != READY:
            raise RuntimeError(f"the {kind} worker did not start")
        yield process
    finally:
        process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    told = subprocess.run(
        ["/bin/ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=True
    ).stdout
    seconds = 0.0
    for part in told.strip().replace("-", ":").split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


class Counter:
    """Counts rows without standing in a writer's way."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reading(engine)

    def __call__(self, table: str) -> int:
        with self._engine.begin() as connection:
            # Table names of our own, and the only way to name one.
            return int(connection.scalar(text(f"SELECT count(*) FROM {table}")))  # noqa: S608

    async def until(self, table: str, count: int, *, seconds: float = 300) -> None:
        async with asyncio.timeout(seconds):
            while await asyncio.to_thread(self, table) < count:  # noqa: ASYNC110 - another process writes
                await asyncio.sleep(POLL_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
