"""What a cycle leaves open, and the officer's word on it: nothing is closed over it in silence."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from unicodedata import normalize

from models.assignment import Stage
from models.clock import VN
from models.cycle import CycleEnd
from models.identifiers import parse_task_id
from rules.wording import dmy

ALL = "all"
WAITING = (Stage.SUBMITTED, Stage.SUSPENDED)


class Undecided(Exception):
    """A sentence that says what lacks an answer before the cycle can be closed."""


class NoWord(Undecided):
    """Neither carried nor ended."""


class Unseen(Undecided):
    """Left open now, and not shown to whoever gave the word."""


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
    still_open: Sequence[LeftOpen],
    carry: Collection[str],
    reference: str,
    *,
    shown: Collection[str] | None = None,
) -> tuple[list[LeftOpen], list[LeftOpen]]:
    """What is carried into the next cycle (`carry`: `all`, `V.1`, `V.1/H2`), and what ends by the
    decision with the number `reference`. Raises Undecided while anything lacks the officer's
    word, which is given on the names that were `shown`; None when it is given on all."""
    unseen = [each for each in still_open if shown is not None and each.name not in shown]
    if unseen:
        raise Unseen(f"Có thêm phần việc còn dở: {_listed(unseen)}. Hãy xem lại rồi quyết định.")
    for name in carry:
        if name != ALL and not any(each.is_called(name) for each in still_open):
            listed = _listed(still_open) or "không có"
            raise Undecided(f"Không có phần việc nào còn dở của “{name}”. Còn dở: {listed}.")
    carried = _called(still_open, carry)
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


def makes(order: CycleEnd, verb: str, carry: Collection[str], reference: str) -> bool:
    """Whether this word, on what was open when `order` was given, is the same order."""
    tasks = (*order.carry, *order.ended)
    was_open = left_open(OpenParts(task, Stage.ASSIGNED, 1) for task in tasks)
    return (
        order.verb == verb
        and set(tasks_of(_called(was_open, carry))) == set(order.carry)
        and (not order.ended or order.reference == reference)
    )


def stands(order: CycleEnd) -> str:
    """The sentence for whoever orders something else after it."""
    what = "khép lại" if order.verb == "close" else "hủy"
    when = order.received_at.astimezone(VN)
    word = [f"chuyển sang chu kỳ sau: {_names(order.carry)}"] if order.carry else []
    if order.ended:
        word.append(f"không tiếp tục theo văn bản số {order.reference}: {_names(order.ended)}")
    of_it = f" ({'; '.join(word)})" if word else ""
    return (
        f"Chu kỳ này đã có lệnh {what}{of_it}, ghi lúc {when:%H:%M} ngày {dmy(when.date())}. "
        "Lệnh ấy giữ nguyên; lệnh này không được nhận."
    )


def tasks_of(parts: Iterable[LeftOpen]) -> tuple[str, ...]:
    return tuple(task for each in parts for task in each.tasks)


def _called(parts: Iterable[LeftOpen], names: Collection[str]) -> list[LeftOpen]:
    return [each for each in parts if any(each.is_called(name) for name in names)]


def _names(tasks: Iterable[str]) -> str:
    keys = [parse_task_id(task) for task in tasks]
    return ", ".join(dict.fromkeys(f"{key.code}/{key.occurrence}" for key in keys))


def _listed(still_open: Iterable[LeftOpen]) -> str:
    return "; ".join(f"{each.name} ({each.counted()})" for each in still_open)
