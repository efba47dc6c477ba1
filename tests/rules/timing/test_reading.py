"""Every form of a timing phrase, and what it means."""

from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.vietnam_calendar import vietnam_calendar
from models.plan import (
    ByDate,
    Dormant,
    Ongoing,
    Recurring,
    Relation,
    Relative,
    Undated,
    Yearly,
)
from models.policy import Before, Policy
from models.timing import Reading, TimingKind
from rules.deadlines import resolve, resolve_recurring
from rules.timing.reading import LONGEST, read_timing

YEAR = 2026
LENIENT = Policy(before=Before.LENIENT)
CALENDAR = vietnam_calendar([2025, 2026, 2027])


def read(text: str, **options) -> Reading:
    return read_timing(text, year=options.pop("year", YEAR), **options)


class Row(NamedTuple):
    text: str
    kind: str
    due: str | None = None
    start: str | None = None
    asked: bool = False
    days: tuple[str, ...] = ()


QUARTER_ENDS = ("03-31", "06-30", "09-30", "12-31")


def monthly(day: int, *without: int) -> tuple[str, ...]:
    return tuple(f"{month:02}-{day:02}" for month in range(1, 13) if month not in without)


PHRASES = [
    # Một kỳ
    Row("Tháng 4/2026", "period", "2026-04-30", "2026-04-01"),
    Row("tháng 04 năm 2026", "period", "2026-04-30", "2026-04-01"),
    Row("Trong tháng 2/2028", "period", "2028-02-29", "2028-02-01"),
    Row("T4/2026", "period", "2026-04-30", "2026-04-01"),
    Row("t11.2026", "period", "2026-11-30", "2026-11-01"),
    Row("8/2026", "period", "2026-08-31", "2026-08-01"),
    Row("8-2026", "period", "2026-08-31", "2026-08-01"),
    Row("tháng tư năm 2026", "period", "2026-04-30", "2026-04-01"),
    Row("tháng năm năm 2026", "period", "2026-05-31", "2026-05-01"),
    Row("tháng mười hai năm 2026", "period", "2026-12-31", "2026-12-01"),
    Row("Quý II/2027", "period", "2027-06-30", "2027-04-01"),
    Row("quý 1 năm 2026", "period", "2026-03-31", "2026-01-01"),
    Row("Quí  IV - 2026", "period", "2026-12-31", "2026-10-01"),
    Row("Xong trong quý III năm 2026", "period", "2026-09-30", "2026-07-01"),
    Row("Quý I-II/2026", "period", "2026-06-30", "2026-01-01"),
    Row("quý III và quý IV năm 2026", "period", "2026-12-31", "2026-07-01"),
    Row("Năm 2027", "period", "2027-12-31", "2027-01-01"),
    Row("2028", "period", "2028-12-31", "2028-01-01"),
    Row("2026-2030", "period", "2030-12-31", "2026-01-01"),
    Row("Giai đoạn 2026 – 2030", "period", "2030-12-31", "2026-01-01"),
    Row("năm 2026, 2027", "period", "2027-12-31", "2026-01-01"),
    Row("6 tháng đầu năm 2026", "period", "2026-06-30", "2026-01-01"),
    Row("06 tháng cuối năm 2026", "period", "2026-12-31", "2026-07-01"),
    Row("9 tháng đầu năm 2026", "period", "2026-09-30", "2026-01-01"),
    Row("sáu tháng đầu năm 2026", "period", "2026-06-30", "2026-01-01"),
    Row("nửa đầu năm 2026", "period", "2026-06-30", "2026-01-01"),
    Row("số liệu thu 9 tháng năm 2026", "period", "2026-09-30", "2026-01-01"),
    Row("kết quả 06 tháng của năm 2026", "period", "2026-06-30", "2026-01-01"),
    Row("quý I trước ngày 16/3/2026", "deadline", "2026-03-15", "2026-01-01", asked=True),
    Row("9 tháng trước ngày 11/9/2026", "deadline", "2026-09-10", asked=True),
    Row("năm 2025 trước ngày 21/01/2026", "deadline", "2026-01-20", asked=True),
    Row(
        "Cả năm 2026; sơ kết trước 05/7/2026, tổng kết trước 11/12/2026",
        "deadline",
        "2026-12-10",
        "2026-01-01",
        asked=True,
    ),
    Row("Đo vẽ: trước 16/3; nghiệm thu: trước 21/5", "deadline", "2026-05-20", asked=True),
    Row("Trước mùa khô năm 2026", "relative"),
    Row("Q.III/2026", "period", "2026-09-30", "2026-07-01"),
    Row("T.4/2026", "period", "2026-04-30", "2026-04-01"),
    Row(
        "2026-2029, trong đó cổng chào xong trước 11/9/2026",
        "deadline",
        "2029-12-31",
        "2026-01-01",
        asked=True,
    ),
    Row("trước ngày 06/7 và 06/01/2027", "deadline", "2027-01-05", asked=True),
    Row("ngày 18 hằng tháng (tháng 6, 7, 8)", "recurring", days=("06-18", "07-18", "08-18")),
    Row("Năm 2026, chậm nhất 12 ngày sau khi được giao", "relative"),
    Row("6 tháng năm 2026", "period", "2026-06-30", "2026-01-01"),
    Row("Chín tháng của năm 2026.", "period", "2026-09-30", "2026-01-01"),
    Row("Xong trong 6 tháng năm 2026", "period", "2026-06-30", "2026-01-01"),
    Row("Tình hình 6 tháng năm 2026", "unknown"),
    Row("Thu ngân sách 9 tháng năm 2026", "unknown"),
    Row("Đến 28.8", "deadline", "2026-08-28", asked=True),
    Row("xong đến hết 28.8.", "deadline", "2026-08-28", asked=True),
    Row("lát xong trước 28.8.", "deadline", "2026-08-27", asked=True),
    Row("Chậm nhất là 28.8; báo cáo", "deadline", "2026-08-28", asked=True),
    Row("Trước 28.8 và 15.9", "recurring", asked=True, days=("08-28", "09-15")),
    Row("trước ngày 28.8, 15.9", "recurring", asked=True, days=("08-28", "09-15")),
    Row("Trước 28.8.2027", "deadline", "2027-08-27", asked=True),
    Row("trước 15.6 và 15.12 hằng năm", "recurring", days=("06-15", "12-15")),
    Row("Trước 15.6 và 15.12 của mỗi năm", "recurring", days=("06-15", "12-15")),
    Row("Trước ngày 15.6 và 15.12 hàng năm", "recurring", days=("06-15", "12-15")),
    Row("chậm nhất 20.6, 20.12 hằng năm", "recurring", days=("06-20", "12-20")),
    Row("Trước 20.11 và 22.12 năm 2026", "deadline", "2026-12-21", asked=True),
    Row("Trước 20.11 và 22.12 của năm 2027", "deadline", "2027-12-21", asked=True),
    Row("Trước 20.11 và 22.12.2026", "deadline", "2026-12-21", asked=True),
    Row("trước 28.8 và 15.9 triệu đồng", "relative"),
    Row("tăng giá trị trước 2.5 và 3.5 lần", "relative"),
    Row("trước 10.5, 12.5 tấn", "relative"),
    Row("chậm nhất 2.5 và 3 phiên", "unknown"),
    Row("Sản lượng tăng 2.5 lần so với năm trước", "relative"),
    Row("cao hơn năm trước 2.5 lần", "relative"),
    Row("đạt 28.8 %", "unknown"),
    Row("Sản lượng tăng từ 11.2 đến 12.3 tạ/ha", "unknown"),
    Row("Nâng mức hỗ trợ đến 12.10 USD mỗi hộ", "unknown"),
    Row("đưa chỉ số đến 10.5", "unknown"),
    Row("Trong 10 ngày đầu tháng 8", "period", "2026-08-10", "2026-08-01", asked=True),
    Row("Trong 10 ngay dau thang 8/2027", "period", "2027-08-10", "2027-08-01"),
    Row("mười ngày đầu tháng tư năm 2026", "period", "2026-04-10", "2026-04-01"),
    Row("trong 31 ngày đầu tháng 6", "invalid"),
    Row(
        "Trong 10 ngày đầu tháng 8 và trước ngày 20/12/2026",
        "deadline",
        "2026-12-19",
        "2026-08-01",
        asked=True,
    ),
    Row("hằng năm, trong 10 ngày đầu tháng 8", "yearly", days=("08-10",)),
    Row(
        "Hằng tháng (từ tháng 4 đến tháng 6), trước ngày 18",
        "recurring",
        days=("04-18", "05-18", "06-18"),
    ),
    Row("hằng tháng, từ tháng 4 đến tháng 6/2026", "monthly", start="2026-04-01"),
    Row(
        "Hằng tháng trước ngày 20, riêng tháng 6 và tháng 12 trước ngày 10",
        "monthly",
        days=monthly(20),
    ),
    Row(
        "Hằng tháng trước ngày 20; tháng 6 và tháng 12 trước ngày 10",
        "monthly",
        days=monthly(20),
    ),
    Row(
        "Hằng tháng, ngày 10 các tháng 6,7,8 và ngày 25 các tháng 9,10",
        "recurring",
        days=("06-10", "07-10", "08-10", "09-25", "10-25"),
    ),
    Row(
        "Hằng tháng, tháng 6 trước ngày 10, tháng 12 trước ngày 20",
        "recurring",
        days=("06-10", "12-20"),
    ),
    Row("Hằng tháng ngày 20, tháng 6 ngày 10, tháng 12 ngày 15", "monthly", days=monthly(20)),
    Row(
        "Hằng tháng, từ tháng 10 đến tháng 2, ngày 20",
        "recurring",
        days=("10-20", "11-20", "12-20", "01-20", "02-20"),
    ),
    Row(
        "hằng tháng, ngày 10 tháng 6, 7 và tháng 9",
        "recurring",
        days=("06-10", "07-10", "09-10"),
    ),
    Row("ngày 15 tháng 6 và tháng 12 hằng năm", "recurring", days=("06-15", "12-15")),
    Row("Ngày 10 tháng 6, 7 xã đóng góp", "deadline", "2026-06-10", asked=True),
    Row("hằng tháng trước ngày 20 (trừ tháng 7, 8)", "recurring", days=monthly(20, 7, 8)),
    Row("hằng tháng (trừ tháng 7, 8) trước ngày 20", "recurring", days=monthly(20, 7, 8)),
    Row("Hằng tháng, trừ tháng 7 và tháng 8, trước ngày 20", "recurring", days=monthly(20, 7, 8)),
    Row(
        "ngày 10 hằng tháng, không kể từ tháng 6 đến tháng 8",
        "recurring",
        days=monthly(10, 6, 7, 8),
    ),
    Row(
        "Trước ngày 20 hằng tháng, trừ tháng 7 trước ngày 10",
        "recurring",
        asked=True,
        days=monthly(20, 7),
    ),
    Row(
        "Trước ngày 25 hằng tháng, trừ tháng 12 trước ngày 20/12",
        "recurring",
        asked=True,
        days=monthly(25, 12),
    ),
    Row("ngày 20 hằng tháng, trừ quý III", "recurring", days=monthly(20, 7, 8, 9)),
    Row("ngày 20 hằng tháng, trừ các tháng hè", "monthly", asked=True, days=monthly(20)),
    Row("ngày 20 hằng tháng, trừ tháng 7/2026", "monthly", asked=True, days=monthly(20)),
    Row("Hằng quý, trừ quý IV", "quarterly", asked=True),
    Row("Năm 2026, trừ tháng 7", "period", "2026-12-31", "2026-01-01", asked=True),
    Row("trừ tháng 7, 8", "unknown"),
    Row("Khấu trừ tháng 7/2026", "period", "2026-07-31", "2026-07-01"),
    Row("Hằng tháng, ngày 30 các tháng 2, 3", "recurring", days=("02-28", "03-30")),
    Row("ngày 10 các tháng 6, 7 hằng năm", "recurring", days=("06-10", "07-10")),
    Row(
        "Hằng tháng, từ tháng 4 đến tháng 6 trước ngày 20, tháng 5 trước ngày 10",
        "recurring",
        days=("04-20", "05-20", "06-20"),
    ),
    Row(
        "Hằng tháng, từ tháng 4 đến tháng 6, trước ngày 20, riêng tháng 5 trước ngày 10",
        "recurring",
        days=("04-20", "05-20", "06-20"),
    ),
    Row("Mở lớp dạy nghề 3 tháng năm 2026", "period", "2026-12-31", "2026-01-01"),
    Row("Báo cáo 9 tháng năm 2026", "period", "2026-09-30", "2026-01-01"),
    Row("Tháng 3-5/2026", "period", "2026-05-31", "2026-03-01"),
    Row("9 - 10/2026", "period", "2026-10-31", "2026-09-01"),
    Row("Từ tháng 9 đến tháng 12/2026", "period", "2026-12-31", "2026-09-01"),
    Row("tháng 9/2026 đến tháng 5/2027", "period", "2027-05-31", "2026-09-01"),
    Row("từ tháng 9 đến tháng 5/2027", "period", "2027-05-31", "2026-09-01"),
    Row("Từ 01/9/2026 đến hết 30/9/2026", "period", "2026-09-30", "2026-09-01"),
    Row("từ ngày 15/3 đến 30/4/2026", "period", "2026-04-30", "2026-03-15"),
    Row("25-30/6/2026", "period", "2026-06-30", "2026-06-25"),
    Row("từ ngày 20 đến ngày 25/6/2026", "period", "2026-06-25", "2026-06-20"),
    Row("từ 15/11/2026 đến trước 01/02/2027", "period", "2027-01-31", "2026-11-15"),
    Row("từ ngày 20/12/2026 đến 10/01", "period", "2027-01-10", "2026-12-20"),
    Row("Tuần 2 tháng 3/2026", "period", "2026-03-14", "2026-03-08", asked=True),
    Row("Quý III", "period", "2026-09-30", "2026-07-01", asked=True),
    Row("Trong năm", "period", "2026-12-31", "2026-01-01", asked=True),
    Row("Năm học 2027-2028", "period", asked=True),
    Row("Học kỳ I năm học 2026-2027", "period", asked=True),
    # Một hạn
    Row("Trước tháng 10/2026", "deadline", "2026-09-30"),
    Row("Trước quý I/2027", "deadline", "2026-12-31"),
    Row("xong trước năm 2028", "deadline", "2027-12-31"),
    Row("Xong trước ngày 20/11/2026", "deadline", "2026-11-19", asked=True),
    Row("trước 01-01-2027", "deadline", "2026-12-31", asked=True),
    Row("trước ngày 5 tháng 3 năm 2026", "deadline", "2026-03-04", asked=True),
    Row("chậm nhất trước ngày 15/10/2026", "deadline", "2026-10-14", asked=True),
    Row("đến trước ngày 15.10.2026", "deadline", "2026-10-14", asked=True),
    Row("Chậm nhất ngày 20/11/2026", "deadline", "2026-11-20"),
    Row("chậm nhất là ngày 5 tháng 3 năm 2026", "deadline", "2026-03-05"),
    Row("muộn nhất 20/11/2026", "deadline", "2026-11-20"),
    Row("không quá ngày 20/11/2026", "deadline", "2026-11-20"),
    Row("Đến hết tháng 2/2026", "deadline", "2026-02-28"),
    Row("hết quý I năm 2026", "deadline", "2026-03-31"),
    Row("Đến năm 2030", "deadline", "2030-12-31"),
    Row("đến hết năm 2027", "deadline", "2027-12-31"),
    Row("từ nay đến hết ngày 30/9/2026", "deadline", "2026-09-30"),
    Row("Ngày 20/11/2026", "deadline", "2026-11-20"),
    Row("2026-11-20", "deadline", "2026-11-20"),
    Row("thứ Sáu, ngày 20/11/2026", "deadline", "2026-11-20"),
    Row("thứ Hai, ngày 20/11/2026", "deadline", "2026-11-20", asked=True),
    Row("ngày 29/02/2028", "deadline", "2028-02-29"),
    Row("Cuối tháng 2/2028", "deadline", "2028-02-29"),
    Row("cuối năm 2026", "deadline", "2026-12-31"),
    Row("cuối quý II/2026", "deadline", "2026-06-30"),
    Row("giữa tháng 5/2026", "deadline", "2026-05-15", asked=True),
    Row("đầu tháng 5/2026", "deadline", "2026-05-01", asked=True),
    Row("giữa năm 2027", "deadline", "2027-06-30", asked=True),
    Row("giữa quý III/2026", "deadline", asked=True),
    Row("chậm nhất ngày 20/11", "deadline", "2026-11-20", asked=True),
    Row("trước ngày 25", "deadline", asked=True),
    Row(
        "Quý III/2026 (xong trước ngày 10/8/2026)",
        "deadline",
        "2026-08-09",
        "2026-07-01",
        asked=True,
    ),
    Row(
        "từ ngày 01/3/2026, chậm nhất ngày 30/6/2026 phải xong",
        "deadline",
        "2026-06-30",
        "2026-03-01",
    ),
    Row(
        "Dự thảo trong tháng 3/2026; trình chậm nhất 30/4/2026",
        "deadline",
        "2026-04-30",
        "2026-03-01",
        asked=True,
    ),
    # Mỗi năm, quý, tháng, tuần
    Row("Hàng năm", "yearly"),
    Row("hằng năm, từ năm 2026", "yearly", start="2026-01-01"),
    Row("mỗi năm một lần", "yearly"),
    Row("trước ngày 15/11 hằng năm", "yearly", days=("11-15",)),
    Row("Quý IV hằng năm", "yearly", days=("12-31",)),
    Row("cuối mỗi năm", "yearly", days=("12-31",)),
    Row("29/02 hằng năm", "yearly", days=("02-29",)),
    Row("trước ngày 05/7 và ngày 05/01 hàng năm", "recurring", days=("07-05", "01-05")),
    Row(
        "vào các ngày 18/5, 01/10 và 10/10 hằng năm", "recurring", days=("05-18", "10-01", "10-10")
    ),
    Row("tháng 6, tháng 12 hằng năm", "recurring", days=("06-30", "12-31")),
    Row("trước ngày 05/7 và 05/01", "recurring", asked=True, days=("07-05", "01-05")),
    Row(
        "báo cáo 6 tháng trước 10/6, báo cáo năm trước 10/12", "recurring", days=("06-10", "12-10")
    ),
    Row("định kỳ 6 tháng", "recurring"),
    Row("6 tháng/lần", "recurring"),
    Row("02 lần/năm", "recurring"),
    Row("Hằng quý", "quarterly"),
    Row("03 tháng một lần", "quarterly"),
    Row("cuối mỗi quý", "quarterly", days=QUARTER_ENDS),
    Row(
        "hằng quý, trước ngày 15 của tháng đầu quý sau",
        "quarterly",
        days=("01-15", "04-15", "07-15", "10-15"),
    ),
    Row("Hàng tháng", "monthly"),
    Row("chậm nhất ngày 20 hằng tháng", "monthly", days=monthly(20)),
    Row("trước ngày 05 của tháng tiếp theo", "monthly", days=monthly(5)),
    Row("từ ngày 20 đến ngày 25 hằng tháng", "monthly", days=monthly(25)),
    Row("Hàng quý, 6 tháng, năm", "recurring"),
    Row("trước tháng 4 hằng năm", "yearly", days=("03-31",)),
    Row("trước quý III hằng năm", "yearly", days=("06-30",)),
    Row("Hằng tuần", "weekly"),
    Row("chiều thứ Năm hằng tuần", "weekly"),
    Row("vào giao ban tuần", "weekly"),
    # Không có ngày
    Row("thường xuyên", "ongoing"),
    Row("Nhiệm vụ thường xuyên", "ongoing"),
    Row("Thường xuyên trong năm 2026", "ongoing", start="2026-01-01"),
    Row("Thường xuyên, hằng quý", "ongoing", asked=True),
    Row("2026 và các năm tiếp theo", "ongoing", start="2026-01-01"),
    Row("Từ quý II/2026", "ongoing", start="2026-04-01"),
    Row("Hằng ngày", "ongoing"),
    Row("Thường xuyên và đột xuất", "ongoing", asked=True),
    Row("Đột xuất", "conditional"),
    Row("theo yêu cầu của cấp trên", "conditional"),
    Row("Sau khi có văn bản hướng dẫn của Bộ", "conditional"),
    Row("sau khi đề án được phê duyệt", "conditional"),
    Row("Theo hướng dẫn của Bộ Nội vụ", "external"),
    Row("định kỳ theo quy định", "external"),
    Row("hằng năm theo quy định", "external"),
    Row("Theo Kế hoạch số 12/KH-UBND ngày 05/01/2026", "external"),
    Row("Trong 15 ngày kể từ ngày nhận được văn bản", "relative"),
    Row("05 ngày làm việc sau khi kết thúc hội nghị", "relative"),
    Row("trước 03 ngày tổ chức hội nghị", "relative"),
    Row("sau 10 ngày kể từ ngày nhận được văn bản", "relative", asked=True),
    Row("trước khi khai giảng năm học", "relative"),
    Row("Trước kỳ họp cuối năm 2026", "relative"),
    Row("Kỳ họp HĐND tỉnh giữa năm 2026", "unknown"),
    Row("Cả năm", "period", "2026-12-31", "2026-01-01", asked=True),
    Row("hằng ngày từ 01/02/2026 đến 03/3/2026", "period", "2026-03-03", "2026-02-01", asked=True),
    Row("trước 0h00 ngày 01/7/2026", "deadline", "2026-06-30"),
    Row("trước Tết Nguyên đán 2026", "relative"),
    # Không có thật, không rõ
    Row("31/9/2026", "invalid"),
    Row("trước ngày 29/02/2027", "invalid"),
    Row("tháng 13/2026", "invalid"),
    Row("quý V/2026", "invalid"),
    Row("ngày 0/5/2026", "invalid"),
    Row("trước 25h00 ngày 12/5/2026", "invalid"),
    Row("từ 10/10/2026 đến 05/9/2026", "invalid"),
    Row("trước ngày 25/6 và 31/11 hằng năm", "invalid"),
    Row("ngày    tháng    năm 2026", "unknown"),
    Row("trước ngày … tháng 6 năm 2026", "unknown"),
    Row("Trước mắt", "unknown"),
    Row("Giáo dục thường xuyên", "unknown"),
    Row("Nắm 2026", "unknown"),
    Row("chia thành 6 nhóm", "unknown"),
    Row("trong quy chế", "unknown"),
    Row("định kỳ", "unknown"),
    Row("2 năm một lần", "unknown"),
    Row("", "unknown"),
]


