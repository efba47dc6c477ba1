"""Signing in and out, and everything that must not let anybody in."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from activities.links import LINKS_LAST
from activities.passwords import LOCK_AFTER
from models.visitor import VisitorRole
from tests.web.conftest import HERE, HUB, Installation
from web.forms import local_path

PASSWORD = "mot cau de nho"


def token(answer: httpx.Response) -> str:
    """The proof of a page's form."""
    found = re.search(r'name="_the" value="([^"]+)"', answer.text)
    assert found
    return found[1]


def link_of(installation: Installation, unit: str = HUB, **when: datetime) -> str:
    made = installation.tools.links.unit(unit, at=when.get("at", datetime.now(UTC)))
    return made.removeprefix(HERE)


async def press(browser: httpx.AsyncClient, path: str, /, **fields: str) -> httpx.Response:
    """Opens a page and sends its form."""
    opened = await browser.get(path)
    return await browser.post(path, data={"_the": token(opened), **fields})


def events(installation: Installation) -> list[str]:
    lines, _ = installation.tools.door.record()
    return [line.kind for line in reversed(lines)]


async def an_officer(installation: Installation) -> str:
    account = installation.tools.accounts.add("lan", VisitorRole.OFFICER, name="Chuyên viên A")
    assert account
    installation.tools.passwords.set(account.id, PASSWORD)
    return account.id


async def test_opening_a_link_uses_nothing_up(installation: Installation):
    async with installation.browser() as scanner:
        for _ in range(3):
            answer = await scanner.get(link_of(installation))
            assert "UBND Phường Mũi Né" in answer.text

    assert events(installation) == []


async def test_link_signs_in_once(installation: Installation):
    link = link_of(installation)
    async with installation.browser() as first, installation.browser() as second:
        answer = await press(first, link)
        assert answer.headers["location"] == "/"
        assert (await first.get("/")).status_code == 200

        again = await second.get(link)
        assert again.status_code == 410
        assert (await second.get("/")).status_code == 401

    assert events(installation) == ["signed_in"]


async def test_link_ends(installation: Installation):
    old = link_of(installation, at=datetime.now(UTC) - LINKS_LAST - timedelta(minutes=1))
    async with installation.browser() as browser:
        assert (await browser.get(old)).status_code == 410
        assert (await press(browser, "/vao")).status_code == 401


async def test_link_on_a_page_that_grew_old_leads_back_to_its_own_page(installation: Installation):
    """Where one signs in with a name, whoever holds a link has none."""
    link = link_of(installation)
    async with installation.browser() as browser:
        old = await browser.get(f"{link}?den=/duyet")
        browser.cookies.clear()
        sent = await browser.post(link, data={"_the": token(old), "den": "/duyet"})
        again = await browser.get(sent.headers["location"])
        entered = await browser.post(link, data={"_the": token(again), "den": "/duyet"})

    assert sent.status_code == 303
    assert "cookie" not in again.text
    assert "Hãy bấm lại nút" in again.text
    assert 'name="den" value="/duyet"' in again.text
    assert entered.headers["location"] == "/duyet"


async def test_browser_that_keeps_no_cookies_is_told_so_on_the_page_of_its_link(
    installation: Installation,
):
    link = link_of(installation)
    async with installation.browser() as browser:
        opened = await browser.get(link)
        for path in (link, f"{link}/moi"):
            browser.cookies.clear()
            sent = await browser.post(path, data={"_the": token(opened), "den": "/"})
            browser.cookies.clear()
            again = await browser.get(sent.headers["location"])

            assert "Trình duyệt không giữ cookie" in again.text
    assert "cookie" not in opened.text


