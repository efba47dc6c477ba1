"""Telling Temporal that a long activity is alive."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import ParamSpec, TypeVar

from temporalio import activity

BEAT_SECONDS = 3.0

P = ParamSpec("P")
T = TypeVar("T")


class Heartbeat:
    """Beats every few seconds, however often it is called. A worker too busy to pass a beat on
    goes on with its work: giving up would only make it busier."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, *details: object) -> None:
        if monotonic() < self._next:
            return
        with suppress(TimeoutError):
            activity.heartbeat(*details)
        self._next = monotonic() + BEAT_SECONDS


async def alive(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Does blocking work in a thread, and beats until it is done: reading the ledgers of a whole
    cycle may take longer than Temporal waits for a sign."""
    done = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    while not (await asyncio.wait({done}, timeout=BEAT_SECONDS))[0]:
        activity.heartbeat()
    return done.result()
