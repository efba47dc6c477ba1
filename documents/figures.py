"""Numbers as Vietnamese documents write them: 1.750 and 98,5%."""

import math

from models.plan import TargetNumber

SIGNS = {"=": "", ">=": "≥ ", "<=": "≤ ", ">": "> ", "<": "< "}


def count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def decimal(number: float) -> str:
    """At most two decimals, none of them a trailing zero."""
    whole, _, rest = f"{number:,.2f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", ".") + (f",{rest}" if rest else "")


def percent(number: float) -> str:
    return f"{decimal(number)}%"


def share(part: int, whole: int) -> str:
    """Rounded down, so that nothing short of everything is 100%; empty where there is nothing to
    compare with."""
    return percent(part * 10_000 // whole / 100) if whole else ""


def target_share(number: float | None) -> str:
    """A target's percentage, rounded down: nothing short of it may read as if it were reached.
    Empty where nothing was counted."""
    # A division may leave 29.0 a trace below itself.
    return "" if number is None else percent(math.floor(number * 100 + 1e-6) / 100)


def required(number: TargetNumber | None) -> str:
    """What a target asks for: `≥ 80%`, `≥ 1 chương trình`."""
    if number is None:
        return "theo dõi bằng đánh giá"
    if number.unit == "%":
        return f"{SIGNS[number.op]}{percent(number.value)}"
    return f"{SIGNS[number.op]}{decimal(number.value)} {number.unit}".strip()