@pytest.mark.parametrize("row", PHRASES, ids=[row.text or "(trống)" for row in PHRASES])
def test_a_phrase_is_read_as_an_official_means_it(row: Row):
    reading = read(row.text)

    assert reading.kind.value == row.kind
    assert (reading.due and reading.due.isoformat()) == row.due
    assert (reading.start and reading.start.isoformat()) == row.start
    assert reading.ambiguous is row.asked
    assert reading.days == row.days
    assert reading.rule


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("Trươc ngay 20/11/2026", "Trước ngày 20/11/2026", id="missing marks"),
        pytest.param("CHẬM NHẤT NGÀY 20/11/2026", "chậm nhất ngày 20/11/2026", id="capitals"),
        pytest.param("trước\nngày  20/11/\n2026", "trước ngày 20/11/2026", id="broken lines"),
        pytest.param("trước ngày 2 0/1 1/20 26", "trước ngày 20/11/2026", id="torn digits"),
        pytest.param("trước ngày 20 / 11 / 2026", "trước ngày 20/11/2026", id="spaced slashes"),
        pytest.param("thánh 6/2026", "tháng 6/2026", id="slip of the pen"),
        pytest.param("thang 6 nam 2026", "tháng 6 năm 2026", id="no marks at all"),
        pytest.param("Qúi l/2026", "quý I/2026", id="small L for a numeral"),
        pytest.param("tru\u031bo\u031b\u0301c ngày 20/11/2026", "trước ngày 20/11/2026", id="NFD"),
        pytest.param("tháng\u00a06\u200b/2026", "tháng 6/2026", id="invisible characters"),
    ],
)
def test_how_a_phrase_is_typed_does_not_change_its_date(written: str, meant: str):
    read_as_written, read_as_meant = read(written), read(meant)

    assert read_as_written.due == read_as_meant.due is not None
    assert read_as_written.kind is read_as_meant.kind
    assert read_as_written.confidence <= read_as_meant.confidence


