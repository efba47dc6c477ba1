"""A recording's few words."""

from datetime import datetime
from typing import get_args

import pytest

from models.clock import VN
from models.events import Event, RungFired, Submitted
from rules.headline import WORDS, headline

AT = datetime(2026, 2, 13, 7, 30, tzinfo=VN)


def a_rung(unit: str) -> RungFired:
    return RungFired(
        at=AT, unit=unit, clock="due", version=1, rungs=("T-14", "T-7"), level=0, scheduled=AT
    )


def test_every_kind_of_event_has_its_words() -> None:
    kinds = {kind.model_fields["kind"].default for kind in get_args(get_args(Event)[0])}

    assert kinds == set(WORDS)


@pytest.mark.parametrize(
    ("units", "told"),
    [
        pytest.param(["VP"], "đến mốc T-14, T-7: VP", id="one unit is named"),
        pytest.param(["A", "B", "C", "D"], "đến mốc T-14, T-7: 4 đơn vị", id="many are counted"),
    ],
)
def test_units_of_one_cause_are_told_together(units: list[str], told: str) -> None:
    assert headline([a_rung(unit) for unit in units]) == told


def test_different_causes_stand_side_by_side() -> None:
    submitted = Submitted(at=AT, unit="VP", received_at=AT, revision=1, late=False)

    assert headline([submitted, a_rung("X")]) == "nộp báo cáo: VP; đến mốc T-14, T-7: X"
