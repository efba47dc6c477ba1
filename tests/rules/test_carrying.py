"""What is open when a cycle closes, in the next one."""

from datetime import timedelta

from models.assignment import Assignment, Role, Stage, TaskState, Waiting
from models.commands import Accept, Adopt, Close, Submit
from models.events import Assigned, Event, LadderSet
from rules.carrying import Carryover, Target, carried_opening, to_carry
from rules.deadlines import acknowledgement_ladder
from rules.decide import decide
from rules.due import due
from rules.evolve import fold
from rules.narration import tell
from tests.rules.builders import CALENDAR, LAUNCH, OFFICER, TASK, an_opening, on, the_unit
from tests.shipped import shipped_plan

OFFICE = shipped_plan().officer.model_copy(update={"plan": "nq57"})
NEXT_YEAR = on("5/1/2027", "08:00")


def closed(*units: str, **opening) -> TaskState:
    state = fold(None, an_opening(*units, **opening))
    command = Close(id="close", task=TASK, actor=OFFICER, received_at=on("31/12"))
    return fold(state, decide(state, command, at=on("31/12")))


def carried(state: TaskState, *, year: int = 2026, cycle: str = "2027") -> list[Event]:
    at = NEXT_YEAR.replace(year=int(cycle))
    ladder = acknowledgement_ladder(at, calendar=CALENDAR, policy=OFFICE.policy)
    ack = LadderSet(at=at, key="ack", ladder=ladder)
    target = Target(cycle, OFFICE, CALENDAR, ack, at)
    return carried_opening(Carryover(state, year, to_carry(state)), target)[1]


def the_part(state: TaskState, unit: str) -> Assignment:
    return state.assignments[unit]


def test_what_is_owed_goes_on_late_as_it_was_and_is_chased_from_the_new_launch() -> None:
    state = fold(None, carried(closed("XA1", schools={"T1": "XA1"})))

    facts, hub, school = state.facts, the_part(state, "XA1"), the_part(state, "T1")
    assert facts.id == "task/nq57/2027/III.1.d/han-2026/1"
    assert facts.cycle == "cycle/nq57/2027"
    assert facts.title.endswith("(chuyển từ năm 2026)")
    assert (hub.stage, school.stage, school.role, school.hub) == (
        Stage.ASSIGNED,
        Stage.ASSIGNED,
        Role.SUBORDINATE,
        "XA1",
    )
    deadline = state.deadlines[hub.due or ""]
    assert deadline.last_day.isoformat() == "2026-02-28"
    assert deadline.ladder.rungs[0].at > NEXT_YEAR
    assert due(state, at=NEXT_YEAR, tolerance=timedelta(days=400)) == []
    submitted = decide(
        state,
        Submit(id="s", task=facts.id, actor=the_unit("XA1"), received_at=NEXT_YEAR, unit="XA1"),
        at=NEXT_YEAR,
    )
    assert the_part(fold(state, submitted), "XA1").late


def test_who_was_late_and_given_back_is_late_here_whatever_the_new_date() -> None:
    state = fold(None, carried(closed("XA1")))
    late = the_part(state, "XA1").model_copy(update={"late": True, "extensions": 1})
    before = state.model_copy(update={"assignments": {"XA1": late}})

    after = the_part(fold(None, carried(before, year=2027, cycle="2028")), "XA1")

    assert (after.late, after.extensions) == (True, 1)


def test_what_is_carried_twice_keeps_the_name_of_its_own_year() -> None:
    first = fold(None, carried(closed("XA1")))

    second = fold(None, carried(first, year=2027, cycle="2028"))

    assert second.facts.id == "task/nq57/2028/III.1.d/han-2026/1"
    assert second.facts.title == first.facts.title


def test_what_is_done_or_waits_for_review_stays() -> None:
    state = fold(None, an_opening("XA1", "XA2", "XA3"))
    for unit in ("XA1", "XA2"):
        submit = Submit(
            id=unit, task=TASK, actor=the_unit(unit), received_at=on("10/02"), unit=unit
        )
        state = fold(state, decide(state, submit, at=on("10/02")))
    accept = Accept(id="a", task=TASK, actor=OFFICER, received_at=on("11/02"), unit="XA1")
    state = fold(state, decide(state, accept, at=on("11/02")))

    assert to_carry(state) == ("XA3",)
    assert to_carry(fold(None, an_opening("XA1", ongoing=True))) == ()


def test_a_unit_that_waits_for_the_officers_word_still_waits() -> None:
    state = fold(None, carried(closed("XA1", launched=on("05/03"))))

    assert the_part(state, "XA1").stage is Stage.HELD
    assert Waiting.ADOPTION in state.waiting
    adopt = Adopt(id="a", task=state.facts.id, actor=OFFICER, received_at=NEXT_YEAR, settled=False)
    assert the_part(fold(state, decide(state, adopt, at=NEXT_YEAR)), "XA1").stage is Stage.ASSIGNED


def test_history_says_where_it_comes_from() -> None:
    events = carried(closed("XA1"))
    assigned = next(event for event in events if isinstance(event, Assigned))

    sentence = tell(assigned, fold(None, events), unit_name=str)

    assert "chuyển từ chu kỳ 2026 (lịch sử trước đó: nq57/2026/III.1.d/han/XA1)" in sentence


def test_an_assignment_recorded_before_there_was_carrying_reads_as_it_did() -> None:
    event = next(each for each in an_opening("XA1") if isinstance(each, Assigned))
    older = event.model_dump(mode="json", exclude={"carried"})

    assert Assigned.model_validate(older) == event
    assert event.at == LAUNCH
