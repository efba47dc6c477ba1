"""What a phrase mentions: dates with their relations, and what is said without a date."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from models.plan import Relation
from rules.timing.atoms import Atom, Count, Every, Hour, Mark, Moment, Part, Unit


class Role(StrEnum):
    """What a date is to the task."""

    DUE = "due"  # hạn, kỳ
    FROM = "from"  # "từ X", "kể từ X"
    AFTER = "after"  # "sau X"


@dataclass
class Mention:
    """A date or a range of dates. `relation` is what the phrase says, None where it says none."""

    moment: Moment
    role: Role = Role.DUE
    relation: Relation | None = None
    hour: Hour | None = None
    until: Moment | None = None
    until_relation: Relation = Relation.BY
    listed: bool = False  # nối với mốc trước bằng "và", dấu phẩy
    apart: bool = False  # của một phần việc: "trong đó …", "riêng …"
    excluded: bool = False  # "trừ tháng 7, 8"
    beside: bool = False  # ngay sau mốc trước: "quý I trước ngày 15/3"

    @property
    def is_year_alone(self) -> bool:
        """A year nothing is said of: it may be that of an event or a thing."""
        said = self.relation or self.until or self.moment.part or self.role is not Role.DUE
        return self.moment.unit is Unit.YEAR and not said


@dataclass
class Outline:
    """Everything in a phrase that says something about time."""

    mentions: list[Mention] = field(default_factory=list)
    excluded: list[Mention] = field(default_factory=list)
    excepting: bool = False  # có "trừ …", dù đọc được hay không
    every: list[Every] = field(default_factory=list)
    count: Count | None = None
    later: bool = False  # "sau 10 ngày": bắt đầu từ đó
    backward: bool = False  # "trước 05 ngày …": đếm lùi từ sự kiện
    hour: Hour | None = None
    weekday: int | None = None
    signing: bool = False
    document: bool = False
    before_event: bool = False
    after_event: bool = False
    ongoing: bool = False
    onward: bool = False
    periodic: bool = False
    external: bool = False
    demand: bool = False
    blank: bool = False
    others: int = 0

    @property
    def units(self) -> set[Unit]:
        return {every.unit for every in self.every}


def outline(atoms: Iterable[Atom]) -> Outline:
    reader = _Outliner()
    for atom in atoms:
        reader.take(atom)
    reader.finish()
    return reader.found


class _Outliner:
    """Goes through a phrase once; what is pending applies to the next date."""

    def __init__(self) -> None:
        self.found = Outline()
        self._relation: Relation | None = None
        self._role = Role.DUE
        self._hour: Hour | None = None
        self._part: Part | None = None
        self._joined: Mark | None = None
        self._fresh = False  # không có chữ nào khác từ mốc trước đến đây
        self._counted = False  # ngay sau "N ngày"
        self._recurring = False  # trong "hằng tháng, quý, năm"
        self._apart = False  # sau "trong đó", "riêng"
        self._excluding = False  # sau "trừ"
        self._strange = False  # ngay sau một chữ không nói về thời gian

    def take(self, atom: Atom) -> None:
        match atom.mark, atom.value:
            case Mark.MOMENT, Moment() as moment if self._is_a_name(moment):
                self._without_date(atom._replace(mark=Mark.OTHER))
            case Mark.MOMENT, Moment() as moment:
                self._mention(moment)
            case Mark.BARE_UNIT, Unit() as unit if self._recurring:
                self._every(Every(unit))
            case Mark.BARE_UNIT, Unit() as unit:
                self._bare_unit(unit)
            case Mark.COUNT, Count(number=6, unit=Unit.MONTH) if self._recurring:
                self._every(Every(Unit.HALF))
            case Mark.EVERY, Every() as every:
                self._every(every)
            case Mark.COUNT, Count() as count:
                self._count(count)
            case Mark.HOUR, Hour() as hour:
                self._take_hour(hour)
            case Mark.PART, Part() as part:
                self._part = part
            case Mark.WEEKDAY, int(weekday):
                self.found.weekday = weekday
            case ((Mark.BEFORE | Mark.BY | Mark.TO | Mark.WITHIN), _):
                self._relate(atom.mark)
            case ((Mark.FROM | Mark.AFTER), _):
                self._role = Role.FROM if atom.mark is Mark.FROM else Role.AFTER
                self._joined = None
            case ((Mark.AND | Mark.DASH), _):
                if self._fresh and self._relation is None:
                    self._joined = atom.mark
            case ((Mark.OPEN | Mark.STOP), _):
                self._excluding = False
                self._part_company()
            case Mark.APART, _:
                self._apart = True
                self._excluding = False
                self._part_company()
            case Mark.SIGNING, _:
                self.found.signing = self.found.signing or self._role is not Role.DUE
                self._role = Role.DUE
            case Mark.EXCEPT, _:
                self.found.excepting = True
                self._part_company()
                self._excluding = True
            case Mark.CLOSE, _:
                self._excluding = False
            case ((Mark.FILLER | Mark.NOW), _):
                pass
            case _:
                self._without_date(atom)
        self._strange = atom.mark in {Mark.OTHER, Mark.DOCUMENT}
        listed = atom.mark in {Mark.AND, Mark.BARE_UNIT, Mark.COUNT} and self._recurring
        self._recurring = atom.mark is Mark.EVERY or listed

    def _is_a_name(self, moment: Moment) -> bool:
        """ "Tết Nguyên đán 2026", "khai giảng năm học": part of a name, no date of its own."""
        if moment.year is None and moment.number is None:
            return moment.unit is Unit.SCHOOL_YEAR and not (self._relation or self._part)
        return moment.unit is Unit.YEAR and not moment.explicit and self._strange

    def finish(self) -> None:
        self._part_company()
        mentions = self.found.mentions
        self.found.excluded = [mention for mention in mentions if mention.excluded]
        self.found.mentions = [mention for mention in mentions if not mention.excluded]

    def _mention(self, moment: Moment) -> None:
        if self._part and moment.unit in {Unit.MONTH, Unit.QUARTER, Unit.YEAR, Unit.SCHOOL_YEAR}:
            moment = replace(moment, part=self._part)
        if moment.unit is Unit.DAY and moment.month is None:
            self._end_exclusion()
        last = self.found.mentions[-1] if self.found.mentions else None
        if last and last.until is None and self._joined in {Mark.DASH, Mark.TO}:
            last.until = moment
            last.until_relation = self._relation or Relation.BY
            last.hour = self._hour or last.hour
        elif last and self._joined is Mark.AND and self._plain and _lists(last, moment):
            self.found.mentions.append(
                Mention(moment, last.role, last.relation, last.hour, listed=True)
            )
        else:
            listed = self._joined is Mark.AND
            beside = self._fresh and self._joined is None
            mention = Mention(
                moment, self._role, self._relation, self._hour, listed=listed, beside=beside
            )
            self.found.mentions.append(mention)
        self.found.mentions[-1].apart = self._apart
        self.found.mentions[-1].excluded = self._excluding
        self._settle()
        self._fresh = True

    def _end_exclusion(self) -> None:
        """ "Trước ngày 20, trừ tháng 7 trước ngày 10": the later day is of what is left out."""
        days = any(mention.moment.unit is Unit.DAY for mention in self.found.mentions)
        self._apart = self._apart or (self._excluding and days)
        self._excluding = False

    @property
    def _plain(self) -> bool:
        return self._relation is None and self._role is Role.DUE and self._hour is None

    def _bare_unit(self, unit: Unit) -> None:
        """ "Cuối năm", "trong quý": a period of the plan's year, only where something names it."""
        named = self._part or self._relation
        if named and unit in {Unit.MONTH, Unit.QUARTER, Unit.YEAR}:
            self._mention(Moment(unit))
        elif unit is Unit.WEEK:
            self._part = None

    def _every(self, every: Every) -> None:
        self.found.every.append(every)
        if self._part:
            self._mention(Moment(every.unit))
            return
        if self._relation in {Relation.WITHIN, Relation.BY}:
            self._relation = None

    def _count(self, count: Count) -> None:
        found = self.found
        if found.count is None:
            found.count = count
            found.backward = self._relation is Relation.BEFORE
            found.later = self._role is Role.AFTER and self._relation is None
        found.after_event = found.after_event or self._role is Role.AFTER
        self._settle()
        self._fresh = False
        self._counted = True

    def _take_hour(self, hour: Hour) -> None:
        if self._hour and self._role is Role.FROM:
            # "từ 8h00 đến 11h30 ngày …": the later hour is the one that counts.
            self._role = Role.DUE
        self._hour = hour

    def _relate(self, mark: Mark) -> None:
        if mark in {Mark.BEFORE, Mark.BY}:
            self._end_exclusion()
        if mark is Mark.BEFORE:
            if self._counted:
                self.found.backward = True
            self._relation = Relation.BEFORE
            return
        last = self.found.mentions[-1] if self.found.mentions else None
        if mark is Mark.TO and self._fresh and last and _opens_a_range(last):
            self._joined = Mark.TO
            return
        if self._relation is None:
            self._relation = Relation.WITHIN if mark is Mark.WITHIN else Relation.BY

    def _without_date(self, atom: Atom) -> None:
        found = self.found
        match atom.mark:
            case Mark.ONGOING:
                found.ongoing = True
            case Mark.ONWARD:
                found.onward = True
            case Mark.PERIODIC:
                found.periodic = True
            case Mark.EXTERNAL:
                found.external = True
            case Mark.DEMAND:
                found.demand = True
            case Mark.BLANK:
                found.blank = True
            case Mark.DOCUMENT:
                found.document = True
                self._part_company()
            case Mark.OTHER:
                found.others += 1
                self._part_company()

    def _part_company(self) -> None:
        """Something else begins: what is pending finds no date any more."""
        found = self.found
        if self._hour and self._fresh and found.mentions[-1].hour is None:
            # "ngày 12/5/2026, trước 17h00"
            found.mentions[-1].hour = self._hour
            found.mentions[-1].relation = self._relation or found.mentions[-1].relation
        elif self._hour:
            found.hour = self._hour
        elif self._relation is Relation.BEFORE:
            found.before_event = True
        if self._role is Role.AFTER:
            found.after_event = True
        self._settle()
        self._fresh = False

    def _settle(self) -> None:
        self._relation = None
        self._role = Role.DUE
        self._hour = None
        self._part = None
        self._joined = None
        self._counted = False


def _lists(last: Mention, moment: Moment) -> bool:
    """Not "trước 15/3, quý II trước 15/6" and "từ tháng 4 đến tháng 6, ngày 20": what follows a day
    or a range and is of another kind begins anew."""
    if last.until is not None:
        return last.until.unit is moment.unit
    return last.moment.unit is not Unit.DAY or moment.unit is Unit.DAY


def _opens_a_range(mention: Mention) -> bool:
    if mention.until is not None:
        return False
    return mention.role is Role.FROM or mention.relation in {None, Relation.WITHIN}
