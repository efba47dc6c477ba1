"""What accepted reports come to, per target."""

import pytest

from models.plan import Target, TargetNumber
from models.report import Sums
from rules.consolidating import target_row


@pytest.mark.parametrize(
    ("year", "numerator", "reached"),
    [
        pytest.param(2026, 3, False, id="its year has come and it is not reached"),
        pytest.param(2030, 3, None, id="not reached, and its year is to come"),
        pytest.param(2030, 4, True, id="reached early"),
    ],
)
def test_a_target_is_not_missed_before_its_year(
    year: int, numerator: int, reached: bool | None
) -> None:
    number = TargetNumber(op="=", value=100, unit="%")
    target = Target(code="II.2.d.1", year=year, text="100% nhiệm vụ", numbers=(number,))
    trend = {"H1/2026": {target.code: Sums(numerator=numerator, denominator=4, units=1)}}

    row = target_row(target, trend, [], expected={"H1/2026": 1})

    assert row.current.reached is reached
