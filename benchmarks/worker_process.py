"""A worker in a process of its own, as in production, so that its CPU can be told apart.

It ends when its standard input does: whoever started it may be killed and leaves nothing behind.
"""

import asyncio
import sys

import settings as settings_module
from activities.database import open_database
from benchmarks.bare import running_bare_worker
from settings import Settings
from temporal_client import connect
from worker import configure_logging, running_worker

READY = "ready"


async def main(kind: str, settings: Settings) -> None:
    client = await connect(settings)
    if kind == "bare":
        running = running_bare_worker(settings, client)
    else:
        running = running_worker(settings, client, open_database(settings.database_url))
    async with running:
        print(READY, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    loaded = settings_module.load()
    configure_logging(loaded)
    asyncio.run(main(sys.argv[1], loaded))
