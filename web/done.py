"""What a page says of what somebody did, once it stands in the ledger."""

from datetime import date, datetime

from models.clock import VN
from models.commands import (
    Acknowledge,
    Adopt,
    AskExtension,
    Cancel,
    Command,
    GrantExtension,
    Note,
    NoteKind,
    Reassign,
    Reschedule,
    Return,
    Submit,
)
from rules.wording import dmy
from web.language import gettext as _
from web.language import lazily as later

NOTED = {
    NoteKind.CALL: later("Đã ghi cuộc gọi vào lịch sử."),
    NoteKind.INSTRUCTION: later("Đã gửi ý kiến chỉ đạo và ghi vào lịch sử."),
    NoteKind.PROGRESS: later("Đã ghi cập nhật tiến độ."),
    NoteKind.URGED: later("Đã ghi số của công văn đôn đốc."),
    NoteKind.OTHER: later("Đã ghi chú."),
}
DONE = {
    "allocate": later("Đã phân công; các đơn vị sẽ được báo."),
    "document_issued": later("Đã ghi số, ngày của văn bản."),
    "withdraw": later("Đã rút báo cáo về; sửa rồi nộp lại được."),
    "accept": later("Đã chấp nhận báo cáo; đơn vị sẽ được báo."),
    "reopen": later("Đã mở lại phần việc; đơn vị sẽ được báo."),
    "refuse_extension": later("Đã trả lời không đồng ý gia hạn; đơn vị sẽ được báo."),
    "suspend": later("Đã tạm dừng phần việc."),
    "resume": later("Đã cho phần việc tiếp tục."),
    "set_date": later("Đã ấn định hạn."),
}


def handed_in(at: datetime, reviewer: str) -> str:
    local = at.astimezone(VN)
    return _(
        "Đã nộp báo cáo lúc %(time)s ngày %(day)s; chờ %(reviewer)s duyệt.",
        time=local.strftime("%H:%M"),
        day=dmy(local.date()),
        reviewer=reviewer,
    )


def done(command: Command) -> str:
    match command:
        case Acknowledge(undo=True):
            return _("Đã bỏ xác nhận tiếp nhận.")
        case Acknowledge():
            return _("Đã xác nhận tiếp nhận.")
        case Submit(on_behalf=True):
            number = command.reference or _("không ghi")
            return _("Đã nhập báo cáo giấy số %(number)s; chờ duyệt.", number=number)
        case Submit():
            return _("Đã nộp báo cáo; chờ duyệt.")
        case Return(last_day=date() as day):
            return _("Đã trả lại báo cáo; hạn nộp lại: hết ngày %(day)s.", day=dmy(day))
        case Return():
            return _("Đã trả lại báo cáo; đơn vị sẽ được báo lý do và hạn nộp lại.")
        case AskExtension(last_day=day):
            return _("Đã gửi đề nghị gia hạn đến hết ngày %(day)s; chờ trả lời.", day=dmy(day))
        case GrantExtension(last_day=date() as day, unit=code):
            return _(
                "Đã đồng ý gia hạn cho đơn vị %(code)s đến hết ngày %(day)s.",
                code=code,
                day=dmy(day),
            )
        case GrantExtension(unit=code):
            return _("Đã đồng ý gia hạn cho đơn vị %(code)s đến ngày được đề nghị.", code=code)
        case Reschedule(last_day=day):
            return _("Đã dời hạn đến hết ngày %(day)s.", day=dmy(day))
        case Reassign(to=to):
            return _("Đã chuyển phần việc cho đơn vị %(code)s.", code=to.code)
        case Cancel(reference=number):
            return _("Đã ghi không tiếp tục thực hiện, theo văn bản %(number)s.", number=number)
        case Adopt(settled=True, late=True):
            return _("Đã ghi nhận hoàn thành từ trước khi phát động, quá hạn.")
        case Adopt(settled=True):
            return _("Đã ghi nhận hoàn thành từ trước khi phát động, đúng hạn.")
        case Adopt():
            return _("Đã quyết định: đôn đốc từ nay, tính là quá hạn.")
        case Note(kind=kind):
            return _(NOTED[kind])
        case _:
            return _(DONE[command.verb])
