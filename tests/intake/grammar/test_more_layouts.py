"""Decisions of meetings, telegrams, action programmes, tables of appendices, lists by month."""

from pathlib import Path

import pytest

from intake.importing import import_document
from models.imported import ImportedPlan
from tests.intake.grammar.word_layouts import WORD_LAYOUTS, a_word_layout

LAYOUTS = Path(__file__).parent / "layouts"

# Code, lead, cooperating, last day on time.
Row = tuple[str, str, str, str]
TASKS: dict[str, list[Row]] = {
    "ke-hoach-thap-phan.txt": [
        ("II.1.1", "Sở Khoa học và Công nghệ", "Sở Tư pháp | Sở Tài chính", "2026-06-30"),
        (
            "II.1.2",
            "Liên minh Hợp tác xã tỉnh",
            "các sở, ban, ngành liên quan | UBND các xã, phường",
            "2026-09-29",
        ),
        (
            "II.2.1",
            "Sở Khoa học và Công nghệ",
            "Sở Xây dựng | Ban Quản lý các khu công nghiệp | các doanh nghiệp viễn thông",
            "2026-12-31",
        ),
        (
            "II.2.2",
            "Sở Nông nghiệp và Môi trường",
            "Sở Công Thương | Sở Khoa học và Công nghệ",
            "2026-10-31",
        ),
        ("II.2.3", "UBND các xã, phường", "", ""),
        ("II.3.1", "Sở Công Thương", "Hiệp hội Doanh nghiệp tỉnh", "2026-11-14"),
        ("II.3.2", "Báo và Phát thanh, Truyền hình Đại Ngàn", "", ""),
        ("IV.1.1", "Sở Khoa học và Công nghệ", "", ""),
        ("IV.2", "Sở Tài chính", "", ""),
        ("IV.3", "Các sở, ban, ngành | UBND các xã, phường", "", "2026-04-09"),
    ],
    "thong-bao-ket-luan.txt": [
        (
            "2.a",
            "Sở Nông nghiệp và Môi trường",
            "Sở Xây dựng | UBND các xã Tân Mẫu, Hòa Mẫu",
            "2026-09-29",
        ),
        ("2.b", "UBND xã Tân Mẫu", "", "2026-09-30"),
        ("2.c", "Trung tâm Phát triển quỹ đất tỉnh", "các địa phương", "2026-08-25"),
        ("3", "Sở Xây dựng", "Sở Công Thương | các đơn vị liên quan", ""),
        ("4.1", "Ban Quản lý dự án giao thông tỉnh", "", "2026-08-19"),
        ("4.2", "Sở Tài chính", "", "2026-09-30"),
        ("5", "Văn phòng UBND tỉnh", "", ""),
    ],
    "cong-dien.txt": [
        ("1.1", "Chủ tịch UBND các xã, phường", "", "2026-09-04"),
        ("1.2", "Chủ tịch UBND các xã, phường", "", ""),
        ("2.1", "Sở Nông nghiệp và Môi trường", "", ""),
        (
            "2.2",
            "Sở Nông nghiệp và Môi trường",
            "Bộ Chỉ huy Quân sự tỉnh | Công an tỉnh",
            "2026-09-04",
        ),
        ("3.1", "Sở Tài chính", "", "2026-09-08"),
        ("4", "Sở Xây dựng | Công an tỉnh", "", ""),
        (
            "5",
            "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh | các tổ chức chính trị - xã hội",
            "",
            "",
        ),
        ("6.1", "Báo và Đài Phát thanh, Truyền hình tỉnh", "", "2026-09-08"),
        ("7", "Văn phòng UBND tỉnh", "", ""),
    ],
    "chuong-trinh-hanh-dong.txt": [
        ("II.1.a.i", "Bộ Biển và Hải đảo", "Bộ Tài chính | Bộ Công Thương", "2026-12-31"),
        ("II.1.a.ii", "Bộ Biển và Hải đảo", "Bộ Tài chính | Bộ Công Thương", "2026-12-31"),
        ("II.1.a.iii", "Bộ Biển và Hải đảo", "Bộ Tài chính | Bộ Công Thương", "2026-12-31"),
        ("II.1.b.i", "Bộ Xây dựng", "", "2027-06-30"),
        ("II.1.b.ii", "Bộ Xây dựng", "", "2027-06-30"),
        (
            "II.2.i",
            "Bộ Giáo dục và Đào tạo",
            "UBND các tỉnh, thành phố ven biển",
            "2030-12-31",
        ),
        (
            "II.2.ii",
            "Bộ Giáo dục và Đào tạo",
            "UBND các tỉnh, thành phố ven biển",
            "2030-12-31",
        ),
        (
            "III.1.i",
            "Các bộ, cơ quan ngang bộ | UBND các tỉnh, thành phố ven biển",
            "",
            "2026-03-31",
        ),
        (
            "III.1.ii",
            "Các bộ, cơ quan ngang bộ | UBND các tỉnh, thành phố ven biển",
            "",
            "",
        ),
        ("III.2", "Bộ Biển và Hải đảo", "Bộ Tài chính", ""),
    ],
    "phu-luc-nhieu-trang.docx": [
        ("III.2", "Sở Tài chính", "", "2026-07-31"),
        (
            "PL.I.1",
            "Sở Nông nghiệp và Môi trường",
            "Văn phòng UBND tỉnh | UBND các xã, phường",
            "2026-06-30",
        ),
        (
            "PL.I.2",
            "Các sở, ban, ngành",
            "Trung tâm Phục vụ hành chính công tỉnh",
            "2026-12-31",
        ),
        ("PL.I.3", "Văn phòng UBND tỉnh", "", ""),
        (
            "PL.II.1",
            "Sở Tài chính",
            "Hiệp hội Doanh nghiệp tỉnh | Thuế tỉnh | Sở Nội vụ",
            "",
        ),
        (
            "PL.II.2",
            "Trung tâm Xúc tiến đầu tư, thương mại và du lịch",
            "Sở Ngoại vụ",
            "2026-09-14",
        ),
        ("PL.II.3", "Sở Tài chính", "Các đơn vị liên quan", "2026-12-31"),
        ("PL.III.1", "Thanh tra tỉnh", "Các sở, ngành", "2026-03-31"),
    ],
    "ke-hoach-xa.docx": [
        ("2.a", "Công chức Văn hóa - Xã hội | Đài Truyền thanh xã", "", "2026-03-20"),
        (
            "2.b",
            "Ban quản lý các thôn | Đoàn Thanh niên | Hội Phụ nữ xã",
            "",
            "2026-03-08",
        ),
        ("2.c", "Phòng Kinh tế", "Hội Nông dân xã | các trường học", "2026-03-19"),
        ("2.d", "Ban Quản lý chợ", "", "2026-04-30"),
        ("4.a", "Phòng Kinh tế", "", "2026-04-29"),
        ("4.b", "Công an xã", "", ""),
        ("4.c", "Ủy ban MTTQ Việt Nam xã | các đoàn thể", "", ""),
        ("4.d", "Trưởng các thôn", "", "2026-03-04"),
    ],
    "chu-tri-phoi-hop-mot-o.docx": [
        ("II.1", "Phòng Quản lý văn hóa", "Văn phòng Sở", "2026-03-20"),
        ("II.2", "Thư viện tỉnh", "Các nhà xuất bản | Bảo tàng tỉnh", "2026-04-24"),
        ("II.3", "Thư viện tỉnh", "Sở Giáo dục và Đào tạo | Tỉnh đoàn", "2026-05-14"),
        ("II.4.1", "Trung tâm Văn hóa tỉnh", "", "2026-04-10"),
        ("II.4.2", "Công an tỉnh", "UBND phường Bến Mẫu", "2026-04-21"),
        ("II.5", "Văn phòng Sở", "", "2026-05-31"),
        ("III.1", "Trưởng các phòng, đơn vị", "", "2026-03-17"),
        ("III.2", "Phòng Quản lý văn hóa", "", ""),
    ],
    "chuong-trinh-quy-thang.docx": [
        ("A.1", "", "", ""),
        ("A.2", "", "", ""),
        ("B.m1.m1.1", "Phòng Công tác HĐND", "", "2026-01-31"),
        (
            "B.m1.m1.2",
            "Phòng Hành chính, Tổ chức, Quản trị",
            "Công đoàn cơ sở",
            "2026-01-31",
        ),
        ("B.m1.m2.1", "Phòng Công tác HĐND", "", "2026-02-24"),
        ("B.m1.m3.1", "Phòng Công tác HĐND | Phòng Thông tin, Dân nguyện", "", "2026-03-31"),
        ("B.m1.m3.2", "Phòng Thông tin, Dân nguyện", "", "2026-03-31"),
        ("B.m2.m1.1", "Phòng Thông tin, Dân nguyện", "", "2026-04-19"),
        ("B.m2.m2.1", "Các Ban HĐND tỉnh", "Phòng Công tác HĐND", "2026-05-31"),
        ("B.m2.m3.1", "Các phòng thuộc Văn phòng", "", "2026-06-30"),
        ("C.2", "Phòng Hành chính, Tổ chức, Quản trị", "", ""),
    ],
    "kiem-tra-dang-vien.txt": [
        ("II.1", "Phòng Tổ chức cơ sở đảng", "Văn phòng Ban", "2026-03-31"),
        (
            "II.2",
            "Phòng Tổ chức cơ sở đảng",
            "Phòng Bảo vệ chính trị nội bộ | Ủy ban Kiểm tra Tỉnh ủy",
            "2026-06-30",
        ),
        ("II.3", "Văn phòng Ban", "", ""),
        ("II.4", "Phòng Tổ chức cơ sở đảng", "", "2026-10-30"),
        ("III.2", "Văn phòng Ban", "", ""),
    ],
    "chuong-trinh-thang-khong-so.txt": [
        ("m1.1", "Phòng Tổ chức", "Công đoàn", "2026-01-31"),
        ("m1.2", "Phòng Tổ chức", "", "2026-01-31"),
        ("m2.1", "Các khoa lâm sàng", "", "2026-02-28"),
        ("m2.2", "Khoa Khám bệnh", "", "2026-02-14"),
        ("m3.1", "Phòng Quản lý chất lượng", "", "2026-06-30"),
        ("m3.2", "Phòng Hành chính", "Công an phường Hồ Mẫu", "2026-06-30"),
        ("m4.1", "Tổ Công nghệ thông tin", "", "2026-12-31"),
    ],
    "chi-thi-cac-so.txt": [
        ("1.a", "Các Sở: Nông nghiệp và Môi trường, Xây dựng, Tài chính", "", "2026-06-30"),
        ("1.b", "Các Sở: Nông nghiệp và Môi trường, Xây dựng, Tài chính", "", ""),
        (
            "2.a",
            "Sở Nông nghiệp và Môi trường",
            "Công an tỉnh | Thuế tỉnh | UBND các xã, phường",
            "2026-07-29",
        ),
        ("2.b", "Sở Nông nghiệp và Môi trường", "", ""),
        ("3.a", "UBND các xã, phường, đặc khu", "", ""),
        ("3.b", "UBND các xã, phường, đặc khu", "", ""),
        ("4", "Công an tỉnh", "", ""),
        ("5", "Báo và phát thanh, truyền hình Núi Mẫu", "", ""),
    ],
    "giao-ban-tuan.txt": [
        ("II.1.1", "Phòng Kinh tế, Hạ tầng và Đô thị", "", "2026-04-16"),
        ("II.1.2", "Phòng Kinh tế, Hạ tầng và Đô thị", "Công an phường", ""),
        ("II.2.1", "Văn phòng HĐND và UBND phường", "", "2026-04-19"),
        ("II.3.1", "Trung tâm Phục vụ hành chính công phường", "", "2026-04-15"),
        ("II.4", "Phòng Kinh tế, Hạ tầng và Đô thị", "", "2026-04-30"),
        ("II.5", "Các khu phố", "", "2026-04-18"),
    ],
    "nhiem-vu-dau-sao.txt": [
        ("1", "Sở Khoa học và Công nghệ", "VNPT Rừng Mẫu | Viettel Rừng Mẫu", "2026-09-30"),
        ("2", "Sở Tư pháp", "Công an tỉnh | UBND cấp xã", "2026-08-31"),
        ("3", "Tỉnh đoàn", "Hội Liên hiệp Phụ nữ tỉnh", "2026-12-31"),
        ("1-2", "Thành viên Ban Chỉ đạo", "", ""),
        ("2-2", "Sở Khoa học và Công nghệ (Cơ quan thường trực)", "", ""),
    ],
    "phan-cong-hoi-thi.txt": [
        ("III.1", "Thầy Nguyễn Mẫu A - Hiệu trưởng", "", "2026-10-14"),
        ("III.2", "Cô Lê Mẫu B - Phó Hiệu trưởng", "", "2026-11-04"),
        ("III.3", "Tổ Khoa học tự nhiên | Tổ Khoa học xã hội", "", "2026-10-20"),
        ("III.4", "Bộ phận thiết bị", "", ""),
        ("III.5", "GVCN lớp 9", "", ""),
    ],
    "ke-hoach-kem-quyet-dinh.txt": [
        ("II.1", "Vụ Pháp chế", "các đơn vị thuộc Bộ", "2026-06-30"),
        ("II.2", "Cục Dữ liệu", "Vụ Pháp chế | Bộ Công an | các bộ, ngành liên quan", "2026-09-30"),
        ("II.3.a", "Vụ Pháp chế", "", "2026-06-30"),
        ("II.3.b", "UBND cấp tỉnh", "", "2026-12-30"),
        ("III.1", "Các đơn vị thuộc Bộ", "", ""),
        ("III.2", "Vụ Pháp chế", "", ""),
    ],
    "huong-dan-hoi.txt": [
        ("I.1.1", "Ban Tổ chức - Kiểm tra", "", "2026-03-06"),
        ("I.1.2", "Ban Gia đình - Xã hội", "Liên đoàn Lao động tỉnh", "2026-03-04"),
        ("I.2.1", "", "", "2026-03-07"),
        ("I.2.2", "", "", ""),
        ("II.1.1", "Ban Tuyên giáo", "", ""),
        ("II.1.2", "Văn phòng", "", ""),
        ("II.2.1", "Hội LHPN các xã, phường", "", "2026-02-09"),
    ],
    "cong-van-ky-thi.txt": [
        ("1", "Sở Giáo dục và Đào tạo", "Công an tỉnh | Sở Y tế", ""),
        ("2.a", "Công an tỉnh", "", "2026-06-30"),
        ("2.b", "Công an tỉnh", "", ""),
        ("3", "Công ty Điện lực Gò Mẫu | VNPT Gò Mẫu", "", ""),
        ("4", "UBND các xã, phường nơi đặt điểm thi", "", "2026-06-20"),
        ("5", "Tỉnh đoàn", "", ""),
    ],
    "van-xuoi-theo-thang.txt": [
        ("II.1.a", "Phòng Quy hoạch", "Hội Nông dân tỉnh", "2026-03-31"),
        ("II.1.b", "Văn phòng Sở", "", "2026-03-19"),
        ("II.2.a", "Trung tâm Xúc tiến du lịch", "UBND xã Mai Mẫu", "2026-09-30"),
        ("II.2.b", "Phòng Quản lý lữ hành", "Công an xã", "2026-09-30"),
        ("III.1.p1", "Trung tâm Xúc tiến du lịch", "Sở Khoa học và Công nghệ", "2026-09-30"),
        ("III.1.p2", "Văn phòng Sở", "các phòng chuyên môn", ""),
        ("III.1.p3", "Phòng Quy hoạch", "Phòng Kế hoạch", "2026-06-29"),
        ("III.1.p4", "UBND xã Hiền Mẫu", "", "2026-08-14"),
        ("III.1.p5", "", "", ""),
        ("III.1.p6", "Phòng Quản lý lữ hành", "", ""),
        ("III.2.p1", "Phòng Đào tạo và Nguồn nhân lực", "", ""),
        ("III.2.p2", "Phòng Khoa học, Vật liệu và Công trình xây dựng", "", ""),
        ("IV.1.1", "Các phòng, đơn vị thuộc Sở", "", ""),
    ],
    "viec-ai-lam.txt": [
        ("II.1", "Chi đoàn bản Mẫu Một", "Chi đoàn Trường THCS Vân Mẫu", "2026-03-14"),
        ("II.2", "Chi đoàn bản Mẫu Hai", "Hội Cựu chiến binh phường", "2026-03-31"),
        ("II.3", "Chi đoàn Công an phường", "", "2026-06-30"),
        ("III.1", "Ban Thường vụ Đoàn phường", "", ""),
        ("III.2", "Các chi đoàn", "", "2026-04-04"),
    ],
}

