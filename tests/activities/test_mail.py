"""A letter as the mail a reader's program opens."""

import email
from datetime import UTC, date, datetime
from email import policy

from hypothesis import given
from hypothesis import strategies as st

from activities.notices import _mail
from models.tables import MessageTable

WORDS = ["Đôn", "đốc", "–", "sắp", "đến", "hạn:", "1;", "UBND", "xã", "Đạ", "Tẻh", "X", "12", "…"]


def a_message(subject: str) -> MessageTable:
    return MessageTable(
        id="cycle/p/2026/2026-02-13/VP/digest/1",
        cycle="cycle/p/2026",
        recipient="VP",
        kind="digest",
        day=date(2026, 2, 13),
        subject=subject,
        body="Kính gửi: Văn phòng Sở\n",
        created_at=datetime(2026, 2, 13, 0, 30, tzinfo=UTC),
        not_before=datetime(2026, 2, 13, 0, 30, tzinfo=UTC),
        to_address="vp@sgddt.lamdong.example",
    )


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join))
def test_no_space_of_a_long_vietnamese_subject_is_lost(subject: str) -> None:
    sent = _mail(a_message(subject)).as_bytes()

    read = email.message_from_bytes(sent, policy=policy.default)

    assert read["Subject"] == subject
    assert read["From"].addresses[0].display_name == "Đôn Đốc"


def test_every_attempt_of_a_letter_has_the_same_message_id() -> None:
    first, second = (_mail(a_message("Đôn đốc")) for _ in range(2))

    assert first["Message-ID"] == second["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated"
