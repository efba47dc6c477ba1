"""The baseline: what one would write first. One workflow per assignment, one row per happening.

The worker has the settings that were measured to be the best for this shape; the row is written by
the cheapest activity there is, in a cheaper durability than the engine's own.
"""

import sqlite3
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Lock

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker

with workflow.unsafe.imports_passed_through():
    from pydantic import AwareDatetime

    from models.message import Message
    from settings import Settings
    from temporal_client import sandbox_runner

ACTIVITY_TIMEOUT = timedelta(seconds=30)
# More than any sample: an eviction costs a replay, and the baseline should not pay for that.
CACHED_WORKFLOWS = 20_000
STICKY = timedelta(seconds=2)
THREADS = 16


class BareStart(Message):
    """The rungs are wall instants: the baseline has real timers, nobody wakes it."""

    assignment: str
    rungs: tuple[AwareDatetime, ...]


class Row(Message):
    assignment: str
    kind: str


class BareRows:
    """One connection and a lock: several connections would sleep in SQLite's busy handler."""

    def __init__(self, database: Path) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS happening (key TEXT PRIMARY KEY, assignment TEXT, kind TEXT)"
        )

    @activity.defn(name="insert")
    def insert(self, row: Row) -> None:
        with self._lock:
            self._connection.execute(
                "INSERT OR IGNORE INTO happening VALUES (?, ?, ?)",
                (f"{row.assignment}|{row.kind}", row.assignment, row.kind),
            )


@workflow.defn
class BareAssignment:
    @workflow.init
    def __init__(self, start: BareStart) -> None:
        self._assignment = start.assignment
        self._accepted = False

    @workflow.run
    async def run(self, start: BareStart) -> None:
        await self._insert("assigned")
        for number, rung in enumerate(start.rungs, 1):
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    lambda: self._accepted, timeout=rung - workflow.now()
                )
            if self._accepted:
                break
            await self._insert(f"reminder-{number}")
        await workflow.wait_condition(lambda: self._accepted)
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def report(self, kind: str) -> str:
        """`acknowledged`, `submitted` or `accepted`; answers when the row is written."""
        await self._insert(kind)
        self._accepted = self._accepted or kind == "accepted"
        return kind

    async def _insert(self, kind: str) -> None:
        await workflow.execute_local_activity_method(
            BareRows.insert,
            Row(assignment=self._assignment, kind=kind),
            start_to_close_timeout=ACTIVITY_TIMEOUT,
        )


def bare_database(settings: Settings) -> Path:
    return settings.state_dir / "bare.db"


@asynccontextmanager
async def running_bare_worker(settings: Settings, client: Client) -> AsyncIterator[None]:
    rows = BareRows(bare_database(settings))
    async with Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[BareAssignment],
        activities=[rows.insert],
        activity_executor=ThreadPoolExecutor(THREADS),
        workflow_runner=sandbox_runner(),
        max_cached_workflows=CACHED_WORKFLOWS,
        max_concurrent_workflow_tasks=100,
        sticky_queue_schedule_to_start_timeout=STICKY,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    ):
        yield
