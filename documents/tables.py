"""Any table as a file: .xlsx with typed cells, .csv that Excel opens, .json."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from documents.files import cannot_write, replacing
from models.clock import VN
from rules.wording import dmy

Cell = str | int | float | date | datetime | None

# A spreadsheet program takes text that begins so for a formula, and may run it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# What XML cannot hold.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Column(NamedTuple):
    """`key` names the column for programs, `title` for people; `width` is in characters."""

    key: str
    title: str
    width: int = 14


class Table(NamedTuple):
    """`at` is the moment of the data. Instants among the cells are aware. The first `printed`
    columns go on paper, all when None."""

    title: str
    at: datetime
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    printed: int | None = None


def write_table(
    table: Table, path: Path, *, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Writes `table` as .xlsx, .csv or .json, after the name of the file. Raises BadInput."""
    writers = {".xlsx": _write_xlsx, ".csv": _write_csv, ".json": _write_json}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise cannot_write(
            path,
            f"không ghi được dạng “{path.suffix}”: hãy đặt tên tệp .xlsx, .csv hoặc .json.",
        )
    with replacing(path) as file:
        write(table, file, progress)


def moment_of(table: Table) -> str:
    at = table.at.astimezone(VN)
    return f"Số liệu tính đến {at:%H:%M} ngày {dmy(at.date())}"


def escaped(value: str) -> str:
    """Text of a .csv that no spreadsheet program takes for a formula."""
    return f"'{value}" if value.startswith((*FORMULA_STARTS, "'")) else value


def _write_xlsx(table: Table, file: Path, progress: Callable[[int], None]) -> None:
    from documents.workbook import write_sheets

    write_sheets({"Bảng": table}, file, progress)


def _write_csv(table: Table, file: Path, progress: Callable[[int], None]) -> None:
    # Excel takes a file for UTF-8 only when it begins with the mark.
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(column.title for column in table.columns)
        for values in table.rows:
            writer.writerow(map(_shown, values))
            progress(1)


def _shown(value: Cell) -> str | int | float | None:
    match value:
        case datetime():
            return f"{value.astimezone(VN):%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case str():
            return escaped(value)
        case _:
            return value


def _write_json(table: Table, file: Path, progress: Callable[[int], None]) -> None:
    with file.open("w", encoding="utf-8") as out:
        json.dump(as_json(table), out, ensure_ascii=False, indent=1)
        out.write("\n")
    progress(len(table.rows))


def as_json(table: Table) -> dict[str, Any]:
    keys = [column.key for column in table.columns]
    return {
        "title": table.title,
        "at": _plain(table.at),
        "rows": [dict(zip(keys, map(_plain, row), strict=True)) for row in table.rows],
    }


def _plain(value: Cell) -> str | int | float | None:
    match value:
        case datetime():
            return value.astimezone(VN).isoformat()
        case date():
            return value.isoformat()
        case _:
            return value


def rows_of(rows: Iterable[Any], *cells: Callable[[Any], Cell]) -> list[list[Cell]]:
    """The rows of a table: what each column shows of each thing."""
    return [[cell(row) for cell in cells] for row in rows]