async def test_link_is_kept_while_the_database_is_away(installation: Installation):
    links = installation.tools.links
    account = installation.tools.accounts.add("lan", VisitorRole.OFFICER, name="Chuyên viên A")
    assert account
    for_password = links.password(account.id, at=datetime.now(UTC)).removeprefix(HERE)
    async with installation.browser() as browser:
        for link, typed in ((link_of(installation), {}), (for_password, {"mat_khau": PASSWORD})):
            opened = await browser.get(link)
            with installation.tools.engine.begin() as connection:
                connection.execute(text("ALTER TABLE session RENAME TO away"))
            proof = {"_the": token(opened), "den": "/"}
            away = await browser.post(link, data=proof | typed)
            later = await browser.get(link)
            with installation.tools.engine.begin() as connection:
                connection.execute(text("ALTER TABLE away RENAME TO session"))
            entered = await browser.post(link, data=proof | typed)

            assert PASSWORD not in away.text
            if typed:
                assert away.headers["location"].startswith(link)
                assert "Mật khẩu vừa gõ không được giữ lại" in later.text
            else:
                assert "Gửi lại" in away.text
            assert entered.status_code == 303
            browser.cookies.clear()


async def test_password_signs_an_officer_in(installation: Installation):
    await an_officer(installation)
    async with installation.browser() as browser:
        answer = await press(browser, "/vao", ten=" LAN ", mat_khau=PASSWORD)

        assert answer.status_code == 303
        assert (await browser.get("/")).status_code == 200


async def test_refusal_does_not_tell_which_names_exist(installation: Installation):
    await an_officer(installation)
    async with installation.browser() as browser:
        unknown = await press(browser, "/vao", ten="ai-do", mat_khau=PASSWORD)
        wrong = await press(browser, "/vao", ten="lan", mat_khau="khong dung roi")

    sentences = [re.findall(r'role="alert">(.*?)<', each.text) for each in (unknown, wrong)]
    assert sentences[0] == sentences[1] != []


async def test_account_is_locked_after_wrong_passwords(installation: Installation):
    await an_officer(installation)
    async with installation.browser() as browser:
        for _ in range(LOCK_AFTER):
            await press(browser, "/vao", ten="lan", mat_khau="khong dung roi")
        answer = await press(browser, "/vao", ten="lan", mat_khau=PASSWORD)

        assert answer.status_code == 401
        assert (await browser.get("/")).status_code == 401
    assert events(installation) == ["refused"] * (LOCK_AFTER - 1) + ["locked", "refused"]


async def test_address_that_tries_too_much_waits(installation: Installation):
    rows = "INSERT INTO access (at, kind, login, address, device, detail) SELECT at, kind, login, "
    async with installation.browser() as browser:
        await press(browser, "/vao", ten="a", mat_khau="b")
        with installation.tools.engine.begin() as connection:
            for _ in range(5):
                connection.execute(text(rows + "address, device, detail FROM access"))

        assert (await press(browser, "/vao", ten="a", mat_khau="b")).status_code == 429


async def test_password_link_sets_a_password_once(installation: Installation):
    account = installation.tools.accounts.add("lan", VisitorRole.OFFICER, name="Chuyên viên A")
    assert account
    link = installation.tools.links.password(account.id, at=datetime.now(UTC)).removeprefix(HERE)
    async with installation.browser() as browser:
        assert (await press(browser, link, mat_khau="ngan")).status_code == 422
        assert (await press(browser, link, mat_khau=PASSWORD)).status_code == 303
        assert (await browser.get(link)).status_code == 410
        assert (await press(browser, "/ra")).status_code in (303, 404, 405)
    async with installation.browser() as browser:
        assert (await press(browser, "/vao", ten="lan", mat_khau=PASSWORD)).status_code == 303


async def test_disabled_account_is_out_at_once(installation: Installation):
    account = await an_officer(installation)
    async with installation.browser() as browser:
        await press(browser, "/vao", ten="lan", mat_khau=PASSWORD)
        installation.tools.accounts.disable(account)

        assert (await browser.get("/")).status_code == 401
        assert (await press(browser, "/vao", ten="lan", mat_khau=PASSWORD)).status_code == 401


