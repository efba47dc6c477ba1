"""The program as a user runs it: `dondoc up` in one terminal, commands in another."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

import settings
from models.clock import VN
from starter import app
from tests.cli.typed_process import typed
from tests.servers import a_free_port

ROOT = Path(__file__).resolve().parents[2]
READY = "Dừng bằng Ctrl-C."
START_SECONDS = 180


class Installation:
    """A state folder with ports of its own, and the program on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "DONDOC_STATE_DIR": str(folder),
            "DONDOC_TEMPORAL_ADDRESS": f"127.0.0.1:{a_free_port()}",
            "DONDOC_TEMPORAL_UI_PORT": str(a_free_port()),
            "DONDOC_PORT": str(a_free_port()),
            "PYTHONPATH": str(ROOT),
        }
        self.process: subprocess.Popen[str] | None = None

    def up(self) -> None:
        """Returns when the program says that it runs."""
        with (self.folder.parent / "up.log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "starter", "up"],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while READY not in self.said():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.end(signal.SIGKILL)
                pytest.fail(f"up did not come up:\n{self.said()}")
            time.sleep(0.1)

    def said(self) -> str:
        return (self.folder.parent / "up.log").read_text()

    def end(self, signum: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(signum)
        return self.process.wait(30)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command in a process of its own."""
        return typed(*arguments, environment=self.environment, seconds=100)

    def json(self, *arguments: str) -> Any:
        """What a command answers that is given in this process: starting another takes longer than
        what most of them do."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                if name.startswith("DONDOC_"):
                    patch.setenv(name, value)
            settings.load.cache_clear()
            done = CliRunner().invoke(app, [*arguments, "--json"])
        settings.load.cache_clear()
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    one = Installation(tmp_path_factory.mktemp("dondoc") / "var")
    one.up()
    yield one
    if one.process is not None and one.process.poll() is None:
        one.end(signal.SIGINT)


def test_first_use_loads_the_shipped_plan_and_launches_it(installation: Installation) -> None:
    (cycle,) = installation.json("status")["cycles"]

    assert cycle["plan"] == "lam-dong-nq57"
    assert len(cycle["tasks"]) == 26
    assert {task["task"] for task in cycle["tasks"]} >= {"III.1.d", "III.2.đ", "V.1", "V.2"}


def test_pages_go_on_while_one_of_their_processes_is_started_again(
    installation: Installation,
) -> None:
    address = f"http://127.0.0.1:{installation.environment['DONDOC_PORT']}/khoe"
    first, *others = _pages_of(installation)

    os.kill(first, signal.SIGKILL)
    statuses = {httpx.get(address, trust_env=False, timeout=30).status_code for _ in range(5)}
    deadline = time.monotonic() + 60
    while len(_pages_of(installation)) <= len(others) and time.monotonic() < deadline:
        time.sleep(0.2)

    assert statuses == {200}
    assert len(_pages_of(installation)) == len(others) + 1
    assert first not in _pages_of(installation)


def _pages_of(installation: Installation) -> list[int]:
    """The processes of `up` that make the pages, forked from the one that `up` began."""
    assert installation.process is not None
    (first,) = (
        pid
        for pid in _children(installation.process.pid)
        if _command(pid)[-2:] == ["starter", "web"]
    )
    return _children(first)


def _children(pid: int) -> list[int]:
    """Those that run: what has ended has no command any more."""
    children = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return [child for child in children if any(_command(child))]


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return []


def test_a_unit_acknowledges_everything_it_holds_at_once(installation: Installation) -> None:
    outcomes = installation.json("ack", "--unit", "PCM1")

    assert {outcome["verdict"] for outcome in outcomes} == {"applied"}
    assert {outcome["unit"] for outcome in outcomes} == {"PCM1"}


def test_a_refusal_says_why_and_exits_with_1(installation: Installation) -> None:
    installation.run("submit", "V.1/H2/PCM2", "--text", "Đã hoàn thành")

    again = installation.run("submit", "V.1/H2/PCM2")

    assert again.returncode == 1
    assert "đang chờ duyệt" in unwrapped(again.stderr)


BAD_INPUT = {
    "unknown task": (["ack", "III.9.z/VP"], "không được giao"),
    "unknown unit": (["ack", "V.1/H2/KHONGCO"], "Không có đơn vị"),
    "allocation outside the directory": (["allocate", "III.2.a", "KHONGCO"], "Không có đơn vị"),
    "unknown plan": (["launch", "khong-co", "--year", "2026"], "Không có kế hoạch"),
    "no such day": (["set-date", "V.2/H1", "31/6/2026"], "Không hiểu ngày"),
    "two are meant": (["ack", "V.1/VP"], "hãy ghi rõ một trong"),
}


def test_bad_input_gets_a_sentence_and_writes_nothing(installation: Installation) -> None:
    before = installation.json("status")["cycles"]

    done = {case: installation.run(*arguments) for case, (arguments, _) in BAD_INPUT.items()}

    for case, (_, sentence) in BAD_INPUT.items():
        assert done[case].returncode == 1, case
        assert sentence in unwrapped(done[case].stderr), case
        assert "Traceback" not in done[case].stderr, case
    assert installation.json("status")["cycles"] == before


def test_a_wrong_option_exits_with_2(installation: Installation) -> None:
    assert installation.run("status", "--khong-co").returncode == 2


def test_launching_again_finds_the_running_cycle(installation: Installation) -> None:
    year = installation.json("status")["cycles"][0]["year"]

    again = installation.json("launch", "lam-dong-nq57", "--year", str(year))

    assert again["new"] is False
    assert again["tasks"] == 26


def launched_by_a_program(installation: Installation, year: int) -> Any:
    """How the cycle stands once it is open."""
    scopes = ("--scope", "read", "--scope", "launch")
    made = installation.json("token", "add", "thử", "--account", "chuyenvien", *scopes)
    headers = {"Authorization": f"Bearer {made['token']}", "Idempotency-Key": "phat-dong-1"}
    address = f"http://127.0.0.1:{installation.environment['DONDOC_PORT']}/api/v1"
    with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as program:
        answer = program.post("/plans/lam-dong-nq57/launch", json={"year": year})
        assert answer.status_code == 200, answer.text
        progress: Any = answer.json()
        deadline = time.monotonic() + 100
        while progress["stage"] == "opening" and time.monotonic() < deadline:
            time.sleep(0.2)
            progress = program.get(f"/cycles/lam-dong-nq57/{year}/progress").json()
    assert progress["stage"] == "open"
    return progress


def test_a_mistaken_launch_is_voided_and_launched_again(installation: Installation) -> None:
    year = installation.json("status")["cycles"][0]["year"] + 1
    first = launched_by_a_program(installation, year)

    voided = installation.json(
        "void", "lam-dong-nq57", "--year", str(year), "--reason", "phát động nhầm năm"
    )
    second = installation.json("launch", "lam-dong-nq57", "--year", str(year))

    assert voided["stage"] == "voided"
    assert second["new"] is True
    assert second["cycle"] == f"{first['cycle']}-2"
    assert second["assignments"] == first["assignments"]
    asked = installation.run("close", "lam-dong-nq57", "--year", str(year))
    assert asked.returncode == 1
    assert "V.1/H1" in asked.stderr
    closed = installation.json(
        *("close", "lam-dong-nq57", "--year", str(year)),
        *("--carry", "V.1/H1", "--end-with", "12/QĐ-SGDĐT"),
    )
    assert closed["stage"] == "closed"
    assert closed["carried"] > 0
    assert closed["ended"] > 0


def test_a_year_whose_calendar_is_a_forecast_is_launched_with_a_warning(
    installation: Installation,
) -> None:
    done = installation.run("preview", "lam-dong-nq57", "--year", "2028", "--json")

    messages = [finding["message"] for finding in json.loads(done.stdout)["findings"]]
    assert any("dự kiến" in message for message in messages)


def test_a_written_reminder_is_drafted_and_its_number_noted_in_every_history(
    installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "cong-van.docx"
    signing = ("--number", "1234/SGDĐT-GDTrH", "--date", datetime.now(VN).date().isoformat())
    here = installation.json
    here("adopt", "III.1.d", "--chase")

    draft = here("urge", "--task", "III.1.d", "--to", "TM0001", "--to", "TM0002", "-o", str(file))
    signed = here("urge", "signed", str(draft["id"]), *signing)
    again = here("urge", "signed", str(draft["id"]), *signing)

    assert file.read_bytes()[:2] == b"PK"
    assert draft["units"] == signed["noted"] == again["noted"] == 2
    for unit in ("TM0001", "TM0002"):
        events = here("history", f"III.1.d/{unit}")["events"]
        assert json.dumps(events, ensure_ascii=False).count(signing[1]) == 1


def test_the_doctor_finds_the_timers_of_every_open_task_armed(
    installation: Installation,
) -> None:
    checks = {check["what"]: check for check in installation.json("doctor")["checks"]}

    assert checks["Temporal"]["severity"] == "ok"
    assert checks["Hẹn giờ"]["severity"] == "ok"


def test_history_of_an_assignment_is_verified(installation: Installation) -> None:
    history = installation.json("history", "V.1/H2/PCM2")

    kinds = [event["kind"] for event in history["events"]]
    assert kinds[:3] == ["task_opened", "deadline_set", "assigned"]
    assert "submitted" in kinds
    assert history["verified"] is True


def test_the_ledger_adds_up(installation: Installation) -> None:
    assert installation.run("verify-ledger").returncode == 0


def test_a_second_up_on_the_same_folder_is_refused(installation: Installation) -> None:
    second = installation.run("up")

    assert second.returncode == 1
    assert "đang chạy với thư mục dữ liệu" in unwrapped(second.stderr)


def test_what_is_received_while_everything_is_down_is_done_afterwards(
    installation: Installation,
) -> None:
    installation.end(signal.SIGKILL)

    received = installation.run("submit", "V.1/H2/PCM3", "--text", "Nộp khi hệ thống dừng")
    installation.up()
    deadline = time.monotonic() + 30
    while _stage(installation, "PCM3") != "submitted" and time.monotonic() < deadline:
        time.sleep(0.5)

    assert received.returncode == 0
    assert "Đã tiếp nhận" in unwrapped(received.stdout)
    assert _stage(installation, "PCM3") == "submitted"


def test_ctrl_c_ends_quietly_and_the_next_up_goes_on(installation: Installation) -> None:
    before = installation.json("status")["cycles"]

    code = installation.end(signal.SIGINT)
    said = installation.said()
    installation.up()

    assert code == 0
    assert "Traceback" not in said
    after = installation.json("status")["cycles"]
    assert [cycle["tasks"] for cycle in after] == [cycle["tasks"] for cycle in before]


def test_a_port_in_use_is_named_with_the_setting_that_changes_it(tmp_path: Path) -> None:
    other = Installation(tmp_path / "var")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        other.environment["DONDOC_TEMPORAL_ADDRESS"] = f"127.0.0.1:{port}"

        done = other.run("up")

    assert done.returncode == 1
    assert f"Cổng {port}" in done.stderr
    assert "DONDOC_TEMPORAL_ADDRESS" in unwrapped(done.stderr)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("không phải thư mục")

    done = Installation(tmp_path / "var").run("up")

    assert done.returncode == 1
    assert "Không ghi được vào thư mục dữ liệu" in unwrapped(done.stderr)
    assert "Traceback" not in done.stderr


def _stage(installation: Installation, unit: str) -> str:
    rows = installation.json("assignments", "--unit", unit, "--task", "V.1/H2")["assignments"]
    return str(rows[0]["stage"])


def unwrapped(text: str) -> str:
    return " ".join(text.split())
