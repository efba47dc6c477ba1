"""A recording in a few words, for the timeline of Temporal's own UI."""

from collections.abc import Iterable

from models.events import Event, OfficerReminded, RungFired

MOST_UNITS_NAMED = 3

WORDS = {
    "task_opened": "mở nhiệm vụ",
    "deadline_set": "xác định hạn",
    "ladder_set": "",
    "asked": "hỏi cán bộ điều phối",
    "answered": "cán bộ đã trả lời",
    "officer_reminded": "nhắc cán bộ điều phối",
    "assigned": "giao việc",
    "rung_fired": "đến mốc",
    "adopted": "quyết định về hạn đã qua",
    "acknowledged": "tiếp nhận",
    "acknowledgement_undone": "hoàn tác tiếp nhận",
    "submitted": "nộp báo cáo",
    "progressed": "cập nhật tiến độ",
    "escalation_withdrawn": "thu hồi báo quá hạn",
    "withdrawn": "rút báo cáo",
    "accepted": "chấp nhận",
    "returned": "trả lại",
    "reopened": "mở lại",
    "extension_asked": "xin gia hạn",
    "extension_granted": "đồng ý gia hạn",
    "extension_refused": "không đồng ý gia hạn",
    "rescheduled": "dời hạn",
    "reassigned": "chuyển đơn vị",
    "cancelled": "không tiếp tục thực hiện",
    "suspended": "tạm dừng",
    "resumed": "tiếp tục",
    "noted": "ghi chú",
    "refused": "không thực hiện yêu cầu",
    "command_failed": "lỗi khi xử lý yêu cầu",
    "task_closed": "khép lại",
    "task_voided": "hủy lần phát động",
}


def headline(events: Iterable[Event]) -> str:
    """What was recorded, most of it by number: `đến mốc T-14, T-7: 61 đơn vị; nộp báo cáo: VP`."""
    units: dict[str, list[str]] = {}
    for event in events:
        words = _words(event)
        if words:
            named = units.setdefault(words, [])
            unit = getattr(event, "unit", None)
            if unit is not None:
                named.append(unit)
    return "; ".join(_with_units(words, named) for words, named in units.items())


def _words(event: Event) -> str:
    if isinstance(event, RungFired | OfficerReminded):
        return f"{WORDS[event.kind]} {', '.join(event.rungs)}"
    return WORDS[event.kind]


def _with_units(words: str, units: list[str]) -> str:
    if not units:
        return words
    if len(units) <= MOST_UNITS_NAMED:
        return f"{words}: {', '.join(units)}"
    return f"{words}: {len(units)} đơn vị"
