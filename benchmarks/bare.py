"""The baseline: what one would write first. One workflow per assignment, one row per happening."""

from contextlib import suppress
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from benchmarks.bare_rows import BareRows, BareStart, Report, Row

ACTIVITY_TIMEOUT = timedelta(seconds=30)


@workflow.defn
class BareAssignment:
    @workflow.init
    def __init__(self, start: BareStart) -> None:
        self._assignment = start.assignment
        self._rungs: list[datetime] = []
        self._accepted = False

    @workflow.run
    async def run(self, _start: BareStart) -> None:
        await self._insert("assigned")
        await workflow.wait_condition(lambda: bool(self._rungs) or self._accepted)
        for number, rung in enumerate(self._rungs, 1):
            with suppress(TimeoutError):
                await workflow.wait_condition(lambda: self._accepted, timeout=rung - workflow.now())
            if self._accepted:
                break
            await self._insert(f"reminder-{number}")
        await workflow.wait_condition(lambda: self._accepted)
        await workflow.wait_condition(workflow.all_handlers_finished)

    @workflow.update
    async def report(self, report: Report) -> str:
        """Answers when the row is written."""
        self._rungs += report.rungs
        await self._insert(report.kind)
        self._accepted = self._accepted or report.kind == "accepted"
        return report.kind

    async def _insert(self, kind: str) -> None:
        await workflow.execute_local_activity_method(
            BareRows.insert,
            Row(assignment=self._assignment, kind=kind),
            start_to_close_timeout=ACTIVITY_TIMEOUT,
        )
