"""The consolidated report, opened again: its numbers are those of the data."""

from datetime import UTC, date, datetime
from typing import Any

import docx
import pytest

from documents.consolidated import lines_of, report_document
from documents.figures import count, percent, required, share, target_share
from documents.report_tables import late_table
from models.consolidated import (
    ConsolidatedReport,
    Coverage,
    FourWay,
    FourWayRow,
    LateUnit,
    Source,
    SourcedText,
    TargetRow,
    TargetValue,
    TaskSection,
)
from models.directory import UnitKind
from models.letterhead import Letterhead
from models.plan import TargetNumber
from models.report import Reporter, Standing, TaskStatus

AT = datetime(2026, 6, 26, 2, 0, tzinfo=UTC)  # 09:00 in Vietnam
COUNTS = FourWay(
    completed_on_time=1200, completed_late=31, open_within_time=7, open_overdue=12, ongoing=2250
)
LETTERHEAD = Letterhead(
    superior="UBND tỉnh Lâm Đồng", symbol="SGDĐT", drafting="GDTrH", place="Lâm Đồng"
)


def words(units: int, text: str) -> tuple[SourcedText, ...]:
    return tuple(
        SourcedText(unit=f"X{n}", name=f"UBND xã {n}", text=f"{text} {n}") for n in range(units)
    )


def reporters(units: int, standing: Standing) -> tuple[Reporter, ...]:
    return tuple(
        Reporter(
            unit=f"T{n}",
            name=f"Trường {n}",
            kind=UnitKind.SCHOOL,
            hub="X1",
            hub_name="UBND xã 1",
            standing=standing,
            last_day=date(2026, 6, 17),
        )
        for n in range(units)
    )


def a_task(texts: int) -> TaskSection:
    return TaskSection(
        code="III.1.d",
        section="Truyền thông",
        text="Xây dựng kênh truyền thông",
        timing="Thường xuyên",
        statuses={TaskStatus.DONE: 1040, TaskStatus.NOT_STARTED: 8},
        results=words(texts, "đã có kênh"),
        difficulties=words(min(texts, 2), "thiếu kinh phí"),
    )


TARGET = TargetRow(
    code="II.2.a",
    year=2026,
    text="Cơ sở giáo dục có chuyên mục",
    number=TargetNumber(op=">=", value=80, unit="%"),
    values=(
        TargetValue(period="H2", numerator=1, denominator=4, share=25.0),
        TargetValue(
            period="H1",
            numerator=1420,
            denominator=1500,
            share=94.67,
            reported=118,
            expected=124,
            reached=True,
        ),
    ),
)


def a_report(*, texts: int = 2, **fields: Any) -> ConsolidatedReport:
    report = ConsolidatedReport(
        plan="nq57",
        plan_title="Kế hoạch truyền thông",
        plan_full_title="Triển khai thực hiện Chương trình truyền thông",
        plan_number="12/KH-SGDĐT",
        plan_date=date(2025, 12, 25),
        issuer="Sở Giáo dục và Đào tạo",
        drafted_by="Phòng Giáo dục Trung học",
        to="Ủy ban nhân dân tỉnh",
        via=("Sở Khoa học và Công nghệ",),
        year=2026,
        period="H1",
        period_name="6 tháng đầu năm 2026",
        report_code="V.1",
        source=Source(data_at=AT, reports=118, ledger_entries=9),
        coverage=(Coverage(name="UBND xã", reported=118, waiting=3, expected=124),),
        cycle_counts=COUNTS,
        by_group=(FourWayRow(key="commune", name="UBND xã, phường", counts=COUNTS),),
        by_task=(FourWayRow(key="III.1.d/han", name="III.1.d", counts=COUNTS),),
        targets=(TARGET,),
        tasks=(a_task(texts),),
    )
    return report.model_copy(update=fields)


