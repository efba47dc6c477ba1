"""An assignment's mark, decided by the database: 33,000 rows are not brought here to be counted."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, String, case, cast
from sqlmodel import col

from activities.views.screens import HELD, OVERDUE, SOON_AT
from models.assignment import Stage
from models.mark import Mark
from models.tables import AssignmentTable

ENDED = (Stage.CANCELLED, Stage.REASSIGNED)
COMPLETED = (Stage.SUBMITTED, Stage.ACCEPTED, Stage.SETTLED)

# One letter each, the worst the last of them, so that the worst of a group is its `max`.
# Whether a task without a deadline is ongoing or waits for one is its own matter, not the row's.
_COUNTED = [mark for mark in Mark if mark is not Mark.ONGOING]
_LETTERS = {mark: chr(ord("z") - place) for place, mark in enumerate(_COUNTED)}
_MARKS = {letter: mark for mark, letter in _LETTERS.items()}


_STAGE, _BREACH = col(AssignmentTable.stage), col(AssignmentTable.breach)
# The mark at the instants of the statement as one letter; `mark_of` reads it.
LETTER: ColumnElement[str] = case(
    (_STAGE.in_(ENDED), _LETTERS[Mark.ENDED]),
    # An ongoing task is settled when its cycle closes: it was never to be completed.
    (_BREACH.is_(None) & (_STAGE == Stage.SETTLED), _LETTERS[Mark.UNDATED]),
    (_STAGE.in_(COMPLETED) & col(AssignmentTable.late), _LETTERS[Mark.LATE]),
    (_STAGE == Stage.SUBMITTED, _LETTERS[Mark.SUBMITTED]),
    (_STAGE.in_(COMPLETED), _LETTERS[Mark.DONE]),
    (HELD, _LETTERS[Mark.HELD]),
    (_STAGE == Stage.SUSPENDED, _LETTERS[Mark.SUSPENDED]),
    (_BREACH.is_(None), _LETTERS[Mark.UNDATED]),
    (OVERDUE, _LETTERS[Mark.OVERDUE]),
    (_STAGE == Stage.RETURNED, _LETTERS[Mark.RETURNED]),
    (_BREACH <= SOON_AT, _LETTERS[Mark.SOON]),
    else_=_LETTERS[Mark.OPEN],
)
LEVEL: ColumnElement[str] = cast(col(AssignmentTable.level), String)


def mark_of(letter: str, *, waits_for_date: bool) -> Mark:
    """`waits_for_date`: the task has no deadline yet and is to get one."""
    mark = _MARKS[letter]
    return Mark.ONGOING if mark is Mark.UNDATED and not waits_for_date else mark


def has_one_of(marks: Collection[Mark]) -> ColumnElement[bool]:
    """Ongoing tasks and those that wait for a date are not told apart here."""
    if set(marks) == {Mark.OVERDUE}:  # an index knows these two
        return OVERDUE
    if set(marks) == {Mark.HELD}:
        return HELD
    counted = {Mark.UNDATED if mark is Mark.ONGOING else mark for mark in marks}
    return LETTER.in_(sorted(_LETTERS[mark] for mark in counted))
