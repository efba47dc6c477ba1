"""The lines of one recipient as a letter, in plain text and in HTML."""

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from letters.letter import Letter, Line, Written
from models.deadline import RungKind
from rules.wording import dmy_weekday

MOST_PER_SECTION = 20
MOST_UNITS_NAMED = 5


class Section(NamedTuple):
    heading: str
    kinds: frozenset[str]


SECTIONS = (
    Section("Bị trả lại, cần nộp lại", frozenset({"returned"})),
    Section("Đã quá hạn", frozenset({RungKind.ESCALATION, "adopted"})),
    Section("Ý kiến chỉ đạo", frozenset({"instruction"})),
    Section("Đến hạn", frozenset({RungKind.DUE})),
    Section("Sắp đến hạn", frozenset({RungKind.REMINDER})),
    Section("Mới được giao", frozenset({"assigned", "dated"})),
    Section("Chưa xác nhận tiếp nhận", frozenset({RungKind.ACKNOWLEDGEMENT})),
    Section(
        "Chờ xem xét, trả lời",
        frozenset({"submitted", "withdrawn", "extension_asked", RungKind.REVIEW}),
    ),
    Section(
        "Chờ đơn vị điều phối quyết định",
        frozenset({"ask-allocation", "ask-date", "ask-document", "ask-adoption"}),
    ),
    Section("Yêu cầu chưa xử lý được", frozenset({"command_failed"})),
)
# Answers and changes, and whatever has no section of its own: nothing is left out of a letter.
OTHERS = "Trả lời và thay đổi"

WORDS = {
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
    "escalation_withdrawn": "thu hồi thông báo quá hạn vì báo cáo đã nhận được trước đó",
    "command_failed": "hệ thống gặp lỗi khi xử lý một yêu cầu",
    "ask-allocation": "cần phân công đơn vị thực hiện",
    "ask-date": "chưa có hạn, cần ấn định",
    "ask-document": "chờ số, ngày của văn bản",
    "ask-adoption": "hạn đã qua trước khi phát động, cần quyết định",
}
# Where nothing is owed any more, a date would only mislead.
WITHOUT_DATE = frozenset(
    {"accepted", "reassigned", "cancelled", "submitted", "withdrawn", "escalation_withdrawn"}
)


def write(letter: Letter) -> Written:
    """A courteous letter about all its lines, most pressing first."""
    sections = _sections(letter.lines)
    parts = [f"Kính gửi: {letter.recipient}", ""]
    if letter.on_behalf:
        parts += [letter.on_behalf, ""]
    announcing = "trân trọng thông báo và đề nghị quý đơn vị quan tâm:"
    parts += [f"Thực hiện {letter.plan_title}, {announcing}", ""]
    for heading, found in sections:
        parts += [f"{heading} ({len(found)}):", *_section(found), ""]
    parts += [f"Chi tiết và nơi trả lời: {letter.link}", "", "Trân trọng."]
    text = "\n".join(parts) + "\n"
    return Written(_subject(sections), text, _html(text))


def _html(text: str) -> str:
    lines = "<br>".join(escape(line) for line in text.splitlines())
    return f'<!doctype html><html lang="vi"><meta charset="utf-8"><body>{lines}</body></html>'


def _sections(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The sections that have something to say; every line stands in exactly one."""
    headings = {kind: section.heading for section in SECTIONS for kind in section.kinds}
    found: dict[str, list[Line]] = {
        heading: [] for heading in (*(section.heading for section in SECTIONS), OTHERS)
    }
    for line in lines:
        found[headings.get(line.kind, OTHERS)].append(line)
    return [(heading, theirs) for heading, theirs in found.items() if theirs]


def _subject(sections: Sequence[tuple[str, list[Line]]]) -> str:
    counts = [f"{heading[0].lower()}{heading[1:]}: {len(found)}" for heading, found in sections]
    return "Đôn đốc nhiệm vụ – " + "; ".join(counts[:3]) + ("; …" if len(counts) > 3 else "")


def _section(lines: Sequence[Line]) -> list[str]:
    """One paragraph per task and cause; a cause that concerns many units names the first few."""
    groups = [list(group) for _, group in groupby(sorted(lines, key=_cause), key=_cause)]
    text = [_paragraph(group) for group in groups[:MOST_PER_SECTION]]
    rest = len(groups) - MOST_PER_SECTION
    if rest > 0:
        text.append(f"  … và {rest} việc khác, xem tại địa chỉ dưới đây.")
    return text


def _cause(line: Line) -> tuple[str, ...]:
    return (
        line.code,
        line.occurrence,
        line.kind,
        line.why,
        str(line.last_day),
        line.text or "",
        str(line.own),
    )


def _paragraph(lines: list[Line]) -> str:
    first = lines[0]
    parts = []
    if not first.own and first.unit:
        parts.append(_units(lines))
    if first.kind in WORDS:
        parts.append(WORDS[first.kind])
    if first.kind not in WITHOUT_DATE:
        parts += _date(first)
    if first.text:
        parts.append(f"nội dung: “{first.text.strip()}”")
    said = "; ".join(parts)
    return f"  - {_task(first)}: {said}." if said else f"  - {_task(first)}."


def _task(line: Line) -> str:
    """The code and the title, which may begin with the code itself."""
    if line.title.startswith(line.code):
        return line.title.rstrip(".")
    return f"{line.code}. {line.title}".rstrip(". ")


def _date(line: Line) -> list[str]:
    why = f" ({line.why})" if line.why else ""
    if line.last_day is not None:
        return [f"hạn cuối hết ngày {dmy_weekday(line.last_day)}{why}"]
    return [line.why] if line.why else []


def _units(lines: list[Line]) -> str:
    names = sorted({line.unit_name for line in lines})
    named = ", ".join(names[:MOST_UNITS_NAMED])
    if len(names) <= MOST_UNITS_NAMED:
        return named
    return f"{len(names)} đơn vị: {named} và {len(names) - MOST_UNITS_NAMED} đơn vị khác"
