"""What was read of a document, with an officer's corrections, as the plan it becomes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from models.directory import Directory, UnitKind
from models.finding import Finding, Severity
from models.imported import ImportedPlan
from models.plan import (
    Duty,
    Group,
    Officer,
    Plan,
    PlanDocument,
    PlanTask,
    ReportDuty,
    Timing,
    Undated,
)
from models.plan_review import AddedDuty, Change, Correction, Corrections, PlanSettings
from models.timing import Reading, TimingKind
from rules.performers import folded
from rules.timing.reading import read_timing
from rules.wording import dmy

# A code goes into identifiers, where these characters have a meaning.
FORBIDDEN_IN_CODES = frozenset("/|@ ")
PLAN_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 60
LONGEST_SHORT_TITLE = 200
_BEGUN = re.compile(r"(\s+(số|ngày|tháng|năm|của|về|và|\d+))+$", re.IGNORECASE)


def short_title(title: str) -> str:
    """What a plan is called until an officer says it: whole words, and no date or number begun."""
    words = " ".join(title.split())
    if len(words) <= LONGEST_SHORT_TITLE:
        return words
    return _BEGUN.sub("", words[: LONGEST_SHORT_TITLE - 1].rpartition(" ")[0]) + " …"


def reading_of(phrase: str, imported: ImportedPlan) -> Reading:
    """A phrase of the officer's, read as one of the document would be."""
    document = imported.document
    return read_timing(phrase, year=imported.year, document_date=document.date)


def corrected(imported: ImportedPlan, corrections: Corrections) -> PlanDocument:
    """The document as the officer has corrected it."""
    document, duties = imported.document, corrections.duties
    codes = {
        duty.code: (by.code or duty.code) if by else duty.code
        for duty in document.duties
        if not ((by := duties.get(duty.code)) and by.removed)
    }
    tasks = [
        _corrected_task(task, by, imported) if (by := duties.get(task.code)) else task
        for task in document.tasks
        if task.code in codes
    ]
    reports = [
        _corrected_report(duty, by, imported) if (by := duties.get(duty.code)) else duty
        for duty in document.reports
        if duty.code in codes
    ]
    for added in corrections.added:
        if added.removed:
            continue
        match added_duty(added, imported):
            case ReportDuty() as duty:
                reports.insert(_position(reports, duty), duty)
            case PlanTask() as duty:
                tasks.insert(_position(tasks, duty), duty)
    return document.model_copy(
        update={
            "tasks": tuple(tasks),
            "reports": tuple(reports),
            "days": tuple(
                day.model_copy(update={"task": codes[day.task]})
                for day in document.days
                if day.task in codes
            ),
        }
    )


def _corrected_task(task: PlanTask, by: Correction, imported: ImportedPlan) -> PlanTask:
    names = ("code", "text", "lead", "cooperating")
    said = {name: value for name in names if (value := getattr(by, name)) is not None}
    if by.timing is not None:
        said["timing"] = _timing(by.timing, imported)
    return task.model_copy(update=said)


def _corrected_report(duty: ReportDuty, by: Correction, imported: ImportedPlan) -> ReportDuty:
    said = {name: v for name in ("code", "text", "to") if (v := getattr(by, name)) is not None}
    if by.lead is not None:
        said["reporters"] = by.lead
    if by.timing is not None:
        said["timing"] = _timing(by.timing, imported)
    return duty.model_copy(update=said)


def added_duty(added: AddedDuty, imported: ImportedPlan) -> Duty:
    timing = _timing(added.timing, imported)
    if added.is_report:
        return ReportDuty(
            code=added.code,
            text=added.text,
            reporters=added.lead,
            to=added.to,
            timing=timing,
            lines=added.lines,
        )
    return PlanTask(
        code=added.code,
        text=added.text,
        lead=added.lead,
        cooperating=added.cooperating,
        timing=timing,
        lines=added.lines,
    )


def _timing(phrase: str, imported: ImportedPlan) -> Timing:
    timing = reading_of(phrase, imported).timing if phrase else None
    return timing if timing is not None else Undated(text=phrase)


def _position(duties: Sequence[Duty], added: Duty) -> int:
    """Where its lines say, else at the end."""
    if added.lines is None:
        return len(duties)
    first = added.lines[0]
    later = (n for n, duty in enumerate(duties) if duty.lines and duty.lines[0] > first)
    return next(later, len(duties))


def correction(duty: Duty, said: Correction) -> Correction:
    """Only what differs from the duty as it was read."""
    read: dict[str, object] = {
        "code": duty.code,
        "text": duty.text,
        "lead": duty.lead if isinstance(duty, PlanTask) else duty.reporters,
        "cooperating": duty.cooperating if isinstance(duty, PlanTask) else None,
        "timing": duty.timing.text,
        "to": duty.to if isinstance(duty, ReportDuty) else None,
    }
    differs = {
        name: value
        for name in read
        if (value := getattr(said, name)) is not None and value != read[name]
    }
    return Correction(removed=said.removed, **differs)


