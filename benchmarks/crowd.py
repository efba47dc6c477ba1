"""Many people at once, and how long each of them waits."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Crowd:
    seconds: float
    waits: tuple[float, ...]

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    @property
    def p99(self) -> float:
        return sorted(self.waits)[max(0, -(-len(self.waits) * 99 // 100) - 1)]


async def at_once(people: Sequence[Sequence[Any]], send: Callable[[Any], Awaitable[None]]) -> Crowd:
    """Each person sends what is theirs, one after another; all people do so at the same time."""
    waits: list[float] = []

    async def person(items: Sequence[Any]) -> None:
        for item in items:
            begun = perf_counter()
            await send(item)
            waits.append(perf_counter() - begun)

    begun = perf_counter()
    await asyncio.gather(*(person(items) for items in people))
    return Crowd(perf_counter() - begun, tuple(waits))


def dealt(items: Sequence[Any], people: int) -> list[Sequence[Any]]:
    """`items` dealt out to at most `people`."""
    return [items[start::people] for start in range(min(people, len(items)))]
