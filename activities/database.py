"""Our database: how it is opened and migrated, and what its errors mean to a person."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)
from sqlmodel import SQLModel
from temporalio.exceptions import ApplicationError

from activities.sqlite_turns import turn_taking

_BUSY_SECONDS = 30
_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x646F6E646F63  # "dondoc"


class DatabaseUnavailable(ApplicationError):
    """Nothing was written, and trying again later may succeed."""

    def __init__(self, message: str) -> None:
        super().__init__(message, type="DatabaseUnavailable")


class BadData(ApplicationError):
    """Nothing was written, and the same data will never be."""

    def __init__(self, message: str) -> None:
        super().__init__(message, type="BadData", non_retryable=True)


def open_database(url: str) -> Engine:
    """An engine whose transactions may write; `reading` gives one that only looks.

    Raises DatabaseUnavailable when a SQLite file's folder cannot be used. A server is first
    spoken to when it is needed.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(
        address,
        json_serializer=_to_json,
        pool_size=20,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            "options": f"-c lock_timeout={_BUSY_SECONDS}s -c timezone=UTC",
        },
    )


def reading(engine: Engine) -> Engine:
    """The same database for transactions that only read: each sees one consistent picture, and on
    SQLite none of them waits for a writer."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(dondoc_reading=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def migrate(engine: Engine) -> None:
    """Brings the schema up to this version of the program, in one transaction.

    Programs that start at once take turns: on SQLite a writing transaction is the lock.
    """
    # Most often nothing is to be done: then no writer is waited for, and Alembic stays unread.
    if _is_migrated(engine):
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with database_errors(), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise DatabaseUnavailable(
                "Cơ sở dữ liệu do một phiên bản mới hơn của chương trình tạo ra: "
                f"hãy cập nhật chương trình. ({error})"
            ) from error


def _is_migrated(engine: Engine) -> bool:
    newest = max(
        file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py")
    )
    with database_errors(), reading(engine).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).all() == [
            (newest,)
        ]


def insert(connection: Connection, table: type[SQLModel]) -> Any:
    return insert_into(connection.dialect.name, table)


def insert_into(dialect: str, table: type[SQLModel]) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`, which both
    databases spell alike and SQLAlchemy keeps apart."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def take_turns(connection: Connection, names: Iterable[str]) -> None:
    """Until its transaction ends, no other that takes turns about one of these goes on. On SQLite
    a writing transaction is alone anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            # Always in one order, so that none waits for another that waits for it.
            text(
                "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) "
                "FROM unnest(CAST(:names AS text[])) AS name"
            ),
            {"names": sorted(names)},
        )


@contextmanager
def database_errors() -> Iterator[None]:
    """Turns errors of the database and of its driver into DatabaseUnavailable or BadData."""
    try:
        yield
    except (IntegrityError, DataError) as error:
        raise BadData(f"Cơ sở dữ liệu không nhận dữ liệu này: {error.orig}") from error
    except DBAPIError as error:
        raise DatabaseUnavailable(_sentence(error)) from error
    except (StatementError, ValueError, KeyError, OverflowError) as error:
        raise BadData(f"Dữ liệu không hợp lệ: {error}") from error
    except SQLAlchemyError as error:
        raise DatabaseUnavailable(f"Cơ sở dữ liệu đang bận, hãy thử lại. ({error})") from error


def _open_sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        _use_folder(Path(address.database).absolute().parent)
    engine = create_engine(
        address,
        json_serializer=_to_json,
        # The driver's own transactions begin too late to protect what is read before a write.
        connect_args={"timeout": 0, "isolation_level": None, "factory": turn_taking()},
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _use_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            f"Không tạo được thư mục {folder} cho cơ sở dữ liệu: {error.strerror}."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DatabaseUnavailable(f"Không có quyền ghi vào thư mục {folder} của cơ sở dữ liệu.")


def _set_up_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # Several programs that open a new file at once all want to make it one with a log.
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA busy_timeout = 0")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and then wants to write fails at once when another has
    # written in between; waiting for the write lock at the start cannot fail that way.
    if connection.get_execution_options().get("dondoc_reading", False):
        connection.exec_driver_sql("BEGIN")
    else:
        driver_connection: Any = connection.connection.driver_connection
        driver_connection.begin_writing()


def _sentence(error: DBAPIError) -> str:
    cause = str(error.orig).strip().partition("\n")[0]
    return f"{_MEANING.get(_kind(error), _MEANING['unreachable'])} ({cause})"


_MEANING = {
    "full": "Ổ đĩa của cơ sở dữ liệu đã đầy: hãy giải phóng dung lượng.",
    "unwritable": "Không mở hoặc không ghi được tệp cơ sở dữ liệu: hãy kiểm tra quyền của thư mục.",
    "damaged": "Tệp cơ sở dữ liệu bị hỏng: hãy khôi phục từ bản sao lưu.",
    "busy": "Cơ sở dữ liệu đang bận, hãy thử lại.",
    "schema": "Cơ sở dữ liệu chưa được cập nhật cho phiên bản này của chương trình.",
    "unreachable": "Không kết nối được với cơ sở dữ liệu.",
}

_SQLITE_KINDS = {
    "SQLITE_FULL": "full",
    "SQLITE_CANTOPEN": "unwritable",
    "SQLITE_READONLY": "unwritable",
    "SQLITE_PERM": "unwritable",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_IOERR": "damaged",
    "SQLITE_BUSY": "busy",
    "SQLITE_LOCKED": "busy",
    "SQLITE_ERROR": "schema",
}

_POSTGRESQL_KINDS = {
    "53100": "full",
    "25006": "unwritable",
    "55P03": "busy",
    "40P01": "busy",
    "40001": "busy",
    "53300": "busy",
    "42P01": "schema",
    "42703": "schema",
}


def _kind(error: DBAPIError) -> str:
    sqlite_name: str = getattr(error.orig, "sqlite_errorname", None) or ""
    primary = "_".join(sqlite_name.split("_")[:2])
    sqlstate: str = getattr(error.orig, "sqlstate", None) or ""
    return _SQLITE_KINDS.get(primary) or _POSTGRESQL_KINDS.get(sqlstate) or "unreachable"


_to_json = partial(json.dumps, ensure_ascii=False)
