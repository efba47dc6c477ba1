"""Every ledger test runs on SQLite and on a real PostgreSQL server of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from activities.commands import Commands
from activities.database import migrate, open_database
from activities.ledger import Ledger
from tests.databases import address_of, cloned, copied_to, emptied, engine_at
from tests.servers import postgresql_server


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The server; its database `migrated` is the template of every test's own."""
    folder = tmp_path_factory.mktemp("postgresql")
    with postgresql_server(folder) as server:
        admin = open_database(server.get_uri()).execution_options(isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("ALTER SYSTEM SET fsync = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
            connection.execute(text("CREATE DATABASE migrated"))
        template = open_database(address_of(admin, "migrated"))
        migrate(template)
        template.dispose()
        yield admin
        admin.dispose()


@pytest.fixture(scope="session")
def postgresql_url(postgresql: Engine) -> str:
    """Where the database of each test is, one after another."""
    return cloned(postgresql, "migrated")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'dondoc.db'}"
    return cloned(request.getfixturevalue("postgresql"), "template0")


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database of each test is, one after another."""
    return tmp_path_factory.mktemp("sqlite") / "dondoc.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, sqlite_file: Path) -> str:
    """The address of a fresh database with all tables."""
    if request.param == "sqlite":
        return copied_to(sqlite_file, request.getfixturevalue("migrated_file"))
    return emptied(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = engine_at(url)
    yield engine
    engine.dispose()


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


@pytest.fixture
def commands(engine: Engine) -> Commands:
    return Commands(engine)
