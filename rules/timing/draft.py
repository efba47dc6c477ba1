"""What a rule has to read, and what it writes: the case and the draft of its reading."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from models.calendar import WorkingCalendar
from models.clock import VN
from models.plan import Timing
from models.policy import Policy
from models.timing import Alternative, Occasion, TimingKind
from rules.timing.atoms import Hour
from rules.timing.outline import Outline
from rules.wording import dmy, dmy_weekday, weekday
from rules.working_calendar import DAY

DAYS_ONLY = "Chương trình theo dõi theo ngày: giờ nêu trong cụm từ không được dùng để tính quá hạn."

NOT_OURS = "Chương trình không biểu diễn được lịch này: cán bộ tự đặt hạn từng kỳ."


@dataclass(frozen=True)
class Case:
    """A phrase and what its reading depends on."""

    text: str
    found: Outline
    year: int
    document_date: date | None
    policy: Policy
    calendar: WorkingCalendar | None


@dataclass(frozen=True)
class Draft:
    """A reading before its confidence is known."""

    kind: TimingKind
    rule: str
    start: date | None = None
    due: date | None = None
    due_exclusive: datetime | None = None
    days: tuple[str, ...] = ()
    occasions: tuple[Occasion, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    timing: Timing | None = None
    note: str = ""
    confidence: float = 0.97
    assumed_year: bool = False


def due_on(draft: Draft, last_day: date, hour: Hour | None) -> Draft:
    """The draft with its last day, its first late instant, and the sentence that names them."""
    if hour is None:
        named = draft.rule.endswith(f"hết ngày {dmy(last_day)}")
        last = f", {weekday(last_day)}" if named else f"; hạn cuối hết ngày {dmy_weekday(last_day)}"
        rule = f"{draft.rule}{last}."
        return replace(draft, rule=rule, due=last_day, due_exclusive=end_of(last_day))
    late = instant(last_day, hour)
    if hour == (0, 0):
        last_day -= DAY
    rule = f"Hạn đúng {hour.hour:02} giờ {hour.minute:02} ngày {dmy_weekday(_day_of(late, hour))}."
    note = DAYS_ONLY
    return replace(draft, rule=rule, due=last_day, due_exclusive=late, note=note)


def _day_of(late: datetime, hour: Hour) -> date:
    return late.date() - DAY if hour.hour == 24 else late.date()


def instant(day: date, hour: Hour) -> datetime:
    midnight = datetime.combine(day, time.min, tzinfo=VN)
    return midnight + timedelta(hours=hour.hour, minutes=hour.minute)


def end_of(day: date) -> datetime:
    return datetime.combine(day + DAY, time.min, tzinfo=VN)


def alternative(
    kind: TimingKind, rule: str, *, due: date | None = None, start: date | None = None
) -> Alternative:
    late = None if due is None else end_of(due)
    return Alternative(kind=kind, rule=rule, start=start, due=due, due_exclusive=late)


def capitalized(sentence: str) -> str:
    opening = 1 if sentence.startswith("“") else 0
    return sentence[:opening] + sentence[opening : opening + 1].upper() + sentence[opening + 1 :]
