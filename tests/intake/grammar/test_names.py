"""Names of bodies are told by where they stand and by what else the document calls them."""

import pytest

from intake.grammar.names import known_names
from intake.grammar.performers import (
    bracketed_performers,
    cooperating_in,
    heading_performers,
    performers,
)
from intake.grammar.shapes import before_act, names_then_act
from intake.grammar.units import starts_unit, subject


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # Its own abbreviation closes a name, whatever its words mean elsewhere.
        (
            "Chi cục Kiểm tra sau thông quan (KTSTQ) rà soát hồ sơ",
            "Chi cục Kiểm tra sau thông quan (KTSTQ)",
        ),
        ("Đội Chữa cháy khu vực 3 (PC07) trực", "Đội Chữa cháy khu vực 3 (PC07)"),
        # So does what is said of a body after its name.
        ("Cơ quan Thường trực tiếp nhận tin báo chủ trì", "Cơ quan Thường trực tiếp nhận tin báo"),
        ("Tổ Kiểm soát cải tạo lưới có trách nhiệm đo đếm", "Tổ Kiểm soát cải tạo lưới"),
        # An act without an object is the end of a name.
        ("Đội Quản lý chợ đêm thu phí tổ chức kiểm tra", "Đội Quản lý chợ đêm thu phí"),
    ],
)
def test_a_name_reaches_as_far_as_the_sentence_shows(text, name):
    assert before_act(text)[0].strip() == name


def test_names_that_a_document_uses_elsewhere_are_known_everywhere():
    text = "Các Đội Kiểm lâm cơ động, bảo vệ rừng và cứu hộ, phục hồi thú tuần tra"
    assert before_act(text)[0] == "Các Đội Kiểm lâm cơ động, "

    with known_names(["Trạm Kiểm lâm cơ động, bảo vệ rừng và cứu hộ, phục hồi thú"]):
        name = before_act(text)[0]

    assert name == "Các Đội Kiểm lâm cơ động, bảo vệ rừng và cứu hộ, phục hồi thú "


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("UBND xã Đông Sơn lấn dòng, nắn bờ", "UBND xã Đông Sơn"),
        ("Sở Y tế nắn chỉnh danh mục", "Sở Y tế"),
        ("Đài Truyền hình Vĩnh Thịnh tường thuật buổi lễ", "Đài Truyền hình Vĩnh Thịnh"),
        ("các cơ quan, đơn vị liên quan chấn chỉnh nền nếp", "các cơ quan, đơn vị liên quan"),
        ("UBND các xã, phường nơi đặt trạm rà soát", "UBND các xã, phường nơi đặt trạm"),
    ],
)
def test_where_the_act_is_unknown_the_letters_of_a_name_tell(text, name):
    assert names_then_act(text)[0].strip() == name


def test_acts_that_are_listed_are_no_body():
    assert not starts_unit("Thanh tra, kiểm tra ít nhất 12 cơ sở")
    assert starts_unit("Thanh tra tỉnh")
    assert starts_unit("UBND CÁC XÃ, PHƯỜNG")


@pytest.mark.parametrize(
    "text",
    [
        "Trên cơ sở kết quả tại điểm 1.2, Phòng Vật tư chủ trì, cùng Phòng Kỹ thuật kiểm kê kho",
        "Đối với các kho ngoài, đề nghị Phòng Vật tư phối hợp với Phòng Kỹ thuật kiểm kê kho",
    ],
)
def test_what_opens_a_sentence_does_not_hide_who_acts(text):
    named = subject(text)

    assert named is not None
    assert named.units == ("Phòng Vật tư",)
    assert cooperating_in(named.rest) == ("Phòng Kỹ thuật",)


@pytest.mark.parametrize(
    ("text", "lead", "cooperating"),
    [
        ("Trồng cây (Hạt Kiểm lâm thực hiện; thường xuyên).", ("Hạt Kiểm lâm",), ()),
        (
            "Mở lớp (đề nghị Đảng ủy xã chỉ đạo Trạm Y tế chủ trì, cùng Đoàn Thanh niên; quý III).",
            ("Trạm Y tế",),
            ("Đoàn Thanh niên",),
        ),
        (
            "Mở lớp (Trạm Y tế và Hội Phụ nữ đồng chủ trì; các thôn, khu phố phối hợp; tháng 5).",
            ("Trạm Y tế", "Hội Phụ nữ"),
            ("các thôn, khu phố",),
        ),
        ("Viết sử (Ban Biên soạn theo dõi, đôn đốc; quý II).", ("Ban Biên soạn",), ()),
    ],
)
def test_brackets_say_who_beside_when(text, lead, cooperating):
    said = bracketed_performers(text)

    assert (said.lead, said.cooperating) == (lead, cooperating)


@pytest.mark.parametrize(
    ("heading", "lead", "cooperating"),
    [
        ("Ban Nữ công chủ trì, phối hợp với Trạm Y tế:", ("Ban Nữ công",), ("Trạm Y tế",)),
        (
            "Văn phòng Công đoàn chủ trì; các ban, Trạm Y tế phối hợp thực hiện nội dung sau:",
            ("Văn phòng Công đoàn",),
            ("các ban", "Trạm Y tế"),
        ),
        ("Tiểu ban Hậu cần (Trưởng Tiểu ban: Phó Giám đốc)", ("Tiểu ban Hậu cần",), ()),
        ("Đội Xe máy (TX03)", ("Đội Xe máy (TX03)",), ()),
    ],
)
def test_a_heading_says_who(heading, lead, cooperating):
    said = heading_performers(heading)

    assert (said.lead, said.cooperating) == (lead, cooperating)


def test_before_phoi_hop_any_raised_word_is_a_name():
    said = performers("BKh chủ trì, BTTh phối hợp")

    assert (said.lead, said.cooperating) == (("BKh",), ("BTTh",))


def test_a_letter_with_a_mark_is_raised_as_any_other():
    sentence = "Trạm Y tế chủ trì, cùng Ủy ban nhân dân phường khám sức khỏe"

    assert cooperating_in(sentence) == ("Ủy ban nhân dân phường",)
