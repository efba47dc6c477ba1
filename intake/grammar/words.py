"""The words administrative documents use: for bodies, for acting, for the parts of a plan."""

import re
from enum import StrEnum


def _any(words: str) -> str:
    """Alternatives, one pattern, as they are easiest to read and to add to."""
    return "|".join(part.strip() for part in words.split("|"))


# Nouns a body's name begins with, as written at the start of a name.
_BODIES = _any(
    r"""
    Bộ trưởng | Bộ | Sở | Ban | Vụ trưởng | Vụ | Cục trưởng | Cục | Tổng cục trưởng | Tổng cục |
    Trưởng phòng | Phòng | Văn phòng | Trung tâm | UBND | UBMTTQ | MTTQ | Ủy ban | Uỷ ban | HĐND |
    Hội đồng | Viện trưởng | Viện | Trường | Học viện | Đại học | Đảng ủy | Đảng uỷ | Tỉnh ủy |
    Thành ủy | Huyện ủy | Chi ủy | Chi bộ | Thường trực | Ban Thường vụ | Hội | Đoàn | Liên đoàn |
    Liên hiệp | Liên minh | Công an | Bộ Chỉ huy | Thanh tra | Kho bạc | Báo | Đài | Tạp chí |
    Tổ trưởng | Tổ | Chi cục trưởng | Chi cục | Chi nhánh | Thủ trưởng | Tổng Giám đốc |
    Giám đốc | Phó Giám đốc | Phó Chủ tịch | Chủ tịch | Phó Hiệu trưởng | Hiệu trưởng | Trưởng |
    Phó | Lãnh đạo | Công đoàn | Ngân hàng | Bảo hiểm | BHXH | Tập đoàn | Công ty | Tổng công ty |
    Tòa án | Toà án | Bệnh viện | Trạm | Cơ sở | Đơn vị | Địa phương | Doanh nghiệp | Mặt trận |
    Cơ quan | Chánh Văn phòng | Chánh Thanh tra | Chánh | Bộ phận | Khoa | Đội | Nhà trường |
    Nhà | Thư viện | Bảo tàng | Xã | Phường | Đặc khu | Thành phố | Tỉnh | Quận | Huyện | Thị xã |
    Thị trấn | Chuyên viên | Cán bộ | Giáo viên | Đồng chí | Đ/c | Ông | Bà | Tiểu ban | Quỹ |
    Hiệp hội | Hợp tác xã | Chính phủ | Thủ tướng | Quốc hội | Thành viên | Lực lượng | Nhóm |
    Kế toán | Bí thư | Người đứng đầu | Hạt | Tổ chức | Cá nhân | Quân khu | Kiểm toán |
    Thông tấn xã | Thuế (?:tỉnh|thành phố|cơ sở|khu vực) | Thống kê (?:tỉnh|thành phố|cơ sở) |
    VNPT | Viettel | MobiFone | GVCN | BGH | TPT | BCH | BCĐ | BTC |
    Hải quan | Tỉnh đoàn | Thành đoàn | Đảng bộ | Viễn thông | Điện lực | Bưu điện | Công chức |
    Các
    """
)
# What such a noun is followed by when it names no body: "Ban hành", "Xã hội", "Cơ sở dữ liệu".
_AFTER_NO_BODY = _any(
    r"""
    hành\b | hội\b | nghị\b | thảo\b | thi\b | cáo\b | dữ liệu | hạ tầng | vật chất | hợp\b |
    học và\b | ngũ\b | quốc\b | đầu\b | việc\b | ,? chống | ngừa\b | chống\b | tiêu chí | chỉ số |
    máy\b | luật\b | kết\b | nước\b | thành\b | pháp lý | đảm\b | vệ\b | lưu\b |
    tài liệu | thủ tục | nhiệm vụ | giải pháp | nội dung
    """
)
_NO_BODY = rf"(?![ ]*(?:{_AFTER_NO_BODY}))"
# "Tổ chức" is a verb unless one of these follows.
_OF_ORGANISATIONS = _any(
    r"""
    pháp chế | chính trị | xã hội | đoàn | Đảng | đảng | có liên | liên quan | cá nhân | kinh tế |
    quốc tế | khoa học | tín dụng | thành viên | hội
    """
)
_ORGANISATION = rf"(?:Tổ|tổ) chức (?:{_OF_ORGANISATIONS})"
# Nouns a group of bodies is called by.
_COMMON = _any(
    r"""
    bộ | ban | sở | ngành | vụ | cục | cơ quan | đơn vị | địa phương | phòng | xã | phường |
    đặc khu | thị trấn | quận | huyện | thành phố | tỉnh | tổ | cá nhân | tổ chức | trường | cấp |
    đoàn thể | doanh nghiệp | khoa | viện | trung tâm | hội | cơ sở | chi nhánh | trạm |
    văn phòng | bộ phận | thủ trưởng | lãnh đạo | hiệu trưởng | chuyên viên | cán bộ | giáo viên |
    báo | đài | thành viên | đội | nhóm | công ty | hiệp hội | bệnh viện | nhà trường | chi cục |
    thôn | khu phố | đồng chí | trưởng | phó | chủ tịch | giám đốc | tiểu ban | ngân hàng |
    đảng ủy | đảng uỷ | đảng bộ | chi bộ | chi ủy | cấp ủy | tổ dân phố |
    tập đoàn | hợp tác xã | công chức | viên chức | công an | công đoàn | tổng công ty
    """
)
_PLURALS = _any(
    r"""
    Các | các | Những | những | Một số | một số | Toàn thể | toàn thể | Tất cả các | tất cả các |
    Mỗi | mỗi | Từng | từng
    """
)
_PLURAL = rf"(?:{_PLURALS})"

