"""A worker with its relay, in a process of its own that a test may kill."""

import asyncio
import multiprocessing
from multiprocessing.process import BaseProcess

import worker
from activities.database import open_database
from settings import Settings
from temporal_client import connect
from worker import running_worker

# Forked from a process that has imported all this once: a worker that is killed again and again
# would spend most of its lives importing.
_FROM_ONE = multiprocessing.get_context("forkserver")
_FROM_ONE.set_forkserver_preload([__name__])


def start(settings: Settings) -> BaseProcess:
    process = _FROM_ONE.Process(target=_run, args=(settings,), daemon=True)
    process.start()
    return process


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
