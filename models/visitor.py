"""Who is at the door of the web pages, and what may happen there."""

from enum import StrEnum

from models.message import Message


class VisitorRole(StrEnum):
    OFFICER = "officer"  # chuyên viên
    SUPERVISOR = "supervisor"  # lãnh đạo
    UNIT = "unit"  # đơn vị; một xã, phường, đặc khu còn là đầu mối của các trường
    ADMINISTRATOR = "administrator"  # quản trị: tài khoản và nhật ký, không động đến công việc


class AccessKind(StrEnum):
    """What the record of the door says happened."""

    SIGNED_IN = "signed_in"
    REFUSED = "refused"  # sai mật khẩu, tài khoản bị khóa, liên kết hỏng
    LOCKED = "locked"  # khóa tạm vì sai nhiều lần
    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"  # một phiên bị thu hồi
    LINK_ASKED = "link_asked"  # xin liên kết mới
    PASSWORD_SET = "password_set"  # noqa: S105
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_RESET = "account_reset"
    ACCOUNT_LINKED = "account_linked"  # lần đầu vào bằng tài khoản của cơ quan
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_USED = "token_used"  # noqa: S105  # lần đầu trong ngày từ một địa chỉ
    TOKEN_REFUSED = "token_refused"  # noqa: S105  # mã lạ, hết hạn hoặc đã thu hồi
    TOKEN_REVOKED = "token_revoked"  # noqa: S105


class Scope(StrEnum):
    """What a token of the API may be used for, within what its holder may do."""

    READ = "read"  # xem
    WRITE = "write"  # giao, nộp, duyệt, gia hạn …
    LAUNCH = "launch"  # soát kế hoạch, phát động, khép lại, hủy: cả một năm của mọi đơn vị
    EVENTS = "events"  # báo sự kiện từ hệ thống khác, như “văn bản đã ban hành”
    SUBSCRIPTIONS = "subscriptions"  # đăng ký nhận sự kiện


class Visitor(Message):
    """Somebody signed in. `session` is the hash their session is kept under.

    For a unit, `name` and `position` are empty until its first act.
    """

    session: str
    role: VisitorRole
    account: str | None = None
    unit: str | None = None
    unit_name: str = ""
    unit_kind: str = ""
    name: str = ""
    position: str = ""

    @property
    def is_hub(self) -> bool:
        """Whether schools report through this unit."""
        return self.unit_kind == "commune"
