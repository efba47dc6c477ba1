"""What the baseline says and writes. Beside its workflow and not with it: the sandbox loads the
workflow's own file anew for every workflow, and the baseline should not pay for more than it must.
"""

import sqlite3
from pathlib import Path
from threading import Lock

from pydantic import AwareDatetime
from temporalio import activity

from models.message import Message


class BareStart(Message):
    assignment: str


class Report(Message):
    """`acknowledged`, `submitted` or `accepted`. Reminders begin with the acknowledgement, at the
    wall instants it brings: the baseline has real timers, nobody wakes it."""

    kind: str
    rungs: tuple[AwareDatetime, ...] = ()


class Row(Message):
    assignment: str
    kind: str


class BareRows:
    """One connection and a lock: several connections would sleep in SQLite's busy handler."""

    def __init__(self, state_dir: Path) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(
            database_of(state_dir), isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS happening"
            " (key TEXT PRIMARY KEY, assignment TEXT, kind TEXT)"
        )

    @activity.defn(name="insert")
    def insert(self, row: Row) -> None:
        with self._lock:
            self._connection.execute(
                "INSERT OR IGNORE INTO happening VALUES (?, ?, ?)",
                (f"{row.assignment}|{row.kind}", row.assignment, row.kind),
            )


def database_of(state_dir: Path) -> Path:
    return state_dir / "bare.db"
