"""What a cycle leaves open, and the officer's word on it: nothing is closed over it in silence."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from unicodedata import normalize

from models.assignment import Stage
from models.identifiers import parse_task_id

ALL = "all"
WAITING = (Stage.SUBMITTED, Stage.SUSPENDED)


class Undecided(Exception):
    """A sentence that says what lacks an answer before the cycle can be closed."""


class NoWord(Undecided):
    """Neither carried nor ended."""


class OpenParts(NamedTuple):
    """How many open assignments with a deadline a task has in one stage."""

    task: str
    stage: Stage
    units: int


class LeftOpen(NamedTuple):
    """What one task leaves open with a deadline, whatever parts it runs in: who owes, and what
    waits for somebody else: a report for its review, a suspended part to be resumed."""

    name: str
    tasks: tuple[str, ...]
    owing: int
    waiting: int

    def is_called(self, name: str) -> bool:
        return normalize("NFC", name) in (ALL, self.name, self.name.partition("/")[0])

    def counted(self) -> str:
        counts = ((self.owing, "chưa xong"), (self.waiting, "chờ duyệt hoặc đang tạm dừng"))
        return ", ".join(f"{count} {what}" for count, what in counts if count)


def left_open(parts: Iterable[OpenParts]) -> list[LeftOpen]:
    found: dict[str, LeftOpen] = {}
    for part in parts:
        key = parse_task_id(part.task)
        name = f"{key.code}/{key.occurrence}"
        before = found.get(name, LeftOpen(name, (), 0, 0))
        waits = part.units if part.stage in WAITING else 0
        found[name] = LeftOpen(
            name,
            tuple(dict.fromkeys((*before.tasks, part.task))),
            before.owing + part.units - waits,
            before.waiting + waits,
        )
    return list(found.values())


def decided(
    still_open: Sequence[LeftOpen], carry: Sequence[str], reference: str
) -> tuple[list[LeftOpen], list[LeftOpen]]:
    """What is carried into the next cycle (`carry`: `all`, `V.1`, `V.1/H2`), and what ends by the
    decision with the number `reference`. Raises Undecided while anything lacks the officer's
    word."""
    for name in carry:
        if name != ALL and not any(each.is_called(name) for each in still_open):
            listed = _listed(still_open) or "không có"
            raise Undecided(f"Không có phần việc nào còn dở của “{name}”. Còn dở: {listed}.")
    carried = [each for each in still_open if any(each.is_called(name) for name in carry)]
    rest = [each for each in still_open if each not in carried]
    if rest and not reference:
        raise NoWord(f"Phần việc có hạn còn dở: {_listed(rest)}.")
    unanswered = [each for each in carried if each.waiting]
    if unanswered:
        raise Undecided(
            f"Chưa chuyển sang chu kỳ sau được: {_listed(unanswered)}. Đề nghị duyệt hoặc trả lại "
            "báo cáo đã nộp, cho tiếp tục phần việc đang tạm dừng."
        )
    return carried, rest


def tasks_of(parts: Iterable[LeftOpen]) -> tuple[str, ...]:
    return tuple(task for each in parts for task in each.tasks)


def _listed(still_open: Iterable[LeftOpen]) -> str:
    return "; ".join(f"{each.name} ({each.counted()})" for each in still_open)
