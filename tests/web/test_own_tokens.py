"""Tokens are made, shown once, and ended by whom they belong to; administrators see all."""

import asyncio
import re

import httpx
import pytest

from models.visitor import AccessKind, VisitorRole
from tests.web.conftest import SCHOOL, Installation
from tests.web.test_unit_pages import form_of, send

PAGE = "/ma-truy-cap"
MAKING = {"ten": "Trục văn bản", "quyen": ["read", "events"], "ngay": "90"}


def shown(answer: httpx.Response) -> str:
    return str(re.findall(r"dondoc_[\w-]{43}", answer.text)[0])


async def test_officer_makes_a_token_sees_it_once_and_ends_it(installation: Installation):
    tools = installation.tools
    async with installation.office(VisitorRole.OFFICER) as browser:
        made = await send(browser, PAGE, PAGE, **MAKING)
        secret = shown(made)
        again = await browser.get(PAGE)
        async with installation.program(secret) as program:
            me = (await program.get("/api/v1/me")).json()
            (token,) = tools.tokens.all()
            await send(browser, PAGE, f"{PAGE}/{token.id}/thu-hoi")
            late = await program.get("/api/v1/me")

    assert (me["role"], me["label"], me["scopes"]) == (
        "officer",
        "Trục văn bản",
        ["read", "events"],
    )
    assert "Trục văn bản" in again.text
    assert secret not in again.text
    assert late.status_code == 401
    kinds = [line.kind for line in tools.door.record()[0]]
    assert {AccessKind.TOKEN_MADE, AccessKind.TOKEN_REVOKED} <= set(kinds)


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"ten": " "}, "ten"), ({"quyen": []}, "quyen"), ({"ngay": "100000"}, "ngay")],
    ids=["no name", "no scope", "too long"],
)
async def test_what_is_wrong_is_said_and_nothing_is_made(installation: Installation, typed, field):
    async with installation.office(VisitorRole.OFFICER) as browser:
        answer = await send(browser, PAGE, PAGE, **MAKING | typed)

    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert installation.tools.tokens.all() == []


async def test_supervisor_gets_no_scope_its_role_has_no_use_for(installation: Installation):
    async with installation.office(VisitorRole.SUPERVISOR) as browser:
        await send(browser, PAGE, PAGE, **MAKING)

    (token,) = installation.tools.tokens.all()
    assert token.scopes == ("read",)


async def test_only_the_holder_and_administrators_see_and_end_a_token(installation: Installation):
    tools = installation.tools
    installation.token_of(SCHOOL)
    (token,) = tools.tokens.all()
    end = f"{PAGE}/{token.id}/thu-hoi"
    async with (
        installation.office(VisitorRole.OFFICER) as officer,
        installation.unit("22918") as other,
        installation.unit(SCHOOL) as school,
        installation.office(VisitorRole.ADMINISTRATOR) as administrator,
    ):
        strangers = [await send(each, PAGE, end) for each in (officer, other)]
        pages = {each: (await each.get(PAGE)).text for each in (officer, school, administrator)}
        making = await send(school, PAGE, PAGE, **MAKING)
        kept = tools.tokens.all()
        await send(administrator, PAGE, end)
    (line,) = tools.door.record(kind=AccessKind.TOKEN_REVOKED)[0]

    assert [each.status_code for each in strangers] == [404, 404]
    assert [token.id in text for text in pages.values()] == [False, True, True]
    assert SCHOOL in pages[administrator]
    assert making.status_code == 403  # the administrator makes those of units
    assert kept == [token]
    assert tools.tokens.all()[0].revoked_at is not None
    assert (line.who, line.detail) == ("administrator", f"thử ({SCHOOL})")


async def test_form_that_is_sent_twice_makes_one_token_and_both_answers_show_it(
    installation: Installation,
):
    tools = installation.tools
    async with installation.office(VisitorRole.OFFICER) as browser:
        form = form_of(await browser.get(PAGE)) | MAKING
        answers = await asyncio.gather(*(browser.post(PAGE, data=form) for _ in range(2)))
        other = await browser.post(PAGE, data=form | {"ten": "Khác"})
        made = tools.tokens.all()
        for token in made:
            tools.tokens.revoke(token.id)
        late = await browser.post(PAGE, data=form)

    assert len({shown(answer) for answer in answers}) == 1
    assert shown(other) != shown(answers[0])
    assert [token.label for token in made] == ["Khác", "Trục văn bản"]
    assert tools.door.record(kind=AccessKind.TOKEN_MADE)[1] == 2
    assert late.status_code == 303
    assert len(tools.tokens.all()) == 2


async def test_whoever_signs_out_everywhere_may_end_every_token_with_it(installation: Installation):
    tools = installation.tools
    secrets = [installation.token_of(VisitorRole.OFFICER) for _ in range(2)]
    schools = installation.token_of(SCHOOL)
    async with installation.office(VisitorRole.OFFICER) as browser:
        hidden = form_of(await browser.get("/phien"))
        proof = {name: hidden[name] for name in ("_the", "_ma")}
        everywhere = await browser.post("/phien/dong", data=proof)
    kept = tools.tokens.holder(secrets[0])
    async with installation.office(VisitorRole.OFFICER) as browser:
        ended = await send(browser, "/phien", "/phien/dong")
        after = await browser.get("/phien")

    assert (everywhere.status_code, kept is None) == (303, False)
    assert ended.headers["location"] == "/vao"
    assert [tools.tokens.holder(secret) for secret in secrets] == [None, None]
    assert tools.tokens.holder(schools) is not None
    assert after.status_code in (302, 303, 401)
    (line,), number = tools.door.record(kind=AccessKind.TOKEN_REVOKED)
    assert (number, line.who, line.detail) == (1, "officer", "2")


async def test_nobody_has_more_than_can_be_overlooked(installation: Installation):
    for _ in range(20):
        installation.token_of(VisitorRole.OFFICER)
    async with installation.office(VisitorRole.OFFICER) as browser:
        with installation.counted() as queries:
            await browser.get(PAGE)
            asked = len(queries)
        answer = await send(browser, PAGE, PAGE, **MAKING)

    assert answer.status_code == 422
    assert "thu hồi bớt" in answer.text
    assert len(installation.tools.tokens.all()) == 20
    assert asked <= 10
