"""Data windows of Decree 09/2019/NĐ-CP, article 12, and whether a target is reached."""

import pytest

from models.plan import Recurring, Relation, TargetNumber, Timing, Undated, Yearly
from models.report import Sums
from rules.report_periods import in_order, period_of
from rules.targets import reached, share


def several(*days: str) -> Recurring:
    return Recurring(text="hàng năm", relation=Relation.BEFORE, days=days)


QUARTERLY = several("03-20", "06-20", "09-20", "12-20")
MONTHLY = several(*(f"{month:02}-20" for month in range(1, 13)))


@pytest.mark.parametrize(
    ("timing", "occurrence", "name", "window"),
    [
        pytest.param(
            several("06-25", "12-15"),
            "H1",
            "6 tháng đầu năm 2026",
            ("2025-12-15", "2026-06-14"),
            id="first half",
        ),
        pytest.param(
            several("06-25", "12-15"),
            "H2",
            "6 tháng cuối năm 2026",
            ("2026-06-15", "2026-12-14"),
            id="second half",
        ),
        pytest.param(
            Undated(text="theo quy định", periods=("H1", "H2")),
            "H1",
            "6 tháng đầu năm 2026",
            ("2025-12-15", "2026-06-14"),
            id="half without a date",
        ),
        pytest.param(
            QUARTERLY, "K1", "quý I năm 2026", ("2025-12-15", "2026-03-14"), id="first quarter"
        ),
        pytest.param(
            QUARTERLY, "K4", "quý IV năm 2026", ("2026-09-15", "2026-12-14"), id="last quarter"
        ),
        pytest.param(MONTHLY, "K1", "tháng 1 năm 2026", ("2025-12-15", "2026-01-14"), id="January"),
        pytest.param(
            MONTHLY, "K12", "tháng 12 năm 2026", ("2026-11-15", "2026-12-14"), id="December"
        ),
        pytest.param(
            Yearly(text="hằng năm"), "nam", "năm 2026", ("2025-12-15", "2026-12-14"), id="year"
        ),
        pytest.param(
            several("02-01", "05-01", "09-01"), "K2", "kỳ K2 năm 2026", None, id="three a year"
        ),
    ],
)
def test_period(timing: Timing, occurrence: str, name: str, window: tuple[str, str] | None) -> None:
    period = period_of(timing, occurrence, 2026)

    assert period.name == name
    found = period.window and (period.window.first.isoformat(), period.window.last.isoformat())
    assert found == window


def test_tenth_period_comes_after_the_second() -> None:
    assert sorted(["K10", "K2", "K1"], key=in_order) == ["K1", "K2", "K10"]


@pytest.mark.parametrize(
    ("number", "sums", "holds"),
    [
        pytest.param(("=", 100, "%"), (2000, 2000), True, id="all"),
        pytest.param(("=", 100, "%"), (199_999, 200_000), False, id="one short of all"),
        pytest.param((">=", 80, "%"), (4, 5), True, id="exactly 80"),
        pytest.param((">=", 33.3, "%"), (333, 1000), True, id="a decimal, exactly"),
        pytest.param((">=", 80, "%"), (0, 0), None, id="of nothing"),
        pytest.param((">=", 1, "chương trình"), (1, None), True, id="a plain number"),
        pytest.param((">=", 1, "chương trình"), (0, None), False, id="none yet"),
    ],
)
def test_reached(
    number: tuple[str, float, str], sums: tuple[int, int | None], holds: bool | None
) -> None:
    op, value, unit = number
    wanted = TargetNumber.model_validate({"op": op, "value": value, "unit": unit})

    assert reached(wanted, Sums(numerator=sums[0], denominator=sums[1])) is holds


def test_share_of_nothing_is_no_number() -> None:
    assert share(Sums(numerator=0, denominator=0)) is None
    assert reached(None, None) is None