def test_torn_digits_lower_the_confidence():
    assert read("Chậm nhất 3 0/6/2026").confidence < read("Chậm nhất 30/6/2026").confidence


@pytest.mark.parametrize(
    ("text", "late"),
    [
        pytest.param("trước 17h ngày 12/5/2026", "2026-05-12T17:00:00+07:00", id="17h"),
        pytest.param("trước 16:45 ngày 12/5/2026", "2026-05-12T16:45:00+07:00", id="16:45"),
        pytest.param("4 giờ chiều ngày 12/5/2026", "2026-05-12T16:00:00+07:00", id="afternoon"),
        pytest.param("ngày 12/5/2026, trước 11h30", "2026-05-12T11:30:00+07:00", id="day first"),
        pytest.param("trước 24h00 ngày 12/5/2026", "2026-05-13T00:00:00+07:00", id="midnight"),
        pytest.param("trước ngày 12/5/2026", "2026-05-12T00:00:00+07:00", id="strictly before"),
        pytest.param("đến hết ngày 12/5/2026", "2026-05-13T00:00:00+07:00", id="inclusive"),
    ],
)
def test_the_first_late_instant_is_in_vietnam_time(text: str, late: str):
    reading = read(text)

    assert reading.due_exclusive is not None
    assert reading.due_exclusive.isoformat() == late


