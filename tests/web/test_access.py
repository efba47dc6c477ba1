"""Every route says who may use it, and keeps the others out."""

import pytest

from models.visitor import VisitorRole
from tests.web.conftest import HUB, SCHOOL, Installation
from web.access import declared, undeclared
from web.app import create_app


def test_every_route_declares_who_may_enter(installation: Installation):
    routes = declared(installation.app)

    assert routes
    assert not undeclared(routes)


def test_program_does_not_start_with_a_route_open_to_all(installation: Installation, monkeypatch):
    from fastapi import APIRouter

    forgotten = APIRouter()
    forgotten.get("/quen")(lambda: "")
    monkeypatch.setattr("web.app.ROUTERS", (forgotten,))

    with pytest.raises(RuntimeError, match="GET /quen"):
        create_app(installation.tools.settings, installation.tools.engine)


@pytest.mark.parametrize("role", [r for r in VisitorRole if r is not VisitorRole.UNIT])
async def test_each_office_has_its_first_page(installation: Installation, role):
    async with installation.office(role) as browser:
        answer = await browser.get("/")

    assert answer.status_code == 200


@pytest.mark.parametrize("unit", [SCHOOL, HUB])
async def test_unit_sees_what_it_owes(installation: Installation, unit):
    async with installation.unit(unit) as browser:
        answer = await browser.get("/")

    assert answer.status_code == 200
    assert "V.1" in answer.text or "III.1.d" in answer.text


async def test_nobody_enters_without_signing_in(installation: Installation):
    async with installation.browser() as browser:
        answer = await browser.get("/")

    assert answer.status_code == 401
    assert "Đăng nhập" in answer.text
