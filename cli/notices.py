"""Letters before and after they leave: `dondoc notices …`."""

from pathlib import Path
from typing import Annotated

import typer

from activities.previewing import Previews
from cli import addressing
from cli.calling import PlanOption, UnitOption, YearOption
from cli.context import Context
from cli.exporting import Overwrite, may_write
from cli.output import Json, Problem, console, print_json, problems
from letters.examples import EXAMPLES
from letters.letter import Written
from letters.wording import of_plan
from letters.writing import write
from models.plan import Language, Plan
from worker import doors_of

app = typer.Typer(
    help="Thư đôn đốc: xem trước, gửi lại, tạm dừng, bằng chứng.", no_args_is_help=True
)


@app.callback()
def notices() -> None:
    """Thư đôn đốc: xem trước, gửi lại, tạm dừng, bằng chứng."""


@app.command("preview")
def preview(
    kind: Annotated[
        str | None, typer.Option("--kind", help="Loại thư mẫu, hoặc loại việc của đơn vị.")
    ] = None,
    plan: PlanOption = None,
    year: YearOption = None,
    unit: UnitOption = None,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="Ngôn ngữ; mặc định như kế hoạch.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="TỆP", help="Ghi phần HTML ra tệp.")
    ] = None,
    overwrite: Overwrite = False,
    json_: Json = False,
) -> None:
    """Xem trước lời thư, không gửi cho ai: thư mẫu từng loại, hoặc thư của một đơn vị lúc này."""
    with problems(as_json=json_):
        if html is not None:
            may_write(html, overwrite=overwrite)
        if unit is None:
            written = _example(kind, plan, lang)
        else:
            written = _real(Context(), unit, kind, plan, year, lang)
        if html is not None:
            html.write_text(written.html, encoding="utf-8")
    if json_:
        print_json(written._asdict())
        return
    console.print(written.subject, style="bold", highlight=False, markup=False, soft_wrap=True)
    console.print()
    console.print(written.text, highlight=False, markup=False, soft_wrap=True)
    if html is not None:
        console.print(f"[green]Đã ghi[/green] {html}.", highlight=False)


def _example(kind: str | None, plan: str | None, lang: Language | None) -> Written:
    """One of the made-up letters, in a plan's own words where one is named."""
    name = kind or "digest"
    if name not in EXAMPLES:
        raise Problem(f"Không có loại thư “{name}”; các loại: {', '.join(EXAMPLES)}.")
    if plan is None:
        return write(EXAMPLES[name], of_plan(lang or Language.VIETNAMESE, {}))
    loaded = Context().registry.plan(plan)
    if loaded is None:
        raise Problem(f"Chưa nạp kế hoạch “{plan}”.")
    return write(EXAMPLES[name], of_plan(lang or loaded.officer.language, loaded.letters))


def _real(
    context: Context,
    name: str,
    kind: str | None,
    plan: str | None,
    year: int | None,
    lang: Language | None,
) -> Written:
    unit = addressing.unit(context, name)
    previews = Previews(context.engine, doors_of(context.settings))
    for cycle in addressing.running_cycles(context, plan, year):
        kept = _in_language(context.cycles.snapshots(cycle).plan, lang)
        written = previews.letter(cycle, kept, unit.code, kind, at=context.now)
        if written is not None:
            return written
    raise Problem(f"{unit.name} không có việc nào để báo trong các chu kỳ đang chạy.")


def _in_language(plan: Plan, lang: Language | None) -> Plan:
    if lang is None:
        return plan
    officer = plan.officer.model_copy(update={"language": lang})
    return plan.model_copy(update={"officer": officer})
