"""What somebody typed, for a page that shows it away from its form: each field as the form
called it, values as people read them."""

import re
from datetime import date, datetime
from typing import NamedTuple

from rules.report_checks import STATUS_NAMES, status_of
from rules.wording import dmy
from web.forms import PASSWORD, Kept
from web.language import gettext as _
from web.language import lazily as later

LABELS = {
    "noi_dung": later("Nội dung"),
    "y_kien": later("Nội dung"),
    "ngay": later("Ngày"),
    "ly_do": later("Lý do"),
    "da_lam": later("Đã thực hiện đến đâu"),
    "ho_ten": later("Họ tên"),
    "chuc_vu": later("Chức vụ"),
    "so": later("Số, ký hiệu"),
    "nhan_luc": later("Nhận được lúc"),
    "hua": later("Hứa nộp trước khi hết ngày"),
    "han": later("Hạn mới: hết ngày"),
    "don_vi": later("Mã hoặc tên đơn vị nhận việc"),
    "don_vi_khac": later("Đơn vị khác, ghi mã hoặc tên"),
    "quyet_dinh": later("Số quyết định, văn bản"),
    "nam": later("Năm của chu kỳ"),
    "summary": later("Đánh giá chung"),
    "dau_moi": later("Người đầu mối"),
    "dien_thoai": later("Điện thoại"),
    "short_title": later("Tên ngắn, đứng trong thư và trên màn hình"),
    "number": later("Số, ký hiệu nếu văn bản để trống"),
    "date": later("Ngày ban hành nếu văn bản để trống"),
    "coordinator": later("Đơn vị điều phối"),
    "leadership": later("Lãnh đạo nhận báo cấp trên"),
}
COLUMNS = {
    "status": later("Tình hình thực hiện"),
    "result": later("Kết quả"),
    "difficulties": later("Khó khăn, vướng mắc"),
    "proposals": later("Đề xuất, kiến nghị"),
    "links": later("Địa chỉ minh chứng"),
    "numerator": later("Số đạt"),
    "denominator": later("Tổng số"),
    "statement": later("Tình hình thực hiện"),
    "note": later("Ghi chú"),
    "content": later("Nội dung"),
    "unit": later("Đơn vị tính"),
    "quantity": later("Số lượng"),
    "price": later("Đơn giá"),
    "amount": later("Thành tiền"),
    "source": later("Nguồn kinh phí"),
}
# Of a launch.
OF_A_TASK = {"han.": later("Hạn cuối"), "giao.": later("Giao cho")}
BUTTONS = {
    "nop": later("Nộp báo cáo"),
    "luu": later("Lưu nháp"),
    "dong_y": later("Đồng ý gia hạn"),
    "khong": later("Không đồng ý"),
    "phoi_hop": later("Phân công phối hợp"),
    "xong": later("Đã hoàn thành đúng hạn"),
    "xong_muon": later("Đã hoàn thành, quá hạn"),
    "don_doc": later("Đôn đốc từ nay"),
    "xem": later("Xem trước"),
    "phat_dong": later("Phát động"),
    "doi_nam": later("Xem các việc của năm này"),
    "khep": later("Khép lại chu kỳ"),
    "huy": later("Hủy vì phát động nhầm"),
    "lay_lai": later("Lấy lại"),
    "nhu_doc": later("Trở về như máy đọc"),
}
# Codes and choices a form carries for itself: they go along, and say nothing to a reader.
CARRIED = frozenset({"den", "giu", "ngon_ngu", "bao_cao", "phien", "bo", "ma", "quyen"}) | {
    *("chuyen", "con_do", "cum", "viec", "loai", "nen", "thay", "theo"),
}
NOT_TOLD = CARRIED | BUTTONS.keys() | {PASSWORD}
_ROW = re.compile(r"(lines|figures|estimates)\.(.+)\.(\w+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_MEND = "ly_do."


class Said(NamedTuple):
    label: str
    words: str


def told(kept: Kept) -> list[Said]:
    """What a person typed or chose, in the order of the form."""
    return [
        Said(_label(name), _words(name, value.strip()))
        for name, value in kept.fields
        if value.strip() and not (name.startswith("_") or name in NOT_TOLD)
    ]


def answer_of(kept: Kept) -> str:
    """What stands on the button that sends it: the one that was pressed."""
    pressed = next((BUTTONS[name] for name, _value in kept.fields if name in BUTTONS), None)
    return _(pressed) if pressed else _("Gửi")


def _label(name: str) -> str:
    if name in LABELS:
        return _(LABELS[name])
    if name.startswith(_MEND):
        return _("Cần sửa ở nhiệm vụ %(code)s", code=name.removeprefix(_MEND))
    for begins, label in OF_A_TASK.items():
        if name.startswith(begins):
            return f"{name.removeprefix(begins)} – {_(label)}"
    row = _ROW.fullmatch(name)
    if row is None or row[3] not in COLUMNS:
        return _("Nội dung khác")
    if row[1] == "estimates":
        return f"{_('Dòng %(number)s', number=row[2])} – {_(COLUMNS[row[3]])}"
    return f"{row[2]} – {_(COLUMNS[row[3]])}"


def _words(name: str, value: str) -> str:
    status = status_of(value) if name.endswith(".status") else None
    if status is not None:
        return _(STATUS_NAMES[status])
    try:
        if _DAY.fullmatch(value):
            return dmy(date.fromisoformat(value))
        if _INSTANT.fullmatch(value):
            at = datetime.fromisoformat(value)
            return f"{at:%H:%M} {dmy(at.date())}"
    except ValueError:
        pass
    return value
