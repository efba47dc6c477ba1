"""`dondoc report`: forms out and in, review, and what the reports come to."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from activities.reports import Reports
from cli import addressing
from cli.addressing import parse_day
from cli.calling import (
    As,
    By,
    Call,
    Id,
    PlanOption,
    YearOption,
    actor,
    verb,
)
from cli.context import Context
from cli.output import Json, Problem, console, moment, print_json, print_table, problems
from intake.report_file import FilledForm, read_form, written
from models.commands import Actor, ActorKind, Command
from models.report import Attachment, FieldFinding, Figure, Report, ReviewItem
from rules.report_checks import STATUS_NAMES

VERDICTS = {
    "applied": "đã nhận",
    "refused": "không được nhận",
    "failed": "chưa xử lý được",
    None: "đang chờ xử lý",
}
Form = Annotated[
    Path, typer.Option("--file", "-f", help="Biểu YAML đã điền, lấy bằng dondoc report form.")
]
Attach = Annotated[
    list[Path] | None, typer.Option("--attach", help="Tệp minh chứng; có thể ghi nhiều lần.")
]


def form(
    assignment: Id,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Ghi ra tệp này; mặc định in ra.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Tổng hợp lại từ đầu, bỏ qua bản nháp đã lưu.")
    ] = False,
    plan: PlanOption = None,
    year: YearOption = None,
    json_: Json = False,
) -> None:
    """Biểu báo cáo để điền: nhiệm vụ, chỉ tiêu, kỳ số liệu, kỳ trước, số cộng từ cơ sở."""
    with problems(as_json=json_):
        context = Context()
        part = addressing.assignment(context, assignment, plan, year)
        found = context.reports.form(part.id, fresh=fresh)
        if json_:
            print_json(found)
        elif output is None:
            typer.echo(written(found), nl=False)
        else:
            _write_new(output, written(found))
            console.print(f"Đã ghi biểu vào {output}.", highlight=False)


def save(
    assignment: Id,
    file: Form,
    attach: Attach = None,
    by: By = "",
    as_: As = "officer",
    plan: PlanOption = None,
    year: YearOption = None,
    json_: Json = False,
) -> None:
    """Lưu nháp một biểu đã điền; những chỗ chưa đạt được nêu ra nhưng vẫn lưu."""
    with problems(as_json=json_):
        context = Context()
        who = actor(context, as_, by)
        part = addressing.assignment(context, assignment, plan, year)
        files = _attached(context.reports, part.id, attach, who=who, at=context.now)
        filled, version = _filled(context.reports, part.id, file, files)
        version = context.reports.save_draft(
            part.id, filled.draft, version=version, actor=who, at=context.now
        )
        findings = context.reports.check(part.id, filled.draft)
        if json_:
            print_json({"assignment": part.id, "version": version, "findings": findings})
            return
        console.print(f"Đã lưu nháp {part.id} (bản {version}).", highlight=False)
        _print_fields(findings)


@verb
def submit(
    call: Call,
    assignment: Id,
    file: Form,
    attach: Attach = None,
    on_behalf: Annotated[
        bool, typer.Option("--on-behalf", help="Nhập thay báo cáo gửi bằng giấy.")
    ] = False,
    reference: Annotated[
        str | None, typer.Option("--reference", help="Số văn bản của báo cáo giấy.")
    ] = None,
    text: Annotated[str | None, typer.Option("--text", help="Nội dung ghi kèm.")] = None,
) -> Sequence[Command]:
    """Nộp báo cáo từ biểu đã điền, kèm tệp minh chứng."""
    reports = call.context.reports
    part = call.assignment(assignment)
    files = _attached(reports, part.id, attach, who=call.actor, at=call.received_at)
    filled, version = _filled(reports, part.id, file, files)
    return [
        reports.submit(
            part.id,
            filled.draft,
            version=version,
            actor=call.actor,
            received_at=call.received_at,
            command=call.id,
            on_behalf=on_behalf,
            reference=reference,
            text=call.words(text),
        )
    ]


def show(
    assignment: Id,
    revision: Annotated[
        int | None, typer.Option("--revision", help="Lần nộp thứ mấy; mặc định lần cuối.")
    ] = None,
    plan: PlanOption = None,
    year: YearOption = None,
    json_: Json = False,
) -> None:
    """Báo cáo đã nộp: từng lần nộp, nội dung, kết quả xử lý."""
    with problems(as_json=json_):
        context = Context()
        part = addressing.assignment(context, assignment, plan, year)
        revisions = context.reports.revisions(part.id)
        if not revisions:
            raise Problem(f"{part.id} chưa nộp báo cáo nào qua biểu.")
        wanted = revisions[-1] if revision is None else _revision(revisions, revision)
        if json_:
            print_json({"revisions": len(revisions), "report": wanted})
            return
        _print_report(wanted, len(revisions))


@verb
def accept(
    call: Call,
    assignments: Annotated[list[str] | None, typer.Argument(metavar="[PHẦN_VIỆC…]")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Mọi báo cáo đang chờ người này duyệt.")
    ] = False,
    task: Annotated[
        str | None, typer.Option("--task", help="Cùng với --all: chỉ nhiệm vụ này, ví dụ V.1/H1.")
    ] = None,
    except_: Annotated[
        list[str] | None, typer.Option("--except", help="Cùng với --all: trừ đơn vị này.")
    ] = None,
) -> Sequence[Command]:
    """Chấp nhận báo cáo: từng cái, hoặc mọi cái đang chờ mình duyệt."""
    if everything == bool(assignments):
        raise Problem("Hãy ghi các phần việc, hoặc --all để chấp nhận mọi báo cáo đang chờ.")
    if assignments:
        ids = [call.assignment(text).id for text in assignments]
    else:
        left_out = {addressing.unit(call.context, text).code for text in except_ or []}
        ids = [
            item.assignment
            for item in _waiting(call)
            if item.unit not in left_out and _is_of(item.assignment, task)
        ]
    if not ids:
        raise Problem("Không có báo cáo nào đang chờ duyệt.")
    return call.context.reviews.accepting(
        ids, actor=call.actor, received_at=call.received_at, command=call.id
    )


@verb
def return_report(
    call: Call,
    assignment: Id,
    reason: Annotated[
        list[str] | None,
        typer.Option("--reason", help="Lý do theo nhiệm vụ: III.1.a=Thiếu địa chỉ chuyên mục."),
    ] = None,
    text: Annotated[str, typer.Option("--text", help="Lý do chung.")] = "",
    until: Annotated[
        str | None, typer.Option("--until", help="Nộp lại chậm nhất ngày này.")
    ] = None,
) -> Sequence[Command]:
    """Trả lại báo cáo, nêu lý do từng nhiệm vụ và hạn nộp lại."""
    reasons = dict(_reason(each) for each in reason or [])
    part = call.assignment(assignment)
    try:
        returned = call.context.reviews.returning(
            part.id,
            reasons,
            text=text,
            last_day=parse_day(until) if until else None,
            actor=call.actor,
            received_at=call.received_at,
            command=call.id,
        )
    except ValueError as error:
        raise Problem(str(error)) from error
    return [returned]


def reviews(
    unit: Annotated[
        str | None, typer.Option("--unit", help="Chỉ báo cáo đơn vị này phải duyệt.")
    ] = None,
    plan: PlanOption = None,
    year: YearOption = None,
    json_: Json = False,
) -> None:
    """Báo cáo nào đang chờ ai duyệt, từ lúc nào."""
    with problems(as_json=json_):
        context = Context()
        cycles = [cycle.id for cycle in addressing.running_cycles(context, plan, year)]
        reviewer = addressing.unit(context, unit).code if unit else None
        items = context.reviews.queue(reviewer=reviewer, cycles=cycles).items
        if json_:
            print_json(items)
            return
        print_table(
            f"{len(items)} báo cáo chờ duyệt",
            ["Nhận lúc", "Báo cáo", "Đơn vị", "Người duyệt", "Muộn"],
            [
                (
                    moment(item.received_at),
                    item.assignment,
                    item.unit_name,
                    item.reviewer_name,
                    "muộn" if item.late else "",
                )
                for item in items
            ],
            flexible=("Đơn vị", "Người duyệt"),
        )


def _filled(
    reports: Reports, assignment: str, file: Path, files: tuple[Attachment, ...]
) -> tuple[FilledForm, int]:
    """A form with its evidence, and the version of the draft it goes on from."""
    current = reports.form(assignment)
    filled = read_form(file)
    if filled.assignment not in ("", assignment):
        raise Problem(f"{file} là biểu của {filled.assignment}, không phải của {assignment}.")
    kept = {each.sha256: each for each in (*current.draft.attachments, *files)}
    draft = filled.draft.model_copy(update={"attachments": tuple(kept.values())})
    version = current.version if filled.version is None else filled.version
    return filled._replace(draft=draft), version


def _attached(
    reports: Reports, assignment: str, paths: list[Path] | None, *, who: Actor, at: datetime
) -> tuple[Attachment, ...]:
    """Keeps the files as evidence. All of them are opened first: one that is not there keeps the
    others from being kept for nothing."""
    with ExitStack() as stack:
        try:
            opened = [(path, stack.enter_context(path.open("rb"))) for path in paths or []]
        except OSError as error:
            raise Problem(f"Không đọc được {error.filename}: {error.strerror}.") from error
        return tuple(
            reports.attach(assignment, path.name, stream, actor=who, at=at)
            for path, stream in opened
        )


def _write_new(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Problem(f"Không ghi được {path}: {error.strerror}.") from error


def _waiting(call: Call) -> list[ReviewItem]:
    """What waits for whoever calls: a unit's own queue, or the coordinator's for the officer."""
    cycles = addressing.running_cycles(call.context, call.plan, call.year)
    if call.actor.kind is ActorKind.UNIT:
        reviewers = {call.actor.ref}
    else:
        plans = [call.context.cycles.snapshots(cycle).plan for cycle in cycles]
        reviewers = {plan.officer.coordinator for plan in plans}
    queue = call.context.reviews.queue(cycles=[cycle.id for cycle in cycles])
    return [item for item in queue.items if item.reviewer in reviewers]


def _is_of(assignment: str, task: str | None) -> bool:
    """`task` is a code, or a code with an occurrence."""
    if task is None:
        return True
    code, _, occurrence = task.partition("/")
    _plan, _year, its_code, its_occurrence, _unit = assignment.split("/")
    return its_code == code and occurrence in ("", its_occurrence)


def _reason(text: str) -> tuple[str, str]:
    code, separator, words = text.partition("=")
    if not separator or not words.strip():
        raise Problem(f"Không hiểu lý do “{text}”: hãy viết MÃ_NHIỆM_VỤ=LÝ_DO.")
    return code.strip(), words.strip()


def _revision(revisions: Sequence[Report], number: int) -> Report:
    for report in revisions:
        if report.number == number:
            return report
    raise Problem(f"Không có lần nộp {number}; đã nộp {len(revisions)} lần.")


def _print_report(report: Report, of: int) -> None:
    outcome = VERDICTS[report.verdict]
    console.print(
        f"[bold]{report.assignment}[/bold], lần nộp {report.number}/{of}, "
        f"{moment(report.submitted_at)}: {outcome}{report.reason and f' ({report.reason})'}",
        highlight=False,
    )
    content = report.content
    print_table(
        "Nhiệm vụ",
        ["Mã", "Tình hình", "Kết quả", "Khó khăn", "Kiến nghị"],
        [
            (
                line.code,
                STATUS_NAMES[line.status],
                "\n".join([line.result, *line.links]),
                line.difficulties,
                line.proposals,
            )
            for line in content.lines
        ],
        flexible=("Kết quả", "Khó khăn", "Kiến nghị"),
    )
    if content.figures:
        rows = [
            (each.target, _number(each), each.statement, _mark(each)) for each in content.figures
        ]
        print_table("Chỉ tiêu", ["Mã", "Số liệu", "Nội dung", "Điều chỉnh"], rows)
    if content.estimates:
        print_table(
            "Dự toán (đồng)",
            ["Nội dung chi", "Số lượng", "Đơn giá", "Thành tiền", "Nguồn"],
            [(e.content, e.quantity, e.price, e.amount, e.source) for e in content.estimates],
        )
    for attachment in content.attachments:
        console.print(
            f"Minh chứng: {attachment.name} ({attachment.size} byte, {attachment.sha256})",
            highlight=False,
            soft_wrap=True,
        )
    if content.missing:
        console.print(f"Chưa có báo cáo của: {', '.join(content.missing)}", highlight=False)


def _number(figure: Figure) -> str:
    if figure.numerator is None:
        return ""
    of = "" if figure.denominator is None else f"/{figure.denominator}"
    return f"{figure.numerator}{of}"


def _mark(figure: Figure) -> str:
    if not figure.corrected or figure.gathered is None:
        return ""
    gathered = figure.gathered
    of = "" if gathered.denominator is None else f"/{gathered.denominator}"
    reason = figure.note or "không nêu lý do"
    return f"cơ sở báo {gathered.numerator}{of}; {reason}"


def _print_fields(findings: Sequence[FieldFinding]) -> None:
    if findings:
        console.print(f"Còn {len(findings)} chỗ phải hoàn thiện trước khi nộp:", highlight=False)
    for each in findings:
        console.print(f"  {each.field}: {each.message}", highlight=False, soft_wrap=True)


COMMANDS: dict[str, Callable[..., None]] = {
    "form": form,
    "save": save,
    "submit": submit,
    "show": show,
    "reviews": reviews,
    "accept": accept,
    "return": return_report,
}
