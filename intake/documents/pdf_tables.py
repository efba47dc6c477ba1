"""Rules on a page become the grid of a table, and words find their cells."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# Points: a rule thinner than this is a rule, ends nearer than this meet.
THIN = 3.0
NEAR = 3.5
SHORTEST = 6.0
MOST_RULES = 4_000


def turn(
    x0: float, y0: float, x1: float, y1: float, degrees: int
) -> tuple[float, float, float, float]:
    """A box as it stands on a page that is shown turned clockwise."""
    match degrees:
        case 90:
            return y0, -x1, y1, -x0
        case 180:
            return -x1, -y1, -x0, -y0
        case _:
            return -y1, x0, -y0, x1


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        return max(self.y1 - self.y0, 1.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """Horizontal: `at` is its height, from left to right; else its x, from bottom to top."""

    horizontal: bool
    at: float
    start: float
    end: float

    @staticmethod
    def of(x0: float, y0: float, x1: float, y1: float) -> "Rule | None":
        if y1 - y0 <= THIN and x1 - x0 >= SHORTEST:
            return Rule(True, (y0 + y1) / 2, x0, x1)
        if x1 - x0 <= THIN and y1 - y0 >= SHORTEST:
            return Rule(False, (x0 + x1) / 2, y0, y1)
        return None

    def turned(self, degrees: int) -> "Rule":
        x0, y0, x1, y1 = (
            (self.start, self.at, self.end, self.at)
            if self.horizontal
            else (self.at, self.start, self.at, self.end)
        )
        return Rule.of(*turn(x0, y0, x1, y1, degrees)) or self

    def meets(self, other: "Rule") -> bool:
        """A horizontal and a vertical rule that touch."""
        return (
            self.start - NEAR <= other.at <= self.end + NEAR
            and other.start - NEAR <= self.at <= other.end + NEAR
        )

    def covers(self, at: float, start: float, end: float) -> bool:
        return abs(self.at - at) <= NEAR and self.start <= start + NEAR and self.end >= end - NEAR


Spot = tuple[int, int]


class Cell(NamedTuple):
    """Words between the left and the right rule of their cell."""

    words: Sequence[Word]
    left: float
    right: float


@dataclass
class Grid:
    """Columns between `xs` (left to right), rows between `ys` (top to bottom)."""

    xs: list[float]
    ys: list[float]
    rules: list[Rule]
    _words: dict[Spot, list[Word]] = field(default_factory=lambda: defaultdict(list))
    _home: dict[Spot, Spot] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in range(len(self.ys) - 1):
            for column in range(len(self.xs) - 1):
                self._home[row, column] = self._joined(row, column)

    @property
    def top(self) -> float:
        return self.ys[0]

    def holds(self, word: Word) -> bool:
        inside = self.xs[0] - NEAR <= word.center <= self.xs[-1] + NEAR
        return inside and self.ys[-1] - NEAR <= word.middle <= self.ys[0] + NEAR

    def fill(self, words: Sequence[Word]) -> None:
        for word in words:
            row = _between([-y for y in self.ys], -word.middle)
            column = _between(self.xs, word.center)
            self._words[self._home[row, column]].append(word)

    def rows(self) -> Iterator[tuple[list["Cell"], frozenset[int]]]:
        """The cells of each row, and the columns that repeat the cell to their left."""
        rights: dict[Spot, float] = {}
        for (_, column), home in self._home.items():
            rights[home] = max(rights.get(home, 0.0), self.xs[column + 1])
        for row in range(len(self.ys) - 1):
            homes = [self._home[row, column] for column in range(len(self.xs) - 1)]
            merged = {n for n, home in enumerate(homes) if n and home == homes[n - 1]}
            cells = [Cell(self._words.get(h, []), self.xs[h[1]], rights[h]) for h in homes]
            yield cells, frozenset(merged)

    def _joined(self, row: int, column: int) -> Spot:
        """The cell this one is a part of, where no rule parts it from the one above or before."""
        above = (row - 1, column)
        before = (row, column - 1)
        left, right = self.xs[column], self.xs[column + 1]
        if row and not self._parted(True, self.ys[row], left, right):
            return self._home[above]
        if column and not self._parted(False, left, self.ys[row + 1], self.ys[row]):
            return self._home[before]
        return (row, column)

    def _parted(self, horizontal: bool, at: float, start: float, end: float) -> bool:
        middle = (start + end) / 2
        return any(
            rule.horizontal is horizontal and rule.covers(at, middle, middle) for rule in self.rules
        )


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """Rules that touch each other are one table."""
    if len(rules) > MOST_RULES:
        return []  # a drawing, not a table
    across = [rule for rule in rules if rule.horizontal]
    down = [rule for rule in rules if not rule.horizontal]
    groups = _groups(across, down)
    found = []
    for group in groups:
        xs = _distinct([rule.at for rule in group if not rule.horizontal])
        ys = _distinct([rule.at for rule in group if rule.horizontal])
        if len(xs) > 2 and len(ys) > 1:
            found.append(Grid(xs, ys[::-1], group))
    return found


def _groups(across: list[Rule], down: list[Rule]) -> list[list[Rule]]:
    parent = {rule: rule for rule in [*across, *down]}

    def root(rule: Rule) -> Rule:
        while parent[rule] != rule:
            parent[rule] = parent[parent[rule]]
            rule = parent[rule]
        return rule

    for horizontal in across:
        for vertical in down:
            if horizontal.meets(vertical):
                parent[root(horizontal)] = root(vertical)
    groups: dict[Rule, list[Rule]] = defaultdict(list)
    for rule in parent:
        groups[root(rule)].append(rule)
    return [group for group in groups.values() if len(group) > 2]


def _distinct(places: list[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > NEAR:
            found.append(place)
    return found


def _between(edges: list[float], place: float) -> int:
    """The gap of the ascending `edges` that `place` lies in, the outer ones included."""
    inner = sum(place >= edge for edge in edges[1:-1])
    return min(inner, len(edges) - 2)
