"""The directory: listed, read from a spreadsheet, written to one, begun from a province."""

import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from activities.contacts import Contacts
from cli.contact_changes import contacts_json, print_contacts
from cli.context import Context
from cli.exporting import Overwrite, may_write, with_progress
from cli.output import (
    Json,
    Problem,
    console,
    errors,
    print_findings,
    print_json,
    print_table,
    problems,
    progress_bar,
)
from cli.unit_changes import print_changes, print_units
from intake.contact_export import ContactList
from intake.directory_files import DirectoryFile, read_units
from intake.provinces import UnknownProvince, province_units
from models.directory import Absence, Contact, Directory, Unit, UnitKind
from models.finding import BadInput, Finding
from models.plan import Plan
from rules.contact_changes import ContactChange, compare_contacts
from rules.directory_changes import (
    DirectoryChanges,
    Removal,
    compare,
    removal,
)

app = typer.Typer(
    help="Danh bạ: xem, nhập từ Excel hoặc CSV, xuất ra tệp, lấy xã, phường của một tỉnh.",
    invoke_without_command=True,
)

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ghi ngay, không hỏi lại.")]
OutputFile = Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp .xlsx hoặc .csv sẽ ghi.")]


@app.callback()
def listing(
    called: typer.Context,
    kind: Annotated[UnitKind | None, typer.Option("--kind", help="Chỉ loại đơn vị này.")] = None,
    sample: Annotated[
        bool | None, typer.Option("--sample/--real", help="Chỉ đơn vị mẫu / chỉ đơn vị thật.")
    ] = None,
    json_: Json = False,
) -> None:
    """Danh bạ đơn vị: đầu mối, người phụ trách, địa chỉ."""
    if called.invoked_subcommand is not None:
        return
    with problems(as_json=json_):
        every = Context().registry.directory().units.values()
        found = [
            unit for unit in every if kind in (None, unit.kind) and sample in (None, unit.sample)
        ]
        if json_:
            print_json({"total": len(found), "units": found})
        elif found:
            print_units(f"{len(found)} đơn vị", found)
        else:
            console.print(
                "Không có đơn vị nào như vậy."
                if every
                else "Danh bạ còn trống. Nạp kế hoạch và danh bạ: dondoc load plans/lam-dong-nq57"
            )


@app.command("import")
def import_units(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp .xlsx hoặc .csv.")],
    remove_missing: Annotated[
        bool,
        typer.Option(
            "--remove-missing",
            help="Đưa ra khỏi danh bạ những đơn vị không có trong tệp (trừ đơn vị còn việc).",
        ),
    ] = False,
    yes: Yes = False,
    json_: Json = False,
) -> None:
    """Nhập danh bạ từ Excel hoặc CSV: xem thay đổi trước, rồi mới ghi. Nhập lại không bị trùng.

    Có lỗi thì không ghi gì. Ô để trống nghĩa là xóa; cột không có trong tệp thì giữ nguyên. Trang
    (hoặc tệp CSV) có cột Vai trò là đầu mối theo thời gian: thay cả đầu mối của đơn vị có dòng.
    """
    with problems(as_json=json_), _nothing_written(as_json=json_):
        context = Context()
        known = context.registry.directory()
        with progress_bar() as progress:
            bar = progress.add_task(f"Đọc {file.name}", total=None)
            read = read_units(file, known, progress=lambda rows: progress.advance(bar, rows))
        _change(
            context,
            known,
            read.units,
            findings=[*read.findings, *read.unreached],
            contacts=_Contacts.read(context, read),
            remove_missing=remove_missing,
            # A list of contacts names no units.
            report_missing=bool(read.units),
            yes=yes,
            as_json=json_,
        )


@app.command()
def template(file: OutputFile, yes: Overwrite = False, json_: Json = False) -> None:
    """Ghi bảng mẫu Excel để điền danh bạ: tiêu đề, dòng ví dụ, hướng dẫn, danh sách loại."""
    from intake.directory_export import write_template

    with problems(as_json=json_):
        may_write(file, overwrite=yes)
        write_template(file)
    _say_written(file, "bảng mẫu", None, as_json=json_)


