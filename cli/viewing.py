"""Looking without touching: what a launch would lead to, where things stand, what happened."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from textwrap import shorten
from typing import Annotated, Any, NamedTuple
from unicodedata import normalize

import typer

from activities.views import (
    AssignmentView,
    CycleView,
    History,
    Inbox,
    LetterView,
    NoticeView,
    Page,
    TaskView,
    Views,
)
from cli import addressing
from cli.calling import Id, PlanOption, YearOption
from cli.context import Context
from cli.launching import (
    AllocateFile,
    Dates,
    PlanArgument,
    Schools,
    Year,
    parse_dates,
    read_allocation,
    with_schools,
)
from cli.output import (
    Json,
    Problem,
    console,
    errors,
    iso,
    moment,
    print_findings,
    print_json,
    print_table,
    problems,
)
from intake.plan_folder import read_directory, read_plan
from intake.vietnam_calendar import vietnam_calendar
from models.assignment import Assignment, Role, Stage, TaskFacts, TaskState, Waiting
from models.calendar import WorkingCalendar
from models.clock import VN
from models.deadline import Deadline, Rung, RungKind
from models.directory import Directory, Unit, UnitKind
from models.events import RungFired
from models.finding import Finding
from models.identifiers import parse_task_id
from models.plan import Plan
from rules.checks import check
from rules.deadlines import COORDINATOR_LEVEL, explain
from rules.digest import next_digest, within_window
from rules.due import due
from rules.evolve import fold
from rules.letters import WORDS
from rules.levels import recipients
from rules.narration import LADDERS, Told, narrate, recipient_name
from rules.notices import notices_of
from rules.performers import folded
from rules.unfolding import Opening, unfold
from rules.wording import ROLE_NAMES, STAGE_NAMES, WAITING_NAMES, dmy
from rules.working_calendar import next_working_day

LAUNCHED_AT = time(8, 0)
MOST_ROWS = 20
MOST_LADDERS = 2
BUSIEST_DAYS = 10
HEAD = ":head"
CYCLE_STAGES = {
    "opening": "đang mở",
    "open": "đang chạy",
    "closing": "đang khép lại",
    "closed": "đã khép lại",
    "voiding": "đang hủy",
    "voided": "đã hủy",
}
TASK_STAGES = {"open": "đang theo dõi", "closed": "đã khép lại", "voided": "đã hủy"}
KIND_NAMES = {
    UnitKind.LEADERSHIP: "lãnh đạo",
    UnitKind.OFFICE: "văn phòng",
    UnitKind.DIVISION: "phòng",
    UnitKind.COMMUNE: "xã, phường, đặc khu",
    UnitKind.DIRECT: "trực thuộc",
    UnitKind.SCHOOL: "cơ sở giáo dục",
}
LETTER_KINDS = {"digest": "thư trong ngày", "urgent": "thư gửi ngay"}

TaskOption = Annotated[
    str | None,
    typer.Option("--task", help="Chỉ nhiệm vụ này, ví dụ III.1.d, hoặc một kỳ: III.1.c/05-18."),
]
UnitOption = Annotated[
    str | None, typer.Option("--unit", help="Chỉ đơn vị này: mã, tên hoặc tên gọi khác.")
]


# preview


def preview(
    plan: PlanArgument,
    year: Year,
    unit: UnitOption = None,
    task: TaskOption = None,
    schools: Schools = 60,
    date_: Dates = None,
    allocate: AllocateFile = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Ngày phát động; mặc định là ngày làm việc đầu tiên của năm."),
    ] = None,
    json_: Json = False,
) -> None:
    """Xem trước một lần phát động: ai phải làm gì, đến ngày nào, vì sao, được nhắc ra sao.

    Không ghi gì, không gửi gì. Với một thư mục kế hoạch thì không cần cơ sở dữ liệu.
    """
    with problems(as_json=json_):
        shown = _previewed(
            plan,
            year,
            schools,
            dates=parse_dates(date_),
            allocation=read_allocation(allocate),
            at=at,
            task=task,
            unit=unit,
        )
        if json_:
            _stream_preview(shown)
        else:
            _print_preview(shown)


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
            "breach": None if self.deadline is None else iso(self.deadline.breach),
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
        self._openings = openings
        self._first_day = self._letter_day(at, urgent=False)

    def owed(self) -> Iterator[Owed]:
        """Every selected assignment; the tally is whole after the last."""
        for opening in self._openings:
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

    def summary(self) -> dict[str, Any]:
        tally = self.tally
        days = Counter(letter.day for letter in tally.letters)
        busiest = sorted(days.items(), key=lambda item: (-item[1], item[0]))[:BUSIEST_DAYS]
        return {
            "launched_at": iso(self.at),
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
        just_before = told_at - timedelta(microseconds=1)
        return next_digest(
            just_before,
            now=told_at,
            tolerance=timedelta(0),
            calendar=self._calendar,
            send_from=policy.send_from,
        ).date()

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
        "at": iso(rung.at),
        "kind": rung.kind,
        "level": rung.level,
        "recipient": recipient,
        "why": rung.why,
        "rung": rung.id,
        "carried_by": None if carrier == rung.id else carrier,
    }


def _previewed(
    plan_name: str,
    year: int,
    schools: int,
    *,
    dates: Mapping[str, date],
    allocation: Mapping[str, Sequence[str]],
    at: str | None,
    task: str | None,
    unit: str | None,
) -> Preview:
    plan, directory = _plan_and_directory(plan_name, schools)
    calendar = vietnam_calendar(range(year - 1, year + 3))
    first = addressing.parse_day(at) if at else next_working_day(calendar, date(year, 1, 1))
    launched_at = datetime.combine(first, LAUNCHED_AT, VN)
    unfolded = unfold(
        plan,
        directory,
        calendar,
        year=year,
        cycle=str(year),
        at=launched_at,
        dates=dates,
        allocation=allocation,
    )
    findings = check(plan, directory, calendar, year=year, dates=dates)
    return Preview(
        plan,
        directory,
        calendar,
        year,
        launched_at,
        _selected(unfolded.openings, plan, task),
        _concerning([*findings, *unfolded.findings], plan, task),
        None if unit is None else _unit_in(directory, unit),
    )


def _plan_and_directory(name: str, schools: int) -> tuple[Plan, Directory]:
    folder = Path(name)
    if folder.is_dir() or len(folder.parts) > 1:
        return read_plan(folder), read_directory(folder, schools)
    context = Context()
    plan = context.registry.plan(name)
    if plan is None:
        loaded = ", ".join(row.id for row in context.registry.plans()) or "chưa có kế hoạch nào"
        raise Problem(f"“{name}” không phải thư mục và chưa được nạp (đã nạp: {loaded}).")
    return plan, with_schools(context.registry.directory(), schools)


def _selected(openings: Sequence[Opening], plan: Plan, task: str | None) -> list[Opening]:
    """The openings of `III.1.d` or of `III.1.c/05-18`; a known task may have none this year."""
    if task is None:
        return list(openings)
    code, slash, occurrence = normalize("NFC", task).partition("/")
    codes = [duty.code for duty in plan.document.duties]
    if code not in codes:
        raise Problem(f"Kế hoạch không có nhiệm vụ “{code}”. Các mã: {', '.join(codes)}.")
    keys = {opening.task: parse_task_id(opening.task) for opening in openings}
    of_code = [opening for opening in openings if keys[opening.task].code == code]
    if not slash or not of_code:
        return of_code
    found = [opening for opening in of_code if keys[opening.task].occurrence == occurrence]
    if not found:
        names = dict.fromkeys(f"{code}/{keys[opening.task].occurrence}" for opening in of_code)
        raise Problem(f"{code} không có kỳ “{occurrence}”. Các kỳ: {', '.join(names)}.")
    return found


def _concerning(findings: Sequence[Finding], plan: Plan, task: str | None) -> list[Finding]:
    """The findings about the selected task, and those about no task."""
    code = normalize("NFC", task or "").partition("/")[0]
    others = [duty.code for duty in plan.document.duties if task and duty.code != code]
    return [
        finding
        for finding in findings
        if not any(f"{finding.place}.".startswith(f"{other}.") for other in others)
    ]


def _unit_in(directory: Directory, text: str) -> Unit:
    if text in directory.units:
        return directory.units[text]
    wanted = folded(text)
    found = [
        unit
        for unit in directory.units.values()
        if wanted in map(folded, (unit.code, unit.name, *unit.aliases))
    ]
    if not found:
        raise Problem(f"Danh bạ không có đơn vị “{text}”.")
    if len(found) > 1:
        names = ", ".join(f"{unit.code} ({unit.name})" for unit in found[:8])
        raise Problem(f"“{text}” có thể là nhiều đơn vị, hãy ghi mã: {names}.")
    return found[0]


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


def _stream_preview(shown: Preview) -> None:
    """One assignment a line, written as it is made."""
    head = {"plan": shown.plan.id, "year": shown.year}
    write = sys.stdout.write
    write(f'{_dumped(head)[:-1]}, "assignments": [')
    for number, owed in enumerate(shown.owed()):
        write((",\n" if number else "\n") + _dumped(owed.as_json()))
    findings = [finding.model_dump(mode="json") for finding in shown.findings]
    write(f'\n], "findings": {_dumped(findings)},\n"summary": {_dumped(shown.summary())}}}\n')


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


class _Class(NamedTuple):
    """What all units of one deadline of a task share; `first` is one of them, as an example."""

    first: Owed
    units: list[str]


def _print_preview(shown: Preview) -> None:
    classes: dict[tuple[str, str, date | None], _Class] = {}
    rows: list[tuple[object, ...]] = []
    for owed in shown.owed():
        facts, unit = owed.facts, owed.assignment.unit
        last_day = None if owed.deadline is None else owed.deadline.last_day
        key = (facts.code, facts.occurrence, last_day)
        classes.setdefault(key, _Class(owed, [])).units.append(unit)
        if len(rows) < MOST_ROWS:
            rows.append(_owed_row(owed, shown.directory))
    summary = shown.summary()
    title = shown.plan.officer.short_title
    console.print(f"[bold]{title}, năm {shown.year}[/bold]", highlight=False)
    console.print(f"Phát động lúc {moment(shown.at)} (xem trước, không ghi gì).", highlight=False)
    if not classes:
        console.print("Không có phần việc nào được giao trong phạm vi đã chọn.")
    else:
        _print_owed(classes, rows, shown)
    _print_summary(summary)
    print_findings(shown.findings)


def _print_owed(
    classes: Mapping[tuple[str, str, date | None], _Class],
    rows: Sequence[Sequence[object]],
    shown: Preview,
) -> None:
    print_table(
        "Nhiệm vụ và hạn",
        ("Nhiệm vụ", "Đơn vị", "Hạn cuối (hết ngày)", "Vì sao", "Các ngày nhắc"),
        [_class_row(each, shown.directory) for each in classes.values()],
    )
    print_table("Phần việc", ("Đơn vị", "Nhiệm vụ", "Vai trò", "Hạn cuối", "Vì sao"), rows)
    _print_rest(shown.tally.assignments - len(rows), "dòng", "--task/--unit")
    dated = [each for each in classes.values() if each.first.deadline is not None]
    for each in dated[:MOST_LADDERS]:
        _print_ladder(each.first, shown.directory)
    _print_rest(len(dated) - MOST_LADDERS, "lịch nhắc", "--task/--unit")


def _print_rest(left_out: int, what: str, how: str) -> None:
    if left_out > 0:
        console.print(f"… và {left_out} {what} khác, thêm {how} để thu hẹp.", highlight=False)


def _owed_row(owed: Owed, directory: Directory) -> tuple[object, ...]:
    facts, assignment = owed.facts, owed.assignment
    return (
        f"{_name(directory, assignment.unit)} ({assignment.unit})",
        f"{facts.code}/{facts.occurrence}",
        ROLE_NAMES[assignment.role],
        _last_day(owed.deadline),
        owed.why,
    )


def _class_row(each: _Class, directory: Directory) -> tuple[object, ...]:
    owed, units = each
    who = _name(directory, units[0]) if len(units) == 1 else f"{len(units)} đơn vị"
    days = dict.fromkeys(
        f"{instant:%d/%m}"
        for rung in owed.rungs
        if rung["kind"] in (RungKind.REMINDER, RungKind.DUE)
        for instant in [datetime.fromisoformat(rung["at"])]
    )
    what = owed.facts.title.removeprefix(f"{owed.facts.code}. ")
    title = f"{owed.facts.code}/{owed.facts.occurrence}: {shorten(what, 50, placeholder=' …')}"
    return (title, who, _last_day(owed.deadline), owed.why, ", ".join(days))


def _print_ladder(owed: Owed, directory: Directory) -> None:
    facts = owed.facts
    who = _name(directory, owed.assignment.unit)
    rows = [
        (
            rung["rung"],
            moment(datetime.fromisoformat(rung["at"])),
            LADDERS[rung["kind"]],
            recipient_name(rung["recipient"], unit_name=lambda code: _name(directory, code)),
            rung["why"] + (f" (gộp vào {rung['carried_by']})" if rung["carried_by"] else ""),
        )
        for rung in owed.rungs
    ]
    print_table(
        f"Lịch nhắc {facts.code}/{facts.occurrence} của {who}",
        ("Mốc", "Lúc", "Việc", "Báo ai", "Vì sao"),
        rows,
    )


def _print_summary(summary: Mapping[str, Any]) -> None:
    roles = ", ".join(f"{ROLE_NAMES[role]} {n}" for role, n in summary["by_role"].items())
    console.print(
        f"Tổng cộng {summary['tasks']} nhiệm vụ, {summary['assignments']} phần việc của "
        f"{summary['units']} đơn vị" + (f" ({roles})." if roles else "."),
        highlight=False,
    )
    busiest = [
        f"{dmy(date.fromisoformat(each['day']))}: {each['messages']} thư"
        for each in summary["messages"]["busiest"][:3]
    ]
    if busiest:
        console.print(
            f"Nếu không đơn vị nào trả lời, các ngày nhiều thư nhất là {'; '.join(busiest)}.",
            highlight=False,
        )


def _name(directory: Directory, code: str) -> str:
    return directory.units[code].name if code in directory.units else code


def _last_day(deadline: Deadline | None) -> str:
    return "không có hạn" if deadline is None else dmy(deadline.last_day)


# status


def status(plan: PlanOption = None, year: YearOption = None, json_: Json = False) -> None:
    """Tình hình các chu kỳ: từng nhiệm vụ đang ở đâu, bao nhiêu đơn vị còn nợ, quá hạn."""
    with problems(as_json=json_):
        context = Context()
        at = context.now
        cycles = Views(context.engine).cycles(at=at, plan=plan, year=year)
        if json_:
            print_json({"at": at, "cycles": [_cycle_json(cycle) for cycle in cycles]})
            return
        console.print(f"Tính đến {moment(at)}.", highlight=False)
        for cycle in cycles:
            _print_cycle(cycle)
        if not cycles:
            console.print(_what_next(context, plan, at), highlight=False)


def _cycle_json(cycle: CycleView) -> dict[str, Any]:
    return {
        "cycle": cycle.id,
        "plan": cycle.plan,
        "title": cycle.title,
        "year": cycle.year,
        "stage": cycle.stage,
        "launched_at": cycle.launched_at,
        "expected_tasks": cycle.expected_tasks,
        "expected_assignments": cycle.expected_assignments,
        "tasks": [_task_json(task) for task in cycle.tasks],
    }


def _task_json(task: TaskView) -> dict[str, Any]:
    return {
        "id": task.id,
        "task": task.code,
        "occurrence": task.occurrence,
        "part": task.part,
        "title": task.title,
        "stage": task.stage,
        "waiting": task.waiting,
        "halted": task.halted,
        "next_deadline": task.next_deadline,
        "next_instant": task.next_instant,
        "open": task.open,
        "overdue": task.overdue,
        "total": task.total,
        "level": task.level,
    }


def _print_cycle(cycle: CycleView) -> None:
    stage = CYCLE_STAGES.get(cycle.stage, cycle.stage)
    print_table(
        f"{cycle.title}, năm {cycle.year}: {stage}, phát động {moment(cycle.launched_at)}",
        (
            "Nhiệm vụ",
            "Nội dung",
            "Tình trạng",
            "Hạn gần nhất",
            "Quá hạn",
            "Còn mở",
            "Tổng",
            "Cấp đã báo",
            "Mốc kế tiếp",
        ),
        [
            (
                f"{task.code}/{task.occurrence}",
                shorten(task.title.removeprefix(f"{task.code}. "), 60, placeholder=" …"),
                _task_stage(task),
                _breach_day(task.next_deadline),
                task.overdue or "",
                task.open,
                task.total,
                task.level or "",
                moment(task.next_instant),
            )
            for task in cycle.tasks
        ],
    )
    if len(cycle.tasks) < cycle.expected_tasks and cycle.stage == "opening":
        opened = f"{len(cycle.tasks)}/{cycle.expected_tasks}"
        console.print(f"Đang mở các nhiệm vụ: {opened}.", highlight=False)


def _task_stage(task: TaskView) -> str:
    if task.halted:
        return f"NGỪNG GHI: {task.halted}"
    stage = TASK_STAGES.get(task.stage, task.stage)
    if not task.waiting or task.stage != "open":
        return stage
    return "chờ " + "; ".join(WAITING_NAMES[Waiting(each)] for each in task.waiting)


def _breach_day(breach: datetime | None) -> str:
    """The last day on time: a breach is the midnight that ends it."""
    return "" if breach is None else dmy((breach.astimezone(VN) - timedelta(days=1)).date())


def _what_next(context: Context, plan: str | None, at: datetime) -> str:
    loaded = [row.id for row in context.registry.plans()]
    if not loaded:
        return (
            "Chưa có kế hoạch nào. Nạp một kế hoạch: dondoc load plans/lam-dong-nq57; "
            f"rồi phát động: dondoc launch lam-dong-nq57 --year {at.year}"
        )
    name = plan if plan in loaded else loaded[0]
    return (
        f"Chưa có chu kỳ nào. Các kế hoạch đã nạp: {', '.join(loaded)}. "
        f"Phát động: dondoc launch {name} --year {at.year}"
    )


# assignments


def assignments(
    plan: PlanOption = None,
    year: YearOption = None,
    unit: UnitOption = None,
    task: TaskOption = None,
    stage: Annotated[Stage | None, typer.Option("--stage", help="Chỉ tình trạng này.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Chỉ phần việc quá hạn.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Số dòng nhiều nhất; 0 là tất cả.")
    ] = 50,
    offset: Annotated[int, typer.Option("--offset", min=0, help="Bỏ qua bấy nhiêu dòng.")] = 0,
    json_: Json = False,
) -> None:
    """Danh sách phần việc của các đơn vị, lọc theo đơn vị, nhiệm vụ, tình trạng."""
    with problems(as_json=json_):
        context = Context()
        code, _, occurrence = normalize("NFC", task or "").partition("/")
        page = Views(context.engine).assignments(
            at=context.now,
            plan=plan,
            year=year,
            unit=None if unit is None else addressing.unit(context, unit).code,
            code=code or None,
            occurrence=occurrence or None,
            stage=stage,
            overdue=overdue,
            limit=limit or None,
            offset=offset,
        )
        if json_:
            rows = [_assignment_json(row) for row in page.assignments]
            print_json({"total": page.total, "assignments": rows})
        else:
            _print_assignments(page, offset)


def _assignment_json(row: AssignmentView) -> dict[str, Any]:
    renamed = {"assignment": row.id, "task": row.code}
    left_out = {"id", "task", "cycle", "code"}
    return renamed | {k: v for k, v in row._asdict().items() if k not in left_out}


def _print_assignments(page: Page, offset: int) -> None:
    if not page.total:
        console.print("Không có phần việc nào như vậy.")
        return
    print_table(
        f"{page.total} phần việc",
        ("Đơn vị", "Nhiệm vụ", "Vai trò", "Tình trạng", "Hạn cuối", "Cấp đã báo", "Mốc kế tiếp"),
        [
            (
                f"{row.unit_name} ({row.unit})",
                f"{row.code}/{row.occurrence}",
                ROLE_NAMES[Role(row.role)],
                _stage_name(row),
                None if row.last_day is None else dmy(row.last_day),
                row.level or "",
                row.next_rung,
            )
            for row in page.assignments
        ],
    )
    _print_rest(
        page.total - offset - len(page.assignments), "dòng", "--task/--unit/--stage hoặc --limit"
    )


def _stage_name(row: AssignmentView) -> str:
    name = STAGE_NAMES[Stage(row.stage)]
    if row.overdue:
        return f"{name}, quá hạn"
    return f"{name} (muộn)" if row.late else name


# history


def history(
    assignment: Id,
    plan: PlanOption = None,
    year: YearOption = None,
    json_: Json = False,
) -> None:
    """Lịch sử một phần việc: đã xảy ra gì, khi nào, vì sao, ai đã được báo."""
    with problems(as_json=json_):
        context = Context()
        row = addressing.assignment(context, assignment, plan, year)
        found = Views(context.engine).history(row.id, at=context.now)
        if found is None:
            raise Problem(f"Không có phần việc {assignment}.")
        if json_:
            print_json(_history_json(found))
        else:
            _print_history(found)
        if found.fault:
            errors.print(
                f"[red]Sổ theo dõi của nhiệm vụ này không toàn vẹn[/red]: {found.fault}",
                highlight=False,
            )


def _history_json(found: History) -> dict[str, Any]:
    return {
        "assignment": found.assignment.id,
        "stage": found.assignment.stage,
        "deadline": _deadline_json(found),
        "events": [
            {"at": told.event.at, "kind": told.event.kind, "actor": told.actor, "text": told.text}
            for told in _told(found)
        ],
        "notices": [
            notice._asdict() | {"recipient_name": _recipient(found, notice)}
            for notice in found.notices
        ],
        "verified": found.fault is None,
    }


def _deadline_json(found: History) -> dict[str, Any] | None:
    deadline = _deadline(found)
    if deadline is None:
        return None
    return {
        "phrase": deadline.phrase,
        "rule": deadline.rule,
        "last_day": deadline.last_day,
        "breach": deadline.breach,
        "target": deadline.target,
        "why": explain(deadline),
        "version": found.assignment.version,
    }


def _deadline(found: History) -> Deadline | None:
    due = found.state.assignments[found.assignment.unit].due
    return None if due is None else found.state.deadlines[due]


def _told(found: History) -> Iterator[Told]:
    return narrate(
        found.events,
        found.assignment.unit,
        unit_name=lambda code: found.units.get(code, code),
        words=found.words,
        people=found.people,
    )


def _recipient(found: History, notice: NoticeView) -> str:
    return recipient_name(notice.recipient, unit_name=lambda code: found.units.get(code, code))


def _print_history(found: History) -> None:
    row = found.assignment
    console.print(f"[bold]{row.unit_name}[/bold] ({row.id})", highlight=False)
    console.print(row.title, highlight=False, markup=False)
    console.print(f"Tình trạng: {_stage_name(row)}.", highlight=False)
    deadline = _deadline(found)
    if deadline is not None:
        why = explain(deadline)
        console.print(f"Hạn (bản {row.version}): {why}", highlight=False, markup=False)
    print_table(
        "Lịch sử",
        ("Lúc", "Ai", "Việc"),
        [(moment(told.event.at), told.actor, told.text) for told in _told(found)],
    )
    if found.notices:
        print_table(
            "Thông báo",
            ("Mốc", "Gửi", "Nội dung", "Giao thư"),
            [
                (
                    moment(notice.scheduled),
                    _recipient(found, notice),
                    _notice_words(notice),
                    _delivery(notice),
                )
                for notice in found.notices
            ],
        )
    if found.fault is None:
        console.print("Sổ theo dõi của nhiệm vụ này toàn vẹn.")


def _notice_words(notice: NoticeView) -> str:
    words = WORDS.get(notice.kind, "được giao nhiệm vụ" if notice.kind == "assigned" else "")
    return ": ".join(filter(None, (words, notice.why))) or notice.kind


def _delivery(notice: NoticeView) -> str:
    if notice.dropped:
        return "không cần gửi nữa"
    if notice.message is None:
        return "chờ thư của ngày làm việc"
    if notice.sent_at is None:
        return "đã soạn, chờ gửi"
    return f"đã gửi {moment(notice.sent_at)}" + (f" ({notice.answer})" if notice.answer else "")


# inbox


def inbox(
    unit: Annotated[str, typer.Argument(metavar="ĐƠN_VỊ", help="Mã hoặc tên đơn vị.")],
    show: Annotated[int | None, typer.Option("--show", min=1, help="Đọc thư mang số này.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="Số thư nhiều nhất; 0 là tất cả.")
    ] = 20,
    json_: Json = False,
) -> None:
    """Hộp thư của một đơn vị và người đứng đầu, thư mới ở trên."""
    with problems(as_json=json_):
        context = Context()
        found = addressing.unit(context, unit)
        views = Views(context.engine)
        if show is not None:
            letter = views.letter(found.code, show)
            if letter is None:
                raise Problem(f"{found.name} không có thư số {show}.")
            _show_letter(letter, as_json=json_)
            return
        letters = views.inbox(found.code, limit=limit or None)
        if json_:
            listed = [letter._asdict() for letter in letters.letters]
            print_json({"unit": found.code, "total": letters.total, "messages": listed})
        else:
            _print_inbox(found, letters)


def _show_letter(letter: LetterView, *, as_json: bool) -> None:
    if as_json:
        print_json(letter._asdict())
        return
    address = letter.to_address or "chưa có địa chỉ thư"
    console.print(f"Số {letter.number}, {_sent(letter)}, đến: {address}", highlight=False)
    console.print(letter.subject, style="bold", highlight=False, markup=False)
    console.print()
    console.print(letter.body, highlight=False, markup=False)


def _print_inbox(unit: Unit, inbox: Inbox) -> None:
    if not inbox.letters:
        console.print(f"{unit.name} chưa có thư nào.", highlight=False, markup=False)
        return
    print_table(
        f"Hộp thư của {unit.name}: {inbox.total} thư",
        ("Số", "Lúc", "Loại", "Tiêu đề", "Gửi"),
        [
            (
                letter.number,
                moment(letter.created_at),
                LETTER_KINDS.get(letter.kind, letter.kind),
                letter.subject,
                _sent(letter),
            )
            for letter in inbox.letters
        ],
    )
    console.print(f"Đọc một thư: dondoc inbox {unit.code} --show SỐ", highlight=False)


def _sent(letter: LetterView) -> str:
    return "chưa gửi" if letter.sent_at is None else f"đã gửi {moment(letter.sent_at)}"


# verify-ledger


def verify_ledger(plan: PlanOption = None, year: YearOption = None, json_: Json = False) -> None:
    """Kiểm tra sổ theo dõi có toàn vẹn không: mọi mục, mọi dấu niêm phong."""
    with problems(as_json=json_):
        context = Context()
        findings = _ledger_findings(context, plan, year)
        if json_:
            print_json({"verified": not findings, "findings": findings})
        elif findings:
            print_findings(findings)
        else:
            console.print("Sổ theo dõi toàn vẹn.")
        if findings:
            raise typer.Exit(1)


def _ledger_findings(context: Context, plan: str | None, year: int | None) -> list[Finding]:
    if plan is None and year is None:
        return context.ledger.verify()
    cycles = [
        cycle
        for cycle in context.cycles.all()
        if plan in (None, cycle.plan) and year in (None, cycle.year)
    ]
    if not cycles:
        raise Problem("Không có chu kỳ nào của kế hoạch hoặc năm này.")
    return [finding for cycle in cycles for finding in context.ledger.verify(cycle.id)]


# units


def units(
    kind: Annotated[UnitKind | None, typer.Option("--kind", help="Chỉ loại đơn vị này.")] = None,
    sample: Annotated[
        bool | None, typer.Option("--sample/--real", help="Chỉ đơn vị mẫu / chỉ đơn vị thật.")
    ] = None,
    json_: Json = False,
) -> None:
    """Danh bạ đơn vị: đầu mối, người phụ trách, địa chỉ."""
    with problems(as_json=json_):
        every = Context().registry.directory().units.values()
        found = [
            unit for unit in every if kind in (None, unit.kind) and sample in (None, unit.sample)
        ]
        if json_:
            print_json({"total": len(found), "units": found})
        elif found:
            _print_units(found)
        else:
            console.print(
                "Không có đơn vị nào như vậy."
                if every
                else "Danh bạ còn trống. Nạp kế hoạch và danh bạ: dondoc load plans/lam-dong-nq57"
            )


def _print_units(found: Sequence[Unit]) -> None:
    print_table(
        f"{len(found)} đơn vị",
        ("Mã", "Tên", "Loại", "Đầu mối", "Người phụ trách", "Thư điện tử", "Mẫu"),
        [
            (
                unit.code,
                unit.name,
                KIND_NAMES[unit.kind],
                unit.hub,
                unit.focal_person,
                unit.email,
                "mẫu" if unit.sample else "",
            )
            for unit in found
        ],
    )


COMMANDS: dict[str, Callable[..., None]] = {
    "preview": preview,
    "status": status,
    "assignments": assignments,
    "history": history,
    "inbox": inbox,
    "units": units,
    "verify-ledger": verify_ledger,
}
