"""SQLite has one writer at a time: the threads of a process take turns, and processes try often.

SQLite's own waiting sleeps up to a tenth of a second between tries, and whoever sleeps longest is
overtaken by whoever comes new: with a dozen writers most of the time is spent asleep.
"""

import random
import sqlite3
import threading
import time

WAIT_SECONDS = 30.0
FIRST_PAUSE = 0.0005
LONGEST_PAUSE = 0.004


def turn_taking() -> type["Turns"]:
    """The connection class of one database file: its writers share one lock."""
    return type("Turns", (Turns,), {"lock": threading.Lock()})


class Turns(sqlite3.Connection):
    """A connection that waits for its turn before it begins to write, and gives it back when the
    transaction ends, however it ends."""

    lock = threading.Lock()
    _mine = False

    def begin_writing(self) -> None:
        """Raises sqlite3.OperationalError when another writer has not ended within 30 seconds."""
        if not self.lock.acquire(timeout=WAIT_SECONDS):
            raise sqlite3.OperationalError("database is locked")
        self._mine = True
        try:
            self._begin_among_processes()
        except BaseException:
            self._give_back()
            raise

    def _begin_among_processes(self) -> None:
        until = time.monotonic() + WAIT_SECONDS
        pause = FIRST_PAUSE
        while True:
            try:
                self.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                busy = (error.sqlite_errorname or "").startswith("SQLITE_BUSY")
                if not busy or time.monotonic() > until:
                    raise
            else:
                return
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  so that two do not step alike
            pause = min(pause * 1.5, LONGEST_PAUSE)

    def commit(self) -> None:
        super().commit()
        self._give_back()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._give_back()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._give_back()

    def _give_back(self) -> None:
        if self._mine:
            self._mine = False
            self.lock.release()
