"""How a task's state follows from its events."""

from datetime import date

import pytest

from models.assignment import Stage, TaskState, Waiting
from models.commands import (
    Accept,
    Acknowledge,
    AskExtension,
    Cancel,
    GrantExtension,
    Note,
    NoteKind,
    Return,
    Withdraw,
)
from models.events import EVENTS, Acknowledged, Noted, Refused
from rules.due import due
from rules.evolve import compact, evolve, fold
from tests.rules.builders import (
    LAUNCH,
    a_command,
    a_report,
    a_task,
    after,
    an_opening,
    decided,
    lived,
    on,
)


def test_folding_is_evolving_one_by_one():
    events = an_opening("X1", "X2", schools={"T1": "X1"})

    state = None
    for event in events:
        state = evolve(state, event)

    assert state == fold(None, events)


def test_folding_leaves_the_state_it_began_with_alone():
    state = a_task()
    before = state.model_copy(deep=True)

    fold(state, decided(state, a_report(on("01/02"))))

    assert state == before


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([], id="no events"),
        pytest.param([Refused(at=LAUNCH, verb="submit", reason="…")], id="not an opening"),
    ],
)
def test_a_task_begins_with_its_opening(events):
    with pytest.raises(ValueError, match="a task"):
        fold(None, events)


def test_an_event_about_a_unit_the_task_does_not_carry_is_an_error():
    with pytest.raises(KeyError):
        fold(a_task(), [Acknowledged(at=LAUNCH, unit="X9", received_at=LAUNCH)])


@pytest.mark.parametrize(
    ("commands", "stage"),
    [
        pytest.param([a_report(on("01/02"))], Stage.SUBMITTED, id="submitted"),
        pytest.param(
            [a_report(on("01/02")), a_command(Withdraw, on("02/02"), unit="X1")],
            Stage.ASSIGNED,
            id="withdrawn",
        ),
        pytest.param(
            [a_report(on("01/02")), a_command(Accept, on("02/02"), unit="X1")],
            Stage.ACCEPTED,
            id="accepted",
        ),
        pytest.param(
            [a_report(on("01/02")), a_command(Return, on("02/02"), unit="X1")],
            Stage.RETURNED,
            id="returned",
        ),
        pytest.param(
            [
                a_report(on("01/02")),
                a_command(Return, on("02/02"), unit="X1"),
                a_report(on("03/02")),
                a_command(Withdraw, on("04/02"), unit="X1"),
            ],
            Stage.RETURNED,
            id="a resubmission withdrawn is returned still",
        ),
        pytest.param(
            [a_command(Cancel, on("02/02"), unit="X1", reference="1/QĐ")],
            Stage.CANCELLED,
            id="cancelled",
        ),
    ],
)
def test_a_unit_stands_where_its_last_answer_left_it(commands, stage):
    assert after(a_task(), *commands).assignments["X1"].stage is stage


def test_a_report_acknowledges_what_was_not_acknowledged():
    state = after(a_task(), a_report(on("01/02")))

    assert state.assignments["X1"].acknowledged_at == on("01/02")


def test_an_acknowledgement_keeps_its_own_time():
    state = after(a_task(), a_command(Acknowledge, on("06/01"), unit="X1"), a_report(on("01/02")))

    assert state.assignments["X1"].acknowledged_at == on("06/01")


def test_how_far_a_unit_was_reported_up_comes_back_when_it_withdraws():
    state = lived(a_task(), until=on("04/03"))
    state = after(
        state, a_report(on("05/03")), a_command(Withdraw, on("05/03", "08:00"), unit="X1")
    )

    assert state.assignments["X1"].level == 2


def test_a_new_deadline_begins_at_the_bottom():
    state = lived(a_task(), until=on("04/03"))
    state = after(state, a_report(on("05/03")), a_command(Return, on("06/03"), unit="X1"))

    assert state.assignments["X1"].level == 0


@pytest.mark.parametrize(
    ("kind", "moves"),
    [
        pytest.param(NoteKind.PROGRESS, True, id="progress is news of the unit"),
        pytest.param(NoteKind.CALL, False, id="a call is only history"),
    ],
)
def test_a_note_of_progress_counts_as_an_update(kind, moves):
    state = after(a_task(ongoing=True), a_command(Note, on("02/04"), unit="X1", kind=kind))

    assert (state.assignments["X1"].updated_at == on("02/04")) is moves


def test_a_note_on_the_whole_task_changes_nothing():
    state = a_task()

    assert fold(state, [Noted(at=LAUNCH, note=NoteKind.PROGRESS)]) == state


def test_tidying_drops_only_what_nothing_refers_to():
    state = lived(a_task("X1", "X2", waiting=(Waiting.ALLOCATION,)), until=on("02/02"))
    for day in range(2, 22):
        received = on(f"{day}/3")
        state = after(state, a_report(received), a_command(Return, received, unit="X1"))

    tidied = compact(state)

    last = state.assignments["X1"].due
    assert set(tidied.deadlines) == {"performer@2026-02-28", last}
    assert set(tidied.ladders) == {"ack", "ask-allocation"}
    assert tidied.assignments == state.assignments
    assert due(tidied, at=on("30/04")) == due(state, at=on("30/04"))
    assert len(state.deadlines) > 10


def test_events_and_state_survive_being_written_down():
    extension = a_command(AskExtension, on("01/02"), unit="X1", last_day=date(2026, 3, 31))
    commands = [
        extension,
        a_command(GrantExtension, on("02/02"), unit="X1"),
        a_report(on("03/02"), "T1"),
        a_command(Return, on("04/02"), unit="T1"),
    ]
    events = an_opening("X1", schools={"T1": "X1"})
    state = fold(None, events)
    for command in commands:
        decision = decided(state, command)
        events += decision
        state = fold(state, decision)

    written = EVENTS.validate_json(EVENTS.dump_json(events))

    assert fold(None, written) == state
    assert TaskState.model_validate_json(state.model_dump_json()) == state
