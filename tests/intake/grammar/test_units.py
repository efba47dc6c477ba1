"""Who is meant: lists of units taken apart, and names told from acts."""

import pytest

from intake.grammar.performers import cooperating_in, performers
from intake.grammar.units import (
    heading_units,
    is_unit,
    split_units,
    subject,
)


@pytest.mark.parametrize(
    ("phrase", "units"),
    [
        ("Sở Văn hóa, Thể thao và Du lịch", ["Sở Văn hóa, Thể thao và Du lịch"]),
        ("các bộ, ngành và địa phương", ["các bộ, ngành và địa phương"]),
        ("UBND các xã, phường, đặc khu", ["UBND các xã, phường, đặc khu"]),
        ("Văn phòng Sở; các cơ sở giáo dục.", ["Văn phòng Sở", "các cơ sở giáo dục"]),
        (
            "Bộ Lao động - Thương binh và Xã hội, Bộ Công an và các địa phương",
            ["Bộ Lao động - Thương binh và Xã hội", "Bộ Công an", "các địa phương"],
        ),
        ("Làng Sen, Bản Pom và Kho Vật tư", ["Làng Sen", "Bản Pom", "Kho Vật tư"]),
        ("VTV, VOV, TTXVN", ["VTV", "VOV", "TTXVN"]),
        ("Phòng Kỹ thuật\nPhòng Hành chính", ["Phòng Kỹ thuật", "Phòng Hành chính"]),
        ("Sở Giáo dục và\nĐào tạo", ["Sở Giáo dục và Đào tạo"]),
        ("Ban Neo đậu\n- Luồng lạch", ["Ban Neo đậu - Luồng lạch"]),
        ("Phòng Tài chính\n- Kế toán", ["Phòng Tài chính - Kế toán"]),
        ("Ban Neo đậu\n- Tổ Luồng lạch\n- các bến", ["Ban Neo đậu", "Tổ Luồng lạch", "các bến"]),
        ("- Ban Neo đậu\n- Luồng lạch", ["Ban Neo đậu", "Luồng lạch"]),
        ("Hiệu trưởng\n- Thủ quỹ\n- Kế toán", ["Hiệu trưởng", "Thủ quỹ", "Kế toán"]),
        ("Phòng Neo đậu\n- Thủ quỹ\n- Gác bến", ["Phòng Neo đậu", "Thủ quỹ", "Gác bến"]),
        ("Công an xã\n- Tư pháp", ["Công an xã", "Tư pháp"]),
        ("Ban Bến xã Suối Mơ\n- Tư pháp", ["Ban Bến xã Suối Mơ", "Tư pháp"]),
        ("BGH\n- GV", ["BGH", "GV"]),
        ("UBND xã\n+ Thủ quỹ", ["UBND xã", "Thủ quỹ"]),
        ("Văn phòng HĐND và UBND xã", ["Văn phòng HĐND và UBND xã"]),
        ("Đ/c Hà, đ/c Lan", ["Đ/c Hà", "đ/c Lan"]),
        ("UBND xã (đầu mối, tổng hợp); trường học", ["UBND xã (đầu mối, tổng hợp)", "trường học"]),
        ("-", []),
    ],
)
def test_a_list_of_units_comes_apart_where_a_unit_begins(phrase, units):
    assert list(split_units(phrase)) == units


@pytest.mark.parametrize(
    ("line", "lead", "cooperating"),
    [
        ("HCTH chủ trì, các đơn vị phối hợp", ["HCTH"], ["các đơn vị"]),
        ("Phòng A (chủ trì), Phòng B, Tổ C", ["Phòng A"], ["Phòng B", "Tổ C"]),
        ("Chủ trì: Sở A; phối hợp: Sở B, Sở C", ["Sở A"], ["Sở B", "Sở C"]),
        ("Sở A chủ trì, phối hợp với Sở B và các địa phương", ["Sở A"], ["Sở B", "các địa phương"]),
        ("Ban Neo đậu\n- Luồng lạch\nTổ Bè phối hợp", ["Ban Neo đậu - Luồng lạch"], ["Tổ Bè"]),
        ("Phòng Tin học, phối hợp với Phòng Nghiệp vụ", ["Phòng Tin học"], ["Phòng Nghiệp vụ"]),
        ("Văn phòng Sở, các phòng thuộc Sở", ["Văn phòng Sở", "các phòng thuộc Sở"], []),
    ],
)
def test_a_performer_line_says_who_leads(line, lead, cooperating):
    said = performers(line)

    assert (list(said.lead), list(said.cooperating)) == (lead, cooperating)


