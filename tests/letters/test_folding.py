"""What several rungs say about one part stands in a letter once."""

from datetime import date

import pytest

from letters.grouping import leading, sections
from letters.letter import Line
from models.deadline import RungKind

DAY = date(2026, 3, 11)


def a_line(kind: str, level: int = 0, code: str = "III.1.d") -> Line:
    return Line(
        kind=kind,
        level=level,
        unit="TM0012",
        unit_name="Trường mẫu 012",
        own=True,
        code=code,
        occurrence="han",
        title="Thiết lập các trang trên nền tảng số",
        last_day=date(2026, 2, 28),
    )


def test_missed_reminder_and_escalation_of_one_part_are_one_item():
    lines = [a_line(RungKind.REMINDER), a_line(RungKind.ESCALATION, 3), a_line(RungKind.DUE)]

    (section,) = sections(lines, day=DAY)

    assert (section.number, section.items[0].level) == (1, 3)


@pytest.mark.parametrize(
    ("kinds", "kept"),
    [
        (("returned", RungKind.REMINDER), "returned"),
        (("returned", RungKind.DUE), "returned"),
        (("dated", RungKind.REMINDER), "dated"),
        (("extension_granted", RungKind.REMINDER), "extension_granted"),
        (("assigned", RungKind.REMINDER), RungKind.REMINDER),
    ],
)
def test_what_tells_a_date_needs_no_reminder_of_it_beside_it(kinds: tuple[str, str], kept: str):
    (section,) = sections([a_line(kind) for kind in kinds], day=date(2026, 2, 20))

    assert [item.kind for item in section.items] == [kept]


def test_a_reminder_of_another_date_is_not_left_out():
    lines = [a_line("returned")._replace(last_day=date(2026, 3, 3)), a_line(RungKind.REMINDER)]

    assert len(sections(lines, day=date(2026, 2, 20))) == 2


def test_the_letter_is_mostly_about_the_most_pressing_then_the_first_due():
    later = a_line(RungKind.REMINDER, code="V.1")._replace(last_day=date(2026, 6, 24))

    assert leading([later, a_line(RungKind.REMINDER)], day=date(2026, 2, 20)) == a_line(
        RungKind.REMINDER
    )
    assert leading([a_line(RungKind.REMINDER), a_line("returned", code="V.1")], day=DAY) == a_line(
        "returned", code="V.1"
    )


def test_two_overdue_parts_stay_two_items():
    lines = [a_line(RungKind.ESCALATION, 1), a_line(RungKind.ESCALATION, 1, code="III.1.c")]

    (section,) = sections(lines, day=DAY)

    assert section.number == 2
