"""A plan document as data: what it says, in its own words, and what the officer adds."""

from datetime import date as Date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from models.directory import UnitKind
from models.letterhead import Letterhead
from models.message import Document
from models.policy import Policy


def _real_month_day(value: str) -> str:
    """29/02 counts as real: some years have it."""
    Date.fromisoformat(f"2024-{value}")
    return value


def _real_anchor(value: str) -> str:
    first_day = value[:4] if "Q" in value else value
    Date.fromisoformat(f"{first_day}-01-01"[:10])
    return value


MonthDay = Annotated[
    str,
    StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"),
    AfterValidator(_real_month_day),
]
Anchor = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}(-(Q[1-4]|\d{2}(-\d{2})?))?$"),
    AfterValidator(_real_anchor),
]


class Relation(StrEnum):
    """How a phrase ties the deadline to the day or period it names."""

    BEFORE = "before"  # "trước X": X và cả kỳ X là muộn
    BY = "by"  # "chậm nhất X", "đến hết X": hết X vẫn đúng hạn
    WITHIN = "within"  # "trong X", "X": ngày cuối của kỳ X


class Language(StrEnum):
    """What letters are written in."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


class Ongoing(Document):
    """ "Thường xuyên": owed all year, never overdue."""

    kind: Literal["ongoing"] = "ongoing"
    text: str


class ByDate(Document):
    """One deadline. `anchor` is `2026`, `2026-Q1`, `2026-03` or `2026-03-15`."""

    kind: Literal["deadline"] = "deadline"
    text: str
    relation: Relation
    anchor: Anchor


class Recurring(Document):
    """Days of every year, such as "trước ngày 25/6 và 15/12 hàng năm"."""

    kind: Literal["recurring"] = "recurring"
    text: str
    relation: Relation
    days: tuple[MonthDay, ...] = Field(min_length=1)


class Yearly(Document):
    """ "Hằng năm", without a day: once a cycle, by 31/12."""

    kind: Literal["yearly"] = "yearly"
    text: str


class Dormant(Document):
    """ "Sau khi có văn bản …": nothing is due until a document with number and date arrives.

    `within_days` counts from the document's date (Civil Code 2015, art. 147-148); None leaves the
    deadline to the officer.
    """

    kind: Literal["dormant"] = "dormant"
    text: str
    within_days: int | None = Field(default=None, ge=1)


class Relative(Document):
    """ "Trong N ngày kể từ ngày …": counts from `from_date` once it is known."""

    kind: Literal["relative"] = "relative"
    text: str
    days: int = Field(ge=1)
    working_days: bool = False
    from_date: Date | None = None


class Undated(Document):
    """ "Theo quy định": the document gives no date, and none is invented.

    `periods` are the occurrences a date may later be set for.
    """

    kind: Literal["undated"] = "undated"
    text: str
    periods: tuple[str, ...] = ("han",)


Timing = Annotated[
    Ongoing | ByDate | Recurring | Yearly | Dormant | Relative | Undated,
    Field(discriminator="kind"),
]


class PlanTask(Document):
    """A task as the document words it. Phrases are verbatim after whitespace folding."""

    code: str
    section: str = ""
    text: str
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    performers_text: str = ""
    timing: Timing
    lines: tuple[int, int] | None = None


class ReportDuty(Document):
    """A reporting duty: who reports to whom, through whom, when. `asks` says what its form asks:
    the tasks and targets of a period, or a budget estimate."""

    code: str
    text: str
    reporters: tuple[str, ...]
    to: str
    via: tuple[str, ...] = ()
    gathered: bool = False  # đầu mối tổng hợp từ các cơ sở trên địa bàn
    asks: Literal["tasks", "estimates"] = "tasks"
    timing: Timing
    lines: tuple[int, int] | None = None


Duty = PlanTask | ReportDuty


class YearlyDay(Document):
    """A day a task names in every year, such as 18/5."""

    task: str
    name: str
    date: MonthDay


class TargetNumber(Document):
    op: Literal["=", ">=", "<=", ">", "<"]
    value: float
    unit: str
    of: str | None = None


class Target(Document):
    code: str
    year: int
    text: str
    numbers: tuple[TargetNumber, ...] = ()


class PlanDocument(Document):
    """`plan.yaml`: what the document says and nothing else."""

    title: str
    issuer: str
    number: str | None = None
    date: Date | None = None
    bases: tuple[str, ...] = ()
    tasks: tuple[PlanTask, ...]
    reports: tuple[ReportDuty, ...] = ()
    targets: tuple[Target, ...] = ()
    days: tuple[YearlyDay, ...] = ()
    recipients: tuple[str, ...] = ()

    @property
    def duties(self) -> tuple[Duty, ...]:
        """All that is followed up: tasks, then reports."""
        return (*self.tasks, *self.reports)


class Group(Document):
    """Performer phrases that mean units of some kinds, or named units.

    Units that are meant are those of `kinds` plus `units`. `allocated` phrases name nobody
    ("theo phân công nhiệm vụ được giao"): the officer allocates among them. `outside` phrases
    name bodies that are mentioned and never assigned.
    """

    name: str
    phrases: tuple[str, ...]
    kinds: tuple[UnitKind, ...] = ()
    units: tuple[str, ...] = ()
    allocated: bool = False
    outside: bool = False


class Officer(Document):
    """`officer.yaml`: what the officer adds to the document, kept apart from it.

    `tag` begins the subject of every letter; `language` is what its sentences are in.
    """

    plan: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    short_title: str
    tag: Annotated[str, StringConstraints(pattern=r"^[^\s\[\]]{1,20}$")] | None = None
    language: Language = Language.VIETNAMESE
    number: str | None = None
    date: Date | None = None
    coordinator: str
    leadership: str
    letterhead: Letterhead = Letterhead()
    groups: tuple[Group, ...] = ()
    policy: Policy = Policy()
    allocation: dict[str, tuple[str, ...]] = {}
    dates: dict[str, Date] = {}
    targets: dict[str, tuple[str, ...]] = {}  # mã chỉ tiêu -> cụm từ chỉ đơn vị liên quan
    duties: tuple[ReportDuty, ...] = ()  # việc hằng năm cán bộ thêm, ví dụ lập dự toán


class Plan(Document):
    """A plan ready to launch: the document and the officer's additions.

    `letters` are the plan's own words: `vi/words.j2` and its text.
    """

    document: PlanDocument
    officer: Officer
    letters: dict[str, str] = {}

    @property
    def id(self) -> str:
        return self.officer.plan

    @property
    def tag(self) -> str:
        return self.officer.tag or self.id.rpartition("-")[2].upper()

    @property
    def reports(self) -> tuple[ReportDuty, ...]:
        return (*self.document.reports, *self.officer.duties)

    @property
    def duties(self) -> tuple[Duty, ...]:
        """All that is followed up: tasks, reports, and what the officer has added."""
        return (*self.document.tasks, *self.reports)

    @property
    def number(self) -> str | None:
        return self.officer.number or self.document.number

    @property
    def date(self) -> Date | None:
        """The day it was issued."""
        return self.officer.date or self.document.date

    def issued(self, number: str | None, day: Date | None) -> "Plan":
        """With the number and day it was issued under in place of the officer's earlier ones."""
        officer = self.officer.model_copy(update={"number": number, "date": day})
        return self.model_copy(update={"officer": officer})

    def issued_as(self, before: "Plan") -> "Plan":
        """With what an officer has entered `before`, unless it says a number or a day itself: those
        of two documents must never stand together."""
        if self.number or self.date:
            return self
        return self.issued(before.officer.number, before.officer.date)

    def says_the_same(self, other: "Plan") -> bool:
        """Whether both are one document, as far as they say under what number and day."""
        unissued = {"number": None, "date": None}
        return (
            self.document.model_copy(update=unissued) == other.document.model_copy(update=unissued)
            and self.number in (None, other.number)
            and self.date in (None, other.date)
        )
