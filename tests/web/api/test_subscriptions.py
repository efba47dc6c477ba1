"""Who asks to be told of what is recorded."""

import pytest

from models.visitor import VisitorRole
from tests.web.conftest import SCHOOL, Installation

PATH = "/api/v1/subscriptions"
KEY = {"Idempotency-Key": "dang-ky-1"}
WANTED = {"url": "https://he-thong.example/nhan", "kinds": ["submitted"]}


async def test_subscription_is_made_once_shown_to_its_holder_and_ended(
    installation: Installation,
):
    async with installation.api(SCHOOL) as program, installation.api("VP") as other:
        made = await program.post(PATH, json=WANTED, headers=KEY)
        again = await program.post(PATH, json=WANTED, headers=KEY)
        changed = await program.post(PATH, json=WANTED | {"kinds": []}, headers=KEY)
        its = f"{PATH}/{made.json()['id']}"
        foreign = await other.delete(its)
        (mine,) = (await program.get(PATH)).json()
        theirs = (await other.get(PATH)).json()
        resumed = await program.post(f"{its}/resume", headers={"Idempotency-Key": "tiep-tuc-1"})
        ended = await program.delete(its)
        left = (await program.get(PATH)).json()

    assert (made.status_code, again.json()) == (201, made.json())
    assert made.json()["signing_key"].startswith("whsec_")
    assert "signing_key" not in mine
    assert (changed.status_code, changed.json()["code"]) == (422, "key_reused")
    assert (foreign.status_code, theirs) == (404, [])
    assert (resumed.status_code, ended.status_code, left) == (200, 204, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://he-thong.example"},
        {"url": "https://"},
        {"url": "https://he thong.example/"},
        {"url": "https://he-thong.example:99999999/"},
        {"url": "https://[x/"},
        {"url": "https://he-thong.example", "kinds": ["khong-co"]},
    ],
    ids=lambda wrong: wrong["url"],
)
async def test_address_or_kind_that_is_none_is_refused(installation: Installation, wrong):
    async with installation.api(VisitorRole.OFFICER) as program:
        answer = await program.post(PATH, json=wrong, headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
