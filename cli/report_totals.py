"""`dondoc report`: what the reports of a period come to, on the screen and as files."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from activities.cycle_store import Cycle
from activities.statistics import Of
from cli import addressing
from cli.calling import PlanOption, YearOption
from cli.context import Context
from cli.exporting import Csv, Files, Overwrite, Xlsx, may_write, with_progress
from cli.output import (
    Json,
    Problem,
    console,
    errors,
    moment,
    print_json,
    print_rest,
    print_table,
    problems,
    progress_bar,
)
from documents.consolidated import lines_of, report_document
from documents.figures import target_share
from documents.report_tables import (
    REACHED_NAMES,
    consolidated_sheets,
    four_way_table,
    targets_table,
)
from models.consolidated import ConsolidatedReport, FourWay, FourWayRow, TargetRow
from rules.four_way import together
from rules.wording import dmy

MOST_ROWS = 40
SHORT_NAMES = {
    "completed_on_time": "Đúng hạn",
    "completed_late": "Muộn",
    "open_within_time": "Trong hạn",
    "open_overdue": "Quá hạn",
    "held": "Chờ q.định",
    "undated": "Chưa có hạn",
    "ongoing": "T.xuyên",
    "discontinued": "Thôi",
}

Docx = Annotated[
    Path | None, typer.Option("--docx", metavar="TỆP", help="Ghi văn bản Word (.docx) để ký.")
]
Workbook = Annotated[
    Path | None,
    typer.Option("--xlsx", metavar="TỆP", help="Ghi mọi bảng ra một tệp Excel (.xlsx)."),
]
Period = Annotated[str, typer.Option("--period", help="Kỳ báo cáo: H1, H2 …")]


class By(StrEnum):
    TASK = "task"
    UNIT = "unit"
    GROUP = "group"
    PERIOD = "period"


def consolidated(
    period: Period,
    plan: PlanOption = None,
    year: YearOption = None,
    docx: Docx = None,
    xlsx: Workbook = None,
    overwrite: Overwrite = False,
    json_: Json = False,
) -> None:
    """Báo cáo tổng hợp của một kỳ: số liệu, kết quả từng nhiệm vụ, đơn vị chậm."""
    with problems(as_json=json_):
        for file, suffix in ((docx, ".docx"), (xlsx, ".xlsx")):
            if file is not None:
                _check_name(file, suffix, overwrite=overwrite)
        context = Context()
        report = gathered(context, plan, year, period)
        if docx is not None:
            _write_document(context, report, docx)
        if xlsx is not None:
            _write_sheets(report, xlsx)
        if json_:
            print_json(report)
        elif docx is None and xlsx is None:
            _print_consolidated(report)


def whole(
    called: typer.Context,
    period: Annotated[
        str | None, typer.Option("--period", help="Kỳ của báo cáo tổng hợp: H1, H2 …")
    ] = None,
    plan: PlanOption = None,
    year: YearOption = None,
    docx: Docx = None,
    xlsx: Workbook = None,
    overwrite: Overwrite = False,
    json_: Json = False,
) -> None:
    """Báo cáo: biểu để điền, nộp, duyệt; với --period là báo cáo tổng hợp của kỳ."""
    if called.invoked_subcommand is not None:
        return
    if period is None:
        typer.echo(called.get_help())
        raise typer.Exit(2)
    consolidated(period, plan, year, docx, xlsx, overwrite, json_)


def targets(
    period: Period,
    plan: PlanOption = None,
    year: YearOption = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    overwrite: Overwrite = False,
    json_: Json = False,
) -> None:
    """Chỉ tiêu đến kỳ này: số đạt, tổng số, tỷ lệ, bao nhiêu đơn vị đã báo cáo, diễn biến."""
    with problems(as_json=json_):
        files = Files(xlsx, csv, overwrite=overwrite)
        report = gathered(Context(), plan, year, period)
        if files:
            files.write(targets_table(report))
        elif json_:
            print_json(report.targets)
        else:
            _print_targets(report.targets)


def statistics(
    by: Annotated[
        By, typer.Option("--by", help="Theo nhiệm vụ, đơn vị, nhóm đơn vị hoặc kỳ báo cáo.")
    ] = By.TASK,
    task: Annotated[
        str | None, typer.Option("--task", help="Chỉ nhiệm vụ này, ví dụ III.1.d hoặc V.1/H1.")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Chỉ đơn vị này.")] = None,
    plan: PlanOption = None,
    year: YearOption = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    overwrite: Overwrite = False,
    json_: Json = False,
) -> None:
    """Bảng bốn cột: hoàn thành đúng hạn, quá hạn; đang làm trong hạn, quá hạn; và phần còn lại."""
    with problems(as_json=json_):
        files = Files(xlsx, csv, overwrite=overwrite)
        context = Context()
        cycle = _cycle(context, plan, year)
        code, _, occurrence = (task or "").partition("/")
        of = Of(
            code=code or None,
            occurrence=occurrence or None,
            unit=addressing.unit(context, unit).code if unit else None,
        )
        at = context.now
        rows = context.statistics.four_way(cycle.id, by.value, at=at, of=of)
        if files:
            files.write(four_way_table(f"Tình hình thực hiện, {cycle.id}", at, rows))
        elif json_:
            print_json({"at": at, "cycle": cycle.id, "by": by, "rows": rows})
        else:
            _print_four_way(f"{cycle.id}, tính đến {moment(at)}", rows)


def still(
    days: Annotated[
        int | None, typer.Option("--days", help="Không cập nhật bấy nhiêu ngày.", min=1)
    ] = None,
    plan: PlanOption = None,
    year: YearOption = None,
    json_: Json = False,
) -> None:
    """Việc thường xuyên đã lâu không có cập nhật, của đơn vị nào."""
    with problems(as_json=json_):
        context = Context()
        cycle = _cycle(context, plan, year)
        found = context.statistics.still(cycle.id, at=context.now, days=days)
        if json_:
            print_json([each._asdict() for each in found])
            return
        print_table(
            f"{len(found)} việc thường xuyên lâu không cập nhật",
            ["Nhiệm vụ", "Mã", "Đơn vị", "Cập nhật cuối", "Số ngày"],
            [
                (each.code, each.unit, each.unit_name, moment(each.last_update), each.days)
                for each in found[:MOST_ROWS]
            ],
            flexible=("Đơn vị",),
        )
        print_rest(len(found) - MOST_ROWS, "việc", "--json")


def gathered(
    context: Context, plan: str | None, year: int | None, period: str
) -> ConsolidatedReport:
    cycle = _cycle(context, plan, year)
    with progress_bar() as bar:
        read = bar.add_task("Đọc báo cáo của các đơn vị", total=None)
        return context.consolidation.report(
            cycle.id,
            period.upper(),
            at=context.now,
            progress=lambda done, of: bar.update(read, completed=done, total=of),
        )


def _check_name(file: Path, suffix: str, *, overwrite: bool) -> None:
    if file.suffix.lower() != suffix:
        raise Problem(f"Tên tệp {file} cần kết thúc bằng {suffix}.")
    may_write(file, overwrite=overwrite)


def _write_document(context: Context, report: ConsolidatedReport, docx: Path) -> None:
    cycle = _cycle(context, report.plan, report.year)
    letterhead = context.cycles.snapshots(cycle).plan.officer.letterhead
    with_progress(
        docx,
        lines_of(report),
        lambda done: report_document(report, letterhead, progress=done).save(docx),
    )
    errors.print(f"[green]Đã ghi[/green] báo cáo {report.period_name} vào {docx}.", highlight=False)


def _write_sheets(report: ConsolidatedReport, xlsx: Path) -> None:
    from documents.workbook import write_workbook

    sheets = consolidated_sheets(report)
    with_progress(
        xlsx,
        sum(len(table.rows) for table in sheets.values()),
        lambda done: write_workbook(sheets, xlsx, progress=done),
    )
    errors.print(f"[green]Đã ghi[/green] {len(sheets)} bảng vào {xlsx}.", highlight=False)


def _cycle(context: Context, plan: str | None, year: int | None) -> Cycle:
    """The one cycle meant: a running one where there are several; also one that has ended."""
    found = [
        cycle
        for cycle in context.cycles.all()
        if plan in (None, cycle.plan)
        and year in (None, cycle.year)
        and cycle.stage not in ("voided", "voiding")
    ]
    running = [cycle for cycle in found if cycle.stage not in ("closed", "closing")]
    found = running if len(running) == 1 else found
    if not found:
        raise Problem("Không có chu kỳ nào như vậy. Xem các chu kỳ: dondoc status")
    if len(found) > 1:
        names = ", ".join(cycle.id for cycle in found)
        raise Problem(f"Có nhiều chu kỳ, hãy ghi rõ --plan và --year: {names}")
    return found[0]


def _print_consolidated(report: ConsolidatedReport) -> None:
    console.print(
        f"[bold]Báo cáo tổng hợp {report.period_name}[/bold], {report.plan_title}", highlight=False
    )
    if report.window:
        days = f"{dmy(report.window.first)} đến hết ngày {dmy(report.window.last)}"
        console.print(f"Số liệu từ ngày {days} ({report.window.rule}).", highlight=False)
    console.print(f"Số liệu lúc {moment(report.source.data_at)}.", highlight=False)
    print_table(
        "Đã báo cáo",
        ["Nhóm", "Đã chấp nhận", "Chờ duyệt", "Phải báo cáo"],
        [(each.name, each.reported, each.waiting, each.expected) for each in report.coverage],
        flexible=("Nhóm",),
    )
    _print_targets(report.targets)
    _print_four_way("Tình hình thực hiện", report.by_task)
    for words, units in (
        ("chưa báo cáo", report.missing),
        ("đã gửi báo cáo, đang chờ duyệt", report.waiting),
        ("báo cáo sau khi đầu mối đã tổng hợp", report.changed),
    ):
        if units:
            names = ", ".join(each.name for each in units[:10])
            rest = f" và {len(units) - 10} đơn vị khác" if len(units) > 10 else ""
            console.print(f"{len(units)} đơn vị {words}: {names}{rest}.", highlight=False)


def _print_targets(rows: Sequence[TargetRow]) -> None:
    print_table(
        "Chỉ tiêu",
        ["Mã", "Năm", "Chỉ tiêu", "Đạt", "Tổng", "Tỷ lệ", "Đơn vị báo cáo", "Đánh giá", "Các kỳ"],
        [
            (
                row.code,
                row.year,
                row.text,
                row.current.numerator,
                row.current.denominator,
                target_share(row.current.share),
                f"{row.current.reported}/{row.current.expected}",
                REACHED_NAMES[row.current.reached],
                " → ".join(
                    target_share(each.share) or str(each.numerator or "–") for each in row.values
                ),
            )
            for row in rows
        ],
        flexible=("Chỉ tiêu",),
    )


def _print_four_way(title: str, rows: Sequence[FourWayRow]) -> None:
    names = list(FourWay.model_fields)
    shown = [(row.key, row.name, *(getattr(row.counts, name) for name in names)) for row in rows]
    whole = together(row.counts for row in rows)
    shown.append(("", "Cộng", *(getattr(whole, name) for name in names)))
    print_table(
        title,
        ["Mã", "Tên", *(SHORT_NAMES[name] for name in names)],
        shown,
        flexible=("Tên",),
    )


COMMANDS: dict[str, Callable[..., None]] = {
    "consolidated": consolidated,
    "targets": targets,
    "statistics": statistics,
    "still": still,
}
