"""One plan in one year: opens its tasks, sends the day's digests, closes."""

import contextlib
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.cycles import Cycles
    from activities.ledger import Ledger
    from activities.notices import Notices
    from models.clock import VN, Clock
    from models.cycle import CycleEnd, CycleProgress, CycleStart, DigestDay, Unsent
    from models.search_attributes import summary
    from rules.digest import next_digest
    from rules.wording import dmy

QUICK = timedelta(seconds=60)
COMPOSING = timedelta(minutes=30)
LONG = timedelta(hours=6)
# How long a killed worker's activity waits for another worker.
HEARTBEAT = timedelta(seconds=15)
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
# A channel that is down fails at once; what it could not take is tried again after the pause.
BRIEF = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3)
DELIVERY_PAUSE = timedelta(minutes=5)
# A digest that is further behind than this, in wall time, is folded into the next one.
MISSED_AFTER = timedelta(minutes=10)


@workflow.defn
class CycleWorkflow:
    """The year of a plan: it keeps the calendar of the messages, the tasks keep their own dates."""

    @workflow.init
    def __init__(self, start: CycleStart) -> None:
        self._start = start
        self._clock = start.clock
        self._opened = start.opened
        self._sent_until = start.sent_until
        self._behind: tuple[str, ...] = ()
        self._ending = start.ending
        self._ended = False
        # What was urgent when the run before this one ended may still wait.
        self._urgent = True
        self._unsent = Unsent(number=0)
        self._woken = False

    @workflow.run
    async def run(self, _start: CycleStart) -> str:
        if not self._opened:
            await self._open_tasks()
        while self._ending is None:
            if self._must_continue_as_new():
                self._continue_as_new()
            await self._next_digest_or_change()
        await self._end(self._ending)
        self._ended = True
        if self._ending.verb == "close":
            await self._last_digest()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._ending.verb

    @workflow.update(name="end")
    async def end(self, end: CycleEnd) -> str:
        """Closes or voids the cycle with all its tasks; answers when all are ended."""
        self._ending = self._ending or end
        await workflow.wait_condition(lambda: self._ended)
        return self._ending.verb

    @workflow.signal
    def urgent_waiting(self) -> None:
        """A task has recorded notices that go out at once."""
        self._urgent = True

    @workflow.signal
    def clock_changed(self, clock: Clock) -> None:
        self._clock = clock
        self._woken = True

    @workflow.query
    def progress(self) -> CycleProgress:
        return CycleProgress(
            opened=self._opened,
            sent_until=self._sent_until,
            behind=self._behind,
            ending=None if self._ending is None else self._ending.verb,
        )

    async def _open_tasks(self) -> None:
        await workflow.execute_activity_method(
            Cycles.open_tasks,
            self._start.cycle,
            start_to_close_timeout=LONG,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=PATIENT,
            summary="mở sổ và khởi động từng nhiệm vụ của kế hoạch",
        )
        self._opened = True

    async def _next_digest_or_change(self) -> None:
        await self._wait_until(self._next_digest())
        # Asked again: the wait may have ended long after the digest it was for.
        digest = self._next_digest()
        if self._plan_now() >= digest:
            # Before what is urgent, which it tells as well: one letter, not two.
            await self._send_digest(digest)
        elif self._urgent:
            self._urgent = False
            await self._send(self._urgent_letters())
        elif self._unsent.number:
            await self._deliver(self._urgent_letters(), "gửi lại những thư chưa gửi được")

    def _next_digest(self) -> datetime:
        return next_digest(
            self._sent_until,
            now=self._plan_now(),
            tolerance=self._clock.plan_span(MISSED_AFTER),
            calendar=self._start.calendar,
            send_from=self._start.send_from,
        )

    async def _wait_until(self, digest: datetime) -> None:
        wait = self._clock.wall_wait(digest, wall=workflow.now())
        if wait == timedelta(0):
            return
        day = dmy(digest.astimezone(VN).date())
        reason = f"bản tin ngày {day}: gộp những việc phải báo trong ngày"
        again = self._until_again()
        if again is not None and (wait is None or wait > again):
            wait, reason = again, "gửi lại những thư chưa gửi được"
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._urgent or self._woken or self._is_to_end(),
                timeout=wait,
                timeout_summary=summary(reason),
            )
        self._woken = False

    def _until_again(self) -> timedelta | None:
        """How long what could not be sent waits, in wall time."""
        if not self._unsent.number:
            return None
        if self._unsent.again_at is None:
            return DELIVERY_PAUSE
        return self._clock.wall_wait(self._unsent.again_at, wall=workflow.now())

    async def _send_digest(self, digest: datetime) -> None:
        """One message per recipient, once every task has recorded what was due by then."""
        day = DigestDay(cycle=self._start.cycle, at=digest)
        self._behind = tuple(
            await workflow.execute_activity_method(
                Cycles.wait_for_tasks,
                day,
                start_to_close_timeout=timedelta(minutes=20),
                heartbeat_timeout=HEARTBEAT,
                retry_policy=PATIENT,
                summary="chờ các nhiệm vụ ghi xong việc đến giờ",
            )
        )
        await self._send(day)
        # The day that is over: what is still recorded today belongs under its own seal.
        await self._seal(digest - timedelta(days=1))
        self._sent_until = digest

    async def _send(self, day: DigestDay) -> None:
        composed = await workflow.execute_activity_method(
            Notices.compose,
            day,
            start_to_close_timeout=COMPOSING,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=PATIENT,
            summary="gộp việc phải báo thành thư cho từng nơi nhận",
        )
        if composed:
            await self._deliver(day, f"gửi {composed} thư")

    async def _deliver(self, day: DigestDay, reason: str) -> None:
        """Letters that cannot leave now are tried again later: they never hold up the year."""
        try:
            self._unsent = await workflow.execute_activity_method(
                Notices.deliver,
                day,
                start_to_close_timeout=LONG,
                heartbeat_timeout=HEARTBEAT,
                retry_policy=BRIEF,
                summary=reason,
            )
        except ActivityError:
            self._unsent = Unsent(number=1)

    async def _end(self, end: CycleEnd) -> None:
        await workflow.execute_activity_method(
            Cycles.end_tasks,
            end,
            start_to_close_timeout=LONG,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=PATIENT,
            summary="khép lại từng nhiệm vụ" if end.verb == "close" else "hủy lần phát động",
        )
        await self._seal(self._plan_now())

    async def _last_digest(self) -> None:
        """What was still to be told when the year was closed."""
        digest = self._next_digest()
        while self._plan_now() < digest:
            self._urgent = False
            await self._wait_until(digest)
        await self._send(DigestDay(cycle=self._start.cycle, at=digest))

    async def _seal(self, at: datetime) -> None:
        await workflow.execute_activity_method(
            Ledger.seal,
            DigestDay(cycle=self._start.cycle, at=at),
            start_to_close_timeout=QUICK,
            retry_policy=PATIENT,
            summary=f"niêm phong sổ ngày {dmy(at.astimezone(VN).date())}",
        )

    def _urgent_letters(self) -> DigestDay:
        return DigestDay(cycle=self._start.cycle, at=self._plan_now(), urgent=True)

    def _is_to_end(self) -> bool:
        return self._ending is not None and not self._ended

    def _must_continue_as_new(self) -> bool:
        return workflow.info().is_continue_as_new_suggested() and workflow.all_handlers_finished()

    def _continue_as_new(self) -> None:
        workflow.continue_as_new(
            self._start.model_copy(
                update={
                    "clock": self._clock,
                    "opened": True,
                    "sent_until": self._sent_until,
                }
            )
        )

    def _plan_now(self) -> datetime:
        return self._clock.plan_time(workflow.now())
