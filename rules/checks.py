"""What an officer should know about a plan and its directory before launching it."""

from collections.abc import Iterator, Mapping
from datetime import date

from models.calendar import WorkingCalendar, YearStatus
from models.directory import Directory
from models.finding import BadInput, Finding, Severity
from models.plan import Duty, Plan, PlanTask, ReportDuty
from rules.occurrences import may_be_due, occurrences
from rules.performers import Performers
from rules.wording import dmy
from rules.working_calendar import add_working_days

# The days on which the data of a half-year and of a year close (Decree 09/2019/NĐ-CP, art. 12).
CLOSINGS = ((6, 14), (12, 14))


def check(
    plan: Plan,
    directory: Directory,
    calendar: WorkingCalendar,
    *,
    year: int,
    dates: Mapping[str, date] | None = None,
) -> list[Finding]:
    """Warnings about `plan` in `year`, `dates` going before the officer's own; none of them forbids
    a launch."""
    performers = Performers(plan, directory)
    last_days = _last_days(plan, calendar, year, {**plan.officer.dates, **(dates or {})})
    return [
        *_number_and_date(plan),
        *_calendar(calendar, year),
        *_phrases(plan, performers),
        *_data_windows(plan, last_days, calendar),
        *_upward(plan, performers, last_days, calendar),
        *_contacts(plan, directory),
    ]


def check_ordered(dates: Mapping[str, date], *, year: int) -> None:
    """Raises BadInput for dates of a launch that do not belong to `year` (`may_be_due`). Of an
    order only: a cycle that is kept goes on with the dates it was once launched with, and the
    officer's own stand in the plan for one of its years."""
    foreign = [
        Finding(
            severity=Severity.ERROR,
            place=f"hạn {key}",
            message=f"ngày {dmy(day)} không thuộc chu kỳ năm {year}: ghi một ngày trong năm ấy, "
            "muộn nhất là hết quý I năm sau",
        )
        for key, day in dates.items()
        if not may_be_due(day, year)
    ]
    if foreign:
        raise BadInput(foreign)


def warning(place: str, message: str, remedy: str = "", on_page: str = "") -> Finding:
    return Finding(
        severity=Severity.WARNING, place=place, message=message, remedy=remedy, on_page=on_page
    )


def info(place: str, message: str, remedy: str = "") -> Finding:
    return Finding(severity=Severity.INFO, place=place, message=message, remedy=remedy)


def _number_and_date(plan: Plan) -> Iterator[Finding]:
    missing = [
        name
        for name, value in (
            ("số", plan.number),
            ("ngày ban hành", plan.date),
        )
        if value is None
    ]
    if missing:
        yield warning(
            plan.id,
            f"Kế hoạch chưa có {', '.join(missing)}; văn bản viện dẫn sẽ để trống đến khi cán bộ "
            "bổ sung.",
            "Điền number và date trong officer.yaml khi văn bản được cấp số, ngày.",
            "Ghi ở “Thông tin chung” của kế hoạch khi văn bản được cấp số, ngày.",
        )


def _calendar(calendar: WorkingCalendar, year: int) -> Iterator[Finding]:
    if calendar.years.get(year, YearStatus.FORECAST) is YearStatus.FORECAST:
        yield warning(
            f"lịch làm việc {year}",
            f"Lịch nghỉ năm {year} mới là dự kiến; khi có lịch chính thức, các ngày sẽ được tính "
            "lại và ghi vào lịch sử.",
            "Cập nhật chương trình khi Nhà nước công bố lịch nghỉ của năm.",
            "Vẫn phát động được; lịch chính thức do quản trị cập nhật sau.",
        )


def _phrases(plan: Plan, performers: Performers) -> Iterator[Finding]:
    for duty in plan.duties:
        cooperating = duty.cooperating if isinstance(duty, PlanTask) else ()
        for phrase in phrases_of(duty):
            meaning = performers.meant_by(phrase)
            if meaning is None:
                yield warning(
                    duty.code,
                    f"“{phrase}” không ứng với nhóm hay đơn vị nào trong danh bạ.",
                    "Thêm cụm từ này vào mục groups của officer.yaml: kinds hoặc units nếu có "
                    "trong danh bạ, outside: true nếu là cơ quan ngoài danh bạ"
                    + (
                        "."
                        if phrase in cooperating
                        else f"; hoặc phân công: dondoc allocate {duty.code} MÃ_ĐƠN_VỊ"
                    ),
                    "Nếu là cơ quan ngoài danh bạ thì không phải làm gì."
                    if phrase in cooperating
                    else "Chọn đơn vị ở mục “Phân công các việc chưa có đơn vị thực hiện” của "
                    "trang này, hoặc sau khi phát động ở trang Cần xử lý.",
                )
            elif not (meaning.units or meaning.allocated or meaning.outside):
                yield warning(
                    duty.code,
                    f"“{phrase}”: danh bạ chưa có đơn vị nào thuộc nhóm này.",
                    "Nhập danh bạ đầy đủ: dondoc units import TỆP",
                    "Đề nghị quản trị nhập danh bạ đầy đủ trước khi phát động.",
                )


