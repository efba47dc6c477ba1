"""Officers and supervisors sign in at an OpenID Connect provider; nobody else gets in that way."""

import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from activities.openid import Errand, Provider, ProviderProblem
from models.visitor import VisitorRole
from settings import Settings
from tests.openid_provider import CLIENT, SECRET, OpenIdProvider, new_key, openid_provider
from tests.web.conftest import Installation
from tests.web.test_signing_in import events
from web.tools import Tools

LEAVE = "/dang-nhap/oidc"
ADDRESS = "a@example.vn"
# The provider of these tests speaks plainly: no certificate is read for it.
TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture(scope="module")
def running() -> Iterator[OpenIdProvider]:
    with openid_provider() as found:
        yield found


@pytest.fixture
def provider(running: OpenIdProvider) -> OpenIdProvider:
    running.person = {"sub": "0001", "email": ADDRESS, "email_verified": True, "name": "A"}
    running.bend = lambda _: None
    running.key = new_key()
    running.published = [running.key]
    running.away, running.odd, running.discoveries = False, None, 0
    return running


@pytest.fixture
def site(installation: Installation, provider: OpenIdProvider, tmp_path: Path) -> Installation:
    """The installation with a provider, and an officer the administrator gave an address."""
    secret = tmp_path / "oidc.secret"
    secret.write_text(f"{SECRET}\n", encoding="utf-8")
    configured = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_secret_file": secret,
        "oidc_name": "tài khoản Sở",
    }
    settings = installation.tools.settings.model_copy(update=configured)
    installation.app.state.tools = tools = Tools(settings, installation.tools.engine)
    tools.accounts.add("lan", VisitorRole.OFFICER, name="Lan", email="A@Example.vn")
    return installation._replace(tools=tools)


async def at_the_provider(browser: httpx.AsyncClient, path: str = LEAVE) -> str:
    """Leaves, signs in there, and the address that leads back."""
    left = await browser.get(path)
    assert left.status_code == 303
    async with httpx.AsyncClient(trust_env=False, verify=TRUSTS_NOBODY) as elsewhere:
        answer = await elsewhere.get(left.headers["location"])
    return answer.headers["location"]


async def enter(browser: httpx.AsyncClient, path: str = LEAVE) -> httpx.Response:
    return await browser.get(await at_the_provider(browser, path))


async def test_officer_enters_and_is_led_to_where_they_wanted(site: Installation):
    async with site.browser() as browser:
        assert "Vào bằng tài khoản Sở" in (await browser.get("/vao")).text
        entered = await enter(browser, f"{LEAVE}?den=/ke-hoach")
        page = await browser.get("/ke-hoach")
        again = await enter(browser)

    assert entered.status_code == 303
    assert site.tools.provider
    assert "1 khóa ký" in site.tools.provider.check()  # what `dondoc doctor` says
    assert entered.headers["location"] == "/ke-hoach"
    assert "Lan" in page.text
    assert again.status_code == 303
    assert events(site) == ["account_linked", "signed_in", "signed_in"]


async def test_person_is_known_by_subject_whatever_their_address_becomes(
    site: Installation, provider: OpenIdProvider
):
    async with site.browser() as browser:
        await enter(browser)
        provider.person |= {"email": "ten-moi@example.vn", "email_verified": False}
        same = await enter(browser)
        provider.person = {"sub": "0002", "email": ADDRESS, "email_verified": True}
        other = await enter(browser)

    assert same.status_code == 303
    assert other.status_code == 401  # the account is somebody's already


async def test_address_that_is_not_verified_or_not_known_opens_nothing(
    site: Installation, provider: OpenIdProvider
):
    known = dict(provider.person)
    doubtful: list[dict[str, object]] = [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "khac@example.vn"},
        {"email": ""},
    ]
    async with site.browser() as browser:
        for said in doubtful:
            provider.person = known | said
            answer = await enter(browser)
            assert answer.status_code == 401, said
            assert "chưa được quản trị viên" in answer.text

    assert events(site) == ["refused"] * len(doubtful)


async def test_administrators_disabled_and_shared_addresses_are_nobodys(site: Installation):
    accounts = site.tools.accounts
    officer = accounts.named("lan")
    assert officer
    async with site.browser() as browser:
        accounts.add("thu-hai", VisitorRole.SUPERVISOR, name="B", email=ADDRESS)
        shared = await enter(browser)
        accounts.disable(officer.id)
        disabled = await enter(browser)
    administrator = accounts.add("quan-tri", VisitorRole.ADMINISTRATOR, name="C", email="c@x.vn")
    assert administrator

    assert (shared.status_code, disabled.status_code) == (401, 401)
    assert accounts.identified("x#1", "c@x.vn") is None


async def test_token_that_was_not_made_for_this_sign_in_is_refused(
    site: Installation, provider: OpenIdProvider
):
    now = int(time.time())
    wrong: list[dict[str, object]] = [
        {"nonce": "cua-lan-khac"},
        {"iss": "https://ke-khac.example"},
        {"aud": "chuong-trinh-khac"},
        {"exp": now - 3600},
        {"iat": now + 7200},
        {"sub": None},
    ]
    async with site.browser() as browser:
        for claims in wrong:
            provider.bend = lambda said, claims=claims: said.update(claims)  # type: ignore[misc]
            answer = await enter(browser)
            assert answer.status_code == 401, claims
            assert "trả lời không đúng" in answer.text

    assert events(site) == ["refused"] * len(wrong)


