"""An installation for each test, found by every command the test types."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

import settings


@contextmanager
def installed(folder: Path, database: Path) -> Iterator[None]:
    """Commands typed inside find an installation with a copy of this database."""
    folder.mkdir(exist_ok=True)
    shutil.copy(database, folder / "dondoc.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DONDOC_STATE_DIR", str(folder))
        settings.load.cache_clear()
        yield
    settings.load.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def commands_made_once() -> Iterator[None]:
    """Making all commands of `dondoc` takes longer than running most of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", cache(get_command))
        yield


@pytest.fixture
def state_dir(tmp_path: Path, migrated_file: Path) -> Iterator[Path]:
    """The folder of an installation that has run, and holds nothing yet."""
    with installed(tmp_path / "var", migrated_file):
        yield tmp_path / "var"
