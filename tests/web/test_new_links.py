"""Whoever's link was used up asks for a new one, which goes to the known address alone."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from activities.channels.mime import Sender
from activities.channels.smtp import Smtp, SmtpServer
from activities.link_letters import ADDRESS_LIMIT, LinkLetters
from activities.links import LINKS_LAST, LinkKind
from models.clock import VN
from models.visitor import VisitorRole
from tests.receivers import Mailbox, mail_server
from tests.web.conftest import HERE, HUB, Installation
from tests.web.test_signing_in import events, link_of, token

ADDRESS = "xa@example.vn"
NOWHERE = "22924"


@pytest.fixture
def reachable(installation: Installation) -> Installation:
    registry = installation.tools.registry
    for code, email in ((HUB, ADDRESS), (NOWHERE, "")):
        known = registry.unit(code)
        assert known
        registry.keep_units([known.model_copy(update={"email": email, "head_email": ""})])
    return installation


def old_link(installation: Installation, unit: str = HUB) -> str:
    return link_of(installation, unit, at=datetime.now(UTC) - LINKS_LAST)


async def ask(browser: httpx.AsyncClient, link: str) -> httpx.Response:
    path = link.partition("?")[0]
    opened = await browser.get(path)
    assert opened.status_code == 410
    return await browser.post(f"{path}/moi", data={"_the": token(opened)})


async def sent(installation: Installation, box: Mailbox | None = None) -> Mailbox:
    """Everything that waits leaves, through a real mail server."""
    tools = installation.tools
    with mail_server(box) as server:
        channel = Smtp(SmtpServer.from_url(server.url), Sender("A", "a@example.vn"), at_once=1)
        await LinkLetters(tools.engine, channel, tools.links).send()
        return server.box


async def test_new_link_goes_to_the_known_address_and_signs_in(reachable: Installation):
    async with reachable.browser() as browser:
        answer = await ask(browser, old_link(reachable))
        box = await sent(reachable)
        (mail,) = box.to(ADDRESS)
        body = mail.get_body(("plain",))
        assert body
        said = " ".join(body.get_content().split())
        found = re.search(rf"{HERE}(/vao/\S+)", said)
        assert found
        entered = await browser.post(
            found[1].partition("?")[0], data={"_the": token(await browser.get(found[1]))}
        )

    assert "Đã nhận yêu cầu" in answer.text
    assert "trên trang đăng nhập hoặc từ một liên kết cũ" in said
    assert f"ngày {(datetime.now(VN) + LINKS_LAST):%d/%m/%Y}." in said
    assert ADDRESS not in answer.text
    assert entered.status_code == 303
    assert events(reachable) == ["link_asked", "signed_in"]


async def test_answer_tells_nobody_whether_there_is_an_address(reachable: Installation):
    async with reachable.browser() as browser:
        with_address = await ask(browser, old_link(reachable))
        without = await ask(browser, old_link(reachable, NOWHERE))
        box = await sent(reachable)

    proof = re.compile(r'name="_the" value="[^"]+"|/vao/[^"]+')
    assert proof.sub("", with_address.text) == proof.sub("", without.text)
    assert [mail["To"].addresses[0].addr_spec for mail in box.mails] == [ADDRESS]


@pytest.mark.parametrize("said", [HUB, " XA@example.vn"], ids=["its code", "its address"])
async def test_unit_without_a_letter_asks_on_the_page_where_one_signs_in(
    reachable: Installation, said: str
):
    async with reachable.browser() as browser:
        opened = await browser.get("/viec/gi-do")
        known = await browser.post("/lien-ket-moi", data={"_the": token(opened), "don_vi": said})
        unknown = await browser.post(
            "/lien-ket-moi", data={"_the": token(opened), "don_vi": "ai@example.vn"}
        )
        for _ in range(ADDRESS_LIMIT - 2):
            await browser.post("/lien-ket-moi", data={"_the": token(opened), "don_vi": "x"})
        again = await browser.post("/lien-ket-moi", data={"_the": token(opened), "don_vi": "x"})
    box = await sent(reachable)

    assert "Đã nhận yêu cầu" in known.text
    proof = re.compile(r'name="_the" value="[^"]+"')
    assert proof.sub("", known.text) == proof.sub("", unknown.text)
    assert again.status_code == 429
    assert [mail["To"].addresses[0].addr_spec for mail in box.mails] == [ADDRESS]


async def test_officer_who_never_chose_a_password_gets_the_link_again(installation: Installation):
    tools = installation.tools
    account = tools.accounts.add("lan", VisitorRole.OFFICER, name="A", email="lan@example.vn")
    assert account
    old = tools.links.password(account.id, at=datetime.now(UTC) - timedelta(days=9))
    async with installation.browser() as browser:
        await ask(browser, old.removeprefix(HERE))
    box = await sent(installation)

    (mail,) = box.to("lan@example.vn")
    body = mail.get_body(("plain",))
    assert body
    found = re.search(r"/vao/(\S+)", body.get_content())
    assert found
    made = tools.links.read(found[1])
    assert made
    assert (made.kind, made.ref) == (LinkKind.PASSWORD, account.id)


async def test_mailbox_is_never_filled_by_an_old_link(reachable: Installation):
    async with reachable.browser() as browser:
        for _ in range(3):
            await ask(browser, old_link(reachable))

    assert len((await sent(reachable)).mails) == 1


async def test_machine_that_asks_too_often_is_turned_away(reachable: Installation):
    async with reachable.browser() as browser:
        for _ in range(ADDRESS_LIMIT):
            assert (await ask(browser, old_link(reachable))).status_code == 200
        assert (await ask(browser, old_link(reachable))).status_code == 429


async def test_made_up_link_asks_for_nothing(reachable: Installation):
    async with reachable.browser() as browser:
        proof = token(await browser.get("/vao"))
        answer = await browser.post("/vao/bia-ra/moi", data={"_the": proof})

    assert answer.status_code == 404
    assert (await sent(reachable)).mails == []


async def test_letter_waits_for_a_mail_server_that_is_busy(reachable: Installation):
    async with reachable.browser() as browser:
        await ask(browser, old_link(reachable))
    busy = Mailbox()
    busy.answers.append(lambda _address, _tried: "451 busy")

    assert (await sent(reachable, busy)).mails == []
    with reachable.tools.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE linkletter SET not_before = asked_at")
    assert len((await sent(reachable)).mails) == 1


async def test_letter_whose_sender_was_killed_leaves_under_the_same_message_id(
    reachable: Installation,
):
    async with reachable.browser() as browser:
        await ask(browser, old_link(reachable))
    first = (await sent(reachable)).ids()
    with reachable.tools.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE linkletter SET state = 'queued', claimed_at = '2020-01-01 00:00:00+00:00'"
        )

    assert (await sent(reachable)).ids() == first
