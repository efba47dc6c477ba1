"""What belongs together in a letter: lines become sections of items, most pressing first."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from letters.letter import Line, Overdue
from models.deadline import RungKind

T = TypeVar("T")
_Key = tuple[object, ...]

MOST_ITEMS = 12
MOST_UNITS_NAMED = 5
MOST_OVERDUE = 20
MOST_WORDS = 600  # characters of what a person wrote: the page has all of it
MOST_TITLE = 240
MOST_TITLE_IN_LIST = 120
FEW_ITEMS = 3


class Item(NamedTuple):
    """One thing a section says: a task with all units of one cause, or `codes` tasks at once.

    `names` are the first of `number` units and `rest` how many more there are. `waits` says
    that there is no date yet, of what is not owed all year, `late` how many days it has passed on
    the day of the letter, 0 before.
    """

    kind: str
    own: bool
    level: int
    code: str
    title: str
    codes: int
    names: str
    number: int
    rest: int
    last_day: date | None
    waits: bool
    late: int
    today: bool
    phrase: str
    rule: str
    why: str
    text: str
    next_day: date | None
    next_head: bool
    next_to: str


class Section(NamedTuple):
    """`number` is how many items there are, `rest` how many of them are left out; `units`
    and `parts` count those of all items. `kind`, `code`, `last_day` and what follows are what all
    items share."""

    name: str
    items: tuple[Item, ...]
    number: int
    rest: int
    units: int
    parts: int
    kind: str
    code: str
    last_day: date | None
    next_day: date | None
    next_head: bool
    next_to: str


class Weekly(NamedTuple):
    """The list of a week's beginning: the longest overdue first; `rest` are left out of `parts`."""

    parts: tuple[Overdue, ...]
    rest: int
    units: int


OWN = {
    "returned": "returned",
    RungKind.ESCALATION: "overdue",
    "adopted": "overdue",
    RungKind.DUE: "due",
    "instruction": "instruction",
    RungKind.REMINDER: "soon",
    "assigned": "new",
    "dated": "new",
    RungKind.ACKNOWLEDGEMENT: "unacknowledged",
}
FOLLOWED = {
    RungKind.ESCALATION: "late",
    "adopted": "late",
    "instruction": "instruction",
    RungKind.ACKNOWLEDGEMENT: "silent",
    "submitted": "review",
    RungKind.REVIEW: "review",
    "extension_asked": "extension",
    "ask-allocation": "decide",
    "ask-date": "decide",
    "ask-document": "decide",
    "ask-adoption": "decide",
    "ask-resumption": "decide",
    "command_failed": "failed",
    "undeliverable": "failed",
}
# Answers and changes, and whatever has no section of its own: nothing is left out of a letter.
CHANGES = "changes"
FAILED = ("command_failed", "undeliverable")
ORDER = (
    "returned",
    "overdue",
    "due",
    "instruction",
    "late",
    "failed",
    "extension",
    "review",
    "decide",
    "silent",
    "soon",
    "unacknowledged",
    "new",
    CHANGES,
)
# What says when a part is due, so that a reminder beside it would only repeat it.
SAYS_THE_SAME: dict[str, tuple[str, ...]] = {
    RungKind.REMINDER: (
        RungKind.DUE,
        "returned",
        "reopened",
        "rescheduled",
        "resumed",
        "dated",
        "adopted",
        "extension_granted",
        "extension_refused",
    ),
    RungKind.DUE: ("returned",),
}
# Where nothing is owed any more, a date would only mislead.
WITHOUT_DATE = frozenset(
    {
        "accepted",
        "reassigned",
        "cancelled",
        "suspended",
        "submitted",
        "withdrawn",
        "escalation_withdrawn",
        "command_failed",
        "undeliverable",
        RungKind.REVIEW,
        RungKind.ACKNOWLEDGEMENT,
        "ask-allocation",
        "ask-date",
        "ask-document",
        "ask-adoption",
        "ask-resumption",
    }
)


def sections(lines: Sequence[Line], *, day: date) -> list[Section]:
    """The sections that have something to say on `day`; every line stands in exactly one."""
    lines = _once(lines)
    found: dict[str, list[Line]] = {name: [] for name in ORDER}
    for line in lines:
        found[_section_of(line, day)].append(line)
    found["overdue"] = _most_severe(found["overdue"])
    causes = {name: _by_cause(theirs) for name, theirs in found.items() if theirs}
    few = sum(map(len, causes.values())) <= FEW_ITEMS
    room = MOST_TITLE if few else MOST_TITLE_IN_LIST
    return [_section(name, groups, day, room) for name, groups in causes.items()]


def leading(lines: Sequence[Line], *, day: date) -> Line | None:
    """The line a letter is mostly about: the most pressing, then the one that is due first."""
    pressing = [(ORDER.index(_section_of(line, day)), _order(line), line) for line in lines]
    return min(pressing, key=lambda each: each[:2])[2] if pressing else None


def weekly(overdue: Sequence[Overdue]) -> Weekly:
    longest = sorted(overdue, key=lambda part: (-part.days_late, part.unit, part.code))
    return Weekly(
        parts=tuple(longest[:MOST_OVERDUE]),
        rest=max(0, len(longest) - MOST_OVERDUE),
        units=len({part.unit for part in longest}),
    )


def titled(code: str, title: str) -> str:
    """The code and the title, which may begin with the code itself."""
    return (title if title.startswith(code) else f"{code}. {title}").rstrip(". ")


def shortened(text: str, most: int) -> str:
    """`text` on one line, cut between words where it is too long."""
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    return words[:most].rpartition(" ")[0].rstrip(",;:. ") + " …"


