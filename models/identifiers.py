"""Identifiers: made here only, because an identifier is also an idempotency key."""

import hashlib
import re
from typing import NamedTuple

_CARRIED = re.compile(r"(.+)-(\d{4})")

HEAD = ":head"  # after a unit's code: the head of that unit


def cycle_id(plan: str, cycle: str) -> str:
    """`cycle/{plan}/{year}`; a repeated launch after a void has the cycle `2026-2`."""
    return f"cycle/{plan}/{cycle}"


def task_id(plan: str, cycle: str, code: str, occurrence: str, part: str = "1") -> str:
    return f"task/{plan}/{cycle}/{code}/{occurrence}/{part}"


class TaskKey(NamedTuple):
    """The parts of a task workflow's id."""

    plan: str
    cycle: str
    code: str
    occurrence: str
    part: str


def parse_task_id(identifier: str) -> TaskKey:
    """Raises ValueError when `identifier` is not a task workflow's id."""
    kind, *rest = identifier.split("/")
    if kind != "task" or len(rest) != 5:
        raise ValueError(f"không phải mã nhiệm vụ: {identifier}")
    return TaskKey(*rest)


def assignment_id(task: str, unit: str) -> str:
    """`{plan}/{year}/{code}/{occurrence}/{unit}`: what a person types and what a mail cites."""
    key = parse_task_id(task)
    return f"{key.plan}/{key.cycle}/{key.code}/{key.occurrence}/{unit}"


def cycle_name(assignment: str) -> str:
    """`2026`, or `2026-2` of a repeated launch."""
    return assignment.split("/")[1]


def carried_occurrence(occurrence: str, year: int) -> str:
    """What an occurrence of `year` is called in later cycles: `H1-2026`, however often carried."""
    name, since = own_occurrence(occurrence, year)
    return f"{name}-{since}"


def own_occurrence(occurrence: str, year: int) -> tuple[str, int]:
    """An occurrence found in the cycle of `year`, as it was called in its own year."""
    carried = _CARRIED.fullmatch(occurrence)
    return (carried[1], int(carried[2])) if carried else (occurrence, year)


def notice_key(assignment: str, version: int, rung: str, recipient: str) -> str:
    """One notice, ever: assignment, version of its deadline, rung, recipient."""
    return f"{assignment}|v{version}|{rung}|{recipient}"


def message_id(notice_group: str, domain: str = "dondoc.invalid") -> str:
    """The Message-ID of a mail: the same for every attempt, so that a repetition is recognised."""
    return f"<{hashlib.sha256(notice_group.encode()).hexdigest()[:32]}@{domain}>"
