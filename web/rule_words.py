"""What the rules word in Vietnamese, once and for all, as pages in another language have it: the
steps of a ladder, days off and days that cannot be. What is not known stays as it is."""

import re

from models.deadline import Shift
from rules.wording import dmy
from rules.working_calendar import OFF
from web.language import LANGUAGE, SOURCE
from web.language import gettext as _
from web.language import lazily as later

STEPS = (
    later("nhắc trước %(n)s ngày"),
    later("nhắc ngày làm việc đầu tiên sau kỳ nghỉ dài"),
    later("đến hạn"),
    later("quá hạn %(n)s ngày làm việc"),
    later("vẫn quá hạn, nhắc hằng tuần lần %(n)s"),
    later("chưa xác nhận tiếp nhận sau %(n)s ngày làm việc"),
    later("chờ duyệt sau %(n)s ngày làm việc"),
    later("chờ trả lời đề nghị gia hạn sau %(n)s ngày làm việc"),
    later("hỏi lần %(n)s"),
)
OCCASIONS = (
    later("Ngày Chiến thắng"),
    later("Ngày Chiến thắng và Quốc tế Lao động"),
    later("Ngày Giỗ Tổ Hùng Vương"),
    later("Ngày Quốc tế Lao động"),
    later("Ngày Văn hóa Việt Nam"),
    later("Ngày nghỉ"),
    later("Quốc khánh"),
    later("Tết Dương lịch"),
    later("Tết Nguyên đán"),
)
NOTES = (
    later("nghỉ bù"),
    later("thay cho ngày %(n)s"),
    later("%(n)s Tết"),
    later("giao thừa"),
    later("mùng hai"),
    later("mùng ba"),
    later("mùng bốn"),
    later("mùng năm"),
    later("mùng sáu"),
)
REFUSALS = (
    later("Số, ký hiệu viết như 12/KH-SGDĐT: chữ số, dấu gạch chéo, chữ in hoa."),
    later("Ngày ban hành %(n)s chưa đến."),
    later("Ngày %(n)s đã qua, đề nghị chọn một ngày khác."),
    later("Ngày hứa nộp phải từ ngày gọi %(n)s trở đi."),
    later("Ngày văn bản %(n)s chưa đến."),
    later("Ngày gia hạn phải sau hạn hiện tại %(n)s."),
    later("Ngày đề nghị phải sau hạn hiện tại %(n)s."),
)
_DAY = re.compile(r"\d\d/\d\d/\d{4}")
_NUMBER = re.compile(rf"{_DAY.pattern}|\d+")


def step(why: str) -> str:
    """What a rung does, and on which day; why on that one, and who is told, only the Vietnamese
    sentence says."""
    if LANGUAGE.get() == SOURCE:
        return why
    what, _colon, rest = why.partition(": ")
    day = _DAY.match(rest)
    said = numbered(what)
    return f"{said}: {day[0]}" if day and said != what else why


def holiday(name: str) -> str:
    """`Tết Nguyên đán (giao thừa)`: an occasion, and perhaps a note."""
    occasion, opened, note = name.partition(" (")
    said = numbered(occasion)
    return f"{said} ({numbered(note.removesuffix(')'))})" if opened else said


def day_off(reason: str) -> str:
    """Why offices are closed, as `reason_off` says it."""
    if reason.startswith(OFF):
        return _("nghỉ %(occasion)s", occasion=holiday(reason.removeprefix(OFF)))
    return _(reason)


def worded(sentence: str) -> str:
    """What a rule says is wrong."""
    known = _(sentence)
    return numbered(sentence) if known == sentence else known


def shifted(shift: Shift) -> str:
    """Why the rungs of a deadline are counted from another day than its last."""
    why = day_off(shift.reason)
    if not shift.reason.startswith(OFF):
        why = _("là %(weekday)s", weekday=why)
    days = {"target": dmy(shift.moved_to), "last": dmy(shift.moved_from)}
    return _("Mốc nhắc lùi về %(target)s vì %(last)s %(why)s.", why=why, **days)


def numbered(text: str) -> str:
    """A text of which the catalogue knows all but its number, or its day."""
    found = _NUMBER.search(text)
    if found is None:
        return _(text)
    known = text.replace("%", "%%").replace(found[0], "%(n)s", 1)
    return _(known, n=found[0])
