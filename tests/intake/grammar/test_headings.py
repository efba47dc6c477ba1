"""What a heading says holds for what is below it, and for nothing else."""

from intake.importing import import_document

DOCUMENT = """\
KẾ HOẠCH
Tổ chức Ngày hội Ném còn năm 2026
I. THỜI GIAN, ĐỊA ĐIỂM
1. Thời gian: từ ngày 12/9/2026 đến ngày 14/9/2026.
2. Địa điểm: sân vận động xã.
II. CHƯƠNG TRÌNH BA NGÀY
- Rước đuốc quanh bản: chiều ngày 12/9/2026.
- Không gian ẩm thực bên suối.
III. PHÂN CÔNG NHIỆM VỤ
1. Tiểu ban Hậu cần (các việc hoàn thành trước ngày 01/9/2026)
a) Dựng trại, mắc điện.
b) Mua giải thưởng xong trước ngày 20/8/2026.
2. Các ban, ngành, thôn
- Công an xã chủ trì, phối hợp với Ban Chỉ huy Quân sự xã giữ trật tự.
- Hội Nông dân gian hàng nông sản; xong chậm nhất 04 ngày trước khi diễn ra ngày hội.
VII. TRƯỜNG TRUNG HỌC CƠ SỞ, TRẠM Y TẾ
Trực sơ cứu trong tháng
09/2026.
"""