def phrases_of(duty: Duty) -> tuple[str, ...]:
    return duty.lead + duty.cooperating if isinstance(duty, PlanTask) else duty.reporters


def _last_days(
    plan: Plan, calendar: WorkingCalendar, year: int, dates: Mapping[str, date]
) -> dict[str, dict[str, date]]:
    """Of each report the last day of each occurrence that has one."""
    found: dict[str, dict[str, date]] = {}
    for duty in plan.document.reports:
        days = found.setdefault(duty.code, {})
        try:
            every = occurrences(duty, year=year, calendar=calendar, policy=plan.officer.policy)
        except ValueError:
            continue  # a day this year does not have: the launch refuses it and says why
        for each in every:
            set_day = dates.get(f"{duty.code}.{each.name}")
            if each.settable and set_day is not None:
                days[each.name] = set_day
            elif each.resolved is not None:
                days[each.name] = each.resolved.last_day
    return found


def _data_windows(
    plan: Plan, last_days: Mapping[str, Mapping[str, date]], calendar: WorkingCalendar
) -> Iterator[Finding]:
    for duty in plan.document.reports:
        for name, last_day in last_days[duty.code].items():
            closing = _last_closing(last_day)
            if add_working_days(calendar, closing, 1) > last_day:
                yield warning(
                    f"{duty.code}.{name}",
                    f"Số liệu chốt hết ngày {dmy(closing)} (Nghị định 09/2019/NĐ-CP, Điều 12), "
                    f"nhưng ngày cuối còn đúng hạn “{duty.timing.text}” là {dmy(last_day)}: không "
                    "còn ngày làm việc nào giữa chốt số liệu và gửi báo cáo (Điều 8 khoản 5 điểm "
                    "b yêu cầu ít nhất 1 ngày).",
                    f"Đề nghị chốt số liệu sớm hơn {dmy(closing)}, hoặc gửi số liệu ước thực hiện "
                    "rồi bổ sung; khi sửa kế hoạch, lùi hạn báo cáo ít nhất 1 ngày làm việc.",
                )


def _last_closing(day: date) -> date:
    """The last closing of data on or before `day`."""
    closings = [date(year, *closing) for year in (day.year - 1, day.year) for closing in CLOSINGS]
    return max(closing for closing in closings if closing <= day)


def _upward(
    plan: Plan,
    performers: Performers,
    last_days: Mapping[str, Mapping[str, date]],
    calendar: WorkingCalendar,
) -> Iterator[Finding]:
    """The coordinator's own report needs a working day after the reports it consolidates."""
    own = [duty for duty in plan.document.reports if _is_coordinators(duty, plan, performers)]
    others = [duty for duty in plan.document.reports if duty not in own]
    for duty in own:
        for name, last_day in last_days[duty.code].items():
            for other in others:
                gathered = last_days[other.code].get(name)
                if gathered is None or add_working_days(calendar, gathered, 1) <= last_day:
                    continue
                yield warning(
                    f"{duty.code}.{name}",
                    f"Hạn {dmy(last_day)} để tổng hợp gửi {duty.to} không cách hạn {other.code} "
                    f"({dmy(gathered)}) ngày làm việc nào; cần ít nhất 1 ngày (Nghị định "
                    "09/2019/NĐ-CP, Điều 8 khoản 5 điểm b).",
                    "Ấn định hạn muộn hơn, từ "
                    f"{dmy(add_working_days(calendar, gathered, 1))} trở đi.",
                )


def _is_coordinators(duty: ReportDuty, plan: Plan, performers: Performers) -> bool:
    meanings = [performers.meant_by(phrase) for phrase in duty.reporters]
    reporters = {unit.code for meaning in meanings if meaning for unit in meaning.units}
    return reporters == {plan.officer.coordinator}


def _contacts(plan: Plan, directory: Directory) -> Iterator[Finding]:
    for unit in directory.units.values():
        if unit.email:
            continue
        told = directory.units.get(unit.hub or plan.officer.coordinator)
        instead = (
            "chưa có ai nhận thay" if told is None or told == unit else f"báo {told.name} thay"
        )
        yield warning(
            unit.code,
            f"{unit.name} chưa có địa chỉ thư điện tử: {instead}.",
            f"dondoc unit set {unit.code} --email ĐỊA_CHỈ, hoặc dondoc units import TỆP",
            "Đề nghị quản trị bổ sung địa chỉ vào danh bạ.",
        )
