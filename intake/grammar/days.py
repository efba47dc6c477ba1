"""Days a task names in every year: "Ngày Chuyển đổi số quốc gia (10/10)"."""

import re
from collections.abc import Iterator
from datetime import date as Date

from intake.documents.blocks import fold
from models.plan import YearlyDay

DAY = re.compile(
    r"(?P<name>(?:Ngày|Tuần lễ|Ngày hội|Lễ|Tết)\s+[^().;,]{3,80}?)\s*"
    r"\(\s*(?:ngày\s+)?(?P<day>\d{1,2})\s*[/-]\s*(?P<month>\d{1,2})\s*(?:hằng năm|hàng năm)?\s*\)"
)


def days(code: str, text: str) -> Iterator[YearlyDay]:
    for found in DAY.finditer(text):
        day, month = int(found["day"]), int(found["month"])
        try:
            Date(2024, month, day)
        except ValueError:
            continue
        yield YearlyDay(task=code, name=fold(found["name"]), date=f"{month:02}-{day:02}")
