"""The order of codes in a document: `III` before `IV` before `IX`, `d` before `đ` before `e`."""

import re

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN = re.compile(r"[IVXLC]+")

Piece = tuple[int, int, str]


def code_order(code: str) -> tuple[Piece, ...]:
    """What sorts codes such as `III.2.đ` as the document has them."""
    return tuple(_piece(piece) for piece in re.split(r"[.\-/]", code))


def _piece(piece: str) -> Piece:
    if piece.isdecimal():
        return 0, int(piece), ""
    if _ROMAN.fullmatch(piece):
        return 0, _roman(piece), ""
    at = LETTERS.find(piece.lower()) if len(piece) == 1 else -1
    return (1, at, "") if at >= 0 else (2, 0, piece)


def _roman(piece: str) -> int:
    values = [ROMAN[letter] for letter in piece]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))
