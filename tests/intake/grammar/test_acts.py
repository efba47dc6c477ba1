"""Where the name of a body ends and what it does begins."""

import pytest

from intake.grammar.shapes import names_then_act


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("các bệnh viện lấy mẫu xét nghiệm", "các bệnh viện"),
        ("Trưởng các khoa, phòng xây dựng đề án", "Trưởng các khoa, phòng"),
        ("Phòng Đào tạo tổ chức xét tốt nghiệp", "Phòng Đào tạo"),
        ("Đảng ủy UBND phường lãnh đạo, chỉ đạo rà soát", "Đảng ủy UBND phường"),
        ("lãnh đạo Sở chỉ đạo", "lãnh đạo Sở"),
        ("Thường trực HĐND tỉnh giám sát", "Thường trực HĐND tỉnh"),
        ("Cục Quản lý Khám, chữa bệnh hướng dẫn", "Cục Quản lý Khám, chữa bệnh"),
        ("các sở giáo dục và đào tạo xây dựng kế hoạch", "các sở giáo dục và đào tạo"),
        ("các công ty khai thác công trình kiểm tra", "các công ty khai thác công trình"),
        ("các đơn vị đóng trên địa bàn chuẩn bị", "các đơn vị đóng trên địa bàn"),
        ("các chủ đầu tư đẩy nhanh tiến độ", "các chủ đầu tư"),
        ("Ban Quản lý dự án đầu tư xây dựng lập hồ sơ", "Ban Quản lý dự án đầu tư xây dựng"),
        ("Phòng Hậu cần - Kỹ thuật cử người", "Phòng Hậu cần - Kỹ thuật"),
        ("Phòng Quản lý văn thư, lưu trữ chủ trì", "Phòng Quản lý văn thư, lưu trữ"),
        ("nhân viên bảo vệ quản lý người ra vào", "nhân viên bảo vệ"),
        ("Viện Khoa học Nông nghiệp đo đếm phát thải", "Viện Khoa học Nông nghiệp"),
        (
            "Vụ Vật liệu và Công trình xây dựng khẩn trương lập",
            "Vụ Vật liệu và Công trình xây dựng",
        ),
        ("Phòng Quản lý lữ hành thường xuyên kiểm tra đò", "Phòng Quản lý lữ hành"),
        ("Ban Chỉ đạo chuyển đổi số họp", "Ban Chỉ đạo chuyển đổi số"),
    ],
)
def test_a_name_ends_where_its_body_acts(text, name):
    assert names_then_act(text)[0].strip(" ,") == name
