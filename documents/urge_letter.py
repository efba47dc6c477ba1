"""The written reminder ("công văn đôn đốc") as a .docx for signature."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from documents import decree30
from documents.paper import Paper
from documents.word_table import Band, GridColumn, GridRow
from models.assignment import Stage
from models.clock import VN
from models.letterhead import Letterhead
from models.urge import OverdueLine, Urge
from rules.urging import Group, by_task, by_unit, of_tasks_rather, worst_first
from rules.wording import dmy

IN_THE_TEXT = 12  # lines of a table that a letter's first page can carry
Progress = Callable[[int], None]


class Sender(NamedTuple):
    """Who the letter speaks for: the plan it cites, in full and briefly, and the division that
    answers for it."""

    letterhead: Letterhead
    agency: str
    plan: str
    plan_short: str
    coordinator: str
    telephone: str = ""


def letter(urge: Urge, sender: Sender, *, progress: Progress = lambda _: None) -> Paper:
    letterhead = sender.letterhead
    subject = f"đôn đốc thực hiện các nhiệm vụ đã quá hạn theo {sender.plan_short}"
    paper = Paper(title=f"Về việc {subject}", author=sender.agency, at=urge.drafted_at)
    decree30.head(
        paper,
        letterhead,
        number=None if urge.signed is None else urge.signed.number,
        symbol=letter_symbol(letterhead),
        day=None if urge.signed is None else urge.signed.day,
        subject=subject,
    )
    decree30.addressees(paper, urge.to)
    _text(paper, urge, sender, progress)
    recipients = ["Như trên", *letterhead.recipients]
    decree30.foot(paper, letterhead, recipients)
    if len(urge.lines) > IN_THE_TEXT:
        _appendix(paper, urge, sender, progress)
    return paper


def letter_symbol(letterhead: Letterhead) -> str:
    """`SGDĐT-GDTrH`; blank where it is not known."""
    return "-".join(filter(None, (letterhead.symbol, letterhead.drafting)))


def _text(paper: Paper, urge: Urge, sender: Sender, progress: Progress) -> None:
    at = urge.drafted_at.astimezone(VN)
    paper.body(
        f"Thực hiện {sender.plan}, {sender.agency} đã giao nhiệm vụ và đôn đốc các cơ quan, đơn vị "
        "thực hiện theo thời hạn của kế hoạch."
    )
    paper.body(
        f"Qua theo dõi, tính đến {at:%H} giờ {at:%M} phút ngày {dmy(at.date())}, {_who(urge)} chưa "
        f"hoàn thành {len(urge.lines)} phần việc đã quá hạn{_where(urge)}"
    )
    if len(urge.lines) <= IN_THE_TEXT:
        _table_in_text(paper, urge, progress)
    else:
        _summary(paper, by_task(urge.lines))
    _requests(paper, urge, sender)


def _who(urge: Urge) -> str:
    return urge.lines[0].unit_name if urge.units == 1 else f"còn {urge.units} đơn vị"


def _where(urge: Urge) -> str:
    if len(urge.lines) <= IN_THE_TEXT:
        return ", cụ thể như sau:"
    return " (danh sách tại Phụ lục kèm theo); theo nhiệm vụ như sau:"


def _table_in_text(paper: Paper, urge: Urge, progress: Progress) -> None:
    columns = (
        GridColumn("TT", 1, "CellCentre"),
        GridColumn("Đơn vị", 5),
        GridColumn("Nhiệm vụ", 7),
        GridColumn("Hạn cuối", 2.6, "CellCentre"),
        GridColumn("Số ngày quá hạn", 2, "CellCentre"),
    )
    rows = [
        (place, line.unit_name, _what(line), dmy(line.last_day), line.days_late)
        for place, line in enumerate(sorted(urge.lines, key=worst_first), start=1)
    ]
    paper.table(columns, rows, progress=progress)


def _summary(paper: Paper, groups: Sequence[Group]) -> None:
    columns = (
        GridColumn("TT", 1, "CellCentre"),
        GridColumn("Nhiệm vụ", 9),
        GridColumn("Hạn cuối", 3, "CellCentre"),
        GridColumn("Số đơn vị quá hạn", 2.4, "CellCentre"),
        GridColumn("Quá hạn lâu nhất (ngày)", 2.6, "CellCentre"),
    )
    rows = [
        (place, group.name, _days(group.lines), len(group.lines), group.worst)
        for place, group in enumerate(groups, start=1)
    ]
    paper.table(columns, rows)


def _days(lines: Sequence[OverdueLine]) -> str:
    """The first and the last deadline of a group."""
    days = sorted({line.last_day for line in lines})
    return dmy(days[0]) if len(days) == 1 else f"từ {dmy(days[0])} đến {dmy(days[-1])}"


def _what(line: OverdueLine) -> str:
    returned = " (báo cáo bị trả lại, chưa nộp lại)" if line.stage is Stage.RETURNED else ""
    return f"{line.title}{returned}"


def _requests(paper: Paper, urge: Urge, sender: Sender) -> None:
    paper.body(f"Để bảo đảm tiến độ chung, {sender.agency} đề nghị {_asked(urge)}:")
    until = f"chậm nhất ngày {dmy(urge.reply_by)}" if urge.reply_by else "trong thời gian sớm nhất"
    paper.body(
        "1. Khẩn trương hoàn thành các nhiệm vụ đã quá hạn, gửi kết quả về "
        f"{_through(sender)} {until}."
    )
    paper.body(
        "2. Nêu rõ trong báo cáo nguyên nhân chậm, trách nhiệm của tổ chức, cá nhân liên quan và "
        "giải pháp khắc phục, không để tình trạng chậm tái diễn trong các kỳ tiếp theo."
    )
    paper.body(
        "3. Trường hợp có khó khăn, vướng mắc vượt thẩm quyền, kịp thời phản ánh bằng văn bản để "
        "được hướng dẫn, giải quyết."
    )
    if urge.extensions_asked:
        paper.body(
            f"Văn bản này không bao gồm {urge.extensions_asked} phần việc mà đơn vị đã đề nghị gia "
            "hạn đúng quy định và đang chờ trả lời."
        )
    paper.body(f"Đề nghị các cơ quan, đơn vị nghiêm túc triển khai, thực hiện{_contact(sender)}./.")


def _asked(urge: Urge) -> str:
    if urge.units == 1:
        return urge.lines[0].unit_name
    where = "nêu trên" if len(urge.lines) <= IN_THE_TEXT else "tại Phụ lục"
    return f"các cơ quan, đơn vị có tên {where}"


def _through(sender: Sender) -> str:
    if not sender.coordinator or sender.coordinator == sender.agency:
        return sender.agency
    return f"{sender.agency} (qua {sender.coordinator})"


def _contact(sender: Sender) -> str:
    if not sender.telephone:
        return ""
    return (
        f". Thông tin cần trao đổi xin liên hệ {sender.coordinator}, điện thoại {sender.telephone}"
    )


def _appendix(paper: Paper, urge: Urge, sender: Sender, progress: Progress) -> None:
    paper.appendix(
        "PHỤ LỤC",
        "DANH SÁCH ĐƠN VỊ, NHIỆM VỤ QUÁ HẠN",
        f"(Kèm theo Công văn {_cited(urge, sender)})",
        landscape=True,
    )
    if of_tasks_rather(urge.lines):
        _list_by_task(paper, by_task(urge.lines), progress)
    else:
        _list_by_unit(paper, by_unit(urge.lines), progress)


def _cited(urge: Urge, sender: Sender) -> str:
    if urge.signed is not None:
        return f"số {urge.signed.number} ngày {dmy(urge.signed.day)} của {sender.agency}"
    symbol = letter_symbol(sender.letterhead)
    return f"số        /{symbol} ngày     /    /{_year(urge)} của {sender.agency}"


def _year(urge: Urge) -> int:
    return urge.drafted_at.astimezone(VN).year


def _list_by_task(paper: Paper, groups: Sequence[Group], progress: Progress) -> None:
    columns = (
        GridColumn("TT", 1, "CellCentre"),
        GridColumn("Đơn vị", 10),
        GridColumn("Tình trạng", 6),
        GridColumn("Hạn cuối", 3, "CellCentre"),
        GridColumn("Số ngày quá hạn", 2.6, "CellCentre"),
    )
    rows: list[GridRow] = []
    for group in groups:
        rows.append(Band(f"{group.name.rstrip('.')}: {len(group.lines)} đơn vị"))
        rows += [
            (place, line.unit_name, _standing(line), dmy(line.last_day), line.days_late)
            for place, line in enumerate(group.lines, start=1)
        ]
    paper.table(columns, rows, progress=progress)


def _list_by_unit(paper: Paper, groups: Sequence[Group], progress: Progress) -> None:
    columns = (
        GridColumn("TT", 1, "CellCentre"),
        GridColumn("Nhiệm vụ", 10),
        GridColumn("Tình trạng", 6),
        GridColumn("Hạn cuối", 3, "CellCentre"),
        GridColumn("Số ngày quá hạn", 2.6, "CellCentre"),
    )
    rows: list[GridRow] = []
    for number, group in enumerate(groups, start=1):
        rows.append(Band(f"{number}. {group.name}: {len(group.lines)} nhiệm vụ"))
        rows += [
            (place, line.title, _standing(line), dmy(line.last_day), line.days_late)
            for place, line in enumerate(group.lines, start=1)
        ]
    paper.table(columns, rows, progress=progress)


def _standing(line: OverdueLine) -> str:
    return "bị trả lại, chưa nộp lại" if line.stage is Stage.RETURNED else "chưa nộp"
