"""The forms of a review as a browser sends them."""

from collections.abc import Collection, Mapping
from datetime import date

from starlette.datastructures import FormData

from models.plan_review import AddedDuty, Correction, PlanSettings
from rules.plan_review import FORBIDDEN_IN_CODES
from web.language import gettext as _

SEEN = "_ban"
KIND, REPORT = "loai", "bao-cao"
LONGEST_CODE = 40
LONGEST_TEXT = 20_000
MOST_PERFORMERS = 200


def correction_from(fields: Mapping[str, str]) -> Correction:
    """Every field of a duty's form; line by line whoever performs it."""
    return Correction(
        code=fields.get("code", ""),
        text=_text(fields.get("text", "")),
        lead=_phrases(fields.get("lead", "")),
        cooperating=_phrases(fields.get("cooperating", "")),
        timing=_text(fields.get("timing", "")),
        to=_text(fields.get("to", "")),
    )


def added_from(fields: Mapping[str, str]) -> AddedDuty:
    first, last = (fields.get(name, "") for name in ("first", "last"))
    lines = (int(first), int(last or first)) if _is_line(first) else None
    return AddedDuty(
        code=fields.get("code", ""),
        text=_text(fields.get("text", "")),
        is_report=fields.get(KIND) == REPORT,
        lead=_phrases(fields.get("lead", "")),
        cooperating=_phrases(fields.get("cooperating", "")),
        to=_text(fields.get("to", "")),
        timing=_text(fields.get("timing", "")),
        lines=lines,
    )


def errors_of(
    fields: Mapping[str, str], *, taken: Collection[str], removed: Collection[str]
) -> dict[str, str]:
    """What is wrong with a duty's form, by field; `taken` are the codes of the others, `removed`
    those of added ones that can be brought back."""
    errors = {}
    code = fields.get("code", "")
    if not code or set(code) & FORBIDDEN_IN_CODES or len(code) > LONGEST_CODE:
        errors["code"] = _("Mã không được để trống, không có dấu cách và các ký tự / | @.")
    elif code in taken:
        errors["code"] = _("Mã này đã dùng cho việc khác.")
    elif code in removed:
        errors["code"] = _("Mã này là của một việc đã bỏ: hãy lấy lại việc ấy, hoặc dùng mã khác.")
    if not fields.get("text", ""):
        errors["text"] = _("Nội dung không được để trống.")
    if len(fields.get("text", "")) > LONGEST_TEXT:
        errors["text"] = _("Nội dung dài quá 20.000 ký tự.")
    first, last = fields.get("first", ""), fields.get("last", "")
    if (first or last) and not (_is_line(first) and (not last or _is_line(last))):
        errors["first"] = _("Số dòng phải là số, như in bên cạnh văn bản gốc.")
    elif last and int(last) < int(first):
        errors["first"] = _("Dòng cuối không thể đứng trước dòng đầu.")
    return errors


def settings_from(fields: Mapping[str, str]) -> PlanSettings:
    """Raises ValueError for a date that is none."""
    said = fields.get("date", "")
    return PlanSettings(
        plan=fields.get("plan", ""),
        short_title=_text(fields.get("short_title", ""))[:300],
        number=_text(fields.get("number", ""))[:100],
        date=date.fromisoformat(said) if said else None,
        coordinator=fields.get("coordinator", ""),
        leadership=fields.get("leadership", ""),
    )


def meanings_from(typed: FormData, allowed: set[str]) -> dict[str, str]:
    """Phrase by phrase, in the order of the page; what was left open has an empty one."""
    phrases, meanings = typed.getlist("cum"), typed.getlist("nghia")
    return {
        str(phrase): str(meaning) if meaning in allowed else ""
        for phrase, meaning in zip(phrases, meanings, strict=False)
    }


def version_in(fields: Mapping[str, str]) -> int:
    """The version of the whole review that a form was made from; -1, which none has, for no form of
    ours."""
    said = fields.get(SEEN, "")
    return int(said) if _is_line(said) else -1


def _text(typed: str) -> str:
    return " ".join(typed.split())


def _phrases(typed: str) -> tuple[str, ...]:
    found = (_text(line).strip(" ;") for line in typed.splitlines())
    return tuple(phrase for phrase in found if phrase)[:MOST_PERFORMERS]


def _is_line(typed: str) -> bool:
    return typed.isdecimal() and typed.isascii() and 0 < len(typed) < 9
