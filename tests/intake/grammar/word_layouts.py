"""Plans as Word files, written for these tests: tables of appendices, lists by month, a commune's
plan."""

from collections.abc import Callable, Sequence
from pathlib import Path

import docx
from docx.document import Document


def _paragraphs(document: Document, text: str) -> None:
    for line in text.strip().split("\n"):
        document.add_paragraph(line)


def _table(document: Document, rows: Sequence[Sequence[str]]) -> None:
    """A row of two cells, number and words, is a heading: its words run across the table."""
    width = max(len(row) for row in rows)
    table = document.add_table(rows=0, cols=width)
    for row in rows:
        cells = table.add_row().cells
        if len(row) < width:
            cells[1].merge(cells[-1])
        for cell, text in zip(cells, row, strict=False):
            cell.text = text


def appendix_over_pages(document: Document) -> None:
    _paragraphs(
        document,
        """
ỦY BAN NHÂN DÂN TỈNH HOA LƯ MẪU
Số: 204/KH-UBND
Hoa Lư Mẫu, ngày 02 tháng 02 năm 2026
KẾ HOẠCH
Cải thiện môi trường đầu tư, kinh doanh năm 2026
Thực hiện Nghị quyết số 02/NQ-CPM ngày 08/01/2026, UBND tỉnh ban hành Kế hoạch như sau:
I. MỤC ĐÍCH, YÊU CẦU
1. Nâng cao chất lượng phục vụ doanh nghiệp.
2. Phân công rõ người, rõ việc, rõ thời gian.
II. NỘI DUNG
Các nhiệm vụ cụ thể được phân công tại Phụ lục ban hành kèm theo Kế hoạch này.
III. TỔ CHỨC THỰC HIỆN
1. Thủ trưởng các sở, ban, ngành chịu trách nhiệm trước Chủ tịch UBND tỉnh về kết quả thực hiện \
nhiệm vụ được giao; gửi báo cáo về Sở Tài chính trước ngày 20 của tháng cuối quý.
2. Giao Sở Tài chính tổng hợp, tham mưu UBND tỉnh sơ kết trong tháng 7/2026.
Nơi nhận:
- Các sở, ban, ngành;
- Lưu: VT.
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Vũ Thị Ví Dụ
PHỤ LỤC
PHÂN CÔNG NHIỆM VỤ CẢI THIỆN MÔI TRƯỜNG ĐẦU TƯ, KINH DOANH NĂM 2026
(Ban hành kèm theo Kế hoạch số 204/KH-UBND ngày 02/02/2026 của UBND tỉnh)
""",
    )
    header = (
        "STT",
        "Nội dung công việc",
        "Đơn vị chủ trì",
        "Đơn vị phối hợp",
        "Sản phẩm",
        "Thời hạn hoàn thành",
    )
    _table(
        document,
        [
            header,
            ("I", "CẢI CÁCH THỦ TỤC HÀNH CHÍNH"),
            (
                "1",
                "Cắt giảm tối thiểu 30% thời gian giải quyết thủ tục đất đai",
                "Sở Nông nghiệp và Môi trường",
                "Văn phòng UBND tỉnh; UBND các xã, phường",
                "Quyết định của Chủ tịch UBND tỉnh",
                "30/6/2026",
            ),
            (
                "2",
                "Quét và nhập kho điện tử sổ địa bạ lập trước năm 1993",
                "Các sở, ban, ngành",
                "Trung tâm Phục vụ hành chính công tỉnh",
                "Cơ sở dữ liệu",
                "Tháng 12/2026",
            ),
            header,
            (
                "3",
                "Công khai quy trình nội bộ trên Cổng dịch vụ công",
                "Văn phòng UBND tỉnh",
                "",
                "Chuyên mục",
                "Thường xuyên",
            ),
            ("II", "HỖ TRỢ DOANH NGHIỆP"),
            (
                "1",
                "Tổ chức đối thoại giữa lãnh đạo tỉnh và doanh nghiệp",
                "Sở Tài chính",
                "Hiệp hội Doanh nghiệp tỉnh, Thuế tỉnh, Sở Nội vụ",
                "Hội nghị",
                "Mỗi quý một lần",
            ),
            (
                "2",
                "Xây dựng cẩm nang hướng dẫn đầu tư bằng 3 thứ tiếng",
                "Trung tâm Xúc tiến đầu tư, thương mại và du lịch",
                "Sở Ngoại vụ",
                "Cẩm nang",
                "Trước 15/9/2026",
            ),
        ],
    )
    document.add_paragraph("")
    _table(
        document,
        [
            header,
            (
                "3",
                "Khảo sát chỉ số hài lòng của doanh nghiệp",
                "Sở Tài chính",
                "Các đơn vị liên quan",
                "Báo cáo",
                "Quý IV năm 2026",
            ),
            ("III", "THANH TRA, KIỂM TRA"),
            (
                "1",
                "Rà soát, tránh chồng chéo kế hoạch thanh tra doanh nghiệp",
                "Thanh tra tỉnh",
                "Các sở, ngành",
                "Kế hoạch",
                "Trong quý I/2026",
            ),
        ],
    )