def test_an_hour_is_said_to_be_more_than_the_engine_can_follow():
    reading = read("Trước 16 giờ 30 phút ngày 12/5/2026")

    assert reading.timing == ByDate(text=reading.text, relation=Relation.BY, anchor="2026-05-12")
    assert "theo ngày" in reading.note
    assert not reading.ambiguous


def test_before_a_day_names_the_other_way_to_read_it():
    (other,) = read("Trước ngày 20/11/2026").alternatives

    assert other.due == date(2026, 11, 20)
    assert "Tính cả chính ngày 20/11/2026" in other.rule


def test_the_lenient_policy_includes_the_day_and_names_the_strict_reading():
    reading = read("Trước ngày 20/11/2026", policy=LENIENT)

    assert reading.due == date(2026, 11, 20)
    assert [other.due for other in reading.alternatives] == [date(2026, 11, 19)]


def test_a_date_without_a_year_may_come_again_every_year():
    reading = read("Chậm nhất 30/9", year=2027)

    assert reading.due == date(2027, 9, 30)
    (other,) = reading.alternatives
    assert (other.kind, other.days) == (TimingKind.YEARLY, ("09-30",))


def test_days_of_every_year_are_dated_in_the_plans_year():
    reading = read("trước ngày 05/7 và 05/01 hằng năm", year=2027)

    assert [each.due_exclusive.isoformat() for each in reading.occasions] == [
        "2027-07-05T00:00:00+07:00",
        "2027-01-05T00:00:00+07:00",
    ]


