"""What people do on a page or through the API: stored first, then delivered, then answered."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from temporalio.client import Client

from activities.clock import ClockStore
from activities.commands import Commands
from activities.delivery import Undeliverable, deliver
from models.clock import VN
from models.commands import Actor, ActorKind, Command, Outcome, Verdict
from models.visitor import Visitor, VisitorRole
from settings import Settings
from temporal_client import TemporalProblem, connect
from web.done import done
from web.language import gettext as _
from web.language import lazily as later

PATIENCE_SECONDS = 8
CONNECT_SECONDS = 3
FORGET_FAILURE_SECONDS = 5
AT_ONCE = 8

DOWN = later("Máy chủ Temporal chưa trả lời; hãy thử lại sau ít phút.")

KINDS = {
    VisitorRole.UNIT: ActorKind.UNIT,
    VisitorRole.OFFICER: ActorKind.OFFICER,
    VisitorRole.SUPERVISOR: ActorKind.SUPERVISOR,
}


class Answer(NamedTuple):
    """How a command ended. Without a verdict it is received and will be decided."""

    command: str
    verdict: Verdict | None
    sentence: str

    @property
    def done(self) -> bool:
        return self.verdict is Verdict.APPLIED

    @property
    def refused(self) -> bool:
        return self.verdict in (Verdict.REFUSED, Verdict.FAILED)

    @property
    def tone(self) -> str:
        """How a page shows it: good, waiting or bad."""
        return "good" if self.done else "bad" if self.refused else "waiting"


def worst(answers: Sequence[Answer]) -> Answer:
    """What a person must know first: what was refused, then what is still being decided."""
    return min(answers, key=lambda answer: (not answer.refused, answer.done))


class Acts:
    """Everything raises DatabaseUnavailable when nothing could be received."""

    def __init__(self, settings: Settings, commands: Commands, clock: ClockStore) -> None:
        self._settings = settings
        self._commands = commands
        self._clock = clock
        self._client: Client | None = None
        self._connecting = asyncio.Lock()
        self._failed_at: float | None = None
        self._people: dict[tuple[str, str, str], str] = {}

    def heading(self, visitor: Visitor, task: str, *, id_: str, words: str = "") -> dict[str, Any]:
        """The fields every command begins with, received now; `words` is what the person wrote.

        Blocking: call it from a plain `def`, or through `asyncio.to_thread`.
        """
        return {
            "id": id_,
            "task": task,
            "actor": self.actor(visitor),
            "received_at": self._clock.plan_now(),
            "text": self._commands.store_statement(words) if words.strip() else None,
        }

    def actor(self, visitor: Visitor) -> Actor:
        """Who the ledger says it was. Blocking."""
        kind = KINDS[visitor.role]
        if kind is ActorKind.UNIT:
            return Actor(kind=kind, ref=visitor.unit or "", person=self._person(visitor))
        return Actor(kind=kind, ref=self._person(visitor))

    def store(self, commands: Sequence[Command]) -> None:
        """From here on they count as received. Blocking."""
        for command in commands:
            self._commands.store(command)

    async def perform(self, *commands: Command) -> list[Answer]:
        """Stores the commands and tells how each ended, or that it will be decided later."""
        await asyncio.to_thread(self.store, commands)
        answers = await self.deliver(commands)
        return [
            answer._replace(sentence=done(command)) if answer.done else answer
            for command, answer in zip(commands, answers, strict=True)
        ]

    async def deliver(self, commands: Sequence[Command]) -> list[Answer]:
        """The answers of stored commands. What cannot be delivered now, the relay delivers."""
        try:
            client = await self.client()
        except TemporalProblem:
            return [_received(command, command.received_at) for command in commands]
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(command: Command) -> Answer:
            async with gate:
                return await _deliver(client, command)

        return list(await asyncio.gather(*(one(command) for command in commands)))

    async def client(self) -> Client:
        """Raises TemporalProblem, for some seconds without trying again: a page does not wait for
        a server that is known to be down."""
        async with self._connecting:
            if self._client is None:
                now = asyncio.get_running_loop().time()
                if self._failed_at is not None and now - self._failed_at < FORGET_FAILURE_SECONDS:
                    raise TemporalProblem(_(DOWN))
                try:
                    async with asyncio.timeout(CONNECT_SECONDS):
                        self._client = await connect(self._settings)
                except (TemporalProblem, TimeoutError) as problem:
                    self._failed_at = now
                    raise TemporalProblem(_(DOWN)) from problem
            return self._client

    def _person(self, visitor: Visitor) -> str:
        who = (visitor.name, visitor.position, visitor.unit or "")
        if not visitor.name:
            return ""
        if who not in self._people:
            self._people[who] = self._commands.person(*who)
        return self._people[who]


async def _deliver(client: Client, command: Command) -> Answer:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            outcome = await deliver(client, command)
    except (Undeliverable, TimeoutError):
        return _received(command, command.received_at)
    return answer_of(outcome)


def answer_of(outcome: Outcome) -> Answer:
    if outcome.verdict is Verdict.APPLIED:
        return Answer(outcome.command, outcome.verdict, _("Đã ghi nhận."))
    return Answer(outcome.command, outcome.verdict, outcome.reason)


def _received(command: Command, at: datetime) -> Answer:
    when = at.astimezone(VN).strftime("%H:%M %d/%m/%Y")
    return Answer(command.id, None, _("Đã nhận lúc %(when)s, đang xử lý.", when=when))