# Code, reporters, to, days or the anchor of one day.
REPORTS: dict[str, list[tuple[str, str, str, str]]] = {
    "ke-hoach-kem-quyet-dinh.txt": [("III.2.BC", "Vụ Pháp chế", "Bộ trưởng", "2026-12-15")],
    "cong-van-ky-thi.txt": [("1.BC", "Sở Giáo dục và Đào tạo", "UBND tỉnh", "2026-06-22")],
    "van-xuoi-theo-thang.txt": [
        ("IV.1.2", "Các phòng, đơn vị thuộc Sở", "Sở", "06-10 | 12-10"),
        ("IV.2", "Các phòng", "Phòng Quy hoạch", "05-12 | 11-12"),
    ],
    "kiem-tra-dang-vien.txt": [
        ("III.1", "Các đảng ủy trực thuộc", "Ban Tổ chức Tỉnh ủy", "2026-04-05"),
    ],
    "chuong-trinh-thang-khong-so.txt": [
        (
            "m5",
            "Các khoa, phòng",
            "Phòng Kế hoạch tổng hợp",
            " | ".join(f"{n:02}-28" for n in range(1, 13)),
        ),
    ],
    "chi-thi-cac-so.txt": [("6.b", "Sở Nông nghiệp và Môi trường", "UBND tỉnh", "")],
    "ke-hoach-thap-phan.txt": [
        ("IV.1.2", "Sở Khoa học và Công nghệ", "UBND tỉnh", "2026-12-15"),
    ],
    "phu-luc-nhieu-trang.docx": [
        (
            "III.1",
            "Thủ trưởng các sở, ban, ngành",
            "Sở Tài chính",
            "03-20 | 06-20 | 09-20 | 12-20",
        ),
    ],
    "chuong-trinh-quy-thang.docx": [
        ("C.1", "Các phòng", "Lãnh đạo Văn phòng", " | ".join(f"{n:02}-25" for n in range(1, 13))),
    ],
}