def _once(lines: Sequence[Line]) -> list[Line]:
    """Whoever is told of a new task needs no second line on its date, and whoever is told a date
    no reminder of it."""
    known = {_part(line) for line in lines if line.kind != "assigned"}
    dated = {(_part(line), line.last_day, line.kind) for line in lines}
    return [
        line
        for line in dict.fromkeys(lines)
        if not (line.kind == "assigned" and _part(line) in known)
        and not any(
            (_part(line), line.last_day, kind) in dated for kind in SAYS_THE_SAME.get(line.kind, ())
        )
    ]


def _part(line: Line) -> _Key:
    return (line.code, line.occurrence, line.unit)


def _most_severe(lines: Sequence[Line]) -> list[Line]:
    """Of several rungs about one's own overdue part only the highest: they say the same."""
    chasing = (RungKind.REMINDER, RungKind.DUE, RungKind.ESCALATION)
    worst: dict[_Key, Line] = {}
    for number, line in enumerate(lines):
        folds = line.own and line.kind in chasing
        part = (line.code, line.occurrence, line.unit, line.last_day)
        key = part if folds else (number,)
        before = worst.get(key)
        if before is None or _severity(line) > _severity(before):
            worst[key] = line
    return list(worst.values())


def _severity(line: Line) -> tuple[bool, int]:
    return (line.kind == RungKind.ESCALATION, line.level)


def _section_of(line: Line, day: date) -> str:
    if line.kind.startswith("ask-") or line.kind in ("submitted", "extension_asked"):
        return FOLLOWED[line.kind]
    kinds = OWN if line.own else FOLLOWED
    if line.own and line.last_day is not None and line.last_day < day:
        # Written later than it was due: the day it speaks of has passed.
        passed = (RungKind.REMINDER, RungKind.DUE, "assigned", "dated")
        return "overdue" if line.kind in passed else kinds.get(line.kind, CHANGES)
    return kinds.get(line.kind) or FOLLOWED.get(line.kind, CHANGES)


def _by_cause(lines: Sequence[Line]) -> list[list[Line]]:
    groups: dict[_Key, list[Line]] = {}
    for line in sorted(lines, key=_order):
        groups.setdefault(_cause(line), []).append(line)
    return list(groups.values())


def _section(name: str, groups: Sequence[Sequence[Line]], day: date, room: int) -> Section:
    lines = [line for group in groups for line in group]
    items = [_item(group, day, room) for group in groups]
    follows = _shared({(item.next_day, item.next_head, item.next_to) for item in items})
    next_day, next_head, next_to = follows or (None, False, "")
    return Section(
        name=name,
        items=tuple(items[:MOST_ITEMS]),
        number=len(items),
        rest=max(0, len(items) - MOST_ITEMS),
        units=len({line.unit for line in lines}),
        parts=len({_part(line) for line in lines}),
        kind=_shared({item.kind for item in items}) or "",
        code=_shared({line.code for line in lines}) or "",
        last_day=_shared({item.last_day for item in items}),
        next_day=next_day,
        next_head=next_head,
        next_to=next_to,
    )


def _item(lines: Sequence[Line], day: date, room: int) -> Item:
    first = lines[0]
    names = list(dict.fromkeys(line.unit_name for line in lines if line.unit_name))
    named = names if len(names) <= MOST_UNITS_NAMED + 1 else names[:MOST_UNITS_NAMED]
    last_day = None if first.kind in WITHOUT_DATE else first.last_day
    late = 0 if last_day is None else max(0, (day - last_day).days)
    next_to = dict.fromkeys(name for line in lines for name in line.next_to)
    next_day = _shared({line.next_day for line in lines})
    # Several hubs are not listed one by one, and a day that has passed announces nothing.
    told = next_day is not None and next_day > day and len(next_to) <= 1
    return Item(
        kind=str(first.kind),
        own=first.own,
        level=max(line.level for line in lines),
        code=first.code,
        title=shortened(titled(first.code, first.title), room),
        codes=len({(line.code, line.occurrence) for line in lines}),
        names="" if first.own else ", ".join(named),
        number=len(names),
        rest=len(names) - len(named),
        last_day=last_day,
        waits=first.waits,
        late=late,
        today=first.kind == RungKind.DUE and late == 0,
        # A day that is the task's name need not be quoted again.
        phrase="" if first.phrase in first.title else first.phrase,
        rule=first.rule,
        why=first.why,
        text=shortened(_shared({line.text or "" for line in lines}) or "", MOST_WORDS),
        next_day=next_day if told else None,
        next_head=first.next_head,
        next_to=", ".join(next_to),
    )


def _shared(values: set[T]) -> T | None:
    return next(iter(values)) if len(values) == 1 else None


def _cause(line: Line) -> _Key:
    """What units must share to stand in one item. One confirmation covers all of a unit's tasks;
    what reports say is read with the reports."""
    if line.kind == RungKind.ACKNOWLEDGEMENT and not line.own:
        return (line.kind,)
    asked = line.why if line.kind.startswith("ask-") or line.kind in FAILED else ""
    text = "" if line.kind == "submitted" else line.text or ""
    day = str(line.last_day or "")
    return (line.code, line.occurrence, line.kind, day, text, line.own, asked)


def _order(line: Line) -> _Key:
    return (
        line.last_day or date.max,
        _natural(line.code),
        line.occurrence,
        _natural(line.unit_name),
    )


def _natural(words: str) -> _Key:
    """In the order of people: 2 before 10, d before đ."""
    parts = re.split(r"(\d+)", words)
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part.replace("đ", "d\uffff"))
        for part in parts
    )
