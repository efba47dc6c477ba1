"""One plan task, with all its units, as long as its cycle lasts."""

import contextlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeUpdate
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.ledger import Ledger
    from models.assignment import Head, TaskStage, TaskState
    from models.clock import Clock
    from models.commands import (
        Accept,
        Acknowledge,
        Adopt,
        Allocate,
        AskExtension,
        Cancel,
        Close,
        Command,
        DocumentIssued,
        GrantExtension,
        Note,
        Outcome,
        Reassign,
        RefuseExtension,
        Reopen,
        Reschedule,
        Resume,
        Return,
        SetDate,
        Submit,
        Suspend,
        Void,
        Withdraw,
    )
    from models.recording import Answer, Loaded, Recorded, Recording, TaskRow, TaskStart
    from models.search_attributes import summary
    from rules.due import next_instant, next_reason
    from rules.evolve import compact, fold
    from rules.follow_up import Step, failed, step
    from rules.headline import headline
    from rules.projection import task_row
    from rules.recording import recording_of
    from workflows.visibility import details, task_attributes

RECORDING_TIMEOUT = timedelta(seconds=30)
# A few tries within seconds; after that the loop waits on a timer, so that an outage of our
# database costs a few events an hour and never the event limit.
RECORDING_RETRIES = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    maximum_interval=timedelta(seconds=1),
    maximum_attempts=3,
    non_retryable_error_types=["BadData"],
)
OUTAGE_PAUSES = [timedelta(seconds=s) for s in (2, 5, 15, 60, 300)]
REPAIR_PAUSE = timedelta(minutes=5)
# A round must be over long before the two seconds after which a worker is taken to be locked up.
MOST_AT_ONCE = 250
# Rungs further behind than this, in wall time, were missed: they fold into one message.
MISSED_AFTER = timedelta(minutes=10)


