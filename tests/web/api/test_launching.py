"""A year is previewed, launched once, and ended with the officer's word, by a program."""

from typing import Any

from models.cycle import CycleEnd
from models.visitor import VisitorRole
from tests.shipped import PLAN
from tests.web.api.test_acting import post
from tests.web.conftest import Installation

ITS_PLAN = f"/api/v1/plans/{PLAN}"
ITS_CYCLE = f"/api/v1/cycles/{PLAN}/2026"
ORDER: dict[str, Any] = {
    "year": 2027,
    "dates": {"V.2.H1": "2027-06-30"},
    "allocation": {"III.2.a": ["PCM1"]},
}


async def test_plan_tells_its_duties_and_what_a_launch_asks(installation: Installation):
    async with installation.api(VisitorRole.OFFICER) as program:
        plan = (await program.get(ITS_PLAN)).json()
        asked = (await program.get(f"{ITS_PLAN}/questions", params={"year": 2027})).json()
        unknown = await program.get("/api/v1/plans/khong-co")

    (report,) = [each for each in plan["duties"] if each["code"] == "V.1"]
    assert report["report"]
    assert report["timing"] == "trước ngày 25/6 và 15/12 hàng năm"
    assert "V.2.H1" in asked["dates"]
    assert "III.2.a" in asked["allocations"]
    assert unknown.status_code == 404


async def test_preview_counts_and_writes_nothing(installation: Installation):
    before = len(installation.tools.cycles.all())

    async with installation.api(VisitorRole.OFFICER) as program:
        shown = (await program.post(f"{ITS_PLAN}/preview", json=ORDER)).json()

    assert shown["assignments"] > shown["units"] > 100
    assert sum(shown["by_role"].values()) == shown["assignments"]
    assert shown["messages"]["busiest"][0]["messages"] > 100
    waiting = {each["task"] for each in shown["waiting"]}
    assert "III.2.b" in waiting
    assert "III.2.a" not in waiting
    assert len(installation.tools.cycles.all()) == before


async def test_launch_with_a_date_of_another_year_is_refused(installation: Installation):
    async with installation.api(VisitorRole.OFFICER) as program:
        dates = {"V.2.H1": "2026-06-30"}
        answer = await post(program, f"{ITS_PLAN}/launch", **ORDER | {"dates": dates})

    assert (answer.status_code, answer.json()["code"]) == (422, "launch_unfit")
    assert "không thuộc chu kỳ năm 2027" in answer.text
    assert [each.year for each in installation.tools.cycles.all()] == [2026]


async def test_launch_is_kept_once_and_its_progress_can_be_read(installation: Installation):
    """Although Temporal is away; the worker starts what is kept."""
    async with installation.api(VisitorRole.OFFICER) as program:
        foreseen = (await program.post(f"{ITS_PLAN}/preview", json=ORDER)).json()["findings"]
        first = await post(program, f"{ITS_PLAN}/launch", **ORDER)
        again = await post(program, f"{ITS_PLAN}/launch", **ORDER)
        other = await post(program, f"{ITS_PLAN}/launch", **ORDER | {"year": 2028})
        repeated = await post(program, f"{ITS_PLAN}/launch", key="khoa-0002", **ORDER)
        progress = (await program.get(f"/api/v1/cycles/{PLAN}/2027/progress")).json()

    assert (first.status_code, first.json()) == (200, progress | {"findings": foreseen})
    assert any("số" in each["message"] for each in foreseen)
    assert again.json() == first.json()
    assert (progress["cycle"], progress["stage"]) == (f"cycle/{PLAN}/2027", "opening")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert (repeated.status_code, repeated.json()["code"]) == (409, "already_launched")
    assert repeated.json()["cycle"] == progress["cycle"]
    assert progress["tasks"] == 0 < progress["expected_tasks"]
    (kept,) = [each for each in installation.tools.cycles.all() if each.year != 2026]
    assert (kept.dates, kept.allocation) == ({"V.2.H1": "2027-06-30"}, {"III.2.a": ["PCM1"]})