PLURAL = re.compile(rf"^{_PLURAL}\s+(?:{_COMMON}|{_BODIES})\b{_NO_BODY}")
BODY = re.compile(
    rf"^(?:{_PLURAL}\s+(?:(?:{_COMMON})\b|(?:{_BODIES})\b){_NO_BODY}|{_ORGANISATION}|"
    rf"(?!Tổ chức\b|Các\b)(?:{_BODIES})\b{_NO_BODY})"
)
LOWER_BODY = re.compile(rf"^(?!tổ chức\b)(?:{_COMMON})\b{_NO_BODY}|^{_ORGANISATION}")
# "các bộ, ngành", "cơ quan, đơn vị": bare nouns in a row are one phrase.
BARE_LIST = re.compile(
    rf"(?:^|\s)(?:{_PLURAL}\s+)?(?:{_COMMON})(?:(?:,\s+|\s+và\s+)(?:{_COMMON}))*$",
    re.IGNORECASE,
)
ACRONYMS = re.compile(r"^[A-ZĐ][A-ZĐ0-9&.]+(?:[ -][A-ZĐ0-9&.]+)*$")
PERSON = re.compile(r"^(?:Đồng chí|Đ/c|đ/c|Ông|Bà|Thầy|Cô|ThS\.?|TS\.?|PGS\.?)\s+[A-ZĐÀ-Ỹ]")

