"""What columns say, told by their headers and else by their cells."""

from intake.documents.blocks import Row, Table
from intake.grammar.columns import Column, layout


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
