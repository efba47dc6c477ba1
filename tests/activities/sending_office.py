"""A cycle without Temporal: its ledger, its outbox, its channels, and a clock that stands still."""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session, col
from temporalio.testing import ActivityEnvironment

from activities.channels.smtp import Smtp, SmtpServer
from activities.clock import ClockStore
from activities.commands import Commands
from activities.contacts import Contacts
from activities.cycle_store import CycleStore, Snapshots
from activities.directory import Registry
from activities.doors import SignInDoors
from activities.ledger import Ledger
from activities.links import Links
from activities.mailroom import Mailroom
from activities.notices import Notices
from activities.outbox import Outbox
from activities.sending import Post
from models.clock import Clock
from models.commands import Command
from models.cycle import DigestDay, LaunchOrder
from models.directory import Unit
from models.identifiers import task_id
from models.tables import DispatchTable, MessageTable, NoticeTable
from rules.channels import EMAIL
from rules.follow_up import step
from rules.projection import task_row
from rules.recording import recording_of
from rules.unfolding import unfold
from tests.activities.channels.parcels import SENDER
from tests.receivers import MailServer
from tests.workflows.builders import OFFICER, a_calendar, a_directory, a_plan, some_units

PLAN = "ke-hoach"
SECRET = "bi-mat-cua-ban-cai-dat-nay-du-dai"


class Office:
    """III.1.d of the shipped plan, or other duties of it, launched at `at`."""

    def __init__(
        self,
        engine: Engine,
        *,
        at: datetime,
        units: Iterable[Unit] | None = None,
        codes: tuple[str, ...] = ("III.1.d",),
    ) -> None:
        self.engine = engine
        self.clock = ClockStore(engine)
        self.commands = Commands(engine)
        self.ledger = Ledger(engine)
        self.registry = Registry(engine)
        self.contacts = Contacts(engine)
        self.store = CycleStore(engine)
        self.task = task_id(PLAN, "2026", "III.1.d", "han")
        self._numbers = 0
        self.stand_at(at)
        self._launch(list(units or some_units()), codes, at)

    def _launch(self, units: list[Unit], codes: tuple[str, ...], at: datetime) -> None:
        plan = a_plan(PLAN, *codes)
        self.registry.load_plan(plan, units, at=at)
        snapshots = Snapshots(plan, a_directory(units), a_calendar())
        order = LaunchOrder(plan=PLAN, year=2026, actor=OFFICER)
        self.cycle = self.store.keep(order, snapshots, at=at, expected=(0, 0)).cycle.id
        unfolded = unfold(*snapshots, year=2026, cycle="2026", at=at, dates={}, allocation={})
        self._tasks = [opening.task for opening in unfolded.openings]
        for opening in unfolded.openings:
            self.ledger.open_task(opening.task, self.cycle, opening.events)

    # What happens

    def stand_at(self, at: datetime) -> None:
        self.clock.set(Clock(wall_anchor=datetime.now(UTC), plan_anchor=at, speed=0))

    def until(self, at: datetime) -> None:
        """The clock goes on to `at`, and what is due by then is recorded."""
        self.stand_at(at)
        for task in self._tasks:
            self._steps(task, [])

    def says(self, kind: Any, **fields: Any) -> None:
        self._numbers += 1
        origin = {"id": f"c{self._numbers}", "actor": OFFICER, "received_at": self.now}
        command: Command = kind(**(origin | {"task": self.task} | fields))
        self.commands.store(command)
        self._steps(command.task, [command])

    def _steps(self, task: str, said: list[Any]) -> None:
        while True:
            loaded = self.ledger.load(task)
            after = step(loaded.state, said, at=self.now)
            if not after.events:
                return
            self.ledger.record(
                recording_of(
                    after.state,
                    after.events,
                    head=loaded.head,
                    at=self.now,
                    summary=task_row(after.state, at=self.now),
                    outcomes=after.outcomes,
                )
            )
            said = []

    @property
    def now(self) -> datetime:
        return self.clock.plan_now()

    # What is sent

    def notices(self, posts: Mapping[str, Post], outbox: Outbox | None = None) -> Notices:
        base_url = "http://dondoc.example"
        return Notices(
            self.engine, posts, SignInDoors(base_url, Links(base_url, SECRET)), outbox=outbox
        )

    def mailroom(self) -> Mailroom:
        cycle = self.store.get(self.cycle)
        base_url = "http://dondoc.example"
        doors = SignInDoors(base_url, Links(base_url, SECRET))
        return Mailroom(cycle, self.store.snapshots(cycle).plan, doors)

    def compose(self, *, urgent: bool = False) -> int:
        day = DigestDay(cycle=self.cycle, at=self.now, urgent=urgent)
        return int(ActivityEnvironment().run(self.notices({}).compose, day))

    def deliver(
        self,
        posts: Mapping[str, Post],
        *,
        attempt: int = 1,
        work: str = "run",
        outbox: Outbox | None = None,
    ) -> int:
        """Returns how many are left."""
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(
            environment.info, attempt=attempt, workflow_run_id=work
        )
        day = DigestDay(cycle=self.cycle, at=self.now)
        return int(environment.run(self.notices(posts, outbox).deliver, day).number)

    def digest(self, posts: Mapping[str, Post]) -> int:
        self.compose()
        return self.deliver(posts)

    # What is seen of it

    def dispatches(self, recipient: str | None = None) -> list[DispatchTable]:
        query = select(DispatchTable).order_by(col(DispatchTable.queued_at), col(DispatchTable.id))
        if recipient is not None:
            query = query.where(col(DispatchTable.recipient) == recipient)
        with Session(self.engine) as session:
            return list(session.scalars(query))

    def messages(self) -> list[MessageTable]:
        with Session(self.engine) as session:
            return list(session.scalars(select(MessageTable).order_by(col(MessageTable.id))))

    def notices_of(self, kind: str) -> list[NoticeTable]:
        with Session(self.engine) as session:
            return list(session.scalars(select(NoticeTable).where(col(NoticeTable.kind) == kind)))


def mail_to(server: MailServer | str, *, at_once: int = 2, per_minute: int = 0) -> dict[str, Post]:
    url = server if isinstance(server, str) else server.url
    channel = Smtp(SmtpServer.from_url(url), SENDER, at_once=at_once)
    return {EMAIL: Post(channel, per_minute)}
