"""The end of a cycle from an officer's word to a kept order, the same from the terminal, a page and
a program."""

from collections.abc import Collection
from typing import Literal, NamedTuple
from unicodedata import normalize

from sqlalchemy import Engine

from activities.asked import Key
from activities.clock import ClockStore
from activities.commands import Commands
from activities.cycle_store import Cycle, CycleStore
from activities.lookup import Lookup
from models.commands import Actor
from models.cycle import CycleEnd
from rules.closing import LeftOpen, decided, left_open, makes, stands, tasks_of


class Word(NamedTuple):
    """What an officer says. `carry` and `reference` are the word on what a closed cycle leaves
    open, as `decided` takes it; `shown` are the names it was given on, None when nobody was shown
    any."""

    verb: Literal["close", "void"]
    reason: str = ""
    carry: Collection[str] = ()
    reference: str = ""
    shown: Collection[str] | None = None


class Ordered(NamedTuple):
    """A kept order, whether it was kept just now, and then what becomes of the parts left open."""

    order: CycleEnd
    new: bool
    carried: int = 0
    ended: int = 0


class NotNow(Exception):
    """Another order stands, or the cycle cannot be closed yet: the sentence says which."""


class Ending:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self._cycles = CycleStore(engine)
        self._lookup = Lookup(engine)
        self._commands = Commands(engine)
        self._clock = ClockStore(engine)

    def keep(self, cycle: Cycle, word: Word, actor: Actor, *, key: Key | None = None) -> Ordered:
        """Keeps the order to end a cycle, with the `key` it was asked for under; the same order
        is found again. Raises Undecided, NotNow, KeyReused, and then nothing is ordered."""
        if cycle.ending is not None:
            return self._found(CycleEnd.model_validate_json(cycle.ending), word)
        if word.verb == "close" and cycle.stage == "opening":
            raise NotNow(
                "Chu kỳ đang mở các nhiệm vụ: hãy khép lại khi đã mở xong; phát động nhầm thì hủy "
                "được ngay."
            )
        carried, ended = self._decided(cycle, word)
        kept = self._cycles.keep_ending(self._order(cycle, word, actor, carried, ended), key=key)
        if kept is None:
            raise NotNow("Chu kỳ này không còn chạy.")
        if not kept.new:  # another order was faster by a moment
            return self._found(kept.order, word)
        return Ordered(
            kept.order,
            new=True,
            carried=sum(each.owing for each in carried),
            ended=sum(each.owing + each.waiting for each in ended),
        )

    def _decided(self, cycle: Cycle, word: Word) -> tuple[list[LeftOpen], list[LeftOpen]]:
        if word.verb == "void":
            return [], []
        still_open = left_open(self._lookup.open_by_task(cycle.id))
        return decided(still_open, word.carry, word.reference, shown=word.shown)

    def _order(
        self,
        cycle: Cycle,
        word: Word,
        actor: Actor,
        carried: list[LeftOpen],
        ended: list[LeftOpen],
    ) -> CycleEnd:
        return CycleEnd(
            cycle=cycle.id,
            verb=word.verb,
            actor=actor,
            received_at=self._clock.plan_now(),
            text=self._commands.store_statement(word.reason) if word.reason else None,
            carry=tasks_of(carried),
            ended=tasks_of(ended),
            reference=word.reference if ended else "",
        )

    def _found(self, order: CycleEnd, word: Word) -> Ordered:
        """The order that stands, when the word is the same."""
        words = self._commands.statements([order.text] if order.text else [])
        same = makes(order, word.verb, word.carry, word.reference)
        if not same or words.get(order.text or "", "") != normalize("NFC", word.reason):
            raise NotNow(stands(order))
        return Ordered(order, new=False)
