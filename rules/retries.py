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
    up. Whole minutes, so that those who failed together are tried together."""
    if now - first >= GIVE_UP_AFTER:
        return None
    again = now + PAUSES[min(attempts, len(PAUSES)) - 1]
    return again if again == _minute(again) else _minute(again) + timedelta(minutes=1)


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
