"""Plan time and wall time."""

from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from models.message import Message

VN = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Message):
    """Maps wall time to plan time: `plan = plan_anchor + speed x (wall - wall_anchor)`.

    Production uses the identity. A rehearsal starts anywhere (an offset) and runs faster (a speed);
    with speed 0 plan time stands still until the clock is set again. One row per installation.
    """

    wall_anchor: AwareDatetime = datetime(2026, 1, 1, tzinfo=VN)
    plan_anchor: AwareDatetime = datetime(2026, 1, 1, tzinfo=VN)
    speed: float = 1.0

    def plan_time(self, wall: datetime) -> datetime:
        """The plan instant, in Vietnam's time zone, at a wall instant."""
        return (self.plan_anchor + (wall - self.wall_anchor) * self.speed).astimezone(VN)

    def wall_wait(self, until: datetime, *, wall: datetime) -> timedelta | None:
        """How long, in wall time, until plan time reaches `until`: rounded up to a millisecond.

        None when plan time stands still before it. A timer that is rounded down would wake just
        too early.
        """
        remaining = (until - self.plan_time(wall)).total_seconds()
        if remaining <= 0:
            return timedelta(0)
        if self.speed == 0:
            return None
        return timedelta(milliseconds=ceil(remaining / self.speed * 1000))

    def plan_span(self, wall: timedelta) -> timedelta:
        """How much plan time passes in a span of wall time."""
        return wall * self.speed

    def anchored(self, *, wall: datetime, plan: datetime, speed: float | None = None) -> "Clock":
        """This clock, showing `plan` at `wall` and going on from there."""
        return Clock(
            wall_anchor=wall, plan_anchor=plan, speed=self.speed if speed is None else speed
        )
