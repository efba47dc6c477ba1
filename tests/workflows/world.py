"""One installation of a test's own on the shared Temporal server: a database, a queue, a plan."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine, select
from sqlmodel import Session, col
from temporalio.client import Client

from activities.clock import ClockStore
from activities.commands import Commands
from activities.cycle_store import CycleStore, Snapshots
from activities.cycles import Cycles
from activities.delivery import deliver
from activities.directory import Registry
from activities.ledger import Ledger
from models.assignment import TaskState
from models.clock import VN, Clock
from models.commands import Command, Outcome
from models.cycle import CycleEnd, CycleProgress, LaunchOrder
from models.directory import Unit
from models.events import Event
from models.identifiers import task_id
from models.plan import Plan
from models.tables import (
    AssignmentTable,
    CycleTable,
    DispatchTable,
    LedgerTable,
    NoticeTable,
    SealTable,
    TaskTable,
)
from rules.digest import next_digest, within_window
from rules.hash_chain import Entry, event_of
from settings import Settings
from tests.workflows.builders import OFFICER, Script, Until, a_calendar, a_directory
from worker import build_worker

# Longer than a killed worker's activity waits for another worker, on a machine that is busy.
PATIENCE_SECONDS = 200.0
LONGEST_PAUSE_SECONDS = 0.2


class Letter(NamedTuple):
    to: str
    day: str
    subject: str
    body: str


class World:
    def __init__(self, settings: Settings, client: Client, engine: Engine, plan: str) -> None:
        self.settings = settings
        self.client = client
        self.engine = engine
        self.plan = plan
        self.clock = ClockStore(engine)
        self.commands = Commands(engine)
        self.store = CycleStore(engine)
        self.ledger = Ledger(engine)
        self.registry = Registry(engine)
        self.cycle = ""
        self._numbers = 0

    # What runs

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        """A worker in this process; it knows nothing of the workflows another one has run."""
        worker = build_worker(self.settings, self.client, self.engine)
        # A machine that is busy with other tests for two seconds is no deadlock.
        workflows: Any = worker._workflow_worker
        workflows._deadlock_timeout_seconds = PATIENCE_SECONDS
        async with worker:
            yield

    def cycles(self, client: Client | None = None) -> Cycles:
        return Cycles(self.engine, client or self.client, self.settings.task_queue)

    # The plan and its clock

    def keep_launch(
        self, plan: Plan, units: Iterable[Unit], *, at: datetime, year: int = 2026, **order: Any
    ) -> CycleTable:
        """A launch as an officer's order leaves it: nothing is open yet."""
        self.clock.set(Clock(wall_anchor=datetime.now(UTC), plan_anchor=at, speed=0))
        units = list(units)
        self.registry.load_plan(plan, units, at=at)
        kept = self.store.keep(
            LaunchOrder(plan=plan.id, year=year, actor=OFFICER, **order),
            Snapshots(plan, a_directory(units), a_calendar()),
            at=at,
            expected=(0, 0),
        )
        self.cycle = kept.cycle.id
        return kept.cycle

    async def launch(
        self, plan: Plan, units: Iterable[Unit], *, at: datetime, year: int = 2026, **order: Any
    ) -> None:
        cycle = self.keep_launch(plan, units, at=at, year=year, **order)
        await self.cycles().start_cycle(cycle)
        await until(lambda: self.store.get(cycle.id).stage == "open", "the cycle is open")
        await self.settled()

    async def step_to(self, at: datetime) -> None:
        """Sets the standing clock, and waits until everything due by then is done."""
        await self.set_clock(at)
        await self.settled()

    async def set_clock(self, at: datetime, speed: float = 0) -> Clock:
        clock = Clock(wall_anchor=datetime.now(UTC), plan_anchor=at, speed=speed)
        self.clock.set(clock)
        for workflow in (self.cycle, *(task.id for task in self.store.open_tasks(self.cycle))):
            await self.client.get_workflow_handle(workflow).signal("clock_changed", clock)
        return clock

    async def settled(self) -> None:
        """Everything that was due is recorded, and what could go out has."""
        await self.recorded()
        now = self.clock.plan_now()
        calendar = a_calendar()
        policy = self.store.snapshots(self.store.get(self.cycle)).plan.officer.policy

        async def digests_sent() -> bool:
            progress = await self.progress()
            following = next_digest(
                progress.sent_until,
                now=now,
                tolerance=timedelta(0),
                calendar=calendar,
                send_from=policy.send_from,
            )
            return following > now

        await until_async(digests_sent, "the digests are sent")
        window = within_window(
            now, calendar=calendar, send_from=policy.send_from, send_until=policy.send_until
        )
        if window <= now:
            await until(lambda: not self.waiting_letters(), "the letters are sent")

    async def recorded(self) -> None:
        """The tasks have recorded all that was due."""
        now = self.clock.plan_now()
        await until(lambda: not self.store.behind(self.cycle, now), f"the tasks reach {now}")

    async def progress(self) -> CycleProgress:
        handle = self.client.get_workflow_handle(self.cycle)
        progress: CycleProgress = await handle.query("progress", result_type=CycleProgress)
        return progress

    # Commands

    def task(self, code: str, occurrence: str = "han") -> str:
        return task_id(self.plan, self.cycle.rpartition("/")[2], code, occurrence)

    def a_command(self, kind: Callable[..., Command], task: str, /, **fields: Any) -> Command:
        """A command received now, with the next id."""
        self._numbers += 1
        origin = {"id": f"c{self._numbers}", "actor": OFFICER, "received_at": self.clock.plan_now()}
        return kind(**(origin | {"task": task} | fields))

    async def send(self, kind: Callable[..., Command], task: str, /, **fields: Any) -> Outcome:
        """Stores and delivers, as every way in does."""
        command = self.a_command(kind, task, **fields)
        self.commands.store(command)
        return await deliver(self.client, command)

    async def live(
        self, task: str, script: Script, between: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Lives through a script; `between` is done after each of its lines."""
        for line in script:
            if isinstance(line, Until):
                await self.step_to(line.at)
            else:
                await self.send(line.kind, task, **line.fields)
                await self.settled()
            if between is not None:
                await between()

    def end_order(self, verb: str, **word: Any) -> CycleEnd:
        return CycleEnd.model_validate(
            {"cycle": self.cycle, "verb": verb, "actor": OFFICER, "received_at": self.now} | word
        )

    async def end(self, verb: str, **word: Any) -> None:
        handle = self.client.get_workflow_handle(self.cycle)
        await handle.execute_update("end", self.end_order(verb, **word))

    @property
    def now(self) -> datetime:
        return self.clock.plan_now()

    # What is seen of it

    def events(self, task: str) -> list[Event]:
        columns = [col(getattr(LedgerTable, name)) for name in Entry._fields]
        query = select(*columns).where(col(LedgerTable.task) == task).order_by(col(LedgerTable.seq))
        with Session(self.engine) as session:
            return [event_of(Entry(*row)) for row in session.execute(query)]

    def story(self, task: str) -> list[dict[str, Any]]:
        return told(self.events(task))

    def opening(self, task: str) -> list[Event]:
        """The events of the launch."""
        events = self.events(task)
        return [e for e in events if e.at == events[0].at and e.command is None]

    def kinds(self, task: str, unit: str) -> list[str]:
        return [e.kind for e in self.events(task) if getattr(e, "unit", None) == unit]

    def rungs(self, task: str, unit: str, clock: str = "due") -> list[tuple[str, str]]:
        """Day and rungs of each message about one unit's one clock: `("13/02", "T-14 T-7")`."""
        return [
            (f"{event.at.astimezone(VN):%d/%m}", " ".join(event.rungs))
            for event in self.events(task)
            if event.kind == "rung_fired" and event.unit == unit and event.clock == clock
        ]

    def assignment(self, task: str, unit: str) -> AssignmentTable:
        query = select(AssignmentTable).where(
            col(AssignmentTable.task) == task, col(AssignmentTable.unit) == unit
        )
        with Session(self.engine, expire_on_commit=False) as session:
            return session.scalars(query).one()

    def task_row(self, task: str) -> TaskTable:
        with Session(self.engine, expire_on_commit=False) as session:
            return session.get_one(TaskTable, task)

    async def state(self, task: str) -> TaskState:
        handle = self.client.get_workflow_handle(task)
        state: TaskState = await handle.query("state", result_type=TaskState)
        return state

    async def attribute(self, workflow: str, name: str) -> Any:
        described = await self.client.get_workflow_handle(workflow).describe()
        values = {pair.key.name: pair.value for pair in described.typed_search_attributes}
        return values.get(f"Dondoc{name}")

    async def shows(self, workflow: str, name: str, value: Any) -> None:
        async def shown() -> bool:
            return bool(await self.attribute(workflow, name) == value)

        await until_async(shown, f"{name} is {value} in Temporal")

    async def details(self, workflow: str) -> str:
        """What Temporal's own screens show of a workflow as it stands."""
        from temporalio.api.sdk.v1 import WorkflowMetadata

        handle = self.client.get_workflow_handle(workflow)
        metadata: WorkflowMetadata = await handle.query(
            "__temporal_workflow_metadata", result_type=WorkflowMetadata
        )
        return metadata.current_details

    def notices(self, task: str | None = None) -> list[NoticeTable]:
        query = select(NoticeTable).order_by(col(NoticeTable.key))
        if task is not None:
            query = query.where(col(NoticeTable.task) == task)
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def dispatches(self) -> list[DispatchTable]:
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(DispatchTable).order_by(col(DispatchTable.id))))

    def seals(self) -> list[SealTable]:
        with Session(self.engine, expire_on_commit=False) as session:
            query = select(SealTable).order_by(col(SealTable.day))
            return list(session.scalars(query.where(col(SealTable.cycle) == self.cycle)))

    def waiting_letters(self) -> bool:
        """Whether a letter that may go out has not, or an urgent line is in no letter yet."""
        with Session(self.engine) as session:
            unsent = session.scalars(
                select(col(DispatchTable.id)).where(
                    col(DispatchTable.state) == "queued", col(DispatchTable.not_before) <= self.now
                )
            ).first()
            urgent = session.scalars(
                select(col(NoticeTable.key)).where(
                    col(NoticeTable.urgent).is_(True),
                    col(NoticeTable.message).is_(None),
                    col(NoticeTable.dropped).is_(False),
                )
            ).first()
        return unsent is not None or urgent is not None

    def letters(self, to: str | None = None, day: str | None = None) -> list[Letter]:
        """The letters in the outbox; `to` is a unit's code, `day` as `28/01`."""
        found = map(_letter, sorted((self.settings.state_dir / "outbox").glob("*.eml")))
        return [
            letter
            for letter in found
            if (to is None or letter.to == f"{to.lower()}@vd.example")
            and (day is None or letter.day == day)
        ]

    async def history(self, workflow: str) -> list[Any]:
        handle = self.client.get_workflow_handle(workflow)
        return [event async for event in handle.fetch_history_events()]


