"""One plan task, with all its units, as long as its cycle lasts."""

import contextlib
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy, SearchAttributeUpdate
from temporalio.exceptions import ActivityError, ApplicationError

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
        Return,
        SetDate,
        Submit,
        Void,
        Withdraw,
    )
    from models.search_attributes import summary
    from models.recording import Answer, Loaded, Recorded, TaskRow, TaskStart
    from rules.due import next_instant, next_reason
    from rules.evolve import fold
    from rules.follow_up import Step, failed, step
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
        self._woken = False
        self._outages = 0
        self._shown: list[SearchAttributeUpdate[Any]] = []

    @workflow.run
    async def run(self, start: TaskStart) -> str:
        while True:
            await self._follow_up()
            if self._state.stage is not TaskStage.OPEN or self._must_continue_as_new():
                await workflow.wait_condition(workflow.all_handlers_finished)
                if not self._inbox:
                    break
            else:
                await self._changed_or_due()
        if self._state.stage is TaskStage.OPEN:
            workflow.continue_as_new(
                TaskStart(task=self._task, clock=self._clock, loaded=self._loaded)
            )
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
        while True:
            at = self._plan_now()
            taken = list(self._inbox.values())[: 1 if self._one_by_one else None]
            after = step(self._state, taken, at=at, tolerance=self._tolerance)
            row = task_row(after.state, at=at)
            if not after.events and row == self._row:
                break
            answer = await self._record(after, row, at, taken)
            if answer is not None:
                self._take_in(answer, after, row)
        self._one_by_one = False
        self._show()

    def _take_in(self, answer: Recorded, after: Step, row: TaskRow) -> None:
        """Folds what the ledger answered; where it knows more than we do, it wins."""
        self._halted = answer.answer is Answer.BEHIND
        outcomes = list(answer.outcomes)
        match answer.answer:
            case Answer.RECORDED:
                self._loaded = Loaded(state=after.state, head=answer.head)
                self._row = row
                outcomes = after.outcomes
            case Answer.OVERTAKEN:
                state = fold(self._state, answer.events)
                self._loaded = Loaded(state=state, head=answer.head)
            case Answer.EARLIER:
                self._inbox |= {command.id: command for command in answer.commands}
            case _:
                pass
        for outcome in outcomes:
            self._outcomes[outcome.command] = outcome
            self._inbox.pop(outcome.command, None)

    async def _record(
        self, after: Step, row: TaskRow, at: datetime, taken: list[Command]
    ) -> Recorded | None:
        """The ledger's answer, or None when the round has to be begun again."""
        try:
            answer = await self._call_ledger(after, row, at)
        except ActivityError as error:
            cause = error.cause
            if not (isinstance(cause, ApplicationError) and cause.type == "BadData" and taken):
                await self._pause_for_database()
                return None
            if len(taken) > 1:
                self._one_by_one = True
                return None
            self._inbox.pop(taken[0].id)
            await self._record_failure(taken[0], cause, at)
            return None
        self._outages = 0
        if answer.answer is Answer.BEHIND:
            self._halted = True
            self._show()
            await self._woken_or(REPAIR_PAUSE, "sổ cũ hơn quy trình: chờ sửa chữa")
        return answer

    async def _record_failure(self, command: Command, error: Exception, at: datetime) -> None:
        """Records that a command failed; rungs due at the same time wait for the next round."""
        events, state, outcome = failed(self._state, command, error, at)
        row = task_row(state, at=at)
        after = Step(events, [outcome], state, None)
        answer = await self._record(after, row, at, [])
        if answer is None:
            self._inbox[command.id] = command
        else:
            self._take_in(answer, after, row)

    async def _call_ledger(self, after: Step, row: TaskRow, at: datetime) -> Recorded:
        recording = recording_of(
            after.state,
            after.events,
            head=self._head,
            at=at,
            summary=row,
            outcomes=after.outcomes,
            rungs_from=after.rungs_from,
        )
        return await workflow.execute_local_activity_method(
            Ledger.record,
            recording,
            start_to_close_timeout=RECORDING_TIMEOUT,
            retry_policy=RECORDING_RETRIES,
            local_retry_threshold=timedelta(seconds=1),
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
            except ActivityError:
                await self._pause_for_database()

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
        self, timeout: timedelta | None, reason: str, *, commands: bool = True
    ) -> None:
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._woken or (commands and bool(self._inbox)),
                timeout=timeout,
                timeout_summary=summary(reason),
            )
        self._woken = False

    async def _take(self, command: Command) -> Outcome:
        """Hands a command to the loop and answers when the ledger has recorded its outcome."""
        if command.id not in self._outcomes:
            self._inbox.setdefault(command.id, command)
            await workflow.wait_condition(lambda: command.id in self._outcomes)
        return self._outcomes[command.id]

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
