"""Telling subscribers what the ledger has recorded, as signed CloudEvents, for as long as it runs.

Several workers may do it side by side: a subscription is told by whoever has claimed it. What was
posted when a process ended is posted once more, under the same id.
"""

import asyncio
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import Engine

from activities.channels.port import ChannelDown, Never, NotNow
from activities.channels.webhook import Poster, Webhook
from activities.subscriptions import Batch, Recorded, Subscription, Subscriptions
from models.clock import VN

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 2.0
AT_ONCE = 8
# What is posted and not yet remembered comes twice after a crash.
REMEMBERED_EVERY = 20
# Whoever is slow, or far behind, does not keep its place from those who wait. A turn and its last
# post are shorter than a claim.
TURN_SECONDS = 30.0
LONGEST_POST_SECONDS = 20.0


def subscription_key(secret: str, id_: str) -> bytes:
    """Each subscription has a key of its own: two that name one address know nothing of each
    other's."""
    return hmac.digest(secret.encode(), f"subscription:{id_}".encode(), "sha256")


def cloud_event(entry: Recorded, source: str) -> dict[str, Any]:
    """An entry as CloudEvents 1.0; its id is the same for every attempt and every subscriber."""
    return {
        "specversion": "1.0",
        "id": event_id(entry),
        "source": source,
        "type": f"vn.dondoc.ledger.{entry.kind}.v1",
        "subject": entry.subject,
        "time": entry.at.astimezone(VN).isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "cycle": entry.cycle,
            "task": entry.task,
            "seq": entry.seq,
            "hash": entry.hash,
            "kind": entry.kind,
            "unit": entry.unit,
            "command": entry.command,
            "entry": entry.payload,
        },
    }


def event_id(entry: Recorded) -> str:
    return hashlib.sha256(f"{entry.task}#{entry.seq}".encode()).hexdigest()[:32]


class Publisher:
    """`source` is this installation's address; `secret` is what the keys are made from."""

    def __init__(
        self,
        engine: Engine,
        webhook: Webhook,
        source: str,
        secret: str,
        *,
        look_every: float = LOOK_EVERY_SECONDS,
        at_once: int = AT_ONCE,
        turn: float = TURN_SECONDS,
    ) -> None:
        self._subscriptions = Subscriptions(engine)
        self._webhook = webhook
        self._source = source
        self._secret = secret
        self._look_every = look_every
        self._claimant = uuid4().hex
        self._turn = turn
        self._gate = asyncio.Semaphore(at_once)
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        try:
            while True:
                try:
                    await self._look()
                except Exception as problem:  # nobody would start it again
                    log.warning("publishing.database", reason=str(problem))
                await asyncio.sleep(self._look_every)
        finally:
            telling = list(self._under_way.values())
            for each in telling:
                each.cancel()
            await asyncio.gather(*telling, return_exceptions=True)
            if telling:
                # Some were stopped before they could; others would wait a minute for their claims.
                await asyncio.gather(self._release(), return_exceptions=True)

    async def _look(self) -> None:
        """Each subscriber is told at its own pace, and in turns."""
        behind = await asyncio.to_thread(self._subscriptions.behind, datetime.now(UTC))
        for subscription in behind:
            if subscription.id not in self._under_way:
                telling = asyncio.create_task(self._one(subscription))
                self._under_way[subscription.id] = telling

    async def _one(self, subscription: Subscription) -> None:
        try:
            async with self._gate:
                await self._tell(subscription)
        except Exception as problem:  # one subscriber must never stop the others
            log.warning("publishing.error", subscription=subscription.id, reason=str(problem))
        finally:
            del self._under_way[subscription.id]

    async def _tell(self, subscription: Subscription) -> None:
        """All that follows, as far as one turn gets."""
        until = asyncio.get_running_loop().time() + self._turn
        if not await self._claim(subscription):
            return
        try:
            async with self._webhook.session() as poster:
                # Read after the claim: another may have told some of it before.
                while batches := await self._following(subscription):
                    for batch in batches:
                        if not await self._tell_task(poster, subscription, batch, until):
                            return
        except (NotNow, Never, ChannelDown) as problem:
            log.warning("publishing.undelivered", subscription=subscription.id, reason=str(problem))
            await asyncio.to_thread(self._subscriptions.failed, subscription, str(problem))
        finally:
            await self._release(subscription.id)

    async def _following(self, subscription: Subscription) -> list[Batch]:
        return await asyncio.to_thread(self._subscriptions.following, subscription)

    async def _tell_task(
        self, poster: Poster, subscription: Subscription, batch: Batch, until: float
    ) -> bool:
        """Posts what is new of one task in order; False when the turn is over."""
        loop = asyncio.get_running_loop()
        last, answer = 0, ""
        try:
            for number, entry in enumerate(batch.entries, 1):
                answer = await self._post(poster, subscription, entry)
                last = entry.seq
                over = loop.time() > until
                if over or number % REMEMBERED_EVERY == 0:
                    await self._remember(subscription, batch.task, last, answer)
                if over:
                    return False
        except BaseException:
            if last:
                await self._remember(subscription, batch.task, last, answer)
            raise
        await self._remember(subscription, batch.task, batch.until, answer)
        return True

    async def _post(self, poster: Poster, subscription: Subscription, entry: Recorded) -> str:
        said = cloud_event(entry, self._source)
        key = subscription_key(self._secret, subscription.id)
        try:
            async with asyncio.timeout(LONGEST_POST_SECONDS):
                return await poster.post(said["id"], said, subscription.url, key=key)
        except TimeoutError as slow:
            raise NotNow("Nơi nhận trả lời quá chậm.") from slow

    async def _claim(self, subscription: Subscription) -> bool:
        """Also when it is stopped, it ends only when it is known whether it has claimed: a thread
        goes on."""
        claiming = asyncio.create_task(
            asyncio.to_thread(
                self._subscriptions.claim, subscription.id, self._claimant, datetime.now(UTC)
            )
        )
        try:
            return await asyncio.shield(claiming)
        finally:
            await asyncio.wait([claiming])

    async def _release(self, only: str | None = None) -> None:
        await asyncio.to_thread(self._subscriptions.release, self._claimant, only)

    async def _remember(self, subscription: Subscription, task: str, seq: int, answer: str) -> None:
        await asyncio.to_thread(self._subscriptions.told, subscription.id, task, seq, answer)
