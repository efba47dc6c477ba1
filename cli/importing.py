"""A document into plan.yaml: import, schema."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from cli.output import (
    Json,
    Problem,
    console,
    errors,
    print_findings,
    print_json,
    problems,
    progress_bar,
)
from intake.importing import (
    Difference,
    as_yaml,
    import_document,
    merge_yaml,
    officer_schema,
    plan_schema,
)
from models.clock import VN
from models.finding import Finding
from models.imported import ImportedPlan
from models.plan import PlanTask
from rules.wording import dmy

SHOWN_TEXT = 60


def import_(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Văn bản: .docx, .pdf có chữ, .txt.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Ghi ra tệp này, thường là plan.yaml.")
    ] = None,
    year: Annotated[
        int | None,
        typer.Option("--year", help="Năm của các ngày không ghi năm.", min=2000, max=2100),
    ] = None,
    text: Annotated[
        Path | None,
        typer.Option("--text", help="Ghi nội dung đã đọc, mỗi dòng kèm số dòng, ra tệp này."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Tệp đã có: thêm mục mới, giữ những gì cán bộ đã sửa.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Tệp đã có: lấy theo văn bản mọi chỗ khác nhau.")
    ] = False,
    json_: Json = False,
) -> None:
    """Đọc một văn bản thành kế hoạch: nhiệm vụ, đơn vị, thời gian, từng dòng nguồn."""
    with problems(as_json=json_):
        imported = _read(file, year, text, quiet=json_)
        written = _write(output, imported, yes=yes, force=force) if output else None
    if json_:
        print_json(imported.as_json())
        return
    _print_summary(file, imported)
    if written is not None:
        console.print(Text(written))


def schema(
    officer: Annotated[
        bool, typer.Option("--officer", help="Lược đồ của officer.yaml thay vì plan.yaml.")
    ] = False,
) -> None:
    """In JSON Schema của plan.yaml, để trình soạn thảo gợi ý và báo lỗi khi sửa tay."""
    print_json(officer_schema() if officer else plan_schema())


def _read(file: Path, year: int | None, text: Path | None, *, quiet: bool) -> ImportedPlan:
    otherwise = datetime.now(VN).year
    if quiet:
        imported, source = import_document(file, year=year, otherwise=otherwise)
    else:
        with progress_bar() as bar:
            task = bar.add_task(f"Đọc {file.name}", total=None)

            def progress(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            imported, source = import_document(
                file, year=year, otherwise=otherwise, progress=progress
            )
    if text is not None:
        _save(text, source.text())
    return imported


def _write(path: Path, imported: ImportedPlan, *, yes: bool, force: bool) -> str:
    """What was written, in a sentence. Differences are told before anything is."""
    if not path.exists():
        _save(path, as_yaml(imported.document))
        return f"Đã ghi {path}"
    merge = merge_yaml(path, imported.document, document_wins=force)
    if not merge.differences:
        return f"{path} đã đúng như văn bản, không ghi gì"
    _print_differences(path, merge.differences)
    if not (yes or force):
        raise Problem(
            f"{path} khác văn bản {len(merge.differences)} chỗ, chưa ghi gì. Thêm --yes để thêm "
            "mục mới và giữ những gì đã sửa, --force để lấy hết theo văn bản"
        )
    _save(path, merge.text)
    taken = sum(difference.taken for difference in merge.differences)
    return f"Đã ghi {path}: lấy {taken} chỗ, giữ {len(merge.differences) - taken} chỗ"


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Problem(f"Không ghi được {path}: {error.strerror}") from error


def _print_differences(path: Path, differences: tuple[Difference, ...]) -> None:
    table = Table(title=f"{path} và văn bản", title_justify="left", header_style="bold")
    for column in ("Chỗ", "Trong tệp", "Trong văn bản"):
        table.add_column(column, overflow="fold")
    for difference in differences:
        shown = (difference.place, difference.before or "", difference.after or "")
        table.add_row(*map(Text, shown))
    errors.print(table)


def _print_summary(file: Path, imported: ImportedPlan) -> None:
    """Findings first: they are what is left to do."""
    document = imported.document
    print_findings(
        [
            Finding(
                severity=finding.severity,
                place=file.name if finding.line is None else f"{file.name}:{finding.line}",
                message=finding.message,
            )
            for finding in imported.findings
        ]
    )
    number = document.number or "chưa có số"
    day = dmy(document.date) if document.date else "chưa có ngày"
    console.print(Text(document.title, style="bold"))
    console.print(Text(f"{document.issuer}; {number}; {day}"))
    table = Table(header_style="bold")
    for column, fold in (("Mã", False), ("Nhiệm vụ", True), ("Chủ trì", True), ("Phối hợp", True)):
        table.add_column(column, overflow="fold" if fold else "ellipsis")
    table.add_column("Thời gian", overflow="fold")
    table.add_column("Hạn", no_wrap=True)
    for task in document.tasks:
        table.add_row(*map(Text, _row(task, imported)))
    console.print(table)
    for duty in document.reports:
        reporters = "; ".join(duty.reporters) or "chưa rõ ai"
        when = duty.timing.text or "chưa có hạn"
        to = duty.to or "chưa rõ nơi nhận"
        console.print(Text(f"Báo cáo {duty.code}: {reporters} → {to}: {when}"))
    console.print(
        f"{len(document.tasks)} nhiệm vụ, {len(document.reports)} chế độ báo cáo, "
        f"{len(document.targets)} chỉ tiêu, {len(document.days)} ngày hằng năm, "
        f"{len(document.recipients)} nơi nhận",
        highlight=False,
    )


def _row(task: PlanTask, imported: ImportedPlan) -> tuple[str, ...]:
    reading = imported.readings.get(task.code)
    due = dmy(reading.due) if reading is not None and reading.due is not None else ""
    shown = task.text if len(task.text) <= SHOWN_TEXT else f"{task.text[: SHOWN_TEXT - 1]}…"
    lead, cooperating = "; ".join(task.lead), "; ".join(task.cooperating)
    return task.code, shown, lead, cooperating, task.timing.text, due


COMMANDS: dict[str, Callable[..., None]] = {"import": import_, "schema": schema}
