"""A form as it was typed becomes a report, or says field by field what is wrong with it."""

from collections.abc import Iterator
from typing import NamedTuple

from models.report import (
    Draft,
    EstimateDraft,
    EstimateLine,
    FieldFinding,
    Figure,
    FigureDraft,
    FormLine,
    FormTarget,
    Gathered,
    LineDraft,
    ReportContent,
    ReportForm,
    Standing,
    TaskLine,
    TaskStatus,
)
from rules.whole_numbers import whole_number

LONGEST_TEXT = 20_000  # characters of one field
MOST_ESTIMATES = 500
STATUS_NAMES = {
    TaskStatus.NOT_STARTED: "chưa thực hiện",
    TaskStatus.ONGOING: "đang thực hiện",
    TaskStatus.DONE: "đã hoàn thành",
    TaskStatus.NOTHING: "không phát sinh trong kỳ",
}
OWED = (Standing.SILENT, Standing.WAITING, Standing.RETURNED)


class Checked(NamedTuple):
    """`content` is what may be submitted; None when there are findings."""

    content: ReportContent | None
    findings: list[FieldFinding]


def check_report(form: ReportForm, draft: Draft) -> Checked:
    findings: list[FieldFinding] = []
    lines = [_line(form, line, draft, findings) for line in form.lines]
    figures = [_figure(target, draft, findings) for target in form.targets]
    estimates = list(_estimates(form, draft, findings))
    findings += [*_unasked(form, draft), *_too_long(draft), *_evidence(form, draft)]
    if findings:
        return Checked(None, findings)
    content = ReportContent(
        lines=tuple(line for line in lines if line is not None),
        figures=tuple(figure for figure in figures if figure is not None),
        estimates=tuple(estimates),
        attachments=draft.attachments,
        summary=draft.summary.strip(),
        gathered=tuple(
            Gathered(unit=each.unit, report=each.report)
            for each in form.reporters
            if each.standing is Standing.ACCEPTED and each.report is not None
        ),
        missing=tuple(each.unit for each in form.reporters if each.standing in OWED),
    )
    return Checked(content, [])


def status_of(typed: str) -> TaskStatus | None:
    """A status by its code or by its Vietnamese name."""
    wanted = typed.strip().casefold()
    for status, name in STATUS_NAMES.items():
        if wanted in (status.value, name):
            return status
    return None


def _line(
    form: ReportForm, asked: FormLine, draft: Draft, findings: list[FieldFinding]
) -> TaskLine | None:
    typed, field = draft.lines.get(asked.code, LineDraft()), f"lines.{asked.code}"
    problems = [*_status_problems(form, typed, field), *_link_problems(typed, field)]
    findings += problems
    status = status_of(typed.status)
    if problems or status is None:
        return None
    return TaskLine(
        code=asked.code,
        status=status,
        result=typed.result.strip(),
        difficulties=typed.difficulties.strip(),
        proposals=typed.proposals.strip(),
        links=tuple(typed.links.split()),
    )


def _status_problems(form: ReportForm, typed: LineDraft, field: str) -> Iterator[FieldFinding]:
    status = status_of(typed.status)
    if not typed.status.strip():
        message = "Chưa ghi tình hình thực hiện"
        if not typed.result.strip():
            message += "; nếu đang hoặc đã thực hiện, ghi cả kết quả"
        yield FieldFinding(field=f"{field}.status", message=f"{message}.")
    elif status is None:
        names = ", ".join(STATUS_NAMES.values())
        message = f"Không hiểu “{typed.status.strip()}”; hãy chọn một trong: {names}."
        yield FieldFinding(field=f"{field}.status", message=message)
    elif form.evidence_needed and status is not TaskStatus.DONE:
        message = (
            "Nhiệm vụ có thời hạn chỉ nộp khi đã hoàn thành; nếu chưa kịp, hãy đề nghị gia hạn."
        )
        yield FieldFinding(field=f"{field}.status", message=message)
    if status in (TaskStatus.ONGOING, TaskStatus.DONE) and not typed.result.strip():
        yield FieldFinding(field=f"{field}.result", message="Chưa nêu kết quả thực hiện.")


def _link_problems(typed: LineDraft, field: str) -> Iterator[FieldFinding]:
    for link in typed.links.split():
        if not link.startswith(("http://", "https://")):
            message = f"“{link}” không phải địa chỉ; địa chỉ bắt đầu bằng http:// hoặc https://."
            yield FieldFinding(field=f"{field}.links", message=message)


def _evidence(form: ReportForm, draft: Draft) -> Iterator[FieldFinding]:
    if not form.evidence_needed or draft.attachments:
        return
    if not any(line.links.split() for line in draft.lines.values()):
        field = f"lines.{form.lines[0].code}.links" if form.lines else "attachments"
        message = "Cần minh chứng: ghi địa chỉ (mỗi dòng một địa chỉ) hoặc đính kèm tệp."
        yield FieldFinding(field=field, message=message)


