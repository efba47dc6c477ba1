"""The whole document: a Source becomes the plan it holds, with what stays open."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from typing import assert_never

from intake.documents.blocks import Footnote, Source
from intake.grammar.days import days
from intake.grammar.found import Found, FoundReport, distinct, short
from intake.grammar.frame import Frame, frame
from intake.grammar.header import Header
from intake.grammar.joining import paragraphs
from intake.grammar.lengths import shortened
from intake.grammar.names import known_names
from intake.grammar.naming import names_given
from intake.grammar.outline import Item, outline
from intake.grammar.reports import REPORTS
from intake.grammar.targets import Aim
from intake.grammar.tasks import read_part
from intake.grammar.timings import LEAST_CONFIDENCE, Clock, each_day, goes_beyond, timing_of
from intake.grammar.words import Role, heading_role
from models.finding import Severity
from models.imported import ImportedPlan, LineFinding
from models.plan import PlanDocument, PlanTask, Recurring, ReportDuty, Target, Undated, YearlyDay
from models.timing import Reading, TimingKind

YEAR = re.compile(r"(?:năm|NĂM|/|-)\s*(20\d\d)\b")
EVENT_DAY = re.compile(
    r"ngày\s+(?P<day>\d{1,2})\s*(?:/|\s*tháng\s*)\s*(?P<month>\d{1,2})\s*(?:/|\s*năm\s*)\s*"
    r"(?P<year>20\d\d)",
    re.IGNORECASE,
)
SCHOOL_YEAR = re.compile(r"năm học\s+(?P<first>20\d\d)\s*[-–/]\s*20\d\d", re.IGNORECASE)
MOST_PERIODS = 4
EXTERNAL = re.compile(r"theo (?:đúng )?quy định$", re.IGNORECASE)


@dataclass
class _Draft:
    clock: Clock
    readings: dict[str, Reading] = field(default_factory=dict)
    findings: list[LineFinding] = field(default_factory=list)
    # What headings say of when and is not taken, each with the duties below it.
    passed: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def pass_over(self, said: str, line: int, code: str) -> None:
        self.passed.setdefault(said, []).append((line, code))

    def note(self, line: int | None, message: str, severity: Severity = Severity.WARNING) -> None:
        self.findings.append(LineFinding(line=line, severity=severity, message=message))


def read_plan_document(source: Source, *, year: int | None = None, otherwise: int) -> ImportedPlan:
    """`year` is that of dates without one; None takes what the title says, else the date of issue,
    else `otherwise`."""
    written, footnotes = paragraphs(source)
    blocks, cut = shortened(written)
    framed = frame(blocks)
    with known_names(names_given(blocks, framed.recipients)):
        plan = _read(framed, footnotes, year=year, otherwise=otherwise)
    return plan.model_copy(update={"findings": _in_order((*cut, *plan.findings))})


def _in_order(findings: Sequence[LineFinding]) -> tuple[LineFinding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.line or 0))


def _read(
    framed: Frame, footnotes: Sequence[Footnote], *, year: int | None, otherwise: int
) -> ImportedPlan:
    header = framed.header
    parts = [outline(body, prefix) for prefix, body in framed.bodies]
    known = year or _year_in(header.title) or header.year or otherwise
    school = SCHOOL_YEAR.search(header.title) if year is None else None
    clock = Clock(known, header.date, _event(parts), int(school["first"]) if school else None)
    draft = _Draft(clock)
    read = [read_part(part) for part in parts]
    for part in read:
        draft.findings += part.findings
    found_tasks = [task for part in read for task in part.tasks]
    tasks = [_task(task, printed, draft) for task, printed in distinct(found_tasks)]
    duties = [duty for part in read for duty in part.reports]
    reports = _reports(duties, {task.code for task in tasks}, draft)
    for said, below in draft.passed.items():
        codes = ", ".join(code for _, code in sorted(below))
        draft.note(min(below)[0], f"{codes}: {said}, không lấy làm hạn; cần xem lại")
    _frame_findings(header, tasks, reports, footnotes, draft)
    for block in framed.stray:
        draft.note(block.lines[0], f"nằm sau chữ ký, không đưa vào kế hoạch: “{short(block.text)}”")
    document = PlanDocument(
        title=header.title,
        issuer=header.issuer,
        number=header.number,
        date=header.date,
        bases=header.bases,
        tasks=tuple(tasks),
        reports=tuple(reports),
        targets=tuple(_targets([aim for part in read for aim in part.aims], known, draft)),
        days=tuple(_days(tasks)),
        recipients=framed.recipients,
    )
    return ImportedPlan(
        document=document,
        year=known,
        readings=draft.readings,
        signer=framed.signer,
        findings=tuple(draft.findings),
    )


def _year_in(title: str) -> int | None:
    found = YEAR.findall(title)
    # A title cites older documents and later aims; its own year is said once and alone.
    return int(found[0]) if len(found) == 1 and not re.search(r"số|đến năm", title) else None


def _event(parts: Sequence[Item]) -> Date | None:
    """The day of the conference or the like that the plan is about, where it names one."""
    for part in parts:
        for item in part.walk():
            if not re.match(r"\s*thời gian\b", item.text, re.IGNORECASE):
                continue
            above = item.parent
            if above is None or heading_role(above.text) is not Role.EVENT:
                continue
            found = EVENT_DAY.search(item.text)
            if found:
                try:
                    return Date(int(found["year"]), int(found["month"]), int(found["day"]))
                except ValueError:
                    continue
    return None


def _frame_findings(
    header: Header,
    tasks: Sequence[PlanTask],
    reports: Sequence[ReportDuty],
    footnotes: Sequence[Footnote],
    draft: _Draft,
) -> None:
    if not tasks and not reports:
        draft.note(None, "không tìm thấy nhiệm vụ nào trong văn bản", Severity.ERROR)
    missing = [
        name
        for name, value in (
            ("tên văn bản", header.title),
            ("cơ quan ban hành", header.issuer),
            ("số", header.number),
            ("ngày ban hành", header.date),
        )
        if not value
    ]
    if missing:
        draft.note(None, f"văn bản để trống hoặc không tìm thấy: {', '.join(missing)}")
    for note in footnotes:
        draft.note(note.line, f"chú thích {note.mark}: {note.text}", Severity.INFO)


# tasks


def _task(found: Found, printed: str | None, draft: _Draft) -> PlanTask:
    code = _code(found.code)
    line = found.lines[0]
    if printed is not None:
        draft.note(line, f"mã “{printed}” bị trùng, nhiệm vụ sau thành “{code}”")
    if not found.who.lead:
        draft.note(line, "không nêu ai thực hiện, cần phân công")
    reading = _due(found, draft.clock)
    if reading is not None:
        draft.readings[code] = reading
        _reading_findings(code, line, reading, draft)
        _other_times(code, found, reading, draft)
    else:
        _untimed(code, found, draft)
    return PlanTask(
        code=code,
        section=found.section,
        text=found.text,
        lead=found.who.lead,
        cooperating=found.who.cooperating,
        performers_text=found.who.text,
        timing=timing_of(reading, found.phrase),
        lines=found.lines,
    )


def _other_times(code: str, found: Found, reading: Reading, draft: _Draft) -> None:
    """What heading, column and sentence say beside the time that was taken."""
    line, clock = found.lines[0], draft.clock
    if found.period and goes_beyond(reading, clock.read(found.period)):
        later = f"{code}: hạn “{reading.text}” muộn hơn kỳ nêu ở tiêu đề"
        draft.note(line, f"{later}; đã lấy hạn trong câu, cần xem lại")
    if found.phrase:
        _narrowed(code, line, clock.read(found.phrase), reading, draft)
    for other in clock.unused(found.timed, reading):
        draft.note(line, f"{code}: trong câu còn nêu “{other}”, không lấy làm hạn; cần xem lại")


def _narrowed(code: str, line: int, stated: Reading, taken: Reading, draft: _Draft) -> None:
    if taken.text == stated.text:
        return
    said = f"{code}: thời gian ghi “{short(stated.text)}”, lấy “{short(taken.text)}” nêu bên cạnh"
    # A day in the month that the stated names only says more.
    if stated.due and taken.due and stated.due.year == taken.due.year:
        draft.note(line, said, Severity.INFO)
    else:
        draft.note(line, f"{said}; cần xem lại")


def _untimed(code: str, found: Found, draft: _Draft) -> None:
    line, passed = found.lines[0], draft.clock.passed_over(found.timed)
    for day in passed:
        draft.note(line, f"{code}: trong câu có “{day}”, không lấy làm hạn; cần xem lại")
    if not _passes_over(code, found, draft) and not passed:
        draft.note(line, "không nêu thời gian", Severity.INFO)


def _passes_over(code: str, found: Found | FoundReport, draft: _Draft) -> bool:
    """Whether a heading says when, and it is not taken."""
    said = ""
    if found.period and draft.clock.is_over(found.period):
        said = f"kỳ “{found.period}” nêu ở tiêu đề đã hết trước ngày ban hành"
    elif (remark := draft.clock.inside(found.remark)) and remark.due:
        said = f"“{short(found.remark)}” nêu ở tiêu đề"
    if said:
        draft.pass_over(said, found.lines[0], code)
    return bool(said)


def _due(found: Found, clock: Clock) -> Reading | None:
    if found.phrase:
        return clock.narrowed(found.phrase, (found.timed, *found.notes))
    if found.period and not clock.is_over(found.period):
        return clock.within(found.period, found.timed)
    noted = (clock.inside(note) for note in found.notes)
    return clock.inside(found.timed) or next((each for each in noted if each and each.due), None)


def _code(printed: str) -> str:
    """A code goes into identifiers, which have no spaces: "Điều 1.2" is kept as "Điều1.2"."""
    return re.sub(r"[\s/|@]", "", printed)


def _reading_findings(code: str, line: int, reading: Reading, draft: _Draft) -> None:
    phrase = f"{code}: “{reading.text}”"
    match reading.kind:
        case TimingKind.INVALID:
            draft.note(line, f"{phrase}: {reading.rule}", Severity.ERROR)
        case TimingKind.UNKNOWN:
            draft.note(line, f"{phrase}: chưa hiểu thời gian này, chưa có hạn")
        case (
            TimingKind.ONGOING
            | TimingKind.DEADLINE
            | TimingKind.PERIOD
            | TimingKind.RECURRING
            | TimingKind.YEARLY
            | TimingKind.QUARTERLY
            | TimingKind.MONTHLY
            | TimingKind.WEEKLY
            | TimingKind.RELATIVE
            | TimingKind.CONDITIONAL
            | TimingKind.EXTERNAL
        ):
            if reading.confidence < LEAST_CONFIDENCE:
                draft.note(line, f"{phrase}: hiểu là {reading.rule}; cần xác nhận")
            elif reading.ambiguous:
                others = "; ".join(other.rule for other in reading.alternatives)
                message = f"{phrase}: hiểu là {reading.rule}; cũng có thể hiểu: {others}"
                draft.note(line, message, Severity.INFO)
            elif reading.note:
                draft.note(line, f"{phrase}: {reading.note}", Severity.INFO)
        case _:
            assert_never(reading.kind)


# reports, targets, days


def _reports(duties: Sequence[FoundReport], taken: set[str], draft: _Draft) -> list[ReportDuty]:
    found = [_report(duty, taken, draft) for duty in duties]
    known = (_periods(each.timing) for each in found)
    periods = next((names for names in known if 0 < len(names) <= MOST_PERIODS), ())
    # Who consolidates reports does so in their periods, whenever its own date is set.
    return [
        duty.model_copy(update={"timing": duty.timing.model_copy(update={"periods": periods})})
        if periods and isinstance(duty.timing, Undated) and "tổng hợp" in duty.text.casefold()
        else duty
        for duty in found
    ]


def _periods(timing: object) -> tuple[str, ...]:
    """The names the occurrences of yearly days go by."""
    if not isinstance(timing, Recurring):
        return ()
    letter = "H" if len(timing.days) == 2 else "K"
    return tuple(f"{letter}{n}" for n in range(1, len(timing.days) + 1))


def _report(found: FoundReport, taken: set[str], draft: _Draft) -> ReportDuty:
    code = _code(found.code) or "BC"
    n = 1
    while code in taken:
        n += 1
        code = f"{_code(found.code) or 'BC'}-{n}"
    taken.add(code)
    line = found.lines[0]
    report = found.report
    reading = _report_due(code, found, draft)
    phrase = found.phrase
    if reading is None or reading.timing is None:
        external = EXTERNAL.search(report.text.rstrip(" ./;"))
        phrase = phrase or (external.group() if external else "")
        draft.note(line, f"{code}: văn bản không cho ngày báo cáo, cán bộ ấn định sau")
    if reading is not None:
        draft.readings[code] = reading
        _reading_findings(code, line, reading, draft)
    if not report.reporters:
        draft.note(line, f"{code}: không rõ ai báo cáo, cần bổ sung")
    if not report.to:
        draft.note(line, f"{code}: không rõ báo cáo gửi đến đâu, cần bổ sung")
    return ReportDuty(
        code=code,
        text=report.text,
        reporters=report.reporters,
        to=report.to,
        via=report.via,
        gathered=report.gathered,
        timing=each_day(timing_of(reading, phrase), reading, draft.clock.year),
        lines=found.lines,
    )


def _report_due(code: str, found: FoundReport, draft: _Draft) -> Reading | None:
    """The day its own sentence names goes before the period of a heading above it."""
    own, clock = _when(found.report.text, draft), draft.clock
    stated = found.phrase or ("" if clock.is_over(found.period) else found.period)
    if not stated:
        if own is None:
            _passes_over(code, found, draft)
        return own
    reading = clock.read(stated)
    dated = own is not None and bool(own.due or own.days)
    return own if dated and reading.kind is TimingKind.PERIOD else reading


def _when(text: str, draft: _Draft) -> Reading | None:
    """The timing of the clause that reports; others say when something else is due."""
    clauses = [clause for clause in re.split(r";\s+(?![^()]*\))", text) if REPORTS.search(clause)]
    whole = draft.clock.reported("; ".join(clauses))
    return whole or next(filter(None, map(draft.clock.inside, reversed(clauses))), None)


def _targets(aims: Sequence[Aim], year: int, draft: _Draft) -> Iterator[Target]:
    taken: set[str] = set()
    for aim in aims:
        if aim.year is None:
            draft.note(aim.lines[0], f"{aim.code}: chỉ tiêu không nêu năm, tạm coi là năm {year}")
        target = aim.target(year)
        code, n = _code(target.code) or "MT", 1
        while code in taken:
            n += 1
            code = f"{_code(target.code) or 'MT'}-{n}"
        taken.add(code)
        yield target.model_copy(update={"code": code})


def _days(tasks: Sequence[PlanTask]) -> Iterator[YearlyDay]:
    for task in tasks:
        yield from days(task.code, task.text)
