"""The embedded server, started for real: it keeps what it knows and leaves nothing behind."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.worker import Worker

import temporal_server
from settings import Settings
from temporal_client import connect
from temporal_server import (
    AlreadyRunning,
    BinaryMissing,
    DiskFull,
    PortInUse,
    ServerFailed,
    StateDirUnusable,
    TemporalServer,
    running,
    server_binary,
)
from tests.servers import a_free_port, some_settings

ROOT = Path(__file__).parent.parent


def ended(pid: int) -> bool:
    limit = time.monotonic() + 20
    while running(pid) is not None and time.monotonic() < limit:
        time.sleep(0.05)
    return running(pid) is None


@workflow.defn(name="waits-for-a-word")
class WaitsForAWord:
    def __init__(self) -> None:
        self.word = ""

    @workflow.run
    async def run(self) -> str:
        await workflow.wait_condition(lambda: self.word != "")
        return self.word

    @workflow.signal
    def say(self, word: str) -> None:
        self.word = word


async def test_a_workflow_outlives_a_restart_of_the_server(tmp_path):
    settings = some_settings(tmp_path)
    async with TemporalServer(settings, headless=True):
        client = await connect(settings)
        await client.start_workflow("waits-for-a-word", id="w", task_queue="q")

    async with TemporalServer(settings, headless=True):
        client = await connect(settings)
        handle = client.get_workflow_handle("w")
        async with Worker(client, task_queue="q", workflows=[WaitsForAWord]):
            await handle.signal("say", "xong")
            said = await asyncio.wait_for(handle.result(), 30)

    assert said == "xong"


async def test_the_screens_answer_unless_headless(tmp_path):
    settings = some_settings(tmp_path)

    async with TemporalServer(settings):
        with socket.create_connection(("127.0.0.1", settings.temporal_ui_port), timeout=5):
            pass


async def test_stopping_ends_the_process_and_frees_its_port(tmp_path):
    server = TemporalServer(some_settings(tmp_path), headless=True)
    await server.start()
    pid = server.pid

    await server.stop()

    assert pid is not None
    assert running(pid) is None
    assert not server.alive
    await server.start()
    await server.stop()
    assert not (tmp_path / "temporal.pid").exists()


async def test_a_server_of_a_running_dondoc_is_left_alone(tmp_path):
    settings = some_settings(tmp_path)
    async with TemporalServer(settings, headless=True) as first:
        second = TemporalServer(some_settings(tmp_path), headless=True)

        with pytest.raises(AlreadyRunning, match="đang chạy với thư mục dữ liệu"):
            await second.start()

        assert first.alive


STARTER = """
import asyncio, sys
from pathlib import Path
from settings import Settings
from temporal_server import TemporalServer

async def main():
    settings = Settings(state_dir=Path(sys.argv[1]), temporal_address="127.0.0.1:" + sys.argv[2])
    async with TemporalServer(settings, headless=True) as server:
        print(server.pid, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_killed_worker_leaves_no_server_behind(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path), str(a_free_port())],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdout is not None
        pid = int(worker.stdout.readline())
        assert running(pid) is not None

        worker.kill()

        assert ended(pid)


def an_orphan(settings: Settings) -> int:
    """A server on the settings' port and file, whose starter (a shell) is gone."""
    told = subprocess.run(
        [
            *("sh", "-c", '"$@" >/dev/null 2>&1 & echo $!', "sh"),
            *(server_binary(), "server", "start-dev", "--headless", "--ip", "127.0.0.1"),
            *("--port", str(settings.temporal_port)),
            *("--db-filename", settings.state_dir.resolve() / "temporal.db"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(told.stdout)


async def test_the_next_start_ends_an_orphan(tmp_path):
    settings = some_settings(tmp_path)
    orphan = an_orphan(settings)
    (tmp_path / "temporal.pid").write_text(f"{orphan} {2**22 + 1}\n")

    async with TemporalServer(settings, headless=True) as server:
        assert server.pid != orphan

    assert ended(orphan)


@pytest.fixture
def bystander():
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


async def test_a_process_that_only_has_the_old_number_is_left_alone(tmp_path, bystander):
    (tmp_path / "temporal.pid").write_text(f"{bystander.pid} 1\n")

    async with TemporalServer(some_settings(tmp_path), headless=True):
        assert bystander.poll() is None


@pytest.mark.parametrize(
    ("taken", "setting"),
    [
        pytest.param("temporal_port", "DONDOC_TEMPORAL_ADDRESS", id="server"),
        pytest.param("temporal_ui_port", "DONDOC_TEMPORAL_UI_PORT", id="screens"),
    ],
)
async def test_a_port_in_use_is_named_with_its_setting(tmp_path, taken, setting):
    settings = some_settings(tmp_path)
    port = getattr(settings, taken)
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(PortInUse, match=f"Cổng {port} đang được .*{setting}"),
    ):
        await TemporalServer(settings).start()


async def test_a_port_taken_at_the_last_moment_is_named_too(tmp_path, monkeypatch):
    settings = some_settings(tmp_path)
    monkeypatch.setattr(TemporalServer, "_check_ports", lambda self: None)
    monkeypatch.setattr(TemporalServer, "_listening", lambda self: False)
    with (
        socket.create_server(("127.0.0.1", settings.temporal_port)),
        pytest.raises(PortInUse, match=f"Cổng {settings.temporal_port}"),
    ):
        await TemporalServer(settings, headless=True).start()


async def test_a_state_dir_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    settings = some_settings(tmp_path / "file" / "var")

    with pytest.raises(StateDirUnusable, match="DONDOC_STATE_DIR"):
        await TemporalServer(settings, headless=True).start()


async def test_a_full_disk_is_said_before_anything_is_started(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(100, 100, 0))

    with pytest.raises(DiskFull, match="đã đầy"):
        await TemporalServer(some_settings(tmp_path), headless=True).start()


async def test_a_missing_binary_is_said_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(temporal_server, "files", lambda package: [])

    with pytest.raises(BinaryMissing, match="make setup"):
        await TemporalServer(some_settings(tmp_path), headless=True).start()


async def test_a_server_that_does_not_start_says_why(tmp_path):
    (tmp_path / "temporal.db").write_text("không phải cơ sở dữ liệu" * 100)

    with pytest.raises(ServerFailed, match="not a database"):
        await TemporalServer(some_settings(tmp_path), headless=True).start()


async def test_the_server_is_out_of_reach_of_the_terminals_ctrl_c(tmp_path):
    async with TemporalServer(some_settings(tmp_path), headless=True) as server:
        assert server.pid is not None
        assert os.getsid(server.pid) != os.getsid(0)
