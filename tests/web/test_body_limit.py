"""Requests that are too large are refused while they arrive."""

import tempfile
from collections.abc import AsyncIterator

import httpx
import pytest

from models.visitor import VisitorRole
from tests.web.conftest import HERE, HUB, Installation
from tests.web.test_signing_in import token
from web.body_limit import MEGABYTE, OF_STRANGERS
from web.tools import Tools

BOUNDARY = "ranh-gioi"
HEADERS = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


async def a_file(proof: str, megabytes: int) -> AsyncIterator[bytes]:
    """A form with a file, without saying beforehand how long it is."""
    head = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="_the"\r\n\r\n{proof}\r\n'
    head += f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="tep"; filename="a.txt"\r\n\r\n'
    yield head.encode()
    for _ in range(megabytes):
        yield b"a" * MEGABYTE
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def small(installation: Installation) -> Installation:
    """The same with room for 4 MB."""
    settings = installation.tools.settings.model_copy(update={"request_megabytes": 4})
    installation.app.state.tools = tools = Tools(settings, installation.tools.engine)
    return installation._replace(tools=tools)


@pytest.fixture
def spooled(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The temporary files that were begun and not closed."""
    begun: list[object] = []

    class Watched(tempfile.SpooledTemporaryFile):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            begun.append(self)

        def close(self) -> None:
            begun.remove(self)
            super().close()

    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", Watched)
    return begun


async def test_announced_length_is_enough_to_be_refused(small: Installation):
    async with small.office(VisitorRole.OFFICER) as browser:
        proof = token(await browser.get("/phien"))
        body = b"".join([piece async for piece in a_file(proof, 5)])
        answer = await browser.post("/ke-hoach/nhap", content=body, headers=HEADERS)

    assert answer.status_code == 413
    assert "Nội dung gửi quá lớn" in answer.text
    assert answer.headers["content-security-policy"]


async def test_length_that_is_not_announced_is_counted(small: Installation, spooled: list[object]):
    async with small.office(VisitorRole.OFFICER) as browser:
        proof = token(await browser.get("/phien"))
        path = "/bao-cao/x"
        over = await browser.post(path, content=a_file(proof, 5), headers=HEADERS)
        left = len(spooled)
        under = await browser.post(path, content=a_file(proof, 3), headers=HEADERS)

    assert over.status_code == 413
    assert "Nội dung gửi quá lớn" in over.text
    assert left == 0
    assert under.status_code == 403  # taken, and then refused for another reason


@pytest.mark.parametrize("secret", ["", "cua-ai-do-bia-ra"])
async def test_stranger_sends_no_more_than_a_form_needs(small: Installation, secret: str):
    async with small.browser() as browser:
        if secret:
            browser.cookies.set(small.tools.cookies.session, secret)
        proof = token(await browser.get("/vao"))
        much = "a" * (OF_STRANGERS + 1)
        answer = await browser.post("/vao", data={"_the": proof, "ten": much})

    assert answer.status_code == 413


async def test_long_form_outlives_its_session(small: Installation):
    """What a unit typed with a file is not thrown away because its session has ended."""
    async with small.unit(HUB) as browser:
        proof = token(await browser.get("/phien"))
        visitor = small.tools.sessions.visitor(browser.cookies[small.tools.cookies.session])
        assert visitor
        small.tools.sessions.end(visitor)
        answer = await browser.post("/bao-cao/x", content=a_file(proof, 3), headers=HEADERS)

    assert answer.status_code == 401


async def test_program_without_a_token_sends_little(small: Installation):
    transport = httpx.ASGITransport(small.app)
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as program:
        answer = await program.post("/api/v1/events", content=b"a" * (OF_STRANGERS + 1))

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