async def test_token_of_another_key_is_refused_and_a_changed_key_is_learned(
    site: Installation, provider: OpenIdProvider
):
    async with site.browser() as browser:
        await enter(browser)
        provider.key = new_key()
        foreign = await enter(browser)
        provider.published = [provider.key]
        changed = await enter(browser)

    assert (foreign.status_code, changed.status_code) == (401, 303)


async def test_return_is_good_once_and_only_in_the_browser_that_left(site: Installation):
    async with site.browser() as victim, site.browser() as browser:
        back = await at_the_provider(browser)
        elsewhere = await victim.get(back)
        entered = await browser.get(back)
        repeated = await browser.get(back)

    assert elsewhere.status_code == 401  # nobody is signed in as somebody else
    assert entered.status_code == 303
    assert repeated.status_code == 401


async def test_foreign_state_is_refused_and_leads_on_to_where_they_wanted(site: Installation):
    async with site.browser() as browser:
        back = await at_the_provider(browser, f"{LEAVE}?den=/ke-hoach")
        code = parse_qs(urlsplit(back).query)["code"][0]
        answer = await browser.get(f"{LEAVE}/ve", params={"code": code, "state": "khac"})

    assert answer.status_code == 401
    assert 'name="den" value="/ke-hoach"' in answer.text


@pytest.mark.parametrize(
    ("odd", "status"), [((404, "<html>"), 401), ((200, "<html>"), 503), ((200, "[]"), 503)]
)
async def test_odd_answer_about_one_code_shuts_nobody_else_out(
    site: Installation, provider: OpenIdProvider, odd: tuple[int, str], status: int
):
    async with site.browser() as browser:
        back = await at_the_provider(browser)
        provider.odd = odd
        answer = await browser.get(back)
        provider.odd = None
        entered = await enter(browser)

    assert (answer.status_code, entered.status_code) == (status, 303)


async def test_provider_in_trouble_over_a_code_is_left_alone_for_a_while(
    site: Installation, provider: OpenIdProvider
):
    async with site.browser() as browser:
        back = await at_the_provider(browser)
        provider.odd = (502, "<html>")
        answer = await browser.get(back)
        provider.odd = None
        soon = await enter(browser)

    assert (answer.status_code, soon.status_code) == (503, 503)


async def test_code_of_another_verifier_is_refused(site: Installation):
    async with site.browser() as browser:
        back = await at_the_provider(browser)
        state = parse_qs(urlsplit(back).query)["state"][0]
        forged = Errand(state, "n", "mot-verifier-khac-hoan-toan-dai-hon-43-ky-tu-nhe", "/")
        browser.cookies.set(site.tools.cookies.errand, site.tools.seals.errand(forged))
        answer = await browser.get(back)

    assert answer.status_code == 401


async def test_session_is_a_new_one_and_the_one_before_ends(site: Installation):
    async with site.browser() as browser:
        await enter(browser)
        cookie = site.tools.cookies.session
        first = browser.cookies[cookie]
        await enter(browser)

    assert browser.cookies[cookie] != first
    assert site.tools.sessions.visitor(first) is None


async def test_nobody_is_led_to_another_site(site: Installation):
    async with site.browser() as browser:
        entered = await enter(browser, f"{LEAVE}?den=//ke-khac.example/")

    assert entered.headers["location"] == "/"


async def test_provider_that_is_away_leaves_the_password(
    installation: Installation, tmp_path: Path
):
    secret = tmp_path / "oidc.secret"
    secret.write_text(SECRET, encoding="utf-8")
    away = {"oidc_issuer": "http://127.0.0.1:1", "oidc_client_id": CLIENT}
    settings = installation.tools.settings.model_copy(update=away | {"oidc_secret_file": secret})
    installation.app.state.tools = Tools(settings, installation.tools.engine)
    async with installation.browser() as browser:
        answer = await browser.get(f"{LEAVE}?den=/qua-han")

    assert answer.status_code == 503
    assert 'name="den" value="/qua-han"' in answer.text
    assert "chưa trả lời" in answer.text
    assert 'name="mat_khau"' in answer.text


def test_provider_that_is_away_is_asked_once_for_all_and_again_after_a_while(
    provider: OpenIdProvider, tmp_path: Path
):
    secret = tmp_path / "oidc.secret"
    secret.write_text(SECRET, encoding="utf-8")
    arguments = (provider.issuer, CLIENT, secret, "http://dondoc.test")
    patient, forgetful = (Provider(*arguments, away_for=seconds) for seconds in (3600.0, 0.0))
    provider.away = True

    def refused(asked: Provider) -> str:
        with pytest.raises(ProviderProblem) as caught:
            asked.send("/")
        return str(caught.value)

    with ThreadPoolExecutor(8) as people:
        list(people.map(refused, [patient] * 16))
    while_away = provider.discoveries
    refused(forgetful)
    provider.away = False

    assert while_away == 1
    assert forgetful.send("/")[0].startswith(provider.issuer)
    assert provider.discoveries == 3
    assert "503" in refused(patient)
    assert provider.discoveries == 3


async def test_without_a_provider_there_is_no_such_way(installation: Installation):
    async with installation.browser() as browser:
        assert (await browser.get(LEAVE)).status_code == 404
        assert "/dang-nhap/oidc" not in (await browser.get("/vao")).text


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_issuer": "http://login.example.vn", "oidc_client_id": "a", "oidc_secret_file": "b"},
        {"oidc_issuer": "https://login.example.vn"},
        {"oidc_issuer": "https://login.example.vn", "oidc_client_id": "a"},
    ],
)
def test_half_a_provider_is_no_setting(given):
    with pytest.raises(ValueError, match="oidc"):
        Settings(**given)
