"""Draining a cycle's outbox: every channel on its own, with several senders each."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from activities.channels.port import Channel, ChannelDown, Never, NotNow, Session
from activities.heartbeat import BEAT_SECONDS
from activities.mailroom import Mailroom, Outgoing
from activities.outbox import Claimant, Outbox
from models.clock import Clock

logger = logging.getLogger(__name__)

CLAIMED_AT_ONCE = 25
# What was made ready longer ago is made ready again: the world may have changed.
FRESH_SECONDS = 15.0
RATE_PAUSE_SECONDS = 1.0


class Post(NamedTuple):
    """A channel as this installation uses it; `per_minute` 0 is without a limit."""

    channel: Channel
    per_minute: int = 0


class Drain(NamedTuple):
    """What one draining needs to know. `clock` reads the clock, `may_send` whether the window is
    open and nobody wants it to stop, `beat` says that it is alive."""

    outbox: Outbox
    mailroom: Mailroom
    cycle: str
    coordinator: str
    claimant: Claimant
    clock: Callable[[], Clock]
    may_send: Callable[[], bool]
    beat: Callable[[], None]


async def drain(work: Drain, posts: Mapping[str, Post]) -> dict[str, str]:
    """Hands over all that may leave now. Returns the channels that are down, and why."""
    beating = asyncio.create_task(_beat(work.beat))
    try:
        channels = [_Drained(work, name, post) for name, post in posts.items()]
        await asyncio.gather(*(each.run() for each in channels))
    finally:
        beating.cancel()
    return {each.name: each.down for each in channels if each.down is not None}


async def _beat(beat: Callable[[], None]) -> None:
    while True:
        beat()
        await asyncio.sleep(BEAT_SECONDS)


class _Drained:
    """One channel. When it is down all its senders stop, and those of no other."""

    def __init__(self, work: Drain, name: str, post: Post) -> None:
        self.name = name
        self.down: str | None = None
        self._work = work
        self._post = post
        self._clock = Clock()

    async def run(self) -> None:
        waiting = await asyncio.to_thread(self._work.outbox.waiting, self._work.cycle, self.name)
        senders = min(self._post.channel.at_once, -(-waiting // CLAIMED_AT_ONCE))
        await asyncio.gather(*(self._send() for _ in range(senders)))

    async def _send(self) -> None:
        async with self._post.channel.session() as session:
            while self.down is None and (some := await self._claimed()):
                await self._hand_over(session, some)

    async def _claimed(self) -> list[Outgoing]:
        work = self._work
        while await asyncio.to_thread(work.may_send):
            self._clock = await asyncio.to_thread(work.clock)
            some = await asyncio.to_thread(
                work.outbox.claim,
                work.mailroom,
                work.cycle,
                self.name,
                work.claimant,
                now=self._now(),
                most=CLAIMED_AT_ONCE,
                per_minute=self._post.per_minute,
            )
            if some is not None:
                return some
            await asyncio.sleep(RATE_PAUSE_SECONDS)
        return []

    def _now(self) -> datetime:
        """The plan instant, by the clock as it was when the last ones were claimed."""
        return self._clock.plan_time(datetime.now(UTC))

    async def _hand_over(self, session: Session, some: list[Outgoing]) -> None:
        loop = asyncio.get_running_loop()
        fresh_until = loop.time() + FRESH_SECONDS
        for number, outgoing in enumerate(some):
            if self.down is not None or loop.time() > fresh_until:
                await asyncio.to_thread(self._work.outbox.release, some[number:])
                return
            try:
                await self._one(session, outgoing)
            except ChannelDown as down:
                self.down = str(down)
                logger.warning("kênh %s: %s", self.name, down)
                await asyncio.to_thread(self._work.outbox.release, some[number:], str(down))
                return

    async def _one(self, session: Session, outgoing: Outgoing) -> None:
        """Raises ChannelDown only: one address must never stop the others."""
        outbox, now, coordinator = self._work.outbox, self._now, self._work.coordinator
        try:
            if outgoing.nowhere is not None:
                raise Never(outgoing.nowhere)
            answer = await session.send(outgoing.parcel, outgoing.to)
        except ChannelDown:
            raise
        except Never as never:
            await asyncio.to_thread(
                outbox.dead, outgoing, str(never), at=now(), coordinator=coordinator
            )
        except NotNow as later:
            await asyncio.to_thread(
                outbox.later, outgoing, str(later), at=now(), coordinator=coordinator
            )
        except Exception as error:
            logger.exception("thư %s chưa gửi được", outgoing.dispatch.id)
            await asyncio.to_thread(
                outbox.later, outgoing, repr(error), at=now(), coordinator=coordinator
            )
        else:
            await asyncio.to_thread(outbox.accepted, outgoing, answer, at=now())
