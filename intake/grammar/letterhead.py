"""How a letterhead is written: the kind of document, its number, its place and date."""

import re

from intake.grammar.letters import UPPER

TYPES = (
    "KẾ HOẠCH|CHƯƠNG TRÌNH|QUYẾT ĐỊNH|CHỈ THỊ|NGHỊ QUYẾT|THÔNG BÁO|HƯỚNG DẪN|CÔNG ĐIỆN|ĐỀ ÁN|"
    "PHƯƠNG ÁN|DANH MỤC|BÁO CÁO|TỜ TRÌNH|QUY CHẾ|QUY ĐỊNH|KẾT LUẬN|THÔNG TRI|LỊCH CÔNG TÁC|"
    "PHÂN CÔNG|BẢNG PHÂN CÔNG|BẢNG TỔNG HỢP|DỰ KIẾN|NHIỆM VỤ"
)
TYPE = re.compile(rf"^(?:{TYPES})\b")
MIXED_TYPE = re.compile(
    r"^(?:Kế hoạch|Chương trình|Chỉ thị|Quyết định|Nghị quyết|Thông báo|Công văn|Đề án)\b(?! số)"
)
# A party's paper bears the party's name where others bear the nation's.
NATION = re.compile(
    r"CỘNG H[ÒO][AÀ]\s+XÃ HỘI|Độc lập\s*[-–]\s*Tự do|^\W*ĐẢNG CỘNG SẢN VIỆT NAM\W*$", re.IGNORECASE
)
NUMBER = re.compile(r"(?:^|\s)Số\s*:?\s*(?P<number>\d[\w.]*\s*[-/][\wĐđ./-]*[A-ZĐ][\wĐđ./-]*)")
NUMBERED = re.compile(r"(?:^|\s)Số\s*:", re.IGNORECASE)
DATED = re.compile(
    rf"^(?P<place>[{UPPER}][\w .-]{{1,40}}),\s*ngày\s*(?P<day>\d{{0,2}})[\s.…]*"
    r"tháng\s*(?P<month>\d{0,2})"
    r"[\s.…]*năm\s*(?P<year>\d{4})"
)
