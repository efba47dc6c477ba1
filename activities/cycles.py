"""Opening a cycle's tasks, knowing which are behind, ending them."""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine
from temporalio import activity
from temporalio.client import (
    Client,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.carrying import Carrying
from activities.clock import ClockStore
from activities.commands import Commands
from activities.cycle_store import CycleStore
from activities.delivery import Undeliverable, deliver
from activities.heartbeat import alive
from activities.ledger import Ledger
from models.commands import Cancel, Close, Command, Verdict, Void
from models.cycle import CycleEnd, CycleStart, DigestDay
from models.events import Assigned
from models.recording import TaskStart
from models.search_attributes import identity, summary
from models.tables import CycleTable
from rules.unfolding import Opening, unfold

log = structlog.get_logger()

WAIT_FOR_TASKS = timedelta(minutes=15)
STARTED_EVERY_SECONDS = 15.0
ACCEPTED_WITHIN_SECONDS = 8
ENDED = {"close": "closed", "void": "voided"}


class Cycles:
    """`task_queue` is where the workflows run that are started here."""

    def __init__(self, engine: Engine, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue
        self._store = CycleStore(engine)
        self._ledger = Ledger(engine)
        self._commands = Commands(engine)
        self._carrying = Carrying(engine)
        self._clock = ClockStore(engine)

    async def start_cycle(self, cycle: CycleTable) -> None:
        """Starts the cycle's workflow; one that runs already is left alone."""
        snapshots = await asyncio.to_thread(self._store.snapshots, cycle)
        officer = snapshots.plan.officer
        start = CycleStart(
            cycle=cycle.id,
            clock=await asyncio.to_thread(self._clock.read),
            calendar=snapshots.calendar,
            send_from=officer.policy.send_from,
            sent_until=cycle.launched_at,
            opened=cycle.stage != "opening",
            ending=None if cycle.ending is None else CycleEnd.model_validate_json(cycle.ending),
        )
        await self._start(
            "CycleWorkflow", start, cycle.id, f"{officer.short_title}, năm {cycle.cycle}"
        )

    async def start_kept(self, *, every: float = STARTED_EVERY_SECONDS) -> None:
        """Starts launches that were kept while Temporal could not be reached, for as long as it
        runs."""
        while True:
            try:
                running = await asyncio.to_thread(lambda: self._store.all(running=True))
            except Exception as problem:  # nobody would start them again
                running = []
                log.warning("cycles.database", reason=str(problem))
            for cycle in running:
                if cycle.stage == "opening":
                    try:
                        await self._start_unknown(cycle)
                    except Exception as problem:  # those behind it are to be started all the same
                        log.warning("cycles.start", cycle=cycle.id, reason=str(problem))
            await asyncio.sleep(every)

    async def _start_unknown(self, cycle: CycleTable) -> bool:
        """Starts a cycle that Temporal has never heard of, and says whether it was so: one that
        failed or was terminated is left to `dondoc repair`, or to the next start of a worker."""
        try:
            await self._client.get_workflow_handle(cycle.id).describe()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            await self.start_cycle(cycle)
            return True
        return False

    async def send_end(self, cycle: CycleTable) -> None:
        """Tells the cycle's workflow of the order to end that is kept, and begins a workflow with
        it where Temporal knows none; telling it again changes nothing. Raises Undeliverable."""
        assert cycle.ending is not None  # noqa: S101  # only a kept order is sent
        order = CycleEnd.model_validate_json(cycle.ending)
        try:
            async with asyncio.timeout(ACCEPTED_WITHIN_SECONDS):
                await self._ask_to_end(cycle, order)
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise Undeliverable("Máy chủ Temporal chưa trả lời.") from error
        except RPCError as error:
            raise Undeliverable(f"Máy chủ Temporal chưa trả lời: {error.message}") from error

    async def _ask_to_end(self, cycle: CycleTable, order: CycleEnd) -> None:
        handle, accepted = self._client.get_workflow_handle(cycle.id), WorkflowUpdateStage.ACCEPTED
        try:
            await handle.start_update("end", order, id=f"end:{cycle.id}", wait_for_stage=accepted)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            if not await self._start_unknown(cycle):
                raise Undeliverable(
                    "Quy trình của chu kỳ đã dừng bất thường: hãy chạy dondoc repair."
                ) from error

    async def send_kept_ends(self, *, every: float = STARTED_EVERY_SECONDS) -> None:
        """Sends the orders to end that were kept while Temporal could not be reached, or by
        whoever was killed before sending, for as long as it runs."""
        while True:
            try:
                kept = await asyncio.to_thread(self._store.ending)
            except Exception as problem:  # nobody would start it again
                kept = []
                log.warning("cycles.database", reason=str(problem))
            for cycle in kept:
                try:
                    await self.send_end(cycle)
                except Exception as problem:  # the next one must not wait for it
                    log.warning("cycles.end", cycle=cycle.id, reason=str(problem))
            await asyncio.sleep(every)

    async def start_task(self, task: str, title: str) -> None:
        """Starts a task's workflow from its ledger; one that runs already is left alone."""
        clock = await asyncio.to_thread(self._clock.read)
        await self._start("PlanTaskWorkflow", TaskStart(task=task, clock=clock), task, title)

    async def ensure_running(self) -> int:
        """Starts every workflow of a running cycle that Temporal does not know any more: after a
        lost or restored file the ledger is enough. Returns how many were looked at."""
        looked_at = 0
        for cycle in await asyncio.to_thread(lambda: self._store.all(running=True)):
            await self.start_cycle(cycle)
            for task in await asyncio.to_thread(self._store.open_tasks, cycle.id):
                await self.start_task(task.id, task.title)
                looked_at += 1
        return looked_at

    @activity.defn(name="open_tasks")
    async def open_tasks(self, cycle: str) -> int:
        """Writes each task's opening to its ledger and starts its workflow. Repeating it changes
        nothing that is done: openings and workflows are found by their ids. What is to end
        already is not opened any further."""
        row = await asyncio.to_thread(self._store.get, cycle)
        if row.ending is not None:
            return 0
        openings = await alive(self._openings, row, row.launched_at)
        await self._open(cycle, openings)
        await asyncio.to_thread(self._store.set_open, cycle)
        return len(openings)

    async def _open(self, cycle: str, openings: Sequence[Opening]) -> None:
        for number, opening in enumerate(openings, 1):
            await asyncio.to_thread(self._ledger.open_task, opening.task, cycle, opening.events)
            await self.start_task(opening.task, opening.title)
            activity.heartbeat(f"{number}/{len(openings)}")

    @activity.defn(name="wait_for_tasks")
    async def wait_for_tasks(self, day: DigestDay) -> list[str]:
        """Waits until every task has recorded what was due by `day.at`, 15 minutes at most, and
        not for those that are halted. Returns the tasks that are still behind."""
        loop = asyncio.get_running_loop()
        until = loop.time() + WAIT_FOR_TASKS.total_seconds()
        pause = 0.05
        while True:
            behind = await asyncio.to_thread(self._store.behind, day.cycle, day.at)
            if all(task.halted for task in behind) or loop.time() > until:
                return [task.task for task in behind]
            activity.heartbeat(f"chờ {len(behind)} nhiệm vụ")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    @activity.defn(name="end_tasks")
    async def end_tasks(self, end: CycleEnd) -> int:
        """Closes or voids every open task of a cycle, then the cycle itself; what is to go on is
        carried into the cycle that runs already, or waits for the next launch. The order that is
        kept is followed, whatever came through Temporal."""
        kept = await asyncio.to_thread(self._store.keep_ending, end)
        end = end if kept is None else kept.order
        tasks = await asyncio.to_thread(self._store.open_tasks, end.cycle)
        for number, task in enumerate(tasks, 1):
            await self.start_task(task.id, task.title)
            for command in _ending(end, task.id):
                await asyncio.to_thread(self._commands.store, command)
                outcome = await deliver(self._client, command)
                if outcome.verdict is Verdict.FAILED:
                    raise ApplicationError(f"{task.id}: {outcome.reason}")
            activity.heartbeat(f"{number}/{len(tasks)}")
        if end.carry:
            await self._carry(end)
        await asyncio.to_thread(self._store.set_stage, end.cycle, ENDED[end.verb])
        return len(tasks)

    async def _carry(self, end: CycleEnd) -> None:
        await alive(self._carrying.keep, end.cycle, end.carry)
        running = await asyncio.to_thread(self._carrying.take_into_running, end.cycle)
        if running is None:
            return
        row = await asyncio.to_thread(self._store.get, running)
        # Last year's tasks begin here now, not when this year was launched.
        openings = await alive(self._openings, row, end.received_at)
        await self._open(running, [each for each in openings if _is_carried(each)])

    def _openings(self, cycle: CycleTable, at: datetime) -> list[Opening]:
        snapshots = self._store.snapshots(cycle)
        return unfold(
            snapshots.plan,
            snapshots.directory,
            snapshots.calendar,
            year=cycle.year,
            cycle=cycle.cycle,
            at=at,
            dates=cycle.parsed_dates(),
            allocation=cycle.allocation,
            carried=self._carrying.taken(cycle.id),
        ).openings

    async def _start(self, workflow: str, start: Any, identifier: str, title: str) -> None:
        # A workflow that ended stays ended; only one that was terminated may be begun again.
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                workflow,
                start,
                id=identifier,
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                static_summary=summary(title),
                search_attributes=identity(identifier),
            )


def _is_carried(opening: Opening) -> bool:
    return any(isinstance(event, Assigned) and event.carried for event in opening.events)


def _ending(end: CycleEnd, task: str) -> Iterator[Command]:
    """What ends one task. Ids are made from the task, so that a repetition asks for the same."""
    origin: dict[str, Any] = {"task": task, "actor": end.actor, "received_at": end.received_at}
    if task in end.ended:
        yield Cancel(id=f"end:{task}", reference=end.reference, text=end.text, **origin)
    kind = Close if end.verb == "close" else Void
    yield kind(id=f"{end.verb}:{task}", text=end.text, **origin)
