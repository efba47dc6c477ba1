"""Which of the times a sentence names is when its duty is due."""

from datetime import date

import pytest

from intake.grammar.timings import Clock

CLOCK = Clock(2026, date(2026, 2, 1))


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Đội Cầu đường lập dự toán năm 2027", None),
        ("Đội Cầu đường dọn cống trước mùa lũ năm 2026", None),
        ("Đội Cầu đường trả mặt bằng trước Tết Nguyên đán 2026", None),
        ("Đội Cầu đường lát hè phố, xong năm 2026", "2026-12-31"),
        ("Đội Cầu đường vá ba cầu (năm 2026)", "2026-12-31"),
        ("Đội Cầu đường lập dự toán năm 2027, xong trước 08/12/2026", "2026-12-07"),
        ("Đội Cầu đường nộp số liệu trước ngày 08/6/2026 (6 tháng)", "2026-06-07"),
        ("Đội Cầu đường kể lại tình hình 6 tháng năm 2026", None),
        ("Đội Cầu đường vá xong ba cầu trong 6 tháng năm 2026", "2026-06-30"),
    ],
)
def test_a_year_alone_is_due_only_where_something_is_done_in_it(sentence, due):
    reading = CLOCK.inside(sentence)

    assert (None if reading is None or reading.due is None else str(reading.due)) == due


def test_a_clause_of_its_own_says_that_a_duty_never_ends():
    reading = CLOCK.inside("Đội Cầu đường tuần đường; thực hiện thường xuyên.")

    assert reading is not None
    assert reading.kind == "ongoing"


@pytest.mark.parametrize(
    ("phrase", "beside", "due"),
    [
        ("Tháng 5/2026", ["Thi vẽ, chấm xong trước ngày 22/5/2026"], "2026-05-21"),
        ("Tháng 5/2026", ["Thi vẽ tranh cát", "17/5"], "2026-05-17"),
        ("Tháng 5/2026", ["Thi vẽ nhân ngày 19/5"], "2026-05-31"),
        ("Tháng 5/2026", ["Thi vẽ; thưởng trước ngày 10/6/2026"], "2026-05-31"),
        ("Trước 30/5/2026", ["Thi vẽ ngày 12/5/2026"], "2026-05-29"),
        ("Trong 12 ngày đầu tháng 8/2026", [], "2026-08-12"),
        ("Vụ Xuân 2026", ["Gieo mạ", "Nghiệm thu trước 11/6/2026"], "2026-06-10"),
        ("Năm 2026 - 2027", ["Dạy nghề", "Khóa 1 xong trước 22/11/2026"], "2027-12-31"),
    ],
)
def test_a_day_beside_narrows_the_period_of_a_row(phrase, beside, due):
    assert str(CLOCK.narrowed(phrase, beside).due) == due


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Lát xong ba con dốc trước dịp kỷ niệm ngày thành lập bản 27/7/2026.", "2026-07-26"),
        ("Dọn lòng hồ trước lễ khánh thành đập 14/8/2026.", "2026-08-13"),
        ("Sơn cổng trước lễ khai giảng năm học mới ngày 05/9/2026.", "2026-09-04"),
        ("Vá đường trước ngày 10/5/2026 và mở chợ đêm ngày 20/5/2026.", "2026-05-20"),
        ("Dọn lòng hồ trước ngày khai mạc và báo cáo ngày 20/5/2026.", "2026-05-20"),
        ("Bầu xong trước ngày bắt đầu nhiệm kỳ 2026-2031.", None),
        ("Họp trước ngày khai mạc rồi ra quân ngày 20/5/2026.", "2026-05-20"),
        ("Họp trước ngày khai mạc sau đó ra quân ngày 20/5/2026.", "2026-05-20"),
        ("Họp trước ngày khai mạc để ra quân ngày 20/5/2026.", "2026-05-20"),
        ("Rà soát hồ sơ nhận trước ngày Luật Đất đai năm 2024 có hiệu lực.", None),
        ("Gửi dự thảo trước ngày họp Hội đồng thông qua Nghị quyết năm 2027.", None),
    ],
)
def test_before_a_feast_is_before_its_day(sentence, due):
    reading = CLOCK.inside(sentence)

    assert (None if reading is None or reading.due is None else str(reading.due)) == due


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        (
            "Thay 12 biển báo trước ngày 26/6/2026, theo kết quả khảo sát ngày 12/12/2025.",
            "2026-06-25",
        ),
        (
            "Trả mặt bằng trước ngày 21/4/2026 theo biên bản ngày 05/02/2026 hai bên ký.",
            "2026-04-20",
        ),
        ("Dựng rạp trước 06.3, tháo dỡ trước 28.8; gửi sổ ngày 05/5.", "2026-08-27"),
        ("Dựng rạp ngày 06/3/2026, tháo dỡ ngày 28/8/2026.", "2026-08-28"),
        ("Lập danh sách (hạn chót 23/3), niêm yết (27/4/2026).", "2026-04-27"),
        ("Công khai dự toán năm 2026 chậm nhất 12 ngày sau khi được giao.", None),
        ("Sửa đường gom theo đơn của dân ngày 07/01/2026.", None),
        ("Gửi số liệu 6 tháng đầu năm chậm nhất ngày 18/6/2026.", "2026-06-18"),
        ("Dán áp phích nhân dịp lễ hội cầu ngư ngày 21/4/2026.", None),
        ("Ủy ban nhân dân xã tổ chức ra quân ngày 20/5/2026.", "2026-05-20"),
        ("Công nhân vệ sinh quét dọn chợ ngày 20/5/2026.", "2026-05-20"),
        ("Khám sức khỏe cho công nhân ngày 20/5/2026.", "2026-05-20"),
        ("Thu mẫu nước giếng của cá nhân ngày 20/5/2026.", "2026-05-20"),
        ("Theo dõi việc trồng cây ngày 20/5/2026.", "2026-05-20"),
        ("Diễn tập theo cụm ngày 20/5/2026.", "2026-05-20"),
        ("Thay thế 12 bóng đèn hỏng ngày 20/5/2026.", "2026-05-20"),
        ("Đưa chỉ số hài lòng đến 10.5.", None),
        ("Sản lượng tăng từ 11.2 đến 12.3 tạ/ha.", None),
    ],
)
def test_the_day_of_a_paper_or_of_the_past_is_nobodys_deadline(sentence, due):
    reading = CLOCK.inside(sentence)

    assert (None if reading is None or reading.due is None else str(reading.due)) == due


