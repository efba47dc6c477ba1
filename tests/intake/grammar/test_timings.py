"""Which of the times a sentence names is when its duty is due."""

from datetime import date

import pytest

from intake.grammar.timings import Clock

CLOCK = Clock(2026, date(2026, 2, 1))


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Đội Cầu đường lập dự toán năm 2027", None),
        ("Đội Cầu đường dọn cống trước mùa lũ năm 2026", None),
        ("Đội Cầu đường trả mặt bằng trước Tết Nguyên đán 2026", None),
        ("Đội Cầu đường lát hè phố, xong năm 2026", "2026-12-31"),
        ("Đội Cầu đường vá ba cầu (năm 2026)", "2026-12-31"),
        ("Đội Cầu đường lập dự toán năm 2027, xong trước 08/12/2026", "2026-12-07"),
        ("Đội Cầu đường nộp số liệu trước ngày 08/6/2026 (6 tháng)", "2026-06-07"),
    ],
)
def test_a_year_alone_is_due_only_where_something_is_done_in_it(sentence, due):
    reading = CLOCK.inside(sentence)

    assert (None if reading is None or reading.due is None else str(reading.due)) == due


def test_a_clause_of_its_own_says_that_a_duty_never_ends():
    reading = CLOCK.inside("Đội Cầu đường tuần đường; thực hiện thường xuyên.")

    assert reading is not None
    assert reading.kind == "ongoing"
