"""Settings for servers of a test's own: free ports, state in its own folder."""

import socket
from pathlib import Path

from settings import Settings


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def some_settings(state_dir: Path, **changes) -> Settings:
    settings = Settings(
        state_dir=state_dir,
        temporal_address=f"127.0.0.1:{a_free_port()}",
        temporal_ui_port=a_free_port(),
    )
    return settings.model_copy(update=changes)
