"""Of all orders to end a cycle one is kept, together with its key, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine

from activities.asked import AskedBefore, Key, KeyReused
from activities.cycle_store import Cycle, CycleStore, Snapshots
from activities.cycles import Cycles
from ending import Ending, NotNow, Word
from models.cycle import CycleEnd, LaunchOrder
from tests.workflows.builders import OFFICER, a_calendar, a_directory, a_plan, moment, some_units

LAUNCHED = moment("05/01", "09:00")
VOID = Word("void", reason="Nhầm năm.")
CLOSE = Word("close", reason="Hết năm.")


def a_cycle(engine: Engine, year: int = 2026) -> Cycle:
    """One that nothing is left open in."""
    plan, units = a_plan("ke-hoach", "III.1.a"), some_units()
    order = LaunchOrder(plan=plan.id, year=year, actor=OFFICER)
    snapshots = Snapshots(plan, a_directory(list(units)), a_calendar())
    kept = CycleStore(engine).keep(order, snapshots, at=LAUNCHED, expected=(0, 0))
    return kept.cycle


def an_open_cycle(engine: Engine, year: int = 2026) -> Cycle:
    cycle = a_cycle(engine, year)
    CycleStore(engine).set_open(cycle.id)
    return CycleStore(engine).get(cycle.id)


def test_a_second_order_is_refused_and_the_same_is_found_again(engine: Engine):
    cycle, store = an_open_cycle(engine), CycleStore(engine)
    first = Ending(engine).keep(cycle, CLOSE, OFFICER)

    again = Ending(engine).keep(store.get(cycle.id), CLOSE, OFFICER)
    late = Ending(engine).keep(cycle, CLOSE, OFFICER)
    with pytest.raises(NotNow, match="đã có lệnh khép lại, ghi lúc"):
        Ending(engine).keep(store.get(cycle.id), VOID, OFFICER)
    with pytest.raises(NotNow, match="đã có lệnh khép lại"):
        Ending(engine).keep(cycle, CLOSE._replace(reason="Lý do khác."), OFFICER)

    assert (first.new, again.new, late.new) == (True, False, False)
    assert first.order == again.order == late.order
    assert (store.get(cycle.id).stage, [each.id for each in store.ending()]) == (
        "closing",
        [cycle.id],
    )


def test_of_two_orders_at_once_one_is_kept_with_its_key_and_the_other_told(engine: Engine):
    """Each with a store of its own, as two processes have."""
    together = Barrier(2)

    def order(cycle: Cycle, word: Word) -> str:
        key = Key(f"{word.verb} {cycle.year}", word.verb)
        together.wait()
        try:
            return Ending(engine).keep(cycle, word, OFFICER, key=key).order.verb
        except NotNow:
            return "refused"

    with ThreadPoolExecutor(2) as people:
        for year in range(2026, 2032):
            cycle = an_open_cycle(engine, year)
            answers = list(people.map(order, [cycle, cycle], [VOID, CLOSE]))

            assert Counter(answers)["refused"] == 1
            kept = CycleStore(engine).get(cycle.id)
            assert kept.ending is not None
            verb = CycleEnd.model_validate_json(kept.ending).verb
            assert (verb in answers, kept.stage) == (
                True,
                {"void": "voiding", "close": "closing"}[verb],
            )
            keys = {each: Key(f"{each} {year}", each) for each in ("void", "close")}
            claimed = [each for each, key in keys.items() if AskedBefore(engine).get(key)]
            assert claimed == [verb]


def test_a_key_of_another_request_ends_nothing(engine: Engine):
    cycle = an_open_cycle(engine)
    AskedBefore(engine).claim(Key("k", "a"), ["c1"])

    with pytest.raises(KeyReused):
        Ending(engine).keep(cycle, VOID, OFFICER, key=Key("k", "b"))

    found = CycleStore(engine).get(cycle.id)
    assert (found.stage, found.ending) == ("open", None)


def test_a_cycle_that_opens_is_voided_and_not_closed(engine: Engine):
    """What it leaves open is not known yet; and its opening is no way back from the void."""
    cycle, store = a_cycle(engine), CycleStore(engine)

    with pytest.raises(NotNow, match="đang mở"):
        Ending(engine).keep(cycle, CLOSE, OFFICER)
    assert Ending(engine).keep(cycle, VOID, OFFICER).new
    store.set_open(cycle.id)

    assert store.get(cycle.id).stage == "voiding"


async def test_the_order_that_is_kept_is_followed_whatever_else_arrives(engine: Engine):
    """As from a program of an older version, which kept nothing first."""
    cycle = an_open_cycle(engine)
    kept = Ending(engine).keep(cycle, VOID, OFFICER).order
    cycles = Cycles(engine, None, "hang-doi")  # type: ignore[arg-type]  # it has no tasks to end

    for _ in range(2):  # killed before Temporal knew that it was done
        await cycles.end_tasks(kept.model_copy(update={"verb": "close"}))

        assert CycleStore(engine).get(cycle.id).stage == "voided"
