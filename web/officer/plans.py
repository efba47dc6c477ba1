"""The plans that are loaded, the way to launch each, and what is said of a plan itself."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from models.clock import VN
from rules.citation import issue_problems
from web.access import OfficerOnly
from web.forms import Fields
from web.language import gettext as _
from web.pages import page, see
from web.rule_words import worded
from web.tools import Now, Tools, ToolsOf

router = APIRouter(prefix="/ke-hoach")

LONGEST_NUMBER = 100
FIELDS = {"number": "so", "date": "ngay"}


@router.get("")
def plans(request: Request, _visitor: OfficerOnly, tools: ToolsOf) -> Response:
    return page(
        request,
        "officer/plans.html",
        plans=tools.registry.plans(),
        cycles=tools.cycles.all(),
        reviews=tools.plan_reviews.unfinished(),
    )


@router.get("/thong-tin/{plan}")
def about(request: Request, _visitor: OfficerOnly, tools: ToolsOf, plan: str) -> Response:
    return _about(request, tools, plan)


@router.post("/thong-tin/{plan}")
def set_issued(
    request: Request, _visitor: OfficerOnly, tools: ToolsOf, now: Now, fields: Fields, plan: str
) -> Response:
    """Number and day of a document that was loaded before it had them."""
    number, day = " ".join(fields.get("so", "").split()), fields.get("ngay", "")
    if len(number) > LONGEST_NUMBER:
        return _about(request, tools, plan, fields, {"so": _("Số, ký hiệu dài quá 100 ký tự.")})
    try:
        issued_on = date.fromisoformat(day) if day else None
    except ValueError:
        errors = {"ngay": _("Ngày chưa đúng: hãy chọn một ngày trên lịch.")}
        return _about(request, tools, plan, fields, errors)
    errors = {
        FIELDS[name]: worded(problem)
        for name, problem in issue_problems(number, issued_on, today=now.astimezone(VN).date())
    }
    if errors:
        return _about(request, tools, plan, fields, errors)
    if not tools.registry.set_issued(plan, number or None, issued_on):
        raise HTTPException(404)
    return see(request, f"/ke-hoach/thong-tin/{plan}", _("Đã ghi số và ngày của kế hoạch."))


def _about(
    request: Request,
    tools: Tools,
    plan: str,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    found = tools.registry.plan(plan)
    if found is None:
        raise HTTPException(404)
    officer, document = found.officer, found.document
    day = officer.date.isoformat() if officer.date else ""
    return page(
        request,
        "officer/about_plan.html",
        stands_at=f"/ke-hoach/thong-tin/{plan}",
        status=422 if errors else 200,
        plan=found,
        document=document,
        typed=typed or {"so": officer.number or "", "ngay": day},
        errors=errors or {},
    )
