"""Timing phrases become deadlines, and deadlines ladders of rungs, each date with its reason.

Days are dates in Vietnam. Instants are aware, in Asia/Ho_Chi_Minh (ISO +07:00). Nothing here knows
what day it is today.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from models.assignment import Waiting
from models.calendar import WorkingCalendar
from models.clock import VN
from models.deadline import Deadline, Ladder, Rung, RungKind, Shift
from models.plan import ByDate, Dormant, Recurring, Relation, Relative, Yearly, YearlyDay
from models.policy import Before, Policy
from rules.wording import QUARTERS, dmy, dmy_weekday, moved
from rules.working_calendar import (
    DAY,
    add_working_days,
    first_after_long_holiday,
    next_working_day,
    previous_working_day,
    reason_off,
)

COORDINATOR_LEVEL = 4
TOLD = {
    1: "lãnh đạo đơn vị và đầu mối",
    2: "đơn vị điều phối",
    3: "lãnh đạo cơ quan",
    COORDINATOR_LEVEL: "đơn vị điều phối",
}
QUESTIONS = {
    Waiting.ALLOCATION: "phân công đơn vị thực hiện",
    Waiting.DATE: "ấn định hạn hoàn thành",
    Waiting.DOCUMENT: "cập nhật số, ngày văn bản của cấp trên",
    Waiting.ADOPTION: "quyết định với hạn đã qua trước khi phát động",
    Waiting.RESUMPTION: "cho tiếp tục phần việc đang tạm dừng khi đã đủ điều kiện",
}
FREQUENT_QUESTIONS = 52
MONTHLY_QUESTIONS = 24


class Resolved(NamedTuple):
    """The last day on time and, as one Vietnamese clause, the rule that leads to it."""

    last_day: date
    rule: str


class Period(NamedTuple):
    first: date
    last: date
    name: str

    @property
    def is_day(self) -> bool:
        return self.first == self.last


class Step(NamedTuple):
    """What a ladder says so many working days after it began, and at which level."""

    after: int
    level: int
    told: str


def resolve(timing: ByDate, policy: Policy) -> Resolved:
    """The last day on time of a phrase with one date.

    "Trước X" excludes the whole day, month, quarter or year X; under the lenient policy "trước
    ngày X" includes the day itself. A fixed day never moves because it is a day off.
    """
    return _within(_period(timing.anchor), timing.relation, policy)


def resolve_recurring(timing: Recurring, year: int, policy: Policy) -> tuple[Resolved, ...]:
    """The days of one year, in the order of `timing.days`, by the rules of `resolve`.

    Raises ValueError, with a Vietnamese sentence, for 29/02 in a year without one: no other day is
    guessed.
    """
    return tuple(
        _within(_period(f"{year:04}-{month_day}"), timing.relation, policy)
        for month_day in timing.days
    )


def resolve_yearly(_timing: Yearly, year: int) -> Resolved:
    """ "Hằng năm" without a day: 31/12 of the year (our default, no text decides)."""
    last_day = date(year, 12, 31)
    return Resolved(last_day, f"hằng năm, không nêu ngày: tính đến hết ngày {dmy(last_day)}")


def resolve_yearly_day(
    day: YearlyDay, year: int, *, calendar: WorkingCalendar, policy: Policy
) -> Resolved:
    """Evidence of a yearly day's activity: `policy.evidence_after_day` working days after it.

    Raises ValueError, as `resolve_recurring` does, for 29/02 in a year without one.
    """
    held_on = _day(year, day.date)
    last_day = add_working_days(calendar, held_on, policy.evidence_after_day)
    after = policy.evidence_after_day
    return Resolved(last_day, f"minh chứng trong {after} ngày làm việc sau ngày {dmy(held_on)}")


def resolve_dormant(
    timing: Dormant, issued_on: date, *, calendar: WorkingCalendar
) -> Resolved | None:
    """`within_days` after the awaited document's date; None when the plan states no period.

    The day of the document is not counted, and a period that ends on a day off ends on the next
    working day (Civil Code 2015, art. 147-148).
    """
    if timing.within_days is None:
        return None
    return _counted(timing.within_days, "ngày văn bản", issued_on, calendar)


def resolve_relative(timing: Relative, *, calendar: WorkingCalendar) -> Resolved | None:
    """N days, or N working days, after `from_date`; None while that is not known.

    The day of the event is not counted, and a period that ends on a day off ends on the next
    working day (Civil Code 2015, art. 147-148).
    """
    if timing.from_date is None:
        return None
    if not timing.working_days:
        return _counted(timing.days, "ngày", timing.from_date, calendar)
    last_day = add_working_days(calendar, timing.from_date, timing.days)
    rule = f"{timing.days} ngày làm việc kể từ ngày {dmy(timing.from_date)}, không kể ngày này"
    return Resolved(last_day, f"{rule} (Bộ luật Dân sự 2015, Điều 147)")


def build_deadline(
    phrase: str, rule: str, last_day: date, *, calendar: WorkingCalendar, policy: Policy
) -> Deadline:
    """The deadline whose last day on time is `last_day`, with its whole ladder.

    `breach` is 24:00 of `last_day`; `target` is `last_day` moved back to a working day, with the
    shift and its reason. Raises OverflowError for dates at the end of year 9999.
    """
    target = previous_working_day(calendar, last_day)
    reason = reason_off(calendar, last_day)
    return Deadline(
        phrase=phrase,
        rule=rule,
        last_day=last_day,
        breach=datetime.combine(last_day + DAY, time.min, tzinfo=VN),
        target=target,
        shifts=(Shift(moved_from=last_day, moved_to=target, reason=reason),) if reason else (),
        ladder=_ladder(last_day, target, calendar, policy),
    )


def earlier_deadline(
    deadline: Deadline,
    working_days: int,
    phrase_reason: str,
    *,
    calendar: WorkingCalendar,
    policy: Policy,
) -> Deadline:
    """A subordinate's own deadline, planned back from the target of the level above it.

    `phrase_reason` says what the days are for, such as "để đầu mối tổng hợp". At least one working
    day per level (Decree 09/2019/NĐ-CP, art. 8(5)b): ValueError when there is none.
    """
    if working_days < 1:
        raise ValueError("mỗi cấp báo cáo cần ít nhất 1 ngày làm việc")
    last_day = add_working_days(calendar, deadline.target, -working_days)
    rule = (
        f"sớm hơn {working_days} ngày làm việc so với ngày {dmy(deadline.target)} của cấp trên, "
        f"{phrase_reason} (Nghị định 09/2019/NĐ-CP, Điều 8 khoản 5 điểm b)"
    )
    return build_deadline(deadline.phrase, rule, last_day, calendar=calendar, policy=policy)


def moved_deadline(
    previous: Deadline, last_day: date, rule: str, *, calendar: WorkingCalendar, policy: Policy
) -> Deadline:
    """`previous` with another last day: an extension, a return or a new schedule.

    The document's phrase stays; `rule` says what moved it, such as "gia hạn đến hết ngày
    15/07/2026".
    """
    return build_deadline(previous.phrase, rule, last_day, calendar=calendar, policy=policy)


def chasing_deadline(
    breached: Deadline, since: date, *, calendar: WorkingCalendar, policy: Policy
) -> Deadline:
    """A deadline that had passed before the launch and is chased from `since` on.

    The legal dates stay, so it counts as late; escalations are counted from `since`, because
    nobody could answer last spring's.
    """
    chased = _escalations(since, calendar, policy)
    rungs = tuple(
        rung.model_copy(update={"why": f"{rung.why} (theo dõi từ ngày {dmy(since)})"})
        for rung in chased
    )
    rule = f"{breached.rule}; hạn đã qua trước khi phát động, đôn đốc từ ngày {dmy(since)}"
    return breached.model_copy(update={"rule": rule, "ladder": Ladder(rungs=rungs)})


def acknowledgement_ladder(
    assigned_at: datetime, *, calendar: WorkingCalendar, policy: Policy
) -> Ladder:
    """Rungs `A+n` on the n-th working day after the Vietnamese day of `assigned_at` (aware)."""
    steps = (
        Step(policy.acknowledge_reminder_after, 0, "nhắc đơn vị"),
        Step(policy.acknowledge_escalation_after, 1, "báo đầu mối hoặc đơn vị điều phối"),
    )
    kind = RungKind.ACKNOWLEDGEMENT
    return _steps("A", kind, "chưa xác nhận tiếp nhận", assigned_at, steps, calendar, policy)


def review_ladder(submitted_at: datetime, *, calendar: WorkingCalendar, policy: Policy) -> Ladder:
    """Rungs `R+n` on the n-th working day after the Vietnamese day of `submitted_at` (aware)."""
    return _reviewing("chờ duyệt", submitted_at, calendar, policy)


def extension_ladder(asked_at: datetime, *, calendar: WorkingCalendar, policy: Policy) -> Ladder:
    """The same rungs for whoever answers an extension that was asked for."""
    return _reviewing("chờ trả lời đề nghị gia hạn", asked_at, calendar, policy)


def ask_ladder(
    waiting: Waiting, since: datetime, *, calendar: WorkingCalendar, policy: Policy
) -> Ladder:
    """Rungs `Q1`, `Q2` … that ask the officer, the first one interval after `since` (aware).

    An allocation or an adoption is asked for every `ask_allocation_every_days` days, a date, a
    document or a resumption every `ask_date_every_months` months; a month that lacks the day has
    it on its last.
    Questions move on to a working day.
    """
    start = since.astimezone(VN).date()
    if waiting in (Waiting.ALLOCATION, Waiting.ADOPTION):
        every = timedelta(days=policy.ask_allocation_every_days)
        nominals = [start + n * every for n in range(1, FREQUENT_QUESTIONS + 1)]
    else:
        months = policy.ask_date_every_months
        nominals = [_months_after(start, n * months) for n in range(1, MONTHLY_QUESTIONS + 1)]
    rungs = []
    for n, nominal in enumerate(nominals, start=1):
        day = next_working_day(calendar, nominal)
        shifted = moved(day, nominal, reason_off(calendar, nominal))
        why = f"hỏi lần {n}: {dmy(day)}{shifted}, đề nghị {QUESTIONS[waiting]}"
        rungs.append(_rung(f"Q{n}", RungKind.ASK, 0, day, nominal, why, policy))
    return Ladder(rungs=tuple(rungs))


def explain(deadline: Deadline) -> str:
    """Why this date: the phrase, the rule, the last day and the target, as one sentence."""
    parts = [deadline.rule, f"hạn cuối hết ngày {dmy_weekday(deadline.last_day)}"]
    for shift in deadline.shifts:
        shifted = moved(shift.moved_to, shift.moved_from, shift.reason)
        parts.append(f"các mốc nhắc tính từ ngày {dmy_weekday(shift.moved_to)}{shifted}")
    return f"“{deadline.phrase}”: {'; '.join(parts)}."


def _period(anchor: str) -> Period:
    """The day, month, quarter or year that `2026-03-15`, `2026-03`, `2026-Q1` or `2026` names."""
    year_digits, _, rest = anchor.partition("-")
    year = int(year_digits)
    if not rest:
        return Period(date(year, 1, 1), date(year, 12, 31), f"năm {year}")
    if rest.startswith("Q"):
        quarter = int(rest[1])
        last_month = quarter * 3
        last = date(year, last_month, monthrange(year, last_month)[1])
        return Period(date(year, last_month - 2, 1), last, f"quý {QUARTERS[quarter]}/{year}")
    if "-" in rest:
        day = _day(year, rest)
        return Period(day, day, f"ngày {dmy(day)}")
    month = int(rest)
    last = date(year, month, monthrange(year, month)[1])
    return Period(date(year, month, 1), last, f"tháng {month:02}/{year}")


def _day(year: int, month_day: str) -> date:
    month, day = (int(digits) for digits in month_day.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(
            f"không có ngày {day:02}/{month:02} trong năm {year}: cần ghi một ngày có thật"
        ) from None


def _within(period: Period, relation: Relation, policy: Policy) -> Resolved:
    match relation:
        case Relation.BEFORE if period.is_day and policy.before is Before.LENIENT:
            rule = f"kế hoạch cho phép “trước ngày” kể cả chính {period.name}"
            return Resolved(period.last, rule)
        case Relation.BEFORE:
            return Resolved(period.first - DAY, f"“trước” là không kể {period.name}")
        case Relation.BY:
            return Resolved(period.last, f"tính đến hết {period.name}")
        case Relation.WITHIN:
            return Resolved(period.last, f"trong {period.name}, tính đến hết ngày cuối")


def _counted(days: int, what: str, start: date, calendar: WorkingCalendar) -> Resolved:
    nominal = start + timedelta(days=days)
    last_day = next_working_day(calendar, nominal)
    rule = f"{days} ngày kể từ {what} {dmy(start)}, không kể ngày này"
    if shifted := moved(last_day, nominal, reason_off(calendar, nominal)):
        rule += f", ngày cuối là {dmy(last_day)}{shifted}"
    return Resolved(last_day, f"{rule} (Bộ luật Dân sự 2015, Điều 147 và 148)")


def _ladder(last_day: date, target: date, calendar: WorkingCalendar, policy: Policy) -> Ladder:
    reminders = _reminders(target, calendar, policy)
    due = _due_rung(last_day, target, policy)
    # Stable: of rungs that share an instant the later in the ladder stays the later.
    rungs = sorted((*reminders, due), key=lambda rung: rung.at)
    return Ladder(rungs=(*rungs, *_escalations(last_day, calendar, policy)))


def _reminders(target: date, calendar: WorkingCalendar, policy: Policy) -> list[Rung]:
    rungs = []
    for days in sorted(set(policy.reminders), reverse=True):
        nominal = target - timedelta(days=days)
        day = previous_working_day(calendar, nominal)
        shifted = moved(day, nominal, reason_off(calendar, nominal))
        why = f"nhắc trước {days} ngày: {dmy(day)}{shifted}"
        rungs.append(_rung(f"T-{days}", RungKind.REMINDER, 0, day, nominal, why, policy))
    if not rungs or not policy.remind_after_long_holiday:
        return rungs
    # Before the others, so that a shared instant is told by the rung nearer to the target.
    return [*_after_holidays(rungs[0].at.date(), target, calendar, policy), *rungs]


def _after_holidays(
    start: date, target: date, calendar: WorkingCalendar, policy: Policy
) -> list[Rung]:
    rungs: list[Rung] = []
    while (day := first_after_long_holiday(calendar, start, target)) is not None:
        why = f"nhắc ngày làm việc đầu tiên sau kỳ nghỉ dài: {dmy(day)}"
        identifier = f"H{len(rungs) + 1}"
        rungs.append(_rung(identifier, RungKind.REMINDER, 0, day, day, why, policy))
        start = day
    return rungs


def _due_rung(last_day: date, target: date, policy: Policy) -> Rung:
    why = f"đến hạn: {dmy(target)}"
    if target != last_day:
        why += f"; hạn cuối hết ngày {dmy_weekday(last_day)}"
    return _rung("T0", RungKind.DUE, 0, target, target, why, policy)


def _escalations(last_day: date, calendar: WorkingCalendar, policy: Policy) -> list[Rung]:
    # Of two escalations on one day only the higher can have the day's rung.
    levels = {
        step.after: step.level for step in sorted(policy.escalations, key=lambda step: step.level)
    }
    rungs = []
    day = last_day
    for after, level in sorted(levels.items()):
        day = add_working_days(calendar, last_day, after)
        why = f"quá hạn {after} ngày làm việc: {dmy(day)}, báo {TOLD[level]}"
        rungs.append(_rung(f"E+{after}", RungKind.ESCALATION, level, day, day, why, policy))
    for week in range(1, policy.weekly_rungs + 1):
        nominal = day + timedelta(weeks=week)
        told_on = next_working_day(calendar, nominal)
        shifted = moved(told_on, nominal, reason_off(calendar, nominal))
        told = TOLD[COORDINATOR_LEVEL]
        why = f"vẫn quá hạn, nhắc hằng tuần lần {week}: {dmy(told_on)}{shifted}, báo {told}"
        kind = RungKind.ESCALATION
        rungs.append(_rung(f"W{week}", kind, COORDINATOR_LEVEL, told_on, nominal, why, policy))
    return rungs


def _reviewing(what: str, since: datetime, calendar: WorkingCalendar, policy: Policy) -> Ladder:
    steps = (
        Step(policy.review_reminder_after, 0, "nhắc người duyệt"),
        Step(policy.review_escalation_after, 1, "báo cấp trên của người duyệt"),
    )
    return _steps("R", RungKind.REVIEW, what, since, steps, calendar, policy)


def _steps(
    letter: str,
    kind: RungKind,
    what: str,
    since: datetime,
    steps: tuple[Step, ...],
    calendar: WorkingCalendar,
    policy: Policy,
) -> Ladder:
    start = since.astimezone(VN).date()
    # Of two steps on one day only the higher can have the day's rung.
    by_day = {step.after: step for step in sorted(steps, key=lambda step: step.level)}
    rungs = []
    for after, step in sorted(by_day.items()):
        day = add_working_days(calendar, start, after)
        why = f"{what} sau {after} ngày làm việc: {dmy(day)}, {step.told}"
        rungs.append(_rung(f"{letter}+{after}", kind, step.level, day, day, why, policy))
    return Ladder(rungs=tuple(rungs))


def _rung(
    identifier: str,
    kind: RungKind,
    level: int,
    day: date,
    nominal: date,
    why: str,
    policy: Policy,
) -> Rung:
    at = datetime.combine(day, policy.rung_time, tzinfo=VN)
    return Rung(id=identifier, kind=kind, level=level, at=at, nominal=nominal, why=why)


def _months_after(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