def test_before_is_said_of_every_day_that_is_listed_after_it():
    reading = read("trước ngày 10 các tháng 6, 7 và ngày 25 các tháng 9, 10 hằng năm")

    assert [str(each.due)[5:] for each in reading.occasions] == ["06-09", "07-09", "09-24", "10-24"]
    assert isinstance(reading.timing, Recurring)


def test_months_left_out_of_what_has_no_day_are_no_periods_of_it():
    timing = read("hằng tháng, trừ tháng 7, 8").timing

    assert isinstance(timing, Undated)
    assert timing.periods[5:8] == ("T06", "T09", "T10")


def test_a_leap_day_has_no_occasion_in_a_common_year():
    assert read("29/02 hằng năm", year=2027).occasions == ()
    assert len(read("29/02 hằng năm", year=2028).occasions) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("31/9/2026", "tháng 09 năm 2026 chỉ có 30 ngày", id="day"),
        pytest.param("30/02 hằng năm", "tháng 02 chỉ có 29 ngày", id="day of any year"),
        pytest.param("tháng 13/2026", "một năm chỉ có 12 tháng", id="month"),
        pytest.param("quý V/2026", "một năm chỉ có bốn quý", id="quarter"),
        pytest.param("trước 17h75 ngày 1/6/2026", "một ngày chỉ có 24 giờ", id="hour"),
        pytest.param("từ 10/10/2026 đến 5/9/2026", "đứng trước ngày bắt đầu", id="order"),
        pytest.param("trước ngày 30/6/0206", "Không có năm 0206", id="year"),
    ],
)
def test_a_date_that_does_not_exist_is_named_and_never_guessed(text: str, sentence: str):
    reading = read(text)

    assert reading.kind is TimingKind.INVALID
    assert sentence in reading.rule
    assert (reading.due, reading.timing) == (None, None)


