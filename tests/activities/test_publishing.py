"""Subscribers are told what the ledger records: in order, signed, and until they have taken it."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, update
from sqlmodel import Session

from activities.channels.addresses import Reach
from activities.channels.webhook import Webhook
from activities.ledger import Ledger
from activities.publishing import Publisher, subscription_key
from activities.subscriptions import Subscription, Subscriptions
from models.recording import Answer
from models.tables import SubscriptionTable, UnitTable
from tests.activities.test_ledger import OTHER_TASK, TASK, a_note, a_recording, an_opening
from tests.receivers import Receiver, http_receiver

HERE = "https://dondoc.example"
SECRET = "a secret of the installation"
PATIENCE_SECONDS = 100


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with http_receiver() as receiver:
        yield receiver


class Desk:
    """A ledger with two tasks, and who is told of it."""

    def __init__(self, engine: Engine, ledger: Ledger, receiver: Receiver) -> None:
        self.engine = engine
        self.ledger = ledger
        self.receiver = receiver
        self.subscriptions = Subscriptions(engine)
        for task in (TASK, OTHER_TASK):
            ledger.open_task(task, "cycle/lam-dong-nq57/2026", an_opening("A", "B", task=task))

    def subscribe(self, id_: str = "s1", *, unit: str | None = None, **what: Any) -> None:
        self.subscriptions.make(id_, self.receiver.url(), account=None, unit=unit, **what)

    def subscription(self) -> Subscription:
        with Session(self.engine) as session:
            row = session.get_one(SubscriptionTable, "s1")
            return Subscription(**{name: getattr(row, name) for name in Subscription._fields})

    def note(self, unit: str = "A", task: str = TASK) -> None:
        head = self.ledger.load(task).head
        event = a_note(unit=unit).model_copy(update={"reference": f"số {head.seq}"})
        recording = a_recording(head, event).model_copy(update={"task": task})
        assert self.ledger.record(recording).answer is Answer.RECORDED

    def publisher(self) -> Publisher:
        webhook = Webhook(HERE, SECRET, Reach(["127.0.0.0/8"]))
        return Publisher(self.engine, webhook, HERE, SECRET, look_every=0.02)

    @asynccontextmanager
    async def publishing(self, *others: Publisher) -> AsyncIterator[None]:
        running = [asyncio.create_task(each.run()) for each in (self.publisher(), *others)]
        try:
            yield
        finally:
            for each in running:
                each.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(posted.body) for posted in self.receiver.posted]


@pytest.fixture
def desk(engine: Engine, ledger: Ledger, receiver: Receiver) -> Desk:
    return Desk(engine, ledger, receiver)


async def until(holds: Callable[[], bool]) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not await asyncio.to_thread(holds):
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.02)


async def test_subscriber_is_told_in_order_and_signed_of_all_that_comes_after(desk: Desk):
    desk.note()
    desk.subscribe()
    for _ in range(25):
        desk.note()

    async with desk.publishing():
        await until(lambda: len(desk.told()) >= 25)
        desk.note(task=OTHER_TASK)
        await until(lambda: len(desk.told()) >= 26)

    told = desk.told()
    assert [each["data"]["seq"] for each in told] == [*range(6, 31), 5]
    assert len({each["id"] for each in told}) == 26
    first = told[0]
    assert first["type"] == "vn.dondoc.ledger.noted.v1"
    assert first["subject"] == "lam-dong-nq57/2026/III.1.1/han/A"
    assert first["source"] == HERE
    assert first["data"]["entry"]["reference"] == "số 5"
    posted = desk.receiver.posted[0]
    headers = {name.lower(): value for name, value in posted.headers.items()}
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + posted.body
    expected = hmac.digest(subscription_key(SECRET, "s1"), said, "sha256")
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(expected).decode()}"
    assert headers["content-type"].startswith("application/cloudevents+json")


async def test_receiver_that_is_down_gets_everything_when_it_is_back(desk: Desk):
    desk.subscribe()
    desk.note()
    desk.note()
    desk.receiver.answer = (503, b"bao tri", {})
    async with desk.publishing():
        await until(lambda: desk.subscription().failures == 1)
        desk.receiver.answer = (200, b"ok", {})
        waiting = desk.subscription()
        desk.subscriptions.resume("s1")
        await until(lambda: len(desk.told()) >= 3)

    assert waiting.answer == "503 bao tri"
    assert waiting.not_before is not None
    assert waiting.not_before > datetime.now(UTC)
    assert [each["data"]["seq"] for each in desk.told()] == [5, 5, 6]
    assert desk.subscription().failures == 0


async def test_what_was_posted_when_a_process_ended_comes_once_more_under_the_same_id(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.subscribe()
    desk.note()
    told = Subscriptions.told

    def ended(*_: object) -> None:
        raise OSError("the process ended before it could remember")

    monkeypatch.setattr(Subscriptions, "told", ended)
    async with desk.publishing():
        await until(lambda: len(desk.told()) >= 1)
    monkeypatch.setattr(Subscriptions, "told", told)
    desk.note()
    already = len(desk.told())
    async with desk.publishing():
        await until(lambda: len(desk.told()) >= already + 2)

    assert [each["data"]["seq"] for each in desk.told()][already:] == [5, 6]
    assert desk.told()[0]["id"] == desk.told()[already]["id"]


async def test_process_that_stops_while_it_claims_keeps_no_claim(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    desk.subscribe()
    desk.note()
    claims = asyncio.Event()
    loop = asyncio.get_running_loop()
    claim = Subscriptions.claim

    def seen(*what: Any) -> bool:
        loop.call_soon_threadsafe(claims.set)
        return claim(*what)

    monkeypatch.setattr(Subscriptions, "claim", seen)
    with Session(desk.engine) as other:
        other.execute(update(SubscriptionTable).values(failures=0))
        publishing = asyncio.create_task(desk.publisher().run())
        await asyncio.wait_for(claims.wait(), PATIENCE_SECONDS)
        publishing.cancel()
        await asyncio.sleep(0)
        other.commit()
    await asyncio.wait([publishing])

    with Session(desk.engine) as session:
        assert session.get_one(SubscriptionTable, "s1").claimed_by is None
    assert desk.told() == []


async def test_who_tells_nobody_stops_without_waiting_for_whoever_writes(desk: Desk):
    desk.subscribe()
    with Session(desk.engine) as other:
        other.execute(update(SubscriptionTable).values(failures=0))
        publishing = asyncio.create_task(desk.publisher().run())
        await asyncio.sleep(0)
        publishing.cancel()
        ended, _ = await asyncio.wait([publishing], timeout=10)
        other.commit()
    await asyncio.wait([publishing])

    assert ended


async def test_two_workers_tell_each_entry_once(desk: Desk):
    desk.subscribe()
    async with desk.publishing(desk.publisher()):
        for _ in range(12):
            await asyncio.to_thread(desk.note)
        await until(lambda: len(desk.told()) >= 12)
        await until(lambda: not _behind(desk))

    assert [each["data"]["seq"] for each in desk.told()] == list(range(5, 17))


async def test_unit_is_told_of_itself_and_a_hub_of_its_schools(desk: Desk):
    with Session(desk.engine) as session:
        session.add(UnitTable(code="X", name="UBND xã", kind="commune"))
        session.add(UnitTable(code="A", name="Trường A", kind="school", hub="X"))
        session.add(UnitTable(code="B", name="Trường B", kind="school", hub="Y"))
        session.commit()
    desk.subscribe("school", unit="A")
    desk.subscribe("hub", unit="X")
    desk.subscribe("other", unit="C")
    desk.note("A")
    desk.note("B")

    async with desk.publishing():
        await until(lambda: len(desk.told()) >= 2)
        await until(lambda: not _behind(desk))

    assert [each["data"]["unit"] for each in desk.told()] == ["A", "A"]


def _behind(desk: Desk) -> list[Subscription]:
    return desk.subscriptions.behind(datetime.now(UTC) + timedelta(days=1))


async def test_only_what_was_asked_for_is_told(desk: Desk):
    desk.subscribe("kind", kinds=["submitted"])
    desk.subscribe("cycle", cycle="cycle/lam-dong-nq57/2027")
    desk.note()

    async with desk.publishing():
        await until(lambda: not _behind(desk))

    assert desk.told() == []


async def test_what_is_not_for_a_subscriber_says_nothing_of_whether_it_can_be_reached(desk: Desk):
    desk.subscribe(kinds=["submitted"])
    desk.note()
    with desk.engine.begin() as connection:
        since = datetime.now(UTC) - timedelta(days=1)
        connection.execute(update(SubscriptionTable).values(failing_since=since, failures=3))

    async with desk.publishing():
        await until(lambda: not _behind(desk))

    assert desk.subscription().failures == 3


async def test_subscription_that_failed_for_days_stops_and_ended_ones_are_left_alone(desk: Desk):
    desk.subscribe()
    desk.subscribe("s2")
    desk.subscriptions.end("s2")
    desk.note()
    with desk.engine.begin() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=6)
        connection.execute(update(SubscriptionTable).values(failing_since=long_ago, failures=9))
    desk.receiver.answer = (404, b"", {})

    async with desk.publishing():
        await until(lambda: desk.subscription().stopped_at is not None)

    assert len(desk.told()) == 1
    assert _behind(desk) == []


async def test_receiver_that_is_far_behind_takes_turns_with_the_others(desk: Desk):
    """With one place to be told at, and turns of one entry each."""
    for id_ in ("s1", "s2"):
        url = desk.receiver.url(path=f"/{id_}")
        desk.subscriptions.make(id_, url, account=None, unit=None)
    for _ in range(3):
        desk.note()
        desk.note(task=OTHER_TASK)
    webhook = Webhook(HERE, SECRET, Reach(["127.0.0.0/8"]))
    publisher = Publisher(desk.engine, webhook, HERE, SECRET, look_every=0.02, at_once=1, turn=0.0)
    running = asyncio.create_task(publisher.run())
    await until(lambda: not _behind(desk) and len(desk.told()) == 12)
    running.cancel()

    order = [posted.path for posted in desk.receiver.posted]
    assert sorted(order) == ["/s1"] * 6 + ["/s2"] * 6
    assert {"/s1", "/s2"} == set(order[:3])
    for id_ in ("/s1", "/s2"):
        told = [each for each, path in zip(desk.told(), order, strict=True) if path == id_]
        for task in (TASK, OTHER_TASK):
            seqs = [each["data"]["seq"] for each in told if each["data"]["task"] == task]
            assert seqs == [5, 6, 7]


def test_what_follows_is_one_query_however_many_tasks_there_are(desk: Desk):
    desk.subscribe()
    desk.note()
    desk.note(task=OTHER_TASK)
    asked: list[str] = []
    event.listen(desk.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    (behind,) = _behind(desk)
    batches = desk.subscriptions.following(behind)

    assert [(batch.task, len(batch.entries)) for batch in batches] == [(TASK, 1), (OTHER_TASK, 1)]
    assert len([statement for statement in asked if "ledger" in statement]) == 1