def imported(name: str, folder: Path) -> ImportedPlan:
    path = a_word_layout(folder, name) if name in WORD_LAYOUTS else LAYOUTS / name
    return import_document(path, otherwise=2026)[0]


def due(plan: ImportedPlan, code: str) -> str:
    reading = plan.readings.get(code)
    return str(reading.due) if reading is not None and reading.due is not None else ""


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_its_performers_and_its_last_day(name, tmp_path):
    plan = imported(name, tmp_path)

    assert [
        (task.code, " | ".join(task.lead), " | ".join(task.cooperating), due(plan, task.code))
        for task in plan.document.tasks
    ] == TASKS[name]


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_its_reporters_and_its_days(name, tmp_path):
    reports = imported(name, tmp_path).document.reports

    assert [
        (
            duty.code,
            " | ".join(duty.reporters),
            duty.to,
            " | ".join(getattr(duty.timing, "days", ())) or getattr(duty.timing, "anchor", ""),
        )
        for duty in reports
    ] == REPORTS[name]


def test_performers_after_the_last_of_small_points_are_said_to_hold_for_all(tmp_path):
    plan = imported("chuong-trinh-hanh-dong.txt", tmp_path)

    said = [f.line for f in plan.findings if "hiểu là cho mọi điểm" in f.message]
    assert said == [15, 22, 27]


def test_a_month_without_number_heads_what_is_below_it(tmp_path):
    plan = imported("chuong-trinh-quy-thang.docx", tmp_path)

    sections = {task.code: task.section for task in plan.document.tasks}
    assert sections["B.m1.m3.2"] == "Tháng 3"
    assert sections["B.m2.m1.1"] == "Tháng 4"
