"""A report form as a YAML file: written to be filled in by hand, read back as it was typed."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from models.finding import BadInput, Finding, Severity
from models.report import (
    Attachment,
    DataWindow,
    Draft,
    EstimateDraft,
    FigureDraft,
    FormLine,
    FormTarget,
    LineDraft,
    ReportForm,
    Standing,
)
from rules.report_checks import STATUS_NAMES, status_of
from rules.wording import dmy

WIDTH = 92
MOST_BYTES = 5 << 20
ROWS = ("content", "unit", "quantity", "price", "amount", "source", "note")


class FilledForm(NamedTuple):
    """`version` is the draft's the file was written from; None where the file does not say."""

    assignment: str
    version: int | None
    draft: Draft


def written(form: ReportForm) -> str:
    """The form with what is known filled in, and comments that say what is asked."""
    return "\n".join(_document(form)) + "\n"


def read_form(path: Path, attachments: tuple[Attachment, ...] = ()) -> FilledForm:
    """What was typed into a file; every value is taken as text, so that 1.250 stays 1.250.

    `attachments` stay with the draft. Raises BadInput.
    """
    content = _loaded(path)
    problems: list[Finding] = []
    _check_keys(
        content, {"report", "version", "tasks", "targets", "estimates", "summary"}, path, problems
    )
    lines = _section(content, "tasks", LineDraft, path, problems)
    figures = _section(content, "targets", FigureDraft, path, problems)
    estimates = _estimates(content, path, problems)
    if problems:
        raise BadInput(problems)
    version = str(content.get("version", ""))
    return FilledForm(
        assignment=str(content.get("report", "")),
        version=int(version) if version.isdigit() else None,
        draft=Draft(
            lines=lines,
            figures=figures,
            estimates=estimates,
            attachments=attachments,
            summary=_text(content.get("summary", "")),
        ),
    )


# Written


def _data_days(window: DataWindow | None) -> str:
    if window is None:
        return ""
    first, last = dmy(window.first), dmy(window.last)
    return f"; số liệu từ ngày {first} đến hết ngày {last} ({window.rule})"


def _document(form: ReportForm) -> Iterator[str]:
    yield from _comment(f"BÁO CÁO: {form.title}", "")
    yield from _comment(f"Kế hoạch: {form.plan_title}", "")
    yield from _comment(f"Đơn vị: {form.unit_name} ({form.unit})", "")
    if form.period:
        yield from _comment(f"Kỳ báo cáo: {form.period}{_data_days(form.window)}", "")
    if form.last_day:
        yield from _comment(f"Hạn nộp: hết ngày {dmy(form.last_day)}", "")
    for sentence in (form.locked, form.returned_because and f"Trả lại: {form.returned_because}"):
        yield from _comment(sentence, "")
    yield from _below(form)
    yield f"report: {form.assignment}"
    yield f"version: {form.version}"
    if form.lines:
        yield "tasks:"
        for line in form.lines:
            yield from _line(line, form.draft.lines.get(line.code, LineDraft()))
    if form.targets:
        yield "targets:"
        for target in form.targets:
            yield from _target(target, form.draft.figures.get(target.code, FigureDraft()))
    if form.estimating:
        yield from _estimate_rows(form.draft.estimates)
    yield from _comment("Đánh giá chung, nếu có.", "")
    yield from _value("summary", form.draft.summary, "")


def _below(form: ReportForm) -> Iterator[str]:
    if not form.reporters:
        return
    accepted = [each for each in form.reporters if each.standing is Standing.ACCEPTED]
    silent = [
        each.name
        for each in form.reporters
        if each.standing in (Standing.SILENT, Standing.RETURNED, Standing.WAITING)
    ]
    yield from _comment(
        f"Đã tổng hợp sẵn từ {len(accepted)}/{len(form.reporters)} đơn vị báo cáo về.", ""
    )
    if silent:
        yield from _comment(f"Chưa có báo cáo được chấp nhận của: {', '.join(silent)}.", "")


def _line(asked: FormLine, typed: LineDraft) -> Iterator[str]:
    yield f"  {_key(asked.code)}:"
    yield from _comment(asked.text, "    ")
    yield from _comment(f"Thời gian: {asked.timing}", "    ")
    if asked.previous is not None:
        said = f"Kỳ trước: {STATUS_NAMES[asked.previous.status]}. {asked.previous.result}"
        yield from _comment(said, "    ")
    if asked.returned_because:
        yield from _comment(f"TRẢ LẠI: {asked.returned_because}", "    ")
    status = status_of(typed.status)
    yield from _comment(f"status: {' | '.join(STATUS_NAMES.values())}", "    ")
    yield from _value("status", STATUS_NAMES[status] if status else typed.status, "    ")
    for name in ("result", "difficulties", "proposals", "links"):
        yield from _value(name, getattr(typed, name), "    ")


