"""The pace of the demonstration: its clock waits for the work of its days."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Self

from temporalio.client import Client

from cli.context import Context
from models.cycle import CycleProgress

LOOK_SECONDS = 0.2
MOST_BEHIND = timedelta(days=1)
LONGEST_HOLIDAY = timedelta(days=12)  # nothing is sent over Tết and the weekends around it
SLOWER = 0.7
SMOOTH_SECONDS = 10.0  # on time for so long, it may go faster again
SLOWEST = 0.1  # of the speed that was asked for


class Pace:
    """Stops the clock while tasks, digests or the people are more than a day behind it, and goes
    on more slowly: on a busy machine a year takes longer, it does not fall apart."""

    def __init__(
        self,
        context: Context,
        client: Client,
        cycle: str,
        speed: float,
        run_at: Callable[[float], Awaitable[None]],
    ) -> None:
        self._context = context
        self._handle = client.get_workflow_handle(cycle)
        self._cycle = cycle
        self._asked = self._speed = speed
        self._run_at = run_at
        self._look: datetime | None = None

    async def __aenter__(self) -> Self:
        await self._run_at(self._speed)
        self._keeping = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._keeping.cancel()
        with suppress(asyncio.CancelledError):
            await self._keeping
        await self._run_at(0)

    @contextmanager
    def looking(self, now: datetime) -> Iterator[None]:
        """The people act on what they have seen at `now`."""
        self._look = now
        try:
            yield
        finally:
            self._look = None

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        since = loop.time()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if await self._is_behind(MOST_BEHIND):
                await self._catch_up()
                self._speed = max(self._speed * SLOWER, self._asked * SLOWEST)
            elif self._speed < self._asked and loop.time() - since > SMOOTH_SECONDS:
                self._speed = min(self._speed / SLOWER, self._asked)
            else:
                continue
            await self._run_at(self._speed)
            since = loop.time()

    async def _catch_up(self) -> None:
        await self._run_at(0)
        while await self._is_behind(timedelta(0)):  # noqa: ASYNC110 - the database is asked
            await asyncio.sleep(LOOK_SECONDS)

    async def _is_behind(self, allowed: timedelta) -> bool:
        now = self._context.now
        if self._look is not None and now - self._look > allowed:
            return True
        store = self._context.cycles
        waiting = await asyncio.to_thread(store.behind, self._cycle, now - allowed)
        if any(not task.halted for task in waiting):
            return True
        progress: CycleProgress = await self._handle.query("progress", result_type=CycleProgress)
        return now - progress.sent_until > LONGEST_HOLIDAY
