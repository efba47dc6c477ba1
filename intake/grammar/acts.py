"""The words of acting, and when they are part of a body's name instead."""

import re
from collections.abc import Iterator, Sequence

from intake.grammar.letters import LOWER, UPPER
from intake.grammar.names import PLACES, named_spans, spans_before_roles


def _any(words: str) -> str:
    return "|".join(part.strip() for part in words.split("|"))


def _longest_first(words: str) -> str:
    """So that "lưu trữ" is not read as "lưu"; bars inside brackets do not part words."""
    parts = re.split(r"\s+\|\s+", words.strip())
    return "|".join(sorted(parts, key=len, reverse=True))


# Where one of these stands, the name of who acts has ended.
_ACTS = _longest_first(
    r"""
    ban bố | ban hành | biên soạn | biên tập | biểu diễn | biểu dương | biệt phái | bàn giao |
    bám sát | bán | báo cáo | bãi bỏ | bình chọn | bình xét | bảo hành | bảo lãnh | bảo mật |
    bảo quản | bảo trì | bảo tồn | bảo vệ | bảo đảm | bầu | bế giảng | bố trí | bồi dưỡng |
    bồi thường | bổ nhiệm | bổ sung | cam kết | can thiệp | canh gác | chi trả | chia sẻ |
    chiếu sáng | cho phép | cho thuê | cho ý kiến | chuyển | chuyển giao | chuyển đổi |
    chuẩn bị | chuẩn hóa | chào mừng | chăm sóc | chưa | chấm | chấm công | chấm dứt |
    chấp thuận | chẩn đoán | chỉ đạo | chỉnh trang | chịu | chịu trách nhiệm | chọn | chọn lọc |
    chụp | chủ trì | chủ động | chứng thực | chữa | coi thi | cung cấp | cài đặt | cách chức |
    cân đối | có nhiệm vụ | có trách nhiệm | công bố | công chứng | công khai | công nhận |
    căn cứ | cơ bản | cưỡng chế | cải thiện | cải tạo | cảnh báo | cấp cứu | cấp phát |
    cấp phép | cần | cập nhật | cắm mốc | cắt giảm | cổ phần hóa | cổ vũ | cụ thể hóa | củng cố |
    cử | di dời | diễn tập | duy trì | duyệt | dàn dựng | dán | dò tìm | dạy | dập dịch | dọn |
    dừng | dự báo | dự thảo | ghi hình | ghi nhận | gia cố | gia hạn | giao ban | giao lưu |
    giám sát | giám định | giúp | giải ngân | giải quyết | giải thể | giải trình | giải đáp |
    giảm | giảng dạy | giết mổ | giới thiệu | giữ gìn | giữ vững | gìn giữ | góp ý | gương mẫu |
    gắn | gặp gỡ | gỡ | gửi | gửi báo cáo | hiến máu | hiện đại hóa | hiệu chỉnh | hoàn thiện |
    hoàn thành | hoàn trả | hoãn | huy động | huấn luyện | hàng ngày | hàng năm | hàng quý |
    hàng tháng | hàng tuần | hòa giải | hướng dẫn | hưởng ứng | hạn chế | hằng ngày | hằng năm |
    hằng quý | hằng tháng | hằng tuần | học tập | họp | hỗ trợ | hợp nhất | hợp tác | in |
    in ấn | khai giảng | khai thác | khen thưởng | khi | khoanh vùng | khuyến khích | khám |
    khám nghiệm | khích lệ | khôi phục | không | khơi dậy | khảo sát | khấu trừ | khẩn trương |
    khắc phục | khẳng định | khởi công | khởi tố | khử khuẩn | kiên quyết | kiến nghị |
    kiểm dịch | kiểm kê | kiểm soát | kiểm tra | kiểm điểm | kiểm đếm | kiểm định | kiện toàn |
    kéo giảm | kê khai | kêu gọi | ký | ký kết | kết hợp | kết nạp | kết nối | kịp thời |
    lan tỏa | linh hoạt | liên hệ | liên kết | luyện tập | luân chuyển | luôn | là | làm | lưu |
    lưu giữ | lưu trữ | lấy | lấy ý kiến | lắng nghe | lắp | lắp đặt | lồng ghép | lựa chọn |
    miễn | miễn nhiệm | mua | mua sắm | mời | mở | mở rộng | nghiêm cấm | nghiêm túc |
    nghiên cứu | nghiệm thu | ngăn chặn | nhanh chóng | nhân giống | nhân rộng | nhất trí |
    nhận | nhắc nhở | nhắn tin | nhằm | niêm phong | niêm yết | nâng | nâng cao | nâng cấp |
    nêu cao | nạo vét | nắm | nắm bắt | nộp | phun | phá dỡ | phát hiện | phát huy | phát hành |
    phát sóng | phát triển | phát động | phân bổ | phân công | phân cấp | phân loại |
    phân luồng | phân phối | phân quyền | phân tích | phân định | phê bình | phê duyệt |
    phòng chống | phòng ngừa | phòng, chống | phúc khảo | phúc tra | phải | phản biện |
    phản ánh | phấn đấu | phỏng vấn | phối hợp | phổ biến | phổ cập | phục dựng | phục hồi |
    phục vụ | quan trắc | quan tâm | quay | quy hoạch | quy định | quyên góp | quyết liệt |
    quyết toán | quyết định | quán triệt | quản lý | quảng bá | ra quân | ra đề | rà | rà soát |
    rèn luyện | rút | rút ngắn | sao lưu | siết chặt | so sánh | soạn | soạn thảo | sáng tác |
    sáp nhập | sát hạch | sơ kết | sơ tán | sưu tầm | sắp xếp | sẵn sàng | sẽ | số hoá | số hóa |
    sớm | sử dụng | sửa chữa | sửa đổi | tham dự | tham gia | tham khảo | tham mưu | tham quan |
    thanh lý | thanh toán | thanh tra | thay thế | theo dõi | thi công | thiết kế | thiết lập |
    thoái vốn | thu gom | thu hoạch | thu hút | thu hồi | thu phí | thu thập | thuê | thành lập |
    tháo dỡ | tháo gỡ | thí điểm | thông báo | thúc đẩy | thăm | thăm dò | thăm hỏi |
    thường xuyên | thảo luận | thẩm duyệt | thẩm tra | thẩm định | thể chế hóa | thể hiện |
    thỏa thuận | thống kê | thống nhất | thực hiện | tin học hóa | tiêm | tiêm chủng |
    tiêm phòng | tiêu hủy | tiêu độc | tiến hành | tiếp cận | tiếp nhận | tiếp thu | tiếp tục |
    tiếp xúc | tra cứu | trang bị | trang trí | tranh thủ | trao | trao tặng | trao đổi | treo |
    tri ân | triển khai | trong việc | truy bắt | truy quét | truy tìm | truy xuất | truyền máu |
    truyền thông | trích | trưng bày | trả lời | trồng | tu bổ | tuyên dương | tuyên truyền |
    tuyển chọn | tuyển dụng | tuyển sinh | tuần tra | tài trợ | tái định cư | tìm hiểu |
    tìm kiếm | tích cực | tích hợp | tôn tạo | tôn vinh | tăng | tăng cường | tư vấn | tạm dừng |
    tạm giữ | tạo lập | tạo điều kiện | tận dụng | tập huấn | tập hợp | tập luyện | tập trung |
    tặng | tổng hợp | tổng kiểm tra | tổng kết | tự giác | tự kiểm tra | tự đánh giá |
    vinh danh | viết | viết bài | vào | vận chuyển | vận dụng | vận hành | vận động | vệ sinh |
    xem xét | xác lập | xác minh | xác nhận | xác định | xây dựng | xã hội hóa | xét | xét xử |
    xếp loại | xử lý | xử phạt | xử trí | yêu cầu | áp dụng | ôn tập | đang | đi | điều chuyển |
    điều chỉnh | điều hành | điều phối | điều tra | điều trị | điều động | điểm danh | đo lường |
    đo vẽ | đo đạc | đo đếm | đàm phán | đào tạo | đánh bắt | đánh giá | đã | đình chỉ |
    đón tiếp | đóng | đóng góp | đôn | đôn đốc | đăng ký | đăng tải | đơn giản hóa | đưa |
    đưa tin | được giao | đảm bảo | đấu giá | đấu thầu | đấu tranh | đẩy mạnh | đẩy nhanh |
    đặt hàng | đề bạt | đề nghị | đề xuất | để | định kỳ | đối chiếu | đối soát | đối thoại |
    đồng bộ | đồng thời | đồng ý | đổi mới | động viên | ưu tiên | ủng hộ | ủy quyền | ứng dụng |
    ứng phó |

    lập(?= (?:lại|kế hoạch|dự|hồ sơ|danh|báo cáo|phương án|đề án|biên bản|tờ trình|các|bảng|và)) |
    trình(?= (?:[A-ZĐ]|cấp|lãnh đạo|các|phê duyệt|ban hành)) | đăng(?! kiểm) |
    (?<!đào )(?<!sáng )(?<!chế )tạo | nhập(?! khẩu) | dự(?! (?:án|toán)) |
    (?<!trực )(?<!gián )tiếp(?! theo) | giao(?! thông) | nêu(?! (?:trên|tại|ở)) | hạ(?! tầng) |
    tự(?= (?:rà|kiểm|đánh|chấm|nguyện)) |
    (?<=\w )(?<!các )(?<!diện )(?<!và )lãnh đạo(?! (?:cấp|phòng|các cấp)) |
    (?<!chủ )(?<!nhà )đầu tư |
    tổ chức(?! (?:đảng|Đảng|đoàn|công đoàn|hội(?! (?:nghị|thi|thảo|chợ|họp|diễn)))\b) |
    phát(?! (?:thanh|triển|động|hiện|sóng|hành|huy|sinh)) |
    (?<!hường )trực(?! (?:thuộc|tuyến|tiếp (?:cơ sở|quản lý))) | (?<!ruyền )hình thành
    """
)
# These never are part of a name.
_ALWAYS = _any(
    r"""
    chủ trì | phối hợp | (?:là|làm) (?:cơ quan |đơn vị )?đầu mối |
    có trách nhiệm | chịu trách nhiệm | có nhiệm vụ | tham mưu | theo dõi |
    đôn đốc | triển khai | rà soát | tăng cường | đẩy mạnh | tiếp tục | chủ động | bố trí |
    chuẩn bị | đề xuất | gửi | nộp | hoàn thành | bảo đảm | đảm bảo | phát động | khẩn trương |
    báo cáo(?! viên)
    """
)
# Before these it is a noun: "tổ chức chính trị", "đóng trên địa bàn".
_NOUNS = _any(
    r"""
    liên quan | pháp chế | chính trị | xã hội | cá nhân | vị | có liên quan | đoàn thể |
    hiệu lực | kinh tế | tín dụng | quốc tế | trên địa bàn | chân trên
    """
)
_ACT = re.compile(
    rf"(?<![\w-])(?:(?:{_ALWAYS})\b|(?<!theo )(?<!được )(?:{_ACTS})\b(?! (?:{_NOUNS})\b))"
)
# What a body may be for, right after its noun: "Ban quản lý dự án", "cơ sở đào tạo".
_PURPOSES = re.compile(
    _any(
        r"""
        quản lý | đào tạo | bồi dưỡng | nghiên cứu | kiểm soát | giám sát | tư vấn | hỗ trợ |
        khai thác | điều hành | bảo vệ | đầu tư | phát triển | chăm sóc | tổ chức | kiểm tra |
        thanh tra | điều tra | cung cấp | xây dựng | truyền thông | vận hành | tiếp nhận |
        kiểm định | kiểm dịch | sản xuất | thẩm định | soạn thảo | biên tập | thống kê |
        ứng dụng | chuyển giao | bảo tồn | lưu trữ | giới thiệu | chỉ đạo | công tác | khám |
        chữa | tiếp | sử dụng | in | thi | phục vụ | dạy | điều phối | thực hiện | bảo trợ |
        tuyển dụng | huy động | xử lý | vận động | thu | chuyển đổi | công chứng | hòa giải
        """
    )
)
_NOUN_BEFORE = re.compile(
    r"(?:^|[\s(])(?:Ban|Bộ phận|Phòng|Vụ|Cục|Tổ|Trung tâm|Chi cục|Đội|Quỹ|Viện|Công ty|Nhóm|"
    r"Tiểu ban|Trạm|Trường|Hội đồng|Đoàn|Cơ sở|Cơ quan|Cán bộ|Doanh nghiệp|Văn phòng|ban)\s+$"
)
# Small letters name by few purposes: "các cơ sở đào tạo", but "các tổ, đội tổ chức …" act.
_SMALL_BEFORE = re.compile(
    r"(?:cơ quan|đơn vị|người|tổ chức|hộ|bộ phận|trung tâm|cơ sở|cán bộ|viên chức|đội|nhóm|trạm|"
    r"(?<!bệnh )viện|công ty|quỹ|dự án|doanh nghiệp|(?<!thị )trường|chuyên viên|"
    r"nhân viên|lực lượng)\s+$"
)
_SMALL_PURPOSES = re.compile(
    r"(?:quản lý|đào tạo|bồi dưỡng|nghiên cứu|kiểm soát|sản xuất|khai thác|dạy|khám|kiểm định|"
    r"bảo trợ|tư vấn|phục vụ|điều tra|thanh tra|soạn thảo|thẩm định|sử dụng|thi công|cung cấp|"
    r"bảo vệ|chăm sóc|dịch vụ|đầu tư)\b"
)
# A purpose has an object: "Quản lý đào tạo", "Kiểm soát thanh toán".
_PURPOSE_BEFORE = re.compile(
    r"(?:[Qq]uản lý|Phát triển|Kiểm soát|Hỗ trợ|(?<!chủ )(?<!nhà )[Đđ]ầu tư|Giám sát|Tư vấn|"
    r"Nghiên cứu|Chăm sóc|Xúc tiến|Điều hành|Dịch vụ|Bảo vệ|Khai thác|Kế hoạch|Kiểm định|"
    r"Ứng dụng|Chuyển giao|\bcông)\s+$"
)
_STEERING_BEFORE = re.compile(r"[Cc]hỉ đạo\s+$")
_STEERED = re.compile(
    r"(?:phòng, chống|phòng chống|xây dựng|giảm|chuyển đổi|sắp xếp|đổi mới|cải cách|tổng)\b"
)
# "Khám, chữa bệnh", "Đào tạo, bồi dưỡng", "giáo dục và đào tạo": two acts that name one field.
_FIELD_BEFORE = re.compile(r"(?P<first>[A-ZĐ]\w*(?: \w+)?), $|\bgiáo dục và $")
_LEADS_WHAT = re.compile(r"lãnh đạo,? (?:[A-ZĐ]|(?:và )?chỉ đạo|công tác|việc|các)")
_NEVER_NAMED = re.compile(rf"(?:{_ALWAYS})\b")


