"""What every channel takes and answers."""

from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import NamedTuple, Protocol


class ChannelDown(Exception):
    """The channel cannot be used now; what waits for it waits, and nobody's attempt is counted."""


class NotNow(Exception):
    """This recipient cannot take it now: another attempt later."""


class Never(Exception):
    """This recipient will never take it; a person has to look."""


class Parcel(NamedTuple):
    """One message as it leaves.

    `key` is the same for every attempt, so that the other side can recognise a repetition.
    `earlier` are the keys of what its recipient got before in the same conversation, in that
    order; `recipient` is a unit's code, with `:head` for its head; `made_at` is plan time.
    """

    key: str
    recipient: str
    name: str
    day: date
    made_at: datetime
    subject: str
    text: str
    html: str
    link: str
    earlier: tuple[str, ...] = ()


class Session(Protocol):
    """A connection that is used again and again, by one sender at a time."""

    async def send(self, parcel: Parcel, to: str) -> str:
        """Hands `parcel` over and returns what the other side answered.

        Raises ChannelDown, NotNow or Never, each with a sentence.
        """
        ...


class Channel(Protocol):
    @property
    def at_once(self) -> int:
        """How many sessions it may have side by side."""
        ...

    def session(self) -> AbstractAsyncContextManager[Session]: ...

    async def check(self) -> str:
        """Asks the other side whether it would take messages; returns its answer, or raises
        ChannelDown."""
        ...


def one_line(text: str) -> str:
    """Text as a header or a name may have it: nobody's words begin another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
