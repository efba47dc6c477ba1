"""Thousands of commands against one task, so many that it continues as new on the way."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import text
from temporalio.client import WorkflowHandle

from benchmarks.crowd import at_once, dealt
from benchmarks.engine import Running, running
from benchmarks.plans import made_up_plan
from models.commands import Command

# Temporal's server warns of a payload above this.
SIZE_WARNING = 512 * 1024
DECIDING = "('acknowledged', 'submitted', 'accepted')"


@dataclass(frozen=True)
class Crossing:
    """`carried` is the largest state, in bytes, that a run of the task began with."""

    rate: float
    lost: int
    doubled: int
    runs: int
    carried: int


async def crossing(units: int, commands: int, *, people: int) -> Crossing:
    async with running(made_up_plan(1, units)) as cycle:
        await cycle.launch()
        sent = list(islice(_commands(cycle), commands))
        crowd = await at_once(dealt(sent, people), cycle.send)
        cycle.check()
        recorded = _recorded(cycle)
        carried = [size async for size in _carried(cycle)]
        return Crossing(
            rate=crowd.rate,
            lost=sum(recorded[command.id] == 0 for command in sent),
            doubled=sum(recorded[command.id] > 1 for command in sent),
            runs=len(carried),
            carried=max(carried),
        )


def _commands(cycle: Running) -> Iterator[Command]:
    """Every unit acknowledges, then reports, then is accepted; dealt out in this order, a person
    who sends one after another never overtakes what it builds on."""
    kinds = (cycle.acknowledge, cycle.submit, cycle.accept)
    return chain.from_iterable(
        (kind(task, unit) for task, unit in cycle.assignments) for kind in kinds
    )


def _recorded(cycle: Running) -> Counter[str]:
    """How often the ledger has what each command led to."""
    query = f"SELECT command FROM ledger WHERE kind IN {DECIDING}"  # noqa: S608 - our own words
    with cycle.engine.connect() as connection:
        return Counter(connection.execute(text(query)).scalars())


async def _carried(cycle: Running) -> AsyncIterator[int]:
    """The size of what each run of the task began with, the latest run first."""
    client, task = cycle.installed.client, cycle.openings[0].task
    handle: WorkflowHandle | None = client.get_workflow_handle(task)
    while handle is not None:
        begun = await anext(handle.fetch_history_events())
        started = begun.workflow_execution_started_event_attributes
        yield sum(len(payload.data) for payload in started.input.payloads)
        before = started.continued_execution_run_id
        handle = client.get_workflow_handle(task, run_id=before) if before else None
