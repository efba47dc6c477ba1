"""What the outbox survives, against a real mail server and a real receiver."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from activities.channels.addresses import Reach
from activities.channels.webhook import Webhook
from activities.directory import Registry
from activities.sending import Post
from models.commands import AskExtension, GrantExtension, Return, Submit
from models.directory import Absence, Contact, ContactRole
from rules.channels import EMAIL, WEBHOOK
from tests.activities.sending_office import SECRET, Office, mail_to
from tests.receivers import Mailbox, http_receiver, mail_server
from tests.servers import a_free_port
from tests.workflows.builders import moment, unit_actor

LAUNCHED = moment("05/01", "09:00")
ASSIGNED = moment("06/01", "08:00")
T1, T2 = "t1@vd.example", "t2@vd.example"
pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def office(engine: Engine) -> Office:
    return Office(engine, at=LAUNCHED)


def plain(mail) -> str:
    return str(mail.get_body(("plain",)).get_content())


def html_of(mail) -> str:
    return str(mail.get_body(("html",)).get_content())


def test_one_recipient_is_tried_again_and_then_given_up_and_nobody_else_waits(
    office: Office,
) -> None:
    box = Mailbox()
    box.answers.append(
        lambda address, tried: (
            None if address != T1 else "451 later" if tried == 1 else "550 no such user"
        )
    )
    office.until(ASSIGNED)
    with mail_server(box) as server:
        posts = mail_to(server)
        first = office.digest(posts)
        others, messages = len(box.mails), len(office.messages())
        too_early = office.deliver(posts)
        office.until(ASSIGNED + timedelta(minutes=10))
        office.deliver(posts)
        office.until(moment("07/01"))
        office.digest(posts)

    (dispatch,) = [d for d in office.dispatches("T1") if d.queued_at < moment("07/01", "00:00")]
    assert (first, too_early) == (1, 1)
    assert others == messages - 1
    assert (dispatch.state, dispatch.attempts) == ("dead", 2)
    assert dispatch.answer == "550 no such user"
    assert office.deliver({}) == 0
    (told,) = [mail for mail in box.to("gdtrh@vd.example") if "no such user" in plain(mail)]
    assert "Trường Một" in plain(told)


def test_a_digest_that_was_late_leaves_one_letter_a_day(office: Office) -> None:
    office.until(moment("06/01"))
    office.stand_at(moment("07/01"))
    office.compose()
    late = [message for message in office.messages() if message.recipient == "T1"]
    office.until(moment("07/01"))
    office.compose()
    same_day = [message for message in office.messages() if message.recipient == "T1"]
    office.until(moment("08/01"))
    office.compose()
    letters = [message for message in office.messages() if message.recipient == "T1"]

    assert [message.day for message in late] == [date(2026, 1, 7)]
    assert same_day == late
    assert [message.day for message in letters] == [date(2026, 1, 7), date(2026, 1, 8)]
    assert "Chưa xác nhận tiếp nhận" in letters[-1].body


def test_what_was_queued_before_tet_is_not_sent_during_it(office: Office) -> None:
    office.until(moment("13/02", "16:59"))
    office.compose()
    with mail_server() as server:
        office.until(moment("13/02", "23:59"))
        held = office.deliver(mail_to(server))
        during = len(server.box.mails)
        office.until(moment("23/02", "07:30"))
        office.deliver(mail_to(server))

    assert (held, during) == (0, 0)
    assert server.box.mails


def test_a_deputy_stands_in_during_an_absence_and_the_letter_says_so(office: Office) -> None:
    office.contacts.keep(
        Contact(unit="T1", role=ContactRole.DEPUTY, name="Bà Bình", email="pho@vd.example")
    )
    office.contacts.keep_absence(
        Absence(
            unit="T1",
            role=ContactRole.FOCAL,
            first_day=date(2026, 1, 6),
            last_day=date(2026, 1, 9),
        )
    )
    office.until(ASSIGNED)
    with mail_server() as server:
        office.digest(mail_to(server))

    (mail,) = server.box.to("pho@vd.example")
    assert "Bà Bình nhận thư này thay mặt người đầu mối, vắng mặt từ ngày 06/01/2026" in plain(mail)
    assert "thay mặt" in str(office.dispatches("T1")[0].on_behalf)


def test_nothing_is_sent_of_what_was_submitted_while_it_waited(office: Office) -> None:
    office.until(moment("06/01"))
    with mail_server() as server:
        office.digest(mail_to(server))
        office.until(moment("27/02"))
        office.compose()
        office.says(Submit, unit="T1", actor=unit_actor("T1"))
        before = len(server.box.to(T1))
        office.deliver(mail_to(server))

    assert len(server.box.to(T1)) == before
    assert server.box.to(T2)
    (dropped,) = [message for message in office.messages() if message.dropped]
    assert dropped.recipient == "T1"


def test_nothing_old_is_sent_after_an_extension_was_granted(office: Office) -> None:
    text = office.commands.store_statement("Chờ cấp tài khoản")
    office.until(moment("06/01"))
    with mail_server() as server:
        office.digest(mail_to(server))
        office.until(moment("27/02"))
        office.compose()
        office.says(
            AskExtension, unit="T1", actor=unit_actor("T1"), last_day=date(2026, 3, 20), text=text
        )
        office.says(GrantExtension, unit="T1")
        office.compose(urgent=True)
        office.deliver(mail_to(server))

    said = [plain(mail) for mail in server.box.to(T1)][1:]
    assert said
    assert not any("28/02/2026" in text and "Đến hạn" in text for text in said)
    assert any("20/03/2026" in text for text in said)


def test_a_channel_that_is_down_delays_only_its_own_messages(office: Office) -> None:
    with http_receiver() as receiver:
        office.contacts.keep(Contact(unit="T1", role=ContactRole.FOCAL, channels=(receiver.url(),)))
        office.until(ASSIGNED)
        webhook = Webhook("http://dondoc.example", SECRET, Reach(["127.0.0.0/8"]))
        nobody = mail_to(f"smtp://127.0.0.1:{a_free_port()}")
        left = office.digest({WEBHOOK: Post(webhook), **nobody})

    assert len(receiver.posted) == 1
    by_channel = {(d.channel, d.state) for d in office.dispatches("T1")}
    assert by_channel == {(WEBHOOK, "accepted"), (EMAIL, "queued")}
    assert left == len(office.messages())


def test_a_channel_that_left_the_contacts_gets_nothing_more(office: Office) -> None:
    with http_receiver() as receiver, mail_server() as server:
        contact = Contact(unit="T1", role=ContactRole.FOCAL, channels=(receiver.url(),))
        kept = office.contacts.keep(contact)
        office.until(ASSIGNED)
        office.compose()
        office.contacts.keep(kept.model_copy(update={"channels": ()}))
        webhook = Webhook("http://dondoc.example", SECRET, Reach(["127.0.0.0/8"]))
        office.deliver({WEBHOOK: Post(webhook), **mail_to(server)})

    assert receiver.posted == []
    assert {(d.channel, d.state) for d in office.dispatches("T1")} == {
        (WEBHOOK, "dropped"),
        (EMAIL, "accepted"),
    }


def test_a_cycle_that_is_paused_sends_nothing_and_loses_nothing(office: Office) -> None:
    office.until(ASSIGNED)
    with mail_server() as server:
        office.compose()
        office.store.pause(office.cycle, "Chờ ý kiến lãnh đạo", at=office.now)
        paused = (office.deliver(mail_to(server)), office.compose(), len(server.box.mails))
        office.store.resume(office.cycle)
        office.deliver(mail_to(server))

    assert paused == (0, 0, 0)
    assert len(server.box.mails) == len(office.messages())


def test_html_in_what_a_person_wrote_is_text_in_the_mail(office: Office) -> None:
    reason = office.commands.store_statement('<script>alert(1)</script> <a href="x">')
    office.until(ASSIGNED)
    office.says(Submit, unit="T1", actor=unit_actor("T1"))
    office.says(Return, unit="T1", text=reason)
    with mail_server() as server:
        office.digest(mail_to(server))

    (mail,) = server.box.to(T1)
    html = html_of(mail)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_the_link_that_signs_in_leaves_with_the_mail_and_is_kept_nowhere(office: Office) -> None:
    office.until(ASSIGNED)
    with mail_server() as server:
        office.digest(mail_to(server))

    (mail,) = server.box.to(T1)
    assert plain(mail).count("http://dondoc.example/vao/") == 1
    (kept,) = [message for message in office.messages() if message.recipient == "T1"]
    assert "/vao/" not in kept.body + kept.html
    assert office.dispatches("T1")[0].link


def test_a_mail_stands_in_the_conversation_of_the_task_it_is_mostly_about(
    engine: Engine,
) -> None:
    office = Office(engine, at=LAUNCHED, codes=("III.1.d", "V.1"))
    with mail_server() as server:
        for day in ("06/01", "28/01", "13/02"):
            office.until(moment(day))
            office.digest(mail_to(server))
        office.says(Submit, unit="T1", actor=unit_actor("T1"))
        office.until(moment("25/05"))
        office.digest(mail_to(server))
        office.until(moment("17/06"))
        office.digest(mail_to(server))

    launched, month, fortnight, report, week = server.box.to(T1)
    assert "III.1.d" in plain(launched)
    assert "V.1" in plain(launched)
    assert launched["In-Reply-To"] is None
    assert month["In-Reply-To"] == launched["Message-ID"]
    assert fortnight["In-Reply-To"] == month["Message-ID"]
    assert str(fortnight["References"]).split() == [launched["Message-ID"], month["Message-ID"]]
    assert report["In-Reply-To"] is None
    assert week["In-Reply-To"] == report["Message-ID"]
    ids = {str(mail["Message-ID"]) for mail in server.box.to(T2)}
    assert {str(mail["In-Reply-To"]) for mail in server.box.to(T2)} <= {*ids, "None"}


def test_a_letter_has_all_the_words_of_a_task_that_lists_cut_off(office: Office) -> None:
    office.until(ASSIGNED)
    with mail_server() as server:
        office.digest(mail_to(server))

    (mail,) = server.box.to(T1)
    words = next(line for line in plain(mail).splitlines() if line.startswith("1. III.1.d. "))
    assert len(words) > 120
    assert "…" not in words


def test_a_unit_nobody_can_reach_is_a_dead_letter(engine: Engine) -> None:
    office = Office(engine, at=LAUNCHED)
    registry = Registry(engine)
    silent = [
        unit.model_copy(update={"email": "", "head_email": ""})
        for code in ("GDTRH", "XA1", "T1")
        if (unit := registry.unit(code)) is not None
    ]
    registry.keep_units(silent)
    office.until(ASSIGNED)
    with mail_server() as server:
        office.digest(mail_to(server))

    (dispatch,) = office.dispatches("T1")
    assert dispatch.state == "dead"
    assert "chưa có địa chỉ liên hệ" in dispatch.answer
