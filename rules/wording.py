"""Dates, days and reasons as a careful official writes them."""

from collections.abc import Iterable
from datetime import date

from models.assignment import Role, Stage, Waiting
from models.visitor import AccessKind

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
STAGE_NAMES = {
    Stage.ASSIGNED: "đã giao, chưa nộp",
    Stage.HELD: "chờ cán bộ quyết định vì hạn đã qua trước khi phát động",
    Stage.SUBMITTED: "đã nộp, chờ duyệt",
    Stage.RETURNED: "bị trả lại, chờ nộp lại",
    Stage.SUSPENDED: "tạm dừng",
    Stage.ACCEPTED: "đã được chấp nhận",
    Stage.SETTLED: "đã hoàn tất",
    Stage.CANCELLED: "không tiếp tục thực hiện",
    Stage.REASSIGNED: "đã chuyển cho đơn vị khác",
}
ROLE_NAMES = {
    Role.LEAD: "chủ trì",
    Role.PERFORMER: "thực hiện",
    Role.COOPERATING: "phối hợp",
    Role.SUBORDINATE: "báo cáo về đầu mối",
}
WAITING_NAMES = {
    Waiting.ALLOCATION: "phân công đơn vị thực hiện",
    Waiting.DATE: "ấn định hạn",
    Waiting.DOCUMENT: "số, ngày của văn bản",
    Waiting.ADOPTION: "quyết định về hạn đã qua trước khi phát động",
    Waiting.RESUMPTION: "cho tiếp tục phần việc đang tạm dừng",
}
# What a notice tells, in a list of notices.
NOTICE_NAMES = {
    "assigned": "được giao nhiệm vụ",
    "returned": "báo cáo bị trả lại",
    "instruction": "ý kiến chỉ đạo",
    "dated": "đã có hạn hoàn thành",
    "adopted": "hạn đã qua, đề nghị khẩn trương thực hiện",
    "submitted": "đã nộp báo cáo",
    "withdrawn": "đã rút báo cáo về",
    "extension_asked": "đề nghị gia hạn",
    "extension_granted": "được gia hạn",
    "extension_refused": "không được gia hạn",
    "accepted": "báo cáo đã được chấp nhận",
    "reopened": "nhiệm vụ được mở lại",
    "rescheduled": "hạn được dời",
    "reassigned": "đã chuyển cho đơn vị khác",
    "cancelled": "không tiếp tục thực hiện",
    "suspended": "phần việc tạm dừng",
    "resumed": "phần việc được tiếp tục",
    "escalation_withdrawn": "thu hồi thông báo quá hạn vì báo cáo đã nhận được trước đó",
    "command_failed": "hệ thống gặp lỗi khi xử lý một yêu cầu",
    "ask-allocation": "cần phân công đơn vị thực hiện",
    "ask-date": "chưa có hạn, cần ấn định",
    "ask-document": "chờ số, ngày của văn bản",
    "ask-adoption": "hạn đã qua trước khi phát động, cần quyết định",
    "ask-resumption": "phần việc đang tạm dừng, cho tiếp tục khi đã đủ điều kiện",
}
TASK_STAGE_NAMES = {"open": "đang theo dõi", "closed": "đã khép lại", "voided": "đã hủy"}
ACCESS_NAMES = {
    AccessKind.SIGNED_IN: "đăng nhập",
    AccessKind.REFUSED: "bị từ chối",
    AccessKind.LOCKED: "tạm khóa",
    AccessKind.SIGNED_OUT: "đăng xuất",
    AccessKind.REVOKED: "thu hồi phiên",
    AccessKind.LINK_ASKED: "xin liên kết mới",
    AccessKind.PASSWORD_SET: "đặt mật khẩu",
    AccessKind.ACCOUNT_ADDED: "thêm tài khoản",
    AccessKind.ACCOUNT_DISABLED: "khóa tài khoản",
    AccessKind.ACCOUNT_RESET: "cấp lại tài khoản",
    AccessKind.ACCOUNT_LINKED: "gắn tài khoản của cơ quan",
    AccessKind.TOKEN_MADE: "cấp mã truy cập",
    AccessKind.TOKEN_USED: "dùng mã truy cập",
    AccessKind.TOKEN_REFUSED: "mã truy cập bị từ chối",
    AccessKind.TOKEN_REVOKED: "thu hồi mã truy cập",
}
QUARTERS = {1: "I", 2: "II", 3: "III", 4: "IV"}


def dmy(day: date) -> str:
    """`28/02/2026`."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def dm(day: date, *, beside: date) -> str:
    """`28/02`, or with its year when that is not the year of the date it stands beside."""
    return f"{day.day:02}/{day.month:02}" if day.year == beside.year else dmy(day)


def weekday(day: date) -> str:
    """`thứ Hai` … `Chủ nhật`."""
    return WEEKDAYS[day.weekday()]


def dmy_weekday(day: date) -> str:
    """`28/02/2026, thứ Bảy`."""
    return f"{dmy(day)}, {weekday(day)}"


def because(reason: str) -> str:
    """`vì nghỉ Tết Nguyên đán`, `vì là thứ Bảy`."""
    return f"vì {reason}" if reason.startswith("nghỉ ") else f"vì là {reason}"


def moved(day: date, nominal: date, reason: str | None) -> str:
    """`, lùi từ 20/02 vì nghỉ Tết Nguyên đán`; nothing when the date stayed where it was.

    A date moved back is "lùi", one moved on is "chuyển".
    """
    if day == nominal or reason is None:
        return ""
    verb = "lùi" if day < nominal else "chuyển"
    return f", {verb} từ {dm(nominal, beside=day)} {because(reason)}"


def standing(stage: str, *, overdue: bool, late: bool) -> str:
    """How an assignment stands, in words."""
    name = STAGE_NAMES[Stage(stage)]
    if overdue:
        return f"{name}, quá hạn"
    return f"{name} (muộn)" if late else name


def task_standing(stage: str, waiting: Iterable[str], halted: str | None) -> str:
    """How a task stands: what it waits for, or why nothing more is recorded."""
    if halted:
        return f"NGỪNG GHI: {halted}"
    asked = "; ".join(WAITING_NAMES[Waiting(each)] for each in waiting)
    return f"chờ {asked}" if asked and stage == "open" else TASK_STAGE_NAMES.get(stage, stage)
