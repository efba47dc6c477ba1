"""Documents of many layouts, written for these tests: every task with who, and until when."""

from functools import cache
from pathlib import Path

import pytest

from intake.importing import import_document
from models.imported import ImportedPlan

LAYOUTS = Path(__file__).parent / "layouts"

# Code, lead, cooperating, last day on time.
Row = tuple[str, str, str, str]
TASKS: dict[str, list[Row]] = {
    "quyet-dinh.txt": [
        ("Điều1.1", "Sở Nội vụ", "Văn phòng UBND tỉnh | Sở Tài chính", "2026-04-29"),
        ("Điều1.2", "Sở Khoa học và Công nghệ", "các sở, ban, ngành", "2026-09-30"),
        ("Điều1.3.a", "Văn phòng UBND tỉnh", "", "2026-05-15"),
        ("Điều1.3.b", "Văn phòng UBND tỉnh", "Sở Tư pháp", ""),
        ("Điều2.1", "UBND các xã, phường", "", "2026-03-14"),
        ("Điều2.2", "UBND các xã, phường", "", ""),
    ],
    "chi-thi.txt": [
        ("1.1", "Cục An toàn thông tin", "Trung tâm Giám sát | Cục Viễn thông", "2026-02-25"),
        ("1.2", "Cục An toàn thông tin", "", "2026-02-27"),
        ("2.1", "Các doanh nghiệp viễn thông", "", "2026-02-04"),
        ("2.2", "Các doanh nghiệp viễn thông", "", ""),
        ("3", "Vụ Kế hoạch - Tài chính", "", ""),
        ("4.a", "Các Sở Công nghiệp số", "", ""),
    ],
    "chuong-trinh-thang.txt": [
        ("I.1.1", "Tổ Giáo vụ", "", "2026-01-31"),
        ("I.1.2", "Tổ Giáo vụ | các khoa", "", "2026-01-31"),
        ("I.2.1", "Tổ Tuyển sinh", "Phòng Truyền thông", "2026-03-31"),
        ("I.3.1", "Tổ Thanh tra", "", "2026-05-19"),
        ("I.3.2", "Ban Giám hiệu", "", "2026-06-30"),
    ],
    "bang-hai-cot.txt": [
        ("III.row1", "Phòng Quản lý du lịch", "Trung tâm Xúc tiến", "2026-04-15"),
        ("III.row2", "Văn phòng Sở", "", "2026-04-29"),
        ("III.row3", "Trung tâm Xúc tiến | Phòng Quản lý du lịch", "", "2026-05-31"),
        ("III.row4", "Công an tỉnh", "Phòng Quản lý du lịch", "2026-06-16"),
    ],
    "phu-luc-nhom.txt": [
        ("III.1.1", "Trung tâm Kiểm soát bệnh tật thành phố", "", ""),
        ("III.2", "Các bệnh viện công lập", "", ""),
        ("III.3", "UBND các phường, xã", "", ""),
        ("PL.I.1", "Phòng Nghiệp vụ Y", "Văn phòng Sở", "2026-03-31"),
        ("PL.I.2", "Phòng Nghiệp vụ Y", "", "2026-02-15"),
        (
            "PL.II.1",
            "Trung tâm Kiểm soát bệnh tật thành phố",
            "Các bệnh viện, trung tâm y tế",
            "",
        ),
        (
            "PL.II.2",
            "Bệnh viện Nhiệt đới Đông Hải",
            "Phòng Nghiệp vụ Y | Hội Điều dưỡng",
            "2026-05-30",
        ),
        ("PL.II.2.1", "Bệnh viện Nhiệt đới Đông Hải", "", "2026-04-30"),
    ],
    "tu-pdf.txt": [
        ("B.I.1", "Ban Tuyên huấn", "Văn phòng | các Hội Nông dân cấp xã", "2026-06-30"),
        ("B.I.2", "Ban Kinh tế - Xã hội", "Trung tâm Hỗ trợ nông dân", "2026-09-29"),
        ("B.II.1", "Ban Xây dựng Hội", "", ""),
        ("B.II.2", "Ban Xây dựng Hội", "Trường Chính trị tỉnh", "2026-08-31"),
        ("C.1", "Các ban, đơn vị trực thuộc", "", "2025-12-30"),
    ],
    "kem-theo.txt": [
        ("II.1.1", "Huyện đoàn", "Hội Phụ nữ", "2026-06-04"),
        ("II.1.2", "Ban Quản lý cảng", "", "2026-05-31"),
        ("II.2.1", "Phòng Tài nguyên", "", "2026-04-30"),
        ("II.2.2", "Ban Quản lý công trình", "", "2026-06-30"),
        ("III", "Phòng Tài nguyên", "", ""),
    ],
    "nguoi.md": [
        ("II.1", "Đồng chí Nguyễn Văn A, Phó Giám đốc", "", "2026-04-09"),
        ("II.2", "Bà Trần Thị B - Trưởng phòng Kỹ thuật", "", "2026-04-04"),
        ("II.3", "Tổ Vận hành", "", ""),
        ("III.1", "Phòng Kỹ thuật", "Tổ Vận hành", "2026-04-05"),
        ("III.2", "Ban Giám đốc", "Phòng Kỹ thuật | Phòng Hành chính", "2026-04-30"),
    ],
    "cong-van.txt": [
        ("1", "Các phòng, đơn vị thuộc Sở", "", "2026-06-04"),
        ("2", "UBND các xã, phường", "", ""),
        ("3", "Phòng Tổ chức - Hành chính", "", ""),
    ],
    "nhom-don-vi.txt": [
        ("I.A.1", "Phòng Công nghệ thông tin", "", "2026-06-30"),
        ("I.A.2", "Phòng Công nghệ thông tin", "", ""),
        ("I.B.3", "Thư viện", "", "2026-12-31"),
    ],
    "mat-so.txt": [
        ("m2.p1", "Phòng Nghiệp vụ", "", "2026-06-30"),
        ("m2.p2", "Phòng Tin học", "Phòng Nghiệp vụ", "2026-09-30"),
        ("m3.p1", "Phòng Hành chính", "", ""),
        ("m3.p2", "Phòng Nghiệp vụ", "", ""),
    ],
    "ke-hoach-thang-truong.txt": [
        ("II.1", "", "", ""),
        ("II.2", "", "", ""),
        ("III.row1", "BGH | GVCN", "", "2026-09-30"),
        ("III.row2", "GVCN", "", "2026-09-30"),
        ("III.row3", "Đ/c Hà | đ/c Lan", "", "2026-10-31"),
        ("III.row4", "Tổ trưởng chuyên môn", "", "2026-10-31"),
        ("IV.1", "Ban Giám hiệu", "", ""),
        ("IV.2", "Giáo viên chủ nhiệm", "", "2026-09-09"),
    ],
    "thong-bao.txt": [
        ("1.1", "Phòng Kinh tế, Hạ tầng và Đô thị", "", "2026-04-19"),
        ("1.2", "Công an phường", "", ""),
        (
            "2",
            "Trung tâm Dịch vụ công ích",
            "Phòng Kinh tế, Hạ tầng và Đô thị",
            "2026-04-30",
        ),
        ("3", "Văn phòng HĐND và UBND phường", "", ""),
    ],
    "quyet-dinh-de-muc.txt": [
        ("Điều1.II.1.a", "Vụ Khoa học công nghệ", "Cục Đường bộ | Cục Hàng hải", "2026-12-31"),
        ("Điều1.II.1.b", "Trung tâm Công nghệ thông tin", "", "2027-12-31"),
        ("Điều2.1.a", "Vụ Khoa học công nghệ", "", ""),
        ("Điều2.2", "Các cục, vụ", "", "2026-06-30"),
    ],
    "phan-thu-hai.txt": [
        ("I.1", "Phòng Tuyên truyền", "", "2026-02-28"),
        ("I.2", "Phòng Lý luận chính trị", "Văn phòng Ban", ""),
        ("II.1", "Lãnh đạo Ban", "", ""),
        ("II.3", "Ban tuyên giáo các huyện ủy", "", "2026-01-31"),
    ],
    "ubnd-hon-hop.txt": [
        ("II.1.a", "Sở Tư pháp", "các sở, ngành", "2026-06-30"),
        ("II.1.b", "Sở Nội vụ", "Công an tỉnh", "2026-06-30"),
        ("II.2.a", "Sở Thông tin", "Công an tỉnh | các địa phương", "2026-07-31"),
        ("II.2.b", "Sở Thông tin", "Công an tỉnh | các địa phương", ""),
        ("II.3.1", "Sở Văn hóa", "", "2026-09-30"),
        ("II.3.2", "Báo Giả Định | Đài Phát thanh và Truyền hình tỉnh", "", ""),
        (
            "III.1.a",
            "Thủ trưởng các sở, ban, ngành | Chủ tịch UBND các xã, phường",
            "",
            "2026-03-14",
        ),
        ("III.2", "Công an tỉnh", "", ""),
        ("III.3", "Sở Tài chính", "", ""),
        ("III.4", "Ủy ban MTTQ Việt Nam tỉnh | các tổ chức chính trị - xã hội", "", ""),
    ],
}

