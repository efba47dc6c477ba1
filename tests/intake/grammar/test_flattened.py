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


TWO_PAGES = """\
KẾ HOẠCH
Chuẩn bị mùa cây trồng mới
2. Nội dung và tiến độ
TT          Việc cần làm              Bắt đầu     Kết thúc     Chủ trì        Phối hợp
Đợt 1. Vườn ươm của các thôn
2.1   Chọn giống cây bản địa         02/3/2026    20/3/2026   Hạt KL       Phòng KT&HT,
      và đặt hạt                                                           các thôn
2.2   Đóng bầu, ươm cây tại vườn của                Thường    Tổ vườn      Hạt KL
      các hộ                                        xuyên     ươm
                                      2
TT          Việc cần làm              Bắt đầu     Kết thúc     Chủ trì        Phối hợp
Đợt 2. Ra quân trồng cây
2.3   Đào hố, bón lót theo mẫu thiết 06/4/2026    30/4/2026   Các thôn
      kế

      3. Tổ chức thực hiện
   3.1. Hạt KL theo dõi, đôn đốc các thôn thực hiện.
"""


def test_columns_hold_over_pages_groups_and_full_cells(tmp_path):
    path = tmp_path / "hai-trang.txt"
    path.write_text(TWO_PAGES, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    assert [
        (t["code"], t["text"], t["lead"], t["cooperating"], t["timing"]["due"])
        for t in plan.as_json()["tasks"]
    ] == [
        (
            "2.1",
            "Chọn giống cây bản địa và đặt hạt",
            ["Hạt KL"],
            ["Phòng KT&HT", "các thôn"],
            "2026-03-20",
        ),
        ("2.2", "Đóng bầu, ươm cây tại vườn của các hộ", ["Tổ vườn ươm"], ["Hạt KL"], None),
        ("2.3", "Đào hố, bón lót theo mẫu thiết kế", ["Các thôn"], [], "2026-04-30"),
        ("3.1", "Hạt KL theo dõi, đôn đốc các thôn thực hiện.", ["Hạt KL"], [], None),
    ]


HALFWAY = """\
KẾ HOẠCH
Giữ sạch bến sông
II. NỘI DUNG CÔNG VIỆC

                                            Đơn vị/người       Đơn vị
 STT           Hoạt động                                                      Thời hạn
                                             phụ trách        phối hợp
        Vớt bèo, dọn rác đoạn qua chợ      Đội Vệ sinh      Ban Quản lý     Trước 15/3/2026
  1
        nổi, ghi số chuyến                                  chợ
  2     Dạy bơi cho trẻ em                 Trường Bến Sậy   Các khu phố     Tháng 4/2026
        Phát thùng rác cho ghe thuyền      Đội Vệ sinh                      Hằng quý
  3
        neo đậu
III. TỔ CHỨC THỰC HIỆN
Đội Vệ sinh theo dõi, đôn đốc.
"""


def test_names_on_several_lines_and_numbers_halfway_down_their_rows(tmp_path):
    path = tmp_path / "ben-song.txt"
    path.write_text(HALFWAY, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    assert [
        (t["code"], t["text"], t["lead"], t["cooperating"], t["timing"]["due"])
        for t in plan.as_json()["tasks"]
    ][:3] == [
        (
            "II.1",
            "Vớt bèo, dọn rác đoạn qua chợ nổi, ghi số chuyến",
            ["Đội Vệ sinh"],
            ["Ban Quản lý chợ"],
            "2026-03-14",
        ),
        ("II.2", "Dạy bơi cho trẻ em", ["Trường Bến Sậy"], ["Các khu phố"], "2026-04-30"),
        ("II.3", "Phát thùng rác cho ghe thuyền neo đậu", ["Đội Vệ sinh"], [], None),
    ]