@workflow.defn
class PlanTaskWorkflow:
    """Assigns, reminds, escalates and takes answers until the cycle closes.

    The ledger is the memory: nothing is true before it is recorded there, and the task can be
    started again from its ledger alone.
    """

    @workflow.init
    def __init__(self, start: TaskStart) -> None:
        self._task = start.task
        self._clock = start.clock
        self._loaded = start.loaded
        self._row: TaskRow | None = None
        self._inbox: dict[str, Command] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._one_by_one = False
        self._halted = False
        self._urgent = False
        self._woken = False
        self._outages = 0
        self._shown: list[SearchAttributeUpdate[Any]] = []

    @workflow.run
    async def run(self, _start: TaskStart) -> str:
        while True:
            await self._follow_up()
            if self._urgent:
                await self._tell_cycle()
            elif self._state.stage is TaskStage.OPEN and not self._must_continue_as_new():
                await self._changed_or_due()
            elif await self._everyone_is_answered():
                break
        if self._state.stage is TaskStage.OPEN:
            carried = Loaded(state=compact(self._state), head=self._head)
            workflow.continue_as_new(TaskStart(task=self._task, clock=self._clock, loaded=carried))
        return str(self._state.stage)

    # What people ask for: one update per verb, answered when it is recorded

    @workflow.update(name="allocate")
    async def allocate(self, command: Allocate) -> Outcome:
        return await self._take(command)

    @workflow.update(name="set_date")
    async def set_date(self, command: SetDate) -> Outcome:
        return await self._take(command)

    @workflow.update(name="document_issued")
    async def document_issued(self, command: DocumentIssued) -> Outcome:
        return await self._take(command)

    @workflow.update(name="acknowledge")
    async def acknowledge(self, command: Acknowledge) -> Outcome:
        return await self._take(command)

    @workflow.update(name="submit")
    async def submit(self, command: Submit) -> Outcome:
        return await self._take(command)

    @workflow.update(name="withdraw")
    async def withdraw(self, command: Withdraw) -> Outcome:
        return await self._take(command)

    @workflow.update(name="accept")
    async def accept(self, command: Accept) -> Outcome:
        return await self._take(command)

    @workflow.update(name="return_report")
    async def return_report(self, command: Return) -> Outcome:
        return await self._take(command)

    @workflow.update(name="reopen")
    async def reopen(self, command: Reopen) -> Outcome:
        return await self._take(command)

    @workflow.update(name="ask_extension")
    async def ask_extension(self, command: AskExtension) -> Outcome:
        return await self._take(command)

    @workflow.update(name="grant_extension")
    async def grant_extension(self, command: GrantExtension) -> Outcome:
        return await self._take(command)

    @workflow.update(name="refuse_extension")
    async def refuse_extension(self, command: RefuseExtension) -> Outcome:
        return await self._take(command)

    @workflow.update(name="reassign")
    async def reassign(self, command: Reassign) -> Outcome:
        return await self._take(command)

    @workflow.update(name="reschedule")
    async def reschedule(self, command: Reschedule) -> Outcome:
        return await self._take(command)

    @workflow.update(name="cancel")
    async def cancel(self, command: Cancel) -> Outcome:
        return await self._take(command)

    @workflow.update(name="suspend")
    async def suspend(self, command: Suspend) -> Outcome:
        return await self._take(command)

    @workflow.update(name="resume")
    async def resume(self, command: Resume) -> Outcome:
        return await self._take(command)

    @workflow.update(name="note")
    async def note(self, command: Note) -> Outcome:
        return await self._take(command)

    @workflow.update(name="adopt")
    async def adopt(self, command: Adopt) -> Outcome:
        return await self._take(command)

    @workflow.update(name="close")
    async def close(self, command: Close) -> Outcome:
        return await self._take(command)

    @workflow.update(name="void")
    async def void(self, command: Void) -> Outcome:
        return await self._take(command)

    @workflow.signal
    def clock_changed(self, clock: Clock) -> None:
        self._clock = clock
        self._woken = True

    @workflow.signal
    def wake(self) -> None:
        """Look again now: after a repair, or a restored database."""
        self._woken = True

    @workflow.query
    def state(self) -> TaskState | None:
        return None if self._loaded is None else self._loaded.state

    # The loop

    async def _follow_up(self) -> None:
        """Decides and fires until nothing waits; each round is one recording."""
        if self._loaded is None:
            self._loaded = await self._load()
        while not self._rests_in_trouble():
            at = self._plan_now()
            taken, more = self._next_commands()
            # What is left for the next round may keep a rung from firing.
            after = step(self._state, taken, at=at, tolerance=self._tolerance, fire=not more)
            row = task_row(after.state, at=at)
            if not taken and not after.events and row == self._row:
                break
            await self._record(after, row, at, taken)
        self._show()

    def _next_commands(self) -> tuple[list[Command], bool]:
        """The commands of this round in the order of their receipt, and whether others wait."""
        waiting = sorted(self._inbox.values(), key=lambda each: (each.received_at, each.id))
        if not waiting:
            self._one_by_one = False
        if self._one_by_one:
            return waiting[:1], True
        return waiting[:MOST_AT_ONCE], len(waiting) > MOST_AT_ONCE

    async def _record(self, after: Step, row: TaskRow, at: datetime, taken: list[Command]) -> None:
        recording = self._recording(after, row, at)
        try:
            answer = await self._call_ledger(recording)
        except FailureError as error:
            if taken and _is_bad_data(error):
                await self._set_apart(taken, error, at)
            else:
                await self._pause_for_database()
            return
        self._outages = 0
        self._take_in(answer, after.state, recording)
        if self._halted:
            self._show()
            await self._woken_or(REPAIR_PAUSE, "sổ cũ hơn quy trình: chờ sửa chữa", commands=False)

    def _take_in(self, answer: Recorded, state: TaskState, recording: Recording) -> None:
        """Folds what the ledger answered; where it knows more than we do, it wins."""
        self._halted = answer.answer is Answer.BEHIND
        outcomes = answer.outcomes
        match answer.answer:
            case Answer.RECORDED:
                self._loaded = Loaded(state=state, head=answer.head)
                self._row = recording.summary
                self._urgent |= any(line.urgent for line in recording.notices)
                outcomes = recording.outcomes
            case Answer.OVERTAKEN:
                folded = fold(self._state, answer.events)
                self._loaded = Loaded(state=folded, head=answer.head)
                self._row = None
                self._urgent = True
            case Answer.EARLIER:
                self._inbox |= {command.id: command for command in answer.commands}
            case Answer.DECIDED | Answer.BEHIND:
                pass
        self._answer(outcomes)

    def _answer(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self._outcomes[outcome.command] = outcome
            self._inbox.pop(outcome.command, None)

    async def _set_apart(self, taken: list[Command], error: FailureError, at: datetime) -> None:
        """After a recording the database will never take: finds the command and fails it alone."""
        if not self._one_by_one:
            self._one_by_one = True
            return
        events, state, outcome = failed(self._state, taken[0], error, at)
        after = Step(events, [outcome], state, None)
        recording = self._recording(after, task_row(state, at=at), at)
        try:
            answer = await self._call_ledger(recording)
        except FailureError as again:
            if not _is_bad_data(again):
                await self._pause_for_database()
                return
            workflow.logger.error("%s: không ghi được cả lỗi của lệnh này", outcome.command)
            self._answer([outcome])
        else:
            self._take_in(answer, state, recording)

    def _recording(self, after: Step, row: TaskRow, at: datetime) -> Recording:
        return recording_of(
            after.state,
            after.events,
            head=self._head,
            at=at,
            summary=row,
            outcomes=after.outcomes,
            rungs_from=after.rungs_from,
        )

    async def _call_ledger(self, recording: Recording) -> Recorded:
        return await workflow.execute_local_activity_method(
            Ledger.record,
            recording,
            start_to_close_timeout=RECORDING_TIMEOUT,
            retry_policy=RECORDING_RETRIES,
            local_retry_threshold=timedelta(seconds=1),
            summary=summary(headline(recording.events)),
        )

    async def _load(self) -> Loaded:
        while True:
            try:
                return await workflow.execute_local_activity_method(
                    Ledger.load,
                    self._task,
                    start_to_close_timeout=RECORDING_TIMEOUT,
                    retry_policy=RECORDING_RETRIES,
                    local_retry_threshold=timedelta(seconds=1),
                )
            except FailureError as error:
                workflow.set_current_details(f"**CHƯA ĐỌC ĐƯỢC SỔ:** {error.message}")
                await self._pause_for_database()

    async def _tell_cycle(self) -> None:
        """Urgent letters go out at once; a cycle that is over or lost must never stop a task."""
        self._urgent = False
        cycle = workflow.get_external_workflow_handle(self._state.facts.cycle)
        with contextlib.suppress(FailureError):
            await cycle.signal("urgent_waiting")

    # Waiting

    async def _changed_or_due(self) -> None:
        """Waits for a command, a changed clock, or the next rung or breach."""
        at = self._plan_now()
        following = next_instant(self._state, at=at)
        wait = None
        if following is not None:
            wait = self._clock.wall_wait(following, wall=workflow.now())
        await self._woken_or(wait, next_reason(self._state, at=at) if wait is not None else "")

    async def _pause_for_database(self) -> None:
        pause = OUTAGE_PAUSES[min(self._outages, len(OUTAGE_PAUSES) - 1)]
        self._outages += 1
        await self._woken_or(pause, "cơ sở dữ liệu chưa sẵn sàng: thử ghi lại", commands=False)

    async def _woken_or(
        self, wait: timedelta | None, reason: str, *, commands: bool = True
    ) -> None:
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._woken or (commands and bool(self._inbox)),
                timeout=wait,
                timeout_summary=summary(reason),
            )
        self._woken = False

    async def _take(self, command: Command) -> Outcome:
        """Hands a command to the loop and answers when the ledger has recorded its outcome."""
        if command.id not in self._outcomes:
            self._inbox.setdefault(command.id, command)
            await workflow.wait_condition(lambda: command.id in self._outcomes)
        return self._outcomes[command.id]

    async def _everyone_is_answered(self) -> bool:
        """Waits for the handlers; one that begins meanwhile needs the loop to be answered."""
        await workflow.wait_condition(lambda: bool(self._inbox) or workflow.all_handlers_finished())
        return not self._inbox

    def _rests_in_trouble(self) -> bool:
        """Whether the ledger is out of reach for so long that the history has to begin anew."""
        return (
            (self._halted or self._outages > 0)
            and self._must_continue_as_new()
            and not self._inbox
            and workflow.all_handlers_finished()
        )

    def _must_continue_as_new(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    def _plan_now(self) -> datetime:
        return self._clock.plan_time(workflow.now())

    @property
    def _tolerance(self) -> timedelta:
        return self._clock.plan_span(MISSED_AFTER)

    @property
    def _state(self) -> TaskState:
        return self._known.state

    @property
    def _head(self) -> Head:
        return self._known.head

    @property
    def _known(self) -> Loaded:
        if self._loaded is None:
            raise AssertionError("the task is read from its ledger before anything else")
        return self._loaded

    def _show(self) -> None:
        """Brings Temporal's own UI up to date; unchanged attributes cost no event."""
        at = self._plan_now()
        row = self._row or task_row(self._state, at=at)
        attributes = task_attributes(self._state, row, at=at, halted=self._halted)
        if attributes != self._shown:
            workflow.upsert_search_attributes(attributes)
            self._shown = attributes
        workflow.set_current_details(details(self._state, row, at=at, halted=self._halted))


def _is_bad_data(error: FailureError) -> bool:
    # A local activity's error comes as it was raised, a regular one's as the cause of another.
    return isinstance(error, ApplicationError) and error.type == "BadData"
