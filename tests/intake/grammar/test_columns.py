"""What columns say, told by their headers and else by their cells."""

import pytest

from intake.documents.blocks import Row, Table
from intake.grammar.columns import Column, column_of, layout
from intake.grammar.tables import continued, task_rows
from intake.importing import import_document


def a_table(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(Row(cells, (n, n)) for n, cells in enumerate(rows, start=1)))


def test_a_column_of_dates_says_when_whatever_it_is_called():
    read = layout(
        a_table(
            ("TT", "Việc phải làm", "Đơn vị chủ trì", "Cột khác"),
            ("1", "Rà soát danh mục", "Phòng Tổ chức", "30/6/2026"),
            ("2", "Lập kế hoạch", "Văn phòng", "Quý III"),
        )
    )

    assert read is not None
    assert read.columns[3] is Column.TIMING


def test_a_column_of_people_says_who_whatever_it_is_called():
    read = layout(
        a_table(
            ("TT", "Họ và tên", "Nhiệm vụ", "Thời hạn"),
            ("1", "Ông Trưởng ban", "Chỉ đạo chung", "Thường xuyên"),
            ("2", "Bà Phó Trưởng ban", "Lập danh sách", "10/02/2026"),
        )
    )

    assert read is not None
    assert read.columns == (Column.LABEL, Column.PERFORMERS, Column.TASK, Column.TIMING)


def test_a_table_without_a_header_is_read_by_its_cells():
    read = layout(
        a_table(
            ("1", "Rà soát danh mục văn bản", "Phòng Tổ chức", "30/6/2026"),
            ("2", "Lập kế hoạch kiểm tra", "Văn phòng", "Quý III/2026"),
            ("3", "Tổ chức hội nghị", "Phòng Tổ chức", "Tháng 9/2026"),
            ("4", "Đánh giá kết quả", "Thanh tra Sở", "15/12/2026"),
        )
    )

    assert read is not None
    assert read.first == 0
    assert read.columns == (Column.LABEL, Column.TASK, Column.PERFORMERS, Column.TIMING)


def test_a_bare_number_below_the_word_month_is_a_month():
    read = layout(
        a_table(
            ("TT", "Nội dung", "Chủ trì", "Tháng hoàn thành"), ("1", "Rà soát", "Văn phòng", "2")
        )
    )

    assert read is not None
    assert read.period == "tháng"


def test_dashes_in_a_cell_are_tasks_and_each_has_its_own_time():
    table = a_table(
        ("Khoa", "Việc cụ thể", "Thời hạn"),
        (
            "Khoa Dược",
            "- Kiểm kho\nthuốc.\n- Phối hợp với Khoa Nhi phát thuốc.",
            "- 15/4/2026\n- Hằng quý",
        ),
        ("Khoa Nhi", "- Trực đêm.\n- Khám lưu động.", "Quý II/2026"),
        ("Khoa Sản", "- Mở lớp tiền sản.", "Tháng 5/2026"),
    )
    columns = layout(table)

    assert columns is not None
    assert columns.begins_with_who
    assert [(r.labels, r.text, r.performers, r.timing) for r in task_rows(table, columns)] == [
        (("row1", "1"), "Kiểm kho thuốc.", "Khoa Dược", "15/4/2026"),
        (("row1", "2"), "Phối hợp với Khoa Nhi phát thuốc.", "Khoa Dược", "Hằng quý"),
        (("row2", "1"), "Trực đêm.", "Khoa Nhi", "Quý II/2026"),
        (("row2", "2"), "Khám lưu động.", "Khoa Nhi", "Quý II/2026"),
        (("row3",), "Mở lớp tiền sản.", "Khoa Sản", "Tháng 5/2026"),
    ]


def test_one_column_may_hold_both_ends_of_the_time():
    assert column_of("Ngày bắt đầu, kết thúc") is Column.TIMING
    assert column_of("Bắt đầu") is Column.START


