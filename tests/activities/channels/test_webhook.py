"""What is posted, how it is signed, and where it is never posted to."""

import asyncio
import base64
import hmac
import json
import socket
import time

import pytest

from activities.channels.addresses import Forbidden, Reach
from activities.channels.port import Never, NotNow
from activities.channels.webhook import Webhook, signing_key
from tests.activities.channels.parcels import a_parcel
from tests.receivers import http_receiver
from tests.servers import a_free_port

HERE = ("127.0.0.0/8",)
SECRET = "bi-mat-cua-ban-cai-dat-nay-du-dai"


def a_webhook(*allowed: str) -> Webhook:
    return Webhook("http://dondoc.example", SECRET, Reach(allowed))


async def post(webhook: Webhook, url: str, **changes) -> str:
    async with webhook.session() as session:
        return await session.send(a_parcel(**changes), url)


async def test_a_message_is_posted_as_a_signed_cloud_event() -> None:
    with http_receiver() as receiver:
        answer = await post(a_webhook(*HERE), receiver.url())

    (posted,) = receiver.posted
    event = json.loads(posted.body)
    headers = {name.lower(): value for name, value in posted.headers.items()}
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + posted.body
    expected = hmac.digest(signing_key(SECRET, receiver.url()), said, "sha256")
    assert answer == "200 ok"
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert (event["specversion"], event["id"]) == ("1.0", headers["webhook-id"])
    assert event["subject"] == "VP"
    assert event["data"]["text"] == "Kính gửi: Văn phòng Sở\n"


async def test_a_repetition_has_the_same_id() -> None:
    with http_receiver() as receiver:
        for _ in range(2):
            await post(a_webhook(*HERE), receiver.url())

    first, second = (json.loads(posted.body)["id"] for posted in receiver.posted)
    assert first == second


async def test_each_receiver_has_a_key_of_its_own() -> None:
    assert signing_key(SECRET, "https://a.example") != signing_key(SECRET, "https://b.example")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0", "169.254.169.254"]
)
async def test_nothing_is_posted_to_a_private_address(host: str) -> None:
    with http_receiver() as receiver, pytest.raises(Never, match="DONDOC_ALLOWED_NETWORKS"):
        await post(a_webhook(), f"http://{host}:{receiver.port}/")

    assert receiver.posted == []


async def test_the_address_that_was_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that is public when it is checked and private when it is used again."""
    answers = iter(["203.0.113.9", "127.0.0.1", "127.0.0.1"])

    with http_receiver() as receiver:

        async def rebinding(self, host, port, **_):
            address = next(answers) if host == "doi-y.example" else host
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", rebinding)
        reach = Reach(["203.0.113.0/24"])

        assert await reach.resolve("doi-y.example", receiver.port) == "203.0.113.9"
        with pytest.raises(Forbidden):
            await reach.resolve("doi-y.example", receiver.port)
        with pytest.raises(Never):
            await post(a_webhook("203.0.113.0/24"), receiver.url(host="doi-y.example"))
    assert receiver.posted == []


async def test_a_name_with_one_private_address_is_refused_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def two(self, host, port, **_):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("203.0.113.9", "10.0.0.1")
        ]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", two)

    with pytest.raises(Forbidden, match=r"10\.0\.0\.1"):
        await Reach(["203.0.113.0/24"]).resolve("hai.example", 443)


async def test_a_redirection_is_not_followed() -> None:
    with http_receiver() as receiver, http_receiver() as elsewhere:
        receiver.answer = (302, b"", {"Location": elsewhere.url()})
        with pytest.raises(Never, match="chuyển hướng"):
            await post(a_webhook(*HERE), receiver.url())

    assert elsewhere.posted == []


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    with http_receiver() as receiver:
        receiver.endless = True
        answer = await post(a_webhook(*HERE), receiver.url())

    assert answer.startswith("200 ")
    assert answer.endswith("(đã cắt)")
    assert len(answer) < 400
    assert receiver.written < 64 << 20


@pytest.mark.parametrize(
    ("status", "meaning"), [(500, NotNow), (503, NotNow), (429, NotNow), (404, Never), (410, Never)]
)
async def test_an_answer_decides_whether_to_try_again(
    status: int, meaning: type[Exception]
) -> None:
    with http_receiver() as receiver:
        receiver.answer = (status, b"khong nhan", {})
        with pytest.raises(meaning, match=str(status)):
            await post(a_webhook(*HERE), receiver.url())


async def test_a_receiver_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(NotNow, match=r"127\.0\.0\.1"):
        await post(a_webhook(*HERE), f"http://127.0.0.1:{a_free_port()}/")
