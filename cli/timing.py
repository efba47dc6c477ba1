"""`dondoc timing`: what a timing phrase means, before anything depends on it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

import typer

from cli.output import Json, errors, moment, print_json, print_table, problems
from intake.vietnam_calendar import calendar_of_cycle
from models.clock import VN
from models.timing import Alternative, Reading, TimingKind
from rules.timing.reading import read_timing
from rules.wording import dmy

KIND_NAMES = {
    TimingKind.ONGOING: "thường xuyên",
    TimingKind.DEADLINE: "có hạn",
    TimingKind.PERIOD: "trong một kỳ",
    TimingKind.RECURRING: "nhiều ngày trong năm",
    TimingKind.YEARLY: "hằng năm",
    TimingKind.QUARTERLY: "hằng quý",
    TimingKind.MONTHLY: "hằng tháng",
    TimingKind.WEEKLY: "hằng tuần",
    TimingKind.RELATIVE: "đếm từ một ngày gốc",
    TimingKind.CONDITIONAL: "khi có yêu cầu",
    TimingKind.EXTERNAL: "theo văn bản khác",
    TimingKind.INVALID: "ngày không có thật",
    TimingKind.UNKNOWN: "không đọc được",
}


def timing(
    phrase: Annotated[str, typer.Argument(metavar="CỤM_TỪ", help="“trước ngày 25/6 hằng năm”.")],
    year: Annotated[
        int | None,
        typer.Option("--year", help="Năm của kế hoạch; mặc định năm nay.", min=2000, max=2100),
    ] = None,
    json_: Json = False,
) -> None:
    """Đọc một cụm từ về thời gian: hạn cuối, quy tắc, và những cách hiểu khác."""
    with problems(as_json=json_):
        of_year = year or datetime.now(VN).year
        calendar = calendar_of_cycle(of_year)
        reading = read_timing(phrase, year=of_year, calendar=calendar)
        if json_:
            print_json(_as_json(reading))
        elif reading.kind is not TimingKind.INVALID:
            _print(reading)
        if reading.kind is TimingKind.INVALID:
            errors.print(reading.rule, style="red", highlight=False, markup=False)
            raise typer.Exit(1)


def _as_json(reading: Reading) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "text": reading.text,
        "kind": reading.kind,
        "start": reading.start,
        "due": reading.due,
        "due_exclusive": reading.due_exclusive,
        "rule": reading.rule,
        "confidence": reading.confidence,
        "alternatives": [_alternative(each) for each in reading.alternatives],
        "ambiguous": reading.ambiguous,
        "days": reading.days,
        "occasions": [
            {"due": each.due, "due_exclusive": each.due_exclusive} for each in reading.occasions
        ],
        "note": reading.note,
    }
    if reading.kind is TimingKind.INVALID:
        shown["error"] = reading.rule
    return shown


def _alternative(alternative: Alternative) -> dict[str, Any]:
    return {
        "kind": alternative.kind,
        "start": alternative.start,
        "due": alternative.due,
        "due_exclusive": alternative.due_exclusive,
        "days": alternative.days,
        "rule": alternative.rule,
    }


def _print(reading: Reading) -> None:
    rows: list[tuple[str, str]] = [
        ("Loại", KIND_NAMES[reading.kind]),
        ("Bắt đầu", _day(reading.start)),
        ("Ngày cuối đúng hạn", _day(reading.due)),
        ("Quá hạn từ", moment(reading.due_exclusive)),
        ("Ngày mỗi năm", ", ".join(f"{day[3:]}/{day[:2]}" for day in reading.days)),
        ("Các kỳ", ", ".join(dmy(each.due) for each in reading.occasions)),
        ("Quy tắc", reading.rule),
        ("Lưu ý", reading.note),
        ("Độ tin cậy", f"{reading.confidence:.0%}"),
    ]
    rows += [("Cách hiểu khác", _other(each)) for each in reading.alternatives]
    print_table(f"“{reading.text}”", ("", ""), [row for row in rows if row[1]])


def _day(day: date | None) -> str:
    return "" if day is None else dmy(day)


def _other(alternative: Alternative) -> str:
    due = f" (hạn {dmy(alternative.due)})" if alternative.due else ""
    return f"{KIND_NAMES[alternative.kind]}{due}: {alternative.rule}"


COMMANDS: dict[str, Callable[..., None]] = {"timing": timing}
