"""Messages posted to an address as signed CloudEvents (structured JSON)."""

import base64
import hashlib
import hmac
import json
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache

import httpx

from activities.channels.addresses import Forbidden, Reach
from activities.channels.port import Never, NotNow, Parcel, one_line
from models.clock import VN

TIMEOUT_SECONDS = 20.0
# What a receiver answers is only kept as proof.
MOST_READ = 64 * 1024
ANSWER_LENGTH = 300
TOO_MANY, TIMED_OUT = 429, 408


class Webhook:
    """`source` is this installation's address; `secret` is what the key of each address is made
    from, `wall` tells the seconds since 1970 that a signature holds."""

    at_once = 4

    def __init__(
        self, source: str, secret: str, reach: Reach, *, wall: Callable[[], float] = time.time
    ) -> None:
        self._source = source
        self._secret = secret
        self._reach = reach
        self._wall = wall

    @asynccontextmanager
    async def session(self) -> AsyncIterator["Poster"]:
        async with httpx.AsyncClient(
            transport=_Checked(self._reach),
            follow_redirects=False,
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
            headers={"User-Agent": "dondoc"},
        ) as client:
            yield Poster(client, self._source, self._secret, self._wall)

    async def check(self) -> str:
        return "gửi khi có tin; không hỏi trước từng địa chỉ"


class Poster:
    def __init__(
        self, client: httpx.AsyncClient, source: str, secret: str, wall: Callable[[], float]
    ) -> None:
        self._client = client
        self._source = source
        self._secret = secret
        self._wall = wall

    async def send(self, parcel: Parcel, to: str) -> str:
        key = signing_key(self._secret, to)
        return await self.post(event_id(parcel), event(parcel, self._source), to, key=key)

    async def post(
        self, identifier: str, event: Mapping[str, object], to: str, *, key: bytes
    ) -> str:
        """Posts any event signed with `key`; answers and raises as `send`."""
        body = json.dumps(event, ensure_ascii=False).encode()
        headers = signed(body, identifier, key, self._wall())
        try:
            async with self._client.stream("POST", to, content=body, headers=headers) as response:
                said = await _beginning(response)
        except Forbidden as refusal:
            raise Never(str(refusal)) from refusal
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Never(f"Địa chỉ “{one_line(to)}” không gửi tới được.") from error
        except (httpx.HTTPError, OSError) as error:
            # One address that does not answer is not the whole channel.
            raise NotNow(f"Không gửi được tới {_place(to)}: {type(error).__name__}.") from error
        return _judged(response.status_code, said)


def event(parcel: Parcel, source: str) -> dict[str, object]:
    """The CloudEvents 1.0 envelope; `id` is the same for every attempt."""
    return {
        "specversion": "1.0",
        "id": event_id(parcel),
        "source": source,
        "type": "vn.dondoc.notice.v1",
        "subject": parcel.recipient,
        "time": parcel.made_at.astimezone(VN).isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "recipient": parcel.recipient,
            "name": parcel.name,
            "day": parcel.day.isoformat(),
            "subject": parcel.subject,
            "text": parcel.text,
            "link": parcel.link,
        },
    }


def event_id(parcel: Parcel) -> str:
    return hashlib.sha256(parcel.key.encode()).hexdigest()[:32]


def signing_key(secret: str, url: str) -> bytes:
    """Each receiver has a key of its own, so that none can speak to another in our name."""
    return hmac.digest(secret.encode(), f"webhook:{url}".encode(), "sha256")


def signed(body: bytes, identifier: str, key: bytes, wall: float) -> dict[str, str]:
    """The headers of Standard Webhooks: HMAC-SHA256 over id, timestamp and body."""
    stamp = str(int(wall))
    said = f"{identifier}.{stamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, said, "sha256")).decode()
    return {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "webhook-id": identifier,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{signature}",
    }


@cache
def _trusted() -> ssl.SSLContext:
    """Read once: a session for each turn would take longer to read it than to send."""
    return httpx.create_ssl_context()


class _Checked(httpx.AsyncBaseTransport):
    """Connects to the very address that was checked: a name that answers differently the second
    time (DNS rebinding) gains nothing."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._inner = httpx.AsyncHTTPTransport(verify=_trusted())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = await self._reach.resolve(host, port)
        request.extensions = request.extensions | {"sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _beginning(response: httpx.Response) -> str:
    """What the receiver answered, no more than we are willing to read: the rest is left."""
    read = b""
    async for part in response.aiter_raw(4096):
        read += part
        if len(read) >= MOST_READ:
            return one_line(read.decode("utf-8", "replace"))[:ANSWER_LENGTH] + " (đã cắt)"
    return one_line(read.decode("utf-8", "replace"))[:ANSWER_LENGTH]


def _judged(status: int, said: str) -> str:
    answer = f"{status} {said}".strip()
    if 200 <= status < 300:
        return answer
    if status >= 500 or status in (TOO_MANY, TIMED_OUT):
        raise NotNow(answer)
    if 300 <= status < 400:
        raise Never(f"{status}: nơi nhận chuyển hướng; hãy khai báo địa chỉ cuối cùng.")
    raise Never(answer)


def _place(url: str) -> str:
    """An address without what may be secret in it."""
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return "địa chỉ đã khai báo"
