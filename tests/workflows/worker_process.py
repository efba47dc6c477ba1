"""A worker with its relay, in a process of its own that a test may kill."""

import asyncio
from multiprocessing.process import BaseProcess

import worker
from activities.database import open_database
from settings import Settings
from temporal_client import connect
from tests.processes import forked
from worker import running_worker


def start(settings: Settings) -> BaseProcess:
    return forked(_run, settings, daemon=True)


async def kill(process: BaseProcess) -> None:
    process.kill()
    await asyncio.to_thread(process.join)


def _run(settings: Settings) -> None:
    worker.configure_logging(settings)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    engine = open_database(settings.database_url)
    client = await connect(settings)
    async with running_worker(settings, client, engine):
        await asyncio.Event().wait()
