"""Telling Temporal that a long activity is alive."""

from contextlib import suppress
from time import monotonic

from temporalio import activity

BEAT_SECONDS = 3.0


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
