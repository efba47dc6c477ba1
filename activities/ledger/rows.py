"""What follows from entries for screens and for the outbox: rows of the read model, notices."""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlmodel import col

from activities.database import insert_into
from models.assignment import TaskState
from models.events import Event
from models.identifiers import assignment_id, notice_key, parse_task_id
from models.recording import AssignmentRow, NoticeLine, TaskRow
from models.tables import AssignmentTable, NoticeTable, TaskTable
from rules.evolve import fold
from rules.notices import notices_of
from rules.projection import assignment_rows, task_row

_CYCLE = select(col(TaskTable.cycle)).where(col(TaskTable.id) == bindparam("task"))
_TASK_ROW = update(TaskTable).where(col(TaskTable.id) == bindparam("of_task"))
_ROWS_OF = delete(AssignmentTable).where(col(AssignmentTable.task) == bindparam("of_task"))


@cache
def _upsert_assignments(dialect: str) -> Any:
    statement = insert_into(dialect, AssignmentTable)
    changing = {name: statement.excluded[name] for name in ("task", *AssignmentRow.model_fields)}
    return statement.on_conflict_do_update(index_elements=["id"], set_=changing)


@cache
def _new_notices(dialect: str) -> Any:
    return insert_into(dialect, NoticeTable).on_conflict_do_nothing()


def write_task_row(connection: Connection, task: str, row: TaskRow, **others: Any) -> None:
    connection.execute(_TASK_ROW, {"of_task": task, **others, **task_columns(row)})


def task_columns(row: TaskRow) -> dict[str, Any]:
    return {**row.__dict__, "waiting": list(row.waiting)}


def write_assignments(
    connection: Connection, task: str, cycle: str, rows: Sequence[AssignmentRow]
) -> None:
    if not rows:
        return
    key = parse_task_id(task)
    same = {"task": task, "cycle": cycle, "code": key.code, "occurrence": key.occurrence}
    connection.execute(
        _upsert_assignments(connection.dialect.name),
        [{**row.__dict__, **same, "id": assignment_id(task, row.unit)} for row in rows],
    )


def write_notices(
    connection: Connection, task: str, cycle: str, lines: Sequence[NoticeLine]
) -> None:
    if not lines:
        return
    connection.execute(
        _new_notices(connection.dialect.name), [_notice(task, cycle, line) for line in lines]
    )


def _notice(task: str, cycle: str, line: NoticeLine) -> dict[str, Any]:
    assignment = None if line.unit is None else assignment_id(task, line.unit)
    return {
        **line.__dict__,
        "key": notice_key(assignment or task, line.version, line.rung, line.recipient),
        "cycle": cycle,
        "task": task,
        "assignment": assignment,
    }


def rebuild(connection: Connection, task: str, events: list[Event]) -> None:
    """Pages that are being served are to be started again after it: what they have counted of the
    task is counted anew only when its ledger goes on."""
    cycle = connection.execute(_CYCLE, {"task": task}).scalar_one()
    state: TaskState | None = None
    # What was recorded together happened at one instant, and a notice words the state after it.
    for _, together in groupby(events, key=lambda event: event.at):
        recorded = list(together)
        state = fold(state, recorded)
        write_notices(connection, task, cycle, notices_of(state, recorded))
    if state is None:
        raise ValueError(f"{task}: sổ trống")
    connection.execute(_ROWS_OF, {"of_task": task})
    write_assignments(connection, task, cycle, assignment_rows(state, state.assignments))
    row = task_row(state, at=events[-1].at)
    write_task_row(connection, task, row, ongoing=state.facts.ongoing)
