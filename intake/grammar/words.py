"""The words administrative documents use: for bodies, for acting, for the parts of a plan."""

import re
from enum import StrEnum

from intake.grammar.letters import UPPER


def _any(words: str) -> str:
    """Alternatives, one pattern, as they are easiest to read and to add to."""
    return "|".join(part.strip() for part in words.split("|"))


# Nouns a body's name begins with, as written at the start of a name. Those that mean much else
# need a name behind them.
BODIES = _any(
    rf"""
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
    Xí nghiệp | Nhà máy | Xưởng | Phân xưởng | Cảng vụ | Đồn | Hải đội | Hải đoàn | Lữ đoàn |
    Trung đoàn | Tiểu đoàn | Sư đoàn | Đại đội | Bộ đội | Biên phòng | Cảnh sát | Kiểm lâm |
    Dân quân | Vườn quốc gia | Khu bảo tồn | Khu Quản lý | Ngành | Thôn | Ấp | Buôn |
    Câu lạc bộ | Nghiệp đoàn | Lâm trường | Nông trường | Trại | Tổng đội | Tổng kho |
    Đội trưởng | Hạt trưởng | Trạm trưởng | Chủ nhiệm | Tổng Bí thư | Ủy viên | Uỷ viên |
    Đại diện | Nhân viên | Đảng viên | Giảng viên | Hội viên | Bác sĩ |
    Điều dưỡng | Kỹ sư | Người phụ trách | Viện kiểm sát |
    Xóm | Tổng đài | Tiểu đội | Trung đội |
    Chi đoàn | Chi hội | Liên đội | Chi đội | Tổng phụ trách |
    (?:Bản|Kho|Khối|Làng|Thư ký)(?= [{UPPER}\d]) |
    Phân viện | Phân hiệu | Bến xe | Quân đội | Các
    """
)
# Words that begin like a body and are none.
_NO_BODIES = _any(
    r"""
    lãnh đạo (?:công tác|việc|thực hiện|chỉ đạo|tốt|toàn diện|phát triển|xây dựng|triển khai) |
    lãnh đạo tổ chức |
    xã hội | ban (?:hành|đầu|bố) | hội (?:nghị|thảo|thi|họp|nhập|diễn|tụ|chợ|trường|báo) |
    báo (?:cáo|chí) | cơ sở (?:dữ liệu|hạ tầng|vật chất|pháp lý|chính trị|thực tiễn|lý luận) |
    đoàn kết | đội (?:ngũ|hình) | phòng(?:,? chống| ngừa| bệnh| dịch| cháy) | nhà (?:nước|ở) |
    bộ (?:máy|luật|Luật|tiêu chí|chỉ số|câu hỏi|đề|tài liệu|thủ tục|quy tắc|mã|nhận diện) |
    tổ (?:quốc|hợp) | trường hợp | bảo (?:đảm|vệ|lưu) | đơn vị tính | quỹ (?:đất|nhà) |
    thành (?:lập|phần|tích) | đại học và | trạm thu |
    khối lượng | ngành nghề | trại hè |
    nhóm (?:nhiệm vụ|giải pháp|nội dung|vấn đề|chỉ tiêu|công việc)
    """
)
_NO_BODY = rf"(?!(?i:{_NO_BODIES})\b)"
# "Tổ chức" is a verb unless one of these follows.
_OF_ORGANISATIONS = _any(
    r"""
    pháp chế | chính trị | xã hội | đoàn | Đảng | đảng | có liên | liên quan | cá nhân | kinh tế |
    quốc tế | khoa học | tín dụng | thành viên | hội(?! (?:nghị|thi|thảo|chợ|họp|diễn))
    """
)
_ORGANISATION = rf"(?:Tổ|tổ) chức (?:{_OF_ORGANISATIONS})\b"
# Nouns a group of bodies is called by.
COMMON = _any(
    r"""
    bộ | ban | sở | ngành | vụ | cục | cơ quan | đơn vị | địa phương | phòng | xã | phường |
    đặc khu | thị trấn | quận | huyện | thành phố | tỉnh | tổ | cá nhân | tổ chức | trường | cấp |
    đoàn thể | doanh nghiệp | khoa | viện | trung tâm | hội | cơ sở | chi nhánh | trạm |
    văn phòng | bộ phận | thủ trưởng | lãnh đạo | hiệu trưởng | chuyên viên | cán bộ | giáo viên |
    báo | đài | thành viên | đội | nhóm | công ty | hiệp hội | bệnh viện | nhà trường | chi cục |
    thôn | khu phố | đồng chí | trưởng | phó | chủ tịch | giám đốc | tiểu ban | ngân hàng |
    đảng ủy | đảng uỷ | đảng bộ | chi bộ | chi ủy | cấp ủy | tổ dân phố |
    chủ (?:đầu tư|rừng|hộ|cơ sở|sở hữu|nhiệm|doanh nghiệp) | nhà (?:thầu|đầu tư|trường) | hộ |
    người | lực lượng | ngành | tập đoàn | hợp tác xã | công chức |
    viên chức | nhân viên | đảng viên | phụ huynh | học sinh | sinh viên | tổng phụ trách |
    công an | công đoàn | tổng công ty | chi đoàn | chi hội | ấp | bản | buôn | xóm | làng |
    khối | bến xe | câu lạc bộ | thư viện | bưu điện | xí nghiệp | nhà máy | dân quân | trại |
    trạm trưởng | đội trưởng | trưởng thôn | tổ chức tín dụng | cảng vụ | đồn | bí thư | chủ nhiệm
    """
)
_PLURALS = _any(
    r"""
    Các | các | Những | những | Một số | một số | Toàn thể | toàn thể | Tất cả các | tất cả các |
    Tất cả | tất cả |
    Mỗi | mỗi | Từng | từng
    """
)
_PLURAL = rf"(?:{_PLURALS})"

