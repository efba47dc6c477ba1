"""An officer's corrections of what was read from a document, kept apart from what was read."""

from datetime import date as Date
from enum import StrEnum

from models.message import Document, Message


class ReviewState(StrEnum):
    """Where the review of one document stands."""

    READING = "reading"  # đang đọc tệp
    REFUSED = "refused"  # tệp không đọc được, kèm lý do
    OPEN = "open"  # cán bộ đang soát
    CONFIRMED = "confirmed"  # đã thành kế hoạch
    DROPPED = "dropped"  # cán bộ bỏ


class Correction(Document):
    """What an officer puts in place of what was read of one task or report; None stays as read.

    `timing` is a phrase as a document would say it. `lead` of a report is who reports.
    """

    code: str | None = None
    text: str | None = None
    lead: tuple[str, ...] | None = None
    cooperating: tuple[str, ...] | None = None
    timing: str | None = None
    to: str | None = None
    removed: bool = False


class AddedDuty(Document):
    """A task or, if `is_report`, a reporting duty that the document has and the reading missed;
    one that was `removed` again can be brought back. `lead` of a report is who reports."""

    code: str
    text: str
    is_report: bool = False
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    to: str = ""
    timing: str = ""
    lines: tuple[int, int] | None = None
    removed: bool = False


class PlanSettings(Document):
    """What the officer says of the plan itself; empty where nothing was said yet."""

    plan: str = ""
    short_title: str = ""
    number: str = ""
    date: Date | None = None
    coordinator: str = ""
    leadership: str = ""


class Corrections(Document):
    """`duties` by the code as read; `meanings` say whom a phrase means: `kind:division`,
    `unit:GDTRH`, `allocated` or `outside`."""

    settings: PlanSettings = PlanSettings()
    duties: dict[str, Correction] = {}
    added: tuple[AddedDuty, ...] = ()
    meanings: dict[str, str] = {}


class SourceLine(Message):
    """A line of the document by the number that a task's `lines` mean."""

    number: int
    text: str


class Change(Message):
    """Where a plan and the one it would replace differ; empty where one has nothing."""

    code: str
    what: str
    before: str = ""
    after: str = ""
