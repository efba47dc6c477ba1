"""Nothing that a cycle leaves open is closed over in silence."""

import pytest

from models.assignment import Stage
from models.identifiers import task_id
from rules.closing import NoWord, OpenParts, Undecided, decided, left_open, tasks_of


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