async def test_key_of_a_launch_that_was_voided_launches_nothing_again(installation: Installation):
    async with installation.api(VisitorRole.OFFICER) as program:
        first = await post(program, f"{ITS_PLAN}/launch", **ORDER)
        installation.tools.cycles.set_stage(first.json()["cycle"], "voided")
        late = await post(program, f"{ITS_PLAN}/launch", **ORDER)
        anew = await post(program, f"{ITS_PLAN}/launch", key="khoa-0002", **ORDER)

    assert (late.json()["cycle"], late.json()["stage"]) == (first.json()["cycle"], "voided")
    assert anew.json()["cycle"] == f"cycle/{PLAN}/2027-2"


async def test_launch_that_cannot_be_names_each_place_and_leaves_its_key_free(
    installation: Installation,
):
    wrong = ORDER | {"allocation": {"III.2.a": ["KHONG-CO"]}}
    async with installation.api(VisitorRole.OFFICER) as program:
        answer = await post(program, f"{ITS_PLAN}/launch", **wrong)
        mended = await post(program, f"{ITS_PLAN}/launch", **ORDER)

    assert (answer.status_code, answer.json()["code"]) == (422, "launch_unfit")
    assert any("KHONG-CO" in each["message"] for each in answer.json()["errors"])
    assert mended.status_code == 200


async def test_cycle_is_closed_with_a_word_on_everything_it_leaves_open(
    installation: Installation,
):
    """Received although Temporal is away; the worker sends what is kept."""
    async with installation.api(VisitorRole.OFFICER) as program:
        still_open = (await program.get(f"{ITS_CYCLE}/left-open")).json()
        silent = await post(program, f"{ITS_CYCLE}/close", text="Hết năm.")
        said: dict[str, Any] = {"carry": ["V.1"], "end_with": "12/QĐ-SGDĐT", "text": "Hết năm."}
        answer = await post(program, f"{ITS_CYCLE}/close", **said)

    names = {each["name"] for each in still_open}
    assert {"V.1/H1", "V.1/H2", "III.1.d/han"} <= names
    assert (silent.status_code, silent.json()["code"]) == (422, "left_open")
    assert "III.1.d/han" in silent.json()["detail"]
    assert (answer.status_code, answer.json()["stage"]) == (202, "closing")
    [kept] = installation.tools.cycles.ending()
    order = CycleEnd.model_validate_json(kept.ending or "")
    assert order.verb == "close"
    assert order.reference == "12/QĐ-SGDĐT"
    assert {"V.1" in task for task in order.carry} == {True}
    assert any("III.1.d" in task for task in order.ended)


async def test_an_end_is_ordered_once_under_its_key_and_under_another_refused(
    installation: Installation,
):
    async with installation.api(VisitorRole.OFFICER) as program:
        first = await post(program, f"{ITS_CYCLE}/void", text="Nhầm năm.")
        again = await post(program, f"{ITS_CYCLE}/void", text="Nhầm năm.")
        reused = await post(program, f"{ITS_CYCLE}/void", text="Lý do khác.")
        other = await post(program, f"{ITS_CYCLE}/void", key="khoa-0002", text="Nhầm năm.")
        close = await post(program, f"{ITS_CYCLE}/close", key="khoa-0003", end_with="12/QĐ")
        installation.tools.cycles.set_stage(first.json()["cycle"], "voided")
        late = await post(program, f"{ITS_CYCLE}/void", text="Nhầm năm.")
        refused = await post(program, f"{ITS_CYCLE}/void", key="khoa-0002", text="Nhầm năm.")

    assert (first.status_code, again.status_code, late.status_code) == (202, 202, 202)
    assert (first.json()["stage"], late.json()["stage"]) == ("voiding", "voided")
    assert again.json() == first.json()
    assert (reused.status_code, reused.json()["code"]) == (422, "key_reused")
    for answer in (other, close, refused):
        assert (answer.status_code, answer.json()["code"]) == (409, "refused")
        assert "đã có lệnh hủy, ghi lúc" in answer.json()["detail"]
