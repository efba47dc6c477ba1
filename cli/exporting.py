"""Lists as files: the options every list shares, and the care not to overwrite anything."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cli.output import Problem, errors, progress_bar
from documents.tables import Table, write_table

Overwrite = Annotated[bool, typer.Option("--yes", "-y", help="Ghi đè nếu đã có tệp.")]
Xlsx = Annotated[
    Path | None, typer.Option("--xlsx", metavar="TỆP", help="Ghi tất cả ra tệp Excel (.xlsx).")
]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="TỆP", help="Ghi tất cả ra tệp .csv (UTF-8).")
]


class Files:
    """Where a list goes instead of the screen: a workbook, a .csv, or both."""

    def __init__(self, xlsx: Path | None, csv: Path | None, *, overwrite: bool) -> None:
        self._wanted = [(path, suffix) for path, suffix in ((xlsx, ".xlsx"), (csv, ".csv")) if path]
        for path, suffix in self._wanted:
            if path.suffix.lower() != suffix:
                raise Problem(f"Tên tệp {path} cần kết thúc bằng {suffix}.")
            may_write(path, overwrite=overwrite)

    def __bool__(self) -> bool:
        return bool(self._wanted)

    def write(self, table: Table) -> None:
        """Raises BadInput."""
        for path, _ in self._wanted:
            with_progress(path, len(table.rows), partial(_write, table, path))
            errors.print(
                f"[green]Đã ghi[/green] {len(table.rows)} dòng vào {path}.", highlight=False
            )


def may_write(file: Path, *, overwrite: bool) -> None:
    if file.exists() and not overwrite:
        raise Problem(f"Đã có tệp {file}; thêm --yes để ghi đè.")


def with_progress(file: Path, total: int, write: Callable[[Callable[[int], None]], None]) -> None:
    with progress_bar() as progress:
        bar = progress.add_task(f"Ghi {file.name}", total=total)
        write(lambda rows: progress.advance(bar, rows))


def _write(table: Table, path: Path, progress: Callable[[int], None]) -> None:
    write_table(table, path, progress=progress)
