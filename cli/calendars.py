"""A calendar of deadlines as a file that any calendar program opens."""

from pathlib import Path
from typing import Annotated

import typer

from activities.calendars import Calendars
from cli import addressing
from cli.calling import PlanOption, UnitOption, YearOption
from cli.context import Context
from cli.exporting import Overwrite, may_write
from cli.output import Json, Problem, console, print_json, problems
from documents.files import replacing
from models.calendar_feed import Feed


def calendar(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="TỆP", help="Tệp .ics.")],
    unit: UnitOption = None,
    plan: PlanOption = None,
    year: YearOption = None,
    yes: Overwrite = False,
    json_: Json = False,
) -> None:
    """Lịch các hạn (.ics) của một đơn vị (--unit), hoặc của cả kế hoạch cho cán bộ theo dõi."""
    from documents.calendar_feed import feed_bytes

    with problems(as_json=json_):
        if output.suffix.lower() != ".ics":
            raise Problem(f"Tên tệp {output} cần kết thúc bằng .ics.")
        may_write(output, overwrite=yes)
        context = Context()
        feed = _feed(context, unit, plan, year)
        with replacing(output) as file:
            file.write_bytes(feed_bytes(feed, base_url=context.settings.base_url))
        if json_:
            print_json({"file": str(output), "name": feed.name, "deadlines": len(feed.entries)})
        else:
            console.print(
                f"[green]Đã ghi[/green] {len(feed.entries)} hạn vào {output}.", highlight=False
            )


def _feed(context: Context, unit: str | None, plan: str | None, year: int | None) -> Feed:
    calendars = Calendars(context.engine)
    if unit is not None:
        return calendars.of_unit(addressing.unit(context, unit).code)
    return calendars.of_cycle(addressing.one_cycle(context, plan, year).id)


COMMANDS = {"calendar": calendar}
