"""A worker with its relay, in a process of its own that a test may kill."""

import asyncio

import settings
import worker
from activities.database import open_database
from temporal_client import connect
from worker import running_worker


async def main() -> None:
    found = settings.load()
    engine = open_database(found.database_url)
    client = await connect(found)
    async with running_worker(found, client, engine):
        await asyncio.Event().wait()


if __name__ == "__main__":
    worker.configure_logging(settings.load())
    asyncio.run(main())
