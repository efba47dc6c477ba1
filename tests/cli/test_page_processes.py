"""The processes of the pages: begun again one by one, ended together."""

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from cli.page_processes import keep_serving
from tests.processes import forked


def serving(folder: Path) -> None:
    """Each process leaves its number in the folder, and stays."""

    def serve() -> None:
        (folder / str(os.getpid())).touch()
        time.sleep(600)

    _kept(serve)


def failing(_folder: Path) -> None:
    def serve() -> None:
        raise RuntimeError("cannot be started")

    _kept(serve)


def _kept(serve: Callable[[], None]) -> None:
    with socket.socket() as door:
        keep_serving(serve, door, processes=2)


def numbers(folder: Path, count: int) -> set[int]:
    deadline = time.monotonic() + 60
    while len(found := {int(each.name) for each in folder.iterdir()}) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def is_running(pid: int) -> bool:
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def test_one_that_ends_is_begun_again_and_all_end_with_the_first(tmp_path: Path) -> None:
    first = forked(serving, tmp_path)
    killed, other = numbers(tmp_path, 2)
    os.kill(killed, signal.SIGKILL)
    begun = numbers(tmp_path, 3)

    first.terminate()
    first.join(60)

    assert first.exitcode == 0
    assert other in begun
    assert not any(map(is_running, begun))


def test_pages_that_cannot_start_end_with_an_error(tmp_path: Path) -> None:
    first = forked(failing, tmp_path)

    first.join(60)

    assert first.exitcode == 1


def test_pages_do_not_outlive_what_began_them(tmp_path: Path) -> None:
    first = forked(serving, tmp_path)
    begun = numbers(tmp_path, 2)

    first.kill()
    first.join(60)
    deadline = time.monotonic() + 60
    while any(map(is_running, begun)) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not any(map(is_running, begun))
