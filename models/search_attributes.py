"""What Temporal can find a workflow by. No personal data: search attributes are plain text."""

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from models.identifiers import parse_task_id

PLAN = SearchAttributeKey.for_keyword("DondocPlan")
YEAR = SearchAttributeKey.for_keyword("DondocYear")
TASK = SearchAttributeKey.for_keyword("DondocTask")
STAGE = SearchAttributeKey.for_keyword("DondocStage")
NEXT_DEADLINE = SearchAttributeKey.for_datetime("DondocNextDeadline")
# Three numbers at most: SQLite's visibility store has no fourth column for them.
OPEN = SearchAttributeKey.for_int("DondocOpen")
OVERDUE = SearchAttributeKey.for_int("DondocOverdue")
LEVEL = SearchAttributeKey.for_int("DondocLevel")

SEARCH_ATTRIBUTES: tuple[SearchAttributeKey[Any], ...] = (
    PLAN,
    YEAR,
    TASK,
    STAGE,
    NEXT_DEADLINE,
    OPEN,
    OVERDUE,
    LEVEL,
)

SUMMARY_BYTES = 390  # Temporal refuses a summary of more than 400


def identity(workflow: str) -> TypedSearchAttributes:
    """What a cycle (`cycle/{plan}/{year}`) or a task is found by from its start."""
    kind, plan, cycle, *_ = workflow.split("/")
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(PLAN, plan),
        SearchAttributePair(YEAR, cycle),
    ]
    if kind == "task":
        pairs.append(SearchAttributePair(TASK, parse_task_id(workflow).code))
    return TypedSearchAttributes(pairs)


def summary(text: str) -> str:
    """`text` cut, on a whole character, to what Temporal keeps of a summary."""
    encoded = text.encode()
    if len(encoded) <= SUMMARY_BYTES:
        return text
    return encoded[:SUMMARY_BYTES].decode(errors="ignore") + "…"
