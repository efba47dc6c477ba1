"""Options of the whole suite, and the empty database its tests copy."""

from pathlib import Path

import pytest

from activities.database import migrate, open_database


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-letters",
        action="store_true",
        help="write tests/letters/snapshots anew from what letters say now",
    )


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables: a copy takes a moment, migrating half a second."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = open_database(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file
