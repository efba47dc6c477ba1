"""The only way into the API, and what is told to whoever may not come in."""

import pytest

from models.visitor import AccessKind, Scope, VisitorRole
from tests.shipped import PLAN
from tests.web.conftest import HERE, HUB, SCHOOL, Installation
from web.api.bearer import Register

PROBLEM = "application/problem+json"


async def test_token_tells_whose_it_is_and_what_for(installation: Installation):
    async with installation.api(SCHOOL, Scope.READ) as program:
        me = (await program.get("/api/v1/me")).json()

    assert (me["role"], me["unit"], me["name"], me["scopes"]) == (
        "unit",
        SCHOOL,
        "Người thử",
        ["read"],
    )


@pytest.mark.parametrize(
    ("header", "code"),
    [
        pytest.param("", "token_missing", id="none"),
        pytest.param("Basic YTpi", "token_missing", id="another kind"),
        pytest.param("Bearer dondoc_la", "token_invalid", id="unknown"),
    ],
)
async def test_whoever_has_no_token_is_told_how_to_get_in(installation: Installation, header, code):
    async with installation.browser() as browser:
        answer = await browser.get("/api/v1/me", headers={"Authorization": header})

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "set-cookie" not in answer.headers


async def test_token_does_only_what_it_was_made_for(installation: Installation):
    async with installation.api(SCHOOL, Scope.READ) as program:
        key = {"Idempotency-Key": "khoa-0001"}
        answer = await program.post("/api/v1/acknowledgements", headers=key)

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert answer.json()["scope"] == "write"


@pytest.mark.parametrize(
    "path",
    [
        "plan-reviews?name=a.txt",
        "plan-reviews/a/confirm",
        "plan-reviews/a/drop",
        f"plans/{PLAN}/launch",
        f"cycles/{PLAN}/2026/close",
        f"cycles/{PLAN}/2026/void",
    ],
)
async def test_token_for_writing_neither_launches_nor_ends_a_year(
    installation: Installation, path: str
):
    async with installation.api(VisitorRole.OFFICER, Scope.READ, Scope.WRITE) as program:
        answer = await program.post(f"/api/v1/{path}", headers={"Idempotency-Key": "khoa-0001"})

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert answer.json()["scope"] == "launch"
    assert "quyền launch" in answer.json()["detail"]


async def test_token_for_reading_previews_and_one_for_launching_does_no_other_work(
    installation: Installation,
):
    key = {"Idempotency-Key": "khoa-0001"}
    async with (
        installation.api(VisitorRole.OFFICER, Scope.READ) as reader,
        installation.api(VisitorRole.OFFICER, Scope.LAUNCH) as launcher,
    ):
        shown = await reader.post(f"/api/v1/plans/{PLAN}/preview", json={"year": 2027})
        sent = await launcher.post("/api/v1/plan-reviews/khong-co/drop", headers=key)
        other = await launcher.post("/api/v1/acknowledgements", headers=key)

    assert shown.status_code == 200
    assert sent.json()["code"] != "scope_missing"
    assert other.json()["scope"] == "write"


async def test_first_use_of_a_day_and_every_wrong_token_stand_in_the_record(
    installation: Installation,
):
    async with installation.api(HUB) as program, installation.browser() as browser:
        for _ in range(3):
            assert (await program.get("/api/v1/me")).status_code == 200
        for _ in range(31):
            browser.headers["Authorization"] = "Bearer sai"
            last = await browser.get("/api/v1/me")

    assert last.status_code == 429
    assert last.headers["retry-after"] == "900"
    used, number = installation.tools.door.record(kind=AccessKind.TOKEN_USED)
    assert (number, used[0].who, used[0].detail) == (1, HUB, "thử")
    assert installation.tools.door.record(kind=AccessKind.TOKEN_REFUSED)[1] == 30


async def test_wrong_tokens_do_not_close_the_door_to_passwords(installation: Installation):
    tools = installation.tools
    account = tools.accounts.add("ntlan", VisitorRole.OFFICER, name="A")
    assert account
    tools.passwords.set(account.id, "mật khẩu dài")
    async with installation.browser() as browser:
        browser.headers["Authorization"] = "Bearer sai"
        for _ in range(31):
            answer = await browser.get("/api/v1/me")

    assert answer.status_code == 429
    from activities.sessions import Device

    assert tools.passwords.check("ntlan", "mật khẩu dài", Device("127.0.0.1")).account == account.id


def test_program_that_calls_too_fast_waits():
    register = Register()

    assert [register.wait("t", 3, now=100.0) for _ in range(4)] == [0, 0, 0, 21]
    assert register.wait("t", 3, now=121.0) == 0
    assert register.wait("another", 3, now=100.0) == 0
    assert [register.wait("t", 0, now=100.0) for _ in range(9)] == [0] * 9


@pytest.mark.parametrize("path", ["/api/v1/khong-co", "/api/", "/api/v1/assignments/khong/co"])
async def test_what_is_not_there_is_a_problem_in_vietnamese(installation: Installation, path: str):
    async with installation.api(VisitorRole.OFFICER) as program:
        answer = await program.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == PROBLEM
    told = answer.json()
    assert (told["type"], told["code"]) == ("urn:dondoc:problem:not_found", "not_found")
    assert told["detail"].startswith("Địa chỉ không đúng")


async def test_wrong_requests_are_told_place_by_place(installation: Installation):
    address = "/api/v1/tasks/a/2026/V.1/H1/set-date"
    headers = {"Idempotency-Key": "ngan", "Content-Type": "application/json"}
    async with installation.api(VisitorRole.OFFICER) as program:
        broken = await program.post(address, headers=headers, content=b'{"last_day": ')
        wrong = await program.post(address, headers=headers, json={"last_day": "mai", "them": 1})
        method = await program.delete("/api/v1/me")

    assert (broken.status_code, broken.json()["code"]) == (400, "malformed")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    places = {each["place"]: each["message"] for each in wrong.json()["errors"]}
    assert places.keys() == {"body.last_day", "body.them", "header.Idempotency-Key"}
    assert places["body.last_day"] == "Ngày chưa đúng: cần dạng 2026-02-28."
    assert (method.status_code, method.json()["code"]) == (405, "method_not_allowed")
    assert method.headers["allow"] == "GET"


@pytest.mark.parametrize("told", [True, False], ids=["its length told", "in pieces"])
async def test_body_that_is_too_large_is_refused(installation: Installation, told: bool):
    body = b'{"text": "' + b"x" * 3_000_000 + b'"}'

    async def pieces():
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    async with installation.api(VisitorRole.OFFICER) as program:
        answer = await program.post(
            "/api/v1/tasks/a/2026/V.1/H1/instructions",
            headers={"Idempotency-Key": "khoa-0001", "Content-Type": "application/json"},
            content=body if told else pieces(),
        )

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_database_that_is_down_is_said_plainly(installation: Installation):
    from sqlalchemy import text

    async with installation.api(VisitorRole.OFFICER) as program:
        with installation.tools.engine.begin() as connection:
            connection.execute(text("ALTER TABLE assignment RENAME TO away"))
        answer = await program.get("/api/v1/assignments")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "30"


async def test_error_of_ours_tells_a_reference_and_nothing_else(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(installation.tools.views, "cycles", None)
    async with installation.api(VisitorRole.OFFICER) as program:
        answer = await program.get("/api/v1/cycles")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert len(answer.json()["reference"]) == 8
    assert "TypeError" not in answer.text


async def test_answers_carry_the_headers_of_the_pages_and_nobody_keeps_them(
    installation: Installation,
):
    async with installation.browser() as browser:
        answer = await browser.get(f"{HERE}/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
