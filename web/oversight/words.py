"""How marks, levels, groups and kinds of notices are called on pages."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.clock import VN
from models.commands import ActorKind
from models.deadline import RungKind
from models.events import Event, RungFired
from models.mark import Mark
from rules.four_way import COLUMN_NAMES, GROUP_NAMES
from web.language import lazily as later


class MarkWords(NamedTuple):
    """`letter` stands in a cell, so that colour alone never says anything."""

    letter: str
    name: str


MARKS = {
    Mark.OVERDUE: MarkWords("Q", later("quá hạn (số: cấp đã báo)")),
    Mark.RETURNED: MarkWords("T", later("bị trả lại, còn hạn nộp lại")),
    Mark.HELD: MarkWords("C", later("hạn đã qua trước phát động, chờ cán bộ quyết định")),
    Mark.SUSPENDED: MarkWords("D", later("tạm dừng")),
    Mark.SOON: MarkWords("S", later("đến hạn trong 7 ngày")),
    Mark.OPEN: MarkWords("G", later("đã giao, còn hạn")),
    Mark.LATE: MarkWords("M", later("đã nộp hoặc đã xong, nhưng muộn")),
    Mark.SUBMITTED: MarkWords("N", later("đã nộp đúng hạn, chờ duyệt")),
    Mark.DONE: MarkWords("Đ", later("đã xong đúng hạn")),
    Mark.UNDATED: MarkWords("?", later("chưa có hạn")),
    Mark.ONGOING: MarkWords("–", later("thường xuyên, không có hạn riêng")),
    Mark.ENDED: MarkWords("K", later("không tiếp tục hoặc đã chuyển")),
}
# As the consolidated report calls them.
FIGURES = COLUMN_NAMES
GROUPS = GROUP_NAMES
LEVELS = {
    0: later("chưa báo cấp trên"),
    1: later("cấp 1: lãnh đạo đơn vị và đầu mối"),
    2: later("cấp 2: đơn vị điều phối"),
    3: later("cấp 3: lãnh đạo cơ quan"),
    4: later("nhắc hằng tuần đến đơn vị điều phối"),
}
TOLD = {
    RungKind.REMINDER: later("nhắc trước hạn"),
    RungKind.DUE: later("nhắc ngày đến hạn"),
    RungKind.ESCALATION: later("báo quá hạn"),
    RungKind.ACKNOWLEDGEMENT: later("nhắc xác nhận tiếp nhận"),
    RungKind.REVIEW: later("nhắc người duyệt"),
}
BAD = ("returned", "extension_refused", "command_failed", "task_voided")
GOOD = ("accepted", "submitted", "extension_granted")
CHANNELS = {
    "email": later("thư điện tử"),
    "webhook": later("kết nối máy (webhook)"),
    "apprise": later("tin nhắn (Apprise)"),
}
ASKED = later("hỏi cán bộ điều phối")
CYCLE_STAGES = {
    "opening": later("đang mở"),
    "open": later("đang chạy"),
    "closing": later("đang khép lại"),
    "closed": later("đã khép lại"),
    "voiding": later("đang hủy"),
    "voided": later("đã hủy"),
}


def last_day_of(breach: datetime | None) -> date | None:
    """A deadline passes at midnight; what people know is the day before."""
    return None if breach is None else (breach - timedelta(microseconds=1)).astimezone(VN).date()


def tone_of(event: Event) -> str:
    """How an entry of a history is drawn: what went wrong, what was settled, who acted."""
    if isinstance(event, RungFired):
        return "bad" if event.clock == "due" and event.level else ""
    if event.kind in BAD:
        return "bad"
    if event.kind in GOOD:
        return "good"
    return "human" if event.actor.kind is not ActorKind.SYSTEM else ""


def masked(address: str) -> str:
    """`v…@lamdong.example`: enough to tell where a letter went, not enough to write there."""
    user, at, domain = address.partition("@")
    return f"{user[:1]}…{at}{domain}" if at else "…"


def sentence(text: str) -> str:
    """With a capital first letter; the others stay as they are."""
    return text[:1].upper() + text[1:]


def told_kind(kind: str) -> str:
    return TOLD[RungKind(kind)] if kind in TOLD else ASKED