def test_a_heading_holds_for_what_is_below_it(tmp_path):
    path = tmp_path / "ngay-hoi.txt"
    path.write_text(DOCUMENT, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    assert [
        (t["code"], t["lead"], t["cooperating"], t["timing"]["due"])
        for t in plan.as_json()["tasks"]
    ] == [
        ("III.1.a", ["Tiểu ban Hậu cần"], [], "2026-08-31"),
        ("III.1.b", ["Tiểu ban Hậu cần"], [], "2026-08-19"),
        ("III.2.1", ["Công an xã"], ["Ban Chỉ huy Quân sự xã"], None),
        ("III.2.2", ["Hội Nông dân"], [], "2026-09-08"),
        ("VII", ["TRƯỜNG TRUNG HỌC CƠ SỞ", "TRẠM Y TẾ"], [], "2026-09-30"),
    ]
    named = [finding.message for finding in plan.findings]
    assert "chỉ có tên gọi, không có việc: “Không gian ẩm thực bên suối.”" in named


INHERITED = """\
KẾ HOẠCH
Chỉnh lý kho sách cũ năm 2026
II. NHỮNG VIỆC PHẢI XONG TRƯỚC NGÀY 20/5/2026
1. Thư viện tỉnh lập danh mục sách cần đóng lại, riêng sách Hán Nôm chọn trước ngày 08/4/2026.
2. Đóng lại 300 cuốn; Xưởng in tỉnh chịu trách nhiệm, Hội Sách hỗ trợ giấy dó.
III. VIỆC THƯỜNG XUYÊN
1. Hội Sách chủ trì, Thư viện tỉnh phối hợp hướng dẫn bạn đọc; cùng tham gia có Tỉnh đoàn.
2. Đồng ý mở phòng đọc ban đêm; giao Ban Trật tự chợ làm đầu mối, cùng Thư viện tỉnh sắp xếp.
3. Thư viện tỉnh dọn kho; Hội Sách, Tỉnh đoàn phối hợp thực hiện.
"""


def test_a_group_gives_its_time_and_later_clauses_say_who_helps(tmp_path):
    path = tmp_path / "kho-sach.txt"
    path.write_text(INHERITED, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    assert [
        (t["code"], t["lead"], t["cooperating"], t["timing"]["kind"], t["timing"]["due"])
        for t in plan.as_json()["tasks"]
    ] == [
        ("II.1", ["Thư viện tỉnh"], [], "deadline", "2026-05-19"),
        ("II.2", ["Xưởng in tỉnh"], ["Hội Sách"], "deadline", "2026-05-19"),
        ("III.1", ["Hội Sách"], ["Tỉnh đoàn", "Thư viện tỉnh"], "ongoing", None),
        ("III.2", ["Ban Trật tự chợ"], ["Thư viện tỉnh"], "ongoing", None),
        ("III.3", ["Thư viện tỉnh"], ["Hội Sách", "Tỉnh đoàn"], "ongoing", None),
    ]


COUNTED_BY_NAME = """\
CHƯƠNG TRÌNH
Giữ nghề gốm cũ
II. CÁC NHIỆM VỤ
Nhiệm vụ 1: Ghi lại nghề
- Nội dung: Quay phim 12 nghệ nhân.
- Cơ quan chủ trì: Bảo tàng tỉnh.
- Thời gian hoàn thành: Quý I/2026.
Nhiệm vụ 2: Dạy nghề
- Nội dung: Mở hai lớp gốm.
- Cơ quan chủ trì: Hội Nghề gốm.
- Cơ quan phối hợp: Bảo tàng tỉnh.
- Thời gian hoàn thành: Tháng 9/2026.
III. LỊCH
Thời gian | Việc | Ai làm | Ghi chú
Tháng 3/2026 | Đốt lò thử | Tổ lò, Hội Nghề gốm |
Tháng 4/2026 | Bán hàng tại chợ | Đoàn Thanh niên |
"""


def test_tasks_counted_by_a_word_and_rows_parted_by_bars(tmp_path):
    path = tmp_path / "gom.txt"
    path.write_text(COUNTED_BY_NAME, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    assert [
        (t["code"], t["text"], t["lead"], t["cooperating"], t["timing"]["due"])
        for t in plan.as_json()["tasks"]
    ] == [
        ("II.1", "Ghi lại nghề Quay phim 12 nghệ nhân.", ["Bảo tàng tỉnh"], [], "2026-03-31"),
        ("II.2", "Dạy nghề Mở hai lớp gốm.", ["Hội Nghề gốm"], ["Bảo tàng tỉnh"], "2026-09-30"),
        ("III.row1", "Đốt lò thử", ["Tổ lò", "Hội Nghề gốm"], [], "2026-03-31"),
        ("III.row2", "Bán hàng tại chợ", ["Đoàn Thanh niên"], [], "2026-04-30"),
    ]


BRACKETS = """\
KẾ HOẠCH
Chợ nổi Suối Mơ năm 2026
I. PHƯƠNG THỨC HỌP CHỢ
Ban Quản lý bến xếp ghe theo 02 hàng: hàng hoa; hàng trái cây.
II. NỘI DUNG
1. Việc ở các bến (Đội Bến bãi và tương đương thực hiện)
- Neo lại 20 bè trước ngày 12/5/2026.
- Hội Phụ nữ chủ trì kết hoa đầu ghe.
2. Việc trên sông (Hội Nghề cá chủ trì; xong trong tháng 7/2026)
a) Thả phao tiêu.
3. Đợt 3: Thu dọn (tháng 02/2027)
a) Đội Bến bãi vớt rác.
b) Hội Nghề cá kéo bè, xong trước ngày 06/02/2027.
III. TỔ CHỨC THỰC HIỆN
1. Các xã, bến đã được giao mặt nước
a) Rà soát phao tiêu.
b) Dọn lòng sông.
2. Phòng Kinh tế tổ chức thực hiện
a) Tập huấn cho chủ bè.
3. Chế độ họp
a) Chấm điểm từng bến.
IV. CÔNG VIỆC KHÁC
1. Tập chèo ghe (Hội Người cao tuổi)
a) Mở hai lớp chèo.
V. HÌNH THỨC HỌP CHỢ
1. Họp theo con nước.
2. Đội Bến bãi chủ trì, phối hợp với Hội Phụ nữ chia hàng ghe.
3. Đội Bến bãi kẻ vạch neo trước ngày 12/5/2026.
4. Đội Bến bãi đã kẻ vạch neo trước ngày 12/5/2025.
VI. PHƯƠNG THỨC THỰC HIỆN
1. Hội Nghề cá cử người gác phao.
"""

SPOKEN_OF = """\
UBND XÃ SUỐI MƠ
Số: 12/KH-UBND

Suối Mơ, ngày 01 tháng 02 năm 2026

KẾ HOẠCH
Giữ bến Suối Mơ năm 2026
II. CÁC NHIỆM VỤ
1. Chấm bến (tháng 10/2026 chấm lại)
a) Hội Nghề cá đếm phao.
2. Đếm ghe (tháng 12/2025)
a) Hội Nghề cá ghi sổ ghe.
b) Hội Nghề cá vá ghe trước ngày 12/5/2026.
3. Nhuộm lưới (quý III/2026; Đội Bến bãi chủ trì)
a) Nấu củ nâu.
4. Mua dây (trong tháng 4/2026, Hội Nghề cá)
a) Hội Nghề cá chọn dây.
5. Tặng áo phao cho các hội (Hội Người cao tuổi)
a) Đo cỡ áo.
6. Chọn bến hai. Đội Xe chở đá; Đội Xe dựng lán; các hộ ven sông được cấp dây.
III. TỔ CHỨC THỰC HIỆN
1. Hội Nghề cá
1.1. Kẻ vạch neo (Đội Bến bãi)
a) Pha sơn.
2. Các hộ chưa có áo phao
a) Mua áo phao.
"""


def test_brackets_and_headings_that_speak_of_something_say_neither_who_nor_when(tmp_path):
    path = tmp_path / "giu-ben.txt"
    path.write_text(SPOKEN_OF, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    assert [(t["code"], t["lead"], t["timing"]["due"]) for t in plan.as_json()["tasks"]] == [
        ("II.1.a", ["Hội Nghề cá"], None),
        ("II.2.a", ["Hội Nghề cá"], None),
        ("II.2.b", ["Hội Nghề cá"], "2026-05-11"),
        ("II.3.a", ["Đội Bến bãi"], "2026-09-30"),
        ("II.4.a", ["Hội Nghề cá"], "2026-04-30"),
        ("II.5.a", [], None),
        ("II.6", ["Đội Xe"], None),
        ("III.1.1.a", ["Hội Nghề cá"], None),
    ]
    warned = [each.message for each in plan.findings if each.severity == "warning"]
    over = "kỳ “tháng 12/2025” nêu ở tiêu đề đã hết trước ngày ban hành"
    assert f"II.2.a: {over}, không lấy làm hạn; cần xem lại" in warned
    passed = "“tháng 10/2026 chấm lại” nêu ở tiêu đề, không lấy làm hạn; cần xem lại"
    assert f"II.1.a: {passed}" in warned
    assert "không thấy ai phải làm, không đưa vào nhiệm vụ: “Mua áo phao.”" in warned
    assert sum(message.startswith("“Đội Xe” đứng ở chỗ của đơn vị") for message in warned) == 1
    told = [each.message for each in plan.findings if each.severity == "info"]
    assert "“các hộ” có nêu trong câu, không hiểu là bên thực hiện" in told


MORE_IN_BRACKETS = """\
UBND XÃ SUỐI MƠ
Số: 13/KH-UBND

Suối Mơ, ngày 01 tháng 02 năm 2026

KẾ HOẠCH
Dạy chèo ghe năm 2026
II. CÁC NHIỆM VỤ
1. Mở lớp (quý III/2026, 02 lớp)
a) Hội Nghề cá dạy chèo.
2. Tổng kết (tháng 12/2026; kinh phí 20 triệu đồng)
a) Hội Nghề cá khen thưởng.
3. Phổ biến luật (theo Kế hoạch số 5/KH-UBND ngày 01/3/2026)
a) Hội Nghề cá mời họp.
4. Báo cáo trước 15.6 và 15.12 hằng năm: Hội Nghề cá.
III. TỔ CHỨC THỰC HIỆN
1. Việc ở bến (tháng 01/2026)
a) Hội Phụ nữ kết hoa.
b) Hội Phụ nữ gửi báo cáo định kỳ về UBND xã.
c) Đội Xe chở hoa.
"""


def test_a_bracket_of_a_heading_may_say_more_than_its_period(tmp_path):
    path = tmp_path / "day-cheo.txt"
    path.write_text(MORE_IN_BRACKETS, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    due = {code: each.due and str(each.due) for code, each in plan.readings.items()}
    assert (due["II.1.a"], due["II.2.a"]) == ("2026-09-30", "2026-12-31")
    assert plan.readings["II.4"].days == ("06-15", "12-15")
    untimed = [each.line for each in plan.findings if each.message == "không nêu thời gian"]
    assert untimed == [14]


def test_a_heading_whose_period_is_over_is_asked_about_once_with_tasks_and_reports(tmp_path):
    path = tmp_path / "day-cheo.txt"
    path.write_text(MORE_IN_BRACKETS, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    assert [duty.code for duty in plan.document.reports] == ["III.1.b"]
    assert not plan.readings.keys() & {"III.1.a", "III.1.b", "III.1.c"}
    over = [each for each in plan.findings if "đã hết trước" in each.message]
    assert [(each.line, each.message.partition(":")[0]) for each in over] == [
        (18, "III.1.a, III.1.b, III.1.c")
    ]


def test_what_stands_in_brackets_of_a_heading_holds_for_all_below(tmp_path):
    path = tmp_path / "cho-noi.txt"
    path.write_text(BRACKETS, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    assert [(t["code"], t["lead"], t["timing"]["due"]) for t in plan.as_json()["tasks"]] == [
        ("II.1.1", ["Đội Bến bãi và tương đương"], "2026-05-11"),
        ("II.1.2", ["Hội Phụ nữ"], None),
        ("II.2.a", ["Hội Nghề cá"], "2026-07-31"),
        ("II.3.a", ["Đội Bến bãi"], "2027-02-28"),
        ("II.3.b", ["Hội Nghề cá"], "2027-02-05"),
        ("III.1.a", ["Các xã, bến đã được giao mặt nước"], None),
        ("III.1.b", ["Các xã, bến đã được giao mặt nước"], None),
        ("III.2.a", ["Phòng Kinh tế"], None),
        ("IV.1.a", ["Hội Người cao tuổi"], None),
        ("VI.1", ["Hội Nghề cá"], None),
    ]
    # A unit known by its place alone, and a duty without anybody, are to be looked at.
    warned = {each.line: each.message for each in plan.findings if each.severity == "warning"}
    assert {15, 18, 23} <= warned.keys()
    assert warned[21] == "không thấy ai phải làm, không đưa vào nhiệm vụ: “Chấm điểm từng bến.”"
    assert 26 not in warned
    assert warned[27].startswith("có đơn vị chủ trì, nhưng nằm trong phần không giao việc")
    assert warned[28].startswith("có đơn vị và thời hạn, nhưng nằm trong phần không giao việc")
    assert 29 not in warned