# "Hậu cần", "Đào tạo": an act of one syllable after a raised one is its second syllable.
_RAISED_BEFORE = re.compile(
    r"(?:^|[\s(])(?:(?:Phòng|Ban|Sở|Bộ|Cục|Vụ|Khoa|Tổ|Viện|tâm|cục|và|-|–)\s|[^\W\d_]+,\s|"
    r"(?=[a-zà-ỹđ])[^\W\d_A-ZĐ]+\s)[A-ZĐÀ-Ỹ][^\W\d_A-Z]+\s$"
)
# What nobody does after a comma and without an object.
_NAMELESS = re.compile(r"(?:chủ trì|có trách nhiệm|chịu trách nhiệm|phối hợp với|thuộc)\b")
# A raised noun of two syllables, and after the act a bracket or the next name.
_RAISED_NOUN_BEFORE = re.compile(rf"[{UPPER}]\w* [{LOWER}]+ $")
_PLAIN_WORDS_BEFORE = re.compile(
    rf"[{UPPER}]\w* [{LOWER}]+ (?!(?:{PLACES})\b)[{LOWER}]+ [{LOWER}]+ $"
)
# Who is called by what they do: "các nhà thầu bảo trì".
_DOERS_BEFORE = re.compile(r"(?:nhà thầu|doanh nghiệp|công ty|cơ sở|trung tâm|người|tổ chức) $")
# Acts that are done by way of another.
_AUXILIARY = re.compile(
    r"(?:tổ chức|tiến hành|thực hiện|hướng dẫn|hỗ trợ|phục vụ|đề nghị|yêu cầu|chỉ đạo|"
    r"tập trung|bắt đầu)\b"
)
_NEXT_NAME = re.compile(rf"(?:và|,) [{UPPER}]")


