"""What a launch would lead to: who is told what, when and why, if nobody answers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from models.assignment import Assignment, Role, Stage, TaskFacts, TaskState, Waiting
from models.calendar import WorkingCalendar
from models.clock import VN
from models.deadline import Deadline, Rung, RungKind
from models.directory import Directory, Unit
from models.events import RungFired
from models.finding import Finding
from models.identifiers import HEAD
from models.plan import Plan
from rules.deadlines import COORDINATOR_LEVEL, explain
from rules.digest import digest_day, within_window
from rules.due import due
from rules.evolve import fold
from rules.levels import recipients
from rules.notices import notices_of
from rules.unfolding import Opening

BUSIEST_DAYS = 10


class Owed(NamedTuple):
    """One assignment of a preview. `rungs` has one entry for each rung and recipient."""

    facts: TaskFacts
    assignment: Assignment
    deadline: Deadline | None
    why: str
    rungs: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        return {
            "task": self.facts.code,
            "occurrence": self.facts.occurrence,
            "unit": self.assignment.unit,
            "role": self.assignment.role,
            "breach": None if self.deadline is None else _iso(self.deadline.breach),
            "target": None if self.deadline is None else self.deadline.target.isoformat(),
            "why": self.why,
            "rungs": self.rungs,
        }


class _Letter(NamedTuple):
    """A message that a rung adds to, or makes."""

    day: date
    urgent: bool
    recipient: str


class _Model(NamedTuple):
    """The ladder of one unit that stands for all of its class."""

    unit: str
    hub: str | None
    rungs: list[dict[str, Any]]
    letters: list[_Letter]

    def of(self, assignment: Assignment) -> tuple[list[dict[str, Any]], list[_Letter]]:
        """The same ladder with another unit and its hub in the place of the model's."""
        names = {self.unit: assignment.unit, f"{self.unit}{HEAD}": f"{assignment.unit}{HEAD}"}
        if self.hub is not None and assignment.hub is not None:
            names[self.hub] = assignment.hub
        rungs = [
            rung | {"recipient": names.get(rung["recipient"], rung["recipient"])}
            for rung in self.rungs
        ]
        letters = [
            letter._replace(recipient=names.get(letter.recipient, letter.recipient))
            for letter in self.letters
        ]
        return rungs, letters


@dataclass
class Tally:
    """What a preview adds up to, supposing that nobody acknowledges or reports."""

    tasks: set[tuple[str, str]] = field(default_factory=set)
    assignments: int = 0
    units: set[str] = field(default_factory=set)
    roles: Counter[Role] = field(default_factory=Counter)
    letters: set[_Letter] = field(default_factory=set)
    waiting: list[dict[str, str]] = field(default_factory=list)


