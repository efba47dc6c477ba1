"""Events of other systems: what is taken, and what is refused clearly."""

from typing import Any

import pytest

from models.visitor import Scope, VisitorRole
from tests.shipped import PLAN
from tests.web.conftest import SCHOOL, Installation
from tests.workflows.test_events_in import EVENT, STRUCTURED
from web.api.problems import KINDS

SUBJECT = f"{PLAN}/2026/V.2/H1"
WHOLE = EVENT | {"subject": SUBJECT}


@pytest.mark.parametrize(
    ("event", "code", "place"),
    [
        pytest.param(WHOLE | {"specversion": "0.3"}, "invalid", "body.specversion", id="version"),
        pytest.param({**WHOLE, "id": ""}, "invalid", "body.id", id="no id"),
        pytest.param(WHOLE | {"type": "vn.khac.v1"}, "event_unknown", None, id="another type"),
        pytest.param(WHOLE | {"subject": "V.2"}, "invalid", "body.subject", id="subject"),
        pytest.param(
            WHOLE | {"subject": f"{PLAN}/2026/IX.9/H1"}, "event_unknown", None, id="no such task"
        ),
        pytest.param(
            WHOLE | {"subject": f"{PLAN}/2026/V.1"}, "event_unknown", None, id="which occurrence"
        ),
        pytest.param(
            WHOLE | {"data": {"number": "1"}}, "invalid", "body.data.issued_on", id="no day"
        ),
        pytest.param({}, "invalid", "body.type", id="nothing"),
        pytest.param([], "malformed", None, id="a batch"),
    ],
)
async def test_event_that_cannot_be_used_says_why(installation: Installation, event, code, place):
    async with installation.api(VisitorRole.OFFICER) as program:
        answer = await program.post("/api/v1/events", json=event, headers=STRUCTURED)

    assert (answer.status_code, answer.json()["code"]) == (KINDS[code].status, code)
    if place:
        assert place in {each["place"] for each in answer.json()["errors"]}


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml"])
async def test_what_is_no_event_is_refused_by_its_kind(installation: Installation, kind: str):
    async with installation.api(VisitorRole.OFFICER) as program:
        answer = await program.post("/api/v1/events", content=b"{}", headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_both_forms_of_an_event_are_taken_once_each(installation: Installation):
    attributes: dict[str, Any] = {k: v for k, v in WHOLE.items() if k != "data"}
    headers = {f"ce-{name}": value for name, value in attributes.items()} | {"ce-id": "vb-2"}
    async with installation.api(VisitorRole.OFFICER, Scope.EVENTS) as program:
        answers = [
            await program.post("/api/v1/events", json=WHOLE, headers=STRUCTURED),
            await program.post("/api/v1/events", json=WHOLE, headers=STRUCTURED),
            await program.post("/api/v1/events", json=WHOLE["data"], headers=headers),
        ]

    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len(installation.decide()) == 2


async def test_only_officers_with_that_scope_tell_of_events(installation: Installation):
    async with (
        installation.api(SCHOOL) as unit,
        installation.api(VisitorRole.OFFICER, Scope.WRITE) as officer,
    ):
        role = await unit.post("/api/v1/events", json=WHOLE, headers=STRUCTURED)
        scope = await officer.post("/api/v1/events", json=WHOLE, headers=STRUCTURED)

    assert (role.status_code, role.json()["code"]) == (403, "role_forbidden")
    assert (scope.status_code, scope.json()["code"]) == (403, "scope_missing")
