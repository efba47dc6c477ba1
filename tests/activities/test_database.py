import multiprocessing
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlmodel import Session, SQLModel, col

from activities.database import (
    _MIGRATION_LOCK,
    BadData,
    DatabaseUnavailable,
    database_errors,
    migrate,
    open_database,
    reading,
)
from models import tables
from models.clock import VN
from tests.databases import engine_at, filled

_STATEMENT = SQLModel.metadata.tables["statement"]
_LEDGER = SQLModel.metadata.tables["ledger"]
# Forked, they need not import anything first, and meet as closely as they can.
_FORK = multiprocessing.get_context("fork")
A_MOMENT = datetime(2026, 3, 15, 7, 30, 0, 123456, tzinfo=VN)


def a_statement(id_: str = "s1") -> tables.StatementTable:
    return tables.StatementTable(id=id_, salt="", text="Đề nghị gia hạn")


def test_migrated_schema_is_the_schema_of_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, SQLModel.metadata) == []


def test_programs_that_start_at_once_migrate_once(empty_url: str) -> None:
    programs = [_FORK.Process(target=_start, args=(empty_url,)) for _ in range(4)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()

    assert [program.exitcode for program in programs] == [0] * 4


def _start(url: str) -> None:
    migrate(open_database(url))


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(a_statement())
        session.commit()

    migrate(engine)

    with Session(engine) as session:
        assert session.get_one(tables.StatementTable, "s1").text == "Đề nghị gia hạn"


def test_program_that_has_nothing_to_migrate_starts_while_another_writes(
    engine: Engine, url: str
) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # where only those who migrate wait for each other
            lock = text("SELECT pg_advisory_xact_lock(:key)")
            connection.execute(lock, {"key": _MIGRATION_LOCK})
        connection.execute(text("DELETE FROM alembic_version WHERE version_num = 'none'"))

        starting = open_database(url)
        migrate(starting)
        starting.dispose()


def test_failed_migration_leaves_no_table_behind(empty_url: str) -> None:
    engine = open_database(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE unit (code VARCHAR)"))

    with pytest.raises(DatabaseUnavailable):
        migrate(engine)

    with engine.begin() as connection:
        connection.execute(text("DROP TABLE unit"))
    migrate(engine)
    engine.dispose()


def test_database_of_a_newer_program_is_refused_in_words(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseUnavailable, match="phiên bản mới hơn"):
        migrate(engine)


def test_times_come_back_as_the_same_instant_in_utc(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(tables.ClockTable(wall_anchor=A_MOMENT, plan_anchor=A_MOMENT))
        session.commit()

    with Session(engine) as session:
        clock = session.get_one(tables.ClockTable, 1)

    assert (clock.wall_anchor, clock.wall_anchor.tzinfo) == (A_MOMENT, UTC)


def test_times_without_a_zone_are_bad_data(engine: Engine) -> None:
    naive = A_MOMENT.replace(tzinfo=None)

    with Session(engine) as session:
        session.add(tables.ClockTable(wall_anchor=naive, plan_anchor=A_MOMENT))
        with pytest.raises(BadData), database_errors():
            session.commit()


def test_referenced_rows_may_be_written_in_any_order_but_must_exist(engine: Engine) -> None:
    seal = {
        "seq": 1,
        "prev": "",
        "hash": "",
        "at": A_MOMENT,
        "kind": "",
        "actor": "",
        "payload": "",
    }

    with pytest.raises(BadData), database_errors(), engine.begin() as connection:
        connection.execute(_LEDGER.insert(), {"task": "no", **seal})


def test_reading_does_not_wait_for_a_writer(engine: Engine) -> None:
    with engine.begin() as writing:
        writing.execute(_STATEMENT.insert(), a_statement().model_dump())

        with reading(engine).begin() as connection:
            found = connection.execute(select(col(tables.StatementTable.id))).all()

    assert found == []


def test_two_that_read_and_then_write_take_turns(url: str, engine: Engine) -> None:
    """The second waits for the first instead of failing with "database is locked"."""
    writers = [_FORK.Process(target=_count_then_add, args=(url, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0, 0]
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar() == 40


def _count_then_add(url: str, name: str) -> None:
    engine = open_database(url)
    for number in range(20):
        with engine.begin() as connection:
            connection.execute(text("SELECT count(*) FROM person")).scalar()
            connection.execute(
                text("INSERT INTO person VALUES (:i, :i, :i, :i)"), {"i": f"{name}{number}"}
            )


def test_missing_folder_is_made(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'var' / 'state' / 'dondoc.db'}")

    migrate(engine)

    engine.dispose()


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").touch()

    with pytest.raises(DatabaseUnavailable, match=str(tmp_path / "var")):
        open_database(f"sqlite:///{tmp_path / 'var' / 'dondoc.db'}")


def test_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "dondoc.db").write_text("không phải cơ sở dữ liệu " * 100)

    with pytest.raises(DatabaseUnavailable, match="khôi phục từ bản sao lưu"):
        migrate(open_database(f"sqlite:///{tmp_path / 'dondoc.db'}"))


def test_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'dondoc.db'}")
    migrate(engine)

    rows = [a_statement(str(number)).model_dump() | {"text": "x" * 5000} for number in range(500)]
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(DatabaseUnavailable, match="đã đầy"), database_errors():
            connection.execute(_STATEMENT.insert(), rows)
    engine.dispose()


def test_server_that_does_not_answer_is_unavailable_and_worth_another_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        with pytest.raises(DatabaseUnavailable, match="Không kết nối được") as raised:
            migrate(open_database(f"postgresql://dondoc@127.0.0.1:{port}/dondoc"))

    assert (raised.value.type, raised.value.non_retryable) == ("DatabaseUnavailable", False)


def test_rows_can_be_added_to_those_a_database_was_filled_with(postgresql_url: str) -> None:
    row = {"id": 1, "at": A_MOMENT, "kind": "signed-in"}
    access = SQLModel.metadata.tables["access"]

    with Session(engine_at(filled(postgresql_url, {access: [row]}))) as session:
        session.add(tables.AccessTable(at=A_MOMENT, kind="signed-out"))
        session.commit()
        numbers = session.scalars(select(col(tables.AccessTable.id))).all()

    assert sorted(each or 0 for each in numbers) == [1, 2]