class Preview:
    """What a launch would lead to, for the selected tasks and unit.

    Assignments are made one at a time: all of them together are some hundred megabytes as JSON.
    """

    def __init__(
        self,
        plan: Plan,
        directory: Directory,
        calendar: WorkingCalendar,
        year: int,
        at: datetime,
        openings: Sequence[Opening],
        findings: Sequence[Finding],
        unit: Unit | None,
    ) -> None:
        self.plan = plan
        self.directory = directory
        self.year = year
        self.at = at
        self.findings = findings
        self.unit = unit
        self.tally = Tally()
        self._calendar = calendar
        self.openings = openings
        self._first_day = self._letter_day(at, urgent=False)

    def owed(self) -> Iterator[Owed]:
        """Every selected assignment; the tally is whole after the last."""
        for opening in self.openings:
            state = fold(None, opening.events)
            if self.unit is not None and self.unit.code not in state.assignments:
                continue
            self._count_task(state)
            models: dict[tuple[str | None, ...], _Model] = {}
            reasons: dict[tuple[str | None, Stage], str] = {}
            for assignment in state.assignments.values():
                if self.unit is not None and assignment.unit != self.unit.code:
                    continue
                key = _class_of(state, assignment)
                if key not in models:
                    models[key] = self._model(state, assignment)
                rungs, letters = models[key].of(assignment)
                deadline = state.deadlines.get(assignment.due or "")
                because = (assignment.due, assignment.stage)
                if because not in reasons:
                    reasons[because] = _why(state, assignment, deadline)
                self._count(assignment, letters)
                yield Owed(state.facts, assignment, deadline, reasons[because], rungs)

    def counted(self) -> dict[str, Any]:
        """The summary of all of it, for whoever does not look at each assignment."""
        for _owed in self.owed():
            pass
        return self.summary()

    def summary(self) -> dict[str, Any]:
        """Of the assignments that were made so far."""
        tally = self.tally
        days = Counter(letter.day for letter in tally.letters)
        busiest = sorted(days.items(), key=lambda item: (-item[1], item[0]))[:BUSIEST_DAYS]
        return {
            "launched_at": _iso(self.at),
            "tasks": len(tally.tasks),
            "assignments": tally.assignments,
            "units": len(tally.units),
            "by_role": dict(tally.roles),
            "messages": {
                "total": days.total(),
                "days": len(days),
                "busiest": [{"day": day.isoformat(), "messages": n} for day, n in busiest],
            },
            "waiting": tally.waiting,
        }

    def _model(self, state: TaskState, assignment: Assignment) -> _Model:
        """The rungs of one unit that never answers, as the engine itself would fire them."""
        alone = state.model_copy(
            update={"assignments": {assignment.unit: assignment}, "waiting": {}}
        )
        ladders = _ladders(state, assignment)
        shown = _Model(assignment.unit, assignment.hub, [], [])
        carriers: dict[tuple[RungKind, str], str] = {}
        for instant in sorted({max(rung.at, self.at) for rung in ladders.values()}):
            for event in due(alone, at=instant):
                if not isinstance(event, RungFired):
                    continue
                alone = fold(alone, (event,))
                for line in notices_of(alone, (event,)):
                    # A line names its rung as `due:T-7@2026-02-13`.
                    told = line.rung.partition(":")[2].partition("@")[0]
                    carriers[ladders[event.clock, told].kind, line.recipient] = told
                    day = self._letter_day(event.at, urgent=line.urgent)
                    shown.letters.append(_Letter(day, line.urgent, line.recipient))
                for rung in (ladders[event.clock, id_] for id_ in event.rungs):
                    for to in recipients(alone, alone.assignments[assignment.unit], rung):
                        carrier = carriers.get((rung.kind, to), rung.id)
                        shown.rungs.append(_rung_json(rung, to, carrier))
        return shown

    def _letter_day(self, told_at: datetime, *, urgent: bool) -> date:
        policy = self.plan.officer.policy
        if urgent:
            return within_window(
                told_at,
                calendar=self._calendar,
                send_from=policy.send_from,
                send_until=policy.send_until,
            ).date()
        return digest_day(told_at, calendar=self._calendar, send_from=policy.send_from)

    def _count_task(self, state: TaskState) -> None:
        facts = state.facts
        self.tally.tasks.add((facts.code, facts.occurrence))
        for waiting, ask in state.waiting.items():
            self.tally.waiting.append(
                {
                    "task": facts.code,
                    "occurrence": facts.occurrence,
                    "waiting": waiting,
                    "phrase": ask.phrase,
                }
            )
            self.tally.letters.add(_Letter(self._first_day, False, facts.coordinator))

    def _count(self, assignment: Assignment, letters: Sequence[_Letter]) -> None:
        tally = self.tally
        tally.assignments += 1
        tally.units.add(assignment.unit)
        tally.roles[assignment.role] += 1
        tally.letters.update(letters)
        if assignment.stage is not Stage.HELD:
            tally.letters.add(_Letter(self._first_day, False, assignment.unit))


def _class_of(state: TaskState, assignment: Assignment) -> tuple[str | None, ...]:
    """Units of one class have the same ladder but for their own names and their hubs'."""
    above = (state.facts.coordinator, state.facts.leadership)
    unit, hub = assignment.unit, assignment.hub
    return (
        assignment.due,
        assignment.ack,
        assignment.stage,
        unit if unit in above else None,
        hub if hub is None or hub in above else "hub",
    )


def _ladders(state: TaskState, assignment: Assignment) -> dict[tuple[str, str], Rung]:
    """The rungs of an assignment by clock and id; of the weekly ones the first, for all of them."""
    rungs: dict[tuple[str, str], Rung] = {}
    if assignment.ack is not None:
        rungs |= {("ack", rung.id): rung for rung in state.ladders[assignment.ack].rungs}
    if assignment.due is None:
        return rungs
    weekly = 0
    first: Rung | None = None
    for rung in state.deadlines[assignment.due].ladder.rungs:
        if rung.level != COORDINATOR_LEVEL:
            rungs["due", rung.id] = rung
        else:
            weekly, first = weekly + 1, first or rung
    if first is not None:
        why = f"{first.why}; sau đó mỗi tuần một lần cho đến khi xong, nhiều nhất {weekly} lần"
        rungs["due", first.id] = first.model_copy(update={"why": why})
    return rungs


def _rung_json(rung: Rung, recipient: str, carrier: str) -> dict[str, Any]:
    return {
        "at": _iso(rung.at),
        "kind": rung.kind,
        "level": rung.level,
        "recipient": recipient,
        "why": rung.why,
        "rung": rung.id,
        "carried_by": None if carrier == rung.id else carrier,
    }


def _why(state: TaskState, assignment: Assignment, deadline: Deadline | None) -> str:
    facts = state.facts
    if deadline is not None:
        why = explain(deadline)
        if assignment.stage is Stage.HELD:
            why += " Hạn đã qua trước khi phát động: chờ cán bộ quyết định, chưa đôn đốc."
        return why
    phrase = f"“{facts.timing_text}”"
    if facts.ongoing:
        return f"{phrase}: không có hạn riêng, không bao giờ bị tính quá hạn."
    if Waiting.DOCUMENT in state.waiting:
        return f"{phrase}: chưa có hạn, chờ số và ngày văn bản của cấp trên."
    return f"{phrase}: chưa có hạn, văn bản không cho ngày; chờ cán bộ điều phối ấn định."


def _iso(instant: datetime) -> str:
    return instant.astimezone(VN).isoformat()
