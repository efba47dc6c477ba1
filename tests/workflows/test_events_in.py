"""Another system tells of an event through the API: a dormant task wakes, and who has asked to be
told is told."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import httpx

from activities.accounts import Accounts
from activities.tokens import Tokens
from models.plan import Dormant, Plan
from models.visitor import Scope, VisitorRole
from tests.receivers import http_receiver
from tests.workflows.builders import a_plan, moment, some_units
from tests.workflows.world import World, until
from web.app import create_app
from worker import publisher_of

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "vb-1",
    "source": "https://vanban.example",
    "type": "vn.dondoc.document.issued.v1",
    "data": {"number": "12/QĐ-UBND", "issued_on": "2026-02-02"},
}
STRUCTURED = {"Content-Type": "application/cloudevents+json"}


def a_dormant_plan(plan_id: str) -> Plan:
    plan = a_plan(plan_id, "III.1.d")
    (task,) = plan.document.tasks
    waiting = task.model_copy(update={"timing": Dormant(text="sau khi có văn bản", within_days=10)})
    document = plan.document.model_copy(update={"tasks": (waiting,)})
    return plan.model_copy(update={"document": document})


def a_program(world: World) -> httpx.AsyncClient:
    account = Accounts(world.engine).add("ntlan", VisitorRole.OFFICER, name="Chuyên viên thử")
    assert account
    secret = (
        Tokens(world.engine)
        .make("trục văn bản", Scope, lasts=timedelta(days=1), account=account.id)
        .secret
    )
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(world.settings, world.engine)),
        base_url="http://dondoc.test/api/v1",
        headers={"Authorization": f"Bearer {secret}"},
    )


async def test_document_that_was_issued_wakes_a_dormant_task_and_subscribers_hear_of_it(
    world: World,
):
    reached = world.settings.model_copy(update={"allowed_networks": ("127.0.0.0/8",)})
    subject = f"{world.plan}/2026/III.1.d"
    event = EVENT | {"subject": subject}
    with http_receiver() as receiver:
        async with world.worker(), a_program(world) as program:
            await world.launch(a_dormant_plan(world.plan), some_units(), at=moment("05/01"))
            await program.post(
                "/subscriptions",
                json={"url": receiver.url(), "kinds": ["deadline_set"]},
                headers={"Idempotency-Key": "dang-ky-1"},
            )
            await world.step_to(moment("03/02"))
            woken = await program.post("/events", json=event, headers=STRUCTURED)
            traced = event | {"time": "2026-02-03T09:00:00+07:00"}
            again = await program.post("/events", json=traced, headers=STRUCTURED)
            other = await program.post(
                "/events",
                json=event | {"data": EVENT["data"] | {"number": "13"}},
                headers=STRUCTURED,
            )
            late = await program.post("/events", json=event | {"id": "vb-2"}, headers=STRUCTURED)
            publishing = asyncio.create_task(publisher_of(reached, world.engine).run())
            await until(lambda: bool(receiver.posted), "the subscriber is told")
            publishing.cancel()
            await asyncio.gather(publishing, return_exceptions=True)

    assert woken.status_code == 200, woken.text
    assert again.json() == woken.json()
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert (late.status_code, late.json()["code"]) == (409, "refused")
    assignment = world.assignment(world.task("III.1.d"), "GDTRH")
    assert assignment.last_day == date(2026, 2, 12).isoformat()
    told = json.loads(receiver.posted[0].body)
    assert told["type"] == "vn.dondoc.ledger.deadline_set.v1"
    assert told["data"]["entry"]["reference"] == "12/QĐ-UBND"
