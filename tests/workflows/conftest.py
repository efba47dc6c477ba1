"""A real Temporal server for each module; a database, a queue and a plan for each test."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from settings import Settings
from temporal_client import connect, ensure_search_attributes
from temporal_server import TemporalServer
from tests.databases import copied_to, engine_at
from tests.servers import some_settings
from tests.workflows.world import World


class ServerOfShortRuns(TemporalServer):
    """Temporal suggests a new run after 500 events, where it otherwise waits for 4,096: what
    crosses from run to run is the same, and comes sooner."""

    def _arguments(self) -> list[str]:
        limit = "limit.historyCount.suggestContinueAsNew=500"
        return [*super()._arguments(), "--dynamic-config-value", limit]


# It starts in half a second, and one that only stands there takes as much of a processor all along.
@pytest.fixture(scope="module")
def temporal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = some_settings(tmp_path_factory.mktemp("temporal"))
    server = ServerOfShortRuns(settings, headless=True)

    async def start() -> None:
        await server.start()
        await ensure_search_attributes(await connect(settings))

    asyncio.run(start())
    yield settings
    asyncio.run(server.stop())


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database of each test is, one after another."""
    return tmp_path_factory.mktemp("sqlite") / "dondoc.db"


@pytest.fixture
def own_settings(
    temporal: Settings, migrated_file: Path, sqlite_file: Path, tmp_path: Path
) -> Settings:
    url, queue = copied_to(sqlite_file, migrated_file), f"q-{uuid4().hex[:8]}"
    changes = {"state_dir": tmp_path, "database_url": url, "task_queue": queue}
    return temporal.model_copy(update=changes)


@pytest.fixture
def engine(own_settings: Settings) -> Iterator[Engine]:
    engine = engine_at(own_settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
async def world(own_settings: Settings, engine: Engine) -> World:
    client = await connect(own_settings)
    return World(own_settings, client, engine, f"ke-hoach-{own_settings.task_queue}")
