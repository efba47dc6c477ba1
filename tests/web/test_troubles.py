"""What a person reads when something does not work."""

import re

import httpx
import pytest
from sqlalchemy import text

from models.visitor import VisitorRole
from tests.web.conftest import HUB, SCHOOL, Installation
from tests.web.test_signing_in import PASSWORD, an_officer, token
from tests.web.test_unit_pages import form_of


async def test_unknown_page_says_what_to_do(installation: Installation):
    async with installation.unit(HUB) as browser:
        answer = await browser.get("/khong-co")

    assert answer.status_code == 404
    assert "Không có trang này" in answer.text
    assert 'href="/"' in answer.text
    assert "UBND Phường Mũi Né" in answer.text


async def test_page_number_that_is_none_is_a_sentence(installation: Installation):
    async with installation.unit(HUB) as browser:
        answer = await browser.get("/", params={"trang": "hai"})

    assert answer.status_code == 422
    assert "Nội dung chưa đúng" in answer.text


async def test_database_that_is_down_is_said_plainly_and_the_form_stays(
    installation: Installation,
):
    async with installation.unit(HUB) as browser:
        proof = token(await browser.get("/phien"))
        with installation.tools.engine.begin() as connection:
            connection.execute(text("ALTER TABLE session RENAME TO away"))

        read = await browser.get("/")
        sent = await browser.post(
            "/phien/nguoi", data={"_the": proof, "ho_ten": "Người <A>", "chuc_vu": "Văn thư"}
        )
        assert (read.status_code, sent.status_code) == (503, 503)
        assert "Hệ thống chưa nhận được gì" in sent.text
        assert "Người &lt;A&gt;" in sent.text
        assert 'name="den" value="/"' in sent.text  # nothing can be read where it was sent to

        with installation.tools.engine.begin() as connection:
            connection.execute(text("ALTER TABLE away RENAME TO session"))
        hidden = re.findall(r'<textarea hidden name="(.*?)">\n(.*?)</textarea>', sent.text)
        again = await browser.post("/phien/nguoi", data=dict(hidden) | {"_the": token(sent)})

        assert again.status_code == 303
        assert "Văn thư" in (await browser.get("/phien")).text


async def test_password_typed_while_the_database_is_down_is_not_shown(installation: Installation):
    """What was typed before the session ended still comes back after signing in."""
    await an_officer(installation)
    async with installation.browser() as browser:
        lost = form_of(await browser.post("/phien/nguoi", data={"ho_ten": "Người A"}))
        with installation.tools.engine.begin() as connection:
            connection.execute(text("ALTER TABLE account RENAME TO away"))
        away = await browser.post("/vao", data=lost | {"ten": "lan", "mat_khau": PASSWORD})
        with installation.tools.engine.begin() as connection:
            connection.execute(text("ALTER TABLE away RENAME TO account"))
        typed = form_of(away) | {"ten": "lan", "mat_khau": PASSWORD}
        back = await browser.post("/vao", data=typed)

    assert away.status_code == 503
    assert PASSWORD not in away.text
    assert "Mật khẩu vừa gõ không được giữ lại" in away.text
    assert 'name="ten" type="text" value="lan"' in away.text
    assert "Người A" in back.text


async def test_error_of_ours_has_a_reference_and_all_headers(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(installation.tools.views, "cycles", None)
    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await browser.get("/")

    assert answer.status_code == 500
    assert re.search(r"<strong>[0-9a-f]{8}</strong>", answer.text)
    assert "TypeError" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_page_of_another_role_is_refused_and_what_is_not_ours_does_not_exist(
    installation: Installation,
):
    from fastapi import APIRouter, Request
    from starlette.responses import PlainTextResponse, Response

    from web.access import OfficerOnly, OwnUnit

    router = APIRouter()

    @router.get("/thu/can-bo")
    def for_officers(_request: Request, _visitor: OfficerOnly) -> Response:
        return PlainTextResponse("có")

    @router.get("/thu/{unit}")
    def for_its_unit(unit: str, _visitor: OwnUnit) -> Response:
        return PlainTextResponse(unit)

    installation.app.include_router(router)
    async with installation.unit(SCHOOL) as school, installation.unit(HUB) as hub:
        assert (await school.get("/thu/can-bo")).status_code == 403
        assert (await school.get(f"/thu/{SCHOOL}")).text == SCHOOL
        assert (await school.get(f"/thu/{HUB}")).status_code == 404
        assert (await hub.get(f"/thu/{SCHOOL}")).text == SCHOOL
        assert (await hub.get("/thu/VP")).status_code == 404
    async with installation.office(VisitorRole.OFFICER) as officer:
        assert (await officer.get(f"/thu/{SCHOOL}")).text == SCHOOL
    async with installation.office(VisitorRole.ADMINISTRATOR) as administrator:
        assert (await administrator.get(f"/thu/{SCHOOL}")).status_code == 403


async def test_who_acts_for_a_unit_is_asked_once_and_kept(installation: Installation):
    from fastapi import APIRouter
    from starlette.responses import PlainTextResponse, Response

    from web.access import UnitOnly

    router = APIRouter()

    @router.post("/thu/lam")
    def acts(visitor: UnitOnly) -> Response:
        return PlainTextResponse(f"{visitor.name}, {visitor.position}")

    installation.app.include_router(router)
    async with installation.unit(SCHOOL, named=False) as browser:
        proof = token(await browser.get("/phien"))
        asked = await browser.post("/thu/lam", data={"_the": proof, "noi_dung": "đã mở 3 kênh"})
        assert asked.status_code == 422
        assert "Ai đang thực hiện?" in asked.text
        assert "đã mở 3 kênh" in asked.text

        fields = {"_the": token(asked), "ho_ten": "Hiệu phó", "chuc_vu": "Phó Hiệu trưởng"}
        named = await browser.post("/thu/lam", data=fields)
        later = await browser.post("/thu/lam", data={"_the": proof})

    assert named.text == later.text == "Hiệu phó, Phó Hiệu trưởng"


@pytest.mark.parametrize("path", ["/", "/vao", "/khong-co", "/khoe"])
async def test_every_answer_carries_its_headers(installation: Installation, path: str):
    async with installation.browser() as browser:
        answer = await browser.get(path)

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


async def test_pages_have_no_inline_scripts_or_styles(installation: Installation):
    async with installation.office(VisitorRole.OFFICER) as browser:
        pages: list[httpx.Response] = [await browser.get(path) for path in ("/", "/phien", "/vao")]

    for page in pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page.text)


async def test_files_are_named_by_their_content_and_kept(installation: Installation):
    async with installation.browser() as browser:
        page = await browser.get("/vao")
        (sheet,) = re.findall(r'rel="stylesheet" href="([^"]+)"', page.text)
        answer = await browser.get(sheet)

    assert re.fullmatch(r"/static/app\.[0-9a-f]{10}\.css", sheet)
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("role", [VisitorRole.OFFICER, VisitorRole.SUPERVISOR])
async def test_first_page_is_small_and_asks_little(installation: Installation, role: VisitorRole):
    async with installation.office(role) as browser:
        with installation.counted() as queries:
            page = await browser.get("/")
        style = await browser.get(re.findall(r'href="(/static/app[^"]+)"', page.text)[0])

    asked = [query for query in queries if query.lstrip().startswith("SELECT")]
    assert len(asked) <= 10
    sent = sum(int(each.headers["content-length"]) for each in (page, style))
    assert sent < 60_000
