"""A phrase becomes atoms: at each place the first pattern that fits."""

import re
from collections.abc import Iterator

from rules.timing.atoms import Atom, Mark
from rules.timing.builders import Builder
from rules.timing.patterns import GRAMMAR
from rules.timing.text import Folded, Vocabulary, fold, without_marks

# A word or a number ends where the next character belongs to neither; a sign ends anywhere.
WHOLE = r"(?:(?<!\w)|(?!\w|/\w))"
RULES: tuple[tuple[re.Pattern[str], Builder], ...] = tuple(
    (re.compile(rf"(?:{without_marks(pattern)}){WHOLE}"), build) for pattern, build in GRAMMAR
)
VOCABULARY = Vocabulary(pattern for pattern, _ in GRAMMAR)


def folded(text: str) -> Folded:
    return fold(text, VOCABULARY)


def atoms(text: Folded) -> list[Atom]:
    return list(_scan(text.text))


def _scan(text: str) -> Iterator[Atom]:
    place = 0
    while place < len(text):
        if text[place] == " ":
            place += 1
            continue
        for pattern, build in RULES:
            if (match := pattern.match(text, place)) and match.end() > place:
                for mark, value in build(match):
                    yield Atom(mark, place, match.end(), value)
                place = match.end()
                break
        else:
            end = _end_of_piece(text, place)
            yield Atom(Mark.OTHER, place, end)
            place = end


def _end_of_piece(text: str, place: int) -> int:
    """Up to the next space or tight dash: `cong-tac` is two pieces, `a/b` one."""
    ends = (text.find(" ", place), text.find("-", place + 1))
    return min((end for end in ends if end > 0), default=len(text))
