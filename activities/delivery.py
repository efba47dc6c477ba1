"""Commands on their way to the task they are for."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.commands import Commands
from activities.database import DatabaseUnavailable
from models.commands import Command, Outcome

log = structlog.get_logger()

# A command that is younger is probably still being delivered by whoever stored it.
RELAY_AFTER = timedelta(seconds=5)
RELAY_EVERY_SECONDS = 2.0
RELAY_AT_ONCE = 8  # a server that was not told otherwise takes ten updates in flight a workflow


class Undeliverable(Exception):
    """The command is stored and will be delivered later; the sentence says why not now."""


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
            raise Undeliverable(f"Quy trình {command.task} hiện không chạy.") from error
        raise Undeliverable(f"Máy chủ Temporal chưa trả lời: {error.message}") from error


async def relay(engine: Engine, client: Client) -> None:
    """Delivers what is stored and undecided, for as long as it runs: whatever was down when a
    command was received, its time of receipt stands."""
    commands = Commands(engine)
    gate = asyncio.Semaphore(RELAY_AT_ONCE)

    async def one(command: Command) -> None:
        async with gate:
            try:
                await deliver(client, command)
            except Undeliverable as problem:
                log.warning("relay.undelivered", command=command.id, reason=str(problem))

    while True:
        try:
            older = datetime.now(UTC) - RELAY_AFTER
            waiting = await asyncio.to_thread(commands.undelivered, older)
        except DatabaseUnavailable as problem:
            log.warning("relay.database", reason=str(problem))
            waiting = []
        await asyncio.gather(*(one(command) for command in waiting))
        await asyncio.sleep(RELAY_EVERY_SECONDS)
