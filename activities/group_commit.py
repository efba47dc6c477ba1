"""What several threads write at one moment is one transaction.

A database has one writer at a time, and each hand-over to the next waiting thread costs more than
a small write: so the first to get the turn writes for all that wait.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine

from activities.database import BadData, database_errors

T = TypeVar("T")
R = TypeVar("R")
MOST_AT_ONCE = 50


class GroupCommit(Generic[T, R]):
    """`write` writes a group inside one transaction and returns a result for each of it. A group
    that cannot be written is tried one by one: one bad row never takes the others with it."""

    def __init__(self, engine: Engine, write: Callable[[Connection, Sequence[T]], list[R]]) -> None:
        self._engine = engine
        self._write = write
        self._turn = threading.Lock()
        self._waiting: deque[_Part[T, R]] = deque()

    def run(self, what: T) -> R:
        """Returns when it is committed; raises DatabaseUnavailable or BadData when it is not."""
        mine: _Part[T, R] = _Part(what)
        self._waiting.append(mine)
        with self._turn:
            while not mine.done:
                most = min(len(self._waiting), MOST_AT_ONCE)
                self._commit([self._waiting.popleft() for _ in range(most)])
        if mine.error is not None:
            raise mine.error
        return mine.results[0]

    def _commit(self, parts: "list[_Part[T, R]]") -> None:
        try:
            with database_errors(), self._engine.begin() as connection:
                results = self._write(connection, [part.what for part in parts])
        except BadData as error:
            if len(parts) == 1:
                parts[0].fail(error)
            else:
                for part in parts:
                    self._commit([part])
        except Exception as error:  # whatever it is, nobody may wait for ever
            for part in parts:
                part.fail(error)
        else:
            for part, result in zip(parts, results, strict=True):
                part.results.append(result)
                part.done = True


class _Part(Generic[T, R]):
    """What one thread waits for."""

    def __init__(self, what: T) -> None:
        self.what = what
        self.results: list[R] = []
        self.done = False
        self.error: Exception | None = None

    def fail(self, error: Exception) -> None:
        self.error = error
        self.done = True