@pytest.mark.parametrize(
    ("sentence", "units"),
    [
        (
            "Chủ trì, phối hợp với Vụ Tổ chức cán bộ và các đơn vị liên quan tham mưu thành lập",
            ["Vụ Tổ chức cán bộ", "các đơn vị liên quan"],
        ),
        ("Phối hợp với Ban Thực hiện chính sách xây dựng tài liệu", ["Ban Thực hiện chính sách"]),
        ("Phối hợp với Hải đội cùng cấp kéo bè", ["Hải đội cùng cấp"]),
        (
            "Phối hợp với các đơn vị giao quân và Hội Phụ nữ thâm nhập từng xóm bè",
            ["các đơn vị giao quân", "Hội Phụ nữ"],
        ),
        ("Phối hợp xây dựng nội dung", []),
        ("do Bộ A chủ trì soạn thảo hoặc phối hợp soạn thảo", []),
    ],
)
def test_a_sentence_says_with_whom(sentence, units):
    assert list(cooperating_in(sentence)) == units


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Văn phòng UBND tỉnh", True),
        ("Trung tâm Kiểm soát thanh toán BHXH, BHYT điện tử", True),
        ("Ban Quản lý dự án đầu tư xây dựng", True),
        ("Các bệnh viện công lập", True),
        ("Trung tâm Giáo dục thường xuyên Suối Mơ", True),
        ("Các trường nghề, trung tâm giáo dục thường xuyên", True),
        ("Các trung tâm thường xuyên dọn kho", False),
        ("Tổ chức thực hiện", False),
        ("Tổ chức tuyên truyền sâu rộng", False),
        ("Hội nghị tổ chức trong một ngày", False),
        ("Cơ sở dữ liệu quốc gia", False),
        ("Báo cáo kết quả thực hiện", False),
        ("Phòng, chống dịch bệnh", False),
        ("Xã hội hóa nguồn lực", False),
    ],
)
def test_a_name_is_told_from_an_act(text, named):
    assert is_unit(text) is named


def test_a_heading_that_gives_duties_names_its_units():
    text = (
        "Thủ trưởng các đơn vị thuộc Bộ, Cục trưởng Cục A, trong phạm vi chức năng, nhiệm vụ của "
        "mình có trách nhiệm sau đây:"
    )

    assert heading_units(text) == ("Thủ trưởng các đơn vị thuộc Bộ", "Cục trưởng Cục A")


def test_a_sentence_begins_with_who_acts():
    said = subject("Giao Phòng Giáo dục Trung học tổng hợp tham mưu Lãnh đạo Sở")

    assert said is not None
    assert said.units == ("Phòng Giáo dục Trung học",)
    assert said.rest.startswith("tổng hợp")


@pytest.mark.parametrize(
    ("sentence", "units"),
    [
        ("Đội Văn nghệ phụ trách dựng sân khấu nổi", ["Đội Văn nghệ"]),
        ("UBND xã phụ trách đón các đoàn ghe", ["UBND xã"]),
        ("Phó Trưởng bến phụ trách kỹ thuật kiểm tra phao", ["Phó Trưởng bến phụ trách kỹ thuật"]),
        ("Các tổ phụ trách luồng lạch cắm phao", ["Các tổ phụ trách luồng lạch"]),
        ("Tổng phụ trách Đội rà soát trống kèn", ["Tổng phụ trách Đội"]),
        ("Đảng viên nhận chăm một gốc bần", ["Đảng viên"]),
        ("Toàn thể đảng viên nhận chăm một gốc bần", ["Toàn thể đảng viên"]),
        ("Giảng viên các khoa chấm bài vẽ", ["Giảng viên các khoa"]),
    ],
)
def test_a_person_is_called_by_a_charge_and_a_body_is_given_one(sentence, units):
    said = subject(sentence)

    assert said is not None
    assert list(said.units) == units


@pytest.mark.parametrize(
    "text",
    [
        "Bản đồ ngập lụt",
        "Bản làng sạch đẹp",
        "Kho lưu trữ số",
        "Khối lượng đào đắp",
        "Làng nghề đan cói",
        "Thư ký ghi biên bản",
    ],
)
def test_a_noun_that_means_much_else_is_a_body_only_by_its_name(text):
    assert not is_unit(text)
