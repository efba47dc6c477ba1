"""When a message that could not be handed over is tried again, and when that ends."""

from datetime import datetime, timedelta

PAUSES = (
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
)
# As mail servers have it among themselves (RFC 5321, 4.5.4.1: at least four or five days).
GIVE_UP_AFTER = timedelta(days=5)


def next_attempt(attempts: int, *, first: datetime, now: datetime) -> datetime | None:
    """The plan instant of the next attempt after `attempts` of them; None when it is time to give
    up."""
    if now - first >= GIVE_UP_AFTER:
        return None
    return now + PAUSES[min(attempts, len(PAUSES)) - 1]