# Words of acting: where one stands, the name of who acts has ended.
_ACTS = _any(
    r"""
    chủ trì | chủ động | xây dựng | tổ chức | tham mưu | theo dõi | triển khai | thực hiện |
    hướng dẫn | kiểm tra | rà soát | đề xuất | xác định | trong việc |
    lập(?= (?:lại|kế hoạch|dự|hồ sơ|danh|báo cáo|phương án|đề án|biên bản|tờ trình|các|bảng|và)) |
    tổng hợp | báo cáo | trình(?= (?:[A-ZĐ]|cấp|lãnh đạo|các|phê duyệt|ban hành)) | ban hành |
    cung cấp | gửi | nộp | tuyên truyền | tập huấn | bồi dưỡng | đào tạo | đôn đốc | giám sát |
    bố trí | chuẩn bị | thẩm định | nghiên cứu | đẩy mạnh | tăng cường | phổ biến | bảo đảm |
    đảm bảo | hoàn thiện | hoàn thành | cập nhật | kịp thời | thường xuyên | tiếp tục | quản lý |
    vận hành | xử lý | giải quyết | phân công | căn cứ | chỉ đạo | phối hợp | tham gia | xem xét |
    nâng cao | phát động | công khai | công bố | thông báo | quán triệt | đăng ký | đăng tải |
    đánh giá | sơ kết | tổng kết | khẩn trương | nghiêm túc | tích cực | duy trì | phát triển |
    thiết lập | cử | góp ý | hỗ trợ | kết nối | khai thác | sử dụng | ứng dụng | đưa | cân đối |
    phê duyệt | quyết định | đề nghị | yêu cầu | lồng ghép | huy động | khắc phục | phát hiện |
    ngăn chặn | tiếp nhận | thống kê | định kỳ | hằng năm | hàng năm | hằng quý | hàng quý |
    hằng tháng | hàng tháng | có trách nhiệm | chịu trách nhiệm | có nhiệm vụ | giúp | để | nhằm |
    khi | khảo sát | ký kết | đăng(?! kiểm) | in ấn | mở | làm | tiến hành | vận động |
    biên soạn | biên tập | thu thập | soạn thảo | dự thảo | điều phối | điều hành | bàn giao |
    thành lập | củng cố | kiện toàn | quy định | phát huy | khuyến khích | tạo điều kiện | giao |
    là | sẽ | cần | phải | tư vấn | truyền thông | số hóa | thiết kế | lắp đặt | mua sắm |
    đấu thầu | trang bị | tham dự | tiếp cận | lựa chọn | xếp loại | bình xét | khen thưởng |
    thanh tra | thu hút | đổi mới | hình thành | tập trung | ưu tiên | thí điểm | nhân rộng |
    lấy ý kiến | nâng cấp | mở rộng | cải tạo | sửa chữa | bảo trì | trao đổi | sắp xếp |
    bổ sung | điều chỉnh | sửa đổi | đầu tư | tích hợp | số hoá | chuyển đổi | chuyển giao |
    chuyển | kiểm soát | kiểm kê | kiểm định | bảo vệ | phòng ngừa | phòng, chống | phòng chống |
    ứng phó | điều trị | tiêm | chăm sóc | giới thiệu | quảng bá | mời | đón tiếp | trao |
    thanh toán | quyết toán | giải ngân | phân bổ | cấp phát | đối chiếu | đối thoại | giải đáp |
    trả lời | nắm bắt | nắm | tập hợp | vệ sinh | trồng | phân tích | dự báo | cảnh báo |
    đưa tin | viết bài | phát sóng | phát hành | trưng bày | biểu diễn | luyện tập | diễn tập |
    tuần tra | trực(?! (?:thuộc|tiếp|tuyến)) | bảo quản | khôi phục | tháo gỡ | đẩy nhanh |
    rút ngắn | cải thiện | cắt giảm | đơn giản hóa | chuẩn hóa | đồng bộ | chia sẻ | quy hoạch |
    đặt hàng | tuyển chọn | tuyển dụng | bổ nhiệm | xử phạt | xét | tôn vinh | biểu dương |
    động viên | thăm | tặng | cam kết | ký | tìm hiểu | nghiệm thu | họp | thảo luận | đóng góp |
    vận dụng | áp dụng | lan tỏa | chỉnh trang | trang trí | nhắc nhở | đấu tranh | thẩm tra |
    tra cứu | cài đặt | bảo hành | gắn | treo | dọn | sưu tầm | lưu trữ | lưu giữ | chấm dứt |
    thu hồi | thu gom | xử trí | chọn | cho ý kiến | tiếp thu | giải trình | rà | quan tâm |
    nêu cao | phấn đấu | đôn | bám sát | siết chặt | ra quân | kiểm đếm | tạo lập |
    (?<!Đào )(?<!đào )(?<!Sáng )(?<!sáng )(?<!Chế )(?<!chế )tạo |
    gửi báo cáo | mua | thuê |
    vận chuyển
    """
)
# After these such a word is part of a name: "Ban quản lý", "Kiểm soát thanh toán".
_IN_NAMES = _any(
    r"""
    theo | cán bộ | Ban | ban | bộ phận | Bộ phận | Phòng | phòng | Vụ | Tổ | Trung tâm |
    trung tâm | Chi cục | Đội | Quỹ | và tổ chức | nhiệm vụ được | được | cơ sở | viện | Quản lý |
    quản lý | Phát triển | Kiểm soát | Hỗ trợ | Đầu tư | đầu tư | dự án |
    Giám sát | Tư vấn | Nghiên cứu |
    Chăm sóc | Kế hoạch | Xúc tiến | Điều hành | Dịch vụ | Bảo vệ | Đào tạo | Thông tin |
    Khai thác | công
    """
)
# Before these it is a noun: "tổ chức chính trị".
_NO_ACT = _any(
    r"""
    liên quan | pháp chế | chính trị | xã hội | cá nhân | vị | có liên quan | đoàn thể |
    hiệu lực | kinh tế | tín dụng | quốc tế
    """
)
_BEHIND = "".join(f"(?<!{words} )" for words in _IN_NAMES.split("|"))
# These never are part of a name.
_ALWAYS_ACTS = _any(
    r"""
    chủ trì | phối hợp | có trách nhiệm | chịu trách nhiệm | có nhiệm vụ | tham mưu | theo dõi |
    đôn đốc | triển khai | rà soát | tăng cường | đẩy mạnh | tiếp tục | chủ động | bố trí |
    chuẩn bị | đề xuất | gửi | nộp | hoàn thành | bảo đảm | đảm bảo | phát động | khẩn trương |
    báo cáo(?! viên)
    """
)
ACT = re.compile(rf"(?<![\w-])(?:(?:{_ALWAYS_ACTS})\b|{_BEHIND}(?:{_ACTS})\b(?! (?:{_NO_ACT})\b))")
LEADS = re.compile(r"(?<![\w-])(?:chủ trì|Chủ trì|CHỦ TRÌ)\b")
GIVEN = re.compile(
    r"^(?:(?:Giao|Đề nghị|Yêu cầu|Phân công|Kính đề nghị|Trách nhiệm của|Đối với|Nhiệm vụ của)"
    r"(?: nhiệm vụ)?(?: cho)?)[\s:]+",
)
GIVEN_INSIDE = re.compile(
    r"(?<![\w-])(?:giao|đề nghị|yêu cầu|phân công)(?: cho)?\s+", re.IGNORECASE
)


