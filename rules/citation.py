"""How a plan is cited in an outgoing document."""

import re
from collections.abc import Iterator
from datetime import date

from rules.wording import dmy

NO_NUMBER, NO_DAY = "………", "…/…/……"


def plan_in_full(title: str, *, number: str | None, day: date | None, issuer: str) -> str:
    """`Kế hoạch số 12/KH-SGDĐT ngày 25/12/2025 của Sở … triển khai …`; what is not known yet is a
    dotted line, to be seen and filled in."""
    name = title.strip()
    said = name.casefold().startswith("kế hoạch")
    rest = name[len("kế hoạch") :].strip() if said else name[:1].lower() + name[1:]
    when = dmy(day) if day else NO_DAY
    return f"Kế hoạch số {number or NO_NUMBER} ngày {when} của {issuer} {rest}"


def plan_briefly(short_title: str, *, number: str | None) -> str:
    return f"Kế hoạch số {number}" if number else short_title


# Decree 30/2020/NĐ-CP, appendix I: `12/KH-SGDĐT`, `5/QĐ-TTg`; of the Party `57-NQ/TW`.
_NUMBER = re.compile(r"\d[^\s/]*(/[^\s/]+)+")


def number_problem(number: str) -> str:
    """What is wrong with the number and symbol of a document, as a sentence; empty where nothing
    is."""
    if _NUMBER.fullmatch(number) and sum(map(str.isupper, number)) > 1:
        return ""
    return "Số, ký hiệu viết như 12/KH-SGDĐT: chữ số, dấu gạch chéo, chữ in hoa."


def issue_problems(
    number: str | None, day: date | None, *, today: date
) -> Iterator[tuple[str, str]]:
    """What is wrong with what a document was issued under: `number` or `date`, and a sentence."""
    if number and (problem := number_problem(number)):
        yield "number", problem
    if day and day > today:
        yield "date", f"Ngày ban hành {dmy(day)} chưa đến."
