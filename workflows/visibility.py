"""What Temporal's own UI shows of a task: search attributes and current details."""

from datetime import datetime
from typing import Any

from temporalio.common import SearchAttributeUpdate

from models.assignment import Stage, TaskStage, TaskState
from models.clock import VN
from models.recording import TaskRow
from models.search_attributes import LEVEL, NEXT_DEADLINE, OPEN, OVERDUE, STAGE
from rules.due import next_reason, overdue_units
from rules.wording import STAGE_NAMES, WAITING_NAMES

HALTED = (
    "NGỪNG GHI: sổ theo dõi cũ hơn quy trình hoặc không khớp với quy trình, chờ sửa chữa "
    "(`dondoc repair`)."
)


def task_attributes(
    state: TaskState, row: TaskRow, *, at: datetime, halted: bool
) -> list[SearchAttributeUpdate[Any]]:
    late = overdue_units(state, at=at)
    deadline = row.next_deadline
    return [
        STAGE.value_set("halted" if halted else _stage(state)),
        NEXT_DEADLINE.value_unset() if deadline is None else NEXT_DEADLINE.value_set(deadline),
        OPEN.value_set(row.open_units),
        OVERDUE.value_set(late),
        LEVEL.value_set(row.level),
    ]


def _stage(state: TaskState) -> str:
    if state.stage is not TaskStage.OPEN:
        return state.stage
    return f"waiting-{next(iter(state.waiting))}" if state.waiting else "open"


def details(state: TaskState, row: TaskRow, *, at: datetime, halted: bool) -> str:
    """The task as it stands, in Markdown."""
    facts = state.facts
    lines = [f"**{facts.title}**", "", f"Thời hạn ghi trong văn bản: “{facts.timing_text}”", ""]
    if halted:
        lines += [f"**{HALTED}**", ""]
    for waiting, ask in state.waiting.items():
        lines.append(f"- Chờ {WAITING_NAMES[waiting]}: {ask.phrase}")
    for stage in Stage:
        count = sum(len(alike) for alike in state.alike if alike[0].stage is stage)
        if count:
            lines.append(f"- {count} đơn vị {STAGE_NAMES[stage]}")
    late = overdue_units(state, at=at)
    if late:
        lines.append(f"- {late} đơn vị quá hạn")
    if row.next_instant is not None:
        reason = next_reason(state, at=at)
        lines.append(
            f"- Việc tiếp theo: {row.next_instant.astimezone(VN):%H:%M %d/%m/%Y} ({reason})"
        )
    lines.append(f"- Tính đến {at.astimezone(VN):%H:%M %d/%m/%Y}")
    return "\n".join(lines)
