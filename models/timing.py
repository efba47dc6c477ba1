"""What a Vietnamese timing phrase says: a reading, its reason, and the readings beside it."""

from datetime import date as Date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from models.message import Document
from models.plan import MonthDay, Timing


class TimingKind(StrEnum):
    """What sort of timing a phrase states."""

    ONGOING = "ongoing"  # thường xuyên, không có hạn
    DEADLINE = "deadline"  # một hạn
    PERIOD = "period"  # trong một kỳ: hạn là hết kỳ
    RECURRING = "recurring"  # nhiều ngày trong năm
    YEARLY = "yearly"  # mỗi năm một lần
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    WEEKLY = "weekly"
    RELATIVE = "relative"  # đếm từ một ngày gốc
    CONDITIONAL = "conditional"  # khi có yêu cầu, sau khi có văn bản
    EXTERNAL = "external"  # theo quy định: hạn nằm ở văn bản khác
    INVALID = "invalid"  # nêu ngày không tồn tại
    UNKNOWN = "unknown"


class Occasion(Document):
    """One time something is due: the last day on time and the first instant that is late."""

    due: Date
    due_exclusive: AwareDatetime


class Alternative(Document):
    """Another way to read the same phrase. `rule` says in one sentence how."""

    kind: TimingKind
    rule: str
    start: Date | None = None
    due: Date | None = None
    due_exclusive: AwareDatetime | None = None
    days: tuple[MonthDay, ...] = ()


class Reading(Document):
    """A timing phrase, understood.

    `due` is the last day on time, `due_exclusive` the first late instant. `days` are those of every
    year, `occasions` every single date of the plan's year or of the phrase. `timing` is what the
    engine follows; `note` says what of the phrase it cannot express.
    """

    text: str
    kind: TimingKind
    rule: str
    start: Date | None = None
    due: Date | None = None
    due_exclusive: AwareDatetime | None = None
    days: tuple[MonthDay, ...] = ()
    occasions: tuple[Occasion, ...] = ()
    confidence: float = Field(ge=0, le=1)
    alternatives: tuple[Alternative, ...] = ()
    timing: Timing | None = None
    note: str = ""

    @property
    def ambiguous(self) -> bool:
        """Whether an officer should be asked which of several readings is meant."""
        return bool(self.alternatives)


class TimingSpan(Document):
    """A timing expression inside a sentence: `phrase` is `sentence[start:end]`, verbatim."""

    phrase: str
    start: int
    end: int
    confidence: float = Field(ge=0, le=1)