def commune_plan(document: Document) -> None:
    _paragraphs(
        document,
        """
ỦY BAN NHÂN DÂN
XÃ ĐỒNG MẪU
Số: 36/KH-UBND
Đồng Mẫu, ngày 25 tháng 02 năm 2026
KẾ HOẠCH
Ra quân làm sạch đường làng, ngõ xóm và trồng cây xuân năm 2026
Căn cứ Kế hoạch số 19/KH-UBND ngày 30/01/2026 của UBND tỉnh; Ủy ban nhân dân xã xây dựng kế hoạch \
như sau:
1. Mục đích, yêu cầu
a. Xây dựng cảnh quan sáng - xanh - sạch - đẹp.
b. Huy động đông đảo nhân dân tham gia.
2. Nội dung thực hiện
a. Tuyên truyền trên hệ thống loa truyền thanh của xã
Thời gian: Từ ngày 01/3/2026 đến ngày 20/3/2026.
Người thực hiện: Công chức Văn hóa - Xã hội; Đài Truyền thanh xã.
b. Tổng vệ sinh, phát quang các tuyến đường trục thôn
Thời gian: 07 giờ 00, ngày 08/3/2026 (Chủ nhật).
Người thực hiện: Ban quản lý các thôn, Đoàn Thanh niên, Hội Phụ nữ xã.
c. Trồng 500 cây bóng mát tại khu trung tâm xã
Thời gian: Trước ngày 20/3/2026; Người thực hiện: Phòng Kinh tế chủ trì, phối hợp với Hội Nông dân \
xã, các trường học.
d. Lắp đặt 20 thùng phân loại rác tại chợ
Thời gian: Xong trong tháng 4/2026.
Người thực hiện: Ban Quản lý chợ.
3. Kinh phí
Từ nguồn sự nghiệp môi trường và xã hội hóa.
4. Tổ chức thực hiện
a. Phòng Kinh tế: Tham mưu UBND xã triển khai, kiểm tra việc thực hiện; tổng hợp báo cáo kết quả \
về UBND xã trước ngày 30/4/2026.
b. Công an xã: Bảo đảm an ninh trật tự, an toàn giao thông trong ngày ra quân.
c. Đề nghị Ủy ban MTTQ Việt Nam xã và các đoàn thể vận động hội viên tham gia.
d. Trưởng các thôn: Thông báo đến từng hộ gia đình trước ngày 05/3/2026.
Trên đây là Kế hoạch ra quân làm sạch đường làng, đề nghị các đơn vị triển khai thực hiện./.
Nơi nhận:
- UBND tỉnh (b/c);
- Các thôn;
- Lưu: VP.
CHỦ TỊCH
Hoàng Văn Thử
""",
    )


def both_roles_in_one_cell(document: Document) -> None:
    _paragraphs(
        document,
        """
SỞ VĂN HÓA MẪU
Số: 77/KH-SVH
Sông Mẫu, ngày 10 tháng 3 năm 2026
KẾ HOẠCH
Tổ chức Ngày sách và Văn hóa đọc năm 2026
I. MỤC ĐÍCH
Khuyến khích phong trào đọc sách.
II. PHÂN CÔNG NHIỆM VỤ
""",
    )
    _table(
        document,
        [
            ("TT", "Công việc", "Phân công", "Thời gian hoàn thành", "Ghi chú"),
            (
                "1",
                "Tham mưu quyết định thành lập Ban Tổ chức",
                "Chủ trì: Phòng Quản lý văn hóa\nPhối hợp: Văn phòng Sở",
                "20/3/2026",
                "",
            ),
            (
                "2",
                "Trưng bày sách theo chủ đề",
                "- Chủ trì: Thư viện tỉnh\n- Phối hợp: Các nhà xuất bản, Bảo tàng tỉnh",
                "Từ 18/4 đến 24/4/2026",
                "Quảng trường",
            ),
            (
                "3",
                "Tổ chức cuộc thi giới thiệu sách trực tuyến",
                "CT: Thư viện tỉnh\nPH: Sở Giáo dục và Đào tạo; Tỉnh đoàn",
                "Trước 15/5/2026",
                "",
            ),
            ("4", "Lễ khai mạc", "", "", ""),
            (
                "4.1",
                "Kịch bản, trang trí sân khấu",
                "Chủ trì: Trung tâm Văn hóa tỉnh",
                "10/4/2026",
                "",
            ),
            (
                "4.2",
                "Bảo đảm an ninh, trật tự",
                "Đề nghị Công an tỉnh chủ trì,\nphối hợp: UBND phường Bến Mẫu",
                "Ngày 21/4/2026",
                "",
            ),
            ("5", "Dự toán, quyết toán kinh phí", "Văn phòng Sở", "Tháng 5", ""),
        ],
    )
    _paragraphs(
        document,
        """
III. TỔ CHỨC THỰC HIỆN
1. Trưởng các phòng, đơn vị căn cứ nhiệm vụ được phân công, xây dựng kế hoạch chi tiết gửi Phòng \
Quản lý văn hóa trước ngày 18/3/2026.
2. Phòng Quản lý văn hóa là đầu mối theo dõi, đôn đốc.
Nơi nhận:
- Như trên;
- Lưu: VT.
GIÁM ĐỐC
Lý Thị Mẫu
""",
    )


