"""The appendices of the consolidated report: who is late, who is missing, what units say."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from documents.figures import count
from documents.paper import Paper
from documents.report_tables import days_late, received
from documents.word_table import Band, GridColumn, GridRow
from models.consolidated import ConsolidatedReport, SourcedText
from models.report import Reporter, Standing
from rules.wording import dmy

FEW_UNITS = 5  # names that the body carries
ROMAN = ("I", "II", "III", "IV", "V", "VI")
STANDINGS = {
    Standing.SILENT: "chưa báo cáo",
    Standing.RETURNED: "bị trả lại, chưa nộp lại",
    Standing.WAITING: "đã nộp, chờ duyệt",
    Standing.ACCEPTED: "được chấp nhận sau khi đầu mối tổng hợp",
    Standing.EXCUSED: "không phải báo cáo",
}


Said = tuple[str, str, str, str]


class Appendix(NamedTuple):
    """`key` says what it lists."""

    key: str
    title: str
    columns: Sequence[GridColumn]
    rows: Sequence[GridRow]


def appendices(report: ConsolidatedReport, *, words: bool) -> list[Appendix]:
    """Those that have something to say, in their order. `words`: what units say is too much for
    the body."""
    found = []
    if report.late:
        found.append(_late(report))
    for key, title, units in (
        ("missing", "ĐƠN VỊ CHƯA BÁO CÁO", report.missing),
        ("waiting", "ĐƠN VỊ CÓ BÁO CÁO ĐANG CHỜ DUYỆT", report.waiting),
        ("changed", "BÁO CÁO ĐƯỢC CHẤP NHẬN SAU KHI ĐẦU MỐI TỔNG HỢP", report.changed),
    ):
        if len(units) > FEW_UNITS:
            found.append(_reporters(key, title, units))
    if words:
        found.append(_words(report))
    return found


def write_appendix(
    paper: Paper,
    appendix: Appendix,
    number: int | None,
    abstract: str,
    progress: Callable[[int], None],
) -> None:
    """`number` is None for the only one."""
    name = "Phụ lục" if number is None else f"Phụ lục {ROMAN[number - 1]}"
    reference = f"(Kèm theo Báo cáo {abstract[:1].lower()}{abstract[1:]})"
    paper.appendix(name, appendix.title, reference, landscape=True)
    paper.table(appendix.columns, appendix.rows, progress=progress)


def _late(report: ConsolidatedReport) -> Appendix:
    columns = (
        GridColumn("TT", 1.2, "CellCentre"),
        GridColumn("Đơn vị", 6),
        GridColumn("Đầu mối", 5),
        GridColumn("Nhiệm vụ", 7),
        GridColumn("Hạn cuối", 2.6, "CellCentre"),
        GridColumn("Ngày nhận", 2.6, "CellCentre"),
        GridColumn("Số ngày muộn", 2, "CellCentre"),
    )
    rows = [
        (
            place,
            unit.name,
            unit.hub_name,
            unit.title,
            dmy(unit.last_day),
            received(unit),
            days_late(unit),
        )
        for place, unit in enumerate(report.late, start=1)
    ]
    return Appendix("late", "NHIỆM VỤ THỰC HIỆN MUỘN HOẶC QUÁ HẠN", columns, rows)


def _reporters(key: str, title: str, units: Sequence[Reporter]) -> Appendix:
    columns = (
        GridColumn("TT", 1.2, "CellCentre"),
        GridColumn("Đơn vị", 9),
        GridColumn("Tình trạng", 6),
        GridColumn("Hạn cuối", 3, "CellCentre"),
    )
    rows: list[GridRow] = []
    for hub, members in _by_hub(units):
        rows.append(Band(f"{hub or 'Báo cáo trực tiếp'}: {count(len(members))} đơn vị"))
        rows += [
            (
                place,
                unit.name,
                STANDINGS[unit.standing],
                dmy(unit.last_day) if unit.last_day else "",
            )
            for place, unit in enumerate(members, start=1)
        ]
    return Appendix(key, title, columns, rows)


def _by_hub(units: Iterable[Reporter]) -> list[tuple[str, list[Reporter]]]:
    groups: dict[str, list[Reporter]] = {}
    for unit in units:
        groups.setdefault(unit.hub_name or unit.hub or "", []).append(unit)
    return sorted(groups.items())


def _words(report: ConsolidatedReport) -> Appendix:
    columns = (
        GridColumn("TT", 1.2, "CellCentre"),
        GridColumn("Đơn vị", 5),
        GridColumn("Kết quả", 9),
        GridColumn("Khó khăn, vướng mắc", 6),
        GridColumn("Kiến nghị, đề xuất", 6),
    )
    rows: list[GridRow] = []
    for title, said in _groups(report):
        if said:
            rows.append(Band(title))
            rows += [(place, *cells) for place, cells in enumerate(said, start=1)]
    return Appendix("words", "KẾT QUẢ, KHÓ KHĂN, KIẾN NGHỊ CỦA CÁC ĐƠN VỊ", columns, rows)


def _groups(report: ConsolidatedReport) -> Iterator[tuple[str, list[Said]]]:
    """Everything units say in words: in general, of each task, of each target."""
    yield "Đánh giá chung", _said(report.summaries)
    for task in report.tasks:
        yield (
            f"{task.code}. {task.text}",
            _said(task.results, task.difficulties, task.proposals),
        )
    for target in report.targets:
        title = f"Chỉ tiêu {target.code}. {target.text}"
        yield title, _said(target.statements)
        yield f"{title} (số liệu đầu mối điều chỉnh)", _said(target.corrections)


def _said(*columns_of: Sequence[SourcedText]) -> list[Said]:
    """One row per unit: what it says in each of three columns; those not given are empty."""
    names: dict[str, str] = {}
    columns: list[dict[str, str]] = []
    for texts in (*columns_of, (), ())[:3]:
        names |= {text.unit: text.name for text in texts}
        columns.append(_by_unit(texts))
    results, difficulties, proposals = columns
    return [
        (name, results.get(unit, ""), difficulties.get(unit, ""), proposals.get(unit, ""))
        for unit, name in names.items()
    ]


def _by_unit(texts: Iterable[SourcedText]) -> dict[str, str]:
    """A unit's words; a hub may collect several with their source."""
    found: dict[str, str] = {}
    for text in texts:
        found[text.unit] = "\n".join(filter(None, (found.get(text.unit), text.text)))
    return found
