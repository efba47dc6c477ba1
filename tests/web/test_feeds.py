"""Calendar feeds over HTTP: by their secret alone, and only when something has changed."""

from datetime import date
from typing import Any

from icalendar import Calendar

from models.commands import Actor, ActorKind, Cancel
from models.identifiers import task_id
from tests.shipped import PLAN
from tests.web.conftest import HERE, NOW, SCHOOL, Installation


def an_address(installation: Installation, unit: str = SCHOOL) -> str:
    return installation.tools.feeds.create(unit).removeprefix(HERE)


async def test_secret_opens_the_deadlines_of_its_unit_without_signing_in(
    installation: Installation,
):
    async with installation.browser() as program:
        answer = await program.get(an_address(installation))

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events: list[Any] = list(Calendar.from_ical(answer.content).walk("VEVENT"))
    assert date(2026, 2, 28) in {event["DTSTART"].dt for event in events}
    assert all(f"/{SCHOOL}" in event["URL"] for event in events)


async def test_what_has_not_changed_is_not_sent_again(installation: Installation):
    address = an_address(installation)

    async with installation.browser() as program:
        first = await program.get(address)
        tag = first.headers["etag"]
        again = await program.get(address, headers={"If-None-Match": f'"other", {tag}'})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_change_is_sent(installation: Installation):
    address = an_address(installation)
    cancelled = Cancel(
        id="c1",
        task=task_id(PLAN, "2026", "III.1.d", "han"),
        unit=SCHOOL,
        actor=Actor(kind=ActorKind.OFFICER),
        received_at=NOW,
        reference="12/QĐ-SGDĐT",
    )

    async with installation.browser() as program:
        tag = (await program.get(address)).headers["etag"]
        installation.tools.commands.store(cancelled)
        installation.decide()
        again = await program.get(address, headers={"If-None-Match": tag})

    assert again.status_code == 200
    assert b"STATUS:CANCELLED" in again.content


async def test_unknown_or_revoked_secret_opens_nothing(installation: Installation):
    address, feeds = an_address(installation), installation.tools.feeds
    (feed,) = feeds.of_unit(SCHOOL)
    feeds.revoke(feed.id, unit=SCHOOL)

    async with installation.browser() as program:
        answers = [await program.get(each) for each in (address, "/lich/doan-mo.ics")]

    assert [answer.status_code for answer in answers] == [404, 404]
