"""What several rungs say about one part stands in a letter once."""

from datetime import date

from letters.grouping import sections
from letters.letter import Line
from models.deadline import RungKind

DAY = date(2026, 3, 11)


def a_line(kind: RungKind, level: int = 0, code: str = "III.1.d") -> Line:
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


def test_two_overdue_parts_stay_two_items():
    lines = [a_line(RungKind.ESCALATION, 1), a_line(RungKind.ESCALATION, 1, code="III.1.c")]

    (section,) = sections(lines, day=DAY)

    assert section.number == 2
