"""A program sends a document, follows its reading, and makes a plan of it when nothing is wrong."""

import asyncio
import hashlib
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from activities.plan_reviews import Review
from models.visitor import VisitorRole
from tests.shipped import PLAN
from tests.web.api.test_acting import post
from tests.web.conftest import NOW, Installation
from tests.web.test_plan_review import DOCUMENT, opened, read_here

REVIEWS = "/api/v1/plan-reviews"


async def sent(program: httpx.AsyncClient, content: str, **query: Any) -> httpx.Response:
    return await program.post(
        REVIEWS,
        params={"name": "ke-hoach.txt"} | query,
        content=content.encode(),
        headers={"Idempotency-Key": "van-ban-0001"},
    )


async def test_document_is_sent_read_once_and_confirmed_as_a_plan(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def read(review: Review, *, patience: float) -> None:
        read_here(installation, tmp_path, DOCUMENT, review.id)

    monkeypatch.setattr(installation.tools.readings, "read", read)
    async with installation.api(VisitorRole.OFFICER) as program:
        first = await sent(program, DOCUMENT, conventions=PLAN)
        again = await sent(program, DOCUMENT, conventions=PLAN)
        other = await sent(program, DOCUMENT + "4. Khác.", conventions=PLAN)
        its = f"{REVIEWS}/{first.json()['id']}"
        whole = (await program.get(its)).json()
        listed = (await program.get(REVIEWS)).json()
        old = await post(program, f"{its}/confirm", version=9)
        made = [await post(program, f"{its}/confirm", version=0) for _ in range(2)]
        dropped = await post(program, f"{its}/drop", key="khoa-0002", version=0)
        plan = await program.get(f"/api/v1/plans/{made[0].json()['plan']}")

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json()["id"] == first.json()["id"]
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert [each["id"] for each in listed] == [first.json()["id"]]
    assert whole["problems"] == []
    assert any("Tập huấn giáo viên" in duty["text"] for duty in whole["duties"])
    assert any(
        "Trung tâm Học liệu số" in each for duty in whole["duties"] for each in duty["performers"]
    )
    assert (old.status_code, old.json()["code"]) == (409, "review_changed")
    assert [each.json() for each in made] == [{"plan": "ke-hoach"}] * 2
    assert (dropped.status_code, dropped.json()["code"]) == (409, "review_changed")
    assert len(plan.json()["duties"]) == len(whole["duties"])


async def test_what_forbids_a_plan_is_named_and_nothing_is_replaced_unasked(
    installation: Installation, tmp_path: Path
):
    wrong = opened(installation, tmp_path, DOCUMENT.replace("28/2", "31/2"))
    newer = opened(installation, tmp_path, DOCUMENT, replaces=PLAN)
    async with installation.api(VisitorRole.OFFICER) as program:
        unfit = await post(program, f"{REVIEWS}/{wrong}/confirm", version=0)
        seen = (await program.get(f"{REVIEWS}/{newer}")).json()
        unasked = await post(program, f"{REVIEWS}/{newer}/confirm", version=0)
        kept = installation.tools.registry.plan(PLAN)
        said = {"version": 0, "replaces": seen["replaces"]}
        asked = await post(program, f"{REVIEWS}/{newer}/confirm", key="khoa-0002", **said)
        dropped = [await post(program, f"{REVIEWS}/{wrong}/drop", version=0) for _ in range(2)]
        left = (await program.get(REVIEWS)).json()

    assert (unfit.status_code, unfit.json()["code"]) == (422, "plan_unfit")
    assert "31/2/2027" in unfit.text
    assert (unasked.status_code, unasked.json()["code"]) == (409, "plan_exists")
    assert seen["changes"]
    assert kept
    assert asked.json() == {"plan": PLAN}
    assert installation.tools.registry.plan(PLAN) != kept
    assert [each.status_code for each in dropped] == [204, 204]
    assert left == []


async def test_of_two_documents_at_once_under_one_key_one_is_kept_whole(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
):
    tools = installation.tools
    monkeypatch.setattr(tools.readings, "read", _not_now)
    async with installation.api(VisitorRole.OFFICER) as program:
        answers = await asyncio.gather(
            sent(program, DOCUMENT), sent(program, DOCUMENT + "4. Khác."), sent(program, DOCUMENT)
        )

    taken = [answer for answer in answers if answer.status_code == 202]
    assert len({answer.json()["id"] for answer in taken}) == 1
    assert {a.json()["code"] for a in answers if a.status_code != 202} == {"key_reused"}
    (review,) = tools.plan_reviews.unfinished()
    (file,) = (tools.settings.state_dir / "documents" / review.id).iterdir()
    assert hashlib.sha256(file.read_bytes()).hexdigest() == review.sent.sha256


async def test_interrupted_reading_is_told_and_taken_up_when_the_file_is_sent_again(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
):
    tools, read = installation.tools, list[str]()

    async def take_up(review: Review, *, patience: float) -> None:
        assert tools.readings.has_file(review.id)
        read.append(review.id)

    monkeypatch.setattr(tools.readings, "read", take_up)
    async with installation.api(VisitorRole.OFFICER) as program:
        first = (await sent(program, DOCUMENT)).json()
        await sent(program, DOCUMENT)
        tools.plan_reviews._update(first["id"], read_at=NOW.replace(year=2020))
        shutil.rmtree(tools.settings.state_dir / "documents")
        found = (await program.get(f"{REVIEWS}/{first['id']}")).json()
        again = (await sent(program, DOCUMENT)).json()

    assert (first["interrupted"], found["interrupted"]) == (False, True)
    assert read == [first["id"], again["id"]] == [first["id"]] * 2


@pytest.mark.parametrize("act", ["confirm", "drop"])
async def test_review_ends_once_whether_it_is_asked_twice_or_its_answer_was_lost(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str
):
    reviews = installation.tools.plan_reviews
    end = getattr(reviews, act)

    def beside_its_twin(*asked: Any, **named: Any) -> None:
        end(*asked, **named)
        end(*asked, **named)

    def and_dies(*asked: Any, **named: Any) -> None:
        end(*asked, **named)
        raise RuntimeError

    one, other = (opened(installation, tmp_path, DOCUMENT) for _ in range(2))
    async with installation.api(VisitorRole.OFFICER) as program:
        monkeypatch.setattr(reviews, act, beside_its_twin)
        twice = await post(program, f"{REVIEWS}/{one}/{act}", version=0)
        monkeypatch.setattr(reviews, act, and_dies)
        its, said = f"{REVIEWS}/{other}/{act}", {"version": 0}
        if act == "confirm":  # the first has become the plan
            said["replaces"] = (await program.get(f"{REVIEWS}/{other}")).json()["replaces"]
        lost = await post(program, its, key="khoa-0002", **said)
        again = await post(program, its, key="khoa-0002", **said)
        another = await post(program, its, key="khoa-0002", **said | {"version": 1})
        stranger = await post(program, its, key="khoa-0003", **said)

    assert (lost.status_code, twice.status_code) == (500, again.status_code)
    assert again.is_success
    assert (another.status_code, another.json()["code"]) == (422, "key_reused")
    assert (stranger.status_code, stranger.json()["code"]) == (409, "review_changed")


async def _not_now(_review: Review, *, patience: float) -> None:
    pass


async def test_file_larger_than_taken_is_refused_and_forgotten(installation: Installation):
    most = installation.tools.settings.request_megabytes * 1024 * 1024
    async with installation.api(VisitorRole.OFFICER) as program:
        announced = await program.post(
            REVIEWS,
            params={"name": "to.txt"},
            content=b"x",
            headers={"Idempotency-Key": "van-ban-0001", "Content-Length": f"{most + 1}"},
        )

    assert (announced.status_code, announced.json()["code"]) == (413, "too_large")
    assert installation.tools.plan_reviews.unfinished() == []
