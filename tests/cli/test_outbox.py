"""Messages on their way, as an officer follows them: `dondoc notices …` and `dondoc doctor`."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import settings
from activities.database import open_database
from activities.directory import Registry
from starter import app
from tests.activities.sending_office import PLAN, Office, mail_to
from tests.receivers import Mailbox, http_receiver, mail_server
from tests.workflows.builders import moment

T1 = "t1@vd.example"
PART = "III.1.d/T1"
CYCLE = f"{PLAN}/2026"


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def answered(*words: str | Path, exit_code: int = 0) -> Any:
    result = typed(*words, "--json")
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def sent(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that has written to everybody; the address of T1 was refused for ever."""
    folder = tmp_path_factory.mktemp("sent")
    engine = open_database(f"sqlite:///{shutil.copy(migrated_file, folder / 'dondoc.db')}")
    office = Office(engine, at=moment("05/01", "09:00"))
    box = Mailbox()
    box.answers.append(lambda address, _: "550 no such user" if address == T1 else None)
    office.until(moment("06/01"))
    with mail_server(box) as server:
        office.digest(mail_to(server))
    engine.dispose()
    return folder


@pytest.fixture(autouse=True)
def installation(sent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """No Temporal server is there."""
    shutil.copytree(sent, tmp_path / "var")
    monkeypatch.setenv("DONDOC_STATE_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DONDOC_TEMPORAL_ADDRESS", "127.0.0.1:9")
    settings.load.cache_clear()
    yield tmp_path / "var"
    settings.load.cache_clear()


def set_to(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"DONDOC_{name}", value)
    settings.load.cache_clear()


def test_a_dead_letter_is_listed_and_sent_again_when_asked() -> None:
    (dead,) = answered("notices", "dead")["dispatches"]
    shown = " ".join(typed("notices", "dead").output.split())
    by_message = answered("notices", "resend", dead["message"])
    nothing_left = answered("notices", "dead")

    assert (dead["recipient"], dead["answer"]) == ("T1", "550 no such user")
    assert "Trường Một" in shown
    assert "dondoc notices resend --dead" in shown
    assert by_message == {"resent": 1}
    assert nothing_left["total"] == 0
    assert "Không có thư nào bị dừng gửi" in typed("notices", "dead").output


def test_all_dead_letters_are_sent_again_at_once_and_the_sentence_says_when() -> None:
    done = typed("notices", "resend", "--dead")

    assert done.exit_code == 0
    assert "Đã đưa 1 thư vào hàng chờ gửi." in done.output
    assert "dondoc up" in done.output
    assert answered("notices", "resend", "--dead") == {"resent": 0}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("resend",), "Cần mã thư"),
        (("resend", "khong-co"), "Không có thư khong-co"),
        (("pause", "--cycle", "khong-co/2026"), "Không có chu kỳ khong-co/2026"),
        (("proof", "III.1.d/KHONGCO"), "Không có đơn vị"),
        (("proof", PART, "-o", "bang-chung.pdf"), "đuôi .json, .txt hoặc .html"),
        (("test", "--to", "khong-phai-dia-chi"), "không hợp lệ"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    words: tuple[str, ...], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as server:
        set_to(monkeypatch, SMTP_URL=server.url)
        done = typed("notices", *words)

    assert done.exit_code == 1
    assert sentence in " ".join(done.output.split())
    assert "Traceback" not in done.output


def test_a_cycle_is_paused_and_goes_on() -> None:
    paused = answered("notices", "pause", "--reason", "Chờ ý kiến")
    status = " ".join(typed("status").output.split())
    (cycle,) = answered("status")["cycles"]
    again = answered("notices", "resume", "--cycle", CYCLE)

    assert paused == {"cycle": f"cycle/{CYCLE}", "paused": True}
    assert again == {"cycle": f"cycle/{CYCLE}", "paused": False}
    assert "Tạm dừng gửi tin từ 08:00 06/01/2026 (Chờ ý kiến)" in status
    assert cycle["paused_why"] == "Chờ ý kiến"
    assert "Tạm dừng" not in typed("status").output


@pytest.mark.parametrize("suffix", ["json", "txt", "html"])
def test_the_proof_of_an_assignment_is_a_file(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"bang-chung.{suffix}"

    done = typed("notices", "proof", PART, "-o", file)

    assert done.exit_code == 0, done.output
    said = file.read_text("utf-8")
    assert "550 no such user" in said
    assert T1 in said


def test_the_proof_tells_the_servers_own_answer_and_when_it_gave_it() -> None:
    proof = answered("notices", "proof", "III.1.d/T2")

    (told,) = proof["notices"]
    (way,) = told["dispatches"]
    assert (way["state"], way["channel"], way["address"]) == ("accepted", "email", "t2@vd.example")
    assert way["answer"].startswith("250 OK: queued as M")
    assert way["queued_at"] == way["sent_at"] == way["accepted_at"] == "2026-01-06T08:00:00+07:00"
    assert "250 OK" in typed("notices", "proof", "III.1.d/T2").output


def test_one_message_is_sent_by_hand_through_each_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server() as server, http_receiver() as receiver:
        set_to(monkeypatch, SMTP_URL=server.url, ALLOWED_NETWORKS="127.0.0.0/8")
        by_mail = answered("notices", "test", "--to", "thu@vd.example")
        by_hook = answered("notices", "test", "--to", receiver.url())

    assert by_mail == {"channel": "email", "answer": "250 OK: queued as M1"}
    assert by_hook == {"channel": "webhook", "answer": "200 ok"}
    assert server.box.to("thu@vd.example")[0]["Auto-Submitted"] == "auto-generated"
    assert len(receiver.posted) == 1


def test_the_doctor_names_what_is_broken_and_how_to_mend_it(installation: Path) -> None:
    engine = open_database(f"sqlite:///{installation / 'dondoc.db'}")
    registry = Registry(engine)
    known = registry.unit("T2")
    assert known is not None
    registry.keep_units([known.model_copy(update={"email": "", "head_email": ""})])
    engine.dispose()

    found = answered("doctor", exit_code=1)
    shown = typed("doctor").output

    by_severity = {check["what"]: check["severity"] for check in found["checks"]}
    assert found["sound"] is False
    assert by_severity["Temporal"] == "error"
    said = " ".join(f"{check['message']} {check['remedy']}" for check in found["checks"])
    assert "dondoc up" in said
    assert "T2" in said or "Trường Hai" in said
    assert "chỗ hỏng" in shown
