"""A worker in a process of its own, as in production, so that its CPU can be told apart.

It ends when its standard input does: whoever started it may be killed and leaves nothing behind.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

import settings as settings_module
from activities.database import open_database
from benchmarks.bare import BareAssignment
from benchmarks.bare_rows import BareRows
from settings import Settings
from temporal_client import connect, sandbox_restrictions
from worker import ACTIVITY_THREADS, STICKY, configure_logging, running_worker

READY = "ready"
# More than any sample: an eviction costs a replay, and the baseline should not pay for that.
BARE_CACHED_WORKFLOWS = 20_000


async def main(kind: str, settings: Settings) -> None:
    client = await connect(settings)
    async with (
        bare_worker(settings, client)
        if kind == "bare"
        else running_worker(settings, client, open_database(settings.database_url))
    ):
        print(READY, flush=True)
        await asyncio.to_thread(sys.stdin.read)


def bare_worker(settings: Settings, client: Client) -> Worker:
    """The settings that were measured to be the best for one workflow per assignment."""
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=[BareAssignment],
        activities=[BareRows(settings.state_dir).insert],
        activity_executor=ThreadPoolExecutor(ACTIVITY_THREADS),
        workflow_runner=SandboxedWorkflowRunner(restrictions=sandbox_restrictions()),
        max_cached_workflows=BARE_CACHED_WORKFLOWS,
        max_concurrent_workflow_tasks=100,
        sticky_queue_schedule_to_start_timeout=STICKY,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    )


if __name__ == "__main__":
    loaded = settings_module.load()
    configure_logging(loaded)
    asyncio.run(main(sys.argv[1], loaded))