def programme_by_month(document: Document) -> None:
    _paragraphs(
        document,
        """
HĐND TỈNH TRÀ MẪU
VĂN PHÒNG
Số: 15/CTr-VP
Trà Mẫu, ngày 06 tháng 01 năm 2026
CHƯƠNG TRÌNH CÔNG TÁC
6 tháng đầu năm 2026
Thực hiện Nghị quyết về chương trình giám sát, Văn phòng xây dựng Chương trình công tác như sau:
A. NHIỆM VỤ CHUNG
1. Tham mưu, phục vụ các hoạt động của Thường trực HĐND tỉnh theo quy định.
2. Thực hiện tốt công tác văn thư, lưu trữ.
B. NHIỆM VỤ CỤ THỂ
QUÝ I
Tháng 01
1. Tham mưu kế hoạch tiếp xúc cử tri trước kỳ họp thường lệ.
Đơn vị thực hiện: Phòng Công tác HĐND.
2. Tổ chức Hội nghị cán bộ, công chức, người lao động.
Đơn vị thực hiện: Phòng Hành chính, Tổ chức, Quản trị; phối hợp: Công đoàn cơ sở.
Tháng 02
1. Chuẩn bị nội dung phiên họp thứ 20 của Thường trực HĐND tỉnh (trước ngày 25/02/2026).
Đơn vị thực hiện: Phòng Công tác HĐND.
Tháng 3
1. Phục vụ đoàn giám sát về đầu tư công tại 05 xã.
Đơn vị thực hiện: Phòng Công tác HĐND; Phòng Thông tin, Dân nguyện.
2. Tổng hợp ý kiến, kiến nghị của cử tri quý I.
Đơn vị thực hiện: Phòng Thông tin, Dân nguyện.
QUÝ II
Tháng 4
1. Rà soát việc giải quyết đơn thư của công dân.
Đơn vị thực hiện: Phòng Thông tin, Dân nguyện. Hoàn thành trước 20/4/2026.
Tháng 5
1. Thẩm tra các dự thảo nghị quyết trình kỳ họp.
Đơn vị thực hiện: Các Ban HĐND tỉnh chủ trì, Phòng Công tác HĐND phối hợp.
Tháng 6
1. Phục vụ kỳ họp thường lệ giữa năm.
Đơn vị thực hiện: Các phòng thuộc Văn phòng.
C. TỔ CHỨC THỰC HIỆN
1. Các phòng chủ động triển khai nhiệm vụ, báo cáo Lãnh đạo Văn phòng kết quả trước ngày 25 hằng \
tháng.
2. Phòng Hành chính, Tổ chức, Quản trị theo dõi, đôn đốc việc thực hiện Chương trình.
Nơi nhận:
- Thường trực HĐND tỉnh;
- Lưu: VT.
CHÁNH VĂN PHÒNG
Đinh Văn Mẫu
""",
    )


WORD_LAYOUTS: dict[str, Callable[[Document], None]] = {
    "phu-luc-nhieu-trang.docx": appendix_over_pages,
    "ke-hoach-xa.docx": commune_plan,
    "chu-tri-phoi-hop-mot-o.docx": both_roles_in_one_cell,
    "chuong-trinh-quy-thang.docx": programme_by_month,
}


def a_word_layout(folder: Path, name: str) -> Path:
    document = docx.Document()
    WORD_LAYOUTS[name](document)
    path = folder / name
    document.save(str(path))
    return path
