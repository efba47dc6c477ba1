"""An assignment's mark, decided by the database: 33,000 rows are not brought here to be counted."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, String, case, cast, or_, select
from sqlmodel import col

from activities.views.screens import HELD, OVERDUE, SOON_AT
from models.assignment import Stage
from models.mark import Mark
from models.tables import AssignmentTable, TaskTable

ENDED = (Stage.CANCELLED, Stage.REASSIGNED)
COMPLETED = (Stage.SUBMITTED, Stage.ACCEPTED, Stage.SETTLED)

# One letter each, the worst the last of them, so that the worst of a group is its `max`.
# Whether a task without a deadline is ongoing is its own matter, not the row's.
_COUNTED = [mark for mark in Mark if mark is not Mark.ONGOING]
_LETTERS: dict[Mark, str] = {mark: chr(ord("z") - place) for place, mark in enumerate(_COUNTED)}
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
ONGOING = col(AssignmentTable.task).in_(select(col(TaskTable.id)).where(col(TaskTable.ongoing)))


def mark_of(letter: str, *, ongoing: bool) -> Mark:
    """`ongoing`: the task is owed all year."""
    mark = _MARKS[letter]
    return Mark.ONGOING if mark is Mark.UNDATED and ongoing else mark


def has_one_of(marks: Collection[Mark]) -> ColumnElement[bool]:
    if set(marks) == {Mark.OVERDUE}:  # an index knows these two
        return OVERDUE
    if set(marks) == {Mark.HELD}:
        return HELD
    dateless = {Mark.UNDATED: ~ONGOING, Mark.ONGOING: ONGOING}
    dated = LETTER.in_(sorted(_LETTERS[mark] for mark in marks if mark not in dateless))
    undated = LETTER.in_([_LETTERS[Mark.UNDATED]])
    return or_(dated, *(undated & dateless[mark] for mark in marks if mark in dateless))
