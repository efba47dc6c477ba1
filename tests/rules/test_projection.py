"""The rows of screens, made from the state alone."""

from datetime import date

import pytest

from models.assignment import Head, Stage, Waiting
from models.commands import (
    Accept,
    AskExtension,
    Cancel,
    Close,
    Note,
    NoteKind,
    SetDate,
    Void,
)
from rules.due import due
from rules.evolve import fold
from rules.projection import assignment_rows, task_row, touched
from rules.recording import opening_recording, recording_of
from tests.rules.builders import (
    BREACH,
    LAUNCH,
    TASK,
    a_command,
    a_report,
    a_task,
    after,
    an_opening,
    decided,
    lived,
    on,
)


def the_row(state, unit="X1"):
    (row,) = assignment_rows(state, [unit])
    return row


def test_a_row_shows_the_dates_and_what_comes_next():
    row = the_row(lived(a_task(), until=on("28/01")))

    assert (row.last_day, row.target, row.breach) == ("2026-02-28", "2026-02-27", BREACH)
    assert (row.next_rung_at, row.next_rung) == (
        on("13/02"),
        "nhắc trước 14 ngày: 13/02/2026",
    )


def test_a_row_of_a_submitted_report_waits_for_its_reviewer():
    row = the_row(after(a_task(), a_report(on("02/02"))))

    assert (row.stage, row.received_at, row.revision) == (Stage.SUBMITTED, on("02/02"), 1)
    assert row.next_rung_at == on("05/02")


def test_a_row_says_that_an_extension_is_asked_for():
    asked = a_command(AskExtension, on("02/02"), unit="X1", last_day=date(2026, 3, 31))

    assert the_row(after(a_task(), asked)).extension_asked


def test_whoever_has_reported_is_not_shown_as_reported_up():
    state = lived(a_task(), until=on("04/03"))

    assert the_row(state).level == 2
    assert the_row(after(state, a_report(on("05/03")))).level == 0


@pytest.mark.parametrize("ending", [Close, Void])
def test_nothing_comes_next_in_a_task_that_has_ended(ending):
    state = after(a_task(), a_command(ending, on("02/02")))

    row = the_row(state)

    assert (row.next_rung_at, row.next_rung) == (None, None)
    assert task_row(state, at=on("02/02")).next_instant is None


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param(a_report(on("02/02"), "X2"), ["X2"], id="one unit's report"),
        pytest.param(a_command(Accept, on("02/02"), unit="X1"), [], id="a refusal"),
        pytest.param(
            a_command(Note, on("02/02"), unit="X1", kind=NoteKind.CALL), [], id="a call noted"
        ),
        pytest.param(
            a_command(Note, on("02/02"), unit="X1", kind=NoteKind.PROGRESS), ["X1"], id="progress"
        ),
        pytest.param(
            a_command(Cancel, on("02/02"), reference="1/QĐ"), ["X2", "X1"], id="all, in order"
        ),
        pytest.param(a_command(Close, on("02/02")), ["X2", "X1"], id="closing"),
        pytest.param(a_command(Void, on("02/02")), ["X2", "X1"], id="voiding"),
    ],
)
def test_only_the_rows_of_units_that_changed_are_written(command, expected):
    state = a_task("X2", "X1")
    events = decided(state, command)

    assert touched(fold(state, events), events) == expected


def test_a_date_of_a_class_changes_every_row():
    state = a_task("X1", "X2", last_day=None, waiting=(Waiting.DATE,))
    events = decided(state, a_command(SetDate, on("02/02"), last_day=date(2026, 6, 30)))

    assert touched(fold(state, events), events) == ["X1", "X2"]


def test_the_task_shows_how_many_are_open_and_how_far_it_was_reported_up():
    state = lived(a_task("X1", "X2", "X3"), until=on("04/03"))
    state = after(state, a_report(on("05/03")), a_command(Accept, on("05/03"), unit="X1"))

    row = task_row(state, at=on("05/03"))

    assert (row.open_units, row.total_units, row.level) == (2, 3, 2)
    assert (row.next_deadline, row.next_instant) == (None, on("10/03"))


def test_the_next_deadline_is_the_nearest_that_has_not_passed():
    state = a_task("X1", schools={"T1": "X1"})

    assert task_row(state, at=LAUNCH).next_deadline == on("14/02", "00:00")
    assert task_row(state, at=on("14/02")).next_deadline == BREACH


def test_a_recording_carries_the_rows_and_notices_of_its_events():
    state = lived(a_task("X1", "X2"), until=on("24/02"))
    events = due(state, at=on("26/02"))
    state = fold(state, events)

    recording = recording_of(
        state, events, head=Head(), at=on("26/02"), summary=task_row(state, at=on("26/02"))
    )

    assert [row.unit for row in recording.assignments] == ["X1", "X2"]
    assert [line.recipient for line in recording.notices] == ["X1", "X2"]
    assert recording.summary.next_instant == on("27/02")


def test_the_first_recording_opens_the_task_on_an_empty_ledger():
    recording = opening_recording(an_opening("X1", "X2"))

    assert (recording.task, recording.head, recording.at) == (TASK, Head(), LAUNCH)
    assert [row.unit for row in recording.assignments] == ["X1", "X2"]