class Role(StrEnum):
    """What a part of the document holds."""

    PURPOSE = "purpose"  # mục đích, yêu cầu: không phải nhiệm vụ
    TARGET = "target"
    TASK = "task"
    EVENT = "event"  # thời gian, địa điểm, chương trình của một hội nghị
    BUDGET = "budget"
    ORGANISATION = "organisation"
    REPORT = "report"


# In this order: "Phân công nhiệm vụ" is organisation, "Nội dung hội nghị" an event.
ROLES = {
    Role.EVENT: _any(
        r"""
        thời gian | địa điểm | hình thức | thành phần | đối tượng tham | số lượng |
        chương trình (?:hội|tập) |
        nội dung (?:chương trình )?(?:hội nghị|hội thảo|tập huấn|cuộc họp|buổi|lớp|hội thi|lễ)
        """
    ),
    Role.ORGANISATION: _any(
        r"""
        (?:công tác )?tổ chức (?:thực hiện|triển khai) | phân công | trách nhiệm |
        triển khai thực hiện$
        """
    ),
    Role.REPORT: r"(?:chế độ |công tác )?(?:thông tin,? (?:và )?)?báo cáo\b(?! viên)",
    Role.BUDGET: r"(?:nguồn |dự toán )?(?:kinh phí|nguồn lực|dự toán|tài chính)",
    Role.PURPOSE: _any(
        r"""
        mục đích | yêu cầu | quan điểm | nguyên tắc | căn cứ | sự cần thiết | phạm vi | đối tượng |
        đặc điểm | (?:khái quát )?tình hình | thực trạng | kết quả (?:thực hiện|công tác|đạt) |
        đánh giá (?:chung|tình|kết) | bối cảnh | cơ sở (?:pháp lý|chính trị|thực tiễn|xây dựng) |
        giải thích | định hướng | dự báo | thuận lợi | khó khăn | hạn chế | tồn tại | nhận định
        """
    ),
    Role.TARGET: r"(?:các |một số |những )?(?:mục tiêu|chỉ tiêu)",
    Role.TASK: _any(
        r"""
        (?:các |một số |những )?(?:nhiệm vụ|nội dung|giải pháp|công việc|hoạt động|biện pháp) |
        lộ trình | tiến độ | danh mục | trọng tâm | kế hoạch | chương trình | công tác
        """
    ),
}
_NAMES_TASKS = re.compile(r"\b(?:nhiệm vụ|giải pháp|công việc)\b")
# How documents end: no part of what stands above.
CLOSING = re.compile(
    _any(
        r"""
        ^Trên đây là | ^Trong quá trình (?:tổ chức|triển khai|thực hiện) | ^Quá trình thực hiện |
        ^Nhận được | ^(?:Quyết định|Chỉ thị|Nghị quyết|Quy định) này có hiệu lực |
        ^Yêu cầu (?:các|Thủ trưởng|lãnh đạo)[^.:]{0,120}nghiêm túc |
        ^(?:Đề nghị|Yêu cầu) .{0,300}\./\.$
        """
    )
)
_THIS = r"(?:Quyết định|Kế hoạch|Chỉ thị|Chương trình|Nghị quyết|Đề án|Phương án|Công văn) này"
_JUST_DOES = (
    r"(?:chủ động|nghiêm túc|căn cứ .{0,60}) (?:tổ chức )?(?:triển khai|thực hiện)(?: thực hiện)?"
)
# Sentences that oblige nobody to anything in particular.
GENERIC = re.compile(
    _any(
        rf"""
        ^(?:Trên đây là|Trong quá trình|Quá trình|Nếu có)\b | ^{_THIS} | \bcó hiệu lực\b |
        \b(?:thi hành|thực hiện|triển khai)[^.;:,]{{0,30}}\s{_THIS}\s*[./]*$ |
        ^.{{0,90}}\b{_JUST_DOES}\s*[./]*$ |
        ^(?=.{{0,160}}$).*(?:tại|theo|trong) (?:các )?Phụ lục | ^\(.*\)[./]*$ |
        \bchịu trách nhiệm (?:toàn diện )?trước [A-ZĐ][^.;]*[./]*$ |
        ^Ban hành (?:kèm theo|Kế hoạch) | kèm theo {_THIS}
        """
    )
)
HEADING_WORDS = 30
MINOR_HEADING_WORDS = 9


def is_capitals(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 2 and sum(map(str.isupper, letters)) > 0.9 * len(letters)


def heading_role(text: str) -> Role | None:
    """What a heading announces. Only short ones, or ones in capitals, are headings."""
    head = text.partition(":")[0].strip()
    capitals = is_capitals(head)
    if not capitals and len(head.split()) > MINOR_HEADING_WORDS:
        return None
    bare = head.casefold().strip(" .")
    for role, pattern in ROLES.items():
        if re.match(f"(?:{pattern})", bare):
            over = role in {Role.TARGET, Role.EVENT, Role.PURPOSE} and _NAMES_TASKS.search(bare)
            return Role.TASK if over else role
    if capitals:
        for role in (Role.BUDGET, Role.ORGANISATION, Role.TASK):
            if re.search(rf"\b(?:{ROLES[role]})", bare):
                return role
    return None
