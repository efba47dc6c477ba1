"""Codes stand as in the document, not as their characters are numbered."""

import random

import pytest

from rules.code_order import code_order


@pytest.mark.parametrize(
    "codes",
    [
        ["III.2.a", "III.2.d", "III.2.đ", "III.2.e", "III.10.a", "IV.1", "V.1", "IX.1", "X"],
        ["1", "1.1", "1.2", "1.10", "2", "2.a", "2.ă"],
        ["V", "V.1", "Phụ lục"],
    ],
)
def test_codes_stand_in_the_order_of_the_document(codes: list[str]) -> None:
    mixed = random.Random(1).sample(codes, len(codes))

    assert sorted(mixed, key=code_order) == codes
