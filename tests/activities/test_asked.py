"""What a key stands for is decided once, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine

from activities.asked import Asked, AskedBefore, Key, KeyReused
from activities.report_store import ReportStore, Submission
from models.clock import VN
from models.commands import Actor, ActorKind, Submit
from models.identifiers import assignment_id, task_id
from models.report import ReportContent

TASK = task_id("lam-dong-nq57", "2026", "V.1", "H1")
TIMES = 8


def test_key_stands_for_its_first_request(engine: Engine):
    asked = AskedBefore(engine)
    first = Asked("a", ("c1", "c2"))

    assert asked.get(Key("k", "a")) is None
    assert asked.claim(Key("k", "a"), ["c1", "c2"]) == first
    assert asked.claim(Key("k", "a"), ["c3"]) == asked.get(Key("k", "a")) == first
    with pytest.raises(KeyReused):
        asked.claim(Key("k", "b"), ["c3"])
    with pytest.raises(KeyReused):
        asked.get(Key("k", "b"))


def test_of_many_at_once_one_request_gets_the_key(engine: Engine):
    asked = AskedBefore(engine)

    def claim(number: int) -> str:
        try:
            return asked.claim(Key("k", f"{number}"), []).fingerprint
        except KeyReused:
            return "reused"

    with ThreadPoolExecutor(8) as people:
        found = Counter(people.map(claim, range(TIMES)))

    assert found["reused"] == TIMES - 1


def test_of_two_reports_at_once_under_one_key_one_is_kept_and_the_other_told(engine: Engine):
    """Each with a store of its own, as two processes have."""
    together = Barrier(2)

    def hand_in(who: str, number: int) -> str | None:
        unit, key = f"{who}{number}", Key(f"k{number}", who)
        submission = a_submission(unit, key)
        together.wait()
        try:
            return ReportStore(engine).submit(submission) and who
        except KeyReused:
            return None

    with ThreadPoolExecutor(2) as people:
        for number in range(TIMES):
            one = people.submit(hand_in, "one", number)
            other = people.submit(hand_in, "other", number)
            kept = [who for who in (one.result(), other.result()) if who]

            assert len(kept) == 1
            asked = AskedBefore(engine).get(Key(f"k{number}", kept[0]))
            assert asked == Asked(kept[0], (f"k{number}",))
            handed_in = [
                bool(ReportStore(engine).reports(assignment_id(TASK, f"{who}{number}")))
                for who in ("one", "other")
            ]
            assert handed_in == [kept == ["one"], kept == ["other"]]


@pytest.mark.parametrize("keyed", [True, False], ids=["under one key", "from one form"])
def test_one_report_sent_to_two_processes_at_once_is_handed_in_once(engine: Engine, keyed: bool):
    together = Barrier(2)

    def hand_in(number: int) -> str:
        key = Key(f"k{number}", "the same")
        submission = a_submission(f"U{number}", key)
        together.wait()
        return ReportStore(engine).submit(submission if keyed else submission._replace(key=None))

    with ThreadPoolExecutor(2) as people:
        for number in range(TIMES):
            ids = list(people.map(hand_in, [number] * 2))

            (kept,) = ReportStore(engine).reports(assignment_id(TASK, f"U{number}"))
            assert ids == [kept.id] * 2


def test_reports_of_one_unit_sent_at_once_to_two_processes_are_numbered_in_turn(engine: Engine):
    together = Barrier(2)

    def hand_in(command: str) -> str:
        submission = a_submission("U", Key(command, command))
        together.wait()
        return ReportStore(engine).submit(submission)

    with ThreadPoolExecutor(2) as people:
        for number in range(TIMES):
            list(people.map(hand_in, [f"a{number}", f"b{number}"]))

    numbers = [each.number for each in ReportStore(engine).reports(assignment_id(TASK, "U"))]
    assert numbers == list(range(1, 2 * TIMES + 1))


def a_submission(unit: str, key: Key) -> Submission:
    command = Submit(
        id=key.id,
        task=TASK,
        unit=unit,
        actor=Actor(kind=ActorKind.UNIT, ref=unit),
        received_at=datetime(2026, 6, 10, 9, 0, tzinfo=VN),
    )
    return Submission(assignment_id(TASK, unit), command, ReportContent(), f"unit:{unit}", key)
