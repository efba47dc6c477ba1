"""Mail to a real server: its answers, its certificates, its outages."""

import ssl
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult

from activities.channels.port import ChannelDown, Never, NotNow
from activities.channels.smtp import Smtp, SmtpServer
from tests.activities.channels.parcels import SENDER, a_parcel
from tests.receivers import Mailbox, mail_server
from tests.servers import a_free_port

TO = "vp@sgddt.example"


def channel(url: str, **options) -> Smtp:
    return Smtp(SmtpServer.from_url(url, **options), SENDER, at_once=1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A server's certificate for 127.0.0.1, and the file of who issued it."""
    issuer = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issuer.issue_cert("127.0.0.1").configure_cert(context)
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    issuer.cert_pem.write_to_path(str(file))
    return context, file


async def test_many_mails_use_one_connection_and_the_answer_is_kept() -> None:
    with mail_server() as server:
        async with channel(server.url).session() as session:
            answers = [await session.send(a_parcel(key=f"k{n}"), TO) for n in range(3)]

    assert answers == [f"250 OK: queued as M{n}" for n in (1, 2, 3)]
    assert server.box.connections == 1


async def test_a_connection_the_server_closed_between_two_mails_is_opened_again() -> None:
    box = Mailbox()
    with mail_server(box) as server:
        async with channel(server.url).session() as session:
            await session.send(a_parcel(key="a"), TO)
            assert session._smtp is not None
            session._smtp.close()
            await session.send(a_parcel(key="b"), TO)

    assert len(box.mails) == 2


@pytest.mark.parametrize(
    ("answer", "meaning"), [("451 greylisted", NotNow), ("550 no such user", Never)]
)
async def test_an_answer_about_one_recipient_leaves_the_connection_for_the_next(
    answer: str, meaning: type[Exception]
) -> None:
    box = Mailbox()
    box.answers.append(lambda address, _: answer if address == TO else None)
    with mail_server(box) as server:
        async with channel(server.url).session() as session:
            with pytest.raises(meaning, match=answer):
                await session.send(a_parcel(), TO)
            await session.send(a_parcel(), "khac@sgddt.example")

    assert box.connections == 1


async def test_a_connection_cut_after_the_content_is_another_attempt_with_the_same_id() -> None:
    box = Mailbox()
    box.cut_after_data = 1
    with mail_server(box) as server:
        async with channel(server.url).session() as session:
            with pytest.raises(NotNow, match="gửi lại cùng mã thư"):
                await session.send(a_parcel(), TO)
            await session.send(a_parcel(), TO)

    assert len(box.mails) == 2
    assert len(set(box.ids())) == 1


async def test_a_server_that_is_not_there_is_the_channel_being_down() -> None:
    with pytest.raises(ChannelDown, match="Không kết nối được với máy chủ thư"):
        await channel(f"smtp://127.0.0.1:{a_free_port()}").check()


async def test_an_address_that_is_none_is_never_given_to_the_server() -> None:
    with mail_server() as server:
        async with channel(server.url).session() as session:
            for address in ("", "a@b", "x@y.vn\r\nRCPT TO:<z@y.vn>", "a@x.vn,b@x.vn"):
                with pytest.raises(Never):
                    await session.send(a_parcel(), address)

    assert not server.box.mails
    assert not server.box.rejected


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_a_trusted_certificate_is_needed_with_either_form_of_tls(
    scheme: str, authority: tuple[ssl.SSLContext, Path]
) -> None:
    context, file = authority
    options: dict[str, Any] = {"ssl_context" if scheme == "smtps" else "tls_context": context}
    with mail_server(**options) as server:
        url = f"{scheme}://127.0.0.1:{server.port}" + ("?tls=starttls" if scheme == "smtp" else "")
        async with channel(url, ca_file=file).session() as session:
            answer = await session.send(a_parcel(), TO)
        with pytest.raises(ChannelDown, match="Chứng thư"):
            await channel(url).check()

    assert answer.startswith("250")


async def test_without_the_upgrade_that_is_required_nothing_is_sent() -> None:
    with mail_server() as server, pytest.raises(ChannelDown, match="STARTTLS"):
        await channel(f"{server.url}?tls=starttls").check()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_wrong_password_is_the_channel_being_down_and_is_not_told() -> None:
    def authenticate(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"dung:mat khau", handled=False)

    options: dict[str, Any] = {
        "authenticator": authenticate,
        "auth_required": True,
        "auth_require_tls": False,
    }
    with mail_server(**options) as server:
        right = f"smtp://don-doc:dung%3Amat%20khau@127.0.0.1:{server.port}"
        async with channel(right).session() as session:
            answer = await session.send(a_parcel(), TO)
        with pytest.raises(ChannelDown, match="DONDOC_SMTP_URL") as raised:
            await channel(right.replace("dung", "sai")).check()

    assert answer.startswith("250")
    assert "mat khau" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "tls", "port"),
    [
        ("smtps://mail.example", "implicit", 465),
        ("smtp://mail.example", "starttls", 587),
        ("smtp://localhost:1025", "auto", 1025),
        ("smtp://mail.example:25?tls=none", "none", 25),
    ],
)
def test_a_server_elsewhere_must_encrypt_unless_told_otherwise(
    url: str, tls: str, port: int
) -> None:
    server = SmtpServer.from_url(url)

    assert (server.tls, server.port) == (tls, port)
