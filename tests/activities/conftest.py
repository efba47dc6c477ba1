"""Every ledger test runs on SQLite and on a real PostgreSQL server of its own."""

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from activities.commands import Commands
from activities.database import migrate, open_database
from activities.ledger import Ledger
from tests.servers import postgresql_server

_NUMBER = count(1)


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
        template = open_database(_address(admin, "migrated"))
        migrate(template)
        template.dispose()
        yield admin
        admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'dondoc.db'}"
    return new_database(request.getfixturevalue("postgresql"), "template0")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database with all tables."""
    if request.param == "sqlite":
        migrated = request.getfixturevalue("migrated_file")
        return f"sqlite:///{shutil.copy(migrated, tmp_path / 'dondoc.db')}"
    return new_database(request.getfixturevalue("postgresql"), "migrated")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


@pytest.fixture
def commands(engine: Engine) -> Commands:
    return Commands(engine)


def new_database(admin: Engine, template: str) -> str:
    name = f"test_{next(_NUMBER)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return _address(admin, name)


def _address(admin: Engine, database: str) -> str:
    return admin.url.set(database=database).render_as_string(hide_password=False)
