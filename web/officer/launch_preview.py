"""A launch before it happens, as its page shows it: task by task, and what to know of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from models.deadline import RungKind
from models.events import Assigned, DeadlineSet, TaskOpened
from models.finding import Finding, Severity
from rules.preview import Preview
from rules.unfolding import SUBORDINATES, LeftOpen


@dataclass
class TaskAhead:
    """A task with its days, those of the schools below a hub apart. `held` says that one of them
    has passed: the officer will be asked about it."""

    title: str
    ongoing: bool
    units: int = 0
    last_day: date | None = None
    schools_day: date | None = None
    held: bool = False
    first_reminder: datetime | None = None


class Shown(NamedTuple):
    """A preview, counted."""

    preview: Preview
    tasks: list[TaskAhead]
    assignments: int
    units: int
    letters: int
    busiest: list[tuple[date, int]]
    first: tuple[date, int] | None


class Place(NamedTuple):
    """What a finding is about, and where on the page that is, if it is there."""

    words: str
    address: str


@dataclass
class Told:
    """Findings that say the same, with all their places."""

    severity: Severity
    message: str
    remedy: str
    places: list[Place] = field(default_factory=list)


def shown(preview: Preview) -> Shown:
    tasks: dict[tuple[str, str], TaskAhead] = {}
    for opening in preview.openings:
        for event in opening.events:
            match event:
                case TaskOpened(facts=facts):
                    ahead = TaskAhead(facts.title, facts.ongoing)
                    task = tasks.setdefault((facts.code, facts.occurrence), ahead)
                case DeadlineSet():
                    _dated(task, event, preview.at)
                case Assigned():
                    task.units += 1
    summary = preview.counted()
    messages = summary["messages"]
    return Shown(
        preview,
        list(tasks.values()),
        summary["assignments"],
        summary["units"],
        messages["total"],
        [(date.fromisoformat(day["day"]), day["messages"]) for day in messages["busiest"]],
        _first_letters(preview),
    )


def _first_letters(preview: Preview) -> tuple[date, int] | None:
    days = Counter(letter.day for letter in preview.tally.letters)
    return min(days.items(), default=None)


def _dated(task: TaskAhead, event: DeadlineSet, at: datetime) -> None:
    deadline = event.deadline
    if event.unit_class == SUBORDINATES:
        task.schools_day = deadline.last_day
    else:
        task.last_day = deadline.last_day
    if deadline.breach <= at:
        task.held = True
        return
    reminders = [r.at for r in deadline.ladder.rungs if r.kind is RungKind.REMINDER]
    # Those that a late launch has missed are told at once.
    told_at = [max(reminder, at) for reminder in reminders]
    task.first_reminder = min(filter(None, (task.first_reminder, *told_at)), default=None)


def told(
    findings: Iterable[Finding], left: LeftOpen, seen: Shown | None, plan: tuple[str, Place]
) -> list[Told]:
    """Findings for a page: what says the same together, what is about single units last. `plan` is
    the place of its id."""
    units = seen.preview.directory.units if seen else {}
    titles = left.dates | (_titles(seen.preview) if seen else {})
    found: dict[tuple[str, str], Told] = {}
    for finding in sorted(findings, key=lambda each: each.place in units):
        said = (finding.message, finding.remedy_on_page)
        one = found.setdefault(said, Told(finding.severity, *said))
        place = plan[1] if finding.place == plan[0] else _place(finding.place, left, titles)
        if place not in one.places:
            one.places.append(place)
    return list(found.values())


def _titles(preview: Preview) -> dict[str, str]:
    """By `V.1.H2`, as findings name an occurrence."""
    opened = (event for opening in preview.openings for event in opening.events)
    return {
        f"{event.facts.code}.{event.facts.occurrence}": event.facts.title
        for event in opened
        if isinstance(event, TaskOpened)
    }


def _place(place: str, left: LeftOpen, titles: dict[str, str]) -> Place:
    """Where its date is asked, or where it is allocated."""
    bare = place.removeprefix("hạn ").removeprefix("phân công ")
    words = _named(bare, titles[bare]) if bare in titles else place
    if bare in left.dates:
        return Place(words, f"#f-han.{bare}")
    for code in (bare, bare.rpartition(".")[0]):
        if code in left.allocations:
            return Place(code, f"#giao.{code}")
    return Place(words, "")


def _named(occurrence: str, title: str) -> str:
    """`V.1 (kỳ 15/12)`; `V.1` where the title names no period."""
    code = occurrence.rpartition(".")[0]
    _, opened, period = title.rpartition(" (")
    return f"{code} ({period}" if opened and period.endswith(")") else code