# Code, reporters, to, via, days or the anchor of one day.
REPORTS: dict[str, list[tuple[str, str, str, str, str]]] = {
    "chi-thi.txt": [
        ("4.b", "Các Sở Công nghiệp số", "Bộ", "Cục An toàn thông tin", "2026-03-01"),
        ("5", "Cục An toàn thông tin", "Bộ trưởng", "", ""),
    ],
    "bang-hai-cot.txt": [("V", "Các phòng, đơn vị", "Văn phòng Sở", "", "2026-06-30")],
    "cong-van.txt": [
        ("2.BC", "UBND các xã, phường", "Sở", "Phòng Tổ chức - Hành chính", "2026-06-30")
    ],
    "tu-pdf.txt": [
        ("C.2", "Hội Nông dân cấp xã", "Hội Nông dân tỉnh", "Văn phòng", "06-15 | 11-15")
    ],
    "nhom-don-vi.txt": [("II.2", "Phòng Công nghệ thông tin", "Hiệu trưởng", "", "06-20 | 12-20")],
}

# Title, issuer, number, date.
FRAMES: dict[str, tuple[str, str, str | None, str | None]] = {
    "quyet-dinh.txt": (
        "Về việc giao nhiệm vụ cải cách hành chính năm 2026",
        "Ủy ban nhân dân tỉnh Sông Lam",
        "145/QĐ-UBND",
        "2026-02-12",
    ),
    "tu-pdf.txt": (
        "công tác Hội và phong trào nông dân năm 2026",
        "Ban Thường vụ Hội Nông dân tỉnh Thảo Nguyên",
        "25-KH/HNDT",
        "2025-12-15",
    ),
    "cong-van.txt": (
        "triển khai tháng hành động vì môi trường",
        "Sở Nông nghiệp xanh",
        "210/SNNX-TCHC",
        "2026-05-18",
    ),
    "chuong-trinh-thang.txt": (
        "CHƯƠNG TRÌNH CÔNG TÁC NĂM 2026",
        "Phòng Đào tạo",
        "18/CTr-ĐT",
        "2026-01-02",
    ),
    "nhom-don-vi.txt": ("Chuyển đổi số năm 2026 của Trường Đại học Bình Minh", "", None, None),
}


