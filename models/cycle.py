"""A plan's year as its workflow and its activities speak of it."""

from datetime import date, time
from typing import Any, Literal

from pydantic import AwareDatetime, model_validator

from models.calendar import WorkingCalendar
from models.clock import Clock
from models.commands import Actor
from models.message import Message


class LaunchOrder(Message):
    """What an officer launches: the loaded plan, the year, and what the document leaves open."""

    plan: str
    year: int
    schools: int = 60
    dates: dict[str, date] = {}
    allocation: dict[str, tuple[str, ...]] = {}
    actor: Actor


class CycleEnd(Message):
    """Closing a cycle, or voiding a mistaken launch.

    What a closed cycle leaves open with a deadline is carried into the next (`carry`, ids of
    tasks), or does not go on (`ended`, ids of tasks) by the decision with the number `reference`.
    """

    cycle: str
    verb: Literal["close", "void"]
    actor: Actor
    received_at: AwareDatetime
    text: str | None = None
    carry: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    reference: str = ""


class CycleStart(Message):
    """The input of a CycleWorkflow. Digests up to `sent_until` have been sent; `ending` is an order
    that was being followed when Temporal lost the cycle."""

    cycle: str
    clock: Clock
    calendar: WorkingCalendar
    send_from: time
    sent_until: AwareDatetime
    opened: bool = False
    ending: CycleEnd | None = None


class DigestDay(Message):
    """The messages of one plan instant: the day's digest, or what is urgent."""

    cycle: str
    at: AwareDatetime
    urgent: bool = False


class Unsent(Message):
    """What a delivery has left. `again_at` is the plan instant of the next attempt; None when a
    channel is down, or another worker has claimed what is left."""

    number: int
    again_at: AwareDatetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _was_a_number(cls, value: Any) -> Any:
        # As the histories of older versions hold it.
        return {"number": value} if isinstance(value, int) else value


class CycleProgress(Message):
    """`behind` are the tasks that had not recorded what was due when the last digest went out."""

    opened: bool
    sent_until: AwareDatetime
    behind: tuple[str, ...] = ()
    ending: str | None = None
