"""Commands on their way to the task they are for."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import Engine
from temporalio.client import (
    Client,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError, RPCStatusCode

from activities.clock import ClockStore
from activities.commands import Commands
from activities.ledger import Ledger
from models.assignment import TaskStage
from models.commands import Command, Outcome
from models.recording import Answer
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of

log = structlog.get_logger()

# A command that is younger is probably still being delivered by whoever stored it.
RELAY_AFTER = timedelta(seconds=5)
RELAY_EVERY_SECONDS = 2.0
RELAY_AT_ONCE = 8  # a server that was not told otherwise takes ten updates in flight a workflow
RELAY_PATIENCE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 300.0


class Undeliverable(Exception):
    """The command is stored and will be delivered later; the sentence says why not now."""


class NotRunning(Undeliverable):
    """Temporal has no running workflow for the task."""


async def deliver(client: Client, command: Command) -> Outcome:
    """Delivers a stored command as an update whose id is the command's, and waits until its
    outcome is recorded. Raises Undeliverable when the task's workflow cannot be reached."""
    handle = client.get_workflow_handle(command.task)
    try:
        outcome: Outcome = await handle.execute_update(
            command.verb, command, id=command.id, result_type=Outcome
        )
        return outcome
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NotRunning(f"Quy trình {command.task} hiện không chạy.") from error
        raise Undeliverable(f"Máy chủ Temporal chưa trả lời: {error.message}") from error
    except WorkflowUpdateRPCTimeoutOrCancelledError as error:
        raise Undeliverable("Máy chủ Temporal chưa trả lời.") from error
    except WorkflowUpdateFailedError as error:
        # The run ended between taking the command and recording it; its successor decides it.
        raise Undeliverable(f"Quy trình {command.task} chưa ghi được yêu cầu.") from error


async def relay(engine: Engine, client: Client) -> None:
    """Delivers what is stored and undecided, for as long as it runs: whatever was down when a
    command was received, its time of receipt stands."""
    await _Relay(engine, client).run()


class Attempt(NamedTuple):
    """When a command that could not be delivered is tried again, in the loop's time."""

    again_at: float
    pause: float


class _Relay:
    """Each command is delivered on its own: a task that does not answer holds up its own only."""

    def __init__(self, engine: Engine, client: Client) -> None:
        self._client = client
        self._commands = Commands(engine)
        self._ledger = Ledger(engine)
        self._clock = ClockStore(engine)
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._attempts: dict[str, Attempt] = {}

    async def run(self) -> None:
        try:
            while True:
                try:
                    await self._look()
                except Exception as problem:  # nobody would start it again
                    log.warning("relay.database", reason=str(problem))
                await asyncio.sleep(RELAY_EVERY_SECONDS)
        finally:
            for task in self._under_way.values():
                task.cancel()

    async def _look(self) -> None:
        older = datetime.now(UTC) - RELAY_AFTER
        waiting = await asyncio.to_thread(self._commands.undelivered, older)
        known = {command.id for command in waiting}
        self._attempts = {id_: each for id_, each in self._attempts.items() if id_ in known}
        now = asyncio.get_running_loop().time()
        for command in waiting:
            attempt = self._attempts.get(command.id)
            if command.id in self._under_way or (attempt and attempt.again_at > now):
                continue
            self._under_way[command.id] = asyncio.create_task(self._one(command))

    async def _one(self, command: Command) -> None:
        try:
            gate = self._gates.setdefault(command.task, asyncio.Semaphore(RELAY_AT_ONCE))
            async with gate, asyncio.timeout(RELAY_PATIENCE_SECONDS):
                await self._deliver(command)
        except Exception as problem:
            log.warning("relay.undelivered", command=command.id, reason=str(problem))
            before = self._attempts.get(command.id)
            pause = RELAY_EVERY_SECONDS if before is None else before.pause * 2
            pause = min(pause, LONGEST_PAUSE_SECONDS)
            self._attempts[command.id] = Attempt(asyncio.get_running_loop().time() + pause, pause)
        finally:
            del self._under_way[command.id]

    async def _deliver(self, command: Command) -> None:
        try:
            await deliver(self._client, command)
        except NotRunning:
            if not await asyncio.to_thread(self._refuse_after_end, command):
                raise

    def _refuse_after_end(self, command: Command) -> bool:
        """Decides a command for a task that has ended, whose workflow is gone for good. False
        when the task is open and its workflow should run."""
        loaded = self._ledger.load(command.task)
        if loaded.state.stage is TaskStage.OPEN:
            return False
        at = self._clock.plan_now()
        after = step(loaded.state, [command], at=at, fire=False)
        recording = recording_of(
            after.state,
            after.events,
            head=loaded.head,
            at=at,
            summary=task_row(after.state, at=at),
            outcomes=after.outcomes,
        )
        return self._ledger.record(recording).answer in (Answer.RECORDED, Answer.DECIDED)
