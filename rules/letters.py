"""What a message says: the lines of one recipient as a letter in plain text."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from models.deadline import RungKind
from rules.wording import dmy_weekday

MOST_PER_SECTION = 20
MOST_UNITS_NAMED = 5


class Line(NamedTuple):
    """One notice with everything a reader needs: the unit it concerns, the task, the words."""

    kind: str
    level: int
    unit: str
    unit_name: str
    own: bool  # the recipient's own part, not one it follows
    code: str
    occurrence: str
    title: str
    last_day: date | None
    why: str
    text: str | None


class Letter(NamedTuple):
    subject: str
    body: str


class Section(NamedTuple):
    heading: str
    kinds: frozenset[str]


SECTIONS = (
    Section("Bị trả lại, cần nộp lại", frozenset({"returned"})),
    Section("Đã quá hạn", frozenset({RungKind.ESCALATION})),
    Section("Đến hạn", frozenset({RungKind.DUE})),
    Section("Sắp đến hạn", frozenset({RungKind.REMINDER})),
    Section("Mới được giao", frozenset({"assigned", "dated", "adopted"})),
    Section("Chưa xác nhận tiếp nhận", frozenset({RungKind.ACKNOWLEDGEMENT})),
    Section(
        "Chờ đơn vị ông/bà xem xét", frozenset({"submitted", "extension_asked", RungKind.REVIEW})
    ),
    Section(
        "Chờ cán bộ điều phối quyết định",
        frozenset({"ask-allocation", "ask-date", "ask-document", "ask-adoption"}),
    ),
    Section(
        "Trả lời và thay đổi",
        frozenset(
            {
                "extension_granted",
                "extension_refused",
                "accepted",
                "reopened",
                "rescheduled",
                "reassigned",
                "cancelled",
                "escalation_withdrawn",
                "instruction",
                "command_failed",
            }
        ),
    ),
)

WORDS = {
    "dated": "đã có hạn",
    "adopted": "hạn đã qua, đề nghị thực hiện ngay",
    "submitted": "đã nộp báo cáo",
    "extension_asked": "đề nghị gia hạn",
    "extension_granted": "được gia hạn",
    "extension_refused": "không được gia hạn",
    "accepted": "báo cáo được chấp nhận",
    "reopened": "được mở lại",
    "rescheduled": "dời hạn",
    "reassigned": "đã chuyển cho đơn vị khác",
    "cancelled": "không tiếp tục thực hiện",
    "escalation_withdrawn": "thu hồi thông báo quá hạn: báo cáo đã nhận đúng thời điểm",
    "instruction": "ý kiến chỉ đạo",
    "command_failed": "hệ thống gặp lỗi khi xử lý một yêu cầu",
    "ask-allocation": "cần phân công đơn vị thực hiện",
    "ask-date": "chưa có hạn, cần ấn định",
    "ask-document": "chờ số, ngày của văn bản",
    "ask-adoption": "hạn đã qua trước khi phát động, cần quyết định",
}


def letter(
    plan_title: str, recipient: str, lines: Sequence[Line], *, link: str, on_behalf: str | None
) -> Letter:
    """A courteous letter to `recipient` (a unit's name) about all its lines, most pressing first.

    `on_behalf` is the sentence that says why it goes to somebody else than the unit meant.
    """
    sections = [
        (section.heading, [line for line in lines if line.kind in section.kinds])
        for section in SECTIONS
    ]
    parts = [f"Kính gửi: {recipient}", ""]
    if on_behalf:
        parts += [on_behalf, ""]
    parts += [f"Thực hiện {plan_title}, đề nghị quý đơn vị lưu ý:", ""]
    for heading, found in sections:
        if found:
            parts += [f"{heading} ({len(found)}):", *_section(found), ""]
    parts += [f"Xem chi tiết và trả lời tại: {link}", "", "Trân trọng."]
    return Letter(_subject(sections), "\n".join(parts) + "\n")


def _subject(sections: Sequence[tuple[str, list[Line]]]) -> str:
    counts = [f"{heading.lower()}: {len(found)}" for heading, found in sections if found]
    return "Đôn đốc nhiệm vụ – " + "; ".join(counts[:3]) + ("; …" if len(counts) > 3 else "")


def _section(lines: Iterable[Line]) -> list[str]:
    """One paragraph per task and cause; a cause that concerns many units names the first few."""
    key: Callable[[Line], tuple[str, ...]] = lambda line: (  # noqa: E731
        line.code,
        line.occurrence,
        line.kind,
        line.why,
        str(line.last_day),
        line.text or "",
        str(line.own),
    )
    groups = [list(group) for _, group in groupby(sorted(lines, key=key), key=key)]
    text = [_paragraph(group) for group in groups[:MOST_PER_SECTION]]
    rest = len(groups) - MOST_PER_SECTION
    if rest > 0:
        text.append(f"  … và {rest} việc khác.")
    return text


def _paragraph(lines: list[Line]) -> str:
    first = lines[0]
    what = f"  - {first.code} ({first.title})" if first.title else f"  - {first.code}"
    parts = [what]
    if not first.own and first.unit:
        parts.append(_units(lines))
    if first.kind in WORDS:
        parts.append(WORDS[first.kind])
    if first.last_day is not None:
        parts.append(f"hạn cuối: hết ngày {dmy_weekday(first.last_day)}")
    if first.why:
        parts.append(f"({first.why})")
    if first.text:
        parts.append(f"nội dung: “{first.text}”")
    return "; ".join(parts) + "."


def _units(lines: list[Line]) -> str:
    names = sorted({line.unit_name for line in lines})
    named = ", ".join(names[:MOST_UNITS_NAMED])
    if len(names) <= MOST_UNITS_NAMED:
        return named
    return f"{len(names)} đơn vị: {named} và {len(names) - MOST_UNITS_NAMED} đơn vị khác"
