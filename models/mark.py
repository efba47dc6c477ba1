"""How an assignment stands, as one mark of a heat map."""

from enum import StrEnum


class Mark(StrEnum):
    """The worst first: of several assignments in one cell the first of this list is shown."""

    OVERDUE = "overdue"  # còn nợ, đã quá hạn
    RETURNED = "returned"  # bị trả lại, còn hạn nộp lại
    HELD = "held"  # hạn đã qua trước khi phát động, chờ cán bộ quyết định
    SUSPENDED = "suspended"  # tạm dừng, chờ văn bản của cấp trên
    SOON = "soon"  # còn nợ, sắp đến hạn
    OPEN = "open"  # còn nợ, còn hạn
    LATE = "late"  # đã nộp hoặc đã xong, nhưng muộn
    SUBMITTED = "submitted"  # đã nộp đúng hạn, chờ duyệt
    DONE = "done"  # đã xong đúng hạn
    UNDATED = "undated"  # chưa có hạn: chờ ấn định hoặc chờ văn bản
    ONGOING = "ongoing"  # thường xuyên, không có hạn riêng
    ENDED = "ended"  # không tiếp tục, hoặc đã chuyển cho đơn vị khác