# what becomes of it


def plan_of(
    imported: ImportedPlan, corrections: Corrections, like: Plan | None, *, replaces: bool
) -> Plan:
    """The plan a review becomes, by the conventions of the plan it is `like`; one that `replaces`
    it keeps also what the officer has decided there, and its number and day where neither the
    document nor the review says any. Raises ValueError while `problems` has an
    error about the settings."""
    document = corrected(imported, corrections)
    said = corrections.settings
    own: dict[str, object] = {
        "plan": said.plan,
        "short_title": said.short_title,
        "number": said.number or None,
        "date": said.date,
        "coordinator": said.coordinator,
        "leadership": said.leadership,
        "groups": _groups(like.officer.groups if like else (), corrections.meanings),
    }
    if like is None:
        return Plan(document=document, officer=Officer.model_validate(own))
    kept = _decided(like, document) if replaces else _CONVENTIONS_ONLY
    officer = like.officer.model_dump() | own | kept
    letters = like.letters if replaces else {}
    plan = Plan(document=document, officer=Officer.model_validate(officer), letters=letters)
    return plan.issued_as(like) if replaces else plan


_CONVENTIONS_ONLY: dict[str, object] = {
    "tag": None,
    "allocation": {},
    "dates": {},
    "targets": {},
    "duties": (),
}


def _decided(old: Plan, document: PlanDocument) -> dict[str, object]:
    """What the officer decided of duties and targets that say the same as before. A document that
    numbers anew gives a code to another task, which must not inherit that."""
    officer = old.officer
    codes = _agreeing((*officer.duties, *old.document.duties), (*officer.duties, *document.duties))
    before = {target.code: target for target in old.document.targets}
    targets = {each.code for each in document.targets if before.get(each.code) == each}
    return {
        "allocation": {code: to for code, to in officer.allocation.items() if code in codes},
        "dates": {
            name: day for name, day in officer.dates.items() if name.rpartition(".")[0] in codes
        },
        "targets": {code: who for code, who in officer.targets.items() if code in targets},
    }


def _agreeing(before: Iterable[Duty], after: Iterable[Duty]) -> set[str]:
    """The codes under which both say the same."""
    old = {duty.code: _says(duty) for duty in before}
    new = {duty.code: _says(duty) for duty in after}
    return {code for code, said in new.items() if old.get(code) == said}


def _groups(groups: Iterable[Group], meanings: Mapping[str, str]) -> tuple[Group, ...]:
    said = {folded(phrase) for phrase in meanings}
    kept = (
        group.model_copy(
            update={"phrases": tuple(p for p in group.phrases if folded(p) not in said)}
        )
        for group in groups
    )
    new = (_group(phrase, meaning) for phrase, meaning in meanings.items())
    return (*(group for group in kept if group.phrases), *new)


def _group(phrase: str, meaning: str) -> Group:
    kind, _, value = meaning.partition(":")
    if kind == "unit":
        return Group(name=phrase, phrases=(phrase,), units=(value,))
    if kind == "kind":
        kinds = tuple(UnitKind(each) for each in value.split("+"))
        return Group(name=phrase, phrases=(phrase,), kinds=kinds)
    return Group(
        name=phrase,
        phrases=(phrase,),
        allocated=meaning == "allocated",
        outside=meaning == "outside",
    )


def problems(
    imported: ImportedPlan, corrections: Corrections, directory: Directory
) -> Iterator[Finding]:
    """What forbids to make a plan of it. `place` is a duty's code or a field of the settings."""
    yield from _of_settings(corrections.settings, directory)
    document = corrected(imported, corrections)
    if not document.duties:
        yield _error("", "Chưa có nhiệm vụ hay chế độ báo cáo nào.")
    counted = Counter(duty.code for duty in document.duties)
    for code, times in counted.items():
        if times > 1:
            yield _error(code, f"Mã “{code}” bị trùng.")
        if not code or set(code) & FORBIDDEN_IN_CODES:
            yield _error(code, "Mã không được để trống, không có dấu cách và các ký tự / | @.")
    for duty in document.duties:
        if not duty.text.strip():
            yield _error(duty.code, f"{duty.code}: nội dung không được để trống.")
    for code, reading in _readings(imported, corrections):
        if reading.kind is TimingKind.INVALID:
            yield _error(code, f"{code}: “{reading.text}”: {reading.rule}")


