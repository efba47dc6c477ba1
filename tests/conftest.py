"""Options and order of the whole suite, and the empty database its tests copy."""

import gc
from pathlib import Path

import pytest

from activities.database import migrate, open_database
from worker import OBJECTS_UNTIL_COLLECTION


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-letters",
        action="store_true",
        help="write tests/letters/snapshots anew from what letters say now",
    )


# Modules that take longest, those with few and long tests first.
_LONGEST = (
    "tests/workflows/test_scale.py",
    "tests/cli/test_whole_system.py",
    "tests/workflows/test_killed_worker.py",
    "tests/web/test_oversight_in_the_browser.py",
    "tests/web/test_in_the_browser.py",
    "tests/workflows",
    "tests/benchmarks",
    "tests/activities",
    "tests/test_temporal_server.py",
    "tests/web",
    "tests/cli",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with what takes longest, so that at the end no process waits for another."""
    items.sort(key=lambda item: _rank(item.nodeid))


def pytest_collection(session: pytest.Session) -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking through it for garbage again and again would
    take every tenth second of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OBJECTS_UNTIL_COLLECTION)
    gc.enable()


def _rank(test: str) -> int:
    for rank, beginning in enumerate(_LONGEST):
        if test.startswith(beginning):
            return rank
    return len(_LONGEST)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables: a copy takes a moment, migrating half a second."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = open_database(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file
