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
    Note,
    NoteKind,
    Reschedule,
    Submit,
    UnitCommand,
)
from tests.web.conftest import NOW
from web.done import DONE, done

HEADING: dict[str, Any] = {
    "id": "1",
    "task": "t",
    "actor": Actor(kind=ActorKind.OFFICER, ref=""),
    "received_at": NOW.astimezone(VN),
    "unit": "TM0001",
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
            AskExtension(**HEADING, last_day=date(2026, 7, 3)),
            "Đã gửi đề nghị gia hạn đến hết ngày 03/07/2026; chờ trả lời.",
        ),
        (
            Reschedule(**HEADING, last_day=date(2026, 7, 3)),
            "Đã dời hạn đến hết ngày 03/07/2026.",
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


def test_every_command_of_a_page_has_its_sentence():
    """Those without fields of their own are told by their verb."""
    plain = {
        kind.model_fields["verb"].default
        for kind in get_args(get_args(Command)[0])
        if kind.model_fields.keys() == UnitCommand.model_fields.keys() | {"verb"}
    }

    assert plain - DONE.keys() == set()