@cache
def _letter(path: Path) -> Letter:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    when = datetime.fromisoformat(str(mail["X-Dondoc-Day"]))
    plain = mail.get_body(("plain",))
    assert isinstance(plain, EmailMessage)
    to = mail["To"].addresses[0].addr_spec
    return Letter(to, f"{when:%d/%m}", str(mail["Subject"]), plain.get_content())


def told(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Events as they compare between installations."""
    return [event.model_dump(mode="json") for event in events]


async def until(
    holds: Callable[[], bool],
    what: str,
    seconds: float = PATIENCE_SECONDS,
    *,
    pause: float = LONGEST_PAUSE_SECONDS,
) -> None:
    async def asked() -> bool:
        return await asyncio.to_thread(holds)

    await until_async(asked, what, seconds, pause=pause)


async def until_async(
    holds: Callable[[], Any],
    what: str,
    seconds: float = PATIENCE_SECONDS,
    *,
    pause: float = LONGEST_PAUSE_SECONDS,
) -> None:
    """Asks ever less often, with `pause` seconds between at most: asking takes time from what is
    waited for."""
    deadline = asyncio.get_running_loop().time() + seconds
    waited = 0.01
    while not await holds():
        assert asyncio.get_running_loop().time() < deadline, f"not after {seconds} s: {what}"
        await asyncio.sleep(waited)
        waited = min(waited * 1.2, pause)
