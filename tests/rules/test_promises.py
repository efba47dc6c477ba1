"""What a unit promised on the telephone."""

from datetime import date

import pytest

from models.assignment import Head
from models.commands import Note, NoteKind
from models.events import Noted, Refused
from rules.hash_chain import canonical, entry_of, event_of
from tests.rules.builders import a_command, a_task, decided, on

PROMISED = date(2026, 3, 5)


def test_a_call_keeps_the_day_that_was_promised():
    call = a_command(Note, on("03/03"), unit="X1", kind=NoteKind.CALL, promised=PROMISED)

    (event,) = decided(a_task(), call)

    assert isinstance(event, Noted)
    assert event.promised == PROMISED


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"kind": NoteKind.OTHER, "unit": "X1"}, "cuộc gọi", id="no call"),
        pytest.param({"kind": NoteKind.CALL}, "một đơn vị", id="nobody in particular"),
        pytest.param(
            {"kind": NoteKind.CALL, "unit": "X1", "promised": date(2026, 3, 2)},
            "phải từ ngày gọi",
            id="a day that has passed",
        ),
    ],
)
def test_a_promise_that_means_nothing_is_refused(fields, reason):
    (event,) = decided(a_task(), a_command(Note, on("03/03"), **{"promised": PROMISED, **fields}))

    assert isinstance(event, Refused)
    assert reason in event.reason


def test_a_note_of_an_older_ledger_is_read_as_it_was_written():
    noted = Noted(at=on("03/03"), note=NoteKind.CALL, unit="X1", text="s1")
    entry = entry_of(noted, task="task/p/2026/A/han/1", after=Head())
    old = entry._replace(payload=canonical({"note": "call", "text": "s1"}))

    assert event_of(old) == noted
