"""Databases that are as new for each test, behind one engine that stays."""

import shutil
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select, text
from sqlmodel import SQLModel

from activities.database import open_database

Rows = dict[Table, list[dict[str, Any]]]

_NUMBER = count(1)


@cache
def engine_at(url: str) -> Engine:
    """One engine for one address as long as the tests run: each compiles every statement anew,
    which takes longer than what most tests ask."""
    return open_database(url)


def copied_to(file: Path, source: Path) -> str:
    """The address of a SQLite file that is from now on a copy of `source`."""
    for left in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        left.unlink(missing_ok=True)
    shutil.copy(source, file)
    return f"sqlite:///{file}"


def emptied(url: str) -> str:
    """The address of a PostgreSQL database that now holds its tables and nothing else. A clone for
    each test would be hundreds of files to write, and to delete at the end."""
    tables = [f'DELETE FROM "{name}"' for name in SQLModel.metadata.tables]  # noqa: S608
    with engine_at(url).begin() as connection:
        # In any order, whatever refers to whatever.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.exec_driver_sql("; ".join(tables))
        connection.execute(
            text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
        )
    return url


def rows_of(url: str) -> Rows:
    """All that a database holds, to be given to `filled`."""
    with engine_at(url).connect() as connection:
        return {
            table: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in SQLModel.metadata.sorted_tables
        }


def filled(url: str, rows: Rows) -> str:
    """The address of a PostgreSQL database that now holds these rows and nothing else."""
    with engine_at(emptied(url)).begin() as connection:
        for table, of_table in rows.items():
            if of_table:
                connection.execute(insert(table), of_table)
                _count_on(connection, table)
    return url


def _count_on(connection: Connection, table: Table) -> None:
    """What numbers the table's rows goes on after those that brought their numbers along."""
    number = table.autoincrement_column
    if number is not None:
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', number.name)
        connection.execute(select(func.setval(sequence, func.max(number))))


def cloned(admin: Engine, template: str) -> str:
    """The address of a new PostgreSQL database that is a copy of `template`. None is ever dropped:
    under load that has brought the server down."""
    name = f"test_{next(_NUMBER)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return address_of(admin, name)


def address_of(admin: Engine, database: str) -> str:
    return admin.url.set(database=database).render_as_string(hide_password=False)
