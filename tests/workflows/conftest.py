"""A real Temporal server for the session; a database, a queue and a plan for each test."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from activities.database import open_database
from settings import Settings
from temporal_client import connect, ensure_search_attributes
from temporal_server import TemporalServer
from tests.servers import some_settings
from tests.workflows.world import World


class ServerOfShortRuns(TemporalServer):
    """Temporal suggests a new run after 1,000 events, where it otherwise waits for 4,096: what
    crosses from run to run is the same, and comes sooner."""

    def _arguments(self) -> list[str]:
        limit = "limit.historyCount.suggestContinueAsNew=1000"
        return [*super()._arguments(), "--dynamic-config-value", limit]


@pytest.fixture(scope="session")
def temporal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    settings = some_settings(tmp_path_factory.mktemp("temporal"))
    server = ServerOfShortRuns(settings, headless=True)

    async def start() -> None:
        await server.start()
        await ensure_search_attributes(await connect(settings))

    asyncio.run(start())
    yield settings
    asyncio.run(server.stop())


@pytest.fixture
def own_settings(temporal: Settings, migrated_file: Path, tmp_path: Path) -> Settings:
    file = shutil.copy(migrated_file, tmp_path / "dondoc.db")
    queue = f"q-{uuid4().hex[:8]}"
    changes = {"state_dir": tmp_path, "database_url": f"sqlite:///{file}", "task_queue": queue}
    return temporal.model_copy(update=changes)


@pytest.fixture
def engine(own_settings: Settings) -> Iterator[Engine]:
    engine = open_database(own_settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
async def world(own_settings: Settings, engine: Engine) -> World:
    client = await connect(own_settings)
    return World(own_settings, client, engine, f"ke-hoach-{own_settings.task_queue}")
