"""A parcel as the mail a reader's program opens."""

import email
from email import policy

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.channels.mime import mail
from tests.activities.channels.parcels import SENDER, a_parcel

WORDS = ["Đôn", "đốc", "–", "sắp", "đến", "hạn:", "1;", "UBND", "xã", "Đạ", "Tẻh", "X", "12", "…"]
INJECTED = "Phòng A\r\nBcc: ai-do@example.com\r\n\r\n<script>"


def read(parcel):
    sent = mail(parcel, "vp@sgddt.example", SENDER).as_bytes()
    return email.message_from_bytes(sent, policy=policy.default)


# On a busy machine the first draw alone may look slow.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join))
def test_no_space_of_a_long_vietnamese_subject_is_lost(subject: str) -> None:
    opened = read(a_parcel(subject=subject))

    assert opened["Subject"] == subject
    assert opened["From"].addresses[0].display_name == "Đôn Đốc"


def test_every_attempt_of_a_message_has_the_same_message_id_in_the_senders_domain() -> None:
    first, second = read(a_parcel()), read(a_parcel())

    assert first["Message-ID"] == second["Message-ID"]
    assert str(first["Message-ID"]).endswith("@sgddt.example>")
    assert first["Auto-Submitted"] == "auto-generated"


def test_a_mail_answers_the_one_before_it_in_its_conversation() -> None:
    first, second = read(a_parcel(key="a")), read(a_parcel(key="b", earlier=("a",)))
    third = read(a_parcel(key="c", earlier=("a", "b")))

    assert "In-Reply-To" not in first
    assert second["In-Reply-To"] == first["Message-ID"]
    assert third["In-Reply-To"] == second["Message-ID"]
    assert str(third["References"]).split() == [first["Message-ID"], second["Message-ID"]]


def test_a_mail_has_both_forms_and_says_where_to_answer() -> None:
    opened = read(a_parcel())

    assert opened.get_body(("plain",)).get_content() == "Kính gửi: Văn phòng Sở\n"
    assert "<p>" in opened.get_body(("html",)).get_content()
    assert opened["Reply-To"].addresses[0].addr_spec == "van-thu@sgddt.example"


def test_nobody_can_write_headers_through_a_name_or_a_subject() -> None:
    opened = read(a_parcel(name=INJECTED, subject=f"Tiêu đề {INJECTED}"))

    assert "Bcc" not in opened
    assert opened["To"].addresses[0].addr_spec == "vp@sgddt.example"
    assert len(opened["To"].addresses) == 1
    assert opened["Subject"] == "Tiêu đề Phòng A Bcc: ai-do@example.com <script>"
