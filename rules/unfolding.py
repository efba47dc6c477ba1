"""A plan becomes the tasks of one cycle: who owes what by when, as each task's first events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.assignment import Role, TaskFacts, Waiting
from models.calendar import WorkingCalendar
from models.clock import VN
from models.deadline import Deadline
from models.directory import Directory, Unit
from models.events import Asked, Assigned, DeadlineSet, Event, LadderSet, TaskOpened
from models.finding import BadInput, Finding, Severity
from models.identifiers import cycle_id, parse_task_id, task_id
from models.plan import ByDate, Dormant, Duty, Plan, PlanTask, Relative, ReportDuty, Timing
from rules.carrying import Carryover, Target, carried_opening
from rules.deadlines import acknowledgement_ladder, ask_ladder, build_deadline, earlier_deadline
from rules.occurrences import Occurrence, occurrences, on_day, set_by_officer
from rules.performers import Cast, Member, Performers, cast_report, cast_task
from rules.wording import dmy

PERFORMERS = "performer"
SUBORDINATES = "subordinate"


@dataclass(frozen=True)
class Opening:
    """A task workflow to start: its id, its title and the first entries of its ledger."""

    task: str
    title: str
    events: list[Event]


@dataclass(frozen=True)
class Unfolded:
    openings: list[Opening]
    findings: list[Finding]


@dataclass(frozen=True)
class LeftOpen:
    """What a document leaves to the officer: `allocations` are the titles of tasks by their codes,
    `dates` those of occurrences by `V.2.H1`."""

    allocations: dict[str, str]
    dates: dict[str, str]


def left_open(
    plan: Plan, directory: Directory, calendar: WorkingCalendar, *, year: int, at: datetime
) -> LeftOpen:
    """The questions that `unfold` would ask, without unfolding what every unit owes. Raises as
    `unfold`."""
    return _Unfolding(plan, directory, calendar, year, str(year), at, {}, {}).left_open()


def unfold(
    plan: Plan,
    directory: Directory,
    calendar: WorkingCalendar,
    *,
    year: int,
    cycle: str,
    at: datetime,
    dates: Mapping[str, date],
    allocation: Mapping[str, Sequence[str]],
    carried: Sequence[Carryover] = (),
) -> Unfolded:
    """The tasks of `plan` in `year`, launched at plan instant `at`, and those that are `carried`
    from an earlier cycle.

    `dates` (`V.2.H1` or, for a duty with one occurrence, its code) and `allocation` (code to unit
    codes) go before the officer's own. Raises BadInput, with all problems, when one of them names
    what does not exist or a date the document has already set.
    """
    unfolding = _Unfolding(plan, directory, calendar, year, cycle, at, dates, allocation)
    return unfolding.run(carried)


class _Unfolding:
    """One run: what does not differ between tasks is made once."""

    def __init__(
        self,
        plan: Plan,
        directory: Directory,
        calendar: WorkingCalendar,
        year: int,
        cycle: str,
        at: datetime,
        dates: Mapping[str, date],
        allocation: Mapping[str, Sequence[str]],
    ) -> None:
        self.plan = plan
        self.policy = plan.officer.policy
        self.directory = directory
        self.calendar = calendar
        self.year = year
        self.cycle = cycle
        self.at = at
        self.today = at.astimezone(VN).date()
        self.dates = {**plan.officer.dates, **dates}
        self.allocation = {**plan.officer.allocation, **allocation}
        self.performers = Performers(plan, directory)
        self.schools: dict[str, list[Unit]] = {}
        for unit in directory.units.values():
            if unit.hub is not None:
                self.schools.setdefault(unit.hub, []).append(unit)
        self.ack = LadderSet(
            at=at,
            key=f"ack@{self.today}",
            ladder=acknowledgement_ladder(at, calendar=calendar, policy=self.policy),
        )
        self.asks: dict[Waiting, LadderSet] = {}
        self.findings: list[Finding] = []
        self.errors: list[Finding] = []

    def run(self, carried: Sequence[Carryover]) -> Unfolded:
        openings = []
        for duty, dated in self._checked():
            cast = self._cast(duty)
            for occurrence in dated:
                openings += self._open(duty, occurrence, cast)
        for carryover in carried:
            openings += self._carry(carryover)
        return Unfolded(openings, self.findings)

    def left_open(self) -> LeftOpen:
        left = LeftOpen({}, {})
        for duty, dated in self._checked():
            asking = bool(self._cast(duty).unallocated)
            for occurrence in dated:
                if asking:
                    left.allocations[duty.code] = occurrence.title
                if occurrence.waiting is Waiting.DATE:
                    left.dates[f"{duty.code}.{occurrence.name}"] = occurrence.title
        return left

    def _checked(self) -> list[tuple[Duty, list[Occurrence]]]:
        """Each duty with what it comes to in the year."""
        found = {duty.code: self._occurrences(duty) for duty in self.plan.duties}
        self._check_allocation(set(found))
        self._check_dates(found)
        if self.errors:
            raise BadInput(self.errors)
        return [
            (duty, [self._dated(duty.code, each, found) for each in found[duty.code]])
            for duty in self.plan.duties
        ]

    def _occurrences(self, duty: Duty) -> list[Occurrence]:
        try:
            found = occurrences(duty, year=self.year, calendar=self.calendar, policy=self.policy)
            found += [
                on_day(day, self.year, self.calendar, self.policy)
                for day in self.plan.document.days
                if day.task == duty.code
            ]
        except ValueError as error:
            self._error(duty.code, str(error))
            return []
        return [each for each in found if self._belongs(duty.code, duty.timing, each)]

    def _belongs(self, code: str, timing: Timing, occurrence: Occurrence) -> bool:
        """A deadline that does not recur belongs to the year of its last day."""
        resolved = occurrence.resolved
        if resolved is None or not isinstance(timing, ByDate | Relative):
            return True
        if resolved.last_day.year == self.year:
            return True
        self._note(
            Severity.INFO,
            code,
            f"hạn {dmy(resolved.last_day)} (“{occurrence.phrase}”) không thuộc năm {self.year}, "
            "không mở trong chu kỳ này",
        )
        return False

    def _dated(
        self, code: str, occurrence: Occurrence, found: Mapping[str, list[Occurrence]]
    ) -> Occurrence:
        """The occurrence with the date the officer has set for it, if any."""
        if not occurrence.settable:
            return occurrence
        last_day = self.dates.get(f"{code}.{occurrence.name}")
        if last_day is None and len(found[code]) == 1:
            last_day = self.dates.get(code)
        if last_day is None:
            return occurrence
        return occurrence._replace(resolved=set_by_officer(last_day), waiting=None)

    def _check_dates(self, found: Mapping[str, list[Occurrence]]) -> None:
        settable: dict[str, bool] = {}
        for code, every in found.items():
            settable |= {f"{code}.{each.name}": each.settable for each in every}
            if len(every) == 1:
                settable[code] = every[0].settable
        for key in self.dates:
            if key not in settable:
                self._error(f"hạn {key}", f"kế hoạch không có kỳ “{key}”")
            elif not settable[key]:
                self._error(
                    f"hạn {key}",
                    f"“{key}” đã có thời gian trong văn bản, không ấn định hạn khác khi phát động",
                )

    def _check_allocation(self, codes: set[str]) -> None:
        for code, units in self.allocation.items():
            place = f"phân công {code}"
            if code not in codes:
                self._error(place, f"kế hoạch không có nhiệm vụ “{code}”")
            for unit in units:
                if unit not in self.directory.units:
                    self._error(place, f"danh bạ không có đơn vị mã “{unit}”")

    def _cast(self, duty: Duty) -> Cast:
        allocated = [self.directory.units[code] for code in self.allocation.get(duty.code, ())]
        if isinstance(duty, PlanTask):
            cast = cast_task(duty, self.performers, allocated)
            whole = duty.performers_text or duty.code
        else:
            cast = cast_report(duty, self.performers, allocated, self.schools)
            whole = "; ".join(duty.reporters)
        if not cast.members and not cast.unallocated:
            # Nobody would ever be reminded of it.
            cast.unallocated.append(whole)
        return cast

    def _open(self, duty: Duty, occurrence: Occurrence, cast: Cast) -> list[Opening]:
        deadlines = self._deadlines(occurrence, cast)
        held = {name for name, each in deadlines.items() if each.deadline.breach <= self.at}
        parts = _parts(list(cast.members.values()), self.policy.units_per_workflow)
        openings = []
        for number, members in enumerate(parts, start=1):
            facts = self._facts(duty, occurrence, str(number))
            # One question is enough: an allocation is answered in the first part.
            unallocated = cast.unallocated if number == 1 else []
            assigned = [self._assigned(member, deadlines, held) for member in members]
            openings.append(
                Opening(
                    facts.id,
                    facts.title,
                    [
                        TaskOpened(at=self.at, facts=facts),
                        *deadlines.values(),
                        *([self.ack] if members else []),
                        *self._asked(occurrence, unallocated, assigned, deadlines),
                        *assigned,
                    ],
                )
            )
        self._tell(f"{duty.code}.{occurrence.name}", occurrence, cast, deadlines, held)
        return openings

    def _carry(self, carryover: Carryover) -> list[Opening]:
        """The opening of a carried task, unless all its units are gone from the directory."""
        key = parse_task_id(carryover.state.facts.id)
        place, origin = f"{key.code}.{key.occurrence}", f"chuyển từ chu kỳ {key.cycle}"
        known = tuple(unit for unit in carryover.units if unit in self.directory.units)
        gone = [unit for unit in carryover.units if unit not in known]
        if gone:
            message = f"không {origin}, vì không còn trong danh bạ: {', '.join(gone)}"
            self._note(Severity.WARNING, place, message)
        if not known:
            return []
        self._note(Severity.INFO, place, f"{origin}: {len(known)} đơn vị chưa hoàn thành")
        target = Target(self.cycle, self.plan.officer, self.calendar, self.ack, self.at)
        facts, events = carried_opening(carryover._replace(units=known), target)
        return [Opening(facts.id, facts.title, events)]

    def _facts(self, duty: Duty, occurrence: Occurrence, part: str) -> TaskFacts:
        officer = self.plan.officer
        return TaskFacts(
            id=task_id(officer.plan, self.cycle, duty.code, occurrence.name, part),
            cycle=cycle_id(officer.plan, self.cycle),
            plan=officer.plan,
            plan_title=officer.short_title,
            code=duty.code,
            occurrence=occurrence.name,
            title=occurrence.title,
            text=duty.text,
            timing_text=occurrence.phrase,
            ongoing=occurrence.resolved is None and occurrence.waiting is None,
            dormant_days=duty.timing.within_days if isinstance(duty.timing, Dormant) else None,
            gathered=isinstance(duty, ReportDuty) and duty.gathered,
            coordinator=officer.coordinator,
            leadership=officer.leadership,
            policy=self.policy,
            calendar=self.calendar,
        )

    def _deadlines(self, occurrence: Occurrence, cast: Cast) -> dict[str, DeadlineSet]:
        if occurrence.resolved is None:
            return {}
        last_day, rule = occurrence.resolved
        own = build_deadline(
            occurrence.phrase, rule, last_day, calendar=self.calendar, policy=self.policy
        )
        deadlines = {PERFORMERS: self._deadline_set(PERFORMERS, own)}
        if any(member.role is Role.SUBORDINATE for member in cast.members.values()):
            earlier = earlier_deadline(
                own,
                self.policy.schools_earlier,
                "để đầu mối tổng hợp",
                calendar=self.calendar,
                policy=self.policy,
            )
            deadlines[SUBORDINATES] = self._deadline_set(SUBORDINATES, earlier)
        return deadlines

    def _deadline_set(self, name: str, deadline: Deadline) -> DeadlineSet:
        key = f"{name}@{deadline.last_day}"
        return DeadlineSet(at=self.at, unit_class=name, key=key, deadline=deadline)

    def _assigned(
        self, member: Member, deadlines: Mapping[str, DeadlineSet], held: set[str]
    ) -> Assigned:
        name = SUBORDINATES if member.role is Role.SUBORDINATE else PERFORMERS
        return Assigned(
            at=self.at,
            unit=member.unit,
            role=member.role,
            hub=member.hub,
            due=deadlines[name].key if deadlines else None,
            ack=self.ack.key,
            held=name in held,
        )

    def _asked(
        self,
        occurrence: Occurrence,
        unallocated: Sequence[str],
        assigned: Sequence[Assigned],
        deadlines: Mapping[str, DeadlineSet],
    ) -> list[Event]:
        questions: dict[Waiting, str] = {}
        if unallocated:
            questions[Waiting.ALLOCATION] = "; ".join(unallocated)
        if occurrence.waiting is not None:
            questions[occurrence.waiting] = occurrence.phrase
        held = {event.due for event in assigned if event.held}
        if held:
            passed = max(e.deadline.last_day for e in deadlines.values() if e.key in held)
            questions[Waiting.ADOPTION] = f"{occurrence.phrase} (hạn {dmy(passed)})"
        events: list[Event] = []
        for waiting, phrase in questions.items():
            ladder = self._ask(waiting)
            asked = Asked(at=self.at, waiting=waiting, ladder=ladder.key, phrase=phrase)
            events += [ladder, asked]
        return events

    def _ask(self, waiting: Waiting) -> LadderSet:
        if waiting not in self.asks:
            self.asks[waiting] = LadderSet(
                at=self.at,
                key=f"ask-{waiting}@{self.today}",
                ladder=ask_ladder(waiting, self.at, calendar=self.calendar, policy=self.policy),
            )
        return self.asks[waiting]

    def _tell(
        self,
        place: str,
        occurrence: Occurrence,
        cast: Cast,
        deadlines: Mapping[str, DeadlineSet],
        held: set[str],
    ) -> None:
        for phrase in cast.unallocated:
            self._note(Severity.INFO, place, f"chờ phân công: “{phrase}”")
        if occurrence.waiting is Waiting.DOCUMENT:
            self._note(Severity.INFO, place, f"chờ văn bản: “{occurrence.phrase}”")
        if occurrence.waiting is Waiting.DATE:
            self._note(Severity.INFO, place, f"chưa có hạn: “{occurrence.phrase}”")
        for name in sorted(held):
            who = "các cơ sở báo cáo qua đầu mối" if name == SUBORDINATES else "các đơn vị"
            self._note(
                Severity.WARNING,
                place,
                f"hạn {dmy(deadlines[name].deadline.last_day)} của {who} đã qua trước khi phát "
                "động: chờ cán bộ quyết định, chưa đôn đốc",
            )

    def _note(self, severity: Severity, place: str, message: str) -> None:
        self.findings.append(Finding(severity=severity, place=place, message=message))

    def _error(self, place: str, message: str) -> None:
        self.errors.append(Finding(severity=Severity.ERROR, place=place, message=message))


def _parts(members: Sequence[Member], size: int) -> list[list[Member]]:
    """Members in parts of at most `size`; a hub and its schools are never parted."""
    if len(members) <= size:
        return [list(members)]
    families: dict[str, list[Member]] = {}
    for member in members:
        families.setdefault(member.hub or member.unit, []).append(member)
    parts: list[list[Member]] = [[]]
    for family in families.values():
        if parts[-1] and len(parts[-1]) + len(family) > size:
            parts.append([])
        parts[-1] += family
    return parts
