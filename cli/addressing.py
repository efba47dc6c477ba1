"""How a person names a task, an assignment, a unit, a day: short where it is clear."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from activities.cycle_store import Cycle
from activities.lookup import Part, Task
from cli.context import Context
from cli.output import Problem
from models.clock import VN
from models.directory import Unit

CANDIDATES = 8


class Unknown(Problem):
    """Nothing of that name: it may still name something of another kind."""


def running_cycles(context: Context, plan: str | None, year: int | None) -> list[Cycle]:
    """The running cycles, of one plan or year where given. Raises Problem when there is none."""
    cycles = [
        cycle
        for cycle in context.cycles.all(running=True)
        if plan in (None, cycle.plan) and year in (None, cycle.year)
    ]
    if not cycles:
        parts = [f"kế hoạch {plan}" if plan else "", f"năm {year}" if year else ""]
        which = " ".join(filter(None, parts))
        raise Problem(
            f"Không có chu kỳ nào đang chạy{' của ' + which if which else ''}. "
            "Phát động bằng: dondoc launch KẾ_HOẠCH --year NĂM"
        )
    return cycles


def one_cycle(
    context: Context, plan: str | None, year: int | None, id_: str | None = None
) -> Cycle:
    """The one running cycle that is meant. Raises Problem when there are none or several."""
    cycles = [each for each in running_cycles(context, plan, year) if id_ in (None, each.id)]
    if not cycles:
        raise Problem(f"Chu kỳ {id_} không đang chạy.")
    if len(cycles) > 1:
        raise Problem(_which(plan or "chu kỳ", [each.id for each in cycles]))
    return cycles[0]


def tasks(context: Context, text: str, plan: str | None, year: int | None) -> list[Task]:
    """All parts of the one task that `text` names: `III.1.d`, `V.1/H1`, or a full id."""
    text = unicodedata.normalize("NFC", text)
    if text.startswith("task/"):
        found = context.lookup.task(text)
    else:
        code, _, occurrence = text.partition("/")
        cycles = [cycle.id for cycle in running_cycles(context, plan, year)]
        found = context.lookup.tasks(cycles, code, occurrence)
    if not found:
        raise Unknown(f"Không có nhiệm vụ {text} trong các chu kỳ đang chạy.")
    if len({(task.cycle, task.occurrence) for task in found}) > 1:
        names = sorted({f"{task.code}/{task.occurrence} ({task.cycle})" for task in found})
        raise Problem(_which(text, names))
    return found


def assignment(context: Context, text: str, plan: str | None, year: int | None) -> Part:
    """The one assignment `text` names: `{plan}/{year}/{code}/{occurrence}/{unit}`, or shorter
    `{code}/{occurrence}/{unit}` or `{code}/{unit}` where that is clear."""
    parts = unicodedata.normalize("NFC", text).split("/")
    if len(parts) == 5:
        found = context.lookup.part("/".join(parts))
    elif len(parts) in (2, 3):
        cycles = [cycle.id for cycle in running_cycles(context, plan, year)]
        code = unit(context, parts[-1]).code
        occurrence = parts[1] if len(parts) == 3 else None
        found = context.lookup.parts(cycles, parts[0], code, occurrence)
    else:
        raise Problem(
            f"Không hiểu “{text}”: hãy viết MÃ_NHIỆM_VỤ/ĐƠN_VỊ hoặc MÃ_NHIỆM_VỤ/KỲ/ĐƠN_VỊ."
        )
    if not found:
        raise Problem(f"Không có phần việc {text}: đơn vị không được giao nhiệm vụ này.")
    if len(found) > 1:
        raise Problem(_which(text, [part.id for part in found]))
    return found[0]


def open_parts_of(
    context: Context, unit_code: str, plan: str | None, year: int | None
) -> list[Part]:
    """The open assignments of a unit in the running cycles."""
    cycles = [cycle.id for cycle in running_cycles(context, plan, year)]
    return context.lookup.open_parts(cycles, unit_code)


def unit(context: Context, text: str) -> Unit:
    """A unit by its code, its name or an alias. Raises Problem when none or several are meant."""
    exact = context.registry.unit(text)
    if exact is not None:
        return exact
    wanted = _folded(text)
    found = [
        unit
        for unit in context.registry.directory().units.values()
        if wanted in {_folded(name) for name in (unit.code, unit.name, *unit.aliases)}
    ]
    if not found:
        raise Problem(f"Không có đơn vị “{text}” trong danh bạ.")
    if len(found) > 1:
        raise Problem(_which(text, [f"{unit.code} {unit.name}" for unit in found]))
    return found[0]


def parse_day(text: str) -> date:
    """`2026-06-30` or `30/6/2026`."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=VN).date()
        except ValueError:
            continue
    raise Problem(f"Không hiểu ngày “{text}”: hãy viết 2026-06-30 hoặc 30/6/2026.")


def parse_moment(text: str) -> datetime:
    """`2026-02-27T23:58`, with or without an offset, or a day; without an offset Vietnam's time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VN)
        except ValueError:
            day = parse_day(text)
            moment = datetime(day.year, day.month, day.day, tzinfo=VN)
    return moment if moment.tzinfo else moment.replace(tzinfo=VN)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _which(text: str, candidates: Sequence[str]) -> str:
    shown = ", ".join(candidates[:CANDIDATES]) + (" …" if len(candidates) > CANDIDATES else "")
    return f"“{text}” có thể là nhiều việc, hãy ghi rõ một trong: {shown}"
