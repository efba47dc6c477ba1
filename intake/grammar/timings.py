"""When a duty is due: from its column or line, else from inside its sentence."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from itertools import pairwise

from intake.documents.blocks import fold
from intake.grammar.acts import begins_act
from models.plan import ByDate, Recurring, Relation, Timing, Undated
from models.timing import Reading, TimingKind
from rules.timing.finding import find_timing
from rules.timing.reading import read_timing
from rules.wording import dmy

# Bare dates that name documents, periods and anniversaries are no deadlines of a task.
_BARE = re.compile(r"^(?:ngày|tháng|năm|đến năm|\d)", re.IGNORECASE)
_ALWAYS = re.compile(r"\b24\s?/\s?(?:7|24)\b")
_PAPERS = "Nghị quyết|Quyết định|Kế hoạch|Chỉ thị|Luật|Nghị định|Thông tư|Công văn|Chương trình"
_NOT_DUE = re.compile(
    r"(?:\bsố:?\s*\d\S*|giai đoạn|thời kỳ|tầm nhìn(?: đến)?|năm học|khóa|nhiệm kỳ|"
    r"\bnhân (?:dịp|ngày|lễ|kỷ niệm)\b[^.;,]{0,60}|"
    # Persons and bodies are called "công nhân", "Ủy ban nhân dân".
    r"(?<!cá )(?<!công )(?<!bệnh )(?<!nạn )(?<!quân )(?<!doanh )\bnhân|"
    r"\b(?:chào mừng|hưởng ứng)\b[^.;,]{0,60}|"
    rf"(?:{_PAPERS})[^.;,]{{0,80}}|"
    r"ngày hội[^.;,]{0,60}|kỷ niệm[^.;,]{0,60}|Ngày [A-ZĐ][^.;,]{0,60})\s*\(?$"
)
# What stands between is the feast's name, neither another day nor a paper's.
_BEFORE_FEAST = re.compile(
    r"\btrước (?:dịp|lễ|ngày lễ|ngày|kỷ niệm)\b(?=[^.;,()]*\w)"
    rf"(?:(?!\d/\d|\d\s+tháng|(?-i:{_PAPERS})\b)[^.;,()]){{1,60}}$",
    re.IGNORECASE,
)
_DAY_ALONE = re.compile(r"\d{1,2}/\d{1,2}(?:/\d{4})?")
_DAY_IN = re.compile(r"\d{1,2}(?:[/.]\d|\s+tháng\s+\d)")
_DAY_NAMED = re.compile(rf"^(?:ngày\s+)?{_DAY_IN.pattern}", re.IGNORECASE)
# The day of a paper or a meeting that a duty follows.
_CITING = re.compile(
    r"\b(?:theo|căn cứ|nêu tại|ghi tại|thay thế|thay cho)\s(?:đúng |nội dung |các |những )?"
    r"(?:kết quả|kết luận|biên bản|đơn|văn bản|công văn|tờ trình|giấy mời|thông báo|báo cáo|"
    r"hợp đồng|ý kiến|kiến nghị|đề nghị|phản ánh|yêu cầu|kế hoạch|chương trình|chỉ thị|"
    r"hướng dẫn|quyết định|nghị quyết|(?:cuộc|buổi|phiên) họp|hội nghị)\b[^.;,:(]{0,80}$",
    re.IGNORECASE,
)
# What a report of several in one sentence is about: "6 tháng đầu năm (trước ngày 15/6)".
_REPORT_OF = re.compile(
    r"\b(?:báo cáo|6 tháng|sáu tháng|9 tháng|quý|cả năm|sơ kết|tổng kết|lần|đợt|kỳ)\b",
    re.IGNORECASE,
)
_AIM = re.compile(r"^(?:đến|tới)\s+năm\s+\d{4}$", re.IGNORECASE)
# The year of a plan or a budget, not when it is due.
_YEAR_ALONE = re.compile(r"(?:năm|đến(?: năm)?)\s+\d{4}", re.IGNORECASE)
_YEARS_ALONE = re.compile(r"(?:(?:năm|đến|tới)\s+)*20\d\d(?:\s*[-–]\s*20\d\d)?", re.IGNORECASE)
# "dự toán năm 2027", "trước mùa lũ năm 2026": only after these is a year when something is done.
_BARE_YEAR = re.compile(r"(?:năm\s+)?20\d\d", re.IGNORECASE)
_DONE_IN = re.compile(
    r"(?:^|[;,(:\[]|\b(?:hoàn thành|xong|trong|thực hiện|vào|hết|đến|triển khai|tổ chức|và))\s*$",
    re.IGNORECASE,
)
# "trước ngày 12/6 (6 tháng) và trước ngày 12/11 (năm)": for which period, not how long before.
_PERIOD_NAMED = re.compile(
    r"(?<=\d) \((?:báo cáo )?(?:6 tháng|sáu tháng|9 tháng|cả năm|năm|quý)(?: đầu năm| cuối năm)?\)"
)
# An adverb, not a timing: it says how, and the conventions of plans allow either reading.
_MANNER = re.compile(
    r"^(?:thường xuyên|định kỳ|kịp thời|trước mắt|hàng ngày|hằng ngày)$", re.IGNORECASE
)
# "… ; thực hiện thường xuyên.": a clause of its own says when.
_ALL_SAID = re.compile(r"(?:^|[.;,]\s+)(?:(?:tổ chức|triển khai) )?thực hiện $", re.IGNORECASE)
# "… dự toán năm 2027, chậm nhất ngày 10/11/2026": the year is that of the thing.
_YEAR_OF_THING = re.compile(r"^năm\s+\d{4},\s+(?=\D.*\d{4})", re.IGNORECASE)
# "… ; riêng hồ sơ mật trước ngày 15/02": of a part only.
_APART = re.compile(r"[;,.]\s+riêng\b[^;.]*", re.IGNORECASE)
# "Khóa 1 xong trước 30/11": a note about a part only.
_OF_A_PART = re.compile(r"\W*(?:riêng|đợt|khóa|giai đoạn|bước)\b", re.IGNORECASE)
_BEFORE_EVENT = re.compile(
    r"\btrước\s+(?:ít nhất\s+)?(?P<days>\d{1,2})\s+ngày(?P<working>\s+làm việc)?\s+"
    r"(?:trước\s+(?:khi\s+)?)?(?:ngày\s+)?(?:tổ chức|diễn ra|khai mạc)\b[^.;,]{0,60}|"
    r"\b(?P<ahead>\d{1,2})\s+ngày(?P<at_work>\s+làm việc)?\s+trước\s+(?:khi\s+)?(?:ngày\s+|lễ\s+)?"
    r"(?:tổ chức|diễn ra|khai mạc|hội nghị|lễ)\b[^.;,]{0,60}",
    re.IGNORECASE,
)
_NEXT_ACT = re.compile(r"\s+(?:và|rồi|sau đó|để)\s+")
LONGEST_FEAST = 80
_CLAUSE_ENDS = re.compile(r"[.;]\s")
_AUTUMN = 8  # August: a school year begins
_YEAR_SAID = re.compile(r"\b20\d\d\b")
LEAST_CONFIDENCE = 0.5
ANY_YEAR = 2026


@dataclass(frozen=True)
class Clock:
    """What phrases without a year or an origin are read against."""

    year: int
    document_date: Date | None = None
    event: Date | None = None
    school_year: int | None = None  # năm bắt đầu, trong kế hoạch của một năm học

    def read(self, phrase: str) -> Reading:
        text = fold(phrase)
        said = _PERIOD_NAMED.sub("", text)
        reading = self._in_year(said)
        return reading if said == text else _called(reading, text)

    def _in_year(self, said: str) -> Reading:
        """A month without its year is that of the plan; of a school year, autumn or spring."""
        first = self.school_year or self.year
        reading = read_timing(said, year=first, document_date=self.document_date)
        if self.school_year is None or _YEAR_SAID.search(said):
            return reading
        begins = Date(first, _AUTUMN, 1)
        once = reading.due or reading.ambiguous  # not "hằng năm"
        named = (*(each.due for each in reading.occasions if once), reading.due)
        too_early = {day < begins for day in named if day}
        if True not in too_early:
            return reading
        later = read_timing(said, year=first + 1, document_date=self.document_date)
        return _over_the_new_year(reading, later, begins) if False in too_early else later

    def inside(self, sentence: str) -> Reading | None:
        """The deadline a sentence states; None for one that only names years and documents."""
        before_event = self._before_event(sentence)
        if before_event is not None:
            return before_event
        stated = self._stated(sentence)
        found = list(stated.values())
        dated = [reading for reading in found if reading.due or reading.days]
        if not dated:
            return self._day_of_season(sentence, stated) or (found[-1] if found else None)
        return self._last(dated)

    def _last(self, dated: Sequence[Reading]) -> Reading:
        """The last one said, unless a day is set that is later: the whole is due then."""
        last = dated[-1]
        if last.due is None:
            return last
        said = [each for each in dated if _sets_a_day(each)]
        return max([last, *said], key=lambda each: each.due or Date.min)

    def _day_of_season(
        self, sentence: str, stated: Mapping[tuple[int, int], Reading]
    ) -> Reading | None:
        """ "Hằng tháng (từ tháng 3 đến tháng 9), … trước ngày 20", in one clause."""
        for ((_, end), often), ((start, _), day) in pairwise(stated.items()):
            if _CLAUSE_ENDS.search(sentence, end, start):
                continue
            joined = self.read(f"{often.text}, {day.text}")
            if joined.days:
                return _called(joined, f"{often.text} … {day.text}")
        return None

    def reported(self, sentence: str) -> Reading | None:
        """When reports are due: on each day that a sentence gives one of them."""
        found = {
            span: each for span, each in self._stated(sentence).items() if each.due or each.days
        }
        ends = [0, *(end for _, end in found)]
        named = all(
            _REPORT_OF.search(sentence[before:end])
            for before, (_, end) in zip(ends, found, strict=False)
        )
        if len(found) > 1 and named:
            texts = [each.text for each in found.values()]
            joined = self.read("; ".join(texts))
            if len(joined.occasions) >= len(texts):
                return _called(joined, "; ".join(texts))
        return self.inside(sentence)

    def unused(self, sentence: str, used: Reading) -> list[str]:
        """The deadlines a sentence states beside the one that was taken."""
        dated = [reading for reading in self._stated(sentence).values() if reading.due]
        others = (reading.text for reading in dated if reading.due != used.due)
        return [
            text
            for text in dict.fromkeys(others)
            if text not in used.text and not _YEAR_ALONE.fullmatch(text)
        ]

    def passed_over(self, sentence: str) -> list[str]:
        """The days a sentence names that are nobody's deadline: of papers, feasts and the past."""
        passed = (reading for _, reading, due in self._said(sentence) if not due and reading.due)
        days = (reading.text for reading in passed if not _YEARS_ALONE.fullmatch(reading.text))
        return list(dict.fromkeys(days))

    def _stated(self, sentence: str) -> dict[tuple[int, int], Reading]:
        """What a sentence says of its duty's time, by where it stands."""
        return {place: reading for place, reading, due in self._said(sentence) if due}

    def _said(self, sentence: str) -> Iterator[tuple[tuple[int, int], Reading, bool]]:
        """Every time a sentence names, where, and whether it is when its duty is due."""
        # "24/7" is no day of July.
        sentence = _ALWAYS.sub(lambda always: "_" * len(always.group()), sentence)
        for span in find_timing(sentence):
            phrase = _YEAR_OF_THING.sub("", fold(span.phrase))
            before = sentence[: span.start]
            feast = _feast(before) if _DAY_NAMED.match(phrase) else ""
            reading = self._before_feast(feast, phrase) if feast else self.read(phrase)
            due = bool(feast) or self._is_due(reading, phrase, before)
            yield (span.start, span.end), reading, due

    def _is_due(self, reading: Reading, phrase: str, before: str) -> bool:
        cited = _BARE.match(phrase) and _NOT_DUE.search(before)
        cited = cited or (_DAY_NAMED.match(phrase) and _CITING.search(before))
        year = _BARE_YEAR.fullmatch(phrase) and not _DONE_IN.search(before)
        manner = _MANNER.match(phrase) and not _ALL_SAID.search(before)
        if cited or year or manner or _AIM.match(phrase):
            return False
        unsaid = reading.kind in {TimingKind.UNKNOWN, TimingKind.EXTERNAL}
        return not unsaid and not self._is_past(reading)

    def _is_past(self, reading: Reading) -> bool:
        """A day before the document's own, without "trước" or the like, is that of a paper."""
        if reading.due is None or self.document_date is None:
            return False
        return bool(_DAY_NAMED.match(reading.text)) and reading.due < self.document_date

    def _before_feast(self, feast: str, day: str) -> Reading:
        """ "trước lễ khánh thành đập 14/8/2026": strictly before that day."""
        return _called(self.read(f"trước ngày {day}"), feast + day)

    def narrowed(self, phrase: str, beside: Iterable[str]) -> Reading:
        """When a duty with a period of its own is due: the words beside it may name the day."""
        whole = self.read(phrase)
        beside = [text for text in beside if not _OF_A_PART.match(text)]
        if whole.kind is TimingKind.UNKNOWN:
            said = filter(None, map(self.inside, beside))
            return next((each for each in said if _sets_a_day(each)), whole)
        if whole.kind is not TimingKind.PERIOD or whole.start is None or whole.due is None:
            return whole
        named = (self.inside(text) or self._day_alone(text) for text in beside)
        days = [each for each in named if each and each.due and each.start != whole.start]
        inside = (each for each in days if each.due and whole.start <= each.due <= whole.due)
        return next(inside, whole)

    def _day_alone(self, cell: str) -> Reading | None:
        return self.read(cell) if _DAY_ALONE.fullmatch(cell) else None

    def is_over(self, period: str) -> bool:
        """Whether a period had ended before the document's own day."""
        due = self.read(period).due
        return due is not None and self.document_date is not None and due < self.document_date

    def within(self, period: str, sentence: str) -> Reading:
        """When a duty below the heading of a period is due: by the end of it, unless its sentence
        names a day inside, or a later deadline of its own."""
        whole, said = self.read(period), self.inside(_APART.sub("", sentence))
        if said is None or said.due is None:
            return whole
        if whole.due is None or whole.start is None or goes_beyond(said, whole):
            return said
        return said if whole.start <= said.due <= whole.due else whole

    def _before_event(self, sentence: str) -> Reading | None:
        """ "Trước 05 ngày tổ chức Hội nghị", where the document says when the event is."""
        found = _BEFORE_EVENT.search(sentence)
        if found is None:
            return None
        days, text = int(found["days"] or found["ahead"]), fold(found.group())
        if found["working"] or found["at_work"]:
            return self._workdays_before(days, text)
        if self.event is None:
            return None
        last = self.event - timedelta(days=days)
        base = self.read(f"chậm nhất ngày {last:%d/%m/%Y}")
        return base.model_copy(
            update={
                "text": text,
                "rule": f"{days} ngày trước sự kiện ngày {self.event:%d/%m/%Y}",
                "confidence": min(base.confidence, 0.6),
                "timing": base.timing and base.timing.model_copy(update={"text": text}),
            }
        )

    def _workdays_before(self, days: int, text: str) -> Reading:
        """No date: which days are worked is known only at launch, and the officer sets it."""
        event = f"ngày {self.event:%d/%m/%Y}" if self.event else "chưa biết ngày"
        return Reading(
            text=text,
            kind=TimingKind.RELATIVE,
            rule=f"{days} ngày làm việc trước sự kiện {event}: chưa tính ngày nghỉ, chưa có hạn",
            confidence=0.4,
            timing=Undated(text=text),
        )