def acts(text: str) -> Iterator[int]:
    """Where words of acting stand that are no part of a name."""
    named, led = named_spans(text), list(spans_before_roles(text))
    for found in _ACT.finditer(text):
        place = found.start()
        if _within(place, named) or (_within(place, led) and not _NEVER_NAMED.match(text, place)):
            continue
        if not _in_name(text, place):
            yield place


def _within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < place < end for start, end in spans)


# They end a name and are no duty: "Không gian …", "Khi …".
_NO_DUTIES = {"không", "khi", "chưa", "đã", "đang", "để", "nhằm", "vào", "là", "trong việc", "cần"}


def begins_act(text: str) -> bool:
    """Whether a text tells somebody to do something, its first letter raised or not."""
    found = _ACT.match(text[:1].lower() + text[1:])
    return found is not None and found.group() not in _NO_DUTIES


def _in_name(text: str, start: int) -> bool:
    if _NEVER_NAMED.match(text, start):
        return False
    above = text[:start]
    if text.startswith("lãnh đạo", start):
        led = text[start + len("lãnh đạo") :].lstrip(" ,")
        return not (_LEADS_WHAT.match(text, start) or _ACT.match(led))
    if _is_second_syllable(text, start):
        return True
    if _PURPOSE_BEFORE.search(above) or _is_second_of_field(above) or _ends_name(text, start):
        return True
    if _STEERING_BEFORE.search(above):
        return _STEERED.match(text, start) is not None
    if _NOUN_BEFORE.search(above):
        return _PURPOSES.match(text, start) is not None
    return bool(_SMALL_BEFORE.search(above) and _SMALL_PURPOSES.match(text, start))


def _is_second_syllable(text: str, start: int) -> bool:
    found = _ACT.match(text, start)
    single = found is not None and " " not in found.group()
    return single and _RAISED_BEFORE.search(text[:start]) is not None


def _ends_name(text: str, start: int) -> bool:
    """An act without an object is the last word of a name: "văn thư, lưu trữ", "Cảnh sát điều tra
    và Viện …"."""
    found = _ACT.match(text, start)
    rest = text[found.end() :].strip(" .:") if found else ""
    if text[:start].endswith(", "):
        return not rest or _NAMELESS.match(rest) is not None
    if _RAISED_NOUN_BEFORE.search(text[:start]) and _NEXT_NAME.match(rest):
        return True
    # "Đội Quản lý trật tự xây dựng tổ chức …": of two acts the first has no object of its own.
    follows = _ACT.match(rest) is not None and _ACT.match(text[start:].partition(" ")[2]) is None
    named = _PLAIN_WORDS_BEFORE.search(text[:start]) or _DOERS_BEFORE.search(text[:start])
    return follows and named is not None and not _AUXILIARY.match(text, start)


def _is_second_of_field(above: str) -> bool:
    field = _FIELD_BEFORE.search(above)
    return field is not None and (not field["first"] or begins_act(field["first"]))