@pytest.mark.parametrize(
    ("text", "timing"),
    [
        pytest.param("Thường xuyên", Ongoing(text="Thường xuyên"), id="ongoing"),
        pytest.param("Hằng năm", Yearly(text="Hằng năm"), id="yearly"),
        pytest.param(
            "trước tháng 3/2026",
            ByDate(text="trước tháng 3/2026", relation=Relation.BEFORE, anchor="2026-03"),
            id="before a month",
        ),
        pytest.param(
            "quý IV/2026",
            ByDate(text="quý IV/2026", relation=Relation.WITHIN, anchor="2026-Q4"),
            id="within a quarter",
        ),
        pytest.param(
            "trước ngày 5/7 hằng năm",
            Recurring(text="trước ngày 5/7 hằng năm", relation=Relation.BEFORE, days=("07-05",)),
            id="every year",
        ),
        pytest.param(
            "hằng quý", Undated(text="hằng quý", periods=("Q1", "Q2", "Q3", "Q4")), id="quarters"
        ),
        pytest.param("theo quy định", Undated(text="theo quy định"), id="no date is invented"),
        pytest.param("đầu quý II/2026", Undated(text="đầu quý II/2026"), id="undecided"),
        pytest.param(
            "sau khi có văn bản của Bộ", Dormant(text="sau khi có văn bản của Bộ"), id="dormant"
        ),
        pytest.param("cuối mỗi tháng", None, id="months end on different days"),
        pytest.param("hằng tuần", None, id="weeks"),
        pytest.param("tháng 2 hằng năm", None, id="February's end"),
        pytest.param("trước tháng 3 hằng năm", None, id="before March"),
        pytest.param("abc", None, id="nothing"),
    ],
)
def test_the_engine_follows_a_reading_only_where_it_is_exact(text: str, timing: object):
    assert read(text).timing == timing


