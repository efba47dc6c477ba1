"""`dondoc report missing` and `late`: which units, by name, on the screen and as files."""

from collections.abc import Callable
from typing import Annotated

import typer

from cli import addressing
from cli.calling import PlanOption, YearOption
from cli.context import Context
from cli.exporting import Csv, Files, Overwrite, Xlsx
from cli.output import Json, print_json, print_rest, print_table, problems
from cli.report_totals import MOST_ROWS, Period, gathered
from documents.report_tables import STANDING_NAMES, days_late, late_table, missing_table, received
from rules.wording import dmy


def missing(
    period: Period,
    hub: Annotated[str | None, typer.Option("--hub", help="Chỉ các cơ sở của đầu mối này.")] = None,
    plan: PlanOption = None,
    year: YearOption = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    overwrite: Overwrite = False,
    json_: Json = False,
) -> None:
    """Đơn vị nào chưa báo cáo trong kỳ, nêu tên."""
    with problems(as_json=json_):
        files = Files(xlsx, csv, overwrite=overwrite)
        context = Context()
        report = gathered(context, plan, year, period)
        code = addressing.unit(context, hub).code if hub else None
        found = [
            each for each in (*report.missing, *report.waiting) if code is None or each.hub == code
        ]
        if files:
            files.write(missing_table(report, found))
            return
        if json_:
            print_json(found)
            return
        print_table(
            f"{len(found)} đơn vị chưa có báo cáo được chấp nhận, {report.period_name}",
            ["Mã", "Đơn vị", "Đầu mối", "Hạn", "Tình trạng"],
            [
                (
                    each.unit,
                    each.name,
                    each.hub_name,
                    dmy(each.last_day) if each.last_day else "",
                    STANDING_NAMES[each.standing],
                )
                for each in found[:MOST_ROWS]
            ],
            flexible=("Đơn vị", "Đầu mối"),
        )
        print_rest(len(found) - MOST_ROWS, "đơn vị", "--hub hoặc --json")


def late(
    period: Period,
    plan: PlanOption = None,
    year: YearOption = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    overwrite: Overwrite = False,
    json_: Json = False,
) -> None:
    """Phần việc muộn hoặc quá hạn tính từ đầu kỳ số liệu, của đơn vị nào."""
    with problems(as_json=json_):
        files = Files(xlsx, csv, overwrite=overwrite)
        report = gathered(Context(), plan, year, period)
        if files:
            files.write(late_table(report))
            return
        if json_:
            print_json(report.late)
            return
        print_table(
            f"{len(report.late)} phần việc muộn hoặc quá hạn, {report.period_name}",
            ["Mã", "Đơn vị", "Nhiệm vụ", "Hạn", "Ngày nhận", "Muộn"],
            [
                (
                    each.unit,
                    each.name,
                    each.task,
                    dmy(each.last_day),
                    received(each),
                    f"{each.days_late} ngày" if each.days_late else days_late(each),
                )
                for each in report.late[:MOST_ROWS]
            ],
            flexible=("Đơn vị",),
        )
        print_rest(len(report.late) - MOST_ROWS, "phần việc", "--xlsx")


COMMANDS: dict[str, Callable[..., None]] = {
    "missing": missing,
    "late": late,
}
