"""How every command answers: tables for people, JSON for programs, one sentence for an error."""

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any, NoReturn

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from activities.database import BadData, DatabaseUnavailable
from models.clock import VN
from models.finding import BadInput, Finding, Severity
from models.report import ReportProblem
from settings import BadSettings
from temporal_client import TemporalProblem

console = Console()
errors = Console(stderr=True)

MOST_PLACES = 5
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}

Json = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON cho chương trình khác.")]


class Problem(Exception):
    """What keeps a command from being done, as one sentence for the person at the terminal."""


@contextmanager
def problems(*, as_json: bool = False) -> Iterator[None]:
    """Turns what can go wrong into a sentence and exit code 1. Anything else is our own error and
    keeps its traceback."""
    try:
        yield
    except BadInput as bad:
        if as_json:
            print_json({"error": str(bad), "findings": [f.model_dump() for f in bad.findings]})
        print_findings(bad.findings)
        raise typer.Exit(1) from bad
    except (Problem, ReportProblem, TemporalProblem, BadSettings) as problem:
        fail(str(problem), as_json=as_json)
    except (DatabaseUnavailable, BadData) as problem:
        fail(problem.message, as_json=as_json)
    except SQLAlchemyError as problem:
        fail(f"Cơ sở dữ liệu không dùng được: {problem}", as_json=as_json)


def fail(sentence: str, *, as_json: bool = False) -> NoReturn:
    if as_json:
        print_json({"error": sentence})
    errors.print(sentence, style="red", highlight=False, markup=False)
    raise typer.Exit(1)


def print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=_plain)
    sys.stdout.write("\n")


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(VN).isoformat()
        case date():
            return value.isoformat()
        case BaseModel():
            return value.model_dump(mode="json")
        case set() | frozenset() | tuple():
            return list(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    flexible: Collection[str] = (),
) -> None:
    """`flexible` columns wrap where the terminal is narrow and the others stay whole; without any,
    all of them wrap."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        if not flexible:
            table.add_column(column, overflow="fold")
        else:
            table.add_column(column, overflow="fold", no_wrap=column not in flexible)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table)


def print_findings(findings: Sequence[Finding]) -> None:
    """What is said of many places is said once, with the first of them; the worst comes first."""
    order = list(Severity)
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda each: order.index(each.severity)):
        groups.setdefault((finding.severity, finding.message), []).append(finding)
    for (severity, message), same in groups.items():
        places = _joined([each.place for each in same[:MOST_PLACES]])
        rest = f" và {len(same) - MOST_PLACES} chỗ khác" if len(same) > MOST_PLACES else ""
        where = Text(f"{places}{rest}", style=COLOURS[severity])
        errors.print(where, Text(f": {message}"), sep="", soft_wrap=True)
        remedies = {each.remedy for each in same}
        if same[0].remedy:
            example = "ví dụ: " if len(remedies) > 1 else ""
            errors.print(Text(f"  → {example}{same[0].remedy}", style="dim"), soft_wrap=True)


def _joined(places: Sequence[str]) -> str:
    """Lines of one file without naming it again: `danh-ba.xlsx, dòng 2, 3, 5`."""
    lines: dict[str, list[str]] = {}
    for place in places:
        where, _, line = place.rpartition(", dòng ")
        lines.setdefault(where, []).append(line)
    return "; ".join(
        f"{where}, dòng {', '.join(found)}" if where else "; ".join(found)
        for where, found in lines.items()
    )


def print_rest(left_out: int, what: str, how: str) -> None:
    """What a table left out, and how to see less at once."""
    if left_out > 0:
        console.print(f"… và {left_out} {what} khác, thêm {how} để thu hẹp.", highlight=False)


def moment(instant: datetime | None) -> str:
    """`07:30 13/02/2026` in Vietnam's time zone."""
    return "" if instant is None else f"{instant.astimezone(VN):%H:%M %d/%m/%Y}"


def iso(instant: datetime | None) -> str | None:
    """ISO 8601 with Vietnam's offset."""
    return None if instant is None else instant.astimezone(VN).isoformat()


def progress_bar() -> Progress:
    """On the error stream, so that output stays clean for programs."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        transient=True,
    )
