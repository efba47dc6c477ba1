"""What the doctor finds, and what a person does about it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from activities.dispatches import Dispatches
from activities.doctor import Doctor
from activities.subscriptions import Subscriptions
from cli.proof import proof_html, proof_json, proof_text
from models.commands import Acknowledge
from models.finding import Severity
from models.tables import LinkLetterTable
from tests.activities.sending_office import Office, mail_to
from tests.receivers import Mailbox, mail_server
from tests.servers import a_free_port
from tests.workflows.builders import moment, unit_actor

ASSIGNED = moment("06/01", "08:00")
T1 = "t1@vd.example"
pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def office(engine: Engine) -> Office:
    office = Office(engine, at=moment("05/01", "09:00"))
    office.until(ASSIGNED)
    return office


def found(office: Office, folder: Path) -> dict[str, Severity | None]:
    checks = Doctor(office.engine, {}, folder).look()
    return {check.what: check.severity for check in checks}


def refusing(address: str) -> Mailbox:
    box = Mailbox()
    box.answers.append(lambda to, _: "550 <b>no such user</b>" if to == address else None)
    return box


def test_a_sound_installation_is_in_order(office: Office, tmp_path: Path) -> None:
    severities = found(office, tmp_path)

    assert severities["Liên hệ"] is None
    assert severities["Hàng chờ gửi"] is None
    assert severities["Lịch làm việc 2026"] is None
    # The clock of a test stands still.
    assert severities["Đồng hồ"] is Severity.WARNING


def test_a_unit_that_nobody_can_write_to_is_found_and_named(office: Office, tmp_path: Path) -> None:
    for code in ("T1", "XA1", "GDTRH"):
        unit = office.registry.unit(code)
        assert unit is not None
        office.registry.keep_units([unit.model_copy(update={"email": "", "head_email": ""})])

    (check,) = [c for c in Doctor(office.engine, {}, tmp_path).look() if c.what == "Liên hệ"]

    assert check.severity is Severity.ERROR
    assert "T1" in check.message
    assert check.remedy.startswith("dondoc unit set")


def test_dead_letters_and_a_pause_are_said(office: Office, tmp_path: Path) -> None:
    with mail_server(refusing(T1)) as server:
        office.digest(mail_to(server))
    office.store.pause(office.cycle, "Chờ ý kiến", at=office.now)

    messages = [check.message for check in Doctor(office.engine, {}, tmp_path).look()]

    assert "1 thư đã dừng gửi" in messages
    assert any("tạm dừng gửi" in message and "Chờ ý kiến" in message for message in messages)


async def test_a_channel_that_does_not_answer_is_broken(office: Office, tmp_path: Path) -> None:
    nobody = mail_to(f"smtp://127.0.0.1:{a_free_port()}")
    with mail_server() as server:
        up = await Doctor(office.engine, mail_to(server), tmp_path).channels()
        down = await Doctor(office.engine, nobody, tmp_path).channels()

    assert [check.severity for check in (*up, *down)] == [None, Severity.ERROR]
    assert "Không kết nối được" in down[0].message


def test_a_corrected_address_gets_what_was_given_up(office: Office) -> None:
    dispatches = Dispatches(office.engine)
    with mail_server(refusing(T1)) as server:
        office.digest(mail_to(server))
        (dead,) = dispatches.dead([office.cycle])
        unit = office.registry.unit("T1")
        assert unit is not None
        office.registry.keep_units([unit.model_copy(update={"email": "dung@vd.example"})])
        put_back = dispatches.resend([dead.id])
        office.deliver(mail_to(server))
        office.until(moment("07/01"))
        office.digest(mail_to(server))

    assert put_back == 1
    assert len(server.box.to("dung@vd.example")) >= 1
    assert dispatches.dead([office.cycle]) == []
    # The officer need not be told of what was put right before the next digest.
    assert [notice.dropped for notice in office.notices_of("undeliverable")] == [True]


def test_what_is_sent_again_by_hand_is_a_new_mail(office: Office) -> None:
    dispatches = Dispatches(office.engine)
    with mail_server() as server:
        office.digest(mail_to(server))
        dispatches.resend([dispatch.id for dispatch in office.dispatches("T1")])
        office.deliver(mail_to(server))

    first, second = server.box.to(T1)
    assert first["Message-ID"] != second["Message-ID"]


def test_the_proof_tells_the_whole_way_of_a_message(office: Office) -> None:
    with mail_server() as server:
        office.digest(mail_to(server))
    office.says(Acknowledge, unit="T1", actor=unit_actor("T1"))

    proof = Dispatches(office.engine).proof("ke-hoach/2026/III.1.d/han/T1")

    assert proof is not None
    value = json.loads(proof_json(proof))
    (dispatch,) = value["notices"][0]["dispatches"]
    assert dispatch["state"] == "accepted"
    assert dispatch["address"] == T1
    assert dispatch["answer"].startswith("250 OK: queued as M")
    assert dispatch["queued_at"] <= dispatch["sent_at"] <= dispatch["accepted_at"]
    assert value["acknowledged_at"] is not None
    assert "Xác nhận tiếp nhận: 08:00:00 06/01/2026" in proof_text(proof)


def test_what_a_mail_server_answers_is_text_in_the_proof(office: Office) -> None:
    with mail_server(refusing(T1)) as server:
        office.digest(mail_to(server))

    proof = Dispatches(office.engine).proof("ke-hoach/2026/III.1.d/han/T1")

    assert proof is not None
    page = proof_html(proof)
    assert "&lt;b&gt;no such user" in page
    assert "<b>" not in page


def test_link_that_was_asked_for_and_reaches_nobody_is_named(office: Office, tmp_path: Path):
    before = found(office, tmp_path)["Liên kết xin lại"]
    now = datetime.now(UTC)
    letter = LinkLetterTable(
        id="a", kind="unit", ref="T9", state="dead", asked_at=now, not_before=now
    )
    with Session(office.engine) as session:
        session.add(letter)
        session.commit()

    checks = Doctor(office.engine, {}, tmp_path).look()
    (check,) = [each for each in checks if each.what == "Liên kết xin lại"]

    assert before is None
    assert check.severity is Severity.WARNING
    assert "T9" in check.message


def test_a_subscription_that_stopped_is_named_without_its_secrets(
    office: Office, tmp_path: Path
) -> None:
    subscriptions = Subscriptions(office.engine)
    subscriptions.make("bao-tin", "https://so.example/nhan?khoa=x", account=None, unit="T1")
    (made,) = subscriptions.of(account=None, unit="T1")
    assert "Đăng ký nhận tin (API)" not in found(office, tmp_path)

    long_ago = text("UPDATE subscription SET failing_since = '2026-01-01 00:00:00.000000'")
    with office.engine.begin() as connection:
        connection.execute(long_ago)
    subscriptions.failed(made, "502")

    checks = Doctor(office.engine, {}, tmp_path).look()
    (check,) = [each for each in checks if each.what == "Đăng ký nhận tin (API)"]
    assert check.message == "bao-tin (so.example) đã ngừng gửi: 502"
