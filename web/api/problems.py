"""What a program is told when something does not work (RFC 9457): a stable English code, and a
Vietnamese sentence for whoever reads its log."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from starlette.responses import JSONResponse

from activities.report_forms import UnknownAssignment
from activities.report_store import DraftConflict
from activities.reports import Locked, NotYours, Unfit
from models.report import ReportProblem

MEDIA_TYPE = "application/problem+json"


class Kind(NamedTuple):
    status: int
    title: str
    detail: str = ""


# A code is a promise: it may get company, but never another meaning.
KINDS = {
    "malformed": Kind(400, "Nội dung gửi không đọc được", "JSON không đọc được."),
    "token_missing": Kind(
        401, "Thiếu mã truy cập", "Cần tiêu đề Authorization: Bearer <mã truy cập>."
    ),
    "token_invalid": Kind(
        401, "Mã truy cập không dùng được", "Mã truy cập lạ, đã hết hạn hoặc đã bị thu hồi."
    ),
    "scope_missing": Kind(403, "Mã truy cập không được cấp quyền này"),
    "role_forbidden": Kind(
        403, "Vai trò này không được làm việc này", "Việc này dành cho vai trò khác."
    ),
    "not_found": Kind(
        404,
        "Không có nội dung này",
        "Địa chỉ không đúng, hoặc nội dung không thuộc phạm vi của mã truy cập.",
    ),
    "method_not_allowed": Kind(405, "Địa chỉ này không nhận phương thức này"),
    "refused": Kind(409, "Yêu cầu đã được xét và bị từ chối"),
    "failed": Kind(409, "Yêu cầu không xét được", "Lỗi của hệ thống khi xét yêu cầu; đã ghi lại."),
    "locked": Kind(409, "Báo cáo không sửa được lúc này"),
    "draft_conflict": Kind(409, "Bản nháp đã được người khác lưu"),
    "review_changed": Kind(
        409, "Bản soát đã thay đổi", "Có người đã sửa, xác nhận hoặc bỏ bản soát này; hãy xem lại."
    ),
    "plan_exists": Kind(
        409,
        "Kế hoạch mang mã này đã có",
        "Hãy xem changes của bản soát rồi nêu replaces nếu đồng ý thay.",
    ),
    "already_launched": Kind(
        409,
        "Năm này đã được phát động",
        "Chu kỳ ở mục cycle giữ nguyên như đã phát động; chưa có gì được ghi.",
    ),
    "too_large": Kind(413, "Nội dung gửi quá lớn", "Nội dung gửi lớn hơn mức nhận được."),
    "unsupported_media_type": Kind(415, "Không nhận kiểu nội dung này"),
    "invalid": Kind(422, "Nội dung chưa đúng", "Có mục thiếu hoặc chưa đúng; chưa có gì được ghi."),
    "report_unfit": Kind(422, "Báo cáo chưa đủ để nộp", "Bản nháp đã được lưu."),
    "launch_unfit": Kind(
        422, "Chưa phát động được", "Có điều phải sửa trước; chưa có gì được ghi."
    ),
    "plan_unfit": Kind(
        422, "Chưa thành kế hoạch được", "Hãy sửa các chỗ này ở trang soát kế hoạch."
    ),
    "left_open": Kind(422, "Còn phần việc chưa quyết định"),
    "cursor_invalid": Kind(
        422, "Con trỏ trang không dùng được", "Hãy dùng nguyên liên kết next của trang trước."
    ),
    "key_reused": Kind(
        422,
        "Khóa Idempotency-Key đã dùng cho yêu cầu khác",
        "Khóa này đã đi cùng một nội dung khác; hãy dùng khóa mới cho yêu cầu mới.",
    ),
    "event_unknown": Kind(422, "Sự kiện không dùng được"),
    "too_many_requests": Kind(429, "Gọi quá nhiều lần", "Hãy đợi rồi gọi lại."),
    "internal": Kind(500, "Hệ thống gặp lỗi", "Lỗi thuộc về hệ thống và đã được ghi lại để xử lý."),
    "unavailable": Kind(
        503,
        "Hệ thống chưa nhận được gì",
        "Cơ sở dữ liệu đang tạm ngừng; hãy gửi lại cùng khóa Idempotency-Key sau ít phút.",
    ),
}
_OF_STATUS = {
    400: "malformed",
    401: "token_missing",
    403: "role_forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    503: "unavailable",
}


class ApiProblem(Exception):
    """Ends a request with the problem of this code; `members` stand beside its usual ones."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail or KINDS[code].detail)
        self.code = code
        self.headers = headers
        self.members = members


def problem(
    code: str, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any
) -> JSONResponse:
    kind = KINDS[code]
    body = {
        "type": f"urn:dondoc:problem:{code}",
        "title": kind.title,
        "status": kind.status,
        "code": code,
        "detail": detail or kind.detail or kind.title + ".",
    }
    return JSONResponse(
        body | members, kind.status, dict(headers) if headers else None, media_type=MEDIA_TYPE
    )


def problem_of_status(status: int, **members: Any) -> JSONResponse:
    return problem(_OF_STATUS.get(status, "internal"), **members)


def not_valid(errors: Sequence[Mapping[str, Any]]) -> JSONResponse:
    """What a request lacks, place by place."""
    if any(each["type"] == "json_invalid" for each in errors):
        return problem("malformed")
    places = [
        {
            "place": ".".join(map(str, each["loc"])),
            "code": each["type"],
            "message": _SENTENCES.get(each["type"], "Giá trị chưa đúng."),
        }
        for each in errors
    ]
    return problem("invalid", errors=places)


_SENTENCES = {
    "missing": "Thiếu mục này.",
    "extra_forbidden": "Không có mục này.",
    "string_type": "Cần một chuỗi ký tự.",
    "string_too_short": "Chưa đủ dài.",
    "string_too_long": "Dài quá mức nhận được.",
    "string_pattern_mismatch": "Có ký tự không nhận được.",
    "enum": "Không có giá trị này.",
    "literal_error": "Không có giá trị này.",
    "date_from_datetime_parsing": "Ngày chưa đúng: cần dạng 2026-02-28.",
    "date_parsing": "Ngày chưa đúng: cần dạng 2026-02-28.",
    "date_type": "Ngày chưa đúng: cần dạng 2026-02-28.",
    "datetime_parsing": "Thời điểm chưa đúng: cần dạng 2026-02-28T09:00:00+07:00.",
    "timezone_aware": "Thời điểm phải có múi giờ, như +07:00.",
    "int_parsing": "Cần một số nguyên.",
    "bool_parsing": "Cần true hoặc false.",
    "greater_than_equal": "Nhỏ hơn mức nhận được.",
    "less_than_equal": "Lớn hơn mức nhận được.",
    "too_short": "Cần ít nhất một mục.",
    "too_long": "Nhiều mục quá mức nhận được.",
}


@contextmanager
def report_problems() -> Iterator[None]:
    """What cannot be done with a report, as the problem of its code."""
    try:
        yield
    except Unfit as unfit:
        errors = [
            {"place": each.field, "code": "unfit", "message": each.message} for each in unfit.fields
        ]
        raise ApiProblem("report_unfit", errors=errors) from unfit
    except DraftConflict as conflict:
        raise ApiProblem("draft_conflict", str(conflict)) from conflict
    except Locked as locked:
        raise ApiProblem("locked", str(locked)) from locked
    except (UnknownAssignment, NotYours) as hidden:
        raise ApiProblem("not_found") from hidden
    except ReportProblem as problem_:
        raise ApiProblem("invalid", str(problem_)) from problem_
