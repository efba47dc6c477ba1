"""The command line `dondoc`: every command in one place, each written in `cli/`."""

import gc

# All that is read here stays. Looking through it for garbage again and again while it is read would
# take every fifth second of each command's start.
_COLLECTS = gc.isenabled()
gc.disable()

from collections.abc import Callable, Mapping

import typer

from cli import (
    calendars,
    checking,
    closing,
    contacts,
    demo,
    doctor,
    importing,
    launching,
    notices,
    outbox,
    overdue,
    people,
    preview,
    report_totals,
    report_units,
    reporting,
    running,
    serving,
    timing,
    tokens,
    units,
    upkeep,
    urging,
    verbs,
    viewing,
)

app = typer.Typer(
    name="dondoc",
    help="Đôn Đốc: theo dõi, đôn đốc thực hiện kế hoạch của cơ quan nhà nước.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
extend = typer.Typer(help="Gia hạn: đề nghị, đồng ý, không đồng ý.", no_args_is_help=True)
report = typer.Typer(invoke_without_command=True)
report.callback()(report_totals.whole)
unit = typer.Typer(help="Danh bạ: sửa liên hệ, thêm đơn vị.", no_args_is_help=True)


def _add(to: typer.Typer, panel: str, commands: Mapping[str, Callable[..., None]]) -> None:
    for name, command in commands.items():
        to.command(name, rich_help_panel=panel)(command)


_add(
    app,
    "Vận hành",
    {
        "up": running.up,
        "demo": demo.demo,
        "worker": running.worker,
        "web": serving.web,
        "doctor": doctor.doctor,
    },
)
_add(
    app,
    "Kế hoạch và chu kỳ",
    {
        "load": launching.load,
        "launch": launching.launch,
        "close": closing.close,
        "void": closing.void,
        "repair": upkeep.repair,
    },
)
_add(app, "Xem", {"preview": preview.preview} | viewing.COMMANDS | overdue.COMMANDS)
_add(app, "Xem", calendars.COMMANDS)
_add(app, "Đọc văn bản", importing.COMMANDS | checking.COMMANDS | timing.COMMANDS)
_add(app, "Theo dõi từng việc", verbs.COMMANDS)
_add(extend, "Gia hạn", verbs.EXTEND)
_add(report, "Báo cáo của đơn vị", reporting.COMMANDS)
_add(report, "Tổng hợp", report_totals.COMMANDS | report_units.COMMANDS)
_add(unit, "Danh bạ", {"set": upkeep.unit_set, "add": upkeep.unit_add})
_add(unit, "Liên hệ", contacts.COMMANDS)
_add(notices.app, "Gửi tin", outbox.COMMANDS)
app.add_typer(report, name="report", rich_help_panel="Báo cáo, thống kê")
app.add_typer(people.app, name="user", rich_help_panel="Người dùng")
app.add_typer(tokens.app, name="token", rich_help_panel="Người dùng")
_add(app, "Người dùng", {"audit": people.audit})
app.add_typer(extend, name="extend", rich_help_panel="Theo dõi từng việc")
app.add_typer(units.app, name="units", rich_help_panel="Xem")
app.add_typer(notices.app, name="notices", rich_help_panel="Xem")
app.add_typer(urging.app, name="urge", rich_help_panel="Theo dõi từng việc")
app.add_typer(unit, name="unit", rich_help_panel="Kế hoạch và chu kỳ")

if _COLLECTS:
    gc.freeze()
    gc.enable()


def main() -> None:
    app()


if __name__ == "__main__":
    main()
