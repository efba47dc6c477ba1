"""After an act a page says what was recorded, never just that something was."""

from datetime import date
from typing import Any, get_args

import pytest

from models.clock import VN
from models.commands import (
    Actor,
    ActorKind,
    AskExtension,
    Cancel,
    Command,
    GrantExtension,
    Member,
    Note,
    NoteKind,
    Reschedule,
    Submit,
)
from tests.web.conftest import NOW
from web.done import done, handed_in

HEADING: dict[str, Any] = {
    "id": "1",
    "task": "t",
    "actor": Actor(kind=ActorKind.OFFICER, ref=""),
    "received_at": NOW.astimezone(VN),
    "unit": "TM0001",
}
DAY = date(2026, 7, 3)
# What a command cannot be asked for without.
NEEDED: dict[str, dict[str, Any]] = {
    "allocate": {"units": (Member(code="VP"),)},
    "set_date": {"last_day": DAY},
    "document_issued": {"number": "12/QĐ", "issued_on": DAY},
    "ask_extension": {"last_day": DAY},
    "reassign": {"to": Member(code="VP")},
    "reschedule": {"last_day": DAY},
    "cancel": {"reference": "5/QĐ"},
    "note": {"kind": NoteKind.OTHER},
    "adopt": {"settled": True},
}


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Submit(**HEADING), "Đã nộp báo cáo; chờ duyệt."),
        (
            Submit(**HEADING, on_behalf=True, reference="12/BC"),
            "Đã nhập báo cáo giấy số 12/BC; chờ duyệt.",
        ),
        (
            AskExtension(**HEADING, last_day=DAY),
            "Đã gửi đề nghị gia hạn đến hết ngày 03/07/2026; chờ trả lời.",
        ),
        (
            Reschedule(**HEADING, last_day=DAY),
            "Đã dời hạn đến hết ngày 03/07/2026.",
        ),
        (
            GrantExtension(**HEADING, last_day=DAY),
            "Đã đồng ý gia hạn cho đơn vị TM0001 đến hết ngày 03/07/2026.",
        ),
        (Note(**HEADING, kind=NoteKind.CALL), "Đã ghi cuộc gọi vào lịch sử."),
        (
            Cancel(**HEADING, reference="5/QĐ"),
            "Đã ghi không tiếp tục thực hiện, theo văn bản 5/QĐ.",
        ),
    ],
)
def test_what_was_done_is_named(command: Command, said: str):
    assert done(command) == said


def test_report_that_was_handed_in_says_when_and_whom_it_waits_for():
    said = handed_in(NOW, "Phòng Giáo dục Trung học")

    at = NOW.astimezone(VN)
    assert said == (
        f"Đã nộp báo cáo lúc {at:%H:%M} ngày {at:%d/%m/%Y}; chờ Phòng Giáo dục Trung học duyệt."
    )


def test_every_command_of_a_page_says_something_of_its_own():
    """The end of a cycle closes or voids its tasks; no page asks for that by itself."""
    by_verb = {kind.model_fields["verb"].default: kind for kind in get_args(get_args(Command)[0])}
    asked = by_verb.keys() - {"close", "void"}

    said = {verb: done(by_verb[verb](**HEADING, **NEEDED.get(verb, {}))) for verb in asked}

    assert len(set(said.values())) == len(asked) > 15


def test_every_kind_of_note_says_something_of_its_own():
    said = {done(Note(**HEADING, kind=kind)) for kind in NoteKind}

    assert len(said) == len(NoteKind)