def test_beside_a_column_of_those_who_cooperate_a_column_of_bodies_leads():
    read = layout(
        a_table(
            ("Số", "Nội dung chính", "Bên lo chính", "Bên phối hợp", "Xong chậm nhất"),
            ("1", "Lập danh sách chợ tạm", "Phòng Thương mại", "UBND các xã", "31/3/2026"),
            ("2", "Lắp hệ thống chữa cháy", "Ban Quản lý chợ", "Công an tỉnh", "Cuối quý II"),
        )
    )

    assert read is not None
    assert read.columns[2:] == (Column.LEAD, Column.COOPERATING, Column.TIMING)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Cùng làm", Column.COOPERATING),
        ("Người giúp", Column.COOPERATING),
        ("Ai làm", Column.PERFORMERS),
        ("Khi nào xong", Column.TIMING),
        ("Xong trước", Column.TIMING),
    ],
)
def test_plain_words_in_a_header_are_understood(header, column):
    assert column_of(header) is column


def test_a_second_header_row_is_understood_below_the_first():
    read = layout(
        a_table(
            ("TT", "Nhiệm vụ", "Đơn vị", "Đơn vị", "Thời gian", "Thời gian"),
            ("TT", "Nhiệm vụ", "Chính", "Phối hợp", "Từ", "Đến"),
            ("1", "Kiểm đếm hồ chứa", "Chi cục Thủy lợi", "UBND các xã", "15/01", "15/02"),
        )
    )

    assert read is not None
    assert read.first == 2
    assert read.columns[2:] == (Column.LEAD, Column.COOPERATING, Column.START, Column.END)


AS_ABOVE = """\
KẾ HOẠCH
Giữ giống ngô nếp bản năm 2026
I. GIẢI PHÁP
Điểm yếu | Việc phải làm | Khoa/phòng | Cùng làm | Mốc
Kho ẩm | Lợp lại kho | Chủ trì: Phòng Giống | Bản Co Lìm, Bản Pom | 28/3/2026
Giống lẫn | Lọc giống ba vụ | - nt - | như trên | trước 2/9
Thiếu người | Dạy 12 người chọn hạt | Phòng Giống (chính), các TKN (phối hợp) | | Quý III
"""


def test_a_cell_may_refer_to_the_one_above_and_a_date_heads_no_column(tmp_path):
    path = tmp_path / "ngo.txt"
    path.write_text(AS_ABOVE, encoding="utf-8")

    plan, _ = import_document(path, otherwise=2026)

    assert [
        (t["text"], t["lead"], t["cooperating"], t["timing"]["due"])
        for t in plan.as_json()["tasks"]
    ] == [
        ("Lợp lại kho", ["Phòng Giống"], ["Bản Co Lìm", "Bản Pom"], "2026-03-28"),
        ("Lọc giống ba vụ", ["Phòng Giống"], ["Bản Co Lìm", "Bản Pom"], "2026-09-01"),
        ("Dạy 12 người chọn hạt", ["Phòng Giống"], ["các TKN"], "2026-09-30"),
    ]


def test_a_row_that_names_no_task_goes_on_below_the_header_of_the_next_page():
    header = ("STT", "Nội dung công việc", "Đơn vị thực hiện", "Thời hạn")
    whole = continued(
        [
            a_table(header, ("1", "Thử van", "Chủ trì: Đội Cơ điện", "30/6/2026")),
            a_table(
                header, ("", "", "Phối hợp: Đội Xe", ""), ("2", "Thay đèn", "Đội Xe", "Quý IV")
            ),
        ]
    )

    read = layout(whole[0])
    assert read is not None
    assert [row.performers for row in task_rows(whole[0], read)] == [
        "Chủ trì: Đội Cơ điện Phối hợp: Đội Xe",
        "Đội Xe",
    ]


def test_a_month_without_its_week_is_not_the_week_of_the_row_above():
    table = a_table(
        ("Tháng", "Tuần", "Nội dung", "Người phụ trách"),
        ("10/2026", "2", "Dự giờ", "Tổ trưởng"),
        ("12/2026", "", "Ôn tập", "Giáo viên"),
        ("", "", "Chấm bài", "Giáo viên"),
    )

    read = layout(table)
    assert read is not None
    assert [row.timing for row in task_rows(table, read)] == ["10/2026 2", "12/2026", "12/2026"]