def test_a_period_counted_from_the_signing_needs_the_documents_date():
    phrase = "Trong vòng 10 ngày kể từ ngày ký ban hành"

    unknown, known = read(phrase), read(phrase, document_date=date(2026, 3, 2))

    assert unknown.timing == Relative(text=phrase, days=10)
    assert known.timing == Relative(text=phrase, days=10, from_date=date(2026, 3, 2))
    assert (unknown.due, known.due) == (None, date(2026, 3, 12))
    assert "ngày nghỉ" in known.note


def test_a_counted_period_ends_on_a_working_day_of_the_calendar():
    reading = read("trong 10 ngày kể từ ngày 04/02/2026", calendar=CALENDAR)

    assert reading.due == date(2026, 2, 23)
    assert "Tết" in reading.rule or "thứ Bảy" in reading.rule


def test_days_before_a_known_day_are_counted_back():
    assert read("chậm nhất 5 ngày trước ngày 15/6/2026").due == date(2026, 6, 10)


def test_a_text_too_long_for_a_phrase_is_not_read():
    reading = read("trước ngày 20/11/2026 " * 1000)

    assert (reading.kind, reading.confidence) == (TimingKind.UNKNOWN, 0)


def test_a_year_out_of_range_is_the_callers_mistake():
    with pytest.raises(ValueError, match="năm 26 nằm ngoài khoảng"):
        read_timing("quý IV", year=26)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "1",
        ". ",
        "ngày ",
        "tháng 1, ",
        "1-1/1-",
        "2026-",
        "(",
        "/",
        "ngày … ",
        "3 0/6/20 26 ",
        "trước ngày 30/6/2026 và ",
        "hằng năm ",
        "từ ",
        "quý I-",
        "\u0301",
        "12/2026/",
        "số 1-a/",
    ],
)
def test_a_hostile_text_is_answered_too(piece: str):
    text = (piece * LONGEST)[:LONGEST]

    assert read(text).kind in TimingKind