def _figure(asked: FormTarget, draft: Draft, findings: list[FieldFinding]) -> Figure | None:
    typed, field = draft.figures.get(asked.code, FigureDraft()), f"figures.{asked.code}"
    if asked.number is None:
        return _stated(asked, typed, field, findings)
    numbers: dict[str, int] = {}
    for name in ("numerator", "denominator") if asked.counted else ("numerator",):
        text = str(getattr(typed, name))
        if text.strip():
            try:
                numbers[name] = whole_number(text)
            except ValueError as error:
                findings.append(FieldFinding(field=f"{field}.{name}", message=str(error)))
        elif asked.required or typed.numerator.strip() or typed.denominator.strip():
            findings.append(FieldFinding(field=f"{field}.{name}", message=_MISSING[name]))
    if _more_than_all(numbers):
        message = (
            f"Số đạt ({numbers['numerator']}) lớn hơn tổng số ({numbers['denominator']}); "
            "đề nghị kiểm tra lại."
        )
        findings.append(FieldFinding(field=f"{field}.numerator", message=message))
    if not numbers and not typed.statement.strip():
        return None
    return Figure(
        target=asked.code,
        numerator=numbers.get("numerator"),
        denominator=numbers.get("denominator"),
        statement=typed.statement.strip(),
        note=typed.note.strip(),
        gathered=asked.gathered,
    )


_MISSING = {"numerator": "Chưa có số đạt.", "denominator": "Chưa có tổng số."}


def _more_than_all(numbers: dict[str, int]) -> bool:
    return len(numbers) > 1 and numbers["numerator"] > numbers["denominator"]


def _stated(
    asked: FormTarget, typed: FigureDraft, field: str, findings: list[FieldFinding]
) -> Figure | None:
    if typed.statement.strip():
        return Figure(target=asked.code, statement=typed.statement.strip(), note=typed.note.strip())
    if asked.required:
        message = "Chỉ tiêu này không có số; hãy nêu bằng lời kết quả thực hiện."
        findings.append(FieldFinding(field=f"{field}.statement", message=message))
    return None


def _estimates(
    form: ReportForm, draft: Draft, findings: list[FieldFinding]
) -> Iterator[EstimateLine]:
    if form.estimating and not draft.estimates:
        message = "Dự toán chưa có dòng nào; nếu không có nhu cầu, ghi một dòng với số lượng 0."
        findings.append(FieldFinding(field="estimates", message=message))
    if len(draft.estimates) > MOST_ESTIMATES:
        message = f"Dự toán có {len(draft.estimates)} dòng; nhiều nhất là {MOST_ESTIMATES}."
        findings.append(FieldFinding(field="estimates", message=message))
    for number, typed in enumerate(draft.estimates[:MOST_ESTIMATES], start=1):
        line = _estimate(typed, f"estimates.{number}", findings)
        if line is not None:
            yield line


def _estimate(
    typed: EstimateDraft, field: str, findings: list[FieldFinding]
) -> EstimateLine | None:
    numbers: dict[str, int] = {}
    problems: list[FieldFinding] = []
    if not typed.content.strip():
        problems.append(FieldFinding(field=f"{field}.content", message="Chưa ghi nội dung chi."))
    for name, missing in (("quantity", "Chưa có số lượng."), ("price", "Chưa có đơn giá.")):
        try:
            text = str(getattr(typed, name)).strip()
            numbers[name] = whole_number(text) if text else 0
            if not text:
                problems.append(FieldFinding(field=f"{field}.{name}", message=missing))
        except ValueError as error:
            problems.append(FieldFinding(field=f"{field}.{name}", message=str(error)))
    amount = numbers.get("quantity", 0) * numbers.get("price", 0)
    if typed.amount.strip() and not problems:
        try:
            stated = whole_number(typed.amount)
        except ValueError as error:
            problems.append(FieldFinding(field=f"{field}.amount", message=str(error)))
        else:
            if stated != amount:
                message = f"Thành tiền {stated} khác số lượng nhân đơn giá ({amount})."
                problems.append(FieldFinding(field=f"{field}.amount", message=message))
    findings += problems
    if problems:
        return None
    return EstimateLine(
        content=typed.content.strip(),
        unit=typed.unit.strip(),
        quantity=numbers["quantity"],
        price=numbers["price"],
        amount=amount,
        source=typed.source.strip(),
        note=typed.note.strip(),
    )


def _unasked(form: ReportForm, draft: Draft) -> Iterator[FieldFinding]:
    """What was typed and has no place on the form any more: said, not dropped in silence."""
    asked = {line.code for line in form.lines}
    for code, line in draft.lines.items():
        if code not in asked and line != LineDraft():
            message = f"Nhiệm vụ {code} không có trong báo cáo này; hãy chuyển nội dung rồi xóa đi."
            yield FieldFinding(field=f"lines.{code}", message=message)
    targets = {target.code for target in form.targets}
    for code, figure in draft.figures.items():
        if code not in targets and figure != FigureDraft():
            message = f"Chỉ tiêu {code} không thuộc báo cáo của đơn vị; hãy xóa số liệu này đi."
            yield FieldFinding(field=f"figures.{code}", message=message)
    if draft.estimates and not form.estimating:
        yield FieldFinding(field="estimates", message="Báo cáo này không có bảng dự toán.")


def _too_long(draft: Draft) -> Iterator[FieldFinding]:
    texts = {"summary": draft.summary}
    for code, line in draft.lines.items():
        texts |= {f"lines.{code}.{name}": text for name, text in line.model_dump().items()}
    for code, figure in draft.figures.items():
        texts |= {f"figures.{code}.{name}": text for name, text in figure.model_dump().items()}
    for field, text in texts.items():
        if len(text) > LONGEST_TEXT:
            message = f"Dài {len(text)} ký tự; nhiều nhất là {LONGEST_TEXT}."
            yield FieldFinding(field=field, message=message)