@cache
def imported(name: str) -> ImportedPlan:
    return import_document(LAYOUTS / name, otherwise=2026)[0]


def listed(phrases: tuple[str, ...]) -> str:
    return " | ".join(phrases)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_its_performers_and_its_last_day(name):
    plan = imported(name)

    assert [
        (task.code, listed(task.lead), listed(task.cooperating), due(plan, task.code))
        for task in plan.document.tasks
    ] == TASKS[name]


def due(plan: ImportedPlan, code: str) -> str:
    reading = plan.readings.get(code)
    return str(reading.due) if reading is not None and reading.due is not None else ""


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_its_reporters_and_its_way(name):
    reports = imported(name).document.reports

    assert [
        (
            duty.code,
            listed(duty.reporters),
            duty.to,
            listed(duty.via),
            listed(getattr(duty.timing, "days", ())) or getattr(duty.timing, "anchor", ""),
        )
        for duty in reports
    ] == REPORTS[name]


@pytest.mark.parametrize("name", FRAMES)
def test_the_frame_says_what_the_document_is(name):
    document = imported(name).document

    day = str(document.date) if document.date else None
    assert (document.title, document.issuer, document.number, day) == FRAMES[name]


@pytest.mark.parametrize("name", TASKS)
def test_every_task_stands_in_the_lines_it_names(name):
    lines = (LAYOUTS / name).read_text(encoding="utf-8").split("\n")

    for task in imported(name).document.tasks:
        assert task.lines is not None
        first, last = task.lines
        said = " ".join(lines[first - 1 : last]).replace("<br>", " ").replace("**", "")
        assert task.text.split()[0] in said
        assert task.text.split()[-1].strip(".;") in said


def test_purposes_programmes_and_implementing_clauses_are_no_tasks():
    plan = imported("quyet-dinh.txt")

    texts = " ".join(task.text for task in plan.document.tasks)
    assert "chịu trách nhiệm thi hành" not in texts
    assert "hiệu lực" not in texts


def test_targets_have_their_numbers():
    targets = imported("phu-luc-nhom.txt").document.targets

    assert [(t.code, t.year, t.numbers[0].op, t.numbers[0].value) for t in targets] == [
        ("I.2.1", 2026, ">", 95),
        ("I.2.2", 2026, ">=", 90),
        ("I.2.3", 2026, ">=", 4),
    ]


def test_a_footnote_between_two_lines_of_a_task_is_kept_apart():
    plan = imported("tu-pdf.txt")

    task = plan.document.tasks[1]
    assert task.text == (
        "Tổ chức Hội thi “Nhà nông đua tài” cấp tỉnh; lựa chọn đội tuyển tham gia cấp toàn quốc."
    )
    assert "Đảng đến cán bộ" in plan.document.tasks[0].text
    assert any("chú thích 1" in finding.message for finding in plan.findings)


def test_a_task_without_performer_is_said_with_its_line():
    plan = imported("ke-hoach-thang-truong.txt")

    assert (10, "không nêu ai thực hiện, cần phân công") in {
        (finding.line, finding.message) for finding in plan.findings
    }


def test_a_code_printed_twice_stays_two_tasks(tmp_path):
    document = tmp_path / "hai-lan.txt"
    document.write_text(
        "KẾ HOẠCH\nThử nghiệm\nI. NHIỆM VỤ\n1. Giao Sở A làm việc thứ nhất.\n"
        "1. Giao Sở B làm việc thứ hai.\n",
        encoding="utf-8",
    )

    plan, _ = import_document(document, otherwise=2026)

    assert [task.code for task in plan.document.tasks] == ["I.1", "I.1-2"]
    assert any("bị trùng" in finding.message for finding in plan.findings)
