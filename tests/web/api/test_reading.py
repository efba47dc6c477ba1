"""What programs can see, and how they page through it."""

from typing import Any

import httpx
import pytest
from sqlmodel import Session

from models.tables import AssignmentTable
from models.visitor import VisitorRole
from rules.counting import four_ways
from tests.shipped import PLAN
from tests.web.conftest import HUB, SCHOOL, Installation

CYCLE = f"/api/v1/cycles/{PLAN}/2026"
ITS_OWN = f"{PLAN}/2026/V.1/H1/{SCHOOL}"
READ_BY_THE_OFFICE = (
    "/api/v1/me",
    "/api/v1/units",
    f"/api/v1/units/{HUB}",
    "/api/v1/plans",
    "/api/v1/cycles",
    CYCLE,
    f"{CYCLE}/statistics",
    f"/api/v1/tasks/{PLAN}/2026/V.1/H1/parts/1",
    "/api/v1/overdue",
    "/api/v1/desk",
    "/api/v1/reviews",
    "/api/v1/assignments",
    f"/api/v1/assignments/{ITS_OWN}",
    f"/api/v1/assignments/{ITS_OWN}/history",
    f"/api/v1/assignments/{ITS_OWN}/verification",
    f"/api/v1/assignments/{ITS_OWN}/reports",
)


@pytest.mark.parametrize("path", READ_BY_THE_OFFICE)
async def test_officer_reads_everything(installation: Installation, path: str):
    async with installation.api(VisitorRole.OFFICER) as program:
        with installation.counted() as queries:
            answer = await program.get(path)

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    asked = [query for query in queries if query.lstrip().startswith("SELECT")]
    assert len(asked) <= 11


async def everything(program: httpx.AsyncClient, path: str, between=lambda: None) -> list[Any]:
    """All items of a list, page by page."""
    items: list[Any] = []
    following: str | None = path
    while following:
        page = await program.get(following)
        assert page.status_code == 200, page.text
        items += page.json()["items"]
        following = page.json()["next"]
        assert page.links.get("next", {}).get("url") == following
        between()
    return items


async def test_pages_are_whole_and_without_doubles_while_the_list_grows(
    installation: Installation,
):
    added = iter(range(1000))

    def one_before_and_one_after() -> None:
        number = next(added)
        with Session(installation.tools.engine) as session:
            like = session.get_one(AssignmentTable, ITS_OWN).model_dump()
            for unit in (f"00{number:04}", f"ZZ{number:04}"):
                session.add(AssignmentTable(**like | {"id": f"thu/{unit}", "unit": unit}))
            session.commit()

    async with installation.api(VisitorRole.OFFICER) as program:
        path = "/api/v1/assignments?code=V.1&limit=40"
        before = {each["id"] for each in await everything(program, path)}
        found = [each["id"] for each in await everything(program, path, one_before_and_one_after)]

    assert len(before) > 150
    assert len(found) == len(set(found))
    assert before <= set(found)


@pytest.mark.parametrize(
    ("path", "limit"), [("/api/v1/units", 57), ("/api/v1/overdue", 3), ("/api/v1/assignments", 57)]
)
async def test_small_pages_show_what_one_large_page_shows(
    installation: Installation, path: str, limit: int
):
    async with installation.api(VisitorRole.OFFICER) as program:
        large = await everything(program, f"{path}?limit=200")
        small = await everything(program, f"{path}?limit={limit}")

    assert small == large
    assert len(small) > limit


@pytest.mark.parametrize("cursor", ["x", "WyJhIl0", "bnVsbA", "W10", "W1sxXV0", "4pi6"])
async def test_cursor_that_is_not_ours_is_said(installation: Installation, cursor: str):
    async with installation.api(VisitorRole.OFFICER) as program:
        answer = await program.get("/api/v1/assignments", params={"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        pytest.param("stage=held", "stage", "held", id="stage"),
        pytest.param(f"unit={SCHOOL}", "unit", SCHOOL, id="unit"),
        pytest.param("code=III.1.d", "code", "III.1.d", id="task"),
        pytest.param("overdue=true", "overdue", True, id="overdue"),
        pytest.param("mark=soon", "stage", "assigned", id="mark"),
    ],
)
async def test_list_is_narrowed_to_what_is_asked(installation: Installation, query, field, value):
    async with installation.api(VisitorRole.OFFICER) as program:
        found = (await program.get(f"/api/v1/assignments?{query}")).json()

    assert {each[field] for each in found["items"]} <= {value}
    assert found["total"] < (await _total(installation))


async def _total(installation: Installation) -> int:
    async with installation.api(VisitorRole.OFFICER) as program:
        total: int = (await program.get("/api/v1/assignments?limit=1")).json()["total"]
    return total


async def test_unit_lists_its_own_and_a_hub_also_its_schools(installation: Installation):
    school = installation.tools.registry.unit(SCHOOL)
    assert school
    assert school.hub
    async with installation.api(SCHOOL) as one, installation.api(school.hub) as hub:
        own = await everything(one, "/api/v1/assignments")
        foreign = await everything(one, f"/api/v1/assignments?unit={school.hub}")
        of_hub = await everything(one, f"/api/v1/assignments?hub={school.hub}")
        below = await everything(hub, "/api/v1/assignments")
        narrowed = await everything(hub, f"/api/v1/assignments?unit={SCHOOL}")
        stranger = await everything(hub, "/api/v1/assignments?unit=VP")
        known = {each["code"] for each in await everything(hub, "/api/v1/units")}
        seen = (await hub.get(f"/api/v1/units/{SCHOOL}")).json()

    assert {each["unit"] for each in own} == {SCHOOL}
    assert foreign == of_hub == stranger == []
    assert {SCHOOL, school.hub} <= {each["unit"] for each in below}
    assert {each["unit"] for each in below} == known
    assert narrowed == own
    assert (seen["phone"], seen["head_email"]) == (None, None)


async def test_figures_are_those_of_the_page(installation: Installation):
    async with installation.api(VisitorRole.SUPERVISOR) as program:
        told = (await program.get(f"{CYCLE}/statistics")).json()
    seen = installation.tools.views.oversight(
        f"cycle/{PLAN}/2026", at=installation.tools.clock.plan_now()
    )

    assert seen is not None
    whole = four_ways(seen.totals)
    assert {name: told["whole"][name] for name in type(whole).model_fields} == whole.model_dump()
    assert sum(row["total"] for row in told["by_task"]) == told["whole"]["total"] == whole.total


async def test_history_tells_why_this_date_and_hides_addresses_from_units(
    installation: Installation,
):
    async with installation.api(SCHOOL) as program:
        story = (await program.get(f"/api/v1/assignments/{ITS_OWN}/history")).json()
        whole = (await program.get(f"/api/v1/assignments/{ITS_OWN}/verification")).json()

    assert story["deadline"]["last_day"] == story["assignment"]["last_day"]
    assert "25/6" in story["deadline"]["phrase"]
    assert (story["fault"], whole["fault"]) == (None, None)
    assert [entry["number"] for entry in story["entries"]] == sorted(
        entry["number"] for entry in story["entries"]
    )