async def test_session_a_browser_came_with_is_never_taken_over(installation: Installation):
    planted = "A" * 43
    async with installation.browser() as browser:
        browser.headers["cookie"] = f"{installation.tools.cookies.session}={planted}"
        opened = await browser.get(link_of(installation))
        visit = opened.cookies[installation.tools.cookies.visit]
        browser.headers["cookie"] += f"; {installation.tools.cookies.visit}={visit}"
        answer = await browser.post(link_of(installation), data={"_the": token(opened)})

        assert answer.cookies[installation.tools.cookies.session] != planted
    assert installation.tools.sessions.visitor(planted) is None


async def test_signing_in_again_ends_the_former_session(installation: Installation):
    async with installation.unit(HUB) as browser:
        former = browser.cookies[installation.tools.cookies.session]
        await press(browser, link_of(installation))

    assert installation.tools.sessions.visitor(former) is None


async def test_sign_out_ends_the_session_itself(installation: Installation):
    async with installation.unit(HUB) as browser:
        secret = browser.cookies[installation.tools.cookies.session]
        opened = await browser.get("/")
        answer = await browser.post("/ra", data={"_the": token(opened)})

    assert answer.headers["location"] == "/vao"
    assert installation.tools.sessions.visitor(secret) is None
    assert events(installation) == ["signed_out"]


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(installation: Installation):
    async with installation.browser() as browser:
        answer = await press(browser, link_of(installation))

    for cookie in answer.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie


@pytest.mark.parametrize(
    "typed",
    [
        "https://xau.example/",
        "//xau.example",
        "/\\xau.example",
        "\\/xau.example",
        "/\t/xau.example",
        "javascript:alert(1)",
        "/viec\r\nSet-Cookie: a=b",
        "",
        "xau.example",
    ],
)
def test_nobody_is_led_to_another_site(typed: str):
    assert local_path(typed) == "/"


async def test_link_leads_to_pages_of_ours_only(installation: Installation):
    async with installation.browser() as browser:
        answer = await press(browser, link_of(installation), den="//xau.example/")

    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://xau.example"},
        {"origin": "null"},
    ],
)
async def test_form_of_another_site_is_refused(installation: Installation, headers):
    async with installation.unit(HUB) as browser:
        opened = await browser.get("/")
        answer = await browser.post("/ra", data={"_the": token(opened)}, headers=headers)

        assert answer.status_code == 403
        assert (await browser.get("/")).status_code == 200


async def test_proof_of_another_browser_is_worth_nothing(installation: Installation):
    async with installation.unit(HUB) as mine, installation.unit(HUB) as theirs:
        stolen = token(await theirs.get("/"))
        await mine.post("/ra", data={"_the": stolen})

        assert (await mine.get("/")).status_code == 200


async def test_what_was_typed_comes_back_after_signing_in_again(installation: Installation):
    await an_officer(installation)
    async with installation.browser() as browser:
        await press(browser, "/vao", ten="lan", mat_khau=PASSWORD)
        proof = token(await browser.get("/"))
        with installation.tools.engine.begin() as connection:
            connection.execute(text("UPDATE session SET ended_at = created_at"))
        lost = await browser.post("/ra", data={"_the": proof, "ly_do": "Dài <dòng> & lẻ"})
        assert lost.status_code == 401
        sealed = re.search(r'name="giu" value="([^"]+)"', lost.text)
        assert sealed

        fields = {"ten": "lan", "mat_khau": PASSWORD, "giu": sealed[1]}
        back = await browser.post("/vao", data={"_the": token(lost), **fields})

        assert "Dài &lt;dòng&gt; &amp; lẻ" in back.text
        sent = await browser.post("/ra", data={"_the": token(back)})
        assert sent.headers["location"] == "/vao"


async def test_what_one_browser_kept_no_other_gets(installation: Installation):
    async with installation.browser() as mine, installation.unit(HUB) as theirs:
        opened = await mine.get("/vao")
        lost = await mine.post("/ra", data={"_the": token(opened), "ly_do": "riêng của tôi"})
        sealed = re.search(r'name="giu" value="([^"]+)"', lost.text)
        assert sealed
        proof = token(await theirs.get("/"))

        answer = await theirs.post("/tiep-tuc", data={"_the": proof, "giu": sealed[1]})

        assert "riêng của tôi" not in answer.text
