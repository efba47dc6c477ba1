"""Lines and letters of which a test says only what matters."""

from datetime import date

from letters.letter import Letter, Line, Overdue
from letters.wording import Wording
from letters.writing import write
from models.deadline import RungKind

LINK = "https://dondoc.example/don-vi/X1"
PLAN = "Kế hoạch truyền thông thực hiện Nghị quyết 57-NQ/TW"
DAY = date(2026, 2, 13)


def a_line(kind: str = RungKind.REMINDER, **fields: object) -> Line:
    given: dict[str, object] = {
        "kind": kind,
        "level": 0,
        "unit": "X1",
        "unit_name": "UBND xã Mẫu",
        "own": True,
        "code": "III.1.d",
        "occurrence": "han",
        "title": "III.1.d. Xây dựng kênh truyền thông.",
        "last_day": date(2026, 2, 28),
        "phrase": "Hoàn thành trước tháng 03 năm 2026",
        "rule": "“trước” là không kể tháng 3 năm 2026",
    }
    return Line(**{**given, **fields})  # type: ignore[arg-type]


def a_part(number: int = 1, **fields: object) -> Overdue:
    given: dict[str, object] = {
        "assignment": f"p/2026/III.1.d/han/T{number}",
        "unit": f"T{number}",
        "unit_name": f"Trường {number}",
        "code": "III.1.d",
        "occurrence": "han",
        "title": "III.1.d. Xây dựng kênh truyền thông.",
        "last_day": date(2026, 2, 28),
        "days_late": 9,
        "level": 2,
    }
    return Overdue(**{**given, **fields})  # type: ignore[arg-type]


def a_letter(*lines: Line, day: date = DAY, **fields: object) -> Letter:
    given: dict[str, object] = {"tag": "NQ57-2026", **fields}
    return Letter(PLAN, "UBND xã Mẫu", lines, day, LINK, **given)  # type: ignore[arg-type]


def written(*lines: Line, words: Wording | None = None, **fields: object):
    return write(a_letter(*lines, **fields), words)  # type: ignore[arg-type]