@app.command()
def export(
    file: OutputFile,
    contacts: Annotated[
        bool, typer.Option("--contacts", help="Chỉ đầu mối theo thời gian, ra tệp .csv.")
    ] = False,
    channels: Annotated[
        bool, typer.Option("--channels", help="Cả địa chỉ kênh, có thể chứa khóa truy cập.")
    ] = False,
    yes: Overwrite = False,
    json_: Json = False,
) -> None:
    """Xuất danh bạ ra Excel hoặc CSV; sửa trong tệp rồi nhập lại được.

    Tệp Excel có thêm trang đầu mối theo thời gian và thời gian vắng mặt.
    """
    from intake.directory_export import export_contacts

    with problems(as_json=json_):
        may_write(file, overwrite=yes)
        context = Context()
        directory = context.registry.directory()
        listed = ContactList(Contacts(context.engine).every(), with_channels=channels)
        units = list(directory.units.values())
        if contacts:
            export_contacts(file, listed, directory.units)
        else:
            _export(file, units, listed)
    if contacts:
        _say_written(file, f"{len(listed.every)} dòng đầu mối", None, as_json=json_)
    else:
        _say_written(file, "danh bạ", len(units), as_json=json_)


@app.command()
def province(
    name: Annotated[str, typer.Argument(metavar="TỈNH", help="Tên tỉnh, thành phố hiện nay.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Ghi ra tệp .xlsx hoặc .csv để điền tiếp.")
    ] = None,
    add: Annotated[bool, typer.Option("--add", help="Thêm vào danh bạ những xã chưa có.")] = False,
    yes: Yes = False,
    json_: Json = False,
) -> None:
    """Các xã, phường, đặc khu của một tỉnh, theo đơn vị hành chính từ ngày 01/7/2025."""
    with problems(as_json=json_):
        try:
            found = province_units(name)
        except UnknownProvince as unknown:
            raise Problem(str(unknown)) from unknown
        if output is not None:
            may_write(output, overwrite=yes)
            _export(output, found.units)
            _say_written(output, f"{found.name}:", len(found.units), as_json=json_)
        elif add:
            context = Context()
            known = context.registry.directory()
            # What an officer has made of a unit that is known stays as it is.
            listed = {unit.code: known.units.get(unit.code, unit) for unit in found.units}
            _change(context, known, listed, yes=yes, as_json=json_)
        elif json_:
            print_json(
                {
                    "province": found.name,
                    "data_of": found.data_of,
                    "total": len(found.units),
                    "units": found.units,
                }
            )
        else:
            title = f"{found.name}: {len(found.units)} đơn vị cấp xã (số liệu ngày {found.data_of})"
            print_table(title, ("Mã", "Tên"), [(unit.code, unit.name) for unit in found.units])


# Changing the directory


@contextmanager
def _nothing_written(*, as_json: bool) -> Iterator[None]:
    """Tells a person all errors of a file with their remedies; a program is told elsewhere."""
    try:
        yield
    except BadInput as bad:
        if as_json:
            raise
        print_findings(bad.findings)
        errors.print(f"{len(bad.findings)} lỗi: chưa ghi gì.", style="red", highlight=False)
        raise typer.Exit(1) from bad