def test_a_day_of_another_clause_is_not_of_the_months_before_it():
    reading = CLOCK.inside("Phòng A kiểm tra kho hằng tháng. Riêng bảng lương nộp trước ngày 20.")

    assert reading is None or reading.days == ()


def test_a_day_of_the_month_belongs_to_the_months_said_before_it():
    reading = CLOCK.inside("Hằng tháng (từ tháng 4 đến tháng 6), các bến gửi sổ trước ngày 18.")

    assert reading is not None
    assert reading.days == ("04-18", "05-18", "06-18")


@pytest.mark.parametrize(
    ("phrase", "due"),
    [
        ("Tháng 10", "2025-10-31"),
        ("Tháng 4", "2026-04-30"),
        ("Từ tháng 9 đến tháng 5", "2026-05-31"),
        ("Trước ngày 21/3", "2026-03-20"),
        ("Tháng 4/2025", "2025-04-30"),
    ],
)
def test_months_of_a_school_year_are_of_its_autumn_or_spring(phrase, due):
    school = Clock(2026, date(2025, 9, 5), school_year=2025)

    assert str(school.read(phrase).due) == due


@pytest.mark.parametrize(
    ("phrase", "due", "days"),
    [
        ("Trồng cây trong tháng 10 và tháng 4", "2026-04-30", "2025-10-31 2026-04-30"),
        ("Tháng 12, 1, 2", "2026-02-28", "2025-12-31 2026-01-31 2026-02-28"),
        ("Trước ngày 21/10 và 21/3", "2026-03-20", "2025-10-20 2026-03-20"),
        ("Tháng 10 và tháng 11", "2025-11-30", ""),
        ("Tháng 3, tháng 4", "2026-04-30", ""),
        ("Tháng 10/2025 và tháng 4/2026", "2026-04-30", "2025-10-31 2026-04-30"),
        (
            "Từ tháng 10 đến tháng 4, báo cáo trước ngày 15/5",
            "2026-05-14",
            "2026-04-30 2026-05-14",
        ),
    ],
)
def test_months_on_both_sides_of_the_new_year_are_each_of_their_own_year(phrase, due, days):
    school = Clock(2026, date(2025, 9, 5), school_year=2025)

    reading = school.read(phrase)

    assert str(reading.due) == due
    assert " ".join(str(each.due) for each in reading.occasions) == days


def test_days_of_every_year_are_of_no_school_year():
    school = Clock(2026, date(2025, 9, 5), school_year=2025)

    assert school.read("Trước ngày 21/10 và 21/3 hằng năm").days == ("10-21", "03-21")
