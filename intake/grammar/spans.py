"""Stretches of a text, and whether a place is inside one of them."""

from bisect import bisect_left
from collections.abc import Iterable

Span = tuple[int, int]


class Spans:
    """Asked for every act of a long line, so it must not look at every stretch each time."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def hold(self, place: int) -> bool:
        """Whether a place is inside, and not at the edge, of a stretch."""
        before = bisect_left(self._starts, place) - 1
        return before >= 0 and place < self._ends[before]


def brackets(text: str) -> Spans:
    """What stands in round brackets."""
    found: list[tuple[int, int]] = []
    stack: list[int] = []
    for index, letter in enumerate(text):
        if letter == "(":
            stack.append(index)
        elif letter == ")" and stack:
            found.append((stack.pop(), index))
    return Spans(found)
