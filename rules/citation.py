"""How a plan is cited in an outgoing document."""

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
