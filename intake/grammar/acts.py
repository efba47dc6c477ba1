"""The words of acting, and when they are part of a body's name instead."""

import re
from collections.abc import Iterator

from intake.grammar.letters import LOWER, UPPER
from intake.grammar.names import PLACES, named_spans, spans_before_roles
from intake.grammar.spans import Spans


def _any(words: str) -> str:
    return "|".join(part.strip() for part in words.split("|"))


def _longest_first(words: str) -> str:
    """So that "lưu trữ" is not read as "lưu"; bars inside brackets do not part words."""
    parts = re.split(r"\s+\|\s+", words.strip())
    return "|".join(sorted(parts, key=len, reverse=True))


# "cấp giấy phép", but "các cấp", "cấp xã", "cung cấp".
_GRANTS = (
    r"(?<!các )(?<!nhiều )(?<!liên )(?<!cung )(?<!trợ )(?<!đẳng )(?<!từng )(?<!cùng )(?<!hai )"
    r"(?<!ba )cấp(?=\s)(?! (?:xã|tỉnh|huyện|quận|trên|dưới|ủy|uỷ|cơ sở|độ|bậc|quốc gia|"
    r"trung ương|sở|phòng|thôn|bản|học|nước|điện|thoát|trưởng|phó|bộ|ngành|thẩm|có|cục|vụ|khu|"
    r"vùng|trường|thành phố|chi|bách|thiết|đảng|và|hội|đoàn|tiểu)\b)"
)
# Where one of these stands, the name of who acts has ended.
_ACTS = (
    _longest_first(
        r"""
    ban hành | biên soạn | biểu diễn | biểu dương | bàn giao | bán | báo cáo | bãi bỏ |
    bình xét | bảo mật | bảo quản | bảo trì | bảo tồn | bảo vệ | bảo đảm | bảo dưỡng | bắt đầu |
    bắt(?! buộc) | bố trí | bồi dưỡng | bồi thường | bổ nhiệm | bổ sung | cam kết | canh gác |
    chi trả | chia | chia sẻ | chiếu sáng | cho vay | chuyển | chuyển đổi | chuẩn bị |
    chằng chống | chỉnh lý | cắt tỉa | cứu hộ |
    chuẩn hóa | chú trọng | chúc mừng | chăm lo | chăm sóc | chưa | chấm | chặt | chế biến |
    chỉ đạo | chỉnh trang | chịu | chịu trách nhiệm | chọn | chốt chặn | chở | chụp | chủ trì |
    chủ động | chứng nhận | chữa | coi thi | cung cấp | cài đặt | cách ly | cân đối |
    có trách nhiệm | công bố | công khai | công nhận | căn cứ | cơ bản | cưỡng chế | cải tạo |
    cảnh báo | cấm | cấp cứu | cấp phát | cấp phép | cất giữ | cấu hình | cần | cập nhật | cắm |
    cắt giảm | cổ động | cụ thể hóa | củng cố | cử | di dời | diễn tập | duy trì | duyệt |
    dàn dựng | dâng hương | dạy | dẹp | dọn | dọn dẹp | dỡ bỏ | dừng | dự thảo | dự trù |
    dự trữ | dựng | ghi | ghi hình | gia cố | gia hạn | giao ban | giao lưu | giao nộp | gieo |
    giám sát | giám định | giúp | giải ngân | giải phóng | giải quyết | giải thích | giải trình |
    giải tỏa | giải đáp | giảm | giảng dạy | giới thiệu | giữ | giữ gìn | gây dựng | góp ý |
    gắn | gặp gỡ | gặp mặt | gỡ | gửi | gửi báo cáo | hiện đại hóa | hoàn thiện | hoàn thành |
    hoàn trả | hoàn tất | huy động | hàng năm | hòa giải |
    hiệu chuẩn | hiệu chỉnh | hướng dẫn | hưởng ứng | hạch toán |
    hạn chế | hằng ngày | hằng năm | hằng quý | hằng tháng | hằng tuần |
    học tập | họp | huấn luyện | hỗ trợ |
    hội chẩn | hợp nhất | hợp tác | hủy | khai giảng | khai thác | khen thưởng | khi | khoan |
    khoanh nuôi | khoanh vùng | khuyến cáo | khuyến khích | khuyến nghị | khám | khánh thành |
    khóa sổ | khôi phục | không | khơi thông | khảo sát | khẩn trương | khắc phục | khởi công |
    khởi động | khử khuẩn | kiên cố hóa | kiến nghị | kiểm kê | kiểm soát | kiểm tra |
    kiểm điểm | kiểm đếm | kiện toàn | kê khai | kêu gọi | ký | ký kết | kẻ | kết hợp |
    kết luận | kết nạp | kết nối | kết thúc | kịp thời | liên kết | lo | luân chuyển |
    lồng ghép | là |
    lát | lưu | lưu trữ | lấy | lấy mẫu | lấy ý kiến | lắng nghe | lắp | lắp đặt | lựa chọn |
    miễn | mua | mua sắm | mời | mở | mở rộng | nghiêm túc | nghiên cứu | nghiệm thu | ngăn |
    ngăn chặn | nhân rộng | nhận | nhắc | nhắc nhở | nhắn tin | nhằm | nhổ | niêm yết | nâng |
    nâng cao | nâng cấp | nêu gương | nạo vét | nấu | nắm | nắm bắt | nộp | phun | phát hiện |
    phát huy | phát hành | phát quang | phát sóng | phát triển | phát động | phân bổ |
    phân công | phân cấp | phân loại | phân luồng | phân phát | phân quyền | phân tích |
    phê duyệt | phòng chống | phòng ngừa | phòng, chống | phơi | phải | phản ánh | phấn đấu |
    phối hợp | phổ biến | phổ cập | phục hồi | phục vụ | quan trắc | quan tâm | quay |
    quy hoạch | quy định | quyên góp | quyết liệt | quyết toán | quyết định | quán triệt | quét |
    quản lý | quảng bá | ra quân | ra đề | rà | rà soát | rèn luyện | rút | sao lưu | scan |
    soi | soát | soạn | soạn thảo | sàng lọc | sáp nhập | súc rửa | sơ cứu | sơ kết | sơ tán |
    sưu tầm | sắp xếp | sẽ | số hóa | sử dụng | sửa | sửa chữa | sửa đổi | tham dự | tham gia |
    tham mưu | thanh toán | thanh tra | thay | thay thế | theo dõi | thi công | thi đấu |
    thiết kế | thiết lập | thu gom | thu hoạch | thu hút | thu hồi | thu nhận | thu thập |
    thuyết minh | thuê | thành lập | tháo dỡ | tháo gỡ | thí điểm | thông báo | thúc đẩy | thăm |
    thăm hỏi | thâm nhập | thả | thảo luận | thẩm tra | thẩm định | thắp sáng | thỏa thuận |
    thống kê | thống nhất | thực hiện | tinh giản | tiêm | tiêu thụ | tiến hành | tiếp cận |
    tiếp nhận | tiếp sức | tiếp tục | tiễn | trang bị | trang trí | trao | trao tặng | trao đổi |
    treo | triển khai | trong việc | truy thu | truy xuất | truyền thông | trình bày |
    trình chiếu | trình diễn | trích | trùng tu | trưng bày | trả | trả lời | trồng | tu sửa |
    tuyên dương | tuyên truyền | tuyển | tuyển dụng | tuyển sinh | tuần tra | tài trợ | tách |
    tìm | tìm hiểu | tìm kiếm | tích cực | tích hợp | tính(?! (?:đến|từ|chất|mạng|chủ)) |
    tôn tạo | tôn vinh | túc trực | tăng | tăng cường | tư vấn | tưới | tạm ứng | tầm soát |
    tẩy giun | tập huấn | tập trung | tặng | tỉa | tịch thu | tọa đàm | tổng hợp |
    tổng kiểm tra | tổng kết | tự kiểm tra | vinh danh | viết | vào | vá | vận chuyển |
    vận hành | vận động | vệ sinh | xem xét | xuống | xác minh | xác nhận | xác định | xây dựng |
    xét | xét nghiệm | xếp loại | xử lý | xử phạt | yêu cầu | áp dụng | ôn luyện | ôn tập |
    đang | đi | điều chuyển | điều chỉnh | điều hành | điều tra | điều trị | điều động | đo |
    đo đạc | đào tạo | đánh giá | đã | đón | đón tiếp | đóng | đóng góp | đôn | đôn đốc |
    đăng ký | đăng tải | đơn giản hóa | đưa | đưa tin | được giao | đảm bảo | đấu giá | đấu nối |
    đấu thầu | đấu tranh | đẩy mạnh | đắp | đặt hàng | đặt(?! (?:hàng|cọc)) | đếm | đề cử |
    đề nghị | đề xuất | đền bù | để | định kỳ | đối chiếu | đối soát | đối thoại | đồng bộ |
    đồng hành | đồng thời | đổi mới | ưu tiên | ưu đãi | ủng hộ | ứng cứu | ứng dụng | ứng phó |
    ứng trực |

    (?<!công )(?<!dân )(?<!độc )(?<!thành )lập |
    (?<!iáo dục )thường xuyên | (?<!ổng )phụ trách |
    trình(?= (?:[A-ZĐ]|cấp|lãnh đạo|các|phê duyệt|ban hành)) |
    đăng(?! kiểm) |
    (?<!đào )(?<!sáng )(?<!chế )tạo |
    nhập(?! khẩu) |
    dự(?! (?:án|toán)) |
    (?<!trực )(?<!gián )tiếp(?! theo) |
    giao(?! thông) |
    nêu(?! (?:trên|tại|ở)) |
    (?<!việc )làm | hoàn chỉnh |
    hạ(?! tầng) |
    (?<!trật )tự(?= (?:rà|kiểm|đánh|chấm|nguyện|trang bị|tổ chức|giác|xây|bố trí)) |
    (?<=\w )(?<!các )(?<!diện )(?<!và )lãnh đạo(?! (?:cấp|phòng|các cấp)) |
    (?<!chủ )(?<!nhà )đầu tư |
    tổ chức(?! (?:đảng|Đảng|đoàn|công đoàn|hội(?! (?:nghị|thi|thảo|chợ|họp|diễn)))\b) |
    phát(?! (?:thải|thanh|triển|động|hiện|sóng|hành|huy|sinh)) |
    (?<!hường )trực(?! (?:thuộc|tuyến|tiếp (?:cơ sở|quản lý))) |
    (?<!ruyền )hình thành |
    (?<!quan )(?<!vị )(?<!các )(?<!phận )(?<!là )(?<!làm )đầu mối(?! (?:của|là))
    """
    )
    + rf"|{_GRANTS}"
)
# These never are part of a name.
_ALWAYS = _any(
    r"""
    chủ trì | phối hợp | (?:là|làm) (?:cơ quan |đơn vị )?đầu mối |
    có trách nhiệm | chịu trách nhiệm | có nhiệm vụ | tham mưu | theo dõi |
    đôn đốc | triển khai | rà soát | tăng cường | đẩy mạnh | tiếp tục | chủ động | bố trí |
    chuẩn bị | đề xuất | gửi | nộp | hoàn thành | bảo đảm | đảm bảo | phát động | khẩn trương |
    báo cáo(?! viên) | đảm nhiệm | phụ trách(?=[.,;]|$)
    """
)
# Before these it is a noun: "tổ chức chính trị", "đóng trên địa bàn".
_NOUNS = _any(
    r"""
    liên quan | pháp chế | chính trị | xã hội | cá nhân | có liên quan | đoàn thể |
    hiệu lực | kinh tế | tín dụng | quốc tế | trên địa bàn | chân trên
    """
)
_ACT = re.compile(
    rf"(?<![\w-])(?:(?:{_ALWAYS})\b|(?<!theo )(?<!được )(?<!nơi )"
    rf"(?!(?:tổ chức|đóng) (?:{_NOUNS})\b)(?:{_ACTS})\b)"
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
        tuyển dụng | huy động | xử lý | vận động | thu | chuyển đổi | công chứng | hòa giải |
        giúp việc | tuyển | xác minh | thẩm tra | kiểm kê | quan trắc | xét nghiệm |
        giải phóng | ứng cứu |
        chế biến | vận chuyển | kiểm đếm | chấm | ra đề | coi thi | sửa chữa | ứng trực | soát
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
    r"bảo vệ|chăm sóc|dịch vụ|đầu tư|quan trắc|xét nghiệm|chế biến|vận chuyển|cho vay|nhận quân|"
    r"giao quân)\b"
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
_FIELD_BEFORE = re.compile(rf"(?P<first>[{UPPER}]\w*(?: \w+)?), $|\bgiáo dục và $")
_LEADS_WHAT = re.compile(rf"lãnh đạo,? (?:[{UPPER}]|(?:và )?chỉ đạo|công tác|việc|các)")
# "Phó Giám đốc phụ trách kỹ thuật" is one person; "Đội Văn nghệ phụ trách …" has a duty.
_OFFICE_BEFORE = re.compile(
    r"\b(?:phó|trưởng|chủ tịch|giám đốc|bí thư|ủy viên|uỷ viên|thành viên|lãnh đạo|cán bộ|"
    r"công chức|viên chức|chuyên viên|nhân viên|giáo viên|kế toán|bác sĩ|kỹ sư|đồng chí|đ/c|"
    r"ông|bà|người)\b[^.,;:]*$",
    re.IGNORECASE,
)
_BODY_BEFORE = re.compile(
    rf"[{UPPER}]\w* (?:[{LOWER}]+ )?[{UPPER}]\w*(?: (?!và\b)[{LOWER}]+){{0,3}} $|\bUBND \w+ $"
)
_NEVER_NAMED = re.compile(rf"(?:{_ALWAYS})\b")


# "Hậu cần", "Đào tạo": an act of one syllable after a raised one is its second syllable.
_RAISED_BEFORE = re.compile(
    r"(?:^|[\s(])(?:(?:Phòng|Ban|Sở|Bộ|Cục|Vụ|Khoa|Tổ|Viện|tâm|cục|và|-|–)\s|[^\W\d_]+,\s|"
    rf"(?=[{LOWER}])[^\W\d_A-ZĐ]+\s)[{UPPER}][^\W\d_A-Z]+\s$"
)
# "các cơ sở Đoàn trồng 300 cây": a number of things is what is acted on.
_COUNTED = re.compile(r" \d")
# What nobody does after a comma and without an object.
_NAMELESS = re.compile(r"(?:chủ trì|có trách nhiệm|chịu trách nhiệm|phối hợp với|thuộc)\b")
# A raised noun of two syllables, and after the act a bracket or the next name.
_RAISED_NOUN_BEFORE = re.compile(rf"[{UPPER}]\w* [{LOWER}]+ $")
_PLAIN_WORDS_BEFORE = re.compile(
    rf"[{UPPER}]\w* [{LOWER}]+ (?!(?:{PLACES})\b)[{LOWER}]+ [{LOWER}]+ $"
)
# Who is called by what they do: "các công ty cung cấp".
_DOERS_BEFORE = re.compile(r"(?:nhà thầu|doanh nghiệp|công ty|cơ sở|trung tâm|người|tổ chức) $")
# So far before and after an act its neighbours are looked at: lines may be any length.
REACH = 200
# Acts that are done by way of another.
_AUXILIARY = re.compile(
    r"(?:tổ chức|tiến hành|thực hiện|hướng dẫn|hỗ trợ|phục vụ|đề nghị|yêu cầu|chỉ đạo|"
    r"tập trung|bắt đầu|thường xuyên|định kỳ|kịp thời|quyết liệt|nghiêm túc|tích cực|chủ động|"
    r"khẩn trương|chi trả|hoàn thành|kết thúc)\b"
)
# How somebody acts stands before the act: what is before that is the name.
_HOW = re.compile(r"(?:khẩn trương|chủ động|tích cực|tiếp tục|chủ trì|(?:có|chịu) trách nhiệm)\b")
_NEXT_NAME = re.compile(rf"(?:và|,) [{UPPER}]")


def acts(text: str) -> Iterator[int]:
    """Where words of acting stand that are no part of a name."""
    named, led = Spans(named_spans(text)), Spans(spans_before_roles(text))
    for found in _ACT.finditer(text):
        place = found.start()
        if named.hold(place) or (led.hold(place) and not _NEVER_NAMED.match(text, place)):
            continue
        if not _in_name(text, place):
            yield place


# They end a name and are no duty: "Không gian …", "Khi …".
_NO_DUTIES = {"không", "khi", "chưa", "đã", "đang", "để", "nhằm", "vào", "là", "trong việc", "cần"}


def begins_act(text: str) -> bool:
    """Whether a text tells somebody to do something, its first letter raised or not."""
    found = _ACT.match(text[:1].lower() + text[1:])
    return found is not None and found.group() not in _NO_DUTIES


def _in_name(text: str, start: int) -> bool:
    if _NEVER_NAMED.match(text, start):
        return False
    above = text[max(0, start - REACH) : start]
    if text.startswith("lãnh đạo", start):
        led = text[start + len("lãnh đạo") : start + REACH].lstrip(" ,")
        return not (_LEADS_WHAT.match(text, start) or _ACT.match(led))
    if text.startswith("phụ trách", start):
        return _BODY_BEFORE.search(above) is None or _OFFICE_BEFORE.search(above) is not None
    if _is_second_syllable(text, start, above):
        return True
    ends = _PURPOSE_BEFORE.search(above) or _is_second_of_field(above)
    if ends or _ends_name(text, start, above):
        return True
    if _STEERING_BEFORE.search(above):
        return _STEERED.match(text, start) is not None
    if _NOUN_BEFORE.search(above):
        return _PURPOSES.match(text, start) is not None
    return bool(_SMALL_BEFORE.search(above) and _SMALL_PURPOSES.match(text, start))


def _is_second_syllable(text: str, start: int, above: str) -> bool:
    found = _ACT.match(text, start)
    single = found is not None and " " not in found.group()
    counted = found is not None and _COUNTED.match(text, found.end()) is not None
    return single and not counted and _RAISED_BEFORE.search(above) is not None


def _ends_name(text: str, start: int, above: str) -> bool:
    """An act without an object is the last word of a name: "văn thư, lưu trữ", "Cảnh sát điều tra
    và Viện …"."""
    found = _ACT.match(text, start)
    rest = text[found.end() : found.end() + REACH].strip(" .:") if found else ""
    if above.endswith(", "):
        return not rest or _NAMELESS.match(rest) is not None
    how = _HOW.match(rest) is not None and not _AUXILIARY.match(text, start)
    if _RAISED_NOUN_BEFORE.search(above) and (how or _NEXT_NAME.match(rest)):
        return True
    # "Tổ Kiểm soát giết mổ vận hành …": of two acts the first has no object of its own.
    later = _ACT.match(text, text.find(" ", start) + 1) if found and " " in found.group() else None
    overlaps = later is not None and found is not None and later.end() > found.end()
    follows = _ACT.match(rest) is not None and not overlaps
    named = _PLAIN_WORDS_BEFORE.search(above) or _DOERS_BEFORE.search(above)
    return follows and named is not None and not _AUXILIARY.match(text, start)


def _is_second_of_field(above: str) -> bool:
    field = _FIELD_BEFORE.search(above)
    return field is not None and (not field["first"] or begins_act(field["first"]))
