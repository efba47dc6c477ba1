"""Whether the workflows that should wait for an instant really do."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

from sqlalchemy import Engine
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.clock import ClockStore
from activities.cycle_store import CycleStore
from activities.doctor import Check, broken, in_order

WHAT = "Hẹn giờ"
REPAIR = "Khởi động lại từ sổ: dondoc repair"
# How far behind its own next instant a task may be.
LATE = timedelta(minutes=15)
# A workflow that is just at work has no timer; a moment later it has.
LOOKS, PAUSE_SECONDS = 5, 0.5
AT_ONCE = 8


class Timers:
    def __init__(self, engine: Engine, client: Client) -> None:
        self._client = client
        self._clock = ClockStore(engine)
        self._cycles = CycleStore(engine)

    async def look(self) -> list[Check]:
        """One line for all that is in order, one for each task that is not."""
        clock = await asyncio.to_thread(self._clock.read)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(workflow: str, *, waits: bool) -> Check | None:
            async with gate:
                return await self._one(workflow, waits=waits and clock.speed > 0)

        found: list[Check] = []
        looking = []
        for cycle in await asyncio.to_thread(lambda: self._cycles.all(running=True)):
            looking.append(one(cycle.id, waits=True))
            for task in await asyncio.to_thread(self._cycles.open_tasks, cycle.id):
                if task.halted:
                    found.append(broken(WHAT, f"{task.id} đã dừng ghi: {task.halted}", REPAIR))
                    continue
                looking.append(one(task.id, waits=task.next_instant is not None))
        found += [check for check in await asyncio.gather(*looking) if check is not None]
        for late in await self._late():
            found.append(broken(WHAT, f"{late} chậm so với giờ hẹn", REPAIR))
        return found or [in_order(WHAT, f"{len(looking)} quy trình đang chạy, đều đã hẹn giờ")]

    async def _late(self) -> list[str]:
        """The tasks that stay behind: one opened after its first rungs catches up in a moment."""
        late: list[str] = []
        for _ in range(LOOKS):
            late = await asyncio.to_thread(self._behind)
            if not late:
                break
            await asyncio.sleep(PAUSE_SECONDS)
        return late

    def _behind(self) -> list[str]:
        at = self._clock.plan_now() - LATE
        return [
            behind.task
            for cycle in self._cycles.all(running=True)
            for behind in self._cycles.behind(cycle.id, at)
            if not behind.halted
        ]

    async def _one(self, workflow: str, *, waits: bool) -> Check | None:
        try:
            described = await self._client.get_workflow_handle(workflow).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return broken(WHAT, f"Temporal không biết quy trình {workflow}", REPAIR)
            return broken(WHAT, f"Máy chủ Temporal chưa trả lời về {workflow}: {error.message}")
        if described.status is not WorkflowExecutionStatus.RUNNING:
            return broken(WHAT, f"Quy trình {workflow} không chạy", REPAIR)
        for _ in range(LOOKS):
            if not waits or await self._has_timer(workflow, described.run_id):
                return None
            await asyncio.sleep(PAUSE_SECONDS)
        return broken(WHAT, f"Quy trình {workflow} chạy nhưng không hẹn giờ nào", REPAIR)

    async def _has_timer(self, workflow: str, run: str) -> bool:
        """Whether a timer was started that has neither fired nor been taken back."""
        closed: set[str] = set()
        async for event in self._newest_first(workflow, run):
            match event.event_type:
                case EventType.EVENT_TYPE_TIMER_FIRED:
                    closed.add(event.timer_fired_event_attributes.timer_id)
                case EventType.EVENT_TYPE_TIMER_CANCELED:
                    closed.add(event.timer_canceled_event_attributes.timer_id)
                case EventType.EVENT_TYPE_TIMER_STARTED:
                    if event.timer_started_event_attributes.timer_id not in closed:
                        return True
        return False

    async def _newest_first(self, workflow: str, run: str) -> AsyncIterator[HistoryEvent]:
        token = b""
        while True:
            page = await self._client.workflow_service.get_workflow_execution_history_reverse(
                GetWorkflowExecutionHistoryReverseRequest(
                    namespace=self._client.namespace,
                    execution=WorkflowExecution(workflow_id=workflow, run_id=run),
                    maximum_page_size=100,
                    next_page_token=token,
                )
            )
            for event in page.history.events:
                yield event
            token = page.next_page_token
            if not token:
                return