WORDS = st.sampled_from(
    "trước đến hết từ trong sau kể ngày tháng quý năm tuần hằng hàng mỗi định kỳ đầu giữa cuối "
    "thường xuyên quy theo khi có yêu cầu 31/6 25/6 2026 30/6/2026 tháng_13 I IV V 0 5 12 29/02 "
    "17h 24h00 99h 9999 0000 , ; ( ) - – / … lần làm việc và học ký".replace("_", " ").split()
)


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=40).map(" ".join)))
def test_any_text_gets_a_reading_that_survives_the_wire(text: str):
    reading = read(text, document_date=date(2026, 1, 5), calendar=CALENDAR)

    assert Reading.model_validate_json(reading.model_dump_json()) == reading
    assert bool(reading.alternatives) is reading.ambiguous
    assert (reading.due is None) == (reading.due_exclusive is None)
    assert not (reading.start and reading.due) or reading.start <= reading.due
    if isinstance(reading.timing, ByDate):
        assert resolve(reading.timing, Policy()).last_day == reading.due


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["/", ".", "-"]))
def test_any_day_is_read_in_every_notation(day: date, sign: str):
    written = f"{day.day}{sign}{day.month}{sign}{day.year}"
    spelled = f"ngày {day.day:02} tháng {day.month:02} năm {day.year}"

    assert read(f"chậm nhất {written}").due == day
    assert read(f"đến hết {spelled}").due == day


@given(
    st.sampled_from(
        [row.text for row in PHRASES if row.kind in {"period", "deadline"} and row.due]
    ),
    st.sampled_from([Policy(), LENIENT]),
)
def test_the_engine_resolves_a_timing_to_the_day_that_was_read(text: str, policy: Policy):
    reading = read(text, policy=policy)

    assert isinstance(reading.timing, ByDate)
    assert resolve(reading.timing, policy).last_day == reading.due


@given(
    st.sampled_from([row.text for row in PHRASES if row.days and row.text != "29/02 hằng năm"]),
    st.integers(2020, 2040),
)
def test_the_engine_resolves_days_of_every_year_to_the_occasions_read(text: str, year: int):
    reading = read(text, year=year)

    assert isinstance(reading.timing, Recurring)
    resolved = resolve_recurring(reading.timing, year, Policy())
    assert [each.last_day for each in resolved] == [each.due for each in reading.occasions]


def test_a_list_of_days_may_go_over_the_new_year():
    reading = read("trước ngày 06/7 và 06/01/2027")

    assert [str(each.due) for each in reading.occasions] == ["2026-07-05", "2027-01-05"]
