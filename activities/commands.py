"""What people asked, kept from the moment of receipt, and the words and names they came with."""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import uuid4

import structlog
from pydantic import ValidationError
from sqlalchemy import Connection, Engine, select, text
from sqlmodel import col

from activities.database import database_errors, insert, insert_into, reading
from activities.group_commit import GroupCommit
from models.commands import COMMAND, Command, Outcome, Verdict
from models.tables import CommandTable, PersonTable, StatementTable

log = structlog.get_logger()


class Commands:
    """Every method raises DatabaseUnavailable when nothing could be stored or read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._storing = GroupCommit(engine, _insert)

    def store(self, command: Command) -> None:
        """Keeps a command before it is delivered; a repetition keeps the first."""
        self._storing.run(command_row(command))

    def outcome(self, command: str) -> Outcome | None:
        """How a command ended; None while it is undecided."""
        return self.outcomes([command]).get(command)

    def outcomes(self, ids: Sequence[str]) -> dict[str, Outcome]:
        """How those of some commands ended that were decided."""
        query = select(
            col(CommandTable.id), col(CommandTable.verdict), col(CommandTable.reason)
        ).where(col(CommandTable.id).in_(ids), col(CommandTable.verdict).is_not(None))
        with database_errors(), self._reading.begin() as connection:
            rows = connection.execute(query).all()
        return {
            row.id: Outcome(command=row.id, verdict=Verdict(row.verdict), reason=row.reason)
            for row in rows
        }

    def stored(self, ids: Sequence[str]) -> list[Command]:
        """Those of some commands that are kept, as they were first received, in the same order."""
        query = select(col(CommandTable.id), col(CommandTable.payload)).where(
            col(CommandTable.id).in_(ids)
        )
        with database_errors(), self._reading.begin() as connection:
            payloads = {row.id: row.payload for row in connection.execute(query)}
        return list(readable((id_, payloads[id_]) for id_ in ids if id_ in payloads))

    def undelivered(self, older_than: datetime) -> list[Command]:
        """Undecided commands stored before a wall instant, in the order of their receipt."""
        query = (
            select(col(CommandTable.id), col(CommandTable.payload))
            .where(col(CommandTable.verdict).is_(None), col(CommandTable.stored_at) < older_than)
            .order_by(col(CommandTable.received_at), col(CommandTable.id))
        )
        with database_errors(), self._reading.begin() as connection:
            return list(readable((row.id, row.payload) for row in connection.execute(query)))

    def store_statement(self, words: str) -> str:
        """Keeps what a person wrote and returns the reference to it."""
        words = unicodedata.normalize("NFC", words)
        salt = secrets.token_hex(16)
        id_ = hashlib.sha256((salt + words).encode()).hexdigest()
        with database_errors(), self._engine.begin() as connection:
            connection.execute(
                insert(connection, StatementTable), {"id": id_, "salt": salt, "text": words}
            )
        return id_

    def statements(self, ids: Iterable[str]) -> dict[str, str]:
        """The words of those references that are known."""
        wanted = sorted(set(ids))
        found: dict[str, str] = {}
        with database_errors(), self._reading.begin() as connection:
            # A statement takes some 32,000 parameters at most.
            for start in range(0, len(wanted), 10_000):
                query = select(col(StatementTable.id), col(StatementTable.text)).where(
                    col(StatementTable.id).in_(wanted[start : start + 10_000])
                )
                found |= {row.id: row.text for row in connection.execute(query)}
        return found

    def person(self, name: str, position: str, unit: str) -> str:
        """The reference to a person, the same for the same three words."""
        who = {"name": name, "position": position, "unit": unit}
        query = select(col(PersonTable.id)).filter_by(**who)
        with database_errors(), self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                # Two first sign-ins at once would otherwise make two persons.
                connection.execute(text("LOCK TABLE person IN SHARE ROW EXCLUSIVE MODE"))
            known = connection.execute(query).scalar()
            if known is not None:
                return known
            id_ = uuid4().hex
            connection.execute(insert(connection, PersonTable), {"id": id_, **who})
        return id_


def command_row(command: Command) -> dict[str, Any]:
    """A command as it is kept from the moment of its receipt."""
    return {
        "id": command.id,
        "task": command.task,
        "unit": getattr(command, "unit", None),
        "verb": command.verb,
        "payload": command.model_dump(mode="json"),
        "received_at": command.received_at,
        "stored_at": datetime.now(UTC),
        "reason": "",
    }


def readable(stored: Iterable[tuple[str, Any]]) -> Iterator[Command]:
    """The commands among stored payloads. One that another version of the program wrote is left
    undecided: it must not stop the others."""
    for identifier, payload in stored:
        try:
            yield COMMAND.validate_python(payload)
        except ValidationError:
            log.exception("command.unreadable", command=identifier)


@cache
def _new_commands(dialect: str) -> Any:
    return insert_into(dialect, CommandTable).on_conflict_do_nothing()


def _insert(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[None]:
    connection.execute(_new_commands(connection.dialect.name), rows)
    return [None] * len(rows)
