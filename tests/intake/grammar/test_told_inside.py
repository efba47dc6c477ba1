"""Who acts, where a sentence speaks of something else first."""

import pytest

from intake.grammar.performers import (
    agent_performers,
    charged_inside,
    others_told,
    performers,
    sentence_performers,
    spoken_of,
    told_later,
)


@pytest.mark.parametrize(
    ("text", "lead", "cooperating"),
    [
        ("Việc rà soát do Sở A chủ trì, phối hợp với Sở B thực hiện.", "Sở A", "Sở B"),
        ("Hội thi mở vào tháng 10, do Sở A chủ trì, Sở B phối hợp.", "Sở A", "Sở B"),
        ("Thành lập Tổ rà soát do Vụ Pháp chế làm thường trực.", "Vụ Pháp chế", ""),
        ("Lịch trực lễ giao Phòng Văn hóa làm đầu mối.", "Phòng Văn hóa", ""),
        ("Cũng trong dịp này, giao Phòng Văn hóa sửa ba sân chơi.", "Phòng Văn hóa", ""),
    ],
)
def test_who_is_charged_may_stand_after_what_is_to_be_done(text, lead, cooperating):
    said = charged_inside(text)

    assert (" | ".join(said.lead), " | ".join(said.cooperating)) == (lead, cooperating)


@pytest.mark.parametrize(
    "text",
    [
        "Tham gia hội thi do Sở A chủ trì.",
        "Rà soát các kiến nghị theo yêu cầu Sở A đã gửi.",
        "Nội dung này được giao Sở A theo dõi từ năm trước.",
    ],
)
def test_nobody_is_charged_by_a_mere_mention(text):
    assert charged_inside(text).lead == ()


def test_by_whom_a_thing_is_done_is_who_does_it():
    assert agent_performers("Cổng du lịch do Văn phòng Sở vận hành.").lead == ("Văn phòng Sở",)
    assert agent_performers("Khắc phục sự cố do Công ty A gây ra.").lead == ()


@pytest.mark.parametrize(
    "text",
    [
        "Tình trạng ô nhiễm do các cơ sở chăn nuôi xả thải cần xử lý.",
        "Thiệt hại do Công ty A gây ra phải bồi thường.",
        "Hồ sơ do các hộ tự kê khai được lưu tại xã.",
    ],
)
def test_by_whom_a_harm_came_about_is_nobody_to_act(text):
    assert agent_performers(text).lead == ()


@pytest.mark.parametrize(
    "text",
    [
        "Vận động hội viên trồng rau; các hộ nghèo được hỗ trợ giống.",
        "Dựng lán tạm; các hộ dân được di dời.",
        "Gạo để ở kho; các hộ thuộc diện nghèo được cấp trước.",
        "Dựng lán tạm; các hộ bị ngập dọn đến ở.",
        "Trồng 200 cây. Ban đêm tắt đèn đường.",
        "Tiêm đủ hai mũi. Phòng bệnh cho đàn lợn.",
        "Dựng lán tạm; các hộ dân sẽ được di dời.",
        "Dựng lán tạm; các hộ ven sông được cấp dây.",
    ],
)
def test_who_receives_something_is_not_told_to_act(text):
    assert told_later(text).lead == ()
    assert others_told(text) == ()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Chọn phương án hai; Đội Xe được huy động trực đập.", ("Đội Xe",)),
        ("Chọn phương án hai; Đội Xe đã được giao gác đập.", ("Đội Xe",)),
        ("Chọn phương án hai; Phòng Thiết bị chuẩn bị đèn.", ("Phòng Thiết bị",)),
        ("Chọn phương án hai; Hội Nghề cá kè chân cầu bị lở.", ("Hội Nghề cá",)),
    ],
)
def test_who_is_called_up_or_mends_what_has_suffered_is_told_to_act(text, who):
    assert others_told(text) == who


def test_who_is_spoken_of_but_not_told_is_known():
    text = "Dựng lán tạm; các hộ ven hồ bị ngập dọn đến ở; Đội Xe chở đá. Ban đêm tắt đèn."

    assert spoken_of(text) == ("các hộ ven hồ bị ngập",)


def test_who_is_told_to_mend_what_is_broken_acts():
    assert told_later("Chọn phương án hai. Đội Cầu đường sửa dầm bị gãy.").lead == (
        "Đội Cầu đường",
    )


def test_who_is_told_a_part_after_a_semicolon_takes_part():
    text = "Phòng A lắp biển; Phòng B bố trí kinh phí; Phòng C cùng tham gia; xong trong quý II."

    assert others_told(text) == ("Phòng B", "Phòng C")


def test_a_cell_may_name_who_helps_without_saying_who_leads():
    said = performers("Tổ Khảo sát; Phòng Công tác xã hội phối hợp")

    assert (said.lead, said.cooperating) == (("Tổ Khảo sát",), ("Phòng Công tác xã hội",))


def test_who_takes_part_may_be_said_between_commas():
    said = sentence_performers("Phòng A, với sự tham gia của Sở B, xây dựng bảng kiểm.")

    assert (said.lead, said.cooperating) == (("Phòng A",), ("Sở B",))


def test_what_comes_about_through_somebody_is_no_name():
    assert sentence_performers("Vụ việc do Sở A phản ánh được ghi vào sổ.").lead == ()


def test_a_name_in_brackets_goes_on_to_the_bracket():
    text = "Tổ Văn phòng mua sắm (phối hợp với Ban đại diện cha mẹ học sinh) trong tháng 10."

    assert sentence_performers(text).cooperating == ("Ban đại diện cha mẹ học sinh",)


def test_who_is_in_charge_may_stand_before_who_helps():
    said = sentence_performers("Tổ Thể chất phụ trách, Đội Thiếu niên hỗ trợ.")

    assert (said.lead, said.cooperating) == (("Tổ Thể chất",), ("Đội Thiếu niên",))