def _feast(before: str) -> str:
    """What stands before a day from "trước" on, unless the day is that of another act."""
    found = _BEFORE_FEAST.search(before[-LONGEST_FEAST:])
    acts = found is not None and any(map(begins_act, _NEXT_ACT.split(found.group())[1:]))
    return found.group() if found and not acts else ""


def names_a_deadline(sentence: str) -> bool:
    """Whether something is to be done by a day, whatever the year of the plan."""
    found = Clock(ANY_YEAR).inside(sentence)
    return found is not None and _sets_a_day(found)


def _sets_a_day(reading: Reading) -> bool:
    """ "Trước ngày 15/3", not "ngày 15/3", which may be that of something else."""
    bare = _DAY_NAMED.match(reading.text)
    return reading.kind is TimingKind.DEADLINE and not bare and bool(_DAY_IN.search(reading.text))


def goes_beyond(said: Reading, period: Reading) -> bool:
    """Whether a sentence sets a deadline after the period it stands under: what is said nearer
    counts, and an officer is told."""
    later = said.due and period.due and said.due > period.due
    return _sets_a_day(said) and bool(later)


def _over_the_new_year(autumn: Reading, spring: Reading, begins: Date) -> Reading:
    """ "Tháng 10 và tháng 4" of a school year: each in its own year, due as a whole by the last."""
    days = [each for each in autumn.occasions if each.due >= begins]
    days += [each for each in spring.occasions if each.due < begins.replace(year=begins.year + 1)]
    occasions = tuple(sorted(days, key=lambda each: each.due))
    last = occasions[-1]
    timing = ByDate(text=autumn.text, relation=Relation.BY, anchor=last.due.isoformat())
    return Reading(
        text=autumn.text,
        kind=TimingKind.DEADLINE,
        rule=f"Nêu {len(occasions)} mốc trong năm học, hạn chung là mốc cuối, {dmy(last.due)}.",
        due=last.due,
        due_exclusive=last.due_exclusive,
        occasions=occasions,
        confidence=autumn.confidence,
        timing=timing,
        note="Mỗi mốc có thể là một việc riêng: cán bộ quyết định tách hay không.",
    )


def _called(reading: Reading, text: str) -> Reading:
    timing = reading.timing and reading.timing.model_copy(update={"text": text})
    return reading.model_copy(update={"text": text, "timing": timing})


def timing_of(reading: Reading | None, phrase: str = "") -> Timing:
    """What the engine follows; without a date the phrase stands as it is and none is invented."""
    if reading is not None and reading.timing is not None:
        return reading.timing
    return Undated(text=reading.text if reading is not None else fold(phrase))


def each_day(timing: Timing, reading: Reading | None, year: int) -> Timing:
    """A report due on several days of the plan's year is due on each, not on the last alone."""
    if reading is None or not isinstance(timing, ByDate) or len(reading.occasions) < 2:
        return timing
    named = timedelta(days=1 if timing.relation is Relation.BEFORE else 0)
    days = [occasion.due + named for occasion in reading.occasions]
    if any(day.year != year for day in days):
        return timing
    found = tuple(f"{day:%m-%d}" for day in days)
    return Recurring(text=timing.text, relation=timing.relation, days=found)