def opened(tmp_path, report: ConsolidatedReport) -> Any:
    report_document(report, LETTERHEAD).save(tmp_path / "bao-cao.docx")
    return docx.Document(str(tmp_path / "bao-cao.docx"))


def said(word: Any) -> str:
    return "\n".join(paragraph.text for paragraph in word.paragraphs)


def grid(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_head_kind_and_addressee(tmp_path):
    word = opened(tmp_path, a_report())

    left, right = word.tables[0].rows[0].cells
    assert "SỞ GIÁO DỤC VÀ ĐÀO TẠO\n" in left.text
    assert "Số:           /BC-SGDĐT" in left.text
    assert "Lâm Đồng, ngày      tháng" in right.text
    assert "BÁO CÁO\nKết quả thực hiện Kế hoạch số 12/KH-SGDĐT 6 tháng đầu năm 2026" in said(word)
    assert "Kính gửi: Ủy ban nhân dân tỉnh (qua Sở Khoa học và Công nghệ)" in said(word)


def test_moment_of_the_data_is_printed(tmp_path):
    text = said(opened(tmp_path, a_report()))

    assert "Số liệu tính đến 09 giờ 00 phút ngày 26/06/2026" in text
    assert "tổng hợp từ 118 báo cáo đã được chấp nhận" in text


def test_sections_stand_in_their_order(tmp_path):
    headings = [line for line in said(opened(tmp_path, a_report())).splitlines() if line.isupper()]

    assert headings[1:] == [
        "I. TÌNH HÌNH BÁO CÁO VÀ KẾT QUẢ CHUNG",
        "II. KẾT QUẢ THỰC HIỆN THEO NHIỆM VỤ",
        "III. KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU",
        "IV. KHÓ KHĂN, VƯỚNG MẮC",
        "V. KIẾN NGHỊ, ĐỀ XUẤT",
    ]


def test_numbers_are_those_of_the_data(tmp_path):
    word = opened(tmp_path, a_report())

    coverage, groups, tasks, targets = map(grid, word.tables[1:5])
    assert coverage[1] == ["UBND xã", "124", "118", "3", "95,16%"]
    numbers = ["3.500", "1.200", "31", "7", "12", "2.250", "0", "0"]
    assert groups[1:] == [["UBND xã, phường", *numbers], ["Toàn kế hoạch", *numbers]]
    assert tasks[1] == ["III.1.d", *numbers]
    assert targets[1][1:] == [
        "2026", "≥ 80%", "94,67%", "1.420 / 1.500", "118/124", "25%", "Đạt",
    ]  # fmt: skip
    assert "Theo báo cáo: 1.040 đơn vị đã hoàn thành, 8 đơn vị chưa thực hiện." in said(word)


def test_what_waits_for_the_officer_has_a_column_where_there_is_any(tmp_path):
    counts = COUNTS.model_copy(update={"held": 5})
    row = FourWayRow(key="III.1.d/han", name="III.1.d", counts=counts)

    word = opened(tmp_path, a_report(by_task=(row,), by_group=(row,), cycle_counts=counts))

    heads, numbers, _together = grid(word.tables[2])
    place = heads.index("Chờ quyết định (hạn đã qua trước khi phát động)")
    assert numbers[place] == "5"
    assert "5 có hạn đã qua trước khi phát động và đang chờ quyết định" in said(word)


def test_few_words_stand_in_the_text_with_their_source(tmp_path):
    text = said(opened(tmp_path, a_report(texts=2)))

    assert "- UBND xã 0: đã có kênh 0" in text
    assert "Phụ lục" not in text


def test_many_words_go_to_an_appendix_unit_by_unit(tmp_path):
    word = opened(tmp_path, a_report(texts=30))

    assert "Kết quả cụ thể của 30 đơn vị tại Phụ lục." in said(word)
    rows = grid(word.tables[-1])
    assert rows[1][0] == "III.1.d. Xây dựng kênh truyền thông"
    assert rows[2] == ["1", "UBND xã 0", "đã có kênh 0", "thiếu kinh phí 0", ""]
    assert len(rows) == 32


def test_what_many_units_say_of_targets_and_in_general_is_in_the_appendix_too(tmp_path):
    target = TARGET.model_copy(
        update={"statements": words(7, "đã tham gia"), "corrections": words(1, "báo 2/4")}
    )
    word = opened(tmp_path, a_report(targets=(target,), summaries=words(6, "nhìn chung tốt")))

    appendix = [cell for row in grid(word.tables[-1]) for cell in row]
    assert "đã tham gia 6" in appendix
    assert "nhìn chung tốt 5" in appendix
    assert "Đánh giá của các đơn vị tại Phụ lục: Chỉ tiêu II.2.a (7 đơn vị)." in said(word)
    assert "Đánh giá chung của 6 đơn vị tại Phụ lục." in said(word)
    assert "- UBND xã 0: báo 2/4 0" in said(word)


def test_late_and_missing_units_are_listed_in_numbered_appendices(tmp_path):
    late = LateUnit(
        unit="X1",
        name="UBND xã 1",
        task="III.1.d/han",
        title="III.1.d. Xây dựng kênh",
        last_day=date(2026, 2, 28),
        received_at=datetime(2026, 3, 2, 17, 30, tzinfo=UTC),
        days_late=3,
    )
    owing = late.model_copy(update={"unit": "X2", "received_at": None, "days_late": 118})
    missing = reporters(7, Standing.SILENT)
    settled = late.model_copy(
        update={"unit": "X3", "received_at": None, "days_late": 0, "settled": True}
    )
    report = a_report(late=(late, owing, settled), missing=missing)
    word = opened(tmp_path, report)

    text = said(word)
    assert "7 đơn vị chưa báo cáo (danh sách tại Phụ lục II)." in text
    assert "Danh sách 3 phần việc thực hiện muộn hoặc quá hạn tại Phụ lục I." in text
    late_rows, missing_rows = map(grid, word.tables[-2:])
    assert late_rows[1][-3:] == ["28/02/2026", "03/03/2026", "3"]
    assert late_rows[2][-2:] == ["chưa nộp", "118"]
    assert late_rows[3][-2:] == ["xong trước khi phát động", "không ghi"]
    notes = [row[-1] for row in late_table(report).rows]
    assert notes == ["", "chưa nộp", "xong trước khi phát động"]
    assert missing_rows[1][0] == "UBND xã 1: 7 đơn vị"
    assert missing_rows[2] == ["1", "Trường 0", "chưa báo cáo", "17/06/2026"]


def test_nothing_reported_yet_is_still_a_report(tmp_path):
    text = said(opened(tmp_path, a_report(texts=0, targets=(), coverage=(), to="", via=())))

    assert "Các đơn vị không nêu khó khăn, vướng mắc." in text
    assert "Kính gửi" not in text


def test_progress_counts_every_row_of_the_appendices():
    report = a_report(texts=1500)
    seen: list[int] = []

    report_document(report, LETTERHEAD, progress=seen.append)

    assert sum(seen) == lines_of(report) == 1501
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("shown", "written"),
    [
        (count(1234567), "1.234.567"),
        (percent(98.5), "98,5%"),
        (percent(100.0), "100%"),
        (share(1999, 2000), "99,95%"),
        (share(99_999, 100_000), "99,99%"),
        (share(0, 0), ""),
        (target_share(79.996), "79,99%"),
        (target_share(39_999 / 40_000 * 100), "99,99%"),
        (target_share(29 / 100 * 100), "29%"),
        (target_share(None), ""),
        (required(TargetNumber(op=">=", value=1, unit="chương trình")), "≥ 1 chương trình"),
        (required(None), "theo dõi bằng đánh giá"),
    ],
)
def test_numbers_are_written_as_vietnamese_documents_write_them(shown, written):
    assert shown == written
