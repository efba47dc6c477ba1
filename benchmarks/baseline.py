"""Lives of a sample of bare assignments, and what they cost."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError

from activities.database import open_database
from benchmarks.bare import BareAssignment
from benchmarks.bare_rows import BareStart, Report, database_of
from benchmarks.crowd import Crowd, at_once, dealt
from benchmarks.installation import Counter, History, Installation, Usage, installation

STARTERS = 100
ON_ONE_TASK, OVER_TWENTY = 100, 160
REMINDERS = 3
ROWS_OF_A_LIFE = 4 + REMINDERS
TRIES = 5
# Before the first timer everything must be acknowledged, and between two the burst of the first
# must be over: neither takes as long as launching did, unless something else takes the machine.
MARGIN, SPARE = 1.2, timedelta(seconds=3)


@dataclass(frozen=True)
class Baseline:
    sample: int
    launched: float
    burst: float
    on_one_task: Crowd
    over_twenty: Crowd
    usage: Usage
    history: History


async def baseline(sample: int) -> Baseline:
    """Rates of bare Temporal: `sample` assignments from launch to acceptance."""
    async with installation("bare") as installed:
        # Pollers scale up with work, and the first workflow loads its modules.
        await _launched(installed, "warm", max(20, sample // 10))
        return await _lives(installed, sample)


async def _lives(installed: Installation, sample: int) -> Baseline:
    count = Counter(open_database(f"sqlite:///{database_of(installed.settings.state_dir)}"))
    before = count("happening")

    async with installed.counting():
        launched = await _launched(installed, "a", sample)
    ids = [f"a/{number}" for number in range(sample)]
    apart = timedelta(seconds=sample / launched) * MARGIN + SPARE
    begun = datetime.now(UTC)
    rungs = [begun + number * apart for number in range(1, REMINDERS + 1)]
    async with installed.counting():
        await _report(installed, ids, "acknowledged", OVER_TWENTY, rungs)
    bursts = []
    for number, rung in enumerate(rungs, 3):
        seconds = await _burst(installed, count, rung, before + number * sample)
        if seconds is not None:
            bursts.append(sample / seconds)
    assert bursts, "something else takes this machine: the baseline never kept up with its timers"
    async with installed.counting():
        on_one_task = await _report(installed, ids[::2], "submitted", ON_ONE_TASK)
        over_twenty = await _report(installed, ids[1::2], "submitted", OVER_TWENTY)
    async with installed.counting():
        await _report(installed, ids, "accepted", OVER_TWENTY)
    assert count("happening") == before + ROWS_OF_A_LIFE * sample
    history = await installed.histories("WorkflowId STARTS_WITH 'a/'")
    assert history.runs == sample
    return Baseline(
        sample, launched, median(bursts), on_one_task, over_twenty, installed.usage, history
    )


async def _launched(installed: Installation, name: str, sample: int) -> float:
    """Assignments a second, from the first start until the last one's row is written."""
    count = Counter(open_database(f"sqlite:///{database_of(installed.settings.state_dir)}"))
    before = count("happening")
    starts = [BareStart(assignment=f"{name}/{number}") for number in range(sample)]

    async def start(each: BareStart) -> None:
        await installed.client.start_workflow(
            BareAssignment.run,
            each,
            id=each.assignment,
            task_queue=installed.settings.task_queue,
        )

    begun = perf_counter()
    await at_once(dealt(starts, STARTERS), start)
    await count.until("happening", before + sample)
    return sample / (perf_counter() - begun)


async def _report(
    installed: Installation,
    ids: Sequence[str],
    kind: str,
    people: int,
    rungs: Sequence[datetime] = (),
) -> Crowd:
    async def send(assignment: str) -> None:
        handle = installed.client.get_workflow_handle_for(BareAssignment.run, assignment)
        said, report = f"{assignment}/{kind}", Report(kind=kind, rungs=tuple(rungs))
        for left in reversed(range(TRIES)):
            try:
                await handle.execute_update(BareAssignment.report, report, id=said)
                return
            except WorkflowUpdateRPCTimeoutOrCancelledError:
                # Under load the server sometimes gives up on an update. Whoever asks again under
                # the same id is answered, and has waited the longer.
                if not left:
                    raise

    return await at_once(dealt(ids, people), send)


async def _burst(
    installed: Installation, count: Counter, rung: datetime, rows: int
) -> float | None:
    """Seconds from the instant until the last row is written; None when what came before was not
    over by then."""
    wait = (rung - datetime.now(UTC)).total_seconds()
    await asyncio.sleep(max(0.0, wait))
    async with installed.counting():
        await count.until("happening", rows)
        seconds = (datetime.now(UTC) - rung).total_seconds()
    return seconds if wait > 0 else None
