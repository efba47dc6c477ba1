"""What nobody has to read any more: answered, or for a date that was moved since."""

from sqlalchemy import ColumnElement, and_, not_, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.assignment import OPEN, OWING, Stage
from models.deadline import RungKind
from models.tables import AssignmentTable, NoticeTable, TaskTable

ASKING = "ask-"
CHASING = (RungKind.REMINDER, RungKind.DUE, RungKind.ESCALATION)


def old_news(session: Session, which: ColumnElement[bool]) -> set[str]:
    """The keys of those notices of `which` that have been overtaken."""
    assignment = (
        select(col(AssignmentTable.id))
        .where(col(AssignmentTable.id) == col(NoticeTable.assignment), _answered())
        .exists()
    )
    answered = session.scalars(select(col(NoticeTable.key)).where(which, assignment))
    asked = session.execute(
        select(col(NoticeTable.key), col(NoticeTable.kind), col(TaskTable.waiting))
        .join(TaskTable, col(TaskTable.id) == col(NoticeTable.task))
        .where(which, col(NoticeTable.kind).startswith(ASKING))
    )
    settled = {row.key for row in asked if row.kind.removeprefix(ASKING) not in row.waiting}
    withdrawn = session.scalars(
        select(col(NoticeTable.key)).where(
            which, col(NoticeTable.kind) == "escalation_withdrawn", not_(_was_told())
        )
    )
    return {*answered, *settled, *withdrawn}


def drop(session: Session, keys: set[str]) -> None:
    """They never have to be in a message."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), 500):
        session.execute(
            update(NoticeTable)
            .where(col(NoticeTable.key).in_(ordered[start : start + 500]))
            .values(dropped=True)
            .execution_options(synchronize_session=False)
        )


def _was_told() -> ColumnElement[bool]:
    """Whether the escalation that a notice takes back is in a message: what never left needs no
    taking back."""
    told = aliased(NoticeTable)
    return (
        select(col(told.key))
        .where(
            col(told.assignment) == col(NoticeTable.assignment),
            col(told.recipient) == col(NoticeTable.recipient),
            col(told.kind) == RungKind.ESCALATION,
            col(told.message).is_not(None),
            col(told.dropped).is_(False),
            col(NoticeTable.rung).like("%-" + col(told.rung)),
        )
        .exists()
    )


def _answered() -> ColumnElement[bool]:
    kind, stage = col(NoticeTable.kind), col(AssignmentTable.stage)
    return or_(
        and_(
            kind.in_(CHASING),
            or_(
                stage.not_in(OWING),
                col(AssignmentTable.version) != col(NoticeTable.version),
            ),
        ),
        and_(
            kind == RungKind.ACKNOWLEDGEMENT,
            or_(stage.not_in(OPEN), col(AssignmentTable.acknowledged_at).is_not(None)),
        ),
        and_(
            kind == RungKind.REVIEW,
            stage != Stage.SUBMITTED,
            col(AssignmentTable.extension_asked).is_(False),
        ),
        and_(kind.in_(("assigned", "dated", "adopted")), stage.not_in(OWING)),
        and_(kind == "submitted", stage != Stage.SUBMITTED),
        and_(kind == "returned", stage != Stage.RETURNED),
        and_(kind == "suspended", stage != Stage.SUSPENDED),
        and_(kind == "extension_asked", col(AssignmentTable.extension_asked).is_(False)),
    )
