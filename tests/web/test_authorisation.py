"""Every route, for every role, and for data that belongs to somebody else."""

import re
import shutil
from html import unescape
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from activities.database import open_database
from models.visitor import VisitorRole
from settings import Settings
from tests.shipped import PLAN
from tests.web.conftest import HUB, SCHOOL, Installation
from web.access import Declared, Open, Untouched, declared
from web.app import create_app
from web.surroundings import of_the_api

FOREIGN = f"{PLAN}/2026/V.1/H1/{SCHOOL}"
EXAMPLES = {
    "assignment": FOREIGN,
    "task": f"task/{PLAN}/2026/V.1/H1/1",
    "cycle:path": f"cycle/{PLAN}/2026",
    "cycle": "2026",
    "code": "V.1",
    "occurrence": "H1",
    "part": "1",
    "plan": PLAN,
    "unit": SCHOOL,
    "act": "goi",
    "number": "1",
    "sha256": "0" * 64,
    "feed": "0" * 64,
    "token": "khong-co",
    "name": "app.css",
}


@pytest.fixture(scope="module")
def routes(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Declared]:
    folder = tmp_path_factory.mktemp("routes")
    engine = open_database(f"sqlite:///{shutil.copy(migrated_file, folder / 'dondoc.db')}")
    app: FastAPI = create_app(Settings(state_dir=folder), engine)
    found = [each for each in declared(app) if not _is_for_everybody(each)]
    engine.dispose()
    return found


def _is_for_everybody(route: Declared) -> bool:
    """Files, signing in, and feeds that have their own secret."""
    (access,) = route.access
    return isinstance(access, Open | Untouched) or not access.roles


def with_token(browser: httpx.AsyncClient, token: str) -> httpx.AsyncClient:
    """One of the pages and of the API at once."""
    browser.headers["Authorization"] = f"Bearer {token}"
    return browser


def address(route: Declared) -> str:
    return re.sub(r"\{([\w:]+)\}", lambda found: _example(found[1]), route.path)


def _example(name: str) -> str:
    return EXAMPLES.get(name) or EXAMPLES.get(name.partition(":")[0], "khong-co")


async def answer(browser: httpx.AsyncClient, route: Declared) -> httpx.Response:
    """What the route answers to a form of ours with nothing in it; of the API, to a request with
    nothing in it."""
    if of_the_api(route.path):
        return await browser.request(route.method, address(route), json={})
    if route.method in ("GET", "HEAD"):
        return await browser.request(route.method, address(route))
    page = await browser.get("/phien")
    token = re.search(r'name="_the" value="([^"]+)"', page.text)
    assert token
    return await browser.post(address(route), data={"_the": unescape(token[1])})


async def test_nobody_signed_in_gets_nothing(installation: Installation, routes):
    async with installation.browser() as browser:
        for route in routes:
            if route.method in ("GET", "HEAD") or of_the_api(route.path):
                got = await browser.request(route.method, address(route))
                assert got.status_code == 401, route


async def test_cookie_opens_no_route_of_the_api_and_a_token_opens_no_page(
    installation: Installation, routes
):
    cookie = installation.office(VisitorRole.OFFICER)
    token = installation.api(VisitorRole.OFFICER)
    async with cookie, token:
        for route in routes:
            if route.method == "GET":
                wrong = cookie if of_the_api(route.path) else token
                assert (await wrong.get(address(route))).status_code == 401, route


@pytest.mark.parametrize("role", [r for r in VisitorRole if r is not VisitorRole.UNIT])
async def test_office_is_refused_exactly_what_its_role_may_not(
    installation: Installation, routes, role
):
    async with with_token(installation.office(role), installation.token_of(role)) as browser:
        for route in routes:
            if _stays_open(route):
                continue
            (access,) = route.access
            got = await answer(browser, route)
            assert (got.status_code == 403) == (role not in access.roles), (route, got.status_code)


async def test_unit_never_reaches_anothers_data(installation: Installation, routes):
    """Neither by id nor by role: what is a stranger's does not exist."""
    stranger = next(
        unit.code
        for unit in installation.tools.registry.directory().units.values()
        if unit.kind == "commune" and unit.code not in (HUB, _hub_of(installation))
    )
    token = installation.token_of(stranger)
    async with with_token(installation.unit(stranger), token) as browser:
        for route in routes:
            if _stays_open(route):
                continue
            (access,) = route.access
            got = await answer(browser, route)
            if VisitorRole.UNIT not in access.roles:
                assert got.status_code == 403, (route, got.status_code)
            elif {"{assignment:path}", "{unit}"} & set(route.path.split("/")):
                assert got.status_code == 404, (route, got.status_code)


def _hub_of(installation: Installation) -> str | None:
    unit = installation.tools.registry.unit(SCHOOL)
    return unit.hub if unit else None


def _stays_open(route: Declared) -> bool:
    """The stream of changes never ends, and leaving ends the visit."""
    return route.path in ("/su-kien", "/ra", "/phien/dong")