def _readings(imported: ImportedPlan, corrections: Corrections) -> Iterator[tuple[str, Reading]]:
    """How each timing is understood that stands in the plan now, by the duty's code."""
    for duty in imported.document.duties:
        by = corrections.duties.get(duty.code, Correction())
        read = imported.readings.get(duty.code)
        if by.timing is not None:
            read = reading_of(by.timing, imported) if by.timing else None
        if read is not None and not by.removed:
            yield by.code or duty.code, read
    for added in corrections.added:
        if added.timing and not added.removed:
            yield added.code, reading_of(added.timing, imported)


def _of_settings(said: PlanSettings, directory: Directory) -> Iterator[Finding]:
    if not PLAN_ID.fullmatch(said.plan) or len(said.plan) > LONGEST_ID:
        yield _error(
            "plan",
            "Mã kế hoạch chỉ gồm chữ thường không dấu, chữ số và dấu gạch nối, ví dụ "
            "lam-dong-nq57.",
        )
    if not said.short_title:
        yield _error("short_title", "Hãy đặt tên ngắn của kế hoạch.")
    for field, code in (("coordinator", said.coordinator), ("leadership", said.leadership)):
        if code not in directory.units:
            yield _error(field, "Hãy chọn một đơn vị có trong danh bạ.")


def _error(place: str, message: str) -> Finding:
    return Finding(severity=Severity.ERROR, place=place, message=message)


# a newer document


def carried(before: ImportedPlan, after: ImportedPlan, corrections: Corrections) -> Corrections:
    """Corrections of an older reading, as far as the newer document says there the same."""
    new = {duty.code for duty in after.document.duties}
    same = _agreeing(before.document.duties, after.document.duties)
    kept = {code: by for code, by in corrections.duties.items() if code in same}
    added = tuple(
        each.model_copy(update={"lines": None})
        for each in corrections.added
        if each.code not in new
    )
    return corrections.model_copy(update={"duties": kept, "added": added})


def not_carried(corrections: Corrections, kept: Corrections) -> list[str]:
    """The codes whose corrections a newer document has made doubtful."""
    added = {each.code for each in kept.added}
    return [code for code in corrections.duties if code not in kept.duties] + [
        each.code for each in corrections.added if each.code not in added
    ]


def _says(duty: Duty) -> object:
    return duty.model_copy(update={"lines": None})


def changes(old: Plan, new: Plan) -> list[Change]:
    """What would be followed up differently if `new` replaced `old`; what the officer would have to
    decide again stands before what the documents say."""
    before = {duty.code: duty for duty in old.document.duties}
    after = {duty.code: duty for duty in new.document.duties}
    found = [Change(code="", what=w, before=b, after=a) for w, b, a in _heads(old, new) if b != a]
    found += _undecided(old.officer, new.officer)
    for code in [*after, *(code for code in before if code not in after)]:
        if code not in before:
            found.append(Change(code=code, what="thêm", after=after[code].text))
        elif code not in after:
            found.append(Change(code=code, what="bỏ", before=before[code].text))
        else:
            found += _differing(before[code], after[code])
    return found


def _heads(old: Plan, new: Plan) -> Iterator[tuple[str, str, str]]:
    yield "tên ngắn", old.officer.short_title, new.officer.short_title
    yield "số văn bản", old.number or "", new.number or ""
    yield "ngày văn bản", _day(old), _day(new)
    yield "đơn vị điều phối", old.officer.coordinator, new.officer.coordinator
    yield "lãnh đạo", old.officer.leadership, new.officer.leadership


def _undecided(old: Officer, new: Officer) -> Iterator[Change]:
    for code, units in old.allocation.items():
        if code not in new.allocation:
            yield Change(code=code, what="phân công của cán bộ", before="; ".join(units))
    for name, day in old.dates.items():
        if name not in new.dates:
            code, _, occurrence = name.rpartition(".")
            yield Change(code=code, what=f"hạn cán bộ ấn định ({occurrence})", before=dmy(day))
    for code, phrases in old.targets.items():
        if code not in new.targets:
            yield Change(code=code, what="đơn vị của chỉ tiêu", before="; ".join(phrases))


def _day(plan: Plan) -> str:
    day = plan.date
    return "" if day is None else dmy(day)


def _differing(old: Duty, new: Duty) -> Iterator[Change]:
    for what, before, after in zip(_WORDS, _told(old), _told(new), strict=True):
        if before != after:
            yield Change(code=old.code, what=what, before=before, after=after)


_WORDS = ("nội dung", "chủ trì", "phối hợp", "thời gian", "nơi nhận")


def _told(duty: Duty) -> tuple[str, ...]:
    text = " ".join(duty.text.split())
    if isinstance(duty, PlanTask):
        lead, others, to = duty.lead, duty.cooperating, ""
    else:
        lead, others, to = duty.reporters, (), duty.to
    return text, "; ".join(lead), "; ".join(others), duty.timing.text, to
