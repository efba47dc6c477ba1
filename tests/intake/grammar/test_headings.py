"""What a heading says holds for what is below it, and for nothing else."""

from intake.importing import import_document

DOCUMENT = """\
KẾ HOẠCH
Tổ chức Ngày hội Ném còn năm 2026
I. THỜI GIAN, ĐỊA ĐIỂM
1. Thời gian: từ ngày 12/9/2026 đến ngày 14/9/2026.
2. Địa điểm: sân vận động xã.
II. CÁC CHƯƠNG TRÌNH CHÍNH
- Lễ khai mạc: 19 giờ 30 ngày 12/9/2026.
- Không gian ẩm thực bên suối.
III. PHÂN CÔNG NHIỆM VỤ
1. Tiểu ban Hậu cần (các việc hoàn thành trước ngày 01/9/2026)
a) Dựng trại, mắc điện.
b) Mua giải thưởng xong trước ngày 20/8/2026.
2. Các ban, ngành, thôn
- Công an xã chủ trì, phối hợp với Ban Chỉ huy Quân sự xã giữ trật tự.
- Hội Nông dân gian hàng nông sản; xong chậm nhất 03 ngày trước lễ khai mạc.
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
        ("III.2.2", ["Hội Nông dân"], [], "2026-09-09"),
        ("VII", ["TRƯỜNG TRUNG HỌC CƠ SỞ", "TRẠM Y TẾ"], [], "2026-09-30"),
    ]
    named = [finding.message for finding in plan.findings]
    assert "chỉ có tên gọi, không có việc: “Không gian ẩm thực bên suối.”" in named
