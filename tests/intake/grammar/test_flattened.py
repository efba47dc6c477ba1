"""Tables whose rules were lost in a copy or an extraction are read as tables."""

import pytest

from intake.importing import import_document

STACKED = """\
KẾ HOẠCH
Tổ chức ngày hội đọc sách
II. PHÂN CÔNG NHIỆM VỤ
STT
Nội dung công việc
Đơn vị chủ trì
Đơn vị phối hợp
Thời gian
hoàn thành
1
Lập danh mục sách
và in tờ rơi
Thư viện tỉnh
Văn phòng Sở
10/4/2026
2
Mở trang thông tin của ngày hội
Phòng Quản lý văn hóa
Thường xuyên
III. TỔ CHỨC THỰC HIỆN
1. Thư viện tỉnh theo dõi, đôn đốc các đơn vị thực hiện.
"""
SIDE_BY_SIDE = """\
KẾ HOẠCH
Tổ chức ngày hội đọc sách
II. PHÂN CÔNG NHIỆM VỤ
STT   Nội dung công việc             Đơn vị chủ trì        Đơn vị phối hợp   Thời gian
                                                                             hoàn thành
I. Chuẩn bị cho ngày hội và các hoạt động bên lề của tỉnh
1     Lập danh mục sách và in tờ     Thư viện tỉnh         Văn phòng Sở      10/4/2026
      rơi
2     Mở trang thông tin             Phòng Quản lý                           Thường xuyên
                                     văn hóa
III. TỔ CHỨC THỰC HIỆN
1. Thư viện tỉnh theo dõi, đôn đốc các đơn vị thực hiện.
"""


@pytest.mark.parametrize(
    ("text", "group"), [(STACKED, "II"), (SIDE_BY_SIDE, "II.I")], ids=["stacked", "side by side"]
)
def test_a_table_without_rules_is_a_table(text, group, tmp_path):
    path = tmp_path / "mat-khung.txt"
    path.write_text(text, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    told = [
        (t["code"], t["lead"], t["cooperating"], t["timing"]["due"])
        for t in plan.as_json()["tasks"]
    ]
    assert told == [
        (f"{group}.1", ["Thư viện tỉnh"], ["Văn phòng Sở"], "2026-04-10"),
        (f"{group}.2", ["Phòng Quản lý văn hóa"], [], None),
        ("III.1", ["Thư viện tỉnh"], [], None),
    ]


def test_a_word_that_only_looks_like_a_header_begins_no_table(tmp_path):
    path = tmp_path / "khong-bang.txt"
    path.write_text("KẾ HOẠCH\nThử\nI. NHIỆM VỤ\nTT\n1. Sở A rà soát.\n", encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    assert [task.code for task in plan.document.tasks] == ["I.1"]
