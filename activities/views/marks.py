"""An assignment's mark, decided by the database: 33,000 rows are not brought here to be counted."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, case, cast, func
from sqlmodel import col

from activities.views.screens import is_overdue
from models.assignment import OWING, Stage
from models.mark import Mark
from models.tables import AssignmentTable

SOON = timedelta(days=7)
ENDED = (Stage.CANCELLED, Stage.REASSIGNED)
COMPLETED = (Stage.SUBMITTED, Stage.ACCEPTED, Stage.SETTLED)

# One letter each, the worst the last of them, so that the worst of a group is its `max`.
# Whether a task without a deadline is ongoing or waits for one is its own matter, not the row's.
_COUNTED = [mark for mark in Mark if mark is not Mark.ONGOING]
_LETTERS = {mark: chr(ord("z") - place) for place, mark in enumerate(_COUNTED)}
_MARKS = {letter: mark for mark, letter in _LETTERS.items()}


def letter_of_mark(at: datetime) -> ColumnElement[str]:
    """The mark at plan instant `at` as one letter; `mark_of` reads it."""
    stage, breach = col(AssignmentTable.stage), col(AssignmentTable.breach)
    return case(
        (stage.in_(ENDED), _LETTERS[Mark.ENDED]),
        # An ongoing task is settled when its cycle closes: it was never to be completed.
        (breach.is_(None) & (stage == Stage.SETTLED), _LETTERS[Mark.UNDATED]),
        (stage.in_(COMPLETED) & col(AssignmentTable.late), _LETTERS[Mark.LATE]),
        (stage == Stage.SUBMITTED, _LETTERS[Mark.SUBMITTED]),
        (stage.in_(COMPLETED), _LETTERS[Mark.DONE]),
        (stage == Stage.HELD, _LETTERS[Mark.HELD]),
        (stage == Stage.SUSPENDED, _LETTERS[Mark.SUSPENDED]),
        (breach.is_(None), _LETTERS[Mark.UNDATED]),
        (is_overdue(at), _LETTERS[Mark.OVERDUE]),
        (stage == Stage.RETURNED, _LETTERS[Mark.RETURNED]),
        (breach <= at + SOON, _LETTERS[Mark.SOON]),
        else_=_LETTERS[Mark.OPEN],
    )


def mark_of(letter: str, *, waits_for_date: bool) -> Mark:
    """`waits_for_date`: the task has no deadline yet and is to get one."""
    mark = _MARKS[letter]
    return Mark.ONGOING if mark is Mark.UNDATED and not waits_for_date else mark


def has_one_of(marks: Collection[Mark], at: datetime) -> ColumnElement[bool]:
    """Ongoing tasks and those that wait for a date are not told apart here."""
    if {Mark.OVERDUE} <= set(marks) <= {Mark.OVERDUE, Mark.HELD}:  # an index knows
        stage = col(AssignmentTable.stage)
        if Mark.HELD not in marks:
            return is_overdue(at)
        late = (stage == Stage.HELD) | (col(AssignmentTable.breach) <= at)
        return stage.in_(sorted({*OWING, Stage.HELD})) & late
    counted = {Mark.UNDATED if mark is Mark.ONGOING else mark for mark in marks}
    return letter_of_mark(at).in_(sorted(_LETTERS[mark] for mark in counted))


def worst_cell(at: datetime) -> ColumnElement[str]:
    """Of the assignments of a group the worst, as `{letter}{level}{occurrence}`."""
    level = cast(col(AssignmentTable.level), String)
    return func.max(letter_of_mark(at) + level + col(AssignmentTable.occurrence))