def _change(
    context: Context,
    known: Directory,
    listed: Mapping[str, Unit],
    *,
    findings: Sequence[Finding] = (),
    contacts: "_Contacts | None" = None,
    remove_missing: bool = False,
    report_missing: bool = False,
    yes: bool,
    as_json: bool,
) -> None:
    """Shows what would change and writes it once that is wanted."""
    changes = compare(known, listed)
    removing = Removal()
    if remove_missing:
        removing = removal(
            changes, known, open_parts=context.registry.open_parts(), plans=_plans(context)
        )
    findings = [*findings, *removing.staying]
    removed = {unit.code for unit in removing.removed}
    contacts = contacts or _Contacts([], [])
    if not as_json:
        print_findings(findings)
        print_changes(changes, removed, report_missing=report_missing)
        print_contacts(contacts.changes)
    nothing = not changes.written and not removed and not contacts.changes
    written = (
        False
        if nothing or not (yes or _confirmed(as_json=as_json))
        else _write(context, known, changes.written, removed, contacts)
    )
    if as_json:
        told = _changes_json(changes, removed, findings, written=written)
        print_json(told | {"contacts": contacts_json(contacts.changes)})
    elif nothing:
        console.print("Danh bạ không có gì thay đổi.")
    elif written:
        console.print("[green]Đã ghi[/green] danh bạ; có hiệu lực từ thư gửi tiếp theo.")
    else:
        console.print("Chưa ghi gì. Xem lại rồi chạy lại với --yes để ghi.", style="yellow")


def _plans(context: Context) -> list[Plan]:
    plans = (context.registry.plan(row.id) for row in context.registry.plans())
    return [plan for plan in plans if plan is not None]


def _confirmed(*, as_json: bool) -> bool:
    """Whether the person at the terminal says yes; nobody is there when a program calls."""
    return not as_json and sys.stdin.isatty() and typer.confirm("Ghi những thay đổi này?")


class _Contacts(NamedTuple):
    """What a file changes of the contacts that were `seen`."""

    seen: list[Contact | Absence]
    changes: list[ContactChange]

    @classmethod
    def read(cls, context: Context, file: DirectoryFile) -> "_Contacts":
        seen = Contacts(context.engine).every()
        listed = file.contacts
        return cls(seen, compare_contacts(seen, listed.every, channels=listed.channels))


def _write(
    context: Context,
    known: Directory,
    units: Sequence[Unit],
    removed: Collection[str],
    contacts: _Contacts,
) -> bool:
    with progress_bar() as progress:
        bar = progress.add_task("Ghi danh bạ", total=len(units))
        unchanged_since = context.registry.change_units(
            units, removed, seen=known, written=lambda done: progress.update(bar, completed=done)
        )
    if not unchanged_since:
        raise Problem(
            "Danh bạ vừa được người khác sửa, hoặc đơn vị vừa được giao việc; chưa ghi gì. "
            "Hãy chạy lại để xem thay đổi mới."
        )
    if contacts.changes and not Contacts(context.engine).change(
        contacts.changes, seen=contacts.seen
    ):
        raise Problem(
            "Đầu mối theo thời gian vừa được người khác sửa nên chưa ghi; đơn vị thì đã ghi. "
            "Hãy chạy lại để xem thay đổi mới."
        )
    return True


def _changes_json(
    changes: DirectoryChanges,
    removed: Collection[str],
    findings: Sequence[Finding],
    *,
    written: bool,
) -> dict[str, Any]:
    return {
        "written": written,
        "added": changes.added,
        "changed": [
            {"code": change.unit.code, "name": change.unit.name, "fields": change.fields}
            for change in changes.changed
        ],
        "missing": [
            {"code": unit.code, "name": unit.name, "removed": unit.code in removed}
            for unit in changes.missing
        ],
        "unchanged": changes.unchanged,
        "findings": findings,
    }


# Files


def _export(file: Path, units: Sequence[Unit], contacts: ContactList = ContactList()) -> None:
    from intake.directory_export import export_units

    with_progress(
        file,
        len(units),
        lambda done: export_units(file, units, contacts=contacts, progress=done),
    )


def _say_written(file: Path, what: str, units: int | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"file": str(file), **({} if units is None else {"units": units})})
    else:
        how_many = "" if units is None else f" {units} đơn vị"
        console.print(f"[green]Đã ghi[/green] {what}{how_many} vào {file}.", highlight=False)
