"""Open pages hear of what concerns them, and of nothing else."""

import asyncio
import re
from datetime import timedelta

from activities.ledger import Ledger
from activities.views.changes import Change, Changes
from models.commands import Acknowledge, Actor, ActorKind
from models.identifiers import task_id
from models.visitor import Visitor, VisitorRole
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from tests.shipped import PLAN
from tests.web.conftest import NOW, SCHOOL, Installation
from web.live import Broadcast, Listener

TASK = task_id(PLAN, "2026", "III.1.d", "han")


def acknowledge(installation: Installation) -> str:
    """Records what the task's workflow would; returns the cycle."""
    ledger = Ledger(installation.tools.engine)
    loaded = ledger.load(TASK)
    actor = Actor(kind=ActorKind.UNIT, ref=SCHOOL)
    command = Acknowledge(id="c1", task=TASK, unit=SCHOOL, actor=actor, received_at=NOW)
    installation.tools.commands.store(command)
    at = NOW + timedelta(seconds=1)
    after = step(loaded.state, [command], at=at, fire=False)
    summary = task_row(after.state, at=at)
    ledger.record(
        recording_of(
            after.state,
            after.events,
            head=loaded.head,
            at=at,
            summary=summary,
            outcomes=after.outcomes,
        )
    )
    return installation.tools.lookup.task(TASK)[0].cycle


def test_a_look_finds_what_was_recorded_since_the_last(installation: Installation):
    changes = Changes(installation.tools.engine)
    assert changes.look() == []
    before = changes.position()

    cycle = acknowledge(installation)

    after = changes.position()
    assert after > before
    assert changes.look() == [Change(cycle, TASK, frozenset({SCHOOL}), after)]
    assert changes.look() == []


def a_listener(unit: str | None = None, cycle: str | None = None, since: int = 0) -> Listener:
    role = VisitorRole.UNIT if unit else VisitorRole.OFFICER
    return Listener(Visitor(session="s", role=role, unit=unit), cycle, since=since)


async def test_what_a_page_was_made_with_is_no_news_to_it(installation: Installation):
    """One's own act is recorded before the page that says so is made."""
    broadcast = Broadcast(changes := Changes(installation.tools.engine))
    changes.look()
    older = a_listener(SCHOOL, since=broadcast.position())
    acknowledge(installation)
    async with installation.unit(SCHOOL) as browser:
        page = await browser.get("/")
    made_at = re.search(r'data-live="/su-kien\?tu=(\d+)"', page.text)
    assert made_at
    newer = a_listener(SCHOOL, since=int(made_at[1]))

    async with broadcast.listening(older), broadcast.listening(newer):
        await asyncio.wait_for(older.changed.wait(), 30)
    later = a_listener(SCHOOL, since=older.since)
    async with broadcast.listening(later):
        pass

    assert not newer.changed.is_set()
    assert later.changed.is_set()


async def test_a_process_that_has_just_begun_hides_nothing_from_pages_of_another(
    installation: Installation,
):
    made_at = Broadcast(Changes(installation.tools.engine)).position()
    acknowledge(installation)
    begun_since = Broadcast(Changes(installation.tools.engine))
    now = begun_since.position()
    page_of_the_other, page_of_now = a_listener(since=made_at), a_listener(since=now)

    async with begun_since.listening(page_of_the_other), begun_since.listening(page_of_now):
        assert page_of_the_other.changed.is_set()
        assert not page_of_now.changed.is_set()


def test_listeners_hear_of_what_concerns_them_only():
    change = Change("cycle/a/2026", "task/a", frozenset({SCHOOL}), 7)
    concerned = [a_listener(), a_listener(SCHOOL), a_listener(cycle="cycle/a/2026")]
    others = [a_listener("VP"), a_listener(cycle="cycle/b/2026"), a_listener(since=7)]

    for listener in concerned + others:
        listener.hear([change])

    assert all(listener.changed.is_set() for listener in concerned)
    assert not any(listener.changed.is_set() for listener in others)
