"""What in a plan is likely not meant, before it is launched: all that `check` says, and more."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from models.assignment import Waiting
from models.calendar import WorkingCalendar
from models.clock import VN
from models.deadline import Deadline, RungKind
from models.directory import Directory
from models.finding import BadInput, Finding, Severity
from models.plan import ByDate, Duty, Plan, PlanTask, Relative, ReportDuty
from models.policy import Policy
from rules.checks import check, info, phrases_of, warning
from rules.deadlines import build_deadline, earlier_deadline
from rules.occurrences import Occurrence, occurrences, on_day, set_by_officer
from rules.performers import Performers
from rules.unfolding import unfold
from rules.wording import dmy, dmy_weekday
from rules.working_calendar import OFF, reason_off


def lint(
    plan: Plan,
    directory: Directory,
    calendar: WorkingCalendar,
    *,
    year: int,
    at: datetime,
) -> list[Finding]:
    """All that `check` says, what a launch at plan instant `at` would refuse, and what is likely
    not meant. The worst comes first."""
    findings = [
        *_repeated_codes(plan),
        *_refusals(plan, directory, calendar, year, at),
        *check(plan, directory, calendar, year=year),
        *_without_performer(plan, directory),
    ]
    for duty in plan.duties:
        findings += _timing(plan, duty, calendar, year, at)
    order = list(Severity)
    # Stable: within one severity the document's order stays.
    return sorted(dict.fromkeys(findings), key=lambda finding: order.index(finding.severity))


def _repeated_codes(plan: Plan) -> Iterator[Finding]:
    times = Counter(duty.code for duty in plan.duties)
    for code, n in times.items():
        if n > 1:
            yield Finding(
                severity=Severity.ERROR,
                place=code,
                message=f"có {n} nhiệm vụ, chế độ báo cáo cùng mã “{code}”.",
                remedy="Mỗi nhiệm vụ một mã, như in trong văn bản; sửa plan.yaml.",
            )


def _refusals(
    plan: Plan, directory: Directory, calendar: WorkingCalendar, year: int, at: datetime
) -> Iterator[Finding]:
    try:
        unfold(
            plan,
            directory,
            calendar,
            year=year,
            cycle=str(year),
            at=at,
            dates={},
            allocation={},
        )
    except BadInput as bad:
        for finding in bad.findings:
            remedy = "Ghi một ngày có thật cho mọi năm trong plan.yaml, ví dụ 28/02 hoặc 01/3."
            if finding.place.startswith("hạn "):
                remedy = "Sửa mục dates của officer.yaml."
            elif finding.place.startswith("phân công "):
                remedy = "Sửa mục allocation của officer.yaml, hoặc thêm đơn vị vào danh bạ."
            yield finding.model_copy(update={"remedy": remedy})


def _without_performer(plan: Plan, directory: Directory) -> Iterator[Finding]:
    """Duties that a launch gives to nobody until the officer allocates them."""
    performers = Performers(plan, directory)
    for duty in plan.duties:
        if plan.officer.allocation.get(duty.code):
            continue
        phrases = duty.lead if isinstance(duty, PlanTask) else duty.reporters
        remedy = (
            f"Ghi {duty.code}: [MÃ_ĐƠN_VỊ] vào mục allocation của officer.yaml, hoặc sau khi phát "
            f"động: dondoc allocate {duty.code} MÃ_ĐƠN_VỊ"
        )
        if not phrases_of(duty):
            yield warning(duty.code, "không nêu đơn vị thực hiện.", remedy)
        elif not phrases:
            yield warning(duty.code, "chỉ nêu đơn vị phối hợp, không nêu đơn vị chủ trì.", remedy)
        for phrase in phrases:
            meaning = performers.meant_by(phrase)
            if meaning is not None and meaning.allocated:
                yield info(duty.code, f"“{phrase}” chưa được phân công cho đơn vị nào.", remedy)


def _timing(
    plan: Plan, duty: Duty, calendar: WorkingCalendar, year: int, at: datetime
) -> Iterator[Finding]:
    policy = plan.officer.policy
    try:
        every = occurrences(duty, year=year, calendar=calendar, policy=policy)
        every += [
            on_day(day, year, calendar, policy)
            for day in plan.document.days
            if day.task == duty.code
        ]
    except ValueError:
        return  # told as a refusal
    for each in every:
        place = f"{duty.code}.{each.name}"
        set_day = plan.officer.dates.get(place)
        if set_day is None and len(every) == 1:
            set_day = plan.officer.dates.get(duty.code)
        if each.settable and set_day is not None:
            each = each._replace(resolved=set_by_officer(set_day), waiting=None)  # noqa: PLW2901
        yield from _undated(place, each)
        if each.resolved is None:
            continue
        last_day = each.resolved.last_day
        if isinstance(duty.timing, ByDate | Relative) and last_day.year != year:
            yield _other_year(place, each.phrase, last_day, year)
            continue
        own = build_deadline(
            each.phrase, each.resolved.rule, last_day, calendar=calendar, policy=policy
        )
        yield from _day_off(place, own, calendar)
        yield from _time_left(place, own, at, policy, "")
        if isinstance(duty, ReportDuty) and duty.gathered:
            earlier = earlier_deadline(
                own, policy.schools_earlier, "", calendar=calendar, policy=policy
            )
            yield from _time_left(place, earlier, at, policy, " của các cơ sở báo cáo qua đầu mối")


def _undated(place: str, occurrence: Occurrence) -> Iterator[Finding]:
    phrase = f"“{occurrence.phrase}”" if occurrence.phrase else "văn bản không nêu"
    if occurrence.waiting is Waiting.DATE:
        yield warning(
            place,
            f"chưa có hạn ({phrase}): cán bộ điều phối được hỏi hằng tháng cho đến khi ấn định.",
            f"Ghi {place}: NĂM-THÁNG-NGÀY vào mục dates của officer.yaml, hoặc khi phát động: "
            f"--date {place}=NĂM-THÁNG-NGÀY",
        )
    elif occurrence.waiting is Waiting.DOCUMENT:
        yield info(
            place,
            f"chờ văn bản ({phrase}): chưa tính hạn.",
            f"Khi có văn bản: dondoc document-issued {_typed(place)} --number SỐ --date NGÀY",
        )


def _other_year(place: str, phrase: str, last_day: date, year: int) -> Finding:
    message = f"hạn {dmy(last_day)} (“{phrase}”) không thuộc năm {year}"
    if last_day.year < year:
        return warning(
            place,
            f"{message} và đã qua: không mở trong chu kỳ này.",
            f"Nếu việc chưa xong, phát động chu kỳ {last_day.year} hoặc sửa hạn trong plan.yaml.",
        )
    return info(
        place,
        f"{message}: sẽ mở trong chu kỳ {last_day.year}.",
        f"Phát động chu kỳ {last_day.year} vào đầu năm ấy.",
    )


def _day_off(place: str, deadline: Deadline, calendar: WorkingCalendar) -> Iterator[Finding]:
    reason = reason_off(calendar, deadline.last_day)
    if reason is not None:
        on = f"ngày {reason}" if reason.startswith(OFF) else reason
        yield info(
            place,
            f"hạn {dmy(deadline.last_day)} rơi vào {on}: hạn pháp lý giữ nguyên, việc nhắc tính "
            f"từ {dmy_weekday(deadline.target)}.",
            f"Nên nêu rõ với đơn vị: nộp chậm nhất {dmy(deadline.target)}.",
        )


def _time_left(
    place: str, deadline: Deadline, at: datetime, policy: Policy, whose: str
) -> Iterator[Finding]:
    """What a launch at `at` comes too late for."""
    if deadline.breach <= at:
        yield warning(
            place,
            f"hạn {dmy(deadline.last_day)}{whose} đã qua vào ngày phát động "
            f"{dmy(at.astimezone(VN).date())}: chưa đôn đốc cho đến khi cán bộ quyết định.",
            f"Sau khi phát động: dondoc adopt {_typed(place)} --settled (đã xong đúng hạn), "
            "--settled --late (đã xong, quá hạn) hoặc --chase (đôn đốc từ nay).",
        )
        return
    reminders = [rung for rung in deadline.ladder.rungs if rung.kind is RungKind.REMINDER]
    passed = [rung.id for rung in reminders if rung.at <= at]
    if not passed:
        return
    days = (deadline.target - at.astimezone(VN).date()).days
    message = (
        f"phát động ngày {dmy(at.astimezone(VN).date())} thì còn {max(days, 0)} ngày đến hạn "
        f"{dmy(deadline.target)}{whose}, ngắn hơn các mốc nhắc ({', '.join(passed)} đã qua, "
        "gộp thành một thư)"
    )
    remedy = f"Phát động sớm hơn, hoặc bớt mốc trong policy.reminders {list(policy.reminders)}."
    if len(passed) == len(reminders):
        yield warning(place, f"{message}; không còn mốc nhắc nào trước hạn.", remedy)
    else:
        yield info(place, f"{message}.", remedy)


def _typed(place: str) -> str:
    """`V.1/H1`, as a task's occurrence is named at the terminal."""
    code, _, occurrence = place.rpartition(".")
    return f"{code}/{occurrence}"