def _target(asked: FormTarget, typed: FigureDraft) -> Iterator[str]:
    yield f"  {_key(asked.code)}:"
    needed = f"năm {asked.year}" + ("" if asked.required else ", chưa đến hạn: có thể để trống")
    yield from _comment(f"{asked.text} ({needed})", "    ")
    if asked.gathered is not None:
        of = "" if asked.gathered.denominator is None else f"/{asked.gathered.denominator}"
        said = f"Cộng từ {asked.gathered.units} báo cáo: {asked.gathered.numerator}{of}"
        yield from _comment(f"{said}. Sửa khác đi thì nêu lý do ở note.", "    ")
    if asked.previous is not None and asked.previous.numerator is not None:
        before = asked.previous
        of = "" if before.denominator is None else f"/{before.denominator}"
        yield from _comment(f"Kỳ trước: {before.numerator}{of}", "    ")
    if asked.number is None:
        yield from _value("statement", typed.statement, "    ")
        return
    yield from _comment("numerator: số đạt" + ("; denominator: tổng số" * asked.counted), "    ")
    yield from _value("numerator", typed.numerator, "    ")
    if asked.counted:
        yield from _value("denominator", typed.denominator, "    ")
    yield from _value("note", typed.note, "    ")


def _estimate_rows(rows: tuple[EstimateDraft, ...]) -> Iterator[str]:
    yield from _comment(
        "Dự toán: content nội dung chi, unit đơn vị tính, quantity số lượng, price đơn giá (đồng), "
        "amount thành tiền (để trống thì tự tính), source nguồn kinh phí, note ghi chú.",
        "",
    )
    yield "estimates:"
    for row in rows or (EstimateDraft(),):
        for number, name in enumerate(ROWS):
            yield from _value(name, getattr(row, name), "  - " if number == 0 else "    ")


def _comment(text: str, indent: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from (f"{indent}# {part}" for part in textwrap.wrap(line, WIDTH - len(indent)))


def _value(name: str, text: str, indent: str) -> Iterator[str]:
    """One value; several lines stand as they are, where YAML gives them back unchanged."""
    lines = text.split("\n")
    plain = all(line == line.strip() and (line.isprintable() or not line) for line in lines) and (
        lines[0] and lines[-1]
    )
    if len(lines) > 1 and plain:
        yield f"{indent}{name}: |-"
        space = " " * (len(indent) + 2)
        yield from (f"{space}{line}" if line else "" for line in lines)
    else:
        yield f"{indent}{name}: {json.dumps(text, ensure_ascii=False)}"


def _key(code: str) -> str:
    return json.dumps(code, ensure_ascii=False)


# Read


def _loaded(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _bad(str(path), f"tệp lớn hơn {MOST_BYTES >> 20} MB, không phải biểu báo cáo")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _bad(str(path), f"không đọc được tệp: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _bad(str(path), "tệp không phải văn bản UTF-8") from error
    try:
        content = YAML(typ="base", pure=True).load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = str(path) if mark is None else f"{path}, dòng {mark.line + 1}"
        raise _bad(place, f"không phải YAML: {getattr(error, 'problem', error)}") from error
    if not isinstance(content, dict):
        raise _bad(str(path), "không phải biểu báo cáo; lấy biểu bằng dondoc report form")
    return content


def _section(
    content: Mapping[str, Any],
    name: str,
    kind: type[LineDraft] | type[FigureDraft],
    path: Path,
    problems: list[Finding],
) -> dict[str, Any]:
    section = content.get(name) or {}
    if not isinstance(section, dict):
        problems.append(_finding(f"{path}, {name}", "phải là danh sách theo mã"))
        return {}
    found = {}
    for code, fields in section.items():
        if not isinstance(fields, dict):
            problems.append(_finding(f"{path}, {name}.{code}", "phải có các mục bên dưới mã này"))
            continue
        _check_keys(fields, set(kind.model_fields), path, problems, f"{name}.{code}")
        known = {key: _text(value) for key, value in fields.items() if key in kind.model_fields}
        found[str(code)] = kind(**known)
    return found


def _estimates(
    content: Mapping[str, Any], path: Path, problems: list[Finding]
) -> tuple[EstimateDraft, ...]:
    rows = content.get("estimates") or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.append(_finding(f"{path}, estimates", "phải là danh sách các dòng"))
        return ()
    for number, row in enumerate(rows, start=1):
        _check_keys(row, set(ROWS), path, problems, f"estimates.{number}")
    drafts = [
        EstimateDraft(**{key: _text(value) for key, value in row.items() if key in ROWS})
        for row in rows
    ]
    return tuple(draft for draft in drafts if draft != EstimateDraft())


def _check_keys(
    fields: Mapping[str, Any], known: set[str], path: Path, problems: list[Finding], where: str = ""
) -> None:
    problems += [
        _finding(f"{path}, {where}".rstrip(", "), f"không có mục “{key}”")
        for key in fields
        if key not in known
    ]


def _text(value: object) -> str:
    """A scalar as typed; a list (of links) one a line."""
    if isinstance(value, list):
        return "\n".join(str(each) for each in value)
    return str(value)


def _finding(place: str, message: str) -> Finding:
    return Finding(severity=Severity.ERROR, place=place, message=message)


def _bad(place: str, message: str) -> BadInput:
    return BadInput([_finding(place, message)])