# "Các TYT": a group may be called by its letters.
_LETTERS = rf"[{UPPER}]{{2,}}[A-Z0-9]*"
PLURAL = re.compile(rf"^{_PLURAL}\s+{_NO_BODY}(?:{COMMON}|{BODIES}|{_LETTERS})\b")
BODY = re.compile(
    rf"^(?:{_PLURAL}\s+{_NO_BODY}(?:(?:{COMMON})\b|(?:{BODIES})\b|{_LETTERS}\b)|{_ORGANISATION}|"
    rf"(?!Tổ chức\b|Các\b){_NO_BODY}(?:{BODIES})\b)"
)
LOWER_BODY = re.compile(rf"^(?!tổ chức\b){_NO_BODY}(?:{COMMON})\b|^{_ORGANISATION}")
# "các bộ, ngành", "cơ quan, đơn vị": bare nouns in a row are one phrase.
BARE_LIST = re.compile(
    rf"(?:^|\s)(?:{_PLURAL}\s+)?(?:{COMMON})(?:(?:,\s+|\s+và\s+)(?:{COMMON}))*$",
    re.IGNORECASE,
)
ACRONYMS = re.compile(rf"^[{UPPER}][A-ZĐ0-9&.]+(?:[ -][A-ZĐ0-9&.]+)*$")
PERSON = re.compile(
    rf"^(?:[Đđ]ồng chí|Đ/c|đ/c|[Ôô]ng|[Bb]à|Thầy|Cô|ThS\.?|TS\.?|PGS\.?)\s+[{UPPER}]"
)

LEADS = re.compile(r"(?<![\w-])(?:(?:cùng|đồng) )?(?:chủ trì|Chủ trì|CHỦ TRÌ)\b")
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
        phương thức\b(?! (?:tổ chức )?(?:thực hiện|triển khai)) |
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
        đánh giá\b(?! tác động) | bối cảnh | cơ sở (?:pháp lý|chính trị|thực tiễn|xây dựng) |
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
        ^Nhận được |
        ^(?:Quyết định|Chỉ thị|Nghị quyết|Quy định) này (?:có hiệu lực|đã được|thay thế) |
        ^[^.;]{0,80}\bthông báo [^.]{0,200}\bbiết\b[^.]{0,60}\bthực hiện\s*[./]*$ |
        ^Yêu cầu (?:các|Thủ trưởng|lãnh đạo)[^.:]{0,120}nghiêm túc |
        ^(?:Đề nghị|Yêu cầu) .{0,300}\./\.$
        """
    )
)
_THIS = r"(?:Quyết định|Kế hoạch|Chỉ thị|Chương trình|Nghị quyết|Đề án|Phương án|Công văn) này"
_JUST_DOES = (
    r"(?:chủ động|nghiêm túc|căn cứ .{0,60}) (?:tổ chức )?(?:triển khai|thực hiện)(?: thực hiện)?"
)
_IN_APPENDIX = (
    r"^(?=.{0,160}$).*(?:nhiệm vụ|danh mục|nội dung|công việc|chi tiết|cụ thể|phân công)\b.*"
    r"(?:tại|theo|trong) (?:các )?Phụ lục"
)
# Sentences that oblige nobody to anything in particular.
GENERIC = re.compile(
    _any(
        rf"""
        ^(?:Trên đây là|Trong quá trình|Quá trình|Nếu có)\b |
        ^(?:Bảng|Biểu|Phụ biểu)(?: số)? \d+\b | ^{_THIS} | \bcó hiệu lực\b |
        \b(?:thi hành|thực hiện|triển khai)[^.;:,]{{0,30}}\s{_THIS}\s*[./]*$ |
        ^.{{0,90}}\b{_JUST_DOES}\s*[./]*$ |
        {_IN_APPENDIX} |
        \b(?:Danh mục|Chi tiết) [^.;]*(?:tại|theo) Phụ lục[^.;]*[./]*$ | ^\(.*\)[./]*$ |
        \bchịu trách nhiệm (?:toàn diện )?trước [A-ZĐ][^.;]*[./]*$ |
        \blàm việc theo chế độ kiêm nhiệm | ^Ban hành (?:kèm theo|Kế hoạch) | kèm theo {_THIS} |
        ^[^.;]{{0,80}}\bthông báo [^.]{{0,200}}\bbiết\b[^.]{{0,60}}\bthực hiện\s*[./]*$
        """
    )
)
# Who sees to it that others carry a plan out has a duty of its own.
_SEES_TO_IT = re.compile(r"\b(?:theo dõi|đôn đốc|kiểm tra|hướng dẫn|giám sát)\b")


def is_generic(text: str) -> bool:
    return GENERIC.search(text) is not None and not (
        _SEES_TO_IT.search(text) and CLOSING.match(text) is None
    )


_LOOKS_BACK = re.compile(r"(?:Về )?(?:tình hình|đánh giá|kết quả)\b(?!.*[;.])", re.IGNORECASE)
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
        return Role.PURPOSE if _LOOKS_BACK.match(head) else None
    bare = re.sub(r"^về (?:việc |công tác )?", "", head.casefold().strip(" ."))
    for role, pattern in ROLES.items():
        if re.match(f"(?:{pattern})", bare):
            over = role in {Role.TARGET, Role.EVENT, Role.PURPOSE} and _NAMES_TASKS.search(bare)
            return Role.TASK if over and not _LOOKS_BACK.match(bare) else role
    if capitals:
        for role in (Role.BUDGET, Role.ORGANISATION, Role.TASK):
            if re.search(rf"\b(?:{ROLES[role]})", bare):
                return role
    return None
