"""When a message is tried again."""

from datetime import datetime, timedelta

import pytest

from models.clock import VN
from rules.retries import next_attempt

FIRST = datetime(2026, 2, 13, 7, 30, tzinfo=VN)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 5), (2, 15), (3, 60), (4, 240), (5, 240), (20, 240)]
)
def test_each_attempt_waits_longer_up_to_four_hours(attempts: int, minutes: int) -> None:
    now = FIRST + timedelta(hours=3)

    assert next_attempt(attempts, first=FIRST, now=now) == now + timedelta(minutes=minutes)


def test_after_five_days_of_attempts_a_message_is_given_up() -> None:
    last = FIRST + timedelta(days=5)

    assert next_attempt(9, first=FIRST, now=last - timedelta(minutes=1)) is not None
    assert next_attempt(9, first=FIRST, now=last) is None


def test_those_who_failed_within_a_minute_are_tried_again_together() -> None:
    failed = [FIRST + timedelta(seconds=seconds) for seconds in (1, 20, 60)]

    again = {next_attempt(1, first=FIRST, now=now) for now in failed}

    assert again == {FIRST + timedelta(minutes=6)}
