"""Nothing that a cycle leaves open is closed over in silence."""

from datetime import datetime

import pytest

from models.assignment import Stage
from models.clock import VN
from models.commands import Actor, ActorKind
from models.cycle import CycleEnd
from models.identifiers import task_id
from rules.closing import (
    NoWord,
    OpenParts,
    Undecided,
    Unseen,
    decided,
    left_open,
    makes,
    stands,
    tasks_of,
)


def of(code: str, occurrence: str, part: str = "1") -> str:
    return task_id("ke-hoach", "2026", code, occurrence, part)


PARTS = [
    OpenParts(of("III.1.d", "han"), Stage.ASSIGNED, 3),
    OpenParts(of("III.1.d", "han", "2"), Stage.RETURNED, 2),
    OpenParts(of("V.1", "H1"), Stage.ASSIGNED, 1),
    OpenParts(of("V.1", "H2"), Stage.ASSIGNED, 5),
    OpenParts(of("V.1", "H2"), Stage.SUBMITTED, 4),
]


def test_parts_of_one_task_are_one_and_what_waits_is_counted_apart():
    first, second, third = left_open(PARTS)

    assert first.name == "III.1.d/han"
    assert (first.owing, first.waiting) == (5, 0)
    assert first.tasks == (of("III.1.d", "han"), of("III.1.d", "han", "2"))
    assert (second.owing, second.waiting) == (1, 0)
    assert (third.owing, third.waiting) == (5, 4)


@pytest.mark.parametrize(
    ("carry", "reference", "carried"),
    [
        pytest.param([], "12/QĐ", [], id="all ended"),
        pytest.param(["III.1.d"], "12/QĐ", ["III.1.d/han"], id="one carried by its code"),
        pytest.param(["V.1/H1"], "12/QĐ", ["V.1/H1"], id="one carried by its occurrence"),
    ],
)
def test_every_task_is_carried_or_ended(carry, reference, carried):
    still_open = left_open(PARTS)

    kept_on, ended = decided(still_open, carry, reference)

    assert [each.name for each in kept_on] == carried
    assert {*tasks_of(kept_on), *tasks_of(ended)} == {part.task for part in PARTS}


@pytest.mark.parametrize(
    ("carry", "reference", "kind", "sentence"),
    [
        pytest.param(["V.1/H1"], "", NoWord, r"III\.1\.d/han \(5 chưa xong\)", id="no word"),
        pytest.param(["V.9"], "12/QĐ", Undecided, "“V.9”", id="unknown"),
        pytest.param(["all"], "", Undecided, r"V\.1/H2 \(5 chưa xong, 4 chờ", id="unreviewed"),
    ],
)
def test_what_lacks_the_officers_word_is_named(carry, reference, kind, sentence):
    with pytest.raises(kind, match=sentence):
        decided(left_open(PARTS), carry, reference)


def test_cycle_that_leaves_nothing_open_needs_no_word():
    assert decided([], [], "") == ([], [])


def test_a_word_given_on_less_than_is_open_now_closes_nothing():
    still_open = left_open(PARTS)

    with pytest.raises(Unseen, match=r"Có thêm .*V\.1/H2 \(5 chưa xong, 4 chờ.*xem lại"):
        decided(still_open, [], "12/QĐ", shown=["III.1.d/han", "V.1/H1"])
    decided(still_open, [], "12/QĐ", shown=[each.name for each in still_open] + ["V.2/H1"])


def an_order(verb: str, carry: tuple[str, ...] = (), ended: tuple[str, ...] = ()) -> CycleEnd:
    return CycleEnd.model_validate(
        {
            "cycle": "cycle/ke-hoach/2026",
            "verb": verb,
            "actor": Actor(kind=ActorKind.OFFICER),
            "received_at": datetime(2026, 12, 31, 9, 5, tzinfo=VN),
            "carry": carry,
            "ended": ended,
            "reference": "12/QĐ" if ended else "",
        }
    )


CLOSED = an_order("close", (of("V.1", "H1"), of("V.1", "H2")), (of("III.1.d", "han"),))


@pytest.mark.parametrize(
    ("order", "verb", "carry", "reference", "same"),
    [
        pytest.param(CLOSED, "close", ["V.1"], "12/QĐ", True, id="by the code"),
        pytest.param(CLOSED, "close", ["V.1/H2", "V.1/H1"], "12/QĐ", True, id="one by one"),
        pytest.param(CLOSED, "close", ["V.1/H2"], "12/QĐ", False, id="less is carried"),
        pytest.param(CLOSED, "close", ["all"], "12/QĐ", False, id="more is carried"),
        pytest.param(CLOSED, "close", ["V.1"], "13/QĐ", False, id="another decision"),
        pytest.param(CLOSED, "void", [], "", False, id="voided"),
        pytest.param(an_order("void"), "void", [], "", True, id="void"),
        pytest.param(an_order("void"), "close", [], "", False, id="closed after a void"),
        pytest.param(an_order("close"), "close", [], "", True, id="nothing was open"),
    ],
)
def test_an_order_is_the_same_when_its_word_means_the_same(order, verb, carry, reference, same):
    assert makes(order, verb, carry, reference) is same


def test_whoever_comes_second_is_told_which_order_stands():
    assert stands(CLOSED) == (
        "Chu kỳ này đã có lệnh khép lại (chuyển sang chu kỳ sau: V.1/H1, V.1/H2; không tiếp tục "
        "theo văn bản số 12/QĐ: III.1.d/han), ghi lúc 09:05 ngày 31/12/2026. Lệnh ấy giữ nguyên; "
        "lệnh này không được nhận."
    )
    assert stands(an_order("void")).startswith("Chu kỳ này đã có lệnh hủy, ghi lúc 09:05")
